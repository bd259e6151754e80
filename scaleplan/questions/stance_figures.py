"""What a stance is worth at its price, how far its levels are, and what comes next on either side.

`unrealised` is what is held, marked at the price; `closed_now` and `if_stopped` are net results of the whole plan,
realised ones included, closed as taker with slippage. Equity is the account with realised and unrealised results, less
fees paid. The margin ratio is what has to be kept over what stands behind the position: 1 is liquidation.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import EventKind
from scaleplan.engine.machine import Machine
from scaleplan.engine.margin import Liquidation
from scaleplan.engine.next_events import NextEvents
from scaleplan.engine.risk import in_r
from scaleplan.engine.state import State, Step
from scaleplan.paths.odds import Odds
from scaleplan.paths.walk import chances_of
from scaleplan.plan import Contract
from scaleplan.questions.stance import Stance
from scaleplan.study import Study


class Away(NamedTuple):
    """A level that is live: its `kind` (a breakeven has none), its number, and how far it is.

    `latest` tells that a liquidation comes there at the latest, and nobody knows where before. `distance` is signed in
    price, `fraction` is that over the price; `in_r` is what the way there adds to the result of what is held, over 1R.
    """

    kind: EventKind | None
    number: int
    price: Decimal
    distance: Decimal
    fraction: Decimal
    in_r: Decimal | None
    latest: bool = False


class Coming(NamedTuple):
    """The nearest event on one side and its chance at the fair price.

    The chance is absent where a liquidation may come before that nobody can place. `net` is the result of the whole
    plan where the event ends it (a trail: its expected exit), else absent.
    """

    step: Step
    probability: Decimal | None
    net: Decimal | None
    net_r: Decimal | None


class StanceFigures(NamedTuple):
    """The figures of a stance. Money is in the settle currency; absent is what is not known or does not apply.

    `if_stopped` is absent without a stop and where liquidation comes first, which is `if_liquidated`; that comes at
    `taken_over_at` at the latest. `stop_certain` is false where the brackets end before the stop. `levels` are sorted
    from the highest price to the lowest; `waits` are the tiers that fill at no level, but when the one before them has.
    """

    price: Decimal
    unrealised: Decimal
    unrealised_r: Decimal | None
    roe: Decimal | None
    realised: Decimal
    closed_now: Decimal
    closed_now_r: Decimal | None
    if_stopped: Decimal | None
    if_stopped_r: Decimal | None
    stop_certain: bool
    if_liquidated: Decimal | None
    if_liquidated_r: Decimal | None
    liquidated_first: bool
    equity: Decimal | None
    effective_leverage: Decimal | None
    margin: Decimal
    margin_ratio: Decimal | None
    breakeven: Decimal | None
    liquidation: Liquidation
    taken_over_at: Decimal | None
    levels: tuple[Away, ...]
    waits: tuple[int, ...]
    up: Coming | None
    down: Coming | None


def closed_now(machine: Machine, state: State) -> Decimal:
    """Returns the whole plan's net result if all that is held is closed at the state's price, as taker with slippage.

    Who calls it is in the exact context.
    """
    return state.realized + machine.stopped_out(state.held, state.price)[1]


def figures_of(study: Study, stance: Stance) -> StanceFigures:
    """Returns the figures of a stance of a study's plan. Who calls it is in the exact context."""
    machine, state, one_r = stance.machine, stance.state, study.ladder.totals.r
    held, price = state.held.position, state.price
    realized = state.realized
    unrealised = held.pnl(price)
    account = machine.plan.account.equity
    # What the exits have paid is in their net result.
    equity = None if account is None else account + realized + unrealised - held.entry_fees
    margin = machine.holdings.backing(state.held).margin
    rest, taken = machine.rest(state), machine.taken_over_at(state)
    lost = None if taken is None else machine.lost(state)
    first = lost is not None and not machine.losing(state).is_stop
    closed = closed_now(machine, state)
    stopped = None if rest is None or first else realized + rest.net
    liquidated = None if lost is None else realized + lost
    ahead = NextEvents(machine)
    up, down = _next(ahead, state, one_r)
    return StanceFigures(
        price=price,
        unrealised=unrealised,
        unrealised_r=in_r(unrealised, one_r),
        roe=unrealised / margin if margin > 0 and machine.plan.contract is not Contract.SPOT else None,
        realised=realized,
        closed_now=closed,
        closed_now_r=in_r(closed, one_r),
        if_stopped=stopped,
        if_stopped_r=in_r(stopped, one_r),
        stop_certain=rest is None or rest.certain,
        if_liquidated=liquidated,
        if_liquidated_r=in_r(liquidated, one_r),
        liquidated_first=first,
        equity=equity,
        effective_leverage=held.worth(price) / equity if equity is not None and equity > 0 else None,
        margin=margin,
        margin_ratio=machine.margin_ratio(state),
        breakeven=held.breakeven(machine.costs.taker),
        liquidation=machine.liquidation(state),
        taken_over_at=taken,
        levels=_levels(ahead, state, one_r),
        waits=_waits(ahead, state),
        up=up,
        down=down,
    )


def _next(ahead: NextEvents, state: State, one_r: Decimal | None) -> tuple[Coming | None, Coming | None]:
    fork = up, down = ahead.fork(state)
    above, below = None if up is None else up.event, None if down is None else down.event
    at_once = any(step is not None and step.at_once for step in (up, down))
    chances = chances_of(state.price, above, below, Odds(None, state.price), at_once=at_once)

    def told(step: Step | None, chance: Decimal) -> Coming | None:
        if step is None:
            return None
        net = None if step.over is None else state.realized + step.over.net
        return Coming(step, chance if ahead.has_odds(state, fork) else None, net, in_r(net, one_r))

    return told(up, chances.up), told(down, chances.down)


def _levels(ahead: NextEvents, state: State, one_r: Decimal | None) -> tuple[Away, ...]:
    """Returns the levels that are live, the breakeven and the liquidation price, the highest first."""
    machine = ahead.machine
    position = state.held.position
    found: list[tuple[EventKind | None, int, Decimal | None]] = [
        (event.kind, event.number, event.price) for event in ahead.live_entries(state)
    ]
    found.append((EventKind.TARGET, state.hits + 1, machine.holdings.target(state.held, state.hits)))
    found.append((EventKind.STOP, 0, state.stop))
    liquidated, losing = machine.liquidation(state).price, machine.losing(state)
    # One that nobody can place is a level where it is known to come before the stop.
    latest = None if losing.is_stop else losing.nearest
    found.append((EventKind.LIQUIDATION, 0, latest if liquidated is None else liquidated))
    found.append((None, 0, position.breakeven(machine.costs.taker)))
    # Where a trail passes the stop in force, and follows from there.
    found += [
        (step.event.kind, step.event.number, step.event.price)
        for step in ahead.fork(state)
        if step is not None and step.event.kind is EventKind.TRAIL and not step.at_once
    ]
    here = position.pnl(state.price)
    levels = [
        Away(
            kind,
            number,
            price,
            price - state.price,
            (price - state.price) / state.price,
            in_r(position.pnl(price) - here, one_r),
            kind is EventKind.LIQUIDATION and liquidated is None,
        )
        for kind, number, price in found
        if price is not None and price > 0
    ]
    return tuple(sorted(levels, key=lambda level: -level.price))


def _waits(ahead: NextEvents, state: State) -> tuple[int, ...]:
    """Returns the tiers that were to act at once, and wait for the tier before them."""
    live = {event.number for event in ahead.live_entries(state) if event.kind is EventKind.TIER}
    unfilled = state.waiting & ~state.held.filled
    if ahead.machine.entries_ended(state):
        return ()
    return tuple(
        number for number in range(1, len(ahead.plan.tiers) + 1) if unfilled >> number - 1 & 1 and number not in live
    )
