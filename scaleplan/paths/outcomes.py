"""Outcomes: every end of a plan once, and what they come to together."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from scaleplan.engine.event import End
from scaleplan.engine.holding import bits
from scaleplan.engine.risk import in_r
from scaleplan.paths.edge import Breakeven
from scaleplan.paths.graph import Graph, Way
from scaleplan.paths.records import Outcome, Summary
from scaleplan.paths.walk import Ended, Walked, booked, ends, largest_result, profit_chance
from scaleplan.quantity.exact import ONE, ZERO, exact

#: Results are one where they agree to so many digits behind the first of the largest of them, or of the plan's cost.
_DIGITS = 40


class _Sum:
    """Accumulates ends that are equal in end, tiers, targets and result."""

    __slots__ = ("chance", "ended", "gains", "gross", "net", "profit", "told", "worst")

    def __init__(self, ended: Ended, gross: Decimal, net: Decimal, worst: Decimal | None, *, gains: bool) -> None:
        self.ended = ended
        self.gross = gross
        self.net = net
        self.worst = worst
        self.gains = gains
        self.chance = ZERO
        self.profit = ZERO
        #: Whether its chance is known; that what nothing ends has none is.
        self.told = True


#: What equal ends agree in beside their results: how, the tiers filled (as bits), and the targets hit.
_Same = tuple[End, int, int]
#: A gross, a net and a worst net result.
_Results = tuple[Decimal, Decimal, Decimal | None]


def outcomes_of(graph: Graph, walked: Walked, one_r: Decimal | None, most: int) -> tuple[Outcome, ...]:
    """Returns the ends, equal ones merged, sorted by net, each with its shortest path.

    Raises `TooManyResults` where more than `most` results come to the ends.
    """
    # A result can be far beyond the cost: a short that is stopped at many times its entry.
    largest = max(graph.largest_cost, largest_result(graph, walked))
    quantum = Decimal(1).scaleb(largest.adjusted() - _DIGITS)
    outcomes: list[Outcome] = []
    tiers: dict[int, tuple[int, ...]] = {}
    # Equal ends have hit as many targets, and states come by the targets hit: a plan's sums are never all held.
    for _, group in groupby(ends(graph, walked, most), key=lambda ended: ended.node.state.hits):
        for (end, filled, hits), merged in _summed(graph, group, walked, quantum):
            if filled not in tiers:
                tiers[filled] = bits(filled)
            outcomes.append(
                Outcome(
                    end=end,
                    tiers=tiers[filled],
                    targets=hits,
                    gross=merged.gross,
                    net=merged.net,
                    net_r=in_r(merged.net, one_r),
                    net_worst=merged.worst,
                    probability=merged.chance if merged.told else None,
                    profit=merged.profit / merged.chance if merged.chance else ZERO,
                    way=Way(graph.begin, merged.ended.carried.way, merged.ended.event),
                )
            )
    outcomes.sort(key=lambda outcome: (outcome.net, outcome.end, outcome.tiers, outcome.targets))
    return tuple(outcomes)


def _summed(graph: Graph, found: Iterable[Ended], walked: Walked, quantum: Decimal) -> list[tuple[_Same, _Sum]]:
    """Returns the sums of equal ends; results are equal where they agree in whole quanta.

    Most ends have no other that agrees with them but for the result, and need no look at it.
    """
    sums: list[tuple[_Same, _Sum]] = []
    firsts: dict[_Same, _Sum] = {}
    several: dict[_Same, dict[_Results, _Sum]] = {}
    nothing = quantum / 2
    odds = walked.odds
    for ended in found:
        before, over, state = ended.carried, ended.over, ended.node.state
        adds = booked(graph, ended.node, over, odds)
        gross, net = before.gross + adds.gross, before.net + adds.net
        worst = None if over.worst is None else net if over.worst is adds.net else before.net + over.worst
        same = over.end, state.held.filled, state.hits + (over.end is End.TARGETS)
        first, merged, results = firsts.get(same), None, None
        if first is not None:
            alike = several.get(same)
            if alike is None:
                alike = several[same] = {_in_quanta(first.gross, first.net, first.worst, quantum): first}
            results = _in_quanta(gross, net, worst, quantum)
            merged = alike.get(results)
        if merged is None:
            merged = _Sum(ended, gross, net, worst, gains=net > nothing)
            sums.append((same, merged))
            if results is None:
                firsts[same] = merged
            else:
                several[same][results] = merged
        elif before.way.length < merged.ended.carried.way.length:
            merged.ended = ended
        merged.chance += ended.chance
        if not walked.knows(ended.node) and (ended.chance or over.end is not End.OPEN):
            merged.told = False
        if over.end is End.TRAIL:
            merged.profit += ended.chance * profit_chance(graph, ended, net, odds)
        elif merged.gains:
            merged.profit += ended.chance
    return sums


def _in_quanta(gross: Decimal, net: Decimal, worst: Decimal | None, quantum: Decimal) -> _Results:
    """Returns results in whole quanta."""
    whole = net.quantize(quantum)
    return gross.quantize(quantum), whole, whole if worst is net else worst and worst.quantize(quantum)


def possible(outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """Returns the ends that can happen. Price without bounds comes to the only live level for sure: none stays open."""
    return tuple(outcome for outcome in outcomes if outcome.end is not End.OPEN or outcome.probability != 0)


def summary_of(
    outcomes: tuple[Outcome, ...],
    walked: Walked,
    one_r: Decimal | None,
    breakeven: Breakeven,
    *,
    states: int,
    untold: str | None,
) -> Summary:
    """Returns all ends taken together. Where nothing ends the losing side, the worst is what the way may cost.

    `untold` is what is missing for every liquidation to have its place; absent where each has.
    """
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
        probability_of_profit=together((outcome, outcome.profit) for outcome in outcomes),
        probability_stopped=_chance_of(outcomes, End.STOPPED),
        # One that comes before the stop is an end of its own, which is not among them.
        probability_liquidated=None if untold else _chance_of(outcomes, End.LIQUIDATED),
        breakeven_edge=breakeven.edge,
        breakeven_missing=breakeven.missing,
        untold=untold or "",
        states=states,
        outcomes=len(ends),
    )


def _chance_of(outcomes: tuple[Outcome, ...], end: End) -> Decimal | None:
    return together((outcome, ONE) for outcome in outcomes if outcome.end is end)


@exact
def together(weighed: Iterable[tuple[Outcome, Decimal]]) -> Decimal | None:
    """Returns the chance of several ends, of each the part that counts; absent where that of one is not known."""
    total = ZERO
    for outcome, weight in weighed:
        if outcome.probability is None:
            if weight:
                return None
        else:
            total += outcome.probability * weight
    return total
