"""Events are what can happen to a trade: entries and exits that were executed, and the levels that price met.

A `Fill` is the only way into a position and an `ExitFill` the only way out, planned or actual: the plan's own are made
by the machine, with the plan's prices, quantities and fees; actual ones carry what the venue did.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.quantity.exact import ZERO


class EventKind(StrEnum):
    """What can happen to a plan, in the order in which it does where several lie at one price.

    What the clock or a trader does, at no level of the plan, comes last.
    """

    LIQUIDATION = "liquidation"
    STOP = "stop"
    INVALIDATION = "invalidation"
    TARGET = "target"
    TRAIL = "trail"
    AFTER = "after"
    TIER = "tier"
    EXPIRY = "expiry"
    TIME_STOP = "time stop"
    UNLESS = "unless"
    BY_HAND = "by hand"


class Event(NamedTuple):
    """Something that happens at `price`; `number` is the tier's or the target's, else 0.

    For a liquidation, `stop` is the stop in force that price did not get to, and `latest` tells that `price` is where
    it comes at the latest: nobody knows where before.
    """

    kind: EventKind
    number: int
    price: Decimal
    stop: Decimal | None = None
    latest: bool = False

    @property
    def name(self) -> str:
        """The event in words, without its price: `tier 1`, `stop`."""
        return f"{self.kind} {self.number}" if self.number else str(self.kind)


class End(StrEnum):
    """How a plan can end. `open` has no way out left, or under drift one that price never gets to.

    `closed` is an actual end alone: by the trader's own hand or the clock.
    """

    STOPPED = "stopped"
    LIQUIDATED = "liquidated"
    TARGETS = "targets"
    TRAIL = "trail"
    OPEN = "open"
    NOT_ENTERED = "not entered"
    CLOSED = "closed"


class Fill(NamedTuple):
    """An entry that was executed.

    `tier` counts from 1; without it the entry is none of the plan's. `price` is the price of execution in quote,
    `quantity` is in base (inverse: value in quote). `fee` counts in `fee_currency`: the settle currency where that is
    empty, or on spot the coin bought, out of which it is taken. `at` is the moment, for an actual fill.
    """

    tier: int | None
    price: Decimal
    quantity: Decimal
    fee: Decimal = ZERO
    fee_currency: str = ""
    at: datetime | None = None


class ExitFill(NamedTuple):
    """An exit that was executed: some of what is held, or all of it.

    `kind` says what closed it: a target (`number`, from 1), the stop, the trail, a liquidation, the time stop, or the
    trader's own hand. `price`, `quantity`, `fee` and `at` are as in a `Fill`; the fee is in the settle currency.
    """

    kind: EventKind
    number: int
    price: Decimal
    quantity: Decimal
    fee: Decimal = ZERO
    at: datetime | None = None


class Touch(NamedTuple):
    """Price has met the `after` price of `tier` (from 1)."""

    tier: int
    price: Decimal
