"""Amounts of a signal: how much to put in, or what may be lost, in percent of the account or in money.

A number belongs to `risk` or `amount` only where nothing but the words of such a line stands between them, and the line
ends behind it. `Risk management: close 50% at TP1` is about an exit, and is none.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from scaleplan.signals.numbers import comma_decimal
from scaleplan.signals.scan import Extent, Scan, line_before
from scaleplan.signals.text import MASK

_TO = r"[ \t]*(?:-|–|—|to|до)[ \t]*"  # three dashes
_NUMBER = r"\d{1,9}(?:[.,]\d{1,20})?"


def _percentage(name: str) -> str:
    """Returns the pattern of a percentage or a range of them."""
    return rf"(?P<low{name}>{_NUMBER})[ \t]*%?(?:{_TO}(?P<high{name}>{_NUMBER}))?[ \t]*%"


_CURRENCY = r"(?:\$|€|usd[tc]?\b|busd\b|fdusd\b|eur\b|dollars?\b)"
_MONEY = (
    r"(?:(?P<sign>[$€])[ \t]*(?P<money>\d[\d.,]*)(?:[ \t]*usd[tc]?\b)?"
    rf"|(?P<money_before>\d[\d.,]*)[ \t]*(?P<currency>{_CURRENCY}))"
)
_ACCOUNT = (
    r"(?:capital|deposit|balance|portfolio|equity|wallet|account|funds?|bankroll|margin|депозит\w*|баланс\w*|капитал\w*"
    r"|счет\w*|счёт\w*)"
)
#: Words that may stand between the label and its number.
_BETWEEN = (
    r"(?:[ \t:=(\[–—-]|\b(?:per|each|every|a|the|this|trade|trades|position|deal|entry|signal|of|for|on|is|be|should"
    r"|use|using|only|just|not|no|more|less|than|at|most|max(?:imum)?|min(?:imum)?|up|to|about|around|approx|with|your|our"
    r"|level|size|на|сделку|не|более|больше|до|от|по|\w{0,4}депозит\w*|" + _ACCOUNT + r")\b)"
)
_OF_ACCOUNT = (
    r"(?:[ \t]+(?:of|from|от|с)[ \t]+(?:(?:your|the|our|my|total|trading|whole|entire|available)[ \t]+){0,3}"
    rf"{_ACCOUNT}(?:[ \t]+(?:balance|size|capital|equity|value))?\b)"
)
#: Words that may stand behind the number.
_TAIL = (
    r"(?:[ \t]+(?:risk|max(?:imum)?|only|margin|per[ \t]+(?:trade|position|entry|signal)|a[ \t]+trade|на[ \t]+сделку"
    r"|(?:on|for|in)[ \t]+(?:this|each|every|the|one|any)[ \t]+(?:trade|position|signal|setup|coin))\b){0,4}"
)
#: Where the line, the sentence or the part of it ends; a text that has lost its line ends goes on with a head.
_ENDS = (
    r"(?=[ \t]*(?:\n|\Z|[^\w\s%]|"
    + MASK
    + r"|(?:entry|entries|enter|buy|leverage|lev|stop|stoploss|sl|вход|стоп|плеч\w+)\b"
    r"|(?:take[ \t-]*profits?|tps?|targets?|тейк\w*|цел[ьи])[ \t]*\d{0,2}[ \t]*:))"
    # Parts of a list, a way beside its reward, what is closed at a target.
    r"(?![^\w\n]{0,6}\d+(?:[.,]\d+)?[ \t]*%)"
    r"(?![^\n\d]{0,12}\b(?:reward|profit|gain)[^\n\d]{0,12}\d+(?:[.,]\d+)?[ \t]*%)"
    r"(?![^\w\n]{0,6}(?:tps?|targets?|take[ \t-]*profits?)[ \t]*\d{0,2}[ \t]*(?![ \t\d:]))"
)
_LABEL = (
    r"(?<![\w/])(?:(?P<risk>rm|risk[ \t]+management|risk(?:ing|ed)?|риск-?менеджмент|риск\w{0,3})"
    r"|margin(?=[ \t]*[:=-])|amount(?:[ \t]+per[ \t]+trade)?|invest(?:ment|ing)?(?:[ \t]+up[ \t]+to)?|сумма|объ[её]м)\b"
)
_LABELLED = re.compile(
    rf"{_LABEL}{_BETWEEN}{{0,40}}(?:{_percentage('')}{_OF_ACCOUNT}?|{_MONEY})(?P<tail>{_TAIL}){_ENDS}", re.IGNORECASE
)
_UNLABELLED = re.compile(
    rf"(?<![\w.,%+-])(?:{_percentage('_of')}{_OF_ACCOUNT}(?P<tail_of>{_TAIL})"
    rf"|{_percentage('_risk')}(?P<tail_risk>[ \t]+risk\b(?![ \t-]*(?:free|reward|management|reduc))){_TAIL}){_ENDS}",
    re.IGNORECASE,
)
#: Words that begin a sentence about how much to put in.
_INTRO = re.compile(
    rf"(?:[^\w\n]|\b(?:use|using|used|enter|entry|buy|open|with|only|just|put|invest|allocate|max(?:imum)?|up|to|about"
    rf"|around|at|most|not|no|more|than|risk|size|sizing|position|amount|capital|margin|trade|per|leverage|lev|a|the|of|for"
    rf"|please|recommended|suggested|we|i|you|should|is|by|\d+x?|используем|входим|на|не|более|{_ACCOUNT})\b)*\Z",
    re.IGNORECASE,
)
#: Where a part of a sentence begins.
_BREAK = re.compile(r"[\n;!|,()\[\]]|\.(?=\s|\Z)")
#: Words before `risk` that make it what is taken away, and before an amount what becomes of a position.
_TAKEN = re.compile(
    r"\b(?:reduc\w*|lower\w*|cut\w*|minimi[sz]\w*|decreas\w*|halv\w*|remov\w*|zero|without|clos\w*|secur\w*|lock\w*|book\w*"
    r"|profits?|gains?|снизи\w*|снижа\w*|уменьш\w*|убра\w*|без)\W",
    re.IGNORECASE,
)
#: `SL: 145 (risk 3.3%)`: what stands behind the price of a stop.
_BEHIND_STOP = re.compile(
    r"(?:stop[ \t-]*loss|stop|s/?l|стоп)[^\w\n]{0,6}\d[\d.,]*[ \t$]*(?P<sign>[^\w\n]{0,4})\Z", re.IGNORECASE
)
#: Words that forbid what follows, but for what is more than it.
_NEVER = re.compile(r"\b(?:don['’]?t|never|do[ \t]+not|no)\W+\Z", re.IGNORECASE)
_COMMA_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_POINT_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_MOST_BEFORE = 120


class AmountSaid(NamedTuple):
    """How much to put in, or with `risk` what may be lost: in percent of the account, or money in a `currency`.

    Of a range it is the lower end, and `high` the other. `behind_stop` tells that it stands behind the price of a stop,
    `bracketed` in brackets there.
    """

    value: Decimal
    risk: bool
    place: Extent
    high: Decimal | None = None
    currency: str = ""
    behind_stop: bool = False
    bracketed: bool = False


def amounts(scan: Scan) -> tuple[AmountSaid, ...]:
    """Takes how much a text says to put in; an amount of money to put in is left out, one to lose is not."""
    found = [_labelled(scan, match) for match in _LABELLED.finditer(scan.rest)]
    for match in _UNLABELLED.finditer(scan.rest):
        if _INTRO.match(_before(match)):
            low = match["low_of"] or match["low_risk"]
            found.append(
                _percent(scan, match, low, match["high_of"] or match["high_risk"], risk=match["tail_risk"] is not None)
            )
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.place))


def _labelled(scan: Scan, match: re.Match[str]) -> AmountSaid | None:
    before = _before(match)
    is_risk = match["risk"] is not None
    if _TAKEN.search(f"{before} ") or (_NEVER.search(before) and "more" not in match[0].lower()):
        return None
    if match["low"]:
        said = _percent(scan, match, match["low"], match["high"], risk=is_risk or "risk" in match["tail"].lower())
        stop = _BEHIND_STOP.search(line_before(match, _MOST_BEFORE))
        if said is None or stop is None:
            return said
        return said._replace(behind_stop=True, bracketed="(" in stop["sign"] or "[" in stop["sign"])
    if not is_risk:
        place = scan.take(match.start(), match.end())
        scan.left_out(place, "an amount of money to put in: it is yours to say", "type `--size '100 USDT margin'`")
        return None
    money = _money(match["money"] or match["money_before"])
    if money is None or not money:
        return None
    currency = (match["sign"] or match["currency"]).upper()
    return AmountSaid(money, True, scan.take(match.start(), match.end()), currency=currency)  # noqa: FBT003 - a record


def _percent(scan: Scan, match: re.Match[str], low: str, high: str | None, *, risk: bool) -> AmountSaid | None:
    ends = [end for end in map(comma_decimal, (low, high)) if end is not None]
    if not ends or not min(ends):
        return None
    return AmountSaid(min(ends), risk, scan.take(match.start(), match.end()), max(ends) if len(ends) > 1 else None)


def _before(match: re.Match[str]) -> str:
    """Returns what stands before a match in its part of a sentence."""
    text = match.string[max(0, match.start() - _MOST_BEFORE) : match.start()]
    return _BREAK.split(text)[-1].replace(MASK, " ")


def _money(text: str) -> Decimal | None:
    """Returns an amount of money; absent where a point or a comma in it reads two ways."""
    text = text.rstrip(".,")
    if _COMMA_THOUSANDS.fullmatch(text):
        return comma_decimal(text.replace(",", ""))
    return None if _POINT_THOUSANDS.fullmatch(text) else comma_decimal(text)
