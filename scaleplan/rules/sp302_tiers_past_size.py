"""SP302 tiers-past-size: the tiers' own sizes together pass `size`, the most that the plan may ever hold.

They are compared as notional at the tiers' prices. Either a tier is too large, or the size no longer says what is
meant.

Silent where the tiers have shares, where the plan has no `size` of its own, and where that is written as risk.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.sizing import quantities, size_notional
from scaleplan.plan import SizeKind
from scaleplan.plan.sizes import at_prices
from scaleplan.quantity.exact import above
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP302", "tiers-past-size", Severity.ERROR, "The tiers' own sizes together pass the size of the plan.")


def check(case: Case) -> Findings:
    """Compares the sum of the tiers with the size."""
    plan = case.plan
    if not plan.size.text or plan.tiers[0].size is None or plan.size.kind is SizeKind.RISK:
        return
    together, most = at_prices(plan, quantities(plan)), size_notional(plan)
    if not above(together, most):
        return
    first, second = case.past_limit(together, most)
    yield Finding(
        "size",
        f"the tiers together are {first} {plan.symbol.quote}, more than the size of {second} {plan.symbol.quote}",
        "make the tiers smaller, or the size larger",
        [("tiers", "the tiers")],
    )
