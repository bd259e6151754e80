"""The arrays of bars as they are read, a piece at a time: in memory while they are few, else in a file without a name.

That file is mapped, so that what memory holds of it can be let go at any time (`release`): a scan of all bars takes no
more than a stretch of them.
"""

import mmap
import os
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Self

import numpy as np

from scaleplan.bars.records import BarArrays, Floats, Ints, Mask
from scaleplan.source import Unreachable

#: More bars than these are not held in memory: some 160 MB.
MOST_HELD = 4_000_000
#: So many are looked at together.
STRETCH = 1 << 20


def stretches(count: int) -> Iterator[slice]:
    """Yields all of so many bars, a stretch at a time."""
    for begin in range(0, count, STRETCH):
        yield slice(begin, min(begin + STRETCH, count))


def furthest(values: Any, begin: int, stop: int, sign: int, release: Callable[[], None]) -> int:  # noqa: ANN401 - an array
    """Returns where the highest of some values is, or with a sign of -1 the lowest; of equal ones the first."""
    best = begin
    for start in range(begin, stop, STRETCH):
        part = values[start : min(start + STRETCH, stop)]
        at = start + int(part.argmax() if sign > 0 else part.argmin())
        if sign * (values[at] - values[best]) > 0:
            best = at
        if stop - begin > STRETCH:
            release()
    return best


def maximum_so_far(values: Floats) -> Floats:
    """Returns the highest of values up to each."""
    return np.maximum.accumulate(values)


class RowNumbers:
    """The rows of a file, from 0, in which bars stand: all but those that are left out."""

    def __init__(self, left_out: Ints) -> None:
        self._left_out = left_out
        self._shifts: Ints = left_out - np.arange(len(left_out))

    def __getitem__(self, index: int) -> int:
        return index + (bisect_right(self._shifts, index) if len(self._shifts) else 0)

    def without(self, indices: Ints) -> "RowNumbers":
        """Returns the rows of the bars that stay where those at some indices go; these are in order."""
        if not len(indices):
            return self
        rows = indices + np.searchsorted(self._shifts, indices, side="right")
        return RowNumbers(np.sort(np.concatenate((self._left_out, rows))))


class BarStore:
    """Takes up pieces of times, open, high, low and close, and gives them back as arrays of all.

    `name` is that of the file whose bars they are. Raises `Unreachable` where there is no room for them.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._pieces: list[list[Any]] = []
        self._count = 0
        self._files: list[IO[bytes]] = []
        self._maps: list[mmap.mmap] = []
        self._columns: list[Any] = [np.zeros(0, dtype=np.int64), *[np.zeros(0)] * 4]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def add(self, times: Ints, prices: list[Floats]) -> None:
        """Adds a piece."""
        self._pieces.append([times, *prices])
        self._count += len(times)
        if self._files or self._count > MOST_HELD:
            self._spill()

    def _spill(self) -> None:
        try:
            if not self._files:
                # Without a folder of our own, the system's own for files of an hour has to do.
                folder = cache_folder()
                self._files = [tempfile.TemporaryFile(dir=folder) for _ in range(5)]  # noqa: SIM115 - kept
            for piece in self._pieces:
                for file, column in zip(self._files, piece, strict=True):
                    file.write(np.ascontiguousarray(column).data)
        except OSError as error:
            reason = (error.strerror or "it cannot be written").lower()
            message = f"has too many bars for memory, and they need room on disk: {reason}; read fewer with --most-bars"
            raise Unreachable(self._name, message) from error
        self._pieces = []

    def close(self) -> None:
        """Takes all pieces together: arrays are whole from then on."""
        if not self._files:
            if len(self._pieces) == 1:
                self._columns = self._pieces[0]
            elif self._pieces:
                self._columns = [np.concatenate(column) for column in zip(*self._pieces, strict=True)]
            self._pieces = []
            return
        kinds = (np.int64, *[np.float64] * 4)
        for file in self._files:
            file.flush()
            self._maps.append(mmap.mmap(file.fileno(), 8 * self._count))
        self._columns = [np.frombuffer(each, dtype=kind) for each, kind in zip(self._maps, kinds, strict=True)]

    @property
    def arrays(self) -> BarArrays:
        """Returns times and prices."""
        times, first, high, low, last = self._columns
        return BarArrays(times, first, high, low, last)

    def keep(self, good: Mask) -> None:
        """Keeps the bars that are good, and no other."""
        if not self._maps:
            self._columns = [column[good] for column in self._columns]
            return
        kept = 0
        for part in stretches(len(good)):
            stays = good[part]
            count = int(np.count_nonzero(stays))
            for column in self._columns:
                column[kept : kept + count] = column[part][stays]
            kept += count
            self.release()
        self._columns = [column[:kept] for column in self._columns]

    @property
    def release(self) -> Callable[[], None]:
        """Returns what lets go of the memory that mapped arrays take."""
        maps = self._maps

        def let_go() -> None:
            for each in maps:
                each.madvise(mmap.MADV_DONTNEED)

        return let_go if maps and hasattr(mmap, "MADV_DONTNEED") else _nothing


def _nothing() -> None:
    """Lets go of nothing: arrays are in memory."""


def cache_folder() -> Path | None:
    """Returns the folder that bars are kept in, made if need be; absent where the system gives us none.

    It is `scaleplan/bars` in `XDG_CACHE_HOME`, or else in `~/.cache`; who has no home has none.
    """
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
        folder = cache / "scaleplan" / "bars"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder
