"""How much faster two processes sweep than one: `python tests/benchmarks/sweep_processes.py`. It needs `sweep`.

The whole command, from its start to its last line: a thousand variants at a thousand signals on a million bars, both
worlds of limits, what is named done again exactly, beside four baselines. One process and two in turn, `--times` each;
the least of each is compared, and one has to take 1.6 times as long. Where others are at work the two get a larger
share of the machine than the one: so the time of the processors is printed too. The way to the end on a machine of
their own is no longer than what the first process took and the busier of the two. It exits with 1 under 1.6, or
where the two say something else.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.backtest import million  # noqa: E402 - the tests' own helpers lie beside the package
from tests.benchmarks.sweep import FAST, FAST_AXES  # noqa: E402

LEAST = 1.6
_TICKS = os.sysconf("SC_CLK_TCK")


class Run(NamedTuple):
    """A run: how long it took, the time of the processor of its first process and of each other, what it said."""

    seconds: float
    first: float
    others: tuple[float, ...]
    said: bytes


def written(folder: Path) -> list[str]:
    """Writes template and bars. Returns the command that sweeps them."""
    bars = million()
    prices = [np.rint(each * 100).astype(np.int64).tolist() for each in (bars.open, bars.high, bars.low, bars.close)]
    with (folder / "bars.csv").open("w", encoding="utf-8") as file:
        file.write("time,open,high,low,close\n")
        for at, row in enumerate(zip(*prices, strict=True)):
            file.write(
                f"{1_600_000_020 + 60 * at}," + ",".join(f"{each // 100}.{each % 100:02d}" for each in row) + "\n"
            )
    (folder / "fast.yaml").write_bytes(FAST)
    varied = [word for each in FAST_AXES for word in ("--vary", each)]
    words = ["sweep", str(folder / "fast.yaml"), str(folder / "bars.csv"), *varied, "--signals", "random 0.1%"]
    return [sys.executable, "-m", "scaleplan", *words, "--overlap", "all"]


def processor(pid: int) -> float | None:
    """Returns the time of the processor that a process has had; absent where there is none of that number."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / _TICKS


def children(pid: int) -> list[int]:
    """Returns the processes that a process has begun."""
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]
    except OSError:
        return []


def measured(command: list[str]) -> Run:
    """Returns how long a command took, and the processor's time of it and of its processes."""
    begun = time.perf_counter()
    times: dict[int, float] = {}
    with tempfile.TemporaryFile() as out, subprocess.Popen(command, stdout=out) as run:
        while run.poll() is None:
            for pid in (run.pid, *children(run.pid)):
                times[pid] = processor(pid) or times.get(pid, 0.0)
            time.sleep(0.05)
        seconds = time.perf_counter() - begun
        out.seek(0)
        said = out.read()
    if run.returncode:
        raise SystemExit(run.returncode)
    first = times.pop(run.pid)
    return Run(seconds, first, tuple(sorted(times.values(), reverse=True)), said)


def main() -> int:
    """Measures, prints, and says whether the limit is passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    best: dict[int, Run] = {}
    with tempfile.TemporaryDirectory() as folder:
        command = written(Path(folder))
        # What has to be compiled is, and bars are where processes find them.
        subprocess.run([*command, "--sample", "65", "--jobs", "2"], stdout=subprocess.DEVNULL, check=True)
        for jobs in (1, 2) * asked.times:
            run = measured([*command, "--jobs", str(jobs)])
            load = os.getloadavg()[0]
            others = ", ".join(f"{each:.1f}" for each in run.others if each > 1)
            print(
                f"{jobs}: {run.seconds:.1f} s; of processors {run.first:.1f} + [{others}] s; load {load:.1f}",
                flush=True,
            )
            if jobs not in best or run.seconds < best[jobs].seconds:
                best[jobs] = run
    one, two = best[1], best[2]
    way = two.first + max(two.others, default=0.0)
    print(f"least: {one.seconds:.1f} and {two.seconds:.1f} s, {one.seconds / two.seconds:.2f} times (at least {LEAST})")
    print(f"by the processors' time: {one.first:.1f} s and a way of {way:.1f} s, {one.first / way:.2f} times")
    return int(one.said != two.said or one.seconds / two.seconds < LEAST)


if __name__ == "__main__":
    raise SystemExit(main())
