"""Typed fills that an import replaces: the fills of an order that add up exactly to what was typed.

Nothing is about the same but this: the sum is exactly that of a typed fill, or of some behind each other, of that trade
and side, and each price is near and each time within a day. Of several ways the nearest in time is taken.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.machine import Machine
from scaleplan.journal import EventRow
from scaleplan.quantity.exact import ZERO
from scaleplan.trade import Habits, Trade
from scaleplan.trade.mapping import near
from scaleplan.trade.play import moment_of

#: Fills further apart than this are never the same.
DAY = timedelta(days=1)
#: Fills without an order's number are one order's within so long of each other.
_TOGETHER = timedelta(minutes=1)


class Replacement(NamedTuple):
    """Typed fills of a trade and the imported ones that replace them."""

    trade: Trade
    typed: tuple[EventRow, ...]
    by: tuple[EventRow, ...]


def orders_of(fills: Iterable[EventRow]) -> list[tuple[EventRow, ...]]:
    """Returns fills by their orders: by number, else those of one source and side within a minute of each other."""
    groups: dict[object, list[EventRow]] = {}
    last: dict[object, tuple[EventRow, int]] = {}
    for number, fill in enumerate(fills):
        key: object = (fill.source, fill.symbol, fill.side, fill.order_id)
        if fill.order_id is None:
            before = last.get(key)
            is_next = before is not None and moment_of(fill.at) - moment_of(before[0].at) <= _TOGETHER
            begun = before[1] if before is not None and is_next else number
            last[key] = fill, begun
            key = begun
        groups.setdefault(key, []).append(fill)
    return [tuple(group) for group in groups.values()]


def is_near(machine: Machine, typed: EventRow, fill: EventRow, habits: Habits) -> bool:
    """Returns whether an imported fill may be a typed one: near its price, and within a day."""
    price, other = typed.price or ZERO, fill.price or ZERO
    if abs(moment_of(typed.at) - moment_of(fill.at)) > DAY:
        return False
    return abs(price - other) <= near(machine, price, habits)


def replacements(
    trades: Sequence[Trade], typed_of: dict[str, list[EventRow]], fills: list[EventRow]
) -> list[Replacement]:
    """Returns which typed fills (by the trade's id, in time order) are replaced by which of the imported ones."""
    found: list[Replacement] = []
    used: set[str] = set()
    taken: set[str] = set()
    groups = orders_of(fills)
    # An order without a number may be each of its fills too: alone, and then together.
    pieces = [group for group in groups if group[0].order_id is not None or len(group) == 1]
    pieces += [(fill,) for group in groups if group[0].order_id is None and len(group) > 1 for fill in group]
    pieces += [group for group in groups if group[0].order_id is None and len(group) > 1]
    for group in pieces:
        if any(fill.id in taken for fill in group):
            continue
        best: tuple[timedelta, Trade, tuple[EventRow, ...]] | None = None
        for trade in trades:
            own = [
                each for each in typed_of.get(trade.row.id, ()) if each.side == group[0].side and each.id not in used
            ]
            for run in _runs(own, group):
                if not all(is_near(trade.machine, each, fill, trade.habits) for each in run for fill in group):
                    continue
                apart = _apart(run, group)
                if best is None or apart < best[0]:
                    best = apart, trade, run
        if best is not None:
            used.update(each.id for each in best[2])
            taken.update(fill.id for fill in group)
            found.append(Replacement(best[1], best[2], group))
    return found


def _runs(typed: Sequence[EventRow], group: Sequence[EventRow]) -> Iterable[tuple[EventRow, ...]]:
    """Yields fills behind each other whose quantities are exactly those of a group."""
    whole = sum((fill.quantity or ZERO for fill in group), ZERO)
    for first in range(len(typed)):
        held: Decimal = ZERO
        for last in range(first, len(typed)):
            held += typed[last].quantity or ZERO
            if held == whole:
                yield tuple(typed[first : last + 1])
            if held >= whole:
                break


def _apart(run: Sequence[EventRow], group: Sequence[EventRow]) -> timedelta:
    return abs(_middle(run) - _middle(group))


def _middle(events: Sequence[EventRow]) -> datetime:
    moments = [moment_of(event.at) for event in events]
    first = min(moments)
    return first + sum((moment - first for moment in moments), timedelta()) / len(moments)
