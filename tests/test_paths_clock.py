"""The clock in the proofs: what `expires` and `time_stop` can break, and a second walk that fires them everywhere.

Figures are worked by hand beside each case. The walk merges nothing and fires expiry and time stop in every state, the
latter at several prices on the way to either next level.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import event, given, reject, settings
from hypothesis import strategies as st

from scaleplan.engine.event import EventKind
from scaleplan.ladder import climb
from scaleplan.paths.records import Claim, Paths, Proof
from scaleplan.plan import Order
from tests.given import drawn, file, plan_of, study_of, the, told, walked
from tests.running import joined, outcome, screen_of
from tests.test_paths_reference import Plainly, Spot, TooManyPathsError, same

D = Decimal


def proof(found: Paths, claim: Claim) -> Proof:
    """The proof of a claim."""
    return next(each for each in found.proofs if each.claim is claim)


def kinds(found: Proof) -> list[str]:
    """What happens in a counterexample, in order."""
    return [str(each.kind) for each in found.counterexample]


def in_coin(text: str) -> str:
    """The same plan as an inverse contract: its size in USD."""
    return text.replace("BTC/USDT:USDT", "BTC/USD:BTC").replace("0.2 BTC", "12000 USD").replace("USDT", "BTC")


LONG = """\
symbol: BTC/USDT:USDT
side: long
leverage: 10
maintenance: 0%
size: 0.2 BTC
tiers: [60000, 55000]
stop: 53900
targets: [70000]
"""
SHORT = LONG.replace("long", "short").replace("[60000, 55000]", "[60000, 65000]").replace("53900", "66100")
SHORT = SHORT.replace("70000", "50000")
#: An inverse long is liquidated where its coins are worth 1.1 times its cost: tier 1 at 60000/1.1 = 54545.45.
INVERSE = in_coin(LONG).replace("53900", "54500")


# Expiry


@pytest.mark.parametrize(
    ("text", "at"),
    # 10x without maintenance: a tenth of the price away from tier 1 alone, before the stop.
    [(LONG, D(54000)), (SHORT, D(66000)), (INVERSE, D(60000) / D("1.1"))],
    ids=["long", "short", "inverse"],
)
def test_an_expiry_leaves_tier_1_alone(text: str, at: Decimal) -> None:
    """Both tiers together are stopped first; tier 1 alone, after the expiry, is liquidated before its stop."""
    assert proof(walked(text), Claim.NO_LIQUIDATION).holds is True
    found = walked(text + "expires: 2d\n")
    broken = proof(found, Claim.NO_LIQUIDATION)
    assert broken.holds is False
    assert kinds(broken) == ["tier", "expiry", "liquidation"]
    assert abs(broken.counterexample[-1].price - at) < D("1e-40")


def test_an_expiry_changes_no_chance_and_no_end() -> None:
    """Its edge has no chance: states, ends and odds are those of the plan without it."""
    without, found = walked(LONG), walked(LONG + "expires: 2d\n")
    assert found.outcomes == without.outcomes or [(a.net, a.probability) for a in found.outcomes] == [
        (a.net, a.probability) for a in without.outcomes
    ]
    assert found.summary == without.summary
    assert len(found.states) == len(without.states)


def test_a_tier_that_tightens_the_stop_may_expire() -> None:
    """Tier 2 moves the stop to 98; where it expires tier 1 is stopped at 90 alone: 10 of 1 against 2 + 1 of 2."""
    text = "symbol: A/USDT\nside: long\ntiers:\n  - {price: 100, size: 1 A}\n  - {price: 99, size: 1 A, stop: 98}\n"
    text += "stop: 90\n"
    assert proof(walked(text), Claim.WORST_PLANNED).value == 3
    # Planned is the worst of tier 1 alone, 10, and of both, 3; price alone never stops tier 1 alone.
    alone = proof(walked(text + "expires: 2026-12-24\n"), Claim.WORST_PLANNED)
    assert alone.value == D(10)
    account = "account: {equity: 100, max_risk: 5}\n"
    assert proof(walked(text + account), Claim.MAX_RISK).holds is True
    broken = proof(walked(text + account + "expires: 3d\n"), Claim.MAX_RISK)
    assert broken.holds is False
    assert broken.value == D(10)
    assert kinds(broken) == ["tier", "expiry", "stop"]


# Time stop

#: 1 coin, 100 at risk, 2 for every order: 104.
ORDERS = "symbol: A/USDT:USDT\nside: long\nleverage: 1\nmaintenance: 0.5%\nsize: 1 A\nfees: 2 USDT per order\n"
ORDERS_LONG = ORDERS + "tiers: [1000]\nstop: 900\ntargets: [1300]\naccount: {equity: 10000, max_risk: 105}\n"
ORDERS_SHORT = ORDERS_LONG.replace("long", "short").replace("900", "1100").replace("1300", "700")


@pytest.mark.parametrize(("text", "stop"), [(ORDERS_LONG, 900), (ORDERS_SHORT, 1100)], ids=["long", "short"])
def test_a_time_stop_is_one_order_more(text: str, stop: int) -> None:
    """Half closed just before the stop, the rest there: 50 + 50, and three orders of 2: 106."""
    assert proof(walked(text), Claim.WORST_PLANNED).value == 104
    found = walked(text + "time_stop: {after: 2d, close: 50%}\n")
    for claim in (Claim.WORST_PLANNED, Claim.MAX_RISK):
        broken = proof(found, claim)
        assert broken.holds is False
        assert broken.value == D(106)
        assert kinds(broken) == ["tier", "time stop", "stop"]
        assert broken.counterexample[1].price == stop


def test_a_time_stop_that_closes_all_ends_the_plan() -> None:
    """All of it closed just before the stop is what the stop does: 104."""
    held = proof(walked(ORDERS_LONG + "time_stop: {after: 2d}\n"), Claim.WORST_PLANNED)
    assert held.holds is True
    assert held.value == D(104)


#: Target 1 closes half and locks 10 of price: 0.5 x 10 - 1.5 of entry fees - 3 = 0.5; a quarter brings 2.5 - 0.75 - 3.
LOCKS = ORDERS.replace("2 USDT per order", "3 USDT per order") + "tiers: [1000]\nstop: 900\n"
LOCKS += "targets:\n  - {price: 1100, close: 50%, stop: 1010}\n  - 1300\n"


def test_unless_calls_the_time_stop_off() -> None:
    """Before target 1 price passes 1050: from there on nothing is timed out, and what is locked stays so."""
    assert proof(walked(LOCKS), Claim.LOCKED).value == D("-0.5")
    timed = proof(walked(LOCKS + "time_stop: {after: 1d, close: 50%}\n"), Claim.LOCKED)
    assert (timed.holds, timed.value) == (False, D("1.25"))
    assert EventKind.TIME_STOP in [each.kind for each in timed.counterexample]
    # Before target 1 too: half of it is left, target 1 closes half of the first position, which is all of it.
    for unless in ("1050", "0.5R", "1100"):
        off = proof(walked(LOCKS + f"time_stop: {{after: 1d, close: 50%, unless: {unless}}}\n"), Claim.LOCKED)
        assert off.holds is True, unless
    late = proof(walked(LOCKS + "time_stop: {after: 1d, close: 50%, unless: 1200}\n"), Claim.LOCKED)
    assert late.holds is False


def test_a_trail_that_is_timed_out_pays_one_order_more() -> None:
    """From 1100 a trail of 300 starts at 800, and the stop stays at 900: 50 + 50 and three orders."""
    text = ORDERS_LONG.replace("targets: [1300]", "targets: [{price: 1100, close: 0%, trail: 300}]")
    found = walked(text + "time_stop: {after: 1d, close: 50%}\n")
    assert proof(found, Claim.WORST_PLANNED).value == 106
    # A trail of 250 starts at 850 without a stop before it: from an entry of 1000, 75 + 75 and three orders of 2.
    text = text.replace("trail: 300", "trail: 250").replace("stop: 900", "stop: 800")
    assert proof(walked(text), Claim.WORST_PLANNED).value == 204
    found = walked(text + "time_stop: {after: 1d, close: 50%}\n")
    assert proof(found, Claim.WORST_PLANNED).value == 206


# What rules and sheets say of it


@pytest.mark.parametrize(("text", "at"), [(LONG, "54,000.00"), (SHORT, "66,000.00"), (INVERSE, "54,545.45")])
def test_a_tier_that_expires_leaves_a_liquidation_that_is_told(text: str, at: str) -> None:
    """Without the expiry tier 2 always fills before, and nothing is wrong."""
    assert not told("SP401", text)
    found = the("SP401", text + "expires: 2d\n")
    assert f"the position is liquidated at {at}" in found.message
    assert "expiry at 60,000.00" in found.message


def test_the_limit_of_risk_counts_the_order_of_the_time_stop() -> None:
    """106 against 105 is an error, against 106 none; without a time stop 104 pass neither."""
    stops = "time_stop: {after: 2d, close: 50%}\n"
    assert not told("SP503", ORDERS_LONG)
    found = the("SP503", ORDERS_LONG + stops)
    assert "106" in found.message
    assert "time stop at 900" in found.message
    # 100 of price with three orders of 2: of 105 are 99 left.
    assert "99%" in found.help
    assert not told("SP503", (ORDERS_LONG + stops).replace("105", "106"))
    assert not told("SP503", ORDERS_LONG + "time_stop: {after: 2d}\n")


def test_a_liquidation_after_a_time_stop_is_told_as_such() -> None:
    """Behind 10 at 100 stand 495, less the 10 of its order: liquidated 48.5 below, at 51.5, behind the stop at 52.

    Half closed just before the stop loses 240, its 5 of entry and 10 for its order. Behind the other half stand 495 -
    255 - 5 = 235, which are 47 for each: liquidated at 53.
    """
    text = "symbol: A/USDT:USDT\nside: long\nleverage: 10\nmargin_mode: cross\nmaintenance: 0%\nsize: 10 A\n"
    text += "account: {equity: 1000, reserved: 505}\ntiers: [100]\nstop: 52\ntargets: [200]\nfees: 10 USDT per order\n"
    assert not told("SP401", text)
    found = the("SP401", text + "time_stop: {after: 2d, close: 50%}\n")
    assert (
        "the position is liquidated at 53.00, before the stop at 52.00: tier 1 at 100.00, time stop at 52.00"
        in found.message
    )


# The end of the brackets

#: 1 BTC sold at 60,000 leaves the table at 65,000.
LEAVES = SHORT.replace("0.2 BTC", "1 BTC").replace("leverage: 10", "leverage: 3").replace("[60000, 65000]", "[60000]")
LEAVES = LEAVES.replace("maintenance: 0%", "maintenance: [{up_to: 65000, rate: 0.5%}]")


@pytest.mark.parametrize(("stop", "holds"), [("79000", None), ("65001", None), ("65000", True), ("64000", True)])
def test_a_stop_before_the_table_ends_proves_that_nothing_is_liquidated(stop: str, *, holds: bool | None) -> None:
    """Behind the end nobody knows, and the margin of 20,000 may be lost: more than at any of these stops."""
    found = walked(LEAVES.replace("66100", stop))
    for claim in (Claim.NO_LIQUIDATION, Claim.WORST_PLANNED):
        assert proof(found, claim).holds is holds
        assert proof(found, claim).missing == ("" if holds else "brackets")
    assert (found.summary.probability_liquidated is None) is (holds is None)


def test_a_tier_before_the_end_moves_the_stop_and_may_expire() -> None:
    """Both tiers, 1 BTC, leave the table at 65,000, and the stop of tier 2 comes before that, at 64,900.

    Where tier 2 expires, 0.5 BTC go on to the plan's stop at 140,000, and leave the table at 130,000.
    """
    tiers = "tiers:\n  - {price: 60000, share: 50%}\n  - {price: 64000, share: 50%, stop: 64900}\n"
    text = LEAVES.replace("tiers: [60000]\n", tiers).replace("66100", "140000").replace("leverage: 3", "leverage: 0.5")
    assert proof(walked(text), Claim.NO_LIQUIDATION).holds is True
    found = proof(walked(text + "expires: 1d\n"), Claim.NO_LIQUIDATION)
    assert found.holds is None
    assert found.missing == "brackets"


def test_more_contracts_than_the_table_has_are_unknown() -> None:
    """9,000 contracts of okx, whose data end at 6,000: nothing says whether a path is liquidated; of 6,000 it does."""
    text = "symbol: ADA/USDT:USDT\nside: long\nvenue: okx\nleverage: 5\nsize: 9000 contracts\ntiers: [0.8]\nstop: 0.7\n"
    assert proof(walked(text), Claim.NO_LIQUIDATION).holds is None
    assert proof(walked(text.replace("9000", "6000")), Claim.NO_LIQUIDATION).holds is True


# What it costs


def ladder(count: int, more: str) -> str:
    """A ladder with three targets and the clock."""
    tiers = ", ".join(str(1000 - 10 * number) for number in range(count))
    return (
        f"symbol: A/USDT:USDT\nside: long\nleverage: 5\nmaintenance: 1%\nsize: 1000 USDT\ntiers: [{tiers}]\nstop: 600\n"
        f"targets: [{{price: 1R, close: 30%}}, {{price: 1300, close: 30%}}, {{price: 1400, close: rest}}]\n{more}"
    )


def test_with_too_many_states_what_the_clock_may_break_is_unknown() -> None:
    """The states are bounded: what price alone breaks is broken, the rest is not known."""
    text = ladder(12, "time_stop: {after: 1d, close: 10%}\nexpires: 2d\nentries_end: never\n")
    text = text.replace("leverage: 5", "leverage: 1")
    assert proof(walked(text), Claim.NO_LIQUIDATION).holds is True
    found = walked(text, most=400)
    assert found.complete
    assert {each.holds for each in found.proofs} <= {None, True}
    assert "too many states" in proof(found, Claim.NO_LIQUIDATION).missing
    assert proof(found, Claim.TIERS).holds is True


# A second walk


@dataclass(frozen=True)
class Clocked(Spot):
    """Where one path stands, and what the clock has done."""

    expired: bool = False
    timed: bool = False


class ByTheClock(Plainly):
    """Walks every path with expiry and time stop in every state, and keeps what is worst."""

    leverage = Fraction(0)
    most_margin = Fraction(0)

    def fee(self, value: Fraction, order: Order) -> Fraction:
        """The fee on a value, and what each order costs."""
        return super().fee(value, order) + Fraction(self.plan.fees.per_order)

    def entries_on(self, here: Spot) -> bool:
        """Whether unfilled tiers are still live."""
        return super().entries_on(here) and not (isinstance(here, Clocked) and here.expired)

    def unless(self, here: Spot) -> Fraction | None:
        """The price that calls the time stop off."""
        time_stop = self.plan.time_stop
        if time_stop is None or time_stop.unless is None or not here.quantity:
            return None
        return self.level(time_stop.unless, here)

    def happens(self, here: Spot, what: str, index: int, price: Fraction, chance: Fraction) -> None:
        """One event; on the way to it price may meet `unless`."""
        level = self.unless(here)
        if level is not None and min(here.price, price) <= level <= max(here.price, price):
            assert isinstance(here, Clocked)
            here = replace(here, timed=True)
        equity = self.plan.account.equity
        assert equity is not None
        if self.sign * (price - here.price) < 0:
            # Up to what comes next on the losing side.
            self.leverage = max(self.leverage, self.worth(here.quantity, price) / Fraction(equity))
        super().happens(here, what, index, price, chance)

    def go(self, here: Spot, chance: Fraction) -> None:
        """Everything that can happen from here, by price and by the clock."""
        if not isinstance(here, Clocked):
            here = Clocked(*(getattr(here, name) for name in Spot.__dataclass_fields__))
        level = self.unless(here)
        if level is not None and same(level, here.price):
            here = replace(here, timed=True)
        equity = self.plan.account.equity
        assert equity is not None
        self.leverage = max(self.leverage, self.worth(here.quantity, here.price) / Fraction(equity))
        posted = here.fill_cost / Fraction(self.plan.leverage) + Fraction(self.plan.extra_margin) * here.kept
        self.most_margin = max(self.most_margin, posted)
        if self.plan.expires is not None and not here.expired and here.quantity:
            self.go(replace(here, expired=True), chance)
        if self.plan.time_stop is not None and not here.timed and here.quantity:
            for price, onward in self.moments(here):
                self.time_out(here, price, onward, chance)
        super().go(here, chance)

    def moments(self, here: Spot) -> Iterator[tuple[Fraction, Fraction]]:
        """Prices at which the time may be over, and from which price goes on.

        Here, and on the way to the next level on either side; just before that level price may turn.
        """
        yield here.price, here.price
        live = self.levels(here)
        if any(level[4] for level in live):
            return
        above = [level[3] for level in live if level[3] > here.price]
        below = [level[3] for level in live if level[3] < here.price]
        unless = self.unless(here)
        for end in ([min(above)] if above else []) + ([max(below)] if below else []):
            if unless is not None and min(here.price, end) < unless < max(here.price, end):
                end = unless  # noqa: PLW2901 - no further than that
            middle = (here.price + end) / 2
            yield end, end
            yield end, middle
            yield middle, middle

    def time_out(self, here: Clocked, price: Fraction, onward: Fraction, chance: Fraction) -> None:
        """The time stop's share is closed at a price."""
        assert self.plan.time_stop is not None
        part = Fraction(self.plan.time_stop.close)
        closed = here.quantity * part
        fill = self.slipped(price, Order.STOP, -self.sign)
        net = self.pnl(closed, here.fill_cost * part, fill) - here.entry_fees * part
        net -= self.fee(self.worth(closed, fill), Order.STOP)
        if part == 1:
            self.over(here, "closed", Fraction(0), net, chance)
            return
        rest = replace(
            here,
            price=onward,
            timed=True,
            quantity=here.quantity - closed,
            level_cost=here.level_cost * (1 - part),
            fill_cost=here.fill_cost * (1 - part),
            entry_fees=here.entry_fees * (1 - part),
            first=here.quantity if here.first is None else here.first,
            kept=here.kept * (1 - part),
            net=here.net + net,
        )
        self.go_on(rest, chance)

    def go_on(self, here: Clocked, chance: Fraction) -> None:
        """On from between two levels: no state of its own to judge."""
        leverage = self.leverage
        before = self.worth(here.quantity, here.price)
        self.go(here, chance)
        equity = self.plan.account.equity
        assert equity is not None
        if self.leverage == before / Fraction(equity):
            self.leverage = leverage


@st.composite
def plans(draw: st.DrawFn) -> str:
    """A small leveraged plan with a clock, around a price of 100."""
    inverse = draw(st.booleans())
    sign = draw(st.sampled_from([1, -1]))
    cross = draw(st.booleans())

    def price(low: int, high: int) -> Decimal:
        return D(100) + sign * D(draw(st.integers(low * 2, high * 2))) / 2

    stop = price(-30, -8)
    each = draw(st.sampled_from(["0 A", "0.01 A"] if inverse else ["0", "1"]))
    lines = [
        "symbol: " + ("A/USD:A" if inverse else "A/USDT:USDT"),
        f"side: {'long' if sign > 0 else 'short'}",
        f"leverage: {draw(st.sampled_from([2, 4, 8]))}",
        "maintenance: 2%",
        f"account: {{equity: {draw(st.sampled_from([4, 8, 40]))} A}}" if inverse else "account: {equity: 600 USDT}",
        f"margin_mode: {'cross' if cross else 'isolated'}",
        f"stop: {stop}",
        f"slippage: {draw(st.sampled_from(['0%', '1%']))}",
        f"fees: {{maker: 0.1%, taker: 0.2%, per_order: {each}}}",
        f"entries_end: {draw(st.sampled_from(['first target', 'never']))}",
        "tiers:",
    ]
    unit = "USD" if inverse else "A"
    for number in range(draw(st.integers(1, 3))):
        at = D(100) if number == 0 else price(-12, 8)
        size = draw(st.integers(1, 6)) * (100 if inverse else 1)
        moves = draw(st.sampled_from(["", "", ", stop: entry", f", stop: {price(-20, -9)}"])) if number else ""
        lines.append(f"  - {{price: {at}, size: {size} {unit}{moves}}}")
    lines.append("targets:")
    for number in range(draw(st.integers(1, 2))):
        level = draw(st.sampled_from([str(price(9 + 8 * number, 16 + 8 * number)), f"{number + 1}R"]))
        moves = draw(st.sampled_from(["", ", stop: entry"]))
        lines.append(f"  - {{price: {level}, close: {draw(st.sampled_from(['50%', 'rest', '30%']))}{moves}}}")
    clock = draw(st.sampled_from(["expires", "time stop", "both"]))
    if clock != "time stop":
        lines.append("expires: 2d")
    if clock != "expires":
        unless = draw(
            st.sampled_from(["", ", unless: 0.5R", f", unless: {price(1, 20)}", f", unless: {price(-7, -1)}"])
        )
        lines.append(f"time_stop: {{after: 1d, close: {draw(st.sampled_from(['50%', '30%', '100%']))}{unless}}}")
    return "\n".join(lines) + "\n"


@settings(max_examples=drawn(120, 300), deadline=None, database=None, derandomize=True)
@given(plans(), st.one_of(st.none(), st.none(), st.integers(180, 220)))
def test_proofs_agree_with_a_walk_that_fires_the_clock_everywhere(text: str, halves: int | None) -> None:
    """The worst loss, liquidation, the largest leverage and margin are those of the plain walk, from any price."""
    start = None if halves is None else D(halves) / 2
    plan = study_of(text).plan
    if plan is None:
        reject()
    assert plan is not None
    begin = None if start is None else Fraction(start)
    plain = ByTheClock(plan, [Fraction(step.fill.quantity) for step in climb(plan).steps], begin)
    try:
        plain.run()
    except TooManyPathsError:
        event("too many paths")
        reject()
    found = walked(plan, start)
    worst = min(net for _, _, _, _, net in plain.ends)
    liquidated = any(end == "liquidated" for end, *_ in plain.ends)
    value = proof(found, Claim.WORST_PLANNED).value
    assert value is not None
    assert same(Fraction(value), -worst), (value, -worst, text)
    assert proof(found, Claim.NO_LIQUIDATION).holds is not liquidated, text
    for claim, most in ((Claim.MAX_LEVERAGE, plain.leverage), (Claim.MAX_MARGIN, plain.most_margin)):
        value = proof(found, claim).value
        assert value is not None
        assert same(Fraction(value), most), (claim, value, most, text)
    event(f"liquidated: {liquidated}")


def test_plans_here_can_be_read() -> None:
    """What the cases above are worked on are plans."""
    for text in (LONG, SHORT, INVERSE, ORDERS_LONG, ORDERS_SHORT, LOCKS):
        assert plan_of(text).tiers


# In words


def test_every_command_says_that_the_table_ends(tmp_path: Path) -> None:
    """`n/a` is told with the price that it is not before; JSON has it."""
    path = file(tmp_path, LEAVES.replace("66100", "79000"))
    for command in ("show", "paths", "explain-liquidation", "checklist"):
        text = joined(outcome(command, path, screen=screen_of(200)).out)
        assert "not before 65,000" in text, command
        assert "the brackets end at 65,000 USDT" in text, command
    record = json.loads(outcome("show", path, "--format", "json").out)
    assert record["tiers"][0]["position"]["liquidation"] == "unknown"
    assert record["tiers"][0]["position"]["liquidation_not_before"] == "65000"
    record = json.loads(outcome("explain-liquidation", path, "--format", "json").out)
    assert record["explanation"]["missing"] == ["brackets"]
    near = file(tmp_path, LEAVES.replace("66100", "64000"))
    assert "not before 65,000.00, past the stop" in joined(outcome("show", near, screen=screen_of(200)).out)


def test_the_page_of_paths_names_the_clock(tmp_path: Path) -> None:
    """The worst of price alone has the clock's beside it, and the broken path says `time stop` or `expiry`."""
    path = file(tmp_path, ORDERS_LONG + "time_stop: {after: 2d, close: 50%}\n")
    text = joined(outcome("paths", path, screen=screen_of(200)).out)
    assert "BROKEN no path loses more than planned: at most 106.00 USDT, planned 104.00" in text
    assert "tier 1 at 1,000, time stop at 900, stopped at 900" in text
    assert "worst -104.00 USDT = -1.00R; where the clock comes between -106.00 USDT = -1.02R" in text
    record = json.loads(outcome("paths", path, "--format", "json").out)
    events = [each["event"] for each in record["proofs"][0]["counterexample"]]
    assert events == ["tier", "time stop", "stop"]
    path = file(tmp_path, LONG + "expires: 2d\n")
    text = joined(outcome("paths", path, screen=screen_of(200)).out)
    assert "tier 1 at 60,000, expiry at 60,000, liquidated at 54,000 before the stop at 53,900" in text
