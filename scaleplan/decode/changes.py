"""Changes of a plan's text: where a key is added to a mapping, and what of the text goes with an entry."""

import re

from scaleplan.diagnostic import Edit, Help, add
from scaleplan.source import Span
from scaleplan.tree import Entry, Mapping, Node, Scalar
from scaleplan.tree.quoting import in_quotes

_THOUSANDS = re.compile(r"[0-9]{3}(\.[0-9]+)?")
_DIGITS = re.compile(r"[0-9]{1,3}")


def begin_of(node: Node) -> Span:
    """Returns where a mapping begins: its first key, or its brace."""
    return node.entries[0].key.span if isinstance(node, Mapping) and node.entries and not node.flow else node.span


def whole_of(entry: Entry) -> Span:
    """Returns the place of a key and its value."""
    return Span(entry.key.span.source, entry.key.span.start, max(entry.key.span.end, entry.value.span.end))


def deletion(node: Mapping, index: int) -> tuple[Edit, ...]:
    """Returns the change that deletes an entry of a mapping; none where it is the only one."""
    place = whole_of(node.entries[index])
    if index + 1 < len(node.entries):
        return (Edit(place._replace(end=node.entries[index + 1].key.span.start), ""),)
    return (Edit(place._replace(start=whole_of(node.entries[index - 1]).end), ""),) if index else ()


def replacement(node: Mapping, index: int, text: str) -> tuple[Edit, ...]:
    """Returns the change that writes another key and value for an entry; nothing is written where that is empty."""
    return (Edit(whole_of(node.entries[index]), text),) if text else deletion(node, index)


def written_long(entry: Entry, short: str) -> Help:
    """Returns the help that writes a short form with a key behind it as the mapping that it means."""
    return Help(f"write `{short}`", (), (Edit(whole_of(entry), short),) if "..." not in short else ())


def added(root: Mapping, owner: str, line: str, more: str = "") -> Help:
    """Returns the help that adds a line to a plan, or under the key that is its `owner`."""
    inner = next((entry.value for entry in root.entries if entry.key.text == owner), None) if owner else root
    if isinstance(inner, Mapping):
        help = add(line, begin_of(inner))
        return Help(f"add `{line}` under `{owner}:`" if owner else help, (), help.edits).then(more)
    return add(f"{owner}: {{{line}}}", begin_of(root), more=more)


def any_of(lines: tuple[str, ...], node: Node) -> Help:
    """Returns the help that adds one of some lines to a mapping."""
    edits = tuple(edit for line in lines for edit in add(line, begin_of(node)).edits)
    return Help(f"add {' or '.join(f'`{line}`' for line in lines)}", (), edits)


def uncut(before: Entry, entry: Entry) -> Help:
    """Returns the help for a value that a comma has cut: both its parts as one number, or in quotes."""
    read, lost = before.value.span.text, entry.key.text
    place = before.value.span._replace(end=entry.key.span.end)
    if _DIGITS.fullmatch(read) and _THOUSANDS.fullmatch(lost):
        words = f"write `{read}{lost}` or `{read}_{lost}`"
        return Help(words, (), (Edit(place, read + lost), Edit(place, f"{read}_{lost}")))
    quoted = in_quotes(f"{read}, {lost}")
    return Help(f"put the whole text in quotes: `{before.key.text}: {quoted}`", (), (Edit(place, quoted),))


def was_cut(before: Entry, entry: Entry) -> bool:
    """Returns whether an entry without a value is what a comma left of the value before it."""
    value = entry.value
    return (
        isinstance(before.value, Scalar)
        and before.value.plain
        and bool(before.value.text)
        and isinstance(value, Scalar)
        and not value.text
        and value.plain
    )
