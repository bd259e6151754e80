"""A frame is a list or mapping of which the end has not been read yet."""

from scaleplan.source import Source, Span
from scaleplan.tree.node import Entry, Mapping, Node, Scalar, Sequence, item_path, key_path

_BRACKETS = ("[", "{")


class Frame:
    """What is known so far. `reach` is where the last thing in it ends; of equal keys the first entry stays."""

    __slots__ = ("bracketed", "entries", "flow", "is_mapping", "items", "key", "key_kept", "reach", "start")

    def __init__(self, text: str, start: int, *, is_mapping: bool, flow: bool) -> None:
        """Begins at `start`; one pair inside a list, `[a: 1]`, is of flow style but has no bracket of its own."""
        self.start = start
        self.reach = start
        self.is_mapping = is_mapping
        self.flow = flow
        self.bracketed = flow and text.startswith(_BRACKETS, start)
        self.items: list[Node] = []
        self.entries: dict[str, Entry] = {}
        self.key: Scalar | None = None
        self.key_kept = True

    def node(self, source: Source, end: int) -> Node:
        """Returns the list or mapping, which ends at `end`, or where its last value does if no bracket ends it."""
        span = Span(source, self.start, max(self.start, end if self.bracketed else self.reach))
        if self.is_mapping:
            return Mapping(tuple(self.entries.values()), span, self.flow)
        return Sequence(tuple(self.items), span)

    @property
    def waits_for_key(self) -> bool:
        """Returns whether the next node is a key."""
        return self.is_mapping and self.key is None


def path_of(frames: list[Frame]) -> str:
    """Returns the path of the value that is due next; of a mapping whose key is due, that of the mapping."""
    path = ""
    for frame in frames:
        if not frame.is_mapping:
            path = item_path(path, len(frame.items))
        elif frame.key is not None:
            path = key_path(path, frame.key.text)
    return path
