"""Every path of a plan: its machine walked whole, with what that proves and how likely each end is.

`EveryPath` is the one way in. All states together are `graph`, their chances `walk` with `odds`; `proofs`,
`outcomes` and `edge` say what follows, and `every` puts it together. Each is loaded when it is asked for: a check of a
plan needs the states alone, and most need not even those.
"""

# ruff: noqa: PLC0415 - see above

from decimal import Decimal
from typing import TYPE_CHECKING

from scaleplan.ladder import Ladder
from scaleplan.quantity.exact import exact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from scaleplan.ladder.records import Together
    from scaleplan.paths.facts import Facts
    from scaleplan.paths.graph import Exploration, Graph
    from scaleplan.paths.matrix import Matrix
    from scaleplan.paths.records import Paths

__all__ = ["EveryPath"]


class EveryPath:
    """What is known of all paths of the plan of a ladder, each part worked out once, when it is asked for.

    Of a plan that has expired by `today` no tier can fill any more; its paths are those that it had.
    """

    __slots__ = ("_clocked", "_explored", "_matrix", "ladder", "today")

    def __init__(self, ladder: Ladder, today: "date | None" = None) -> None:
        self.ladder = ladder
        self.today = today
        self._explored: Exploration | None = None
        self._clocked: Exploration | None = None
        self._matrix: Matrix | None = None

    @property
    def explored(self) -> "Exploration":
        """The states as far as they have been looked at, from tier 1 filled on."""
        if self._explored is None:
            self._explored = self._from(None)
        return self._explored

    @property
    def clocked(self) -> "Exploration | None":
        """The same with what the clock can do; absent where the plan has neither `expires` nor `time_stop`."""
        plan = self.ladder.machine.plan
        if self._clocked is None and (plan.expires is not None or plan.time_stop is not None):
            self._clocked = self._from(None, clock=True)
        return self._clocked

    def _from(self, start: Decimal | None, *, clock: bool = False) -> "Exploration":
        from scaleplan.paths.graph import Exploration

        machine = self.ladder.machine
        return Exploration(machine.plan, machine.quantities, start, clock=clock)

    @exact
    def facts(self) -> "Facts | None":
        """Returns what holds over all paths; absent where they have too many states to look at in a check."""
        from scaleplan.paths.facts import MOST_STATES, facts_of

        clocked = self.clocked
        return facts_of(self.explored.up_to(MOST_STATES), None if clocked is None else clocked.up_to(MOST_STATES))

    @exact
    def whole(self, most: int | None = None) -> "Graph | None":
        """Returns all states, what the clock does among them unless that makes too many; absent where price alone does.

        There are too many where they are more than `most`.
        """
        from scaleplan.paths.graph import MOST_STATES

        most = MOST_STATES if most is None else most
        clocked = None if self.clocked is None else self.clocked.up_to(most)
        if clocked is not None and clocked.complete:
            return clocked
        graph = self.explored.up_to(most)
        return graph if graph.complete else None

    @exact
    def worst_loss(self, most: int | None = None) -> "Decimal | None":
        """Returns the most that any path loses, the clock's among them; absent where nothing bounds it.

        Where states are more than `most` it is a bound on what they lose.
        """
        graph = self.whole(most)
        if graph is not None:
            from scaleplan.paths.losses import worst_loss

            return worst_loss(graph)
        from scaleplan.paths.bounds import bounds_of

        bound = bounds_of(self.ladder.machine.plan, self.ladder, None).worst
        return None if bound is None else -bound

    @exact
    def targets_with(self) -> "Mapping[int, Together] | None":
        """Returns which targets are hit with each set of tiers (as bits) filled; absent where paths are too many."""
        from scaleplan.paths.facts import MOST_STATES, targets_with

        return targets_with((self.clocked or self.explored).up_to(MOST_STATES))

    @exact
    def matrix(self) -> "Matrix":
        """Returns what every path nets, by tiers filled and targets hit."""
        if self._matrix is None:
            from scaleplan.paths.matrix import matrix_of

            self._matrix = matrix_of(self.explored)
        return self._matrix

    @exact
    def walked(self, edge: Decimal | None = None, start: Decimal | None = None, most: int | None = None) -> "Paths":
        """Returns every path. Raises `Unreckonable` for an edge under which a trail has no figures.

        `edge` is the drift `g` of a geometric Brownian motion (absent: fair odds). `start` is a price from which
        nothing is filled yet; without it price starts at tier 1's price with tier 1 filled. `most` bounds the states.
        """
        from scaleplan.paths.every import every_path
        from scaleplan.paths.graph import MOST_STATES

        explored, clocked = self.explored, self.clocked
        if start is not None:
            explored = self._from(start)
            clocked = None if clocked is None else self._from(start, clock=True)
        found = every_path(self.ladder, explored, clocked, edge, start, MOST_STATES if most is None else most)
        plan = self.ladder.machine.plan
        if self.today is None or not plan.has_expired(self.today):
            return found
        from scaleplan.paths.proofs import cancelled

        return found._replace(proofs=cancelled(plan, found.proofs))
