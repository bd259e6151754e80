"""A trade: a locked plan, fed with what the venue did. What stands, what is due, where the plan was left.

The machine is the engine's own: fills and exits that were executed are its events. All of it follows from the events in
force and the plan as it was locked; nothing is kept.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import EventKind
from scaleplan.engine.levels import StopMove
from scaleplan.engine.machine import Machine
from scaleplan.engine.state import State
from scaleplan.journal import EventRow, TradeRow
from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ZERO


class Habits(NamedTuple):
    """What a trader's policy says of trades: how soon a stop has to be recorded, and what is near a planned price.

    `fill_tolerance` is a ratio of the distance from the planned average to the plan's stop. Without `stops_recorded` it
    is nobody's fault that no stop is in the journal.
    """

    stop_grace: timedelta = timedelta(minutes=5)
    fill_tolerance: Decimal = Decimal("0.05")
    stops_recorded: bool = True


class Version(NamedTuple):
    """The plan of a trade from `since` on: as it was locked, or as it was accepted again.

    `recorded` is when that was put into the journal, and `zone` the trader's zone then. `said` is the moment that the
    trader gave, where that is another: an accepted plan is due from there on, but from behind what was recorded of the
    trade before it, which the plan before it has judged. `place` is its place among the events of the trade, as
    `place_of` has it, and `has_fills` tells that some were in force when it was recorded.
    """

    since: datetime
    plan: Plan
    ladder: Ladder
    digest: str
    recorded: datetime
    zone: str = "Z"
    said: datetime | None = None
    place: tuple[str, bool, int, int] | None = None
    has_fills: bool = False

    @property
    def machine(self) -> Machine:
        """Returns what plays a trade by it: the machine that its figures as listed came from."""
        return self.ladder.machine


class TierPart(NamedTuple):
    """So much of an entry for one tier (from 1), or for none: an extra one. `fee` is in the fill's own currency."""

    tier: int | None
    quantity: Decimal
    fee: Decimal


class RecordedStop(NamedTuple):
    """The stop as the trader recorded it; without a price it was cancelled, without a quantity it is for all held.

    `held` is what was held when it was recorded: an order that does not grow by itself covers that much.
    """

    price: Decimal | None
    quantity: Decimal | None
    at: datetime
    event: EventRow
    held: Decimal = ZERO


class TradeMoment(NamedTuple):
    """One event in force, and where the trade stood after it.

    `parts` are what an entry was for. `closed` says what an exit was, with the number of the target, `taken` how much
    of it the trade held. `price_due` is the stop due after the event on the tick, `since` when that came into force.
    `booked` is the net result of all exits so far; `result` what this one added.
    """

    event: EventRow
    at: datetime
    before: State
    state: State
    version: Version
    parts: tuple[TierPart, ...] = ()
    closed: EventKind | None = None
    target: int = 0
    taken: Decimal = ZERO
    moves: tuple[StopMove, ...] = ()
    booked: Decimal = ZERO
    result: Decimal = ZERO
    fee: Decimal = ZERO
    entries_had_ended: bool = False
    #: Whether it belongs to the fill before it: the same order, or the same tier or role within a minute.
    continues: bool = False
    #: Whether the fee is the plan's own rate, because none was given or it could not be counted.
    fee_stands_in: bool = False

    @property
    def is_entry(self) -> bool:
        """Returns whether it is an entry."""
        return bool(self.parts)

    @property
    def is_exit(self) -> bool:
        """Returns whether it is a close."""
        return self.closed is not None

    @property
    def held(self) -> Decimal:
        """Returns what is held after it, in base (inverse: value in quote)."""
        return self.state.held.position.quantity


class Undecided(NamedTuple):
    """An entry that may be of either of two tiers (from 1)."""

    event: EventRow
    tiers: tuple[int, int]


class Loose(NamedTuple):
    """So much of a fill that no plan has: a close beyond what was held, or a fill after the trade was over."""

    event: EventRow
    quantity: Decimal


class Filled(NamedTuple):
    """What was executed of a tier or a target, at which average price; absent while nothing was."""

    quantity: Decimal = ZERO
    average: Decimal | None = None


class Trade(NamedTuple):
    """A trade as far as it has come.

    `one_r` is the 1R of the first lock, absent where that is not known. `booked` is the net result of the exits,
    funding apart, and `gross` the one at the plan's levels; `fees` are all paid so far, those of what is held too.
    `recorded` is the stop as recorded.
    """

    row: TradeRow
    versions: tuple[Version, ...]
    habits: Habits
    machine: Machine
    one_r: Decimal | None
    moments: tuple[TradeMoment, ...]
    state: State
    booked: Decimal
    gross: Decimal
    fees: Decimal
    funding: Decimal
    recorded: RecordedStop | None
    tiers: tuple[Filled, ...]
    targets: tuple[Filled, ...]
    undecided: tuple[Undecided, ...]
    loose: tuple[Loose, ...]
    first_fill: datetime | None
    is_over: bool
    is_released: bool
    stops: tuple[RecordedStop, ...] = ()
    #: The price at which the trail of the last target began; absent where nothing trails yet.
    trail_from: Decimal | None = None
    #: Where it stood when a plan was accepted again, by that plan: since when, the plan and the state.
    amended: tuple[tuple[datetime, Version, State], ...] = ()

    @property
    def locked_at(self) -> datetime:
        """Returns when the plan was put into the journal: nothing else says whether that was before its first fill."""
        return self.versions[0].recorded

    @property
    def version(self) -> Version:
        """Returns the plan in force now."""
        return self.versions[-1]

    @property
    def plan(self) -> Plan:
        """Returns the plan in force now."""
        return self.versions[-1].plan

    @property
    def held(self) -> Decimal:
        """Returns what is held, in base (inverse: value in quote)."""
        return self.state.held.position.quantity

    @property
    def is_open(self) -> bool:
        """Returns whether something is held, or may be still."""
        return not (self.is_over or self.is_released)
