"""Pages for a terminal: laid out in a width, then painted, as plain text without rich or in colour with it.

What stands where has been decided when it is painted: a grid's columns fit, every text is visible text. So rich is
asked for the codes of its styles alone, never to wrap, crop, highlight, or to read markup or emoji codes out of a
trader's words. Attributes are eight of the sixteen colours that every terminal has, and only ever repeat what the words
say.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from scaleplan.report.drawings import Band, Curves, Drawn, FloatingBars, PriceScale, Sticks
from scaleplan.report.layout import BLANK, Block, Grid, Line, bars, branch, choose, essential, items, laid_out, wrap
from scaleplan.report.page import (
    PROSE,
    Branches,
    Cell,
    Chart,
    Column,
    Fact,
    FactList,
    Heading,
    Medium,
    Page,
    Part,
    Role,
    Sentence,
    Table,
    Title,
)
from scaleplan.report.visible import cells as text_width

#: One line: texts with their styles, as rich writes these.
Styled = list[tuple[str, str]]

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
#: The heads of a table, and what lies between them.
_HEADS, _GAP_OF_HEADS = "bold cyan", "bold"
#: The blanks between sentences beside each other.
_BETWEEN = 5


def terminal(pages: Iterable[Page], medium: Medium, *, colour: bool) -> str:
    """Returns pages as text of at most the medium's width, an empty line between two."""
    return "\n".join(_page(page, medium, colour=colour) for page in pages)


def _page(page: Page, medium: Medium, *, colour: bool) -> str:
    folded = [(Heading(title, shown=True), part) for title, part in page.folded]
    text = draw(_blocks((*page.parts, *chain.from_iterable(folded)), medium), colour=colour)
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
            case Chart() | PriceScale() | Curves() | Band() | FloatingBars() | Sticks():
                yield from _drawn(part, medium)
            case Branches():
                for depth, text in part.branches:
                    yield from branch(text, depth, width)


def _drawn(part: Chart | Drawn, medium: Medium) -> list[Line]:
    if isinstance(part, Chart):
        return bars(part, medium.width, blocks=medium.blocks)
    if isinstance(part, FloatingBars | Sticks):
        from scaleplan.report.spans import span_lines, stick_lines  # noqa: PLC0415 - few pages have any

        if isinstance(part, FloatingBars):
            return span_lines(part, medium.width, blocks=medium.blocks)
        return stick_lines(part, medium.width, blocks=medium.blocks)
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
    lines = (line for block in blocks for line in _styled(block))
    text = _coloured(lines) if colour else "".join(f"{''.join(part for part, _ in line)}\n" for line in lines)
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))


def _styled(block: Block) -> Iterator[Styled]:
    """Yields the lines of a block, each a row of texts with their styles."""
    if not isinstance(block, Grid):
        yield [(cell.text, _STYLES[cell.role]) for cell in block]
        return
    gap = " " * block.gap
    columns = tuple(zip(block.columns, block.widths, strict=True))
    if block.heads:
        heads = [("".join(_padded(column.head, column, width)), _HEADS) for column, width in columns]
        yield [part for head in heads for part in (head, (gap, _GAP_OF_HEADS))][:-1]
    for index in block.rows:
        line: Styled = []
        for column, width in columns:
            cell = column.cells[index]
            before, text, after = _padded(cell.text, column, width)
            line += [(before, ""), (text, _STYLES[cell.role]), (after, ""), (gap, "")]
        yield line[:-1]


def _padded(text: str, column: Column, width: int) -> tuple[str, str, str]:
    """Returns a text without the blanks that end it, and the blanks before and behind it that fill the column."""
    text = text.rstrip(" ")
    blanks = " " * (width - text_width(text))
    return ("", text, blanks) if column.left else (blanks, text, "")


def _coloured(lines: Iterable[Styled]) -> str:
    from rich.color import ColorSystem  # noqa: PLC0415 - loaded only where colour is drawn
    from rich.style import Style  # noqa: PLC0415

    styles = {name: Style.parse(name) for name in (*_STYLES.values(), _HEADS, _GAP_OF_HEADS)}
    return "".join(
        "".join(styles[name].render(text, color_system=ColorSystem.STANDARD) for text, name in line) + "\n"
        for line in lines
    )
