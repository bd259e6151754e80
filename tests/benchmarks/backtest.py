"""How long a backtest takes: `python tests/benchmarks/backtest.py`. It needs the extra `replay`, and no network.

Two measurements, of the processor, on a million bars of a minute of a walk; it exits with 1 where a limit is passed:

- 10,000 signals of three tiers and two targets, each made a plan, replayed in both worlds of limits and booked, exactly
  and without any compiler: at most 60 s, reckoned from `--signals` of them (1,000 where nothing is said);
- ATR, signals and equity over the million: at most 3 s.
"""

import argparse
import time
from decimal import Decimal
from pathlib import Path

import numpy as np

from scaleplan.bars.indicators import BarSignal, average_true_range, signals_of
from scaleplan.bars.records import BarArrays, BarDecimals, Bars
from scaleplan.book.equity import Equity
from scaleplan.book.rules import Rules
from scaleplan.book.trades import taken
from scaleplan.quantity.signal import SignalRule, read_signal
from scaleplan.replay import Manner, Tape
from scaleplan.study import Session, Settings
from scaleplan.template.maker import Maker

BARS = 1_000_000
ALL = 10_000
MOST_SECONDS, MOST_SEARCH = 60.0, 3.0
TEMPLATE = b"""symbol: BTC/USDT:USDT
side: long
leverage: 10
maintenance: 0.5%
account: {equity: 100000000 USDT}
size: 30000 USDT
tiers: [signal, -1%, -2%]
stop: -3%
targets: [{price: +1.5%, close: 50%, stop: breakeven}, {price: +3%, close: rest}]
fees: {maker: 0.02%, taker: 0.05%}
slippage: 0.02%
instrument: {tick_size: 0.01}
"""


def million() -> Bars:
    """Returns a million bars of a minute, of a walk in cents, of about 0.05% a minute."""
    steps = np.random.default_rng(1).integers(-2000, 2001, BARS * 4).cumsum() + 30_000_000
    prices = np.maximum(np.abs(steps), 5_000_000).reshape(BARS, 4)
    last = prices[:, 3]
    first = np.r_[prices[0, 0], last[:-1]]
    high, low = np.maximum(prices.max(axis=1), first), np.minimum(prices.min(axis=1), first)

    def exact(index: int) -> BarDecimals:
        one, two, three, four = (Decimal(int(each[index])) / 100 for each in (first, high, low, last))
        return one, two, three, four

    times = np.arange(BARS, dtype=np.int64) * 60_000_000_000
    return Bars(BarArrays(times, first / 100, high / 100, low / 100, last / 100), 60_000_000_000, exact)


def measured(bars: Bars, count: int) -> tuple[float, float]:
    """Returns seconds of the processor for 10,000 signals, and for what is searched over all bars."""
    session = Session(Settings(with_policies=False))
    template = session.read("t.yaml", TEMPLATE).reading.template
    rule = read_signal("breakout 20")
    if template is None or not isinstance(rule, SignalRule):
        raise AssertionError("the template is one")
    begin = time.process_time()
    average_true_range(bars, 14, 240)
    signals_of(rule, bars, (1,))
    searched = time.process_time() - begin
    maker = Maker("t.yaml", template, bars, session)
    signals = [BarSignal(bar, 1) for bar in range(100, BARS - 100, BARS // count)][:count]
    begin = time.process_time()
    book = taken(maker, signals, Tape(bars), Manner(through=Decimal("0.01")), Rules(None))
    each = (time.process_time() - begin) / len(signals)
    begin = time.process_time()
    for side in (0, 1):
        Equity(book.trades, side, bars, Decimal(100_000_000)).figures()
    searched += time.process_time() - begin
    print(f"{book.counts.taken:,} of {len(signals):,} signals taken, {len(book.trades):,} trades")
    return each * ALL, searched


def main() -> int:
    """Measures, prints, and says whether a limit is passed."""
    parser = argparse.ArgumentParser(description=Path(__file__).name)
    parser.add_argument("--signals", type=int, default=1_000, help="how many are measured of 10,000")
    seconds, searched = measured(million(), parser.parse_args().signals)
    print(f"10,000 signals, both worlds: {seconds:.1f} s (at most {MOST_SECONDS:.0f})")
    print(f"ATR, signals and equity over a million bars: {searched:.2f} s (at most {MOST_SEARCH:.0f})")
    return int(seconds > MOST_SECONDS or searched > MOST_SEARCH)


if __name__ == "__main__":
    raise SystemExit(main())
