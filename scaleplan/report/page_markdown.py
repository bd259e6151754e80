"""Pages as Markdown, to be kept in a journal or pasted into a note.

Text from a plan is escaped throughout, so that it stays a text: no link, no tag, no further cell or line comes of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from scaleplan.diagnostic import Diagnostic
from scaleplan.report.drawings import Band, Curves, Drawn, FloatingBars, PriceScale, Sticks
from scaleplan.report.figures import UNKNOWN
from scaleplan.report.layout import Line, bars, branch
from scaleplan.report.page import (
    COLUMNS,
    Branches,
    Chart,
    Column,
    FactList,
    Folded,
    Heading,
    Page,
    Part,
    Sentence,
    Table,
    Title,
    capital,
    diagnostic_words,
)
from scaleplan.report.visible import visible

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#$])")
_LINK = re.compile(r":(?=//)|(?<=www)\.|@", re.IGNORECASE)


def markdown(pages: Iterable[Page]) -> str:
    """Returns pages as one document."""
    return "\n".join(
        "\n\n".join([*_blocks(page.parts), *_folded(page.folded), *_diagnostics(page.diagnostics)]) + "\n"
        for page in pages
    )


def escaped(text: str) -> str:
    """Returns a text in which nothing is markup: control characters visible, special ones escaped, links broken."""
    plain = _SPECIAL.sub(r"\\\1", visible(text))
    return _LINK.sub(lambda match: f"&#{ord(match[0])};", plain)


def _table(columns: Sequence[Column], *, short_rules: bool) -> str:
    rules = ["---" if column.left else "--:" if short_rules else "---:" for column in columns]
    lines = [_row([column.head for column in columns]), f"|{'|'.join(rules)}|" if short_rules else _row(rules)]
    lines += [_row([escaped(cell.text) for cell in row]) for row in zip(*(each.cells for each in columns), strict=True)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _blocks(parts: Iterable[Part]) -> list[str]:
    blocks: list[str] = []
    before: Part | None = None
    for part in parts:
        if isinstance(part, FactList) and isinstance(before, FactList):
            blocks[-1] += f"\n{_facts(part)}"
        else:
            blocks += _block(part)
        before = part
    return blocks


def _block(part: Part) -> Iterator[str]:
    match part:
        case Title(cells=(name, *rest)):
            yield f"# {escaped(name.text)}"
            yield escaped(", ".join(cell.text for cell in rest))
        case Heading():
            if part.title:
                yield f"{'#' * part.level} {escaped(part.title)}"
        case Sentence():
            yield _sentence(part)
        case FactList():
            yield _facts(part)
        case Table():
            yield _table(part.with_notes, short_rules=part.short_rules)
        case Chart() | PriceScale() | Curves() | Band() | FloatingBars() | Sticks():
            yield _fenced(_drawn(part))
        case Branches():
            yield _fenced(line for depth, text in part.branches for line in branch(text, depth, COLUMNS))


def _folded(parts: Iterable[Folded]) -> Iterator[str]:
    for title, part in parts:
        yield f"<details>\n<summary>{escaped(title)}</summary>"
        yield from _block(part)
        yield "</details>"


def _drawn(part: Chart | Drawn) -> list[Line]:
    if isinstance(part, Chart):
        return bars(part, COLUMNS, blocks=True)
    if isinstance(part, FloatingBars | Sticks):
        from scaleplan.report.spans import span_lines, stick_lines  # noqa: PLC0415 - few pages have any

        return span_lines(part, COLUMNS) if isinstance(part, FloatingBars) else stick_lines(part, COLUMNS)
    if isinstance(part, PriceScale):
        from scaleplan.report.scale import scale_lines  # noqa: PLC0415 - few pages draw one

        return scale_lines(part, COLUMNS, blocks=True, own_words=False)
    if isinstance(part, Band):
        from scaleplan.report.band import band_lines  # noqa: PLC0415

        return band_lines(part, COLUMNS, blocks=True)
    from scaleplan.report.curves import curve_lines  # noqa: PLC0415 - one page draws them

    return curve_lines(part, COLUMNS, blocks=True)


def _sentence(sentence: Sentence) -> str:
    texts = [escaped(capital(cell.text) if sentence.lead else cell.text) for cell in sentence.cells]
    texts = [f"**{text}**" for text in texts] if sentence.lead else texts
    return "\n".join(f"- {text}" for text in texts) if len(texts) > 1 else texts[0]


def _facts(facts: FactList) -> str:
    lines = []
    for fact in facts.facts:
        label = fact.label if fact.label == UNKNOWN else f"**{fact.label}**"
        lines.append(f"- {label}: {escaped(fact.text)}")
        if fact.path:
            lines.append(f"  - path: {escaped(fact.path)}")
    return "\n".join(lines)


def _fenced(lines: Iterable[Line]) -> str:
    """Lines in a fence; they have no backticks, because only figures and the program's own words are in them."""
    return "\n".join(["```text", *("".join(cell.text for cell in line).rstrip() for line in lines), "```"])


def _diagnostics(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """A heading and a list of what is wrong; nothing where nothing is."""
    if not diagnostics:
        return []
    lines = []
    for diagnostic in diagnostics:
        rule, place, message = map(escaped, diagnostic_words(diagnostic))
        lines.append(f"- **{rule}** at {place}: {message}")
    return ["## Diagnostics", "\n".join(lines)]
