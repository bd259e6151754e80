"""SP606 no-limits: the account says nowhere how much a plan may lose or carry.

Limits that are written are held: `max_risk` for the worst planned loss, `max_margin` and `max_leverage` for what is
tied up and carried. Without them every size is as good as any other. One line for all that are missing.

The first is asked for, the other two only where it is missing too. Silent where the size is written as risk: then the
size is the limit. Without an account (one that only `--equity` makes for a run is none) silent for spot, which cannot
lose more than its size.
"""

from decimal import Decimal

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.plan import Contract, SizeKind
from scaleplan.quantity.number import brief, percent
from scaleplan.rules.case import Case, Finding, Findings

_USUAL = Decimal(2)
KIND = Kind("SP606", "no-limits", Severity.WARNING, "The account sets no limits.")


def check(case: Case) -> Findings:
    """Collects the limits that are missing."""
    plan, account = case.plan, case.plan.account
    if account.max_risk is not None or plan.size.kind is SizeKind.RISK:
        return
    spot = plan.contract is Contract.SPOT
    written = _is_written(case)
    if spot and not written:
        return
    missing = "max_risk"
    if not spot and account.max_margin is None and account.max_leverage is None:
        missing = "max_risk, max_margin or max_leverage"
    totals = case.ladder.totals
    known = totals.risk is not None and not plan.is_misplaced
    loss = "what is lost"
    if totals.risk is not None and known:
        loss = f"a loss of {case.money(totals.risk)} {plan.settle}"
    if totals.risk_fraction is not None and known:
        loss += f" ({percent(totals.risk_fraction)} of equity)"
    carries = "" if spot or plan.initial_per_contract is not None else f" with {brief(plan.leverage)}x set"
    unknown = "" if totals.risk is not None else ", and without `equity` not how much that is"
    yield Finding(
        "account",
        f"the {'account has no' if written else 'plan has no account with'} {missing}: nothing says whether "
        f"{loss}{carries} is too much{unknown}",
        _help(case, written=written),
        [("size", "the size")],
    )


def _help(case: Case, *, written: bool) -> Help:
    """Returns the form of the limits: what the account holds, and what may be lost of it, only the trader knows."""
    if not written:
        return Help("add `account: {equity: ..., max_risk: ..., max_leverage: ...}` with your own figures")
    if case.plan.account.equity is None:
        return Help("add `equity`, what the account holds, and `max_risk`, what may be lost of it, under `account:`")
    return Help("add `max_risk` under `account:`: what this plan may lose, as money or as a share of the equity")


def _is_written(case: Case) -> bool:
    """Returns whether there is an account that the trader keeps, not one made by an option for this run."""
    span = case.places.spans.get("account")
    return span is not None and not span.source.name.startswith("--")
