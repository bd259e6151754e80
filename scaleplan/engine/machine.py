"""The machine of one plan applies an event to a state: what a fill, a target, a stop move, an exit does.

The only place where that is decided. Events come from a tape: the order listed (`ladder`), every order (`paths`), or
what a venue did (`play`). A planned event is made with the plan's price, quantity and fee, and applied like any other.
Nothing is collected on the machine: what a step finds (a tier that waits, a stop that would loosen) is in the step.
"""

from collections.abc import Iterable
from decimal import Decimal

from scaleplan.engine.closes import trail_start
from scaleplan.engine.event import End, Event, EventKind, ExitFill, Fill, Touch
from scaleplan.engine.holding import Holding, bits
from scaleplan.engine.holdings import Holdings
from scaleplan.engine.levels import StopMove, level_price, moved, reached, tighter
from scaleplan.engine.margin import Answer, Liquidation, bankruptcy_of, gained_beside, liquidation_of, margin_ratio
from scaleplan.engine.risk import abandoned, lost_margin
from scaleplan.engine.state import Losing, Over, Rest, State, Step
from scaleplan.plan import AfterPrice, AfterTier, EntriesEnd, Level, Order, Plan, Tier
from scaleplan.quantity.exact import ZERO, same
from scaleplan.quantity.price import Anchor, Fixed, Reference

#: A venue's numbers have at most 16 digits before the point and 20 behind it, as a plan's.
_LEAST, _MOST = Decimal("1e-20"), Decimal("1e16")
#: How a plan ends whose last holding is closed so.
_ENDS = {
    EventKind.STOP: End.STOPPED,
    EventKind.LIQUIDATION: End.LIQUIDATED,
    EventKind.TARGET: End.TARGETS,
    EventKind.TRAIL: End.TRAIL,
    EventKind.TIME_STOP: End.CLOSED,
    EventKind.BY_HAND: End.CLOSED,
}


class Machine:
    """Applies events to the states of one plan, whose tiers hold `quantities` (base; inverse: value in quote).

    `play` and `apply` are for what really happened. The planned steps (`fill` at a level, `hit`, `stopped` ...) are for
    tapes. Who calls it is in the exact context (`quantity.exact`).

    `through` is how far in price a limit must be passed before it fills, at its level: 0 fills it where price meets it.
    """

    def __init__(self, plan: Plan, quantities: tuple[Decimal, ...], through: Decimal = ZERO) -> None:
        self.plan = plan
        self.quantities = quantities
        self.sign = plan.sign
        self.holdings = Holdings(plan, quantities)
        self.costs = self.holdings.costs
        #: Whether the account stands behind the position, and realised results with it.
        self.cross = plan.is_cross
        #: Targets hit at which entries end whatever was closed, and whether a target that closes ends them.
        trails = bool(plan.targets) and plan.targets[-1].trail is not None
        self._entries_end_at = len(plan.targets) if trails else len(plan.targets) + 1
        self._exit_ends_entries = plan.entries_end is EntriesEnd.FIRST_TARGET
        self._all = (1 << len(plan.tiers)) - 1
        self._through = through * self.sign
        #: Where price has to get to for each tier to fill.
        self.triggers = tuple(self._trigger(tier) for tier in plan.tiers)
        self._marked = _marked(plan)
        self._followers = _followers(plan)

    # Where it begins, and what of a state decides the future

    def flat(self, price: Decimal) -> State:
        """Returns the state before any fill, with price at `price`: tier 1's own, or where price really was."""
        return State(self.holdings.nothing, 0, self._live_from_the_start(price)[0], 0, price, self.plan.stop)

    def listed(self) -> State:
        """Returns the state before any fill from which tiers fill as listed: price at tier 1's, its stop with it.

        A stop at or beyond the price at which it is set exits there.
        """
        state = self.flat(self.plan.tiers[0].price)
        if state.stop is not None and reached(state.price, state.stop, self.sign):
            return state._replace(stop=state.price)
        return state

    def waited_at(self, price: Decimal) -> int:
        """Returns the tiers, as bits, that are live from the start and act at once, not at their own price."""
        return self._live_from_the_start(price)[1]

    def key(self, state: State) -> State:
        """Returns the state without what does not decide its future: states with equal keys have the same one.

        The result so far counts where margin is cross: it stands behind the position.
        """
        if self.cross:
            return state if state.since is None else state._replace(since=None)
        # Every step of a walk passes here: `_replace` would take as long again as the rest of it.
        return State(*state[:-2]) if state.realized or state.since else state

    # What stands in a state

    def liquidation(self, state: State) -> Liquidation:
        """Returns where the position is liquidated; on cross margin results so far count."""
        _, margin, at = self.holdings.backing(state.held)
        if not self.cross or not state.realized:
            return at
        return liquidation_of(self.plan, state.held.position, margin, realized=state.realized)

    def margin_ratio(self, state: State) -> Decimal | None:
        """Returns what the position has to keep over what stands behind it, at the state's price: 1 is liquidated."""
        held = state.held
        margin = self.holdings.backing(held).margin
        realized = state.realized if self.cross else ZERO
        return margin_ratio(self.plan, held.position, state.price, margin, kept=held.kept, realized=realized)

    def bankruptcy(self, state: State) -> Decimal | None:
        """Returns where the position is bankrupt, as `liquidation` does; absent where it never is."""
        held = state.held
        if not held.position.quantity:
            return None
        realized = state.realized if self.cross else ZERO
        return bankruptcy_of(self.plan, held.position, self.holdings.backing(held).margin, realized)

    def taken_over_at(self, state: State) -> Decimal | None:
        """Returns where the position is liquidated at the latest: where it is, or if nobody knows where it is bankrupt.

        Absent where it never is, and on cross margin whose account nobody knows.
        """
        at = self.liquidation(state)
        return self.bankruptcy(state) if at.answer is Answer.UNKNOWN else at.price

    def losing(self, state: State) -> Losing:
        """Returns the levels that end the plan on the losing side, a liquidation where it comes at the latest."""
        return self._losing(state, state.stop)

    def _losing(self, state: State, stop: Decimal | None) -> Losing:
        return losing_at(self.taken_over_at(state), stop, self.sign)

    def met_between(self, state: State, start: Decimal, end: Decimal, target: int | None) -> EventKind | None:
        """Returns what price meets first on its straight way: what ends the position, or the target at an index.

        At one price liquidation comes first, then the stop, then the target; what price has passed acts at the start.
        """
        liquidated = self.taken_over_at(state)
        level = None if target is None else self.holdings.lies(state.held, target)
        losing = ((liquidated, EventKind.LIQUIDATION), (state.stop, EventKind.STOP))
        for price in (start, end):
            met = [(at, kind) for at, kind in losing if at is not None and reached(price, at, self.sign)]
            if met:
                return max(met, key=lambda pair: self.sign * pair[0])[1]
            if level is not None and reached(price, level, -self.sign):
                return EventKind.TARGET
        return None

    def trailing_stop(self, state: State) -> Decimal | None:
        """Returns the stop in force, from the last target on that of a trail that begins at the state's price."""
        trail = self.plan.targets[-1].trail if self.plan.targets else None
        if trail is None or state.hits < len(self.plan.targets):
            return state.stop
        start = trail_start(trail, state.price, self.sign)
        return start if start > 0 and tighter(start, state.stop, self.sign) else state.stop

    def rest(self, state: State) -> Rest | None:
        """Returns what is left of a position where its stop, or that of a trail, is met next; absent without a stop.

        Where liquidation comes first, that stop is never met: what stands behind the position is lost.
        """
        stop = self.trailing_stop(state)
        if stop is None:
            return None
        at, losing = self.liquidation(state), self._losing(state, stop)
        lost = None if losing.is_stop else self.lost(state)
        if lost is not None:
            return Rest(lost, losing.liquidation, certain=True)
        certain = not at.past_end or at.not_before_stop(stop, self.sign)
        return Rest(self.stopped_out(state.held, stop)[1], None, certain=certain)

    def entries_ended(self, state: State) -> bool:
        """Whether unfilled tiers are cancelled: by the first target that closed something, a trail, or the clock."""
        return state.expired or self._ended_by_exit(state)

    def may_fill(self, state: State) -> bool:
        """Returns whether a tier is left that may fill."""
        return state.held.filled != self._all and not self.entries_ended(state)

    def _ended_by_exit(self, state: State) -> bool:
        return state.hits >= self._entries_end_at or (self._exit_ends_entries and state.held.history.by_target)

    def acts_at_once(self, index: int, price: Decimal) -> bool:
        """Whether the tier at `index`, live at `price`, is executed there: a limit passed, a stop triggered, or met."""
        tier, trigger = self.plan.tiers[index], self.triggers[index]
        if same(trigger, price):
            return True
        way = 1 if tier.order is Order.STOP else -1
        return tier.order is not Order.MARKET and self.sign * way * (price - trigger) >= 0

    def _placed_acts_at_once(self, index: int, price: Decimal) -> bool:
        """Whether the tier at `index` is executed where it is placed, at `price`.

        A limit is then executed wherever price is past it: it is one that rests that has to be gone through.
        """
        tier = self.plan.tiers[index]
        if not self._through or tier.order is not Order.LIMIT:
            return self.acts_at_once(index, price)
        return self.sign * (tier.price - price) > 0 and not same(tier.price, price)

    def _trigger(self, tier: Tier) -> Decimal:
        return tier.price - self._through if self._through and tier.order is Order.LIMIT else tier.price

    def target_trigger(self, index: int, level: Decimal) -> Decimal:
        """Returns where price has to get to for the target at `index` to be hit, which lies at `level`."""
        if self._through and self.plan.targets[index].order is Order.LIMIT:
            return level + self._through
        return level

    # What really happened

    def play(self, events: Iterable[Fill | ExitFill | Touch], state: State | None = None) -> tuple[Step, ...]:
        """Applies events one after the other, from a state or from nothing held with price at tier 1's.

        The last step may be the plan's end. Raises `ValueError` for an event that cannot be, or that follows the end.
        """
        here = self.flat(self.plan.tiers[0].price) if state is None else state
        steps: list[Step] = []
        for event in events:
            if steps and steps[-1].state is None:
                raise ValueError(f"nothing is held any more: {event}")
            steps.append(self.apply(here, event))
            here = steps[-1].state or here
        return tuple(steps)

    def apply(self, state: State, event: Fill | ExitFill | Touch) -> Step:
        """Applies what really happened. Raises `ValueError` for what cannot be.

        Price has come to the event's from the state's: an `after` price on the way has traded, whoever saw it.
        """
        self._must_be_possible(state, event)
        if isinstance(event, ExitFill):
            level = self._level_of(state, event)
            return self._exit(self.come_to(state, level), event, level)
        if isinstance(event, Touch):
            here = self.come_to(state, event.price)
            if (here.touched | here.held.filled) >> event.tier - 1 & 1:
                return Step(Event(EventKind.AFTER, event.tier, event.price), self._settled(here))
            return self.touch(here, event.tier, event.price)
        level = event.price
        if event.tier is not None and event.price == self.holdings.own_fill(event.tier - 1).price:
            level = self.plan.tiers[event.tier - 1].price
        return self.fill(self.come_to(state, level), event, level)

    def _must_be_possible(self, state: State, event: Fill | ExitFill | Touch) -> None:
        numbers = (event.price,) if isinstance(event, Touch) else (event.price, event.quantity, event.fee)
        possible = all(_is_of_a_venue(number) for number in numbers) and all(number > 0 for number in numbers[:2])
        if isinstance(event, ExitFill):
            is_target = event.kind is EventKind.TARGET
            possible = possible and event.kind in _ENDS and event.quantity <= state.held.position.quantity
            possible = possible and (not is_target or 0 < event.number <= len(self.plan.targets))
        elif event.tier is not None:
            possible = possible and 0 < event.tier <= len(self.quantities)
            if possible and isinstance(event, Touch):
                possible = isinstance(self.plan.tiers[event.tier - 1].after, AfterPrice)
        if not possible:
            what = {Fill: "a fill of this plan", ExitFill: f"an exit from {state.held.position.quantity}"}
            raise ValueError(f"not {what.get(type(event), 'an `after` price of this plan')}: {event}")

    def come_to(self, state: State, price: Decimal) -> State:
        """Returns the state with price at another, gone to straight: the `after` prices passed on the way have traded.

        An order that would have acted at once, and so waits for the tier before it, is an order like any when price has
        left it.
        """
        low, high = sorted((state.price, price))
        met = state.touched | state.held.filled
        touched, waiting = state.touched, state.waiting
        for index, tier in enumerate(self.plan.tiers):
            after = tier.after
            if not isinstance(after, AfterPrice) or met >> index & 1:
                continue
            if after.price == state.price != price or low < after.price < high:
                touched |= 1 << index
                waiting |= self._live(index, after.price, state.held)[0]
        for number in bits(waiting):
            if not self.acts_at_once(number - 1, price):
                waiting &= ~(1 << number - 1)
        return state._replace(touched=touched, waiting=waiting, price=price)

    def _exit(self, state: State, fill: ExitFill, level: Decimal) -> Step:
        """Applies an actual exit of any quantity, executed for a level of the plan, or else for its own price.

        The first exit of a target hits it, and those before it that price has passed with it: their stops come into
        force in turn.
        """
        target = fill.number if fill.kind is EventKind.TARGET else 0
        moves: tuple[StopMove, ...] = ()
        while target - 1 > state.hits:
            passed = self._closed(state, None, state.hits, level)
            state, moves = passed.state or state, (*moves, *passed.moves)
        step = self._closed(state, fill, target - 1 if target > state.hits else None, level)
        return step._replace(moves=(*moves, *step.moves)) if moves else step

    def _level_of(self, state: State, fill: ExitFill) -> Decimal:
        """Returns the level of the plan that an exit was executed for, if its price is what that level makes of it."""
        level, order = (state.stop, Order.STOP) if fill.kind is EventKind.STOP else (None, Order.LIMIT)
        if fill.kind is EventKind.TARGET:
            level, order = self.holdings.target(state.held, fill.number - 1), self.plan.targets[fill.number - 1].order
        planned = None if level is None else self.costs.exit_price(level, self.sign, order)
        # What is left after an exit has the average of the whole but for the fiftieth digit.
        return level if level is not None and planned is not None and same(planned, fill.price) else fill.price

    # Steps

    def touch(self, state: State, tier: int, price: Decimal) -> Step:
        """Marks the `after` price of a tier (from 1) as traded: the tier is live."""
        live, waited = self._live(tier - 1, price, state.held)
        after = state._replace(touched=state.touched | 1 << tier - 1, waiting=state.waiting | live, price=price)
        return Step(Event(EventKind.AFTER, tier, price), self._settled(after), waited=waited)

    def fill(self, state: State, fill: Fill, level: Decimal, at: Decimal | None = None) -> Step:
        """Applies an entry that was executed for a level of the plan (for an actual one, its own price).

        Price stands there, or `at` another price: a limit that price has gone through was filled at its level.

        The first part of a tier counts as a position. Its `stop` comes into force, and the tiers after it become live,
        when it is complete: less than a lot is missing, or without a lot a hundredth. What comes of it later moves its
        stop anew, never looser; so parts are the whole up to what completes the tier.
        """
        index = -1 if fill.tier is None else fill.tier - 1
        held = self.holdings.filled(state.held, fill, level)
        waiting, waited = state.waiting, 0
        stop, locks = state.stop, state.locks
        moves: tuple[StopMove, ...] = ()
        price = level if at is None else at
        if index >= 0:
            # It is no longer an order that waits to be placed.
            waiting &= ~(1 << index)
            if held.filled >> index & 1:
                more = state.held.filled >> index & 1
                written = self.plan.tiers[index].stop
                if written is not None:
                    move, locks = self._moved(written, "tiers", index, held, state, price, state.hits)
                    stop = move.after
                    moves = () if more and stop == state.stop else (move,)
                for other in () if more else self._followers[index]:
                    live, waits = self._live(other, price, held)
                    waiting |= live
                    waited |= waits
        since = fill.at if state.since is None else state.since
        after = State(
            held,
            state.touched,
            waiting,
            state.hits,
            price,
            stop,
            locks,
            state.marks,
            state.expired,
            state.timed,
            state.realized,
            since,
        )
        event = Event(EventKind.TIER, index + 1, level)
        return Step(event, self._settled(after), waited=waited, moves=moves, executed=fill, at=at)

    def hit(self, state: State, price: Decimal, level: Decimal | None = None, at: Decimal | None = None) -> Step:
        """Hits the next target at `price`: it closes its share, and its stop comes into force.

        `level` is where the target lies, for who has worked it out. Price then stands there, or `at` another price.
        """
        fill = self.holdings.planned_exit(state.held, state.hits, price)
        step = self._closed(state, fill, state.hits, price, level, at)
        return step if at is None else step._replace(at=at)

    def expire(self, state: State) -> Step:
        """Cancels all unfilled tiers, where price is: their time is over."""
        event = Event(EventKind.EXPIRY, 0, state.price)
        return Step(event, self._settled(state._replace(expired=True)))

    def time_stop(self, state: State, price: Decimal) -> Step | None:
        """Closes the time stop's share of what is held, at `price`; absent where that is less than a lot."""
        fill = self.holdings.timed_exit(state.held, price)
        return None if fill is None else self._closed(state, fill, None, price)

    def call_off(self, state: State, price: Decimal) -> Step:
        """Calls the time stop off: price has got to `unless`."""
        return Step(Event(EventKind.UNLESS, 0, price), self._settled(state._replace(timed=True, price=price)))

    def unless(self, state: State) -> Decimal | None:
        """Returns the price that calls the time stop off, from the position held; absent where there is none."""
        time_stop = self.plan.time_stop
        if time_stop is None or time_stop.unless is None or not state.held.position.quantity:
            return None
        return level_price(self.plan, time_stop.unless, state.held.position)

    def stopped(self, state: State, price: Decimal) -> Step:
        """Stops out all that is held at `price`."""
        gross, net = self.stopped_out(state.held, price)
        return Step(Event(EventKind.STOP, 0, price), None, over=Over(End.STOPPED, gross, net, net))

    def liquidated(self, state: State, price: Decimal) -> Step:
        """Hands the position over to the venue at `price`: the margin behind it is lost."""
        lost = self.lost(state)
        if lost is None:
            raise ValueError("cross margin without equity has no liquidation price")
        over = Over(End.LIQUIDATED, self.at_level(state.held, price), lost, lost)
        latest = self.liquidation(state).answer is Answer.UNKNOWN
        return Step(Event(EventKind.LIQUIDATION, 0, price, state.stop, latest), None, over=over)

    def trailed(self, state: State, price: Decimal, start: Decimal) -> Over:
        """Returns the end of a trail that begins at `price` with its stop at `start`."""
        gross, net = self.stopped_out(state.held, price)
        # A trail that starts below zero has no stop yet: all that can be lost is at stake.
        worst = self.stopped_out(state.held, start)[1] if start > 0 else self.abandoned(state)
        return Over(End.TRAIL, gross, net, worst, price, start)

    def left_open(self, state: State, *, losing_side: bool) -> Over:
        """Returns the end of a state that nothing ends: booked at its price, nothing sold."""
        held = state.held
        if not held.position.quantity:
            return Over(End.OPEN, ZERO, ZERO, ZERO)
        gross, net = self.at_level(held, state.price), held.position.pnl(state.price) - held.position.entry_fees
        losing = self.losing(state)
        if not losing_side and losing.is_stop and losing.nearest is not None:
            return Over(End.OPEN, gross, net, self.stopped_out(held, losing.nearest)[1])
        return Over(End.OPEN, gross, net, self.abandoned(state))

    # Results

    def stopped_out(self, held: Holding, price: Decimal) -> tuple[Decimal, Decimal]:
        """Returns the result at the level and the net one if all that is held is stopped out at `price`."""
        fill = self.costs.exit_price(price, self.sign)
        return self.at_level(held, price), held.position.net(fill, self.costs.taker)

    def at_level(self, held: Holding, price: Decimal) -> Decimal:
        """Returns the P&L of what is held at `price`, entered at the levels."""
        return held.position.slope * (held.position.worth(price) - held.level_cost)

    def lost(self, state: State) -> Decimal | None:
        """Returns the net result if the margin behind the position is lost.

        For cross margin without equity nothing says how much that is.
        """
        margin = self.holdings.backing(state.held).margin
        return lost_margin(self.plan, state.held.position, margin, self._won(state, self.liquidation(state)))

    def _won(self, state: State, at: Liquidation) -> Decimal:
        """Returns what cross margin has grown by: results so far, and those of plans beside it at its liquidation."""
        if not self.cross:
            return ZERO
        if at.price is None or not self.plan.account.wallet.beside:
            return state.realized
        return state.realized + gained_beside(self.plan, state.held.position, at.price)

    def abandoned(self, state: State) -> Decimal | None:
        """Returns the net result at worst if nothing but a liquidation ends the position; absent as in `lost`."""
        _, margin, at = self.holdings.backing(state.held)
        return abandoned(self.plan, state.held.position, margin, at.answer, self._won(state, at))

    # The parts of a step

    def _closed(
        self,
        state: State,
        fill: ExitFill | None,
        index: int | None,
        price: Decimal,
        level: Decimal | None = None,
        at: Decimal | None = None,
    ) -> Step:
        """Applies an exit (absent: none) at `price`, and what the target at `index` (or none) does."""
        held = state.held
        kind, number = (EventKind.TARGET, 0) if fill is None else (fill.kind, fill.number)
        event = Event(kind, number if index is None else index + 1, price)
        gross = net = ZERO
        rest = held
        if fill is not None:
            part = held.position.part(fill.quantity)
            whole = part is held.position
            if held.level_cost == held.position.cost:
                cost = part.cost
            else:
                cost = held.level_cost if whole else held.level_cost * fill.quantity / held.position.quantity
            gross = part.slope * (part.worth(price) - cost)
            at_level = fill.price == price and cost is part.cost
            net = (gross if at_level else part.pnl(fill.price)) - part.entry_fees - fill.fee
            if whole:
                return Step(event, None, over=Over(_ENDS[kind], gross, net, net), executed=fill)
            rest = self.holdings.without(held, fill.quantity, by_target=kind is EventKind.TARGET)
        realized = state.realized + net
        if index is None:
            timed = state.timed or kind is EventKind.TIME_STOP
            after = state._replace(held=rest, price=price, timed=timed, realized=realized)
            return Step(event, self._settled(after), gross, net, executed=fill)
        marks = state.marks
        if self._marked >> index & 1:
            marks = (*marks, level or self.holdings.target(held, index) or price)
        stop, locks = state.stop, state.locks
        moves: tuple[StopMove, ...] = ()
        written = self.plan.targets[index].stop
        if written is not None:
            before = state._replace(marks=marks)
            move, locks = self._moved(written, "targets", index, rest, before, price if at is None else at, index + 1)
            stop, moves = move.after, (move,)
        after = State(
            rest,
            state.touched,
            state.waiting,
            index + 1,
            price if at is None else at,
            stop,
            locks,
            marks,
            state.expired,
            state.timed,
            realized,
            state.since,
        )
        return Step(event, self._settled(after), gross, net, moves=moves, executed=fill)

    def _moved(
        self, level: Level, owner: str, index: int, held: Holding, state: State, price: Decimal, hits: int
    ) -> tuple[StopMove, bool]:
        """Returns the move, and whether the stop in force after it locks: one that would loosen leaves the tighter."""
        at_target = None
        if isinstance(level, Anchor) and level.reference is Reference.TARGET:
            prices = self._hit_prices(state.marks, hits)
            named = level.number - 1
            at_target = prices[named] if named < len(prices) else self.holdings.lies(held, named)
        wanted = level_price(self.plan, level, held.position, at_target=at_target, stops=True)
        move = moved(owner, index, wanted, state.stop, price, self.sign)
        if move.after == state.stop:
            return move._replace(after=state.stop), state.locks
        average = held.position.average_entry
        return move, self.sign * (wanted - average) >= 0 or same(wanted, average) or _breaks_even(level, self.sign)

    def _hit_prices(self, marks: tuple[Decimal, ...], hits: int) -> tuple[Decimal, ...]:
        """Returns the prices of the targets hit; of those that move with the average only the marked ones count."""
        left = iter(marks)
        prices = []
        for index in range(hits):
            level = self.plan.targets[index].price
            if isinstance(level, Fixed):
                prices.append(level.price)
            else:
                prices.append(next(left) if self._marked >> index & 1 else ZERO)
        return tuple(prices)

    def _live_from_the_start(self, price: Decimal) -> tuple[int, int]:
        """Returns what `_live` says of all tiers that wait for nothing."""
        waiting = waited = 0
        for index, tier in enumerate(self.plan.tiers):
            if tier.after is None:
                live, waits = self._live(index, price, self.holdings.nothing)
                waiting |= live
                waited |= waits
        return waiting, waited

    def _live(self, index: int, price: Decimal, held: Holding) -> tuple[int, int]:
        """Makes a tier live at `price`. Returns its bit if it would act at once, and again if not at its own price.

        Of which a part has been executed already is live, and waits for nothing.
        """
        if not self._placed_acts_at_once(index, price) or (held.begun and held.executed(index)):
            return 0, 0
        bit = 1 << index
        return bit, 0 if same(self.plan.tiers[index].price, price) else bit

    def _settled(self, state: State) -> State:
        """Returns the state without what no longer matters of its entries: the same future is the same state."""
        if state.expired and self._ended_by_exit(state):
            # They are cancelled in any case.
            state = state._replace(expired=False)
        if not state.touched and not state.waiting:
            return state
        unfilled = 0 if self.entries_ended(state) else self._all & ~state.held.filled
        touched, waiting = state.touched & unfilled, state.waiting & unfilled
        if touched == state.touched and waiting == state.waiting:
            return state
        return state._replace(touched=touched, waiting=waiting)


def _is_of_a_venue(number: Decimal) -> bool:
    """Whether a number is one that a venue may report: finite, and of a size that prices and quantities have."""
    return number.is_finite() and (not number or _LEAST <= abs(number) < _MOST)


def _breaks_even(level: Level, sign: int) -> bool:
    """Whether a level is meant to break even or better: with a rebate, that lies on the losing side of the average."""
    if not isinstance(level, Anchor) or level.reference is not Reference.BREAKEVEN:
        return False
    return sign * level.ratio >= 0 and sign * level.amount >= 0


def _marked(plan: Plan) -> int:
    """Returns the targets, as bits, that some stop is measured from and whose price moves with the average."""
    marked = 0
    for level in (*(tier.stop for tier in plan.tiers), *(target.stop for target in plan.targets)):
        if not isinstance(level, Anchor) or level.reference is not Reference.TARGET:
            continue
        if not isinstance(plan.targets[level.number - 1].price, Fixed):
            marked |= 1 << (level.number - 1)
    return marked


def _followers(plan: Plan) -> tuple[tuple[int, ...], ...]:
    """Returns for each tier those, by index, that become live when it fills."""
    followers: list[list[int]] = [[] for _ in plan.tiers]
    for index, tier in enumerate(plan.tiers):
        if isinstance(tier.after, AfterTier):
            followers[tier.after.tier - 1].append(index)
    return tuple(map(tuple, followers))


def losing_at(liquidated: Decimal | None, stop: Decimal | None, sign: int) -> Losing:
    """Returns the levels that end the plan: where it is liquidated, and the nearer of that and the stop."""
    if stop is None:
        return Losing(liquidated, liquidated, is_stop=False)
    if liquidated is None or (sign * (stop - liquidated) > 0 and not same(stop, liquidated)):
        return Losing(liquidated, stop, is_stop=True)
    return Losing(liquidated, liquidated, is_stop=False)
