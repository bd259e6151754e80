"""How long all paths of a plan take, against a Monte Carlo of the same plan: `python tests/benchmarks/paths.py`.

Four measurements, each against a limit; it exits with 1 where one is passed:

- the examples in `plans/`: every path exactly (`paths`, from the plan read to its last figure), against numpy's million
  walks. numpy is handed the states, their chances and their results as tables and has only to draw: any simulation of
  the price itself takes far longer. Its means must agree within five of their errors, and `paths` be 20 times as fast;
- twenty tiers and ten targets, the first of which ends entries: under 2 seconds and 200 MB in a process of its own;
- nearly as many states as are walked at all: under 15 seconds and 300 MB; more: said so within 5 seconds;
- whole commands: `show` of 200 tiers by 200 targets within 2 seconds of the processor; `paths` of them (40,000 states),
  and of nearly as many states as are walked, its JSON too, which is written while it is made, within 300 MB.

It needs `numpy` (`pip install scaleplan[bench]`) and no network.
"""

import argparse
import importlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from scaleplan.engine.event import End
from scaleplan.ladder import climb
from scaleplan.paths.graph import MOST_STATES, Exploration, Graph
from scaleplan.paths.odds import Odds
from scaleplan.paths.walk import Walked, walk
from scaleplan.plan import Plan
from scaleplan.quantity.exact import exact
from scaleplan.study import study
from tests.given import walked

#: numpy is no part of the tests' own tools: looked for here alone, and its types are not known where it is missing.
Numpy = Any

ROOT = Path(__file__).resolve().parents[2]
WALKS = 1_000_000
LEAST_TIMES = 20
MOST_SECONDS = 2
MOST_MEGABYTES = 200
MOST_SECONDS_TO_SAY = 5
#: The seconds and megabytes that no plan passes.
MOST_OF_ALL = (15, 300)

#: Ten tiers on either side of the first price, ten targets, stops that follow.
BOTH_SIDES = "\n".join(
    (
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nmaintenance: 0.5%\nsize: 1 BTC\nstop: 57000",
        "fees: {maker: 0.02%, taker: 0.05%}\nslippage: 0.05%\ntiers:",
        *(f"  - {{price: {60000 - 100 * number}, share: 5%, order: limit}}" for number in range(10)),
        *(f"  - {{price: {60100 + 100 * number}, share: 5%, order: stop, stop: entry -5%}}" for number in range(10)),
        "targets:",
        *(f"  - {{price: {63000 + 200 * number}, close: 10%, stop: breakeven}}" for number in range(10)),
    )
)
ONE_SIDE = (
    "symbol: BTC/USDT\nside: long\nsize: 1 BTC\nstop: 57000\ntiers: {from: 60000, to: 58100, count: 20}\n"
    "targets: {from: 63000, to: 64800, count: 10}\n"
)
NEARLY = (
    "symbol: BTC/USDT\nside: long\nsize: 1 BTC\nstop: 57000\ntiers: {from: 60000, to: 58100, count: 13}\n"
    "targets: {from: 63000, to: 64800, count: 7}\nentries_end: never\n"
)
GRID = (
    "symbol: BTC/USDT:USDT\nside: long\nleverage: 3\nmaintenance: 0.5%\naccount: {equity: 100000}\nsize: 100000 USDT\n"
    "stop: 36000\nfees: {maker: 0.02%, taker: 0.05%}\ntiers: {from: 60000, to: 48060, count: 200}\n"
    "targets: {from: 63000, to: 86880, count: 200}\n"
)
MANY = ONE_SIDE + "entries_end: never\n"


class Drawn(NamedTuple):
    """A Monte Carlo: its seconds, the mean net result and the error of that mean, and the share of stopped walks."""

    seconds: float
    mean: float
    error: float
    stopped: float


def examples() -> list[tuple[str, Plan]]:
    """The plans of the project that can be walked."""
    found = []
    for path in sorted((ROOT / "plans").glob("*.yaml")):
        plan = study(str(path), path.read_bytes()).plan
        if plan is not None:
            found.append((path.stem, plan))
    return found


@exact
def graph_of(plan: Plan) -> tuple[Graph, Walked]:
    """The states of a plan and their chances: what numpy is handed."""
    graph = Exploration(plan, climb(plan).machine.quantities).up_to(MOST_STATES)
    return graph, walk(graph, Odds(None, plan.tiers[0].price))


def draw(np: Numpy, plan: Plan) -> Drawn:
    """A million walks through the states; the tables are made before the clock starts."""
    graph, walked = graph_of(plan)
    count = len(graph.nodes)
    over = count
    children, gains = np.full(2 * count, over), np.zeros(2 * count)
    above, is_stop = np.zeros(count), np.zeros(2 * count)
    for number, node in enumerate(graph.nodes):
        above[number] = float(walked.chances[number].up)
        for side, edge in ((0, node.down), (count, node.up)):
            if edge is None:
                continue
            gains[number + side] = float(edge.net if edge.over is None else edge.over.net)
            is_stop[number + side] = edge.over is not None and edge.over.end is End.STOPPED
            children[number + side] = over if edge.child is None else edge.child.number
    generator = np.random.default_rng(1)
    begin = time.perf_counter()
    here = np.zeros(WALKS, dtype=np.int64)
    net = np.zeros(WALKS)
    finished: list[Any] = []
    stopped = 0.0
    while len(here):
        step = here + count * (generator.random(len(here)) < above[here])
        net += gains[step]
        stopped += is_stop[step].sum()
        here = children[step]
        going = here < over
        finished.append(net[~going])
        here, net = here[going], net[going]
    result = np.concatenate(finished)
    mean, error = float(result.mean()), float(result.std()) / WALKS**0.5
    return Drawn(time.perf_counter() - begin, mean, error, float(stopped) / WALKS)


def median(run: Callable[[], object], runs: int) -> float:
    """The median of a run in seconds, after one that only warms up."""
    samples = []
    for number in range(runs + 1):
        begin = time.perf_counter()
        run()
        if number:
            samples.append(time.perf_counter() - begin)
    return statistics.median(samples)


def against_numpy(np: Numpy, runs: int) -> bool:
    """Every example against a million walks; whether a limit is passed."""
    late = False
    print(f"{'example':<26}{'states':>7}{'ends':>6}{'paths':>11}{'numpy':>11}{'faster':>9}{'off by':>14}")
    for name, plan in examples():
        found = walked(plan)
        ours = median(lambda plan=plan: walked(plan), runs)  # type: ignore[misc]
        drawn = [draw(np, plan) for _ in range(max(1, runs // 3))]
        theirs = statistics.median(one.seconds for one in drawn)
        summary = found.summary
        expected = float(summary.expected_net or 0)
        # Where every walk ends alike the error is what adding up a million of them rounds.
        off = abs(drawn[0].mean - expected) / max(drawn[0].error, abs(expected) * 1e-9, 1e-12)
        chance = float(summary.probability_stopped or 0)
        wrong = off > 5 or abs(drawn[0].stopped - chance) > 5 * (chance * (1 - chance) / WALKS) ** 0.5 + 1e-9
        slow = theirs / ours < LEAST_TIMES
        late = late or wrong or slow
        row = f"{name:<26}{summary.states:>7}{summary.outcomes:>6}{ours * 1000:>8.1f} ms{theirs * 1000:>8.0f} ms"
        row += f"{theirs / ours:>8.0f}x{off:>7.1f} errors"
        print(row + ("   over the limit" if slow else "") + ("   they differ" if wrong else ""))
    return late


class Alone(NamedTuple):
    """What a plan takes in a process of its own."""

    states: int
    seconds: float
    megabytes: float
    complete: bool


def alone(text: str) -> Alone:
    """Walk a plan in a fresh process: what it needs is not hidden by what ran before."""
    ended = subprocess.run(
        [sys.executable, __file__, "--walk-one"], input=text, capture_output=True, text=True, check=True
    )
    states, seconds, megabytes, complete = ended.stdout.split()
    return Alone(int(states), float(seconds), float(megabytes), complete == "True")


class Spent(NamedTuple):
    """What a whole command takes: seconds of the processor, and the most that it held."""

    seconds: float
    megabytes: float


def command(text: str, *words: str) -> Spent:
    """Run a command on a plan, its output thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.yaml"
        plan.write_text(text, encoding="utf-8")
        arguments = (sys.executable, "-m", "scaleplan", words[0], str(plan), *words[1:])
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}")
    # Linux counts kilobytes, macOS bytes.
    megabytes = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Spent(usage.ru_utime + usage.ru_stime, megabytes)


def at_the_limits() -> bool:
    """Whole commands on the largest plans; whether a limit is passed."""
    late = False
    print()
    for name, text, words in (
        ("200 tiers x 200 targets", GRID, ("show",)),
        ("200 tiers x 200 targets", GRID, ("paths",)),
        ("nearly as many states as are walked", NEARLY, ("paths",)),
        ("nearly as many states as are walked", NEARLY, ("paths", "--format", "json")),
    ):
        took = command(text, *words)
        slow = took.megabytes > MOST_OF_ALL[1] or (words[0] == "show" and took.seconds > MOST_SECONDS)
        print(f"{name:<40}{' '.join(words):<20}{took.seconds:>7.2f} s{took.megabytes:>6.0f} MB", end="")
        print("   over the limit" if slow else "")
        late = late or slow
    return late


def walk_one() -> None:
    """The other side of `alone`: the plan on standard input."""
    plan = study("plan.yaml", sys.stdin.read().encode()).plan
    if plan is None:
        raise SystemExit("the plan cannot be read")
    begin = time.perf_counter()
    found = walked(plan)
    seconds = time.perf_counter() - begin
    # The most that this process held; what `getrusage` says begins with the process that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii").split()
    megabytes = int(status[status.index("VmHWM:") + 1]) / 1024
    print(found.summary.states, seconds, megabytes, found.complete)


def main() -> int:
    """Measure, print, and return the exit code."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--runs", type=int, default=9, help="how often each is run (default: 9)")
    options.add_argument("--walk-one", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.walk_one:
        walk_one()
        return 0
    late = against_numpy(importlib.import_module("numpy"), max(1, chosen.runs))
    print()
    cases = (
        ("20 tiers x 10 targets", ONE_SIDE, MOST_SECONDS, MOST_MEGABYTES, True),
        ("tiers on both sides, stops that follow", BOTH_SIDES, MOST_SECONDS, MOST_MEGABYTES, True),
        ("nearly as many states as are walked", NEARLY, *MOST_OF_ALL, True),
        ("more states than are walked", MANY, MOST_SECONDS_TO_SAY, MOST_MEGABYTES, False),
    )
    for name, text, seconds, megabytes, complete in cases:
        took = alone(text)
        slow = took.seconds > seconds or took.megabytes > megabytes or took.complete is not complete
        rate = f"{took.states / took.seconds:>8,.0f} states a second" if took.complete else "   said to be too many"
        print(f"{name:<40}{took.states:>7} states{took.seconds:>7.2f} s{took.megabytes:>6.0f} MB{rate}", end="")
        print("   over the limit" if slow else "")
        late = late or slow
    return 1 if at_the_limits() or late else 0


if __name__ == "__main__":
    sys.exit(main())
