"""A price is written as a number, as a distance from tier 1, in R, or from a level that only the position knows.

`60000`; `-1.5%`, `-24 ticks`, `+8 points`, `-15 pips` (signed in price, from tier 1's price); `2R`; `entry`,
`breakeven`, `tier 2`, `target 1`, each with an offset if wanted: `entry +0.2%`, `tier 2 -50`, `breakeven +1 tick`.
In a template, which has no prices yet, `signal` and `column NAME` are prices too, and `1.5 atr` is a distance.
Which of them may stand where is the reader's choice (`PriceForms`). How much a tick or a pip is, the instrument says.
"""

import re
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.diagnostic import Help, write
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.form import NOT_A_PRICE, PRICE_NOT_POSITIVE, TEMPLATE_ONLY, Form, Mistake, any_case, captured
from scaleplan.quantity.number import MINUS, NUMBER, QUOTED, plain, quote, read_number


class Fixed(NamedTuple):
    """A price in quote currency."""

    price: Decimal


class PriceUnit(StrEnum):
    """What traders count distances in: the venue's smallest step, one of price, the step of a currency pair, an ATR.

    How much an ATR is, the bars of a signal say: templates alone can count in it.
    """

    TICK = "tick"
    POINT = "point"
    PIP = "pip"
    ATR = "atr"


class Steps(NamedTuple):
    """A distance in price as a number of a unit; signed in price where it is an offset."""

    number: Decimal
    unit: PriceUnit


class FromFirst(NamedTuple):
    """A distance from tier 1's price: a signed ratio of it, -0.015 for `-1.5%`, or as many signed steps."""

    ratio: Decimal
    steps: Steps | None = None


class RMultiple(NamedTuple):
    """`n` times the distance from the average entry to the plan's stop, in the trade's favour where positive.

    Its offset is that of an `Anchor`.
    """

    n: Decimal
    ratio: Decimal = ZERO
    amount: Decimal = ZERO
    steps: Steps | None = None


class Reference(StrEnum):
    """The levels that others may be measured from: a target from the first two, a stop from all."""

    ENTRY = "entry"
    BREAKEVEN = "breakeven"
    TIER = "tier"
    TARGET = "target"


class Anchor(NamedTuple):
    """A level named by a word, and an offset signed in price: a ratio of that level, or an amount of price.

    An offset in `steps` keeps what was typed; its amount is theirs once the instrument has been asked.
    """

    reference: Reference
    number: int = 0
    ratio: Decimal = ZERO
    amount: Decimal = ZERO
    steps: Steps | None = None


class NoStop(NamedTuple):
    """`stop: none`: the trader says on purpose that there is none."""


PriceForm = Fixed | FromFirst | RMultiple | Anchor


class PriceForms(NamedTuple):
    """Which forms beside a plain number may stand at a place.

    `percent` is any distance from tier 1, `average` a level of the position held, `numbered` that of a tier or target.
    """

    percent: bool = True
    r_multiple: bool = False
    average: bool = False
    numbered: bool = False
    #: On which side of tier 1 the price belongs, `+` or `-`, for the words of a mistake; empty where either may be.
    sign: str = ""
    #: A price of the plan, as an example in the words of a mistake.
    near: str = "60000"


NUMBER_ONLY = PriceForms(percent=False)
NUMBER_OR_PERCENT = PriceForms()
PROGRESS = PriceForms(r_multiple=True)
TARGET_PRICE = PriceForms(r_multiple=True, average=True)
STOP_PRICE = PriceForms(r_multiple=True, average=True, numbered=True)

_SIGNS = ("+", "-")
#: The units of distances as they are written, of one or of many.
UNITS = "(?:(?:" + any_case("tick", "point", "pip") + ")" + any_case("s") + "?|" + any_case("atr") + ")"
_UNIT = captured("%| ?" + UNITS)
FROM_FIRST = captured("[+-]") + captured(NUMBER) + _UNIT
_UNSIGNED = captured(NUMBER) + _UNIT
_NAMED = captured(any_case("entry", "breakeven"))
_COUNTED = captured(any_case("tier", "target")) + " ?" + captured("[0-9]{1,3}")
_OFFSET = " ?" + captured("[+-]") + " ?" + captured(NUMBER) + _UNIT + "?"
R_MULTIPLE = captured("[+-]?") + captured(NUMBER) + " ?" + any_case("R") + "(?:" + _OFFSET + ")?"
ANCHOR = "(?:" + _NAMED + "|" + _COUNTED + ")(?:" + _OFFSET + ")?"
#: A price that the bar of a signal gives: its close, or what stands in one of its columns.
AT_SIGNAL = (
    "(?:" + captured(any_case("signal")) + "|" + any_case("column") + " " + captured(r"\S+") + ")(?:" + _OFFSET + ")?"
)
#: A distance at the end of a price, with its sign, its number and its unit.
OFFSET = captured("(?:.* )?") + captured("[+-]") + " ?" + captured(NUMBER) + _UNIT + "?"
#: A level of the position held alone.
OF_AVERAGE = _NAMED + "(?:" + _OFFSET + ")?"
_UNSIGNED_OFFSET = captured(_NAMED + "|" + _COUNTED, "name") + " " + captured(NUMBER + _UNIT + "?", "offset")
#: How two of them are called elsewhere.
_LEVELS = {
    **dict.fromkeys(("be", "b/e", "bep", "break even", "breakeven price", "break even price"), "breakeven"),
    **dict.fromkeys(("average", "avg", "average entry", "average price", "entry price", "avg price"), "entry"),
}
#: A number with a word beside it, or a sign that no unit follows; and how units are called elsewhere.
_WITH_A_WORD = Form(
    r"(?P<before>(?:[A-Za-z]{1,10}[0-9]{0,2} )?)(?P<sign>[-+]?)(?P<number>[0-9][0-9_.]*) ?x?"
    r"(?P<after>(?: ?[A-Za-z]{1,10})?)"
)
_NO_BARS = "nothing here measures it: work it out, as a price or as a distance such as `-3%` or `-1500 points`"
_FAR = 50
_UNITS_ELSEWHERE = {
    **dict.fromkeys(("percent", "pct", "pc"), "%"),
    **dict.fromkeys(("pt", "pnt", "p", "handle"), " points"),
    **dict.fromkeys(("tk", "tck"), " ticks"),
    **dict.fromkeys(("pipette", "pp"), " pips"),
}
#: The commonest of these, which need no pattern.
_BARE = frozenset({Reference.ENTRY.value, Reference.BREAKEVEN.value})


def read_price(text: str, forms: PriceForms = NUMBER_OR_PERCENT) -> PriceForm | Mistake:
    """Reads a price in one of the `forms` allowed; a plain number always is."""
    # Most prices are plain numbers, and no other form begins and ends with a digit.
    is_plain = text[:1].isdigit() and text[-1:].isdigit()
    found = None if is_plain else _from_first(text) or _r_multiple(text) or _anchor(text)
    if found is None:
        return _plain_price(text, forms)
    if isinstance(found, Mistake):
        return found
    if _is_allowed(found, forms):
        return found
    return Mistake(NOT_A_PRICE, f"{quote(text)} cannot stand here", f"write {_in_words(forms)}")


class AtSignal(NamedTuple):
    """A price that the bar of a signal gives: its close, or that of a `column`; and how far from it."""

    column: str
    ratio: Decimal = ZERO
    amount: Decimal = ZERO
    steps: Steps | None = None


def read_at_signal(text: str) -> AtSignal | Mistake | None:
    """Reads `signal`, `signal -0.2%` or `column vwap +1 atr`; nothing where it is no such form."""
    if text[:1] not in "sScC":
        return None
    match = AT_SIGNAL.fullmatch(text)
    if not match:
        return None
    offset = _offset_of(match, 3)
    return offset if isinstance(offset, Mistake) else AtSignal(match[2] or "", *offset)


def _is_allowed(form: PriceForm, forms: PriceForms) -> bool:
    if isinstance(form, Anchor):
        return forms.numbered if form.reference in (Reference.TIER, Reference.TARGET) else forms.average
    return forms.percent if isinstance(form, FromFirst) else forms.r_multiple


def _in_words(forms: PriceForms) -> str:
    """Returns the allowed forms in words, each with an example."""
    words = [f"a number such as `{forms.near}`"]
    if forms.percent:
        words.append("a distance from tier 1 such as `-1.5%` or `-24 ticks`")
    if forms.r_multiple:
        words.append("a distance in R such as `2R`")
    if forms.numbered:
        words.append("a level such as `entry`, `breakeven`, `tier 2`, `target 1` or `entry +0.2%`")
    elif forms.average:
        words.append("a distance from the average such as `entry +1.5%` or `breakeven`")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def read_distance(text: str) -> Steps | Mistake | None:
    """Reads `2 ticks`, `0.5 points` or `20 pips`, a distance without a sign; nothing where it is no such form."""
    match = _UNSIGNED.fullmatch(text)
    if not match or match[2] == "%":
        return None
    count = read_number(match[1])
    return count if isinstance(count, Mistake) else Steps(count, _unit(match[2]))


def _unit(word: str) -> PriceUnit:
    return PriceUnit(word.strip().lower().removesuffix("s"))


def _from_first(text: str) -> FromFirst | Mistake | None:
    match = FROM_FIRST.fullmatch(text) if text[:1] in _SIGNS else None
    if not match:
        return None
    number = read_number(match[2])
    if isinstance(number, Mistake):
        return number
    signed = -number if match[1] == "-" else number
    return FromFirst(signed / 100) if match[3] == "%" else FromFirst(ZERO, Steps(signed, _unit(match[3])))


def _r_multiple(text: str) -> RMultiple | Mistake | None:
    match = R_MULTIPLE.fullmatch(text)
    if not match:
        return None
    number = read_number(match[2])
    if isinstance(number, Mistake):
        return number
    offset = _offset_of(match, 3)
    return offset if isinstance(offset, Mistake) else RMultiple(-number if match[1] == "-" else number, *offset)


class _Offset(NamedTuple):
    """How far from a level, signed in price: a ratio of it, an amount, or steps."""

    ratio: Decimal = ZERO
    amount: Decimal = ZERO
    steps: Steps | None = None


def _offset_of(match: re.Match[str], sign: int) -> _Offset | Mistake:
    """Returns the offset of which the sign, the size and the unit are groups of a match from `sign` on."""
    if not match[sign + 1]:
        return _Offset()
    size = read_number(match[sign + 1])
    if isinstance(size, Mistake):
        return size
    signed, unit = -size if match[sign] == "-" else size, match[sign + 2]
    if unit == "%":
        return _Offset(ratio=signed / 100)
    return _Offset(steps=Steps(signed, _unit(unit))) if unit else _Offset(amount=signed)


def _anchor(text: str) -> Anchor | Mistake | None:
    if text in _BARE:
        return Anchor(Reference(text))
    match = ANCHOR.fullmatch(text)
    if not match:
        return None
    reference = Reference((match[1] or match[2]).lower())
    number = int(match[3]) if match[3] else 0
    offset = _offset_of(match, 4)
    return offset if isinstance(offset, Mistake) else Anchor(reference, number, *offset)


def _plain_price(text: str, forms: PriceForms) -> Fixed | Mistake:
    price = read_number(text, what="a price")
    if isinstance(price, Decimal):
        if price > 0:
            return Fixed(price)
        return Mistake(PRICE_NOT_POSITIVE, f"the price {quote(text)} is not above 0", "write a price above zero")
    if forms.percent and _UNSIGNED.fullmatch(text):
        return Mistake(
            NOT_A_PRICE,
            f"{quote(text)} does not say on which side of tier 1 it lies",
            f"{_NO_BARS}; in a template, write `{forms.sign or '-'}{text}`"
            if text[-3:].lower() == "atr"
            else write(f"{forms.sign}{text}")
            if forms.sign
            else Help(f"write `+{text}` for above tier 1's price or `-{text}` for below it", (f"+{text}", f"-{text}")),
        )
    unsigned = _UNSIGNED_OFFSET.fullmatch(text)
    if unsigned and (forms.average or forms.numbered):
        name, offset = unsigned["name"], unsigned["offset"]
        return Mistake(
            NOT_A_PRICE,
            f"{quote(text)} does not say on which side of `{name}` it lies",
            Help(
                f"write `{name} +{offset}` for above it or `{name} -{offset}` for below it",
                (f"{name} +{offset}", f"{name} -{offset}"),
            ),
        )
    worded = _at_signal_mistake(text, forms) or _worded(text, forms)
    if worded is not None:
        return worded
    if text.startswith(("-", MINUS)) and isinstance(read_number(text[1:]), Decimal):
        return Mistake(PRICE_NOT_POSITIVE, f"the price {quote(text)} is below 0", "write a price above zero")
    if price.help.startswith("write digits"):
        return Mistake(NOT_A_PRICE, f"{quote(text)} is not a price", f"write {_in_words(forms)}")
    return Mistake(NOT_A_PRICE, price.message, price.help)


def _at_signal_mistake(text: str, forms: PriceForms) -> Mistake | None:
    """Returns what is wrong with a price of templates: only tier 1 is `signal`, and only a template has columns."""
    if read_at_signal(text) is None:
        return None
    if text[:1] in "sS":
        message = f"{quote(text)} is the price of a template's tier 1 alone"
    else:
        message = f"{quote(text)} is a price of templates: plans whose first tier is `signal` or a `column`"
    return Mistake(TEMPLATE_ONLY, message, f"write {_in_words(forms)}")


def _worded(text: str, forms: PriceForms) -> Mistake | None:
    """Returns what is wrong with a level under another name, or a number with a word beside it."""
    level = _LEVELS.get(text.lower().replace("-", " "), "")
    if level and (forms.average or forms.numbered):
        return Mistake(NOT_A_PRICE, f"{quote(text)} is not a price", write(level))
    match = _WITH_A_WORD.fullmatch(text) if len(text) <= QUOTED else None
    thousands = match is not None and match["after"].strip().lower() in ("k", "m", "e")
    if match is None or thousands or not isinstance(read_number(match["number"]), Decimal):
        return None
    word, sign, number = match["after"].strip().lower(), match["sign"] or forms.sign, match["number"]
    message = f"{quote(text)} has a word {'behind' if word else 'before'} the price"
    if word.endswith("atr"):
        return Mistake(NOT_A_PRICE, message, _NO_BARS)
    unit = _UNITS_ELSEWHERE.get(word.rstrip("s"), "")
    if unit and forms.percent:
        return Mistake(NOT_A_PRICE, message, write(*(f"{side}{number}{unit}" for side in (sign or "-+"))))
    bare = sign and not (word or match["before"])
    if bare and match["sign"] and forms.percent:
        # So many percent are a distance; more than that must be points.
        share, points = f"{sign}{number}%", f"{sign}{number} points"
        help = Help(f"write `{share}` or `{points}` as a distance", (share if Decimal(number) < _FAR else points,))
        return Mistake(NOT_A_PRICE, f"{quote(text)} has a sign and no unit", help)
    return Mistake(NOT_A_PRICE, message, write(number)) if word or match["before"] else None


def say_price(form: PriceForm) -> str:
    """Returns a form as a trader writes it."""
    match form:
        case Fixed(price):
            return plain(price)
        case FromFirst(ratio, steps):
            return say_steps(steps) if steps else _signed(ratio * 100) + "%"
        case RMultiple(n):
            return f"{'+' if n > 0 else ''}{plain(n)}R{_said(form)}"
        case Anchor(reference, number):
            return f"{reference} {number}{_said(form)}" if number else f"{reference}{_said(form)}"


def _said(form: RMultiple | Anchor) -> str:
    """Returns an offset with a blank before it; nothing where there is none."""
    if form.steps:
        return f" {say_steps(form.steps)}"
    if form.ratio:
        return f" {_signed(form.ratio * 100)}%"
    return f" {_signed(form.amount)}" if form.amount else ""


def say_steps(steps: Steps) -> str:
    """Returns steps as a trader writes them: `-24 ticks`, `+1 point`."""
    return f"{_signed(steps.number)} {steps.unit}{'' if abs(steps.number) == 1 or steps.unit is PriceUnit.ATR else 's'}"


def _signed(value: Decimal) -> str:
    return f"{'+' if value > 0 else ''}{plain(value)}"
