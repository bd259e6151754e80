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
from scaleplan.quantity.form import Mistake
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
#: Where exchanges say their steps: a filter of Binance, one of Bybit, what either calls the step, and OKX's own word.
_OWN_WORDS = {
    "price": ("PRICE_FILTER", "priceFilter", ("tickSize",), "tickSz"),
    "amount": ("LOT_SIZE", "lotSizeFilter", ("stepSize", "qtyStep"), "lotSz"),
}
_MEANINGS = {
    PrecisionUnit.STEP: "step",
    PrecisionUnit.DIGITS: "number of digits",
    PrecisionUnit.SIGNIFICANT: "number of significant digits",
}


def markets(items: Iterable[dict[str, object]], options: ImportOptions) -> SavedAnswer:
    """Returns the rules of every market but options."""
    every = list(items)
    wanted = [market for market in every if market.get("option") is not True and text(market.get("type")) != "option"]
    prices = _settled([_precision("price", market) for market in wanted], options.price)
    amounts = _settled([_precision("amount", market) for market in wanted], options.amount)
    rules = tuple(_rules(*market) for market in zip(wanted, prices, amounts, strict=True))
    return SavedAnswer(Origin.CCXT, "ccxt markets", rules=rules, notes=left_out(len(every) - len(wanted)))


def _rules(market: dict[str, object], price: "_WrittenPrecision", amount: "_WrittenPrecision") -> ContractRules:
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
        unclear=_unclear(symbol, price, amount),
        notes=tuple(filter(None, (price.note(), amount.note()))),
    )


# Precision


class _WrittenPrecision(NamedTuple):
    """How exactly a market writes its prices, or its amounts: a number, the units it may be in, and its own."""

    #: `price` or `amount`.
    what: str
    written: Decimal | None
    units: frozenset[PrecisionUnit] = frozenset()
    unit: PrecisionUnit | None = None

    @property
    def step(self) -> Decimal | None:
        """The smallest step; absent where the unit is not known, and of significant digits, which make none."""
        return _step(self.written, self.unit)

    def wrong(self) -> str:
        """Returns why the number cannot be in its unit; empty where it can."""
        if self.written is None or (self.units and self.unit in (None, *self.units)):
            return ""
        meant = _MEANINGS[self.unit] if self.unit is not None else "step and no number of digits"
        return f"the {self.what} precision {plain(self.written)} is no {meant}"

    def question(self) -> str:
        """Returns what it may be, for the trader to say; empty where that is known."""
        if self.written is None or self.unit is not None:
            return ""
        known, digits = plain(self.written), "digit" if self.written == ONE else "digits"
        may_be = f"the {self.what} precision {known} may be a step of {known}"
        if PrecisionUnit.SIGNIFICANT in self.units:
            return f"{may_be}, {known} {digits} behind the point, or {known} significant {digits}"
        return f"{may_be} or {known} {digits} behind the point"

    def note(self) -> str:
        """Returns what became of significant digits; empty where it is in none."""
        if self.written is None or self.unit is not PrecisionUnit.SIGNIFICANT:
            return ""
        step, key = ("tick", "tick_size") if self.what == "price" else ("step", "lot_size")
        digits = "digit" if self.written == ONE else "digits"
        return (
            f"{self.what}s have {plain(self.written)} significant {digits}, which is no {step}: no `{key}` is written"
        )


def _own_step(what: str, info: dict[str, object]) -> Decimal | None:
    """Returns the step that Binance's, Bybit's or OKX's own words inside `info` say; absent where there are none."""
    of_binance, of_bybit, step, of_okx = _OWN_WORDS[what]
    filters = {text(item.get("filterType")): item for item in mappings(info.get("filters"))}
    of_filter = filters.get(of_binance) or mapping(info.get(of_bybit))
    return positive(of_filter, *step) or positive(info, of_okx)


def _precision(what: str, market: dict[str, object]) -> _WrittenPrecision:
    """Returns a precision with the units that it may be in, by the market's own words and numbers."""
    written = number(mapping(market.get("precision")), what)
    if written is None:
        return _WrittenPrecision(what, None)
    steps = {unit: _step(written, unit) for unit in (PrecisionUnit.STEP, PrecisionUnit.DIGITS)}
    units = {unit for unit, step in steps.items() if step is not None}
    mode = _MODES.get(text(market.get("precisionMode")).lower())
    if PrecisionUnit.DIGITS in units and written >= 1 and (what == "price" or mode is PrecisionUnit.SIGNIFICANT):
        units.add(PrecisionUnit.SIGNIFICANT)
    if mode is not None:
        return _WrittenPrecision(what, written, frozenset(units & {mode}), mode)
    least, as_step = positive(mapping(mapping(market.get("limits")).get(what)), "min"), steps[PrecisionUnit.STEP]
    for known in (_own_step(what, mapping(market.get("info"))), least):
        agreeing = {unit for unit, step in steps.items() if step is not None and step == known}
        if len(agreeing) == 1:
            return _WrittenPrecision(what, written, frozenset(agreeing))
    if least is not None and as_step is not None and least < as_step:
        # A smaller order, or price, than one step is.
        units.discard(PrecisionUnit.STEP)
    return _WrittenPrecision(what, written, frozenset(units))


def _settled(precisions: list[_WrittenPrecision], wished: PrecisionUnit | None) -> list[_WrittenPrecision]:
    """Returns each in the unit that is wished, else in the only one that it can be in, else in that of all others."""
    clear = {unit for precision in precisions if len(precision.units) == 1 for unit in precision.units}
    others = clear if len(clear) == 1 else frozenset()
    settled = []
    for precision in precisions:
        left = precision.units if len(precision.units) == 1 else precision.units & others
        settled.append(precision._replace(unit=wished or precision.unit or next(iter(left), None)))
    return settled


def _step(written: Decimal | None, unit: PrecisionUnit | None) -> Decimal | None:
    if written is None or unit in (None, PrecisionUnit.SIGNIFICANT):
        return None
    if unit is PrecisionUnit.STEP:
        return written if written > 0 else None
    if written != written.to_integral_value() or not -_MOST_DIGITS <= written <= _MOST_DIGITS:
        return None
    return Decimal(1).scaleb(-int(written))


def _unclear(symbol: str, price: _WrittenPrecision, amount: _WrittenPrecision) -> SymbolProblem | None:
    """Returns what the trader must say of a market's precision; absent where nothing is open."""
    wrong = price.wrong() or amount.wrong()
    if wrong:
        return SymbolProblem(symbol, wrong, "say otherwise with `--precision`, or leave the symbol out")
    questions = [asked for asked in (price.question(), amount.question()) if asked]
    if not questions:
        return None
    help = "`--precision amount=step` or `amount=digits`"
    if price.question():
        help = "`--precision price=step`, `price=digits` or `price=significant`"
    if len(questions) > 1:
        help = "`--precision price=step,amount=step`; each may be `digits` too, and prices `significant`"
    return SymbolProblem(symbol, ", and ".join(questions), f"say which with {help}")


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
