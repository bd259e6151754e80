"""The record of `paths`: states, outcomes, proofs and the summary, unrounded.

But for one thing: a result that is 0 carries what rounding leaves of quotients in its last digits, and reads 0.

The CSV has a row an end, worst first, with the figures of the JSON. Tiers are numbers with blanks between, because a
spreadsheet would take `1-2` for a date.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from scaleplan.engine.event import Event
from scaleplan.paths.records import Move, Outcome, Paths, Proof, StateView, Summary
from scaleplan.quantity.exact import ROUNDING, ZERO
from scaleplan.report.paths.words import WalkedPlan, event_words
from scaleplan.report.record import Record, Streamed, digits, event_record, of
from scaleplan.report.show.record import about, diagnostic_records
from scaleplan.study import Studied

_FIGURES = ("gross", "net", "net_r", "net_worst", "probability", "profit")
#: The columns of the CSV, the same for every plan, and those in which the trader's own words stand.
COLUMNS = ("file", "name", "symbol", "side", "edge", "start", "end", "tiers", "targets", *_FIGURES, "path")
TEXTS = frozenset({"file", "name", "symbol", "path"})
_Money = Callable[[Decimal | None], str | None]


def paths_record(study: Studied, paths: Paths | None) -> Record:
    """Returns the record of a plan's paths; of a plan that could not be read only the diagnostics are there."""
    begin = about(study, "paths")
    if paths is None:
        nothing = dict.fromkeys(("edge", "start", "complete", "missing"))
        lists: Record = {name: [] for name in ("begin", "states", "outcomes", "timed", "waits", "proofs")}
        return {**begin, **nothing, **lists, "summary": None, "diagnostics": diagnostic_records(study)}
    money = _money_of(paths)
    return {
        **begin,
        **of(paths, "edge", "start", "complete"),
        "missing": paths.missing or None,
        "begin": path_record(paths.begin),
        "states": Streamed(paths.states, _state),
        "outcomes": Streamed(paths.outcomes, partial(_outcome, money=money)),
        "timed": [{"end": extra.end, "probability": None} for extra in paths.timed],
        "waits": list(paths.waits),
        "proofs": [_proof(proof, money) for proof in paths.proofs],
        "summary": _summary(paths.summary, money),
        "diagnostics": diagnostic_records(study),
    }


def paths_rows(walked: WalkedPlan) -> Iterator[Record]:
    """Yields the rows of a plan for the CSV; the ends that the clock makes have no figures."""
    plan = walked.plan
    begin = {"file": walked.study.file, "name": plan.name, "symbol": plan.symbol.text, "side": str(plan.side)}
    begin |= of(walked.paths, "edge", "start")
    money = _money_of(walked.paths)
    for outcome in walked.paths.outcomes:
        record = _outcome(outcome, money)
        path = "; ".join(event_words(walked.figures, event) for event in outcome.path)
        yield {**begin, **record, "tiers": " ".join(map(str, outcome.tiers)), "path": path}
    for extra in walked.paths.timed:
        yield {**begin, "end": extra.end}


def _money_of(paths: Paths) -> _Money:
    """How results become digits: what is nearer to 0 than rounding leaves of the largest result of the plan is 0."""
    results = [value for row in paths.outcomes for value in (row.gross, row.net, row.net_worst)]
    results += [paths.summary.worst, paths.summary.best]
    largest = max((abs(value) for value in results if value is not None), default=ZERO)
    least = ROUNDING * largest

    def money(value: Decimal | None) -> str | None:
        return digits(ZERO if value is not None and abs(value) <= least else value)

    return money


def _in_r(value: Decimal | None, net: Decimal | None, money: _Money) -> str | None:
    """The same result in R."""
    return "0" if value is not None and money(net) == "0" else digits(value)


def path_record(path: Sequence[Event]) -> list[Record]:
    """Returns a path as its events, first to last."""
    return [event_record(event) for event in path]


def _outcome(outcome: Outcome, money: _Money) -> Record:
    return {
        **of(outcome, "end", "tiers", "targets"),
        "gross": money(outcome.gross),
        "net": money(outcome.net),
        "net_r": _in_r(outcome.net_r, outcome.net, money),
        "net_worst": money(outcome.net_worst),
        **of(outcome, "probability", "profit"),
        "path": path_record(outcome.path),
    }


_STATE = (
    *("state", "tiers", "targets", "touched", "waiting", "price", "stop"),
    *("liquidation", "liquidation_price", "liquidation_not_before", "bankruptcy_price", "quantity", "average_entry"),
    *("initial_margin", "effective_leverage", "probability", "open_probability"),
)


def _state(state: StateView) -> Record:
    return {**of(state, *_STATE), "up": _move(state.up), "down": _move(state.down)}


def _move(move: Move | None) -> Record | None:
    return None if move is None else event_record(move.event) | of(move, "probability", "state", "end", "at_once")


def _proof(proof: Proof, money: _Money) -> Record:
    return {
        "claim": proof.claim.name.lower(),
        "says": str(proof.claim),
        "holds": proof.holds,
        "value": money(proof.value),
        **of(proof, "limit", "numbers"),
        "missing": proof.missing or None,
        "counterexample": path_record(proof.counterexample),
        "counterexample_value": digits(proof.shown),
    }


def _summary(summary: Summary, money: _Money) -> Record:
    return {
        "worst": money(summary.worst),
        "worst_r": _in_r(summary.worst_r, summary.worst, money),
        "best": money(summary.best),
        "best_r": _in_r(summary.best_r, summary.best, money),
        "best_unbounded": summary.best_unbounded,
        "expected_gross": money(summary.expected_gross),
        "expected_net": money(summary.expected_net),
        "expected_net_r": _in_r(summary.expected_net_r, summary.expected_net, money),
        **of(summary, "probability_of_profit", "probability_stopped", "probability_liquidated"),
        "breakeven_edge": None if summary.breakeven_edge is None else of(summary.breakeven_edge, "g", "chance"),
        "breakeven_missing": summary.breakeven_missing or None,
        **of(summary, "states", "outcomes"),
    }
