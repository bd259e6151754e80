"""The terminal's view of a study, in the order of a trader's eye.

What is lost if wrong and made if right; the tiers with risk and liquidation; the targets; what each count of filled
tiers would bring; what all of it rests on; and what is wrong with the plan.
"""

from typing import TYPE_CHECKING

from scaleplan.ladder import Ladder
from scaleplan.paths import EveryPath
from scaleplan.plan import Plan
from scaleplan.report.assumptions import assumptions
from scaleplan.report.diagnostics.text import render, summary
from scaleplan.report.figures import NOT_APPLICABLE, Figures, figures_of
from scaleplan.report.layout import (
    BLANK,
    WIDE,
    WIDEST,
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
from scaleplan.report.sentences import all_at_first, all_in, best, head, in_one_line, payoff, worst, wrong
from scaleplan.report.show.columns import target_columns, tier_columns
from scaleplan.report.terminal import draw
from scaleplan.report.visible import cells as text_width
from scaleplan.report.words import never_fills, target_words, tier_words
from scaleplan.study import Study

if TYPE_CHECKING:
    from scaleplan.report.show.columns import Outcome

#: Sentences are not read well in longer lines than this.
_PROSE = 100
#: Fewer columns than this a line, and the table of counts goes down the page instead of across.
_FEWEST_ACROSS = 3
#: Of fewer results there is nothing to tell apart.
_FEWEST_RESULTS = 2
_NAME_GAP = 6
_BEST_GAP = 5
_IF_ONLY = "if only tiers"


def render_show(study: Study, *, width: int, colour: bool) -> str:
    """A study as text of at most `width` columns; without `colour` there is no control code in it."""
    text = draw(_tables(study, study.plan, study.ladder, width), colour=colour)
    if not study.diagnostics:
        return text
    count = summary(study.diagnostics, 1)
    told = render(study.diagnostics, width=width, colour=colour)
    return "\n".join(part.rstrip("\n") + "\n" for part in (text, count, told) if part)


def _tables(study: Study, plan: Plan, ladder: Ladder, width: int) -> list[Block]:
    figures = figures_of(plan, ladder)
    prose = min(width, _PROSE)
    lines: list[Block] = [*_head(study, figures, ladder, width), BLANK, *_tiers(figures, ladder, width)]
    lines += items([all_in(figures, ladder)], prose)
    if ladder.exits:
        lines += [BLANK, *_targets(figures, ladder, width)]
    if len(ladder.steps) > 1:
        lines += _if_only(figures, ladder, study.every_path, width)
    told = [all_at_first(figures, ladder)] if len(ladder.steps) > 1 else []
    ratio = payoff(ladder)
    told += [ratio] if ratio else []
    return [
        *lines,
        BLANK,
        *items([*told, *assumptions(figures, ladder, distances=width >= WIDE, today=study.today)], prose),
    ]


def _head(study: Study, figures: Figures, ladder: Ladder, width: int) -> list[Line]:
    parts = head(figures.plan)
    lines: list[Line] = []
    for gap in (_NAME_GAP, 2):
        title = in_one_line(parts, (gap, *(2 for _ in parts[2:])))
        if _line_width(title) <= width:
            lines.append(title)
            break
    else:
        lines += wrap(parts[0].text, width, role=Role.STRONG)
        rest = in_one_line(parts[1:], tuple(2 for _ in parts[2:]))
        lines += [rest] if _line_width(rest) <= width else wrap(" ".join(part.text for part in parts[1:]), width)
    lost, made = worst(figures, ladder), best(figures, ladder)
    both = in_one_line((lost, made), (_BEST_GAP,))
    if _line_width(both) <= width:
        lines.append(both)
    else:
        lines += [*wrap(lost.text, width, indent=2, role=lost.role), *wrap(made.text, width, indent=2, role=made.role)]
    doubts = wrong(study)
    return lines + (wrap(doubts.text, width, role=doubts.role) if doubts else [])


def _tiers(figures: Figures, ladder: Ladder, width: int) -> list[Block]:
    below = {}
    for index, (tier, step) in enumerate(zip(figures.plan.tiers, ladder.steps, strict=True)):
        said = [never_fills(step), tier_words(tier) if width >= WIDEST else ""]
        below[index] = _below(said, width)
    return _laid_out(tier_columns(figures, ladder, width), width, below)


def _targets(figures: Figures, ladder: Ladder, width: int) -> list[Block]:
    below = {}
    if width >= WIDEST:
        below = {
            index: _below([target_words(figures, target)], width) for index, target in enumerate(figures.plan.targets)
        }
    return _laid_out(target_columns(figures, ladder), width, below)


def _laid_out(offered: list[Offered], width: int, below: dict[int, tuple[Line, ...]]) -> list[Block]:
    choice = choose(offered, width)
    if choice is None:
        return stack(essential(offered), width, below)
    return table(choice.columns, choice.gap, below)


def _below(said: list[str], width: int) -> tuple[Line, ...]:
    """Words under a row, indented."""
    lines: list[Line] = []
    for text in said:
        if text:
            lines += [
                (Cell("  "), *line[1:]) if number == 0 else line
                for number, line in enumerate(wrap(text, width, indent=2, taken=2, role=Role.FAINT))
            ]
    return tuple(lines)


def _if_only(figures: Figures, ladder: Ladder, every: EveryPath, width: int) -> list[Block]:
    """What each set of filled tiers would bring: across while a few fit beside each other, else down the page."""
    # The machine behind it is loaded only where there is something to tell apart.
    from scaleplan.report.show.columns import outcomes  # noqa: PLC0415

    matrix = every.matrix()
    if matrix.missing:
        return [BLANK, *items([Item(_IF_ONLY, matrix.missing)], min(width, _PROSE))]
    if len(matrix.results) < _FEWEST_RESULTS:
        return []
    filled, rows, notes = outcomes(figures, ladder, matrix)
    names = Column(_IF_ONLY, tuple(Cell(row.name) for row in rows), left=True)
    ends = Column("fill", tuple(Cell("") for _ in rows), left=True)
    columns = [Column(tiers, tuple(row.cells[index] for row in rows)) for index, tiers in enumerate(filled)]
    most = max(column.width for column in columns)
    across = (width - table_width([names, ends], 2)) // (most + 2)
    below = items(notes, min(width, _PROSE))
    if across < min(_FEWEST_ACROSS, len(columns)):
        return [BLANK, *_down(rows, filled, width), *below]
    lines: list[Block] = [BLANK]
    for start in range(0, len(columns), across):
        if start:
            lines.append(BLANK)
        lines += table([names, *columns[start : start + across], ends], 2)
    return [*lines, *below]


def _down(rows: "tuple[Outcome, ...]", filled: tuple[str, ...], width: int) -> list[Block]:
    names = Column(_IF_ONLY, tuple(Cell(count) for count in filled), left=True)
    blank = Cell(NOT_APPLICABLE)
    columns = [names, *(Column(row.name, tuple(cell if cell.text else blank for cell in row.cells)) for row in rows)]
    return table(columns, 2) if table_width(columns, 2) <= width else stack(columns, width)


def _line_width(line: Line) -> int:
    return sum(text_width(cell.text) for cell in line)
