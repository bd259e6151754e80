"""A written plan is a finite machine: from every state only the nearest live level above or below can come next.

Price moves continuously; the plan sees only the order in which it reaches the plan's levels. `Machine.fork` says what
can happen in a state. Every event uses something up (a tier, an `after` price, a target, or the plan itself), so the
states form a graph without cycles; `Machine.rank` grows with every event.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.ladder import Ladder, Unreckonable
from scaleplan.ladder.exits import trail_start
from scaleplan.ladder.levels import Move, level_price, reached, target_price
from scaleplan.ladder.records import MoveFault, StopMove
from scaleplan.margin import Answer
from scaleplan.paths.events import End, Event, EventKind
from scaleplan.paths.holding import Holding, Holdings
from scaleplan.paths.trail import passes_at
from scaleplan.plan import AfterPrice, AfterTier, Contract, EntriesEnd, Level, MarginMode, Order, Plan
from scaleplan.position import costs_of
from scaleplan.quantity.exact import ZERO, same
from scaleplan.quantity.price import Anchor, Fixed, Reference


class Key(NamedTuple):
    """A state, exactly: no two that differ here have the same future, none that agree a different one.

    `touched` and `waiting` are tiers as bits, kept only while they can fill. `locks` tells that the stop in force was
    moved to where it locks a gain or breaks even. `marks` are the prices of targets hit that a later stop is measured
    from and that moved with the average. `realized` is the net result so far where margin is cross, else 0.
    """

    holding: int
    touched: int
    waiting: int
    hits: int
    price: Decimal
    stop: Decimal | None
    locks: bool
    marks: tuple[Decimal, ...]
    realized: Decimal


class Over(NamedTuple):
    """The plan's end: what it adds to the result, at the levels and net, and the worst net that it may add.

    `from_price` and `start` belong to a trail: where it begins, and the stop that it starts with.
    """

    end: End
    gross: Decimal
    net: Decimal
    worst: Decimal | None
    from_price: Decimal | None = None
    start: Decimal | None = None


class Step(NamedTuple):
    """An event and what follows: another state and what an exit adds to the result, or the plan's end."""

    event: Event
    key: Key | None
    gross: Decimal
    net: Decimal
    over: Over | None = None
    at_once: bool = False


class Fork(NamedTuple):
    """What can happen next: above and below the price, or at once (then on one side alone)."""

    up: Step | None
    down: Step | None


class _Losing(NamedTuple):
    """The levels that end the plan: where it is liquidated, and the nearer of that and the stop."""

    liquidation: Decimal | None
    nearest: Decimal | None
    is_stop: bool


class _Entry(NamedTuple):
    """An `after` price or a tier that can be met next."""

    kind: EventKind
    tier: int
    price: Decimal


class _Entries(NamedTuple):
    """What of the entries happens at once, and what lies nearest above and below."""

    now: _Entry | None
    above: _Entry | None
    below: _Entry | None


class Machine:
    """The machine of one plan, with the quantities of its tiers as the ladder counts them."""

    def __init__(self, plan: Plan, quantities: tuple[Decimal, ...], start: Decimal | None) -> None:
        self.plan = plan
        self.sign = plan.sign
        self.holdings = Holdings(plan, quantities, costs_of(plan))
        #: Tiers that became live where they would have executed at once, not at their own price, as bits.
        self.waited = 0
        #: By owner and row, one stop move that would loosen on some path.
        self.loosening: dict[tuple[str, int], StopMove] = {}
        self._quantities = quantities
        self._start = start
        self._wrong = plan.stop if plan.invalidation is None else plan.invalidation
        self._cross = plan.margin_mode is MarginMode.CROSS and plan.contract is not Contract.SPOT
        self._count = len(plan.targets)
        last = plan.targets[-1] if plan.targets else None
        self.trail = last.trail if last is not None else None
        self._all = (1 << len(plan.tiers)) - 1
        #: Targets hit at which entries end whatever was closed, and whether the first exit ends them.
        self._entries_end_at = self._count if self.trail is not None else self._count + 1
        self._exit_ends_entries = plan.entries_end is EntriesEnd.FIRST_TARGET
        self._marked = _marked(plan)
        self._targets: dict[tuple[int, int], Decimal | None] = {}
        self._met: dict[tuple[int, int, int, Decimal], _Entries] = {}

    def begin(self) -> tuple[tuple[Event, ...], Key]:
        """What has happened before the first state, and that state: tier 1 filled at its price, or nothing yet."""
        price = self.plan.tiers[0].price if self._start is None else self._start
        nothing = self.holdings.none()
        waiting = sum(self._live(index, price) for index, tier in enumerate(self.plan.tiers) if tier.after is None)
        key = Key(nothing.number, 0, waiting, 0, price, self.plan.stop, locks=False, marks=(), realized=ZERO)
        if self._start is not None:
            return (), self._settled(key, nothing)
        step = self._fill(key, nothing, 0)
        if step.key is None:
            raise AssertionError("a fill ends no plan")
        return (step.event,), step.key

    def again(self) -> "Machine":
        """The same machine with nothing walked yet."""
        return Machine(self.plan, self._quantities, self._start)

    def rank(self, key: Key) -> int:
        """A number that every event makes larger: a target counts for more than all tiers and `after` prices."""
        filled = self.holdings.all[key.holding].filled.bit_count()
        return key.hits * (2 * len(self.plan.tiers) + 1) + 2 * filled + key.touched.bit_count()

    def fork(self, key: Key) -> Fork:
        """What can happen next in a state."""
        held = self.holdings.all[key.holding]
        return self._holding(key, held) if held.filled else self._unentered(key, held)

    def _unentered(self, key: Key, held: Holding) -> Fork:
        """Nothing held yet: the entries, and the price where the idea is wrong before it began."""
        price, wrong = key.price, self._wrong
        if wrong is not None and reached(price, wrong, self.sign):
            return self._sure(Step(Event(EventKind.INVALIDATION, 0, price), None, ZERO, ZERO, _NOT_ENTERED))
        entries = self._entries(key, held)
        if entries.now is not None:
            return self._sure(self._enter(key, held, entries.now, price), tier=entries.now.tier)
        ahead, behind = (entries.above, entries.below) if self.sign > 0 else (entries.below, entries.above)
        win = None if ahead is None else self._enter(key, held, ahead, ahead.price)
        lose: Step | None = None
        if wrong is not None and (behind is None or reached(behind.price, wrong, self.sign)):
            lose = Step(Event(EventKind.INVALIDATION, 0, wrong), None, ZERO, ZERO, _NOT_ENTERED)
        elif behind is not None:
            lose = self._enter(key, held, behind, behind.price)
        return Fork(win, lose) if self.sign > 0 else Fork(lose, win)

    def _holding(self, key: Key, held: Holding) -> Fork:
        """Something held: at one price liquidation, the stop, the target, and then entries."""
        price, sign = key.price, self.sign
        losing = self._losing(key, held)
        liquidated = losing.liquidation
        if liquidated is not None and reached(price, liquidated, sign):
            return self._sure(self._liquidated(key, held, price))
        if key.stop is not None and reached(price, key.stop, sign):
            return self._sure(self._stopped(held, price))
        if key.hits == self._count and self.trail is not None:
            return self._trailing(key, held, losing)
        target = self._target(held, key.hits)
        if target is not None and reached(price, target, -sign):
            return self._sure(self._hit(key, held, price))
        entries = self._entries(key, held)
        if entries.now is not None:
            return self._sure(self._enter(key, held, entries.now, price), tier=entries.now.tier)
        ahead, behind = (entries.above, entries.below) if sign > 0 else (entries.below, entries.above)
        win: Step | None = None
        if target is not None and (ahead is None or reached(ahead.price, target, -sign)):
            win = self._hit(key, held, target)
        elif ahead is not None:
            win = self._enter(key, held, ahead, ahead.price)
        lose = self._lose(key, held, losing)
        if behind is not None and (losing.nearest is None or not reached(behind.price, losing.nearest, sign)):
            lose = self._enter(key, held, behind, behind.price)
        return Fork(win, lose) if sign > 0 else Fork(lose, win)

    def _losing(self, key: Key, held: Holding) -> _Losing:
        at, _ = self.holdings.liquidation(held, key.realized)
        liquidated = at.price if at.answer is Answer.PRICE else None
        stop = key.stop
        if stop is None:
            return _Losing(liquidated, liquidated, is_stop=False)
        if liquidated is None or (self.sign * (stop - liquidated) > 0 and not same(stop, liquidated)):
            return _Losing(liquidated, stop, is_stop=True)
        return _Losing(liquidated, liquidated, is_stop=False)

    def _lose(self, key: Key, held: Holding, losing: _Losing) -> Step | None:
        if losing.nearest is None:
            return None
        if losing.is_stop:
            return self._stopped(held, losing.nearest)
        return self._liquidated(key, held, losing.nearest)

    def _sure(self, step: Step, tier: int | None = None) -> Fork:
        """What happens without price moving, on the side where it belongs: losses, and limits to enter, behind."""
        kind = step.event.kind
        behind = kind in (EventKind.LIQUIDATION, EventKind.STOP, EventKind.INVALIDATION)
        if kind is EventKind.TIER and tier is not None:
            behind = self.plan.tiers[tier].order is Order.LIMIT
        step = step._replace(at_once=True)
        return Fork(None, step) if behind == (self.sign > 0) else Fork(step, None)

    # Exits

    def _stopped(self, held: Holding, price: Decimal) -> Step:
        gross, net = self.holdings.exit(held, price)
        return Step(Event(EventKind.STOP, 0, price), None, ZERO, ZERO, Over(End.STOPPED, gross, net, net))

    def _liquidated(self, key: Key, held: Holding, price: Decimal) -> Step:
        lost = self.holdings.lost(held, key.realized)
        if lost is None:
            raise AssertionError("cross margin without equity has no liquidation price")
        over = Over(End.LIQUIDATED, self.holdings.at(held, price), lost, lost)
        return Step(Event(EventKind.LIQUIDATION, 0, price, key.stop), None, ZERO, ZERO, over)

    def _trailing(self, key: Key, held: Holding, losing: _Losing) -> Fork:
        """What is left trails: a nearer stop or liquidation price inside the trail lives until the trail has passed."""
        trail, price, sign, level = self.trail, key.price, self.sign, losing.nearest
        if trail is None:
            raise AssertionError("nothing trails")
        start = trail_start(trail, price, sign)
        if level is None or sign * (level - start) <= 0 or same(level, start):
            over = self._trailed(key, held, price, start)
            return self._sure(Step(Event(EventKind.TRAIL, self._count, price), None, ZERO, ZERO, over))
        passed = passes_at(trail, level, sign)
        over = self._trailed(key, held, passed, level)
        win = Step(Event(EventKind.TRAIL, self._count, passed), None, ZERO, ZERO, over)
        lose = self._lose(key, held, losing)
        return Fork(win, lose) if sign > 0 else Fork(lose, win)

    def _trailed(self, key: Key, held: Holding, price: Decimal, start: Decimal) -> Over:
        gross, net = self.holdings.exit(held, price)
        # A trail that starts below zero has no stop yet: all that can be lost is at stake.
        worst = self.holdings.exit(held, start)[1] if start > 0 else self.holdings.abandoned(held, key.realized)
        return Over(End.TRAIL, gross, net, worst, price, start)

    def left_open(self, key: Key, *, losing_side: bool) -> Over:
        """What a state that nothing ends comes to: booked at its price, nothing sold."""
        held = self.holdings.all[key.holding]
        if not held.filled:
            return Over(End.OPEN, ZERO, ZERO, ZERO)
        position = held.position
        net = position.pnl(key.price) - position.entry_fees
        if losing_side:
            return Over(End.OPEN, self.holdings.at(held, key.price), net, self.holdings.abandoned(held, key.realized))
        at, _ = self.holdings.liquidation(held, key.realized)
        if key.stop is not None and (at.price is None or self.sign * (key.stop - at.price) > 0):
            worst: Decimal | None = self.holdings.exit(held, key.stop)[1]
        else:
            worst = self.holdings.abandoned(held, key.realized)
        return Over(End.OPEN, self.holdings.at(held, key.price), net, worst)

    def _hit(self, key: Key, held: Holding, price: Decimal) -> Step:
        """The next target closes its share at `price`, and its stop comes into force."""
        index = key.hits
        target = self.plan.targets[index]
        event = Event(EventKind.TARGET, index + 1, price)
        close = self.holdings.closed(held, index, price)
        if close.rest is None:
            over = Over(End.TARGETS, close.gross, close.net, close.net)
            return Step(event, None, ZERO, ZERO, over)
        rest = close.rest
        level = self._target(held, index) or price
        marks = key.marks
        if self._marked >> index & 1:
            marks = (*marks, level)
        stop, locks = key.stop, key.locks
        if target.stop is not None:
            hit = self._hit_prices(marks, index + 1)
            stop, locks = self._moved(target.stop, "targets", index, rest, hit, key, price)
        realized = key.realized + close.net if self._cross else ZERO
        after = Key(rest.number, key.touched, key.waiting, index + 1, price, stop, locks, marks, realized)
        return Step(event, self._settled(after, rest), close.gross, close.net)

    def _moved(
        self,
        level: Level,
        owner: str,
        index: int,
        held: Holding,
        hit: tuple[Decimal, ...],
        key: Key,
        price: Decimal,
    ) -> tuple[Decimal | None, bool]:
        """The stop in force after a move, and whether it locks: a stop that would loosen leaves the tighter one."""
        wanted = level_price(self.plan, level, held.position, hit)
        move = Move(owner, index, wanted, key.stop, price, self.sign)
        if move.record.fault is MoveFault.LOOSENS:
            self.loosening.setdefault((owner, index), move.record)
        if move.stop == key.stop:
            return key.stop, key.locks
        average = held.position.average_entry
        locks = self.sign * (wanted - average) >= 0 or same(wanted, average) or _breaks_even(level, self.sign)
        return move.stop, locks

    def _target(self, held: Holding, index: int) -> Decimal | None:
        """Where the target at `index` lies for what is held; absent where there is none, or at no price above zero."""
        if index >= self._count:
            return None
        found = held.number, index
        if found not in self._targets:
            try:
                self._targets[found] = target_price(self.plan, index, held.position)
            except Unreckonable:
                self._targets[found] = None
        return self._targets[found]

    def _hit_prices(self, marks: tuple[Decimal, ...], hits: int) -> tuple[Decimal, ...]:
        """The prices of the targets hit; of those that move with the average only the marked ones are asked for."""
        left = iter(marks)
        prices = []
        for index in range(hits):
            level = self.plan.targets[index].price
            if isinstance(level, Fixed):
                prices.append(level.price)
            else:
                prices.append(next(left) if self._marked >> index & 1 else ZERO)
        return tuple(prices)

    # Entries

    def _entries(self, key: Key, held: Holding) -> _Entries:
        """The `after` prices and tiers that can be met: they depend on the entries alone, so each is found once."""
        if held.filled == self._all or self._entries_ended(key, held):
            return _NO_ENTRIES
        situation = held.filled, key.touched, key.waiting, key.price
        known = self._met.get(situation)
        if known is None:
            known = self._met[situation] = self._find_entries(*situation)
        return known

    def _entries_ended(self, key: Key, held: Holding) -> bool:
        """Whether unfilled tiers are cancelled: by the first target that closed something, or by a trail."""
        return key.hits >= self._entries_end_at or (self._exit_ends_entries and held.first is not None)

    def _find_entries(self, filled: int, touched: int, waiting: int, price: Decimal) -> _Entries:
        now: list[_Entry] = []
        above: _Entry | None = None
        below: _Entry | None = None
        for level in self._live_entries(filled, touched, waiting, price):
            if same(level.price, price):
                now.append(level)
            elif level.price > price:
                if above is None or (level.price < above.price and not same(level.price, above.price)):
                    above = level
            elif below is None or (level.price > below.price and not same(level.price, below.price)):
                below = level
        return _Entries(now[0] if now else None, above, below)

    def _live_entries(self, filled: int, touched: int, waiting: int, price: Decimal) -> list[_Entry]:
        """The live `after` prices, and then the tiers, in the order in which they come at one price."""
        found: list[_Entry] = []
        for index, tier in enumerate(self.plan.tiers):
            bit = 1 << index
            if filled & bit or (isinstance(tier.after, AfterTier) and not filled >> (tier.after.tier - 1) & 1):
                continue
            if isinstance(tier.after, AfterPrice) and not touched & bit:
                found.append(_Entry(EventKind.AFTER, index, tier.after.price))
            elif not waiting & bit:
                found.append(_Entry(EventKind.TIER, index, tier.price))
            elif index == 0 or filled >> (index - 1) & 1:
                found.append(_Entry(EventKind.TIER, index, price))
        return sorted(found, key=lambda entry: (entry.kind is EventKind.TIER, entry.tier))

    def _enter(self, key: Key, held: Holding, entry: _Entry, price: Decimal) -> Step:
        if entry.kind is EventKind.TIER:
            return self._fill(key._replace(price=price), held, entry.tier)
        waiting = key.waiting | self._live(entry.tier, price)
        after = key._replace(touched=key.touched | 1 << entry.tier, waiting=waiting, price=price)
        return Step(Event(EventKind.AFTER, entry.tier + 1, price), self._settled(after, held), ZERO, ZERO)

    def _fill(self, key: Key, held: Holding, index: int) -> Step:
        """The tier at `index` fills at the key's price; its stop comes into force, and tiers after it become live."""
        tier = self.plan.tiers[index]
        price = tier.price if same(key.price, tier.price) else key.price
        after = self.holdings.filled(held, index, price)
        stop, locks = key.stop, key.locks
        if tier.stop is not None:
            hit = self._hit_prices(key.marks, key.hits)
            stop, locks = self._moved(tier.stop, "tiers", index, after, hit, key, price)
        waiting = key.waiting
        for other, waits in enumerate(self.plan.tiers):
            if isinstance(waits.after, AfterTier) and waits.after.tier == index + 1:
                waiting |= self._live(other, price)
        made = key._replace(holding=after.number, waiting=waiting, price=price, stop=stop, locks=locks)
        return Step(Event(EventKind.TIER, index + 1, price), self._settled(made, after), ZERO, ZERO)

    def _live(self, index: int, price: Decimal) -> int:
        """A tier becomes live at `price`: its bit if it would execute at once (a limit passed, a stop triggered)."""
        tier = self.plan.tiers[index]
        if same(tier.price, price):
            return 1 << index
        way = 1 if tier.order is Order.STOP else -1
        if tier.order is Order.MARKET or self.sign * way * (price - tier.price) < 0:
            return 0
        self.waited |= 1 << index
        return 1 << index

    def _settled(self, key: Key, held: Holding) -> Key:
        """The key without what no longer matters, so that the same future is the same key."""
        unfilled = 0 if self._entries_ended(key, held) else self._all & ~held.filled
        return key._replace(touched=key.touched & unfilled, waiting=key.waiting & unfilled)


def _breaks_even(level: Level, sign: int) -> bool:
    """Whether a level is meant to break even or better: with a rebate, that lies on the losing side of the average."""
    if not isinstance(level, Anchor) or level.reference is not Reference.BREAKEVEN:
        return False
    return sign * level.ratio >= 0 and sign * level.amount >= 0


_NOT_ENTERED = Over(End.NOT_ENTERED, ZERO, ZERO, ZERO)
_NO_ENTRIES = _Entries(None, None, None)


def _marked(plan: Plan) -> int:
    """The targets, as bits, that some stop is measured from and whose price moves with the average."""
    marked = 0
    for level in (*(tier.stop for tier in plan.tiers), *(target.stop for target in plan.targets)):
        if not isinstance(level, Anchor) or level.reference is not Reference.TARGET:
            continue
        if not isinstance(plan.targets[level.number - 1].price, Fixed):
            marked |= 1 << (level.number - 1)
    return marked


def machine_of(plan: Plan, ladder: Ladder, start: Decimal | None = None) -> Machine:
    """The machine of a plan, its tiers filling what the ladder counts; from `start` nothing is filled yet."""
    return Machine(plan, tuple(step.fill.quantity for step in ladder.steps), start)
