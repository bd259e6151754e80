"""Exports of Interactive Brokers: Flex queries as tables and XML, and activity statements."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scaleplan.fills import FileRefused
from scaleplan.fills.row import RowReader, passed
from scaleplan.fills.shape import Cells, NoFills, Shape, plain_key
from scaleplan.trade.kinds import UNKNOWN_SOURCE

_TRADES = "trades"
_INSTRUMENTS = "financial instrument information"
_POSITIONS = "open positions"
#: Sections of any statement in English, and what rows of trades are called in every language.
_ENGLISH = frozenset({_TRADES, _INSTRUMENTS, _POSITIONS, "account information", "net asset value"})
_KINDS = frozenset({"order", "trade", "execution"})


def _flex(cells: Cells, reader: RowReader) -> Cells:
    level = cells.status.strip().lower()
    if level not in ("", "execution"):
        raise passed(f"{level.replace('_', ' ')}, a sum of executions")
    return cells._replace(effect="", liquidity="")


def _statement(cells: Cells, reader: RowReader) -> Cells:
    if not cells.side:
        quantity = reader.numbers.read(cells.quantity, "quantity")
        cells = cells._replace(side="buy" if quantity > 0 else "sell")
    return cells


def _role(cells: Cells) -> str | None:
    kind = cells.comment.strip().upper()
    if kind.startswith("TRAIL"):
        return "trail"
    return "stop" if kind in ("STP", "STPLMT", "STP LMT", "STOP", "STOP LIMIT") else None


#: The columns of an activity statement's trades, with the section's own words as fields.
STATEMENT = Shape(
    "ibkr activity statement",
    "ibkr",
    {
        "time": ("datetime",),
        "symbol": ("symbol",),
        "quantity": ("quantity",),
        "price": ("tprice",),
        "amount": ("proceeds", "notionalvalue"),
        "fee": ("commfee", "comm", "commission", "comminusd", "comminbase", "commineur", "commingbp", "comminchf"),
        "fee_currency": ("currency",),
        "multiplier": ("multiplier",),
        "type": ("assetcategory",),
        "unit": ("unit",),
    },
    needs=("time", "symbol", "quantity", "price"),
    keys=("datadiscriminator",),
    before=_statement,
    fee_sign=-1,
    averages=True,
)
SHAPES = (
    Shape(
        "ibkr flex trades",
        "ibkr",
        {
            "time": ("datetime", "tradedatetime"),
            "symbol": ("symbol",),
            "side": ("buysell",),
            "price": ("tradeprice", "price"),
            "quantity": ("quantity",),
            "amount": ("trademoney",),
            "fee": ("ibcommission", "commission"),
            "fee2": ("taxes", "tax"),
            "fee_currency": ("ibcommissioncurrency", "commissioncurrency", "currencyprimary", "currency"),
            "multiplier": ("multiplier",),
            "order": ("iborderid", "orderid"),
            "id": ("ibexecid", "execid", "tradeid"),
            "type": ("assetclass", "assetcategory"),
            "status": ("levelofdetail",),
            "comment": ("ordertype",),
        },
        keys=("buysell",),
        before=_flex,
        role=_role,
        fee_sign=-1,
        averages=True,
    ),
)
REFUSALS = (
    NoFills(
        "ibkr realized summary",
        ("realizedtotal", "unrealizedtotal"),
        "a row is the sum of a symbol, not its fills",
        "a Flex query of trades at the level of executions, or an activity statement",
    ),
)


def is_statement(rows: Iterable[Sequence[str]]) -> bool:
    """Returns whether a table is an activity statement: sections, each with a head of its own."""
    return any(
        len(row) > 2 and row[0].strip().lower() == "statement" and row[1].strip().lower() == "header" for row in rows
    )


class _Statement:
    """What an activity statement says, section by section."""

    def __init__(self) -> None:
        self._heads: dict[str, list[str]] = {}
        self.multipliers: dict[str, str] = {}
        self.positions: dict[str, str] = {}
        self.trades: list[tuple[int, dict[str, str], str]] = []
        self.has_english = False
        #: The line of trades whose section has a name in another language.
        self.foreign = 0

    def take(self, line: int, row: Sequence[str], raw: str) -> None:
        """Takes the next row."""
        section, what = row[0].strip().lower(), row[1].strip().lower()
        self.has_english = self.has_english or section in _ENGLISH
        if section not in _ENGLISH and what == "data" and len(row) > 2 and row[2].strip().lower() in _KINDS:
            self.foreign = self.foreign or line
        if what == "header":
            self._heads[section] = [plain_key(cell) for cell in row]
        elif what == "data" and section in self._heads:
            found = dict(zip(self._heads[section], row, strict=False))
            if section == _INSTRUMENTS:
                for symbol in found.get("symbol", "").split(","):
                    self.multipliers[symbol.strip()] = found.get("multiplier", "")
            elif section == _POSITIONS and found.get("datadiscriminator", "Summary").lower() == "summary":
                self.positions[found.get("symbol", "")] = found.get("quantity", "")
            elif section == _TRADES:
                self.trades.append((line, found, raw))


def _kind(found: Mapping[str, str]) -> str:
    return found.get("datadiscriminator", "").strip().lower()


def statement_rows(rows: Iterable[tuple[int, Sequence[str], str]]) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yields the trades of an activity statement by the names of their columns, with the line and the row as read.

    Where executions of a symbol stand beside the orders that they make up, the orders are left out. A symbol's
    multiplier comes from the section of instruments; a position that the statement states stands in each trade of its
    symbol. Raises `FileRefused` for a statement in another language, whose columns have other names.
    """
    statement = _Statement()
    for line, row, raw in rows:
        if len(row) > 1:
            statement.take(line, row, raw)
    if statement.foreign and not statement.has_english:
        raise FileRefused(
            UNKNOWN_SOURCE,
            statement.foreign,
            "is an activity statement in another language than English",
            "set the language of the statement to English, and export it again",
        )
    kinds = {(found.get("symbol", ""), _kind(found)) for _, found, _ in statement.trades}
    for line, found, raw in statement.trades:
        kind, own_symbol = _kind(found), found.get("symbol", "")
        if kind != next((each for each in ("trade", "execution") if (own_symbol, each) in kinds), "order"):
            yield line, found | {"passed": f"{kind}, a sum or a part of trades"}, raw
            continue
        symbol, category = found.get("symbol", ""), found.get("assetcategory", "").lower()
        size = statement.multipliers.get(symbol, "")
        is_counted = any(word in category for word in ("future", "option", "warrant"))
        own = {
            "multiplier": size.replace(",", "") if size and is_counted else "",
            "unit": "contracts" if is_counted and not size else "",
            "stated": statement.positions.get(symbol, ""),
        }
        yield line, found | own, raw
