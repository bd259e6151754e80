"""Shares as signals write them, in percent and rounded, as parts that add up to a whole."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from scaleplan.quantity.number import plain
from scaleplan.signals.scan import Scan

HUNDRED = 100
WHOLE = Fraction(1)


def plain_percent(share: Fraction) -> str:
    """Returns a share in percent, for a message: at most four digits behind the point."""
    return f"{plain(round(Decimal(share.numerator * HUNDRED) / share.denominator, 4))}%"


def none_of(scan: Scan, beginning: str, sign: str) -> str:
    """Returns that none is said, or that none was read where a sign of one is left in the text."""
    return f"{beginning} {'read' if sign in scan.rest else 'said'}"


def made_whole(shares: Sequence[Fraction | None]) -> list[Fraction] | None:
    """Returns shares that add up to one: as they are, equal ones as ratios, or what is missing in equal parts.

    `16.67%` six times is a sixth each: it is off by less than what rounding takes. Absent where they miss by more.
    """
    said = [share for share in shares if share is not None]
    missing = len(shares) - len(said)
    total = sum(said, Fraction(0))
    if missing:
        rest = (WHOLE - total) / missing
        return [rest if share is None else share for share in shares] if rest > 0 else None
    if total == WHOLE:
        return said
    # Each was rounded at its last digit.
    unit = max(Fraction(1, HUNDRED * 10 ** written_digits(share)) for share in said)
    equal = Fraction(1, len(said))
    if len(set(said)) == 1 and abs(said[0] - equal) < unit:
        return [equal] * len(said)
    rest = WHOLE - sum(said[:-1], Fraction(0))
    return [*said[:-1], rest] if rest > 0 and abs(total - WHOLE) * 2 <= unit * len(said) else None


def written_digits(share: Fraction) -> int:
    """Returns how many digits a percentage was written with behind the point, zeros at its end left out."""
    text = plain(Decimal(share.numerator * HUNDRED) / share.denominator)
    return len(text.partition(".")[2])
