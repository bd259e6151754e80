"""Climb a plan's ladder: tiers 1..k filled as listed, and where the position stands after each.

Two passes, because 1R is the worst planned loss over all tiers and every `_r` figure divides by it: first the fills,
the stop in force, the margin and the risk of each tier, then what depends on 1R.
"""

from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from scaleplan.ladder.exits import first_closing_target, walk
from scaleplan.ladder.levels import Move, level_price, reached, target_price
from scaleplan.ladder.records import Fill, Ladder, Standing, Step, StopMove, Totals, Unreckonable, Walk
from scaleplan.margin import (
    NO_LIQUIDATION,
    UNKNOWN_LIQUIDATION,
    Answer,
    Liquidation,
    bankruptcy_price,
    liquidation,
)
from scaleplan.plan import (
    AfterPrice,
    Contract,
    Divides,
    EntriesEnd,
    MarginMode,
    Plan,
    RiskUnit,
    SizeKind,
    Tier,
)
from scaleplan.position import Position, costs_of, nothing_held
from scaleplan.quantity.exact import ONE, ZERO, exact, same
from scaleplan.quantity.number import brief
from scaleplan.risk import Abandoned, in_r, risk_at_stop, without_stop
from scaleplan.sizing import at_prices, quantities


class Rung(NamedTuple):
    """The first pass at one tier: the fill, the position, the stop in force and what margin and risk follow."""

    tier: Tier
    fill: Fill
    position: Position
    stop: Decimal | None
    margin: Decimal
    liquidation: Liquidation
    bankruptcy: Decimal | None
    abandoned: Abandoned
    risk: Decimal


@exact
def climb(plan: Plan) -> Ladder:
    """The whole ladder of a plan. Figures are decimals at 50 digits; see `records` for units."""
    counted = quantities(plan, solved_notional(plan) if plan.size.kind is SizeKind.RISK else None)
    rungs, moves = _rungs(plan, counted)
    worst = max(range(len(rungs)), key=lambda index: rungs[index].risk)
    one_r = _one_r(plan, rungs, rungs[worst].risk)
    reachable = _reachable(plan, rungs)
    steps = tuple(
        Step(index + 1, rung.fill, _standing(plan, rung, one_r, reachable[index])) for index, rung in enumerate(rungs)
    )
    last = rungs[-1]
    final = walk(plan, last.position, last.stop, one_r)
    totals = _totals(plan, rungs, worst, one_r, final, counted)
    return Ladder(steps, final.exits, totals, (*moves, *final.moves))


@exact
def solved_notional(plan: Plan) -> Decimal:
    """The total notional in quote at which the worst planned loss, costs included, is the plan's size in risk.

    Risk at a stop is proportional to size (every fee is a rate, every level stays where it is), so one ladder of one
    unit tells. Without a stop it need not be, because the liquidation price can depend on the size. Raises
    `Unreckonable` where no size can be told.
    """
    rungs, _ = _rungs(plan, quantities(plan, ONE))
    per_unit = max(rung.risk for rung in rungs)
    if per_unit <= 0:
        raise Unreckonable(
            "size",
            f"no size risks {plan.size.text.removesuffix(' risk')}: stopped in the worst case, the plan loses nothing",
            "put the stop on the losing side of the tiers, or write the size as money or quantity",
        )
    notional = plan.size.amount / per_unit
    rungs, _ = _rungs(plan, quantities(plan, notional))
    lost = max(rung.risk for rung in rungs)
    if not same(lost, plan.size.amount):
        raise Unreckonable(
            "size",
            f"no size can be solved to risk {brief(plan.size.amount)}: without a stop the loss is that at liquidation, "
            f"which does not grow with the size ({brief(lost)} at a notional of {brief(notional)})",
            "give the plan a stop, or write the size as money or quantity",
        )
    return notional


def _rungs(plan: Plan, counted: tuple[Decimal, ...]) -> tuple[tuple[Rung, ...], tuple[StopMove, ...]]:
    costs = costs_of(plan)
    position = nothing_held(plan)
    # A stop on the wrong side of tier 1 exits at once, at tier 1's price (a rule says so); R is still measured by it.
    at_entry = plan.tiers[0].price
    stop = at_entry if plan.stop is not None and reached(at_entry, plan.stop, plan.sign) else plan.stop
    opened = ZERO
    rungs: list[Rung] = []
    moves: list[StopMove] = []
    for index, (tier, quantity) in enumerate(zip(plan.tiers, counted, strict=True)):
        price = costs.entry_price(tier.price, tier.order, plan.sign)
        rate = costs.rate(tier.order)
        before = position
        position = position.filled(price, quantity, rate)
        fee = position.entry_fees - before.entry_fees
        opened += position.cost - before.cost
        if tier.stop is not None:
            move = Move("tiers", index, level_price(plan, tier.stop, position), stop, tier.price, plan.sign)
            moves.append(move.record)
            stop = move.stop
        margin = opened / plan.leverage + plan.extra_margin
        at, bust = _liquidation(plan, position, margin)
        abandoned = without_stop(position, None if plan.contract is Contract.SPOT else at, bust, costs)
        risk = abandoned.loss if stop is None else risk_at_stop(position, stop, costs)
        notional = quantity if position.inverse else quantity * price
        fill = Fill(price, quantity, notional, fee)
        rungs.append(Rung(tier, fill, position, stop, margin, at, bust, abandoned, risk))
    return tuple(rungs), tuple(moves)


def _liquidation(plan: Plan, position: Position, margin: Decimal) -> tuple[Liquidation, Decimal | None]:
    """Where the position is liquidated and where it is bankrupt; cross margin is the account's, less the fees paid."""
    if plan.contract is Contract.SPOT:
        return NO_LIQUIDATION, None
    behind = margin
    if plan.margin_mode is MarginMode.CROSS:
        if plan.account.equity is None:
            return UNKNOWN_LIQUIDATION, None
        behind = plan.account.equity - plan.account.reserved - position.entry_fees
    bust = bankruptcy_price(position, behind)
    if plan.margin is None:
        return UNKNOWN_LIQUIDATION, bust
    return liquidation(position, plan.margin, behind, plan.margin.reserve, plan.instrument.contract_size), bust


def _one_r(plan: Plan, rungs: tuple[Rung, ...], worst: Decimal) -> Decimal:
    if plan.risk_unit is RiskUnit.FIRST_TIER:
        return rungs[0].risk
    if plan.risk_unit is RiskUnit.AMOUNT and plan.risk_unit_amount is not None:
        return plan.risk_unit_amount
    return worst


def _standing(plan: Plan, rung: Rung, one_r: Decimal, unreachable_because: str) -> Standing:
    position, stop, price, sign = rung.position, rung.stop, rung.tier.price, plan.sign
    equity = plan.account.equity
    walked = walk(plan, position, stop, one_r) if plan.targets else None
    at = rung.liquidation.price
    average = position.average_entry
    buffer = None
    if at is not None and stop is not None and sign * (average - at) > 0:
        buffer = (stop - at) / (average - at)
    return Standing(
        quantity=position.quantity,
        notional=position.notional,
        average_entry=average,
        breakeven=position.breakeven(costs_of(plan).taker),
        stop=stop,
        risk=rung.risk,
        risk_r=in_r(rung.risk, one_r),
        risk_fraction=rung.risk / equity if equity else None,
        reward=walked.reward if walked else None,
        reward_r=in_r(walked.reward, one_r) if walked else None,
        initial_margin=rung.margin,
        effective_leverage=position.worth(price) / equity if equity else None,
        liquidation=rung.liquidation,
        liquidation_distance=None if at is None else sign * (price - at) / price,
        liquidation_past_stop=None if at is None or stop is None else sign * (stop - at) / stop,
        liquidation_buffer=buffer,
        bankruptcy_price=rung.bankruptcy,
        reachable=not unreachable_because,
        unreachable_because=unreachable_because,
    )


def _reachable(plan: Plan, rungs: tuple[Rung, ...]) -> tuple[str, ...]:
    """For each tier, why price cannot get to it with the tiers before it filled in the order listed; empty if it can.

    Price goes straight from the tier before to the tier's `after` price, if it has one, and then to the tier; on the
    way the position of the tiers before it may be liquidated, stopped, or have its entries ended by a target. At one
    price liquidation comes first, then the stop, then the target.
    """
    because = [""]
    closing = first_closing_target(plan.targets) if plan.entries_end is EntriesEnd.FIRST_TARGET else None
    for index, rung in enumerate(rungs[:-1]):
        reason = because[-1]
        tier = plan.tiers[index + 1]
        legs = [rung.tier.price, tier.price]
        if isinstance(tier.after, AfterPrice):
            legs.insert(1, tier.after.price)
        target = None if closing is None else target_price(plan, closing, rung.position)
        for start, end in pairwise(legs):
            reason = reason or _cut_short(plan.sign, start, end, rung, target)
        because.append(reason)
    return tuple(because)


def _cut_short(sign: int, start: Decimal, end: Decimal, rung: Rung, target: Decimal | None) -> str:
    """What ends the way from `start` to `end`: at the start what acts at once, then the nearest level on the way."""
    at = rung.liquidation.price if rung.liquidation.answer is Answer.PRICE else None
    losing = ((at, "liquidated"), (rung.stop, "stopped"))
    for price in (start, end):
        hit = [(level, reason) for level, reason in losing if level is not None and reached(price, level, sign)]
        if hit:
            return max(hit, key=lambda pair: sign * pair[0])[1]
        if target is not None and reached(price, target, -sign):
            return "entries ended"
    return ""


def _totals(
    plan: Plan,
    rungs: tuple[Rung, ...],
    worst: int,
    one_r: Decimal,
    final: Walk,
    counted: tuple[Decimal, ...],
) -> Totals:
    last = rungs[-1].position
    risk = rungs[worst].risk
    equity = plan.account.equity
    reward = final.reward if plan.targets else None
    ratio = None if reward is None or risk <= 0 else reward / risk
    alone = _all_at_first(plan, counted)
    # The fees of a whole path: every entry and every exit; what has no planned exit is stopped, or else liquidated.
    left, stop = (final.exits[-1].remaining, final.exits[-1].stop) if final.exits else (last.quantity, rungs[-1].stop)
    abandoned = rungs[-1].abandoned.exit_fee * left / last.quantity if stop is None else ZERO
    return Totals(
        quantity=last.quantity,
        notional=last.notional,
        average_entry=last.average_entry,
        risk=risk,
        worst_tier=worst + 1,
        r=one_r,
        risk_fraction=risk / equity if equity else None,
        reward=reward,
        reward_to_risk=ratio,
        breakeven_win_rate=None if ratio is None or ratio <= 0 else ONE / (ONE + ratio),
        fees=last.entry_fees + final.exit_fees + abandoned,
        funding=_funding(plan, last),
        all_at_first=_whole_risk(plan, alone, rungs[0].stop),
        all_at_first_average=alone.average_entry,
    )


def _funding(plan: Plan, position: Position) -> Decimal | None:
    """Paid (positive) or received over the time held: rate x value at the average entry x whole periods."""
    if plan.funding is None:
        return None
    return plan.sign * plan.funding.rate * position.cost * plan.funding.periods


def _all_at_first(plan: Plan, counted: tuple[Decimal, ...]) -> Position:
    """The position if the whole size, in the unit that its shares divide, were entered at tier 1."""
    first = plan.tiers[0]
    costs = costs_of(plan)
    divides = plan.size.kind.divides
    if plan.contract is Contract.INVERSE:
        coin = sum((quantity / tier.price for quantity, tier in zip(counted, plan.tiers, strict=True)), ZERO)
        whole = coin * first.price if divides is Divides.QUANTITY else sum(counted, ZERO)
    elif divides is Divides.NOTIONAL:
        whole = at_prices(plan, counted) / first.price
    else:
        whole = sum(counted, ZERO)
    price = costs.entry_price(first.price, first.order, plan.sign)
    return nothing_held(plan).filled(price, whole, costs.rate(first.order))


def _whole_risk(plan: Plan, whole: Position, stop: Decimal | None) -> Decimal:
    costs = costs_of(plan)
    if stop is not None:
        return risk_at_stop(whole, stop, costs)
    if plan.contract is Contract.SPOT:
        return without_stop(whole, None, None, costs).loss
    at, bust = _liquidation(plan, whole, whole.cost / plan.leverage + plan.extra_margin)
    return without_stop(whole, at, bust, costs).loss
