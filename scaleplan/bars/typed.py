"""The text behind bars: any line of a file found quickly, and its fields as they were typed."""

import mmap
from bisect import bisect_right
from decimal import Decimal, InvalidOperation

import numpy as np

from scaleplan.bars.records import BarDecimals
from scaleplan.quantity.exact import EXACT

_CHUNK = 1 << 20
_LINE_FEED = 10
#: More of a line than this is no bar.
_LONGEST = 100_000


class TextLines:
    """The lines of a text of bytes, counted from 0; where they begin is found a stretch at a time.

    They are known as far as they were counted, see `count`.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self._data = data
        self._bytes = np.frombuffer(data, dtype=np.uint8) if len(data) else np.zeros(0, dtype=np.uint8)
        #: How many lines end before each chunk.
        self._before = [0]
        self._ends: dict[int, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}

    def count(self, stop: int) -> None:
        """Counts the lines of the chunks that end at or before a place, or with the text."""
        while len(self._before) * _CHUNK <= stop or (stop == len(self._bytes) > (len(self._before) - 1) * _CHUNK):
            at = (len(self._before) - 1) * _CHUNK
            found = np.count_nonzero(self._bytes[at : at + _CHUNK] == _LINE_FEED)
            self._before.append(self._before[-1] + int(found))

    def text(self, line: int) -> str:
        """Returns a line without its end; of a very long one the beginning."""
        start = 0 if line == 0 else self._end(line - 1) + 1
        end = min(self._end(line), start + _LONGEST)
        return bytes(self._data[start:end]).decode("utf-8", "replace").rstrip("\r\n")

    def _end(self, line: int) -> int:
        """Returns where the line feed behind a line stands, or the end of all."""
        if line >= self._before[-1]:
            # Of what was not counted yet the first line alone is asked for.
            end = self._data.find(b"\n", 0, _LONGEST) if not line else -1
            return len(self._bytes) if end < 0 else end
        chunk = bisect_right(self._before, line) - 1
        ends = self._ends.get(chunk)
        if ends is None:
            if len(self._ends) > 8:
                self._ends.clear()
            part = self._bytes[chunk * _CHUNK : (chunk + 1) * _CHUNK]
            ends = self._ends[chunk] = np.flatnonzero(part == _LINE_FEED)
        return chunk * _CHUNK + int(ends[line - self._before[chunk]])


def fields_of(line: str, separator: str) -> list[str]:
    """Returns the fields of a line of CSV; what stands between quotes is one, and a doubled quote is a quote."""
    if '"' not in line:
        return line.split(separator)
    fields, quoted = [""], False
    # Between quotes a separator is text; where one follows another they have cut nothing.
    for index, part in enumerate(line.split('"')):
        if index and not part and not quoted and index < line.count('"'):
            fields[-1] += '"'
        elif quoted:
            fields[-1] += part
        else:
            first, *others = part.split(separator)
            fields[-1] += first
            fields += others
        quoted = not quoted
    return fields


def decimal_of(text: str) -> Decimal | None:
    """Returns a price as it was typed; absent where it is no finite number."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def prices_of(line: str, separator: str, places: tuple[int, ...]) -> BarDecimals | None:
    """Returns the four prices in a line, at their places; absent where one is no number.

    A fifth place is that of an adjusted close: all are scaled as it is to the close.
    """
    fields = fields_of(line, separator)
    return scaled([decimal_of(fields[place]) if place < len(fields) else None for place in places])


def scaled(found: "list[Decimal | None]") -> BarDecimals | None:
    """Returns four prices, scaled by an adjusted close if that is behind them; absent where one is absent."""
    numbers = [number for number in found if number is not None]
    if len(numbers) != len(found):
        return None
    first, high, low, last, *adjusted = numbers
    if not adjusted or not last:
        return first, high, low, last
    factor = EXACT.divide(adjusted[0], last)
    return EXACT.multiply(first, factor), EXACT.multiply(high, factor), EXACT.multiply(low, factor), adjusted[0]
