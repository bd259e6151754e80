"""Stop moves: what stands behind `Trailing Configuration:`, in the words of Cornix, and what a plan makes of it.

Its breakeven is the average of the filled entries, costs left out: the level `entry` of a plan, never `breakeven`.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.plan import Side
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import plain, read_number
from scaleplan.signals.scan import Extent, Scan

_PERCENT = r"[(\[]?[ \t]*{}(?P<percent{}>\d{{1,6}}(?:[.,]\d{{1,20}})?)[ \t]*%[ \t]*[)\]]?"
_GAP = r"\s{0,20}"
_HEAD = re.compile(r"trailing[ \t]+config(?:uration)?[ \t]*:?", re.IGNORECASE)
#: Trailing of entries and of take-profits, which no plan says.
_OF_ORDERS = re.compile(
    rf"(?P<what>entry|take[ \t-]*profit)s?[ \t]*:{_GAP}(?:trailing{_GAP})?percentage{_GAP}{_PERCENT.format('', '')}",
    re.IGNORECASE,
)
_KINDS = (
    r"(?P<breakeven>break[ \t-]?even)"
    r"|(?P<moving>moving(?:[ \t-]+(?P<behind>\d))?[ \t-]+targets?)"
    rf"|(?P<trigger>percent(?:age)?[ \t]+(?:below|above)[ \t]+triggers?){_GAP}{_PERCENT.format('', '_trigger')}"
    r"|(?P<highest>percent(?:age)?[ \t]+(?:below|above)[ \t]+(?:highest|lowest|high|low)(?:[ \t]+price)?)"
    rf"{_GAP}{_PERCENT.format('', '_highest')}"
    r"|(?P<other>[^\W\d_][^\n:]{0,60}?)"
)
_STOP = re.compile(
    rf"(?<![^\W\d_])stop[ \t]*:{_GAP}(?:{_KINDS}){_GAP}[-–—]?{_GAP}trigger[ \t]*:{_GAP}"  # three dashes
    rf"(?:targets?{_GAP}[(\[]?[ \t]*(?P<target>\d{{1,3}})[ \t]*[)\]]?|(?P<else>[^\n]{{1,60}}))",
    re.IGNORECASE,
)
#: A stop of which nothing but its kind is said.
_IDLE_STOP = re.compile(rf"(?<![^\W\d_])stop[ \t]*:{_GAP}(?:without|disabled|none)\b", re.IGNORECASE)


_BEHIND_LAST = "no earlier than at the last target, which closes all that is held"


_STOPS = r"(?:stop(?:[ \t-]?loss)?|s/?l|стоп\w*)"
_TARGETS = r"(?:tps?|targets?|t/p|тейк\w*|цел[ьи])"
#: Up to the end of a sentence; in a text that has lost its line ends up to the next head.
_SENTENCE = (
    r"(?:[^\n;.]|\.(?=\d))*?(?=\n|;|\.(?!\d)|\Z"
    r"|\b(?:entry|entries|tps?[ \t]?\d{0,2}|targets?[ \t]?\d{0,2}|take[ \t-]*profits?|stop[ \t-]?loss|sl|stop|leverage"
    r"|lev|buy|sell)[ \t]*[:=])"
)
#: A stop that moves, told in a sentence: `Move SL to 150 after TP1`, `Trailing stop 5%`, `After TP1 SL 150`.
_SPOKEN = re.compile(
    r"(?<![^\W_])(?:"
    rf"(?P<trail>trail(?:ing|s)?|трейл\w*)(?![ \t]+config)\b[^\w\n]{{0,3}}(?:the[ \t]+|your[ \t]+)?{_STOPS}\b"
    r"|(?:mov(?:e|ing)|shift|rais(?:e|ing)|lift|bring|tighten|adjust|перен[ео]с\w*|передвин\w*|подтя\w*|двига\w*)\b"
    rf"[^\n.;:]{{0,25}}?\b{_STOPS}\b"
    rf"|(?:after|once|when|as[ \t]soon[ \t]as|upon|после|когда)\b[^\n.;:]{{0,12}}?\b{_TARGETS}[ \t]*\d{{0,2}}\b"
    rf"[^\n.;:]{{0,30}}?\b{_STOPS}\b"
    rf"|{_STOPS}[^\w\n]{{0,4}}(?:(?:is|was|now|has[ \t]+been)[ \t]+){{0,2}}"
    r"(?:moved|changed|raised|shifted|updated|trail(?:ed|s|ing))\b"
    rf"|{_STOPS}[^\w\n]{{1,4}}(?:to|at|→|->|=>)[^\n.;:]{{0,25}}?\b(?:after|once|when)[ \t]+"
    rf"(?:hit(?:ting)?[ \t]+)?{_TARGETS}"
    rf"){_SENTENCE}",
    re.IGNORECASE,
)
_WAY = re.compile(r"(?P<percent>\d{1,6}(?:[.,]\d{1,20})?)[ \t]*%")
_LATER = re.compile(
    rf"\b(?:after|once|when|from|as[ \t]soon[ \t]as|upon|после|когда|{_TARGETS}[ \t]*\d*)\b", re.IGNORECASE
)


class SpokenTrail(NamedTuple):
    """A stop that trails from the beginning on, told in a sentence, by so many percent."""

    percent: Decimal
    place: Extent


class MoveKind(StrEnum):
    """How a stop moves when a target is hit."""

    BREAKEVEN = "Breakeven"
    MOVING = "Moving Target"
    TRIGGER = "Percent Below Triggers"
    HIGHEST = "Percent Below Highest"


class MoveSaid(NamedTuple):
    """A stop that moves once a target is hit: `behind` targets back, or `percent` behind it or the best price."""

    kind: MoveKind
    target: int
    place: Extent
    behind: int = 1
    percent: Decimal = Decimal(0)


class MovedStops(NamedTuple):
    """What targets do to the stop, by their number from 1, and by how much what is left behind the last one trails."""

    stops: dict[int, str]
    trail: str = ""


def moves(scan: Scan) -> tuple[MoveSaid, ...]:
    """Takes the stop moves of a text; of trailing that no plan says it says so."""
    for match in _HEAD.finditer(scan.rest):
        scan.take(match.start(), match.end())
    for match in _OF_ORDERS.finditer(scan.rest):
        place = scan.take(match.start(), match.end())
        if any(digit in "123456789" for digit in match["percent"]):
            what = "entries" if match["what"].lower() == "entry" else "take-profits"
            scan.left_out(place, f"{what} that trail by {match['percent']}%: those of a plan stand still")
    found = tuple(move for match in _STOP.finditer(scan.rest) if (move := _move(scan, match)) is not None)
    for match in _IDLE_STOP.finditer(scan.rest):
        scan.take(match.start(), match.end())
    return found


def spoken_moves(scan: Scan) -> tuple[SpokenTrail, ...]:
    """Takes the sentences about a stop that moves, and says so; returns stops that trail from the beginning on."""
    found = []
    for match in _SPOKEN.finditer(scan.rest):
        place = scan.take(match.start(), match.end())
        way = _WAY.search(match[0])
        percent = None if way is None else _percent(way["percent"])
        if match["trail"] and percent is not None and not _LATER.search(match[0]):
            found.append(SpokenTrail(percent, place))
            continue
        help = "`trail: 2%` in the last target trails" if match["trail"] else "`stop:` in a target moves it there"
        scan.left_out(
            place, "a stop that moves, told in a sentence: the stop stands where the text puts it first", help
        )
    return tuple(found)


def _move(scan: Scan, match: re.Match[str]) -> MoveSaid | None:
    if _IDLE_STOP.match(match[0]):
        return None
    place = scan.take(match.start(), match.end())
    if match["target"] is None:
        scan.left_out(place, "a stop that moves at a percentage and not at a target")
        return None
    target = int(match["target"])
    if match["breakeven"]:
        return MoveSaid(MoveKind.BREAKEVEN, target, place)
    if match["moving"]:
        return MoveSaid(MoveKind.MOVING, target, place, int(match["behind"] or 1) or 1)
    percent = _percent(match["percent_trigger"] or match["percent_highest"] or "")
    if percent is None:
        scan.left_out(place, "a stop that moves in a way that no plan says")
        return None
    return MoveSaid(MoveKind.TRIGGER if match["trigger"] else MoveKind.HIGHEST, target, place, percent=percent)


def _percent(text: str) -> Decimal | None:
    number = read_number(text.replace(",", "."))
    return None if isinstance(number, Mistake) or number == 0 else number


def stop_moves(
    scan: Scan, found: tuple[MoveSaid, ...], numbers: Mapping[int, int], count: int, side: Side
) -> MovedStops:
    """Returns what the moves do at each of a plan's `count` targets.

    `numbers` has the plan's number of each target by that of the text. The last target closes all that is held: no stop
    moves there.
    """
    stops: dict[int, str] = {}
    trail = ""
    for move in found:
        index = numbers.get(move.target)
        if index is None:
            message = f"the stop moves at target {move.target}, and there is none"
            scan.odd(move.place, message, "look whether a target is missing")
        elif move.kind is MoveKind.HIGHEST and index == count:
            trail = f"{plain(move.percent)}%"
        elif move.kind is MoveKind.HIGHEST:
            message = f"a stop that trails from target {move.target} on: a plan trails behind its last target alone"
            scan.left_out(move.place, message)
        elif index == count and move.kind is not MoveKind.MOVING:
            message = f"a stop that moves at target {move.target}: it closes all that is held"
            scan.left_out(move.place, message)
        else:
            levels = {number: level for number, level in _levels(move, numbers, side) if number < count}
            if not levels:
                scan.left_out(move.place, f"a stop that moves {_BEHIND_LAST}")
            stops |= levels
    return MovedStops(stops, trail)


def _levels(move: MoveSaid, numbers: Mapping[int, int], side: Side) -> Iterator[tuple[int, str]]:
    """Yields at which targets of a plan a move sets the stop, and where to."""
    index = numbers[move.target]
    if move.kind is MoveKind.BREAKEVEN:
        yield index, "entry"
    elif move.kind is MoveKind.TRIGGER:
        sign = "-" if side is Side.LONG else "+"
        yield index, f"target {index} {sign}{plain(move.percent)}%"
    else:
        for number in sorted(numbers):
            if number < move.target or number < move.behind:
                continue
            # Equal targets are one, and one without a price is left out: behind it is the one before.
            behind = max((numbers[other] for other in numbers if other <= number - move.behind), default=0)
            behind = min(behind, numbers[number] - 1)
            yield numbers[number], f"target {behind}" if behind else "entry"
