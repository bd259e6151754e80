"""A page is what a command has to say to people, in parts and no styles: every form of output is made of it.

A new command needs a page of its own, and a record (see `record`) for programs; together they are about 40 lines:

    def costs_page(study: Study, medium: Medium) -> Page:
        figures, tiers = figures_of(study.plan, study.ladder), study.ladder.steps
        return Page(
            (
                Title(head(study.plan)),
                Sentence((Cell("what each tier costs to fill"),)),
                Heading("Tiers"),
                Table(
                    (
                        column("tier", [str(tier.tier) for tier in tiers], left=True),
                        column("fee", [figures.fee(tier.fill.fee) for tier in tiers]),
                        column("price", [figures.price(tier.fill.price) for tier in tiers], since=WIDE),
                    )
                ),
                FactList((Fact("all in", figures.fee(study.ladder.totals.fees)),)),
            ),
            study.diagnostics,
        )

    def costs_record(study: Studied) -> Record:
        tiers = study.ladder.steps if study.ladder else ()
        return about(study, "costs") | {"tiers": [of(tier.fill, "price", "fee") for tier in tiers]}

    rendered(lambda medium: [costs_page(study, medium)], format, medium, colour=colour)  # table, md, html
    to_json(costs_record(study)), csv_table(COLUMNS, TEXTS, costs_record(study)["tiers"])  # json, csv

A page is built for a medium: a terminal of some width, or a document that is read anywhere (Markdown, HTML). Where the
two say the same thing in another order or with other columns, the function that builds the page decides it.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.report.drawings import Drawn
from scaleplan.report.visible import cells as text_width

if TYPE_CHECKING:
    from scaleplan.diagnostic import Diagnostic

#: The widths from which a table offers its second and its third set of columns a place.
WIDE = 100
WIDEST = 140
#: A column without which there is no table, and one that is welcome wherever there is room.
ESSENTIAL, WELCOME = 0, 1
#: Sentences are not read well in longer lines than this.
PROSE = 100
#: More columns than any terminal has.
UNLIMITED = 100_000
#: The columns of what goes into a pipe or a file, and of what stands in a fence.
COLUMNS = 80


class Role(StrEnum):
    """What a text is; a terminal marks it by attributes, which never say more than the words."""

    PLAIN = "plain"
    STRONG = "strong"
    FAINT = "faint"
    HEAD = "head"
    LOSS = "loss"
    GAIN = "gain"
    CAUTION = "caution"
    ALARM = "alarm"


class Cell(NamedTuple):
    """A text without control characters, and its role."""

    text: str
    role: Role = Role.PLAIN


class Title(NamedTuple):
    """What the page is about: its name, and what stands behind that.

    `gap` blanks follow the name where there is room; `tight` is a title whose rest, alone in a line, has single blanks.
    """

    cells: tuple[Cell, ...]
    gap: int = 2
    tight: bool = False


class Heading(NamedTuple):
    """A heading of a document. In a terminal it is an empty line, and a heading with its note only where `shown`.

    Without a title it is an empty line in a terminal, and nothing in a document.
    """

    title: str = ""
    level: int = 2
    shown: bool = False
    note: str = ""


class Sentence(NamedTuple):
    """A sentence, or several beside each other where there is room; a `lead` says what the page comes to.

    In a terminal lines have at most `limit` columns, and all but the first are indented by `hang`.
    """

    cells: tuple[Cell, ...]
    lead: bool = False
    limit: int = PROSE
    hang: int = 2


class Fact(NamedTuple):
    """A label and what it says; `path` is an example of that, a list of events.

    `mark` is the role of the label where it says more than a head: what holds, and what does not.
    """

    label: str
    text: str
    role: Role = Role.PLAIN
    path: str = ""
    mark: Role = Role.HEAD


class FactList(NamedTuple):
    """FactList under each other, the labels in a column of their own."""

    facts: tuple[Fact, ...]


class Column(NamedTuple):
    """A head, a cell for every row, and the width of a terminal from which on the column is offered a place.

    A column to `spare` is left out before its table stops being one.
    """

    head: str
    cells: tuple[Cell, ...]
    left: bool = False
    since: int = ESSENTIAL
    spare: bool = False

    @property
    def width(self) -> int:
        """The cells that the widest of head and cells takes."""
        return max((text_width(self.head), *(text_width(cell.text) for cell in self.cells)))


class Table(NamedTuple):
    """Columns, and texts that stand under a row in a terminal and in a last column, `under_head`, of a document.

    With `told_under`, a column that finds no place in a terminal is told under each row. `least_gap` is the fewest
    blanks between columns before the table is laid out as a stack of rows. `short_rules` are those of Markdown.
    """

    columns: tuple[Column, ...]
    under: tuple[tuple[Cell, ...], ...] = ()
    under_head: str = "notes"
    told_under: bool = False
    least_gap: int = 1
    short_rules: bool = False

    @property
    def with_notes(self) -> tuple[Column, ...]:
        """The columns of a document: the last one has what stands under the rows of a terminal."""
        notes = ["; ".join(cell.text for cell in cells if cell.text) for cells in self.under]
        return (*self.columns, column(self.under_head, notes, left=True)) if any(notes) else self.columns


class Bar(NamedTuple):
    """One bar of a chart: what it stands for, its size in words, and the size."""

    label: str
    text: str
    size: Decimal
    role: Role = Role.PLAIN


class Chart(NamedTuple):
    """Bars under each other, each as long beside the others as its size says."""

    bars: tuple[Bar, ...]


class Branches(NamedTuple):
    """Branches, each with its depth; a depth of 0 begins at the margin, an empty text is an empty line."""

    branches: Iterable[tuple[int, str]]


Part = Title | Heading | Sentence | FactList | Table | Chart | Drawn | Branches


class Folded(NamedTuple):
    """Facts or a table below the page; a document shows it when it is asked to, a terminal under its title."""

    title: str
    part: FactList | Table


class Page(NamedTuple):
    """The parts from top to bottom, below them what is wrong with the plan, and in a terminal the answer once more.

    The `answer` ends what scrolls: where diagnostics follow the figures, the headline has left the screen.
    """

    parts: tuple[Part, ...]
    diagnostics: "tuple[Diagnostic, ...]" = ()
    answer: Sentence | None = None
    folded: tuple[Folded, ...] = ()


class Medium(NamedTuple):
    """What a page is built for: a terminal of a width, with block characters or without; or a document."""

    width: int = COLUMNS
    blocks: bool = True
    document: bool = False


#: The medium of Markdown and HTML: columns for a wide page, and nothing that needs a width.
DOCUMENT = Medium(WIDE, document=True)


def column(head: str, texts: Iterable[str], *, left: bool = False, since: int = ESSENTIAL) -> Column:
    """Returns a column of plain texts."""
    return Column(head, tuple(map(Cell, texts)), left, since)


def table_of(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Returns a table of rows of plain texts; the first column says what each row is."""
    return Table(tuple(column(head, [row[at] for row in rows], left=not at) for at, head in enumerate(heads)))


def capital(text: str) -> str:
    """Returns a sentence with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def diagnostic_words(diagnostic: "Diagnostic") -> tuple[str, str, str]:
    """Returns what a document says of a problem: its severity and rule, its place, and what is wrong."""
    source = diagnostic.span.source
    line, column = source.position(diagnostic.span.start)
    rule = f"{diagnostic.severity} {diagnostic.code} {diagnostic.kind.name}"
    return rule, f"{source.name}:{line}:{column}", f"{diagnostic.message}; {diagnostic.help}"


def rendered(build: Callable[[Medium], Iterable[Page]], format: str, medium: Medium, *, colour: bool) -> str:
    """Returns pages as Markdown (`md`), as one document of HTML (`html`), or in any other format as a terminal's text.

    Without `colour` a terminal's text has no control code in it.
    """
    if format == "md":
        from scaleplan.report.page_markdown import markdown  # noqa: PLC0415 - each form is loaded where it is asked for

        return markdown(build(DOCUMENT))
    if format == "html":
        from scaleplan.report.page_html import html  # noqa: PLC0415

        return html(build(DOCUMENT))
    from scaleplan.report.page_terminal import terminal  # noqa: PLC0415

    return terminal(build(medium), medium, colour=colour)
