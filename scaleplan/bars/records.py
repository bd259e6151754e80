"""A series of bars: times and prices as arrays for the search, and of each bar the decimals that were typed."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, final

import numpy as np
import numpy.typing as npt

#: The four prices of a bar: open, high, low, close.
BarDecimals = tuple[Decimal, Decimal, Decimal, Decimal]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class BarArrays(NamedTuple):
    """What a series is made of: times in nanoseconds since 1970 in UTC, and prices as doubles."""

    time: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats | None = None


@final
class Bars:
    """Bars in order of time, each `step_ns` nanoseconds long; a time is a bar's open.

    `line_of` is where a bar stands in its file, from 1, and `exact` has its prices as they were typed. Arrays may be
    mapped from a file: `release` lets go of the memory that they take.
    """

    __slots__ = (
        *("_exact", "_line_of", "columns", "release", "step_ns"),
        *("close", "high", "low", "open", "time", "volume"),
    )

    def __init__(
        self,
        arrays: BarArrays,
        step_ns: int,
        exact: Callable[[int], BarDecimals],
        line_of: Callable[[int], int] | None = None,
        columns: dict[str, Any] | None = None,
        release: Callable[[], None] | None = None,
    ) -> None:
        self.time, self.open, self.high, self.low, self.close, self.volume = arrays
        self.step_ns = step_ns
        #: The line of each bar; absent where each is its own.
        self._line_of = line_of
        self.release: Callable[[], None] = _nothing if release is None else release
        self._exact = exact
        self.columns: dict[str, Any] = {} if columns is None else columns

    def __len__(self) -> int:
        return len(self.time)

    def line_of(self, index: int) -> int:
        """Returns the line of a bar in its file, or its row, from 1."""
        return index + 1 if self._line_of is None else self._line_of(index)

    def exact(self, index: int) -> BarDecimals:
        """Returns the four prices of a bar as they were typed."""
        return self._exact(index)

    def part(self, start: int, stop: int) -> "Bars":
        """Returns the bars from `start` up to, and without, `stop`."""
        volume = None if self.volume is None else self.volume[start:stop]
        cut = slice(start, stop)
        columns = {name: values[start:stop] for name, values in self.columns.items()}
        arrays = BarArrays(self.time[cut], self.open[cut], self.high[cut], self.low[cut], self.close[cut], volume)
        return Bars(
            arrays,
            self.step_ns,
            lambda index: self._exact(index + start),
            lambda index: self.line_of(index + start),
            columns,
            self.release,
        )


def _nothing() -> None:
    """Lets go of nothing: arrays are in memory."""


def bars_of(rows: Sequence[Sequence[object]], times: Sequence[int], step_ns: int) -> Bars:
    """Returns bars of rows of open, high, low and close, as texts or numbers, and their times in nanoseconds."""
    typed = [tuple(Decimal(str(price)) for price in row) for row in rows]
    prices = np.array([[float(price) for price in row] for row in typed]).reshape(-1, 4)

    def exact(index: int) -> BarDecimals:
        first, high, low, last = typed[index]
        return first, high, low, last

    first, high, low, last = (np.ascontiguousarray(prices[:, number]) for number in range(4))
    return Bars(BarArrays(np.array(times, dtype=np.int64), first, high, low, last), step_ns, exact)
