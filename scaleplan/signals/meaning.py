"""The meaning of a card: what a plan says for it. What is assumed, left out or odd is said; an error leaves no plan."""

import re
from decimal import Decimal

from scaleplan.diagnostic import has_errors
from scaleplan.plan import MarginMode, Side
from scaleplan.quantity.number import plain
from scaleplan.signals.amounts import AmountSaid
from scaleplan.signals.card import Card
from scaleplan.signals.exits import in_force, said_targets, stop, targets
from scaleplan.signals.headless import with_headless
from scaleplan.signals.kinds import CONTRADICTS, INCOMPLETE, STATUS
from scaleplan.signals.pairs import FIAT, METALS, SaidPair
from scaleplan.signals.scan import Extent, Scan
from scaleplan.signals.side import say_stop_beyond, side_of
from scaleplan.signals.status import status
from scaleplan.signals.tiers import tiers
from scaleplan.signals.values import PricesRead, read_values, say_far_apart, say_how_read
from scaleplan.signals.words import PlanWords, SaidPrice, Wishes, ZoneWords
from scaleplan.tree.quoting import quote

_DEFAULT_RISK = 100
#: Currencies that are taken for one another.
_DOLLARS = {"$", "DOLLAR", "DOLLARS", "USD", "USDT", "USDC", "BUSD", "FDUSD"}
#: What is left of a text about a leverage that was not read.
_LEVERAGE_WORD = re.compile(
    r"(?:leverage|(?<![^\W_])lev(?![^\W_])|плеч)[^\n]{0,30}\d|(?<![\w.])(?:\d+[ \t]?[xXхХ]|[xXхХ]\d+)(?![^\W_])",
    re.IGNORECASE,
)
#: What is left of a text about a size that was not read.
_SIZE_WORD = re.compile(
    r"(?<![^\W_])(?:rm|risk\w*|size|sizing|amount|invest\w*|capital|equity|balance|deposit|portfolio|lots?|риск\w*|объ[её]м"
    r"|сумма|лот\w*|депозит\w*|margin)(?![^\W_])[^\n]{0,60}?\d|\d[\d.,]*[ \t]*(?:%[ \t]*(?:of|risk|от)\b|lots?\b|лот)",
    re.IGNORECASE,
)
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
    card = card._replace(stops=in_force(scan, card.stops))
    prices = read_values(scan, card, pair, wishes)
    if prices is None or not card.has_entry:
        return None
    return _planned(scan, card, pair, prices, wishes)


def _planned(scan: Scan, card: Card, pair: SaidPair, prices: PricesRead, wishes: Wishes) -> PlanWords | None:
    assumed: dict[str, str] = {}
    card = with_headless(scan, card, prices, wishes)
    said = said_targets(scan, card, prices)
    entries = list(prices.of_entries(card.entries))
    if wishes.price is not None and any(entry.market or entry.current for entry in card.entries):
        entries = [SaidPrice(wishes.price, plain(wishes.price)), *entries]
    elif wishes.price is not None:
        scan.assumed(None, "`--price` says nothing here: the text has a price for its entry", "leave it out")
    stops = [price for each in card.stops if each.prices for item in each.prices.items for price in prices.of(item)]
    side = side_of(scan, card, entries, [target.price for target in said], stops, wishes, assumed)
    if side is None:
        return None
    tier_words = tiers(scan, card, prices, side, wishes, assumed)
    if not tier_words:
        if not has_errors(scan.found):
            scan.say(INCOMPLETE, card.entries[0].place, "the entry has no price", "`Entry: 60000` has one")
        return None
    first = tier_words.start if isinstance(tier_words, ZoneWords) else tier_words[0].price
    leverage = _leverage(scan, card, wishes, assumed)
    stop_text, stop_value = stop(scan, card, prices, side, first.value, leverage, assumed)
    say_far_apart(scan, [*entries, *(target.price for target in said), *stops])
    say_stop_beyond(scan, card, side, entries, first, stop_value, stop_text)
    target_words = targets(scan, card, said, side, first.value, assumed)
    say_how_read(assumed, "tiers", entries)
    say_how_read(assumed, "stop", stops)
    say_how_read(assumed, "targets", [target.price for target in said])
    terms = _terms(scan, card, pair, side, leverage, wishes, assumed)
    if terms is None:
        return None
    symbol, leverage, mode = terms
    away = None if stop_value is None else abs(stop_value / first.value - 1) * 100
    return PlanWords(
        symbol,
        side,
        _size(scan, card, pair, leverage, wishes, away, assumed),
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
    if pair.other:
        message = f"{quote(pair.name.replace('/', ''))} is read as {pair.name}, and not as {pair.other}"
        scan.assumed(pair.place, message, f"write `{pair.other}` where that is meant")
    if pair.settle and not wishes.quote:
        message = f"{pair.name} is settled in {pair.settle}: the prices of a signal make no plan of such a contract"
        scan.say(INCOMPLETE, pair.place, message, f"`scaleplan quick` takes `{pair.name}:{pair.settle}` and a size")
    if not pair.quote:
        message = f"{quote(pair.base)} has no quote: the text does not say what it is paid in"
        scan.say(INCOMPLETE, pair.place, message, "`--quote USDT` says it")
        return pair._replace(quote=_ANY_PAIR.quote)
    return pair


# Terms


def _terms(
    scan: Scan, card: Card, pair: SaidPair, side: Side, leverage: str, wishes: Wishes, assumed: dict[str, str]
) -> tuple[str, str, MarginMode | None] | None:
    """Returns symbol, leverage and margin mode: of futures where leverage, exchange or a short says so, else spot."""
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
            none = _no_leverage(scan)
            assumed["symbol"] = f"spot: {none}"
            scan.assumed(pair.place, f"{none}: spot, which is never liquidated", "`--leverage X` says futures")
        return pair.name, "", None
    if not leverage:
        leverage = "1"
        none = _no_leverage(scan)
        assumed["leverage"] = none.replace("no leverage", "none")
        scan.assumed(pair.place, f"{none}: 1", "`--leverage X` says it")
    of_fiat = pair.base in (*FIAT, *METALS)
    symbol = pair.name if of_fiat else f"{pair.name}:{pair.quote}"
    if pair.quote == "USD" and not pair.perpetual and not of_fiat:
        assumed["symbol"] = "linear, settled in USD"
        message = f"futures of {pair.name} are read as linear, settled in USD: many venues settle them in {pair.base}"
        scan.assumed(pair.place, message, f"write `symbol: {pair.name}:{pair.base}` where they are inverse")
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


def _no_leverage(scan: Scan) -> str:
    """Returns that no leverage is said, or that none was read of what is left of the text."""
    return f"no leverage is {'read' if _LEVERAGE_WORD.search(scan.rest) else 'said'}"


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


def _size(
    scan: Scan, card: Card, pair: SaidPair, leverage: str, wishes: Wishes, away: Decimal | None, assumed: dict[str, str]
) -> str:
    """Returns the size: that of the options, the amount of the text, or so that 1R is 100 of the quote.

    It is empty where the command line says what may be lost. `away` is how far the stop lies from tier 1, in percent.
    """
    if wishes.size or wishes.risk:
        for amount in card.amounts:
            scan.left_out(amount.place, "the amount of the text: the command line says the size")
        return wishes.size
    amounts = [amount for amount in card.amounts if _is_size(scan, amount, pair, away)]
    if amounts:
        first, *others = amounts
        text = _amount_text(first)
        for other in others:
            scan.left_out(other.place, f"a second amount: {text} stands first")
        if first.high is not None and first.high != first.value:
            assumed["size"] = f"the lower end of {plain(first.value)}% to {plain(first.high)}%"
            message = f"of an amount from {plain(first.value)}% to {plain(first.high)}% the lower end"
            scan.assumed(first.place, message, "`--size` says another")
        if first.currency:
            if first.currency != pair.quote:
                assumed["size"] = f"{text} is said"
                message = f"{text} that may be lost is read as {plain(first.value)} {pair.quote}"
                scan.assumed(first.place, message, "`--risk` says another")
            return f"{plain(first.value)} {pair.quote} risk"
        unit = "risk" if first.risk else "margin" if leverage else "equity"
        return f"{text} {unit}"
    unread = card.amounts or _SIZE_WORD.search(scan.rest) or scan.has_said("an amount of money")
    none = "none is read" if unread else "none is said"
    assumed["size"] = f"{none}; 1R is {_DEFAULT_RISK} {pair.quote}"
    scan.assumed(
        pair.place,
        f"no size is {none[8:]}: `{_DEFAULT_RISK} {pair.quote} risk`, so that 1R is {_DEFAULT_RISK} {pair.quote}",
        "`--size` or `--risk` says it",
    )
    return f"{_DEFAULT_RISK} {pair.quote} risk"


def _amount_text(amount: AmountSaid) -> str:
    return f"{plain(amount.value)}{f' {amount.currency}' if amount.currency else '%'}"


def _is_size(scan: Scan, amount: AmountSaid, pair: SaidPair, away: Decimal | None) -> bool:
    """Returns whether an amount is a size, and says why it is none: it is how far the stop lies, or other money."""
    text = _amount_text(amount)
    if amount.currency:
        if amount.currency == pair.quote or {amount.currency, pair.quote} <= _DOLLARS:
            return True
        scan.left_out(amount.place, f"{text} that may be lost: the pair is quoted in {pair.quote}", "`--risk` says it")
        return False
    digits = -int(amount.value.as_tuple().exponent)
    is_way = amount.risk and amount.high is None and away is not None and round(away, digits) == amount.value
    if amount.bracketed or (is_way and (amount.behind_stop or digits)):
        what = "how far the stop lies" if is_way else "how far the stop lies, or what may be lost"
        scan.odd(amount.place, f"{text} is {what}: no size is taken from it", "`--size` or `--risk` says it")
        return False
    if is_way:
        message = f"{text} is what may be lost, and how far the stop lies too"
        scan.odd(amount.place, message, "`--size` says another where only the stop is meant")
    return True
