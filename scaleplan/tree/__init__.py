"""YAML text to nodes with places: the only room that knows YAML."""

from scaleplan.tree.node import Comment, Entry, Mapping, Node, Scalar, Sequence, Tree, Unreadable

__all__ = ["Comment", "Entry", "Mapping", "Node", "Scalar", "Sequence", "Tree", "Unreadable"]
