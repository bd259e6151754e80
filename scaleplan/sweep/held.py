"""The variants of a sweep that are finished, by their numbers: in memory while they are few, else in a file.

A million variants at some signals each are more than a process should hold. So trades lie one after the other in a
file without a name, which the system takes back with the process, and a variant is read whenever it is asked for.
"""

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile, gettempdir
from typing import overload

import numpy as np

from scaleplan.source import Unreachable
from scaleplan.sweep.engines import WorkPiece
from scaleplan.sweep.records import Came, Floats, Ints, VariantTrades, no_variant, variant_of_parts

#: So many bytes are held in memory.
_IN_MEMORY = 64 << 20
_KNOWN = ("counts", "no_plan", "live", "exact", "rule", "sides")


class HeldVariants(Sequence[VariantTrades]):
    """The finished variants of some pieces, in order of their numbers, and which pieces are done.

    Raises `Unreachable` where the file cannot be written.
    """

    def __init__(self, pieces: Sequence[WorkPiece]) -> None:
        self.pieces = pieces
        self.done: set[int] = set()
        #: How many variants the kernel did.
        self.by_kernel = 0
        numbers = self._numbers = tuple(number or 0 for piece in pieces for number in piece.numbers)
        # Where each lies, how many trades it has, and how long what is known of it is; in order of their numbers.
        self._starts = array("q", [-1]) * len(numbers)
        self._trades, self._lengths = (array("q", [0]) * len(numbers) for _ in range(2))
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - it is open as long as this is
        self._order: list[int] | None = None

    def add(self, piece: int, variants: Sequence[VariantTrades]) -> None:
        """Holds the variants of a piece."""
        for each in variants:
            self.put(each)
            self.by_kernel += not each.exact and not each.code
        self.done.add(piece)

    def put(self, each: VariantTrades) -> None:
        """Holds a variant, in the place of what was held under its number."""
        place = bisect_left(self._numbers, each.number)
        known = {name: getattr(each, name) for name in _KNOWN}
        text = json.dumps([each.code, {**known, "counts": dict(each.counts), "no_plan": dict(each.no_plan)}]).encode()
        whole = np.column_stack((each.bar, each.sign, each.last))
        parts = np.column_stack((each.worst_r, each.best_r, each.worst_net, each.best_net))
        try:
            self._starts[place] = self._file.seek(0, 2)
            self._file.write(whole.tobytes() + parts.tobytes() + text)
        except OSError as error:
            raise Unreachable(gettempdir(), (error.strerror or "cannot be written").lower()) from error
        self._trades[place], self._lengths[place] = len(each.bar), len(text)
        self._order = None

    def has(self, number: int) -> bool:
        """Returns whether the variant of a number is finished."""
        place = bisect_left(self._numbers, number)
        return place < len(self._numbers) and self._numbers[place] == number and self._starts[place] >= 0

    def of(self, number: int) -> VariantTrades:
        """Returns the variant of a number."""
        return self._read(bisect_left(self._numbers, number))

    def __len__(self) -> int:
        """Returns how many are finished."""
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> VariantTrades: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[VariantTrades]: ...
    def __getitem__(self, index: int | slice) -> VariantTrades | Sequence[VariantTrades]:
        """Returns a finished variant by its place among them."""
        found = self._places[index]
        return self._read(found) if isinstance(found, int) else [self._read(place) for place in found]

    def __iter__(self) -> Iterator[VariantTrades]:
        """Yields them one by one; each is read when its turn comes."""
        return map(self._read, self._places)

    def close(self) -> None:
        """Lets them go."""
        self._file.close()

    @property
    def _places(self) -> Sequence[int]:
        if self._order is None:
            self._order = [place for place, start in enumerate(self._starts) if start >= 0]
        return self._order

    def _read(self, place: int) -> VariantTrades:
        count, length = self._trades[place], self._lengths[place]
        self._file.seek(self._starts[place])
        data = self._file.read(56 * count + length)
        code, known = json.loads(data[56 * count :])
        if code:
            return no_variant(self._numbers[place], code)
        whole: Ints = np.frombuffer(data, np.int64, 3 * count).reshape(-1, 3)
        parts: Floats = np.frombuffer(data, np.float64, 4 * count, 24 * count).reshape(-1, 4)
        return variant_of_parts(self._numbers[place], whole, parts, Came(**{**known, "sides": tuple(known["sides"])}))


class Some(Sequence[VariantTrades]):
    """Some of many variants, by their places; each is read when it is asked for."""

    def __init__(self, of: Sequence[VariantTrades], places: Sequence[int]) -> None:
        self._of = of
        self._chosen = places

    def __len__(self) -> int:
        """Returns how many they are."""
        return len(self._chosen)

    @overload
    def __getitem__(self, index: int) -> VariantTrades: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[VariantTrades]: ...
    def __getitem__(self, index: int | slice) -> VariantTrades | Sequence[VariantTrades]:
        """Returns a variant by its place among these."""
        if isinstance(index, slice):
            return Some(self._of, self._chosen[index])
        return self._of[self._chosen[index]]

    def __iter__(self) -> Iterator[VariantTrades]:
        """Yields them one by one."""
        return (self._of[place] for place in self._chosen)
