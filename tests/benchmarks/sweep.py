"""How often a sweep says what, and how fast: `python tests/benchmarks/sweep.py`. It needs the extra `sweep`.

Of `--walks` fair walks (200 where nothing is said) without costs, whose 600 signals overlap about five times, at most
2% may come to `stands`; with 0.5R added to each trade, all of them have to. It exits with 1 where that is not so.

`--speed` measures a thousand variants at a thousand signals on a million bars instead, both bounds and both worlds of
limits: at most 5 s of one core, compiled. With backtesting.py installed a run of a like strategy (one tier, a stop,
a target), as its `optimize` makes one a variant, is measured beside it: a variant is to take at most a 300th.
"""

import argparse
import gc
import sys
import time
from collections import Counter
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from scaleplan.bars.records import BarArrays, BarDecimals, Bars  # noqa: E402
from scaleplan.book.rules import Rules  # noqa: E402
from scaleplan.quantity.signal import SignalRule, read_signal  # noqa: E402
from scaleplan.replay import LimitFills, Manner  # noqa: E402
from scaleplan.study import Settings  # noqa: E402
from scaleplan.sweep import kernel  # noqa: E402
from scaleplan.sweep.asked import JudgeOrder  # noqa: E402
from scaleplan.sweep.judge import BarClock, Judgement, judged, key_of  # noqa: E402
from scaleplan.sweep.records import BarsPlace, Task, VariantTrades  # noqa: E402
from scaleplan.sweep.search import Bench  # noqa: E402
from scaleplan.sweep.vary import Axis, grid_of, read_axis  # noqa: E402
from tests.benchmarks.backtest import million  # noqa: E402

_MINUTE = 60_000_000_000
FAIR = b"""symbol: X/USDT
side: long
size: 10 X
tiers: [signal, -40 points]
stop: -180 points
targets: [rest at +180 points]
"""
FAIR_AXES = ("stop=-140 points..-220 points by 20 points", "targets[0].price=+140 points..+220 points by 20 points")
FAST = b"""symbol: BTC/USDT:USDT
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
expires: 3d
"""
FAST_AXES = (
    "stop=-2.5%..-4.4% by 0.1%",
    "tiers[1].price=-0.5%..-1.4% by 0.1%",
    "targets[0].price=+1.5%..+2.3% by 0.2%",
)
SIMPLE = b"""symbol: BTC/USDT
side: long
size: 1 BTC
tiers: [signal]
stop: -1%
targets: [rest at +1%]
"""
MOST_STANDS, MOST_SECONDS, LEAST_TIMES = 0.02, 5.0, 300


def bench_of(text: bytes, axes: tuple[str, ...], bars: Bars, rule: str, rules: Rules, manner: Manner) -> Bench:
    """Returns a bench of all variants of a template."""
    read = tuple(axis for each in axes if isinstance(axis := read_axis(each), Axis))
    grid, signals = grid_of(read, None, 0), read_signal(rule)
    if isinstance(grid, str) or not isinstance(signals, SignalRule):
        raise TypeError(rule)
    place = BarsPlace("", (), "", "", len(bars), bars.step_ns)
    return Bench(Task("t.yaml", text, Settings(), {}, grid, signals, rules, manner, 0, place), bars)


def fair_walk(seed: int) -> Bars:
    """Returns 60,000 bars of a minute of a fair walk: four steps of 4, up or down, in each."""
    steps = np.random.default_rng([seed, 99]).choice([-4, 4], size=(60_000, 4)).cumsum().reshape(60_000, 4) + 100_000
    last = steps[:, 3]
    first = np.r_[100_000, last[:-1]]
    high, low = np.maximum(steps.max(axis=1), first), np.minimum(steps.min(axis=1), first)

    def exact(index: int) -> BarDecimals:
        one, two, three, four = (Decimal(int(each[index])) for each in (first, high, low, last))
        return one, two, three, four

    times = np.arange(60_000, dtype=np.int64) * _MINUTE
    return Bars(BarArrays(times, *(each.astype(np.float64) for each in (first, high, low, last))), _MINUTE, exact)


def verdict_of(bench: Bench, variants: list[VariantTrades], seed: int) -> Judgement:
    """Returns what variants come to."""
    signals = np.unique(np.concatenate([key_of(each.bar, each.sign) for each in variants]))
    return judged(variants, signals, BarClock(bench.bars.time, bench.bars.step_ns), JudgeOrder(seed=seed))


def with_edge(each: VariantTrades, edge: float) -> VariantTrades:
    """Returns a variant of whose trades each made more by so many R."""
    return each._replace(worst_r=each.worst_r + edge, best_r=each.best_r + edge)


def rates(walks: int) -> bool:
    """Prints how often fair walks, and those with an edge, come to what. Returns whether the limits hold."""
    fair, edged, live = Counter[str](), Counter[str](), []
    for seed in range(walks):
        bench = bench_of(FAIR, FAIR_AXES, fair_walk(seed), "every 100m", Rules(None), Manner((LimitFills.TOUCH,)))
        variants = bench.piece(bench.task.grid.numbers)
        live += [each.live for each in variants]
        fair[verdict_of(bench, variants, seed).verdict] += 1
        edged[verdict_of(bench, [with_edge(each, 0.5) for each in variants], seed).verdict] += 1
        if seed % 10 == 9:
            print(f"{seed + 1} walks: fair {dict(fair)}, with 0.5R {dict(edged)}, live {np.mean(live):.2f}", flush=True)
    return fair["stands"] <= MOST_STANDS * walks and edged["stands"] == walks


def speed() -> bool:
    """Prints how long variants take, and those of backtesting.py. Returns whether the limits hold."""
    bars = million()
    both = Manner((LimitFills.TOUCH, LimitFills.THROUGH), Decimal("0.01"))
    bench = bench_of(FAST, FAST_AXES, bars, "random 0.1%", Rules(None), both)
    bench.warm()
    bench.piece(bench.task.grid.numbers[:1])
    # The command and its workers run so.
    gc.disable()
    begun = time.process_time()
    found = bench.piece(bench.task.grid.numbers)
    seconds = time.process_time() - begun
    plans = sum(each.counts["taken"] for each in found)
    print(
        f"compiled {kernel.COMPILED}: {len(found):,} variants, {plans:,} plans in two worlds: {seconds:.2f} s",
        flush=True,
    )
    good = seconds <= MOST_SECONDS
    if find_spec("backtesting") is not None:
        ours = bench_of(SIMPLE, ("stop=-1%..-3% by 0.02%",), bars, "random 0.1%", Rules(), Manner((LimitFills.TOUCH,)))
        ours.piece(ours.task.grid.numbers[:1])
        begun = time.process_time()
        ours.piece(ours.task.grid.numbers)
        mine = (time.process_time() - begun) / len(ours.task.grid.numbers)
        theirs = other_seconds(bars)
        print(
            f"a variant: {mine * 1e3:.2f} ms, backtesting.py {theirs * 1e3:.0f} ms: {theirs / mine:.0f} times",
            flush=True,
        )
        good = good and theirs / mine >= LEAST_TIMES
    return good


def other_seconds(bars: Bars) -> float:
    """Returns what a variant takes backtesting.py: the same signals, a market order with a stop and a target."""
    import pandas as pd  # noqa: PLC0415 - it comes with the other
    from backtesting import Backtest, Strategy  # noqa: PLC0415 - for comparison alone

    frame = pd.DataFrame(
        {"Open": bars.open, "High": bars.high, "Low": bars.low, "Close": bars.close},
        index=pd.DatetimeIndex(np.asarray(bars.time).astype("datetime64[ns]")),
    )
    drawn = np.random.default_rng([0, 1]).random(len(bars)) < 0.001

    class Simple(Strategy):  # type: ignore[misc]
        """In at a signal, out at a stop or a target."""

        away = 0.01

        def init(self) -> None:
            """Knows the signals."""
            self.drawn = self.I(lambda: drawn.astype(float), plot=False)

        def next(self) -> None:
            """Buys where there is a signal and nothing is held."""
            if self.drawn[-1] and not self.position:
                price = self.data.Close[-1]
                self.buy(size=1, sl=price * (1 - self.away), tp=price * 1.01)

    test: Any = Backtest(frame, Simple, cash=100_000_000, finalize_trades=True)
    begun = time.process_time()
    # What `optimize` does for each variant; it shares them out over processes, whose time is not seen here.
    test.run(away=0.02)
    return time.process_time() - begun


def main() -> int:
    """Measures what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--walks", type=int, default=200)
    parser.add_argument("--speed", action="store_true")
    asked = parser.parse_args()
    return 0 if (speed() if asked.speed else rates(asked.walks)) else 1


if __name__ == "__main__":
    sys.exit(main())
