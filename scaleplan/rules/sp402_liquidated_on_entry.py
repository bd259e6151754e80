"""SP402 liquidated-on-entry: the liquidation price is not on the losing side of the average entry.

The margin does not even cover the maintenance of the position it opens: the venue would refuse the order or close it at
once.

Looked at after every tier; the first that has it is told. Silent where SP403 names the cause.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import same
from scaleplan.rules.case import Case, Finding, Findings

SILENCES = ("SP503", "SP512")
KIND = Kind(
    "SP402", "liquidated-on-entry", Severity.ERROR, "The position would be liquidated as soon as it is entered."
)


def check(case: Case) -> Findings:
    """Compares the liquidation price with the average entry; the first tier that has it is reported."""
    plan = case.plan
    for step in case.steps:
        at, average = step.position.liquidation.price, step.position.average_entry
        if not step.position.reachable:
            continue
        if at is None or (plan.sign * (average - at) > 0 and not same(average, at)):
            continue
        yield Finding(
            "leverage" if plan.is_isolated else "account.equity",
            f"after tier {step.tier} the position is liquidated at {case.price(at)}, "
            f"not {case.losing} its average entry of {case.price(average)}",
            f"{case.more_room}, or make the plan smaller" if plan.is_isolated else "make the plan smaller",
            [("maintenance", "the maintenance")],
        )
        return
