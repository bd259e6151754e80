"""SP413 models-disagree: the stop lies where one venue's model liquidates and another's does not.

Venues take maintenance on the value at the mark price or at entry, and some hold back a closing fee. The prices lie
apart by the maintenance rate of the way, and by the fee. Between them the stop comes first only as long as the plan has
the right model: venues change theirs, and what they print is not always what they reckon.

Reckoned with the plan's own brackets after every tier that can fill: maintenance on mark and on entry value, without a
closing fee and with the taker fee. The tier with the least room is told. Silent where the plan's own model already
liquidates before the stop (SP401), and where a broker asks for a fixed maintenance for each contract.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.margin import bracket_of, initial_margin, liquidation_of
from scaleplan.ladder import Standing
from scaleplan.plan import Contract, MaintenanceOn, MarginModel
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.number import percent
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP413", "models-disagree", Severity.WARNING, "Some venues' models liquidate before the stop.")
SILENCES = ("SP409",)
_HALF = Decimal("0.5")
_QUARTER = Decimal("0.25")


class _Other(NamedTuple):
    """A model that liquidates before the stop after a tier (from 1): where, and the room to the stop as a ratio."""

    room: Decimal
    tier: int
    price: Decimal
    model: MarginModel


def check(case: Case) -> Findings:
    """Solves every tier that has little room with the other models; the one with the least room is reported."""
    plan, steps = case.plan, case.steps
    if plan.margin is None or plan.contract is Contract.SPOT or plan.margin.per_contract:
        return
    past = [step.position.liquidation_past_stop for step in steps]
    if any(room is not None and room <= 0 for room in past):
        return
    worst = min(
        (other for index in range(len(steps)) for other in _others(case, index)),
        key=lambda other: other.room,
        default=None,
    )
    if worst is None:
        return
    standing = steps[worst.tier - 1].position
    own, stop = standing.liquidation.price, standing.stop
    if own is None or stop is None:
        return
    _, here = case.prices_apart(worst.price, own)
    at, there = case.prices_apart(stop, worst.price)
    basis = "mark" if worst.model.maintenance_on is MaintenanceOn.MARK else "entry"
    fee = f"a closing fee of {percent(worst.model.closing_fee)}" if worst.model.closing_fee else "no closing fee"
    yield Finding(
        case.stop_path,
        f"after tier {worst.tier} the stop at {at} lies where venues' models disagree: liquidated at "
        f"{here} by this plan's, and already at {there} with maintenance on the {basis} value and {fee}",
        f"put the stop {case.winning} {case.past(worst.price)}, or {case.more_room.replace(', ', ' or ')}",
        [("leverage", "the leverage")],
    )


def _others(case: Case, index: int) -> Iterator[_Other]:
    """Returns the models that liquidate at or before the stop after a tier, where the plan's own does not."""
    plan, standing = case.plan, case.steps[index].position
    stop, own, buffer = standing.stop, plan.margin, standing.liquidation_buffer
    if own is None or stop is None or buffer is None or buffer <= 0 or not case.can_fill(index):
        return
    if buffer > _HALF and _agree(case, own, standing):
        return
    position = case.position_after(index)
    margin = initial_margin(plan, position)
    for basis in MaintenanceOn:
        for fee in dict.fromkeys((ZERO, max(plan.fees.taker, ZERO))):
            if fee and fee + max(bracket.rate for bracket in own.brackets) >= ONE:
                # Together they would ask for all that there is: no venue's model.
                continue
            model = own._replace(maintenance_on=basis, closing_fee=fee)
            at = liquidation_of(plan._replace(margin=model), position, margin).price
            if at is not None and plan.sign * (stop - at) <= 0:
                yield _Other(plan.sign * (stop - at) / stop, index + 1, at, model)


def _agree(case: Case, own: MarginModel, standing: Standing) -> bool:
    """Returns whether no model can come as near as half of the way from liquidation to the average entry.

    One value or the other moves the price by the rate's part of the way, `rate / (1 - rate)`: a third of it below a
    rate of 25%. The fee moves it by its own part of the price.
    """
    measure, _ = case.measured(standing)
    number = max(bracket_of(own.brackets, measure), standing.liquidation.bracket)
    way = abs(ONE - (standing.liquidation.price or ZERO) / standing.average_entry)
    return own.brackets[number - 1].rate < _QUARTER and way > 20 * max(case.plan.fees.taker, own.closing_fee)
