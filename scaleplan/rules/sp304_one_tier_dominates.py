"""SP304 one-tier-dominates: one of three or more tiers holds more than 60% of the size.

The average entry is then close to that tier's price whatever the others do: the plan scales in name only.

Counted in what the shares divide, or in money where the tiers have sizes of their own. Silent for one or two tiers.
"""

from collections.abc import Iterator
from decimal import Decimal

from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.plan import Contract
from scaleplan.quantity.exact import ZERO, above, as_decimal
from scaleplan.quantity.number import percent
from scaleplan.rules.subject import Subject

KIND = Kind("SP304", "one-tier-dominates", Severity.WARNING, "One of three or more tiers holds more than 60%.")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare each tier with the whole."""
    if len(subject.plan.tiers) < 3:
        return
    parts = _parts(subject)
    whole, most = sum(parts, ZERO), subject.thresholds.tier_share
    for index, part in enumerate(parts):
        if not above(part, most * whole):
            continue
        yield subject.finding(
            KIND,
            f"tiers[{index}].share" if subject.plan.tiers[index].size is None else f"tiers[{index}].size",
            f"tier {index + 1} holds {percent(part / whole)} of the size, more than {percent(most)}",
            "spread the size, or plan fewer tiers",
        )


def _parts(subject: Subject) -> list[Decimal]:
    plan = subject.plan
    shares = [as_decimal(tier.share) for tier in plan.tiers if tier.share is not None]
    if shares:
        return shares
    quantities = [step.fill.wanted for step in subject.ladder.steps]
    if plan.contract is Contract.INVERSE:
        return quantities
    return [quantity * tier.price for quantity, tier in zip(quantities, plan.tiers, strict=True)]
