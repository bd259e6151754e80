"""From the files of one exchange to the terms of each symbol: rules and tables joined, chosen, checked."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.profiles import read_profile, text_of
from scaleplan.imports.answers import read_answer
from scaleplan.imports.markets import Market, chosen_markets, markets_of
from scaleplan.imports.records import (
    ImportNote,
    ImportOptions,
    Origin,
    SavedAnswer,
    SavedFile,
    SymbolProblem,
    SymbolTerms,
    Unasked,
    Unmade,
    Unusable,
    VenueModel,
)
from scaleplan.imports.tables import brackets_of, in_fractions
from scaleplan.plan import Bracket, BracketBy, Contract, Instrument, MaintenanceOn
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import plain, quote, read_rate
from scaleplan.tree import Mapping, Scalar
from scaleplan.venue import VENUE_NAMES

#: The venue of files that do not say whose they are.
_GENERIC = "generic"
_GENERIC_MODEL = "the margin model is the generic one, maintenance of the mark value and no closing fee"
_TITLES = {"binance": "Binance", "bybit": "Bybit", "okx": "OKX", "ccxt": "ccxt"}


class ImportResult(NamedTuple):
    """The terms of every symbol chosen, by name, and what is to be said about them."""

    terms: tuple[SymbolTerms, ...]
    notes: tuple[ImportNote, ...]


def import_files(files: Sequence[SavedFile], options: ImportOptions) -> ImportResult:
    """Returns the terms that saved answers give. Raises `Unusable` where they give none."""
    answers = [read_answer(saved, options) for saved in files]
    _refuse_two_exchanges(answers)
    notes = [note for answer in answers for note in answer.notes]
    tables = iter(in_fractions((table for answer in answers for table in answer.tables), options.rates))
    answers = [answer._replace(tables=tuple(next(tables) for _ in answer.tables)) for answer in answers]
    markets = list(markets_of(answers))
    _refuse_unknown_sizes(markets, options)
    terms, problems = [], []
    for market in chosen_markets(markets, options, notes):
        try:
            terms.append(_MarketImport(market, options, notes).terms())
        except Unasked:
            raise
        except Unusable as unusable:
            problems.append(SymbolProblem(market.symbol, unusable.message, unusable.help))
    if problems:
        raise Unmade(tuple(problems))
    return ImportResult(tuple(sorted(terms, key=lambda terms: terms.symbol)), tuple(notes))


def _refuse_two_exchanges(answers: Sequence[SavedAnswer]) -> None:
    first = answers[0]
    for answer in answers[1:]:
        if answer.origin is not first.origin:
            raise Unusable(
                f"{first.label} is an answer of {_TITLES[first.origin]} and {answer.label} one of "
                f"{_TITLES[answer.origin]}",
                "import the files of one exchange at a time",
            )


def _refuse_unknown_sizes(markets: Sequence[Market], options: ImportOptions) -> None:
    known = {name.upper() for market in markets for name in market.ids}
    for symbol in options.contract_sizes:
        if symbol and symbol not in known:
            raise Unasked(f"the files have no {quote(symbol)}", "name a symbol that they have with `--contract-size`")


class _MarketImport:
    """Makes the terms of one market; `notes` learns what there is to be said."""

    def __init__(self, market: Market, options: ImportOptions, notes: list[ImportNote]) -> None:
        self._market = market
        self._options = options
        self._notes = notes
        self._inverse = market.contract is Contract.INVERSE
        self._origin = market.answers[0].origin

    def terms(self) -> SymbolTerms:
        """Returns the terms. Raises `Unusable` where something is open or clashes."""
        market, rules, table = self._market, self._market.rules, self._market.table
        if rules is not None and rules.unclear is not None:
            raise Unusable(rules.unclear.message, rules.unclear.help)
        for text in rules.notes if rules is not None else ():
            self._note(text)
        name, model = self._name_and_model()
        by, gap_help = self._bracket_by(name)
        brackets: tuple[Bracket, ...] = ()
        if table is not None:
            brackets, remarks = brackets_of(table, by, model.closing_fee, gap_help)
            for text in remarks:
                self._note(text)
        elif market.contract is not Contract.SPOT:
            self._note("no file has its brackets, so a plan's liquidation price is unknown")
        instrument = self._instrument(by, brackets)
        maker, taker = (rules.maker, rules.taker) if rules is not None else (None, None)
        if maker is None and taker is None and market.contract is not Contract.SPOT:
            maker, taker = model.maker, model.taker
            if maker is not None or taker is not None:
                # The venue whose data gave the model: the one that is named, or else the one that the files are of.
                known = _model_of(name.lower(), market.contract) is not None
                self._note(f"the fees are those of {name if known else self._origin.value}, because no file has them")
        source = ", ".join(dict.fromkeys(f"{answer.says} ({answer.label})" for answer in market.answers))
        return SymbolTerms(market.symbol, name, self._as_of(), source, model, brackets, by, instrument, maker, taker)

    def _note(self, text: str) -> None:
        self._notes.append(ImportNote(self._market.symbol, text))

    def _name_and_model(self) -> tuple[str, VenueModel]:
        """Returns the venue's name, and how it reckons: by the answers' own words, else by its name, else generic."""
        market, wished = self._market, self._options.name.lower()
        from_files = "" if self._origin is Origin.CCXT else self._origin.value
        if self._origin is Origin.CCXT and market.table is not None:
            from_files = market.table.venue
        by_name = _model_of(wished, market.contract) if wished else None
        if from_files and by_name is not None and _first_word(wished) not in (from_files, _GENERIC):
            raise Unasked(f"the files are of {_TITLES[from_files]}, not of {self._options.name}", "leave `--name` out")
        model = by_name or (_model_of(from_files, market.contract) if from_files else None)
        name = self._options.name or from_files or _GENERIC
        if model is None and market.table is not None:
            whose = f"no data of {name} are known"
            if name == _GENERIC:
                whose = "no file says whose it is; say it with `--name`"
            self._note(f"{_GENERIC_MODEL}: {whose}")
        return name, model or VenueModel()

    def _bracket_by(self, name: str) -> tuple[BracketBy, str]:
        """Returns what the brackets count, and the way out of a gap where that is assumed."""
        table, wished = self._market.table, self._options.bracket_by
        if table is None:
            return BracketBy.NOTIONAL, ""
        venue = table.venue or _first_word(name.lower())
        by = table.by
        if by is None and venue == Origin.OKX:
            by = BracketBy.CONTRACTS
        elif by is None and venue in (Origin.BINANCE, Origin.BYBIT):
            by = BracketBy.COIN if self._inverse else BracketBy.NOTIONAL
        if by is not None:
            if wished not in (None, by):
                raise Unasked(
                    f"the brackets of {self._market.symbol} count {by}, not {wished}", "leave `--bracket-by` out"
                )
            return by, ""
        if wished is not None:
            return wished, ""
        if self._inverse:
            raise Unusable(
                "the brackets are called notional, but may count coin or contracts",
                "say whose they are with `--name`, or what they count with `--bracket-by`",
            )
        self._note("the brackets are taken as notional; if they count contracts say `--bracket-by`")
        if self._options.name:
            return BracketBy.NOTIONAL, "if the brackets count contracts, say so with `--bracket-by contracts`"
        counted = "if the brackets count contracts, say whose they are with `--name okx`, or `--bracket-by contracts`"
        return BracketBy.NOTIONAL, counted

    def _instrument(self, by: BracketBy, brackets: Sequence[Bracket]) -> Instrument:
        rules, in_steps = self._market.rules, by is BracketBy.CONTRACTS and len(brackets) > 1
        most = max((bracket.max_leverage for bracket in brackets if bracket.max_leverage is not None), default=None)
        if rules is None:
            size = self._wished_size(None)
            if in_steps and size is None:
                self._note(
                    "the brackets count contracts, and no file has the contract size: add the file of the rules, or "
                    "write `instrument: {contract_size: ...}` in the plan"
                )
            return Instrument(contract_size=size, max_leverage=most)
        found = rules.instrument
        if rules.in_contracts or in_steps:
            found = found._replace(contract_size=self._wished_size(found.contract_size) or found.contract_size)
            if found.contract_size is None:
                raise Unusable(
                    "how much one contract is stands in no file",
                    f"say it with `--contract-size 100`, or `--contract-size {self._market.symbol}=100` for this one",
                )
        if found.contract_size == ONE and self._market.contract is Contract.LINEAR and by is not BracketBy.CONTRACTS:
            # One contract is one of base: counted in base it is the same, and plainer.
            found = found._replace(contract_size=None)
        if rules.min_quantity is not None and found.lot_size is not None and rules.min_quantity > found.lot_size:
            self._note(
                f"the smallest order is {plain(rules.min_quantity)}, but orders grow in steps of "
                f"{plain(found.lot_size)}: `lot_size` is the step"
            )
        return found._replace(max_leverage=found.max_leverage or most)

    def _wished_size(self, known: Decimal | None) -> Decimal | None:
        """Returns how much the trader says that one contract is. Raises `Unasked` where a file says otherwise."""
        sizes = self._options.contract_sizes
        named = next((sizes[name.upper()] for name in self._market.ids if name and name.upper() in sizes), None)
        wished = named if named is not None else sizes.get("")
        if known is not None and wished not in (None, known):
            message = f"the contract size of {self._market.symbol} is {plain(known)}, not {plain(wished or ONE)}"
            raise Unasked(
                message, "name the symbol that it is of: `--contract-size SYMBOL=...`, or leave the option out"
            )
        return wished

    def _as_of(self) -> date:
        """Returns the oldest day that the files come from: figures are never younger than they are."""
        if self._options.as_of is not None:
            return self._options.as_of
        answers = self._market.answers
        days = [day for answer in answers for day in (answer.dated or answer.saved_on,) if day is not None]
        if not days:
            raise Unasked("nothing says of which day the figures are", "say it with `--as-of 2026-12-24`")
        day = min(days)
        if day not in [answer.dated for answer in answers]:
            words = f"no date stands inside: {day.isoformat()} is the day on which the file was last written"
            self._notes.append(ImportNote("", f"{words}; `--as-of` says better"))
        return day


def _first_word(name: str) -> str:
    """Returns the venue of a name that has a date behind it."""
    return name.partition("-")[0]


def _model_of(name: str, contract: Contract) -> VenueModel | None:
    """Returns how the venue of that name reckons for one kind of contract; absent where no such venue is known."""
    terms = read_profile(name).families.get(contract.value) if name in VENUE_NAMES else None
    if terms is None:
        return None
    fees = terms.get("fees")
    own = {key.text: value for key, value in fees.entries} if isinstance(fees, Mapping) else {}
    maker, taker = (_rate(node.text) if isinstance(node, Scalar) else None for node in map(own.get, ("maker", "taker")))
    basis = text_of(terms, "maintenance_on") or MaintenanceOn.MARK.value
    return VenueModel(MaintenanceOn(basis), _rate(text_of(terms, "closing_fee")) or ZERO, maker, taker)


def _rate(text: str) -> Decimal | None:
    rate = read_rate(text)
    return None if isinstance(rate, Mistake) else rate
