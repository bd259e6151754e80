"""SP601 martingale: the adds grow while the trade loses.

Each add is larger than the one before it and is made below the average entry (of a short: above it). The average
follows price down, the loss grows faster than the distance, and the one trade that does not come back takes what all
others won.

An add grows only where it is larger in money and in units: equal money on the way down, or equal units on a short's
way up, is no growth. An error where an add is half as large again as the one before it, or where the adds, step by
step, have come to twice the tier at which they began to grow; below that a warning, and on spot, where nothing is
liquidated, always one. Silent for what rounding does to equal shares (33%, 33%, 34%), for a retest (a tier whose
`after` price lies on the winning side), and for tiers that never fill.
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Contract
from scaleplan.quantity.exact import not_below
from scaleplan.quantity.number import brief
from scaleplan.rules.adds import growing
from scaleplan.rules.case import Case, Finding, Findings, Threshold, tiers_of

KIND = Kind("SP601", "martingale", Severity.ERROR, "The adds grow while the trade loses.")
SILENCES = ("SP602",)
#: Shares rounded to whole percents or lots (33%, 33%, 34%) differ by a few hundredths.
ADD_GROWTH = Threshold("add_growth", Decimal("1.1"))
#: Half as large again: four such adds, and the last is five times the first.
_STEEP_STEP = Decimal("1.5")
#: Twice the first is doubling down, however small the steps.
_DOUBLED = Decimal(2)


def check(case: Case) -> Findings:
    """Looks at the adds to a loser; the last one that grows is reported."""
    losing = growing([add for add in case.adds if add.to_a_loser], case.limit(ADD_GROWTH))
    if not losing:
        return
    last = losing[-1]
    who, tier = tiers_of(losing)
    price, average = case.prices_apart(last.price, last.average)
    steep = any(not_below(add.step, _STEEP_STEP) or not_below(add.ratio, _DOUBLED) for add in losing)
    yield Finding(
        f"tiers[{last.tier}].price",
        f"{who} {'grows' if len(losing) == 1 else 'grow'} while the trade loses: {tier} is {brief(last.ratio, 3)} "
        f"times tier {last.start + 1}, and at {price} lies {case.losing} the average entry of {average}",
        "make every add as large as the first, or smaller",
        [(f"tiers[{last.start}].price", f"tier {last.start + 1}")],
        severity=None if steep and case.plan.contract is not Contract.SPOT else Severity.WARNING,
    )
