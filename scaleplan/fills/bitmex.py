"""Exports of BitMEX: executions, as a table and as an answer. Costs and fees count the smallest part of a coin."""

from decimal import Decimal

from scaleplan.fills.row import RowReader, passed
from scaleplan.fills.shape import Cells, NoFills, Shape
from scaleplan.fills.symbols import is_inverse, parts_of, unified
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import plain

#: How much of a coin the smallest part is.
_PARTS = {"BTC": Decimal("0.00000001"), "USDT": Decimal("0.000001"), "ETH": Decimal("0.000000001")}
_CODES = {"XBT": "BTC", "XBt": "BTC", "USDt": "USDT", "Gwei": "ETH"}


def _execution(cells: Cells, reader: RowReader) -> Cells:
    kind = cells.type.strip().lower()
    if kind not in ("trade", "funding", "liquidation"):
        raise passed(f"{kind or 'no kind'}, no trade")
    settle = _CODES.get(cells.unit, "") or parts_of(unified("bitmex", cells.symbol))[2]
    part = _PARTS.get(settle, Decimal(1))
    fee = reader.numbers.optional(cells.fee, "execComm")
    worth = plain(fee * part) if fee is not None else ""
    if kind == "funding":
        return cells._replace(kind="funding", funding=worth or "0", fee_currency=settle, side="")
    cost = reader.numbers.optional(cells.extra, "execCost")
    amount = "" if cost is None else plain(_written(abs(cost) * part))
    return cells._replace(fee=worth, fee_currency=settle, amount=amount)


def _written(value: Decimal) -> Decimal:
    return value or ZERO


def _unit(venue: str, symbol: str) -> str:
    return "base" if ":" not in symbol or is_inverse(symbol) else "contracts"


def _role(cells: Cells) -> str | None:
    if "liquidation" in f"{cells.comment} {cells.type}".lower():
        return "liquidation"
    kind = cells.status.lower().replace(" ", "")
    return "stop" if kind in ("stop", "stoplimit") else "trail" if "trail" in kind else None


SHAPES = (
    Shape(
        "bitmex executions",
        "bitmex",
        {
            "time": ("transacttime", "timestamp"),
            "symbol": ("symbol",),
            "side": ("side",),
            "price": ("lastpx",),
            "quantity": ("lastqty",),
            "type": ("exectype",),
            "fee": ("execcomm",),
            "extra": ("execcost",),
            "unit": ("settlcurrency",),
            "status": ("ordtype",),
            "comment": ("text",),
            "order": ("orderid",),
            "id": ("execid",),
            "liquidity": ("lastliquidityind",),
        },
        keys=("lastqty", "lastpx", "exectype"),
        before=_execution,
        role=_role,
        unit=_unit,
    ),
)
REFUSALS = (
    NoFills(
        "bitmex wallet history",
        ("transacttype", "walletbalance"),
        "a row moves one coin; no price stands in it",
        "the executions (Trade History > Save as CSV, or the answer of execution/tradeHistory)",
    ),
)
