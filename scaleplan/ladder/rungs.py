"""Rungs: the first pass over the tiers, filled as listed, and the size that a wanted risk needs.

A rung is one tier's fill and what follows from it alone: the position, the stop in force, margin, liquidation and risk.
What depends on 1R, which is known only once all risks are, comes after (`climb`).
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.ladder.levels import Move, level_price, reached
from scaleplan.ladder.records import Fill, StopMove, Unreckonable
from scaleplan.margin import (
    NO_LIQUIDATION,
    UNKNOWN_LIQUIDATION,
    Liquidation,
    bankruptcy_price,
    initial_margin,
    liquidation,
    with_bankruptcy_fee,
)
from scaleplan.plan import Contract, MarginMode, Plan, Tier
from scaleplan.position import Position, costs_of, nothing_held
from scaleplan.quantity.exact import ONE, ZERO, same
from scaleplan.quantity.number import brief
from scaleplan.risk import Abandoned, risk_at_stop, without_stop
from scaleplan.sizing import quantities

#: More steps than a loss that is made of lines needs: each line is met once.
_MOST_SECANTS = 500
#: A part of a size so small that only what every order costs is left of its loss.
_TINY = Decimal("1e-20")


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


def rungs_of(
    plan: Plan, counted: tuple[Decimal, ...], wanted: tuple[Decimal, ...] | None = None
) -> tuple[tuple[Rung, ...], tuple[StopMove, ...]]:
    """The rungs of all tiers, each filled with the quantity counted for it, and the stop moves on the way.

    `wanted` are the quantities before they went down to whole lots.
    """
    costs = costs_of(plan)
    position = nothing_held(plan)
    # A stop on the wrong side of tier 1 exits at once, at tier 1's price (a rule says so); R is still measured by it.
    at_entry = plan.tiers[0].price
    stop = at_entry if plan.stop is not None and reached(at_entry, plan.stop, plan.sign) else plan.stop
    rungs: list[Rung] = []
    moves: list[StopMove] = []
    for index, (tier, quantity, meant) in enumerate(zip(plan.tiers, counted, wanted or counted, strict=True)):
        price = costs.entry_price(tier.price, tier.order, plan.sign)
        paid = position.entry_fees
        position = position.filled(price, quantity, costs.charge(tier.order))
        fee = position.entry_fees - paid
        if tier.stop is not None:
            move = Move("tiers", index, level_price(plan, tier.stop, position), stop, tier.price, plan.sign)
            moves.append(move.record)
            stop = move.stop
        margin = initial_margin(plan, position)
        at, bust = liquidation_of(plan, position, margin)
        abandoned = without_stop(position, None if plan.contract is Contract.SPOT else at, bust, costs)
        risk = abandoned.loss if stop is None else risk_at_stop(position, stop, costs)
        notional = quantity if position.inverse else quantity * price
        fill = Fill(price, quantity, notional, fee, meant)
        rungs.append(Rung(tier, fill, position, stop, margin, at, bust, abandoned, risk))
    return tuple(rungs), tuple(moves)


def liquidation_of(
    plan: Plan, position: Position, margin: Decimal, *, kept: Decimal = ONE, realized: Decimal = ZERO
) -> tuple[Liquidation, Decimal | None]:
    """Where the position is liquidated and where it is bankrupt; cross margin is the account's, less the fees paid.

    After exits, `kept` is the part of isolated margin's reserve that they have not released, and `realized` their net
    result, which cross margin grows or shrinks by.
    """
    if plan.contract is Contract.SPOT:
        return NO_LIQUIDATION, None
    behind = margin
    if plan.margin_mode is MarginMode.CROSS:
        if plan.account.equity is None:
            return UNKNOWN_LIQUIDATION, None
        behind = plan.account.equity - plan.account.reserved + realized - position.entry_fees
        kept = ONE
    bust = bankruptcy_price(position, behind)
    if plan.margin is None:
        return UNKNOWN_LIQUIDATION, bust
    if plan.margin_mode is MarginMode.ISOLATED:
        behind = with_bankruptcy_fee(position, plan.margin, behind)
    reserve = kept * plan.margin.reserve
    return liquidation(position, plan.margin, behind, reserve, plan.instrument.contract_size), bust


def solved_notional(plan: Plan) -> Decimal:
    """The total notional in quote at which the worst planned loss, costs included, is the plan's size in risk.

    Where every fee is a rate, risk at a stop is proportional to size (every level stays where it is), so one ladder of
    one unit tells. A fee for each order is paid however small the size: then the size is found by secants, which end
    exactly where risk is a line in size. Without a stop risk need not grow with size at all, because the liquidation
    price can depend on it. Raises `Unreckonable` where no size can be told.
    """
    free = plan._replace(fees=plan.fees._replace(per_order=ZERO))
    per_unit = _worst_risk(free, ONE)
    if per_unit <= 0:
        raise Unreckonable(
            "size",
            f"no size risks {plan.size.text.removesuffix(' risk')}: stopped in the worst case, the plan loses nothing",
            "put the stop on the losing side of the tiers, or write the size as money or quantity",
        )
    notional = plan.size.amount / per_unit
    if plan.fees.per_order:
        notional = _by_secants(plan, notional)
    lost = _worst_risk(plan, notional)
    if not same(lost, plan.size.amount):
        raise Unreckonable(
            "size",
            f"no size can be solved to risk {brief(plan.size.amount)}: without a stop the loss is that at liquidation, "
            f"which does not grow with the size ({brief(lost)} at a notional of {brief(notional)})",
            "give the plan a stop, or write the size as money or quantity",
        )
    return notional


def _by_secants(plan: Plan, notional: Decimal) -> Decimal:
    """The notional at which the worst planned loss is the size in risk, from one that is too large."""
    wanted = plan.size.amount
    one, other = notional, notional / 2
    at_one, at_other = _worst_risk(plan, one), _worst_risk(plan, other)
    for _ in range(_MOST_SECANTS):
        if same(at_other, wanted):
            break
        if at_one == at_other:
            break
        step = (wanted - at_other) * (other - one) / (at_other - at_one)
        if other + step <= 0:
            raise Unreckonable(
                "size",
                f"no size risks as little as {brief(wanted)}: the fees of the orders alone come to "
                f"{brief(_worst_risk(plan, notional * _TINY))}",
                "write a larger risk, or fewer tiers",
            )
        one, at_one = other, at_other
        other += step
        at_other = _worst_risk(plan, other)
    return other


def _worst_risk(plan: Plan, notional: Decimal) -> Decimal:
    """The worst planned loss at a total notional, in quantities that no lot rounds."""
    rungs, _ = rungs_of(plan, quantities(plan, notional))
    return max(rung.risk for rung in rungs)
