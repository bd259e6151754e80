"""Exports of venues read into executions: which venue's it is, what each row means, and which rows are none.

    bytes -> text -> table (heads, cells) -> shape (whose export, by its heads) -> rows -> executions and funding

What a venue calls its columns is data, one module a venue. What every export shares (numbers, times, zones, the sign of
a fee, what a contract is) is read in one place. Nothing is guessed: what a row leaves open is an error that names the
option by which the trader says it. Nothing of trades is known here.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from scaleplan.diagnostic import Kind

#: How fine a time is written: as powers of ten of a second, and minutes.
MINUTE = -1


class SourceRow(NamedTuple):
    """An execution or a funding payment as its source has it, in the units of the journal.

    `venue` is the venue and its market, `binance usdm`; `symbol` is as the venue writes it.
    `quantity` is in base (inverse: value in quote), `contracts` what the row counts where that is
    something else. A `fee` above 0 was paid; of funding it is all there is. `source_id` is the venue's number of the
    execution, absent where it has none. `role` is what the venue says that closed it. `holds` is the side of the
    position where the row names it, `position` what is held after it (short: below 0). `grain` is how fine the time is:
    so many digits of a second, or `MINUTE`. `given_fee` is a fee as the row has it where a rate converted it.
    """

    is_funding: bool
    line: int
    holds: str | None
    position: Decimal | None
    grain: int
    given_fee: str | None
    role: str | None
    raw: str
    at: str
    zone: str
    # What an event has too, in its order.
    venue: str
    source_id: str | None
    side: str | None
    price: Decimal | None
    quantity: Decimal | None
    contracts: Decimal | None
    fee: Decimal | None
    fee_currency: str | None
    liquidity: str | None
    order_id: str | None
    symbol: str


class BadRow(NamedTuple):
    """A row that cannot be read, or that says two things: where it is, why, and what would mend it."""

    kind: Kind
    line: int
    column: int
    message: str
    help: str


class ReadOptions(NamedTuple):
    """What the command line says of all files; what is empty is not said.

    `zone` is a name or an offset, `day_first` how a date is read that reads two ways. `symbols` say what a venue's
    symbol means, `contract_sizes` how much a contract is (under the empty name: any), `plan_sizes` what plans say of
    that by unified symbol. `rates` are what a coin is worth in the settle currency.
    """

    source: str = ""
    zone: str = ""
    day_first: bool | None = None
    symbols: Mapping[str, str] = {}
    contract_sizes: Mapping[str, Decimal] = {}
    plan_sizes: Mapping[str, Decimal] = {}
    rates: Mapping[str, Decimal] = {}


class ReadFile(NamedTuple):
    """What a file holds: its rows in the order in which they happened, what was passed over, and what is wrong.

    `source` is the export's name, `zone` that of its local times and `zone_from` where that stands, both empty where
    each row has its own. `count` is the number of all rows below the head.
    """

    name: str
    source: str
    zone: str
    zone_from: str
    count: int  # type: ignore[assignment]
    rows: tuple[SourceRow, ...]
    passed: tuple[tuple[str, int], ...]
    bad: tuple[BadRow, ...]


class FileRefused(Exception):  # noqa: N818 - it is a state of the file
    """A file that is not read: nobody's export, none of fills, or not readable as text. Complete with its way out."""

    def __init__(self, kind: Kind, line: int, message: str, help: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.line = line
        self.message = message
        self.help = help


class RowProblem(Exception):  # noqa: N818 - it is a state of the row
    """Raised inside a row that cannot be read; `field` names the column that is to be mended."""

    def __init__(self, kind: Kind, message: str, help: str, field: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.help = help
        self.field = field


class Passed(Exception):  # noqa: N818 - it is a state of the row
    """Raised inside a row that is no fill; the message is the reason by which it is counted."""
