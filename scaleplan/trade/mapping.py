"""How fills meet the plan: which tier an entry was for, and what a close was.

An entry is of the tier that was named, of its order's, of the tier that its price allows and is near, or of the nearest
limit that it bettered; a close is what was named, its order's, the next target, the stop, or by hand.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from scaleplan.engine.event import EventKind
from scaleplan.engine.levels import reached
from scaleplan.engine.machine import Machine
from scaleplan.engine.sizing import lot_of
from scaleplan.engine.state import State
from scaleplan.journal import EventRow
from scaleplan.plan import Order, Plan
from scaleplan.quantity.exact import ZERO, same
from scaleplan.trade import Habits, Undecided

#: Without a stop to measure by, near is this ratio of the price.
_WITHOUT_STOP = Decimal("0.005")
#: A second tier must lie more than so many times as far for the nearest to be meant.
_FURTHER = 2
#: Of what has no lot, what is less than this part is nothing.
_ALL_BUT = Decimal("0.01")


def near(machine: Machine, price: Decimal, habits: Habits) -> Decimal:
    """Returns how far from a planned price a fill may be and still be that: a distance in price.

    The largest of one tick, what slippage and half the spread make of the price, and a part of the distance from the
    planned average (all tiers) to the plan's stop; without a stop half a percent of the price.
    """
    plan = machine.plan
    tick = plan.instrument.tick_size or ZERO
    slipped = price * plan.slippage + plan.slippage_price + plan.spread / 2
    if plan.stop is None:
        return max(tick, slipped, price * _WITHOUT_STOP)
    return max(tick, slipped, habits.fill_tolerance * abs(planned_average(machine) - plan.stop))


def planned_average(machine: Machine) -> Decimal:
    """Returns the average entry of all tiers filled as planned."""
    position = machine.holdings.nothing.position
    for index in range(len(machine.plan.tiers)):
        fill = machine.holdings.own_fill(index)
        position = position.bought(fill.price, fill.quantity, fill.fee)
    return position.average_entry


def tiers_of(
    machine: Machine, state: State, fill: EventRow, orders: Mapping[str, int | None], habits: Habits
) -> tuple[tuple[int | None, Decimal], ...] | Undecided:
    """Returns for which tiers (from 1; none: extra) how much of an entry was, or the two that it may have been for.

    `orders` has the tier of an earlier fill of each order.
    """
    price, quantity = fill.price or ZERO, fill.quantity or ZERO
    if fill.tier is not None and 1 <= fill.tier <= len(machine.quantities):
        return ((fill.tier, quantity),)
    if fill.order_id is not None and fill.order_id in orders:
        own = orders[fill.order_id]
        # The plan as it was accepted again may have fewer tiers.
        return ((own if own is None or own <= len(machine.quantities) else None, quantity),)
    plan, held = machine.plan, state.held
    unfilled = [index for index in range(len(plan.tiers)) if not held.filled >> index & 1]
    if not unfilled:
        return ((None, quantity),)
    apart = _near_tiers(machine, unfilled, price, habits)
    if not apart:
        bettered = [
            index
            for index in unfilled
            if plan.tiers[index].order is Order.LIMIT and plan.sign * (price - plan.tiers[index].price) <= 0
        ]
        nearest = min(bettered, key=lambda index: (abs(price - plan.tiers[index].price), index), default=unfilled[0])
        return _in_turn(machine, state, [nearest], quantity)
    first, *_ = sorted(apart, key=lambda index: (apart[index], index))
    twins = [index for index in apart if same(_planned(machine, index), _planned(machine, first))]
    others = [index for index in apart if index not in twins]
    second = min(others, key=lambda index: (apart[index], index), default=None)
    if second is not None and apart[first] * _FURTHER >= apart[second]:
        return Undecided(fill, (min(first, second) + 1, max(first, second) + 1))
    return _in_turn(machine, state, sorted(twins), quantity)


def _near_tiers(machine: Machine, unfilled: Iterable[int], price: Decimal, habits: Habits) -> dict[int, Decimal]:
    """Returns the tiers, by index, that allow a price and are near it, each with how far from it it is planned."""
    plan = machine.plan
    tick = plan.instrument.tick_size or ZERO
    apart: dict[int, Decimal] = {}
    for index in unfilled:
        tier, planned = plan.tiers[index], machine.holdings.own_fill(index).price
        allowed = tier.order is not Order.LIMIT or plan.sign * (price - tier.price) <= tick
        if allowed and abs(price - planned) <= near(machine, planned, habits):
            apart[index] = abs(price - planned)
    return apart


def is_near_a_tier(machine: Machine, state: State, price: Decimal, habits: Habits) -> bool:
    """Returns whether an entry at a price would be of a tier that is not filled yet and near it."""
    unfilled = [index for index in range(len(machine.plan.tiers)) if not state.held.filled >> index & 1]
    return bool(_near_tiers(machine, unfilled, price, habits))


def _planned(machine: Machine, index: int) -> Decimal:
    return machine.holdings.own_fill(index).price


def _in_turn(
    machine: Machine, state: State, indexes: list[int], quantity: Decimal
) -> tuple[tuple[int | None, Decimal], ...]:
    """Returns a quantity over tiers of one price: each what it misses, the last all that is over."""
    parts: list[tuple[int | None, Decimal]] = []
    for index in indexes[:-1]:
        part = min(quantity, machine.holdings.missing(state.held, index))
        if part > 0:
            parts.append((index + 1, part))
            quantity -= part
    if quantity > 0 or not parts:
        parts.append((indexes[-1] + 1, quantity))
    return tuple(parts)


def exit_of(
    machine: Machine,
    state: State,
    fill: EventRow,
    orders: Mapping[str, tuple[EventKind, int]],
    stops: tuple[Decimal | None, Decimal | None],
    closed: Mapping[int, Decimal],
    habits: Habits,
) -> tuple[EventKind, int]:
    """Returns what a close was, and the target (from 1), else 0.

    `orders` has what an earlier close of each order was, `stops` are the one due and the one recorded, `closed` has
    what each target has closed so far.
    """
    if fill.role is not None:
        kind = EventKind(fill.role)
        return kind, (fill.target or state.hits + 1) if kind is EventKind.TARGET else 0
    if fill.order_id is not None and fill.order_id in orders:
        return orders[fill.order_id]
    price, quantity, sign = fill.price or ZERO, fill.quantity or ZERO, machine.sign
    target = _target_of(machine, state, price, quantity, closed, habits)
    if target:
        return EventKind.TARGET, target
    for level in stops:
        if level is None:
            continue
        if reached(price, level, sign) or abs(price - level) <= near(machine, level, habits):
            trails = machine.plan.targets and machine.plan.targets[-1].trail is not None
            is_trail = bool(trails) and state.hits == len(machine.plan.targets)
            return (EventKind.TRAIL if is_trail else EventKind.STOP), 0
    return EventKind.BY_HAND, 0


def _target_of(
    machine: Machine, state: State, price: Decimal, quantity: Decimal, closed: Mapping[int, Decimal], habits: Habits
) -> int:
    """Returns the target (from 1) that a close at a price was, the last of several that it covers; else 0."""
    holdings, sign = machine.holdings, machine.sign
    here, found = state, 0
    covered = ZERO
    while here.hits < len(machine.plan.targets):
        level = holdings.target(here.held, here.hits)
        if level is None:
            break
        is_there = reached(price, level, -sign) or abs(price - level) <= near(machine, level, habits)
        if not is_there or (found and not reached(price, level, -sign)):
            break
        step = machine.hit(here, level, level)
        planned = holdings.planned_exit(here.held, here.hits, level)
        covered += ZERO if planned is None else planned.quantity
        if found and (quantity < covered and not same(quantity, covered)):
            break
        found = here.hits + 1
        if step.state is None:
            break
        here = step.state
    if found or not state.hits:
        return found
    # More of the target that was hit last, while it has not closed all that it was to close.
    index = state.hits - 1
    level = holdings.lies(state.held, index)
    done = closed.get(state.hits, ZERO)
    wanted = planned_close(machine, state, index, done)
    missing = wanted - done
    is_more = missing > 0 and missing >= _least(machine.plan, wanted)
    return state.hits if is_more and abs(price - level) <= near(machine, level, habits) else 0


def planned_close(machine: Machine, state: State, index: int, done: Decimal) -> Decimal:
    """Returns what the target at an index, which has closed `done` and was hit last, was to close in all.

    A share is of the position at the first exit; the rest is of what was held before the target closed anything.
    """
    from scaleplan.engine.closes import meant_quantity  # noqa: PLC0415 - rare
    from scaleplan.engine.sizing import down  # noqa: PLC0415

    whole = (state.held.first or state.held.position).quantity
    meant = meant_quantity(machine.plan, machine.plan.targets[index], whole, state.held.position.quantity + done)
    return down(meant, lot_of(machine.plan))


def _least(plan: Plan, quantity: Decimal) -> Decimal:
    """Returns the least of a quantity that is something: a lot, or without one a hundredth of it."""
    return lot_of(plan) or _ALL_BUT * quantity
