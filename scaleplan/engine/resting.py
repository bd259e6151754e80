"""Whether the order of a tier can rest: what has to happen before it is placed, so that it does not fill at once.

A tier is an order that the venue keeps until price meets it. Before tier 1 has filled price stands where tier 1 is
still ahead: another limit behind a limit can rest, and a stop behind a stop; the other kind lies on the other side of
price, where it would fill at once or before tier 1. A market order rests nowhere.
"""

from scaleplan.engine.machine import Machine
from scaleplan.engine.state import State
from scaleplan.plan import AfterPrice, AfterTier, Order, Plan
from scaleplan.quantity.exact import same


def still_after(plan: Plan, state: State, index: int) -> AfterPrice | AfterTier | None:
    """Returns what a tier (from 0) waits for by its own `after`; absent where that has come, or there is none."""
    after = plan.tiers[index].after
    if isinstance(after, AfterTier):
        return None if state.held.filled >> (after.tier - 1) & 1 else after
    if isinstance(after, AfterPrice):
        return None if state.touched >> index & 1 else after
    return None


def waits_for(machine: Machine, state: State, index: int) -> AfterPrice | AfterTier | None:
    """Returns what has to happen before the order of a tier (from 0) is placed; absent where it can be now.

    One that would fill at once, not at its own price, waits for the tier before it.
    """
    plan = machine.plan
    tier, filled = plan.tiers[index], state.held.filled
    after = still_after(plan, state, index)
    if after is not None or index == 0:
        return after
    before = AfterTier(index)
    if state.waiting >> index & 1 and not same(tier.price, state.price) and not filled >> index - 1 & 1:
        return before
    if tier.order is Order.MARKET and tier.after is None and not filled >> index - 1 & 1:
        return before
    return AfterTier(1) if tier.order is not plan.tiers[0].order and not filled & 1 else None
