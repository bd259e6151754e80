"""The sheet as Markdown, for a journal: task lists to tick, tables to fill in, and no markup out of a plan's text."""

from collections.abc import Iterable, Sequence

from scaleplan.report.checklist.sheet import Blank, BoxState, Check, Sheet, Ticket
from scaleplan.report.page_markdown import escaped

_BOXES = {BoxState.ANSWERED: "- [x] ", BoxState.FLAGGED: "- [ ] **!** ", BoxState.OPEN: "- [ ] ", BoxState.NOTE: "- "}
_BLANK = escaped("________")


def render_markdown(sheet: Sheet) -> str:
    """One sheet as a Markdown document."""
    blocks = [
        f"# {escaped(sheet.title)}",
        escaped(", ".join((*sheet.about, f"printed {sheet.printed}"))),
        *([f"**{escaped(sheet.alarm)}**"] if sheet.alarm else []),
        "\n".join(f"- **{escaped(part)}**" for part in sheet.lead),
        "## Is it a trade to scale?",
        _checks(sheet.scale),
        "## Before",
        _checks(sheet.before),
        "## Orders to place now",
        _tickets(sheet.now, sheet),
    ]
    if sheet.later:
        blocks += [f"## Orders for later, with {sheet.basis}", _tickets(sheet.later, sheet)]
    blocks += ["## When, do, then", _moments(sheet), _steps(sheet)]
    if sheet.levels:
        heads = ["if only tiers", *sheet.columns]
        rows = [[level.label, *(figure.text for figure in level.figures)] for level in sheet.levels]
        blocks.append(_table(heads, rows, left=1))
    blocks += ["## After", "\n".join([_checks(sheet.after), *map(_blank, sheet.log)])]
    return "\n\n".join(blocks) + "\n"


def _checks(checks: Iterable[Check]) -> str:
    return "\n".join(_BOXES[check.state] + _check(check) for check in checks)


def _check(check: Check) -> str:
    text = f"{escaped(check.label)} (yours)" if check.yours else escaped(check.label)
    text += f": {escaped(check.evidence)}" if check.evidence else ""
    return f"{text} {_BLANK}" if check.blank else text


def _tickets(tickets: Sequence[Ticket], sheet: Sheet) -> str:
    rows = []
    for each in tickets:
        order = ", ".join(part for part in (each.order, each.condition, each.remark) if part)
        rows.append([each.what, order, each.price.text, each.quantity.text, "[ ]", ""])
    return _table(["", "order", "price", sheet.heads.quantity, "placed", "filled at"], rows, left=2, words=(4, 5))


def _moments(sheet: Sheet) -> str:
    heads = ["when", "fills at", "do: stop to", "for", "then: average", "breakeven", sheet.heads.risk]
    heads += [sheet.heads.liquidation] if sheet.heads.liquidation else []
    rows = []
    for each in sheet.moments:
        row = [f"tier {each.tier}", each.price.text, each.stop.text, each.quantity.text, each.average_entry.text]
        row += [each.breakeven.text, each.risk.text]
        row += [each.liquidation.text] if sheet.heads.liquidation else []
        row[0] += f", {each.remark}" if each.remark else ""
        rows.append(row)
    return _table(heads, rows, left=1)


def _steps(sheet: Sheet) -> str:
    rows = [[each.when, each.at.text, each.do, each.then] for each in sheet.steps]
    return _table([f"with {sheet.basis}", "at", "do", "then"], rows, left=1, words=(2, 3))


def _blank(blank: Blank) -> str:
    unit = f" {escaped(blank.unit)}" if blank.unit else ""
    known = f" ({escaped(blank.known)})" if blank.known else ""
    return f"- {escaped(blank.label)}: {_BLANK}{unit}{known}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, left: int, words: Sequence[int] = ()) -> str:
    rules = ["---" if index < left or index in words else "---:" for index in range(len(heads))]
    body = [[escaped(text) for text in row] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in ([*map(escaped, heads)], rules, *body))
