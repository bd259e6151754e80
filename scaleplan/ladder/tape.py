"""The tape of a ladder: the tiers filled in the order listed, each at its own price, and then every target hit.

The machine plays it; here it is only said what comes next. A tier that would wait, or that price could not get to,
fills all the same: the figures of a ladder are those "as if all tiers fill".
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine import Unreckonable
from scaleplan.engine.event import Fill
from scaleplan.engine.levels import StopMove, must_lie_somewhere
from scaleplan.engine.machine import Machine
from scaleplan.engine.risk import distance_r, in_r, risk_at_stop
from scaleplan.engine.sizing import quantities
from scaleplan.engine.state import Rest, State
from scaleplan.ladder.records import Hit, Ladder, TargetExit, Walk
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ONE, ZERO, same
from scaleplan.quantity.number import brief

#: More steps than a loss that is made of lines needs: each line is met once.
_MOST_SECANTS = 500
#: A part of a size so small that only what every order costs is left of its loss.
_TINY = Decimal("1e-20")


class Listed(NamedTuple):
    """One tier filled as listed: its fill, what the position has paid for it, the state after it, and its stop move.

    `bankruptcy` is the price at which the position is. `risk` is what is lost at the stop in force, or without one;
    absent where nothing says how much that is.
    """

    fill: Fill
    fee: Decimal
    state: State
    moves: tuple[StopMove, ...]
    bankruptcy: Decimal | None
    risk: Decimal | None


def entries(machine: Machine) -> tuple[Listed, ...]:
    """Plays the tiers in the order listed."""
    plan = machine.plan
    state = machine.listed()
    listed = []
    paid = ZERO
    for index, tier in enumerate(plan.tiers):
        fill = machine.holdings.planned_fill(state.held, index, tier.price)
        step = machine.fill(state, fill, tier.price)
        if step.state is None:
            raise AssertionError("a fill ends no plan")
        state = step.state
        position = state.held.position
        fee = position.entry_fees - paid
        listed.append(Listed(fill, fee, state, step.moves, machine.bankruptcy(state), risk_of(machine, state)))
        paid = position.entry_fees
    return tuple(listed)


def risk_of(machine: Machine, state: State) -> Decimal | None:
    """Returns what the position loses at its stop, or can lose without one; absent where no equity says how much."""
    position = state.held.position
    if state.stop is not None:
        return risk_at_stop(position, state.stop, machine.costs)
    lost = machine.abandoned(state)
    return None if lost is None else -lost


def reward_after(ladder: Ladder, index: int) -> Decimal | None:
    """Returns the net result if the tier at `index` is the last to fill and every target is hit, as in a `Walk`."""
    if index == len(ladder.steps) - 1:
        return ladder.totals.reward
    return walk(ladder.machine, ladder.steps[index].state).reward


def on_a_path(exit_: TargetExit, hits: int) -> TargetExit:
    """Returns a target with whether it is one of those that paths hit, `hits` of them, or finds nothing held."""
    return exit_._replace(reached=exit_.target <= hits or exit_.before is None)


def walk(
    machine: Machine,
    state: State,
    one_r: Decimal | None = None,
    path: tuple[Hit, ...] = (),
    *,
    as_listed: bool = False,
) -> Walk:
    """Plays every target in turn: on a path as far as it goes, else from a state in which none is hit.

    A target behind the price of the one before it acts there, at once; `as_listed` each is hit at its own.
    There is no reward without targets, nor where something is left that has neither an exit nor a stop.
    """
    plan, costs, sign = machine.plan, machine.costs, machine.sign
    held = state.held
    realized = fees = ZERO
    exits: list[TargetExit] = []
    moves: list[StopMove] = []
    here: State | None = state
    #: Where price goes on from the last target: tiers at its own price have filled.
    settled: State | None = state
    rest: Rest | None
    for index, target in enumerate(plan.targets):
        if index < len(path):
            here, price, _ = path[index]
        else:
            # An exit leaves the average: where targets lie follows from the position before the first of them.
            at = here.held if here is not None and machine.holdings.by_part(index) else held
            price = machine.holdings.lies(at, index)
            must_lie_somewhere(plan, index, price, at.position)
        if here is not None and here.held.filled != held.filled:
            held = here.held
        start = here
        before = held.position if here is None else here.held.position
        fill, net, stop, rest = None, ZERO, None, None
        if here is not None:
            at_once = not as_listed and here.hits > 0 and sign * (here.price - price) > 0
            step = machine.hit(here, here.price if at_once else price, price)
            here, fill, net = step.state, step.executed, step.result
            moves += step.moves
        realized += net
        fee = ZERO if fill is None else fill.fee
        fees += fee
        settled = path[index].settled if index < len(path) and here is not None else here
        if settled is not None:
            rest, stop = machine.rest(settled), machine.trailing_stop(settled)
        locked = realized + rest.net if rest is not None and rest.certain else None
        exits.append(
            TargetExit(
                target=index + 1,
                price=price,
                fill_price=costs.exit_price(price, sign, target.order) if fill is None else fill.price,
                quantity=ZERO if fill is None else fill.quantity,
                r_multiple=distance_r(price, before.average_entry, plan.stop, sign),
                fee=fee,
                pnl=net,
                realized=realized,
                realized_r=in_r(realized, one_r),
                remaining=ZERO if settled is None else settled.held.position.quantity,
                stop=stop,
                locked=locked,
                locked_r=in_r(locked, one_r),
                liquidated=None if rest is None else rest.liquidated,
                may_grow=settled is not None and machine.may_fill(settled),
                filled=held.filled,
                held=before,
                before=start,
                after=here,
            )
        )
    last = Rest(ZERO, None, certain=True) if settled is None else machine.rest(settled)
    reward = realized + last.net if plan.targets and last is not None else None
    stop = None if settled is None else machine.trailing_stop(settled)
    if settled is not None and last is not None and last.liquidated is None and stop is not None:
        left = settled.held.position
        fees += costs.taker.of(left.worth(costs.exit_price(stop, sign)), left.quantity)
    return Walk(tuple(exits), reward, fees, tuple(moves))


def solved_notional(plan: Plan) -> Decimal:
    """Returns the total notional in quote at which the worst planned loss, costs included, is the plan's size in risk.

    Where every fee is a rate, risk at a stop is proportional to size (every level stays where it is), so one ladder of
    one unit tells. A fee for each order is paid however small the size, and extra margin is lost with the rest: then
    the size is found by secants, which end exactly where risk is a line in size. Without a stop risk need not grow with
    size at all: behind cross margin stands the account. Raises `Unreckonable` where no size can be told.
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
    if plan.fees.per_order or (plan.stop is None and plan.extra_margin):
        notional = _by_secants(plan, notional)
    lost = _worst_risk(plan, notional)
    if not same(lost, plan.size.amount):
        raise Unreckonable(
            "size",
            f"no size can be solved to risk {brief(plan.size.amount)}: without a stop all that stands behind it is "
            f"lost, which does not grow with the size ({brief(lost)} at a notional of {brief(notional)})",
            "give the plan a stop, or write the size as money or quantity",
        )
    return notional


def _by_secants(plan: Plan, notional: Decimal) -> Decimal:
    """Returns the notional at which the worst planned loss is the size in risk, from one that is too large."""
    wanted = plan.size.amount
    last, here = notional, notional / 2
    lost_last, lost = _worst_risk(plan, last), _worst_risk(plan, here)
    for _ in range(_MOST_SECANTS):
        if same(lost, wanted) or lost == lost_last:
            break
        step = (wanted - lost) * (here - last) / (lost - lost_last)
        if here + step <= 0:
            raise Unreckonable(
                "size",
                f"no size risks as little as {brief(wanted)}: the fees of the orders alone come to "
                f"{brief(_worst_risk(plan, notional * _TINY))}",
                "write a larger risk, or fewer tiers",
            )
        last, lost_last = here, lost
        here += step
        lost = _worst_risk(plan, here)
    return here


def _worst_risk(plan: Plan, notional: Decimal) -> Decimal:
    """Returns the worst planned loss at a total notional, in quantities that no lot rounds."""
    risks = [filled.risk for filled in entries(Machine(plan, quantities(plan, notional)))]
    known = [risk for risk in risks if risk is not None]
    if len(known) < len(risks):
        raise Unreckonable(
            "size",
            f"no size can be solved to risk {brief(plan.size.amount)}: without a stop what stands behind cross margin "
            "is lost, and no equity is written",
            "add `account: {equity: ...}` with your own, give the plan a stop, or write the size as money or quantity",
        )
    return max(known)
