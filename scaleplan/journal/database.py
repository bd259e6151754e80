"""The file of a journal: opened to read or to record, and what is so after the disk has refused a batch.

Recording is one `BEGIN IMMEDIATE` ... `COMMIT` around reading, judging and writing. Reading makes nothing. After any
error of the commit the batch is looked up by its id, so that what is said is what is there.
"""

import os
import re
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from scaleplan.journal import (
    BatchRow,
    EventRow,
    JournalDamaged,
    JournalRefused,
    LockedPlan,
    RowKind,
    Rows,
    TradeRow,
    Unrecorded,
)
from scaleplan.journal.lines import EventForm, line, read_line
from scaleplan.journal.schema import APPLICATION_ID, EVENT_COLUMNS, VERSION, statements

_Result = TypeVar("_Result")
#: How long is waited for another program that is recording, in seconds.
PATIENCE = 10
_MAGIC = b"SQLite format 3\0"
#: Where the header of a database has the numbers that tell whose it is.
_USER_VERSION, _APPLICATION = 60, 68
_EVENT_NAMES = ", ".join(name for name, _ in EVENT_COLUMNS)
_LIGHT_NAMES = ", ".join("NULL" if name == "raw" else name for name, _ in EVENT_COLUMNS)
#: From so many events on they are added without the guard of each.
_MANY = 1000
_NUMBERS = frozenset({"price", "quantity", "contracts", "fee"})
_IN_USE = f"is in use by another program, for longer than {PATIENCE} s; nothing was recorded"
#: What reading a row raises that is not as it was written.
_UNREADABLE = (ValueError, TypeError, ArithmeticError, KeyError)
#: What SQLite raises of a file that is broken; of its form, in words that are no UTF-8, it cannot even say that.
_BROKEN = (sqlite3.Error, UnicodeDecodeError)
_DAMAGED_FORM = "is damaged: what it says of its own form cannot be read; go on with a copy of it"
_PLAIN = frozenset({int, str, type(None)})
_DAMAGED_ROW = "is damaged: a row of it cannot be read; go on with a copy of it"
_ID = re.compile("[0-9a-f]{32}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_PROGRAM = re.compile(r"[0-9]+(\.[0-9]+)*([a-z]+[0-9]*)?([+.][A-Za-z0-9.]+)?")
_NOT_OURS = "is no journal of scaleplan, so it is left as it is"
_INTERRUPTED = "a run was killed while it recorded, and the folder cannot be written to put that right"


def new_id() -> str:
    """Returns 128 random bits, in hexadecimal digits."""
    return os.urandom(16).hex()


class Journal:
    """An open journal; what is read is as it was when it was opened, or inside a recording as it is."""

    def __init__(self, connection: sqlite3.Connection, path: str, *, is_trial: bool = False) -> None:
        self.path = path
        #: Whether nothing of what is written is kept, and who writes may leave out what nobody reads.
        self.is_trial = is_trial
        self._connection = connection

    # Reading

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            found: list[tuple[Any, ...]] = self._connection.execute(sql, values).fetchall()
        except UnicodeDecodeError as error:
            raise JournalDamaged(self.path, _DAMAGED_FORM) from error
        return found

    def plans(self) -> tuple[LockedPlan, ...]:
        """Returns every plan that was locked."""
        return tuple(map(self._plan, self._all("SELECT digest, name, data, files, overrides, version FROM plan")))

    def plan(self, digest: str) -> LockedPlan | None:
        """Returns the plan with that digest."""
        rows = self._all("SELECT digest, name, data, files, overrides, version FROM plan WHERE digest = ?", digest)
        return self._plan(rows[0]) if rows else None

    def _plan(self, row: tuple[Any, ...]) -> LockedPlan:
        try:
            return _plan(row)
        except _UNREADABLE as error:
            raise JournalDamaged(self.path, _DAMAGED_ROW) from error

    def trades(self, where: str = "1", *values: object) -> tuple[TradeRow, ...]:
        """Returns the trades of which a condition holds, by number."""
        rows = self._all(
            f"SELECT number, id, path, symbol, side, open FROM trade WHERE {where} ORDER BY number",  # noqa: S608
            *values,
        )
        self._must_be_plain(rows)
        return tuple(TradeRow._make((*row[:-1], row[-1] == 1)) for row in rows)

    def batches(self, where: str = "1", *values: object) -> tuple[BatchRow, ...]:
        """Returns the batches of which a condition holds, by number."""
        rows = self._all(
            f"SELECT number, id, recorded, command, version FROM batch WHERE {where} ORDER BY number",  # noqa: S608
            *values,
        )
        self._must_be_plain(rows)
        return tuple(BatchRow(*row) for row in rows)

    def _must_be_plain(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Raises `JournalDamaged` where a row has something else than texts and whole numbers."""
        if not all(_PLAIN.issuperset(map(type, row)) for row in rows):
            raise JournalDamaged(self.path, _DAMAGED_ROW)

    def events(self, where: str = "1", *values: object, raw: bool = False) -> tuple[EventRow, ...]:
        """Returns the events of which a condition holds, by number; with their source's rows where `raw` is."""
        names = _EVENT_NAMES if raw else _LIGHT_NAMES
        rows = self._all(f"SELECT seq, {names} FROM event WHERE {where} ORDER BY seq", *values)  # noqa: S608
        self._must_be_plain(rows)
        try:
            return tuple(map(_event, rows))
        except _UNREADABLE as error:
            raise JournalDamaged(self.path, _DAMAGED_ROW) from error

    def events_about(self, trade: str | None) -> tuple[EventRow, ...]:
        """Returns the events of a trade, or of none: also the fills assigned to it, and what is about any of them."""
        own = "trade IS NULL" if trade is None else "trade = ?1"
        return self.events(
            f"""seq IN (
    WITH RECURSIVE about(id, seq) AS (
        SELECT id, seq FROM event WHERE {own}
        UNION SELECT event.id, event.seq FROM event JOIN event AS assign ON event.id = assign.refers
            WHERE assign.kind = 'assign' AND assign.{own}
        UNION SELECT event.id, event.seq FROM event JOIN about ON event.refers = about.id
    ) SELECT seq FROM about)""",  # noqa: S608 - nothing of it is anybody's text
            *(() if trade is None else (trade,)),
        )

    def imported(self, sources: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """Yields the executions and payments of some sources, as they are stored: what tells them from others.

        `seq id batch is_funding at source source_id symbol side price quantity fee fee_currency text`, by number.
        """
        named = tuple(sources)
        names = "seq, id, batch, kind = 'funding', at, source, source_id, symbol, side, price, quantity, fee"
        where = f"kind IN ('fill', 'funding') AND source IN ({', '.join('?' * len(named))})"
        yield from self._connection.execute(
            f"SELECT {names}, fee_currency, text FROM event WHERE {where} ORDER BY seq",  # noqa: S608
            named,
        )

    def executed(self, first: str, last: str) -> Iterator[tuple[Any, ...]]:
        """Yields the executions of all sources between two moments, as `imported` does."""
        names = "seq, id, batch, 0, at, source, source_id, symbol, side, price, quantity, fee, fee_currency, text"
        where = "kind = 'fill' AND source != 'typed' AND at BETWEEN ? AND ?"
        yield from self._connection.execute(f"SELECT {names} FROM event WHERE {where} ORDER BY seq", (first, last))  # noqa: S608

    def voids(self) -> list[tuple[str, str, str, int]]:
        """Returns each void's id, what it voids, the command that it came with, and the batch of what it voids."""
        return self._all(
            "SELECT event.id, event.refers, batch.command, target.batch FROM event"
            " JOIN batch ON event.batch = batch.number JOIN event AS target ON target.id = event.refers"
            " WHERE event.refers IS NOT NULL AND event.kind = 'void' ORDER BY event.seq"
        )

    def raw_of(self, event: str) -> str:
        """Returns the source's row of an event; empty where it has none."""
        rows = self._all("SELECT raw FROM event WHERE id = ?", event)
        return str(rows[0][0] or "") if rows else ""

    def batch_ids(self, batch: int) -> tuple[str, ...]:
        """Returns the ids of a batch's events."""
        return tuple(str(row[0]) for row in self._all("SELECT id FROM event WHERE batch = ?", batch))

    def last_moments(self) -> dict[str, str]:
        """Returns when the last event of each trade was, by the trade's id."""
        return dict(self._all("SELECT trade, max(at) FROM event WHERE trade IS NOT NULL GROUP BY trade"))

    def events_around(self, batch: int) -> tuple[EventRow, ...]:
        """Returns the events of a batch, what is about any of them, what is about that, and so on, by number."""
        return self.events(
            """seq IN (
    WITH RECURSIVE about(id, seq) AS (
        SELECT id, seq FROM event WHERE batch = ?1
        UNION SELECT event.id, event.seq FROM event JOIN about ON event.refers = about.id
    ) SELECT seq FROM about)""",
            batch,
        )

    def digests(self) -> tuple[tuple[str, str], ...]:
        """Returns the digest stored with each event, by id."""
        return tuple(self._all("SELECT id, digest FROM event ORDER BY seq"))

    def rows(self) -> Rows:
        """Returns all that is in the journal."""
        return Rows(self.plans(), self.trades(), self.batches(), self.events(raw=True), self.digests())

    def next_number(self, table: str) -> int:
        """Returns the next number of a `trade`, a `batch` or an `event`."""
        column = "seq" if table == "event" else "number"
        return int(self._all(f"SELECT coalesce(max({column}), 0) + 1 FROM {table}")[0][0])  # noqa: S608

    def counts(self) -> dict[str, int]:
        """Returns how many trades, open ones, batches, events and locked plans there are."""
        found = {
            "trades": "SELECT count(*) FROM trade",
            "open": "SELECT count(*) FROM trade WHERE open = 1",
            "batches": "SELECT count(*) FROM batch",
            "events": "SELECT count(*) FROM event",
            "plans": "SELECT count(*) FROM plan",
        }
        return {name: int(self._all(sql)[0][0]) for name, sql in found.items()}

    def backup(self, path: str) -> None:
        """Copies the journal to a new file. Raises `JournalRefused` where there is one, or it cannot be stored."""
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except (OSError, ValueError) as error:
            reason = "is there already, and nothing is overwritten" if isinstance(error, FileExistsError) else None
            raise JournalRefused(
                path, reason or getattr(error, "strerror", None) or "no file can have such a name"
            ) from error
        try:
            with closing(sqlite3.connect(path)) as copy:
                self._connection.backup(copy)
        except sqlite3.Error as error:
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108
            raise _refused(path, error) from error

    # Writing; only inside a recording

    def add_plan(self, plan: LockedPlan) -> None:
        """Adds a locked plan; one that is there already stays."""
        if self._all("SELECT 1 FROM plan WHERE digest = ?", plan.digest):
            return
        files = line([[path, data.hex()] for path, data in plan.files])
        self._connection.execute(
            "INSERT INTO plan (digest, name, data, files, overrides, version) VALUES (?, ?, ?, ?, ?, ?)",
            (plan.digest, plan.name, plan.data, files, line(list(plan.overrides)), plan.version),
        )

    def add_trade(self, trade: TradeRow) -> None:
        """Adds a trade."""
        self._connection.execute(
            "INSERT INTO trade (number, id, path, symbol, side, open) VALUES (?, ?, ?, ?, ?, ?)",
            (*trade[:5], int(trade.is_open)),
        )

    def set_open(self, trade: str, *, is_open: bool) -> None:
        """Says whether a trade is open: what follows from its events."""
        self._connection.execute("UPDATE trade SET open = ? WHERE id = ?", (int(is_open), trade))

    def add_batch(self, batch: BatchRow) -> None:
        """Adds a batch, in front of its events."""
        self._connection.execute(
            "INSERT INTO batch (number, id, recorded, command, version) VALUES (?, ?, ?, ?, ?)", batch
        )

    def add_events(self, events: Iterable[EventRow], batch: str) -> None:
        """Adds events of the batch with that id."""
        found = events if isinstance(events, Sequence) else list(events)
        stored = map(EventForm(batch).stored, found)
        with self._unguarded() if len(found) > _MANY else nullcontext():
            for names, rows in groupby(stored, itemgetter(0)):
                places = ", ".join("?" * (names.count(",") + 1))
                try:
                    self._connection.executemany(
                        f"INSERT INTO event ({names}) VALUES ({places})",  # noqa: S608
                        map(itemgetter(1), rows),
                    )
                except UnicodeDecodeError as error:
                    raise JournalDamaged(self.path, _DAMAGED_FORM) from error

    @contextmanager
    def _unguarded(self) -> Iterator[None]:
        """Takes away what guards the events against an insert in the place of a row, while many are added.

        It is there again in the same transaction: nobody else ever sees the journal without it, and a row that is there
        already is refused by its keys, since nothing here inserts in the place of one.
        """
        sql = str(self._all("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'event_alone'")[0][0])
        self._connection.execute("DROP TRIGGER event_alone")
        yield
        self._connection.execute(sql)

    def integrity(self) -> tuple[str, ...]:
        """Returns what SQLite finds wrong with the file, and what of its tables, indexes and triggers is another."""
        found = self._schema_faults()
        try:
            found += [str(row[0]) for row in self._all("PRAGMA integrity_check(20)")]
            found += [f"a row of {row[0]} refers to what is not there" for row in self._all("PRAGMA foreign_key_check")]
        except sqlite3.Error as error:
            found.append(f"its pages cannot be looked through: {error}")
        return tuple(reason for reason in found if reason != "ok")

    def _schema_faults(self) -> list[str]:
        """Returns what of the form of the journal is not as this program makes it."""
        names = "type, name, tbl_name, sql FROM sqlite_master"
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as other:
            for statement in statements():
                other.execute(statement)
            wanted = dict(map(_keyed, other.execute(f"SELECT {names}")))
        there = dict(map(_keyed, self._all(f"SELECT {names}")))
        faults = [f"the {kind} {name} is missing" for kind, name in wanted.keys() - there.keys()]
        faults += [f"the {kind} {name} is none of a journal" for kind, name in there.keys() - wanted.keys()]
        faults += [
            f"the {kind} {name} was changed"
            for kind, name in wanted.keys() & there.keys()
            if wanted[kind, name] != there[kind, name]
        ]
        if self._all("PRAGMA user_version") != [(VERSION,)]:
            faults.append(f"its form is not told as {VERSION}")
        return sorted(faults)

    def unreadable(self) -> tuple[str, ...]:
        """Returns each row that cannot be read, by what it is called, and the tables that cannot be gone through."""
        checks: dict[str, tuple[str, str, Callable[[tuple[Any, ...]], object]]] = {
            "the locked plan {0}": ("plan", "rowid, digest, name, data, files, overrides, version", _whole_plan),
            "T{0}": ("trade", "number, id, path, symbol, side, open", _whole_trade),
            "batch {0}": ("batch", "number, id, recorded, command, version", _whole_batch),
            "E{0}": ("event", f"seq, {_EVENT_NAMES}, digest", _whole_event),
        }
        found = []
        for called, (table, columns, read) in checks.items():
            numbers: list[Any] = []
            try:
                numbers += [row[0] for row in self._all(f"SELECT rowid FROM {table} ORDER BY rowid")]  # noqa: S608
            except sqlite3.Error as error:
                found.append(f"the rows of {table} cannot be gone through: {error}")
            if table != "plan" and numbers != [*range(1, len(numbers) + 1)]:
                found.append(f"the numbers of {table} have a gap")
            for number in numbers:
                row: tuple[Any, ...] = (number,)
                try:
                    row = self._all(f"SELECT {columns} FROM {table} WHERE rowid = ?", number)[0]  # noqa: S608
                    read(row)
                except (sqlite3.Error, JournalDamaged, IndexError, *_UNREADABLE) as error:
                    name = str(row[1])[:12] if table == "plan" and len(row) > 1 else number
                    found.append(f"{called.format(name)} cannot be read: {error}")
        return tuple(found)


def _event(row: tuple[Any, ...]) -> EventRow:
    values = dict(zip(("seq", *(name for name, _ in EVENT_COLUMNS)), row, strict=True))
    for name in _NUMBERS:
        if values[name] is not None:
            values[name] = Decimal(values[name])
    values["kind"] = RowKind(values["kind"])
    if type(values["at"]) is not str:
        raise TypeError("its moment is no text")
    return EventRow(**values)


def _plan(row: tuple[Any, ...]) -> LockedPlan:
    digest, name, data, files, overrides, version = row
    named = tuple((path, bytes.fromhex(content)) for path, content in read_line(files))
    return LockedPlan(digest, name, bytes(data), named, tuple(read_line(overrides)), version)


def _keyed(row: tuple[Any, ...]) -> tuple[tuple[str, str], tuple[Any, ...]]:
    kind, name, *rest = row
    return (str(kind), str(name)), tuple(rest)


def _whole_plan(row: tuple[Any, ...]) -> None:
    """Reads a locked plan. Raises what `_UNREADABLE` has where it is none."""
    _plan(row[1:])
    _must_be_texts(row[2], row[6])
    _must_be_version(row[6])


def _whole_trade(row: tuple[Any, ...]) -> None:
    """Reads a trade. Raises `ValueError` where it is none."""
    _must_be_texts(*row[1:5])
    if not _ID.fullmatch(row[1]) or row[4] not in ("long", "short") or row[5] not in (0, 1):
        raise ValueError("its id, its side or whether it is open is none")


def _whole_batch(row: tuple[Any, ...]) -> None:
    """Reads a batch. Raises `ValueError` where it is none."""
    _must_be_texts(*row[1:])
    if not _ID.fullmatch(row[1]) or not _MOMENT.fullmatch(row[2]):
        raise ValueError("its id, or when it was recorded, is none")
    datetime.fromisoformat(row[2])
    if row[3].split()[:1] != ["scaleplan"]:
        raise ValueError("its command is none of scaleplan")
    _must_be_version(row[4])


def _whole_event(row: tuple[Any, ...]) -> None:
    """Reads an event. Raises what `_UNREADABLE` has where it is none."""
    _event(row[:-1])
    _must_be_texts(*(text for text in row[1:] if not isinstance(text, int | None)))


def _must_be_texts(*values: object) -> None:
    for value in values:
        if not isinstance(value, str):
            raise TypeError("it has something else for a text")


def _must_be_version(text: str) -> None:
    if not _PROGRAM.fullmatch(text):
        raise ValueError("the program that wrote it has no such version")


# Opening


def is_there(path: str) -> bool:
    """Returns whether there is a journal with something in it. Raises `JournalRefused` for a file that is none."""
    return _header(path) is not None


@contextmanager
def reading(path: str) -> Iterator[Journal | None]:
    """Yields the journal, as it is at one moment; absent where there is none yet. Makes nothing.

    Raises `JournalRefused` where there is something else, or the system refuses it.
    """
    if _header(path) is None:
        yield None
        return
    with closing(_connected_to_read(path)) as connection:
        try:
            connection.execute("BEGIN")
            # The lock is taken with the first row that is read.
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise _refused(path, error) from error
        try:
            yield Journal(connection, path) if _has_tables(connection) else None
        except sqlite3.Error as error:
            raise _refused(path, error) from error


def record(path: str, batch: str, write: Callable[[Journal], _Result], *, keep: bool = True) -> _Result:
    """Returns what `write` returns, which reads, judges and writes the rows of the batch with that id.

    All of it is recorded or, where it raises or `keep` is not set, nothing. Makes the file where there is none, in a
    folder for its owner alone. Raises `JournalRefused` where it cannot be used, `Unrecorded` where the disk refuses.
    """
    if not is_there(path):
        # What is refused makes no file: the first batch is tried where nothing is kept.
        with closing(_configured(sqlite3.connect(":memory:", isolation_level=None))) as connection:
            _upgrade(connection, path)
            tried = write(Journal(connection, path, is_trial=True))
        if not keep:
            return tried
        _make(path)
    connection = _connected(path, "rw")
    with closing(connection):
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN IMMEDIATE")
            _upgrade(connection, path)
            result = write(Journal(connection, path))
        except sqlite3.Error as error:
            raise _undone(connection, path, error) from error
        except BaseException:
            _roll_back(connection)
            raise
        if not keep:
            _roll_back(connection)
            return result
        try:
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            reason = _reason(error)
            raise Unrecorded(reason, is_recorded=_is_recorded(path, batch)) from error
    return result


def _undone(connection: sqlite3.Connection, path: str, error: sqlite3.Error) -> Exception:
    _roll_back(connection)
    return _refused(path, error)


def _roll_back(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _is_recorded(path: str, batch: str) -> bool | None:
    """Returns whether a batch is in the journal; absent where that cannot be told."""
    try:
        with reading(path) as journal:
            return journal is not None and bool(journal.batches("id = ?", batch))
    except JournalRefused:
        return None


def _header(path: str) -> bytes | None:
    """Returns the header of a journal; absent where there is no file, or an empty one."""
    try:
        found = os.stat(path)  # noqa: PTH116
        if not stat.S_ISREG(found.st_mode):
            kind = "is a directory, not a file" if stat.S_ISDIR(found.st_mode) else "is no regular file"
            raise JournalRefused(path, kind)
        with open(path, "rb") as file:  # noqa: PTH123
            header = file.read(100)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JournalRefused(path, (error.strerror or "cannot be read").lower()) from error
    except ValueError as error:
        raise JournalRefused(path, "no file can have such a name") from error
    if not header:
        return None
    application = header[_APPLICATION : _APPLICATION + 4]
    if not header.startswith(_MAGIC) or int.from_bytes(application, "big") != APPLICATION_ID:
        raise JournalRefused(path, _NOT_OURS)
    version = int.from_bytes(header[_USER_VERSION : _USER_VERSION + 4], "big")
    if version > VERSION:
        raise JournalRefused(path, f"was made by a newer scaleplan (its form is {version}, this one knows {VERSION})")
    return header


def _make(path: str) -> None:
    """Makes an empty file for its owner alone where there is none, and the folders that lead to it."""
    if _header(path) is not None:
        return
    try:
        folder = os.path.dirname(path)  # noqa: PTH120
        if folder:
            _make_folder(folder)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise JournalRefused(path, (error.strerror or "cannot be made").lower()) from error
    except ValueError as error:
        raise JournalRefused(path, "no file can have such a name") from error


def _make_folder(folder: str) -> None:
    """Makes a folder for its owner alone, and those above it that there are not."""
    if os.path.isdir(folder):  # noqa: PTH112
        return
    above = os.path.dirname(folder)  # noqa: PTH120
    if above not in ("", folder):
        _make_folder(above)
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)  # noqa: PTH102


def _connected(path: str, mode: str) -> sqlite3.Connection:
    # What an address takes for a sign of its own. See https://www.sqlite.org/uri.html
    named = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")  # noqa: PTH100
    address = f"file:{named}?mode={mode}"
    try:
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=PATIENCE)
    except sqlite3.Error as error:
        raise _refused(path, error) from error
    try:
        return _configured(connection)
    except _BROKEN as error:
        connection.close()
        raise _refused(path, error) from error


def _connected_to_read(path: str) -> sqlite3.Connection:
    try:
        connection = _connected(path, "rw")
    except JournalRefused:
        return _connected(path, "ro")
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        return _connected(path, "ro")
    except _BROKEN as error:
        connection.close()
        raise _refused(path, error) from error
    return connection


def _configured(connection: sqlite3.Connection) -> sqlite3.Connection:
    for setting in (
        "foreign_keys = ON",
        "synchronous = EXTRA",
        "fullfsync = ON",
        "trusted_schema = OFF",
        "cache_size = -32000",
    ):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchone() is not None


def _upgrade(connection: sqlite3.Connection, path: str) -> None:
    """Makes the tables of an empty journal. Raises `JournalRefused` for one that another, newer program has made."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise JournalRefused(path, f"was made by a newer scaleplan (its form is {version}, this one knows {VERSION})")
    if version == 0 and not _has_tables(connection):
        for statement in statements():
            connection.execute(statement)


def _refused(path: str, error: sqlite3.Error | UnicodeDecodeError) -> JournalRefused:
    if isinstance(error, UnicodeDecodeError):
        return JournalDamaged(path, _DAMAGED_FORM)
    if str(error).startswith("Could not decode"):
        return JournalDamaged(path, _DAMAGED_ROW)
    is_broken = getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
    return (JournalDamaged if is_broken else JournalRefused)(path, _reason(error))


def _reason(error: sqlite3.Error) -> str:
    """Returns what is wrong, in words."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return _IN_USE
    known = {
        "SQLITE_READONLY_ROLLBACK": _INTERRUPTED,
        "SQLITE_READONLY": "cannot be written: it or its folder is read-only",
        "SQLITE_READONLY_DIRECTORY": "cannot be written: its folder is read-only",
        "SQLITE_FULL": "the disk is full",
        "SQLITE_CANTOPEN": "cannot be opened: its folder cannot be written, or a run was killed while it recorded",
        "SQLITE_CORRUPT": "is damaged: its pages do not fit together; go on with a copy of it",
        "SQLITE_NOTADB": "is damaged: its header is no longer that of a journal",
    }
    return known.get(name) or (f"the disk refuses it ({name})" if name.startswith("SQLITE_IOERR") else str(error))
