"""The plan that a template is at a signal, as YAML: its levels are prices, its files are in their place.

Comments stay with the template. What is read of the text is that plan again.
"""

import re
from collections.abc import Iterable
from fractions import Fraction

from scaleplan.decode.lowered import lowered
from scaleplan.decode.template import SignalBar, Template
from scaleplan.plan import AfterPrice, CloseOf, Level, LevelsLie, Plan, Target, Tier
from scaleplan.quantity.exact import as_decimal
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Fixed
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence
from scaleplan.tree.quoting import in_escapes

_PLAIN = re.compile(r"[A-Za-z0-9+%/.][A-Za-z0-9 +%/._-]*(?::[A-Za-z]+)?(?<! )")
_RATIO_DIGITS = 9


def plan_yaml(template: Template, moment: SignalBar, plan: Plan) -> str:
    """Returns the text of the plan that a template is at a moment."""
    root = lowered(template, moment)
    entries = []
    for key, value in root.entries:
        node: Node = value
        if key.text == "tiers":
            node = Sequence(tuple(_tiers(value, plan)), value.span)
        elif key.text == "targets":
            node = _targets(value, plan)
        elif key.text == "stop":
            node = _price(value, None if plan.stop is None else Fixed(plan.stop))
        elif key.text == "invalidation":
            node = _price(value, None if plan.invalidation is None else Fixed(plan.invalidation))
        elif key.text == "time_stop" and isinstance(value, Mapping) and plan.time_stop is not None:
            node = _changed(value, {"unless": plan.time_stop.unless})
        entries.append(Entry(key, node))
    if plan.instrument.level_tick is not None:
        entries = _on_ticks(entries, root)
    if all(entry.key.text != "name" for entry in entries):
        name = Scalar("name", root.span)
        entries.insert(0, Entry(name, Scalar(plan.name, root.span)))
    return "".join(_line(entry) for entry in entries)


def _on_ticks(entries: list[Entry], root: Mapping) -> list[Entry]:
    """Returns the plan's lines with one that says that levels lie on ticks: nothing but a template is read so."""
    levels = Entry(Scalar("levels", root.span), Scalar(LevelsLie.ON_TICKS.value, root.span))
    for index, (key, value) in enumerate(entries):
        if key.text == "instrument" and isinstance(value, Mapping):
            others = tuple(entry for entry in value.entries if entry.key.text != "levels")
            entries[index] = Entry(key, value._replace(entries=(*others, levels)))
            return entries
    return [*entries, Entry(Scalar("instrument", root.span), Mapping((levels,), root.span, flow=True))]


def _line(entry: Entry) -> str:
    key, value = entry
    if isinstance(value, Sequence):
        return f"{_scalar(key.text)}:\n" + "".join(f"  - {_flow(item)}\n" for item in value.items)
    return f"{_scalar(key.text)}: {_flow(value)}\n"


def _flow(node: Node) -> str:
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{_scalar(key.text)}: {_flow(value)}" for key, value in node.entries) + "}"
    if isinstance(node, Sequence):
        return "[" + ", ".join(map(_flow, node.items)) + "]"
    return _scalar(node.text) if isinstance(node, Scalar) else "~"


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else in_escapes(text)


def _price(node: Node, level: Level | None) -> Node:
    """Returns a price that stands still as such, and any other as it is written."""
    return Scalar(plain(level.price), node.span) if isinstance(level, Fixed) else node


def _changed(node: Mapping, levels: dict[str, Level | None]) -> Mapping:
    return node._replace(
        entries=tuple(
            Entry(key, _price(value, levels[key.text]) if key.text in levels else value) for key, value in node.entries
        )
    )


def _tiers(node: Node, plan: Plan) -> Iterable[Node]:
    items = node.items if isinstance(node, Sequence) else [node] * len(plan.tiers)
    equal = len({tier.share for tier in plan.tiers}) == 1
    for index, (item, tier) in enumerate(zip(items, plan.tiers, strict=True)):
        if not isinstance(item, Mapping):
            continue
        written = {key.text: value for key, value in item.entries}
        fields: dict[str, Node] = {"price": Scalar(plain(tier.price), item.span)}
        if "share" in written or (isinstance(node, Mapping) and not equal):
            fields["share"] = written.get("share") or Scalar(_share(tier.share or Fraction(1)), item.span)
        fields |= {name: written[name] for name in ("size",) if name in written}
        if not index or "order" in written:
            fields["order"] = Scalar(tier.order.value, item.span)
        fields |= _rest(written, tier)
        yield Mapping(
            tuple(Entry(Scalar(name, item.span), value) for name, value in fields.items()), item.span, flow=True
        )


def _rest(written: dict[str, Node], tier: Tier) -> dict[str, Node]:
    fields: dict[str, Node] = {name: written[name] for name in ("after", "trigger", "stop", "note") if name in written}
    if isinstance(tier.after, AfterPrice):
        fields["after"] = _price(written["after"], Fixed(tier.after.price))
    if "stop" in fields:
        fields["stop"] = _price(written["stop"], tier.stop)
    return fields


def _share(share: Fraction) -> str:
    if max(len(str(share.numerator)), len(str(share.denominator))) <= _RATIO_DIGITS:
        return f"{share.numerator}/{share.denominator}"
    return f"{plain(round(as_decimal(share) * 100, 18))}%"


def _targets(node: Node, plan: Plan) -> Node:
    if isinstance(node, Sequence):
        items = list(node.items)
        for index, target in enumerate(plan.targets):
            item = items[index]
            if isinstance(item, Mapping):
                trail = None if target.trail is None or target.trail.distance is None else Fixed(target.trail.distance)
                items[index] = _changed(item, {"price": target.price, "stop": target.stop, "trail": trail})
        return node._replace(items=tuple(items))
    if not all(isinstance(target.price, Fixed) for target in plan.targets):
        return node
    return Sequence(tuple(_target(node, target) for target in plan.targets), node.span)


def _target(node: Node, target: Target) -> Node:
    fields = {
        "price": plain(target.price.price) if isinstance(target.price, Fixed) else "",
        "close": _share(target.close.amount) + (" of rest" if target.close.of is CloseOf.REST else ""),
        "order": target.order.value,
        "note": target.note,
    }
    entries = [Entry(Scalar(name, node.span), Scalar(text, node.span)) for name, text in fields.items() if text]
    return Mapping(tuple(entries), node.span, flow=True)
