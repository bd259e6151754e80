"""Odds: the chance of the level above before the one below, and where a trailing stop exits, without drift or with one.

Without drift price is a continuous martingale, and by optional stopping (Doob) the chance of `b` before `a` from `x` is
`(x - a) / (b - a)`: no volatility, no model. Price is unbounded both ways: a level alone is reached for sure.
With drift (`edge`) price is a geometric Brownian motion and `p^g` a martingale, `g = 1 - 2*mu/sigma^2`:
`(x^g - a^g) / (b^g - a^g)`, at `g = 0` the logarithms; a level alone is reached with `min(1, (x/a)^g)`, and the rest of
the chance stays open. `g = 1` is no drift.

A trailing stop keeps a distance, or a share of the best price, behind the best price since it began.
From a price `x` on, with price a continuous martingale, the run beyond `x` before the stop is hit is exponential with
mean `d` for a distance `d`: in each step `dm` of a new best price the chance to fall back by `d` first is `dm/d`. For a
share `c` a long's high is Pareto, `P(high > m) = (x/m)^(1/c)`, a short's low has `P(low < m) = (m/x)^(1/c)`. Either way
the expected exit is `x` itself, as optional stopping demands. With drift the same on the scale `p^g` gives a long's
exponent `g / (1 - (1-c)^g)` and a short's `g / ((1+c)^g - 1)`.
Source: the excursions of a martingale from its running maximum (H. M. Taylor, "A stopped Brownian motion formula",
Annals of Probability 3, 1975; J. P. Lehoczky, 1977).
"""

from decimal import Decimal

from scaleplan.engine.closes import passes_at
from scaleplan.plan import Trail
from scaleplan.quantity.exact import ONE, ZERO, same


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
        """Returns the chance of `above` before `below`."""
        if self.edge is not None:
            price, below, above = self._on_scale(price), self._on_scale(below), self._on_scale(above)
        return (price - below) / (above - below)

    def alone(self, price: Decimal, level: Decimal) -> Decimal:
        """Returns the chance of ever reaching the one level there is."""
        if self.edge is None:
            return ONE
        if not self.edge:
            return ONE
        return min(ONE, (price / level) ** self.edge)

    def _on_scale(self, price: Decimal) -> Decimal:
        """Returns a price on the scale on which it has no drift."""
        known = self._powers.get(price)
        if known is None:
            logarithm = self.logarithms.get(price)
            if logarithm is None:
                logarithm = self.logarithms[price] = (price / self._scale).ln()
            known = self._powers[price] = (self.edge * logarithm).exp() if self.edge else logarithm
        return known


def chance_of_one_r(edge: Decimal, average: Decimal, stop: Decimal, sign: int) -> Decimal | None:
    """Returns the chance of +1R before -1R from the average entry; absent where either lies at no price above 0."""
    distance = abs(average - stop)
    if same(average, stop) or average <= distance:
        return None
    up = Odds(edge, average).both(average, average - distance, average + distance)
    return up if sign > 0 else ONE - up


class NoClosedForm(ArithmeticError):  # noqa: N818 - a state of the plan, told to the trader
    """What a trail comes to under this drift cannot be told."""


class Unbounded(NoClosedForm):
    """With so much drift the expected exit of the trail has no bound."""


def exponent(trail: Trail, sign: int, edge: Decimal | None) -> Decimal:
    """Returns the exponent of the best price of a trail by share: `1/c` at fair odds."""
    share = trail.ratio or ZERO
    if edge is None or edge == 1:
        return ONE / share
    kept = ONE - sign * share
    if not edge:
        return -sign / kept.ln()
    return sign * edge / (ONE - kept**edge)


def expected_exit(trail: Trail, price: Decimal, sign: int, edge: Decimal | None) -> Decimal:
    """Returns where a trail that begins at `price` exits on average. Raises `NoClosedForm` where nothing tells."""
    if edge is None or edge == 1:
        return price
    if trail.ratio is None:
        raise NoClosedForm("a trail of a distance in price has no closed form under drift: write it as a percentage")
    power = exponent(trail, sign, edge)
    # The mean of a Pareto high is x*a/(a - 1), and only where a is above 1; of the low of a short x*a/(a + 1).
    if power - sign <= 0:
        raise Unbounded("with so much drift the expected exit of the trail has no bound")
    return price * (ONE - sign * trail.ratio) * power / (power - sign)


def chance_beyond(trail: Trail, price: Decimal, level: Decimal, sign: int, edge: Decimal | None) -> Decimal:
    """Returns the chance that a trail that begins at `price` exits beyond `level`, in the trade's favour."""
    if trail.ratio is None:
        if edge is not None and edge != 1:
            raise NoClosedForm(
                "a trail of a distance in price has no closed form under drift: write it as a percentage"
            )
        distance = trail.distance or ZERO
        beyond = sign * (level - price) + distance
        return ONE if beyond <= 0 else (-beyond / distance).exp()
    if level <= 0:
        return ONE if sign > 0 else ZERO
    best = passes_at(trail, level, sign)
    if sign * (best - price) <= 0:
        return ONE
    ratio = price / best if sign > 0 else best / price
    return ratio ** exponent(trail, sign, edge)
