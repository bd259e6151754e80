"""What a plan may lose, or post, at most: the size, the stop, and the number of tiers that keep within it.

Where fees are rates a loss is proportional to the size, so one factor tells; lots and fees for each order are searched
on the grid. A stop is told for each state in which it is the plan's own: with the quantity `Q`, the cost `C`, the entry
fees `F` and the results so far `r` the loss `L` is met at the fill `X` where `C + F - r - Q*X*(1 - t) = L` (long), and
its trigger is the fill before slippage. The nearest of them to the entries keeps the loss in all.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.sizing import lot_of
from scaleplan.plan import Contract, Plan, Size, SizeKind
from scaleplan.quantity.amount import SizeForm, read_size
from scaleplan.quantity.exact import ONE, ZERO, above, as_decimal
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import plain
from scaleplan.questions.solve.grid import last_kept, price_step, significant_step, steps_above, steps_below
from scaleplan.questions.solve.records import (
    Binding,
    BrokenPromise,
    Goal,
    NextValue,
    NoAnswer,
    Reason,
    SentenceFigure,
    Solution,
    SolvedValue,
    Unit,
    Why,
    of_unit,
)
from scaleplan.questions.solve.trial import Trial, Trials, below_least_order, cut_after, trial_of

#: A factor on sizes that tiers write themselves has so many digits.
_FACTOR_STEP = Decimal("0.000001")
#: A size so many times as large is no plan any more.
_MOST_TIMES = Decimal(1_000_000)


class _Scale(NamedTuple):
    """What a size is counted in: a number as it is typed and its unit, on a grid of `step`.

    Where the tiers write sizes of their own it is one factor on all of them, and `unit` is empty.
    """

    number: Decimal
    unit: str
    step: Decimal

    def typed(self, number: Decimal) -> str:
        """Returns another number of the same unit."""
        return of_unit(plain(number), self.unit)

    def values(self, plan: Plan, count: int) -> dict[str, str]:
        """Returns what a plan of so many steps has in the place of its own sizes."""
        return {"size": self.typed(self.step * count)} if self.unit else _own_sizes(plan, self.step * count)


class _SizeMeasure(NamedTuple):
    """A figure of a plan that grows with its size, and what decides it."""

    amount: Decimal
    binding: Binding
    elsewhere: bool = False


def solve_size(trials: Trials, goal: Goal) -> Solution:
    """Returns the largest size with which the plan loses, or posts, so much at most."""
    plan = trials.study.plan
    limit, measure = (goal.loss, _loss) if goal.loss is not None else (goal.margin, _margin)
    if limit is None:
        raise ValueError("a size is asked for with a loss or a margin")
    before = measure(trials.before)
    exact, scale = _scale(plan, _factor(before, limit, ZERO if goal.loss is not None else plan.extra_margin))

    def trial_of_size(count: int) -> Trial | None:
        return trials.trial(scale.values(plan, count))

    def keeps(count: int) -> bool:
        trial = trial_of_size(count)
        # What is smaller than a lot has no figures, and loses nothing.
        return trial is None or not above(measure(trial).amount, limit)

    most = steps_above(max(exact, scale.number) * _MOST_TIMES, scale.step)
    count = last_kept(steps_below(exact, scale.step), 1, most, keeps)
    if count is None or count >= most:
        raise NoAnswer(
            Reason.OUT_OF_REACH,
            "even the smallest size passes it: as it is, {0}"
            if count is None
            else "no size comes to so much: as it is, {0}",
            SentenceFigure(before.amount, Unit.LOSS),
            before=before.amount,
        )
    trial = trial_of_size(count)
    small = None if trial is None else below_least_order(trial.plan, trial.ladder)
    if trial is None or small is not None:
        which = "a tier" if small is None else f"tier {small}"
        raise NoAnswer(Reason.TOO_SMALL, f"{which} would be smaller than the venue takes", before=before.amount)
    found = measure(trial)
    beyond = trial_of_size(count + 1)
    more = None if beyond is None else measure(beyond).amount
    if above(found.amount, limit) or (more is not None and not above(more, limit)):
        raise BrokenPromise("the size that was found is not the largest that keeps the promise")
    beyond_count, count = count + 1, _fewest(trials.before, trial, scale, count, trial_of_size)
    trial, values = trial_of_size(count) or trial, scale.values(plan, count)
    return Solution(
        SolvedValue((scale.step * count,), scale.unit or "x", (exact,), tuple(values.values())),
        trial.plan,
        trial.ladder,
        before.amount,
        found.amount,
        found.binding,
        NextValue(scale.step * beyond_count, more),
        values=tuple(values.items()),
        path="size" if scale.unit else "",
        elsewhere=found.elsewhere,
        quantity=trial.ladder.totals.quantity,
    )


def _fewest(
    before: Trial, trial: Trial, scale: _Scale, count: int, trial_of_size: Callable[[int], Trial | None]
) -> int:
    """Returns the fewest steps that buy the same whole lots: a size says no more than what it buys.

    Where the plan's own number buys them it stays.
    """
    bought = [step.fill.quantity for step in trial.ladder.steps]
    part = max(had / step.fill.wanted for had, step in zip(bought, before.ladder.steps, strict=True))
    fewest = min(count, steps_above(scale.number * part, scale.step))
    own = steps_below(scale.number, scale.step)
    if fewest <= own <= count and scale.step * own == scale.number:
        fewest = own
    other = trial_of_size(fewest)
    is_same = other is not None and [step.fill.quantity for step in other.ladder.steps] == bought
    return fewest if is_same else count


def _factor(before: _SizeMeasure, limit: Decimal, fixed: Decimal) -> Decimal:
    """Returns how many times as large a size may be where all of a figure but a fixed part grows with it."""
    if before.amount <= 0 or before.amount == fixed:
        raise NoAnswer(
            Reason.OUT_OF_REACH, "no size comes to so much: as it is, nothing is at stake", before=before.amount
        )
    if limit <= fixed:
        raise NoAnswer(Reason.OUT_OF_REACH, "{0} is posted whatever the size", SentenceFigure(fixed, Unit.LOSS))
    return (limit - fixed) / (before.amount - fixed)


def _scale(plan: Plan, factor: Decimal) -> tuple[Decimal, _Scale]:
    """Returns the number to which a factor takes the size, and the grid of such numbers."""
    if plan.tiers[0].size is not None:
        return factor, _Scale(ONE, "", min(_FACTOR_STEP, significant_step(factor)))
    form = _form(plan.size)
    number, unit = _number(form), _unit(plan.size, form)
    exact = factor * number
    if form.word:
        return exact, _Scale(number, unit, plan.instrument.lot_size or ONE)
    lot = lot_of(plan) if plan.size.kind is SizeKind.QUANTITY and plan.contract is not Contract.INVERSE else None
    return exact, _Scale(number, unit, lot or _step_beside(number, exact))


def _form(size: Size) -> SizeForm:
    form = read_size(size.text)
    if isinstance(form, Mistake):
        raise AssertionError(size.text)  # noqa: TRY004 - it was read before
    return form


def _number(form: SizeForm) -> Decimal:
    """Returns the number that is typed before a unit; of a share its percent."""
    return as_decimal(form.share * 100) if form.share is not None else form.amount or ZERO


def _unit(size: Size, form: SizeForm) -> str:
    """Returns what is typed behind the number: `BTC`, `contracts`, `% risk`."""
    rest = form.word or size.text.split(" ", 1)[1]
    return f"% {rest}" if form.share is not None else rest


def _loss(trial: Trial) -> _SizeMeasure:
    return _SizeMeasure(*trial.loss())


def _margin(trial: Trial) -> _SizeMeasure:
    last = trial.ladder.steps[-1]
    return _SizeMeasure(last.position.initial_margin, Binding(tuple(range(1, last.tier + 1)), 0, None))


def _step_beside(number: Decimal, exact: Decimal) -> Decimal:
    """Returns one of the sixth digit of an answer; the last of the plan's own number if that has more of them."""
    exponent = number.normalize().as_tuple().exponent
    last = ONE.scaleb(-min(max(0, -exponent), 20)) if isinstance(exponent, int) else ONE
    step = significant_step(exact)
    return min(step, last) if last < significant_step(number) else step


def _own_sizes(plan: Plan, factor: Decimal) -> dict[str, str]:
    """Returns the sizes of tiers that have their own, each so many times as large, and the plan's if it has one."""
    values = {}
    for index, tier in enumerate(plan.tiers):
        if tier.size is not None:
            values[f"tiers[{index}].size"] = _times(plan, tier.size, factor)
    if plan.size.text:
        values["size"] = _times(plan, plan.size, factor)
    return values


def _times(plan: Plan, size: Size, factor: Decimal) -> str:
    form = _form(size)
    number = _number(form) * factor
    lot = plan.instrument.lot_size
    if form.word or (lot is not None and size.kind is SizeKind.QUANTITY and plan.instrument.contract_size is None):
        lot = lot or ONE
        number = lot * steps_below(number, lot)
    return _Scale(number, _unit(size, form), ONE).typed(_short(number))


def _short(amount: Decimal) -> Decimal:
    """Returns an amount with no more digits than a plan may have, rounded down."""
    step = ONE.scaleb(-18)
    return step * steps_below(amount, step)


# The stop


def solve_stop(trials: Trials, goal: Goal) -> Solution:
    """Returns the stop furthest from the entries with which the plan loses so much at most."""
    plan, limit = trials.study.plan, goal.loss
    if limit is None:
        raise ValueError("a stop is asked for with a loss")
    if plan.size.kind is SizeKind.RISK:
        raise NoAnswer(Reason.FIXED, "the size is solved to risk what it says, wherever the stop is: change the size")
    before = None if plan.stop is None else trials.before.loss().amount
    step, sign = price_step(plan), plan.sign
    first = plan.tiers[0].price
    # The last price of the grid on the losing side of tier 1, and from there on counted away from the entries.
    nearest = steps_above(first, step) - 1 if sign > 0 else steps_below(first, step) + 1

    def price_of(count: int) -> Decimal:
        return step * (nearest - sign * count)

    def trial_of_stop(count: int) -> Trial | None:
        return trials.trial({"stop": plain(price_of(count))})

    def keeps(count: int) -> bool:
        trial = trial_of_stop(count)
        return trial is not None and not above(trial.loss().amount, limit)

    exact = _exact_stop(trials.before, limit)
    guess = 0
    if exact is not None:
        at = steps_above(exact, step) if sign > 0 else steps_below(exact, step)
        guess = sign * (nearest - at)
    most = nearest - 1 if sign > 0 else None
    count = last_kept(guess, 0, most, keeps)
    if count is None:
        trial = trial_of_stop(0)
        raise NoAnswer(
            Reason.OUT_OF_REACH,
            "even at {0}, next to tier 1, it loses {1}",
            SentenceFigure(price_of(0), Unit.WRITTEN),
            SentenceFigure(ZERO if trial is None else trial.loss().amount, Unit.LOSS),
            before=before,
        )
    trial = trials.kept({"stop": plain(price_of(count))})
    found = trial.loss()
    at_end = count == most
    further = None if at_end else trial_of_stop(count + 1)
    more = None if further is None else further.loss().amount
    if above(found.amount, limit) or (more is not None and not above(more, limit)):
        raise BrokenPromise("the stop that was found is not the furthest that keeps the promise")
    value = price_of(count)
    return Solution(
        SolvedValue((value,), plan.symbol.quote, (exact,), (plain(value),)),
        trial.plan,
        trial.ladder,
        before,
        found.amount,
        found.binding,
        None if at_end else NextValue(price_of(count + 1), more),
        Why(Reason.MAXIMUM, "no price above zero loses more") if at_end else None,
        values=(("stop", plain(value)),),
        path="stop",
        elsewhere=found.elsewhere,
    )


def _exact_stop(trial: Trial, limit: Decimal) -> Decimal | None:
    """Returns the stop nearest to the entries of those that lose exactly the limit in a state where it is in force."""
    from scaleplan.paths.losses import spreads  # noqa: PLC0415 - the walk is loaded where states are asked for

    plan, machine = trial.plan, trial.ladder.machine
    graph = trial.graph()
    stands = [(step.state, ZERO) for step in trial.ladder.steps if step.position.fills]
    if graph.complete:
        stands += [(node.state, spread.worst) for node, spread in zip(graph.nodes, spreads(graph), strict=True)]
    found = []
    for state, realized in stands:
        position = state.held.position
        if state.stop != plan.stop or not position.quantity:
            continue
        fill = position.breakeven(machine.costs.taker, realized + limit)
        if fill is not None:
            found.append(machine.costs.trigger_price(fill, plan.sign))
    return max(found, key=lambda price: plan.sign * price, default=None)


# The tiers


def solve_tiers(trials: Trials, goal: Goal) -> Solution:
    """Returns the largest number of tiers with which, and with each smaller one, the plan loses so much at most.

    The loss is that of any path, and that of the tiers filled as listed, whether a path fills them so or not.
    """
    plan, ladder, limit = trials.study.plan, trials.study.ladder, goal.loss
    if limit is None:
        raise ValueError("tiers are asked for with a loss")
    kept: Trial | None = None
    count = 0
    more: Decimal | None = None
    for number in range(1, len(plan.tiers) + 1):
        trial = trial_of(cut_after(plan, ladder, number))
        lost = max(trial.loss().amount, trial.ladder.totals.risk_if_all or ZERO)
        if above(lost, limit):
            more = lost
            break
        kept, count = trial, number
    before = trials.before.loss().amount
    if kept is None:
        raise NoAnswer(
            Reason.OUT_OF_REACH, "tier 1 alone loses {0}", SentenceFigure(more or ZERO, Unit.LOSS), before=before
        )
    found = kept.loss()
    return Solution(
        SolvedValue((Decimal(count),), "tiers", (Decimal(count),), (str(count),)),
        kept.plan,
        kept.ladder,
        before,
        found.amount,
        found.binding,
        None if more is None else NextValue(Decimal(count + 1), more),
        Why(Reason.MAXIMUM, "the plan has no more") if more is None else None,
        elsewhere=found.elsewhere,
        quantity=kept.ladder.totals.quantity,
    )
