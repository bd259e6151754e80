"""Pages as one document of HTML: one file that needs nothing else, for a phone, a screen, and paper in black and white.

Everything is escaped, and a policy in the document forbids scripts and every load besides. Characters beyond ASCII are
written as references, so that the document says the same whatever the encoding of the output is.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from scaleplan.diagnostic import Diagnostic
from scaleplan.report.drawings import Band, Curves, Drawn, FloatingBars, PriceScale, Sticks
from scaleplan.report.layout import bar
from scaleplan.report.page import (
    Branches,
    Chart,
    Column,
    Fact,
    FactList,
    Heading,
    Page,
    Part,
    Role,
    Sentence,
    Table,
    Title,
    capital,
    diagnostic_words,
)
from scaleplan.report.visible import visible

_BAR = 40
STYLE = """\
@page { margin: 12mm; }
* { box-sizing: border-box; }
html { background: #fff; color: #000; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1em; max-width: 64em; font: 15px/1.45 Arial, Helvetica, "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main + main { margin-top: 3em; }
h1, h2, h3, p, ul, dl, dd, table, pre { margin: 0; padding: 0; }
h1 { font-size: 1.5em; line-height: 1.2; }
h2 { font-size: 1.05em; border-bottom: 1.5px solid #000; margin: 1.4em 0 .4em; }
h3 { font-size: 1em; margin: 1em 0 .2em; }
p { margin: .3em 0; max-width: 48em; }
.lead { font-size: 1.1em; font-weight: bold; }
ul { list-style: none; }
li { margin: .4em 0; }
dl { margin: .5em 0; }
dl div { display: flex; margin: .2em 0; }
dt { flex: 0 0 8em; padding-right: 1em; color: #444; }
dd { flex: 1; max-width: 48em; }
dd + dd { flex: 0 0 100%; }
.wide { overflow-x: auto; margin: .4em 0; }
table { border-collapse: collapse; min-width: 50%; }
th, td { text-align: left; vertical-align: baseline; padding: .2em 1.1em .2em 0; border-bottom: 1px solid #ccc; }
thead th { border-bottom-color: #000; white-space: nowrap; overflow-wrap: normal; }
tbody th { font-weight: normal; white-space: nowrap; }
td { min-width: 9em; }
.figure { min-width: 0; text-align: right; white-space: nowrap; overflow-wrap: normal; }
th:last-child, td:last-child { padding-right: 0; }
.bar { white-space: nowrap; line-height: 1; letter-spacing: -.02em; overflow-wrap: normal; }
.drawing { margin: .4em 0; }
.drawing svg { max-width: 100%; height: auto; }
.alarm { font-weight: bold; }
.faint { color: #555; }
pre { font: 12.5px/1.45 "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre-wrap; }
@media (max-width: 40em) {
  body { font-size: 14px; padding: .7em; }
  dl div { display: block; margin: .5em 0; }
}
@media print {
  body { padding: 0; max-width: none; font-size: 9pt; line-height: 1.3; }
  main { break-after: page; }
  main:last-child { break-after: auto; }
  main + main { margin-top: 0; }
  h2, h3 { break-after: avoid; }
  tr, li, dl div { break-inside: avoid; }
  .wide { overflow: visible; }
  .drawing svg { max-width: 44em; }
  table { font-size: 7.5pt; }
  th, td { padding-right: .6em; border-bottom-color: #999; }
  dt, .faint { color: #000; }
}
"""


def html(pages: Iterable[Page]) -> str:
    """Returns one document with a part for each page."""
    pages = tuple(pages)
    names = [part.cells[0].text for page in pages for part in page.parts if isinstance(part, Title)]
    return document(", ".join(names), STYLE, (line for page in pages for line in _page(page)))


def document(title: str, style: str, lines: Iterable[str]) -> str:
    """Returns a document of HTML around lines that are HTML already."""
    text = "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            *lines,
            "</body>",
            "</html>",
        )
    )
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii") + "\n"


def _page(page: Page) -> Iterator[str]:
    yield "<main>"
    for part in page.parts:
        yield from _part(part)
    for title, folded in page.folded:
        yield f"<details><summary>{escape(title)}</summary>"
        yield from _part(folded)
        yield "</details>"
    if page.diagnostics:
        yield "<h2>Diagnostics</h2>"
        yield "<ul>"
        yield from map(_diagnostic, page.diagnostics)
        yield "</ul>"
    yield "</main>"


def _part(part: Part) -> Iterator[str]:
    match part:
        case Title(cells=(name, *rest)):
            yield f"<h1>{_text(name.text)}</h1>"
            yield f"<p>{_text(', '.join(cell.text for cell in rest))}</p>"
        case Heading():
            if part.title:
                yield f"<h{part.level}>{_text(part.title)}</h{part.level}>"
        case Sentence():
            kind = ' class="lead"' if part.lead else ""
            yield from (f"<p{kind}>{_text(capital(cell.text) if part.lead else cell.text)}</p>" for cell in part.cells)
        case FactList():
            yield "<dl>"
            yield from map(_fact, part.facts)
            yield "</dl>"
        case Table():
            yield from _table(part.with_notes)
        case Chart():
            yield from _chart(part)
        case PriceScale() | Curves() | Band() | FloatingBars() | Sticks():
            yield from _drawn(part)
        case Branches():
            yield "<pre>"
            yield from (f"{'  ' * depth}{_text(text)}" for depth, text in part.branches)
            yield "</pre>"


def _fact(fact: Fact) -> str:
    path = f"<br>path: {_text(fact.path)}" if fact.path else ""
    return f"<div><dt>{_text(fact.label)}</dt><dd{_kind(fact.role)}>{_text(fact.text)}{path}</dd></div>"


def _table(columns: Sequence[Column]) -> Iterator[str]:
    yield '<div class="wide"><table><thead><tr>'
    yield from (f'<th scope="col"{_figure(column)}>{_text(column.head)}</th>' for column in columns)
    yield "</tr></thead><tbody>"
    first, *others = columns
    for index, name in enumerate(first.cells):
        cells = "".join(
            f"<td{_figure(column)}>{_marked(column.cells[index].text, column.cells[index].role)}</td>"
            for column in others
        )
        yield f'<tr><th scope="row"{_figure(first)}>{_marked(name.text, name.role)}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def _chart(chart: Chart) -> Iterator[str]:
    """Bars are characters, because a printer leaves out what is only a background."""
    most = max(each.size for each in chart.bars)
    yield '<div class="wide"><table><tbody>'
    for each in chart.bars:
        drawn = bar(each.size, most, _BAR, blocks=True)
        figures = f'<th scope="row" class="figure">{_text(each.label)}</th><td class="figure">{_text(each.text)}</td>'
        yield f'<tr>{figures}<td class="bar" aria-hidden="true">{drawn}</td></tr>'
    yield "</tbody></table></div>"


def drawing_lines(element: str) -> Iterator[str]:
    """Returns a drawing as a part of a page: as wide as it is, or where that is too much as wide as the page."""
    yield '<div class="drawing">'
    yield element.rstrip("\n")
    yield "</div>"


def scale_words(scale: PriceScale) -> str:
    """Returns what a scale shows, for who does not see it: every level with its price, the highest first."""
    return "; ".join(f"{mark.text} {mark.name}" for mark in scale.marks)


def _drawn(part: Drawn) -> Iterator[str]:
    from scaleplan.report.svg import ladder_drawing, svg  # noqa: PLC0415 - few pages have one

    if isinstance(part, PriceScale):
        yield from drawing_lines(svg(ladder_drawing(part), "The ladder to scale", scale_words(part)))
        return
    if isinstance(part, Band):
        from scaleplan.report.band import band_drawing  # noqa: PLC0415

        yield from drawing_lines(svg(band_drawing(part), part.title, part.words))
        return
    if isinstance(part, FloatingBars | Sticks):
        from scaleplan.report.spans_svg import spans_drawing, sticks_drawing  # noqa: PLC0415

        drawing = spans_drawing(part) if isinstance(part, FloatingBars) else sticks_drawing(part)
        yield from drawing_lines(svg(drawing, part.title, part.words))
        return
    from scaleplan.report.curves_svg import curve_drawing  # noqa: PLC0415

    words = "; ".join(f"{curve.sign}: {curve.name}" for curve in part.curves)
    yield from drawing_lines(svg(curve_drawing(part), "Net result against price", words))


def _diagnostic(diagnostic: Diagnostic) -> str:
    rule, place, message = map(_text, diagnostic_words(diagnostic))
    return f"<li><b>{rule}</b> at {place}: {message}</li>"


def _text(text: str) -> str:
    return escape(visible(text))


def _figure(column: Column) -> str:
    return "" if column.left else ' class="figure"'


def _kind(role: Role) -> str:
    if role is Role.FAINT:
        return ' class="faint"'
    return ' class="alarm"' if role in (Role.ALARM, Role.CAUTION, Role.STRONG) else ""


def _marked(text: str, role: Role) -> str:
    kind = _kind(role)
    return f"<span{kind}>{_text(text)}</span>" if kind else _text(text)
