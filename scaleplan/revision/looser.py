"""Whether a change of a plan loosens a stop: its own, one that a tier or a target gives, or that of a trail.

Both plans' stops are put where the old plan's tiers and targets lie, by its average, its own stop and its costs: what
differs is what was written of stops. Between two targets of the old plan a stop can only get tighter, so that it is
enough to compare where the old one moves it; of a trail also further on, since a share and a distance part there.
"""

from collections.abc import Iterator
from decimal import Decimal

from scaleplan.engine.closes import trail_start
from scaleplan.engine.levels import level_price, reached, tighter
from scaleplan.engine.machine import Machine
from scaleplan.engine.position import Position
from scaleplan.engine.ticks import tick_of
from scaleplan.plan import Level, Order, Plan
from scaleplan.quantity.exact import exact
from scaleplan.quantity.price import Anchor, Reference

#: How much further than its last target price is looked at, where the old plan trails: half of the way to zero.
_FURTHER = Decimal("0.5")


@exact
def looser_after(old: Machine, new: Plan) -> str | None:
    """Returns after what the stop of a new plan is looser: `tier 1`, `target 2`; empty for its own stop.

    Absent where it is nowhere looser. Who compares has made sure that both plans are one trade.
    """
    plan, sign = old.plan, old.plan.sign
    if _is_looser(old, new.stop, plan.stop):
        return ""
    if plan.stop is None:
        # Without a stop there is no R of it to measure by.
        plan = plan._replace(stop=new.stop)
    filled = tuple(_filled(old))
    for index, (position, tier) in enumerate(zip(filled, plan.tiers, strict=True)):
        if tier.stop is None or index >= len(new.tiers):
            continue
        written = new.tiers[index].stop
        given = None if written is None else _price(plan, new, written, position)
        if _is_looser(old, _tightest((new.stop, given), sign), _price(plan, plan, tier.stop, position)):
            return f"tier {index + 1}"
    for index, target in enumerate(plan.targets):
        for count, position in enumerate(filled, start=1):
            level = _lies(plan, plan, target.price, position, target.order)
            further = [level + sign * level * _FURTHER] if target.trail is not None else []
            for price in (level, *further):
                was, now = (_stop_at(plan, each, count, position, price) for each in (old.plan, new))
                if _is_looser(old, now, was):
                    return f"target {index + 1}"
    return None


def _filled(machine: Machine) -> Iterator[Position]:
    """Yields the position after each tier, as listed."""
    position = machine.holdings.nothing.position
    for index in range(len(machine.plan.tiers)):
        fill = machine.holdings.own_fill(index)
        position = position.bought(fill.price, fill.quantity, fill.fee)
        yield position


def _is_looser(old: Machine, new: Decimal | None, was: Decimal | None) -> bool:
    """Returns whether a stop is looser by more than the step on which it is placed; none is looser than any."""
    if was is None or new is None:
        return was is not None
    return old.sign * (was - new) > tick_of(old.plan)


def _tightest(stops: tuple[Decimal | None, ...], sign: int) -> Decimal | None:
    found: Decimal | None = None
    for stop in stops:
        if stop is not None and tighter(stop, found, sign):
            found = stop
    return found


def _stop_at(old: Plan, plan: Plan, count: int, position: Position, price: Decimal) -> Decimal | None:
    """Returns the stop of a plan with so many tiers filled, which are a position, once price has been at `price`."""
    sign = old.sign
    stops = [plan.stop]
    stops += [_price(old, plan, tier.stop, position) for tier in plan.tiers[:count] if tier.stop is not None]
    hits = 0
    for target in plan.targets:
        if not reached(price, _lies(old, plan, target.price, position, target.order), -sign):
            break
        hits += 1
        if target.stop is not None:
            stops.append(_price(old, plan, target.stop, position))
    if plan.targets and hits == len(plan.targets) and plan.targets[-1].trail is not None:
        start = trail_start(plan.targets[-1].trail, price, sign)
        stops.append(start if start > 0 else None)
    return _tightest(tuple(stops), sign)


def _price(old: Plan, plan: Plan, level: Level, position: Position) -> Decimal:
    """Returns where a stop that a plan writes lies, measured in the old one."""
    at_target = None
    if isinstance(level, Anchor) and level.reference is Reference.TARGET:
        target = plan.targets[level.number - 1]
        at_target = _lies(old, plan, target.price, position, target.order)
    return _lies(old, plan, level, position, Order.STOP, at_target, stops=True)


def _lies(
    old: Plan,
    plan: Plan,
    level: Level,
    position: Position,
    order: Order,
    at_target: Decimal | None = None,
    *,
    stops: bool = False,
) -> Decimal:
    """Returns where a level of a plan lies, measured in the old one: a tier that this has not is the plan's own."""
    if isinstance(level, Anchor) and level.reference is Reference.TIER and level.number > len(old.tiers):
        old = old._replace(tiers=plan.tiers)
    return level_price(old, level, position, order, at_target, stops=stops)
