"""Overrides change a plan for one run: `stop=2640`, `tier2.price=140`, as if the trader had written it so.

They replace nodes of the tree, so that everything said of a plan holds for the changed one too; the place of what they
bring is the option itself. `tier2` and `target1` count from 1, as tables do; paths, `tiers[1]`, from 0, as they do in
diagnostics. Which tier was meant shows in the change that is reported.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from scaleplan.decode.kinds import OVERRIDE_MISSES
from scaleplan.decode.reader import Reader
from scaleplan.quantity.form import Form
from scaleplan.quantity.number import quote
from scaleplan.source import Source, Span
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence, Unreadable
from scaleplan.tree.read import parse_text

#: How much of a value is repeated where a change is reported.
LONGEST = 60
#: How many names and indexes lead to a place of a plan at most: more are a path to nowhere.
DEEPEST = 8

#: Names have as many letters as a message repeats.
_PATH = Form(r"[a-z_]{1,60}(?:\[[0-9]{1,4}\])*(?:\.[a-z_]{1,60}(?:\[[0-9]{1,4}\])*)*")
_FROM_ONE = Form(r"(?P<list>tier|target)s? ?0*(?P<number>[0-9]{1,4})(?:[. ](?P<rest>.+))?")
_STEP = re.compile(r"([a-z_]+)|\[([0-9]+)\]")


class Override(NamedTuple):
    """A path into the plan, split into names and indexes, and the node to put there; without one the key goes away."""

    steps: tuple[str | int, ...]
    value: Node | None
    span: Span


class Change(NamedTuple):
    """What an override did to a plan: the place in words, what stood there (nothing: empty), and what stands now.

    `option` numbers the override among those of the run, from 0.
    """

    option: int
    place: str
    before: str
    after: str


def equity_override(text: str) -> Override | str:
    """Returns the override that `--equity` is short for, with the option's own words as its place."""
    if not text.strip():
        return "an amount is missing; write it as `--equity 21500`"
    source = Source("--equity", text)
    span = Span(source, 0, len(text))
    return Override(("account", "equity"), Scalar(text.strip(), span), span)


def taken_away(key: str, span: Span) -> Override:
    """Returns the override that takes a key away from a plan."""
    return Override((key,), None, span)


def read_override(text: str, option: str = "--set") -> Override | str:
    """Reads `path=value`, typed behind an option. A returned text says what is wrong with it as an option."""
    path, equals, value = text.partition("=")
    steps = _steps(path.strip())
    if equals and not steps and _steps(path.strip().lower()):
        return f"keys are written in small letters; write {quote(f'{path.lower()}={value}')}"
    if not equals or not steps:
        return f"{quote(text)} is not PATH=VALUE; write it as `stop=2640` or `tier2.price=140`"
    if len(steps) > DEEPEST:
        return f"{quote(path)} is {len(steps):,} steps deep, and no place of a plan is deeper than {DEEPEST}"
    if steps[1:2] == (-1,):
        return f"{quote(text)}: {steps[0]} are counted from 1, the first is `{path.strip().partition('0')[0].strip()}1`"
    if not value.strip():
        return f"{quote(text)} has no value behind the `=`; write it as `stop=2640`"
    source = Source(option, text)
    start = len(path) + 1 + len(value) - len(value.lstrip())
    span = Span(source, start, start + len(value.strip()))
    if value.strip()[0] not in "[{":
        return Override(steps, Scalar(value.strip(), span), span)
    tree = parse_text(Source(option, " " * start + value.strip()))
    if tree.root is None or tree.diagnostics:
        reason = tree.diagnostics[0].message if tree.diagnostics else "it cannot be read"
        return f"{quote(text)}: {reason}"
    return Override(steps, tree.root, span)


def _steps(path: str) -> tuple[str | int, ...]:
    """Returns the names and indexes of a path, which begins with `tier2` or counts from 0; nothing where it is none."""
    counted = _FROM_ONE.fullmatch(path)
    first: tuple[str | int, ...] = ()
    if counted is not None:
        first, path = (f"{counted['list']}s", int(counted["number"]) - 1), counted["rest"] or ""
    if path and not _PATH.fullmatch(path):
        return ()
    return (*first, *(name or int(index) for name, index in _STEP.findall(path)))


def apply_overrides(
    root: Mapping, overrides: Iterable[tuple[int, Override]], reader: Reader
) -> tuple[Mapping, tuple[Change, ...]]:
    """Returns the tree with every numbered override in place, and the changes: of a place only the last.

    An override that names no place of this plan is reported.
    """
    changes: dict[tuple[str | int, ...], Change] = {}
    for option, override in overrides:
        before = _at(root, override.steps)
        changed = _put(root, override.steps, override, reader, "")
        if isinstance(changed, Mapping):
            root = changed
        if override.value is not None and _at(root, override.steps) is override.value:
            earlier = changes.get(override.steps)
            stood = earlier.before if earlier is not None else _text(before)
            changes[override.steps] = Change(option, _place(override.steps), stood, _text(override.value))
    return root, tuple(changes.values())


def _at(node: Node | None, steps: tuple[str | int, ...]) -> Node | None:
    """Returns what stands at the end of a path."""
    for step in steps:
        if isinstance(node, Mapping):
            node = next((entry.value for entry in node.entries if entry.key.text == step), None)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def _place(steps: tuple[str | int, ...]) -> str:
    """Returns a path in words, counted from 1: `tier 2 price`."""
    words: list[str] = []
    for step in steps:
        if isinstance(step, int):
            words[-1] = words[-1].removesuffix("s")
        words.append(step if isinstance(step, str) else f"{step + 1}")
    return " ".join(words)


def _text(node: Node | None) -> str:
    """Returns what is written at a node, on one line; of a long text its beginning."""
    written = "" if node is None else _written(node)
    return written if len(written) <= LONGEST else f"{written[:LONGEST]}..."


def _written(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    if "\n" in node.span.text and isinstance(node, Mapping):
        return f"{{{', '.join(f'{entry.key.text}: {_written(entry.value)}' for entry in node.entries)}}}"
    if "\n" in node.span.text and isinstance(node, Sequence):
        return f"[{', '.join(map(_written, node.items))}]"
    return node.span.text


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
    # As it was typed: `tiers[1]`, or `tier2`.
    from_zero = "[" in override.span.source.text.partition("=")[0]
    name = path.removesuffix("s")
    item = f"`[{index}]`" if from_zero else f"{name} {index + 1}"
    if isinstance(node, Sequence):
        count = len(node.items)
        message = f"`{path}[{index}]` is not there" if from_zero else f"there is no {item}"
        last = f"count from 0: the last is `{path}[{count - 1}]`" if from_zero else f"the last is `{name}{count}`"
        help = last if count else f"write `{path}` in the plan first"
        _miss(override, reader, path, f"{message}: `{path}` has {count}", help)
        return node
    message = f"the plan has no `{path}`" if node is None else f"`{path}` is not a list, so it has no {item}"
    _miss(override, reader, path, message, f"set `{path}` itself")
    return node if node is not None else Unreadable(override.span)


def _miss(override: Override, reader: Reader, path: str, message: str, help: str) -> None:
    source = override.span.source
    place = source.text.find("=")
    reader.report(OVERRIDE_MISSES, Span(source, 0, place) if place > 0 else override.span, path, message, help)
