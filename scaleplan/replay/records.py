"""What a replay is made of: prices of a bar, what happened on it, what is carried along, the ways out of a bar.

Prices are in quote, money in the settle currency, quantities in base (inverse: value in quote). Times are nanoseconds
since 1970 in UTC. `series` counts from 0, the bars given; finer ones are 1, 2 ...
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.engine.event import End
from scaleplan.engine.holding import Holding
from scaleplan.engine.state import State, Step
from scaleplan.quantity.exact import ZERO


class BarPrices(NamedTuple):
    """The four prices of a bar, as they were typed."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


class LimitFills(StrEnum):
    """When a limit fills: where price meets it, or where price has gone through it."""

    TOUCH = "touch"
    THROUGH = "through"


class BarOrder(StrEnum):
    """The order of prices in a bar that is followed: every one, or a fixed one as other programs assume."""

    WORST = "worst"
    BEST = "best"
    LOW_FIRST = "low-first"
    HIGH_FIRST = "high-first"
    NEAR = "near"


class Happened(NamedTuple):
    """An event on a bar: the step of the machine, the state before it, whether it happened at the open."""

    series: int
    bar: int
    step: Step
    came: State
    at_open: bool

    @property
    def before(self) -> Holding:
        """What was held before it."""
        return self.came.held


class FundingPaid(NamedTuple):
    """Funding paid (received: negative) at the open of a bar that opens at a moment."""

    time: int
    amount: Decimal


class Gain(NamedTuple):
    """What is added to the result on one way through a bar, what happened on it, and the funding paid, if any.

    `turns` are the sides on which levels were met, 0 below and 1 above: of equal results that with low first is kept.
    """

    net: Decimal = ZERO
    gross: Decimal = ZERO
    funding: FundingPaid | None = None
    events: tuple[Happened, ...] = ()
    turns: tuple[int, ...] = ()

    def after(self, happened: Happened, turn: tuple[int, ...] = ()) -> "Gain":
        """Returns the gain with one event more."""
        step = happened.step
        net, gross = (step.net, step.gross) if step.over is None else (step.over.net, step.over.gross)
        events = (*self.events, happened)
        return Gain(self.net + net, self.gross + gross, self.funding, events, self.turns + turn)


NO_GAIN = Gain()


def lesser(first: Gain, second: Gain) -> Gain:
    """Returns the gain that nets less; of equal ones that with low before high."""
    return second if (second.net, second.turns) < (first.net, first.turns) else first


def greater(first: Gain, second: Gain) -> Gain:
    """Returns the gain that nets more; of equal ones that with low before high."""
    return second if (-second.net, second.turns) < (-first.net, first.turns) else first


class Trailing(NamedTuple):
    """The best price since a trail began: somewhere from `least` to `most`, where `most` is the better for the plan."""

    least: Decimal
    most: Decimal


class WayOut(NamedTuple):
    """How a bar can be left: in a state with price at the close, or with the plan over; the least and most it adds.

    `trail` is set where the state trails.
    """

    state: State | None
    end: End | None
    trail: Trailing | None
    least: Gain
    most: Gain


class Events:
    """What happened on a way, bar after bar: the last of it, the funding paid there, and what was before."""

    __slots__ = ("before", "events", "paid")

    def __init__(self, events: tuple[Happened, ...], paid: FundingPaid | None, before: "Events | None") -> None:
        self.events = events
        self.paid = paid
        self.before = before

    def _bars(self) -> "list[Events]":
        bars = []
        here: Events | None = self
        while here is not None:
            bars.append(here)
            here = here.before
        return bars[::-1]

    def listed(self) -> tuple[Happened, ...]:
        """Returns all that happened, from the first event on."""
        return tuple(happened for bar in self._bars() for happened in bar.events)

    def payments(self) -> tuple[FundingPaid, ...]:
        """Returns all funding paid, the first first."""
        return tuple(bar.paid for bar in self._bars() if bar.paid is not None)


class ResultSoFar(NamedTuple):
    """A result so far: net and gross, funding paid (its own figure), and what happened on the way to it."""

    net: Decimal = ZERO
    gross: Decimal = ZERO
    funding: Decimal = ZERO
    events: Events | None = None

    def with_gain(self, gain: Gain) -> "ResultSoFar":
        """Returns the result after a bar."""
        if not gain.events and gain.funding is None:
            return self
        funding = self.funding if gain.funding is None else self.funding + gain.funding.amount
        events = Events(gain.events, gain.funding, self.events)
        return ResultSoFar(self.net + gain.net, self.gross + gain.gross, funding, events)


class ReplayEnd(NamedTuple):
    """A way for the plan to end: how, at which bar of the series given, and the result."""

    end: End
    filled: int
    hits: int
    bar: int
    result: ResultSoFar


class PassageWay(NamedTuple):
    """A way through a bar, as it is listed: what happened, what it netted, and the branch that goes on or the end."""

    events: tuple[Happened, ...]
    net: Decimal
    branch: int | None
    end: End | None


class Passage(NamedTuple):
    """How a branch went through a bar on which something happened."""

    series: int
    bar: int
    branch: int
    ways: tuple[PassageWay, ...]


class OpenBar(NamedTuple):
    """A bar that leaves something open: its place and in how many ways the plan may leave it."""

    series: int
    bar: int
    ways: int


class World(NamedTuple):
    """What came of a plan where limits fill in one manner.

    `last` is the bar of the series given until which some branch lived. `begin` is what happened before the first bar.
    """

    limits: LimitFills
    begin: tuple[Happened, ...]
    worst: ReplayEnd
    best: ReplayEnd
    ends: tuple[ReplayEnd, ...]
    forks: tuple[OpenBar, ...]
    passages: tuple[Passage, ...]
    last: int
    bars_looked_at: int
