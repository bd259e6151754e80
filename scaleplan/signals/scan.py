"""A scan of a signal's text: what is not read yet, and what has been said of it so far, each at its place."""

import re
from typing import NamedTuple

from scaleplan.diagnostic import Diagnostic, Kind, problem
from scaleplan.signals.kinds import ASSUMED, LEFT_OUT, ODD
from scaleplan.signals.text import MASK, SignalText
from scaleplan.source import Span


class Extent(NamedTuple):
    """The cleaned characters `start` (inclusive) to `end` (exclusive) of a text."""

    start: int
    end: int


class Scan:
    """A text while it is read. What is taken from it is masked in `rest`, and read no second time."""

    def __init__(self, text: SignalText) -> None:
        """Begins with nothing taken."""
        self.text = text
        self.found: list[Diagnostic] = []
        #: The place of what is about the signal as a whole: its pair, once that is known.
        self.about = Extent(0, 0)
        self._rest = text.plain
        self._masked: list[Extent] = []

    @property
    def rest(self) -> str:
        """Returns the text with a mask in the place of each character that was taken, as long as the text."""
        if self._masked:
            signs = list(self._rest)
            for start, end in self._masked:
                signs[start:end] = [MASK if sign != "\n" else sign for sign in signs[start:end]]
            self._rest = "".join(signs)
            self._masked.clear()
        return self._rest

    def take(self, start: int, end: int) -> Extent:
        """Masks a place, and returns it."""
        place = Extent(start, end)
        self._masked.append(place)
        return place

    def span(self, place: Extent) -> Span:
        """Returns a place in the text as it was sent."""
        return self.text.span(*place)

    def say(self, kind: Kind, place: Extent | None, message: str, help: str) -> None:
        """Keeps a diagnostic; without a place it is about the signal as a whole."""
        self.found.append(problem(kind, self.span(self.about if place is None else place), "", message, help))

    def has_said(self, beginning: str) -> bool:
        """Returns whether a message that begins so was kept."""
        return any(found.message.startswith(beginning) for found in self.found)

    def assumed(self, place: Extent | None, message: str, help: str) -> None:
        """Says what the plan takes that the text does not say."""
        self.say(ASSUMED, place, message, help)

    def left_out(self, place: Extent, message: str, help: str = "a plan does not say it") -> None:
        """Says what the text has and the plan does not."""
        self.say(LEFT_OUT, place, message, help)

    def odd(self, place: Extent | None, message: str, help: str) -> None:
        """Says what is likely meant otherwise."""
        self.say(ODD, place, message, help)


def line_before(match: re.Match[str], most: int) -> str:
    """Returns what stands before a match on its line, so many characters at most."""
    return match.string[max(0, match.start() - most) : match.start()].rpartition("\n")[2]
