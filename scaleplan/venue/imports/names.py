"""Symbols: how exchanges' names become BASE/QUOTE:SETTLE, and which kind of contract that is."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from scaleplan.plan import Contract
from scaleplan.quantity.amount import read_symbol
from scaleplan.quantity.mistake import Mistake

#: The quote currencies that a name written together may end with.
_QUOTES = ("USDT", "USDC", "BUSD", "FDUSD", "USD1")
_TOGETHER = re.compile(rf"([A-Z0-9]{{1,20}}?)({'|'.join(_QUOTES)}|USD|PERP)(?:_(PERP|[0-9]{{6}}))?")
#: 1970 and later, and not after the year 9999, in milliseconds.
_LAST = 253_402_300_799_000


def written_together(name: str) -> tuple[str, bool]:
    """The symbol of `BTCUSDT`, `BTCPERP`, `BTCUSD` or `BTCUSD_PERP`, and whether it expires; empty: not known.

    What is quoted in plain dollars settles in coin, as on Binance and Bybit.
    """
    match = _TOGETHER.fullmatch(name)
    if match is None:
        return "", False
    base, quote, end = match[1], match[2], match[3] or ""
    expiry = "" if end in ("", "PERP") else f"-{end}"
    if quote == "PERP":
        return f"{base}/USDC:USDC", False
    return f"{base}/{quote}:{base if quote == 'USD' else quote}{expiry}", bool(expiry)


def contract_symbol(base: str, quote: str, settle: str, expiry: date | None = None) -> str:
    """BASE/QUOTE:SETTLE, with the day it ends behind it where it ends."""
    ends = f"-{expiry:%y%m%d}" if expiry else ""
    return f"{base}/{quote}:{settle}{ends}" if settle else f"{base}/{quote}"


def contract_of(symbol: str) -> Contract:
    """Inverse where it settles in base, spot where it settles in nothing, else linear."""
    base, _, rest = symbol.partition("/")
    settle = rest.partition(":")[2].partition("-")[0]
    if not settle:
        return Contract.SPOT
    return Contract.INVERSE if settle.upper() == base.upper() else Contract.LINEAR


def trouble_with(symbol: str) -> str:
    """Why a symbol has no place in a venue file; empty where it has one."""
    read = read_symbol(symbol)
    if isinstance(read, Mistake):
        return "its name is not of the form BASE/QUOTE:SETTLE"
    if read.settle and read.settle.upper() not in (read.base.upper(), read.quote.upper()):
        return f"it settles in a third currency, {read.settle}, which plans do not support"
    return ""


def day_of(milliseconds: Decimal | None) -> date | None:
    """The day (UTC) of a time in milliseconds since 1970; absent for what is no time of this age."""
    if milliseconds is None or not 0 < milliseconds <= _LAST:
        return None
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(milliseconds) // 1000)).date()
