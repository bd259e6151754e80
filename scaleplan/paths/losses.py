"""Results over every path of a graph, the clock among it: the worst loss, and a shortest path that passes a limit.

Nothing here needs a chance. Ends and states are gone through once for the worst; for a path, states are reached in as
few events as there can be, each with the least that any way of so many events nets.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import Event
from scaleplan.paths.graph import Edge, Graph, Link, Node, Way
from scaleplan.quantity.exact import ZERO


class Spread(NamedTuple):
    """The worst and the best result that can be carried into a state, at the levels and net."""

    worst_gross: Decimal
    best_gross: Decimal
    worst: Decimal
    best: Decimal


def spreads(graph: Graph) -> list[Spread]:
    """Returns the spread of the results in every state."""
    found: list[Spread | None] = [None] * len(graph.nodes)
    found[0] = Spread(ZERO, ZERO, ZERO, ZERO)
    for number, node in enumerate(graph.nodes):
        here = found[number]
        for edge in node.edges:
            if here is None or edge.child is None:
                continue
            spread, there = here, found[edge.child.number]
            if edge.gross or edge.net:
                gross, net = here.worst_gross + edge.gross, here.worst + edge.net
                # Most states have one result: its figures are kept once.
                best_gross = gross if here.worst_gross is here.best_gross else here.best_gross + edge.gross
                spread = Spread(gross, best_gross, net, net if here.worst is here.best else here.best + edge.net)
            if there is not None:
                spread = Spread(
                    min(spread.worst_gross, there.worst_gross),
                    max(spread.best_gross, there.best_gross),
                    min(spread.worst, there.worst),
                    max(spread.best, there.best),
                )
            found[edge.child.number] = spread
    return [spread for spread in found if spread is not None]


def unguarded(graph: Graph, node: Node) -> bool:
    """Returns whether something is held in a state and nothing ends it on the losing side."""
    if (node.down if graph.machine.sign > 0 else node.up) is not None:
        return False
    return node.holds and not any(edge.at_once for edge in node.edges)


def worst_loss(graph: Graph) -> Decimal | None:
    """Returns the most that any path loses; absent where nothing says how much one loses."""
    least: Decimal | None = None
    for node, spread in zip(graph.nodes, spreads(graph), strict=True):
        for net, _ in _ends(graph, node):
            if net is None:
                return None
            least = spread.worst + net if least is None else min(least, spread.worst + net)
    return None if least is None else -least


def _ends(graph: Graph, node: Node) -> Iterator[tuple[Decimal | None, Edge | None]]:
    """Yields what each end of a state nets at worst, and the edge to it; what nothing ends has none."""
    for edge in node.edges:
        if edge.over is not None:
            yield edge.over.worst, edge
    if not node.edges or unguarded(graph, node):
        yield graph.machine.left_open(node.state, losing_side=True).worst, None


class PathBelow(NamedTuple):
    """A path that nets less than something, by its events, and what it nets."""

    events: tuple[Event, ...]
    net: Decimal


def path_below(graph: Graph, least: Decimal) -> PathBelow | None:
    """Returns a shortest path that is known to net less than `least`, of such the worst; absent where there is none."""
    reached: dict[Node, tuple[Decimal, Link]] = {graph.nodes[0]: (Decimal(0), Link(None, None))}
    while reached:
        found: tuple[Decimal, Link, Edge | None] | None = None
        # An end without an event of its own is a path that is one event shorter.
        for held in (False, True):
            for node, (before, link) in reached.items():
                for net, edge in _ends(graph, node):
                    if (edge is not None) != held or net is None:
                        continue
                    total = before + net
                    if total < least and (found is None or total < found[0]):
                        found = total, link, edge
            if found is not None:
                net, link, edge = found
                return PathBelow(Way(graph.begin, link, None if edge is None else edge.event).events(), net)
        reached = _further(reached)
    return None


def _further(reached: dict[Node, tuple[Decimal, Link]]) -> dict[Node, tuple[Decimal, Link]]:
    """Returns the states that are one event further, each with the least that a way to it nets."""
    after: dict[Node, tuple[Decimal, Link]] = {}
    for node, (before, link) in reached.items():
        for edge in node.edges:
            if edge.child is None:
                continue
            net = before + edge.net
            known = after.get(edge.child)
            if known is None or net < known[0]:
                after[edge.child] = net, Link(edge.event, link)
    return after
