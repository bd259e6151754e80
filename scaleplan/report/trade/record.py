"""The record of a trade as it stands, and of what a command recorded."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from scaleplan.engine.holding import bits
from scaleplan.engine.risk import in_r
from scaleplan.engine.state import Step
from scaleplan.journal import BatchRow, EventRow
from scaleplan.journal.lines import event_values
from scaleplan.paths.records import Outcome
from scaleplan.plan import Plan
from scaleplan.questions.trades import Changed
from scaleplan.report.figures import Figures
from scaleplan.report.paths.record import path_record
from scaleplan.report.record import FORMAT_VERSION, Record, digits, event_record
from scaleplan.report.trade.words import deviation_words, figures_for
from scaleplan.revision.changes import KeyChange
from scaleplan.revision.forms import written_form
from scaleplan.trade import Filled, Trade
from scaleplan.trade.deviation import Deviation
from scaleplan.trade.play import text_of
from scaleplan.trade.standing import Due, StopState, TradeStanding, exits_at_once


def begin(command: str, journal: str, as_of: datetime) -> Record:
    """Returns what every record of the journal begins with."""
    return {"format_version": FORMAT_VERSION, "command": command, "journal": journal, "as_of": text_of(as_of)}


def trade_record(standing: TradeStanding, deviations: Sequence[Deviation], changed: Changed) -> Record:
    """Returns the record of one trade as it stands."""
    trade, position = standing.trade, standing.state.held.position
    figures, one_r = figures_for(trade), trade.one_r
    locks = standing.locks
    return {
        "trade": f"T{trade.row.number}",
        "id": trade.row.id,
        "over": not trade.is_open,
        "price": digits(standing.price),
        "realized": digits(trade.booked),
        "realized_r": _r(trade.booked, one_r),
        "open": digits(standing.closed_now),
        "open_r": _r(standing.closed_now, one_r),
        "funding": digits(trade.funding),
        "fees": digits(trade.fees),
        "plan": _plan(trade, changed),
        "position": _position(standing) if position.quantity else None,
        "stop": _stop(standing),
        "locked": {
            "due": digits(locks.due),
            "due_r": _r(locks.due, one_r),
            "recorded": digits(locks.recorded),
            "recorded_r": _r(locks.recorded, one_r),
        },
        "tiers": _tiers(standing),
        "targets": _targets(standing),
        "due": [_due(each) for each in standing.due],
        "next": {"up": _next(standing, standing.up, "up"), "down": _next(standing, standing.down, "down")},
        "outcomes": [_outcome(outcome) for outcome in standing.outcomes or ()],
        "deviations": [_deviation(figures, trade, found) for found in deviations],
    }


def _r(amount: Decimal | None, one_r: Decimal | None) -> str | None:
    return digits(in_r(amount, one_r))


def _plan(trade: Trade, changed: Changed) -> Record:
    plan, first = trade.plan, trade.first_fill
    late = first is not None and trade.locked_at - first > trade.habits.stop_grace
    locked = "late" if late else "before" if first is None or trade.versions[0].since < first else "at fill"
    return {
        "file": trade.row.path,
        "name": plan.name,
        "symbol": plan.symbol.text,
        "side": str(plan.side),
        "contract": str(plan.contract),
        "locked_at": text_of(trade.locked_at),
        "zone": trade.versions[0].zone,
        "locked": locked,
        "one_r": digits(trade.one_r),
        "change": changed.kind,
        "changes": [_change(each) for each in changed.differences],
        "missing": changed.missing or None,
    }


def _change(change: KeyChange) -> Record:
    path = change.path_new or change.path_old
    return {"path": path, "was": written_form(change.old), "is": written_form(change.new)}


def _contracts(plan: Plan, quantity: Decimal | None) -> str | None:
    size = plan.instrument.contract_size
    return None if size is None or quantity is None else digits(quantity / size)


def _position(standing: TradeStanding) -> Record:
    trade, state = standing.trade, standing.state
    machine, position, plan = trade.machine, state.held.position, trade.plan
    backing, at = machine.holdings.backing(state.held), machine.liquidation(state)
    risk = None if state.stop is None else -machine.stopped_out(state.held, state.stop)[1]
    equity = plan.account.equity
    return {
        "quantity": digits(position.quantity),
        "contracts": _contracts(plan, position.quantity),
        "average_entry": digits(position.average_entry),
        "breakeven": digits(position.breakeven(machine.costs.taker)),
        "notional": digits(position.notional),
        "entry_fees": digits(position.entry_fees),
        "initial_margin": digits(backing.margin),
        "effective_leverage": digits(position.worth(standing.price) / equity)
        if equity and standing.price > 0
        else None,
        "liquidation": str(at.answer),
        "liquidation_price": digits(at.price),
        "bankruptcy_price": digits(machine.bankruptcy(state)),
        "risk": digits(risk),
        "risk_r": _r(risk, trade.one_r),
    }


def _stop(standing: TradeStanding) -> Record | None:
    stop, recorded = standing.stop, standing.trade.recorded
    if stop is None and recorded is None:
        return None
    return {
        "due": None if stop is None else digits(stop.price),
        "due_exact": None if stop is None else digits(stop.exact_price),
        "quantity": None if stop is None else digits(stop.quantity),
        "since": None if stop is None else text_of(stop.since),
        "because": None if stop is None else stop.because,
        "recorded": None if recorded is None else digits(recorded.price),
        "recorded_quantity": None if recorded is None else digits(recorded.quantity),
        "recorded_at": None if recorded is None else text_of(recorded.at),
        "recorded_held": None if recorded is None else digits(recorded.held),
        "exits_at_once": exits_at_once(standing.trade, standing.price),
        "state": str(StopState.NOT_RECORDED if stop is None else stop.state),
    }


def _filled(filled: Filled) -> Record:
    return {"filled": digits(filled.quantity), "average": digits(filled.average)}


def _tiers(standing: TradeStanding) -> list[Record]:
    trade = standing.trade
    return [
        {
            "tier": index + 1,
            "price": digits(tier.price),
            "planned": digits(trade.machine.quantities[index]),
            **_filled(trade.tiers[index]),
            "state": str(standing.tiers[index]),
        }
        for index, tier in enumerate(trade.plan.tiers)
    ]


def _targets(standing: TradeStanding) -> list[Record]:
    trade = standing.trade
    return [
        {
            "target": index + 1,
            "price": digits(standing.target_prices[index]),
            "quantity": digits(standing.target_quantities[index]),
            "closed": digits(filled.quantity),
            "average": digits(filled.average),
            "state": str(standing.targets[index]),
        }
        for index, filled in enumerate(trade.targets)
    ]


def _due(due: Due) -> Record:
    return {
        "action": str(due.action),
        "price": digits(due.price),
        "quantity": digits(due.quantity),
        "side": due.side,
        "order": None if due.order is None else str(due.order),
        "tier": due.tier,
        "target": due.target,
        "since": None if due.since is None else text_of(due.since),
        "overdue": None if due.overdue is None else int(due.overdue.total_seconds()),
        "because": due.because or None,
        "waits": due.waits or None,
    }


def _next(standing: TradeStanding, step: Step | None, way: str) -> Record | None:
    if step is None:
        return None
    chances, trade = standing.chances, standing.trade
    record = event_record(step.event)
    record["probability"] = None if chances is None else digits(chances.up if way == "up" else chances.down)
    over = step.over
    record["end"] = None if over is None else str(over.end)
    record["net"] = None if over is None else digits(trade.booked + over.net)
    state = step.state
    record["state"] = (
        None
        if state is None
        else {
            "tiers": list(bits(state.held.filled)),
            "targets": state.hits,
            "quantity": digits(state.held.position.quantity),
            "stop": digits(state.stop),
        }
    )
    return record


def _outcome(outcome: Outcome) -> Record:
    return {
        "end": str(outcome.end),
        "tiers": list(outcome.tiers),
        "targets": outcome.targets,
        "gross": digits(outcome.gross),
        "net": digits(outcome.net),
        "net_r": digits(outcome.net_r),
        "net_worst": digits(outcome.net_worst),
        "probability": digits(outcome.probability),
        "path": path_record(outcome.path),
    }


def _deviation(figures: Figures, trade: Trade, found: Deviation) -> Record:
    return {
        "code": found.kind.code,
        "name": found.kind.name,
        "severity": str(found.severity),
        "at": text_of(found.at),
        "event": found.event,
        "message": deviation_words(figures, trade, found),
        "help": found.kind.what,
        "cost": digits(found.cost),
        "cost_r": _r(found.cost, trade.one_r),
    }


def fill_record(event: EventRow) -> Record:
    """Returns an event without what is local to the journal but its number."""
    values = event_values(event, "")
    values.pop("batch")
    return {"event": event.name} | values


def recorded_record(
    head: Record,
    batch: BatchRow | None,
    events: Iterable[EventRow],
    trade: Record | None,
    diagnostics: Sequence[Record],
) -> Record:
    """Returns the record of what a command has recorded: nothing where there is no batch."""
    return {
        **head,
        "recorded": batch is not None,
        "batch": None if batch is None else batch.number,
        "events": [fill_record(event) for event in events],
        "trade": trade,
        "diagnostics": list(diagnostics),
    }
