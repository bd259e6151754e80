"""A syntax error: where YAML stopped, the lines around it, and what the diagnostic will say.

It has no tree yet, so what the trader meant is read off the lines, as a person would.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from scaleplan.diagnostic import Kind
from scaleplan.source import Source

#: How many lines upward are looked at for what a mistake has to do with.
FAR = 1000

_BEFORE_KEY = re.compile(r"[ \t]*(?:-[ \t]+)*")
_DASH = re.compile("-")
_COLON = re.compile(r":(?=[ \t]|$)")
_COMMENT = re.compile(r"(?:^|[ \t])#")
_FLOW_END = re.compile(r"[,\[\]{}]")


class Line(NamedTuple):
    """One line of a text: its number, the offset of its first character, and its characters.

    What the properties return is counted from the line's start.
    """

    number: int
    start: int
    text: str

    @property
    def indent(self) -> int:
        """Returns how many spaces (or tabs) it begins with."""
        return len(self.text) - len(self.text.lstrip(" \t"))

    @property
    def end(self) -> int:
        """Returns where its text ends: before a comment and the spaces in front of that."""
        # One character earlier, because the space before the hash belongs to the comment.
        comment = _COMMENT.search(self.text, max(0, self._after_quotes(self.value_start) - 1))
        return len((self.text[: comment.start()] if comment else self.text).rstrip(" \t"))

    @property
    def written(self) -> str:
        """Returns what is written on it besides indentation and comment."""
        return self.text[: self.end].strip(" \t")

    @property
    def span(self) -> tuple[int, int]:
        """Returns from where to where in the whole text that is written; at least one character."""
        return self.start + self.indent, self.start + max(self.end, self.indent + 1)

    @property
    def key_start(self) -> int:
        """Returns where the first key or text begins, behind indentation and dashes."""
        match = _BEFORE_KEY.match(self.text)
        return match.end() if match else 0

    @property
    def colon(self) -> int | None:
        """Returns where the colon of its first key is."""
        start = self._after_quotes(self.key_start)
        match = _COLON.search(self.text, start)
        if match is None:
            return None
        comment = _COMMENT.search(self.text, max(0, start - 1), match.start())
        return None if comment else match.start()

    @property
    def key(self) -> str:
        """Returns its first key as typed, or nothing."""
        colon = self.colon
        return "" if colon is None else self.text[self.key_start : colon].rstrip(" \t")

    @property
    def value_start(self) -> int:
        """Returns where the value begins: behind the first key, or behind the dashes."""
        colon = self.colon
        start = self.key_start if colon is None else colon + 1
        return start + len(self.text[start:]) - len(self.text[start:].lstrip(" \t"))

    @property
    def value(self) -> str:
        """Returns the value as typed, without a comment."""
        return self.text[self.value_start : self.end]

    @property
    def levels(self) -> dict[int, str]:
        """Returns the columns at which a line below could begin, each with what stands there: a dash, the first key."""
        levels = {match.start(): self.written for match in _DASH.finditer(self.text, 0, self.key_start)}
        if self.colon is not None or not levels:
            levels[self.key_start] = self.key or self.written
        return levels

    def _after_quotes(self, start: int) -> int:
        """Returns where a quoted text that begins at `start` ends; `start` itself where none begins there."""
        mark = self.text[start : start + 1]
        if mark not in ("'", '"'):
            return start
        return max(self.text.find(mark, start + 1), start - 1) + 1


class Lines:
    """A text in which the places of its source hold, because only characters inside the lines differ."""

    __slots__ = ("_source", "text")

    def __init__(self, source: Source, text: str) -> None:
        """Takes the places from `source` and the characters from `text`."""
        self._source = source
        self.text = text

    def line_at(self, at: int) -> Line:
        """Returns the line in which the character `at` stands."""
        return self.line(self._source.position(at).line)

    def line(self, number: int) -> Line:
        """Returns the line of that number, from 1."""
        starts = self._source.line_starts
        start = starts[number - 1]
        end = starts[number] if number < len(starts) else len(self.text)
        return Line(number, start, self.text[start:end].rstrip("\r\n"))

    def above(self, line: Line) -> Line | None:
        """Returns the nearest line above that holds more than a comment."""
        for number in range(line.number - 1, max(0, line.number - FAR), -1):
            above = self.line(number)
            if above.written:
                return above
        return None

    def last(self) -> Line | None:
        """Returns the last line that holds more than a comment."""
        line = self.line_at(len(self.text))
        return line if line.written else self.above(line)

    def owner(self, line: Line) -> Line | None:
        """Returns the nearest line above that is indented less: the key or item under which `line` stands."""
        above = self.above(line)
        while above is not None and above.indent >= line.indent and line.number - above.number < FAR:
            above = self.above(above)
        return above if above is not None and above.indent < line.indent else None

    def value_end(self, at: int, opened: int | None) -> int:
        """Returns where the value around `at` ends on its line. Inside brackets a comma or a bracket ends it too."""
        line = self.line_at(at)
        start = at - line.start
        if opened is None:
            return line.start + max(start + 1, line.end)
        ends = (_FLOW_END.search(line.text, start), _COMMENT.search(line.text, start))
        end = min(match.start() if match else len(line.text) for match in ends)
        return line.start + max(start + 1, len(line.text[:end].rstrip(" \t")))


class Trouble(NamedTuple):
    """Where YAML stopped, and what it said.

    `at` is the character it could not take, `since` where what it was reading began. `brackets` are
    the places of those still open, the innermost last; `last_scalar` is the last text that was read.
    """

    lines: Lines
    at: int
    since: int
    problem: str
    context: str
    brackets: tuple[int, ...]
    last_scalar: tuple[int, int] | None

    @property
    def opened(self) -> int | None:
        """Returns where the innermost open bracket stands."""
        return self.brackets[-1] if self.brackets else None

    @property
    def here(self) -> str:
        """Returns the character that could not be taken, or nothing at the end of the text."""
        return self.lines.text[self.at : self.at + 1]

    @property
    def line(self) -> Line:
        """Returns the line in which it stands."""
        return self.lines.line_at(self.at)

    @property
    def last_quote(self) -> str:
        """Returns the quote in which the last text stood, or nothing."""
        mark = "" if self.last_scalar is None else self.lines.text[self.last_scalar[0] : self.last_scalar[0] + 1]
        return mark if mark in ("'", '"') else ""


class Mask(NamedTuple):
    """The characters `start` to `end`, painted over with `fill` so that reading can go on behind them."""

    start: int
    end: int
    fill: str = "x"


class Remark(NamedTuple):
    """Another place that a mistake speaks of."""

    start: int
    end: int
    message: str


class Fault(NamedTuple):
    """What is wrong, from which character to which. It has masks only where it is clear what was meant."""

    kind: Kind
    start: int
    end: int
    message: str
    remedy: str
    remarks: tuple[Remark, ...] = ()
    masks: tuple[Mask, ...] = ()


def paint(text: str, masks: Iterable[Mask]) -> str:
    """Returns the text with every masked character replaced, each place unchanged."""
    pieces = []
    at = 0
    for mask in sorted(masks):
        start = max(at, mask.start)
        if start < mask.end:
            pieces += [text[at:start], mask.fill * (mask.end - start)]
            at = mask.end
    return "".join([*pieces, text[at:]])
