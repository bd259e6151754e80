"""SP403 maintenance-above-margin: the maintenance rate is at or above 1/leverage.

The margin put up is `1/leverage` of the value; a venue that wants as much as that to keep the position open closes it
as it is opened. The same where a broker asks for fixed amounts a contract, or closes out at a part of the margin.

Silent for cross margin (but for what a broker prints), with an `extra_margin`, and where a deduction lowers the
maintenance: then SP402 looks at the position itself.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.number import brief, percent
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP403", "maintenance-above-margin", Severity.ERROR, "The maintenance rate is at or above 1/leverage.")
SILENCES = ("SP402",)


def check(case: Case) -> Findings:
    """Compares the lowest maintenance rate with 1/leverage, or fixed amounts with each other."""
    plan, margin = case.plan, case.plan.margin
    if margin is None or plan.extra_margin > 0:
        return
    keep, post, bracket = margin.per_contract, plan.initial_per_contract, margin.brackets[0]
    printed = bool(keep) and post is not None and "margin_closeout" not in case.places.spans
    if not plan.is_isolated and not printed:
        # Behind cross margin stands the account; what a broker prints is wrong all the same.
        return
    if keep and post is not None:
        if keep < post:
            return
        finding = Finding(
            "margin.maintenance",
            f"the maintenance of {case.money(keep)} {plan.settle} for each contract is not below the "
            f"{case.money(post)} {plan.settle} that opening it puts up",
            "write both as the broker prints them: the initial margin is the larger one",
            [("margin.initial", "the initial margin")],
        )
    else:
        if bracket.rate < ONE / plan.leverage or bracket.deduction > 0:
            return
        finding = Finding(
            case.maintenance_path,
            f"the maintenance rate of {percent(bracket.rate)} is not below the {percent(ONE / plan.leverage)} of "
            f"margin that leverage {brief(plan.leverage)} puts up",
            f"write a leverage below {brief(ONE / bracket.rate, 4)}, or the rate as the venue prints it",
            [("leverage", "the leverage")],
        )
    if "margin_closeout" in case.places.spans:
        finding = Finding(
            "margin_closeout",
            "the broker closes out at 100% of the margin in use, which is all that opening it puts up",
            "write the broker's margin close-out, such as `50%`",
        )
    yield finding
