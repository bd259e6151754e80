"""SP405 margin-above-equity: the plan ties up more than the account has.

With leverage it is the initial margin of all tiers; without, what they cost, fees in. The orders of the last tiers
would be refused.

Silent without an equity.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Contract
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import told_apart
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind(
    "SP405", "margin-above-equity", Severity.ERROR, "The plan needs more margin, or money, than the account has."
)
SILENCES = ("SP407",)


def check(case: Case) -> Findings:
    """Compares the initial margin at full size with the equity."""
    plan, steps = case.plan, case.steps
    equity = plan.account.equity
    needed = steps[-1].position.initial_margin
    spot = plan.contract is Contract.SPOT
    if spot:
        needed += sum((step.fill.fee for step in steps), ZERO)
    if equity is None or needed <= equity:
        return
    first, second = told_apart(needed, equity)
    what = "costs" if spot else "needs a margin of"
    yield Finding(
        "size",
        f"the plan {what} {first} {plan.settle}, more than the equity of {second}",
        "make the plan smaller" + ("" if spot else ", or set a higher leverage if the liquidation price allows it"),
        [("account.equity", "the equity")],
    )
