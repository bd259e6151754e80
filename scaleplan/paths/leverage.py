"""What the plan carries: the value held over the equity, in every state and from there to what comes next.

The value of a linear short, and of an inverse long, grows on the way to its stop.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import Event
from scaleplan.paths.graph import Graph


class Load(NamedTuple):
    """The value of a position over equity: in a state, by its number, or at the event that ends the way from it."""

    value: Decimal
    state: int
    event: Event | None


class Loads(NamedTuple):
    """Every load of a plan; `endless` where nothing ends a value that grows on the losing side."""

    loads: list[Load]
    endless: bool


def loads_of(graph: Graph, equity: Decimal) -> Loads:
    """Returns what is carried in each state in which something is held, and on the losing side of it."""
    sign = graph.machine.sign
    loads: list[Load] = []
    endless = False
    for node in graph.nodes:
        position = node.state.held.position
        if not position.quantity:
            continue
        loads.append(Load(position.worth(node.state.price) / equity, node.number, None))
        edge = node.down if sign > 0 else node.up
        if position.slope > 0 or any(other.at_once for other in node.edges):
            continue
        if edge is None:
            endless = True
        else:
            loads.append(Load(position.worth(edge.event.price) / equity, node.number, edge.event))
    return Loads(loads, endless)
