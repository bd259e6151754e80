"""How often a sweep says what, and how fast: `python tests/benchmarks/sweep.py`. It needs the extra `sweep`.

Of `--walks` fair walks (200 where nothing is said) without costs, whose 600 signals overlap about five times, at most
2% may come to `stands`; with 0.5R added to each trade, all of them have to. It exits with 1 where that is not so of the
set `thirds`: a ladder that is closed in parts, its depth, number of tiers, stop and first target each varied up to one
and a half, three or four times. `--set` chooses one of four; the others are measured and told of.

- `alike`: stop and target a little nearer or further. The best of them by luck is hardly better than any one, so that
  nothing but the interval of one strategy stands between luck and `stands`.
- `wide`: all out at one target; ladder, stop and target varied two times and more. With an edge the mean of each is the
  same and the deviation is not: chosen `--by expectancy` it is any of them, while what luck is said to give the best is
  as wide as their Sharpe ratios lie apart. `--by sharpe` chooses by what is asked then.
- `entries`: most variants enter at a part of the signals.

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
from typing import Any, NamedTuple

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from scaleplan.bars.records import BarArrays, BarDecimals, Bars  # noqa: E402
from scaleplan.book.rules import Rules  # noqa: E402
from scaleplan.quantity.signal import SignalRule, read_signal  # noqa: E402
from scaleplan.replay import LimitFills, Manner  # noqa: E402
from scaleplan.statistics.intervals import wilson  # noqa: E402
from scaleplan.study import Settings  # noqa: E402
from scaleplan.sweep import kernel  # noqa: E402
from scaleplan.sweep.asked import JudgeOrder, RankBy  # noqa: E402
from scaleplan.sweep.judge import BarClock, SweepVerdict, judged  # noqa: E402
from scaleplan.sweep.records import BarsPlace, Task, VariantTrades  # noqa: E402
from scaleplan.sweep.search import Bench  # noqa: E402
from scaleplan.sweep.swept import union_of  # noqa: E402
from scaleplan.sweep.vary import Axis, grid_of, read_axis  # noqa: E402
from tests.benchmarks.backtest import million  # noqa: E402

_MINUTE = 60_000_000_000
ALIKE = b"""symbol: X/USDT
side: long
size: 10 X
tiers: [signal, -40 points]
stop: -180 points
targets: [rest at +180 points]
"""
WIDE = b"""symbol: X/USDT
side: long
size: 10 X
tiers: {from: signal, to: -40 points, count: 2, shares: equal}
stop: -180 points
targets: [rest at +180 points]
"""
ENTRIES = b"""symbol: X/USDT
side: long
size: 10 X
tiers: [signal, -40 points]
stop: -180 points
targets: [rest at +180 points]
expires: 60m
"""
THIRDS = b"""symbol: X/USDT
side: long
size: 10 X
tiers: {from: signal, to: -96 points, count: 3, shares: equal}
stop: -144 points
targets: [40% at +48 points, 30% at +144 points, rest at +192 points]
"""


class VariantSet(NamedTuple):
    """Variants to judge on walks: a template, and what is varied of it."""

    text: bytes
    axes: tuple[str, ...]


#: Levels are multiples of a walk's step.
SETS = {
    "alike": VariantSet(
        ALIKE, ("stop=-140 points..-220 points by 20 points", "targets[0].price=+140 points..+220 points by 20 points")
    ),
    "wide": VariantSet(
        WIDE,
        (
            "stop=-120 points..-240 points by 40 points",
            "targets[0].price=+100 points..+260 points by 80 points",
            "tiers.to=-40 points,-80 points",
            "tiers.count=2,3",
        ),
    ),
    "thirds": VariantSet(
        THIRDS,
        (
            "tiers.to=-24 points..-96 points by 24 points",
            "tiers.count=2,4",
            "stop=-128 points,-192 points",
            "targets[0].price=+40 points..+120 points by 40 points",
        ),
    ),
    "entries": VariantSet(
        ENTRIES,
        (
            "tiers[0].price=signal,signal -48,signal +48,signal -96",
            "stop=-160 points,-200 points,-240 points",
            "targets[0].price=+100 points..+260 points by 80 points",
        ),
    ),
}
#: The set that the limits are asked of, and edges in R that are added to each trade; with the last all have to stand.
LAW, EDGES = "thirds", (0.0, 0.2, 0.5)
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


def with_edge(each: VariantTrades, edge: float) -> VariantTrades:
    """Returns a variant of whose trades each made more by so many R."""
    return each._replace(worst_r=each.worst_r + edge, best_r=each.best_r + edge)


def rates(name: str, seeds: range, by: RankBy, edges: tuple[float, ...]) -> bool:
    """Prints how often fair walks, and those with an edge, come to what. Returns whether the limits hold.

    Beside `stands` it counts what speaks against it, over the worst results: each may, alone or with others.
    """
    text, axes = SETS[name]
    verdicts, against = ({edge: Counter[str]() for edge in edges} for _ in range(2))
    live, entered, variants, signals = [], [], list[VariantTrades](), np.zeros(0, dtype=np.int64)
    begun = time.process_time()
    for seed in seeds:
        bench = bench_of(text, axes, fair_walk(seed), "every 100m", Rules(None), Manner((LimitFills.TOUCH,)))
        variants = bench.piece(bench.task.grid.numbers)
        if codes := {each.code for each in variants if each.code}:
            raise ValueError(f"{name}: not all variants are plans: {codes}")
        signals, clock = union_of(bench, variants), BarClock(bench.bars.time, bench.bars.step_ns)
        live += [each.live for each in variants]
        entered += [len(each.bar) / len(signals) for each in variants]
        for edge in edges:
            found = judged([with_edge(each, edge) for each in variants], signals, clock, JudgeOrder(by, seed=seed))
            verdicts[edge][found.verdict] += 1
            luck, span = found.luck[0], found.out_of_sample.worst_ci
            against[edge]["deflated"] += luck.deflated_sharpe is None or luck.deflated_sharpe < 0.95
            against[edge]["overfit"] += luck.overfit is None or luck.overfit > 0.5
            against[edge]["interval"] += span is None or span[0] <= 0
    print(
        f"{name}: {len(variants)} variants, {len(signals)} signals, live {min(live):.1f} to {max(live):.1f}, "
        f"on average {np.mean(live):.1f}; entered {min(entered):.0%} to {max(entered):.0%} of signals; "
        f"{(time.process_time() - begun) / len(seeds):.2f} s a walk"
    )
    for edge in edges:
        rate = wilson(verdicts[edge]["stands"], len(seeds))
        chance = "" if rate is None else f", 95% {rate.low * 100:.1f} to {rate.high * 100:.1f}%"
        said = ", ".join(f"{against[edge][each]} {each}" for each in ("deflated", "overfit", "interval"))
        counts = ", ".join(f"{verdicts[edge][each]} {each}" for each in SweepVerdict)
        print(f"  {edge}R added: {counts} of {len(seeds)}{chance}; against it {said}", flush=True)
    return all(
        verdicts[edge]["stands"] <= MOST_STANDS * len(seeds) if not edge else verdicts[edge]["stands"] == len(seeds)
        for edge in (EDGES[0], EDGES[-1])
        if edge in edges
    )


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
    parser.add_argument("--set", choices=[*SETS, "all"], default="all")
    parser.add_argument("--by", type=RankBy, choices=list(RankBy), default=RankBy.EXPECTANCY)
    parser.add_argument("--fair", action="store_true", help="nothing is added: fair walks alone")
    parser.add_argument("--first", type=int, default=10_000, help="the seed of the first walk")
    parser.add_argument("--speed", action="store_true")
    asked = parser.parse_args()
    if asked.speed:
        return 0 if speed() else 1
    seeds = range(asked.first, asked.first + asked.walks)
    edges = EDGES[:1] if asked.fair else EDGES
    held = {name: rates(name, seeds, asked.by, edges) for name in SETS if asked.set in (name, "all")}
    return 0 if held.get(LAW, True) else 1


if __name__ == "__main__":
    sys.exit(main())
