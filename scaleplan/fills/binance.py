"""Exports of Binance: answers of userTrades and myTrades, trade histories of futures and spot, old and new."""

import re
from decimal import Decimal
from functools import lru_cache

from scaleplan.fills.numbers import last_digit
from scaleplan.fills.row import RowReader
from scaleplan.fills.shape import Cells, NoFills, Shape

_COIN = re.compile(r".*USD_(?:PERP|[0-9]{6})")
#: What a contract of a coin-margined future is worth: 100 USD of Bitcoin's, 10 of all others. As of 2026, by
#: https://www.binance.com/en/futures/trading-rules/coinm
_OF_BITCOIN, _OF_OTHERS = Decimal(100), Decimal(10)
_TRUTHS: dict[str, tuple[str, str | None]] = {"true": ("buy", None), "false": ("sell", None)}


@lru_cache(maxsize=1024)
def _is_coin_margined(symbol: str) -> bool:
    return _COIN.fullmatch(symbol.upper()) is not None


def _market(cells: Cells, reader: RowReader) -> str:
    return "binance coinm" if cells.extra or _is_coin_margined(cells.symbol) else "binance usdm"


def _sized(cells: Cells, reader: RowReader) -> Cells:
    """Adds how much a coin-margined contract is, and its value in the coin as the amount that has to agree."""
    if not cells.extra and not _is_coin_margined(cells.symbol):
        return cells
    size = _OF_BITCOIN if cells.symbol.upper().startswith("BTC") else _OF_OTHERS
    if cells.extra:
        price, base = reader.numbers.read(cells.price, "price"), reader.numbers.read(cells.extra, "baseQty")
        quantity = reader.numbers.read(cells.quantity, "qty")
        fitting = [
            each
            for each in (_OF_BITCOIN, _OF_OTHERS)
            if price > 0 and abs(quantity * each / price - base) <= last_digit(base)
        ]
        size = fitting[0] if len(fitting) == 1 else size
    return cells._replace(multiplier=str(size), amount=cells.extra)


#: The keys of `myTrades` on spot, whose answer others have taken over.
MY_TRADES = {
    "time": ("time",),
    "symbol": ("symbol",),
    "side": ("isbuyer",),
    "price": ("price",),
    "quantity": ("qty",),
    "amount": ("quoteqty",),
    "fee": ("commission",),
    "fee_currency": ("commissionasset",),
    "order": ("orderid",),
    "id": ("id",),
    "liquidity": ("ismaker",),
}

_TIME = ("time", "date", "dateutc", "时间", "日期", "zeit", "fecha", "heure", "дата")
_SYMBOL = ("symbol", "pair", "market", "合约", "交易对", "币对", "simbolo", "símbolo", "символ")
_SIDE = ("side", "方向", "seite", "lado", "sens", "direction", "сторона")
_PRICE = ("price", "价格", "成交价格", "preis", "precio", "prix", "preço", "цена")
_QUANTITY = ("quantity", "数量", "成交数量", "menge", "cantidad", "quantité", "quantidade", "количество")
_AMOUNT = ("amount", "成交额", "成交金额", "betrag", "importe", "montant", "сумма")
_FEE = ("fee", "手续费", "gebühr", "comisión", "frais", "taxa", "комиссия")
SHAPES = (
    Shape(
        "binance futures userTrades",
        _market,
        {
            "time": ("time",),
            "symbol": ("symbol",),
            "side": ("side",),
            "effect": ("positionside",),
            "price": ("price",),
            "quantity": ("qty",),
            "amount": ("quoteqty",),
            "fee": ("commission",),
            "fee_currency": ("commissionasset",),
            "order": ("orderid",),
            "id": ("id",),
            "liquidity": ("maker", "ismaker"),
            "extra": ("baseqty",),
        },
        keys=("commissionasset", "qty", "realizedpnl"),
        before=_sized,
    ),
    Shape(
        "binance spot myTrades",
        "binance spot",
        MY_TRADES,
        keys=("commissionasset", "qty", "isbuyer"),
        never=("isselftrade",),
        sides=_TRUTHS,
    ),
    Shape(
        "binance usdm trade history",
        _market,
        {
            "time": _TIME,
            "symbol": _SYMBOL,
            "side": _SIDE,
            "price": _PRICE,
            "quantity": _QUANTITY,
            "amount": _AMOUNT,
            "fee": _FEE,
            "fee_currency": ("feecoin", "feeasset", "commissionasset"),
            "extra2": ("realizedprofit", "已实现盈亏", "实现盈亏", "realisiertergewinn", "beneficiorealizado"),
            "liquidity": ("maker",),
            "id": ("tradeid", "成交id", "交易id"),
            "order": ("orderid", "订单id", "orderno"),
        },
        needs=("time", "symbol", "side", "price", "quantity", "amount", "extra2"),
        before=_sized,
        fee_in="settle",
        year_first=True,
    ),
    Shape(
        "binance spot trade history",
        "binance spot",
        {
            "time": _TIME,
            "symbol": ("pair", "market", "symbol", "交易对"),
            "side": ("side", "type", "方向", "类型"),
            "price": _PRICE,
            "quantity": ("executed", "成交", "已成交", "成交数量", "ausgeführt", "ejecutado"),
            "amount": _AMOUNT,
            "fee": _FEE,
            "fee_currency": ("feecoin",),
            "id": ("tradeid",),
            "order": ("orderid", "orderno"),
        },
        needs=("time", "symbol", "side", "price", "quantity", "amount", "fee"),
        never=("averageprice", "tradingtotal", "realizedprofit"),
        fee_in="quote",
        year_first=True,
    ),
    Shape(
        "binance spot trade history (old)",
        "binance spot",
        {
            "time": _TIME,
            "symbol": ("market", "市场"),
            "side": ("type", "类型"),
            "price": _PRICE,
            "quantity": ("amount", "数量"),
            "amount": ("total", "成交额", "总额"),
            "fee": _FEE,
            "fee_currency": ("feecoin", "手续费结算币种", "手续费币种"),
        },
        needs=("time", "symbol", "side", "price", "quantity", "amount", "fee", "fee_currency"),
        fee_in="quote",
        year_first=True,
    ),
)
_TRADES = "the Trade History of futures or spot (Orders > Trade History > Export)"
REFUSALS = (
    NoFills(
        "binance position history", ("avgcloseprice", "closingpnl"), "a row is a whole position, not its fills", _TRADES
    ),
    NoFills(
        "binance order history", ("pair", "orderprice", "orderamount"), "a row is an order, not its fills", _TRADES
    ),
    NoFills("binance order history", ("orderno", "avgprice", "executed"), "a row is an order, not its fills", _TRADES),
    NoFills(
        "binance transaction history",
        ("operation", "coin", "change"),
        "a row moves one coin; no price stands in it",
        _TRADES,
    ),
    NoFills("binance income history", ("incometype", "income"), "a row is a payment, not a fill", _TRADES),
)
