"""The record of one liquidation price: every step of its explanation, unrounded."""

from scaleplan.ladder.explanation import Explanation
from scaleplan.plan import MarginModel, Plan
from scaleplan.report.record import Record, digits, of
from scaleplan.report.show.record import about, diagnostic_records
from scaleplan.study import Studied

_BRACKET = ("above", "up_to", "rate", "deduction", "price", "value", "measured", "inside", "decides")
_DISTANCES = ("bankruptcy_price", "stop", "liquidation_distance", "liquidation_past_stop", "liquidation_buffer")


def explanation_record(study: Studied, explained: Explanation | None) -> Record:
    """Returns the record of one explanation; of a plan that could not be read only the diagnostics are there."""
    return {
        **about(study, "explain-liquidation"),
        "explanation": _explanation(study.plan, explained) if study.plan and explained else None,
        "diagnostics": diagnostic_records(study),
    }


def _explanation(plan: Plan, explained: Explanation) -> Record:
    standing = explained.standing
    return {
        **of(explained, "tier", "tiers"),
        "liquidation": str(standing.liquidation.answer),
        "liquidation_price": digits(standing.liquidation.price),
        "liquidation_not_before": digits(standing.liquidation.not_before),
        **of(explained, "at_once", "missing"),
        "model": None if plan.margin is None else _model(plan.margin),
        "position": {
            "fills": [of(fill, "price", "quantity") for fill in explained.fills],
            "quantity": digits(explained.position.quantity),
            "average_entry": digits(standing.average_entry),
            "value": digits(explained.position.cost),
            "entry_fees": digits(explained.position.entry_fees),
        },
        "margin": _margin(explained),
        "bracket_fixed_by": str(explained.fixing) if explained.fixing else None,
        "brackets": [{"bracket": row.number, **of(row, *_BRACKET)} for row in explained.brackets],
        "check": _check(explained),
        **of(standing, *_DISTANCES),
        "shortcuts": [
            {
                "bracket": shortcut.number,
                **of(shortcut, "rate", "price"),
                "too_far_by": digits(shortcut.off),
                "too_far_by_fraction": digits(shortcut.off_fraction),
            }
            for shortcut in explained.shortcuts
        ],
    }


def _model(model: MarginModel) -> Record:
    return {
        "name": model.name,
        "as_of": model.as_of or None,
        "source": model.source or None,
        **of(model, "maintenance_on", "bracket_by", "closing_fee", "reserve"),
        "per_contract": digits(model.per_contract) if model.per_contract else None,
    }


def _margin(explained: Explanation) -> Record:
    backing = explained.backing
    return {
        "from": str(backing.ground),
        **of(backing, "amount", "value", "leverage"),
        "extra_margin": digits(backing.extra),
        "bankruptcy_fee": digits(backing.closing),
        **of(backing, "contracts", "per_contract", "equity", "reserved"),
        "entry_fees": digits(backing.fees),
    }


def _check(explained: Explanation) -> Record | None:
    check = explained.check
    if check is None:
        return None
    return {
        **of(check, "price", "value", "margin", "pnl"),
        "margin_and_pnl": digits(check.held),
        "bracket": check.number,
        **of(check, "rate", "taken_of", "deduction", "maintenance", "closing_fee", "reserve"),
        "asked_for": digits(check.asked),
    }
