"""How long a replay takes: `python tests/benchmarks/replay.py`. It needs the extra `replay`, and no network.

Four measurements, each against a limit; it exits with 1 where one is passed:

- the whole process of `replay` on a million bars of CSV, as JSON and as a table, against a process that only reads that
  file with polars, its times as times: at most 1.5 times the processor, medians of runs in turn;
- the memory of that process: at most 1 GB;
- with `--huge N`, the same two for N bars (100 million are 5.4 GB of CSV, and as much again is needed for a while): at
  most 1.5 times reading, and 1 GiB;
- a plan of three tiers and two targets walked from each of 1,000 bars of that million, in both worlds of limits, to its
  end: at most 3 ms of the processor a plan and world.
"""

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl

from scaleplan.bars import read_bars
from scaleplan.replay import Manner, Tape, replayed
from scaleplan.study import Study, study

BARS = 1_000_000
SIGNALS = 1_000
MOST_TIMES = 1.5
MOST_MEGABYTES = 1_000
MOST_MILLISECONDS = 3.0
PLAN = """symbol: BTC/USDT:USDT
side: long
leverage: 5
maintenance: 0.5%
size: 1 BTC
tiers: [{tier}, -1%, -2%]
stop: {stop}
targets: [{{price: +1.5%, close: 50%, stop: breakeven}}, {{price: +3%, close: rest}}]
fees: {{maker: 0.02%, taker: 0.05%}}
slippage: 0.02%
"""
READ = "import polars, sys; print(len(polars.read_csv(sys.argv[1], try_parse_dates=True)))"


def million(path: Path) -> None:
    """Writes a million bars of a minute, of a walk in ticks of a half."""
    dice = random.Random(1)  # noqa: S311 - drawn, not secret
    begin, price = datetime(2024, 1, 1, tzinfo=UTC), 120_000
    with path.open("w", encoding="utf-8") as file:
        file.write("time,open,high,low,close,volume\n")
        for number in range(BARS):
            when = begin + timedelta(minutes=number)
            after = max(price + dice.randint(-20, 20), 20_000)
            high, low = max(price, after) + dice.randint(0, 8), min(price, after) - dice.randint(0, 8)
            file.write(f"{when:%Y-%m-%dT%H:%M:%SZ},{price / 2},{high / 2},{low / 2},{after / 2},{number % 977}.5\n")
            price = after


def many(path: Path, count: int) -> None:
    """Writes bars of half a minute, of a walk in cents, a million at a time."""
    dice = np.random.default_rng(5)
    last = 2_000_000
    with path.open("wb") as file:
        file.write(b"time,open,high,low,close\n")
        for start in range(0, count, BARS):
            size = min(BARS, count - start)
            close = np.abs(last + dice.integers(-300, 301, size).cumsum() - 500_000) + 500_000
            first = np.r_[last, close[:-1]]
            high = np.maximum(first, close) + dice.integers(0, 200, size)
            low = np.minimum(first, close) - dice.integers(0, 200, size)
            last = int(close[-1])
            times = pl.Series("time", 1_000_000_000 + 30 * (start + np.arange(size)))
            prices = {name: values / 100 for name, values in zip("ohlc", (first, high, low, close), strict=True)}
            text = pl.from_epoch(times, time_unit="s").dt.strftime("%Y-%m-%d %H:%M:%S")
            pl.DataFrame({"time": text, **prices}).write_csv(file, include_header=False, float_precision=2)


def huge(folder: Path, plan: Path, count: int) -> bool:
    """Compares a replay of very many bars with reading them. Returns whether a limit is passed."""
    bars = folder / "huge.csv"
    many(bars, count)
    python = sys.executable
    replay = processor(python, "-m", "scaleplan", "replay", str(plan), str(bars))
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    read = processor(python, "-c", READ, str(bars))
    took = f"{replay:.1f} s, {replay / read:.2f} times the {read:.1f} s of reading (limit {MOST_TIMES})"
    print(f"replay of {count:,} bars, {bars.stat().st_size / 1e9:.1f} GB: {took}, {largest:.0f} MiB (limit 1,024)")
    return replay / read > MOST_TIMES or largest > 1024


def processor(*command: str) -> float:
    """Returns the seconds of the processor that a process takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def whole(bars: Path, plan: Path, rounds: int) -> bool:
    """Compares whole processes. Returns whether a limit is passed."""
    python = sys.executable
    replay = (python, "-m", "scaleplan", "replay", str(plan), str(bars))
    reads, records, tables = [], [], []
    for _ in range(rounds):
        reads.append(processor(python, "-c", READ, str(bars)))
        records.append(processor(*replay, "--format", "json"))
        tables.append(processor(*replay))
    read = statistics.median(reads)
    wrong = False
    for name, seconds in (("json", statistics.median(records)), ("table", statistics.median(tables))):
        times = seconds / read
        wrong |= times > MOST_TIMES
        took = f"{seconds:.2f} s, {times:.2f} times the {read:.2f} s of reading"
        print(f"replay of {BARS:,} bars, {name}: {took} (limit {MOST_TIMES})")
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    print(f"memory: {largest:.0f} MB (limit {MOST_MEGABYTES})")
    return wrong or largest > MOST_MEGABYTES


def plans(bars: Path) -> bool:
    """Walks a plan from many bars. Returns whether the limit is passed."""
    read = read_bars(str(bars)).bars
    if read is None:
        raise AssertionError("the bars are whole")
    manner = Manner(through=Decimal("0.5"))
    spent, events = 0.0, 0
    for number in range(SIGNALS):
        start = number * (BARS - 1) // SIGNALS
        price = read.exact(start)[0]
        text = PLAN.format(tier=price, stop=price * Decimal("0.96"))
        found = study("plan.yaml", text.encode())
        if not isinstance(found, Study):
            raise TypeError(found.diagnostics)
        begun = time.process_time()
        replay = replayed(found.plan, found.ladder, Tape(read), manner, start)
        spent += time.process_time() - begun
        events += sum(len(world.passages) for world in replay.worlds)
    each = 1000 * spent / SIGNALS / 2
    words = f"{SIGNALS:,} plans on {BARS:,} bars, both worlds: {each:.2f} ms a plan and world"
    print(f"{words}, {events / SIGNALS / 2:.1f} bars of events each (limit {MOST_MILLISECONDS})")
    return each > MOST_MILLISECONDS


def main() -> int:
    """Measures, and returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how many runs in turn")
    parser.add_argument("--huge", type=int, default=0, metavar="N", help="replay so many bars instead")
    asked = parser.parse_args()
    rounds: int = asked.rounds
    with tempfile.TemporaryDirectory() as folder:
        bars, plan = Path(folder) / "bars.csv", Path(folder) / "plan.yaml"
        plan.write_text(PLAN.format(tier="60000", stop="57600"), encoding="utf-8")
        if asked.huge:
            plan.write_text(PLAN.format(tier="20000", stop="19200"), encoding="utf-8")
            return int(huge(Path(folder), plan, asked.huge))
        million(bars)
        wrong = whole(bars, plan, rounds)
        return int(plans(bars) or wrong)


if __name__ == "__main__":
    sys.exit(main())
