"""Curves as text: a result against price, each curve drawn with its own character, shared cells with `*`.

Every column is one price and every row one result, on a grid of round results that has a row of 0. A curve stands in
the row that its result is nearest to.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from typing import NamedTuple

from scaleplan.quantity.rounding import CONTEXT, grouped, places_of, rounded
from scaleplan.report.drawings import Curve, Curves, Tick
from scaleplan.report.layout import Line
from scaleplan.report.page import PROSE, Cell, Role
from scaleplan.report.visible import cells as text_width

#: Rows where nothing else is asked for, and the fewest and most columns of the grid.
_ROWS, _NARROWEST, _WIDEST = 17, 12, PROSE
#: The round numbers that a step of results is a power of ten times of.
_ROUND = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_SHARED = "*"
#: The axis, its crossing with 0, the line of 0 and the ticks; with block characters and without.
_SIGNS = (("│", "┼", "┄", "└", "─", "┴"), ("|", "+", "-", "+", "-", "+"))


class ResultGrid(NamedTuple):
    """The results of the rows: the highest, and the step from one to the next."""

    top: Decimal
    step: Decimal
    rows: int

    def row(self, value: Decimal) -> int:
        """Returns the row that a result is nearest to, from 0."""
        return int(CONTEXT.divide(self.top - value, self.step).to_integral_value(ROUND_HALF_EVEN))

    def value(self, row: int) -> Decimal:
        """Returns the result of a row."""
        return self.top - self.step * row


def grid_of(curves: Sequence[Curve], rows: int | None) -> ResultGrid:
    """Returns the finest grid of round results with at most so many rows that holds every curve, and 0."""
    most = rows or _ROWS
    values = [Decimal(0), *(value for curve in curves for _, value in curve.points)]
    low, high = min(values), max(values)
    if low == high:
        return ResultGrid(Decimal(0), Decimal(1), 1)
    least = CONTEXT.divide(high - low, Decimal(max(1, most - 1)))
    power = Decimal(1).scaleb(least.adjusted())
    for times in (*_ROUND, *(each * 10 for each in _ROUND)):
        step = power * times
        top = CONTEXT.divide(high, step).to_integral_value(ROUND_CEILING)
        bottom = CONTEXT.divide(low, step).to_integral_value(ROUND_FLOOR)
        if top - bottom + 1 <= max(most, 2):
            return ResultGrid(top * step, step, int(top - bottom) + 1)
    # Two rows hold one side of 0 alone; of a result on either side three are needed.
    return ResultGrid(max(high, Decimal(0)), max(high, -low), 3 if low < 0 < high else 2)


def value_at(curve: Curve, price: Decimal) -> Decimal | None:
    """Returns a curve's result at a price, that of the further side where it jumps; absent where it has none."""
    points = curve.points
    for (left, low), (right, high) in pairwise(points):
        if left <= price < right:
            return low + CONTEXT.divide((high - low) * (price - left), right - left)
    return points[-1][1] if price == points[-1][0] else None


def label(value: Decimal, step: Decimal, unit: str) -> str:
    """Returns a result of the grid with its unit."""
    digits = grouped(rounded(value, places_of(step)), signed=True)
    return f"{digits}{unit}" if unit == "R" else digits


def curve_lines(curves: Curves, width: int, *, blocks: bool) -> list[Line]:
    """Returns curves as lines of at most `width`, with results at the left and prices below."""
    grid = grid_of(curves.curves, curves.rows)
    labels = [label(grid.value(row), grid.step, curves.unit) for row in range(grid.rows)]
    begin = max(map(text_width, labels))
    columns = max(_NARROWEST, min(_WIDEST, width - begin - 2))
    axis, cross, nothing, corner, floor, tick = _SIGNS[0 if blocks else 1]
    low = min(curve.points[0][0] for curve in curves.curves)
    high = max(curve.points[-1][0] for curve in curves.curves)
    across = (high - low) / (columns - 1)
    drawn = _drawn(curves.curves, grid, [low + across * column for column in range(columns - 1)] + [high])
    lines: list[Line] = []
    for row, text in enumerate(labels):
        zero = grid.value(row) == 0
        begins = (Cell(f"{text.rjust(begin)} "), Cell(cross if zero else axis, Role.FAINT))
        lines.append((*begins, *_cells(drawn[row], nothing if zero else " ")))
    places = _placed(curves.ticks, low, across, columns) if across else {}
    marks = "".join(tick if column in places else floor for column in range(columns))
    lines.append((Cell(" " * (begin + 1)), Cell(corner + marks, Role.FAINT)))
    for which in ("text", "name"):
        written = ""
        for column in sorted(places):
            text = getattr(places[column], which)
            start = _start(column, places[column], columns)
            written = written.ljust(start + _shift(places[column], text)) + text
        lines.append((Cell(" " * (begin + 2)), Cell(written, Role.PLAIN if which == "text" else Role.FAINT)))
    return lines


def _drawn(curves: Sequence[Curve], grid: ResultGrid, prices: Sequence[Decimal]) -> list[list[str]]:
    """Returns the characters of the grid, empty where no curve is; a curve that leaps rows is drawn through them."""
    cells = [[""] * len(prices) for _ in range(grid.rows)]
    for curve in curves:
        before: int | None = None
        for column, price in enumerate(prices):
            value = value_at(curve, price)
            if value is None:
                before = None
                continue
            row = grid.row(value)
            for each in _through(before, row):
                cells[each][column] = curve.sign if cells[each][column] in ("", curve.sign) else _SHARED
            before = row
    return cells


def _through(before: int | None, row: int) -> range:
    if before is None or before == row:
        return range(row, row + 1)
    return range(row, before) if row < before else range(before + 1, row + 1)


def _cells(characters: Sequence[str], nothing: str) -> Iterator[Cell]:
    """The cells of a row, those beside each other that are alike in one."""
    text, role = "", Role.PLAIN
    for character in characters:
        now = Role.STRONG if character else Role.FAINT
        if now is not role and text:
            yield Cell(text, role)
            text = ""
        text, role = text + (character or nothing), now
    yield Cell(text, role)


def _width(tick: Tick) -> int:
    return max(text_width(tick.text), text_width(tick.name))


def _start(column: int, tick: Tick, columns: int) -> int:
    """The column in which what is written at a tick begins: around it, and within the grid."""
    return max(0, min(column - _width(tick) // 2, columns - _width(tick)))


def _shift(tick: Tick, text: str) -> int:
    return (_width(tick) - text_width(text)) // 2


def _placed(ticks: Sequence[Tick], low: Decimal, across: Decimal, columns: int) -> dict[int, Tick]:
    """Returns the ticks that have room below the grid, by column; those that matter most find theirs first."""
    found: dict[int, Tick] = {}
    taken: list[tuple[int, int]] = []
    for tick in ticks:
        column = int(CONTEXT.divide(tick.price - low, across).to_integral_value(ROUND_HALF_EVEN))
        start = _start(column, tick, columns)
        end = start + _width(tick)
        if end <= columns and all(end + 2 <= first or last + 2 <= start for first, last in taken):
            found[column] = tick
            taken.append((start, end))
    return found
