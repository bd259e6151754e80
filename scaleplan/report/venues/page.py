"""What is said of a bundled venue, in the order in which it is read: the same for a terminal and for Markdown."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from scaleplan.decode.bundled import BundledFamily, BundledSymbol, BundledVenue
from scaleplan.plan import BracketBy, Contract, MaintenanceOn, MarginModel
from scaleplan.quantity.number import brief, plain
from scaleplan.report.assumptions import maintenance_rate
from scaleplan.report.figures import NONE, NOT_APPLICABLE, UNKNOWN, rate, written
from scaleplan.report.layout import BLANK, Block, Cell, Column, Item, Line, Role, items, stack, table, table_width, wrap
from scaleplan.report.show.markdown import escaped
from scaleplan.report.terminal import draw
from scaleplan.venue import UNDATED
from scaleplan.venue.age import date_of, say_age

_BY = {
    BracketBy.NOTIONAL: "notional",
    BracketBy.COIN: "position in coin",
    BracketBy.CONTRACTS: "contracts",
}


def list_columns(venues: tuple[BundledVenue, ...], today: date) -> list[Column]:
    """One row a venue: its contracts, how many symbols have brackets, and how old the oldest of these are."""
    return [
        _column("venue", [venue.name for venue in venues], left=True),
        _column("contracts", [_contracts(venue) for venue in venues], left=True),
        _column("brackets", [str(len(venue.with_brackets) or NONE) for venue in venues]),
        _column("as of", [_oldest(venue, today)[0] for venue in venues], left=True),
        _column("age", [_oldest(venue, today)[1] for venue in venues], left=True),
    ]


def bases(symbols: tuple[BundledSymbol, ...]) -> str:
    """Symbols in short, for a list."""
    return ", ".join(one.symbol for one in symbols)


def family_items(family: BundledFamily, today: date) -> list[Item]:
    """What holds for every contract of a family."""
    basis = "mark price" if family.maintenance_on is MaintenanceOn.MARK else "average entry"
    fees = "n/a: write `fees` in the plan"
    if family.maker is not None and family.taker is not None:
        fees = f"maker {rate(family.maker)}, taker {rate(family.taker)}; {family.fees_source}"
    return [
        Item("formula", family.formula),
        Item("maintenance", f"of the value at the {basis}; brackets by {_BY[family.bracket_by]}"),
        Item("closing fee", f"{rate(family.closing_fee)} held back" if family.closing_fee else "none held back"),
        Item("fees", fees),
        Item("source", f"{family.source}{_said(family.as_of, today)}"),
    ]


def symbol_items(symbol: BundledSymbol, today: date) -> list[Item]:
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
    said = ", ".join(part for part in parts if part)
    found = [Item("rules", f"{said}; {symbol.instrument_source}" if said else f"{UNKNOWN}: write `instrument`")]
    if symbol.margin is None:
        found.append(Item("brackets", f"{UNKNOWN}: write `maintenance` as the venue prints it"))
    else:
        found.append(Item("brackets", f"{symbol.margin.source}{_said(symbol.margin.as_of, today)}"))
    return found


def bracket_columns(symbol: BundledSymbol, model: MarginModel) -> list[Column]:
    """A maintenance table; the deductions are those that make the margin continuous."""
    base, quote = symbol.symbol.partition(":")[0].split("/")
    unit = {BracketBy.NOTIONAL: quote, BracketBy.COIN: base, BracketBy.CONTRACTS: "contracts"}[model.bracket_by]
    rows = model.brackets
    columns = [
        _column("bracket", [str(number) for number in range(1, len(rows) + 1)]),
        _column(f"up to {unit}", [UNBOUNDED if row.up_to is None else written(row.up_to) for row in rows]),
        _column("rate", [maintenance_rate(row.rate) for row in rows]),
    ]
    if model.bracket_by is not BracketBy.CONTRACTS:
        columns.append(_column(f"deduction {unit}", [written(Decimal(brief(row.deduction, 10))) for row in rows]))
    if any(row.max_leverage is not None for row in rows):
        most = [UNKNOWN if row.max_leverage is None else f"{plain(row.max_leverage)}x" for row in rows]
        columns.append(_column("leverage", most))
    return columns


#: Where the last bracket of a table has no end.
UNBOUNDED = "open"


def families_and_symbols(venue: BundledVenue) -> Iterator[tuple[BundledFamily, tuple[BundledSymbol, ...]]]:
    """Each family with its symbols."""
    for family in venue.families:
        yield family, tuple(one for one in venue.symbols if one.contract is family.contract)


def _contracts(venue: BundledVenue) -> str:
    return ", ".join(family.contract.value for family in venue.families)


def _oldest(venue: BundledVenue, today: date) -> tuple[str, str]:
    """The dates of a venue's brackets and the age of the oldest, in short; undated ones count as older than any."""
    dates = [one.margin.as_of for one in venue.symbols if one.margin is not None]
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


def _column(head: str, texts: list[str], *, left: bool = False) -> Column:
    return Column(head, tuple(map(Cell, texts)), left)


_GAPS = (2, 1)
_INDENT = 2
#: Lines of prose are not read at any width.
_PROSE = 100


def render_list(venues: tuple[BundledVenue, ...], today: date, *, width: int, colour: bool) -> str:
    """A row a venue, the symbols whose brackets are known below it, as text of at most `width` columns."""
    below = {
        index: tuple(_indented(bases(venue.with_brackets), width))
        for index, venue in enumerate(venues)
        if venue.with_brackets
    }
    return draw(_laid_out(list_columns(venues, today), width, below), colour=colour)


def render_venues(venues: Sequence[BundledVenue], today: date, *, width: int, colour: bool) -> str:
    """A page a venue: its formulas in words, then each symbol with its rules and brackets."""
    pages = []
    for venue in venues:
        title = wrap(f"{venue.name}  {venue.title}", width, role=Role.STRONG)
        pages.append(draw([*title, *_page(venue, today, width)], colour=colour))
    return "\n".join(pages)


def _page(venue: BundledVenue, today: date, width: int) -> list[Block]:
    prose = min(width, _PROSE)
    blocks: list[Block] = []
    for family, symbols in families_and_symbols(venue):
        blocks += [BLANK, (Cell(family.contract.value, Role.STRONG),), *items(family_items(family, today), prose)]
        for symbol in symbols:
            blocks += [BLANK, (Cell(symbol.symbol, Role.STRONG),), *items(symbol_items(symbol, today), prose)]
            if symbol.margin is not None:
                blocks += _laid_out(bracket_columns(symbol, symbol.margin), width)
    return blocks


def _laid_out(columns: list[Column], width: int, below: dict[int, tuple[Line, ...]] | None = None) -> list[Block]:
    gap = next((gap for gap in _GAPS if table_width(columns, gap) <= width), None)
    return stack(columns, width, below) if gap is None else table(columns, gap, below)


def _indented(text: str, width: int) -> list[Line]:
    lines = wrap(text, max(1, width - _INDENT), role=Role.FAINT)
    return [(Cell(" " * _INDENT), *line) for line in lines]


def list_markdown(venues: tuple[BundledVenue, ...], today: date) -> str:
    """The list as a table."""
    columns = list_columns(venues, today)
    symbols = Column("symbols", tuple(Cell(bases(venue.with_brackets)) for venue in venues), left=True)
    return _table([*columns[:2], symbols, *columns[3:]]) + "\n"


def venues_markdown(venues: Sequence[BundledVenue], today: date) -> str:
    """Each venue under a heading of its own."""
    return "\n\n".join(block for venue in venues for block in _sections(venue, today)) + "\n"


def _sections(venue: BundledVenue, today: date) -> list[str]:
    blocks = [f"# {escaped(venue.name)}", escaped(venue.title)]
    for family, symbols in families_and_symbols(venue):
        blocks += [f"## {family.contract.value}", _listed(family_items(family, today))]
        for symbol in symbols:
            blocks += [f"### {escaped(symbol.symbol)}", _listed(symbol_items(symbol, today))]
            if symbol.margin is not None:
                blocks.append(_table(bracket_columns(symbol, symbol.margin)))
    return blocks


def _listed(entries: Sequence[Item]) -> str:
    return "\n".join(f"- **{entry.label}**: {escaped(entry.text)}" for entry in entries)


def _table(columns: Sequence[Column]) -> str:
    rows = [
        "| " + " | ".join(column.head for column in columns) + " |",
        "|" + "|".join("---" if column.left else "--:" for column in columns) + "|",
    ]
    texts = [[escaped(cell.text) for cell in column.cells] for column in columns]
    rows += ["| " + " | ".join(row) + " |" for row in zip(*texts, strict=True)]
    return "\n".join(rows)
