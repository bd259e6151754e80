"""Ignores are comments in a plan: `# scaleplan: ignore[SP601] why`, with one code or several, and the reason.

One behind a value holds for what begins on its line: a key with all that is below it, an item of a list. One on a line
of its own holds for what begins on the next line that says something; before the first key, for the whole file. Without
a reason it ignores nothing, and one that has nothing to ignore is told, so that none outlives what it was written for.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaleplan.decode.reader import nearest
from scaleplan.diagnostic import Diagnostic, Related, problem
from scaleplan.policy import BAD_IGNORE, UNUSED_IGNORE
from scaleplan.policy.codes import is_known, known_kinds, read_ignored
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import quote
from scaleplan.source import Source, Span
from scaleplan.tree import Comment, Mapping, Node, Sequence, item_path, key_path
from scaleplan.tree.collector import Collector
from scaleplan.tree.comments import comments

_INSTRUCTION = re.compile(r"#[ \t]*scaleplan:[ \t]*")
#: What every ignore has in it.
_MARK = "scaleplan:"
_WORD = re.compile(r"[A-Za-z_-]*")
_IGNORE = re.compile(r"ignore[ \t]*\[([^\]]*)\][ \t:,-]*(.*)", re.DOTALL)
_CODE = re.compile(r"[^,\s](?:[^,]*[^,\s])?")
#: What the codes of deviations begin with: they are told of a trade, and not of its plan.
_OF_TRADES = "SP9"
#: How many codes a plan may ignore: one with more is no plan that anyone looks through.
MOST = 1_000
_EXAMPLE = "`# scaleplan: ignore[SP601] the reason`"


class Ignore(NamedTuple):
    """One code ignored at one place. `line` is what it holds for; without a line it is the whole file."""

    code: str
    span: Span
    line: int | None


class Ignores:
    """The ignores of the plan at a root, to be asked about any diagnostics of it."""

    __slots__ = ("_codes", "_ignores", "_lines", "_source", "_wrong")

    def __init__(self, root: Node) -> None:
        self._source = root.span.source
        wrong = Collector()
        self._ignores = tuple(_ignores(root, wrong))
        self._wrong = tuple(wrong.found)
        self._codes = {ignore.code for ignore in self._ignores}
        has_places = any(ignore.line is not None for ignore in self._ignores)
        self._lines = _lines_of_paths(self._source, root) if has_places else {}

    def without_ignored(self, diagnostics: Iterable[Diagnostic], *, examined: bool) -> list[Diagnostic]:
        """Returns the diagnostics that no ignore holds for, and what is wrong with the ignores.

        An ignore is unused only where the rules have `examined` the plan as it is written.
        """
        scopes = {(ignore.code, ignore.line) for ignore in self._ignores}
        kept: list[Diagnostic] = []
        used: set[tuple[str, int | None]] = set()
        for diagnostic in diagnostics:
            holding = scopes.intersection(self._scopes(diagnostic)) if diagnostic.code in self._codes else set()
            used |= holding
            if not holding:
                kept.append(diagnostic)
        first = {diagnostic.code: diagnostic for diagnostic in reversed(kept)}
        # What a trade is told is not told of its plan.
        unused = [
            ignore
            for ignore in self._ignores
            if examined and (ignore.code, ignore.line) not in used and not ignore.code.startswith(_OF_TRADES)
        ]
        return [*kept, *self._wrong, *(_unused(ignore, first.get(ignore.code)) for ignore in unused)]

    @property
    def of_trades(self) -> frozenset[str]:
        """Returns the deviations of a trade that the plan does not want to be told, by their codes."""
        return frozenset(code for code in self._codes if code.startswith(_OF_TRADES))

    def _scopes(self, diagnostic: Diagnostic) -> Iterator[tuple[str, int | None]]:
        """Yields what an ignore of a diagnostic may hold for: the file, its line, where what it is in begins."""
        code, span, path = diagnostic.code, diagnostic.span, diagnostic.path
        yield code, None
        if span.source is self._source:
            yield code, self._source.position(span.start).line
        for end in range(1, len(path) + 1):
            if path[end : end + 1] in ("", ".", "[") and path[:end] in self._lines:
                yield code, self._lines[path[:end]]


def _ignores(root: Node, wrong: Collector) -> Iterator[Ignore]:
    """Yields the ignores of the text, up to `MOST` codes; what is wrong with one goes to `wrong`."""
    speaking = _speaking_lines(root.span.source)
    count = 0
    for comment in comments(root.span.source, root, _MARK):
        start = _INSTRUCTION.search(comment.text)
        if start is None:
            continue
        if count >= MOST:
            wrong.add(_too_many(comment.span))
            break
        words = _read(comment, start, MOST - count, wrong)
        count += max(1, len(words))
        if words:
            line = _line(comment, root, speaking)
            yield from (Ignore(code, span, line) for code, span in words)


def _read(comment: Comment, start: re.Match[str], most: int, wrong: Collector) -> list[tuple[str, Span]]:
    """Returns the codes that a comment ignores, each with its place; what is wrong with it goes to `wrong`."""
    text = comment.text[start.end() :]
    match = _IGNORE.match(text)
    whole = comment.span.part(start.start(), len(comment.text.rstrip()))
    if match is None:
        word = _WORD.match(text)
        first = word[0] if word else ""
        # What does not look like an ignore is prose that happens to begin so.
        if text[len(first) :].lstrip().startswith("[") or nearest(first, ("ignore",)) is not None:
            wrong.add(_bad(whole, f"{quote(whole.text)} cannot be read as an ignore", f"write {_EXAMPLE}"))
        return []
    offset = start.end() + match.start(1)
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


def _too_many(span: Span) -> Diagnostic:
    message = f"the plan ignores more than {MOST:,} codes, and what is ignored from here on is not read"
    return _bad(span, message, "delete the ignores that nobody needs")


def _bad(span: Span, message: str, help: str) -> Diagnostic:
    return problem(BAD_IGNORE, span, "", message, help)


def _line(comment: Comment, root: Node, speaking: list[int]) -> int | None:
    """Returns the line that a comment speaks of, 0 where none follows it; none for the whole file."""
    source = root.span.source
    place = source.position(comment.span.start)
    if source.line(place.line)[: place.column - 1].strip():
        return place.line
    if comment.span.start < root.span.start:
        return None
    return next(iter(speaking[bisect_right(speaking, place.line) :]), 0)


def _speaking_lines(source: Source) -> list[int]:
    """Returns the lines that are neither empty nor a comment."""
    numbers = range(1, len(source.line_starts) + 1)
    return [number for number in numbers if source.line(number).strip()[:1] not in ("", "#")]


def _lines_of_paths(source: Source, root: Node) -> dict[str, int]:
    """Returns the line on which what stands at a path begins: a key with its value, or an item of a list."""
    lines: dict[str, int] = {}
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, path = waiting.pop()
        found: list[tuple[str, int, Node]] = []
        if isinstance(node, Mapping):
            found = [(key_path(path, entry.key.text), entry.key.span.start, entry.value) for entry in node.entries]
        elif isinstance(node, Sequence):
            found = [(item_path(path, index), item.span.start, item) for index, item in enumerate(node.items)]
        lines.update((at, source.position(start).line) for at, start, _ in found)
        waiting += [(value, at) for at, _, value in found]
    return lines


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
