"""A file of bars read: CSV (plain, gzip or Zstandard), Parquet or Feather, its columns found by name, its times in UTC.

It is read a piece after another, so that a file of any size takes little memory (`store`). What is wrong with it is
said at its line, 20 of a kind and then the count; bars in which something is wrong may be left out (`drop_bad`).
"""

import hashlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from scaleplan.bars.columns import ColumnPlaces, columns_of, has_header, separator_of
from scaleplan.bars.form import BarsForm, WrongForm
from scaleplan.bars.judge import Findings, fitting, judge
from scaleplan.bars.opening import LONGEST_HEAD, Data, data_of, plain
from scaleplan.bars.pieces import CsvSource, RowPiece, TableSource
from scaleplan.bars.records import BarArrays, BarDecimals, Bars, Floats, Ints
from scaleplan.bars.store import BarStore, RowNumbers, stretches
from scaleplan.bars.times import UNREAD, TimeReader, nanoseconds
from scaleplan.bars.typed import TextLines, prices_of
from scaleplan.diagnostic import Diagnostic, Severity, has_errors
from scaleplan.source import name_of

#: The help where columns are not found: a column that is there twice can only be given by its number.
_WHICH = "say which is which, by name or by number from 0: `--columns open=NAME,close=4,...`"


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
    data = data_of(path)
    text = plain(path, data)
    return _csv(text, path, name, None if text is data else hashlib.sha256(data).hexdigest(), form)


# CSV


def _csv(data: Data, path: str, name: str, digest: str | None, form: BarsForm) -> BarsFile:
    lines = TextLines(data)
    findings = Findings(name, lines.text)
    known = digest or hashlib.sha256(data[:LONGEST_HEAD]).hexdigest()
    if not len(data):
        findings.columns(0, "the file is empty", "give one with a line for each bar")
        return _nothing(findings, name, known, form)
    if data.find(b"\n", 0, LONGEST_HEAD) < 0 and len(data) > LONGEST_HEAD:
        findings.columns(0, "the first line has no end", "give a CSV with a line for each bar")
        return _nothing(findings, name, known, form)
    first = lines.text(0).removeprefix("\ufeff")
    if not first.strip():
        findings.columns(0, "the first line is empty", "begin with a line that names the columns, or with a bar")
        return _nothing(findings, name, known, form)
    separator = separator_of(first)
    headed = has_header(first, separator)
    found = columns_of(first, separator, form.columns, headed=headed, adjust=form.adjust, keep=form.keep)
    if isinstance(found, str):
        findings.columns(0, found, _WHICH)
        return _nothing(findings, name, known, form)
    source = CsvSource(data, path, separator, found, headed=headed, most=form.most)
    head = 1 if headed else 0

    def typed(row: int) -> BarDecimals | None:
        return prices_of(lines.text(row + head), separator, found.prices)

    made = _made(source.pieces(lines), found, _Text(findings, typed, head), name, form)
    return made._replace(sha256=digest or source.digest())


class _Text(NamedTuple):
    """What is wrong with a file so far, the prices that were typed in its rows, and how many lines its head has."""

    findings: Findings
    typed: "Callable[[int], BarDecimals | None] | None"
    head: int


def _nothing(findings: Findings, name: str, digest: str, form: BarsForm) -> BarsFile:
    return BarsFile(name, digest, form.tz, None, findings.listed(), 0, 0, findings.text)


def _made(pieces: Iterator[RowPiece], found: ColumnPlaces, text: _Text, name: str, form: BarsForm) -> BarsFile:
    """Returns the bars of pieces whose columns are named by their numbers; the hash of their file is left empty."""
    findings = text.findings
    times, rest = TimeReader(_zone(form.tz)), _Rest(found)
    since, until = (_moment(word, form.tz) for word in (form.since, form.until))
    with BarStore(name) as store:
        for piece in pieces:
            _take(piece, found, times, store, rest)
        store.close()
    if not len(store.arrays.time):
        findings.columns(0, "there are no bars in it", "give a file with a line for each bar")
        return _nothing(findings, name, "", form)
    rows = RowNumbers(rest.blank_rows())
    severity = Severity.WARNING if form.drop_bad else Severity.ERROR
    good = fitting(findings, store.arrays, lambda index: rows[index] + text.head, severity, store.release)
    others, dropped = rest.columns(), 0
    if good is not None:
        store.keep(good)
        others = {key: values[good] for key, values in others.items()}
        bad = np.flatnonzero(~good)
        rows, dropped = rows.without(bad), len(bad) if form.drop_bad else 0
    judged = judge(findings, store.arrays, lambda index: rows[index] + text.head, store.release)
    if has_errors(findings.listed()) and not form.drop_bad:
        return _nothing(findings, name, "", form)
    arrays = store.arrays
    if form.closes:
        for part in stretches(len(arrays.time)):
            arrays.time[part] -= judged.step
            store.release()
    exact = _as_typed(arrays) if text.typed is None else _exact(text.typed, rows)
    bars = Bars(arrays, judged.step, exact, lambda index: rows[index] + text.head + 1, others, store.release)
    start = 0 if since is None else int(np.searchsorted(arrays.time, since))
    stop = len(bars) if until is None else int(np.searchsorted(arrays.time, until))
    if start >= stop:
        findings.columns(0, "no bar lies between --from and --to", "cut less of it")
        return _nothing(findings, name, "", form)
    if (start, stop) != (0, len(bars)):
        bars = bars.part(start, stop)
    return BarsFile(name, "", form.tz, bars, findings.listed(), dropped, judged.holes, findings.text)


class _Rest:
    """What is kept of pieces beside their bars: rows in which nothing stands, and columns that a template asks for."""

    def __init__(self, found: ColumnPlaces) -> None:
        self._blank: list[Ints] = []
        self._columns: dict[str, list[Any]] = {name: [] for name, _ in found.others}

    def add_blank(self, rows: Ints) -> None:
        """Adds rows in which nothing stands."""
        self._blank.append(rows)

    def add(self, name: str, values: Any) -> None:  # noqa: ANN401 - a column of any kind
        """Adds a piece of a column."""
        self._columns[name].append(values)

    def blank_rows(self) -> Ints:
        """Returns all rows in which nothing stands."""
        return np.concatenate(self._blank) if self._blank else np.zeros(0, dtype=np.int64)

    def columns(self) -> dict[str, Any]:
        """Returns the columns, whole."""
        return {name: np.concatenate(values) for name, values in self._columns.items() if values}


def _take(piece: RowPiece, found: ColumnPlaces, reader: TimeReader, store: BarStore, rest: _Rest) -> None:
    """Takes up a piece: times and prices of all rows but those in which nothing stands, which are no bars."""

    def column(place: int) -> pl.Series:
        return piece.frame[f"column_{place + 1}"]

    times = reader.read(column(found.time))
    prices = [_floats(column(place)) for place in found.prices]
    if found.adjusted is not None:
        *prices, adjusted = prices
        with np.errstate(divide="ignore", invalid="ignore"):
            prices = [*(each * (adjusted / prices[3]) for each in prices[:3]), adjusted]
    empty = np.isnan(prices[0]) & np.isnan(prices[1]) & np.isnan(prices[3]) & column(found.time).is_null().to_numpy()
    kept = None
    if empty.any():
        kept = ~empty
        rest.add_blank(np.flatnonzero(empty) + piece.first)
        times, prices = times[kept], [each[kept] for each in prices]
    for name, place in found.others:
        values = column(place).to_numpy()
        rest.add(name, values if kept is None else values[kept])
    store.add(times, prices)


def _exact(typed: "Callable[[int], BarDecimals | None]", rows: RowNumbers) -> Callable[[int], BarDecimals]:
    def exact(index: int) -> BarDecimals:
        found = typed(rows[index])
        if found is None:
            raise AssertionError("bars without four prices were refused")
        return found

    return exact


def _as_typed(arrays: BarArrays) -> Callable[[int], BarDecimals]:
    """Returns the prices of bars that were typed as doubles: each is the shortest decimal that is it."""

    def exact(index: int) -> BarDecimals:
        first, high, low, last = (
            Decimal(repr(float(each[index]))) for each in (arrays.open, arrays.high, arrays.low, arrays.close)
        )
        return first, high, low, last

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
    source = TableSource(path, name, form.most)
    header = ",".join(column.replace(",", " ") for column in source.columns)
    found = columns_of(header, ",", form.columns, headed=True, adjust=form.adjust, keep=form.keep)
    findings = Findings(name, source.text)
    if isinstance(found, str):
        findings.columns(0, found, _WHICH)
        return _nothing(findings, name, source.digest(), form)
    text = _Text(findings, source.typed(found.prices), 0)
    return _made(source.pieces(found.wanted), found, text, name, form)._replace(sha256=source.digest())
