"""Sizing turns what the trader wrote as size and shares into a quantity for each tier.

The unit of a size says what the shares divide: money divides notional, `quantity = share * notional / price`, at the
tiers' prices; a quantity or contracts divide quantity. An inverse position is counted as value in quote.
"""

from decimal import Decimal
from fractions import Fraction

from scaleplan.plan import Contract, Divides, Plan, Size, SizeKind, Tier
from scaleplan.quantity.exact import ONE, times


def quantities(plan: Plan, amount: Decimal | None = None) -> tuple[Decimal, ...]:
    """The quantity of each tier, in base (inverse: value in quote); `amount` stands in for the size's own.

    For a size in risk, `amount` is the total notional in quote that it was solved to. Shares that are a whole make the
    whole: what a third leaves at the fiftieth digit goes to the last tier.
    """
    if plan.tiers[0].size is not None:
        return tuple(_own(plan, tier, tier.size) for tier in plan.tiers if tier.size is not None)
    total = amount
    if total is None:
        total = notional_of(plan, plan.size) if plan.size.kind.divides is Divides.NOTIONAL else plan.size.amount
    shares = [tier.share for tier in plan.tiers if tier.share is not None]
    parts = [times(share, total) for share in shares]
    if sum(shares, Fraction(0)) == 1:
        parts[-1] = total - sum(parts[:-1], Decimal(0))
    return tuple(_counted(plan, tier, part, plan.size.kind) for tier, part in zip(plan.tiers, parts, strict=True))


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
    if size.kind.divides is Divides.NOTIONAL:
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


def _own(plan: Plan, tier: Tier, size: Size) -> Decimal:
    amount = notional_of(plan, size) if size.kind.divides is Divides.NOTIONAL else size.amount
    return _counted(plan, tier, amount, size.kind)


def _counted(plan: Plan, tier: Tier, amount: Decimal, kind: SizeKind) -> Decimal:
    """A tier's part of a size (notional, base or contracts) as quantity in base, or value in quote."""
    inverse = plan.contract is Contract.INVERSE
    if kind.divides is Divides.NOTIONAL:
        return amount if inverse else amount / tier.price
    counted = amount * _per_unit(plan, kind)
    return counted * tier.price if inverse and kind is SizeKind.QUANTITY else counted


def _per_unit(plan: Plan, kind: SizeKind) -> Decimal:
    if kind is SizeKind.CONTRACTS and plan.instrument.contract_size is not None:
        return plan.instrument.contract_size
    return ONE
