"""A holding is a position known by the fills and exits that made it.

Two orders of the same fills between the same exits are one holding. Known by their averages they would split or merge
by rounding, so a holding is known by its history: the stretch since the last exit, with the tiers that filled whole at
their own price and whatever else was bought, in no order; and before that exit the history that it follows. Which of
two orders a machine met first shows in the fiftieth digit, and nowhere else.
"""

from bisect import bisect_left
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.margin import Liquidation
from scaleplan.engine.position import Position
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ZERO


def bits(mask: int) -> tuple[int, ...]:
    """Returns the numbers, from 1, of the bits that are set."""
    return tuple(number for number, bit in enumerate(f"{mask:b}"[::-1], start=1) if bit == "1")


class Bought(NamedTuple):
    """All that was bought in a stretch of one tier (from 1), or of none (0), for one level at one price.

    `quantity` was executed at `price`, where the plan's level was `level`; `fee` is in the settle currency, and as much
    as `taken` of the quantity went for it.
    """

    tier: int
    level: Decimal
    price: Decimal
    quantity: Decimal
    fee: Decimal
    taken: Decimal


class History:
    """What tells a holding apart. Immutable; its hash is worked out once, since every later history builds on it.

    `before` is what the last exit closed `quantity` of, absent before the first; `by_target` says that a target has
    closed something, there or before. Since then the tiers in `mask`, as bits, filled whole and as planned; `bought` is
    all else, in order of tier, level and price, which no two share.
    """

    __slots__ = ("_bought_hash", "_hash", "before", "bought", "by_target", "mask", "quantity")

    def __init__(
        self,
        mask: int = 0,
        bought: tuple[Bought, ...] = (),
        *,
        before: "History | None" = None,
        quantity: Decimal = ZERO,
        by_target: bool = False,
        bought_hash: int | None = None,
    ) -> None:
        self.mask = mask
        self.bought = bought
        self.before = before
        self.quantity = quantity
        self.by_target = by_target
        # A sum, so that one purchase more among thousands costs no more than the first.
        self._bought_hash: int = sum(map(hash, bought)) if bought_hash is None else bought_hash
        earlier = 0 if before is None else hash(before)
        self._hash: int = hash((mask, self._bought_hash, quantity, by_target, earlier))

    def with_tier(self, bit: int) -> "History":
        """Returns the history with one tier more, or less, that filled as planned."""
        return self._since_exit(self.mask ^ bit, self.bought, self._bought_hash)

    def with_bought(self, bought: Bought, planned: Bought | None, bit: int) -> "History":
        """Returns the history with one purchase more, of the tier of `bit` or of none.

        Purchases for one level at one price add up, and are the tier as planned where their sum is `planned`.
        """
        if planned is not None and self.mask & bit and planned[:3] == bought[:3]:
            return self.with_tier(bit).with_bought(planned, None, 0).with_bought(bought, None, 0)
        at = after = bisect_left(self.bought, bought[:3], key=lambda other: other[:3])
        total = self._bought_hash
        if at < len(self.bought) and self.bought[at][:3] == bought[:3]:
            twin, after = self.bought[at], at + 1
            bought = Bought(*bought[:3], *(more + had for more, had in zip(bought[3:], twin[3:], strict=True)))
            total -= hash(twin)
        if bought == planned:
            return self._since_exit(self.mask | bit, (*self.bought[:at], *self.bought[after:]), total)
        return self._since_exit(self.mask, (*self.bought[:at], bought, *self.bought[after:]), total + hash(bought))

    def _since_exit(self, mask: int, bought: tuple[Bought, ...], bought_hash: int) -> "History":
        return History(
            mask,
            bought,
            before=self.before,
            quantity=self.quantity,
            by_target=self.by_target,
            bought_hash=bought_hash,
        )

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, History):
            return NotImplemented
        # One exit after the other, not one inside the other: a trade may have thousands.
        mine: History | None = self
        theirs: History | None = other
        while mine is not theirs:
            if mine is None or theirs is None or hash(mine) != hash(theirs) or mine._stretch != theirs._stretch:
                return False
            mine, theirs = mine.before, theirs.before
        return True

    @property
    def _stretch(self) -> tuple[object, ...]:
        """What happened from the last exit on, that included."""
        return self.mask, self.bought, self.quantity, self.by_target


class Backing(NamedTuple):
    """What stands behind a holding by the terms of a plan: its margin, and where it is liquidated."""

    plan: Plan
    margin: Decimal
    liquidation: Liquidation


class Holding:
    """What is held, and the history that tells it apart. Immutable; equal where the history is.

    `filled` are all tiers that are complete, as bits; `begun` has the executed quantity of those (by index) that have
    been begun and are not. `level_cost` is the cost at the levels, without slippage and spread. `first` is the position
    at the first exit, absent before it. `kept` is the part of isolated margin that is not a share of cost
    (`extra_margin`, the venue's reserve) which exits have not released. `backing` is what was asked for last.
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
        self._hash: int = hash(history)

    def executed(self, index: int) -> Decimal:
        """Returns the quantity that has been executed of a tier (by index) that is not complete."""
        return next((quantity for begun, quantity in self.begun if begun == index), ZERO)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Holding) and self.history == other.history)
