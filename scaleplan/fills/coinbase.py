"""Exports of Coinbase: answers of fills, Advanced and Exchange, and the fills report."""

from scaleplan.fills.numbers import kept
from scaleplan.fills.row import RowReader, passed
from scaleplan.fills.shape import Cells, NoFills, Shape
from scaleplan.quantity.number import plain


def _filled(cells: Cells, reader: RowReader) -> Cells:
    kind = cells.type.strip().lower()
    if kind not in ("", "fill"):
        raise passed(f"{kind}, no fill")
    if cells.extra.lower() in ("true", "1"):
        price, worth = reader.numbers.read(cells.price, "price"), reader.numbers.read(cells.quantity, "size")
        if price > 0 and worth > 0:
            return cells._replace(quantity=plain(kept(worth / price)), liquidity=_liquidity(cells))
    return cells._replace(liquidity=_liquidity(cells))


def _liquidity(cells: Cells) -> str:
    return "" if cells.liquidity.upper().startswith("UNKNOWN") else cells.liquidity


def _unit(venue: str, symbol: str) -> str:
    return "contracts" if symbol.endswith("-CDE") else "base"


SHAPES = (
    Shape(
        "coinbase advanced fills",
        "coinbase",
        {
            "time": ("tradetime",),
            "symbol": ("productid",),
            "side": ("side",),
            "price": ("price",),
            "quantity": ("size",),
            "fee": ("commission",),
            "order": ("orderid",),
            "id": ("tradeid", "entryid"),
            "liquidity": ("liquidityindicator",),
            "type": ("tradetype",),
            "extra": ("sizeinquote",),
        },
        keys=("productid", "tradetime"),
        before=_filled,
        unit=_unit,
        fee_in="quote",
    ),
    Shape(
        "coinbase exchange fills",
        "coinbase",
        {
            "time": ("createdat",),
            "symbol": ("productid",),
            "side": ("side",),
            "price": ("price",),
            "quantity": ("size",),
            "fee": ("fee",),
            "order": ("orderid",),
            "id": ("tradeid",),
            "liquidity": ("liquidity",),
        },
        keys=("productid", "createdat", "tradeid"),
        fee_in="quote",
    ),
    Shape(
        "coinbase fills report",
        "coinbase",
        {
            "time": ("createdat", "time"),
            "symbol": ("product",),
            "side": ("side",),
            "price": ("price",),
            "quantity": ("size",),
            "fee": ("fee",),
            "fee_currency": ("pricefeetotalunit",),
            "id": ("tradeid",),
            "order": ("orderid",),
        },
        keys=("product", "sizeunit"),
        fee_in="quote",
    ),
)
REFUSALS = (
    NoFills(
        "coinbase transaction history",
        ("transactiontype", "asset", "quantitytransacted"),
        "a row is a payment in or out of the account, not a fill",
        "the fills of Advanced (Advanced > Orders > Fills, or its answer of orders/historical/fills)",
    ),
)
