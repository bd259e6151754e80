"""All that the walk over every path of a plan tells, put together: states, ends, proofs, the summary."""

from decimal import Decimal

from scaleplan.ladder import Ladder, Unreckonable, climb
from scaleplan.paths.bounds import Bounds, bounds_of
from scaleplan.paths.edge import breakeven_edge
from scaleplan.paths.graph import Edge, Graph, Node, explore
from scaleplan.paths.holding import bits
from scaleplan.paths.machine import machine_of
from scaleplan.paths.odds import Odds
from scaleplan.paths.outcomes import outcomes_of, possible, summary_of
from scaleplan.paths.proofs import liquidation_known, proofs_of, proofs_within
from scaleplan.paths.records import Move, Paths, State, Summary, Timed
from scaleplan.paths.trail import NoClosedForm
from scaleplan.paths.walk import MOST_RESULTS, Walked, booked, ends, reachable_below, spreads, walk
from scaleplan.plan import Plan
from scaleplan.quantity.exact import exact
from scaleplan.risk import in_r


@exact
def every_path(plan: Plan, edge: Decimal | None, start: Decimal | None, most: int) -> Paths:
    """Walk every path of a plan: `scaleplan.paths.paths`, which see."""
    ladder = climb(plan)
    machine = machine_of(plan, ladder, start)
    graph = explore(machine, most)
    if not graph.complete:
        return _within_bounds(plan, ladder, graph, edge, start, f"the plan has more than {most:,} states")
    scale = plan.tiers[0].price
    odds = Odds(edge, scale)
    try:
        walked = walk(graph, odds)
    except NoClosedForm as error:
        raise Unreckonable(f"targets[{len(plan.targets) - 1}].trail", str(error), "leave the edge out") from None
    found = ends(graph, walked, max(most, MOST_RESULTS))
    if found is None:
        return _within_bounds(plan, ladder, graph, edge, start, "the plan has too many results to list")
    outcomes = outcomes_of(graph, found, odds, ladder.totals.r)
    fair = walked if odds.edge is None else walk(graph, Odds(None, scale))
    breakeven = breakeven_edge(plan, graph, ladder.totals.average_entry, fair)
    summary = summary_of(outcomes, walked, ladder.totals.r, breakeven, states=len(graph.nodes))
    return Paths(
        edge=edge,
        start=start,
        complete=True,
        missing="",
        begin=graph.begin,
        states=_states(plan, graph, walked),
        outcomes=possible(outcomes),
        timed=_timed(plan),
        waits=bits(machine.waited),
        proofs=proofs_of(plan, graph, outcomes, ladder.totals.risk),
        summary=summary if liquidation_known(graph) else summary._replace(probability_liquidated=None),
    )


def _within_bounds(
    plan: Plan, ladder: Ladder, graph: Graph, edge: Decimal | None, start: Decimal | None, missing: str
) -> Paths:
    """What can be told of a plan with too many paths."""
    bounds = bounds_of(plan, ladder, start)
    return Paths(
        edge=edge,
        start=start,
        complete=False,
        missing=missing,
        begin=graph.begin,
        states=(),
        outcomes=(),
        timed=_timed(plan),
        waits=bits(graph.machine.waited),
        proofs=proofs_within(plan, bounds, ladder.totals.risk, missing),
        summary=_bounded(bounds, ladder.totals.r, missing),
    )


def _timed(plan: Plan) -> tuple[Timed, ...]:
    """The ends that the clock makes."""
    written = (("time stop", plan.time_stop), ("expires", plan.expires))
    return tuple(Timed(name) for name, value in written if value is not None)


def _states(plan: Plan, graph: Graph, walked: Walked) -> tuple[State, ...]:
    equity = plan.account.equity
    states = []
    carried = spreads(graph)
    for number, (node, mass, chances) in enumerate(zip(graph.nodes, walked.masses, walked.chances, strict=True)):
        key = node.key
        held = graph.machine.holdings.all[key.holding]
        position = held.position
        at, bankruptcy = graph.machine.holdings.liquidation(held, key.realized)
        states.append(
            State(
                state=number,
                tiers=bits(held.filled),
                targets=key.hits,
                touched=bits(key.touched),
                waiting=bits(key.waiting),
                price=key.price,
                stop=key.stop if position.quantity else None,
                liquidation=at.answer,
                liquidation_price=at.price,
                bankruptcy_price=bankruptcy,
                quantity=position.quantity,
                average_entry=position.average_entry if position.quantity else None,
                initial_margin=held.margin,
                effective_leverage=position.worth(key.price) / equity if equity else None,
                probability=mass,
                open_probability=chances.open,
                up=_move(graph, node, node.up, chances.up, walked.odds, carried[number]),
                down=_move(graph, node, node.down, chances.down, walked.odds, carried[number]),
            )
        )
    return tuple(states)


def _move(
    graph: Graph, node: Node, edge: Edge | None, chance: Decimal, odds: Odds, carried: tuple[Decimal, Decimal]
) -> Move | None:
    if edge is None:
        return None
    step = edge.step
    if step.over is None:
        return Move(step.event, chance, edge.child, None, step.at_once)
    if edge is node.down and reachable_below(node, odds) is None:
        return Move(step.event, chance, None, step.over.end, step.at_once)
    net = booked(graph, node, step.over, odds).net
    return Move(step.event, chance, None, step.over.end, step.at_once, carried[0] + net, carried[1] + net)


def _bounded(bounds: Bounds, one_r: Decimal, missing: str) -> Summary:
    """The summary of a plan with too many states: bounds, and no chances."""
    return Summary(
        worst=bounds.worst,
        worst_r=in_r(bounds.worst, one_r),
        best=bounds.best,
        best_r=in_r(bounds.best, one_r),
        best_unbounded=bounds.best is None,
        expected_gross=None,
        expected_net=None,
        expected_net_r=None,
        probability_of_profit=None,
        probability_stopped=None,
        probability_liquidated=None,
        breakeven_edge=None,
        breakeven_missing=missing,
        states=0,
        outcomes=0,
    )
