"""SP604 style-contradicted: the plan says one way of scaling in, and its prices another.

The word decides what else is looked at: a pyramid may not add to a loser, an averaging plan may. Where word and prices
disagree, one of them is a mistake.

A pyramid is contradicted by an add to a loser that is no retest, dca by adds that all lie where the trade wins,
single by a second tier. Silent where the style is not written, for range and confirmation, which have adds of both
kinds, and for tiers that never fill.
"""

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.plan import Style
from scaleplan.rules.case import Case, Finding, Findings, tiers_of

KIND = Kind("SP604", "style-contradicted", Severity.WARNING, "The prices contradict the style that is written.")
SILENCES = ("SP602",)


def check(case: Case) -> Findings:
    """Compares the word with the sides of the adds."""
    plan = case.plan
    if not plan.style_written or len(plan.tiers) == 1:
        return
    if plan.style is Style.SINGLE:
        yield Finding(
            "style",
            f"the style is single, one entry, and the plan has {len(plan.tiers)} tiers",
            "leave the style out and it is read from the prices, or keep one tier",
            [("tiers", "the tiers")],
        )
        return
    losing = [add for add in case.adds if add.to_a_loser]
    if plan.style is Style.PYRAMID and losing:
        first = losing[0]
        price, average = case.prices_apart(first.price, first.average)
        clash = (
            f"{tiers_of(losing)[0]} {'adds' if len(losing) == 1 else 'add'} to a loser: {price} lies {case.losing} "
            f"the average entry of {average}"
        )
        help = Help(f"write `style: dca` if averaging is the plan, or add {case.winning} {average}", ("dca",))
    elif plan.style is Style.DCA and case.adds and all(add.side > 0 for add in case.adds):
        first = case.adds[0]
        price, average = case.prices_apart(first.price, first.average)
        clash = f"every add lies {case.winning} the average entry: tier {first.tier + 1} at {price} against {average}"
        help = Help(f"write `style: pyramid`, or add {case.losing} {average}", ("pyramid",))
    else:
        return
    related = [(f"tiers[{first.tier}].price", f"tier {first.tier + 1}")]
    yield Finding("style", f"the style is {plan.style}, and {clash}", help, related)
