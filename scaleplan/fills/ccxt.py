"""Trades as ccxt has them: the venue's own row inside tells the venue; without one, its unified fields are read."""

import json
from decimal import Decimal

from scaleplan.fills.row import RowReader
from scaleplan.fills.shape import Cells, Shape
from scaleplan.fills.symbols import contracts_or_base
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import plain

#: How ccxt calls a venue, where that is not its first word here, and what its markets are called.
_VENUES = {
    "gateio": "gate",
    "binanceusdm": "binance",
    "binancecoinm": "binance",
    "krakenfutures": "kraken",
    "huobi": "htx",
}
_MARKETS = {
    "binance": {"linear": "binance usdm", "inverse": "binance coinm", "spot": "binance spot"},
    "bybit": {"linear": "bybit linear", "inverse": "bybit inverse", "spot": "bybit spot"},
    "kucoin": {"linear": "kucoin futures", "inverse": "kucoin futures", "spot": "kucoin spot"},
    "kucoinfutures": {"linear": "kucoin futures", "inverse": "kucoin futures", "spot": "kucoin spot"},
    "bitget": {"linear": "bitget futures", "inverse": "bitget futures", "spot": "bitget spot"},
    "gate": {"linear": "gate futures", "inverse": "gate futures", "spot": "gate spot"},
    "mexc": {"linear": "mexc futures", "inverse": "mexc futures", "spot": "mexc spot"},
    "kraken": {"linear": "kraken futures", "inverse": "kraken futures", "spot": "kraken"},
}
#: Digits of a double that are its own: behind them stands what binary fractions leave.
_OWN_DIGITS = 12


def market_of(symbol: str) -> str:
    """Returns `spot`, `linear` or `inverse` by a unified symbol."""
    pair, colon, settle = symbol.partition(":")
    if not colon:
        return "spot"
    return "inverse" if settle.partition("-")[0] == pair.partition("/")[0] else "linear"


def _venue(cells: Cells, reader: RowReader) -> str:
    name = reader.options.source.partition(":")[2].strip().lower()
    name = _VENUES.get(name, name)
    return _MARKETS.get(name, {}).get(market_of(cells.symbol), name)


def _unified(cells: Cells, reader: RowReader) -> Cells:
    fee, currency = _fee(cells)
    amount = reader.numbers.optional(cells.amount, "cost")
    return cells._replace(
        fee=fee, fee_currency=currency, amount="" if amount is None else plain(_own(amount)), extra="", extra2=""
    )


def _own(value: Decimal) -> Decimal:
    if not value:
        return ZERO
    return round(value, max(0, _OWN_DIGITS - 1 - value.adjusted()))


def _fee(cells: Cells) -> tuple[str, str]:
    """Returns what was paid, all parts in one coin added, and that coin."""
    for text in (cells.extra, cells.extra2):
        try:
            found = json.loads(text) if text else None
        except ValueError:
            continue
        parts = [part for part in (found if isinstance(found, list) else [found]) if isinstance(part, dict)]
        coins = {str(part["currency"]) for part in parts if part.get("cost") is not None and part.get("currency")}
        if len(coins) == 1:
            try:
                whole = sum((Decimal(str(part["cost"])) for part in parts if part.get("cost") is not None), ZERO)
            except ArithmeticError:
                continue
            return plain(whole), coins.pop()
    return "", ""


SHAPE = Shape(
    "ccxt trades",
    _venue,
    {
        "time": ("timestamp", "datetime"),
        "symbol": ("symbol",),
        "side": ("side",),
        "price": ("price",),
        "quantity": ("amount",),
        "amount": ("cost",),
        "extra": ("fees",),
        "extra2": ("fee",),
        "order": ("order",),
        "id": ("id",),
        "liquidity": ("takerormaker",),
    },
    before=_unified,
    unit=contracts_or_base,
    averages=True,
)
