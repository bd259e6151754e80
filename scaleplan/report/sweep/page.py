"""The page of `sweep`: what it brings where it was not chosen, what luck gives, the verdict, who is near the best."""

from collections.abc import Iterator
from decimal import Decimal

from scaleplan.quantity.number import counted
from scaleplan.quantity.rounding import rounded
from scaleplan.report.backtest.assumptions import entry_fact
from scaleplan.report.backtest.page import against_table, head_of
from scaleplan.report.figures import UNKNOWN, r_pair
from scaleplan.report.page import (
    UNLIMITED,
    Cell,
    Fact,
    FactList,
    Heading,
    Medium,
    Page,
    Part,
    Role,
    Sentence,
    Table,
    Title,
    column,
    table_of,
)
from scaleplan.report.replay.words import JUMPS, limit_words, moment, step_words
from scaleplan.report.sweep.view import SweepView
from scaleplan.report.visible import visible
from scaleplan.sweep.asked import RankBy
from scaleplan.sweep.judge import Fold, SweepVerdict
from scaleplan.sweep.records import written
from scaleplan.sweep.swept import Named

_MARKS = {SweepVerdict.LUCK: Role.ALARM, SweepVerdict.UNDECIDED: Role.CAUTION, SweepVerdict.STANDS: Role.STRONG}
_BY = {
    RankBy.EXPECTANCY: "mean R",
    RankBy.PROFIT_FACTOR: "profit factor",
    RankBy.SHARPE: "the Sharpe ratio of its trades",
    RankBy.NET: "net result",
}


def sweep_page(view: SweepView, medium: Medium) -> Page:
    """Returns what came of a sweep; `medium` changes nothing but how the lead stands."""
    parts: list[Part] = [Title(head_of(view.plan, view.bars, by_signal=view.by_signal))]
    parts += [
        Sentence((Cell(text, role),), lead=not medium.document, limit=UNLIMITED, hang=0) for text, role in _count(view)
    ]
    parts.append(FactList(tuple(_answer(view))))
    if view.swept.chosen is not None or view.swept.written is not None:
        parts += [Heading("Variants"), _variants(view)]
    if view.swept.against:
        parts += [Heading("Against"), against_table(view.swept.against)]
    if view.swept.judged.out_of_sample.folds:
        parts += [Heading("Folds"), _folds(view)]
    parts += [Heading("Luck"), _luck(view)]
    parts += [Heading("What it rests on"), FactList(tuple(_rests_on(view)))]
    lead = Sentence((Cell(verdict_words(view), _MARKS[view.swept.judged.verdict]),), limit=UNLIMITED)
    return Page(tuple(parts), view.diagnostics, lead if view.diagnostics else None)


def _count(view: SweepView) -> Iterator[tuple[str, Role]]:
    """Yields how much was tried, and what of it could not be."""
    swept, judged = view.swept, view.swept.judged
    text = f"{counted(swept.done, 'variant')} on {counted(judged.signals, 'signal')} ({visible(view.signals)})"
    whole = view.task.grid.whole
    if view.sample is not None and swept.asked < whole:
        text += f", drawn from {whole:,}"
    few = swept.done - sum(judged.no_plan.values()) - judged.ranked
    if few:
        text += f"; {few:,} with fewer than {counted(view.asked.judge.least, 'trade')} not ranked"
    if judged.no_plan:
        text += "; left out: " + ", ".join(f"{number:,} no plan ({code})" for code, number in judged.no_plan.items())
    yield text, Role.PLAIN
    if not swept.complete:
        share = rounded(Decimal(100 * swept.done) / max(swept.asked, 1), 0)
        yield f"stopped with {swept.done:,} of {swept.asked:,} variants finished ({share:f}%)", Role.CAUTION
    for fault in swept.faults:
        yield f"fault: kernel and exact machine differ, which is a bug: {visible(fault)}", Role.ALARM


def _answer(view: SweepView) -> Iterator[Fact]:
    yield Fact("out of sample", out_words(view))
    yield Fact("in sample", _in_words(view))
    yield Fact("verdict", verdict_words(view), _MARKS[view.swept.judged.verdict])
    held = view.swept.holdout
    if held is not None:
        since = moment(int(view.bars.time[held.since]))
        text = f"{r_pair(held.worst, held.best)} a trade" if held.worst is not None else "no trade"
        if held.ci is not None:
            text += f", 95% {r_pair(held.ci.low, held.ci.high)}"
        yield Fact("held out", f"{text}: {counted(held.trades, 'trade')} since {since}")


def out_words(view: SweepView) -> str:
    """Returns what the joined test trades brought, and how sure that is."""
    out = view.swept.judged.out_of_sample
    worst, best = written(out.worst), written(out.best)
    if worst is None or best is None:
        return "no trade: no block of time before another had a variant with trades enough"
    text = f"{r_pair(worst, best)} a trade"
    spans = out.worst_ci, out.best_ci
    if spans[0] is None or spans[1] is None:
        text += ", no interval: trades are too few"
    else:
        low, high = written(min(spans[0][0], spans[1][0])), written(max(spans[0][1], spans[1][1]))
        text += f", 95% {r_pair(low, high)}"
    text += f": {counted(out.trades, 'trade')} in {counted(sum(fold.number is not None for fold in out.folds), 'fold')}"
    idle = sum(fold.number is None for fold in out.folds)
    least = counted(view.asked.judge.least, "trade")
    return f"{text}; {counted(idle, 'fold')} without a variant of {least}" if idle else text


def _in_words(view: SweepView) -> str:
    judged, chosen = view.swept.judged, view.swept.chosen
    if chosen is None:
        return f"no variant had {counted(view.asked.judge.least, 'trade')} or more: nothing is ranked"
    worst = judged.luck[0]
    count = judged.ranked + view.asked.judge.tried
    return (
        f"the best made {r_pair(written(chosen.worst), written(chosen.best))}; by luck the best of {count:,} has a "
        f"Sharpe ratio of {_number(worst.expected_best_sharpe)}, this one {_number(worst.sharpe)}"
    )


def verdict_words(view: SweepView) -> str:
    """Returns the verdict and the figures that it rests on: of the best results for luck, else of the worst."""
    judged = view.swept.judged
    luck = judged.luck[1 if judged.verdict is SweepVerdict.LUCK else 0]
    words = [f"deflated Sharpe ratio {_number(luck.deflated_sharpe)}"]
    if luck.overfit is None:
        words.append("overfitting not known: too few signals or variants")
    else:
        words.append(f"overfit in {_percent(luck.overfit)} of 12,870 splits")
    out = judged.out_of_sample
    span = out.best_ci if judged.verdict is SweepVerdict.LUCK else out.worst_ci
    if span is not None and span[0] <= 0:
        words.append(f"an interval from {r_pair(written(span[0]), written(span[0]))} out of sample")
    elif span is None and judged.verdict is SweepVerdict.UNDECIDED:
        words.append("no interval out of sample")
    more = {
        SweepVerdict.LUCK: " at best",
        SweepVerdict.UNDECIDED: " at worst; finer bars, or more trades, would tell",
        SweepVerdict.STANDS: "",
    }
    return f"{judged.verdict}: {', '.join(words)}{more[judged.verdict]}"


def _number(value: object) -> str:
    number = written(value)  # type: ignore[arg-type]
    return UNKNOWN if number is None else f"{rounded(number, 2):f}"


def _percent(value: object) -> str:
    number = written(value)  # type: ignore[arg-type]
    return UNKNOWN if number is None else f"{rounded(100 * number, 0):f}%"


# Tables


def _set_words(view: SweepView, number: int | None, beside: int | None = None) -> str:
    """Returns what a variant sets; beside another, what it sets otherwise."""
    other = view.settings(beside)
    return visible(
        ", ".join(f"{path}={value}" for path, value in view.settings(number).items() if other.get(path) != value)
    )


def _variants(view: SweepView) -> Table:
    """Returns the chosen variant, those one step away, and the template as written."""
    swept = view.swept
    rows: list[tuple[str, str, Named]] = []
    if swept.chosen is not None:
        rows.append(("chosen", _set_words(view, swept.chosen.number), swept.chosen))
        rows += [("a step away", _set_words(view, each.number, swept.chosen.number), each) for each in swept.neighbours]
    if swept.written is not None:
        rows.append(("as written", "", swept.written))
    return Table(
        (
            column("variant", [row[0] for row in rows], left=True),
            column("sets", [row[1] for row in rows], left=True),
            column("trades", [f"{row[2].trades:,}" for row in rows]),
            column("R a trade", [r_pair(written(row[2].worst), written(row[2].best)) for row in rows]),
            column("rank", [UNKNOWN if row[2].rank is None else f"{row[2].rank:,}" for row in rows]),
        )
    )


def _folds(view: SweepView) -> Table:
    folds = view.swept.judged.out_of_sample.folds
    return Table(
        (
            column("traded from", [moment(fold.test.begin) for fold in folds], left=True),
            column("chosen before", [_fold_set(view, fold) for fold in folds], left=True),
            column("trades", [f"{fold.trades:,}" for fold in folds]),
            column("R a trade", [r_pair(written(fold.worst), written(fold.best)) for fold in folds]),
        )
    )


def _fold_set(view: SweepView, fold: Fold) -> str:
    if fold.number is None:
        return f"none had {counted(view.asked.judge.least, 'trade')}"
    return _set_words(view, fold.number)


def _luck(view: SweepView) -> Table:
    both = view.swept.judged.luck
    rows = [
        ("Sharpe ratio a signal", *(_number(each.sharpe) for each in both)),
        ("the best by luck", *(_number(each.expected_best_sharpe) for each in both)),
        ("deflated", *(_number(each.deflated_sharpe) for each in both)),
        ("overfit", *(_percent(each.overfit) for each in both)),
        ("reality check", *(_number(each.reality_check) for each in both)),
    ]
    return table_of(("luck", "worst", "best"), rows)


def _rests_on(view: SweepView) -> Iterator[Fact]:
    """Yields what the figures rest on, and what they cannot know."""
    task, judge, swept, read = view.task, view.asked.judge, view.swept, view.read
    bars = [visible(read.name), f"{len(view.bars):,} of {step_words(view.bars.step_ns)}"]
    bars += [f"{counted(read.dropped, 'bad bar')} left out"] if read.dropped else []
    bars += [counted(read.holes, "hole")] if read.holes else []
    yield Fact("bars", ", ".join(bars))
    ranked = f"by {_BY[judge.by]}, at worst, of {counted(judge.least, 'trade')} or more"
    yield Fact("ranked", f"{ranked}; {judge.tried:,} tried before count as luck too" if judge.tried else ranked)
    before = "the block before alone" if judge.rolling else "all blocks before"
    yield Fact("folds", f"{judge.folds + 1} blocks of time; the best of {before} trades the next")
    if view.holdout:
        yield Fact("held out", f"{visible(view.holdout)} of the bars, at the end, from all but that line above")
    yield Fact("limits", limit_words(task.manner.limits, f"{task.manner.through:f}", two_results=False))
    yield entry_fact(task.rules)
    yield Fact("size", "solved anew at each signal, from equity at the start")
    yield Fact("search", _search_words(swept.by_kernel, swept.done))
    yield Fact("seed", str(task.seed))
    yield Fact("unknown", JUMPS)


def _search_words(by_kernel: int, done: int) -> str:
    if not by_kernel:
        return "by the exact machine alone"
    exactly = "what is named here was done again exactly"
    if by_kernel == done:
        return f"in doubles; {exactly}"
    return f"{by_kernel:,} variants in doubles, {done - by_kernel:,} by the exact machine; {exactly}"
