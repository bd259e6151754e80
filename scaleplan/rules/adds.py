"""Adds are the tiers after the first: on which side of the position they lie, and whether they grow.

Sides are taken from the average of the tiers before at their own prices, so that slippage alone makes nobody a loser.
An add grows only where it is larger than the tier before it in money and in units alike: equal money on the way down
buys more units, and equal units on the way up cost more money, and neither is growth.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.position import NO_CHARGE, nothing_held
from scaleplan.ladder import Ladder
from scaleplan.ladder.records import Reached
from scaleplan.plan import AfterPrice, Contract, Divides, Plan
from scaleplan.quantity.exact import ONE, ZERO, same


class Add(NamedTuple):
    """One add, its tier counted from 0.

    `side` is +1 on the winning side of `average`, -1 on the losing, 0 at it. `step` is how many times as large it is as
    the tier before it, in what the plan divides. `start` is the tier at which the adds
    began to grow and `growth` how many times as large as that one this add is, in the smaller of money and units;
    `ratio` is the growth in what the plan divides. Where it does not grow they are the tier itself and 1.
    """

    tier: int
    price: Decimal
    average: Decimal
    side: int
    retest: bool
    step: Decimal
    start: int
    growth: Decimal
    ratio: Decimal

    @property
    def to_a_loser(self) -> bool:
        """Whether it is made while the trade loses; a retest is made after price has been where the trade wins."""
        return self.side < 0 and not self.retest


class _Measure(NamedTuple):
    """A tier in money (quote) and in units (base), at its own price."""

    money: Decimal
    units: Decimal


def adds_of(plan: Plan, ladder: Ladder, reached: Reached | None) -> tuple[Add, ...]:
    """Returns every add that can fill, against what some path holds before it: the most of the tiers listed before."""
    inverse = plan.contract is Contract.INVERSE
    in_money = _in_money(plan)
    measures: list[_Measure] = []
    start = 0
    found = []
    for index, (tier, step) in enumerate(zip(plan.tiers, ladder.steps, strict=True)):
        # What is meant, not what whole lots make of it: rounding makes nobody's adds grow.
        price, quantity = tier.price, step.fill.wanted
        here = _Measure(quantity, quantity / price) if inverse else _Measure(quantity * price, quantity)
        measures.append(here)
        if index and can_fill(ladder, index):
            average = _average_before(plan, ladder, _held_before(ladder, reached, index))
            before = measures[index - 1]
            if _growth(here, before) <= ONE:
                start = index
            away = ZERO if same(price, average) else plan.sign * (price - average)
            base = measures[start]
            found.append(
                Add(
                    index,
                    price,
                    average,
                    int(away.compare(ZERO)),
                    isinstance(tier.after, AfterPrice) and plan.sign * (tier.after.price - price) > 0,
                    here.money / before.money if in_money else here.units / before.units,
                    start,
                    _growth(here, base),
                    here.money / base.money if in_money else here.units / base.units,
                )
            )
    return tuple(found)


def _held_before(ladder: Ladder, reached: Reached | None, index: int) -> int:
    """Returns the tiers (as bits) that are filled when the tier at `index` fills: as listed, if some path has them."""
    listed = (1 << index) - 1
    filled = frozenset[int]() if reached is None else reached.before.get(index, frozenset())
    if listed in filled:
        return listed
    if filled:
        return max(filled, key=lambda tiers: (tiers.bit_count(), -tiers))
    # It fills on no path, or nobody looked: of the tiers before it those count that fill.
    return sum(1 << before for before in range(index) if ladder.steps[before].position.fills) or listed


def _average_before(plan: Plan, ladder: Ladder, filled: int) -> Decimal:
    position = nothing_held(plan)
    for index, (tier, step) in enumerate(zip(plan.tiers, ladder.steps, strict=True)):
        if filled >> index & 1:
            position = position.filled(tier.price, step.fill.quantity, NO_CHARGE)
    return position.average_entry


def can_fill(ladder: Ladder, index: int) -> bool:
    """Returns whether some path fills the tier at `index`, or would if no target ended the entries before."""
    position = ladder.steps[index].position
    return position.fills or position.unreachable_because == "entries ended"


def growing(among: Iterable[Add], past: Decimal) -> list[Add]:
    """Returns those that have grown past a ratio since the adds began to grow."""
    return [add for add in among if add.growth > past]


def _growth(later: _Measure, earlier: _Measure) -> Decimal:
    return min(later.money / earlier.money, later.units / earlier.units)


def _in_money(plan: Plan) -> bool:
    divides = plan.size.kind.divides
    if plan.contract is Contract.INVERSE:
        return divides is not Divides.QUANTITY
    return divides is Divides.NOTIONAL
