"""Costs in words: what the fees are, how much worse than its level a fill is, and what holding costs."""

from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.quantity.amount import say_duration
from scaleplan.report.figures import Figures, one_unit, rate, written


def fee_amounts(plan: Plan) -> tuple[str, ...]:
    """The fees that are amounts: `2.25 USD a contract a side`, `1 USD an order`."""
    found = []
    if plan.fees.per_contract:
        found.append(f"{written(plan.fees.per_contract)} {plan.settle} a {one_unit(plan)} a side")
    if plan.fees.per_order:
        found.append(f"{written(plan.fees.per_order)} {plan.settle} an order")
    return tuple(found)


def has_rates(plan: Plan) -> bool:
    """Whether fees are rates: they are where one is not 0, or where nothing else is charged."""
    fees = plan.fees
    return bool(fees.maker or fees.taker or not (fees.per_contract or fees.per_order))


def slips(plan: Plan) -> str:
    """Slippage, and the spread where there is one; what is not written is 0, and said so."""
    parts = []
    if plan.slippage_price:
        parts.append(f"slippage {written(plan.slippage_price)} of price")
    elif plan.slippage:
        parts.append(f"slippage {rate(plan.slippage)}")
    else:
        parts.append("slippage 0 assumed")
    if plan.spread:
        parts.append(f"spread {written(plan.spread)} of price, half on each fill")
    return ", ".join(parts)


def holding(figures: Figures, ladder: Ladder) -> tuple[str, str] | None:
    """What holding costs: funding or swap, and `pays 3.12 USDT`; nothing where none is written."""
    plan, paid = figures.plan, ladder.totals.funding
    if paid is None:
        return None
    way = "pays" if paid >= 0 else "receives"
    return "swap" if plan.swap is not None else "funding", f"{way} {figures.fee(abs(paid))} {plan.settle}"


def holding_basis(plan: Plan) -> str:
    """How the cost of holding is reckoned: a rate and its periods, or an amount a lot and its nights."""
    if plan.swap is not None:
        nights = f"{plan.swap.nights} {'night' if plan.swap.nights == 1 else 'nights'}"
        return f"{written(abs(plan.swap.per_contract))} a {one_unit(plan)} for {nights}"
    if plan.funding is None:
        return ""
    every, hold = say_duration(plan.funding.every_minutes), say_duration(plan.funding.hold_minutes)
    periods = plan.funding.periods
    return f"{rate(plan.funding.rate)} every {every} for {hold}, {periods} {'period' if periods == 1 else 'periods'}"
