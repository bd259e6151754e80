"""The walk of an order list: the machine goes along the order listed, and what should rest is compared with what rests.

What should rest follows from a state alone: the stop for all that is held, the next target, the tiers that are live. So
a step is a difference, and nothing is amended or cancelled that was not placed. Before something is held there is no
exit: venues refuse it.
"""

import hashlib
from collections.abc import Iterable
from decimal import Decimal

from scaleplan.engine.holding import bits
from scaleplan.engine.resting import waits_for
from scaleplan.engine.sizing import down, lot_of
from scaleplan.engine.state import State
from scaleplan.engine.ticks import stop_or_entry_on_tick, target_on_tick, tick_of
from scaleplan.ladder import Ladder, TargetExit
from scaleplan.orders import OrderEvent, OrderEventKind, OrderList, OrderStep, OrderType, VenueOrder, Whose
from scaleplan.plan import AfterPrice, AfterTier, Contract, Order, Plan
from scaleplan.quantity.exact import ONE, ZERO, same
from scaleplan.quantity.rounding import places_for, places_written
from scaleplan.study import Study

_KEY_DIGITS = 8
#: So many significant digits has a quantity without a lot.
_SIGNIFICANT = 6
_TYPES = {Order.LIMIT: OrderType.LIMIT, Order.STOP: OrderType.STOP_MARKET, Order.MARKET: OrderType.MARKET}


def order_list(study: Study) -> OrderList:
    """Returns the orders of a plan. Who calls it is in the exact context."""
    plan, ladder = study.plan, study.ladder
    left_out = tuple(step.tier for step in ladder.steps if not step.position.fills)
    walk = _OrderWalk(ladder, quantity_step(plan, ladder), frozenset(left_out))
    walk.go_through()
    not_filled = tuple(
        number for number in range(1, len(plan.tiers) + 1) if number not in (*left_out, *bits(walk.filled))
    )
    idle = tuple(exit_.target for exit_ in ladder.exits if exit_.before is None or not exit_.quantity)
    ladder.machine.holdings.forget()
    return OrderList(plan, key_of(study), tuple(walk.steps), walk.lot, left_out, not_filled, idle)


def key_of(study: Study) -> str:
    """Returns what tells the plan's orders from those of others: of its text, and of what was changed in it."""
    changes = "".join(f"\0{change.place}={change.after}" for change in study.changes)
    text = study.data + changes.encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:_KEY_DIGITS]


def quantity_step(plan: Plan, ladder: Ladder) -> Decimal:
    """Returns the step of quantities: the lot, or without one six significant digits of the smallest tier.

    A quantity that can be written has all its digits.
    """
    lot = lot_of(plan)
    if lot is not None:
        return lot
    tiers = [step.fill.quantity for step in ladder.steps]
    written = [places_written(quantity) for quantity in (*tiers, *(exit_.quantity for exit_ in ladder.exits))]
    return ONE.scaleb(-max(places_for(min(tiers), _SIGNIFICANT), *written))


class _OrderWalk:
    """Goes through the events of a ladder and writes a step for each."""

    def __init__(self, ladder: Ladder, lot: Decimal, left_out: frozenset[int]) -> None:
        self.ladder = ladder
        self.machine = ladder.machine
        self.plan = ladder.machine.plan
        self.lot = lot
        self.steps: list[OrderStep] = []
        self.filled = 0
        self._left_out = left_out
        self._held = ZERO
        self._tick = tick_of(self.plan)
        self._entries = [self._entry(index) for index in range(len(self.plan.tiers))]
        #: The tier that is placed where it fills.
        self._due = 0
        self._resting: dict[str, VenueOrder] = {}

    def go_through(self) -> None:
        """Writes every step: the beginning, the tiers in the order listed, the targets in turn."""
        state = self.machine.listed()
        self._write(OrderEvent(OrderEventKind.NOW, 0, None), state)
        if not self.ladder.exits:
            self._fill(state, self.ladder.every_tier)
        for exit_ in self.ladder.exits:
            if exit_.before is None:
                return
            after = self._hit(self._fill(state, exit_.filled, exit_.before), exit_)
            if after is None:
                return
            state = after

    # Events

    def _fill(self, state: State, tiers: int, before: State | None = None) -> State:
        """Fills those of some tiers (as bits) that are not yet and that some path fills, in the order listed.

        The last of them leads to the state `before` a target, as a path comes to it, if that holds as much.
        """
        left = [number for number in bits(tiers & ~self.filled) if number not in self._left_out]
        while left:
            number = next((number for number in left if self._follows(number)), left[0])
            left.remove(number)
            tier = self.plan.tiers[number - 1]
            if isinstance(tier.after, AfterPrice) and not state.touched >> number - 1 & 1:
                state = self._touch(self._pass(state, tier.after.price), tier.after.price)
            state = self.machine.come_to(self._pass(state, tier.price), tier.price)
            if f"t{number}" not in self._resting:
                # A market order rests nowhere: it is placed where price is.
                self._due = number
                self._write(OrderEvent(OrderEventKind.PRICE, number, tier.price), state)
                self._due = 0
            self.filled |= 1 << number - 1
            fill = self.machine.holdings.planned_fill(state.held, number - 1, tier.price)
            step = self.machine.fill(state, fill, tier.price)
            if step.state is None:
                raise AssertionError("a fill ends no plan")
            state = step.state
            if not left and before is not None and _holds_as_much(before, state):
                state = before._replace(touched=state.touched, waiting=state.waiting)
            order = self._resting.pop(f"t{number}", None)
            traded = ZERO if order is None else order.quantity
            self._held += traded
            self._write(OrderEvent(OrderEventKind.TIER, number, self._entries[number - 1].at), state, traded)
        return state

    def _follows(self, number: int) -> bool:
        """Whether the tier that a tier waits for has filled, or it waits for none."""
        after = self.plan.tiers[number - 1].after
        return not isinstance(after, AfterTier) or bool(self.filled >> after.tier - 1 & 1)

    def _pass(self, state: State, goal: Decimal) -> State:
        """Takes price straight to a goal: the `after` prices on the way trade, each a step; once entries end, none."""
        while not self.machine.entries_ended(state):
            passed = bits(self.machine.come_to(state, goal).touched & ~state.touched)
            prices = [after.price for number in passed if isinstance(after := self._after(number), AfterPrice)]
            if not prices:
                break
            state = self._touch(state, min(prices, key=lambda price: abs(price - state.price)))
        return state

    def _touch(self, state: State, price: Decimal) -> State:
        """Has an `after` price trade: all tiers that wait for it are live."""
        numbers = []
        for number in range(1, len(self.plan.tiers) + 1):
            after = self._after(number)
            met = (state.touched | state.held.filled) >> number - 1 & 1
            if isinstance(after, AfterPrice) and not met and same(after.price, price):
                touched = self.machine.touch(self.machine.come_to(state, price), number, price).state
                state = state if touched is None else touched
                numbers.append(number)
        if numbers:
            self._write(OrderEvent(OrderEventKind.AFTER, numbers[0], price), state)
        return state

    def _after(self, number: int) -> object:
        return self.plan.tiers[number - 1].after

    def _hit(self, state: State, exit_: TargetExit) -> State | None:
        """Hits a target as the ladder does. Returns the state after it, absent where nothing is held any more."""
        state = self._pass(state, exit_.price)
        order = self._resting.pop(f"x{exit_.target}", None)
        traded = ZERO if order is None else order.quantity
        self._held -= traded
        price = target_on_tick(self.plan, exit_.price, self._tick) if order is None else order.at
        event = OrderEvent(OrderEventKind.TARGET, exit_.target, price)
        here = self.machine.come_to(state, exit_.price)
        if exit_.before is not None and _holds_as_much(exit_.before, state):
            after = exit_.after
        else:
            after = self.machine.hit(here, exit_.price).state
        if after is None:
            self._write(event, None, traded)
            return None
        after = after._replace(touched=here.touched, waiting=here.waiting)
        ended = self.machine.entries_ended(after) and not self.machine.entries_ended(state)
        self._write(event, after, traded, entries_end=ended and len(self.plan.tiers) > 1)
        return after

    # What rests

    def _write(
        self, event: OrderEvent, state: State | None, traded: Decimal = ZERO, *, entries_end: bool = False
    ) -> None:
        """Writes the step that an event asks for; what has executed no longer rests."""
        wanted = {order.id: order for order in self._wanted(state)}
        cancel = tuple(order for name, order in self._resting.items() if name not in wanted)
        changed = [order for name, order in wanted.items() if name in self._resting and order != self._resting[name]]
        placed = [order for name, order in wanted.items() if name not in self._resting]
        self._resting = wanted
        ends = state is None and event.kind is OrderEventKind.TARGET
        step = OrderStep(
            number=len(self.steps) + 1,
            event=event,
            cancel=cancel,
            amend=tuple(changed),
            place=tuple(placed),
            traded=traded,
            held=self._held,
            resting=tuple(wanted),
            entries_end=entries_end,
            trails=self._trails(state),
            ends=ends,
        )
        self.steps.append(step)

    def _trails(self, state: State | None) -> bool:
        targets = self.plan.targets
        return state is not None and bool(targets) and targets[-1].trail is not None and state.hits == len(targets)

    def _wanted(self, state: State | None) -> Iterable[VenueOrder]:
        """Yields what should rest in a state: the stop first, which protects what is held."""
        if state is None:
            return
        if self._held:
            yield from self._exits(state)
        if self.machine.entries_ended(state):
            return
        for index in range(len(self.plan.tiers)):
            if (state.held.filled >> index & 1) or index + 1 in self._left_out:
                continue
            if self._is_live(state, index):
                yield self._entries[index]

    def _is_live(self, state: State, index: int) -> bool:
        if index + 1 == self._due:
            return True
        rests = self.plan.tiers[index].order is not Order.MARKET or index == 0
        return rests and waits_for(self.machine, state, index) is None

    def _entry(self, index: int) -> VenueOrder:
        tier = self.plan.tiers[index]
        at = stop_or_entry_on_tick(self.plan, tier.price, self._tick)
        return VenueOrder(
            Whose.TIER,
            index + 1,
            self.plan.sign > 0,
            _TYPES[tier.order],
            down(self.machine.quantities[index], self.lot),
            at if tier.order is Order.LIMIT else None,
            at if tier.order is Order.STOP else None,
            reduce_only=False,
            at=at,
        )

    def _exits(self, state: State) -> Iterable[VenueOrder]:
        stop = self.machine.trailing_stop(state)
        if stop is not None:
            at = stop_or_entry_on_tick(self.plan, stop, self._tick)
            yield self._exit(Whose.STOP, 0, OrderType.STOP_MARKET, self._held, at)
        level = self.machine.holdings.target(state.held, state.hits)
        planned = None if level is None else self.machine.holdings.planned_exit(state.held, state.hits, level)
        if level is None or planned is None:
            return
        whole = planned.quantity == state.held.position.quantity
        quantity = self._held if whole else min(down(planned.quantity, self.lot), self._held)
        if quantity:
            limit = self.plan.targets[state.hits].order is Order.LIMIT
            kind = OrderType.LIMIT if limit else OrderType.TAKE_PROFIT_MARKET
            yield self._exit(Whose.TARGET, state.hits + 1, kind, quantity, target_on_tick(self.plan, level, self._tick))

    def _exit(self, whose: Whose, number: int, kind: OrderType, quantity: Decimal, at: Decimal) -> VenueOrder:
        limit = kind is OrderType.LIMIT
        return VenueOrder(
            whose,
            number,
            self.plan.sign < 0,
            kind,
            quantity,
            at if limit else None,
            None if limit else at,
            reduce_only=self.plan.contract is not Contract.SPOT,
            at=at,
        )


def _holds_as_much(first: State, second: State) -> bool:
    """Whether two states hold the same quantity, and have hit as many targets."""
    return first.hits == second.hits and same(first.held.position.quantity, second.held.position.quantity)
