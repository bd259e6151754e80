"""SP305 beyond-last-bracket: the position grows past the last maintenance bracket.

A venue's table ends at the largest position that it allows. What lies beyond is reckoned here with the last bracket's
rate, and the venue would refuse the order.

Silent where the last bracket is open (has no `up_to`), and for a single rate.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Contract
from scaleplan.quantity.exact import above
from scaleplan.quantity.number import told_apart
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP305", "beyond-last-bracket", Severity.WARNING, "The position grows past the last maintenance bracket.")


def check(case: Case) -> Findings:
    """Compares the position after each tier with the end of the table; the first that passes it is reported."""
    plan = case.plan
    if plan.margin is None or plan.contract is Contract.SPOT:
        return
    end = plan.margin.brackets[-1].up_to
    for step in case.steps:
        if end is None:
            return
        measure, unit = case.measured(step.position)
        if not above(measure, end):
            continue
        first, second = told_apart(measure, end)
        yield Finding(
            f"{case.maintenance_path}[{len(plan.margin.brackets) - 1}].up_to",
            f"after tier {step.tier} the position is {first} {unit}, and the last bracket ends at {second}",
            "add the brackets that the venue prints beyond it, or make the plan smaller",
            [("size", "the size")],
        )
        return
