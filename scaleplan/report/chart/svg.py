"""The drawing of a plan as a file of its own."""

from scaleplan.report.chart.page import ladder_parts
from scaleplan.report.figures import figures_of
from scaleplan.report.page import PriceScale
from scaleplan.report.sentences import best, head, worst
from scaleplan.report.svg import group, ladder_drawing, svg, text_drawing
from scaleplan.study import Study


def chart_svg(study: Study) -> str:
    """Returns the document: the plan in a line, the ladder; the same text for the same plan."""
    figures = figures_of(study.plan, study.ladder)
    name, *about = (cell.text for cell in head(study.plan))
    answer = f"{worst(figures, study.ladder).text}; {best(figures, study.ladder).text}"
    scales = (part for part in ladder_parts(study, figures) if isinstance(part, PriceScale))
    drawings = (text_drawing((name, ", ".join(about), answer)), *map(ladder_drawing, scales))
    return svg(group(drawings), f"{name}, {study.plan.symbol.text} {study.plan.side}", answer, alone=True)
