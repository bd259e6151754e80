"""Exports of Bybit: answers of executions, trade histories of derivatives and spot, the unified transaction log."""

import json
import re
from decimal import Decimal

from scaleplan.fills.row import RowReader, passed
from scaleplan.fills.shape import Cells, NoFills, Shape, plain_key
from scaleplan.quantity.exact import ZERO

_DATED = re.compile(r"[A-Z0-9]+USD(?:[FGHJKMNQUVXZ][0-9]{2})?")
_TRADES = frozenset({"", "trade", "adltrade", "adl", "busttrade", "liquidation", "blocktrade", "futurespread"})
_FUNDING = frozenset({"funding", "fundingfee"})
_LIQUIDATED = frozenset({"busttrade", "liquidation"})
_STOPS = {
    "stoploss": "stop",
    "partialstoploss": "stop",
    "stop": "stop",
    "trailingstop": "trail",
    "trailingprofit": "trail",
}
_NO_FEE = frozenset({"", "--", "-"})


def _market(cells: Cells, reader: RowReader) -> str:
    category = cells.unit or reader.outer.get("category", "") or reader.hint
    if category:
        return f"bybit {category}"
    return "bybit inverse" if _DATED.fullmatch(cells.symbol.upper()) else "bybit linear"


def _execution(cells: Cells, reader: RowReader) -> Cells:
    kind = plain_key(cells.type)
    if kind in _FUNDING:
        return cells._replace(kind="funding", funding=cells.fee if cells.fee not in _NO_FEE else cells.extra)
    if kind not in _TRADES:
        raise passed(f"{cells.type.strip().lower()}, no trade")
    if cells.fee.strip() in _NO_FEE and cells.extra:
        cells = cells._replace(fee=cells.extra)
    return cells._replace(fee2=_more_fees(cells)) if cells.extra2 else cells


def _more_fees(cells: Cells) -> str:
    """Returns the sum of fees beside the venue's own, those in the same coin."""
    try:
        found = json.loads(cells.extra2) if cells.extra2.startswith("[") else []
        parts = [
            each
            for each in found
            if isinstance(each, dict) and each.get("feeCoin", cells.fee_currency) == cells.fee_currency
        ]
        whole = sum((Decimal(str(each.get("fee") or each.get("subFee") or 0)) for each in parts), ZERO)
    except (ValueError, ArithmeticError):
        return ""
    return str(whole) if whole else ""


def _role(cells: Cells) -> str | None:
    if plain_key(cells.type) in _LIQUIDATED or "liq" in cells.quote.lower() or "takeover" in cells.quote.lower():
        return "liquidation"
    return _STOPS.get(plain_key(cells.comment))


def _logged(cells: Cells, reader: RowReader) -> Cells:
    """Looks at a row of the transaction log: what was paid follows from the change that it made."""
    kind = plain_key(cells.type)
    if kind not in ("trade", "settlement", "funding", "liquidation", "adl"):
        raise passed(f"{cells.type.strip().lower().replace('_', ' ')}, no trade")
    numbers = reader.numbers
    fee, funding = numbers.optional(cells.fee, "fee") or ZERO, numbers.optional(cells.funding, "funding") or ZERO
    cash, change = numbers.optional(cells.extra, "cash flow") or ZERO, numbers.optional(cells.extra2, "change")
    of_fee, of_funding = _signs(fee, funding, cash, change, numbers.optional(cells.comment, "fee rate"))
    if kind in ("settlement", "funding"):
        paid = -of_funding * funding if funding else -of_fee * fee
        return cells._replace(kind="funding", funding=str(paid), side="" if cells.side == "--" else cells.side)
    return cells._replace(fee=str(-of_fee * fee))


def _signs(
    fee: Decimal, funding: Decimal, cash: Decimal, change: Decimal | None, rate: Decimal | None
) -> tuple[int, int]:
    """Returns the signs with which fee and funding are in the change: -1 where above 0 is paid."""
    for of_fee, of_funding in ((-1, 1), (1, 1), (-1, -1), (1, -1)):
        if change is not None and cash + of_fee * fee + of_funding * funding == change:
            return of_fee, of_funding
    return (1 if rate is not None and rate > 0 > fee else -1), 1


_SYMBOL = ("contracts", "contract", "market", "symbol")
SHAPES = (
    Shape(
        "bybit executions",
        _market,
        {
            "time": ("exectime", "tradetime", "tradetimems"),
            "symbol": ("symbol",),
            "side": ("side",),
            "price": ("execprice",),
            "quantity": ("execqty",),
            "amount": ("execvalue",),
            "fee": ("execfee",),
            "fee_currency": ("feecoin", "feecurrency", "feetokenid"),
            "order": ("orderid",),
            "id": ("execid",),
            "liquidity": ("ismaker",),
            "type": ("exectype",),
            "comment": ("stopordertype",),
            "quote": ("createtype",),
            "extra2": ("extrafees",),
            "unit": ("category",),
        },
        keys=("execid",),
        before=_execution,
        role=_role,
        fee_in="settle",
    ),
    Shape(
        "bybit derivatives trade history",
        _market,
        {
            "time": ("transactiontime", "timestamp", "filledtime", "exectime"),
            "symbol": _SYMBOL,
            "side": ("direction", "side"),
            "price": ("filledprice",),
            "quantity": ("filledqty", "filledquantity"),
            "type": ("filledtype",),
            "fee": ("feespaid", "tradingfee", "fees"),
            "extra": ("execfeev2",),
            "fee_currency": ("feecoin",),
            "order": ("orderno", "orderid"),
            "id": ("trasactionid", "transactionid", "tradeid"),
        },
        needs=("time", "symbol", "side", "price", "quantity", "type"),
        before=_execution,
        role=_role,
        fee_in="settle",
        day_first=True,
    ),
    Shape(
        "bybit spot trade history",
        "bybit spot",
        {
            "time": ("timestamp", "transactiontime", "filledtime"),
            "symbol": ("spotpairs", "spotpair"),
            "side": ("direction", "side"),
            "price": ("filledprice",),
            "quantity": ("filledquantity", "filledqty"),
            "amount": ("filledvalue",),
            "fee": ("fees", "feespaid", "tradingfee"),
            "extra": ("execfeev2",),
            "fee_currency": ("feecoin",),
            "order": ("orderno", "orderid"),
            "id": ("transactionid", "trasactionid", "tradeid"),
        },
        before=_execution,
        fee_in="received",
    ),
    Shape(
        "bybit transaction log",
        _market,
        {
            "time": ("time", "transactiontime", "date"),
            "symbol": ("contract", "contracts", "symbol"),
            "type": ("type",),
            "side": ("direction", "side"),
            "quantity": ("quantity", "qty"),
            "position": ("position", "size"),
            "price": ("filledprice", "tradeprice"),
            "funding": ("funding",),
            "fee": ("feepaid", "fee"),
            "extra": ("cashflow",),
            "extra2": ("change",),
            "comment": ("feerate",),
            "fee_currency": ("currency",),
            "order": ("orderid",),
            "id": ("tradeid",),
            "unit": ("category",),
        },
        needs=("time", "symbol", "type", "side", "quantity", "price", "fee"),
        keys=("cashflow", "change"),
        before=_logged,
        role=_role,
    ),
)
_ASK = "the Trade History (Orders > Trade History > Export), or the transaction log of the unified account"
REFUSALS = (
    NoFills(
        "bybit closed P&L", ("entryprice", "exitprice", "closedpl"), "a row is a closed position, not its fills", _ASK
    ),
    NoFills("bybit closed P&L", ("avgentryprice", "avgexitprice", "closedpnl"), "a row is a closed position", _ASK),
    NoFills(
        "bybit closed P&L", ("entryprice", "exitprice", "realizedpl"), "a row is a closed position, not its fills", _ASK
    ),
    NoFills("bybit order history", ("orderqty", "orderstatus", "cumexecqty"), "a row is an order, not its fills", _ASK),
)
