"""SP409 thin-liquidation-buffer: the stop lies close to the liquidation price.

The buffer is the room behind the stop over the way from the average entry to liquidation. Below a fifth, a fast
market, a wick of the mark price or a change of the maintenance rate liquidates before the stop is filled.

Looked at after every tier that can fill; the one with the least is told. Silent where liquidation comes first anyway
(SP401), where it is unknown (SP406), and without a stop.
"""

from collections.abc import Iterator

from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.quantity.exact import same
from scaleplan.quantity.number import brief, percent
from scaleplan.rules.subject import Subject, at_most

KIND = Kind("SP409", "thin-liquidation-buffer", Severity.WARNING, "The stop lies close to the liquidation price.")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Find the tier after which the least is left."""
    least = subject.thresholds.liquidation_buffer
    buffers = [
        (step.position.liquidation_buffer, index)
        for index, step in enumerate(subject.ladder.steps)
        if step.position.liquidation_buffer is not None and subject.can_fill(index)
    ]
    if not buffers:
        return
    buffer, index = min(buffers)
    if buffer <= 0 or buffer >= least or same(buffer, least):
        return
    position = subject.ladder.steps[index].position
    at, stop = position.liquidation.price, position.stop
    if at is None or stop is None:
        return
    yield subject.finding(
        KIND,
        subject.stop_path,
        f"after tier {index + 1} only {at_most(buffer)} of the way to liquidation at {brief(at)} lies behind the "
        f"stop at {brief(stop)}, less than {percent(least)}",
        f"{subject.more_room}, or bring the stop nearer",
        [("leverage", "the leverage")],
    )
