"""What a plan says, in three parts: its numbers, its words, and the account, each as written and spelt out.

Two plans are compared so by what they mean: files in place, short forms spelt out, order and comments away. What an
account has (equity, limits) changes with every trade, and locks nothing.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from scaleplan.plan import AfterPrice, AfterTier, Plan, Size, SizeKind
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Anchor, Fixed, RMultiple, say_price

#: What is in words, by the last name of a path.
_WORDS = frozenset({"name", "notes", "note", "trigger", "exit", "checklist"})
#: What says only how something was written, or follows from the rest.
_MANNERS = frozenset({"style_written", "order_written", "written", "as_of", "source", "text"})
#: Sizes whose amount follows from the account.
_OF_ACCOUNT = (SizeKind.EQUITY, SizeKind.MARGIN, SizeKind.RISK)
_NONE = "none"


class PlanParts(NamedTuple):
    """What a plan says, by path: its numbers, its words, its account's figures."""

    numbers: dict[str, str]
    words: dict[str, str]
    account: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """Returns what tells plans with other numbers apart: SHA-256 of these."""
        import hashlib  # noqa: PLC0415 - only who locks a plan takes one

        text = "\n".join(f"{path}={value}" for path, value in sorted(self.numbers.items()))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Difference(NamedTuple):
    """One place in which two plans differ, as both have it; `none` where one has nothing there."""

    path: str
    was: str
    now: str


def parts_of(plan: Plan) -> PlanParts:
    """Returns what a plan says."""
    parts = PlanParts({}, {}, {})
    for path, value in _leaves(plan, ""):
        names = path.replace("]", "").replace("[", ".").split(".")
        if _MANNERS.intersection(names):
            continue
        if names[0] == "account":
            parts.account[path] = value
        else:
            (parts.words if _WORDS.intersection(names) or names[0] == "runner" else parts.numbers)[path] = value
    return parts


def differences(was: dict[str, str], now: dict[str, str]) -> tuple[Difference, ...]:
    """Returns where two of the same parts differ, in the order of the first."""
    paths = dict.fromkeys((*was, *now))
    return tuple(
        Difference(path, was.get(path, _NONE), now.get(path, _NONE))
        for path in paths
        if was.get(path, _NONE) != now.get(path, _NONE)
    )


def _leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Yields each value of a record by its path, as it is written."""
    text = _written(value)
    if text is not None:
        yield path, text
    elif isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        for index, item in enumerate(value):
            if item is None or item == ():
                continue
            inner = f"{path}[{index}]" if names is None else f"{path}.{names[index]}" if path else names[index]
            yield from _leaves(item, inner)


def _written(value: object) -> str | None:
    """Returns a value as a trader writes it; absent for a record whose parts are told one by one."""
    match value:
        case Fixed() | RMultiple() | Anchor():
            return say_price(value)
        case AfterPrice(price):
            return plain(price)
        case AfterTier(tier):
            return f"tier {tier}"
        case Size(kind, amount, text):
            return text if text and kind in _OF_ACCOUNT else f"{plain(amount)} {kind}"
        case Decimal():
            return plain(value)
        case Enum():
            return str(value)
        case tuple():
            return None
    return str(value)
