"""SP407 margin-above-limit: the plan ties up more than the account's `max_margin`.

With leverage it is the initial margin of all tiers, `extra_margin` in; without, what they cost. Margin that one plan
holds is missing for every other, and for what a position may need.

Silent without a `max_margin`, and where not even the whole equity would do (SP405 says so).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Contract
from scaleplan.quantity.exact import above
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP407", "margin-above-limit", Severity.ERROR, "The plan ties up more than max_margin.")


def check(case: Case) -> Findings:
    """Compares the initial margin of all tiers with the limit."""
    plan = case.plan
    needed, most = case.steps[-1].position.initial_margin, plan.account.max_margin
    if most is None or not above(needed, most):
        return
    first, second = case.past_limit(needed, most)
    smaller = "lower `extra_margin`"
    if most > plan.extra_margin:
        smaller = case.part_of_size((most - plan.extra_margin) / (needed - plan.extra_margin)).words
        if plan.contract is not Contract.SPOT:
            smaller += ", or set a higher leverage if the liquidation price allows it"
    yield Finding(
        "size",
        f"the plan ties up {first} {plan.settle}, more than the {second} of max_margin{case.against(needed, most)}",
        smaller,
        [("account.max_margin", "the limit")],
    )
