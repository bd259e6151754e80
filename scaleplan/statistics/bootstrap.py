"""The stationary bootstrap: trades drawn in blocks of random length, because those that overlap are not independent.

A draw goes through the trades in a circle; after each it goes on with the next, or with chance `1 / block` at a place
drawn anew (Politis and Romano, The Stationary Bootstrap, JASA 89, 1994).
"""

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.float64]
#: Draws, and so many values of them at once; so many stay near the processor.
DRAWS, _AT_ONCE, _NEAR = 10_000, 2_000_000, 50_000
#: Under so many trades, or mean blocks, there is no interval.
LEAST_TRADES, LEAST_BLOCKS = 10, 6


def mean_block(count: int, live: float) -> int:
    """Returns the mean length of a block: the larger of `ceil(n^(1/3))` and `ceil(3 * live)`."""
    root = 1
    while root**3 < count:
        root += 1
    return max(root, ceil(3 * live))


def interval(values: Sequence[float], live: float, seed: int) -> tuple[float, float] | None:
    """Returns the 95% interval of the mean of values in time order; absent where there are too few."""
    return intervals([values], live, seed)[0]


def intervals(several: Sequence[Sequence[float]], live: float, seed: int) -> list[tuple[float, float] | None]:
    """Returns the 95% intervals of the means of several results of the same trades, each as `interval` has it."""
    count = len(several[0])
    block = mean_block(count, live) if count else 1
    if count < LEAST_TRADES or count < LEAST_BLOCKS * block:
        return [None] * len(several)
    means = drawn_means(np.asarray(several, dtype=np.float64), block, seed)
    spans = [np.percentile(each, (2.5, 97.5)) for each in means]
    return [(float(low), float(high)) for low, high in spans]


def drawn_means(several: _Floats, block: int, seed: int) -> _Floats:
    """Returns the mean of each row of values (first axis) in each draw (second axis)."""
    count = several.shape[1]
    rows = max(_AT_ONCE // count, 1)
    drawn = [
        [values.take(index).mean(axis=1) for values in several]
        for index in resampled(count, block, DRAWS, [seed, 0], rows)
    ]
    return np.concatenate(drawn, axis=1)


def resampled(count: int, block: int, draws: int, seed: list[int], rows: int) -> Iterator[npt.NDArray[np.int64]]:
    """Yields the places of draws from so many values, some draws at a time; the dice are thrown for `rows` at once."""
    dice = np.random.default_rng(seed)
    some = max(_NEAR // count, 1)
    ahead = np.arange(some * count)
    for start in range(0, draws, rows):
        size = min(rows, draws - start)
        anew = dice.random((size, count)) < 1 / block
        anew[:, 0] = True
        starts = dice.integers(0, count, (size, count))
        for first in range(0, size, some):
            # The blocks of these draws, one after the other: where each begins, and from which place it goes on.
            begun = np.flatnonzero(anew[first : first + some])
            total = anew[first : first + some].size
            places = np.repeat(starts[first : first + some].reshape(-1)[begun] - begun, np.diff(begun, append=total))
            places += ahead[:total]
            # No block is longer than a draw: each goes round the circle once at most.
            places[places >= count] -= count
            yield places.reshape(-1, count)
