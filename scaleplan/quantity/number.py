"""A number is ASCII digits, `60000`, `0.25` or `60_000`, matched strictly and bounded before `Decimal` sees it.

`1:30`, `010`, `no`, `.inf` and `1e5` mean nothing special: what is not digits is an error that says what to write.
"""

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from scaleplan.diagnostic import Help, write
from scaleplan.quantity.exact import as_decimal
from scaleplan.quantity.form import NOT_A_NUMBER, NOT_A_SHARE, Form, Mistake, captured

#: The pattern of a number, as every other form uses it (no sign).
NUMBER = r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?"
#: Digits before the point: 10^15 of any currency is past every market.
WHOLE_DIGITS = 16
#: Digits behind the point: the smallest unit of any coin has 18.
FRACTION_DIGITS = 20
#: The typographic minus sign, which documents put where a hyphen was typed.
MINUS = "\N{MINUS SIGN}"
#: How much of a wrong text a message repeats.
QUOTED = 60

_NUMBER = re.compile(NUMBER)
_COMMA = Form(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DECIMAL_COMMA = Form(r"[0-9]+,[0-9]+")
_EXPONENT = Form(r"([0-9]+(?:\.[0-9]+)?)[eE]([+-]?[0-9]{1,2})")
_KILO = Form(r"([0-9]+(?:\.[0-9]+)?) ?[kK]()")
_BARE_POINT = Form(r"\.[0-9]+|[0-9]+\.")
SHARE = captured(NUMBER) + "%"
#: An editor refuses `1/0`; the reader says what is wrong with it.
RATIO = captured("[0-9]{1,9}") + Form("/", "/(?!0+(?![0-9]))") + captured("[0-9]{1,9}")


def quote(text: str) -> str:
    """Returns a text inside a message: in backticks, cut at a length that a line can bear."""
    return f"`{text}`" if len(text) <= QUOTED else f"`{text[:QUOTED]}...`"


def plain(value: Decimal) -> str:
    """Returns a decimal as digits, without exponent and without trailing zeros behind the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(number: int, what: str) -> str:
    """Returns a number with what it counts: `1 bar`, `2 bars`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def contracts_text(count: Decimal) -> str:
    """Returns a number of contracts as a trader writes it: `1 contract`, `2 contracts`."""
    return f"{plain(count)} contract{'' if count == 1 else 's'}"


def read_number(text: str, *, what: str = "a number") -> Decimal | Mistake:
    """Reads a number that is zero or above."""
    if _NUMBER.fullmatch(text):
        return _bounded(text)
    return Mistake(NOT_A_NUMBER, f"{quote(text)} is not {what}", _instead(text))


@lru_cache(maxsize=1024)
def read_share(text: str, *, what: str = "a share") -> Fraction | Mistake:
    """Reads a share, `25%` or `1/3`, as an exact ratio; it may be zero, and it may be above one.

    Plans write the same few: they are kept.
    """
    match = SHARE.fullmatch(text)
    if match:
        number = _bounded(match[1])
        if isinstance(number, Mistake):
            return number
        top, bottom = number.as_integer_ratio()
        return Fraction(top, 100 * bottom)
    match = RATIO.fullmatch(text)
    if match:
        if int(match[2]) == 0:
            return Mistake(NOT_A_SHARE, f"{quote(text)} divides by zero", "write a share such as `1/3` or `25%`")
        return Fraction(int(match[1]), int(match[2]))
    return Mistake(NOT_A_SHARE, f"{quote(text)} is not {what}", _share_instead(text))


def read_rate(text: str, *, what: str = "a rate") -> Decimal | Mistake:
    """Reads a share as a decimal ratio; it may be negative, as a maker rebate or a funding rate is: `-0.005%`."""
    share = read_share(text.removeprefix("-"), what=what)
    if isinstance(share, Mistake):
        number = read_number(text.removeprefix("-"))
        if not isinstance(number, Decimal):
            return Mistake(share.kind, f"{quote(text)} is not {what}", share.help)
        # Traders write 0.02 for 0.02%, programs for 2%: only the trader knows.
        other = f"{'-' if text.startswith('-') else ''}{plain(number * 100)}%"
        message = f"{quote(text)} could be {text}% or {other}"
        return Mistake(
            share.kind, message, Help(f"write `{text}%`, or `{other}` if that is meant", (f"{text}%", other))
        )
    return -as_decimal(share) if text.startswith("-") else as_decimal(share)


def _bounded(text: str) -> Decimal | Mistake:
    if len(text) <= WHOLE_DIGITS and "_" not in text:
        return Decimal(text)
    digits = text.replace("_", "")
    whole, _, fraction = digits.partition(".")
    if len(whole.lstrip("0")) > WHOLE_DIGITS or len(whole) > 2 * WHOLE_DIGITS or len(fraction) > FRACTION_DIGITS:
        return Mistake(
            NOT_A_NUMBER,
            f"{quote(text)} has {len(whole)} digits before the point and {len(fraction)} behind it",
            f"write at most {WHOLE_DIGITS} digits before the point and {FRACTION_DIGITS} behind it",
        )
    return Decimal(digits)


def _instead(text: str) -> Help:
    bare = text.strip()
    if _COMMA.fullmatch(bare):
        return write(bare.replace(",", ""), bare.replace(",", "_"), how="it without commas: ")
    if _DECIMAL_COMMA.fullmatch(bare):
        return write(bare.replace(",", "."), how="the decimal point as a point: ")
    exponent = _EXPONENT.fullmatch(bare) or _KILO.fullmatch(bare)
    if exponent:
        return write(plain(Decimal(exponent[1]).scaleb(int(exponent[2] or 3))), how="it out: ")
    if _BARE_POINT.fullmatch(bare):
        return write(plain(Decimal(bare)), how="a digit on both sides of the point: ")
    ascii_digits = _ascii_digits(bare)
    if ascii_digits is not None:
        return write(ascii_digits, how="it in ASCII digits: ")
    if bare[:1] in ("-", "+", MINUS) and _NUMBER.fullmatch(bare[1:]):
        return write(bare[1:], how="it without a sign: ")
    if bare.endswith("%") and _NUMBER.fullmatch(bare[:-1]):
        return Help("write a plain number here, not a percentage")
    return Help("write digits with an optional point, such as `60000`, `0.25` or `60_000`")


def _ascii_digits(text: str) -> str | None:
    # One letter of some scripts is eighteen of others: what is too long for a number is not spelt out.
    if text.isascii() or not text or len(text) > 2 * WHOLE_DIGITS:
        return None
    normal = unicodedata.normalize("NFKC", text)
    digits = "".join(
        str(unicodedata.digit(character)) if unicodedata.digit(character, None) is not None else character
        for character in normal
    )
    return digits if _NUMBER.fullmatch(digits) and len(digits) <= 2 * WHOLE_DIGITS else None


def _share_instead(text: str) -> Help:
    bare = text.replace(" ", "")
    if SHARE.fullmatch(bare):
        return write(bare, how="it without a blank: ")
    number = read_number(bare)
    if isinstance(number, Decimal):
        if number < 1:
            return write(f"{plain(number * 100)}%", more=" (or a fraction such as `1/3`)")
        return write(f"{plain(number)}%")
    if bare[:1] in ("-", "+"):
        return write(bare[1:], how="it without a sign: ")
    if _DECIMAL_COMMA.fullmatch(bare.removesuffix("%")) and bare.endswith("%"):
        return write(bare.replace(",", "."), how="the decimal point as a point: ")
    if bare.endswith("%"):
        return Help("write a percentage such as `25%` or `12.5%`")
    return Help("write a percentage such as `25%`, or a fraction such as `1/3`")


def brief(value: Decimal, digits: int = 8) -> str:
    """Returns a figure inside a message: `digits` significant digits, half to even, with thousands separators.

    Whole digits are never cut. What is to be typed is `plain`: the language takes no separators.
    """
    return f"{significant(value, digits):,f}"


def significant(value: Decimal, digits: int) -> Decimal:
    """Returns a figure of at most `digits` significant digits, half to even; whole digits are never cut."""
    if value == 0:
        return Decimal(0)
    return Decimal(plain(Context(prec=max(digits, value.adjusted() + 1), rounding=ROUND_HALF_EVEN).plus(value)))


def told_apart(first: Decimal, second: Decimal) -> tuple[str, str]:
    """Returns two figures that clash, with as many digits as it takes to see that they differ."""
    for digits in (8, 12, 20, 50):
        words = brief(first, digits), brief(second, digits)
        if words[0] != words[1]:
            return words
    return plain(first), plain(second)


def percent(ratio: Decimal, digits: int = 4) -> str:
    """Returns a ratio inside a message, as a percentage of `digits` significant digits."""
    return f"{brief(ratio * 100, digits)}%"
