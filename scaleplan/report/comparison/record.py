"""The record of a comparison of venues; the CSV has a row a venue and tier, with the figures of the JSON."""

from collections.abc import Iterator

from scaleplan.ladder import Rung
from scaleplan.questions.comparison import Comparison
from scaleplan.report.comparison.page import Shown, shown_rows
from scaleplan.report.record import Record, digits, of
from scaleplan.report.show.record import about, diagnostic_records
from scaleplan.study import Studied

#: The columns of the CSV, the same for every plan, and those in which the trader's own words stand.
COLUMNS = (
    *("file", "name", "symbol", "side", "venue", "own", "venue_symbol", "tier"),
    *("liquidation", "liquidation_price", "liquidation_past_stop", "liquidation_buffer"),
    *("maker", "taker", "fees", "as_of", "problems", "liquidation_not_before"),
)
TEXTS = frozenset({"file", "name", "symbol", "venue", "venue_symbol", "as_of", "problems"})


def comparison_record(study: Studied, comparison: Comparison | None) -> Record:
    """Returns the record of a comparison; of a plan that could not be read only the diagnostics are there."""
    absent = comparison.absent if comparison else ()
    return {
        **about(study, "compare-venues"),
        "size_taken_as": (comparison.in_quantity or None) if comparison else None,
        "venues": [_venue(row) for row in shown_rows(comparison)] if comparison else [],
        "not_compared": [
            {
                "venue": each.venue,
                "symbol": each.symbol or None,
                "reason": "no brackets" if each.symbol else "no symbol",
            }
            for each in absent
        ],
        "diagnostics": diagnostic_records(study),
    }


def comparison_rows(comparison: Comparison) -> Iterator[Record]:
    """Yields the rows of the CSV; a venue whose rules leave no figures has one, with what stands against it."""
    study = comparison.own.study
    if study.plan is None:
        return
    plan = {"file": study.file, "name": study.plan.name, "symbol": study.plan.symbol.text, "side": str(study.plan.side)}
    for row in shown_rows(comparison):
        venue = _venue(row)
        begin = {
            **plan,
            **{name: venue[name] for name in ("venue", "own", "as_of")},
            "venue_symbol": venue["symbol"],
            "maker": venue["fees"]["maker"],
            "taker": venue["fees"]["taker"],
            "fees": venue["fees"]["paid"],
            "problems": "; ".join(f"{each['code']} {each['message']}" for each in venue["problems"]),
        }
        if not venue["tiers"]:
            yield begin
        for tier in venue["tiers"]:
            yield {**begin, **{name: tier[name] for name in COLUMNS if name in tier}}


def _venue(row: Shown) -> Record:
    plan, ladder = row.plan, row.ladder
    model = plan.margin if plan else None
    fees = plan.fees if plan and plan.fees.written else None
    return {
        "venue": (row.row.venue or (plan.venue_name if plan else "")) or None,
        "own": not row.row.venue,
        "symbol": row.row.symbol or (plan.symbol.text if plan else None),
        "margin_model": model.name if model else None,
        "maintenance_on": str(model.maintenance_on) if model else None,
        "closing_fee": digits(model.closing_fee) if model else None,
        "as_of": (model.as_of or None) if model else None,
        "source": (model.source or None) if model else None,
        "fees": {
            "maker": digits(fees.maker) if fees else None,
            "taker": digits(fees.taker) if fees else None,
            "paid": digits(ladder.totals.fees) if ladder and fees else None,
        },
        "tiers": [_tier(step) for step in ladder.steps] if ladder else [],
        "problems": [
            {"code": each.code, "name": each.kind.name, "severity": str(each.severity), "message": each.message}
            for each in row.row.problems
        ],
    }


def _tier(step: Rung) -> Record:
    here = step.position
    return {
        "tier": step.tier,
        **of(here, "quantity", "average_entry"),
        "liquidation": str(here.liquidation.answer),
        "liquidation_price": digits(here.liquidation.price),
        "liquidation_not_before": digits(here.liquidation.not_before),
        "bracket": here.liquidation.bracket or None,
        **of(here, "liquidation_past_stop", "liquidation_buffer", "bankruptcy_price"),
    }
