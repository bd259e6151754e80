"""The times of bars: ISO 8601, `YYYYMMDD[ HHMMSS]` or an epoch told by its size, in a zone, as nanoseconds in UTC."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np
import polars as pl

from scaleplan.bars.records import Ints

_SECOND = 1_000_000_000
#: What an epoch is below: seconds, milliseconds, microseconds; above all of them nanoseconds.
_SIZES = ((10**11, _SECOND), (10**14, 10**6), (10**17, 10**3))
#: Eight digits are a day.
_FIRST_DAY, _LAST_DAY = 1700_01_01, 2262_01_01
#: How many times are looked at to find the form of all.
_SAMPLE = 1000
_NAIVE = (
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%Y%m%d %H%M%S",
    "%Y%m%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
)
_UTC = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%d %H:%M:%S%.fZ", "%Y-%m-%dT%H:%MZ")
_ZONED = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
_DAYS = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%d.%m.%Y")
#: What nanoseconds in 64 bits can count, in microseconds.
_MOST = 9_200_000_000_000_000
#: What stands for a time that cannot be read.
UNREAD = np.iinfo(np.int64).min


#: Reads texts as times, with their zone, empty where they have none; absent where it can read none.
_Reading = Callable[[pl.Series], "tuple[pl.Series, str] | None"]


def nanoseconds(column: pl.Series, zone: str) -> Ints:
    """Returns times as nanoseconds in UTC; those that cannot be read, or do not exist in the zone, are `UNREAD`."""
    return TimeReader(zone).read(column)


class TimeReader:
    """Reads the times of one file, a piece after another: their form is that which fits most of its beginning."""

    def __init__(self, zone: str) -> None:
        self._zone = zone
        #: How texts are read, once that was found.
        self._reading: _Reading | None = None
        #: Whether times are whole numbers, and whether these are days as `20220121`; absent before the first piece.
        self._whole: bool | None = None
        self._days: bool | None = None
        #: The last time that was read: of an hour that comes twice the order tells.
        self._last: int | None = None

    def read(self, column: pl.Series) -> Ints:
        """Returns the times of a piece as nanoseconds in UTC, or `UNREAD`."""
        if column.dtype.is_integer() or column.dtype.is_float():
            return self._numbers(column)
        if column.dtype == pl.Date:
            column = column.cast(pl.Datetime("us"))
        if column.dtype == pl.Datetime:
            own = getattr(column.dtype, "time_zone", None)
            return self._in_utc(column.cast(pl.Datetime("us", own)), "" if own is None else "UTC", self._zone)
        column = column.cast(pl.String)
        sample = column.head(_SAMPLE).drop_nulls()
        if (sample.str.strip_chars() != sample).any():
            column = column.str.strip_chars()
            sample = sample.str.strip_chars()
        if self._whole is None:
            digits = sample.str.contains(r"^-?[0-9]+$")
            # Eight digits are YYYYMMDD.
            self._whole = digits.sum() * 2 > len(sample) and not (sample.str.len_chars() == 8).all()
        return self._numbers(column.cast(pl.Int64, strict=False)) if self._whole else self._texts(column, self._zone)

    def _texts(self, column: pl.Series, zone: str) -> Ints:
        if self._reading is None:
            self._reading = _reading_of(column.head(_SAMPLE).drop_nulls())
        read = self._reading(column)
        return np.full(len(column), UNREAD, dtype=np.int64) if read is None else self._in_utc(*read, zone)

    def _numbers(self, column: pl.Series) -> Ints:
        found = column.cast(pl.Int64, strict=False)
        missing = found.is_null().to_numpy()
        numbers = found.fill_null(0).to_numpy().astype(np.int64)
        if self._days is None:
            days = (numbers >= _FIRST_DAY) & (numbers <= _LAST_DAY)
            self._days = bool(days.any()) and bool(days[~missing].all())
        if self._days:
            return self._texts(found.cast(pl.String), "UTC")
        sizes = np.abs(numbers)
        times = numbers.copy()
        for below, factor in reversed(_SIZES):
            small = sizes < below
            times[small] = numbers[small] * factor
        times[missing] = UNREAD
        return times

    def _in_utc(self, read: pl.Series, own: str, zone: str) -> Ints:
        """Returns times in UTC; naive ones are of the zone, in which an hour that comes twice is told by its order."""
        if own or zone == "UTC":
            return _counted(read)
        early = read.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        late = read.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
        times, later = _counted(early), _counted(late)
        for index in np.flatnonzero(times != later).tolist():
            before = times[index - 1] if index else self._last
            if before is not None and times[index] <= before:
                times[index] = later[index]
        if len(times):
            self._last = int(times[-1])
        return times


def _reading_of(sample: pl.Series) -> _Reading:
    """Returns what reads times in the form that fits most of a sample."""
    best: tuple[int, tuple[str, str, str]] | None = None
    for form in _forms():
        with suppress(pl.exceptions.PolarsError):
            count = len(sample) - _by(sample, *form).null_count()
            if count and (best is None or count > best[0]):
                best = count, form
            if count == len(sample):
                break
    if best is None:
        return _unread
    found = best[1]
    return lambda column: (_by(column, *found), found[2])


def _unread(_: pl.Series) -> None:
    """Reads nothing: no form fits."""


def _forms() -> Iterator[tuple[str, str, str]]:
    """Yields forms: how they are read, as what, and their zone."""
    for form in _UTC:
        yield form, "time", "UTC"
    for form in _NAIVE:
        yield form, "time", ""
    for form in _ZONED:
        yield form, "zoned", "UTC"
    for form in _DAYS:
        yield form, "day", ""


def _by(column: pl.Series, form: str, kind: str, _: str) -> pl.Series:
    """Returns what a form reads in a column, in microseconds; what it does not fit is absent."""
    if kind == "day":
        return column.str.to_date(form, strict=False).cast(pl.Datetime("us"))
    zone = "UTC" if kind == "zoned" else None
    return column.str.to_datetime(form, time_unit="us", time_zone=zone, strict=False)


def _counted(read: pl.Series) -> Ints:
    micro = read.dt.epoch("us")
    missing = micro.is_null().to_numpy()
    numbers: Ints = micro.fill_null(0).to_numpy().astype(np.int64)
    missing = missing | (np.abs(numbers) > _MOST)
    times = np.where(missing, 0, numbers) * 1000
    times[missing] = UNREAD
    return times
