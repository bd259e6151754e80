"""SP512 risk-passed-on-a-path: the size is written as a risk, and a path loses more than that.

A size such as `2% risk` is solved so that the tiers filled as listed lose that much at worst. Where price can fill them
in another order, one that moves the stop may be passed over, and the position that is left loses more than was meant.
So it may where a tier expires that moves the stop, or where a time stop closes a part with an order of its own.

Silent for other sizes, whose loss on that path stands beside the planned one, and where the loss passes `max_risk`
(SP503).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.event import EventKind
from scaleplan.plan import SizeKind
from scaleplan.quantity.exact import above
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP512", "risk-passed-on-a-path", Severity.WARNING, "A size written as a risk is passed on some path.")


def check(case: Case) -> Findings:
    """Compares the size in risk with the path that loses most."""
    plan, elsewhere = case.plan, None if case.facts is None else case.facts.worst
    planned = case.ladder.totals.risk_if_all
    if plan.size.kind is not SizeKind.RISK or elsewhere is None or elsewhere.loss is None or planned is None:
        return
    timed = any(event.kind is EventKind.TIME_STOP for event in elsewhere.events)
    help = "let `after: tier 2` make the order a part of the plan, or give tiers that can be passed over no stop move"
    if not above(elsewhere.loss, planned):
        return
    lost, meant = case.money_apart(elsewhere.loss, planned)
    yield Finding(
        "size",
        f"on another path than planned the plan loses {lost} {plan.settle}, more than the {meant} of its size: "
        f"{case.in_words(elsewhere.events)}",
        "let the time stop close all that is held, or write a smaller size" if timed else help,
    )
