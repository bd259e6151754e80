"""Ignores are comments in a plan: `# scaleplan: ignore[SP601] why`, with one code or several, and the reason.

One behind a value holds for what begins on its line: a key with all that is below it, an item of a list. One on a line
of its own holds for what begins on the next line that says something; before the first key, for the whole file. Without
a reason it ignores nothing, and one that has nothing to ignore is told, so that none outlives what it was written for.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaleplan.decode.reader import nearest
from scaleplan.diagnostic import Diagnostic, Related, problem
from scaleplan.policy.codes import known_kinds, read_ignored
from scaleplan.policy.kinds import BAD_IGNORE, UNUSED_IGNORE
from scaleplan.quantity.mistake import Mistake
from scaleplan.quantity.number import quote
from scaleplan.source import Source, Span
from scaleplan.tree import Comment, Mapping, Node, Sequence
from scaleplan.tree.comments import comments
from scaleplan.tree.path import item_path, key_path

_INSTRUCTION = re.compile(r"#[ \t]*scaleplan:[ \t]*")
_WORD = re.compile(r"[A-Za-z_-]*")
_IGNORE = re.compile(r"ignore[ \t]*\[([^\]]*)\][ \t:,-]*(.*)", re.DOTALL)
_CODE = re.compile(r"[^,\s](?:[^,]*[^,\s])?")
_EXAMPLE = "`# scaleplan: ignore[SP601] the reason`"


class Ignore(NamedTuple):
    """One code ignored at one place. `line` and `paths` are what it holds for; without a line it is the whole file."""

    code: str
    span: Span
    line: int | None
    paths: tuple[str, ...]

    def covers(self, diagnostic: Diagnostic) -> bool:
        """Whether it holds for a diagnostic."""
        if diagnostic.code != self.code:
            return False
        if self.line is None:
            return True
        span = diagnostic.span
        if span.source is self.span.source and span.source.position(span.start).line == self.line:
            return True
        return any(_is_within(diagnostic.path, path) for path in self.paths)


def without_ignored(diagnostics: Iterable[Diagnostic], root: Node, *, examined: bool) -> list[Diagnostic]:
    """The diagnostics that no ignore of the plan at `root` holds for, and what is wrong with its ignores.

    An ignore is unused only where the rules have `examined` the plan as it is written.
    """
    source = root.span.source
    ignores: list[Ignore] = []
    wrong: list[Diagnostic] = []
    for comment in comments(source, root):
        found = _read(comment)
        line, paths = _scope(comment, source, root) if found.words else (None, ())
        ignores += [Ignore(code, span, line, paths) for code, span in found.words]
        wrong += found.wrong
    told = []
    used: set[Ignore] = set()
    for diagnostic in diagnostics:
        holding = [ignore for ignore in ignores if ignore.covers(diagnostic)]
        used.update(holding)
        if not holding:
            told.append(diagnostic)
    if examined:
        wrong += [_unused(ignore, told) for ignore in ignores if ignore not in used]
    return told + wrong


class _Found(NamedTuple):
    words: tuple[tuple[str, Span], ...] = ()
    wrong: tuple[Diagnostic, ...] = ()


def _read(comment: Comment) -> _Found:
    """What a comment ignores, and what is wrong with it."""
    start = _INSTRUCTION.search(comment.text)
    if start is None:
        return _Found()
    said = comment.text[start.end() :]
    match = _IGNORE.match(said)
    if match is None:
        return _Found(wrong=_misspelt(comment, start.start(), said))
    offset = start.end() + match.start(1)
    whole = comment.span.part(start.start(), len(comment.text.rstrip()))
    if not match[2].strip():
        message = f"{quote(whole.text)} gives no reason, so it ignores nothing"
        return _Found(wrong=(_bad(whole, message, "write the reason behind it, in a few words"),))
    words: list[tuple[str, Span]] = []
    wrong: list[Diagnostic] = []
    for written in _CODE.finditer(match[1]):
        span = comment.span.part(offset + written.start(), offset + written.end())
        code = read_ignored(written[0])
        if isinstance(code, Mistake):
            wrong.append(_bad(span, code.message, code.help))
        else:
            words.append((code, span))
    if not words and not wrong:
        wrong.append(_bad(whole, "the ignore names no rule", f"write {_EXAMPLE} with the code that is told"))
    return _Found(tuple(words), tuple(wrong))


def _misspelt(comment: Comment, start: int, said: str) -> tuple[Diagnostic, ...]:
    """An instruction that is none; what does not look like one is prose that happens to begin so."""
    word = _WORD.match(said)
    first = word[0] if word else ""
    if not said[len(first) :].lstrip().startswith("[") and nearest(first, ("ignore",)) is None:
        return ()
    span = comment.span.part(start, len(comment.text.rstrip()))
    return (_bad(span, f"{quote(span.text)} cannot be read as an ignore", f"write {_EXAMPLE}"),)


def _bad(span: Span, message: str, help: str) -> Diagnostic:
    return problem(BAD_IGNORE, span, "", message, help)


def _scope(comment: Comment, source: Source, root: Node) -> tuple[int | None, tuple[str, ...]]:
    """The line that a comment speaks of, and the paths of what begins there; no line for the whole file."""
    place = source.position(comment.span.start)
    if source.line(place.line)[: place.column - 1].strip():
        line = place.line
    elif comment.span.start < root.span.start:
        return None, ()
    else:
        line = _next_line(source, place.line)
    return line, tuple(path for path, start in _beginnings(root) if source.position(start).line == line)


def _next_line(source: Source, line: int) -> int:
    """The next line that is neither empty nor a comment; 0 where there is none."""
    for number in range(line + 1, len(source.line_starts) + 1):
        text = source.line(number).strip()
        if text and not text.startswith("#"):
            return number
    return 0


def _beginnings(root: Node) -> Iterator[tuple[str, int]]:
    """The path of every key's value and every item of a list, and where the key or the item begins."""
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, path = waiting.pop()
        below: list[tuple[Node, str]] = []
        if isinstance(node, Mapping):
            for entry in node.entries:
                at = key_path(path, entry.key.text)
                yield at, entry.key.span.start
                below.append((entry.value, at))
        elif isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                at = item_path(path, index)
                yield at, item.span.start
                below.append((item, at))
        waiting += below


def _is_within(path: str, outer: str) -> bool:
    return path.startswith(outer) and path[len(outer) : len(outer) + 1] in ("", ".", "[")


def _unused(ignore: Ignore, told: Iterable[Diagnostic]) -> Diagnostic:
    name = known_kinds()[ignore.code].name
    elsewhere = next((diagnostic for diagnostic in told if diagnostic.code == ignore.code), None)
    where = "in this file" if ignore.line is None else "here"
    return problem(
        UNUSED_IGNORE,
        ignore.span,
        "",
        f"{ignore.code} {name} has nothing to say {where}, so there is nothing to ignore",
        "delete it" if elsewhere is None else "write it on the line of what is told, or delete it",
        [] if elsewhere is None else [Related(elsewhere.span, f"{ignore.code} is told here")],
    )
