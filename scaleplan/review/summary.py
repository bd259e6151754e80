"""Many trades reviewed: expectancy, wins, what tiers and targets brought, the waterfall, spacing, adherence, costs.

All of it is in R of each trade's first lock; of trades without a 1R only the money is counted. Means have Student's
interval, shares Wilson's, a difference of trades that kept to their plan and others Welch's. No grade, no advice.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import EventKind
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.review import AdherencePart, Followed, TradeCosts, TradeReview
from scaleplan.statistics.intervals import (
    MeanDifference,
    MeanInterval,
    ShareInterval,
    mean_interval,
    welch,
    wilson,
)

#: Fewer trades than these say too little, whatever their interval.
LEAST_TRADES = 30


class Wins(NamedTuple):
    """How often a trade won, how much a win brings beside what a loss costs, and the share of wins that this needs.

    `pays` is mean win over mean loss, `needs` 1 / (1 + pays); absent without a win or a loss. What nets 0 is no win.
    """

    won: int
    share: ShareInterval
    pays: Decimal | None
    needs: Decimal | None


class Worst(NamedTuple):
    """The longest run of trades that won nothing, and the deepest fall of the running sum, in R."""

    run: int
    fall: Decimal


class TiersGroup(NamedTuple):
    """Trades of which so many tiers were completed, the `first` ones without a gap: planned and done, in R."""

    tiers: int
    first: bool
    planned: Decimal
    done: MeanInterval
    sum: Decimal


class TargetGroup(NamedTuple):
    """How often a target was hit: of the trades whose plan has it, and of those that hit the one before it."""

    target: int
    hit: int
    trades: int
    before: int


class SpacingGroup(NamedTuple):
    """Trades of one end: the sums of their results in R, and of those of the lump at the same size and the same risk.

    The last is absent where nothing says what it would be of some of them.
    """

    end: str
    trades: int
    scaled: Decimal
    same_size: Decimal
    same_risk: Decimal | None


class LumpComparison(NamedTuple):
    """Whether scaling paid: R less the lump's, trade by trade, in groups by their end and over all.

    `at_fair` is what the difference at the same size would be a trade at a fair price: minus that in costs. Trades of
    which nothing says what the lump would be at the same risk are no part of that.
    """

    groups: tuple[SpacingGroup, ...]
    all: SpacingGroup
    same_size: MeanInterval
    same_risk: MeanInterval | None
    at_fair: Decimal


class Adherence(NamedTuple):
    """How often plans were followed, by what could be, and trades without a deviation beside the others, in R."""

    parts: tuple[Followed, ...]
    followed: int
    applicable: int
    clean: MeanInterval | None
    deviating: MeanInterval | None
    difference: MeanDifference | None


class CurrencyCosts(NamedTuple):
    """What trades of one settle currency paid, in money, and over 1R where they have one."""

    settle: str
    trades: int
    money: TradeCosts
    in_r: TradeCosts


class Excursions(NamedTuple):
    """Mean worst and best of trades while they lasted, in R, and what was kept of the best on the mean."""

    trades: int
    mae: Decimal
    mfe: Decimal
    kept: Decimal | None
    left_out: int


class ReviewSummary(NamedTuple):
    """The figures over trades, in the order in which they ended; those in R are absent where no trade has a 1R."""

    trades: tuple[TradeReview, ...]
    without_r: int
    expectancy: MeanInterval | None
    sum: Decimal
    wins: Wins | None
    worst: Worst
    tiers: tuple[TiersGroup, ...]
    targets: tuple[TargetGroup, ...]
    waterfall: tuple[Decimal, ...]
    spacing: LumpComparison | None
    adherence: Adherence
    costs: tuple[CurrencyCosts, ...]
    excursions: Excursions | None

    @property
    def intervals(self) -> int:
        """Returns how many intervals were drawn."""
        spacing, clean = self.spacing, self.adherence.difference
        drawn: list[object] = [None if self.expectancy is None else self.expectancy.low]
        drawn += [None if self.wins is None else self.wins.share, *(group.done.low for group in self.tiers)]
        if spacing is not None:
            drawn += [spacing.same_size.low, None if spacing.same_risk is None else spacing.same_risk.low]
        drawn.append(None if clean is None else clean.low)
        return sum(each is not None for each in drawn)


class _Result(NamedTuple):
    """A trade that has a 1R, and its result in it."""

    trade: TradeReview
    r: Decimal


@exact
def summed(trades: Iterable[TradeReview]) -> ReviewSummary:
    """Returns the figures over trades that are over."""
    ordered = tuple(sorted(trades, key=lambda trade: (trade.closed_at, trade.number)))
    results = [_Result(trade, r) for trade in ordered if (r := trade.r) is not None]
    values = [result.r for result in results]
    return ReviewSummary(
        trades=ordered,
        without_r=len(ordered) - len(results),
        expectancy=mean_interval(values),
        sum=sum(values, ZERO),
        wins=_wins(values),
        worst=_worst(values),
        tiers=_tiers(results),
        targets=_targets(ordered),
        waterfall=_waterfall(results),
        spacing=_spacing(results),
        adherence=_adherence(ordered),
        costs=_costs(ordered),
        excursions=_excursions(results),
    )


def _wins(values: Sequence[Decimal]) -> Wins | None:
    won = [value for value in values if value > 0]
    lost = [-value for value in values if value <= 0]
    share = wilson(len(won), len(values))
    if share is None:
        return None
    loss = sum(lost, ZERO) / len(lost) if lost else ZERO
    pays = sum(won, ZERO) / len(won) / loss if won and loss else None
    return Wins(len(won), share, pays, None if pays is None else 1 / (1 + pays))


def _worst(values: Sequence[Decimal]) -> Worst:
    run = longest = 0
    total = highest = fall = ZERO
    for value in values:
        run = 0 if value > 0 else run + 1
        longest = max(longest, run)
        total += value
        highest = max(highest, total)
        fall = max(fall, highest - total)
    return Worst(longest, fall)


def _tiers(results: Sequence[_Result]) -> tuple[TiersGroup, ...]:
    groups: dict[int, list[_Result]] = {}
    for result in results:
        groups.setdefault(len(result.trade.tiers), []).append(result)
    found = []
    for count, group in sorted(groups.items()):
        done = mean_interval([result.r for result in group])
        planned = [_in_r(result.trade, result.trade.steps.planned) for result in group]
        is_first = all(result.trade.tiers == tuple(range(1, count + 1)) for result in group)
        if done is not None:
            total = sum((result.r for result in group), ZERO)
            found.append(TiersGroup(count, is_first, sum(planned, ZERO) / len(group), done, total))
    return tuple(found)


def _in_r(trade: TradeReview, amount: Decimal) -> Decimal:
    found = trade.in_r(amount)
    return ZERO if found is None else found


def _targets(trades: Sequence[TradeReview]) -> tuple[TargetGroup, ...]:
    most = max((trade.targets for trade in trades), default=0)
    found = []
    for number in range(1, most + 1):
        having = [trade for trade in trades if trade.targets >= number]
        hit = sum(trade.hits >= number for trade in having)
        before = sum(trade.hits >= number - 1 for trade in having)
        found.append(TargetGroup(number, hit, len(having), before))
    return tuple(found)


def _waterfall(results: Sequence[_Result]) -> tuple[Decimal, ...]:
    """Returns the sum of each step over trades, in R: together they are the sum of the results."""
    steps = [[_in_r(result.trade, step) for step in result.trade.steps.steps] for result in results]
    return tuple(sum(column, ZERO) for column in zip(*steps, strict=True))


def _spacing(results: Sequence[_Result]) -> LumpComparison | None:
    if not results:
        return None
    size = [result.r - _in_r(result.trade, result.trade.lump.same_size) for result in results]
    both = [result for result in results if result.trade.lump.same_risk is not None]
    risk = [result.r - _in_r(result.trade, result.trade.lump.same_risk or ZERO) for result in both]
    costs = [
        _in_r(result.trade, result.trade.lump.costs - result.trade.costs.fees - result.trade.costs.slippage)
        for result in results
    ]
    same_size = mean_interval(size)
    ends = (
        ("stopped", (EventKind.STOP,)),
        ("liquidated", (EventKind.LIQUIDATION,)),
        ("others", tuple(kind for kind in EventKind if kind not in (EventKind.STOP, EventKind.LIQUIDATION))),
    )
    groups = (_group(name, [result for result in results if result.trade.end in kinds]) for name, kinds in ends)
    if same_size is None:
        return None
    return LumpComparison(
        tuple(group for group in groups if group.trades),
        _group("all", results),
        same_size,
        mean_interval(risk),
        sum(costs, ZERO) / len(costs),
    )


def _group(end: str, results: Sequence[_Result]) -> SpacingGroup:
    risks = [result.trade.in_r(result.trade.lump.same_risk) for result in results]
    known = [risk for risk in risks if risk is not None]
    return SpacingGroup(
        end,
        len(results),
        sum((result.r for result in results), ZERO),
        sum((_in_r(result.trade, result.trade.lump.same_size) for result in results), ZERO),
        sum(known, ZERO) if len(known) == len(risks) else None,
    )


def _adherence(trades: Sequence[TradeReview]) -> Adherence:
    parts = []
    for check in AdherencePart:
        found = [each for trade in trades for each in trade.checks if each.check is check]
        if found:
            done = sum(each.followed for each in found), sum(each.applicable for each in found)
            parts.append(Followed(check, *done))
    clean = [r for trade in trades if not trade.codes and (r := trade.r) is not None]
    others = [r for trade in trades if trade.codes and (r := trade.r) is not None]
    return Adherence(
        tuple(parts),
        sum(part.followed for part in parts),
        sum(part.applicable for part in parts),
        mean_interval(clean),
        mean_interval(others),
        welch(clean, others),
    )


def _costs(trades: Sequence[TradeReview]) -> tuple[CurrencyCosts, ...]:
    found = []
    for settle in sorted({trade.settle for trade in trades}):
        own = [trade for trade in trades if trade.settle == settle]
        money = [trade.costs for trade in own]
        in_r = [[_in_r(trade, amount) for amount in trade.costs] for trade in own]
        found.append(CurrencyCosts(settle, len(own), _added(money), _added(in_r)))
    return tuple(found)


def _added(rows: Iterable[Iterable[Decimal]]) -> TradeCosts:
    return TradeCosts(*(sum(column, ZERO) for column in zip(*rows, strict=True)))


def _excursions(results: Sequence[_Result]) -> Excursions | None:
    found = [(result, result.trade.excursion) for result in results]
    known = [(result, excursion) for result, excursion in found if excursion is not None]
    if not known:
        return None
    count = len(known)
    mae = sum((_in_r(result.trade, excursion.worst) for result, excursion in known), ZERO) / count
    mfe = sum((_in_r(result.trade, excursion.best) for result, excursion in known), ZERO) / count
    kept = [result.trade.net / excursion.best for result, excursion in known if excursion.best > 0]
    left_out = sum(excursion.left_out for _, excursion in known)
    return Excursions(count, mae, mfe, sum(kept, ZERO) / len(kept) if kept else None, left_out)
