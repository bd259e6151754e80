"""The bundled venues as records: what each says of its contracts, with the sources, for people and other programs.

Brackets come through the same reader as those of a plan, so that what is shown is what plans are reckoned with.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.money import Terms
from scaleplan.decode.profiles import NodesByKey, Profile, family_of, read_profile, terms_in, text_of
from scaleplan.decode.reader import Reader
from scaleplan.decode.terms import read_venue
from scaleplan.plan import BracketBy, Contract, Instrument, MaintenanceOn, MarginModel
from scaleplan.quantity.amount import Symbol, read_symbol
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import read_rate
from scaleplan.source import Source, Span
from scaleplan.tree import Scalar
from scaleplan.venue import VENUE_NAMES


class BundledFamily(NamedTuple):
    """The terms of all linear, or all inverse, contracts of a venue; rates are ratios, absent where none has a source.

    `formula` says in words where a position is liquidated; `source` and `as_of` are the formula's.
    """

    contract: Contract
    formula: str
    maintenance_on: MaintenanceOn
    bracket_by: BracketBy
    closing_fee: Decimal
    maker: Decimal | None
    taker: Decimal | None
    fees_source: str
    as_of: str
    source: str


class BundledSymbol(NamedTuple):
    """The terms of one symbol: its margin model where its brackets are known, and its contract rules."""

    symbol: str
    contract: Contract
    margin: MarginModel | None
    instrument: Instrument
    instrument_source: str


class BundledVenue(NamedTuple):
    """A venue that is known by name."""

    name: str
    title: str
    families: tuple[BundledFamily, ...]
    symbols: tuple[BundledSymbol, ...]

    @property
    def with_brackets(self) -> tuple[BundledSymbol, ...]:
        """The symbols whose maintenance is known."""
        return tuple(symbol for symbol in self.symbols if symbol.margin is not None)


def read_all_bundled() -> tuple[BundledVenue, ...]:
    """Returns every venue that is known by name, in the order of the names."""
    return tuple(map(read_bundled, VENUE_NAMES))


def read_bundled(name: str) -> BundledVenue:
    """Returns the venue that is known by `name`."""
    held = read_profile(name)
    return BundledVenue(
        name,
        held.title,
        tuple(_family(Contract(family), terms) for family, terms in held.families.items()),
        tuple(_symbol(name, held, symbol) for symbol in held.symbols),
    )


def _family(contract: Contract, terms: NodesByKey) -> BundledFamily:
    fees = terms_in(terms.get("fees"))
    return BundledFamily(
        contract=contract,
        formula=text_of(terms, "formula"),
        maintenance_on=MaintenanceOn(text_of(terms, "maintenance_on")),
        bracket_by=BracketBy(text_of(terms, "bracket_by")),
        closing_fee=_rate(terms, "closing_fee") or ZERO,
        maker=_rate(fees, "maker"),
        taker=_rate(fees, "taker"),
        fees_source=text_of(terms, "fees_source"),
        as_of=text_of(terms, "as_of"),
        source=text_of(terms, "source"),
    )


def _symbol(name: str, held: Profile, text: str) -> BundledSymbol:
    contract = family_of(text)
    symbol = read_symbol(text)
    if not isinstance(symbol, Symbol):
        raise TypeError(f"{name}: {text} is no symbol")
    reader = Reader()
    word = Scalar(name, Span(Source(name, name), 0, len(name)))
    found = read_venue(reader, word, None, Terms(symbol, contract))
    if reader.diagnostics:
        raise ValueError(f"{name}, {text}: {reader.diagnostics[0].message}")
    return BundledSymbol(
        text, contract, found.margin, found.instrument, text_of(held.symbols[text], "instrument_source")
    )


def _rate(terms: NodesByKey, key: str) -> Decimal | None:
    value = read_rate(text_of(terms, key))
    return value if isinstance(value, Decimal) else None
