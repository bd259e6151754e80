"""SP412 maintenance-rises: a tier takes the position into a bracket that asks for more maintenance.

From there on the venue wants to see a larger part of the value as margin, and liquidation comes nearer than the rate of
the first tier says: a calculator that is asked about one tier does not show it.

The bracket is the one that decides where the position is liquidated, by its value there where the venue goes by the
mark value. The price that is given for comparison is that of the whole position at the first tier's bracket. The plan's
own figures have the brackets in. Silent where liquidation is unknown or none.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.margin import initial_margin, liquidation_of
from scaleplan.plan import Contract
from scaleplan.quantity.number import percent
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP412", "maintenance-rises", Severity.NOTE, "A tier takes the position into a dearer bracket.")


def check(case: Case) -> Findings:
    """Follows the bracket that decides from tier to tier."""
    plan, steps = case.plan, case.steps
    if plan.margin is None or plan.contract is Contract.SPOT or len(plan.margin.brackets) == 1 or len(steps) == 1:
        return
    brackets = plan.margin.brackets
    numbers = [step.position.liquidation.bracket for step in steps]
    start, end = numbers[0], numbers[-1]
    if not start or not end or brackets[end - 1].rate <= brackets[start - 1].rate:
        return
    index = next(index for index, number in enumerate(numbers) if number > start)
    position = case.position_after(len(steps) - 1)
    flat = (*brackets[: start - 1], brackets[start - 1]._replace(up_to=None))
    at_first = liquidation_of(
        plan._replace(margin=plan.margin._replace(brackets=flat)), position, initial_margin(plan, position)
    )
    actual = steps[-1].position.liquidation.price
    nearer, rate = "", percent(brackets[start - 1].rate)
    if actual is not None and at_first.price is not None:
        here, there = case.prices_apart(actual, at_first.price)
        by = case.price(abs(actual - at_first.price))
        nearer = f": at full size liquidation is at {here}, {by} nearer than {there} at {rate}"
    elif actual is not None:
        nearer = f": at full size liquidation is at {case.price(actual)}, and at {rate} nowhere"
    rates = f"from {rate} to {percent(brackets[numbers[index] - 1].rate)}"
    if numbers[index] != end:
        rates += f", later tiers to {percent(brackets[end - 1].rate)}"
    yield Finding(
        f"tiers[{index}].price",
        f"tier {index + 1} takes the position into bracket {numbers[index]} of {len(brackets)}: maintenance rises "
        f"{rates}{nearer}",
        "nothing to mend where that room is enough; a smaller size stays in the bracket before",
        [(f"{case.maintenance_path}[{numbers[index] - 1}]", "the bracket")],
    )
