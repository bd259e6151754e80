"""What a rule looks at: the plan, its ladder, and the places of both in the text."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from scaleplan.decode.places import Places
from scaleplan.diagnostic import Diagnostic, Kind, Related, Severity, problem
from scaleplan.engine.closes import held_fractions
from scaleplan.engine.position import Position
from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.quantity.number import plain
from scaleplan.rules.adds import Add, adds_of, can_fill
from scaleplan.rules.thresholds import DEFAULT, Thresholds

if TYPE_CHECKING:
    from scaleplan.paths.facts import Facts


class Subject:
    """One plan under examination, on the day that is `today`.

    `facts` are what holds over all its paths; absent where there is no other path than the ladder's, or too many.
    """

    def __init__(
        self,
        plan: Plan,
        ladder: Ladder,
        places: Places,
        thresholds: Thresholds = DEFAULT,
        facts: "Facts | None" = None,
        *,
        today: date,
    ) -> None:
        self.plan = plan
        self.ladder = ladder
        self.places = places
        self.thresholds = thresholds
        self.facts = facts
        self.today = today

    @cached_property
    def adds(self) -> tuple[Add, ...]:
        """The tiers after the first, as far as they can fill."""
        return adds_of(self.plan, self.ladder)

    def finding(
        self,
        kind: Kind,
        path: str,
        message: str,
        help: str,
        related: Iterable[tuple[str, str]] = (),
        *,
        severity: Severity | None = None,
    ) -> Diagnostic:
        """A diagnostic at `path`, or at the nearest part around it that is written; `related` are paths and words.

        It has the severity of its kind unless another is given.
        """
        path = self.places.nearest(path)
        others = [Related(self.places.of(other), words) for other, words in related if other in self.places.spans]
        return problem(kind, self.places.of(path), path, message, help, others, severity=severity)

    @property
    def stop_path(self) -> str:
        """Where the plan's own stop is written."""
        return "stop" if "stop" in self.places.spans else "invalidation"

    @property
    def losing(self) -> str:
        """The losing side of a price, in a word: `below` for a long."""
        return "below" if self.plan.sign > 0 else "above"

    @property
    def winning(self) -> str:
        """The winning side of a price, in a word: `above` for a long."""
        return "above" if self.plan.sign > 0 else "below"

    @property
    def more_room(self) -> str:
        """What moves liquidation away, in words; where margin is a sum for each contract no leverage is set."""
        return "add margin" if self.plan.initial_per_contract is not None else "lower the leverage, add margin"

    def can_fill(self, index: int) -> bool:
        """Whether the tier at `index` can fill as far as the losing side goes."""
        return can_fill(self.ladder, index)

    def position_after(self, index: int) -> Position:
        """The position after the tier at `index` (from 0), costs in: slipped fills and entry fees."""
        return self.ladder.steps[index].state.held.position

    @cached_property
    def left(self) -> tuple[Fraction, ...]:
        """What is still held after each target, as an exact share; below zero where more is closed than is held."""
        return held_fractions(self.plan.targets)


def share_within(subject: Subject, limit: Decimal, loss: Decimal) -> Decimal:
    """The part of the size at which the worst planned loss is a limit.

    Risk grows with size but for what every order costs: that is paid for the smallest of them too.
    """
    per_order = subject.plan.fees.per_order
    orders = per_order * (subject.ladder.totals.worst_tier + 1)
    # Where the orders alone pass the limit no size will do, and the plain ratio is said.
    return (limit - orders) / (loss - orders) if orders < limit else limit / loss


def at_most(ratio: Decimal) -> str:
    """A ratio as a percentage of three digits that is safe to follow: rounded down."""
    return _three_digits(ratio * 100, ROUND_FLOOR)


def at_least(ratio: Decimal) -> str:
    """A ratio as a percentage of three digits that is no better than it is: rounded up."""
    return _three_digits(ratio * 100, ROUND_CEILING)


def _three_digits(value: Decimal, rounding: str) -> str:
    step = Decimal(1).scaleb(value.adjusted() - 2)
    # What a quotient carries at its fiftieth digit is no figure to round up.
    own = value.quantize(step.scaleb(-20))
    return f"{plain(own.quantize(step, rounding=rounding))}%"


def named(word: str, numbers: Sequence[int]) -> str:
    """Tiers or targets by number, rising, in words: `tier 2`, `tiers 2 and 3`, `tiers 2-4`, `tiers 1, 2 and 4`."""
    if len(numbers) == 1:
        return f"{word} {numbers[0]}"
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{word}s {numbers[0]}-{numbers[-1]}"
    return f"{word}s {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
