"""Recording: what was typed becomes events of one batch, judged by what they would make of the trade.

Nothing is refused for being a mistake of discipline. What cannot be (a close of more than is held, an entry that may be
of two tiers) is refused as a whole, and nothing is recorded.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, NoReturn

import scaleplan
from scaleplan.diagnostic import Kind
from scaleplan.engine.sizing import down, lot_of
from scaleplan.journal import BatchRow, EventRow, LockedPlan, RowKind, Rows, TradeRow
from scaleplan.journal.database import Journal, new_id
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ZERO, times
from scaleplan.quantity.number import counted, plain
from scaleplan.questions.trades import Locking, NoTrade, Trades, events_of, locking
from scaleplan.revision.changes import are_one_trade
from scaleplan.source import read_bytes
from scaleplan.study import AS_WRITTEN, Settings, Studied
from scaleplan.trade import Habits, Trade, kinds
from scaleplan.trade.play import text_of
from scaleplan.trade.words import Amount, Instant, Share, shown_at
from scaleplan.tree.text import BYTES

#: What lies further ahead of the clock than this is told.
AHEAD = timedelta(minutes=5)
#: The last digit that a journal keeps.
_SMALLEST = Decimal(1).scaleb(-20)
#: What was typed alike within this time is taken for the same.
_ALIKE = timedelta(minutes=2)


class Refused(Exception):  # noqa: N818 - it is a state of the journal
    """What was typed is not recorded; `kind` says why in general, the message for this time, `help` what to do."""

    def __init__(self, kind: Kind | None, message: str, help: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.help = help


class Unlockable(Exception):  # noqa: N818 - it is a state of the plan
    """A plan that has no figures cannot be locked; its study says why."""

    def __init__(self, study: Studied) -> None:
        super().__init__(study.file)
        self.study = study


class Asked(NamedTuple):
    """What every recording command takes: when it is, what the trader said of the moment, and how the plan is read."""

    command: str
    now: datetime
    at: Instant
    habits: Habits
    settings: Settings = AS_WRITTEN
    written: tuple[str, ...] = ()
    note: str | None = None
    again: bool = False


class TypedFill(NamedTuple):
    """An entry or a close as typed. `quantity` is an amount, a share of what is held, or all of it (absent)."""

    is_entry: bool
    price: Decimal
    quantity: Amount | Share | None
    fee: Decimal | None = None
    fee_currency: str | None = None
    order_id: str | None = None
    tier: int | None = None
    role: str | None = None
    target: int | None = None


class RecordedBatch(NamedTuple):
    """What was recorded: the batch, its events, the trade before (absent: it is new) and after, and what was locked."""

    batch: BatchRow
    events: tuple[EventRow, ...]
    before: Trade | None
    after: Trade | None
    locked: Locking | None = None
    twins: tuple[TradeRow, ...] = ()
    #: What the events are called that others are about, by their ids.
    names: tuple[tuple[str, str], ...] = ()


class Recorder:
    """Makes the events of one batch in an open recording."""

    def __init__(self, journal: Journal, batch: str, asked: Asked) -> None:
        self.journal = journal
        self.asked = asked
        self.trades = Trades(journal, asked.habits)
        self.batch = BatchRow(
            journal.next_number("batch"), batch, text_of(asked.now), asked.command, scaleplan.__version__
        )
        self.trades.now_recording = self.batch
        self._seq = journal.next_number("event")
        self._events: list[EventRow] = []
        self._plans: list[LockedPlan] = []
        self._trades: list[TradeRow] = []

    # What commands do

    def lock(self, word: str) -> RecordedBatch:
        """Locks a plan. Raises `Refused` where it is locked with other numbers, `Unlockable` without figures."""
        found = self._locking(word)
        row = self.trades.of_word(word)
        if row is not None:
            trade = self.trades.trade(row)
            changed = self.trades.changed(trade, self.asked.now, self.asked.written)
            if changed.plan_changes:
                _must_be_one_trade(row, trade.plan, found.study.plan)
                raise Refused(
                    None,
                    f"T{row.number} is open, and the plan's numbers are not those that were locked",
                    f'`scaleplan lock {word} --again "why"` accepts them from now on',
                )
            return RecordedBatch(self.batch, (), trade, trade)
        twins = self._twins(found)
        row = self._new_trade(word, found, self.asked.at)
        self._note(row)
        return self._done(row, None, found, twins)

    def amend(self, word: str, reason: str) -> RecordedBatch:
        """Accepts the plan's file as it is now: from here on its numbers are due."""
        row = self._open(word)
        before = self.trades.trade(row)
        path = row.path if word[:1] in "Tt" and not os.path.lexists(word) else word
        found = self._locking(path)
        _must_be_one_trade(row, before.plan, found.study.plan)
        self._plans.append(found.plan)
        self._add(
            RowKind.AMEND,
            row,
            self.asked.at,
            plan=found.plan.digest,
            source="plan",
            source_id=found.fingerprint,
            text=reason,
        )
        return self._done(row, before, found)

    def release(self, word: str, reason: str) -> RecordedBatch:
        """Ends a trade that holds nothing: it never came."""
        row = self._open(word)
        before = self.trades.trade(row)
        if before.held:
            raise Refused(None, f"T{row.number} holds {plain(before.held)}", "close it first: `scaleplan exit`")
        self._add(RowKind.RELEASE, row, self.asked.at, text=reason)
        return self._done(row, before)

    def fill(self, word: str, fill: TypedFill) -> RecordedBatch:
        """Records an entry or a close; an entry locks the plan where it is not locked yet."""
        row, found, before = self.trades.of_word(word), None, None
        twins: tuple[TradeRow, ...] = ()
        if row is None:
            if not fill.is_entry:
                raise Refused(
                    kinds.NOTHING_OPEN, f"{word} has no open trade, so nothing is held", "see `scaleplan status`"
                )
            found = self._locking(word)
            twins = self._twins(found)
            row = self._new_trade(word, found, self.asked.at)
        else:
            before = self.trades.trade(row)
        trade = before if before is not None else self._played(row, ())
        self._must_be_open(row, trade, fill)
        event = self._fill_event(row, trade, fill)
        if before is not None:
            self._must_be_new(row, event)
        self._note(row)
        return self._done(row, before, found, twins)

    def stop(self, word: str, price: Decimal | None, quantity: Amount | Share | None) -> RecordedBatch:
        """Records where the trader's stop sits now, or that it was cancelled."""
        row = self._open(word)
        before = self.trades.trade(row)
        amount, contracts = (None, None) if quantity is None else self._amount(quantity, before)
        self._add(RowKind.STOP, row, self.asked.at, price=price, quantity=amount, contracts=contracts)
        self._note(row)
        return self._done(row, before)

    def note(self, word: str, text: str) -> RecordedBatch:
        """Records a line for a trade: what was learned."""
        row = self.trades.last_of(word)
        if row is None:
            raise NoTrade(f"{word} has no trade in this journal; `scaleplan lock {word}` begins one")
        before = self.trades.trade(row)
        self._add(RowKind.NOTE, row, self.asked.at, text=text)
        return self._done(row, before)

    def undo(self, number: int | None) -> RecordedBatch:
        """Voids a batch's events, or those of the newest batch in force."""
        batch = self._batch(number)
        taken = self._in_force_of(batch)
        if not taken:
            raise Refused(None, f"batch {batch.number} is voided already", "`scaleplan log --voided` shows it")
        rows = self._rows_of(taken)
        before = self.trades.trade(rows[0]) if rows and self._has_lock(rows[0], ()) else None
        for event in taken:
            row = next((row for row in rows if row.id == event.trade), None)
            self._add(RowKind.VOID, row, self.asked.at, refers=event.id)
        if rows and self._has_lock(rows[0], self._events):
            self._note(rows[0])
        self._must_keep_locks(rows, batch)
        for row in rows:
            if self._has_lock(row, self._events):
                stood = self.trades.trade(row) if self._has_lock(row, ()) else None
                here = self._played(row, self._events)
                if self._is_of_import(batch):
                    # What earlier imports close too much without it was so before it.
                    stood, here = stood and _of_typed(stood), _of_typed(here)
                self._must_hold(row, stood, here)
        after = self._played(rows[0], self._events) if rows and self._has_lock(rows[0], self._events) else None
        self._write(rows)
        names = tuple((event.id, event.name) for event in taken)
        return RecordedBatch(self.batch, tuple(self._events), before, after, names=names)

    def assign(
        self, names: Sequence[int], word: str | None, tier: int | None, role: tuple[str, int | None] | None
    ) -> RecordedBatch:
        """Puts fills into a trade, maps them anew, or with no word takes them out of all trades."""
        row = None if word is None else self._open_or_new(word)
        touched: dict[str, TradeRow] = {} if row is None else {row.id: row}
        called: list[tuple[str, str]] = []
        for name in names:
            found = self.journal.events("seq = ?", name)
            if not found or found[0].kind is not RowKind.FILL:
                raise NoTrade(f"E{name} is no fill of this journal; `scaleplan log` lists them")
            if row is not None:
                self._must_be_of_symbol(row, found[0])
                self._must_be_able(row, found[0], tier, role)
            owner = self._owner(found[0])
            called.append((found[0].id, found[0].name))
            if owner is not None:
                touched.setdefault(owner.id, owner)
            closed, target = role if role is not None else (None, None)
            quantity = (
                self._rest_of(found[0], owner) if owner is not None and row is not None and owner.id != row.id else None
            )
            self._add(
                RowKind.ASSIGN,
                row,
                self.asked.at,
                refers=found[0].id,
                tier=tier,
                role=closed,
                target=target,
                quantity=quantity,
            )
        if row is not None:
            self._note(row)
        for other in touched.values():
            if self._has_lock(other, self._events):
                before = self.trades.trade(other) if self._has_lock(other, ()) and not self._is_new(other) else None
                self._must_hold(other, before, self._played(other, self._events))
        after = None if row is None else self._played(row, self._events)
        self._write(touched.values())
        return RecordedBatch(self.batch, tuple(self._events), None, after, names=tuple(called))

    # The parts of a batch

    def _locking(self, word: str) -> Locking:
        found = locking(word, read_bytes(word, BYTES), self.asked.settings, self.asked.written)
        if not isinstance(found, Locking):
            raise Unlockable(found)
        self.trades.know(found)
        return found

    def _twins(self, found: Locking) -> tuple[TradeRow, ...]:
        """Returns the trades that are over and were locked with the same numbers."""
        return tuple(row for row in self.trades.with_numbers(found.fingerprint) if not row.is_open)

    def _new_trade(self, word: str, found: Locking, at: Instant) -> TradeRow:
        plan = found.study.plan
        number = self.journal.next_number("trade")
        row = TradeRow(number, new_id(), os.path.realpath(word), plan.symbol.text, str(plan.side), is_open=True)
        self._plans.append(found.plan)
        self._trades.append(row)
        when = Instant(min(self.asked.now, at.moment), at.zone)
        self._add(RowKind.LOCK, row, when, plan=found.plan.digest, source="plan", source_id=found.fingerprint)
        return row

    def _open(self, word: str) -> TradeRow:
        row = self.trades.of_word(word)
        if row is None:
            raise Refused(kinds.NOTHING_OPEN, f"{word} has no open trade", f"`scaleplan lock {word}` begins one")
        if not row.is_open:
            raise Refused(kinds.TRADE_IS_OVER, f"T{row.number} is over", "`scaleplan log` shows what happened")
        return row

    def _open_or_new(self, word: str) -> TradeRow:
        row = self.trades.of_word(word)
        if row is not None:
            return row
        found = self._locking(word)
        return self._new_trade(word, found, Instant(self.asked.now, self.asked.at.zone))

    def _is_new(self, row: TradeRow) -> bool:
        return any(trade.id == row.id for trade in self._trades)

    def _add(self, kind: RowKind, row: TradeRow | None, at: Instant, **values: object) -> EventRow:
        trade = None if row is None else row.id
        event = EventRow(
            self._seq + len(self._events),
            new_id(),
            self.batch.number,
            kind,
            text_of(at.moment),
            at.zone,
            trade,
            **values,  # type: ignore[arg-type]
        )
        self._events.append(event)
        return event

    def _note(self, row: TradeRow) -> None:
        if self.asked.note:
            self._add(RowKind.NOTE, row, self.asked.at, text=self.asked.note)

    def _played(self, row: TradeRow, more: Iterable[EventRow]) -> Trade:
        """Returns a trade as it would be with more events: those of this batch, and their voids."""
        added = tuple(more) or tuple(self._events)
        stored = () if self._is_new(row) else self.journal.events_about(row.id)
        known = {event.id for event in stored}
        # A fill that came into the trade before is stored with it: twice it would count twice.
        fills = [fill for fill in self._fills_of(added) if fill.id not in known]
        return self.trades.trade(row, events_of(row.id, Rows(events=(*stored, *fills, *added)).in_force()))

    def _fills_of(self, added: Iterable[EventRow]) -> tuple[EventRow, ...]:
        """Returns the fills that assigns are about, which the journal has elsewhere."""
        found: list[EventRow] = []
        for event in added:
            if event.kind is RowKind.ASSIGN and event.refers is not None:
                found += self.journal.events("id = ?", event.refers)
        return tuple(found)

    def _done(
        self, row: TradeRow, before: Trade | None, found: Locking | None = None, twins: tuple[TradeRow, ...] = ()
    ) -> RecordedBatch:
        after = self._played(row, self._events)
        self._must_hold(row, before, after)
        self._write([row])
        return RecordedBatch(self.batch, tuple(self._events), before, after, found, twins)

    def _write(self, rows: Iterable[TradeRow]) -> None:
        for plan in self._plans:
            self.journal.add_plan(plan)
        for trade in self._trades:
            self.journal.add_trade(trade)
        self.journal.add_batch(self.batch)
        touched = list(rows)
        if self.journal.is_trial and not touched:
            return
        self.journal.add_events(self._events, self.batch.id)
        for row in touched:
            has_lock = self._has_lock(row, ())
            self.journal.set_open(row.id, is_open=has_lock and self.trades.trade(row).is_open)

    # Judging

    def _must_be_open(self, row: TradeRow, trade: Trade, fill: TypedFill) -> None:
        # What was forgotten belongs to a trade that was not over yet.
        is_late = not trade.is_released and trade.moments[-1:] and self.asked.at.moment < trade.moments[-1].at
        if not trade.is_open and not is_late:
            raise Refused(
                kinds.TRADE_IS_OVER,
                f"T{row.number} is over: {'released' if trade.is_released else 'nothing is held any more'}",
                "name the plan's file, and a new trade begins",
            )
        if not fill.is_entry and not trade.held and trade.is_open:
            raise Refused(kinds.NOTHING_OPEN, f"T{row.number} holds nothing yet", "record the entry first")

    def _fill_event(self, row: TradeRow, trade: Trade, fill: TypedFill) -> EventRow:
        plan = trade.plan
        _must_have(plan, fill.tier, fill.target)
        amount, contracts = self._amount(fill.quantity, self._at_moment(row, trade))
        if not amount:
            self._is_nothing(row, trade, fill)
        way = plan.sign if fill.is_entry else -plan.sign
        return self._add(
            RowKind.FILL,
            row,
            self.asked.at,
            source="typed",
            side="buy" if way > 0 else "sell",
            price=fill.price,
            quantity=amount,
            contracts=contracts,
            fee=fill.fee,
            fee_currency=fill.fee_currency or (None if fill.fee is None else plan.settle),
            order_id=fill.order_id,
            symbol=row.symbol,
            tier=fill.tier,
            role=fill.role,
            target=fill.target,
        )

    def _is_nothing(self, row: TradeRow, trade: Trade, fill: TypedFill) -> NoReturn:
        """Raises `Refused` for a close that comes to nothing: before anything was held, or of less than a lot."""
        held = self._at_moment(row, trade).held
        lot = lot_of(trade.plan)
        if held and isinstance(fill.quantity, Share) and lot is not None:
            raise Refused(
                kinds.CLOSES_MORE,
                f"that share of the {plain(held)} held is less than a lot of {plain(lot)}",
                "write how much was closed, or `all`",
            )
        at = self.asked.at
        raise Refused(
            kinds.CLOSES_MORE,
            f"T{row.number} holds nothing at {shown_at(at.moment, at.zone):%Y-%m-%d %H:%M:%S} {at.zone}",
            "give the moment at which it was closed: `--at TIME`",
        )

    def _at_moment(self, row: TradeRow, trade: Trade) -> Trade:
        """Returns a trade as it stood at the moment that was given."""
        at = text_of(self.asked.at.moment)
        if self._is_new(row) or all(moment.event.at <= at for moment in trade.moments):
            return trade
        return self.trades.trade(
            row, [event for event in self.trades.events(row) if event.at <= at or event.kind is RowKind.LOCK]
        )

    def _amount(self, quantity: Amount | Share | None, trade: Trade) -> tuple[Decimal, Decimal | None]:
        """Returns a quantity in base (inverse: value in quote), and in contracts where it was given so."""
        if quantity is None:
            return trade.held, None
        if isinstance(quantity, Share):
            # As a plan's closes are: in lots, but for all that is held.
            part = times(quantity.share, trade.held)
            return (part if part == trade.held else down(part, lot_of(trade.plan) or _SMALLEST)), None
        if not quantity.in_contracts:
            return quantity.number, None
        size = trade.plan.instrument.contract_size
        if size is None:
            raise Refused(
                kinds.NO_CONTRACT_SIZE,
                f"{plain(quantity.number)} contracts are given, and the plan does not say how much one is",
                "write `instrument: {contract_size: ...}` in the plan, or give the quantity itself",
            )
        return quantity.number * size, quantity.number

    def _must_be_new(self, row: TradeRow, event: EventRow) -> None:
        if self.asked.again:
            return
        since = text_of(self.asked.now - _ALIKE)
        alike = self.journal.events(
            "trade = ? AND kind = ? AND batch IN (SELECT number FROM batch WHERE recorded >= ?)",
            row.id,
            str(event.kind),
            since,
        )
        in_force = {each.id for each in self.trades.events(row)}
        for other in alike:
            if other.id in in_force and (other.side, other.price, other.quantity) == (
                event.side,
                event.price,
                event.quantity,
            ):
                raise Refused(
                    kinds.WOULD_DOUBLE,
                    f"{other.name} was recorded less than two minutes ago with the same price and quantity",
                    "`--again` records it twice",
                )

    def _must_hold(self, row: TradeRow, before: Trade | None, after: Trade) -> None:
        """Raises `Refused` where a trade would close more than it holds, or an entry may be of two tiers."""
        own = {event.id for event in self._events}
        for undecided in after.undecided:
            if undecided.event.id in own and undecided.event.kind is RowKind.FILL:
                first, second = undecided.tiers
                line = self.asked.command
                raise Refused(
                    kinds.AMBIGUOUS_TIER,
                    f"{plain(undecided.event.price or ZERO)} may be tier {first} or tier {second}",
                    f"`{line} --tier {first}` or `{line} --tier {second}`",
                )
        had = ZERO if before is None else sum((loose.quantity for loose in before.loose), ZERO)
        has = sum((loose.quantity for loose in after.loose), ZERO)
        if has > had:
            loose = after.loose[-1]
            held = (loose.event.quantity or ZERO) - loose.quantity
            raise Refused(
                kinds.CLOSES_MORE,
                f"{plain(loose.event.quantity or ZERO)} would be closed, and T{row.number} holds {plain(held)} then",
                "`all` closes what is held",
            )

    # Undoing

    def _batch(self, number: int | None) -> BatchRow:
        if number is not None:
            found = self.journal.batches("number = ?", number)
            if not found:
                raise NoTrade(f"there is no batch {number} in this journal; `scaleplan log` names them")
            return found[0]
        for batch in reversed(self.journal.batches()):
            if self._in_force_of(batch):
                return batch
        raise NoTrade("there is nothing to undo in this journal")

    def _is_of_import(self, batch: BatchRow) -> bool:
        """Returns whether a batch is an import, or takes one back, or brings one back."""
        word = batch.command.split()[1:2]
        if word != ["undo"]:
            return word == ["import-fills"]
        voids = self.journal.events("batch = ? AND kind = 'void'", batch.number)
        about = self.journal.events("id = ?", voids[0].refers) if voids else ()
        # What is taken back was recorded before, so this comes to an end.
        return bool(about) and self._is_of_import(self.journal.batches("number = ?", about[0].batch)[0])

    def _in_force_of(self, batch: BatchRow) -> list[EventRow]:
        """Returns the events of a batch that are in force."""
        around = self.journal.events_around(batch.number)
        return [event for event in Rows(events=around).in_force() if event.batch == batch.number]

    def _around(self, events: Iterable[EventRow]) -> tuple[EventRow, ...]:
        """Returns the events in force among some and all that is about them."""
        ids = [event.id for event in events]
        found: dict[int, EventRow] = {}
        while ids:
            more: list[str] = []
            for name in ids:
                for event in self.journal.events("id = ? OR refers = ?", name, name):
                    if event.seq not in found:
                        found[event.seq] = event
                        more.append(event.id)
            ids = [name for name in more if name not in ids]
        return Rows(events=tuple(found[seq] for seq in sorted(found))).in_force()

    def _rows_of(self, events: Iterable[EventRow]) -> list[TradeRow]:
        """Returns the trades that some events are of, those of what voids and assigns are about too."""
        ids: dict[str, None] = {}
        for event in events:
            here: EventRow | None = event
            while here is not None:
                if here.trade is not None:
                    ids.setdefault(here.trade)
                if here.kind is RowKind.ASSIGN and here.refers is not None:
                    # Where an assign is taken back, an earlier one of the same fill is in force again.
                    for other in self.journal.events("refers = ? AND kind = 'assign'", here.refers):
                        if other.trade is not None:
                            ids.setdefault(other.trade)
                found = self.journal.events("id = ?", here.refers) if here.refers is not None else ()
                here = found[0] if found else None
        return [row for name in ids for row in self.journal.trades("id = ?", name)]

    def _has_lock(self, row: TradeRow, more: Iterable[EventRow]) -> bool:
        stored = () if self._is_new(row) else self.journal.events_about(row.id)
        known = {event.id for event in stored}
        added = [event for event in more if event.id not in known]
        events = Rows(events=(*stored, *added)).in_force()
        own = self._events if self._is_new(row) else []
        return any(event.kind is RowKind.LOCK and event.trade == row.id for event in (*events, *own))

    def _must_keep_locks(self, rows: Iterable[TradeRow], batch: BatchRow) -> None:
        """Raises `Refused` where a trade would lose its lock and keep other events."""
        for row in rows:
            if self._has_lock(row, self._events):
                continue
            stored = self.journal.events_about(row.id)
            in_force = Rows(events=(*stored, *self._events)).in_force()
            own = {event.id for event in events_of(row.id, in_force)}
            # A fill that was put into another trade is left behind by none.
            left = [
                event
                for event in in_force
                if event.kind is not RowKind.VOID
                and event.trade == row.id
                and (event.kind not in (RowKind.FILL, RowKind.FUNDING) or event.id in own)
            ]
            if left:
                first = ", ".join(str(number) for number in sorted({event.batch for event in left}, reverse=True))
                raise Refused(
                    kinds.LOCK_IN_USE,
                    f"batch {batch.number} locked T{row.number}, which has other events",
                    f"undo these batches first: {first}",
                )

    # Assigning

    def _owner(self, fill: EventRow) -> TradeRow | None:
        """Returns the trade that a fill is in now."""
        around = self._around([fill])
        if fill.id not in {event.id for event in around}:
            raise NoTrade(f"{fill.name} is voided; `scaleplan log --voided` shows it")
        owner = fill.trade
        for event in around:
            if event.kind is RowKind.ASSIGN and event.refers == fill.id and event.quantity is None:
                owner = event.trade
        found = self.journal.trades("id = ?", owner) if owner is not None else ()
        return found[0] if found else None

    def _must_be_of_symbol(self, row: TradeRow, fill: EventRow) -> None:
        """Raises `Refused` where a fill is of another symbol than a trade."""
        from scaleplan.questions.offering import is_symbol_of, meaning  # noqa: PLC0415 - only `assign` asks

        plan = self._played(row, self._events).plan
        meant = meaning(fill, {})
        if not is_symbol_of(plan, meant, fill.source or ""):
            raise Refused(
                kinds.OTHER_SYMBOL,
                f"{fill.name} is of {fill.symbol}, which means {meant}, and T{row.number} is of {plan.symbol.text}",
                f"if it is the same market: `scaleplan import-fills FILE --symbol {fill.symbol}={plan.symbol.text}`",
            )

    def _must_be_able(
        self, row: TradeRow, fill: EventRow, tier: int | None, role: tuple[str, int | None] | None
    ) -> None:
        """Raises `Refused` where a close is said to be a tier, or an entry a close; or of one that the plan has not."""
        plan = self._played(row, self._events).plan
        is_entry = fill.side == ("buy" if plan.sign > 0 else "sell")
        if tier is not None and not is_entry:
            raise Refused(
                None,
                f"{fill.name} closes T{row.number}, and a close is of no tier",
                "say what it closed: `--target N`, `--stop`, `--by-hand`",
            )
        if role is not None and is_entry:
            raise Refused(
                None, f"{fill.name} is an entry of T{row.number}, and an entry is no close", "say which: `--tier N`"
            )
        _must_have(plan, tier, None if role is None else role[1])

    def _rest_of(self, fill: EventRow, owner: TradeRow) -> Decimal | None:
        """Returns what of a fill its trade could not take, to be given to another; absent where it took all."""
        rest = sum((loose.quantity for loose in self.trades.trade(owner).loose if loose.event.id == fill.id), ZERO)
        return rest or None


def _must_have(plan: Plan, tier: int | None, target: int | None) -> None:
    """Raises `Refused` where a plan has no such tier, or no such target."""
    for number, what, rows in ((tier, "tier", plan.tiers), (target, "target", plan.targets)):
        if number is not None and not 1 <= number <= len(rows):
            message = f"the plan has {counted(len(rows), what)}, and no {what} {number}"
            raise Refused(None, message, "see `scaleplan status`")


def _must_be_one_trade(row: TradeRow, locked: Plan, file: Plan) -> None:
    """Raises `Refused` where a file is another trade: what is held can become no other position by an edit."""
    if not are_one_trade(locked, file):
        was, now = (f"{plan.side} {plan.symbol.text}, {plan.contract}" for plan in (locked, file))
        raise Refused(
            None,
            f"T{row.number} is {was}, and the file is {now} now: that is another trade",
            "put its symbol and its side back, and write the other trade into a file of its own",
        )


def _of_typed(trade: Trade) -> Trade:
    """Returns a trade with what it could not take of typed fills alone."""
    return trade._replace(loose=tuple(loose for loose in trade.loose if loose.event.source == "typed"))
