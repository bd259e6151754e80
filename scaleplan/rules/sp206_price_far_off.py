"""SP206 price-far-off: a price lies more than half of tier 1's price away from it.

Most often a digit is missing or too many: 6000 for 60000. Looked at are the prices of tiers and targets, what a tier
waits for, the stop and the invalidation; of a ladder written short, its ends.

Silent for prices in R, for the targets of a spot long up to twice tier 1's price (coins and stocks are held for
that), and where the order of prices is wrong as well, so that an SP20x error stands at the same place.
"""

from collections.abc import Iterator
from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import AfterPrice, Contract
from scaleplan.quantity.number import brief, percent
from scaleplan.quantity.price import Fixed
from scaleplan.rules import (
    sp201_stop_on_winning_side,
    sp202_target_on_losing_side,
    sp203_tier_beyond_stop,
    sp204_targets_out_of_order,
)
from scaleplan.rules.case import Case, Finding, Threshold

KIND = Kind("SP206", "price-far-off", Severity.WARNING, "A price is more than 50% away from tier 1's.")
#: a lost digit moves a price by 90%, a wrong leading one mostly by more than this; few plans span as much.
PRICE_AWAY = Threshold("price_away", Decimal("0.5"))
_CAUSES = (sp201_stop_on_winning_side, sp202_target_on_losing_side, sp203_tier_beyond_stop, sp204_targets_out_of_order)


def check(case: Case) -> Iterator[Finding]:
    """Compare every written price with tier 1's."""
    far = [path for path, price in _prices(case) if _away(case, path, price) > case.limit(PRICE_AWAY)]
    if not far:
        return
    told = {case.places.nearest(found.path) for cause in _CAUSES for found in cause.check(case)}
    first = case.plan.tiers[0].price
    for path, price in _prices(case):
        if path not in far or path in told or path not in case.places.spans:
            continue
        told.add(path)
        yield Finding(
            path,
            f"{brief(price)} is {percent(abs(price - first) / first)} away from tier 1's {brief(first)}",
            "check the digits",
            [("tiers[0].price", "tier 1"), ("tiers.from", "tier 1")],
        )


def _prices(case: Case) -> Iterator[tuple[str, Decimal]]:
    plan = case.plan
    for index, tier in enumerate(plan.tiers):
        yield f"tiers[{index}].price", tier.price
        if isinstance(tier.after, AfterPrice):
            yield f"tiers[{index}].after", tier.after.price
    yield "tiers.to", plan.tiers[-1].price
    fixed = [
        (index, target.price.price) for index, target in enumerate(plan.targets) if isinstance(target.price, Fixed)
    ]
    yield from ((f"targets[{index}].price", price) for index, price in fixed)
    if fixed:
        yield "targets.from", fixed[0][1]
        yield "targets.to", fixed[-1][1]
    yield from ((path, level) for path, level in (("stop", plan.stop), ("invalidation", plan.invalidation)) if level)


def _away(case: Case, path: str, price: Decimal) -> Decimal:
    first = case.plan.tiers[0].price
    upside = path.startswith("targets") and case.plan.contract is Contract.SPOT and price > first
    return abs(price - first) / (price if upside else first)
