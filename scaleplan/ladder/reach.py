"""Reach: whether price can get to a tier with the tiers before it filled in the order listed."""

from itertools import pairwise

from scaleplan.engine.closes import entries_ended_by
from scaleplan.engine.event import EventKind
from scaleplan.engine.machine import Machine
from scaleplan.ladder.tape import Listed
from scaleplan.plan import AfterPrice

_WORDS = {
    EventKind.LIQUIDATION: "liquidated",
    EventKind.STOP: "stopped",
    EventKind.TARGET: "entries ended",
}


def unreachable_because(machine: Machine, listed: tuple[Listed, ...]) -> tuple[str, ...]:
    """For each tier, why price cannot get to it with the tiers before it filled in the order listed; empty if it can.

    Price goes straight from the tier before to the tier's `after` price, if it has one, and then to the tier; on the
    way the position of the tiers before it may be liquidated, stopped, or have its entries ended by a target.
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
        for start, end in pairwise(legs):
            met = None if reason else machine.met_between(one.state, start, end, closing)
            reason = reason or ("" if met is None else _WORDS[met])
        because.append(reason)
    return tuple(because)
