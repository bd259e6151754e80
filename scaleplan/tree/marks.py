"""Places in a text whose characters are not what was meant: painted over, or refused."""

from bisect import bisect_right


class Marks:
    """Places that do not overlap, to be asked whether any lies in a span."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, places: list[tuple[int, int]]) -> None:
        """Keep the places in the order of the text."""
        ordered = sorted(places)
        self._starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._starts)

    def within(self, start: int, end: int) -> bool:
        """Whether any of them has a character between `start` and `end`."""
        index = bisect_right(self._ends, start)
        return index < len(self._starts) and self._starts[index] < end
