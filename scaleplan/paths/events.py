"""Events are what can happen to a plan, and how it can end: all that the machine itself needs of what is told.

The rest of what the walk tells is in `records`, which a check of a plan need not load.
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class EventKind(StrEnum):
    """What can happen to a plan, in the order in which it does where several lie at one price."""

    LIQUIDATION = "liquidation"
    STOP = "stop"
    INVALIDATION = "invalidation"
    TARGET = "target"
    TRAIL = "trail"
    AFTER = "after"
    TIER = "tier"


class Event(NamedTuple):
    """Something that happens at `price`; `number` is the tier's or the target's, else 0.

    For a liquidation, `stop` is the stop in force that price did not get to.
    """

    kind: EventKind
    number: int
    price: Decimal
    stop: Decimal | None = None


class End(StrEnum):
    """How a plan can end. `open` has no way out left, or under drift one that price never gets to."""

    STOPPED = "stopped"
    LIQUIDATED = "liquidated"
    TARGETS = "targets"
    TRAIL = "trail"
    OPEN = "open"
    NOT_ENTERED = "not entered"
