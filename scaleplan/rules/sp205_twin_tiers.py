"""SP205 twin-tiers: two tiers at one price with the same order, and nothing that tells them apart.

Both fill at the same moment: the second is no tier of its own, and what it was meant to wait for is lost. Two that
lie 0.005% apart, where the others lie ten times as far, are a warning: most often a digit is wrong (59999 for 59000).

Silent where only one of them waits (`after`), or each for something else: a retest of the first tier's price is a
tier of its own. Silent for market orders with different triggers, which are sent at different times.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Order
from scaleplan.quantity.number import plain
from scaleplan.rules.case import Case, Finding, Findings, near_twins

KIND = Kind("SP205", "twin-tiers", Severity.ERROR, "Two tiers have the same price and order, and fill as one.")


def check(case: Case) -> Findings:
    """Compares each tier with those before it."""
    seen: dict[object, int] = {}
    for index, tier in enumerate(case.plan.tiers):
        trigger = tier.trigger if tier.order is Order.MARKET else ""
        first = seen.setdefault((tier.price, tier.order, tier.after, trigger), index)
        if first == index:
            continue
        at = case.price(tier.price)
        yield Finding(
            f"tiers[{index}].price",
            f"tiers {first + 1} and {index + 1} are both a {tier.order} order at {at}: they fill as one",
            "make them one tier, or say with `after` what the second waits for",
            [(f"tiers[{first}].price", f"tier {first + 1}")],
        )
    prices = [tier.price for tier in case.plan.tiers]
    for index in near_twins(prices):
        before, tier = case.plan.tiers[index - 1], case.plan.tiers[index]
        if (before.order, before.after) != (tier.order, tier.after) or case.is_in_steps(f"tiers[{index}].price"):
            continue
        yield Finding(
            f"tiers[{index}].price",
            f"tiers {index} and {index + 1} lie {case.price(abs(before.price - tier.price))} apart, at "
            f"{plain(before.price)} and {plain(tier.price)}: they fill almost as one",
            "check the digits, or make them one tier",
            [(f"tiers[{index - 1}].price", f"tier {index}")],
            severity=Severity.WARNING,
        )
