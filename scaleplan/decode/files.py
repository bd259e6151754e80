"""Files that a plan names: an account kept in one place, a venue's terms by symbol.

A path is relative to the folder of the plan. Only YAML files within its `bounds` are opened, and only regular ones:
nothing that a plan names can make the reader wait or hand it a device. A plan may come from a stranger, and name a file
that holds secrets: nothing of a file is quoted that is neither an account nor a venue, and of one that is no value of
a key that neither has.
"""

import os
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Named
from stat import S_ISREG
from typing import NamedTuple

from scaleplan.bounds import LONGEST_PATH, Bounds, is_yaml
from scaleplan.decode.keys import ACCOUNT, INSIDE, VENUE, Section
from scaleplan.decode.kinds import BAD_FILE, FILE_NOT_ALLOWED, WRONG_SHAPE
from scaleplan.decode.reader import Reader, nearest
from scaleplan.diagnostic import Kind, write
from scaleplan.quantity.amount import Money, read_money, read_symbol
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import quote
from scaleplan.source import Source, Unreachable, joined, read_bytes
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence, Tree, Unreadable, item_path, key_path
from scaleplan.tree.read import parse_text, read_tree
from scaleplan.tree.text import BYTES, decode_text, entry_alone

_ALLOW = "keep it in the plan's repository or, without one, beside the plan; `--allow-files DIR` allows more"
#: `{}` is what the file should be: an account or a venue.
_NAME = "name a `.yaml` or `.yml` file, as `./{}.yaml`"
_WRITE = "write a path that is right as seen from the plan's own folder, as `./{}.yaml`"
_IMPORT = "make a venue file of it: `scaleplan venues import`"
#: What each file looks like; without it nothing of the file is quoted.
_LOOKS = {
    "account": "an account file has `equity` at its top, or no keys but an account's",
    "venue": "a venue file has symbols at its top, and `maintenance`, `fees` or `instrument` behind each",
}


#: From so many bytes on a plan reads of a venue file its own symbol alone: an exchange of 700 symbols would take half a
#: second.
_LARGE = 1 << 16
#: Keys that only a venue has: a name, a date and a source stand in many files.
_OF_VENUES = frozenset(
    {"maintenance", "maintenance_on", "closing_fee", "bankruptcy_fee", "bracket_by", "fees", "instrument"}
)


class _Refused(NamedTuple):
    """Why there is no tree of a file that is named, and one way out."""

    kind: Kind
    reason: str
    help: str


class Files:
    """The files that plans name, each read once: a folder of plans mostly shares one account and one venue.

    Of the plans themselves the last is kept: one is studied several times, under other terms each time.
    """

    __slots__ = ("_bounds", "_plan", "_read", "contents", "kept")

    def __init__(self, allowed: Iterable[str] = (), kept: Named[str, bytes] | None = None) -> None:
        """Allow files below those in `allowed` too; with `kept`, which may raise `Unreachable`, none but these."""
        self._bounds = Bounds(allowed)
        self.kept = kept
        #: The bytes of every file that was read, by its name.
        self.contents: dict[str, bytes] = {}
        self._plan: tuple[str, bytes, Tree] | None = None
        self._read: dict[tuple[str, str, str, str, bool], tuple[str, Tree | _Refused]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Returns the files that plans have named so far, those that could not be read too."""
        return tuple(dict.fromkeys(name for name, _ in self._read.values()))

    def plan(self, name: str, data: bytes) -> Tree:
        """Returns the tree of the plan in `data`, a file called `name`."""
        if self._plan is None or self._plan[:2] != (name, data):
            self._plan = name, data, read_tree(name, data)
        return self._plan[2]

    def take(self, name: str, data: bytes, tree: Tree) -> None:
        """Takes a tree for that of a plan: one whose values have their places in another text than `data`."""
        self._plan = name, data, tree

    def named(
        self, folder: str, text: str, path: str, symbol: str = "", *, anywhere: bool
    ) -> tuple[str, Tree | _Refused]:
        """Returns the name of the file that `text` names as seen from `folder`, and its tree or why there is none.

        Of a large venue file only the terms of `symbol` are read; `check` reads all of it where it is named itself.

        The tree of a file that is not the `account` or `venue` that `path` says is empty, so that nothing is quoted.
        What the command line itself names may lie `anywhere`.
        """
        if len(text) > LONGEST_PATH:
            reason = f"cannot be read: a path has at most {LONGEST_PATH:,} characters, and this one {len(text):,}"
            return text, _Refused(BAD_FILE, reason, _WRITE)
        found = self._read.get((folder, text, path, symbol, anywhere))
        if found is None:
            name = joined(folder, text)
            tree = self._tree(name, folder, symbol, anywhere=anywhere)
            if isinstance(tree, Tree) and not _is_shown(tree, path):
                tree = Tree(None, ())
            found = self._read[folder, text, path, symbol, anywhere] = name, tree
        return found

    def _tree(self, name: str, folder: str, symbol: str, *, anywhere: bool) -> Tree | _Refused:
        try:
            if self.kept is not None:
                kept = self.kept.get(name)
                return _Refused(BAD_FILE, "was not kept", _WRITE) if kept is None else _tree_of(name, kept, symbol)
            real = os.path.realpath(name)
            # Judged before anything is asked of the file: whether one is there is nothing to tell a stranger either.
            if not anywhere and not self._bounds.hold(real, folder):
                return _Refused(FILE_NOT_ALLOWED, "lies outside of what a plan may read", _ALLOW)
            if not S_ISREG(os.stat(real).st_mode):  # noqa: PTH116
                return _Refused(BAD_FILE, "cannot be read: it is not a regular file", _WRITE)
            if not is_yaml(name) or not is_yaml(real):
                is_saved = real.lower().endswith(".json")
                return _Refused(FILE_NOT_ALLOWED, "is no YAML file by its name", _IMPORT if is_saved else _NAME)
            data = self.contents[name] = read_bytes(real, BYTES)
            return _tree_of(name, data, symbol)
        except Unreachable as error:
            reason = error.reason
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "no file can have such a name"
        return _Refused(BAD_FILE, f"cannot be read: {reason}", _WRITE)


def _tree_of(name: str, data: bytes, symbol: str) -> Tree:
    """Returns the tree of a file; of a large one of venues what it has for a symbol."""
    source = decode_text(name, data) if symbol and len(data) > _LARGE else None
    part = entry_alone(source, symbol) if isinstance(source, Source) else None
    return read_tree(name, data) if part is None else parse_text(part)


def insert_files(root: Mapping, plan_name: str, reader: Reader, files: Files) -> Mapping:
    """Returns the plan's mapping with `account` and `venue` paths replaced by what their files hold.

    A path that an override brings is the command line's own, and may lead anywhere.
    """
    folder = folder_of(plan_name)
    own = root.span.source
    entries = []
    for key, value in root.entries:
        node = value
        if isinstance(value, Scalar):
            anywhere = value.span.source is not own
            if key.text == "account":
                node = read_named_file(value, "account", folder, reader, files, anywhere=anywhere)
            elif key.text == "venue" and is_path(value.text):
                symbol = _symbol(root)
                found = read_named_file(value, "venue", folder, reader, files, symbol, anywhere=anywhere)
                node = _of_symbol(found, value, symbol, reader)
        entries.append(Entry(key, node))
    return Mapping(tuple(entries), root.span, root.flow)


def folder_of(plan_name: str) -> str:
    """Returns the folder that paths inside a plan are seen from; of standard input, the current one."""
    return "" if plan_name == "<stdin>" else os.path.dirname(plan_name)  # noqa: PTH120


def _symbol(root: Mapping) -> str:
    texts = (
        entry.value.text for entry in root.entries if entry.key.text == "symbol" and isinstance(entry.value, Scalar)
    )
    return next(texts, "").strip()


def is_path(text: str) -> bool:
    """Returns whether a venue is the path of a file: it has a slash, or ends as a YAML file does."""
    return "/" in text or is_yaml(text.strip())


def read_named_file(
    node: Scalar, path: str, folder: str, reader: Reader, files: Files, symbol: str = "", *, anywhere: bool = False
) -> Node:
    """Returns what the file holds that a text names, as seen from `folder`, and reports its mistakes.

    `path` is what it should be: an `account` or a `venue`. What is neither is named, and nothing of it is quoted.
    """
    text = node.text.strip()
    if not text:
        return node
    money = read_money(text) if path == "account" and not is_yaml(text) else None
    meant = (text,) if isinstance(money, Money) else getattr(getattr(money, "help", None), "instead", ())
    if meant and text.strip("$€£¥₿")[:1].isdigit():
        message = f"the amount {quote(text)} stands where an account belongs"
        reader.report(WRONG_SHAPE, node.span, path, message, write(f"{{equity: {meant[0]}}}"))
        return Unreadable(node.span)
    name, tree = files.named(folder, text, path, symbol, anywhere=anywhere)
    if isinstance(tree, _Refused):
        shown = name if "://" not in text else text
        reader.report(tree.kind, node.span, path, f"the file {quote(shown)} {tree.reason}", tree.help.format(path))
        return Unreadable(node.span)
    if tree.root is not None:
        reader.add(tree.diagnostics)
        return tree.root
    message = f"{quote(name)} is no {path} file, so nothing of it is read"
    reader.report(BAD_FILE, node.span, path, message, f"{_LOOKS[path]}: `scaleplan check` says what is wrong with it")
    return Unreadable(node.span)


def _is_shown(tree: Tree, path: str) -> bool:
    """Whether a file is what `path` says, and may be quoted; the values of its unknown keys are painted over.

    It may not where it is no whole YAML outside of the keys that are known: what is wrong there may be a secret.
    """
    root = tree.root
    if not isinstance(root, Mapping) or not (_is_account(root) if path == "account" else _is_venue(root)):
        return False
    source = root.span.source
    end = len(source.text)
    if path == "account":
        unknown = list(_unknown(root, ACCOUNT, "", end))
    else:
        unknown = [
            place for entry, last in _entries(root, end) for place in _unknown(entry.value, VENUE, entry.key.text, last)
        ]
    paths = tuple(place.path for place in unknown)
    if any(not diagnostic.path or diagnostic.path.startswith(paths) for diagnostic in tree.diagnostics):
        return False
    parts: list[str] = []
    done = 0
    for place in unknown:
        parts += source.text[done : place.start], re.sub(r"\S", ".", source.text[place.start : place.end])
        done = place.end
    source.text = "".join([*parts, source.text[done:]])
    return True


class _Place(NamedTuple):
    """The path of an unknown key, and where what is behind it stands."""

    path: str
    start: int
    end: int


def _unknown(node: Node, section: Section, path: str, end: int) -> Iterator[_Place]:
    """Yields the unknown keys of a section and of those inside it, each up to the next key to include comments."""
    forms = {key.name: key.form for key in section.keys}
    for entry, last in _entries(node, end):
        at = key_path(path, entry.key.text)
        inside = INSIDE.get(forms.get(entry.key.text, ""))
        if entry.key.text not in forms:
            colon = node.span.source.text.find(":", entry.key.span.end, last)
            yield _Place(at, max(entry.key.span.end, colon + 1), last)
        elif inside and inside.mapping:
            yield from _unknown(entry.value, inside.mapping, at, last)
        elif inside and inside.item and isinstance(entry.value, Sequence):
            items = entry.value.items
            ends = [*(item.span.start for item in items[1:]), last]
            for index, (item, item_end) in enumerate(zip(items, ends, strict=False)):
                yield from _unknown(item, inside.item, item_path(at, index), item_end)


def _entries(node: Node, end: int) -> Iterator[tuple[Entry, int]]:
    """Yields the entries of a mapping, each with where the next begins; nothing of what is no mapping."""
    if isinstance(node, Mapping):
        starts = [*(entry.key.span.start for entry in node.entries[1:]), end]
        yield from zip(node.entries, starts, strict=False)


def _is_account(root: Mapping) -> bool:
    keys = {entry.key.text for entry in root.entries}
    return "equity" in keys or (bool(keys) and keys <= ACCOUNT.known)


def _is_venue(root: Mapping) -> bool:
    """Whether only symbols stand at the top, and behind each a mapping with a key that only a venue has."""
    return bool(root.entries) and all(
        not isinstance(read_symbol(entry.key.text.strip()), Mistake)
        and isinstance(entry.value, Mapping)
        and any(inner.key.text in _OF_VENUES for inner in entry.value.entries)
        for entry in root.entries
    )


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
    message = f"{quote(node.text)} has no terms for {quote(symbol)}; it has {listed}"
    help = f"did you mean {quote(near)}?" if near else f"add a mapping under {quote(symbol)} to that file"
    reader.report(BAD_FILE, node.span, "venue", message, help)
    return Unreadable(node.span)
