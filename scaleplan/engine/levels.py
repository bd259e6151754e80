"""Levels become prices: a relative level is taken from the position held, at the moment it is set.

`entry` is the average entry; `breakeven`, as a stop, the trigger whose slipped fill is the breakeven, and as a target
the price at which its own fill and fee net 0; `nR` is `average + s*n*abs(average - S)` with `S` the plan's own stop. A
stop becomes a price once; it never loosens the stop in force, and one at or beyond the price at which it is set exits
there. With `instrument.levels: on ticks` such a price is put on a tick: a target on the nearer, a stop away from price.
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.engine import Unreckonable
from scaleplan.engine.position import Position, costs_of
from scaleplan.plan import Level, Order, Plan
from scaleplan.quantity.exact import ONE, on_tick, same
from scaleplan.quantity.number import brief
from scaleplan.quantity.price import Anchor, Fixed, Reference, RMultiple


def level_price(
    plan: Plan,
    level: Level,
    position: Position,
    order: Order = Order.STOP,
    at_target: Decimal | None = None,
    *,
    stops: bool = False,
) -> Decimal:
    """Returns the price of a level for a position that an order of a kind would close there.

    `at_target` is where the target lies that the level is measured from, if it is. Where levels lie on ticks, one that
    `stops` is put away from price, any other on the nearer.
    """
    price = _exact_price(plan, level, position, order, at_target)
    tick = plan.instrument.level_tick
    if tick is None or isinstance(level, Fixed):
        return price
    return on_tick(price, tick, -plan.sign if stops else 0)


def _exact_price(plan: Plan, level: Level, position: Position, order: Order, at_target: Decimal | None) -> Decimal:
    match level:
        case Fixed(price):
            return price
        case RMultiple(n, ratio, amount):
            if plan.stop is None:
                raise ValueError("a distance in R needs the plan's stop")
            average = position.average_entry
            return (average + plan.sign * n * abs(average - plan.stop)) * (ONE + ratio) + amount
        case Anchor(reference, number, ratio, amount):
            return _anchor_price(plan, reference, number, position, order, at_target) * (ONE + ratio) + amount


def _anchor_price(
    plan: Plan, reference: Reference, number: int, position: Position, order: Order, at_target: Decimal | None
) -> Decimal:
    if reference is Reference.ENTRY:
        return position.average_entry
    if reference is Reference.BREAKEVEN:
        costs = costs_of(plan)
        fill = position.breakeven(costs.charge(order))
        return position.average_entry if fill is None else costs.trigger_price(fill, plan.sign, order)
    if reference is Reference.TIER:
        return plan.tiers[number - 1].price
    if at_target is None:
        raise ValueError("a level measured from a target needs to know where that lies")
    return at_target


def target_price(plan: Plan, index: int, position: Position) -> Decimal:
    """Returns where the target at `index` lies for what it closes of a position, whatever its price."""
    target = plan.targets[index]
    return level_price(plan, target.price, position, target.order)


def must_lie_somewhere(plan: Plan, index: int, price: Decimal, position: Position) -> None:
    """Raises `Unreckonable` where the target at `index` lies at zero or below."""
    # What a fill is worse by in price must leave something of it.
    if price > plan.slippage_price + plan.spread / 2:
        return
    raise Unreckonable(
        f"targets[{index}].price",
        f"target {index + 1} lies at {brief(price)}, from an average entry of {brief(position.average_entry)}",
        "write a smaller distance",
    )


def tighter(new: Decimal, stop: Decimal | None, sign: int) -> bool:
    """Whether `new` lies nearer to the price, or beyond it, than the stop in force."""
    return stop is None or sign * (new - stop) > 0


def reached(price: Decimal, level: Decimal, sign: int) -> bool:
    """Whether `price` is at a stop level or beyond it (for a target: with the sign turned), but for rounding."""
    return (price <= level if sign > 0 else price >= level) or same(price, level)


class MoveFault(StrEnum):
    """What is wrong with a stop move."""

    LOOSENS = "loosens"
    EXITS_AT_ONCE = "exits at once"


class StopMove(NamedTuple):
    """A stop given by a tier or a target: where it lies, what was in force, the price at which it is set.

    `row` counts from 0 among the tiers or the targets (`owner`); a stop in force or a fault may be absent. `after` is
    the stop in force after the move.
    """

    owner: str
    row: int
    level: Decimal
    before: Decimal | None
    set_at: Decimal
    fault: MoveFault | None
    after: Decimal | None


def moved(owner: str, row: int, level: Decimal, before: Decimal | None, set_at: Decimal, sign: int) -> StopMove:
    """Judges a stop move to `level` where `before` is in force and price is at `set_at`; see `StopMove`."""
    fault = None
    after = before
    if reached(set_at, level, sign):
        fault = MoveFault.EXITS_AT_ONCE
        # A stop in force that is tighter still has closed everything before.
        after = set_at if tighter(set_at, before, sign) else before
    elif before is not None and same(level, before):
        after = before
    elif level <= 0 or (before is not None and sign * (level - before) < 0):
        fault = MoveFault.LOOSENS
    elif tighter(level, before, sign):
        after = level
    return StopMove(owner, row, level, before, set_at, fault, after)
