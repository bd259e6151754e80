"""The payoff of a plan: its net result if price goes straight from where a tier filled to a price, and all ends there.

With tiers 1..k filled and no further one, targets on the way are hit in turn, what is left is closed at the price at
taker cost, and past the stop, or the liquidation that comes before it, the result is that of the end. Every step is the
machine's. Between two levels the result is a line in price (inverse: a line in 1 / price).
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.levels import reached
from scaleplan.engine.machine import Machine
from scaleplan.engine.margin import Answer
from scaleplan.engine.risk import in_r
from scaleplan.engine.state import State
from scaleplan.ladder import Ladder, Rung
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.questions.stance_figures import closed_now

#: So many points stand for what is no line between two levels.
_POINTS = 8


class Piece(NamedTuple):
    """A part of a payoff, from a price to another on the same way (absent: as far as price goes).

    What is held in `state` is closed at the price; without one nothing is, and `result` is settled, in settle currency.
    """

    start: Decimal
    end: Decimal | None
    state: State | None
    result: Decimal = ZERO


class Payoff(NamedTuple):
    """What tiers 1 to `tiers` net at each price, by pieces to the winning side and to the losing one.

    Where a liquidation is not known, the last piece of the losing side ends where the position is bankrupt.
    """

    tiers: int
    winning: tuple[Piece, ...]
    losing: tuple[Piece, ...]
    #: The price of a liquidation that comes before any stop.
    liquidated: Decimal | None


class Point(NamedTuple):
    """A net result, in settle currency and in R, at a price; where a level makes it jump it has two."""

    price: Decimal
    net: Decimal
    net_r: Decimal | None


@exact
def payoffs_of(ladder: Ladder, filled: frozenset[int] | None, most: int | None) -> tuple[Payoff, ...]:
    """Returns one payoff for each number of tiers, as listed, that some path fills and no more.

    `filled` are those numbers, where every path was looked at. Of more than `most` numbers so many are taken, evenly,
    the first and the last among them.
    """
    steps = [step for step in ladder.steps if step.position.reachable and (filled is None or step.tier in filled)]
    if most is not None and len(steps) > most:
        steps = [steps[index * (len(steps) - 1) // (most - 1)] for index in range(most)]
    return tuple(_payoff(ladder.machine, step) for step in steps)


@exact
def points_of(ladder: Ladder, payoff: Payoff, low: Decimal, high: Decimal) -> tuple[Point, ...]:
    """Returns the points between two prices that draw a payoff, the lowest price first."""
    machine = ladder.machine
    first, last = (low, high) if machine.sign > 0 else (high, low)
    back = [point for piece in payoff.losing for point in _points(ladder, piece, first)]
    forth = [point for piece in payoff.winning for point in _points(ladder, piece, last)]
    points = dict.fromkeys((*reversed(back), *forth))
    return tuple(points if machine.sign > 0 else reversed(points))


def _payoff(machine: Machine, step: Rung) -> Payoff:
    losing = machine.losing(step.state)
    liquidated = None if losing.is_stop else losing.nearest
    return Payoff(step.tier, _winning(machine, step.state), _losing(machine, step.state), liquidated)


def _points(ladder: Ladder, piece: Piece, limit: Decimal) -> list[Point]:
    """The two ends of a piece as far as the limit, and where it is no line some prices between."""
    machine = ladder.machine
    end = limit if piece.end is None else piece.end
    curved = piece.state is not None and piece.state.held.position.inverse
    count = _POINTS if curved else 1
    prices = [piece.start + (end - piece.start) * index / count for index in range(count + 1)]
    nets = [
        piece.result if piece.state is None else closed_now(machine, piece.state._replace(price=price))
        for price in prices
    ]
    return [Point(price, net, in_r(net, ladder.totals.r)) for price, net in zip(prices, nets, strict=True)]


def _winning(machine: Machine, state: State) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    here, price, realized = state, state.price, state.realized
    while here.hits < len(machine.plan.targets):
        if _is_over(machine, here, price):
            return (*pieces, Piece(price, None, None, closed_now(machine, here._replace(price=price))))
        level = machine.holdings.lies(here.held, here.hits)
        # A target that lies behind the price is hit where price is.
        at = price if reached(price, level, -machine.sign) else level
        pieces.append(Piece(price, at, here))
        step = machine.hit(here, at, level)
        price, realized = at, realized + step.result
        if step.state is None:
            return (*pieces, Piece(price, None, None, realized))
        here = step.state
    return (*pieces, Piece(price, None, here))


def _is_over(machine: Machine, state: State, price: Decimal) -> bool:
    """Whether the stop in force lies at the price or beyond it: what is held goes at once."""
    return state.stop is not None and reached(price, state.stop, machine.sign)


def _losing(machine: Machine, state: State) -> tuple[Piece, ...]:
    losing = machine.losing(state)
    nearest, price = losing.nearest, state.price
    if nearest is None:
        unknown = machine.liquidation(state).answer is Answer.UNKNOWN
        return (Piece(price, machine.bankruptcy(state) if unknown else None, state),)
    level = price if losing.is_stop and _is_over(machine, state, price) else nearest
    lost = None if losing.is_stop else machine.lost(state)
    settled = closed_now(machine, state._replace(price=level)) if lost is None else state.realized + lost
    return (Piece(price, level, state), Piece(level, None, None, settled))
