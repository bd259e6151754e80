"""`scaleplan sweep`: variants of a template on bars, judged where they were not chosen, against what luck gives."""

from typing import TYPE_CHECKING

from scaleplan.cli import INTERRUPTED
from scaleplan.cli.command import Call, Command, WrongUsage, choice, number, switch
from scaleplan.cli.commands.backtest import (
    AGAINST,
    DCA_EVERY,
    ENTER,
    NO_PLAN_MADE,
    OVERLAP,
    SEED,
    SIGNALS,
    TEMPLATE,
    dca_every_of,
    rules_of,
    seed_of,
    signal_rule,
    template_read,
)
from scaleplan.cli.manner import LIMIT, THROUGH
from scaleplan.cli.options import ALLOW_FILES, EQUITY, SET, STRICT
from scaleplan.cli.reply import ExitCode, Reply, Surface
from scaleplan.cli.sweeping import (
    CLUSTER,
    HOLDOUT,
    JOBS,
    MOST_FOLDS,
    OUT,
    RESUME,
    VARY,
    columns_of,
    counted,
    crew_of,
    held_out,
    length_of,
    signal_baselines,
    slow_words,
    task_of,
    worked_off,
)
from scaleplan.cli.tape import BARS, FORM

if TYPE_CHECKING:
    from scaleplan.bars.records import Bars
    from scaleplan.cli.tape import Tapes
    from scaleplan.report.sweep.view import SweepView
    from scaleplan.study import Read, Session
    from scaleplan.sweep.asked import JudgeOrder, SweepOrder
    from scaleplan.sweep.records import Task
    from scaleplan.sweep.search import Bench
    from scaleplan.sweep.swept import Swept
    from scaleplan.sweep.vary import Axis, VariantGrid

SAMPLE = number("--sample", "N", "Try N variants, drawn from the product.")
BY = choice("--by", ("expectancy", "profit_factor", "sharpe", "net"), "What variants are ranked by, at worst.")
LEAST = number("--least", "N", "Rank variants of so many trades; 30 where left out.")
FOLDS = number("--folds", "N", "Blocks of time that are traded by the best of those before; 5 where left out.")
ROLLING = switch("--rolling", "Choose by the block before alone, not by all before.")
TRIED = number("--tried", "N", "Variants that were tried before this sweep: they count as luck too.")
FORMAT = choice("--format", ("table", "json", "csv", "md", "html"), "How to show it.")
COMMAND = Command(
    """Try variants, and say what is luck.

    Each variant is backtested. They are ranked by the worst that bars allow, and the best of each stretch of time
    trades the next; the verdict is luck, undecided or stands.
    """,
    (
        TEMPLATE,
        BARS,
        VARY,
        SIGNALS,
        SAMPLE,
        BY,
        LEAST,
        FOLDS,
        ROLLING,
        HOLDOUT,
        TRIED,
        SEED,
        OVERLAP,
        ENTER,
        LIMIT,
        THROUGH,
        AGAINST,
        DCA_EVERY,
        JOBS,
        CLUSTER,
        OUT,
        RESUME,
        *FORM,
        FORMAT,
        EQUITY,
        SET,
        STRICT,
        ALLOW_FILES,
    ),
    examples=(
        "scaleplan sweep plans/templates/range-ladder.yaml plans/bars/walk-15m.csv --vary stop=-2%,-3% --least 5",
    ),
)

#: The places of a plan whose value may be a file.
_NAMES_FILES = ("account", "venue")
_USAGE = ExitCode.USAGE


def run(call: Call) -> Reply:
    """Sweeps a template. What is wrong with bars stands at the end of a page; beside other forms errors are said."""
    from scaleplan.cli.studied import written
    from scaleplan.cli.talk import line_of
    from scaleplan.cli.tape import tapes_of
    from scaleplan.sweep.vary import grid_of

    if call[TEMPLATE] == call[BARS] == "-":
        raise WrongUsage(BARS, "standard input holds one file: name the template or the bars")
    if call[OUT] is not None and call[RESUME] is not None:
        raise WrongUsage(RESUME, "goes on with its own file: leave out --out")
    sample = counted(call, SAMPLE, None, 1)
    grid = grid_of(_axes(call), sample, call[SEED] or 0)
    if isinstance(grid, str):
        raise WrongUsage(VARY, grid)
    _check(call)
    found = template_read(call)
    if isinstance(found, Reply):
        return found
    read, session, template = found
    varied = any(axis.path == "signals" for axis in grid.axes)
    rule = None if varied else signal_rule(call, read.file, template)
    if isinstance(rule, Reply):
        return rule
    tapes = tapes_of(call, columns_of(grid, (*template.columns, *((rule.column,) if rule and rule.column else ()))))
    if isinstance(tapes, Reply):
        return tapes
    if tapes.bars.bars is None:
        return Reply("", written(tapes.diagnostics, call.screen.talk), ExitCode.ERRORS)
    length = length_of(call, len(tapes.bars.bars))
    if not length:
        return Reply("", line_of(tapes.bars.name, "has too few bars to hold some of them out"), _USAGE)
    _read_files(read, session, grid)
    task = task_of(call, read, session, grid, rule, tapes, length)
    return _swept(call, task, tapes, sample, by_signal=template.by_signal)


def _read_files(read: "Read", session: "Session", grid: "VariantGrid") -> None:
    """Reads the files that variants name into what is kept of a run, so that every process has the same."""
    for axis in grid.axes:
        if axis.path in _NAMES_FILES:
            for override in axis.overrides:
                session.changed((*session.overrides, override)).study(read.file, read.data)


def _axes(call: Call) -> "tuple[Axis, ...]":
    from scaleplan.sweep.vary import read_axis

    if not call[VARY]:
        raise WrongUsage(VARY, "nothing is varied: write `--vary 'stop=-2 atr,-3 atr'`")
    axes: list[Axis] = []
    for written in call[VARY]:
        axis = read_axis(written)
        if isinstance(axis, str):
            raise WrongUsage(VARY, axis)
        if axis.overrides[0].steps in [other.overrides[0].steps for other in axes]:
            raise WrongUsage(VARY, f"`{axis.path}` is varied twice: write all its values in one")
        axes.append(axis)
    return tuple(axes)


def _check(call: Call) -> None:
    """Sees that the options make sense before anything is read."""
    seed_of(call)
    _judge(call)
    counted(call, JOBS, None, 1)
    held_out(call)
    rules_of(call)
    signal_baselines(call)
    dca_every_of(call)


def _judge(call: Call) -> "JudgeOrder":
    from scaleplan.sweep.asked import JudgeOrder, RankBy

    return JudgeOrder(
        RankBy(call[BY]),
        counted(call, LEAST, 30, 1) or 30,
        counted(call, FOLDS, 5, 1, MOST_FOLDS) or 5,
        call[ROLLING],
        counted(call, TRIED, 0, 0) or 0,
        call[SEED] or 0,
    )


def _swept(call: Call, task: "Task", tapes: "Tapes", sample: int | None, *, by_signal: bool) -> Reply:
    from scaleplan.cli.talk import line_of, refusal
    from scaleplan.diagnostic import has_doubts
    from scaleplan.source import Unreachable
    from scaleplan.sweep.asked import SweepOrder
    from scaleplan.sweep.engines import WrongCluster
    from scaleplan.sweep.kept import OtherSweep
    from scaleplan.sweep.search import Bench

    whole = tapes.bars.bars
    if whole is None:
        raise AssertionError("what has errors was refused")
    bars = whole if task.bars.length == len(whole) else whole.part(0, task.bars.length)
    asked = SweepOrder(_judge(call), signal_baselines(call), dca_every_of(call))
    try:
        crew, task = crew_of(call, task, bars)
        bench = Bench(task, bars)
        try:
            swept = worked_off(call, bench, whole, crew, asked)
        finally:
            crew.close()
    except (WrongCluster, ImportError) as error:
        word = error if isinstance(error, WrongCluster) else "needs distributed: pip install 'scaleplan[cluster]'"
        return Reply("", f"scaleplan: --cluster: {word}\n", _USAGE)
    except OtherSweep as error:
        return Reply("", line_of(call[RESUME] or "", str(error)), _USAGE)
    except Unreachable as error:
        return Reply("", refusal(error), ExitCode.REFUSED)
    if swept.made is None:
        return Reply("", line_of(task.name, NO_PLAN_MADE), ExitCode.ERRORS)
    if swept.complete and sum(swept.judged.no_plan.values()) == swept.done:
        return _nothing_tried(call, bench, swept)
    view = _view(call, bench, whole, tapes, asked, swept, sample, by_signal=by_signal)
    doubted = call[STRICT] and has_doubts(view.diagnostics)
    code = ExitCode.ERRORS if doubted or swept.faults else ExitCode.OK
    return Reply(_out(call, view, call.screen.out), slow_words(task), code if swept.complete else INTERRUPTED)


def _nothing_tried(call: Call, bench: "Bench", swept: "Swept") -> Reply:
    """Returns what is wrong where no variant is a plan: there is nothing to judge then."""
    from scaleplan.cli.studied import written
    from scaleplan.cli.talk import line_of

    first = bench.task.grid.numbers[0]
    errors = list(bench.wrong(first))
    codes = ", ".join(f"{number:,} {code}" for code, number in swept.judged.no_plan.items())
    settings = ", ".join(f"{path}={value}" for path, value in bench.task.grid.settings(first).items())
    text = f"the one variant is no plan ({codes})" if swept.done == 1 else f"none of {swept.done:,} variants is a plan"
    if swept.done > 1:
        text += f" ({codes}); the first is {settings}"
    line = line_of(bench.task.name, text)
    talk = written(errors, call.screen.talk) + "\n" if errors else ""
    return Reply("", f"{talk}{line}", ExitCode.ERRORS)


def _view(  # noqa: PLR0913 - each is a part of it
    call: Call,
    bench: "Bench",
    whole: "Bars",
    tapes: "Tapes",
    asked: "SweepOrder",
    swept: "Swept",
    sample: int | None,
    *,
    by_signal: bool,
) -> "SweepView":
    from scaleplan.report.sweep.view import SweepView

    if swept.made is None:
        raise AssertionError("a sweep without a plan was refused")
    task = bench.task
    varied = next((axis for axis in task.grid.axes if axis.path == "signals"), None)
    signals = task.rule.text if task.rule is not None else " or ".join(varied.values) if varied is not None else ""
    return SweepView(
        task.name,
        swept.made.plan,
        by_signal,
        signals,
        tapes.bars_read,
        whole,
        task,
        asked,
        swept,
        call[HOLDOUT] or "",
        sample,
        tapes.diagnostics,
    )


def _out(call: Call, view: "SweepView", surface: Surface) -> str:
    format = call[FORMAT]
    if format == "json":
        from scaleplan.report.record import to_json
        from scaleplan.report.sweep.record import sweep_record

        return to_json(sweep_record(view))
    if format == "csv":
        from scaleplan.report.record_csv import csv_table
        from scaleplan.report.sweep.record import columns, variant_rows

        paths = frozenset(axis.path for axis in view.task.grid.axes)
        return csv_table(columns(view), paths, variant_rows(view))
    from scaleplan.cli.studied import paged
    from scaleplan.report.sweep.page import sweep_page

    return paged(lambda medium: [sweep_page(view, medium)], format, surface)
