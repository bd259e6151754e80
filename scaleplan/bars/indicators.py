"""What signals are found by: the average true range, and the bars on which a rule gives one. Search, in doubles.

A signal of a bar rests on that bar and those before it, never on a later one. Wilder's average true range begins as
the mean of its first true ranges and goes on as `(before * (n - 1) + range) / n` (New Concepts in Technical Trading
Systems, 1978).
"""

from typing import Any, NamedTuple

import numpy as np

from scaleplan.bars.records import Bars, Floats
from scaleplan.quantity.signal import SignalKind, SignalRule

_MINUTE = 60_000_000_000
_ROUNDING = 1e-12


class BarSignal(NamedTuple):
    """A signal: the bar that gives it at its close, and its sign, +1 or -1; 0 where the rule has none."""

    bar: int
    sign: int


class NoColumn(Exception):  # noqa: N818 - it is a state of the bars, not an error of the program
    """Bars have no column of a name; `names` are those that they have."""

    def __init__(self, name: str, names: tuple[str, ...]) -> None:
        super().__init__(name, names)
        self.name = name
        self.names = names


def column_of(bars: Bars, name: str) -> Any:  # noqa: ANN401 - a column of any kind
    """Returns a column of bars by its name, in any case. Raises `NoColumn`."""
    for known, values in bars.columns.items():
        if known.lower() == name.lower():
            return values
    raise NoColumn(name, tuple(bars.columns))


def average_true_range(bars: Bars, count: int, minutes: int | None) -> Floats:
    """Returns Wilder's ATR known at the close of each bar; not a number while too few bars are complete.

    With `minutes` it is that of longer bars from 00:00 UTC, each complete when a bar closes at or after its end.
    """
    if minutes is None or minutes * _MINUTE <= bars.step_ns:
        return _wilder(bars.high, bars.low, bars.close, count)
    size = minutes * _MINUTE
    blocks = bars.time // size
    starts = np.flatnonzero(np.r_[True, blocks[1:] != blocks[:-1]])
    ends = np.r_[starts[1:], len(bars)] - 1
    high, low = np.maximum.reduceat(bars.high, starts), np.minimum.reduceat(bars.low, starts)
    found = _wilder(high, low, bars.close[ends], count)
    # A block is complete at the close of the bar that reaches its end, or else when a later one has begun.
    complete = np.searchsorted(bars.time + bars.step_ns, (blocks[starts] + 1) * size)
    known = np.full(len(bars), np.nan)
    for at, value in zip(complete.tolist(), found.tolist(), strict=True):
        if at < len(bars):
            known[at] = value
    last = np.maximum.accumulate(np.where(np.isnan(known), -1, np.arange(len(bars))))
    return np.where(last < 0, np.nan, known[last])


def _wilder(high: Floats, low: Floats, close: Floats, count: int) -> Floats:
    ranges = high - low
    if len(ranges) > 1:
        before = close[:-1]
        ranges[1:] = np.maximum(ranges[1:], np.maximum(np.abs(high[1:] - before), np.abs(low[1:] - before)))
    found = np.full(len(ranges), np.nan)
    if len(ranges) < count:
        return found
    value = float(ranges[:count].mean())
    values = [value]
    for each in ranges[count:].tolist():
        value = (value * (count - 1) + each) / count
        values.append(value)
    found[count - 1 :] = values
    return found


def signals_of(rule: SignalRule, bars: Bars, sides: tuple[int, ...], seed: int = 0) -> list[BarSignal]:
    """Returns the signals of a rule in order of time, for the sides that a template can take. Raises `NoColumn`."""
    if rule.kind is SignalKind.COLUMN:
        return _of_column(column_of(bars, rule.column), sides)
    if rule.kind is SignalKind.EVERY:
        size = rule.minutes * _MINUTE
        blocks = bars.time // size
        first = np.r_[[bool(len(bars)) and bars.time[0] % size == 0], blocks[1:] != blocks[:-1]]
        return [BarSignal(bar, sides[0] if len(sides) == 1 else 0) for bar in _places(first[: len(bars)])]
    if rule.kind is SignalKind.RANDOM:
        drawn = np.random.default_rng([seed, 1]).random(len(bars)) < float(rule.share)
        return [BarSignal(bar, sides[0] if len(sides) == 1 else 0) for bar in _places(drawn)]
    found = [BarSignal(bar, sign) for sign in sides for bar in _places(_looking_back(rule, bars, sign))]
    return sorted(found)


def drawn_bars(bars: Bars, count: int, sides: tuple[int, ...], seed: int, draw: int) -> list[BarSignal]:
    """Returns so many bars drawn at random, in order of time, each with one of the sides."""
    dice = np.random.default_rng([seed, 2, draw])
    chosen = np.sort(dice.choice(max(len(bars) - 1, 0), size=min(count, max(len(bars) - 1, 0)), replace=False))
    signs = dice.choice(np.array(sides), size=len(chosen))
    return [BarSignal(int(bar), int(sign)) for bar, sign in zip(chosen, signs, strict=True)]


def _places(mask: Any) -> list[int]:  # noqa: ANN401 - an array of truths
    return [int(bar) for bar in np.flatnonzero(mask)]


def _of_column(values: Any, sides: tuple[int, ...]) -> list[BarSignal]:  # noqa: ANN401 - a column of any kind
    numbers = np.nan_to_num(np.array([_number(value) for value in values]))
    found = []
    for bar in _places(numbers != 0):
        if len(sides) == 1:
            found.append(BarSignal(bar, sides[0]))
        else:
            found.append(BarSignal(bar, 1 if numbers[bar] > 0 else -1))
    return found


def _number(value: object) -> float:
    """Returns a value of a column as a number; words for true and false too."""
    words = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0, "buy": 1.0, "sell": -1.0, "long": 1.0, "short": -1.0}
    if value is None:
        return 0.0
    text = str(value).strip().lower()
    if text in words:
        return words[text]
    try:
        return float(text)
    except ValueError:
        return 0.0


def _looking_back(rule: SignalRule, bars: Bars, sign: int) -> Any:  # noqa: ANN401 - an array of truths
    """Returns the bars that give a signal of a sign, of those with enough bars before them."""
    count = rule.bars
    found = np.zeros(len(bars), dtype=bool)
    if len(bars) <= count:
        return found
    close = bars.close
    if rule.kind is SignalKind.BREAKOUT:
        edge = _extreme(bars.high if sign > 0 else bars.low, count, sign)
        found[count:] = sign * (close[count:] - edge[:-1]) > 0
    elif rule.kind is SignalKind.DIP:
        edge = _extreme(close, count, sign)
        part = float(1 - sign * rule.share)
        # What a double may be wrong by decides nothing: a fall of just so much is one.
        found[count:] = sign * (close[count:] - edge[:-1] * part) <= _ROUNDING * edge[:-1]
    else:
        mean = _mean(close, count)
        above = sign * (close[count - 1 :] - mean) > 0
        found[count:] = above[1:] & ~above[:-1]
    return found


def _extreme(values: Floats, count: int, sign: int) -> Floats:
    """Returns the highest (lowest) of each `count` values in turn."""
    pick = np.maximum if sign > 0 else np.minimum
    found, size = values.copy(), 1
    while size < count:
        step = min(size, count - size)
        found = pick(found[:-step], found[step:])
        size += step
    return found


def _mean(values: Floats, count: int) -> Floats:
    sums = np.cumsum(np.r_[0.0, values - values[0]])
    return (sums[count:] - sums[:-count]) / count + values[0]


def priced(values: Any, bar: int) -> str:  # noqa: ANN401 - a column of any kind
    """Returns what stands in a column at a bar, as a number that was typed; empty where none does."""
    value = values[bar]
    text = "" if value is None else str(value).strip()
    return text if text and text.lower() not in ("nan", "inf", "-inf", "none") else ""


def short(value: float) -> str:
    """Returns a double with 12 significant digits, as a number is typed."""
    return np.format_float_positional(value, precision=12, fractional=False, trim="-")
