"""The page of `chart`: the ladder to scale, and what has no place on it; the drawing as a file of its own."""

from scaleplan.ladder import Ladder
from scaleplan.report.chart.marks import marks_of, unplaced
from scaleplan.report.drawings import PriceScale
from scaleplan.report.figures import Figures, figures_of
from scaleplan.report.page import UNLIMITED, FactList, Heading, Medium, Page, Part, Sentence, Title
from scaleplan.report.sentences import best, head, more, worst
from scaleplan.study import Study

_PAYOFF = (
    "the net result if price goes straight from the last fill to a price, no further tier fills, targets on the way "
    "are hit, and what is left is closed there at taker cost"
)


def chart_page(study: Study, medium: Medium, rows: int | None, *, payoff: bool) -> Page:
    """Returns the drawing of a plan in so many rows: its ladder, or with `payoff` what it pays."""
    plan, ladder = study.plan, study.ladder
    figures = figures_of(plan, ladder)
    answer = Sentence((worst(figures, ladder), best(figures, ladder)), lead=medium.document, limit=UNLIMITED)
    # What is planned stands nowhere without what other paths lose.
    beyond = (Sentence((cell,), lead=medium.document, limit=UNLIMITED, hang=0) for cell in more(figures, ladder))
    drawn = payoff_parts(study, figures, rows) if payoff else ladder_parts(study, figures, rows)
    return Page((Title(head(plan), 6), answer, *beyond, Heading(), *drawn))


def payoff_parts(study: Study, figures: Figures, rows: int | None) -> tuple[Part, ...]:
    """Returns the curves of a plan, and below them what they are."""
    from scaleplan.report.chart.payoff import payoff_curves, payoff_facts  # noqa: PLC0415 - asked for by an option

    curves = payoff_curves(study, figures, rows)
    return (curves, Heading(), FactList(tuple(payoff_facts(curves))))


def ladder_scale(figures: Figures, ladder: Ladder, rows: int | None = None, *, bare: bool = False) -> PriceScale:
    """Returns the ladder to scale."""
    return PriceScale(marks_of(figures, ladder), figures.places.price, rows, bare)


def ladder_parts(study: Study, figures: Figures, rows: int | None = None) -> tuple[Part, ...]:
    """Returns the ladder to scale, and below it what has no price to stand at."""
    facts = unplaced(figures, study.ladder)
    scale = ladder_scale(figures, study.ladder, rows)
    return (scale, Heading(), FactList(tuple(facts))) if facts else (scale,)


def chart_svg(study: Study) -> str:
    """Returns the document: the plan in a line, the ladder, what it pays; the same text for the same plan."""
    from scaleplan.report.chart.payoff import payoff_curves  # noqa: PLC0415 - a terminal draws with characters
    from scaleplan.report.curves_svg import curve_drawing  # noqa: PLC0415
    from scaleplan.report.svg import group, ladder_drawing, svg, text_drawing  # noqa: PLC0415

    figures = figures_of(study.plan, study.ladder)
    name, *about = (cell.text for cell in head(study.plan))
    cells = (worst(figures, study.ladder), best(figures, study.ladder), *more(figures, study.ladder))
    answer = "; ".join(cell.text for cell in cells)
    missing = tuple(f"{fact.label}: {fact.text}" for fact in unplaced(figures, study.ladder))
    curves = payoff_curves(study, figures)
    drawings = (
        text_drawing((name, ", ".join(about), answer)),
        ladder_drawing(ladder_scale(figures, study.ladder)),
        *([text_drawing(missing)] if missing else []),
        text_drawing((f"What it pays, in {curves.unit}", _PAYOFF)),
        curve_drawing(curves),
    )
    return svg(group(drawings), f"{name}, {study.plan.symbol.text} {study.plan.side}", answer, alone=True)
