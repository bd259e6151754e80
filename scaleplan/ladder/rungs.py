"""Rungs: the first pass over the tiers, filled as listed, and the size that a wanted risk needs.

A rung is one tier's fill and what follows from it alone: the position, the stop in force, margin, liquidation and risk.
What depends on 1R, which is known only once all risks are, comes after (`climb`).
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.ladder.levels import Move, level_price, reached
from scaleplan.ladder.records import Fill, StopMove, Unreckonable
from scaleplan.margin import NO_LIQUIDATION, UNKNOWN_LIQUIDATION, Liquidation, bankruptcy_price, liquidation
from scaleplan.plan import Contract, MarginMode, Plan, Tier
from scaleplan.position import Position, costs_of, nothing_held
from scaleplan.quantity.exact import ONE, ZERO, same
from scaleplan.quantity.number import brief
from scaleplan.risk import Abandoned, risk_at_stop, without_stop
from scaleplan.sizing import quantities


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


def rungs_of(plan: Plan, counted: tuple[Decimal, ...]) -> tuple[tuple[Rung, ...], tuple[StopMove, ...]]:
    """The rungs of all tiers, each filled with the quantity counted for it, and the stop moves on the way."""
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
        at, bust = liquidation_of(plan, position, margin)
        abandoned = without_stop(position, None if plan.contract is Contract.SPOT else at, bust, costs)
        risk = abandoned.loss if stop is None else risk_at_stop(position, stop, costs)
        notional = quantity if position.inverse else quantity * price
        fill = Fill(price, quantity, notional, fee)
        rungs.append(Rung(tier, fill, position, stop, margin, at, bust, abandoned, risk))
    return tuple(rungs), tuple(moves)


def liquidation_of(plan: Plan, position: Position, margin: Decimal) -> tuple[Liquidation, Decimal | None]:
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


def solved_notional(plan: Plan) -> Decimal:
    """The total notional in quote at which the worst planned loss, costs included, is the plan's size in risk.

    Risk at a stop is proportional to size (every fee is a rate, every level stays where it is), so one ladder of one
    unit tells. Without a stop it need not be, because the liquidation price can depend on the size. Raises
    `Unreckonable` where no size can be told.
    """
    rungs, _ = rungs_of(plan, quantities(plan, ONE))
    per_unit = max(rung.risk for rung in rungs)
    if per_unit <= 0:
        raise Unreckonable(
            "size",
            f"no size risks {plan.size.text.removesuffix(' risk')}: stopped in the worst case, the plan loses nothing",
            "put the stop on the losing side of the tiers, or write the size as money or quantity",
        )
    notional = plan.size.amount / per_unit
    rungs, _ = rungs_of(plan, quantities(plan, notional))
    lost = max(rung.risk for rung in rungs)
    if not same(lost, plan.size.amount):
        raise Unreckonable(
            "size",
            f"no size can be solved to risk {brief(plan.size.amount)}: without a stop the loss is that at liquidation, "
            f"which does not grow with the size ({brief(lost)} at a notional of {brief(notional)})",
            "give the plan a stop, or write the size as money or quantity",
        )
    return notional
