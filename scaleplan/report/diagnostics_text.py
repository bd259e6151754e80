"""Diagnostics as text: place, code, sentence; the trader's own line with a caret; one way out; other places.

Colour repeats what the words say and is never the only carrier. Nothing is ever cut but the trader's own line.
"""

from collections.abc import Iterable, Iterator

from scaleplan.diagnostic import Diagnostic, Related, Severity, count_of
from scaleplan.report.excerpt import excerpt
from scaleplan.report.visible import cells, visible

# Select Graphic Rendition, the only escape sequences that a report writes.
_SGR = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m", Severity.NOTE: "\x1b[1;36m"}
_PLAIN = "\x1b[0m"

_INDENT = "  "
_PLURAL = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.NOTE: "notes"}


def render(diagnostics: Iterable[Diagnostic], *, width: int | None, colour: bool) -> str:
    """Write the diagnostics in the order given, with an empty line between two; `width` is None for a pipe."""
    return "\n".join("".join(f"{line}\n" for line in _lines(each, width, colour=colour)) for each in diagnostics)


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
        painted = _painted(severity.value, severity)
        first = f"{place} {painted}{first.removeprefix(f'{place} {severity.value}')}"
    yield first
    yield from others
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
    carets = _painted(shown.carets, diagnostic.severity) if colour else shown.carets
    yield f"{number} | {shown.line}".rstrip()
    yield f"{' ' * len(number)} | {shown.before}{carets}"


def _painted(text: str, severity: Severity) -> str:
    return f"{_SGR[severity]}{text}{_PLAIN}"


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
