"""Review: trades that are over, held against their plans, against the whole size at once, and against each other.

Of each trade a record of what it came to (`TradeReview`), worked out once; of many the figures over them (`summary`).
Money is exact and in the settle currency of its trade; what is compared over trades is in R of the first lock.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.engine.event import EventKind
from scaleplan.engine.risk import in_r
from scaleplan.quantity.exact import ZERO


class Waterfall(NamedTuple):
    """What a trade came to in six sums, each with one thing more as it really was; the last is the net result.

    `planned` is the plan's own prices, quantities and fees for the tiers and exits that happened. `entry_prices` are
    then actual, then the quantities entered (`sizes`), then prices and quantities of exits, then fees: `done`.
    """

    planned: Decimal
    entry_prices: Decimal
    sizes: Decimal
    exits: Decimal
    done: Decimal

    @property
    def steps(self) -> tuple[Decimal, ...]:
        """Returns the first sum and what each thing adds to it: together they are the last."""
        return (
            self.planned,
            self.entry_prices - self.planned,
            self.sizes - self.entry_prices,
            self.exits - self.sizes,
            self.done - self.exits,
        )


#: What the steps of a waterfall are called, as fields of a record.
STEPS = ("planned", "entry_prices", "sizes", "exits", "fees")


class Lump(NamedTuple):
    """The whole size entered at the first fill's price: its net result, and scaled so that the stop costs it 1R.

    `costs` are fees and slippage of the same size. `same_risk` is absent where the plan has no stop, or no 1R.
    """

    quantity: Decimal
    same_size: Decimal
    same_risk: Decimal | None
    costs: Decimal


class TradeCosts(NamedTuple):
    """What a trade paid: fees, what its fills were worse by than the levels that they were for, and funding.

    Below zero is received.
    """

    fees: Decimal
    slippage: Decimal
    funding: Decimal


class AdherencePart(StrEnum):
    """What of a plan can be followed or not."""

    ENTRIES = "entries"
    SIZE = "size"
    ORDER = "order"
    STOP_SET = "stop set"
    STOP_MOVES = "stop moves"
    EXITS = "exits"
    NO_RE_ENTRY = "no re-entry"
    PLAN_KEPT = "plan kept"
    LOCKED_IN_TIME = "locked in time"


class Followed(NamedTuple):
    """How often a thing was followed, of the times that it could be."""

    check: AdherencePart
    followed: int
    applicable: int


class Excursion(NamedTuple):
    """The worst and the best net result of the whole trade, closed at once; `left_out` are bars with fills inside."""

    worst: Decimal
    best: Decimal
    left_out: int


class TradeReview(NamedTuple):
    """What one trade came to. Money is in `settle`; `tiers` are those complete, `hits` the targets hit.

    `targets` is how many targets its plan has. `codes` are those of all deviations, in their order, `reported` those
    that the locked plan does not silence.
    """

    number: int
    id: str
    closed_at: datetime
    zone: str
    symbol: str
    settle: str
    end: EventKind
    one_r: Decimal | None
    net: Decimal
    steps: Waterfall
    tiers: tuple[int, ...]
    hits: int
    targets: int
    lump: Lump
    costs: TradeCosts
    checks: tuple[Followed, ...]
    codes: tuple[str, ...]
    reported: tuple[str, ...]
    late: bool
    stands_in: int
    excursion: Excursion | None = None

    @property
    def r(self) -> Decimal | None:
        """Returns the net result in R; absent where there is no 1R."""
        return self.in_r(self.net)

    def in_r(self, amount: Decimal | None) -> Decimal | None:
        """Returns an amount in R of the first lock; absent where there is no 1R."""
        return in_r(amount, self.one_r)

    def in_r_or_0(self, amount: Decimal) -> Decimal:
        """Returns an amount in R, 0 without a 1R: for sums over trades of which those without it are left out."""
        found = self.in_r(amount)
        return ZERO if found is None else found

    @property
    def followed(self) -> int:
        """Returns how many things were followed."""
        return sum(check.followed for check in self.checks)

    @property
    def applicable(self) -> int:
        """Returns how many things could be followed."""
        return sum(check.applicable for check in self.checks)


def result_of(slope: int, entries: Decimal, exits: Decimal, fees: Decimal) -> Decimal:
    """Returns the net result of what is flat: what it was worth at its exits less at its entries, less fees.

    Linear `s (sum q p of exits - of entries)`, inverse `-s (sum N/p of exits - of entries)`: `slope` has the sign.
    """
    return slope * (exits - entries) - fees
