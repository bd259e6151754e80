"""A whole journal that was exported, put into an empty one: the same rows, and what is open reckoned anew."""

from scaleplan.journal import RowKind, Rows
from scaleplan.journal.database import Journal
from scaleplan.journal.export import put_rows
from scaleplan.questions.trades import Trades
from scaleplan.trade import Habits


class NotEmpty(Exception):  # noqa: N818 - it is a state of the journal
    """The journal has something in it already."""


def put_whole(journal: Journal, rows: Rows, habits: Habits) -> Rows:
    """Puts the rows of an exported journal into an empty one, inside a recording.

    Raises `NotEmpty` for one that is not, and `ValueError` where the rows do not fit together.
    """
    if any(journal.counts().values()):
        raise NotEmpty
    _must_fit(rows)
    put_rows(journal, rows)
    trades = Trades(journal, habits)
    for row in rows.trades:
        events = trades.events(row)
        has_lock = any(event.kind is RowKind.LOCK for event in events)
        journal.set_open(row.id, is_open=has_lock and trades.trade(row, events).is_open)
    return rows


def _must_fit(rows: Rows) -> None:
    trades, plans = {row.id for row in rows.trades}, {plan.digest for plan in rows.plans}
    events: set[str] = set()
    if len({batch.id for batch in rows.batches}) != len(rows.batches) or len(trades) != len(rows.trades):
        raise ValueError("an id is there twice")
    for event in rows.events:
        if event.id in events:
            raise ValueError(f"event {event.id} is there twice")
        if event.trade is not None and event.trade not in trades:
            raise ValueError(f"event {event.id} is of a trade that is not there")
        if event.refers is not None and event.refers not in events:
            raise ValueError(f"event {event.id} is about an event that is not in front of it")
        if event.plan is not None and event.plan not in plans:
            raise ValueError(f"event {event.id} has a plan that is not there")
        events.add(event.id)
