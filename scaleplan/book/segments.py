"""The equity of one trade on one way, as stretches of bars in which nothing happens: what is closed, and what is held.

At a close it is net of what is closed, and the open result of what is held less its entry fees, less funding paid.
"""

from bisect import bisect_right
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.position import Position
from scaleplan.quantity.exact import ZERO
from scaleplan.replay import Replayed
from scaleplan.replay.records import ReplayEnd


class Segment(NamedTuple):
    """From the close of bar `start` to that of the bar before `stop`: what is won, and what is held, if anything.

    `touched` is whether something was held in the first bar at some time.
    """

    start: int
    stop: int
    closed: Decimal
    held: Position | None
    touched: bool


def segments_of(replay: Replayed, end: ReplayEnd) -> tuple[Segment, ...]:
    """Returns the stretches of a way, from the bar at which the plan begins to the last in which something happens."""
    series = (replay.tape.bars, *replay.tape.finer)
    times = series[0].time
    way = end.result.events
    if way is None:
        return ()
    happened = [(bisect_right(times, int(series[each.series].time[each.bar])) - 1, 1, each) for each in way.listed()]
    moments: list[tuple[int, int, object]] = [*happened]
    moments += [(bisect_right(times, paid.time) - 1, 0, paid) for paid in way.payments()]
    moments.sort(key=lambda moment: moment[:2])
    found: list[Segment] = []
    closed, held = ZERO, None
    index = 0
    events = {id(each): each for _, _, each in happened}
    while index < len(moments):
        bar = moments[index][0]
        touched = held is not None
        while index < len(moments) and moments[index][0] == bar:
            what = moments[index][2]
            event = events.get(id(what))
            if event is None:
                closed -= what.amount  # type: ignore[attr-defined]
            else:
                step = event.step
                closed += step.result
                state = step.state
                held = state.held.position if state is not None and state.held.position.quantity else None
                touched = touched or held is not None or step.over is not None
            index += 1
        stop = moments[index][0] if index < len(moments) else bar + 1
        found.append(Segment(bar, stop, closed, held, touched))
    return tuple(found)


def value_at(segments: tuple[Segment, ...], bar: int, close: Decimal) -> Decimal:
    """Returns what a trade is worth at the close of a bar."""
    index = bisect_right(segments, bar, key=lambda segment: segment.start) - 1
    if index < 0:
        return ZERO
    segment = segments[index]
    if segment.held is None:
        return segment.closed
    return segment.closed + segment.held.pnl(close) - segment.held.entry_fees
