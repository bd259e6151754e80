"""SP309 lots-lost: rounding to whole lots makes another plan of it.

Every tier goes down to whole lots. Where lots are large beside the tiers, a noticeable part of the size is never
bought, or a tier's share is another one than was written, and the average with it. All figures are those of the lots
that are bought.

Silent where no more than 1% of the size is lost and no tier's share changes by more than a tenth of itself.
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.sizing import counted, lot_at
from scaleplan.quantity.exact import ONE, ZERO, above
from scaleplan.quantity.number import brief, percent, plain
from scaleplan.rules.case import Case, Finding, Findings, Threshold

KIND = Kind("SP309", "lots-lost", Severity.NOTE, "Rounding to whole lots loses more than 1%, or changes the shares.")
#: What fees and slippage take of a trade, or less: not worth another size.
LOTS_LOST = Threshold("lots_lost", Decimal("0.01"))
#: A tier that is a tenth larger or smaller than written moves the average by less than the tiers lie apart.
LOTS_SHARE = Threshold("lots_share", Decimal("0.1"))


def check(case: Case) -> Findings:
    """Compares the tiers as written with what is bought, both in money at the tiers' prices."""
    plan, steps = case.plan, case.steps
    if case.ladder.totals.rounded_off <= 0:
        return
    fills = [(tier.price, step.fill) for tier, step in zip(plan.tiers, steps, strict=True)]
    meant = [case.worth(fill.wanted, price) for price, fill in fills]
    bought = [case.worth(fill.quantity, price) for price, fill in fills]
    all_meant, all_bought = sum(meant, ZERO), sum(bought, ZERO)
    lost = ONE - all_bought / all_meant
    shares = [(own / all_bought, other / all_meant) for own, other in zip(bought, meant, strict=True)]
    changes = [abs(new / old - ONE) for new, old in shares]
    most = max(range(len(changes)), key=changes.__getitem__)
    changed = above(changes[most], case.limit(LOTS_SHARE))
    if not above(lost, case.limit(LOTS_LOST)) and not changed:
        return
    first = plan.tiers[0].price
    lot, unit = counted(plan, lot_at(plan, first) or ONE, first)
    orders = f"orders go by {plain(lot)} {unit}"
    if lot == 1 and unit != plan.symbol.base:
        orders = f"orders are whole {unit}"
    if above(lost, case.limit(LOTS_LOST)):
        # In the unit of orders.
        total = sum((counted(plan, fill.quantity, price)[0] for price, fill in fills), ZERO)
        whole = sum((counted(plan, fill.wanted, price)[0] for price, fill in fills), ZERO)
        verb = "bought" if plan.sign > 0 else "sold"
        path = "size"
        message = f"{orders}, and {brief(total)} of {brief(whole)} {unit} are {verb}: {percent(lost, 3)} less"
    else:
        path, message = f"tiers[{most}].share", orders
    if changed:
        new, old = shares[most]
        message += f"; tier {most + 1} is {percent(new, 3)} of it, not {percent(old, 3)}"
    amount, _ = counted(plan, steps[0].fill.quantity, first)
    yield Finding(
        path,
        message,
        f"nothing to mend if that will do: else write sizes in lots, such as `{plain(amount)} {unit}` in tier 1",
        [("instrument.lot_size", "the lot"), ("instrument.contract_size", "one contract")],
    )
