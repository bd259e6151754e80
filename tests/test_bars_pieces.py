"""A file of bars that is read in pieces is the file read whole: in memory, or mapped from a file of its own."""

import gzip
import random
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.running import outcome

pl = pytest.importorskip("polars")
np = pytest.importorskip("numpy")

from scaleplan.bars import form, pieces, reading, store  # noqa: E402 - they need the libraries
from scaleplan.bars.against import against_plan  # noqa: E402
from scaleplan.bars.funding import smallest_step  # noqa: E402
from scaleplan.bars.store import RowNumbers, furthest  # noqa: E402
from scaleplan.source import Unreachable  # noqa: E402

#: Bars are asked for as they stand, or bad ones left out.
WHOLE, DROP = form.BarsForm(), form.BarsForm(drop_bad=True)
HEAD = "time,open,high,low,close,go\n"
GOOD = "".join(
    f"2026-01-{1 + hour // 24:02} {hour % 24:02}:00,{100 + hour}.50,{103 + hour},{99 + hour},{101 + hour}.25,1\n"
    for hour in range(60)
)


def lines(text: str, *changes: tuple[int, str]) -> str:
    """Returns a text with other lines in place of some, from 0."""
    found = text.splitlines(keepends=True)
    for at, line in changes:
        found[at] = line
    return "".join(found)


#: What may be wrong with a bar, the bars themselves once more, and one long before them.
WRONG = (5, "x,1,2,3\n"), (31, "2026-01-02 07:00,0,0,0,0,1\n"), (59, "?\n")
AGAIN = GOOD.splitlines(keepends=True)
EARLY = (9, AGAIN[2]), (40, "2026-01-01 00:00,1,1,1,1,1\n")
FILES = {
    "good": (HEAD + GOOD, form.BarsForm(keep=("go",))),
    "without a head": (GOOD, WHOLE),
    "without a last line feed": (HEAD + GOOD.rstrip("\n"), WHOLE),
    "blank lines": (HEAD + lines(GOOD, (3, "\n"), (4, "\n"), (30, "\n\n"), (59, "\n")), form.BarsForm(keep=("go",))),
    "a short line first": (HEAD + "2025-12-31 00:00,1\n" + GOOD, DROP),
    "short lines": (HEAD + lines(GOOD, *((number, "2026-01-01 00:00,1\n") for number in range(1, 60, 3))), DROP),
    "holes": (HEAD + lines(GOOD, (7, ""), (20, ""), (21, ""), (44, "")), WHOLE),
    "bad": (HEAD + lines(GOOD, *WRONG), WHOLE),
    "bad left out": (HEAD + lines(GOOD, *WRONG), DROP),
    "out of order": (HEAD + lines(GOOD, *EARLY), DROP),
    "twice": (HEAD + lines(GOOD, (9, AGAIN[8]), (33, AGAIN[32])), WHOLE),
    "splits": (HEAD + GOOD + "2026-01-04 00:00,40,80,40,80,1\n2026-01-04 01:00,160,160,160,160,0\n", WHOLE),
    "cut": (HEAD + GOOD, form.BarsForm(since="2026-01-01T10:00", until="2026-01-02", closes=True)),
    "at most": (HEAD + GOOD, form.BarsForm(most=23)),
    "nothing but a head": (HEAD, WHOLE),
    "epochs": (HEAD + "".join(f"{1_700_000_000 + 60 * bar},9,9,9,9,1\n" for bar in range(40)), WHOLE),
    "days": (HEAD + "".join(f"2026{1 + day // 28:02}{1 + day % 28:02},9,9,9,9,1\n" for day in range(90)), WHOLE),
    # The hour from 2 to 3 comes twice on 25 October 2026.
    "an hour twice": (
        HEAD + "".join(f"2026-10-25 0{hour}:{half}0,9,9,9,9,1\n" for hour in (0, 1, 2, 2, 3, 4) for half in (0, 3)),
        form.BarsForm(tz="Europe/Berlin"),
    ),
    "adjusted": (
        "time,open,high,low,close,adj close\n"
        + "".join(f"2026-01-{1 + day:02},100,110,90,100,{40 + day}.5\n" for day in range(30)),
        form.BarsForm(adjust=True),
    ),
}


def said(file: reading.BarsFile) -> object:
    """Returns all that a file of bars says."""
    bars = file.bars
    told = [
        (each.code, each.severity, each.message, each.rest, str(each.span.source.name)) for each in file.diagnostics
    ]
    places = [each.span.source.position(each.span.start) for each in file.diagnostics]
    if bars is None:
        return file.sha256 if told[-1][0] != "SP806" else "", told, places, file.dropped, file.holes
    rows = [(int(bars.time[bar]), bars.exact(bar), bars.line_of(bar)) for bar in range(len(bars))]
    floats = [(bars.open[bar], bars.high[bar], bars.low[bar], bars.close[bar]) for bar in range(len(bars))]
    columns = {name: [str(value) for value in values] for name, values in bars.columns.items()}
    plan = against_plan(file.name, bars, file.text, Decimal(7), Decimal("0.5"))
    more = smallest_step(bars), [each.message for each in plan]
    return rows, floats, columns, bars.step_ns, told, places, file.dropped, file.holes, file.sha256, more


@pytest.fixture(params=[(97, 3, 8, 5), (1000, 20, 1 << 20, 1 << 20), (1000, 10, 20, 7)], ids=["mapped", "held", "both"])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], None]:
    """Returns what makes pieces small: bytes and rows of a piece, bars that are held, bars looked at together."""
    size, rows, held, stretch = request.param

    def make() -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        monkeypatch.setattr(pieces, "PIECE_BYTES", size)
        monkeypatch.setattr(pieces, "PIECE_ROWS", rows)
        monkeypatch.setattr(store, "MOST_HELD", held)
        monkeypatch.setattr(store, "STRETCH", stretch)

    return make


@pytest.mark.parametrize("name", FILES)
def test_pieces_are_the_whole(name: str, small: Callable[[], None], tmp_path: Path) -> None:
    """Bars, lines, decimals, columns and what is wrong with them are the same; nothing is left behind on the disk."""
    text, asked = FILES[name]
    path = tmp_path / "bars.csv"
    path.write_text(text)
    (tmp_path / "bars.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    whole = [said(reading.read(str(tmp_path / each), asked)) for each in ("bars.csv", "bars.csv.gz")]
    small()
    assert [said(reading.read(str(tmp_path / each), asked)) for each in ("bars.csv", "bars.csv.gz")] == whole
    assert not [each for each in tmp_path.rglob("cache/**/*") if each.is_file()]


@pytest.mark.parametrize("kind", ["double", "decimal", "whole"])
def test_pieces_of_a_table_are_the_whole(kind: str, small: Callable[[], None], tmp_path: Path) -> None:
    """Parquet and Feather, of doubles, decimals and whole numbers, with the decimals that they hold."""
    types = {"double": pl.Float64, "decimal": pl.Decimal(20, 4), "whole": pl.Int64}
    count = 50
    prices = [Decimal(100 + bar) + (Decimal("0.25") if kind != "whole" else 0) for bar in range(count)]
    frame = pl.DataFrame({"time": [1_700_000_000 + 60 * bar for bar in range(count)]}).with_columns(
        pl.Series(name, [float(price) if kind == "double" else price for price in prices]).cast(types[kind])
        for name in ("open", "high", "low", "close")
    )
    frame.write_parquet(tmp_path / "b.parquet", row_group_size=11)
    frame.write_ipc(tmp_path / "b.feather")
    whole = [said(reading.read(str(tmp_path / each), WHOLE)) for each in ("b.parquet", "b.feather")]
    small()
    found = [reading.read(str(tmp_path / each), WHOLE) for each in ("b.parquet", "b.feather")]
    assert [said(each) for each in found] == whole
    bars = found[0].bars
    assert bars is not None
    assert [str(bars.exact(bar)[0]) for bar in (0, 49)] == {
        "double": ["100.25", "149.25"],
        "decimal": ["100.2500", "149.2500"],
        "whole": ["100", "149"],
    }[kind]


def test_a_replay_in_pieces_is_the_same(small: Callable[[], None]) -> None:
    """Every byte of it: bars that are mapped are searched as those in memory, and finer ones too."""
    asked = ("plans/range-short.yaml", "plans/bars/walk-4h.csv", "--finer", "plans/bars/walk-15m.csv")
    forms = ("table", "json", "svg")
    whole = [outcome("replay", *asked, "--format", form).out for form in forms]
    small()
    assert [outcome("replay", *asked, "--format", form).out for form in forms] == whole


def test_a_backtest_in_pieces_is_the_same(small: Callable[[], None]) -> None:
    """Every byte of it, with trails that are searched a stretch at a time."""
    asked = ("plans/templates/breakout-pyramid.yaml", "plans/bars/walk-15m.csv", "--format", "json")
    whole = outcome("backtest", *asked).out
    small()
    assert outcome("backtest", *asked).out == whole


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_a_broken_table_is_refused_in_a_line(kind: str, tmp_path: Path) -> None:
    """Cut anywhere, or with bytes that are others: diagnostics or a refusal, and nothing of polars' own beside it."""
    frame = pl.DataFrame({name: [1.0 + row for row in range(300)] for name in ("time", "open", "high", "low", "close")})
    path, dice = tmp_path / f"b.{kind}", random.Random(7)  # noqa: S311 - drawn, not secret
    frame.write_parquet(path) if kind == "parquet" else frame.write_ipc(path)
    whole = path.read_bytes()
    for number in range(40):
        broken = bytearray(whole[dice.randrange(2, len(whole)) :] if number % 4 == 0 else whole)
        for _ in range(number % 4):
            broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
        path.write_bytes(broken)
        done = outcome("replay", "plans/range-short.yaml", str(path))
        assert done.code in (0, 1, 3)
        assert "panicked" not in done.talk
        assert "Traceback" not in done.talk


def test_a_line_without_end_is_no_bar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Longer than a piece it is not even parsed; the bars around it are read."""
    monkeypatch.setattr(pieces, "PIECE_BYTES", 500)
    text = HEAD + "".join(AGAIN[:5]) + "1" * 5000 + "\n" + "".join(AGAIN[5:])
    (tmp_path / "b.csv").write_text(text)
    file = reading.read(str(tmp_path / "b.csv"), DROP)
    found = file.diagnostics[0]
    assert (found.code, found.span.source.position(found.span.start).line) == ("SP809", 7)
    assert file.bars is not None
    assert len(file.bars) == 60
    assert file.bars.line_of(5) == 8


def test_no_room_on_disk_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """More bars than memory holds, and a disk that takes none: a refusal with a way out, no half result."""

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "MOST_HELD", 10)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    (tmp_path / "b.csv").write_text(HEAD + GOOD)
    with pytest.raises(Unreachable, match="no space left on device; read fewer with --most-bars"):
        reading.read(str(tmp_path / "b.csv"), WHOLE)


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
@settings(max_examples=60)
def test_rows_of_bars_are_those_that_are_left(blank: set[int], bad: set[int]) -> None:
    """Of 40 rows some are blank; of the bars that remain some are left out."""
    rows = [row for row in range(40) if row not in blank]
    numbers = RowNumbers(np.array(sorted(blank), dtype=np.int64))
    assert [numbers[index] for index in range(len(rows))] == rows
    gone = sorted(index for index in bad if index < len(rows))
    left = numbers.without(np.array(gone, dtype=np.int64))
    kept = [row for index, row in enumerate(rows) if index not in gone]
    assert [left[index] for index in range(len(kept))] == kept


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.sampled_from([1, -1]))
@settings(max_examples=60)
def test_of_equally_high_values_the_first_is_found(values: list[int], sign: int) -> None:
    """In stretches of any size."""
    array = np.array(values, dtype=np.float64)
    whole = int(array.argmax() if sign > 0 else array.argmin())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "STRETCH", 3)
        assert furthest(array, 0, len(values), sign, lambda: None) == whole
