"""Every path of a plan as Markdown: the proofs, the ends, their picture in a fence, and the summary."""

from collections.abc import Sequence

from scaleplan.report.figures import UNKNOWN
from scaleplan.report.layout import WIDE, WIDEST, Item
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
from scaleplan.report.paths.tree import render_tree
from scaleplan.report.sentences import head, wrong
from scaleplan.report.show.markdown import diagnostics_markdown, escaped, markdown_table

#: The columns of a page.
_COLUMNS = 80
_FENCE = "```"


def paths_markdown(one: Told) -> str:
    """A plan's paths as a Markdown document; nothing in a plan's text is markup."""
    blocks = [*_head(one), "## Proofs", _proofs(one)]
    if one.paths.outcomes:
        ends = ends_of(one.paths)
        offers = end_columns(one, ends, blocks=True)
        # The bars are a picture of their own here.
        columns = [offer.column for offer in offers if offer.since != WIDE and offer.since <= WIDEST]
        blocks += ["## Ends", markdown_table(columns)]
        if ends.cut is not None:
            blocks.append(f"Left out between the worst and the best: {escaped(left_out_words(one, ends))}.")
        unit = "R" if one.ladder.totals.r > 0 else one.plan.settle
        lines = picture(one.paths.outcomes, unit, _COLUMNS, blocks=True)
        drawn = "\n".join("".join(cell.text for cell in line) for line in lines)
        blocks += [_fenced(drawn)] if drawn else []
    blocks += ["## Taken together", _items([*summary(one), *end_notes(one), *rests_on(one)])]
    return "\n\n".join([*blocks, *diagnostics_markdown(one.study.diagnostics)]) + "\n"


def tree_markdown(one: Told) -> str:
    """The states as a tree, in a fence."""
    return "\n\n".join([*_head(one), _fenced(render_tree(one, width=_COLUMNS).rstrip("\n"))]) + "\n"


def _head(one: Told) -> list[str]:
    name, *rest = head(one.plan)
    doubts = wrong(one.study)
    said = odds_words(one)
    return [
        f"# {escaped(name.text)}",
        escaped(", ".join(part.text for part in rest)),
        f"**{escaped(said[:1].upper() + said[1:])}**",
        *([f"**{escaped(doubts.text)}**"] if doubts else []),
    ]


def _proofs(one: Told) -> str:
    lines = []
    for proved in proofs(one):
        label = proved.item.label if proved.item.label == UNKNOWN else f"**{proved.item.label}**"
        lines.append(f"- {label}: {escaped(proved.item.text)}")
        if proved.path:
            lines.append(f"  - path: {escaped(proved.path)}")
    return "\n".join(lines)


def _items(entries: Sequence[Item]) -> str:
    return "\n".join(f"- **{entry.label}**: {escaped(entry.text)}" for entry in entries)


def _fenced(text: str) -> str:
    """A text in a fence; it has no backticks, because only figures and the program's own words are in it."""
    return f"{_FENCE}text\n{text}\n{_FENCE}"
