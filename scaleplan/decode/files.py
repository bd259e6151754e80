"""Files that a plan names: an account kept in one place, a venue's terms by symbol.

A path is relative to the folder of the plan. Only regular files are opened: nothing that a plan names can make the
reader wait or hand it a device.
"""

from pathlib import Path
from stat import S_ISREG

from scaleplan.decode.kinds import BAD_FILE, NOT_A_PLAN
from scaleplan.decode.reader import Reader, nearest
from scaleplan.quantity.number import quote
from scaleplan.source import Unreachable, read_bytes
from scaleplan.tree import Entry, Mapping, Node, Scalar, Unreadable
from scaleplan.tree.read import read_tree
from scaleplan.tree.text import BYTES


def with_files(root: Mapping, plan_name: str, reader: Reader) -> Mapping:
    """The plan's mapping with `account` and `venue` paths replaced by what their files hold."""
    symbol = next(
        (entry.value.text for entry in root.entries if entry.key.text == "symbol" and isinstance(entry.value, Scalar)),
        "",
    )
    entries = []
    for key, value in root.entries:
        node = value
        if key.text == "account" and isinstance(value, Scalar):
            node = _file(value, "account", plan_name, reader)
        elif key.text == "venue" and isinstance(value, Scalar) and _is_path(value.text):
            node = _of_symbol(_file(value, "venue", plan_name, reader), value, symbol.strip(), reader)
        entries.append(Entry(key, node))
    return Mapping(tuple(entries), root.span, root.flow)


def _is_path(text: str) -> bool:
    """Whether a venue is the path of a file: it has a slash, or ends as a YAML file does."""
    return "/" in text or text.endswith((".yaml", ".yml"))


def _file(node: Scalar, path: str, plan_name: str, reader: Reader) -> Node:
    if not node.text.strip():
        return node
    folder = Path() if plan_name == "<stdin>" else Path(plan_name).parent
    name = str(folder / node.text.strip())
    data, reason = _bytes(name)
    if data is None:
        reader.report(
            BAD_FILE,
            node.span,
            path,
            f"the file {quote(name)} cannot be read: {reason}",
            "write a path that is right as seen from the plan's own folder, as `./account.yaml`",
        )
        return Unreadable(node.span)
    tree = read_tree(name, data)
    reader.diagnostics.extend(tree.diagnostics)
    if isinstance(tree.root, Mapping):
        return tree.root
    if tree.root is not None:
        reader.report(
            NOT_A_PLAN, tree.root.span, path, f"{quote(name)} holds no keys", "write `key: value` lines in it"
        )
    return Unreadable(node.span)


def _bytes(name: str) -> tuple[bytes | None, str]:
    try:
        if not S_ISREG(Path(name).stat().st_mode):
            return None, "it is not a regular file"
        return read_bytes(name, BYTES), ""
    except Unreachable as error:
        return None, str(error)
    except (OSError, ValueError) as error:
        return None, getattr(error, "strerror", None) or "no file can have such a name"


def _of_symbol(mapping: Node, node: Scalar, symbol: str, reader: Reader) -> Node:
    if not isinstance(mapping, Mapping):
        return mapping
    for entry in mapping.entries:
        if entry.key.text.upper() == symbol.upper():
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
