"""The sheet as the record that other programs read: figures unrounded, as everywhere in the plan language's JSON."""

from datetime import datetime

from scaleplan.report.checklist.build import sheet_of
from scaleplan.report.checklist.sheet import Blank, Check, Moment, Sheet, Ticket
from scaleplan.report.record import Record, digits
from scaleplan.report.show.record import about, diagnostic_records
from scaleplan.study import Studied, Study


def checklist_record(study: Studied, printed: datetime) -> Record:
    """The record of one plan for `checklist`; of a plan that could not be read only the diagnostics are there."""
    sheet = sheet_of(study, printed) if isinstance(study, Study) else None
    begin = about(study, "checklist")
    return {
        **{name: begin.pop(name) for name in ("format_version", "command", "file")},
        "printed": printed.isoformat(timespec="seconds"),
        **begin,
        **(_sheet(sheet) if sheet else dict.fromkeys(_KEYS, ())),
        "diagnostics": diagnostic_records(study),
    }


_KEYS = ("scale", "before", "orders", "fills", "steps", "levels", "after")


def _sheet(sheet: Sheet) -> Record:
    return {
        "scale": [_check(check) for check in sheet.scale],
        "before": [_check(check) for check in sheet.before],
        "orders": [
            *(_ticket(ticket, "now") for ticket in sheet.now),
            *(_ticket(ticket, "later") for ticket in sheet.later),
        ],
        "fills": [_moment(moment, in_r=sheet.heads.risk == "risk R") for moment in sheet.moments],
        "steps": [
            {"when": step.when, "price": digits(step.at.value), "do": step.do, "then": step.then or None}
            for step in sheet.steps
        ],
        "levels": [
            {
                "level": level.label,
                "filled": [
                    {"tiers": count, "value": digits(figure.value)}
                    for count, figure in zip(sheet.counts, level.figures, strict=True)
                    if figure.text
                ],
            }
            for level in sheet.levels
        ],
        "after": [*(_check(check) for check in sheet.after), *map(_blank, sheet.log)],
    }


def _check(check: Check) -> Record:
    return {
        "state": str(check.state),
        "label": check.label,
        "evidence": check.evidence or None,
        "from": "trader" if check.yours else "plan" if check.evidence else "checklist",
    }


def _ticket(ticket: Ticket, stage: str) -> Record:
    return {
        "stage": stage,
        "what": ticket.what,
        "order": ticket.order,
        "condition": ticket.condition or None,
        "price": digits(ticket.price.value),
        "quantity": digits(ticket.quantity.value),
        "remark": ticket.remark or None,
    }


def _moment(moment: Moment, *, in_r: bool) -> Record:
    return {
        "tier": moment.tier,
        "price": digits(moment.price.value),
        "stop": digits(moment.stop.value),
        "quantity": digits(moment.quantity.value),
        "average_entry": digits(moment.average_entry.value),
        "breakeven": digits(moment.breakeven.value),
        "risk_r": digits(moment.risk.value) if in_r else None,
        "liquidation_price": digits(moment.liquidation.value),
        "remark": moment.remark or None,
    }


def _blank(blank: Blank) -> Record:
    return {"state": "open", "label": blank.label, "evidence": blank.known or None, "from": "checklist"}
