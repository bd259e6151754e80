"""What is held, told by what happened: each holding is made once, and known by the fills and exits behind it.

Two paths with the same fills between the same exits hold the same, to the last digit. Told apart by averages they would
split or merge by rounding, so the key is the history: for every stretch between two exits the set of tiers that filled
in it (their order does not matter), and the prices of those that filled at another price than their own.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.ladder.exits import closed_quantity, held_fractions, rest_of
from scaleplan.ladder.lots import lot_of
from scaleplan.ladder.rungs import liquidation_of
from scaleplan.margin import Answer, Liquidation, initial_margin
from scaleplan.plan import Contract, MarginMode, Plan
from scaleplan.position import Costs, Position, nothing_held
from scaleplan.quantity.exact import ONE, ZERO

#: One stretch between exits: the tiers filled in it as bits, and the tiers that filled elsewhere than at their price.
Stretch = tuple[int, tuple[tuple[int, Decimal], ...]]
#: Stretches, and between them the indices of the targets that cut them.
History = tuple[Stretch | int, ...]


def bits(mask: int) -> tuple[int, ...]:
    """The numbers, from 1, of the bits that are set."""
    return tuple(number for number in range(1, mask.bit_length() + 1) if mask >> (number - 1) & 1)


class Holding(NamedTuple):
    """A position as it is held: `number` tells it apart, `filled` are all tiers that ever filled, as bits.

    `level_cost` is its cost at the levels, without slippage and spread. `first` is the position at the first exit,
    absent before it. `kept` is the part of isolated margin that is not a share of cost (`extra_margin`, the venue's
    reserve) which exits have not released.
    """

    number: int
    history: History
    filled: int
    position: Position
    level_cost: Decimal
    first: Position | None
    kept: Decimal
    margin: Decimal
    liquidation: Liquidation
    bankruptcy: Decimal | None


class Close(NamedTuple):
    """What an exit does: the result at the level, the net one, and what is held afterwards (absent: nothing)."""

    gross: Decimal
    net: Decimal
    rest: Holding | None


class Holdings:
    """All holdings of one plan, each made once."""

    __slots__ = ("_cross", "_known", "_left", "_lot", "_quantities", "all", "costs", "plan")

    def __init__(self, plan: Plan, quantities: tuple[Decimal, ...], costs: Costs) -> None:
        self.plan = plan
        self.costs = costs
        self.all: list[Holding] = []
        self._quantities = quantities
        self._known: dict[History, Holding] = {}
        self._left = held_fractions(plan.targets)
        self._lot = lot_of(plan)
        self._cross = plan.margin_mode is MarginMode.CROSS and plan.contract is not Contract.SPOT

    def none(self) -> Holding:
        """Nothing held, nothing filled."""
        return self._intern(((0, ()),), 0, nothing_held(self.plan), ZERO, None, ONE)

    def filled(self, held: Holding, tier: int, price: Decimal) -> Holding:
        """What is held after the tier at index `tier` fills at the level `price`."""
        bit = 1 << tier
        last = held.history[-1]
        if isinstance(last, int):
            raise TypeError("a history ends with a stretch")
        mask, elsewhere = last
        wanted = self.plan.tiers[tier]
        if price != wanted.price:
            elsewhere = tuple(sorted((*elsewhere, (tier, price))))
        history = (*held.history[:-1], (mask | bit, elsewhere))
        known = self._known.get(history)
        if known is not None:
            return known
        quantity = self._quantities[tier]
        fill = self.costs.entry_price(price, wanted.order, held.position.sign)
        position = held.position.filled(fill, quantity, self.costs.charge(wanted.order))
        at_level = quantity / price if position.inverse else quantity * price
        return self._intern(history, held.filled | bit, position, held.level_cost + at_level, held.first, held.kept)

    def closed(self, held: Holding, target: int, price: Decimal) -> Close:
        """What the target at index `target`, hit at the level `price`, brings and leaves."""
        wanted = self.plan.targets[target]
        if not wanted.close.share:
            return Close(ZERO, ZERO, held)
        position = held.position
        first = held.first or position
        quantity = closed_quantity(wanted, first, position, self._lot, remaining=self._left[target])
        if quantity <= 0:
            # Less than a lot: nothing is closed, so nothing ends the entries, and no first exit has been.
            return Close(ZERO, ZERO, held)
        part = position.part(quantity)
        fill = self.costs.exit_price(price, position.sign, wanted.order)
        net = part.net(fill, self.costs.charge(wanted.order))
        cost = held.level_cost if quantity == position.quantity else held.level_cost * quantity / position.quantity
        gross = position.slope * (part.worth(price) - cost)
        if quantity == position.quantity:
            return Close(gross, net, None)
        history = (*held.history, target, (0, ()))
        known = self._known.get(history)
        if known is None:
            rest = rest_of(position, quantity)
            part_kept = rest.quantity / position.quantity
            cost = held.level_cost * rest.quantity / position.quantity
            known = self._intern(history, held.filled, rest, cost, first, held.kept * part_kept)
        return Close(gross, net, known)

    def exit(self, held: Holding, price: Decimal) -> tuple[Decimal, Decimal]:
        """The result at the level and the net one if all that is held is stopped out at `price`."""
        position = held.position
        fill = self.costs.exit_price(price, position.sign)
        return self.at(held, price), position.net(fill, self.costs.taker)

    def at(self, held: Holding, price: Decimal) -> Decimal:
        """The P&L of what is held at `price`, entered at the levels."""
        return held.position.slope * (held.position.worth(price) - held.level_cost)

    def liquidation(self, held: Holding, realized: Decimal) -> tuple[Liquidation, Decimal | None]:
        """Where the holding is liquidated and bankrupt; `realized` is the net result of exits, cross margin's part."""
        if not self._cross or not realized:
            return held.liquidation, held.bankruptcy
        return liquidation_of(self.plan, held.position, held.margin, realized=realized)

    def lost(self, held: Holding, realized: Decimal) -> Decimal | None:
        """The net result of the holding if the margin behind it is lost; cross margin is the account's.

        For cross margin without equity nothing says how much that is.
        """
        if not self._cross:
            return -held.margin - held.position.entry_fees
        account = self.plan.account
        if account.equity is None:
            return None
        # An account of which others have spoken for more than all has nothing left to lose, and gains nothing.
        return min(ZERO, -(account.equity - account.reserved + realized))

    def abandoned(self, held: Holding, realized: Decimal) -> Decimal | None:
        """The most that a holding without a way out can lose: all it cost, or the margin behind it."""
        position = held.position
        all_of_it = -position.cost - position.entry_fees
        if self.plan.contract is Contract.SPOT:
            return all_of_it
        if held.liquidation.answer is Answer.NONE and position.slope > 0:
            return all_of_it
        return self.lost(held, realized)

    def _intern(
        self,
        history: History,
        filled: int,
        position: Position,
        level_cost: Decimal,
        first: Position | None,
        kept: Decimal,
    ) -> Holding:
        known = self._known.get(history)
        if known is not None:
            return known
        margin, bankruptcy = ZERO, None
        at = Liquidation(Answer.NONE)
        if position.quantity > 0:
            extra = self.plan.extra_margin
            margin = initial_margin(self.plan, position) - extra + extra * kept
            at, bankruptcy = liquidation_of(self.plan, position, margin, kept=kept)
        made = Holding(len(self.all), history, filled, position, level_cost, first, kept, margin, at, bankruptcy)
        self.all.append(made)
        self._known[history] = made
        return made
