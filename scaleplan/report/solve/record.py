"""The record of an answer: what was asked, the answer, what it rests on, and what the next one would come to."""

from decimal import Decimal

from scaleplan.diagnostic import Diagnostic
from scaleplan.quantity.exact import as_decimal
from scaleplan.questions.solve import Answered
from scaleplan.questions.solve.records import CountRow, Goal, Net, Solution, SolvedValue, What, Why
from scaleplan.questions.solve.written import Write
from scaleplan.report.diagnostics.record import to_json_record
from scaleplan.report.record import Record, digits, of
from scaleplan.report.show.record import about, diagnostic_records
from scaleplan.report.solve.words import why_words
from scaleplan.study import Studied, Study


def unread_record(study: Studied, what: What) -> Record:
    """Returns the record of a plan that could not be read: there is nothing to solve."""
    return _record(study, what, None, None, None, ())


def answer_record(
    study: Study, goal: Goal, answered: Answered, write: Write | None, then: tuple[Diagnostic, ...]
) -> Record:
    """Returns the record of an answer, or of why there is none; `then` is what is wrong with the plan that has it."""
    return _record(study, goal.what, goal, answered, write, then)


def _record(
    study: Studied,
    what: What,
    goal: Goal | None,
    answered: Answered | None,
    write: Write | None,
    then: tuple[Diagnostic, ...],
) -> Record:
    solution = None if answered is None else answered.solution
    none = None if answered is None else answered.none
    why = solution.why if solution is not None else none.why if none is not None else None
    before = solution.before if solution is not None else none.before if none is not None else None
    record = about(study, "solve")
    record.update(
        {
            "what": str(what),
            "goal": None if goal is None else _goal(goal, None if solution is None else solution.price),
            "holds": None if answered is None else _holds(answered),
            "answer": None if solution is None or solution.answer is None else _answer(solution.answer),
            "before": digits(before),
            "after": None if solution is None else digits(solution.after),
            "binding": None if solution is None else _binding(solution),
            "risk_if_all": None if solution is None else digits(solution.ladder.totals.risk_if_all),
            "next": None if solution is None or solution.next is None else of(solution.next, "value", "result"),
            "reason": None if why is None else str(why.reason),
            "reason_text": None if why is None or not isinstance(study, Study) else _text(why, study),
            "write": None
            if write is None
            else {**of(write, "path", "line", "column"), "old": write.old or None, "new": write.new},
        }
    )
    if answered is not None and answered.rows and isinstance(study, Study):
        record["each"] = [_row(row, study) for row in answered.rows]
    record["then"] = [to_json_record(diagnostic) for diagnostic in then]
    record["diagnostics"] = diagnostic_records(study)
    return record


def _text(why: Why, study: Study) -> str:
    return why_words(why, study.plan, study.ladder)


def _holds(answered: Answered) -> bool | None:
    if answered.solution is not None:
        return True
    reason = "" if answered.none is None else str(answered.none.why.reason)
    return True if reason == "nothing" else None if reason == "unknown" else False


def _goal(goal: Goal, price: Decimal | None) -> Record:
    """Returns what was asked for, without what was not; a price that follows from the state is that which it was."""
    at = price or goal.at
    record: Record = {} if goal.at is None else {"at": digits(at) if isinstance(at, Decimal) else None}
    for name in ("loss", "margin", "behind", "average", "risk", "liquidated", "with_stop", "step"):
        value: Decimal | None = getattr(goal, name)
        if value is not None:
            record[name] = digits(value)
    if goal.beyond_stop is not None:
        record["liquidated_behind"] = digits(goal.beyond_stop)
    if goal.net is not None:
        record.update(_net(goal.net))
    own: dict[What, Record] = {
        What.ADD: {"order": str(goal.order)},
        What.CLOSE: {"target": goal.target, "free": True},
        What.SHARES: {"equal_risk": True},
        What.LEVERAGE: {"state": "worst" if goal.tiers is None else None},
        What.MARGIN: {"state": "worst" if goal.tiers is None else None},
    }
    record.update(own.get(goal.what, {}))
    if goal.tiers is not None:
        record["tiers"] = list(goal.tiers)
    if goal.targets is not None:
        record["targets"] = goal.targets
    return record


def _net(net: Net) -> Record:
    if net.of_margin is not None:
        return {"net_of_margin": digits(as_decimal(net.of_margin))}
    return {"net": digits(net.amount)}


def _answer(answer: SolvedValue) -> Record:
    """Returns the answer; of several, a list of each."""
    if len(answer.values) == 1:
        return {
            "value": digits(answer.values[0]),
            "unit": answer.unit,
            "exact": digits(answer.exact[0]),
            "typed": answer.typed[0] if len(answer.typed) == 1 else list(answer.typed),
        }
    return {
        "value": [digits(value) for value in answer.values],
        "unit": answer.unit,
        "exact": [digits(value) for value in answer.exact],
        "typed": list(answer.typed),
    }


def _binding(solution: Solution) -> Record | None:
    found = solution.binding
    if found is None:
        return None
    return {"tiers": list(found.tiers), "targets": found.targets, "level": digits(found.level)}


def _row(row: CountRow, study: Study) -> Record:
    return {
        "tiers": list(range(1, row.tiers + 1)),
        "value": digits(row.value),
        "result": digits(row.net),
        "reason": None if row.why is None else str(row.why.reason),
        "reason_text": None if row.why is None else _text(row.why, study),
    }
