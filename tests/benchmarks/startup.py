"""How long a start takes and how much memory, against a bare interpreter: `python tests/benchmarks/startup.py`.

Each command is run many times, in turn with all the others, so that a busy moment of the machine falls on all alike;
medians of processor time are compared, which care neither for the slowest runs nor for who else is at work. It uses the
`scaleplan` of the interpreter that runs it, needs no network, and exits with 1 where a limit is passed.
"""

import argparse
import os
import statistics
import subprocess
import sys
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
    terminal: bool = False


class Figures(NamedTuple):
    """The median processor time of a case in seconds, and the most memory it held in kilobytes."""

    seconds: float
    kilobytes: int


#: The bundled plan above on one line, but for its words.
QUICK = (
    *("long", "BTC/USDT:USDT", "40000:50%:stop", "40000:30%:after=40900", "42000:20%:stop:after=tier2:stop=breakeven"),
    *("--stop", "39150", "--wrong", "39200", "--target", "43500:30%:breakeven", "--target", "3R:30%:+1R"),
    *("--target", "46500:30%:trail=2.5%", "--leverage", "8", "--maintenance", "0.5%", "--fees", "0.02%/0.05%"),
    *("--slippage", "0.05%", "--equity", "25000", "--style", "pyramid", "--size", "1 BTC"),
)

CASES = (
    Case("python -c pass", (sys.executable, "-c", "pass"), None),
    Case("scaleplan check", (*PROGRAM, "check", str(PLAN)), 6.5),
    Case("scaleplan show", (*PROGRAM, "show", str(PLAN)), 8),
    Case("scaleplan quick", (*PROGRAM, "quick", *QUICK), 8),
    Case("scaleplan at", (*PROGRAM, "at", str(PLAN), "41000", "--tiers", "2"), 8),
    Case("scaleplan chart", (*PROGRAM, "chart", str(PLAN)), 8),
    Case("scaleplan paths", (*PROGRAM, "paths", str(PLAN)), 8),
    Case("scaleplan checklist", (*PROGRAM, "checklist", str(PLAN)), 8),
    # One and a half times `show` on every bundled plan.
    Case("scaleplan solve", (*PROGRAM, "solve", "leverage", str(PLAN), "--behind", "5%"), 12),
    # Help is typer's.
    Case("scaleplan --help", (*PROGRAM, "--help"), 6),
    # Colour is drawn by rich.
    Case("show in colour", (*PROGRAM, "show", str(PLAN)), 10.5, terminal=True),
)


def once(case: Case) -> Figures:
    """Runs a command, its output thrown away, as if into a pipe or on a terminal. Returns its processor time."""
    as_if = {"FORCE_COLOR": "1", "COLUMNS": "120"} if case.terminal else {}
    process = subprocess.Popen(case.command, stdout=subprocess.DEVNULL, env=environment() | as_if)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(case.command)} ended with {process.returncode}")
    # Linux counts kilobytes, macOS bytes.
    return Figures(usage.ru_utime + usage.ru_stime, usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1))


def environment() -> dict[str, str]:
    """The environment without what would make the runs differ from a user's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def measure(runs: int) -> dict[Case, Figures]:
    """The figures of every case, the runs interleaved; the first round only warms the caches."""
    samples: dict[Case, list[Figures]] = {case: [] for case in CASES}
    for number in range(runs + 1):
        for case in CASES:
            figures = once(case)
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
    print(f"{'command':<20}{'median':>10}{'ratio':>8}{'limit':>8}{'memory':>10}")
    passed = True
    for case, one in figures.items():
        ratio = one.seconds / bare.seconds
        limit = "" if case.limit is None else f"{case.limit:g}x"
        late = case.limit is not None and ratio > case.limit
        passed = passed and not late
        print(
            f"{case.name:<20}{one.seconds * 1000:>7.1f} ms{ratio:>7.1f}x{limit:>8}{one.kilobytes / 1024:>7.1f} MB"
            + ("   over the limit" if late else "")
        )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
