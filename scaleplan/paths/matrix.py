"""What every path nets, by tiers filled and targets hit: the figures of the outcome matrix of `show`.

Only what can happen is there. Where a part is left after the last target, the stop in force then takes it out.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import End
from scaleplan.engine.holding import bits
from scaleplan.paths.graph import Exploration, Graph
from scaleplan.paths.odds import Odds
from scaleplan.paths.walk import Ended, TooManyResults, ends, walk
from scaleplan.quantity.exact import ROUNDING, ZERO

#: More than these are for `scaleplan paths`, which has the room and the time.
MOST_STATES = 2_000
_MOST_RESULTS = 20_000
_MOST_COUNTS = 24


class MatrixCell(NamedTuple):
    """The worst net result of the ends with these tiers filled and these targets hit; absent where nothing bounds it.

    `orders` tells that the result depends on the order in which things happened.
    """

    tiers: tuple[int, ...]
    targets: int
    end: End
    net: Decimal | None
    orders: bool


class Matrix(NamedTuple):
    """What can happen, by tiers and targets. Without any result `missing` says why."""

    results: tuple[MatrixCell, ...]
    missing: str = ""


#: What an end nets at worst, absent where nothing bounds it.
_Net = tuple[Decimal | None, End]


def matrix_of(explored: Exploration) -> Matrix:
    """Returns the matrix of a plan."""
    graph = explored.up_to(MOST_STATES)
    found: dict[tuple[tuple[int, ...], int], list[_Net]] = defaultdict(list)
    try:
        for ended in _ends_of(graph):
            state, over = ended.node.state, ended.over
            net = None if over.worst is None else ended.carried.net + over.worst
            found[bits(state.held.filled), state.hits + (over.end is End.TARGETS)].append((net, over.end))
    except TooManyResults:
        return Matrix((), f"more than {MOST_STATES:,} states: `scaleplan paths` goes through them")
    if len({tiers for tiers, _ in found}) > _MOST_COUNTS:
        return Matrix((), f"more than {_MOST_COUNTS} sets of tiers can fill: `scaleplan paths` tells what each brings")
    close = ROUNDING * graph.largest_cost
    keys = sorted(found, key=lambda key: (key[1], len(key[0]), key[0]))
    return Matrix(tuple(_worst(*key, found[key], close) for key in keys))


def _ends_of(graph: Graph) -> Iterator[Ended]:
    if not graph.complete:
        raise TooManyResults
    # No result depends on the odds, only its chance does.
    odds = Odds(None, graph.machine.plan.tiers[0].price)
    return ends(graph, walk(graph, odds), _MOST_RESULTS)


def _worst(tiers: tuple[int, ...], targets: int, ended: list[_Net], close: Decimal) -> MatrixCell:
    """Returns the worst of a cell's ends; results `close` to each other are one."""
    net, end = min(ended, key=lambda pair: (pair[0] is not None, pair[0] or 0))
    others = [other for other, _ in ended if other is not None]
    if net is None:
        return MatrixCell(tiers, targets, end, None, orders=bool(others))
    # What rounding leaves of a result of 0 is 0.
    return MatrixCell(tiers, targets, end, net if abs(net) > close else ZERO, orders=max(others) - net > close)
