"""Replay: one written plan on a series of prices, with the worst and the best that any path through the bars allows.

A bar says where price was and not in which order, so every figure is two. `replayed` walks the machine of the plan
over bars, in two worlds of limits (filled where price meets them, filled where price goes through), and follows every
way; `walk` and `inside` say how. No rule of a plan is here: what an event does is the engine's.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ROUNDING, ZERO, exact
from scaleplan.replay.records import BarOrder, LimitFills, Passage, PassageWay, ReplayEnd, World
from scaleplan.replay.result import ReplayResult, result_of
from scaleplan.replay.walk import Tape, Walker

__all__ = ["BarOrder", "LimitFills", "Manner", "Replayed", "Tape", "replayed", "results_of"]


class Manner(NamedTuple):
    """How a plan is replayed. `limits` are the worlds; `through` is how far in price a limit is gone through.

    With `filled`, tier 1 was filled before the first bar at its own price. `order` follows one order of prices alone.
    `buys_every` is the time in nanoseconds after which each further tier is bought at an open, whatever the price.
    """

    limits: tuple[LimitFills, ...] = (LimitFills.TOUCH, LimitFills.THROUGH)
    through: Decimal = ZERO
    filled: bool = False
    order: BarOrder | None = None
    buys_every: int = 0


#: Every limit world, nothing filled before.
EVERY_WAY = Manner()


class Replayed(NamedTuple):
    """What came of a plan on a tape from the bar at `start` on: a world for each way that limits may fill.

    `worst` and `best` are over all worlds. The plan is undecided where they differ.
    """

    plan: Plan
    ladder: Ladder
    tape: Tape
    manner: Manner
    start: int
    worlds: tuple[World, ...]
    worst: ReplayEnd
    best: ReplayEnd

    @property
    def undecided(self) -> bool:
        """Whether the bars leave open what came of the plan, by more than what rounding leaves of its value."""
        apart = self.best.result.net - self.worst.result.net
        return apart > ROUNDING * self.ladder.totals.notional

    @property
    def last(self) -> int:
        """The bar until which the plan was alive on some way."""
        return max(world.last for world in self.worlds)


@exact
def replayed(
    plan: Plan,
    ladder: Ladder,
    tape: Tape,
    manner: Manner = EVERY_WAY,
    start: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Replayed:
    """Replays a plan from the bar at `start` on."""
    worlds = []
    for limits in manner.limits:
        through = manner.through if limits is LimitFills.THROUGH else ZERO
        walker = Walker(
            plan,
            ladder.machine.quantities,
            tape,
            through=through,
            order=manner.order,
            buys_every=manner.buys_every,
            progress=progress,
        )
        worlds.append(walker.walk(start, filled=manner.filled)._replace(limits=limits))
    worst = min((world.worst for world in worlds), key=lambda end: end.result.net)
    best = max((world.best for world in worlds), key=lambda end: end.result.net)
    if manner.order in (BarOrder.WORST, BarOrder.BEST):
        worst = best = worst if manner.order is BarOrder.WORST else best
        worlds = [_alone(world, worst, start) for world in worlds if any(end is worst for end in world.ends)]
    return Replayed(plan, ladder, tape, manner, start, tuple(worlds), worst, best)


def _alone(world: World, end: ReplayEnd, start: int) -> World:
    """Returns a world in which one way alone was gone: that to an end, which leaves no bar open."""
    happened = () if end.result.events is None else end.result.events.listed()
    way = PassageWay(happened[len(world.begin) :], end.result.net, None, end.end)
    return world._replace(worst=end, best=end, forks=(), passages=(Passage(0, start, 0, (way,)),))


@exact
def results_of(replay: Replayed) -> tuple[ReplayResult, ReplayResult]:
    """Returns the worst and the best result of a replay, with what happened on the way to each."""
    series = (replay.tape.bars, *replay.tape.finer)
    machine, one_r = replay.ladder.machine, replay.ladder.totals.r
    worst = result_of(replay.plan, machine, replay.worst, series, one_r)
    if replay.best is replay.worst:
        return worst, worst
    return worst, result_of(replay.plan, machine, replay.best, series, one_r)
