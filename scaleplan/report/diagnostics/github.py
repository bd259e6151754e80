"""Diagnostics as commands that a GitHub workflow turns into annotations of the lines that they speak of.

`::error file=plans/btc.yaml,line=8,col=7,endColumn=12,title=SP401 ...::message`. What would end a property or the
command is written as its percent code, and control characters are made visible, so that text of a plan stays text.
"""

from collections.abc import Iterable
from pathlib import Path

from scaleplan.diagnostic import Diagnostic, Severity
from scaleplan.report.diagnostics.names import relative_name
from scaleplan.report.visible import visible
from scaleplan.source import Span

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render_github(diagnostics: Iterable[Diagnostic], folder: Path) -> str:
    """One command a diagnostic; files are named as seen from `folder`."""
    return "".join(_command(diagnostic, folder) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic, folder: Path) -> str:
    lines = [diagnostic.message, f"help: {diagnostic.help}"]
    for related in diagnostic.related:
        other = related.span.source
        place = other.position(related.span.start)
        lines.append(f"also {relative_name(other.name, folder) or other.name}:{place.line}: {related.message}")
    title = f"{diagnostic.code} {diagnostic.kind.name}"
    return command(_COMMANDS[diagnostic.severity], place_of(diagnostic.span, folder), title, lines)


def place_of(span: Span, folder: Path) -> dict[str, object]:
    """Returns the properties that name a place; empty for a text that is no file."""
    source = span.source
    name = relative_name(source.name, folder)
    if name is None:
        return {}
    start, end = source.position(span.start), source.position(span.end)
    found: dict[str, object] = {"file": name, "line": start.line}
    # Columns are taken only where they are of one line.
    if end.line == start.line:
        return found | {"col": start.column, "endColumn": max(end.column, start.column + 1)}
    return found | {"endLine": end.line}


def command(name: str, place: dict[str, object], title: str, lines: Iterable[str]) -> str:
    """Returns one command: `error`, `warning` or `notice`, at a place, with a message of some lines."""
    properties = {**place, "title": title}
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {written}::{_data(chr(10).join(map(visible, lines)))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
