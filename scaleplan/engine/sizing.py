"""Sizing turns what the trader wrote as size and shares into a quantity for each tier, in whole lots.

The unit of a size says what the shares divide: money divides notional, `quantity = share * notional / price`, at the
tiers' prices; a quantity or contracts divide quantity. A size in margin is the margin posted at the fill prices, so
that it keeps a limit of the same share. An inverse position is counted as value in quote.

A venue takes orders in whole lots: where there is a contract size, or a size counts contracts or shares, a lot is whole
contracts unless the venue says otherwise. Down, never to the nearest: no plan comes out larger than it was written.
Beside the lot a venue may have a least value of an order; both together are the least order.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from scaleplan.engine import Unreckonable
from scaleplan.engine.position import costs_of
from scaleplan.plan import Contract, Divides, Plan, Size, SizeKind, Tier
from scaleplan.plan.sizes import at_prices, notional_of, own_quantities, per_unit, quantity_of
from scaleplan.quantity.exact import ONE, ZERO, above, are_whole, as_decimal, same, times
from scaleplan.quantity.number import brief, plain


def quantities(plan: Plan, amount: Decimal | None = None) -> tuple[Decimal, ...]:
    """Returns the quantity of each tier, in base (inverse: value in quote); `amount` stands in for the size's own.

    For a size in risk, `amount` is the total notional in quote that it was solved to. Shares that are a whole make the
    whole: what a third leaves at the fiftieth digit goes to the last tier.
    """
    if plan.tiers[0].size is not None:
        own = zip(plan.tiers, own_quantities(plan), strict=True)
        return tuple(_own_within_margin(plan, tier, quantity) for tier, quantity in own)
    total = amount
    if total is None:
        total = notional_of(plan, plan.size) if plan.size.kind.divides is Divides.NOTIONAL else plan.size.amount
    shares = [tier.share for tier in plan.tiers if tier.share is not None]
    parts = [times(share, total) for share in shares]
    if are_whole(shares):
        parts[-1] = total - sum(parts[:-1], ZERO)
    divided = tuple(quantity_of(plan, tier, part, plan.size.kind) for tier, part in zip(plan.tiers, parts, strict=True))
    return _within_margin(plan, divided) if plan.size.kind is SizeKind.MARGIN else divided


def _own_within_margin(plan: Plan, tier: Tier, quantity: Decimal) -> Decimal:
    if tier.size is None or tier.size.kind is not SizeKind.MARGIN:
        return quantity
    return quantity * _worth(plan, quantity, tier.price) / _worth(plan, quantity, _fill_price(plan, tier))


def _within_margin(plan: Plan, divided: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """The quantities in the same proportion whose fills together post the size in margin, `value / leverage`."""
    posted = sum(
        (_worth(plan, quantity, _fill_price(plan, tier)) for tier, quantity in zip(plan.tiers, divided, strict=True)),
        ZERO,
    )
    wanted = plan.size.amount * plan.leverage
    return divided if same(posted, wanted) else tuple(quantity * wanted / posted for quantity in divided)


def _worth(plan: Plan, quantity: Decimal, price: Decimal) -> Decimal:
    """The value of a fill in the settle currency."""
    return quantity / price if plan.contract is Contract.INVERSE else quantity * price


def _fill_price(plan: Plan, tier: Tier) -> Decimal:
    return costs_of(plan).entry_price(tier.price, tier.order, plan.sign)


def size_notional(plan: Plan) -> Decimal:
    """Returns the plan's written size as notional; other units at the tiers' prices weighed by what they hold."""
    size = plan.size
    if size.kind.divides is Divides.NOTIONAL:
        return notional_of(plan, size)
    unit = per_unit(plan, size.kind)
    counted = quantities(plan)
    held = sum(counted, ZERO)
    if plan.contract is Contract.INVERSE:
        return size.amount * unit if size.kind is SizeKind.CONTRACTS else size.amount * plan.tiers[0].price
    return size.amount * unit * at_prices(plan, counted) / held


#: Shares that are proposed are written to a hundredth of a percent, other amounts to four digits.
HUNDREDTH = Decimal("0.01")
_DIGITS = 4


def lot_of(plan: Plan) -> Decimal | None:
    """Returns the smallest step of quantity, in base (inverse: value in quote); absent where there is none.

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


def lot_at(plan: Plan, price: Decimal) -> Decimal | None:
    """Returns the smallest step of quantity at a price, at which a lot in coin has a value; absent without one."""
    rules = plan.instrument
    if plan.contract is Contract.INVERSE and rules.contract_size is None:
        return None if rules.lot_size is None else rules.lot_size * price
    return lot_of(plan)


def down(quantity: Decimal, lot: Decimal | None) -> Decimal:
    """Rounds a quantity down to whole lots; what lacks only the fiftieth digit is whole."""
    return quantity if lot is None else _in_lots(quantity, lot, ROUND_FLOOR)


def up(quantity: Decimal, lot: Decimal | None) -> Decimal:
    """Rounds a quantity up to whole lots; what passes one by the fiftieth digit only does not pass it."""
    return quantity if lot is None else _in_lots(quantity, lot, ROUND_CEILING)


def _in_lots(quantity: Decimal, lot: Decimal, rounding: str) -> Decimal:
    lots = quantity / lot
    nearest = lots.to_integral_value()
    if not same(lots, nearest):
        nearest = lots.to_integral_value(rounding=rounding)
    return nearest * lot


def has_least_order(plan: Plan) -> bool:
    """Whether anything is known of the least that an order may be."""
    rules = plan.instrument
    return rules.min_notional is not None or rules.lot_size is not None or lot_of(plan) is not None


def least_order(plan: Plan, price: Decimal) -> Decimal | None:
    """Returns the least quantity of an order at a price: the venue's least value in whole lots, or one lot."""
    lot, least = lot_at(plan, price), plan.instrument.min_notional
    if least is None:
        return lot
    quantity = least if plan.contract is Contract.INVERSE else least / price
    return quantity if lot is None else max(up(quantity, lot), lot)


def counted(plan: Plan, quantity: Decimal, price: Decimal) -> tuple[Decimal, str]:
    """Returns a quantity as orders count it, with the word: contracts (lots, shares), or base; inverse: coin."""
    size = plan.instrument.contract_size
    if size is not None or plan.size.kind is SizeKind.CONTRACTS:
        return quantity / (size or ONE), _counting_word(plan)
    return (quantity / price if plan.contract is Contract.INVERSE else quantity), plan.symbol.base


def _counting_word(plan: Plan) -> str:
    """Returns the trader's own word for contracts where the size has one."""
    word = plan.size.text.rpartition(" ")[2].removesuffix("s")
    if word in ("lot", "share"):
        return f"{word}s"
    return "contracts" if plan.instrument.contract_size is not None else "shares"


def whole_lots(plan: Plan, wanted: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """Returns the tiers' quantities in whole lots. Raises `Unreckonable` where one is less than a lot."""
    found = tuple(down(quantity, lot_at(plan, tier.price)) for quantity, tier in zip(wanted, plan.tiers, strict=True))
    small = [index for index, quantity in enumerate(found) if quantity <= 0]
    if small:
        raise _below_a_lot(plan, small, wanted)
    return found


def _below_a_lot(plan: Plan, small: list[int], wanted: tuple[Decimal, ...]) -> Unreckonable:
    """Returns what to say of tiers that are less than one lot: both numbers, and the share or size that would do."""
    index = small[0]
    tier = plan.tiers[index]
    has, unit = counted(plan, wanted[index], tier.price)
    least, _ = counted(plan, lot_at(plan, tier.price) or ONE, tier.price)
    message = f"tier {index + 1} is {brief(has)} {unit}, and the smallest order is {plain(least)}"
    others = ", ".join(str(other + 1) for other in small[1:])
    if others:
        message += f" (too small as well: {others})"
    path = f"tiers[{index}].{'share' if tier.size is None else 'size'}"
    return Unreckonable(path, message, what_would_do(plan, wanted, small))


def what_would_do(plan: Plan, wanted: Sequence[Decimal], small: Sequence[int]) -> str:
    """Returns a way out for tiers (from 0) below the least order: a share where there is room, else a size.

    `wanted` are the quantities of all tiers before they went down to lots.
    """
    least = [least_order(plan, tier.price) or ZERO for tier in plan.tiers]
    times = [needs / has for needs, has in zip(least, wanted, strict=True)]
    first = small[0]
    own = plan.tiers[first].size
    if own is not None:
        return f"write a size of at least `{_larger(plan, own, times[first])}` in tier {first + 1}"
    needed = [as_decimal(tier.share or Fraction(0)) * 100 * more for tier, more in zip(plan.tiers, times, strict=True)]
    share = up(max(needed[index] for index in small), HUNDREDTH)
    others = sum((percent for index, percent in enumerate(needed) if index not in small), ZERO)
    if above(share * len(small) + others, Decimal(100)):
        size = _larger(plan, plan.size, max(times[index] for index in small))
        return f"a size of `{size}` would do, or fewer tiers"
    # A size in risk is solved anew for other shares.
    about = "about " if plan.size.kind is SizeKind.RISK else ""
    return f"a share of {about}`{plain(share)}%`{' in each' if len(small) > 1 else ''} would do, or a larger size"


def _larger(plan: Plan, size: Size, times: Decimal) -> str:
    """Returns a size so many times as large, as a trader writes it, rounded up."""
    amount = size.amount * times
    match size.kind:
        case SizeKind.CONTRACTS:
            return f"{plain(up(amount, plan.instrument.lot_size or ONE))} {_counting_word(plan)}"
        case SizeKind.QUANTITY:
            return f"{_rounded_up(amount)} {plan.symbol.base}"
        case SizeKind.NOTIONAL:
            return f"{_rounded_up(amount)} {plan.symbol.quote}"
        case SizeKind.EQUITY if plan.account.equity:
            return f"{_rounded_up(amount / plan.account.equity * 100)}% equity"
    unit = {SizeKind.RISK: " risk", SizeKind.MARGIN: " margin"}.get(size.kind, "")
    return f"{_rounded_up(amount)} {plan.settle}{unit}"


def _rounded_up(value: Decimal) -> str:
    """Returns a value of few digits that is no smaller; what a quotient carries at its fiftieth digit is no figure."""
    step = ONE.scaleb(value.adjusted() + 1 - _DIGITS)
    return plain(up(value, step))
