"""What a walk asks of bars: the next that touches a level, the extreme of a stretch, which finer bars cover one."""

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from scaleplan.bars.store import furthest, maximum_so_far
from scaleplan.plan import Trail
from scaleplan.quantity.exact import same

#: How many bars are looked at together, at first and at most.
_FEW, _MANY = 64, 1 << 16
#: What doubles may be wrong by in a stop, as a share of price.
_ROUNDING = 1e-12


class Series(Protocol):
    """Bars in order of time."""

    time: Any
    open: Any
    high: Any
    low: Any
    close: Any
    step_ns: int

    def line_of(self, index: int) -> int:
        """Returns the line of a bar in its file, from 1."""
        ...

    def __len__(self) -> int: ...

    def release(self) -> None:
        """Lets go of the memory of arrays that are mapped from a file."""
        ...

    def exact(self, index: int) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """Returns the four prices of a bar as they were typed."""
        ...


def first_touch(bars: Series, bar: int, until: int, below: Decimal | None, above: Decimal | None) -> int:
    """Returns the first bar from `bar` on that reaches a level below or above; `until` where none does.

    Rounding to doubles keeps order: a bar that reaches a level exactly is never missed.
    """
    if below is None and above is None:
        return until
    low = float("-inf") if below is None else float(below)
    high = float("inf") if above is None else float(above)
    size = _FEW
    while bar < until:
        end = min(bar + size, until)
        touched = (bars.high[bar:end] >= high) | (bars.low[bar:end] <= low)
        if touched.any():
            return bar + int(touched.argmax())
        if size == _MANY:
            bars.release()
        bar, size = end, min(size * 4, _MANY)
    return until


def trail_touch(
    bars: Series, bar: int, until: int, trail: Trail, best: Decimal, floor: Decimal | None, sign: int
) -> int:
    """Returns the first bar from `bar` on that may close what trails; `until` where none does.

    `best` is the best price it can have met, `floor` a nearer stop. A bar too many is looked at rather than missed.
    """
    ahead, behind = (bars.high, bars.low) if sign > 0 else (bars.low, bars.high)
    met = sign * float(best)
    share = 0.0 if trail.ratio is None else sign * float(trail.ratio)
    distance = 0.0 if trail.distance is None else float(trail.distance)
    nearest = float("-inf") if floor is None else sign * float(floor)
    size = _FEW
    while bar < until:
        end = min(bar + size, until)
        bests = (sign * ahead[bar:end]).clip(met)
        bests = maximum_so_far(bests)
        stops = (bests - bests * share - distance).clip(nearest) + abs(bests) * _ROUNDING
        touched = sign * behind[bar:end] <= stops
        if touched.any():
            return bar + int(touched.argmax())
        met = bests[-1]
        if size == _MANY:
            bars.release()
        bar, size = end, min(size * 4, _MANY)
    return until


def extreme(bars: Series, bar: int, until: int, sign: int) -> Decimal:
    """Returns the highest high of a stretch of bars, or with a sign of -1 the lowest low."""
    values = bars.high if sign > 0 else bars.low
    return bars.exact(furthest(values, bar, until, sign, bars.release))[1 if sign > 0 else 2]


def covering(bars: Series, bar: int, finer: Series) -> tuple[int, int] | None:
    """Returns the finer bars in the time of a bar, if they cover it: without a hole, or adding up to the bar."""
    begin = int(bars.time[bar])
    start = bisect_left(finer.time, begin)
    stop = bisect_left(finer.time, begin + bars.step_ns, start)
    if stop <= start:
        return None
    if stop - start == bars.step_ns // finer.step_ns:
        return start, stop
    return (start, stop) if adds_up(bars, bar, finer, start, stop) else None


def adds_up(bars: Series, bar: int, finer: Series, start: int, stop: int) -> bool:
    """Whether finer bars together are a bar: its open, high, low and close."""
    whole = finer.exact(start)[0], extreme(finer, start, stop, 1), extreme(finer, start, stop, -1)
    return (*whole, finer.exact(stop - 1)[3]) == bars.exact(bar)


def without_mark(bars: Series, start: int, stop: int, mark: Series) -> int:
    """Counts the bars from `start` to `stop` in whose time there is no mark price: the last price stands for it."""
    count = 0
    for begin in range(start, stop, _MANY):
        times = bars.time[begin : min(begin + _MANY, stop)]
        count += int((mark.time.searchsorted(times) == mark.time.searchsorted(times + bars.step_ns)).sum())
        bars.release()
    return count


class MarkSeries:
    """Bars of mark prices, beside those of last prices."""

    def __init__(self, mark: Series) -> None:
        self._mark = mark
        self._by_series: dict[int, tuple[Sequence[int], Sequence[int]]] = {}

    def reaches(self, bars: Series, bar: int, price: Decimal, sign: int) -> bool:
        """Whether mark prices in the time of a bar reach a price; where there are none, whether last prices do."""
        begin = int(bars.time[bar])
        start = bisect_left(self._mark.time, begin)
        stop = bisect_left(self._mark.time, begin + bars.step_ns, start)
        worst = extreme(self._mark, start, stop, -sign) if stop > start else bars.exact(bar)[2 if sign > 0 else 1]
        return sign * (worst - price) <= 0 or same(worst, price)

    def first(self, bars: Series, bar: int, until: int, price: Decimal, sign: int) -> int:
        """Returns the first bar from `bar` on in whose time mark prices reach a price; `until` where none does."""
        if bar >= until:
            return until
        mark = self._mark
        below, above = (price, None) if sign > 0 else (None, price)
        here = bisect_left(mark.time, int(bars.time[bar]))
        behind = bisect_left(mark.time, int(bars.time[until - 1]) + bars.step_ns, here)
        found = until
        while here < behind:
            here = first_touch(mark, here, behind, below, above)
            if here >= behind:
                break
            holds = bisect_left(bars.time, int(mark.time[here]) + 1) - 1
            if holds >= bar and int(mark.time[here]) < int(bars.time[holds]) + bars.step_ns:
                found = holds
                break
            here += 1
        # Where there is no mark price, the last price stands for it: what it touches is looked at.
        own = first_touch(bars, bar, found, below, above)
        while own < found and not self.reaches(bars, own, price, sign):
            own = first_touch(bars, own + 1, found, below, above)
        return own
