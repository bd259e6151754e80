"""SP513 idle-target: a target closes nothing and moves nothing.

Price comes to it and nothing happens: a target without `close` closes 0%, unless no target of the list says what it
does, or it is the last.

Told where a target closes 0%, written or not, and has no trail, no exit in words, and no stop, or one that is in force
already. Silent where its stop would loosen (SP501).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.levels import StopMove
from scaleplan.quantity.exact import same
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP513", "idle-target", Severity.WARNING, "A target closes nothing and moves nothing.")
NEEDS = ("targets",)


def check(case: Case) -> Findings:
    """Looks for targets that do nothing when they are hit."""
    moves = {move.row: move for move in case.ladder.moves if move.owner == "targets"}
    for index, target in enumerate(case.plan.targets):
        if target.close.amount != 0 or target.trail is not None or target.exit:
            continue
        move = moves.get(index)
        if target.stop is not None and (move is None or not _moves_nothing(move)):
            continue
        why = "moves nothing" if move is None else f"its stop at {case.price(move.level)} is in force already"
        yield Finding(
            f"targets[{index}].close" if target.close.written else f"targets[{index}]",
            f"target {index + 1} closes nothing and {why}",
            "say what it closes, as in `close: 25%`, or where the stop moves, or leave it out",
        )


def _moves_nothing(move: StopMove) -> bool:
    return move.fault is None and move.before is not None and same(move.level, move.before)
