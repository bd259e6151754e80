"""What a rule looks at: the plan, its ladder, and the places of both in the text."""

from collections.abc import Iterable
from typing import NamedTuple

from scaleplan.decode.places import Places
from scaleplan.diagnostic import Diagnostic, Kind, Related, problem
from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.rules.thresholds import DEFAULT, Thresholds


class Subject(NamedTuple):
    """One plan under examination."""

    plan: Plan
    ladder: Ladder
    places: Places
    thresholds: Thresholds = DEFAULT

    def finding(
        self, kind: Kind, path: str, message: str, help: str, related: Iterable[tuple[str, str]] = ()
    ) -> Diagnostic:
        """A diagnostic at `path`, or at the nearest part around it that is written; `related` are paths and words."""
        path = self.places.nearest(path)
        others = [Related(self.places.of(other), words) for other, words in related if other in self.places.spans]
        return problem(kind, self.places.of(path), path, message, help, others)

    @property
    def stop_path(self) -> str:
        """Where the plan's own stop is written."""
        return "stop" if "stop" in self.places.spans else "invalidation"

    @property
    def losing(self) -> str:
        """The losing side of a price, in a word: `below` for a long."""
        return "below" if self.plan.sign > 0 else "above"

    @property
    def winning(self) -> str:
        """The winning side of a price, in a word: `above` for a long."""
        return "above" if self.plan.sign > 0 else "below"
