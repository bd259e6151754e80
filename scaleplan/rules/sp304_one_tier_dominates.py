"""SP304 one-tier-dominates: one of three or more tiers holds more than 60% of the size.

The average entry is then close to that tier's price whatever the others do: the plan scales in name only.

Counted in what the shares divide, or in money where the tiers have sizes of their own. Silent for one or two tiers.
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import ZERO, above, as_decimal
from scaleplan.quantity.number import percent
from scaleplan.rules.case import Case, Finding, Findings, Threshold

KIND = Kind("SP304", "one-tier-dominates", Severity.WARNING, "One of three or more tiers holds more than 60%.")
#: Above this the other tiers together move the average by less than half of their distance.
TIER_SHARE = Threshold("tier_share", Decimal("0.6"))


def check(case: Case) -> Findings:
    """Compares each tier with the whole."""
    if len(case.plan.tiers) < 3:
        return
    parts = _parts(case)
    whole, most = sum(parts, ZERO), case.limit(TIER_SHARE)
    for index, part in enumerate(parts):
        if not above(part, most * whole):
            continue
        yield Finding(
            case.amount_path(index),
            f"tier {index + 1} holds {percent(part / whole)} of the size, more than {percent(most)}",
            "spread the size, or plan fewer tiers",
        )


def _parts(case: Case) -> list[Decimal]:
    plan = case.plan
    shares = [as_decimal(tier.share) for tier in plan.tiers if tier.share is not None]
    if shares:
        return shares
    return [case.worth(step.fill.wanted, tier.price) for step, tier in zip(case.steps, plan.tiers, strict=True)]
