"""An excerpt is the trader's own line with a caret under the place that a message speaks of.

Everything is counted in cells of the terminal, because a wide character takes two and an escape up to ten. A line
longer than the width is clipped around the caret, and only what is shown is looked at: a line may be a megabyte.
"""

from typing import NamedTuple

from scaleplan.report.visible import cells, visible
from scaleplan.source import Span

#: How wide an excerpt gets where no width is given.
WIDTH = 160
#: The least that is shown of a line, however narrow the terminal.
NARROWEST = 20
CUT = "..."
_TAB = "    "


class Excerpt(NamedTuple):
    """The line as shown, the spaces before the caret, and the carets."""

    line: str
    before: str
    carets: str


def excerpt(span: Span, width: int | None) -> Excerpt | None:
    """Show the first line of a span in at most `width` cells; nothing where there is nothing to see."""
    source = span.source
    position = source.position(span.start)
    line = source.line(position.line)
    start = min(position.column - 1, len(line))
    end = min(start + max(0, span.end - span.start), len(line))
    if start == end and not line.strip():
        return None
    room = max(NARROWEST, WIDTH if width is None else width)
    # One more, because a caret behind the last character needs a cell too.
    if len(line) < room and cells(_shown(line)) < room:
        marked = _marked(line[start:end])
        return Excerpt(_shown(line), " " * cells(_shown(line[:start])), "^" * max(1, cells(marked)))
    return _clipped(line, start, end, room)


def _clipped(line: str, start: int, end: int, room: int) -> Excerpt:
    """Show the part of a long line around the place: what follows it first, then what is before it."""
    inside = room - 2 * len(CUT)
    last = _reach(line, start, inside - inside // 3, step=1)
    first = _reach(line, start, inside - cells(_shown(line[start:last])), step=-1)
    last = _reach(line, start, inside - cells(_shown(line[first:start])), step=1)
    head, tail = CUT if first else "", CUT if last < len(line) else ""
    before = head + _shown(line[first:start])
    marked = _marked(line[start : min(end, last)])
    return Excerpt(f"{before}{_shown(line[start:last])}{tail}", " " * cells(before), "^" * max(1, cells(marked)))


def _reach(line: str, at: int, room: int, *, step: int) -> int:
    """How far one can go from `at`, forward or backward, in `room` cells; and in as many characters at most."""
    limit = min(len(line), at + room) if step > 0 else max(0, at - room)
    used = 0
    while at != limit:
        used += cells(_shown(line[at if step > 0 else at - 1]))
        if used > room:
            break
        at += step
    return at


def _marked(text: str) -> str:
    """What gets carets: not the spaces behind it, unless it is nothing but spaces."""
    return _shown(text.rstrip() or text)


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))
