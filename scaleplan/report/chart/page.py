"""The page of `chart`: the ladder to scale, and what has no place on it."""

from scaleplan.ladder import Ladder
from scaleplan.report.chart.marks import marks_of, unplaced
from scaleplan.report.figures import Figures, figures_of
from scaleplan.report.page import UNLIMITED, FactList, Heading, Medium, Page, Part, PriceScale, Sentence, Title
from scaleplan.report.sentences import best, head, worst
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
