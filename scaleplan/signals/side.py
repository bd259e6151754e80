"""The side of a signal: that of the option, of its words, or where its targets lie; and what contradicts it."""

from collections.abc import Sequence
from decimal import Decimal

from scaleplan.plan import Side
from scaleplan.signals.card import Card
from scaleplan.signals.kinds import CONTRADICTS, INCOMPLETE
from scaleplan.signals.scan import Scan
from scaleplan.signals.values import value_of
from scaleplan.signals.words import SaidPrice, Wishes


def side_of(
    scan: Scan,
    card: Card,
    entries: Sequence[SaidPrice],
    ends: Sequence[SaidPrice],
    stops: Sequence[SaidPrice],
    wishes: Wishes,
    assumed: dict[str, str],
) -> Side | None:
    """Returns the side: that of the option, of the text, or the one that its targets, or else its stop, lie on."""
    by_prices = _lies(entries, ends) or _other(_lies(entries, stops))
    weight = max((side.weight for side in card.sides), default=0)
    said = {side.side: side.place for side in reversed(card.sides) if side.weight == weight}
    side = wishes.side or (next(iter(said)) if len(said) == 1 else by_prices)
    if side is None:
        message = "the text says neither long nor short" if not said else "the text says both long and short"
        scan.say(INCOMPLETE, None, message, "`--side long` or `--side short` says it")
        return None
    place = said.get(side)
    if wishes.side is not None and wishes.side not in said:
        scan.assumed(next(iter(said.values()), None), f"{side}, as `--side` says", "leave it out")
    elif len(said) != 1 and wishes.side is None:
        assumed["side"] = "by its targets" if ends else "by its stop"
        what = "the text says no side" if not said else "the text says long and short"
        scan.assumed(place, f"{what}: {side}, {assumed['side']}", "`--side` says it")
    if not _are_beyond(scan, side, entries, ends):
        return None
    return side


def _are_beyond(scan: Scan, side: Side, entries: Sequence[SaidPrice], ends: Sequence[SaidPrice]) -> bool:
    """Returns whether no target lies on the losing side of every entry; one that does is said, or the wrong side is."""
    if not entries:
        return True
    wrong = _lies(entries, ends)
    if wrong is not None and wrong is not side:
        message = (
            f"it is a {side}, and every target lies where a {wrong} has them: {ends[0].text} from {entries[0].text}"
        )
        scan.say(CONTRADICTS, ends[0].place, message, f"`--side {wrong}` where that is meant, or mend the prices")
        return False
    losing = [end for end in ends if all(side.sign * (end.value - entry.value) <= 0 for entry in entries)]
    for end in losing:
        message = f"the target {end.text} of a {side} lies on the losing side of its entry {entries[0].text}"
        scan.say(CONTRADICTS, end.place, message, "take it out, or mend it")
    return not losing


def _lies(entries: Sequence[SaidPrice], ends: Sequence[SaidPrice]) -> Side | None:
    """Returns the side on which all of some prices lie from the entries: long above; absent where they lie on both."""
    if not entries or not ends:
        return None
    if min(map(value_of, ends)) > max(map(value_of, entries)):
        return Side.LONG
    return Side.SHORT if max(map(value_of, ends)) < min(map(value_of, entries)) else None


def _other(side: Side | None) -> Side | None:
    return None if side is None else Side.SHORT if side is Side.LONG else Side.LONG


def say_stop_beyond(
    scan: Scan,
    card: Card,
    side: Side,
    entries: Sequence[SaidPrice],
    first: SaidPrice,
    value: Decimal | None,
    text: str,
) -> None:
    """Says where a stop lies on the winning side of the first entry, or between entries."""
    if value is None:
        return
    if side.sign * (first.value - value) > 0:
        beyond = [entry for entry in entries if side.sign * (entry.value - value) <= 0]
        for entry in beyond:
            message = (
                f"the entry {entry.text} lies beyond the stop {text}: it fills after the trade is stopped, if at all"
            )
            scan.odd(entry.place, message, "look whether both prices are right")
        return
    where = "above" if side is Side.LONG else "below"
    scan.say(
        CONTRADICTS,
        card.stops[0].place,
        f"the stop {text} of a {side} is not {'below' if where == 'above' else 'above'} its first entry {first.text}",
        "look whether stop and side are right: `--side` says the other",
    )
