"""Bars given as rows of text, as a walk over bars asks for them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pytest

np: Any = pytest.importorskip("numpy")

MINUTE = 60_000_000_000
#: 2022-01-10 00:00 UTC, in nanoseconds: a multiple of every length of bars below a day.
BEGIN = 1_641_772_800 * 1_000_000_000


class Rows:
    """Bars of `step` nanoseconds each, from `begin` on or at `times`; a row is open, high, low and close."""

    def __init__(
        self,
        rows: Iterable[str | Sequence[object]],
        step: int = MINUTE,
        begin: int = BEGIN,
        times: Sequence[int] | None = None,
    ) -> None:
        split = [row.split() if isinstance(row, str) else row for row in rows]
        self._exact = [tuple(Decimal(str(price)) for price in row) for row in split]
        floats = np.array([[float(price) for price in row] for row in self._exact])
        self.open, self.high, self.low, self.close = floats.T
        self.step_ns = step
        whens = times if times is not None else [begin + index * step for index in range(len(split))]
        self.time = np.array(whens, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._exact)

    def release(self) -> None:
        """Lets go of nothing."""

    def exact(self, index: int) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """Returns the four prices of a bar."""
        first, high, low, last = self._exact[index]
        return first, high, low, last

    def line_of(self, index: int) -> int:
        """Returns the line of a bar, below a head."""
        return index + 2
