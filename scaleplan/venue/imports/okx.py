"""OKX, version 5: `instruments` and `position-tiers`.

Tiers count contracts, whatever the contract, and the whole position takes the rate of its tier. A tier may begin one
contract, or one lot, above the end of the one before it. A contract is `ctVal` times `ctMult`, in base for linear and
in quote for inverse ones.
"""

from collections.abc import Iterable
from decimal import Decimal

from scaleplan.plan import BracketBy, Contract, Instrument
from scaleplan.quantity.exact import ONE
from scaleplan.venue.imports.names import contract_of, contract_symbol, day_of, trouble_with
from scaleplan.venue.imports.records import Exchange, Note, Part, Row, Rules, Table
from scaleplan.venue.imports.saved import needed, number, positive, text

_EXPIRES = "FUTURES"


def instruments(items: Iterable[dict[str, object]]) -> Part:
    """The rules of every instrument but options."""
    rules = tuple(_rules(fields) for fields in items if text(fields.get("instType")) != "OPTION")
    return Part(Exchange.OKX, "OKX instruments", "", rules=rules)


def _rules(fields: dict[str, object]) -> Rules:
    name = text(fields.get("instId"))
    family = _family(fields)
    settle = text(fields.get("settleCcy"))
    expires = text(fields.get("instType")) == _EXPIRES
    base, _, quote = family.partition("-")
    symbol = contract_symbol(base, quote, settle, day_of(positive(fields, "expTime")) if expires else None)
    contract = contract_of(symbol)
    trouble = trouble_with(symbol)
    size = positive(fields, "ctVal") if settle else None
    if size is not None:
        size *= positive(fields, "ctMult") or ONE
        counted = text(fields.get("ctValCcy"))
        if not trouble and counted and counted != (quote if contract is Contract.INVERSE else base):
            trouble = f"its contracts are counted in {counted}, which plans do not support"
    instrument = Instrument(
        tick_size=positive(fields, "tickSz"),
        lot_size=positive(fields, "lotSz"),
        contract_size=size,
        max_leverage=positive(fields, "lever") if settle else None,
    )
    ids = (name, family) if settle else (name,)
    smallest = positive(fields, "minSz")
    return Rules(ids, symbol, contract, instrument, smallest, expires=expires, trouble=trouble)


def _family(fields: dict[str, object]) -> str:
    for key in ("instFamily", "uly"):
        found = text(fields.get(key))
        if found:
            return found
    return "-".join(text(fields.get("instId")).split("-", 2)[:2])


def position_tiers(items: Iterable[dict[str, object]]) -> Part:
    """The tables of all families of contracts; those of margin trading in spot are no contract's."""
    rows: dict[str, list[Row]] = {}
    notes: dict[str, Note] = {}
    for fields in items:
        family = _family(fields)
        if text(fields.get("instFamily")) or text(fields.get("uly")) or text(fields.get("instId")).count("-") > 1:
            rows.setdefault(family, []).append(row(fields))
        else:
            notes[family] = Note(family.replace("-", "/"), "left out: these are tiers of margin trading in spot")
    tables = tuple(
        Table((family,), _swap(family), tuple(steps), BracketBy.CONTRACTS, venue=Exchange.OKX)
        for family, steps in rows.items()
    )
    return Part(Exchange.OKX, "OKX position-tiers", "", tables=tables, notes=tuple(notes.values()))


def _swap(family: str) -> str:
    """The perpetual swap of a family: what is quoted in plain dollars settles in coin."""
    base, _, quote = family.partition("-")
    return contract_symbol(base, quote, base if quote == "USD" else quote)


def row(fields: dict[str, object]) -> Row:
    """One tier."""
    cap: Decimal | None = positive(fields, "maxSz")
    return Row(
        number(fields, "minSz"),
        cap,
        needed(fields, "mmr"),
        initial=positive(fields, "imr"),
        max_leverage=positive(fields, "maxLever"),
    )
