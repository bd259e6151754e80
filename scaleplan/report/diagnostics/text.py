"""Diagnostics as text: place, code, sentence; the trader's own line with a caret; one way out; other places.

A note asks for nothing, and is its first line alone: `explain` and the records say the rest.

Colour repeats what the words say and is never the only carrier. Nothing is ever cut but the trader's own line.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaleplan.diagnostic import Diagnostic, Related, Severity, count_of
from scaleplan.report.visible import cells, visible
from scaleplan.source import Span

# Select Graphic Rendition, the only escape sequences that a report writes.
_SGR = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m", Severity.NOTE: "\x1b[1;36m"}
_PLAIN, _HEAD = "\x1b[0m", "\x1b[1m"

_INDENT = "  "
_PLURAL = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.NOTE: "notes"}


def render(diagnostics: Iterable[Diagnostic], *, width: int | None, colour: bool) -> str:
    """Write the diagnostics in the order given; `width` is None for a pipe.

    An empty line stands between two, but notes stand together.
    """
    lines: list[str] = []
    before: Diagnostic | None = None
    for each in diagnostics:
        if before is not None and not before.severity is each.severity is Severity.NOTE:
            lines.append("")
        lines += _lines(each, width, colour=colour)
        before = each
    return "".join(f"{line}\n" for line in lines)


def summary(diagnostics: Iterable[Diagnostic], plans: int, others: int = 0) -> str:
    """Count the diagnostics by severity: `3 errors, 1 warning in 2 plans`; in "files" where others are among them."""
    found = list(diagnostics)
    counts = [(severity, count_of(found, severity)) for severity in Severity]
    parts = [f"{count} {severity.value if count == 1 else _PLURAL[severity]}" for severity, count in counts if count]
    what = "file" if others else "plan"
    where = f"1 {what}" if plans + others == 1 else f"{plans + others} {what}s"
    return f"{', '.join(parts) or 'no problems found'} in {where}"


def _lines(diagnostic: Diagnostic, width: int | None, *, colour: bool) -> Iterator[str]:
    source = diagnostic.span.source
    position = source.position(diagnostic.span.start)
    severity = diagnostic.severity
    place = f"{visible(source.name)}:{position.line}:{position.column}:"
    heading = f"{place} {severity.value} {diagnostic.code} {diagnostic.kind.name}: {visible(diagnostic.message)}"
    first, *others = _wrapped(heading, width, _INDENT)
    if colour and first.startswith(f"{place} {severity.value} "):
        painted = in_colour(severity.value, severity)
        first = f"{place} {painted}{first.removeprefix(f'{place} {severity.value}')}"
    yield first
    yield from others
    if severity is Severity.NOTE:
        return
    yield from _excerpt_lines(diagnostic, position.line, width, colour=colour)
    yield from _wrapped(f"{_INDENT}help: {visible(diagnostic.help)}", width, _INDENT * 2)
    for related in diagnostic.related:
        text = f"{_INDENT}also {_related_place(related, source.name)}: {visible(related.message)}"
        yield from _wrapped(text, width, _INDENT * 2)


def _excerpt_lines(diagnostic: Diagnostic, line: int, width: int | None, *, colour: bool) -> Iterator[str]:
    number = f"{_INDENT}{line}"
    gutter = len(number) + len(" | ")
    shown = excerpt(diagnostic.span, None if width is None else width - gutter)
    if shown is None:
        return
    carets = in_colour(shown.carets, diagnostic.severity) if colour else shown.carets
    yield f"{number} | {shown.line}".rstrip()
    yield f"{' ' * len(number)} | {shown.before}{carets}"


def in_colour(text: str, severity: Severity | None = None) -> str:
    """Returns a text in the colour of a severity; bold alone for a head."""
    return f"{_HEAD if severity is None else _SGR[severity]}{text}{_PLAIN}"


def _related_place(related: Related, file: str) -> str:
    source = related.span.source
    position = source.position(related.span.start)
    place = f"{position.line}:{position.column}"
    return place if source.name == file else f"{visible(source.name)}:{place}"


def _wrapped(text: str, width: int | None, indent: str) -> list[str]:
    """Break a line at spaces so that it fits; a word that is longer than the width stays whole."""
    if width is None or cells(text) <= width:
        return [text]
    lines: list[str] = []
    words = iter(text.lstrip(" ").split(" "))
    line = " " * (len(text) - len(text.lstrip(" "))) + next(words)
    for word in words:
        if cells(f"{line} {word}") > width:
            lines.append(line)
            line = f"{indent}{word}"
        else:
            line = f"{line} {word}"
    return [*lines, line]


#: How wide an excerpt gets where no width is given.
WIDTH = 160
#: The least that is shown of a line, however narrow the terminal.
NARROWEST = 20
CUT = "..."
_TAB = "    "
#: What a number is written with beside letters and digits, and the most characters that one is looked for in.
_OF_NUMBERS, _LONGEST_NUMBER = frozenset("._%+-/"), 64


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
    """Show the part of a long line around the place: what follows it first, then what is before it.

    No number is cut, which would read as another; only the place itself, where it is wider than the room.
    """
    inside = room - 2 * len(CUT)
    ahead = inside - inside // 3
    if end - start <= inside:
        marked = cells(_shown(line[start:end]))
        ahead = max(ahead, marked if marked <= inside else 0)
    last = _reach(line, start, ahead, step=1)
    first = _reach(line, start, inside - cells(_shown(line[start:last])), step=-1)
    last = _reach(line, start, inside - cells(_shown(line[first:start])), step=1)
    _, behind = _number_at(line, first)
    first = behind if behind <= start else first
    begins, _ = _number_at(line, last)
    last = begins if begins >= max(end, start + 1) else last
    head, tail = CUT if first else "", CUT if last < len(line) else ""
    before = head + _shown(line[first:start])
    carets = "^" * max(1, cells(_marked(line[start : min(end, last)])))
    return Excerpt(f"{before}{_shown(line[start:last])}{tail}", " " * cells(before), carets)


def _number_at(line: str, at: int) -> tuple[int, int]:
    """Returns where the number begins and ends that lies on both sides of a place; the place itself without one."""
    begins, ends = at, at
    while begins > max(0, at - _LONGEST_NUMBER) and _may_be_number(line[begins - 1]):
        begins -= 1
    while ends < min(len(line), at + _LONGEST_NUMBER) and _may_be_number(line[ends]):
        ends += 1
    is_number = begins < at < ends and any(character.isdigit() for character in line[begins:ends])
    return (begins, ends) if is_number else (at, at)


def _may_be_number(character: str) -> bool:
    return character.isalnum() or character in _OF_NUMBERS


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
