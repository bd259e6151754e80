"""All states of a plan, each kept once, with what can happen next in each: a graph without cycles.

States are worked off by rank, which every event makes larger: when a state's turn comes, all that lead to it have had
theirs. The order in which they are worked off is therefore one in which figures can be carried along.
"""

from typing import NamedTuple

from scaleplan.paths.events import Event
from scaleplan.paths.machine import Key, Machine, Step

#: The most states that are looked at before it is said that there are too many: some ten seconds and 400 MB. Twenty
#: tiers with ten targets have two thousand, unless their entries never end.
MOST_STATES = 100_000
#: After so many it is estimated whether they will be too many, and believed where the estimate is so many times that.
_LOOK_AHEAD = 10_000
_SURELY = 4


class Edge(NamedTuple):
    """A step, and the number of the state that it leads to (absent where the plan is over)."""

    step: Step
    child: int | None


class Node(NamedTuple):
    """A state and what can happen next in it, on either side."""

    key: Key
    up: Edge | None
    down: Edge | None


class Graph(NamedTuple):
    """The states of a plan; every edge leads to a later one. `complete` is false where there were too many."""

    machine: Machine
    begin: tuple[Event, ...]
    nodes: tuple[Node, ...]
    complete: bool


def explore(machine: Machine, most: int = MOST_STATES) -> Graph:
    """Walk every path at once: from the first state on, each state once."""
    begin, first = machine.begin()
    seen = {first}
    ranks: dict[int, list[Key]] = {machine.rank(first): [first]}
    found: list[tuple[Key, Step | None, Step | None]] = []
    order: dict[Key, int] = {}
    while ranks:
        for key in ranks.pop(min(ranks)):
            up, down = machine.fork(key)
            order[key] = len(found)
            found.append((key, up, down))
            for step in (up, down):
                after = None if step is None else step.key
                if after is None or after in seen:
                    continue
                seen.add(after)
                if len(seen) > most or (len(seen) == _LOOK_AHEAD and _surely_too_many(machine, most)):
                    return Graph(machine, begin, (), complete=False)
                ranks.setdefault(machine.rank(after), []).append(after)
    nodes = tuple(Node(key, _edge(up, order), _edge(down, order)) for key, up, down in found)
    return Graph(machine, begin, nodes, complete=True)


def _surely_too_many(machine: Machine, most: int) -> bool:
    from scaleplan.paths.count import states_about  # noqa: PLC0415 - few plans have so many states

    return states_about(machine.again()) > _SURELY * most


def _edge(step: Step | None, order: dict[Key, int]) -> Edge | None:
    if step is None:
        return None
    return Edge(step, None if step.key is None else order[step.key])


class Ways:
    """The shortest way to every state, in events."""

    __slots__ = ("_before", "_graph", "lengths")

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.lengths = [0] * len(graph.nodes)
        self._before: list[tuple[int, Event] | None] = [None] * len(graph.nodes)
        for number, node in enumerate(graph.nodes):
            length = self.lengths[number] + 1
            for edge in (node.up, node.down):
                if edge is None or edge.child is None:
                    continue
                if self._before[edge.child] is None or length < self.lengths[edge.child]:
                    self.lengths[edge.child] = length
                    self._before[edge.child] = number, edge.step.event

    def to(self, number: int) -> tuple[Event, ...]:
        """What happens on the shortest way to a state, from the very first fill."""
        events = []
        before = self._before[number]
        while before is not None:
            events.append(before[1])
            before = self._before[before[0]]
        return (*self._graph.begin, *reversed(events))
