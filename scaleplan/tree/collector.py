"""A collector keeps the problems of one text up to a number that a person would still read, and counts the others."""

from collections.abc import Iterable

from scaleplan.diagnostic import Diagnostic, in_order, problem
from scaleplan.tree.kinds import NOT_YAML, TOO_DEEP, TOO_MANY_NODES, TOO_MANY_PROBLEMS

#: How many problems of one text are listed.
LISTED = 100

# These say why the rest of the text was not read, so they are listed whatever else there is.
_ENDS = (NOT_YAML, TOO_DEEP, TOO_MANY_NODES)


class Collector:
    """Problems as they are found."""

    __slots__ = ("found", "more")

    def __init__(self) -> None:
        """Begin with nothing found."""
        self.found: list[Diagnostic] = []
        self.more = 0

    def has_room(self) -> bool:
        """Whether another one would be listed; asked before a message is put together. If not, it is counted."""
        if len(self.found) < LISTED:
            return True
        self.more += 1
        return False


def listed(found: Iterable[Diagnostic], more: int) -> tuple[Diagnostic, ...]:
    """The first of the problems in the order of the text, and one that counts those left out."""
    ordered = in_order(found)
    if not ordered and not more:
        return ()
    others = [diagnostic for diagnostic in ordered if diagnostic.kind not in _ENDS]
    room = max(0, LISTED - (len(ordered) - len(others)))
    left_out = len(others[room:]) + more
    if not left_out:
        return ordered
    ends = [diagnostic for diagnostic in ordered if diagnostic.kind in _ENDS]
    kept = in_order([*ends, *others[:room]])
    message = f"{left_out:,} more problem{'s are' if left_out > 1 else ' is'} not listed"
    return (*kept, problem(TOO_MANY_PROBLEMS, kept[-1].span, "", message, "mend those above first"))
