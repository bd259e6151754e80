"""Order: whether a plan's tiers can fill in another order than the one listed, which is the one that the ladder climbs.

Where they lie on one line, each met after the one before, there is no other, and the ladder has said all that there is
to say. Elsewhere, or where the ladder found something wrong, only a walk over every path can judge.
"""

from itertools import pairwise

from scaleplan.engine.closes import held_fractions
from scaleplan.engine.levels import MoveFault
from scaleplan.ladder.records import Ladder
from scaleplan.plan import AfterTier, EntriesEnd, Order, Plan, Tier


def needs_every_path(plan: Plan, ladder: Ladder) -> bool:
    """Whether another order than the one listed can be, or the ladder found something that every path must judge."""
    if any(step.position.unreachable_because for step in ladder.steps):
        return True
    rooms = [step.position.liquidation_past_stop for step in ladder.steps]
    if any(room is not None and room <= 0 for room in rooms):
        return True
    if any(move.fault is MoveFault.LOOSENS for move in ladder.moves):
        return True
    if any(left <= 0 for left in held_fractions(plan.targets)[:-1]):
        return True
    if plan.entries_end is EntriesEnd.NEVER and plan.targets and len(plan.tiers) > 1:
        return True
    return not in_one_line(plan.tiers, plan.sign)


def in_one_line(tiers: tuple[Tier, ...], sign: int) -> bool:
    """The plain case: every tier lies further from tier 1 on one side, in the order of its kind, and none waits.

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
