"""SP403 maintenance-above-margin: the maintenance rate is at or above 1/leverage.

The margin put up is `1/leverage` of the value; a venue that wants as much as that to keep the position open closes it
as it is opened.

Silent for cross margin, with an `extra_margin`, and where a deduction lowers the maintenance: then SP402 looks at the
position itself.
"""

from collections.abc import Iterator

from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.plan import Contract, MarginMode
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.number import brief, percent
from scaleplan.rules.subject import Subject

BAD = """\
# 50x puts up 2%, and the venue wants to see 2.5%.
symbol: BTC/USDT:USDT
side: long
account: {equity: 10000 USDT, max_risk: 2%, max_margin: 2%}
leverage: 50
maintenance: 2.5%
size: 9000 USDT
tiers: [60000]
stop: 59500
"""
MENDED = """\
symbol: BTC/USDT:USDT
side: long
account: {equity: 10000 USDT, max_risk: 2%, max_margin: 2%}
leverage: 50
maintenance: 0.4%
size: 9000 USDT
tiers: [60000]
stop: 59500
"""
KIND = Kind("SP403", "maintenance-above-margin", Severity.ERROR, "The maintenance rate is at or above 1/leverage.")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare the lowest maintenance rate with 1/leverage."""
    plan = subject.plan
    if plan.margin is None or plan.contract is Contract.SPOT or plan.margin_mode is not MarginMode.ISOLATED:
        return
    rate = plan.margin.brackets[0].rate
    if rate < ONE / plan.leverage or plan.extra_margin > 0 or plan.margin.brackets[0].deduction > 0:
        return
    yield subject.finding(
        KIND,
        "maintenance" if "maintenance" in subject.places.spans else "venue.maintenance",
        f"the maintenance rate of {percent(rate)} is not below the {percent(ONE / plan.leverage)} of margin "
        f"that leverage {brief(plan.leverage)} puts up",
        f"write a leverage below {brief(ONE / rate, 4)}, or the rate as the venue prints it",
        [("leverage", "the leverage")],
    )
