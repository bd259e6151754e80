"""A card: what the text of a signal says, before anything is decided."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.signals.amounts import AmountSaid, amounts
from scaleplan.signals.heads import Head, HeadKind, heads, says
from scaleplan.signals.numbers import Chunk, is_near, readings
from scaleplan.signals.pairs import SaidPair
from scaleplan.signals.prices import PriceList, read_prices
from scaleplan.signals.scan import Extent, Scan
from scaleplan.signals.terms import (
    Leverage,
    MarginModeSaid,
    SideSaid,
    breakout,
    futures,
    leverages,
    margin_modes,
    sides,
    spot,
)
from scaleplan.signals.text import MASK
from scaleplan.signals.trailing import MoveSaid, SpokenTrail, moves, spoken_moves

_NOISE = re.compile(
    r"https?://\S+|\bwww\.\S+|\bt\.me/\S+|(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z][\w-]{0,63}\.[A-Za-z]{2,}|(?<!\w)@[A-Za-z]\w{2,}"
    r"|\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b|\b\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d\b|\b\d{1,2}:\d\d:\d\d\b"
    r"|\b\d{1,2}:\d\d[ \t]*(?:am|pm|utc|gmt|msk|мск)\b"
    r"|\b(?:signal[ \t]+)?id[ \t]*:?[ \t]*#?\d+|#\d{3,}\b|\b0x[0-9a-f]{6,}",
    re.IGNORECASE,
)
_PERCENT = r"\d{1,6}(?:[.,]\d{1,20})?"
_PERCENT_STOP = re.compile(
    rf"(?:[^\w\n.]{{0,20}}\n){{0,3}}(?:[^\w\n.]{{0,20}}\d[ \t]*\))?[^\w\n.]{{0,20}}"
    rf"(?P<before>(?:roi|roe|pnl)[^\w\n.]{{0,8}})?(?P<low>{_PERCENT})[ \t]*(?P<sign>%)?"
    rf"(?:[ \t]*(?:-|–|—|to|до)[ \t]*(?P<high>{_PERCENT})[ \t]*%)?",  # three dashes
    re.IGNORECASE,
)
#: What a percentage behind a stop is of, where it is not of price.
_OF_MARGIN = re.compile(
    r"[ \t]*\(?(?:of[ \t]+)?(?:the[ \t]+|your[ \t]+|used[ \t]+)*(?:roi|roe|pnl|margin)\b\)?", re.IGNORECASE
)
_OF_OTHER = re.compile(
    r"[ \t]*\(?(?:of|от)[ \t]+(?:(?:the|your|our|my|total|trading)[ \t]+)*(?!entry|price|цен)[^\W\d_]+"
    r"|[ \t]*\(?(?:capital|account|equity|deposit|balance|wallet|portfolio|position|size|profit|депозит|баланс)\w*",
    re.IGNORECASE,
)
#: What makes a stop another one than the stop that a trade begins with.
_KINDS_OF_STOP = {
    "emergency": re.compile(
        r"\b(?:emergency|disaster|catastroph\w*|hard|safety|backup|last|final|аварийн\w*)\W*\Z", re.IGNORECASE
    ),
    "old": re.compile(r"\b(?:old|previous|prior|former|стар\w*|прежн\w*|предыдущ\w*)\W*\Z", re.IGNORECASE),
    "new": re.compile(r"\b(?:new|updated|revised|current|нов\w*)\W*\Z", re.IGNORECASE),
}
#: Before a head that is only spoken of: `close half at TP1`.
_SPOKEN_OF = re.compile(
    r"(?:\b(?:at|after|on|hits?|reach(?:es|ed)?|to|until|till|when|once|before|and|or|with|by|near|your|на|после|при|до|по)|%)"
    r"[ \t]+\Z",
    re.IGNORECASE,
)
#: Words, and what has been read already.
_PAIR_IN_LINE = re.compile(rf"[^\d\n{MASK}]{{0,40}}{MASK}{{3,}}")
_WHOLE = 100
_ENTERING = (HeadKind.ENTRY, HeadKind.BUY, HeadKind.SELL)
_SMALL = re.compile(r"[1-9]\d?")
_ABOVE, _BELOW = ("above", "over", "выше"), ("below", "under", "ниже")
_ZONE, _MARKET, _CURRENT = ("zone", "зон"), ("market", "now", "рын"), ("cmp",)


class EntrySaid(NamedTuple):
    """Prices behind one head of an entry, and what the head says of them.

    `above` and `below` ask for a stop order on one side of price, `stop` on whichever; `market` and `current` stand for
    a price that the text leaves out, or say what kind of order it is.
    """

    prices: PriceList
    place: Extent
    zone: bool = False
    above: bool = False
    below: bool = False
    stop: bool = False
    market: bool = False
    current: bool = False


class TargetsSaid(NamedTuple):
    """Prices behind one head of targets; `number` is that of the head, else 0."""

    prices: PriceList
    place: Extent
    number: int


class StopSaid(NamedTuple):
    """A stop: its prices, or in percent of price the further end of a range; `low` is the nearer.

    With `of_margin` the percentage is of the margin: of price it is one leverage-th. `trails` tells of a stop that
    moves from the beginning on, `kind` of `emergency`, `old` and `new` ones.
    """

    place: Extent
    prices: PriceList | None = None
    percent: Decimal | None = None
    low: Decimal | None = None
    of_margin: bool = False
    trails: bool = False
    kind: str = ""


class Card(NamedTuple):
    """What a text says of one signal, each part as often as it says it."""

    pair: SaidPair | None
    spot: Extent | None
    futures: Extent | None
    breakout: Extent | None
    sides: tuple[SideSaid, ...]
    leverages: tuple[Leverage, ...]
    margin_modes: tuple[MarginModeSaid, ...]
    amounts: tuple[AmountSaid, ...]
    entries: tuple[EntrySaid, ...]
    targets: tuple[TargetsSaid, ...]
    stops: tuple[StopSaid, ...]
    moves: tuple[MoveSaid, ...]

    @property
    def has_entry(self) -> bool:
        """Returns whether it says where to enter, if only at the market."""
        return any(entry.prices.chunks or entry.market or entry.current for entry in self.entries)

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """Returns every number that is a price."""
        lists: Iterable[PriceList | None] = (
            *(entry.prices for entry in self.entries),
            *(target.prices for target in self.targets),
            *(stop.prices for stop in self.stops),
        )
        return tuple(chunk for prices in lists if prices is not None for chunk in prices.chunks)


def without_noise(scan: Scan) -> None:
    """Takes what looks like prices and heads and is neither: addresses, names, dates, numbers of signals."""
    for match in _NOISE.finditer(scan.rest):
        scan.take(match.start(), match.end())


def read_card(scan: Scan, pair: SaidPair | None, mentions: Iterable[SaidPair]) -> Card:
    """Reads a text that is about one pair; `mentions` are all places that name one."""
    without_noise(scan)
    for mention in mentions:
        scan.take(*mention.place)
    in_futures, on_spot, modes = futures(scan), spot(scan), margin_modes(scan)
    found_moves = moves(scan)
    trails = spoken_moves(scan)
    found_leverages = leverages(scan)
    found_amounts = amounts(scan)
    is_breakout = breakout(scan)
    found_sides = sides(scan)
    text = scan.rest
    lists = [(head, _stop_percent(scan, text, head) or _prices(scan, text, head)) for head in heads(text)]
    for head, said in lists:
        if (
            isinstance(said, StopSaid)
            or said.items
            or (head.number and head.kind is HeadKind.TARGETS)
            or (head.kind in _ENTERING and _says_price(head, said))
        ):
            scan.take(*head.place)
    for side in found_sides:
        scan.take(*side.place)
    stops = tuple(said for _, said in lists if isinstance(said, StopSaid))
    priced = [(head, said) for head, said in lists if isinstance(said, PriceList)]
    entries, targets, price_stops, used = _roles(priced)
    targets = tuple(said for said in targets if not _is_mention(said, entries))
    return Card(
        pair,
        on_spot,
        in_futures,
        is_breakout,
        tuple(side for side in found_sides if side.place.start not in used),
        found_leverages,
        modes,
        found_amounts,
        entries,
        targets,
        (*stops, *price_stops) or tuple(map(_trailing, trails)),
        found_moves,
    )


def _prices(scan: Scan, text: str, head: Head) -> PriceList:
    """Reads the prices behind a head: of a side those of its line alone, of a stop those of the first line."""
    body = head.body
    if head.kind in (HeadKind.TRAILING, HeadKind.LEVERAGE):
        return PriceList(())
    if head.kind in (HeadKind.SIDE, HeadKind.BUY, HeadKind.SELL):
        line = text.find("\n", body.start, body.end)
        end = body.end if line < 0 else line
        # `BUY gold XAUUSD 1950`: prices stand behind the pair.
        behind = _PAIR_IN_LINE.match(text, body.start, end)
        start = behind.end() if behind else body.start
        body = Extent(start, end if head.kind is HeadKind.SIDE else body.end)
    if _SPOKEN_OF.search(head.before) and not text.startswith(":", head.place.end):
        # `Close 50% at TP1`: the next line is none of its prices.
        line = text.find("\n", body.start, body.end)
        body = body if line < 0 else Extent(body.start, line)
    return read_prices(scan, text, body, lines=head.kind is not HeadKind.STOP)


def _stop_percent(scan: Scan, text: str, head: Head) -> StopSaid | None:
    """Reads a stop in percent of price. `17000 - 100.0%` is a price and how much of the position is closed there."""
    match = _PERCENT_STOP.match(text, head.body.start, head.body.end) if head.kind is HeadKind.STOP else None
    if match is None or not (match["sign"] or match["high"]):
        return None
    low = Decimal(match["low"].replace(",", "."))
    high = Decimal((match["high"] or match["low"]).replace(",", "."))
    if match["high"] and not match["sign"] and not low < high < _WHOLE:
        return None
    of_margin = _OF_MARGIN.match(text, match.end(), head.body.end)
    if of_margin is None and _OF_OTHER.match(text, match.end(), head.body.end):
        place = scan.take(match.start("low"), match.end())
        scan.odd(place, "a percentage that is not one of price: no stop is read from it", "write the stop as a price")
        return StopSaid(place)
    end = match.end() if of_margin is None else of_margin.end()
    place = scan.take(match.start("before") if match["before"] else match.start("low"), end)
    is_of_margin = of_margin is not None or match["before"] is not None
    return StopSaid(place, percent=max(low, high), low=min(low, high), of_margin=is_of_margin, kind=_kind_of(head))


def _kind_of(head: Head) -> str:
    """Returns what the word before a stop makes of it: an emergency stop, an old or a new one."""
    return next((kind for kind, pattern in _KINDS_OF_STOP.items() if pattern.search(head.before)), "")


def _trailing(trail: SpokenTrail) -> StopSaid:
    return StopSaid(trail.place, percent=trail.percent, low=trail.percent, trails=True)


def _roles(
    lists: Sequence[tuple[Head, PriceList]],
) -> tuple[tuple[EntrySaid, ...], tuple[TargetsSaid, ...], tuple[StopSaid, ...], frozenset[int]]:
    """Returns what each list of prices is, and the places of the words `Sell` that head targets and name no side.

    `Buy` and `Sell` head prices or name a side: `Sell` heads targets where another word heads the entry, and the entry
    where others head targets. What stands behind `LONG` is the entry of a text that has no other.
    """
    given = {kind: [each for each in lists if each[0].kind is kind and _says_price(*each)] for kind in HeadKind}
    explicit = given[HeadKind.ENTRY] or [each for each in given[HeadKind.BUY] if not _is_stop_order(each[0])]
    entries: list[EntrySaid] = []
    targets: list[TargetsSaid] = []
    stops: list[StopSaid] = []
    used: set[int] = set()
    sells_enter = not explicit
    for head, prices in lists:
        kind = head.kind
        if kind is HeadKind.SIDE:
            kind = HeadKind.ENTRY if not explicit and not given[HeadKind.BUY] and not given[HeadKind.SELL] else kind
        elif kind in (HeadKind.BUY, HeadKind.SELL) and _is_stop_order(head) and given[HeadKind.ENTRY]:
            kind = HeadKind.STOP
        elif kind is HeadKind.SELL and _says_price(head, prices):
            kind = HeadKind.ENTRY if sells_enter else HeadKind.TARGETS
            if not sells_enter:
                used.add(head.place.start)
        if kind in (HeadKind.ENTRY, HeadKind.BUY) and _says_price(head, prices):
            entries.append(_entry(head, prices))
        elif kind is HeadKind.TARGETS and (prices.items or head.number):
            targets.append(TargetsSaid(prices, head.place, head.number))
        elif kind is HeadKind.STOP and prices.items:
            stops.append(StopSaid(head.place, prices, kind=_kind_of(head)))
    return _at_market(entries), tuple(targets), tuple(stops), frozenset(used)


def _at_market(entries: Sequence[EntrySaid]) -> tuple[EntrySaid, ...]:
    """Returns entries of which none is a word alone where others have prices: in `BUY NOW @ 2050` both are one."""
    priced = [entry for entry in entries if entry.prices.chunks]
    words = [entry for entry in entries if not entry.prices.chunks]
    if not priced or not words:
        return tuple(entries)
    first = priced[0]
    first = first._replace(
        market=first.market or any(entry.market for entry in words),
        current=first.current or any(entry.current for entry in words),
    )
    return (first, *priced[1:])


def _is_mention(said: TargetsSaid, entries: Sequence[EntrySaid]) -> bool:
    """Returns whether a target is only spoken of: `after TP 1` in a text whose entries are far from 1."""
    chunks = said.prices.chunks
    if len(said.prices.items) != 1 or len(chunks) != 1 or not _SMALL.fullmatch(chunks[0].text) or chunks[0].kilo:
        return False
    entered = [value for entry in entries for chunk in entry.prices.chunks for value in _plain(chunk)]
    return bool(entered) and not is_near((Decimal(chunks[0].text), min(entered)))


def _plain(chunk: Chunk) -> tuple[Decimal, ...]:
    return next(iter(readings(chunk).values()), ())


def _is_stop_order(head: Head) -> bool:
    return head.kind in (HeadKind.BUY, HeadKind.SELL) and says(head, "stop")


def _says_price(head: Head, prices: PriceList) -> bool:
    """Returns whether there are prices behind a head of entries, or words in their place."""
    in_words = head.kind is not HeadKind.SIDE and says(head, *_MARKET, *_CURRENT)
    return bool(prices.chunks or prices.market or prices.current or in_words)


def _entry(head: Head, prices: PriceList) -> EntrySaid:
    """Returns an entry with what its head, or a word before its first price, says of it."""

    def is_said(*words: str) -> bool:
        return says(head, *words) or any(word.startswith(words) for word in prices.words)

    return EntrySaid(
        prices,
        head.place,
        zone=is_said(*_ZONE),
        above=is_said(*_ABOVE),
        below=is_said(*_BELOW),
        stop=_is_stop_order(head),
        market=says(head, *_MARKET) or prices.market is not None,
        current=says(head, *_CURRENT) or prices.current is not None,
    )
