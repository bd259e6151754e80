"""The explanation of one liquidation price as the record that other programs read: every step, unrounded."""

from scaleplan.ladder.explanation import Explanation
from scaleplan.plan import Plan
from scaleplan.report.show.record import Record, digits, show_record
from scaleplan.study import Studied


def explanation_record(study: Studied, told: Explanation | None) -> Record:
    """The record of one explanation; of a plan that could not be read only the diagnostics are there."""
    shown = show_record(study)
    plan = study.plan
    return {
        "format_version": shown["format_version"],
        "command": "explain-liquidation",
        "file": shown["file"],
        "plan": shown["plan"],
        "units": shown["units"],
        "explanation": _explanation(plan, told) if plan and told else None,
        "diagnostics": shown["diagnostics"],
    }


def _explanation(plan: Plan, told: Explanation) -> Record:
    model, standing = plan.margin, told.standing
    return {
        "tier": told.tier,
        "tiers": told.tiers,
        "liquidation": str(standing.liquidation.answer),
        "liquidation_price": digits(standing.liquidation.price),
        "at_once": told.at_once,
        "missing": [str(one) for one in told.missing],
        "model": None
        if model is None
        else {
            "name": model.name,
            "as_of": model.as_of or None,
            "source": model.source or None,
            "maintenance_on": str(model.maintenance_on),
            "bracket_by": str(model.bracket_by),
            "closing_fee": digits(model.closing_fee),
            "reserve": digits(model.reserve),
            "per_contract": digits(model.per_contract) if model.per_contract else None,
        },
        "position": {
            "fills": [{"price": digits(fill.price), "quantity": digits(fill.quantity)} for fill in told.fills],
            "quantity": digits(told.position.quantity),
            "average_entry": digits(standing.average_entry),
            "value": digits(told.position.cost),
            "entry_fees": digits(told.position.entry_fees),
        },
        "margin": _margin(told),
        "bracket_fixed_by": str(told.fixing) if told.fixing else None,
        "brackets": [
            {
                "bracket": row.number,
                "above": digits(row.above),
                "up_to": digits(row.up_to),
                "rate": digits(row.rate),
                "deduction": digits(row.deduction),
                "price": digits(row.price),
                "value": digits(row.value),
                "measured": digits(row.measured),
                "inside": row.inside,
                "decides": row.decides,
            }
            for row in told.brackets
        ],
        "check": _check(told),
        "bankruptcy_price": digits(standing.bankruptcy_price),
        "stop": digits(standing.stop),
        "liquidation_distance": digits(standing.liquidation_distance),
        "liquidation_past_stop": digits(standing.liquidation_past_stop),
        "liquidation_buffer": digits(standing.liquidation_buffer),
        "shortcuts": [
            {
                "bracket": one.number,
                "rate": digits(one.rate),
                "price": digits(one.price),
                "too_far_by": digits(one.off),
                "too_far_by_fraction": digits(one.off_fraction),
            }
            for one in told.shortcuts
        ],
    }


def _margin(told: Explanation) -> Record:
    backing = told.backing
    return {
        "from": str(backing.ground),
        "amount": digits(backing.amount),
        "value": digits(backing.value),
        "leverage": digits(backing.leverage),
        "extra_margin": digits(backing.extra),
        "bankruptcy_fee": digits(backing.closing),
        "contracts": digits(backing.contracts),
        "per_contract": digits(backing.per_contract),
        "equity": digits(backing.equity),
        "reserved": digits(backing.reserved),
        "entry_fees": digits(backing.fees),
    }


def _check(told: Explanation) -> Record | None:
    check = told.check
    if check is None:
        return None
    return {
        "price": digits(check.price),
        "value": digits(check.value),
        "margin": digits(check.margin),
        "pnl": digits(check.pnl),
        "margin_and_pnl": digits(check.held),
        "bracket": check.number,
        "rate": digits(check.rate),
        "taken_of": digits(check.taken_of),
        "deduction": digits(check.deduction),
        "maintenance": digits(check.maintenance),
        "closing_fee": digits(check.closing_fee),
        "reserve": digits(check.reserve),
        "asked_for": digits(check.asked),
    }
