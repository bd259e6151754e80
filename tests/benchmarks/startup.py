"""How long a start takes and how much memory, against a bare interpreter: `python tests/benchmarks/startup.py`.

Each command is run many times, in turn with all the others, so that a busy moment of the machine falls on all alike;
medians are compared, because they do not care for the slowest runs. It uses the `scaleplan` of the interpreter that
runs it, needs no network, and exits with 1 where a limit is passed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "plans" / "breakout-retest-pyramid.yaml"
PROGRAM = (sys.executable, "-m", "scaleplan")


class Case(NamedTuple):
    """A command, and how many times the bare interpreter's start it may take; the first has no limit."""

    name: str
    command: tuple[str, ...]
    limit: float | None


class Figures(NamedTuple):
    """The median of a case in seconds, and the most memory it held in kilobytes."""

    seconds: float
    kilobytes: int


CASES = (
    Case("python -c pass", (sys.executable, "-c", "pass"), None),
    Case("scaleplan check", (*PROGRAM, "check", str(PLAN)), 9),
    Case("scaleplan show", (*PROGRAM, "show", str(PLAN)), 12.5),
    # With any option typer is loaded.
    Case("check --strict", (*PROGRAM, "check", "--strict", str(PLAN)), 12),
    Case("scaleplan --help", (*PROGRAM, "--help"), 18),
)


def once(command: Sequence[str]) -> Figures:
    """Run a command, its output thrown away."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment())
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    # Linux counts kilobytes, macOS bytes.
    return Figures(seconds, usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1))


def environment() -> dict[str, str]:
    """The environment without what would make the runs differ from a user's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def measure(runs: int) -> dict[Case, Figures]:
    """The figures of every case, the runs interleaved; the first round only warms the caches."""
    samples: dict[Case, list[Figures]] = {case: [] for case in CASES}
    for number in range(runs + 1):
        for case in CASES:
            figures = once(case.command)
            if number:
                samples[case].append(figures)
    return {
        case: Figures(statistics.median(one.seconds for one in figures), max(one.kilobytes for one in figures))
        for case, figures in samples.items()
    }


def main() -> int:
    """Measure, print the table, and return the exit code."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--runs", type=int, default=41, help="how often each command is run (default: 41)")
    runs = max(1, options.parse_args().runs)
    figures = measure(runs)
    bare = figures[CASES[0]]
    print(f"medians of {runs} runs, Python {sys.version.split()[0]} on {os.uname().sysname}")
    print(f"{'command':<18}{'median':>10}{'ratio':>8}{'limit':>8}{'memory':>10}")
    passed = True
    for case, one in figures.items():
        ratio = one.seconds / bare.seconds
        limit = "" if case.limit is None else f"{case.limit:g}x"
        late = case.limit is not None and ratio > case.limit
        passed = passed and not late
        print(
            f"{case.name:<18}{one.seconds * 1000:>7.1f} ms{ratio:>7.1f}x{limit:>8}{one.kilobytes / 1024:>7.1f} MB"
            + ("   over the limit" if late else "")
        )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
