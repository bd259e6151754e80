"""What can happen to a plan on a series of prices: they move, they jump from a close to an open, and time is known.

Between jumps price is continuous, as in `next_events`. In a jump each level between close and open, or at the open,
acts at the open and is filled there, one after another in the order in which they act at one price. `unless` is a level
here, because where the clock is known it matters when price gets to it.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import EventKind
from scaleplan.engine.levels import reached
from scaleplan.engine.machine import Machine, losing_at
from scaleplan.engine.next_events import NextEvents
from scaleplan.engine.state import Fork, Losing, State, Step
from scaleplan.plan import Order
from scaleplan.quantity.exact import same


class _Passed(NamedTuple):
    """The `after` prices and the market tiers (by index) that a jump has passed: both act from either side."""

    afters: frozenset[int]
    tiers: frozenset[int]


class BarEvents(NextEvents):
    """Finds what can happen next on a series of prices.

    With `marked` the liquidation price is no level of this series: another one, of mark prices, meets it.
    """

    def __init__(self, machine: Machine, *, marked: bool = False) -> None:
        super().__init__(machine)
        self.marked = marked
        time_stop = self.plan.time_stop
        self._has_unless = time_stop is not None and time_stop.unless is not None

    def losing(self, state: State) -> Losing:
        """Returns the levels of this series that end the plan on the losing side."""
        return losing_at(None, state.stop, self.sign) if self.marked else super().losing(state)

    def trails(self, state: State) -> bool:
        """Whether what is held trails: from the last target on, if that has a trail."""
        return self.trail is not None and state.hits == self._count and bool(state.held.position.quantity)

    def fork(self, state: State) -> Fork:
        """Returns what price can do next. `unless` is met before what lies at the same price."""
        fork = super().fork(state)
        if not self._has_unless or state.timed or not state.held.position.quantity:
            return fork
        level = self.machine.unless(state)
        if level is None or level <= 0 or self.trails(state):
            return fork
        average, price, sign = state.held.position.average_entry, state.price, self.sign
        wins = 1 if sign * (level - average) >= 0 else -1
        if reached(price, level, -sign * wins):
            step = self.machine.call_off(state, price)._replace(at_once=True)
            return Fork(step, None) if sign * wins > 0 else Fork(None, step)
        return self._with_level(state, fork, level)

    def _with_level(self, state: State, fork: Fork, level: Decimal) -> Fork:
        """Returns a fork in which a level that calls the time stop off is met where it is the nearest."""
        up, down = fork
        if any(step is not None and step.at_once for step in fork):
            return fork
        if level > state.price:
            nearer = up is None or level <= up.where or same(level, up.where)
            return Fork(self.machine.call_off(state, level), down) if nearer else fork
        nearer = down is None or level >= down.where or same(level, down.where)
        return Fork(up, self.machine.call_off(state, level)) if nearer else fork

    # Jumps

    def jump(self, state: State, price: Decimal) -> tuple[Step, ...]:
        """Returns what happens, in order, where price jumps from the state's to `price`; the plan may end there.

        What trails is left to whoever knows its best price; but the stop and the liquidation price act.
        """
        passed = self._passed(state, price)
        here = state._replace(price=price)
        steps: list[Step] = []
        while True:
            step = self._at_open(here, passed)
            if step is None:
                return tuple(steps)
            steps.append(step)
            if step.state is None:
                return tuple(steps)
            here = step.state

    def _at_open(self, state: State, passed: _Passed) -> Step | None:
        """Returns what acts next at a price that was jumped to; absent where nothing more does."""
        now = next((step for step in self.fork(state) if step is not None and step.at_once), None)
        if now is not None:
            kind = now.event.kind
            if kind is EventKind.TARGET:
                target = self.machine.holdings.target(state.held, state.hits)
                return self.machine.hit(state, state.price, target)
            if kind not in (EventKind.TRAIL, EventKind.AFTER, EventKind.TIER):
                return now
        if self.trails(state):
            return None
        return self._entry_at_open(state, passed)

    def _entry_at_open(self, state: State, passed: _Passed) -> Step | None:
        """Returns the first `after` price, or else tier, that acts at a price that was jumped to."""
        filled, price = state.held.filled, state.price
        if filled == self._all or self.machine.entries_ended(state):
            return None
        begun = sum(1 << index for index, _ in state.held.begun) if state.held.begun else 0
        for entry in self._live_entries(filled, begun, state.touched, state.waiting, price):
            if entry.kind is EventKind.AFTER:
                if same(entry.price, price) or entry.tier in passed.afters:
                    return self.machine.touch(state, entry.tier + 1, price)
            elif same(entry.price, price) or entry.tier in passed.tiers:
                return self.enter(state, entry.tier, price)
        return None

    def enter(self, state: State, index: int, price: Decimal) -> Step:
        """Fills the tier at `index` at a price that was jumped to, whatever its own."""
        own = self.plan.tiers[index].price
        level = own if same(price, own) else price
        return self.machine.fill(state, self.machine.holdings.planned_fill(state.held, index, level), level)

    def _passed(self, state: State, price: Decimal) -> _Passed:
        """Returns what a jump passes that acts from either side: `after` prices, and market tiers live before it."""
        low, high = sorted((state.price, price))
        filled, afters, tiers = state.held.filled, set[int](), set[int]()
        if filled == self._all or self.machine.entries_ended(state):
            return _Passed(frozenset(), frozenset())
        for entry in self._live_entries(filled, 0, state.touched, state.waiting, state.price):
            if not low <= entry.price <= high:
                continue
            if entry.kind is EventKind.AFTER:
                afters.add(entry.tier)
            elif self.plan.tiers[entry.tier].order is Order.MARKET:
                tiers.add(entry.tier)
        return _Passed(frozenset(afters), frozenset(tiers))
