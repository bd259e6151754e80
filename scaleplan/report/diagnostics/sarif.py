"""Diagnostics as a SARIF 2.1.0 log, the form in which code scanning takes what any checker has found.

Columns count Unicode code points, as everywhere here, and say so. A result keeps its fingerprint when lines move: it
is made of the code, the path in the plan and the text of the line, not of the line's number.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from scaleplan import __version__
from scaleplan.diagnostic import Diagnostic, Kind, Related
from scaleplan.report.diagnostics.names import relative_name
from scaleplan.source import Source, Span, Unreachable

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"
#: How much of a line a fingerprint is made of: a line may be as long as the file.
_LINE = 10_000
_PLACEHOLDER = re.compile(r"\{([0-9]+)\}")

Record = dict[str, Any]


def render_sarif(diagnostics: Sequence[Diagnostic], refused: Iterable[Unreachable], folder: Path) -> str:
    """The log of one run; files are named as seen from `folder`. It is ASCII, whatever the output's encoding is."""
    kinds = sorted({diagnostic.kind for diagnostic in diagnostics}, key=lambda kind: kind.code)
    unread = [_notification(each, folder) for each in refused]
    places = {kind.code: index for index, kind in enumerate(kinds)}
    seen: Counter[str] = Counter()
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "scaleplan",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(kind) for kind in kinds],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_BASE: {"description": {"text": "The folder in which scaleplan ran."}}},
                "invocations": [{"executionSuccessful": not unread, "toolExecutionNotifications": unread}],
                "results": [_result(each, places[each.code], seen, folder) for each in diagnostics],
            }
        ],
    }
    return json.dumps(log, indent=2) + "\n"


def _rule(kind: Kind) -> Record:
    return {
        "id": kind.code,
        "name": kind.name,
        "shortDescription": {"text": kind.what},
        "fullDescription": {"text": kind.what},
        "help": {"text": f"{kind.what} More: scaleplan explain {kind.code}"},
        "defaultConfiguration": {"level": kind.severity.value},
    }


def _result(diagnostic: Diagnostic, index: int, seen: Counter[str], folder: Path) -> Record:
    span = diagnostic.span
    result: Record = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity.value,
        "message": _message(f"{diagnostic.message}\nhelp: {diagnostic.help}"),
        "locations": [_location(span, diagnostic.path, folder)],
        "partialFingerprints": {"scaleplan/v1": _fingerprint(diagnostic, seen)},
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            _related(related, number, folder) for number, related in enumerate(diagnostic.related, start=1)
        ]
    return result


def _related(related: Related, number: int, folder: Path) -> Record:
    return {"id": number, **_location(related.span, "", folder), "message": _message(related.message)}


def _location(span: Span, path: str, folder: Path) -> Record:
    location: Record = {}
    artifact = _artifact(span.source.name, folder)
    if artifact is not None:
        location["physicalLocation"] = {"artifactLocation": artifact, "region": _region(span)}
    if path:
        location["logicalLocations"] = [{"fullyQualifiedName": path}]
    return location


def _region(span: Span) -> Record:
    start, end = span.source.position(span.start), span.source.position(span.end)
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _artifact(name: str, folder: Path) -> Record | None:
    relative = relative_name(name, folder)
    if relative is None:
        return None
    # A name may hold bytes that are no UTF-8; in an address they keep their values.
    address = quote(relative.encode("utf-8", "surrogateescape"))
    if PurePath(relative).is_absolute():
        return {"uri": f"file://{address}"}
    return {"uri": address, "uriBaseId": _BASE}


def _notification(error: Unreachable, folder: Path) -> Record:
    notification: Record = {"level": "error", "message": _message(f"{error.name}: {error.reason}")}
    artifact = _artifact(error.name, folder)
    if artifact is not None:
        notification["locations"] = [{"physicalLocation": {"artifactLocation": artifact}}]
    return notification


def _message(text: str) -> Record:
    """A message's text; what looks like one of SARIF's own placeholders, `{0}`, is marked as none."""
    return {"text": _PLACEHOLDER.sub(r"{{\1}}", text)}


def _fingerprint(diagnostic: Diagnostic, seen: Counter[str]) -> str:
    """A hash that is the same where the same thing is wrong with the same text; equal ones in one file are counted."""
    source: Source = diagnostic.span.source
    line = source.line(source.position(diagnostic.span.start).line)[:_LINE].strip()
    parts = (diagnostic.code, source.name, diagnostic.path, line)
    known = sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
    seen[known] += 1
    return f"{known[:32]}:{seen[known]}"
