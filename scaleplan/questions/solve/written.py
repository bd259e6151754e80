"""An answer written into the text of its plan: the bytes of that one value, and no other.

A value that stands in the text is replaced where it stands, in its quotes if it has some. A key that is missing comes
on a line of its own behind its neighbour, in a mapping in braces behind its neighbour's value. The new text is read and
compared with the plan that the answer was checked on before anybody writes it.
"""

from typing import NamedTuple

from scaleplan.plan import Plan
from scaleplan.questions.solve.records import BrokenPromise
from scaleplan.source import Span
from scaleplan.study import Study
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: Behind which key one that is missing comes: the first of them that is written.
_NEIGHBOURS = {
    "extra_margin": ("leverage", "margin_mode", "maintenance", "symbol"),
    "stop": ("invalidation",),
    "close": ("price",),
}


class Unwritable(Exception):  # noqa: N818 - it is a state of the plan, told to the trader
    """Raised where an answer cannot be written into the plan's own text; the message says what to type."""


class Write(NamedTuple):
    """What is written: the place (from 1), what stood there (nothing: empty) and stands there then, the whole text."""

    path: str
    line: int
    column: int
    old: str
    new: str
    data: bytes


def write_of(study: Study, path: str, typed: str, plan: Plan) -> Write:
    """Returns what writing an answer changes. Raises `Unwritable` where it cannot be written into the plan's text."""
    name, _, inside = path.partition(".")
    key = inside or name
    by_hand = f"`{key}: {typed}`"
    if study.changes:
        changed = ", ".join(f"`{change.place}: {change.after}`" for change in study.changes)
        raise Unwritable(f"the answer holds for the plan with {changed}: write that first, then {by_hand}")
    root = study.session.read(study.file, study.data).reading.root
    if not isinstance(root, Mapping):
        raise BrokenPromise("a plan was studied whose text is no mapping")
    if inside:
        place, text = _in_target(root, int(name[len("targets[") : -1]), key, typed, by_hand)
    else:
        place, text = _in_mapping(root, key, typed, by_hand)
    mark = _BYTE_ORDER_MARK if study.data.startswith(_BYTE_ORDER_MARK) else b""
    whole = place.source.text
    data = mark + (whole[: place.start] + text + whole[place.end :]).encode()
    if mark + whole.encode() != study.data:
        raise BrokenPromise("the text that was read is not that of the file")
    read = study.session.read(study.file, data).reading.plan
    if read != plan:
        raise BrokenPromise(f"the plan with {by_hand} reads otherwise than it was checked")
    line, column = place.source.position(place.start)
    return Write(path, line, column, place.text, f"{key}: {typed}" if not place.text else text, data)


def _in_mapping(mapping: Mapping, key: str, typed: str, by_hand: str) -> tuple[Span, str]:
    """Returns the place of a key's value and what to put there; where the key is missing, a new line's or part's."""
    entry = next((entry for entry in mapping.entries if entry.key.text == key), None)
    if entry is not None:
        return _replaced(entry.value, typed, by_hand)
    neighbours = (entry for name in _NEIGHBOURS.get(key, ()) for entry in mapping.entries if entry.key.text == name)
    neighbour = next(neighbours, None)
    if neighbour is None:
        raise Unwritable(f"the plan has no place for it: write {by_hand}")
    return _behind(neighbour, f"{key}: {typed}", flow=mapping.flow)


def _replaced(node: Node, typed: str, by_hand: str) -> tuple[Span, str]:
    text = node.span.text
    if isinstance(node, Scalar) and text == node.text:
        return node.span, typed
    if isinstance(node, Scalar) and text in (f'"{node.text}"', f"'{node.text}'"):
        return node.span, f"{text[0]}{typed}{text[0]}"
    raise Unwritable(f"its value stands there in a form that cannot be replaced: write {by_hand}")


def _behind(neighbour: Entry, text: str, *, flow: bool) -> tuple[Span, str]:
    """Returns the empty place behind a neighbour's value, or behind its line, and what to put there."""
    source = neighbour.value.span.source
    end = neighbour.value.span.end
    if flow:
        return Span(source, end, end), f", {text}"
    number = source.position(max(end - 1, 0)).line
    indent = " " * (source.position(neighbour.key.span.start).column - 1)
    starts = source.line_starts
    if number < len(starts):
        line_end = source.text[starts[number - 1] : starts[number]]
        ending = line_end[len(line_end.rstrip("\r\n")) :]
        return Span(source, starts[number], starts[number]), f"{indent}{text}{ending}"
    ending = _line_end(source.text)
    last = len(source.text)
    return Span(source, last, last), f"{ending}{indent}{text}"


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def _in_target(root: Mapping, index: int, key: str, typed: str, by_hand: str) -> tuple[Span, str]:
    """Returns the place of a target's close and what to put there."""
    targets = next((entry.value for entry in root.entries if entry.key.text == "targets"), None)
    by_hand = f"{by_hand} in target {index + 1}"
    if not isinstance(targets, Sequence) or index >= len(targets.items):
        raise Unwritable(f"the targets are written as a ladder: write each on its own, with {by_hand}")
    item = targets.items[index]
    if isinstance(item, Mapping):
        return _in_mapping(item, key, typed, by_hand)
    if not isinstance(item, Scalar) or item.text not in item.span.text:
        raise Unwritable(f"the target is no mapping: write {by_hand}")
    amount, at, _ = item.text.partition(" at ")
    if not at:
        raise Unwritable(f"`{item.text}` has no place for a share: write `{typed} at {item.text}`")
    start = item.span.text.index(item.text)
    return item.span.part(start, start + len(amount.rstrip())), typed
