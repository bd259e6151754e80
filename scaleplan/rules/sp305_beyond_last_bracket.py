"""SP305 beyond-last-bracket: the position is past the last maintenance bracket, or gets there before it is liquidated.

A venue's table ends at the largest position that it allows. What it asks for beyond is not known, so neither is where
such a position is liquidated, and the venue would refuse the order. A short's value grows as price rises against it,
and so does the value in coin of an inverse long as price falls: it can leave the table on the way to liquidation, which
then does not come before the price at which it does.

Silent where the last bracket is open (has no `up_to`), for a single rate without one, and where price meets the stop
before a position leaves the table.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.ladder import Rung
from scaleplan.plan import Contract
from scaleplan.quantity.exact import above
from scaleplan.quantity.number import brief, told_apart
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind(
    "SP305", "beyond-last-bracket", Severity.WARNING, "The position passes the end of the last maintenance bracket."
)


def check(case: Case) -> Findings:
    """Compares the position after each tier with the end of the table, at entry and on its way to liquidation."""
    plan = case.plan
    if plan.margin is None or plan.contract is Contract.SPOT:
        return
    end = plan.margin.brackets[-1].up_to
    if end is None:
        return
    place = f"{case.maintenance_path}[{len(plan.margin.brackets) - 1}].up_to"
    for step in case.steps:
        measure, unit = case.measured(step.position)
        if not above(measure, end):
            continue
        first, second = told_apart(measure, end)
        yield Finding(
            place,
            f"after tier {step.tier} the position is {first} {unit}, and the last bracket ends at {second}: where it "
            f"is liquidated is not known{case.may_lose}",
            "add the brackets that the venue prints beyond it, or make the plan smaller",
            [("size", "the size")],
        )
        return
    leaving = next(
        (step for index, step in enumerate(case.steps) if case.can_fill(index) and _leaves(case, step)), None
    )
    if leaving is None:
        return
    found, stop = leaving.position.liquidation, leaving.position.stop
    not_before = found.not_before or end
    before = ""
    nearer = ", or make the plan smaller"
    if stop is not None:
        _, exits = case.prices_apart(not_before, stop)
        before = f", before the stop at {exits}"
        nearer = f", put the stop {case.winning} {case.past(not_before)}{nearer}"
    _, unit = case.measured(leaving.position)
    yield Finding(
        place,
        f"after tier {leaving.tier} the position leaves the last bracket, which ends at {brief(end)} {unit}, where "
        f"price is at {case.price(not_before)}{before}: it is liquidated not before there, and nobody can tell "
        f"where{case.may_lose}",
        f"add the brackets that the venue prints beyond it{nearer}",
        [(case.stop_path, "the stop")] if stop is not None else [("size", "the size")],
    )


def _leaves(case: Case, step: Rung) -> bool:
    """Whether a position leaves the table on its way, and no stop comes before that."""
    found, sign = step.position.liquidation, case.plan.sign
    return found.not_before is not None and not found.not_before_stop(step.position.stop, sign)
