"""A diagnostic as the record that other programs read, its keys in the order of the plan language's section on JSON."""

from typing import NotRequired, TypedDict

from scaleplan.diagnostic import Diagnostic, Related


class _RelatedRequired(TypedDict):
    line: int
    column: int
    message: str


class RelatedRecord(_RelatedRequired, total=False):
    """Another place that a diagnostic speaks of; `file` only where it is another file."""

    file: str


class DiagnosticRecord(TypedDict):
    """One diagnostic: lines and columns from 1, in characters, `end_column` exclusive.

    `count` only where it stands for problems that are not listed: how many they are.
    """

    code: str
    name: str
    severity: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    path: str
    message: str
    help: str
    related: list[RelatedRecord]
    count: NotRequired[int]


def to_json_record(diagnostic: Diagnostic) -> DiagnosticRecord:
    """Turn a diagnostic into plain data; text of the plan stays as it is, JSON escapes it."""
    source = diagnostic.span.source
    start, end = source.position(diagnostic.span.start), source.position(diagnostic.span.end)
    record: DiagnosticRecord = {
        "code": diagnostic.code,
        "name": diagnostic.kind.name,
        "severity": diagnostic.severity.value,
        "file": source.name,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "path": diagnostic.path,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "related": [_related_record(related, source.name) for related in diagnostic.related],
    }
    if diagnostic.rest:
        record["count"] = diagnostic.rest
    return record


def _related_record(related: Related, file: str) -> RelatedRecord:
    source = related.span.source
    position = source.position(related.span.start)
    record: RelatedRecord = {"line": position.line, "column": position.column, "message": related.message}
    if source.name != file:
        record["file"] = source.name
    return record
