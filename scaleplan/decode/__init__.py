"""Nodes to a plan and an index of places; all mistakes at once.

`read_plan` is the one way in: bytes to a `Reading`. Short forms are spelt out, files that the plan names are put in
their place and overrides applied while it is still a tree; then each section is read by its own module.
"""

from typing import NamedTuple

from scaleplan.decode.files import Files, insert_files
from scaleplan.decode.keys import PLAN
from scaleplan.decode.kinds import NOT_A_PLAN
from scaleplan.decode.overrides import Change, Override, apply_overrides, equity_override, read_override
from scaleplan.decode.places import Places
from scaleplan.decode.plan import Outline, decode_plan
from scaleplan.decode.reader import Reader, shape
from scaleplan.decode.short import spell_out
from scaleplan.diagnostic import Diagnostic
from scaleplan.plan import Plan
from scaleplan.tree import Entry, Mapping, Node, Scalar, Tree, Unreadable

__all__ = [
    "Change",
    "Files",
    "Outline",
    "Override",
    "Places",
    "Reading",
    "equity_override",
    "kind_of",
    "read_override",
    "read_plan",
]


class Reading(NamedTuple):
    """What was read: the plan (absent where a mistake of YAML or shape stands in the way), and every mistake.

    `kind` is `plan`, or what the file is instead: the `account` or the `venue` that plans name. `root` is what the
    trader wrote, before files and overrides were put in their place. `outline` is what could be read of a plan with
    mistakes. `changes` are what the overrides did.
    """

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    places: Places | None
    kind: str = "plan"
    root: Node | None = None
    outline: Outline | None = None
    changes: tuple[Change, ...] = ()


def read_plan(
    name: str,
    data: bytes,
    overrides: tuple[Override, ...] = (),
    files: Files | None = None,
    account: Node | None = None,
) -> Reading:
    """Read the plan in `data`, a file called `name`; paths inside it are relative to its folder.

    `files` are those read so far in this run, `account` is the one of a plan that has none.
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
    numbered = tuple(enumerate(overrides))
    whole = [one for one in numbered if len(one[1].steps) == 1]
    read, changes = apply_overrides(root, whole, reader)
    if account is not None and all(entry.key.text != "account" for entry in read.entries):
        read = read._replace(entries=(*read.entries, Entry(Scalar("account", account.span), account)))
    read = spell_out(insert_files(read, name, reader, files), reader)
    if len(whole) < len(numbered):
        read, more = apply_overrides(read, (one for one in numbered if len(one[1].steps) > 1), reader)
        read, changes = spell_out(read, reader), tuple(sorted((*changes, *more)))
    found = decode_plan(reader, read, name)
    outline = found if isinstance(found, Outline) else None
    readable = None if isinstance(found, Outline) else found
    return Reading(readable, tuple(reader.diagnostics), Places(read), kind, root, outline, changes)


def _kind(root: Mapping) -> str:
    keys = {entry.key.text for entry in root.entries}
    if "equity" in keys and keys.isdisjoint(PLAN.required):
        return "account"
    if keys and all("/" in key for key in keys) and all(isinstance(entry.value, Mapping) for entry in root.entries):
        return "venue"
    return "plan"


def _not_a_plan(reader: Reader, tree: Tree) -> None:
    root = tree.root
    if root is None or isinstance(root, Unreadable):
        return
    keys = ", ".join(f"`{key.name}:`" for key in PLAN.keys if key.required)
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
