"""What a solver is asked and what it answers: one unknown, one promise, and the words of the command line for both.

Money is in the settle currency, prices in quote, quantities in base (inverse: value in quote), ratios are decimals.
"""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from scaleplan.ladder import Ladder
from scaleplan.plan import Order, Plan
from scaleplan.questions.stance import Goal as StanceGoal


class What(StrEnum):
    """The unknown that is asked for."""

    SIZE = "size"
    LEVERAGE = "leverage"
    STOP = "stop"
    MARGIN = "margin"
    ADD = "add"
    CLOSE = "close"
    SHARES = "shares"
    TARGET = "target"
    TIERS = "tiers"


class Reason(StrEnum):
    """Why there is no answer, or why it is the end of its range."""

    OUT_OF_REACH = "out_of_reach"
    WRONG_SIDE = "wrong_side"
    TOO_SMALL = "too_small"
    FIXED = "fixed"
    UNKNOWN = "unknown"
    NOTHING = "nothing"
    MAXIMUM = "maximum"


class Unit(StrEnum):
    """How a figure inside a sentence is written."""

    PRICE = "price"
    WRITTEN = "written"
    MONEY = "money"
    LOSS = "loss"
    ROOM = "room"
    TIMES = "times"


class SentenceFigure(NamedTuple):
    """A figure inside a sentence, and how it is written there."""

    value: Decimal
    unit: Unit


class Why(NamedTuple):
    """A reason in words: `{0}`, `{1}` in the sentence stand for the figures, which a report writes."""

    reason: Reason
    sentence: str
    figures: tuple[SentenceFigure, ...] = ()


class NoAnswer(Exception):  # noqa: N818 - it is a state of the plan, told to the trader
    """Raised where nothing keeps the promise, or nothing has to be done for it. `before` is the figure as it stands."""

    def __init__(self, reason: Reason, sentence: str, *figures: SentenceFigure, before: Decimal | None = None) -> None:
        super().__init__(sentence)
        self.why = Why(reason, sentence, figures)
        self.before = before


class NoState(Exception):  # noqa: N818 - it is a state of the plan, told to the trader
    """Raised where the tiers and targets that are named are no state of the plan; the message is a sentence."""


class BrokenPromise(AssertionError):  # noqa: N818 - a promise is broken, and that is the error
    """An answer that does not keep its promise, or the next one does too: a mistake of scaleplan."""


class Net(NamedTuple):
    """A net result: an amount, or a share of the margin posted."""

    amount: Decimal
    of_margin: Fraction | None = None


class Goal(NamedTuple):
    """What is asked, read: the promise, and the state and the order that it is about. What was not typed is absent.

    `tiers` and `targets` name the state; `behind` is a ratio of the stop; `step` is the grid of a leverage.
    `beyond_stop` says that `liquidated` was written as a ratio behind the stop, and is that.
    """

    what: What
    loss: Decimal | None = None
    margin: Decimal | None = None
    behind: Decimal | None = None
    at: StanceGoal | None = None
    average: Decimal | None = None
    risk: Decimal | None = None
    liquidated: Decimal | None = None
    beyond_stop: Decimal | None = None
    net: Net | None = None
    target: int = 0
    with_stop: Decimal | None = None
    each: bool = False
    order: Order = Order.LIMIT
    step: Decimal | None = None
    tiers: tuple[int, ...] | None = None
    targets: int | None = None


class Binding(NamedTuple):
    """What decides: the tiers filled and the targets hit, and the level at which the promise is held or broken.

    Where that is a liquidation price, `stop` is the stop that it lies behind.
    """

    tiers: tuple[int, ...]
    targets: int
    level: Decimal | None
    stop: Decimal | None = None


#: What is counted, and is so many of it: the words that lose their `s` where it is one.
_COUNTED = ("contracts", "lots", "shares", "tiers")


def of_unit(number: str, unit: str) -> str:
    """Returns a number with its unit as a trader writes it: `2 lots`, `1 lot`, `5% margin`, `0.5 BTC`, `13x`."""
    word = unit[:-1] if number == "1" and unit in _COUNTED else unit
    return f"{number}{'' if unit[:1] in ('%', 'x') else ' '}{word}"


class SolvedValue(NamedTuple):
    """The answer on its grid, in a unit; `exact` is the same without the grid, `typed` as a plan has it.

    Several values belong to the tiers in turn.
    """

    values: tuple[Decimal, ...]
    unit: str
    exact: tuple[Decimal | None, ...]
    typed: tuple[str, ...]


class NextValue(NamedTuple):
    """The next answer on the grid, which breaks the promise, and what it would come to (absent: no figure)."""

    value: Decimal
    result: Decimal | None


class CountRow(NamedTuple):
    """The answer for one count of filled tiers: the share and what it nets, or why there is none."""

    tiers: int
    value: Decimal | None
    net: Decimal | None
    why: Why | None


class Solution(NamedTuple):
    """An answer that was put back into the plan and checked there.

    `before` and `after` are the figure that the promise is about, with the plan as it was and with the answer; `plan`
    and `ladder` are those with the answer. `values` are what was put back, by its paths in the plan; without any it
    made another plan. `path` is where a plan has the answer; empty where it is no one key. `states` counts those that
    keep the promise. `quantity` is what the answer buys or closes. `other` is a figure beside it: of `add` and
    `target` 1R (of an add until liquidation that price), of `margin` what was there before, of `shares` what one unit
    of the last tier loses. `elsewhere` says that a path in another order than the one listed decides; `passed` is a
    stop that has closed the trade before a target is met; `price` is where something is added.
    """

    answer: SolvedValue | None
    plan: Plan
    ladder: Ladder
    before: Decimal | None
    after: Decimal | None
    binding: Binding | None = None
    next: NextValue | None = None
    why: Why | None = None
    values: tuple[tuple[str, str], ...] = ()
    path: str = ""
    states: int = 0
    quantity: Decimal | None = None
    other: Decimal | None = None
    elsewhere: bool = False
    passed: Decimal | None = None
    price: Decimal | None = None
