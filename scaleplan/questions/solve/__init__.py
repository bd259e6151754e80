"""Solve: one unknown of a plan for one promise, put back into the plan and checked on its ladder and paths.

A solver has an equation for its guess, and a grid: ticks, lots, whole leverages, hundredths. The answer is the last
value on the grid that keeps the promise; it is put back, everything is reckoned anew, and the next value has to break
it. What fails either is a mistake of this program, not of the plan.
"""

from collections.abc import Callable

from scaleplan.questions.solve.records import CountRow, Goal, NoAnswer, Solution, What
from scaleplan.questions.solve.trial import Trials, stand_of
from scaleplan.study import Study

# ruff: noqa: PLC0415 - each solver is loaded where it is asked for

Solver = Callable[[Trials, Goal], Solution]


class Answered:
    """What came of a question: a solution or why there is none, and what there is for each count of tiers."""

    __slots__ = ("none", "rows", "solution", "trials")

    def __init__(
        self, trials: Trials, solution: Solution | None, none: NoAnswer | None, rows: tuple[CountRow, ...] = ()
    ) -> None:
        self.trials = trials
        self.solution = solution
        self.none = none
        self.rows = rows


def solve(study: Study, goal: Goal) -> Answered:
    """Answers a question about a plan. Raises `NoState` where it is about a state that the plan does not get to."""
    trials = Trials(study)
    rows: tuple[CountRow, ...] = ()
    if goal.each:
        from scaleplan.questions.solve.exits import each_row

        rows = each_row(trials, goal)
    try:
        return Answered(trials, _solver(goal.what)(trials, goal), None, rows)
    except NoAnswer as none:
        return Answered(trials, None, none, rows)


def _solver(what: What) -> Solver:
    match what:
        case What.SIZE | What.STOP | What.TIERS:
            from scaleplan.questions.solve import losses

            return {What.SIZE: losses.solve_size, What.STOP: losses.solve_stop, What.TIERS: losses.solve_tiers}[what]
        case What.LEVERAGE | What.MARGIN:
            from scaleplan.questions.solve import behind

            return behind.solve_leverage if what is What.LEVERAGE else behind.solve_margin
        case What.SHARES:
            from scaleplan.questions.solve.shares import solve_shares

            return solve_shares
        case What.ADD:
            from scaleplan.questions.solve.adds import solve_add

            return solve_add
        case What.CLOSE:
            from scaleplan.questions.solve.exits import solve_close

            return solve_close
        case What.TARGET:
            from scaleplan.questions.solve.exits import solve_target

            return lambda trials, goal: solve_target(trials, goal, stand_of(trials.study, goal.tiers, goal.targets))
