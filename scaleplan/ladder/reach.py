"""Reach: whether price can get to each tier in the order listed, and whether the tiers can fill in another order.

Where they lie on one line, each met after the one before, there is no other, and the ladder has said all that there is
to say. Elsewhere, or where the ladder found something wrong, only a walk over every path can judge.
"""

from decimal import Decimal
from itertools import pairwise

from scaleplan.engine.closes import entries_ended_by, held_fractions
from scaleplan.engine.event import EventKind
from scaleplan.engine.machine import Machine
from scaleplan.engine.position import contracts_of
from scaleplan.ladder.records import Ladder
from scaleplan.ladder.tape import Listed, walk
from scaleplan.plan import AfterPrice, AfterTier, EntriesEnd, Order, Plan, Tier
from scaleplan.quantity.price import Fixed

#: Why a tier is not reachable: the position of those before it is gone by then.
LIQUIDATED = "liquidated"
_WORDS = {
    EventKind.LIQUIDATION: LIQUIDATED,
    EventKind.STOP: "stopped",
    EventKind.TARGET: "entries ended",
}

#: Why a tier is not reachable that lies on price's way: paths fill the tiers before it in another order alone.
OTHER_ORDER = "another order"


def unreachable_because(machine: Machine, listed: tuple[Listed, ...]) -> tuple[str, ...]:
    """Returns, for each tier, why price cannot get to it with the tiers before it filled; empty if it can.

    Price goes straight from the tier before to the tier's `after` price, if it has one, and then to the tier; on the
    way the position of the tiers before it may be liquidated, stopped, or have its entries ended by a target.
    """
    plan = machine.plan
    because = [""]
    closing = entries_ended_by(plan)
    for index, filled in enumerate(listed[:-1]):
        reason = because[-1]
        tier = plan.tiers[index + 1]
        legs = [plan.tiers[index].price, tier.price]
        if isinstance(tier.after, AfterPrice):
            legs.insert(1, tier.after.price)
        for start, end in pairwise(legs):
            met = None if reason else machine.met_between(filled.state, start, end, closing)
            reason = reason or ("" if met is None else _WORDS[met])
        because.append(reason)
    return tuple(because)


def needs_every_path(plan: Plan, ladder: Ladder) -> bool:
    """Whether another order than the one listed can be, or the ladder found something that every path must judge."""
    if any(step.position.unreachable_because for step in ladder.steps):
        return True
    stops = [step for step in ladder.steps if step.position.stop is not None]
    if not all(ladder.machine.losing(step.state).is_stop for step in stops):
        return True
    if any(move.fault is not None for move in ladder.moves):
        return True
    if plan.stop is None and len({step.position.stop is None for step in ladder.steps}) > 1:
        # A stop that some tiers set may come before liquidation, or not.
        return True
    if any(left <= 0 for left in held_fractions(plan.targets, contracts_of(plan, ladder.totals.quantity))[:-1]):
        return True
    if plan.entries_end is EntriesEnd.NEVER and plan.targets and len(plan.tiers) > 1:
        return True
    if plan.time_stop is not None and plan.time_stop.close < 1:
        # Of what it leaves the ladder knows nothing; what `expires` leaves are the first tiers as listed.
        return True
    return not in_one_line(plan.tiers, plan.sign) or not _targets_in_turn(plan, ladder)


def _targets_in_turn(plan: Plan, ladder: Ladder) -> bool:
    """Whether every target lies beyond the one before it and brings something, with however many tiers filled."""
    if not plan.targets:
        return True
    prices = [target.price.price for target in plan.targets if isinstance(target.price, Fixed)]
    if len(prices) == len(plan.targets) and not plan.fees.per_order:
        first = prices[0]
        covered = all(_beyond(step.position.breakeven, first, plan.sign) for step in ladder.steps)
        return covered and all(plan.sign * (after - before) > 0 for before, after in pairwise(prices))
    walks = [ladder.exits]
    if len(ladder.steps) > 1:
        walks.append(walk(ladder.machine, ladder.steps[0].state).exits)
    return all(
        all(one.pnl >= 0 for one in exits)
        and all(plan.sign * (after.price - before.price) > 0 for before, after in pairwise(exits))
        for exits in walks
    )


def _beyond(breakeven: Decimal | None, price: Decimal, sign: int) -> bool:
    return breakeven is not None and sign * (price - breakeven) > 0


def in_one_line(tiers: tuple[Tier, ...], sign: int) -> bool:
    """Whether every tier lies further from tier 1 on one side, in the order of its kind, and none waits.

    To wait for a tier that price meets before is no waiting.
    """
    steps = [sign * (after.price - before.price) for before, after in pairwise(tiers)]
    if any(_waits(tier, index) for index, tier in enumerate(tiers)):
        return False
    down = all(step < 0 for step in steps) and all(tier.order is Order.LIMIT for tier in tiers[1:])
    up = all(step > 0 for step in steps) and all(tier.order is Order.STOP for tier in tiers[1:])
    return (down and tiers[0].order is not Order.STOP) or (up and tiers[0].order is not Order.MARKET) or not steps


def _waits(tier: Tier, index: int) -> bool:
    if isinstance(tier.after, AfterTier):
        return tier.after.tier > index
    return tier.after is not None
