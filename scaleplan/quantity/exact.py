"""Exact arithmetic: decimals at 50 significant digits, half to even, whatever the caller's own settings are.

Sums of written values come out exact; a quotient is rounded once, at the fiftieth digit. Overflow, division by zero
and undefined results raise, so that a NaN or an infinity never becomes a figure.

The doors alone set it: a run of the command, `study.Session`, and `paths.EveryPath`, which reckons when it is asked.
What is behind them finds it set.
"""

from collections.abc import Callable, Iterable
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from fractions import Fraction

DIGITS = 50
ZERO = Decimal(0)
ONE = Decimal(1)

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


#: Copied wherever it is entered, never changed: 50 digits, half to even, and an error in place of NaN or infinity.
EXACT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])


def exact(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Returns the function run in the exact context, which it leaves as it was: a door into the arithmetic of plans."""

    @wraps(function)
    def inside(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result:
        with localcontext(EXACT):
            return function(*args, **kwargs)

    return inside


#: Two results closer than this, relative to their size, differ only by what rounding at the fiftieth digit makes.
ROUNDING = Decimal("1e-40")


def same(first: Decimal, second: Decimal) -> bool:
    """Returns whether two results are equal but for rounding, as the breakeven before and after a partial exit is."""
    return abs(first - second) <= ROUNDING * abs(second)


def on_tick(price: Decimal, tick: Decimal, side: int) -> Decimal:
    """Returns the tick nearest to a price (`side` 0), the one below (-1) or the one above (1); never below the first.

    A price that lies on a tick but for rounding stays there.
    """
    near = (price / tick).to_integral_value(ROUND_HALF_EVEN)
    if side and not same(near * tick, price):
        near = (price / tick).to_integral_value(ROUND_FLOOR if side < 0 else ROUND_CEILING)
    return max(near, ONE) * tick


def above(value: Decimal, limit: Decimal) -> bool:
    """Returns whether a result passes a limit by more than rounding: one solved to be the limit does not."""
    return value > limit and not same(value, limit)


def not_below(value: Decimal, limit: Decimal) -> bool:
    """Returns whether a result has come to a limit, or lacks no more of it than rounding takes."""
    return value >= limit or same(value, limit)


def times(share: "Fraction", amount: Decimal) -> Decimal:
    """`share` of `amount`: multiplied first, divided last, so that a third of 900 is 300."""
    return amount * share.numerator / share.denominator


def are_whole(shares: "Iterable[Fraction]") -> bool:
    """Returns whether shares add up to a whole, in whole numbers: a `Fraction` takes each sum ten times as long."""
    top, bottom = 0, 1
    for share in shares:
        numerator, denominator = share.as_integer_ratio()
        top, bottom = top * denominator + numerator * bottom, bottom * denominator
    return top == bottom


def as_decimal(share: "Fraction") -> Decimal:
    """Returns a share as a decimal at full precision."""
    return Decimal(share.numerator) / share.denominator
