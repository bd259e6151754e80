"""A study as the record that other programs read: section 5 of the plan language, every key in its order.

Decimals are strings of plain digits at full precision, absent is null; `contracts` stands beside a quantity where there
is a contract size. Of a plan that could not be read only the diagnostics are there.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from scaleplan.ladder import Ladder, Rung, TargetExit
from scaleplan.ladder.tape import reward_after
from scaleplan.ladder.totals import as_r
from scaleplan.plan import Contract, Plan, RiskUnit, Tier, TimeStop
from scaleplan.quantity.amount import say_duration
from scaleplan.quantity.exact import as_decimal
from scaleplan.quantity.number import plain
from scaleplan.report.diagnostics.record import to_json_record
from scaleplan.report.figures import after_text, level_text
from scaleplan.study import Studied

if TYPE_CHECKING:
    from scaleplan.paths.matrix import Matrix

FORMAT_VERSION = "1.0"
#: So many tokens of a JSON text are written at once.
_PIECES = 10_000

#: A JSON object. The contract fixes its keys, and tests hold it to them.
Record = dict[str, Any]
_Item = TypeVar("_Item")


def show_record(study: Studied) -> Record:
    """The record of one plan for `show`."""
    plan, ladder = study.plan, study.ladder
    return {
        "format_version": FORMAT_VERSION,
        "command": "show",
        "file": study.file,
        "plan": _plan(plan) if plan else None,
        "units": _units(plan) if plan else None,
        "assumptions": _assumptions(plan) if plan else None,
        "tiers": [_tier(plan, ladder, tier, step) for tier, step in zip(plan.tiers, ladder.steps, strict=True)]
        if plan and ladder
        else [],
        "targets": [_target(plan, exit_) for exit_ in ladder.exits] if plan and ladder else [],
        "totals": _totals(plan, ladder) if plan and ladder else None,
        "diagnostics": [to_json_record(diagnostic) for diagnostic in study.diagnostics],
    }


def matrix_records(matrix: "Matrix", ladder: Ladder) -> list[Record] | None:
    """The outcome matrix, a record a cell; absent where there are too many."""
    if matrix.missing:
        return None
    return [
        {
            "tiers": list(one.tiers),
            "targets": one.targets,
            "end": str(one.end),
            "net": digits(one.net),
            "net_r": digits(as_r(one.net, ladder)),
            "depends_on_order": one.orders,
        }
        for one in matrix.results
    ]


def to_json(value: object) -> str:
    """A record, or a list of them, as JSON in ASCII: no control or bidi character gets out."""
    return json.dumps(value, ensure_ascii=True, indent=2, allow_nan=False) + "\n"


def pieces_of_json(value: object) -> Iterator[str]:
    """What `to_json` says, piece by piece: a list that is a `Streamed` is made an item at a time."""
    encoder = json.JSONEncoder(ensure_ascii=True, indent=2, allow_nan=False)
    pieces = encoder.iterencode(value)
    while some := "".join(islice(pieces, _PIECES)):
        yield some
    yield "\n"


class Streamed(list[Record]):
    """A list of records, each made of an item when it is asked for, and not kept."""

    def __init__(self, items: Sequence[_Item], record: Callable[[_Item], Record]) -> None:
        super().__init__()
        self._items: Sequence[Any] = items
        self._record = record

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Record]:
        return map(self._record, self._items)


def digits(value: Decimal | None) -> str | None:
    """A decimal as plain digits at full precision."""
    if value is None:
        return None
    return plain(value) if value else "0"


def _plan(plan: Plan) -> Record:
    account = plan.account
    spot = plan.contract is Contract.SPOT
    return {
        "name": plan.name,
        "symbol": plan.symbol.text,
        "side": str(plan.side),
        "contract": str(plan.contract),
        "style": str(plan.style),
        "style_inferred": not plan.style_written,
        "size": plan.size.text or None,
        "leverage": None if spot or plan.initial_per_contract is not None else digits(plan.leverage),
        "margin_mode": None if spot else str(plan.margin_mode),
        "stop": digits(plan.stop),
        "invalidation": digits(plan.invalidation),
        "equity": digits(account.equity),
        "max_risk": digits(account.max_risk),
        "max_margin": digits(account.max_margin),
        "max_leverage": digits(account.max_leverage),
        "reserved": digits(account.reserved),
        "extra_margin": digits(plan.extra_margin),
        "entries_end": str(plan.entries_end),
        "expires": _expires(plan.expires),
        "time_stop": _time_stop(plan.time_stop),
        "venue": plan.venue_name or None,
        "checklist": list(plan.checklist),
        "notes": list(plan.notes),
    }


def _expires(expires: date | int | None) -> str | None:
    if isinstance(expires, date):
        return expires.isoformat()
    return None if expires is None else say_duration(expires)


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
    unit = digits(plan.risk_unit_amount) if plan.risk_unit is RiskUnit.AMOUNT else str(plan.risk_unit)
    return {
        "margin_model": model.name if model else None,
        "margin_mode": None if plan.contract is Contract.SPOT else str(plan.margin_mode),
        "brackets_as_of": (model.as_of or None) if model else None,
        "fees": {
            "maker": digits(plan.fees.maker),
            "taker": digits(plan.fees.taker),
            "per_contract": digits(plan.fees.per_contract),
            "per_order": digits(plan.fees.per_order),
        },
        "slippage": digits(plan.slippage),
        "risk_unit": unit,
        "slippage_price": digits(plan.slippage_price),
        "spread": digits(plan.spread),
        "initial_margin_per_contract": digits(plan.initial_per_contract),
        "maintenance_margin_per_contract": digits(model.per_contract) if model and model.per_contract else None,
        "account_currency": plan.account.currency or None,
        "account_rate": digits(plan.account.rate) if plan.account.currency else None,
    }


def _counted(plan: Plan, quantity: Decimal) -> Record:
    """A quantity, and beside it its contracts where there is a contract size."""
    counted: Record = {"quantity": digits(quantity)}
    if plan.instrument.contract_size is not None:
        counted["contracts"] = digits(quantity / plan.instrument.contract_size)
    return counted


def _tier(plan: Plan, ladder: Ladder, tier: Tier, step: Rung) -> Record:
    return {
        "tier": step.tier,
        "price": digits(tier.price),
        "fill_price": digits(step.fill.price),
        **_counted(plan, step.fill.quantity),
        "notional": digits(step.fill.notional),
        "fee": digits(step.fill.fee),
        "order": str(tier.order),
        "after": after_text(tier.after) or None,
        "trigger": tier.trigger or None,
        "wanted_quantity": digits(step.fill.wanted),
        "position": _position(plan, ladder, step),
    }


def _position(plan: Plan, ladder: Ladder, step: Rung) -> Record:
    standing, reward = step.position, reward_after(ladder, step.tier - 1)
    return {
        **_counted(plan, standing.quantity),
        "notional": digits(standing.notional),
        "average_entry": digits(standing.average_entry),
        "breakeven": digits(standing.breakeven),
        "stop": digits(standing.stop),
        "risk": digits(standing.risk),
        "risk_r": digits(standing.risk_r),
        "risk_fraction": digits(standing.risk_fraction),
        "reward": digits(reward),
        "reward_r": digits(as_r(reward, ladder)),
        "initial_margin": digits(standing.initial_margin),
        "effective_leverage": digits(standing.effective_leverage),
        "liquidation": str(standing.liquidation.answer),
        "liquidation_price": digits(standing.liquidation.price),
        "liquidation_distance": digits(standing.liquidation_distance),
        "liquidation_past_stop": digits(standing.liquidation_past_stop),
        "liquidation_buffer": digits(standing.liquidation_buffer),
        "bankruptcy_price": digits(standing.bankruptcy_price),
        "reachable": standing.reachable,
    }


def _target(plan: Plan, exit_: TargetExit) -> Record:
    return {
        "target": exit_.target,
        "price": digits(exit_.price),
        **_counted(plan, exit_.quantity),
        "r_multiple": digits(exit_.r_multiple),
        "pnl": digits(exit_.pnl),
        "realized": digits(exit_.realized),
        "realized_r": digits(exit_.realized_r),
        "remaining": digits(exit_.remaining),
        "stop": digits(exit_.stop),
        "locked": digits(exit_.locked),
        "locked_r": digits(exit_.locked_r),
    }


def _totals(plan: Plan, ladder: Ladder) -> Record:
    totals = ladder.totals
    return {
        **_counted(plan, totals.quantity),
        "notional": digits(totals.notional),
        "average_entry": digits(totals.average_entry),
        "risk": digits(totals.risk),
        "r": digits(totals.r),
        "risk_fraction": digits(totals.risk_fraction),
        "reward": digits(totals.reward),
        "reward_to_risk": digits(totals.reward_to_risk),
        "breakeven_win_rate": digits(totals.breakeven_win_rate),
        "fees": digits(totals.fees),
        "funding": digits(totals.funding),
        "all_at_first": digits(totals.all_at_first),
        "rounded_off": digits(totals.rounded_off),
    }
