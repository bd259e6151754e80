"""Times of exports: the order of day and month settled by the whole file, local times by its zone.

A row's own zone comes first, then the head's, the preamble's, the file's name's, then what was typed. A local time that
occurs twice is the first or the second as the order of the file has it; where that leaves it open, it is told.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from scaleplan.fills import MINUTE, RowProblem
from scaleplan.fills.zones import Zone, offset_of, short_zone
from scaleplan.quantity.number import quote
from scaleplan.trade.kinds import AMBIGUOUS_TIME, NO_ZONE, UNREADABLE_ROW
from scaleplan.trade.words import zone_of

_FAST = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_EPOCH = re.compile(r"(?P<whole>[0-9]{9,20})(?:\.(?P<part>[0-9]{1,12}))?")
_DATE = (
    r"(?:(?P<y>[0-9]{4})[-./](?P<m>[0-9]{1,2})[-./](?P<d>[0-9]{1,2})"
    r"|(?P<packed>[0-9]{8})"
    r"|(?P<a>[0-9]{1,2})(?P<mark>[-./])(?P<b>[0-9]{1,2})[-./](?P<c>[0-9]{4}|[0-9]{2})"
    r"|(?P<day>[0-9]{1,2})[ -](?P<name>[A-Za-z]{3,9})[ -](?P<named>[0-9]{4})"
    r"|(?P<name2>[A-Za-z]{3,9}) (?P<day2>[0-9]{1,2}),? (?P<named2>[0-9]{4}))"
)
_CLOCK = (
    r"(?:(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?)?\s?(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"|(?P<hms>[0-9]{6}))"
)
_ZONE = r"\s?(?P<zone>[Zz]|(?:UTC|GMT)?[+-][0-9]{1,2}(?::?[0-9]{2})?|[A-Z]{3,4}|\((?:UTC|GMT)\))?"
_BETWEEN = r"(?:\s*[T;,]\s*|\s+-\s+|\s+)"
_WRITTEN = re.compile(f"{_DATE}(?:{_BETWEEN}{_CLOCK})?{_ZONE}")
_CLOCK_FIRST = re.compile(f"{_CLOCK}{_BETWEEN}{_DATE}{_ZONE}")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
#: More digits than a time in seconds, milliseconds, microseconds has.
_SECONDS, _MILLI, _MICRO = 11, 14, 17
_EARLIEST, _LATEST = 1990, 2200


class WrittenTime(NamedTuple):
    """A time as written: its own zone, or none; how fine it is; and whether day and month may stand the other way."""

    naive: datetime
    zone: tzinfo | None
    grain: int
    other: datetime | None = None


class Clock:
    """Reads the times of one file. `year_first` and `day_first` say how the source itself writes a short date."""

    def __init__(
        self,
        zone: Zone | None,
        *,
        year_first: bool = False,
        own_day_first: bool | None = None,
        asked: bool | None = None,
    ) -> None:
        self.zone = zone
        self.year_first = year_first
        self.day_first = own_day_first
        self.asked = asked
        self._fixed = None if zone is None else zone.fixed
        self._hours: dict[str, str] = {}
        self._rests: dict[str, str] = {}
        self._folds: dict[int, int] = {}
        self._local_used = False
        self.zone_text = "" if self._fixed is None else zone_of(datetime(2000, 1, 1, tzinfo=timezone(self._fixed)))

    @property
    def used_zone(self) -> bool:
        """Returns whether a row had no zone of its own."""
        return self._local_used

    @property
    def is_fixed(self) -> bool:
        """Returns whether local times have one offset, so that a full date needs no other row to be understood."""
        return self._fixed is not None

    def settle(self, texts: Sequence[str]) -> bool:
        """Looks at all times of a file: how its dates are to be read, and whether they fall.

        Returns whether the file is to be taken from its end.
        """
        if all(_FAST.fullmatch(text) for text in texts):
            falls = falling(texts)
            if self._fixed is None:
                self._fold(texts, falls=falls)
            return falls
        firsts: set[str] = set()
        for text in texts:
            match = _match(text.strip())
            if match is not None and match["a"] is not None and not (self.year_first and len(match["c"]) == 2):
                first, second = int(match["a"]), int(match["b"])
                if first > 12 >= second:
                    firsts.add("day")
                elif second > 12 >= first:
                    firsts.add("month")
        if self.day_first is None and len(firsts) == 1:
            self.day_first = "day" in firsts
        order = [text for text in (self._sortable(text) for text in texts) if text]
        falls = falling(order)
        self._fold(texts, falls=falls)
        return falls

    def _sortable(self, text: str) -> str:
        try:
            moment = self._moment(text)
        except RowProblem:
            return ""
        naive = moment.naive if moment.zone is None else moment.naive.replace(tzinfo=moment.zone).astimezone(UTC)
        return naive.replace(tzinfo=None).isoformat(timespec="microseconds")

    def read(self, text: str, index: int) -> tuple[str, str, int]:
        """Returns a time in UTC with six digits, its zone as it was written, and how fine it is.

        `index` is the row's place among the texts that `settle` saw. Raises `RowProblem`.
        """
        if self._fixed is not None and len(text) == 19:
            hour = self._hours.get(text[:13])
            rest = self._rests.get(text[13:])
            if hour is not None and rest is not None:
                self._local_used = True
                return hour + rest, self.zone_text, 0
        moment = self._moment(text)
        if moment.other is not None:
            raise self._two_ways(text, moment)
        if moment.zone is not None:
            zone = "Z" if moment.zone is UTC else zone_of(moment.naive.replace(tzinfo=moment.zone))
            return _utc(moment.naive, moment.zone, text), zone, moment.grain
        self._local_used = True
        if self.zone is None:
            raise RowProblem(
                NO_ZONE,
                f"{quote(text)} has no zone, and neither the head nor the file's name says one",
                "say whose clock it is: `--tz +02:00`, `--tz UTC` or `--tz Europe/Berlin`",
                "time",
            )
        if self._fixed is not None:
            found = _utc(moment.naive, self.zone.rule, text)
            self._keep(text, found)
            return found, self.zone_text, moment.grain
        return self._by_place(moment, text, index)

    def _keep(self, text: str, found: str) -> None:
        """Keeps what an hour and a rest of it are in UTC, where the zone leaves minutes as they are."""
        if self._fixed is None or self._fixed.total_seconds() % 3600 or not _FAST.fullmatch(text):
            return
        self._hours[text[:13]] = found[:13]
        self._rests[text[13:]] = found[13:]

    def _by_place(self, moment: WrittenTime, text: str, index: int) -> tuple[str, str, int]:
        if self.zone is None:
            raise AssertionError("asked before")
        rule, naive = self.zone.rule, moment.naive
        first, second = naive.replace(tzinfo=rule, fold=0), naive.replace(tzinfo=rule, fold=1)
        if first.utcoffset() != second.utcoffset():
            if first.astimezone(UTC).astimezone(rule).replace(tzinfo=None) != naive:
                raise RowProblem(
                    AMBIGUOUS_TIME,
                    f"no clock in {self.zone.name} ever showed {quote(text)}: it was put forward then",
                    "give the offset that the export was made with: `--tz +02:00`",
                    "time",
                )
            fold = self._folds.get(index)
            if fold is None:
                earlier, later = (zone_of(each) for each in (first, second))
                raise RowProblem(
                    AMBIGUOUS_TIME,
                    f"clocks in {self.zone.name} showed {quote(text)} twice, at {earlier} and at {later}",
                    f"give the offset that the export was made with: `--tz {earlier}` or `--tz {later}`",
                    "time",
                )
            first = second if fold else first
        return _utc(naive, first.tzinfo or rule, text, fold=first.fold), zone_of(first), moment.grain

    def _fold(self, texts: Sequence[str], *, falls: bool) -> None:
        """Settles which of two a local time is that occurs twice, where the order of the file leaves one of them."""
        if self.zone is None or self._fixed is not None:
            return
        rule = self.zone.rule
        places = range(len(texts) - 1, -1, -1) if falls else range(len(texts))
        choices: list[tuple[int, list[datetime]]] = []
        for index in places:
            try:
                moment = self._moment(texts[index])
            except RowProblem:
                continue
            if moment.zone is not None or moment.other is not None:
                continue
            folds = {moment.naive.replace(tzinfo=rule, fold=fold).astimezone(UTC) for fold in (0, 1)}
            choices.append((index, sorted(folds)))
        lows = _bounds(choices, rising=True)
        highs = _bounds(list(reversed(choices)), rising=False)[::-1]
        if any(low is None or high is None or low > high for low, high in zip(lows, highs, strict=True)):
            return
        for (index, both), low, high in zip(choices, lows, highs, strict=True):
            possible = [
                place for place, each in enumerate(both) if low is not None and high is not None and low <= each <= high
            ]
            if len(both) == 2 and len(possible) == 1:
                self._folds[index] = possible[0]

    def _two_ways(self, text: str, moment: WrittenTime) -> RowProblem:
        ways = f"{moment.naive:%Y-%m-%d} or {moment.other:%Y-%m-%d}" if moment.other else ""
        return RowProblem(
            AMBIGUOUS_TIME,
            f"{quote(text)} reads two ways, {ways}, and no other date of the file settles it",
            "say which comes first: `--dates day-first` or `--dates month-first`",
            "time",
        )

    def _moment(self, text: str) -> WrittenTime:
        word = text.strip()
        epoch = _EPOCH.fullmatch(word)
        if epoch is not None:
            return _of_epoch(epoch, text)
        match = _match(word)
        if match is None:
            raise _no_time(text)
        return self._parts(match, text)

    def _parts(self, match: "re.Match[str]", text: str) -> WrittenTime:
        hour, minute, second, part, grain = _clock_of(match, text)
        zone = _zone_of(match["zone"], text)
        day = _day_of(match)
        try:
            if day is not None:
                naive = datetime(*day, hour, minute, second, part)  # noqa: DTZ001
                other = None
            else:
                naive, other = self._short(match, (hour, minute, second, part))
        except ValueError as error:
            raise _no_time(text) from error
        if not _EARLIEST <= naive.year <= _LATEST:
            raise _no_time(text)
        return WrittenTime(naive, zone, grain, other)

    def _short(self, match: "re.Match[str]", clock: tuple[int, int, int, int]) -> tuple[datetime, datetime | None]:
        """Returns a date of three short numbers, and what else it may be."""
        a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
        if len(match["c"]) == 2 and (self.year_first or a > 31):
            return datetime(2000 + a, b, c, *clock), None  # noqa: DTZ001
        year = c + 2000 if len(match["c"]) == 2 else c
        if a > 12 or b > 12:
            day, month = (a, b) if a > 12 else (b, a)
            return datetime(year, month, day, *clock), None  # noqa: DTZ001
        first = self.day_first if self.day_first is not None else self.asked
        if match["mark"] == "." and first is None:
            first = True
        day, month = (a, b) if first else (b, a)
        naive = datetime(year, month, day, *clock)  # noqa: DTZ001
        other = datetime(year, day, month, *clock) if first is None and a != b else None  # noqa: DTZ001
        return naive, other


def _match(word: str) -> "re.Match[str] | None":
    return _WRITTEN.fullmatch(word) or _CLOCK_FIRST.fullmatch(word)


def _no_time(text: str) -> RowProblem:
    return RowProblem(UNREADABLE_ROW, f"{quote(text)} is no time", "mend the row, or pass it over: --skip-bad", "time")


def _of_epoch(match: "re.Match[str]", text: str) -> WrittenTime:
    """Returns a time counted from 1970, in seconds, or in thousandths, millionths or billionths of them."""
    whole, part = match["whole"], match["part"] or ""
    digits = len(whole)
    scale = 0 if digits < _SECONDS + 1 else 3 if digits < _MILLI + 1 else 6 if digits < _MICRO + 1 else 9
    micro = int((whole + part.ljust(12, "0"))[: len(whole) + 12]) * 10**6 // 10 ** (12 + scale)
    try:
        naive = datetime(1970, 1, 1) + timedelta(microseconds=micro)  # noqa: DTZ001
    except OverflowError as error:
        raise _no_time(text) from error
    if not _EARLIEST <= naive.year <= _LATEST:
        raise _no_time(text)
    return WrittenTime(naive, UTC, min(6, scale + len(part)))


def _clock_of(match: "re.Match[str]", text: str) -> tuple[int, int, int, int, int]:
    if match["hms"] is not None:
        packed = match["hms"]
        return int(packed[:2]), int(packed[2:4]), int(packed[4:]), 0, 0
    if match["H"] is None:
        raise _no_time(text)
    hour, half = int(match["H"]), (match["half"] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise _no_time(text)
        hour = hour % 12 + (12 if half == "pm" else 0)
    part = match["f"] or ""
    grain = MINUTE if match["S"] is None else min(6, len(part))
    return hour, int(match["M"]), int(match["S"] or 0), int(part[:6].ljust(6, "0") or 0), grain


def _zone_of(word: str | None, text: str) -> tzinfo | None:
    if word is None:
        return None
    if word in "Zz" or word in ("(UTC)", "(GMT)"):
        return UTC
    digits = word.removeprefix("UTC").removeprefix("GMT")
    if digits[:1] in ("+", "-"):
        sign, digits = digits[0], digits[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
        found = offset_of(sign, hours, minutes)
    else:
        found = short_zone(word)
    if found is None:
        raise RowProblem(UNREADABLE_ROW, f"{quote(text)} has a zone that is not known", "give `--tz`", "time")
    return UTC if not found.utcoffset(None) else found


def _day_of(match: "re.Match[str]") -> tuple[int, int, int] | None:
    """Returns the day of a date that reads one way; absent for three short numbers."""
    if match["y"] is not None:
        return int(match["y"]), int(match["m"]), int(match["d"])
    if match["packed"] is not None:
        packed = match["packed"]
        return int(packed[:4]), int(packed[4:6]), int(packed[6:])
    for day, name, year in (("day", "name", "named"), ("day2", "name2", "named2")):
        if match[name] is not None:
            return int(match[year]), _MONTHS.get(match[name][:3].lower(), 0), int(match[day])
    return None


def _utc(naive: datetime, rule: tzinfo, text: str, fold: int = 0) -> str:
    try:
        moment = naive if rule is UTC else naive.replace(tzinfo=rule, fold=fold).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise _no_time(text) from error
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def is_full(text: str) -> bool:
    """Returns whether a time has a year of four digits in front, and nothing of it reads two ways."""
    return text[4:5] == "-" and text[:4].isdigit()


def falling(texts: Sequence[str]) -> bool:
    """Returns whether times fall more often than they rise; where that is as often, whether the last is the earlier."""
    falls = rises = 0
    last = ""
    for text in texts:
        if last and text != last:
            if text < last:
                falls += 1
            else:
                rises += 1
        last = text
    return falls > rises or (falls == rises and bool(texts) and texts[-1] < texts[0])


def _bounds(choices: list[tuple[int, list[datetime]]], *, rising: bool) -> list[datetime | None]:
    """Returns the first of each row's times that is not before those in front; not behind them, if not `rising`."""
    found: list[datetime | None] = []
    last: datetime | None = None
    for _, both in choices:
        if rising:
            here = next((each for each in both if last is None or each >= last), None)
        else:
            here = next((each for each in reversed(both) if last is None or each <= last), None)
        found.append(here)
        last = here if here is not None else last
    return found
