"""Laws of solving, held over plans of every market that nobody thought of.

An answer is put into the text of the plan and read as any plan is: there its promise holds, and one step further it
does not. What is asked of twice the money has twice the money for an answer, and the same prices, shares and leverage.
A short of mirrored prices has the mirrored answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaleplan.quantity.exact import EXACT
from scaleplan.questions.solve import Answered, solve
from scaleplan.questions.solve.goals import Typed, read_goal
from scaleplan.questions.solve.records import Goal, Reason, Solution, What
from scaleplan.study import Study
from tests.given import studied, study_of, walked

D = Decimal


def laws(examples: int) -> settings:
    """Returns how a law is held: always over the same plans, each as long as it takes."""
    return settings(max_examples=examples, deadline=None, database=None, derandomize=True)


@dataclass(frozen=True)
class Market:
    """A plan to be written: what the laws vary. Money and sizes are `scale` times what they would be."""

    side: str
    contract: str
    prices: tuple[int, ...]
    stop: int
    targets: tuple[int, ...]
    size: int
    unit: str
    leverage: str
    maintenance: str = "0.5%"
    costs: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    scale: int = 1

    @property
    def settle(self) -> str:
        """The currency of money."""
        return "BTC" if self.contract == "inverse" else "USDT"

    def text(self, **keys: str) -> str:
        """The plan as text, some of its keys written otherwise."""
        quote = "USD" if self.contract == "inverse" else "USDT"
        symbol = {"spot": "BTC/USDT", "linear": "BTC/USDT:USDT", "inverse": "BTC/USD:BTC"}[self.contract]
        equity = 40 * self.scale if self.contract == "inverse" else 60000 * self.scale
        found = {
            "symbol": symbol,
            "side": self.side,
            "account": f"{{equity: {equity} {self.settle}}}",
            "size": f"{self.size * self.scale} {self.unit if self.unit != 'quote' else quote}",
            "tiers": f"[{', '.join(map(str, self.prices))}]",
            "stop": str(self.stop),
            "targets": f"[{', '.join(f'{{price: {price}, close: 40%}}' for price in self.targets)}]",
        }
        if self.contract != "spot":
            found |= {"leverage": self.leverage, "maintenance": self.maintenance}
        found |= keys
        return "".join(f"{key}: {value}\n" for key, value in found.items()) + "".join(
            f"{line}\n" for line in (*self.costs, *self.more)
        )


@st.composite
def markets(draw: st.DrawFn, *, costs: bool = True, grids: bool = True, mode: bool = True) -> Market:
    """Draws plans of 1 to 3 tiers that lie in one line, a stop beyond them and targets on the other side."""
    side = draw(st.sampled_from(["long", "short"]))
    contract = draw(st.sampled_from(["linear", "linear", "inverse", "spot"]))
    if contract == "spot":
        side = "long"
    sign = 1 if side == "long" else -1
    first = draw(st.integers(900, 1100))
    steps = draw(st.lists(st.integers(10, 40), min_size=0, max_size=2))
    prices = [first]
    for step in steps:
        prices.append(prices[-1] - sign * step)
    stop = prices[-1] - sign * draw(st.integers(10, 60))
    target = first + sign * draw(st.integers(20, 80))
    targets = (target, target + sign * draw(st.integers(10, 60)))
    unit = draw(st.sampled_from(["quote", "quote", "BTC"]))
    size = draw(st.integers(20, 60)) if unit == "BTC" else draw(st.integers(20000, 60000))
    lines: list[str] = []
    if costs:
        fees = draw(
            st.sampled_from(["{maker: 0.02%, taker: 0.05%}", "{maker: 0%, taker: 0%}", "{per_order: 2, taker: 0.1%}"])
        )
        if contract == "inverse":
            fees = fees.replace("per_order: 2, ", "")
        lines = [f"fees: {fees}", f"slippage: {draw(st.sampled_from(['0%', '0.1%']))}"]
    more: list[str] = []
    if grids:
        more.append(
            draw(
                st.sampled_from(["", "", "instrument: {tick_size: 0.5, lot_size: 0.1}", "instrument: {tick_size: 0.1}"])
            )
        )
    if mode and contract != "spot":
        more.append(draw(st.sampled_from(["", "", "margin_mode: cross"])))
    maintenance = draw(
        st.sampled_from(["0.5%", "2%", "[{up_to: 20000, rate: 0.5%, max_leverage: 40}, {rate: 2%, max_leverage: 20}]"])
    )
    return Market(
        side,
        contract,
        tuple(prices),
        stop,
        targets,
        size,
        unit,
        str(draw(st.integers(1, 8))),
        maintenance,
        tuple(lines),
        tuple(line for line in more if line),
    )


def ask(
    study: Study,
    what: What,
    words: Mapping[str, str],
    *,
    target: int = 0,
    tiers: tuple[int, ...] | None = None,
) -> Answered:
    """Asks a question of a plan, its words as they are typed."""
    with localcontext(EXACT):
        goal = read_goal(study, Typed(what, words, target=target, tiers=tiers))
        assert isinstance(goal, Goal), goal
        return solve(study, goal)


def answer_of(study: Study, what: What, **words: str) -> Solution:
    """Returns the answer to a question that has one; others are passed over."""
    found = ask(study, what, words).solution
    assume(found is not None)
    assert found is not None
    return found


def money(market: Market, amount: Decimal | Fraction) -> str:
    """Returns an amount as it is typed, with its currency."""
    value = amount if isinstance(amount, Decimal) else D(amount.numerator) / amount.denominator
    return f"{round(value, 8):f} {market.settle}"


def worst(text: str) -> Decimal:
    """Returns the worst loss of a plan: planned, or on the path that loses most."""
    study = studied(text)
    on_a_path = walked(text).summary.worst
    assert study.ladder.totals.risk is not None
    assert on_a_path is not None
    return max(study.ladder.totals.risk, -on_a_path)


def typed(found: Solution) -> str:
    """Returns an answer as a plan has it."""
    assert found.answer is not None
    return found.answer.typed[0]


def value(found: Solution) -> Decimal:
    """Returns an answer as a number."""
    assert found.answer is not None
    return found.answer.values[0]


def exact(found: Solution) -> Fraction:
    """Returns an answer before it went to its grid."""
    assert found.answer is not None
    assert found.answer.exact[0] is not None
    return Fraction(found.answer.exact[0])


ALMOST = D("1e-30")


@laws(30)
@given(market=markets(), part=st.integers(20, 180))
def test_a_size_loses_no_more_than_it_is_asked_to(market: Market, part: int) -> None:
    """Written into the plan it loses at most that, and the next size more."""
    study = studied(market.text())
    limit = D(round(worst(market.text()) * part / 100, 6))
    found = answer_of(study, What.SIZE, loss=money(market, limit))
    assert worst(market.text(size=typed(found))) <= limit + ALMOST
    assert found.next is not None
    unit = typed(found).partition(" ")[2]
    beyond = study_of(market.text(size=f"{found.next.value:f} {unit}"))
    assert isinstance(beyond, Study)
    assert worst(market.text(size=f"{found.next.value:f} {unit}")) > limit


@laws(25)
@given(market=markets(), part=st.integers(20, 150))
def test_a_stop_loses_no_more_than_it_is_asked_to(market: Market, part: int) -> None:
    """Written into the plan it loses at most that, and the next stop, further away, more."""
    study = studied(market.text())
    limit = D(round(worst(market.text()) * part / 100, 6))
    found = answer_of(study, What.STOP, loss=money(market, limit))
    assert worst(market.text(stop=typed(found))) <= limit + ALMOST
    if found.next is not None:
        assert study.plan.sign * (value(found) - found.next.value) > 0
        assert worst(market.text(stop=f"{found.next.value:f}")) > limit


@laws(25)
@given(market=markets())
def test_the_plans_own_worst_loss_has_the_plan_for_an_answer(market: Market) -> None:
    """`size --loss` and `stop --loss` of what it loses leave the plan: the size as it is, the stop within a tick."""
    study = studied(market.text())
    limit = worst(market.text())
    with localcontext(EXACT):
        goals = [Goal(what, loss=limit) for what in (What.SIZE, What.STOP)]
        size, stop = (solve(study, goal).solution for goal in goals)
    assert size is not None
    assert size.plan.size.amount == study.plan.size.amount
    assert stop is not None
    tick = study.plan.instrument.tick_size or D("0.01")
    assert study.plan.stop is not None
    assert abs(value(stop) - study.plan.stop) <= tick


def rooms(text: str) -> list[tuple[Decimal, Decimal | None]]:
    """Returns the stop and the liquidation price of every state of a plan in which something is held."""
    states = walked(text).states
    return [(state.stop, state.liquidation_price) for state in states if state.stop is not None]


def keeps_behind(text: str, sign: int, behind: Decimal) -> bool:
    """Returns whether every state is liquidated so far behind its stop, or never."""
    return all(price is None or sign * (stop * (1 - sign * behind) - price) >= -ALMOST for stop, price in rooms(text))


@laws(25)
@given(market=markets(), behind=st.integers(1, 30))
def test_a_leverage_is_liquidated_behind_every_stop(market: Market, behind: int) -> None:
    """In each state of `paths`; one more is not, or is more than the venue allows."""
    study = studied(market.text())
    found = answer_of(study, What.LEVERAGE, behind=f"{behind}%")
    ratio, sign = D(behind) / 100, study.plan.sign
    assert keeps_behind(market.text(leverage=typed(found)), sign, ratio)
    if found.why is None:
        assert not keeps_behind(market.text(leverage=f"{value(found) + 1:f}"), sign, ratio)
    else:
        assert found.why.reason is Reason.MAXIMUM
        assert found.next is None


@laws(25)
@given(market=markets(), behind=st.integers(1, 40))
def test_a_margin_is_liquidated_behind_every_stop(market: Market, behind: int) -> None:
    """In each state of `paths`; a cent less, or a satoshi, is not."""
    study = studied(market.text())
    found = answer_of(study, What.MARGIN, behind=f"{behind}%")
    ratio, sign = D(behind) / 100, study.plan.sign
    assert keeps_behind(market.text(extra_margin=typed(found)), sign, ratio)
    assert found.next is not None
    less = f"{found.next.value:f} {market.settle}"
    assert not keeps_behind(market.text(extra_margin=less), sign, ratio)


@laws(30)
@given(market=markets(), target=st.integers(1, 2), count=st.integers(1, 3))
def test_a_share_frees_the_rest(market: Market, target: int, count: int) -> None:
    """The least share: a hundredth of a percent less loses, and both are what the plan says of its own path."""
    study = studied(market.text())
    tiers = tuple(range(1, min(count, len(market.prices)) + 1))
    asked = ask(study, What.CLOSE, {}, target=target, tiers=tiers)
    assume(asked.solution is not None)
    found = asked.solution
    assert found is not None
    assert found.after is not None
    assert found.after >= -ALMOST
    assert found.next is not None
    assert found.next.result is None or found.next.result < 0
    # With all tiers filled `show` has the same: what is locked once the target is hit.
    for share, keeps in ((typed(found), True), (f"{found.next.value * 100:f}%", False)):
        closes = [
            f"{{price: {price}, close: {share if index == target else '40%'}}}"
            for index, price in enumerate(market.targets, 1)
        ]
        hit = studied(market.text(targets=f"[{', '.join(closes)}]")).ladder.exits[target - 1]
        if len(tiers) == len(market.prices) == hit.filled.bit_count() and hit.locked is not None:
            assert (hit.locked >= -ALMOST) is keeps


@laws(30)
@given(market=markets(costs=False, grids=False, mode=False), c=st.sampled_from([2, 5, 10]), behind=st.integers(2, 20))
def test_twice_the_money_has_twice_the_money_for_an_answer(market: Market, c: int, behind: int) -> None:
    """Account, sizes and money times c: prices, shares and leverage stay, money and quantities are c times as much."""
    market = replace(market, maintenance="1%")
    large = replace(market, scale=c)
    small, big = studied(market.text()), studied(large.text())
    limit = Fraction(worst(market.text())) / 2
    words: Mapping[What, tuple[dict[str, str], dict[str, str], int]] = {
        What.SIZE: ({"loss": money(market, limit)}, {"loss": money(market, limit * c)}, c),
        What.STOP: ({"loss": money(market, limit)}, {"loss": money(market, limit * c)}, 1),
        What.TARGET: ({"net": money(market, limit)}, {"net": money(market, limit * c)}, 1),
        What.LEVERAGE: ({"behind": f"{behind}%"}, {"behind": f"{behind}%"}, 1),
        What.MARGIN: ({"behind": f"{behind}%"}, {"behind": f"{behind}%"}, c),
        What.SHARES: ({}, {}, 1),
    }
    for what, (of_small, of_big, times) in words.items():
        one, other = ask(small, what, of_small), ask(big, what, of_big)
        assert (one.solution is None) == (other.solution is None), what
        if one.solution is None or other.solution is None:
            assert one.none is not None
            assert other.none is not None
            assert one.none.why.reason is other.none.why.reason
            continue
        # The limit is typed with eight digits.
        assert abs(exact(other.solution) / times / exact(one.solution) - 1) < Fraction(1, 10**5), what


@laws(30)
@given(market=markets(costs=False, grids=False, mode=False), part=st.integers(30, 90))
def test_a_short_of_mirrored_prices_has_the_mirrored_answer(market: Market, part: int) -> None:
    """Without costs a long and a short are one line in the worth: stops, targets, averages and shares are mirrored."""
    assume(market.contract == "linear")
    market = replace(market, unit="BTC", size=30, leverage="1", maintenance="0.1%")
    about = 2 * 1000
    mirrored = replace(
        market,
        side="short" if market.side == "long" else "long",
        prices=tuple(about - price for price in market.prices),
        stop=about - market.stop,
        targets=tuple(about - price for price in market.targets),
    )
    one, other = studied(market.text()), studied(mirrored.text())
    limit = money(market, worst(market.text()) * part / 100)
    for what, words in ((What.STOP, {"loss": limit}), (What.TARGET, {"net": limit})):
        first, second = answer_of(one, what, **words), answer_of(other, what, **words)
        assert abs(exact(first) + exact(second) - about) < Fraction(1, 10**20)
    sign = one.plan.sign
    price, average = (market.prices[0] - sign * step for step in (8, 3))
    adds = [
        ask(study, What.ADD, {"at": str(at), "average": str(to)}, tiers=(1,)).solution
        for study, at, to in ((one, price, average), (other, about - price, about - average))
    ]
    assert adds[0] is not None
    assert adds[1] is not None
    assert value(adds[0]) == value(adds[1])
    # The average with it is what was asked for, to the sixth digit of what is added.
    assert abs(adds[0].ladder.totals.average_entry - average) < D("0.0001")
    closes = [ask(study, What.CLOSE, {}, target=1).solution for study in (one, other)]
    assert closes[0] is not None
    assert closes[1] is not None
    assert exact(closes[0]) == exact(closes[1])


def with_an_order(market: Market, price: Decimal, quantity: Decimal) -> Study:
    """Returns the study of tier 1 and of an order behind it, both of their own size, read from a text."""
    unit = "USD" if market.contract == "inverse" else "BTC"
    first = studied(market.text()).ladder.steps[0].fill.quantity
    sizes = [f"{round(each, 18):f} {unit}" for each in (first, quantity)]
    tiers = f"[{{price: {market.prices[0]}, size: {sizes[0]}}}, {{price: {price}, size: {sizes[1]}, order: limit}}]"
    lines = market.text(tiers=tiers).splitlines()
    return studied("".join(f"{line}\n" for line in lines if not line.startswith(("size:", "targets:"))))


@laws(30)
@given(market=markets(), step=st.sampled_from([-8, -5, 5, 8]), part=st.integers(20, 80))
def test_what_is_added_keeps_its_promise(market: Market, step: int, part: int) -> None:
    """With it written as an order `show` has the average to the lot, the risk, and a liquidation that is no nearer."""
    study = studied(market.text())
    sign, first = study.plan.sign, study.ladder.steps[0].position
    price = D(market.prices[0] + step)
    average = first.average_entry + (price - first.average_entry) * part / 100
    assert first.risk is not None
    promises: list[tuple[dict[str, str], Decimal]] = [
        ({"average": f"{round(average, 6):f}"}, round(average, 6)),
        ({"risk": money(market, first.risk * (1 + D(part) / 10))}, round(first.risk * (1 + D(part) / 10), 8)),
        ({"liquidated": "1%"}, study.plan.stop * (1 - sign * D("0.01")) if study.plan.stop else D(0)),
    ]
    for words, limit in promises:
        found = ask(study, What.ADD, {"at": str(price), **words}, tiers=(1,)).solution
        if found is None or found.quantity is None:
            continue
        for quantity, keeps in ((found.quantity, True), (None if found.next is None else found.next.value, False)):
            if quantity is None:
                continue
            # A lot in coin is counted in coin, the order in value.
            coin = market.contract == "inverse" and not keeps and found.answer and found.answer.unit == "BTC"
            after = with_an_order(market, price, quantity * price if coin else quantity).ladder.steps[-1].position
            figure = {"average": sign * after.average_entry, "risk": after.risk}.get(next(iter(words)))
            if figure is None:
                at = after.liquidation.price
                assert (at is None or sign * (limit - at) >= -ALMOST) is keeps
            else:
                assert (figure <= (sign * limit if "average" in words else limit) + D("1e-12")) is keeps
