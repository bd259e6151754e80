"""Amounts: money with or without its currency, for each of something, a size, a duration, a date, a symbol."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from scaleplan.diagnostic import Help, within, write
from scaleplan.quantity.form import (
    NOT_A_DATE,
    NOT_A_DURATION,
    NOT_A_SIZE,
    NOT_A_SYMBOL,
    NOT_MONEY,
    Form,
    Mistake,
    any_case,
    captured,
)
from scaleplan.quantity.number import NUMBER, plain, quote, read_number, read_share


class Money(NamedTuple):
    """An amount of a currency; the currency is empty where the trader left it to the settle currency."""

    amount: Decimal
    currency: str


class Per(StrEnum):
    """What an amount of money is paid or put up for each of; a contract, a lot and a share are all one unit traded."""

    CONTRACT = "contract"
    LOT = "lot"
    SHARE = "share"
    ORDER = "order"


class MoneyPer(NamedTuple):
    """An amount of money for each of something; below zero where it is received."""

    money: Money
    per: Per


class Exchange(NamedTuple):
    """A rate of exchange as written: so much of one currency for one of the other."""

    amount: Decimal
    currency: str
    per: str


class SizeUnit(StrEnum):
    """What a written size counts."""

    CURRENCY = "currency"
    CONTRACTS = "contracts"
    EQUITY = "equity"
    MARGIN = "margin"
    RISK = "risk"


class SizeForm(NamedTuple):
    """A size as written: an amount of `currency` (or contracts), or a share of equity. One of the two is set."""

    unit: SizeUnit
    amount: Decimal | None
    share: Fraction | None
    currency: str
    #: `contracts`, `lots` or `shares`, as the trader counts them.
    word: str


class Symbol(NamedTuple):
    """BASE/QUOTE[:SETTLE]; settle is empty where it is not written."""

    base: str
    quote: str
    settle: str
    text: str


#: How names of currencies are written: letters of any script, digits and a few signs, as venues and ccxt write them. Of
#: some scripts' words `\w` misses the vowel signs. Editors let every character beyond ASCII pass.
_LETTER = Form(r"[^\W\d_]", r"(?:[A-Za-z]|[^\x00-\x7f])")
_LETTER_OR_DIGIT = Form(r"[^\W_]", r"(?:[A-Za-z0-9]|[^\x00-\x7f])")
_SIGN = Form(
    r"[\w&!=.\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u0f71-\u0f84"
    r"\u102b-\u103e\u17b4-\u17d3\u3099\u309a-]",
    r"(?:[A-Za-z0-9_&!=.-]|[^\x00-\x7f])",
)
CURRENCY = "[0-9]{0,9}" + _LETTER + "(?:" + _SIGN + "|:){0,19}"
MONEY = captured(NUMBER) + "(?: " + captured(CURRENCY) + ")?"
EXCHANGE = captured(NUMBER) + " " + captured(CURRENCY) + any_case(" per ") + captured(CURRENCY)
_SIZE = captured(r"\S+") + " " + captured(CURRENCY) + "(?: " + captured(any_case("margin", "risk")) + ")?"
_NAME = _LETTER_OR_DIGIT + _SIGN + "{0,19}"
SYMBOL = (
    captured(_LETTER_OR_DIGIT + "(?:" + _SIGN + "|:){0,29}")
    + "/"
    + captured(_NAME)
    + "(?::"
    + captured(_NAME + "(?:-[0-9A-Za-z-]{1,20})?")
    + ")?"
)
_LONG_UNITS = tuple(f"{unit}{ending}" for unit in ("minute", "hour", "day", "week") for ending in ("s", ""))
#: One whose unit is cut short, or has a slip.
_NEARLY_DURATION = Form(r"([0-9]{1,6}) ?([hdw])[a-z]{1,8}")
#: No capital M: on charts that is a month.
DURATION = captured("[0-9]{1,6}") + captured("[mhdwHDW]|(?: ?(?:" + any_case(*_LONG_UNITS) + "))")
DATE = Form("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def money_per(*units: Per) -> Form:
    """Returns the form of an amount for each of some units, without its sign: `2.25 USD per contract`."""
    return MONEY + any_case(" per ") + captured(any_case(*units))


_MONEY_PER = captured("[+-]?") + money_per(*Per)

_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
#: The words for contracts, and the singular that a trader writes for one of them.
COUNT_WORDS = {"contract": "contracts", "lot": "lots", "share": "shares"}
SIZE_EXAMPLES = (
    "`{n} {quote}` (money), `{n} {base}` (quantity), `{n} contracts`, or as a share of equity "
    "`150% equity`, `5% margin`, `1% risk`"
)


def read_money(text: str) -> Money | Mistake:
    """Reads `25000` or `25000 USDT`."""
    match = MONEY.fullmatch(text)
    if match:
        number = read_number(match[1])
        return number if isinstance(number, Mistake) else Money(number, match[2] or "")
    words = text.split(" ", 1)
    bare = text.strip("$€£¥₿ ")
    if bare != text and isinstance(read_number(bare), Decimal):
        return Mistake(NOT_MONEY, f"{quote(text)} is not an amount of money", write(bare))
    number = read_number(words[0], what="an amount of money")
    if isinstance(number, Mistake):
        help = within(number.help, "", text[len(words[0]) :])
        if "digits with" in help:
            help = Help("write `25000`, or `25000 USDT` with its currency")
        return Mistake(NOT_MONEY, f"{quote(text)} is not an amount of money", help)
    return Mistake(
        NOT_MONEY, f"{quote(text)} is not an amount of money", write(words[0], more=f" or `{words[0]} USDT`")
    )


def read_money_per(text: str, example: str, *, signed: bool = False) -> MoneyPer | Mistake:
    """Reads `2.25 USD per contract`; `example` is one that may stand at the place."""
    match = _MONEY_PER.fullmatch(text)
    if match is None or (match[1] and not signed):
        bare = read_money(text.removeprefix("-").removeprefix("+") if signed else text)
        lacks = "is not an amount of money" if isinstance(bare, Mistake) else "does not say what it is for each of"
        if match is not None:
            return Mistake(NOT_MONEY, f"{quote(text)} has a sign", write(text[1:], how="it without one: "))
        return Mistake(NOT_MONEY, f"{quote(text)} {lacks}", write(_per_example(text, example)))
    amount = read_number(match[2])
    if isinstance(amount, Mistake):
        return amount._replace(help=within(amount.help, match[1], text[match.end(2) :]))
    return MoneyPer(Money(-amount if match[1] == "-" else amount, match[3] or ""), Per(match[4].lower()))


def _per_example(text: str, example: str) -> str:
    """Returns the example with the number that was typed, where it was one."""
    number = text.split(" ", 1)[0].lstrip("$€£¥")
    return example.replace(example.split(" ", 1)[0], number, 1) if isinstance(read_number(number), Decimal) else example


def read_exchange(text: str, own: str = "GBP", settle: str = "USD") -> Exchange | Mistake:
    """Reads `1.27 USD per GBP`: what one of the second currency costs in the first.

    The account's `own` currency and the one that settles are for the words of a mistake.
    """
    match = EXCHANGE.fullmatch(text)
    amount = read_number(match[1]) if match else None
    if isinstance(amount, Mistake):
        return amount
    if match is not None and amount:
        return Exchange(amount, match[2], match[3])
    number = text.split(" ", 1)[0]
    number = number if isinstance(read_number(number), Decimal) and match is None else "1.27"
    return Mistake(
        NOT_MONEY,
        f"{quote(text)} does not say how much of one currency another costs",
        write(f"{number} {settle} per {own}", f"{number} {own} per {settle}"),
    )


def read_size(text: str, base: str = "BTC", quote_currency: str = "USDT") -> SizeForm | Mistake:
    """Reads a size; a bare number is a mistake that offers the units, in the symbol's own currencies."""
    bare = isinstance(read_number(text), Decimal)
    match = _SIZE.fullmatch(text)
    if bare or (match is None and not isinstance(read_share(text), Fraction)):
        meant = "" if bare else _meant_size(text, base, quote_currency)
        if meant:
            return Mistake(NOT_A_SIZE, f"{quote(text)} is not a size", write(meant))
        examples = SIZE_EXAMPLES.format(n=text if bare else "5", base=base, quote=quote_currency)
        message = f"the size {quote(text)} does not say what it counts" if bare else f"{quote(text)} is not a size"
        return Mistake(NOT_A_SIZE, message, f"write {examples}")
    if match is None:
        return _not_a_size(text)
    number, word, purpose = match[1], match[2], (match[3] or "").lower()
    if number.endswith("%") or "/" in number:
        return _share_of(text, number, word) if not purpose else _not_a_size(text)
    amount = read_number(number)
    if isinstance(amount, Mistake):
        meant = _meant_size(text, base, quote_currency)
        help = write(meant) if meant else within(amount.help, "", text[len(number) :])
        if "digits with" in help:
            help = Help(f"write {SIZE_EXAMPLES.format(n='5', base=base, quote=quote_currency)}")
        return Mistake(NOT_A_SIZE, f"{quote(text)} is not a size", help)
    return _amount_of(text, amount, word, purpose)


#: A size as it is typed elsewhere: a currency's sign, thousands by a comma or a k, a unit without its blank.
_ELSEWHERE = Form(
    r"([$€£¥₮₿]?) ?([0-9]{1,9}(?:[,_][0-9]{3}){0,3}(?:\.[0-9]{1,9})?) ?([kKmM]?) ?([A-Za-z]{0,10}) ?([$€£¥₮₿]?)"
)
_SMALL_LOTS = Form(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?(mini|micro|nano) ?lots?")
_LOTS = {"mini": Decimal("0.1"), "micro": Decimal("0.01"), "nano": Decimal("0.001")}
_THOUSANDS = {"": 1, "k": 1000, "m": 1_000_000}


def _meant_size(text: str, base: str, quote_currency: str) -> str:
    """Returns the size that one typed as elsewhere means, in the trader's own number; empty where it is none."""
    small = _SMALL_LOTS.fullmatch(text.lower())
    if small:
        return f"{plain(Decimal(small[1]) * _LOTS[small[2]])} lots"
    match = _ELSEWHERE.fullmatch(text)
    if match is None:
        return ""
    before, digits, scale, word, after = match.groups()
    unit = {base.lower(): base, quote_currency.lower(): quote_currency, "": quote_currency}.get(word.lower(), "")
    if not unit and scale and (scale + word).lower() in (base.lower(), quote_currency.lower()):
        scale, unit = "", base if (scale + word).lower() == base.lower() else quote_currency
    if "₿" in (before, after):
        unit = base
    if not unit or (before and after):
        return ""
    amount = Decimal(digits.replace(",", "").replace("_", "")) * _THOUSANDS[scale.lower()]
    return f"{plain(amount)} {unit}" if amount else ""


def _share_of(text: str, number: str, word: str) -> SizeForm | Mistake:
    share = read_share(number)
    if isinstance(share, Mistake):
        return Mistake(NOT_A_SIZE, f"{quote(text)} is not a size", within(share.help, "", text[len(number) :]))
    if word.lower() in ("equity", "margin", "risk"):
        return SizeForm(SizeUnit(word.lower()), None, share, "", "")
    return _not_a_size(text)


def _amount_of(text: str, amount: Decimal, word: str, purpose: str) -> SizeForm | Mistake:
    if purpose:
        return SizeForm(SizeUnit(purpose), amount, None, word, "")
    count = COUNT_WORDS.get(word.lower(), word.lower())
    if count in COUNT_WORDS.values():
        return SizeForm(SizeUnit.CONTRACTS, amount, None, "", count)
    if word.lower() in ("margin", "risk"):
        return SizeForm(SizeUnit(word.lower()), amount, None, "", "")
    if word.lower() == "equity":
        return Mistake(NOT_A_SIZE, f"{quote(text)} is not a share of equity", write(f"{plain(amount)}% equity"))
    return SizeForm(SizeUnit.CURRENCY, amount, None, word, "")


def _not_a_size(text: str) -> Mistake:
    if isinstance(read_share(text), Fraction):
        return Mistake(
            NOT_A_SIZE,
            f"{quote(text)} does not say what it is a share of",
            f"write `{text} equity`, `{text} margin` or `{text} risk`",
        )
    return Mistake(NOT_A_SIZE, f"{quote(text)} is not a size", "write `150% equity`, `5% margin` or `1% risk`")


def read_duration(text: str) -> int | Mistake:
    """Reads `90m`, `48h`, `3d` or `2w` as minutes."""
    match = DURATION.fullmatch(text)
    if match and int(match[1]) > 0:
        return int(match[1]) * _MINUTES[match[2].strip()[0].lower()]
    if match:
        return Mistake(NOT_A_DURATION, f"{quote(text)} is no time at all", "write a duration above zero, such as `48h`")
    nearly = _NEARLY_DURATION.fullmatch(text.lower())
    if nearly:
        help = write(nearly[1] + nearly[2])
    elif text.isascii() and text.isdigit() and len(text) <= 6:
        help = Help(
            f"write `{text}m` (minutes), `{text}h`, `{text}d` or `{text}w`", tuple(f"{text}{unit}" for unit in "mhdw")
        )
    else:
        help = Help("write a whole number and its unit: `90m`, `48h`, `3d` or `2w`")
    return Mistake(NOT_A_DURATION, f"{quote(text)} is not a duration", help)


def say_duration(minutes: int) -> str:
    """Returns minutes as a trader writes them: in the largest unit that divides them; 48h stays 48h."""
    for unit in ("w", "d", "h"):
        size = _MINUTES[unit]
        if minutes % size == 0 and (minutes // size > 2 or unit == "h"):
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def read_date(text: str) -> date | Mistake:
    """Reads `2026-12-24`."""
    if DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return Mistake(
                NOT_A_DATE, f"{quote(text)} is not a day of the calendar", "write a date that exists, as `2026-12-24`"
            )
    return Mistake(NOT_A_DATE, f"{quote(text)} is not a date", "write year, month and day, as `2026-12-24`")


def read_symbol(text: str) -> Symbol | Mistake:
    """Reads `BTC/USDT` or `BTC/USDT:USDT`; an expiry behind the settle currency is accepted."""
    match = SYMBOL.fullmatch(text)
    if match:
        base, quote_currency, settle = match[1], match[2], match[3] or ""
        # What it settles in may have a `-` in its name, and an expiry begins with one.
        own = next((name for name in (quote_currency, base) if f"{settle}-".upper().startswith(f"{name}-".upper())), "")
        return Symbol(base, quote_currency, settle[: len(own)] or settle.partition("-")[0], text)
    example = ""
    for quote_currency in ("USDT", "USDC", "USD"):
        head = text.upper().removesuffix(quote_currency).rstrip("-_")
        if text.isascii() and text.upper().endswith(quote_currency) and head.isalnum() and len(head) <= 20:
            example = f"{head}/{quote_currency}"
            break
    words = f"write BASE/QUOTE or BASE/QUOTE:SETTLE, as `{example or 'BTC/USDT:USDT'}`"
    return Mistake(NOT_A_SYMBOL, f"{quote(text)} is not a symbol", Help(words, (example,) if example else ()))
