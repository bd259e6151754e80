"""From the files of one exchange to the terms of each symbol: rules and tables joined, chosen, checked."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from scaleplan.plan import Bracket, BracketBy, Contract, Instrument
from scaleplan.quantity.exact import ONE, exact
from scaleplan.quantity.number import plain
from scaleplan.venue.imports.brackets import brackets_of
from scaleplan.venue.imports.choose import chosen_of
from scaleplan.venue.imports.entries import Entry, entries_of
from scaleplan.venue.imports.rates import in_fractions
from scaleplan.venue.imports.records import (
    Exchange,
    Imported,
    Model,
    Models,
    Note,
    Part,
    Problem,
    Saved,
    Unasked,
    Unmade,
    Unusable,
    Wishes,
)
from scaleplan.venue.imports.shape import read_part

#: The venue of files that do not say whose they are.
_GENERIC = "generic"
_GENERIC_MODEL = "the margin model is the generic one, maintenance of the mark value and no closing fee"
_TITLES = {"binance": "Binance", "bybit": "Bybit", "okx": "OKX", "ccxt": "ccxt"}


class Result(NamedTuple):
    """The terms of every symbol chosen, by name, and what is to be said about them."""

    terms: tuple[Imported, ...]
    notes: tuple[Note, ...]


@exact
def import_files(files: Sequence[Saved], wishes: Wishes, models: Models) -> Result:
    """The terms that saved answers come to. Raises `Unusable` where they come to none."""
    parts = [read_part(saved, wishes.precision) for saved in files]
    _refuse_two_exchanges(parts)
    notes = [note for part in parts for note in part.notes]
    parts = _in_fractions(parts, wishes)
    chosen = chosen_of(list(entries_of(parts)), wishes, notes)
    terms, problems = [], []
    for entry in chosen:
        try:
            terms.append(_terms(entry, wishes, models, notes))
        except Unasked:
            raise
        except Unusable as unusable:
            problems.append(Problem(entry.symbol, unusable.message, unusable.help))
    if problems:
        raise Unmade(tuple(problems))
    return Result(tuple(sorted(terms, key=lambda one: one.symbol)), tuple(notes))


def _refuse_two_exchanges(parts: Sequence[Part]) -> None:
    first = parts[0]
    for part in parts[1:]:
        if part.exchange is not first.exchange:
            raise Unusable(
                f"{first.label} is an answer of {_TITLES[first.exchange]} and {part.label} one of "
                f"{_TITLES[part.exchange]}",
                "import the files of one exchange at a time",
            )


def _in_fractions(parts: Sequence[Part], wishes: Wishes) -> list[Part]:
    tables = in_fractions((table for part in parts for table in part.tables), wishes.rates)
    done = []
    for part in parts:
        done.append(part._replace(tables=tables[: len(part.tables)]))
        tables = tables[len(part.tables) :]
    return done


# Making


def _terms(entry: Entry, wishes: Wishes, models: Models, notes: list[Note]) -> Imported:
    if entry.rules is not None and entry.rules.unclear is not None:
        raise Unusable(entry.rules.unclear.message, entry.rules.unclear.help)
    name, model = _model(entry, wishes, models, notes)
    by = _bracket_by(entry, wishes, name, notes)
    brackets: tuple[Bracket, ...] = ()
    if entry.table is not None:
        made = brackets_of(entry.table, by, model.closing_fee)
        brackets = made.brackets
        notes.extend(Note(entry.symbol, one) for one in made.notes)
    elif entry.contract is not Contract.SPOT:
        notes.append(Note(entry.symbol, "no file has its brackets, so a plan's liquidation price is unknown"))
    instrument = _instrument(entry, by, brackets, notes)
    maker, taker = (entry.rules.maker, entry.rules.taker) if entry.rules is not None else (None, None)
    if maker is None and taker is None and entry.contract is not Contract.SPOT:
        maker, taker = model.maker, model.taker
        if maker is not None or taker is not None:
            notes.append(
                Note(entry.symbol, f"the fees are those of {_told_by(entry, name, models)}, because no file has them")
            )
    return Imported(
        entry.symbol, name, _as_of(entry, wishes, notes), _source(entry), model, brackets, by, instrument, maker, taker
    )


def _told_by(entry: Entry, name: str, models: Models) -> str:
    """The venue whose data gave the model: the one that is named, or else the one that the files are of."""
    return name if models(name.lower(), entry.contract) is not None else entry.parts[0].exchange.value


def _model(entry: Entry, wishes: Wishes, models: Models, notes: list[Note]) -> tuple[str, Model]:
    """The venue's name, and how it reckons: by the answers' own words, else by the name, else the generic way."""
    exchange = entry.parts[0].exchange
    told = entry.table.venue if exchange is Exchange.CCXT and entry.table is not None else ""
    if exchange is not Exchange.CCXT:
        told = exchange.value
    wished = wishes.name.lower()
    by_name = models(wished, entry.contract) if wished else None
    if told and by_name is not None and _first_word(wished) not in (told, _GENERIC):
        raise Unasked(f"the files are of {_TITLES[told]}, not of {wishes.name}", "leave `--name` out")
    model = by_name or (models(told, entry.contract) if told else None)
    name = wishes.name or told or _GENERIC
    if model is None:
        if entry.table is not None:
            whose = (
                f"no data of {name} are known" if name != _GENERIC else "no file says whose it is; say it with `--name`"
            )
            notes.append(Note(entry.symbol, f"{_GENERIC_MODEL}: {whose}"))
        model = Model()
    return name, model


def _first_word(name: str) -> str:
    """The venue of a name that has a date behind it."""
    return name.partition("-")[0]


def _bracket_by(entry: Entry, wishes: Wishes, name: str, notes: list[Note]) -> BracketBy:
    """What the brackets count: as the answers tell, else as the trader says."""
    if entry.table is None:
        return BracketBy.NOTIONAL
    venue = entry.table.venue or _first_word(name.lower())
    inverse = entry.contract is Contract.INVERSE
    by = entry.table.by
    if by is None and venue == Exchange.OKX:
        by = BracketBy.CONTRACTS
    elif by is None and venue in (Exchange.BINANCE, Exchange.BYBIT):
        by = BracketBy.COIN if inverse else BracketBy.NOTIONAL
    if by is not None:
        if wishes.bracket_by not in (None, by):
            raise Unasked(
                f"the brackets of {entry.symbol} count {by}, not {wishes.bracket_by}", "leave `--bracket-by` out"
            )
        return by
    if wishes.bracket_by is not None:
        return wishes.bracket_by
    if inverse:
        raise Unusable(
            "the brackets are called notional, but may count coin or contracts",
            "say whose they are with `--name`, or what they count with `--bracket-by`",
        )
    notes.append(Note(entry.symbol, "the brackets are taken as notional; if they count contracts say `--bracket-by`"))
    return BracketBy.NOTIONAL


def _instrument(entry: Entry, by: BracketBy, brackets: Sequence[Bracket], notes: list[Note]) -> Instrument:
    rules = entry.rules
    most = max((one.max_leverage for one in brackets if one.max_leverage is not None), default=None)
    if rules is None:
        if by is BracketBy.CONTRACTS and len(brackets) > 1:
            notes.append(
                Note(
                    entry.symbol,
                    "the brackets count contracts, and no file has the contract size: add the file of the rules, or "
                    "write `instrument: {contract_size: ...}` in the plan",
                )
            )
        return Instrument(max_leverage=most)
    found = rules.instrument
    if by is BracketBy.CONTRACTS and len(brackets) > 1 and found.contract_size is None:
        raise Unusable("the brackets count contracts, and the rules have no contract size", "leave the symbol out")
    if found.contract_size == ONE and entry.contract is Contract.LINEAR and by is not BracketBy.CONTRACTS:
        # One contract is one of base: counted in base it is the same, and plainer.
        found = found._replace(contract_size=None)
    if rules.min_quantity is not None and found.lot_size is not None and rules.min_quantity > found.lot_size:
        notes.append(
            Note(
                entry.symbol,
                f"the smallest order is {plain(rules.min_quantity)}, but orders grow in steps of "
                f"{plain(found.lot_size)}: `lot_size` is the step",
            )
        )
    return found._replace(max_leverage=found.max_leverage or most)


def _as_of(entry: Entry, wishes: Wishes, notes: list[Note]) -> date:
    """The oldest day that the files come from: figures are never younger than they are."""
    if wishes.as_of is not None:
        return wishes.as_of
    days = [day for part in entry.parts for day in (part.dated or part.saved_on,) if day is not None]
    if not days:
        raise Unasked("nothing says of which day the figures are", "say it with `--as-of 2026-12-24`")
    day = min(days)
    if day not in [part.dated for part in entry.parts]:
        told = f"no date stands inside: {day.isoformat()} is the day on which the file was last written"
        notes.append(Note("", f"{told}; `--as-of` says better"))
    return day


def _source(entry: Entry) -> str:
    return ", ".join(dict.fromkeys(f"{part.says} ({part.label})" for part in entry.parts))
