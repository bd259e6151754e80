"""Values: what each number of a signal that is a price means, scaled, and whether all can be prices of one signal."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.kinds import TOO_MANY
from scaleplan.quantity.number import plain
from scaleplan.signals.card import Card, EntrySaid
from scaleplan.signals.kinds import FAR_APART, TWO_READINGS
from scaleplan.signals.numbers import FURTHEST, Chunk, in_thousands, readings, settled
from scaleplan.signals.pairs import COINS, METALS, SaidPair
from scaleplan.signals.prices import MOST, Item
from scaleplan.signals.scan import Extent, Scan
from scaleplan.signals.words import SaidPrice, Wishes
from scaleplan.tree.quoting import quote

_SATOSHI = Decimal("0.00000001")
_SATS = re.compile(r"\bsat(?:s|oshis?)?\b", re.IGNORECASE)
_ZERO = re.compile(r"0+(?:[.,]0+)?")
#: A number that a plan takes as it is typed: its zeros at the end say how exact it is.
_TYPED = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")
#: From here on a price without decimals may have lost them; these have none to lose.
_LARGE = 1000
_DEAR = {
    *("BTC", "XBT", "WBTC", "ETH", "WETH", "STETH", "BNB", "MKR", "YFI", "BCH", "PAXG", "XAUT", *METALS),
    *("US30", "DJ30", "NAS100", "US100", "USTEC", "SPX500", "US500", "SPX", "NDX", "GER40", "DE40", "UK100", "JP225"),
}
#: What costs thousands, with how a price of it is written that has a point between thousands, where all have one.
_POINTED = {
    **dict.fromkeys(("BTC", "XBT", "WBTC"), re.compile(r"\d{1,3}\.\d{3}")),
    **dict.fromkeys(
        ("ETH", "WETH", "STETH", "XAU", "XAUT", "PAXG", "SPX500", "US500", "SPX"), re.compile(r"\d\.\d{3}")
    ),
    **dict.fromkeys(
        ("US30", "DJ30", "NAS100", "US100", "USTEC", "NDX", "GER40", "DE40", "JP225", "UK100"),
        re.compile(r"\d{1,2}\.\d{3}"),
    ),
}
#: What has cost thousands for years: less is likely meant in thousands.
_NEVER_SMALL = ("BTC", "XBT", "WBTC")
_DEAR_QUOTES = ("JPY", "KRW", "RUB", "TRY", "UAH", *COINS)
#: What is quoted in a coin and is not dear costs less of it.
_NO_COIN_COSTS = 10


class PricesRead(NamedTuple):
    """What each number of a text means, by its place: one price, or several where it is a list without blanks."""

    by_place: dict[Extent, tuple[SaidPrice, ...]]

    def of(self, item: Item) -> tuple[SaidPrice, ...]:
        """Returns the prices of an item."""
        return () if item.chunk is None else self.by_place.get(item.chunk.place, ())

    def of_entries(self, entries: Sequence[EntrySaid]) -> tuple[SaidPrice, ...]:
        """Returns the prices of entries, in the order of the text."""
        return tuple(price for entry in entries for item in entry.prices.items for price in self.of(item))


def read_values(scan: Scan, card: Card, pair: SaidPair, wishes: Wishes) -> PricesRead | None:
    """Returns what every price of the text means, scaled; absent where one is not known."""
    chunks = [chunk for chunk in card.chunks if not _is_zero(scan, chunk)]
    is_in_money = pair.quote not in COINS
    found = settled(chunks[: MOST + 1], dear=pair.base in _DEAR and is_in_money)
    pointed = _POINTED.get(pair.base) if is_in_money and wishes.scale is None else None
    if pointed is not None and all(pointed.fullmatch(chunk.text) and not chunk.kilo for chunk in chunks):
        found = in_thousands(found)
    if sum(1 if meaning is None else len(meaning.values) for meaning in found) > MOST:
        message = f"the text has more than {MOST} prices, and a signal has some ten"
        scan.say(TOO_MANY, chunks[len(found) - 1].place, message, "give one signal")
        return None
    read: dict[Extent, tuple[SaidPrice, ...]] = {}
    for chunk, meaning in zip(chunks, found, strict=True):
        typed = quote(chunk.text)
        if meaning is None:
            ways = [" and ".join(map(plain, values)) for values in readings(chunk).values()]
            message = f"{typed} may be {' or '.join(ways)}" if ways else f"{typed} is no number that can be read"
            scan.say(TWO_READINGS, chunk.place, message, "write it in plain digits: `1234` or `1.234`")
            continue
        if meaning.assumed:
            numbers = ", ".join(map(plain, meaning.values))
            message = f"{typed} is read {meaning.assumed}: {numbers}"
            scan.assumed(chunk.place, message, "write it in digits with a point")
        is_typed = not chunk.kilo and not meaning.assumed and _TYPED.fullmatch(chunk.text) is not None
        read[chunk.place] = tuple(
            SaidPrice(value, chunk.text if is_typed else plain(value), chunk.place, meaning.assumed)
            for value in meaning.values
        )
    if len(read) < len(chunks):
        return None
    _say_small(scan, [price for each in read.values() for price in each], pair, wishes)
    scale = _scale(scan, [price for prices in read.values() for price in prices], pair, wishes)
    if scale is not None:
        read = {
            place: tuple(_scaled(price, scale, asked=wishes.scale is not None) for price in prices)
            for place, prices in read.items()
        }
    return PricesRead(read)


def _say_small(scan: Scan, prices: Sequence[SaidPrice], pair: SaidPair, wishes: Wishes) -> None:
    """Says where something that costs thousands has prices below one."""
    if wishes.scale is not None or pair.base not in _NEVER_SMALL or pair.quote in COINS or not prices:
        return
    most = max(prices, key=value_of)
    if most.value < _LARGE:
        message = (
            f"{pair.base} at {most.text} {pair.quote}, read as it is written: it may be {plain(most.value * _LARGE)}"
        )
        scan.odd(most.place, message, "`--scale 1000` reads all prices in thousands")


def _scaled(price: SaidPrice, scale: Decimal, *, asked: bool) -> SaidPrice:
    """Returns a price multiplied; where nobody asked for it the plan says that it was in satoshis."""
    value = price.value * scale
    return price._replace(value=value, text=plain(value), assumed=price.assumed if asked else "in satoshis")


def say_how_read(assumed: dict[str, str], key: str, prices: Iterable[SaidPrice]) -> None:
    """Adds to what is assumed of a key how its prices were read, where they could have been read otherwise."""
    ways = ", ".join(dict.fromkeys(price.assumed for price in prices if price.assumed))
    if ways:
        assumed[key] = "; ".join((*([assumed[key]] if key in assumed else []), f"read {ways}"))


def _is_zero(scan: Scan, chunk: Chunk) -> bool:
    if not _ZERO.fullmatch(chunk.text):
        return False
    scan.odd(chunk.place, "0 is no price, and is left out", "look whether one is missing")
    return True


def _scale(scan: Scan, prices: Sequence[SaidPrice], pair: SaidPair, wishes: Wishes) -> Decimal | None:
    """Returns what every price of the text is multiplied by; whole numbers of a pair in BTC are satoshis."""
    if wishes.scale is not None:
        return wishes.scale
    if not prices:
        return None
    is_whole = not any(price.value % 1 for price in prices)
    least = min(price.value for price in prices)
    in_satoshis = is_whole and pair.base not in _DEAR and (pair.quote == "BTC" or least >= _NO_COIN_COSTS)
    if pair.quote in COINS and (in_satoshis or _SATS.search(scan.text.plain)):
        message = f"prices in satoshis: {plain(prices[0].value)} is {plain(prices[0].value * _SATOSHI)} {pair.quote}"
        scan.assumed(prices[0].place, message, "`--scale 1` takes them as they are written")
        return _SATOSHI
    if is_whole and pair.base not in _DEAR and pair.quote not in _DEAR_QUOTES and least >= _LARGE:
        scale = Decimal(1).scaleb(-(least.adjusted() + 1))
        message = f"prices without decimals, read as they are written: {plain(least)} may be {plain(least * scale)}"
        scan.odd(prices[0].place, message, f"`--scale {plain(scale)}` puts decimals back that were left off")
    return None


def say_far_apart(scan: Scan, prices: Sequence[SaidPrice]) -> None:
    """Says where two prices differ by more than ten times: one of them is no price of this signal."""
    if not prices:
        return
    ordered = sorted(prices, key=value_of)
    least, most = ordered[0], ordered[-1]
    if most.value <= least.value * FURTHEST:
        return
    middle = ordered[len(ordered) // 2].value
    wrong, other = (least, most) if middle > least.value * FURTHEST or most.value == middle else (most, least)
    scan.say(
        FAR_APART,
        wrong.place,
        f"{wrong.text} and {other.text} differ by more than {FURTHEST} times: one of them is no price of this signal",
        "take out the one that is none",
    )


def value_of(price: SaidPrice) -> Decimal:
    """Returns the value of a price."""
    return price.value
