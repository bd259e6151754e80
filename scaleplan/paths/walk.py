"""The walk carries chances along the graph: of every state, of every step, and of every result at every end.

The expected result is the sum over all steps of the chance of the step times what it adds (linearity of expectation):
no list of results is needed for it, which is what makes the search for the break-even edge cheap.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import End, Event
from scaleplan.engine.state import Over
from scaleplan.paths.graph import Edge, Graph, Node
from scaleplan.paths.odds import Odds
from scaleplan.paths.trail import chance_beyond, expected_exit
from scaleplan.quantity.exact import ONE, ZERO

#: The most results that are carried along at once, over all states.
MOST_RESULTS = 200_000


class Chances(NamedTuple):
    """The chances of what can happen next in a state; they sum to 1."""

    up: Decimal
    down: Decimal
    open: Decimal


class Walked(NamedTuple):
    """The chance of every state, and the expected results (absent where without bound).

    `stays_open` tells that some state may have no way out. The chances of what happens in a state follow from it.
    """

    odds: Odds
    masses: tuple[Decimal, ...]
    stays_open: bool
    expected_gross: Decimal | None
    expected_net: Decimal | None

    def chances(self, node: Node) -> Chances:
        """The chances of what can happen in a state."""
        return chances_in(node, self.odds)


class Booked(NamedTuple):
    """A realised result so far: at the levels, and net."""

    gross: Decimal
    net: Decimal


class Link:
    """The last event on a way from state 0 on, and the way before it: what is kept of a way."""

    __slots__ = ("before", "event", "length")

    def __init__(self, event: Event | None, before: "Link | None") -> None:
        self.event = event
        self.before = before
        self.length: int = 0 if before is None else before.length + 1

    def path(self) -> tuple[Event, ...]:
        """The events on the way, from state 0 on."""
        events = []
        here: Link | None = self
        while here is not None and here.event is not None:
            events.append(here.event)
            here = here.before
        return tuple(reversed(events))


class Carried:
    """One realised result in one state: its chance, and the shortest way to it."""

    __slots__ = ("chance", "result", "way")

    def __init__(self, result: Booked, chance: Decimal, way: Link) -> None:
        self.result = result
        self.chance = chance
        self.way = way


class Ended(NamedTuple):
    """One way for the plan to end in one state: what is carried there, what the end adds, and its chance."""

    carried: Carried
    node: Node
    event: Event | None
    over: Over
    chance: Decimal


def chances_in(node: Node, odds: Odds) -> Chances:
    """What price does next from a state: the nearest level on either side, or none ever."""
    up, price = node.up, node.state.price
    down = reachable_below(node, odds)
    if up is not None and down is not None:
        # What happens at once is on one side alone.
        above = odds.both(price, down.event.price, up.event.price)
        return Chances(above, ONE - above, ZERO)
    edge = down if up is None else up
    if edge is None:
        return Chances(ZERO, ZERO, ONE)
    reached = ONE if edge.at_once else odds.alone(price, edge.event.price)
    return Chances(ZERO if up is None else reached, reached if up is None else ZERO, ONE - reached)


def reachable_below(node: Node, odds: Odds) -> Edge | None:
    """What can happen below a state: with drift price stays above zero, where some trails would pass their stop."""
    down = node.down
    return None if down is not None and odds.edge is not None and down.event.price <= 0 else down


def booked(graph: Graph, node: Node, over: Over, odds: Odds) -> Booked:
    """What an end adds: a trail under drift exits elsewhere on average than where it begins."""
    trail = graph.ahead.trail
    if over.end is End.TRAIL and odds.edge is not None and trail is not None and over.from_price is not None:
        price = expected_exit(trail, over.from_price, graph.machine.sign, odds.edge)
        return Booked(*graph.machine.stopped_out(node.state.held, price))
    return Booked(over.gross, over.net)


def walk(graph: Graph, odds: Odds) -> Walked:
    """The chance of every state, and the expected results. Raises `NoClosedForm` where a trail has none."""
    masses = [ZERO] * len(graph.nodes)
    masses[0] = ONE
    gross = net = ZERO
    bounded = True
    stays_open = False
    for number, node in enumerate(graph.nodes):
        mass = masses[number]
        here = chances_in(node, odds)
        stays_open = stays_open or bool(here.open)
        for edge, chance in ((node.up, here.up), (node.down, here.down)):
            if edge is None or not chance:
                continue
            weight = mass * chance
            if edge.child is not None:
                masses[edge.child.number] += weight
                if edge.net or edge.gross:
                    gross += weight * edge.gross
                    net += weight * edge.net
            elif edge.over is not None:
                adds = booked(graph, node, edge.over, odds)
                gross += weight * adds.gross
                net += weight * adds.net
        if here.open and mass:
            # What stays open without drift is worth its price; under drift it runs away.
            over = graph.machine.left_open(node.state, losing_side=True)
            gross += mass * here.open * over.gross
            net += mass * here.open * over.net
            bounded = bounded and (odds.edge is None or not held(node))
    return Walked(odds, tuple(masses), stays_open, gross if bounded else None, net if bounded else None)


def spreads(graph: Graph) -> list[tuple[Decimal, Decimal]]:
    """The worst and the best net result that can be carried into every state."""
    found: list[tuple[Decimal, Decimal] | None] = [None] * len(graph.nodes)
    found[0] = ZERO, ZERO
    for number, node in enumerate(graph.nodes):
        here = found[number]
        for edge in node.edges:
            if here is None or edge.child is None:
                continue
            net, there = edge.net, found[edge.child.number]
            low, high = (here[0] + net, here[1] + net) if net else here
            found[edge.child.number] = (low, high) if there is None else (min(low, there[0]), max(high, there[1]))
    return [spread for spread in found if spread is not None]


def held(node: Node) -> bool:
    """Whether anything is held in a state."""
    return bool(node.state.held.position.quantity)


class TooManyResults(ArithmeticError):  # noqa: N818 - a state of the plan, told to the trader
    """More results can be carried to the ends of a plan than are looked at."""


def ends(graph: Graph, walked: Walked, most: int = MOST_RESULTS) -> Iterator[Ended]:
    """Every end of every state with every result that can be carried there, state by state.

    Raises `TooManyResults` where those are more than `most`.
    """
    carried: list[dict[Booked, Carried] | None] = [None] * len(graph.nodes)
    carried[0] = {_NOTHING: Carried(_NOTHING, ONE, Link(None, None))}
    count = 1
    ended = 0
    for number, node in enumerate(graph.nodes):
        here = walked.chances(node)
        results = tuple((carried[number] or {}).values())
        carried[number] = None
        for edge, chance in ((node.up, here.up), (reachable_below(node, walked.odds), here.down)):
            if edge is None:
                continue
            for one in results:
                if edge.child is not None:
                    count += _carry(carried, edge, edge.child, one, chance)
                elif edge.over is not None:
                    ended += 1
                    yield Ended(one, node, edge.event, edge.over, one.chance * chance)
        over = _left_open(graph, node, walked)
        if over is not None:
            ended += len(results)
            for one in results:
                yield Ended(one, node, None, over, one.chance * here.open)
        if count > most or ended > most:
            raise TooManyResults


_NOTHING = Booked(ZERO, ZERO)


def _left_open(graph: Graph, node: Node, walked: Walked) -> Over | None:
    """The end of a state that nothing may end, or nothing on the losing side; absent where something does."""
    if node.up is not None and reachable_below(node, walked.odds) is not None:
        return None
    missing = not any(edge.at_once for edge in node.edges)
    losing = (node.down if graph.machine.sign > 0 else node.up) is None and missing and held(node)
    return graph.machine.left_open(node.state, losing_side=losing) if losing or walked.chances(node).open else None


def _carry(carried: list[dict[Booked, Carried] | None], edge: Edge, child: Node, one: Carried, chance: Decimal) -> int:
    """Carry a result along an edge; how many results more there are."""
    result = one.result
    if edge.gross or edge.net:
        result = Booked(result.gross + edge.gross, result.net + edge.net)
    there = carried[child.number]
    if there is None:
        there = carried[child.number] = {}
    known = there.get(result)
    if known is None:
        there[result] = Carried(result, one.chance * chance, Link(edge.event, one.way))
        return 1
    known.chance += one.chance * chance
    if one.way.length + 1 < known.way.length:
        known.way = Link(edge.event, one.way)
    return 0


def largest_result(graph: Graph, walked: Walked) -> Decimal:
    """The largest result, either way, that any end comes to: at the levels, net, or the worst net.

    The least and the most that can be carried into each state are enough to know.
    """
    found: list[tuple[Booked, Booked] | None] = [None] * len(graph.nodes)
    found[0] = _NOTHING, _NOTHING
    largest = ZERO
    for number, node in enumerate(graph.nodes):
        here, found[number] = found[number], None
        if here is None:
            continue
        low, high = here
        overs = []
        for edge in (node.up, reachable_below(node, walked.odds)):
            if edge is None:
                continue
            if edge.over is not None:
                overs.append(edge.over)
            elif edge.child is not None:
                less = Booked(low.gross + edge.gross, low.net + edge.net)
                more = Booked(high.gross + edge.gross, high.net + edge.net)
                there = found[edge.child.number]
                if there is not None:
                    less = Booked(min(less.gross, there[0].gross), min(less.net, there[0].net))
                    more = Booked(max(more.gross, there[1].gross), max(more.net, there[1].net))
                found[edge.child.number] = less, more
        left = _left_open(graph, node, walked)
        for over in overs if left is None else (*overs, left):
            adds = booked(graph, node, over, walked.odds)
            for before in here:
                worst = ZERO if over.worst is None else before.net + over.worst
                largest = max(largest, abs(before.gross + adds.gross), abs(before.net + adds.net), abs(worst))
    return largest


def profit_chance(graph: Graph, ended: Ended, net: Decimal, odds: Odds) -> Decimal:
    """The chance that an end is a profit: a trail's exit varies, everything else has one result."""
    machine, over = graph.machine, ended.over
    trail = graph.ahead.trail
    if over.end is not End.TRAIL or trail is None or over.from_price is None:
        return ONE if net > 0 else ZERO
    position = ended.node.state.held.position
    price = position.breakeven(machine.costs.taker, ended.carried.result.net)
    if price is None:
        return ONE if position.slope > 0 else ZERO
    level = machine.costs.trigger_price(price, machine.sign)
    return chance_beyond(trail, over.from_price, level, machine.sign, odds.edge)
