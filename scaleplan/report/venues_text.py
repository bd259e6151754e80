"""The bundled venues in the terminal and as Markdown: a list of them, and a page of each."""

from collections.abc import Sequence
from datetime import date

from scaleplan.decode.bundled import BundledVenue
from scaleplan.report.layout import BLANK, Block, Cell, Column, Item, Line, Role, items, stack, table, table_width, wrap
from scaleplan.report.show_markdown import escaped
from scaleplan.report.terminal import draw
from scaleplan.report.venues_parts import (
    bases,
    bracket_columns,
    families_and_symbols,
    family_items,
    list_columns,
    symbol_items,
)

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
