"""What whole lots leave of the plan: whether they take anything away, and the shares of the tiers that remain."""

from decimal import Decimal

from scaleplan.ladder import Ladder
from scaleplan.plan import Contract, Divides, Plan
from scaleplan.report.figures import part, share
from scaleplan.report.rounding import CONTEXT

#: What is smaller than this part of a quantity is the fiftieth digit of a quotient.
_NOISE = Decimal("1e-30")


def took_away(ladder: Ladder) -> bool:
    """Whether a tier is less than planned, because orders go down to whole lots."""
    return any(
        CONTEXT.subtract(step.fill.wanted, step.fill.quantity) > _NOISE * step.fill.wanted for step in ladder.steps
    )


def shares_of(plan: Plan, ladder: Ladder) -> list[str]:
    """Each tier's share as written; after rounding to lots, in what the shares divide; empty for a tier with a size."""
    written = [share(tier.share) if tier.share is not None else "" for tier in plan.tiers]
    if not all(written) or not took_away(ladder):
        return written
    by_money = plan.size.kind.divides is Divides.NOTIONAL and plan.contract is not Contract.INVERSE
    held = [
        CONTEXT.multiply(step.fill.quantity, tier.price) if by_money else step.fill.quantity
        for tier, step in zip(plan.tiers, ladder.steps, strict=True)
    ]
    return [part(one, sum(held, Decimal(0))) for one in held]
