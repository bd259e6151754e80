"""Sizing turns what the trader wrote as size and shares into a quantity for each tier.

The unit of a size says what the shares divide: money divides notional, `quantity = share * notional / price`, at the
tiers' prices; a quantity or contracts divide quantity. An inverse position is counted as value in quote.
"""

from decimal import Decimal

from scaleplan.plan import Contract, Plan, Size, SizeKind, Tier
from scaleplan.quantity.exact import ONE, times


def quantities(plan: Plan, amount: Decimal | None = None) -> tuple[Decimal, ...]:
    """The quantity of each tier, in base (inverse: value in quote); `amount` stands in for the size's own.

    For a size in risk, `amount` is the total notional in quote that it was solved to.
    """
    return tuple(
        _own(plan, tier, tier.size) if tier.size is not None else _share(plan, tier, amount) for tier in plan.tiers
    )


def notional_of(plan: Plan, size: Size) -> Decimal:
    """A size that is money, as notional in quote. Coin becomes quote at tier 1's price."""
    if size.kind is SizeKind.NOTIONAL:
        return size.amount
    value = size.amount * plan.leverage if size.kind is SizeKind.MARGIN else size.amount
    return value * plan.tiers[0].price if plan.contract is Contract.INVERSE else value


def at_prices(plan: Plan, counted: tuple[Decimal, ...]) -> Decimal:
    """The notional in quote of quantities taken at the tiers' prices: how sizes are compared."""
    if plan.contract is Contract.INVERSE:
        return sum(counted, Decimal(0))
    return sum((quantity * tier.price for quantity, tier in zip(counted, plan.tiers, strict=True)), Decimal(0))


def size_notional(plan: Plan) -> Decimal:
    """The plan's written size as notional; a quantity or contracts at the tiers' prices weighed by what they hold."""
    size = plan.size
    if size.kind.divides == "notional":
        return notional_of(plan, size)
    per_unit = _per_unit(plan, size.kind)
    counted = quantities(plan)
    held = sum(counted, Decimal(0))
    if plan.contract is Contract.INVERSE:
        return size.amount * per_unit if size.kind is SizeKind.CONTRACTS else size.amount * plan.tiers[0].price
    return size.amount * per_unit * at_prices(plan, counted) / held


def sum_of_own(plan: Plan) -> Size:
    """The size of a plan whose tiers have sizes of their own: their sum, in their unit if they share one."""
    kinds = {tier.size.kind for tier in plan.tiers if tier.size is not None}
    if len(kinds) == 1:
        kind = kinds.pop()
        return Size(kind, sum((tier.size.amount for tier in plan.tiers if tier.size is not None), Decimal(0)), "")
    return Size(SizeKind.NOTIONAL, at_prices(plan, quantities(plan)), "")


def _share(plan: Plan, tier: Tier, amount: Decimal | None) -> Decimal:
    size = plan.size
    share = tier.share
    if share is None:
        raise ValueError("a tier has either a share or a size")
    if size.kind.divides == "notional":
        total = notional_of(plan, size) if amount is None else amount
        value = times(share, total)
        return value if plan.contract is Contract.INVERSE else value / tier.price
    counted = times(share, size.amount if amount is None else amount) * _per_unit(plan, size.kind)
    return counted * tier.price if _coin_in_inverse(plan, size.kind) else counted


def _own(plan: Plan, tier: Tier, size: Size) -> Decimal:
    if size.kind.divides == "notional":
        value = notional_of(plan, size)
        return value if plan.contract is Contract.INVERSE else value / tier.price
    counted = size.amount * _per_unit(plan, size.kind)
    return counted * tier.price if _coin_in_inverse(plan, size.kind) else counted


def _coin_in_inverse(plan: Plan, kind: SizeKind) -> bool:
    return plan.contract is Contract.INVERSE and kind is SizeKind.QUANTITY


def _per_unit(plan: Plan, kind: SizeKind) -> Decimal:
    if kind is SizeKind.CONTRACTS and plan.instrument.contract_size is not None:
        return plan.instrument.contract_size
    return ONE
