"""What the clock can do in a state: cancel the unfilled tiers (`expires`), close the time stop's share (`time_stop`).

A plan's machine has no time, so both can happen in every state, each once: the first while tiers can fill, the second
until price has got to `unless`. A time stop closes at whatever price there is. What is closed on the way to the next
level on the losing side brings less the nearer it is, and nothing else depends on it: so it closes there, just before
what that level does, and price may still turn. Whatever holds then holds for every moment before.
"""

from scaleplan.engine.event import End, EventKind
from scaleplan.engine.machine import Machine
from scaleplan.engine.next_events import NextEvents
from scaleplan.engine.state import Fork, Over, State, Step
from scaleplan.quantity.exact import same


class ClockEvents(NextEvents):
    """Finds what can happen next by price, and by the clock."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self._expires = self.plan.expires is not None
        self._times = self.plan.time_stop is not None

    def begun(self, step: Step) -> Step:
        """Returns the very first fill; one at `unless` calls the time stop off."""
        return self._called_off(None, step)

    def fork(self, state: State) -> Fork:
        """Returns what price can do next; where it gets to `unless` the time stop is called off."""
        up, down = super().fork(state)
        if not self._times or state.timed:
            return Fork(up, down)
        return Fork(*(None if step is None else self._called_off(state, step) for step in (up, down)))

    def _called_off(self, before: State | None, step: Step) -> Step:
        after = step.state
        if after is None or after.timed:
            return step
        level = self.machine.unless(after)
        met = level is not None and same(level, after.price)
        level = None if before is None else self.machine.unless(before)
        if before is not None and level is not None and not met:
            low, high = sorted((before.price, step.event.price))
            met = low <= level <= high
        return step._replace(state=after._replace(timed=True)) if met else step

    def by_the_clock(self, state: State, fork: Fork) -> tuple[Step, ...]:
        """Returns what the clock can do in a state in which price can do what is in `fork`."""
        if not state.held.position.quantity:
            return ()
        steps: list[Step] = []
        if self._expires and state.held.filled != self._all and not self.machine.entries_ended(state):
            steps.append(self.machine.expire(state))
        if self._times and not state.timed:
            step = self._timed_out(state, fork)
            if step is not None:
                steps.append(step)
        return tuple(steps)

    def _timed_out(self, state: State, fork: Fork) -> Step | None:
        """Returns what the time stop does at its worst price; absent where it would close less than a lot."""
        losing, winning = (fork.down, fork.up) if self.sign > 0 else (fork.up, fork.down)
        now = next((step for step in (losing, winning) if step is not None and step.at_once), None)
        if now is not None and now.event.kind is EventKind.TRAIL and now.over is not None:
            return self._while_trailing(state, now.over)
        price = state.price
        if now is None and losing is not None:
            price = losing.event.price
            unless = self.machine.unless(state)
            if unless is not None and self.sign * (unless - price) > 0 and self.sign * (state.price - unless) > 0:
                price = unless
        step = self.machine.time_stop(state, price)
        if step is None or step.state is None:
            return step
        # It is not at the level yet: what can happen next is what could before.
        return step._replace(state=step.state._replace(price=state.price))

    def _while_trailing(self, state: State, over: Over) -> Step | None:
        """Returns the end of a plan that is timed out while it trails: both at the stop that the trail starts with."""
        price = state.price if over.start is None or over.start <= 0 else over.start
        step = self.machine.time_stop(state, price)
        if step is None or step.state is None or price == state.price:
            return step
        gross, net = self.machine.stopped_out(step.state.held, price)
        gross, net = gross + step.gross, net + step.net
        return Step(step.event, None, over=Over(End.TRAIL, gross, net, net))
