"""All states of a plan, each kept once, with what can happen next in each: a graph without cycles.

States are told apart by the machine's key and worked off by rank, which every event makes larger: when a state's turn
comes, all that lead to it have had theirs. The order in which they are worked off is therefore one in which figures can
be carried along.
"""

import heapq
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.engine.event import Event, EventKind
from scaleplan.engine.levels import MoveFault, StopMove
from scaleplan.engine.machine import Machine
from scaleplan.engine.next_events import NextEvents
from scaleplan.engine.state import Fork, Over, State, Step
from scaleplan.plan import EntriesEnd, Plan
from scaleplan.quantity.exact import ZERO

if TYPE_CHECKING:
    from scaleplan.engine.clock_events import ClockEvents

#: The most states that are looked at before it is said that there are too many: some ten seconds and 300 MB. Twenty
#: tiers with ten targets have two thousand, unless their entries never end.
MOST_STATES = 100_000
#: After so many it is estimated whether they will be too many, and believed where the estimate is so many times that.
_LOOK_AHEAD = 10_000
_SURELY = 4


class Edge:
    """What can happen in a state on one side, and the state that it leads to (absent where the plan is over)."""

    __slots__ = ("at_once", "child", "event", "gross", "net", "over")

    def __init__(self, step: Step, event: Event, child: "Node | None") -> None:
        self.event = event
        self.child = child
        self.gross: Decimal = step.gross
        self.net: Decimal = step.net
        self.over: Over | None = step.over
        self.at_once: bool = step.at_once


class Node:
    """A state and what can happen next in it, on either side. Its number is its place among the nodes of the graph.

    `clocked` is what the clock can do, in a graph that knows it. `told` is false where a liquidation may come before
    what is next, and nobody knows where.
    """

    __slots__ = ("clocked", "down", "has_odds", "number", "state", "told", "up")

    def __init__(self, state: State) -> None:
        self.state = state
        self.number = -1
        self.up: Edge | None = None
        self.down: Edge | None = None
        self.clocked: tuple[Edge, ...] = ()
        self.told = True
        self.has_odds = True

    @property
    def holds(self) -> bool:
        """Whether something is held in the state."""
        return bool(self.state.held.position.quantity)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """What can happen, above and below and by the clock."""
        up, down = self.up, self.down
        if self.clocked:
            return (*(edge for edge in (up, down) if edge is not None), *self.clocked)
        if up is None:
            return () if down is None else (down,)
        return (up,) if down is None else (up, down)


class Graph(NamedTuple):
    """The states of a plan; every edge leads to a later one. `complete` is false where there were too many.

    `begin` is what happened before the first state. `waits` are the tiers, as bits, that become live on some path where
    they would execute at once; `loosens` has, for each stop move that would loosen on some path, one such move.
    """

    ahead: NextEvents
    begin: tuple[Event, ...]
    nodes: tuple[Node, ...]
    complete: bool
    waits: int
    loosens: tuple[StopMove, ...]
    #: The largest cost of any position: what a result that is 0 but for rounding is told by.
    largest_cost: Decimal

    @property
    def machine(self) -> Machine:
        """The machine whose states these are."""
        return self.ahead.machine


class Exploration:
    """Walks every path of a plan at once, from the first state on, each state once; it can be taken further.

    Without a `start` the first state is tier 1 filled at its price; from a price on nothing is filled and price is
    there; from a state of any machine of the plan on, that is the first. The machine is its own: which of two orders of
    fills a machine has met first shows in the fiftieth digit. With `clock` what `expires` and `time_stop` do is among
    what can happen. With `within` only such states are looked at; their chances are right where all that lead to them
    are among them.
    """

    def __init__(
        self,
        plan: Plan,
        quantities: tuple[Decimal, ...],
        start: Decimal | State | None = None,
        *,
        clock: bool = False,
        within: Callable[[State], bool] | None = None,
    ) -> None:
        machine = Machine(plan, quantities)
        self._ahead = NextEvents(machine)
        self._within = within
        self._clock: ClockEvents | None = None
        if clock:
            from scaleplan.engine import clock_events  # noqa: PLC0415 - few plans have a clock

            self._ahead = self._clock = clock_events.ClockEvents(machine)
        self._loosens: dict[tuple[str, int], StopMove] = {}
        self._begin: tuple[Event, ...] = ()
        if isinstance(start, State):
            price, state, self._waits = start.price, start, start.waiting
        else:
            price = plan.tiers[0].price if start is None else start
            state, self._waits = machine.flat(price), machine.waited_at(price)
        if start is None:
            step = self._ahead.begun(machine.fill(state, machine.holdings.planned_fill(state.held, 0, price), price))
            self._find(step)
            if step.state is None:
                raise AssertionError("a fill ends no plan")
            self._begin, state = (step.event,), step.state
        first = self._first = Node(machine.key(state))
        self._known = {first.state: first}
        #: The states of each rank that are not worked off yet, and a heap of those ranks.
        self._waiting = {self._ahead.rank(first.state): [first]}
        self._ranks = list(self._waiting)
        #: Of the lowest rank, those not worked off yet, the next one last.
        self._now: list[Node] = []
        self._nodes: list[Node] = []
        self._events: dict[Event, Event] = {}
        self._about: int | None = None

    def fork(self, state: State) -> Fork:
        """Returns what can happen next in a state."""
        return self._ahead.fork(state)

    def up_to(self, most: int) -> Graph:
        """Returns the graph, which is complete unless it has more states than `most`."""
        while self._now or self._ranks:
            if len(self._known) > most or self._surely_too_many(most):
                return self._graph((), complete=False)
            if not self._now:
                self._now = self._waiting.pop(heapq.heappop(self._ranks))[::-1]
            self._work_off(self._now.pop())
        # All is found: what told the states apart is of no more use.
        self._known.clear()
        self._events.clear()
        self._ahead.forget()
        complete = len(self._nodes) <= most
        return self._graph(tuple(self._nodes) if complete else (), complete=complete)

    def _graph(self, nodes: tuple[Node, ...], *, complete: bool) -> Graph:
        loosens = tuple(self._loosens[key] for key in sorted(self._loosens))
        largest = max((node.state.held.level_cost for node in nodes), default=ZERO)
        return Graph(self._ahead, self._begin, nodes, complete, self._waits, loosens, largest)

    def _work_off(self, node: Node) -> None:
        """Gives a node its number and its edges."""
        node.number = len(self._nodes)
        self._nodes.append(node)
        fork = up, down = self._ahead.fork(node.state)
        for step in (up, down) if self._ahead.sign > 0 else (down, up):
            if step is not None:
                self._find(step)
        node.up = None if up is None else self._edge(up)
        node.down = None if down is None else self._edge(down)
        node.told = self._ahead.is_told(node.state, fork)
        node.has_odds = node.told or self._ahead.has_odds(node.state, fork)
        if self._clock is not None:
            node.clocked = tuple(map(self._edge, self._clock.by_the_clock(node.state, fork)))

    def _edge(self, step: Step) -> Edge:
        event = step.event
        if event.kind is not EventKind.LIQUIDATION:
            # The same stop, the same target ends a thousand states: each is kept once.
            event = self._events.setdefault(event, event)
        return Edge(step, event, self._child(step))

    def _child(self, step: Step) -> Node | None:
        if step.state is None or (self._within is not None and not self._within(step.state)):
            return None
        key = self._ahead.machine.key(step.state)
        made = Node(key)
        node = self._known.setdefault(key, made)
        if node is made:
            rank = self._ahead.rank(key)
            if rank not in self._waiting:
                self._waiting[rank] = []
                heapq.heappush(self._ranks, rank)
            self._waiting[rank].append(node)
        return node

    def _find(self, step: Step) -> None:
        """Keeps what a step has found."""
        self._waits |= step.waited
        for move in step.moves:
            if move.fault is MoveFault.LOOSENS:
                self._loosens.setdefault((move.owner, move.row), move)

    def _surely_too_many(self, most: int) -> bool:
        """Whether an estimate after some thousand states says that there are far more than `most`.

        Only where entries never end do they multiply so that counting is quicker than walking.
        """
        if (
            self._within is not None
            or len(self._known) < _LOOK_AHEAD
            or self._ahead.plan.entries_end is not EntriesEnd.NEVER
        ):
            return False
        if self._about is None:
            from scaleplan.paths.count import states_about  # noqa: PLC0415 - few plans have so many states

            self._about = states_about(self._ahead, self._first.state)
        return self._about > _SURELY * most


class Link:
    """The last event on a way from state 0 on, and the way before it: what is kept of a way."""

    __slots__ = ("before", "event", "length")

    def __init__(self, event: Event | None, before: "Link | None") -> None:
        self.event = event
        self.before = before
        self.length: int = 0 if before is None else before.length + 1


class Way(NamedTuple):
    """The shortest way to an end, from the very first fill: what happened before state 0, the way on, the last event.

    It is told only when it is asked for: a plan may have a hundred thousand.
    """

    begin: tuple[Event, ...]
    link: Link
    last: Event | None

    @property
    def length(self) -> int:
        """How many events it has."""
        return len(self.begin) + self.link.length + (self.last is not None)

    def events(self) -> tuple[Event, ...]:
        """Returns the events on it."""
        events = [] if self.last is None else [self.last]
        here: Link | None = self.link
        while here is not None and here.event is not None:
            events.append(here.event)
            here = here.before
        return (*self.begin, *reversed(events))


class Ways:
    """The shortest way to every state, in events."""

    __slots__ = ("_before", "_graph", "lengths")

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.lengths = [0] * len(graph.nodes)
        self._before: list[tuple[int, Event] | None] = [None] * len(graph.nodes)
        for number, node in enumerate(graph.nodes):
            length = self.lengths[number] + 1
            for edge in node.edges:
                if edge.child is None:
                    continue
                child = edge.child.number
                if self._before[child] is None or length < self.lengths[child]:
                    self.lengths[child] = length
                    self._before[child] = number, edge.event

    def to(self, number: int) -> tuple[Event, ...]:
        """Returns what happens on the shortest way to a state, from the very first fill."""
        events = []
        before = self._before[number]
        while before is not None:
            events.append(before[1])
            before = self._before[before[0]]
        return (*self._graph.begin, *reversed(events))
