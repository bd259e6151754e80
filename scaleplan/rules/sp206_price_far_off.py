"""SP206 price-far-off: a price lies more than half of tier 1's price away from it.

Most often a digit is missing or too many: 6000 for 60000. Looked at are the prices of tiers and targets, what a tier
waits for, the stop and the invalidation; of a ladder written short, its ends.

Silent for prices written as a distance (`+120%`, `4R`), in which no digit of a price is lost; for the targets of a spot
long up to twice tier 1's price (coins and stocks are held for that); and where the order of prices is wrong as well, so
that an SP20x error stands at the same place.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import AfterPrice, Contract, Target, Tier
from scaleplan.quantity.number import percent
from scaleplan.quantity.price import Fixed
from scaleplan.rules import (
    sp201_stop_on_winning_side,
    sp202_target_on_losing_side,
    sp203_tier_beyond_stop,
    sp204_targets_out_of_order,
)
from scaleplan.rules.case import Case, Finding, Findings, Threshold, named

KIND = Kind("SP206", "price-far-off", Severity.WARNING, "A price is more than 50% away from tier 1's.")
#: A lost digit moves a price by 90%, a wrong leading one mostly by more than this; few plans span as much.
PRICE_AWAY = Threshold("price_away", Decimal("0.5"))
_CAUSES = (sp201_stop_on_winning_side, sp202_target_on_losing_side, sp203_tier_beyond_stop, sp204_targets_out_of_order)


class Price(NamedTuple):
    """A price that stands still.

    `path` is that of its row, `place` where it is written: the ends of a ladder written short are its first and last.
    `who` is whose it is in words; `row` is the tier or target whose own price it is, from 0.
    """

    path: str
    place: str
    who: str
    price: Decimal
    row: int | None = None


def check(case: Case) -> Findings:
    """Compares every written price with tier 1's."""
    plan, most = case.plan, case.limit(PRICE_AWAY)
    first = plan.tiers[0].price
    found: dict[str, Decimal] = {}
    for path, place, _, price, _ in fixed_prices(case):
        upside = path.startswith("targets") and plan.contract is Contract.SPOT and price > first
        away = abs(price - first)
        if away / (price if upside else first) <= most or path.endswith("].stop") or case.is_percentage(place):
            continue
        if place in case.places.spans:
            found.setdefault(place, price)
    for cause in _CAUSES if found else ():
        for finding in cause.check(case):
            found.pop(case.places.nearest(finding.path), None)
    for place, price in found.items():
        yield Finding(
            place,
            f"{case.price(price)} is {percent(abs(price - first) / first)} away from tier 1's {case.price(first)}",
            "check the digits",
            [("tiers[0].price", "tier 1"), ("tiers.from", "tier 1")],
        )


def fixed_prices(case: Case) -> Iterator[Price]:
    """Yields every price of the plan that does not move with the position."""
    plan, spans = case.plan, case.places.spans
    owners: tuple[tuple[str, tuple[Tier | Target, ...]], ...] = (("tiers", plan.tiers), ("targets", plan.targets))
    for owner, rows in owners:
        ends = {0: f"{owner}.from", len(rows) - 1: f"{owner}.to"} if f"{owner}.from" in spans else {}
        for index, row in enumerate(rows):
            path, who = f"{owner}[{index}]", named(owner.removesuffix("s"), [index])
            price = row.price.price if isinstance(row.price, Fixed) else row.price
            if isinstance(price, Decimal):
                yield Price(f"{path}.price", ends.get(index, f"{path}.price"), who, price, index)
            if isinstance(row, Tier) and isinstance(row.after, AfterPrice):
                yield Price(f"{path}.after", f"{path}.after", f"what {who} waits for", row.after.price)
            if isinstance(row.stop, Fixed):
                yield Price(f"{path}.stop", f"{path}.stop", f"the stop of {who}", row.stop.price)
    if plan.stop is not None:
        yield Price("stop", case.stop_path, "the stop", plan.stop)
    if plan.invalidation is not None:
        yield Price("invalidation", "invalidation", "the invalidation", plan.invalidation)
