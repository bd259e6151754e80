"""SP405 margin-above-equity: the plan ties up more than the account has.

With leverage it is the initial margin of all tiers, without what they cost, and their entry fees; on cross margin what
other positions have reserved is not there to be used. The orders of the last tiers would be refused.

Silent without an equity.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Contract
from scaleplan.quantity.exact import ZERO, above
from scaleplan.quantity.number import brief
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind(
    "SP405", "margin-above-equity", Severity.ERROR, "The plan needs more margin, or money, than the account has."
)
SILENCES = ("SP407",)


def check(case: Case) -> Findings:
    """Compares margin and entry fees at full size with what is free of the equity."""
    plan, steps = case.plan, case.steps
    equity = plan.account.equity
    if equity is None:
        return
    cross = plan.is_cross
    free = equity - plan.account.kept if cross else equity
    fees = sum((step.fill.fee for step in steps), ZERO)
    needed = steps[-1].position.initial_margin + fees
    if not above(needed, free):
        return
    first, second = case.past_limit(needed, free)
    spot = plan.contract is Contract.SPOT
    what = "costs" if spot else f"needs a margin{' and entry fees' if fees else ''} of"
    reserved = f" that other positions leave of {brief(equity)}" if free != equity else ""
    yield Finding(
        "size",
        f"the plan {what} {first} {plan.settle}, more than the equity of {second}{reserved}",
        "make the plan smaller" + ("" if spot else ", or set a higher leverage if the liquidation price allows it"),
        [("account.equity", "the equity")],
    )
