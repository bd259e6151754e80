"""The tiers that a plan has for the entries of a signal, in the order in which price meets them; equal ones are one."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from scaleplan.plan import Order, Side
from scaleplan.quantity.number import plain
from scaleplan.signals.card import Card, EntrySaid
from scaleplan.signals.kinds import CONTRADICTS, INCOMPLETE
from scaleplan.signals.scan import Scan
from scaleplan.signals.shares import HUNDRED, made_whole, none_of, plain_percent
from scaleplan.signals.values import PricesRead
from scaleplan.signals.words import SaidPrice, TierWords, Wishes, ZoneWords

_ZONE_TIERS = 4


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
        share = Fraction(item.share) / HUNDRED if item.share else None
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
            none = none_of(scan, "no shares are", "%")
            scan.assumed(card.entries[0].place, f"{none}: the tiers are equal parts", "write `share:` in each")
        return tuple(found)
    whole = made_whole(shares)
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
