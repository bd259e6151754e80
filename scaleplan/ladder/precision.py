"""Precision is how many digits behind the point each kind of figure of one plan shows: one number a column.

Prices show every written price of the plan whole, and at least the tick's digits, two without a tick, a pip of a pair
of currencies, and four significant ones, so that 0.00001234 keeps its digits in an average. Without a tick they show
as many digits as tell two levels, or a level and the entry, apart. Money shows two digits, more where 1R is small:
an account in coin is counted in its eighth. Quantities show what the lot has, else five significant digits.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.levels import units_of
from scaleplan.ladder import Ladder
from scaleplan.plan import AfterPrice, Contract, Plan
from scaleplan.quantity.price import Fixed
from scaleplan.quantity.rounding import CONTEXT, places_for, places_of, places_written, rounded

_CENTS = 2
#: From so much on the cents of an amount, and of a price without a tick, tell nothing and take a column's room.
_MANY_UNITS, _HIGH_PRICE = Decimal(10**8), Decimal(10**6)
_PRICE_DIGITS = 4
_QUANTITY_DIGITS = 5
_FEE_DIGITS = 2
_MONEY_DIGITS = 4
_COIN_DIGITS = 6
#: The smallest unit in which a coin account is counted.
_COIN_PLACES = 8
#: From so many units on a quantity needs no fractions.
_MANY = 1000
#: What a trader can write has at most this many digits behind the point; more are a quotient's.
_WHOLE = 20
#: Levels that differ only in digits further behind than so many more are one: quotients, not two orders.
_CLOSEST = 3


class Precision(NamedTuple):
    """Digits behind the point. `quantity` is in base (inverse: quote), `contracts` counts contracts."""

    price: int
    quantity: int
    contracts: int
    money: int
    fee: int
    notional: int


def precision_of(plan: Plan, ladder: Ladder) -> Precision:
    """The precision of every kind of figure of a plan."""
    totals = ladder.totals
    # Where no loss is known the margin says how large sums are.
    measure = totals.r if totals.has_r else totals.risk
    money = money_places(ladder.steps[-1].position.initial_margin if measure is None else measure, coin=_in_coin(plan))
    fees = [*(step.fill.fee for step in ladder.steps), *(exit_.fee for exit_ in ladder.exits)]
    notional = ladder.totals.notional
    return Precision(
        price=_price_places(plan, ladder),
        quantity=_quantity_places(plan, ladder),
        contracts=_contract_places(plan, ladder),
        money=money,
        fee=max(money, min(_COIN_PLACES, places_for(_smallest(fees), _FEE_DIGITS))),
        notional=0
        if notional >= _MANY_UNITS
        else _CENTS
        if notional >= 1
        else max(_CENTS, places_for(notional, _MONEY_DIGITS)),
    )


def money_places(amount: Decimal, *, coin: bool = False) -> int:
    """The digits of a column of money whose measure is `amount`: two, and more for a small amount or one in coin."""
    if coin:
        return min(_COIN_PLACES, max(_CENTS, places_for(amount, _COIN_DIGITS)))
    if abs(amount) >= _MANY_UNITS:
        return 0
    if abs(amount) >= 1:
        return _CENTS
    return min(_COIN_PLACES, max(_CENTS, places_for(amount, _MONEY_DIGITS)))


def _in_coin(plan: Plan) -> bool:
    return plan.contract is Contract.INVERSE


def _prices(plan: Plan) -> tuple[Decimal, ...]:
    """Every price that the plan writes down."""
    levels = [tier.stop for tier in plan.tiers]
    for target in plan.targets:
        levels += [target.price, target.stop]
    return (
        *(tier.price for tier in plan.tiers),
        *(tier.after.price for tier in plan.tiers if isinstance(tier.after, AfterPrice)),
        *(price for price in (plan.stop, plan.invalidation) if price is not None),
        *(level.price for level in levels if isinstance(level, Fixed)),
    )


def _price_places(plan: Plan, ladder: Ladder) -> int:
    prices = _prices(plan)
    tick = plan.instrument.tick_size
    least = (0 if min(prices) >= _HIGH_PRICE else _CENTS) if tick is None else places_of(tick)
    pip = units_of(plan.instrument, plan.symbol).pip
    if tick is None and pip is not None:
        least = max(least, places_of(pip))
    steps = (*prices, plan.slippage_price, CONTEXT.divide(plan.spread, Decimal(2)))
    places = max(least, places_for(min(prices), _PRICE_DIGITS), *(places_written(price) for price in steps))
    return places if tick is not None else _telling(_levels(plan, ladder), places)


def _levels(plan: Plan, ladder: Ladder) -> tuple[Decimal, ...]:
    """Every level that an order stands at, and the entry."""
    found = [*_prices(plan), ladder.totals.average_entry, *(step.position.stop for step in ladder.steps)]
    for each in ladder.exits:
        found += [each.price, each.stop]
    return tuple(level for level in found if level is not None)


def _telling(levels: Iterable[Decimal], places: int) -> int:
    """The digits, at least `places`, with which no two levels read alike; those closer than a trader can write may."""
    apart = {rounded(level, _WHOLE) for level in levels}
    least = len({rounded(level, places + _CLOSEST) for level in apart})
    return next(
        more for more in range(places, places + _CLOSEST + 1) if len({rounded(level, more) for level in apart}) >= least
    )


def _quantity_places(plan: Plan, ladder: Ladder) -> int:
    instrument = plan.instrument
    quantities = _quantities(ladder)
    if instrument.lot_size is not None:
        return places_of(CONTEXT.multiply(instrument.lot_size, instrument.contract_size or Decimal(1)))
    least = _CENTS if _smallest(quantities) < _MANY else 0
    return max(least, enough(quantities))


def _contract_places(plan: Plan, ladder: Ladder) -> int:
    size = plan.instrument.contract_size
    counted = enough([CONTEXT.divide(quantity, size or Decimal(1)) for quantity in _quantities(ladder)])
    lot = plan.instrument.lot_size
    return counted if lot is None else max(counted, places_of(lot))


def _quantities(ladder: Ladder) -> tuple[Decimal, ...]:
    """Every quantity bought or sold; what is left after a target is a difference of these."""
    return (*(step.fill.quantity for step in ladder.steps), *(exit_.quantity for exit_ in ladder.exits))


def enough(values: Sequence[Decimal]) -> int:
    """The digits that show every value whole, the noise of quotients taken off; for quotients five significant ones."""
    whole = 0
    for value in values:
        whole = max(whole, places_of(rounded(value, _WHOLE)))
        if whole > _COIN_PLACES:
            return places_for(_smallest(values), _QUANTITY_DIGITS)
    return whole


def _smallest(values: Iterable[Decimal]) -> Decimal:
    """The smallest amount that is not zero; zero where all are."""
    return min((abs(value) for value in values if value), default=Decimal(0))
