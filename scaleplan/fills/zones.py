"""Zones as exports and traders write them: `UTC+2`, `(UTC+02:00)`, `+0800`, `EST`, `Europe/Berlin`."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from typing import NamedTuple

#: A zone in a head, a name or a preamble: `(UTC+2)`, `UTC+02:00`, `GMT-5`, `(UTC)`.
_NAMED = re.compile(
    r"(?<![A-Za-z])(?:UTC|GMT|Utc)(?:\s*([+-])\s*([0-9]{1,2})(?::?([0-9]{2}))?)?(?![A-Za-z0-9])", re.IGNORECASE
)
_OFFSET = re.compile(r"([+-])([0-9]{1,2})(?::?([0-9]{2}))?")
#: Short names of zones as brokers write them, in minutes east of UTC; a name that means two zones is none of these.
SHORT_NAMES = {
    "EST": -300,
    "EDT": -240,
    "CDT": -300,
    "MDT": -360,
    "MST": -420,
    "PST": -480,
    "PDT": -420,
    "GMT": 0,
    "UTC": 0,
    "Z": 0,
    "CET": 60,
    "CEST": 120,
    "EET": 120,
    "EEST": 180,
    "MSK": 180,
    "HKT": 480,
    "SGT": 480,
    "JST": 540,
    "KST": 540,
    "AEST": 600,
    "AEDT": 660,
}


class Zone(NamedTuple):
    """A zone by its name, its rule, and where it stands: `the file's name`."""

    name: str
    rule: tzinfo
    origin: str

    @property
    def fixed(self) -> timedelta | None:
        """Returns the offset where it is always the same."""
        return self.rule.utcoffset(None) if isinstance(self.rule, timezone) else None


def offset_of(sign: str, hours: str, minutes: str | None) -> timezone | None:
    """Returns the zone of an offset; absent where no clock has it."""
    total = int(hours) * 60 + int(minutes or 0)
    if int(hours) > 14 or int(minutes or 0) > 59:
        return None
    return timezone(timedelta(minutes=-total if sign == "-" else total)) if total else UTC


def zone_in(text: str, origin: str) -> Zone | None:
    """Returns the zone that a head, a file's name or a preamble names as UTC or GMT, with or without an offset."""
    for match in _NAMED.finditer(text):
        if match[1] is None:
            return Zone("UTC", UTC, origin)
        rule = offset_of(match[1], match[2], match[3])
        if rule is not None:
            return Zone(
                f"UTC{match[1]}{int(match[2])}{':' + match[3] if match[3] and int(match[3]) else ''}", rule, origin
            )
    return None


def read_zone(text: str, origin: str) -> Zone | None:
    """Returns the zone that a trader typed: an offset, `UTC+2`, a short name or that of a place; absent for none."""
    word = text.strip()
    found = zone_in(word, origin) if _NAMED.fullmatch(word) else None
    if found is not None:
        return found
    match = _OFFSET.fullmatch(word)
    if match is not None:
        rule = offset_of(match[1], match[2], match[3])
        return None if rule is None else Zone(word, rule, origin)
    minutes = SHORT_NAMES.get(word.upper())
    if minutes is not None:
        return Zone(word.upper(), timezone(timedelta(minutes=minutes)) if minutes else UTC, origin)
    return _place(word, origin)


def _place(word: str, origin: str) -> Zone | None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - few files need one

    if not re.fullmatch(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*", word):
        return None
    try:
        return Zone(word, ZoneInfo(word), origin)
    except (ValueError, OSError, LookupError):
        return None


def short_zone(word: str) -> timezone | None:
    """Returns the zone of a short name in a row: `EST`."""
    minutes = SHORT_NAMES.get(word.upper())
    return None if minutes is None else timezone(timedelta(minutes=minutes))
