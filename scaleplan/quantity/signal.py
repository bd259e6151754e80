"""A signal says on which bars a template is traded.

`breakout 20`, `dip 3% in 20`, `cross 50`, `every 1d`, `column NAME`, or `random 0.1%`: each bar with that chance.
What each means on bars is the room `template`'s.
"""

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from scaleplan.diagnostic import Help
from scaleplan.quantity.amount import DURATION, read_duration
from scaleplan.quantity.form import NOT_ONE_OF, Mistake, any_case, captured
from scaleplan.quantity.number import NUMBER, quote, read_share

#: More bars than anybody looks back.
MOST_BARS = 1_000_000


class SignalKind(StrEnum):
    """What gives a signal."""

    COLUMN = "column"
    BREAKOUT = "breakout"
    DIP = "dip"
    CROSS = "cross"
    EVERY = "every"
    RANDOM = "random"


class SignalRule(NamedTuple):
    """When a template is traded. `bars` are those looked back at, `share` a fall or a chance, `minutes` a period.

    `text` is what was written.
    """

    kind: SignalKind
    text: str
    column: str = ""
    bars: int = 0
    share: Fraction = Fraction(0)
    minutes: int = 0


_SHARE = captured(NUMBER + "%")
COLUMN = any_case("column") + " " + captured(r"\S+")
LOOKS_BACK = captured(any_case("breakout", "cross")) + " " + captured("[0-9]{1,6}")
DIP = any_case("dip") + " " + _SHARE + " " + any_case("in") + " " + captured("[0-9]{1,6}")
EVERY = any_case("every") + " " + captured(DURATION)
RANDOM = any_case("random") + " " + _SHARE
_FORMS = "`breakout 20`, `dip 3% in 20`, `cross 50`, `every 1d`, `column NAME` or `random 0.1%`"


def read_signal(text: str) -> SignalRule | Mistake:
    """Reads when a template is traded."""
    words = " ".join(text.split())
    if match := COLUMN.fullmatch(words):
        return SignalRule(SignalKind.COLUMN, words, column=match[1])
    if match := EVERY.fullmatch(words):
        minutes = read_duration(match[1])
        return minutes if isinstance(minutes, Mistake) else SignalRule(SignalKind.EVERY, words, minutes=minutes)
    bars, share = "1", "1%"
    if match := LOOKS_BACK.fullmatch(words):
        kind, bars = SignalKind(match[1].lower()), match[2]
    elif match := DIP.fullmatch(words):
        kind, share, bars = SignalKind.DIP, match[1], match[2]
    elif match := RANDOM.fullmatch(words):
        kind, share = SignalKind.RANDOM, match[1]
    else:
        return Mistake(NOT_ONE_OF, f"{quote(text)} is no signal", f"write {_FORMS}")
    part = read_share(share)
    if isinstance(part, Mistake):
        return part
    if not 0 < part <= 1:
        return Mistake(NOT_ONE_OF, f"{quote(text)} asks for {share}", Help("write a share from above `0%` to `100%`"))
    if not int(bars):
        return Mistake(NOT_ONE_OF, f"{quote(text)} looks back at no bar", Help("write `1` or more"))
    return SignalRule(kind, words, bars=int(bars), share=part)
