"""SP502 stop-exits-at-once: a stop move lies at or beyond the price at which it is set.

It closes the position there and then: what was to be protected is sold, and later targets never come. The risk is then
reckoned with that price as the stop.

Reckoned with every tier filled; a move on a tier with the tiers before it. Silent for a level on the losing side of the
price, however near.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.levels import MoveFault
from scaleplan.rules.case import Case, Finding, Findings, owner_of

KIND = Kind(
    "SP502", "stop-exits-at-once", Severity.ERROR, "A stop move lies at or beyond the price at which it is set."
)
SILENCES = ("SP511",)


def check(case: Case) -> Findings:
    """Reports the moves that the ladder found to exit."""
    for move in case.ladder.moves:
        if move.fault is not MoveFault.EXITS_AT_ONCE:
            continue
        if move.owner == "tiers" and not case.steps[move.row].position.reachable and case.facts is not None:
            # No path comes to that tier as listed.
            continue
        level, price = case.prices_apart(move.level, move.set_at)
        path = f"{move.owner}[{move.row}]"
        owner = owner_of(move)
        yield Finding(
            f"{path}.stop",
            f"the stop of {owner} moves to {level}, and price is at {price} then: it would exit at once",
            f"write a level {case.losing} {price}",
            [(f"{path}.price", owner)],
        )
