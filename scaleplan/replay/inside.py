"""One bar: all that the plan's machine can do on any continuous path from open to close with this high and low.

Two marks, high met and low met, begin as open = high and open = low. Where the nearest level above lies beyond the high
the high is met, where it lies within, price may go to it; below likewise. With both marks, and the close between the
nearest levels, the bar may end so. Every state is looked at once for each pair of marks, with the least and the most
net result of all ways to it: reachability in the machine's own graph, whose rank every event makes larger.
"""

import heapq
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from scaleplan.engine import Unreckonable
from scaleplan.engine.bar_events import BarEvents
from scaleplan.engine.state import State, Step
from scaleplan.quantity.exact import same
from scaleplan.replay.records import (
    BarPrices,
    Gain,
    Happened,
    Trailing,
    WayOut,
    greater,
    lesser,
)
from scaleplan.replay.trailing import trail_inside

#: The most states that are looked at in one bar.
MOST_STATES = 50_000


class Start(NamedTuple):
    """Where a branch stands at the open, after what happened there, and what that added."""

    state: State
    trail: Trailing | None
    gain: Gain


class _Node:
    """A state inside a bar, with its marks, and the least and the most that the ways to it have added."""

    __slots__ = ("high", "least", "low", "most", "moved", "state")

    def __init__(self, state: State, marks: tuple[bool, bool], least: Gain, most: Gain, *, moved: bool) -> None:
        self.state = state
        self.high, self.low = marks
        self.least = least
        self.most = most
        #: Whether something has happened since the open.
        self.moved = moved


class BarPlace(NamedTuple):
    """Where a bar stands: its series, and its index there."""

    series: int
    bar: int


class WaysOut:
    """The ways out of a bar, each state and each end once."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[object, WayOut] = {}

    def add(self, key: object, way: WayOut) -> None:
        """Adds a way; of two to the same state the least and the most are kept."""
        known = self._found.get(key)
        if known is not None:
            way = way._replace(least=lesser(known.least, way.least), most=greater(known.most, way.most))
        self._found[key] = way

    def over(
        self, place: BarPlace, state: State, step: Step, least: Gain, most: Gain, *, at_open: bool = False
    ) -> None:
        """Adds the end that a step makes in a state."""
        if step.over is None:
            raise AssertionError("the step ends nothing")
        happened = Happened(place.series, place.bar, step, state, at_open)
        turn = () if step.at_once else (int(step.event.price > state.price),)
        key = step.over.end, step.event, state.held.filled, state.hits
        self.add(key, WayOut(None, step.over.end, None, least.after(happened, turn), most.after(happened, turn)))

    def listed(self) -> tuple[WayOut, ...]:
        """Returns them all."""
        return tuple(self._found.values())


#: The liquidation price that the mark's bar reaches in a state, if any: see `Inside`.
MarkReaches = Callable[[State], Decimal | None]


class BarWalk:
    """Follows every way through one bar from a start."""

    def __init__(self, ahead: BarEvents, prices: BarPrices, place: BarPlace, mark_reaches: MarkReaches) -> None:
        self._ahead = ahead
        self._machine = ahead.machine
        self._prices = prices
        self._place = place
        self._mark_reaches = mark_reaches
        self._ways = WaysOut()
        self._known: dict[tuple[State, bool, bool], _Node] = {}
        self._queue: list[tuple[int, int, _Node]] = []
        self._count = count()

    def follow(self, start: Start) -> tuple[WayOut, ...]:
        """Returns every way out of the bar."""
        prices = self._prices
        marks = same(prices.open, prices.high), same(prices.open, prices.low)
        self._reach(start.state, marks, start.gain, start.gain, moved=False, trail=start.trail)
        while self._queue:
            self._look(heapq.heappop(self._queue)[2])
        return self._ways.listed()

    def _reach(
        self,
        state: State,
        marks: tuple[bool, bool],
        least: Gain,
        most: Gain,
        *,
        moved: bool,
        trail: Trailing | None = None,
    ) -> None:
        """Comes to a state. One that trails has its own ways out."""
        if self._ahead.trails(state):
            self._trail(_Node(state, marks, least, most, moved=moved), trail)
            return
        key = self._machine.key(state), *marks
        node = self._known.get(key)
        if node is not None:
            node.least, node.most = lesser(node.least, least), greater(node.most, most)
            node.moved = node.moved and moved
            return
        if len(self._known) >= MOST_STATES:
            message = f"one bar holds more than {MOST_STATES:,} states of the plan"
            raise Unreckonable("", message, "write fewer tiers and targets, or give shorter bars")
        node = self._known[key] = _Node(state, marks, least, most, moved=moved)
        heapq.heappush(self._queue, (self._ahead.rank(state), next(self._count), node))

    def _look(self, node: _Node) -> None:
        """Does what can happen in a state."""
        state, prices = node.state, self._prices
        liquidated = self._mark_reaches(state)
        if liquidated is not None:
            self._ways.over(self._place, state, self._machine.liquidated(state, liquidated), node.least, node.most)
        up, down = self._ahead.fork(state)
        now = up if up is not None and up.at_once else down if down is not None and down.at_once else None
        if now is not None:
            self._step(node, now, (node.high, node.low), ())
            return
        above, below = None if up is None else up.where, None if down is None else down.where
        high = node.high or above is None or (above > prices.high and not same(above, prices.high))
        low = node.low or below is None or (below < prices.low and not same(below, prices.low))
        if high and low and not (liquidated is not None and not node.moved):
            close = prices.close
            under = above is None or (close < above and not same(close, above))
            over = below is None or (close > below and not same(close, below))
            if under and over:
                after = self._machine.key(state)._replace(price=close)
                self._ways.add((after, None), WayOut(after, None, None, node.least, node.most))
        if down is not None and below is not None and (below >= prices.low or same(below, prices.low)):
            self._step(node, down, (high, low or same(below, prices.low)), (0,))
        if up is not None and above is not None and (above <= prices.high or same(above, prices.high)):
            self._step(node, up, (high or same(above, prices.high), low), (1,))

    def _step(self, node: _Node, step: Step, marks: tuple[bool, bool], turn: tuple[int, ...]) -> None:
        happened = Happened(self._place.series, self._place.bar, step, node.state, at_open=False)
        least = node.least.after(happened, turn)
        most = least if node.most is node.least else node.most.after(happened, turn)
        if step.state is not None:
            self._reach(step.state, marks, least, most, moved=True)
        elif step.over is not None:
            key = step.over.end, step.event, node.state.held.filled, node.state.hits
            self._ways.add(key, WayOut(None, step.over.end, None, least, most))

    def _trail(self, node: _Node, trail: Trailing | None) -> None:
        """Adds the ways out of a state that trails."""
        state = node.state
        liquidated = self._mark_reaches(state)
        if liquidated is not None:
            self._ways.over(self._place, state, self._machine.liquidated(state, liquidated), node.least, node.most)
        best = trail or Trailing(state.price, state.price)
        found = trail_inside(self._ahead, state, best, self._prices, high_met=node.high, low_met=node.low)
        for step in found.exits:
            self._ways.over(self._place, state, step, node.least, node.most)
        if found.survives is not None and not (liquidated is not None and not node.moved):
            after = self._machine.key(state)._replace(price=self._prices.close)
            self._ways.add((after, found.survives), WayOut(after, None, found.survives, node.least, node.most))
