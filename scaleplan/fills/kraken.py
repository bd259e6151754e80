"""Exports of Kraken: trades.csv, answers of TradesHistory and of futures fills, the futures account log."""

from collections.abc import Sequence

from scaleplan.fills.row import RowReader, passed
from scaleplan.fills.shape import Cells, NoFills, Shape
from scaleplan.quantity.exact import ZERO

_CONTRACTS = ("pi_", "pf_", "fi_", "ff_", "pv_")


def _role(cells: Cells) -> str | None:
    kind = cells.type.lower()
    if "liquidat" in kind or "liquidat" in cells.comment.lower():
        return "liquidation"
    if "trailing" in kind:
        return "trail"
    return "stop" if kind.startswith("stop") else None


def _filled(cells: Cells, reader: RowReader) -> Cells:
    kind = cells.type.lower()
    return cells._replace(liquidity="taker" if "liquid" in kind or kind == "taker" else kind)


def gather_log(rows: Sequence[Cells]) -> list[Cells]:
    """Returns the rows of an account log, those of contracts with the fees that stand with their collateral.

    A trade is two rows of one moment: the contract's, with its quantity, and the collateral's, with its fee.
    """
    fees: dict[tuple[str, str], list[Cells]] = {}
    for cells in rows:
        if _is_trade(cells) and not _is_contract(cells):
            fees.setdefault((cells.time, cells.price), []).append(cells)
    return [_with_fee(cells, fees.get((cells.time, cells.price), [])) for cells in rows]


def _with_fee(cells: Cells, partners: list[Cells]) -> Cells:
    """Returns the row of a contract with the fee of one of the collateral's rows, which is that of no other then."""
    if not (_is_trade(cells) and _is_contract(cells)) or cells.fee.strip():
        return cells
    own = next((each for each in partners if each.unit.lower() in ("", cells.symbol.lower())), None)
    if own is None:
        return cells
    partners.remove(own)
    return cells._replace(fee=own.fee, fee_currency=own.fee_currency)


def _is_trade(cells: Cells) -> bool:
    return any(word in cells.type.lower() for word in ("trade", "liquidation", "assign", "unwind"))


def _is_contract(cells: Cells) -> bool:
    return cells.symbol.strip().lower().startswith(_CONTRACTS)


def _logged(cells: Cells, reader: RowReader) -> Cells:
    kind = cells.type.strip().lower()
    if "funding" in kind:
        paid = reader.numbers.optional(cells.funding, "realized funding")
        if not paid:
            raise passed("funding of nothing")
        symbol = cells.unit or (cells.symbol if _is_contract(cells) else _contract_of(cells.comment))
        return cells._replace(kind="funding", funding=str(-paid), symbol=symbol.upper(), side="")
    if not _is_trade(cells):
        raise passed(f"{kind or 'no kind'}, no trade")
    if not _is_contract(cells):
        raise passed("the collateral's side of a trade, which has no quantity")
    change = reader.numbers.optional(cells.extra, "change")
    if change is None:
        after = reader.numbers.optional(cells.position, "new balance") or ZERO
        change = after - (reader.numbers.optional(cells.extra2, "old balance") or ZERO)
    if not change:
        raise passed("a trade of nothing")
    return cells._replace(
        symbol=cells.symbol.upper(), side="buy" if change > 0 else "sell", quantity=str(abs(change)), id=""
    )


def _contract_of(account: str) -> str:
    """Returns the perpetual of a margin account: `f-xbt:usd` is that of PI_XBTUSD."""
    return f"PI_{account.lower().removeprefix('f-').replace(':', '').upper()}"


SHAPES = (
    Shape(
        "kraken trades",
        "kraken",
        {
            "time": ("time",),
            "symbol": ("pair",),
            "side": ("type",),
            "type": ("ordertype",),
            "price": ("price",),
            "quantity": ("vol",),
            "amount": ("cost",),
            "fee": ("fee",),
            "order": ("ordertxid",),
            "id": ("txid", "key"),
            "liquidity": ("maker",),
            "comment": ("misc",),
        },
        keys=("ordertxid", "vol"),
        fee_in="quote",
        role=_role,
    ),
    Shape(
        "kraken futures fills",
        "kraken futures",
        {
            "time": ("filltime",),
            "symbol": ("symbol",),
            "side": ("side",),
            "price": ("price",),
            "quantity": ("size",),
            "type": ("filltype",),
            "order": ("orderid",),
            "id": ("fillid",),
        },
        keys=("fillid", "filltime"),
        before=_filled,
        role=_role,
    ),
    Shape(
        "kraken futures account log",
        "kraken futures",
        {
            "time": ("datetime", "date"),
            "symbol": ("symbol", "asset"),
            "type": ("type", "info"),
            "side": ("change", "oldbalance"),
            "extra": ("change",),
            "extra2": ("oldbalance",),
            "position": ("newbalance",),
            "price": ("tradeprice",),
            "quantity": ("newbalance",),
            "fee": ("fee",),
            "funding": ("realizedfunding",),
            "fee_currency": ("collateral",),
            "comment": ("account", "marginaccount"),
            "unit": ("contract",),
        },
        keys=("newaverageentryprice", "realizedfunding"),
        before=_logged,
        role=_role,
        gather=gather_log,
    ),
)
REFUSALS = (
    NoFills(
        "kraken ledgers",
        ("txid", "refid", "aclass", "balance"),
        "a row moves one coin; no price stands in it",
        "trades.csv (History > Export > Trades)",
    ),
    NoFills(
        "kraken futures position history",
        ("avgentryprice", "avgexitprice"),
        "a row is a whole position, not its fills",
        "the account log of futures (History > Logs > Download all)",
    ),
)
