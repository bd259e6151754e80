"""Bounds on what a plan can lose and win, without walking it: for plans that have too many states.

While something is held price has not passed the plan's stop, which never loosens: what tier i bought loses at most what
it would lose alone, stopped there, or the margin behind it where it may be liquidated. The sum over the tiers bounds
every path. The same at the far end: nothing is sold beyond the furthest target, tier or start, unless it trails.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.levels import level_price
from scaleplan.engine.margin import initial_margin, lost_account
from scaleplan.engine.position import Costs, Position, costs_of, nothing_held
from scaleplan.ladder import Ladder
from scaleplan.plan import AfterPrice, Order, Plan
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.price import Anchor, Fixed


class ResultBounds(NamedTuple):
    """The net result is between these; absent where nothing bounds it."""

    worst: Decimal | None
    best: Decimal | None


def bounds_of(plan: Plan, ladder: Ladder, start: Decimal | None) -> ResultBounds:
    """Bounds on the net result of every path."""
    costs = costs_of(plan)
    fills = [step.fill.quantity for step in ladder.steps]
    return ResultBounds(_worst(plan, costs, fills, start), _best(plan, costs, fills, start))


def _prices(plan: Plan, start: Decimal | None) -> list[Decimal]:
    """Returns every price at which a tier can fill: its own, or where it would execute at once."""
    prices = [tier.price for tier in plan.tiers]
    prices += [tier.after.price for tier in plan.tiers if isinstance(tier.after, AfterPrice)]
    return prices if start is None else [*prices, start]


def _alone(plan: Plan, costs: Costs, index: int, price: Decimal, quantity: Decimal) -> Position:
    order = plan.tiers[index].order
    return nothing_held(plan).filled(costs.entry_price(price, order, plan.sign), quantity, costs.charge(order))


def _worst(plan: Plan, costs: Costs, fills: list[Decimal], start: Decimal | None) -> Decimal | None:
    dearest = max(_prices(plan, start), key=lambda price: plan.sign * price)
    orders = len(plan.targets) + 1 + (plan.time_stop is not None)
    cross = plan.is_cross
    whole = lost_account(plan) if cross else None
    if cross and whole is None:
        return None
    total = ZERO
    for index, quantity in enumerate(fills):
        held = _alone(plan, costs, index, dearest, quantity)
        # Every exit may pay the fee of an order for a part of this tier.
        more = costs.taker.per_order * orders
        lost = held.cost + held.entry_fees if held.slope > 0 else None
        if plan.stop is not None:
            lost = max(ZERO, -held.net(costs.exit_price(plan.stop, plan.sign), costs.taker))
        margin = None
        if plan.is_isolated:
            margin = initial_margin(plan, held) - plan.extra_margin + held.entry_fees
        if margin is not None:
            # Where no maintenance is written it may be liquidated anywhere.
            lost = margin if lost is None else max(lost, margin)
        if lost is None:
            return whole
        total += lost + more
    total += max(ZERO, plan.extra_margin)
    return -total if whole is None else min(-total, whole)


def _best(plan: Plan, costs: Costs, fills: list[Decimal], start: Decimal | None) -> Decimal | None:
    sign = plan.sign
    if not plan.targets or plan.targets[-1].trail is not None:
        return None
    prices = _prices(plan, start)
    reach = list(prices)
    for target in plan.targets:
        if isinstance(target.price, Fixed):
            reach.append(target.price.price)
            continue
        if plan.fees.per_order and isinstance(target.price, Anchor):
            # The less it closes the further its breakeven lies.
            return None
        charge = max(costs.maker, costs.taker, key=lambda each: each.rate)
        for price in prices:
            # A level that moves with the average is a line in it on either side of the stop: its ends are the furthest.
            for order in Order:
                at = costs.entry_price(price, order, sign)
                held = nothing_held(plan).filled(at, fills[0], charge)
                reach += [level_price(plan, target.price, held, how) for how in Order]
    furthest = max(reach, key=lambda price: sign * price)
    if furthest <= 0:
        return None
    cheapest = min(prices, key=lambda price: sign * price)
    total = ZERO
    for index, quantity in enumerate(fills):
        held = _alone(plan, costs, index, cheapest, quantity)
        value = held.worth(furthest)
        rebate = max(ZERO, -costs.maker.rate, -costs.taker.rate) * (value + held.cost)
        total += max(ZERO, held.pnl(furthest) + rebate)
    return total
