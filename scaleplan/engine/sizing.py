"""Sizing turns what the trader wrote as size and shares into a quantity for each tier.

The unit of a size says what the shares divide: money divides notional, `quantity = share * notional / price`, at the
tiers' prices; a quantity or contracts divide quantity. An inverse position is counted as value in quote.
"""

from decimal import Decimal

from scaleplan.plan import Contract, Divides, Plan, SizeKind
from scaleplan.plan.sizes import at_prices, notional_of, own_quantities, per_unit, quantity_of
from scaleplan.quantity.exact import are_whole, times


def quantities(plan: Plan, amount: Decimal | None = None) -> tuple[Decimal, ...]:
    """The quantity of each tier, in base (inverse: value in quote); `amount` stands in for the size's own.

    For a size in risk, `amount` is the total notional in quote that it was solved to. Shares that are a whole make the
    whole: what a third leaves at the fiftieth digit goes to the last tier.
    """
    if plan.tiers[0].size is not None:
        return own_quantities(plan)
    total = amount
    if total is None:
        total = notional_of(plan, plan.size) if plan.size.kind.divides is Divides.NOTIONAL else plan.size.amount
    shares = [tier.share for tier in plan.tiers if tier.share is not None]
    parts = [times(share, total) for share in shares]
    if are_whole(shares):
        parts[-1] = total - sum(parts[:-1], Decimal(0))
    return tuple(quantity_of(plan, tier, part, plan.size.kind) for tier, part in zip(plan.tiers, parts, strict=True))


def size_notional(plan: Plan) -> Decimal:
    """The plan's written size as notional; a quantity or contracts at the tiers' prices weighed by what they hold."""
    size = plan.size
    if size.kind.divides is Divides.NOTIONAL:
        return notional_of(plan, size)
    unit = per_unit(plan, size.kind)
    counted = quantities(plan)
    held = sum(counted, Decimal(0))
    if plan.contract is Contract.INVERSE:
        return size.amount * unit if size.kind is SizeKind.CONTRACTS else size.amount * plan.tiers[0].price
    return size.amount * unit * at_prices(plan, counted) / held
