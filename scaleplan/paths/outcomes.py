"""Outcomes: every end of a plan once, and what they come to together."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from scaleplan.engine.event import End, Event
from scaleplan.engine.holding import bits
from scaleplan.engine.risk import in_r
from scaleplan.paths.edge import Breakeven
from scaleplan.paths.graph import Graph
from scaleplan.paths.odds import Odds
from scaleplan.paths.records import Outcome, Summary
from scaleplan.paths.walk import Ended, Link, Walked, booked, ends, largest_result, profit_chance
from scaleplan.quantity.exact import ZERO

#: Results are one where they agree to so many digits behind the first of the largest of them, or of the plan's cost.
_DIGITS = 40


class _Sum:
    """What ends agree in, summed up."""

    __slots__ = ("chance", "ended", "gross", "net", "profit", "worst")

    def __init__(self, ended: Ended, gross: Decimal, net: Decimal, worst: Decimal | None) -> None:
        self.ended = ended
        self.gross = gross
        self.net = net
        self.worst = worst
        self.chance = ZERO
        self.profit = ZERO


#: What ends agree in that are one: how, the tiers filled, the targets hit, and the results but for rounding.
_Same = tuple[End, int, int, Decimal, Decimal, Decimal | None]


def outcomes_of(graph: Graph, walked: Walked, one_r: Decimal, most: int) -> tuple[Outcome, ...]:
    """The ends, merged where end, tiers, targets and result agree, sorted by net, each with its shortest path.

    Raises `TooManyResults` where more than `most` results come to the ends.
    """
    largest = max(graph.largest_cost(), largest_result(graph, walked))
    # A result can be far beyond the cost: a short that is stopped at many times its entry.
    quantum = Decimal(1).scaleb(largest.adjusted() - _DIGITS)
    outcomes: list[Outcome] = []
    tiers: dict[int, tuple[int, ...]] = {}
    # Ends that are one have hit as many targets, and states come by the targets hit: a plan's sums are never all held.
    for _, group in groupby(ends(graph, walked, most), key=lambda ended: ended.node.state.hits):
        for (end, filled, hits, *_), one in _summed(graph, group, walked.odds, quantum).items():
            if filled not in tiers:
                tiers[filled] = bits(filled)
            outcomes.append(
                Outcome(
                    end=end,
                    tiers=tiers[filled],
                    targets=hits,
                    gross=one.gross,
                    net=one.net,
                    net_r=in_r(one.net, one_r),
                    net_worst=one.worst,
                    probability=one.chance,
                    profit=one.profit / one.chance if one.chance else ZERO,
                    way=_Way(graph.begin, one.ended.carried.way, one.ended.event),
                )
            )
    outcomes.sort(key=lambda outcome: (outcome.net, outcome.end, outcome.tiers, outcome.targets))
    return tuple(outcomes)


def _summed(graph: Graph, found: Iterable[Ended], odds: Odds, quantum: Decimal) -> dict[_Same, _Sum]:
    """What ends that agree come to together; results are one where they agree in whole quanta."""
    sums: dict[_Same, _Sum] = {}
    for ended in found:
        gross, net, worst = _result(graph, ended, odds)
        over, state = ended.over, ended.node.state
        hits = state.hits + (over.end is End.TARGETS)
        told = None if worst is None else worst.quantize(quantum)
        same = over.end, state.held.filled, hits, gross.quantize(quantum), net.quantize(quantum), told
        one = sums.get(same)
        if one is None:
            one = sums[same] = _Sum(ended, gross, net, worst)
        elif ended.carried.way.length < one.ended.carried.way.length:
            one.ended = ended
        one.chance += ended.chance
        if over.end is End.TRAIL:
            one.profit += ended.chance * profit_chance(graph, ended, net, odds)
        elif one.net.quantize(quantum) > 0:
            one.profit += ended.chance
    return sums


def _result(graph: Graph, ended: Ended, odds: Odds) -> tuple[Decimal, Decimal, Decimal | None]:
    """What a plan that ends so comes to: at the levels, net, and the worst net."""
    before, over = ended.carried.result, ended.over
    adds = booked(graph, ended.node, over, odds)
    net = before.net + adds.net
    if over.worst is adds.net:
        return before.gross + adds.gross, net, net
    return before.gross + adds.gross, net, None if over.worst is None else before.net + over.worst


def possible(outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """The ends that can happen. Price without bounds comes to the only live level for sure: then none stays open."""
    return tuple(one for one in outcomes if one.end is not End.OPEN or one.probability > 0)


class _Way(NamedTuple):
    """The shortest way to an end, from the very first fill."""

    begin: tuple[Event, ...]
    link: Link
    last: Event | None

    @property
    def length(self) -> int:
        return len(self.begin) + self.link.length + (self.last is not None)

    def events(self) -> tuple[Event, ...]:
        path = (*self.begin, *self.link.path())
        return path if self.last is None else (*path, self.last)


def summary_of(
    outcomes: tuple[Outcome, ...], walked: Walked, one_r: Decimal, breakeven: Breakeven, *, states: int
) -> Summary:
    """All ends taken together. Where nothing ends the plan on the losing side, its worst is what the way may cost."""
    ends = possible(outcomes)
    worsts = [outcome.net_worst for outcome in outcomes]
    known = [worst for worst in worsts if worst is not None]
    worst = min(known) if len(known) == len(worsts) else None
    best = max(outcome.net for outcome in ends)
    return Summary(
        worst=worst,
        worst_r=in_r(worst, one_r),
        best=best,
        best_r=in_r(best, one_r),
        best_unbounded=any(outcome.end in (End.TRAIL, End.OPEN) for outcome in ends),
        expected_gross=walked.expected_gross,
        expected_net=walked.expected_net,
        expected_net_r=in_r(walked.expected_net, one_r),
        probability_of_profit=sum((one.probability * one.profit for one in outcomes), ZERO),
        probability_stopped=_chance_of(outcomes, End.STOPPED),
        probability_liquidated=_chance_of(outcomes, End.LIQUIDATED),
        breakeven_edge=breakeven.edge,
        breakeven_missing=breakeven.missing,
        states=states,
        outcomes=len(ends),
    )


def _chance_of(outcomes: tuple[Outcome, ...], end: End) -> Decimal:
    return sum((outcome.probability for outcome in outcomes if outcome.end is end), ZERO)
