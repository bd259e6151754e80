"""Bars that float on one axis, and a stick for each of many values, drawn in characters.

Of more values than there are columns those that share one are taken together: it goes from their least to their most,
and a line says so.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from scaleplan.quantity.rounding import CONTEXT, grouped, rounded
from scaleplan.report.drawings import FloatingBars, Sticks
from scaleplan.report.layout import Line
from scaleplan.report.page import Cell, Role
from scaleplan.report.visible import cells as text_width

#: The columns of bars in a wide terminal, and the fewest that say anything.
_MOST_COLUMNS, _LEAST_COLUMNS = 60, 10
#: Rows of sticks above and below 0 together, and how many columns one may have.
_ROWS, _BROAD = 11, 3
#: What is added, what a sum is, and the axis; without block characters.
_BLOCKS, _PLAIN = ("▒", "█", "│", "─"), ("=", "#", "|", "-")


def span_lines(part: FloatingBars, width: int, *, blocks: bool = True) -> list[Line]:
    """Returns a line for each bar: its name, its figure, and the bar where it lies; too narrow, without bars."""
    added, whole, axis, _ = _BLOCKS if blocks else _PLAIN
    label = max(text_width(span.label) for span in part.spans)
    text = max(text_width(span.text) for span in part.spans)
    room = min(width - label - text - 5, _MOST_COLUMNS)
    low, high = limits([value for span in part.spans for value in (span.begin, span.end)])
    lines: list[Line] = []
    for span in part.spans:
        head = f"{span.label}{' ' * (label - text_width(span.label))}  {span.text:>{text}}"
        drawn = ""
        if room >= _LEAST_COLUMNS:
            zero = _column(Decimal(0), low, high, room)
            begin, end = (_column(value, low, high, room) for value in sorted((span.begin, span.end)))
            fill = whole if span.whole else added
            cells = [" "] * (room + 1)
            cells[begin:end] = fill * (end - begin)
            if span.begin != span.end and begin == end:
                cells[min(begin, room)] = fill
            cells.insert(zero, axis)
            drawn = "".join(cells).rstrip()
        lines.append((Cell(head), Cell("  "), Cell(drawn)) if drawn else (Cell(head),))
    return lines


def limits(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Returns the least and the most of values and 0, never the same."""
    low, high = min((*values, Decimal(0))), max((*values, Decimal(0)))
    return (low, high) if low < high else (Decimal(0), Decimal(1))


def _column(value: Decimal, low: Decimal, high: Decimal, room: int) -> int:
    return int(CONTEXT.divide((value - low) * room, high - low).to_integral_value())


def stick_lines(part: Sticks, width: int, *, blocks: bool = True) -> list[Line]:
    """Returns sticks as columns of characters over and under a line of 0, the axis at the left."""
    fill, axis, ground = ("█", "│", "─") if blocks else ("#", "|", "-")
    low, high = limits(part.values)
    labels = [f"{grouped(rounded(value, 2), signed=True)}{part.unit if value else ''}" for value in (high, low)]
    room = max(map(text_width, (*labels, "0")))
    columns = max(min(width, 100) - room - 2, 1)
    together = _together(part.values, columns)
    step = CONTEXT.divide(high - low, Decimal(_ROWS - 1))
    above, below = (int(CONTEXT.divide(each, step).to_integral_value(ROUND_CEILING)) for each in (high, -low))
    lines: list[Line] = []
    for row in range(above, -below - 1, -1):
        name = {above: labels[0], -below: labels[1], 0: "0"}.get(row, "") if row else "0"
        cells = "".join(_cell(least, most, row, step, fill, ground) for least, most in together)
        lines.append((Cell(f"{name:>{room}}", Role.FAINT), Cell(f" {axis}{cells}".rstrip())))
    gap = max(sum(1 for _ in together) - text_width(part.first) - text_width(part.last), 1)
    lines.append((Cell(f"{' ' * (room + 2)}{part.first}{' ' * gap}{part.last}", Role.FAINT),))
    if len(part.values) > columns:
        lines.append((Cell(f"{' ' * (room + 2)}a column is several trades, from their least to their most"),))
    return lines


def _together(values: Sequence[Decimal], columns: int) -> list[tuple[Decimal, Decimal]]:
    """Returns the least and the most of what stands in each column."""
    count = len(values)
    if count <= columns:
        broad = max(min(columns // count, _BROAD), 1)
        blank = [(Decimal(0), Decimal(0))] if broad > 1 else []
        return [pair for value in values for pair in ([(value, value)] * (broad - len(blank)) + blank)]
    parts = [values[count * index // columns : count * (index + 1) // columns] for index in range(columns)]
    return [(min(part), max(part)) for part in parts]


def _cell(least: Decimal, most: Decimal, row: int, step: Decimal, fill: str, ground: str) -> str:
    """Returns what a column has in a row, counted from 0 up; what is not 0 has one at least."""
    if not row:
        return ground
    top = int(CONTEXT.divide(max(most, Decimal(0)), step).to_integral_value(ROUND_CEILING))
    bottom = int(CONTEXT.divide(min(least, Decimal(0)), step).to_integral_value(ROUND_FLOOR))
    return fill if bottom <= row <= top else " "
