"""SP501 stop-loosens and SP502 stop-exits-at-once: a stop move that gives back protection, or ends the position.

A stop moves one way. One that would lie further from the price than the stop in force is not followed, the tighter one
stays; one at or beyond the price at which it is set closes the position there and then. Both are reckoned with every
tier filled; a move on a tier with the tiers before it.
"""

from collections.abc import Iterator

from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.ladder import MoveFault
from scaleplan.quantity.number import told_apart
from scaleplan.rules.subject import Subject

LOOSENS = Kind("SP501", "stop-loosens", Severity.ERROR, "A stop move would lie further away than the stop in force.")
EXITS_AT_ONCE = Kind(
    "SP502", "stop-exits-at-once", Severity.ERROR, "A stop move lies at or beyond the price at which it is set."
)
KINDS = (LOOSENS, EXITS_AT_ONCE)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Tell the faults that the ladder found in its stop moves."""
    for move in subject.ladder.moves:
        if move.fault is None:
            continue
        path = f"{move.owner}[{move.row}].stop"
        owner = f"{move.owner.removesuffix('s')} {move.row + 1}"
        if move.fault is MoveFault.EXITS_AT_ONCE:
            level, price = told_apart(move.level, move.set_at)
            yield subject.finding(
                EXITS_AT_ONCE,
                path,
                f"the stop of {owner} moves to {level}, and price is at {price} then: it would exit at once",
                f"write a level {subject.losing} {price}",
                [(f"{move.owner}[{move.row}].price", owner)],
            )
            continue
        if move.before is None:
            clash, help = "no price above 0", "write a smaller distance"
            level = told_apart(move.level, move.set_at)[0]
        else:
            level, before = told_apart(move.level, move.before)
            clash = f"looser than the {before} in force"
            help = f"write a level {subject.winning} {before}, or leave it out: the stop stays where it is"
        yield subject.finding(LOOSENS, path, f"the stop of {owner} moves to {level}, {clash}", help)
