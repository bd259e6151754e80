"""What stands where the next key or list item was due: left-over text, a bracket, a line too far left or right."""

import re

from scaleplan.tree.kinds import NOT_YAML, SECOND_DOCUMENT
from scaleplan.tree.quoting import quote
from scaleplan.tree.syntax import values
from scaleplan.tree.syntax.colons import SIGNS, indent_help, spaces
from scaleplan.tree.syntax.trouble import Fault, Line, Lines, Mask, Remark, Trouble

_ORDER = re.compile(r"^%", re.MULTILINE)
_OPENERS = {"]": "[", "}": "{"}


def out_of_place(trouble: Trouble) -> Fault | None:
    """Explains what was not expected at this place."""
    line = trouble.line
    before = line.text[: trouble.at - line.start]
    return _lone_sign(trouble) or (_behind_a_value(trouble) if before.strip(" \t-") else None) or _wrong_indent(trouble)


def _lone_sign(trouble: Trouble) -> Fault | None:
    at, line = trouble.at, trouble.line
    mask = (Mask(at, at + 1, " "),)
    opener = _OPENERS.get(trouble.here)
    if opener is not None:
        message = f"`{trouble.here}` closes nothing: no `{opener}` is open"
        return Fault(NOT_YAML, at, at + 1, message, "delete it", masks=mask)
    if trouble.here == "." and line.text.startswith("..."):
        message = "`...` ends the plan before it begins"
        return Fault(NOT_YAML, at, at + 3, message, "delete the line", masks=(Mask(at, at + 3, " "),))
    if trouble.here == "," and line.start + line.value_start == at:
        return Fault(NOT_YAML, at, at + 1, "a value cannot begin with a comma", "delete the comma", masks=mask)
    if trouble.here == ":" and not line.key:
        return Fault(NOT_YAML, at, at + 1, "this colon has no key in front of it", "write the key before the colon")
    return None


def _behind_a_value(trouble: Trouble) -> Fault | None:
    lines, at, line = trouble.lines, trouble.at, trouble.line
    value_start = line.start + line.value_start
    if value_start < at and lines.text.startswith(SIGNS, value_start):
        return values.sign(lines, value_start, None)
    last = trouble.last_scalar
    if last is not None and trouble.last_quote and last[0] < line.start < last[1] <= at:
        return _closed_too_late(trouble, last)
    if lines.text[line.start : at].rstrip(" \t")[-1:] in ("'", '"', "]", "}"):
        return values.behind_the_end(trouble, min(value_start, at))
    end = max(at + 1, line.start + line.end)
    message = f"{quote(lines.text[at:end])} stands where the next key was due"
    return Fault(NOT_YAML, at, end, message, "put it on a line of its own, or in quotes with the text before it")


def _closed_too_late(trouble: Trouble, last: tuple[int, int]) -> Fault:
    """Explains a quote that was left open on an earlier line and has closed at the next quote, wherever that was."""
    lines, mark = trouble.lines, trouble.last_quote
    opening = lines.line_at(last[0])
    start, end = last[0], max(last[0] + 1, opening.start + opening.end)
    message = f"the quote {mark} opened here is closed only on line {trouble.line.number}, in the middle of a text"
    remark = Remark(last[1] - 1, last[1], "closed here")
    return Fault(NOT_YAML, start, end, message, values.close_help(lines.text[start:end], mark), (remark,))


def after_the_end(trouble: Trouble) -> Fault | None:
    """Explains what follows a plan that has ended, or an order to YAML (`%YAML 1.1`) that no plan follows."""
    lines, line = trouble.lines, trouble.line
    order = _ORDER.search(lines.text, 0, trouble.at)
    if order:
        return values.directive(trouble._replace(since=order.start()))
    above = lines.above(line)
    if above is None or not above.text.startswith("..."):
        return out_of_place(trouble)
    message = "`...` ends the plan, and more follows"
    remark = Remark(*above.span, "the end")
    return Fault(SECOND_DOCUMENT, *line.span, message, "delete the line with the `...`", (remark,))


def _wrong_indent(trouble: Trouble) -> Fault | None:
    lines, line = trouble.lines, trouble.line
    above = lines.above(line)
    if above is None:
        return None
    levels = _levels(lines, above, line.indent)
    is_item = line.key_start > line.indent
    if line.indent in levels:
        return _not_of_its_sort(lines, line, above)
    if line.indent > above.indent and above.value and line.colon is None and not is_item:
        return _goes_on(line, above)
    wanted = min(levels, key=lambda level: (abs(level - line.indent), -level))
    others = " or ".join(str(level) for level in sorted(levels))
    message = f"this line is indented by {spaces(line.indent)}, and the lines above it by {others}"
    return Fault(NOT_YAML, *line.span, message, indent_help(wanted, levels[wanted]))


def _goes_on(line: Line, above: Line) -> Fault:
    """Explains a line that would continue a text, had that not ended: `trigger: 4h close # of the range`."""
    comment = above.text[above.end :].lstrip(" \t")
    if not comment.startswith("#"):
        message = f"{quote(line.written)} goes on with line {above.number}, whose value has ended"
        return Fault(NOT_YAML, *line.span, message, "write the value on one line", (Remark(*above.span, "the line"),))
    message = f"{quote(line.written)} goes on with the text of line {above.number}, which ended at its comment"
    at = above.start + len(above.text) - len(comment)
    remark = Remark(at, at + 1, "the comment")
    return Fault(NOT_YAML, *line.span, message, "put the comment on a line of its own", (remark,))


def _levels(lines: Lines, above: Line, indent: int) -> dict[int, str]:
    """Returns the columns that a line could have here: those of the line above, and of what that stands under.

    Each comes with what stands there. Only the nearest deeper and the nearest shallower one are of use.
    """
    levels: dict[int, str] = {}
    line: Line | None = above
    while line is not None:
        for level, what in line.levels.items():
            levels.setdefault(level, what)
        line = lines.owner(line) if line.indent else None
    deeper = min((level for level in levels if level > indent), default=indent)
    shallower = max((level for level in levels if level < indent), default=indent)
    return {level: what for level, what in levels.items() if level in (deeper, indent, shallower)}


def _not_of_its_sort(lines: Lines, line: Line, above: Line) -> Fault:
    """Explains a list item beside keys, or a key beside list items."""
    beside = above
    while beside.indent > line.indent and (further := lines.above(beside)) is not None:
        beside = further
    if line.key_start > line.indent:
        message = f"{quote(line.written)} is a list item, and the lines beside it are keys"
        remedy = "put it under a key without a value, such as `tiers:`, or write it as `key: value`"
    else:
        message = f"{quote(line.written)} is no list item, and the lines beside it are"
        remedy = f"indent it by {spaces(line.indent + 2)} to belong to the item above it, or put a dash in front"
        if line.indent == 0:
            remedy = "put the list under a key, such as `tiers:`"
    return Fault(NOT_YAML, *line.span, message, remedy, (Remark(*beside.span, "beside it"),))
