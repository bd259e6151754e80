"""What came of a plan on bars: the worst and the best result, with what happened, what it cost, how far price went.

`mae_r` and `mfe_r` are the furthest that price went against and for what was held, as its open result before fees over
1R. Each lies between two bounds. The least is sure: from bars held throughout, and the levels acted on. The most takes
the bars of entries and exits whole, as far as the level that ended what was held.
"""

from bisect import bisect_right
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from scaleplan.engine.event import End, EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.machine import Machine
from scaleplan.engine.position import Position
from scaleplan.engine.risk import in_r
from scaleplan.plan import Order, Plan
from scaleplan.quantity.exact import ZERO
from scaleplan.replay.records import Happened, ReplayEnd
from scaleplan.replay.series import Series, extreme


class ReplayEvent(NamedTuple):
    """Something that happened: when its bar opened, where that stands, the level and the fill, and what was held then.

    `event` is in the words of the machine; of what was no fill, `fill` and `quantity` are absent. `level` is the
    plan's own, whatever price jumped past it; a market order has that of its moment. `fee` is in the settle currency.
    `average_entry` and `stop` are those afterwards, absent where nothing is held.
    """

    time: int
    series: int
    bar: int
    event: str
    kind: EventKind
    number: int
    at_open: bool
    level: Decimal
    fill: Decimal | None
    quantity: Decimal | None
    fee: Decimal
    held: Decimal
    average_entry: Decimal | None
    stop: Decimal | None


class Between(NamedTuple):
    """A figure between two bounds."""

    least: Decimal
    most: Decimal


class ReplayResult(NamedTuple):
    """The worst or the best that came of a plan; money in the settle currency, funding beside the net result.

    `tiers` and `targets` count from 1. `net_r` is absent without 1R, `mae_r` and `mfe_r` so too, and where nothing was
    held.
    """

    end: End
    tiers: tuple[int, ...]
    targets: int
    gross: Decimal
    net: Decimal
    net_r: Decimal | None
    fees: Decimal
    funding: Decimal
    mae_r: Between | None
    mfe_r: Between | None
    events: tuple[ReplayEvent, ...]


def result_of(
    plan: Plan, machine: Machine, ended: ReplayEnd, series: tuple[Series, ...], one_r: Decimal | None
) -> ReplayResult:
    """Returns a result with what happened on the way to it."""
    happened = () if ended.result.events is None else ended.result.events.listed()
    events = tuple(event_of(machine, each, series) for each in happened)
    adverse, favourable = _excursions(plan, happened, series)
    return ReplayResult(
        ended.end,
        bits(ended.filled),
        ended.hits,
        ended.result.gross,
        ended.result.net,
        in_r(ended.result.net, one_r),
        sum((event.fee for event in events), ZERO),
        ended.result.funding,
        _in_r(adverse, one_r),
        _in_r(favourable, one_r),
        events,
    )


def _in_r(span: Between | None, one_r: Decimal | None) -> Between | None:
    if span is None or one_r is None or one_r <= 0:
        return None
    return Between(span.least / one_r, span.most / one_r)


def event_of(machine: Machine, happened: Happened, series: tuple[Series, ...]) -> ReplayEvent:
    """Returns an event with its bar, its fill, and what was held then."""
    step, before = happened.step, happened.before
    event, executed = step.event, step.executed
    fill = quantity = None
    fee = ZERO
    if executed is not None:
        fill, quantity, fee = executed.price, executed.quantity, executed.fee
    elif step.over is not None and before.position.quantity:
        quantity = before.position.quantity
        if event.kind is not EventKind.LIQUIDATION:
            fill = machine.costs.exit_price(event.price, machine.sign)
            fee = machine.costs.taker.of(before.position.value(fill, quantity), quantity)
    state = step.state
    held = None if state is None or not state.held.position.quantity else state.held.position
    words = "held at the end" if step.over is not None and step.over.end is End.OPEN else event.name
    return ReplayEvent(
        int(series[happened.series].time[happened.bar]),
        happened.series,
        happened.bar,
        words,
        event.kind,
        event.number,
        happened.at_open,
        _level(machine, happened),
        fill,
        quantity,
        fee,
        ZERO if held is None else held.quantity,
        None if held is None else held.average_entry,
        None if held is None or state is None else state.stop,
    )


def _level(machine: Machine, happened: Happened) -> Decimal:
    """Returns where the plan's level lay, which price may have jumped past."""
    event, state = happened.step.event, happened.came
    level: Decimal | None = None
    if not happened.at_open:
        return event.price
    if event.kind in (EventKind.STOP, EventKind.INVALIDATION):
        level = state.stop
    elif event.kind is EventKind.LIQUIDATION:
        level = machine.taken_over_at(state)
    elif event.kind is EventKind.TARGET:
        level = machine.holdings.target(state.held, event.number - 1)
    elif event.kind is EventKind.TIER and machine.plan.tiers[event.number - 1].order is not Order.MARKET:
        level = machine.plan.tiers[event.number - 1].price
    return event.price if level is None else level


class _Excursions:
    """The furthest of open results either way, the sure ones and the possible ones."""

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self.sure = [ZERO, ZERO]
        self.most = [ZERO, ZERO]

    def at(self, position: Position, *prices: Decimal, sure: bool) -> None:
        """Takes up prices that were met, or may have been, while a position was held."""
        for price in prices:
            gain = position.pnl(price)
            for side, amount in ((0, -gain), (1, gain)):
                self.most[side] = max(self.most[side], amount)
                if sure:
                    self.sure[side] = max(self.sure[side], amount)


class _Held(NamedTuple):
    """A position between two events."""

    position: Position
    first: Happened
    last: Happened


def _excursions(plan: Plan, happened: tuple[Happened, ...], series: tuple[Series, ...]) -> tuple[Between | None, ...]:
    stretches: list[_Held] = []
    for first, last in pairwise(happened):
        state = first.step.state
        if state is not None and state.held.position.quantity:
            stretches.append(_Held(state.held.position, first, last))
    if not stretches:
        return None, None
    found = _Excursions(plan.sign)
    for held in stretches:
        found.at(held.position, held.first.step.where, held.last.step.where, sure=True)
        _between(held, series, found)
        _partly(plan, held, series, found)
    _throughout(stretches, series, found)
    return Between(found.sure[0], found.most[0]), Between(found.sure[1], found.most[1])


def _held_from(series: tuple[Series, ...], happened: Happened) -> int:
    """Returns the moment from which on bars are held whole: that of an open, or the close of the bar."""
    bars = series[happened.series]
    return int(bars.time[happened.bar]) + (0 if happened.at_open else bars.step_ns)


def _between(held: _Held, series: tuple[Series, ...], found: _Excursions) -> None:
    """Takes up the bars that a position was held through: behind that of its first event, before that of its last.

    Beside a bar that was replaced, finer bars tell what is left of it.
    """
    begin, end = _held_from(series, held.first), int(series[held.last.series].time[held.last.bar])
    for number in range(len(series) - 1, -1, -1):
        if number > max(held.first.series, held.last.series) or begin >= end:
            continue
        bars = series[number]
        start, stop = _inside(bars, begin, end)
        if stop > start:
            found.at(held.position, extreme(bars, start, stop, 1), extreme(bars, start, stop, -1), sure=True)


def _inside(bars: Series, begin: int, end: int) -> tuple[int, int]:
    """Returns the bars that lie whole between two moments."""
    start = bisect_right(bars.time, begin - 1)
    stop = bisect_right(bars.time, end - bars.step_ns)
    return start, max(start, stop)


def _partly(plan: Plan, held: _Held, series: tuple[Series, ...], found: _Excursions) -> None:
    """Takes up the bars of the first and the last event, as far as the last event's level lets price go."""
    first, last = held.first, held.last
    if (first.series, first.bar) != (last.series, last.bar) or not last.at_open:
        places = {(first.series, first.bar)} if last.at_open else {(first.series, first.bar), (last.series, last.bar)}
        for number, bar in places:
            _, high, low, _ = series[number].exact(bar)
            if (number, bar) == (last.series, last.bar):
                high, low = _bounded(plan, last, high, low)
            found.at(held.position, high, low, sure=False)


def _bounded(plan: Plan, last: Happened, high: Decimal, low: Decimal) -> tuple[Decimal, Decimal]:
    """Returns how far price can have gone in the bar of an event before that happened at its level."""
    kind, number, price = last.step.event.kind, last.step.event.number, last.step.where
    if last.step.at_once:
        return high, low
    behind = kind in (EventKind.STOP, EventKind.LIQUIDATION)
    if kind is EventKind.TIER:
        behind = plan.tiers[number - 1].order is Order.LIMIT
    elif kind is not EventKind.TARGET and not behind:
        return high, low
    if behind == (plan.sign > 0):
        return high, max(low, price)
    return min(high, price), low


def _throughout(stretches: list[_Held], series: tuple[Series, ...], found: _Excursions) -> None:
    """Takes up bars held throughout in which what was held has changed: their extremes were met with some of it."""
    for index, held in enumerate(stretches[:-1]):
        number, bar = held.last.series, held.last.bar
        if (held.first.series, held.first.bar) == (number, bar) or held.last.at_open:
            continue
        positions = [held.position]
        for other in stretches[index + 1 :]:
            positions.append(other.position)
            if (other.last.series, other.last.bar) != (number, bar):
                break
        else:
            continue
        _, high, low, _ = series[number].exact(bar)
        for price in (high, low):
            gains = [position.pnl(price) for position in positions]
            found.sure[0] = max(found.sure[0], min(-gain for gain in gains))
            found.sure[1] = max(found.sure[1], min(gains))
