"""What can happen next in a state: the nearest live level above the price, and the nearest below.

Price moves continuously; the plan sees only the order in which it reaches the plan's levels. At one price: liquidation,
the stop, the target, `after` prices, tiers in the order listed. Every event uses something up (a tier, an `after`
price, a target, or the plan itself), so the states form a graph without cycles; `rank` grows with every event.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.closes import passes_at, trail_start
from scaleplan.engine.event import End, Event, EventKind
from scaleplan.engine.levels import reached
from scaleplan.engine.machine import Machine
from scaleplan.engine.margin import Answer, is_always_told
from scaleplan.engine.state import Fork, Losing, Over, State, Step
from scaleplan.plan import AfterPrice, AfterTier, Order, Trail
from scaleplan.quantity.exact import ZERO, same


class _NextEntry(NamedTuple):
    """An `after` price or a tier (by index) that can be met next."""

    #: Where price has to get to: of a tier its trigger, which is its price but for a limit to be gone through.
    kind: EventKind
    tier: int
    price: Decimal


class _NextEntries(NamedTuple):
    """What of the entries happens at once, and what lies nearest above and below."""

    now: _NextEntry | None
    above: _NextEntry | None
    below: _NextEntry | None


_NO_ENTRIES = _NextEntries(None, None, None)
_NOT_ENTERED = Over(End.NOT_ENTERED, ZERO, ZERO, ZERO)


class NextEvents:
    """Finds what can happen next in the states of a machine; what the entries alone decide it finds once."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        plan = machine.plan
        self.plan = plan
        self.sign = machine.sign
        self.trail = plan.targets[-1].trail if plan.targets else None
        self._count = len(plan.targets)
        self._wrong = plan.stop if plan.invalidation is None else plan.invalidation
        self._all = (1 << len(plan.tiers)) - 1
        self._always_told = is_always_told(plan)
        self._met: dict[tuple[int, int, int, int, Decimal], _NextEntries] = {}

    def forget(self) -> None:
        """Forgets what was found, by the machine too: memory alone."""
        self._met.clear()
        self.machine.holdings.forget()

    def rank(self, state: State) -> int:
        """Returns a number that every event makes larger: a target counts for more than clock and entries together."""
        filled = state.held.filled.bit_count()
        clocked = state.expired + state.timed
        return (3 * state.hits + clocked) * (2 * len(self.plan.tiers) + 1) + 2 * filled + state.touched.bit_count()

    def begun(self, step: Step) -> Step:
        """Returns the very first fill, with what else follows from it."""
        return step

    def fork(self, state: State) -> Fork:
        """Returns what can happen next in a state."""
        return self._holding(state) if state.held.position.quantity else self._unentered(state)

    def _unentered(self, state: State) -> Fork:
        """Returns what can happen with nothing held: the entries, and the price at which the idea is wrong."""
        price, wrong = state.price, self._wrong
        if wrong is not None and reached(price, wrong, self.sign):
            return self._sure(Step(Event(EventKind.INVALIDATION, 0, price), None, over=_NOT_ENTERED))
        entries = self._entries(state)
        if entries.now is not None:
            return self._sure(self._enter(state, entries.now, price), tier=entries.now.tier)
        ahead, behind = (entries.above, entries.below) if self.sign > 0 else (entries.below, entries.above)
        win = None if ahead is None else self._enter(state, ahead, ahead.price)
        lose: Step | None = None
        if wrong is not None and (behind is None or reached(behind.price, wrong, self.sign)):
            lose = Step(Event(EventKind.INVALIDATION, 0, wrong), None, over=_NOT_ENTERED)
        elif behind is not None:
            lose = self._enter(state, behind, behind.price)
        return Fork(win, lose) if self.sign > 0 else Fork(lose, win)

    def _holding(self, state: State) -> Fork:
        """Returns what can happen with something held: at one price liquidation, the stop, the target, then entries."""
        price, sign, machine = state.price, self.sign, self.machine
        losing = self.losing(state)
        liquidated = losing.liquidation
        if liquidated is not None and reached(price, liquidated, sign):
            return self._sure(machine.liquidated(state, price))
        if state.stop is not None and reached(price, state.stop, sign):
            return self._sure(machine.stopped(state, price))
        if state.hits == self._count and self.trail is not None:
            return self._trailing(state, losing, self.trail)
        target = machine.holdings.target(state.held, state.hits)
        met = None if target is None else machine.target_trigger(state.hits, target)
        if met is not None and reached(price, met, -sign):
            return self._sure(self._hit(state, target, price))
        entries = self._entries(state)
        if entries.now is not None:
            return self._sure(self._enter(state, entries.now, price), tier=entries.now.tier)
        ahead, behind = (entries.above, entries.below) if sign > 0 else (entries.below, entries.above)
        win: Step | None = None
        if met is not None and (ahead is None or reached(ahead.price, met, -sign)):
            win = self._hit(state, target, met)
        elif ahead is not None:
            win = self._enter(state, ahead, ahead.price)
        if behind is not None and (losing.nearest is None or not reached(behind.price, losing.nearest, sign)):
            lose: Step | None = self._enter(state, behind, behind.price)
        else:
            lose = self._lose(state, losing)
        return Fork(win, lose) if sign > 0 else Fork(lose, win)

    def losing(self, state: State) -> Losing:
        """Returns the levels that end the plan on the losing side."""
        return self.machine.losing(state)

    def is_told(self, state: State, fork: Fork) -> bool:
        """Whether it is known what comes next of a state, in which price can do what is in `fork`.

        It is not where nobody knows where what is held is liquidated, unless price meets something else before it can
        be. Nothing held is nothing to liquidate.
        """
        if self._always_told or not state.held.position.quantity:
            return True
        at = self.machine.liquidation(state)
        if at.answer is not Answer.UNKNOWN:
            return True
        losing, winning = (fork.down, fork.up) if self.sign > 0 else (fork.up, fork.down)
        now = next((step for step in (losing, winning) if step is not None and step.at_once), None)
        if now is not None and now.event.kind is EventKind.LIQUIDATION:
            return True
        if at.not_before is None or (losing is None and now is None):
            return False
        # What happens at once gives price no time, but for a trail, which begins there and ends at its stop.
        met: Decimal | None = None if losing is None else losing.event.price
        if now is not None:
            met = now.over.start if now.over is not None and now.event.kind is EventKind.TRAIL else state.price
        return met is not None and reached(at.not_before, met, self.sign)

    def has_odds(self, state: State, fork: Fork) -> bool:
        """Whether what comes next of a state has a chance: it is told, or a level comes before the bankruptcy price.

        Where nobody knows what is liquidated when, a stop or a tier that price meets before the margin is gone is
        counted as met; only where nothing but the liquidation itself lies on that side is there nothing to count by.
        """
        losing = fork.down if self.sign > 0 else fork.up
        now = next((step for step in fork if step is not None and step.at_once), losing)
        comes_first = now is not None and now.event.kind is not EventKind.LIQUIDATION
        return comes_first or self.is_told(state, fork)

    def _hit(self, state: State, target: Decimal | None, price: Decimal) -> Step:
        """Hits the next target, which lies at `target`, with price at `price`: there, or gone through."""
        if target is None or target == price:
            return self.machine.hit(state, price, target)
        if same(price, self.machine.target_trigger(state.hits, target)) and not same(price, target):
            return self.machine.hit(state, target, target, price)
        return self.machine.hit(state, price, target)

    def _lose(self, state: State, losing: Losing) -> Step | None:
        if losing.nearest is None:
            return None
        if losing.is_stop:
            return self.machine.stopped(state, losing.nearest)
        return self.machine.liquidated(state, losing.nearest)

    def _sure(self, step: Step, tier: int | None = None) -> Fork:
        """Returns what happens without price moving, on its side: losses, and limits to enter, lie behind."""
        kind = step.event.kind
        behind = kind in (EventKind.LIQUIDATION, EventKind.STOP, EventKind.INVALIDATION)
        if kind is EventKind.TIER and tier is not None:
            behind = self.plan.tiers[tier].order is Order.LIMIT
        step = step._replace(at_once=True)
        return Fork(None, step) if behind == (self.sign > 0) else Fork(step, None)

    def _trailing(self, state: State, losing: Losing, trail: Trail) -> Fork:
        """Returns what can happen to a trail: a nearer stop or liquidation price lives until it is passed."""
        price, sign, level = state.price, self.sign, losing.nearest
        start = trail_start(trail, price, sign)
        if level is None or sign * (level - start) <= 0 or same(level, start):
            over = self.machine.trailed(state, price, start)
            return self._sure(Step(Event(EventKind.TRAIL, self._count, price), None, over=over))
        passed = passes_at(trail, level, sign)
        over = self.machine.trailed(state, passed, level)
        win = Step(Event(EventKind.TRAIL, self._count, passed), None, over=over)
        lose = self._lose(state, losing)
        return Fork(win, lose) if sign > 0 else Fork(lose, win)

    # Entries

    def live_entries(self, state: State) -> tuple[Event, ...]:
        """Returns the `after` prices and tiers that price can meet in a state, wherever they lie, in no order."""
        if state.held.filled == self._all or self.machine.entries_ended(state):
            return ()
        begun = sum(1 << index for index, _ in state.held.begun)
        found = self._live_entries(state.held.filled, begun, state.touched, state.waiting, state.price)
        return tuple(Event(entry.kind, entry.tier + 1, entry.price) for entry in found)

    def _entries(self, state: State) -> _NextEntries:
        """Returns the `after` prices and tiers that can be met: the entries alone decide, so each is found once."""
        filled = state.held.filled
        if filled == self._all or self.machine.entries_ended(state):
            return _NO_ENTRIES
        begun = sum(1 << index for index, _ in state.held.begun) if state.held.begun else 0
        situation = filled, begun, state.touched, state.waiting, state.price
        known = self._met.get(situation)
        if known is None:
            known = self._met[situation] = self._find_entries(*situation)
        return known

    def _find_entries(self, filled: int, begun: int, touched: int, waiting: int, price: Decimal) -> _NextEntries:
        now: list[_NextEntry] = []
        above: _NextEntry | None = None
        below: _NextEntry | None = None
        for level in self._live_entries(filled, begun, touched, waiting, price):
            if same(level.price, price):
                now.append(level)
            elif level.price > price:
                if above is None or (level.price < above.price and not same(level.price, above.price)):
                    above = level
            elif below is None or (level.price > below.price and not same(level.price, below.price)):
                below = level
        return _NextEntries(now[0] if now else None, above, below)

    def _live_entries(self, filled: int, begun: int, touched: int, waiting: int, price: Decimal) -> list[_NextEntry]:
        """Returns the live `after` prices, and then the tiers, in the order in which they come at one price.

        A tier of which a part has been executed is live, whatever it was to wait for.
        """
        found: list[_NextEntry] = []
        for index, tier in enumerate(self.plan.tiers):
            bit = 1 << index
            after = None if begun & bit else tier.after
            if filled & bit or (isinstance(after, AfterTier) and not filled >> (after.tier - 1) & 1):
                continue
            if isinstance(after, AfterPrice) and not touched & bit:
                found.append(_NextEntry(EventKind.AFTER, index, after.price))
            elif not waiting & bit:
                # An order that price has passed already is executed where price is.
                trigger = self.machine.triggers[index]
                passed = self.machine.acts_at_once(index, price) and not same(trigger, price)
                found.append(_NextEntry(EventKind.TIER, index, price if passed else trigger))
            elif index == 0 or filled >> (index - 1) & 1:
                found.append(_NextEntry(EventKind.TIER, index, price))
        return sorted(found, key=lambda entry: (entry.kind is EventKind.TIER, entry.tier))

    def _enter(self, state: State, entry: _NextEntry, price: Decimal) -> Step:
        if entry.kind is EventKind.AFTER:
            return self.machine.touch(state, entry.tier + 1, price)
        own, trigger = self.plan.tiers[entry.tier].price, self.machine.triggers[entry.tier]
        if state.waiting >> entry.tier & 1:
            # It never rests, so nothing has to go through it.
            trigger = own
        met = same(price, trigger)
        level = own if met else price
        fill = self.machine.holdings.planned_fill(state.held, entry.tier, level)
        return self.machine.fill(state, fill, level, trigger if met and trigger != own else None)
