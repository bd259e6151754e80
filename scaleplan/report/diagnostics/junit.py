"""Diagnostics as JUnit XML, the form in which build servers take test results.

A plan is a suite, each diagnostic a test case in it: failed for an error (strictly: a warning too), passed with its
text for the others. A plan of which nothing is said is one that passed. All characters are ASCII: whatever the output's
encoding is, the declaration holds; what XML 1.0 cannot hold at all is made visible first.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from scaleplan.diagnostic import Diagnostic, Severity
from scaleplan.report.diagnostics.names import relative_name
from scaleplan.report.visible import visible
from scaleplan.source import Unreachable
from scaleplan.study import Verdict


def render_junit(studies: Sequence[Verdict], refused: Iterable[Unreachable], folder: Path, *, strict: bool) -> str:
    """One suite a file; files are named as seen from `folder`."""
    failing = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    unread = list(refused)
    failures = sum(diagnostic.severity in failing for study in studies for diagnostic in study.diagnostics)
    cases = sum(max(1, len(study.diagnostics)) for study in studies) + len(unread)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f"<testsuites{_attributes(name='scaleplan', tests=cases, failures=failures, errors=len(unread))}>")
    for study in studies:
        lines += _suite(study, failing, folder)
    for each in unread:
        lines += _unread(each, folder)
    lines.append("</testsuites>")
    return "".join(f"{line}\n" for line in lines)


def _suite(study: Verdict, failing: tuple[Severity, ...], folder: Path) -> Iterable[str]:
    name = relative_name(study.file, folder) or study.file
    failures = sum(diagnostic.severity in failing for diagnostic in study.diagnostics)
    count = max(1, len(study.diagnostics))
    yield f"  <testsuite{_attributes(name=name, tests=count, failures=failures, errors=0)}>"
    if not study.diagnostics:
        yield f"    <testcase{_attributes(name='no problems found', classname=name, file=name)}/>"
    for diagnostic in study.diagnostics:
        yield from _case(diagnostic, name, folder, failed=diagnostic.severity in failing)
    yield "  </testsuite>"


def _case(diagnostic: Diagnostic, classname: str, folder: Path, *, failed: bool) -> Iterable[str]:
    source = diagnostic.span.source
    place = source.position(diagnostic.span.start)
    file = relative_name(source.name, folder) or source.name
    name = f"{diagnostic.code} {diagnostic.kind.name} at {place.line}:{place.column}"
    text = f"{visible(file)}:{place.line}:{place.column}: {diagnostic.severity.value}: {diagnostic.message}"
    body = _text(f"{text}\nhelp: {diagnostic.help}")
    yield f"    <testcase{_attributes(name=name, classname=classname, file=file, line=place.line)}>"
    if failed:
        yield f"      <failure{_attributes(type=diagnostic.code, message=diagnostic.message)}>{body}</failure>"
    else:
        yield f"      <system-out>{body}</system-out>"
    yield "    </testcase>"


def _unread(error: Unreachable, folder: Path) -> Iterable[str]:
    name = relative_name(error.name, folder) or error.name
    yield f"  <testsuite{_attributes(name=name, tests=1, failures=0, errors=1)}>"
    yield f"    <testcase{_attributes(name='it can be read', classname=name, file=name)}>"
    yield f"      <error{_attributes(type='unread', message=error.reason)}/>"
    yield "    </testcase>"
    yield "  </testsuite>"


def _attributes(**values: object) -> str:
    return "".join(f' {name}="{_attribute(str(value))}"' for name, value in values.items())


def _attribute(text: str) -> str:
    """A text as the value of an attribute: a line feed in it stays one, and begins no line of the output."""
    return _text(text).replace('"', "&quot;").replace("\n", "&#10;")


def _text(text: str) -> str:
    shown = "\n".join(map(visible, text.split("\n")))
    return escape(shown).encode("ascii", "xmlcharrefreplace").decode("ascii")
