"""A grid is what an answer may be: whole ticks, lots, leverages, hundredths; the last value on it that keeps a promise.

A solver guesses from its equation, and the grid is searched from there: where the equation is exact, two values are
looked at, the answer and the next one.
"""

from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from scaleplan.plan import AfterPrice, Plan
from scaleplan.quantity.exact import ONE, same
from scaleplan.quantity.price import Fixed

#: Sizes and quantities without a lot have so many significant digits.
_SIGNIFICANT = 6
#: Prices without a tick have so many digits more than those of the tiers.
_MORE_PLACES = 2
#: What a trader can write has at most this many digits behind the point; a longer price is a quotient.
_WRITTEN_DIGITS = 20
#: Further from its guess than so many doublings no answer lies.
_DOUBLINGS = 100

HUNDREDTH = Decimal("0.01")
#: The smallest unit in which a coin account is counted.
SATOSHI = Decimal("0.00000001")


def last_kept(start: int, least: int, most: int | None, keeps: Callable[[int], bool]) -> int | None:
    """Returns the last whole number that keeps a promise which all before it keep and none behind it.

    The search begins at `start`; absent where `least` does not keep it. Where there is no `most` and no end is found,
    it is the last that was looked at.
    """
    at = max(start, least) if most is None else min(max(start, least), most)
    if keeps(at):
        for kept, looked in _away(at, 1, most):
            if looked == kept:
                return kept
            if not keeps(looked):
                return _between(kept, looked, keeps)
            at = looked
        return at
    for broken, looked in _away(at, -1, least):
        if looked == broken:
            return None
        if keeps(looked):
            return _between(looked, broken, keeps)
    return None


def _away(start: int, way: int, end: int | None) -> Iterator[tuple[int, int]]:
    """Yields numbers ever further away, each behind the one before it; the last one twice where there is an end."""
    here = start
    for doubling in range(_DOUBLINGS):
        there = here + way * (1 << doubling)
        if end is not None and way * (there - end) > 0:
            there = end
        yield here, there
        if there == here:
            return
        here = there


def _between(kept: int, broken: int, keeps: Callable[[int], bool]) -> int:
    while broken - kept > 1:
        middle = (kept + broken) // 2
        kept, broken = (middle, broken) if keeps(middle) else (kept, middle)
    return kept


def steps_below(value: Decimal, step: Decimal) -> int:
    """Returns how many whole steps a value holds; what lacks only the fiftieth digit of one is whole."""
    return _whole(value / step, ROUND_FLOOR)


def steps_above(value: Decimal, step: Decimal) -> int:
    """Returns how many whole steps hold a value."""
    return _whole(value / step, ROUND_CEILING)


def _whole(steps: Decimal, rounding: str) -> int:
    nearest = steps.to_integral_value()
    return int(nearest if same(steps, nearest) else steps.to_integral_value(rounding=rounding))


def significant_step(value: Decimal) -> Decimal:
    """Returns one of the sixth significant digit of a value."""
    return ONE.scaleb(value.adjusted() + 1 - _SIGNIFICANT)


def price_step(plan: Plan) -> Decimal:
    """Returns the tick, or without one a hundredth of the last digit of the tiers' prices; no coarser than any price.

    What an answer has written into the plan makes the next one no finer.
    """
    tick = plan.instrument.tick_size
    if tick is not None:
        return tick
    tiers = max(_places(tier.price) for tier in plan.tiers) + _MORE_PLACES
    return ONE.scaleb(-max(tiers, *map(_places, _prices(plan))))


def _places(price: Decimal) -> int:
    exponent = price.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return places if places <= _WRITTEN_DIGITS else 0


def _prices(plan: Plan) -> Iterator[Decimal]:
    yield from (tier.price for tier in plan.tiers)
    yield from (tier.after.price for tier in plan.tiers if isinstance(tier.after, AfterPrice))
    yield from (price for price in (plan.stop, plan.invalidation) if price is not None)
    yield from (target.price.price for target in plan.targets if isinstance(target.price, Fixed))
