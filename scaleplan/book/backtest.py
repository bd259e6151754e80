"""A backtest: signals found, taken, reckoned and held against other ways to trade them."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.bars.indicators import BarSignal, drawn_bars, signals_of
from scaleplan.bars.records import Bars
from scaleplan.book.baselines import DRAWS, Against, against, against_random, holding
from scaleplan.book.equity import Equity
from scaleplan.book.metrics import Metrics, mean, metrics_of
from scaleplan.book.rules import Baseline, Rules
from scaleplan.book.trades import SignalTrade, Taken, taken
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.quantity.signal import SignalRule
from scaleplan.replay import Manner, Tape
from scaleplan.template.maker import Made, Maker

_MINUTE = 60_000_000_000


class BacktestOrder(NamedTuple):
    """What a backtest is asked for: when to trade, how, against what, the minutes between buys of `dca`, the seed.

    `progress` is told each bar that work has come to, a round after another (`rounds_of`).
    """

    rule: SignalRule
    rules: Rules
    baselines: tuple[Baseline, ...]
    dca_every: int
    seed: int
    progress: Callable[[int], None] | None = None


def rounds_of(asked: BacktestOrder, tape: Tape) -> int:
    """Returns how often a backtest goes over the bars: once, once more without finer ones, and for each baseline."""
    each = {Baseline.RANDOM: DRAWS, Baseline.HOLD: 0}
    return 1 + bool(tape.finer) + sum(each.get(name, 1) for name in asked.baselines)


class Alone(NamedTuple):
    """What the bars say without finer ones: mean R at worst and at best, trades, and how many of these stay open."""

    worst: Decimal | None
    best: Decimal | None
    trades: int
    undecided: int


class Backtested(NamedTuple):
    """What came of a backtest; metrics and equity of the worst and of the best. `made` is the plan of the first trade.

    Without a trade it is that of a bar, and absent where no bar makes one.
    """

    made: Made | None
    book: Taken
    metrics: tuple[Metrics, Metrics]
    equities: tuple[Equity, Equity]
    against: tuple[Against, ...]
    alone: Alone | None = None


def backtested(
    maker: Maker,
    bars: Bars,
    tape: Tape,
    manner: Manner,
    asked: BacktestOrder,
) -> Backtested:
    """Backtests a template on the `bars` of a tape. Raises `NoColumn` where the rule's column is missing."""
    signals = signals_of(asked.rule, bars, maker.sides, asked.seed)
    book = taken(maker, signals, tape, manner, asked.rules, asked.progress)
    made = book.trades[0].worst.made if book.trades else _any_made(maker, signals, len(bars))
    start = (None if made is None else made.plan.account.equity) or ZERO
    worst, best = (Equity(book.trades, side, bars, start) for side in (0, 1))
    found = tuple(_against(name, maker, book, bars, tape, manner, asked) for name in asked.baselines)
    lump = next((each for each in found if each.name is Baseline.LUMP), None)
    captured = (None, None) if lump is None or lump.better is None else lump.better
    sides = [[trade.worst for trade in book.trades], [trade.best for trade in book.trades]]
    metrics = [
        metrics_of(each, book.live, equity.figures(), asked.seed)._replace(capture=capture)
        for each, equity, capture in zip(sides, (worst, best), captured, strict=True)
    ]
    alone = None
    if tape.finer:
        alone = _alone(taken(maker, signals, tape._replace(finer=()), manner, asked.rules, asked.progress))
    return Backtested(made, book, (metrics[0], metrics[1]), (worst, best), found, alone)


@exact
def _alone(book: Taken) -> Alone:
    """Returns what came of the same signals on the bars alone."""
    worst, best = (
        mean([r for side in sides if (r := side.r) is not None])
        for sides in ([trade.worst for trade in book.trades], [trade.best for trade in book.trades])
    )
    return Alone(worst, best, len(book.trades), sum(trade.undecided for trade in book.trades))


def _any_made(maker: Maker, signals: list[BarSignal], count: int) -> Made | None:
    """Returns the plan of a signal, or of any bar, to say what would be traded."""
    for signal in (*signals[:100], *(BarSignal(bar, 0) for bar in range(count - 1, max(count - 100, -1), -1))):
        made = maker.made(signal)
        if isinstance(made, Made):
            return made
    return None


def _telling(trades: tuple[SignalTrade, ...], progress: Callable[[int], None] | None) -> Iterator[SignalTrade]:
    """Yields trades, and says where each is when it is asked for."""
    for trade in trades:
        if progress is not None:
            progress(trade.signal.bar)
        yield trade


def _against(
    name: Baseline,
    maker: Maker,
    book: Taken,
    bars: Bars,
    tape: Tape,
    manner: Manner,
    asked: BacktestOrder,
) -> Against:
    if name is Baseline.HOLD:
        return holding(book.trades, tape)
    if name is Baseline.RANDOM:
        count = book.counts.taken
        sides = maker.sides if len(maker.sides) == 1 else (1, -1)

        def draws(number: int) -> list[BarSignal]:
            return drawn_bars(bars, count, sides, asked.seed, number)

        return against_random(maker, book, tape, manner, asked.rules, draws, asked.progress)
    if name is Baseline.DCA:
        manner = manner._replace(buys_every=asked.dca_every * _MINUTE)
    trades = _telling(book.trades, asked.progress)
    return against(name, trades, tape, manner, asked.rules, Decimal(book.live), asked.seed)
