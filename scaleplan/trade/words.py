"""What a trader types of a trade: a moment, a quantity, a fee.

A moment is `14:05` (today), `2026-08-21 14:05`, with seconds if wanted, and with `Z` or `+02:00`; without a zone it is
the machine's. A quantity is a number (base; inverse: value in quote), `12 contracts`, and of a close also `50%` or
`all`.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import quote, read_number, read_share
from scaleplan.trade.kinds import AMBIGUOUS_TIME, UNREADABLE_ROW

_MOMENT = re.compile(
    r"(?:(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[ T])?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?P<part>\.[0-9]{1,6})?)? ?(?P<zone>Z|z|[+-][0-9]{2}:?[0-9]{2})?"
)
_CONTRACTS = re.compile(r"(?P<number>\S+) +(?:contracts?|lots?)", re.IGNORECASE)
_FEE = re.compile(r"(?P<number>-?[^\s]+)(?: +(?P<currency>[A-Za-z0-9]{1,20}))?")
_NOT_A_TIME = "write `14:05`, or `2026-08-21 14:05 +02:00`"


class Instant(NamedTuple):
    """A moment, and the zone as it was written."""

    moment: datetime
    zone: str


class Amount(NamedTuple):
    """A quantity as typed; `in_contracts` where it counts contracts."""

    number: Decimal
    in_contracts: bool = False


class Share(NamedTuple):
    """A share of what is held."""

    share: Fraction


class Fee(NamedTuple):
    """What was paid (below 0: received), and in which currency; empty is the settle currency."""

    amount: Decimal
    currency: str | None


def zone_of(moment: datetime) -> str:
    """Returns the zone of a moment, as it is written: `Z`, `+02:00`."""
    offset = moment.utcoffset() or timedelta()
    if not offset:
        return "Z"
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def shown_at(moment: datetime, zone: str) -> datetime:
    """Returns a moment in the zone that was written."""
    if zone == "Z" or len(zone) < 5:
        return moment
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return moment.astimezone(timezone(-offset if zone[0] == "-" else offset))


def read_moment(text: str, now: datetime) -> Instant | Mistake:
    """Reads a moment; without a date it is today's, without a zone the machine's, as `now` has it."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return Mistake(UNREADABLE_ROW, f"{quote(text)} is no moment", _NOT_A_TIME)
    try:
        zone = _read_zone(match["zone"])
    except ValueError:
        return Mistake(UNREADABLE_ROW, f"{quote(text)} has no zone that there is", _NOT_A_TIME)
    today = now if zone is None else now.astimezone(zone)
    date = match["date"] or f"{today:%Y-%m-%d}"
    clock = f"{int(match['hour']):02}:{match['minute']}:{match['second'] or '00'}{match['part'] or ''}"
    try:
        naive = datetime.fromisoformat(f"{date}T{clock}")
    except ValueError:
        return Mistake(UNREADABLE_ROW, f"{quote(text)} is no moment: there is no such day or hour", _NOT_A_TIME)
    try:
        if zone is not None:
            return Instant(naive.replace(tzinfo=zone).astimezone(UTC), match["zone"].upper())
        return _local(naive, now, text)
    except (OverflowError, ValueError):
        return Mistake(UNREADABLE_ROW, f"{quote(text)} is no moment that a calendar has", _NOT_A_TIME)


def read_day_or_moment(text: str, now: datetime, *, ends: bool) -> datetime | Mistake:
    """Reads a moment, or a day: its begin, or where it `ends` its end, by the machine's clock."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
        text = f"{text.strip()} {'23:59:59.999999' if ends else '00:00'}"
    found = read_moment(text, now)
    return found if isinstance(found, Mistake) else found.moment


def _read_zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= timedelta(hours=24) or int(digits[2:]) > 59:
        raise ValueError(text)
    return timezone(-offset if text[0] == "-" else offset)


def _local(naive: datetime, now: datetime, text: str) -> Instant | Mistake:
    """Returns a moment of the machine's zone; one that the clock shows twice, or never, is a mistake."""
    if now.tzinfo is UTC:
        return Instant(naive.replace(tzinfo=UTC), "Z")
    first, second = naive.replace(fold=0).astimezone(), naive.replace(fold=1).astimezone()
    shown = first.astimezone().replace(tzinfo=None)
    if shown != naive:
        return Mistake(
            AMBIGUOUS_TIME,
            f"the clock here never showed {quote(text)}: it was put forward then",
            "write the zone: `+02:00`",
        )
    if first.utcoffset() != second.utcoffset():
        zones = f"`{zone_of(first)}` or `{zone_of(second)}`"
        return Mistake(
            AMBIGUOUS_TIME, f"the clock here showed {quote(text)} twice", f"write the zone behind it: {zones}"
        )
    return Instant(first.astimezone(UTC), zone_of(first))


def read_amount(text: str) -> Amount | Mistake:
    """Reads a quantity: `0.1`, `12 contracts`, `0.6 lots`."""
    match = _CONTRACTS.fullmatch(text.strip())
    number = read_number(match["number"] if match is not None else text.strip(), what="a quantity")
    if isinstance(number, Mistake):
        return number
    if number <= 0:
        return Mistake(UNREADABLE_ROW, f"the quantity {quote(text)} is not above zero", "write what was filled: `0.1`")
    return Amount(number, match is not None)


def read_close(text: str) -> Amount | Share | Mistake | None:
    """Reads what was closed: a quantity, `50%` of what is held, or `all` of it (absent)."""
    word = text.strip()
    if word.lower() == "all":
        return None
    if word.endswith("%") or "/" in word:
        share = read_share(word, what="a share of what is held")
        if isinstance(share, Mistake):
            return share
        if not 0 < share <= 1:
            return Mistake(UNREADABLE_ROW, f"{quote(text)} is no part of what is held", "write `50%`, or `all`")
        return Share(share)
    return read_amount(text)


def read_fee(text: str) -> Fee | Mistake:
    """Reads a fee: `0.59605`, `-0.2`, `0.001 BNB`."""
    match = _FEE.fullmatch(text.strip())
    number = None if match is None else read_number(match["number"].removeprefix("-"), what="a fee")
    if match is None or number is None or isinstance(number, Mistake):
        return Mistake(UNREADABLE_ROW, f"{quote(text)} is no fee", "write `0.59605`, or `0.001 BNB`")
    return Fee(-number if match["number"].startswith("-") else number, match["currency"])
