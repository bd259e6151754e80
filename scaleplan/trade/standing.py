"""What stands, and what is due, for a moment and a price.

The stop due is the machine's, exact in every result; what is told as due lies on the tick, without one on the plan's
own decimals and two more, on the tighter side. An order is due from the moment at which the plan asked for it.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.engine.closes import trail_start
from scaleplan.engine.event import EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.levels import reached, tighter
from scaleplan.engine.machine import Machine
from scaleplan.engine.resting import still_after
from scaleplan.engine.risk import in_r
from scaleplan.engine.sizing import lot_of
from scaleplan.engine.state import State, Step
from scaleplan.engine.ticks import stop_or_entry_on_tick, tick_of
from scaleplan.paths.onward import onward
from scaleplan.paths.records import Outcome
from scaleplan.paths.walk import Chances
from scaleplan.plan import AfterTier, Order
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.quantity.price import say_price
from scaleplan.trade import RecordedStop, Trade, TradeMoment
from scaleplan.trade.play import expires_at, time_stop_at


class Action(StrEnum):
    """What is due."""

    STOP = "stop"
    ENTER = "enter"
    EXIT = "exit"
    CANCEL = "cancel"
    TIME = "time"


class StopState(StrEnum):
    """How the stop as recorded lies to the one that is due."""

    RIGHT = "right"
    MOVE = "move"
    RESIZE = "resize"
    MISSING = "missing"
    LOOSE = "loose"
    NOT_RECORDED = "not recorded"


class TierState(StrEnum):
    """How far a tier, or with fewer words a target, has come."""

    WAITS = "waits"
    OPEN = "open"
    PARTLY = "partly"
    COMPLETE = "complete"
    CANCELLED = "cancelled"
    HIT = "hit"


class StopDue(NamedTuple):
    """The stop that the plan asks for: its price on the tick, for what is held, since when and because of what.

    `exact_price` is the machine's. `state` says how the stop as recorded lies to it.
    """

    price: Decimal
    exact_price: Decimal
    quantity: Decimal
    since: datetime
    because: str
    state: StopState


class Due(NamedTuple):
    """One order that the plan asks for now. `overdue` is for how long beyond the grace, absent where it is not.

    `waits` says what it waits for; what waits is not due yet.
    """

    action: Action
    price: Decimal | None
    quantity: Decimal | None
    side: str
    order: Order | None
    tier: int | None
    target: int | None
    since: datetime | None
    overdue: timedelta | None
    because: str
    waits: str = ""


class Locks(NamedTuple):
    """The whole trade's net result if the stop is hit next: the one due, and the one recorded; absent without one."""

    due: Decimal | None
    recorded: Decimal | None


class TradeStanding(NamedTuple):
    """Where a trade stands at a moment, with price at `price`: what is held is reckoned there.

    `closed_now` is what closing all of it there would add, as taker. `outcomes` count the whole trade's net; absent
    where there are too many paths.
    """

    trade: Trade
    now: datetime
    price: Decimal
    state: State
    stop: StopDue | None
    due: tuple[Due, ...]
    tiers: tuple[TierState, ...]
    targets: tuple[TierState, ...]
    target_prices: tuple[Decimal | None, ...]
    target_quantities: tuple[Decimal | None, ...]
    closed_now: Decimal | None
    locks: Locks
    up: Step | None
    down: Step | None
    chances: Chances | None
    outcomes: tuple[Outcome, ...] | None
    best_needed: bool
    #: The least that the whole trade can come to where the stop stays as recorded; absent where that is not looser.
    worst_recorded: Decimal | None = None


def stop_due(trade: Trade, moment: TradeMoment | None, state: State, best: Decimal | None = None) -> Decimal | None:
    """Returns the exact stop due in a state: that of a trail from where it began, or from its best price so far."""
    if not state.held.position.quantity:
        return None
    machine = trade.machine if moment is None else moment.version.machine
    trail = machine.plan.targets[-1].trail if machine.plan.targets else None
    if trail is None or state.hits < len(machine.plan.targets):
        return state.stop
    # Price that came back moves no stop back: the best counts that is known, and of the past where the trail began.
    known = [price for price in (trade.trail_from, best, state.price if moment is None else None) if price is not None]
    best = max(known, key=lambda price: machine.sign * price, default=state.price)
    start = trail_start(trail, best, machine.sign)
    return start if start > 0 and tighter(start, state.stop, machine.sign) else state.stop


@exact
def stand(trade: Trade, now: datetime, price: Decimal | None = None, best: Decimal | None = None) -> TradeStanding:
    """Returns where a trade stands now, with price at `price`; without one at the last event's."""
    machine, state = trade.machine, trade.state
    plan, held = machine.plan, trade.held
    state = _passed(trade, state, now)
    here = state.price if price is None else price
    if price is not None and trade.is_open:
        state = machine.come_to(state, price)
    trailing = bool(held) and bool(plan.targets) and plan.targets[-1].trail is not None
    trailing = trailing and state.hits == len(plan.targets)
    stop = _stop_of(trade, state, best) if trade.is_open else None
    prices, quantities = _exits(machine, state)
    ahead = onward(machine, _behind(machine, state, stop), trade.one_r) if trade.is_open else None
    closed = machine.stopped_out(state.held, here)[1] if held and here > 0 else None
    outcomes = None if ahead is None or ahead.outcomes is None else _whole(ahead.outcomes, trade)
    return TradeStanding(
        trade=trade,
        now=now,
        price=here,
        state=state,
        stop=stop,
        due=_due_of(trade, state, stop, now, prices, quantities),
        tiers=tuple(_tier_state(trade, machine, state, index) for index in range(len(plan.tiers))),
        targets=_target_states(trade, quantities),
        target_prices=prices,
        target_quantities=quantities,
        closed_now=closed,
        locks=_locks(trade, state, stop),
        up=None if ahead is None else ahead.up,
        down=None if ahead is None else ahead.down,
        chances=None if ahead is None else ahead.chances,
        outcomes=outcomes,
        best_needed=trailing and best is None,
        worst_recorded=_worst_recorded(trade, machine, state, stop),
    )


def _behind(machine: Machine, state: State, stop: StopDue | None) -> State:
    """Returns the state with the stop of a trail where its best price has left it, tighter than from price here."""
    own = machine.trailing_stop(state)
    if stop is None or not tighter(stop.exact_price, own, machine.sign):
        return state
    return state._replace(stop=stop.exact_price)


def _worst_recorded(trade: Trade, machine: Machine, state: State, stop: StopDue | None) -> Decimal | None:
    """Returns the least net of the whole trade where its stop stays as recorded: tiers still fill before it."""
    price = None if trade.recorded is None else trade.recorded.price
    if stop is None or price is None or not tighter(stop.exact_price, price, machine.sign):
        return None
    stopped = trade.booked + machine.stopped_out(state.held, price)[1]
    outcomes = onward(machine, state._replace(stop=price), trade.one_r).outcomes or ()
    ends = [outcome.net if outcome.net_worst is None else outcome.net_worst for outcome in outcomes]
    return min([stopped, *(trade.booked + net for net in ends)])


def _passed(trade: Trade, state: State, now: datetime) -> State:
    """Returns the state with unfilled tiers cancelled where their time is over."""
    due = expires_at(trade.plan, trade.first_fill)
    if due is None or due > now or state.expired:
        return state
    return trade.machine.expire(state).state or state


def _whole(outcomes: tuple[Outcome, ...], trade: Trade) -> tuple[Outcome, ...]:
    """Returns ends with the whole trade's result: what the exits so far have brought is in it."""
    booked, one_r = trade.booked, trade.one_r
    return tuple(
        outcome._replace(
            gross=outcome.gross + trade.gross,
            net=outcome.net + booked,
            net_r=in_r(outcome.net + booked, one_r),
            net_worst=None if outcome.net_worst is None else outcome.net_worst + booked,
        )
        for outcome in outcomes
    )


# The stop


def _stop_of(trade: Trade, state: State, best: Decimal | None) -> StopDue | None:
    due = stop_due(trade, None, state, best)
    if due is None:
        return None
    price, quantity = stop_or_entry_on_tick(trade.plan, due), state.held.position.quantity
    since, because = since_when(trade, due)
    return StopDue(price, due, quantity, since, because, _state_of(trade, price, quantity, since))


def since_when(trade: Trade, due: Decimal) -> tuple[datetime, str]:
    """Returns when the stop due came to where it is, and what moved it there."""
    found = _move_to(trade, due)
    if found is not None:
        moment, who, _ = found
        return moment.at, f"{who} moved the stop"
    first = trade.first_fill or trade.locked_at
    if due == trade.plan.stop:
        came = first
        for version in reversed(trade.versions[1:]):
            if version.plan.stop != due:
                break
            came = version.since
        has_moved = len(trade.versions) > 1 and trade.versions[0].plan.stop != due
        return max(first, came) if has_moved else first, "the plan's stop"
    hits = next((moment.at for moment in reversed(trade.moments) if moment.closed is EventKind.TARGET), first)
    return hits, "it trails"


def moved_by(trade: Trade, due: Decimal) -> tuple[str, str]:
    """Returns what moved the stop to where it is due, and that as the plan has it: `breakeven`, `+1R`."""
    found = _move_to(trade, due)
    if found is not None:
        return found[1:]
    return ("the plan", "") if due == trade.plan.stop else (f"target {len(trade.plan.targets)}", "where it trails")


def _move_to(trade: Trade, due: Decimal) -> tuple[TradeMoment, str, str] | None:
    """Returns the moment at which the stop came to a price, what moved it, and where to as written."""
    for moment in reversed(trade.moments):
        for move in reversed(moment.moves):
            if move.after == due and move.before != due:
                plan = moment.version.plan
                is_tier = move.owner == "tiers"
                written = plan.tiers[move.row].stop if is_tier else plan.targets[move.row].stop
                who = f"{'tier' if is_tier else 'target'} {move.row + 1}"
                return moment, who, "" if written is None else say_price(written)
    return None


def exits_at_once(trade: Trade, price: Decimal) -> bool:
    """Returns whether the stop as recorded lies at or beyond a price: placed there it exits at once."""
    stop = None if trade.recorded is None else trade.recorded.price
    return bool(trade.held) and trade.is_open and stop is not None and reached(price, stop, trade.machine.sign)


def outgrown(trade: Trade) -> Decimal | None:
    """Returns what was held when a stop for all that is held was recorded, where more is held now; else absent."""
    recorded = trade.recorded
    if recorded is None or recorded.price is None or recorded.quantity is not None or not recorded.held:
        return None
    return recorded.held if trade.is_open and trade.held > recorded.held else None


def _wrong_since(trade: Trade, stop: StopDue) -> datetime:
    """Returns since when the stop has not been as it is due: since it was moved, or since it was right last."""
    since = stop.since
    if stop.state is StopState.RESIZE:
        since = next((moment.at for moment in reversed(trade.moments) if moment.is_entry or moment.is_exit), since)
    begun = None
    for recorded in reversed(trade.stops):
        if _lies(trade, recorded, stop.price, stop.quantity, stop.since) is StopState.RIGHT:
            return since if begun is None else max(since, begun)
        begun = recorded.at
    return since


def _state_of(trade: Trade, price: Decimal, quantity: Decimal, since: datetime) -> StopState:
    recorded = trade.recorded
    if not trade.habits.stops_recorded and recorded is None:
        return StopState.NOT_RECORDED
    return _lies(trade, recorded, price, quantity, since)


def _lies(trade: Trade, recorded: RecordedStop | None, price: Decimal, quantity: Decimal, since: datetime) -> StopState:
    """Returns how a stop as recorded lies to the one due at a price for a quantity since a moment."""
    if recorded is None or recorded.price is None:
        return StopState.MISSING
    looser = trade.machine.sign * (price - recorded.price)
    if looser > 0:
        is_loosened = recorded.at >= since and looser > tick_of(trade.plan)
        return StopState.LOOSE if is_loosened else StopState.MOVE
    covered = recorded.quantity
    if covered is not None and abs(covered - quantity) >= (lot_of(trade.plan) or Decimal("1e-12") * quantity):
        return StopState.RESIZE
    return StopState.RIGHT


def _locks(trade: Trade, state: State, stop: StopDue | None) -> Locks:
    machine, held = trade.machine, state.held
    if not held.position.quantity:
        return Locks(None, None)

    def net(price: Decimal | None) -> Decimal | None:
        return None if price is None else trade.booked + machine.stopped_out(held, price)[1]

    recorded = trade.recorded
    return Locks(net(None if stop is None else stop.exact_price), net(None if recorded is None else recorded.price))


# Orders


def _exits(machine: Machine, state: State) -> tuple[tuple[Decimal | None, ...], tuple[Decimal | None, ...]]:
    """Returns where the targets lie and what they close, those ahead hit one after another; absent for those hit."""
    prices: list[Decimal | None] = [None] * len(machine.plan.targets)
    quantities: list[Decimal | None] = [None] * len(machine.plan.targets)
    here: State | None = state
    while here is not None and here.held.position.quantity and here.hits < len(machine.plan.targets):
        level = machine.holdings.target(here.held, here.hits)
        if level is None:
            break
        planned = machine.holdings.planned_exit(here.held, here.hits, level)
        prices[here.hits] = level
        quantities[here.hits] = ZERO if planned is None else planned.quantity
        here = machine.hit(here, level, level).state
    return tuple(prices), tuple(quantities)


def _tier_state(trade: Trade, machine: Machine, state: State, index: int) -> TierState:
    if state.held.filled >> index & 1 or (trade.tiers[index].quantity and _is_complete(trade, index)):
        return TierState.COMPLETE
    if not trade.is_open or machine.entries_ended(state):
        return TierState.CANCELLED
    if state.held.executed(index):
        return TierState.PARTLY
    return TierState.WAITS if still_after(machine.plan, state, index) else TierState.OPEN


def _is_complete(trade: Trade, index: int) -> bool:
    missing = trade.machine.quantities[index] - trade.tiers[index].quantity
    return missing <= 0 or missing < (lot_of(trade.plan) or trade.machine.quantities[index] / 100)


def _target_states(trade: Trade, quantities: tuple[Decimal | None, ...]) -> tuple[TierState, ...]:
    hits = max((moment.target for moment in trade.moments if moment.closed is EventKind.TARGET), default=0)
    states = []
    for index, quantity in enumerate(quantities):
        closed = trade.targets[index].quantity
        if index < hits:
            states.append(TierState.HIT)
        elif not trade.is_open:
            states.append(TierState.CANCELLED)
        else:
            states.append(TierState.PARTLY if closed and quantity else TierState.OPEN)
    return tuple(states)


def _due_of(
    trade: Trade,
    state: State,
    stop: StopDue | None,
    now: datetime,
    prices: tuple[Decimal | None, ...],
    quantities: tuple[Decimal | None, ...],
) -> tuple[Due, ...]:
    if not trade.is_open:
        return _left_behind(trade)
    plan, machine = trade.plan, trade.machine
    entry, close = ("buy", "sell") if plan.sign > 0 else ("sell", "buy")
    due: list[Due] = []
    if stop is not None and stop.state not in (StopState.RIGHT, StopState.NOT_RECORDED):
        since = _wrong_since(trade, stop)
        due.append(
            Due(
                Action.STOP,
                stop.price,
                stop.quantity,
                close,
                Order.STOP,
                None,
                None,
                since,
                _over(since, now, trade),
                stop.because,
            )
        )
    ended = bool(state.held.position.quantity) and machine.entries_ended(state)
    ended = ended or state.expired
    for index, tier in enumerate(plan.tiers):
        missing = machine.holdings.missing(state.held, index)
        if not missing or state.held.filled >> index & 1:
            continue
        if ended:
            when, because = _ended(trade, now)
            due.append(Due(Action.CANCEL, tier.price, missing, entry, tier.order, index + 1, None, when, None, because))
            continue
        waits = still_after(plan, state, index)
        words = "" if waits is None else f"tier {waits.tier}" if isinstance(waits, AfterTier) else f"{waits.price}"
        due.append(
            Due(Action.ENTER, tier.price, missing, entry, tier.order, index + 1, None, None, None, tier.trigger, words)
        )
    due += [
        Due(Action.EXIT, price, quantity, close, plan.targets[index].order, None, index + 1, None, None, "")
        for index, (price, quantity) in enumerate(zip(prices, quantities, strict=True))
        if price is not None and quantity
    ]
    return (*due, *_timed(trade, state, now, close))


def _left_behind(trade: Trade) -> tuple[Due, ...]:
    """Returns the orders of tiers that still rest when the last close ends a trade: filled, they open a new one."""
    last = next((moment for moment in reversed(trade.moments) if moment.is_exit), None)
    if not trade.is_over or last is None or trade.machine.entries_ended(last.before):
        return ()
    entry = "buy" if trade.plan.sign > 0 else "sell"
    missing = [trade.machine.holdings.missing(last.before.held, index) for index in range(len(trade.plan.tiers))]
    filled = bits(last.before.held.filled)
    return tuple(
        Due(Action.CANCEL, tier.price, left, entry, tier.order, number, None, last.at, None, "nothing is held any more")
        for number, (tier, left) in enumerate(zip(trade.plan.tiers, missing, strict=True), start=1)
        if left and number not in filled
    )


def _over(since: datetime, now: datetime, trade: Trade) -> timedelta | None:
    late = now - since
    return late if late > trade.habits.stop_grace else None


def _ended(trade: Trade, now: datetime) -> tuple[datetime | None, str]:
    """Returns when the entries ended, and because of what."""
    due = expires_at(trade.plan, trade.first_fill)
    for moment in trade.moments:
        if moment.closed is EventKind.TARGET and trade.machine.entries_ended(moment.state):
            return moment.at, f"target {moment.target} ended the entries"
    if due is not None and due <= now:
        return due, "they have expired"
    return None, "the entries have ended"


def _timed(trade: Trade, state: State, now: datetime, side: str) -> tuple[Due, ...]:
    """Returns what the time stop asks for, once it is past."""
    due = time_stop_at(trade.plan, trade.first_fill)
    if due is None or due > now or state.timed or not state.held.position.quantity:
        return ()
    fill = trade.machine.holdings.timed_exit(state.held, state.price)
    if fill is None or _is_timed_out(trade):
        return ()
    late = _over(due, now, trade)
    return (Due(Action.TIME, None, fill.quantity, side, Order.MARKET, None, None, due, late, "the time stop"),)


def _is_timed_out(trade: Trade) -> bool:
    return any(moment.closed is EventKind.TIME_STOP for moment in trade.moments)


def passed_by(standing: TradeStanding) -> EventKind | None:
    """Returns what price is past that is in force: the stop due, or the liquidation price; absent where neither."""
    machine, state, price = standing.trade.machine, standing.state, standing.price
    if not state.held.position.quantity:
        return None
    liquidated = machine.liquidation(state).price
    if liquidated is not None and reached(price, liquidated, machine.sign):
        return EventKind.LIQUIDATION
    if standing.stop is not None and reached(price, standing.stop.exact_price, machine.sign):
        return EventKind.STOP
    return None
