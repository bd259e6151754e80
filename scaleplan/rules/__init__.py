"""The rules: what is wrong with a plan that can be reckoned. One file a rule: its page, its kind, its check.

The order of `FILES` is that of the codes; a new rule is added by hand.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from scaleplan.decode.places import Places
from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.quantity.exact import exact
from scaleplan.rules import (
    averaging_down,
    below_minimum,
    beyond_last_bracket,
    closes_past_held,
    costs_eat_risk,
    dust_left,
    entry_stop_loses,
    exit_below_minimum,
    first_tier_below_costs,
    growing_pyramid,
    large_loss,
    leverage_above_bracket,
    leverage_above_limit,
    liquidated_before_tier,
    liquidated_on_entry,
    liquidation_before_stop,
    liquidation_unknown,
    lots_lost,
    maintenance_above_margin,
    maintenance_rises,
    margin_above_equity,
    margin_above_limit,
    martingale,
    models_disagree,
    needless_leverage,
    no_exit,
    no_limits,
    no_stop,
    no_stop_move,
    no_trigger,
    one_tier_dominates,
    order_differs,
    price_far_off,
    price_off_tick,
    reward_below_risk,
    risk_above_limit,
    shares_not_whole,
    stale_data,
    stop_exits_at_once,
    stop_inside_invalidation,
    stop_loosens,
    stop_on_winning_side,
    style_contradicted,
    target_below_costs,
    target_cancels_tiers,
    target_never_hit,
    target_on_losing_side,
    targets_out_of_order,
    thin_liquidation_buffer,
    tier_beyond_stop,
    tier_never_fills,
    tier_waits,
    tiers_past_size,
    twin_tiers,
)
from scaleplan.rules.subject import Subject
from scaleplan.rules.thresholds import DEFAULT, Thresholds

if TYPE_CHECKING:
    from scaleplan.paths.facts import Facts

__all__ = ["FILES", "RULES", "UNRECKONABLE", "Rule", "examine"]


class RuleFile(Protocol):
    """What a rule's file holds. Its docstring is the page; `BAD` is a plan that has it, `MENDED` that plan mended."""

    BAD: str
    MENDED: str
    KIND: Kind

    def check(self, subject: Subject, /) -> Iterator[Diagnostic]:
        """Everything that the rule has to say of a plan."""


class Rule(NamedTuple):
    """The kinds that a rule may report, and its check."""

    kinds: tuple[Kind, ...]
    check: Callable[[Subject], Iterator[Diagnostic]]


#: A plan that is read, but whose figures cannot be: a price below zero, a size that no amount of risk gives.
UNRECKONABLE = Kind("SP132", "unreckonable", Severity.ERROR, "The plan says something of which no figure can be made.")

FILES: tuple[RuleFile, ...] = (
    stop_on_winning_side,
    target_on_losing_side,
    tier_beyond_stop,
    targets_out_of_order,
    twin_tiers,
    price_far_off,
    price_off_tick,
    tier_never_fills,
    shares_not_whole,
    tiers_past_size,
    closes_past_held,
    one_tier_dominates,
    beyond_last_bracket,
    below_minimum,
    exit_below_minimum,
    dust_left,
    lots_lost,
    liquidation_before_stop,
    liquidated_on_entry,
    maintenance_above_margin,
    liquidated_before_tier,
    margin_above_equity,
    liquidation_unknown,
    margin_above_limit,
    leverage_above_limit,
    thin_liquidation_buffer,
    needless_leverage,
    leverage_above_bracket,
    maintenance_rises,
    models_disagree,
    stale_data,
    stop_loosens,
    stop_exits_at_once,
    risk_above_limit,
    no_stop_move,
    stop_inside_invalidation,
    target_cancels_tiers,
    no_exit,
    reward_below_risk,
    no_stop,
    large_loss,
    target_never_hit,
    martingale,
    averaging_down,
    growing_pyramid,
    style_contradicted,
    no_trigger,
    no_limits,
    order_differs,
    tier_waits,
    entry_stop_loses,
    target_below_costs,
    costs_eat_risk,
    first_tier_below_costs,
)
RULES = tuple(Rule((file.KIND,), file.check) for file in FILES)


#: What a mistake brings along: while a cause stands, the rules behind it say nothing of their own.
_FOLLOWING: tuple[tuple[RuleFile, tuple[RuleFile, ...]], ...] = (
    (
        stop_on_winning_side,
        (
            stop_inside_invalidation,
            stop_loosens,
            stop_exits_at_once,
            no_stop_move,
            reward_below_risk,
            costs_eat_risk,
            entry_stop_loses,
        ),
    ),
    (
        target_on_losing_side,
        (target_cancels_tiers, no_stop_move, reward_below_risk, target_below_costs, target_never_hit),
    ),
    (tier_beyond_stop, (tier_never_fills,)),
    (liquidated_before_tier, (tier_never_fills,)),
    (target_cancels_tiers, (tier_never_fills,)),
    (closes_past_held, (target_never_hit,)),
    (stop_exits_at_once, (target_never_hit,)),
    (target_below_costs, (reward_below_risk,)),
    (no_exit, (reward_below_risk, first_tier_below_costs)),
    (maintenance_above_margin, (liquidated_on_entry,)),
    (margin_above_equity, (margin_above_limit,)),
    (models_disagree, (thin_liquidation_buffer,)),
    (risk_above_limit, (large_loss,)),
    (martingale, (averaging_down,)),
    (style_contradicted, (averaging_down,)),
)
CONSEQUENCES = {cause.KIND: frozenset(file.KIND for file in files) for cause, files in _FOLLOWING}


@exact
def examine(
    plan: Plan,
    ladder: Ladder,
    places: Places,
    thresholds: Thresholds = DEFAULT,
    facts: "Facts | None" = None,
    *,
    today: date,
) -> tuple[Diagnostic, ...]:
    """Everything that the rules have to say of a plan on a day, but what only follows from another mistake."""
    subject = Subject(plan, ladder, places, thresholds, facts, today=today)
    found = [diagnostic for rule in RULES for diagnostic in rule.check(subject)]
    causes = {diagnostic.kind for diagnostic in found}.intersection(CONSEQUENCES)
    following = frozenset[Kind]().union(*(CONSEQUENCES[cause] for cause in causes))
    return tuple(diagnostic for diagnostic in found if diagnostic.kind not in following)
