"""Pages for a terminal: laid out in a width, then painted, as plain text without rich or in colour with it.

What stands where has been decided when it is painted: a grid's columns fit, every text is visible text. So rich is
asked to draw, never to wrap, crop, highlight, or to read markup or emoji codes out of a trader's words. Attributes are
eight of the sixteen colours that every terminal has, and only ever repeat what the words say.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING

from scaleplan.report.layout import BLANK, Block, Grid, Line, bars, branch, choose, essential, items, laid_out, wrap
from scaleplan.report.page import (
    PROSE,
    Band,
    Branches,
    Cell,
    Chart,
    Curves,
    Fact,
    FactList,
    Heading,
    Medium,
    Page,
    Part,
    PriceScale,
    Role,
    Sentence,
    Table,
    Title,
)
from scaleplan.report.visible import cells as text_width

if TYPE_CHECKING:
    from rich.table import Table as RichTable
    from rich.text import Text

_STYLES = {
    Role.PLAIN: "",
    Role.STRONG: "bold",
    Role.FAINT: "dim",
    Role.HEAD: "cyan",
    Role.LOSS: "red",
    Role.GAIN: "green",
    Role.CAUTION: "yellow",
    Role.ALARM: "bold red",
}
#: What stands before a label that has a role of its own.
_SIGNS = {Role.GAIN: "\N{CHECK MARK}", Role.ALARM: "\N{BALLOT X}", Role.FAINT: " "}
#: No line of a plan is as wide; the console would crop what passes its width.
_WIDTH = 100_000
#: The blanks between sentences beside each other.
_BETWEEN = 5


def terminal(pages: Iterable[Page], medium: Medium, *, colour: bool) -> str:
    """Returns pages as text of at most the medium's width, an empty line between two."""
    return "\n".join(_page(page, medium, colour=colour) for page in pages)


def _page(page: Page, medium: Medium, *, colour: bool) -> str:
    text = draw(_blocks(page.parts, medium), colour=colour)
    if not page.diagnostics:
        return text
    from scaleplan.report.diagnostics.text import render, summary  # noqa: PLC0415 - most plans have none

    diagnostics = render(page.diagnostics, width=medium.width, colour=colour)
    parts = [text, summary(page.diagnostics, 1), diagnostics]
    if page.answer is not None:
        parts.append(draw(_sentence(page.answer, medium.width), colour=colour))
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _blocks(parts: Iterable[Part], medium: Medium) -> Iterator[Block]:
    width = medium.width
    for number, part in enumerate(parts):
        match part:
            case Title():
                yield from _title(part, width)
            case Heading():
                yield from [BLANK] if number else []
                yield from [_heading(part)] if part.shown else []
            case Sentence():
                yield from _sentence(part, width)
            case FactList():
                yield from items(_with_paths(_signed(part.facts, medium)), min(width, PROSE))
            case Table():
                yield from _table(part, width)
            case Chart() | PriceScale() | Curves() | Band():
                yield from _drawn(part, medium)
            case Branches():
                for depth, text in part.branches:
                    yield from branch(text, depth, width)


def _drawn(part: Chart | PriceScale | Curves | Band, medium: Medium) -> list[Line]:
    if isinstance(part, Chart):
        return bars(part, medium.width, blocks=medium.blocks)
    if isinstance(part, Curves):
        from scaleplan.report.curves import curve_lines  # noqa: PLC0415 - one page draws them

        return curve_lines(part, medium.width, blocks=medium.blocks)
    if isinstance(part, Band):
        from scaleplan.report.band import band_lines  # noqa: PLC0415

        return band_lines(part, medium.width, blocks=medium.blocks)
    from scaleplan.report.scale import scale_lines  # noqa: PLC0415 - few pages draw one

    return scale_lines(part, medium.width, blocks=medium.blocks)


def _title(title: Title, width: int) -> list[Line]:
    """The title in one line where it fits, else its name first."""
    name, *rest = title.cells
    for gap in (title.gap, 2):
        line = _beside(title.cells, (gap, *(2 for _ in rest[1:])))
        if _width(line) <= width:
            return [line]
    lines = wrap(name.text, width, role=name.role)
    if not rest:
        return lines
    line = _beside(rest, (2,) * (len(rest) - 1))
    fits = not title.tight and _width(line) <= width
    return [*lines, *([line] if fits else wrap(" ".join(cell.text for cell in rest), width))]


def _heading(section: Heading) -> Line:
    heading = Cell(section.title, Role.STRONG)
    return (heading, Cell(f"  {section.note}")) if section.note else (heading,)


def _sentence(sentence: Sentence, width: int) -> list[Line]:
    width = min(width, sentence.limit)
    line = _beside(sentence.cells, (_BETWEEN,) * (len(sentence.cells) - 1))
    if len(sentence.cells) > 1 and _width(line) <= width:
        return [line]
    return [line for cell in sentence.cells for line in wrap(cell.text, width, indent=sentence.hang, role=cell.role)]


def _signed(facts: Iterable[Fact], medium: Medium) -> Iterator[Fact]:
    """Marks what holds with a check and what does not with a cross, where a stream can show them."""
    for fact in facts:
        sign = _SIGNS.get(fact.mark) if medium.blocks else None
        yield fact._replace(label=f"{sign} {fact.label}") if sign else fact


def _with_paths(facts: Iterable[Fact]) -> Iterator[Fact]:
    for fact in facts:
        yield fact
        if fact.path:
            yield Fact("path", fact.path)


def _table(table: Table, width: int) -> list[Block]:
    under = table.under or ((),) * len(table.columns[0].cells)
    chosen = choose(table.columns, width, least_gap=table.least_gap)
    kept = essential(table.columns) if chosen is None else chosen[0]
    below = {}
    for index, cells in enumerate(under):
        hidden = [column for column in table.columns if table.told_under and column not in kept]
        # Where a row has nothing to tell its figures are faint.
        texts = [f"{each.head} {each.cells[index].text}" for each in hidden if each.cells[index].role is not Role.FAINT]
        every = (Cell(", ".join(texts), Role.FAINT), *cells)
        below[index] = tuple(line for cell in every if cell.text for line in _below(cell, width))
    return laid_out(table.columns, width, below, least_gap=table.least_gap)


def _below(cell: Cell, width: int) -> list[Line]:
    """A text under a row, indented."""
    first, *rest = wrap(cell.text, width, indent=2, taken=2, role=cell.role)
    return [(Cell("  "), *first[1:]), *rest]


def _beside(cells: Sequence[Cell], gaps: Sequence[int]) -> Line:
    """Cells beside each other, with as many blanks between them as `gaps` says."""
    line = [cells[0]]
    for (_, cell), gap in zip(pairwise(cells), gaps, strict=False):
        line += [Cell(" " * gap), cell]
    return tuple(line)


def _width(line: Line) -> int:
    return sum(text_width(cell.text) for cell in line)


def draw(blocks: Iterable[Block], *, colour: bool) -> str:
    """Returns the blocks as text, without blanks at the ends of its lines; attributes only with `colour`."""
    text = _coloured(blocks) if colour else "".join(f"{line}\n" for block in blocks for line in _plain(block))
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))


def _plain(block: Block) -> Iterator[str]:
    if not isinstance(block, Grid):
        yield "".join(cell.text for cell in block)
        return
    # As rich has it, a figure stands at the right without the blanks that end it.
    rows = [[column.cells[index].text.rstrip(" ") for column in block.columns] for index in block.rows]
    for row in [[column.head for column in block.columns], *rows] if block.heads else rows:
        yield (" " * block.gap).join(
            text + " " * (width - text_width(text)) if column.left else " " * (width - text_width(text)) + text
            for text, column, width in zip(row, block.columns, block.widths, strict=True)
        )


def _coloured(blocks: Iterable[Block]) -> str:
    from rich.console import Console  # noqa: PLC0415 - loaded only where colour is drawn

    out = StringIO()
    console = Console(
        file=out,
        width=_WIDTH,
        color_system="standard",
        force_terminal=True,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    for block in blocks:
        if not isinstance(block, Grid) and all(cell.role is Role.PLAIN for cell in block):
            out.write("".join(cell.text for cell in block) + "\n")
        else:
            console.print(_rich_table(block) if isinstance(block, Grid) else _text(block), no_wrap=True, crop=False)
    return out.getvalue()


def _text(cells: Iterable[Cell]) -> "Text":
    from rich.text import Text  # noqa: PLC0415

    text = Text(end="")
    for cell in cells:
        text.append(cell.text, _STYLES[cell.role])
    return text


def _rich_table(grid: Grid) -> "RichTable":
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = RichTable(box=None, padding=(0, grid.gap, 0, 0), pad_edge=False, show_edge=False, show_header=grid.heads)
    for column, width in zip(grid.columns, grid.widths, strict=True):
        head = Text(column.head, _STYLES[Role.HEAD], end="")
        table.add_column(head, justify="left" if column.left else "right", width=width, no_wrap=True)
    for index in grid.rows:
        table.add_row(*(_text((column.cells[index],)) for column in grid.columns))
    return table
