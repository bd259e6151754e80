"""Exports of Hyperliquid: answers of userFills, and the trade history as a table, whose days come first."""

from scaleplan.fills.row import RowReader, passed
from scaleplan.fills.shape import SIDES, Cells, NoFills, Shape, plain_key

_DIRECTIONS = SIDES | {
    "longshort": ("sell", None),
    "shortlong": ("buy", None),
    "liquidatedisolatedlong": ("sell", "long"),
    "liquidatedisolatedshort": ("buy", "short"),
    "liquidatedcrosslong": ("sell", "long"),
    "liquidatedcrossshort": ("buy", "short"),
    "marketorderliquidationcloselong": ("sell", "long"),
    "marketorderliquidationcloseshort": ("buy", "short"),
}
_NO_TRADES = ("settlement", "dust", "transfer", "genesis", "funding", "deposit", "withdraw")


def _filled(cells: Cells, reader: RowReader) -> Cells:
    """Looks at an answer's fill: a taker crossed; what is held after it follows from what was held before."""
    crossed = cells.liquidity.lower()
    holds = {"openlong": "long", "closelong": "long", "openshort": "short", "closeshort": "short"}
    return cells._replace(
        effect=holds.get(plain_key(cells.effect), ""),
        comment=f"{cells.comment} {cells.effect}",
        liquidity="taker" if crossed == "true" else "maker" if crossed == "false" else "",
        kind="position before",
    )


def _logged(cells: Cells, reader: RowReader) -> Cells:
    if any(word in plain_key(cells.side) for word in _NO_TRADES):
        raise passed(f"{cells.side.strip().lower()}, no trade")
    return cells


def _role(cells: Cells) -> str | None:
    """Returns whether a fill is a liquidation of one's own: whose order the other side took is not liquidated."""
    text = f"{cells.comment} {cells.side}".lower()
    is_own = "liquidat" in text and (cells.liquidity != "maker")
    closes = "close" in text or "liquidated" in cells.side.lower() or "liquidated" in cells.comment.lower()
    return "liquidation" if is_own and closes else None


SHAPES = (
    Shape(
        "hyperliquid userFills",
        "hyperliquid",
        {
            "time": ("time",),
            "symbol": ("coin",),
            "side": ("side",),
            "effect": ("dir",),
            "price": ("px",),
            "quantity": ("sz",),
            "fee": ("fee",),
            "fee2": ("builderfee",),
            "fee_currency": ("feetoken",),
            "order": ("oid",),
            "id": ("tid",),
            "liquidity": ("crossed",),
            "position": ("startposition",),
            "comment": ("liquidation",),
        },
        keys=("coin", "px", "sz", "tid"),
        before=_filled,
        role=_role,
        fee_in="settle",
    ),
    Shape(
        "hyperliquid trade history",
        "hyperliquid",
        {
            "time": ("time",),
            "symbol": ("coin",),
            "side": ("dir",),
            "price": ("px",),
            "quantity": ("sz",),
            "amount": ("ntl",),
            "fee": ("fee",),
        },
        keys=("coin", "dir", "px", "sz"),
        never=("tid", "oid"),
        before=_logged,
        role=_role,
        sides=_DIRECTIONS,
        fee_in="settle",
        day_first=True,
    ),
)
REFUSALS: tuple[NoFills, ...] = (
    NoFills(
        "hyperliquid order history",
        ("coin", "origsz", "oid"),
        "a row is an order, not its fills",
        "the Trade History (Portfolio > Trade History > Export), or the answer of userFills",
    ),
)
