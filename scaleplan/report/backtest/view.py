"""All that a backtest has found, and how its figures are written."""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.book.backtest import Backtested, BacktestOrder
from scaleplan.book.metrics import Interval
from scaleplan.book.trades import SignalTrade, TradeSide
from scaleplan.diagnostic import Diagnostic
from scaleplan.plan import Plan
from scaleplan.replay import Manner, Tape
from scaleplan.report.figures import Figures
from scaleplan.report.replay.words import BarsRead


class BacktestView(NamedTuple):
    """A backtest as it was asked for and what was found, and how its money is written (`figures`).

    `plan` is that of the first trade, or of a bar where there is none. `funding` and `mark` are names of files, empty
    where none was given.
    """

    file: str
    plan: Plan
    figures: Figures
    by_signal: bool
    bars: BarsRead
    finer: tuple[BarsRead, ...]
    tape: Tape
    manner: Manner
    asked: BacktestOrder
    found: Backtested
    mark: str
    funding: str
    diagnostics: tuple[Diagnostic, ...]

    @property
    def trades(self) -> tuple[SignalTrade, ...]:
        """Returns the trades, in order of their signals."""
        return self.found.book.trades

    @property
    def sides(self) -> tuple[TradeSide, ...]:
        """Returns the worst and the best of each trade."""
        return tuple(side for trade in self.trades for side in (trade.worst, trade.best))

    @property
    def ci(self) -> Interval | None:
        """Returns the interval over both bounds: from the worst's least to the best's most."""
        worst, best = self.found.metrics[0].ci, self.found.metrics[1].ci
        return None if worst is None or best is None else Interval(min(worst.low, best.low), max(worst.high, best.high))

    @property
    def undecided(self) -> int:
        """Returns how many trades the bars leave open."""
        return sum(trade.undecided for trade in self.trades)

    @property
    def forks(self) -> int:
        """Returns how many bars left something open, over all trades."""
        return len(
            {(fork.series, fork.bar) for side in self.sides for world in side.replay.worlds for fork in world.forks}
        )

    @property
    def start(self) -> Decimal:
        """Returns equity at the start; 0 without an account."""
        return self.found.equities[0].start
