"""Exports of TradingView: the order history of paper trading. Lists of trades of a strategy are none of fills."""

import re
from decimal import Decimal

from scaleplan.fills.numbers import last_digit, shortest
from scaleplan.fills.row import RowReader, passed
from scaleplan.fills.shape import Cells, NoFills, Shape
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import plain

#: A continuous future (`ES1!`), or one by its month (`ESZ2026`).
_FUTURE = re.compile(r".+[0-9]!|[A-Z0-9]{1,5}[FGHJKMNQUVXZ]20[0-9]{2}")


def _order(cells: Cells, reader: RowReader) -> Cells:
    status = cells.status.strip().lower()
    if status != "filled":
        raise passed(f"{status or 'no status'}, not filled")
    if not _FUTURE.fullmatch(cells.symbol.rpartition(":")[2].upper()):
        return cells
    return cells._replace(multiplier=_multiplier(cells, reader), unit="contracts")


def _multiplier(cells: Cells, reader: RowReader) -> str:
    """Returns how much a contract is where margin and leverage of the row leave only one size; else nothing."""
    numbers = reader.numbers
    margin, _ = numbers.with_unit(cells.extra, "margin") if cells.extra else (None, "")
    leverage = re.fullmatch(r"\s*([0-9]{1,4})(?:\.0+)?:0*1\s*", cells.extra2)
    quantity = numbers.optional(cells.quantity, "quantity")
    if not margin or leverage is None or not quantity:
        return ""
    worth, step = margin * Decimal(leverage[1]), last_digit(margin) * Decimal(leverage[1])
    for text in (cells.comment, cells.funding, cells.price):
        price = numbers.optional(text, "price") if text else None
        if price:
            unit = quantity * price
            size = shortest(max(worth - step, ZERO) / unit, (worth + step) / unit)
            if (size is not None and size == size.to_integral_value()) or size in (Decimal("0.1"), Decimal("0.5")):
                return plain(size)
    return ""


def _unit(venue: str, symbol: str) -> str:
    return "contracts" if _FUTURE.fullmatch(symbol.upper()) else "base"


def _role(cells: Cells) -> str | None:
    kind = cells.type.strip().lower().replace(" ", "")
    return "stop" if kind in ("stop", "stoploss", "stoplimit") else "trail" if "trail" in kind else None


SHAPES = (
    Shape(
        "tradingview paper order history",
        "tradingview paper",
        {
            "time": ("closingtime", "updatetime", "filltime"),
            "symbol": ("symbol",),
            "side": ("side",),
            "type": ("type",),
            "price": ("fillprice", "avgfillprice"),
            "quantity": ("qty", "quantity", "filledqty"),
            "status": ("status",),
            "fee": ("commission",),
            "order": ("orderid",),
            "id": ("orderid",),
            "comment": ("limitprice",),
            "funding": ("stopprice",),
            "extra": ("margin",),
            "extra2": ("leverage",),
        },
        needs=("time", "symbol", "side", "price", "quantity", "status"),
        before=_order,
        role=_role,
        unit=_unit,
    ),
)
_ASK = "the paper account's order history (Trading panel > Order history > Export data)"
REFUSALS = (
    NoFills(
        "tradingview strategy, list of trades",
        ("trade", "type", "signal"),
        "it is a backtest: nothing was filled",
        _ASK,
    ),
    NoFills(
        "tradingview strategy, list of trades",
        ("tradenumber", "type", "signal"),
        "it is a backtest: nothing was filled",
        _ASK,
    ),
    NoFills("tradingview balance history", ("balancebefore", "balanceafter"), "a row is a change of the balance", _ASK),
    NoFills("tradingview positions", ("avgfillprice", "lastprice", "unrealizedpl"), "a row is what is held now", _ASK),
)
