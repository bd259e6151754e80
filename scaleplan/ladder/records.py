"""What a ladder tells: each tier's fill and the position after it, each target's exit, and the totals.

Prices are in quote, money in the settle currency, quantities in base (inverse: value in quote); ratios are plain
decimals. Absent (`None`) is "not applicable" or "not known", never 0. Definitions: the help topic `figures`.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import Event
from scaleplan.engine.levels import StopMove
from scaleplan.engine.machine import Machine
from scaleplan.engine.margin import Liquidation
from scaleplan.engine.position import Position
from scaleplan.engine.state import State


class TierFill(NamedTuple):
    """One entry: its fill price (slippage in), quantity, notional in quote at that price, and fee.

    `wanted` is the quantity before it went down to whole lots.
    """

    price: Decimal
    quantity: Decimal
    notional: Decimal
    fee: Decimal
    wanted: Decimal


class Standing(NamedTuple):
    """The position after tier k, with tiers 1..k filled as listed."""

    quantity: Decimal
    notional: Decimal
    average_entry: Decimal
    #: The exit fill price at which the position nets 0, all fees included.
    breakeven: Decimal | None
    stop: Decimal | None
    #: The net loss at the stop in force; without one what a liquidation takes, or the whole cost. Absent where nothing
    #: says what stands behind it: cross margin without equity.
    risk: Decimal | None
    risk_r: Decimal | None
    #: The risk over equity.
    risk_fraction: Decimal | None
    initial_margin: Decimal
    #: The value at the tier's price over equity.
    effective_leverage: Decimal | None
    liquidation: Liquidation
    #: How far the liquidation price lies from the tier's price, over that price.
    liquidation_distance: Decimal | None
    #: How far it lies beyond the stop, over the stop; negative where it comes first.
    liquidation_past_stop: Decimal | None
    #: How far it lies beyond the stop, over its distance from the average entry.
    liquidation_buffer: Decimal | None
    bankruptcy_price: Decimal | None
    #: Whether price can get to the tier with those before it filled as listed.
    reachable: bool
    #: Why it is not reachable, in words; empty where it is.
    unreachable_because: str
    #: Whether any path fills the tier, in whatever order.
    fills: bool


class Rung(NamedTuple):
    """One tier (from 1) and the position after it; `state` is that of the machine."""

    tier: int
    fill: TierFill
    position: Standing
    state: State


class TargetExit(NamedTuple):
    """One target (from 1) hit with the most tiers filled that some path holds then, and what stands afterwards."""

    target: int
    price: Decimal
    fill_price: Decimal
    quantity: Decimal
    #: The target's distance from the average entry in R, as a price.
    r_multiple: Decimal | None
    fee: Decimal
    #: The net result of this exit, and of all up to it.
    pnl: Decimal
    realized: Decimal
    realized_r: Decimal | None
    #: The quantity still held.
    remaining: Decimal
    #: The stop in force from here on.
    stop: Decimal | None
    #: The net result of the plan if that stop is hit next, or the liquidation that comes before it; absent where nobody
    #: knows which of them comes first.
    locked: Decimal | None
    locked_r: Decimal | None
    #: Where it is liquidated before that stop; absent where it is not.
    liquidated: Decimal | None
    #: Whether tiers may fill before that stop: then what is locked is so only if none does.
    may_grow: bool
    #: The tiers that have filled by then, as bits, and the position just before.
    filled: int
    held: Position
    #: The states just before and after, absent where nothing is held: then the target closes nothing.
    before: State | None = None
    after: State | None = None


class Walk(NamedTuple):
    """Every target hit by one position: the exits, the net result, all exit fees, and the stop moves on the way.

    The reward is absent where a part has neither an exit nor a stop.
    """

    exits: tuple[TargetExit, ...]
    reward: Decimal | None
    exit_fees: Decimal
    moves: tuple[StopMove, ...]


class Totals(NamedTuple):
    """The whole plan. `risk` is the worst planned loss, over the tiers that some path holds; `r` is 1R.

    `risk_if_all` is the worst over all tiers as listed, whether any path fills them or not: an order that is not
    cancelled fills. Quantity, notional, average, fees and what stands at tier 1 are those of all tiers as well.
    `rounded_off` is the quantity that is not bought because orders go down to whole lots. What is lost is absent where
    nothing says what stands behind a position without a stop: cross margin without equity.
    """

    quantity: Decimal
    notional: Decimal
    average_entry: Decimal
    risk: Decimal | None
    risk_if_all: Decimal | None
    worst_tier: int
    r: Decimal | None
    risk_fraction: Decimal | None
    reward: Decimal | None
    reward_to_risk: Decimal | None
    breakeven_win_rate: Decimal | None
    fees: Decimal
    funding: Decimal | None
    all_at_first: Decimal | None
    all_at_first_average: Decimal
    rounded_off: Decimal

    @property
    def has_r(self) -> bool:
        """Whether there is a 1R that results can be divided by."""
        return self.r is not None and self.r > 0


class Hit(NamedTuple):
    """A target hit on a path: the state just before, and the price at which it is hit."""

    state: State
    price: Decimal


class Together(NamedTuple):
    """How many targets some path hits with just a set of tiers filled, and the state from which it does."""

    targets: int
    state: State


class Reached(NamedTuple):
    """What some path gets to. Tiers count from 0.

    `counts` are the numbers k for which some path has filled tiers 1 to k and no other, `whole` those with which it has
    closed nothing yet, `listed` those that it has filled one after the other. `hits` are the targets hit on one path:
    the one that hits the most of them with the most tiers filled, and of such the one that nets least.
    """

    tiers: frozenset[int]
    counts: frozenset[int]
    whole: frozenset[int]
    listed: frozenset[int]
    hits: tuple[Hit, ...]


class WorsePath(NamedTuple):
    """A path that loses more than any tier as listed: its net loss, absent where it is not known, and its events."""

    loss: Decimal | None
    events: tuple[Event, ...]


class HeaviestLoad(NamedTuple):
    """The most that a plan carries on any path: the value held over equity, and the events up to there.

    `in_states` is the most without what grows on the way from a state to the next event.
    """

    value: Decimal
    events: tuple[Event, ...]
    in_states: Decimal


class Ladder(NamedTuple):
    """The answer to "what would each tier do": one step a tier, one exit a target, the totals, and every stop move.

    `machine` is what played it. `elsewhere` is a path that loses more than the worst planned loss, if one is known.
    """

    steps: tuple[Rung, ...]
    exits: tuple[TargetExit, ...]
    totals: Totals
    moves: tuple[StopMove, ...]
    machine: Machine
    elsewhere: WorsePath | None = None

    @property
    def most_lost(self) -> Decimal | None:
        """The most that the plan loses as far as is known: with every tier filled as listed, or on the worst path."""
        worst = None if self.elsewhere is None else self.elsewhere.loss
        listed = self.totals.risk_if_all
        return max((loss for loss in (listed, worst) if loss is not None), default=None)

    @property
    def every_tier(self) -> int:
        """All tiers, as bits."""
        return (1 << len(self.steps)) - 1
