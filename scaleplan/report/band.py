"""A band drawn: money over time from worst to best, in blocks for a terminal, and as SVG with what it fell by.

Of many steps those that share a column are taken together: it goes from their least to their most.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from scaleplan.quantity.rounding import CONTEXT, grouped, rounded
from scaleplan.report.drawings import Band, BandMark, BandSpan, BandTrade
from scaleplan.report.layout import Line
from scaleplan.report.page import Cell, Role
from scaleplan.report.svg import Drawing, line, number, text_at, width_of
from scaleplan.report.visible import cells as text_width

#: Rows of a band in a terminal, and its most columns.
_ROWS, _MOST_COLUMNS = 9, 100
#: So many columns a few steps share.
_BROAD = 48
_FILL, _PLAIN_FILL = "█", "#"
#: Rows of the fall below it, and what it is drawn with.
_FALL_ROWS = 3
_FALL_FILL, _PLAIN_FALL = "▒", ":"
#: Lengths of the drawing, in pixels: the band, the fall below it, and what stands around.
_WIDE, _HIGH, _FALL, _TRADES, _MARGIN, _LINE = 720, 240, 70, 90, 14, 18


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
        found.append(BandSpan(part[0].moment, least, most, max(span.fall for span in part)))
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
    room = max(map(text_width, (*heads, _money(band, -max(span.fall for span in band.spans)))))
    columns = min(_MOST_COLUMNS, max(width - room - 2, 1))
    spans = _together(band, columns)
    fill = _FILL if blocks else _PLAIN_FILL
    lines: list[Line] = []
    step = CONTEXT.divide(high - low, Decimal(_ROWS - 1))
    rows = [(_row(span.most, high, step, ROUND_CEILING), _row(span.least, high, step, ROUND_FLOOR)) for span in spans]
    for number_of_row, head in enumerate(heads):
        cells = "".join(fill if top <= number_of_row <= bottom else " " for top, bottom in rows)
        lines.append((Cell(f"{head:>{room}}", Role.FAINT), Cell(f"{_axis(blocks)}{cells}".rstrip())))
    return [*lines, *_below(band, spans, room, columns, blocks=blocks)]


def _row(value: Decimal, high: Decimal, step: Decimal, rounding: str) -> int:
    """Returns the row in which a value stands, from 0 at the top; the edges of a band lie inside it."""
    exact = CONTEXT.divide(high - value, step)
    near = int(exact.to_integral_value())
    # Half a row belongs to the row: a band is drawn no higher than it is, and never vanishes.
    return near if abs(exact - near) <= Decimal("0.5") else int(exact.to_integral_value(rounding))


def _axis(blocks: bool) -> str:  # noqa: FBT001 - the only thing that it depends on
    return " │" if blocks else " |"


def _below(band: Band, spans: Sequence[BandSpan], room: int, columns: int, *, blocks: bool) -> Iterator[Line]:
    """Yields the lines of what happened and of trades, the fall, the ends of time, and what signs say."""
    width, count = len(spans), len(band.spans)
    blanks = Cell(" " * (room + 2))
    letters = [" "] * width
    for mark in band.marks:
        letters[min(mark.step * width // count, width - 1)] = mark.letter
    if band.marks:
        yield blanks, Cell("".join(letters).rstrip())
    signs = [" "] * width
    for trade in band.trades:
        column = min(trade.step * width // count, width - 1)
        sign = "+" if trade.worst > 0 else "-" if trade.best < 0 else "0" if trade.worst == trade.best else "?"
        signs[column] = sign if signs[column] in (" ", sign) else "*"
    if band.trades:
        yield blanks, Cell("".join(signs).rstrip())
    yield from _fall_lines(band, spans, room, blocks=blocks)
    first, last = spans[0].moment, band.spans[-1].moment
    gap = width - text_width(first) - text_width(last)
    words = f"{first}{' ' * gap}{last}" if gap > 0 else first
    yield blanks, Cell(words[: max(columns, text_width(first))], Role.FAINT)
    if band.trades:
        told = (("+", "won"), ("-", "lost"), ("0", "even"), ("?", "open"), ("*", "several"))
        yield (Cell("trades: " + ", ".join(f"{sign} {word}" for sign, word in told if sign in signs), Role.FAINT),)
    if any(span.fall for span in spans):
        yield (Cell("below: the fall of the worst from its highest close", Role.FAINT),)


def _fall_lines(band: Band, spans: Sequence[BandSpan], room: int, *, blocks: bool) -> Iterator[Line]:
    """Yields the fall of the worst, hanging from 0, if it ever fell."""
    deepest = max(span.fall for span in spans)
    if not deepest:
        return
    step = CONTEXT.divide(deepest, Decimal(_FALL_ROWS))
    rows = [int(CONTEXT.divide(span.fall, step).to_integral_value(ROUND_CEILING)) for span in spans]
    fill = _FALL_FILL if blocks else _PLAIN_FALL
    for row in range(1, _FALL_ROWS + 1):
        head = _money(band, -deepest) if row == _FALL_ROWS else ""
        cells = "".join(fill if depth >= row else " " for depth in rows)
        yield Cell(f"{head:>{room}}", Role.FAINT), Cell(f"{_axis(blocks)}{cells}".rstrip())


# As SVG


def band_drawing(band: Band) -> Drawing:
    """Returns a band with the fall from its highest below it; each thing that happened has a line and words."""
    spans = _together(band, _WIDE) if len(band.spans) > _WIDE else list(band.spans)
    low, high = _limits(band.spans)
    labels = [_money(band, high), _money(band, low)]
    falls = [span.fall for span in spans]
    deepest = max(falls)
    left = _MARGIN + width_of([*labels, _money(band, -deepest), "-9.99R"]) + 8
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
    if deepest:
        elements += [text_at(left, under, "the fall of the worst from its highest close")]
        ground = under + _LINE
        depth = CONTEXT.divide(Decimal(_FALL), deepest)
        tops = [ground] * len(spans)
        elements.append(_area(left, across, tops, [ground + fall * depth for fall in falls], "#777"))
        elements.append(line(left, ground, left + _WIDE, ground, 'stroke="#000"'))
        elements.append(text_at(left - 8, ground + _FALL, _money(band, -deepest), end=True))
        under = ground + _FALL + _LINE
    if band.trades:
        elements += _trades(band.trades, left, under, len(band.spans))
        under += _LINE + _TRADES + _LINE
    end = under
    elements += [text_at(left, end, spans[0].moment), text_at(left + _WIDE, end, band.spans[-1].moment, end=True)]
    return Drawing(tuple(elements), left + _WIDE + _MARGIN, end + _LINE)


def _trades(trades: Sequence[BandTrade], left: Decimal, top: Decimal, count: int) -> Iterator[str]:
    """Yields trades where they begin, as lines from 0: black as far as is sure, grey as far as is open.

    Those of one step stand one over the other: of them the furthest is seen.
    """
    low = min(Decimal(0), *(trade.worst for trade in trades))
    high = max(Decimal(0), *(trade.best for trade in trades))
    scale = CONTEXT.divide(Decimal(_TRADES), high - low) if high > low else Decimal(0)
    ground = top + _LINE

    def at(value: Decimal) -> Decimal:
        return ground + (high - value) * scale

    yield text_at(left, top, "R of each trade where it begins: black is sure, grey is open")
    by_step: dict[int, list[BandTrade]] = {}
    for trade in trades:
        by_step.setdefault(trade.step, []).append(trade)
    thick = max(1, min(6, _WIDE // (2 * max(len(by_step), 1))))
    for step, those in sorted(by_step.items()):
        x = left + CONTEXT.divide(Decimal((2 * step + 1) * _WIDE), Decimal(2 * count))
        for colour, lows, highs in (
            ("#aaa", [trade.worst for trade in those], [trade.best for trade in those]),
            ("#000", [trade.best for trade in those], [trade.worst for trade in those]),
        ):
            bottom, summit = min(Decimal(0), *lows), max(Decimal(0), *highs)
            if bottom < summit:
                yield line(x, at(summit), x, at(bottom), f'stroke="{colour}" stroke-width="{thick}"')
    yield line(left, at(Decimal(0)), left + _WIDE, at(Decimal(0)), 'stroke="#000"')
    for value in {low, high} - {Decimal(0)}:
        yield text_at(left - 8, at(value), f"{rounded(value, 2):+f}R", end=True)


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
