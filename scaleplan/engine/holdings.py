"""Holdings of one plan: what fills and exits leave of a position, each worked out once, whatever order leads to it."""

from decimal import Decimal

from scaleplan.engine.closes import closed_quantity, counts_contracts, held_fractions
from scaleplan.engine.event import EventKind, ExitFill, Fill
from scaleplan.engine.holding import Backing, Bought, History, Holding
from scaleplan.engine.levels import target_price
from scaleplan.engine.margin import NO_LIQUIDATION, initial_margin, liquidation_of
from scaleplan.engine.position import Charge, contracts_of, costs_of, nothing_held
from scaleplan.engine.sizing import down, lot_of
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.exact import ONE, ZERO, times
from scaleplan.quantity.price import Anchor, Fixed, Reference

#: Of a tier whose quantity has no lot, so much may be missing for it to be complete.
_ALL_BUT = Decimal("0.01")


class Holdings:
    """Makes the holdings of one plan, whose tiers hold `quantities` (base; inverse: value in quote)."""

    def __init__(self, plan: Plan, quantities: tuple[Decimal, ...]) -> None:
        self.plan = plan
        self.quantities = quantities
        self.costs = costs_of(plan)
        #: What is held before the first fill.
        self.nothing = Holding(History(), nothing_held(plan), 0, (), ZERO, None, ONE)
        self._lot = lot_of(plan)
        #: What each target leaves of the position at the first exit; absent where that depends on the position.
        self._left = None if counts_contracts(plan.targets) else held_fractions(plan.targets, ONE)
        #: Whether isolated margin has a part that is no share of cost, which exits release.
        self._keeps = bool(plan.extra_margin) or (plan.margin is not None and bool(plan.margin.reserve))
        #: What a fill is worse by in price must leave something of a target's.
        self._least_price = plan.slippage_price + plan.spread / 2
        self._own: list[Fill | None] = [None] * len(plan.tiers)
        self._known: dict[History, Holding] = {}
        self._targets: dict[tuple[Holding, int], Decimal] = {}
        self._costs_an_order = bool(plan.fees.per_order)

    def forget(self) -> None:
        """Forgets what was worked out: memory alone, what is asked again is worked out again."""
        self._known.clear()
        self._targets.clear()

    # What stands behind a holding, and where its targets lie

    def backing(self, held: Holding) -> Backing:
        """Returns the margin behind a holding and where it is liquidated, realised results left out."""
        known = held.backing
        if known is None or known.plan is not self.plan:
            known = held.backing = self._backing(held)
        return known

    def _backing(self, held: Holding) -> Backing:
        if not held.position.quantity:
            return Backing(self.plan, ZERO, NO_LIQUIDATION)
        margin, extra = initial_margin(self.plan, held.position), self.plan.extra_margin
        if extra:
            margin = margin - extra + extra * held.kept
        return Backing(self.plan, margin, liquidation_of(self.plan, held.position, margin, kept=held.kept))

    def target(self, held: Holding, index: int) -> Decimal | None:
        """Returns where the target at `index` lies for what is held; absent where none is, or at no price above 0."""
        if index >= len(self.plan.targets):
            return None
        level = self.plan.targets[index].price
        price = level.price if isinstance(level, Fixed) else self.lies(held, index)
        return price if price > self._least_price else None

    def lies(self, held: Holding, index: int) -> Decimal:
        """Returns where the target at `index` lies for what is held, whatever its price.

        What an order costs however small it is weighs the more on a breakeven the less the target closes.
        """
        level = self.plan.targets[index].price
        if isinstance(level, Fixed):
            return level.price
        found = held, index
        price = self._targets.get(found)
        if price is None:
            position = held.position
            if self.by_part(index):
                position = position.part(self._closes(held, index) or position.quantity)
            price = self._targets[found] = target_price(self.plan, index, position)
        return price

    def by_part(self, index: int) -> bool:
        """Returns whether where the target at `index` lies depends on how much it closes."""
        level = self.plan.targets[index].price
        return self._costs_an_order and isinstance(level, Anchor) and level.reference is Reference.BREAKEVEN

    # Entries

    def missing(self, held: Holding, index: int) -> Decimal:
        """Returns what the tier at `index` still misses of its quantity; 0 where it is complete."""
        return ZERO if held.filled >> index & 1 else self.quantities[index] - held.executed(index)

    def planned_fill(self, held: Holding, index: int, level: Decimal) -> Fill:
        """Returns the fill of the tier at `index`, not complete, at a level: what it misses, with the plan's costs."""
        begun = held.executed(index) if held.begun else ZERO
        if not begun and level == self.plan.tiers[index].price:
            return self.own_fill(index)
        charge = self.costs.charge(self.plan.tiers[index].order)
        if begun:
            # What an order costs however small it is was paid with its first part.
            charge = charge._replace(per_order=ZERO)
        return self._made_fill(index, level, self.quantities[index] - begun, charge)

    def own_fill(self, index: int) -> Fill:
        """Returns the fill of the tier at `index` as planned: whole, at its own price."""
        known = self._own[index]
        if known is None:
            tier = self.plan.tiers[index]
            known = self._made_fill(index, tier.price, self.quantities[index], self.costs.charge(tier.order))
            self._own[index] = known
        return known

    def _made_fill(self, index: int, level: Decimal, quantity: Decimal, charge: Charge) -> Fill:
        price = self.costs.entry_price(level, self.plan.tiers[index].order, self.plan.sign)
        return Fill(index + 1, price, quantity, charge.of(self.nothing.position.value(price, quantity), quantity))

    def filled(self, held: Holding, fill: Fill, level: Decimal) -> Holding:
        """Returns what is held after a fill at a level."""
        index = None if fill.tier is None else fill.tier - 1
        taken, fee = self._fee(fill) if fill.fee_currency else (ZERO, fill.fee)
        before = held.history
        if index is not None and fill is self._own[index] and not before.bought and not before.mask >> index & 1:
            # The plain case: a tier as planned, where nothing else was bought.
            history = before.with_tier(1 << index)
        else:
            history = self._with_bought(before, fill, level, fee, taken)
        known = self._known.get(history)
        if known is not None:
            return known
        filled, begun = held.filled, held.begun
        if index is not None and not filled >> index & 1:
            executed = fill.quantity + held.executed(index)
            begun = tuple(part for part in begun if part[0] != index)
            if self._is_complete(index, executed):
                filled |= 1 << index
            else:
                begun = tuple(sorted((*begun, (index, executed))))
        quantity = fill.quantity - taken
        position = held.position.bought(fill.price, quantity, fee)
        cost = held.level_cost + held.position.value(level, quantity)
        made = self._known[history] = Holding(history, position, filled, begun, cost, held.first, held.kept)
        return made

    def _with_bought(self, history: History, fill: Fill, level: Decimal, fee: Decimal, taken: Decimal) -> History:
        """Returns the history after a fill at a level, for a fee in settle currency, or in as much of the quantity."""
        bought = Bought(fill.tier or 0, level, fill.price, fill.quantity, fee, taken)
        if fill.tier is None:
            return history.with_bought(bought, None, 0)
        own = self.own_fill(fill.tier - 1)
        planned = Bought(fill.tier, self.plan.tiers[fill.tier - 1].price, own.price, own.quantity, own.fee, ZERO)
        return history.with_bought(bought, planned, 1 << fill.tier - 1)

    def _fee(self, fill: Fill) -> tuple[Decimal, Decimal]:
        """Returns the part of the quantity that the fee takes, and its value in settle currency."""
        plan = self.plan
        if fill.fee_currency == plan.settle or not fill.fee:
            return ZERO, fill.fee
        if plan.contract is not Contract.SPOT or fill.fee_currency != plan.symbol.base:
            raise ValueError(f"a fee in {fill.fee_currency} has to be counted in {plan.settle} first")
        if fill.fee >= fill.quantity:
            raise ValueError(f"a fee of {fill.fee} leaves nothing of the {fill.quantity} bought")
        return fill.fee, fill.fee * fill.price

    def _is_complete(self, index: int, executed: Decimal) -> bool:
        """Whether less than a lot is missing, or without a lot no more than a hundredth."""
        missing = self.quantities[index] - executed
        return missing <= 0 or missing < (self._lot or _ALL_BUT * self.quantities[index])

    # Exits

    def planned_exit(self, held: Holding, index: int, level: Decimal) -> ExitFill | None:
        """Returns the exit that the target at `index` makes at the price `level`; absent where it closes nothing."""
        quantity = self._closes(held, index)
        if quantity <= 0:
            # Less than a lot: nothing is closed, so nothing ends the entries, and no first exit has been.
            return None
        target, position = self.plan.targets[index], held.position
        price = self.costs.exit_price(level, self.plan.sign, target.order)
        fee = self.costs.charge(target.order).of(position.value(price, quantity), quantity)
        return ExitFill(EventKind.TARGET, index + 1, price, quantity, fee)

    def timed_exit(self, held: Holding, level: Decimal) -> ExitFill | None:
        """Returns the exit that the time stop makes at the price `level`; absent where it closes nothing."""
        time_stop, position = self.plan.time_stop, held.position
        if time_stop is None or not position.quantity:
            return None
        quantity = position.quantity
        if time_stop.close != 1:
            quantity = min(down(times(time_stop.close, quantity), self._lot), quantity)
        if quantity <= 0:
            return None
        price = self.costs.exit_price(level, self.plan.sign)
        fee = self.costs.taker.of(position.value(price, quantity), quantity)
        return ExitFill(EventKind.TIME_STOP, 0, price, quantity, fee)

    def _closes(self, held: Holding, index: int) -> Decimal:
        """Returns the quantity that the target at `index` closes of what is held."""
        target = self.plan.targets[index]
        if not target.close.amount:
            return ZERO
        position = held.position
        whole = held.first or position
        left = self._left
        if left is None:
            left = held_fractions(self.plan.targets, contracts_of(self.plan, whole.quantity))
        return closed_quantity(self.plan, target, whole, position, self._lot, remaining=left[index])

    def without(self, held: Holding, quantity: Decimal, *, by_target: bool) -> Holding:
        """Returns what is held after `quantity` of it, and not all, is closed."""
        by_target = by_target or held.history.by_target
        history = History(before=held.history, quantity=quantity, by_target=by_target)
        known = self._known.get(history)
        if known is not None:
            return known
        position = held.position
        rest = position.without(quantity)
        # Where nothing was slipped, cost at the levels is cost: one figure for both.
        at_levels = held.level_cost == position.cost
        cost = rest.cost if at_levels else held.level_cost * rest.quantity / position.quantity
        kept = held.kept * (rest.quantity / position.quantity) if self._keeps else held.kept
        made = Holding(history, rest, held.filled, held.begun, cost, held.first or position, kept)
        self._known[history] = made
        return made
