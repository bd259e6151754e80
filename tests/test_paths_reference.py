"""The path machine against one written a second time, plainly: every path walked on its own, nothing merged, fractions.

The reference follows the definition word by word and knows nothing of the program's states, holdings or graphs. Plans
are drawn, written as text and read; the quantities of the tiers are the ladder's, everything after that is worked here.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, event, given, reject, settings
from hypothesis import strategies as st

from scaleplan.engine.event import End
from scaleplan.paths.records import Paths
from scaleplan.plan import AfterPrice, AfterTier, CloseOf, Contract, EntriesEnd, Level, MarginMode, Order, Plan, Target
from scaleplan.quantity.price import Anchor, Fixed, Reference, RMultiple
from tests.given import drawn, known, plan_of, study_of, walked

#: Figures of 50 digits against fractions: beyond this they differ.
ROUNDING = Fraction(1, 10**38)


#: More steps than this are too many for one drawn plan.
MOST_STEPS = 4000


class TooManyPathsError(Exception):
    """A drawn plan has more paths than it is worth to walk one by one."""


def same(one: Fraction, other: Fraction) -> bool:
    """Whether two figures are one, but for the rounding of the fiftieth digit."""
    return abs(one - other) <= ROUNDING * max(abs(one), abs(other), Fraction(1))


@dataclass(frozen=True)
class Spot:
    """Where one path stands: everything that happened, and what is held because of it."""

    price: Fraction
    stop: Fraction | None
    filled: frozenset[int] = frozenset()
    touched: frozenset[int] = frozenset()
    waiting: frozenset[int] = frozenset()
    hit: tuple[Fraction, ...] = ()
    quantity: Fraction = Fraction(0)
    level_cost: Fraction = Fraction(0)
    fill_cost: Fraction = Fraction(0)
    entry_fees: Fraction = Fraction(0)
    first: Fraction | None = None
    kept: Fraction = Fraction(1)
    gross: Fraction = Fraction(0)
    net: Fraction = Fraction(0)


@dataclass
class Plainly:
    """Walks every path of a plan. `ends` maps (end, tiers, targets, gross, net) to its chance."""

    plan: Plan
    sizes: list[Fraction]
    start: Fraction | None = None
    ends: dict[tuple[str, tuple[int, ...], int, Fraction, Fraction], Fraction] = field(
        default_factory=lambda: defaultdict(Fraction)
    )
    count: int = 0

    def run(self) -> None:
        """From the start: tier 1 filled at its price, or nothing yet."""
        price = Fraction(self.plan.tiers[0].price) if self.start is None else self.start
        stop = None if self.plan.stop is None else Fraction(self.plan.stop)
        here = Spot(price, stop)
        for index, tier in enumerate(self.plan.tiers):
            if tier.after is None:
                here = self.becomes_live(here, index)
        if self.start is None:
            here = self.fill(here, 0)
        self.go(here, Fraction(1))

    # What the figures are

    @property
    def sign(self) -> int:
        """+1 long, -1 short."""
        return 1 if self.plan.side == "long" else -1

    @property
    def inverse(self) -> bool:
        """Whether it is settled in coin."""
        return self.plan.contract is Contract.INVERSE

    def worth(self, quantity: Fraction, price: Fraction) -> Fraction:
        """What a quantity is worth at a price."""
        return quantity / price if self.inverse else quantity * price

    def pnl(self, quantity: Fraction, cost: Fraction, price: Fraction) -> Fraction:
        """What a quantity that cost so much has won at a price."""
        gain = self.worth(quantity, price) - cost
        return -self.sign * gain if self.inverse else self.sign * gain

    def average(self, here: Spot) -> Fraction:
        """The average entry of what is held."""
        return here.quantity / here.fill_cost if self.inverse else here.fill_cost / here.quantity

    def slipped(self, price: Fraction, order: Order, way: int) -> Fraction:
        """The fill price of an order, moved `way` by slippage unless it is a limit."""
        return price if order is Order.LIMIT else price * (1 + way * Fraction(self.plan.slippage))

    def fee(self, value: Fraction, order: Order) -> Fraction:
        """The fee on a value."""
        return value * Fraction(self.plan.fees.maker if order is Order.LIMIT else self.plan.fees.taker)

    def margin(self, here: Spot) -> Fraction:
        """The money behind the position."""
        if self.plan.margin_mode is MarginMode.CROSS:
            assert self.plan.account.equity is not None
            return Fraction(self.plan.account.equity - self.plan.account.reserved) + here.net - here.entry_fees
        return here.fill_cost / Fraction(self.plan.leverage) + Fraction(self.plan.extra_margin) * here.kept

    def liquidation(self, here: Spot) -> Fraction | None:
        """Where what is held now is liquidated."""
        if self.plan.contract is Contract.SPOT or self.plan.margin is None:
            return None
        rate, margin = Fraction(self.plan.margin.brackets[0].rate), self.margin(here)
        if self.inverse:
            # M - s*(w - C) = rate*w, with w the worth in coin.
            worth = (margin + self.sign * here.fill_cost) / (self.sign + rate)
            if worth <= 0:
                return None if self.sign < 0 else self.average(here)
            return here.quantity / worth
        # M + s*(Q*P - C) = rate*Q*P.
        price = (self.sign * here.fill_cost - margin) / (here.quantity * (self.sign - rate))
        if price <= 0:
            return None if self.sign > 0 else self.average(here)
        return price

    def target_level(self, index: int, here: Spot) -> Fraction:
        """Where a target lies, for what is held now."""
        target = self.plan.targets[index]
        return self.level(target.price, here, target.order)

    def level(self, level: Level, here: Spot, order: Order = Order.STOP) -> Fraction:
        """A level as a price, for what is held now and an order would close."""
        match level:
            case Fixed(price):
                return Fraction(price)
            case RMultiple(n, ratio, amount):
                assert self.plan.stop is not None
                average = self.average(here)
                far = average + self.sign * Fraction(n) * abs(average - Fraction(self.plan.stop))
                return far * (1 + Fraction(ratio)) + Fraction(amount)
            case Anchor(reference, number, ratio, amount):
                return self.anchor(reference, number, here, order) * (1 + Fraction(ratio)) + Fraction(amount)

    def anchor(self, reference: Reference, number: int, here: Spot, order: Order) -> Fraction:
        """A level named by a word."""
        match reference:
            case Reference.ENTRY:
                return self.average(here)
            case Reference.BREAKEVEN:
                is_limit = order is Order.LIMIT
                rate = Fraction(self.plan.fees.maker if is_limit else self.plan.fees.taker)
                slope = -self.sign if self.inverse else self.sign
                worth = (here.fill_cost + slope * here.entry_fees) / (1 - slope * rate)
                fill = here.quantity / worth if self.inverse else worth / here.quantity
                return fill if is_limit else fill / (1 - self.sign * Fraction(self.plan.slippage))
            case Reference.TIER:
                return Fraction(self.plan.tiers[number - 1].price)
        if number <= len(here.hit):
            return here.hit[number - 1]
        return self.target_level(number - 1, here)

    # What is live

    def at_or_past(self, price: Fraction, level: Fraction, way: int) -> bool:
        """Whether price, moving against the trade (`way` the side's sign), is at a level or beyond it."""
        return way * (price - level) <= 0 or same(price, level)

    def entries_on(self, here: Spot) -> bool:
        """Whether unfilled tiers are still live."""
        if self.plan.targets and self.plan.targets[-1].trail and len(here.hit) == len(self.plan.targets):
            return False
        if self.plan.entries_end is EntriesEnd.NEVER:
            return True
        return not any(target.close.amount for target in self.plan.targets[: len(here.hit)])

    def executes(self, index: int, price: Fraction) -> bool:
        """Whether a tier would execute at once at a price."""
        tier = self.plan.tiers[index]
        own = Fraction(tier.price)
        if same(own, price):
            return True
        if tier.order is Order.MARKET:
            return False
        return (price > own) == ((tier.order is Order.STOP) == (self.sign > 0))

    def becomes_live(self, here: Spot, index: int) -> Spot:
        """A tier becomes live: it waits where it would execute at once."""
        if self.executes(index, here.price):
            return replace(here, waiting=here.waiting | {index})
        return here

    def levels(self, here: Spot) -> list[tuple[int, str, int, Fraction, bool]]:
        """Every live level: its turn at one price, what it is, which, where, and whether it acts at once."""
        found = list(self.exits(here) if here.quantity else self.wrong(here))
        return [*found, *self.entries(here)] if self.entries_on(here) else found

    def wrong(self, here: Spot) -> Iterator[tuple[int, str, int, Fraction, bool]]:
        """With nothing held, the price at which the idea is wrong."""
        wrong = self.plan.stop if self.plan.invalidation is None else self.plan.invalidation
        if wrong is not None:
            yield 0, "invalidation", 0, Fraction(wrong), self.at_or_past(here.price, Fraction(wrong), self.sign)

    def exits(self, here: Spot) -> Iterator[tuple[int, str, int, Fraction, bool]]:
        """The levels that close something."""
        price, sign = here.price, self.sign
        liquidated = self.liquidation(here)
        if liquidated is not None:
            yield 0, "liquidation", 0, liquidated, self.at_or_past(price, liquidated, sign)
        if here.stop is not None:
            yield 1, "stop", 0, here.stop, self.at_or_past(price, here.stop, sign)
        if len(here.hit) < len(self.plan.targets):
            target = self.target_level(len(here.hit), here)
            if target > 0:
                yield 2, "target", len(here.hit), target, self.at_or_past(price, target, -sign)

    def entries(self, here: Spot) -> Iterator[tuple[int, str, int, Fraction, bool]]:
        """The `after` prices and the tiers."""
        for index, tier in enumerate(self.plan.tiers):
            if index in here.filled:
                continue
            if isinstance(tier.after, AfterPrice) and index not in here.touched:
                at = Fraction(tier.after.price)
                yield 3, "after", index, at, same(at, here.price)
            elif isinstance(tier.after, AfterTier) and tier.after.tier - 1 not in here.filled:
                continue
            elif index in here.waiting:
                if index == 0 or index - 1 in here.filled:
                    yield 4, "tier", index, here.price, True
            else:
                at = Fraction(tier.price)
                yield 4, "tier", index, at, same(at, here.price)

    # What happens

    def go(self, here: Spot, chance: Fraction) -> None:
        """Everything that can happen from here."""
        self.count += 1
        if self.count > MOST_STEPS:
            raise TooManyPathsError
        live = self.levels(here)
        trail = self.plan.targets[-1].trail if self.plan.targets else None
        if trail is not None and len(here.hit) == len(self.plan.targets):
            self.trailing(here, chance, [level for level in live if level[0] <= 1])
            return
        now = [level for level in live if level[4]]
        if now:
            turn = min(now, key=lambda level: (level[0], level[2]))
            self.happens(here, turn[1], turn[2], here.price, chance)
            return
        above = [level for level in live if level[3] > here.price]
        below = [level for level in live if level[3] < here.price]
        up = self.nearest(above, min(level[3] for level in above)) if above else None
        down = self.nearest(below, max(level[3] for level in below)) if below else None
        if up and down:
            share = (here.price - down[3]) / (up[3] - down[3])
            self.happens(here, up[1], up[2], up[3], chance * share)
            self.happens(here, down[1], down[2], down[3], chance * (1 - share))
        elif up or down:
            only = up or down
            assert only is not None
            self.happens(here, only[1], only[2], only[3], chance)
        else:
            self.over(
                here,
                "open",
                self.pnl(here.quantity, here.level_cost, here.price),
                -here.entry_fees + self.pnl(here.quantity, here.fill_cost, here.price),
                chance,
            )

    def nearest(
        self, levels: list[tuple[int, str, int, Fraction, bool]], price: Fraction
    ) -> tuple[int, str, int, Fraction, bool]:
        """Of the levels at one price the one whose turn comes first."""
        return min((level for level in levels if same(level[3], price)), key=lambda level: (level[0], level[2]))

    def happens(self, here: Spot, what: str, index: int, price: Fraction, chance: Fraction) -> None:
        """One event, and everything after it."""
        here = replace(here, price=price)
        match what:
            case "liquidation":
                self.over(
                    here,
                    "liquidated",
                    self.pnl(here.quantity, here.level_cost, price),
                    -here.entry_fees - self.margin(here),
                    chance,
                )
            case "stop":
                self.stopped(here, chance)
            case "invalidation":
                self.over(here, "not entered", Fraction(0), Fraction(0), chance)
            case "after":
                self.go(self.becomes_live(replace(here, touched=here.touched | {index}), index), chance)
            case "tier":
                self.go(self.fill(here, index), chance)
            case "target":
                self.target(here, index, chance)

    def stopped(self, here: Spot, chance: Fraction, end: str = "stopped") -> None:
        """All that is held goes at the price."""
        fill = self.slipped(here.price, Order.STOP, -self.sign)
        fee = self.fee(self.worth(here.quantity, fill), Order.STOP)
        self.over(
            here,
            end,
            self.pnl(here.quantity, here.level_cost, here.price),
            self.pnl(here.quantity, here.fill_cost, fill) - here.entry_fees - fee,
            chance,
        )

    def over(self, here: Spot, end: str, gross: Fraction, net: Fraction, chance: Fraction) -> None:
        """The end of a path."""
        tiers = tuple(sorted(index + 1 for index in here.filled))
        hits = len(here.hit) + (end == "targets")
        self.ends[end, tiers, hits, here.gross + gross, here.net + net] += chance

    def fill(self, here: Spot, index: int) -> Spot:
        """A tier fills at the price."""
        tier = self.plan.tiers[index]
        price = Fraction(tier.price) if same(Fraction(tier.price), here.price) else here.price
        fill, quantity = self.slipped(price, tier.order, self.sign), self.sizes[index]
        here = replace(
            here,
            price=price,
            filled=here.filled | {index},
            quantity=here.quantity + quantity,
            level_cost=here.level_cost + self.worth(quantity, price),
            fill_cost=here.fill_cost + self.worth(quantity, fill),
            entry_fees=here.entry_fees + self.fee(self.worth(quantity, fill), tier.order),
        )
        here = self.move(here, tier.stop)
        for other, waits in enumerate(self.plan.tiers):
            if isinstance(waits.after, AfterTier) and waits.after.tier == index + 1:
                here = self.becomes_live(here, other)
        return here

    def move(self, here: Spot, level: Level | None) -> Spot:
        """A stop comes into force where it is tighter; beyond the price it exits there."""
        if level is None:
            return here
        price = self.level(level, here)
        if self.at_or_past(here.price, price, self.sign):
            return replace(here, stop=here.price)
        if price > 0 and (here.stop is None or self.sign * (price - here.stop) > 0):
            return replace(here, stop=price)
        return here

    def target(self, here: Spot, index: int, chance: Fraction) -> None:
        """A target is hit at the price."""
        target = self.plan.targets[index]
        hit = (*here.hit, self.target_level(index, here))
        share = target.close.amount
        first = here.quantity if here.first is None and share else here.first
        whole = here.quantity if first is None else first
        left = whole
        for one in self.plan.targets[: index + 1]:
            left -= self.meant(one, whole, left)
        closed = self.meant(target, whole, here.quantity)
        lot, contract = self.plan.instrument.lot_size, self.plan.instrument.contract_size
        if lot is not None or contract is not None:
            step = Fraction(1 if lot is None else lot) * Fraction(1 if contract is None else contract)
            closed = closed // step * step
        if left <= 0:
            closed = here.quantity
        closed = min(closed, here.quantity)
        part = closed / here.quantity
        fill = self.slipped(here.price, target.order, -self.sign)
        fee = self.fee(self.worth(closed, fill), target.order) if closed else Fraction(0)
        gross = self.pnl(closed, here.level_cost * part, here.price)
        net = self.pnl(closed, here.fill_cost * part, fill) - here.entry_fees * part - fee
        if part == 1:
            self.over(here, "targets", gross, net, chance)
            return
        here = replace(
            here,
            hit=hit,
            quantity=here.quantity - closed,
            level_cost=here.level_cost * (1 - part),
            fill_cost=here.fill_cost * (1 - part),
            entry_fees=here.entry_fees * (1 - part),
            first=first,
            kept=here.kept * (1 - part),
            gross=here.gross + gross,
            net=here.net + net,
        )
        self.go(self.move(here, target.stop), chance)

    def meant(self, target: Target, whole: Fraction, held: Fraction) -> Fraction:
        """How much a target is to close of a whole of which so much is held."""
        if target.close.of is CloseOf.CONTRACTS:
            return target.close.amount * Fraction(self.plan.instrument.contract_size or 1)
        return target.close.amount * (held if target.close.of is CloseOf.REST else whole)

    def trailing(self, here: Spot, chance: Fraction, live: list[tuple[int, str, int, Fraction, bool]]) -> None:
        """What is left trails from the price."""
        now = [level for level in live if level[4]]
        if now:
            self.happens(here, now[0][1], 0, here.price, chance)
            return
        trail = self.plan.targets[-1].trail
        assert trail is not None
        share, away = Fraction(trail.ratio or 0), Fraction(trail.distance or 0)
        start = here.price * (1 - self.sign * share) - self.sign * away
        inside = [level for level in live if self.sign * (level[3] - start) > 0 and not same(level[3], start)]
        if not inside:
            self.stopped(here, chance, "trail")
            return
        _, what, index, level, _ = max(inside, key=lambda one: (self.sign * one[3], -one[0]))
        passed = (level + self.sign * away) / (1 - self.sign * share)
        survives = (here.price - level) / (passed - level)
        self.stopped(replace(here, price=passed), chance * survives, "trail")
        self.happens(here, what, index, level, chance * (1 - survives))


def reference(plan: Plan, start: Decimal | None = None) -> Plainly:
    """Every path of a plan, walked."""
    from scaleplan.ladder import climb  # noqa: PLC0415 - of the ladder only the quantities are taken

    sizes = [Fraction(step.fill.quantity) for step in climb(plan).steps]
    walked = Plainly(plan, sizes, None if start is None else Fraction(start))
    walked.run()
    return walked


def compare(found: Paths, walked: Plainly, text: str) -> None:
    """Every end of one is an end of the other, with the same result and the same chance."""
    expected: dict[tuple[str, tuple[int, ...], int], list[list[Fraction]]] = defaultdict(list)
    for (end, tiers, hits, gross, net), chance in walked.ends.items():
        for alike in expected[end, tiers, hits]:
            if same(alike[0], gross) and same(alike[1], net):
                alike[2] += chance
                break
        else:
            expected[end, tiers, hits].append([gross, net, chance])
    actual: dict[tuple[str, tuple[int, ...], int], list[list[Fraction]]] = defaultdict(list)
    for one in found.outcomes:
        if one.end is not End.OPEN or one.probability:
            figures = [Fraction(one.gross), Fraction(one.net), Fraction(known(one.probability))]
            actual[str(one.end), one.tiers, one.targets].append(figures)
    assert set(actual) == set(expected), text
    for key, ends in actual.items():
        assert len(ends) == len(expected[key]), (key, ends, expected[key], text)
        for mine, theirs in zip(sorted(ends), sorted(expected[key]), strict=True):
            assert all(same(one, other) for one, other in zip(mine, theirs, strict=True)), (key, mine, theirs, text)


def cents(low: int, high: int) -> st.SearchStrategy[Decimal]:
    """Prices on a grid that is coarse enough for levels to meet."""
    return st.integers(low * 2, high * 2).map(lambda halves: Decimal(halves) / 2)


@dataclass(frozen=True)
class Kind:
    """What sort of plan is drawn: its contract, its side, how many tiers and targets, whether it has a stop."""

    contract: str
    sign: int
    tiers: int
    targets: int
    has_stop: bool
    by_contract: bool


@st.composite
def kinds(draw: st.DrawFn) -> Kind:
    """Any sort of plan; a spot one is long."""
    contract = draw(st.sampled_from(["spot", "linear", "inverse"]))
    sign = 1 if contract == "spot" else draw(st.sampled_from([1, -1]))
    has_stop, by_contract = draw(st.integers(0, 7)) > 0, draw(st.integers(0, 3)) == 0
    return Kind(contract, sign, draw(st.integers(1, 5)), draw(st.integers(0, 3)), has_stop, by_contract)


def away(draw: st.DrawFn, sign: int, low: int, high: int) -> Decimal:
    """A price between two distances from 100, in the trade's favour."""
    return Decimal(100) + sign * draw(cents(low, high))


def headers(draw: st.DrawFn, kind: Kind) -> list[str]:
    """All of a plan but its tiers and targets."""
    contract, sign = kind.contract, kind.sign
    symbol = {"spot": "ABC/USDT", "linear": "ABC/USDT:USDT", "inverse": "ABC/USD:ABC"}[contract]
    money = "ABC" if contract == "inverse" else "USDT"
    unit = "USD" if contract == "inverse" else draw(st.sampled_from(["USDT", "ABC"]))
    lines = [f"symbol: {symbol}", f"side: {'long' if sign > 0 else 'short'}"]
    lines.append(f"size: {draw(st.integers(1, 50))}000 {unit}")
    if contract != "spot":
        lines += [f"leverage: {draw(st.sampled_from([1, 5, 9, 20]))}", "maintenance: 1%"]
        if draw(st.booleans()):
            equity = draw(st.integers(1, 400)) * (10 if money == "USDT" else 1)
            lines += ["margin_mode: cross", f"account: {{equity: {equity} {money}}}"]
        elif draw(st.booleans()):
            lines.append(f"extra_margin: {draw(st.integers(1, 30))} {money}")
    if draw(st.booleans()):
        lines += ["fees: {maker: 0.02%, taker: 0.05%}", "slippage: 0.1%"]
    if draw(st.booleans()):
        lines.append("entries_end: never")
    if contract != "inverse" and not kind.by_contract and draw(st.integers(0, 3)) == 0:
        lines.append("instrument: {lot_size: 0.5}")
    if kind.by_contract:
        lines.append(f"instrument: {{contract_size: {100 if contract == 'inverse' else 2}}}")
    return [*lines, f"stop: {away(draw, sign, -16, -6) if kind.has_stop else 'none'}"]


def any_stop(draw: st.DrawFn, kind: Kind, most: int) -> str:
    """A place for the stop to move to, most of the time nowhere."""
    forms = ["", "", "", "", f"{away(draw, kind.sign, -12, 4)}", "entry", "breakeven"]
    forms.append(f"tier {draw(st.integers(1, kind.tiers))} -0.5")
    forms += [f"target {draw(st.integers(1, most))}"] if most else []
    forms += ["-0.5R", "+0.5R"] if kind.has_stop else []
    chosen = draw(st.sampled_from(forms))
    return f", stop: {chosen}" if chosen else ""


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A plan of any kind, small enough to walk every path of; many are unsound, which a machine must bear."""
    kind = draw(kinds())
    lines = [*headers(draw, kind), "tiers:"]
    for index in range(kind.tiers):
        order = draw(st.sampled_from(["limit", "limit", "stop", "market"]))
        price = away(draw, kind.sign, -8, 8) if index else Decimal(100)
        after = ""
        if index and draw(st.integers(0, 2)) == 0:
            after = f", after: {away(draw, kind.sign, -8, 8)}" if draw(st.booleans()) else f", after: tier {index}"
        stop = any_stop(draw, kind, 0) if draw(st.booleans()) else ""
        lines.append(f"  - {{price: {price}, share: 1/{kind.tiers}, order: {order}{after}{stop}}}")
    if kind.targets:
        lines.append("targets:")
    for index in range(kind.targets):
        trails = index == kind.targets - 1 and draw(st.integers(0, 2)) == 0
        closes = ["0%", "25%", "1/3", "50% of rest", "10%" if trails else "rest"]
        closes += ["1 contract", "7 contracts", "2 contracts"] if kind.by_contract else []
        close = draw(st.sampled_from(closes))
        where = str(away(draw, kind.sign, 3 + 4 * index, 9 + 4 * index))
        if kind.has_stop and draw(st.integers(0, 2)) == 0:
            where = draw(st.sampled_from(["0.5R", "1R", "2R", "2R -0.5", "1R +1%"]))
        elif draw(st.integers(0, 2)) == 0:
            beyond = "+" if kind.sign > 0 else "-"
            where = draw(st.sampled_from(["entry", "breakeven", "entry {}2%", "entry {}5", "breakeven {}3"])).format(
                beyond
            )
        trail = ", trail: " + draw(st.sampled_from(["3", "5%"])) if trails else ""
        order = draw(st.sampled_from(["limit", "stop"]))
        lines.append(f"  - {{price: {where}, close: {close}, order: {order}{trail}{any_stop(draw, kind, index + 1)}}}")
    return "\n".join(lines)


@settings(max_examples=drawn(150, 400), deadline=None, database=None, derandomize=True)
@given(texts(), st.one_of(st.none(), cents(88, 112)))
def test_every_path_walked_alone_gives_the_same_ends(text: str, start: Decimal | None) -> None:
    """States merged or every path on its own: the same ends, results and chances, whatever the plan."""
    plan = study_of(text).plan
    assume(plan is not None)
    assert plan is not None
    try:
        plainly = reference(plan, start)
    except TooManyPathsError:
        reject()
    found = walked(plan, start=start)
    event(f"{len(found.outcomes) // 5 * 5} ends or more")
    assert found.complete
    compare(found, plainly, f"{text}\nstart {start}")


def test_the_comparison_notices_a_difference() -> None:
    """The comparison would fail: a chance moved from one end to another is told."""
    text = "symbol: ABC/USDT\nside: long\nsize: 1 ABC\ntiers: [100]\nstop: 90\ntargets: [rest at 110]\n"
    plainly = reference(plan_of(text))
    compare(walked(text), plainly, text)
    moved = list(plainly.ends)
    plainly.ends[moved[0]] += Fraction(1, 10**30)
    with pytest.raises(AssertionError):
        compare(walked(text), plainly, text)
