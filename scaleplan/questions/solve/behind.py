"""How far behind the stop a plan is liquidated: the leverage, or the margin, that keeps a distance in every state.

For a long, linear, with the maintenance rate `mm` of the bracket, a state with quantity `Q`, cost `C` and the stop `S`
is liquidated `B` behind its stop where the margin is `M = C - S(1-B)(1-mm)Q`: the equation of `engine.margin` solved
for `M`. From that follow `1/L = M/C`, and the margin that has to be added. The state that asks for the most decides.
Where the promise holds no state is liquidated before its stop, so the states are those of a plan with margin to spare.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.holding import bits
from scaleplan.engine.levels import reached
from scaleplan.engine.margin import Answer as Liquidated
from scaleplan.engine.margin import bracket_of, margin_for, measured
from scaleplan.engine.state import State
from scaleplan.plan import Contract, Plan, SizeKind
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.number import plain
from scaleplan.questions.solve.grid import HUNDREDTH, SATOSHI, last_kept, steps_above, steps_below
from scaleplan.questions.solve.records import (
    Binding,
    BrokenPromise,
    Goal,
    NextValue,
    NoAnswer,
    NoState,
    Reason,
    SentenceFigure,
    Solution,
    SolvedValue,
    Unit,
    Why,
)
from scaleplan.questions.solve.trial import Trial, Trials, must_know_liquidation

#: The most leverage that is looked at where no venue says a maximum: no venue sets more.
_MOST_LEVERAGE = Decimal(1000)
#: So many times what a plan holds is margin to spare.
_TO_SPARE = 4


class LeastRoom(NamedTuple):
    """The room behind the stop in the state that has least of it, as a ratio of that stop; absent where none has any.

    `states` counts those that were looked at; `kept` says that all of them keep the distance that is asked for.
    """

    ratio: Decimal | None
    binding: Binding | None
    states: int
    kept: bool


def solve_leverage(trials: Trials, goal: Goal) -> Solution:
    """Returns the largest leverage with which every state is liquidated so far behind its stop, or later."""
    plan = trials.study.plan
    _must_have_margin(plan, "leverage")
    if plan.initial_per_contract is not None:
        raise NoAnswer(Reason.FIXED, "the margin is a sum for each contract: `margin` stands in the place of leverage")
    if plan.is_cross and plan.size.kind is not SizeKind.MARGIN:
        raise NoAnswer(
            Reason.FIXED, "on cross margin the account stands behind the position: leverage moves no liquidation"
        )
    step = goal.step or ONE
    before = room(trials.before, goal)
    least = steps_above(ONE, step)
    lowest = _with_leverage(trials, step * least)
    if not room(lowest, goal).kept:
        _out_of_reach(lowest, goal, step * least, before.ratio)
    # On cross margin leverage moves the size alone: no margin of its own stands behind the position.
    needed = ZERO if plan.is_cross else _largest_need(lowest, goal)
    exact = None if needed <= 0 else ONE / needed

    def keeps(count: int) -> bool:
        trial = trials.trial({"leverage": plain(step * count)})
        return trial is not None and step * count <= _limit(trial) and room(trial, goal).kept

    most = steps_below(_most(plan), step)
    guess = min(_limit(lowest), exact or _MOST_LEVERAGE)
    count = last_kept(steps_below(guess, step), least, max(most, least), keeps)
    if count is None:
        raise BrokenPromise("the least leverage keeps the promise, and then does not")
    value = step * count
    trial = _with_leverage(trials, value)
    beyond = trials.trial({"leverage": plain(step * (count + 1))})
    more = None if beyond is None or step * (count + 1) > _limit(beyond) else room(beyond, goal)
    if more is not None and more.kept and count < most:
        raise BrokenPromise(f"{plain(step * (count + 1))}x keeps the promise too")
    found = room(trial, goal)
    at_end = more is None or more.kept
    return Solution(
        SolvedValue((value,), "x", (exact,), (plain(value),)),
        trial.plan,
        trial.ladder,
        before.ratio,
        found.ratio,
        found.binding,
        None if at_end or more is None else NextValue(step * (count + 1), more.ratio),
        _why_no_more(trial, value) if at_end else None,
        values=(("leverage", plain(value)),),
        path="leverage",
        states=found.states,
    )


def _why_no_more(trial: Trial, value: Decimal) -> Why:
    if _limit(trial) == _MOST_LEVERAGE:
        return Why(
            Reason.MAXIMUM,
            "no venue sets more than {0}, and nothing written says less",
            (SentenceFigure(value, Unit.TIMES),),
        )
    return Why(Reason.MAXIMUM, "{0} is the most that the venue sets for it", (SentenceFigure(value, Unit.TIMES),))


def solve_margin(trials: Trials, goal: Goal) -> Solution:
    """Returns the least `extra_margin` with which every state is liquidated so far behind its stop, or later."""
    plan = trials.study.plan
    _must_have_margin(plan, "margin")
    if plan.is_cross:
        raise NoAnswer(Reason.FIXED, "on cross margin the account stands behind the position: there is none to add")
    before = room(trials.before, goal)
    unit = SATOSHI if plan.contract is Contract.INVERSE else HUNDREDTH

    def trial_of(count: int) -> Trial | None:
        return trials.trial({"extra_margin": _money(plan, unit * count)})

    without = trials.before if not plan.extra_margin else trial_of(0)
    if without is not None and room(without, goal).kept:
        if not plan.extra_margin:
            raise NoAnswer(Reason.NOTHING, "it is liquidated that far behind the stop as it is", before=before.ratio)
        count, needed = 0, ZERO
    else:
        position = trials.before.ladder.steps[-1].state.held.position
        spared = trials.kept({"extra_margin": _money(plan, (position.cost * _TO_SPARE).quantize(unit))})
        needed = _largest_missing(spared, goal)
        kept = last_kept(
            -steps_above(max(needed, ZERO), unit), -(10**18), 0, lambda minus: _keeps(trial_of(-minus), goal)
        )
        if kept is None:
            raise NoAnswer(Reason.OUT_OF_REACH, "no margin takes liquidation that far from the stop")
        count = -kept
    trial = trials.kept({"extra_margin": _money(plan, unit * count)})
    found = room(trial, goal)
    if not found.kept:
        raise BrokenPromise("the margin that was found does not keep the promise")
    after = None
    if count:
        less = trial_of(count - 1)
        if less is None or room(less, goal).kept:
            raise BrokenPromise("less margin keeps the promise too")
        after = NextValue(unit * (count - 1), room(less, goal).ratio)
    value = unit * count
    return Solution(
        SolvedValue((value,), plan.settle, (needed,), (_money(plan, value),)),
        trial.plan,
        trial.ladder,
        before.ratio,
        found.ratio,
        found.binding,
        after,
        values=(("extra_margin", _money(plan, value)),),
        path="extra_margin",
        states=found.states,
        other=plan.extra_margin,
    )


def _money(plan: Plan, amount: Decimal) -> str:
    """Returns an amount as a plan has it: coin with its name."""
    return f"{plain(amount)} {plan.settle}" if plan.contract is Contract.INVERSE else plain(amount)


def _keeps(trial: Trial | None, goal: Goal) -> bool:
    return trial is not None and room(trial, goal).kept


def _must_have_margin(plan: Plan, unknown: str) -> None:
    if plan.contract is Contract.SPOT:
        raise NoAnswer(Reason.FIXED, f"spot is bought outright: no {unknown} stands behind it, and none is liquidated")
    if plan.stop is None:
        raise NoAnswer(Reason.UNKNOWN, "the plan has no stop for a liquidation to lie behind; write `stop`")
    must_know_liquidation(plan)


def _with_leverage(trials: Trials, value: Decimal) -> Trial:
    return trials.kept({"leverage": plain(value)})


def _out_of_reach(trial: Trial, goal: Goal, value: Decimal, before: Decimal | None) -> None:
    least = room(trial, goal)
    figures = [SentenceFigure(value, Unit.TIMES)]
    sentence = "even at {0} it is not known where it is liquidated"
    if least.ratio is not None:
        figures.append(SentenceFigure(least.ratio, Unit.ROOM))
        sentence = "even at {0} it is liquidated {1} the stop"
    raise NoAnswer(Reason.OUT_OF_REACH, sentence, *figures, before=before)


def _most(plan: Plan) -> Decimal:
    """Returns the most leverage that the venue sets in any bracket."""
    found = [] if plan.instrument.max_leverage is None else [plan.instrument.max_leverage]
    brackets = plan.margin.brackets if plan.margin is not None else ()
    limits = [bracket.max_leverage for bracket in brackets]
    known = [limit for limit in limits if limit is not None]
    if known and len(known) == len(limits):
        found.append(max(known))
    return min(found, default=_MOST_LEVERAGE)


def _limit(trial: Trial) -> Decimal:
    """Returns the most leverage that the contract, and the brackets of the position after each tier, allow."""
    plan = trial.plan
    most = _most(plan)
    if plan.margin is None:
        return most
    for step in trial.ladder.steps:
        position = step.state.held.position
        number = bracket_of(plan.margin.brackets, measured(position, plan.margin, plan.instrument.contract_size))
        limit = plan.margin.brackets[number - 1].max_leverage
        most = most if limit is None else min(most, limit)
    return most


# States


def _states(trial: Trial, goal: Goal) -> list[State]:
    """Returns the states that the promise is about: all, or the one that was named."""
    graph = trial.graph()
    if not graph.complete and goal.tiers is None:
        raise NoAnswer(Reason.UNKNOWN, "the plan has too many states to look at them all; name one with `--tiers`")
    states = [node.state for node in graph.nodes if node.state.held.position.quantity]
    if goal.tiers is None:
        return states
    hits = goal.targets or 0
    if not hits and goal.tiers == tuple(range(1, len(goal.tiers) + 1)) and len(goal.tiers) <= len(trial.ladder.steps):
        return [trial.ladder.steps[len(goal.tiers) - 1].state]
    found = [state for state in states if state.hits == hits and bits(state.held.filled) == goal.tiers]
    if not found:
        raise NoState(f"no path fills tiers {', '.join(map(str, goal.tiers))} alone")
    return found


def room(trial: Trial, goal: Goal) -> LeastRoom:
    """Returns the least room behind the stop of the states that a goal is about, and whether all keep its distance."""
    machine, sign = trial.ladder.machine, trial.plan.sign
    behind = goal.behind or ZERO
    least: tuple[Decimal, State] | None = None
    kept = True
    states = _states(trial, goal)
    for state in states:
        at = machine.liquidation(state)
        stop = state.stop
        if stop is None:
            raise NoAnswer(Reason.UNKNOWN, "a state has no stop for a liquidation to lie behind; write `stop`")
        if at.answer is Liquidated.NONE:
            continue
        price = at.price if at.price is not None else at.not_before
        wanted = stop * (ONE - sign * behind)
        kept = kept and price is not None and reached(price, wanted, sign)
        if at.price is None:
            continue
        ratio = (stop - at.price) * sign / stop
        if least is None or ratio < least[0]:
            least = ratio, state
    if least is None:
        return LeastRoom(None, None, len(states), kept)
    state = least[1]
    binding = Binding(bits(state.held.filled), state.hits, machine.liquidation(state).price, state.stop)
    return LeastRoom(least[0], binding, len(states), kept)


def _wanted(trial: Trial, state: State, goal: Goal) -> Decimal:
    """Returns the price at which a state may be liquidated at the nearest."""
    stop = state.stop if state.stop is not None else state.price
    return stop * (ONE - trial.plan.sign * (goal.behind or ZERO))


def _largest_need(trial: Trial, goal: Goal) -> Decimal:
    """Returns `1/L` of the state that needs the most margin for what it holds."""
    plan = trial.plan
    needs = []
    for state in _states(trial, goal):
        held = state.held
        margin = margin_for(plan, held.position, _wanted(trial, state, goal), held.kept) - plan.extra_margin * held.kept
        needs.append(margin / held.position.cost)
    return max(needs)


def _largest_missing(trial: Trial, goal: Goal) -> Decimal:
    """Returns the `extra_margin` of the state that needs the most beside the margin of its fills."""
    plan, backing = trial.plan, trial.ladder.machine.holdings.backing
    missing = []
    for state in _states(trial, goal):
        held = state.held
        own = backing(held).margin - plan.extra_margin * held.kept
        missing.append((margin_for(plan, held.position, _wanted(trial, state, goal), held.kept) - own) / held.kept)
    return max(missing)
