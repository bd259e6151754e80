"""What every path nets, by tiers filled and targets hit: the figures of the outcome matrix of `show`.

Only what can happen is there. Where a part is left after the last target, the stop in force then takes it out.
"""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from scaleplan.ladder import Ladder
from scaleplan.paths.events import End
from scaleplan.paths.graph import explore
from scaleplan.paths.holding import bits
from scaleplan.paths.machine import machine_of
from scaleplan.paths.odds import Odds
from scaleplan.paths.walk import ends, walk
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ROUNDING, ZERO, exact

#: More than these are for `scaleplan paths`, which has the room and the time.
MOST_STATES = 2_000
_MOST_RESULTS = 20_000
_MOST_COUNTS = 24


class Result(NamedTuple):
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

    results: tuple[Result, ...]
    missing: str = ""


#: What an end nets at worst, absent where nothing bounds it.
_Net = tuple[Decimal | None, End]

#: Nothing to tell apart.
NO_MATRIX = Matrix(())


@exact
def matrix_of(plan: Plan, ladder: Ladder) -> Matrix:
    """The matrix of a plan."""
    machine = machine_of(plan, ladder)
    graph = explore(machine, MOST_STATES)
    # No result depends on the odds, only its chance does.
    ended = ends(graph, walk(graph, Odds(None, plan.tiers[0].price)), _MOST_RESULTS) if graph.complete else None
    if ended is None:
        return Matrix((), f"more than {MOST_STATES:,} states: `scaleplan paths` goes through them")
    found: dict[tuple[tuple[int, ...], int], list[_Net]] = defaultdict(list)
    for one in ended:
        key, over = one.node.key, one.over
        net = None if over.worst is None else one.carried.result.net + over.worst
        filled = bits(machine.holdings.all[key.holding].filled)
        found[filled, key.hits + (over.end is End.TARGETS)].append((net, over.end))
    if len({tiers for tiers, _ in found}) > _MOST_COUNTS:
        return Matrix((), f"more than {_MOST_COUNTS} sets of tiers can fill: `scaleplan paths` tells what each brings")
    close = ROUNDING * max(held.level_cost for held in machine.holdings.all)
    keys = sorted(found, key=lambda key: (key[1], len(key[0]), key[0]))
    return Matrix(tuple(_worst(*key, found[key], close) for key in keys))


def _worst(tiers: tuple[int, ...], targets: int, ended: list[_Net], close: Decimal) -> Result:
    """The worst of a cell's ends; results `close` to each other are one."""
    net, end = min(ended, key=lambda one: (one[0] is not None, one[0] or 0))
    others = [other for other, _ in ended if other is not None]
    if net is None:
        return Result(tiers, targets, end, None, orders=bool(others))
    # What rounding leaves of a result of 0 is 0.
    return Result(tiers, targets, end, net if abs(net) > close else ZERO, orders=max(others) - net > close)
