"""The meaning of a card: what a plan says for it. What is assumed, left out or odd is said; an error leaves no plan."""

import re
from collections.abc import Sequence
from decimal import Decimal

from scaleplan.decode.kinds import TOO_MANY
from scaleplan.diagnostic import has_errors
from scaleplan.plan import MarginMode, Side
from scaleplan.quantity.number import plain
from scaleplan.signals.card import Card
from scaleplan.signals.kinds import CONTRADICTS, FAR_APART, INCOMPLETE, STATUS, TWO_READINGS
from scaleplan.signals.levels import PricesRead, said_targets, stop, targets, tiers
from scaleplan.signals.numbers import FURTHEST, Chunk, readings, settled
from scaleplan.signals.pairs import COINS, FIAT, METALS, SaidPair
from scaleplan.signals.prices import MOST
from scaleplan.signals.scan import Extent, Scan
from scaleplan.signals.status import status
from scaleplan.signals.words import PlanWords, SaidPrice, Wishes, ZoneWords
from scaleplan.tree.quoting import quote

_SATOSHI = Decimal("0.00000001")
_SATS = re.compile(r"\bsat(?:s|oshis?)?\b", re.IGNORECASE)
_ZERO = re.compile(r"0+(?:[.,]0+)?")
#: A number that a plan takes as it is typed: its zeros at the end say how exact it is.
_TYPED = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")
#: From here on a price without decimals may have lost them; these have none to lose.
_LARGE = 1000
_DEAR = {
    *(
        "BTC",
        "XBT",
        "WBTC",
        "ETH",
        "WETH",
        "STETH",
        "BNB",
        "MKR",
        "YFI",
        "PAXG",
        "XAUT",
        *METALS,
        "BCH",
        "US30",
        "DJ30",
    ),
    *("NAS100", "US100", "USTEC", "SPX500", "US500", "SPX", "NDX", "GER40", "DE40", "UK100", "JP225"),
}
_DEAR_QUOTES = ("JPY", "KRW", "RUB", "TRY", "UAH", *COINS)
#: What is quoted in a coin and is not dear costs less of it.
_NO_COIN_COSTS = 10
_DEFAULT_RISK = 100
#: What a text without a pair is read on with, so that one run says all that is missing.
_ANY_PAIR = SaidPair("", "USDT", Extent(0, 0))


def meant(scan: Scan, card: Card, wishes: Wishes) -> PlanWords | None:
    """Returns the plan of a card; none where an error is among what the scan has found."""
    place = status(scan, entered=card.has_entry)
    if place is not None:
        message = f"{quote(scan.text.plain[place.start : place.end])} says what became of a signal"
        scan.say(STATUS, place, message, "give the signal itself, without what became of it")
        return None
    pair = _pair(scan, card, wishes)
    if not card.has_entry:
        help = "a signal says where to enter, as `Entry: 60000`" if card.chunks else "it holds no prices of a signal"
        scan.say(INCOMPLETE, None, "the text has no entry", help)
    prices = _read(scan, card, pair, wishes)
    if prices is None or not card.has_entry:
        return None
    return _planned(scan, card, pair, prices, wishes)


def _planned(scan: Scan, card: Card, pair: SaidPair, prices: PricesRead, wishes: Wishes) -> PlanWords | None:
    assumed: dict[str, str] = {}
    said = said_targets(scan, card, prices)
    entries = list(prices.of_entries(card.entries))
    if wishes.price is not None and any(entry.market or entry.current for entry in card.entries):
        entries = [SaidPrice(wishes.price, plain(wishes.price)), *entries]
    elif wishes.price is not None:
        scan.assumed(None, "`--price` says nothing here: the text has a price for its entry", "leave it out")
    stops = [price for each in card.stops if each.prices for item in each.prices.items for price in prices.of(item)]
    side = _side(scan, card, entries, [target.price for target in said], stops, wishes, assumed)
    if side is None:
        return None
    tier_words = tiers(scan, card, prices, side, wishes, assumed)
    if not tier_words:
        if not has_errors(scan.found):
            scan.say(INCOMPLETE, card.entries[0].place, "the entry has no price", "`Entry: 60000` has one")
        return None
    first = tier_words.start if isinstance(tier_words, ZoneWords) else tier_words[0].price
    stop_text, stop_value = stop(scan, card, prices, side, first.value, assumed)
    _near(scan, [*entries, *(target.price for target in said), *stops])
    _between(scan, card, side, entries, first, stop_value, stop_text)
    target_words = targets(scan, card, said, side, first.value, assumed)
    terms = _terms(scan, card, pair, side, wishes, assumed)
    if terms is None:
        return None
    symbol, leverage, mode = terms
    return PlanWords(
        symbol,
        side,
        _size(scan, card, pair, leverage, wishes, assumed),
        wishes.risk,
        tier_words,
        stop_text,
        target_words,
        assumed,
        leverage,
        mode,
        wishes.venue,
        wishes.equity,
    )


# The pair


def _pair(scan: Scan, card: Card, wishes: Wishes) -> SaidPair:
    """Returns the pair, its quote the one that the command line says; what is missing is said, and stood in for."""
    pair = card.pair
    if pair is None:
        scan.say(INCOMPLETE, None, "the text names no pair", "a signal is about one, as `BTC/USDT`")
        return _ANY_PAIR
    scan.about = pair.place
    scan.take(*pair.place)
    if wishes.quote:
        if pair.quote != wishes.quote:
            scan.assumed(pair.place, f"{pair.base} is quoted in {wishes.quote}, as `--quote` says", "leave it out")
        return pair._replace(quote=wishes.quote)
    if not pair.quote:
        message = f"{quote(pair.base)} has no quote: the text does not say what it is paid in"
        scan.say(INCOMPLETE, pair.place, message, "`--quote USDT` says it")
        return pair._replace(quote=_ANY_PAIR.quote)
    return pair


# Prices


def _read(scan: Scan, card: Card, pair: SaidPair, wishes: Wishes) -> PricesRead | None:
    """Returns what every price of the text means, scaled; absent where one is not known."""
    chunks = [chunk for chunk in card.chunks if not _is_zero(scan, chunk)]
    found = settled(chunks, dear=pair.base in _DEAR and pair.quote not in COINS)
    if sum(len(meaning.values) for meaning in found if meaning is not None) > MOST:
        message = f"the text has more than {MOST} prices, and a signal has some ten"
        scan.say(TOO_MANY, chunks[-1].place, message, "give one signal")
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
            SaidPrice(value, chunk.text if is_typed else plain(value), chunk.place) for value in meaning.values
        )
    if len(read) < len(chunks):
        return None
    scale = _scale(scan, [price for prices in read.values() for price in prices], pair, wishes)
    if scale is not None:
        read = {
            place: tuple(SaidPrice(price.value * scale, plain(price.value * scale), place) for price in prices)
            for place, prices in read.items()
        }
    return PricesRead(read)


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


def _near(scan: Scan, prices: Sequence[SaidPrice]) -> None:
    """Says where two prices differ by more than ten times: one of them is no price of this signal."""
    if not prices:
        return
    ordered = sorted(prices, key=_value)
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


def _value(price: SaidPrice) -> Decimal:
    return price.value


# The side


def _side(
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
    if min(map(_value, ends)) > max(map(_value, entries)):
        return Side.LONG
    return Side.SHORT if max(map(_value, ends)) < min(map(_value, entries)) else None


def _other(side: Side | None) -> Side | None:
    return None if side is None else Side.SHORT if side is Side.LONG else Side.LONG


def _between(
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


# Terms


def _terms(
    scan: Scan, card: Card, pair: SaidPair, side: Side, wishes: Wishes, assumed: dict[str, str]
) -> tuple[str, str, MarginMode | None] | None:
    """Returns symbol, leverage and margin mode: of futures where leverage, exchange or a short says so, else spot."""
    leverage = _leverage(scan, card, wishes, assumed)
    levered = leverage or card.margin_modes
    contradicted = card.spot is not None and card.futures is None and not wishes.leverage
    if contradicted and card.spot is not None and (side is Side.SHORT or levered):
        what = "a short" if side is Side.SHORT else "a leverage"
        other = next((said.place for said in card.sides if said.side is side), None)
        place = other if side is Side.SHORT else (card.leverages or card.margin_modes)[0].place
        line = scan.span(card.spot).source.position(scan.span(card.spot).start).line
        message = f"line {line} says spot, which has no {what.split()[1]}"
        scan.say(CONTRADICTS, place, message, f"`--leverage {leverage or 1}` reads it as futures")
        return None
    is_futures = bool(levered or side is Side.SHORT or pair.perpetual or (card.futures and not card.spot))
    if not is_futures:
        if card.spot is None:
            assumed["symbol"] = "spot: no leverage is said"
            scan.assumed(
                pair.place, "no leverage is said: spot, which is never liquidated", "`--leverage X` says futures"
            )
        return pair.name, "", None
    if not leverage:
        leverage = "1"
        assumed["leverage"] = "none is said"
        scan.assumed(pair.place, "no leverage is said: 1", "`--leverage X` says it")
    of_fiat = pair.base in (*FIAT, *METALS)
    symbol = pair.name if of_fiat else f"{pair.name}:{pair.quote}"
    modes = {said.mode for said in card.margin_modes}
    mode = MarginMode.CROSS if modes == {MarginMode.CROSS} else MarginMode.ISOLATED
    if len(modes) > 1:
        scan.odd(
            card.margin_modes[0].place, "the text says cross and isolated: isolated", "write the one that is meant"
        )
    if not modes:
        assumed["margin_mode"] = "none is said"
        scan.assumed(pair.place, "no margin mode is said: isolated", "write `margin_mode: cross` where it is that")
    return symbol, leverage, mode


def _leverage(scan: Scan, card: Card, wishes: Wishes, assumed: dict[str, str]) -> str:
    """Returns the leverage of the option, or of the text: of a range the lower end; empty where none is said."""
    if wishes.leverage:
        return wishes.leverage
    said = [each for each in card.leverages if each.named] or list(card.leverages)
    for each in said:
        if not each.value:
            scan.odd(each.place, "a leverage of 0 is none", "`--leverage X` says it")
    said = [each for each in said if each.value]
    if not said:
        return ""
    first = said[0]
    text = plain(first.value)
    if first.high is not None and first.high != first.value:
        assumed["leverage"] = f"the lower end of {text} to {plain(first.high)}"
        scan.assumed(first.place, f"of a leverage from {text} to {plain(first.high)} the lower end", "`--leverage X`")
    elif first.up_to:
        assumed["leverage"] = f"up to {text} is said"
        scan.assumed(first.place, f"a leverage up to {text} is {text}", "`--leverage X` takes less")
    for other in card.leverages:
        if other.value and other.value != first.value:
            scan.odd(other.place, f"the text says {text}x and {plain(other.value)}x: {text}", "`--leverage X` says it")
    return text


# The size


def _size(scan: Scan, card: Card, pair: SaidPair, leverage: str, wishes: Wishes, assumed: dict[str, str]) -> str:
    """Returns the size: that of the options, the amount of the text, or so that 1R is 100 of the quote.

    It is empty where the command line says what may be lost.
    """
    if wishes.size or wishes.risk:
        for amount in card.amounts:
            scan.left_out(amount.place, "the amount of the text: the command line says the size")
        return wishes.size
    amounts = sorted((amount for amount in card.amounts if amount.percent), key=lambda amount: amount.place)
    if amounts:
        first, *others = amounts
        for other in others:
            scan.left_out(other.place, f"a second amount: {plain(first.percent)}% stands first")
        unit = "risk" if first.risk else "margin" if leverage else "equity"
        return f"{plain(first.percent)}% {unit}"
    assumed["size"] = f"none is said; 1R is {_DEFAULT_RISK} {pair.quote}"
    scan.assumed(
        pair.place,
        f"no size is said: `{_DEFAULT_RISK} {pair.quote} risk`, so that 1R is {_DEFAULT_RISK} {pair.quote}",
        "`--size` or `--risk` says it",
    )
    return f"{_DEFAULT_RISK} {pair.quote} risk"
