"""A tick is the step on which a price can be placed: the venue's, or without one a hundredth of the plan's own digits.

A price of a plan need not lie on it: a breakeven is a quotient. A stop is placed on the tighter side of where it lies,
so that it never loses more than planned; an entry or a target on the worse side, so that it never nets more.
"""

from decimal import Decimal

from scaleplan.engine.sizing import down, up
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.price import Fixed
from scaleplan.quantity.rounding import places_written

#: So many decimals more than the plan's own has a price without a tick.
_MORE_DECIMALS = 2


def tick_of(plan: Plan) -> Decimal:
    """Returns the step on which a price of the plan is placed."""
    return plan.instrument.tick_size or ONE.scaleb(-(_decimals(plan) + _MORE_DECIMALS))


def stop_or_entry_on_tick(plan: Plan, price: Decimal, tick: Decimal | None = None) -> Decimal:
    """Returns the price of a stop or of an entry as it can be placed: higher for a long, lower for a short.

    So a stop is tighter, and an entry no better. `tick` is the plan's, for who has worked it out.
    """
    step = tick or tick_of(plan)
    return up(price, step) if plan.sign > 0 else down(price, step)


def target_on_tick(plan: Plan, price: Decimal, tick: Decimal) -> Decimal:
    """Returns a target's price as it can be placed: on the tick, on the side that is worse; never at 0."""
    return max(down(price, tick), tick) if plan.sign > 0 else up(price, tick)


def _decimals(plan: Plan) -> int:
    """Returns how many decimals the prices of a plan are written with at most; a quotient has none of its own."""
    written = [tier.price for tier in plan.tiers]
    written += [price for price in (plan.stop, plan.invalidation) if price is not None]
    written += [target.price.price for target in plan.targets if isinstance(target.price, Fixed)]
    return max(map(places_written, written))
