"""A comparison of venues for other programs: one JSON record, or one row a venue and tier for spreadsheets."""

from collections.abc import Iterator

from scaleplan.ladder import Rung
from scaleplan.plan import Plan
from scaleplan.questions.comparison import Comparison
from scaleplan.report.comparison.page import Shown, shown_rows
from scaleplan.report.record_csv import csv_table
from scaleplan.report.show.record import Record, digits, show_record
from scaleplan.study import Studied

#: The columns of the CSV, the same for every plan.
COLUMNS = (
    "file",
    "name",
    "symbol",
    "side",
    "venue",
    "own",
    "venue_symbol",
    "tier",
    "liquidation",
    "liquidation_price",
    "liquidation_past_stop",
    "liquidation_buffer",
    "maker",
    "taker",
    "fees",
    "as_of",
    "problems",
)
_TEXTS = frozenset({"file", "name", "symbol", "venue", "venue_symbol", "as_of", "problems"})


def comparison_record(study: Studied, comparison: Comparison | None) -> Record:
    """The record of a comparison; of a plan that could not be read only the diagnostics are there."""
    shown = show_record(study)
    return {
        "format_version": shown["format_version"],
        "command": "compare-venues",
        "file": shown["file"],
        "plan": shown["plan"],
        "units": shown["units"],
        "size_taken_as": (comparison.in_quantity or None) if comparison else None,
        "venues": [_venue(row) for row in shown_rows(comparison)] if comparison else [],
        "not_compared": [
            {"venue": one.venue, "symbol": one.symbol or None, "reason": "no brackets" if one.symbol else "no symbol"}
            for one in comparison.absent
        ]
        if comparison
        else [],
        "diagnostics": shown["diagnostics"],
    }


def comparison_csv(comparison: Comparison) -> str:
    """All rows as one table; a venue whose rules leave no figures has one row, with what stands against it."""
    plan, own = comparison.own.study.plan, comparison.own.study.file
    shown = shown_rows(comparison) if plan is not None else ()
    return csv_table(COLUMNS, _TEXTS, (record for row in shown if plan for record in _rows(own, plan, row)))


def _venue(row: Shown) -> Record:
    plan, ladder = row.plan, row.ladder
    model = plan.margin if plan else None
    known = plan is not None and plan.fees.written
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
            "maker": digits(plan.fees.maker) if plan and known else None,
            "taker": digits(plan.fees.taker) if plan and known else None,
            "paid": digits(ladder.totals.fees) if ladder and known else None,
        },
        "tiers": [_tier(step) for step in ladder.steps] if ladder else [],
        "problems": [
            {"code": one.code, "name": one.kind.name, "severity": str(one.severity), "message": one.message}
            for one in row.row.problems
        ],
    }


def _tier(step: Rung) -> Record:
    standing = step.position
    return {
        "tier": step.tier,
        "quantity": digits(standing.quantity),
        "average_entry": digits(standing.average_entry),
        "liquidation": str(standing.liquidation.answer),
        "liquidation_price": digits(standing.liquidation.price),
        "bracket": standing.liquidation.bracket or None,
        "liquidation_past_stop": digits(standing.liquidation_past_stop),
        "liquidation_buffer": digits(standing.liquidation_buffer),
        "bankruptcy_price": digits(standing.bankruptcy_price),
    }


def _rows(file: str, plan: Plan, row: Shown) -> Iterator[Record]:
    found = _venue(row)
    about = {
        "file": file,
        "name": plan.name,
        "symbol": plan.symbol.text,
        "side": str(plan.side),
        "venue": found["venue"],
        "own": found["own"],
        "venue_symbol": found["symbol"],
        "maker": found["fees"]["maker"],
        "taker": found["fees"]["taker"],
        "fees": found["fees"]["paid"],
        "as_of": found["as_of"],
        "problems": "; ".join(f"{one['code']} {one['message']}" for one in found["problems"]),
    }
    if not found["tiers"]:
        yield about
    for tier in found["tiers"]:
        yield {**about, **{name: tier[name] for name in COLUMNS if name in tier}}
