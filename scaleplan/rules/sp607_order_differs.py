"""SP607 order-differs: the table's order of tiers is not the market's.

Every figure is that of tiers filled as listed. Where a later tier can fill first, the average, the risk and the stop
after it are others than the table says. `after: tier 2` makes the order a part of the plan.

Tier 1 counts as filled first unless price is sure to meet another tier before it: adds are placed when the position
is open. From there price may go straight to any tier, over the `after` price that it waits for; a tier listed before
that is not filled on that way is overtaken. Also told where a tier waits for one that is listed after it. Told once,
at the first such tier. Silent where the tiers that differ wait for each other, for tiers
that never fill, and for those that would execute at once (SP608).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.diagnostic import Kind, Severity
from scaleplan.ladder.order import in_one_line
from scaleplan.plan import AfterPrice, AfterTier, Order, Tier
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import brief
from scaleplan.rules.case import Case, Finding

KIND = Kind("SP607", "order-differs", Severity.NOTE, "The table's order of tiers is not the market's.")


def check(case: Case) -> Iterator[Finding]:
    """Look for the first tier that can fill before one listed above it."""
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
        one, other = brief(tiers[index].price), brief(tiers[before].price)
        yield Finding(
            f"tiers[{index}].price",
            f"tier {index + 1} at {one} can fill before tier {before + 1} at {other}, and the table counts it after",
            f"write `after: tier {before + 1}` if it is to wait, or list the tiers as price meets them",
            [(f"tiers[{before}].price", f"tier {before + 1}")],
        )
        return


def _overtaken(tiers: tuple[Tier, ...], index: int, sign: int) -> int | None:
    """The first tier listed above `index` that is not filled when price has gone straight to that one."""
    waited_for = _waited_for(tiers, index)
    others = [before for before in range(1, index) if before not in waited_for]
    if others:
        route = _Route(tiers, sign, _way(tiers, index))
        left = next((before for before in others if route.filled(before) is None), None)
        if left is not None:
            return left
    return 0 if _met_before_the_first(tiers[0], tiers[index], sign) else None


def _met_before_the_first(first: Tier, tier: Tier, sign: int) -> bool:
    """A limit on the winning side of a limit, or a stop on the losing side of a stop, lies on the way to tier 1."""
    if tier.after is not None or tier.order is not first.order or tier.order is Order.MARKET:
        return False
    return sign * (tier.price - first.price) * (1 if tier.order is Order.LIMIT else -1) > 0


def _waited_for(tiers: tuple[Tier, ...], index: int) -> set[int]:
    """The tiers that a tier waits for, directly or by one of them."""
    found: set[int] = set()
    after = tiers[index].after
    while isinstance(after, AfterTier):
        found.add(after.tier - 1)
        after = tiers[after.tier - 1].after
    return found


def _way(tiers: tuple[Tier, ...], index: int) -> list[Decimal]:
    """The prices that price goes through on its straight way from tier 1 to a tier and what it waits for."""
    after = tiers[index].after
    way = [tiers[0].price]
    if isinstance(after, AfterTier) and after.tier > 1:
        way = _way(tiers, after.tier - 1)
    elif isinstance(after, AfterPrice):
        way.append(after.price)
    return [*way, tiers[index].price]


class _Moment(NamedTuple):
    """A place on a route: on which leg, and how far from its start."""

    leg: int
    gone: Decimal


class _Route:
    """What price has filled by the end of a way."""

    __slots__ = ("moments", "points", "sign", "tiers")

    def __init__(self, tiers: tuple[Tier, ...], sign: int, points: list[Decimal]) -> None:
        self.tiers = tiers
        self.sign = sign
        self.points = points
        self.moments: dict[int, _Moment | None] = {0: _Moment(0, ZERO)}

    def filled(self, index: int) -> _Moment | None:
        """When the tier at `index` fills; absent where it does not."""
        if index not in self.moments:
            self.moments[index] = self._filled(self.tiers[index])
        return self.moments[index]

    def _filled(self, tier: Tier) -> _Moment | None:
        moment = self.moments[0]
        if isinstance(tier.after, AfterTier):
            moment = self.filled(tier.after.tier - 1)
        elif isinstance(tier.after, AfterPrice):
            moment = self._crossed(moment, tier.after.price)
        if moment is None or tier.order is Order.MARKET:
            return self._crossed(moment, tier.price)
        # A stop, or a limit, that price is past already is filled at once.
        past = self.sign * (self._at(moment) - tier.price) * (1 if tier.order is Order.STOP else -1)
        return moment if past >= 0 else self._crossed(moment, tier.price)

    def _at(self, moment: _Moment) -> Decimal:
        start, end = self._leg(moment.leg)
        return start + moment.gone if end >= start else start - moment.gone

    def _leg(self, number: int) -> tuple[Decimal, Decimal]:
        return self.points[number], self.points[number + 1]

    def _crossed(self, moment: _Moment | None, price: Decimal) -> _Moment | None:
        """When price is first at `price`, from a moment on."""
        if moment is None:
            return None
        for leg in range(moment.leg, len(self.points) - 1):
            start, end = self._leg(leg)
            gone = abs(price - start)
            if min(start, end) <= price <= max(start, end) and (leg > moment.leg or gone >= moment.gone):
                return _Moment(leg, gone)
        return None
