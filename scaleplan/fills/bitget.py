"""Exports of Bitget: answers of futures and spot fills, and tables of trade details."""

import json
from decimal import Decimal

from scaleplan.fills.row import RowReader
from scaleplan.fills.shape import SIDES, Cells, NoFills, Shape, plain_key
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import plain

_OTHER = {"buy": "sell", "sell": "buy"}
_ACTIONS = SIDES | {
    "burstcloselong": ("sell", "long"),
    "burstcloseshort": ("buy", "short"),
    "reducecloselong": ("sell", "long"),
    "reducecloseshort": ("buy", "short"),
    "offsetcloselong": ("sell", "long"),
    "offsetcloseshort": ("buy", "short"),
    "buysingle": ("buy", None),
    "sellsingle": ("sell", None),
}


def _filled(cells: Cells, reader: RowReader) -> Cells:
    """Looks at an answer's fill: its fees are a list, and in hedge mode its side is that of the position."""
    fee, currency = _fees(cells.fee)
    action = plain_key(cells.effect)
    side, holds = cells.side.strip().lower(), ""
    if action in _ACTIONS and _ACTIONS[action][1]:
        side, holds = _ACTIONS[action][0], _ACTIONS[action][1] or ""
    elif plain_key(cells.comment) == "hedgemode" and side in _OTHER:
        holds = "long" if side == "buy" else "short"
        side = _OTHER[side] if action.startswith("close") else side
    return cells._replace(
        fee=fee, fee_currency=currency or cells.fee_currency, side=side, effect=holds, type=cells.effect
    )


def _fees(text: str) -> tuple[str, str]:
    """Returns the sum of what a list of fees says, and its coin."""
    if not text.startswith(("[", "{")):
        return text, ""
    try:
        found = json.loads(text)
    except ValueError:
        return text, ""
    parts = [part for part in (found if isinstance(found, list) else [found]) if isinstance(part, dict)]
    coins = {str(part.get("feeCoin") or "") for part in parts}
    if len(coins) != 1:
        return "", ""
    try:
        whole = sum((Decimal(str(part.get("totalFee") or part.get("fee") or 0)) for part in parts), ZERO)
    except ArithmeticError:
        return text, ""
    return plain(whole), coins.pop()


def _role(cells: Cells) -> str | None:
    word = f"{cells.type} {cells.side}".lower()
    return "liquidation" if "burst" in word or "liquidat" in word else None


SHAPES = (
    Shape(
        "bitget futures fills",
        "bitget futures",
        {
            "time": ("ctime",),
            "symbol": ("symbol",),
            "side": ("side",),
            "effect": ("tradeside",),
            "price": ("price",),
            "quantity": ("basevolume", "sizeqty"),
            "amount": ("quotevolume",),
            "fee": ("feedetail", "fee"),
            "fee_currency": ("feecoin",),
            "order": ("orderid",),
            "id": ("tradeid",),
            "liquidity": ("tradescope",),
            "comment": ("posmode",),
        },
        keys=("tradeside", "tradeid"),
        before=_filled,
        role=_role,
        fee_sign=-1,
        fee_in="settle",
    ),
    Shape(
        "bitget spot fills",
        "bitget spot",
        {
            "time": ("ctime",),
            "symbol": ("symbol",),
            "side": ("side",),
            "price": ("priceavg", "fillprice"),
            "quantity": ("size", "fillquantity"),
            "amount": ("amount", "filltotalamount"),
            "fee": ("feedetail", "fees"),
            "fee_currency": ("feeccy",),
            "order": ("orderid",),
            "id": ("tradeid", "fillid"),
            "liquidity": ("tradescope",),
        },
        keys=("ctime",),
        never=("tradeside",),
        before=_filled,
        fee_sign=-1,
        averages=True,
        fee_in="quote",
    ),
    Shape(
        "bitget futures transactions",
        "bitget futures",
        {
            "time": ("date", "time", "transactiontime", "filledtime"),
            "symbol": ("futures", "futurestradingpair"),
            "side": ("direction", "side", "action"),
            "price": ("filledprice", "transactionprice", "averageprice", "price"),
            "quantity": ("filled", "executed", "transactionamount", "filledamount", "amount", "volume"),
            "fee": ("fee", "tradingfee", "transactionfee"),
            "fee_currency": ("feecoin", "feecurrency"),
            "order": ("order", "orderid", "orderno"),
            "id": ("tradeid", "transactionid"),
            "liquidity": ("role",),
        },
        never=("openingtime", "filledqtycont"),
        fee_sign=-1,
        sides=_ACTIONS,
        role=_role,
        fee_in="settle",
        averages=True,
    ),
    Shape(
        "bitget spot transactions",
        "bitget spot",
        {
            "time": ("date", "time", "transactiontime"),
            "symbol": ("tradingpair", "spottradingpair", "pair"),
            "side": ("direction", "side", "type"),
            "price": ("price", "transactionprice", "filledprice", "averageprice"),
            "quantity": ("amount", "transactionamount", "filled", "executed", "volume"),
            "amount": ("total", "transactiontotal", "turnover"),
            "fee": ("fee", "transactionfee", "tradingfee"),
            "fee_currency": ("feecoin", "feecurrency"),
            "order": ("order", "orderid", "orderno"),
            "id": ("tradeid", "transactionid"),
        },
        needs=("time", "symbol", "side", "price", "quantity", "amount", "fee"),
        never=("makertaker", "executedamount", "realizedprofit"),
        fee_sign=-1,
        averages=True,
        fee_in="quote",
    ),
)
_ASK = "the transaction details (Orders > Futures orders > Transaction > Export)"
REFUSALS = (
    NoFills(
        "bitget position history",
        ("openingtime", "positionpnl"),
        "a row is a whole position, not its fills",
        _ASK,
    ),
    NoFills(
        "bitget position history",
        ("averageentryprice", "averageclosingprice"),
        "a row is a whole position, not its fills",
        _ASK,
    ),
)
