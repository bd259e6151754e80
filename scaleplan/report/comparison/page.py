"""The parts of a comparison of venues: its columns, what stands under rows, and its notes; the same in all forms."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from scaleplan.ladder import Ladder, Standing
from scaleplan.plan import Plan
from scaleplan.questions.comparison import DOLLARS, Absent, Comparison, Row
from scaleplan.report.assumptions import model_text, no_maintenance
from scaleplan.report.figures import NOT_APPLICABLE, UNKNOWN, Figures, figures_of, rate
from scaleplan.report.layout import (
    BLANK,
    ESSENTIAL,
    WELCOME,
    Block,
    Cell,
    Column,
    Item,
    Line,
    Offered,
    Role,
    choose,
    essential,
    items,
    stack,
    table,
    table_width,
    wrap,
)
from scaleplan.report.liquidation.page import title_lines
from scaleplan.report.sentences import head
from scaleplan.report.show.markdown import escaped, markdown_table
from scaleplan.report.terminal import draw
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


def common_figures(plan: Plan, ladder: Ladder, rows: Sequence[Shown]) -> Figures:
    """The plan's own figures, with the price digits of the finest row: one number a column."""
    own = figures_of(plan, ladder)
    places = [figures_of(row.plan, row.ladder).places.price for row in rows if row.plan and row.ladder]
    return own._replace(places=own.places._replace(price=max(places)))


def columns(figures: Figures, rows: Sequence[Shown], *, all_tiers: bool) -> list[Offered]:
    """The columns, from left to right: where each tier is liquidated (or the first and the last), room, and costs."""
    count = len(figures.plan.tiers)
    numbers = range(1, count + 1) if all_tiers else sorted({1, count})

    def column(
        head: str,
        text: Callable[[Plan, Ladder], str],
        role: Callable[[Standing], Role] | None = None,
        *,
        left: bool = False,
    ) -> Column:
        cells = []
        for row in rows:
            if row.plan is None or row.ladder is None:
                cells.append(Cell(NOT_APPLICABLE, Role.FAINT))
            else:
                own = role(row.ladder.steps[-1].position) if role else Role.PLAIN
                cells.append(Cell(text(row.plan, row.ladder), own))
        return Column(head, tuple(cells), left)

    def liquidated(number: int) -> Column:
        return column(
            f"tier {number}",
            lambda _, ladder: figures.liquidated(ladder.steps[number - 1].position),
        )

    names = Column(
        "venue", tuple(Cell(row.name, Role.PLAIN if row.row.venue else Role.STRONG) for row in rows), left=True
    )
    return [
        Offered(names, ESSENTIAL),
        *(Offered(liquidated(number), ESSENTIAL) for number in numbers),
        Offered(column("room", lambda _, ladder: figures.room(ladder.steps[-1].position), _room_role), ESSENTIAL),
        Offered(column("fees", lambda plan, ladder: _fees(figures, plan, ladder)), ESSENTIAL),
        Offered(column("buffer", lambda _, ladder: figures.buffer(ladder.steps[-1].position)), WELCOME),
        Offered(column("maker/taker", lambda plan, _: _rates(plan)), WELCOME),
        Offered(column("as of", lambda plan, _: as_of(plan) or NOT_APPLICABLE, left=True), WELCOME),
    ]


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


def as_of(plan: Plan) -> str:
    """The date of a row's brackets; empty where the plan writes its own without one."""
    if plan.margin is None:
        return ""
    return UNKNOWN if plan.margin.as_of == UNDATED else visible(plan.margin.as_of)


def problems(row: Row) -> str:
    """What stands against the plan by a venue's rules: the first in full, the others by name; empty where nothing."""
    if not row.problems:
        return ""
    first, *others = row.problems
    text = f"{first.severity} {first.code}: {visible(first.message)}"
    names = ", ".join(f"{one.code} {one.kind.name}" for one in others)
    return f"{text}; also {names}" if names else text


def notes(comparison: Comparison, plan: Plan, *, all_tiers: bool) -> list[Item]:
    """What the table rests on: the models with their dates, what was taken as equal, and who is not in it."""
    said: list[Item] = []
    for row in shown_rows(comparison):
        text = _model(row)
        if text:
            said.append(Item(row.name, text))
    if not all_tiers and len(plan.tiers) > 2:
        said.append(Item("tiers", f"those from 2 to {len(plan.tiers) - 1} are in `--format json` and `csv`"))
    if comparison.in_quantity:
        taken = visible(comparison.in_quantity)
        said.append(Item("size", f"{visible(plan.size.text)} are taken as {taken} at every venue"))
    others = [f"{row.venue} {row.symbol}" for row in comparison.rows if _settles_otherwise(row, plan)]
    if others:
        *dollars, last = sorted(DOLLARS)
        taken = f"{', '.join(dollars)} and {last}"
        said.append(Item("symbols", f"{taken} are taken as equal: {', '.join(others)}"))
    said += [Item("not here", text) for text in [_absent(comparison.absent, plan)] if text]
    return [*said, Item("mind", SOBER)]


def _model(row: Shown) -> str:
    study = row.row.study
    if isinstance(study, Unread):
        return ""
    if study.plan.margin is None:
        return f"{UNKNOWN}: {no_maintenance(study.plan)}"
    bracket = study.ladder.steps[-1].position.liquidation.bracket
    text = model_text(study.plan.margin, study.plan, study.today, bracket)
    # The label has said the name.
    return text.removeprefix(f"{row.row.venue}, ") if row.row.venue else text


def _settles_otherwise(row: Row, plan: Plan) -> bool:
    quote = row.symbol.partition("/")[2].partition(":")[0]
    return quote.upper() != plan.symbol.quote.upper()


def _absent(absent: Sequence[Absent], plan: Plan) -> str:
    """Who is not compared, and why."""
    symbol = visible(plan.symbol.text)
    without = [one.venue for one in absent if one.symbol]
    unknown = [one.venue for one in absent if not one.symbol]
    parts = []
    if without:
        parts.append(f"no brackets for {symbol} are bundled of {', '.join(without)}")
    if unknown:
        parts.append(f"the data of {', '.join(unknown)} do not hold it")
    return "; ".join(parts)


#: Sentences are not read well in longer lines than this.
_PROSE = 100


def render_comparison(comparison: Comparison, plan: Plan, ladder: Ladder, *, width: int, colour: bool) -> str:
    """A comparison as text of at most `width` columns; without `colour` there is no control code in it."""
    rows = shown_rows(comparison)
    figures = common_figures(plan, ladder, rows)
    all_tiers = True
    offered = columns(figures, rows, all_tiers=True)
    if table_width(essential(offered), 2) > width:
        all_tiers = len(plan.tiers) <= 2
        offered = columns(figures, rows, all_tiers=False)
    choice = choose(offered, width)
    kept = essential(offered) if choice is None else choice.columns
    below = {index: _below(row, offered, kept, index, width) for index, row in enumerate(rows)}
    grid = stack(kept, width, below) if choice is None else table(kept, choice.gap, below)
    prose = min(width, _PROSE)
    blocks: list[Block] = [*title_lines(head(plan), width), *wrap(_lead(plan), prose, indent=2), BLANK, *grid, BLANK]
    blocks += items(notes(comparison, plan, all_tiers=all_tiers), prose)
    return draw(blocks, colour=colour)


def comparison_markdown(comparison: Comparison, plan: Plan, ladder: Ladder) -> str:
    """The same as a Markdown document, with every column; nothing in a plan's text is markup."""
    rows = shown_rows(comparison)
    offered = columns(common_figures(plan, ladder, rows), rows, all_tiers=True)
    shown = [offer.column for offer in offered]
    told = [problems(row.row) for row in rows]
    if any(told):
        shown.append(Column("against it", tuple(Cell(text) for text in told), left=True))
    name, *rest = head(plan)
    parts = [
        f"# {escaped(name.text)}",
        escaped(", ".join(cell.text for cell in rest)),
        escaped(_lead(plan)),
        markdown_table(shown),
        "\n".join(f"- **{item.label}**: {escaped(item.text)}" for item in notes(comparison, plan, all_tiers=True)),
    ]
    return "\n\n".join(parts) + "\n"


def _lead(plan: Plan) -> str:
    which = "tier 1 is" if len(plan.tiers) == 1 else "each tier is"
    return f"where it is liquidated once {which} filled, by the rules of each venue; the nearest with all in first"


def _below(row: Shown, offered: list[Offered], kept: tuple[Column, ...], index: int, width: int) -> tuple[Line, ...]:
    """What found no place in the row, and what stands against it, indented under it."""
    hidden = [offer.column for offer in offered if offer.column not in kept] if row.ladder is not None else []
    beside = ", ".join(f"{column.head} {column.cells[index].text}" for column in hidden)
    told = [(text, role) for text, role in ((beside, Role.FAINT), (problems(row.row), Role.ALARM)) if text]
    lines: list[Line] = []
    for text, role in told:
        first, *rest = wrap(text, width, indent=2, taken=2, role=role)
        lines += [(Cell("  "), *first[1:]), *rest]
    return tuple(lines)
