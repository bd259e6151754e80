"""The record of `chart`: the levels with their place on the scale, and the points of the payoff, unrounded."""

from collections.abc import Sequence

from scaleplan.questions.payoff import Point
from scaleplan.report.chart.marks import marks_of
from scaleplan.report.chart.payoff import drawn_payoffs
from scaleplan.report.drawings import Mark
from scaleplan.report.figures import figures_of
from scaleplan.report.record import Record, digits, of
from scaleplan.report.scale import WHOLE, Scaling, bar_cells, parts_of, step_of
from scaleplan.report.show.record import about, diagnostic_records
from scaleplan.study import Studied, Study


def chart_record(study: Studied, rows: int | None, *, payoff: bool) -> Record:
    """Returns the record of one plan; of one that could not be read only the diagnostics are there.

    A level behind the break has no row. A payoff is a line from point to point; it is absent where it is not asked for.
    """
    record: Record = {**about(study, "chart"), "scale": None, "levels": [], "payoff": None}
    if isinstance(study, Study):
        marks = marks_of(figures_of(study.plan, study.ladder), study.ladder)
        within = parts_of(marks).within
        step = step_of(within, rows)
        record["scale"] = {
            "rows": step.rows,
            "top": digits(step.top),
            "bottom": digits(within[-1].price),
            "step": digits(step.price),
            "bar_of_whole": WHOLE,
        }
        record["levels"] = [_level(mark, step if mark in within else None) for mark in marks]
        if payoff:
            record["payoff"] = [_payoff(each.tiers, points) for each, points in drawn_payoffs(study)]
    return {**record, "diagnostics": diagnostic_records(study)}


def _payoff(tiers: int, points: Sequence[Point]) -> Record:
    return {"tiers": list(range(1, tiers + 1)), "points": [of(point, "price", "net", "net_r") for point in points]}


def _level(mark: Mark, step: Scaling | None) -> Record:
    return {
        "level": str(mark.kind),
        "index": mark.number or None,
        "price": digits(mark.price),
        "row": None if step is None else step.row(mark.price),
        "exact_row": None if step is None else digits(step.exact(mark.price)),
        "part": digits(mark.size) if mark.size else None,
        "bar": bar_cells(mark.size),
        "words": list(mark.words),
        "net_r": digits(mark.net_r),
    }
