"""Bybit, version 5: `instruments-info` and `risk-limit`.

`riskLimitValue` is where a step ends, in quote for linear contracts and in coin for inverse ones; it begins where the
one before it ends. Rates are written as percent in some answers and as fractions in others. Inverse quantities are
dollars, so that a contract is one.
"""

from collections.abc import Iterable

from scaleplan.imports.records import BracketRow, BracketTable, ContractRules, Origin, SavedAnswer
from scaleplan.imports.symbols import (
    contract_of,
    contract_symbol,
    expiry_of,
    left_out,
    trouble_with,
    written_together,
)
from scaleplan.imports.values import mapping, needed, number, positive, text
from scaleplan.plan import BracketBy, Contract, Instrument
from scaleplan.quantity.exact import ONE


def instruments_info(items: Iterable[dict[str, object]]) -> SavedAnswer:
    """Returns the rules of every instrument but options."""
    every = list(items)
    rules = tuple(_rules(fields) for fields in every if "optionsType" not in fields)
    return SavedAnswer(Origin.BYBIT, "Bybit instruments-info", rules=rules, notes=left_out(len(every) - len(rules)))


def _rules(fields: dict[str, object]) -> ContractRules:
    base, quote = text(fields.get("baseCoin")), text(fields.get("quoteCoin"))
    kind = text(fields.get("contractType"))
    settle = text(fields.get("settleCoin")) if kind else ""
    expires = bool(kind) and "Perpetual" not in kind
    name = text(fields.get("symbol"))
    symbol = contract_symbol(base, quote, settle, expiry_of(name, positive(fields, "deliveryTime")) if expires else "")
    contract = contract_of(symbol)
    lot = mapping(fields.get("lotSizeFilter"))
    instrument = Instrument(
        tick_size=positive(mapping(fields.get("priceFilter")), "tickSize"),
        lot_size=positive(lot, "qtyStep", "basePrecision"),
        min_notional=positive(lot, "minNotionalValue", "minOrderAmt"),
        contract_size=ONE if contract is Contract.INVERSE else None,
        max_leverage=positive(mapping(fields.get("leverageFilter")), "maxLeverage"),
    )
    return ContractRules(
        (name,),
        symbol,
        contract,
        instrument,
        min_quantity=positive(lot, "minOrderQty"),
        expires=expires,
        trouble=trouble_with(symbol),
    )


def risk_limits(items: Iterable[dict[str, object]]) -> SavedAnswer:
    """Returns the tables of all symbols, each gathered from its steps."""
    rows: dict[str, list[BracketRow]] = {}
    for fields in items:
        rows.setdefault(text(fields.get("symbol")), []).append(row(fields))
    tables = []
    for name, steps in rows.items():
        symbol, expires = written_together(name)
        tables.append(BracketTable((name,), symbol, tuple(steps), unit(symbol), None, Origin.BYBIT, expires))
    return SavedAnswer(Origin.BYBIT, "Bybit risk-limit", tables=tuple(tables))


def unit(symbol: str) -> BracketBy | None:
    """Returns coin for an inverse contract, notional for a linear one; absent where that is not known yet."""
    if not symbol:
        return None
    return BracketBy.COIN if contract_of(symbol) is Contract.INVERSE else BracketBy.NOTIONAL


def row(fields: dict[str, object]) -> BracketRow:
    """Returns one step, with its rates as written."""
    return BracketRow(
        None,
        needed(fields, "riskLimitValue"),
        needed(fields, "maintenanceMargin"),
        initial=positive(fields, "initialMargin"),
        max_leverage=positive(fields, "maxLeverage"),
        deduction=number(fields, "mmDeduction"),
    )
