"""How long a review of 100,000 fills in 10,000 trades takes: `python tests/benchmarks/review.py`.

Each trade is of one of three plans, locked, filled in ten parts and closed at both targets or stopped out. Processor
time is compared with a bare start of the interpreter in the same run, by medians; memory is the most that the process
held. Needs no network, and exits with 1 where a limit is passed: 1.1 times what the first build took.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from scaleplan.journal import BatchRow, EventRow, RowKind, TradeRow
from scaleplan.journal.database import Journal, new_id, reading, record
from scaleplan.quantity.number import plain
from scaleplan.questions.trades import Locking, locking
from scaleplan.study import Settings
from scaleplan.trade.play import text_of

ROOT = Path(__file__).resolve().parents[2]
PLANS = tuple(ROOT / "plans" / f"{name}.yaml" for name in ("range-short", "two-r-half-off", "dca-four-equal"))
#: How many bare starts a trade of ten fills may take (the first build took 0.121), and how many MB 10,000 of them.
LIMIT, MEMORY = 0.134, 300
BEGUN = datetime(2020, 1, 1, tzinfo=UTC)


def seconds(command: tuple[str, ...], journal: Path) -> tuple[float, float]:
    """Runs a command, its output thrown away. Returns its processor time, and its most memory in MB."""
    plain_ones = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = plain_ones | {"SCALEPLAN_JOURNAL": str(journal)}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def locked_plans() -> list[Locking]:
    """Returns the plans of the trades, ready to be locked."""
    found = []
    for path in PLANS:
        plan = locking(str(path), path.read_bytes(), Settings(), ())
        if not isinstance(plan, Locking):
            raise SystemExit(f"{path} cannot be locked")
        found.append(plan)
    return found


def parts_of(quantity: Decimal, count: int) -> list[Decimal]:
    """Returns a quantity in so many parts, as a venue writes them."""
    part = Decimal(f"{quantity / count:.6f}")
    return [*[part] * (count - 1), quantity - part * (count - 1)]


def grow(journal: Path, trades: int) -> int:
    """Makes a journal of so many trades, a stop recorded in each. Returns how many fills it has."""
    draw = random.Random(1)  # noqa: S311 - drawn to be drawn again
    plans = locked_plans()

    def write(to: Journal) -> None:
        for found in plans:
            to.add_plan(found.plan)
        seq = 1
        for number in range(1, trades + 1):
            found = draw.choice(plans)
            plan, machine = found.study.plan, found.study.ladder.machine
            trade, batch, at = new_id(), new_id(), BEGUN + timedelta(hours=6 * number)
            to.add_trade(TradeRow(number, trade, f"/{number}", plan.symbol.text, str(plan.side), is_open=False))
            to.add_batch(BatchRow(number, batch, text_of(at), "scaleplan fill", "0.1.0"))
            entry, leave = ("buy", "sell") if plan.sign > 0 else ("sell", "buy")
            rows: list[dict[str, object]] = []
            held = Decimal(0)
            for index in range(len(plan.tiers)):
                own = machine.holdings.own_fill(index)
                price = Decimal(plain(round(own.price * (1 + Decimal(draw.randint(-9, 9)) / 100_000), 2)))
                for part in parts_of(Decimal(f"{own.quantity:.6f}"), 6 // len(plan.tiers) or 1):
                    held += part
                    rows.append({"side": entry, "price": price, "quantity": part, "tier": index + 1})
            count = 10 - len(rows)
            last = plan.tiers[0].price * (1 + Decimal(draw.randint(-30, 30)) / 1000)
            closed = {"side": leave, "price": round(last, 2), "role": "by hand"}
            rows += [closed | {"quantity": part} for part in parts_of(held, count)]
            events = [EventRow(seq, new_id(), number, RowKind.LOCK, text_of(at), "Z", trade, plan=found.plan.digest)]
            for index, row in enumerate(rows, start=1):
                moment = text_of(at + timedelta(minutes=index))
                event = EventRow(seq + index, new_id(), number, RowKind.FILL, moment, "Z", trade, "typed")
                paid = {"fee": Decimal("0.5"), "fee_currency": plan.settle, "symbol": plan.symbol.text}
                events.append(event._replace(**(paid | row)))  # type: ignore[arg-type]
            after = text_of(at + timedelta(minutes=1))
            seq += len(events)
            events.append(EventRow(seq, new_id(), number, RowKind.STOP, after, "Z", trade, price=plan.stop))
            seq += 1
            to.add_events(events, batch)

    record(str(journal), new_id(), write)
    with reading(str(journal)) as made:
        return 0 if made is None else len(made.events("kind = 'fill'"))


def main() -> int:
    """Measures, prints a table, and returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--trades", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.db"
        fills = grow(journal, arguments.trades)
        command = (sys.executable, "-m", "scaleplan", "review", "--format", "json")
        taken, bare, memory = [], [], 0.0
        for _ in range(arguments.runs):
            time, most = seconds(command, journal)
            taken.append(time)
            memory = max(memory, most)
            bare += [seconds((sys.executable, "-c", "pass"), journal)[0] for _ in range(5)]
        start, time = statistics.median(bare), statistics.median(taken)
        times = time / start / arguments.trades
        print(f"a bare start  {start * 1000:.1f} ms of processor time")
        print(f"review        {time:.2f} s, {fills:,} fills in {arguments.trades:,} trades: {time / start:,.0f} starts")
        print(f"a trade       {times:.4f} starts, limit {LIMIT}")
        print(f"memory        {memory:.0f} MB, limit {MEMORY}")
    return int(times > LIMIT or memory > MEMORY)


if __name__ == "__main__":
    sys.exit(main())
