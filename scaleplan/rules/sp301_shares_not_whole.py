"""SP301 shares-not-whole: the tiers' shares do not add up to exactly 100%.

What is missing is never bought, and what is too much passes the size that was meant to be the most. Shares are exact:
three times `1/3` are a whole, three times `33.3%` are not.

Silent where no tier says a share, which makes them equal, and where tiers have sizes of their own.
"""

from fractions import Fraction

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import are_whole, as_decimal
from scaleplan.quantity.number import brief
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP301", "shares-not-whole", Severity.ERROR, "The tiers' shares do not add up to 100%.")
NEEDS = ("tiers",)


def check(case: Case) -> Findings:
    """Adds up the shares."""
    shares = [tier.share for tier in case.plan.tiers if tier.share is not None]
    if not shares or are_whole(shares):
        return
    total = sum(shares, Fraction(0))
    missing = as_decimal(1 - total) * 100
    which = f"{brief(abs(missing), 12)}% {'missing' if missing > 0 else 'too much'}"
    thirds = len(set(shares)) == 1
    yield Finding(
        "tiers",
        f"the shares of the tiers add up to {brief(as_decimal(total) * 100, 12)}%, not 100%: {which}",
        f"write `1/{len(shares)}` in each, or leave the shares out"
        if thirds
        else "change a share so that they add up to 100%",
    )
