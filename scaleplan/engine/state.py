"""A state is where a trade stands: what is held, what has been touched and hit, the stop in force, the price.

A plain value: it follows from the events that led to it. What decides the future alone is the machine's `key` of it.
"""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import End, Event, ExitFill, Fill
from scaleplan.engine.holding import Holding
from scaleplan.engine.levels import StopMove
from scaleplan.quantity.exact import ZERO


class State(NamedTuple):
    """Where a trade stands after an event at `price`.

    `touched` are the tiers, as bits, whose `after` price has traded, `waiting` those that became live where they
    would have executed at once; both are kept only while those tiers can fill. `hits` counts the targets hit.
    `locks` tells that the stop in force was moved to where it locks a gain or breaks even. `marks` are the prices
    of targets hit that a later stop is measured from and that moved with the average. `expired` tells that the
    clock has cancelled unfilled tiers, `timed` that the time stop has closed its share, or was called off because
    price got to `unless`. `realized` is the net result of the exits so far, in settle currency, and `since` the
    moment of the first fill, where fills have one.
    """

    held: Holding
    touched: int
    waiting: int
    hits: int
    price: Decimal
    stop: Decimal | None
    locks: bool = False
    marks: tuple[Decimal, ...] = ()
    expired: bool = False
    timed: bool = False
    realized: Decimal = ZERO
    since: datetime | None = None


class Losing(NamedTuple):
    """The levels that end the plan: where it is liquidated, and the nearer of that and the stop."""

    liquidation: Decimal | None
    nearest: Decimal | None
    is_stop: bool


class Rest(NamedTuple):
    """The net result of what is held at its stop, or at the price where it is `liquidated` before.

    `certain` is false where the brackets end before the stop: it may be liquidated on the way, and nobody knows where.
    """

    net: Decimal
    liquidated: Decimal | None
    certain: bool


class Over(NamedTuple):
    """The plan's end: what it adds to the result, at the levels and net, and the worst net that it may add.

    `from_price` and `start` belong to a trail: where it begins, and the stop that it starts with.
    """

    end: End
    gross: Decimal
    net: Decimal
    worst: Decimal | None
    from_price: Decimal | None = None
    start: Decimal | None = None


class Step(NamedTuple):
    """An event and what follows: another state and what an exit adds to the result, or the plan's end.

    `at_once` tells that it happens without price moving; `executed` is the fill or the exit that it was, if any. What
    is found on the way: `waited` are the tiers, as bits, that became live where they would have executed at once, not
    at their own price, and `moves` are the stop moves. Price is `at` another price than the event's where a limit was
    gone through.
    """

    event: Event
    state: State | None
    gross: Decimal = ZERO
    net: Decimal = ZERO
    over: Over | None = None
    at_once: bool = False
    waited: int = 0
    moves: tuple[StopMove, ...] = ()
    executed: Fill | ExitFill | None = None
    at: Decimal | None = None

    @property
    def where(self) -> Decimal:
        """Where price stands when it happens."""
        return self.event.price if self.at is None else self.at

    @property
    def result(self) -> Decimal:
        """What the event adds to the net result, be it the plan's end or not."""
        return self.net if self.over is None else self.over.net


class Fork(NamedTuple):
    """What can happen next: above and below the price, or at once (then on one side alone)."""

    up: Step | None
    down: Step | None
