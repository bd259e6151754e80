"""A book is several plans of one account taken together: what they risk and tie up at once, and one cross margin.

Sums are made a settle currency at a time; fractions need the one equity that the plans share.

On cross margin each plan is liquidated where the others leave it. Its margin is the equity less what the others have
spoken for: their maintenance margin, closing fee and reserve, less their unrealised P&L. Here each of the others is
taken with all its tiers filled and the price at its average entry, where its P&L is 0; the entry fees that it paid are
gone from the equity as well. For two plans that is one equation with the sum over both on either side:

    equity - fees + PnL_1(P) + 0 = maintenance_1(P) + maintenance_2(average entry of 2)

Source: the venues' cross formulas (wallet balance less the others' maintenance margin, plus their unrealised P&L).
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.margin import maintenance_margin
from scaleplan.ladder.records import Ladder
from scaleplan.plan import Contract, MarginMode, Plan
from scaleplan.quantity.exact import ZERO


class BookLine(NamedTuple):
    """All plans that settle in one currency: summed worst losses, margin and value at full size, over one equity."""

    settle: str
    plans: int
    equity: Decimal | None
    risk: Decimal
    risk_fraction: Decimal | None
    initial_margin: Decimal
    margin_fraction: Decimal | None
    effective_leverage: Decimal | None


def book(ladders: tuple[tuple[Plan, Ladder], ...]) -> tuple[BookLine, ...]:
    """Returns a line for each settle currency, in the order of their first plan. Equity is absent if plans differ."""
    lines = []
    for settle in dict.fromkeys(plan.settle for plan, _ in ladders):
        here = [(plan, ladder) for plan, ladder in ladders if plan.settle == settle]
        equities = {plan.account.equity for plan, _ in here}
        equity = equities.pop() if len(equities) == 1 else None
        risk = sum((ladder.totals.risk for _, ladder in here), ZERO)
        margin = sum((ladder.steps[-1].position.initial_margin for _, ladder in here), ZERO)
        leverages = [ladder.steps[-1].position.effective_leverage for _, ladder in here]
        known = [leverage for leverage in leverages if leverage is not None]
        lines.append(
            BookLine(
                settle=settle,
                plans=len(here),
                equity=equity,
                risk=risk,
                risk_fraction=risk / equity if equity else None,
                initial_margin=margin,
                margin_fraction=margin / equity if equity else None,
                effective_leverage=sum(known, ZERO) if equity and len(known) == len(here) else None,
            )
        )
    return tuple(lines)


def equity_clash(plans: Sequence[Plan]) -> tuple[int, int] | None:
    """Returns the indices of two plans of one settle currency that state different equities; absent where none do."""
    first: dict[str, int] = {}
    for index, plan in enumerate(plans):
        if plan.account.equity is None:
            continue
        before = first.setdefault(plan.settle, index)
        if plans[before].account.equity != plan.account.equity:
            return before, index
    return None


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
    """Returns what a plan keeps from the others of its account; absent where its maintenance margin is not known.

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
    """Returns the plan on cross margin, with `spoken_for` by others reserved too. Spot has no cross margin."""
    if plan.contract is Contract.SPOT:
        return plan
    account = plan.account._replace(reserved=plan.account.reserved + spoken_for)
    return plan._replace(margin_mode=MarginMode.CROSS, account=account)
