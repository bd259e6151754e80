"""A collector lists as many problems of a kind in a file as a person would still read, and counts the rest.

The rest is one diagnostic more, `too-many-problems`: as severe as those that it stands for, and counted as so many.
While a file is read only errors are counted so: a warning may be ignored by a comment, which is known at the end.
"""

from collections.abc import Iterable

from scaleplan.diagnostic import Diagnostic, Kind, Severity, in_order, problem
from scaleplan.source import Span
from scaleplan.tree.kinds import TOO_MANY_PROBLEMS

#: How many problems of one kind in one file are listed.
LISTED = 20


class Collector:
    """Problems as they are found. `found` is complete at every moment: those listed, and those that count the rest.

    With `all_kinds` warnings and notes are counted too where there are many, not only errors.
    """

    __slots__ = ("_all_kinds", "_rest", "_taken", "found")

    def __init__(self, *, all_kinds: bool = False) -> None:
        """Begins with nothing found."""
        self._all_kinds = all_kinds
        self.found: list[Diagnostic] = []
        self._taken: dict[tuple[str, Severity, str], int] = {}
        self._rest: dict[tuple[str, Severity, str], int] = {}

    def has_room(self, kind: Kind, span: Span) -> bool:
        """Returns whether another problem of a kind would be listed; asked before a message is put together.

        If not, it is counted, and nothing more need be said of it.
        """
        key = (kind.code, kind.severity, span.source.name)
        if self._is_open(key):
            return True
        self._count(key, kind, 1)
        return False

    def add(self, diagnostic: Diagnostic) -> None:
        """Lists a problem, or counts it where enough of its kind are listed."""
        kind = diagnostic.kind
        key = (kind.code, diagnostic.severity, diagnostic.span.source.name)
        if diagnostic.rest or self._is_open(key):
            self._taken[key] = self._taken.get(key, 0) + 1
            self.found.append(diagnostic)
        else:
            self._count(key, kind, 1)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Lists or counts several."""
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def _is_open(self, key: tuple[str, Severity, str]) -> bool:
        return self._taken.get(key, 0) < LISTED or not (self._all_kinds or key[1] is Severity.ERROR)

    def _count(self, key: tuple[str, Severity, str], kind: Kind, more: int) -> None:
        index = self._rest.get(key)
        if index is None:
            last = max((found for found in self.found if found.kind is kind), key=lambda found: found.span.start)
            self._rest[key] = len(self.found)
            self.found.append(_rest(kind, key[1], last.span, more))
        else:
            counted = self.found[index]
            self.found[index] = _rest(kind, key[1], counted.span, counted.rest + more)


def listed(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Returns of each kind in a file as many as are listed, and what counts the rest, in the order of the text."""
    ordered = in_order(diagnostics)
    if len(ordered) <= LISTED:
        return ordered
    collector = Collector(all_kinds=True)
    collector.extend(ordered)
    return in_order(collector.found)


def _rest(kind: Kind, severity: Severity, span: Span, count: int) -> Diagnostic:
    """Returns the diagnostic that stands for those of a kind that are not listed."""
    message = f"{count:,} more of {kind.code} {kind.name} {'is' if count == 1 else 'are'} not listed"
    summary = problem(TOO_MANY_PROBLEMS, span, "", message, "mend those above first", severity=severity)
    return summary._replace(rest=count)
