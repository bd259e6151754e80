"""How long a backtest takes beside other programs: `python tests/benchmarks/others.py`.

It needs the extra `replay`, and in an environment of its own backtesting.py and vectorbt (`pip install backtesting
vectorbt`), for which nothing else asks.

The same work, as far as all three can do it: so many minutes of a walk, a signal every 500 of them, one market order
filled at the signal's close, out 2% below or 2% above it, one trade at a time, and the equity at each close. Beside it
a ladder of three with a stop and two targets, which scaleplan does alone: the others hold no tiers of one plan. Medians
of runs in turn, of the processor, in one process. What each run brought says how far it was the same work: to the cent
it is for vectorbt; backtesting.py leaves a trade at the next bar and so takes other signals.
"""

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from scaleplan.bars.indicators import BarSignal
from scaleplan.bars.records import BarArrays, BarDecimals, Bars
from scaleplan.book.equity import Equity
from scaleplan.book.rules import Rules
from scaleplan.book.trades import taken
from scaleplan.replay import BarOrder, LimitFills, Manner, Tape
from scaleplan.study import Session, Settings
from scaleplan.template.maker import Maker

pd: Any = import_module("pandas")
vectorbt: Any = import_module("vectorbt")
backtesting: Any = import_module("backtesting")
EVERY = 500
PART = 0.02
HEAD = "symbol: X/USDT\nside: long\naccount: {equity: 100000000 USDT}\nsize: 1 X\n"
ONE = HEAD + "tiers: [signal]\nstop: -2%\ntargets: [rest at +2%]\n"
LADDER = HEAD + "tiers: [signal, -0.7%, -1.4%]\nstop: -2%\ntargets: [50% at +1%, rest at +2%]\n"


class Done(NamedTuple):
    """What came of a run: trades, and what they brought."""

    trades: int
    net: float


def walk(count: int) -> Bars:
    """Returns minutes of a walk in cents, of some 0.05% a minute."""
    steps = np.random.default_rng(1).integers(-2000, 2001, count * 4).cumsum() + 5_000_000
    prices = np.maximum(np.abs(steps), 500_000).reshape(count, 4)
    last = prices[:, 3]
    first = np.r_[prices[0, 0], last[:-1]]
    high, low = np.maximum(prices.max(axis=1), first), np.minimum(prices.min(axis=1), first)

    def exact(index: int) -> BarDecimals:
        one, two, three, four = (Decimal(int(each[index])) / 100 for each in (first, high, low, last))
        return one, two, three, four

    times = np.arange(count, dtype=np.int64) * 60_000_000_000
    return Bars(BarArrays(times, first / 100, high / 100, low / 100, last / 100), 60_000_000_000, exact)


def scaleplan(bars: Bars, text: str, manner: Manner) -> Done:
    """Backtests a template, exactly."""
    session = Session(Settings(with_policies=False))
    template = session.read("t.yaml", text.encode()).reading.template
    if template is None:
        raise AssertionError("it is a template")
    maker = Maker("t.yaml", template, bars, session)
    signals = [BarSignal(bar, 1) for bar in range(0, len(bars), EVERY)]
    book = taken(maker, signals, Tape(bars), manner, Rules(1, at_close=True))
    equity = Equity(book.trades, 0, bars, Decimal(100_000_000))
    return Done(len(book.trades), float(equity.at(len(bars) - 1)) - 100_000_000)


def by_backtesting(frame: Any) -> Done:  # noqa: ANN401 - a table of a library without types
    """Does the same with backtesting.py."""

    class EverySo(backtesting.Strategy):  # type: ignore[misc]
        """Buys one every so many bars, if nothing is held."""

        def init(self) -> None:
            """Needs nothing."""

        def next(self) -> None:
            """Buys at the close."""
            if (len(self.data) - 1) % EVERY == 0 and not self.position:
                close = self.data.Close[-1]
                self.buy(size=1, sl=close * (1 - PART), tp=close * (1 + PART))

    run = backtesting.Backtest(frame, EverySo, cash=100_000_000, trade_on_close=True, finalize_trades=True)
    stats = run.run()
    return Done(int(stats["# Trades"]), float(stats["Equity Final [$]"]) - 100_000_000)


def by_vectorbt(frame: Any) -> Done:  # noqa: ANN401 - likewise
    """Does the same with vectorbt."""
    entries = np.zeros(len(frame), dtype=bool)
    entries[::EVERY] = True
    portfolio = vectorbt.Portfolio.from_signals(
        frame["Close"],
        entries,
        np.zeros(len(frame), dtype=bool),
        open=frame["Open"],
        high=frame["High"],
        low=frame["Low"],
        size=1,
        init_cash=100_000_000,
        sl_stop=PART,
        tp_stop=PART,
        freq="1min",
    )
    portfolio.value()
    return Done(int(portfolio.trades.count()), float(portfolio.total_profit()))


def main() -> int:
    """Measures, and returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how many runs in turn")
    parser.add_argument("--bars", type=int, default=1_000_000, help="how many minutes")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    bars = walk(asked.bars)
    index = pd.date_range("2020-01-01", periods=len(bars), freq="min")
    prices = dict(zip(("Open", "High", "Low", "Close"), bars_of(bars), strict=True))
    frame = pd.DataFrame(prices, index=index)
    alone = Manner((LimitFills.TOUCH,), order=BarOrder.LOW_FIRST)
    runs: dict[str, Callable[[], Done]] = {
        "scaleplan, low first": lambda: scaleplan(bars, ONE, alone),
        "scaleplan, worst and best, both worlds": lambda: scaleplan(bars, ONE, Manner(through=Decimal("0.01"))),
        "vectorbt": lambda: by_vectorbt(frame),
        "backtesting.py": lambda: by_backtesting(frame),
        "scaleplan, a ladder, worst and best, both worlds": lambda: scaleplan(
            bars, LADDER, Manner(through=Decimal("0.01"))
        ),
    }
    spent: dict[str, list[float]] = {name: [] for name in runs}
    done: dict[str, Done] = {}
    # The first of vectorbt compiles.
    by_vectorbt(frame.iloc[:2000])
    for _ in range(asked.rounds):
        for name, run in runs.items():
            begun = time.process_time()
            done[name] = run()
            spent[name].append(time.process_time() - begun)
    first = statistics.median(spent["scaleplan, worst and best, both worlds"])
    print(f"{len(bars):,} bars, a signal every {EVERY}; medians of {asked.rounds}, of the processor")
    for name, found in done.items():
        seconds = statistics.median(spent[name])
        trades = f"{found.trades:,} trades, net {found.net:,.2f}"
        print(f"{name:50} {seconds:8.3f} s  {seconds / first:7.2f} times  {trades}")
    return 0


def bars_of(bars: Bars) -> tuple[Any, ...]:
    """Returns open, high, low and close."""
    return bars.open, bars.high, bars.low, bars.close


if __name__ == "__main__":
    sys.exit(main())
