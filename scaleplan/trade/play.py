"""A trade played: the events in force, in their order, applied to the machine of the locked plan.

The order is that of the moments, at one moment entries before closes, then that of the source, then of recording: what
arrives late takes its place. What a trade cannot take (a close of more than is held, a fill after its end) is told as
loose.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from scaleplan.engine.event import EventKind, ExitFill, Fill
from scaleplan.engine.levels import StopMove, reached
from scaleplan.engine.position import Charge
from scaleplan.engine.state import State, Step
from scaleplan.journal import EventRow, RowKind, TradeRow
from scaleplan.plan import Contract, Order, Plan
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.trade import Filled, Habits, Loose, RecordedStop, TierPart, Trade, TradeMoment, Undecided, Version
from scaleplan.trade.mapping import exit_of, is_near_a_tier, tiers_of

#: Fills of one tier or role within so long of each other are one order's, where no order is known.
_TOGETHER = timedelta(minutes=1)
#: More digits than a venue's count of executions has.
_DIGITS = 40
#: What the trader says of the side of a fill.
_WAYS = {1: "buy", -1: "sell"}


def moment_of(text: str) -> datetime:
    """Returns the moment that a row of the journal has."""
    return datetime.fromisoformat(text)


def text_of(moment: datetime) -> str:
    """Returns a moment as the rows of a journal have it: UTC with six digits."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def in_order(events: Iterable[EventRow], sign: int) -> list[EventRow]:
    """Returns events in the order in which a trade takes them."""
    return sorted(events, key=lambda event: place_of(event, sign))


def place_of(event: EventRow, sign: int) -> tuple[str, bool, int, int]:
    """Returns the place of an event among those of a trade: its moment, entries first, its source's order, its own.

    Where a venue counts its executions, their order is that of the count, whichever file came first.
    """
    is_fill = event.kind is RowKind.FILL
    return event.at, is_fill and event.side != _WAYS[sign], count_of(event) if is_fill else 0, event.seq


def count_of(event: EventRow) -> int:
    """Returns the number of an execution where its venue counts them, else 0."""
    number = event.source_id
    if number is None or not number.isdecimal() or not number.isascii() or len(number) >= _DIGITS:
        return 0
    return int(number)


def expires_at(plan: Plan, first_fill: datetime | None) -> datetime | None:
    """Returns when unfilled tiers are cancelled: a date at 00:00 UTC, or so long after the first fill."""
    if plan.expires is None:
        return None
    if isinstance(plan.expires, date):
        return datetime.combine(plan.expires, time(), UTC)
    return None if first_fill is None else first_fill + timedelta(minutes=plan.expires)


def time_stop_at(plan: Plan, first_fill: datetime | None) -> datetime | None:
    """Returns when the time stop is due: so long after the first fill."""
    if plan.time_stop is None or first_fill is None:
        return None
    return first_fill + timedelta(minutes=plan.time_stop.after_minutes)


@exact
def play(row: TradeRow, versions: Sequence[Version], events: Iterable[EventRow], habits: Habits) -> Trade:
    """Returns a trade as its events in force have made it; `events` may be in any order."""
    playing = Playing(row, versions, habits)
    for event in in_order(events, playing.sign):
        playing.feed(event)
    return playing.finish()


class Playing:
    """A trade while it is played; every event changes what the next one meets. Who uses it is in the exact context."""

    def __init__(self, row: TradeRow, versions: Sequence[Version], habits: Habits) -> None:
        self.row = row
        self.habits = habits
        self.versions = tuple(versions)
        self._waiting = list(self.versions[1:])
        self._take(self.versions[0])
        self.sign = self.machine.sign
        self.state = self.machine.flat(self.version.plan.tiers[0].price)
        self.moments: list[TradeMoment] = []
        self.orders: dict[str, int | None] = {}
        self.closes: dict[str, tuple[EventKind, int]] = {}
        self.recorded: list[RecordedStop] = []
        self.undecided: list[Undecided] = []
        self.loose: list[Loose] = []
        self.booked = self.gross = self.fees = self.funding = ZERO
        self.entered: dict[int, list[tuple[Decimal, Decimal]]] = {}
        self.left: dict[int, list[tuple[Decimal, Decimal]]] = {}
        self.first_fill: datetime | None = None
        self.trail_from: Decimal | None = None
        self.amended: list[tuple[datetime, Version, State]] = []
        self.is_over = self.is_released = False

    def _take(self, version: Version) -> None:
        self.version = version
        self.machine = version.machine

    @property
    def held(self) -> Decimal:
        """Returns what is held now, in base (inverse: value in quote)."""
        return self.state.held.position.quantity

    @property
    def is_open(self) -> bool:
        """Returns whether something is held now, or may be still."""
        return not (self.is_over or self.is_released)

    def feed(self, event: EventRow) -> None:
        """Takes the next event, in the order of `in_order`."""
        at = moment_of(event.at)
        while self._waiting and self._waiting[0].since <= at:
            self._amend(self._waiting.pop(0))
        self._meet(event, at)

    def meets(self, event: EventRow) -> bool:
        """Returns whether a fill would be what the plan has: a tier, a target, a stop."""
        if event.side == _WAYS[self.sign]:
            if event.order_id is not None and event.order_id in self.orders:
                return True
            found = tiers_of(self.machine, self.state, event, self.orders, self.habits)
            is_near = is_near_a_tier(self.machine, self.state, event.price or ZERO, self.habits)
            return is_near and not isinstance(found, Undecided)
        return self._closing(event)[0] is not EventKind.BY_HAND

    def is_undecided(self, event: EventRow) -> bool:
        """Returns whether an entry may be of either of two tiers."""
        if event.side != _WAYS[self.sign]:
            return False
        return isinstance(tiers_of(self.machine, self.state, event, self.orders, self.habits), Undecided)

    def finish(self) -> Trade:
        """Returns the trade as its events have made it."""
        while self._waiting:
            self._amend(self._waiting.pop(0))
        count = len(self.version.plan.tiers)
        return Trade(
            row=self.row,
            versions=self.versions,
            habits=self.habits,
            machine=self.machine,
            one_r=self.versions[0].ladder.totals.r,
            moments=tuple(self.moments),
            state=self.state,
            booked=self.booked,
            gross=self.gross,
            fees=self.fees,
            funding=self.funding,
            recorded=self.recorded[-1] if self.recorded else None,
            tiers=tuple(self._filled(self.entered.get(number)) for number in range(1, count + 1)),
            targets=tuple(
                self._filled(self.left.get(number)) for number in range(1, len(self.version.plan.targets) + 1)
            ),
            undecided=tuple(self.undecided),
            loose=tuple(self.loose),
            first_fill=self.first_fill,
            is_over=self.is_over,
            is_released=self.is_released,
            stops=tuple(self.recorded),
            trail_from=self.trail_from,
            amended=tuple(self.amended),
        )

    def _filled(self, executed: list[tuple[Decimal, Decimal]] | None) -> Filled:
        """Returns the sum of executions, each a quantity and a price, and their average."""
        if not executed:
            return Filled()
        quantity = sum((part for part, _ in executed), ZERO)
        inverse = self.version.plan.contract is Contract.INVERSE
        worth = sum((part / price if inverse else part * price for part, price in executed), ZERO)
        return Filled(quantity, quantity / worth if inverse else worth / quantity)

    def _amend(self, version: Version) -> None:
        """Goes on with the plan as it was accepted again: what has happened is what happened by it too."""
        self._take(version)
        state = self.machine.flat(version.plan.tiers[0].price)
        for moment in self.moments:
            if not (moment.is_entry or moment.is_exit):
                continue
            for step in self._steps(state, moment):
                if step.state is None:
                    break
                state = step.state
        self.state = state
        self.amended.append((version.since, version, state))

    def _steps(self, state: State, moment: TradeMoment) -> Iterable[Step]:
        """Yields what a moment does again, by the machine in force, as it was understood then."""
        count, targets = len(self.version.plan.tiers), len(self.version.plan.targets)
        for part in moment.parts:
            tier = part.tier if part.tier is not None and part.tier <= count else None
            # A fee that the plan's rate stood in for is in settle currency, whatever the fill's own is.
            stood_in = Fill(tier, moment.event.price or ZERO, part.quantity, part.fee)
            entry = self._entry(moment.event, tier, part.quantity, part.fee)[0]
            step = self.machine.apply(state, stood_in if moment.fee_stands_in else entry)
            yield step
            state = step.state or state
        if moment.closed is not None:
            kind, number = moment.closed, moment.target
            if kind is EventKind.TARGET and number > targets:
                kind, number = EventKind.BY_HAND, 0
            price = moment.event.price or ZERO
            yield self.machine.apply(state, ExitFill(kind, number, price, moment.taken, moment.fee, moment.at))

    # Events

    def _meet(self, event: EventRow, at: datetime) -> None:
        if event.kind is RowKind.STOP:
            self._record_stop(event, at)
        elif event.kind is RowKind.FUNDING:
            self.funding += event.fee or ZERO
        elif event.kind is RowKind.RELEASE:
            self.is_released = True
        elif event.kind is RowKind.FILL:
            if self.is_over or self.is_released:
                self.loose.append(Loose(event, event.quantity or ZERO))
                return
            self._pass_time(at)
            if event.side == _WAYS[self.sign]:
                self._enter(event, at)
            else:
                self._exit(event, at)

    def _record_stop(self, event: EventRow, at: datetime) -> None:
        self.recorded.append(RecordedStop(event.price, event.quantity, at, event, self.held))
        self._add(event, at, self.state)

    def _pass_time(self, at: datetime) -> None:
        """Applies what the clock has done by now: unfilled tiers are cancelled once their time is over."""
        due = expires_at(self.version.plan, self.first_fill)
        if due is not None and due <= at and not self.state.expired and self.first_fill is not None:
            step = self.machine.expire(self.state)
            self.state = step.state or self.state

    def _add(self, event: EventRow, at: datetime, before: State, **values: object) -> None:
        moment = TradeMoment(event, at, before, self.state, self.version, **values)  # type: ignore[arg-type]
        self.moments.append(moment._replace(booked=self.booked, continues=self._continues(moment)))

    def _continues(self, moment: TradeMoment) -> bool:
        """Returns whether a fill is of the same order as the fill before it, or of one tier or role within a minute."""
        last = next((other for other in reversed(self.moments) if other.is_entry or other.is_exit), None)
        if last is None or not (moment.is_entry or moment.is_exit) or moment.is_entry != last.is_entry:
            return False
        if moment.event.order_id is not None or last.event.order_id is not None:
            return moment.event.order_id == last.event.order_id
        if moment.at - last.at > _TOGETHER:
            return False
        if moment.is_exit:
            return (moment.closed, moment.target) == (last.closed, last.target)
        return {part.tier for part in moment.parts} == {part.tier for part in last.parts}

    def _enter(self, event: EventRow, at: datetime) -> None:
        before = self.state
        found = tiers_of(self.machine, before, event, self.orders, self.habits)
        if isinstance(found, Undecided):
            self.undecided.append(found)
            found = ((self._nearest(event, found.tiers), event.quantity or ZERO),)
        had_ended = bool(before.held.position.quantity) and self.machine.entries_ended(before)
        parts: list[TierPart] = []
        moves: list[StopMove] = []
        stands_in = False
        whole = sum((quantity for _, quantity in found), ZERO)
        for tier, quantity in found:
            fee = None if event.fee is None else event.fee * quantity / whole
            fill, stood_in = self._entry(event, tier, quantity, fee)
            step = self.machine.apply(self.state, fill._replace(at=at))
            self.state = step.state or self.state
            stands_in = stands_in or stood_in
            parts.append(TierPart(tier, quantity, fill.fee))
            moves += step.moves
            if tier is not None:
                self.entered.setdefault(tier, []).append((quantity, fill.price))
            if event.order_id is not None:
                self.orders[event.order_id] = tier
        if self.first_fill is None:
            self.first_fill = at
        fee = self.state.held.position.entry_fees - before.held.position.entry_fees
        self.fees += fee
        self._call_off()
        self._add(
            event,
            at,
            before,
            parts=tuple(parts),
            moves=tuple(moves),
            fee=fee,
            entries_had_ended=had_ended,
            fee_stands_in=stands_in,
        )

    def _nearest(self, event: EventRow, tiers: tuple[int, int]) -> int:
        price = event.price or ZERO
        return min(tiers, key=lambda tier: (abs(self.machine.holdings.own_fill(tier - 1).price - price), tier))

    def _entry(self, event: EventRow, tier: int | None, quantity: Decimal, fee: Decimal | None) -> tuple[Fill, bool]:
        """Returns an entry as the machine takes it, and whether the plan's own rate stands in for its fee."""
        plan, price = self.version.plan, event.price or ZERO
        currency = event.fee_currency or ""
        known = currency in ("", plan.settle) or (plan.contract is Contract.SPOT and currency == plan.symbol.base)
        if fee is not None and known:
            return Fill(tier, price, quantity, fee, "" if currency == plan.settle else currency), False
        order = Order.MARKET if tier is None else plan.tiers[tier - 1].order
        charge = self._charge(event, order)
        if tier is not None and self.state.held.executed(tier - 1):
            charge = charge._replace(per_order=ZERO)
        value = self.state.held.position.value(price, quantity)
        return Fill(tier, price, quantity, charge.of(value, quantity)), True

    def _charge(self, event: EventRow, order: Order) -> Charge:
        if event.liquidity in ("maker", "taker"):
            order = Order.LIMIT if event.liquidity == "maker" else Order.MARKET
        return self.machine.costs.charge(order)

    def _exit(self, event: EventRow, at: datetime) -> None:
        before, quantity, price = self.state, event.quantity or ZERO, event.price or ZERO
        held = before.held.position.quantity
        taken = min(quantity, held)
        if taken < quantity:
            self.loose.append(Loose(event, quantity - taken))
        if not taken:
            return
        kind, number = self._closing(event)
        fee, stands_in = self._exit_fee(event, kind, number, price, taken)
        if taken < quantity and event.fee is not None and not stands_in:
            fee = fee * taken / quantity
        step = self.machine.apply(before, ExitFill(kind, number, price, taken, fee, at))
        self.fees += fee
        self.booked += step.result
        self.gross += step.gross if step.over is None else step.over.gross
        if kind is EventKind.TARGET:
            self.left.setdefault(number, []).append((taken, price))
        if event.order_id is not None:
            self.closes[event.order_id] = kind, number
        if step.state is None:
            self.is_over = True
            nothing = self.machine.flat(self.version.plan.tiers[0].price)
            self.state = nothing._replace(price=price, hits=before.hits, stop=before.stop, realized=self.booked)
        else:
            self.state = step.state
            if self.trail_from is None and self.state.hits == len(self.version.plan.targets) > before.hits:
                self.trail_from = self.state.price
            self._call_off()
        self._add(
            event,
            at,
            before,
            closed=kind,
            target=number,
            taken=taken,
            moves=step.moves,
            result=step.result,
            fee=fee,
            fee_stands_in=stands_in,
        )

    def _closing(self, event: EventRow) -> tuple[EventKind, int]:
        """Returns what a close is, with the number of a target."""
        stop = self.recorded[-1].price if self.recorded else None
        closed = {number: sum((part for part, _ in parts), ZERO) for number, parts in self.left.items()}
        # A trail goes from the best price on, and a later close is none.
        begun = self.state if self.trail_from is None else self.state._replace(price=self.trail_from)
        due = self.machine.trailing_stop(begun)
        kind, number = exit_of(self.machine, self.state, event, self.closes, (due, stop), closed, self.habits)
        if kind is EventKind.TARGET and number > len(self.version.plan.targets):
            # The plan as it was accepted again has no such target.
            return EventKind.BY_HAND, 0
        return kind, number

    def _exit_fee(
        self, event: EventRow, kind: EventKind, number: int, price: Decimal, quantity: Decimal
    ) -> tuple[Decimal, bool]:
        """Returns what a close cost in settle currency, and whether the plan's own rate stands in for it."""
        plan = self.version.plan
        if event.fee is not None:
            if event.fee_currency in (None, "", plan.settle):
                return event.fee, False
            if event.fee_currency == plan.symbol.base and plan.contract is Contract.SPOT:
                return event.fee * price, False
        order = Order.STOP
        if kind is EventKind.TARGET and 1 <= number <= len(plan.targets):
            order = plan.targets[number - 1].order
        position = self.state.held.position
        return self._charge(event, order).of(position.value(price, quantity), quantity), True

    def _call_off(self) -> None:
        """Calls the time stop off where price has reached what it waits for."""
        if self.version.plan.time_stop is None or self.state.timed:
            return
        level = self.machine.unless(self.state)
        if level is not None and reached(self.state.price, level, -self.sign):
            self.state = self.state._replace(timed=True)
