"""Limits for a new account: the nearest round ones that the plan keeps, for the trader to lower."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from scaleplan.ladder import Ladder
from scaleplan.plan import Contract, Plan, SizeKind
from scaleplan.quantity.number import plain

_PERCENTAGES = tuple(map(Decimal, (1, 2, 3, 4, 5, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100)))
_LEVERAGES = tuple(map(Decimal, (1, 2, 3, 4, 5, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100, 125)))


class Limits(NamedTuple):
    """What the account's limits are, as written; empty where there is none to write."""

    max_risk: str = ""
    max_margin: str = ""
    max_leverage: str = ""


def limits(plan: Plan, ladder: Ladder, size: str) -> Limits:
    """Returns limits that this plan keeps; `size` is the size as written."""
    equity = plan.account.equity
    risk = ladder.totals.risk
    if plan.size.kind is SizeKind.RISK:
        max_risk = size.removesuffix(" risk")
    elif risk is None:
        max_risk = ""
    elif equity is not None:
        max_risk = _percentage(risk / equity)
    else:
        max_risk = f"{plain(_rounded_up(risk))} {plan.settle}" if risk > 0 else ""
    if equity is None or plan.contract is Contract.SPOT:
        return Limits(max_risk)
    margin = max(step.position.initial_margin for step in ladder.steps)
    carried = max(step.position.effective_leverage or Decimal(0) for step in ladder.steps)
    leverage = _next(carried, _LEVERAGES)
    return Limits(max_risk, _percentage(margin / equity), "" if leverage is None else plain(leverage))


def _percentage(ratio: Decimal) -> str:
    found = _next(ratio * 100, _PERCENTAGES)
    return "" if found is None else f"{plain(found)}%"


def _next(value: Decimal, steps: Sequence[Decimal]) -> Decimal | None:
    return next((step for step in steps if value <= step), None)


def _rounded_up(value: Decimal) -> Decimal:
    """Returns the value rounded up to two digits."""
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 1), rounding=ROUND_CEILING)
