"""The fills in force as rows: what `journal export` writes for a spreadsheet, or as JSON.

A fill of several trades has a row for each, with its part of the quantity and the fee: rows add up to the fills.
"""

from collections.abc import Iterator

from scaleplan.journal import EventRow, RowKind
from scaleplan.quantity.exact import ZERO
from scaleplan.questions.trades import Trades, part_of, rests_of
from scaleplan.report.record import Record, digits
from scaleplan.report.trade.words import closed_words
from scaleplan.trade import TradeMoment

_FIGURES = ("price", "quantity", "contracts", "fee")
_NAMES = ("fee_currency", "liquidity", "order_id", "source", "source_id")
#: The columns of the table, and those in which somebody's own words stand.
COLUMNS = ("event", "trade", "plan", "at", "zone", "symbol", "side", "what", *_FIGURES, *_NAMES, "raw")
TEXTS = frozenset({"plan", "zone", "symbol", "order_id", "source", "source_id", "fee_currency", "raw"})


def fill_rows(trades: Trades, *, raw: bool) -> Iterator[Record]:
    """Yields a row a fill in force, those of each trade together, those in no trade last."""
    # A part has the number of its fill, and the id of what put it where it is.
    raws = {event.seq: event.raw for event in trades.journal.events("raw IS NOT NULL", raw=True)} if raw else {}
    rests: list[EventRow] = []
    for row in trades.journal.trades():
        events = trades.events(row)
        if not any(event.kind is RowKind.LOCK for event in events):
            continue
        trade = trades.trade(row, events)
        for moment in trade.moments:
            if moment.is_entry or moment.is_exit:
                head = {"trade": f"T{row.number}", "plan": trade.plan.name, "what": _what(moment)}
                event = moment.event
                if moment.is_exit and moment.taken < (event.quantity or ZERO):
                    event = part_of(event, moment.taken)
                yield _row(event, raws.get(event.seq)) | head
        rests += [part_of(loose.event, loose.quantity) for loose in rests_of(trades, trade)]
    for event in (*trades.unassigned(), *rests):
        yield _row(event, raws.get(event.seq))


def _what(moment: TradeMoment) -> str:
    if moment.closed is not None:
        return closed_words(moment.closed, moment.target)
    return " ".join("extra" if part.tier is None else f"tier {part.tier}" for part in moment.parts)


def _row(event: EventRow, raw: str | None) -> Record:
    head: Record = {"event": event.name, "at": event.at, "zone": event.zone, "symbol": event.symbol, "side": event.side}
    figures = {name: digits(getattr(event, name)) for name in _FIGURES}
    return head | figures | {name: getattr(event, name) for name in _NAMES} | {"raw": raw}
