"""The record of `replay`: both results with their events, the bars that leave something open, what it rests on.

The CSV has a row a trade, or with a curve a row a bar.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from scaleplan.replay import Manner
from scaleplan.replay.records import LimitFills
from scaleplan.replay.result import Between, ReplayEvent, ReplayResult
from scaleplan.replay.series import Series
from scaleplan.report.diagnostics.record import to_json_record
from scaleplan.report.record import FORMAT_VERSION, Record, digits, of
from scaleplan.report.replay.words import BarsRead, ReplayView, liquidation_unknown, step_words

_FIGURES = ("gross", "net", "net_r", "fees", "funding")
_SPANS = ("mae_r_least", "mae_r_most", "mfe_r_least", "mfe_r_most")
_RESULT = ("end", "tiers", "targets", *_FIGURES, *_SPANS)
#: The columns of the worst and the best of a trade.
RESULTS_COLUMNS = tuple(f"{which}_{name}" for which in ("worst", "best") for name in _RESULT)
#: The columns of the CSV of trades, and those in which the trader's own words stand.
COLUMNS = (
    *("file", "name", "symbol", "side", "bars", "from", "to", "undecided"),
    *RESULTS_COLUMNS,
)
TEXTS = frozenset({"file", "name", "symbol", "bars"})
#: The columns of the CSV of a curve.
CURVE_COLUMNS = ("time", "worst", "best")
_SECOND = 1_000_000_000


def iso(time: int) -> str:
    """Returns a moment, in nanoseconds, as ISO 8601 in UTC."""
    seconds, rest = divmod(time, _SECOND)
    written = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{written}.{rest:09d}".rstrip("0") + "Z" if rest else f"{written}Z"


def replay_record(view: ReplayView) -> Record:
    """Returns the record of a replay."""
    replay = view.replay
    forks = {(fork.series, fork.bar): fork for world in replay.worlds for fork in world.forks}
    return {
        "format_version": FORMAT_VERSION,
        "command": "replay",
        "file": view.study.file,
        "bars": bars_record(view.bars, replay.tape.bars, replay.start),
        "assumptions": _assumptions(view),
        "undecided": replay.undecided,
        "worst": _result(view, view.worst),
        "best": _result(view, view.best),
        "forks": [
            {**_place(view, *place), "ways": forks[place].ways}
            for place in sorted(forks, key=lambda place: _time(view, *place))
        ],
        "diagnostics": [to_json_record(diagnostic) for diagnostic in view.diagnostics],
    }


def bars_record(read: BarsRead, bars: Series, start: int = 0) -> Record:
    """Returns a file of bars, and what of it is walked over: from the bar at `start` on."""
    return {
        "file": read.name,
        "sha256": read.sha256,
        "from": iso(int(bars.time[start])),
        "to": iso(int(bars.time[len(bars) - 1])),
        "count": len(bars) - start,
        "step": step_words(bars.step_ns),
        "tz": read.tz,
        "dropped": read.dropped,
        "holes": read.holes,
    }


def finer_records(finer: Sequence[BarsRead], series: Sequence[Series]) -> list[Record]:
    """Returns the files of finer bars."""
    return [
        {"file": read.name, "sha256": read.sha256, "step": step_words(bars.step_ns)}
        for read, bars in zip(finer, series, strict=True)
    ]


def limits_record(manner: Manner) -> Record:
    """Returns when limits fill."""
    return {
        "limit": "both" if len(manner.limits) > 1 else str(manner.limits[0]),
        "through": digits(manner.through) if LimitFills.THROUGH in manner.limits else None,
    }


def _assumptions(view: ReplayView) -> Record:
    manner = view.replay.manner
    return {
        **limits_record(manner),
        "enter": "filled" if manner.filled else "open",
        "order": None if manner.order is None else str(manner.order),
        "mark": view.mark or "last",
        "funding": view.funding or ("plan" if view.plan.funding is not None else None),
        "finer": finer_records(view.finer, view.replay.tape.finer),
        "liquidation": "unknown" if liquidation_unknown(view.study.ladder) else "known",
        "jumps_inside_bars": "unknown",
    }


def _time(view: ReplayView, series: int, bar: int) -> int:
    return int((view.replay.tape.bars, *view.replay.tape.finer)[series].time[bar])


def _place(view: ReplayView, series: int, bar: int) -> Record:
    """Returns when and where a bar stands; of finer bars the line is that of their own file."""
    bars = (view.replay.tape.bars, *view.replay.tape.finer)[series]
    read = (view.bars, *view.finer)[series]
    return {"time": iso(int(bars.time[bar])), "file": read.name, "line": bars.line_of(bar)}


def _result(view: ReplayView, result: ReplayResult) -> Record:
    return {
        **result_record(result),
        "events": [_event(view, event) for event in result.events],
    }


def result_record(result: ReplayResult) -> Record:
    """Returns the figures of one result."""
    return {
        **of(result, "end", "tiers", "targets", *_FIGURES),
        "mae_r": span_record(result.mae_r),
        "mfe_r": span_record(result.mfe_r),
    }


def span_record(span: Between | None) -> list[str | None] | None:
    """Returns the least and the most of a figure; absent where it is."""
    return None if span is None else [digits(span.least), digits(span.most)]


def _event(view: ReplayView, event: ReplayEvent) -> Record:
    return {
        **_place(view, event.series, event.bar),
        "event": event.event,
        "at_open": event.at_open,
        **of(event, "level", "fill", "quantity", "average_entry", "stop"),
    }


def replay_row(view: ReplayView) -> Record:
    """Returns the row of the CSV: the trade with its worst and its best."""
    plan, bars = view.plan, view.replay.tape.bars
    row: Record = {
        "file": view.study.file,
        "name": plan.name,
        "symbol": plan.symbol.text,
        "side": str(plan.side),
        "bars": view.bars.name,
        "from": iso(int(bars.time[view.replay.start])),
        "to": iso(int(bars.time[len(bars) - 1])),
        "undecided": view.replay.undecided,
    }
    return row | results_row(view.worst, view.best)


def results_row(worst: ReplayResult, best: ReplayResult) -> Record:
    """Returns the worst and the best as columns of a row of the CSV."""
    row: Record = {}
    for which, result in (("worst", worst), ("best", best)):
        figures = of(result, "end", "targets", *_FIGURES) | {"tiers": " ".join(map(str, result.tiers))}
        for name, span in (("mae_r", result.mae_r), ("mfe_r", result.mfe_r)):
            figures[f"{name}_least"] = None if span is None else digits(span.least)
            figures[f"{name}_most"] = None if span is None else digits(span.most)
        row |= {f"{which}_{name}": value for name, value in figures.items()}
    return row


def curve_rows(view: ReplayView) -> Iterator[Record]:
    """Yields the rows of the CSV of the curve: equity at each close on the worst and on the best way."""
    from scaleplan.replay.curve import equity_curve  # noqa: PLC0415 - few ask for it

    for point in equity_curve(view.replay):
        yield {"time": iso(point.time), "worst": digits(point.worst), "best": digits(point.best)}
