"""Shapes are other ways to divide what a plan holds among its tiers: same prices, same stop, same targets.

What is divided is what the plan's size counts: money divides notional, a quantity or contracts divide quantity. The
quantities are those that the plan came to, in lots, so that a size in risk is not solved anew.
"""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.plan import Contract, Plan, Size, SizeKind
from scaleplan.plan.sizes import per_unit
from scaleplan.quantity.exact import ZERO


class Divided(NamedTuple):
    """What the tiers of a plan have of its size: an amount of `kind` each."""

    kind: SizeKind
    parts: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        """Returns the whole."""
        return sum(self.parts, ZERO)

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """Returns the share of each tier."""
        whole = Fraction(self.total)
        return tuple(Fraction(part) / whole for part in self.parts)


def divided(plan: Plan, quantities: tuple[Decimal, ...]) -> Divided:
    """Returns how quantities (base; inverse: value in quote) divide what the plan's size counts."""
    kind = plan.size.kind if plan.size.kind in (SizeKind.QUANTITY, SizeKind.CONTRACTS) else SizeKind.NOTIONAL
    inverse = plan.contract is Contract.INVERSE
    prices = [tier.price for tier in plan.tiers]
    if kind is SizeKind.CONTRACTS:
        return Divided(kind, tuple(quantity / per_unit(plan, kind) for quantity in quantities))
    if inverse == (kind is SizeKind.NOTIONAL):
        # Value of an inverse contract, and quantity of any other, is what is counted.
        return Divided(kind, quantities)
    pairs = zip(quantities, prices, strict=True)
    return Divided(kind, tuple(value / price if inverse else value * price for value, price in pairs))


def with_shares(plan: Plan, kind: SizeKind, total: Decimal, shares: tuple[Fraction, ...]) -> Plan:
    """Returns a plan of a total whose first tiers have these shares, and no others."""
    tiers = plan.tiers[: len(shares)]
    shared = tuple(tier._replace(share=share, size=None) for tier, share in zip(tiers, shares, strict=True))
    return plan._replace(tiers=shared, size=Size(kind, total, plan.size.text))


def equal_shares(count: int) -> tuple[Fraction, ...]:
    """Returns equal shares."""
    return (Fraction(1, count),) * count


def doubling_shares(count: int) -> tuple[Fraction, ...]:
    """Returns shares of 1, 2, 4 ..."""
    return tuple(Fraction(2**index, 2**count - 1) for index in range(count))
