"""The page of a comparison of venues: a row a venue, what stands against the plan there, and what it rests on."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from scaleplan.ladder import Ladder, Standing
from scaleplan.plan import Plan
from scaleplan.questions.comparison import DOLLARS, Absent, Comparison, Row
from scaleplan.report.assumptions import model_text, no_maintenance, unknown_because
from scaleplan.report.figures import NOT_APPLICABLE, UNKNOWN, Figures, figures_of, rate
from scaleplan.report.layout import essential, table_width
from scaleplan.report.page import (
    ESSENTIAL,
    WELCOME,
    Cell,
    Column,
    Fact,
    FactList,
    Heading,
    Medium,
    Page,
    Role,
    Sentence,
    Table,
    Title,
)
from scaleplan.report.sentences import head
from scaleplan.report.visible import visible
from scaleplan.report.words import fee_amounts, has_rates
from scaleplan.study import Unread
from scaleplan.venue import UNDATED

#: How the plan's own terms are called in the first row, and in the words below.
OWN = "this plan"
#: The last word: what the table is, and what it is not.
SOBER = "the models and the days of their data differ; all of this is arithmetic on them, nothing here is advice"


class Shown(NamedTuple):
    """A row with the figures that it has; without them only its problems are told."""

    row: Row
    plan: Plan | None
    ladder: Ladder | None

    @property
    def name(self) -> str:
        """The venue, or that it is the plan's own."""
        return self.row.venue or OWN


def shown_rows(comparison: Comparison) -> tuple[Shown, ...]:
    """The rows, the plan's own first."""
    return tuple(Shown(row, row.study.plan, row.study.ladder) for row in (comparison.own, *comparison.rows))


def comparison_page(comparison: Comparison, plan: Plan, ladder: Ladder, medium: Medium) -> Page:
    """Returns the plan by the rules of each venue; a narrow terminal has the first and the last tier alone."""
    rows = shown_rows(comparison)
    figures = _common_figures(plan, ladder, rows)
    columns, all_tiers = _columns(figures, rows, all_tiers=True), True
    if not medium.document and table_width(essential(columns), 2) > medium.width:
        all_tiers = len(plan.tiers) <= 2
        columns = _columns(figures, rows, all_tiers=False)
    against = tuple((Cell(_problems(row.row), Role.ALARM),) for row in rows)
    which = "tier 1 is" if len(plan.tiers) == 1 else "each tier is"
    lead = f"where it is liquidated once {which} filled, by the rules of each venue; the nearest with all in first"
    return Page(
        (
            Title(head(plan), tight=True),
            Sentence((Cell(lead),)),
            Heading(),
            Table(columns, against, "against it", told_under=True),
            Heading(),
            FactList(tuple(_notes(comparison, plan, all_tiers=all_tiers))),
        )
    )


def _common_figures(plan: Plan, ladder: Ladder, rows: Sequence[Shown]) -> Figures:
    """The plan's own figures, with the price digits of the finest row: one number a column."""
    own = figures_of(plan, ladder)
    places = [figures_of(row.plan, row.ladder).places.price for row in rows if row.plan and row.ladder]
    return own._replace(places=own.places._replace(price=max(places)))


def _columns(figures: Figures, rows: Sequence[Shown], *, all_tiers: bool) -> tuple[Column, ...]:
    """The columns, from left to right: where each tier is liquidated (or the first and the last), room, and costs."""
    count = len(figures.plan.tiers)
    numbers = range(1, count + 1) if all_tiers else sorted({1, count})

    def of(
        head: str,
        text: Callable[[Plan, Ladder], str],
        since: int = ESSENTIAL,
        *,
        left: bool = False,
        room: bool = False,
    ) -> Column:
        cells = []
        for row in rows:
            if row.plan is None or row.ladder is None:
                cells.append(Cell(NOT_APPLICABLE, Role.FAINT))
            else:
                role = _room_role(row.ladder.steps[-1].position) if room else Role.PLAIN
                cells.append(Cell(text(row.plan, row.ladder), role))
        return Column(head, tuple(cells), left, since)

    def liquidated(number: int) -> Column:
        return of(f"tier {number}", lambda _, ladder: figures.liquidated(ladder.steps[number - 1].position))

    names = tuple(Cell(row.name, Role.PLAIN if row.row.venue else Role.STRONG) for row in rows)
    return (
        Column("venue", names, left=True),
        *map(liquidated, numbers),
        of("room", lambda _, ladder: figures.room(ladder.steps[-1].position), room=True),
        of("fees", lambda plan, ladder: _fees(figures, plan, ladder)),
        of("buffer", lambda _, ladder: figures.buffer(ladder.steps[-1].position), WELCOME),
        of("maker/taker", lambda plan, _: _rates(plan), WELCOME),
        of("as of", lambda plan, _: _as_of(plan) or NOT_APPLICABLE, WELCOME, left=True),
    )


def _fees(figures: Figures, plan: Plan, ladder: Ladder) -> str:
    return figures.fee(ladder.totals.fees) if plan.fees.written else UNKNOWN


def _rates(plan: Plan) -> str:
    if not plan.fees.written:
        return UNKNOWN
    if not has_rates(plan):
        return ", ".join(fee_amounts(plan))
    return f"{rate(plan.fees.maker)}/{rate(plan.fees.taker)}"


def _room_role(standing: Standing) -> Role:
    past = standing.liquidation_past_stop
    return Role.ALARM if past is not None and past < 0 else Role.PLAIN


def _as_of(plan: Plan) -> str:
    """The date of a row's brackets; empty where the plan writes its own without one."""
    if plan.margin is None:
        return ""
    return UNKNOWN if plan.margin.as_of == UNDATED else visible(plan.margin.as_of)


def _problems(row: Row) -> str:
    """What stands against the plan by a venue's rules: the first in full, the others by name; empty where nothing."""
    if not row.problems:
        return ""
    first, *others = row.problems
    text = f"{first.severity} {first.code}: {visible(first.message)}"
    names = ", ".join(f"{each.code} {each.kind.name}" for each in others)
    return f"{text}; also {names}" if names else text


def _notes(comparison: Comparison, plan: Plan, *, all_tiers: bool) -> list[Fact]:
    """What the table rests on: the models with their dates, what was taken as equal, and who is not in it."""
    facts: list[Fact] = []
    for row in shown_rows(comparison):
        text = _model(row)
        if text:
            facts.append(Fact(row.name, text))
    if not all_tiers and len(plan.tiers) > 2:
        facts.append(Fact("tiers", f"those from 2 to {len(plan.tiers) - 1} are in `--format json` and `csv`"))
    if comparison.in_quantity:
        taken = visible(comparison.in_quantity)
        facts.append(Fact("size", f"{visible(plan.size.text)} are taken as {taken} at every venue"))
    others = [f"{row.venue} {row.symbol}" for row in comparison.rows if _settles_otherwise(row, plan)]
    if others:
        *dollars, last = sorted(DOLLARS)
        taken = f"{', '.join(dollars)} and {last}"
        facts.append(Fact("symbols", f"{taken} are taken as equal: {', '.join(others)}"))
    facts += [Fact("not here", text) for text in [_absent(comparison.absent, plan)] if text]
    return [*facts, Fact("mind", SOBER)]


def _model(row: Shown) -> str:
    study = row.row.study
    if isinstance(study, Unread):
        return ""
    if study.plan.margin is None:
        return f"{UNKNOWN}: {no_maintenance(study.plan)}"
    found = study.ladder.steps[-1].position.liquidation
    text = model_text(study.plan.margin, study.plan, study.today, found.bracket)
    if found.past_end:
        text += f"; {UNKNOWN}: {unknown_because(figures_of(study.plan, study.ladder), study.ladder.steps[-1].position)}"
    # The label has said the name.
    return text.removeprefix(f"{row.row.venue}, ") if row.row.venue else text


def _settles_otherwise(row: Row, plan: Plan) -> bool:
    quote = row.symbol.partition("/")[2].partition(":")[0]
    return quote.upper() != plan.symbol.quote.upper()


def _absent(absent: Sequence[Absent], plan: Plan) -> str:
    """Who is not compared, and why."""
    symbol = visible(plan.symbol.text)
    without = [each.venue for each in absent if each.symbol]
    unknown = [each.venue for each in absent if not each.symbol]
    parts = []
    if without:
        parts.append(f"no brackets for {symbol} are bundled of {', '.join(without)}")
    if unknown:
        parts.append(f"the data of {', '.join(unknown)} do not hold it")
    return "; ".join(parts)
