"""SP306 below-minimum: a tier is worth less than the smallest order that the venue takes.

The order is refused, and the tier never bought: the average, the size and the risk are then those of another plan.

Counted is the tier's value at its own price, in whole lots, against `min_notional`. Silent without one. A tier of less
than one lot cannot be reckoned at all (SP132).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.sizing import what_would_do
from scaleplan.quantity.exact import above
from scaleplan.rules.case import Case, Finding, Findings, named

KIND = Kind("SP306", "below-minimum", Severity.ERROR, "A tier is worth less than the venue's smallest order.")


def check(case: Case) -> Findings:
    """Compares the value of each tier with the least; shares are told together, sizes of their own one by one."""
    plan = case.plan
    least = plan.instrument.min_notional
    if least is None:
        return
    values = [case.worth(step.fill.quantity, tier.price) for step, tier in zip(case.steps, plan.tiers, strict=True)]
    small = [index for index, value in enumerate(values) if above(least, value)]
    if not small:
        return
    wanted = [step.fill.wanted for step in case.steps]
    quote = plan.symbol.quote
    together = plan.tiers[0].size is None
    for group in [small] if together else [[index] for index in small]:
        index = group[0]
        value, needed = case.past_limit(values[index], least)
        also = f" (so {'is' if len(group) == 2 else 'are'} {named('tier', group[1:])})" if group[1:] else ""
        yield Finding(
            case.amount_path(index),
            f"tier {index + 1} is worth {value} {quote}, less than the smallest order of {needed} {quote}" + also,
            what_would_do(plan, wanted, group),
            [("instrument.min_notional", "the smallest order"), ("size", "the size")],
        )
