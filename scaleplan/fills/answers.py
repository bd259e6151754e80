"""Exports as JSON: the rows of an answer wherever they stand in it, each with its line and as it was read."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scaleplan.fills import FileRefused
from scaleplan.fills.catalogue import shape_of
from scaleplan.fills.shape import NoFills, Shape, plain_key
from scaleplan.trade.kinds import UNKNOWN_SOURCE, UNREADABLE_ROW

_CCXT = frozenset({"info", "symbol", "side", "price", "amount", "timestamp"})
_BLANK = " \t\n\r"
#: Keys of an answer by which a venue says that it has none.
_ERRORS = (
    ("retMsg", "retCode", ("0",)),
    ("msg", "code", ("0", "200", "200000", "00000", "")),
    ("message", "code", ("0", "200")),
)


class AnswerRow(NamedTuple):
    """A row of an answer: its line, its values by key as texts, and as it was read. `key` is its name in a mapping."""

    line: int
    values: dict[str, str]
    raw: str
    info: dict[str, str] | None = None


class SourceAnswer(NamedTuple):
    """An answer: whose it is, its rows, and what stands around them. `is_ccxt` where ccxt has wrapped the rows."""

    shape: Shape | NoFills | None
    rows: tuple[AnswerRow, ...]
    outer: Mapping[str, str]
    is_ccxt: bool = False


def read_answer(text: str, source: str) -> SourceAnswer:
    """Returns the rows of a text of JSON, or of one that has a value a line. Raises `FileRefused`."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
    try:
        whole, starts = _decoded(decoder, text)
        found = [each for value, start in zip(whole, starts, strict=True) for each in _lists(value, start, {})]
    except json.JSONDecodeError as error:
        raise FileRefused(
            UNREADABLE_ROW,
            error.lineno,
            f"is no JSON from here on: {error.msg.lower()}, at column {error.colno}",
            "save the whole answer again; it may have been cut",
        ) from error
    except RecursionError as error:
        raise FileRefused(
            UNREADABLE_ROW, 1, "is nested too deeply to be an answer", "save the answer itself"
        ) from error
    breaks = [place for place, char in enumerate(text) if char == "\n"]
    best: tuple[Shape | NoFills | None, bool] = (None, False)
    rows: list[AnswerRow] = []
    outer: dict[str, str] = {}
    for path, start, items, around in found:
        keys = {plain_key(key): 0 for item in items[:20] for key in item}
        is_ccxt = any(item.keys() >= _CCXT for item in items[:20])
        shape = None if is_ccxt else shape_of(keys, source)
        if shape is None and not is_ccxt:
            continue
        if not rows:
            best, outer = (shape, is_ccxt), around
        elif (shape, is_ccxt) != best:
            continue
        rows += _placed(decoder, text, start, path, items, breaks, is_ccxt=is_ccxt)
    if best == (None, False):
        _refuse(whole, found)
    return SourceAnswer(best[0], tuple(rows), outer, best[1])


def _decoded(decoder: json.JSONDecoder, text: str) -> tuple[list[Any], list[int]]:
    """Returns the values of a text, one or several behind each other, and where each begins."""
    values: list[Any] = []
    starts: list[int] = []
    at = 0
    while True:
        at = _skip(text, at)
        if at >= len(text) and values:
            return values, starts
        value, end = decoder.raw_decode(text, at)
        values.append(value)
        starts.append(at)
        at = end
        after = _skip(text, at)
        if after < len(text) and text[after] not in "{[":
            raise json.JSONDecodeError("Extra data", text, after)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


_Found = tuple[tuple[str | int, ...], int, list[dict[str, Any]], dict[str, str]]


def _lists(value: object, start: int, outer: dict[str, str], path: tuple[str | int, ...] = ()) -> Iterator[_Found]:
    """Yields each list of objects with its path, and each object whose values are objects, or that stands alone."""
    if isinstance(value, list):
        items = [item for item in value if isinstance(item, dict)]
        if items:
            yield path, start, items, outer
        for number, item in enumerate(value):
            if isinstance(item, dict):
                inside = any(isinstance(each, (dict, list)) for each in item.values())
                if inside and not item.keys() >= _CCXT:
                    yield from _members(item, start, outer, (*path, number))
            elif isinstance(item, list):
                yield from _lists(item, start, outer, (*path, number))
    elif isinstance(value, dict):
        yield (*path,), start, [value], outer
        yield from _members(value, start, outer, path)


def _members(value: dict[str, Any], start: int, outer: dict[str, str], path: tuple[str | int, ...]) -> Iterator[_Found]:
    around = outer | {plain_key(key): _text(each) for key, each in value.items() if not isinstance(each, (dict, list))}
    for key, each in value.items():
        if isinstance(each, list):
            yield from _lists(each, start, around, (*path, key))
        elif isinstance(each, dict):
            inner = [item | {"key": name} for name, item in each.items() if isinstance(item, dict)]
            if inner and len(inner) == len(each):
                yield (*path, key), start, inner, around
            yield from _members(each, start, around, (*path, key))


def _placed(
    decoder: json.JSONDecoder,
    text: str,
    start: int,
    path: tuple[str | int, ...],
    items: Sequence[dict[str, Any]],
    breaks: Sequence[int],
    *,
    is_ccxt: bool,
) -> list[AnswerRow]:
    spans = _spans(decoder, text, _locate(decoder, text, start, path))
    if len(spans) != len(items):
        # The objects of a list among other values, or an object by itself.
        at = _locate(decoder, text, start, path)
        spans = [(at, decoder.raw_decode(text, at)[1])] * len(items)
    names: dict[str, str] = {}
    rows = []
    for item, (begin, end) in zip(items, spans, strict=True):
        values = _values(item, names)
        info = item.get("info") if is_ccxt else None
        inner = _values(info, names) if isinstance(info, dict) else {} if is_ccxt else None
        rows.append(AnswerRow(bisect_right(breaks, begin - 1) + 1, values, text[begin:end], inner))
    return rows


def _values(item: Mapping[str, Any], names: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in item.items():
        name = names.get(key)
        if name is None:
            name = names[key] = plain_key(key)
        found.setdefault(name, _text(value))
    return found


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
    return json.dumps(value)


def _locate(decoder: json.JSONDecoder, text: str, at: int, path: tuple[str | int, ...]) -> int:
    """Returns where the value at a path begins."""
    for step in path:
        at = _skip(text, at)
        if isinstance(step, int):
            at = _skip(text, at + 1)
            for _ in range(step):
                at = _skip(text, decoder.raw_decode(text, at)[1])
                at = _skip(text, at + 1)
            continue
        at += 1
        while True:
            key, end = decoder.raw_decode(text, _skip(text, at))
            at = _skip(text, _skip(text, end) + 1)
            if key == step:
                break
            at = _skip(text, decoder.raw_decode(text, at)[1]) + 1
    return _skip(text, at)


def _spans(decoder: json.JSONDecoder, text: str, at: int) -> list[tuple[int, int]]:
    """Returns where the objects of a list begin and end, or those that are the values of an object."""
    spans = []
    is_list = text[at] == "["
    at = _skip(text, at + 1)
    while at < len(text) and text[at] not in "]}":
        if not is_list:
            at = _skip(text, _skip(text, decoder.raw_decode(text, at)[1]) + 1)
        end = decoder.raw_decode(text, at)[1]
        if text[at] == "{":
            spans.append((at, end))
        at = _skip(text, end)
        if at < len(text) and text[at] == ",":
            at = _skip(text, at + 1)
    return spans


def _refuse(whole: Sequence[Any], found: Sequence[_Found]) -> None:
    """Raises `FileRefused` for an answer with rows that are not known, or one that says that it failed."""
    first = whole[0] if whole else None
    if isinstance(first, dict):
        for message, code, fine in _ERRORS:
            if first.get(message) and str(first.get(code, "")) not in fine:
                raise FileRefused(
                    UNREADABLE_ROW,
                    1,
                    f"the venue refused: {str(first[message])[:200]}",
                    "ask again, and save the answer",
                )
        errors = first.get("error")
        if errors and isinstance(errors, list):
            raise FileRefused(
                UNREADABLE_ROW, 1, f"the venue refused: {str(errors[0])[:200]}", "ask again, and save the answer"
            )
    keys = [list(items[0]) for path, _, items, _ in found if path or not isinstance(first, dict)]
    known = max(keys, key=len, default=list(first) if isinstance(first, dict) else [])
    if not any(len(each) > 1 for each in keys) and _is_empty(first):
        return
    raise FileRefused(
        UNKNOWN_SOURCE,
        1,
        f"is none of the answers that are known: its rows have the keys {', '.join(map(str, known[:12]))}"[:300],
        "see `scaleplan help imports` for the exports that are read",
    )


def _is_empty(value: object) -> bool:
    """Returns whether an answer has a list, and nothing in it."""
    if isinstance(value, list):
        return not value
    if isinstance(value, dict):
        return any(_is_empty(each) for each in value.values() if isinstance(each, (dict, list))) or not value
    return False
