"""What a plan brings at best: every target hit, and what runs on from there counted at the last of them.

The ladder's reward counts a runner at the stop it starts with, which is the least that it brings once it runs. A rule
that calls a plan's payoff poor must not do so for what it leaves out.
"""

from decimal import Decimal

from scaleplan.engine.position import costs_of
from scaleplan.ladder.tape import walk
from scaleplan.rules.subject import Subject


def best_result(subject: Subject, index: int) -> Decimal | None:
    """The net result with the tier at `index` the last to fill, if there are targets and something ends the rest."""
    plan = subject.plan
    if not plan.targets:
        return None
    ladder = subject.ladder
    exits, reward = ladder.exits, ladder.totals.reward
    if index < len(ladder.steps) - 1:
        exits, reward, *_ = walk(ladder.machine, ladder.steps[index].state)
    left = exits[-1].remaining
    if left <= 0 or reward is None:
        return reward
    if plan.targets[-1].trail is None and not any(target.exit for target in plan.targets):
        return reward
    costs = costs_of(plan)
    run = subject.position_after(index).part(left).net(costs.exit_price(exits[-1].price, plan.sign), costs.taker)
    return max(reward, exits[-1].realized + run)
