"""Exports of OKX: answers of fills, and the trading history as a table."""

from scaleplan.fills.row import RowReader, passed
from scaleplan.fills.shape import SIDES, Cells, NoFills, Shape, plain_key
from scaleplan.fills.symbols import contracts_or_base, unified

#: Kinds of bills that are liquidations, by https://www.okx.com/docs-v5/en/#trading-account-rest-api-get-bills-details
_LIQUIDATIONS = frozenset({str(number) for number in (*range(100, 108), 109, 110, 111)})
_SIDES = SIDES | {
    "liquidationlong": ("sell", "long"),
    "liquidationshort": ("buy", "short"),
    "liquidatelong": ("sell", "long"),
    "liquidateshort": ("buy", "short"),
    "partialliquidationlong": ("sell", "long"),
    "partialliquidationshort": ("buy", "short"),
    "liquidationcloselong": ("sell", "long"),
    "liquidationcloseshort": ("buy", "short"),
}


def _role(cells: Cells) -> str | None:
    is_liquidation = cells.comment in _LIQUIDATIONS or "liquidat" in cells.side.lower()
    return "liquidation" if is_liquidation else None


def _logged(cells: Cells, reader: RowReader) -> Cells:
    """Looks at a row of the trading history: a spot trade is two of them, one for each coin."""
    action = plain_key(cells.side)
    if not cells.symbol.strip():
        raise passed(f"{cells.side.strip().lower() or 'no symbol'}, no trade")
    if "funding" in action:
        amount = reader.numbers.optional(cells.extra2, "PnL") or reader.numbers.optional(
            cells.funding, "Balance Change"
        )
        return cells._replace(kind="funding", funding=str(-(amount or 0)), side="")
    if any(
        word in action for word in ("transfer", "interest", "settlement", "delivery", "rebate", "deduction", "airdrop")
    ):
        raise passed(f"{cells.side.strip().lower()}, no trade")
    base = unified("okx", cells.symbol).partition("/")[0]
    unit = cells.unit.strip().upper()
    if "-" in cells.symbol and cells.symbol.count("-") == 1 and cells.extra and cells.extra.strip().upper() != base:
        raise passed("the quote coin's side of a spot trade")
    return cells._replace(multiplier="1") if unit == base else cells


SHAPES = (
    Shape(
        "okx fills",
        "okx",
        {
            "time": ("filltime", "ts"),
            "symbol": ("instid",),
            "side": ("side",),
            "effect": ("posside",),
            "price": ("fillpx",),
            "quantity": ("fillsz",),
            "fee": ("fee", "fillfee"),
            "fee_currency": ("feeccy", "fillfeeccy"),
            "order": ("ordid",),
            "id": ("tradeid",),
            "liquidity": ("exectype",),
            "comment": ("subtype",),
        },
        keys=("instid", "fillpx"),
        fee_sign=-1,
        unit=contracts_or_base,
        role=_role,
    ),
    Shape(
        "okx trading history",
        "okx",
        {
            "time": ("time",),
            "symbol": ("symbol",),
            "type": ("tradetype",),
            "side": ("action",),
            "quantity": ("amount",),
            "unit": ("tradingunit",),
            "price": ("filledprice",),
            "extra2": ("pnl",),
            "fee": ("fee",),
            "fee_currency": ("feeunit",),
            "extra": ("balanceunit",),
            "funding": ("balancechange",),
            "order": ("orderid",),
        },
        needs=("time", "symbol", "side", "quantity", "price", "unit"),
        fee_sign=-1,
        unit=contracts_or_base,
        before=_logged,
        role=_role,
        sides=_SIDES,
    ),
)
_ASK = "the Trading history (Assets > Order center > Trading history > Download)"
REFUSALS = (
    NoFills("okx position history", ("openavgpx", "closeavgpx"), "a row is a whole position, not its fills", _ASK),
    NoFills(
        "okx position history", ("avgopenprice", "avgcloseprice"), "a row is a whole position, not its fills", _ASK
    ),
    NoFills(
        "okx funding history", ("beforebalance", "afterbalance"), "a row moves one coin; no price stands in it", _ASK
    ),
)
