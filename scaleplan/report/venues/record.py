"""The bundled venues as records for other programs: decimals as strings, what is not known as null."""

from collections.abc import Iterable
from datetime import date

from scaleplan.decode.bundled import BundledFamily, BundledSymbol, BundledVenue
from scaleplan.plan import Contract, MarginModel
from scaleplan.report.record import FORMAT_VERSION, Record, of
from scaleplan.venue import date_of

_RULES = ("tick_size", "lot_size", "min_notional", "contract_size", "max_leverage")


def list_record(venues: Iterable[BundledVenue], today: date) -> Record:
    """Every venue in short: its contracts, and the symbols whose brackets are known, each with its date and age."""
    return _record("venues", today, [_short(venue, today) for venue in venues])


def venues_record(venues: Iterable[BundledVenue], today: date) -> Record:
    """Venues with all that is known of them."""
    return _record("venues show", today, [_whole(venue, today) for venue in venues])


def _record(command: str, today: date, venues: list[Record]) -> Record:
    return {"format_version": FORMAT_VERSION, "command": command, "today": today.isoformat(), "venues": venues}


def _short(venue: BundledVenue, today: date) -> Record:
    return {
        "name": venue.name,
        "title": venue.title,
        "contracts": [family.contract.value for family in venue.families],
        "brackets": [
            {"symbol": each.symbol, **_dated(each.margin.as_of, today)}
            for each in venue.symbols
            if each.margin is not None
        ],
    }


def _whole(venue: BundledVenue, today: date) -> Record:
    families = {family.contract: _family(family, today) for family in venue.families}
    return {
        "name": venue.name,
        "title": venue.title,
        "linear": families.get(Contract.LINEAR),
        "inverse": families.get(Contract.INVERSE),
        "symbols": [_symbol(symbol, today) for symbol in venue.symbols],
    }


def _family(family: BundledFamily, today: date) -> Record:
    return {
        **of(family, "formula", "maintenance_on", "bracket_by", "closing_fee"),
        "fees": of(family, "maker", "taker"),
        "fees_source": family.fees_source or None,
        **_dated(family.as_of, today),
        "source": family.source,
    }


def _symbol(symbol: BundledSymbol, today: date) -> Record:
    return {
        "symbol": symbol.symbol,
        "contract": symbol.contract.value,
        "maintenance": _maintenance(symbol.margin, today) if symbol.margin is not None else None,
        "instrument": of(symbol.instrument, *_RULES),
        "instrument_source": symbol.instrument_source or None,
    }


def _maintenance(model: MarginModel, today: date) -> Record:
    return {
        **_dated(model.as_of, today),
        "source": model.source,
        "brackets": [
            {"bracket": number, **of(bracket, "up_to", "rate", "deduction", "max_leverage")}
            for number, bracket in enumerate(model.brackets, start=1)
        ],
    }


def _dated(as_of: str, today: date) -> Record:
    """The date as it stands, and the days since its first possible one; null where it names none."""
    since = date_of(as_of)
    return {"as_of": as_of or None, "age_days": None if since is None else (today - since).days}
