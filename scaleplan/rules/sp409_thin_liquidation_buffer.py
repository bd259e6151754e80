"""SP409 thin-liquidation-buffer: the stop lies close to the liquidation price.

The buffer is the room behind the stop over the way from the average entry to liquidation. Below a fifth, a fast
market, a wick of the mark price or a change of the maintenance rate liquidates before the stop is filled.

Looked at after every tier that some path comes to as listed; the one with the least is told. Silent where liquidation
comes first anyway (SP401), where it is unknown (SP406), and without a stop.
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import same
from scaleplan.quantity.number import brief, percent
from scaleplan.rules.case import Case, Finding, Findings, Threshold, at_most

KIND = Kind("SP409", "thin-liquidation-buffer", Severity.WARNING, "The stop lies close to the liquidation price.")
#: A fifth of the way left: venues' models differ by up to a tenth of it, a fast market takes the other.
LIQUIDATION_BUFFER = Threshold("liquidation_buffer", Decimal("0.2"))


def check(case: Case) -> Findings:
    """Finds the tier after which the least is left."""
    least = case.limit(LIQUIDATION_BUFFER)
    standings = [(step.position, index) for index, step in enumerate(case.steps) if step.position.reachable]
    buffers = [(one.liquidation_buffer, index) for one, index in standings if one.liquidation_buffer is not None]
    if not buffers:
        return
    buffer, index = min(buffers)
    if buffer <= 0 or buffer >= least or same(buffer, least):
        return
    position = case.steps[index].position
    at, stop = position.liquidation.price, position.stop
    if at is None or stop is None:
        return
    yield Finding(
        case.stop_path,
        f"after tier {index + 1} only {at_most(buffer)} of the way to liquidation at {brief(at)} lies behind the "
        f"stop at {brief(stop)}, less than {percent(least)}",
        f"{case.more_room}, or bring the stop nearer",
        [case.margin_place],
    )
