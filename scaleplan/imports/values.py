"""From bytes to JSON values whose numbers keep the text they were written in.

A number stays text until it is asked for, and is matched before `Decimal` sees it: `1e999999` costs nothing, and a
field that nobody reads may hold anything.
"""

import json
import re
from decimal import Decimal
from typing import NoReturn

from scaleplan.imports.records import Unusable
from scaleplan.quantity.number import quote
from scaleplan.tree.text import other_encoding

#: The longest file that is read: Binance's exchangeInfo has some megabytes.
BYTES = 32 << 20
#: The most values, as commas and opening brackets count them: one takes a hundred times the memory of its text.
VALUES = 500_000

_NUMBER = re.compile(r"-?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?")
_SAVE_AGAIN = "save the exchange's answer as it came"


def read_json(data: bytes) -> object:
    """Returns the value that `data` holds, with each number as the text of its digits."""
    if len(data) > BYTES:
        raise Unusable(f"the file is larger than {BYTES:,} bytes (32 MiB), so it was not read", "name saved answers")
    if sum(map(data.count, (b",", b"{", b"["))) > VALUES:
        raise Unusable(f"the file has more than {VALUES:,} values, so it was not read", "save the answers in parts")
    encoding = other_encoding(data)
    if encoding is not None:
        raise Unusable(f"the file is written in {encoding}, and JSON is read as UTF-8", "save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(f"the byte 0x{data[error.start]:02x} does not belong to a UTF-8 text", _SAVE_AGAIN) from error
    if not text.strip():
        raise Unusable("the file is empty", _SAVE_AGAIN)
    try:
        value: object = json.loads(
            text, parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_mapping
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Unusable(
            f"the file is no JSON: {error.msg[:1].lower()}{error.msg[1:]} at {where}", _SAVE_AGAIN
        ) from error
    except RecursionError as error:
        raise Unusable("the lists and mappings lie too deep in each other", _SAVE_AGAIN) from error
    return value


def _no_number(word: str) -> NoReturn:
    raise Unusable(f"`{word}` is no number of JSON", f"write `null` where the exchange says nothing, or {_SAVE_AGAIN}")


def _mapping(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Unusable(f"the key {quote(key)} is there twice in one mapping", _SAVE_AGAIN)
            seen.add(key)
    return mapping


def mapping(value: object) -> dict[str, object]:
    """A mapping, empty where the value is none."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[dict[str, object]]:
    """The mappings of a list, or of a mapping's values."""
    items = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return [item for item in items if isinstance(item, dict)]


def text(value: object) -> str:
    """A text, or the digits of a number; empty where it is neither."""
    return str(value).strip() if isinstance(value, str) else ""


def number(fields: dict[str, object], *names: str) -> Decimal | None:
    """The first of these fields that says something; a number may stand as text. Absent: nothing is said."""
    for name in names:
        value = fields.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if not isinstance(value, str):
            raise Unusable(f"`{name}` holds {_sort(value)}, not a number", _SAVE_AGAIN)
        if _NUMBER.fullmatch(value.strip()) is None:
            raise Unusable(f"`{name}` is {quote(value)}, which is no number that can be kept exactly", _SAVE_AGAIN)
        return Decimal(value.strip())
    return None


def positive(fields: dict[str, object], *names: str) -> Decimal | None:
    """As `number`, where zero, and less than zero, say nothing."""
    found = number(fields, *names)
    return found if found is not None and found > 0 else None


def needed(fields: dict[str, object], *names: str) -> Decimal:
    """As `number`, of a field that must be there."""
    found = number(fields, *names)
    if found is None:
        raise Unusable(f"`{names[0]}` is missing", _SAVE_AGAIN)
    return found


def _sort(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    return "a mapping" if isinstance(value, dict) else "a list"
