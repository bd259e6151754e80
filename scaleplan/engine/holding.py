"""A holding is a position told apart by the fills and exits that made it.

Two orders of the same fills between the same exits hold the same, to the last digit. Told apart by averages they would
split or merge by rounding, so a holding is known by its history: the stretch since the last exit, with the tiers that
filled whole at their own price and whatever else was bought, in no order; and before that exit the holding that it was
made from.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.margin import Liquidation
from scaleplan.engine.position import Position
from scaleplan.quantity.exact import ZERO


def bits(mask: int) -> tuple[int, ...]:
    """The numbers, from 1, of the bits that are set."""
    return tuple(number for number, bit in enumerate(f"{mask:b}"[::-1], start=1) if bit == "1")


class Bought(NamedTuple):
    """What was bought otherwise than as the plan has it, at one price: of a tier (from 1), or of none (0).

    `quantity` was executed at `price`, where the plan's level was `level`; `fee` is in the settle currency, and as much
    as `taken` of the quantity went for it.
    """

    tier: int
    level: Decimal
    price: Decimal
    quantity: Decimal
    fee: Decimal
    taken: Decimal


class Exited(NamedTuple):
    """The exit behind which a stretch begins: what was held before, and how much of it was closed.

    `by_target` tells that a target has closed something, here or before.
    """

    before: "Holding"
    quantity: Decimal
    by_target: bool


class History(NamedTuple):
    """What tells a holding apart: the exit before the stretch, and what filled in it."""

    exited: Exited | None
    mask: int
    bought: tuple[Bought, ...]


class Backing(NamedTuple):
    """What stands behind a holding: its margin, and where it is liquidated."""

    margin: Decimal
    liquidation: Liquidation


class Holding:
    """What is held, and the history that tells it apart. Immutable; equal where the history is.

    `filled` are all tiers that are complete, as bits; `begun` has the executed quantity of those (by index) that have
    been begun and are not. `level_cost` is the cost at the levels, without slippage and spread. `first` is the position
    at the first exit, absent before it. `kept` is the part of isolated margin that is not a share of cost
    (`extra_margin`, the venue's reserve) which exits have not released. `backing` is filled in when it is asked for.
    """

    __slots__ = ("_hash", "backing", "begun", "filled", "first", "history", "kept", "level_cost", "position")

    def __init__(
        self,
        history: History,
        position: Position,
        filled: int,
        begun: tuple[tuple[int, Decimal], ...],
        level_cost: Decimal,
        first: Position | None,
        kept: Decimal,
    ) -> None:
        self.history = history
        self.position = position
        self.filled = filled
        self.begun = begun
        self.level_cost = level_cost
        self.first = first
        self.kept = kept
        self.backing: Backing | None = None
        self._hash = hash(history)

    @property
    def by_target(self) -> bool:
        """Whether a target has closed something."""
        exited = self.history.exited
        return exited is not None and exited.by_target

    def executed(self, index: int) -> Decimal:
        """The quantity that has been executed of a tier (by index) that is not complete."""
        return next((quantity for begun, quantity in self.begun if begun == index), ZERO)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Holding) and self.history == other.history)
