"""Comments: found again in the text, because YAML's events leave them out."""

import re
from collections.abc import Iterator

from scaleplan.source import Source, Span
from scaleplan.tree import Comment, Mapping, Node, Scalar, Sequence, Unreadable, item_path, key_path

_LINE_END = re.compile(r"[\r\n]|\Z")
_HASH = re.compile(r"[ \t]+#(?=[^\s#])")
#: The same with one blank: searched through a text, it does not begin anew at each of a million blanks.
_ANY_HASH = re.compile(r"[ \t]#(?=[^\s#])")


def comments(source: Source, root: Node | None, word: str = "") -> tuple[Comment, ...]:
    """Returns every comment of the text: from a `#` that stands in no text of the tree to the end of its line.

    With a `word` those that have it; the lines without it cost nothing.
    """
    if "#" not in source.text:
        return ()
    taken = sorted((node.span.start, node.span.end) for node, _ in leaves(root))
    return tuple(
        Comment(source.text[start:end], Span(source, start, end)) for start, end in _between(source.text, taken, word)
    )


def cut_texts(source: Source, root: Node | None) -> Iterator[tuple[Scalar, str, Span]]:
    """Yields unquoted texts that end where a comment without a space behind its `#` begins: text, path, comment.

    Such a comment is often the rest of the text: `trigger: break of level #2`. A figure has no words to lose, and
    `##` is a way to begin a comment only.
    """
    text = source.text
    # Most comments have the space, and then nobody goes through the tree.
    if not _ANY_HASH.search(text):
        return
    for node, path in leaves(root):
        if not isinstance(node, Scalar) or not node.plain:
            continue
        match = _HASH.match(text, node.span.end)
        if match and any(character.isalpha() for character in node.text):
            yield node, path, Span(source, match.end() - 1, _line_end(text, match.end()))


def leaves(root: Node | None) -> Iterator[tuple[Scalar | Unreadable, str]]:
    """Yields every text of the tree, keys included, in the order written, with its path."""
    waiting: list[tuple[Node, str]] = [] if root is None else [(root, "")]
    while waiting:
        node, path = waiting.pop()
        if isinstance(node, Mapping):
            for entry in reversed(node.entries):
                below = key_path(path, entry.key.text)
                waiting += [(entry.value, below), (entry.key, below)]
        elif isinstance(node, Sequence):
            waiting += [(item, item_path(path, index)) for index, item in reversed(list(enumerate(node.items)))]
        else:
            yield node, path


def _between(text: str, taken: list[tuple[int, int]], word: str) -> Iterator[tuple[int, int]]:
    """Yields the places from each `#` outside `taken` to the end of its line, where the line has `word`."""
    index = 0
    at = _next_hash(text, 0, word)
    while at >= 0:
        while index < len(taken) and taken[index][1] <= at:
            index += 1
        if index < len(taken) and taken[index][0] <= at:
            at = text.find("#", taken[index][1])
            continue
        end = _line_end(text, at)
        if word in text[at:end]:
            yield at, end
        at = _next_hash(text, end, word)


def _next_hash(text: str, start: int, word: str) -> int:
    """Returns the first `#` behind `start` on a line that has `word`; below zero where there is none."""
    found = text.find(word, start)
    if found < 0:
        return -1
    line = max(text.rfind("\n", start, found), text.rfind("\r", start, found), start)
    return text.find("#", line)


def _line_end(text: str, at: int) -> int:
    match = _LINE_END.search(text, at)
    return match.start() if match else len(text)
