"""A book is several plans of one account taken together: what they risk and tie up at once, and one cross margin.

Sums are made a settle currency at a time; fractions need the one equity that the plans share.

On cross margin each plan is liquidated where the others leave it. Its margin is the equity less what the others have
spoken for: their maintenance margin, closing fee and reserve, less their unrealised P&L. Here each of the others is
taken with all its tiers filled and the price at its average entry, where its P&L is 0; the entry fees that it paid are
gone from the equity as well. For two plans that is one equation with the sum over both on either side:

    equity - fees + PnL_1(P) + 0 = maintenance_1(P) + maintenance_2(average entry of 2)

Plans of one market move together: their positions are summed, and both sides of the equation are taken at one price
(`engine.margin`).

Source: the venues' cross formulas (wallet balance less the others' maintenance margin, plus their unrealised P&L).
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.margin import maintenance_margin
from scaleplan.engine.position import Position
from scaleplan.ladder.records import Ladder
from scaleplan.plan import Beside, Contract, MarginMode, Plan, Wallet
from scaleplan.quantity.exact import ZERO


class BookLine(NamedTuple):
    """All plans that settle in one currency: summed worst losses, margin and value at full size, over one equity."""

    settle: str
    plans: int
    equity: Decimal | None
    risk: Decimal | None
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
        risks = [ladder.totals.risk for _, ladder in here]
        known_risks = [risk for risk in risks if risk is not None]
        risk = sum(known_risks, ZERO) if len(known_risks) == len(here) else None
        margin = sum((ladder.steps[-1].position.initial_margin for _, ladder in here), ZERO)
        leverages = [ladder.steps[-1].position.effective_leverage for _, ladder in here]
        known = [leverage for leverage in leverages if leverage is not None]
        lines.append(
            BookLine(
                settle=settle,
                plans=len(here),
                equity=equity,
                risk=risk,
                risk_fraction=risk / equity if equity and risk is not None else None,
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
    average = position.average_entry
    return Held(average, _kept(plan, position, average), position.entry_fees)


def spoken_for_at(plan: Plan, ladder: Ladder, price: Decimal) -> Decimal:
    """Returns what a plan, fully filled, keeps from the others of its account at a price: its loss there included."""
    position = ladder.steps[-1].state.held.position
    return _kept(plan, position, price) + position.entry_fees - position.pnl(price)


def _kept(plan: Plan, position: Position, price: Decimal) -> Decimal:
    """The maintenance margin at a price, with the closing fee and the reserve, as they stand in the equation."""
    model = plan.margin
    if model is None:
        raise ValueError("a plan without a margin model keeps nothing that is known")
    maintenance = maintenance_margin(position, model, price, plan.instrument.contract_size)
    return maintenance + model.closing_fee * position.worth(price) + model.reserve


def as_cross(plan: Plan, wallet: Wallet) -> Plan:
    """Returns the plan on the cross margin that it shares with others. Spot has no cross margin."""
    if plan.contract is Contract.SPOT:
        return plan
    return plan._replace(margin_mode=MarginMode.CROSS, account=plan.account._replace(wallet=wallet))


def beside(plan: Plan, ladder: Ladder) -> Beside:
    """Returns a plan, fully filled, as it stands beside others of its market; its margin model is known."""
    if plan.margin is None:
        raise ValueError("a plan without a margin model keeps nothing that is known")
    position = ladder.steps[-1].state.held.position
    return Beside(position.sign, position.quantity, position.cost, position.entry_fees, plan.margin)
