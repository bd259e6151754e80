"""SP201 stop-on-winning-side: the stop, or the invalidation, lies where the trade would be winning.

A long is wrong below its entry and a short above it. A stop on the other side would close the position as soon as it
is opened, and every figure that is measured by the stop (R, risk, size by risk) means nothing.

Silent where there is no stop on purpose (`stop: none`).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP201", "stop-on-winning-side", Severity.ERROR, "The stop lies on the winning side of tier 1.")
SILENCES = ("SP501", "SP502", "SP504", "SP505", "SP508", "SP701", "SP703")
#: A stop or an invalidation that could not be read is absent, and tier 1 is at its own price whatever else is wrong.
NEEDS = ("side",)


def check(case: Case) -> Findings:
    """Compares stop and invalidation with tier 1's price."""
    plan = case.plan
    first = plan.tiers[0].price
    seen = set()
    for path, level in ((case.stop_path, plan.stop), ("invalidation", plan.invalidation)):
        if level is None or path in seen or plan.sign * (first - level) > 0:
            continue
        seen.add(path)
        side = "at" if level == first else f"{case.winning}"
        yield Finding(
            path,
            f"the {path} of this {plan.side} is {case.price(level)}, {side} tier 1's {case.price(first)}",
            f"write a price {case.losing} {case.price(first)}, or is it a {'short' if plan.sign > 0 else 'long'}?",
            [("tiers[0].price", "tier 1"), ("side", "the side")],
        )
