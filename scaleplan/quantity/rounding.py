"""The only place that rounds: unrounded decimals become digits for a reader, and each rounding names its direction.

Half to even is the rule, so that sums and averages read as a trader's own calculator says. Four cases turn from it:

- Sizes go down: what is typed into an order never exceeds what was planned (`Toward.DOWN`).
- The room behind a stop, a distance and a buffer go down, a required win rate goes up: these figures are warnings, and
  a room of -0.04% reads -0.1%, never 0.0%.
- A figure that is compared with another never stands on the better side of it, or on it, where the exact one stands on
  the worse: a risk of 1000.004 against a limit of 1000 reads 1,000.01 (`against`). The same holds for a liquidation
  price against the stop, and for leverage and margin against their limits.
- A loss never reads as nothing: one too small for the digits shown reads as one unit of the last (`result`).

The fiftieth digit of a quotient is noise. Before any rounding that has a direction the noise is taken off, so that a
risk solved to be 250 does not read 250.01. No figure is ever written with an exponent.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from functools import cache

#: Wide enough for every figure: 16 digits of price by 16 of quantity, and 50 behind the point.
CONTEXT = Context(prec=150, rounding=ROUND_HALF_EVEN)
#: How many digits beyond those shown still count as the figure's own; noise begins near the fortieth.
_OWN_DIGITS = 14
#: What a trader can write has at most this many digits behind the point; a longer price is a quotient.
_WRITTEN_DIGITS = 20


class Toward(StrEnum):
    """The direction of a rounding: half to even, toward plus infinity, toward minus infinity."""

    NEAREST = ROUND_HALF_EVEN
    UP = ROUND_CEILING
    DOWN = ROUND_FLOOR


def rounded(value: Decimal, places: int, toward: Toward = Toward.NEAREST) -> Decimal:
    """`value` with `places` digits behind the point; never a negative zero."""
    own = _quantized(value, places + _OWN_DIGITS, Toward.NEAREST)
    shown = _quantized(own, places, toward)
    return shown or abs(shown)


def against(value: Decimal, places: int, limit: Decimal, *, worse: int) -> Decimal:
    """`value` half to even, but on the worse side of the rounded `limit` where the exact value is on it.

    `worse` is +1 where more than the limit is the bad side, -1 where less is.
    """
    near, line = rounded(value, places), rounded(limit, places)
    own, bound = (rounded(figure, places + _OWN_DIGITS) for figure in (value, limit))
    if worse * (own - bound) > 0 and worse * (near - line) <= 0:
        return line + worse * unit(places)
    return near


def result(value: Decimal, places: int, *, loss: int) -> Decimal:
    """A profit or a loss half to even; a loss that rounds to nothing is one unit of the last digit shown.

    `loss` is the sign of a loss: +1 where risk is counted, -1 where results are.
    """
    near = rounded(value, places)
    if not near and loss * rounded(value, places + _OWN_DIGITS) > 0:
        return loss * unit(places)
    return near


def apart(first: Decimal, second: Decimal, places: int) -> tuple[str, str]:
    """Two figures with at least `places` digits behind the point, and as many as it takes to see that they differ."""
    if first == second:
        return grouped(rounded(first, places)), grouped(rounded(second, places))
    more = next((more for more in range(places, 50) if rounded(first, more) != rounded(second, more)), places)
    return grouped(rounded(first, more)), grouped(rounded(second, more))


def price_level(value: Decimal, places: int) -> Decimal:
    """A price half to even; one above zero never reads as zero, which is no price."""
    return rounded(value, places) or (unit(places) if value > 0 else Decimal(0))


def grouped(value: Decimal, *, signed: bool = False) -> str:
    """Digits with thousands separators, without exponent: what has been rounded, or was written so."""
    text = f"{value:,f}"
    return f"+{text}" if signed and value > 0 else text


def trimmed(value: Decimal) -> str:
    """Grouped digits without the zeros that end them: 8.00 reads 8."""
    text = grouped(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(ratio: Decimal) -> Decimal:
    """A ratio as percent, exactly."""
    return ratio.scaleb(2, CONTEXT)


@cache
def unit(places: int) -> Decimal:
    """One of the last digit shown."""
    return Decimal(1).scaleb(-places)


def places_of(value: Decimal) -> int:
    """How many digits behind the point a value needs to show whole."""
    exponent = value.normalize(CONTEXT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def places_written(value: Decimal) -> int:
    """As `places_of`, but 0 for a quotient that no number of digits shows whole."""
    places = places_of(value)
    return places if places <= _WRITTEN_DIGITS else 0


def places_for(value: Decimal, digits: int) -> int:
    """How many digits behind the point show `digits` significant ones of a value; 0 asks for none."""
    return max(0, digits - 1 - value.adjusted()) if value else 0


def _quantized(value: Decimal, places: int, toward: Toward) -> Decimal:
    context = CONTEXT
    if value.adjusted() + places >= context.prec:
        # An edge beyond all reason can make figures of hundreds of digits.
        context = Context(prec=value.adjusted() + places + 2, rounding=ROUND_HALF_EVEN)
    return value.quantize(unit(places), rounding=toward.value, context=context)
