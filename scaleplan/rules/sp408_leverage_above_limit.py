"""SP408 leverage-above-limit: the effective leverage passes the account's `max_leverage`.

Effective leverage is the value of the position at the tier's price over equity: what the account really carries,
whatever leverage is set on the venue.

Looked at after every tier; the one that carries most is told. Silent without a `max_leverage` or an equity.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import ZERO, above
from scaleplan.quantity.number import told_apart
from scaleplan.rules.case import Case, Finding, Findings, at_most

KIND = Kind("SP408", "leverage-above-limit", Severity.ERROR, "The effective leverage passes max_leverage.")


def check(case: Case) -> Findings:
    """Compares the highest effective leverage with the limit."""
    most = case.plan.account.max_leverage
    if most is None:
        return
    step = max(case.steps, key=lambda step: step.position.effective_leverage or ZERO)
    carried = step.position.effective_leverage
    if carried is None or not above(carried, most):
        return
    first, second = told_apart(carried, most)
    yield Finding(
        "size",
        f"after tier {step.tier} the plan carries {first} times the equity, more than the {second} of max_leverage",
        f"trade at most {at_most(most / carried)} of this size",
        [("account.max_leverage", "the limit")],
    )
