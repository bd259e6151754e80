"""Layout decides what stands where in a given width: tables, stacks of labelled figures, wrapped text.

A cell is a text with a role. Widths are counted in terminal cells (two for a wide character, none for a combining one).
What does not fit is laid out in another way; no digit is ever cut. Drawing is left to `terminal`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from scaleplan.report.visible import cells as text_width


class Role(StrEnum):
    """What a text is; the terminal marks it by attributes, which never say more than the words."""

    PLAIN = "plain"
    STRONG = "strong"
    FAINT = "faint"
    HEAD = "head"
    LOSS = "loss"
    GAIN = "gain"
    CAUTION = "caution"
    ALARM = "alarm"


class Cell(NamedTuple):
    """A text and its role."""

    text: str
    role: Role = Role.PLAIN


#: One line, from left to right.
Line = tuple[Cell, ...]
BLANK: Line = ()


class Column(NamedTuple):
    """A head and a cell for every row."""

    head: str
    cells: tuple[Cell, ...]
    left: bool = False

    @property
    def width(self) -> int:
        """The cells that the widest of head and cells takes."""
        return max(text_width(self.head), *(text_width(cell.text) for cell in self.cells))


class Grid(NamedTuple):
    """Rows of a table (by their index in the columns), each column at its width, `gap` blanks apart."""

    columns: tuple[Column, ...]
    widths: tuple[int, ...]
    gap: int
    rows: tuple[int, ...]
    heads: bool


#: What a page is made of.
Block = Line | Grid


class Item(NamedTuple):
    """A label and what it says, in a list whose texts stand under each other."""

    label: str
    text: str
    role: Role = Role.PLAIN


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


def beside(amounts: Sequence[str], shares: Sequence[str]) -> list[str]:
    """Amounts and their shares, each aligned to the right."""
    width = max(len(text) for text in shares)
    return [f"{amount} {text:>{width}}" if width else amount for amount, text in zip(amounts, shares, strict=True)]


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


def items(entries: Iterable[Item], width: int) -> list[Line]:
    """Labelled texts, the labels in a column of their own where there is room for it."""
    entries = tuple(entries)
    column = max((text_width(entry.label) for entry in entries), default=0) + 2
    roomy = width >= 4 * column
    lines: list[Line] = []
    for entry in entries:
        label = _padded(entry.label, column) if roomy else f"{entry.label}: "
        indent = column if roomy else 2
        first, *rest = wrap(entry.text, width, indent=indent, taken=text_width(label), role=entry.role)
        lines.append((Cell(label, Role.HEAD), *first))
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


#: A column without which there is no table, and one that is welcome wherever there is room.
ESSENTIAL, WELCOME = 0, 1
#: The widths from which a table offers its second and its third set of columns a place.
WIDE = 100
WIDEST = 140
#: So much beyond them a set has to be complete, if need be with a single blank between columns.
_COMPLETE = 20
_GAPS = (2, 1)


class Offered(NamedTuple):
    """A column and the width from which it is offered a place; one that is essential has its place at every width."""

    column: Column
    since: int = ESSENTIAL


class Choice(NamedTuple):
    """The columns of a table and the blanks between them."""

    columns: tuple[Column, ...]
    gap: int
    #: How many of the columns belong to the wider sets.
    wide: int


def choose(offered: Sequence[Offered], width: int) -> Choice | None:
    """The essential columns and as many others as fit into `width`; nothing where the essential ones do not."""
    first: Choice | None = None
    due = sum(WELCOME < offer.since <= width - _COMPLETE for offer in offered)
    for gap in _GAPS:
        choice = _fitting(offered, width, gap)
        if choice is not None and choice.wide >= due:
            return choice
        first = first or choice
    return first


def _fitting(offered: Sequence[Offered], width: int, gap: int) -> Choice | None:
    kept = {index for index, offer in enumerate(offered) if not offer.since}
    used = table_width([offered[index].column for index in kept], gap)
    if used > width:
        return None
    for since in (WELCOME, WIDE, WIDEST):
        for index, (column, offered_since) in enumerate(offered):
            needed = gap + column.width
            if offered_since == since <= width and used + needed <= width:
                kept.add(index)
                used += needed
    columns = tuple(offer.column for index, offer in enumerate(offered) if index in kept)
    return Choice(columns, gap, sum(offered[index].since > WELCOME for index in kept))


def essential(offered: Sequence[Offered]) -> tuple[Column, ...]:
    """The columns that every layout shows."""
    return tuple(offer.column for offer in offered if not offer.since)
