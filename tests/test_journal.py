"""The journal's file: rows that are only added, digests that tell a change, one batch whole or not at all."""

import os
import sqlite3
import stat
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.journal import BatchRow, EventRow, JournalRefused, RowKind, Rows, TradeRow
from scaleplan.journal.database import Journal, new_id, reading, record
from scaleplan.journal.export import NotAnExport, lines_of, put_rows, read_lines
from scaleplan.journal.lines import event_digest, number_of, number_text

D = Decimal
AT = "2026-08-21T12:05:00.000000Z"
laws = settings(max_examples=100, deadline=None, database=None, derandomize=True)


def add(path: Path, count: int = 1, **values: object) -> str:
    """Records a batch of fills. Returns its id."""
    name = new_id()

    def write(journal: Journal) -> None:
        number = journal.next_number("batch")
        if number == 1:
            journal.add_trade(TradeRow(1, "t" * 32, "/plans/p.yaml", "BTC/USDT:USDT", "short", is_open=True))
        journal.add_batch(BatchRow(number, name, AT, "scaleplan fill", "0.1.0"))
        first = journal.next_number("event")
        rows = [
            EventRow(first + at, new_id(), number, RowKind.FILL, AT, "Z", "t" * 32, price=D("1.5"), **values)  # type: ignore[arg-type]
            for at in range(count)
        ]
        journal.add_events(rows, name)

    record(str(path), name, write)
    return name


def events(path: Path) -> tuple[EventRow, ...]:
    """Returns all events of a journal."""
    with reading(str(path)) as journal:
        assert journal is not None
        return journal.events(raw=True)


def test_reading_makes_nothing(tmp_path: Path) -> None:
    """A journal is made by the first command that records, never by one that reads."""
    with reading(str(tmp_path / "none" / "journal.db")) as journal:
        assert journal is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="permissions of another kind")
def test_it_is_its_owners_alone(tmp_path: Path) -> None:
    """A folder that it makes is 0700 and the file 0600; a folder that is there stays as it is."""
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    add(there / "new" / "journal.db")
    assert stat.S_IMODE((there / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((there / "new" / "journal.db").stat().st_mode) == 0o600
    assert stat.S_IMODE(there.stat().st_mode) == 0o755


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET price = '2'",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 1",
        "UPDATE batch SET command = 'x'",
        "DELETE FROM batch",
        "UPDATE trade SET path = 'x'",
        "DELETE FROM trade",
        "INSERT OR REPLACE INTO trade SELECT * FROM trade",
        "UPDATE plan SET name = 'x'",
    ],
)
def test_no_row_is_ever_changed(tmp_path: Path, change: str) -> None:
    """Whoever opens the file with another program is refused too, a replacing insert as well."""
    path = tmp_path / "journal.db"
    add(path)
    with closing(sqlite3.connect(path)) as other, other:
        if "plan" in change:
            other.execute("INSERT INTO plan VALUES ('d', 'n', x'00', '[]', '[]', '0.1.0')")
        with pytest.raises(sqlite3.IntegrityError, match="is never changed"):
            other.execute(change)
        other.execute("UPDATE trade SET open = 0")


def test_a_float_is_no_number_of_a_journal(tmp_path: Path) -> None:
    """Columns have no type that would turn a float into text before it is checked."""
    path = tmp_path / "journal.db"
    add(path)
    with closing(sqlite3.connect(path)) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute(
            "INSERT INTO event (seq, id, batch, kind, at, zone, price, digest)"
            " VALUES (9, 'x', 1, 'fill', 'a', 'Z', 1.5, 'd')"
        )


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"notes of mine\n", "no journal of scaleplan"), (b"SQLite format 3\x00" + bytes(200), "no journal of scaleplan")],
)
def test_another_file_is_never_touched(tmp_path: Path, content: bytes, words: str) -> None:
    """A text, and another application's database, are refused to readers and recorders, and stay as they are."""
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    with pytest.raises(JournalRefused, match=words):
        add(path)
    with pytest.raises(JournalRefused, match=words), reading(str(path)):
        pass
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_journal(tmp_path: Path) -> None:
    """Whoever made the file with `touch` may use it."""
    path = tmp_path / "journal.db"
    path.touch()
    add(path)
    assert len(events(path)) == 1


def test_a_newer_journal_is_refused(tmp_path: Path) -> None:
    """What a newer scaleplan made is not read as if it were understood."""
    path = tmp_path / "journal.db"
    add(path)
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("PRAGMA user_version = 2")
    with pytest.raises(JournalRefused, match="newer scaleplan"):
        add(path)


def test_a_batch_is_whole_or_not_there(tmp_path: Path) -> None:
    """What raises after the first of its rows leaves none."""
    path = tmp_path / "journal.db"
    add(path)

    def write(journal: Journal) -> None:
        journal.add_batch(BatchRow(2, "b" * 32, AT, "x", "0.1.0"))
        journal.add_events([EventRow(2, "e" * 32, 2, RowKind.NOTE, AT, "Z", "t" * 32)], "b" * 32)
        raise RuntimeError("in its middle")

    with pytest.raises(RuntimeError):
        record(str(path), "b" * 32, write)
    assert [event.seq for event in events(path)] == [1]


def test_a_dry_run_records_nothing_and_makes_no_file(tmp_path: Path) -> None:
    """It reads, judges and writes like any other, and all of it is taken back."""
    path = tmp_path / "journal.db"
    seen = record(str(path), "b" * 32, lambda journal: journal.next_number("event"), keep=False)
    assert (seen, path.exists()) == (1, False)


def test_what_is_voided_comes_back_when_its_void_is() -> None:
    """1 is voided by 2, 2 by 3: 1 and 3 are in force; one void more, and 2 is again."""
    rows = [EventRow(1, "a", 1, RowKind.FILL, AT, "Z")]
    for seq, about in ((2, "a"), (3, "b"), (4, "c")):
        rows.append(EventRow(seq, "abcd"[seq - 1], seq, RowKind.VOID, AT, "Z", refers=about))
    in_force = [[event.seq for event in Rows(events=tuple(rows[:count])).in_force()] for count in (1, 2, 3, 4)]
    assert in_force == [[1], [2], [1, 3], [2, 4]]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=20, min_value=D("-1e15"), max_value=D("1e15")))
@laws
def test_numbers_are_exact(value: Decimal) -> None:
    """Every number of at most 16 and 20 digits comes back as it was, in plain digits."""
    text = number_text(value)
    assert number_of(text) == value
    assert "e" not in text.lower()


@pytest.mark.parametrize("text", ["1e5", "01", "1.50", "-0", "NaN", "1" + "0" * 16, "0." + "0" * 20 + "1", ""])
def test_numbers_have_one_form(text: str) -> None:
    """A number that would be written otherwise is none."""
    with pytest.raises(ValueError, match=r"no number|digits"):
        number_of(text)


def test_a_digest_tells_a_changed_row(tmp_path: Path) -> None:
    """It is of the row without its local numbers, the source's row by its own digest."""
    path = tmp_path / "journal.db"
    batch = add(path, raw="a,b,c")
    (event,) = events(path)
    with reading(str(path)) as journal:
        assert journal is not None
        assert dict(journal.digests())[event.id] == event_digest(event, batch)
    assert event_digest(event._replace(seq=9, batch=9), batch) == event_digest(event, batch)
    assert event_digest(event._replace(price=D("1.6")), batch) != event_digest(event, batch)
    assert event_digest(event._replace(raw="a,b,d"), batch) != event_digest(event, batch)


def test_exported_and_read_again_it_is_the_same_bytes(tmp_path: Path) -> None:
    """Law 4: out of one journal, into an empty one, and out."""
    path, other = tmp_path / "journal.db", tmp_path / "other.db"
    add(path, 3, quantity=D("0.1"), raw="x\n")
    add(path, 2, text="a note \u202e")
    with reading(str(path)) as journal:
        assert journal is not None
        written = list(lines_of(journal.rows()))
    record(str(other), "none", lambda journal: put_rows(journal, read_lines(written)))
    with reading(str(other)) as journal:
        assert journal is not None
        assert list(lines_of(journal.rows())) == written


@pytest.mark.parametrize("line", ["", "{}", "[]", '{"type":"event"}', '{"type":"x"}', '{"type":"event","price":1.5}'])
def test_what_is_no_export_is_told_by_its_line(line: str) -> None:
    """A line that is none of an exported journal is named."""
    with pytest.raises(NotAnExport) as told:
        read_lines([line])
    assert told.value.number == 1


def test_a_fill_takes_little_room(tmp_path: Path) -> None:
    """At most 700 bytes a fill on disk beside its source's row."""
    path = tmp_path / "journal.db"
    add(path)
    before = path.stat().st_size
    many = 2000
    words = {"fee_currency": "USDT", "side": "buy", "source": "typed", "symbol": "BTC/USDT:USDT"}
    add(path, many, quantity=D("0.123456"), fee=D("0.59605"), **words)
    assert (path.stat().st_size - before) / many < 700
