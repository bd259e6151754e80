"""Whether a journal is whole: its pages, its digests, what is open, what is referred to, what is held."""

from scaleplan.journal import RowKind, Rows
from scaleplan.journal.lines import event_digest, plan_digest
from scaleplan.questions.trades import NoTrade, Trades


def faults_of(trades: Trades) -> tuple[str, ...]:
    """Returns what is broken in a journal, a sentence each; none where it is whole."""
    journal = trades.journal
    faults, unreadable = list(journal.integrity()), journal.unreadable()
    if unreadable:
        return (*faults, *unreadable)
    rows = journal.rows()
    ids = {batch.number: batch.id for batch in rows.batches}
    stored = dict(rows.digests)
    faults += [
        f"{event.name} was changed: its digest is another"
        for event in rows.events
        if event_digest(event, ids.get(event.batch, "")) != stored.get(event.id)
    ]
    faults += [
        f"the locked plan {plan.digest[:12]} was changed: its digest is another"
        for plan in rows.plans
        if plan_digest(plan.name, plan.data, plan.files, plan.overrides) != plan.digest
    ]
    faults += _dangling(rows)
    # What follows from rows that are not as they were written says nothing.
    return (*faults, *([] if faults else _of_trades(trades, rows)))


def _dangling(rows: Rows) -> list[str]:
    known = {event.id: event.seq for event in rows.events}
    return [
        f"{event.name} is about an event that does not come before it"
        for event in rows.events
        if event.refers is not None and known.get(event.refers, event.seq) >= event.seq
    ]


def _of_trades(trades: Trades, rows: Rows) -> list[str]:
    """Returns what is wrong with trades: open or not as the events have it, more closed than was held."""
    faults = []
    for row in rows.trades:
        events = trades.events(row)
        if not any(event.kind is RowKind.LOCK for event in events):
            if row.is_open:
                faults.append(f"T{row.number} is open, and its lock is not in force")
            continue
        try:
            trade = trades.trade(row, events)
        except NoTrade as error:
            faults.append(f"T{row.number}: {error}")
            continue
        if (row.symbol, row.side) != (trade.plan.symbol.text, str(trade.plan.side)):
            faults.append(f"T{row.number} is of another symbol or side than the plan that it was locked with")
        if trade.is_open != row.is_open:
            faults.append(f"T{row.number} is {'open' if row.is_open else 'over'}, and its events say otherwise")
        faults += [
            f"{loose.event.name} closes more than T{row.number} holds"
            for loose in trade.loose
            if loose.event.source == "typed"
        ]
    return faults
