"""How long a folder of plans takes to check, against reading its YAML alone: `python tests/benchmarks/batch.py`.

1,000 plans are made from those in `plans/`, each with figures of its own. `scaleplan check` of their folder, from start
to end of its process, is compared with two others over the same files, in turn with them, by medians:

- libyaml's bare event stream, in one process that is running already: at most 12 times as long;
- check-jsonschema with the schema that `scaleplan schema` prints: at least 3 times as fast. It is looked for beside the
  interpreter and on the path, and left out with a word where it is not installed.

It uses the `scaleplan` of the interpreter that runs it, needs no network, and exits with 1 where a limit is passed.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from yaml import CLoader

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-m", "scaleplan")
#: How many times the bare events' time a check may take, and how many times its own time check-jsonschema must.
MOST_EVENTS = 12
LEAST_SCHEMA = 3
#: A price as tiers, targets and stops write it; sums of money have a currency behind them.
_PRICE = re.compile(r"(?<=[\s\[{])(?<!_size: )([1-9][0-9]{2,5}(?:\.[0-9]+)?)(?=[,\]}]|[ \t]*(?:#.*)?$)", re.MULTILINE)
_TICK = re.compile(r"tick_size: ([0-9.]+)")


class Case(NamedTuple):
    """Something to be measured, and how it is spoken of."""

    name: str
    run: Callable[[], float]


def plans_in(folder: Path, count: int) -> list[Path]:
    """So many plans, their prices a little apart; what they name beside them is copied."""
    originals = sorted((ROOT / "plans").glob("*.yaml"))
    texts = {path.name: path.read_text(encoding="utf-8") for path in originals}
    for name in [name for name, text in texts.items() if "tiers:" not in text]:
        (folder / name).write_text(texts.pop(name), encoding="utf-8")
    names = sorted(texts)
    made = []
    for number in range(count):
        name = names[number % len(names)]
        path = folder / f"{number:04}-{name}"
        text = _moved(texts[name], number // len(names))
        path.write_text(text, encoding="utf-8")
        made.append(path)
    return made


def _moved(text: str, times: int) -> str:
    """The plan with its prices a little higher: by so many tenths, or where it names a tick by so many of these.

    No price passes another, and a plan without mistakes has none afterwards.
    """
    tick = _TICK.search(text)
    step = Decimal(tick[1]) if tick else Decimal("0.1")
    return _PRICE.sub(lambda price: f"{Decimal(price[1]) + times * step:f}", text)


def events(paths: list[Path]) -> float:
    """The seconds that libyaml takes for the events of all files, here."""
    begin = time.perf_counter()
    for path in paths:
        parser = CLoader(path.read_bytes())
        while parser.get_event() is not None:
            pass
    return time.perf_counter() - begin


def command(*words: str) -> float:
    """The seconds that a command takes from start to end; it may find mistakes, not break."""
    begin = time.perf_counter()
    ended = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(), check=False)
    seconds = time.perf_counter() - begin
    if ended.returncode not in (0, 1):
        raise SystemExit(f"{words[0]} ended with {ended.returncode}: {ended.stderr.decode(errors='replace')}")
    return seconds


def environment() -> dict[str, str]:
    """The environment without what would make the runs differ from a user's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def schema_checker() -> str | None:
    """Where check-jsonschema is, if it is installed."""
    beside = Path(sys.executable).with_name("check-jsonschema")
    return str(beside) if beside.exists() else shutil.which("check-jsonschema")


def cases(folder: Path, paths: list[Path]) -> list[Case]:
    """What is measured; the first is ours, the second the bare events."""
    found = [
        Case("scaleplan check", lambda: command(*PROGRAM, "check", str(folder))),
        Case("libyaml events", lambda: events(paths)),
    ]
    checker = schema_checker()
    if checker is None:
        print("check-jsonschema is not installed here, and left out")
        return found
    schema = folder / "plan.schema.json"
    printed = subprocess.run([*PROGRAM, "schema"], env=environment(), capture_output=True, check=True).stdout
    schema.write_bytes(printed)
    words = (checker, "--schemafile", str(schema), *map(str, paths))
    return [*found, Case("check-jsonschema", lambda: command(*words))]


def measure(measured: list[Case], runs: int) -> dict[str, float]:
    """The median of every case in seconds, the runs interleaved; the first round only warms the caches."""
    samples: dict[str, list[float]] = {case.name: [] for case in measured}
    for number in range(runs + 1):
        for case in measured:
            seconds = case.run()
            if number:
                samples[case.name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in samples.items()}


def main() -> int:
    """Measure, print the table, and return the exit code."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--runs", type=int, default=7, help="how often each is run (default: 7)")
    options.add_argument("--plans", type=int, default=1000, help="how many plans (default: 1000)")
    chosen = options.parse_args()
    runs, count = max(1, chosen.runs), max(1, chosen.plans)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = plans_in(folder, count)
        found = measure(cases(folder, paths), runs)
    ours, bare = found["scaleplan check"], found["libyaml events"]
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    print(f"{count:,} plans, medians of {runs} runs, Python {sys.version.split()[0]}, {processors} processors")
    print(f"{'':<18}{'median':>11}{'per plan':>11}{'check takes':>13}{'limit':>14}")
    rows = [("libyaml events", f"at most {MOST_EVENTS}x", ours / bare > MOST_EVENTS)]
    if "check-jsonschema" in found:
        rows.append(("check-jsonschema", f"at most 1/{LEAST_SCHEMA}", found["check-jsonschema"] / ours < LEAST_SCHEMA))
    print(f"{'scaleplan check':<18}{ours * 1000:>8.0f} ms{ours / count * 1e6:>8.0f} us")
    for name, limit, late in rows:
        seconds = found[name]
        times = f"{ours / seconds:.1f}x" if ours > seconds else f"1/{seconds / ours:.1f}"
        row = f"{name:<18}{seconds * 1000:>8.0f} ms{seconds / count * 1e6:>8.0f} us{times:>13}{limit:>14}"
        print(row + ("   over the limit" if late else ""))
    return 1 if any(late for _, _, late in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
