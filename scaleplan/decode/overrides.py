"""Overrides change a plan for one run: `stop=2640`, `tiers[1].price=140`, as if the trader had written it so.

They replace nodes of the tree, so that everything said of a plan holds for the changed one too; the place of what they
bring is the option itself. Paths count from 0, as they do in diagnostics.
"""

import re
from typing import NamedTuple

from scaleplan.decode.kinds import OVERRIDE_MISSES
from scaleplan.decode.reader import Reader
from scaleplan.quantity.pattern import Pattern
from scaleplan.source import Source, Span
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence, Unreadable
from scaleplan.tree.read import parse_text

_PATH = Pattern(r"[a-z_]+(?:\[[0-9]{1,4}\])*(?:\.[a-z_]+(?:\[[0-9]{1,4}\])*)*")
_STEP = re.compile(r"([a-z_]+)|\[([0-9]+)\]")


class Override(NamedTuple):
    """A path into the plan, split into names and indexes, and the node to put there; without one the key goes away."""

    steps: tuple[str | int, ...]
    value: Node | None
    span: Span


def equity_override(text: str) -> Override | str:
    """The override that `--equity` is short for, with the option's own words as its place."""
    if not text.strip():
        return "an amount is missing; write it as `--equity 21500`"
    source = Source("--equity", text)
    span = Span(source, 0, len(text))
    return Override(("account", "equity"), Scalar(text.strip(), span), span)


def taken_away(key: str, span: Span) -> Override:
    """The override that reads a plan as if it had not written a key of its own."""
    return Override((key,), None, span)


def read_override(text: str) -> Override | str:
    """Read `path=value`; a text in return says what is wrong with it as an option."""
    path, equals, value = text.partition("=")
    if not equals or not _PATH.fullmatch(path.strip()):
        return f"`{text}` is not PATH=VALUE; write it as `stop=2640` or `tiers[1].price=140` (counted from 0)"
    if not value.strip():
        return f"`{text}` has no value behind the `=`; write it as `stop=2640`"
    steps = tuple(name or int(index) for name, index in _STEP.findall(path))
    source = Source("--set", text)
    start = len(path) + 1 + len(value) - len(value.lstrip())
    span = Span(source, start, start + len(value.strip()))
    if value.strip()[0] not in "[{":
        return Override(steps, Scalar(value.strip(), span), span)
    tree = parse_text(Source("--set", " " * start + value.strip()))
    if tree.root is None or tree.diagnostics:
        told = tree.diagnostics[0].message if tree.diagnostics else "it cannot be read"
        return f"`{text}`: {told}"
    return Override(steps, tree.root, span)


def apply(root: Mapping, overrides: tuple[Override, ...], reader: Reader) -> Mapping:
    """The tree with every override in place; one that names no place of this plan is told."""
    for override in overrides:
        changed = _put(root, override.steps, override, reader, "")
        if isinstance(changed, Mapping):
            root = changed
    return root


def _put(node: Node | None, steps: tuple[str | int, ...], override: Override, reader: Reader, path: str) -> Node:
    if not steps and override.value is not None:
        return override.value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        return _put_item(node, step, rest, override, reader, path)
    if node is None:
        node = Mapping((), override.span)
    if not isinstance(node, Mapping):
        if not isinstance(node, Unreadable):
            _miss(override, reader, path, f"`{path}` is not a mapping, so it has no `{step}`", f"set `{path}` itself")
        return node
    at = f"{path}.{step}" if path else step
    entries = list(node.entries)
    if override.value is None and not rest:
        return Mapping(tuple(entry for entry in entries if entry.key.text != step), node.span, node.flow)
    for index, entry in enumerate(entries):
        if entry.key.text == step:
            entries[index] = Entry(entry.key, _put(entry.value, rest, override, reader, at))
            break
    else:
        name = Span(override.span.source, 0, max(0, override.span.source.text.find("=")))
        entries.append(Entry(Scalar(step, name), _put(None, rest, override, reader, at)))
    return Mapping(tuple(entries), node.span, node.flow)


def _put_item(
    node: Node | None, index: int, rest: tuple[str | int, ...], override: Override, reader: Reader, path: str
) -> Node:
    if isinstance(node, Sequence) and index < len(node.items):
        items = list(node.items)
        items[index] = _put(items[index], rest, override, reader, f"{path}[{index}]")
        return Sequence(tuple(items), node.span)
    if isinstance(node, Sequence):
        count = len(node.items)
        help = f"count from 0: the last is `{path}[{count - 1}]`" if count else f"write `{path}` in the plan first"
        _miss(override, reader, path, f"`{path}[{index}]` is not there: `{path}` has {count}", help)
        return node
    message = f"the plan has no `{path}`" if node is None else f"`{path}` is not a list, so it has no `[{index}]`"
    _miss(override, reader, path, message, f"set `{path}` itself")
    return node if node is not None else Unreadable(override.span)


def _miss(override: Override, reader: Reader, path: str, message: str, help: str) -> None:
    source = override.span.source
    place = source.text.find("=")
    reader.report(OVERRIDE_MISSES, Span(source, 0, place) if place > 0 else override.span, path, message, help)
