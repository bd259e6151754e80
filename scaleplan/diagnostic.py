"""A diagnostic is one thing wrong with a plan: what, where, how bad, and one way to mend it.

It is complete when made. A kind of diagnostic (a rule) has a permanent code and a name that describes the bad
pattern, so that "allow liquidation-before-stop" reads as a sentence.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, Self

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
    """A change of a text: a place, and what is written there instead. An empty place is where something is added."""

    span: Span
    text: str


class Help(str):
    """What would mend a problem, in words; where these name a change of the text, also that change.

    `instead` are texts of which each may stand at the problem's place. `edits` are changes of other places, each a way
    out by itself. A help that is put together with other words is words alone.
    """

    __slots__ = ("edits", "instead")
    instead: tuple[str, ...]
    edits: tuple[Edit, ...]

    def __new__(cls, words: str, instead: tuple[str, ...] = (), edits: tuple[Edit, ...] = ()) -> Self:
        """Makes a help of its words and what they change."""
        made = super().__new__(cls, words)
        made.instead, made.edits = instead, edits
        return made

    def then(self, words: str) -> "Help":
        """Returns the help with words behind it that change nothing."""
        return Help(self + words, self.instead, self.edits)

    def at(self, span: Span) -> tuple[Edit, ...]:
        """Returns all that the help changes where the problem's place is `span`."""
        return (*(Edit(span, text) for text in self.instead), *self.edits)


def within(help: str, before: str, after: str) -> Help:
    """Returns the help for a text of which the problem is only a part, with what stands around it."""
    texts = [f"{before}{text}{after}" for text in help.instead] if isinstance(help, Help) else []
    return write(*texts) if texts else Help(help)


def write(*texts: str, how: str = "", more: str = "") -> Help:
    """Makes a help that names what to write at the problem's place: a text, or several to choose from."""
    *others, last = (f"`{text}`" for text in texts)
    listed = f"{', '.join(others)} or {last}" if others else last
    return Help(f"write {how}{listed}{more}", texts)


def add(line: str, place: Span, *, more: str = "", as_line: str = "") -> Help:
    """Makes a help that adds `key: value` to the mapping that begins at `place`, in braces or in lines.

    `as_line` is what to add where the words show less than that.
    """
    begin, line_or_item = place.start, as_line or line
    text = place.source.text
    if text.startswith("{", begin):
        return Help(f"add `{line}`{more}", (), (Edit(Span(place.source, begin + 1, begin + 1), f"{line_or_item}, "),))
    column = begin - (text.rfind("\n", 0, begin) + 1)
    edit = Edit(Span(place.source, begin, begin), f"{line_or_item}\n{' ' * column}")
    return Help(f"add `{line}`{more}", (), (edit,))


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
    #: What the help changes, each a way out by itself; none where it leaves a choice to the trader.
    edits: tuple[Edit, ...] = ()

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
    edits = help.at(span) if isinstance(help, Help) else ()
    return Diagnostic(kind, severity or kind.severity, span, path, message, help, tuple(related), edits=edits)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Returns whether any of them is at error level."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def has_doubts(diagnostics: Iterable[Diagnostic]) -> bool:
    """Returns whether any of them is more than a note."""
    return any(diagnostic.severity is not Severity.NOTE for diagnostic in diagnostics)


def count_of(diagnostics: Iterable[Diagnostic], severity: Severity) -> int:
    """Returns how many problems of a severity there are, those counted that are not listed."""
    return sum(diagnostic.counts_as for diagnostic in diagnostics if diagnostic.severity is severity)


def condensed(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics with as much of their sources as reports show, to be kept while others are read."""
    found = tuple(diagnostics)
    offsets: dict[Source, set[int]] = {}
    for diagnostic in found:
        others = (related.span for related in diagnostic.related)
        for span in (diagnostic.span, *others, *(edit.span for edit in diagnostic.edits)):
            offsets.setdefault(span.source, set()).update((span.start, span.end))
    kept = {source: source.condensed(places) for source, places in offsets.items()}

    def moved(span: Span) -> Span:
        return span._replace(source=kept[span.source])

    return tuple(
        diagnostic._replace(
            span=moved(diagnostic.span),
            help=str(diagnostic.help),
            edits=tuple(edit._replace(span=moved(edit.span)) for edit in diagnostic.edits),
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
