"""Facts are what the machine says of a plan to the rules: what some path gets to, and what goes wrong on some path.

The machine is asked only where the ladder alone cannot say (`ladder.order`): most plans are checked without it.
"""

from typing import NamedTuple

from scaleplan.ladder import Ladder, StopMove
from scaleplan.paths.events import End, Event, EventKind
from scaleplan.paths.graph import Ways, explore
from scaleplan.paths.machine import Machine
from scaleplan.plan import Plan
from scaleplan.quantity.exact import exact

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


@exact
def facts_of(plan: Plan, ladder: Ladder) -> Facts | None:
    """The facts of a plan; absent where there are too many states to look at beside everything else."""
    machine = Machine(plan, tuple(step.fill.quantity for step in ladder.steps), None)
    graph = explore(machine, MOST_STATES)
    if not graph.complete:
        return None
    met = {EventKind.TIER: {0}, EventKind.TARGET: set[int]()}
    liquidated: int | None = None
    ways = Ways(graph)
    sets = {machine.holdings.all[node.key.holding].filled for node in graph.nodes}
    for number, node in enumerate(graph.nodes):
        for edge in (node.up, node.down):
            if edge is None:
                continue
            event, over = edge.step.event, edge.step.over
            if event.kind in met:
                met[event.kind].add(event.number - 1)
            if over is None or over.end is not End.LIQUIDATED:
                continue
            if liquidated is None or ways.lengths[number] < ways.lengths[liquidated]:
                liquidated = number
    way: tuple[Event, ...] = ()
    if liquidated is not None:
        last = next(
            edge.step.event
            for edge in (graph.nodes[liquidated].up, graph.nodes[liquidated].down)
            if edge is not None and edge.step.over is not None and edge.step.over.end is End.LIQUIDATED
        )
        way = (*ways.to(liquidated), last)
    waited = frozenset(index for index in range(len(plan.tiers)) if machine.waited >> index & 1)
    loosens = tuple(machine.loosening[key] for key in sorted(machine.loosening))
    # Tiers 1 to k as bits are k ones.
    counts = frozenset(filled.bit_length() for filled in sets if filled and filled & (filled + 1) == 0)
    return Facts(frozenset(met[EventKind.TIER]), frozenset(met[EventKind.TARGET]), waited, counts, loosens, way)


def with_facts(ladder: Ladder, facts: Facts | None) -> Ladder:
    """The ladder with what the machine says of each tier: whether any path fills it at all."""
    if facts is None:
        return ladder
    steps = tuple(
        step._replace(position=step.position._replace(fills=index in facts.tiers))
        for index, step in enumerate(ladder.steps)
    )
    return ladder._replace(steps=steps)
