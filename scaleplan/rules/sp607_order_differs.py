"""SP607 order-differs: the table's order of tiers is not the market's.

Every figure is that of tiers filled as listed. Where a later tier can fill first, the average, the risk and the stop
after it are others than the table says. `after: tier 2` makes the order a part of the plan.

Tier 1 counts as filled first unless price is sure to meet another tier before it: adds are placed when the position
is open. From there price may go straight to any tier, over the `after` price that it waits for; a tier listed before
that is not filled on that way is overtaken. Also told where a tier waits for one that is listed after it. Told once,
at the first such tier. Silent where the tiers that differ wait for each other, for tiers
that never fill, and for those that would execute at once (SP608).
"""

from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from scaleplan.diagnostic import Kind, Severity
from scaleplan.ladder.reach import in_one_line
from scaleplan.plan import AfterPrice, AfterTier, Order, Tier
from scaleplan.quantity.exact import ZERO
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP607", "order-differs", Severity.NOTE, "The table's order of tiers is not the market's.")


def check(case: Case) -> Findings:
    """Looks for the first tier that can fill before one listed above it."""
    plan, tiers = case.plan, case.plan.tiers
    for index, tier in enumerate(tiers):
        if isinstance(tier.after, AfterTier) and tier.after.tier > index + 1:
            yield Finding(
                f"tiers[{index}].after",
                f"tier {index + 1} waits for tier {tier.after.tier}, and the table fills it before",
                f"list tier {index + 1} after tier {tier.after.tier}",
            )
            return
    if in_one_line(tiers, plan.sign):
        return
    for index in range(1, len(tiers)):
        if not case.can_fill(index) or (case.facts is not None and index in case.facts.waits):
            continue
        before = _overtaken(tiers, index, plan.sign)
        if before is None:
            continue
        this, that = case.price(tiers[index].price), case.price(tiers[before].price)
        yield Finding(
            f"tiers[{index}].price",
            f"tier {index + 1} at {this} can fill before tier {before + 1} at {that}, and the table counts it after",
            f"write `after: tier {before + 1}` if it is to wait, or list the tiers as price meets them",
            [(f"tiers[{before}].price", f"tier {before + 1}")],
        )
        return


def _overtaken(tiers: tuple[Tier, ...], index: int, sign: int) -> int | None:
    """Returns the first tier listed above `index` that is not filled when price has gone straight to that one."""
    waited_for = _waited_for(tiers, index)
    others = [before for before in range(1, index) if before not in waited_for]
    if others:
        filled = _filled_on(_way(tiers, index), tiers[:index], sign)
        left = next((before for before in others if filled[before] is None), None)
        if left is not None:
            return left
    first, tier = tiers[0], tiers[index]
    if tier.after is not None or tier.order is not first.order or tier.order is Order.MARKET:
        return None
    # A limit on the winning side of a limit, or a stop on the losing side of a stop, lies on the way to tier 1.
    return 0 if sign * (tier.price - first.price) * (1 if tier.order is Order.LIMIT else -1) > 0 else None


def _waited_for(tiers: tuple[Tier, ...], index: int) -> set[int]:
    """Returns the tiers that a tier waits for, directly or by one of them."""
    found: set[int] = set()
    after = tiers[index].after
    while isinstance(after, AfterTier):
        found.add(after.tier - 1)
        after = tiers[after.tier - 1].after
    return found


def _way(tiers: tuple[Tier, ...], index: int) -> list[Decimal]:
    """Returns the prices that price goes through straight from tier 1 to a tier and what it waits for."""
    after = tiers[index].after
    way = [tiers[0].price]
    if isinstance(after, AfterTier) and after.tier > 1:
        way = _way(tiers, after.tier - 1)
    elif isinstance(after, AfterPrice):
        way.append(after.price)
    return [*way, tiers[index].price]


class _Moment(NamedTuple):
    """A place on a way: on which leg, and how far from its start."""

    leg: int
    gone: Decimal


def _filled_on(way: list[Decimal], tiers: tuple[Tier, ...], sign: int) -> list[_Moment | None]:
    """Returns when each tier fills on a way; absent where it does not. Each waits for tiers listed before it only."""
    moments: list[_Moment | None] = [_Moment(0, ZERO)]
    for tier in tiers[1:]:
        moment = moments[tier.after.tier - 1 if isinstance(tier.after, AfterTier) else 0]
        if isinstance(tier.after, AfterPrice):
            moment = _crossed(way, moment, tier.after.price)
        # A stop, or a limit, that price is past already is filled at once.
        if moment is None or tier.order is Order.MARKET or not _is_past(way, moment, tier, sign):
            moment = _crossed(way, moment, tier.price)
        moments.append(moment)
    return moments


def _is_past(way: list[Decimal], moment: _Moment, tier: Tier, sign: int) -> bool:
    start, end = way[moment.leg : moment.leg + 2]
    price = start + moment.gone if end >= start else start - moment.gone
    return sign * (price - tier.price) * (1 if tier.order is Order.STOP else -1) >= 0


def _crossed(way: list[Decimal], moment: _Moment | None, price: Decimal) -> _Moment | None:
    """Returns when price is first at `price`, from a moment on."""
    if moment is None:
        return None
    for leg, (start, end) in enumerate(pairwise(way)):
        gone = abs(price - start)
        if min(start, end) <= price <= max(start, end) and (leg, gone) >= moment:
            return _Moment(leg, gone)
    return None
