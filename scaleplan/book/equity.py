"""Equity over all trades at each close, on the way to each trade's worst and to each one's best.

What is drawn and what falls are searched for in doubles; every amount that is shown is reckoned anew, exactly.
"""

from bisect import bisect_right
from decimal import Decimal
from typing import Any, NamedTuple

from scaleplan.bars.records import Bars
from scaleplan.book.segments import value_at
from scaleplan.book.trades import SignalTrade, TradeSide
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.statistics.equity import Fall, Ratios, deepest_fall, ratios_of


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
        self._begins = [trade.signal.bar + 1 for trade in trades]
        self._bars = bars
        self.start = start
        #: Net less funding of all trades up to each.
        self._sums = [ZERO]
        for each in self._sides:
            self._sums.append(self._sums[-1] + _net(each))
        self._lasts = [each.segments[-1].stop if each.segments else 0 for each in self._sides]
        #: The most that a stretch of trades before one still lives: ends grow not with begins.
        self.closes, self.lows, self._held = self._searched()

    def _searched(self) -> tuple[Any, Any, Any]:
        bars = self._bars
        closes = bars.close * 0 + float(self.start)
        lows = closes.copy()
        held = bars.close < 0
        for side in self._sides:
            for segment in side.segments:
                cut = slice(segment.start, segment.stop)
                base = float(segment.closed)
                closes[cut] += base
                lows[cut] += base
                position = segment.held
                if segment.touched or position is not None:
                    held[segment.start : segment.stop if position is not None else segment.start + 1] = True
                if position is None:
                    continue
                quantity, cost = float(position.quantity), float(position.cost)
                fees, slope = float(position.entry_fees), position.slope
                against = bars.low if position.sign > 0 else bars.high
                for found, prices in ((closes, bars.close[cut]), (lows, against[cut])):
                    worth = quantity / prices if position.inverse else quantity * prices
                    found[cut] += slope * (worth - cost) - fees
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
        until = bisect_right(self._begins, bar)
        prices = self._bars.exact(bar)
        total = self.start
        for side, last in zip(self._sides[:until], self._lasts[:until], strict=True):
            if last <= bar:
                total += _net(side)
                continue
            adverse = 2 if side.made.plan.sign > 0 else 1
            total += value_at(side.segments, bar, prices[3 if which == 3 else adverse])
        return total

    def changes(self) -> list[int]:
        """Returns the bars at whose close equity is another than before, in doubles, and the first."""
        return [0, *(index + 1 for index in (self.closes[1:] != self.closes[:-1]).nonzero()[0].tolist())]

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
