"""How a signal moves its stop: the one line that Cornix has for it, or what of a plan's moves has no word.

From a target on the stop goes to the average of what has filled (once), to the target before, to the one before that,
or so many percent behind that target (once); from the last one on it trails the best price by so many percent. Its
breakeven is the average, costs out.
"""

from collections.abc import Sequence

from scaleplan.plan import CloseOf, Level, Order, Plan
from scaleplan.quantity.exact import are_whole
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Anchor, Fixed, Reference
from scaleplan.quantity.rounding import percent
from scaleplan.report.figures import stop_text


def move_of(plan: Plan) -> tuple[str, list[str]]:
    """Returns the line that moves the stop, empty where it stays, and what of the moves it does not say."""
    # What the last target does to the stop of nothing says nothing.
    moves = {
        number: target.stop
        for number, target in enumerate(plan.targets, start=1)
        if target.stop is not None and not _closes_all(plan, number)
    }
    if plan.stop is None or (not moves and not trails_last(plan)):
        return "", []
    if not moves:
        trail = plan.targets[-1].trail
        below = plain(percent(trail.ratio)) if trail is not None and trail.ratio is not None else ""
        return f"Stop: Percent Below Highest ({below}%) -\n  Trigger: Target ({len(plan.targets)})", []
    first, last = min(moves), len(plan.targets)
    kind = _kind_of_move(
        plan, moves, first, [number for number in range(first, last + 1) if not _closes_all(plan, number)]
    )
    if kind:
        return f"Stop: {kind} -\n  Trigger: Target ({first})", []
    return "", [f"target {number}: `stop: {stop_text(level)}`{_why(level)}" for number, level in moves.items()]


def trails_last(plan: Plan) -> bool:
    """Returns whether nothing is said of the stop but by how many percent it trails once the last target is hit.

    That one closes all that is held: what trails is nothing, in the signal as in the plan.
    """
    if not plan.targets or any(target.stop is not None for target in plan.targets):
        return False
    trail = plan.targets[-1].trail
    return trail is not None and trail.ratio is not None and _closes_all(plan, len(plan.targets))


def _closes_all(plan: Plan, number: int) -> bool:
    closes = [target.close for target in plan.targets[:number]]
    if any(close.of is CloseOf.REST and close.amount == 1 for close in closes):
        return True
    return all(close.of is CloseOf.POSITION for close in closes) and are_whole([close.amount for close in closes])


def _kind_of_move(plan: Plan, moves: dict[int, Level], first: int, numbers: Sequence[int]) -> str:
    """Returns the words for how a stop moves from a target on; empty where there are none."""
    if len(moves) == 1:
        if _is_entry(plan, moves[first]):
            return "Breakeven"
        below = _percent_below(plan, moves[first], first)
        if below:
            return f"Percent Below Triggers ({below}%)"
    for steps, name in ((1, "Moving Target"), (2, "Moving 2 Target")):
        follows = first >= steps and list(moves) == list(numbers)
        if follows and all(_follows(plan, moves[number], number - steps) for number in numbers):
            return name
    return ""


def _follows(plan: Plan, level: Level, number: int) -> bool:
    """Whether a stop lies at a target, or for number 0 at the average."""
    if number == 0:
        return _is_entry(plan, level)
    price = plan.targets[number - 1].price
    if isinstance(level, Fixed):
        return isinstance(price, Fixed) and level.price == price.price
    return level == Anchor(Reference.TARGET, number)


def _is_entry(plan: Plan, level: Level) -> bool:
    """Whether a stop lies at the average of what is filled: a breakeven does where nothing costs anything."""
    if isinstance(level, Fixed):
        return len(plan.tiers) == 1 and level.price == plan.tiers[0].price and not _worsens(plan)
    if not isinstance(level, Anchor) or level.ratio or level.amount:
        return False
    return level.reference is Reference.ENTRY or (level.reference is Reference.BREAKEVEN and not _costs(plan))


def _worsens(plan: Plan) -> bool:
    return bool(plan.spread or (plan.tiers[0].order is not Order.LIMIT and (plan.slippage or plan.slippage_price)))


def _costs(plan: Plan) -> bool:
    fees = plan.fees
    paid = (fees.maker, fees.taker, fees.per_contract, fees.per_order, plan.slippage, plan.slippage_price, plan.spread)
    return any(paid)


def _percent_below(plan: Plan, level: Level, number: int) -> str:
    """Returns by how many percent a stop lies on the losing side of a target; empty where it is no such stop."""
    if not isinstance(level, Anchor) or level.reference is not Reference.TARGET or level.number != number:
        return ""
    away = -plan.sign * level.ratio
    return plain(percent(away)) if away > 0 and not level.amount else ""


def _why(level: Level) -> str:
    if isinstance(level, Anchor) and level.reference is Reference.BREAKEVEN:
        return ", costs in: a signal's breakeven is the average of the entries"
    return ", a move that signals have no word for"
