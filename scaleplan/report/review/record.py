"""The record of a review; its CSV has a row a trade."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from scaleplan.diagnostic import Diagnostic
from scaleplan.quantity.number import significant
from scaleplan.questions.review import Review
from scaleplan.report.diagnostics.record import to_json_record
from scaleplan.report.record import FORMAT_VERSION, Record, digits, of
from scaleplan.review import STEPS, TradeReview
from scaleplan.review.summary import ReviewSummary
from scaleplan.statistics.intervals import MeanDifference, MeanInterval
from scaleplan.trade.play import text_of

#: Digits of what is no sum: t and z have fifteen.
_DIGITS = 12
COLUMNS = (
    *("trade", "closed_at", "symbol", "settle", "tiers", "targets", "end", "net", "r"),
    *(f"{step}_r" for step in STEPS),
    *("lump_same_size_r", "lump_same_risk_r", "fees", "slippage", "funding"),
    *("followed", "applicable", "deviations", "mae_r", "mfe_r"),
)
TEXTS = frozenset({"symbol", "settle"})


def review_record(found: Review, diagnostics: Sequence[Diagnostic] = ()) -> Record:
    """Returns the record of a review; `diagnostics` are those of the bars."""
    summary, wanted = found.summary, found.wanted
    return {
        "format_version": FORMAT_VERSION,
        "command": "review",
        "filter": {
            "trades": None if wanted.rows is None else [f"T{row.number}" for row in wanted.rows],
            "since": None if wanted.since is None else text_of(wanted.since),
            "until": None if wanted.until is None else text_of(wanted.until),
            "symbol": wanted.symbol,
            "style": wanted.style,
        },
        "counts": {**found.counts._asdict(), "without_r": summary.without_r},
        "expectancy": _expectancy(summary),
        "wins": _wins(summary),
        "worst": {"run": summary.worst.run, "fall": digits(summary.worst.fall)},
        "by_tiers": [
            {
                "tiers": group.tiers,
                "trades": group.done.values,
                "planned": _statistic(group.planned),
                **_mean(group.done),
                "sum": digits(group.sum),
            }
            for group in summary.tiers
        ],
        "by_target": [group._asdict() for group in summary.targets],
        "waterfall": _waterfall(summary),
        "spacing": _spacing(summary),
        "adherence": _adherence(summary),
        "costs": [
            {"settle": costs.settle, "trades": costs.trades, **of(costs.money), **_prefixed(of(costs.in_r), "_r")}
            for costs in summary.costs
        ],
        "excursions": _excursions(summary),
        "intervals": summary.intervals,
        "trades": [trade_values(trade) for trade in summary.trades],
        "diagnostics": [to_json_record(diagnostic) for diagnostic in diagnostics],
    }


def _prefixed(record: Record, end: str) -> Record:
    return {f"{name}{end}": value for name, value in record.items()}


def _statistic(value: Decimal | None) -> str | None:
    """Returns a figure that is no sum, to twelve digits."""
    return None if value is None else digits(significant(value, _DIGITS))


def _mean(found: MeanInterval | None) -> Record:
    names = ("mean", "sd", "low", "high")
    return {name: None if found is None else _statistic(getattr(found, name)) for name in names}


def _difference(found: MeanDifference | None) -> Record | None:
    return None if found is None else {name: _statistic(value) for name, value in found._asdict().items()}


def _expectancy(summary: ReviewSummary) -> Record:
    found = summary.expectancy
    needed = None if found is None else _statistic(found.needed)
    return {**_mean(found), "needed": needed, "sum": digits(summary.sum)}


def _wins(summary: ReviewSummary) -> Record | None:
    wins = summary.wins
    if wins is None:
        return None
    return {
        "count": wins.won,
        "share": _statistic(wins.share.share),
        "low": _statistic(wins.share.low),
        "high": _statistic(wins.share.high),
        "pays": _statistic(wins.pays),
        "needs": _statistic(wins.needs),
    }


def _waterfall(summary: ReviewSummary) -> Record | None:
    if not summary.waterfall:
        return None
    steps = {name: digits(step) for name, step in zip(STEPS, summary.waterfall, strict=True)}
    return {**steps, "done": digits(summary.sum)}


def _spacing(summary: ReviewSummary) -> Record | None:
    spacing = summary.spacing
    if spacing is None:
        return None
    return {
        "same_size": _mean(spacing.same_size),
        "same_risk": _mean(spacing.same_risk) if spacing.same_risk is not None else None,
        "at_fair_price": _statistic(spacing.at_fair),
        "by_end": [of(group) for group in (*spacing.groups, spacing.all)],
    }


def _adherence(summary: ReviewSummary) -> Record:
    found = summary.adherence
    return {
        "followed": found.followed,
        "applicable": found.applicable,
        "parts": [
            {"part": str(part.check), "followed": part.followed, "applicable": part.applicable} for part in found.parts
        ],
        "clean": None if found.clean is None else {"trades": found.clean.values, **_mean(found.clean)},
        "deviating": None if found.deviating is None else {"trades": found.deviating.values, **_mean(found.deviating)},
        "difference": _difference(found.difference),
    }


def _excursions(summary: ReviewSummary) -> Record | None:
    found = summary.excursions
    if found is None:
        return None
    figures = {name: _statistic(getattr(found, name)) for name in ("mae", "mfe", "kept")}
    return {"trades": found.trades, **figures, "bars_left_out": found.left_out}


def trade_values(trade: TradeReview) -> Record:
    """Returns what is said of one trade in a review of many."""
    lump, excursion = trade.lump, trade.excursion
    steps = zip(STEPS, trade.steps.steps, strict=True)
    return {
        "trade": f"T{trade.number}",
        "id": trade.id,
        "closed_at": text_of(trade.closed_at),
        "zone": trade.zone,
        "symbol": trade.symbol,
        "settle": trade.settle,
        "tiers": list(trade.tiers),
        "targets": trade.hits,
        "end": str(trade.end),
        "one_r": digits(trade.one_r),
        "net": digits(trade.net),
        "r": digits(trade.r),
        **{f"{name}_r": digits(trade.in_r(step)) for name, step in steps},
        "lump_same_size_r": digits(trade.in_r(lump.same_size)),
        "lump_same_risk_r": digits(trade.in_r(lump.same_risk)),
        **of(trade.costs),
        "followed": trade.followed,
        "applicable": trade.applicable,
        "deviations": list(dict.fromkeys(trade.reported)),
        "mae_r": None if excursion is None else digits(trade.in_r(excursion.worst)),
        "mfe_r": None if excursion is None else digits(trade.in_r(excursion.best)),
    }


def trade_rows(found: Review) -> Iterator[Record]:
    """Yields the rows of the CSV, a trade each."""
    for trade in found.summary.trades:
        values = trade_values(trade)
        row: Record = {name: values[name] for name in COLUMNS}
        yield row | {name: " ".join(map(str, values[name])) for name in ("tiers", "deviations")}
