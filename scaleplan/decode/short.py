"""Short forms spelt out: a tier as `50% at 60000 stop`, a target as `rest at 3R`, a bare price.

They become the mappings that they are short for, node by node with the places of their words, so that there is one
reading of tiers and targets, and an override can reach into a short one.
"""

import re

from scaleplan.decode.kinds import BAD_SHORT_FORM, CUT_AT_COMMA
from scaleplan.decode.reader import Reader, is_empty, nearest
from scaleplan.diagnostic import Edit, Help, Related, write
from scaleplan.quantity.form import Form, any_case, captured
from scaleplan.quantity.number import quote
from scaleplan.quantity.price import AT_SIGNAL, OF_AVERAGE, R_MULTIPLE, UNITS
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence, Unreadable

ORDERS = ("limit", "stop", "market")


def short_target(amount: Form | str, price: Form | str) -> Form:
    """Returns the form of a target, from those of its amount and price: `30% at 64000`."""
    return "(?:" + captured(amount, "amount") + r"\s+" + any_case("at") + r"\s+)?" + captured(price, "price")


def short_tier(amount: Form | str, price: Form | str) -> Form:
    """Returns the form of a tier, from those of its amount and price: `50% at 60000 stop`."""
    return short_target(amount, price) + r"(?:\s+" + captured(any_case(*ORDERS), "order") + ")?"


#: A price is one word, or two where it is counted in ticks, points or pips; a target's may be a level with an offset.
_PRICE = r"\S+(?:\s+" + UNITS + ")?"
SHORT_TIER = short_tier(".+?", AT_SIGNAL + "|" + _PRICE)
SHORT_TARGET = short_target(".+?", OF_AVERAGE + "|" + R_MULTIPLE + "|" + AT_SIGNAL + "|" + _PRICE)
#: What is meant as a short form: how much, where, and perhaps a word, with another sign or nothing where `at` belongs.
_NEARLY_SHORT = Form(
    r"(?P<amount>[0-9][0-9_./]*(?:%| (?!(?i:at) )[A-Za-z]+)?|(?i:rest))(?: *[@=:(] *| +(?P<at>(?i:at)) +| +)"
    rf"(?P<price>[-+]?[0-9][0-9_.]*(?:%| ?[Rr]\b| *{UNITS.reader}\b)?)\)?(?: +(?P<order>[A-Za-z]+))?"
)
#: A longer text is no short form; the patterns are not asked, because their work grows with the square of its blanks.
LONGEST = 200
_SHARE_LIKE = re.compile(r"[^\sA-Za-z]+")


def spell_out(root: Mapping, reader: Reader) -> Mapping:
    """Returns the plan's mapping with every short tier and target as a mapping."""
    entries = []
    for key, value in root.entries:
        node = value
        if isinstance(value, Sequence) and key.text in ("tiers", "targets"):
            items = _whole_numbers(value, key.text, reader)
            long = [
                _long(item, key.text, index, reader) if isinstance(item, Scalar) else item
                for index, item in enumerate(items)
            ]
            node = Sequence(tuple(long), value.span)
        entries.append(Entry(key, node))
    return Mapping(tuple(entries), root.span, root.flow)


def _long(item: Scalar, owner: str, index: int, reader: Reader) -> Node:
    """Returns a short tier or target as the mapping that it is short for; reports what is only nearly a short form."""
    if is_empty(item):
        reader.empty(item.span, f"{owner}[{index}]", f"{owner}[{index}]", item)
        return Unreadable(item.span)
    if len(item.text) > LONGEST:
        return _mapping(item, {"price": None})
    near = _nearly_short(item.text.strip(), tier=owner == "tiers")
    if near is None:
        return _long_tier(item) if owner == "tiers" else _long_target(item)
    message, help = near
    reader.report(BAD_SHORT_FORM, item.span, f"{owner}[{index}]", message, help)
    return Unreadable(item.span)


def _nearly_short(text: str, *, tier: bool) -> tuple[str, str] | None:
    match = _NEARLY_SHORT.fullmatch(text)
    if match is None:
        return None
    amount, price, order = match["amount"], match["price"], match["order"]
    if match["at"] and amount.isdigit():
        counted = "1 contract" if amount == "1" else f"{amount} contracts"
        return (
            f"{quote(text)} does not say what `{amount}` counts",
            f"write `{counted} at {price}`, or `{amount}% at {price}` for a share",
        )
    if match["at"] and not order:
        return None
    if not match["at"]:
        if price.endswith("%") and not amount.endswith("%"):
            # The other way round, as some exchanges print it.
            amount, price = price, amount
        help = (
            write(f"{amount}% at {price}", more=" for a share") if amount.isdigit() else write(f"{amount} at {price}")
        )
        return f"{quote(text)} has no `at` between how much and where", help
    if not tier:
        return (
            f"{quote(text)} has `{order}` behind the price",
            write(f"{{price: {price}, close: {amount}, order: limit}}"),
        )
    if order.lower() in ORDERS:
        return None
    word = nearest(order, ORDERS)
    return (
        f"{quote(order)} is no order: behind a tier written short stands `limit`, `stop` or `market`, or nothing",
        write(f"{amount} at {price} {word}" if word else f"{amount} at {price}"),
    )


def _long_tier(item: Scalar) -> Node:
    match = SHORT_TIER.fullmatch(item.text.strip())
    if match is None:
        return _mapping(item, {"price": None})
    amount = match["amount"]
    # A share has no letters (`50%`, `1/3`); a size has a unit (`0.1 BTC`).
    name = "share" if amount is not None and _SHARE_LIKE.fullmatch(amount) else "size"
    return _mapping(item, {name: match.span("amount"), "price": match.span("price"), "order": match.span("order")})


def _long_target(item: Scalar) -> Node:
    match = SHORT_TARGET.fullmatch(item.text.strip())
    if match is None:
        return _mapping(item, {"price": None})
    return _mapping(item, {"close": match.span("amount"), "price": match.span("price")})


def _mapping(item: Scalar, parts: dict[str, tuple[int, int] | None]) -> Mapping:
    """Returns a mapping whose values are parts of a scalar, each with its own place where that is typed plainly."""
    text = item.text.strip()
    entries = []
    for name, bounds in parts.items():
        if bounds == (-1, -1):
            continue
        start, end = bounds or (0, len(text))
        exact = item.plain and item.span.text == text
        span = item.span.part(start, end) if exact else item.span
        entries.append(Entry(Scalar(name, span), Scalar(text[start:end], span, plain=False)))
    return Mapping(tuple(entries), item.span, flow=True)


def _one_number(before: str, after: str) -> bool:
    """Whether `60` and `000` are halves of one number: `[150,140]` is two prices, `[60,000]` and `[60,500]` are not."""
    if not (re.fullmatch(r"[0-9]{1,3}", before) and re.fullmatch(r"[0-9]{3}", after)):
        return False
    return after.startswith("0") or int(after) >= 5 * int(before)


def _one_decimal(before: str, after: str) -> bool:
    """Whether `1` and `1050` are halves of one number with a decimal comma: no ladder has steps of five times."""
    if not (re.fullmatch(r"[0-9]{1,9}", before) and re.fullmatch(r"[0-9]{1,9}", after)):
        return False
    first, second = int(before), int(after)
    return first == 0 or second == 0 or first >= 5 * second or second >= 5 * first


def _whole_numbers(list_node: Sequence, path: str, reader: Reader) -> tuple[Node, ...]:
    """Reports where `[60,000, 59,000]` became four prices: three digits right behind a comma after a number.

    The second half of such a number is unreadable in what comes back.
    """
    items = list(list_node.items)
    for index in range(1, len(list_node.items)):
        before, item = list_node.items[index - 1], list_node.items[index]
        if not (isinstance(before, Scalar) and isinstance(item, Scalar) and before.plain and item.plain):
            continue
        gap = item.span.source.text[before.span.end : item.span.start]
        mark = "" if _one_number(before.text, item.text) else "." if _one_decimal(before.text, item.text) else None
        if gap == "," and mark is not None:
            whole = f"{before.text}{mark}{item.text}"
            both = before.span._replace(end=item.span.end)
            two = () if mark or item.text.startswith("0") else (Edit(both, f"{before.text}, {item.text}"),)
            reader.report(
                CUT_AT_COMMA,
                item.span,
                f"{path}[{index}]",
                f"the comma made two prices of one number: `{before.text}` and `{item.text}`",
                Help(
                    f"write `{whole}`" + (f", or `{two[0].text}` with a blank if two prices are meant" if two else ""),
                    (),
                    (Edit(both, whole), *two),
                ),
                [Related(before.span, "the first part")],
            )
            items[index] = Unreadable(item.span)
    return tuple(items)
