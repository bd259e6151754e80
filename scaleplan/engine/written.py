"""A state written down: a record of plain texts, numbers and lists, as JSON has them, and back to the same future.

What follows from plan and position (the margin behind it, where it is liquidated) is worked out again by the machine.
"""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from scaleplan.engine.holding import Bought, History, Holding
from scaleplan.engine.position import Position, nothing_held
from scaleplan.engine.state import State
from scaleplan.plan import Plan

#: No figure of a trade has so many digits before the point, or begins so far behind it.
_DIGITS = 100

#: A JSON object.
Record = dict[str, Any]


def write_state(state: State) -> Record:
    """Returns the record of a state; `history` has its stretches between exits, the first one first."""
    held = state.held
    return {
        "history": _written_history(held.history),
        "position": _written_position(held.position),
        "filled": held.filled,
        "begun": [[index, str(executed)] for index, executed in held.begun],
        "level_cost": str(held.level_cost),
        "first": None if held.first is None else _written_position(held.first),
        "kept": str(held.kept),
        "touched": state.touched,
        "waiting": state.waiting,
        "hits": state.hits,
        "price": str(state.price),
        "stop": None if state.stop is None else str(state.stop),
        "locks": state.locks,
        "marks": [str(mark) for mark in state.marks],
        "expired": state.expired,
        "timed": state.timed,
        "realized": str(state.realized),
        "since": None if state.since is None else state.since.isoformat(),
    }


def read_state(plan: Plan, record: Record) -> State:
    """Returns the state of a plan that a record holds. Raises `ValueError` for one that holds none."""
    try:
        state = State(
            held=_read_holding(plan, record),
            touched=_whole(record["touched"], len(plan.tiers)),
            waiting=_whole(record["waiting"], len(plan.tiers)),
            hits=_count(record["hits"], len(plan.targets)),
            price=_decimal(record["price"]),
            stop=None if record["stop"] is None else _decimal(record["stop"]),
            locks=record["locks"] is True,
            marks=_decimals(record["marks"]),
            expired=record["expired"] is True,
            timed=record["timed"] is True,
            realized=_decimal(record["realized"]),
            since=None if record["since"] is None else datetime.fromisoformat(record["since"]),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"not the record of a state: {error!r}") from error
    if state.price <= 0 or (state.stop is not None and state.stop <= 0):
        raise ValueError("not the record of a state: a price at or below zero")
    return state


def _written_history(history: History) -> list[Record]:
    stretches = []
    here: History | None = history
    while here is not None:
        stretches.append(
            {
                "quantity": str(here.quantity),
                "by_target": here.by_target,
                "mask": here.mask,
                "bought": [[bought.tier, *map(str, bought[1:])] for bought in here.bought],
            }
        )
        here = here.before
    return stretches[::-1]


def _read_holding(plan: Plan, record: Record) -> Holding:
    history: History | None = None
    for stretch in record["history"]:
        history = History(
            _whole(stretch["mask"], len(plan.tiers)),
            tuple(Bought(_count(tier, len(plan.tiers)), *_decimals(figures)) for tier, *figures in stretch["bought"]),
            before=history,
            quantity=_decimal(stretch["quantity"]),
            by_target=stretch["by_target"] is True,
        )
    first = record["first"]
    return Holding(
        history or History(),
        _read_position(plan, record["position"]),
        _whole(record["filled"], len(plan.tiers)),
        tuple((_count(index, len(plan.tiers)), _decimal(executed)) for index, executed in record["begun"]),
        _decimal(record["level_cost"]),
        None if first is None else _read_position(plan, first),
        _decimal(record["kept"]),
    )


def _written_position(position: Position) -> list[str]:
    return [str(position.quantity), str(position.cost), str(position.entry_fees)]


def _read_position(plan: Plan, texts: object) -> Position:
    quantity, cost, fees = _decimals(texts)
    return nothing_held(plan)._replace(quantity=quantity, cost=cost, entry_fees=fees)


def _decimals(texts: object) -> tuple[Decimal, ...]:
    if not isinstance(texts, list):
        raise ValueError(f"not a list: {texts!r}")  # noqa: TRY004 - of a record whatever is wrong is a wrong value
    return tuple(map(_decimal, texts))


def _decimal(text: object) -> Decimal:
    try:
        number = Decimal(text if isinstance(text, str) else "")
    except InvalidOperation:
        raise ValueError(f"not a number: {text!r}") from None
    if not number.is_finite() or (number and not -_DIGITS < number.adjusted() < _DIGITS):
        raise ValueError(f"not a number of a trade: {text!r}")
    return number


def _count(value: object, most: int) -> int:
    """Returns a number from 0 to the most there can be."""
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"not a number from 0 to {most}: {value!r}")
    return value


def _whole(value: object, bits: int) -> int:
    """Tiers as bits, of so many at most."""
    return _count(value, (1 << bits) - 1)
