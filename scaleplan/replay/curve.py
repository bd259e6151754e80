"""The equity of a replay at each close, along the way to the worst result and along that to the best.

Start, and net of what is closed, and the open result of what is held less its entry fees, and less funding paid.
Without an account the start is 0. The two may cross: each is the equity of its own way.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from scaleplan.bars.closes import START, places_in, worth_at
from scaleplan.engine.holding import Holding
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.replay import Replayed
from scaleplan.replay.records import ReplayEnd


class CurvePoint(NamedTuple):
    """Equity at the close of a bar: on the way to the worst result, and to the best."""

    time: int
    worst: Decimal
    best: Decimal


class _Line:
    """The equity on one way, bar after bar of the series given."""

    def __init__(self, replay: Replayed, end: ReplayEnd) -> None:
        series = (replay.tape.bars, *replay.tape.finer)
        way = end.result.events
        events = () if way is None else way.listed()
        times = [int(series[each.series].time[each.bar]) for each in events]
        self._events = list(zip(times, events, strict=True))[::-1]
        self._payments = list(() if way is None else way.payments())[::-1]
        self._held: Holding | None = None
        self._closed = ZERO

    def at(self, close: Decimal, closes: int) -> Decimal:
        """Returns what is won at the close of a bar, at a moment; bars come in turn."""
        self.pass_to(closes)
        return self.worth(close)

    def pass_to(self, closes: int) -> None:
        """Takes up what has happened until a bar closes, at a moment."""
        while self._payments and self._payments[-1].time < closes:
            self._closed -= self._payments.pop().amount
        while self._events and self._events[-1][0] < closes:
            step = self._events.pop()[1].step
            self._closed += step.result
            held = None if step.state is None else step.state.held
            self._held = held if held is not None and held.position.quantity else None

    def worth(self, close: Decimal) -> Decimal:
        """Returns what is won where price closes."""
        held = self._held
        if held is None:
            return self._closed
        return self._closed + held.position.pnl(close) - held.position.entry_fees

    def searched(self, closes: Any) -> Any:  # noqa: ANN401 - arrays of doubles
        """Returns `worth` at many closes, in doubles."""
        return worth_at(None if self._held is None else self._held.position, self._closed, closes)


def equity_curve(replay: Replayed) -> Iterator[CurvePoint]:
    """Yields the equity at the close of each bar, from the first that the plan was walked over."""
    bars = replay.tape.bars
    start = replay.plan.account.equity or ZERO
    worst, best = _Line(replay, replay.worst), _Line(replay, replay.best)
    for bar in range(replay.start, len(bars)):
        time, close = int(bars.time[bar]), bars.exact(bar)[3]
        closes = time + bars.step_ns
        yield CurvePoint(time, start + worst.at(close, closes), start + best.at(close, closes))


class Reach(NamedTuple):
    """The equity over some bars on one way: the least and the most at any close, and the deepest fall.

    `fall` is that at any of these closes from the highest close before it, or from the start.
    """

    least: Decimal
    most: Decimal
    fall: Decimal


class BandPoint(NamedTuple):
    """The equity over some bars, of which the first opens at a moment, on the way to the worst and to the best."""

    time: int
    worst: Reach
    best: Reach


@exact
def equity_band(replay: Replayed, most: int) -> tuple[BandPoint, ...]:
    """Returns the equity at all closes until the plan is over, taken together to no more than so many points.

    While nothing happens equity follows the close: where it is least, most and deepest is searched in doubles, and what
    it is there is exact.
    """
    bars, first = replay.tape.bars, replay.start
    count = replay.last + 1 - first
    points = min(most, count)
    edges = [first + count * number // points for number in range(points + 1)]
    spans = list(pairwise(edges))
    lines = [_reaches(replay, end, spans) for end in (replay.worst, replay.best)]
    times = [int(bars.time[start]) for start, _ in spans]
    return tuple(map(BandPoint, times, *lines))


def _reaches(replay: Replayed, end: ReplayEnd, spans: list[tuple[int, int]]) -> list[Reach]:
    bars = replay.tape.bars
    start = replay.plan.account.equity or ZERO
    line, changes = _Line(replay, end), _changes(replay, end)
    #: The highest close so far, exactly, and as it was searched.
    highest, near = ZERO, START
    found = []
    for begin, stop in spans:
        cuts = [begin, *changes[bisect_right(changes, begin) : bisect_left(changes, stop)], stop]
        values: list[Decimal] = []
        fall = ZERO
        for low, high in pairwise(cuts):
            line.pass_to(int(bars.time[low]) + bars.step_ns)
            places = places_in(line.searched(bars.close[low:high]), near)
            worth = {at: line.worth(bars.exact(low + at)[3]) for at in set(places[:4]) - {-1}}
            values += [start + worth[places.least], start + worth[places.most]]
            fall = max(fall, (highest if places.high < 0 else worth[places.high]) - worth[places.low])
            highest, near = max(highest, worth[places.most]), places.highest
        found.append(Reach(min(values), max(values), fall))
        bars.release()
    return found


def _changes(replay: Replayed, end: ReplayEnd) -> list[int]:
    """Returns the bars in which something has happened on a way, or funding was paid."""
    bars, series = replay.tape.bars, (replay.tape.bars, *replay.tape.finer)
    way = end.result.events
    if way is None:
        return []
    times = [int(series[each.series].time[each.bar]) for each in way.listed()]
    times += [paid.time for paid in way.payments()]
    return sorted({bisect_right(bars.time, time) - 1 for time in times})
