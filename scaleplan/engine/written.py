"""A state written down: a record of plain texts, numbers and lists, as JSON has them, and back to the same future.

What follows from plan and position (the margin behind it, where it is liquidated) is worked out again by the machine.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from scaleplan.engine.holding import Bought, Exited, History, Holding
from scaleplan.engine.position import Position, nothing_held
from scaleplan.engine.state import State
from scaleplan.plan import Plan

#: A JSON object.
Record = dict[str, Any]


def write_state(state: State) -> Record:
    """Returns the record of a state."""
    return {
        "held": _written_holding(state.held),
        "touched": state.touched,
        "waiting": state.waiting,
        "hits": state.hits,
        "price": str(state.price),
        "stop": None if state.stop is None else str(state.stop),
        "locks": state.locks,
        "marks": [str(mark) for mark in state.marks],
        "realized": str(state.realized),
        "since": None if state.since is None else state.since.isoformat(),
    }


def read_state(plan: Plan, record: Record) -> State:
    """Returns the state of a plan that a record holds. Raises `KeyError` or `ValueError` for one that holds none."""
    return State(
        held=_read_holding(plan, record["held"]),
        touched=record["touched"],
        waiting=record["waiting"],
        hits=record["hits"],
        price=Decimal(record["price"]),
        stop=None if record["stop"] is None else Decimal(record["stop"]),
        locks=record["locks"],
        marks=_decimals(record["marks"]),
        realized=Decimal(record["realized"]),
        since=None if record["since"] is None else datetime.fromisoformat(record["since"]),
    )


def _written_holding(held: Holding) -> Record:
    exited, mask, bought = held.history
    return {
        "exited": None
        if exited is None
        else {
            "before": _written_holding(exited.before),
            "quantity": str(exited.quantity),
            "by_target": exited.by_target,
        },
        "mask": mask,
        "bought": [[one.tier, *map(str, one[1:])] for one in bought],
        "position": _written_position(held.position),
        "filled": held.filled,
        "begun": [[index, str(executed)] for index, executed in held.begun],
        "level_cost": str(held.level_cost),
        "first": None if held.first is None else _written_position(held.first),
        "kept": str(held.kept),
    }


def _read_holding(plan: Plan, record: Record) -> Holding:
    exited = record["exited"]
    before = None
    if exited is not None:
        held = _read_holding(plan, exited["before"])
        before = Exited(held, Decimal(exited["quantity"]), exited["by_target"])
    bought = tuple(Bought(tier, *_decimals(figures)) for tier, *figures in record["bought"])
    first = record["first"]
    return Holding(
        History(before, record["mask"], bought),
        _read_position(plan, record["position"]),
        record["filled"],
        tuple((index, Decimal(executed)) for index, executed in record["begun"]),
        Decimal(record["level_cost"]),
        None if first is None else _read_position(plan, first),
        Decimal(record["kept"]),
    )


def _written_position(position: Position) -> list[str]:
    return [str(position.quantity), str(position.cost), str(position.entry_fees)]


def _read_position(plan: Plan, texts: Sequence[str]) -> Position:
    quantity, cost, fees = _decimals(texts)
    return nothing_held(plan)._replace(quantity=quantity, cost=cost, entry_fees=fees)


def _decimals(texts: Sequence[str]) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))
