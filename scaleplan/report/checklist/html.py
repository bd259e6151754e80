"""The sheet as a page of HTML: one file that needs nothing else, printed in black on one sheet of A4 or Letter.

Everything from the plan is escaped; a policy in the page forbids scripts and every load besides. Characters beyond
ASCII are written as references, so that the page says the same whatever the terminal's encoding is.
"""

from collections.abc import Iterable, Sequence
from html import escape

from scaleplan.report.checklist.sheet import Blank, BoxState, Check, Sheet, Ticket
from scaleplan.report.page_html import document, drawing_lines, scale_words
from scaleplan.report.svg import ladder_drawing, svg

_MARKS = {BoxState.ANSWERED: "x", BoxState.FLAGGED: "!", BoxState.OPEN: "&#160;"}
_SAID = {BoxState.ANSWERED: "answered", BoxState.FLAGGED: "look again", BoxState.OPEN: "to do"}
#: More levels than these stand higher than what is printed beside the drawing.
_MOST_LEVELS = 24
_BOX = '<span class="box" role="img" aria-label="to do">&#160;</span>'
_BLANK = '<span class="blank"></span>'


def render_html(sheets: Sequence[Sheet]) -> str:
    """One document with a page for each sheet."""
    title = ", ".join(sheet.title for sheet in sheets)
    return document(f"{title} - checklist", STYLE, (line for sheet in sheets for line in _sheet(sheet)))


def _sheet(sheet: Sheet) -> Iterable[str]:
    yield "<main>"
    yield f"<h1>{escape(sheet.title)}</h1>"
    yield f'<p class="about">{_spaced((*sheet.about, f"printed {sheet.printed}"))}</p>'
    if sheet.alarm:
        yield f'<p class="alarm">{escape(sheet.alarm)}</p>'
    yield f'<p class="lead">{_spaced(sheet.lead)}</p>'
    if len(sheet.ladder.marks) <= _MOST_LEVELS:
        yield from drawing_lines(svg(ladder_drawing(sheet.ladder), "The ladder to scale", scale_words(sheet.ladder)))
    yield from _section("Is it a trade to scale?", _checks(sheet.scale))
    yield from _section("Before", _checks(sheet.before))
    yield from _section("Orders", _orders(sheet), clear=True)
    yield from _section("When, do, then", (*_moments(sheet), *_steps(sheet), *_levels(sheet)))
    yield from _section("After", _after(sheet))
    yield "</main>"


def _section(title: str, lines: Iterable[str], *, clear: bool = False) -> Iterable[str]:
    """A part of the sheet; one that is `clear` begins below the drawing, which others have beside them."""
    kind = ' class="clear"' if clear else ""
    yield f"<section{kind}>\n<h2>{escape(title)}</h2>"
    yield from lines
    yield "</section>"


def _spaced(parts: Iterable[str]) -> str:
    return " ".join(f"<span>{escape(part)}</span>" for part in parts)


def _checks(checks: Sequence[Check]) -> Iterable[str]:
    """Boxes with evidence as rows of a list, bare ones beside each other."""
    yield '<ul class="checks">'
    for check in checks:
        kind = "told" if check.evidence else "bare"
        label = escape(check.label) + (" <small>(yours)</small>" if check.yours else "")
        evidence = f"<span>{escape(check.evidence)}{' ' + _BLANK if check.blank else ''}</span>"
        yield f'<li class="{kind}">{_box(check.state)}<b>{label}</b>{evidence if check.evidence else ""}</li>'
    yield "</ul>"


def _box(state: BoxState) -> str:
    if state is BoxState.NOTE:
        return '<span class="note">-</span>'
    return f'<span class="box" role="img" aria-label="{_SAID[state]}">{_MARKS[state]}</span>'


def _orders(sheet: Sheet) -> Iterable[str]:
    """One table in two parts: what can rest now, and what waits."""
    heads = ("order", ">price", f">{sheet.heads.quantity}", "placed", "filled at")
    yield from _table_start("To place now" if sheet.now else f"Later, with {sheet.basis}", *heads)
    yield from map(_ticket, sheet.now)
    if sheet.now and sheet.later:
        yield f'</tbody><tbody><tr><th scope="rowgroup" colspan="{len(heads) + 1}">Later, with {sheet.basis}</th></tr>'
    yield from map(_ticket, sheet.later)
    yield _END


def _ticket(each: Ticket) -> str:
    order = ", ".join(part for part in (each.order, each.condition, each.remark) if part)
    figures = (f">{escape(each.price.text)}", f">{escape(each.quantity.text)}")
    return _row(each.what, escape(order), *figures, _BOX, _BLANK)


def _moments(sheet: Sheet) -> Iterable[str]:
    heads = ["When", ">fills at", ">Do: stop to", ">for", ">Then: average", ">breakeven", f">{sheet.heads.risk}"]
    heads += [f">{sheet.heads.liquidation}"] if sheet.heads.liquidation else []
    yield from _table_start(*heads)
    for each in sheet.moments:
        figures = [each.price, each.stop, each.quantity, each.average_entry, each.breakeven, each.risk]
        figures += [each.liquidation] if sheet.heads.liquidation else []
        when = f"tier {each.tier}" + (f", {each.remark}" if each.remark else "")
        yield _row(when, *(f">{escape(figure.text)}" for figure in figures))
    yield _END


def _steps(sheet: Sheet) -> Iterable[str]:
    yield from _table_start(f"With {sheet.basis}", ">at", "do", "then")
    for each in sheet.steps:
        then = f'<span class="result">{escape(each.then)}</span>'
        yield _row(each.when, f">{escape(each.at.text)}", escape(each.do), then)
    yield _END


def _levels(sheet: Sheet) -> Iterable[str]:
    if not sheet.levels:
        return
    yield from _table_start("If only tiers", *(f">{count}" for count in sheet.columns))
    for level in sheet.levels:
        yield _row(level.label, *(f">{escape(figure.text)}" for figure in level.figures))
    yield _END


def _after(sheet: Sheet) -> Iterable[str]:
    yield '<p class="log">'
    yield from map(_blank, sheet.log[:-1])
    yield from (f"<span>{_box(check.state)}{escape(check.label)}</span>" for check in sheet.after)
    yield "</p>"
    yield f'<p class="last">{_blank(sheet.log[-1])}</p>'


def _blank(blank: Blank) -> str:
    known = f" ({escape(blank.known)})" if blank.known else ""
    return f"<span>{escape(blank.label)} {_BLANK} {escape(blank.unit)}{known}</span>"


_END = "</tbody></table></div>"


def _table_start(*heads: str) -> Iterable[str]:
    """The head of a table; a head that begins with `>` stands over figures."""
    yield '<div class="wide"><table><thead><tr>'
    for head in heads:
        figures = ' class="figure"' if head.startswith(">") else ""
        yield f'<th scope="col"{figures}>{escape(head.removeprefix(">"))}</th>'
    yield "</tr></thead><tbody>"


def _row(name: str, *cells: str) -> str:
    """A row: its name, and cells that are HTML already; one that begins with `>` is a figure."""
    line = "".join(f'<td class="figure">{cell[1:]}</td>' if cell[:1] == ">" else f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(name)}</th>{line}</tr>'


STYLE = """\
@page { margin: 9mm 10mm; }
* { box-sizing: border-box; }
html { background: #fff; color: #000; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1em; max-width: 56em; font: 14px/1.35 Arial, Helvetica, "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main + main { margin-top: 3em; }
h1, h2, p, ul, table { margin: 0; padding: 0; }
h1 { font-size: 1.25em; }
h2 { font-size: 1em; text-transform: uppercase; border-bottom: 1.5px solid #000; margin: .6em 0 .1em; }
.about span, .lead span, .log > span { display: inline-block; margin-right: 1.2em; }
.lead { font-weight: bold; }
.alarm { font-weight: bold; border: 2px solid #000; padding: .1em .4em; margin: .2em 0; }
.drawing { float: right; background: #fff; padding: .3em 0 .3em 1.2em; max-width: 45%; }
.drawing svg { display: block; max-width: 100%; height: auto; }
.clear { clear: both; }
.checks { list-style: none; display: flex; flex-wrap: wrap; }
.checks li { display: flex; align-items: baseline; }
.checks .told { width: 100%; }
.checks .told > b { flex: 0 0 11em; font-weight: normal; }
.checks .told > span:last-child { flex: 1; display: flex; flex-wrap: wrap; }
.checks .told > span:last-child .blank { flex: 1; margin-left: .4em; }
.checks .bare { margin-right: 1.5em; }
.checks .bare b { font-weight: normal; }
.box, .note { flex: none; display: inline-block; width: 1.1em; height: 1.1em; line-height: .95em; text-align: center;
  margin-right: .5em; font-weight: bold; }
.box { border: 1px solid #000; }
td .box { margin: 0; width: .9em; height: .9em; line-height: 1; vertical-align: middle; }
td .blank { height: 0; width: 8em; }
.blank { display: inline-block; min-width: 5em; border-bottom: 1px solid #000; height: 1em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin-bottom: .2em; }
th, td { text-align: left; vertical-align: baseline; padding: .03em 1em .03em 0; border-bottom: 1px dotted #000; }
th { font-weight: bold; overflow-wrap: normal; }
.result { white-space: nowrap; }
tbody th { font-weight: normal; }
tbody th[scope="row"] { white-space: nowrap; }
tbody th[scope="rowgroup"] { font-weight: bold; }
.figure { text-align: right; white-space: nowrap; overflow-wrap: normal; }
th:last-child, td:last-child { padding-right: 0; }
.last span { display: flex; align-items: baseline; }
.last .blank { flex: 1; margin-left: .4em; }
@media (max-width: 40em) {
  .drawing { float: none; max-width: none; padding-left: 0; }
  .checks .told { flex-wrap: wrap; }
  .checks .told > b { flex: 1; font-weight: bold; }
  .checks .told > span:last-child { flex: 0 0 100%; padding-left: 1.65em; }
}
@media print {
  body { padding: 0; max-width: none; font-size: 7.6pt; line-height: 1.15; }
  main { break-after: page; }
  main:last-child { break-after: auto; }
  main + main { margin-top: 0; }
  .drawing { max-width: 35%; }
  .wide { overflow: visible; }
  tr, li { break-inside: avoid; }
}
"""
