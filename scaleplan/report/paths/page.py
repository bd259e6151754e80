"""The terminal's view of every path: what is proved first, then the ends and their picture, then the summary."""

from scaleplan.report.diagnostics.text import render
from scaleplan.report.diagnostics.text import summary as count_of
from scaleplan.report.layout import BLANK, Block, Cell, Item, Line, Role, choose, essential, items, stack, table, wrap
from scaleplan.report.liquidation.page import title_lines
from scaleplan.report.paths.chart import picture
from scaleplan.report.paths.parts import (
    Told,
    end_columns,
    end_notes,
    ends_of,
    left_out_words,
    odds_words,
    proofs,
    rests_on,
    summary,
)
from scaleplan.report.sentences import head, wrong
from scaleplan.report.terminal import draw

#: Sentences are not read well in longer lines than this.
_PROSE = 100
_PATH = "path"


def render_paths(one: Told, *, width: int, colour: bool, blocks: bool) -> str:
    """A plan's paths as text of at most `width` columns; without `blocks` the bars are made of `#`."""
    text = draw(_page(one, width, blocks=blocks), colour=colour)
    diagnostics = one.study.diagnostics
    if not diagnostics:
        return text
    said = render(diagnostics, width=width, colour=colour)
    return "\n".join(part.rstrip("\n") + "\n" for part in (text, count_of(diagnostics, 1), said))


def heading(one: Told, width: int) -> list[Line]:
    """The plan in a few words, where its paths begin, and whether something is wrong with it."""
    title = head(one.plan)
    lines = title_lines(title, width)
    if len(lines) > 1:
        rest = title_lines(title[1:], width)
        lines = [*wrap(title[0].text, width, role=title[0].role), *rest] if len(rest) == 1 else lines
    lines += wrap(odds_words(one), width, indent=2)
    doubts = wrong(one.study)
    return lines + (wrap(doubts.text, width, role=doubts.role) if doubts else [])


def _page(one: Told, width: int, *, blocks: bool) -> list[Block]:
    prose = min(width, _PROSE)
    page: list[Block] = [*heading(one, width), BLANK, *_proofs(one, prose), BLANK]
    if one.paths.outcomes:
        page += [*_ends(one, width, blocks=blocks), *items(end_notes(one), prose), BLANK]
        unit = "R" if one.ladder.totals.r > 0 else one.plan.settle
        drawn = picture(one.paths.outcomes, unit, width, blocks=blocks)
        page += [*drawn, BLANK] if drawn else []
        page += items([*summary(one), *rests_on(one)], prose)
    else:
        page += items([*summary(one), *end_notes(one), *rests_on(one)], prose)
    return page


def _proofs(one: Told, width: int) -> list[Line]:
    """Every proof, and under a broken one the shortest path that breaks it, all labels one column wide."""
    entries: list[Item] = []
    for proved in proofs(one):
        entries.append(proved.item)
        if proved.path:
            entries.append(Item(_PATH, proved.path))
    return items(entries, width)


def _ends(one: Told, width: int, *, blocks: bool) -> list[Block]:
    ends = ends_of(one.paths)
    offered = end_columns(one, ends, blocks=blocks)
    below: dict[int, tuple[Line, ...]] = {}
    if ends.cut is not None:
        lines = wrap(left_out_words(one, ends), width, indent=2, taken=2, role=Role.FAINT)
        below[ends.cut] = ((Cell("  "), *lines[0][1:]), *lines[1:])
    choice = choose(offered, width)
    if choice is None:
        return stack(essential(offered), width, below)
    return table(choice.columns, choice.gap, below)
