"""Onward from a state: what can come next, and every way the plan can still end, with its chance at the fair price.

The walk is that of all paths, begun at a state that a trade is in rather than at tier 1's price.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.machine import Machine
from scaleplan.engine.state import State, Step
from scaleplan.paths.graph import MOST_STATES, Exploration
from scaleplan.paths.odds import Odds
from scaleplan.paths.outcomes import outcomes_of, possible
from scaleplan.paths.records import Outcome
from scaleplan.paths.walk import MOST_RESULTS, Chances, TooManyResults, walk


class Onward(NamedTuple):
    """What can come of a state: the nearest step above its price and below, their chances, and the ends.

    `outcomes` are sorted by net, which counts from the state on (what has been realised is not in it); absent where
    there are too many paths to walk, and the chances with them. Chances are absent too where a liquidation may come
    before that nobody can place.
    """

    up: Step | None
    down: Step | None
    chances: Chances | None
    outcomes: tuple[Outcome, ...] | None


def onward(machine: Machine, state: State, one_r: Decimal | None, most: int = MOST_STATES) -> Onward:
    """Returns what can come of a state of a machine, at the fair price. Who calls it is in the exact context."""
    explored = Exploration(machine.plan, machine.quantities, state)
    up, down = explored.fork(state)
    graph = explored.up_to(most)
    if not graph.complete:
        return Onward(up, down, None, None)
    walked = walk(graph, Odds(None, machine.plan.tiers[0].price))
    chances = walked.chances[0] if graph.nodes[0].has_odds else None
    try:
        outcomes = possible(outcomes_of(graph, walked, one_r, MOST_RESULTS))
    except TooManyResults:
        return Onward(up, down, chances, None)
    return Onward(up, down, chances, outcomes)
