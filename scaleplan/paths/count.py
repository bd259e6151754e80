"""How many states a plan has, without walking them: so that too many are told in a moment, not in a minute.

With `entries_end: never` the states multiply by their histories, one for every way to spread fills between exits. What
can happen next hardly depends on the history: so states are put into classes that leave it out, one of each class is
looked at, and the histories are counted. Within a stretch between two exits the order of fills makes no history; an
exit makes one for every set of tiers filled in the stretch that it ends. It is an estimate, because a liquidation price
or a level in R does depend on the history.
"""

from decimal import Decimal

from scaleplan.engine.next_events import NextEvents
from scaleplan.engine.state import State
from scaleplan.plan import AfterPrice

#: More classes than this are not looked at.
MOST_CLASSES = 20_000

#: Tiers filled, those of them since the last exit, touched, waiting, targets hit, and the price where it is an entry's
#: (at a target the number of targets hit says where it is, and one in R lies elsewhere in every history).
_Class = tuple[int, int, int, int, int, Decimal | None]


class _Histories:
    """The histories of one class: of those that came by an exit, the most for each stretch that it ended."""

    __slots__ = ("by_exit", "other")

    def __init__(self) -> None:
        self.other = 0
        self.by_exit: dict[int, int] = {}

    @property
    def histories(self) -> int:
        return max(self.other, sum(self.by_exit.values()))


def states_about(ahead: NextEvents, first: State) -> int:
    """Estimates how many states there are from the first on; 0 where there are too many classes to tell."""
    plan = ahead.plan
    entries = {first.price, *(tier.price for tier in plan.tiers)}
    entries |= {tier.after.price for tier in plan.tiers if isinstance(tier.after, AfterPrice)}
    start = _class_of(first, entries)
    counts: dict[_Class, _Histories] = {start: _Histories()}
    counts[start].other = 1
    ranks: dict[int, list[State]] = {ahead.rank(first): [first]}
    total = 0
    while ranks:
        for state in ranks.pop(min(ranks)):
            here = _class_of(state, entries)
            histories = counts[here].histories
            total += histories
            for step in ahead.fork(state):
                if step is None or step.state is None:
                    continue
                after = step.state
                there = _class_of(after, entries)
                if there not in counts:
                    counts[there] = _Histories()
                    ranks.setdefault(ahead.rank(after), []).append(after)
                    if len(counts) > MOST_CLASSES:
                        return 0
                count = counts[there]
                if after.hits > state.hits and not there[1]:
                    count.by_exit[here[1]] = max(count.by_exit.get(here[1], 0), histories)
                else:
                    count.other = max(count.other, histories)
    return total


def _class_of(state: State, entries: set[Decimal]) -> _Class:
    history = state.held.history
    since = history.mask
    for bought in history.bought:
        since |= 1 << bought.tier >> 1
    price = state.price if state.price in entries else None
    return state.held.filled, since, state.touched, state.waiting, state.hits, price
