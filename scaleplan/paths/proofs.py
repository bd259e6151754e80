"""What a plan promises, proved over every path, or broken by the shortest path that breaks it.

A proof looks at every state and every end of the graph, which together are all paths: there is nothing to sample. Where
a figure is not known (no maintenance rate, no equity, no limit) the claim is neither held nor broken.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import End, Event, EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.margin import Answer
from scaleplan.paths.bounds import ResultBounds
from scaleplan.paths.graph import Graph, Ways
from scaleplan.paths.records import Claim, Outcome, Proof
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ROUNDING, ZERO, above


class Breach(NamedTuple):
    """Something that breaks a claim: how bad it is, and how to get to the state where it does, and on from there."""

    value: Decimal
    state: int
    event: Event | None


def proofs_of(
    plan: Plan, graph: Graph, outcomes: tuple[Outcome, ...], planned: Decimal, *, liquidation_known: bool
) -> tuple[Proof, ...]:
    """Returns every claim; `planned` is the worst planned loss."""
    ways = Ways(graph)
    return (
        _loss(Claim.WORST_PLANNED, graph, outcomes, planned, ""),
        _loss(Claim.MAX_RISK, graph, outcomes, plan.account.max_risk, "account.max_risk"),
        _liquidation(plan, graph, ways, known=liquidation_known),
        _tiers(plan, graph),
        _targets(plan, graph),
        _leverage(plan, graph, ways),
        _margin(plan, graph, ways),
        _locked(graph, ways),
    )


def _loss(claim: Claim, graph: Graph, outcomes: tuple[Outcome, ...], limit: Decimal | None, missing: str) -> Proof:
    """Proves that no end loses more than a limit; what nothing bounds breaks every limit.

    Where nothing ends the plan on the losing side, all that it can lose on the way counts, though price without bounds
    comes to the level on the other side for sure.
    """
    worsts = [outcome.net_worst for outcome in outcomes]
    known = [worst for worst in worsts if worst is not None]
    value = -min(known) if len(known) == len(worsts) else None
    if limit is None:
        return Proof(claim, None, value, None, missing=missing)
    # Results of 0 carry what rounding leaves of the cost.
    least = -(limit + ROUNDING * graph.largest_cost)
    breaking = [outcome for outcome in outcomes if outcome.net_worst is None or outcome.net_worst < least]
    if not breaking:
        return Proof(claim, holds=True, value=value, limit=limit)
    worst = min(breaking, key=lambda outcome: (outcome.way.length, outcome.net_worst or ZERO))
    return Proof(claim, holds=False, value=value, limit=limit, counterexample=worst.path)


def _judged(
    claim: Claim, ways: Ways, breaches: list[Breach], value: Decimal | None = None, limit: Decimal | None = None
) -> Proof:
    """Returns the claim, which holds where nothing breaks it; else the shortest path to a breach shows it."""
    if not breaches:
        return Proof(claim, holds=True, value=value, limit=limit)
    breach = min(breaches, key=lambda other: (ways.lengths[other.state] + (other.event is not None), -other.value))
    path = ways.to(breach.state)
    shown = path if breach.event is None else (*path, breach.event)
    return Proof(claim, holds=False, value=value, limit=limit, counterexample=shown)


def _liquidation(plan: Plan, graph: Graph, ways: Ways, *, known: bool) -> Proof:
    """Proves that no path is liquidated. Where maintenance is not known, neither is that."""
    claim = Claim.NO_LIQUIDATION
    if not known:
        return Proof(claim, None, None, None, missing="maintenance" if plan.margin is None else "account.equity")
    breaches = [
        Breach(ZERO, node.number, edge.event)
        for node in graph.nodes
        for edge in node.edges
        if edge.event.kind is EventKind.LIQUIDATION
    ]
    return _judged(claim, ways, breaches)


def is_liquidation_known(graph: Graph) -> bool:
    """Whether every state says where it is liquidated; nothing held is nothing to liquidate."""
    liquidation = graph.machine.liquidation
    states = (node.state for node in graph.nodes)
    return all(liquidation(at).answer is not Answer.UNKNOWN for at in states if at.held.position.quantity)


def _tiers(plan: Plan, graph: Graph) -> Proof:
    met = 0
    for node in graph.nodes:
        met |= node.state.held.filled
    never = bits(((1 << len(plan.tiers)) - 1) & ~met)
    reachable, whole = Decimal(met.bit_count()), Decimal(len(plan.tiers))
    return Proof(Claim.TIERS, not never, reachable, whole, numbers=never)


def _targets(plan: Plan, graph: Graph) -> Proof:
    met = 0
    for node in graph.nodes:
        met = max(met, node.state.hits)
        for edge in node.edges:
            if edge.over is not None and edge.over.end is End.TARGETS:
                met = max(met, node.state.hits + 1)
    count = len(plan.targets)
    never = tuple(range(met + 1, count + 1))
    return Proof(Claim.TARGETS, not never, Decimal(met), Decimal(count), numbers=never)


def _leverage(plan: Plan, graph: Graph, ways: Ways) -> Proof:
    """Proves the limit of value over equity, at each state's own price."""
    equity, limit = plan.account.equity, plan.account.max_leverage
    if not equity:
        return Proof(Claim.MAX_LEVERAGE, None, None, limit, missing="account.equity")
    states = (node.state for node in graph.nodes)
    values = [at.held.position.worth(at.price) / equity if at.held.position.quantity else ZERO for at in states]
    return _highest(Claim.MAX_LEVERAGE, values, limit, "account.max_leverage", ways)


def _margin(plan: Plan, graph: Graph, ways: Ways) -> Proof:
    """Proves the limit of what is posted."""
    backing = graph.machine.holdings.backing
    values = [backing(node.state.held).margin for node in graph.nodes]
    return _highest(Claim.MAX_MARGIN, values, plan.account.max_margin, "account.max_margin", ways)


def _highest(claim: Claim, values: list[Decimal], limit: Decimal | None, missing: str, ways: Ways) -> Proof:
    if limit is None:
        return Proof(claim, None, max(values), None, missing=missing)
    breaches = [Breach(value, state, None) for state, value in enumerate(values) if above(value, limit)]
    return _judged(claim, ways, breaches, max(values), limit)


def _locked(graph: Graph, ways: Ways) -> Proof:
    """Proves that a stop moved to lock nets no loss when it is hit; realised results do not count."""
    results = []
    breaches = []
    for node in graph.nodes:
        for edge in node.edges if node.state.locks else ():
            over = edge.over
            if over is None or over.end is not End.STOPPED:
                continue
            results.append(over.net)
            if over.net < -ROUNDING * node.state.held.position.cost:
                breaches.append(Breach(-over.net, node.number, edge.event))
    return _judged(Claim.LOCKED, ways, breaches, -min(results) if results else None, ZERO)


def proofs_within(plan: Plan, bounds: ResultBounds, planned: Decimal, missing: str) -> tuple[Proof, ...]:
    """Returns what bounds alone prove of a plan that has too many states; the rest is not known, and never broken."""
    proofs = []
    for claim in Claim:
        limit = {Claim.WORST_PLANNED: planned, Claim.MAX_RISK: plan.account.max_risk}.get(claim)
        value = None if bounds.worst is None else -bounds.worst
        if limit is not None and value is not None and not above(value, limit):
            proofs.append(Proof(claim, holds=True, value=value, limit=limit))
        else:
            proofs.append(Proof(claim, None, None, limit, missing=missing))
    return tuple(proofs)
