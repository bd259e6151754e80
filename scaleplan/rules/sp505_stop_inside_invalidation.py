"""SP505 stop-inside-invalidation: the stop is nearer than the invalidation by more than 0.1%.

The position is closed while the idea still holds: a wick takes the loss, and the move goes on without it.

Silent for a stop at the invalidation, beyond it, or within a tenth of a percent before it; and where one of the two
lies on the wrong side of tier 1 (SP201).
"""

from collections.abc import Iterator

from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.quantity.number import percent, told_apart
from scaleplan.rules.subject import Subject

KIND = Kind("SP505", "stop-inside-invalidation", Severity.WARNING, "The stop comes before the idea is wrong.")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare the stop with the invalidation."""
    plan = subject.plan
    if plan.stop is None or plan.invalidation is None:
        return
    inside = plan.sign * (plan.stop - plan.invalidation)
    if inside <= subject.thresholds.stop_inside * plan.invalidation:
        return
    stop, wrong = told_apart(plan.stop, plan.invalidation)
    yield subject.finding(
        KIND,
        "stop",
        f"the stop at {stop} comes {percent(inside / plan.invalidation)} before the invalidation at {wrong}",
        f"put the stop at or {subject.losing} {wrong}, or say that the idea is wrong at {stop}",
        [("invalidation", "the invalidation")],
    )
