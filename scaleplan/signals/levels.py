"""Levels: the tiers, the stop and the targets that a plan has for the prices of a signal.

Every price has been read, and the side is known. Tiers stand in the order in which price meets them, targets in the
order in which it hits them; equal ones are one, with their shares added.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.plan import Order, Side
from scaleplan.quantity.number import plain
from scaleplan.signals.card import Card, EntrySaid, StopSaid, TargetsSaid
from scaleplan.signals.kinds import CONTRADICTS, INCOMPLETE
from scaleplan.signals.prices import Item
from scaleplan.signals.scan import Extent, Scan
from scaleplan.signals.trailing import stop_moves
from scaleplan.signals.words import SaidPrice, TargetWords, TierWords, Wishes, ZoneWords

_ZONE_TIERS = 4
_WHOLE = Fraction(1)
_HUNDRED = 100


class PricesRead(NamedTuple):
    """What each number of a text means, by its place: one price, or several where it is a list without blanks."""

    by_place: dict[Extent, tuple[SaidPrice, ...]]

    def of(self, item: Item) -> tuple[SaidPrice, ...]:
        """Returns the prices of an item."""
        return () if item.chunk is None else self.by_place.get(item.chunk.place, ())

    def of_entries(self, entries: Sequence[EntrySaid]) -> tuple[SaidPrice, ...]:
        """Returns the prices of entries, in the order of the text."""
        return tuple(price for entry in entries for item in entry.prices.items for price in self.of(item))


# Tiers


def tiers(
    scan: Scan, card: Card, prices: PricesRead, side: Side, wishes: Wishes, assumed: dict[str, str]
) -> tuple[TierWords, ...] | ZoneWords:
    """Returns the tiers, or the one zone that they are."""
    found: list[TierWords] = []
    for entry in card.entries:
        order = _order(scan, card, entry, side)
        group = _priced(scan, entry, prices, wishes, order)
        different = list(dict.fromkeys(tier.price.value for tier in group))
        if entry.zone and len(different) == 2 and len(card.entries) == 1:
            return _zone(scan, entry, group, side, wishes, assumed)
        if entry.zone and len(different) > 1:
            scan.odd(
                entry.place, "a zone beside other entries, or of more than two prices: each is a tier", "look at it"
            )
        found += group
    if wishes.zone_tiers is not None:
        scan.assumed(None, "`--zone-tiers` says nothing here: the text has no zone of two prices", "leave it out")
    merged = _merged(found)
    if len(merged) < len(found):
        scan.assumed(card.entries[0].place, "equal prices of entries are one tier", "say so if two are meant")
    ordered = _as_met(merged, side)
    if [tier.price.value for tier in ordered] != [tier.price.value for tier in merged]:
        scan.assumed(
            card.entries[0].place, "the tiers are in the order in which price meets them", "reorder them if not"
        )
    return _shared(scan, card, ordered, assumed)


def _order(scan: Scan, card: Card, entry: EntrySaid, side: Side) -> Order:
    """Returns the order of an entry: `above` waits for a long, `below` for a short, a breakout for both."""
    if entry.market and not entry.current:
        return Order.MARKET
    if entry.stop or card.breakout is not None:
        return Order.STOP
    beyond, before = (entry.above, entry.below) if side is Side.LONG else (entry.below, entry.above)
    if beyond and not before:
        return Order.STOP
    if before and not beyond:
        word = "below" if side is Side.LONG else "above"
        scan.odd(
            entry.place,
            f"a {side} {word} a price waits for a better one: a limit order",
            "write `order: stop` where a breakout is meant",
        )
    return Order.LIMIT


def _priced(scan: Scan, entry: EntrySaid, prices: PricesRead, wishes: Wishes, order: Order) -> list[TierWords]:
    """Returns the tiers of an entry. That of a market order has the price of the option, or else the first."""
    found = []
    for item in entry.prices.items:
        read = prices.of(item)
        share = Fraction(item.share) / _HUNDRED if item.share else None
        found += [TierWords(price, order, share if len(read) == 1 else None) for price in read]
    if order is not Order.MARKET and not (entry.current and not found):
        return found
    typed = None if wishes.price is None else SaidPrice(wishes.price, plain(wishes.price))
    if typed is None and not found:
        what = "at the market" if order is Order.MARKET else "at the current price"
        place = entry.prices.market or entry.prices.current or entry.place
        scan.say(INCOMPLETE, place, f"the entry is {what} and has no price", "`--price P` says what it fills at")
        return []
    first = TierWords(typed, order) if typed is not None else found[0]
    if order is not Order.MARKET:
        return [first]
    # Of `market, 95, 90` the first is not known without the option: it is then the price that stands first.
    rest = [tier._replace(order=Order.LIMIT) for tier in (found[1:] if typed is None or len(found) == 1 else found)]
    if rest and typed is None:
        scan.odd(
            entry.place, f"of several prices {first.price.text} is that of the market order", "`--price P` says it"
        )
    return [first, *rest]


def _zone(
    scan: Scan, entry: EntrySaid, group: Sequence[TierWords], side: Side, wishes: Wishes, assumed: dict[str, str]
) -> ZoneWords:
    first, last = _as_met(_merged(group), side)
    count = _ZONE_TIERS if wishes.zone_tiers is None else wishes.zone_tiers
    if wishes.zone_tiers is None:
        assumed["tiers"] = f"a zone in {count} equal tiers"
        scan.assumed(entry.place, f"a zone is {count} equal tiers", "`--zone-tiers N` takes others")
    if any(tier.share is not None for tier in group):
        scan.left_out(entry.place, "shares of the ends of a zone")
    return ZoneWords(first.price, last.price, count, first.order)


def _merged(found: Sequence[TierWords]) -> list[TierWords]:
    """Returns tiers of which none has the price and the order of another."""
    merged: dict[tuple[Decimal, Order], TierWords] = {}
    for tier in found:
        key = (tier.price.value, tier.order)
        before = merged.get(key)
        if before is None:
            merged[key] = tier
        elif tier.share is not None:
            merged[key] = before._replace(share=(before.share or Fraction(0)) + tier.share)
    return list(merged.values())


def _as_met(found: Sequence[TierWords], side: Side) -> list[TierWords]:
    """Returns tiers as price meets them: at the market first, limits from the best price on, stops from the worst."""
    orders = list(dict.fromkeys((Order.MARKET, *(tier.order for tier in found))))

    def met(tier: TierWords) -> tuple[int, Decimal]:
        towards = side.sign if tier.order is Order.STOP else -side.sign
        return orders.index(tier.order), towards * tier.price.value if tier.order is not Order.MARKET else Decimal(0)

    return sorted(found, key=met)


def _shared(scan: Scan, card: Card, found: list[TierWords], assumed: dict[str, str]) -> tuple[TierWords, ...]:
    """Returns the tiers with shares that add up to 100%; without any they are equal."""
    shares = [tier.share for tier in found]
    if all(share is None for share in shares):
        if len(found) > 1:
            assumed["tiers"] = "equal parts"
            scan.assumed(
                card.entries[0].place, "no shares are said: the tiers are equal parts", "write `share:` in each"
            )
        return tuple(found)
    whole = _made_whole(shares)
    if whole is None:
        total = sum((share for share in shares if share is not None), Fraction(0))
        scan.say(
            CONTRADICTS,
            card.entries[0].place,
            f"the shares of the entries add up to {plain_percent(total)}, and not to 100%",
            "give shares of the whole, or none",
        )
        return tuple(found)
    if whole != shares:
        assumed["tiers"] = "shares rounded to a whole"
        scan.assumed(card.entries[0].place, "the shares of the entries are taken as a whole", "write others")
    return tuple(tier._replace(share=share) for tier, share in zip(found, whole, strict=True))


def plain_percent(share: Fraction) -> str:
    """Returns a share in percent, for a message: at most four digits behind the point."""
    return f"{plain(round(Decimal(share.numerator * _HUNDRED) / share.denominator, 4))}%"


def _made_whole(shares: Sequence[Fraction | None]) -> list[Fraction] | None:
    """Returns shares that add up to one: as they are, equal ones as ratios, or what is missing in equal parts.

    `16.67%` six times is a sixth each: it is off by less than what rounding takes. Absent where they miss by more.
    """
    said = [share for share in shares if share is not None]
    missing = len(shares) - len(said)
    total = sum(said, Fraction(0))
    if missing:
        rest = (_WHOLE - total) / missing
        return [rest if share is None else share for share in shares] if rest > 0 else None
    if total == _WHOLE:
        return said
    # Each was rounded at its last digit.
    unit = max(Fraction(1, _HUNDRED * 10 ** _digits(share)) for share in said)
    equal = Fraction(1, len(said))
    if len(set(said)) == 1 and abs(said[0] - equal) < unit:
        return [equal] * len(said)
    rest = _WHOLE - sum(said[:-1], Fraction(0))
    return [*said[:-1], rest] if rest > 0 and abs(total - _WHOLE) * 2 <= unit * len(said) else None


def _digits(share: Fraction) -> int:
    """Returns how many digits a percentage was written with behind the point, zeros at its end left out."""
    text = plain(Decimal(share.numerator * _HUNDRED) / share.denominator)
    return len(text.partition(".")[2])


# The stop


def stop(
    scan: Scan, card: Card, prices: PricesRead, side: Side, first: Decimal, assumed: dict[str, str]
) -> tuple[str, Decimal | None]:
    """Returns the stop as a plan writes it, and its price; of several, or of a range, the furthest."""
    levels: list[tuple[Decimal, str, StopSaid]] = []
    for said in card.stops:
        if said.percent is not None:
            sign = "-" if side is Side.LONG else "+"
            away = said.percent / _HUNDRED
            levels.append((first * (1 - side.sign * away), f"{sign}{plain(said.percent)}%", said))
            if said.low is not None and said.low != said.percent:
                assumed["stop"] = f"the further end of {plain(said.low)}% to {plain(said.percent)}%"
                message = f"of a stop from {plain(said.low)}% to {plain(said.percent)}% the further end"
                scan.assumed(said.place, message, "write another")
        elif said.prices is not None:
            levels += [(p.value, p.text, said) for item in said.prices.items for p in prices.of(item)]
            if said.prices.closes is not None:
                scan.odd(
                    said.prices.closes,
                    "a stop that waits for a bar to close: the plan's order exits at the price itself",
                    "a close beyond it may cost more than the plan says",
                )
    if not levels:
        assumed["stop"] = "the text has none"
        scan.odd(None, "no stop is said: `stop: none`, and what is risked is all that is put in", "write a stop")
        return "none", None
    value, text, said = min(levels, key=lambda level: side.sign * level[0])
    if len({level[0] for level in levels}) > 1:
        assumed["stop"] = f"the furthest of {len(levels)}"
        scan.assumed(said.place, f"of {len(levels)} stops the furthest, {text}: a plan has one", "write another")
    if value <= 0:
        scan.say(CONTRADICTS, said.place, f"a stop {text} from the entry is no price", "look at the percentage")
    return text, value


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
            share = Fraction(item.share) / _HUNDRED if item.share and len(read) == 1 else None
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
    closes = _closes(scan, card, said, assumed)
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
    if not known or len(known) < len(said) or _made_whole(shares) is not None:
        return said
    for factor in (Decimal(1), *(leverage.value for leverage in card.leverages)):
        ways = [(abs(target.price.value / first - 1) * factor * _HUNDRED, share * _HUNDRED) for target, share in known]
        if all(abs(Fraction(way) - share) < Fraction(1, 10 ** _digits(share / _HUNDRED)) for way, share in ways):
            scan.left_out(card.targets[0].place, "how far the targets lie away, in percent, is no share of them")
            return [target._replace(share=None) for target in said]
    return said


def _closes(scan: Scan, card: Card, said: Sequence[_TargetSaid], assumed: dict[str, str]) -> dict[int, Fraction]:
    """Returns what each target closes, by its number in the text: what is written, else equal parts."""
    shares = [target.share for target in said]
    place = card.targets[0].place
    equal = {target.ordinal: Fraction(1, len(said)) for target in said}
    if all(share is None for share in shares):
        if len(said) > 1:
            assumed["targets"] = "equal closes"
            scan.assumed(place, "no shares are said: the targets close equal parts", "write `close:` in each")
        return equal
    whole = _made_whole(shares)
    total = sum((share for share in shares if share is not None), Fraction(0))
    if whole is None and total < _WHOLE:
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
