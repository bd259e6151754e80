"""SP704 first-tier-below-costs: if nothing but tier 1 fills, every target hit still brings no money.

The most frequent outcome of a ladder is that price turns after the first tier. Where its own result does not cover
its costs, the plan works for nothing whenever the trade goes well at once: the first tier is too small, or the
targets are too near to it.

A runner is counted at the last target. Silent for a single tier, without targets, and where not even all tiers together
bring anything (SP202, SP508, SP702), or a part has no exit (SP507).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.ladder.tape import reward_after
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP704", "first-tier-below-costs", Severity.WARNING, "Tier 1 alone does not bring its costs back.")


def check(case: Case) -> Findings:
    """Looks at what tier 1 brings alone."""
    plan, first = case.plan, case.steps[0]
    if len(plan.tiers) == 1 or _surely_pays(case):
        return
    reward = reward_after(case.ladder, 0)
    if reward is None or reward > 0:
        return
    alone, together = case.best_result(0), case.best_result(len(plan.tiers) - 1)
    if alone is None or together is None or alone >= 0 or together <= 0:
        return
    even = first.position.breakeven
    yield Finding(
        "targets",
        f"if only tier 1 fills at {case.price(first.fill.price)}, every target hit loses "
        f"{case.money(-alone)} {plan.settle}"
        + (f": its breakeven is at {case.price(even)}" if even is not None else ""),
        "move the targets further, or give tier 1 a better price",
        [("tiers[0].price", "tier 1")],
    )


def _surely_pays(case: Case) -> bool:
    """Returns whether every target closes tier 1 beyond its breakeven: most do, and nothing has to be played."""
    plan, machine, held = case.plan, case.ladder.machine, case.steps[0].state.held
    if not plan.targets or plan.fees.per_order or case.left[-1] > 0:
        return False
    for index, target in enumerate(plan.targets):
        level = machine.holdings.target(held, index)
        even = held.position.breakeven(machine.costs.charge(target.order))
        if level is None or even is None:
            return False
        if plan.sign * (machine.costs.exit_price(level, plan.sign, target.order) - even) <= 0:
            return False
    return True
