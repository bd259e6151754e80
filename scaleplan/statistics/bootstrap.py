"""The stationary bootstrap: trades drawn in blocks of random length, because those that overlap are not independent.

A draw goes through the trades in a circle; after each it goes on with the next, or with chance `1 / block` at a place
drawn anew (Politis and Romano, The Stationary Bootstrap, JASA 89, 1994).
"""

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np
import numpy.typing as npt

#: Draws, and so many values of them at once.
DRAWS, _AT_ONCE = 10_000, 2_000_000
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
    count = len(values)
    block = mean_block(count, live) if count else 1
    if count < LEAST_TRADES or count < LEAST_BLOCKS * block:
        return None
    means = drawn_means(np.asarray(values, dtype=np.float64), block, seed)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


def drawn_means(values: npt.NDArray[np.float64], block: int, seed: int) -> npt.NDArray[np.float64]:
    """Returns the mean of each draw."""
    rows = max(_AT_ONCE // len(values), 1)
    return np.concatenate(
        [values[index].mean(axis=1) for index in resampled(len(values), block, DRAWS, [seed, 0], rows)]
    )


def resampled(count: int, block: int, draws: int, seed: list[int], rows: int) -> Iterator[npt.NDArray[np.int64]]:
    """Yields the places of each draw from so many values, so many draws at once."""
    dice = np.random.default_rng(seed)
    for start in range(0, draws, rows):
        size = min(rows, draws - start)
        anew = dice.random((size, count)) < 1 / block
        anew[:, 0] = True
        starts = dice.integers(0, count, (size, count))
        places = np.arange(count)
        # The place of the last new beginning, and how far it has gone on from there.
        last = np.maximum.accumulate(np.where(anew, places, 0), axis=1)
        yield (np.take_along_axis(starts, last, axis=1) + places - last) % count
