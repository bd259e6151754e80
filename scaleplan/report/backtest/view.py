"""All that a backtest has found, and how its figures are written."""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.book.backtest import Alone
from scaleplan.book.baselines import Against
from scaleplan.book.equity import Equity
from scaleplan.book.metrics import Interval, Metrics
from scaleplan.book.rules import Rules
from scaleplan.book.trades import Taken
from scaleplan.diagnostic import Diagnostic
from scaleplan.plan import Plan
from scaleplan.replay import Manner, Tape
from scaleplan.report.figures import Figures
from scaleplan.report.replay.words import BarsRead


class BacktestView(NamedTuple):
    """A backtest, and how its money is written (`figures`); `equities` are worst and best.

    `plan` is that of the first trade, or of a bar where there is none. `funding` and `mark` are names of files, empty
    where none was given; `dca_every` is in minutes.
    """

    file: str
    plan: Plan
    figures: Figures
    by_signal: bool
    signals: str
    bars: BarsRead
    finer: tuple[BarsRead, ...]
    tape: Tape
    manner: Manner
    rules: Rules
    book: Taken
    metrics: tuple[Metrics, Metrics]
    equities: tuple[Equity, Equity]
    against: tuple[Against, ...]
    seed: int
    mark: str
    funding: str
    dca_every: int
    diagnostics: tuple[Diagnostic, ...]
    alone: Alone | None = None

    @property
    def ci(self) -> Interval | None:
        """Returns the interval over both bounds: from the worst's least to the best's most."""
        worst, best = self.metrics[0].ci, self.metrics[1].ci
        return None if worst is None or best is None else Interval(min(worst.low, best.low), max(worst.high, best.high))

    @property
    def undecided(self) -> int:
        """Returns how many trades the bars leave open."""
        return sum(trade.undecided for trade in self.book.trades)

    @property
    def forks(self) -> int:
        """Returns how many bars left something open, over all trades."""
        return len(
            {
                (fork.series, fork.bar)
                for trade in self.book.trades
                for side in (trade.worst, trade.best)
                for world in side.replay.worlds
                for fork in world.forks
            }
        )

    @property
    def start(self) -> Decimal:
        """Returns equity at the start; 0 without an account."""
        return self.equities[0].start
