"""Outcomes: what the plan nets if only these tiers filled, stopped out or with so many targets hit.

Only what can happen has a figure; marks tell what else there is to say, and the notes what they mean.
"""

from typing import NamedTuple

from scaleplan.engine.event import End
from scaleplan.ladder import Ladder
from scaleplan.paths.matrix import Cell as Reached
from scaleplan.paths.matrix import Matrix
from scaleplan.plan import Plan
from scaleplan.report.figures import Figures, r_signed
from scaleplan.report.layout import Cell, Item, Role
from scaleplan.report.path_words import numbers
from scaleplan.report.rounding import CONTEXT

_ORDER, _LIQUIDATED, _OPEN = "*", "!", "~"
_MARKS = {
    _ORDER: "the worst of several results: it depends on what comes first",
    _LIQUIDATED: "liquidated then",
    _OPEN: "nothing in the plan ends it then: what it can lose",
}


class Outcome(NamedTuple):
    """One count of targets hit, and what it brings for each set of filled tiers."""

    name: str
    cells: tuple[Cell, ...]


class Outcomes(NamedTuple):
    """The matrix as a table: the sets of filled tiers, a row for each count of targets, and what its marks mean."""

    filled: tuple[str, ...]
    rows: tuple[Outcome, ...]
    notes: tuple[Item, ...]


def outcomes(figures: Figures, ladder: Ladder, matrix: Matrix) -> Outcomes:
    """The matrix in R, or in money where there is no 1R; blank where something cannot happen."""
    found = {(one.tiers, one.targets): one for one in matrix.results}
    filled = sorted({one.tiers for one in matrix.results}, key=lambda tiers: (len(tiers), tiers))
    hit = sorted({one.targets for one in matrix.results})
    rows = []
    for targets in hit:
        ended = [found.get((tiers, targets)) for tiers in filled]
        cells = tuple(Cell("") if one is None else _cell(figures, ladder, one) for one in ended)
        rows.append(Outcome(_name(figures.plan, targets), cells))
    used = {mark for one in matrix.results for mark in _marks(one)}
    notes = tuple(Item(mark, text) for mark, text in _MARKS.items() if mark in used)
    return Outcomes(tuple(map(numbers, filled)), tuple(rows), notes)


def _name(plan: Plan, targets: int) -> str:
    if not targets:
        return "stopped"
    return "all targets" if targets == len(plan.targets) else f"after target {targets}"


def _marks(one: Reached) -> str:
    ended = {End.LIQUIDATED: _LIQUIDATED, End.OPEN: _OPEN}.get(one.end, "")
    return ended + (_ORDER if one.orders else "")


def _cell(figures: Figures, ladder: Ladder, one: Reached) -> Cell:
    net, one_r = one.net, ladder.totals.r
    in_r = None if net is None or one_r <= 0 else CONTEXT.divide(net, one_r)
    text = figures.money(net) if in_r is None else r_signed(in_r)
    # Marks stand before the figure, so that digits stand under digits.
    return Cell(f"{_marks(one)}{text}", _role(one))


def _role(one: Reached) -> Role:
    if one.end is End.LIQUIDATED:
        return Role.ALARM
    return Role.GAIN if one.net is not None and one.net >= 0 else Role.LOSS
