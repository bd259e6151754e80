"""A file of bars read: CSV (plain, gzip or Zstandard), Parquet or Feather, its columns found by name, its times in UTC.

What is wrong with it is said at its line, 20 of a kind and then the count; bars in which something is wrong may be left
out (`drop_bad`).
"""

import gzip
import hashlib
import io
import mmap
import os
import select
import stat
import sys
import zlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from scaleplan.bars.columns import ColumnPlaces, columns_of, has_header, separator_of
from scaleplan.bars.form import MOST_BARS, BarsForm, WrongForm
from scaleplan.bars.judge import Findings, judge
from scaleplan.bars.records import BarArrays, BarDecimals, Bars, Floats, Ints
from scaleplan.bars.times import UNREAD, nanoseconds
from scaleplan.bars.typed import TextLines, decimal_of, prices_of, scaled
from scaleplan.diagnostic import Diagnostic, has_errors
from scaleplan.source import STANDARD_INPUT, Unreachable, name_of

#: The most bytes that are held of what is unpacked or comes through a pipe: a bomb of zeros ends here.
_MOST_BYTES = 1 << 30
#: The help where columns are not found: a column that is there twice can only be given by its number.
_WHICH = "say which is which, by name or by number from 0: `--columns open=NAME,close=4,...`"
_PIECE = 1 << 24
#: How long a pipe may say nothing at all, and how long it may pause once it has begun, in seconds.
_PATIENCE, _PAUSE = 10, 60
#: A head longer than this is none.
_LONGEST_HEAD = 1 << 22
_MINUTE = 60_000_000_000


class BarsFile(NamedTuple):
    """What became of a file of bars: the bars unless something is wrong, what is, and how many were left out.

    `holes` are the stretches in which bars are missing; `text` is what stands in a line of the file, from 0.
    """

    name: str
    sha256: str
    tz: str
    bars: Bars | None
    diagnostics: tuple[Diagnostic, ...]
    dropped: int
    holes: int
    text: Callable[[int], str]


def read(path: str, form: BarsForm) -> BarsFile:
    """Reads a file of bars. Raises `Unreachable` and `WrongForm`."""
    name = name_of(path)
    lower = path.lower()
    if lower.endswith((".parquet", ".feather", ".arrow", ".ipc")):
        return _table(path, name, form)
    data = _data(path)
    digest = hashlib.sha256(data).hexdigest()
    return _csv(_plain(path, data), path, name, digest, form)


def _data(path: str) -> "bytes | mmap.mmap":
    """Returns the bytes of a file; a plain one is mapped."""
    if path == STANDARD_INPUT:
        if sys.stdin is None or sys.stdin.closed:
            raise Unreachable(name_of(path), "standard input is closed")
        return _limited(sys.stdin.buffer.read, name_of(path))
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - as in `source`
        if stat.S_ISFIFO(mode):
            return _pipe(path)
        if not stat.S_ISREG(mode):
            what = "a directory" if stat.S_ISDIR(mode) else "a device"
            raise Unreachable(path, f"is {what}, not a file")
        with open(path, "rb") as file:  # noqa: PTH123
            if not os.fstat(file.fileno()).st_size:
                return b""
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        reason = (
            "no such file" if isinstance(error, FileNotFoundError) else (error.strerror or "cannot be read").lower()
        )
        raise Unreachable(path, reason) from error
    except ValueError as error:
        raise Unreachable(path, "no such file: the name has a character that no file name can have") from error


def _limited(more: Callable[[int], bytes], name: str) -> bytes:
    found = bytearray()
    while piece := more(_PIECE):
        found += piece
        if len(found) >= _LONGEST_HEAD and found.find(b"\n", 0, _LONGEST_HEAD) < 0:
            raise Unreachable(name, "is no CSV: its first line has no end")
        if len(found) > _MOST_BYTES:
            raise Unreachable(name, f"has more than {_MOST_BYTES:,} bytes; give a part of it")
    return bytes(found)


def _pipe(path: str) -> bytes:
    """Returns what comes through a pipe; one that nobody writes to is given up."""
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with open(number, "rb", buffering=0) as file:  # noqa: PTH123
        patience = _PATIENCE

        def more(size: int) -> bytes:
            nonlocal patience
            if not select.select([file], [], [], patience)[0]:
                raise Unreachable(path, f"is a pipe through which nothing came for {patience} s")
            patience = _PAUSE
            return file.read(size) or b""

        return _limited(more, path)


def _plain(path: str, data: "bytes | mmap.mmap") -> "bytes | mmap.mmap":
    """Returns the text of a file, which may be packed."""
    lower = path.lower()
    try:
        if lower.endswith(".gz") or data[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(bytes(data))) as file:
                return _limited(file.read, name_of(path))
        if lower.endswith(".zst") or data[:4] == b"\x28\xb5\x2f\xfd":
            return _zstd(path, bytes(data))
    except (OSError, EOFError, zlib.error) as error:
        raise Unreachable(name_of(path), f"cannot be unpacked: {error}") from error
    return data


#: Unpacks Zstandard as polars does, with a bound on memory: one line is one field, as no text has that separator.
_UNPACK = """
import sys
import polars as pl
if sys.platform != "win32":
    import resource
    resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[1]), int(sys.argv[1])))
frame = pl.read_csv(sys.stdin.buffer.read(), has_header=False, separator=chr(1), quote_char=None,
    infer_schema_length=0, truncate_ragged_lines=True)
frame.write_csv(sys.stdout.buffer, include_header=False, quote_style="never", separator=chr(1))
"""
#: What unpacking may take in memory, in bytes, and in seconds.
_UNPACK_BYTES, _UNPACK_SECONDS = 1 << 30, 60


def _zstd(path: str, data: bytes) -> bytes:
    """Returns what Zstandard has packed, by polars in a process of its own: only there a bomb can be stopped."""
    import subprocess  # noqa: PLC0415 - rare

    command = [sys.executable, "-c", _UNPACK, str(_UNPACK_BYTES)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_UNPACK_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Unreachable(name_of(path), f"was not unpacked in {_UNPACK_SECONDS} s") from error
    if done.returncode:
        raise Unreachable(name_of(path), f"cannot be unpacked, or takes more than {_UNPACK_BYTES:,} bytes to")
    return done.stdout


# CSV


def _csv(data: "bytes | mmap.mmap", path: str, name: str, digest: str, form: BarsForm) -> BarsFile:
    lines = TextLines(data)
    findings = Findings(name, lines.text)
    if not len(data):
        findings.columns(0, "the file is empty", "give one with a line for each bar")
        return _nothing(findings, name, digest, form)
    if data.find(b"\n", 0, _LONGEST_HEAD) < 0 and len(data) > _LONGEST_HEAD:
        findings.columns(0, "the first line has no end", "give a CSV with a line for each bar")
        return _nothing(findings, name, digest, form)
    first = lines.text(0).removeprefix("\ufeff")
    separator = separator_of(first)
    headed = has_header(first, separator)
    found = columns_of(first, separator, form.columns, headed=headed, adjust=form.adjust, keep=form.keep)
    if isinstance(found, str):
        findings.columns(0, found, _WHICH)
        return _nothing(findings, name, digest, form)
    frame = _frame(path if isinstance(data, mmap.mmap) else data, separator, found, headed=headed, most=form.most)
    head = 1 if headed else 0

    def typed(row: int) -> BarDecimals | None:
        return prices_of(lines.text(row + head), separator, found.prices)

    return _made(frame, found, _Text(findings, typed, head), name, digest, form)


def _frame(source: str | bytes, separator: str, found: ColumnPlaces, *, headed: bool, most: int) -> pl.DataFrame:
    """Returns the columns that bars need, each by its number as a name; what cannot be read at all is no bar."""
    wanted = sorted(found.wanted)
    # What polars calls the first of columns without names depends on its version.
    first = int(pl.read_csv(b"1,2\n", has_header=False).columns[0].rpartition("_")[2])
    types: dict[str, Any] = {f"column_{place + first}": pl.Float64 for place in wanted}
    for place in (found.time, *(place for _, place in found.others if place not in found.prices)):
        types[f"column_{place + first}"] = pl.String
    names = [f"column_{place + 1}" for place in wanted]
    try:
        frame = pl.read_csv(
            source,
            # A name is a name: `bars[1].csv` is no pattern that other files fit.
            glob=False,
            has_header=False,
            skip_rows=1 if headed else 0,
            separator=separator,
            columns=wanted,
            schema_overrides=types,
            ignore_errors=True,
            truncate_ragged_lines=True,
            n_rows=most if most < MOST_BARS else None,
            infer_schema_length=1,
            encoding="utf8-lossy",
        )
    except pl.exceptions.PolarsError:
        return pl.DataFrame({name: [] for name in names}, schema=dict.fromkeys(names, pl.Float64))
    frame.columns = names
    return frame


class _Text(NamedTuple):
    """What is wrong with a file so far, the prices that were typed in its rows, and how many lines its head has."""

    findings: Findings
    typed: Callable[[int], BarDecimals | None]
    head: int


def _nothing(findings: Findings, name: str, digest: str, form: BarsForm) -> BarsFile:
    return BarsFile(name, digest, form.tz, None, findings.listed(), 0, 0, findings.text)


def _made(frame: pl.DataFrame, found: ColumnPlaces, text: _Text, name: str, digest: str, form: BarsForm) -> BarsFile:
    """Returns the bars of a frame whose columns are named by their numbers."""

    def column(place: int) -> pl.Series:
        return frame[f"column_{place + 1}"]

    times = nanoseconds(column(found.time), _zone(form.tz))
    prices = [_floats(column(place)) for place in found.prices]
    if found.adjusted is not None:
        *prices, adjusted = prices
        with np.errstate(divide="ignore", invalid="ignore"):
            prices = [*(each * (adjusted / prices[3]) for each in prices[:3]), adjusted]
    others = {name: column(place).to_numpy() for name, place in found.others}
    rows = np.arange(len(times), dtype=np.int64)
    kept = ~(np.isnan(prices[0]) & np.isnan(prices[1]) & np.isnan(prices[3]) & column(found.time).is_null().to_numpy())
    if not kept.all():
        # TextLines in which nothing stands are no bars.
        times, rows, prices = times[kept], rows[kept], [each[kept] for each in prices]
        others = {name: values[kept] for name, values in others.items()}
    since, until = (_moment(word, form.tz) for word in (form.since, form.until))
    typed = text.typed
    exact = _exact(typed, rows)
    if not len(times):
        text.findings.columns(0, "there are no bars in it", "give a file with a line for each bar")
        return _nothing(text.findings, name, digest, form)
    judged = judge(text.findings, times, prices, rows + text.head, drop=form.drop_bad)
    if has_errors(text.findings.listed()) and not form.drop_bad:
        return _nothing(text.findings, name, digest, form)
    good = judged.good
    if good is not None:
        times, rows, prices = times[good], rows[good], [each[good] for each in prices]
        others = {name: values[good] for name, values in others.items()}
        exact = _exact(typed, rows)
    if form.closes:
        times = times - judged.step
    bars = Bars(BarArrays(times, *prices), judged.step, exact, rows + text.head + 1, others)
    start = 0 if since is None else int(np.searchsorted(times, since))
    stop = len(times) if until is None else int(np.searchsorted(times, until))
    if start >= stop:
        text.findings.columns(0, "no bar lies between --from and --to", "cut less of it")
        return _nothing(text.findings, name, digest, form)
    if (start, stop) != (0, len(times)):
        bars = bars.part(start, stop)
    return BarsFile(
        name, digest, form.tz, bars, text.findings.listed(), judged.dropped, judged.holes, text.findings.text
    )


def _exact(typed: Callable[[int], BarDecimals | None], rows: Ints) -> Callable[[int], BarDecimals]:
    def exact(index: int) -> BarDecimals:
        found = typed(int(rows[index]))
        if found is None:
            raise AssertionError("bars without four prices were refused")
        return found

    return exact


def _floats(column: pl.Series) -> Floats:
    """Returns prices as doubles; what is no number is NaN."""
    return np.ascontiguousarray(column.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy())


def _zone(tz: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415

    try:
        ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongForm(f"`{tz}` is no time zone; write one as Europe/Berlin or UTC") from error
    return tz


def _moment(word: str | None, tz: str) -> int | None:
    if word is None:
        return None
    moment = int(nanoseconds(pl.Series([word]), _zone(tz))[0])
    if moment == UNREAD:
        raise WrongForm(f"`{word}` is no time; write it as 2022-01-21 or 2022-01-21T12:00")
    return moment


# Tables with types of their own


def _table(path: str, name: str, form: BarsForm) -> BarsFile:
    data = _data(path)
    digest = hashlib.sha256(data).hexdigest()
    try:
        frame = _rows(io.BytesIO(bytes(data)), name, form.most, parquet=path.lower().endswith(".parquet"))
    except (pl.exceptions.PolarsError, OSError, ValueError, BaseException) as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError, Unreachable)):
            raise
        raise Unreachable(name, "cannot be read as what its name says, or is not whole") from error
    header = ",".join(column.replace(",", " ") for column in frame.columns)
    found = columns_of(header, ",", form.columns, headed=True, adjust=form.adjust, keep=form.keep)
    findings = Findings(name, lambda row: ", ".join(str(value) for value in frame.row(row)) if row < len(frame) else "")
    if isinstance(found, str):
        findings.columns(0, found, _WHICH)
        return _nothing(findings, name, digest, form)
    frame = frame.rename({column: f"column_{number + 1}" for number, column in enumerate(frame.columns)})
    series = [frame[f"column_{place + 1}"] for place in found.prices]

    def typed(row: int) -> BarDecimals | None:
        return scaled([_decimal(each[row]) for each in series])

    return _made(frame, found, _Text(findings, typed, 0), name, digest, form)


#: More rows of a table than these are not held at once: some 2 GB.
_MOST_ROWS = 20_000_000


def _rows(file: io.BytesIO, name: str, most: int, *, parquet: bool) -> pl.DataFrame:
    """Returns the rows of a Parquet or Feather file, of which a small one may say that it has any number."""
    scan = pl.scan_parquet(file) if parquet else pl.scan_ipc(file)
    count = min(int(scan.select(pl.len()).collect().item()), most)
    if count > _MOST_ROWS:
        raise Unreachable(name, f"has more than {_MOST_ROWS:,} rows; read fewer with --most-bars")
    file.seek(0)
    return scan.head(count).collect()


def _decimal(value: object) -> Decimal | None:
    """Returns a price of a table: a double as the shortest decimal that is it."""
    return value if isinstance(value, Decimal) else decimal_of(repr(value) if isinstance(value, float) else str(value))
