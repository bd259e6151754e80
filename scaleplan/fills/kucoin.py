"""Exports of KuCoin: answers of futures and spot fills, and tables of filled orders with each split shown."""

from scaleplan.fills.row import RowReader, passed
from scaleplan.fills.shape import Cells, NoFills, Shape


def _futures(cells: Cells, reader: RowReader) -> Cells:
    kind = cells.type.strip().lower()
    if kind in ("settlement", "funding"):
        raise passed(f"{kind}, no trade")
    return cells


def _role(cells: Cells) -> str | None:
    if "liquid" in cells.type.lower():
        return "liquidation"
    return "stop" if cells.comment.strip().lower() in ("up", "down", "loss", "entry") else None


SHAPES = (
    Shape(
        "kucoin futures fills",
        "kucoin futures",
        {
            "time": ("tradetime", "createdat"),
            "symbol": ("symbol",),
            "side": ("side",),
            "price": ("price",),
            "quantity": ("size",),
            "amount": ("value",),
            "fee": ("fee",),
            "fee_currency": ("feecurrency",),
            "order": ("orderid",),
            "id": ("tradeid",),
            "liquidity": ("liquidity",),
            "type": ("tradetype",),
            "comment": ("stop",),
            "effect": ("positionside",),
        },
        keys=("settlecurrency", "tradeid", "size"),
        before=_futures,
        role=_role,
        unit="contracts",
        fee_in="settle",
    ),
    Shape(
        "kucoin spot fills",
        "kucoin spot",
        {
            "time": ("createdat",),
            "symbol": ("symbol",),
            "side": ("side",),
            "price": ("price",),
            "quantity": ("size",),
            "amount": ("funds",),
            "fee": ("fee",),
            "fee_currency": ("feecurrency",),
            "order": ("orderid",),
            "id": ("tradeid", "id"),
            "liquidity": ("liquidity",),
            "comment": ("stop",),
        },
        keys=("funds", "feecurrency", "tradeid"),
        role=_role,
        fee_in="quote",
    ),
    Shape(
        "kucoin filled orders, splits shown",
        "kucoin spot",
        {
            "time": ("filledtime", "time"),
            "symbol": ("symbol",),
            "side": ("side",),
            "price": ("avgfilledprice", "filledprice"),
            "quantity": ("filledamount",),
            "amount": ("filledvolume",),
            "fee": ("fee",),
            "fee2": ("tax",),
            "fee_currency": ("feecurrency",),
            "order": ("orderid",),
            "liquidity": ("makertaker",),
        },
        keys=("filledamount", "filledvolume"),
        never=("ordertime", "orderamount"),
        averages=True,
        fee_in="quote",
    ),
    Shape(
        "kucoin trades",
        "kucoin spot",
        {
            "time": ("tradecreatedat",),
            "symbol": ("symbol",),
            "side": ("side",),
            "price": ("price",),
            "quantity": ("size",),
            "amount": ("funds",),
            "fee": ("fee",),
            "fee_currency": ("feecurrency",),
            "order": ("orderid",),
            "id": ("tradeid",),
            "liquidity": ("liquidity",),
        },
        keys=("tradecreatedat",),
        fee_in="quote",
    ),
)
_ASK = "Filled Orders with order-splitting shown (Orders > Trade History > Export)"
REFUSALS = (
    NoFills(
        "kucoin filled orders", ("ordertime", "filledamount", "filledvolume"), "a row is an order, not its fills", _ASK
    ),
    NoFills("kucoin realised PNL", ("closereason", "realizedpnl"), "a row is a closed position, not its fills", _ASK),
    NoFills("kucoin account history", ("currency", "biztype"), "a row moves one coin; no price stands in it", _ASK),
)
