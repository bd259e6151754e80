"""A study is one plan read, reckoned and judged: what every command that takes a plan starts from."""

from typing import NamedTuple

from scaleplan.decode import Override, read_plan
from scaleplan.diagnostic import Diagnostic, Severity, in_order, problem
from scaleplan.ladder import Ladder, Unreckonable, climb
from scaleplan.plan import Plan
from scaleplan.rules import UNRECKONABLE, examine


class Study(NamedTuple):
    """A plan under the name of its file. Without plan and ladder it could not be read; the diagnostics say why."""

    file: str
    plan: Plan | None
    ladder: Ladder | None
    diagnostics: tuple[Diagnostic, ...]

    def count(self, severity: Severity) -> int:
        """How many diagnostics are of a severity."""
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)


def study(name: str, data: bytes, overrides: tuple[Override, ...] = ()) -> Study:
    """Study the plan in `data`; paths inside the plan are relative to the folder of `name`."""
    reading = read_plan(name, data, overrides)
    plan, places = reading.plan, reading.places
    if plan is None or places is None:
        return Study(name, None, None, in_order(reading.diagnostics))
    try:
        ladder = climb(plan)
    except Unreckonable as error:
        path = places.nearest(error.path)
        told = problem(UNRECKONABLE, places.of(path), path, error.message, error.help)
        return Study(name, None, None, in_order((*reading.diagnostics, told)))
    return Study(name, plan, ladder, in_order((*reading.diagnostics, *examine(plan, ladder, places))))
