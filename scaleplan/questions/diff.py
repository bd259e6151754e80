"""A plan's change as a risk review: what changed, what it does to each measure over every path, and the verdict.

Each side is a study of its own, read with the files and the policy of its own revision. A side that has no figures has
nothing to compare.
"""

import os
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode import Places
from scaleplan.paths.records import Summary
from scaleplan.quantity.exact import exact
from scaleplan.revision.changes import KeyChange, are_one_trade, changes_of
from scaleplan.revision.git import At, FilesAt, NotThere, commit_of
from scaleplan.revision.keys import PlacedPlan
from scaleplan.revision.measures import (
    OF_EQUITY,
    Measure,
    Measures,
    RiskComparison,
    RiskVerdict,
    Turn,
    compared,
    measures_of,
)
from scaleplan.study import Session, Settings, Studied, Study

#: The keys that each measure reads, those first that decide it; `broken` rules may read all.
_POSITION = ("size", "tiers", "stop", "invalidation", "instrument")
_COSTS = ("fees", "slippage", "spread", "venue")
_MARGIN = ("leverage", "margin_mode", "margin", "extra_margin", "maintenance", "venue")
_ENDS = ("targets", "entries_end", "expires", "time_stop")
_EQUITY = ("account.equity", "account.rate")
_ACCOUNT = (*_EQUITY, "account.reserved")
_LOSS = ("stop", "invalidation", "size", "tiers", *_ENDS, *_COSTS, *_MARGIN, *_EQUITY, "account.reserved", "instrument")
_TIED_UP = ("leverage", "margin", "extra_margin", *_POSITION, *_COSTS, *_ENDS, "margin_mode", *_EQUITY)
_READS = {
    Measure.PLANNED_LOSS: _LOSS,
    Measure.WORST_LOSS: _LOSS,
    Measure.LOSS_FRACTION: _LOSS,
    Measure.MOST_HELD: (*_POSITION, "leverage", *_ENDS, *_EQUITY, *_COSTS),
    Measure.HAS_STOP: ("stop", "invalidation"),
    Measure.BEHIND_STOP: (
        *_MARGIN,
        *("maintenance_on", "bracket_by", "closing_fee", "bankruptcy_fee", "reserve", "account.reserved", *_EQUITY),
        *("stop", "invalidation", "tiers", "size", *_ENDS, *_COSTS, "instrument"),
    ),
    Measure.MARGIN: _TIED_UP,
    Measure.MARGIN_FRACTION: _TIED_UP,
    Measure.LEVERAGE: ("size", "tiers", *_EQUITY, "stop", "invalidation", "leverage", *_ENDS, *_COSTS, "instrument"),
    Measure.BROKEN: (),
}
#: Plans with more states have no chances here: they take seconds.
_MOST_STATES = 20_000


class DiffSide(NamedTuple):
    """One side: the file, the revision as it was typed and its commit, absent for a file as it is, and its study.

    The study is absent where the file is not in that revision.
    """

    file: str
    revision: str | None
    commit: str | None
    study: Studied | None

    @property
    def name(self) -> str:
        """Returns the side as it is typed."""
        return self.file if self.revision is None else f"{self.file}@{self.revision}"


def side_at(at: At, settings: Settings) -> DiffSide:
    """Returns the side of a file at a revision, the files that it names and its policy as they were then.

    Raises `Unreachable` where git does not give it, or it is no regular file there.
    """
    folder, name = os.path.split(at.path)
    commit = commit_of(folder or ".", at.revision, f"{at.path}@{at.revision}")
    try:
        data = commit.entry(name)
    except NotThere:
        return DiffSide(at.path, at.revision, commit.hash, None)
    study = Session(settings, FilesAt(commit, folder)).study(at.path, data)
    return DiffSide(at.path, at.revision, commit.hash, study)


class SideFigures(NamedTuple):
    """One side with its figures: its measures, and what is shown and never judged.

    `summary` is that of all paths at the fair price, absent where they are too many.
    """

    study: Study
    measures: Measures
    summary: Summary | None

    @property
    def reward(self) -> Decimal | None:
        """Returns what the plan makes where every target is hit."""
        return self.study.ladder.totals.reward


class Diff(NamedTuple):
    """The change from one side to the other.

    `before` and `after` are absent where a side has no figures, `comparison` where the two are not compared; the
    verdict is absent where the new side has no figures.
    """

    old: DiffSide
    new: DiffSide
    changes: tuple[KeyChange, ...]
    before: SideFigures | None
    after: SideFigures | None
    comparison: RiskComparison | None
    verdict: RiskVerdict | None
    places: Places | None

    @property
    def one_r(self) -> Decimal | None:
        """Returns 1R, on both sides that of the old one."""
        return None if self.before is None else self.before.study.ladder.totals.r

    def turn(self, measure: Measure) -> Turn | None:
        """Returns what became of a measure; absent where nothing is compared."""
        return None if self.comparison is None else dict(self.comparison.turns)[measure]

    def cause(self, measure: Measure) -> KeyChange | None:
        """Returns the change that a measure turned by: the first changed key of those that it reads."""
        figures = [change for change in self.changes if not change.words]
        for key in self._reads(measure):
            for change in figures:
                if change.key == key or change.key.startswith(f"{key}."):
                    return change
        return next(iter(figures), None)

    def _reads(self, measure: Measure) -> Iterator[str]:
        """Yields the keys that a measure reads: the account's only where it stands behind it, or sizes are a part."""
        money = OF_EQUITY.get(measure)
        if money is not None and self.turn(money) is not Turn.WORSE:
            # It is the equity that has changed.
            yield from _ACCOUNT
        plans = [each.study.plan for each in (self.before, self.after) if each is not None]
        with_account = measure in (*OF_EQUITY, Measure.LEVERAGE) or any(
            plan.is_cross or plan.size.kind.of_account for plan in plans
        )
        for key in _READS[measure]:
            if with_account or key not in _ACCOUNT:
                yield key


@exact
def diff(old: DiffSide, new: DiffSide) -> Diff:
    """Returns the change from one side to the other."""
    before, after = _judged(old), _judged(new)
    placed_new = _placed(new)
    if after is None or placed_new is None:
        return Diff(old, new, (), before, None, None, None, None)
    placed_old = _placed(old)
    if before is None or placed_old is None:
        return Diff(old, new, (), None, after, None, RiskVerdict.NEW, placed_new.places)
    changes = changes_of(placed_old, placed_new)
    if not are_one_trade(placed_old.plan, placed_new.plan):
        return Diff(old, new, changes, before, after, None, RiskVerdict.OTHER, placed_new.places)
    comparison = compared(before.measures, after.measures)
    return Diff(old, new, changes, before, after, comparison, comparison.verdict, placed_new.places)


def _judged(side: DiffSide) -> SideFigures | None:
    study = side.study
    if not isinstance(study, Study):
        return None
    every = study.every_path
    measures = measures_of(study.ladder, every, study.broken)
    graph = every.explored.up_to(_MOST_STATES)
    return SideFigures(study, measures, every.walked().summary if graph.complete else None)


def _placed(side: DiffSide) -> PlacedPlan | None:
    study = side.study
    if not isinstance(study, Study):
        return None
    reading = study.session.read(study.file, study.data).reading
    if reading.plan is None or reading.places is None:
        return None
    return PlacedPlan(study.plan, reading.places)
