"""SP503 risk-above-limit: the worst planned loss is more than the account's `max_risk`.

The loss counts every tier as filled, entry fees, exit fee and slippage in: the first tranche alone says nothing about
what the plan can lose. Where another path loses more (tiers filled in another order or expired, a time stop, a
liquidation), that counts.

Silent without a `max_risk`, and where the size is solved to be just that risk.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import SizeKind
from scaleplan.quantity.exact import above
from scaleplan.quantity.number import told_apart
from scaleplan.rules.case import Case, Finding, Findings, in_words

KIND = Kind("SP503", "risk-above-limit", Severity.ERROR, "The worst planned loss passes max_risk.")
SILENCES = ("SP510", "SP512")


def check(case: Case) -> Findings:
    """Compares the worst loss, of the tiers as listed and of any path, with the limit."""
    totals, elsewhere = case.ladder.totals, case.ladder.elsewhere
    most, lost = case.plan.account.max_risk, case.ladder.most_lost
    if most is None or lost is None or not above(lost, most):
        return
    loss, limit = told_apart(lost, most)
    if elsewhere is not None and elsewhere.loss == lost:
        who = f"on another path than planned the plan loses {loss} {case.plan.settle}"
        path = f": {in_words(elsewhere.events)}"
    elif lost != totals.risk:
        who, path = f"if every tier fills as listed the plan loses {loss} {case.plan.settle}", ""
    else:
        who, path = f"the planned loss is {loss} {case.plan.settle}", ""
    yield Finding(
        "size",
        f"{who}, more than the {limit} of max_risk{case.against(lost, most)}{path}",
        case.smaller(most, lost) + _else(case),
        [("account.max_risk", "the limit")],
    )


def _else(case: Case) -> str:
    """What else brings the loss down, in words."""
    if case.plan.stop is None:
        return ""
    nearer = ", or bring the stop nearer"
    return nearer if case.plan.size.kind is SizeKind.RISK else f", write the size as risk{nearer}"
