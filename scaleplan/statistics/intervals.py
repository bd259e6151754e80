"""Intervals of means and of shares: Student's t, Wilson's interval, Welch's of a difference.

Student's t is the inverse of `P(|T| <= t) = 1 - I_x(n/2, 1/2)`, with `x = n / (n + t^2)` and `I` the incomplete beta
function (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.5.8, 26.7.1). Wilson: JASA 22, 1927. Welch:
Biometrika 34, 1947, with Satterthwaite's degrees of freedom. Results stay decimals; t is good to 12 digits.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from math import exp, lgamma, log
from typing import NamedTuple

from scaleplan.quantity.exact import ONE, ZERO

#: The 97.5% point of the normal distribution.
Z = Decimal("1.959963984540054")
#: What is left on each side of an interval of 95%.
_TAIL = 0.025
#: A continued fraction of the incomplete beta function ends when a term changes it by less.
_CLOSE, _TERMS, _TINY = 1e-16, 10_000, 1e-300
#: From so many degrees of freedom on t is expanded: what is left out is below the fifteenth digit.
_MANY = 1000


class MeanInterval(NamedTuple):
    """A mean of so many values, their deviation (n-1) and its interval of 95%; absent under two values."""

    values: int
    mean: Decimal
    sd: Decimal | None
    low: Decimal | None
    high: Decimal | None

    @property
    def holds_0(self) -> bool:
        """Returns whether the mean is not told from 0: its interval holds it, or there is none."""
        return self.low is None or self.high is None or self.low <= 0 <= self.high

    @property
    def needed(self) -> Decimal | None:
        """Returns how many values would tell the mean from 0 at this spread: `(t s / mean)^2`."""
        if self.sd is None or not self.mean:
            return None
        return (student_t(Decimal(self.values - 1)) * self.sd / self.mean) ** 2


class ShareInterval(NamedTuple):
    """A share and its interval of 95%."""

    share: Decimal
    low: Decimal
    high: Decimal


class MeanDifference(NamedTuple):
    """A difference of two means and its interval of 95%; absent where one of them has under two values."""

    mean: Decimal
    low: Decimal | None
    high: Decimal | None


def mean_interval(values: Sequence[Decimal]) -> MeanInterval | None:
    """Returns the mean of values -/+ `t s / sqrt(n)`; absent without values."""
    count = len(values)
    if not count:
        return None
    mean = sum(values, ZERO) / count
    if count < 2:
        return MeanInterval(count, mean, None, None, None)
    variance = _variance(values, mean)
    half = student_t(Decimal(count - 1)) * (variance / count).sqrt()
    return MeanInterval(count, mean, variance.sqrt(), mean - half, mean + half)


def _variance(values: Sequence[Decimal], mean: Decimal) -> Decimal:
    first = values[0]
    # Of equal values the mean may differ at the fiftieth digit, and that is no spread.
    if all(value == first for value in values):
        return ZERO
    return sum(((value - mean) ** 2 for value in values), ZERO) / (len(values) - 1)


def wilson(hits: int, count: int) -> ShareInterval | None:
    """Returns the share of hits with Wilson's interval; absent without cases."""
    if not count:
        return None
    share, square = Decimal(hits) / count, Z * Z
    middle = share + square / (2 * count)
    half = Z * (share * (1 - share) / count + square / (4 * count * count)).sqrt()
    whole = ONE + square / count
    low, high = max((middle - half) / whole, ZERO), min((middle + half) / whole, ONE)
    return ShareInterval(share, ZERO if not hits else low, ONE if hits == count else high)


def welch(first: Sequence[Decimal], second: Sequence[Decimal]) -> MeanDifference | None:
    """Returns the mean of the first values less that of the second, with Welch's interval; absent without either."""
    if not first or not second:
        return None
    means = [sum(values, ZERO) / len(values) for values in (first, second)]
    difference = means[0] - means[1]
    if min(len(first), len(second)) < 2:
        return MeanDifference(difference, None, None)
    parts = [_variance(values, mean) / len(values) for values, mean in zip((first, second), means, strict=True)]
    spread = sum(parts, ZERO)
    if not spread:
        return MeanDifference(difference, difference, difference)
    freedom = spread**2 / sum(
        (part**2 / (len(values) - 1) for part, values in zip(parts, (first, second), strict=True)), ZERO
    )
    half = student_t(freedom) * spread.sqrt()
    return MeanDifference(difference, difference - half, difference + half)


@cache
def student_t(freedom: Decimal) -> Decimal:
    """Returns the 97.5% point of Student's distribution with so many degrees of freedom, at least 1."""
    degrees = float(freedom)
    if degrees > _MANY:
        return Decimal(repr(_expanded(float(Z), degrees)))
    low, high = 1.0, 13.0
    # The least that halving an interval of doubles can tell apart.
    for _ in range(100):
        middle = (low + high) / 2
        if _tail(middle, degrees) > _TAIL:
            low = middle
        else:
            high = middle
    return Decimal(repr((low + high) / 2))


def _expanded(z: float, degrees: float) -> float:
    """Returns t by its expansion in 1 / degrees (Abramowitz and Stegun, 26.7.5)."""
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / degrees**power for power, term in enumerate(terms, start=1))


def _tail(t: float, degrees: float) -> float:
    """Returns the chance of more than t."""
    return _incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """Returns the regularized incomplete beta function, by its continued fraction where that converges fast."""
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Returns the continued fraction of the incomplete beta function, by Lentz's way."""
    numerator, denominator = 1.0, 1 - (a + b) * x / (a + 1)
    denominator = 1 / (denominator or _TINY)
    value = denominator
    change = _TINY
    for term in range(1, _TERMS):
        even = term * (b - term) * x / ((a + 2 * term - 1) * (a + 2 * term))
        odd = -(a + term) * (a + b + term) * x / ((a + 2 * term) * (a + 2 * term + 1))
        for part in (even, odd):
            denominator = 1 / ((1 + part * denominator) or _TINY)
            numerator = (1 + part / numerator) or _TINY
            change = numerator * denominator
            value *= change
        if abs(change - 1) < _CLOSE:
            break
    return value
