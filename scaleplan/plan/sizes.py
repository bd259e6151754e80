"""Sizes as written become quantities and notional: what a tier's own size is, and what they sum to.

An inverse position is counted as value in quote; coin becomes quote at the tier's price, or at tier 1's for a total.
"""

from decimal import Decimal

from scaleplan.plan import Contract, Divides, Plan, Size, SizeKind, Tier
from scaleplan.quantity.exact import ONE, ZERO


def notional_of(plan: Plan, size: Size) -> Decimal:
    """A size that is money, as notional in quote. Coin becomes quote at tier 1's price."""
    if size.kind is SizeKind.NOTIONAL:
        return size.amount
    value = size.amount * plan.leverage if size.kind is SizeKind.MARGIN else size.amount
    return value * plan.tiers[0].price if plan.contract is Contract.INVERSE else value


def at_prices(plan: Plan, counted: tuple[Decimal, ...]) -> Decimal:
    """The notional in quote of quantities taken at the tiers' prices: how sizes are compared."""
    if plan.contract is Contract.INVERSE:
        return sum(counted, ZERO)
    return sum((quantity * tier.price for quantity, tier in zip(counted, plan.tiers, strict=True)), ZERO)


def own_quantities(plan: Plan) -> tuple[Decimal, ...]:
    """The quantity of each tier that has a size of its own, in base (inverse: value in quote)."""
    return tuple(_own(plan, tier, tier.size) for tier in plan.tiers if tier.size is not None)


def sum_of_own(plan: Plan) -> Size:
    """The size of a plan whose tiers have sizes of their own: their sum, in their unit if they share one."""
    kinds = {tier.size.kind for tier in plan.tiers if tier.size is not None}
    if len(kinds) == 1:
        kind = kinds.pop()
        return Size(kind, sum((tier.size.amount for tier in plan.tiers if tier.size is not None), ZERO), "")
    return Size(SizeKind.NOTIONAL, at_prices(plan, own_quantities(plan)), "")


def quantity_of(plan: Plan, tier: Tier, amount: Decimal, kind: SizeKind) -> Decimal:
    """A tier's part of a size (notional, base or contracts) as quantity in base, or value in quote."""
    inverse = plan.contract is Contract.INVERSE
    if kind.divides is Divides.NOTIONAL:
        return amount if inverse else amount / tier.price
    counted = amount * per_unit(plan, kind)
    return counted * tier.price if inverse and kind is SizeKind.QUANTITY else counted


def per_unit(plan: Plan, kind: SizeKind) -> Decimal:
    """How much of the base (inverse: of value in quote) one of a size's units is."""
    if kind is SizeKind.CONTRACTS and plan.instrument.contract_size is not None:
        return plan.instrument.contract_size
    return ONE


def _own(plan: Plan, tier: Tier, size: Size) -> Decimal:
    amount = notional_of(plan, size) if size.kind.divides is Divides.NOTIONAL else size.amount
    return quantity_of(plan, tier, amount, size.kind)
