"""What saved answers say, record by record, and what is made of it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.plan import Bracket, BracketBy, Contract, Instrument, MaintenanceOn
from scaleplan.quantity.exact import ZERO


class Exchange(StrEnum):
    """Whose answers they are, told by their shape."""

    BINANCE = "binance"
    BYBIT = "bybit"
    OKX = "okx"
    CCXT = "ccxt"


class RateUnit(StrEnum):
    """How an answer writes rates: 0.5 for 0.5%, or 0.005 for it."""

    PERCENT = "percent"
    FRACTION = "fraction"


class PrecisionUnit(StrEnum):
    """How a market writes its precision: as the smallest step, or as a number of digits behind the point."""

    STEP = "step"
    DIGITS = "digits"


class Unusable(Exception):  # noqa: N818 - a state of the file, not an error of the program
    """What was saved cannot be made into a venue file. `file` is empty where it is not one file's fault."""

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

    def __init__(self, problems: "tuple[Problem, ...]") -> None:
        """Keep them all."""
        first = problems[0]
        super().__init__(f"{first.symbol}: {first.message}", first.help)
        self.problems = problems


class Problem(NamedTuple):
    """Why one symbol cannot be made, and one way out."""

    symbol: str
    message: str
    help: str


class Note(NamedTuple):
    """Something left out, derived or found to disagree: about one symbol, or about all where `symbol` is empty."""

    symbol: str
    text: str


class Saved(NamedTuple):
    """One file: the name under which it is spoken of, its bytes, and the day it was saved where that is known."""

    label: str
    data: bytes
    saved_on: date | None


class Row(NamedTuple):
    """One step of a table as the exchange writes it: `floor` to `cap` in the table's unit; absent is not said.

    `rate` and `initial` are as written, percent or fraction; `deduction` is the exchange's own, for comparison only.
    """

    floor: Decimal | None
    cap: Decimal | None
    rate: Decimal
    initial: Decimal | None = None
    max_leverage: Decimal | None = None
    deduction: Decimal | None = None


class Table(NamedTuple):
    """The maintenance table of one instrument or family.

    `ids` are the names by which rules may know it, `symbol` what it would be called without rules (empty: not known),
    `by` what the steps count (absent: not said), `rates` how they are written (absent: to be found out). `venue` is
    the exchange that the table's own words give away, `expires` whether it is of a contract with an end.
    """

    ids: tuple[str, ...]
    symbol: str
    rows: tuple[Row, ...]
    by: BracketBy | None
    rates: RateUnit | None = RateUnit.FRACTION
    venue: str = ""
    expires: bool = False
    notes: tuple[str, ...] = ()


class Rules(NamedTuple):
    """The contract rules of one instrument.

    `trouble` says why it is left out, `unclear` what the trader must say before it can be made.
    `min_quantity` is the smallest order in the unit of `instrument.lot_size`.
    """

    ids: tuple[str, ...]
    symbol: str
    contract: Contract
    instrument: Instrument
    min_quantity: Decimal | None = None
    maker: Decimal | None = None
    taker: Decimal | None = None
    expires: bool = False
    trouble: str = ""
    unclear: Problem | None = None


class Part(NamedTuple):
    """What one file says. `says` names the answer, `dated` is the day inside it."""

    exchange: Exchange
    says: str
    label: str
    rules: tuple[Rules, ...] = ()
    tables: tuple[Table, ...] = ()
    dated: date | None = None
    saved_on: date | None = None
    notes: tuple[Note, ...] = ()


class Model(NamedTuple):
    """How a venue reckons liquidation, apart from brackets: what its profile says for one kind of contract."""

    maintenance_on: MaintenanceOn = MaintenanceOn.MARK
    closing_fee: Decimal = ZERO
    maker: Decimal | None = None
    taker: Decimal | None = None


#: Finds the model of a venue, by its name, for one kind of contract; absent where no such venue is known.
Models = Callable[[str, Contract], Model | None]


class Wishes(NamedTuple):
    """What the trader says beside the files; what is empty or absent is found in them."""

    symbols: tuple[str, ...] = ()
    name: str = ""
    as_of: date | None = None
    rates: RateUnit | None = None
    precision: PrecisionUnit | None = None
    bracket_by: BracketBy | None = None


class Imported(NamedTuple):
    """The terms of one symbol, ready to be written. No brackets: they were not in the files."""

    symbol: str
    name: str
    as_of: date
    source: str
    model: Model
    brackets: tuple[Bracket, ...]
    bracket_by: BracketBy
    instrument: Instrument
    maker: Decimal | None
    taker: Decimal | None
