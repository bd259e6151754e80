"""The times of bars: ISO 8601, `YYYYMMDD[ HHMMSS]` or an epoch told by its size, in a zone, as nanoseconds in UTC."""

from collections.abc import Iterator
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


def nanoseconds(column: pl.Series, zone: str) -> Ints:
    """Returns times as nanoseconds in UTC; those that cannot be read, or do not exist in the zone, are `UNREAD`."""
    if column.dtype.is_integer() or column.dtype.is_float():
        return _epochs(column)
    if column.dtype == pl.Date:
        column = column.cast(pl.Datetime("us"))
    if column.dtype == pl.Datetime:
        own = getattr(column.dtype, "time_zone", None)
        return _in_utc(column.cast(pl.Datetime("us", own)), "" if own is None else "UTC", zone)
    column = column.cast(pl.String)
    sample = column.head(_SAMPLE).drop_nulls()
    if (sample.str.strip_chars() != sample).any():
        column = column.str.strip_chars()
        sample = sample.str.strip_chars()
    digits = sample.str.contains(r"^-?[0-9]+$")
    if digits.sum() * 2 > len(sample):
        numbers = column.cast(pl.Int64, strict=False)
        if not (sample.str.len_chars() == 8).all():  # YYYYMMDD
            return _epochs(numbers)
    read = _read_texts(column, sample)
    return np.full(len(column), UNREAD, dtype=np.int64) if read is None else _in_utc(*read, zone)


def _epochs(column: pl.Series) -> Ints:
    found = column.cast(pl.Int64, strict=False)
    missing = found.is_null().to_numpy()
    numbers = found.fill_null(0).to_numpy().astype(np.int64)
    days = (numbers >= _FIRST_DAY) & (numbers <= _LAST_DAY)
    if days.any() and bool(days[~missing].all()):
        texts = found.cast(pl.String)
        read = _read_texts(texts, texts.head(_SAMPLE).drop_nulls())
        return np.full(len(column), UNREAD, dtype=np.int64) if read is None else _in_utc(*read, "UTC")
    sizes = np.abs(numbers)
    times = numbers.copy()
    for below, factor in reversed(_SIZES):
        small = sizes < below
        times[small] = numbers[small] * factor
    times[missing] = UNREAD
    return times


def _read_texts(column: pl.Series, sample: pl.Series) -> "tuple[pl.Series, str] | None":
    """Returns the times that the form says which fits most of a sample, and their zone, empty where they have none."""
    best: tuple[int, tuple[str, str, str]] | None = None
    for form in _forms():
        with suppress(pl.exceptions.PolarsError):
            count = len(sample) - _by(sample, *form).null_count()
            if count and (best is None or count > best[0]):
                best = count, form
            if count == len(sample):
                break
    return None if best is None else (_by(column, *best[1]), best[1][2])


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


def _in_utc(read: pl.Series, own: str, zone: str) -> Ints:
    """Returns times in UTC; naive ones are of the zone, in which an hour that comes twice is told by its order."""
    if not own and zone != "UTC":
        early = read.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        late = read.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
        times, later = _counted(early), _counted(late)
        for index in np.flatnonzero(times != later).tolist():
            if index and times[index] <= times[index - 1]:
                times[index] = later[index]
        return times
    return _counted(read)


def _counted(read: pl.Series) -> Ints:
    micro = read.dt.epoch("us")
    missing = micro.is_null().to_numpy()
    numbers: Ints = micro.fill_null(0).to_numpy().astype(np.int64)
    missing = missing | (np.abs(numbers) > _MOST)
    times = np.where(missing, 0, numbers) * 1000
    times[missing] = UNREAD
    return times
