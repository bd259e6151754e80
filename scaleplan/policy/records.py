"""A selection says which kinds of problem are told; a policy is what holds for all plans of a folder."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from scaleplan.diagnostic import Diagnostic, Kind
from scaleplan.policy.kinds import is_always_told
from scaleplan.rules import NO_LIMITS
from scaleplan.tree import Node


class Selection(NamedTuple):
    """What the codes begin with that are told (all, where none are selected), and those that are not."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def over(self, other: "Selection") -> "Selection":
        """This selection, made for one run, over one that holds for a folder: what it selects goes over both lists."""
        if self.select:
            return self
        return Selection(other.select, (*other.ignore, *self.ignore))

    def tells(self, kind: Kind) -> bool:
        """Whether a kind is told."""
        if is_always_told(kind):
            return True
        selected = not self.select or kind.code.startswith(self.select)
        return selected and not kind.code.startswith(self.ignore)

    def of(self, diagnostics: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
        """Those of the diagnostics that are told."""
        if not self.select and not self.ignore:
            return diagnostics
        return [diagnostic for diagnostic in diagnostics if self.tells(diagnostic.kind)]


EVERYTHING = Selection()


class Policy(NamedTuple):
    """What holds for the plans of a folder, as far as it could be read, and the mistakes of the file that says it."""

    selection: Selection = EVERYTHING
    limits: Mapping[str, Decimal] = NO_LIMITS
    account: Node | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


NO_POLICY = Policy()
