"""Exports of Gate: answers of futures and spot my_trades, and the spot trade history as a table."""

from scaleplan.fills.row import RowReader
from scaleplan.fills.shape import Cells, NoFills, Shape


def _signed(cells: Cells, reader: RowReader) -> Cells:
    """Takes the side of a future's fill from the sign of its size."""
    size = reader.numbers.read(cells.quantity, "size")
    return cells._replace(side="buy" if size > 0 else "sell")


def _spot(cells: Cells, reader: RowReader) -> Cells:
    """Takes the fee in the venue's own coin where that was paid with."""
    points = reader.numbers.optional(cells.fee3, "gt fee") if cells.fee3 else None
    own = reader.numbers.optional(cells.fee, "fee")
    if points and not own:
        return cells._replace(fee=cells.fee3, fee3="", fee_currency="GT")
    return cells._replace(fee3="")


def _role(cells: Cells) -> str | None:
    return "liquidation" if cells.comment.lower().startswith(("liq-", "liq_")) else None


SHAPES = (
    Shape(
        "gate futures my_trades",
        "gate futures",
        {
            "time": ("createtime", "createtimems"),
            "symbol": ("contract",),
            "side": ("size",),
            "price": ("price",),
            "quantity": ("size",),
            "fee": ("fee",),
            "order": ("orderid",),
            "id": ("tradeid", "id"),
            "liquidity": ("role",),
            "comment": ("text",),
        },
        keys=("contract", "size", "createtime"),
        before=_signed,
        role=_role,
        unit="contracts",
        fee_in="settle",
    ),
    Shape(
        "gate spot my_trades",
        "gate spot",
        {
            "time": ("createtimems", "createtime"),
            "symbol": ("currencypair",),
            "side": ("side",),
            "price": ("price",),
            "quantity": ("amount",),
            "fee": ("fee",),
            "fee3": ("gtfee",),
            "fee_currency": ("feecurrency",),
            "order": ("orderid",),
            "id": ("id",),
            "liquidity": ("role",),
        },
        keys=("currencypair", "amount"),
        before=_spot,
        fee_in="received",
    ),
    Shape(
        "gate spot trade history",
        "gate spot",
        {
            "time": ("time",),
            "symbol": ("pair", "market"),
            "side": ("tradetype", "side", "type"),
            "price": ("price",),
            "quantity": ("amount",),
            "amount": ("total",),
            "fee": ("fee",),
            "order": ("orderid", "orderno"),
            "id": ("no", "tradeid"),
            "liquidity": ("makertaker", "role"),
        },
        keys=("makertaker", "total"),
        fee_in="received",
        averages=True,
    ),
    Shape(
        "gate futures trade history",
        "gate futures",
        {
            "time": ("time",),
            "symbol": ("contract", "futures", "market"),
            "side": ("side", "direction", "size"),
            "price": ("price", "filledprice", "fillprice"),
            "quantity": ("size", "quantity", "amount"),
            "fee": ("fee",),
            "order": ("orderid", "orderno"),
            "id": ("tradeid", "id", "no"),
            "liquidity": ("role", "makertaker"),
        },
        keys=("contract", "role"),
        never=("createtime",),
        unit="contracts",
        fee_in="settle",
    ),
)
REFUSALS = (
    NoFills(
        "gate account history",
        ("actiondesc", "changeamount"),
        "a row moves one coin; no price stands in it",
        "the Trade History (Orders > Spot orders > Trade history > Export)",
    ),
    NoFills(
        "gate position history",
        ("pnl", "longprice", "shortprice"),
        "a row is a whole position, not its fills",
        "the answer of futures my_trades, or the Trade History of futures",
    ),
)
