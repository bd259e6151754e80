"""SP705 funding-eats-reward: holding costs more than half of what the plan makes.

Funding and swaps are a line of their own, never inside R: a plan that makes three times its risk may still lose when
it is held for as long as it says.

Counted for the whole position over `hold` (a swap: its nights), against every target hit, a runner counted at the last
of them; without targets, against the worst planned loss. Silent where holding pays, and where not even the targets
bring anything (SP202, SP508, SP702).
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import above
from scaleplan.quantity.number import brief
from scaleplan.rules.case import Case, Finding, Findings, Threshold, at_least

KIND = Kind("SP705", "funding-eats-reward", Severity.WARNING, "Holding costs more than half of what the plan makes.")
#: Where half of what is won goes to holding it, the payoff that is shown is twice what comes in.
FUNDING_OF_REWARD = Threshold("funding_of_reward", Decimal("0.5"))


def check(case: Case) -> Findings:
    """Compares what holding costs with the reward."""
    plan, totals, most = case.plan, case.ladder.totals, case.limit(FUNDING_OF_REWARD)
    paid = totals.funding
    if paid is None or paid <= 0:
        return
    made = case.best_result(len(plan.tiers) - 1)
    what = "all targets bring"
    if made is None:
        made, what = totals.risk, "the worst planned loss is"
    if made is None or made <= 0 or not above(paid, most * made):
        return
    name = "swap" if plan.swap is not None else "funding"
    part = f"{at_least(paid / made)} of it" if paid <= made else f"{brief(paid / made, 3)} times that"
    yield Finding(
        name,
        f"holding pays {case.money(paid)} {plan.settle} of {name}, and {what} {case.money(made)}: {part}, and "
        "no figure in R counts it",
        "hold for less time, or wait for a rate that leaves something" if plan.targets else "hold for less time",
        [("targets", "the targets")],
    )
