"""The break-even edge: the drift at which a plan's expected net result is 0.

Price is a geometric Brownian motion of drift `g` (see `odds`). The expectation is searched for its root nearest to no
drift, in the direction that helps: doubled steps until the sign changes, then the Illinois variant of regula falsi
(M. Dowell and P. Jarratt, BIT 11, 1971). A drift says little to a trader: it is told as the chance of +1R before -1R.
"""

from decimal import Decimal, localcontext
from typing import NamedTuple

from scaleplan.paths.graph import Graph
from scaleplan.paths.odds import NoClosedForm, Odds, Unbounded, chance_of_one_r
from scaleplan.paths.records import BreakevenEdge
from scaleplan.paths.walk import Walked, walk
from scaleplan.plan import Plan
from scaleplan.quantity.exact import EXACT, ONE, ZERO, same

#: More states than this are not walked some twenty times for one figure.
MOST_STATES = 20_000
#: Digits while searching: the edge is told to twelve.
_DIGITS = 22
_ENOUGH = Decimal("1e-15")
#: What is nothing beside the plan's cost: while searching, and in the full digits of the fair expectation.
_NOTHING = Decimal("1e-18")
_ROUNDING = Decimal("1e-36")
#: The largest drift looked at: a chance of +1R that is all but sure for any R above a thousandth of the price.
_FURTHEST = 8192
_MOST_STEPS = 60


class Breakeven(NamedTuple):
    """The edge, or why there is none."""

    edge: BreakevenEdge | None
    missing: str


def breakeven_edge(plan: Plan, graph: Graph, average: Decimal, fair: Walked) -> Breakeven:
    """Returns the edge at which the plan comes out even; `average` is its average entry with all tiers filled."""
    if plan.stop is None:
        return Breakeven(None, "1R as a distance in price needs the plan's stop")
    if same(average, plan.stop):
        return Breakeven(None, "the average entry of all tiers lies at the stop, and leaves no 1R")
    if len(graph.nodes) > MOST_STATES:
        return Breakeven(None, f"not searched for with more than {MOST_STATES:,} states")
    if fair.expected_net is None or fair.stays_open:
        what = "what stays open has no expected result under drift"
        return Breakeven(None, what if fair.is_told else "where the position is liquidated is unknown")
    search = _DriftSearch(graph, average)
    try:
        g = search.root(fair.expected_net, plan.sign)
    except NoClosedForm as error:
        return Breakeven(None, str(error))
    if g is None:
        return Breakeven(None, "no drift makes the expected net result 0")
    chance = chance_of_one_r(g, average, plan.stop, plan.sign)
    if chance is None:
        return Breakeven(None, "1R from the average entry lies at no price above zero")
    return Breakeven(BreakevenEdge(g, chance), "")


class _DriftSearch:
    """The expected net result as a function of drift, and where it is 0."""

    def __init__(self, graph: Graph, scale: Decimal) -> None:
        self._graph = graph
        self._scale = scale
        self._logarithms: dict[Decimal, Decimal] = {}
        self._money = graph.largest_cost

    def root(self, fair: Decimal, sign: int) -> Decimal | None:
        """Returns the drift nearest to none at which the expectation is 0; absent where there is none within bounds."""
        if abs(fair) <= self._money * _ROUNDING:
            return ONE
        # A long gains where `g` falls below 1, a short where it rises; what gains already needs the other way.
        way = -sign if fair < 0 else sign
        with localcontext(EXACT, prec=_DIGITS):
            near, at_near = ZERO, +fair
            far = ONE
            ceiling: Decimal | None = None
            for _ in range(_MOST_STEPS):
                try:
                    at_far = self._expected(ONE + way * far)
                except Unbounded:
                    # More than any figure: what is sought lies before it.
                    ceiling = far
                else:
                    if (at_far > 0) != (fair > 0):
                        return ONE + way * self._between(near, at_near, far, at_far, way)
                    near, at_near = far, at_far
                far = near * 2 if ceiling is None and near else (near + (ceiling or ONE)) / 2
                if far > _FURTHEST:
                    break
            return None

    def _between(self, near: Decimal, at_near: Decimal, far: Decimal, at_far: Decimal, way: int) -> Decimal:
        last = 0
        for _ in range(_MOST_STEPS):
            if at_far == at_near or abs(far - near) <= _ENOUGH * far:
                break
            middle = (near * at_far - far * at_near) / (at_far - at_near)
            value = self._expected(ONE + way * middle)
            if abs(value) <= self._money * _NOTHING:
                return middle
            if (value > 0) == (at_far > 0):
                far, at_far = middle, value
                at_near = at_near / 2 if last == 1 else at_near
                last = 1
            else:
                near, at_near = middle, value
                at_far = at_far / 2 if last == -1 else at_far
                last = -1
        return far if abs(at_far) < abs(at_near) else near

    def _expected(self, g: Decimal) -> Decimal:
        expected = walk(self._graph, Odds(g, self._scale, self._logarithms)).expected_net
        if expected is None:
            raise NoClosedForm("with drift it may never be closed, and then has no expected result")
        return expected
