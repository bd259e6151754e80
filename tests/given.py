"""What tests are given: the study of a plan, and every path of it."""

from decimal import Decimal

from scaleplan.ladder import climb
from scaleplan.paths import EveryPath
from scaleplan.paths.records import Paths
from scaleplan.plan import Plan
from scaleplan.study import Study, study


def studied(text: str | bytes, name: str = "plan.yaml") -> Study:
    """The study of a plan that can be reckoned."""
    found = study(name, text.encode() if isinstance(text, str) else text)
    assert isinstance(found, Study), [one.message for one in found.diagnostics]
    return found


def paths(plan: Plan, *, edge: Decimal | None = None, start: Decimal | None = None, most: int | None = None) -> Paths:
    """Every path of a plan."""
    return EveryPath(climb(plan)).walked(edge, start, most)
