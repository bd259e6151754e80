"""The record of `backtest`: signals, trades, metrics, equity and baselines; its CSV has a row a trade, or a bar."""

from collections.abc import Iterator
from decimal import Decimal

from scaleplan.book.baselines import Against
from scaleplan.book.equity import Drawdown
from scaleplan.book.metrics import Group, Interval, Metrics
from scaleplan.book.rules import Rules
from scaleplan.book.trades import SignalTrade
from scaleplan.report.backtest.view import BacktestView
from scaleplan.report.diagnostics.record import to_json_record
from scaleplan.report.record import FORMAT_VERSION, Record, digits, of
from scaleplan.report.replay.record import (
    RESULTS_COLUMNS,
    bars_record,
    finer_records,
    iso,
    limits_record,
    result_record,
    results_row,
    span_record,
)
from scaleplan.report.replay.words import liquidation_unknown

_TRADE = ("time", "side", "r", "undecided")
COLUMNS = (*_TRADE, *RESULTS_COLUMNS)
TEXTS = frozenset[str]()
CURVE_COLUMNS = ("time", "worst", "best")


def backtest_record(view: BacktestView) -> Record:
    """Returns the record of a backtest."""
    return {
        "format_version": FORMAT_VERSION,
        "command": "backtest",
        "file": view.file,
        "bars": bars_record(view.bars, view.tape.bars),
        "assumptions": _assumptions(view),
        "seed": view.asked.seed,
        "signals": {"rule": view.asked.rule.text, **view.found.book.counts._asdict()},
        "undecided": view.undecided,
        "live": digits(view.found.book.live),
        "alone": None if view.found.alone is None else of(view.found.alone, "worst", "best", "trades", "undecided"),
        "trades": [_trade(view, trade) for trade in view.trades],
        "metrics": {name: _metrics(each) for name, each in zip(("worst", "best"), view.found.metrics, strict=True)},
        "equity": list(curve_rows(view, every=False)),
        "against": [against_record(each) for each in view.found.against],
        "diagnostics": [to_json_record(diagnostic) for diagnostic in view.diagnostics],
    }


def _assumptions(view: BacktestView) -> Record:
    manner, rules = view.manner, view.asked.rules
    return {
        **limits_record(manner),
        "enter": "close" if rules.at_close else "open",
        "order": None if manner.order is None else str(manner.order),
        "overlap": overlap_of(rules),
        "compound": rules.compound,
        "mark": view.mark or "last",
        "funding": view.funding or ("plan" if view.plan.funding is not None else None),
        "finer": finer_records(view.finer, view.tape.finer),
        "dca_every_minutes": view.asked.dca_every,
        "liquidation": "unknown" if any(liquidation_unknown(side.made.ladder) for side in view.sides) else "known",
        "jumps_inside_bars": "unknown",
    }


def overlap_of(rules: Rules) -> str | int:
    """Returns how many plans may be live at once, as `--overlap` has it."""
    return "all" if rules.overlap is None else "none" if rules.overlap == 1 else rules.overlap


def _time(view: BacktestView, bar: int) -> str:
    return iso(int(view.tape.bars.time[bar]))


def _trade(view: BacktestView, trade: SignalTrade) -> Record:
    return {
        "time": _time(view, trade.signal.bar),
        "side": str(trade.worst.made.plan.side),
        "r": digits(trade.worst.made.ladder.totals.r),
        "undecided": trade.undecided,
        "worst": result_record(trade.worst.result),
        "best": result_record(trade.best.result),
    }


def _interval(span: Interval | None) -> list[str | None] | None:
    return None if span is None else [digits(span.low), digits(span.high)]


def _pair(pair: tuple[Decimal, Decimal] | None) -> list[str | None] | None:
    return None if pair is None else [digits(pair[0]), digits(pair[1])]


def _metrics(found: Metrics) -> Record:
    names = ("expectancy", "win_rate", "profit_factor", "payoff", "expectancy_funded", "fees")
    equity = found.equity
    return {
        **of(found, *names),
        "ci": _interval(found.ci),
        "tiers_filled": [_group(group) for group in found.tiers_filled],
        "ends": [_group(group) for group in found.ends],
        "mae_r": span_record(found.mae_r),
        "mfe_r": span_record(found.mfe_r),
        "capture": digits(found.capture),
        "net": digits(equity.net),
        "funding": digits(equity.funding),
        "drawdown": _drawdown(equity.drawdown),
        "intrabar_drawdown": _drawdown(equity.intrabar_drawdown),
        "exposure": digits(equity.exposure),
        "sharpe": None if equity.ratios.sharpe is None else str(round(Decimal(repr(equity.ratios.sharpe)), 6)),
        "sortino": None if equity.ratios.sortino is None else str(round(Decimal(repr(equity.ratios.sortino)), 6)),
    }


def _group(group: Group) -> Record:
    return {"name": group.name, "trades": group.trades, "mean_r": digits(group.mean_r)}


def _drawdown(fall: Drawdown | None) -> Record | None:
    if fall is None:
        return None
    since = None if fall.since is None else iso(fall.since)
    return {"amount": digits(fall.amount), "ratio": digits(fall.ratio), "from": since, "to": iso(fall.until)}


def against_record(each: Against) -> Record:
    """Returns a baseline."""
    return {
        "name": str(each.name),
        **of(each, "trades", "worst", "best", "own_worst", "own_best"),
        "difference": _pair(each.better),
        "bounds": _pair(each.bounds),
        "ci": _interval(each.ci),
        "undecided": each.undecided,
        "rank": _pair(each.rank),
    }


def trade_rows(view: BacktestView) -> Iterator[Record]:
    """Yields the rows of the CSV: a trade with its worst and its best."""
    for trade in view.trades:
        record = _trade(view, trade)
        yield {name: record[name] for name in _TRADE} | results_row(trade.worst.result, trade.best.result)


def curve_rows(view: BacktestView, *, every: bool = True) -> Iterator[Record]:
    """Yields equity at each close; without `every` only where it is another than at the close before."""
    worst, best = view.found.equities
    bars = range(len(view.tape.bars)) if every else sorted({*worst.changes(), *best.changes()})
    for bar in bars:
        yield {"time": _time(view, bar), "worst": digits(worst.at(bar)), "best": digits(best.at(bar))}
