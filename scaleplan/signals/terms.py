"""Terms of a signal beside its prices: leverage, margin mode, side, spot or futures."""

import re
from decimal import Decimal
from typing import NamedTuple

from scaleplan.plan import MarginMode, Side
from scaleplan.quantity.number import plain
from scaleplan.signals.heads import END
from scaleplan.signals.numbers import comma_decimal
from scaleplan.signals.scan import Extent, Scan, line_before
from scaleplan.signals.text import MASK

_X = "[xXхХ×]"  # Cyrillic, and the sign of multiplication
_TO = r"[ \t]*(?:-|–|—|to|до)[ \t]*"  # three dashes
_N = r"\d{1,4}(?:[.,]\d{1,12})?"
_RANGE = rf"(?P<low>{_N})[ \t]*{_X}?{_TO}(?P<high>{_N})[ \t]*{_X}"
_SINGLE = rf"(?P<single>{_N})[ \t]*{_X}|{_X}(?P<behind>{_N})"
_RIGHT = r"(?![a-zа-я\d])"
_LEVERAGE_WORDS = (
    r"[\s:=([\"'“”-]|isolated|cross(?:ed)?|exactly|up[ \t]*to|max(?:imum)?|min|margin|mode|is|of|use|кросс|изолир\w*|до"
)
_NAMED_LEVERAGE = re.compile(
    rf"(?i:\b|(?<=[A-ZА-Я]))(?i:leverages?|lev\b|плеч\w{{1,2}})(?i:{_LEVERAGE_WORDS}){{0,24}}"
    rf"(?:{_RANGE}|{_SINGLE}|{_X}[ \t](?P<apart>{_N})|1[ \t]?:[ \t]?(?P<to_one>{_N})"
    rf"|(?P<bare>{_N})(?![\d.,]*\d|[ \t]*%)){_RIGHT}"
)
#: Behind a number and an x: how much is gained or traded, and no leverage.
_GAIN = re.compile(
    r"[ \t]*(?:in\b|from\b|your\b|the\b|our\b|my\b|more\b|gains?\b|profits?\b|returns?\b|potential|volume|bigger|money"
    r"|roi\b|moves?\b|pumps?\b|coins?\b|gem|soon|this\b|by\b|reward|rr\b|r\b|better|faster)",
    re.IGNORECASE,
)
_GAINED = re.compile(
    r"\b(?:could|can|will|may|might|to|did|does|do|made|make|makes|making|gave|gives|got|get|next|another|easy|possible"
    r"|potential|a|an|for|of|already|profits?|gains?|went|hit|reach\w*|volume|vol|волну|сделал\w*|дал\w*)[ \t]+\Z",
    re.IGNORECASE,
)
#: What a leverage that is a number and an x alone stands beside: a line's end, a side, a mode, a pair, another head.
_BESIDE = re.compile(
    rf"[ \t]*(?:\n|\Z|[^\w\s]|{MASK}|long|short|buy|sell|cross|isolat|leverage|lev\b|margin|futures?|entry|enter|лонг"
    r"|шорт|кросс|изолир|плеч|\d|at\b|now\b|tp\d?\b|targets?|stop|sl\b|limit|market|max)",
    re.IGNORECASE,
)
_BARE_RANGE = re.compile(rf"(?<![\w.,/]){_RANGE}{_RIGHT}")
_BARE_LEVERAGE = re.compile(rf"(?<![\w.,/])(?:{_SINGLE}){_RIGHT}")
_MOST_BEFORE = 40
#: Before a number and an x: how much it is at most.
_AT_MOST = re.compile(
    r"\b(?:up[ \t]*to|max(?:imum)?|more[ \t]+than|at[ \t]+most|above|до|более|больше)[^\w\n]{0,4}\Z", re.IGNORECASE
)
_LEVERAGE_BEHIND = re.compile(r"[ \t]*[(\[]?(?:leverage|lev\b|cross|isolat|кросс|изолир|плеч)", re.IGNORECASE)
_GOES = re.compile(r"\b(?:go|goes|going|can|could|may|might|will|gains?|profits?|pump\w*|moves?)\b", re.IGNORECASE)
_UP_TO = re.compile(r"up[ \t]*to|max|до", re.IGNORECASE)
_MODE = r"(?P<{}>cross(?:ed)?|isolated|кросс|изолир\w*)"
_MARGIN_MODE = re.compile(
    rf"\b(?:margin|mode|маржа|leverage|lev|плечо)\W{{0,3}}{_MODE.format('behind')}\b"
    rf"|(?<![\w.,])(?:\d{{1,4}}[ \t]?{_X}|{_X}[ \t]?\d{{1,4}})[ \t,(\[|/-]{{1,3}}{_MODE.format('beside')}\b"
    # `Golden cross` is a word of charts: none stands before a mode but those of its own.
    rf"|(?:(?<![^\W\d_])(?<![^\W\d_][ \t])(?<![^\W\d_]-)|(?<=long )|(?<=short )|(?<=buy )|(?<=sell )|(?<=futures )"
    rf"|(?<=use )|(?<=using )|(?<=in )|(?<=on )|(?<=usdt )|(?<=type )|(?<=лонг )|(?<=шорт )){_MODE.format('before')}\b"
    rf"(?=[ \t]*(?:margin|маржа|mode|leverage|long|short|лонг|шорт|[(\[]?[ \t]*(?:\d|{_X}\d)|[\n|,;/)]|$))",
    re.IGNORECASE,
)
_SPOT = re.compile(r"\bspot\b|\bспот\b", re.IGNORECASE)
_FUTURES = re.compile(
    r"\bfutures?\b|\bperp(?:etual)?s?\b|\bswaps?\b|\bbitmex\b|\bbybit[ \t]+usdt?\b|\busd[st]?-?m\b|\bфьючерс\w*",
    re.IGNORECASE,
)
_TYPE = re.compile(
    r"(?:signal|trade)[ \t]+type[ \t]*:?[ \t]*(?P<type>regular|break[ \t-]?out|scalp\w*|swing)\b", re.IGNORECASE
)
_SIDES = {
    "long": Side.LONG,
    "buy": Side.LONG,
    "лонг": Side.LONG,
    "short": Side.SHORT,
    "sell": Side.SHORT,
    "шорт": Side.SHORT,
}
_SIDE = re.compile(
    r"(?<![^\W\d_])(?P<strong>(?:direction|side|position|type|направление|сторона)[^\w\n]*(?:\w+[^\w\n]*[(\[][ \t]*)?)?"
    rf"(?P<side>long|short|buy|sell|лонг|шорт)(?:{END}|(?<=г)\w|(?<=т)\w)"
    r"(?![ \t-]*(?:term|squeeze|cover\w*|liquidat\w*|wick|lived|time)\b|er\b|ly\b|[ \t]*\d[\d.,]*[ \t]*%)",
    re.IGNORECASE,
)


class Leverage(NamedTuple):
    """A leverage as a text says it, of a range the lower end; `high` is the other, `named` whether a head says it."""

    value: Decimal
    place: Extent
    high: Decimal | None = None
    named: bool = True
    up_to: bool = False


class MarginModeSaid(NamedTuple):
    """A margin mode and where it stands."""

    mode: MarginMode
    place: Extent


class SideSaid(NamedTuple):
    """A side and where it stands. `weight` is 2 behind `Direction:`, 1 as `LONG`, 0 as `BUY`."""

    side: Side
    place: Extent
    weight: int


def leverages(scan: Scan) -> tuple[Leverage, ...]:
    """Takes every leverage of a text. Those behind the word go before those that are a number and an x alone."""
    found: list[Leverage] = []
    for pattern in (_NAMED_LEVERAGE, _BARE_RANGE, _BARE_LEVERAGE):
        for match in pattern.finditer(scan.rest):
            groups = match.groupdict()
            low, high = comma_decimal(groups.get("low")), comma_decimal(groups.get("high"))
            single = comma_decimal(
                groups.get("single")
                or groups.get("behind")
                or groups.get("apart")
                or groups.get("to_one")
                or groups.get("bare")
            )
            if low is not None and high is not None and low > high:
                if pattern is _BARE_RANGE:
                    continue
                low, high = high, low
            value = low if low is not None else single
            if value is None:
                continue
            named = pattern is _NAMED_LEVERAGE
            if not named and _is_gain(match):
                continue
            place = scan.take(match.start(), match.end())
            if not named and not _BESIDE.match(match.string, match.end()):
                scan.assumed(place, f"{plain(value)}x is read as the leverage", "`--leverage X` says it")
            up_to = _UP_TO.search(match[0].partition(str(value))[0]) or (
                not named and _AT_MOST.search(line_before(match, _MOST_BEFORE))
            )
            found.append(Leverage(value, place, high, named, bool(up_to)))
    return tuple(found)


def _is_gain(match: re.Match[str]) -> bool:
    """Returns whether a number and an x say how much is gained: `this can 10x`, `3x your money`."""
    line = line_before(match, _MOST_BEFORE)
    if _LEVERAGE_BEHIND.match(match.string, match.end()) or (_AT_MOST.search(line) and not _GOES.search(line)):
        return False
    return bool(_GAIN.match(match.string, match.end()) or _GAINED.search(line) or _AT_MOST.search(line))


def margin_modes(scan: Scan) -> tuple[MarginModeSaid, ...]:
    """Returns every margin mode of a text; asked for before leverages are taken, which stand behind them."""
    found = []
    for match in _MARGIN_MODE.finditer(scan.rest):
        name = next(each for each in ("behind", "beside", "before") if match[each])
        mode = MarginMode.CROSS if match[name][0].lower() in "cк" else MarginMode.ISOLATED
        found.append(MarginModeSaid(mode, Extent(*match.span(name))))
    return tuple(found)


def spot(scan: Scan) -> Extent | None:
    """Returns where a text says that it is about spot."""
    match = _SPOT.search(scan.rest)
    return Extent(*match.span()) if match else None


def futures(scan: Scan) -> Extent | None:
    """Returns where a text names futures, or an exchange that has no others."""
    match = _FUTURES.search(scan.rest)
    return Extent(*match.span()) if match else None


def breakout(scan: Scan) -> Extent | None:
    """Takes the type of a signal; returns its place where it is a breakout."""
    found = None
    for match in _TYPE.finditer(scan.rest):
        place = Extent(*match.span("type"))
        scan.take(match.start(), match.end())
        if match["type"].lower().startswith("break"):
            found = found or place
    return found


def sides(scan: Scan) -> tuple[SideSaid, ...]:
    """Returns every side that a text names."""
    return tuple(
        SideSaid(
            _SIDES[match["side"].lower()],
            Extent(*match.span("side")),
            2 if match["strong"] else 0 if match["side"].lower() in ("buy", "sell") else 1,
        )
        for match in _SIDE.finditer(scan.rest)
    )
