"""A study as Markdown, to be kept in a journal or pasted into a note: the tables of the terminal, and their sentences.

Text from a plan is escaped throughout, so that it stays a text: no link, no tag, no further cell or line comes of it.
"""

import re
from collections.abc import Sequence

from scaleplan.diagnostic import Diagnostic
from scaleplan.ladder import Ladder
from scaleplan.paths.matrix import NO_MATRIX, Matrix
from scaleplan.plan import Plan
from scaleplan.report.assumptions import assumptions
from scaleplan.report.figures import Figures, figures_of
from scaleplan.report.layout import WIDE, Cell, Column, Item, Offered
from scaleplan.report.sentences import all_at_first, all_in, best, head, payoff, worst, wrong
from scaleplan.report.show.columns import outcomes, target_columns, tier_columns
from scaleplan.report.visible import visible
from scaleplan.report.words import never_fills, target_words, tier_words
from scaleplan.study import Study

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#$])")
_LINK = re.compile(r":(?=//)|(?<=www)\.|@", re.IGNORECASE)


def render_markdown(study: Study) -> str:
    """One plan as a Markdown document."""
    blocks = _plan_blocks(study, study.plan, study.ladder)
    return "\n\n".join([*blocks, *diagnostics_markdown(study.diagnostics)]) + "\n"


def diagnostics_markdown(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """A head and a list of what is wrong; nothing where nothing is."""
    return ["## Diagnostics", "\n".join(map(_diagnostic, diagnostics))] if diagnostics else []


def escaped(text: str) -> str:
    """A text in which nothing is markup: control characters visible, special characters escaped, links broken."""
    plain = _SPECIAL.sub(r"\\\1", visible(text))
    return _LINK.sub(lambda match: f"&#{ord(match[0])};", plain)


def _plan_blocks(study: Study, plan: Plan, ladder: Ladder) -> list[str]:
    figures = figures_of(plan, ladder)
    name, *rest = head(plan)
    sentences = (worst(figures, ladder), best(figures, ladder), wrong(study))
    below = [payoff(ladder)] if len(ladder.steps) == 1 else [all_at_first(figures, ladder), payoff(ladder)]
    blocks = [
        f"# {escaped(name.text)}",
        escaped(", ".join(part.text for part in rest)),
        "\n".join(f"- **{escaped(_capital(sentence.text))}**" for sentence in sentences if sentence),
        "## Tiers",
        markdown_table([*_offered(tier_columns(figures, ladder, WIDE)), *_tier_notes(figures, ladder)]),
        _items([all_in(figures, ladder)]),
    ]
    if ladder.exits:
        columns = _offered(target_columns(figures, ladder))
        blocks += ["## Targets", markdown_table([*columns, *_target_notes(figures, len(columns[0].cells))])]
    matrix = study.every_path.matrix() if len(ladder.steps) > 1 else NO_MATRIX
    if matrix.missing or len(matrix.results) > 1:
        blocks += ["## If only some tiers fill", *_if_only(figures, ladder, matrix)]
    said = [item for item in below if item is not None]
    return [
        *blocks,
        "## Assumptions",
        _items([*said, *assumptions(figures, ladder, distances=True, today=study.today)]),
    ]


def _offered(offers: Sequence[Offered]) -> list[Column]:
    return [offer.column for offer in offers if offer.since <= WIDE]


def _tier_notes(figures: Figures, ladder: Ladder) -> list[Column]:
    texts = [
        "; ".join(part for part in (never_fills(step), tier_words(tier)) if part)
        for tier, step in zip(figures.plan.tiers, ladder.steps, strict=True)
    ]
    return _notes(texts)


def _target_notes(figures: Figures, rows: int) -> list[Column]:
    texts = [target_words(figures, target) for target in figures.plan.targets]
    return _notes(texts + [""] * (rows - len(texts)))


def _notes(texts: Sequence[str]) -> list[Column]:
    return [Column("notes", tuple(Cell(text) for text in texts), left=True)] if any(texts) else []


def _if_only(figures: Figures, ladder: Ladder, matrix: Matrix) -> list[str]:
    if matrix.missing:
        return [escaped(_capital(matrix.missing))]
    filled, rows, notes = outcomes(figures, ladder, matrix)
    names = Column("tiers filled", tuple(Cell(tiers) for tiers in filled), left=True)
    told = markdown_table([names, *(Column(row.name, row.cells) for row in rows)])
    return [told, "; ".join(f"{escaped(note.label)} {escaped(note.text)}" for note in notes)] if notes else [told]


def markdown_table(columns: Sequence[Column]) -> str:
    """Columns as a Markdown table, their texts escaped."""
    rules = ["---" if column.left else "---:" for column in columns]
    lines = [_line([column.head for column in columns]), _line(rules)]
    lines += [_line([escaped(column.cells[row].text) for column in columns]) for row in range(len(columns[0].cells))]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _items(entries: Sequence[Item]) -> str:
    return "\n".join(f"- **{entry.label}**: {escaped(entry.text)}" for entry in entries)


def _diagnostic(diagnostic: Diagnostic) -> str:
    source = diagnostic.span.source
    line, column = source.position(diagnostic.span.start)
    place = escaped(f"{source.name}:{line}:{column}")
    rule = f"{diagnostic.code} {diagnostic.kind.name}"
    said = f"{escaped(diagnostic.message)}; {escaped(diagnostic.help)}"
    return f"- **{diagnostic.severity} {rule}** at {place}: {said}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
