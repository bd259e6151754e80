"""The fingerprint of a plan: what tells plans with other numbers apart, as a journal keeps it of what was locked.

Numbers are those of the plan as it is written and spelt out: files in place, order and comments away. Words change no
figure, and what an account has (equity, limits) changes with every trade: neither is a part of it.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum

from scaleplan.plan import AfterPrice, AfterTier, Plan, Size
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Anchor, Fixed, RMultiple, say_price

#: What is in words, by the last name of a path.
_WORDS = frozenset({"name", "notes", "note", "trigger", "exit", "checklist"})
#: What says only how something was written, or follows from the rest.
_MANNERS = frozenset({"style_written", "order_written", "written", "as_of", "source", "text"})
#: Parts of a plan that are no numbers of its own.
_BESIDE = ("account", "runner")


def fingerprint_of(plan: Plan) -> str:
    """Returns the fingerprint of a plan: SHA-256 of its numbers."""
    import hashlib  # noqa: PLC0415 - only who locks a plan takes one

    text = "\n".join(f"{path}={value}" for path, value in sorted(numbers_of(plan).items()))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def numbers_of(plan: Plan) -> dict[str, str]:
    """Returns the numbers of a plan, by path."""
    found = {}
    for path, value in _leaves(plan, ""):
        names = path.replace("]", "").replace("[", ".").split(".")
        if names[0] not in _BESIDE and not _WORDS.union(_MANNERS).intersection(names):
            found[path] = value
    return found


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
            return text if text and kind.of_account else f"{plain(amount)} {kind}"
        case Decimal():
            return plain(value)
        case Enum():
            return str(value)
        case tuple():
            return None
    return str(value)
