"""The explanation of one liquidation price as text of a given width, and as Markdown."""

from datetime import date

from scaleplan.ladder import Ladder
from scaleplan.ladder.explanation import Explanation
from scaleplan.plan import Plan
from scaleplan.report.layout import BLANK, Block, Cell, Item, Line, items, stack, table, table_width, wrap
from scaleplan.report.liquidation_page import page_of
from scaleplan.report.sentences import in_one_line
from scaleplan.report.show_markdown import escaped, markdown_table
from scaleplan.report.terminal import draw
from scaleplan.report.visible import cells as text_width

#: Sentences are not read well in longer lines than this.
_PROSE = 100
_GAPS = (2, 1)


def render_explanation(
    plan: Plan, ladder: Ladder, told: Explanation, today: date | None, *, width: int, colour: bool
) -> str:
    """An explanation as text of at most `width` columns; without `colour` there is no control code in it."""
    page = page_of(plan, ladder, told, today)
    prose = min(width, _PROSE)
    blocks: list[Block] = [
        *title_lines(page.title, width),
        *wrap(page.answer.text, prose, indent=2, role=page.answer.role),
        BLANK,
    ]
    blocks += items(page.before, prose)
    if page.brackets:
        gap = next((gap for gap in _GAPS if table_width(page.brackets, gap) <= width), None)
        brackets = stack(page.brackets, width) if gap is None else table(page.brackets, gap)
        blocks += [BLANK, *brackets, BLANK]
    blocks += items(page.after, prose)
    return draw(blocks, colour=colour)


def explanation_markdown(plan: Plan, ladder: Ladder, told: Explanation, today: date | None) -> str:
    """The same as a Markdown document; nothing in a plan's text is markup."""
    page = page_of(plan, ladder, told, today)
    name, *rest = page.title
    parts = [
        f"# {escaped(name.text)}",
        escaped(", ".join(cell.text for cell in rest)),
        f"**{escaped(page.answer.text[:1].upper() + page.answer.text[1:])}**",
    ]
    if page.brackets:
        parts += [_list(page.before), markdown_table(page.brackets), _list(page.after)]
    else:
        parts.append(_list((*page.before, *page.after)))
    return "\n\n".join(parts) + "\n"


def title_lines(parts: tuple[Cell, ...], width: int) -> list[Line]:
    """The head of a page: in one line where it fits, else the name first."""
    line = in_one_line(parts, tuple(2 for _ in parts[1:]))
    if sum(text_width(cell.text) for cell in line) <= width:
        return [line]
    name, *rest = parts
    return [*wrap(name.text, width, role=name.role), *wrap(" ".join(cell.text for cell in rest), width)]


def _list(entries: tuple[Item, ...]) -> str:
    return "\n".join(f"- **{entry.label}**: {escaped(entry.text)}" for entry in entries)
