"""The canonical layout of a plan: the same keys, values and comments, laid out in one way.

A file in which YAML itself finds mistakes is left alone: what it says is not clear yet. What comes out is read again
and compared, so that a layout never changes what a plan says. The line ends of a file and its byte order mark stay,
because they are the checkout's or the editor's. Where line ends are mixed, all become those of most lines.
"""

import re
from collections import Counter
from typing import NamedTuple

from scaleplan.decode import read_plan
from scaleplan.decode.keys import ACCOUNT, PLAN, VENUE
from scaleplan.diagnostic import Diagnostic, Severity, problem
from scaleplan.layout.lines import Context, lines_of, notes, ordered
from scaleplan.layout.parts import Gatherer
from scaleplan.source import Source, Span
from scaleplan.tree import Mapping, Node, Scalar, Sequence
from scaleplan.tree.build import NODES
from scaleplan.tree.comments import comments
from scaleplan.tree.kinds import TOO_MANY_NODES
from scaleplan.tree.read import parse_text

__all__ = ["Layout", "lay_out"]

_CONTEXTS = {"plan": Context(PLAN), "account": Context(ACCOUNT), "venue": Context(behind_every_key=VENUE)}


_LINE_END = re.compile(r"\r\n|\r|\n")
_MARK = "\ufeff"


class Layout(NamedTuple):
    """A file laid out. Without a text it is left alone; without diagnostics too, it would say another thing."""

    text: str | None
    diagnostics: tuple[Diagnostic, ...] = ()


def lay_out(name: str, data: bytes) -> Layout:
    """Lays out the plan, account or venue file in `data`, a file called `name`."""
    reading = read_plan(name, data)
    wrong = tuple(found for found in reading.diagnostics if _is_unclear(found, name))
    if wrong:
        return Layout(None, wrong)
    source = _with_plain_line_ends(name, data)
    root = parse_text(source).root
    if not isinstance(root, Mapping):
        return Layout(None, reading.diagnostics)
    if source.text.count("#") > NODES and len(comments(source, root)) > NODES:
        return Layout(None, (_too_many_comments(source),))
    text = _text(source, root, reading.kind)
    typed = data.decode("utf-8")
    end = _line_end(typed)
    laid_out = text if end == "\n" else text.replace("\n", end)
    after = Source(name, laid_out)
    again = parse_text(after).root
    if _meaning(root) != _meaning(again) or _comments(source, root) != _comments(after, again):
        return Layout(None)
    return Layout(_MARK + laid_out if typed.startswith(_MARK) else laid_out)


def _is_unclear(found: Diagnostic, name: str) -> bool:
    """Returns whether it is a mistake of YAML in this very file, or something that YAML took away in silence."""
    return found.severity is Severity.ERROR and found.code.startswith("SP0") and found.span.source.name == name


def _line_end(text: str) -> str:
    """Returns the end of most of a text's lines; of two that are as many, the one that stands first."""
    ends = Counter(_LINE_END.findall(text)).most_common(1) if "\r" in text else ()
    return ends[0][0] if ends else "\n"


def _too_many_comments(source: Source) -> Diagnostic:
    message = f"the file has more than {NODES:,} comments, so it was left as it is"
    return problem(TOO_MANY_NODES, Span(source, 0, 0), "", message, "name the file of a plan: most have less than ten")


def _with_plain_line_ends(name: str, data: bytes) -> Source:
    text = data.decode("utf-8-sig")
    return Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def _text(source: Source, root: Mapping, kind: str) -> str:
    head, group = Gatherer(source, root).gather()
    if not group.parts:
        return source.text
    context = _CONTEXTS[kind]
    first = ordered(group.parts, context)[0]
    if first is not group.parts[0] and any(note.instructs for note in first.above):
        # Above the first key it would hold for the whole file.
        context = context._replace(as_typed=True)
    # An empty line between the file's comments and its first key stays there, whichever key that becomes.
    gap = [""] if head and group.parts[0].blank else []
    group = group._replace(parts=(group.parts[0]._replace(blank=False), *group.parts[1:]))
    return "\n".join([*notes(head, 0, first=True), *gap, *lines_of(group, context)]) + "\n"


def _meaning(node: Node | None) -> object:
    """Returns what a tree says, however it is laid out."""
    match node:
        case Mapping(entries=entries):
            return {entry.key.text: _meaning(entry.value) for entry in entries}
        case Sequence(items=items):
            return [_meaning(item) for item in items]
        case Scalar(text=text):
            return text
    return None


def _comments(source: Source, root: Node | None) -> Counter[str]:
    return Counter(comment.text.rstrip() for comment in comments(source, root))
