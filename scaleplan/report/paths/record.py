"""Every path of a plan as the record that other programs read: states, outcomes, proofs and the summary, unrounded.

But for one thing: a result that is 0 carries what rounding leaves of quotients in its last digits, and reads 0.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from scaleplan.engine.event import Event, EventKind
from scaleplan.paths.records import Move, Outcome, Paths, Proof, StateView, Summary
from scaleplan.quantity.exact import ROUNDING, ZERO
from scaleplan.report.show.record import Record, Streamed, digits, show_record
from scaleplan.study import Studied


class Money:
    """Results as digits: what is nearer to 0 than rounding leaves of the largest result of the plan is 0."""

    def __init__(self, paths: Paths) -> None:
        results = [one for row in paths.outcomes for one in (row.gross, row.net, row.net_worst)]
        results += [paths.summary.worst, paths.summary.best]
        self._largest = max((abs(one) for one in results if one is not None), default=ZERO)

    def of(self, value: Decimal | None) -> str | None:
        """A result in money."""
        if value is None:
            return None
        return digits(ZERO if abs(value) <= ROUNDING * self._largest else value)

    def in_r(self, value: Decimal | None, net: Decimal | None) -> str | None:
        """The same result in R."""
        return "0" if value is not None and self.of(net) == "0" else digits(value)


def paths_record(study: Studied, paths: Paths | None) -> Record:
    """The record of a plan's paths; of a plan that could not be read only the diagnostics are there."""
    shown = show_record(study)
    money = Money(paths) if paths else None
    return {
        "format_version": shown["format_version"],
        "command": "paths",
        "file": shown["file"],
        "plan": shown["plan"],
        "units": shown["units"],
        "edge": digits(paths.edge) if paths else None,
        "start": digits(paths.start) if paths else None,
        "complete": paths.complete if paths else None,
        "missing": (paths.missing or None) if paths else None,
        "begin": path_record(paths.begin) if paths else [],
        "states": Streamed(paths.states, _state) if paths else [],
        "outcomes": Streamed(paths.outcomes, partial(outcome_record, money=money)) if paths and money else [],
        "timed": [{"end": extra.end, "probability": None} for extra in paths.timed] if paths else [],
        "waits": list(paths.waits) if paths else [],
        "proofs": [_proof(proof, money) for proof in paths.proofs] if paths and money else [],
        "summary": _summary(paths.summary, money) if paths and money else None,
        "diagnostics": shown["diagnostics"],
    }


def path_record(path: Sequence[Event]) -> list[Record]:
    """A path as its events, first to last."""
    return [_event(event) for event in path]


def outcome_record(outcome: Outcome, money: Money) -> Record:
    """One end."""
    return {
        "end": str(outcome.end),
        "tiers": list(outcome.tiers),
        "targets": outcome.targets,
        "gross": money.of(outcome.gross),
        "net": money.of(outcome.net),
        "net_r": money.in_r(outcome.net_r, outcome.net),
        "net_worst": money.of(outcome.net_worst),
        "probability": digits(outcome.probability),
        "profit": digits(outcome.profit),
        "path": path_record(outcome.path),
    }


def _event(event: Event) -> Record:
    """An event: its kind, the tier or the target where it has one, its price; of a liquidation the stop behind it."""
    record: Record = {"event": str(event.kind)}
    if event.kind in (EventKind.TIER, EventKind.AFTER):
        record["tier"] = event.number
    elif event.kind in (EventKind.TARGET, EventKind.TRAIL):
        record["target"] = event.number
    record["price"] = digits(event.price)
    if event.kind is EventKind.LIQUIDATION:
        record["stop"] = digits(event.stop)
    return record


def _state(state: StateView) -> Record:
    return {
        "state": state.state,
        "tiers": list(state.tiers),
        "targets": state.targets,
        "touched": list(state.touched),
        "waiting": list(state.waiting),
        "price": digits(state.price),
        "stop": digits(state.stop),
        "liquidation": str(state.liquidation),
        "liquidation_price": digits(state.liquidation_price),
        "bankruptcy_price": digits(state.bankruptcy_price),
        "quantity": digits(state.quantity),
        "average_entry": digits(state.average_entry),
        "initial_margin": digits(state.initial_margin),
        "effective_leverage": digits(state.effective_leverage),
        "probability": digits(state.probability),
        "open_probability": digits(state.open_probability),
        "up": _move(state.up),
        "down": _move(state.down),
    }


def _move(move: Move | None) -> Record | None:
    if move is None:
        return None
    return {
        **_event(move.event),
        "probability": digits(move.probability),
        "state": move.state,
        "end": None if move.end is None else str(move.end),
        "at_once": move.at_once,
    }


def _proof(proof: Proof, money: Money) -> Record:
    return {
        "claim": proof.claim.name.lower(),
        "says": str(proof.claim),
        "holds": proof.holds,
        "value": money.of(proof.value),
        "limit": digits(proof.limit),
        "numbers": list(proof.numbers),
        "missing": proof.missing or None,
        "counterexample": path_record(proof.counterexample),
    }


def _summary(summary: Summary, money: Money) -> Record:
    edge = summary.breakeven_edge
    return {
        "worst": money.of(summary.worst),
        "worst_r": money.in_r(summary.worst_r, summary.worst),
        "best": money.of(summary.best),
        "best_r": money.in_r(summary.best_r, summary.best),
        "best_unbounded": summary.best_unbounded,
        "expected_gross": money.of(summary.expected_gross),
        "expected_net": money.of(summary.expected_net),
        "expected_net_r": money.in_r(summary.expected_net_r, summary.expected_net),
        "probability_of_profit": digits(summary.probability_of_profit),
        "probability_stopped": digits(summary.probability_stopped),
        "probability_liquidated": digits(summary.probability_liquidated),
        "breakeven_edge": None if edge is None else {"g": digits(edge.g), "chance": digits(edge.chance)},
        "breakeven_missing": summary.breakeven_missing or None,
        "states": summary.states,
        "outcomes": summary.outcomes,
    }
