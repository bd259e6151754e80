"""Every path of a plan: one state machine, walked whole, with what it proves and how likely each end is.

`paths` is the one way in. The states are `machine`, all of them together `graph`, their chances `walk` with `odds` and
`trail`; `proofs`, `outcomes` and `edge` say what follows, and `every` puts it together. A check of a plan, which needs
the machine alone, loads no more than that.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

from scaleplan.paths.graph import MOST_STATES
from scaleplan.plan import Plan

if TYPE_CHECKING:
    from scaleplan.paths.records import Paths

__all__ = ["paths"]


def paths(plan: Plan, *, edge: Decimal | None = None, start: Decimal | None = None, most: int = MOST_STATES) -> "Paths":
    """Walk every path of a plan. Raises `Unreckonable` where it has no figures.

    `edge` is the drift `g` of a geometric Brownian motion (absent: fair odds). `start` is a price from which nothing is
    filled yet; without it price starts at tier 1's price with tier 1 filled. `most` bounds the states.
    """
    from scaleplan.paths.every import every_path  # noqa: PLC0415 - who needs the machine alone does not load it

    return every_path(plan, edge, start, most)
