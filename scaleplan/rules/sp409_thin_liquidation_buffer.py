"""SP409 thin-liquidation-buffer: the stop lies close to the liquidation price.

The buffer is the room behind the stop over the way from the average entry to liquidation. Below a fifth, a fast
market, a wick of the mark price or a change of the maintenance rate liquidates before the stop is filled.

Looked at after every tier that some path comes to as listed, and from which one comes to the stop; the one with the
least is told. Silent where liquidation
comes first anyway (SP401), where it is unknown (SP406), and without a stop.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from scaleplan.diagnostic import Kind, Severity
from scaleplan.ladder import Rung
from scaleplan.quantity.exact import same
from scaleplan.quantity.number import percent
from scaleplan.rules.case import Case, Finding, Findings, Threshold, at_most

if TYPE_CHECKING:
    from scaleplan.paths.facts import Facts

KIND = Kind("SP409", "thin-liquidation-buffer", Severity.WARNING, "The stop lies close to the liquidation price.")
#: A fifth of the way left: venues' models differ by up to a tenth of it, a fast market takes the other.
LIQUIDATION_BUFFER = Threshold("liquidation_buffer", Decimal("0.2"))


def standings_met(steps: Sequence[Rung], facts: "Facts | None") -> list[Rung]:
    """Returns the tiers after which price may come to the stop or to liquidation, as far as paths say.

    Where no path is liquidated, a tier after which liquidation would come first is not the last to fill before it.
    """
    met = [step for step in steps if step.position.reachable]
    if facts is None or facts.liquidated is not None:
        return met
    return [step for step in met if step.position.liquidation_buffer is None or step.position.liquidation_buffer > 0]


def check(case: Case) -> Findings:
    """Finds the tier after which the least is left."""
    least = case.limit(LIQUIDATION_BUFFER)
    standings = [(step.position, step.tier - 1) for step in standings_met(case.steps, case.facts)]
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
        f"after tier {index + 1} only {at_most(buffer)} of the way to liquidation at {case.price(at)} lies behind the "
        f"stop at {case.price(stop)}, less than {percent(least)}",
        f"{case.more_room}, or bring the stop nearer",
        [case.margin_place],
    )
