"""Trades that an import locked, made anew by a later one that brings earlier fills: pieces in any order are the whole.

What closes something that came in no file yet looks like what opens a trade the other way round. Once the rest is
there, such a trade never was: its lock is taken back, and its fills are offered over again.
"""

import os
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from scaleplan.journal import BatchRow, EventRow, RowKind, Rows, TradeRow
from scaleplan.questions.offering import Placed, is_symbol_of, meaning
from scaleplan.questions.trades import Locking, Trades
from scaleplan.trade import Version

#: What a trade has that nobody but imports has made, and what was taken back of it.
_OF_IMPORTS = frozenset({RowKind.LOCK, RowKind.FILL, RowKind.FUNDING, RowKind.VOID})


class Reopened(NamedTuple):
    """A trade that is made anew.

    `fills` are what it had whole, `parts` what put parts of other fills into it; `versions` is its plan as locked.
    """

    row: TradeRow
    lock: EventRow
    fills: tuple[EventRow, ...]
    parts: tuple[EventRow, ...]
    versions: tuple[Version, ...]


class Reopening:
    """The trades of an import that are made anew, and what becomes of them.

    What a trader did himself with a trade (a stop, a note, an assign, an import with `--plan`) keeps it as it is.
    """

    def __init__(self, trades: Trades, symbols: Mapping[str, str], is_of_import: Callable[[BatchRow], bool]) -> None:
        self._trades = trades
        self._symbols = symbols
        self._is_of_import = is_of_import
        self._found: tuple[Reopened, ...] = ()
        self._free: list[Reopened] = []
        #: The trades, by their ids.
        self.rows: dict[str, TradeRow] = {}
        #: Fills that came out of one of them, each with the id of the trade that it was in.
        self.moved: dict[str, str] = {}
        #: Parts of fills, and locks, that are no longer in force.
        self.ended: tuple[EventRow, ...] = ()

    @property
    def fills(self) -> tuple[EventRow, ...]:
        """Returns what they had whole."""
        return tuple(fill for each in self._found for fill in each.fills)

    @property
    def never(self) -> tuple[TradeRow, ...]:
        """Returns those that no plan has taken up again."""
        return tuple(each.row for each in self._free)

    def begin(self, files: Iterable[Locking], rows: Iterable[tuple[TradeRow, str]]) -> None:
        """Finds those of some trades that are made anew, each with the moment from which on new fills are there."""
        known = {(each.plan.digest, os.path.realpath(each.study.file)) for each in files}
        made = ((row, self._reopened(row, known, first)) for row, first in rows)
        found = {row.id: each for row, each in made if each is not None}
        while True:
            # What a trade that stays has of one of its fills keeps it.
            kept = [name for name, each in found.items() if not self._takers(each).issubset(found)]
            if not kept:
                break
            for name in kept:
                del found[name]
        self._found = tuple(found.values())
        self.rows = {name: each.row for name, each in found.items()}
        self.over_again()

    def over_again(self) -> None:
        """Begins over again: no plan has taken one of them up."""
        self._free = list(self._found)

    def take_up(self, found: Locking) -> Reopened | None:
        """Returns the next trade that was of a plan, to go on under its number; absent where there is none."""
        key = found.plan.digest, os.path.realpath(found.study.file)
        same = next((each for each in self._free if (each.lock.plan, each.row.path) == key), None)
        if same is not None:
            self._free.remove(same)
        return same

    def changed(self, placed: Sequence[Placed]) -> list[Placed]:
        """Returns what came to be elsewhere than it was, and what is of none of these trades."""
        if not self._found:
            return list(placed)
        was = {fill.id: each.row.id for each in self._found for fill in each.fills}
        parts = {(part.refers, part.trade, part.quantity): part for each in self._found for part in each.parts}
        left = []
        for each in placed:
            event, owner = each.offered.event, None if each.trade is None else each.trade.id
            if each.offered.rest_of is not None:
                if parts.pop((each.offered.rest_of, owner, event.quantity), None) is None:
                    left.append(each)
            elif was.get(event.id, "") != owner:
                left.append(each)
                if event.id in was:
                    self.moved[event.id] = was[event.id]
        self.ended = (*parts.values(), *(each.lock for each in self._free))
        return left

    def _reopened(self, row: TradeRow, known: set[tuple[str, str]], first: str) -> Reopened | None:
        """Returns a trade that imports alone have made, of a plan that is known, from `first` on; absent for others."""
        own = self._trades.events(row)
        began = min((event.at for event in own if event.kind is RowKind.FILL), default="")
        locks = [event for event in own if event.kind is RowKind.LOCK]
        if began < first or len(locks) != 1 or (locks[0].plan or "", row.path) not in known:
            return None
        about = Rows(events=self._trades.journal.events_about(row.id)).in_force()
        assigns = [event for event in about if event.kind is RowKind.ASSIGN]
        typed = [event for event in own if event.kind is RowKind.FILL and event.source == "typed"]
        is_pure = all(event.kind in _OF_IMPORTS for event in own) and self._are_of_imports([*locks, *assigns, *typed])
        parts = tuple(event for event in assigns if event.quantity is not None and event.trade == row.id)
        names = {part.id for part in parts}
        fills = [event for event in own if event.kind in (RowKind.FILL, RowKind.FUNDING) and event.id not in names]
        versions = self._trades.versions(own)
        meant = {(meaning(event, self._symbols), event.source or "") for event in fills}
        if not is_pure or not all(is_symbol_of(versions[0].plan, *each) for each in meant):
            return None
        return Reopened(row, locks[0], tuple(fills), parts, versions)

    def _are_of_imports(self, events: Iterable[EventRow]) -> bool:
        """Returns whether imports that named no plan have recorded some events."""
        numbers = {event.batch for event in events}
        batches = (batch for number in numbers for batch in self._trades.journal.batches("number = ?", number))
        return all(self._is_of_import(batch) and "--plan" not in shlex.split(batch.command) for batch in batches)

    def _takers(self, each: Reopened) -> set[str]:
        """Returns the trades that have parts of a trade's fills."""
        own = {fill.id for fill in each.fills}
        about = Rows(events=self._trades.journal.events_about(each.row.id)).in_force()
        parts = (event for event in about if event.kind is RowKind.ASSIGN and event.quantity is not None)
        return {part.trade for part in parts if part.refers in own and part.trade is not None}
