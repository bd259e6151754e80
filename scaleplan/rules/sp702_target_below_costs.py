"""SP702 target-below-costs: a target wins in price and loses in money, because its gain does not cover its costs.

The part that it closes has paid to be entered and pays to be closed; a target nearer than the breakeven only trades for
the venue.

Looked at with all tiers filled. Silent for a target on the losing side of the average entry, which no costs explain
(SP202).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.position import costs_of
from scaleplan.quantity.exact import same
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP702", "target-below-costs", Severity.WARNING, "A target does not cover its costs.")
SILENCES = ("SP508",)


def check(case: Case) -> Findings:
    """Looks at the net result of each target's own part."""
    plan = case.plan
    for done, target in zip(case.ladder.exits, plan.targets, strict=True):
        if done.pnl >= 0 or done.quantity <= 0 or plan.sign * (done.price - done.held.average_entry) <= 0:
            continue
        costs = costs_of(plan)
        even = done.held.part(done.quantity).breakeven(costs.charge(target.order))
        if even is None or same(done.fill_price, even):
            continue
        price, needed = case.prices_apart(done.fill_price, even)
        yield Finding(
            f"targets[{done.target - 1}].price",
            f"target {done.target} fills at {price} and breaks even at {needed}: "
            f"costs in, it loses {case.money(-done.pnl)} {plan.settle}",
            f"move it well beyond {needed}, or leave it out",
        )
