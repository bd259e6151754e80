"""Facts are what the machine says of a plan to the rules: what some path gets to, and what goes wrong on some path.

The machine is asked only where the ladder alone cannot say (`ladder.reach`): most plans are checked without it.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import End, EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.levels import StopMove
from scaleplan.engine.state import State
from scaleplan.ladder.records import HeaviestLoad, Hit, Reached, Together, WorsePath
from scaleplan.paths.graph import Graph, Node, Ways
from scaleplan.paths.leverage import loads_of
from scaleplan.paths.losses import path_below, worst_loss
from scaleplan.quantity.exact import ROUNDING, ZERO

#: With more states a rule is silent, and `scaleplan paths` has the time.
MOST_STATES = 5_000


class Facts(NamedTuple):
    """What holds over all paths. Tiers and targets count from 0.

    `targets` are those that some path hits; `waits` are the tiers that become live where they would execute at once.
    `loosens` has, for each stop move that would loosen on some path, one such move. `liquidated` is a shortest path to
    a liquidation, with what the position then held loses. `worst` is the path that nets least, without loss and events
    where nothing says how much one loses. `carried` is the most that is held over equity; absent without a limit of it
    or an equity.
    """

    reached: Reached
    targets: frozenset[int]
    waits: frozenset[int]
    loosens: tuple[StopMove, ...]
    liquidated: WorsePath | None
    worst: WorsePath
    carried: HeaviestLoad | None


def facts_of(graph: Graph, clocked: Graph | None) -> Facts | None:
    """Returns the facts of a plan; absent where there are too many states to look at beside everything else.

    `clocked` is the graph with the clock's edges, absent where the plan has none: what is lost goes by it, unless it
    has too many states; what is reached goes by price.
    """
    if not graph.complete:
        return None
    tiers, targets = {0}, set[int]()
    before: dict[int, set[int]] = {}
    for node in graph.nodes:
        for edge in node.edges:
            if edge.event.kind is EventKind.TIER:
                tiers.add(edge.event.number - 1)
                before.setdefault(edge.event.number - 1, set()).add(node.state.held.filled)
            elif edge.event.kind is EventKind.TARGET:
                targets.add(edge.event.number - 1)
    holdings = {node.state.held for node in graph.nodes}
    # Tiers 1 to k as bits are k ones.
    firsts = [held for held in holdings if held.filled and held.filled & (held.filled + 1) == 0]
    in_turn = _in_turn(graph)
    ends = [node for node in graph.nodes if any(edge.event.kind is EventKind.STOP for edge in node.edges)]
    stopped = {node.state.held.filled for node in ends if node.state.held.first is None}
    whole = graph if clocked is None or not clocked.complete else clocked
    return Facts(
        reached=Reached(
            tiers=frozenset(tiers),
            counts=frozenset(held.filled.bit_length() for held in firsts),
            whole=frozenset(held.filled.bit_length() for held in firsts if held.first is None),
            listed=frozenset(node.state.held.filled.bit_count() for node in in_turn),
            stopped=frozenset(filled.bit_length() for filled in stopped if filled & (filled + 1) == 0),
            stops=bool(ends),
            hits=_hits(graph),
            at_once=_at_once(graph, in_turn),
            before={tier: frozenset(filled) for tier, filled in before.items()},
        ),
        targets=frozenset(targets),
        waits=frozenset(number - 1 for number in bits(graph.waits)),
        loosens=graph.loosens,
        liquidated=_shortest(whole),
        worst=_worst(whole),
        carried=_carried(whole),
    )


def targets_with(graph: Graph) -> dict[int, Together] | None:
    """Returns what some path hits with a set of tiers (as bits) filled, and no other filling on the way.

    With `expires` a tier may be cancelled at any time; what a time stop leaves is another position. Absent where there
    are too many states.
    """
    if not graph.complete:
        return None
    found: dict[int, Together] = {}
    begun: dict[int, State] = {}
    for node in graph.nodes:
        if not node.state.hits and node.state.held.first is None:
            begun[node.number] = node.state
    # Every edge leads to a later state.
    for node in graph.nodes:
        if node.number not in begun:
            continue
        start, filled, hits = begun[node.number], node.state.held.filled, node.state.hits
        for edge in node.edges:
            if edge.event.kind is EventKind.TARGET and (filled not in found or found[filled].targets <= hits):
                found[filled] = Together(hits + 1, start)
            if edge.child is None:
                continue
            after = edge.child.state
            if after.held.filled == filled and after.timed == node.state.timed:
                begun.setdefault(edge.child.number, start)
    return found


def _in_turn(graph: Graph) -> tuple[Node, ...]:
    """Returns the nodes that some path gets to with tiers filled one after the other, in the order listed."""
    found = []
    # Every edge leads to a later state.
    in_turn = {0}
    for node in graph.nodes:
        if node.number not in in_turn:
            continue
        found.append(node)
        count = node.state.held.filled.bit_count()
        for edge in node.edges:
            if edge.child is not None and (edge.event.kind is not EventKind.TIER or edge.event.number == count + 1):
                in_turn.add(edge.child.number)
    return tuple(found)


def _at_once(graph: Graph, in_turn: tuple[Node, ...]) -> dict[int, tuple[State, ...]]:
    """Returns what paths hold where a tier has filled at once, by the number of tiers filled in turn."""
    found: dict[int, list[State]] = {}
    if graph.waits:
        for node in in_turn:
            held = node.state.held
            if held.first is None and held.filled & graph.waits & ~1:
                found.setdefault(held.filled.bit_count(), []).append(node.state)
    return {count: tuple(states) for count, states in found.items()}


class _Way(NamedTuple):
    """A way to a state: how many tiers were filled at each target hit, what it nets so far, and the hits before it."""

    counts: tuple[int, ...]
    net: Decimal
    hits: "_Hits | None"

    @property
    def rank(self) -> tuple[int, tuple[int, ...], Decimal]:
        """What of two ways is to be preferred: the one with more tiers at its targets, then the one that nets less."""
        return sum(self.counts), self.counts, -self.net


class _Hits(NamedTuple):
    """The last target hit on a way: the state before it, its price, the node behind it, and the hits before that."""

    state: State
    price: Decimal
    child: Node | None
    before: "_Hits | None"


def _hits(graph: Graph) -> tuple[Hit, ...]:
    """The targets hit on the path that hits the most of them with the most tiers filled, and of such nets least."""
    ways: list[_Way | None] = [None] * len(graph.nodes)
    ways[0] = _Way((), ZERO, None)
    best: _Way | None = None
    for node in graph.nodes:
        way, ways[node.number] = ways[node.number], None
        if way is None:
            continue
        for edge in node.edges:
            counts, hits = way.counts, way.hits
            if edge.event.kind is EventKind.TARGET:
                counts = (*counts, node.state.held.filled.bit_count())
                hits = _Hits(node.state, edge.event.price, edge.child, hits)
            here = _Way(counts, way.net + (edge.net if edge.over is None else edge.over.net), hits)
            if hits is not way.hits and (best is None or (len(counts), *here.rank) > (len(best.counts), *best.rank)):
                best = here
            if edge.child is not None:
                there = ways[edge.child.number]
                if there is None or here.rank > there.rank:
                    ways[edge.child.number] = here
    found: list[Hit] = []
    last = None if best is None else best.hits
    while last is not None:
        found.append(Hit(last.state, last.price, None if last.child is None else _settled(last.child)))
        last = last.before
    return tuple(reversed(found))


def _settled(node: Node) -> State:
    """Returns the state of a node, or the one after the tiers that fill there without price moving."""
    while True:
        at_once = next((edge for edge in node.edges if edge.at_once), None)
        if at_once is None or at_once.child is None or at_once.event.kind is EventKind.TARGET:
            return node.state
        node = at_once.child


def _worst(graph: Graph) -> WorsePath:
    """The path that nets least, a shortest of them."""
    loss = worst_loss(graph)
    if loss is None:
        return WorsePath(None, ())
    # A loss may be far larger than the cost: a short of what cost next to nothing.
    path = path_below(graph, ROUNDING * max(graph.largest_cost, abs(loss)) - loss)
    return WorsePath(loss, () if path is None else path.events)


def _carried(graph: Graph) -> HeaviestLoad | None:
    """The most that is carried over the equity, on a shortest path there."""
    account = graph.machine.plan.account
    if account.max_leverage is None or not account.equity:
        return None
    ways = Ways(graph)
    loads = loads_of(graph, account.equity).loads
    most = max(loads, key=lambda load: (load.value, -ways.lengths[load.state]))
    path = ways.to(most.state)
    in_states = max(load.value for load in loads if load.event is None)
    return HeaviestLoad(most.value, path if most.event is None else (*path, most.event), in_states)


def _shortest(graph: Graph) -> WorsePath | None:
    """The shortest path to a liquidation, with what the position then held loses."""
    liquidations = [
        (node.number, edge, edge.over.net)
        for node in graph.nodes
        for edge in node.edges
        if edge.over is not None and edge.over.end is End.LIQUIDATED
    ]
    if not liquidations:
        return None
    ways = Ways(graph)
    number, last, net = min(liquidations, key=lambda end: ways.lengths[end[0]])
    return WorsePath(-net, (*ways.to(number), last.event))
