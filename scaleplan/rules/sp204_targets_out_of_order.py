"""SP204 targets-out-of-order: a target lies nearer than the one before it.

Targets are hit in the order listed. A nearer one that is listed later is passed over until the one before it is hit,
and then acts at once, at a price that nobody planned: the table's closes and results are not those of the market.

Prices are compared with all tiers filled, because targets in R move with the average entry. Silent for two targets at
one price (SP210), and where the later one takes a loss (SP202 names the cause).
"""

from itertools import pairwise

from scaleplan.diagnostic import Kind, Severity
from scaleplan.ladder.tape import walk
from scaleplan.quantity.exact import same
from scaleplan.rules.case import Case, Finding, Findings
from scaleplan.rules.sp202_target_on_losing_side import losers

KIND = Kind("SP204", "targets-out-of-order", Severity.ERROR, "A target lies nearer than the one before it.")


def check(case: Case) -> Findings:
    """Compares each target's price, with all tiers filled, with the one before it."""
    sign = case.plan.sign
    for before, after in pairwise(walk(case.ladder.machine, case.steps[-1].state).exits):
        if sign * (after.price - before.price) >= 0 or same(after.price, before.price):
            continue
        if after.target - 1 in losers(case):
            continue
        near, far = case.prices_apart(after.price, before.price)
        yield Finding(
            f"targets[{after.target - 1}].price",
            f"target {after.target} at {near} comes before target {before.target} at {far} for a {case.plan.side}",
            "list the targets in the order in which price meets them",
            [(f"targets[{before.target - 1}].price", f"target {before.target}")],
        )
