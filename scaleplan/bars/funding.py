"""Funding rates from a file, and the smallest step of prices: what else a walk over bars is told by files."""

from decimal import Decimal
from math import gcd
from typing import Any

import numpy as np
import polars as pl

from scaleplan.bars.form import WrongForm
from scaleplan.bars.records import Bars, Floats, Ints
from scaleplan.bars.store import furthest, stretches
from scaleplan.bars.times import UNREAD, nanoseconds
from scaleplan.bars.typed import decimal_of, fields_of
from scaleplan.source import read_bytes

_MOST_BYTES = 100_000_000


def read_funding(path: str, tz: str) -> tuple[tuple[int, Decimal], ...]:
    """Returns the rates of a CSV with the columns `time` and `rate`, by their times in nanoseconds.

    A rate is a ratio as `0.0001`, or a percentage as `0.01%`. Raises `WrongForm` and `Unreachable`.
    """
    lines = read_bytes(path, _MOST_BYTES).decode("utf-8", "replace").removeprefix("\ufeff").splitlines()
    head = [field.strip().lower() for field in fields_of(lines[0], ",")] if lines else []
    if "time" not in head or "rate" not in head:
        raise WrongForm(f"`{path}` has no columns time and rate")
    at, by = head.index("time"), head.index("rate")
    rows = [(number, fields_of(line, ",")) for number, line in enumerate(lines[1:], start=2) if line.strip()]
    rates: list[Decimal] = []
    for number, fields in rows:
        text = fields[by].strip() if len(fields) > max(at, by) else ""
        rate = decimal_of(text.removesuffix("%"))
        if rate is None or abs(rate) >= 100:
            raise WrongForm(f"`{path}` line {number} has no rate; write 0.0001 or 0.01%")
        rates.append(rate / 100 if text.endswith("%") else rate)
    times = nanoseconds(pl.Series([fields[at] for _, fields in rows], dtype=pl.String), tz)
    if len(times) and int(np.min(times)) == UNREAD:
        number = rows[int(np.flatnonzero(times == UNREAD)[0])][0]
        raise WrongForm(f"`{path}` line {number} has no time that can be read")
    return tuple(sorted(zip((int(time) for time in times), rates, strict=True)))


#: More decimals than these no price has; what is no multiple of them was scaled.
_DECIMALS = 10
#: So many bars say how many decimals prices have, before all are asked.
_SAMPLE = 100


def smallest_step(bars: Bars) -> Decimal:
    """Returns the smallest step that prices of bars make: the largest amount of which each is a multiple.

    It is 0 where all are one price, and where they are no multiples of anything, as scaled prices are.
    """
    columns = (bars.open, bars.high, bars.low, bars.close)
    low, high = (
        furthest(column, 0, len(bars), sign, bars.release) for column, sign in ((bars.low, -1), (bars.high, 1))
    )
    if bars.low[low] == bars.high[high]:
        return Decimal(0)
    sample = []
    for column in columns:
        sample.append(np.array(column[:: max(len(column) // _SAMPLE, 1)]))
        bars.release()
    some = np.concatenate(sample)
    for decimals in range(_DECIMALS + 1):
        if _in_units(some, decimals) is None:
            continue
        units = _common(bars, decimals)
        if units is not None:
            return Decimal(units).scaleb(-decimals)
    return Decimal(0)


def _common(bars: Bars, decimals: int) -> int | None:
    """Returns the most that all prices are multiples of, in units of so many decimals; absent where one is none."""
    # What is known of its type differs from one version to the next.
    common: Any = np.gcd
    units = 0
    for part in stretches(len(bars)):
        for column in (bars.open, bars.high, bars.low, bars.close):
            whole = _in_units(column[part], decimals)
            if whole is None:
                return None
            units = gcd(units, int(common.reduce(whole)))
        bars.release()
    return units


def _in_units(prices: Floats, decimals: int) -> Ints | None:
    """Returns prices in units of so many decimals; absent where one is no multiple of them."""
    units = prices * 10.0**decimals
    if float(np.max(units)) > 2**53:
        return None
    whole = np.rint(units)
    if (np.abs(units - whole) > 1e-9 * units).any():
        return None
    return whole.astype(np.int64)
