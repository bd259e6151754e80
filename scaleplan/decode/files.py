"""Files that a plan names: an account kept in one place, a venue's terms by symbol.

A path is relative to the folder of the plan. Only regular files are opened: nothing that a plan names can make the
reader wait or hand it a device.
"""

import os
from pathlib import Path
from stat import S_ISREG

from scaleplan.decode.kinds import BAD_FILE, NOT_A_PLAN
from scaleplan.decode.reader import Reader, nearest
from scaleplan.quantity.number import quote
from scaleplan.source import Unreachable, read_bytes
from scaleplan.tree import Entry, Mapping, Node, Scalar, Tree, Unreadable
from scaleplan.tree.read import read_tree
from scaleplan.tree.text import BYTES


class Files:
    """The files that plans name, each read once: a folder of plans mostly shares one account and one venue.

    Of the plans themselves the last is kept: one is studied several times, under other terms each time.
    """

    __slots__ = ("_plan", "_read")

    def __init__(self) -> None:
        self._plan: tuple[str, bytes, Tree] | None = None
        self._read: dict[tuple[str, str], tuple[str, Tree | str]] = {}

    def plan(self, name: str, data: bytes) -> Tree:
        """The tree of the plan in `data`, a file called `name`."""
        if self._plan is None or self._plan[:2] != (name, data):
            self._plan = name, data, read_tree(name, data)
        return self._plan[2]

    def named(self, folder: str, text: str) -> tuple[str, Tree | str]:
        """The file that `text` names as seen from `folder`: its name, and its tree or the reason why there is none."""
        found = self._read.get((folder, text))
        if found is None:
            name = str(Path(folder) / text)
            data, reason = _bytes(name)
            found = self._read[folder, text] = name, (reason if data is None else read_tree(name, data))
        return found


def with_files(root: Mapping, plan_name: str, reader: Reader, files: Files) -> Mapping:
    """The plan's mapping with `account` and `venue` paths replaced by what their files hold."""
    folder = folder_of(plan_name)
    entries = []
    for key, value in root.entries:
        node = value
        if key.text == "account" and isinstance(value, Scalar):
            node = named_file(value, "account", folder, reader, files)
        elif key.text == "venue" and isinstance(value, Scalar) and _is_path(value.text):
            node = _of_symbol(named_file(value, "venue", folder, reader, files), value, _symbol(root), reader)
        entries.append(Entry(key, node))
    return Mapping(tuple(entries), root.span, root.flow)


def folder_of(plan_name: str) -> str:
    """The folder that paths inside a plan are seen from; of standard input, the current one."""
    # A Path takes ten times as long, and every plan asks.
    return "" if plan_name == "<stdin>" else os.path.dirname(plan_name)  # noqa: PTH120


def _symbol(root: Mapping) -> str:
    texts = (
        entry.value.text for entry in root.entries if entry.key.text == "symbol" and isinstance(entry.value, Scalar)
    )
    return next(texts, "").strip()


def _is_path(text: str) -> bool:
    """Whether a venue is the path of a file: it has a slash, or ends as a YAML file does."""
    return "/" in text or text.endswith((".yaml", ".yml"))


def named_file(node: Scalar, path: str, folder: str, reader: Reader, files: Files) -> Node:
    """What the file holds that a text names, as seen from `folder`; its mistakes are told."""
    if not node.text.strip():
        return node
    name, tree = files.named(folder, node.text.strip())
    if not isinstance(tree, Tree):
        reader.report(
            BAD_FILE,
            node.span,
            path,
            f"the file {quote(name if '://' not in node.text else node.text)} cannot be read: {tree}",
            "write a path that is right as seen from the plan's own folder, as `./account.yaml`",
        )
        return Unreadable(node.span)
    reader.add(tree.diagnostics)
    if isinstance(tree.root, Mapping):
        return tree.root
    if tree.root is not None:
        saved = path == "venue" and name.endswith(".json")
        help = "make a venue file of it: `scaleplan venues import`" if saved else "write `key: value` lines in it"
        reader.report(NOT_A_PLAN, tree.root.span, path, f"{quote(name)} holds no keys", help)
    return Unreadable(node.span)


def _bytes(name: str) -> tuple[bytes | None, str]:
    try:
        if not S_ISREG(Path(name).stat().st_mode):
            return None, "it is not a regular file"
        return read_bytes(name, BYTES), ""
    except Unreachable as error:
        return None, error.reason
    except (OSError, ValueError) as error:
        return None, getattr(error, "strerror", None) or "no file can have such a name"


def _of_symbol(mapping: Node, node: Scalar, symbol: str, reader: Reader) -> Node:
    if not isinstance(mapping, Mapping):
        return mapping
    wanted = symbol.upper()
    for entry in mapping.entries:
        if entry.key.text.upper() == wanted:
            return entry.value
    names = [entry.key.text for entry in mapping.entries]
    near = nearest(symbol, names)
    listed = ", ".join(quote(name) for name in names[:8]) or "nothing"
    reader.report(
        BAD_FILE,
        node.span,
        "venue",
        f"{quote(node.text)} has no terms for {quote(symbol)}; it has {listed}",
        f"did you mean {quote(near)}?" if near else f"add a mapping under {quote(symbol)} to that file",
    )
    return Unreadable(node.span)
