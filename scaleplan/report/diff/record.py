"""The record of a plan's change, unrounded; values of changes are as a trader writes them."""

from decimal import Decimal

from scaleplan.plan import Plan
from scaleplan.questions.diff import Diff, DiffSide, SideFigures
from scaleplan.report.measures import loosened_words
from scaleplan.report.record import FORMAT_VERSION, Record, digits
from scaleplan.report.show.record import diagnostic_records
from scaleplan.revision.changes import KeyChange, Op
from scaleplan.revision.forms import written_form
from scaleplan.revision.measures import Measure, RoomKind, StopRoom, Turn
from scaleplan.revision.protection import Loosened

_ROOMS = {RoomKind.NONE: "none", RoomKind.UNKNOWN: "unknown"}
_RATIOS = frozenset({Measure.LOSS_FRACTION, Measure.BEHIND_STOP, Measure.MARGIN_FRACTION, Measure.LEVERAGE})
_RATIOS_SHOWN = frozenset({"reward_to_risk", "probability_of_profit"})
_MONEY = frozenset({Measure.PLANNED_LOSS, Measure.WORST_LOSS, Measure.MARGIN})


def diff_record(diff: Diff) -> Record:
    """Returns the record of a change; where a side has no figures what is compared is not there.

    `old` is null for a file that is not in the revision. `worse` is null where nothing is compared, and for what is
    shown and never judged.
    """
    return {
        "format_version": FORMAT_VERSION,
        "command": "diff",
        "old": None if diff.old.study is None else _side(diff.old),
        "new": _side(diff.new),
        "verdict": None if diff.verdict is None else str(diff.verdict),
        "changes": [_change(diff, change) for change in diff.changes],
        "measures": [] if diff.after is None else [*_measures(diff, diff.after), *_shown(diff, diff.after)],
        "taken_away": [_taken(each) for each in diff.loosened],
        "complete": all(each.measures.complete for each in (diff.before, diff.after) if each is not None),
        "diagnostics": [] if diff.new.study is None else diagnostic_records(diff.new.study),
    }


def _taken(each: Loosened) -> Record:
    """Returns what is taken away and counted by no measure; `new` is null where it is gone."""
    return {
        "guard": str(each.guard),
        "path_old": each.path,
        "old": None if each.old is None else written_form(each.old),
        "new": None if each.new is None else written_form(each.new),
        "message": loosened_words(each),
    }


def _side(side: DiffSide) -> Record:
    return {"file": side.file, "revision": side.revision, "commit": side.commit}


def _change(diff: Diff, change: KeyChange) -> Record:
    span = None if diff.places is None else diff.places.of(change.path_new or change.path_old or "")
    return {
        "op": str(change.op),
        "path_old": change.path_old,
        "path_new": change.path_new,
        "old": None if change.op is Op.ADD else written_form(change.old),
        "new": None if change.op is Op.REMOVE else written_form(change.new),
        "words": change.words,
        "file": None if span is None else span.source.name,
        "line": None if span is None else span.source.position(span.start).line,
    }


def _measures(diff: Diff, after: SideFigures) -> list[Record]:
    found = []
    for measure in Measure:
        turn = diff.turn(measure)
        found.append(
            {
                "name": str(measure),
                "old": None if diff.before is None else _value(diff.before.measures.of(measure)),
                "new": _value(after.measures.of(measure)),
                "unit": _unit(measure, after.study.plan),
                "unit_old": None if diff.before is None else _unit(measure, diff.before.study.plan),
                "worse": None if turn is None else turn is Turn.WORSE,
                "better": None if turn is None else turn is Turn.BETTER,
            }
        )
    return found


def _value(value: object) -> object:
    match value:
        case StopRoom():
            return digits(value.ratio) if value.ratio is not None else _ROOMS.get(value.kind, "no stop")
        case frozenset():
            return sorted(value)
        case Decimal():
            return digits(value)
    return value


def _unit(measure: Measure, plan: Plan) -> str | None:
    if measure in _MONEY:
        return plan.settle
    if measure is Measure.MOST_HELD:
        return plan.symbol.quote
    return "ratio" if measure in _RATIOS else None


def _shown(diff: Diff, after: SideFigures) -> list[Record]:
    """Returns what is shown and never judged."""
    old = {} if diff.before is None else _promise(diff.before)
    settle_old = None if diff.before is None else diff.before.study.plan.settle
    found = []
    for name, value in _promise(after).items():
        is_ratio = name in _RATIOS_SHOWN
        units = ("ratio", "ratio" if old else None) if is_ratio else (after.study.plan.settle, settle_old)
        row = {"name": name, "old": digits(old.get(name)), "new": digits(value), "unit": units[0], "unit_old": units[1]}
        found.append(row | {"worse": None, "better": None})
    return found


def _promise(judged: SideFigures) -> dict[str, Decimal | None]:
    totals, summary = judged.study.ladder.totals, judged.summary
    return {
        "reward": totals.reward,
        "reward_to_risk": totals.reward_to_risk,
        "fees": totals.fees,
        "probability_of_profit": None if summary is None else summary.probability_of_profit,
        "expected_net": None if summary is None else summary.expected_net,
    }
