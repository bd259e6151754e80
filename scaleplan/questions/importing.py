"""Importing: the rows of exports become events of one batch, each in the trade that it is of.

Known rows are passed over, typed fills give way to what the venue says of them, and fills that no trade has are offered
again. What cannot be, or would count twice, is refused as a whole, and nothing is recorded.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import NamedTuple

from scaleplan.fills import ReadFile, SourceRow
from scaleplan.fills.identity import ALIKE, NEW, OF_ANY, ORDINAL, Identities, Recognised, holds_in, stored_rows, text_of
from scaleplan.fills.symbols import parts_of, unified
from scaleplan.journal import EventRow, RowKind, Rows, TradeRow
from scaleplan.journal.database import Journal, new_id
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.quantity.number import counted, plain
from scaleplan.questions.imported import (
    FileOutcome,
    ImportedFills,
    Replaced,
    TradeOutcome,
    stated_positions,
    unconverted,
)
from scaleplan.questions.offering import LiveTrade, Offered, Offers, Placed, is_symbol_of, meaning
from scaleplan.questions.recording import AHEAD, Asked, Recorder, Refused
from scaleplan.questions.reopening import Reopening
from scaleplan.questions.replacing import DAY, Replacement, is_near, replacements
from scaleplan.questions.trades import Locking, NoTrade, locking, part_of, rests_of
from scaleplan.source import Unreachable, read_bytes
from scaleplan.trade import Trade, Version, kinds
from scaleplan.trade.play import count_of, moment_of
from scaleplan.trade.play import text_of as moment_text
from scaleplan.tree.text import BYTES

#: Where the fields of a row begin that an event has too.
_EVENTS_FIELDS = SourceRow._fields.index("venue")
#: How often fills are offered over again; each time fewer are left.
_ROUNDS = 8
_PLAN_ENDS = (".yaml", ".yml")


class ImportAsked(NamedTuple):
    """What an import is asked with beside what every recording is: a plan, a folder of plans, what symbols mean."""

    plan: str | None = None
    folder: str | None = None
    symbols: Mapping[str, str] = {}


class NewRows(NamedTuple):
    """The rows that are not known, as events in no trade, and how many of each file are new and known.

    `holds` has the side of the position of each event whose source names it. `voided` are events that rows correct.
    """

    events: list[EventRow]
    holds: dict[str, str]
    counts: list[tuple[int, int]]
    voided: list[str]
    #: The file of each new row, by its place.
    files: list[int]


class Importer(Recorder):
    """Makes the events of an import in an open recording."""

    def __init__(self, journal: Journal, batch: str, asked: Asked, request: ImportAsked, memo: list[NewRows]) -> None:
        super().__init__(journal, batch, asked)
        self.request = request
        #: What the first recording of a journal found in a trial: the journal has no rows then either.
        self._memo = memo
        self._locks: list[EventRow] = []
        self._holds: dict[str, str] = {}
        self._stored: Sequence[EventRow] = ()
        #: Batches that were undone whole, and what is voided.
        self._gone: tuple[frozenset[int], frozenset[str]] = frozenset(), frozenset()
        self._reopening = Reopening(self.trades, request.symbols, self._is_of_import)
        #: Trades with typed fills that nothing replaces, each with those.
        self._typed: list[tuple[Trade, list[EventRow]]] = []

    @exact
    def bring(self, files: Sequence[ReadFile]) -> ImportedFills:
        """Records what of some files is new. Raises `Refused` where a row differs from a known one, or would double."""
        new = self._new_rows(files)
        events = new.events
        offers = self._offers(events)
        replaced: list[Replacement] = []
        placed: list[Placed] = []
        if offers is not None:
            replaced = self._replace(offers, events)
            placed = self._reopening.changed(self._place(offers, events, replaced))
        fills = self._assemble(events, placed)
        touched = self._close_off(placed, replaced, new.voided)
        trades = [self.trades.trade(row) for row in touched if self._has_lock(row, ())] if self._events else []
        # Where nothing was offered to a trade, nothing is looked up.
        own = {fill.id: fill for fill in fills} if placed else {}
        told = [(one.typed, tuple(own[fill.id] for fill in one.by)) for one in replaced]
        outcomes = self._outcomes(trades, placed, own, replaced, told)
        self._must_not_double(outcomes)
        self._must_not_double_elsewhere(fills, placed)
        homeless = {each.offered.event.id for each in placed if each.trade is not None}
        lost = [
            each.offered.event
            for each in placed
            if each.trade is None and each.offered.event.id in self._reopening.moved
        ]
        unassigned = (*(event for event in fills if event.trade is None and event.id not in homeless), *lost)
        soon = moment_text(self.asked.now + AHEAD)
        file_of = {event.id: file for event, file in zip(events, new.files, strict=True)} if told else {}
        by_file = [FileOutcome(file, *counts) for file, counts in zip(files, new.counts, strict=True)]
        for one in told:
            number = file_of[one[1][0].id]
            by_file[number] = by_file[number]._replace(replaced=(*by_file[number].replaced, one))
        return ImportedFills(
            tuple(by_file),
            outcomes,
            tuple(event for event in unassigned if event.kind is RowKind.FILL),
            self.batch if self._events else None,
            unconverted(fills, trades),
            stated_positions(fills, self._of_same_symbols(trades), self.request.symbols) if trades else (),
            len(new.voided),
            sum(event.at > soon for event in fills),
            self._reopening.never,
        )

    # Rows

    def _new_rows(self, files: Sequence[ReadFile]) -> NewRows:
        venues = sorted({row.venue for file in files for row in file.rows})
        known, is_first = self._identities(venues)
        if is_first and self._memo and self._seq == 1:
            self._holds = self._memo[0].holds
            return self._memo[0]
        found: list[tuple[SourceRow, Recognised, int]] = []
        counts: list[tuple[int, int]] = []
        voided: list[str] = []
        dropped: set[int] = set()
        for place, file in enumerate(files):
            new = same = 0
            known.begin_file()
            for row in file.rows:
                match = known.match(row, len(found))
                if match.stored is not None:
                    if match.differs:
                        raise _differs(file, row, match)
                    same += 1
                    continue
                if match.corrects is not None:
                    if match.corrects.event.startswith(NEW):
                        dropped.add(match.corrects.seq)
                    elif match.corrects.is_kept:
                        voided.append(match.corrects.event)
                new += 1
                found.append((row, match, place))
            counts.append((new, same))
        kept = [each for number, each in enumerate(found) if number not in dropped] if dropped else found
        kept.sort(key=lambda each: each[0].at)
        self._must_be_of_one_source(files, known, kept)
        events = self._events_of(kept)
        new_rows = NewRows(events, self._holds, counts, voided, [place for _, _, place in kept])
        if is_first:
            self._memo.append(new_rows)
        return new_rows

    def _identities(self, venues: Sequence[str]) -> tuple[Identities, bool]:
        """Returns what the journal has of some venues, and whether that is nothing.

        Whole imports that were undone are left out.
        """
        voided: set[str] = set()
        undoing: set[int] = set()
        for name, refers, command, batch in reversed(self.journal.voids()):
            if name not in voided:
                voided.add(refers)
                if command.split()[1:2] == ["undo"]:
                    undoing.add(batch)
        undone = frozenset(batch for batch in undoing if voided.issuperset(self.journal.batch_ids(batch)))
        self._gone = undone, frozenset(voided)
        rows = stored_rows(self.journal.imported(venues), *self._gone)
        known = Identities(rows, self.journal.raw_of)
        return known, known.is_empty

    def _must_be_of_one_source(
        self, files: Sequence[ReadFile], known: Identities, rows: Sequence[tuple[SourceRow, Recognised, int]]
    ) -> None:
        """Raises `Refused` where new rows look like executions that came from another source.

        A venue is part of an execution's identity, and one of the two sources names none: nothing tells whether they
        are the same.
        """
        if self.asked.again or not rows:
            return
        if any(row.venue in OF_ANY for row, _, _ in rows):
            # To the minute: a table may have no more.
            found = self.journal.executed(f"{rows[0][0].at[:16]}:", f"{rows[-1][0].at[:16]}:~")
        elif self._seq > 1:
            found = self.journal.imported(OF_ANY)
        else:
            return
        alike = known.look_alikes([row for row, _, _ in rows], stored_rows(found, *self._gone))
        if not alike:
            return
        row, other = alike[0]
        place = next(place for each, _, place in rows if each is row)
        where = f"E{other.seq} of {other.venue}" if not other.event.startswith(ALIKE) else f"one of {other.venue}, here"
        more = len(alike) - 1
        what = f"{plain(row.quantity or ZERO)} at {plain(row.price or ZERO)} of {row.symbol}"
        raise Refused(
            kinds.WOULD_DOUBLE,
            f"{files[place].name}:{row.line}: {what}"
            f" at {row.at[:19].replace('T', ' ')} Z looks like {where}: the same side, time, price and quantity"
            + (f" (and so {counted(more, 'more row')})" if more else ""),
            "one of the two sources is enough; `--again` records both, where they are of two accounts",
        )

    def _events_of(self, rows: Sequence[tuple[SourceRow, Recognised, int]]) -> list[EventRow]:
        """Returns rows as events, in no trade yet. Their ids are random, and in order: so a journal takes them best.

        Each row comes with what it was recognised as and the place of its file.
        """
        random = os.urandom(16 * len(rows)).hex()
        names = sorted(random[at : at + 32] for at in range(0, len(random), 32))
        batch, seq = self.batch.number, self._seq
        fill, funding = RowKind.FILL, RowKind.FUNDING
        events = []
        make, none = EventRow._make, (None, None)
        for number, ((row, match, _), name) in enumerate(zip(rows, names, strict=True)):
            kind = funding if row.is_funding else fill
            text = None
            if row.given_fee is not None or row.position is not None or row.holds is not None:
                text = text_of(row, row.position)
            # The fields behind the zone are an event's, in its order; see `SourceRow`.
            own = row if match.ordinal == 1 else row._replace(source_id=f"{ORDINAL}{match.ordinal}")
            head = seq + number, name, batch, kind, row.at, row.zone, None
            events.append(make((*head, *own[_EVENTS_FIELDS:], *none, row.role, *none, text, row.raw)))
            if row.holds is not None:
                self._holds[name] = row.holds
        return events

    # Which trade

    def _offers(self, events: Sequence[EventRow]) -> Offers | None:
        """Returns the trades that events may be of; absent where there are none, and no plans for new ones."""
        request = self.request
        if request.plan is not None:
            row = self.trades.of_word(request.plan)
            only = self._locking(request.plan) if row is None else self._live(row, self.trades.events(row))
            plan = only.study.plan if isinstance(only, Locking) else only.plan
            self._must_be_of(plan, events)
            self._stored = [
                event
                for event in self.trades.homeless()
                if is_symbol_of(plan, meaning(event, request.symbols), event.source or "")
            ]
            return Offers(self.trades, request.symbols, self._lock_new, (), only)
        rows = self.journal.trades()
        files = self._folder_plans()
        if not rows and not files:
            return None
        offers = Offers(self.trades, request.symbols, self._lock_new, files)
        paths = {os.path.realpath(file.study.file) for file in files}
        own = [row for row in rows if row.path in paths]
        first = self._firsts(own, events)
        self._reopening.begin(files, [(row, first[row.id]) for row in own if row.id in first])
        self._add_live(offers, [row for row in rows if row.id not in self._reopening.rows], events)
        self._stored = [*self._stored, *self._reopening.fills]
        return offers if offers.live or files else None

    def _firsts(self, rows: Iterable[TradeRow], events: Iterable[EventRow]) -> dict[str, str]:
        """Returns when the first of some events was that may be of each trade, where there are any."""
        first: dict[tuple[str, str], str] = {}
        for event in events:
            key = event.source or "", event.symbol or ""
            first[key] = min(first.get(key, event.at), event.at)
        known: dict[tuple[str, str, str], bool] = {}
        found: dict[str, str] = {}
        for row in rows:
            moments = [at for key, at in first.items() if self._may_be_of(row, *key, known)]
            if moments:
                found[row.id] = min(moments)
        return found

    def _add_live(self, offers: Offers, rows: Sequence[TradeRow], events: Sequence[EventRow]) -> None:
        """Adds the trades of the symbols of fills, new ones and those in no trade, that were open then."""
        if any(row.is_open for row in rows) or offers.files:
            self._stored = self.trades.homeless()
        pool = (*events, *self._stored, *self._reopening.fills)
        meanings = {(event.source or "", event.symbol or "") for event in pool}
        # Who typed a close wrote the minute down, and the venue's record of it lies behind that.
        first = min((event.at for event in pool), default="~")
        if pool:
            with suppress(OverflowError):
                first = moment_text(moment_of(first) - DAY)
        last = self.journal.last_moments() if any(not row.is_open for row in rows) else {}
        known: dict[tuple[str, str, str], bool] = {}
        for row in rows:
            if not row.is_open and last.get(row.id, "") < first:
                continue
            if any(self._may_be_of(row, *each, known) for each in meanings):
                own = self.trades.events(row)
                if any(event.kind is RowKind.LOCK for event in own):
                    offers.add(self._live(row, own))

    def _may_be_of(self, row: TradeRow, venue: str, symbol: str, known: dict[tuple[str, str, str], bool]) -> bool:
        """Returns whether a trade may be of a symbol, by their names alone."""
        key = row.symbol, venue, symbol
        found = known.get(key)
        if found is None:
            meant = self.request.symbols.get(symbol.upper()) or unified(venue, symbol)
            base, quote, _ = parts_of(meant)
            pair = row.symbol.upper().partition(":")[0]
            found = pair == f"{base}/{quote}".upper() if quote else pair.partition("/")[0] == base.upper()
            known[key] = found
        return found

    def _live(self, row: TradeRow, own: Sequence[EventRow]) -> LiveTrade:
        if not any(event.kind is RowKind.LOCK for event in own):
            raise NoTrade(f"T{row.number} was taken back with its lock; `scaleplan undo` twice is back")
        return LiveTrade(row, self.trades.versions(own), own, self.trades, _began(own))

    def _must_be_of(self, plan: Plan, events: Sequence[EventRow]) -> None:
        for event in events:
            meant = meaning(event, self.request.symbols)
            if not is_symbol_of(plan, meant, event.source or ""):
                own = plan.symbol.text
                raise Refused(
                    kinds.OTHER_SYMBOL,
                    f"{event.symbol} of {event.at[:10]} means {meant}, and the plan is of {own}",
                    f"leave `--plan` out and `lock` the plan, or say that it is: `--symbol {event.symbol}={own}`",
                )

    def _folder_plans(self) -> tuple[Locking, ...]:
        folder = self.request.folder
        if folder is None:
            return ()
        try:
            names = sorted(
                name
                for name in os.listdir(folder)  # noqa: PTH208
                if name.endswith(_PLAN_ENDS)
            )
        except (OSError, ValueError) as error:
            raise Unreachable(folder, (getattr(error, "strerror", None) or "cannot be read").lower()) from error
        found = []
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118
            try:
                plan = locking(path, read_bytes(path, BYTES), self.asked.settings, self.asked.written)
            except Unreachable:
                continue
            # What has no figures, as a template or a plan with errors, cannot be locked, and is no plan for a fill.
            if isinstance(plan, Locking):
                self.trades.know(plan)
                found.append(plan)
        return tuple(found)

    def _lock_new(self, found: Locking) -> LiveTrade:
        """Returns a new trade for a plan that is locked now; what came before its lock is its own all the same.

        A trade of the plan that is made anew is taken up again, under its own number.
        """
        plan, now = found.study.plan, self.asked.now
        same = self._reopening.take_up(found)
        if same is not None:
            again = LiveTrade(same.row, same.versions, (), self.trades, "")
            again.is_new = True
            return again
        number = self.journal.next_number("trade") + len(self._trades)
        path = os.path.realpath(found.study.file)
        row = TradeRow(number, new_id(), path, plan.symbol.text, str(plan.side), is_open=True)
        self._plans.append(found.plan)
        self._trades.append(row)
        lock = EventRow(
            0,
            new_id(),
            self.batch.number,
            RowKind.LOCK,
            moment_text(now),
            self.asked.at.zone,
            row.id,
            "plan",
            found.fingerprint,
            plan=found.plan.digest,
        )
        self._locks.append(lock)
        version = Version(moment_of(lock.at), plan, found.study.ladder, found.plan.digest, now, self.asked.at.zone)
        live = LiveTrade(row, (version,), (), self.trades, "")
        live.is_new = True
        return live

    # Typed fills

    def _replace(self, offers: Offers, events: Sequence[EventRow]) -> list[Replacement]:
        """Returns which typed fills give way, and takes them out of the trades that are offered to."""
        typed_of: dict[str, list[EventRow]] = {}
        trades: list[Trade] = []
        for live in offers.live.values():
            own = self.trades.events(live.row)
            typed = [event for event in own if event.kind is RowKind.FILL and event.source == "typed"]
            if typed:
                typed_of[live.row.id] = sorted(typed, key=lambda event: (event.at, event.seq))
                trades.append(self.trades.trade(live.row, own))
        if not typed_of:
            return []
        by_symbol: dict[tuple[str, str], list[EventRow]] = {}
        for fill in events:
            if fill.kind is RowKind.FILL:
                by_symbol.setdefault((fill.source or "", fill.symbol or ""), []).append(fill)
        found: list[Replacement] = []
        gone: set[str] = set()
        for (venue, _), fills in by_symbol.items():
            meant = meaning(fills[0], self.request.symbols)
            able = [trade for trade in trades if is_symbol_of(trade.plan, meant, venue)]
            left = {name: [each for each in typed if each.id not in gone] for name, typed in typed_of.items()}
            for one in replacements(able, left, fills):
                gone.update(each.id for each in one.typed)
                found.append(one)
        self._typed = [(trade, [each for each in typed_of[trade.row.id] if each.id not in gone]) for trade in trades]
        for name in {one.trade.row.id for one in found}:
            row = offers.live[name].row
            all_of = self.trades.events(row)
            kept = [event for event in all_of if event.id not in gone]
            offers.put(LiveTrade(row, self.trades.versions(all_of), kept, self.trades, _began(all_of)))
        return found

    # Placing

    def _place(self, offers: Offers, events: Sequence[EventRow], replaced: Sequence[Replacement]) -> list[Placed]:
        """Offers the new fills, and those that no trade has, in time order. Returns where each came to be.

        A new fill may end a trade before fills that it has: those are then offered too, all over again.
        """
        first = rests = self._rests(offers)
        before = len(self._plans), len(self._trades), len(self._locks)
        for _ in range(_ROUNDS):
            self._reopening.over_again()
            placed = self._offered(offers, events, replaced, rests)
            given_up = self._given_up(offers, placed, first, rests)
            if not given_up:
                break
            rests = [*(each for each in rests if each.rest_of not in given_up), *given_up.values()]
            del self._plans[before[0] :], self._trades[before[1] :], self._locks[before[2] :]
            offers = offers.again()
        else:
            self._reopening.over_again()
            placed = self._offered(offers, events, replaced, rests)
        return _still_loose(offers, placed)

    def _given_up(
        self, offers: Offers, placed: Sequence[Placed], first: Sequence[Offered], rests: Sequence[Offered]
    ) -> dict[str, Offered]:
        """Returns what trades can no longer take of the fills that they had, with what of those they never took."""
        never, offered = ({each.rest_of: each.event.quantity or ZERO for each in some} for some in (first, rests))
        found: dict[str, Offered] = {}
        for name in {each.trade.id for each in placed if each.trade is not None}:
            live = offers.live[name]
            if live.is_new:
                continue
            live.finish()
            was = {loose.event.id: loose.quantity for loose in self.trades.trade(live.row).loose}
            for loose in live.playing.loose:
                event = loose.event
                more = loose.quantity - was.get(event.id, ZERO)
                if event.source == "typed" or not event.quantity or more <= 0 or not live.has(event.id):
                    continue
                rest = more + never.get(event.id, ZERO)
                if offered.get(event.id, ZERO) >= rest:
                    continue
                found[event.id] = Offered(part_of(event, rest), is_stored=True, rest_of=event.id)
        return found

    def _offered(
        self, offers: Offers, events: Sequence[EventRow], replaced: Sequence[Replacement], rests: Sequence[Offered]
    ) -> list[Placed]:
        """Returns where what is new, what no trade has, and some rests come to be."""
        pinned = {fill.id: one for one in replaced for fill in one.by}
        pool = [Offered(event, self._holds.get(event.id)) for event in events if event.id not in pinned]
        pool += [Offered(_said(fill, one)) for one in replaced for fill in one.by]
        pool += [Offered(event, holds_in(event.text), is_stored=True) for event in self._stored]
        pool += rests
        pool.sort(key=_turn)
        offers.pool = pool
        placed: list[Placed] = []
        for group in _at_once(pool):
            waiting = group
            while waiting:
                # At one moment what closes waits for what opens.
                later: list[Offered] = []
                for each in waiting:
                    one = pinned.get(each.event.id)
                    if one is not None:
                        live = offers.live[one.trade.row.id]
                        offers.keep(live, each.event)
                        placed.append(Placed(each, live.row))
                        continue
                    found = offers.offer(each)
                    if found[0].trade is None and len(group) > 1:
                        later.append(each)
                    else:
                        placed += found
                if len(later) == len(waiting):
                    placed += [Placed(each, None) for each in later]
                    break
                waiting = later
        return placed

    def _rests(self, offers: Offers) -> list[Offered]:
        """Returns what trades could not take of fills that were imported before, and no other trade has."""
        found = []
        again = self._reopening.rows
        for live in offers.live.values():
            for loose in rests_of(self.trades, self.trades.trade(live.row), without=again):
                event = loose.event
                if event.source != "typed" and event.quantity:
                    found.append(Offered(part_of(event, loose.quantity), is_stored=True, rest_of=event.id))
        return found

    # Events

    def _assemble(self, events: Sequence[EventRow], placed: Sequence[Placed]) -> list[EventRow]:
        """Puts locks and fills into the batch, each in its trade. Returns the fills as they are recorded."""
        if not placed and not self._locks:
            self._events += events
            return list(events)
        owners = {
            each.offered.event.id: each
            for each in placed
            if each.trade is not None and not each.offered.is_stored and each.offered.rest_of is None
        }
        first = self._seq
        self._events += [lock._replace(seq=first + number) for number, lock in enumerate(self._locks)]
        first += len(self._locks)
        fills = []
        for number, event in enumerate(events):
            owner = owners.get(event.id)
            if owner is not None and owner.trade is not None:
                fills.append(owner.offered.event._replace(trade=owner.trade.id, seq=first + number))
            else:
                fills.append(event._replace(seq=first + number) if self._locks else event)
        self._events += fills
        return fills

    def _close_off(
        self,
        placed: Sequence[Placed],
        replaced: Sequence[Replacement],
        voided: Sequence[str],
    ) -> list[TradeRow]:
        """Adds assigns, voids and notes, and records the batch. Returns the trades that it touches."""
        touched: dict[str, TradeRow] = {}
        for row in self._reassign(placed):
            touched.setdefault(row.id, row)
        for one in replaced:
            touched.setdefault(one.trade.row.id, one.trade.row)
            for typed in one.typed:
                self._add(RowKind.VOID, one.trade.row, self.asked.at, refers=typed.id)
        for event in self._reopening.ended:
            old = self._reopening.rows[event.trade or ""]
            touched.setdefault(old.id, old)
            self._add(RowKind.VOID, old, self.asked.at, refers=event.id)
        for name in voided:
            event = self.journal.events("id = ?", name)[0]
            owner = self._owner(event)
            self._add(RowKind.VOID, owner, self.asked.at, refers=name)
            if owner is not None:
                touched.setdefault(owner.id, owner)
        touched |= {other.id: other for row in tuple(touched.values()) for other in self._taken_back(row)}
        for row in touched.values():
            if row not in self._reopening.never:
                self._note(row)
        rows = list(touched.values())
        if self._events:
            self._must_keep_typed(rows)
            self._write(rows)
        return rows

    def _reassign(self, placed: Sequence[Placed]) -> Iterator[TradeRow]:
        """Adds assigns for what was recorded before, or is a part of a fill. Yields the trades that it touches."""
        for each in placed:
            offered = each.offered
            old = self._reopening.moved.get(offered.event.id)
            if old is not None:
                yield self._reopening.rows[old]
            if each.trade is None:
                if old is not None:
                    self._add(RowKind.ASSIGN, None, self.asked.at, refers=offered.event.id)
                continue
            yield each.trade
            if offered.is_stored or offered.rest_of is not None:
                part = offered.event.quantity if offered.rest_of is not None else None
                name = offered.rest_of or offered.event.id
                self._add(RowKind.ASSIGN, each.trade, self.asked.at, refers=name, quantity=part)

    def _corrections(self) -> list[EventRow]:
        """Returns what of this batch takes something back."""
        return [event for event in self._events if event.kind is RowKind.VOID]

    def _taken_back(self, row: TradeRow) -> Iterator[TradeRow]:
        """Takes parts of a trade's fills back from other trades that had them while it could not take them itself.

        Yields those trades. Without that what is bought once would be held twice.
        """
        if self._is_new(row) or not self._has_lock(row, self._corrections()):
            return
        stored = Rows(events=(*self.journal.events_about(row.id), *self._corrections())).in_force()
        parts = [each for each in stored if each.kind is RowKind.ASSIGN and each.quantity is not None]
        parts = [each for each in parts if each.trade != row.id]
        if not parts:
            return
        left = {loose.event.id: loose.quantity for loose in self._played(row, self._events).loose}
        for part in parts:
            rest = left.get(part.refers or "", ZERO)
            if rest >= (part.quantity or ZERO):
                continue
            for other in self.journal.trades("id = ?", part.trade):
                self._add(RowKind.VOID, other, self.asked.at, refers=part.id)
                if rest > 0:
                    self._add(RowKind.ASSIGN, other, self.asked.at, refers=part.refers, quantity=rest)
                yield other

    def _outcomes(
        self,
        trades: Sequence[Trade],
        placed: Sequence[Placed],
        own: Mapping[str, EventRow],
        replaced: Sequence[Replacement],
        told: Sequence[Replaced],
    ) -> tuple[TradeOutcome, ...]:
        of_trade: dict[str, list[EventRow]] = {}
        for each in placed:
            if each.trade is not None:
                event = own.get(each.offered.event.id, each.offered.event)
                of_trade.setdefault(each.trade.id, []).append(event)
        replaced_of: dict[str, list[Replaced]] = {}
        for one, pair in zip(replaced, told, strict=True):
            replaced_of.setdefault(one.trade.row.id, []).append(pair)
        return tuple(
            TradeOutcome(
                trade,
                tuple(of_trade.get(trade.row.id, ())),
                tuple(replaced_of.get(trade.row.id, ())),
                self._is_new(trade.row),
            )
            for trade in sorted(trades, key=lambda trade: trade.row.number)
        )

    def _of_same_symbols(self, trades: Sequence[Trade]) -> list[Trade]:
        """Returns trades with all others of their symbols that may hold something too."""
        found = {trade.row.id: trade for trade in trades}
        symbols = {trade.row.symbol for trade in trades}
        for row in self.journal.trades("open = 1"):
            if row.id not in found and row.symbol in symbols:
                found[row.id] = self.trades.trade(row)
        return list(found.values())

    # Judging

    def _must_keep_typed(self, rows: Iterable[TradeRow]) -> None:
        """Raises `Refused` where an import would leave a typed close with more than is held."""
        for row in rows:
            if self._is_new(row) or not self._has_lock(row, self._corrections()):
                continue
            before = {loose.event.id: loose.quantity for loose in self.trades.trade(row).loose}
            for loose in self._played(row, self._events).loose:
                if loose.event.source == "typed" and loose.quantity > before.get(loose.event.id, ZERO):
                    took = (loose.event.quantity or ZERO) - loose.quantity
                    raise Refused(
                        kinds.CLOSES_MORE,
                        f"{loose.event.name}, typed, is of {plain(loose.event.quantity or ZERO)}, and with these fills"
                        f" T{row.number} could take {plain(took)} of it",
                        f"take the typed one back first: `scaleplan undo {loose.event.batch}`",
                    )

    def _must_not_double(self, outcomes: Iterable[TradeOutcome]) -> None:
        """Raises `Refused` where a typed fill may be one of those imported, and is not replaced by them."""
        if self.asked.again:
            return
        for outcome in outcomes:
            trade = outcome.trade
            typed = [
                moment.event
                for moment in trade.moments
                if (moment.is_entry or moment.is_exit) and moment.event.source == "typed"
            ]
            for each in typed:
                for event in outcome.events:
                    if event.side == each.side and is_near(trade.machine, each, event, trade.habits):
                        raise _would_double(each, event)

    def _must_not_double_elsewhere(self, fills: Iterable[EventRow], placed: Iterable[Placed]) -> None:
        """Raises `Refused` where a typed fill of one trade may be an imported one that came to another, or to none.

        A trade that a typed close ended does not take the venue's record of it, which lies behind: what opens another
        trade with it, the other way round, would have it twice. A trade of the same side that was there took its own.
        """
        if self.asked.again or not any(typed for _, typed in self._typed):
            return
        owners = {each.offered.event.id: each.trade for each in placed}
        for event in fills:
            if event.kind is not RowKind.FILL:
                continue
            owner = owners.get(event.id)
            is_there = owner is not None and not self._is_new(owner)
            meant = meaning(event, self.request.symbols)
            for trade, typed in self._typed:
                if owner is not None and (owner.id == trade.row.id or (is_there and owner.side == trade.row.side)):
                    continue
                if not is_symbol_of(trade.plan, meant, event.source or ""):
                    continue
                for each in typed:
                    if event.side == each.side and is_near(trade.machine, each, event, trade.habits):
                        raise _would_double(each, event)


def _would_double(typed: EventRow, event: EventRow) -> Refused:
    return Refused(
        kinds.WOULD_DOUBLE,
        f"{typed.name}, typed, {plain(typed.quantity or ZERO)} at {plain(typed.price or ZERO)}, may be"
        f" what the venue has as {plain(event.quantity or ZERO)} at {plain(event.price or ZERO)};"
        " the fills of no order add up to it",
        f"`scaleplan undo {typed.batch}` takes the typed one back; `--again` keeps both",
    )


def _differs(file: ReadFile, row: SourceRow, match: Recognised) -> Refused:
    stored = match.stored
    if stored is None:
        raise AssertionError("what differs is known")
    pairs: list[tuple[str, Decimal | None, Decimal | None]] = [
        ("price", stored.price, row.price),
        ("quantity", stored.quantity, row.quantity),
        ("fee", stored.fee, row.fee),
    ]
    was, now = next(
        (
            (f"{name} {plain(before)}", plain(after))
            for name, before, after in pairs
            if before is not None and after is not None and before != after
        ),
        (f"time {stored.at}", row.at),
    )
    where = "came before, in this import," if stored.event.startswith(NEW) else f"is E{stored.seq}"
    return Refused(
        kinds.SAME_ID_DIFFERS,
        f"{file.name}:{row.line}: execution {row.source_id} of {row.symbol} {where} with {was}, and here {now}",
        "one of the two was changed: look the execution up at the venue",
    )


def _said(fill: EventRow, one: Replacement) -> EventRow:
    """Returns an imported fill with what was said of the typed ones that it replaces."""
    said = {(each.tier, each.role, each.target) for each in one.typed}
    tier, role, target = said.pop() if len(said) == 1 else (None, None, None)
    return fill if (tier, role, target) == (None, None, None) else fill._replace(tier=tier, role=role, target=target)


def _began(own: Iterable[EventRow]) -> str:
    """Returns from when on a trade is there: its lock, or its first fill, where an import locked it afterwards."""
    return min(event.at for event in own if event.kind in (RowKind.LOCK, RowKind.FILL))


def _at_once(pool: Sequence[Offered]) -> Iterator[list[Offered]]:
    """Yields what happened at one moment together."""
    group: list[Offered] = []
    for each in pool:
        if group and group[-1].event.at != each.event.at:
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _turn(each: Offered) -> tuple[str, bool, int, int]:
    """Returns when something is offered: at one moment in the order in which its venue counts, whatever came first."""
    event = each.event
    return event.at, event.kind is RowKind.FUNDING, count_of(event), event.seq


def _still_loose(offers: Offers, placed: list[Placed]) -> list[Placed]:
    """Returns placements without rests that their own trade can take by now."""
    if not any(each.offered.rest_of is not None for each in placed):
        return placed
    loose: dict[str, Decimal] = {}
    for live in offers.live.values():
        live.finish()
        for each in live.playing.loose:
            loose[each.event.id] = loose.get(each.event.id, ZERO) + each.quantity
    return [
        each
        for each in placed
        if each.offered.rest_of is None
        or loose.get(each.offered.rest_of, ZERO) >= (each.offered.event.quantity or ZERO)
    ]
