"""The record of `sweep`: out of sample, luck, the verdict, and each variant; its CSV has a row a variant."""

from collections.abc import Iterator

from scaleplan.report.backtest.record import against_record, overlap_of
from scaleplan.report.diagnostics.record import to_json_record
from scaleplan.report.record import FORMAT_VERSION, Record, digits, of
from scaleplan.report.replay.record import bars_record, iso, limits_record
from scaleplan.report.sweep.view import SweepView
from scaleplan.sweep.judge import Fold, Luck, Pair, Ranked, Stretch
from scaleplan.sweep.records import written
from scaleplan.sweep.swept import Named

_LUCK = ("sharpe", "expected_best_sharpe", "deflated_sharpe", "overfit", "reality_check")


def sweep_record(view: SweepView) -> Record:
    """Returns the record of a sweep."""
    swept, judged, bars = view.swept, view.swept.judged, view.bars
    out = judged.out_of_sample
    held = swept.holdout
    return {
        "format_version": FORMAT_VERSION,
        "command": "sweep",
        "file": view.file,
        "bars": bars_record(view.read, bars),
        "assumptions": _assumptions(view),
        "seed": view.task.seed,
        "ranked": str(view.asked.judge.by),
        "tried": view.asked.judge.tried,
        "signals": {"rule": view.signals, "count": judged.signals},
        "asked": swept.asked,
        "finished": swept.done,
        "by_kernel": swept.by_kernel,
        "no_plan": dict(judged.no_plan),
        "out_of_sample": {
            "trades": out.trades,
            "worst": digits(written(out.worst)),
            "best": digits(written(out.best)),
            "ci": {"worst": _span(out.worst_ci), "best": _span(out.best_ci)},
            "folds": [_fold(view, fold) for fold in out.folds],
        },
        "luck": {**_luck(judged.luck[0]), "best": _luck(judged.luck[1])},
        "verdict": str(judged.verdict),
        "complete": swept.complete,
        "faults": list(swept.faults),
        "chosen": None if swept.chosen is None else _variant(view, swept.chosen),
        "neighbours": [_variant(view, each) for each in swept.neighbours],
        "as_written": None if swept.written is None else _variant(view, swept.written),
        "against": [against_record(each) for each in swept.against],
        "holdout": None
        if held is None
        else {
            "from": iso(int(bars.time[held.since])),
            **of(held, "trades", "worst", "best"),
            "ci": None if held.ci is None else [digits(held.ci.low), digits(held.ci.high)],
        },
        "variants": [_variant(view, each) for each in judged.variants],
        "diagnostics": [to_json_record(diagnostic) for diagnostic in view.diagnostics],
    }


def _assumptions(view: SweepView) -> Record:
    rules, judge = view.task.rules, view.asked.judge
    return {
        **limits_record(view.task.manner),
        "enter": "close" if rules.at_close else "open",
        "overlap": overlap_of(rules),
        "mark": "last",
        "least": judge.least,
        "folds": judge.folds,
        "rolling": judge.rolling,
        "holdout": view.holdout or None,
        "sample": view.sample,
        "jumps_inside_bars": "unknown",
    }


def _span(span: Pair) -> list[str | None] | None:
    return None if span is None else [digits(written(each)) for each in span]


def _fold(view: SweepView, fold: Fold) -> Record:
    return {
        "train": _stretch(fold.train),
        "test": _stretch(fold.test),
        "set": None if fold.number is None else view.settings(fold.number),
        "trades": fold.trades,
        "worst": digits(written(fold.worst)),
        "best": digits(written(fold.best)),
    }


def _stretch(stretch: Stretch) -> list[str]:
    return [iso(stretch.begin), iso(stretch.end)]


def _luck(luck: Luck) -> Record:
    return {name: digits(written(getattr(luck, name))) for name in _LUCK}


def _variant(view: SweepView, each: Named | Ranked) -> Record:
    return {"set": view.settings(each.number), **_figures(each)}


def _figures(each: Named | Ranked) -> Record:
    return {
        "trades": each.trades,
        "worst": digits(written(each.worst)),
        "best": digits(written(each.best)),
        "rank": each.rank,
    }


def columns(view: SweepView) -> tuple[str, ...]:
    """Returns the columns of the CSV: each place that is varied, and the figures."""
    return (*(axis.path for axis in view.task.grid.axes), "trades", "worst", "best", "rank")


def variant_rows(view: SweepView) -> Iterator[Record]:
    """Yields the rows of the CSV: a variant each."""
    for each in view.swept.judged.variants:
        yield {**view.settings(each.number), **_figures(each)}
