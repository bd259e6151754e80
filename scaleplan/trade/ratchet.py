"""The stop due never goes back: what a tier, a target or a trail has moved it to, no plan accepted later takes back.

The plan's own stop is no move: another one, accepted, stands in its place.
"""

from decimal import Decimal

from scaleplan.engine.levels import tighter
from scaleplan.engine.machine import Machine
from scaleplan.engine.state import State, Step


class Ratchet:
    """The tightest stop that tiers, targets and a trail have made due so far. Who uses it is in the exact context."""

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._tightest: Decimal | None = None

    def see(self, machine: Machine, before: State, step: Step) -> None:
        """Takes note of what a step has made due: the stops that it moved, and that of a trail that begins with it."""
        for move in step.moves:
            if move.after != move.before:
                self._keep(move.after)
        last = len(machine.plan.targets)
        begins = step.state is not None and step.state.hits == last > before.hits
        if step.state is not None and begins and machine.plan.targets[-1].trail is not None:
            self._keep(machine.trailing_stop(step.state))

    def _keep(self, stop: Decimal | None) -> None:
        if stop is not None and tighter(stop, self._tightest, self._sign):
            self._tightest = stop

    def held(self, state: State) -> State:
        """Returns the state with its stop no looser than it was due."""
        stop, position = self._tightest, state.held.position
        if stop is None or not tighter(stop, state.stop, self._sign):
            return state
        locks = bool(position.quantity) and self._sign * (stop - position.average_entry) >= 0
        return state._replace(stop=stop, locks=state.locks or locks)
