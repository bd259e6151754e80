"""SP501 stop-loosens: a stop move would lie further from the price than the stop in force.

A stop moves one way. A move that gives back protection is not followed: the tighter stop stays, and what the plan
says is not what happens.

Reckoned with every tier filled; a move on a tier with the tiers before it. Silent for a move to the level in force.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.levels import MoveFault
from scaleplan.rules.case import Case, Finding, Findings, owner_of

KIND = Kind("SP501", "stop-loosens", Severity.ERROR, "A stop move would lie further away than the stop in force.")


def check(case: Case) -> Findings:
    """Reports the moves that the ladder did not follow, and those that some other path would not."""
    steps = case.steps
    listed = [
        move
        for move in case.ladder.moves
        if move.fault is MoveFault.LOOSENS
        # The order listed does not come to a tier that is stopped before.
        and (move.owner == "targets" or steps[move.row].position.reachable or case.facts is None)
    ]
    known = {(move.owner, move.row) for move in listed}
    elsewhere = case.facts.loosens if case.facts is not None else ()
    for move in (*listed, *(move for move in elsewhere if (move.owner, move.row) not in known)):
        if move.before is None:
            clash, help = "no price above 0", "write a smaller distance"
            level = case.prices_apart(move.level, move.set_at)[0]
        else:
            level, before = case.prices_apart(move.level, move.before)
            clash = f"looser than the {before} in force"
            help = f"write a level {case.winning} {before}, or leave it out: the stop stays where it is"
        path = f"{move.owner}[{move.row}].stop"
        message = f"the stop of {owner_of(move)} moves to {level}, {clash}"
        severity = None
        if (move.owner, move.row) not in known:
            message = f"where tiers or targets come in another order than listed, {message}"
            help = "nothing to mend where the tighter stop may stay; else let `after` make the order a part of the plan"
            severity = Severity.NOTE
        yield Finding(path, message, help, severity=severity)
