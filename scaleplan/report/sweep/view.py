"""What a report of a sweep is made of."""

from typing import NamedTuple

from scaleplan.bars.records import Bars
from scaleplan.diagnostic import Diagnostic
from scaleplan.plan import Plan
from scaleplan.report.replay.words import BarsRead
from scaleplan.sweep.asked import SweepOrder
from scaleplan.sweep.records import Task
from scaleplan.sweep.swept import Swept


class SweepView(NamedTuple):
    """A sweep; `plan` is one that the template makes, `bars` are all that were read, those held out too.

    `signals` is when it was traded, `holdout` the share of bars held out, as written; empty where none was.
    """

    file: str
    plan: Plan
    by_signal: bool
    signals: str
    read: BarsRead
    bars: Bars
    task: Task
    asked: SweepOrder
    swept: Swept
    holdout: str
    sample: int | None
    diagnostics: tuple[Diagnostic, ...]

    def settings(self, number: int | None) -> dict[str, str]:
        """Returns what a variant sets, by place; nothing for the template as written."""
        return {} if number is None else self.task.grid.settings(number)
