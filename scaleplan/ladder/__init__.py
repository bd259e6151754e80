"""The ladder: where a position stands after each tier, with tiers 1..k filled as listed, and after each target.

Two passes, because 1R is the worst planned loss over all tiers and every `_r` figure divides by it: first the fills,
the stop in force, the margin and the risk of each tier, then what depends on 1R.
"""

from collections.abc import Sequence
from decimal import Decimal

from scaleplan.engine.levels import must_lie_somewhere
from scaleplan.engine.machine import Machine
from scaleplan.engine.risk import in_r
from scaleplan.engine.sizing import quantities, whole_lots
from scaleplan.ladder.reach import LIQUIDATED, OTHER_ORDER, unreachable_because
from scaleplan.ladder.records import (
    Ladder,
    Reached,
    Rung,
    Standing,
    TargetExit,
    TierFill,
    Totals,
    Walk,
    WorsePath,
)
from scaleplan.ladder.tape import Listed, entries, on_a_path, risk_of, solved_notional, walk
from scaleplan.ladder.totals import totals_of, with_result
from scaleplan.plan import Plan, RiskUnit, SizeKind
from scaleplan.quantity.exact import ZERO, above, same
from scaleplan.quantity.price import Fixed

__all__ = ["Ladder", "Rung", "Standing", "TargetExit", "TierFill", "Totals", "Walk", "as_reached", "climb"]

#: No loss that is known is as large as one of which nothing says how large it is.
_UNKNOWN = Decimal("Infinity")


def climb(plan: Plan) -> Ladder:
    """Returns the whole ladder of a plan. Figures are decimals at 50 digits; see `records` for units."""
    wanted = quantities(plan, solved_notional(plan) if plan.size.kind is SizeKind.RISK else None)
    counted = whole_lots(plan, wanted)
    # What lacks only the fiftieth digit of a whole lot is one.
    wanted = tuple(lots if same(meant, lots) else meant for meant, lots in zip(wanted, counted, strict=True))
    machine = Machine(plan, counted)
    listed = entries(machine)
    worst = _worst([filled.risk for filled in listed])
    one_r = _one_r(plan, listed[0].risk, listed[worst].risk)
    because = unreachable_because(machine, listed)
    _targets_must_lie_somewhere(machine, listed)
    final = walk(machine, listed[-1].state, one_r, as_listed=True)
    steps: list[Rung] = []
    for filled, meant, reason in zip(listed, wanted, because, strict=True):
        fill, inverse = filled.fill, filled.state.held.position.inverse
        notional = fill.quantity if inverse else fill.quantity * fill.price
        entry = TierFill(fill.price, fill.quantity, notional, filled.fee, meant)
        steps.append(Rung(len(steps) + 1, entry, _standing(machine, filled, one_r, reason), filled.state))
    totals = totals_of(machine, listed, worst, one_r, final, wanted)
    machine.holdings.forget()
    moves = tuple(move for filled in listed for move in filled.moves)
    return Ladder(tuple(steps), final.exits, totals, (*moves, *final.moves), machine)


def _targets_must_lie_somewhere(machine: Machine, listed: tuple[Listed, ...]) -> None:
    """Raises `Unreckonable` where a target lies at no price above zero after some tier."""
    plan = machine.plan
    least = plan.slippage_price + plan.spread / 2
    written = [target.price.price for target in plan.targets if isinstance(target.price, Fixed)]
    if len(written) == len(plan.targets) and all(price > least for price in written):
        return
    for filled in listed:
        held = filled.state.held
        for index in range(len(plan.targets)):
            must_lie_somewhere(plan, index, machine.holdings.lies(held, index), held.position)


def as_reached(ladder: Ladder, reached: Reached, worst_path: WorsePath, *, liquidated: bool) -> Ladder:
    """Returns the ladder as far as paths get: R, reachability and the targets go by what some path holds.

    Where no path is `liquidated`, that is not why a tier is not reached.

    What each tier as listed comes to stays, and so do the sums of the whole plan.
    """
    machine, steps = ladder.machine, ladder.steps
    plan = machine.plan
    counts = sorted(reached.whole) or range(1, len(steps) + 1)
    risks = [_held_risk(machine, steps[count - 1], reached) for count in counts]
    of_worst = _worst(risks)
    worst, risk = counts[of_worst], risks[of_worst]
    one_r = _one_r(plan, steps[0].position.risk, risk)
    final = walk(machine, steps[-1].state, one_r, reached.hits)
    exits = tuple(on_a_path(exit_, len(reached.hits)) for exit_ in final.exits)
    machine.holdings.forget()
    # What no path comes to is no reward.
    reward = final.reward if all(exit_.reached for exit_ in exits) else None
    totals = with_result(ladder.totals._replace(risk=risk, worst_tier=worst, r=one_r), plan, reward)
    return ladder._replace(
        steps=tuple(step._replace(position=_reached(step, reached, one_r, liquidated=liquidated)) for step in steps),
        exits=exits,
        totals=totals,
        moves=(*(move for move in ladder.moves if move.owner == "tiers"), *final.moves),
        elsewhere=worst_path if _is_worse(worst_path.loss, risk) else None,
        unstopped=worst_path if liquidated and not reached.stops and _has_stop(steps) else None,
    )


def _held_risk(machine: Machine, step: Rung, reached: Reached) -> Decimal | None:
    """Returns the risk after a tier as paths hold it: as listed, or at the prices of the tiers that filled at once."""
    risks = [risk_of(machine, state) for state in reached.at_once.get(step.tier, ())]
    return risks[_worst(risks)] if risks else step.position.risk


def _reached(step: Rung, reached: Reached, one_r: Decimal | None, *, liquidated: bool) -> Standing:
    """The position after a tier, in R, with what paths say of it."""
    position = step.position
    reachable = step.tier in reached.listed
    because = position.unreachable_because
    if not because or (because == LIQUIDATED and not liquidated):
        because = OTHER_ORDER
    return position._replace(
        risk_r=in_r(position.risk, one_r),
        reachable=reachable,
        unreachable_because="" if reachable else because,
        fills=step.tier - 1 in reached.tiers,
        stopped=step.tier in reached.stopped,
        at_once=step.tier in reached.at_once,
    )


def _has_stop(steps: Sequence[Rung]) -> bool:
    return any(step.position.stop is not None for step in steps)


def _worst(risks: Sequence[Decimal | None]) -> int:
    """The index of the largest risk; of what nothing says it may be that."""
    known = [_UNKNOWN if risk is None else risk for risk in risks]
    return max(range(len(known)), key=lambda index: known[index])


def _is_worse(loss: Decimal | None, planned: Decimal | None) -> bool:
    """Whether a path is known to lose, and it is not known that less than that is planned."""
    return loss is not None and (planned is None or above(loss, max(planned, ZERO)))


def _one_r(plan: Plan, first: Decimal | None, worst: Decimal | None) -> Decimal | None:
    if plan.risk_unit is RiskUnit.FIRST_TIER:
        return first
    if plan.risk_unit is RiskUnit.AMOUNT and plan.risk_unit_amount is not None:
        return plan.risk_unit_amount
    return worst


def _standing(machine: Machine, filled: Listed, one_r: Decimal | None, because: str) -> Standing:
    state, sign = filled.state, machine.sign
    position, stop, price = state.held.position, state.stop, state.price
    _, margin, liquidation = machine.holdings.backing(state.held)
    equity = machine.plan.account.equity
    at = liquidation.price
    average = position.average_entry
    buffer = None
    # Where maintenance takes all of the margin both are one price, but for the fiftieth digit.
    if at is not None and stop is not None and sign * (average - at) > 0 and not same(average, at):
        buffer = (stop - at) / (average - at)
    return Standing(
        quantity=position.quantity,
        notional=position.notional,
        average_entry=average,
        breakeven=position.breakeven(machine.costs.taker),
        stop=stop,
        risk=filled.risk,
        risk_r=in_r(filled.risk, one_r),
        risk_fraction=filled.risk / equity if equity and filled.risk is not None else None,
        initial_margin=margin,
        effective_leverage=position.worth(price) / equity if equity else None,
        liquidation=liquidation,
        liquidation_distance=None if at is None else sign * (price - at) / price,
        liquidation_past_stop=None if at is None or stop is None else sign * (stop - at) / stop,
        liquidation_buffer=buffer,
        bankruptcy_price=filled.bankruptcy,
        reachable=not because,
        unreachable_because=because,
        fills=not because,
        stopped=machine.losing(state).is_stop,
    )
