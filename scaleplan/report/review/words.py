"""Words of a review: results in R to two digits, intervals, steps that add up as they are shown, money."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from scaleplan.quantity.rounding import Toward, grouped, percent, places_for, result, rounded
from scaleplan.report.figures import UNKNOWN
from scaleplan.review import TradeReview
from scaleplan.review.summary import LEAST_TRADES
from scaleplan.statistics.intervals import MeanDifference, MeanInterval

#: What the steps of a waterfall are called, and what they end in.
STEP_NAMES = ("planned", "entry prices", "sizes", "exits", "fees")
DONE = "done"
_PLACES = 2
#: What rounding at the fiftieth digit leaves of nothing.
_NOISE = Decimal("1e-20")
#: A number of trades that would tell is an estimate of two digits, and beyond this much none at all.
_DIGITS, _COUNTLESS = 2, 1_000_000


def r_of(value: Decimal | None) -> str:
    """Returns a result in R with its sign and without the unit; what is not known is `n/a`."""
    return UNKNOWN if value is None else grouped(result(value, _PLACES, loss=-1), signed=True)


def bound(value: Decimal) -> str:
    """Returns an end of an interval, in R; one that is not 0 never reads so: a mean is told apart from that by it."""
    near = rounded(value, _PLACES)
    if not near and abs(value) > _NOISE:
        near = rounded(value, places_for(value, 1))
    return grouped(near, signed=True)


def span(found: MeanInterval | MeanDifference | None) -> str:
    """Returns an interval, `-0.38 to +0.32`; `n/a` where there is none."""
    if found is None or found.low is None or found.high is None:
        return UNKNOWN
    return f"{bound(found.low)} to {bound(found.high)}"


def shown_steps(steps: Sequence[Decimal], places: int = _PLACES) -> tuple[Decimal, ...]:
    """Returns steps as they are shown: rounded, and so that they add up to what the last sum is shown as.

    What rounding leaves over goes to the steps that it suits best, never to the first. What is nothing has no digits
    behind the point, and what only reads so has them.
    """
    unit = Decimal(1).scaleb(-places)
    shown = [result(step, places, loss=-1) for step in steps[:1]] + [rounded(step, places) for step in steps[1:]]
    over = result(sum(steps, Decimal(0)), places, loss=-1) - sum(shown, Decimal(0))
    while over:
        way = unit.copy_sign(over)
        able = [number for number, step in enumerate(steps) if number and abs(step) > _NOISE] or [0]
        best = max(able, key=lambda number: (steps[number] - shown[number]) * way)
        shown[best] += way
        over -= way
    return tuple(step if abs(exact) > _NOISE else Decimal(0) for step, exact in zip(shown, steps, strict=True))


def step_text(shown: Decimal) -> str:
    """Returns a step as it is shown: `-0.01`, `0.00`, and `0` for nothing."""
    return grouped(shown, signed=True)


def told_apart(found: MeanInterval) -> str:
    """Returns whether a mean is told apart from 0, and how many trades would tell."""
    few = found.values < LEAST_TRADES
    if found.low is None:
        return f"one trade has no interval, and {LEAST_TRADES} are the least"
    if not found.holds_0:
        return f"0 lies outside, but {LEAST_TRADES} trades are the least" if few else "told apart from 0"
    needed = found.needed
    text = "not told apart from 0"
    if needed is not None:
        count = max(needed, Decimal(found.values))
        many = (
            "over a million"
            if count > _COUNTLESS
            else f"some {grouped(rounded(count, _DIGITS - 1 - count.adjusted()))}"
        )
        text += f"; {many} trades would tell at this spread"
    return f"{text}, and {LEAST_TRADES} are the least" if few else text


def share(value: Decimal) -> str:
    """Returns a share as whole percent."""
    return grouped(rounded(percent(value), 0))


def followed_share(followed: int, applicable: int) -> str:
    """Returns how much was followed, as percent: 100 only where all of it was."""
    return grouped(rounded(percent(Decimal(followed) / applicable), 0, Toward.DOWN))


def listed(words: Iterable[str]) -> str:
    """Returns words one after the other."""
    return ", ".join(words)


def money_places(amounts: Iterable[Decimal]) -> int:
    """Returns how many digits behind the point show the largest of some amounts, two at least."""
    most = max((abs(amount) for amount in amounts), default=Decimal(0))
    return max(2, places_for(most, 3))


def money(amount: Decimal, places: int) -> str:
    """Returns an amount of money; what is not 0 never reads so."""
    return grouped(result(amount, places, loss=1)) if amount else "0"


def trades_with(trades: Sequence[TradeReview]) -> str:
    """Returns from when to when trades ended, by the days where they were recorded."""
    days = [f"{trade.closed_at:%Y-%m-%d}" for trade in (trades[0], trades[-1])]
    return days[0] if days[0] == days[1] else " to ".join(days)
