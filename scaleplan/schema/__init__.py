"""JSON Schema (draft-07) of a plan, from the declarations that the reader goes by.

With it an editor completes and explains keys. It says what the shape of one value can be and which keys must be there;
what follows from several values together (a stop on the wrong side, shares that are no whole) `scaleplan check` says.
"""

from enum import StrEnum

from scaleplan.decode.keys import ACCOUNT, INSIDE, PLAN, VENUE, Key, Section
from scaleplan.decode.steps import MOST
from scaleplan.schema import patterns
from scaleplan.schema.forms import FORMS, SHORT_TARGET, SHORT_TIER, Json

DRAFT = "http://json-schema.org/draft-07/schema#"


class FileKind(StrEnum):
    """The files that a schema can be made for."""

    PLAN = "plan"
    ACCOUNT = "account"
    VENUE = "venue"


def schema_of(subject: FileKind) -> Json:
    """Returns the schema of a plan, or of the account and venue files that plans name."""
    head: Json = {"$schema": DRAFT, "title": f"scaleplan {subject}"}
    match subject:
        case FileKind.PLAN:
            return head | {"description": "A trade plan, read by scaleplan."} | _mapping(PLAN) | {"allOf": _needs()}
        case FileKind.ACCOUNT:
            return head | {"description": "An account that plans name: `account: ./account.yaml`."} | _mapping(ACCOUNT)
        case FileKind.VENUE:
            return head | {
                "description": "A venue's terms by symbol, for plans that name the file: `venue: ./venue.yaml`.",
                "type": "object",
                "propertyNames": {"pattern": "/"},
                "additionalProperties": _mapping(VENUE),
                "minProperties": 1,
            }


def _mapping(section: Section) -> Json:
    """Returns a section as an object: its keys and no others."""
    required = [key.name for key in section.keys if key.required]
    return {
        "type": "object",
        "properties": {key.name: _value(key) for key in section.keys},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _value(key: Key) -> Json:
    """Returns what may stand behind a key: a single value, a mapping, a list, or any of them."""
    inside = INSIDE.get(key.form)
    value: Json = dict(FORMS.get(key.form, {}))
    if inside is not None and inside.mapping is not None:
        value = _either(value, _mapping(inside.mapping))
    if inside is not None and inside.item is not None:
        value = _either(value, _list(key.form, inside.item))
    return {"description": key.doc, **value}


def _list(form: str, section: Section) -> Json:
    """Returns a list of mappings, which tiers and targets may write short."""
    short = {"tiers": SHORT_TIER, "targets": SHORT_TARGET}.get(form, {})
    item = _either(short, _mapping(section))
    if form == "tiers":
        item["not"] = {"type": "object", "required": ["share", "size"]}
    elif form == "targets":
        # Of a text the first is true.
        needs_price: list[Json] = [{"required": [name]} for name in ("stop", "trail", "order")]
        item["anyOf"] = [{"required": ["price"]}, {"required": ["exit"], "not": {"anyOf": needs_price}}]
    return {"type": "array", "minItems": 1, "maxItems": MOST, "items": item}


def _either(first: Json, second: Json) -> Json:
    """Returns a value of either type: every other keyword speaks of its own type only, so that both can stand."""
    types = [name for part in (first, second) for name in _types(part)]
    return {**first, **second, "type": types if len(types) > 1 else types[0]}


def _types(part: Json) -> list[str]:
    named = part.get("type", [])
    return [named] if isinstance(named, str) else list(named) if isinstance(named, list) else []


def _needs() -> list[Json]:
    """Returns the keys that a plan needs in one place or another."""
    sized: Json = {
        "type": "array",
        "items": {"type": ["string", "object"], "pattern": patterns.SIZED_TIER, "required": ["size"]},
    }
    settles: Json = {"properties": {"symbol": {"type": "string", "pattern": "^[^/]*/.*:"}}, "required": ["symbol"]}
    is_contract: Json = {"properties": {"contract": {"enum": ["linear", "inverse"]}}, "required": ["contract"]}
    return [
        {"anyOf": [{"required": ["stop"]}, {"required": ["invalidation"]}]},
        {"anyOf": [{"required": ["size"]}, {"properties": {"tiers": sized}}]},
        {
            "if": {"anyOf": [settles, is_contract]},
            "then": {"anyOf": [{"required": ["leverage"]}, {"required": ["margin"]}]},
        },
    ]
