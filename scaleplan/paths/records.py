"""What the walk over all paths tells: states and their moves, the ends, what is proved, and the summary.

Prices are in quote, money in the settle currency, quantities in base (inverse: value in quote); chances are plain
decimals that sum to 1 within 1e-20. Tiers and targets count from 1, states from 0, a state after all that lead to it.
Absent (`None`) is "not known" or "not applicable", never 0.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.engine.event import End, Event
from scaleplan.engine.margin import Answer
from scaleplan.paths.graph import Way


class Move(NamedTuple):
    """The nearest event on one side of a state's price and its chance; then another state, or the end of the plan.

    `at_once` is what happens without price moving: it was put at the price, or behind it, by the event before. `worst`
    and `best` are the net results of a plan that ends so, over all ways into the state; absent where it does not end.
    """

    event: Event
    probability: Decimal | None
    state: int | None
    end: End | None
    at_once: bool
    worst: Decimal | None = None
    best: Decimal | None = None


class StateView(NamedTuple):
    """A state as it is told: what is filled, touched and hit, the stop in force, what is held, the price.

    `touched` are unfilled tiers whose `after` price has traded; `waiting` those that would have executed at once.
    `probability` is the chance of ever being in this state; `open_probability` that of staying in it for good; they and
    those of its moves are absent where a liquidation may come before that nobody can place.
    The average entry is absent while nothing is held.
    """

    state: int
    tiers: tuple[int, ...]
    targets: int
    touched: tuple[int, ...]
    waiting: tuple[int, ...]
    price: Decimal
    stop: Decimal | None
    liquidation: Answer
    liquidation_price: Decimal | None
    liquidation_not_before: Decimal | None
    bankruptcy_price: Decimal | None
    quantity: Decimal
    average_entry: Decimal | None
    initial_margin: Decimal
    effective_leverage: Decimal | None
    probability: Decimal | None
    open_probability: Decimal | None
    up: Move | None
    down: Move | None


class Outcome(NamedTuple):
    """One end: what was filled and hit, the result at the levels (`gross`) and after costs (`net`), its chance.

    A trail is booked at its expected exit; `net_worst` is the net at the stop it starts with (elsewhere `net`; for what
    stays open the most that can be lost; absent where nothing bounds that). `probability` is absent where a liquidation
    may come before that nobody can place. `profit` is the chance that this end is a profit: 1 or 0, but for a trail,
    whose exit varies. `way` is the shortest way to it.
    """

    end: End
    tiers: tuple[int, ...]
    targets: int
    gross: Decimal
    net: Decimal
    net_r: Decimal | None
    net_worst: Decimal | None
    probability: Decimal | None
    profit: Decimal
    way: Way

    @property
    def path(self) -> tuple[Event, ...]:
        """The events on the shortest way to it, from the very first fill; made when it is asked for."""
        return self.way.events()


class Timed(NamedTuple):
    """An end that the clock makes: `time stop` or `expires`. Time does not exist for the machine: it has no chance."""

    end: str


class Claim(StrEnum):
    """What is proved over all paths, or broken by one."""

    WORST_PLANNED = "the worst loss is at most the worst planned loss"
    MAX_RISK = "the worst loss is at most max_risk"
    NO_LIQUIDATION = "liquidation cannot happen"
    TIERS = "every tier can fill"
    TARGETS = "every target can be hit"
    MAX_LEVERAGE = "no state is beyond max_leverage"
    MAX_MARGIN = "no state is beyond max_margin"
    LOCKED = "no stop that locks a gain or breaks even loses after costs"


class Proof(NamedTuple):
    """A claim that holds on every path, or does not, or (`holds` absent) cannot be told; `missing` says why not.

    `value` is the worst found, `limit` what it is held against: losses positive, in money; for tiers and targets how
    many are reached. `numbers` are the tiers or targets that no path reaches. `counterexample` is the shortest path
    that breaks the claim; what is never reached has none. `shown` is the value on that path, which may be less than the
    worst.
    """

    claim: Claim
    holds: bool | None
    value: Decimal | None
    limit: Decimal | None
    counterexample: tuple[Event, ...] = ()
    missing: str = ""
    numbers: tuple[int, ...] = ()
    shown: Decimal | None = None


class BreakevenEdge(NamedTuple):
    """The drift `g` at which the expected net result is 0, told as the chance of +1R before -1R.

    1R is here the distance in price from the average entry (all tiers filled as listed) to the plan's stop, price
    starts at that average; 1/2 is no edge.
    """

    g: Decimal
    chance: Decimal


class Summary(NamedTuple):
    """All ends taken together. Losses are negative results.

    `best_unbounded` tells that a trail or what stays open can bring more than `best`. Expected figures are absent where
    they have no bound, and with the chances where they depend on a liquidation that nobody can place: `untold` is then
    what is missing for it. Of an incomplete walk `worst` and `best` are bounds, not attained results.
    """

    worst: Decimal | None
    worst_r: Decimal | None
    best: Decimal | None
    best_r: Decimal | None
    best_unbounded: bool
    expected_gross: Decimal | None = None
    expected_net: Decimal | None = None
    expected_net_r: Decimal | None = None
    probability_of_profit: Decimal | None = None
    probability_stopped: Decimal | None = None
    probability_liquidated: Decimal | None = None
    breakeven_edge: BreakevenEdge | None = None
    #: Why there is no break-even edge; empty where there is.
    breakeven_missing: str = ""
    untold: str = ""
    states: int = 0
    outcomes: int = 0


class Paths(NamedTuple):
    """Every path of a plan. `begin` is what has happened before state 0.

    `waits` are the tiers that would have executed at once when they became live, and so waited for the tier before.
    Where the states would pass the bound, `complete` is false: no states, outcomes or chances, and `missing` says so.
    Each of the `states` is made when it is asked for: a plan may have a hundred thousand. `one_sided` tells that in
    some state price has one level alone to come to.
    """

    edge: Decimal | None
    start: Decimal | None
    complete: bool
    missing: str
    begin: tuple[Event, ...]
    states: Sequence[StateView]
    outcomes: tuple[Outcome, ...]
    timed: tuple[Timed, ...]
    waits: tuple[int, ...]
    proofs: tuple[Proof, ...]
    summary: Summary
    one_sided: bool
