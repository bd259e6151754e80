"""The walk of a plan over bars: every branch of what may have happened, each kept once, from the first bar to the last.

A branch is a state of the plan's machine with the least and the most net result of all ways to it. It sleeps until the
next bar that touches one of its levels, or until time brings something due; that bar is followed by `inside`. A bar
that leaves something open is replaced by finer bars where there are some that cover it.
"""

from bisect import bisect_left
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.bar_events import BarEvents
from scaleplan.engine.event import End, Event, EventKind
from scaleplan.engine.machine import Machine
from scaleplan.engine.state import Over, State, Step
from scaleplan.plan import Order, Plan
from scaleplan.quantity.exact import ZERO
from scaleplan.replay.dues import Dues
from scaleplan.replay.inside import BarPlace, BarWalk, Start, WaysOut
from scaleplan.replay.orders import along
from scaleplan.replay.records import (
    NO_GAIN,
    BarOrder,
    BarPrices,
    FundingPaid,
    Gain,
    Happened,
    LimitFills,
    OpenBar,
    Passage,
    PassageWay,
    ReplayEnd,
    ResultSoFar,
    Trailing,
    WayOut,
    World,
)
from scaleplan.replay.series import MarkSeries, Series, covering, extreme, first_touch, trail_touch
from scaleplan.replay.trailing import trail_jump

#: Orders that follow one way through each bar.
_FIXED = (BarOrder.LOW_FIRST, BarOrder.HIGH_FIRST, BarOrder.NEAR)
_NOT_ENTERED = Over(End.NOT_ENTERED, ZERO, ZERO, ZERO)


class Tape(NamedTuple):
    """What a plan is walked over: bars, finer ones in turn, mark prices, and when funding is due at which rate."""

    bars: Series
    finer: tuple[Series, ...] = ()
    mark: Series | None = None
    funding: tuple[tuple[int, Decimal], ...] = ()


class _Live:
    """A state that some way has led to, with price at the close above; see the module."""

    __slots__ = ("begins", "fresh", "least", "most", "next", "number", "reach", "seen", "since", "state", "trail")

    def __init__(
        self, state: State, since: int | None, trail: Trailing | None, least: ResultSoFar, most: ResultSoFar
    ) -> None:
        self.state = state
        #: The close of the bar of the first fill; absent before it.
        self.since = since
        self.trail = trail
        self.least = least
        self.most = most
        #: Whether it has nothing but the first open to begin at, and whether it has to look at the first bar anyway.
        self.begins = False
        self.fresh = False
        self.number = 0
        #: The next bar to look at, of the series walked over, and the one from which on the trail is not known yet.
        self.next = 0
        self.seen = 0
        #: The nearest levels below and above, once they were asked for.
        self.reach: tuple[Decimal | None, Decimal | None] | None = None


#: What tells branches apart. A trail that sleeps is known up to a bar: it is none that another has later.
_Key = tuple[State, int | None, Trailing | None, int]


class _Stretch(NamedTuple):
    """Where a walk over a series begins and ends: bars, the price and the moment before the first."""

    series: int
    start: int
    stop: int
    came: Decimal
    opened: int


class Walker:
    """Walks one plan over one tape, in one world of limits; `walk` is called once."""

    def __init__(
        self,
        plan: Plan,
        quantities: tuple[Decimal, ...],
        tape: Tape,
        *,
        through: Decimal = ZERO,
        order: BarOrder | None = None,
        buys_every: int = 0,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._machine = Machine(plan, quantities, through)
        self._ahead = BarEvents(self._machine, marked=tape.mark is not None)
        self._plan = plan
        self._limits = LimitFills.THROUGH if through else LimitFills.TOUCH
        self._order = order if order in _FIXED else None
        self._series = (tape.bars, *tape.finer)
        self._mark = None if tape.mark is None else MarkSeries(tape.mark)
        self._funding = tape.funding
        self._progress = progress
        #: The nanoseconds after which each tier behind the first is bought at an open; 0 where tiers wait for prices.
        self._buys_every = buys_every
        self._begin_time = 0
        self._timed = plan.time_stop is not None or isinstance(plan.expires, int)
        self._ends: list[ReplayEnd] = []
        self._forks: list[OpenBar] = []
        self._passages: list[Passage] = []
        self._branches = 0
        self._looked = 0
        self._top = 0

    def walk(self, start: int = 0, *, filled: bool = False) -> World:
        """Walks from the bar at `start` to the end. With `filled`, tier 1 was filled before at its own price."""
        bars = self._series[0]
        begin = int(bars.time[start])
        self._dues = Dues(self._plan, begin, self._funding)
        self._begin_time = begin
        first = self._first(start, filled=filled)
        first.number = self._number()
        stop = len(bars)
        stretch = _Stretch(0, start, stop, first.state.price, begin)
        left = self._over(stretch, {self._key(first): first})
        close = bars.exact(stop - 1)[3]
        self._top = stop - 1
        for branch in left.values():
            self._leave_open(branch, close, stop - 1)
        if not self._ends:
            raise AssertionError("a plan ends somehow")
        worst = min(self._ends, key=lambda end: end.result.net)
        best = max(self._ends, key=lambda end: end.result.net)
        return World(
            self._limits,
            () if first.least.events is None else first.least.events.listed(),
            worst,
            best,
            tuple(self._ends),
            tuple(sorted(self._forks, key=lambda fork: self._series[fork.series].time[fork.bar])),
            tuple(self._passages),
            max(end.bar for end in self._ends),
            self._looked,
        )

    def _first(self, start: int, *, filled: bool) -> _Live:
        machine, plan = self._machine, self._plan
        if not filled:
            branch = _Live(machine.flat(self._series[0].exact(start)[0]), None, None, ResultSoFar(), ResultSoFar())
            branch.begins = branch.fresh = True
            return branch
        price = plan.tiers[0].price
        flat = machine.flat(price)
        step = machine.fill(flat, machine.holdings.own_fill(0), price)
        if step.state is None:
            raise AssertionError("a fill ends no plan")
        gain = NO_GAIN.after(Happened(0, start, step, flat, at_open=True))
        carried = ResultSoFar().with_gain(gain)
        state = machine.key(step.state)
        branch = _Live(state, int(self._series[0].time[start]) if self._timed else None, None, carried, carried)
        branch.fresh = True
        return branch

    # Over a series

    def _over(self, stretch: _Stretch, live: dict[_Key, _Live]) -> dict[_Key, _Live]:
        """Walks branches over a stretch of a series. Returns those that live behind it."""
        for branch in live.values():
            branch.seen = stretch.start
            branch.next = stretch.start if branch.fresh else self._next(stretch, branch, stretch.start)
        # The last bar that finer ones have replaced, and where these left price.
        replaced = -1, stretch.came
        while live:
            bar = min(branch.next for branch in live.values())
            if bar >= stretch.stop:
                break
            self._come_to(stretch, bar)
            came, opened = self._before(stretch, bar, replaced)
            due = [(key, branch) for key, branch in live.items() if branch.next == bar]
            found = [self._bar(stretch, bar, branch, came, opened) for _, branch in due]
            is_open = max(map(_open_ways, found)) > 1
            cover = self._cover(stretch.series, bar) if is_open else None
            if cover is not None:
                live = self._by_finer(stretch, bar, _Stretch(stretch.series + 1, *cover, came, opened), live)
                replaced = bar, self._series[stretch.series + 1].exact(cover[1] - 1)[3]
                continue
            if is_open:
                self._forks.append(OpenBar(stretch.series, bar, sum(map(len, found))))
            for key, _ in due:
                del live[key]
            for (_, branch), ways in zip(due, found, strict=True):
                self._go_on(stretch, bar, branch, ways, live)
        self._carry_trails(stretch.series, live, stretch.stop)
        return live

    def _come_to(self, stretch: _Stretch, bar: int) -> None:
        """Says how far the walk is."""
        if stretch.series == 0:
            self._top = bar
            if self._progress is not None:
                self._progress(bar)

    def _carry_trails(self, series: int, live: dict[_Key, _Live], bar: int) -> None:
        """Brings the trails of branches that sleep up to a bar."""
        for branch in live.values():
            if branch.trail is not None:
                branch.trail = self._trail_until(series, branch, bar)

    def _before(self, stretch: _Stretch, bar: int, replaced: tuple[int, Decimal]) -> tuple[Decimal, int]:
        """Returns where price was before a bar, and the moment up to which time has been told."""
        if bar == stretch.start:
            return stretch.came, stretch.opened
        bars = self._series[stretch.series]
        came = replaced[1] if replaced[0] == bar - 1 else bars.exact(bar - 1)[3]
        return came, int(bars.time[bar - 1]) + bars.step_ns

    def _cover(self, series: int, bar: int) -> tuple[int, int] | None:
        """Returns the finer bars that cover a bar, if there are such."""
        finer = series + 1
        return covering(self._series[series], bar, self._series[finer]) if finer < len(self._series) else None

    def _by_finer(self, stretch: _Stretch, bar: int, inner: _Stretch, live: dict[_Key, _Live]) -> dict[_Key, _Live]:
        """Walks finer bars in place of a bar: all branches, because they are followed where they differ from it."""
        self._carry_trails(stretch.series, live, bar)
        live = self._over(inner, live)
        for branch in live.values():
            branch.seen = bar + 1
            branch.next = self._next(stretch, branch, bar + 1)
        return {self._key(branch): branch for branch in live.values()}

    def _go_on(
        self,
        stretch: _Stretch,
        bar: int,
        branch: _Live,
        ways: tuple[tuple[WayOut, int | None], ...],
        live: dict[_Key, _Live],
    ) -> None:
        """Ends and goes on with what a bar has made of a branch."""
        listed: list[PassageWay] = []
        for way, since in ways:
            least = branch.least.with_gain(way.least)
            most = least if way.most is way.least and branch.most is branch.least else branch.most.with_gain(way.most)
            if way.state is None:
                if way.end is None:
                    raise AssertionError("a way out leads somewhere")
                filled, hits = _done(way.least, branch.state)
                results = (least,) if least is most else (least, most)
                self._ends += [ReplayEnd(way.end, filled, hits, self._top, result) for result in results]
                listed += _listed(way, None)
                continue
            after = _Live(way.state, since, way.trail, least, most)
            after.seen = bar + 1
            key = self._key(after)
            known = live.get(key)
            if known is None:
                after.number = branch.number if not way.least.events and not way.most.events else self._number()
                after.next = self._next(stretch, after, bar + 1)
                live[key] = known = after
            else:
                if known.least.net > least.net:
                    known.least = least
                if known.most.net < most.net:
                    known.most = most
            listed += _listed(way, known.number)
        if len(listed) > 1 or any(way.events for way in listed):
            self._passages.append(Passage(stretch.series, bar, branch.number, tuple(listed)))

    def _key(self, branch: _Live) -> _Key:
        return branch.state._replace(price=ZERO), branch.since, branch.trail, branch.seen if branch.trail else 0

    def _number(self) -> int:
        self._branches += 1
        return self._branches - 1

    def _leave_open(self, branch: _Live, close: Decimal, bar: int) -> None:
        """Books what is held at the end at the last close, with slippage and the taker's fee."""
        held, hits = branch.state.held, branch.state.hits
        gain, end = NO_GAIN, End.NOT_ENTERED
        if held.position.quantity:
            end = End.OPEN
            gross, net = self._machine.stopped_out(held, close)
            step = Step(Event(EventKind.BY_HAND, 0, close), None, over=Over(end, gross, net, net))
            gain = gain.after(Happened(0, bar, step, branch.state, at_open=False))
        results = (branch.least,) if branch.most is branch.least else (branch.least, branch.most)
        self._ends += [ReplayEnd(end, held.filled, hits, bar, result.with_gain(gain)) for result in results]
        way = PassageWay(gain.events, gain.net, None, end)
        self._passages.append(Passage(0, bar, branch.number, (way,)))

    # When a branch is looked at next

    def _next(self, stretch: _Stretch, branch: _Live, bar: int) -> int:
        """Returns the first bar from `bar` on that touches a level of a branch, or at which something is due."""
        bars, stop = self._series[stretch.series], stretch.stop
        opened = stretch.opened if bar == stretch.start else int(bars.time[bar - 1]) + bars.step_ns
        due = self._dues.next(branch.state, branch.since, bars, bar, opened, self._machine)
        until = self._next_buy(bars, branch.state, bar, min(stop, due))
        if self._mark is not None and branch.state.held.position.quantity:
            liquidated = self._machine.taken_over_at(branch.state)
            if liquidated is not None:
                until = min(until, self._mark.first(bars, bar, until, liquidated, self._plan.sign))
        if bar >= until:
            return until
        if branch.trail is not None:
            trail, floor = self._ahead.trail, self._ahead.losing(branch.state).nearest
            if trail is None:
                raise AssertionError("the plan has no trail")
            return trail_touch(bars, bar, until, trail, branch.trail.most, floor, self._plan.sign)
        if branch.reach is None:
            up, down = self._ahead.fork(branch.state)
            branch.reach = (None if down is None else down.where, None if up is None else up.where)
        return first_touch(bars, bar, until, *branch.reach)

    def _trail_until(self, series: int, branch: _Live, bar: int) -> Trailing:
        """Returns the best price of a trail after bars that have only carried it on."""
        if branch.trail is None:
            raise AssertionError("the branch does not trail")
        if bar <= branch.seen:
            return branch.trail
        best = extreme(self._series[series], branch.seen, bar, self._plan.sign)
        sign = self._plan.sign
        return Trailing(*(price if sign * (price - best) > 0 else best for price in branch.trail))

    # One bar

    def _bar(
        self, stretch: _Stretch, bar: int, branch: _Live, came: Decimal, opened: int
    ) -> tuple[tuple[WayOut, int | None], ...]:
        """Returns what a bar makes of a branch: each way out, and since when it holds something."""
        self._looked += 1
        bars = self._series[stretch.series]
        if self._only_pays(stretch, bar, branch):
            return (self._paid(bars, bar, branch, opened),)
        prices = BarPrices(*bars.exact(bar))
        place = BarPlace(stretch.series, bar)
        time = int(bars.time[bar])
        closes = time + bars.step_ns
        ways = WaysOut()
        reaches = self._mark_reaches(bars, bar)
        for start in self._at_open(place, branch, came, prices.open, time, ways):
            gain = start.gain
            paid = self._dues.funding(start.state, prices.open, opened, closes)
            if paid:
                gain = gain._replace(funding=FundingPaid(time, paid))
            at_start = start._replace(gain=gain)
            if self._order is not None:
                found = along(self._ahead, self._order, prices, place, at_start, reaches)
            else:
                found = BarWalk(self._ahead, prices, place, reaches).follow(at_start)
            for way in found:
                key = (way.state, way.trail) if way.state is not None else (way.end, way.least.events[-1].step.event)
                done = () if way.state is not None else _done(way.least, branch.state)
                ways.add((key, done), way)
        since = branch.since
        return tuple(
            (
                way,
                since
                if since is not None or not self._timed or way.state is None or not way.state.held.position.quantity
                else closes,
            )
            for way in ways.listed()
        )

    def _only_pays(self, stretch: _Stretch, bar: int, branch: _Live) -> bool:
        """Whether a bar brings a branch nothing but funding: it touches no level, and nothing else is due."""
        if branch.fresh or branch.trail is not None or branch.reach is None or self._mark is not None:
            return False
        bars = self._series[stretch.series]
        if first_touch(bars, bar, bar + 1, *branch.reach) == bar:
            return False
        time, state, since = int(bars.time[bar]), branch.state, branch.since
        return not (self._dues.expired(state, since, time, self._machine) or self._dues.timed_out(state, since, time))

    def _paid(self, bars: Series, bar: int, branch: _Live, opened: int) -> tuple[WayOut, int | None]:
        """Returns what a bar that brings funding alone makes of a branch."""
        first, _, _, close = bars.exact(bar)
        time = int(bars.time[bar])
        paid = self._dues.funding(branch.state, first, opened, time + bars.step_ns)
        gain = NO_GAIN._replace(funding=FundingPaid(time, paid)) if paid else NO_GAIN
        return WayOut(branch.state._replace(price=close), None, None, gain, gain), branch.since

    def _mark_reaches(self, bars: Series, bar: int) -> Callable[[State], Decimal | None]:
        mark = self._mark
        if mark is None:
            return lambda _: None

        def reaches(state: State) -> Decimal | None:
            price = self._machine.taken_over_at(state)
            if price is None or not mark.reaches(bars, bar, price, self._plan.sign):
                return None
            return price

        return reaches

    def _at_open(
        self, place: BarPlace, branch: _Live, came: Decimal, price: Decimal, time: int, ways: WaysOut
    ) -> list[Start]:
        """Returns where a branch stands after what happens at an open; what ends there is added to the ways."""
        state, gain = branch.state._replace(price=came), NO_GAIN
        if self._dues.expired(state, branch.since, time, self._machine):
            if not state.held.filled:
                step = Step(Event(EventKind.EXPIRY, 0, came), None, over=_NOT_ENTERED)
                ways.over(place, state, step._replace(at_once=True), gain, gain, at_open=True)
                return []
            step = self._machine.expire(state)
            gain = gain.after(Happened(place.series, place.bar, step, state, at_open=True))
            state = step.state or state
        if branch.trail is not None:
            best = self._trail_until(place.series, branch, place.bar)
            found = trail_jump(self._ahead, state, best, price)
            for step in found.exits:
                ways.over(place, state, step._replace(at_once=True), gain, gain, at_open=True)
            if found.survives is None:
                return []
            starts = [Start(state._replace(price=price), found.survives, gain)]
        else:
            steps = self._begin(state, price) if branch.begins else self._ahead.jump(state, price)
            for step in steps:
                if step.state is None:
                    ways.over(place, state, step._replace(at_once=True), gain, gain, at_open=True)
                    return []
                gain = gain.after(Happened(place.series, place.bar, step, state, at_open=True))
                state = step.state
            state = state._replace(price=price)
            for index in self._to_buy(state, time):
                step = self._ahead.enter(state, index, price)
                gain = gain.after(Happened(place.series, place.bar, step, state, at_open=True))
                state = step.state or state
            starts = [Start(state._replace(price=price), None, gain)]
        return [after for start in starts for after in self._timed_out(place, branch, start, time, ways)]

    def _to_buy(self, state: State, time: int) -> list[int]:
        """Returns the tiers that are bought at an open, because it is time, until the first exit."""
        if not self._buys_every or not state.held.position.quantity or state.hits or self._machine.entries_ended(state):
            return []
        due = 1 + (time - self._begin_time) // self._buys_every
        return [index for index in range(1, min(due, len(self._plan.tiers))) if not state.held.filled >> index & 1]

    def _next_buy(self, bars: Series, state: State, bar: int, until: int) -> int:
        """Returns the first bar from `bar` on at which a tier is bought; `until` where none is."""
        filled = state.held.filled.bit_count()
        if not self._buys_every or filled >= len(self._plan.tiers):
            return until
        return min(until, bisect_left(bars.time, self._begin_time + filled * self._buys_every, bar))

    def _begin(self, state: State, price: Decimal) -> tuple[Step, ...]:
        """Returns what happens at the very first open; a market order for tier 1 is executed there."""
        if self._plan.tiers[0].order is not Order.MARKET:
            return self._ahead.jump(state, price)
        over = next((step for step in self._ahead.fork(state) if step is not None and step.over is not None), None)
        if over is not None and over.at_once:
            return (over,)
        step = self._ahead.enter(state, 0, price)
        return (step, *(self._ahead.jump(step.state, price) if step.state is not None else ()))

    def _timed_out(self, place: BarPlace, branch: _Live, start: Start, time: int, ways: WaysOut) -> list[Start]:
        """Returns where a branch stands after a time stop that is due at an open."""
        state, trail = start.state, start.trail
        if not self._dues.timed_out(state, branch.since, time):
            return [start]
        if trail is not None:
            met = self._unless_met(state, trail)
            if met is True:
                return [start._replace(state=state._replace(timed=True))]
            others = [start._replace(state=state._replace(timed=True))] if met is None else []
        else:
            others = []
        step = self._machine.time_stop(state, state.price)
        if step is None:
            return [start._replace(state=state._replace(timed=True))]
        if step.state is None:
            ways.over(place, state, step._replace(at_once=True), start.gain, start.gain, at_open=True)
            return others
        gain = start.gain.after(Happened(place.series, place.bar, step, state, at_open=True))
        return [Start(step.state, trail, gain), *others]

    def _unless_met(self, state: State, trail: Trailing) -> bool | None:
        """Whether price has got to `unless` while it trails; absent where that is open."""
        level = self._machine.unless(state)
        if level is None:
            return False
        sign = self._plan.sign
        if sign * (level - state.held.position.average_entry) < 0:
            return None
        if sign * (trail.least - level) >= 0:
            return True
        return None if sign * (trail.most - level) >= 0 else False


def _listed(way: WayOut, branch: int | None) -> list[PassageWay]:
    """Returns a way out as it is listed: twice where one state is come to with two results."""
    gains = (way.least,) if way.least.net == way.most.net else (way.least, way.most)
    return [PassageWay(gain.events, gain.net, branch, way.end) for gain in gains]


def _open_ways(ways: tuple[tuple[WayOut, int | None], ...]) -> int:
    """Returns in how many states or results a bar may be left; more than 1 where that is open."""
    return len(ways) + any(way.least.net != way.most.net for way, _ in ways)


def _done(gain: Gain, state: State) -> tuple[int, int]:
    """Returns the tiers filled, as bits, and the targets hit at the end of a way."""
    last = gain.events[-1]
    filled, hits = last.before.filled, state.hits
    hits += sum(happened.step.event.kind is EventKind.TARGET for happened in gain.events)
    return filled, hits
