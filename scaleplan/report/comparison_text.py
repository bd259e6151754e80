"""A comparison of venues as a table of a given width, and as Markdown."""

from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.questions.comparison import Comparison
from scaleplan.report.comparison_parts import Shown, columns, common_figures, notes, problems, shown_rows
from scaleplan.report.layout import BLANK, Block, Cell, Column, Line, Role, items, stack, table, table_width, wrap
from scaleplan.report.liquidation_text import title_lines
from scaleplan.report.offers import Offered, choose, essential
from scaleplan.report.sentences import head
from scaleplan.report.show_markdown import escaped, markdown_table
from scaleplan.report.terminal import draw

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
