"""Nodes to a plan and an index of places; all mistakes at once.

`read_plan` is the way in: bytes to a `Reading`. Short forms are spelt out, files that the plan names are put in
their place and overrides applied while it is still a tree; then each section is read by its own module.
Accounts and venue files are read through the plans that name them; `read_beside` reads one on its own, so that a hook
which is handed every changed file says what is wrong with these too.
"""

import re
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.decode.files import Files, insert_files
from scaleplan.decode.keys import PLAN
from scaleplan.decode.kinds import NOT_A_PLAN
from scaleplan.decode.money import Terms, read_account
from scaleplan.decode.plan import UNKNOWN_SYMBOL, Outline, decode_plan
from scaleplan.decode.reader import Reader, shape
from scaleplan.decode.short import spell_out
from scaleplan.decode.terms import NO_TERMS, VenueTerms, read_venue
from scaleplan.diagnostic import Diagnostic
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.amount import read_symbol
from scaleplan.quantity.form import Mistake
from scaleplan.source import Span
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence, Tree, Unreadable, item_path, key_path
from scaleplan.tree.read import read_tree

if TYPE_CHECKING:
    from scaleplan.decode.overrides import Change, Override
    from scaleplan.decode.template import SignalBar, Template

__all__ = [
    "Files",
    "Outline",
    "Places",
    "Reading",
    "read_beside",
    "read_plan",
    "read_venue_file",
]


#: Bytes without which a text has no word of templates.
_MAY_BE_TEMPLATE = re.compile(rb"(?i)signal|column|\batr\b")
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
        """Returns the span of a path, or of the nearest part around it that is written."""
        return self.spans[self.nearest(path)]

    def text(self, path: str) -> str:
        """Returns what was typed at a path, without quotes around it; nothing where that is not written."""
        span = self.spans.get(path)
        return "" if span is None else span.text.strip("'\" ")

    def nearest(self, path: str) -> str:
        """Returns the path itself, or that of the nearest part around it that is written."""
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


class Reading(NamedTuple):
    """What was read: the plan (absent where a mistake of YAML or shape stands in the way), and every mistake.

    `kind` is `plan`, or what the file is instead: the `account` or the `venue` that plans name. `root` is what the
    trader wrote, before files and overrides were put in their place. `outline` is what could be read of a plan with
    mistakes. `changes` are what the overrides did. `template` is what the plan was made of, if it was made of one.
    """

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    places: Places | None
    kind: str = "plan"
    root: Node | None = None
    outline: Outline | None = None
    changes: "tuple[Change, ...]" = ()
    template: "Template | None" = None


def read_plan(
    name: str,
    data: bytes,
    overrides: "tuple[Override, ...]" = (),
    files: Files | None = None,
    account: Node | None = None,
    moment: "SignalBar | None" = None,
) -> Reading:
    """Reads the plan in `data`, a file called `name`; paths inside it are relative to its folder.

    `files` are those read so far in this run, `account` is that of a plan that has none. A template is read as the
    plan that it is at a `moment`; without one as that of a moment that stands in, of which shape alone can be judged.
    """
    files = files or Files()
    tree = files.plan(name, data)
    reader = Reader(tree.diagnostics)
    root = tree.root
    kind = _kind(root) if isinstance(root, Mapping) else "plan"
    if not isinstance(root, Mapping) or kind != "plan":
        _not_a_plan(reader, tree)
        return Reading(None, tuple(reader.diagnostics), None, kind, root)
    # What replaces a whole section comes first, because it may be a short form or a path itself.
    sections = [(number, override) for number, override in enumerate(overrides) if len(override.steps) == 1]
    read, changes = _changed(root, sections, reader)
    if account is not None and all(entry.key.text != "account" for entry in read.entries):
        read = read._replace(entries=(*read.entries, Entry(Scalar("account", account.span), account)))
    read = spell_out(insert_files(read, name, reader, files), reader)
    inside = [(number, override) for number, override in enumerate(overrides) if len(override.steps) > 1]
    if inside:
        read, more = _changed(read, inside, reader)
        read, changes = spell_out(read, reader), tuple(sorted((*changes, *more)))
    reader.root = read
    template: Template | None = None
    if overrides or _MAY_BE_TEMPLATE.search(data):
        from scaleplan.decode.lowered import decode_template  # noqa: PLC0415 - most are plans

        read, decoded, template = decode_template(reader, read, name, moment)
    else:
        decoded = decode_plan(reader, read, name)
    plan, outline = (None, decoded) if isinstance(decoded, Outline) else (decoded, None)
    return Reading(plan, tuple(reader.diagnostics), Places(read), kind, root, outline, changes, template)


def _changed(
    root: Mapping, overrides: "list[tuple[int, Override]]", reader: Reader
) -> "tuple[Mapping, tuple[Change, ...]]":
    if not overrides:
        return root, ()
    from scaleplan.decode.overrides import apply_overrides  # noqa: PLC0415 - most runs have none

    return apply_overrides(root, overrides, reader)


def _kind(root: Mapping) -> str:
    keys = {entry.key.text for entry in root.entries}
    if "equity" in keys and keys.isdisjoint(key.name for key in PLAN.required):
        return "account"
    if keys and all("/" in key for key in keys) and all(isinstance(entry.value, Mapping) for entry in root.entries):
        return "venue"
    return "plan"


def _not_a_plan(reader: Reader, tree: Tree) -> None:
    root = tree.root
    if root is None or isinstance(root, Unreadable):
        return
    keys = ", ".join(f"`{key.name}:`" for key in PLAN.required)
    message, help = f"{shape(root)} stands where a plan's keys belong", f"write a plan: {keys}, `size:` and `stop:`"
    span = root.span
    if isinstance(root, Mapping):
        kind = _kind(root)
        example = "`account: ./account.yaml`" if kind == "account" else "`venue: ./venue.yaml`"
        message, help = (
            f"the file holds {'an account' if kind == 'account' else 'a venue'}, not a plan",
            f"name it in a plan, as {example}",
        )
        span = root.entries[0].key.span
    reader.report(NOT_A_PLAN, span, "", message, help)


def read_beside(name: str, data: bytes, kind: str, tree: Tree | None = None) -> tuple[Diagnostic, ...]:
    """Returns what is wrong with a file as an `account` or a `venue`, whichever `kind` says.

    A `tree` that was read of it before need not be read again.
    """
    tree = tree or read_tree(name, data)
    reader = Reader(tree.diagnostics)
    if isinstance(tree.root, Mapping):
        if kind == "account":
            read_account(reader, tree.root, Terms(UNKNOWN_SYMBOL, Contract.LINEAR))
        else:
            for entry in tree.root.entries:
                _read_symbol_terms(reader, entry)
    return tuple(reader.diagnostics)


def read_venue_file(name: str, data: bytes) -> tuple[dict[str, VenueTerms], tuple[Diagnostic, ...]]:
    """Returns the terms of every symbol of a venue file as plans read them, and what is wrong with it."""
    tree = read_tree(name, data)
    reader = Reader(tree.diagnostics)
    entries = tree.root.entries if isinstance(tree.root, Mapping) else ()
    found = {entry.key.text: _read_symbol_terms(reader, entry) for entry in entries}
    return found, tuple(reader.diagnostics)


def _read_symbol_terms(reader: Reader, entry: Entry) -> VenueTerms:
    symbol = read_symbol(entry.key.text.strip())
    if isinstance(symbol, Mistake):
        reader.mistake(symbol, entry.key, "")
        return NO_TERMS
    inverse = bool(symbol.settle) and symbol.settle.upper() == symbol.base.upper()
    return read_venue(reader, entry.value, None, Terms(symbol, Contract.INVERSE if inverse else Contract.LINEAR))
