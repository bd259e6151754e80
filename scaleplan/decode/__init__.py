"""Nodes to a plan and an index of places; all mistakes at once.

`read_plan` is the one way in: bytes to a `Reading`. Short forms are spelt out, files that the plan names are put in
their place and overrides applied while it is still a tree; then each section is read by its own module.
"""

from typing import NamedTuple

from scaleplan.decode.files import with_files
from scaleplan.decode.keys import ACCOUNT, PLAN
from scaleplan.decode.kinds import NOT_A_PLAN
from scaleplan.decode.overrides import Override, apply, equity_override, read_override
from scaleplan.decode.places import Places
from scaleplan.decode.plan import plan
from scaleplan.decode.reader import Reader, shape
from scaleplan.decode.short import spelt_out
from scaleplan.diagnostic import Diagnostic
from scaleplan.plan import Plan
from scaleplan.quantity.exact import exact
from scaleplan.tree import Mapping, Tree, Unreadable
from scaleplan.tree.read import read_tree

__all__ = ["Override", "Places", "Reading", "equity_override", "kind_of", "read_override", "read_plan"]


class Reading(NamedTuple):
    """What was read: the plan (absent where a mistake of YAML or shape stands in the way), and every mistake."""

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    places: Places | None


@exact
def read_plan(name: str, data: bytes, overrides: tuple[Override, ...] = ()) -> Reading:
    """Read the plan in `data`, a file called `name`; paths inside it are relative to its folder."""
    tree = read_tree(name, data)
    reader = Reader()
    reader.diagnostics.extend(tree.diagnostics)
    root = tree.root
    if not isinstance(root, Mapping) or _kind(root) != "plan":
        _not_a_plan(reader, tree)
        return Reading(None, tuple(reader.diagnostics), None)
    # What replaces a whole section comes first, because it may be a short form or a path itself.
    root = apply(root, tuple(change for change in overrides if len(change.steps) == 1), reader)
    root = spelt_out(with_files(root, name, reader), reader)
    deep = tuple(change for change in overrides if len(change.steps) > 1)
    if deep:
        root = spelt_out(apply(root, deep, reader), reader)
    read = plan(reader, root, name)
    return Reading(read, tuple(reader.diagnostics), Places(root))


def kind_of(name: str, data: bytes) -> str:
    """Whether a file is a `plan`, or an `account` or `venue` file that plans name: told by its top-level keys."""
    root = read_tree(name, data).root
    return _kind(root) if isinstance(root, Mapping) else "plan"


def _kind(root: Mapping) -> str:
    keys = {entry.key.text for entry in root.entries}
    if "equity" in keys and keys <= set(ACCOUNT.names):
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
