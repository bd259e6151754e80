"""SP510 large-loss: the worst planned loss is more than a tenth of the equity.

Seven such losses in a row take half of the account, and a streak of seven is nothing unusual. Those who teach position
sizing stay at one or two percent.

Silent without an equity, where SP503 says that the account's own limit is passed, and for spot without a stop, where
the figure is the whole cost.
"""

from decimal import Decimal

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.plan import Contract
from scaleplan.quantity.exact import above
from scaleplan.quantity.number import brief, percent
from scaleplan.rules.case import Case, Finding, Findings, Threshold, at_least

KIND = Kind("SP510", "large-loss", Severity.WARNING, "The worst planned loss is more than a tenth of the equity.")
#: Seven such losses in a row take half of the account, and streaks of seven are ordinary.
RISK_OF_EQUITY = Threshold("risk_of_equity", Decimal("0.1"))


def check(case: Case) -> Findings:
    """Compares the worst planned loss with the equity."""
    plan, risk = case.plan, case.ladder.most_lost
    equity, most = plan.account.equity, case.limit(RISK_OF_EQUITY)
    if not equity or risk is None or not above(risk, most * equity):
        return
    if plan.stop is None and plan.contract is Contract.SPOT:
        return
    what = "the planned loss is" if risk == case.ladder.totals.risk else "the plan loses up to"
    yield Finding(
        "size",
        f"{what} {case.money(risk)} {plan.settle}, {at_least(risk / equity)} of the equity of "
        f"{brief(equity)}: more than {percent(most)} on one idea",
        _help(case, *case.smaller(most * equity, risk)),
        [("account.equity", "the equity")],
    )


def _help(case: Case, smaller: str, by_size: bool) -> Help:  # noqa: FBT001 - the fields of a record
    """Returns what brings the loss down, with the size that is risk where no tier has a size of its own."""
    if case.plan.stop is None or not by_size:
        return Help(smaller)
    whole = case.plan.tiers[0].size is None and case.ladder.elsewhere is None
    return Help(f"{smaller}, or write the size as risk: `2% risk`", ("2% risk",) if whole else ())
