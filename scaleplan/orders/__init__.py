"""Orders of a plan: what rests at the venue now, and what to place, amend and cancel after each event.

One list, made by the machine along the order listed: every tier, then every target. What it is written as (a table,
CSV, calls of ccxt, a signal, a script of a chart) is for reports. Nothing is ever sent.
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.plan import Plan


class OrderType(StrEnum):
    """How a venue executes an order. The last two wait until price meets their trigger."""

    LIMIT = "limit"
    MARKET = "market"
    STOP_MARKET = "stop-market"
    TAKE_PROFIT_MARKET = "take-profit-market"


class Whose(StrEnum):
    """What of the plan an order is for; the first letter of its id."""

    TIER = "tier"
    STOP = "stop"
    TARGET = "target"


class VenueOrder(NamedTuple):
    """One order as it is placed: on the tick and the lot. It is told apart by its `id`: `t1`, `s`, `x2`.

    `number` is the tier's or the target's, 0 for the stop. `quantity` is in base (inverse: value in quote). A limit has
    a `price`, a stop a `trigger`, a market order neither. `reduce_only` orders close what is held and open nothing.
    `at` is the price that the plan expects it to fill at.
    """

    whose: Whose
    number: int
    buys: bool
    type: OrderType
    quantity: Decimal
    price: Decimal | None
    trigger: Decimal | None
    reduce_only: bool
    at: Decimal

    @property
    def id(self) -> str:
        """What tells it apart within the plan."""
        return {Whose.TIER: "t", Whose.STOP: "s", Whose.TARGET: "x"}[self.whose] + (str(self.number or ""))

    @property
    def level(self) -> str:
        """What of the plan it is for: `tier 1`, `stop`."""
        return f"{self.whose} {self.number}" if self.number else str(self.whose)

    @property
    def side(self) -> str:
        """`buy` or `sell`."""
        return "buy" if self.buys else "sell"


class OrderEventKind(StrEnum):
    """What a step follows: the beginning, a price that had to trade, a fill, a target."""

    NOW = "now"
    AFTER = "after"
    PRICE = "price"
    TIER = "tier"
    TARGET = "target"


class OrderEvent(NamedTuple):
    """What happens before a step: a tier fills, a target is hit, a price trades that tier `number` waits for.

    `price` is absent at the beginning.
    """

    kind: OrderEventKind
    number: int
    price: Decimal | None


class OrderStep(NamedTuple):
    """One event and what to do then: cancel, amend, place, in this order; `number` counts from 1.

    `traded` is what the event bought or closed, `held` the quantity held afterwards, `resting` the ids of all orders
    that rest then. With `entries_end` whatever tier still rests is to be cancelled. With `trails` the stop follows
    price from here on, which no order of the list does. `ends` says that nothing is held any more.
    """

    number: int
    event: OrderEvent
    cancel: tuple[VenueOrder, ...]
    amend: tuple[VenueOrder, ...]
    place: tuple[VenueOrder, ...]
    traded: Decimal
    held: Decimal
    resting: tuple[str, ...]
    entries_end: bool = False
    trails: bool = False
    ends: bool = False


class OrderList(NamedTuple):
    """The orders of a plan, step by step. `key` is told by the plan's text: eight hexadecimal digits.

    `lot` is the step of its quantities. `left_out` are the tiers (from 1) that no path fills, and of which nothing is
    placed; `not_filled` those that rest while the list goes past them; `idle` the targets that close nothing.
    """

    plan: Plan
    key: str
    steps: tuple[OrderStep, ...]
    lot: Decimal
    left_out: tuple[int, ...]
    not_filled: tuple[int, ...]
    idle: tuple[int, ...]
