"""Outcomes: what the plan would bring if only tiers 1..k filled, stopped out or with every target hit."""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.ladder import Ladder, Step
from scaleplan.report.figures import Figures, r_signed
from scaleplan.report.layout import Cell, Role
from scaleplan.report.rounding import CONTEXT


class Outcome(NamedTuple):
    """One way out, and what it brings for each count of filled tiers."""

    name: str
    cells: tuple[Cell, ...]


def counts(ladder: Ladder) -> tuple[str, ...]:
    """The counts of filled tiers: 1, 1-2, 1-3 and so on."""
    return tuple("1" if step.tier == 1 else f"1-{step.tier}" for step in ladder.steps)


def outcomes(figures: Figures, ladder: Ladder) -> tuple[Outcome, ...]:
    """Stopped and, where there are targets, all targets hit; in R, or in money where there is no 1R."""
    in_r = ladder.totals.r > 0
    stopped = [-step.position.risk for step in ladder.steps]
    found = [Outcome("stopped", _cells(figures, ladder, stopped, in_r=in_r))]
    rewards = [step.position.reward for step in ladder.steps]
    known = [reward for reward in rewards if reward is not None]
    if len(known) == len(rewards):
        found.append(Outcome("all targets", _cells(figures, ladder, known, in_r=in_r)))
    return tuple(found)


def _cells(figures: Figures, ladder: Ladder, results: list[Decimal], *, in_r: bool) -> tuple[Cell, ...]:
    one_r = ladder.totals.r
    return tuple(
        Cell(r_signed(CONTEXT.divide(result, one_r)) if in_r else figures.money(result), _role(step, result))
        for step, result in zip(ladder.steps, results, strict=True)
    )


def _role(step: Step, result: Decimal) -> Role:
    if not step.position.reachable:
        return Role.FAINT
    return Role.GAIN if result >= 0 else Role.LOSS
