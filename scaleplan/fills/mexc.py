"""Exports of MEXC: answers of futures deals and spot myTrades, trade histories of futures and spot."""

from scaleplan.fills.binance import MY_TRADES
from scaleplan.fills.row import RowReader
from scaleplan.fills.shape import SIDES, Cells, NoFills, Shape

#: Sides of futures by number, by https://mexcdevelop.github.io/apidocs/contract_v1_en/: 1 opens a long, 2 closes a
#: short, 3 opens a short, 4 closes a long. In words `buy short` opens one.
_DEALS: dict[str, tuple[str, str | None]] = {
    "1": ("buy", "long"),
    "2": ("buy", "short"),
    "3": ("sell", "short"),
    "4": ("sell", "long"),
}
_WORDS = SIDES | {
    "buylong": ("buy", "long"),
    "selllong": ("sell", "long"),
    "buyshort": ("sell", "short"),
    "sellshort": ("buy", "short"),
}


def _deal(cells: Cells, reader: RowReader) -> Cells:
    taker = cells.liquidity.strip().lower()
    return cells._replace(liquidity={"true": "taker", "false": "maker"}.get(taker, ""))


def _role(cells: Cells) -> str | None:
    return "liquidation" if cells.type == "2" else None


SHAPES = (
    Shape(
        "mexc futures deals",
        "mexc futures",
        {
            "time": ("timestamp",),
            "symbol": ("symbol",),
            "side": ("side",),
            "price": ("price",),
            "quantity": ("vol",),
            "fee": ("fee",),
            "fee_currency": ("feecurrency",),
            "order": ("orderid",),
            "id": ("id",),
            "liquidity": ("taker",),
            "type": ("category",),
        },
        keys=("vol", "feecurrency", "profit"),
        before=_deal,
        role=_role,
        unit="contracts",
        sides=_DEALS,
        fee_in="settle",
    ),
    Shape(
        "mexc spot myTrades",
        "mexc spot",
        MY_TRADES,
        keys=("isselftrade", "isbuyer"),
        sides={"true": ("buy", None), "false": ("sell", None)},
    ),
    Shape(
        "mexc futures trade history",
        "mexc futures",
        {
            "time": ("time", "timeofupdate"),
            "symbol": ("futurestradingpair", "futures"),
            "side": ("direction",),
            "price": ("filledprice",),
            "quantity": ("filledqtycrypto",),
            "amount": ("filledqtyamount",),
            "fee": ("tradingfee",),
            "fee_currency": ("feepaymentcrypto",),
            "liquidity": ("role",),
        },
        keys=("filledqtycont", "role"),
        sides=_WORDS,
        averages=True,
        fee_in="settle",
    ),
    Shape(
        "mexc spot trade history",
        "mexc spot",
        {
            "time": ("time",),
            "symbol": ("pairs", "pair"),
            "side": ("side",),
            "price": ("filledprice",),
            "quantity": ("executedamount",),
            "amount": ("total",),
            "fee": ("fee",),
            "liquidity": ("role",),
        },
        keys=("executedamount",),
        averages=True,
        fee_in="received",
    ),
)
_ASK = "the Trade History (Orders > Trade History > Export)"
REFUSALS = (
    NoFills("mexc order history", ("orderqtycont", "averagefilledprice"), "a row is an order, not its fills", _ASK),
    NoFills(
        "mexc order history", ("pairs", "averagefilledprice", "orderamount"), "a row is an order, not its fills", _ASK
    ),
    NoFills("mexc position history", ("avgentryprice", "closingqtycont"), "a row is a whole position", _ASK),
)
