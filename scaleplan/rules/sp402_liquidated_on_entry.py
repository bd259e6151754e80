"""SP402 liquidated-on-entry: the liquidation price is not on the losing side of the average entry.

The margin does not even cover the maintenance of the position it opens: the venue would refuse the order or close it at
once.

Looked at after every tier; the first that has it is told. Silent where SP403 names the cause.
"""

from collections.abc import Iterator

from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.quantity.exact import same
from scaleplan.quantity.number import brief
from scaleplan.rules.subject import Subject

KIND = Kind(
    "SP402", "liquidated-on-entry", Severity.ERROR, "The position would be liquidated as soon as it is entered."
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare the liquidation price with the average entry; the first tier that has it is told."""
    plan = subject.plan
    for step in subject.ladder.steps:
        position = step.position
        at = position.liquidation.price
        average = position.average_entry
        if at is None or (plan.sign * (average - at) > 0 and not same(average, at)):
            continue
        path = "leverage" if plan.margin_mode == "isolated" else "account.equity"
        yield subject.finding(
            KIND,
            path,
            f"after tier {step.tier} the position is liquidated at {brief(at)}, "
            f"not {subject.losing} its average entry of {brief(position.average_entry)}",
            f"{subject.more_room}, or make the plan smaller",
            [("maintenance", "the maintenance")],
        )
        return
