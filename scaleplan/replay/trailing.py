"""A trail over bars: its best price is known between two bounds, and what it may do in a bar follows from those.

With `m` a best price at the open and `t` the best that the bar allows, what trails may be stopped at any stop from that
of `m` (or the extreme that the bar reaches against it, where that is nearer) to that of `t`; and it may survive where
what the bar must still reach lies short of `m`'s stop, and its close of that of the best price it must have met. A
nearer stop in force, or a liquidation price, holds until the trail has passed it.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.bar_events import BarEvents
from scaleplan.engine.closes import passes_at, trail_start
from scaleplan.engine.event import Event, EventKind
from scaleplan.engine.state import State, Step
from scaleplan.plan import Trail
from scaleplan.quantity.exact import same
from scaleplan.replay.records import BarPrices, Trailing


class TrailWays(NamedTuple):
    """What a trail may do: exits, that which nets least and that which nets most, and its best price if it lives."""

    exits: tuple[Step, ...]
    survives: Trailing | None


class TrailRules:
    """The stop of a trail for its best prices; prices compare along the plan's side."""

    __slots__ = ("_ahead", "_floor", "_is_stop", "_sign", "_state", "_trail")

    def __init__(self, ahead: BarEvents, state: State) -> None:
        trail = ahead.trail
        if trail is None:
            raise AssertionError("the plan has no trail")
        self._ahead = ahead
        self._trail: Trail = trail
        self._state = state
        self._sign = ahead.sign
        losing = ahead.losing(state)
        self._floor, self._is_stop = losing.nearest, losing.is_stop

    def worse(self, first: Decimal, second: Decimal) -> bool:
        """Whether a price lies on the losing side of another."""
        return self._sign * (first - second) < 0 and not same(first, second)

    def not_better(self, first: Decimal, second: Decimal) -> bool:
        """Whether a price lies at another or on its losing side."""
        return self._sign * (first - second) <= 0 or same(first, second)

    def better_of(self, first: Decimal, second: Decimal) -> Decimal:
        """Returns the price on the winning side."""
        return second if self.worse(first, second) else first

    def stop(self, best: Decimal) -> Decimal:
        """Returns where what trails is closed for a best price: by the trail, or a nearer stop or liquidation price."""
        start = trail_start(self._trail, best, self._sign)
        return start if self._floor is None else self.better_of(self._floor, start)

    def best_for(self, stop: Decimal) -> Decimal:
        """Returns the best price for which the trail's stop lies there."""
        return passes_at(self._trail, stop, self._sign)

    def exit_at(self, price: Decimal) -> Step:
        """Closes what trails at a price: what lies there is the stop or the liquidation price, or else the trail."""
        machine = self._ahead.machine
        if self._floor is not None and same(price, self._floor):
            return machine.stopped(self._state, price) if self._is_stop else machine.liquidated(self._state, price)
        over = machine.trailed(self._state, price, price)
        return Step(Event(EventKind.TRAIL, self._state.hits, price), None, over=over)


def trail_inside(
    ahead: BarEvents, state: State, best: Trailing, prices: BarPrices, *, high_met: bool, low_met: bool
) -> TrailWays:
    """Returns what a trail may do from the state's price to the close; a short is the mirror of a long."""
    rules = TrailRules(ahead, state)
    long = ahead.sign > 0
    ahead_price, behind_price = (prices.high, prices.low) if long else (prices.low, prices.high)
    ahead_met, behind_met = (high_met, low_met) if long else (low_met, high_met)
    least, most = best
    furthest = rules.stop(rules.better_of(most, ahead_price))
    exits: tuple[Step, ...] = ()
    if rules.not_better(behind_price, furthest):
        first = rules.better_of(rules.stop(least), behind_price)
        exits = (rules.exit_at(first),)
        if not same(first, furthest):
            exits = (*exits, rules.exit_at(furthest))
    if not behind_met and rules.not_better(behind_price, rules.stop(least)):
        return TrailWays(exits, None)
    must = rules.better_of(least, prices.close if ahead_met else ahead_price)
    if rules.not_better(prices.close, rules.stop(must)):
        return TrailWays(exits, None)
    may = rules.better_of(most, ahead_price)
    bound = rules.best_for(prices.close)
    may = bound if rules.worse(bound, may) else may
    return TrailWays(exits, Trailing(must, rules.better_of(must, may)))


def trail_jump(ahead: BarEvents, state: State, best: Trailing, price: Decimal) -> TrailWays:
    """Returns what a trail does where price jumps to `price`: what it would have been closed at is filled there."""
    rules = TrailRules(ahead, state)
    machine, sign = ahead.machine, ahead.sign
    losing = ahead.losing(state)
    if losing.liquidation is not None and rules.not_better(price, losing.liquidation):
        return TrailWays((machine.liquidated(state, price),), None)
    if state.stop is not None and rules.not_better(price, state.stop):
        return TrailWays((machine.stopped(state, price),), None)
    trail = ahead.trail
    if trail is None:
        raise AssertionError("the plan has no trail")
    exits: tuple[Step, ...] = ()
    if rules.not_better(price, trail_start(trail, best.most, sign)):
        over = machine.trailed(state, price, price)
        exits = (Step(Event(EventKind.TRAIL, state.hits, price), None, over=over),)
        if rules.not_better(price, trail_start(trail, best.least, sign)):
            return TrailWays(exits, None)
        bound = rules.best_for(price)
        best = Trailing(best.least, bound if rules.worse(bound, best.most) else best.most)
    least = rules.better_of(best.least, price)
    return TrailWays(exits, Trailing(least, rules.better_of(best.most, least)))
