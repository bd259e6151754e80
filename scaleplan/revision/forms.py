"""Values of two plans as a trader writes them: `39150`, `30% of rest`, `2 BTC`, `tier 2`, `50% at 42000 stop`."""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from scaleplan.plan import AfterPrice, AfterTier, Close, CloseOf, Size, SizeKind, Target, Tier, Trail
from scaleplan.quantity.amount import Money, say_duration
from scaleplan.quantity.exact import as_decimal, exact
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Anchor, Fixed, RMultiple, say_price
from scaleplan.revision.keys import Duration

NONE = "none"
_ITEM = re.compile(r"(tier|target)s\[([0-9]+)\]\.?")
_UNITS = {SizeKind.NOTIONAL: "of value", SizeKind.QUANTITY: "of base", SizeKind.CONTRACTS: "contracts"}


@exact
def written_form(value: object, number: Callable[[Decimal], str] = plain) -> str:  # noqa: C901, PLR0911, PLR0912 - a form a line
    """Returns a value as a trader writes it; `number` is how numbers stand in it."""
    match value:
        case None:
            return NONE
        case Money(amount, currency):
            return f"{number(amount)} {currency}"
        case Fixed(price) | AfterPrice(price):
            return number(price)
        case AfterTier(tier):
            return f"tier {tier}"
        case RMultiple() | Anchor():
            return say_price(value)
        case Decimal():
            return number(value)
        case Fraction():
            return share_form(value)
        case Size():
            return value.text or f"{number(value.amount)} {_UNITS.get(value.kind, value.kind)}"
        case Close():
            return _close(value)
        case Trail(ratio, distance):
            return share_form(Fraction(ratio)) if ratio is not None else number(distance or Decimal(0))
        case Duration(minutes):
            return say_duration(minutes)
        case Tier():
            return _tier(value, number)
        case Target():
            return _target(value, number)
        case tuple():
            return ", ".join(_bracket(bracket, number) for bracket in value)
    return str(value)


def place_words(path: str) -> str:
    """Returns a path in a plan's words: `tier 2 price`, `account.equity`, `checklist`."""
    found = _ITEM.match(path)
    return path.partition("[")[0] if found is None else f"{item_words(path)} {path[found.end() :]}".strip()


def item_words(path: str) -> str:
    """Returns the tier or target that a path is of, `tier 2`; empty where it is of none."""
    found = _ITEM.match(path)
    return "" if found is None else f"{found[1]} {int(found[2]) + 1}"


def share_form(share: Fraction) -> str:
    """Returns a share in percent where that says all of it, else as a ratio: `12.5%`, `1/3`."""
    hundred = share * 100
    below = hundred.denominator
    for prime in (2, 5):
        while below % prime == 0:
            below //= prime
    return f"{plain(as_decimal(hundred))}%" if below == 1 else f"{share.numerator}/{share.denominator}"


def _close(close: Close) -> str:
    if close.of is CloseOf.CONTRACTS:
        return f"{plain(as_decimal(close.amount))} contracts"
    if close.of is CloseOf.REST:
        return "rest" if close.amount == 1 else f"{share_form(close.amount)} of rest"
    return share_form(close.amount)


def _bracket(bracket: object, number: Callable[[Decimal], str]) -> str:
    if not isinstance(bracket, tuple):
        return str(bracket)
    up_to, rate = bracket
    return f"{share_form(rate)} {'above' if up_to is None else f'up to {number(up_to)}'}"


def _tier(tier: Tier, number: Callable[[Decimal], str]) -> str:
    amount = tier.size if tier.size is not None else tier.share
    parts = [f"{written_form(amount, number)} at {number(tier.price)} {tier.order}"]
    if tier.after is not None:
        parts.append(f"after {written_form(tier.after, number)}")
    if tier.stop is not None:
        parts.append(f"stop to {written_form(tier.stop, number)}")
    return ", ".join(parts)


def _target(target: Target, number: Callable[[Decimal], str]) -> str:
    parts = [f"{_close(target.close)} at {written_form(target.price, number).removeprefix('+')} {target.order}"]
    if target.stop is not None:
        parts.append(f"stop to {written_form(target.stop, number)}")
    if target.trail is not None:
        parts.append(f"trails {written_form(target.trail, number)}")
    return ", ".join(parts)
