"""The stop and the targets that a plan has for those of a signal, targets in the order in which price hits them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.plan import Side
from scaleplan.quantity.number import plain, read_number
from scaleplan.signals.card import Card, StopSaid, TargetsSaid
from scaleplan.signals.kinds import CONTRADICTS
from scaleplan.signals.prices import Item
from scaleplan.signals.scan import Scan
from scaleplan.signals.shares import HUNDRED, WHOLE, made_whole, none_of, plain_percent, written_digits
from scaleplan.signals.trailing import stop_moves
from scaleplan.signals.values import PricesRead
from scaleplan.signals.words import SaidPrice, TargetWords

_KINDS = {"emergency": "a stop for an emergency", "old": "an old stop"}
#: Digits behind the point of a stop that was said in percent of the margin.
_MARGIN_DIGITS = 4
#: What is left of a text about a stop that was not read.
_STOP_WORD = re.compile(r"(?<![^\W_])(?:stop|sl|s/l|стоп)[^\n]{0,30}\d", re.IGNORECASE)


_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_LINE_OF_SHARES = re.compile(
    r"^[^\w\n]*(?P<line>(?:close|closing|sell|take|book|exit|shares?|partials?|закры\w+)[^\w\n%]{0,4}"
    r"(?P<shares>(?:\d{1,3}(?:[.,]\d{1,4})?[ \t]*%[^\w\n%]{0,4}){2,40}))[^\w\n]*$",
    re.IGNORECASE | re.MULTILINE,
)


class _Level(NamedTuple):
    """A stop of the text: its price, how a plan writes it, and what said it."""

    value: Decimal
    text: str
    said: StopSaid


def stop(
    scan: Scan, card: Card, prices: PricesRead, side: Side, first: Decimal, leverage: str, assumed: dict[str, str]
) -> tuple[str, Decimal | None]:
    """Returns the stop as a plan writes it, and its price; of several, or of a range, the furthest."""
    levels = [level for said in card.stops for level in _levels(scan, prices, said, side, first, leverage, assumed)]
    if not levels:
        unread = bool(card.stops) or _STOP_WORD.search(scan.rest) or scan.has_said("a stop")
        assumed["stop"] = "none is read" if unread else "the text has none"
        none = f"no stop is {'read' if unread else 'said'}"
        scan.odd(None, f"{none}: `stop: none`, and what is risked is all that is put in", "write a stop")
        return "none", None
    value, text, said = min(levels, key=lambda level: side.sign * level.value)
    count = len({level.value for level in levels})
    if count > 1:
        assumed["stop"] = f"the furthest of {count}"
        scan.assumed(said.place, f"of {count} stops the furthest, {text}: a plan has one", "write another")
    if value <= 0:
        scan.say(CONTRADICTS, said.place, f"a stop {text} from the entry is no price", "look at the percentage")
    return text, value


def in_force(scan: Scan, stops: Sequence[StopSaid]) -> tuple[StopSaid, ...]:
    """Returns the stops that a trade begins with: new ones before others, and those for an emergency behind all."""
    kinds = {said.kind for said in stops}
    kind = next((kind for kind in ("new", "", "emergency", "old") if kind in kinds), "")
    for said in stops:
        if said.kind != kind:
            what = {"emergency": "a stop for an emergency", "old": "an old stop"}.get(
                said.kind, "a stop beside a new one"
            )
            scan.left_out(said.place, f"{what}: a plan has one", "write `stop:` where that is the one")
    return tuple(said for said in stops if said.kind == kind)


def _levels(
    scan: Scan, prices: PricesRead, said: StopSaid, side: Side, first: Decimal, leverage: str, assumed: dict[str, str]
) -> Iterator[_Level]:
    """Yields the levels that one stop of the text says; a percentage is of price from tier 1."""
    if said.percent is not None:
        percent = _of_price(scan, said, leverage, assumed)
        if percent is None:
            return
        sign = "-" if side is Side.LONG else "+"
        yield _Level(first * (1 - side.sign * percent / HUNDRED), f"{sign}{plain(percent)}%", said)
        if said.low is not None and said.low != said.percent:
            assumed["stop"] = f"the further end of {plain(said.low)}% to {plain(said.percent)}%"
            message = f"of a stop from {plain(said.low)}% to {plain(said.percent)}% the further end"
            scan.assumed(said.place, message, "write another")
        if said.trails:
            assumed["stop"] = "it stands still, and the text trails it"
            message = f"a stop that trails by {plain(said.percent)}% from the beginning on: that of a plan stands still"
            scan.odd(said.place, message, "`trail: 2%` in the last target trails from there")
    elif said.prices is not None:
        items = said.prices.items
        shares = [item for item in items if item.share and (len(items) > 1 or Fraction(item.share) != HUNDRED)]
        for item in shares:
            scan.left_out(item.place, f"{item.share}% behind a stop: that of a plan closes all that is held")
        for item in items:
            for price in prices.of(item):
                yield _Level(price.value, price.text, said)
        if said.prices.closes is not None:
            scan.odd(
                said.prices.closes,
                "a stop that waits for a bar to close: the plan's order exits at the price itself",
                "a close beyond it may cost more than the plan says",
            )


def _of_price(scan: Scan, said: StopSaid, leverage: str, assumed: dict[str, str]) -> Decimal | None:
    """Returns a stop in percent of price: of one in percent of the margin one leverage-th, absent without one."""
    if said.percent is None or not said.of_margin:
        return said.percent
    times = read_number(leverage) if leverage else None
    if not isinstance(times, Decimal) or not times:
        scan.odd(
            said.place,
            "a stop in percent of the margin, and no leverage is said: no stop is read from it",
            "write a price",
        )
        return None
    percent = round(said.percent / times, _MARGIN_DIGITS)
    assumed["stop"] = f"{plain(said.percent)}% of the margin at {plain(times)}x"
    message = f"a stop at {plain(said.percent)}% of the margin is {plain(percent)}% of price at {plain(times)}x"
    scan.assumed(said.place, message, "write another")
    return percent


# Targets


class _TargetSaid(NamedTuple):
    """A target of the text by its number there."""

    ordinal: int
    price: SaidPrice
    share: Fraction | None


def said_targets(scan: Scan, card: Card, prices: PricesRead) -> list[_TargetSaid]:
    """Returns the targets of a text in its order; of one without a price it is said that it is left out."""
    found: list[_TargetSaid] = []
    for index, said in enumerate(card.targets):
        for item in _items_of(scan, said, index + 1):
            ordinal = item.ordinal or (said.number if len(said.prices.items) == 1 else 0)
            ordinal = ordinal or max((target.ordinal for target in found), default=0) + 1
            read = prices.of(item)
            if item.chunk is None:
                scan.left_out(item.place, f"target {ordinal} has no price")
            share = Fraction(item.share) / HUNDRED if item.share and len(read) == 1 else None
            found += [_TargetSaid(ordinal + offset, price, share) for offset, price in enumerate(read)]
    numbers = {target.ordinal for target in found}
    for said in card.targets:
        if not said.prices.items and said.number not in numbers:
            scan.left_out(said.place, f"target {said.number} has no price")
    return found


def _items_of(scan: Scan, said: TargetsSaid, number: int) -> tuple[Item, ...]:
    """Returns the prices of a list, without the number of the target where it reads like one: `TP 1 - 1.05`."""
    items = said.prices.items
    is_numbered = (
        len(items) == 2
        and not said.number
        and items[0].chunk is not None
        and items[0].chunk.text == str(number)
        and not items[0].ordinal
    )
    if not is_numbered:
        return items
    scan.assumed(items[0].place, f"{number} is the number of the target, and no price", "write it as a price if it is")
    return items[1:]


def targets(
    scan: Scan, card: Card, said: Sequence[_TargetSaid], side: Side, first: Decimal, assumed: dict[str, str]
) -> tuple[TargetWords, ...]:
    """Returns the targets with what each closes, and how the stop moves at it; `first` is the price of tier 1."""
    said = _without_gains(scan, card, said, first)
    ordered = sorted(said, key=lambda target: side.sign * target.price.value)
    groups: dict[Decimal, list[_TargetSaid]] = {}
    for target in ordered:
        groups.setdefault(target.price.value, []).append(target)
    if not groups:
        return ()
    if len(groups) < len(said):
        scan.assumed(card.targets[0].place, "equal targets are one, with their shares added", "say so if two are meant")
    if ordered != list(said):
        scan.odd(
            card.targets[0].place,
            "the targets are not in the order of their prices: they are put in it",
            "look at them",
        )
    closes = _closes(scan, card, _with_line_of_shares(scan, said), assumed)
    count = len(groups)
    # The number of a target in the text to that in the plan.
    numbers = {target.ordinal: index for index, group in enumerate(groups.values(), 1) for target in group}
    moved = stop_moves(scan, card.moves, numbers, count, side)
    return tuple(
        TargetWords(
            group[0].price,
            sum((closes[target.ordinal] for target in group), Fraction(0)),
            moved.stops.get(index, ""),
            moved.trail if index == count else "",
        )
        for index, group in enumerate(groups.values(), 1)
    )


def _without_gains(scan: Scan, card: Card, said: Sequence[_TargetSaid], first: Decimal) -> Sequence[_TargetSaid]:
    """Returns the targets, without their percentages where these are how far each lies from the entry, or its gain.

    `TP1: 3,600 (2.86%)` from 3,500 is a way, with a leverage beside it also one times that. Shares of a whole are none.
    """
    shares = [target.share for target in said]
    known = [(target, target.share) for target in said if target.share is not None]
    if not known or len(known) < len(said) or made_whole(shares) is not None:
        return said
    for factor in (Decimal(1), *(leverage.value for leverage in card.leverages)):
        ways = [(abs(target.price.value / first - 1) * factor * HUNDRED, share * HUNDRED) for target, share in known]
        if all(abs(Fraction(way) - share) < Fraction(1, 10 ** written_digits(share / HUNDRED)) for way, share in ways):
            scan.left_out(card.targets[0].place, "how far the targets lie away, in percent, is no share of them")
            return [target._replace(share=None) for target in said]
    return said


def _with_line_of_shares(scan: Scan, said: Sequence[_TargetSaid]) -> Sequence[_TargetSaid]:
    """Returns the targets with the shares of a line of their own, where it has one for each: `Close 50% 25% 25%`."""
    match = _LINE_OF_SHARES.search(scan.rest)
    if match is None or any(target.share is not None for target in said):
        return said
    shares = [Fraction(share.replace(",", ".")) / HUNDRED for share in _NUMBER.findall(match["shares"])]
    if len(shares) != len(said) or sum(shares) != WHOLE:
        return said
    place = scan.take(match.start("line"), match.end("line"))
    scan.assumed(place, "the shares of this line are those of the targets, in their order", "write `close:` in each")
    return [target._replace(share=share) for target, share in zip(said, shares, strict=True)]


def _closes(scan: Scan, card: Card, said: Sequence[_TargetSaid], assumed: dict[str, str]) -> dict[int, Fraction]:
    """Returns what each target closes, by its number in the text: what is written, else equal parts."""
    shares = [target.share for target in said]
    place = card.targets[0].place
    equal = {target.ordinal: Fraction(1, len(said)) for target in said}
    if all(share is None for share in shares):
        if len(said) > 1:
            assumed["targets"] = "equal closes"
            none = none_of(scan, "no shares are", "%")
            scan.assumed(place, f"{none}: the targets close equal parts", "write `close:` in each")
        return equal
    whole = made_whole(shares)
    total = sum((share for share in shares if share is not None), Fraction(0))
    if whole is None and total < WHOLE:
        scan.odd(place, f"the targets close {plain_percent(total)}: the rest is left to the stop", "look at the shares")
        return {target.ordinal: target.share or Fraction(0) for target in said}
    if whole is None:
        scan.say(
            CONTRADICTS, place, f"the targets close {plain_percent(total)} of the position", "give shares of the whole"
        )
        return equal
    if whole != shares:
        assumed["targets"] = "shares taken as a whole"
        scan.assumed(place, "the shares of the targets are taken as a whole", "write others")
    return {target.ordinal: share for target, share in zip(said, whole, strict=True)}
