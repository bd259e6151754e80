"""SP608 tier-waits: a tier becomes live where its order would execute at once.

A limit that price has passed already, or a stop order that is triggered already, is no plan for a price: placed then,
it fills where the market is. It is counted so: it waits until the tier before it has filled, and then fills at the
price of that moment, not at its own.

Asked of the machine that walks every path. Silent for tier 1, which is filled where the plan begins, and
for tiers that no path fills (SP208).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Order
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP608", "tier-waits", Severity.WARNING, "A tier becomes live where its order would execute at once.")


def check(case: Case) -> Findings:
    """Reports every tier that the machine had to hold back."""
    # What never fills waits in vain, which is told elsewhere.
    waits = case.facts.waits & case.facts.reached.tiers if case.facts is not None else frozenset[int]()
    # Tier 1 waits for nothing, and is filled where the plan begins.
    for index in sorted(waits - {0}):
        tier = case.plan.tiers[index]
        other = Order.STOP if tier.order is Order.LIMIT else Order.LIMIT
        # A limit is live where price still has to come back to it, a stop order where price has to go on.
        beyond = case.winning if tier.order is Order.LIMIT else case.losing
        yield Finding(
            f"tiers[{index}].{'order' if tier.order_written else 'price'}",
            f"tier {index + 1} is a {tier.order} order at {case.price(tier.price)}, which would execute as soon as "
            f"it is live: it waits for tier {index} and then fills at the price of that moment",
            case.putting(
                f"write `order: {other}`, or with `after` a price {beyond} {case.price(tier.price)} from which price "
                "is to come back to it",
                f"tiers[{index}]",
                "order",
                other,
            ),
            [(f"tiers[{index}].price", "its price")] if tier.order_written else (),
        )
