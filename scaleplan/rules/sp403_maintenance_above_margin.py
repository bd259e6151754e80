"""SP403 maintenance-above-margin: the maintenance rate is at or above 1/leverage.

The margin put up is `1/leverage` of the value; a venue that wants as much as that to keep the position open closes it
as it is opened. The same where a broker asks for fixed amounts a contract, or closes out at a part of the margin.

Silent for cross margin, with an `extra_margin`, and where a deduction lowers the maintenance: then SP402 looks at the
position itself.
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Contract, MarginMode
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.number import brief, percent
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP403", "maintenance-above-margin", Severity.ERROR, "The maintenance rate is at or above 1/leverage.")
SILENCES = ("SP402",)


def check(case: Case) -> Findings:
    """Compares the lowest maintenance rate with 1/leverage."""
    plan = case.plan
    if plan.margin is None or plan.contract is Contract.SPOT or plan.margin_mode is not MarginMode.ISOLATED:
        return
    if plan.margin.per_contract and plan.initial_per_contract is not None:
        yield from _fixed(case, plan.margin.per_contract, plan.initial_per_contract)
        return
    rate = plan.margin.brackets[0].rate
    if rate < ONE / plan.leverage or plan.extra_margin > 0 or plan.margin.brackets[0].deduction > 0:
        return
    if "margin_closeout" in case.places.spans:
        yield _closed_out()
        return
    yield Finding(
        case.maintenance_path,
        f"the maintenance rate of {percent(rate)} is not below the {percent(ONE / plan.leverage)} of margin "
        f"that leverage {brief(plan.leverage)} puts up",
        f"write a leverage below {brief(ONE / rate, 4)}, or the rate as the venue prints it",
        [("leverage", "the leverage")],
    )


def _fixed(case: Case, keep: Decimal, post: Decimal) -> Findings:
    """The same for what a broker asks for each contract."""
    if keep < post or case.plan.extra_margin > 0:
        return
    settle = case.plan.settle
    if "margin_closeout" in case.places.spans:
        yield _closed_out()
        return
    yield Finding(
        "margin.maintenance",
        f"the maintenance of {brief(keep)} {settle} for each contract is not below the {brief(post)} {settle} that "
        "opening it puts up",
        "write both as the broker prints them: the initial margin is the larger one",
        [("margin.initial", "the initial margin")],
    )


def _closed_out() -> Finding:
    return Finding(
        "margin_closeout",
        "the broker closes out at 100% of the margin in use, which is all that opening it puts up",
        "write the broker's margin close-out, such as `50%`",
    )
