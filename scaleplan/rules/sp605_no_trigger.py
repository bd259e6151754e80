"""SP605 no-trigger: a tier does not say what must be seen before it is entered.

Adds that wait for proof need a proof that can be looked up later: a close, a retest, a break. A market order without
one chases whatever price does. A trigger that is written and says nothing (`null`, `~`, `none`, `tbd`) is none.

Asked of every tier where the style is pyramid or confirmation, written or read from the prices, and of every market
order. Silent for limit orders of the other styles, where the price is the whole idea, and where `order: stop` is
written: a stop order that rests at the venue fills when its price trades, and no close can be waited for.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Order, Style
from scaleplan.quantity.number import plain
from scaleplan.rules.case import Case, Finding, Findings, named

KIND = Kind("SP605", "no-trigger", Severity.WARNING, "A tier that waits for proof names none.")
_PROVEN = (Style.PYRAMID, Style.CONFIRMATION)


def check(case: Case) -> Findings:
    """Names all such tiers at the first of them."""
    plan = case.plan
    silent = [index for index, tier in enumerate(plan.tiers) if not tier.has_trigger and _is_asked(case, index)]
    if not silent:
        return
    first = plan.tiers[silent[0]]
    who = named("tier", silent)
    read = "" if plan.style_written else " (inferred)"
    if plan.style in _PROVEN:
        why = f"the style is {plan.style}{read}"
    elif any(plan.tiers[index].order is Order.LIMIT for index in silent):
        why = "what is written in its place says nothing"
    elif len(silent) > 1:
        why = "they are stop or market orders"
    else:
        why = f"it is a {first.order} order"
    help = f"say it so that it can be checked: `trigger: 4h close {case.winning} {plain(first.price)}`"
    if any(plan.tiers[index].order is Order.STOP for index in silent):
        help += "; `order: stop` alone says that an order rests there and fills when the price trades"
    yield Finding(
        f"tiers[{silent[0]}]",
        f"{who} {'has' if len(silent) == 1 else 'have'} no trigger, and {why}: what must be seen at "
        f"{case.price(first.price)} before it is entered?",
        help,
    )


def _is_asked(case: Case, index: int) -> bool:
    """Returns whether a tier without a trigger needs one: by style or order, or because an empty one is written."""
    plan, tier, spans = case.plan, case.plan.tiers[index], case.places.spans
    if tier.order is Order.MARKET or f"tiers[{index}].trigger" in spans or "tiers.trigger" in spans:
        return True
    return plan.style in _PROVEN and not (tier.order is Order.STOP and tier.order_written)
