"""Whether a market's precision is a step or a number of digits: `1` may be either.

One market's price and amount are written the same way, and so are all markets of one exchange. What settles it: the
exchange's own filters inside `info`, a value that can be only one of the two (a fraction is a step, 0 is a number of
digits), or a smallest order that is less than the step would be.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from scaleplan.venue.imports.records import PrecisionUnit, Unusable
from scaleplan.venue.imports.saved import mapping, mappings, number, positive, text

#: More digits than any price has.
_MOST_DIGITS = 20
_MODES = {"2": PrecisionUnit.DIGITS, "decimal_places": PrecisionUnit.DIGITS}
_MODES |= {"4": PrecisionUnit.STEP, "tick_size": PrecisionUnit.STEP}
_SIGNIFICANT = ("3", "significant_digits")


class Precision(NamedTuple):
    """The precision of one market as written, and the steps that the exchange's own words give away."""

    symbol: str
    price: Decimal | None
    amount: Decimal | None
    mode: str
    raw_price: Decimal | None
    raw_amount: Decimal | None
    least_price: Decimal | None
    least_amount: Decimal | None


def precision_of(symbol: str, market: dict[str, object]) -> Precision:
    """What a market says about its precision."""
    written, limits, info = (mapping(market.get(key)) for key in ("precision", "limits", "info"))
    filters = {text(one.get("filterType")): one for one in mappings(info.get("filters"))}
    return Precision(
        symbol,
        number(written, "price"),
        number(written, "amount"),
        text(market.get("precisionMode")).lower(),
        positive(filters.get("PRICE_FILTER", mapping(info.get("priceFilter"))), "tickSize") or positive(info, "tickSz"),
        positive(filters.get("LOT_SIZE", mapping(info.get("lotSizeFilter"))), "stepSize", "qtyStep")
        or positive(info, "lotSz"),
        positive(mapping(limits.get("price")), "min"),
        positive(mapping(limits.get("amount")), "min"),
    )


def unit_of_all(markets: Iterable[Precision]) -> PrecisionUnit | None:
    """What the markets that are certain agree upon; absent where none is, or where they do not."""
    found = {unit for unit in map(_unit, markets) if unit is not None}
    return found.pop() if len(found) == 1 else None


def steps_of(
    market: Precision, wished: PrecisionUnit | None, others: PrecisionUnit | None
) -> tuple[Decimal | None, Decimal | None]:
    """The smallest steps of price and amount; `others` is what the rest of the file agrees upon."""
    if market.mode in _SIGNIFICANT and wished is None:
        return None, None
    if market.price is None and market.amount is None:
        return None, None
    unit = wished or _unit(market) or others
    if unit is None:
        known = market.amount if market.amount is not None else market.price
        raise Unusable(
            f"the precision {known} may be a step of {known} or {known} digits behind the point",
            "say which with `--precision step` or `--precision digits`",
        )
    return _step(market.price, unit), _step(market.amount, unit)


def _unit(market: Precision) -> PrecisionUnit | None:
    if market.mode in _MODES:
        return _MODES[market.mode]
    pairs = (
        (market.price, market.raw_price, market.least_price),
        (market.amount, market.raw_amount, market.least_amount),
    )
    found = {_unit_of(*pair) for pair in pairs} - {None}
    return found.pop() if len(found) == 1 else None


def _unit_of(written: Decimal | None, raw: Decimal | None, least: Decimal | None) -> PrecisionUnit | None:
    if written is None:
        return None
    as_step, as_digits = _step(written, PrecisionUnit.STEP), _step(written, PrecisionUnit.DIGITS)
    if as_digits is None or as_step is None:
        return PrecisionUnit.STEP if as_step is not None else PrecisionUnit.DIGITS if as_digits is not None else None
    if raw in (as_step, as_digits) and as_step != as_digits:
        return PrecisionUnit.STEP if raw == as_step else PrecisionUnit.DIGITS
    return PrecisionUnit.DIGITS if least is not None and least < as_step else None


def _step(written: Decimal | None, unit: PrecisionUnit) -> Decimal | None:
    if written is None:
        return None
    if unit is PrecisionUnit.STEP:
        return written if written > 0 else None
    if written != written.to_integral_value() or not -_MOST_DIGITS <= written <= _MOST_DIGITS:
        return None
    return Decimal(1).scaleb(-int(written))
