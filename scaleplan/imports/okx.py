"""OKX, version 5: `instruments` and `position-tiers`.

Tiers count contracts, whatever the contract, and the whole position takes the rate of its tier. A tier may begin one
contract, or one lot, above the end of the one before it. A contract is `ctVal` times `ctMult`, in base for linear and
in quote for inverse ones. Behind the currencies of a family stands of which kind it is: `BTC-USD_UM` settles in dollars
and not in coin, and `BTC-USD_UM_XPERP` are X-perps, futures whose end OKX puts off every few years.
"""

from collections.abc import Iterable

from scaleplan.imports.records import BracketRow, BracketTable, ContractRules, ImportNote, Origin, SavedAnswer
from scaleplan.imports.symbols import contract_of, contract_symbol, expiry_of, left_out, trouble_with
from scaleplan.imports.values import needed, number, positive, text
from scaleplan.plan import BracketBy, Contract, Instrument
from scaleplan.quantity.exact import ONE

_EXPIRES = "FUTURES"
_RENEWED = "XPERP"
_IN_DOLLARS = "UM"


def instruments(items: Iterable[dict[str, object]]) -> SavedAnswer:
    """Returns the rules of every instrument but options."""
    every = list(items)
    rules = tuple(_rules(fields) for fields in every if text(fields.get("instType")) != "OPTION")
    return SavedAnswer(Origin.OKX, "OKX instruments", rules=rules, notes=left_out(len(every) - len(rules)))


def _rules(fields: dict[str, object]) -> ContractRules:
    name, family = text(fields.get("instId")), _family(fields)
    base, quote, ends = _parts(family)
    settle = text(fields.get("settleCcy"))
    renewed = _RENEWED in (*ends, text(fields.get("ruleType")).upper())
    expires = text(fields.get("instType")) == _EXPIRES and not renewed
    symbol = contract_symbol(base, quote, settle, expiry_of(name, positive(fields, "expTime")) if expires else "")
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
    return ContractRules(
        (name, family) if settle else (name,),
        symbol,
        contract,
        instrument,
        min_quantity=positive(fields, "minSz"),
        in_contracts=bool(settle),
        expires=expires,
        renewed=renewed,
        trouble=trouble,
    )


def _family(fields: dict[str, object]) -> str:
    name = text(fields.get("instId"))
    return text(fields.get("instFamily")) or "-".join(name.split("-", 2)[:2]) or text(fields.get("uly"))


def _parts(family: str) -> tuple[str, str, list[str]]:
    """Returns base, quote, and what stands behind them: `BTC-USD_UM_XPERP` has `UM` and `XPERP` there."""
    pair, *ends = family.split("_")
    base, _, quote = pair.partition("-")
    return base, quote, [end.upper() for end in ends]


def position_tiers(items: Iterable[dict[str, object]]) -> SavedAnswer:
    """Returns the tables of all families of contracts; those of margin trading in spot are no contract's."""
    rows: dict[str, list[BracketRow]] = {}
    notes: dict[str, ImportNote] = {}
    for fields in items:
        family = _family(fields)
        if text(fields.get("instFamily")) or text(fields.get("uly")) or text(fields.get("instId")).count("-") > 1:
            rows.setdefault(family, []).append(row(fields))
        else:
            notes[family] = ImportNote(family.replace("-", "/"), "left out: these are tiers of margin trading in spot")
    tables = tuple(_table(family, tuple(tiers)) for family, tiers in rows.items())
    return SavedAnswer(Origin.OKX, "OKX position-tiers", tables=tables, notes=tuple(notes.values()))


def _table(family: str, rows: tuple[BracketRow, ...]) -> BracketTable:
    """Returns the table of a family, called as its contract without an end: plain dollars alone settle in coin."""
    base, quote, ends = _parts(family)
    symbol = contract_symbol(base, quote, base if quote == "USD" and _IN_DOLLARS not in ends else quote)
    renewed = _RENEWED in ends
    return BracketTable((family,), symbol, rows, BracketBy.CONTRACTS, venue=Origin.OKX, renewed=renewed)


def row(fields: dict[str, object]) -> BracketRow:
    """Returns one tier."""
    return BracketRow(
        number(fields, "minSz"),
        positive(fields, "maxSz"),
        needed(fields, "mmr"),
        initial=positive(fields, "imr"),
        max_leverage=positive(fields, "maxLever"),
    )
