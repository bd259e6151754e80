"""Cross margin: the plans of one account stand on one equity, so each is liquidated where the others leave it.

A cross position's margin is the equity less what the other positions have spoken for: their maintenance margin, closing
fee and reserve, less their unrealised P&L. Here each of the others is taken with all its tiers filled and the price at
its average entry, where its P&L is 0; the entry fees that it paid are gone from the equity as well. For two plans that
is the one equation of section 4 with the sum over both on either side:

    equity - fees + PnL_1(P) + 0 = maintenance_1(P) + maintenance_2(average entry of 2)

Source: the venues' cross formulas (wallet balance less the others' maintenance margin, plus their unrealised P&L).
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.margin import maintenance_margin
from scaleplan.ladder.records import Ladder
from scaleplan.plan import Contract, MarginMode, Plan
from scaleplan.quantity.exact import ZERO


class Held(NamedTuple):
    """What one plan keeps from the others at its average entry, fully filled, in its settle currency."""

    average_entry: Decimal
    maintenance_margin: Decimal
    entry_fees: Decimal

    @property
    def amount(self) -> Decimal:
        """What the others cannot count on."""
        return self.maintenance_margin + self.entry_fees


def held_by(plan: Plan, ladder: Ladder) -> Held | None:
    """What a plan keeps from the others of its account; absent where its maintenance margin is not known.

    `maintenance_margin` has the closing fee and the reserve in it, as they stand in the equation.
    """
    if plan.margin is None:
        return None
    position = ladder.steps[-1].state.held.position
    average, model = position.average_entry, plan.margin
    maintenance = maintenance_margin(position, model, average, plan.instrument.contract_size)
    closing = model.closing_fee * position.worth(average)
    return Held(average, maintenance + closing + model.reserve, position.entry_fees)


def as_cross(plan: Plan, spoken_for: Decimal = ZERO) -> Plan:
    """The plan on cross margin, with `spoken_for` by others beside what its account has reserved. Spot has none."""
    if plan.contract is Contract.SPOT:
        return plan
    account = plan.account._replace(reserved=plan.account.reserved + spoken_for)
    return plan._replace(margin_mode=MarginMode.CROSS, account=account)
