"""How long an import of 100,000 rows takes, new and known: `python tests/benchmarks/importing.py`.

It is measured against what no import can do without: `csv.reader` over the same file and one `executemany` of its cells
in one transaction, into a file, in the same run. Medians of processor time are compared; the most room that the import
takes is measured too. Needs no network, and exits with 1 where a limit is passed.
"""

import argparse
import csv
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

#: How many times the yardstick an import may take, and how many MB it may fill.
LIMIT, ROOM = 12, 300
HEAD = "Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID"


def write(path: Path, rows: int) -> None:
    """Writes a trade history of Binance's futures with so many rows."""
    random, at = Random(1), datetime(2024, 1, 1)  # noqa: S311, DTZ001
    lines = [HEAD]
    for number in range(rows):
        at += timedelta(seconds=random.randint(1, 300))
        price, quantity = Decimal(random.randint(200_000, 900_000)) / 10, Decimal(random.randint(1, 500)) / 1000
        fee = (price * quantity * Decimal("0.0004")).quantize(Decimal("1e-8"))
        head = f"9,{at:%Y-%m-%d %H:%M:%S},{random.choice(('BTCUSDT', 'ETHUSDT', 'SOLUSDT'))}"
        figures = f"{random.choice(('BUY', 'SELL'))},{price},{quantity},{price * quantity:f},{fee:f} USDT"
        lines.append(f"{head},{figures},0,true,false,{700_000_000 + number},{900_000_000 + number // 3}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def yardstick(file: Path, folder: Path) -> float:
    """Reads the rows and puts their cells into a table. Returns the processor time."""
    path = folder / "plain.db"
    path.unlink(missing_ok=True)
    begin = time.process_time()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, file.open(newline="") as lines:
        reader = csv.reader(lines)
        places = ", ".join("?" * len(next(reader)))
        connection.execute(f"CREATE TABLE cells ({', '.join(f'c{n}' for n in range(HEAD.count(',') + 1))})")
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO cells VALUES ({places})", reader)  # noqa: S608
        connection.execute("COMMIT")
    return time.process_time() - begin


def imported(file: Path, journal: Path) -> tuple[float, float]:
    """Imports the file. Returns the processor time, and the most memory in MB."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = (sys.executable, "-m", "scaleplan", "import-fills", str(file), "--tz", "UTC")
    environment = plain | {"SCALEPLAN_JOURNAL": str(journal)}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the import ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> int:
    """Measures, prints a table, and returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rows", type=int, default=100_000)
    arguments = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, journal = folder / "rows.csv", folder / "journal.db"
        write(file, arguments.rows)
        bare: list[float] = []
        taken: dict[str, list[tuple[float, float]]] = {"new": [], "known": []}
        for _ in range(arguments.runs):
            bare.append(yardstick(file, folder))
            journal.unlink(missing_ok=True)
            for kind, samples in taken.items():
                samples.append(imported(file, journal))
                if kind == "new":
                    bare.append(yardstick(file, folder))
        stick = statistics.median(bare)
        print(f"csv.reader and executemany  {stick:.2f} s of processor time, medians of {arguments.runs}")
        for kind, samples in taken.items():
            times, room = statistics.median(each[0] for each in samples) / stick, max(each[1] for each in samples)
            failed = failed or times > LIMIT or room > ROOM
            print(f"{arguments.rows:,} rows {kind:<6} {times:5.1f} times, limit {LIMIT}; {room:.0f} MB, limit {ROOM}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
