"""The rules: what is wrong with a plan that can be reckoned. One file a rule: its page, its kind, its check.

The order of `RULES` is that of the codes; a new rule is added by hand.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from scaleplan.decode.places import Places
from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.quantity.exact import exact
from scaleplan.rules import (
    closes_past_held,
    liquidated_before_tier,
    liquidated_on_entry,
    liquidation_before_stop,
    liquidation_unknown,
    maintenance_above_margin,
    margin_above_equity,
    risk_above_limit,
    shares_not_whole,
    stop_moves,
    stop_on_winning_side,
    target_on_losing_side,
    tier_beyond_stop,
    tiers_past_size,
)
from scaleplan.rules.subject import Subject
from scaleplan.rules.thresholds import DEFAULT, Thresholds

__all__ = ["RULES", "UNRECKONABLE", "Rule", "examine"]


class Rule(NamedTuple):
    """The kinds that a rule may report, and its check."""

    kinds: tuple[Kind, ...]
    check: Callable[[Subject], Iterator[Diagnostic]]


#: A plan that is read, but whose figures cannot be: a price below zero, a size that no amount of risk gives.
UNRECKONABLE = Kind("SP132", "unreckonable", Severity.ERROR, "The plan says something of which no figure can be made.")

RULES = (
    Rule((stop_on_winning_side.KIND,), stop_on_winning_side.check),
    Rule((target_on_losing_side.KIND,), target_on_losing_side.check),
    Rule((tier_beyond_stop.KIND,), tier_beyond_stop.check),
    Rule((shares_not_whole.KIND,), shares_not_whole.check),
    Rule((tiers_past_size.KIND,), tiers_past_size.check),
    Rule((closes_past_held.KIND,), closes_past_held.check),
    Rule((liquidation_before_stop.KIND,), liquidation_before_stop.check),
    Rule((liquidated_on_entry.KIND,), liquidated_on_entry.check),
    Rule((maintenance_above_margin.KIND,), maintenance_above_margin.check),
    Rule((liquidated_before_tier.KIND,), liquidated_before_tier.check),
    Rule((margin_above_equity.KIND,), margin_above_equity.check),
    Rule((liquidation_unknown.KIND,), liquidation_unknown.check),
    Rule(stop_moves.KINDS, stop_moves.check),
    Rule((risk_above_limit.KIND,), risk_above_limit.check),
)


@exact
def examine(plan: Plan, ladder: Ladder, places: Places, thresholds: Thresholds = DEFAULT) -> tuple[Diagnostic, ...]:
    """Everything that the rules have to say of a plan."""
    subject = Subject(plan, ladder, places, thresholds)
    return tuple(diagnostic for rule in RULES for diagnostic in rule.check(subject))
