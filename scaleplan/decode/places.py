"""Places: where in the text each part of a plan stands, found by its path when something must be said about it."""

import re

from scaleplan.source import Span
from scaleplan.tree import Mapping, Node, Sequence
from scaleplan.tree.path import item_path, key_path

_LAST_STEP = re.compile(r"(\.[^.\[\]]+|\[[0-9]+\]|^[^.\[\]]+)$")


class Places:
    """The spans of a plan's nodes by path, counted from 0: `tiers[1].price`. They are gathered when first asked for."""

    __slots__ = ("_root", "_spans")

    def __init__(self, root: Node) -> None:
        self._root = root
        self._spans: dict[str, Span] | None = None

    @property
    def spans(self) -> dict[str, Span]:
        """Every path that the trader wrote; the empty path is the whole."""
        if self._spans is None:
            self._spans = {}
            self._gather(self._root, "", self._spans)
        return self._spans

    def of(self, path: str) -> Span:
        """The span of a path, or of the nearest part around it that is written."""
        return self.spans[self.nearest(path)]

    def nearest(self, path: str) -> str:
        """The path itself, or that of the nearest part around it that is written."""
        while path and path not in self.spans:
            path = _LAST_STEP.sub("", path, count=1)
        return path

    def _gather(self, node: Node, path: str, spans: dict[str, Span]) -> None:
        spans[path] = node.span
        if isinstance(node, Mapping):
            for entry in node.entries:
                self._gather(entry.value, key_path(path, entry.key.text), spans)
        elif isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                self._gather(item, item_path(path, index), spans)
