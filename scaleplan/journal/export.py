"""A journal written out as lines of JSON, and read into an empty one: the same bytes come out again.

Plans come before what names them, then trades, then batches and events as they were recorded. No line has a number that
counts within one journal.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from scaleplan.journal import BatchRow, EventRow, LockedPlan, Rows, TradeRow
from scaleplan.journal.database import Journal
from scaleplan.journal.lines import (
    batch_values,
    event_values,
    line,
    plan_values,
    read_event,
    read_plan,
    trade_values,
)

#: The kinds of lines.
_KINDS = ("plan", "trade", "batch", "event")


class NotAnExport(ValueError):  # noqa: N818 - it is a state of the file
    """A line is none of an exported journal; `number` is its own, from 1."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(reason)
        self.number = number
        self.reason = reason


def lines_of(rows: Rows, *, raw: bool = True) -> Iterator[str]:
    """Yields the lines of a journal, each with its line end; without `raw` the rows of the sources are left out."""
    ids = {batch.number: batch.id for batch in rows.batches}
    by_batch: dict[int, list[EventRow]] = {}
    for event in rows.events:
        by_batch.setdefault(event.batch, []).append(event)
    for plan in sorted(rows.plans):
        yield line(plan_values(plan)) + "\n"
    for trade in rows.trades:
        yield line(trade_values(trade)) + "\n"
    for batch in rows.batches:
        yield line(batch_values(batch)) + "\n"
        for event in by_batch.get(batch.number, ()):
            yield line(event_values(event if raw else event._replace(raw=None), ids[batch.number])) + "\n"


def read_lines(lines: Iterable[str]) -> Rows:
    """Returns the rows of an exported journal. Raises `NotAnExport` for a line that is none."""
    plans: list[LockedPlan] = []
    trades: list[TradeRow] = []
    batches: list[BatchRow] = []
    events: list[EventRow] = []
    numbers: dict[str, int] = {}
    for number, text in enumerate(lines, start=1):
        try:
            values = json.loads(text)
            match values["type"]:
                case "plan":
                    plans.append(read_plan(values))
                case "trade":
                    name, path, symbol, side = (str(values[key]) for key in ("id", "path", "symbol", "side"))
                    trades.append(TradeRow(len(trades) + 1, name, path, symbol, side, is_open=False))
                case "batch":
                    numbers[str(values["id"])] = len(batches) + 1
                    names = ("id", "recorded", "command", "version")
                    batches.append(BatchRow(len(batches) + 1, *(str(values[name]) for name in names)))
                case "event":
                    events.append(read_event(values, len(events) + 1, numbers[values["batch"]]))
                case kind:
                    raise NotAnExport(number, f"{kind!r} is no kind of line")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            if isinstance(error, NotAnExport):
                raise
            raise NotAnExport(number, f"is no line of an exported journal: {error}") from error
    return Rows(tuple(plans), tuple(trades), tuple(batches), tuple(events))


def put_rows(journal: Journal, rows: Rows) -> None:
    """Puts the rows of an exported journal into an empty one, inside a recording."""
    ids = {batch.number: batch.id for batch in rows.batches}
    for plan in rows.plans:
        journal.add_plan(plan)
    for trade in rows.trades:
        journal.add_trade(trade)
    for batch in rows.batches:
        journal.add_batch(batch)
    for batch, events in groupby(rows.events, key=lambda event: event.batch):
        journal.add_events(events, ids[batch])


def is_export(text: str) -> bool:
    """Returns whether a text begins as an exported journal does: with an object of one of its kinds."""
    first = text.lstrip().partition("\n")[0].rstrip()
    return first.startswith("{") and first.endswith("}") and any(f'"type":"{kind}"' in first for kind in _KINDS)
