"""ccxt: `fetchMarkets` and `fetchLeverageTiers`, whatever exchange they were asked of.

ccxt names the bounds of every tier `minNotional` and `maxNotional`, whatever they count: contracts on OKX, coin for
inverse contracts of Binance and Bybit. What they count is told by the exchange's own words inside `info`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from scaleplan.plan import BracketBy, Contract, Instrument
from scaleplan.quantity.amount import read_date
from scaleplan.quantity.mistake import Mistake
from scaleplan.venue.imports import binance, bybit, okx
from scaleplan.venue.imports.names import contract_of, trouble_with
from scaleplan.venue.imports.precision import precision_of, steps_of, unit_of_all
from scaleplan.venue.imports.records import Exchange, Part, PrecisionUnit, Problem, Row, Rules, Table, Unusable
from scaleplan.venue.imports.saved import mapping, mappings, needed, number, positive, text


def markets(items: Iterable[dict[str, object]], wished: PrecisionUnit | None) -> Part:
    """The rules of every market but options."""
    wanted = [one for one in items if one.get("option") is not True]
    precisions = [precision_of(text(one.get("symbol")), one) for one in wanted]
    others = unit_of_all(precisions)
    rules = []
    for market, precision in zip(wanted, precisions, strict=True):
        unclear, price, amount = None, None, None
        try:
            price, amount = steps_of(precision, wished, others)
        except Unusable as unusable:
            unclear = Problem(precision.symbol, unusable.message, unusable.help)
        rules.append(_rules(market, price, amount, unclear))
    return Part(Exchange.CCXT, "ccxt markets", "", rules=tuple(rules))


def _rules(market: dict[str, object], price: Decimal | None, amount: Decimal | None, unclear: Problem | None) -> Rules:
    symbol = text(market.get("symbol"))
    contract = contract_of(symbol)
    limits = mapping(market.get("limits"))
    size = positive(market, "contractSize") if contract is not Contract.SPOT else None
    cost = positive(mapping(limits.get("cost")), "min")
    instrument = Instrument(
        tick_size=price,
        lot_size=amount,
        min_notional=cost if contract is not Contract.INVERSE else None,
        contract_size=size,
        max_leverage=positive(mapping(limits.get("leverage")), "max") if contract is not Contract.SPOT else None,
    )
    in_percent = market.get("percentage") is not False
    return Rules(
        (symbol, text(market.get("id"))),
        symbol,
        contract,
        instrument,
        min_quantity=positive(mapping(limits.get("amount")), "min"),
        maker=number(market, "maker") if in_percent else None,
        taker=number(market, "taker") if in_percent else None,
        expires=text(market.get("type")) in ("future", "delivery") or bool(text(market.get("expiry"))),
        trouble=trouble_with(symbol),
        unclear=unclear,
    )


def leverage_tiers(value: object) -> Part:
    """The tables of every symbol; a list without symbols is one table, whose symbol the trader says."""
    fields = mapping(value)
    dated = None
    if "data" in fields and "updated" in fields:
        dated = _day(text(fields.get("updated")))
        fields = mapping(fields.get("data"))
    tables = tuple(_table(symbol, tiers) for symbol, tiers in _by_symbol(fields or value))
    return Part(Exchange.CCXT, "ccxt leverage tiers", "", tables=tables, dated=dated)


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


def _table(symbol: str, tiers: list[dict[str, object]]) -> Table:
    infos = [mapping(tier.get("info")) for tier in tiers]
    expires = "-" in symbol.partition(":")[2]
    rows = tuple(_row(tier) for tier in tiers)
    if infos and all("maxSz" in info for info in infos):
        own = tuple(_with_bounds(row, okx.row(info)) for row, info in zip(rows, infos, strict=True))
        return Table((symbol,), symbol, own, BracketBy.CONTRACTS, venue=Exchange.OKX, expires=expires)
    if infos and all("maintMarginRatio" in info for info in infos):
        own = tuple(_with_bounds(row, binance.row(info)) for row, info in zip(rows, infos, strict=True))
        return Table((symbol,), symbol, own, binance.unit(infos), venue=Exchange.BINANCE, expires=expires)
    if infos and all("riskLimitValue" in info for info in infos):
        own = tuple(_with_bounds(row, bybit.row(info)) for row, info in zip(rows, infos, strict=True))
        return Table((symbol,), symbol, own, bybit.unit(symbol), None, Exchange.BYBIT, expires)
    by = BracketBy.CONTRACTS if any("riskIncrVol" in info or "contracts" in info for info in infos) else None
    return Table((symbol,), symbol, rows, by, expires=expires)


def _row(tier: dict[str, object]) -> Row:
    return Row(
        number(tier, "minNotional"),
        number(tier, "maxNotional"),
        needed(tier, "maintenanceMarginRate"),
        max_leverage=positive(tier, "maxLeverage"),
    )


def _with_bounds(row: Row, own: Row) -> Row:
    """The exchange's own words, and ccxt's where the exchange says nothing."""
    return Row(
        own.floor if own.floor is not None else row.floor,
        own.cap if own.cap is not None else row.cap,
        own.rate,
        own.initial,
        own.max_leverage or row.max_leverage,
        own.deduction,
    )
