"""The machine of one plan applies an event to a state: what a fill, a target, a stop move, an exit does.

The only place where that is decided. Events come from a tape: the order listed (`ladder`), every order (`paths`), or
what a venue did. A planned event is made here, with the plan's price, quantity and fee, and applied like any other.
Nothing is collected on the machine: what a step finds (a tier that waits, a stop that would loosen) is in the step.
What it keeps is what it has worked out before: each holding once, however many orders of fills lead to it.
"""

from decimal import Decimal

from scaleplan.engine.closes import closed_quantity, held_fractions, trail_start
from scaleplan.engine.event import End, Event, EventKind, ExitFill, Fill, Touch
from scaleplan.engine.holding import Backing, Bought, Exited, History, Holding
from scaleplan.engine.levels import StopMove, level_price, moved, target_price, tighter
from scaleplan.engine.lots import lot_of
from scaleplan.engine.margin import (
    NO_LIQUIDATION,
    Answer,
    Liquidation,
    bankruptcy_of,
    initial_margin,
    liquidation_of,
)
from scaleplan.engine.position import Charge, costs_of, nothing_held
from scaleplan.engine.state import Over, State, Step
from scaleplan.engine.unreckonable import Unreckonable
from scaleplan.plan import AfterTier, Contract, EntriesEnd, Level, MarginMode, Order, Plan
from scaleplan.quantity.exact import ONE, ZERO, same
from scaleplan.quantity.price import Anchor, Fixed, Reference

#: Of a tier whose quantity has no lot, so much may be missing for it to be complete.
_ALL_BUT = Decimal("0.01")
#: How a plan ends whose last holding is closed so.
_ENDS = {
    EventKind.STOP: End.STOPPED,
    EventKind.LIQUIDATION: End.LIQUIDATED,
    EventKind.TARGET: End.TARGETS,
    EventKind.TRAIL: End.TRAIL,
}
_NOTHING_BACKS = Backing(ZERO, NO_LIQUIDATION)


class Machine:
    """Applies events to the states of one plan, whose tiers hold `quantities` (base; inverse: value in quote).

    Everything runs in the exact context of the caller.
    """

    def __init__(self, plan: Plan, quantities: tuple[Decimal, ...]) -> None:
        self.plan = plan
        self.quantities = quantities
        self.sign = plan.sign
        self.costs = costs_of(plan)
        self._nothing = nothing_held(plan)
        #: Whether the account stands behind the position, and realised results with it.
        self.cross = plan.margin_mode is MarginMode.CROSS and plan.contract is not Contract.SPOT
        self._lot = lot_of(plan)
        #: Whether isolated margin has a part that is no share of cost, which exits release.
        self._keeps = bool(plan.extra_margin) or (plan.margin is not None and bool(plan.margin.reserve))
        #: What a fill is worse by in price must leave something of a target's.
        self._least_price = plan.slippage_price + plan.spread / 2
        self._left = held_fractions(plan.targets)
        #: Targets hit at which entries end whatever was closed, and whether a target that closes ends them.
        trails = bool(plan.targets) and plan.targets[-1].trail is not None
        self._entries_end_at = len(plan.targets) if trails else len(plan.targets) + 1
        self._exit_ends_entries = plan.entries_end is EntriesEnd.FIRST_TARGET
        self._all = (1 << len(plan.tiers)) - 1
        self._marked = _marked(plan)
        self._followers = _followers(plan)
        self._own: list[Fill | None] = [None] * len(plan.tiers)
        self._known: dict[History, Holding] = {}
        self._targets: dict[tuple[Holding, int], Decimal | None] = {}

    # Where it begins, and what of a state decides the future

    def flat(self, price: Decimal) -> State:
        """Returns the state before any fill, with price at `price`."""
        nothing = self._known.get(_NO_HISTORY)
        if nothing is None:
            nothing = self._known[_NO_HISTORY] = Holding(_NO_HISTORY, self._nothing, 0, (), ZERO, None, ONE)
        waiting = 0
        for index, tier in enumerate(self.plan.tiers):
            if tier.after is None and self._at_once(index, price):
                waiting |= 1 << index
        return State(nothing, 0, waiting, 0, price, self.plan.stop)

    def waited_at(self, price: Decimal) -> int:
        """Returns the tiers, as bits, that are live from the start and execute at once, not at their own price."""
        waited = 0
        for index, tier in enumerate(self.plan.tiers):
            if tier.after is None and self._at_once(index, price) and not same(tier.price, price):
                waited |= 1 << index
        return waited

    def key(self, state: State) -> State:
        """Returns the state without what does not decide its future: states with equal keys have the same one.

        The result so far counts where margin is cross: it stands behind the position.
        """
        if state.since is None and (self.cross or not state.realized):
            return state
        return state._replace(realized=state.realized if self.cross else ZERO, since=None)

    def forget(self) -> None:
        """Forgets the holdings that were worked out: memory alone, what is asked again is worked out again."""
        self._known.clear()
        self._targets.clear()

    # What stands in a state

    def backing(self, held: Holding) -> Backing:
        """Returns the margin behind a holding and where it is liquidated, realised results left out."""
        if held.backing is None:
            held.backing = self._backing(held) if held.position.quantity > 0 else _NOTHING_BACKS
        return held.backing

    def _backing(self, held: Holding) -> Backing:
        extra = self.plan.extra_margin
        margin = initial_margin(self.plan, held.position) - extra + extra * held.kept
        return Backing(margin, liquidation_of(self.plan, held.position, margin, kept=held.kept))

    def liquidation(self, state: State) -> Liquidation:
        """Returns where the position is liquidated; on cross margin results so far count."""
        margin, at = self.backing(state.held)
        if not self.cross or not state.realized:
            return at
        return liquidation_of(self.plan, state.held.position, margin, realized=state.realized)

    def bankruptcy(self, state: State) -> Decimal | None:
        """Returns where the position is bankrupt, as `liquidation` does; absent where it never is."""
        held = state.held
        if not held.position.quantity:
            return None
        realized = state.realized if self.cross else ZERO
        return bankruptcy_of(self.plan, held.position, self.backing(held).margin, realized)

    def target(self, held: Holding, index: int) -> Decimal | None:
        """Returns where the target at `index` lies for what is held; absent where none is, or at no price above 0."""
        if index >= len(self.plan.targets):
            return None
        level = self.plan.targets[index].price
        if isinstance(level, Fixed) and level.price > self._least_price:
            return level.price
        found = held, index
        if found not in self._targets:
            try:
                self._targets[found] = target_price(self.plan, index, held.position)
            except Unreckonable:
                self._targets[found] = None
        return self._targets[found]

    def trailing_stop(self, state: State) -> Decimal | None:
        """Returns the stop in force, from the last target on that of a trail that begins at the state's price."""
        trail = self.plan.targets[-1].trail if self.plan.targets else None
        if trail is None or state.hits < len(self.plan.targets):
            return state.stop
        start = trail_start(trail, state.price, self.sign)
        return start if start > 0 and tighter(start, state.stop, self.sign) else state.stop

    def entries_ended(self, state: State) -> bool:
        """Whether unfilled tiers are cancelled: by the first target that closed something, or by a trail."""
        return state.hits >= self._entries_end_at or (self._exit_ends_entries and state.held.by_target)

    def missing(self, held: Holding, index: int) -> Decimal:
        """Returns what the tier at `index` still misses of its quantity; 0 where it is complete."""
        return ZERO if held.filled >> index & 1 else self.quantities[index] - held.executed(index)

    # Events

    def apply(self, state: State, event: Fill | ExitFill | Touch) -> Step:
        """Applies an event, planned or actual. Raises `ValueError` for one that cannot be."""
        if isinstance(event, Fill):
            return self.fill(state, event)
        return self.exit(state, event) if isinstance(event, ExitFill) else self.touch(state, event.tier, event.price)

    def touch(self, state: State, tier: int, price: Decimal) -> Step:
        """Price has met the `after` price of a tier (from 1): it is live."""
        bit = 1 << (tier - 1)
        live, waited = self._live(tier - 1, price)
        waiting = state.waiting | live
        after = state._replace(touched=state.touched | bit, waiting=waiting, price=price)
        return Step(Event(EventKind.AFTER, tier, price), self._settled(after), waited=waited)

    def planned_fill(self, held: Holding, index: int, level: Decimal) -> Fill:
        """Returns the fill of the tier at `index` at a level, as planned: what it still misses, with its costs."""
        begun = held.executed(index) if held.begun else ZERO
        if not begun and level == self.plan.tiers[index].price:
            return self._own_fill(index)
        charge = self.costs.charge(self.plan.tiers[index].order)
        # What an order costs however small it is was paid with its first part.
        return self._made_fill(
            index, level, self.quantities[index] - begun, charge._replace(per_order=ZERO) if begun else charge
        )

    def _own_fill(self, index: int) -> Fill:
        """The fill of a tier as planned: whole, at its own price."""
        known = self._own[index]
        if known is None:
            tier = self.plan.tiers[index]
            known = self._made_fill(index, tier.price, self.quantities[index], self.costs.charge(tier.order))
            self._own[index] = known
        return known

    def _made_fill(self, index: int, level: Decimal, quantity: Decimal, charge: Charge) -> Fill:
        price = self.costs.entry_price(level, self.plan.tiers[index].order, self.sign)
        return Fill(index + 1, price, quantity, charge.of(self._nothing.value(price, quantity), quantity))

    def fill(self, state: State, fill: Fill, level: Decimal | None = None) -> Step:
        """Applies an entry, planned or actual; `level` is the plan's level that it was executed for, if it had one.

        A tier's `stop` comes into force, and the tiers after it become live, when it is complete. More of a tier that
        is complete moves its stop anew, never looser. Raises `ValueError` for what no venue executes.
        """
        if (
            fill.price <= 0
            or fill.quantity <= 0
            or (fill.tier is not None and not 0 < fill.tier <= len(self.quantities))
        ):
            raise ValueError(f"not a fill of this plan: {fill}")
        index = None if fill.tier is None else fill.tier - 1
        if level is None:
            planned = None if index is None else self._own_fill(index)
            level = fill.price
            if planned is not None and index is not None and fill.price == planned.price:
                level = self.plan.tiers[index].price
        held = self._bought(state.held, index, fill, level)
        stop, locks, move, waiting, waited = state.stop, state.locks, None, state.waiting, 0
        if index is not None and held.filled >> index & 1:
            more = state.held.filled >> index & 1
            tier = self.plan.tiers[index]
            if tier.stop is not None:
                move, stop, locks = self._moved(tier.stop, "tiers", index, held, state, level, state.hits)
            for other in () if more else self._followers[index]:
                live, waits = self._live(other, level)
                waiting |= live
                waited |= waits
            move = None if more else move
        after = State(
            held,
            state.touched,
            waiting,
            state.hits,
            level,
            stop,
            locks,
            state.marks,
            state.realized,
            fill.at if state.since is None else state.since,
        )
        event = Event(EventKind.TIER, fill.tier or 0, level)
        return Step(event, self._settled(after), ZERO, ZERO, None, False, waited, move, fill)  # noqa: FBT003

    def planned_exit(self, held: Holding, index: int, level: Decimal) -> ExitFill | None:
        """Returns the exit that the target at `index` makes at the price `level`; absent where it closes nothing."""
        target = self.plan.targets[index]
        if not target.close.share:
            return None
        position = held.position
        quantity = closed_quantity(target, held.first or position, position, self._lot, remaining=self._left[index])
        if quantity <= 0:
            # Less than a lot: nothing is closed, so nothing ends the entries, and no first exit has been.
            return None
        price = self.costs.exit_price(level, self.sign, target.order)
        charge = self.costs.charge(target.order)
        return ExitFill(
            EventKind.TARGET, index + 1, price, quantity, charge.of(self._nothing.value(price, quantity), quantity)
        )

    def hit(self, state: State, price: Decimal, level: Decimal | None = None) -> Step:
        """The next target is hit at `price` and closes its share; `level` is where it lies, if price is elsewhere."""
        index = state.hits
        return self._closed(state, self.planned_exit(state.held, index, price), index, price, level or price)

    def exit(self, state: State, fill: ExitFill) -> Step:
        """Applies an actual exit of any quantity.

        The first exit of a target hits it, and those before it that price has passed with it: their stops come into
        force in turn. Raises `ValueError` where more is closed than is held.
        """
        held = state.held.position.quantity
        target = fill.number if fill.kind is EventKind.TARGET else 0
        if fill.price <= 0 or not 0 < fill.quantity <= held or target > len(self.plan.targets):
            raise ValueError(f"not an exit from {held}: {fill}")
        while target - 1 > state.hits:
            level = self.target(state.held, state.hits) or fill.price
            passed = self._closed(state, None, state.hits, fill.price, level)
            state = passed.state or state
        index = target - 1 if target > state.hits else None
        level = self._level_of(state, fill)
        return self._closed(state, fill, index, level, level)

    def _level_of(self, state: State, fill: ExitFill) -> Decimal:
        """The level of the plan that an exit was executed for, if its price is what that level makes of it."""
        level, order = (state.stop, Order.STOP) if fill.kind is EventKind.STOP else (None, Order.LIMIT)
        if fill.kind is EventKind.TARGET:
            level, order = self.target(state.held, fill.number - 1), self.plan.targets[fill.number - 1].order
        planned = None if level is None else self.costs.exit_price(level, self.sign, order)
        return fill.price if level is None or planned != fill.price else level

    def stopped(self, state: State, price: Decimal) -> Step:
        """All that is held is stopped out at `price`."""
        gross, net = self.stopped_out(state.held, price)
        return Step(Event(EventKind.STOP, 0, price), None, over=Over(End.STOPPED, gross, net, net))

    def liquidated(self, state: State, price: Decimal) -> Step:
        """The venue takes the position over at `price`: the margin behind it is lost."""
        lost = self.lost(state)
        if lost is None:
            raise ValueError("cross margin without equity has no liquidation price")
        over = Over(End.LIQUIDATED, self.at_level(state.held, price), lost, lost)
        return Step(Event(EventKind.LIQUIDATION, 0, price, state.stop), None, over=over)

    def trailed(self, state: State, price: Decimal, start: Decimal) -> Over:
        """Returns the end of a trail that begins at `price` with its stop at `start`."""
        gross, net = self.stopped_out(state.held, price)
        # A trail that starts below zero has no stop yet: all that can be lost is at stake.
        worst = self.stopped_out(state.held, start)[1] if start > 0 else self.abandoned(state)
        return Over(End.TRAIL, gross, net, worst, price, start)

    def left_open(self, state: State, *, losing_side: bool) -> Over:
        """Returns what a state that nothing ends comes to: booked at its price, nothing sold."""
        held = state.held
        if not held.position.quantity:
            return Over(End.OPEN, ZERO, ZERO, ZERO)
        gross, net = self.at_level(held, state.price), held.position.pnl(state.price) - held.position.entry_fees
        at = self.liquidation(state)
        stopped = state.stop is not None and (at.price is None or self.sign * (state.stop - at.price) > 0)
        if not losing_side and stopped and state.stop is not None:
            return Over(End.OPEN, gross, net, self.stopped_out(held, state.stop)[1])
        return Over(End.OPEN, gross, net, self.abandoned(state))

    # What an exit brings

    def stopped_out(self, held: Holding, price: Decimal) -> tuple[Decimal, Decimal]:
        """Returns the result at the level and the net one if all that is held is stopped out at `price`."""
        fill = self.costs.exit_price(price, self.sign)
        return self.at_level(held, price), held.position.net(fill, self.costs.taker)

    def at_level(self, held: Holding, price: Decimal) -> Decimal:
        """Returns the P&L of what is held at `price`, entered at the levels."""
        return held.position.slope * (held.position.worth(price) - held.level_cost)

    def lost(self, state: State) -> Decimal | None:
        """Returns the net result if the margin behind the position is lost; cross margin is the account's.

        For cross margin without equity nothing says how much that is.
        """
        if not self.cross:
            return -self.backing(state.held).margin - state.held.position.entry_fees
        account = self.plan.account
        if account.equity is None:
            return None
        # An account of which others have spoken for more than all has nothing left to lose, and gains nothing.
        return min(ZERO, -(account.equity - account.reserved + state.realized))

    def abandoned(self, state: State) -> Decimal | None:
        """Returns the most that a position without a way out can lose: all it cost, or the margin behind it."""
        position = state.held.position
        all_of_it = -position.cost - position.entry_fees
        if self.plan.contract is Contract.SPOT:
            return all_of_it
        if self.backing(state.held).liquidation.answer is Answer.NONE and position.slope > 0:
            return all_of_it
        return self.lost(state)

    # The parts of a fill, an exit, a stop move

    def _bought(self, held: Holding, index: int | None, fill: Fill, level: Decimal) -> Holding:
        """What is held after a fill at a level."""
        taken, fee = self._fee(fill) if fill.fee_currency else (ZERO, fill.fee)
        history = self._history(
            held.history, index, Bought(fill.tier or 0, level, fill.price, fill.quantity, fee, taken)
        )
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

    def _history(self, history: History, index: int | None, bought: Bought) -> History:
        """What tells a holding apart after more was bought, of the tier at `index` or of none."""
        exited, mask, others = history
        # Two executions of one order at one price are one, and the plan's own where they add up to it.
        twin = next((other for other in others if other[:3] == bought[:3]), None) if others else None
        if twin is not None:
            others = tuple(other for other in others if other is not twin)
            bought = Bought(*bought[:3], *(one + other for one, other in zip(bought[3:], twin[3:], strict=True)))
        if index is not None and not mask >> index & 1 and self._is_own(index, bought, others):
            return History(exited, mask | 1 << index, others)
        return History(exited, mask, tuple(sorted((*others, bought))))

    def _is_own(self, index: int, bought: Bought, others: tuple[Bought, ...]) -> bool:
        """Whether what was bought of a tier, besides others, is the tier as planned: whole and at its own price."""
        own = self._own_fill(index)
        planned = index + 1, self.plan.tiers[index].price, own.price, own.quantity, own.fee, ZERO
        return bought == planned and not any(other.tier == index + 1 for other in others)

    def _fee(self, fill: Fill) -> tuple[Decimal, Decimal]:
        """The part of the quantity that the fee takes, and its value in settle currency."""
        plan = self.plan
        if fill.fee_currency == plan.settle:
            return ZERO, fill.fee
        if plan.contract is Contract.SPOT and fill.fee_currency == plan.symbol.base:
            return fill.fee, fill.fee * fill.price
        raise ValueError(f"a fee in {fill.fee_currency} has to be counted in {plan.settle} first")

    def _is_complete(self, index: int, executed: Decimal) -> bool:
        """Whether less than a lot is missing, or without a lot no more than a hundredth."""
        missing = self.quantities[index] - executed
        return missing <= 0 or missing < (self._lot or _ALL_BUT * self.quantities[index])

    def _closed(self, state: State, fill: ExitFill | None, hits: int | None, price: Decimal, level: Decimal) -> Step:
        """What an exit (absent: none) brings and leaves, and the stop move of the target (at `hits`) that it is."""
        held = state.held
        kind, number = (EventKind.TARGET, 0) if fill is None else (fill.kind, fill.number)
        event = Event(kind, number if hits is None else hits + 1, price)
        gross = net = ZERO
        rest = held
        if fill is not None:
            part = held.position.part(fill.quantity)
            whole = fill.quantity == held.position.quantity
            cost = held.level_cost if whole else held.level_cost * fill.quantity / held.position.quantity
            gross = part.slope * (part.worth(price) - cost)
            net = part.pnl(fill.price) - part.entry_fees - fill.fee
            if whole:
                return Step(event, None, over=Over(_ENDS.get(kind, End.CLOSED), gross, net, net), executed=fill)
            rest = self._rest(held, fill.quantity, by_target=held.by_target or kind is EventKind.TARGET)
        realized = state.realized + net
        if hits is None:
            after = state._replace(held=rest, price=price, realized=realized)
            return Step(event, self._settled(after), gross, net, executed=fill)
        marks = (*state.marks, level) if self._marked >> hits & 1 else state.marks
        stop, locks, move = state.stop, state.locks, None
        written = self.plan.targets[hits].stop
        if written is not None:
            before = state._replace(marks=marks)
            move, stop, locks = self._moved(written, "targets", hits, rest, before, price, hits + 1)
        after = State(rest, state.touched, state.waiting, hits + 1, price, stop, locks, marks, realized, state.since)
        return Step(event, self._settled(after), gross, net, None, False, 0, move, fill)  # noqa: FBT003

    def _rest(self, held: Holding, quantity: Decimal, *, by_target: bool) -> Holding:
        """What is held after `quantity` of it, and not all, is closed."""
        history = History(Exited(held, quantity, by_target), 0, ())
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

    def _moved(
        self, level: Level, owner: str, index: int, held: Holding, state: State, price: Decimal, hits: int
    ) -> tuple[StopMove, Decimal | None, bool]:
        """The move, the stop in force after it, and whether that locks: one that would loosen leaves the tighter."""
        measured = isinstance(level, Anchor) and level.reference is Reference.TARGET
        prices = self._hit_prices(state.marks, hits) if measured else ()
        wanted = level_price(self.plan, level, held.position, prices)
        move = moved(owner, index, wanted, state.stop, price, self.sign)
        if move.after == state.stop:
            return move, state.stop, state.locks
        average = held.position.average_entry
        locks = self.sign * (wanted - average) >= 0 or same(wanted, average) or _breaks_even(level, self.sign)
        return move, move.after, locks

    def _hit_prices(self, marks: tuple[Decimal, ...], hits: int) -> tuple[Decimal, ...]:
        """The prices of the targets hit; of those that move with the average only the marked ones are asked for."""
        left = iter(marks)
        prices = []
        for index in range(hits):
            level = self.plan.targets[index].price
            if isinstance(level, Fixed):
                prices.append(level.price)
            else:
                prices.append(next(left) if self._marked >> index & 1 else ZERO)
        return tuple(prices)

    def _live(self, index: int, price: Decimal) -> tuple[int, int]:
        """A tier becomes live at `price`: its bit if it would execute at once, and again if not at its own price."""
        if not self._at_once(index, price):
            return 0, 0
        bit = 1 << index
        return bit, 0 if same(self.plan.tiers[index].price, price) else bit

    def _at_once(self, index: int, price: Decimal) -> bool:
        """Whether a tier would execute at once at `price`: a limit passed, a stop triggered, or either met."""
        tier = self.plan.tiers[index]
        if same(tier.price, price):
            return True
        way = 1 if tier.order is Order.STOP else -1
        return tier.order is not Order.MARKET and self.sign * way * (price - tier.price) >= 0

    def _settled(self, state: State) -> State:
        """The state without what no longer matters of its entries, so that the same future is the same state."""
        if not state.touched and not state.waiting:
            return state
        unfilled = 0 if self.entries_ended(state) else self._all & ~state.held.filled
        touched, waiting = state.touched & unfilled, state.waiting & unfilled
        if touched == state.touched and waiting == state.waiting:
            return state
        return state._replace(touched=touched, waiting=waiting)


def _breaks_even(level: Level, sign: int) -> bool:
    """Whether a level is meant to break even or better: with a rebate, that lies on the losing side of the average."""
    if not isinstance(level, Anchor) or level.reference is not Reference.BREAKEVEN:
        return False
    return sign * level.ratio >= 0 and sign * level.amount >= 0


def _marked(plan: Plan) -> int:
    """The targets, as bits, that some stop is measured from and whose price moves with the average."""
    marked = 0
    for level in (*(tier.stop for tier in plan.tiers), *(target.stop for target in plan.targets)):
        if not isinstance(level, Anchor) or level.reference is not Reference.TARGET:
            continue
        if not isinstance(plan.targets[level.number - 1].price, Fixed):
            marked |= 1 << (level.number - 1)
    return marked


def _followers(plan: Plan) -> tuple[tuple[int, ...], ...]:
    """For each tier those, by index, that become live when it fills."""
    followers: list[list[int]] = [[] for _ in plan.tiers]
    for index, tier in enumerate(plan.tiers):
        if isinstance(tier.after, AfterTier):
            followers[tier.after.tier - 1].append(index)
    return tuple(map(tuple, followers))


_NO_HISTORY = History(None, 0, ())
