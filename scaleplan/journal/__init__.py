"""The journal: what happened to trades, as rows that are never changed, in one SQLite file a user.

The only room that knows SQL; it knows nothing of plans. Numbers are exact decimals and moments are UTC. A mistake is
not edited: an event that voids it is added, and what a `void` takes back another `void` brings back.
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.source import Unreachable


class RowKind(StrEnum):
    """What a row of the journal says."""

    LOCK = "lock"
    AMEND = "amend"
    RELEASE = "release"
    FILL = "fill"
    STOP = "stop"
    FUNDING = "funding"
    ASSIGN = "assign"
    NOTE = "note"
    VOID = "void"


class LockedPlan(NamedTuple):
    """A plan as it was when it was locked: its bytes, those of every file it names, and what was changed for the run.

    `files` are paths as the plan names them, each with its bytes; `overrides` are `PATH=VALUE`, and `version` is the
    scaleplan that locked it. `digest` tells plans apart: SHA-256 of all that but the version.
    """

    digest: str
    name: str
    data: bytes
    files: tuple[tuple[str, bytes], ...]
    overrides: tuple[str, ...]
    version: str


class TradeRow(NamedTuple):
    """One execution of one plan. `path` is where the plan's file was; `is_open` is derived from the events."""

    number: int
    id: str
    path: str
    symbol: str
    side: str
    is_open: bool


class BatchRow(NamedTuple):
    """The events of one command, recorded together or not at all. `recorded` is when, in UTC."""

    number: int
    id: str
    recorded: str
    command: str
    version: str


class EventRow(NamedTuple):
    """Something that happened, or that was said of what happened. Absent fields are absent in the row too.

    `seq` is its number in this journal and `batch` that of its command; `id` names it everywhere. `trade` is the id of
    a trade, `refers` that of the event a void or an assign is about. `at` is UTC with six digits, `zone` how it was
    written. `price` is in quote, `quantity` in base (inverse: value in quote), `fee` in `fee_currency`: above 0 is
    paid. `tier` counts from 1; `role` is what closed (`target`, `stop`, `trail`, `liquidation`, `time stop`, `by
    hand`), with the target's number in `target`. `plan` is the digest of a lock's or an amend's plan. `raw` is the row
    of the source.
    """

    seq: int
    id: str
    batch: int
    kind: RowKind
    at: str
    zone: str
    trade: str | None = None
    source: str | None = None
    source_id: str | None = None
    side: str | None = None
    price: Decimal | None = None
    quantity: Decimal | None = None
    contracts: Decimal | None = None
    fee: Decimal | None = None
    fee_currency: str | None = None
    liquidity: str | None = None
    order_id: str | None = None
    symbol: str | None = None
    tier: int | None = None
    target: int | None = None
    role: str | None = None
    refers: str | None = None
    plan: str | None = None
    text: str | None = None
    raw: str | None = None

    @property
    def name(self) -> str:
        """Returns what commands call it: `E31`."""
        return f"E{self.seq}"


class Rows(NamedTuple):
    """All that is in a journal, each table in the order of its numbers. `digests` are those stored, by event id."""

    plans: tuple[LockedPlan, ...] = ()
    trades: tuple[TradeRow, ...] = ()
    batches: tuple[BatchRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    digests: tuple[tuple[str, str], ...] = ()

    def in_force(self) -> tuple[EventRow, ...]:
        """Returns the events that no event in force voids, voids among them.

        An event is voided only by a later one, so the last is in force, and so on to the first.
        """
        voided: set[str] = set()
        found = []
        for event in reversed(self.events):
            if event.id in voided:
                continue
            found.append(event)
            if event.kind is RowKind.VOID and event.refers is not None:
                voided.add(event.refers)
        return tuple(reversed(found))


class JournalRefused(Unreachable):
    """The journal cannot be used: it is not ours, in use, newer, or the system refuses it."""


class JournalDamaged(JournalRefused):
    """The file is that of a journal, and something of it is broken."""


class Unrecorded(Exception):  # noqa: N818 - it is a state of the world
    """A batch that was refused by the disk; `is_recorded` is whether it is there all the same, absent if unknown."""

    def __init__(self, reason: str, *, is_recorded: bool | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_recorded = is_recorded
