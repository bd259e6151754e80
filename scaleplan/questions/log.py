"""The log: events of one trade, of no trade, or of all, each with what it was for its trade."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from scaleplan.journal import EventRow, RowKind, Rows, TradeRow
from scaleplan.questions.trades import Trades, rests_of
from scaleplan.trade import Trade, TradeMoment
from scaleplan.trade.play import text_of


class LogLine(NamedTuple):
    """An event, the trade that has it (absent: none), what it was for that, and whether it is voided.

    `part` is how much of a fill is in no trade, where a trade has the rest of it.
    """

    event: EventRow
    trade: Trade | None
    moment: TradeMoment | None
    is_voided: bool = False
    part: Decimal | None = None


def logged(
    trades: Trades,
    row: TradeRow | None,
    *,
    no_plan: bool,
    voided: bool,
    since: datetime | None,
    until: datetime | None,
) -> tuple[LogLine, ...]:
    """Returns the lines of a trade (absent: of all), in the order in which they were recorded."""
    first, last = ("" if since is None else text_of(since)), ("~" if until is None else text_of(until))
    lines: list[LogLine] = []
    if no_plan:
        lines += [LogLine(event, None, None) for event in trades.unassigned()]
        for other in trades.journal.trades():
            lines += [
                LogLine(loose.event, None, None, part=loose.quantity) for loose in rests_of(trades, trades.trade(other))
            ]
    else:
        for each in (row,) if row is not None else trades.journal.trades():
            lines += _of_trade(trades, each, voided=voided)
        if row is None:
            lines += [LogLine(event, None, None) for event in trades.unassigned()]
    # A part of a fill has the number of the fill, and the id of what put it into its trade.
    found = {(line.event.seq, line.event.id): line for line in lines if first <= line.event.at <= last}
    return tuple(sorted(found.values(), key=_place))


def _place(line: LogLine) -> tuple[int, int]:
    """Returns where a line stands: as it was recorded, of a fill of several trades the trade that closes first."""
    is_entry = line.moment is not None and line.moment.is_entry
    return line.event.seq, is_entry


def _of_trade(trades: Trades, row: TradeRow, *, voided: bool) -> list[LogLine]:
    stored = trades.journal.events_about(row.id)
    in_force = {event.id for event in Rows(events=stored).in_force()}
    own = trades.events(row)
    has_lock = any(event.kind is RowKind.LOCK for event in own)
    trade = trades.trade(row, own) if has_lock else None
    moments = {} if trade is None else {moment.event.id: moment for moment in trade.moments}
    shown = {event.id: event for event in own}
    return [
        LogLine(_as_shown(event, shown.get(event.id)), trade, moments.get(event.id), event.id not in in_force)
        for event in stored
        if (event.id in shown and event.kind is not RowKind.VOID) or (voided and event.trade == row.id)
    ]


def _as_shown(event: EventRow, own: EventRow | None) -> EventRow:
    """Returns an event as a trade has it: what put a part of a fill into it is that part, with the fill's moment.

    The batch is the one that put it there, which is what takes it back.
    """
    if own is None or event.kind is not RowKind.ASSIGN:
        return event
    return own._replace(batch=event.batch)
