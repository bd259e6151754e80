"""Binance: `exchangeInfo` and `leverageBracket`, of USD-M and of COIN-M futures.

A COIN-M table counts coin (`qtyFloor`, `qtyCap`; the exchange's page also writes `qtylFloor`), a USD-M table notional
in quote. `cum` is the deduction, which the plan language derives, so it is only compared.
"""

from collections.abc import Iterable
from decimal import Decimal

from scaleplan.imports.records import BracketRow, BracketTable, ContractRules, Origin, SavedAnswer
from scaleplan.imports.symbols import (
    contract_of,
    contract_symbol,
    day_of,
    expiry_of,
    left_out,
    trouble_with,
    written_together,
)
from scaleplan.imports.values import mappings, needed, number, positive, text
from scaleplan.plan import BracketBy, Contract, Instrument
from scaleplan.quantity.number import plain

_PERPETUAL = frozenset({"PERPETUAL", "TRADIFI_PERPETUAL"})
#: Contracts without an end carry the day on which they would end if they had one.
_NEVER = 4_000_000_000_000


def exchange_info(value: dict[str, object]) -> SavedAnswer:
    """Returns the rules of every symbol but options, of which Binance has an answer apart."""
    rules = tuple(_rules(fields) for fields in mappings(value.get("symbols")))
    dated = day_of(number(value, "serverTime"))
    notes = left_out(len(mappings(value.get("optionSymbols"))))
    return SavedAnswer(Origin.BINANCE, "Binance exchangeInfo", rules=rules, dated=dated, notes=notes)


def _rules(fields: dict[str, object]) -> ContractRules:
    base, quote, settle = (text(fields.get(name)) for name in ("baseAsset", "quoteAsset", "marginAsset"))
    delivery = positive(fields, "deliveryDate")
    expires = bool(settle) and text(fields.get("contractType")) not in _PERPETUAL
    ends = delivery if delivery is not None and delivery < _NEVER else None
    name = text(fields.get("symbol"))
    symbol = contract_symbol(base, quote, settle, expiry_of(name, ends) if expires else "")
    contract = contract_of(symbol)
    filters = {text(item.get("filterType")): item for item in mappings(fields.get("filters"))}
    lot = filters.get("LOT_SIZE", {})
    instrument = Instrument(
        tick_size=positive(filters.get("PRICE_FILTER", {}), "tickSize"),
        lot_size=positive(lot, "stepSize"),
        min_notional=_min_notional(filters),
        contract_size=positive(fields, "contractSize") if contract is Contract.INVERSE else None,
    )
    return ContractRules(
        (name,),
        symbol,
        contract,
        instrument,
        min_quantity=positive(lot, "minQty"),
        in_contracts=contract is Contract.INVERSE,
        expires=expires,
        trouble=trouble_with(symbol),
    )


def _min_notional(filters: dict[str, dict[str, object]]) -> Decimal | None:
    for name in ("MIN_NOTIONAL", "NOTIONAL"):
        found = positive(filters.get(name, {}), "notional", "minNotional")
        if found is not None:
            return found
    return None


def leverage_brackets(items: Iterable[dict[str, object]]) -> SavedAnswer:
    """Returns the tables of all symbols."""
    tables = tuple(_table(fields) for fields in items)
    coin = any(table.by is BracketBy.COIN for table in tables)
    says = "Binance COIN-M leverageBracket" if coin else "Binance USD-M leverageBracket"
    return SavedAnswer(Origin.BINANCE, says, tables=tables)


def _table(fields: dict[str, object]) -> BracketTable:
    name = text(fields.get("symbol")) or f"{text(fields.get('pair'))}_PERP"
    symbol, expires = written_together(name)
    brackets = mappings(fields.get("brackets"))
    coefficient = number(fields, "notionalCoef")
    notes: tuple[str, ...] = ()
    if coefficient is not None and coefficient != 1:
        notes = (
            f"your account's brackets are {plain(coefficient)} times the usual ones; they are taken as they stand",
        )
    return BracketTable(
        (name,), symbol, tuple(map(row, brackets)), unit(brackets), venue=Origin.BINANCE, expires=expires, notes=notes
    )


def unit(brackets: Iterable[dict[str, object]]) -> BracketBy:
    """Returns coin where quantities are bounded, else notional."""
    return BracketBy.COIN if any("qtyCap" in item for item in brackets) else BracketBy.NOTIONAL


def row(fields: dict[str, object]) -> BracketRow:
    """Returns one bracket."""
    return BracketRow(
        number(fields, "notionalFloor", "qtyFloor", "qtylFloor"),
        number(fields, "notionalCap", "qtyCap"),
        needed(fields, "maintMarginRatio"),
        max_leverage=positive(fields, "initialLeverage"),
        deduction=number(fields, "cum"),
    )
