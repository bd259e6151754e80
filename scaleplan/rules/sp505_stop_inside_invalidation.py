"""SP505 stop-inside-invalidation: the stop is nearer than the invalidation by more than 0.1%.

The position is closed while the idea still holds: a wick takes the loss, and the move goes on without it.

Silent for a stop at the invalidation, beyond it, or within a tenth of a percent before it; and where one of the two
lies on the wrong side of tier 1 (SP201).
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.number import percent
from scaleplan.rules.case import Case, Finding, Findings, Threshold

KIND = Kind("SP505", "stop-inside-invalidation", Severity.WARNING, "The stop comes before the idea is wrong.")
#: Ticks, and the rounding of a level drawn by eye.
STOP_INSIDE = Threshold("stop_inside", Decimal("0.001"))


def check(case: Case) -> Findings:
    """Compares the stop with the invalidation."""
    plan = case.plan
    if plan.stop is None or plan.invalidation is None:
        return
    inside = plan.sign * (plan.stop - plan.invalidation)
    if inside <= case.limit(STOP_INSIDE) * plan.invalidation:
        return
    stop, wrong = case.prices_apart(plan.stop, plan.invalidation)
    yield Finding(
        "stop",
        f"the stop at {stop} comes {percent(inside / plan.invalidation)} before the invalidation at {wrong}",
        f"put the stop at or {case.losing} {wrong}, or say that the idea is wrong at {stop}",
        [("invalidation", "the invalidation")],
    )
