"""Facts are what the machine says of a plan to the rules: what some path gets to, and what goes wrong on some path.

The machine is asked only where the ladder alone cannot say (`ladder.reach`): most plans are checked without it.
"""

from typing import NamedTuple

from scaleplan.engine.event import End, Event, EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.levels import StopMove
from scaleplan.ladder import Ladder
from scaleplan.paths.graph import Graph, Ways

#: With more states a rule is silent, and `scaleplan paths` has the time.
MOST_STATES = 5_000


class Facts(NamedTuple):
    """What holds over all paths. Tiers and targets count from 0.

    `tiers` are those that some path fills, `targets` those that some path hits; `waits` are the tiers that become live
    where they would execute at once. `counts` are the numbers k for which some path has filled tiers 1 to k
    and no other. `loosens` has, for each stop move that would loosen on some path, one such move.
    `liquidated` is a shortest path to a liquidation, empty where there is none.
    """

    tiers: frozenset[int]
    targets: frozenset[int]
    waits: frozenset[int]
    counts: frozenset[int]
    loosens: tuple[StopMove, ...]
    liquidated: tuple[Event, ...]


def facts_of(graph: Graph) -> Facts | None:
    """Returns the facts of a plan; absent where there are too many states to look at beside everything else."""
    if not graph.complete:
        return None
    met = {EventKind.TIER: {0}, EventKind.TARGET: set[int]()}
    liquidations: list[tuple[int, Event]] = []
    for node in graph.nodes:
        for edge in node.edges:
            if edge.event.kind in met:
                met[edge.event.kind].add(edge.event.number - 1)
            if edge.over is not None and edge.over.end is End.LIQUIDATED:
                liquidations.append((node.number, edge.event))
    filled = {node.state.held.filled for node in graph.nodes}
    return Facts(
        tiers=frozenset(met[EventKind.TIER]),
        targets=frozenset(met[EventKind.TARGET]),
        waits=frozenset(number - 1 for number in bits(graph.waits)),
        # Tiers 1 to k as bits are k ones.
        counts=frozenset(tiers.bit_length() for tiers in filled if tiers and tiers & (tiers + 1) == 0),
        loosens=graph.loosens,
        liquidated=_shortest(graph, liquidations),
    )


def _shortest(graph: Graph, ends: list[tuple[int, Event]]) -> tuple[Event, ...]:
    """Returns the shortest path to one of the ends: the state before it, and the event."""
    if not ends:
        return ()
    ways = Ways(graph)
    number, last = min(ends, key=lambda end: ways.lengths[end[0]])
    return (*ways.to(number), last)


def with_facts(ladder: Ladder, facts: Facts | None) -> Ladder:
    """Returns the ladder with what the machine says of each tier: whether any path fills it at all."""
    if facts is None:
        return ladder
    steps = tuple(
        step._replace(position=step.position._replace(fills=index in facts.tiers))
        for index, step in enumerate(ladder.steps)
    )
    return ladder._replace(steps=steps)
