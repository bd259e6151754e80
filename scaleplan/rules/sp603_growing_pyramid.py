"""SP603 growing-pyramid: the adds of a pyramid grow on the way up.

A pyramid is largest at its base. Adds that grow pull the average entry up to the last price, and a small reversal
turns the whole position, most of it bought last, into a loss.

For `style: pyramid`, written or read from the prices. An add grows only where it is larger than the tier before it in
money and in units. Silent for what rounding does to equal shares, and for adds to a loser (SP601, SP602).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Style
from scaleplan.quantity.number import brief
from scaleplan.rules.adds import growing
from scaleplan.rules.case import Case, Finding, Findings, tiers_of
from scaleplan.rules.sp601_martingale import ADD_GROWTH

KIND = Kind("SP603", "growing-pyramid", Severity.WARNING, "The adds of a pyramid grow.")


def check(case: Case) -> Findings:
    """Looks at the adds of a pyramid; the last one that grows is reported."""
    if case.plan.style is not Style.PYRAMID:
        return
    larger = growing([add for add in case.adds if not add.to_a_loser], case.limit(ADD_GROWTH))
    if not larger:
        return
    last = larger[-1]
    who, tier = tiers_of(larger)
    yield Finding(
        case.amount_path(last.tier),
        f"{who} of this pyramid {'grows' if len(larger) == 1 else 'grow'}: {tier} is {brief(last.ratio, 3)} times "
        f"tier {last.start + 1}, and pulls the average entry from {case.price(last.average)} "
        f"towards {case.price(last.price)}",
        "put the largest share at the base and make each add smaller",
        [(f"tiers[{last.start}].share", f"tier {last.start + 1}")],
    )
