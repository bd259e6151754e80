"""A diagnostic is one thing wrong with a plan: what, where, how bad, and one way to mend it.

It is complete when made. A kind of diagnostic (a rule) has a permanent code and a name that describes the bad
pattern, so that "allow liquidation-before-stop" reads as a sentence.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from scaleplan.source import Source, Span


class Severity(StrEnum):
    """How bad: an error makes the plan invalid, a warning asks for a second look, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Kind(NamedTuple):
    """A kind of problem: its permanent code, its name, its usual severity and, in one sentence, what it is."""

    code: str
    name: str
    severity: Severity
    what: str


class Related(NamedTuple):
    """Another place that the message speaks of, and what stands there."""

    span: Span
    message: str


class Edit(NamedTuple):
    """What a help does to the text: a place, and what is written there instead."""

    span: Span
    text: str


class Diagnostic(NamedTuple):
    """One problem at one place. `path` counts from 0: `tiers[1].price`; it is empty for the file as a whole.

    `rest` is how many problems it stands for that are not listed; 0 for a problem of its own.
    """

    kind: Kind
    severity: Severity
    span: Span
    path: str
    message: str
    help: str
    related: tuple[Related, ...] = ()
    rest: int = 0
    #: What the help does, where it is one replacement; absent where the trader has a choice.
    edit: Edit | None = None

    @property
    def code(self) -> str:
        """Returns the permanent code of the kind: SP401."""
        return self.kind.code

    @property
    def counts_as(self) -> int:
        """Returns how many problems it counts as."""
        return self.rest or 1


def problem(
    kind: Kind,
    span: Span,
    path: str,
    message: str,
    help: str,
    related: Iterable[Related] = (),
    *,
    severity: Severity | None = None,
) -> Diagnostic:
    """Makes a diagnostic of `kind`, at the kind's usual severity unless another is given."""
    return Diagnostic(kind, severity or kind.severity, span, path, message, help, tuple(related))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Returns whether any of them is at error level."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def count_of(diagnostics: Iterable[Diagnostic], severity: Severity) -> int:
    """Returns how many problems of a severity there are, those counted that are not listed."""
    return sum(diagnostic.counts_as for diagnostic in diagnostics if diagnostic.severity is severity)


def condensed(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics with as much of their sources as reports show, to be kept while others are read."""
    found = tuple(diagnostics)
    offsets: dict[Source, set[int]] = {}
    for diagnostic in found:
        for span in (diagnostic.span, *(related.span for related in diagnostic.related)):
            offsets.setdefault(span.source, set()).update((span.start, span.end))
    kept = {source: source.condensed(places) for source, places in offsets.items()}

    def moved(span: Span) -> Span:
        return span._replace(source=kept[span.source])

    return tuple(
        diagnostic._replace(
            span=moved(diagnostic.span),
            edit=None,
            related=tuple(related._replace(span=moved(related.span)) for related in diagnostic.related),
        )
        for diagnostic in found
    )


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Returns errors, then warnings, then notes; each as a reader goes through the text: by place, then by code.

    What stands for others comes last at its place.
    """
    found = tuple(diagnostics)
    if len(found) < 2:
        return found
    return tuple(sorted(found, key=_place))


def _place(diagnostic: Diagnostic) -> tuple[int, str, int, int, bool, str, str]:
    span, kind = diagnostic.span, diagnostic.kind
    rank = _RANKS[diagnostic.severity]
    return rank, span.source.name, span.start, span.end, diagnostic.rest > 0, kind.code, diagnostic.message
