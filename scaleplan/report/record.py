"""A record is what a command has to say to programs: an object of JSON, of which tables of CSV are made too.

Keys and their order are fixed: programs read them. Decimals are strings of plain digits at full precision,
absent is null, and an enumeration is its word.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Any, TypeVar

from scaleplan.engine.event import Event, EventKind
from scaleplan.quantity.number import plain

FORMAT_VERSION = "1.0"
#: So many tokens of a JSON text are written at once.
_PIECES = 10_000

#: A JSON object. The contract fixes its keys, and tests hold it to them.
Record = dict[str, Any]
_Item = TypeVar("_Item")


def of(fields: object, *names: str) -> Record:
    """Returns these fields of something by their names; without names, all fields of a named tuple."""
    return {name: value_of(getattr(fields, name)) for name in names or getattr(fields, "_fields", ())}


def value_of(value: object) -> object:
    """Returns a value as JSON has it."""
    match value:
        case Decimal():
            return digits(value)
        case Enum():
            return str(value)
        case date():
            return value.isoformat()
        case tuple():
            return [value_of(each) for each in value]
    return value


def digits(value: Decimal | None) -> str | None:
    """Returns a decimal as plain digits at full precision."""
    if value is None:
        return None
    return plain(value) if value else "0"


def to_json(value: object) -> str:
    """Returns a record, or a list of them, as JSON in ASCII: no control or bidi character gets out."""
    return json.dumps(value, ensure_ascii=True, indent=2, allow_nan=False) + "\n"


def pieces_of_json(value: object) -> Iterator[str]:
    """Yields what `to_json` says, piece by piece: a list that is a `Streamed` is made an item at a time."""
    encoder = json.JSONEncoder(ensure_ascii=True, indent=2, allow_nan=False)
    pieces = encoder.iterencode(value)
    while some := "".join(islice(pieces, _PIECES)):
        yield some
    yield "\n"


class Streamed(list[Record]):
    """A list of records, each made of an item when it is asked for, and not kept."""

    def __init__(self, items: Sequence[_Item], record: Callable[[_Item], Record]) -> None:
        super().__init__()
        self._items: Sequence[Any] = items
        self._record = record

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Record]:
        return map(self._record, self._items)


def event_record(event: Event) -> Record:
    """Returns an event: its kind, its tier or target if it has one, its price; of a liquidation the stop behind it."""
    record: Record = {"event": str(event.kind)}
    if event.kind in (EventKind.TIER, EventKind.AFTER):
        record["tier"] = event.number
    elif event.kind in (EventKind.TARGET, EventKind.TRAIL):
        record["target"] = event.number
    record["price"] = digits(event.price)
    if event.kind is EventKind.LIQUIDATION:
        record["stop"] = digits(event.stop)
    return record
