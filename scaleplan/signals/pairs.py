"""Pairs: what a signal is about, `#BTC/USDT`, `WOO / USDT`, `XAUUSD`; and how many signals a text holds."""

import re
from typing import NamedTuple

from scaleplan.signals.scan import Extent, Scan

#: Currencies of the world, and metals that are quoted like them.
FIAT = (
    *("USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "TRY", "BRL", "RUB", "UAH", "KRW", "SGD", "HKD", "CNH"),
    *("MXN", "ZAR", "SEK", "NOK", "PLN"),
)
METALS = ("XAU", "XAG", "XPT", "XPD")
_STABLE = ("USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USDD", "USDE", "DAI")
#: Coins that others are quoted in.
COINS = ("BTC", "ETH", "BNB")
QUOTES = (*_STABLE, *FIAT, *COINS)
#: Names that a currency of the world is quoted for: `EUR` ends words too.
_QUOTED_IN_FIAT = {*FIAT, *METALS, *COINS, "SOL", "XRP", "ADA", "LTC", "DOGE"}
#: Quotes that end as other names do before `USD`: `DOTUSD` is DOT in dollars, and no DO in TUSD.
_ENDS_IN_USD = {"TUSD": 1, "BUSD": 1, "FDUSD": 2}
#: Bases that these are known for.
_KNOWN = {
    *("BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "LTC", "DOGE", "AVAX", "LINK", "MATIC", "TRX", "ATOM", "NEAR", "UNI"),
    *("DOT", "ETC", "FIL", "APT", "OP", "ARB", "SHIB", "BCH", "XLM", "ALGO", "SAND", "MANA", "AAVE", "EOS", "FTM"),
}
#: Words that stand before a slash or a hash and are no names of coins.
_NO_BASES = {
    *("FUTURES", "FUTURE", "SPOT", "MARGIN", "COIN", "PAIR", "SYMBOL", "BYBIT", "BINANCE", "OKX", "KUCOIN", "BITGET"),
    *("BINGX", "MEXC", "HUOBI", "BITMEX", "LONG", "SHORT", "BUY", "SELL", "ENTRY", "ENTRIES", "TARGET", "TARGETS"),
    *("STOP", "LOSS", "SL", "TP", "TAKE", "PROFIT", "SIGNAL", "SIGNALS", "SCALP", "SCALPING", "SWING", "VIP", "FREE"),
    *("LEVERAGE", "CROSS", "ISOLATED", "TRADE", "TYPE", "NOW", "MARKET", "LIMIT", "ID", "NEW", "CRYPTO", "FOREX"),
    *("ЛОНГ", "ШОРТ", "USDTM", "AT", "ON", "IN", "THE", "AND", "FOR", "WITH", "SETUP", "POSITION", "DIRECTION"),
    *("TEETH", "MACBETH", "BENEATH", "AMATEUR", "HIGH", "RISK", "LOW", "TERM", "ZONE", "UPDATE", "ALERT", "COINS"),
}
_ANY = "|".join(sorted(QUOTES, key=len, reverse=True))
_TAIL = r"(?:\.P(?![A-Za-z0-9])|:(?P<settle>[A-Za-z]{2,6})|[-_ ]?(?:PERP|SWAP)(?![A-Za-z0-9]))?"
_END = r"(?![A-Za-z0-9])"
#: A word that follows without a blank, as copied text has it.
_GLUED = r"(?:(?![A-Za-z0-9])|(?=LONG|SHORT|BUY|SELL|SIGNAL|LEVERAGE|ENTRY|DIRECTION|[A-Z][a-z]))"
_APART = re.compile(
    rf"(?<![A-Za-z0-9.])[#$]?(?P<base>[0-9]{{0,19}}[A-Za-z][A-Za-z0-9]{{0,19}})(?P<sign>[ \t]?/[ \t]?|-|_)"
    rf"(?P<quote>{_ANY}|{_ANY.lower()}){_TAIL}{_GLUED}"
)
_JOINED = re.compile(
    rf"(?<![A-Za-z0-9./])(?P<mark>[#$]?)(?P<base>[0-9]{{0,7}}[A-Z][A-Z0-9]{{0,11}}?)(?P<quote>{_ANY}){_TAIL}{_END}"
)
_JOINED_SMALL = re.compile(
    rf"(?<![A-Za-z0-9./@])(?P<mark>[#$]?)(?P<base>[0-9]{{0,7}}[a-z][a-z0-9]{{0,11}}?)(?P<quote>{_ANY.lower()}){_TAIL}{_END}"
)
_BASE_NAMED = re.compile(
    r"(?i:\b(?:coin|pair|symbol|ticker|asset|монет[ау]|пар[ау])\b)[ \t]*[:=-]?[ \t]*[#$]?"
    r"(?P<base>[0-9]{0,7}[A-Za-z][A-Za-z0-9]{0,11})(?![A-Za-z0-9])"
)
_SIDE = r"(?:LONG|SHORT|BUY|SELL|Long|Short|Buy|Sell|ЛОНГ|ШОРТ|Лонг|Шорт|лонг|шорт)"
_NAME = r"[#$]?(?P<base>[0-9]{0,7}[A-Z][A-Z0-9]{1,11})(?![A-Za-z0-9])"
_BASE_BEFORE = re.compile(rf"(?<![A-Za-z0-9]){_NAME}[^\S\n]*[^\w\n]{{0,8}}{_SIDE}\b")
_BASE_BEHIND = re.compile(rf"(?<![^\W_]){_SIDE}\b[^\w\n#$]{{0,8}}{_NAME}")
_BASE_MARKED = re.compile(r"[#$](?P<base>[0-9]{0,7}[A-Za-z][A-Za-z0-9]{1,11})(?![A-Za-z0-9])")


class SaidPair(NamedTuple):
    """A pair and where it stands; the quote is empty where the text leaves it out.

    `perpetual` where it is said so, `settle` where another currency than the quote is said to settle it. `other` is
    what the same letters name too.
    """

    base: str
    quote: str
    place: Extent
    perpetual: bool = False
    settle: str = ""
    other: str = ""

    @property
    def name(self) -> str:
        """Returns the pair as a plan has it."""
        return f"{self.base}/{self.quote}"


def pairs(scan: Scan) -> tuple[SaidPair, ...]:
    """Returns every pair of a text, in order."""
    found = {
        place.start: pair for pattern in (_JOINED_SMALL, _JOINED, _APART) for place, pair in _matches(scan, pattern)
    }
    ordered = [found[start] for start in sorted(found)]
    return tuple(
        pair
        for index, pair in enumerate(ordered)
        if not any(other.place.end > pair.place.start for other in ordered[:index][-1:])
    )


def _matches(scan: Scan, pattern: re.Pattern[str]) -> list[tuple[Extent, SaidPair]]:
    matches = pattern.finditer(scan.rest)
    found = (_pair(match, joined=pattern is not _APART) for match in matches)
    return [(pair.place, pair) for pair in found if pair is not None]


def _pair(match: re.Match[str], *, joined: bool) -> SaidPair | None:
    base, quote = match["base"], match["quote"].upper()
    name, other = base.upper(), ""
    borrowed = _ENDS_IN_USD.get(quote) if joined else None
    if borrowed is not None and name not in _KNOWN:
        other = f"{name}/{quote}"
        base, name, quote = base + match["quote"][:borrowed], name + quote[:borrowed], quote[borrowed:]
    # `#ID/USDT` is a coin, `Spot / USDT` is none.
    is_marked = not joined and match["sign"] == "/" and base.isupper()
    if name == quote or (name in _NO_BASES and not is_marked):
        return None
    if joined:
        whole = name + quote
        if whole in QUOTES or whole in _NO_BASES or (len(name) == 1 and quote not in ("USDT", "USDC")):
            return None
        # `pounds`, `EUR` at the end of a word: a quote that ends words has known bases alone.
        is_plain = quote in ("USDT", "USDC") or (base.isupper() and quote not in FIAT[1:])
        if not is_plain and not match["mark"] and name not in _QUOTED_IN_FIAT:
            return None
    elif not _is_name(base, match):
        return None
    tail = match[0][match.end("quote") - match.start() :]
    settle = (match["settle"] or quote).upper()
    return SaidPair(
        name,
        quote,
        Extent(match.start(), match.end()),
        perpetual=bool(tail),
        settle="" if settle == quote else settle,
        other=other,
    )


def _is_name(base: str, match: re.Match[str]) -> bool:
    """Returns whether a base is written as one: `Non-USD` and `Futures / USDT` are prose."""
    if base.isupper() or match[0][:1] in "#$":
        return True
    is_small = base.islower() and match["quote"].islower()
    return (is_small and "/" in match["sign"]) or (match["sign"] == "/" and base.istitle())


def bare_base(scan: Scan) -> SaidPair | None:
    """Returns the base of a text that names no quote: `JASMY SHORT`, `Coin: BTC`, `#ETH`."""
    for pattern in (_BASE_NAMED, _BASE_BEFORE, _BASE_BEHIND, _BASE_MARKED):
        for match in pattern.finditer(scan.rest):
            name = match["base"].upper()
            if name not in _NO_BASES and name not in QUOTES[: -len(COINS)]:
                return SaidPair(name, "", Extent(*match.span("base")))
    return None
