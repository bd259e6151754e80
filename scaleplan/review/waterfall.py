"""Planned against done: one trade reckoned five times, each time with one thing more as it really was.

1. *planned*: each tier that happened, whole and at the plan's price, each exit for the plan's share at its price;
2. the entry prices, 3. the quantities entered, exits closing the same shares, 4. the exits, 5. the fees as they were.

The plan is played by its machine in the order in which things happened; a target that moves with the average lies where
the planned average has it. What the plan has no price for (by hand, trail, liquidation, time stop) counts at its own.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import EventKind, ExitFill, Fill
from scaleplan.engine.levels import reached
from scaleplan.engine.machine import Machine
from scaleplan.engine.position import Charge
from scaleplan.engine.state import State
from scaleplan.plan import Order
from scaleplan.quantity.exact import ZERO
from scaleplan.review import Waterfall, result_of
from scaleplan.trade import Trade, TradeMoment, Version
from scaleplan.trade.ratchet import Ratchet

#: Less than this is what rounding leaves of a share of a share, and no quantity that a venue has.
_DUST = Decimal("1e-20")


class _Leg(NamedTuple):
    """A part of a planned exit: so much of what the plan holds then, at a price."""

    price: Decimal
    quantity: Decimal
    held: Decimal
    charge: Charge


class _Entered(NamedTuple):
    """So much of an entry for one tier, executed and held after a fee in the coin; `key` is its tier, else its fill."""

    key: int | str
    price: Decimal
    held: Decimal
    charge: Charge


class _Sums:
    """What entries and exits were worth, and their fees by the plan's rates."""

    def __init__(self, machine: Machine) -> None:
        self._position = machine.holdings.nothing.position
        self.entries = self.exits = self.fees = ZERO

    def enter(self, price: Decimal, quantity: Decimal, charge: Charge) -> None:
        """Adds an entry."""
        worth = self._position.value(price, quantity)
        self.entries += worth
        self.fees += charge.of(worth, quantity)

    def leave(self, price: Decimal, quantity: Decimal, charge: Charge) -> None:
        """Adds an exit."""
        worth = self._position.value(price, quantity)
        self.exits += worth
        self.fees += charge.of(worth, quantity)

    def net(self, fees: Decimal | None = None) -> Decimal:
        """Returns the result, with other fees where they are given."""
        return result_of(self._position.slope, self.entries, self.exits, self.fees if fees is None else fees)


def waterfall_of(trade: Trade) -> Waterfall:
    """Returns the sums of a trade that is over. Who calls it is in the exact context."""
    fills = [moment for moment in trade.moments if moment.is_entry or moment.is_exit]
    plan = _Planned(trade)
    averages = _averages(fills)
    planned, prices, sizes, exits = (_Sums(trade.machine) for _ in range(4))
    begun: set[object] = set()
    held = ZERO
    for moment in fills:
        last = moment is fills[-1]
        for tier, own in plan.enter(moment):
            charge = moment.version.machine.costs.charge(moment.version.plan.tiers[tier - 1].order)
            planned.enter(own.price, own.quantity, charge)
            prices.enter(averages[tier], own.quantity, charge)
        for entered in _entered(moment):
            charge = _once(entered.charge, entered.key, begun)
            for sums in (sizes, exits):
                sums.enter(entered.price, entered.held, charge)
            held += entered.held
        if not moment.is_exit:
            continue
        legs = plan.leave(moment, is_last=last)
        for leg in legs:
            planned.leave(leg.price, leg.quantity, leg.charge)
            prices.leave(leg.price, leg.quantity, leg.charge)
            share = leg.quantity if leg.held == held else held * leg.quantity / leg.held
            sizes.leave(leg.price, share, leg.charge)
            held -= share
        if last and held:
            # What the plan's own shares have left, as of an extra fill, goes with the last exit.
            sizes.leave(*plan.rest(moment, held))
        charge = _once(_exit_charge(moment), (moment.closed, moment.target), begun)
        exits.leave(moment.event.price or ZERO, moment.taken, charge)
    fees = sum((moment.fee for moment in fills), ZERO)
    return Waterfall(planned.net(), prices.net(), sizes.net(), exits.net(), exits.net(fees))


def _once(charge: Charge, key: object, begun: set[object]) -> Charge:
    """Returns what a fill costs: what an order costs however small it is was paid with its first part."""
    if key in begun:
        return charge._replace(per_order=ZERO)
    begun.add(key)
    return charge


def _entered(moment: TradeMoment) -> list[_Entered]:
    """Returns what was entered for each tier; a fee in the coin bought is no longer held."""
    whole = sum((part.quantity for part in moment.parts), ZERO)
    kept = moment.state.held.position.quantity - moment.before.held.position.quantity
    plan, costs = moment.version.plan, moment.version.machine.costs
    found = []
    for part in moment.parts:
        is_planned = part.tier is not None and part.tier <= len(plan.tiers)
        order = plan.tiers[part.tier - 1].order if is_planned and part.tier is not None else Order.MARKET
        quantity = part.quantity if kept == whole else kept * part.quantity / whole
        key = part.tier if part.tier is not None else moment.event.order_id or moment.event.id
        found.append(_Entered(key, moment.event.price or ZERO, quantity, costs.charge(order)))
    return found


def _averages(fills: list[TradeMoment]) -> dict[int, Decimal]:
    """Returns the average price of all that was executed of each tier."""
    sums: dict[int, tuple[Decimal, Decimal]] = {}
    for moment in fills:
        position, price = moment.state.held.position, moment.event.price or ZERO
        for part in moment.parts:
            if part.tier is not None:
                quantity, worth = sums.get(part.tier, (ZERO, ZERO))
                sums[part.tier] = quantity + part.quantity, worth + position.value(price, part.quantity)
    inverse = fills[0].state.held.position.inverse
    return {
        tier: quantity / worth if inverse else worth / quantity for tier, (quantity, worth) in sums.items() if worth
    }


def _exit_charge(moment: TradeMoment) -> Charge:
    return moment.version.machine.costs.charge(_exit_order(moment))


def _exit_order(moment: TradeMoment) -> Order:
    targets = moment.version.plan.targets
    is_target = moment.closed is EventKind.TARGET and 1 <= moment.target <= len(targets)
    return targets[moment.target - 1].order if is_target else Order.STOP


class _Planned:
    """The plan played at its own prices and quantities, by what happened."""

    def __init__(self, trade: Trade) -> None:
        self._version: Version = trade.versions[0]
        self._machine = self._version.machine
        self._state = self._machine.flat(self._version.plan.tiers[0].price)
        self._seen: set[int] = set()
        self._done: list[Fill | ExitFill] = []
        self._hit_at: Decimal | None = None
        self._ratchet = Ratchet(self._machine.sign)

    @property
    def _held(self) -> Decimal:
        return self._state.held.position.quantity

    def enter(self, moment: TradeMoment) -> list[tuple[int, Fill]]:
        """Returns the tiers that happen with a fill for the first time, each whole at the plan's own price."""
        self._go_by(moment.version)
        found = []
        for part in moment.parts:
            tier = part.tier
            if tier is None or tier > len(self._machine.quantities) or tier in self._seen:
                continue
            self._seen.add(tier)
            own = self._machine.holdings.own_fill(tier - 1)
            self._apply(own)
            found.append((tier, own))
        return found

    def leave(self, moment: TradeMoment, *, is_last: bool) -> list[_Leg]:
        """Returns what the plan closes with an exit, part by part; the last exit closes all that is held."""
        self._go_by(moment.version)
        if not self._held:
            return []
        legs = self._legs(moment)
        if is_last and self._held:
            price, quantity, charge = self.rest(moment, self._held)
            legs.append(_Leg(price, quantity, self._held, charge))
        return legs

    def _legs(self, moment: TradeMoment) -> list[_Leg]:
        kind, price, held = moment.closed, moment.event.price or ZERO, self._held
        if kind is EventKind.TARGET:
            return self._targets(moment.target)
        if kind is EventKind.STOP and self._stop is not None:
            return self._closed(EventKind.STOP, *self.rest(moment, held))
        if kind is EventKind.TIME_STOP:
            fill = self._machine.holdings.timed_exit(self._state.held, price)
            again = self._state.timed
            return [] if fill is None or again else self._closed(kind, price, fill.quantity, self._machine.costs.taker)
        own = moment.before.held.position.quantity
        share = moment.taken if held == own else held * moment.taken / own
        return self._closed(kind or EventKind.BY_HAND, price, share, _exit_charge(moment))

    @property
    def _stop(self) -> Decimal | None:
        """Returns the stop in force; absent where a trail goes from a best price that nobody wrote down."""
        targets = self._version.plan.targets
        trails = bool(targets) and targets[-1].trail is not None and self._state.hits == len(targets)
        return None if trails else self._state.stop

    def rest(self, moment: TradeMoment, quantity: Decimal) -> tuple[Decimal, Decimal, Charge]:
        """Returns the exit of so much at the price that the plan has for what closed it, else at its own."""
        machine, kind = self._machine, moment.closed
        price, charge = moment.event.price or ZERO, _exit_charge(moment)
        level: Decimal | None = None
        if kind is EventKind.STOP:
            level = self._stop
        elif kind is EventKind.TARGET and moment.target <= len(machine.plan.targets) and self._held:
            level = machine.holdings.target(self._state.held, moment.target - 1)
        if level is not None:
            price = machine.costs.exit_price(level, machine.sign, _exit_order(moment))
        return price, quantity, charge

    def _targets(self, last: int) -> list[_Leg]:
        """Returns what the targets close that price has passed by then, each at its own price."""
        legs: list[_Leg] = []
        while self._held and self._state.hits < min(last, len(self._machine.plan.targets)):
            index, held = self._state.hits, self._held
            level = self._machine.holdings.target(self._state.held, index)
            if level is None:
                break
            if self._hit_at is not None and reached(self._hit_at, level, -self._machine.sign):
                # Price was past it when the one before it was hit: it is closed there.
                level = self._hit_at
            self._hit_at = level
            step = self._machine.hit(self._state, level)
            self._ratchet.see(self._machine, self._state, step)
            self._take(step.state)
            if isinstance(step.executed, ExitFill):
                self._done.append(step.executed)
                charge = self._machine.costs.charge(self._machine.plan.targets[index].order)
                legs.append(_Leg(step.executed.price, step.executed.quantity, held, charge))
        return legs

    def _closed(self, kind: EventKind, price: Decimal, quantity: Decimal, charge: Charge) -> list[_Leg]:
        held = self._held
        # A share of a share may come out more than all of it by the fiftieth digit.
        quantity = min(quantity, held)
        if quantity < _DUST:
            return []
        fee = charge.of(self._state.held.position.value(price, quantity), quantity)
        self._apply(ExitFill(kind, 0, price, quantity, fee))
        return [_Leg(price, quantity, held, charge)]

    def _apply(self, event: Fill | ExitFill) -> None:
        self._done.append(event)
        step = self._machine.apply(self._state, event)
        self._ratchet.see(self._machine, self._state, step)
        self._take(step.state)

    def _take(self, state: State | None) -> None:
        """Goes on from a state; where the plan holds nothing any more, with what it has hit and where its stop was."""
        if state is None:
            nothing = self._machine.flat(self._state.price)
            state = nothing._replace(hits=self._state.hits, stop=self._state.stop)
        self._state = state

    def _go_by(self, version: Version) -> None:
        """Goes on with the plan as it was accepted again: what has happened is what happened by it too."""
        if version is self._version:
            return
        self._version, self._machine = version, version.machine
        self._state = self._machine.flat(version.plan.tiers[0].price)
        done, self._done = self._done, []
        count, targets = len(version.plan.tiers), len(version.plan.targets)
        for event in done:
            if isinstance(event, Fill) and (event.tier or 0) > count:
                event = event._replace(tier=None)  # noqa: PLW2901 - the new plan has no such tier
            elif isinstance(event, ExitFill) and event.number > targets:
                event = event._replace(kind=EventKind.BY_HAND, number=0)  # noqa: PLW2901 - nor such a target
            self._apply(event)
        self._state = self._ratchet.held(self._state)
