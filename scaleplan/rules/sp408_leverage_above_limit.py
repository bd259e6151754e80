"""SP408 leverage-above-limit: the effective leverage passes the account's `max_leverage`.

Effective leverage is the value of the position over equity: what the account really carries, whatever leverage is set
on the venue. A linear short is worth more as price rises against it, and an inverse long as price falls: what it
carries on the way to its stop counts too, as in the proof of `scaleplan paths`.

It is an error where a limit is passed at the price of a fill or a target, and a warning where it is on the way alone.

Looked at after every tier and on the way to the stop, and on every path where another order than the one listed can be;
the most is reported. Silent without a `max_leverage` or an equity.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import ZERO, above
from scaleplan.quantity.number import told_apart
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP408", "leverage-above-limit", Severity.ERROR, "The effective leverage passes max_leverage.")


class _Load(NamedTuple):
    """A leverage on the listed path, and where it is carried beside a tier's own price, in words."""

    value: Decimal
    tier: int
    place: str = ""


def check(case: Case) -> Findings:
    """Compares the highest effective leverage, after a tier or on the way from there, with the limit."""
    account, facts = case.plan.account, case.facts
    most, equity = account.max_leverage, account.equity
    if most is None or not equity:
        return
    at_tier = found = _at_tiers(case)
    if facts is None:
        found = max((at_tier, *_at_targets(case, equity), *_at_ends(case, equity)), key=lambda load: load.value)
    carried = found.value
    where = f"after tier {found.tier} the plan carries {{}} times the equity{found.place}"
    kept = max((at_tier, *_at_targets(case, equity)), key=lambda load: load.value).value
    if facts is not None and facts.carried is not None:
        kept = max(at_tier.value, facts.carried.in_states)
        if above(facts.carried.value, carried):
            carried = facts.carried.value
            where = f"the plan carries {{}} times the equity on a path: {case.in_words(facts.carried.events)}"
    if not above(carried, most):
        return
    first, second = told_apart(carried, most)
    grown = not above(kept, most)
    here = f" ({told_apart(at_tier.value, carried)[0]} at a tier's own price)" if not above(at_tier.value, most) else ""
    yield Finding(
        "size",
        f"{where.format(first)}{here}, more than the {second} of max_leverage",
        case.part_of_size(most / carried).words,
        [("account.max_leverage", "the limit")],
        Severity.WARNING if grown else None,
    )


def _at_tiers(case: Case) -> _Load:
    """Returns the most that is carried at a tier's own price."""
    loads = (_Load(step.position.effective_leverage or ZERO, step.tier) for step in case.steps)
    return max(loads, key=lambda load: load.value)


def _at_ends(case: Case, equity: Decimal) -> Iterator[_Load]:
    """Yields what is carried where a step ends on the losing side, of what is worth more there."""
    plan = case.plan
    for step in case.steps:
        held, here = step.state.held.position, step.position
        if held.slope > 0:
            continue
        ends = [(price, "the stop") for price in (here.stop,) if price is not None]
        ends += [(price, "its liquidation") for price in (here.liquidation.price,) if price is not None]
        if step.tier < len(case.steps) and plan.expires is None:
            ends += [(plan.tiers[step.tier].price, f"tier {step.tier + 1}")]
        beyond = [end for end in ends if plan.sign * (step.state.price - end[0]) > 0]
        if beyond:
            price, name = max(beyond, key=lambda end: plan.sign * end[0])
            yield _Load(held.worth(price) / equity, step.tier, f" at {name}, {case.price(price)}")


def _at_targets(case: Case, equity: Decimal) -> Iterator[_Load]:
    """Yields what a target leaves, at its price."""
    for passed in case.ladder.exits:
        if passed.remaining > 0:
            left = passed.held.part(passed.remaining).worth(passed.price)
            yield _Load(left / equity, len(case.steps), f" at target {passed.target}, {case.price(passed.price)}")
