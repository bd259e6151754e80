"""SP503 risk-above-limit: the worst planned loss is more than the account's `max_risk`.

The loss counts every tier as filled, entry fees, exit fee and slippage in: the first tranche alone says nothing about
what the plan can lose. Where another path loses more (tiers filled in another order or expired, a time stop, a
liquidation), that counts.

Silent without a `max_risk`, and where the size is solved to be just that risk.
"""

from decimal import Decimal

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.plan import Contract, SizeKind
from scaleplan.quantity.exact import above
from scaleplan.quantity.number import plain
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP503", "risk-above-limit", Severity.ERROR, "The worst planned loss passes max_risk.")
SILENCES = ("SP510", "SP512")


def check(case: Case) -> Findings:
    """Compares the worst loss, of the tiers as listed and of any path, with the limit."""
    totals, elsewhere = case.ladder.totals, case.ladder.elsewhere
    most, lost = case.plan.account.max_risk, case.ladder.most_lost
    if most is None or lost is None or not above(lost, most):
        return
    loss, limit = case.past_limit(lost, most)
    if elsewhere is not None and elsewhere.loss == lost:
        who = f"on another path than planned the plan loses {loss} {case.plan.settle}"
        path = f": {case.in_words(elsewhere.events)}"
    elif lost != totals.risk:
        who, path = f"if every tier fills as listed the plan loses {loss} {case.plan.settle}", ""
    else:
        who, path = f"the planned loss is {loss} {case.plan.settle}", ""
    yield Finding(
        "size",
        f"{who}, more than the {limit} of max_risk{case.against(lost, most)}{path}",
        _help(case, most, lost),
        [("account.max_risk", "the limit")],
    )


def _help(case: Case, most: Decimal, lost: Decimal) -> Help:
    """What brings the loss down, and the size that is as much risk as may be, where that is all there is to change."""
    typed = case.places.text("account.max_risk")
    if most < 1 and most * 100 < 100 and typed == plain(most) and case.plan.contract is not Contract.INVERSE:
        share = f"{plain(most * 100)}%"
        words = f"write `{share}` as the limit, if that is meant by {typed}: a bare number is {case.plan.settle}"
        return case.putting(words, "account", "max_risk", share)
    smaller, by_size = case.smaller(most, lost)
    if not by_size:
        return Help(smaller)
    if case.plan.stop is None or case.plan.size.kind is SizeKind.RISK:
        return Help(smaller + (", or bring the stop nearer" if case.plan.stop is not None else ""))
    totals = case.ladder.totals
    if totals.risk_if_all is None or above(lost, totals.risk_if_all):
        # A size in risk is solved for the tiers as listed: this loss would pass it again.
        return Help(f"{smaller}, or bring the stop nearer")
    divided = case.plan.tiers[0].size is None and lost == totals.risk
    size = f"{typed or plain(most)} risk"
    return Help(f"{smaller}, write the size as risk (`{size}`), or bring the stop nearer", (size,) if divided else ())
