"""The targets of a plan, listed or as a ladder written short."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.decode.changes import begin_of
from scaleplan.decode.keys import TARGET, TARGET_LADDER
from scaleplan.decode.kinds import OUT_OF_BOUNDS, WRONG_PLACE
from scaleplan.decode.levels import Ground, Units, measure_steps, read_stop_level, read_target_price
from scaleplan.decode.reader import Fields, Reader
from scaleplan.decode.size import contract_size_added
from scaleplan.decode.steps import check_ends, read_items, read_steps
from scaleplan.diagnostic import Help, add, within
from scaleplan.plan import Close, CloseOf, Level, Order, Runner, Target, Trail
from scaleplan.quantity.amount import COUNT_WORDS
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.form import NOT_A_SHARE, Form, Mistake, any_case, captured
from scaleplan.quantity.number import NUMBER, quote, read_number, read_rate, read_share
from scaleplan.quantity.price import Anchor, Fixed, RMultiple, Steps, read_distance
from scaleplan.tree import Mapping, Node, Scalar, Sequence, key_path


def of_rest(share: Form | str) -> Form:
    """Returns the form of a share of what is left: `30% of rest`."""
    return captured(share, "share") + " " + any_case("of ") + "(?:" + any_case("the ") + ")?" + any_case("rest")


_OF_REST = of_rest(r"\S+")
REST = "(?:" + any_case("the ") + ")?(?:" + any_case("rest") + ")"
#: A number of contracts, in whatever word the trader counts them.
IN_CONTRACTS = captured(NUMBER) + " " + captured(any_case(*COUNT_WORDS)) + any_case("s") + "?"
_REST = Close(Fraction(1), CloseOf.REST)
_NOTHING = Close(Fraction(0), CloseOf.POSITION)
#: Of these a target has none that divides the position equally with the others.
_DECIDES = ("close", "stop", "trail", "exit")


class Exits(NamedTuple):
    """The planned exits: targets at prices, and the runner that ends by an exit in words alone."""

    targets: tuple[Target, ...] = ()
    runner: Runner | None = None


class _Rules(NamedTuple):
    """What holds for every target of a list: how many there are, and whether they divide the position equally."""

    targets: int
    has_runner: bool
    has_contract_size: bool
    equal: bool


def count_targets(node: Node | None) -> int:
    """Returns how many targets a node speaks of, before any is read: what `target 2` may refer to."""
    if isinstance(node, Sequence):
        return len(node.items) - (1 if node.items and _is_runner(node.items[-1]) else 0)
    if isinstance(node, Mapping):
        counts = [entry.value for entry in node.entries if entry.key.text == "count"]
        value = read_number(counts[0].text) if counts and isinstance(counts[0], Scalar) else None
        return int(value) if isinstance(value, Decimal) else 0
    return 0


def _is_runner(item: Node) -> bool:
    """Returns whether an item of a list has an exit in words and no price."""
    keys = {entry.key.text for entry in item.entries} if isinstance(item, Mapping) else set()
    return "exit" in keys and "price" not in keys


def read_targets(reader: Reader, node: Node | None, ground: Ground, *, has_contract_size: bool) -> Exits:
    """Returns all exits that could be read; a plan may have none."""
    if node is None:
        return Exits()
    if isinstance(node, Mapping):
        return Exits(_ladder(reader, node, ground))
    items = read_items(reader, node, "targets", "`targets: [50% at 64000, rest at 3R]`") or ()
    found = [reader.fields(TARGET, item, f"targets[{index}]") for index, item in enumerate(items)]
    runner = None
    if items and _is_runner(items[-1]) and found[-1] is not None:
        runner = _runner(reader, found.pop(), has_targets=len(items) > 1)
    decided = any(name in fields for fields in found if fields is not None for name in _DECIDES)
    has_runner = len(found) < len(items)
    rules = _Rules(len(items), has_runner, has_contract_size, equal=not decided and not has_runner)
    read = [
        _target(reader, items[index], fields, index, ground, rules)
        for index, fields in enumerate(found)
        if fields is not None
    ]
    return Exits(tuple(target for target in read if target is not None), runner)


def _target(reader: Reader, item: Node, fields: Fields, index: int, ground: Ground, rules: _Rules) -> Target | None:
    path = f"targets[{index}]"
    count = rules.targets
    last = index == count - 1
    if "price" not in fields:
        words = f", or move the exit in words to the end: after target {count}" if "exit" in fields else ""
        line = reader.examples().row_line(TARGET, path)
        help = add(line, begin_of(item), more=words)
        reader.missing("price", item, path, "a target needs `price`, and it is missing", help)
    price = read_target_price(reader, *fields.at("price"), ground)
    close = _close(reader, *fields.at("close"), rules)
    stop = read_stop_level(reader, *fields.at("stop"), ground)
    trail = _trail(reader, *fields.at("trail"), ground.units)
    otherwise = reader.text(*fields.at("exit")) or ""
    order = reader.choice(*fields.at("order"), Order) or Order.LIMIT
    note = reader.text(*fields.at("note")) or ""
    if "trail" in fields and not last:
        message = f"target {index + 1} of {count} has a trail, and only the last can: what is left trails from there"
        where = f"move it to target {count}"
        if rules.has_runner:
            where = f"write the `exit` of target {count} here, and delete that" if index == count - 2 else "delete it"
        reader.report(WRONG_PLACE, fields["trail"].span, key_path(path, "trail"), message, where)
    if price is None:
        return None
    if close is None and rules.equal:
        close = Close(Fraction(1, count), CloseOf.POSITION, written=False)
    elif close is None:
        close = (_REST if last and "trail" not in fields else _NOTHING)._replace(written=False)
    return Target(price, close, stop, trail, otherwise, order, note)


def _runner(reader: Reader, fields: Fields | None, *, has_targets: bool) -> Runner | None:
    """Reads the exit of what is left that has no price: nothing else can be said of it but that it takes the rest."""
    if fields is None:
        return None
    for name in ("stop", "trail", "order"):
        if name in fields:
            message = f"the exit in words has no price at which `{name}` could act"
            help = f"write `{name}` at a target with a price, or give this one a `price`"
            reader.report(WRONG_PLACE, fields[name].span, key_path(fields.path, name), message, help)
    close = reader.form(*fields.at("close"), _read_close)
    if close is not None and close != _REST and (has_targets or close != _NOTHING._replace(amount=Fraction(1))):
        message = "an exit in words alone takes all that is left: nothing comes after it"
        help = Help("write `close: rest`, or leave it out", ("rest",))
        reader.report(WRONG_PLACE, fields["close"].span, key_path(fields.path, "close"), message, help)
    text, note = reader.text(*fields.at("exit")), reader.text(*fields.at("note"))
    return None if not text else Runner(text, note or "")


def _close(reader: Reader, node: Node | None, path: str, rules: _Rules) -> Close | None:
    close = reader.form(node, path, _read_close)
    if close is None or node is None or close.of is not CloseOf.CONTRACTS or rules.has_contract_size:
        return close
    if isinstance(node, Scalar) and "share" in node.text.lower():
        return close
    reader.lacks(
        node,
        path,
        "contract_size",
        f"{quote(node.span.text)} does not say how much one of them is",
        contract_size_added(reader, ", or write how much is closed as a share"),
    )
    return None


def _read_close(text: str) -> Close | Mistake:
    if REST.fullmatch(text):
        return _REST
    match = IN_CONTRACTS.fullmatch(text)
    if match:
        count = read_number(match[1])
        return count if isinstance(count, Mistake) else Close(Fraction(count), CloseOf.CONTRACTS)
    match = _OF_REST.fullmatch(text)
    share = read_share(match[1] if match else text)
    if isinstance(share, Mistake):
        help = share.help
        if match is None:
            help = help.then(", `30% of rest`, `2 contracts` or `rest`") if isinstance(help, Help) else help
        else:
            help = within(help, "", text[match.end(1) :])
        return Mistake(NOT_A_SHARE, f"{quote(text)} does not say how much to close", help)
    if share > 1:
        return Mistake(
            OUT_OF_BOUNDS, f"{quote(text)} is more than all of it", Help("write `rest`, or at most `100%`", ("rest",))
        )
    return Close(share, CloseOf.REST if match else CloseOf.POSITION)


def _trail(reader: Reader, node: Node | None, path: str, units: Units) -> Trail | None:
    def read(text: str) -> Trail | Steps | Mistake:
        if text.endswith("%"):
            ratio = read_rate(text)
            if isinstance(ratio, Mistake):
                return ratio
            if 0 < ratio < 1:
                return Trail(ratio, None)
            return Mistake(
                OUT_OF_BOUNDS, f"the trail {quote(text)} is not between 0% and 100%", "write a distance such as `2%`"
            )
        steps = read_distance(text)
        away = read_number(text, what="a distance") if steps is None else steps
        if isinstance(away, Steps):
            away = away.number
        if isinstance(away, Mistake):
            return Mistake(
                away.kind,
                f"{quote(text)} is not a distance to trail at",
                "write `2%`, `10 ticks`, or a price distance such as `500`",
            )
        if away > 0:
            return steps if isinstance(steps, Steps) else Trail(None, away)
        return Mistake(OUT_OF_BOUNDS, "a trail at no distance would exit at once", "write a distance above zero")

    found = reader.form(node, path, read)
    if not isinstance(found, Steps) or node is None:
        return found if isinstance(found, Trail) else None
    away = measure_steps(reader, node, path, found, units)
    return None if away is None else Trail(None, away)


def _ladder(reader: Reader, node: Mapping, ground: Ground) -> tuple[Target, ...]:
    fields = reader.fields(TARGET_LADDER, node, "targets")
    if fields is None:
        return ()
    spaced = read_steps(reader, fields)
    start = read_target_price(reader, *fields.at("from"), ground)
    end = read_target_price(reader, *fields.at("to"), ground)
    order = reader.choice(*fields.at("order"), Order) or Order.LIMIT
    note = reader.text(*fields.at("note")) or ""
    if start is None or end is None:
        return ()
    between = _between(start, end)
    if between is None:
        message = "the two ends of the ladder are not measured alike"
        help = "write both as prices, both in R, or both from the same level, such as `entry +1%` and `entry +4%`"
        reader.report(WRONG_PLACE, fields["to"].span, "targets.to", message, help)
        return ()
    if spaced is None or not check_ends(reader, spaced, node, "targets", between.first, between.last):
        return ()
    return tuple(
        Target(between.level(value), Close(share, CloseOf.POSITION), None, None, "", order, note)
        for value, share in zip(spaced.prices(between.first, between.last), spaced.shares, strict=True)
    )


class _Between(NamedTuple):
    """What a ladder's levels differ in, from one end to the other, and how it makes a level."""

    first: Decimal
    last: Decimal
    level: Callable[[Decimal], Level]


def _between(start: Level, end: Level) -> _Between | None:
    """Returns what lies between two levels of one kind; absent where they are of two."""
    if isinstance(start, Fixed) and isinstance(end, Fixed):
        return _Between(start.price, end.price, Fixed)
    if isinstance(start, RMultiple) and isinstance(end, RMultiple) and not any((*start[1:], *end[1:])):
        return _Between(start.n, end.n, RMultiple)
    if not isinstance(start, Anchor) or not isinstance(end, Anchor) or start.reference is not end.reference:
        return None
    reference = start.reference
    if not start.amount and not end.amount:
        # Equal ratios are those of the prices.
        return _Between(ONE + start.ratio, ONE + end.ratio, lambda value: Anchor(reference, ratio=value - ONE))
    if start.ratio or end.ratio:
        return None
    return _Between(start.amount, end.amount, lambda value: Anchor(reference, amount=value))
