"""SP606 no-limits: the account says nowhere how much a plan may lose or carry.

Limits that are written are held: `max_risk` for the worst planned loss, `max_margin` and `max_leverage` for what is
tied up and carried. Without them every size is as good as any other. One line for all that are missing.

The first is asked for, the other two only where it is missing too. Silent where the size is written as risk: then the
size is the limit. Without an account (one that only `--equity` makes for a run is none) silent for spot, which cannot
lose more than its size.
"""

from decimal import ROUND_CEILING, Context, Decimal

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.plan import Contract, SizeKind
from scaleplan.quantity.number import brief, percent, plain
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
    """Returns limits as an example, wide enough for the plan as it is: the trader makes them narrower, or the plan."""
    lost, account = case.ladder.most_lost, case.plan.account
    if lost is None:
        share = f"{_USUAL}%"
    elif written and account.equity is None:
        share = f"{plain(Context(prec=2, rounding=ROUND_CEILING).plus(lost))} {case.plan.settle}"
    else:
        equity = account.equity or Decimal(case.example_equity.partition(" ")[0])
        share = f"{max(_USUAL, (lost / equity * 100).to_integral_value(ROUND_CEILING))}%"
    if written and lost is None and account.equity is None:
        return Help(f"add `equity: {case.example_equity}` and `max_risk: {share}` under `account:`")
    if written:
        return case.putting(f"add `max_risk: {share}`", "account", "max_risk", share)
    # The equity of the example is ten times the plan: it carries less than 1x.
    inside = f"{{equity: {case.example_equity}, max_risk: {share}, max_leverage: 2}}"
    return case.putting(f"add `account: {inside}`", "", "account", inside)


def _is_written(case: Case) -> bool:
    """Returns whether there is an account that the trader keeps, not one made by an option for this run."""
    span = case.places.spans.get("account")
    return span is not None and not span.source.name.startswith("--")
