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
_FORMATS = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y%m%d %H%M%S",
    "%Y%m%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
)
_ZONED = ("%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
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
    column = column.cast(pl.String).str.strip_chars()
    numbers = column.cast(pl.Int64, strict=False)
    if numbers.null_count() < len(column) / 2:
        days = column.str.len_chars() == 8
        if not days.fill_null(value=False).all():
            return _epochs(numbers)
    read = _read_texts(column)
    return np.full(len(column), UNREAD, dtype=np.int64) if read is None else _in_utc(*read, zone)


def _epochs(column: pl.Series) -> Ints:
    found = column.cast(pl.Int64, strict=False)
    missing = found.is_null().to_numpy()
    numbers = found.fill_null(0).to_numpy().astype(np.int64)
    days = (numbers >= _FIRST_DAY) & (numbers <= _LAST_DAY)
    if days.any() and bool(days[~missing].all()):
        read = _read_texts(found.cast(pl.String))
        return np.full(len(column), UNREAD, dtype=np.int64) if read is None else _in_utc(*read, "UTC")
    sizes = np.abs(numbers)
    times = numbers.copy()
    for below, factor in reversed(_SIZES):
        small = sizes < below
        times[small] = numbers[small] * factor
    times[missing] = UNREAD
    return times


def _read_texts(column: pl.Series) -> "tuple[pl.Series, str] | None":
    """Returns the times that the form which fits most of them says, in microseconds; zoned ones in UTC."""
    best: tuple[int, pl.Series, str] | None = None
    for read, zone in _readings(column):
        missing = read.null_count() - column.null_count()
        if best is None or missing < best[0]:
            best = missing, read, zone
        if not missing:
            break
    if best is None or best[1].null_count() == len(column):
        return None
    return best[1], best[2]


def _readings(column: pl.Series) -> "Iterator[tuple[pl.Series, str]]":
    first = next((text for text in column.head(100) if text), "")
    zoned = first.endswith(("Z", "z")) or "+" in first[10:] or "-" in first[10:]
    if zoned:
        texts = column.str.replace(r"[Zz]$", "+00:00")
        for form in _ZONED:
            with suppress(pl.exceptions.PolarsError):
                yield texts.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False), "UTC"
        return
    for form in _FORMATS:
        with suppress(pl.exceptions.PolarsError):
            yield column.str.to_datetime(form, time_unit="us", strict=False), ""
    for form in _DAYS:
        with suppress(pl.exceptions.PolarsError):
            yield column.str.to_date(form, strict=False).cast(pl.Datetime("us")), ""


def _in_utc(read: pl.Series, own: str, zone: str) -> Ints:
    """Returns times in UTC; naive ones are of the zone, in which an hour that comes twice is told by its order."""
    if not own and zone != "UTC":
        early = read.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        late = read.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
        times, later = _counted(early), _counted(late)
        for index in np.flatnonzero(times != later):
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
