"""What the ladder says for each count of filled tiers, and the few comparisons that a sheet draws from it."""

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.ladder import Ladder, Walk
from scaleplan.ladder.exits import entries_ended_by, walk
from scaleplan.ladder.levels import level_price
from scaleplan.ladder.rungs import rungs_of
from scaleplan.plan import AfterPrice, AfterTier, Order, Plan
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.risk import in_r

if TYPE_CHECKING:
    from scaleplan.paths.facts import Facts


class Count(NamedTuple):
    """Tiers 1 to `tiers` filled as listed: every target hit from there, and the level that the time stop asks for."""

    tiers: int
    walk: Walk
    unless: Decimal | None


class Room(NamedTuple):
    """Ratios of tier 1's price: how far the target that ends the adds is, and how deep the ladder goes."""

    target: int
    away: Decimal
    depth: Decimal


class Pullback(NamedTuple):
    """The tiers that fill only if price comes back, and the quantity that is on if it does not."""

    tiers: tuple[int, ...]
    without: Decimal


@exact
def counts_of(plan: Plan, ladder: Ladder, facts: "Facts | None" = None) -> tuple[Count, ...]:
    """One count for each number of tiers, as listed, that some path fills and no more."""
    rungs, _ = rungs_of(plan, tuple(step.fill.quantity for step in ladder.steps))
    unless = plan.time_stop.unless if plan.time_stop else None
    return tuple(
        Count(
            step.tier,
            walk(plan, rung.position, rung.stop, ladder.totals.r),
            None if unless is None else level_price(plan, unless, rung.position),
        )
        for step, rung in zip(ladder.steps, rungs, strict=True)
        if step.position.reachable and (facts is None or step.tier in facts.counts)
    )


@exact
def room_of(plan: Plan, counts: tuple[Count, ...]) -> Room | None:
    """How far the first target is with tier 1 filled, against the tier or wait that is farthest from tier 1."""
    if not plan.targets or len(plan.tiers) == 1:
        return None
    closing = entries_ended_by(plan)
    index = closing or 0
    first = plan.tiers[0].price
    prices = [tier.price for tier in plan.tiers]
    prices += [tier.after.price for tier in plan.tiers if isinstance(tier.after, AfterPrice)]
    return Room(
        target=index + 1,
        away=plan.sign * (counts[0].walk.exits[index].price - first) / first,
        depth=max(abs(price - first) for price in prices) / first,
    )


@exact
def pullback_of(plan: Plan, ladder: Ladder) -> Pullback:
    """Later limit orders, tiers on the losing side of tier 1, and what waits for either."""
    waiting: list[int] = []
    first = plan.tiers[0].price
    for number, tier in enumerate(plan.tiers[1:], start=2):
        behind = isinstance(tier.after, AfterTier) and tier.after.tier in waiting
        if tier.order is Order.LIMIT or plan.sign * (tier.price - first) < 0 or behind:
            waiting.append(number)
    on = [step.fill.quantity for step in ladder.steps if step.tier not in waiting]
    return Pullback(tuple(waiting), sum(on, ZERO))


@exact
def as_r(amount: Decimal | None, ladder: Ladder) -> Decimal | None:
    """An amount in R."""
    return in_r(amount, ladder.totals.r)


@exact
def negative(amount: Decimal | None) -> Decimal | None:
    """A risk as a result."""
    return None if amount is None else -amount
