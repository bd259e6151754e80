"""Shares with which every tier risks the same at the plan's own stop.

A tier whose unit (of what the shares divide) loses `l` there, costs included, takes a share in proportion to `1/l`: for
a long, linear, that is `1/(fill*(1+fee) - X*(1-t))` where shares divide quantity, and the price times that where they
divide money.
"""

from decimal import Decimal

from scaleplan.engine.machine import Machine
from scaleplan.engine.position import nothing_held
from scaleplan.engine.risk import risk_at_stop
from scaleplan.plan import Plan
from scaleplan.plan.sizes import quantity_of
from scaleplan.quantity.exact import ONE, ZERO, above
from scaleplan.quantity.number import plain
from scaleplan.questions.solve.records import (
    Binding,
    BrokenPromise,
    Goal,
    NoAnswer,
    Reason,
    SentenceFigure,
    Solution,
    SolvedValue,
    Unit,
)
from scaleplan.questions.solve.trial import Trial, Trials

_HUNDRED = Decimal(100)
_HUNDREDTH = Decimal("0.01")


def solve_shares(trials: Trials, goal: Goal) -> Solution:  # noqa: ARG001 - as all solvers
    """Returns the shares of all tiers, to a hundredth of a percent, the rest to the last."""
    plan, machine = trials.study.plan, trials.study.ladder.machine
    stop = plan.stop
    if plan.tiers[0].size is not None:
        raise NoAnswer(Reason.FIXED, "the tiers have sizes of their own: write `size`, and a share in each")
    if stop is None:
        raise NoAnswer(Reason.UNKNOWN, "the plan has no stop to lose at; write `stop`")
    losses = [_loss_of_unit(plan, machine, index, stop) for index in range(len(plan.tiers))]
    for index, lost in enumerate(losses):
        if lost <= 0:
            raise NoAnswer(
                Reason.WRONG_SIDE, f"tier {index + 1} loses nothing at the stop {{0}}", SentenceFigure(stop, Unit.PRICE)
            )
    counted = [quantity_of(plan, tier, ONE, plan.size.kind) for tier in plan.tiers]
    weights = [ONE / (lost * unit) for lost, unit in zip(losses, counted, strict=True)]
    whole = sum(weights, ZERO)
    exact = [weight / whole for weight in weights]
    percents = [(share * _HUNDRED).quantize(_HUNDREDTH) for share in exact[:-1]]
    percents.append(_HUNDRED - sum(percents, ZERO))
    if any(percent <= 0 for percent in percents):
        raise NoAnswer(Reason.TOO_SMALL, "a tier would have less than 0.01% of the size")
    typed = tuple(f"{plain(percent)}%" for percent in percents)
    values = {f"tiers[{index}].share": text for index, text in enumerate(typed)}
    if trials.is_ladder("tiers"):
        values = {"tiers.shares": f"[{', '.join(typed)}]"}
    trial = trials.trial(values)
    if trial is None:
        raise NoAnswer(Reason.TOO_SMALL, "a tier would be below the smallest order")
    before, after = _uneven(trials.before, stop), _uneven(trial, stop)
    _must_be_even(trial, losses, percents)
    return Solution(
        SolvedValue(tuple(percent / _HUNDRED for percent in percents), "share", tuple(exact), typed),
        trial.plan,
        trial.ladder,
        before,
        after,
        Binding(tuple(range(1, len(plan.tiers) + 1)), 0, stop),
        values=tuple(values.items()),
        other=losses[-1],
    )


def _loss_of_unit(plan: Plan, machine: Machine, index: int, stop: Decimal) -> Decimal:
    """Returns what one unit of quantity bought by a tier loses at a stop; what an order costs is no part of it."""
    tier, costs = plan.tiers[index], machine.costs
    free = costs._replace(maker=costs.maker._replace(per_order=ZERO), taker=costs.taker._replace(per_order=ZERO))
    fill = free.entry_price(tier.price, tier.order, plan.sign)
    return risk_at_stop(nothing_held(plan).filled(fill, ONE, free.charge(tier.order)), stop, free)


def _own_losses(trial: Trial, stop: Decimal) -> list[Decimal]:
    """Returns what each tier alone loses at a stop."""
    plan, machine = trial.plan, trial.ladder.machine
    return [
        _loss_of_unit(plan, machine, index, stop) * step.fill.quantity for index, step in enumerate(trial.ladder.steps)
    ]


def _uneven(trial: Trial, stop: Decimal) -> Decimal | None:
    """Returns how much more the tier that loses most does than the one that loses least."""
    losses = _own_losses(trial, stop)
    return max(losses) - min(losses)


def _must_be_even(trial: Trial, losses: list[Decimal], percents: list[Decimal]) -> None:
    """Raises `BrokenPromise` where a tier risks more or less than the others by more than the grid of shares makes.

    Half a hundredth of a percent is what a share lacks, the last as much as all others together; lots take more.
    """
    plan = trial.plan
    total = sum((step.fill.wanted * lost for step, lost in zip(trial.ladder.steps, losses, strict=True)), ZERO)
    even = total / len(plan.tiers)
    for index, (step, lost) in enumerate(zip(trial.ladder.steps, losses, strict=True)):
        lacks = _HUNDREDTH * (len(plan.tiers) if index == len(plan.tiers) - 1 else 1)
        allowed = even * (lacks / percents[index] + _HUNDREDTH * len(plan.tiers) / min(percents))
        if above(abs(step.fill.wanted * lost - even), allowed):
            raise BrokenPromise(f"tier {index + 1} does not risk what the others do")
