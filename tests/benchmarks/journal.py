"""How long the journal's commands take, empty and with 100,000 fills: `python tests/benchmarks/journal.py`.

`fill` and `status` are run in turn with a bare start of the interpreter, in a journal of one trade and in one of 10,000
trades with ten fills each; medians of processor time are compared. The room of a fill on disk is measured too. Needs no
network, and exits with 1 where a limit is passed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from scaleplan.journal import BatchRow, EventRow, RowKind, TradeRow
from scaleplan.journal.database import Journal, new_id, reading, record

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "plans" / "range-short.yaml"
PROGRAM = (sys.executable, "-m", "scaleplan")
#: How many times a bare start each command may take, and how many bytes a fill on disk.
LIMIT, ROOM = 10, 700
AT = "2026-08-21T12:05:00.000000Z"


def environment(journal: Path) -> dict[str, str]:
    """The environment of a user with that journal."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return plain | {"SCALEPLAN_JOURNAL": str(journal)}


def seconds(command: tuple[str, ...], journal: Path) -> float:
    """Runs a command, its output thrown away. Returns its processor time."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(journal))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def begin(journal: Path) -> None:
    """Makes a journal with one trade, of which tier 1 has filled."""
    for words in (("lock", str(PLAN)), ("fill", "T1", "29800", "0.1"), ("stop", "T1", "30050")):
        seconds((*PROGRAM, *words), journal)


def grow(journal: Path, trades: int, fills: int) -> float:
    """Adds trades with so many fills each. Returns the bytes that a fill takes."""
    before = journal.stat().st_size

    def write(open_journal: Journal) -> None:
        seq = open_journal.next_number("event")
        for number in range(2, trades + 2):
            trade, batch = new_id(), new_id()
            open_journal.add_trade(
                TradeRow(number, trade, f"/plans/{number}.yaml", "BTC/USDT:USDT", "short", is_open=False)
            )
            open_journal.add_batch(BatchRow(number + 2, batch, AT, "scaleplan fill", "0.1.0"))
            rows = [
                EventRow(
                    *(seq + at, new_id(), number + 2, RowKind.FILL, AT, "Z", trade, "typed", None, "sell"),
                    *(Decimal(29800), Decimal("0.1"), None, Decimal("0.596"), "USDT"),
                    symbol="BTC/USDT:USDT",
                )
                for at in range(fills)
            ]
            open_journal.add_events(rows, batch)
            seq += fills

    record(str(journal), new_id(), write)
    with reading(str(journal)) as found:
        if found is None or found.counts()["trades"] != trades + 1:
            raise SystemExit("the journal did not grow")
    return (journal.stat().st_size - before) / (trades * fills)


def main() -> int:
    """Measures, prints a table, and returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--trades", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.db", Path(folder) / "large.db"
        begin(small)
        begin(large)
        room = grow(large, arguments.trades, 10)
        commands = {
            "fill": (*PROGRAM, "fill", "T1", "29485.25", "0.1", "--dry-run"),
            "status": (*PROGRAM, "status", str(PLAN)),
        }
        cases = {(name, journal): command for name, command in commands.items() for journal in (small, large)}
        bare: list[float] = []
        taken: dict[tuple[str, Path], list[float]] = {case: [] for case in cases}
        for number in range(arguments.runs + 1):
            samples = {case: seconds(command, case[1]) for case, command in cases.items()}
            start = seconds((sys.executable, "-c", "pass"), small)
            if number:
                bare.append(start)
                for case, sample in samples.items():
                    taken[case].append(sample)
        start = statistics.median(bare)
        failed = room > ROOM
        print(f"a bare start  {start * 1000:.1f} ms of processor time, medians of {arguments.runs}")
        for (name, journal), figures in taken.items():
            times = statistics.median(figures) / start
            failed = failed or times > LIMIT
            many = f"{arguments.trades * 10:,} fills" if journal == large else "one trade"
            print(f"{name:<8} {many:<14} {times:5.1f} times, limit {LIMIT}")
        print(f"a fill on disk {room:.0f} bytes, limit {ROOM}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
