"""A scale of prices as text: levels in rows, equal steps of price apart.

One row is `span / (rows - 1)` of price, and a level stands in the row that it is nearest to. Levels that share a row
are written one under the other in price order, so that the scale is kept between rows and no price is moved. A
liquidation that lies beyond all other levels by more than a quarter of their span stands behind a break, and the span
is that of the rest.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from typing import NamedTuple

from scaleplan.quantity.rounding import CONTEXT, grouped, rounded
from scaleplan.report.drawings import Mark, MarkKind, PriceScale
from scaleplan.report.layout import Line
from scaleplan.report.page import WIDE, Cell, Role
from scaleplan.report.visible import cells as text_width

#: Rows of a scale where nothing else is asked for: one for each price, and no fewer or more than these.
_FEWEST_ROWS, _MOST_ROWS = 7, 30
#: The part of the span beyond which a liquidation stands behind a break.
_BREAK = Decimal("0.25")
#: The cells of a bar that stands for the whole size.
WHOLE = 20
#: What stands on the axis, with block characters and without.
_AXIS = {
    MarkKind.TARGET: ("┤", "+"),
    MarkKind.TIER: ("├", "+"),
    MarkKind.AVERAGE: ("┄", "-"),
    MarkKind.STOP: ("╪", "*"),
    MarkKind.LIQUIDATION: ("╳", "X"),  # noqa: RUF001 - no letter X
}
_LINE = ("│", "|")
_ABOUT = ("≈", "~")
_BARS = {MarkKind.TIER: ("█", "#"), MarkKind.TARGET: ("▒", "=")}
_ROLES = {
    MarkKind.TARGET: Role.GAIN,
    MarkKind.TIER: Role.STRONG,
    MarkKind.AVERAGE: Role.PLAIN,
    MarkKind.STOP: Role.LOSS,
    MarkKind.LIQUIDATION: Role.CAUTION,
}


class Scaling(NamedTuple):
    """The scale itself: its highest price, the price of a row (0 where all levels are one), how many there are."""

    top: Decimal
    price: Decimal
    rows: int

    def exact(self, price: Decimal) -> Decimal:
        """Returns how many rows below the highest a price lies."""
        return CONTEXT.divide(self.top - price, self.price) if self.price else Decimal(0)

    def row(self, price: Decimal) -> int:
        """Returns the row that a price is nearest to, from 0."""
        return int(self.exact(price).to_integral_value(ROUND_HALF_EVEN))


class Parts(NamedTuple):
    """The levels on a scale, and those behind a break above and below it; the highest first in each."""

    above: tuple[Mark, ...]
    within: tuple[Mark, ...]
    below: tuple[Mark, ...]


def parts_of(marks: Sequence[Mark]) -> Parts:
    """Returns which levels stand on the scale, and which behind a break."""
    rest = [mark.price for mark in marks if mark.kind is not MarkKind.LIQUIDATION]
    most = (max(rest) - min(rest)) * _BREAK
    far = [mark for mark in marks if mark.kind is MarkKind.LIQUIDATION]
    above = tuple(mark for mark in far if mark.price > max(rest) + most)
    below = tuple(mark for mark in far if mark.price < min(rest) - most)
    return Parts(above, tuple(mark for mark in marks if mark not in (*above, *below)), below)


def step_of(within: Sequence[Mark], rows: int | None) -> Scaling:
    """Returns the step of a scale of so many rows, or without a number of as many as there are prices."""
    prices = {mark.price for mark in within}
    count = min(max(len(prices), _FEWEST_ROWS), _MOST_ROWS) if rows is None else rows
    span = max(prices) - min(prices)
    return Scaling(max(prices), CONTEXT.divide(span, Decimal(count - 1)), count if span else 1)


def bar_cells(size: Decimal) -> int:
    """Returns the cells of a bar; what is not 0 has one."""
    return max(1, int((size * WHOLE).to_integral_value(ROUND_HALF_EVEN))) if size else 0


class _Row(NamedTuple):
    """A line of the drawing: a level, or where none is the blank axis, or a break with the distance that it skips."""

    mark: Mark | None = None
    gap: str = ""


def _rows(scale: PriceScale) -> Iterator[_Row]:
    above, within, below = parts_of(scale.marks)

    def gap(higher: Mark, lower: Mark) -> _Row:
        return _Row(gap=grouped(rounded(higher.price - lower.price, scale.places)))

    for mark, following in pairwise((*above, within[0])):
        yield _Row(mark)
        yield gap(mark, following)
    step = step_of(within, scale.rows)
    here = 0
    for mark in within:
        row = step.row(mark.price)
        for _ in range(here + 1, row):
            yield _Row()
        yield _Row(mark)
        here = row
    for before, mark in pairwise((within[-1], *below)):
        yield gap(before, mark)
        yield _Row(mark)


class _Columns(NamedTuple):
    """The widths of what stands right of the axis; 0 is left out. `gap` blanks are around the words.

    `words` is the column of rows with a result behind it; those without may reach further, to `free`.
    """

    bars: int
    name: int
    words: int
    free: int
    result: int
    gap: int

    @property
    def begin(self) -> int:
        """The columns behind the axis that stand before the words."""
        return 1 + self.bars + (2 if self.bars else 0) + self.name + (self.gap if self.has_words else 0)

    @property
    def has_words(self) -> bool:
        """Whether there are words in any row."""
        return bool(self.words or self.free)

    @property
    def width(self) -> int:
        """The columns that all of it takes behind the axis."""
        results = self.words + self.behind + self.result if self.result else self.words
        return self.begin + max(results, self.free)

    @property
    def behind(self) -> int:
        """The blanks before a result."""
        return self.gap if self.words else 2


def scale_lines(scale: PriceScale, width: int, *, blocks: bool, own_words: bool = True) -> list[Line]:
    """Returns a scale as lines of at most `width`. In a narrow one words go first, then bars, prices never.

    Characters are ASCII where a stream has no `blocks`. With `own_words` the trader's words stand where they fit.
    """
    rows = list(_rows(scale))
    price = max(text_width(mark.text) for mark in scale.marks)
    columns, words = _fitted(scale, rows, width - price - 2, own_words=own_words and width >= WIDE)
    sign = 0 if blocks else 1
    lines: list[Line] = []
    for row, text in zip(rows, words, strict=True):
        if row.mark is None:
            lines.append(_between(row, columns, price, width, sign))
        else:
            blanks = " " * (price - text_width(row.mark.text))
            axis = Cell(_AXIS[row.mark.kind][sign], Role.FAINT)
            lines.append((Cell(f"{blanks}{row.mark.text} "), axis, *_behind(row.mark, text, columns, sign)))
    return lines


def _between(row: _Row, columns: _Columns, price: int, width: int, sign: int) -> Line:
    """The blank axis, or a break: what it skips stands among the words, or as much of it as there is room for."""
    begin = (Cell(" " * (price + 1)), Cell(_LINE[sign], Role.FAINT))
    if not row.gap:
        return begin
    about, room = _ABOUT[sign], width - price - 2
    blanks = columns.begin if columns.has_words else 1 + columns.bars + (2 if columns.bars else 0)
    told = next((text for text in (f"{about} {row.gap} further", f"{about} {row.gap}") if len(text) < room), about)
    return (*begin, Cell(" " * max(1, min(blanks, room - len(told)))), Cell(told, Role.FAINT))


def _behind(mark: Mark, text: str, columns: _Columns, sign: int) -> Iterator[Cell]:
    """What stands behind the axis in the row of a level."""
    yield Cell(" ")
    if columns.bars:
        drawn = _BARS[mark.kind][sign] * bar_cells(mark.size) if mark.kind in _BARS else ""
        yield Cell(drawn.ljust(columns.bars + 2))
    if columns.name:
        yield Cell(mark.name, _ROLES[mark.kind])
        yield Cell(" " * (columns.name - text_width(mark.name)))
    if columns.has_words:
        yield Cell(" " * columns.gap + text)
    if columns.result and mark.result:
        blanks = columns.words - text_width(text) + columns.behind
        role = Role.LOSS if mark.result.startswith("-") else Role.GAIN
        yield Cell(" " * blanks)
        yield Cell(mark.result.rjust(columns.result), role)


def _fitted(scale: PriceScale, rows: Sequence[_Row], room: int, *, own_words: bool) -> tuple[_Columns, list[str]]:
    """Returns the columns that fit in `room` behind the axis, and the words of each row."""
    marks = scale.marks
    bars = max(bar_cells(mark.size) for mark in marks)
    name = max(text_width(mark.name) for mark in marks)
    result = max(text_width(mark.result) for mark in marks)
    for count, gap in () if scale.bare else ((None, 4), (None, 2), (1, 2)):
        texts = [row.mark.between.join(row.mark.words[:count]) if row.mark else "" for row in rows]
        columns = _with_words(_Columns(bars, name, 0, 0, result, gap), rows, texts)
        if columns.has_words and columns.width <= room:
            if own_words and count is None:
                texts = [_with_more(row, text, columns, room) for row, text in zip(rows, texts, strict=True)]
                columns = _with_words(columns, rows, texts)
            return columns, texts
    none = [""] * len(rows)
    widths = ((bars, name, result), (0, name, result), (0, name, 0))
    without = (_Columns(bars, name, 0, 0, result, 2) for bars, name, result in widths)
    return next((each for each in without if each.width <= room), _Columns(0, 0, 0, 0, 0, 0)), none


def _with_words(columns: _Columns, rows: Sequence[_Row], texts: Sequence[str]) -> _Columns:
    """Returns columns as wide as the words ask for."""
    words = [text_width(text) for row, text in zip(rows, texts, strict=True) if row.mark and row.mark.result]
    free = [text_width(text) for row, text in zip(rows, texts, strict=True) if not (row.mark and row.mark.result)]
    gaps = [len(f"{_ABOUT[0]} {row.gap} further") for row in rows if row.gap]
    return columns._replace(words=max(words, default=0), free=max((*free, *gaps), default=0))


def _with_more(row: _Row, text: str, columns: _Columns, room: int) -> str:
    """Returns the words of a row with as many of the further ones as fit."""
    mark = row.mark
    for more in mark.more if mark else ():
        longer = f"{text}; {more}" if text else more
        behind = columns.gap + columns.result if mark and mark.result else 0
        if columns.begin + text_width(longer) + behind > room:
            return text
        text = longer
    return text
