"""The page of `chart`: the ladder to scale, and what has no place on it; the drawing as a file of its own."""

from scaleplan.ladder import Ladder
from scaleplan.report.chart.marks import marks_of, unplaced
from scaleplan.report.figures import Figures, figures_of
from scaleplan.report.page import UNLIMITED, FactList, Heading, Medium, Page, Part, PriceScale, Sentence, Title
from scaleplan.report.sentences import best, head, worst
from scaleplan.report.svg import group, ladder_drawing, svg, text_drawing
from scaleplan.study import Study


def chart_page(study: Study, medium: Medium, rows: int | None = None) -> Page:
    """Returns the drawing of a plan, its scale in so many rows."""
    plan, ladder = study.plan, study.ladder
    figures = figures_of(plan, ladder)
    answer = Sentence((worst(figures, ladder), best(figures, ladder)), lead=medium.document, limit=UNLIMITED)
    return Page((Title(head(plan), 6), answer, Heading(), *ladder_parts(study, figures, rows)))


def ladder_scale(figures: Figures, ladder: Ladder, rows: int | None = None, *, bare: bool = False) -> PriceScale:
    """Returns the ladder to scale."""
    return PriceScale(marks_of(figures, ladder), figures.places.price, rows, bare)


def ladder_parts(study: Study, figures: Figures, rows: int | None = None) -> tuple[Part, ...]:
    """Returns the ladder to scale, and below it what has no price to stand at."""
    facts = unplaced(figures, study.ladder)
    scale = ladder_scale(figures, study.ladder, rows)
    return (scale, Heading(), FactList(tuple(facts))) if facts else (scale,)


def chart_svg(study: Study) -> str:
    """Returns the document: the plan in a line, the ladder; the same text for the same plan."""
    figures = figures_of(study.plan, study.ladder)
    name, *about = (cell.text for cell in head(study.plan))
    answer = f"{worst(figures, study.ladder).text}; {best(figures, study.ladder).text}"
    scales = (part for part in ladder_parts(study, figures) if isinstance(part, PriceScale))
    drawings = (text_drawing((name, ", ".join(about), answer)), *map(ladder_drawing, scales))
    return svg(group(drawings), f"{name}, {study.plan.symbol.text} {study.plan.side}", answer, alone=True)
