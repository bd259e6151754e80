"""Why no path fills a tier or hits a target, as far as the plan and its states tell it, in words.

There is no path to show for what never happens; what can be told is what stands before it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from scaleplan.engine.event import EventKind
from scaleplan.engine.levels import reached
from scaleplan.paths.records import Paths
from scaleplan.plan import AfterPrice, AfterTier, Plan, Tier
from scaleplan.quantity.price import Fixed
from scaleplan.report.figures import NONE, Figures, level_text
from scaleplan.report.paths.words import numbers, price


def tiers_unreached(figures: Figures, paths: Paths, never: Sequence[int]) -> str:
    """What keeps each tier of `never` from filling; tiers with the same reason are named together."""
    plan = figures.plan
    touched = _touched(paths)
    on_tiers: list[int] = []
    on_prices: list[int] = []
    on_the_one_before: list[int] = []
    behind_stop: list[int] = []
    over: list[int] = []
    for number in never:
        tier = plan.tiers[number - 1]
        match tier.after:
            case AfterTier(other) if other in never:
                on_tiers.append(number)
                continue
            case AfterPrice() if number not in touched:
                on_prices.append(number)
                continue
        if number in paths.waits and number - 1 in never:
            on_the_one_before.append(number)
        elif _behind_stop(plan, paths, number):
            behind_stop.append(number)
        else:
            over.append(number)
    groups = (
        (on_prices, _waits_for_price),
        (on_the_one_before, _waits_for_the_one_before),
        (behind_stop, _stopped_before),
        (over, _over_before),
        (on_tiers, _waits_for_tier),
    )
    reasons = [(found, words) for found, words in groups if found]
    return "; ".join(words(_Subject(figures, found, len(reasons) == 1)) for found, words in reasons)


def target_unreached(figures: Figures, paths: Paths, first: int) -> str:
    """What keeps price from the first target that is never hit; those behind it only wait for it."""
    plan = figures.plan
    before = [state for state in paths.states if state.targets == first - 1 and state.quantity]
    level = level_text(plan.targets[first - 1].price)
    if not any(state.quantity for state in paths.states):
        return "nothing ever fills"
    if not before:
        return f"nothing is left after target {first - 1}"
    # A state in which something happens at once has no other side, whatever lies there.
    free = [state for state in before if not any(move and move.at_once for move in (state.up, state.down))]
    unpriced = free and all((state.up if plan.sign > 0 else state.down) is None for state in free)
    if unpriced and not isinstance(plan.targets[first - 1].price, Fixed):
        return f"{level} lies at no price above zero"
    return f"the plan is over before price comes to {_price_of_target(figures, first)}"


def _touched(paths: Paths) -> set[int]:
    """The tiers whose `after` price some path comes to."""
    moves = (move for state in paths.states for move in (state.up, state.down) if move is not None)
    return {move.event.number for move in moves if move.event.kind is EventKind.AFTER}


def _behind_stop(plan: Plan, paths: Paths, number: int) -> bool:
    """Whether price comes to the plan's stop on its way to a tier."""
    if plan.stop is None or paths.start is not None:
        return False
    moves = [move for state in paths.states for move in (state.up, state.down) if move is not None]
    moved = any(state.stop not in (None, plan.stop) for state in paths.states)
    if moved or any(move.event.kind is EventKind.LIQUIDATION for move in moves):
        return False
    return reached(plan.tiers[number - 1].price, plan.stop, plan.sign)


class _Subject(NamedTuple):
    """The tiers that a reason is for; `alone` where they have just been named, and there is no other reason."""

    figures: Figures
    found: list[int]
    alone: bool

    @property
    def tier(self) -> Tier:
        """The first of them."""
        return self.figures.plan.tiers[self.found[0] - 1]

    @property
    def one(self) -> bool:
        """Whether it is a single tier."""
        return len(self.found) == 1

    @property
    def name(self) -> str:
        """`tier 2`, `it`, `tiers 2-3` or `they`."""
        if self.alone:
            return "it" if self.one else "they"
        return f"tier{'' if self.one else 's'} {numbers(self.found)}"

    @property
    def place(self) -> str:
        """What price does not come to: `tier 2 at 90`, `it at 90`, `tiers 2-3` or `them`."""
        if self.one:
            return f"{self.name} at {price(self.figures, self.tier.price)}"
        return "them" if self.alone else self.name


def _waits_for_price(who: _Subject) -> str:
    after = who.tier.after
    if who.one and isinstance(after, AfterPrice):
        return f"{who.name} waits for {price(who.figures, after.price)}, and no path gets there"
    return f"{who.name} wait for prices that no path gets to"


def _waits_for_tier(who: _Subject) -> str:
    after = who.tier.after
    if who.one and isinstance(after, AfterTier):
        return f"{who.name} waits for tier {after.tier}, which never fills"
    return f"{who.name} wait for tiers that never fill"


def _waits_for_the_one_before(who: _Subject) -> str:
    if who.one:
        return f"{who.name} would execute at once, and so waits for tier {who.found[0] - 1}, which never fills"
    return f"{who.name} would execute at once, and so wait for the tier before, which never fills"


def _stopped_before(who: _Subject) -> str:
    stop = who.figures.plan.stop
    at = NONE if stop is None else price(who.figures, stop)
    if who.one and who.tier.price == stop:
        return f"{who.name} lies at the stop"
    return f"price comes to the stop at {at} before {who.place}"


def _over_before(who: _Subject) -> str:
    return f"entries have ended, or the plan is over, before price comes to {who.place}"


def _price_of_target(figures: Figures, number: int) -> str:
    level = figures.plan.targets[number - 1].price
    return price(figures, level.price) if isinstance(level, Fixed) else level_text(level)
