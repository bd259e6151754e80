"""The page of `show`, in the order of a trader's eye.

What is lost if wrong and made if right; the tiers with risk and liquidation; the targets; what each count of filled
tiers would bring; what all of it rests on; and what is wrong with the plan.
"""

from collections.abc import Iterator, Sequence

from scaleplan.ladder import Ladder
from scaleplan.report.assumptions import assumptions
from scaleplan.report.figures import NOT_APPLICABLE, Figures, figures_of
from scaleplan.report.layout import table_width
from scaleplan.report.page import (
    UNLIMITED,
    WIDE,
    WIDEST,
    Cell,
    Column,
    Fact,
    FactList,
    Heading,
    Medium,
    Page,
    Part,
    Role,
    Sentence,
    Table,
    Title,
    capital,
    column,
)
from scaleplan.report.sentences import all_at_first, all_in, best, head, more, payoff, worst, wrong
from scaleplan.report.show.columns import outcomes, target_columns, tier_columns
from scaleplan.report.visible import visible
from scaleplan.report.words import never_hit, runner_words, target_words, tier_words, unlike_listed
from scaleplan.study import Study

#: The blanks behind a plan's name.
_NAME_GAP = 6
#: Fewer columns than this a line, and the table of counts goes down the page instead of across.
_FEWEST_ACROSS = 3
#: Of fewer results there is nothing to tell apart.
_FEWEST_RESULTS = 2
#: From so many columns on heads are explained.
_EXPLAINED = 120
#: More tiers and targets than these and the drawing between the tables would part them.
_MOST_LEVELS = 16
_IF_ONLY = "if only tiers"


def show_page(study: Study, medium: Medium) -> Page:
    """Returns the figures of a plan."""
    plan, ladder = study.plan, study.ladder
    figures = figures_of(plan, ladder)
    several = len(ladder.steps) > 1
    below = [all_at_first(figures, ladder) if several else None, payoff(ladder)]
    rests_on = assumptions(figures, ladder, distances=medium.width >= WIDE, today=study.today)
    return Page(
        (
            Title(head(plan), _NAME_GAP),
            *_leads(study, figures, medium),
            *(_ladder(figures, ladder, medium) if medium.document else ()),
            Heading("Tiers"),
            _tiers(figures, ladder, medium),
            FactList((all_in(figures, ladder),)),
            *(() if medium.document else _ladder(figures, ladder, medium)),
            *(_targets(figures, ladder, medium) if ladder.exits else ()),
            *(_if_only(study, figures, medium) if several else ()),
            Heading("Assumptions"),
            FactList((*(fact for fact in below if fact), *map(_dim, (*_heads(ladder, medium), *rests_on)))),
        ),
        study.diagnostics,
        _answer(study, figures),
    )


def _heads(ladder: Ladder, medium: Medium) -> list[Fact]:
    """What the heads about liquidation mean, once, where there is room to say it and a figure that they head."""
    if (
        medium.document
        or medium.width < _EXPLAINED
        or not any(step.position.liquidation.price for step in ladder.steps)
    ):
        return []
    facts = [Fact("past stop", "how far behind the stop liquidation lies, as a share of the stop")]
    if medium.width >= WIDEST:
        facts.append(Fact("from price", "how far liquidation lies from the price of the tier, as a share of it"))
    return facts


def _dim(fact: Fact) -> Fact:
    """What all figures rest on stands back behind them, unless it warns of something."""
    return fact._replace(role=Role.FAINT) if fact.role is Role.PLAIN else fact


def _answer(study: Study, figures: Figures) -> Sentence:
    return Sentence((worst(figures, study.ladder), best(figures, study.ladder)), limit=UNLIMITED)


def _leads(study: Study, figures: Figures, medium: Medium) -> list[Sentence]:
    ladder = study.ladder
    first = _answer(study, figures).cells
    last = tuple(cell for cell in (*more(figures, ladder), wrong(study)) if cell)
    if medium.document:
        return [Sentence((*first, *last), lead=True)]
    return [_answer(study, figures), *(Sentence((cell,), limit=UNLIMITED, hang=0) for cell in last)]


def _tiers(figures: Figures, ladder: Ladder, medium: Medium) -> Table:
    # What a tier waits for is needed at any width; the rest of its words have room in a wide terminal.
    words = [tier_words(tier) if _has_words(medium) else visible(tier.trigger) for tier in figures.plan.tiers]
    under = [(unlike_listed(step), text) for step, text in zip(ladder.steps, words, strict=True)]
    return _table(tier_columns(figures, ladder, medium.width), under, medium)


def _ladder(figures: Figures, ladder: Ladder, medium: Medium) -> Iterator[Part]:
    """The ladder to scale; in a terminal small, without the words of the tables, where there is room for it."""
    levels = len(ladder.steps) + len(ladder.exits)
    if not medium.document and (medium.width < _EXPLAINED or levels > _MOST_LEVELS):
        return
    from scaleplan.report.chart.page import ladder_scale  # noqa: PLC0415 - most terminals have no room for it

    yield Heading("Ladder")
    yield ladder_scale(figures, ladder, bare=not medium.document)


def _targets(figures: Figures, ladder: Ladder, medium: Medium) -> tuple[Heading, Table]:
    columns = target_columns(figures, ladder)
    words = [
        tuple(text for text in (never_hit(exit_), target_words(figures, target) if _has_words(medium) else "") if text)
        for target, exit_ in zip(figures.plan.targets, ladder.exits, strict=True)
    ]
    last: tuple[str, ...] = (runner_words(figures.plan),) if _has_words(medium) else ()
    runner = [last] * (len(columns[0].cells) - len(words))
    return Heading("Targets"), _table(columns, [*words, *runner], medium)


def _has_words(medium: Medium) -> bool:
    return medium.document or medium.width >= WIDEST


def _table(columns: Sequence[Column], under: Sequence[tuple[str, ...]], medium: Medium) -> Table:
    offered = [each for each in columns if each.since <= WIDE] if medium.document else columns
    return Table(tuple(offered), tuple(tuple(Cell(text, Role.FAINT) for text in texts) for texts in under))


def _if_only(study: Study, figures: Figures, medium: Medium) -> Iterator[Part]:
    """What each set of filled tiers would bring: in a terminal across while a few fit beside each other, else down."""
    matrix = study.every_path.matrix()
    if matrix.missing:
        yield Heading("If only some tiers fill")
        missing = Fact(_IF_ONLY, matrix.missing)
        yield Sentence((Cell(capital(matrix.missing)),)) if medium.document else FactList((missing,))
    elif len(matrix.results) >= _FEWEST_RESULTS:
        filled, rows, notes = outcomes(figures, study.ladder, matrix)
        yield Heading("If only some tiers fill")
        if medium.document:
            yield Table((column("tiers filled", filled, left=True), *rows))
            yield from [Sentence((Cell("; ".join(f"{note.label} {note.text}" for note in notes)),))] if notes else []
        else:
            yield from _across(rows, filled, medium.width) or [_down(rows, filled)]
            yield FactList(notes)


def _across(rows: Sequence[Column], filled: Sequence[str], width: int) -> list[Part]:
    """Tables of as many sets of tiers as fit beside each other; nothing where these are too few."""
    names = column(_IF_ONLY, [row.head for row in rows], left=True)
    ends = column("fill", [""] * len(rows), left=True)
    columns = [Column(tiers, tuple(row.cells[index] for row in rows)) for index, tiers in enumerate(filled)]
    across = (width - table_width([names, ends], 2)) // (max(each.width for each in columns) + 2)
    if across < min(_FEWEST_ACROSS, len(columns)):
        return []
    parts: list[Part] = []
    for start in range(0, len(columns), across):
        parts += [*([Heading()] if start else []), Table((names, *columns[start : start + across], ends))]
    return parts


def _down(rows: Sequence[Column], filled: Sequence[str]) -> Table:
    blank = Cell(NOT_APPLICABLE)
    columns = [Column(row.head, tuple(cell if cell.text else blank for cell in row.cells)) for row in rows]
    return Table((column(_IF_ONLY, filled, left=True), *columns), least_gap=2)
