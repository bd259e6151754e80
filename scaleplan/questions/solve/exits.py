"""What an exit must be: the share at a target that makes the rest free, and the price at which all of it nets so much.

With the quantity `Q`, the cost `C`, the entry fees `F`, the target's fill `T` and the stop's fill `X` (long, linear), a
quantity `x` closed at the target frees the rest where `x*T*(1-m) + (Q-x)*X*(1-t) - C - F + realised = 0`. A limit that
closes all nets `N` where `Q*T*(1-m) - C - F + realised = N`.
"""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.engine.event import EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.levels import must_lie_somewhere, reached
from scaleplan.engine.machine import Machine
from scaleplan.engine.next_events import NextEvents
from scaleplan.engine.state import State
from scaleplan.plan import Close, CloseOf, Order, Plan, Target
from scaleplan.quantity.exact import ONE, ROUNDING, ZERO, above, as_decimal, same
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Fixed
from scaleplan.questions.solve.grid import last_kept, price_step, steps_above, steps_below
from scaleplan.questions.solve.records import (
    Binding,
    BrokenPromise,
    CountRow,
    Goal,
    Net,
    NextValue,
    NoAnswer,
    NoState,
    Reason,
    SentenceFigure,
    Solution,
    SolvedValue,
    Unit,
)
from scaleplan.questions.solve.trial import Standpoint, Trial, Trials, reckoned, stand_of, trial_of

#: A share is written to a hundredth of a percent.
_SHARES = 10_000
#: More levels than lie between a price and a target of any plan.
_MOST_EVENTS = 1_000


class _Ended(NamedTuple):
    """The net result of what is held if price meets next what ends it: the stop, or a liquidation before it."""

    net: Decimal
    level: Decimal
    is_stop: bool


class _Freed(NamedTuple):
    """What a share comes to: the net result of the whole trade, what was closed, and what ends the rest."""

    net: Decimal
    quantity: Decimal
    rest: _Ended | None


def solve_close(trials: Trials, goal: Goal) -> Solution:
    """Returns the least share at a target with which what is left, stopped out, loses nothing."""
    return _share(trials, goal, goal.tiers)


def each_row(trials: Trials, goal: Goal) -> tuple[CountRow, ...]:
    """Returns the answer for every count of filled tiers."""
    rows = []
    for count in range(1, len(trials.study.plan.tiers) + 1):
        try:
            each = _share(trials, goal, tuple(range(1, count + 1)))
            rows.append(CountRow(count, None if each.answer is None else each.answer.values[0], each.after, None))
        except NoAnswer as error:
            rows.append(CountRow(count, None, error.before, error.why))
        except NoState as error:
            rows.append(CountRow(count, None, None, NoAnswer(Reason.OUT_OF_REACH, str(error)).why))
    return tuple(rows)


def _share(trials: Trials, goal: Goal, tiers: tuple[int, ...] | None) -> Solution:
    plan, machine = trials.study.plan, trials.study.ladder.machine
    if not 1 <= goal.target <= len(plan.targets):
        there = f"{len(plan.targets)} target{'' if len(plan.targets) == 1 else 's'}"
        raise NoState(f"there is no target {goal.target}: the plan has {there if plan.targets else 'none'}")
    stand = stand_of(trials.study, tiers, goal.target - 1)
    state = stand.state
    stop = state.stop
    if goal.with_stop is not None:
        _must_stand(plan, machine, state, goal.with_stop)
        stop = goal.with_stop
    if stop is None:
        raise NoAnswer(Reason.UNKNOWN, "the plan has no stop that the rest could be stopped at; write `stop`")
    ended = _ended(machine, state, stop)
    now = stand.realized + ended.net
    if not _loses(now, state):
        word = "the stop" if ended.is_stop else "a liquidation at"
        raise NoAnswer(
            Reason.NOTHING,
            f"it is free already: {word} {{0}} nets {{1}}",
            SentenceFigure(ended.level, Unit.PRICE),
            SentenceFigure(now, Unit.MONEY),
            before=now,
        )
    shares = _Shares(trials, goal.target, stand, stop)
    count, exact = shares.least(now)
    trial, here, less = shares.trial(count), shares.checked(count), shares.checked(count - 1)
    if trial is None or here is None or _loses(here.net, state) or (less and not _loses(less.net, state)):
        raise BrokenPromise("the share that was found is not the least that keeps the promise")
    return Solution(
        SolvedValue((Decimal(count) / _SHARES,), "share", (exact,), (_percent(count),)),
        trial.plan,
        trial.ladder,
        now,
        here.net,
        Binding(bits(state.held.filled), state.hits, stop if here.rest is None else here.rest.level, stop),
        NextValue(Decimal(count - 1) / _SHARES, None if less is None else less.net),
        values=() if shares.is_ladder else tuple(shares.values(count).items()),
        path="" if len(shares.values(count)) > 1 else shares.path,
        quantity=here.quantity,
    )


def _must_stand(plan: Plan, machine: Machine, state: State, stop: Decimal) -> None:
    """Raises `NoAnswer` where a stop that is set as the next target is hit would exit at once, or loosen."""
    level = machine.holdings.lies(state.held, state.hits)
    must_lie_somewhere(plan, state.hits, level, state.held.position)
    figures = SentenceFigure(stop, Unit.WRITTEN), SentenceFigure(level, Unit.PRICE)
    if reached(level, stop, plan.sign):
        raise NoAnswer(
            Reason.WRONG_SIDE,
            f"a stop at {{0}} would exit at once where target {state.hits + 1} is hit, at {{1}}",
            *figures,
        )
    if state.stop is not None and stop != state.stop and reached(stop, state.stop, plan.sign):
        figures = SentenceFigure(stop, Unit.WRITTEN), SentenceFigure(state.stop, Unit.PRICE)
        raise NoAnswer(Reason.WRONG_SIDE, "a stop at {0} would loosen the {1} in force, which stays", *figures)


class _Shares:
    """Puts shares, in hundredths of a percent, into the plan for one target in one state."""

    def __init__(self, trials: Trials, target: int, stand: Standpoint, stop: Decimal) -> None:
        self.path = f"targets[{target - 1}].close"
        self._trials = trials
        self._index = target - 1
        self._stand = stand
        self._stop = stop
        #: A step of a ladder written short has no place of its own.
        self.is_ladder = trials.is_ladder("targets")

    def values(self, count: int) -> dict[str, str]:
        """Returns what is put back: equal shares that nobody wrote are written with it, so that they stay.

        Where one target says what it closes, the others no longer close equal shares unasked.
        """
        found = {self.path: _percent(count)}
        for index, target in enumerate(self._trials.study.plan.targets):
            close = target.close
            if index != self._index and close.amount and not close.written and close.of is CloseOf.POSITION:
                found[f"targets[{index}].close"] = f"{close.amount.numerator}/{close.amount.denominator}"
        return found

    def trial(self, count: int) -> Trial | None:
        """Returns the plan with a share, reckoned; absent where that is no plan."""
        return reckoned(self._plan(count)) if self.is_ladder else self._trials.trial(self.values(count))

    def checked(self, count: int) -> _Freed | None:
        """Returns what a share comes to in the plan that has it, read and reckoned."""
        trial = self.trial(count)
        return None if trial is None else _freed(trial.plan, trial.ladder.machine.quantities, self._stand, self._stop)

    def _plan(self, count: int) -> Plan:
        return _with_close(self._trials.study.plan, self._index, Fraction(count, _SHARES))

    def _freed(self, count: int) -> _Freed:
        """Returns what a share comes to, by the machine alone."""
        return _freed(self._plan(count), self._trials.study.ladder.machine.quantities, self._stand, self._stop)

    def least(self, now: Decimal) -> tuple[int, Decimal]:
        """Returns the least share, and what it is exactly, where nothing closed nets so much."""
        held = self._stand.state.held
        whole = self._freed(_SHARES)
        if _loses(whole.net, self._stand.state):
            figure = SentenceFigure(whole.net, Unit.MONEY)
            raise NoAnswer(Reason.OUT_OF_REACH, "closing all of it there nets {0}", figure, before=now)
        first = (held.first or held.position).quantity
        exact = -now / (whole.net - now) * held.position.quantity / first

        def keeps(minus: int) -> bool:
            return not _loses(self._freed(-minus).net, self._stand.state)

        found = last_kept(-steps_above(exact * _SHARES, ONE), -_SHARES, 0, keeps)
        if found is None:
            raise BrokenPromise("closing all of it keeps the promise, and then does not")
        return -found, exact


def _percent(count: int) -> str:
    return f"{plain(Decimal(count) / 100)}%"


def _with_close(plan: Plan, index: int, share: Fraction) -> Plan:
    """Returns the plan whose target at `index` closes a share of the position."""
    targets = list(plan.targets)
    targets[index] = targets[index]._replace(close=Close(share, CloseOf.POSITION))
    return plan._replace(targets=tuple(targets))


def _loses(net: Decimal, state: State) -> bool:
    """Whether a result is a loss by more than rounding leaves of the cost."""
    return net < -ROUNDING * state.held.position.cost


def _freed(plan: Plan, quantities: tuple[Decimal, ...], stand: Standpoint, stop: Decimal) -> _Freed:
    """Returns what becomes of a state by the machine of a plan: its next target hit, the rest stopped out."""
    state, realized = stand
    machine = Machine(plan, quantities)
    level = machine.holdings.lies(state.held, state.hits)
    must_lie_somewhere(plan, state.hits, level, state.held.position)
    step = machine.hit(state, level)
    quantity = ZERO if step.executed is None else step.executed.quantity
    net = realized + step.result
    if step.state is None:
        return _Freed(net, quantity, None)
    rest = _ended(machine, step.state, stop)
    return _Freed(net + rest.net, quantity, rest)


def _ended(machine: Machine, state: State, stop: Decimal) -> _Ended:
    """Returns what ends a state: a stop, or the liquidation that comes before it."""
    losing = machine.losing(state._replace(stop=stop))
    lost = None if losing.is_stop else machine.lost(state)
    if lost is None or losing.liquidation is None:
        return _Ended(machine.stopped_out(state.held, stop)[1], stop, is_stop=True)
    return _Ended(lost, losing.liquidation, is_stop=False)


# The target


def solve_target(trials: Trials, goal: Goal, stand: Standpoint) -> Solution:
    """Returns the nearest price at which a limit that closes all that is held nets so much."""
    plan, machine = trials.study.plan, trials.study.ladder.machine
    state, realized = stand
    position, sign = state.held.position, plan.sign
    wanted = _wanted(goal.net or Net(ZERO), machine, state)
    fill = position.breakeven(machine.costs.maker, realized - wanted)
    if fill is None:
        raise NoAnswer(Reason.OUT_OF_REACH, "no price above zero nets {0}", SentenceFigure(wanted, Unit.MONEY))
    exact = machine.costs.trigger_price(fill, sign, Order.LIMIT)
    step = price_step(plan)
    before = realized + (ZERO if state.stop is None else machine.stopped_out(state.held, state.stop)[1])

    def price_of(count: int) -> Decimal:
        return sign * step * count

    def net_of(count: int) -> Decimal | None:
        price = price_of(count)
        return None if price <= 0 else _closed_at(plan, state, realized, price)

    def keeps(minus: int) -> bool:
        net = net_of(-minus)
        if net is None:
            return sign < 0
        return not above(wanted, net) or _all_but(wanted, net, state)

    start = steps_above(exact, step) if sign > 0 else -steps_below(exact, step)
    found = last_kept(-start, -(10**30), None, keeps)
    if found is None:
        raise BrokenPromise("no price keeps the promise")
    count = -found
    value, net, less = price_of(count), net_of(count), net_of(count - 1)
    if value <= 0 or net is None:
        raise NoAnswer(
            Reason.OUT_OF_REACH, "no price above zero nets {0}", SentenceFigure(wanted, Unit.MONEY), before=before
        )
    if less is not None and (not above(wanted, less) or _all_but(wanted, less, state)):
        raise BrokenPromise("a nearer target nets as much")
    passed = _must_get_there(plan, machine, state, value, wanted)
    trial = trial_of(_with_target(plan, state.hits, value))
    return Solution(
        SolvedValue((value,), plan.symbol.quote, (exact,), (plain(value),)),
        trial.plan,
        trial.ladder,
        before,
        net,
        Binding(bits(state.held.filled), state.hits, value),
        NextValue(price_of(count - 1), less),
        quantity=position.quantity,
        other=trials.study.ladder.totals.r,
        passed=passed,
    )


def _wanted(net: Net, machine: Machine, state: State) -> Decimal:
    if net.of_margin is None:
        return net.amount
    if machine.plan.contract.value == "spot":
        raise NoAnswer(Reason.UNKNOWN, "spot posts no margin for the result to be a share of; write money, or `2R`")
    return as_decimal(net.of_margin) * machine.holdings.backing(state.held).margin


def _all_but(wanted: Decimal, net: Decimal, state: State) -> bool:
    """Whether a result lacks no more of what is wanted than rounding leaves of the cost."""
    return wanted - net <= ROUNDING * state.held.position.cost


def _with_target(plan: Plan, hits: int, price: Decimal) -> Plan:
    """Returns the plan whose next target is its last and closes all that is held at a price."""
    close = Close(Fraction(1), CloseOf.REST)
    last = Target(Fixed(price), close, None, None, "", Order.LIMIT, "")
    return plan._replace(targets=(*plan.targets[:hits], last), runner=None)


def _closed_at(plan: Plan, state: State, realized: Decimal, price: Decimal) -> Decimal:
    """Returns what the whole trade nets if a limit closes all that is held at a price."""
    other = _with_target(plan, state.hits, price)
    step = Machine(other, ()).hit(state, price)
    return realized + step.result


def _must_get_there(plan: Plan, machine: Machine, state: State, price: Decimal, wanted: Decimal) -> Decimal | None:
    """Raises `NoAnswer` where price meets something else of the plan on its straight way to a target.

    A target on the losing side of where price is has been passed: that is the breakeven of what is held, to be known.
    Returns the stop that lies before it, if one does; a loss beyond the stop is out of reach.
    """
    sign = plan.sign
    if state.stop is not None and reached(price, state.stop, sign):
        if wanted >= 0:
            return state.stop
        raise NoAnswer(
            Reason.OUT_OF_REACH,
            "at {0} the stop {1} has closed it before",
            SentenceFigure(price, Unit.PRICE),
            SentenceFigure(state.stop, Unit.PRICE),
        )
    if sign * (price - state.price) <= 0 or same(price, state.price):
        return None
    other = _with_target(plan, state.hits, price)
    ahead = NextEvents(Machine(other, machine.quantities))
    here = state
    for _ in range(_MOST_EVENTS):
        fork = ahead.fork(here)
        step = fork.up if sign > 0 else fork.down
        if step is None or step.state is None or step.event.kind is EventKind.TARGET:
            break
        if step.event.kind is EventKind.TIER:
            raise NoAnswer(
                Reason.OUT_OF_REACH,
                f"tier {step.event.number} fills at {{0}} before {{1}}",
                SentenceFigure(step.event.price, Unit.WRITTEN),
                SentenceFigure(price, Unit.PRICE),
            )
        here = step.state
    return None
