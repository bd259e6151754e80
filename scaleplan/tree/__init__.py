"""YAML text to nodes with places: the only room that knows YAML.

A node is a piece of the text that still knows where it stands: a scalar, a sequence or a mapping. A scalar keeps the
text that the trader typed; YAML's own numbers, booleans and dates are never made. What could not be read, and has been
told in a diagnostic, is `Unreadable`, so that later rooms pass over it in silence.
"""

from typing import NamedTuple

from scaleplan.diagnostic import Diagnostic
from scaleplan.source import Span


class Scalar(NamedTuple):
    """A text. `span` covers what was typed, quotes included; `plain` is false for a quoted or block scalar."""

    text: str
    span: Span
    plain: bool = True


class Sequence(NamedTuple):
    """A list of nodes."""

    items: tuple["Node", ...]
    span: Span


class Entry(NamedTuple):
    """One key of a mapping and its value."""

    key: Scalar
    value: "Node"


class Mapping(NamedTuple):
    """Keys and values in the order written, each key once."""

    entries: tuple[Entry, ...]
    span: Span
    flow: bool = False


class Unreadable(NamedTuple):
    """A place whose mistake has been told already."""

    span: Span


Node = Scalar | Sequence | Mapping | Unreadable


class Comment(NamedTuple):
    """A comment, from its `#` to the end of the line."""

    text: str
    span: Span


class Tree(NamedTuple):
    """What a text says: its root (absent where nothing could be read) and what is wrong with it as YAML."""

    root: Node | None
    diagnostics: tuple[Diagnostic, ...]


#: How much of a key a path repeats: a key may be as long as the file.
LONGEST = 60


def key_path(path: str, key: str) -> str:
    """Returns the path of the value of `key` in the mapping at `path`."""
    key = key[:LONGEST]
    return f"{path}.{key}" if path and key else path or key


def item_path(path: str, index: int) -> str:
    """Returns the path of item `index` of the list at `path`."""
    return f"{path}[{index}]"
