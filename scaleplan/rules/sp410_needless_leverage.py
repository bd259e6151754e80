"""SP410 needless-leverage: less than half of the leverage would carry the plan within its margin limit.

With isolated margin a lower setting moves liquidation away and costs nothing but margin that is there anyway. Measured
in whole steps against `max_margin`, else against a quarter of the equity.

Silent without either of them, for spot and for cross margin, where the setting moves no liquidation, with an
`extra_margin`, where the size is written as margin, which the leverage multiplies, and where a broker asks for a fixed
margin for each contract.
"""

from decimal import ROUND_CEILING, Decimal

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.plan import SizeKind
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.number import brief, percent, plain
from scaleplan.rules.case import Case, Finding, Findings, Threshold

KIND = Kind("SP410", "needless-leverage", Severity.NOTE, "Less than half of the leverage would carry the plan.")
#: Below twice the leverage that would do: venues offer whole steps, and some room is wanted.
LEVERAGE_TIMES = Threshold("leverage_times", Decimal(2))
#: What a plan may tie up where no `max_margin` says so; the other plans of an account need the rest.
MARGIN_OF_EQUITY = Threshold("margin_of_equity", Decimal("0.25"))


def check(case: Case) -> Findings:
    """Compares the leverage with the least whole one at which the margin fits."""
    plan, account = case.plan, case.plan.account
    most = account.max_margin
    if most is None and account.equity is not None:
        most = case.limit(MARGIN_OF_EQUITY) * account.equity
    if not most or not plan.is_isolated:
        return
    if plan.initial_per_contract is not None or plan.extra_margin != 0:
        return
    sizes = [plan.size, *(tier.size for tier in plan.tiers if tier.size is not None)]
    if any(size.kind is SizeKind.MARGIN for size in sizes):
        return
    value = case.steps[-1].position.initial_margin * plan.leverage
    least = max((value / most).to_integral_value(ROUND_CEILING), ONE)
    if plan.leverage <= case.limit(LEVERAGE_TIMES) * least:
        return
    limit = f"the max_margin of {brief(most)}"
    if account.max_margin is None:
        limit = f"{percent(case.limit(MARGIN_OF_EQUITY))} of the equity, {brief(most)}"
    yield Finding(
        "leverage",
        f"{brief(plan.leverage)}x is set, and {brief(least)}x would do: a margin of {case.money(value / least)} "
        f"{plan.settle} within {limit}",
        Help(f"set {brief(least)} on the venue, or little more: liquidation then lies further away", (plain(least),)),
        [("account.max_margin", "the limit")],
    )
