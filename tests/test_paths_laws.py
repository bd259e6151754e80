"""Laws of every path: what must hold of any plan, whatever its tiers and targets, and a walk of price that agrees.

Each law is one that needs no knowledge of the program: a fair game stays fair however it is cut up, chances sum to 1,
a mirror shows the same plan. Plans are drawn, written as text and read.
"""

import random
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from statistics import fmean, pstdev

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaleplan.engine.event import End
from scaleplan.engine.next_events import NextEvents
from scaleplan.ladder import Ladder, climb
from scaleplan.paths.bounds import bounds_of
from scaleplan.paths.count import states_about
from scaleplan.paths.records import Paths
from scaleplan.plan import Plan
from tests.given import drawn, known, study_of, walked

laws = settings(max_examples=drawn(70, 120), deadline=None, database=None, derandomize=True)

#: What chances and expectations may be off, beside 1 or beside the money in the plan.
ROUNDING = Fraction(1, 10**20)
FIRST = Decimal(100)


@dataclass(frozen=True)
class Level:
    """A tier or a target: its price and what is written beside it; `moves` is the price its stop moves to."""

    price: Decimal
    size: Decimal | int
    extra: str = ""
    moves: Decimal | None = None
    after: Decimal | None = None


@dataclass(frozen=True)
class Draft:
    """A plan to be written. `more` are lines of their own; every price is in a field, so that it can be mirrored."""

    contract: str
    side: str
    tiers: tuple[Level, ...]
    targets: tuple[Level, ...]
    stop: Decimal
    trail: int = 0
    more: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The plan as a trader writes it."""
        symbol = {"spot": "ABC/USDT", "linear": "ABC/USDT:USDT", "inverse": "ABC/USD:ABC"}[self.contract]
        unit = "USD" if self.contract == "inverse" else "ABC"
        lines = [f"symbol: {symbol}", f"side: {self.side}", f"stop: {self.stop}", *self.more]
        if self.contract != "spot" and not any(line.startswith("leverage") for line in self.more):
            lines.append("leverage: 1")
            if not any(line.startswith("maintenance") for line in self.more):
                # Where nobody knows where it is liquidated there are no chances; so late a one meets none of these.
                lines.append("maintenance: 0.1%")
        lines.append("tiers:")
        for tier in self.tiers:
            after = "" if tier.after is None else f", after: {tier.after}"
            lines.append(f"  - {{price: {tier.price}, size: {tier.size} {unit}{after}{_stop(tier)}{tier.extra}}}")
        lines.append("targets:")
        for number, target in enumerate(self.targets, start=1):
            trail = f", trail: {self.trail}" if self.trail and number == len(self.targets) else ""
            close = f"{target.size}%" if trail or number < len(self.targets) else "rest"
            lines.append(f"  - {{price: {target.price}, close: {close}{_stop(target)}{trail}{target.extra}}}")
        return "\n".join(lines)

    def plan(self) -> Plan:
        """The plan read; what rules say of it is another matter."""
        plan = study_of(self.text).plan
        assume(plan is not None)
        assert plan is not None
        return plan

    def paths(self) -> Paths:
        """Every path of it."""
        return walked(self.plan())


def _stop(level: Level) -> str:
    return "" if level.moves is None else f", stop: {level.moves}"


def money(found: Paths) -> Fraction:
    """The largest result, either way: what an expectation is rounded beside."""
    return max(*(abs(Fraction(outcome.gross)) for outcome in found.outcomes), Fraction(1))


def near(one: Decimal | None, other: Decimal | Fraction | int | None, beside: Fraction = Fraction(1)) -> bool:
    """Whether two figures are one, but for rounding."""
    if one is None or other is None:
        return one is other
    return abs(Fraction(one) - Fraction(other)) <= ROUNDING * beside


def halves(low: int, high: int) -> st.SearchStrategy[Decimal]:
    """Distances on a grid coarse enough for levels to meet."""
    return st.integers(low * 2, high * 2).map(lambda count: Decimal(count) / 2)


@st.composite
def drafts(draw: st.DrawFn, contracts: tuple[str, ...] = ("spot", "linear")) -> Draft:
    """A plan with a stop below and targets above (a short the other way), tiers on both sides, and stops that move."""
    contract = draw(st.sampled_from(contracts))
    side = "long" if contract == "spot" else draw(st.sampled_from(["long", "short"]))
    way = 1 if side == "long" else -1
    tiers = [Level(FIRST, draw(st.integers(1, 9)))]
    for _ in range(draw(st.integers(0, 4))):
        price = FIRST + way * draw(halves(-12, 12))
        order = ", order: " + draw(st.sampled_from(["limit", "stop", "market"]))
        after = FIRST + way * draw(halves(-8, 8)) if draw(st.integers(0, 3)) == 0 else None
        moves = FIRST + way * draw(halves(-20, 4)) if draw(st.integers(0, 3)) == 0 else None
        tiers.append(Level(price, draw(st.integers(1, 9)), order, moves, after))
    targets = []
    for number in range(draw(st.integers(1, 4))):
        price = FIRST + way * (8 * number + draw(halves(1, 8)))
        moves = FIRST + way * draw(halves(-10, 8)) if draw(st.booleans()) else None
        targets.append(Level(price, draw(st.integers(0, 25)), "", moves))
    more = ("entries_end: never",) if draw(st.booleans()) else ()
    trail = draw(st.integers(0, 6))
    return Draft(contract, side, tuple(tiers), tuple(targets), FIRST - way * draw(halves(14, 30)), trail, more)


@laws
@given(
    drafts(("spot", "linear", "inverse")),
    st.one_of(st.none(), halves(-15, 15)),
    st.one_of(st.none(), st.decimals(-20, 20, places=2)),
)
def test_chances_sum_to_one(draft: Draft, start: Decimal | None, edge: Decimal | None) -> None:
    """Something happens: every state's chances sum to 1, and so do those of all ends; with drift or without."""
    draft = draft if edge is None else replace(draft, trail=0)
    found = walked(draft.plan(), start=None if start is None else FIRST + start, edge=edge)
    assert near(sum_of(outcome.probability for outcome in found.outcomes), 1)
    for state in found.states:
        moves = [move.probability for move in (state.up, state.down) if move is not None]
        assert near(sum_of((*moves, state.open_probability)), 1)
        assert all(move is not None and 0 <= move <= 1 for move in moves)


def sum_of(figures: object) -> Decimal:
    """The sum of figures, at full precision."""
    assert hasattr(figures, "__iter__")
    return sum((figure for figure in figures if figure is not None), Decimal(0))


@laws
@given(drafts(), st.sampled_from([(), ("leverage: 5", "maintenance: 2%"), ("leverage: 12", "maintenance: 1%")]))
def test_without_costs_the_expected_result_is_nothing(draft: Draft, venue: tuple[str, ...]) -> None:
    """Scaling reshapes risk; it is no edge. Liquidation keeps the law, booked at its price."""
    more = (*draft.more, *venue) if draft.contract == "linear" else draft.more
    found = replace(draft, more=more).paths()
    assert near(found.summary.expected_gross, 0, money(found))


@laws
@given(drafts(), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_costs_take_what_they_cost(draft: Draft, maker: int, taker: int, slippage: int) -> None:
    """No end nets more than it grosses, and the expected net is that of the ends."""
    fees = f"fees: {{maker: 0.0{maker}%, taker: 0.0{taker}%}}", f"slippage: 0.0{slippage}%"
    found = replace(draft, more=(*draft.more, *fees)).paths()
    beside = money(found)
    assert all(Fraction(outcome.net) <= Fraction(outcome.gross) + ROUNDING * beside for outcome in found.outcomes)
    expected = sum((known(outcome.probability) * outcome.net for outcome in found.outcomes), Decimal(0))
    assert near(found.summary.expected_net, expected, beside)


@laws
@given(drafts(("linear",)))
def test_a_mirrored_plan_has_the_same_results(draft: Draft) -> None:
    """Every price p becomes 200 - p and a long a short: the same ends with the same results and chances."""

    def turned(level: Level) -> Level:
        moves = None if level.moves is None else 2 * FIRST - level.moves
        after = None if level.after is None else 2 * FIRST - level.after
        return replace(level, price=2 * FIRST - level.price, moves=moves, after=after)

    side = "short" if draft.side == "long" else "long"
    mirrored = replace(
        draft,
        side=side,
        tiers=tuple(turned(tier) for tier in draft.tiers),
        targets=tuple(turned(target) for target in draft.targets),
        stop=2 * FIRST - draft.stop,
    )
    same_ends(draft.paths(), mirrored.paths())


def same_ends(one: Paths, other: Paths, *, hits: bool = True) -> None:
    """The ends of two walks are the same, whatever the prices; `hits` false leaves out how many targets were hit."""

    def told(found: Paths) -> Counter[tuple[object, ...]]:
        ends: Counter[tuple[object, ...]] = Counter()
        for outcome in found.outcomes:
            figures = round(outcome.gross, 25) + 0, round(outcome.net, 25) + 0
            key = (outcome.end, outcome.tiers, outcome.targets if hits else None, *figures)
            ends[key] += Fraction(known(outcome.probability))  # type: ignore[assignment]
        return ends

    mine, theirs = told(one), told(other)
    assert set(mine) == set(theirs)
    assert all(abs(Fraction(mine[key]) - Fraction(theirs[key])) <= ROUNDING for key in mine)


@laws
@given(drafts(("spot", "linear", "inverse")), st.data())
def test_splitting_a_target_at_one_price_changes_nothing(draft: Draft, data: st.DataObject) -> None:
    """30% at a price, or 10% and 20% there: the same results with the same chances."""
    assume(len(draft.targets) > 1)
    index = data.draw(st.integers(0, len(draft.targets) - 2))
    target = draft.targets[index]
    part = data.draw(st.integers(0, int(target.size)))
    first, second = replace(target, size=part, moves=None), replace(target, size=int(target.size) - part)
    targets = (*draft.targets[:index], first, second, *draft.targets[index + 1 :])
    same_ends(draft.paths(), replace(draft, targets=targets).paths(), hits=False)


@laws
@given(st.sampled_from([1, -1]), halves(1, 40), halves(1, 40), st.integers(1, 99))
def test_one_tier_and_one_target_give_the_textbook_odds(way: int, risk: Decimal, reward: Decimal, size: int) -> None:
    """A game that risks `a` to win `b` is won with chance a/(a + b)."""
    target = Level(FIRST + way * reward, 100)
    draft = Draft("linear", "long" if way > 0 else "short", (Level(FIRST, size),), (target,), FIRST - way * risk)
    lost, won = draft.paths().outcomes
    assert near(won.probability, Fraction(risk) / Fraction(risk + reward))
    assert (lost.net, won.net) == (-size * risk, size * reward)


@laws
@given(st.lists(st.tuples(halves(1, 18), st.integers(1, 9)), max_size=5), st.integers(0, 20), st.booleans())
def test_the_worst_loss_is_the_planned_one_where_all_tiers_can_fill(
    more: list[tuple[Decimal, int]],
    fee: int,
    short: bool,  # noqa: FBT001 - drawn
) -> None:
    """No tier moves the stop, nothing liquidates, no target comes between: the worst is being stopped with all."""
    way = -1 if short else 1
    tiers = (Level(FIRST, 5), *(Level(FIRST - way * away, size, ", order: limit") for away, size in more))
    fees = f"fees: {{maker: 0.0{fee}%, taker: 0.0{fee}%}}"
    draft = Draft(
        "linear",
        "short" if short else "long",
        tiers,
        (Level(FIRST + way * 10, 50), Level(FIRST + way * 20, 50)),
        FIRST - way * 20,
        more=(fees, "maintenance: 1%"),
    )
    planned = climb(draft.plan()).totals.risk
    found = draft.paths()
    assert near(found.summary.worst, -known(planned))
    assert found.proofs[0].holds is True


@laws
@given(drafts(("spot", "linear", "inverse")), st.sampled_from(["", "leverage: 9\nmaintenance: 1%"]))
def test_bounds_hold_of_every_path(draft: Draft, venue: str) -> None:
    """What is told of a plan with too many states is true of those that can be walked."""
    currency = "ABC" if draft.contract == "inverse" else "USDT"
    more = (*draft.more, f"fees: {{maker: 0.1%, taker: 0.1%, per_order: 2 {currency}}}")
    more = (*more, venue) if venue and draft.contract != "spot" else more
    plan = replace(draft, more=more).plan()
    found = walked(plan)
    bounds = bounds_of(plan, climb(plan), None)
    if bounds.worst is not None:
        # Where nothing says where it is liquidated the walk has no worst of its own.
        nets = [found.summary.worst] if found.summary.worst is not None else [one.net_worst for one in found.outcomes]
        assert min(known(net) for net in nets) >= bounds.worst - Decimal("1e-30")
    if bounds.best is not None and found.summary.best is not None:
        assert found.summary.best <= bounds.best + Decimal("1e-30")


@laws
@given(st.integers(1, 7), st.integers(1, 5), st.integers(0, 100))
def test_states_are_counted_without_walking_them(tiers: int, targets: int, stop: int) -> None:
    """Where levels depend on no average the count by classes is the number of states."""
    moves = Decimal(60) + Decimal(stop) / 4
    ladder = tuple(Level(FIRST - number, 1) for number in range(tiers))
    exits = tuple(Level(FIRST + 1 + number, 1, moves=moves if number == 0 else None) for number in range(targets))
    plan = Draft("spot", "long", ladder, exits, Decimal(50), more=("entries_end: never",)).plan()
    assert counted(climb(plan)) == walked(plan).summary.states


def counted(ladder: Ladder) -> int:
    """The states from tier 1 filled on, counted and not walked."""
    return states_about(NextEvents(ladder.machine), ladder.steps[0].state)


# A walk of price


WALKED = """symbol: ABC/USDT
side: long
stop: 90
tiers:
  - {price: 100, size: 1 ABC}
  - {price: 96, size: 2 ABC}
  - {price: 104, size: 1 ABC, order: stop, after: tier 2}
targets:
  - {price: 108, close: 50%, stop: 100}
  - {price: 112, close: 20%, trail: 8, stop: 106}
"""


def one_walk(steps: random.Random) -> tuple[str, float]:
    """One walk of price up and down by 1 through the plan above, tick by tick, until it is over.

    All levels lie on whole prices, so no level is jumped over and no step is rounded.
    """
    price, stop, best, held, cost, hits, won = 100, 90, 0, 1.0, 100.0, 0, 0.0
    second = third = False
    while True:
        price += 1 if steps.random() < 0.5 else -1
        if hits == 2:
            best = max(best, price)
            stop = max(stop, best - 8)
        if price <= stop:
            # The trail has passed the stop once it stands where the stop does: from a best price of 114 on.
            trailed = hits == 2 and best >= 114
            return "trail" if trailed else "stopped", won + held * price - cost
        if (hits == 0 and price == 108) or (hits == 1 and price == 112):
            share = 0.5 if hits == 0 else 0.4  # 20% of the first position is 40% of the half that is left
            won += share * (held * price - cost)
            held, cost = held * (1 - share), cost * (1 - share)
            hits += 1
            stop, best = (100, 0) if hits == 1 else (106, price)
        elif hits == 0 and price == 96 and not second:
            second, held, cost = True, held + 2, cost + 2 * 96
        elif hits == 0 and price == 104 and second and not third:
            third, held, cost = True, held + 1, cost + 104


def test_a_walk_of_price_agrees() -> None:
    """20,000 walks of a price without drift end as often, and as well, as the machine says, within four errors."""
    found = walked(WALKED)
    steps = random.Random(20)  # noqa: S311 - the same walks every time
    walks = [one_walk(steps) for _ in range(20_000)]
    for end in (End.STOPPED, End.TRAIL):
        chance = sum(float(known(outcome.probability)) for outcome in found.outcomes if outcome.end is end)
        error = (chance * (1 - chance) / len(walks)) ** 0.5
        assert 0.01 < chance < 0.99
        assert abs(sum(name == end for name, _ in walks) / len(walks) - chance) < 4 * error
    results = [result for _, result in walks]
    error = pstdev(results) / len(walks) ** 0.5
    assert abs(fmean(results) - float(found.summary.expected_gross or 0)) < 4 * error
    profit = float(found.summary.probability_of_profit or 0)
    assert (
        abs(sum(result > 0 for result in results) / len(walks) - profit) < 4 * (profit * (1 - profit) / 20_000) ** 0.5
    )
    spread = sum(float(known(o.probability)) * float(o.gross) ** 2 for o in found.outcomes if o.end is not End.TRAIL)
    drawn = sum(result**2 for name, result in walks if name == End.STOPPED) / len(walks)
    assert abs(drawn / spread - 1) < 0.05
