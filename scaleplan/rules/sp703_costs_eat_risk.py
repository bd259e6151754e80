"""SP703 costs-eat-risk: fees and slippage are more than a tenth of 1R.

With a stop so near, trading itself takes a large part of what is risked, and the same again of every R that is won.
Larger size does not help: fees grow with it.

Counted at the stop after the tiers that lose most: entry fees, exit fee and slippage, against 1R. Silent without a
stop, and where the plan cannot lose.
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.ladder.totals import costs_if_stopped
from scaleplan.quantity.exact import above
from scaleplan.quantity.number import percent
from scaleplan.rules.case import Case, Finding, Findings, Threshold, at_least

KIND = Kind("SP703", "costs-eat-risk", Severity.WARNING, "Costs are more than a tenth of 1R.")
#: A tenth of what is risked paid for trading takes a tenth of every R that is won, too.
COSTS_OF_R = Threshold("costs_of_r", Decimal("0.1"))


def check(case: Case) -> Findings:
    """Takes the loss at the levels from the loss with costs."""
    plan, totals, most = case.plan, case.ladder.totals, case.limit(COSTS_OF_R)
    costs, one_r = costs_if_stopped(plan, case.ladder), totals.r
    if costs is None or one_r is None or one_r <= 0 or totals.risk is None or totals.risk <= 0:
        return
    if not above(costs, most * one_r):
        return
    yield Finding(
        case.stop_path,
        f"costs at the stop are {case.money(costs)} {plan.settle}, {at_least(costs / one_r)} of 1R, which is "
        f"{case.money(one_r)}: more than {percent(most)}",
        "put the stop further away with a smaller size, or enter with limit orders",
        [("fees", "the fees"), ("slippage", "the slippage")],
    )
