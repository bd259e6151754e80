"""A script of Pine, version 6: the levels of a plan drawn on a chart, with an alert at each. It orders nothing.

A level is a price; what lies at one price is one line with its names joined. Names are the program's own and the plan's
name; whatever else a plan says stays out of the script.
"""

from typing import NamedTuple

from scaleplan.report.chart.marks import marks_of
from scaleplan.report.drawings import Mark, MarkKind
from scaleplan.report.figures import figures_of
from scaleplan.report.visible import visible
from scaleplan.study import Study

#: A script has at most 64 outputs, of which each alert is one.
MOST_LEVELS = 60
#: A string of Pine has at most 4,096 characters; escapes count.
_LONGEST = 4_000
_PAINT = {
    MarkKind.TARGET: ("color.green", "line.style_solid"),
    MarkKind.TIER: ("color.blue", "line.style_solid"),
    MarkKind.AVERAGE: ("color.gray", "line.style_dotted"),
    MarkKind.STOP: ("color.red", "line.style_solid"),
    MarkKind.LIQUIDATION: ("color.purple", "line.style_dashed"),
}
#: Which of several levels at one price gives it its look.
_FIRST = (MarkKind.STOP, MarkKind.LIQUIDATION, MarkKind.TIER, MarkKind.TARGET, MarkKind.AVERAGE)
_SCRIPT = """\
//@version=6
// The levels of a plan, drawn. Made by scaleplan; it places no order.
indicator({title}, overlay = true, max_lines_count = 500, max_labels_count = 500)

level(float price, string words, color paint, string style) =>
    line.new(bar_index - 1, price, bar_index, price, extend = extend.both, color = paint, style = style)
    label.new(bar_index, price, words, style = label.style_label_left, color = paint, textcolor = color.white)

if barstate.islastconfirmedhistory
{levels}
    if syminfo.basecurrency != {base}
        label.new(bar_index, close, {warning}, style = label.style_label_down, color = color.orange)

{alerts}
"""


#: The name of the level at which all tiers together are liquidated.
_ALL_IN = "liquidated"


class PineLevel(NamedTuple):
    """What lies at one price: its digits as a float of Pine, the kind that it looks like, and its names."""

    price: str
    kind: MarkKind
    name: str


def pine_levels(study: Study) -> tuple[PineLevel, ...]:
    """Returns the levels of a plan, the highest first: what the chart has, one for each price."""
    figures = figures_of(study.plan, study.ladder)
    by_price: dict[str, list[Mark]] = {}
    for mark in marks_of(figures, study.ladder):
        by_price.setdefault(_float(mark), []).append(mark)
    return tuple(
        PineLevel(price, min((mark.kind for mark in marks), key=_FIRST.index), _joined(marks))
        for price, marks in by_price.items()
    )


def _joined(marks: list[Mark]) -> str:
    return ", ".join(dict.fromkeys(map(_name, marks)))


def _name(mark: Mark) -> str:
    """Returns the name of a level; an alert has no column beside it that says after which tiers one is liquidated."""
    is_part = mark.kind is MarkKind.LIQUIDATION and mark.name != _ALL_IN and mark.words
    return f"{_ALL_IN} {mark.words[0]}" if is_part else mark.name


def _float(mark: Mark) -> str:
    """Returns the digits that the chart shows, as a float: with a point, without separators."""
    digits = mark.text.replace(",", "")
    return digits if "." in digits else f"{digits}.0"


def pine(study: Study) -> str:
    """Returns the script of a plan that has at most `MOST_LEVELS` levels."""
    plan, levels = study.plan, pine_levels(study)
    name = f"{plan.name} ({plan.symbol.text} {plan.side.value})"
    lines = [
        f"    level({level.price}, {string(f'{level.name}  {level.price}')}, {', '.join(_PAINT[level.kind])})"
        for level in levels
    ]
    alerts = [
        f"alertcondition(ta.cross(close, {level.price}), {string(level.name)}, "
        f"{string(f'{name}: price is at {level.name}, {level.price}')})"
        for level in levels
    ]
    base = plan.symbol.base
    return _SCRIPT.format(
        title=string(name),
        levels="\n".join(lines),
        base=string(base),
        warning=string(f"These levels are of {plan.symbol.text}"),
        alerts="\n".join(alerts),
    )


def string(text: str) -> str:
    r"""Returns a text as a string of Pine: `\` and `"` escaped, no control character, no placeholder of an alert."""
    shown = visible(text).replace("{{", "{ {").replace("}}", "} }")
    escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
    if len(escaped) > _LONGEST:
        # An escape is never cut in two.
        escaped = escaped[:_LONGEST]
        escaped = escaped[: len(escaped) - (len(escaped) - len(escaped.rstrip("\\"))) % 2]
    return f'"{escaped}"'
