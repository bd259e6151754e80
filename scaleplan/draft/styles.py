"""The styles of a new plan: how the size spreads, what must be seen before a tier fills, where it ends, what to ask.

They are beginnings to be rewritten, on the safe side: adds that shrink, a first target that pays for the rest.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from scaleplan.plan import Order, Plan, Side, Style
from scaleplan.quantity.number import plain

#: How a condition is written: for which side, at which price.
Condition = Callable[[Side, str], str]


class StyleTarget(NamedTuple):
    """A target: its distance in R, how much it closes, and where the stop moves then."""

    distance: Decimal
    close: str
    stop: str = ""


class Beginning(NamedTuple):
    """What a style begins with."""

    means: str
    condition: Condition | None
    exits: tuple[StyleTarget, ...]
    question: str
    shrinking: bool = False


def _break(side: Side, price: str) -> str:
    return f"4h close {'above' if side is Side.LONG else 'below'} {price}"


def _hold(side: Side, price: str) -> str:
    return f"1h close back {'above' if side is Side.LONG else 'below'} {price}"


BEGINNINGS = {
    Style.PYRAMID: Beginning(
        "adds to what is winning, each add smaller than the one before",
        _break,
        (
            StyleTarget(Decimal(2), "30%", "breakeven"),
            StyleTarget(Decimal(3), "30%", "+1R"),
            StyleTarget(Decimal(5), "rest"),
        ),
        "Not a move that leaves without coming back for the later tiers",
        shrinking=True,
    ),
    Style.CONFIRMATION: Beginning(
        "each tier waits for a sign that the one before it was right",
        _break,
        (
            StyleTarget(Decimal(2), "25%", "breakeven"),
            StyleTarget(Decimal(3), "35%", "+1R"),
            StyleTarget(Decimal(4), "rest"),
        ),
        "Each sign is written here before the trade, not found afterwards",
    ),
    Style.DCA: Beginning(
        "buys into weakness at planned prices, with a floor under it",
        None,
        (StyleTarget(Decimal("1.5"), "50%", "breakeven"), StyleTarget(Decimal(3), "rest")),
        "The reason for the trade will still be there at the last tier",
    ),
    Style.RANGE: Beginning(
        "enters at the edge of a range, leaves in the middle and at the other edge",
        _hold,
        (StyleTarget(Decimal("1.5"), "50%", "breakeven"), StyleTarget(Decimal("2.5"), "rest")),
        "The range is intact: no close outside of it",
    ),
    Style.SINGLE: Beginning(
        "one entry",
        None,
        (StyleTarget(Decimal(2), "50%", "breakeven"), StyleTarget(Decimal(3), "rest")),
        "One entry is enough: waiting for more would change nothing",
    ),
}
COMMON_QUESTIONS = ("No scheduled news before it should be done", "I can watch it, or every order rests at the venue")


def shares(plan: Plan) -> tuple[str, ...]:
    """Returns the shares of a style whose adds shrink, as 3/6, 2/6, 1/6; none where they are equal."""
    count = len(plan.tiers)
    if not BEGINNINGS[plan.style].shrinking or count == 1:
        return ()
    known = {2: ("60%", "40%"), 3: ("50%", "30%", "20%"), 4: ("40%", "30%", "20%", "10%")}
    whole = count * (count + 1) // 2
    return known.get(count) or tuple(f"{count - place}/{whole}" for place in range(count))


def conditions(plan: Plan) -> tuple[str, ...]:
    """Returns what must be seen before each tier fills; nothing for orders that rest, if the style asks for none."""
    begin = BEGINNINGS[plan.style].condition
    found = []
    for tier in plan.tiers:
        condition = begin or (_break if tier.order is not Order.LIMIT else None)
        found.append(condition(plan.side, plain(tier.price)) if condition else "")
    return tuple(found)


def exits(plan: Plan) -> tuple[StyleTarget, ...]:
    """Returns the targets of the style, the first moved past every tier on its way; none without a stop."""
    if plan.stop is None:
        return ()
    first = plan.tiers[0].price
    furthest = max(plan.side.sign * (tier.price - first) for tier in plan.tiers)
    found = BEGINNINGS[plan.style].exits
    least = furthest // abs(first - plan.stop) + 1 if first != plan.stop else Decimal(0)
    shift = max(Decimal(0), least - found[0].distance)
    return tuple(target._replace(distance=target.distance + shift) for target in found)
