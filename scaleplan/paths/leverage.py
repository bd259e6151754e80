"""What the plan carries in every state: the value held, at the tiers' prices or over the equity.

The value of a linear short, and of an inverse long, grows on the way to its stop.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import Event, EventKind
from scaleplan.paths.graph import Graph
from scaleplan.plan import Contract
from scaleplan.quantity.exact import ZERO


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


def most_held(graph: Graph) -> Decimal:
    """Returns the most value, in quote at the tiers' prices, that is held in any state.

    What an exit closes takes the same part of each tier's value along; of the ways into a state the one that holds most
    counts.
    """
    machine = graph.machine
    inverse = machine.plan.contract is Contract.INVERSE
    values = [
        quantity if inverse else quantity * tier.price
        for quantity, tier in zip(machine.quantities, machine.plan.tiers, strict=True)
    ]
    first = graph.nodes[0].state.held
    held: list[Decimal | None] = [None] * len(graph.nodes)
    held[0] = values[0] if first.position.quantity else ZERO
    most = ZERO
    # Every edge leads to a later state.
    for node in graph.nodes:
        here = held[node.number]
        if here is None:
            continue
        most = max(most, here)
        quantity = node.state.held.position.quantity
        for edge in node.edges:
            if edge.child is None:
                continue
            after = edge.child.state.held.position.quantity
            value = here
            if edge.event.kind is EventKind.TIER:
                value += values[edge.event.number - 1]
            elif after < quantity:
                value = here * after / quantity
            there = held[edge.child.number]
            held[edge.child.number] = value if there is None else max(there, value)
    return most
