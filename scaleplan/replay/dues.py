"""What time brings: a time stop, the expiry of unfilled tiers, funding. All of it acts at the open of a bar.

A duration counts from the close of the bar of the first fill, and while nothing is filled from the plan's begin; a date
begins at 00:00 UTC. Funding falls due at the bar that holds its moment, or where none does at the next.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime
from decimal import Decimal

from scaleplan.engine.machine import Machine
from scaleplan.engine.state import State
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ZERO
from scaleplan.replay.series import Series

_SECOND = 1_000_000_000
_MINUTE = 60 * _SECOND
#: Later than any bar.
NEVER = 1 << 62


class Dues:
    """When what time brings is due for a plan that begins at a moment (nanoseconds)."""

    def __init__(self, plan: Plan, begin: int, funding: tuple[tuple[int, Decimal], ...] = ()) -> None:
        self.begin = begin
        self._plan = plan
        self._after = None if plan.time_stop is None else plan.time_stop.after_minutes * _MINUTE
        self._expires = plan.expires
        self._written = tuple(time for time, _ in funding)
        self._rates = tuple(rate for _, rate in funding)
        self._every = 0 if plan.funding is None or funding else plan.funding.every_minutes * _MINUTE

    def _expiry(self, state: State, since: int | None, machine: Machine) -> int:
        """Returns when the unfilled tiers of a state are cancelled."""
        expires = self._expires
        if expires is None or state.expired:
            return NEVER
        filled = state.held.filled
        if filled and (machine.entries_ended(state) or filled == (1 << len(self._plan.tiers)) - 1):
            return NEVER
        if isinstance(expires, date):
            return int(datetime(expires.year, expires.month, expires.day, tzinfo=UTC).timestamp()) * _SECOND
        return (self.begin if since is None else since) + expires * _MINUTE

    def expired(self, state: State, since: int | None, time: int, machine: Machine) -> bool:
        """Whether the unfilled tiers of a state are cancelled at the open at a moment."""
        return self._expires is not None and self._expiry(state, since, machine) <= time

    def _time_stop(self, state: State, since: int | None) -> int:
        """Returns when the time stop of a state is due."""
        if self._after is None or since is None or state.timed or not state.held.position.quantity:
            return NEVER
        return since + self._after

    def timed_out(self, state: State, since: int | None, time: int) -> bool:
        """Whether the time stop acts at the open at a moment."""
        return self._after is not None and self._time_stop(state, since) <= time

    def next(self, state: State, since: int | None, bars: Series, bar: int, opened: int, machine: Machine) -> int:
        """Returns the first bar, from one on, at which something is due; beyond all bars where nothing is.

        `opened` is the moment from which on funding has not been paid.
        """
        found = NEVER
        when = min(self._expiry(state, since, machine), self._time_stop(state, since))
        if when < NEVER:
            found = max(bar, bisect_left(bars.time, when, bar))
        if not state.held.position.quantity or not (self._every or self._written):
            return found
        moment = self._moment(opened)
        if moment is None:
            return found
        holds = bisect_right(bars.time, moment) - 1
        if holds < bar or moment >= int(bars.time[holds]) + bars.step_ns:
            holds += 1
        return min(found, max(bar, holds))

    def _moment(self, opened: int) -> int | None:
        """Returns the first moment of funding from one on."""
        if self._every:
            return -(-opened // self._every) * self._every
        at = bisect_left(self._written, opened)
        return self._written[at] if at < len(self._written) else None

    def funding(self, state: State, price: Decimal, opened: int, closes: int) -> Decimal:
        """Returns the funding that is paid (received: negative) on what is held, at the open `price`, in a span."""
        if not (self._every or self._written) or not state.held.position.quantity:
            return ZERO
        if self._every:
            count = -(-closes // self._every) - -(-opened // self._every)
            rate = self._plan.funding.rate * count if self._plan.funding is not None else ZERO
        else:
            span = slice(bisect_left(self._written, opened), bisect_left(self._written, closes))
            rate = sum(self._rates[span], ZERO)
        return self._plan.sign * rate * state.held.position.worth(price)
