"""The sheet as text: plain characters in fixed columns, one page of 80 columns, boxes to tick with a pen."""

from collections.abc import Iterable, Iterator, Sequence

from scaleplan.report.checklist.sheet import Blank, BoxState, Check, Level, Sheet, Stage
from scaleplan.report.layout import BLANK, Block, Line, stack, table, table_width, wrap
from scaleplan.report.page import Cell, Column, Role
from scaleplan.report.page_terminal import draw
from scaleplan.report.visible import cells

#: Lines of a printed page, and the columns from which a sheet is meant to fit on one.
_PAGE, _PAGE_WIDTH = 66, 80
#: Longer lines are not followed well from one end to the other.
_WIDEST = 100
_BOXES = {BoxState.ANSWERED: "[x] ", BoxState.FLAGGED: "[!] ", BoxState.OPEN: "[ ] ", BoxState.NOTE: " -  "}
_ROLES = {BoxState.FLAGGED: Role.CAUTION}
_EMPTY = "[ ]"
_LINE = "_________"
_LEAST_LINE = 8
#: The narrowest column in which what to do is still read as a sentence.
_LEAST_DO = 24
_GAPS = (2, 1)
_BETWEEN = "   "


def render_text(sheet: Sheet, *, width: int, colour: bool) -> str:
    """The sheet as lines of at most `width` columns; only a single figure may be wider."""
    width = min(width, _WIDEST)
    text = draw(_blocks(sheet, width, airy=True, whole=True), colour=colour)
    for whole in (True, False):
        if text.count("\n") > _PAGE and width >= _PAGE_WIDTH:
            text = draw(_blocks(sheet, width, airy=False, whole=whole), colour=colour)
    return text


def _blocks(sheet: Sheet, width: int, *, airy: bool, whole: bool) -> list[Block]:
    """The page; a full one does without empty lines between its parts, and then without what can be spared."""
    levels = [level for level in sheet.levels if whole or not level.spare]
    parts: tuple[Iterable[Block], ...] = (
        (
            *_flow([sheet.title, *sheet.about, f"printed {sheet.printed}"], width, Role.STRONG),
            *(wrap(sheet.alarm, width, indent=2, role=Role.ALARM) if sheet.alarm else []),
            *_flow(sheet.lead, width),
        ),
        (*_title("IS IT A TRADE TO SCALE?", width), *_checks(sheet.scale, width)),
        (*_title("BEFORE", width), *_checks(sheet.before, width)),
        _orders(sheet, width),
        (*_moments(sheet, width), *_steps(sheet.steps, width)),
        _levels(levels, sheet.columns, width),
        _after(sheet, width),
    )
    blocks: list[Block] = []
    for part in map(list, parts):
        blocks += [BLANK] if airy and blocks and part else []
        blocks += part
    return blocks


def _title(text: str, width: int) -> list[Line]:
    return wrap(text, width, role=Role.STRONG)


def _flow(parts: Sequence[str], width: int, role: Role = Role.PLAIN, indent: int = 2) -> Iterator[Line]:
    """Parts beside each other, three blanks apart, as many a line as fit."""
    lines: list[str] = []
    for part in parts:
        if lines and cells(lines[-1]) + len(_BETWEEN) + cells(part) <= width:
            lines[-1] += _BETWEEN + part
        else:
            lines.append(part)
    for line in lines:
        yield from wrap(line, width, indent=indent, role=role) if cells(line) > width else [(Cell(line, role),)]


def _checks(checks: Sequence[Check], width: int) -> Iterator[Line]:
    """Boxes with evidence one a line, the labels in a column; bare ones beside each other."""
    answered = [check for check in checks if check.evidence]
    label = max((cells(check.label) for check in answered), default=0) + 2
    for check in answered:
        yield from _check(check, label, width)
    bare = [f"{_BOXES[check.state]}{_said(check)}" for check in checks if not check.evidence]
    yield from _flow(bare, width, indent=4)


def _said(check: Check) -> str:
    return f"{check.label} (yours)" if check.yours else check.label


def _check(check: Check, label: int, width: int) -> Iterator[Line]:
    role = _ROLES.get(check.state, Role.PLAIN)
    start = f"{_BOXES[check.state]}{_padded(check.label, label)}"
    indent = cells(start)
    if width < 2 * indent:
        start, indent = f"{_BOXES[check.state]}{check.label}: ", 4
    lines = wrap(check.evidence, width, indent=indent, taken=cells(start), role=role)
    if check.blank:
        used = sum(cells(cell.text) for cell in lines[-1]) + (cells(start) if len(lines) == 1 else 0)
        room = width - used - 1
        if room >= _LEAST_LINE:
            lines[-1] = (*lines[-1], Cell(" " + "_" * room))
        else:
            lines.append((Cell(" " * indent), Cell("_" * (width - indent))))
    first, *rest = lines
    yield (Cell(start, role), *first)
    yield from rest


def _hanging(start: str, text: str, width: int) -> Iterator[Line]:
    first, *rest = wrap(text, width, indent=cells(start), taken=cells(start))
    yield (Cell(start), *first)
    yield from rest


def _orders(sheet: Sheet, width: int) -> list[Block]:
    tickets = (*sheet.now, *sheet.later)
    what = max(cells(ticket.what) for ticket in tickets) + 2
    ticked = [
        Column("price", tuple(Cell(each.price.text) for each in tickets)),
        Column(sheet.heads.quantity, tuple(Cell(each.quantity.text) for each in tickets)),
        Column("placed", tuple(Cell(_EMPTY) for _ in tickets), left=True),
        Column("filled at", tuple(Cell(_LINE) for _ in tickets), left=True),
    ]
    names = [_padded(each.what, what) + each.order for each in tickets]
    full = [f"{name}, {each.condition}" if each.condition else name for name, each in zip(names, tickets, strict=True)]
    under = [[each.remark] for each in tickets]
    columns = [_ordered(full), *ticked]
    if table_width(columns, 1) > width:
        # What an order waits for stands under it where it has no room beside it.
        columns = [_ordered(names), *ticked]
        under = [[each.condition, each.remark] for each in tickets]
    below = {
        index: tuple(line for text in texts if text for line in _hanging("  ", text, width))
        for index, texts in enumerate(under)
    }
    if sheet.now and sheet.later:
        last = len(sheet.now) - 1
        below[last] = (*below[last], *_title(f"LATER, with {sheet.basis}", width))
    return _laid_out(columns, width, below)


def _ordered(names: Sequence[str]) -> Column:
    return Column("ORDERS TO PLACE NOW", tuple(map(Cell, names)), left=True)


def _moments(sheet: Sheet, width: int) -> list[Block]:
    """One table, or where it is too wide what to do and what is so then in a table each."""
    moments = sheet.moments
    tiers = Column("WHEN", tuple(Cell(f"tier {each.tier}") for each in moments), left=True)
    do = [
        Column("fills at", tuple(Cell(each.price.text) for each in moments)),
        Column("DO stop to", tuple(Cell(each.stop.text) for each in moments)),
        Column("for", tuple(Cell(each.quantity.text) for each in moments)),
    ]
    then = [
        Column("THEN average", tuple(Cell(each.average_entry.text) for each in moments)),
        Column("breakeven", tuple(Cell(each.breakeven.text) for each in moments)),
        Column(sheet.heads.risk, tuple(Cell(each.risk.text) for each in moments)),
    ]
    if sheet.heads.liquidation:
        then.append(Column(sheet.heads.liquidation, tuple(Cell(each.liquidation.text) for each in moments)))
    below = {index: tuple(_hanging("  ", each.remark, width)) for index, each in enumerate(moments) if each.remark}
    if table_width([tiers, *do, *then], 1) <= width:
        return _laid_out([tiers, *do, *then], width, below)
    return [*_laid_out([tiers, *do], width, below), *_laid_out([tiers, *then], width, {})]


def _laid_out(columns: Sequence[Column], width: int, below: dict[int, tuple[Line, ...]]) -> list[Block]:
    for gap in _GAPS:
        if table_width(columns, gap) <= width:
            return table(columns, gap, below)
    return stack(columns, width, below)


def _steps(steps: Sequence[Stage], width: int) -> Iterator[Line]:
    """When and at which price, what to do, and what is so then; under each other where they do not fit beside."""
    when = max(cells(step.when) for step in steps)
    at = max(cells(step.at.text) for step in steps)
    then = max(cells(step.then) for step in steps)
    start = when + 1 + at + 2
    do = width - start - then - 1
    for step in steps:
        price = " " * (at - cells(step.at.text)) + step.at.text
        if do < _LEAST_DO:
            yield from _hanging("", f"{step.when} {step.at.text}".rstrip(), width)
            yield from _hanging("  ", f"{step.do}; {step.then}" if step.then else step.do, width)
            continue
        first, *rest = wrap(step.do, do)
        gap = do - sum(cells(cell.text) for cell in first) + 1
        yield (Cell(f"{_padded(step.when, when)} {price}  "), *first, Cell(" " * gap + step.then))
        yield from ((Cell(" " * start), *line) for line in rest)


def _levels(levels: Sequence[Level], counts: Sequence[str], width: int) -> list[Block]:
    if not levels:
        return []
    names = Column("IF ONLY TIERS", tuple(Cell(level.label) for level in levels), left=True)
    columns = [Column(count, _of_count(levels, index)) for index, count in enumerate(counts)]
    if table_width([names, *columns], 1) > width:
        # What is so with all of them filled stands in the steps.
        columns.pop()
    if table_width([names, *columns], 1) <= width:
        return _laid_out([names, *columns], width, {})
    across = (width - names.width) // (max(column.width for column in columns) + 1)
    if across < 2:
        down = Column("tiers", tuple(Cell(count) for count in counts), left=True)
        return stack([down, *(Column(level.label, _figures(level)) for level in levels)], width)
    starts = range(0, len(columns), across)
    return [block for start in starts for block in table([names, *columns[start : start + across]], 1)]


def _figures(level: Level) -> tuple[Cell, ...]:
    return tuple(Cell(figure.text) for figure in level.figures)


def _of_count(levels: Sequence[Level], index: int) -> tuple[Cell, ...]:
    return tuple(Cell(level.figures[index].text) for level in levels)


def _after(sheet: Sheet, width: int) -> Iterator[Line]:
    *blanks, last = sheet.log
    title, *rest = _flow([f"AFTER{_BETWEEN}{_blank(blanks[0])}", *map(_blank, blanks[1:])], width)
    yield title
    yield from rest
    boxes = [f"{_BOXES[check.state]}{check.label}" for check in sheet.after]
    *lines, end = _flow([*boxes, last.label], width)
    yield from lines
    room = width - sum(cells(cell.text) for cell in end) - 1
    yield (*end, Cell(" " + "_" * room)) if room >= _LEAST_LINE else end
    if room < _LEAST_LINE:
        yield (Cell("_" * width),)


def _blank(blank: Blank) -> str:
    known = f" ({blank.known})" if blank.known else ""
    return f"{blank.label} ______ {blank.unit}{known}"


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(text))
