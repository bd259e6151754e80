"""The walk carries chances along the graph: of every state, of every step, and of every result at every end.

The expected result is the sum over all steps of the chance of the step times what it adds (linearity of expectation):
no list of results is needed for it, which is what makes the search for the break-even edge cheap.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import End, Event
from scaleplan.engine.state import Over
from scaleplan.paths.graph import Edge, Graph, Link, Node
from scaleplan.paths.losses import spreads, unguarded
from scaleplan.paths.odds import Odds, chance_beyond, expected_exit
from scaleplan.quantity.exact import ONE, ZERO

#: The most results that are carried along at once, over all states.
MOST_RESULTS = 200_000


class Chances(NamedTuple):
    """The chances of what can happen next in a state; they sum to 1."""

    up: Decimal
    down: Decimal
    open: Decimal


class Walked(NamedTuple):
    """The chance of every state, the chances of what happens in it, and the expected results.

    `stays_open` says that some state may have no way out. An expected result is absent where it has no bound. Where
    nobody knows where a position is liquidated, chances are those of one that is as late as it can be: `told` is false
    for each state that price may come to less often, and no expected result is there.
    """

    odds: Odds
    masses: tuple[Decimal, ...]
    chances: tuple[Chances, ...]
    stays_open: bool
    expected_gross: Decimal | None
    expected_net: Decimal | None
    told: tuple[bool, ...]
    is_told: bool

    def mass(self, node: Node) -> Decimal | None:
        """Returns the chance of ever being in a state; absent where it is not known."""
        return self.masses[node.number] if self.told[node.number] else None

    def knows(self, node: Node) -> bool:
        """Whether the chance of what comes next of a state, from the first one on, is known."""
        return node.has_odds and self.told[node.number]


class Carried:
    """One realised result in one state, at the levels and net: its chance, and the shortest way to it."""

    __slots__ = ("chance", "gross", "net", "way")

    def __init__(self, gross: Decimal, net: Decimal, chance: Decimal, way: Link) -> None:
        self.gross = gross
        self.net = net
        self.chance = chance
        self.way = way


class Ended(NamedTuple):
    """One way for the plan to end in one state: what is carried there, what the end adds, and its chance."""

    carried: Carried
    node: Node
    event: Event | None
    over: Over
    chance: Decimal


def chances_of(price: Decimal, up: Event | None, down: Event | None, odds: Odds, *, at_once: bool) -> Chances:
    """Returns what price does next: it meets the event above, or the one below, or none ever.

    What happens at once is on one side alone.
    """
    if up is not None and down is not None:
        above = odds.both(price, down.price, up.price)
        return Chances(above, ONE - above, ZERO)
    event = down if up is None else up
    if event is None:
        return Chances(ZERO, ZERO, ONE)
    reached = ONE if at_once else odds.alone(price, event.price)
    return Chances(ZERO if up is None else reached, reached if up is None else ZERO, ONE - reached)


def _chances(node: Node, odds: Odds) -> Chances:
    """Returns what price does next from a state."""
    up, down = node.up, reachable_below(node, odds)
    above, below = None if up is None else up.event, None if down is None else down.event
    alone = up or down
    return chances_of(node.state.price, above, below, odds, at_once=alone is not None and alone.at_once)


def reachable_below(node: Node, odds: Odds) -> Edge | None:
    """Returns what can happen below a state: with drift price stays above zero, where some trails pass their stop."""
    down = node.down
    return None if down is not None and odds.edge is not None and down.event.price <= 0 else down


def booked(graph: Graph, node: Node, over: Over, odds: Odds) -> Over:
    """Returns what an end adds: a trail under drift exits elsewhere on average than where it begins."""
    trail = graph.ahead.trail
    if odds.edge is None or trail is None or over.end is not End.TRAIL or over.from_price is None:
        return over
    price = expected_exit(trail, over.from_price, graph.machine.sign, odds.edge)
    gross, net = graph.machine.stopped_out(node.state.held, price)
    return over._replace(gross=gross, net=net)


def walk(graph: Graph, odds: Odds) -> Walked:
    """Returns all chances, and the expected results. Raises `NoClosedForm` where a trail has none."""
    masses = [ZERO] * len(graph.nodes)
    masses[0] = ONE
    chances = []
    gross = net = ZERO
    bounded = True
    stays_open = False
    told = [True] * len(graph.nodes)
    is_told = True
    for number, node in enumerate(graph.nodes):
        mass = masses[number]
        here = _chances(node, odds)
        chances.append(here)
        knows = told[number] and node.has_odds
        is_told = is_told and knows
        for edge, chance in ((node.up, here.up), (node.down, here.down)):
            if edge is None or not chance:
                continue
            weight = mass * chance
            if edge.child is not None:
                masses[edge.child.number] += weight
                if not knows:
                    told[edge.child.number] = False
                if edge.net or edge.gross:
                    gross += weight * edge.gross
                    net += weight * edge.net
            elif edge.over is not None:
                adds = booked(graph, node, edge.over, odds)
                gross += weight * adds.gross
                net += weight * adds.net
        if here.open:
            stays_open = True
            if mass:
                # What stays open without drift is worth its price; under drift it runs away.
                over = graph.machine.left_open(node.state, losing_side=True)
                gross += mass * here.open * over.gross
                net += mass * here.open * over.net
                bounded = bounded and (odds.edge is None or not node.holds)
    expected_gross, expected_net = (gross, net) if bounded and is_told else (None, None)
    return Walked(
        odds, tuple(masses), tuple(chances), stays_open, expected_gross, expected_net, tuple(told), is_told=is_told
    )


def largest_result(graph: Graph, walked: Walked) -> Decimal:
    """Returns the largest result, either way, of any end: at the levels, net, or the worst net."""
    largest = ZERO
    for node, spread in zip(graph.nodes, spreads(graph), strict=True):
        edges = (node.up, reachable_below(node, walked.odds))
        overs = [edge.over for edge in edges if edge is not None and edge.over is not None]
        left = _left_open(graph, node, walked)
        for over in overs if left is None else (*overs, left):
            adds = booked(graph, node, over, walked.odds)
            most = [spread.worst_gross + adds.gross, spread.worst + adds.net]
            if spread.worst_gross is not spread.best_gross or spread.worst is not spread.best:
                most += [spread.best_gross + adds.gross, spread.best + adds.net]
            if over.worst is not None and over.worst is not adds.net:
                most += [spread.worst + over.worst, spread.best + over.worst]
            largest = max(largest, *map(abs, most))
    return largest


class TooManyResults(ArithmeticError):  # noqa: N818 - a state of the plan, told to the trader
    """More results can be carried to the ends of a plan than are looked at."""


#: The results in a state, by result.
_Results = dict[tuple[Decimal, Decimal], Carried]


def ends(graph: Graph, walked: Walked, most: int = MOST_RESULTS) -> Iterator[Ended]:
    """Returns every end of every state with every result that can be carried there, state by state.

    Raises `TooManyResults` where those are more than `most`.
    """
    carried: list[_Results | None] = [None] * len(graph.nodes)
    carried[0] = {(ZERO, ZERO): Carried(ZERO, ZERO, ONE, Link(None, None))}
    count = 1
    ended = 0
    for number, node in enumerate(graph.nodes):
        here = walked.chances[number]
        results = tuple((carried[number] or {}).values())
        carried[number] = None
        for edge, chance in ((node.up, here.up), (reachable_below(node, walked.odds), here.down)):
            if edge is None:
                continue
            if edge.child is not None:
                count += _carry(carried, edge, edge.child, results, chance)
            elif edge.over is not None:
                ended += len(results)
                for result in results:
                    yield Ended(result, node, edge.event, edge.over, result.chance * chance)
        over = _left_open(graph, node, walked)
        if over is not None:
            ended += len(results)
            for result in results:
                yield Ended(result, node, None, over, result.chance * here.open)
        if count > most or ended > most:
            raise TooManyResults


def _carry(
    carried: list[_Results | None], edge: Edge, child: Node, results: tuple[Carried, ...], chance: Decimal
) -> int:
    """Carries results along an edge to those of its child. Returns how many more there are."""
    there = carried[child.number]
    if there is None:
        there = carried[child.number] = {}
    before = len(there)
    for result in results:
        gross, net = result.gross, result.net
        if edge.gross or edge.net:
            gross, net = gross + edge.gross, net + edge.net
        known = there.get((gross, net))
        if known is None:
            there[gross, net] = Carried(gross, net, result.chance * chance, Link(edge.event, result.way))
            continue
        known.chance += result.chance * chance
        if result.way.length + 1 < known.way.length:
            known.way = Link(edge.event, result.way)
    return len(there) - before


def _left_open(graph: Graph, node: Node, walked: Walked) -> Over | None:
    """Returns the end of a state that nothing may end, or nothing on the losing side; absent where something does."""
    if node.up is not None and reachable_below(node, walked.odds) is not None:
        return None
    losing = unguarded(graph, node)
    if not losing and not walked.chances[node.number].open:
        return None
    return graph.machine.left_open(node.state, losing_side=losing)


def profit_chance(graph: Graph, ended: Ended, net: Decimal, odds: Odds) -> Decimal:
    """Returns the chance that an end is a profit: a trail's exit varies, everything else has one result."""
    machine, over = graph.machine, ended.over
    trail = graph.ahead.trail
    if over.end is not End.TRAIL or trail is None or over.from_price is None:
        return ONE if net > 0 else ZERO
    position = ended.node.state.held.position
    price = position.breakeven(machine.costs.taker, ended.carried.net)
    if price is None:
        return ONE if position.slope > 0 else ZERO
    level = machine.costs.trigger_price(price, machine.sign)
    return chance_beyond(trail, over.from_price, level, machine.sign, odds.edge)
