"""The journal under faults: kills, full disks, errors of every write, several writers at once, bytes that are not ours.

What a recording says is what is there: a batch is whole or not there, an acknowledged one is never lost.
"""

import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scaleplan.journal import BatchRow, EventRow, JournalRefused, RowKind, TradeRow
from scaleplan.journal import database as databases
from scaleplan.journal.database import Journal, new_id, reading, record
from tests.given import journal as made
from tests.running import ROOT, outcome

AT = "2026-08-21T12:05:00.000000Z"
EVERY = bool(os.environ.get("SCALEPLAN_EVERY_CASE"))
STRACE = shutil.which("strace")
#: Records batches without end, or so many; says each when it is recorded.
WRITER = """
import sys
from scaleplan.journal import BatchRow, EventRow, RowKind, Unrecorded
from scaleplan.journal.database import new_id, record
path, most = sys.argv[1], int(sys.argv[2])
for count in range(most):
    name = new_id()
    def write(journal):
        number = journal.next_number("batch")
        journal.add_batch(BatchRow(number, name, "2026-08-21T12:05:00.000000Z", "x", "0.1.0"))
        first = journal.next_number("event")
        rows = [EventRow(first + at, new_id(), number, RowKind.NOTE, "2026", "Z", text="x" * 300) for at in range(20)]
        journal.add_events(rows, name)
    try:
        record(path, name, write)
    except Unrecorded as error:
        print({True: "there", False: "not", None: "unknown"}[error.is_recorded], name, flush=True)
    except Exception as error:
        print("not", name, flush=True)
    else:
        print("there", name, flush=True)
"""


def begun(path: Path) -> None:
    """Makes a journal with one batch."""

    def write(journal: Journal) -> None:
        journal.add_trade(TradeRow(1, "t" * 32, "/p.yaml", "A/B", "long", is_open=True))
        journal.add_batch(BatchRow(1, "b" * 32, AT, "x", "0.1.0"))
        journal.add_events([EventRow(1, new_id(), 1, RowKind.NOTE, AT, "Z", "t" * 32)], "b" * 32)

    record(str(path), "b" * 32, write)


def batches(path: Path) -> dict[str, int]:
    """Returns the batches of a journal that is whole, and how many events each has."""
    with reading(str(path)) as journal:
        assert journal is not None
        assert journal.integrity() == ()
        counts = {batch.number: batch.id for batch in journal.batches()}
        found = dict.fromkeys(counts.values(), 0)
        for event in journal.events():
            found[counts[event.batch]] += 1
        return found


def writer(path: Path, most: int = 1_000_000, *before: str) -> subprocess.Popen[str]:
    """Starts a process that records batches."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    words = [*before, sys.executable, "-c", WRITER, str(path), str(most)]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_nothing_acknowledged_is_lost_to_a_kill(tmp_path: Path) -> None:
    """Killed at a random moment, again and again: each batch is whole, and all that was said is there."""
    path = tmp_path / "journal.db"
    begun(path)
    draw = random.Random(4)  # noqa: S311 - drawn to be drawn again
    said: list[str] = []
    found: dict[str, int] = {}
    for _ in range(100 if EVERY else 12):
        with writer(path) as running:
            assert running.stdout is not None
            said.append(running.stdout.readline())
            time.sleep(draw.random() * 0.03)
            running.send_signal(signal.SIGKILL)
            said += running.stdout.readlines()
        found = batches(path)
        assert {count for name, count in found.items() if name != "b" * 32} <= {20}
    acknowledged = {line.split()[1] for line in said if line.startswith("there") and line.endswith("\n")}
    assert acknowledged
    assert acknowledged <= found.keys()


def test_eight_writers_at_once(tmp_path: Path) -> None:
    """Eight processes record at once; each batch is there, once, and numbers have no gap."""
    path = tmp_path / "journal.db"
    each = 25 if EVERY else 6
    running = [writer(path, each) for _ in range(8)]
    said = [line for process in running for line in process.communicate(timeout=100)[0].splitlines()]
    assert [line for line in said if not line.startswith("there")] == []
    found = batches(path)
    assert len(found) == 8 * each
    with reading(str(path)) as journal:
        assert journal is not None
        assert [batch.number for batch in journal.batches()] == list(range(1, 8 * each + 1))
        assert [event.seq for event in journal.events()] == list(range(1, 8 * each * 20 + 1))


def test_a_writer_asleep_inside_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that holds the journal is waited for, and then named; it is 10 seconds in earnest."""
    path = tmp_path / "journal.db"
    begun(path)
    assert databases.PATIENCE == 10
    monkeypatch.setattr(databases, "PATIENCE", 1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(JournalRefused, match="in use"):
        record(str(path), "c" * 32, lambda journal: journal.next_number("batch"))
    assert time.monotonic() - began >= 1
    other.close()


FAULTS = [
    ("pwrite64", "ENOSPC"),
    ("pwrite64", "EIO"),
    ("fdatasync", "EIO"),
    ("unlink", "EIO"),
    ("ftruncate", "EIO"),
    ("pwrite64", "KILL"),
    ("fdatasync", "KILL"),
    ("unlink", "KILL"),
]


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize(("call", "fault"), FAULTS)
def test_every_fault_of_a_recording(tmp_path: Path, call: str, fault: str) -> None:
    """A fault at the first, second, third ... such call, until a run meets none: all or nothing, and said so."""
    injected = "signal=SIGKILL" if fault == "KILL" else f"error={fault}"
    step = 1 if EVERY else 8
    for number in range(1, 400, step):
        path = tmp_path / f"{number}.db"
        begun(path)
        log = tmp_path / "log"
        how = [str(STRACE), "-f", "-qq", "-o", str(log), "-e", f"trace={call}", "-e"]
        with writer(path, 1, *how, f"inject={call}:{injected}:when={number}") as running:
            said, talk = running.communicate(timeout=60)
        if "attach" in talk or "ptrace" in talk:
            pytest.skip("nothing may be traced here")
        found = batches(path)
        name = said.split()[1] if said else ""
        if said.startswith("there"):
            assert found[name] == 20
        elif said.startswith("not"):
            assert name not in found
        assert set(found.values()) <= {1, 20}
        # A killed run's journal of pages was rolled back by the one that has just read.
        begun_again = record(str(path), "c" * 32, lambda journal: journal.next_number("event"))
        assert begun_again in (2, 22)
        if not re.search(r"INJECTED|SIGKILL", log.read_text(errors="replace")):
            return
    pytest.fail("a recording does not end")


def test_a_full_disk_records_nothing(tmp_path: Path) -> None:
    """Where a file may grow no further, nothing is recorded, and that is said."""
    path = tmp_path / "journal.db"
    begun(path)
    limit = path.stat().st_size + 4096

    def bounded() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    ran = subprocess.run(
        [sys.executable, "-c", WRITER, str(path), "4"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=bounded,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = [line.split() for line in ran.stdout.splitlines()]
    assert "not" in {word for word, _ in said}
    found = batches(path)
    assert {name for word, name in said if word == "there"} | {"b" * 32} == found.keys()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    """Reading goes on, recording says why it cannot."""
    path = tmp_path / "there" / "journal.db"
    begun(path)
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        assert len(batches(path)) == 1
        with pytest.raises(JournalRefused, match="read-only"):
            record(str(path), "c" * 32, lambda journal: journal.next_number("event"))
    finally:
        path.parent.chmod(0o700)


def test_a_flipped_byte_is_found_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One digit changed in the file, behind SQLite's back: `journal check` names the event."""
    monkeypatch.setenv("SCALEPLAN_JOURNAL", "")
    path = made(tmp_path)
    data = path.read_bytes()
    # As a row stands in the file: the side, and then the price.
    assert data.count(b"sell29802.5") == 1
    path.write_bytes(data.replace(b"sell29802.5", b"sell29802.6"))
    ran = outcome("journal", "check")
    assert (ran.code, "E2 was changed" in ran.out) == (1, True)


#: What nothing in this form of the journal vouches for: no digest is of them, and one digit is as good as another.
UNWATCHED = {"trade": {"path"}, "batch": {"recorded", "command", "version"}, "plan": {"version"}}
TABLES = {
    "plan": "digest, name, data, files, overrides, version",
    "trade": "number, id, path, symbol, side, open",
    "batch": "number, id, recorded, command, version",
    "event": "*",
    "sqlite_master": "type, name, tbl_name, sql",
}


def all_of(path: Path) -> dict[str, list[dict[str, object]]]:
    """Returns all that can be read in a journal: the rows of each table, and what it says of its form."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    try:
        return {
            table: [dict(row) for row in connection.execute(f"SELECT {names} FROM {table}")]  # noqa: S608
            for table, names in TABLES.items()
        }
    finally:
        connection.close()


def changed(before: dict[str, list[dict[str, object]]], path: Path) -> set[tuple[str, str]] | None:
    """Returns which columns read otherwise than before; absent where the tables cannot be read, or have other rows."""
    try:
        after = all_of(path)
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    if any(len(rows) != len(after[table]) for table, rows in before.items()):
        return None
    return {
        (table, name)
        for table, rows in before.items()
        for row, other in zip(rows, after[table], strict=True)
        for name in row
        if row[name] != other[name]
    }


def test_every_flipped_bit_is_told_or_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bit of every so many bytes: never a traceback, and what reads otherwise is told, with 1 (a header not ours: 3).

    Harmless are those of free pages, of the room between the cells of a page, of what deleted cells left, and of
    counters of the header that nobody reads: all rows and the form read as before. Not told are those of `UNWATCHED`,
    which no digest of this form is of: they change no figure of a trade.
    """
    monkeypatch.setenv("SCALEPLAN_JOURNAL", "")
    path = made(
        tmp_path,
        *(
            f"{line} --at '2026-08-21 13:0{at} Z'"
            for at, line in enumerate(
                (
                    f"lock {ROOT / 'plans' / 'range-short.yaml'}",
                    "fill T1 29802.5 0.1 --fee 0.59605 --note hello",
                    "stop T1 30050",
                    "exit T1 28600 0.05",
                )
            )
        ),
        "undo",
    )
    before, data = all_of(path), path.read_bytes()
    found = {"told": 0, "harmless": 0}
    # The pages of the rows are looked at closely, the others, mostly empty, further apart.
    step = 1 if EVERY else 331
    for at in [*range(0, 100, 1 if EVERY else 9), *range(100, len(data), step)]:
        for bit in (1, 0x80):
            path.write_bytes(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
            ran = outcome("journal", "check")
            assert ran.code in (0, 1, 3), (at, bit, ran)
            assert ran.code != 3 or at < 100, (at, bit, ran)
            if ran.code:
                found["told"] += 1
                continue
            other = changed(before, path)
            assert other is not None, (at, bit)
            assert all(name in UNWATCHED.get(table, ()) for table, name in other), (at, bit, other)
            found["harmless"] += not other
    assert found["told"] > 40
    assert found["harmless"] > 100


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"CREATE TRIGGER event_stays BEFORE DELETE", b"CREATE TRIGGER event_stays BEFORE INSERT", "event_stays was"),
        (b"'a batch of the journal is never", b"'a batch of the journal is newer", "the trigger batch_"),
        (
            b"CREATE INDEX event_refers ON event (refers)",
            b"CREATE INDEX event_refers ON event (source)",
            "event_refers was",
        ),
        (b"typeof(price) IN ('text', 'null')", b"typeof(price) IN ('real', 'null')", "the table event was changed"),
        (b"2026-08-21T13:05:00.000000Z+", b"2026-08-21T13:05:00.000000Z-", "E2 was changed"),
        (b"00Zscaleplan lock", b"00Zscaleplaj lock", "batch 1 cannot be read"),
        (b"BTC/USDT:USDTshort", b"BTC/USDT:USDCshort", "T1 is of another symbol"),
        (b"BTC/USDT:USDTshort", b"BTC/USDT:USDTsh\xffrt", "T1 cannot be read"),
    ],
)
def test_what_was_changed_behind_its_back_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bytes, new: bytes, said: str
) -> None:
    """What a trigger refuses, which columns an index has, the zone of a moment, a command, a symbol, a text.

    Each is called by its name: exit 1, and no traceback from what reads it then.
    """
    monkeypatch.setenv("SCALEPLAN_JOURNAL", "")
    path = made(
        tmp_path,
        f"lock {ROOT / 'plans' / 'range-short.yaml'} --at '2026-08-21 13:00 Z'",
        "fill T1 29802.5 0.1 --fee 0.59605 --at '2026-08-21 15:05 +02:00'",
    )
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    ran = outcome("journal", "check")
    assert (ran.code, said in ran.out + ran.talk) == (1, True), ran
    for command in (
        ["status"],
        ["log"],
        ["review"],
        ["journal", "export"],
        ["fill", "T1", "29471", "0.1", "--dry-run"],
    ):
        assert outcome(*command).code in (0, 1, 2, 3), command


def test_a_batch_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row taken out with the triggers away, and they put back: the numbers have a gap."""
    monkeypatch.setenv("SCALEPLAN_JOURNAL", "")
    path = made(tmp_path)
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DELETE FROM event WHERE seq = 2")
    for _, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()
    ran = outcome("journal", "check")
    assert (ran.code, "the numbers of event have a gap" in ran.out) == (1, True)


def test_a_cut_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file is damaged, and no traceback."""
    monkeypatch.setenv("SCALEPLAN_JOURNAL", "")
    path = made(tmp_path)
    data = path.read_bytes()
    for size in (len(data) // 2, 5000, 4096, 100, 30):
        path.write_bytes(data[:size])
        for command in (["journal", "check"], ["status"], ["log"], ["fill", "T1", "29471", "0.1"]):
            ran = outcome(*command)
            assert ran.code in (1, 3), (size, command, ran)
            # No command sends its reader to a check that says the same again.
            assert "journal check" not in ran.talk, (size, command, ran)


def test_a_directory_is_no_journal(tmp_path: Path) -> None:
    """A folder, and a device, are named as what they are."""
    for path in (tmp_path, Path(os.devnull)):
        with pytest.raises(JournalRefused, match=r"is a directory|is no regular file"):
            record(str(path), "c" * 32, lambda journal: journal.next_number("event"))
