"""How `scaleplan sweep` works: the processes or the cluster that it asks for, and the file that it keeps on the way."""

import time
from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Option, WrongUsage, number, text, texts
from scaleplan.cli.commands.backtest import AGAINST, SEED, baselines_of, rules_of
from scaleplan.cli.manner import manner_of
from scaleplan.cli.options import settings_of
from scaleplan.cli.tape import BARS, form_of

if TYPE_CHECKING:
    from fractions import Fraction

    from scaleplan.bars.records import Bars
    from scaleplan.book.rules import Baseline
    from scaleplan.cli.tape import Tapes
    from scaleplan.quantity.signal import SignalRule
    from scaleplan.study import Read, Session
    from scaleplan.sweep.asked import SweepOrder
    from scaleplan.sweep.engines import Crew
    from scaleplan.sweep.records import Task
    from scaleplan.sweep.search import Bench
    from scaleplan.sweep.swept import Swept
    from scaleplan.sweep.vary import VariantGrid

VARY = texts(
    "--vary", "PATH=VALUES", "What is varied: stop=-2 atr,-3 atr, or tiers.to=-1%..-4% by 0.5%; again: a product."
)
JOBS = number("--jobs", "N", "Processes; all processors where left out.")
CLUSTER = text("--cluster", "ADDRESS", "Let a Dask cluster do it: tcp://host:8786.")
OUT = text("--out", "FILE", "Write each piece to FILE (a line of JSON each) as soon as it is done.")
RESUME = text("--resume", "FILE", "Go on with the file of a sweep that was stopped.")
HOLDOUT = text("--holdout", "SHARE", "Keep so much of the end out of everything, and tell it last: 20%.")
#: More trades, variants or folds than anybody asks for, and more processes than a processor has use for.
_MOST, MOST_FOLDS, _MOST_OF_A_CORE = 1_000_000, 100, 4


def counted(call: Call, option: "Option[int | None]", default: int | None, least: int, most: int = _MOST) -> int | None:
    """Returns the number that an option has, or else the default; it is one from `least` on."""
    value = call[option]
    if value is None:
        return default
    if not least <= value <= most:
        raise WrongUsage(option, f"is a number from {least} to {most:,}, not {value:,}")
    return value


def held_out(call: Call) -> "Fraction":
    """Returns the share of the bars that is held out."""
    from fractions import Fraction

    from scaleplan.quantity.form import Mistake
    from scaleplan.quantity.number import read_share

    if call[HOLDOUT] is None:
        return Fraction(0)
    share = read_share(call[HOLDOUT] or "")
    if isinstance(share, Mistake):
        raise WrongUsage(HOLDOUT, f"{share.message}; {share.help}")
    if not 0 < share < 1:
        raise WrongUsage(HOLDOUT, f"`{call[HOLDOUT]}` leaves nothing on one side; write 20%")
    return share


def length_of(call: Call, count: int) -> int:
    """Returns how many bars are left beside those that are held out."""
    return int(count * (1 - held_out(call)))


def columns_of(grid: "VariantGrid", known: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the columns of the bars that the template or some variant names."""
    from itertools import pairwise

    words = [word for axis in grid.axes for value in axis.values for word in value.replace(",", " ").split()]
    named = [name for before, name in pairwise(words) if before.lower() == "column"]
    return tuple(dict.fromkeys((*known, *named)))


def task_of(
    call: Call,
    read: "Read",
    session: "Session",
    grid: "VariantGrid",
    rule: "SignalRule | None",
    tapes: "Tapes",
    length: int,
) -> "Task":
    """Returns what every piece of the sweep is about."""
    import os

    from scaleplan.sweep.records import BarsPlace, Task

    bars = tapes.bars.bars
    if bars is None or read.reading.plan is None:
        raise AssertionError("what has errors was refused")
    keep = tuple(bars.columns)
    path = call[BARS] if call[BARS] == "-" else os.path.abspath(call[BARS])  # noqa: PTH100
    place = BarsPlace(path, tuple(form_of(call)._replace(keep=keep)), tapes.bars.sha256, "", length, bars.step_ns)
    manner = manner_of(call, read.reading.plan.instrument.tick_size, bars)
    return Task(
        read.file,
        read.data,
        settings_of(call),
        dict(session.contents),
        grid,
        rule,
        rules_of(call),
        manner,
        call[SEED] or 0,
        place,
    )


def signal_baselines(call: Call) -> "tuple[Baseline, ...]":
    """Returns what the chosen variant is held against: other ways to trade its signals."""
    from scaleplan.book import rules

    found = baselines_of(call)
    for name in found:
        if name in (rules.Baseline.RANDOM, rules.Baseline.HOLD):
            raise WrongUsage(AGAINST, f"`{name}` is not of these signals; `scaleplan backtest` has it for one variant")
    return found


def crew_of(call: Call, task: "Task", bars: "Bars") -> "tuple[Crew, Task]":
    """Returns those who work, and the task with the place where they find the bars."""
    import os

    from scaleplan.sweep.engines import cluster_crew, local_crew
    from scaleplan.sweep.records import PIECE
    from scaleplan.sweep.shared import put

    asked = counted(call, JOBS, None, 1)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if asked is not None and asked > _MOST_OF_A_CORE * cores:
        here = "is 1 processor" if cores == 1 else f"are {cores} processors"
        most = f"at most {_MOST_OF_A_CORE * cores} where there {here}"
        raise WrongUsage(JOBS, f"{most}, not {asked:,}: each holds its own of everything, and none makes it faster")
    jobs = min(cores if asked is None else asked, -(-len(task.grid.numbers) // PIECE))
    if call[CLUSTER] is None and (jobs < 2 or task.bars.path == "-"):
        return local_crew(1), task
    folder = put(bars, f"{task.bars.sha256[:32]}-{_key(task)}")
    if not folder and call[CLUSTER] is None:
        return local_crew(1), task
    task = task._replace(bars=task.bars._replace(folder=folder))
    return (local_crew(jobs) if call[CLUSTER] is None else cluster_crew(call[CLUSTER] or "", folder)), task


def _key(task: "Task") -> str:
    """Returns what tells arrays of one file apart: how it was read, and how many of its bars they hold."""
    import hashlib

    return hashlib.sha256(repr((task.bars.form, task.bars.length)).encode()).hexdigest()[:16]


def _hold(variants: int, signals: int) -> None:
    """Sees that results of variants at signals are no more than the judge holds."""
    from scaleplan.sweep.records import MOST_RESULTS

    if variants * signals <= MOST_RESULTS:
        return
    most = MOST_RESULTS // signals
    out = f"draw some variants with `--sample {most}`" if most > 1 else "take fewer signals, or cut with `--from`"
    results = f"{variants:,} variants at {signals:,} signals are {variants * signals:,} results"
    raise WrongUsage(VARY, f"{results}, more than {MOST_RESULTS:,}: {out}")


def worked_off(call: Call, bench: "Bench", whole: "Bars", crew: "Crew", asked: "SweepOrder") -> "Swept":
    """Sweeps, and writes each piece that is done to the file that is named."""
    from scaleplan.cli.progress import Progress
    from scaleplan.sweep.held import HeldVariants
    from scaleplan.sweep.kept import begin, go_on
    from scaleplan.sweep.swept import pieces_of, swept

    path, kept = call[RESUME] or call[OUT], None
    numbers, signals = bench.task.grid.numbers, bench.most_signals()
    _hold(len(numbers), signals)
    held = HeldVariants(pieces_of(numbers, signals))
    count = len(held.pieces)
    progress = Progress("sweep", count)
    try:
        if path is not None:
            kept = begin(path, bench.task) if call[RESUME] is None else go_on(path, bench.task, held)
        begun, before = time.monotonic(), len(held.done)

        def at(finished: int) -> None:
            seconds = time.monotonic() - begun or 1
            rate = (finished - before) / seconds
            left = (count - finished) / rate if rate else 0
            variants = rate * len(numbers) / count
            progress.at(
                finished, f", {finished:,} of {count:,} pieces, {variants:,.0f} variants a second, {left:,.0f} s left"
            )

        return swept(bench, whole, crew, asked, held, kept, at)
    finally:
        progress.done()
        held.close()
        if kept is not None:
            kept.close()


def slow_words(task: "Task") -> str:
    """Returns the note of a longer sweep that a compiler would have made faster; nothing where there is one."""
    from scaleplan.sweep.kernel import COMPILED
    from scaleplan.sweep.records import PIECE

    if COMPILED or len(task.grid.numbers) <= PIECE:
        return ""
    return "scaleplan: numba is not installed: the same results, some 35 times slower; pip install 'scaleplan[sweep]'\n"
