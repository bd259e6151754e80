"""What a venue's symbol means: `BTCUSDT`, `BTC-USDT-SWAP`, `PI_XBTUSD` as `BASE/QUOTE[:SETTLE]`.

Behind the colon stands what a derivative settles in; a symbol without one is spot, or its venue does not say. A name
without a quote currency (`AAPL`, `MESM6`) stays as it is.
"""

import re
from collections.abc import Callable
from functools import lru_cache

#: Quote currencies, longer names before those they end in.
QUOTES = (
    *(
        "USDT",
        "USDC",
        "USDE",
        "USDD",
        "USDS",
        "USD1",
        "USDH",
        "RLUSD",
        "DAI",
        "BIDR",
        "BTC",
        "XBT",
        "ETH",
        "BNB",
        "EUR",
    ),
    *("GBP", "JPY", "AUD", "CAD", "CHF", "TRY", "BRL", "KRW", "NZD", "RUB", "UAH", "ZAR", "PLN", "MXN", "INR", "SGD"),
    *("HKD", "CNH", "SEK", "NOK", "USD"),
)
#: Dollars of Binance, where nothing is quoted in USD itself; elsewhere `BATUSD` is BAT in USD.
_OF_BINANCE = ("FDUSD", "BUSD", "TUSD", *QUOTES)
#: Other names of the same coin.
_ALIASES = {"XBT": "BTC", "XDG": "DOGE"}
#: Assets of Kraken with a letter in front: X of a coin, Z of a currency.
_KRAKEN = re.compile(r"(?P<base>X[A-Z]{3}|[A-Z0-9]{2,10}?)(?P<quote>Z(?:USD|EUR|GBP|CAD|JPY|AUD)|XXBT|XETH)")
#: What Bitget hangs on by the kind of a contract, and how Bybit names a month.
_TAIL = re.compile(r"_(?:UMCBL|DMCBL|CMCBL|SPBL)")
_MONTH = re.compile(r"(?P<base>[A-Z0-9]+)USD(?P<expiry>[FGHJKMNQUVXZ][0-9]{2})")
_DAY = re.compile(r"(?P<name>[A-Z0-9]+)-(?P<day>[0-9]{1,2})(?P<month>[A-Z]{3})(?P<year>[0-9]{2})(?P<option>-.+)?")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_EXPIRY = re.compile(r"[0-9]{6}(?:[0-9]{2})?")
_INVERSE_QUOTES = ("USD",)
#: Venues that say of no symbol whether it is spot or a derivative.
UNSPECIFIC = frozenset({"generic", "tradervue", "tradingview paper", "mt5", "ibkr"})


@lru_cache(maxsize=4096)
def unified(venue: str, symbol: str) -> str:
    """Returns what a symbol of a venue and its market (`binance usdm`) means; the symbol itself where unknown."""
    text = symbol.strip()
    if "/" in text:
        head, _, settle = text.upper().partition(":")
        base, _, quote = head.partition("/")
        return _joined(base, quote, settle)
    if venue == "hyperliquid":
        # A coin of a builder's exchange has its name in front, and `@107` is the number of a spot pair.
        return text if text.startswith("@") else f"{text if ':' in text else text.upper()}/USDC:USDC"
    text = text.rpartition(":")[2].upper()
    own = _CONVENTIONS.get(venue)
    if own is not None:
        return own(text)
    quotes = _OF_BINANCE if venue in ("binance spot", "binance usdm") else QUOTES
    return _of_parts(text, venue.partition(" ")[2], quotes)


def _of_chart(text: str) -> str:
    is_perpetual = text.endswith((".P", "PERP"))
    found = _split(text.removesuffix(".P").removesuffix("PERP").rstrip("-_"))
    return text if found is None else _joined(*found, _settle(*found) if is_perpetual else "")


def _of_coinbase(text: str) -> str:
    if text.endswith("-PERP-INTX"):
        return _joined(text.partition("-")[0], "USDC", "USDC")
    return _of_parts(text, "spot") if not text.endswith("-CDE") else text


def _of_kucoin(text: str) -> str:
    return _of_parts(text.removesuffix("M"), "futures")


def _of_bitget(text: str) -> str:
    return _of_parts(_TAIL.sub("", text), "futures")


def _of_bybit_inverse(text: str) -> str:
    dated = _MONTH.fullmatch(text)
    if dated is None:
        return _of_parts(text, "inverse")
    return _joined(dated["base"], "USD", f"{dated['base']}-{dated['expiry']}")


def _of_bybit_linear(text: str) -> str:
    """Returns what a linear symbol of Bybit means: `BTC-27MAR26` ends on that day, and is of USDC."""
    dated = _DAY.fullmatch(text)
    if dated is None or dated["month"] not in _MONTHS:
        return _of_parts(text, "linear")
    if dated["option"]:
        return text
    base, quote = _split(dated["name"]) or (dated["name"], "USDC")
    month = _MONTHS.index(dated["month"]) + 1
    return _joined(base, quote, f"{quote}-{dated['year']}{month:02}{int(dated['day']):02}")


def _of_parts(text: str, market: str, quotes: tuple[str, ...] = QUOTES) -> str:
    parts = [part for part in re.split(r"[-_]", text) if part]
    expiry = next((part for part in parts[1:] if _EXPIRY.fullmatch(part)), "")
    is_derivative = market not in ("", "spot") or bool(expiry) or parts[-1] in ("SWAP", "PERP", "PERPETUAL")
    names = [part for part in parts if part not in ("SWAP", "PERP", "PERPETUAL") and part != expiry]
    if len(names) >= 2:
        found: tuple[str, str] | None = (names[0], names[1])
    else:
        name = names[0] if names else text
        found = _split(name.removesuffix("PERP") if is_derivative else name, quotes)
        if name.endswith("PERP") and is_derivative and _split(name) is None and found is None:
            found = name.removesuffix("PERP"), "USDC"
    if found is None:
        return text
    settle = _settle(*found) if is_derivative else ""
    return _joined(*found, f"{settle}-{expiry}" if expiry else settle)


def _split(text: str, quotes: tuple[str, ...] = QUOTES) -> tuple[str, str] | None:
    for quote in quotes:
        if text.endswith(quote) and len(text) > len(quote):
            return text[: -len(quote)].rstrip("-_"), quote
    return None


def _settle(base: str, quote: str) -> str:
    return _ALIASES.get(base, base) if quote in _INVERSE_QUOTES else quote


def _joined(base: str, quote: str, settle: str) -> str:
    name = f"{_ALIASES.get(base, base)}/{_ALIASES.get(quote, quote)}"
    return f"{name}:{_ALIASES.get(settle, settle)}" if settle else name


def _of_bitmex(text: str) -> str:
    """Returns what a symbol of BitMEX means: what is quoted in dollars settles in bitcoin, but for ether's own."""
    if "_" in text:
        return _of_parts(text, "spot")
    match = re.fullmatch(r"(?P<name>[A-Z0-9]+?)(?P<expiry>[FGHJKMNQUVXZ][0-9]{2})?", text)
    name, expiry = (text, "") if match is None else (match["name"], match["expiry"] or "")
    found = _split(name)
    if found is None:
        found = (name, "USD") if expiry and name in _ALIASES else None
    if found is None:
        return text
    base, quote = found
    settle = quote if quote != "USD" else "BTC"
    return _joined(base, quote, f"{settle}-{expiry}" if expiry else settle)


def _of_kraken(text: str) -> str:
    match = _KRAKEN.fullmatch(text)
    if match is not None:
        base, quote = match["base"], match["quote"][1:]
        base = base[1:] if len(base) == 4 and base.startswith(("X", "Z")) else base
        return _joined(base, quote, "")
    found = _split(text)
    return text if found is None else _joined(*found, "")


def _of_futures_kraken(text: str) -> str:
    kind, _, rest = text.partition("_")
    name, _, expiry = rest.partition("_")
    found = _split(name)
    if found is None or kind not in ("PI", "PF", "FI", "FF", "PV"):
        return text
    settle = found[0] if kind in ("PI", "FI") else found[1]
    settle = _ALIASES.get(settle, settle)
    return _joined(*found, f"{settle}-{expiry}" if expiry else settle)


def _currency_pair(text: str) -> str:
    """Returns the pair of a broker's symbol, without what the broker hangs on: `XAUUSD.pro`."""
    name = re.split(r"[.#!_ -]", text)[0]
    if (
        "." in text
        and len(re.split(r"[.]", text)) == 2
        and len(text.split(".", maxsplit=1)[0]) == 3
        and len(text.split(".")[1]) == 3
    ):
        base, quote = text.split(".")
        return _joined(base, quote, "") if quote in QUOTES else text
    if len(name) in (6, 7) and name[:6].isalpha() and name[3:6] in QUOTES:
        return _joined(name[:3], name[3:6], "")
    found = _split(name) if len(name) > 6 else None
    return text if found is None else _joined(*found, "")


def coin(text: str) -> str:
    """Returns a coin by its usual name, in capitals: `xbt` is BTC."""
    if not text:
        return ""
    word = text.strip().upper()
    return _ALIASES.get(word, word)


def is_inverse(unified_symbol: str) -> bool:
    """Returns whether a symbol settles in its own base."""
    pair, _, settle = unified_symbol.partition(":")
    return bool(settle) and settle.partition("-")[0] == pair.partition("/")[0]


def parts_of(unified_symbol: str) -> tuple[str, str, str]:
    """Returns base, quote and what it settles in (of spot: the quote); empty where the symbol does not say."""
    pair, _, settle = unified_symbol.partition(":")
    base, _, quote = pair.partition("/")
    return base, quote, settle.partition("-")[0] or quote


def identity(venue: str, symbol: str) -> str:
    """Returns what tells a symbol from the others of its venue and market, in whichever format it is written."""
    found = unified(venue, symbol)
    pair, _, settle = found.partition(":")
    expiry = settle.partition("-")[2]
    return f"{pair}-{expiry}" if expiry else pair


#: How venues name symbols that do so in a way of their own.
_CONVENTIONS: dict[str, Callable[[str], str]] = {
    "tradingview paper": _of_chart,
    "generic": _of_chart,
    "tradervue": _of_chart,
    "mt5": _currency_pair,
    "ibkr": _currency_pair,
    "bitmex": _of_bitmex,
    "kraken": _of_kraken,
    "kraken futures": _of_futures_kraken,
    "coinbase": _of_coinbase,
    "kucoin futures": _of_kucoin,
    "bitget futures": _of_bitget,
    "bybit inverse": _of_bybit_inverse,
    "bybit linear": _of_bybit_linear,
}


def contracts_or_base(venue: str, symbol: str) -> str:
    """Returns what a quantity counts where derivatives are counted in contracts, and spot in base."""
    return "contracts" if ":" in symbol else "base"
