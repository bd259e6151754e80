"""The stop that was recorded beside the one that was due: missing, not moved in time, loosened, of another quantity.

A trade falls into stretches in which the stop due and what is held stay the same, and these into parts with one
recorded stop each.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from scaleplan.diagnostic import Severity
from scaleplan.engine.sizing import lot_of
from scaleplan.engine.ticks import stop_or_entry_on_tick, tick_of
from scaleplan.quantity.exact import ZERO
from scaleplan.trade import RecordedStop, Trade, TradeMoment, kinds
from scaleplan.trade.deviation import Deviation, deviation, span_of
from scaleplan.trade.standing import moved_by, stop_due


class _Span(NamedTuple):
    """From `since` to `until` so much was held and the stop was due there; `by_fill` says that a fill ended it."""

    since: datetime
    until: datetime
    due: Decimal
    held: Decimal
    moment: TradeMoment
    by_fill: bool


def _is_fill(moment: TradeMoment | None) -> bool:
    return moment is not None and (moment.is_entry or moment.is_exit)


def _fills(trade: Trade) -> list[TradeMoment]:
    """Returns the fills of a trade, and where they stood when a plan was accepted again: its numbers are due then."""
    fills = [moment for moment in trade.moments if _is_fill(moment)]
    for since, version, state in trade.amended:
        last = next((moment for moment in reversed(fills) if moment.at < since), None)
        if last is not None:
            again = last._replace(at=since, state=state, version=version, parts=(), closed=None, continues=False)
            fills.insert(fills.index(last) + 1, again)
    return fills


def _spans(trade: Trade, now: datetime) -> list[_Span]:
    """Returns the stretches of a trade in which the stop due and what is held stay the same.

    Parts of one exit are one: the stop is due from the first on, and nobody has to move it between two of them.
    """
    fills = _fills(trade)
    spans: list[_Span] = []
    begun: datetime | None = None
    for at, moment in enumerate(fills):
        following = fills[at + 1] if at + 1 < len(fills) else None
        until = following.at if following is not None else max(now, moment.at)
        due = stop_due(trade, moment, moment.state)
        since, begun = begun or moment.at, None
        if due is None or not moment.held:
            continue
        if following is not None and following.continues:
            begun = since if following.is_exit else None
            continue
        spans.append(_Span(since, until, due, moment.held, moment, _is_fill(following)))
    return spans


def _on_ticks(trade: Trade, spans: Iterable[_Span]) -> list[Decimal]:
    """Returns the stop due of each stretch as it can be placed."""
    steps = {version.digest: tick_of(version.plan) for version in trade.versions}
    versions = ((span.moment.version, span.due) for span in spans)
    return [stop_or_entry_on_tick(version.plan, due, steps[version.digest]) for version, due in versions]


def _recorded_at(trade: Trade, at: datetime) -> RecordedStop | None:
    found = None
    for recorded in trade.stops:
        if recorded.at <= at:
            found = recorded
    return found


class _StopStretch(NamedTuple):
    """From `since` to `until` neither what is held changed nor the stop as recorded; `moved` is since when it is due.

    `price` is the stop due on the tick, `moment` the fill before it.
    """

    since: datetime
    until: datetime
    moved: datetime
    price: Decimal
    held: Decimal
    moment: TradeMoment
    recorded: RecordedStop | None


def _stretches(trade: Trade, now: datetime) -> list[_StopStretch]:
    """Returns the stretches of a trade between its fills and its recorded stops, while a stop is due."""
    stops = {stop.event.id: stop for stop in trade.stops}
    recordings = [moment for moment in trade.moments if moment.event.id in stops]
    # At one moment a close comes behind the stop that was recorded with it.
    marks = sorted([*recordings, *_fills(trade)], key=lambda mark: mark.at)
    found: list[_StopStretch] = []
    steps = {version.digest: tick_of(version.plan) for version in trade.versions}
    recorded: RecordedStop | None = None
    fill: TradeMoment | None = None
    for at, mark in enumerate(marks):
        recorded = stops.get(mark.event.id, recorded)
        fill = fill if mark.event.id in stops else mark
        due = None if fill is None or not fill.held else stop_due(trade, fill, fill.state)
        if fill is None or due is None:
            continue
        until = marks[at + 1].at if at + 1 < len(marks) else max(now, mark.at)
        price = stop_or_entry_on_tick(fill.version.plan, due, steps[fill.version.digest])
        moved = found[-1].moved if found and found[-1].price == price else mark.at
        found.append(_StopStretch(mark.at, until, moved, price, fill.held, fill, recorded))
    return found


def _runs(
    stretches: list[_StopStretch], wrong: Callable[[_StopStretch], Severity | None]
) -> Iterator[list[_StopStretch]]:
    """Yields each run of stretches in which the same is wrong: a fill in the middle of it does not mend it."""
    for what, run in groupby(stretches, wrong):
        if what is not None:
            yield list(run)


def stop_deviations(trade: Trade, now: datetime) -> Iterator[Deviation]:
    """Yields where the recorded stop was not what the plan had due; nothing where stops are not recorded."""
    if not trade.habits.stops_recorded:
        return
    stretches = _stretches(trade, now)
    yield from _without_stop(trade, stretches)
    yield from _not_moved(trade, _spans(trade, now))
    yield from _loosened(trade)
    yield from _quantities(trade, stretches)


def _without_stop(trade: Trade, stretches: list[_StopStretch]) -> Iterator[Deviation]:
    """Tells each time that something was held for longer than the grace and no stop was recorded."""

    def missing(stretch: _StopStretch) -> Severity | None:
        is_there = stretch.recorded is not None and stretch.recorded.price is not None
        return None if is_there else Severity.ERROR

    for run in _runs(stretches, missing):
        first, last = run[0], run[-1]
        if last.until - first.since > trade.habits.stop_grace:
            mend = last is stretches[-1] and trade.is_open
            words = (span_of(last.until - first.since),)
            yield deviation(kinds.NO_STOP, first.since, words, (last.price,), event=first.moment, mend=mend)


def _not_moved(trade: Trade, spans: list[_Span]) -> Iterator[Deviation]:
    """Tells each stop due that was not recorded in time, nor before the next fill."""
    machine, grace = trade.machine, trade.habits.stop_grace
    prices = _on_ticks(trade, spans)
    for at, (span, price) in enumerate(zip(spans, prices, strict=True)):
        if at and price == prices[at - 1]:
            continue
        deadline = min(span.since + grace, span.until)
        recorded = _recorded_at(trade, deadline)
        is_late = span.until - span.since > grace or span.by_fill
        if recorded is None or recorded.price is None or not is_late:
            continue
        looser = machine.sign * (price - recorded.price)
        if looser <= (ZERO if at else tick_of(span.moment.version.plan)) or recorded.at > span.since:
            # It is there, or it was recorded since, and looser: that is another deviation.
            continue
        cost = _locked(span.moment, span.due) - _locked(span.moment, recorded.price)
        # A fill that left the stop where it is due has mended nothing.
        is_last = all(other == price for other in prices[at:])
        yield deviation(
            kinds.STOP_NOT_MOVED,
            span.since,
            moved_by(trade, span.due),
            (recorded.price, price),
            event=span.moment,
            cost=cost,
            mend=is_last and trade.is_open and trade.recorded is recorded,
        )


def stop_moves(trade: Trade) -> tuple[datetime, ...]:
    """Returns when the plan moved the stop due of a trade that is over, where a stop was recorded that could be moved.

    Without one it is that, and not the move, that was left undone.
    """
    spans = _spans(trade, trade.moments[-1].at)
    prices = _on_ticks(trade, spans)
    found = []
    for at, (span, price) in enumerate(zip(spans, prices, strict=True)):
        if not at or price == prices[at - 1]:
            continue
        recorded = _recorded_at(trade, min(span.since + trade.habits.stop_grace, span.until))
        if recorded is not None and recorded.price is not None:
            found.append(span.since)
    return tuple(found)


def _locked(moment: TradeMoment, price: Decimal) -> Decimal:
    """Returns the whole trade's net result if what is held after a moment is stopped at a price."""
    return moment.booked + moment.version.machine.stopped_out(moment.state.held, price)[1]


def _loosened(trade: Trade) -> Iterator[Deviation]:
    """Tells each stop recorded looser than was due then by more than a step."""
    for recorded in trade.stops:
        moment = _moment_at(trade, recorded.at)
        if moment is None or recorded.price is None:
            continue
        due = stop_due(trade, moment, moment.state)
        if due is None:
            continue
        price = stop_or_entry_on_tick(moment.version.plan, due)
        if trade.machine.sign * (price - recorded.price) <= tick_of(moment.version.plan):
            continue
        earlier = [stop for stop in trade.stops if stop.at < recorded.at and stop.price == recorded.price]
        if earlier and earlier[-1].at < moment.at:
            # Told again for another quantity: not moved is what that is.
            continue
        cost = _locked(moment, due) - _locked(moment, recorded.price)
        mend = trade.is_open and trade.recorded is recorded
        name = recorded.event.name
        yield Deviation(
            kinds.STOP_LOOSENED,
            kinds.STOP_LOOSENED.severity,
            recorded.at,
            name,
            (),
            (recorded.price, price),
            cost,
            mend,
        )


def _moment_at(trade: Trade, at: datetime) -> TradeMoment | None:
    """Returns the last fill or close at or before a moment."""
    found = None
    for moment in _fills(trade):
        if moment.at <= at:
            found = moment
    return found


def _quantities(trade: Trade, stretches: list[_StopStretch]) -> Iterator[Deviation]:
    """Tells each run for which the stop covered less, or more, than was held for longer than the grace."""
    lot = lot_of(trade.plan)

    def wrong(stretch: _StopStretch) -> Severity | None:
        recorded = stretch.recorded
        if recorded is None or recorded.price is None or recorded.quantity is None:
            return None
        if trade.machine.sign * (stretch.price - recorded.price) > 0 and recorded.at <= stretch.moved:
            # The plan moved it and nobody did: that is what is told of it.
            return None
        missing = stretch.held - recorded.quantity
        if abs(missing) < (lot or Decimal("1e-12") * stretch.held):
            return None
        return Severity.ERROR if missing > 0 else Severity.WARNING

    for run in _runs(stretches, wrong):
        first, last = run[0], run[-1]
        if last.until - first.since <= trade.habits.stop_grace or last.recorded is None:
            continue
        yield deviation(
            kinds.STOP_QUANTITY,
            first.since,
            (),
            (last.recorded.quantity or ZERO, last.held),
            event=first.moment,
            severity=wrong(last),
            mend=last is stretches[-1] and trade.is_open,
        )
