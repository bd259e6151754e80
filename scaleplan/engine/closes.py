"""Closes: how much a target closes, what that leaves, where a trail begins, and which target ends the entries.

A close of `30%` is a share of the position at the first exit, `30% of rest` of what is held, `rest` all of it, `2
contracts` that many of whatever is held; where the closes add up to all of it the last target closes all that is held.
"""

from decimal import Decimal
from fractions import Fraction

from scaleplan.engine.position import Position
from scaleplan.engine.sizing import down
from scaleplan.plan import CloseOf, EntriesEnd, Plan, Target, Trail
from scaleplan.quantity.exact import ONE, ZERO, times


def counts_contracts(targets: tuple[Target, ...]) -> bool:
    """Returns whether any target closes a number of contracts, so that what it leaves depends on what is held."""
    return any(target.close.of is CloseOf.CONTRACTS for target in targets)


def held_fractions(targets: tuple[Target, ...], contracts: Decimal) -> tuple[Fraction, ...]:
    """Returns what is still held after each target, as an exact share of the position at the first exit.

    That holds `contracts`. Below zero where a target closes more than is held; the shares are the trader's own, nothing
    is capped.
    """
    # In whole numbers: every plan asks several times, and a `Fraction` takes each sum three times as long.
    top, bottom = 1, 1
    fractions = []
    for target in targets:
        share_top, share_bottom = target.close.amount.as_integer_ratio()
        if target.close.of is CloseOf.CONTRACTS:
            whole_top, whole_bottom = contracts.as_integer_ratio()
            share_top, share_bottom = share_top * whole_bottom, share_bottom * whole_top
        if target.close.of is CloseOf.REST:
            top *= share_bottom - share_top
        else:
            top = top * share_bottom - share_top * bottom
        bottom *= share_bottom
        fractions.append(Fraction(top, bottom))
    return tuple(fractions)


def closed_quantity(
    plan: Plan, target: Target, whole: Position, held: Position, lot: Decimal | None, *, remaining: Fraction
) -> Decimal:
    """Returns what a target closes, in whole lots; the last of exits that close everything takes what they left."""
    if remaining.numerator <= 0:
        return held.quantity
    return min(down(meant_quantity(plan, target, whole.quantity, held.quantity), lot), held.quantity)


def meant_quantity(plan: Plan, target: Target, whole: Decimal, held: Decimal) -> Decimal:
    """Returns what a target is to close of a position that was `whole` and of which so much is held, before lots."""
    close = target.close
    if close.of is CloseOf.CONTRACTS:
        return times(close.amount, plan.instrument.contract_size or ONE)
    return times(close.amount, held if close.of is CloseOf.REST else whole)


def trail_start(trail: Trail, price: Decimal, sign: int) -> Decimal:
    """Returns the stop that a trail starts with when it begins at `price`."""
    if trail.ratio is not None:
        return price * (ONE - sign * trail.ratio)
    return price - sign * (trail.distance or ZERO)


def passes_at(trail: Trail, level: Decimal, sign: int) -> Decimal:
    """Returns the best price at which the trailing stop stands at `level`: the inverse of `trail_start`."""
    if trail.ratio is not None:
        return level / (ONE - sign * trail.ratio)
    return level + sign * (trail.distance or ZERO)


def first_closing_target(targets: tuple[Target, ...]) -> int | None:
    """Returns the index of the first target that closes something: the one that ends entries."""
    for index, target in enumerate(targets):
        if target.close.amount > 0:
            return index
    return None


def entries_ended_by(plan: Plan) -> int | None:
    """Returns the index of the target that cancels unfilled tiers; absent where none does.

    With `entries_end: first target` the first that closes something; a trail ends entries in any case, from the last
    target on.
    """
    trails = len(plan.targets) - 1 if plan.targets and plan.targets[-1].trail is not None else None
    if plan.entries_end is EntriesEnd.NEVER:
        return trails
    closing = first_closing_target(plan.targets)
    return trails if closing is None else closing
