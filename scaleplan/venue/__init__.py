"""Venues: margin models, brackets, contract rules and fees, as data with a date and a source.

The names are those that a plan may write as `venue: NAME`; each has a file in `data`. What has no source is left out of
it: nothing is guessed. Rules that a venue has given up stand under a name of their own, with the day of the change.
"""

#: The venues whose margin models are known by name.
VENUE_NAMES = (
    "binance",
    "bybit",
    "bybit-before-2025-09-02",
    "okx",
    "hyperliquid",
    "gate",
    "kucoin",
    "kucoin-before-2025-05-22",
    "bitmex",
    "kraken",
    "dydx",
    "mexc",
    "phemex",
    "generic",
)

#: What stands behind a venue's name where the model is the venue's and the plan writes its own maintenance.
AS_WRITTEN = ", maintenance as written"
#: What stands for the date of data whose source has none.
UNDATED = "undated"


def data_of(name: str) -> bytes:
    """Returns the file of a venue that is known by name."""
    from pathlib import Path  # noqa: PLC0415 - a twentieth of a start, and rare

    return (Path(__file__).parent / "data" / f"{name}.yaml").read_bytes()
