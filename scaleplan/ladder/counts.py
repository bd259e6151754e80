"""Counts: what the ladder says for each number of filled tiers, and the few comparisons that a sheet draws from it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.closes import entries_ended_by
from scaleplan.engine.levels import level_price
from scaleplan.ladder.records import Ladder, Together, Walk
from scaleplan.ladder.tape import on_a_path, walk
from scaleplan.plan import AfterPrice, AfterTier, Order, Plan
from scaleplan.quantity.exact import ZERO


class Count(NamedTuple):
    """Tiers 1 to `tiers` filled as listed: every target hit from there, and the level that the time stop asks for.

    `hit` is how many of the targets some path hits so, no other tier filling on the way.
    """

    tiers: int
    walk: Walk
    unless: Decimal | None
    hit: int


class Room(NamedTuple):
    """Ratios of tier 1's price: how far the target that ends the adds is, and how deep the ladder goes."""

    target: int
    away: Decimal
    depth: Decimal


class Pullback(NamedTuple):
    """The tiers that fill only if price comes back, those that never fill, and the quantity on if it does not."""

    tiers: tuple[int, ...]
    never: tuple[int, ...]
    without: Decimal


def counts_of(
    ladder: Ladder, filled: frozenset[int] | None, hits: int, together: Mapping[int, Together] | None
) -> tuple[Count, ...]:
    """Returns one count for each number of tiers, as listed, that some path fills and no more.

    `filled` are those numbers, where every path was looked at; `hits` the targets hit on the path that the ladder shows
    them on; `together` those that are hit with just a set of tiers (as bits), absent where paths are too many. Numbers
    of tiers above those with which a target is hit are left out.
    """
    plan, exits = ladder.machine.plan, ladder.exits
    unless = plan.time_stop.unless if plan.time_stop else None
    counts = []
    for step in ladder.steps:
        if not step.position.reachable or not (filled is None or step.tier in filled):
            continue
        tiers = (1 << step.tier) - 1
        state, hit = step.state, len(exits) if together is None else 0
        if together is not None and tiers in together:
            # A tier that would have executed at once has not filled at its own price.
            hit, state = together[tiers]
        found = walk(ladder.machine, state, ladder.totals.r)
        if hit:
            found = found._replace(exits=tuple(on_a_path(exit_, hit) for exit_ in found.exits))
        if exits and exits[-1].filled == tiers:
            # With as many tiers as the targets are shown with, they are those of that path.
            found, hit = Walk(exits, ladder.totals.reward, ZERO, ()), max(hit, hits)
        level = None if unless is None else level_price(plan, unless, step.state.held.position)
        counts.append(Count(step.tier, found, level, hit))
    last = max((index for index, count in enumerate(counts) if count.hit), default=len(counts) - 1)
    return tuple(counts[: last + 1])


def room_of(plan: Plan, counts: tuple[Count, ...]) -> Room | None:
    """Returns how far the first target is with tier 1 filled, against the tier or wait that is farthest from tier 1."""
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


def pullback_of(plan: Plan, ladder: Ladder) -> Pullback:
    """Returns the later limit orders, the tiers on the losing side of tier 1, and what waits for either."""
    waiting: list[int] = []
    first = plan.tiers[0].price
    never = tuple(step.tier for step in ladder.steps if not step.position.fills)
    for number, tier in enumerate(plan.tiers[1:], start=2):
        if number in never:
            continue
        behind = isinstance(tier.after, AfterTier) and tier.after.tier in waiting
        if tier.order is Order.LIMIT or plan.sign * (tier.price - first) < 0 or behind:
            waiting.append(number)
    on = [step.fill.quantity for step in ladder.steps if step.tier not in (*waiting, *never)]
    return Pullback(tuple(waiting), never, sum(on, ZERO))
