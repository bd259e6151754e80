"""Equity over all trades at each close, on the way to each trade's worst and to each one's best.

What is drawn and what falls are searched for in doubles; every amount that is shown is reckoned anew, exactly.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from scaleplan.bars.closes import worth_at
from scaleplan.bars.records import Bars
from scaleplan.book.segments import value_at
from scaleplan.book.trades import SignalTrade, TradeSide
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.statistics.equity import Fall, Ratios, deepest_fall, falls_of, ratios_of

#: The bars of a stretch by which live trades are found.
_STRETCH = 4096


class Drawdown(NamedTuple):
    """The largest fall of equity: in money, as a ratio of the high, and the bars' opens from high to low.

    `since` is absent where the high is the start.
    """

    amount: Decimal
    ratio: Decimal | None
    since: int | None
    until: int


class EquityFigures(NamedTuple):
    """Figures of a curve: falls of closes, and with bars' adverse extremes; the share of bars with something held."""

    drawdown: Drawdown | None
    intrabar_drawdown: Drawdown | None
    exposure: Decimal
    ratios: Ratios
    net: Decimal
    funding: Decimal


class Equity:
    """The equity of trades on one of their sides, 0 the worst and 1 the best."""

    def __init__(self, trades: tuple[SignalTrade, ...], side: int, bars: Bars, start: Decimal) -> None:
        self._sides = [(trade.worst, trade.best)[side] for trade in trades]
        self._bars = bars
        self.start = start
        spans = [(each.segments[0].start, each.segments[-1].stop) for each in self._sides if each.segments]
        entered = [each for each in self._sides if each.segments]
        # Of trades that are over their sum is asked, of those that are live each: these are kept by stretches of bars.
        over = sorted(zip((stop for _, stop in spans), map(_net, entered), strict=True))
        self._stops = [stop for stop, _ in over]
        self._sums = list(accumulate((net for _, net in over), initial=ZERO))
        self._live = defaultdict[int, list[TradeSide]](list)
        for side_of_it, (begin, stop) in zip(entered, spans, strict=True):
            for stretch in range(begin // _STRETCH, (stop - 1) // _STRETCH + 1):
                self._live[stretch].append(side_of_it)
        self.closes, self.lows, self._held = self._searched()

    def _searched(self) -> tuple[Any, Any, Any]:
        bars = self._bars
        closes = bars.close * 0 + float(self.start)
        lows = closes.copy()
        held = bars.close < 0
        for side in self._sides:
            for segment in side.segments:
                cut = slice(segment.start, segment.stop)
                position = segment.held
                against = bars.low if position is None or position.sign > 0 else bars.high
                for found, prices in ((closes, bars.close[cut]), (lows, against[cut])):
                    found[cut] += worth_at(position, segment.closed, prices)
                if segment.touched or position is not None:
                    held[segment.start : segment.stop if position is not None else segment.start + 1] = True
            if side.segments:
                after = slice(side.segments[-1].stop, None)
                closes[after] += float(_net(side))
                lows[after] += float(_net(side))
        return closes, lows, held

    @exact
    def at(self, bar: int) -> Decimal:
        """Returns equity at the close of a bar."""
        return self._at_price(bar, 3)

    def _at_price(self, bar: int, which: int) -> Decimal:
        prices = self._bars.exact(bar)
        total = self.start + self._sums[bisect_right(self._stops, bar)]
        for side in self._live.get(bar // _STRETCH, ()):
            if side.segments[0].start <= bar < side.segments[-1].stop:
                adverse = 2 if side.made.plan.sign > 0 else 1
                total += value_at(side.segments, bar, prices[3 if which == 3 else adverse])
        return total

    def changes(self) -> list[int]:
        """Returns the bars at whose close equity is another than before, in doubles, and the first."""
        return [0, *(index + 1 for index in (self.closes[1:] != self.closes[:-1]).nonzero()[0].tolist())]

    @exact
    def falls(self, edges: Sequence[int]) -> tuple[Decimal, ...]:
        """Returns of each stretch between edges the deepest fall at a close, from the highest close before."""
        falls, places = falls_of(self.closes, float(self.start))
        found = []
        for begin, stop in pairwise(edges):
            low = begin + int(falls[begin:stop].argmax())
            high = int(places[low])
            found.append(ZERO if falls[low] <= 0 else (self.start if high < 0 else self.at(high)) - self.at(low))
        return tuple(found)

    @exact
    def figures(self) -> EquityFigures:
        """Returns the figures of the curve."""
        closes = deepest_fall(self.closes, self.closes, float(self.start))
        inside = deepest_fall(self.closes, self.lows, float(self.start))
        count = len(self._bars)
        return EquityFigures(
            self._drawdown(closes, 3),
            self._drawdown(inside, 2),
            Decimal(int(self._held.sum())) / count if count else ZERO,
            ratios_of(self._bars.time, self.closes, float(self.start)),
            sum((side.result.net for side in self._sides), ZERO),
            sum((side.result.funding for side in self._sides), ZERO),
        )

    def _drawdown(self, fall: Fall | None, which: int) -> Drawdown | None:
        if fall is None:
            return None
        high = self.start if fall.high < 0 else self.at(fall.high)
        amount = high - self._at_price(fall.low, which)
        since = None if fall.high < 0 else int(self._bars.time[fall.high])
        return Drawdown(amount, amount / high if high > 0 else None, since, int(self._bars.time[fall.low]))


def _net(side: TradeSide) -> Decimal:
    return side.result.net - side.result.funding
