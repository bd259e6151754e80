"""Figures of a curve of equity: its deepest fall, and its mean change over what it varies by."""

from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.float64]
#: Under so many days there is no ratio.
LEAST_DAYS = 30
_DAY_NS = 86_400_000_000_000
_YEAR_DAYS = 365.25


class Fall(NamedTuple):
    """The deepest fall: the bars of the high and of the low, -1 where the high is the start."""

    high: int
    low: int


def deepest_fall(equity: _Floats, lows: _Floats, start: float) -> Fall | None:
    """Returns the largest fall of `lows` from the highest equity before; absent where there is none."""
    if not len(equity):
        return None
    highs = np.maximum.accumulate(np.r_[start, equity])
    falls = highs[:-1] - lows
    # A fall of a bar is from what equity was before it, and of closes from the close itself too.
    at = int(np.argmax(falls))
    if falls[at] <= 0:
        return None
    before = np.flatnonzero(equity[:at] == highs[at])
    return Fall(int(before[0]) if len(before) else -1, at)


def falls_of(equity: _Floats, start: float) -> tuple[_Floats, npt.NDArray[np.int64]]:
    """Returns how far each close lies below the highest so far, and where that is; -1 where it is the start."""
    highs = np.maximum.accumulate(np.r_[start, equity])
    places = np.searchsorted(highs, highs[1:]) - 1
    return highs[1:] - equity, places


class Ratios(NamedTuple):
    """Sharpe and Sortino ratio of a year; absent under 30 days, or where nothing varies."""

    sharpe: float | None
    sortino: float | None


def ratios_of(times: npt.NDArray[np.int64], equity: _Floats, start: float) -> Ratios:
    """Returns mean over deviation (n-1), and over `sqrt(mean(min(x, 0)^2))`, of daily changes over start equity.

    Times `sqrt(days with bars / years spanned)`; no riskless rate.
    """
    if not len(times) or start <= 0:
        return Ratios(None, None)
    days = times // _DAY_NS
    last = np.flatnonzero(np.r_[days[1:] != days[:-1], True])
    changes = np.diff(np.r_[start, equity[last]]) / start
    count = len(changes)
    years = float(days[-1] - days[0] + 1) / _YEAR_DAYS
    if count < LEAST_DAYS:
        return Ratios(None, None)
    mean, spread = float(changes.mean()), float(changes.std(ddof=1))
    below = sqrt(float((np.minimum(changes, 0) ** 2).mean()))
    scale = sqrt(count / years)
    return Ratios(mean / spread * scale if spread else None, mean / below * scale if below else None)
