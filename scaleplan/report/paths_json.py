"""Every path of a plan as the record that other programs read: states, outcomes, proofs and the summary, unrounded."""

from collections.abc import Sequence

from scaleplan.paths.events import Event, EventKind
from scaleplan.paths.records import Move, Outcome, Paths, Proof, State, Summary
from scaleplan.report.show_json import Record, digits, show_record
from scaleplan.study import Study


def paths_record(study: Study, paths: Paths | None) -> Record:
    """The record of a plan's paths; of a plan that could not be read only the diagnostics are there."""
    shown = show_record(study)
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
        "states": [_state(state) for state in paths.states] if paths else [],
        "outcomes": [outcome_record(outcome) for outcome in paths.outcomes] if paths else [],
        "timed": [{"end": extra.end, "probability": None} for extra in paths.timed] if paths else [],
        "waits": list(paths.waits) if paths else [],
        "proofs": [_proof(proof) for proof in paths.proofs] if paths else [],
        "summary": _summary(paths.summary) if paths else None,
        "diagnostics": shown["diagnostics"],
    }


def path_record(path: Sequence[Event]) -> list[Record]:
    """A path as its events, first to last."""
    return [_event(event) for event in path]


def outcome_record(outcome: Outcome) -> Record:
    """One end."""
    return {
        "end": str(outcome.end),
        "tiers": list(outcome.tiers),
        "targets": outcome.targets,
        "gross": digits(outcome.gross),
        "net": digits(outcome.net),
        "net_r": digits(outcome.net_r),
        "net_worst": digits(outcome.net_worst),
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


def _state(state: State) -> Record:
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


def _proof(proof: Proof) -> Record:
    return {
        "claim": proof.claim.name.lower(),
        "says": str(proof.claim),
        "holds": proof.holds,
        "value": digits(proof.value),
        "limit": digits(proof.limit),
        "numbers": list(proof.numbers),
        "missing": proof.missing or None,
        "counterexample": path_record(proof.counterexample),
    }


def _summary(summary: Summary) -> Record:
    edge = summary.breakeven_edge
    return {
        "worst": digits(summary.worst),
        "worst_r": digits(summary.worst_r),
        "best": digits(summary.best),
        "best_r": digits(summary.best_r),
        "best_unbounded": summary.best_unbounded,
        "expected_gross": digits(summary.expected_gross),
        "expected_net": digits(summary.expected_net),
        "expected_net_r": digits(summary.expected_net_r),
        "probability_of_profit": digits(summary.probability_of_profit),
        "probability_stopped": digits(summary.probability_stopped),
        "probability_liquidated": digits(summary.probability_liquidated),
        "breakeven_edge": None if edge is None else {"g": digits(edge.g), "chance": digits(edge.chance)},
        "breakeven_missing": summary.breakeven_missing or None,
        "states": summary.states,
        "outcomes": summary.outcomes,
    }
