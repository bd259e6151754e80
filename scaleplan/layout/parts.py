"""A plan's parts: every key and every item of a list together with the comments that belong to it.

A comment on a line of its own belongs to what follows it; one behind a value to what that line says. Comments before
the first key are the file's. One below the last item of a list, and indented as deep, stays there.
"""

import re
from typing import NamedTuple

from scaleplan.source import Source
from scaleplan.tree import Comment, Mapping, Node, Scalar, Sequence, Unreadable
from scaleplan.tree.comments import comments

_CUT_OFF = re.compile(r"#[^\s#]")
_INSTRUCTION = re.compile(r"#[ \t]*scaleplan:")


class Note(NamedTuple):
    """A comment on a line of its own, and whether an empty line stands before it."""

    text: str
    blank: bool

    @property
    def instructs(self) -> bool:
        """Returns whether it is an instruction to scaleplan, which holds for what follows it."""
        return _INSTRUCTION.match(self.text) is not None


class Part(NamedTuple):
    """A key with its value, or an item of a list. `beside` are the comments behind it, `column` is where it begins."""

    key: Scalar | None
    value: "Scalar | Collection"
    above: tuple[Note, ...] = ()
    blank: bool = False
    beside: tuple[str, ...] = ()
    column: int = 0

    @property
    def is_commented(self) -> bool:
        """Returns whether there is any comment in it."""
        inside = isinstance(self.value, Collection) and self.value.is_commented
        return bool(self.above or self.beside) or inside


class Collection(NamedTuple):
    """A mapping or a list, in brackets or not, and the comments below its last part."""

    is_mapping: bool
    in_brackets: bool
    parts: tuple[Part, ...]
    below: tuple[Note, ...] = ()

    @property
    def is_commented(self) -> bool:
        """Returns whether there is any comment in it."""
        return bool(self.below) or any(part.is_commented for part in self.parts)


class _Branch(NamedTuple):
    key: Scalar | None
    value: Node

    @property
    def start(self) -> int:
        return (self.key or self.value).span.start


class Gatherer:
    """Walks a tree in the order of its text and hands each comment to the part that it belongs to."""

    def __init__(self, source: Source, root: Mapping) -> None:
        self._source = source
        self._waiting = list(reversed(comments(source, root)))
        self._root = root

    def gather(self) -> tuple[tuple[Note, ...], Collection]:
        """Returns the comments before the first key, and all the rest."""
        head = self._notes_before(self._root.span.start)
        if self._root.flow and self._root.entries:
            head += self._notes_before(self._root.entries[0].key.span.start)
        found = self._group(self._root, -1, len(self._source.text))
        return head, found._replace(below=found.below + self._notes_before(len(self._source.text) + 1))

    def _group(self, node: Mapping | Sequence, holder: int, limit: int) -> Collection:
        """Returns a list or mapping held by column `holder`. In brackets, comments past `limit` are outside."""
        children = _children(node)
        in_brackets = _in_brackets(node, self._source)
        column = self._column(node.span.start)
        # What a child may take ends where the next one begins.
        limits = [*(min(limit, child.start) for child in children[1:]), limit][: len(children)]
        parts = tuple(
            self._part(child, self._column(child.start) if child.key else column, end)
            for child, end in zip(children, limits, strict=True)
        )
        if in_brackets:
            return Collection(isinstance(node, Mapping), in_brackets, parts, self._notes_before(node.span.end))
        below = []
        while self._waiting and holder >= 0:
            comment = self._waiting[-1]
            note = self._note(comment)
            if note.instructs or self._is_behind(comment) or self._column(comment.span.start) <= holder:
                break
            if comment.span.start >= limit:
                break
            below.append(note)
            self._waiting.pop()
        return Collection(isinstance(node, Mapping), in_brackets, parts, tuple(below))

    def _part(self, child: _Branch, column: int, limit: int) -> Part:
        above = self._notes_before(child.start)
        blank = self._blank_before(child.start)
        key, value = child
        if isinstance(value, Scalar | Unreadable):
            beside = self._behind(child.start, value.span.start) if key else ()
            above += self._notes_before(value.span.start)
            above += self._looking_cut_off(value.span.end, limit)
            beside += self._behind(value.span.end, limit)
            text = value if isinstance(value, Scalar) else Scalar("", value.span)
            return Part(key, text, above, blank, beside, column)
        in_brackets = _in_brackets(value, self._source)
        inner = _children(value)
        begins = inner[0].start if inner and in_brackets else value.span.start
        beside = self._behind(key.span.end if key else child.start, begins)
        if in_brackets:
            above += self._notes_before(value.span.start)
        group = self._group(value, column, min(limit, value.span.end) if in_brackets else limit)
        if in_brackets:
            if not group.parts:
                beside += tuple(note.text for note in group.below)
                group = group._replace(below=())
            beside += self._behind(value.span.end, limit)
        return Part(key, group, above, blank, beside, column)

    # Taking comments off the list

    def _notes_before(self, end: int) -> tuple[Note, ...]:
        found = []
        while self._waiting and self._waiting[-1].span.start < end:
            found.append(self._note(self._waiting.pop()))
        return tuple(found)

    def _behind(self, start: int, limit: int) -> tuple[str, ...]:
        """Returns the comments on the line of `start`, behind it and before `limit`."""
        found = []
        while self._waiting and start <= self._waiting[-1].span.start < limit:
            if self._line(start) != self._line(self._waiting[-1].span.start):
                break
            found.append(self._waiting.pop().text.rstrip())
        return tuple(found)

    def _looking_cut_off(self, end: int, limit: int) -> tuple[Note, ...]:
        """Returns comments such as `#2` on the line of a text that ends at `end`, a comma or bracket between the two.

        Right behind the text each would look like a part of it that was cut off, so it goes above.
        """
        found = []
        while self._waiting and end <= (start := self._waiting[-1].span.start) < limit:
            between = self._source.text[end:start]
            if "\n" in between or not between.strip() or not _CUT_OFF.match(self._waiting[-1].text):
                break
            found.append(Note(self._waiting.pop().text.rstrip(), blank=False))
        return tuple(found)

    # Where things stand

    def _note(self, comment: Comment) -> Note:
        return Note(comment.text.rstrip(), self._blank_before(comment.span.start))

    def _is_behind(self, comment: Comment) -> bool:
        position = self._source.position(comment.span.start)
        return bool(self._source.line(position.line)[: position.column - 1].strip())

    def _blank_before(self, at: int) -> bool:
        line = self._line(at)
        return line > 1 and not self._source.line(line - 1).strip()

    def _line(self, at: int) -> int:
        return self._source.position(at).line

    def _column(self, at: int) -> int:
        return self._source.position(at).column - 1


def _children(node: Mapping | Sequence) -> list[_Branch]:
    if isinstance(node, Mapping):
        return [_Branch(entry.key, entry.value) for entry in node.entries]
    return [_Branch(None, item) for item in node.items]


def _in_brackets(node: Mapping | Sequence, source: Source) -> bool:
    return node.flow if isinstance(node, Mapping) else source.text.startswith("[", node.span.start)
