"""Whose answer a file holds, and which: told from its content, never from its name.

Answers come as the exchange sends them, in their envelope, or as the list inside it.
"""

from collections.abc import Callable, Iterable

from scaleplan.imports import binance, bybit, ccxt, okx
from scaleplan.imports.records import ImportNote, ImportOptions, SavedAnswer, SavedFile, Unusable
from scaleplan.imports.symbols import day_of
from scaleplan.imports.values import mapping, mappings, number, read_json, text
from scaleplan.quantity.number import quote

_Items = Iterable[dict[str, object]]

KNOWN = (
    "ccxt markets or leverage tiers, Binance exchangeInfo or leverageBracket, Bybit instruments-info or risk-limit, "
    "OKX instruments or position-tiers"
)
_HELP = f"these are understood: {KNOWN}"
#: The keys by which an entry of a list gives its answer away; an answer with fewer keys comes later.
_LISTS: tuple[tuple[frozenset[str], Callable[[_Items], SavedAnswer]], ...] = (
    (frozenset({"brackets"}), binance.leverage_brackets),
    (frozenset({"riskLimitValue", "maintenanceMargin"}), bybit.risk_limits),
    (frozenset({"lotSizeFilter", "priceFilter"}), bybit.instruments_info),
    (frozenset({"instId", "tickSz", "lotSz"}), okx.instruments),
    (frozenset({"mmr", "maxSz"}), okx.position_tiers),
)
_CCXT_MARKET = frozenset({"symbol", "precision", "limits"})
_CCXT_TIER = frozenset({"maintenanceMarginRate"})


def read_answer(saved: SavedFile, options: ImportOptions) -> SavedAnswer:
    """Returns what a file says. Raises `Unusable`, with the file's name."""
    try:
        answer = _answer(read_json(saved.data), options)
    except Unusable as unusable:
        raise Unusable(unusable.message, unusable.help, saved.label) from unusable
    return answer._replace(label=saved.label, saved_on=saved.saved_on)


def _answer(value: object, options: ImportOptions) -> SavedAnswer:
    fields = mapping(value)
    _refuse_refusals(fields)
    if any("filters" in item for key in ("symbols", "optionSymbols") for item in mappings(fields.get(key))):
        return binance.exchange_info(fields)
    if "brackets" in fields:
        return binance.leverage_brackets([fields])
    inside = _inside(fields)
    if inside == []:
        raise Unusable("the answer is empty", "ask for a symbol that the exchange has, and save the answer")
    answer = _list(mappings(inside if inside is not None else value))
    if answer is not None:
        more = text(mapping(fields.get("result")).get("nextPageCursor"))
        notes = (ImportNote("", "the answer has further pages: save them too, and name all files"),) if more else ()
        return answer._replace(dated=answer.dated or day_of(number(fields, "time")), notes=answer.notes + notes)
    return _ccxt(value, options)


def _refuse_refusals(fields: dict[str, object]) -> None:
    """An answer that says no holds no data."""
    for code, message in (("retCode", "retMsg"), ("code", "msg")):
        reason = text(fields.get(code))
        if message in fields and reason not in ("", "0"):
            what = f"{reason} {text(fields.get(message))}".strip()
            raise Unusable(f"the exchange refused: {quote(what)}", "ask it again, and save an answer that has data")


def _inside(fields: dict[str, object]) -> object | None:
    """The list inside the envelope of Bybit or OKX; absent where there is no envelope."""
    result = mapping(fields.get("result"))
    if isinstance(result.get("list"), list):
        return result["list"]
    return fields["data"] if isinstance(fields.get("data"), list) else None


def _list(items: list[dict[str, object]]) -> SavedAnswer | None:
    if not items:
        return None
    for keys, read in _LISTS:
        if all(item.keys() >= keys for item in items):
            return read(items)
    return None


def _ccxt(value: object, options: ImportOptions) -> SavedAnswer:
    items = mappings(value)
    if items and all(item.keys() >= _CCXT_MARKET for item in items):
        return ccxt.markets(items, options)
    inside = mapping(value).get("data", value) if "updated" in mapping(value) else value
    lists = inside.values() if isinstance(inside, dict) else [inside]
    tiers = [tier for items in lists for tier in mappings(items if isinstance(items, list) else None)]
    whole = all(isinstance(items, list) for items in lists)
    if whole and tiers and all(tier.keys() >= _CCXT_TIER for tier in tiers):
        return ccxt.leverage_tiers(value)
    raise Unusable(_unknown(value), _HELP)


def _unknown(value: object) -> str:
    if isinstance(value, dict) and value:
        keys = ", ".join(quote(key) for key in list(value)[:3])
        return f"the mapping with the keys {keys} is no answer that is understood"
    if isinstance(value, list) and value:
        return "the list holds no answer that is understood"
    return "the file holds nothing" if isinstance(value, dict | list) else "the file holds no list and no mapping"
