"""Heads: the words that say what the prices behind them are. They are found inside lines too.

Copied text loses its line ends, so that a head may follow a digit or another word: `LONGLeverage : 10x Entry: 0.9050`.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from scaleplan.signals.scan import Extent, line_before
from scaleplan.signals.text import MASK


class HeadKind(StrEnum):
    """What stands behind a head. The price behind `buy` and `sell` is one, behind `long` and `short` it may be."""

    TRAILING = "trailing"
    LEVERAGE = "leverage"
    TARGETS = "targets"
    ENTRY = "entry"
    BUY = "buy"
    SELL = "sell"
    SIDE = "side"
    STOP = "stop"


class Head(NamedTuple):
    """A head and the place of what follows it, up to the next head. `number` is that of `Target 2`, else 0.

    `before` is what stands before it on its line.
    """

    kind: HeadKind
    place: Extent
    body: Extent
    text: str
    number: int
    before: str = ""


_MOST_BEFORE = 30
_BLANK = r"[ \t_-]{0,4}"
#: The end of a word: no letter follows, or a capital that begins the next one of a text without line ends.
END = r"(?:(?![^\W\d_])|(?-i:(?<=[A-ZА-Я])(?=[A-ZА-Я][a-zа-я])|(?<=[a-zа-я])(?=[A-ZА-Я])))"
#: `LONG Targets: 3600` and `BUY Entry: 3500` are two heads each: none of these words may stand behind a side.
_BEHIND_SIDE = (
    r"zones?|areas?|range|around|at|near|above|below|over|under|between|in|prices?|points?|levels?|orders?"
    r"|limit|market|now|cmp|выше|ниже|зон\w*|лимит\w*|рын\w*"
)
#: `Entry (zone)`, `Buy limit`; the words are looked at again to see what they say.
_QUALIFIED_SIDE = rf"(?:{_BLANK}\(?(?:{_BEHIND_SIDE}){END}(?! ?ордер)\)?)*"
_QUALIFIED = rf"(?:{_BLANK}\(?(?:{_BEHIND_SIDE}|entry|long|short|buy|sell){END}(?! ?ордер)\)?)*"
#: `Buy targets` are entries beside `Sell targets`, else a side before its targets.
_BUY_TARGETS = rf"(?:{_BLANK}targets?{END}(?=[\s\S]{{0,400}}?sell{_BLANK}targets?))?"
#: `TP1`, `Target 2:`; a number that is not followed so is a price.
_NUMBER = r"(?:[ \t]*[#№]?(?P<{}>\d{{1,2}})(?:(?<=[^\W\d_]\d)|(?<=[^\W\d_]\d\d)|(?=\s*[:)=]))(?![\d.,'’%]))?"
#: A sign stands for a word only where a price follows.
_BEFORE_PRICE = r"(?=[ \t:]{0,4}\$?\d)"
#: An entry that is another one, or was: `Re-entry: 140`, `Average entry 147`.
_NO_ENTRY = "".join(
    f"(?<!{before}{blank})"
    for before in ("re", "avg", "avg.", "average", "last", "missed", "old", "previous", "средний", "средняя")
    for blank in (" ", "-")
)
#: `TP1: 3100 (sell 50%)` says how much is closed.
_NO_SHARE = r"(?![ \t]*\d+(?:[.,]\d+)?[ \t]*%)"
_WORDS = {
    HeadKind.TRAILING: rf"trailing{_BLANK}config(?:uration)?",
    HeadKind.LEVERAGE: r"leverages?|lev|плеч\w{1,2}",
    HeadKind.TARGETS: rf"(?:take[ \t-]*profits?|(?:profit|sell|exit){_BLANK}targets?|targets?)"
    rf"(?:{_BLANK}(?:targets?|orders?|levels?|points?|prices?|zones?){END})*"
    rf"|tps?|t/p|тейк(?:[ \t-]*профит)?\w{{0,3}}|цел[ьи]|тп|🎯{_BEFORE_PRICE}",
    HeadKind.ENTRY: rf"{_NO_ENTRY}(?:limit{_BLANK}|market{_BLANK})?(?:entry|entries|enter){END}"
    rf"(?:{_BLANK}targets?{END})?{_QUALIFIED}"
    rf"|(?<={MASK} )at(?=[ \t]*\$?\d)|@(?=[ \t]*\$?\d)|твх|(?:точк[аи]|зон[аыу]|цен[аы])[ \t]+входа"
    rf"|(?:рын\w*|лимит\w*)[ \t]+ордер\w*|вход(?:им)?{END}(?:[ \t]+(?:в|от|по|зон\w+){END})*{_QUALIFIED}"
    r"|покупк\w|покупаем|купить",
    HeadKind.BUY: rf"buy{END}{_NO_SHARE}(?:{_BLANK}stop(?![ \t-]*loss){END})?{_BUY_TARGETS}{_QUALIFIED_SIDE}",
    HeadKind.SELL: rf"sell{END}{_NO_SHARE}(?:{_BLANK}stop(?![ \t-]*loss){END})?{_QUALIFIED_SIDE}",
    HeadKind.SIDE: rf"(?:long|short|лонг|шорт){END}{_QUALIFIED_SIDE}",
    HeadKind.STOP: rf"[🛑⛔🚫❌]{_BEFORE_PRICE}"
    r"|(?:stop[ \t-]*loss(?:es)?|stop|s/l|sl|стоп(?:[ \t-]*(?:лосс?|ордер))?)"
    rf"{END}(?:{_BLANK}(?:targets?|orders?|prices?|levels?|at){END})*",
}
_NUMBERED = (HeadKind.TARGETS, HeadKind.ENTRY, HeadKind.BUY, HeadKind.STOP)
_HEAD = re.compile(
    "|".join(
        rf"(?P<{kind}>(?:{words}){END}" + (_NUMBER.format(f"{kind}_number") if kind in _NUMBERED else "") + ")"
        for kind, words in _WORDS.items()
    ),
    re.IGNORECASE,
)


def heads(text: str) -> tuple[Head, ...]:
    """Returns every head of a text, in order."""
    found: list[tuple[HeadKind, re.Match[str]]] = []
    at = 0
    while match := _HEAD.search(text, at):
        if found and _is_of_price(text, found[-1], match):
            at = match.end()
        elif _begins(text, match.start()):
            found.append((HeadKind(match.lastgroup or ""), match))
            at = match.end()
        else:
            at = match.start() + 1
    ends = [*(match.start() for _, match in found), len(text)][1:]
    return tuple(_head(kind, match, end) for (kind, match), end in zip(found, ends, strict=True))


def _head(kind: HeadKind, match: re.Match[str], end: int) -> Head:
    number = match[f"{kind}_number"] if kind in _NUMBERED else None
    place = Extent(match.start(), match.end())
    before = line_before(match, _MOST_BEFORE)
    return Head(kind, place, Extent(match.end(), end), match[0].lower(), int(number or 0), before)


def _is_of_price(text: str, before: tuple[HeadKind, re.Match[str]], match: re.Match[str]) -> bool:
    """Returns whether a sign belongs to the price of the head before it: `SL @ 1.1` is a stop."""
    kind, head = before
    if match[0].lower() not in ("@", "at") or text[head.end() : match.start()].strip(" \t:=-"):
        return False
    return kind in (HeadKind.TARGETS, HeadKind.STOP, HeadKind.ENTRY)


def _begins(text: str, at: int) -> bool:
    """Returns whether a word begins there: after a letter only with a capital, as in `LONGLeverage` or `longEntry`."""
    before = text[at - 1 : at]
    if not before.isalpha():
        return True
    first, second = text[at : at + 1], text[at + 1 : at + 2]
    return first.isupper() and (before.islower() or second.islower())


def says(head: Head, *words: str) -> bool:
    """Returns whether a head has one of some words in it, or a word that begins with one."""
    return any(re.search(rf"(?<![^\W\d_]){word}", head.text) for word in words)
