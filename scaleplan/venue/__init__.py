"""Venues: margin models, brackets, contract rules and fees, as data with a date and a source.

The names are those that a plan may write as `venue: NAME`. No venue's data are bundled yet: a plan that names one is
read, its liquidation price is unknown, and a warning says what to write instead. Nothing is guessed.
"""

#: The venues whose margin models are known by name.
VENUE_NAMES = (
    "binance",
    "bybit",
    "okx",
    "hyperliquid",
    "gate",
    "kucoin",
    "bitmex",
    "kraken",
    "dydx",
    "mexc",
    "phemex",
    "generic",
)
