"""ccxt: `fetchMarkets` and `fetchLeverageTiers`, whatever exchange they were asked of.

ccxt names the bounds of every tier `minNotional` and `maxNotional`, whatever they count: contracts on OKX, coin for
inverse contracts of Binance and Bybit. What they count is told by the exchange's own words inside `info`.

A precision of 5 may be a step of 5, 5 digits behind the point, or, of prices, 5 digits from the first one that counts.
What settles it, for prices and for amounts each alone: `precisionMode`, the exchange's own filters inside `info`, a
value that can be only one of them (a fraction is a step, 0 are digits), the smallest price or order, and what the other
markets of the file agree upon. Prices in significant digits stand beside amounts in steps (Hyperliquid) and beside
amounts in digits (Bitfinex), so that one does not tell the other.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scaleplan.imports import binance, bybit, okx
from scaleplan.imports.records import (
    BracketRow,
    BracketTable,
    ContractRules,
    ImportOptions,
    Origin,
    PrecisionUnit,
    SavedAnswer,
    SymbolProblem,
)
from scaleplan.imports.symbols import contract_of, has_expiry, left_out, trouble_with
from scaleplan.imports.values import mapping, mappings, needed, number, positive, text
from scaleplan.plan import BracketBy, Contract, Instrument
from scaleplan.quantity.amount import read_date
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.mistake import Mistake
from scaleplan.quantity.number import plain

#: More digits than any price has.
_MOST_DIGITS = 20
#: ccxt's `precisionMode`, as it numbers and as it calls them.
_MODES = {
    "2": PrecisionUnit.DIGITS,
    "decimal_places": PrecisionUnit.DIGITS,
    "3": PrecisionUnit.SIGNIFICANT,
    "significant_digits": PrecisionUnit.SIGNIFICANT,
    "4": PrecisionUnit.STEP,
    "tick_size": PrecisionUnit.STEP,
}
_MEANINGS = {
    PrecisionUnit.STEP: "step",
    PrecisionUnit.DIGITS: "number of digits",
    PrecisionUnit.SIGNIFICANT: "number of significant digits",
}


def markets(items: Iterable[dict[str, object]], options: ImportOptions) -> SavedAnswer:
    """Returns the rules of every market but options."""
    every = list(items)
    wanted = [one for one in every if one.get("option") is not True and text(one.get("type")) != "option"]
    prices, amounts = [_price(one) for one in wanted], [_amount(one) for one in wanted]
    price_unit, amount_unit = _agreed(prices), _agreed(amounts)
    rules = []
    for market, price, amount in zip(wanted, prices, amounts, strict=True):
        settled = price.settled(options.price, price_unit), amount.settled(options.amount, amount_unit)
        rules.append(_rules(market, *settled))
    return SavedAnswer(Origin.CCXT, "ccxt markets", rules=tuple(rules), notes=left_out(len(every) - len(wanted)))


def _rules(market: dict[str, object], price: "_Precision", amount: "_Precision") -> ContractRules:
    symbol = text(market.get("symbol"))
    contract = contract_of(symbol)
    limits = mapping(market.get("limits"))
    size = positive(market, "contractSize") if contract is not Contract.SPOT else None
    cost = positive(mapping(limits.get("cost")), "min")
    instrument = Instrument(
        tick_size=price.step,
        lot_size=amount.step,
        min_notional=cost if contract is not Contract.INVERSE else None,
        contract_size=size,
        max_leverage=positive(mapping(limits.get("leverage")), "max") if contract is not Contract.SPOT else None,
    )
    kind = text(market.get("type"))
    in_percent = market.get("percentage") is not False
    return ContractRules(
        (symbol, text(market.get("id"))),
        symbol,
        contract,
        instrument,
        min_quantity=positive(mapping(limits.get("amount")), "min"),
        in_contracts=contract is not Contract.SPOT,
        maker=number(market, "maker") if in_percent else None,
        taker=number(market, "taker") if in_percent else None,
        # Deribit's perpetual contracts end in the year 3000.
        expires=kind in ("future", "delivery") or (kind != "swap" and bool(text(market.get("expiry")))),
        trouble=trouble_with(symbol),
        unclear=_asked(symbol, price, amount),
        notes=tuple(note for note in (price.note("tick_size"), amount.note("lot_size")) if note),
    )


# Precision


class _Precision(NamedTuple):
    """How exactly a market writes its prices, or its amounts: a number, and the units in which it may be meant."""

    #: `price` or `amount`.
    what: str
    written: Decimal | None
    units: frozenset[PrecisionUnit]

    def settled(self, wished: PrecisionUnit | None, others: PrecisionUnit | None) -> "_Precision":
        """Returns it in the one unit that the trader says, or else the rest of the file, if it may be that."""
        unit = wished or others
        if self.written is None or unit is None or (wished is None and (unit not in self.units or self.is_clear)):
            return self
        return self._replace(units=frozenset({unit}))

    @property
    def is_clear(self) -> bool:
        """Whether there is one unit that it can be in."""
        return len(self.units) == 1

    @property
    def step(self) -> Decimal | None:
        """The smallest step; absent where it is not clear, and of significant digits, which make none."""
        return _step(self.written, next(iter(self.units))) if self.is_clear else None

    def question(self) -> str:
        """Returns what it may be, for the trader to say; empty where there is nothing to be said."""
        if self.written is None or self.is_clear:
            return ""
        known = plain(self.written)
        digits = f"{known} digit" if self.written == ONE else f"{known} digits"
        may_be = f"the {self.what} precision {known} may be a step of {known}"
        if PrecisionUnit.SIGNIFICANT not in self.units:
            return f"{may_be} or {digits} behind the point"
        significant = f"{known} significant {digits.rpartition(' ')[2]}"
        return f"{may_be}, {digits} behind the point, or {significant}"

    def note(self, rule: str) -> str:
        """Returns what became of significant digits; empty where it is in none."""
        if self.units != {PrecisionUnit.SIGNIFICANT} or self.written is None:
            return ""
        digits = "digit" if self.written == ONE else "digits"
        means = "which is no tick" if rule == "tick_size" else "which is no step"
        return f"{self.what}s have {plain(self.written)} significant {digits}, {means}: no `{rule}` is written"


def _price(market: dict[str, object]) -> _Precision:
    info = mapping(market.get("info"))
    own = positive(_filters(info, "PRICE_FILTER", "priceFilter"), "tickSize") or positive(info, "tickSz")
    return _precision("price", market, own)


def _amount(market: dict[str, object]) -> _Precision:
    info = mapping(market.get("info"))
    own = positive(_filters(info, "LOT_SIZE", "lotSizeFilter"), "stepSize", "qtyStep") or positive(info, "lotSz")
    return _precision("amount", market, own)


def _filters(info: dict[str, object], of_binance: str, of_bybit: str) -> dict[str, object]:
    found = {text(one.get("filterType")): one for one in mappings(info.get("filters"))}
    return found.get(of_binance) or mapping(info.get(of_bybit))


def _precision(what: str, market: dict[str, object], own_step: Decimal | None) -> _Precision:
    """Returns a precision with the units that it may be in, by the market's own words and numbers."""
    written = number(mapping(market.get("precision")), what)
    mode = _MODES.get(text(market.get("precisionMode")).lower())
    if written is None or mode is not None:
        return _Precision(what, written, frozenset({mode} if mode is not None else ()))
    steps = {unit: _step(written, unit) for unit in (PrecisionUnit.STEP, PrecisionUnit.DIGITS)}
    units = {unit for unit, step in steps.items() if step is not None}
    if what == "price" and PrecisionUnit.DIGITS in units and written >= 1:
        units.add(PrecisionUnit.SIGNIFICANT)
    least = positive(mapping(mapping(market.get("limits")).get(what)), "min")
    for known in (own_step, least):
        agreeing = {unit for unit in units if steps.get(unit) is not None and steps[unit] == known}
        if known is not None and len(agreeing) == 1:
            return _Precision(what, written, frozenset(agreeing))
    as_step = steps[PrecisionUnit.STEP]
    if least is not None and as_step is not None and least < as_step:
        # A smaller order, or price, than one step is.
        units.discard(PrecisionUnit.STEP)
    return _Precision(what, written, frozenset(units))


def _agreed(precisions: Iterable[_Precision]) -> PrecisionUnit | None:
    """Returns the unit of those that are clear; absent where none is, or where they do not agree."""
    found = {unit for one in precisions if one.is_clear for unit in one.units}
    return found.pop() if len(found) == 1 else None


def _step(written: Decimal | None, unit: PrecisionUnit) -> Decimal | None:
    if written is None or unit is PrecisionUnit.SIGNIFICANT:
        return None
    if unit is PrecisionUnit.STEP:
        return written if written > 0 else None
    if written != written.to_integral_value() or not -_MOST_DIGITS <= written <= _MOST_DIGITS:
        return None
    return Decimal(1).scaleb(-int(written))


def _asked(symbol: str, price: _Precision, amount: _Precision) -> SymbolProblem | None:
    """Returns what the trader must say of a market's precision; absent where nothing is open."""
    for one in (price, amount):
        if one.written is not None and not _is_possible(one):
            meant = [_MEANINGS[unit] for unit in one.units] or [*_MEANINGS.values()]
            message = f"the {one.what} precision {plain(one.written)} is no {' and no '.join(meant)}"
            return SymbolProblem(symbol, message, "say otherwise with `--precision`, or leave the symbol out")
    asked = {one.what: one.question() for one in (price, amount) if one.question()}
    if not asked:
        return None
    help = "`--precision price=step`, `price=digits` or `price=significant`"
    if len(asked) == 2:
        help = "`--precision price=step,amount=step`; each may be `digits` too, and prices `significant`"
    elif "amount" in asked:
        help = "`--precision amount=step` or `amount=digits`"
    return SymbolProblem(symbol, ", and ".join(asked.values()), f"say which with {help}")


def _is_possible(one: _Precision) -> bool:
    """Whether it can be in its unit, or in one of several."""
    if one.written is not None and one.units == {PrecisionUnit.SIGNIFICANT}:
        return one.written >= 1 and one.written == one.written.to_integral_value()
    return bool(one.units) and (one.step is not None or not one.is_clear)


# Tiers


def leverage_tiers(value: object) -> SavedAnswer:
    """Returns the tables of every symbol; a list without symbols is one table, whose symbol the trader says."""
    fields = mapping(value)
    dated = None
    if "data" in fields and "updated" in fields:
        dated = _day(text(fields.get("updated")))
        fields = mapping(fields.get("data"))
    tables = tuple(_table(symbol, tiers) for symbol, tiers in _by_symbol(fields or value))
    return SavedAnswer(Origin.CCXT, "ccxt leverage tiers", tables=tables, dated=dated)


def _day(words: str) -> date | None:
    day = read_date(words[:10])
    return None if isinstance(day, Mistake) else day


def _by_symbol(value: object) -> Iterator[tuple[str, list[dict[str, object]]]]:
    if isinstance(value, dict):
        for symbol, tiers in value.items():
            yield symbol, mappings(tiers)
        return
    found: dict[str, list[dict[str, object]]] = {}
    for tier in mappings(value):
        found.setdefault(text(tier.get("symbol")), []).append(tier)
    yield from found.items()


def _table(symbol: str, tiers: list[dict[str, object]]) -> BracketTable:
    infos = [mapping(tier.get("info")) for tier in tiers]
    expires = has_expiry(symbol)
    rows = tuple(_row(tier) for tier in tiers)
    if infos and all("maxSz" in info for info in infos):
        own = tuple(_with_bounds(row, okx.row(info)) for row, info in zip(rows, infos, strict=True))
        return BracketTable((symbol,), symbol, own, BracketBy.CONTRACTS, venue=Origin.OKX, expires=expires)
    if infos and all("maintMarginRatio" in info for info in infos):
        own = tuple(_with_bounds(row, binance.row(info)) for row, info in zip(rows, infos, strict=True))
        return BracketTable((symbol,), symbol, own, binance.unit(infos), venue=Origin.BINANCE, expires=expires)
    if infos and all("riskLimitValue" in info for info in infos):
        own = tuple(_with_bounds(row, bybit.row(info)) for row, info in zip(rows, infos, strict=True))
        return BracketTable((symbol,), symbol, own, bybit.unit(symbol), None, Origin.BYBIT, expires)
    by = BracketBy.CONTRACTS if any("riskIncrVol" in info or "contracts" in info for info in infos) else None
    return BracketTable((symbol,), symbol, rows, by, expires=expires)


def _row(tier: dict[str, object]) -> BracketRow:
    return BracketRow(
        number(tier, "minNotional"),
        number(tier, "maxNotional"),
        needed(tier, "maintenanceMarginRate"),
        max_leverage=positive(tier, "maxLeverage"),
    )


def _with_bounds(row: BracketRow, own: BracketRow) -> BracketRow:
    """Returns the exchange's own bounds, and ccxt's where the exchange says nothing."""
    return BracketRow(
        own.floor if own.floor is not None else row.floor,
        own.cap if own.cap is not None else row.cap,
        own.rate,
        own.initial,
        own.max_leverage or row.max_leverage,
        own.deduction,
    )
