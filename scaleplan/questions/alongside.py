"""Plans beside each other, or one plan beside other ways to divide its size, each scaled to lose as much at worst.

At the fair price no way to scale in has an edge over another. Made equal in what they lose at worst, plan and baselines
differ in shape and not in size: in when they lose, what they bring where all goes well, and what they cost.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.engine import Unreckonable
from scaleplan.ladder import Ladder
from scaleplan.paths import EveryPath
from scaleplan.paths.records import Outcome, Summary
from scaleplan.plan import Plan
from scaleplan.plan.shapes import divided, doubling_shares, equal_shares, with_shares
from scaleplan.quantity.exact import ONE, ZERO, above, exact, same
from scaleplan.revision.measures import Measures, measures_of, worst_loss_of
from scaleplan.study import Study, climbed

#: So many times a baseline is scaled anew: fees for each order, and lots, take the loss off the straight line.
_ROUNDS = 12
#: Losses that differ by less than this part are equal.
_NEAR = Decimal("1e-30")
#: Plans with more states have no chances here: they take seconds each.
_MOST_STATES = 20_000


class ComparedPlan(NamedTuple):
    """One plan of a comparison, with its measures and what all paths say; `name` is its file, or its shape.

    `one_r` is what its results are divided by. `worst_chance` is the chance of losing the most that any path loses.
    Chances are absent where paths are too many.
    """

    name: str
    plan: Plan
    ladder: Ladder
    measures: Measures
    one_r: Decimal | None
    summary: Summary | None
    worst_chance: Decimal | None


class LeftOut(NamedTuple):
    """A baseline that is not beside the plan, and why."""

    name: str
    reason: str


class Alongside(NamedTuple):
    """Plans beside each other. With a `loss` they are a plan and its baselines, all of which lose that at worst.

    Where `in_money` is false they settle in several currencies, and money is told in R alone.
    """

    plans: tuple[ComparedPlan, ...]
    in_money: bool
    loss: Decimal | None = None
    left_out: tuple[LeftOut, ...] = ()


@exact
def alongside(studies: Sequence[Study]) -> Alongside:
    """Returns plans beside each other, each in its own 1R."""
    plans = tuple(
        _compared(study.file, study.plan, study.ladder, study.every_path, study.ladder.totals.r) for study in studies
    )
    return Alongside(plans, len({each.plan.settle.upper() for each in plans}) == 1)


@exact
def beside_baselines(study: Study) -> Alongside | str:
    """Returns a plan beside its baselines, each scaled to the plan's worst loss; why not, where it has none."""
    own = _compared("plan", study.plan, study.ladder, study.every_path, study.ladder.totals.r)
    loss = own.measures.worst_loss
    if loss is None or loss <= 0:
        return "nothing bounds what it loses" if loss is None else "it loses nothing on any path"
    held = divided(study.plan, study.ladder.machine.quantities)
    count = len(study.plan.tiers)
    shapes = {
        "all at 1": (Fraction(1),),
        "equal": equal_shares(count),
        "reversed": held.shares[::-1],
        "doubling": doubling_shares(count),
    }
    plans, left_out = [own], []
    for name, shares in shapes.items():
        found = None if shares == held.shares else _scaled(with_shares(study.plan, held.kind, held.total, shares), loss)
        if found is not None and not _is_alike(found.ladder, study.ladder):
            plans.append(_compared(name, *found, own.one_r))
        else:
            is_plan = found is not None or shares == held.shares
            left_out.append(LeftOut(name, "it is the plan itself" if is_plan else "its smallest size loses more"))
    return Alongside(tuple(plans), in_money=True, loss=loss, left_out=tuple(left_out))


class _Reckoned(NamedTuple):
    plan: Plan
    ladder: Ladder
    every: EveryPath


def _scaled(plan: Plan, loss: Decimal) -> _Reckoned | None:
    """Returns a plan at the size at which it loses so much at worst, or a lot less; absent where none does."""
    factor, best = ONE, None
    least = ZERO
    for _ in range(_ROUNDS):
        found = _reckoned(plan._replace(size=plan.size._replace(amount=plan.size.amount * factor)))
        if found is None:
            # A tier of it would be less than a lot.
            factor *= 2
            continue
        own = worst_loss_of(found.ladder, found.every)
        if own is None or own <= 0:
            break
        if not above(own, loss) and own > least:
            best, least = found, own
        if abs(own - loss) <= _NEAR * loss:
            break
        factor *= loss / own
    return best


def _reckoned(plan: Plan) -> _Reckoned | None:
    try:
        ladder, every, _ = climbed(plan)
    except Unreckonable:
        return None
    return _Reckoned(plan, ladder, every)


def _is_alike(first: Ladder, second: Ladder) -> bool:
    """Returns whether two ladders buy the same at each tier."""
    quantities = first.machine.quantities, second.machine.quantities
    return len(quantities[0]) == len(quantities[1]) and all(map(same, *quantities))


def _compared(name: str, plan: Plan, ladder: Ladder, every: EveryPath, one_r: Decimal | None) -> ComparedPlan:
    measures = measures_of(ladder, every)
    if not every.explored.up_to(_MOST_STATES).complete:
        return ComparedPlan(name, plan, ladder, measures, one_r, None, None)
    paths = every.walked()
    return ComparedPlan(name, plan, ladder, measures, one_r, paths.summary, _worst_chance(paths.outcomes))


def _worst_chance(outcomes: Sequence[Outcome]) -> Decimal | None:
    """Returns the chance of the ends that net least; absent where nothing bounds one."""
    nets = [outcome.net_worst for outcome in outcomes]
    known = [net for net in nets if net is not None]
    if not known or len(known) < len(nets):
        return None
    least = min(known)
    return sum((each.probability for each, net in zip(outcomes, known, strict=True) if not above(net, least)), ZERO)
