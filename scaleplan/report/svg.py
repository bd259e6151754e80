"""Drawings as SVG 1.1, written by hand: shapes and text in black on white, and nothing that is loaded or run.

Lengths are in pixels at 100 %. A character of a monospaced font is taken to be 0.6 of its size wide; what a font makes
of it may differ by a little, so that nothing depends on it: columns begin at fixed places, figures end at theirs.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import NamedTuple

from scaleplan.quantity.rounding import CONTEXT, grouped, rounded
from scaleplan.report.drawings import Mark, MarkKind, PriceScale
from scaleplan.report.layout import wrap
from scaleplan.report.scale import parts_of
from scaleplan.report.visible import cells as text_width
from scaleplan.report.visible import visible

_SIZE = 13
_CHARACTER = Decimal("7.8")
#: What a line of text takes, and the least height of a scale.
LINE, _LEAST = 18, 216
MARGIN, GAP = 12, 16
#: The width of a bar that stands for the whole size, and the height of every bar.
_WHOLE, _BAR = 160, 10
#: From the axis to where labels begin: the way in which a label that had to move finds its level.
_LEADER = 26
_HALF_TICK = 7
#: So far from its level a label needs no line that leads to it.
_NEAR = 2
#: Characters of a line of text.
_LONG = 90
#: What stands in a break.
_FURTHER = "\N{ALMOST EQUAL TO} {} further"
#: Of text above or below the middle of its line.
_DOWN = Decimal("4.5")


class Drawing(NamedTuple):
    """Elements of SVG, and the width and height that they take."""

    elements: tuple[str, ...]
    width: Decimal
    height: Decimal


def number(value: Decimal | int) -> str:
    """Returns a length as SVG has it, to a hundredth."""
    text = f"{CONTEXT.quantize(Decimal(value), Decimal('0.01')):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_at(
    x: Decimal | int, y: Decimal | int, text: str, *, end: bool = False, middle: bool = False, strong: bool = False
) -> str:
    """Returns a text that begins at a place, ends there or has it in its middle; nothing of it is markup."""
    anchor = ' text-anchor="end"' if end else ' text-anchor="middle"' if middle else ""
    weight = ' font-weight="bold"' if strong else ""
    place = f'x="{number(x)}" y="{number(Decimal(y) + _DOWN)}"'
    return f"<text {place}{anchor}{weight}>{escape(visible(text))}</text>"


def line(x1: Decimal | int, y1: Decimal | int, x2: Decimal | int, y2: Decimal | int, style: str = "") -> str:
    """Returns a line; `style` are further attributes."""
    ends = " ".join(
        f'{name}="{number(at)}"' for name, at in zip(("x1", "y1", "x2", "y2"), (x1, y1, x2, y2), strict=True)
    )
    return f"<line {ends}{f' {style}' if style else ''}/>"


def width_of(texts: Iterable[str]) -> Decimal:
    """Returns the width of the widest text."""
    return max((text_width(text) for text in texts), default=0) * _CHARACTER


def group(drawings: Sequence[Drawing]) -> Drawing:
    """Returns drawings under each other."""
    elements: list[str] = []
    down = Decimal(0)
    for each in drawings:
        elements += [f'<g transform="translate(0 {number(down)})">', *each.elements, "</g>"]
        down += each.height
    return Drawing(tuple(elements), max(each.width for each in drawings), down)


def svg(drawing: Drawing, title: str, description: str, *, alone: bool = False) -> str:
    """Returns a drawing as one element; `alone` as a document of its own, which declares what it is."""
    width, height = number(drawing.width), number(drawing.height)
    space = ' xmlns="http://www.w3.org/2000/svg" version="1.1"' if alone else ""
    box = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    lines = (
        *(('<?xml version="1.0" encoding="UTF-8"?>',) if alone else ()),
        f'<svg{space} {box} role="img" font-family="monospace" font-size="{_SIZE}" fill="#000" stroke="none">',
        f"<title>{escape(visible(title))}</title>",
        f"<desc>{escape(visible(description))}</desc>",
        *((f'<rect width="{width}" height="{height}" fill="#fff"/>',) if alone else ()),
        *drawing.elements,
        "</svg>",
    )
    return "\n".join(lines).encode("ascii", "xmlcharrefreplace").decode("ascii") + "\n"


def text_drawing(texts: Sequence[str]) -> Drawing:
    """Returns lines of text under each other, the first of them strong; long ones in several."""
    lines = [
        ("".join(cell.text for cell in part), index == 0)
        for index, text in enumerate(texts)
        for part in wrap(text, _LONG)
    ]
    elements = [text_at(MARGIN, LINE * (row + 1), text, strong=strong) for row, (text, strong) in enumerate(lines)]
    width = width_of(text for text, _ in lines) + 2 * MARGIN
    return Drawing(tuple(elements), width, Decimal(LINE * (len(lines) + 1)))


# The ladder


class _Places(NamedTuple):
    """Where the columns of a ladder stand: the axis, bars, names, words, and where results end."""

    axis: Decimal
    bars: Decimal
    names: Decimal
    words: Decimal
    end: Decimal


def ladder_drawing(scale: PriceScale) -> Drawing:
    """Returns a scale of prices: every level at its own height, its label beside it or as near as others leave room."""
    above, within, below = parts_of(scale.marks)
    places = _places(scale, above, below)
    height = Decimal(max(_LEAST, LINE * (len(within) - 1)))
    top = Decimal(LINE * (1 + 2 * len(above)))
    highest, span = within[0].price, within[0].price - within[-1].price
    heights = [top + (CONTEXT.divide(highest - mark.price, span) * height if span else 0) for mark in within]
    height = height if span else Decimal(LINE * (len(within) - 1))
    elements = [line(places.axis, top, places.axis, top + height, 'stroke="#000"')]
    for mark, at, label in zip(within, heights, spread(heights, top, top + height), strict=True):
        elements += _level(mark, at, label, places, bare=scale.bare)
    for index, (mark, following) in enumerate(pairwise((*above, within[0]))):
        at = Decimal(LINE * (1 + 2 * index))
        elements += [
            *_level(mark, at, at, places, bare=scale.bare),
            *_break(mark.price - following.price, at, at + 2 * LINE, places, scale),
        ]
    bottom = top + height
    for index, (before, mark) in enumerate(pairwise((within[-1], *below))):
        at = bottom + LINE * 2 * (index + 1)
        elements += [
            *_break(before.price - mark.price, at - 2 * LINE, at, places, scale),
            *_level(mark, at, at, places, bare=scale.bare),
        ]
    return Drawing(tuple(elements), places.end + MARGIN, bottom + LINE * 2 * len(below) + LINE)


def _places(scale: PriceScale, above: Sequence[Mark], below: Sequence[Mark]) -> _Places:
    marks = scale.marks
    axis = MARGIN + width_of(mark.text for mark in marks) + GAP
    bars = axis + _LEADER
    names = bars + max(mark.size for mark in marks) * _WHOLE + (GAP if any(mark.size for mark in marks) else 0)
    words = names + width_of(mark.name for mark in marks) + GAP
    results = width_of(mark.result for mark in marks)
    if scale.bare:
        gaps = names + width_of([_FURTHER.format(marks[0].text)] if above or below else [])
        return _Places(axis, bars, names, names, max(words + results, gaps))
    behind = words + width_of(_words(mark) for mark in marks if mark.result) + GAP
    return _Places(
        axis,
        bars,
        names,
        words,
        max(behind + results, words + width_of(_words(mark) for mark in marks if not mark.result)),
    )


def _words(mark: Mark) -> str:
    return mark.between.join(mark.words)


def spread(heights: Sequence[Decimal], top: Decimal, bottom: Decimal) -> list[Decimal]:
    """Returns where labels stand: a line apart, each as near to its level as those around it leave room.

    Labels that would overlap share their displacement: they stand together around the middle of their levels.
    """
    blocks: list[list[Decimal | int]] = []  # sum of wanted begins, count
    for index, height in enumerate(heights):
        blocks.append([height - LINE * index, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + count]
    found: list[Decimal] = []
    last = bottom - LINE * (len(heights) - 1)
    for total, count in blocks:
        begin = min(max(Decimal(total) / count, top), last)
        found += [begin + LINE * (len(found) + place) for place in range(int(count))]
    return found


def _level(mark: Mark, at: Decimal, label: Decimal, places: _Places, *, bare: bool) -> Iterator[str]:
    axis = places.axis
    yield from _tick(mark.kind, axis, at)
    yield text_at(axis - GAP, label, mark.text, end=True, strong=mark.kind is MarkKind.STOP)
    if abs(label - at) > _NEAR:
        left = axis if mark.kind is MarkKind.TIER else axis - _HALF_TICK
        right = axis if mark.kind is MarkKind.TARGET else axis + _HALF_TICK
        yield line(axis - GAP + 2, label, left, at, 'stroke="#000" stroke-width="0.5"')
        yield line(right, at, axis + _LEADER - 4, label, 'stroke="#000" stroke-width="0.5"')
    if mark.size:
        # What is bought or sold to enter is filled, what is closed is an outline: paper and eyes need no colour.
        inside = "#000" if mark.kind is MarkKind.TIER else "#fff"
        box = f'x="{number(places.bars)}" y="{number(label - _BAR // 2)}" width="{number(mark.size * _WHOLE)}"'
        yield f'<rect {box} height="{_BAR}" fill="{inside}" stroke="#000"/>'
    yield text_at(places.names, label, mark.name, strong=True)
    if mark.words and not bare:
        yield text_at(places.words, label, _words(mark))
    if mark.result:
        yield text_at(places.end, label, mark.result, end=True, strong=True)


def _tick(kind: MarkKind, axis: Decimal, at: Decimal) -> Iterator[str]:
    left, right = axis - _HALF_TICK, axis + _HALF_TICK
    match kind:
        case MarkKind.TARGET:
            yield line(left, at, axis, at, 'stroke="#000" stroke-width="1.5"')
        case MarkKind.TIER:
            yield line(axis, at, right, at, 'stroke="#000" stroke-width="1.5"')
        case MarkKind.AVERAGE:
            yield line(left, at, right, at, 'stroke="#000" stroke-dasharray="2 2"')
        case MarkKind.STOP:
            yield line(left, at, right, at, 'stroke="#000" stroke-width="3"')
        case MarkKind.LIQUIDATION:
            yield line(left, at - 5, right, at + 5, 'stroke="#000" stroke-width="2"')
            yield line(left, at + 5, right, at - 5, 'stroke="#000" stroke-width="2"')


def _break(away: Decimal, top: Decimal, bottom: Decimal, places: _Places, scale: PriceScale) -> Iterator[str]:
    yield line(places.axis, top, places.axis, bottom, 'stroke="#000" stroke-dasharray="2 4"')
    yield text_at(places.words, (top + bottom) / 2, _FURTHER.format(grouped(rounded(away, scale.places))))
