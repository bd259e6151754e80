"""SP605 no-trigger: a tier does not say what must be seen before it is entered.

Adds that wait for proof need a proof that can be looked up later: a close, a retest, a break. A stop or market order
without one chases whatever price does.

Asked of every tier where the style is pyramid or confirmation, written or read from the prices, and of every stop and
market order. Silent for limit orders of the other styles: there the price is the whole idea.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Order, Style
from scaleplan.quantity.number import brief
from scaleplan.rules.case import Case, Finding, Findings, named

KIND = Kind("SP605", "no-trigger", Severity.WARNING, "A tier that waits for proof names none.")
_PROVEN = (Style.PYRAMID, Style.CONFIRMATION)


def check(case: Case) -> Findings:
    """Names all such tiers at the first of them."""
    plan = case.plan
    silent = [
        index
        for index, tier in enumerate(plan.tiers)
        if not tier.trigger.strip() and (plan.style in _PROVEN or tier.order is not Order.LIMIT)
    ]
    if not silent:
        return
    first = plan.tiers[silent[0]]
    who = named("tier", silent)
    read = "" if plan.style_written else " (inferred)"
    why = f"the style is {plan.style}{read}" if plan.style in _PROVEN else f"it is a {first.order} order"
    if len(silent) > 1 and plan.style not in _PROVEN:
        why = "they are stop or market orders"
    yield Finding(
        f"tiers[{silent[0]}]",
        f"{who} {'has' if len(silent) == 1 else 'have'} no trigger, and {why}: what must be seen at "
        f"{brief(first.price)} before it is entered?",
        f"say it so that it can be checked: `trigger: 4h close {case.winning} {brief(first.price)}`",
    )
