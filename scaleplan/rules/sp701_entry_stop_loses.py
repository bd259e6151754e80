"""SP701 entry-stop-loses: a stop moved to `entry` still loses, because the average entry is not the breakeven.

`entry` is the average price paid. Stopped there, the fees of entry and exit and the slippage are lost: the trade called
free is not. `breakeven` is the level at which the part still held comes out even, costs in.

Also told for `entry` with an offset in the trade's favour that is too small. Silent for an offset on the losing side,
which is meant to risk something, where costs are nothing, and where the move is wrong for another reason (SP501,
SP502).
"""

from decimal import Decimal

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.engine.levels import StopMove
from scaleplan.engine.position import costs_of
from scaleplan.engine.risk import risk_at_stop
from scaleplan.plan import Level
from scaleplan.quantity.exact import same
from scaleplan.quantity.price import Anchor, Reference
from scaleplan.rules.case import Case, Finding, Findings, owner_of

KIND = Kind("SP701", "entry-stop-loses", Severity.WARNING, "A stop at `entry` is a net loss after costs.")


def check(case: Case) -> Findings:
    """Compares each stop move to `entry` with the breakeven of the position held then."""
    plan = case.plan
    for move in case.ladder.moves:
        owner = plan.tiers[move.row] if move.owner == "tiers" else plan.targets[move.row]
        if move.fault is not None or not _at_entry(owner.stop, plan.sign):
            continue
        even, lost = _breakeven(case, move)
        if even is None or lost <= 0 or same(move.level, even):
            continue
        level, needed = case.prices_apart(move.level, even)
        yield Finding(
            f"{move.owner}[{move.row}].stop",
            f"the stop of {owner_of(move)} moves to {level} and breakeven is at {needed}: hit there, what is held "
            f"loses {case.money(lost)} {plan.settle} in costs",
            Help("write `stop: breakeven`", ("breakeven",)),
        )


def _at_entry(level: Level | None, sign: int) -> bool:
    return isinstance(level, Anchor) and level.reference is Reference.ENTRY and sign * (level.ratio + level.amount) >= 0


def _breakeven(case: Case, move: StopMove) -> tuple[Decimal | None, Decimal]:
    """Returns the stop level that comes out even for the position held after a move, and what its own level loses."""
    plan, costs = case.plan, costs_of(case.plan)
    if move.owner == "tiers":
        held = case.position_after(move.row)
    else:
        done = case.ladder.exits[move.row]
        held = done.held.part(done.remaining)
    fill = held.breakeven(costs.taker)
    even = None if fill is None else costs.trigger_price(fill, plan.sign)
    return even, risk_at_stop(held, move.level, costs)
