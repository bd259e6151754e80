"""One order of prices in a bar, as other programs assume it: straight from open to the one extreme, the other, close.

No bound: a ladder's result in the order assumed may be better or worse than what price really did. It is there to be
compared with.
"""

from decimal import Decimal

from scaleplan.engine.bar_events import BarEvents
from scaleplan.engine.state import State, Step
from scaleplan.quantity.exact import same
from scaleplan.replay.inside import BarPlace, MarkReaches, Start, WaysOut
from scaleplan.replay.records import BarOrder, BarPrices, Happened, Trailing, WayOut
from scaleplan.replay.trailing import TrailRules


def along(
    ahead: BarEvents, order: BarOrder, prices: BarPrices, place: BarPlace, start: Start, mark_reaches: MarkReaches
) -> tuple[WayOut, ...]:
    """Returns the one way through a bar in an order.

    Held from open to close at a mark price that liquidates, it is liquidated; what comes into being meanwhile is not.
    """
    state, gain, trail, ways = start.state, start.gain, start.trail, WaysOut()
    liquidated = mark_reaches(state)
    for point in _points(order, prices):
        while True:
            step: Step | None
            if ahead.trails(state):
                step, trail = _trailed(ahead, state, trail, point)
            else:
                step = _met(ahead, state, point)
            if step is None:
                state = state._replace(price=point)
                break
            if step.state is None:
                ways.over(place, state, step, gain, gain)
                return ways.listed()
            liquidated = None
            gain = gain.after(Happened(place.series, place.bar, step, state, at_open=False))
            state = step.state
    if liquidated is not None:
        ways.over(place, state, ahead.machine.liquidated(state, liquidated), gain, gain)
        return ways.listed()
    after = ahead.machine.key(state)._replace(price=prices.close)
    return (WayOut(after, None, trail, gain, gain),)


def _points(order: BarOrder, prices: BarPrices) -> tuple[Decimal, Decimal, Decimal]:
    """Returns the prices that a bar comes to, one after another."""
    low_first = order is BarOrder.LOW_FIRST
    if order is BarOrder.NEAR:
        low_first = prices.open - prices.low <= prices.high - prices.open
    return (prices.low, prices.high, prices.close) if low_first else (prices.high, prices.low, prices.close)


def _met(ahead: BarEvents, state: State, point: Decimal) -> Step | None:
    """Returns what happens next on the straight way to a price, if anything."""
    up, down = ahead.fork(state)
    for step in (up, down):
        if step is not None and step.at_once:
            return step
    if up is not None and point > state.price and (up.where <= point or same(up.where, point)):
        return up
    if down is not None and point < state.price and (down.where >= point or same(down.where, point)):
        return down
    return None


def _trailed(
    ahead: BarEvents, state: State, trail: Trailing | None, point: Decimal
) -> tuple[Step | None, Trailing | None]:
    """Returns the end of a trail on the straight way to a price, if it ends; and its best price."""
    rules = TrailRules(ahead, state)
    best = rules.better_of(state.price, point) if trail is None else rules.better_of(trail.most, point)
    stop = rules.stop(best)
    if rules.not_better(point, stop):
        return rules.exit_at(stop), None
    return None, Trailing(best, best)
