"""What saved answers say, record by record, and the terms that are made of it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.plan import Bracket, BracketBy, Contract, Instrument, MaintenanceOn
from scaleplan.quantity.exact import ZERO


class Origin(StrEnum):
    """Who wrote an answer, found by its shape: an exchange, or ccxt in its place."""

    BINANCE = "binance"
    BYBIT = "bybit"
    OKX = "okx"
    CCXT = "ccxt"


class RateUnit(StrEnum):
    """How an answer writes rates: 0.5 for 0.5%, or 0.005 for it."""

    PERCENT = "percent"
    FRACTION = "fraction"


class PrecisionUnit(StrEnum):
    """How a precision is written: the smallest step, digits behind the point, or digits from the first that counts."""

    STEP = "step"
    DIGITS = "digits"
    SIGNIFICANT = "significant"


class Unusable(Exception):  # noqa: N818 - a state of the file, not an error of the program
    """No venue file can be made of what was saved. `file` is empty where it is not one file's fault."""

    def __init__(self, message: str, help: str, file: str = "") -> None:
        """Keep what clashed and the way out apart."""
        super().__init__(f"{message}; {help}")
        self.message = message
        self.help = help
        self.file = file


class Unasked(Unusable):
    """An option asks for what the files do not have, or contradict."""


class Unmade(Unusable):
    """Several symbols cannot be made; each has its own reason in `problems`."""

    def __init__(self, problems: "tuple[SymbolProblem, ...]") -> None:
        """Keep them all."""
        first = problems[0]
        super().__init__(f"{first.symbol}: {first.message}", first.help)
        self.problems = problems


class SymbolProblem(NamedTuple):
    """Why one symbol cannot be made, and one way out."""

    symbol: str
    message: str
    help: str


class ImportNote(NamedTuple):
    """Something left out, derived or found to disagree: about one symbol, or about all where `symbol` is empty."""

    symbol: str
    text: str


class SavedFile(NamedTuple):
    """One file: the name under which it is spoken of, its bytes, and the day it was saved where that is known."""

    label: str
    data: bytes
    saved_on: date | None


class BracketRow(NamedTuple):
    """One bracket as the exchange writes it: `floor` to `cap` in the table's unit, absent where it does not say.

    `rate` and `initial` are as written, percent or fraction; `deduction` is the exchange's own, for comparison only.
    """

    floor: Decimal | None
    cap: Decimal | None
    rate: Decimal
    initial: Decimal | None = None
    max_leverage: Decimal | None = None
    deduction: Decimal | None = None


class BracketTable(NamedTuple):
    """The maintenance table of one instrument or family."""

    #: The names by which rules may know it.
    ids: tuple[str, ...]
    #: What it is called without rules; empty where its names do not say.
    symbol: str
    rows: tuple[BracketRow, ...]
    #: What the bounds count; absent where the answer does not say.
    by: BracketBy | None
    #: How its rates are written; absent where that is to be found out.
    rates: RateUnit | None = RateUnit.FRACTION
    #: The exchange that the table's own words give away.
    venue: str = ""
    expires: bool = False
    #: Whether it is of contracts with an end that the exchange puts off, so that they trade like perpetual ones.
    renewed: bool = False
    notes: tuple[str, ...] = ()


class ContractRules(NamedTuple):
    """The contract rules of one instrument."""

    ids: tuple[str, ...]
    symbol: str
    contract: Contract
    instrument: Instrument
    #: The smallest order, in the unit of `instrument.lot_size`.
    min_quantity: Decimal | None = None
    #: Whether orders count contracts, so that a lot says nothing without the contract size.
    in_contracts: bool = False
    maker: Decimal | None = None
    taker: Decimal | None = None
    expires: bool = False
    renewed: bool = False
    #: Why it is left out.
    trouble: str = ""
    #: What the trader must say before it can be made.
    unclear: SymbolProblem | None = None
    notes: tuple[str, ...] = ()


class SavedAnswer(NamedTuple):
    """What one file says. `says` names the answer, `dated` is the day inside it."""

    origin: Origin
    says: str
    label: str = ""
    rules: tuple[ContractRules, ...] = ()
    tables: tuple[BracketTable, ...] = ()
    dated: date | None = None
    saved_on: date | None = None
    notes: tuple[ImportNote, ...] = ()


class VenueModel(NamedTuple):
    """How a venue reckons liquidation, apart from brackets: what its profile says for one kind of contract."""

    maintenance_on: MaintenanceOn = MaintenanceOn.MARK
    closing_fee: Decimal = ZERO
    maker: Decimal | None = None
    taker: Decimal | None = None


class ImportOptions(NamedTuple):
    """What the trader says beside the files; what is empty or absent is found in them."""

    symbols: tuple[str, ...] = ()
    name: str = ""
    as_of: date | None = None
    rates: RateUnit | None = None
    price: PrecisionUnit | None = None
    amount: PrecisionUnit | None = None
    bracket_by: BracketBy | None = None
    #: How much one contract is, by symbol in capitals; of every symbol under the empty name.
    contract_sizes: dict[str, Decimal] = {}  # noqa: RUF012 - nobody adds to it


class SymbolTerms(NamedTuple):
    """The terms of one symbol, ready to be written. No brackets: they were not in the files."""

    symbol: str
    name: str
    as_of: date
    source: str
    model: VenueModel
    brackets: tuple[Bracket, ...]
    bracket_by: BracketBy
    instrument: Instrument
    maker: Decimal | None
    taker: Decimal | None
