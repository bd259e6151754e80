"""A band drawn: money over time from worst to best, in blocks for a terminal, and as SVG with what it fell by.

Of many steps those that share a column are taken together: it goes from their least to their most.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from scaleplan.quantity.rounding import CONTEXT, grouped, rounded
from scaleplan.report.layout import Line
from scaleplan.report.page import Band, BandMark, BandSpan, Cell, Role
from scaleplan.report.svg import Drawing, line, number, text_at, width_of
from scaleplan.report.visible import cells as text_width

#: Rows of a band in a terminal, and its most columns.
_ROWS, _MOST_COLUMNS = 9, 100
#: So many columns a few steps share.
_BROAD = 48
_FILL, _PLAIN_FILL = "█", "#"
#: Lengths of the drawing, in pixels: the band, the fall below it, and what stands around.
_WIDE, _HIGH, _FALL, _MARGIN, _LINE = 720, 240, 70, 14, 18


def _together(band: Band, columns: int) -> list[BandSpan]:
    """Returns the steps of a band in so many columns at most."""
    count = len(band.spans)
    if count < columns:
        # A few steps are drawn broad, so that they are seen as steps.
        return [span for span in band.spans for _ in range(max(min(columns, _BROAD) // count, 1))]
    found = []
    for index in range(columns):
        part = band.spans[count * index // columns : count * (index + 1) // columns]
        least, most = min(span.least for span in part), max(span.most for span in part)
        found.append(BandSpan(part[0].moment, least, most, part[-1].last))
    return found


def _limits(spans: Sequence[BandSpan]) -> tuple[Decimal, Decimal]:
    """Returns the least and the most of a band, never the same."""
    low, high = min(span.least for span in spans), max(span.most for span in spans)
    return (low, high) if low < high else (low - 1, high + 1)


def _money(band: Band, value: Decimal) -> str:
    return grouped(rounded(value, band.places))


# In a terminal


def band_lines(band: Band, width: int, *, blocks: bool) -> list[Line]:
    """Returns a band as rows of blocks, its axis at the left, what happened below."""
    low, high = _limits(band.spans)
    heads = [_money(band, high), *[""] * (_ROWS - 2), _money(band, low)]
    room = max(map(text_width, heads))
    columns = min(_MOST_COLUMNS, max(width - room - 2, 1))
    spans = _together(band, columns)
    fill = _FILL if blocks else _PLAIN_FILL
    lines: list[Line] = []
    step = CONTEXT.divide(high - low, Decimal(_ROWS - 1))
    rows = [(_row(span.most, high, step, ROUND_CEILING), _row(span.least, high, step, ROUND_FLOOR)) for span in spans]
    for number_of_row, head in enumerate(heads):
        cells = "".join(fill if top <= number_of_row <= bottom else " " for top, bottom in rows)
        lines.append((Cell(f"{head:>{room}}", Role.FAINT), Cell(f"{_axis(blocks)}{cells}".rstrip())))
    return [*lines, *_below(band, spans, room, columns)]


def _row(value: Decimal, high: Decimal, step: Decimal, rounding: str) -> int:
    """Returns the row in which a value stands, from 0 at the top; the edges of a band lie inside it."""
    exact = CONTEXT.divide(high - value, step)
    near = int(exact.to_integral_value())
    # Half a row belongs to the row: a band is drawn no higher than it is, and never vanishes.
    return near if abs(exact - near) <= Decimal("0.5") else int(exact.to_integral_value(rounding))


def _axis(blocks: bool) -> str:  # noqa: FBT001 - the only thing that it depends on
    return " │" if blocks else " |"


def _below(band: Band, spans: Sequence[BandSpan], room: int, columns: int) -> Iterator[Line]:
    """Yields the line of what happened, the ends of time, and what the letters say."""
    width, count = len(spans), len(band.spans)
    letters = [" "] * width
    for mark in band.marks:
        letters[min(mark.step * width // count, width - 1)] = mark.letter
    if band.marks:
        yield (Cell(" " * (room + 2) + "".join(letters).rstrip()),)
    first, last = spans[0].moment, band.spans[-1].moment
    gap = width - text_width(first) - text_width(last)
    words = f"{first}{' ' * gap}{last}" if gap > 0 else first
    yield (Cell(" " * (room + 2) + words[: max(columns, text_width(first))], Role.FAINT),)


# As SVG


def band_drawing(band: Band) -> Drawing:
    """Returns a band with the fall from its highest below it; each thing that happened has a line and words."""
    spans = _together(band, _WIDE) if len(band.spans) > _WIDE else list(band.spans)
    low, high = _limits(band.spans)
    labels = [_money(band, high), _money(band, low)]
    falls = _falls(spans)
    deepest = max(falls)
    left = _MARGIN + width_of([*labels, _money(band, -deepest)]) + 8
    top = _MARGIN + _LINE
    scale = CONTEXT.divide(Decimal(_HIGH), high - low)
    across = CONTEXT.divide(Decimal(_WIDE), Decimal(len(spans)))

    def at(value: Decimal) -> Decimal:
        return top + (high - value) * scale

    elements = [text_at(left, _MARGIN, band.title, strong=True)]
    elements.append(_area(left, across, [at(span.most) for span in spans], [at(span.least) for span in spans], "#bbb"))
    for value, label in ((high, labels[0]), (low, labels[1])):
        elements += [line(left, at(value), left + _WIDE, at(value), 'stroke="#999" stroke-dasharray="2 3"')]
        elements.append(text_at(left - 8, at(value), label, end=True))
    foot = Decimal(top + _HIGH)
    elements += _marked(band.marks, left, foot, len(band.spans), top)
    under = foot + _LINE * (len(band.marks) + 1)
    elements += [text_at(left, under, "the fall of the worst from its highest close")]
    ground = under + _LINE
    depth = CONTEXT.divide(Decimal(_FALL), deepest) if deepest else Decimal(0)
    tops = [ground] * len(spans)
    elements.append(_area(left, across, tops, [ground + fall * depth for fall in falls], "#777"))
    elements.append(line(left, ground, left + _WIDE, ground, 'stroke="#000"'))
    elements.append(text_at(left - 8, ground + deepest * depth, _money(band, -deepest), end=True))
    end = ground + _FALL + _LINE
    elements += [text_at(left, end, spans[0].moment), text_at(left + _WIDE, end, band.spans[-1].moment, end=True)]
    return Drawing(tuple(elements), left + _WIDE + _MARGIN, end + _LINE)


def _falls(spans: Sequence[BandSpan]) -> list[Decimal]:
    """Returns how far each step ends below the highest end before it."""
    highest, falls = spans[0].last, []
    for span in spans:
        highest = max(highest, span.last)
        falls.append(highest - span.last)
    return falls


def _area(left: Decimal, across: Decimal, tops: Sequence[Decimal], bottoms: Sequence[Decimal], colour: str) -> str:
    """Returns what lies between two lines; where they are the same a hair of it is left to be seen."""
    places = [left + across * index for index in range(len(tops) + 1)]
    upper = [(x, y) for index, y in enumerate(tops) for x in places[index : index + 2]]
    lower = [(x, y) for index, y in enumerate(bottoms) for x in places[index : index + 2]]
    points = " ".join(f"{number(x)},{number(y)}" for x, y in (*upper, *reversed(lower)))
    return f'<polygon points="{points}" fill="{colour}" stroke="#000" stroke-width="0.7"/>'


def _marked(marks: Sequence[BandMark], left: Decimal, foot: Decimal, count: int, top: int) -> Iterator[str]:
    """Yields a line for each thing that happened, and its words below the band, a row each."""
    for row, mark in enumerate(marks, start=1):
        x = left + CONTEXT.divide(Decimal((2 * mark.step + 1) * _WIDE), Decimal(2 * count))
        down = foot + _LINE * row
        yield line(x, top, x, down - 6, 'stroke="#000" stroke-width="0.5" stroke-dasharray="1 3"')
        yield text_at(x, down, mark.words, end=2 * mark.step > count)
