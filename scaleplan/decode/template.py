"""A template is a plan whose first tier is `signal` or a `column`: at a signal its words become prices.

What is said here is what it needs of a signal's bar, and what is wrong with the words of templates; `lowered` makes
the plan of it. So there is one reading of plans, and `show --format yaml` can write that plan down.
"""

from collections.abc import Callable
from collections.abc import Mapping as Lookup
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.decode.keys import ATR
from scaleplan.decode.kinds import OUT_OF_BOUNDS
from scaleplan.decode.reader import Reader
from scaleplan.quantity.amount import read_duration
from scaleplan.quantity.form import TEMPLATE_ONLY, Mistake
from scaleplan.quantity.number import quote, read_number
from scaleplan.quantity.price import AtSignal, read_at_signal
from scaleplan.quantity.signal import SignalRule, read_signal
from scaleplan.source import Span
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence, Unreadable

if TYPE_CHECKING:
    from scaleplan.plan import Plan

#: The keys of prices, in tiers, targets and their ladders.
_PRICES = frozenset({"price", "after", "stop", "from", "to", "trail"})
_TOP = frozenset({"stop", "invalidation"})
_MOST_BARS = 1_000_000


class SignalBar(NamedTuple):
    """What a signal's bar gives a template: its close, the ATR, prices of its columns, and the side of the signal.

    Prices in quote; what is not known is absent.
    """

    price: Decimal
    atr: Decimal | None = None
    columns: Lookup[str, Decimal] = {}
    sign: int = 1


class AtrRule(NamedTuple):
    """Of how many bars an ATR is, and how long these are in minutes; absent: those given."""

    bars: int = 14
    minutes: int | None = None


class Template(NamedTuple):
    """A template: its tree with short forms spelt out, when it is traded, and what of a bar its prices need.

    `place` is where its first price stands. `by_signal` is whether the sign of a signal decides the side. `standing_in`
    is the plan that it is, before levels are put on ticks, at the moment that stood in for a signal when it was read.
    """

    root: Mapping
    place: Span
    path: str
    atr: AtrRule
    signals: SignalRule | None
    by_signal: bool
    needs_atr: bool
    columns: tuple[str, ...]
    sign: int
    standing_in: "Plan | None" = None


def template_of(root: Mapping, reader: Reader) -> tuple[Mapping, Template | None]:
    """Returns the tree without words of templates, and the template that it is, if it is one.

    Reports what is wrong with these words, and words of templates in a plan.
    """
    first = first_price(root)
    at = None if first is None else read_at_signal(first[0].text.strip())
    is_template = at is not None
    entries, atr, signals, by_signal, sign = [], AtrRule(), None, False, 1
    for entry in root.entries:
        key, value = entry
        word = value.text.strip().lower() if isinstance(value, Scalar) else ""
        if key.text in ("atr", "signals"):
            if not is_template:
                _alone(reader, key.span, key.text, f"`{key.text}` is a key of templates")
            elif key.text == "atr":
                atr = _read_atr(reader, value)
            else:
                signals = reader.form(value, "signals", read_signal)
            continue
        if key.text == "side" and word == "signal":
            by_signal = True
            if not is_template:
                _alone(reader, value.span, "side", "a plan's side is `long` or `short`: a signal decides a template's")
                entries.append(Entry(key, Unreadable(value.span)))
                continue
        elif key.text == "side" and word == "short":
            sign = -1
        elif key.text == "expires" and is_template and isinstance(value, Scalar) and "-" in word:
            message = f"{quote(value.text)} is one date for every trade of a template"
            reader.report(TEMPLATE_ONLY, value.span, "expires", message, "write a duration, such as `3d`")
            continue
        entries.append(entry)
    read = root._replace(entries=tuple(entries))
    if first is None or at is None:
        return read, None
    node, path = first
    needs = _Needs()
    each_price(read, needs.look)
    template = Template(read, node.span, path, atr, signals, by_signal, needs.atr, tuple(needs.columns), sign)
    return read, template


def _alone(reader: Reader, span: Span, path: str, message: str) -> None:
    help = "write `signal` as tier 1's price to make a template of it, or leave it out"
    reader.report(TEMPLATE_ONLY, span, path, message, help)


def first_price(root: Mapping) -> tuple[Scalar, str] | None:
    """Returns the price of tier 1 where it is a text, and its path."""
    tiers = next((entry.value for entry in root.entries if entry.key.text == "tiers"), None)
    item, name, path = tiers, "from", "tiers"
    if isinstance(tiers, Sequence) and tiers.items:
        item, name, path = tiers.items[0], "price", "tiers[0]"
    if isinstance(item, Mapping):
        for entry in item.entries:
            if entry.key.text == name and isinstance(entry.value, Scalar):
                return entry.value, f"{path}.{name}"
    return None


def _read_atr(reader: Reader, node: Node) -> AtrRule:
    fields = reader.fields(ATR, node, "atr")
    if fields is None:
        return AtrRule()

    def read(text: str) -> int | Mistake:
        value = read_number(text)
        if isinstance(value, Mistake):
            return value
        if value != int(value) or not 1 <= value <= _MOST_BARS:
            return Mistake(OUT_OF_BOUNDS, f"{quote(text)} is no number of bars", "write a whole number such as `14`")
        return int(value)

    bars = reader.form(*fields.at("bars"), read)
    return AtrRule(bars or AtrRule().bars, reader.form(*fields.at("of"), read_duration))


class _Needs:
    """What of a signal's bar the prices of a template need."""

    def __init__(self) -> None:
        self.atr = False
        self.columns: dict[str, None] = {}

    def look(self, node: Scalar, first: bool) -> Scalar:  # noqa: ARG002, FBT001 - as the other that looks at each price
        text = " ".join(node.text.split())
        at = read_at_signal(text)
        if isinstance(at, AtSignal) and at.column:
            self.columns[at.column] = None
        self.atr = self.atr or text.lower().endswith("atr")
        return node


def each_price(root: Mapping, change: Callable[[Scalar, bool], Scalar]) -> Mapping:
    """Returns a tree in which each price, level and trail is changed; `change` is handed whether it is tier 1's."""
    entries = []
    for key, value in root.entries:
        node: Node = value
        if key.text in ("tiers", "targets"):
            if isinstance(value, Sequence):
                items = tuple(
                    _prices_of(item, change, first=key.text == "tiers" and not index)
                    for index, item in enumerate(value.items)
                )
                node = value._replace(items=items)
            else:
                node = _prices_of(value, change, first=key.text == "tiers")
        elif key.text in _TOP and isinstance(value, Scalar):
            node = change(value, False)  # noqa: FBT003
        elif key.text == "time_stop" and isinstance(value, Mapping):
            node = value._replace(
                entries=tuple(
                    Entry(inner, change(held, False))  # noqa: FBT003
                    if inner.text == "unless" and isinstance(held, Scalar)
                    else Entry(inner, held)
                    for inner, held in value.entries
                )
            )
        entries.append(Entry(key, node))
    return root._replace(entries=tuple(entries))


def _prices_of(node: Node, change: Callable[[Scalar, bool], Scalar], *, first: bool) -> Node:
    if not isinstance(node, Mapping):
        return node
    return node._replace(
        entries=tuple(
            Entry(key, change(value, first and key.text in ("price", "from")))
            if key.text in _PRICES and isinstance(value, Scalar)
            else Entry(key, value)
            for key, value in node.entries
        )
    )
