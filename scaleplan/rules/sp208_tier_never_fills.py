"""SP208 tier-never-fills: no path that price can take fills a tier.

The tier waits for something that cannot come while the plan lives: a price beyond the stop, a tier that never fills
itself, a target that ends the entries on the way. Its share of the size is never bought, and every figure with all
tiers in is one that the plan never has.

Asked of the machine that walks every path, where another order of tiers than the one listed can be. Silent where a tier
simply lies beyond the stop (SP203), beyond liquidation (SP404) or behind a target (SP506).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import AfterPrice, AfterTier
from scaleplan.rules.case import Case, Finding, Findings, named

KIND = Kind("SP208", "tier-never-fills", Severity.ERROR, "No path that price can take fills a tier.")


def check(case: Case) -> Findings:
    """Looks for tiers that no path fills; the first is told, and the others are named with it."""
    if case.facts is None:
        return
    never = [index for index in range(len(case.plan.tiers)) if index not in case.facts.reached.tiers]
    if not never:
        return
    index, tier = never[0], case.plan.tiers[never[0]]
    if isinstance(tier.after, AfterPrice):
        waits = f" after {case.price(tier.after.price)} has traded"
    elif isinstance(tier.after, AfterTier):
        waits = f" after tier {tier.after.tier}"
    else:
        waits = ""
    others = f"; nor {named('tier', never[1:])}" if never[1:] else ""
    key = "after" if waits else "price"
    yield Finding(
        f"tiers[{index}].{key}",
        f"tier {index + 1} at {case.price(tier.price)}{waits} never fills: on every path the plan is over, or its "
        f"entries have ended, before{others}",
        "write what price can come to while the plan lives, or leave the tier out",
        [(case.stop_path, "the stop")],
    )
