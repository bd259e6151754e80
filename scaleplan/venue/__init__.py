"""Venues: margin models, brackets, contract rules and fees, as data with a date and a source.

The names are those that a plan may write as `venue: NAME`; each has a file in `data`. What has no source is left out of
it: nothing is guessed. Rules that a venue has given up stand under a name of their own, with the day of the change.

The age of data counts from the date that stands with them. Where only a year or a month is known, its first day counts,
so that data are never said to be younger than they are.
"""

import re
from datetime import date

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


_DATED = r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?![-./0-9])"
#: Up to so many days an age is told in days, then up to so many months in months, then in years.
_DAYS = 60
_MONTHS = 24


def data_of(name: str) -> bytes:
    """Returns the file of a venue that is known by name."""
    from pathlib import Path  # noqa: PLC0415 - a twentieth of a start, and rare

    return (Path(__file__).parent / "data" / f"{name}.yaml").read_bytes()


def date_of(as_of: str) -> date | None:
    """Returns the first day that `2024-10-24`, `2024-10` or `2024, undated` may mean; absent where it names none."""
    found = re.match(_DATED, as_of.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None


def say_age(as_of: str, today: date) -> str:
    """Returns how old data of a date are, in words; empty where the date is none.

    Days below 60, months below 24, then years, each counted whole; `up to` where the day itself is not known.
    """
    since = date_of(as_of)
    if since is None:
        return ""
    days = (today - since).days
    if days < 0:
        return f"dated {_counted(-days, 'day')} after today"
    bound = "" if _names_the_day(as_of) else "up to "
    return f"{bound}{_span(since, today, days)} old"


def _names_the_day(as_of: str) -> bool:
    found = re.match(_DATED, as_of.strip())
    return found is not None and found[3] is not None


def _span(since: date, today: date, days: int) -> str:
    if days < _DAYS:
        return _counted(days, "day")
    months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
    return _counted(months, "month") if months < _MONTHS else _counted(months // 12, "year")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"
