"""What luck alone gives the best of many variants: the deflated Sharpe ratio, the odds of overfitting, a reality check.

A variant is a column of results, a signal a row, in order of time; a result is 0 where a signal was not taken. Sharpe
ratios are a row's: mean over deviation (n-1), not of a year.
"""

from itertools import combinations
from math import e, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from scaleplan.statistics.bootstrap import resampled

_Floats = npt.NDArray[np.float64]
#: The blocks that rows are cut into to count overfitting, and the draws of the reality check.
BLOCKS, CHECKS = 16, 1_000
#: The constant of Euler and Mascheroni.
_GAMMA = 0.5772156649015329
_NORMAL = NormalDist()
#: So many numbers are held at once.
_AT_ONCE = 4_000_000


def sharpe_ratios(results: _Floats) -> _Floats:
    """Returns the Sharpe ratio of each column; 0 where nothing varies."""
    if len(results) < 2:
        return np.zeros(results.shape[1])
    spread = results.std(axis=0, ddof=1)
    known = spread > 0
    return np.where(known, results.mean(axis=0) / np.where(known, spread, 1.0), 0.0)


def expected_best(ratios: _Floats, tried: int) -> float:
    """Returns the Sharpe ratio that the best of so many without skill is expected to show.

    `sqrt(V) * ((1 - g) * Z(1 - 1/N) + g * Z(1 - 1/(N e)))`, with `V` the variance of the ratios, `Z` the inverse of the
    normal distribution, `g` of Euler and Mascheroni (Bailey and Lopez de Prado, The Deflated Sharpe Ratio, Journal of
    Portfolio Management 40, 2014). Of one alone it is 0.
    """
    if tried < 2 or len(ratios) < 2:
        return 0.0
    spread = float(ratios.std(ddof=1))
    first, second = _NORMAL.inv_cdf(1 - 1 / tried), _NORMAL.inv_cdf(1 - 1 / (tried * e))
    return spread * ((1 - _GAMMA) * first + _GAMMA * second)


def deflated(ratio: float, expected: float, count: float, skew: float, kurtosis: float) -> float | None:
    """Returns the chance that the true Sharpe ratio is above 0, for the best of many; absent for too few observations.

    `Z((SR - SR0) * sqrt(T - 1) / sqrt(1 - skew * SR + (kurtosis - 1) / 4 * SR^2))`, of the same paper; `kurtosis` is 3
    where results are normal.
    """
    inside = 1 - skew * ratio + (kurtosis - 1) / 4 * ratio * ratio
    if count <= 2 or inside <= 0:
        return None
    return _NORMAL.cdf((ratio - expected) * sqrt(count - 1) / sqrt(inside))


def moments(values: _Floats) -> tuple[float, float]:
    """Returns skew and kurtosis; those of normal results where nothing varies."""
    away = values - values.mean()
    variance = float((away**2).mean())
    if variance <= 0:
        return 0.0, 3.0
    return float((away**3).mean()) / variance**1.5, float((away**4).mean()) / variance**2


def overfitting(results: _Floats, live: float) -> float | None:
    """Returns the share of all splits in which the best of one half is no better than the middle of the other.

    Rows are cut into 16 blocks; each of the 12,870 choices of 8 is a half in which the column with the highest Sharpe
    ratio is found, and the others are where its rank is looked at: at or under the middle is overfit (Bailey, Borwein,
    Lopez de Prado and Zhu, The Probability of Backtest Overfitting, Journal of Computational Finance 20, 2017). Absent
    for one column, and where a block has fewer rows than `3 * live`, or 2.
    """
    rows, columns = results.shape
    if columns < 2 or rows // BLOCKS < max(2.0, 3 * live if live > 1 else 2.0):
        return None
    edges = [rows * number // BLOCKS for number in range(BLOCKS + 1)]
    counts = np.diff(edges).astype(np.float64)
    sums = np.add.reduceat(results, edges[:-1], axis=0)
    squares = np.add.reduceat(results * results, edges[:-1], axis=0)
    picks = np.zeros((12_870, BLOCKS))
    for number, chosen in enumerate(combinations(range(BLOCKS), BLOCKS // 2)):
        picks[number, list(chosen)] = 1.0
    overfit = 0
    step = max(_AT_ONCE // columns, 1)
    for start in range(0, len(picks), step):
        inside = picks[start : start + step]
        best = _ratios(inside, sums, squares, counts).argmax(axis=1)
        outside = _ratios(1 - inside, sums, squares, counts)
        own = outside[np.arange(len(inside)), best][:, None]
        # The rank among all, those alike sharing theirs; over `columns + 1` it is the middle at one half.
        rank = (outside < own).sum(axis=1) + ((outside == own).sum(axis=1) + 1) / 2
        overfit += int((rank / (columns + 1) <= 0.5).sum())
    return overfit / len(picks)


def _ratios(picks: _Floats, sums: _Floats, squares: _Floats, counts: _Floats) -> _Floats:
    """Returns the Sharpe ratio of each column (second axis) over the blocks of each pick (first axis)."""
    count = (picks @ counts)[:, None]
    mean = (picks @ sums) / count
    variance = ((picks @ squares) / count - mean * mean) * count / (count - 1)
    # What rounding leaves where nothing varies is none, and columns alike are alike in every digit: also where one is
    # of the exact machine, and the other of the kernel, which differ in the sixteenth.
    known = variance > 1e-18
    ratios: _Floats = np.where(known, mean / np.sqrt(np.where(known, variance, 1.0)), 0.0)
    return np.round(ratios, 9).astype(np.float64)


def reality_check(results: _Floats, block: int, seed: int) -> float | None:
    """Returns the chance that the best column's mean is as high where none has any: White's reality check.

    `max over columns of sqrt(n) * mean`, held against 1,000 draws of `max of sqrt(n) * (drawn mean - mean)` by the
    stationary bootstrap (White, A Reality Check for Data Snooping, Econometrica 68, 2000). Absent for too few rows.
    """
    rows, columns = results.shape
    if rows < 10 or rows < 6 * block or not columns:
        return None
    means = results.mean(axis=0)
    best = float(means.max())
    above = 0
    step = max(min(_AT_ONCE // rows, _AT_ONCE // columns), 1)
    for index in resampled(rows, block, CHECKS, [seed, 4], step):
        weights = np.array([np.bincount(places, minlength=rows) for places in index], dtype=np.float64)
        above += int(((weights @ results / rows - means).max(axis=1) >= best).sum())
    return above / CHECKS
