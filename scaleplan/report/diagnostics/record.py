"""A diagnostic as a record, its keys in the order of the plan language's section on JSON."""

from scaleplan.diagnostic import Diagnostic, Edit, Related
from scaleplan.report.record import Record


def to_json_record(diagnostic: Diagnostic) -> Record:
    """Returns a diagnostic as plain data; text of the plan stays as it is, JSON escapes it.

    Lines and columns count from 1, in characters, and `end_column` is exclusive. `edits` are what the help changes,
    each a way out by itself: a place, empty where something is added, and the text that then stands there. `count` is
    how many problems are not listed, where some are not.
    """
    source = diagnostic.span.source
    start, end = source.position(diagnostic.span.start), source.position(diagnostic.span.end)
    record = {
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
        "edits": [_edit_record(edit, source.name) for edit in diagnostic.edits],
    }
    return record | {"count": diagnostic.rest} if diagnostic.rest else record


def _related_record(related: Related, file: str) -> Record:
    """Another place that a diagnostic speaks of; its file only where that is another one."""
    source = related.span.source
    position = source.position(related.span.start)
    record = {"line": position.line, "column": position.column, "message": related.message}
    return record if source.name == file else record | {"file": source.name}


def _edit_record(edit: Edit, file: str) -> Record:
    """A change that a help names; its file only where that is another one."""
    source = edit.span.source
    start, end = source.position(edit.span.start), source.position(edit.span.end)
    record = {
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "text": edit.text,
    }
    return record if source.name == file else record | {"file": source.name}
