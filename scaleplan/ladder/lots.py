"""Lots: a venue takes orders in whole lots, so quantities go down to the lot, and what that loses is shown.

Where there is a contract size, whole contracts are meant unless the lot says otherwise; the same where a size counts
contracts or shares. Down, never to the nearest: no plan comes out larger than it was written.
"""

from decimal import ROUND_FLOOR, Decimal

from scaleplan.ladder.records import Unreckonable
from scaleplan.plan import Contract, Plan, SizeKind
from scaleplan.quantity.exact import ONE, same
from scaleplan.quantity.number import brief, plain


def lot_of(plan: Plan) -> Decimal | None:
    """The smallest step of quantity, in base (inverse: value in quote); absent where there is none.

    An inverse contract without a contract size has a lot in coin, whose value moves with the price: it has no step of
    value.
    """
    rules = plan.instrument
    if rules.contract_size is not None:
        return rules.contract_size * (rules.lot_size or ONE)
    if plan.contract is Contract.INVERSE:
        return None
    counts = plan.size.kind is SizeKind.CONTRACTS
    return rules.lot_size or (ONE if counts else None)


def down(quantity: Decimal, lot: Decimal | None) -> Decimal:
    """`quantity` down to a whole number of lots; what lacks only the fiftieth digit is whole."""
    if lot is None:
        return quantity
    lots = quantity / lot
    nearest = lots.to_integral_value()
    if not same(lots, nearest):
        nearest = lots.to_integral_value(rounding=ROUND_FLOOR)
    return nearest * lot


def whole_lots(plan: Plan, wanted: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """The tiers' quantities in whole lots. Raises `Unreckonable` where one is less than a lot."""
    if plan.contract is Contract.INVERSE and plan.instrument.contract_size is None:
        lot = plan.instrument.lot_size
        counted = tuple(
            down(value / tier.price, lot) * tier.price if lot is not None else value
            for value, tier in zip(wanted, plan.tiers, strict=True)
        )
    else:
        lot = lot_of(plan)
        counted = tuple(down(quantity, lot) for quantity in wanted)
    for index, quantity in enumerate(counted):
        if quantity <= 0:
            raise _below_a_lot(plan, index, wanted, lot or ONE)
    return counted


def _below_a_lot(plan: Plan, index: int, wanted: tuple[Decimal, ...], lot: Decimal) -> Unreckonable:
    """What to say of a tier that is less than one lot: both numbers, and the share or size that would do."""
    tier, inverse = plan.tiers[index], plan.contract is Contract.INVERSE
    size = plan.instrument.contract_size
    one, unit = (lot / size, "contracts") if size is not None else (lot, plan.symbol.base)
    if size is None and plan.size.kind is SizeKind.CONTRACTS:
        unit = "shares"
    has = wanted[index] / (size or (tier.price if inverse else ONE))
    message = f"tier {index + 1} is {brief(has)} {unit}, and the smallest order is {plain(one)}"
    needed = _share_for(plan, index, one / has)
    if needed is not None:
        return Unreckonable(
            f"tiers[{index}]", message, f"a share of `{needed}%` would do, or a larger size, or fewer tiers"
        )
    return Unreckonable(f"tiers[{index}]", message, f"write a size of at least {plain(one)} {unit} in it")


def _share_for(plan: Plan, index: int, times: Decimal) -> str | None:
    """The share in percent, rounded up to a hundredth, that makes the tier `times` as large; absent above the whole."""
    share = plan.tiers[index].share
    if share is None:
        return None
    percent = Decimal(share.numerator) / share.denominator * times * 100
    if percent > 100:
        return None
    return plain(percent.quantize(Decimal("0.01"), rounding="ROUND_CEILING"))
