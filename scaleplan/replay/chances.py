"""How likely `paths` held the ends that a replay came to: what was known before, beside what happened."""

from decimal import Decimal

from scaleplan.engine.event import End
from scaleplan.engine.holding import bits
from scaleplan.paths import EveryPath
from scaleplan.paths.outcomes import together
from scaleplan.plan import Order
from scaleplan.quantity.exact import ONE, exact
from scaleplan.replay import Replayed
from scaleplan.replay.records import ReplayEnd

#: A plan with more states is walked for its chances by `paths`, which has the time.
_MOST_STATES = 20_000
#: Ends that bars or the clock make: paths know none of them.
_OF_TIME = (End.OPEN, End.CLOSED)


@exact
def end_chances(every: EveryPath, replay: Replayed) -> tuple[Decimal | None, Decimal | None]:
    """Returns the chance of the worst's end and of the best's at the fair price, with the same tiers and targets.

    From where price begins: the first open, or tier 1 filled. Absent where paths know no such end, where they are too
    many, and where they cannot place a liquidation that may come before.
    """
    ends = replay.worst, replay.best
    if all(end.end in _OF_TIME for end in ends):
        return None, None
    begun = replay.manner.filled or replay.plan.tiers[0].order is Order.MARKET
    start = None if begun else replay.tape.bars.exact(replay.start)[0]
    walked = every.walked(start=start, most=_MOST_STATES)
    outcomes = walked.outcomes
    if not outcomes:
        return None, None
    untold = {*_OF_TIME, End.LIQUIDATED} if walked.summary.untold else {*_OF_TIME}

    def chance(end: ReplayEnd) -> Decimal | None:
        if end.end in untold:
            return None
        same = (end.end, bits(end.filled), end.hits)
        return together((each, ONE) for each in outcomes if (each.end, each.tiers, each.targets) == same)

    return chance(ends[0]), chance(ends[1])
