"""Totals: the whole plan with all tiers filled, the same size entered at tier 1 for comparison, and what costs take."""

from decimal import Decimal

from scaleplan.engine.machine import Machine
from scaleplan.engine.margin import initial_margin, liquidation_of
from scaleplan.engine.position import NO_CHARGE, Position, contracts_of, nothing_held
from scaleplan.engine.risk import abandoned, in_r, risk_at_stop
from scaleplan.engine.sizing import down, lot_of
from scaleplan.ladder.records import Ladder, Totals, Walk
from scaleplan.ladder.tape import Listed
from scaleplan.plan import Contract, Divides, Plan
from scaleplan.plan.sizes import at_prices
from scaleplan.quantity.exact import ONE, ZERO


def totals_of(
    machine: Machine,
    listed: tuple[Listed, ...],
    worst: int,
    one_r: Decimal | None,
    final: Walk,
    wanted: tuple[Decimal, ...],
) -> Totals:
    """Returns the totals, from the tiers as listed, the worst of them, 1R, and all targets hit at full size."""
    plan = machine.plan
    last = listed[-1].state.held.position
    risk = listed[worst].risk
    alone = _all_at_first(machine, wanted)
    meant = sum(wanted, ZERO)
    totals = Totals(
        quantity=last.quantity,
        notional=last.notional,
        average_entry=last.average_entry,
        risk=risk,
        risk_if_all=risk,
        worst_tier=worst + 1,
        r=one_r,
        risk_fraction=None,
        reward=None,
        reward_to_risk=None,
        breakeven_win_rate=None,
        # Of a whole path: every entry and every exit; what has no planned exit is stopped, or lost with its margin.
        fees=last.entry_fees + final.exit_fees,
        funding=_funding(plan, last),
        all_at_first=_whole_risk(machine, alone, listed[0].state.stop),
        all_at_first_average=alone.average_entry,
        rounded_off=meant - last.quantity,
    )
    return with_result(totals, plan, final.reward)


def with_result(totals: Totals, plan: Plan, reward: Decimal | None) -> Totals:
    """Returns the totals with a reward, and what follows from it and from the risk."""
    risk, equity = totals.risk, plan.account.equity
    ratio = None if reward is None or risk is None or risk <= 0 else reward / risk
    return totals._replace(
        risk_fraction=risk / equity if equity and risk is not None else None,
        reward=reward,
        reward_to_risk=ratio,
        breakeven_win_rate=None if ratio is None or ratio <= 0 else ONE / (ONE + ratio),
    )


def _funding(plan: Plan, position: Position) -> Decimal | None:
    """Returns what is paid (positive) or received over the time held.

    Funding is rate x value at the average entry x whole periods; a swap is an amount for each contract and night.
    """
    if plan.swap is not None:
        return plan.swap.per_contract * contracts_of(plan, position.quantity) * plan.swap.nights
    if plan.funding is None:
        return None
    return plan.sign * plan.funding.rate * position.cost * plan.funding.periods


def whole_quantity(plan: Plan, wanted: tuple[Decimal, ...], price: Decimal) -> Decimal:
    """Returns the whole size entered at one price, in the unit that its shares divide, in whole lots.

    `wanted` are the quantities of the tiers before they went down to lots.
    """
    divides = plan.size.kind.divides
    if plan.contract is Contract.INVERSE:
        coin = sum((quantity / tier.price for quantity, tier in zip(wanted, plan.tiers, strict=True)), ZERO)
        whole = coin * price if divides is Divides.QUANTITY else sum(wanted, ZERO)
    elif divides is Divides.NOTIONAL:
        whole = at_prices(plan, wanted) / price
    else:
        whole = sum(wanted, ZERO)
    return down(whole, lot_of(plan))


def _all_at_first(machine: Machine, wanted: tuple[Decimal, ...]) -> Position:
    """Returns the position if the whole size were entered at tier 1."""
    plan, costs = machine.plan, machine.costs
    first = plan.tiers[0]
    price = costs.entry_price(first.price, first.order, plan.sign)
    return nothing_held(plan).filled(price, whole_quantity(plan, wanted, first.price), costs.charge(first.order))


def _whole_risk(machine: Machine, whole: Position, stop: Decimal | None) -> Decimal | None:
    plan = machine.plan
    if stop is not None:
        return risk_at_stop(whole, stop, machine.costs)
    margin = initial_margin(plan, whole)
    lost = abandoned(plan, whole, margin, liquidation_of(plan, whole, margin).answer)
    return None if lost is None else -lost


def costs_if_stopped(plan: Plan, ladder: Ladder) -> Decimal | None:
    """Returns what fees and slippage take of the worst planned loss; absent where there is no stop."""
    worst = ladder.totals.worst_tier
    stop, risk = ladder.steps[worst - 1].position.stop, ladder.totals.risk
    if stop is None or risk is None:
        return None
    free = nothing_held(plan)
    for tier, step in zip(plan.tiers[:worst], ladder.steps, strict=False):
        free = free.filled(tier.price, step.fill.quantity, NO_CHARGE)
    return risk + free.pnl(stop)


def as_r(amount: Decimal | None, ladder: Ladder) -> Decimal | None:
    """Returns an amount in R."""
    return in_r(amount, ladder.totals.r)


def distance_differs(ladder: Ladder) -> Decimal | None:
    """Returns the money that 1R of distance is at full size, where it is not within 5% of 1R; else nothing."""
    plan, totals = ladder.machine.plan, ladder.totals
    if plan.stop is None or totals.r is None or totals.r <= 0 or plan.stop == totals.average_entry:
        return None
    money = totals.quantity * abs(totals.average_entry - plan.stop)
    if plan.contract is Contract.INVERSE:
        money /= totals.average_entry * plan.stop
    return money if abs(money - totals.r) > totals.r / 20 else None
