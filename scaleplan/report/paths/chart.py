"""The picture of a distribution: bars of characters over equal steps of the result, worst first.

A step that holds 0 begins or ends there, so that losses and profits never share one. Bars are block characters, or `#`
where a stream cannot show these; the chance stands beside each, so that nothing depends on the bars.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from scaleplan.paths.records import Outcome
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.report.layout import Cell, Line, Role
from scaleplan.report.paths.words import chance
from scaleplan.report.rounding import grouped, places_of, rounded
from scaleplan.report.visible import cells as text_width

#: At most so many steps.
_MOST_STEPS = 12
_NOISE_PLACES = 20
_WHOLE, _HALF, _ASCII = "█", "▌", "#"
_WIDEST, _NARROWEST = 40, 4


class Bin(NamedTuple):
    """A step of the result from `low`, in it, to `high`, and the chance of an end in it."""

    low: Decimal
    high: Decimal
    chance: Decimal


def bins(outcomes: Sequence[Outcome]) -> tuple[Bin, ...]:
    """The distribution of the result, in R where all ends have one, else in money; every step between is there."""
    values = [_value(outcome) for outcome in outcomes]
    low, high = min(values), max(values)
    step = next(one for one in _steps(high - low or ONE) if _count(low, high, one) <= _MOST_STEPS)
    first = _below(low, step)
    chances = [ZERO] * _count(low, high, step)
    for value, outcome in zip(values, outcomes, strict=True):
        chances[int(_below(value, step) - first)] += outcome.probability
    return tuple(
        Bin((first + number) * step, (first + number + 1) * step, found) for number, found in enumerate(chances)
    )


def picture(outcomes: Sequence[Outcome], unit: str, width: int, *, blocks: bool) -> list[Line]:
    """The bars of a distribution, a line each, in at most `width` columns; `unit` is `R` or a currency.

    One result alone is no distribution, and has no picture.
    """
    values = map(_value, outcomes)
    first = next(values, None)
    if all(value == first for value in values):
        return []
    found = bins(outcomes)
    places = max(places_of(found[0].high - found[0].low), 0)
    lows = [grouped(rounded(one.low, places), signed=True) for one in found]
    highs = [grouped(rounded(one.high, places), signed=True) for one in found]
    low_width, high_width = (max(map(text_width, texts)) for texts in (lows, highs))
    gap = "" if unit == "R" else " "
    told = [chance(one.chance) for one in found]
    label = low_width + 4 + high_width + len(gap) + text_width(unit)
    most = max(one.chance for one in found)
    room = min(_WIDEST, width - label - 2 - max(map(len, told)) - 2)
    lines: list[Line] = []
    for one, low, high, said in zip(found, lows, highs, told, strict=True):
        begin = f"{low:>{low_width}} to {high:>{high_width}}{gap}{unit}  {said:>{max(map(len, told))}}"
        drawn = bar(one.chance, most, room, blocks=blocks) if room >= _NARROWEST else ""
        role = Role.GAIN if one.low >= 0 else Role.LOSS
        lines.append((Cell(begin), Cell("  "), Cell(drawn, role)) if drawn else (Cell(begin),))
    return lines


def bar(value: Decimal, most: Decimal, width: int, *, blocks: bool) -> str:
    """A bar as long beside one of `width` as `value` is beside `most`; what is not 0 has one."""
    if value <= 0 or most <= 0:
        return ""
    halves = 2 if blocks else 1
    length = max(1, int((value / most * width * halves).to_integral_value(ROUND_CEILING)))
    length = min(length, width * halves)
    return _WHOLE * (length // 2) + _HALF * (length % 2) if blocks else _ASCII * length


def _value(outcome: Outcome) -> Decimal:
    return rounded(outcome.net if outcome.net_r is None else outcome.net_r, _NOISE_PLACES)


def _steps(span: Decimal) -> Iterator[Decimal]:
    """Round steps, from one that is surely too small on."""
    exponent = span.adjusted() - 2
    while True:
        for digit in (1, 2, 5):
            yield Decimal(digit).scaleb(exponent)
        exponent += 1


def _below(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_FLOOR)


def _count(low: Decimal, high: Decimal, step: Decimal) -> int:
    return int(_below(high, step) - _below(low, step)) + 1
