"""Curves as SVG: each told apart by its dashes and by its name at its end, over a grid of round results."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.quantity.rounding import CONTEXT
from scaleplan.report.curves import ResultGrid, grid_of, label
from scaleplan.report.drawings import Curve, Curves, Tick
from scaleplan.report.svg import GAP, LINE, MARGIN, Drawing, line, number, spread, text_at, width_of

#: The width and height of the grid.
_ACROSS, _DOWN = 560, 288
#: The dashes of curves, in turn; the first is whole.
_DASHES = ("", "8 3", "3 3", "10 3 2 3", "1 3", "14 4", "6 2 1 2 1 2", "2 6", "12 2 4 2")


#: Lines that lead the eye and are no curve: dots, because a printer makes a full line of the thinnest.
_FAINT = 'stroke="#000" stroke-width="0.5" stroke-dasharray="1 5"'


class _Plane(NamedTuple):
    """Where prices and results stand: the left and the range of prices, and the grid of results."""

    left: Decimal
    low: Decimal
    high: Decimal
    grid: ResultGrid

    def across(self, price: Decimal) -> Decimal:
        """Returns the place of a price."""
        return self.left + CONTEXT.divide((price - self.low) * _ACROSS, self.high - self.low)

    def down(self, value: Decimal) -> Decimal:
        """Returns the place of a result."""
        return LINE + CONTEXT.divide((self.grid.top - value) * _DOWN, self.grid.step * max(self.grid.rows - 1, 1))

    @property
    def bottom(self) -> Decimal:
        """Returns the place of the lowest result of the grid."""
        return self.down(self.grid.value(self.grid.rows - 1))


def curve_drawing(curves: Curves) -> Drawing:
    """Returns the curves over their prices, the results at the left."""
    grid = grid_of(curves.curves, curves.rows)
    labels = [label(grid.value(row), grid.step, curves.unit) for row in range(grid.rows)]
    low = min(curve.points[0][0] for curve in curves.curves)
    high = max(curve.points[-1][0] for curve in curves.curves)
    plane = _Plane(MARGIN + width_of(labels) + GAP, low, high, grid)
    right = plane.left + _ACROSS
    elements = [*_grid(plane, labels)]
    elements += [_polyline(curve, index, plane) for index, curve in enumerate(curves.curves)]
    # The curve that ends highest has the highest name.
    ends = sorted(curves.curves, key=lambda curve: -curve.points[-1][1])
    heights = [plane.down(curve.points[-1][1]) for curve in ends]
    names = [f"{curve.sign} = {curve.name}" if curve.sign.isalpha() else curve.name for curve in ends]
    for name, at in zip(names, spread(heights, Decimal(LINE), plane.bottom), strict=True):
        elements.append(text_at(right + GAP // 2, at, name, strong=True))
    elements += _ticks(curves.ticks, plane)
    return Drawing(tuple(elements), right + GAP // 2 + width_of(names) + MARGIN, plane.bottom + 4 * LINE)


def _grid(plane: _Plane, labels: Sequence[str]) -> Iterator[str]:
    right = plane.left + _ACROSS
    for row, text in enumerate(labels):
        value = plane.grid.value(row)
        at = plane.down(value)
        yield line(plane.left, at, right, at, 'stroke="#000"' if value == 0 else _FAINT)
        yield text_at(plane.left - GAP // 2, at, text, end=True, strong=value == 0)
    yield line(plane.left, LINE, plane.left, plane.bottom, 'stroke="#000"')


def _polyline(curve: Curve, index: int, plane: _Plane) -> str:
    points = " ".join(f"{number(plane.across(price))},{number(plane.down(value))}" for price, value in curve.points)
    dashes = _DASHES[index % len(_DASHES)]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{points}" fill="none" stroke="#000" stroke-width="1.75"{dashed}/>'


def _ticks(ticks: Sequence[Tick], plane: _Plane) -> Iterator[str]:
    """Prices below the grid, with a thin line up; those that matter most find room first, in two lines each."""
    taken: list[tuple[Decimal, Decimal]] = []
    for tick in ticks:
        at = plane.across(tick.price)
        half = width_of([tick.text, tick.name]) / 2
        if any(at + half + GAP > begin and end + GAP > at - half for begin, end in taken):
            continue
        taken.append((at - half, at + half))
        yield line(at, LINE, at, plane.bottom + 4, _FAINT)
        yield text_at(at, plane.bottom + LINE, tick.text, middle=True)
        yield text_at(at, plane.bottom + 2 * LINE, tick.name, middle=True)
