"""Prices below an entry that no head says what they are: `Entry 150`, and a line with `1) 160` below it."""

from collections.abc import Sequence

from scaleplan.plan import Side
from scaleplan.signals.card import Card, TargetsSaid
from scaleplan.signals.prices import Item, PriceList
from scaleplan.signals.scan import Extent, Scan
from scaleplan.signals.values import PricesRead, value_of
from scaleplan.signals.words import SaidPrice, Wishes


def with_headless(scan: Scan, card: Card, prices: PricesRead, wishes: Wishes) -> Card:
    """Returns a card whose entries are entries: prices below one that all lie beyond it are targets, or left out."""
    for index, entry in enumerate(card.entries):
        count = entry.prices.inline
        own, below = entry.prices.items[:count], entry.prices.items[count:]
        if not count or any(item.ordinal for item in own):
            continue
        entered, ends = _of(prices, own), _of(prices, below)
        is_beyond = _are_beyond(_side(card, prices, wishes, entered), entered, ends)
        is_numbered = below[0].ordinal == 1
        place = Extent(below[0].place.start, below[-1].place.end)
        if is_numbered and not is_beyond:
            scan.odd(place, "numbered prices below the entry, without a head: they are read as entries", "look at them")
        if not is_beyond or (not is_numbered and any(said.prices.items for said in card.targets)):
            continue
        trimmed = entry._replace(prices=entry.prices._replace(items=own, inline=0))
        card = card._replace(entries=(*card.entries[:index], trimmed, *card.entries[index + 1 :]))
        if any(said.prices.items for said in card.targets):
            scan.odd(place, "numbered prices beyond the entry, without a head: they are left out", "look at them")
            continue
        say = scan.assumed if is_numbered else scan.odd
        say(
            place,
            "prices below the entry, beyond it and without a head, are its targets",
            "write `Targets:` above them",
        )
        card = card._replace(targets=(*card.targets, TargetsSaid(PriceList(below), place, 0)))
    return card


def _of(prices: PricesRead, items: Sequence[Item]) -> list[SaidPrice]:
    return [price for item in items for price in prices.of(item)]


def _side(card: Card, prices: PricesRead, wishes: Wishes, entered: Sequence[SaidPrice]) -> Side | None:
    """Returns the side that is typed or said, or the one that the stop lies on the losing side of."""
    weight = max((said.weight for said in card.sides), default=0)
    sides = {said.side for said in card.sides if said.weight == weight}
    if wishes.side is not None or len(sides) == 1:
        return wishes.side or next(iter(sides))
    stops = [price for said in card.stops if said.prices is not None for price in _of(prices, said.prices.items)]
    if _are_beyond(Side.SHORT, entered, stops):
        return Side.LONG
    return Side.SHORT if _are_beyond(Side.LONG, entered, stops) else None


def _are_beyond(side: Side | None, entered: Sequence[SaidPrice], ends: Sequence[SaidPrice]) -> bool:
    """Returns whether all of some prices lie on the winning side of all entries."""
    if side is None or not entered or not ends:
        return False
    nearest = min(side.sign * value_of(end) for end in ends)
    return nearest > max(side.sign * value_of(entry) for entry in entered)
