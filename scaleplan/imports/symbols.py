"""Symbols: how exchanges' names become BASE/QUOTE:SETTLE, and which kind of contract that is.

What an exchange writes behind the currencies, an expiry or `_PERP`, says of which kind a contract is and is never part
of a currency. A name whose end is not understood says nothing.
"""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from scaleplan.imports.records import ImportNote
from scaleplan.plan import Contract
from scaleplan.quantity.amount import read_symbol
from scaleplan.quantity.form import Mistake

#: The quote currencies that a name written together may end with.
_QUOTES = ("USDT", "USDC", "BUSD", "FDUSD", "USD1")
_BASE = r"[^\W_a-z]{1,20}"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAY = rf"(?P<day>[0-9]{{1,2}})(?P<month>{'|'.join(_MONTHS)})(?P<year>[0-9]{{2}})"
_TOGETHER = re.compile(rf"({_BASE}?)({'|'.join(_QUOTES)}|USD|PERP)(?:_(PERP|[0-9]{{6}})|-{_DAY})?")
#: Bybit's futures that are settled in USDC.
_FUTURE = re.compile(rf"({_BASE})-{_DAY}")
#: 1970 and later, and not after the year 9999, in milliseconds.
_LAST = 253_402_300_799_000


def written_together(name: str) -> tuple[str, bool]:
    """Returns the symbol of `BTCUSDT`, `BTCPERP`, `BTCUSD_PERP` or `BTC-27MAR26`, and whether it expires.

    The symbol is empty where the name does not say. What is quoted in plain dollars settles in coin, as on Binance and
    Bybit.
    """
    match = _TOGETHER.fullmatch(name)
    if match is None:
        future = _FUTURE.fullmatch(name)
        return (f"{future[1]}/USDC:USDC-{_expiry(future)}", True) if future is not None else ("", False)
    base, quote, end = match[1], match[2], match[3] or ""
    expiry = _expiry(match) if match["day"] else end.removeprefix("PERP")
    if quote == "PERP":
        return ("", False) if end or expiry else (f"{base}/USDC:USDC", False)
    return f"{base}/{quote}:{base if quote == 'USD' else quote}{f'-{expiry}' if expiry else ''}", bool(expiry)


def _expiry(match: re.Match[str]) -> str:
    return f"{match['year']}{_MONTHS.index(match['month']) + 1:02}{match['day']:0>2}"


def contract_symbol(base: str, quote: str, settle: str, expiry: str = "") -> str:
    """Returns BASE/QUOTE:SETTLE, with the day it ends behind it where it ends."""
    return f"{base}/{quote}:{settle}{expiry}" if settle else f"{base}/{quote}"


def expiry_of(name: str, ends: Decimal | None) -> str:
    """Returns `-260327` for a contract that ends then, by its time or else by its name; empty where neither says."""
    day, in_name = day_of(ends), re.search("[-_]([0-9]{6})$", name)
    return f"-{day:%y%m%d}" if day else f"-{in_name[1]}" if in_name else ""


def contract_of(symbol: str) -> Contract:
    """Returns inverse where it settles in base, spot where it settles in nothing, else linear."""
    read = read_symbol(symbol)
    if isinstance(read, Mistake):
        return Contract.LINEAR if ":" in symbol.partition("/")[2] else Contract.SPOT
    if not read.settle:
        return Contract.SPOT
    return Contract.INVERSE if read.settle.upper() == read.base.upper() else Contract.LINEAR


def trouble_with(symbol: str) -> str:
    """Returns why a symbol has no place in a venue file; empty where it has one."""
    read = read_symbol(symbol)
    if isinstance(read, Mistake):
        return "its name is not of the form BASE/QUOTE:SETTLE"
    if read.settle and read.settle.upper() not in (read.base.upper(), read.quote.upper()):
        return f"it settles in a third currency, {read.settle}, which plans do not support"
    return ""


def pair_of(symbol: str) -> str:
    """Returns BASE/QUOTE of a symbol."""
    base, slash, rest = symbol.partition("/")
    return f"{base}{slash}{rest.partition(':')[0]}"


def has_expiry(symbol: str) -> bool:
    """Whether a day stands behind what a symbol settles in."""
    read = read_symbol(symbol)
    return not isinstance(read, Mistake) and symbol != f"{read.base}/{read.quote}:{read.settle}".removesuffix(":")


def left_out(options: int) -> tuple[ImportNote, ...]:
    """Returns what is said of so many options in an answer, if there are any."""
    what = "1 option is" if options == 1 else f"{options} options are"
    return (ImportNote("", f"{what} left out, which plans do not trade"),) if options else ()


def day_of(milliseconds: Decimal | None) -> date | None:
    """Returns the day (UTC) of a time in milliseconds since 1970; absent for what is no time of this age."""
    if milliseconds is None or not 0 < milliseconds <= _LAST:
        return None
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(milliseconds) // 1000)).date()
