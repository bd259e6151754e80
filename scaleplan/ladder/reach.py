"""Reach: whether price can get to a tier with the tiers before it filled in the order listed."""

from decimal import Decimal
from itertools import pairwise

from scaleplan.engine.closes import entries_ended_by
from scaleplan.engine.levels import reached, target_price
from scaleplan.engine.machine import Machine
from scaleplan.engine.margin import Answer
from scaleplan.engine.state import State
from scaleplan.ladder.tape import Listed
from scaleplan.plan import AfterPrice


def unreachable_because(machine: Machine, listed: tuple[Listed, ...]) -> tuple[str, ...]:
    """For each tier, why price cannot get to it with the tiers before it filled in the order listed; empty if it can.

    Price goes straight from the tier before to the tier's `after` price, if it has one, and then to the tier; on the
    way the position of the tiers before it may be liquidated, stopped, or have its entries ended by a target. At one
    price liquidation comes first, then the stop, then the target.
    """
    plan = machine.plan
    because = [""]
    closing = entries_ended_by(plan)
    for index, one in enumerate(listed[:-1]):
        reason = because[-1]
        tier = plan.tiers[index + 1]
        legs = [plan.tiers[index].price, tier.price]
        if isinstance(tier.after, AfterPrice):
            legs.insert(1, tier.after.price)
        target = None if closing is None else target_price(plan, closing, one.state.held.position)
        for start, end in pairwise(legs):
            reason = reason or _cut_short(machine, start, end, one.state, target)
        because.append(reason)
    return tuple(because)


def _cut_short(machine: Machine, start: Decimal, end: Decimal, state: State, target: Decimal | None) -> str:
    """What ends the way from `start` to `end`: at the start what acts at once, then the nearest level on the way."""
    sign, liquidation = machine.sign, machine.backing(state.held).liquidation
    at = liquidation.price if liquidation.answer is Answer.PRICE else None
    losing = ((at, "liquidated"), (state.stop, "stopped"))
    for price in (start, end):
        hit = [(level, reason) for level, reason in losing if level is not None and reached(price, level, sign)]
        if hit:
            return max(hit, key=lambda pair: sign * pair[0])[1]
        if target is not None and reached(price, target, -sign):
            return "entries ended"
    return ""
