"""SP203 tier-beyond-stop: a tier lies at or beyond the stop in force, so the plan is over before it fills.

The risk "as if all tiers fill" then counts quantity that never comes, and averages with a price that never trades.

Silent where the tiers before it are liquidated first (SP404), and on tier 1, which is measured by SP201.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.levels import reached
from scaleplan.rules.case import Case, Finding, Findings
from scaleplan.rules.sp206_price_far_off import PRICE_AWAY

KIND = Kind("SP203", "tier-beyond-stop", Severity.ERROR, "A tier lies beyond the stop and never fills.")
SILENCES = ("SP208",)


def check(case: Case) -> Findings:
    """Compares each tier with the stop in force after the tier before it."""
    plan, steps = case.plan, case.steps
    for index in range(1, len(steps)):
        stop = steps[index - 1].position.stop
        price = plan.tiers[index].price
        if stop is None or not reached(price, stop, plan.sign):
            continue
        if steps[index].position.unreachable_because == "liquidated":
            continue
        if plan.stop is not None and reached(plan.tiers[0].price, plan.stop, plan.sign):
            return
        first = plan.tiers[0].price
        help = f"move the tier {case.winning} {case.price(stop)}, or the stop {case.losing} {case.price(price)}"
        if abs(price - first) > case.limit(PRICE_AWAY) * first and not case.is_percentage(f"tiers[{index}].price"):
            help = f"check the digits: tier 1 is at {case.price(first)}"
        never = not steps[index].position.fills
        then = "the plan is stopped before it fills"
        yield Finding(
            f"tiers[{index}].price",
            f"tier {index + 1} at {case.price(price)} lies beyond the stop at {case.price(stop)}: "
            + (then if never else f"{then}, unless price comes to it before tier {index}"),
            help,
            [(case.stop_path, "the stop")],
            severity=None if never else Severity.WARNING,
        )
