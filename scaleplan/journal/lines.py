"""A row as a line of JSON: what the digest of an event is taken of, and what an exported journal consists of.

Keys are sorted and absent ones left out; no line has a number that counts within one journal, so that the same events
are the same lines wherever they are.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import repeat
from operator import is_, itemgetter
from typing import Any, NamedTuple

from scaleplan.journal import BatchRow, EventRow, LockedPlan, RowKind, TradeRow
from scaleplan.journal.schema import EVENT_COLUMNS

_NUMBERS = frozenset({"price", "quantity", "contracts", "fee"})
_WHOLE = frozenset(name for name, is_whole in EVENT_COLUMNS if is_whole)
#: Digits that a number of the journal has at most, before the point and behind it.
_BEFORE, _BEHIND = 16, 20
#: Digits behind the point that are looked at: what is written with more is no number of a journal.
_LONGEST = 1000
#: The columns of an event by their names.
_COLUMNS = tuple(name for name, _ in EVENT_COLUMNS)
#: What of an event stands in the form of its line, beside what it lacks: its kind and its own whole numbers.
_told_by = itemgetter(*(EventRow._fields.index(name) for name in ("kind", "tier", "target")))
#: Where the kind is among the values of an event: behind its number, its id and its batch, which each has.
_KIND_AT = _COLUMNS.index("kind") + 1
#: How an empty list is written.
_NOTHING = "[]"


def number_text(value: Decimal) -> str:
    """Returns an exact decimal in plain digits, without zeros that say nothing.

    Raises `ValueError` for what is no finite number, or has more than 16 digits before the point or 20 behind it.
    """
    text = str(value)
    # A decimal says plain digits in plain ASCII, and what is short is within bounds.
    if len(text) > _BEFORE or not text.replace(".", "", 1).isdigit():
        text = _checked(value)
    return text.rstrip("0").rstrip(".") if text[-1] == "0" and "." in text else text


def _checked(value: Decimal) -> str:
    """Returns a decimal in plain digits, whatever its exponent; see `number_text`."""
    if not value.is_finite() or value.adjusted() >= _BEFORE:
        raise ValueError(f"no number of a journal: {value}")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_LONGEST:
        raise ValueError(f"more than {_BEHIND} digits behind the point: {value}")
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if len(text.partition(".")[2]) > _BEHIND:
        raise ValueError(f"more than {_BEHIND} digits behind the point: {value}")
    return "0" if text in ("-0", "") else text


def number_of(text: str) -> Decimal:
    """Returns the number that a text is. Raises `ValueError` where `number_text` would write it otherwise."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"no number: {text!r}") from error
    if number_text(value) != text:
        raise ValueError(f"no number as a journal writes it: {text!r}")
    return value


def line(values: Mapping[str, object] | Sequence[object]) -> str:
    """Returns an object or a list of JSON in one line of ASCII, with sorted keys and without absent values."""
    if not values:
        return _NOTHING
    import json  # noqa: PLC0415 - most plans name no files, and who reads them needs none

    kept = {key: value for key, value in values.items() if value is not None} if isinstance(values, Mapping) else values
    return json.dumps(kept, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def read_line(text: str) -> list[Any]:
    """Returns the list that `line` wrote. Raises `ValueError` where it is none."""
    if text == _NOTHING:
        return []
    import json  # noqa: PLC0415 - see `line`

    found = json.loads(text)
    if not isinstance(found, list):
        raise ValueError(f"no list: {text!r}")  # noqa: TRY004 - it is the text that is wrong
    return found


def digest_of(text: str) -> str:
    """Returns SHA-256 of a text, in hexadecimal digits."""
    import hashlib  # noqa: PLC0415 - who only reads a journal takes no digest

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plan_digest(name: str, data: bytes, files: Iterable[tuple[str, bytes]], overrides: Iterable[str]) -> str:
    """Returns what tells a locked plan from others: of its bytes, its files' and what was changed in it."""
    return digest_of(line(_plan_values(name, data, files, overrides)))


def _plan_values(
    name: str, data: bytes, files: Iterable[tuple[str, bytes]], overrides: Iterable[str]
) -> dict[str, object]:
    return {
        "data": _packed(data),
        "files": [[path, _packed(content)] for path, content in files],
        "name": name,
        "overrides": list(overrides),
    }


def _packed(data: bytes) -> str:
    return b2a_base64(data, newline=False).decode("ascii")


def plan_values(plan: LockedPlan) -> dict[str, object]:
    """Returns the line of a locked plan, as values."""
    values = _plan_values(plan.name, plan.data, plan.files, plan.overrides)
    return {"type": "plan", "digest": plan.digest, "version": plan.version} | values


def trade_values(trade: TradeRow) -> dict[str, object]:
    """Returns the line of a trade, as values; whether it is open follows from the events."""
    return {"type": "trade", "id": trade.id, "path": trade.path, "side": trade.side, "symbol": trade.symbol}


def batch_values(batch: BatchRow) -> dict[str, object]:
    """Returns the line of a batch, as values."""
    return {
        "type": "batch",
        "id": batch.id,
        "recorded": batch.recorded,
        "command": batch.command,
        "version": batch.version,
    }


def event_values(event: EventRow, batch: str) -> dict[str, object]:
    """Returns the line of an event of the batch with that id, as values."""
    values: dict[str, object] = {"type": "event", "batch": batch}
    for name, _ in EVENT_COLUMNS:
        value = getattr(event, name)
        if name != "batch" and value is not None:
            values[name] = number_text(value) if name in _NUMBERS else value if name in _WHOLE else str(value)
    return values


class _Form(NamedTuple):
    """How events are written that lack the same columns and are of one kind: most of a batch are.

    `names` are the columns that they have, `pick` takes these from an event, and `kind` is their kind's text. `numbers`
    are the places of numbers among the picked values, `raw` that of the source's row. `line` is the event's line with
    places for its texts, and `texts` takes these from the values.
    """

    names: str
    pick: Callable[[EventRow], tuple[object, ...]]
    kind: str
    numbers: tuple[int, ...]
    raw: int | None
    line: str
    texts: Callable[[Sequence[object]], tuple[str, ...]]


class EventForm:
    """Writes events as the table stores them, each with its digest: the numbers as texts, every value once.

    The digest is that of the event's line, in which SHA-256 of the source's row stands for that row. See `line`: keys
    are in their order, and no number counts within one journal.
    """

    def __init__(self, batch: str) -> None:
        from hashlib import sha256  # noqa: PLC0415 - who only reads a journal takes no digest

        self._batch = batch
        self._sha256 = sha256
        self._forms: dict[tuple[object, ...], _Form] = {}

    def stored(self, event: EventRow) -> tuple[str, list[object]]:
        """Returns the columns that the table has of an event, by name, and their values; its digest is the last.

        What an event lacks is left out: to hand SQLite so many absent values takes longer than to write the others.
        """
        like = (*map(is_, event, repeat(None)), *_told_by(event))
        form = self._forms.get(like)
        if form is None:
            form = self._forms[like] = self._form(event)
        values = [*form.pick(event)]
        values[_KIND_AT] = form.kind
        for place in form.numbers:
            values[place] = number_text(values[place])  # type: ignore[arg-type]
        if form.raw is not None and event.raw is not None:
            values[form.raw] = self._sha256(event.raw.encode("utf-8", "surrogatepass")).hexdigest()
        texts = form.texts(values)
        text = form.line % (texts if _is_plain("".join(texts)) else tuple(map(_escaped, texts)))
        if form.raw is not None:
            values[form.raw] = event.raw
        values.append(self._sha256(text.encode()).hexdigest())
        return form.names, values

    def _form(self, event: EventRow) -> _Form:
        """Returns how events like this are written."""
        names = ["seq", *(name for name in _COLUMNS if getattr(event, name) is not None)]
        parts, places = [], []
        for name in sorted([*names[1:], "type"]):
            if name == "batch":
                parts.append(f'"batch":"{_escaped(self._batch)}"'.replace("%", "%%"))
            elif name == "type":
                parts.append('"type":"event"')
            elif name == "kind":
                parts.append(f'"kind":"{event.kind}"')
            elif name in _WHOLE:
                parts.append(f'"{name}":{getattr(event, name)}')
            else:
                parts.append(f'"{name}":"%s"')
                places.append(names.index(name))
        return _Form(
            ", ".join([*names, "digest"]),
            itemgetter(*map(EventRow._fields.index, names)),
            str(event.kind),
            tuple(place for place, name in enumerate(names) if name in _NUMBERS),
            names.index("raw") if "raw" in names else None,
            f"{{{','.join(parts)}}}",
            itemgetter(*places),
        )


def _is_plain(text: str) -> bool:
    """Returns whether JSON in ASCII writes a text as it is: from blank to tilde, but for quotes and backslashes."""
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _escaped(text: str) -> str:
    """Returns a text as JSON in ASCII writes it between quotes."""
    if _is_plain(text):
        return text
    from json.encoder import encode_basestring_ascii  # noqa: PLC0415 - see `line`

    return encode_basestring_ascii(text)[1:-1]


@lru_cache(maxsize=4)
def _form_of(batch: str) -> EventForm:
    return EventForm(batch)


def event_digest(event: EventRow, batch: str) -> str:
    """Returns the digest of an event of the batch with that id."""
    return str(_form_of(batch).stored(event)[1][-1])


def read_plan(values: Mapping[str, Any]) -> LockedPlan:
    """Returns the locked plan of a line. Raises `ValueError`, `KeyError` or `TypeError` where it is none."""
    files = tuple((str(path), a2b_base64(content, strict_mode=True)) for path, content in values["files"])
    data, overrides = a2b_base64(values["data"], strict_mode=True), tuple(map(str, values["overrides"]))
    name = str(values["name"])
    if plan_digest(name, data, files, overrides) != values["digest"]:
        raise ValueError("the digest of a plan is not that of its bytes")
    return LockedPlan(values["digest"], name, data, files, overrides, str(values["version"]))


def read_event(values: Mapping[str, Any], seq: int, batch: int) -> EventRow:
    """Returns the event of a line. Raises `ValueError`, `KeyError` or `TypeError` where it is none."""
    found: dict[str, Any] = {"seq": seq, "batch": batch}
    unknown = values.keys() - {"type", "batch"} - {name for name, _ in EVENT_COLUMNS}
    if unknown:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    for name, value in values.items():
        if name in ("type", "batch"):
            continue
        if not isinstance(value, int if name in _WHOLE else str):
            raise TypeError(f"{name} is no {'whole number' if name in _WHOLE else 'text'}")
        text = str(value)
        found[name] = number_of(text) if name in _NUMBERS else RowKind(text) if name == "kind" else value
    return EventRow(**found)
