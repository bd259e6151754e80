"""What luck alone gives the best of many variants: the deflated Sharpe ratio, the odds of overfitting, a reality check.

A variant is a column of results, a signal a row, in order of time; a result is 0 where a signal was not taken. Sharpe
ratios are a row's: mean over deviation (n-1), not of a year.
"""

from collections.abc import Iterator
from itertools import combinations
from math import e, isfinite, sqrt
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
#: So many numbers are held at once; so many stay near the processor.
_AT_ONCE, _NEAR = 4_000_000, 50_000
#: Results that differ by less, as a share of the largest, are alike but for rounding; and so are squares of sums.
_ROUNDING, _ROUNDING_OF_SQUARES = 1e-9, 1e-12


def sharpe_ratios(results: _Floats) -> _Floats:
    """Returns the Sharpe ratio of each column; where nothing varies 0 of nothing, else beyond all numbers."""
    if len(results) < 2:
        return np.zeros(results.shape[1])
    varies = np.ptp(results, axis=0) > _ROUNDING * np.abs(results).max(axis=0)
    return _over(results.mean(axis=0), results.std(axis=0, ddof=1), varies)


def _over(means: _Floats, spreads: _Floats, varies: npt.NDArray[np.bool_]) -> _Floats:
    """Returns means over deviations. One sure thing is above what varies, or below it: it has no deviation."""
    sure = np.where(means > 0, np.inf, np.where(means < 0, -np.inf, 0.0))
    ratios: _Floats = np.where(varies, means / np.where(varies, spreads, 1.0), sure)
    return ratios


def expected_best(ratios: _Floats, tried: int) -> float | None:
    """Returns the Sharpe ratio that the best of so many without skill is expected to show; absent of unknown variance.

    `sqrt(V) * ((1 - g) * Z(1 - 1/N) + g * Z(1 - 1/(N e)))`, with `V` the variance of the ratios, `Z` the inverse of the
    normal distribution, `g` of Euler and Mascheroni (Bailey and Lopez de Prado, The Deflated Sharpe Ratio, Journal of
    Portfolio Management 40, 2014). Of one alone it is 0. Ratios beyond all numbers have no part in the variance.
    """
    if tried < 2:
        return 0.0
    finite = ratios[np.isfinite(ratios)]
    if len(finite) < 2:
        return None
    spread = float(finite.std(ddof=1))
    first, second = _NORMAL.inv_cdf(1 - 1 / tried), _NORMAL.inv_cdf(1 - 1 / (tried * e))
    return spread * ((1 - _GAMMA) * first + _GAMMA * second)


def deflated(ratio: float, expected: float | None, count: float, skew: float, kurtosis: float) -> float | None:
    """Returns the chance that the true Sharpe ratio is above 0, for the best of many.

    It is absent for too few observations, and where a ratio is not known.

    `Z((SR - SR0) * sqrt(T - 1) / sqrt(1 - skew * SR + (kurtosis - 1) / 4 * SR^2))`, of the same paper; `kurtosis` is 3
    where results are normal.
    """
    if expected is None or not isfinite(ratio):
        return None
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
    for one column, where all are alike (of those nothing is chosen), and where a block has fewer rows than `3 * live`,
    or 2.
    """
    rows, columns = results.shape
    if columns < 2 or rows // BLOCKS < max(2.0, 3 * live if live > 1 else 2.0):
        return None
    # What kernel and exact machine found of one thing differs in the last digits.
    if not np.ptp(np.round(results, 9), axis=1).any():
        return None
    edges = [rows * number // BLOCKS for number in range(BLOCKS + 1)]
    counts = np.diff(edges).astype(np.float64)
    sums = np.add.reduceat(results, edges[:-1], axis=0)
    squares = np.add.reduceat(results * results, edges[:-1], axis=0)
    ways = np.array(list(combinations(range(BLOCKS), BLOCKS // 2)))
    picks = np.zeros((len(ways), BLOCKS))
    np.put_along_axis(picks, ways, 1.0, axis=1)
    overfit = 0
    step = max(_NEAR // columns, 1)
    # The first half of all choices have block 0; what each leaves is the choice as far from the end.
    for start in range(0, len(picks) // 2, step):
        chosen = picks[start : min(start + step, len(picks) // 2)]
        halves = _ratios(chosen, sums, squares, counts), _ratios(1 - chosen, sums, squares, counts)
        overfit += _overfit(*halves) + _overfit(*reversed(halves))
    return overfit / len(picks)


def _overfit(inside: _Floats, outside: _Floats) -> int:
    """Returns in how many splits (first axis) the best column inside is at or under the middle outside."""
    own = outside[np.arange(len(inside)), inside.argmax(axis=1)][:, None]
    # The rank among all, those alike sharing theirs; over `columns + 1` it is the middle at one half.
    below, alike = np.count_nonzero(outside < own, axis=1), np.count_nonzero(outside == own, axis=1)
    return int(np.count_nonzero((below + (alike + 1) / 2) / (inside.shape[1] + 1) <= 0.5))


def _ratios(picks: _Floats, sums: _Floats, squares: _Floats, counts: _Floats) -> _Floats:
    """Returns the Sharpe ratio of each column (second axis) over the blocks of each pick (first axis)."""
    count = (picks @ counts)[:, None]
    mean, square = (picks @ sums) / count, (picks @ squares) / count
    variance = square - mean * mean
    varies = variance > _ROUNDING_OF_SQUARES * square
    spread = np.sqrt(np.where(varies, variance, 1.0) * count / (count - 1))
    # Columns alike are alike in every digit: also where one is of the exact machine, and the other of the kernel, which
    # differ in the sixteenth.
    return np.round(_over(mean, spread, varies), 9)


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
    for weights in _weights(rows, block, seed, step):
        above += int(((weights @ results / rows - means).max(axis=1) >= best).sum())
    return above / CHECKS


def _weights(rows: int, block: int, seed: int, step: int) -> Iterator[_Floats]:
    """Yields how often each row is in each draw of the reality check, so many draws at a time."""
    waiting: list[_Floats] = []
    for index in resampled(rows, block, CHECKS, [seed, 4], step):
        apart = index + np.arange(len(index))[:, None] * rows
        counts = np.bincount(apart.reshape(-1), minlength=index.size)
        waiting.append(counts.reshape(index.shape).astype(np.float64))
        if sum(map(len, waiting)) >= step:
            yield np.concatenate(waiting)
            waiting = []
    if waiting:
        yield np.concatenate(waiting)
