"""Exits: what a position brings when every target is hit, in the order listed.

A close of `30%` is a share of the position at the first exit, `30% of rest` of what is held, `rest` all of it; where
the closes add up to 100% the last target closes all that is held. What has no planned exit counts at the stop in
force after the last target (for a trail, at the stop it starts with).
"""

from decimal import Decimal
from fractions import Fraction

from scaleplan.ladder.levels import Move, level_price, target_price, tighter
from scaleplan.ladder.lots import down, lot_of
from scaleplan.ladder.records import Exit, StopMove, Walk
from scaleplan.plan import CloseOf, EntriesEnd, Plan, Target, Trail
from scaleplan.position import Position, costs_of
from scaleplan.quantity.exact import ONE, ZERO, times
from scaleplan.risk import distance_r, in_r, risk_at_stop


def held_fractions(targets: tuple[Target, ...]) -> tuple[Fraction, ...]:
    """What is still held after each target, as an exact share of the position at the first exit.

    Below zero where a target closes more than is held; the shares are the trader's own, nothing is capped.
    """
    # In whole numbers: every plan asks several times, and a `Fraction` takes each sum three times as long.
    top, bottom = 1, 1
    fractions = []
    for target in targets:
        share_top, share_bottom = target.close.share.as_integer_ratio()
        if target.close.of is CloseOf.REST:
            top *= share_bottom - share_top
        else:
            top = top * share_bottom - share_top * bottom
        bottom *= share_bottom
        fractions.append(Fraction(top, bottom))
    return tuple(fractions)


def trail_start(trail: Trail, price: Decimal, sign: int) -> Decimal:
    """The stop that a trail starts with when it begins at `price`."""
    if trail.ratio is not None:
        return price * (ONE - sign * trail.ratio)
    return price - sign * (trail.distance or ZERO)


def first_closing_target(targets: tuple[Target, ...]) -> int | None:
    """The index of the first target that closes something: the one that ends entries."""
    for index, target in enumerate(targets):
        if target.close.share > 0:
            return index
    return None


def entries_ended_by(plan: Plan) -> int | None:
    """The index of the target that cancels unfilled tiers; absent where none does.

    With `entries_end: first target` the first that closes something; a trail ends entries in any case, from the last
    target on.
    """
    trails = len(plan.targets) - 1 if plan.targets and plan.targets[-1].trail is not None else None
    if plan.entries_end is EntriesEnd.NEVER:
        return trails
    closing = first_closing_target(plan.targets)
    return trails if closing is None else closing


def walk(
    plan: Plan,
    position: Position,
    stop: Decimal | None,
    one_r: Decimal | None,
    left: tuple[Fraction, ...] | None = None,
    *,
    with_exits: bool = True,
) -> Walk:
    """Hit every target in turn with `position` held and `stop` in force.

    There is no reward without targets, nor where something is left that has neither an exit nor a stop. `left` is
    what `held_fractions` says of the plan's targets, from one who asks for several walks; who asks for the reward alone
    leaves the exits out.
    """
    costs, sign, average = costs_of(plan), plan.sign, position.average_entry
    whole = position
    held = position
    realized = ZERO
    fees = ZERO
    exits: list[Exit] = []
    moves: list[StopMove] = []
    prices: list[Decimal] = []
    left = held_fractions(plan.targets) if left is None else left
    lot = lot_of(plan)
    for index, target in enumerate(plan.targets):
        price = target_price(plan, index, whole, tuple(prices))
        prices.append(price)
        quantity = closed_quantity(target, whole, held, lot, remaining=left[index])
        fill = costs.exit_price(price, sign, target.order)
        pnl = fee = ZERO
        if quantity > 0:
            closed = held.part(quantity)
            charge = costs.charge(target.order)
            pnl, fee = closed.net(fill, charge), charge.of(closed.worth(fill), quantity)
            held = rest_of(held, quantity)
        realized += pnl
        fees += fee
        if held.quantity > 0:
            stop = _stop_after(plan, target, index, held, stop, tuple(prices), moves)
        if not with_exits:
            continue
        locked = realized - risk_at_stop(held, stop, costs) if held.quantity > 0 and stop is not None else None
        exits.append(
            Exit(
                target=index + 1,
                price=price,
                fill_price=fill,
                quantity=quantity,
                r_multiple=distance_r(price, average, plan.stop, sign),
                fee=fee,
                pnl=pnl,
                realized=realized,
                realized_r=in_r(realized, one_r),
                remaining=held.quantity,
                stop=stop if held.quantity > 0 else None,
                locked=locked,
                locked_r=in_r(locked, one_r),
            )
        )
    reward: Decimal | None = realized
    if held.quantity > 0 and stop is None:
        reward = None
    elif held.quantity > 0 and stop is not None:
        reward = realized - risk_at_stop(held, stop, costs)
        fees += costs.taker.of(held.worth(costs.exit_price(stop, sign)), held.quantity)
    return Walk(tuple(exits), reward if plan.targets else None, fees, tuple(moves))


def closed_quantity(
    target: Target, whole: Position, held: Position, lot: Decimal | None, *, remaining: Fraction
) -> Decimal:
    """What a target closes, down to whole lots; the last of exits that close everything takes what they left."""
    if remaining.numerator <= 0:
        return held.quantity
    of = held if target.close.of is CloseOf.REST else whole
    return min(down(times(target.close.share, of.quantity), lot), held.quantity)


def rest_of(held: Position, quantity: Decimal) -> Position:
    """What is held after `quantity` of it is closed."""
    if quantity == held.quantity:
        return held._replace(quantity=ZERO, cost=ZERO, entry_fees=ZERO)
    return held.part(held.quantity - quantity)


def _stop_after(
    plan: Plan,
    target: Target,
    index: int,
    held: Position,
    stop: Decimal | None,
    prices: tuple[Decimal, ...],
    moves: list[StopMove],
) -> Decimal | None:
    if target.stop is not None:
        level = level_price(plan, target.stop, held, prices)
        move = Move("targets", index, level, stop, prices[-1], plan.sign)
        moves.append(move.record)
        stop = move.stop
    if target.trail is not None:
        start = trail_start(target.trail, prices[-1], plan.sign)
        stop = start if start > 0 and tighter(start, stop, plan.sign) else stop
    return stop
