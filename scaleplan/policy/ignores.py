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
from scaleplan.policy import BAD_IGNORE, UNUSED_IGNORE
from scaleplan.policy.codes import is_known, known_kinds, read_ignored
from scaleplan.quantity.mistake import Mistake
from scaleplan.quantity.number import quote
from scaleplan.source import Source, Span
from scaleplan.tree import Comment, Mapping, Node, Sequence
from scaleplan.tree.collector import Collector
from scaleplan.tree.comments import comments
from scaleplan.tree.path import item_path, key_path

_INSTRUCTION = re.compile(r"#[ \t]*scaleplan:[ \t]*")
#: What every ignore has in it.
_MARK = "scaleplan:"
_WORD = re.compile(r"[A-Za-z_-]*")
_IGNORE = re.compile(r"ignore[ \t]*\[([^\]]*)\][ \t:,-]*(.*)", re.DOTALL)
_CODE = re.compile(r"[^,\s](?:[^,]*[^,\s])?")
#: How many codes a plan may ignore: one with more is no plan that anyone looks through.
MOST = 1_000
_EXAMPLE = "`# scaleplan: ignore[SP601] the reason`"


class Ignore(NamedTuple):
    """One code ignored at one place. `line` is what it holds for; without a line it is the whole file."""

    code: str
    span: Span
    line: int | None

    @property
    def scope(self) -> "Scope":
        """What it is about: two ignores with one scope hold for the same."""
        return self.code, self.line


#: A code and the line for which it is ignored; without a line the whole file.
Scope = tuple[str, int | None]


class Ignores:
    """The ignores of the plan at a root, to be asked about any diagnostics of it."""

    __slots__ = ("_codes", "_ignores", "_lines", "_scopes", "_source", "_wrong")

    def __init__(self, root: Node) -> None:
        self._source = root.span.source
        wrong = Collector()
        self._ignores = tuple(_ignores(self._source, root, wrong))
        self._wrong = tuple(wrong.found)
        self._scopes = {ignore.scope for ignore in self._ignores}
        self._codes = {ignore.code for ignore in self._ignores}
        has_places = any(ignore.line is not None for ignore in self._ignores)
        self._lines = _lines_of_paths(self._source, root) if has_places else {}

    def without_ignored(self, diagnostics: Iterable[Diagnostic], *, examined: bool) -> list[Diagnostic]:
        """The diagnostics that no ignore holds for, and what is wrong with the ignores.

        An ignore is unused only where the rules have `examined` the plan as it is written.
        """
        told: list[Diagnostic] = []
        used: set[Scope] = set()
        for diagnostic in diagnostics:
            holding = self._holding(diagnostic)
            used |= holding
            if not holding:
                told.append(diagnostic)
        first = {diagnostic.code: diagnostic for diagnostic in reversed(told)}
        unused = [one for one in self._ignores if one.scope not in used] if examined else []
        return [*told, *self._wrong, *(_unused(ignore, first.get(ignore.code)) for ignore in unused)]

    def _holding(self, diagnostic: Diagnostic) -> set[Scope]:
        """The scopes that hold for a diagnostic: of its line, of where what it is in begins, or of the file."""
        if diagnostic.code not in self._codes:
            return set()
        return self._scopes.intersection(_scopes_of(diagnostic, self._source, self._lines))


def _ignores(source: Source, root: Node, wrong: Collector) -> Iterator[Ignore]:
    """The ignores of the text, up to `MOST` codes; what is wrong with one goes to `wrong`."""
    lines = _Lines(source)
    count = 0
    for comment in comments(source, root, _MARK):
        start = _INSTRUCTION.search(comment.text)
        if start is None:
            continue
        if count >= MOST:
            wrong.add(_too_many(comment.span))
            break
        words = _read(comment, start, MOST - count, wrong)
        count += max(1, len(words))
        if words:
            line = _line(comment, source, root, lines)
            yield from (Ignore(code, span, line) for code, span in words)


def _scopes_of(diagnostic: Diagnostic, source: Source, lines: dict[str, int]) -> Iterator[Scope]:
    """The scopes of which any holds for a diagnostic: the file, its line, the lines on which what it is in begins."""
    code, span, path = diagnostic.code, diagnostic.span, diagnostic.path
    yield code, None
    if span.source is source:
        yield code, source.position(span.start).line
    for end in range(1, len(path) + 1):
        if path[end : end + 1] in ("", ".", "[") and path[:end] in lines:
            yield code, lines[path[:end]]


def _read(comment: Comment, start: re.Match[str], most: int, wrong: Collector) -> list[tuple[str, Span]]:
    """The codes that a comment ignores, each with its place; what is wrong with it goes to `wrong`."""
    said = comment.text[start.end() :]
    match = _IGNORE.match(said)
    if match is None:
        wrong.extend(_misspelt(comment, start.start(), said))
        return []
    offset = start.end() + match.start(1)
    whole = comment.span.part(start.start(), len(comment.text.rstrip()))
    if not match[2].strip():
        message = f"{quote(whole.text)} gives no reason, so it ignores nothing"
        wrong.add(_bad(whole, message, "write the reason behind it, in a few words"))
        return []
    if _CODE.search(match[1]) is None:
        wrong.add(_bad(whole, "the ignore names no rule", f"write {_EXAMPLE} with the code that is told"))
    words: list[tuple[str, Span]] = []
    for count, written in enumerate(_CODE.finditer(match[1])):
        span = comment.span.part(offset + written.start(), offset + written.end())
        if count >= most:
            wrong.add(_too_many(span))
            break
        if not is_known(written[0]) and not wrong.has_room(BAD_IGNORE, span):
            continue
        code = read_ignored(written[0])
        if isinstance(code, Mistake):
            wrong.add(_bad(span, code.message, code.help))
        else:
            words.append((code, span))
    return words


def _misspelt(comment: Comment, start: int, said: str) -> tuple[Diagnostic, ...]:
    """An instruction that is none; what does not look like one is prose that happens to begin so."""
    word = _WORD.match(said)
    first = word[0] if word else ""
    if not said[len(first) :].lstrip().startswith("[") and nearest(first, ("ignore",)) is None:
        return ()
    span = comment.span.part(start, len(comment.text.rstrip()))
    return (_bad(span, f"{quote(span.text)} cannot be read as an ignore", f"write {_EXAMPLE}"),)


def _too_many(span: Span) -> Diagnostic:
    message = f"the plan ignores more than {MOST:,} codes, and what is ignored from here on is not read"
    return _bad(span, message, "delete the ignores that nobody needs")


def _bad(span: Span, message: str, help: str) -> Diagnostic:
    return problem(BAD_IGNORE, span, "", message, help)


def _line(comment: Comment, source: Source, root: Node, lines: "_Lines") -> int | None:
    """The line that a comment speaks of; none for the whole file."""
    place = source.position(comment.span.start)
    if source.line(place.line)[: place.column - 1].strip():
        return place.line
    return None if comment.span.start < root.span.start else lines.next_said(place.line)


class _Lines:
    """Looks for lines that say something. Asked for ever later lines, it looks at each of them once."""

    __slots__ = ("_asked", "_said", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._asked = 0
        self._said = 0

    def next_said(self, line: int) -> int:
        """The next line that is neither empty nor a comment; 0 where there is none."""
        last = len(self._source.line_starts)
        if not self._asked <= line < self._said:
            self._said = next((number for number in range(line + 1, last + 1) if self._says(number)), last + 1)
            self._asked = line
        return self._said if self._said <= last else 0

    def _says(self, number: int) -> bool:
        text = self._source.line(number).strip()
        return bool(text) and not text.startswith("#")


def _lines_of_paths(source: Source, root: Node) -> dict[str, int]:
    """The line on which what stands at a path begins: a key with its value, or an item of a list."""
    return {path: source.position(start).line for path, start in _beginnings(root)}


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


def _unused(ignore: Ignore, elsewhere: Diagnostic | None) -> Diagnostic:
    name = known_kinds()[ignore.code].name
    where = "in this file" if ignore.line is None else "here"
    return problem(
        UNUSED_IGNORE,
        ignore.span,
        "",
        f"{ignore.code} {name} has nothing to say {where}, so there is nothing to ignore",
        "delete it" if elsewhere is None else "write it on the line of what is told, or delete it",
        [] if elsewhere is None else [Related(elsewhere.span, f"{ignore.code} is told here")],
    )
