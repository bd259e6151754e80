"""The written forms as patterns that editors understand: the reader's own, made portable, and put together.

A JSON Schema's patterns are JavaScript's: no named groups, no flags. What the reader decides by reckoning (a number
above zero, a percentage below a hundred) is said by looking ahead at the digits.
"""

import re

from scaleplan.decode.short import SHORT_TARGET, SHORT_TIER
from scaleplan.decode.targets import OF_REST
from scaleplan.decode.tiers import TIER_NAME
from scaleplan.quantity import amount, number, price
from scaleplan.quantity.pattern import Pattern

_GROUP = re.compile(r"\((?:\?P<[a-z]+>)?(?!\?)")
_PIECE = re.compile(r"\\.|\[[^\]]*\]|\(\?[:=!]|[A-Za-z]")

#: An escape that Python writes and ECMAScript refuses.
_NEEDLESS = re.compile(r"\\([ \-#&~])")
#: What stands for classes of letters: an editor's `\w` is ASCII alone, so that any other character passes here.
_PORTABLE = (
    (amount.LETTER_OR_DIGIT, r"(?:[A-Za-z0-9]|[^\x00-\x7f])"),
    (amount.LETTER, r"(?:[A-Za-z]|[^\x00-\x7f])"),
    (amount.SIGNED, r"(?:[A-Za-z0-9_&!=.-]|[^\x00-\x7f])"),
)


def portable(pattern: Pattern) -> str:
    """A pattern of the reader without named groups and flags, inside a group of its own."""
    text = pattern.pattern
    for ours, theirs in _PORTABLE:
        text = text.replace(ours, theirs)
    text = _GROUP.sub("(?:", text)
    if pattern.flags & re.IGNORECASE:
        text = _PIECE.sub(lambda piece: _either_case(piece[0]), text)
    return f"(?:{text})"


def _either_case(piece: str) -> str:
    return f"[{piece.lower()}{piece.upper()}]" if len(piece) == 1 else piece


def filled(pattern: Pattern, **parts: str) -> str:
    """A pattern with the contents of its named groups replaced."""
    text = pattern.pattern
    for name, part in parts.items():
        before, after = text.split(f"(?P<{name}>", 1)
        text = f"{before}(?:{part}){after[_end_of_group(after) :]}"
    return portable(Pattern(text, pattern.flags))


def _end_of_group(text: str) -> int:
    """Where the text behind the bracket that closes a group begins, from the inside of that group on."""
    depth = 1
    for place, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if not depth:
            return place + 1
    raise ValueError(text)


def whole(*alternatives: str) -> str:
    """A pattern for all of a text, which may be any of the alternatives; the reader passes over blanks around it."""
    return rf"^\s*(?:{'|'.join(alternatives)})\s*$"


def words(*choices: str) -> str:
    """A pattern for one of a few words, each as it is written."""
    # Editors read patterns as ECMAScript does in its strict mode: what needs no escape may have none.
    return "|".join(_NEEDLESS.sub(r"\1", re.escape(choice)) for choice in choices)


def any_case(*choices: str) -> str:
    """A pattern for one of a few words in whatever case."""
    return portable(Pattern(words(*choices), re.IGNORECASE))


# Looking ahead, from the first digit on.
_ABOVE_ZERO = r"(?![0_]*(?:\.0+)?(?![0-9_.]))"
_BELOW_HUNDRED = r"(?![0_]*[1-9](?:_?[0-9]){2})"
_A_HUNDRED = r"(?:0_?)*1_?0_?0(?:\.0+)?%"
_A_DAY = (
    r"(?!0000)(?=.{5}(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))(?!.{5}(?:0[469]|11)-31)(?!.{5}02-3)"  # of a calendar
)

NUMBER = f"(?:{number.NUMBER})"
POSITIVE = f"{_ABOVE_ZERO}{NUMBER}"
LEVERAGE = f"{POSITIVE}[xX]?"

# `1/0` is no share.
_RATIO = portable(number.RATIO).replace("/", "/(?!0+(?![0-9]))")

ANY_SHARE = f"(?:{portable(number.SHARE)}|{_RATIO})"
SHARE = f"{_ABOVE_ZERO}{ANY_SHARE}"
RATE = f"(?:{_BELOW_HUNDRED}{portable(number.SHARE)}|{_RATIO})"
SIGNED_RATE = f"-?{RATE}"
PART = f"(?:{RATE}|{_A_HUNDRED})"
POSITIVE_PART = f"{_ABOVE_ZERO}{PART}"
#: The word behind a distance in steps, in whatever case.
_UNITS = f" ?{portable(Pattern(price.UNITS, re.IGNORECASE))}"
TRAIL = f"{_ABOVE_ZERO}(?:{_BELOW_HUNDRED}{portable(number.SHARE)}|{NUMBER}(?:{_UNITS})?)"
SLIP = f"(?:{RATE}|{NUMBER}{_UNITS})"
CLOSE = f"(?:(?:the )?rest|{PART}|{filled(OF_REST, share=PART)})"

MONEY = portable(amount.MONEY)
POSITIVE_MONEY = f"{_ABOVE_ZERO}{MONEY}"
SIGNED_MONEY = f"[+-]?{MONEY}"
MONEY_PER = portable(Pattern(amount.MONEY_PER.pattern.removeprefix("([+-]?)")))
MONEY_PER_CONTRACT = f"{_ABOVE_ZERO}{MONEY_PER}".replace("|order", "")
SIGNED_MONEY_PER_CONTRACT = f"[+-]?{MONEY_PER}".replace("|order", "")
EXCHANGE = f"{_ABOVE_ZERO}{portable(amount.EXCHANGE)}"
SHARE_OR_MONEY = f"{_ABOVE_ZERO}(?:{ANY_SHARE}|{MONEY})"


def _size(behind: str) -> str:
    """A size with `behind` after it: `5 equity` says neither a share nor a currency, `5 equity margin` does."""
    currency = f"(?!equity{behind}){portable(Pattern(amount.CURRENCY))}(?: (?:margin|risk))?"
    return f"{_ABOVE_ZERO}(?:{NUMBER} {currency}|{ANY_SHARE} (?:equity|margin|risk))"


SIZE = _size(r"\s*$")
SYMBOL = portable(amount.SYMBOL)
DURATION = f"(?!0+[a-z]){portable(amount.DURATION)}"
DATE = f"{_A_DAY}{portable(amount.DATE)}"

PRICE = f"(?:{POSITIVE}|{portable(price.FROM_FIRST)})"
_R = portable(price.R_MULTIPLE)
_ANCHOR = portable(price.ANCHOR)
TARGET_PRICE = f"(?:{PRICE}|{_R})"
STOP_LEVEL = f"(?:{TARGET_PRICE}|{_ANCHOR})"
#: The plan's own stop: R and the average are measured by it, so of the levels with names only a tier is one.
PLAN_STOP = f"(?:{PRICE}|none|(?=[tT][iI]){_ANCHOR})"
AFTER = f"(?:{PRICE}|{portable(TIER_NAME)})"

_SIZE_AT = _size(r"\s+at\s")
SHORT_TIER_FORM = filled(SHORT_TIER, amount=f"{SHARE}|{_SIZE_AT}", price=PRICE)
SHORT_TARGET_FORM = filled(SHORT_TARGET, amount=CLOSE, price=TARGET_PRICE)
#: The beginning of a short tier that has a size of its own.
SIZED_TIER = rf"^\s*{_SIZE_AT}\s+at\s"
