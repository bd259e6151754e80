"""The tiers of a plan, listed or as a ladder written short.

Prices come first, because levels and sizes refer to them; what each tier says besides is read once they are known.
"""

from decimal import Decimal
from fractions import Fraction

from scaleplan.decode.keys import TIER, TIER_LADDER
from scaleplan.decode.kinds import NO_SUCH_LEVEL, OUT_OF_BOUNDS, SHARE_OR_SIZE, WAITS_FOR_ITSELF
from scaleplan.decode.levels import Ground, Units, read_fixed_price, read_stop_level
from scaleplan.decode.money import Terms
from scaleplan.decode.reader import Fields, Reader, nearest
from scaleplan.decode.size import SizeRules, read_size
from scaleplan.decode.steps import check_ends, read_items, read_steps
from scaleplan.diagnostic import Help, write
from scaleplan.plan import AfterPrice, AfterTier, Order, Side, Size, Tier
from scaleplan.quantity.form import Form, any_case, captured
from scaleplan.quantity.number import quote, read_share
from scaleplan.quantity.price import NUMBER_ONLY, NUMBER_OR_PERCENT
from scaleplan.tree import Mapping, Node, key_path

TIER_NAME = any_case("tier") + " ?" + captured("[0-9]{1,3}")
_NUMBERED = Form(r"([A-Za-z]+) ?([0-9]{1,3})")


class TierNodes:
    """The tiers' nodes with their prices read: the first of two steps."""

    __slots__ = ("fields", "nodes", "prices", "shares", "whole")

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.fields: list[Fields] = []
        self.prices: list[Decimal | None] = []
        #: The shares that a ladder gives; absent for a list, where each tier says its own.
        self.shares: tuple[Fraction, ...] | None = None
        #: Whether every tier could be looked into; what a tier lacks is not reported where it could not.
        self.whole = True


def read_tier_prices(reader: Reader, node: Node | None, units: Units) -> TierNodes | None:
    """Finds the tiers and reads their prices."""
    if isinstance(node, Mapping):
        return _ladder(reader, node, units)
    items = read_items(reader, node, "tiers", "`tiers: [150, 140, 130]`")
    if items is None:
        return None
    found = TierNodes()
    for index, item in enumerate(items):
        path = f"tiers[{index}]"
        fields = reader.fields(TIER, item, path)
        found.whole = found.whole and fields is not None
        ground = Ground(found.prices[0] if found.prices else None, units=units)
        forms = NUMBER_OR_PERCENT if index else NUMBER_ONLY
        found.nodes.append(item)
        found.fields.append(fields or Fields(path))
        found.prices.append(read_fixed_price(reader, *found.fields[index].at("price"), ground, forms))
    return found


def _ladder(reader: Reader, node: Mapping, units: Units) -> TierNodes | None:
    fields = reader.fields(TIER_LADDER, node, "tiers")
    if fields is None:
        return None
    spaced = read_steps(reader, fields)
    start = read_fixed_price(reader, *fields.at("from"), Ground(None), NUMBER_ONLY)
    end = read_fixed_price(reader, *fields.at("to"), Ground(start, units=units))
    if spaced is None or start is None or end is None or not check_ends(reader, spaced, node, "tiers", start, end):
        return None
    found = TierNodes()
    common = Fields("tiers")
    common.update({name: fields[name] for name in ("order", "trigger", "note") if name in fields})
    found.prices.extend(spaced.prices(start, end))
    found.shares = spaced.shares
    for _ in range(spaced.steps):
        found.nodes.append(node)
        found.fields.append(common)
    return found


def read_tiers(
    reader: Reader, found: TierNodes, side: Side, terms: Terms, ground: Ground, rules: SizeRules
) -> tuple[Tier, ...] | None:
    """Reads the tiers once side, contract, levels and equity are known; absent where any could not be read."""
    before = reader.count
    afters = [_after(reader, found, index, ground) for index in range(len(found.nodes))]
    _no_circles(reader, found, afters)
    shares, sizes = _shares_and_sizes(reader, found, terms, rules)
    read: list[Tier] = []
    for index, (fields, at) in enumerate(zip(found.fields, found.prices, strict=True)):
        written = reader.choice(*fields.at("order"), Order)
        stop = read_stop_level(reader, *fields.at("stop"), ground)
        trigger = reader.text(*fields.at("trigger")) or ""
        note = reader.text(*fields.at("note")) or ""
        if at is None:
            continue
        order = written or _inferred_order(found, index, afters[index], side)
        read.append(
            Tier(at, shares[index], sizes[index], order, written is not None, afters[index], trigger, stop, note)
        )
    divided = all(share is not None for share in shares) or all(own is not None for own in sizes)
    unread = not found.whole or not divided or any(at is None for at in found.prices)
    return None if unread or reader.count > before else tuple(read)


def _inferred_order(found: TierNodes, index: int, after: AfterPrice | AfterTier | None, side: Side) -> Order:
    """Returns `stop` where the price lies on the winning side of its `after`, or else of the tier before it."""
    reference: Decimal | None = None
    if isinstance(after, AfterPrice):
        reference = after.price
    elif isinstance(after, AfterTier):
        reference = found.prices[after.tier - 1]
    elif index:
        reference = found.prices[index - 1]
    at = found.prices[index]
    if reference is None or at is None:
        return Order.LIMIT
    return Order.STOP if side.sign * (at - reference) > 0 else Order.LIMIT


def _after(reader: Reader, found: TierNodes, index: int, ground: Ground) -> AfterPrice | AfterTier | None:
    node, path = found.fields[index].at("after")
    text = reader.word(node, path)
    if text is None or node is None:
        return None
    match = TIER_NAME.fullmatch(text)
    if match is not None:
        return _after_tier(reader, node, path, index, int(match[1]), len(found.nodes))
    word = _NUMBERED.fullmatch(text)
    if word is not None and nearest(word[1], ["tier"]):
        reader.report(
            NO_SUCH_LEVEL, node.span, path, f"{quote(text)} is neither a price nor a tier", write(f"tier {word[2]}")
        )
        return None
    at = read_fixed_price(reader, node, path, ground)
    return None if at is None else AfterPrice(at)


def _after_tier(reader: Reader, node: Node, path: str, index: int, number: int, count: int) -> AfterTier | None:
    if not 1 <= number <= count:
        message = f"there is no tier {number}: the plan has {count}"
        help = Help(f"write `tier 1` to `tier {count}`, or a price", (f"tier {index}",) if index else ())
        reader.report(NO_SUCH_LEVEL, node.span, path, message, help)
        return None
    if number == index + 1:
        message = f"tier {number} waits for itself"
        reader.report(WAITS_FOR_ITSELF, node.span, path, message, "name another tier, or a price")
        return None
    return AfterTier(number)


def _no_circles(reader: Reader, found: TierNodes, afters: list[AfterPrice | AfterTier | None]) -> None:
    for index in range(len(afters)):
        seen: list[int] = []
        at = index
        after = afters[at]
        while isinstance(after, AfterTier) and at not in seen:
            seen.append(at)
            at = after.tier - 1
            after = afters[at]
        # Reported once for each circle, at its lowest tier.
        if at in seen and index == min(seen[seen.index(at) :]) and index == at:
            fields = found.fields[index]
            names = " waits for ".join(f"tier {place + 1}" for place in [*seen, at])
            message = f"{names}: none of them can fill"
            help = "let one of them wait for a price instead"
            reader.report(WAITS_FOR_ITSELF, fields["after"].span, key_path(fields.path, "after"), message, help)


def _shares_and_sizes(
    reader: Reader, found: TierNodes, terms: Terms, rules: SizeRules
) -> tuple[list[Fraction | None], list[Size | None]]:
    count = len(found.nodes)
    if found.shares is not None:
        return list(found.shares), [None] * count
    with_share = [index for index, fields in enumerate(found.fields) if "share" in fields]
    with_size = [index for index, fields in enumerate(found.fields) if "size" in fields]
    if found.whole:
        _check_division(reader, found, with_share, with_size)
    if not with_share and not with_size:
        return [Fraction(1, count)] * count, [None] * count
    of_tier = rules._replace(of_tier=True)
    shares = [_share(reader, *fields.at("share")) for fields in found.fields]
    sizes = [read_size(reader, *fields.at("size"), terms, of_tier) for fields in found.fields]
    return shares, sizes


def _share(reader: Reader, node: Node | None, path: str) -> Fraction | None:
    share = reader.form(node, path, read_share)
    if share is None or node is None or share > 0:
        return share
    message = f"the share {quote(node.span.text)} is nothing"
    reader.report(OUT_OF_BOUNDS, node.span, path, message, "delete the tier, or give it a share")
    return None


def _check_division(reader: Reader, found: TierNodes, with_share: list[int], with_size: list[int]) -> None:
    count = len(found.nodes)
    both = sorted(set(with_share) & set(with_size))
    if both:
        fields = found.fields[both[0]]
        message = f"tier {both[0] + 1} has a share and a size of its own"
        reader.report(SHARE_OR_SIZE, fields["size"].span, key_path(fields.path, "size"), message, "keep one of the two")
        return
    kind, having = ("size", with_size) if with_size else ("share", with_share)
    if with_share and with_size:
        index = (with_size if with_share[0] == 0 else with_share)[0]
        message = f"tier {with_share[0] + 1} has a share and tier {with_size[0] + 1} a size of its own"
        help = "write shares in all tiers, or sizes in all tiers"
    elif having and len(having) < count:
        index = next(place for place in range(count) if place not in having)
        message = f"tier {index + 1} has no {kind}, and tier {having[0] + 1} has one"
        instead = "in none" if kind == "share" else "shares in all"
        help = f"write a {kind} in all tiers, or {instead}"
    else:
        return
    reader.report(SHARE_OR_SIZE, found.nodes[index].span, found.fields[index].path, message, help)
