"""Bars that float on one axis, and a stick for each of many values, as SVG in black on white."""

from decimal import Decimal

from scaleplan.quantity.rounding import CONTEXT, grouped, rounded
from scaleplan.report.drawings import FloatingBars, Sticks
from scaleplan.report.spans import limits
from scaleplan.report.svg import GAP, LINE, MARGIN, Drawing, line, number, text_at, width_of

#: Lengths in pixels: of bars across, of one bar down, of sticks across and down, and the broadest stick.
_ACROSS, _BAR, _WIDE, _HIGH, _BROADEST = 420, 12, 720, 220, 14
_THIN = 'stroke="#000" stroke-width="0.7"'
_FAINT = 'stroke="#999" stroke-dasharray="2 3"'


def spans_drawing(part: FloatingBars) -> Drawing:
    """Returns the bars under each other; sums are black, what is added white and what is taken grey."""
    low, high = limits([value for span in part.spans for value in (span.begin, span.end)])
    names = Decimal(MARGIN)
    figures = names + width_of(span.label for span in part.spans) + GAP + width_of(span.text for span in part.spans)
    left = figures + GAP
    scale = CONTEXT.divide(Decimal(_ACROSS), high - low)

    def at(value: Decimal) -> Decimal:
        return left + (value - low) * scale

    elements = [text_at(names, MARGIN, part.title, strong=True)]
    top = MARGIN + LINE
    bottom = Decimal(top + LINE * len(part.spans))
    elements.append(line(at(Decimal(0)), top - LINE // 2, at(Decimal(0)), bottom - LINE // 2, _THIN))
    for row, span in enumerate(part.spans):
        down = Decimal(top + LINE * row)
        elements.append(text_at(names, down, span.label, strong=span.whole))
        elements.append(text_at(figures, down, span.text, end=True, strong=span.whole))
        begin, end = (at(value) for value in sorted((span.begin, span.end)))
        inside = "#000" if span.whole else "#fff" if span.end >= span.begin else "#999"
        if span.begin != span.end:
            box = f'x="{number(begin)}" y="{number(down - _BAR // 2)}" width="{number(max(end - begin, Decimal(1)))}"'
            elements.append(f'<rect {box} height="{_BAR}" fill="{inside}" {_THIN}/>')
        following = part.spans[row + 1 : row + 2]
        if following and span.end in (following[0].begin, following[0].end):
            # Where one ends the next begins.
            edge = at(span.end)
            elements.append(line(edge, down + _BAR // 2, edge, down + LINE - _BAR // 2, _FAINT))
    return Drawing(tuple(elements), left + _ACROSS + MARGIN, bottom + LINE)


def sticks_drawing(part: Sticks) -> Drawing:
    """Returns a stick for each value in its order, all of them, however thin."""
    low, high = limits(part.values)
    labels = [f"{grouped(rounded(value, 2), signed=True)}{part.unit}" for value in (high, low)]
    left = MARGIN + width_of(labels) + GAP // 2
    top = Decimal(MARGIN + LINE)
    scale = CONTEXT.divide(Decimal(_HIGH), high - low)
    across = min(CONTEXT.divide(Decimal(_WIDE), Decimal(len(part.values))), Decimal(_BROADEST))
    right = left + across * len(part.values)
    ground = top + high * scale
    elements = [text_at(MARGIN, MARGIN, part.title, strong=True)]
    for value, label in zip((high, low), labels, strict=True):
        at = top + (high - value) * scale
        if value:
            elements += [line(left, at, right, at, _FAINT), text_at(left - GAP // 2, at, label, end=True)]
    elements.append(text_at(left - GAP // 2, ground, "0", end=True))
    marks = [
        f"M{number(left + across * index + across / 2)},{number(ground)}V{number(ground - value * scale)}"
        for index, value in enumerate(part.values)
    ]
    broad = number(max(across * Decimal("0.7"), Decimal("0.05")))
    elements.append(f'<path d="{"".join(marks)}" fill="none" stroke="#000" stroke-width="{broad}"/>')
    elements.append(line(left, ground, right, ground, _THIN))
    foot = top + _HIGH + LINE
    elements += [text_at(left, foot, part.first)]
    width = max(right, left + width_of([part.first]) + GAP + width_of([part.last]))
    if part.last != part.first:
        elements.append(text_at(width, foot, part.last, end=True))
    return Drawing(tuple(elements), max(width, MARGIN + width_of([part.title])) + MARGIN, foot + LINE)
