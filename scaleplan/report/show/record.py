"""The record of `show`: a plan and its figures. Of a plan that could not be read only the diagnostics are there.

The CSV is one table for spreadsheets: a row a tier, a target, a cell of the matrix, a total. Its figures are those of
the JSON and bear its names; where a fill and the position after it share a name, the position's begins with
`position_`.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from scaleplan.engine.holding import bits
from scaleplan.ladder import Ladder, Rung, TargetExit
from scaleplan.ladder.records import Standing, TierFill, Totals
from scaleplan.ladder.tape import reward_after
from scaleplan.ladder.totals import as_r
from scaleplan.plan import Contract, Plan, RiskUnit, Target, Tier, TimeStop
from scaleplan.quantity.amount import say_duration
from scaleplan.quantity.exact import as_decimal
from scaleplan.quantity.price import Fixed
from scaleplan.report.diagnostics.record import to_json_record
from scaleplan.report.figures import after_text, level_text
from scaleplan.report.record import FORMAT_VERSION, Record, digits, event_record, of, value_of
from scaleplan.study import Studied, Study

if TYPE_CHECKING:
    from scaleplan.paths.matrix import Matrix

#: The figures of a position, of a target and of the whole plan: a new one is one name here, for JSON and CSV alike.
_POSITION = (
    "average_entry",
    "breakeven",
    "stop",
    "risk",
    "risk_r",
    "risk_fraction",
    "reward",
    "reward_r",
    "initial_margin",
    "effective_leverage",
    "liquidation",
    "liquidation_price",
    "liquidation_distance",
    "liquidation_past_stop",
    "liquidation_buffer",
    "bankruptcy_price",
    "reachable",
    "liquidation_not_before",
)
_TARGET = ("r_multiple", "pnl", "realized", "realized_r", "remaining", "stop", "locked", "locked_r")
#: What a target has that no path hits; the rest follows from a hit.
_NEVER_HIT = ("r_multiple",)
_TOTALS = (
    "average_entry",
    "risk",
    "r",
    "risk_fraction",
    "reward",
    "reward_to_risk",
    "breakeven_win_rate",
    "fees",
    "funding",
    "all_at_first",
    "rounded_off",
    "risk_if_all",
)
_ACCOUNT = ("equity", "max_risk", "max_margin", "max_leverage", "reserved")

_FILL = ("price", "fill_price", "quantity", "contracts", "notional", "fee", "order", "after", "trigger")
_SHARED = ("quantity", "contracts", "notional")
_MATRIX = ("tiers", "targets", "end", "net", "net_r", "depends_on_order")
#: The columns of the CSV, the same for every plan, and those in which the trader's own words stand.
COLUMNS = (
    *("row", "file", "name", "symbol", "side", "number"),
    *(*_FILL, "wanted_quantity"),
    *(*(f"position_{name}" for name in _SHARED), *_POSITION),
    "written",
    *(name for name in _TARGET if name not in _POSITION),
    *(name for name in _TOTALS if name not in _POSITION),
    *_MATRIX,
)
TEXTS = frozenset({"written", "file", "name", "symbol", "after", "trigger"})


def show_record(study: Studied) -> Record:
    """Returns the record of one plan."""
    plan, ladder = study.plan, study.ladder
    return {
        **about(study, "show"),
        "assumptions": _assumptions(plan) if plan else None,
        "tiers": [_tier(plan, ladder, *row) for row in zip(plan.tiers, ladder.steps, strict=True)]
        if plan and ladder
        else [],
        "targets": [_target(plan, *row) for row in zip(plan.targets, ladder.exits, strict=True)]
        if plan and ladder
        else [],
        "totals": _sized(plan, ladder.totals) | of(ladder.totals, *_TOTALS) if plan and ladder else None,
        "worse_path": _worse_path(ladder) if ladder else None,
        "diagnostics": diagnostic_records(study),
    }


def about(study: Studied, command: str) -> Record:
    """Returns the beginning of every record of a plan: the plan as it is written, and its units."""
    plan = study.plan
    return {
        "format_version": FORMAT_VERSION,
        "command": command,
        "file": study.file,
        "plan": _plan(plan) if plan else None,
        "units": _units(plan) if plan else None,
    }


def diagnostic_records(study: Studied) -> list[Record]:
    """Returns the end of every record of a plan: what is wrong with it."""
    return [to_json_record(diagnostic) for diagnostic in study.diagnostics]


def _worse_path(ladder: Ladder) -> Record | None:
    """The path that loses more than the worst planned loss, its loss absent where nothing bounds it."""
    worse = ladder.elsewhere
    return worse and {"loss": digits(worse.loss), "path": [event_record(event) for event in worse.events]}


def matrix_records(matrix: "Matrix", ladder: Ladder) -> list[Record] | None:
    """Returns the outcome matrix, a record a cell; nothing where there are too many."""
    if matrix.missing:
        return None
    return [
        of(each, "tiers", "targets", "end", "net")
        | {"net_r": digits(as_r(each.net, ladder)), "depends_on_order": each.orders}
        for each in matrix.results
    ]


def show_rows(study: Study) -> Iterator[Record]:
    """Yields the rows of a plan for the CSV."""
    record = show_record(study)
    plan = record["plan"]
    about = {"file": record["file"], "name": plan["name"], "symbol": plan["symbol"], "side": plan["side"]}
    for tier in record["tiers"]:
        fill = {name: value for name, value in tier.items() if name in COLUMNS}
        yield {"row": "tier", **about, "number": tier["tier"], **fill, **_position_row(tier["position"])}
    for target in record["targets"]:
        yield {"row": "target", **about, "number": target.pop("target"), **target}
    for cell in matrix_records(study.every_path.matrix(), study.ladder) or []:
        # Numbers with blanks between: a spreadsheet would take `1-2` for a date.
        yield {"row": "matrix", **about, **cell, "tiers": " ".join(map(str, cell["tiers"]))}
    yield {"row": "total", **about, **_position_row(record["totals"])}


def _position_row(figures: Record) -> Record:
    return {f"position_{name}" if name in _SHARED else name: value for name, value in figures.items()}


def _plan(plan: Plan) -> Record:
    spot = plan.contract is Contract.SPOT
    return {
        "name": plan.name,
        "symbol": plan.symbol.text,
        **of(plan, "side", "contract", "style"),
        "style_inferred": not plan.style_written,
        "size": plan.size.text or None,
        "leverage": None if spot or plan.initial_per_contract is not None else digits(plan.leverage),
        "margin_mode": None if spot else str(plan.margin_mode),
        **of(plan, "stop", "invalidation"),
        **of(plan.account, *_ACCOUNT),
        **of(plan, "extra_margin", "entries_end"),
        "expires": say_duration(plan.expires) if isinstance(plan.expires, int) else value_of(plan.expires),
        "time_stop": _time_stop(plan.time_stop),
        "runner": None if plan.runner is None else {"exit": plan.runner.exit, "note": plan.runner.note or None},
        "venue": plan.venue_name or None,
        **of(plan, "checklist", "notes"),
    }


def _time_stop(time_stop: TimeStop | None) -> Record | None:
    if time_stop is None:
        return None
    return {
        "after": say_duration(time_stop.after_minutes),
        "unless": None if time_stop.unless is None else level_text(time_stop.unless),
        "close": digits(as_decimal(time_stop.close)),
    }


def _units(plan: Plan) -> Record:
    symbol = plan.symbol
    return {
        "price": symbol.quote,
        "quantity": symbol.quote if plan.contract is Contract.INVERSE else symbol.base,
        "notional": symbol.quote,
        "settle": plan.settle,
    }


def _assumptions(plan: Plan) -> Record:
    model = plan.margin
    return {
        "margin_model": model.name if model else None,
        "margin_mode": None if plan.contract is Contract.SPOT else str(plan.margin_mode),
        "brackets_as_of": (model.as_of or None) if model else None,
        "fees": of(plan.fees, "maker", "taker", "per_contract", "per_order"),
        "slippage": digits(plan.slippage),
        "risk_unit": value_of(plan.risk_unit_amount if plan.risk_unit is RiskUnit.AMOUNT else plan.risk_unit),
        **of(plan, "slippage_price", "spread"),
        "initial_margin_per_contract": digits(plan.initial_per_contract),
        "maintenance_margin_per_contract": digits(model.per_contract) if model and model.per_contract else None,
        "account_currency": plan.account.currency or None,
        "account_rate": digits(plan.account.rate) if plan.account.currency else None,
    }


def _counted(plan: Plan, quantity: Decimal) -> Record:
    """A quantity, and beside it its contracts where there is a contract size."""
    size = plan.instrument.contract_size
    return {"quantity": digits(quantity)} | ({} if size is None else {"contracts": digits(quantity / size)})


def _sized(plan: Plan, fields: TierFill | Standing | Totals) -> Record:
    return {**_counted(plan, fields.quantity), "notional": digits(fields.notional)}


def _tier(plan: Plan, ladder: Ladder, tier: Tier, step: Rung) -> Record:
    return {
        "tier": step.tier,
        "price": digits(tier.price),
        "fill_price": digits(step.fill.price),
        **_sized(plan, step.fill),
        "fee": digits(step.fill.fee),
        "order": str(tier.order),
        "after": after_text(tier.after) or None,
        "trigger": tier.trigger or None,
        "wanted_quantity": digits(step.fill.wanted),
        "position": _position(plan, ladder, step),
    }


def _position(plan: Plan, ladder: Ladder, step: Rung) -> Record:
    here, reward = step.position, reward_after(ladder, step.tier - 1)
    elsewhere = {
        "reward": digits(reward),
        "reward_r": digits(as_r(reward, ladder)),
        "liquidation": str(here.liquidation.answer),
        "liquidation_price": digits(here.liquidation.price),
        "liquidation_not_before": digits(here.liquidation.not_before),
    }
    figures = {name: elsewhere[name] if name in elsewhere else value_of(getattr(here, name)) for name in _POSITION}
    return _sized(plan, here) | figures


def _target(plan: Plan, target: Target, exit_: TargetExit) -> Record:
    return {
        **of(exit_, "target", "price"),
        **_counted(plan, exit_.quantity),
        **(of(exit_, *_TARGET) if exit_.reached else dict.fromkeys(_TARGET) | of(exit_, *_NEVER_HIT)),
        "tiers": list(bits(exit_.filled)) if exit_.reached else [],
        "written": None if isinstance(target.price, Fixed) else level_text(target.price),
        "reachable": exit_.reached,
    }
