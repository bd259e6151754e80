"""A book is several plans of one account taken together: what they risk and tie up at once.

Sums are made a settle currency at a time; fractions need the one equity that the plans share.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.ladder.records import Ladder
from scaleplan.plan import Plan
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
    """One line for each settle currency, in the order of their first plan. Equity is absent where the plans differ."""
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
    """The indices of two plans of one settle currency that state different equities; absent where none do."""
    first: dict[str, int] = {}
    for index, plan in enumerate(plans):
        if plan.account.equity is None:
            continue
        before = first.setdefault(plan.settle, index)
        if plans[before].account.equity != plan.account.equity:
            return before, index
    return None
