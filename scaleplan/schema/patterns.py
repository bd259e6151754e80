"""The written forms as patterns that editors understand: the reader's own, put together with what it reckons.

What the reader decides by reckoning (a number above zero, a percentage below a hundred) is said by looking ahead at the
digits. Every pattern here is as an editor spells it.
"""

from scaleplan.decode import steps
from scaleplan.decode.short import short_target, short_tier
from scaleplan.decode.targets import IN_CONTRACTS, REST, of_rest
from scaleplan.decode.tiers import TIER_NAME
from scaleplan.quantity import amount, number, price, signal
from scaleplan.quantity.amount import Per
from scaleplan.quantity.form import Form, any_case
from scaleplan.venue import VENUE_NAMES


def whole(*alternatives: str) -> str:
    """Returns a pattern for all of a text, which may be any of the alternatives; the reader passes over blanks."""
    return rf"^\s*(?:{'|'.join(alternatives)})\s*$"


def _group(form: Form) -> str:
    return f"(?:{form.editor})"


def word(*words: str) -> str:
    """Returns a pattern for one of a few words in any case."""
    return _group(any_case(*words))


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

ANY_SHARE = f"(?:{_group(number.SHARE)}|{_group(number.RATIO)})"
SHARE = f"{_ABOVE_ZERO}{ANY_SHARE}"
RATE = f"(?:{_BELOW_HUNDRED}{_group(number.SHARE)}|{_group(number.RATIO)})"
SIGNED_RATE = f"-?{RATE}"
SIGNED_PERCENTAGE = f"-?{_BELOW_HUNDRED}{_group(number.SHARE)}"
PART = f"(?:{RATE}|{_A_HUNDRED})"
POSITIVE_PART = f"{_ABOVE_ZERO}{PART}"
#: The word behind a distance in steps, in whatever case.
_UNITS = f" ?{_group(price.UNITS)}"
TRAIL = f"{_ABOVE_ZERO}(?:{_BELOW_HUNDRED}{_group(number.SHARE)}|{NUMBER}(?:{_UNITS})?)"
SLIP = f"(?:{RATE}|{NUMBER}{_UNITS})"
CLOSE = f"(?:{_group(REST)}|{PART}|{_group(of_rest(PART))}|{_group(IN_CONTRACTS)})"
#: From 0.01x to 100x.
FACTOR = (
    rf"(?![0_]*(?:\.0(?:0[0-9]*)?)?(?![0-9._]))(?:{_BELOW_HUNDRED}{_group(steps.FACTOR)}"
    rf"|(?:0_?)*1_?0_?0(?:\.0+)?{word('x')})"
)

MONEY = _group(amount.MONEY)
POSITIVE_MONEY = f"{_ABOVE_ZERO}{MONEY}"
SIGNED_MONEY = f"[+-]?{MONEY}"
MONEY_PER = _group(amount.money_per(*Per))
_MONEY_PER_CONTRACT = _group(amount.money_per(Per.CONTRACT, Per.LOT, Per.SHARE))
MONEY_PER_CONTRACT = f"{_ABOVE_ZERO}{_MONEY_PER_CONTRACT}"
SIGNED_MONEY_PER_CONTRACT = f"[+-]?{_MONEY_PER_CONTRACT}"
EXCHANGE = f"{_ABOVE_ZERO}{_group(amount.EXCHANGE)}"
SHARE_OR_MONEY = f"{_ABOVE_ZERO}(?:{ANY_SHARE}|{MONEY})"


def _size(behind: str) -> str:
    """Returns a size with `behind` after it: `5 equity` says neither a share nor a currency, `5 equity margin` does."""
    currency = f"(?!{word('equity')}{behind}){_group(amount.CURRENCY)}(?: {word('margin', 'risk')})?"
    return f"{_ABOVE_ZERO}(?:{NUMBER} {currency}|{ANY_SHARE} {word('equity', 'margin', 'risk')})"


SIZE = _size(r"\s*$")
SYMBOL = _group(amount.SYMBOL)
#: No name has a sign that means something in a pattern.
VENUE_NAME = _group(any_case(*VENUE_NAMES))
DURATION = f"(?!0+ ?[a-zA-Z]){_group(amount.DURATION)}"
DATE = f"{_A_DAY}{_group(amount.DATE)}"

#: Names that bars give prices under, in a template.
AT_SIGNAL = _group(price.AT_SIGNAL)
SIGNALS = (
    "(?:"
    + "|".join(_group(form) for form in (signal.COLUMN, signal.LOOKS_BACK, signal.DIP, signal.EVERY, signal.RANDOM))
    + ")"
)
PRICE = f"(?:{POSITIVE}|{_group(price.FROM_FIRST)}|{AT_SIGNAL})"
_R = _group(price.R_MULTIPLE)
_ANCHOR = _group(price.ANCHOR)
PROGRESS = f"(?:{PRICE}|{_R})"
TARGET_PRICE = f"(?:{PROGRESS}|{_group(price.OF_AVERAGE)})"
STOP_LEVEL = f"(?:{PROGRESS}|{_ANCHOR})"
#: The plan's own stop: R and the average are measured by it, so of the levels with names only a tier is one.
PLAN_STOP = f"(?:{PRICE}|{word('none')}|(?=[tT][iI]){_ANCHOR})"
AFTER = f"(?:{PRICE}|{_group(TIER_NAME)})"

_SIZE_AT = _size(rf"\s+{word('at')}\s")
SHORT_TIER_FORM = _group(short_tier(f"{SHARE}|{_SIZE_AT}", PRICE))
SHORT_TARGET_FORM = _group(short_target(CLOSE, TARGET_PRICE))
#: The beginning of a short tier that has a size of its own.
SIZED_TIER = rf"^\s*{_SIZE_AT}\s+{word('at')}\s"
