"""The targets of a plan, listed or as a ladder written short."""

from decimal import Decimal
from fractions import Fraction

from scaleplan.decode.keys import TARGET, TARGET_LADDER
from scaleplan.decode.kinds import OUT_OF_BOUNDS, WRONG_PLACE
from scaleplan.decode.levels import Ground, Units, measure_steps, read_stop_level, read_target_price
from scaleplan.decode.reader import Reader
from scaleplan.decode.steps import check_ends, read_items, read_steps
from scaleplan.plan import Close, CloseOf, Level, Order, Target, Trail
from scaleplan.quantity.form import Form, captured
from scaleplan.quantity.mistake import NOT_A_SHARE, Mistake
from scaleplan.quantity.number import quote, read_number, read_rate, read_share
from scaleplan.quantity.price import Fixed, RMultiple, Steps, read_distance
from scaleplan.tree import Mapping, Node, Scalar, Sequence
from scaleplan.tree.node import key_path


def of_rest(share: Form | str) -> Form:
    """Returns the form of a share of what is left: `30% of rest`."""
    return captured(share, "share") + " of (?:the )?rest"


_OF_REST = of_rest(r"\S+")
_REST = Close(Fraction(1), CloseOf.REST)
_NOTHING = Close(Fraction(0), CloseOf.POSITION)


def count_targets(node: Node | None) -> int:
    """Returns how many targets a node speaks of, before any is read: what `target 2` may refer to."""
    if isinstance(node, Sequence):
        return len(node.items)
    if isinstance(node, Mapping):
        counts = [entry.value for entry in node.entries if entry.key.text == "count"]
        value = read_number(counts[0].text) if counts and isinstance(counts[0], Scalar) else None
        return int(value) if isinstance(value, Decimal) else 0
    return 0


def read_targets(reader: Reader, node: Node | None, ground: Ground) -> tuple[Target, ...]:
    """Returns all targets that could be read; a plan may have none."""
    if node is None:
        return ()
    if isinstance(node, Mapping):
        return _ladder(reader, node, ground)
    items = read_items(reader, node, "targets", "`targets: [50% at 64000, rest at 3R]`") or ()
    read = [_target(reader, item, index, len(items), ground) for index, item in enumerate(items)]
    return tuple(target for target in read if target is not None)


def _target(reader: Reader, item: Node, index: int, count: int, ground: Ground) -> Target | None:
    path = f"targets[{index}]"
    fields = reader.fields(TARGET, item, path)
    if fields is None:
        return None
    last = index == count - 1
    price = read_target_price(reader, *fields.at("price"), ground)
    close = reader.form(*fields.at("close"), _read_close)
    stop = read_stop_level(reader, *fields.at("stop"), ground)
    trail = _trail(reader, *fields.at("trail"), ground.units)
    otherwise = reader.text(*fields.at("exit")) or ""
    order = reader.choice(*fields.at("order"), Order) or Order.LIMIT
    note = reader.text(*fields.at("note")) or ""
    if "trail" in fields and not last:
        message = f"target {index + 1} of {count} has a trail, and only the last can: what is left trails from there"
        reader.report(WRONG_PLACE, fields["trail"].span, key_path(path, "trail"), message, f"move it to target {count}")
    if price is None:
        return None
    if close is None:
        close = (_REST if last and "trail" not in fields else _NOTHING)._replace(written=False)
    return Target(price, close, stop, trail, otherwise, order, note)


def _read_close(text: str) -> Close | Mistake:
    if text in ("rest", "the rest"):
        return _REST
    match = _OF_REST.fullmatch(text)
    share = read_share(match[1] if match else text)
    if isinstance(share, Mistake):
        return Mistake(
            NOT_A_SHARE, f"{quote(text)} does not say how much to close", share.help + ", `30% of rest` or `rest`"
        )
    if share > 1:
        return Mistake(OUT_OF_BOUNDS, f"{quote(text)} is more than all of it", "write at most `100%`")
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
    levels: list[Level]
    if isinstance(start, Fixed) and isinstance(end, Fixed):
        first, last = start.price, end.price
        make: type[Fixed | RMultiple] = Fixed
    elif isinstance(start, RMultiple) and isinstance(end, RMultiple):
        first, last = start.n, end.n
        make = RMultiple
    else:
        if start is not None and end is not None:
            message = "one end of the ladder is a price and the other a distance in R"
            reader.report(WRONG_PLACE, fields["to"].span, "targets.to", message, "write both as prices, or both in R")
        return ()
    if spaced is None or not check_ends(reader, spaced, node, "targets", first, last):
        return ()
    levels = [make(value) for value in spaced.prices(first, last)]
    return tuple(
        Target(level, Close(share, CloseOf.POSITION), None, None, "", order, note)
        for level, share in zip(levels, spaced.shares, strict=True)
    )
