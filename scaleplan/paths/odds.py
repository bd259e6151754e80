"""The chance of the level above before the one below, for a price without drift, or with one.

Without drift price is a continuous martingale, and by optional stopping (Doob) the chance of `b` before `a` from `x` is
`(x - a) / (b - a)`: no volatility, no model. Price is unbounded both ways: a level alone is reached for sure.
With drift (`edge`) price is a geometric Brownian motion and `p^g` a martingale, `g = 1 - 2*mu/sigma^2`:
`(x^g - a^g) / (b^g - a^g)`, at `g = 0` the logarithms; a level alone is reached with `min(1, (x/a)^g)`, and the rest of
the chance stays open. `g = 1` is no drift.
"""

from decimal import Decimal

from scaleplan.quantity.exact import ONE, same


class Odds:
    """The odds at one edge; `scale` is any price of the plan's size, which the powers are taken of.

    `logarithms` of prices over it are kept for the odds at another edge.
    """

    __slots__ = ("_powers", "_scale", "edge", "logarithms")

    def __init__(self, edge: Decimal | None, scale: Decimal, logarithms: dict[Decimal, Decimal] | None = None) -> None:
        self.edge = None if edge is None or edge == 1 else edge
        self.logarithms = {} if logarithms is None else logarithms
        self._scale = scale
        self._powers: dict[Decimal, Decimal] = {}

    def both(self, price: Decimal, below: Decimal, above: Decimal) -> Decimal:
        """The chance of `above` before `below`."""
        if self.edge is not None:
            price, below, above = self._on_scale(price), self._on_scale(below), self._on_scale(above)
        return (price - below) / (above - below)

    def alone(self, price: Decimal, level: Decimal) -> Decimal:
        """The chance of ever reaching the one level there is."""
        if self.edge is None:
            return ONE
        if not self.edge:
            return ONE
        return min(ONE, (price / level) ** self.edge)

    def _on_scale(self, price: Decimal) -> Decimal:
        """A price on the scale on which it has no drift."""
        known = self._powers.get(price)
        if known is None:
            logarithm = self.logarithms.get(price)
            if logarithm is None:
                logarithm = self.logarithms[price] = (price / self._scale).ln()
            known = self._powers[price] = (self.edge * logarithm).exp() if self.edge else logarithm
        return known


def chance_of_one_r(edge: Decimal, average: Decimal, stop: Decimal, sign: int) -> Decimal | None:
    """The chance of +1R before -1R from the average entry; absent where one of them is at no price above zero."""
    distance = abs(average - stop)
    if same(average, stop) or average <= distance:
        return None
    up = Odds(edge, average).both(average, average - distance, average + distance)
    return up if sign > 0 else ONE - up
