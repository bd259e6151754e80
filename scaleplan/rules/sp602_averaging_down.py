"""SP602 averaging-down: a tier adds to a position that is losing.

The add is made below the average entry (of a short: above it), with price saying that the first entry was wrong so
far. It makes a small mistake a larger one unless it is the plan.

Where `style` is dca or range, written or read from the prices, averaging is the plan: then a note says what the last
such tier makes of the risk. Silent for a retest (a tier whose `after` price lies on the winning side of it: price has
been there), for tiers that never fill, where the adds grow (SP601), and where the style says something else (SP604).
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Style
from scaleplan.quantity.exact import same
from scaleplan.quantity.number import brief, told_apart
from scaleplan.rules.adds import Add
from scaleplan.rules.case import Case, Finding, Findings, tiers_of

KIND = Kind("SP602", "averaging-down", Severity.WARNING, "A tier adds to a losing position.")


def check(case: Case) -> Findings:
    """Finds the adds to a loser, and says how bad they are meant."""
    losing = [add for add in case.adds if add.to_a_loser]
    if not losing:
        return
    if case.plan.style in (Style.DCA, Style.RANGE):
        yield _note(case, losing)
        return
    first, *others = losing
    price, average = case.prices_apart(first.price, first.average)
    also = f" (so {'does' if len(others) == 1 else 'do'} {tiers_of(others)[0]})" if others else ""
    yield Finding(
        f"tiers[{first.tier}].price",
        f"tier {first.tier + 1} at {price} adds to a loser: it lies {case.losing} the average entry of {average}"
        + also,
        case.putting(
            f"wait for price to prove the trade right first (`after`: a price {case.winning} {price}), "
            "or write `style: dca` if averaging is the plan",
            "",
            "style",
            "dca",
        ),
    )


def _note(case: Case, losing: list[Add]) -> Finding:
    last = losing[-1].tier
    who, tier = tiers_of(losing)
    return Finding(
        f"tiers[{last}].price",
        f"{who} {'averages' if len(losing) == 1 else 'average'} a loser{_change(case, tier, last)}",
        "nothing to mend where that is meant: the worst loss counts every tier",
        severity=Severity.NOTE,
    )


def _change(case: Case, tier: str, index: int) -> str:
    """Returns what a tier makes of the risk, in words; empty where it is not known, or no path fills them as listed."""
    if not all(case.steps[step].position.reachable for step in (index - 1, index)):
        return ""
    before, after = _risk(case, index - 1), _risk(case, index)
    if before is None or after is None:
        return ""
    if same(before, after):
        return f": {tier} leaves the risk at {_in_words(case, before)}"
    was, is_ = _in_words(case, before), _in_words(case, after)
    if was == is_:
        was, is_ = (f"{text}{_unit(case)}" for text in told_apart(before, after))
    return f": {tier} takes the risk from {was} to {is_}"


def _risk(case: Case, index: int) -> Decimal | None:
    position = case.steps[index].position
    return position.risk if position.risk_r is None else position.risk_r


def _in_words(case: Case, risk: Decimal) -> str:
    """Returns a risk in R, or in money where there is no R."""
    return f"{brief(risk, 8 if case.steps[0].position.risk_r is None else 3)}{_unit(case)}"


def _unit(case: Case) -> str:
    return f" {case.plan.settle}" if case.steps[0].position.risk_r is None else "R"
