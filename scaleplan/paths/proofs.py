"""What a plan promises, proved over every path, or broken by the shortest path that breaks it.

A proof looks at every state and every end of the graph, which together are all paths: there is nothing to sample. A
plan with `expires` or `time_stop` is proved over a graph that has the clock's edges too, for which there are no
chances. Where a figure is not known (no maintenance rate, brackets that end too early, no equity, no limit) the claim
is neither held nor broken.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import NamedTuple

from scaleplan.engine.event import End, Event, EventKind
from scaleplan.engine.holding import bits
from scaleplan.paths.bounds import ResultBounds
from scaleplan.paths.graph import Edge, Graph, Node, Ways
from scaleplan.paths.leverage import loads_of
from scaleplan.paths.losses import PathBelow, path_below, spreads, worst_loss
from scaleplan.paths.records import Claim, Outcome, Proof
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ROUNDING, ZERO, above


class Breach(NamedTuple):
    """Something that breaks a claim: how bad it is, and how to get to the state where it does, and on from there."""

    value: Decimal
    state: int
    event: Event | None


class Untold(StrEnum):
    """What a plan must write, or write otherwise, for something to be known of it."""

    MAINTENANCE = "maintenance"
    EQUITY = "account.equity"
    BRACKETS = "brackets"
    SIDE = "the stop is on the wrong side of tier 1"


def proofs_of(
    plan: Plan,
    graph: Graph,
    outcomes: tuple[Outcome, ...],
    gone: "Unplaced",
    planned: Decimal | None,
    clocked: Graph | None,
) -> tuple[Proof, ...]:
    """Returns every claim; `planned` is the worst planned loss, absent where it is not known.

    `gone` is what liquidations of the graph may net that nobody can place.

    `clocked` is the graph with the clock's edges, absent where the plan has none. Where it has too many states, what is
    broken without them is broken, and the rest is not known.
    """
    if clocked is not None and clocked.complete:
        found = _proofs(plan, clocked, _ByClock(clocked), unplaced(clocked), planned)
    else:
        found = _proofs(plan, graph, _ByOutcome(graph, outcomes), gone, planned)
        if clocked is not None:
            found = tuple(map(_but_for_time, found))
    return tuple(map(_unclaimed, found)) if plan.is_misplaced else found


def _unclaimed(proof: Proof) -> Proof:
    """Returns what is left of a proof where the stop is on the wrong side: what is broken."""
    return proof if proof.holds is False else Proof(proof.claim, None, None, proof.limit, missing=Untold.SIDE)


def _but_for_time(proof: Proof) -> Proof:
    """Returns what is left of a proof over price alone: the clock can break a claim, or reach what price does not."""
    if proof.holds is None:
        return proof._replace(value=None)
    if proof.holds is (proof.claim in (Claim.TIERS, Claim.TARGETS)):
        return proof
    return Proof(proof.claim, None, None, proof.limit, missing="with the clock the plan has too many states to walk")


def _proofs(
    plan: Plan, graph: Graph, losses: "_ByOutcome | _ByClock", gone: "Unplaced", planned: Decimal | None
) -> tuple[Proof, ...]:
    ways = Ways(graph)
    return (
        _loss(Claim.WORST_PLANNED, graph, losses, gone, planned, Untold.EQUITY),
        _loss(Claim.MAX_RISK, graph, losses, gone, plan.account.max_risk, "account.max_risk"),
        _liquidation(graph, ways),
        _tiers(plan, graph),
        _targets(plan, graph),
        _leverage(plan, graph, ways),
        _margin(plan, graph, ways),
        _locked(graph, ways),
    )


class _ByOutcome:
    """The losses of a plan that has no clock: those of its ends."""

    def __init__(self, graph: Graph, outcomes: tuple[Outcome, ...]) -> None:
        self._graph = graph
        self._outcomes = outcomes

    def worst(self) -> Decimal | None:
        """Returns the most that is lost; absent where nothing says how much that is."""
        worsts = [outcome.net_worst for outcome in self._outcomes]
        known = [worst for worst in worsts if worst is not None]
        return -min(known) if len(known) == len(worsts) else None

    def path_below(self, least: Decimal) -> PathBelow | None:
        """Returns a shortest path that is known to net less than `least`; absent where there is none."""
        outcomes = self._outcomes
        breaking = [
            (outcome.way.length, outcome.net_worst, index)
            for index, outcome in enumerate(outcomes)
            if outcome.net_worst is not None and outcome.net_worst < least
        ]
        if not breaking:
            return None
        _, net, index = min(breaking)
        return PathBelow(outcomes[index].path, net)


class _ByClock:
    """The losses of a plan with a clock, whose outcomes price alone makes."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._worst = worst_loss(graph)

    def worst(self) -> Decimal | None:
        """Returns the most that is lost; absent where nothing says how much that is."""
        return self._worst

    def path_below(self, least: Decimal) -> PathBelow | None:
        """Returns a shortest path that is known to net less than `least`; absent where there is none."""
        worst = self._worst
        return None if worst is not None and -worst >= least else path_below(self._graph, least)


def _loss(
    claim: Claim, graph: Graph, losses: _ByOutcome | _ByClock, gone: "Unplaced", limit: Decimal | None, missing: str
) -> Proof:
    """Proves that no end loses more than a limit.

    Of cross margin without equity nobody knows, nor where a liquidation may come before the stop and lose more.
    Where nothing ends the plan on the losing side, all that it can lose on the way counts, though price without bounds
    comes to the level on the other side for sure.
    """
    value = losses.worst()
    if limit is None:
        known = value is None or not gone.may_net_less(-value)
        return Proof(claim, None, value if known else None, None, missing=missing)
    # Results of 0 carry what rounding leaves of the cost.
    least = -(limit + ROUNDING * max(graph.largest_cost, abs(limit)))
    path = losses.path_below(least)
    if path is None and value is None:
        return Proof(claim, None, None, limit, missing=Untold.EQUITY)
    if path is None and gone.may_net_less(least):
        return Proof(claim, None, None, limit, missing=liquidation_untold(graph) or "")
    if path is None and value is not None and gone.least is not None:
        # It may lose more than any end, and yet not more than the limit.
        value = max(value, -gone.least)
    if path is None:
        return Proof(claim, holds=True, value=value, limit=limit)
    return Proof(claim, holds=False, value=value, limit=limit, counterexample=path.events, shown=-path.net)


def _judged(
    claim: Claim, ways: Ways, breaches: list[Breach], value: Decimal | None = None, limit: Decimal | None = None
) -> Proof:
    """Returns the claim, which holds where nothing breaks it; else the shortest path to a breach shows it."""
    if not breaches:
        return Proof(claim, holds=True, value=value, limit=limit)
    breach = min(breaches, key=lambda other: (ways.lengths[other.state] + (other.event is not None), -other.value))
    path = ways.to(breach.state)
    events = path if breach.event is None else (*path, breach.event)
    return Proof(claim, holds=False, value=value, limit=limit, counterexample=events, shown=breach.value)


def _liquidation(graph: Graph, ways: Ways) -> Proof:
    """Proves that no path is liquidated. Where maintenance is not known, neither is that."""
    claim = Claim.NO_LIQUIDATION
    breaches = [
        Breach(ZERO, node.number, edge.event)
        for node in graph.nodes
        for edge in node.edges
        if edge.event.kind is EventKind.LIQUIDATION
    ]
    untold = None if breaches else liquidation_untold(graph)
    return _judged(claim, ways, breaches) if untold is None else Proof(claim, None, None, None, missing=untold)


def liquidation_untold(graph: Graph) -> Untold | None:
    """Returns what is missing for it to be known where some state is liquidated; absent where all is known."""
    plan = graph.machine.plan
    if all(node.told for node in graph.nodes):
        return None
    if plan.margin is None:
        return Untold.MAINTENANCE
    return Untold.EQUITY if plan.is_cross and plan.account.equity is None else Untold.BRACKETS


class Unplaced(NamedTuple):
    """The least that a path nets that ends in a liquidation that nobody can place, all behind the position lost.

    `least` is absent where there is none, or none whose loss is known: of cross margin without equity nothing says how
    much that is, and `is_known` is false.
    """

    least: Decimal | None
    is_known: bool

    def may_net_less(self, than: Decimal) -> bool:
        """Whether such a liquidation may net less, if it comes before the stop."""
        return not self.is_known or (self.least is not None and self.least < than)


def unplaced(graph: Graph) -> Unplaced:
    """Returns what liquidations may net that nobody can place."""
    untold = [node for node in graph.nodes if not node.told]
    if not untold:
        return Unplaced(None, is_known=True)
    spread = spreads(graph)
    nets = [(graph.machine.lost(node.state), spread[node.number].worst) for node in untold]
    known = [net + before for net, before in nets if net is not None]
    return Unplaced(min(known, default=None), is_known=len(known) == len(nets))


def _tiers(plan: Plan, graph: Graph) -> Proof:
    def met(nodes: Iterable[Node]) -> int:
        return reduce(or_, (node.state.held.filled for node in nodes), 0)

    count = len(plan.tiers)
    never = bits(((1 << count) - 1) & ~met(graph.nodes))
    return _reached(Claim.TIERS, graph, count, never, bits(met(_surely_met(graph))))


def _targets(plan: Plan, graph: Graph) -> Proof:
    def met(nodes: Iterable[Node]) -> int:
        ended = (node.state.hits + 1 for node in nodes for edge in node.edges if _ends_by_target(edge))
        return max((*(node.state.hits for node in nodes), *ended), default=0)

    count = len(plan.targets)
    most, surely = met(graph.nodes), met(_surely_met(graph))
    return _reached(Claim.TARGETS, graph, count, tuple(range(most + 1, count + 1)), tuple(range(1, surely + 1)))


def _ends_by_target(edge: Edge) -> bool:
    return edge.over is not None and edge.over.end is End.TARGETS


def _reached(claim: Claim, graph: Graph, count: int, never: tuple[int, ...], surely: tuple[int, ...]) -> Proof:
    """Proves that all tiers or targets are reached, of which some path reaches all but those of `never`.

    What lies behind a liquidation that nobody can place may be reached or not.
    """
    whole = Decimal(count)
    if not never and len(surely) < count:
        return Proof(claim, None, Decimal(len(surely)), whole, missing=liquidation_untold(graph) or "")
    return Proof(claim, not never, whole - len(never), whole, numbers=never)


def _surely_met(graph: Graph) -> tuple[Node, ...]:
    """Returns the states that some path gets to wherever liquidations are that nobody can place.

    They lie on the losing side: what lies on the other can be met before.
    """
    if all(node.told for node in graph.nodes):
        return graph.nodes
    met = {0}
    # Every edge leads to a later state.
    for node in graph.nodes:
        if node.number not in met:
            continue
        behind = node.down if graph.machine.sign > 0 else node.up
        for edge in node.edges:
            if edge.child is not None and (node.told or edge.at_once or edge is not behind):
                met.add(edge.child.number)
    return tuple(node for node in graph.nodes if node.number in met)


def _leverage(plan: Plan, graph: Graph, ways: Ways) -> Proof:
    """Proves the limit of value over equity, in each state and from there to what comes next on the losing side."""
    equity, limit = plan.account.equity, plan.account.max_leverage
    claim = Claim.MAX_LEVERAGE
    if not equity:
        return Proof(claim, None, None, limit, missing="account.equity")
    loads, endless = loads_of(graph, equity)
    carried = [Breach(*load) for load in loads]
    breaches = [] if limit is None else [each for each in carried if above(each.value, limit)]
    value = None if endless else max((each.value for each in carried), default=ZERO)
    if limit is None:
        return Proof(claim, None, value, None, missing="account.max_leverage")
    if endless and not breaches:
        return Proof(claim, None, None, limit, missing=liquidation_untold(graph) or "")
    return _judged(claim, ways, breaches, value, limit)


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
    """Proves that a stop moved to lock nets no loss when it is hit; realised results do not count.

    A liquidation that comes before such a stop breaks what it promises; of one that nobody can place it is not known.
    """
    results = []
    breaches = []
    for node in graph.nodes:
        for edge in node.edges if node.state.locks else ():
            over = edge.over
            if over is None or over.end not in (End.STOPPED, End.LIQUIDATED):
                continue
            results.append(over.net)
            if over.net < -ROUNDING * node.state.held.position.cost:
                breaches.append(Breach(-over.net, node.number, edge.event))
    untold = any(node.state.locks and not node.told for node in graph.nodes)
    if untold and not breaches:
        return Proof(Claim.LOCKED, None, None, ZERO, missing=liquidation_untold(graph) or "")
    return _judged(Claim.LOCKED, ways, breaches, -min(results) if results else None, ZERO)


def cancelled(plan: Plan, proofs: tuple[Proof, ...]) -> tuple[Proof, ...]:
    """Returns the proofs of a plan whose unfilled tiers are all cancelled: none of them fills, and no target is hit."""
    counts = {Claim.TIERS: len(plan.tiers), Claim.TARGETS: len(plan.targets)}

    def judged(proof: Proof) -> Proof:
        count = counts.get(proof.claim)
        if not count:
            return proof
        return Proof(proof.claim, holds=False, value=ZERO, limit=Decimal(count), numbers=tuple(range(1, count + 1)))

    return tuple(map(judged, proofs))


def proofs_within(plan: Plan, bounds: ResultBounds, planned: Decimal | None, missing: str) -> tuple[Proof, ...]:
    """Returns what bounds alone prove of a plan that has too many states; the rest is not known, and never broken."""
    proofs: list[Proof] = []
    missing = Untold.SIDE if plan.is_misplaced else missing
    for claim in Claim:
        limit = {Claim.WORST_PLANNED: planned, Claim.MAX_RISK: plan.account.max_risk}.get(claim)
        value = None if bounds.worst is None else -bounds.worst
        if limit is not None and value is not None and not above(value, limit) and not plan.is_misplaced:
            proofs.append(Proof(claim, holds=True, value=value, limit=limit))
        else:
            proofs.append(Proof(claim, None, None, limit, missing=missing))
    return tuple(proofs)
