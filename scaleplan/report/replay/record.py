"""The record of `replay`: both results with their events, the bars that leave something open, what it rests on.

The CSV has a row a trade, or with a curve a row a bar.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from scaleplan.replay.records import LimitFills
from scaleplan.replay.result import Between, ReplayEvent, ReplayResult
from scaleplan.report.diagnostics.record import to_json_record
from scaleplan.report.record import FORMAT_VERSION, Record, digits, of
from scaleplan.report.replay.words import BarsRead, ReplayView, liquidation_unknown, step_words

_FIGURES = ("gross", "net", "net_r", "fees", "funding")
_SPANS = ("mae_r_least", "mae_r_most", "mfe_r_least", "mfe_r_most")
_RESULT = ("end", "tiers", "targets", *_FIGURES, *_SPANS)
#: The columns of the CSV of trades, and those in which the trader's own words stand.
COLUMNS = (
    *("file", "name", "symbol", "side", "bars", "from", "to", "undecided"),
    *(f"{which}_{name}" for which in ("worst", "best") for name in _RESULT),
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
    bars = replay.tape.bars
    forks = {(fork.series, fork.bar): fork for world in replay.worlds for fork in world.forks}
    return {
        "format_version": FORMAT_VERSION,
        "command": "replay",
        "file": view.study.file,
        "bars": {
            "file": view.bars.name,
            "sha256": view.bars.sha256,
            "from": iso(int(bars.time[replay.start])),
            "to": iso(int(bars.time[len(bars) - 1])),
            "count": len(bars) - replay.start,
            "step": step_words(bars.step_ns),
            "tz": view.bars.tz,
            "dropped": view.bars.dropped,
            "holes": view.bars.holes,
        },
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


def _assumptions(view: ReplayView) -> Record:
    manner = view.replay.manner
    limits = "both" if len(manner.limits) > 1 else str(manner.limits[0])
    return {
        "limit": limits,
        "through": digits(manner.through) if LimitFills.THROUGH in manner.limits else None,
        "enter": "filled" if manner.filled else "open",
        "order": None if manner.order is None else str(manner.order),
        "mark": view.mark or "last",
        "funding": view.funding or ("plan" if view.plan.funding is not None else None),
        "finer": [_finer(finer, step) for finer, step in zip(view.finer, _steps(view), strict=True)],
        "liquidation": "unknown" if liquidation_unknown(view.study.ladder) else "known",
        "jumps_inside_bars": "unknown",
    }


def _steps(view: ReplayView) -> list[str]:
    return [step_words(series.step_ns) for series in view.replay.tape.finer]


def _finer(finer: BarsRead, step: str) -> Record:
    return {"file": finer.name, "sha256": finer.sha256, "step": step}


def _time(view: ReplayView, series: int, bar: int) -> int:
    return int((view.replay.tape.bars, *view.replay.tape.finer)[series].time[bar])


def _place(view: ReplayView, series: int, bar: int) -> Record:
    """Returns when and where a bar stands; of finer bars the line is that of their own file."""
    bars = (view.replay.tape.bars, *view.replay.tape.finer)[series]
    read = (view.bars, *view.finer)[series]
    return {"time": iso(int(bars.time[bar])), "file": read.name, "line": bars.line_of(bar)}


def _result(view: ReplayView, result: ReplayResult) -> Record:
    return {
        **of(result, "end", "tiers", "targets", *_FIGURES),
        "mae_r": span_record(result.mae_r),
        "mfe_r": span_record(result.mfe_r),
        "events": [_event(view, event) for event in result.events],
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
    for which, result in (("worst", view.worst), ("best", view.best)):
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
