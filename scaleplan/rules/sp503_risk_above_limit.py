"""SP503 risk-above-limit: the worst planned loss is more than the account's `max_risk`.

The worst planned loss counts every tier as filled, entry fees, exit fee and slippage in: the first tranche alone says
nothing about what the plan can lose.

Silent without a `max_risk`, and where the size is solved to be just that risk.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import above
from scaleplan.quantity.number import told_apart
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP503", "risk-above-limit", Severity.ERROR, "The worst planned loss passes max_risk.")
SILENCES = ("SP510",)


def check(case: Case) -> Findings:
    """Compares the worst planned loss with the limit."""
    risk, most = case.ladder.totals.risk, case.plan.account.max_risk
    if most is None or not above(risk, most):
        return
    loss, limit = told_apart(risk, most)
    yield Finding(
        "size",
        f"the plan loses up to {loss} {case.plan.settle}, more than the {limit} of max_risk{case.against(risk, most)}",
        f"trade at most {case.share_within(most, risk)} of this size, write the size as risk, or bring the stop nearer",
        [("account.max_risk", "the limit")],
    )
