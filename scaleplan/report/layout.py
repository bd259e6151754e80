"""Layout decides what stands where in a given width: tables, stacks of labelled figures, wrapped text.

Widths are counted in terminal cells (two for a wide character, none for a combining one).
What does not fit is laid out in another way; no digit is ever cut. Drawing is left to `page_terminal`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from scaleplan.report.page import ESSENTIAL, WELCOME, WIDE, WIDEST, Cell, Chart, Column, Fact, Role
from scaleplan.report.visible import cells as text_width

#: One line, from left to right.
Line = tuple[Cell, ...]
BLANK: Line = ()


class Grid(NamedTuple):
    """Rows of a table (by their index in the columns), each column at its width, `gap` blanks apart."""

    columns: tuple[Column, ...]
    widths: tuple[int, ...]
    gap: int
    rows: tuple[int, ...]
    heads: bool


#: What a page is made of.
Block = Line | Grid


_FIGURE = re.compile(r"[^\w]*[0-9][0-9,.]*[^\s]{0,4}")


def table_width(columns: Sequence[Column], gap: int) -> int:
    """The width of a table of these columns with `gap` blanks between them."""
    return sum(column.width for column in columns) + gap * (len(columns) - 1)


def table(columns: Sequence[Column], gap: int, below: Mapping[int, tuple[Line, ...]] | None = None) -> list[Block]:
    """A table: its heads, its rows, and under a row the lines that `below` gives for its index."""
    widths = tuple(column.width for column in columns)
    blocks: list[Block] = []
    run: list[int] = []
    heads = True
    last = len(columns[0].cells) - 1
    for index in range(last + 1):
        run.append(index)
        lines = (below or {}).get(index, ())
        if lines or index == last:
            blocks += [Grid(tuple(columns), widths, gap, tuple(run), heads), *lines]
            run, heads = [], False
    return blocks


def stack(columns: Sequence[Column], width: int, below: Mapping[int, tuple[Line, ...]] | None = None) -> list[Block]:
    """The same as blocks, one a row: the first column as a title, the others as labelled figures in a grid."""
    title, *figures = columns
    across = next((n for n in (4, 3, 2, 1) if _grid_width(figures, n) <= width), 0)
    lines: list[Block] = []
    for index, name in enumerate(title.cells):
        text = f"{title.head} {name.text}" if name.text[:1].isdigit() else name.text
        lines.append((Cell(text, Role.STRONG if name.role is Role.PLAIN else name.role),))
        lines += _grid(figures, index, across) if across else _under_labels(figures, index, width)
        lines.extend((below or {}).get(index, ()))
    return lines


def wrap(text: str, width: int, *, indent: int = 0, taken: int = 0, role: Role = Role.PLAIN) -> list[Line]:
    """A text in lines of at most `width`, all but the first indented. Only a single figure may be wider.

    `taken` is how much of the first line something else has.
    """
    lines: list[Line] = []
    before, current, used = 0, "", taken
    for word in _pieces(text, max(1, width - indent)):
        needed = text_width(word) + (1 if current else 0)
        if used + needed > width and (current or used > indent):
            lines.append((Cell(" " * before), Cell(current, role)))
            # A figure that would not fit behind the indent begins before it.
            before = max(0, min(indent, width - text_width(word)))
            current, used = word, before + text_width(word)
        else:
            current, used = f"{current} {word}" if current else word, used + needed
    return [*lines, (Cell(" " * before), Cell(current, role))]


def items(entries: Iterable[Fact], width: int) -> list[Line]:
    """Labelled texts, the labels in a column of their own where there is room for it."""
    entries = tuple(entries)
    column = max((text_width(entry.label) for entry in entries), default=0) + 2
    roomy = width >= 4 * column
    lines: list[Line] = []
    for entry in entries:
        label = _padded(entry.label, column) if roomy else f"{entry.label}: "
        indent = column if roomy else 2
        first, *rest = wrap(entry.text, width, indent=indent, taken=text_width(label), role=entry.role)
        lines.append((Cell(label, entry.mark), *first))
        lines.extend(rest)
    return lines


def _grid(figures: Sequence[Column], index: int, across: int) -> Iterator[Line]:
    """The figures of one row, `across` labels and values a line, each under the one before it."""
    slots = [figures[start::across] for start in range(across)]
    for start in range(0, len(figures), across):
        line: list[Cell] = []
        for slot, column in zip(slots, figures[start : start + across], strict=False):
            cell = column.cells[index]
            blanks = 1 + _value_width(slot) - text_width(cell.text)
            line += [Cell("  "), _label(column, index, _label_width(slot)), Cell(" " * blanks), cell]
        yield tuple(line)


def _under_labels(figures: Sequence[Column], index: int, width: int) -> Iterator[Line]:
    """The figures of one row where a label and its value do not fit beside each other."""
    for column in figures:
        cell = column.cells[index]
        yield (Cell("  "), _label(column, index, text_width(column.head)))
        yield (Cell(" " * max(0, min(2, width - text_width(cell.text)))), cell)


def _label(column: Column, index: int, width: int) -> Cell:
    role = Role.FAINT if column.cells[index].role is Role.FAINT else Role.HEAD
    return Cell(_padded(column.head, width), role)


def _grid_width(figures: Sequence[Column], across: int) -> int:
    slots = (figures[start::across] for start in range(min(across, len(figures))))
    return sum(2 + _label_width(slot) + 1 + _value_width(slot) for slot in slots)


def _label_width(slot: Sequence[Column]) -> int:
    return max(text_width(column.head) for column in slot)


def _value_width(slot: Sequence[Column]) -> int:
    return max(text_width(cell.text) for column in slot for cell in column.cells)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - text_width(text))


def _pieces(text: str, width: int) -> Iterable[str]:
    """The words of a text; one that is wider than a line and is no figure in pieces that fit."""
    for word in text.split(" "):
        if text_width(word) <= width or _FIGURE.fullmatch(word):
            yield word
            continue
        start = used = 0
        widths = {character: text_width(character) for character in set(word)}
        for place, character in enumerate(word):
            taken = widths[character]
            if place > start and used + taken > width:
                yield word[start:place]
                start, used = place, 0
            used += taken
        yield word[start:]


#: A branch of a tree is so much further right than the one that it grows from; so many columns are left for words.
STEP, ROOM = 2, 44


def branch(text: str, depth: int, width: int) -> list[Line]:
    """Returns a branch of a tree, indented by its depth as far as that leaves room for words."""
    if not text:
        return [BLANK]
    indent = min(depth * STEP, max(0, width - ROOM))
    lines = wrap(text, width, indent=indent + 2 * STEP, taken=indent)
    words = ["".join(cell.text for cell in line) for line in lines]
    return [(Cell(line if line.startswith(" ") else " " * indent + line),) for line in words]


#: So much beyond the width from which a set of columns is offered it has to be complete, if need be with single blanks.
_COMPLETE = 20
_GAPS = (2, 1)
#: In less than so many columns a row is a stack of labelled figures where its columns do not fit beside each other.
_STACKED_BELOW = 50


def laid_out(
    columns: Sequence[Column], width: int, below: Mapping[int, tuple[Line, ...]] | None = None, *, least_gap: int = 1
) -> list[Block]:
    """Returns a table of the columns that have a place in `width`.

    Where the essential ones do not fit, they stand in tables one under the other, each with the first column, so that
    figures can still be compared down a column; in a very narrow width in a stack.
    """
    chosen = choose(columns, width, least_gap=least_gap)
    if chosen is not None:
        return table(*chosen, below)
    parts = _parts(essential(columns), width, least_gap) if width >= _STACKED_BELOW else None
    if parts is None:
        return stack(essential(columns), width, below)
    (first, gap), *others = parts
    blocks = table(first, gap, below)
    for part, blanks in others:
        blocks += [BLANK, *table(part, blanks)]
    return blocks


def _parts(columns: Sequence[Column], width: int, least_gap: int) -> tuple[tuple[tuple[Column, ...], int], ...] | None:
    """Returns the fewest tables that hold all columns, and the blanks between those; absent where one is too wide."""
    title, *rest = columns
    found: list[tuple[tuple[tuple[Column, ...], int], ...]] = []
    for gap in _GAPS:
        parts: list[list[Column]] = [[title]]
        for each in rest:
            if table_width([*parts[-1], each], gap) > width:
                parts.append([title])
            parts[-1].append(each)
        if gap >= least_gap and all(table_width(part, gap) <= width for part in parts):
            found.append(tuple((tuple(part), gap) for part in parts))
    return min(found, key=len, default=None)


def choose(columns: Sequence[Column], width: int, *, least_gap: int) -> tuple[tuple[Column, ...], int] | None:
    """Returns the essential columns and as many others as fit, and the blanks between them.

    The others are added from left to right, those of a wider set last. Where the essential ones do not fit, those that
    can be spared are left out first. Nothing where the rest does not fit either.
    """
    kept = [column for column in columns if not column.spare]
    return _chosen(columns, width, least_gap) or _chosen(kept, width, least_gap)


def _chosen(columns: Sequence[Column], width: int, least_gap: int) -> tuple[tuple[Column, ...], int] | None:
    first: tuple[tuple[Column, ...], int] | None = None
    due = sum(WELCOME < column.since <= width - _COMPLETE for column in columns)
    for gap in _GAPS:
        chosen = _fitting(columns, width, gap) if gap >= least_gap else ()
        if chosen and sum(column.since > WELCOME for column in chosen) >= due:
            return chosen, gap
        first = first or ((chosen, gap) if chosen else None)
    return first


def _fitting(columns: Sequence[Column], width: int, gap: int) -> tuple[Column, ...]:
    kept = {index for index, column in enumerate(columns) if column.since == ESSENTIAL}
    used = table_width([columns[index] for index in kept], gap)
    if used > width:
        return ()
    for since in (WELCOME, WIDE, WIDEST):
        for index, column in enumerate(columns):
            needed = gap + column.width
            if column.since == since <= width and used + needed <= width:
                kept.add(index)
                used += needed
    return tuple(column for index, column in enumerate(columns) if index in kept)


def essential(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Returns the columns that every layout shows."""
    return tuple(column for column in columns if column.since == ESSENTIAL)


#: Bars are at most so wide; where there is no room for so much there are none.
_WIDEST_BAR, _NARROWEST_BAR = 40, 4
_WHOLE, _HALF, _ASCII = "█", "▌", "#"


def bars(chart: Chart, width: int, *, blocks: bool) -> list[Line]:
    """Returns a chart's bars, a line each. They are block characters, or `#` where a stream cannot show these."""
    label = max(text_width(each.label) for each in chart.bars)
    text = max(text_width(each.text) for each in chart.bars)
    most = max(each.size for each in chart.bars)
    room = min(_WIDEST_BAR, width - label - text - 4)
    lines: list[Line] = []
    for each in chart.bars:
        begin = Cell(f"{each.label}  {each.text:>{text}}")
        drawn = bar(each.size, most, room, blocks=blocks) if room >= _NARROWEST_BAR else ""
        lines.append((begin, Cell("  "), Cell(drawn, each.role)) if drawn else (begin,))
    return lines


def bar(value: Decimal, most: Decimal, width: int, *, blocks: bool) -> str:
    """Returns a bar as long beside one of `width` as `value` is beside `most`. What is not 0 has one."""
    if value <= 0 or most <= 0:
        return ""
    halves = 2 if blocks else 1
    length = max(1, int((value / most * width * halves).to_integral_value(ROUND_CEILING)))
    length = min(length, width * halves)
    return _WHOLE * (length // 2) + _HALF * (length % 2) if blocks else _ASCII * length
