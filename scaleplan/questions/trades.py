"""Trades of a journal: which one a word means, and each played by its plan as it was locked.

A locked plan is read from the bytes that were kept with it, files that it names included; nothing of it is looked up
on the disk. Plans are read once a digest, not once a trade.
"""

import os
from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import scaleplan
from scaleplan.decode.overrides import Override, read_override
from scaleplan.engine.sizing import lot_of
from scaleplan.journal import BatchRow, EventRow, LockedPlan, RowKind, Rows, TradeRow
from scaleplan.journal.database import Journal
from scaleplan.journal.lines import plan_digest
from scaleplan.ladder.records import Ladder
from scaleplan.plan import Plan
from scaleplan.policy import TradePolicy
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.quantity.number import plain
from scaleplan.quantity.rounding import trimmed
from scaleplan.revision.changes import KeyChange, are_one_trade, changes_of
from scaleplan.revision.fingerprint import fingerprint_of
from scaleplan.revision.forms import place_words, written_form
from scaleplan.revision.keys import PlacedPlan
from scaleplan.revision.measures import RiskChange
from scaleplan.source import Unreachable, read_bytes
from scaleplan.study import MARK, Session, Settings, Studied, Study
from scaleplan.trade import Habits, Loose, Trade, Version
from scaleplan.trade.deviation import Deviation
from scaleplan.trade.deviations import PlanChange, Riskier, deviations_of, made_riskier, risk_change
from scaleplan.trade.kinds import HELD_DIFFERS, SAME_PLAN_AGAIN
from scaleplan.trade.play import moment_of, play
from scaleplan.trade.standing import TradeStanding, stand
from scaleplan.tree.read import read_tree
from scaleplan.tree.text import BYTES

#: A part of what is held that is nothing, where the plan has no lot.
_NOTHING = 10**9


class NoTrade(Exception):  # noqa: N818 - it is a state of the journal
    """A word names no trade; the message says why, and what would."""


class Locking(NamedTuple):
    """A plan about to be locked, with its study: what it says of numbers is its `fingerprint`."""

    plan: LockedPlan
    study: Study
    fingerprint: str


class Changed(NamedTuple):
    """How a trade's file differs from the plan in force: `none`, `words`, `account`, `numbers` or `riskier`.

    `differences` are those of its numbers, or else of what has changed. `missing` says why the file was not looked at.
    `risk` is what other numbers do to it, absent where they are those of another trade.
    """

    kind: str
    differences: tuple[KeyChange, ...] = ()
    riskier: Riskier | None = None
    missing: str = ""
    risk: RiskChange | None = None

    @property
    def plan_changes(self) -> tuple[PlanChange, ...]:
        """Returns what has changed of the numbers."""
        if self.kind not in ("numbers", "riskier"):
            return ()
        return tuple(
            PlanChange(
                place_words(change.path_new or change.path_old or change.key),
                written_form(change.old, trimmed),
                written_form(change.new, trimmed),
            )
            for change in self.differences
        )


class Stood(NamedTuple):
    """Where a trade stands, where the plan was left, and how its file has changed since."""

    standing: TradeStanding
    deviations: tuple[Deviation, ...]
    changed: Changed


def stood(
    trade: Trade,
    now: datetime,
    trades: "Trades | None" = None,
    price: Decimal | None = None,
    best: Decimal | None = None,
) -> Stood:
    """Returns where a trade stands; without `trades` its file is not looked at."""
    standing = stand(trade, now, price, best)
    changed = Changed("none") if trades is None else trades.changed(trade, now)
    found = (
        *deviations_of(standing, changed.plan_changes, changed.riskier, changed.risk),
        *_again(trade, trades),
        *_stated(trade, trades),
    )
    silent = frozenset() if trades is None else trades.silent(trade.version.digest)
    return Stood(standing, tuple(each for each in found if each.kind.code not in silent), changed)


def _again(trade: Trade, trades: "Trades | None") -> tuple[Deviation, ...]:
    """Returns the trade before this one that was locked with the same numbers, and is over, as a deviation."""
    if trades is None:
        return ()
    kind, at = SAME_PLAN_AGAIN, trade.versions[0].since
    found = [row for row in trades.twins(trade.row) if row.number < trade.row.number and not row.is_open]
    return tuple(Deviation(kind, kind.severity, at, None, (f"T{row.number}",)) for row in found[-1:])


def _stated(trade: Trade, trades: "Trades | None") -> tuple[Deviation, ...]:
    """Returns the last position that the source of a trade's fills states, where that is not what trades hold then.

    A venue states one position a symbol: what other open trades of that symbol and side hold is in it.
    """
    if trades is None or not trade.is_open:
        return ()
    named = [moment for moment in trade.moments if moment.event.kind is RowKind.FILL and moment.event.text]
    if not named:
        return ()
    from scaleplan.fills.identity import position_in  # noqa: PLC0415 - few fills say more than their figures

    named = [moment for moment in named if position_in(moment.event.text) is not None]
    if not named:
        return ()
    last = max(named, key=lambda moment: (moment.event.at, moment.event.seq))
    stated = position_in(last.event.text) or ZERO
    stated = max(ZERO, trade.machine.sign * stated)
    held = held_at(trade, last.event)
    for row in trades.journal.trades("open = 1 AND symbol = ? AND side = ?", trade.row.symbol, trade.row.side):
        if row.id != trade.row.id:
            held += held_at(trades.trade(row), last.event)
    if abs(stated - held) < (lot_of(trade.plan) or abs(held) / _NOTHING) or stated == held:
        return ()
    kind = HELD_DIFFERS
    return (Deviation(kind, kind.severity, last.at, None, (), (stated, held), None, can_be_mended=True),)


def held_at(trade: Trade, event: EventRow) -> Decimal:
    """Returns what a trade holds just after an event: its own, or another's of the same moment."""
    held = ZERO
    for moment in trade.moments:
        if moment.event.at > event.at:
            break
        if moment.is_entry or moment.is_exit:
            held = moment.held
            if moment.event.id == event.id:
                break
    return held


def habits_of(policy: TradePolicy) -> Habits:
    """Returns the habits that a policy sets, the usual ones where it says nothing."""
    usual = Habits()
    grace = usual.stop_grace if policy.stop_grace is None else timedelta(minutes=policy.stop_grace)
    tolerance = usual.fill_tolerance if policy.fill_tolerance is None else policy.fill_tolerance
    return Habits(grace, tolerance, policy.stops_recorded)


def locking(path: str, data: bytes, settings: Settings, written: tuple[str, ...]) -> Locking | Studied:
    """Returns a plan ready to be locked, or what its study found where it has no figures.

    `written` are the changes of the run as `PATH=VALUE`; the files that it names are kept under the names it has for
    them.
    """
    session = Session(settings)
    study = session.study(path, data)
    if not isinstance(study, Study):
        return study
    folder = os.path.dirname(path)  # noqa: PTH120
    said = [data.decode("utf-8", "replace"), *written]
    files = tuple(sorted((_called(folder, name, said), content) for name, content in session.contents.items()))
    name = os.path.basename(path)  # noqa: PTH119
    plan = LockedPlan(plan_digest(name, data, files, written), name, data, files, written, scaleplan.__version__)
    return Locking(plan, study, fingerprint_of(study.plan))


def _called(folder: str, name: str, said: Iterable[str]) -> str:
    """Returns the name that a plan in a folder has for a file: relative to it, unless the whole path is written."""
    if os.path.isabs(name) and any(name in text for text in said):  # noqa: PTH117
        return name
    return os.path.relpath(name, folder or ".").replace(os.sep, "/")


class Trades:
    """The trades of a journal, each played once."""

    def __init__(self, journal: Journal, habits: Habits) -> None:
        self.journal = journal
        self.habits = habits
        self._figures: dict[str, tuple[Plan, Ladder]] = {}
        self._silent: dict[str, frozenset[str]] = {}
        #: The batch that is being recorded, which the journal does not have yet.
        self.now_recording: BatchRow | None = None

    def know(self, found: Locking) -> None:
        """Takes note of a plan that is about to be locked, and is not in the journal yet."""
        self._figures[found.plan.digest] = found.study.plan, found.study.ladder

    # Which trade

    def of_word(self, word: str) -> TradeRow | None:
        """Returns the trade that a word means, `T7` or a plan's path; absent for a path without an open trade.

        Raises `NoTrade` for a number that no trade has.
        """
        number = trade_number(word)
        if number is not None:
            found = self.journal.trades("number = ?", number)
            if not found:
                raise NoTrade(
                    f"there is no trade T{number} in this journal; `scaleplan status` lists those that are open"
                )
            return found[0]
        open_ones = self.journal.trades("open = 1 AND path = ?", os.path.realpath(word))
        return open_ones[-1] if open_ones else self._moved(word)

    def last_of(self, word: str) -> TradeRow | None:
        """Returns the trade that a word means, else the last one of that path, over as it is."""
        found = self.of_word(word)
        if found is not None:
            return found
        over = self.journal.trades("path = ?", os.path.realpath(word))
        return over[-1] if over else None

    def all_of(self, word: str) -> tuple[TradeRow, ...]:
        """Returns every trade that a word means: `T7`, or all of a plan's path, those that are over too."""
        if trade_number(word) is None and (found := self.journal.trades("path = ?", os.path.realpath(word))):
            return found
        row = self.of_word(word)
        return () if row is None else (row,)

    def _moved(self, word: str) -> TradeRow | None:
        """Returns the only open trade with the same numbers whose own file is no longer there."""
        gone = [row for row in self.journal.trades("open = 1") if not os.path.lexists(row.path)]
        if not gone:
            return None
        try:
            found = locking(word, read_bytes(word, BYTES), Settings(), ())
        except Unreachable:
            return None
        if not isinstance(found, Locking):
            return None
        same = [row for row in gone if self._in_force(row) == found.fingerprint]
        return same[0] if len(same) == 1 else None

    def _fingerprint(self, row: TradeRow) -> str | None:
        locks = self.journal.events("trade = ? AND kind = 'lock'", row.id)
        return locks[0].source_id if locks else None

    def _in_force(self, row: TradeRow) -> str | None:
        """Returns the fingerprint of the numbers that a trade goes by: as locked, or as accepted since."""
        accepted = [event for event in self.events(row) if event.kind is RowKind.AMEND]
        return accepted[-1].source_id if accepted else self._fingerprint(row)

    def with_numbers(self, fingerprint: str) -> tuple[TradeRow, ...]:
        """Returns the trades that were locked with the same numbers."""
        return self.journal.trades("id IN (SELECT trade FROM event WHERE kind = 'lock' AND source_id = ?)", fingerprint)

    def twins(self, row: TradeRow) -> tuple[TradeRow, ...]:
        """Returns the trades that were locked with the numbers of one, itself among them."""
        fingerprint = self._fingerprint(row)
        return () if fingerprint is None else self.with_numbers(fingerprint)

    # What became of it

    def events(self, row: TradeRow) -> tuple[EventRow, ...]:
        """Returns the events in force of a trade, fills that were assigned to it among them."""
        return events_of(row.id, Rows(events=self.journal.events_about(row.id)).in_force())

    def unassigned(self) -> tuple[EventRow, ...]:
        """Returns the fills in force that belong to no trade."""
        return tuple(event for event in self.homeless() if event.kind is RowKind.FILL)

    def homeless(self) -> tuple[EventRow, ...]:
        """Returns the fills and payments in force that came from a venue and belong to no trade."""
        found = Rows(events=self.journal.events_about(None)).in_force()
        return tuple(event for event in events_of(None, found) if event.kind in (RowKind.FILL, RowKind.FUNDING))

    def trade(self, row: TradeRow, events: Iterable[EventRow] | None = None) -> Trade:
        """Returns a trade, played; with other `events` as if those were the ones in force.

        Raises `NoTrade` where its lock was taken back.
        """
        found = tuple(self.events(row) if events is None else events)
        versions = self.versions(found)
        if not versions:
            raise NoTrade(f"T{row.number} was taken back with its lock; `scaleplan undo` twice is back")
        return play(row, versions, found, self.habits)

    def versions(self, events: Iterable[EventRow]) -> tuple[Version, ...]:
        """Returns the plans of a trade: as locked, and as accepted again."""
        locks = [event for event in events if event.kind in (RowKind.LOCK, RowKind.AMEND)]
        locks.sort(key=lambda event: (event.kind is RowKind.AMEND, event.at, event.seq))
        return tuple(self._version(event) for event in locks if event.plan is not None)

    def _version(self, event: EventRow) -> Version:
        plan, ladder = self.figures(event.plan or "")
        batch = self.now_recording
        if batch is None or batch.number != event.batch:
            batch = self.journal.batches("number = ?", event.batch)[0]
        recorded = moment_of(batch.recorded)
        return Version(moment_of(event.at), plan, ladder, event.plan or "", recorded, event.zone)

    def figures(self, digest: str) -> tuple[Plan, Ladder]:
        """Returns a locked plan and its ladder. Raises `NoTrade` where this program cannot reckon it any more."""
        known = self._figures.get(digest)
        if known is None:
            plan = self.journal.plan(digest)
            known = None if plan is None else figures_of_locked(plan)
            if known is None:
                raise NoTrade(f"the locked plan {digest[:12]} cannot be reckoned; it was locked by another scaleplan")
            self._figures[digest] = known
        return known

    def silent(self, digest: str) -> frozenset[str]:
        """Returns the deviations that a locked plan does not want to be told, by their codes."""
        known = self._silent.get(digest)
        if known is None:
            plan = self.journal.plan(digest)
            known = self._silent[digest] = frozenset() if plan is None else _silent_of(plan)
        return known

    def changed(self, trade: Trade, now: datetime, written: tuple[str, ...] | None = None) -> Changed:
        """Returns how the file of an open trade differs from the plan in force."""
        if not trade.is_open:
            return Changed("none")
        digest = trade.version.digest
        plan = self.journal.plan(digest)
        overrides = plan.overrides if plan is not None and written is None else written or ()
        try:
            data = read_bytes(trade.row.path, BYTES)
        except Unreachable as error:
            return Changed(
                "none", missing=f"its file {error.reason}" if error.reason.startswith("is") else error.reason
            )
        if plan is not None and plan.data == data and not plan.files:
            return Changed("none")
        found = locking(trade.row.path, data, Settings(read_overrides(overrides)), overrides)
        if not isinstance(found, Locking):
            return Changed("none", missing="its file is no plan that can be reckoned")
        found_changes = self._changes(digest, found.study)
        numbers = tuple(each for each in found_changes if not each.words and not each.of_account)
        if numbers:
            return self._numbers(trade, _with_equity(found.study, trade.plan), numbers, now)
        for kind in ("words", "account"):
            others = tuple(each for each in found_changes if each.words == (kind == "words"))
            if others:
                return Changed(kind, others)
        return Changed("none")

    def _changes(self, digest: str, study: Study) -> tuple[KeyChange, ...]:
        """Returns what a file has otherwise than a locked plan."""
        locked = self.journal.plan(digest)
        if locked is None:
            return ()
        session = Session(Settings(read_overrides(locked.overrides)), dict(locked.files))
        readings = session.read(locked.name, locked.data).reading, study.session.read(study.file, study.data).reading
        placed = [PlacedPlan(each.plan, each.places) for each in readings if each.plan and each.places]
        return changes_of(*placed) if len(placed) == len(readings) else ()

    def _numbers(self, trade: Trade, now_is: Ladder, numbers: tuple[KeyChange, ...], now: datetime) -> Changed:
        before = trade.version.ladder
        if not are_one_trade(trade.plan, now_is.machine.plan):
            return Changed("numbers", numbers)
        risk = risk_change(before, now_is)
        riskier = made_riskier(before, now_is, now, accepted=False, risk=risk)
        return Changed("numbers" if riskier is None else "riskier", numbers, riskier, risk=risk)


@exact
def _with_equity(study: Study, locked: Plan) -> Ladder:
    """Returns the ladder of a plan on the equity of another: an account that changes makes no plan riskier."""
    equity = locked.account.equity
    if equity is None or equity == study.plan.account.equity or study.plan.account.equity is None:
        return study.ladder
    own = locked.account.currency or locked.settle
    override = read_override(f"account.equity={plain(equity / locked.account.rate)} {own}")
    if isinstance(override, str):
        return study.ladder
    found = study.session.changed((*study.session.overrides, override)).figures(study.file, study.data)
    return study.ladder if found is None else found[1]


def rests_of(trades: Trades, trade: Trade, without: Container[str | None] = ()) -> tuple[Loose, ...]:
    """Returns what a trade could not take of its fills, without the parts that were put into another trade.

    What trades in `without` have of them is counted as if they had it not.
    """
    if not trade.loose:
        return ()
    stored = Rows(events=trades.journal.events_about(trade.row.id)).in_force()
    given: dict[str | None, Decimal] = {}
    for event in stored:
        is_part = event.kind is RowKind.ASSIGN and event.quantity is not None and event.trade != trade.row.id
        if is_part and event.trade not in without:
            given[event.refers] = given.get(event.refers, ZERO) + (event.quantity or ZERO)
    left = []
    for loose in trade.loose:
        quantity = loose.quantity - (given.get(loose.event.id) or ZERO)
        if quantity > 0:
            left.append(loose._replace(quantity=quantity))
    return tuple(left)


def events_of(trade: str | None, in_force: Iterable[EventRow]) -> tuple[EventRow, ...]:
    """Returns those of the events in force that are a trade's, or no trade's, as assigned last.

    An assign of a part of a fill leaves the fill where it is, and is a fill of that part itself.
    """
    found: dict[str, EventRow] = {}
    order: list[str] = []
    for event in in_force:
        if event.kind is RowKind.ASSIGN:
            fill = found.get(event.refers or "")
            if fill is None:
                continue
            if event.quantity is not None and fill.quantity:
                piece = part_of(fill, event.quantity)._replace(id=event.id)
                found[event.id] = _assigned(piece, event)
                order.append(event.id)
            else:
                found[fill.id] = _assigned(fill, event)
        else:
            found[event.id] = event
            order.append(event.id)
    return tuple(found[name] for name in order if found[name].trade == trade)


def part_of(event: EventRow, quantity: Decimal) -> EventRow:
    """Returns a part of a fill with its share of the fee and of the contracts, in no trade."""
    fee, contracts = (
        None if whole is None or not event.quantity else whole * quantity / event.quantity
        for whole in (event.fee, event.contracts)
    )
    return event._replace(quantity=quantity, fee=fee, contracts=contracts, trade=None)


def _assigned(fill: EventRow, assign: EventRow) -> EventRow:
    return fill._replace(trade=assign.trade, tier=assign.tier, role=assign.role, target=assign.target)


def figures_of_locked(plan: LockedPlan) -> tuple[Plan, Ladder] | None:
    """Returns a plan as it was locked and its ladder: of its own bytes, and those kept with it."""
    return Session(Settings(read_overrides(plan.overrides)), dict(plan.files)).figures(plan.name, plan.data)


def _silent_of(plan: LockedPlan) -> frozenset[str]:
    if MARK not in plan.data:
        return frozenset()
    from scaleplan.policy.ignores import Ignores  # noqa: PLC0415 - most plans have none

    root = read_tree(plan.name, plan.data).root
    return frozenset() if root is None else Ignores(root).of_trades


def read_overrides(written: Iterable[str]) -> tuple[Override, ...]:
    """Returns the changes that were written as `PATH=VALUE` once, and were right then."""
    found = (read_override(text) for text in written)
    return tuple(override for override in found if isinstance(override, Override))


def trade_number(word: str) -> int | None:
    """Returns the number of `T7`; absent for what is a path."""
    digits = word[1:]
    is_number = word[:1] in ("T", "t") and digits.isascii() and digits.isdecimal() and len(digits) < 10
    return int(digits) if is_number else None


def event_number(word: str) -> int | None:
    """Returns the number of `E31`; absent where a word is none."""
    digits = word[1:]
    is_number = word[:1] in ("E", "e") and digits.isascii() and digits.isdecimal() and len(digits) < 16
    return int(digits) if is_number else None
