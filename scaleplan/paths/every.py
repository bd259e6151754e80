"""All that the walk over every path of a plan tells, put together: states, ends, proofs, the summary."""

from collections.abc import Sequence
from decimal import Decimal
from typing import overload

from scaleplan.engine import Unreckonable
from scaleplan.engine.holding import bits
from scaleplan.engine.risk import in_r
from scaleplan.ladder import Ladder
from scaleplan.paths.bounds import bounds_of
from scaleplan.paths.edge import breakeven_edge
from scaleplan.paths.graph import Edge, Exploration, Graph, Node
from scaleplan.paths.losses import Spread, spreads
from scaleplan.paths.odds import NoClosedForm, Odds
from scaleplan.paths.outcomes import outcomes_of, possible, summary_of
from scaleplan.paths.proofs import liquidation_untold, proofs_of, proofs_within, unplaced
from scaleplan.paths.records import Move, Paths, StateView, Summary, Timed
from scaleplan.paths.walk import MOST_RESULTS, TooManyResults, Walked, booked, reachable_below, walk
from scaleplan.plan import Plan
from scaleplan.quantity.exact import exact

#: A plan with a clock may have so many states for its proofs: what it costs beside the walk is a second at most. The
#: clock only adds states, so a plan that has as many without it is not tried.
_CLOCK_STATES = 30_000


def every_path(
    ladder: Ladder,
    explored: Exploration,
    clocked: Exploration | None,
    edge: Decimal | None,
    start: Decimal | None,
    most: int,
) -> Paths:
    """Returns every path of a plan, as `EveryPath.walked` does; `clocked` goes through what the clock can do too."""
    plan = ladder.machine.plan
    graph = explored.up_to(most)
    if not graph.complete:
        return _within_bounds(ladder, graph, edge, start, f"the plan has more than {most:,} states")
    scale = plan.tiers[0].price
    odds = Odds(edge, scale)
    try:
        walked = walk(graph, odds)
    except NoClosedForm as error:
        raise Unreckonable(f"targets[{len(plan.targets) - 1}].trail", str(error), "leave the edge out") from None
    try:
        outcomes = outcomes_of(graph, walked, ladder.totals.r, max(most, MOST_RESULTS))
    except TooManyResults:
        return _within_bounds(ladder, graph, edge, start, "the plan has too many results to list")
    fair = walked if odds.edge is None else walk(graph, Odds(None, scale))
    breakeven = breakeven_edge(plan, graph, ladder.totals.average_entry, fair)
    untold = liquidation_untold(graph)
    summary = summary_of(outcomes, walked, ladder.totals.r, breakeven, states=len(graph.nodes), untold=untold)
    gone = unplaced(graph)
    if summary.worst is not None and gone.may_net_less(summary.worst):
        summary = summary._replace(worst=None, worst_r=None)
    count = len(graph.nodes)
    timed = None if clocked is None else clocked.up_to(min(most - count, _CLOCK_STATES) if count < _CLOCK_STATES else 0)
    return Paths(
        edge=edge,
        start=start,
        complete=True,
        missing="",
        begin=graph.begin,
        states=_Views(graph, walked),
        outcomes=possible(outcomes),
        timed=_timed(plan),
        waits=bits(graph.waits),
        proofs=proofs_of(plan, graph, outcomes, gone, ladder.totals.risk, timed),
        summary=summary,
        one_sided=any(_one_sided(node) for node in graph.nodes),
    )


def _within_bounds(ladder: Ladder, graph: Graph, edge: Decimal | None, start: Decimal | None, missing: str) -> Paths:
    """Returns what can be told of a plan with too many paths: bounds, and no chances."""
    plan, one_r = ladder.machine.plan, ladder.totals.r
    bounds = bounds_of(plan, ladder, start)
    worst, best = bounds
    return Paths(
        edge=edge,
        start=start,
        complete=False,
        missing=missing,
        begin=graph.begin,
        states=(),
        outcomes=(),
        timed=_timed(plan),
        waits=bits(graph.waits),
        proofs=proofs_within(plan, bounds, ladder.totals.risk, missing),
        summary=Summary(worst, in_r(worst, one_r), best, in_r(best, one_r), best is None, breakeven_missing=missing),
        one_sided=False,
    )


def _one_sided(node: Node) -> bool:
    """Whether price has one level to come to: what happens at once needs no other."""
    edge = node.up or node.down
    return edge is not None and (node.up is None or node.down is None) and not edge.at_once


def _timed(plan: Plan) -> tuple[Timed, ...]:
    """Returns the ends that the clock makes."""
    written = (("time stop", plan.time_stop), ("expires", plan.expires))
    return tuple(Timed(name) for name, value in written if value is not None)


class _Views(Sequence[StateView]):
    """The states of a graph as they are told, each made when it is asked for."""

    def __init__(self, graph: Graph, walked: Walked) -> None:
        self._graph = graph
        self._walked = walked
        self._spreads: list[Spread] | None = None
        self._tiers: dict[int, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self._graph.nodes)

    @overload
    def __getitem__(self, index: int) -> StateView: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[StateView, ...]: ...
    def __getitem__(self, index: int | slice) -> StateView | tuple[StateView, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        return self._view(self._graph.nodes[index])

    @exact
    def _view(self, node: Node) -> StateView:
        machine, state = self._graph.machine, node.state
        held = state.held
        position = held.position
        at = machine.liquidation(state)
        equity = machine.plan.account.equity
        chances = self._walked.chances[node.number]
        return StateView(
            state=node.number,
            tiers=self._filled(held.filled),
            targets=state.hits,
            touched=bits(state.touched),
            waiting=bits(state.waiting),
            price=state.price,
            stop=state.stop if position.quantity else None,
            liquidation=at.answer,
            liquidation_price=at.price,
            liquidation_not_before=at.not_before,
            bankruptcy_price=machine.bankruptcy(state),
            quantity=position.quantity,
            average_entry=position.average_entry if position.quantity else None,
            initial_margin=machine.holdings.backing(held).margin,
            effective_leverage=position.worth(state.price) / equity if equity else None,
            probability=self._walked.mass(node),
            open_probability=chances.open if node.has_odds else None,
            up=self._move(node, node.up, chances.up if node.has_odds else None),
            down=self._move(node, node.down, chances.down if node.has_odds else None),
        )

    def _filled(self, mask: int) -> tuple[int, ...]:
        known = self._tiers.get(mask)
        if known is None:
            known = self._tiers[mask] = bits(mask)
        return known

    def _move(self, node: Node, edge: Edge | None, chance: Decimal | None) -> Move | None:
        if edge is None:
            return None
        if edge.over is None:
            return Move(edge.event, chance, None if edge.child is None else edge.child.number, None, edge.at_once)
        odds = self._walked.odds
        if edge is node.down and reachable_below(node, odds) is None:
            return Move(edge.event, chance, None, edge.over.end, edge.at_once)
        if self._spreads is None:
            self._spreads = spreads(self._graph)
        net, spread = booked(self._graph, node, edge.over, odds).net, self._spreads[node.number]
        return Move(edge.event, chance, None, edge.over.end, edge.at_once, spread.worst + net, spread.best + net)
