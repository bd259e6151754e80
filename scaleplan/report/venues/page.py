"""The pages of `venues`: a list of the bundled ones, and all that is known of one."""

from datetime import date

from scaleplan.decode.bundled import BundledFamily, BundledSymbol, BundledVenue
from scaleplan.plan import BracketBy, Contract, MaintenanceOn, MarginModel
from scaleplan.quantity.number import plain, significant
from scaleplan.report.assumptions import maintenance_rate
from scaleplan.report.figures import NONE, NOT_APPLICABLE, UNKNOWN, rate, written
from scaleplan.report.page import Cell, Fact, FactList, Heading, Medium, Page, Part, Role, Table, Title, column
from scaleplan.venue import UNDATED, date_of, say_age

#: Where the last bracket of a table has no end.
_UNBOUNDED = "open"
_BY = {
    BracketBy.NOTIONAL: "notional",
    BracketBy.COIN: "position in coin",
    BracketBy.CONTRACTS: "contracts",
}


def list_page(venues: tuple[BundledVenue, ...], today: date, medium: Medium) -> Page:
    """Returns a row a venue: its contracts, the symbols with brackets, and how old the oldest of these are."""
    oldest = [_oldest(venue, today) for venue in venues]
    symbols = [", ".join(symbol.symbol for symbol in venue.with_brackets) for venue in venues]
    brackets = column("brackets", [str(len(venue.with_brackets) or NONE) for venue in venues])
    contracts = [", ".join(family.contract.value for family in venue.families) for venue in venues]
    columns = (
        column("venue", [venue.name for venue in venues], left=True),
        column("contracts", contracts, left=True),
        column("symbols", symbols, left=True) if medium.document else brackets,
        column("as of", [date for date, _ in oldest], left=True),
        column("age", [age for _, age in oldest], left=True),
    )
    under = () if medium.document else tuple((Cell(text, Role.FAINT),) for text in symbols)
    return Page((Table(columns, under, short_rules=True),))


def venue_page(venue: BundledVenue, today: date, medium: Medium) -> Page:
    """Returns all that is known of a venue: its formulas in words, then each symbol with its rules and brackets."""
    name = (Cell(venue.name), Cell(venue.title))
    parts: list[Part] = [Title(name if medium.document else (Cell(f"{venue.name}  {venue.title}", Role.STRONG),))]
    for family in venue.families:
        parts += [Heading(family.contract.value, shown=True), FactList(tuple(_family(family, today)))]
        for symbol in venue.symbols:
            if symbol.contract is family.contract:
                parts += [Heading(symbol.symbol, 3, shown=True), FactList(tuple(_symbol(symbol, today)))]
                parts += [_brackets(symbol, symbol.margin)] if symbol.margin is not None else []
    return Page(tuple(parts))


def _family(family: BundledFamily, today: date) -> list[Fact]:
    """What holds for every contract of a family."""
    basis = "mark price" if family.maintenance_on is MaintenanceOn.MARK else "average entry"
    fees = "n/a: write `fees` in the plan"
    if family.maker is not None and family.taker is not None:
        fees = f"maker {rate(family.maker)}, taker {rate(family.taker)}; {family.fees_source}"
    return [
        Fact("formula", family.formula),
        Fact("maintenance", f"of the value at the {basis}; brackets by {_BY[family.bracket_by]}"),
        Fact("closing fee", f"{rate(family.closing_fee)} held back" if family.closing_fee else "none held back"),
        Fact("fees", fees),
        Fact("source", f"{family.source}{_said(family.as_of, today)}"),
    ]


def _symbol(symbol: BundledSymbol, today: date) -> list[Fact]:
    """What is known of one symbol beside its brackets."""
    rules = symbol.instrument
    base, quote = symbol.symbol.partition(":")[0].split("/")
    unit = quote if symbol.contract is Contract.INVERSE else base
    lots = base if rules.contract_size is None else "contract" if rules.lot_size == 1 else "contracts"
    parts = [
        f"tick {plain(rules.tick_size)}" if rules.tick_size is not None else "",
        f"lot {plain(rules.lot_size)} {lots}" if rules.lot_size is not None else "",
        f"least order {written(rules.min_notional)} {quote}" if rules.min_notional is not None else "",
        f"contract {written(rules.contract_size)} {unit}" if rules.contract_size is not None else "",
        f"leverage up to {plain(rules.max_leverage)}x" if rules.max_leverage is not None else "",
    ]
    terms = ", ".join(part for part in parts if part)
    found = [Fact("rules", f"{terms}; {symbol.instrument_source}" if terms else f"{UNKNOWN}: write `instrument`")]
    if symbol.margin is None:
        found.append(Fact("brackets", f"{UNKNOWN}: write `maintenance` as the venue prints it"))
    else:
        found.append(Fact("brackets", f"{symbol.margin.source}{_said(symbol.margin.as_of, today)}"))
    return found


def _brackets(symbol: BundledSymbol, model: MarginModel) -> Table:
    """A maintenance table; the deductions are those that make the margin continuous."""
    base, quote = symbol.symbol.partition(":")[0].split("/")
    unit = {BracketBy.NOTIONAL: quote, BracketBy.COIN: base, BracketBy.CONTRACTS: "contracts"}[model.bracket_by]
    rows = model.brackets
    columns = [
        column("bracket", [str(number) for number in range(1, len(rows) + 1)]),
        column(f"up to {unit}", [_UNBOUNDED if row.up_to is None else written(row.up_to) for row in rows]),
        column("rate", [maintenance_rate(row.rate) for row in rows]),
    ]
    if model.bracket_by is not BracketBy.CONTRACTS:
        columns.append(column(f"deduction {unit}", [written(significant(row.deduction, 10)) for row in rows]))
    if any(row.max_leverage is not None for row in rows):
        most = [UNKNOWN if row.max_leverage is None else f"{plain(row.max_leverage)}x" for row in rows]
        columns.append(column("leverage", most))
    return Table(tuple(columns), short_rules=True)


def _oldest(venue: BundledVenue, today: date) -> tuple[str, str]:
    """The dates of a venue's brackets and the age of the oldest, in short; undated ones count as older than any."""
    dates = [each.margin.as_of for each in venue.symbols if each.margin is not None]
    if not dates:
        return NOT_APPLICABLE, NOT_APPLICABLE
    in_order = sorted(dates, key=lambda text: date_of(text) or date.min)
    oldest, newest = (text.partition(",")[0].partition(" ")[0] for text in (in_order[0], in_order[-1]))
    span = oldest if oldest == newest else f"{oldest[:4]}-{newest[:4]}"
    return span, say_age(in_order[0], today).removesuffix(" old") or UNKNOWN


def _said(as_of: str, today: date) -> str:
    if not as_of:
        return ""
    age = say_age(as_of, today)
    text = as_of if as_of == UNDATED else f"as of {as_of}"
    return f"; {text}, {age}" if age else f"; {text}"
