"""SP410 needless-leverage: less than half of the leverage would carry the plan within its margin limit.

With isolated margin a lower setting moves liquidation away and costs nothing but margin that is there anyway. Measured
in whole steps against `max_margin`, else against a quarter of the equity.

Silent without either of them, for spot and for cross margin, where the setting moves no liquidation, with an
`extra_margin`, where the size is written as margin, which the leverage multiplies, and where a broker asks for a fixed
margin for each contract.
"""

from collections.abc import Iterator
from decimal import ROUND_CEILING

from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.plan import Contract, MarginMode, SizeKind
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.number import brief, percent
from scaleplan.rules.subject import Subject

KIND = Kind("SP410", "needless-leverage", Severity.NOTE, "Less than half of the leverage would carry the plan.")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare the leverage with the least whole one at which the margin fits."""
    plan, account = subject.plan, subject.plan.account
    most = account.max_margin
    if most is None and account.equity is not None:
        most = subject.thresholds.margin_of_equity * account.equity
    if not most or plan.contract is Contract.SPOT or plan.margin_mode is not MarginMode.ISOLATED:
        return
    if plan.initial_per_contract is not None or plan.extra_margin != 0:
        return
    if plan.size.kind is SizeKind.MARGIN or any(_in_margin(subject)):
        return
    margin = subject.ladder.steps[-1].position.initial_margin
    value = margin * plan.leverage
    least = max((value / most).to_integral_value(ROUND_CEILING), ONE)
    if plan.leverage <= subject.thresholds.leverage_times * least:
        return
    limit = f"the max_margin of {brief(most)}"
    if account.max_margin is None:
        limit = f"{percent(subject.thresholds.margin_of_equity)} of the equity, {brief(most)}"
    yield subject.finding(
        KIND,
        "leverage",
        f"the leverage is {brief(plan.leverage)}, and {brief(least)} would do: a margin of {brief(value / least)} "
        f"{plan.settle} within {limit}",
        f"set {brief(least)} on the venue, or little more: liquidation then lies further away",
        [("account.max_margin", "the limit")],
    )


def _in_margin(subject: Subject) -> Iterator[bool]:
    return (tier.size is not None and tier.size.kind is SizeKind.MARGIN for tier in subject.plan.tiers)
