"""Climb a plan's ladder: tiers 1..k filled as listed, and where the position stands after each.

Two passes, because 1R is the worst planned loss over all tiers and every `_r` figure divides by it: first the fills,
the stop in force, the margin and the risk of each tier, then what depends on 1R.
"""

from decimal import Decimal

from scaleplan.ladder.exits import held_fractions, walk
from scaleplan.ladder.lots import whole_lots
from scaleplan.ladder.reach import unreachable_because
from scaleplan.ladder.records import Ladder, Standing, Step
from scaleplan.ladder.rungs import Rung, rungs_of, solved_notional
from scaleplan.ladder.totals import totals_of
from scaleplan.plan import Plan, RiskUnit, SizeKind
from scaleplan.position import costs_of
from scaleplan.quantity.exact import exact, same
from scaleplan.risk import in_r
from scaleplan.sizing import quantities


@exact
def climb(plan: Plan) -> Ladder:
    """The whole ladder of a plan. Figures are decimals at 50 digits; see `records` for units."""
    wanted = quantities(plan, solved_notional(plan) if plan.size.kind is SizeKind.RISK else None)
    counted = whole_lots(plan, wanted)
    # What lacks only the fiftieth digit of a whole lot is one.
    wanted = tuple(lots if same(meant, lots) else meant for meant, lots in zip(wanted, counted, strict=True))
    rungs, moves = rungs_of(plan, counted, wanted)
    worst = max(range(len(rungs)), key=lambda index: rungs[index].risk)
    one_r = _one_r(plan, rungs, rungs[worst].risk)
    because = unreachable_because(plan, rungs)
    left = held_fractions(plan.targets)
    last = len(rungs) - 1
    walks = [
        walk(plan, rung.position, rung.stop, one_r, left, with_exits=index == last) for index, rung in enumerate(rungs)
    ]
    steps = tuple(
        Step(index + 1, rung.fill, _standing(plan, rung, one_r, walks[index].reward, because[index]))
        for index, rung in enumerate(rungs)
    )
    final = walks[-1]
    totals = totals_of(plan, rungs, worst, one_r, final, wanted)
    return Ladder(steps, final.exits, totals, (*moves, *final.moves))


def _one_r(plan: Plan, rungs: tuple[Rung, ...], worst: Decimal) -> Decimal:
    if plan.risk_unit is RiskUnit.FIRST_TIER:
        return rungs[0].risk
    if plan.risk_unit is RiskUnit.AMOUNT and plan.risk_unit_amount is not None:
        return plan.risk_unit_amount
    return worst


def _standing(plan: Plan, rung: Rung, one_r: Decimal, reward: Decimal | None, because: str) -> Standing:
    position, stop, price, sign = rung.position, rung.stop, rung.tier.price, plan.sign
    equity = plan.account.equity
    at = rung.liquidation.price
    average = position.average_entry
    buffer = None
    # Where maintenance takes all of the margin both are one price, but for the fiftieth digit.
    if at is not None and stop is not None and sign * (average - at) > 0 and not same(average, at):
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
        reward=reward,
        reward_r=in_r(reward, one_r),
        initial_margin=rung.margin,
        effective_leverage=position.worth(price) / equity if equity else None,
        liquidation=rung.liquidation,
        liquidation_distance=None if at is None else sign * (price - at) / price,
        liquidation_past_stop=None if at is None or stop is None else sign * (stop - at) / stop,
        liquidation_buffer=buffer,
        bankruptcy_price=rung.bankruptcy,
        reachable=not because,
        unreachable_because=because,
        fills=not because,
    )
