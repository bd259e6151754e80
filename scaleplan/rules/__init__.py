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
from scaleplan.rules import (
    sp201_stop_on_winning_side,
    sp202_target_on_losing_side,
    sp203_tier_beyond_stop,
    sp204_targets_out_of_order,
    sp205_twin_tiers,
    sp206_price_far_off,
    sp207_price_off_tick,
    sp208_tier_never_fills,
    sp301_shares_not_whole,
    sp302_tiers_past_size,
    sp303_closes_past_held,
    sp304_one_tier_dominates,
    sp305_beyond_last_bracket,
    sp306_below_minimum,
    sp307_exit_below_minimum,
    sp308_dust_left,
    sp309_lots_lost,
    sp401_liquidation_before_stop,
    sp402_liquidated_on_entry,
    sp403_maintenance_above_margin,
    sp404_liquidated_before_tier,
    sp405_margin_above_equity,
    sp406_liquidation_unknown,
    sp407_margin_above_limit,
    sp408_leverage_above_limit,
    sp409_thin_liquidation_buffer,
    sp410_needless_leverage,
    sp411_leverage_above_bracket,
    sp412_maintenance_rises,
    sp413_models_disagree,
    sp414_stale_data,
    sp501_stop_loosens,
    sp502_stop_exits_at_once,
    sp503_risk_above_limit,
    sp504_no_stop_move,
    sp505_stop_inside_invalidation,
    sp506_target_cancels_tiers,
    sp507_no_exit,
    sp508_reward_below_risk,
    sp509_no_stop,
    sp510_large_loss,
    sp511_target_never_hit,
    sp601_martingale,
    sp602_averaging_down,
    sp603_growing_pyramid,
    sp604_style_contradicted,
    sp605_no_trigger,
    sp606_no_limits,
    sp607_order_differs,
    sp608_tier_waits,
    sp701_entry_stop_loses,
    sp702_target_below_costs,
    sp703_costs_eat_risk,
    sp704_first_tier_below_costs,
)
from scaleplan.rules.subject import Subject
from scaleplan.rules.thresholds import DEFAULT, Thresholds

if TYPE_CHECKING:
    from scaleplan.paths.facts import Facts

__all__ = ["FILES", "RULES", "UNRECKONABLE", "Rule", "examine"]


class RuleFile(Protocol):
    """What a rule's file holds. Its docstring is the page; a plan that has it, and that plan mended, lie in `plans`."""

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
    sp201_stop_on_winning_side,
    sp202_target_on_losing_side,
    sp203_tier_beyond_stop,
    sp204_targets_out_of_order,
    sp205_twin_tiers,
    sp206_price_far_off,
    sp207_price_off_tick,
    sp208_tier_never_fills,
    sp301_shares_not_whole,
    sp302_tiers_past_size,
    sp303_closes_past_held,
    sp304_one_tier_dominates,
    sp305_beyond_last_bracket,
    sp306_below_minimum,
    sp307_exit_below_minimum,
    sp308_dust_left,
    sp309_lots_lost,
    sp401_liquidation_before_stop,
    sp402_liquidated_on_entry,
    sp403_maintenance_above_margin,
    sp404_liquidated_before_tier,
    sp405_margin_above_equity,
    sp406_liquidation_unknown,
    sp407_margin_above_limit,
    sp408_leverage_above_limit,
    sp409_thin_liquidation_buffer,
    sp410_needless_leverage,
    sp411_leverage_above_bracket,
    sp412_maintenance_rises,
    sp413_models_disagree,
    sp414_stale_data,
    sp501_stop_loosens,
    sp502_stop_exits_at_once,
    sp503_risk_above_limit,
    sp504_no_stop_move,
    sp505_stop_inside_invalidation,
    sp506_target_cancels_tiers,
    sp507_no_exit,
    sp508_reward_below_risk,
    sp509_no_stop,
    sp510_large_loss,
    sp511_target_never_hit,
    sp601_martingale,
    sp602_averaging_down,
    sp603_growing_pyramid,
    sp604_style_contradicted,
    sp605_no_trigger,
    sp606_no_limits,
    sp607_order_differs,
    sp608_tier_waits,
    sp701_entry_stop_loses,
    sp702_target_below_costs,
    sp703_costs_eat_risk,
    sp704_first_tier_below_costs,
)
RULES = tuple(Rule((file.KIND,), file.check) for file in FILES)


#: What a mistake brings along: while a cause stands, the rules behind it say nothing of their own.
_FOLLOWING: tuple[tuple[RuleFile, tuple[RuleFile, ...]], ...] = (
    (
        sp201_stop_on_winning_side,
        (
            sp505_stop_inside_invalidation,
            sp501_stop_loosens,
            sp502_stop_exits_at_once,
            sp504_no_stop_move,
            sp508_reward_below_risk,
            sp703_costs_eat_risk,
            sp701_entry_stop_loses,
        ),
    ),
    (
        sp202_target_on_losing_side,
        (
            sp506_target_cancels_tiers,
            sp504_no_stop_move,
            sp508_reward_below_risk,
            sp702_target_below_costs,
            sp511_target_never_hit,
        ),
    ),
    (sp203_tier_beyond_stop, (sp208_tier_never_fills,)),
    (sp404_liquidated_before_tier, (sp208_tier_never_fills,)),
    (sp506_target_cancels_tiers, (sp208_tier_never_fills,)),
    (sp303_closes_past_held, (sp511_target_never_hit,)),
    (sp502_stop_exits_at_once, (sp511_target_never_hit,)),
    (sp702_target_below_costs, (sp508_reward_below_risk,)),
    (sp507_no_exit, (sp508_reward_below_risk, sp704_first_tier_below_costs)),
    (sp403_maintenance_above_margin, (sp402_liquidated_on_entry,)),
    (sp405_margin_above_equity, (sp407_margin_above_limit,)),
    (sp413_models_disagree, (sp409_thin_liquidation_buffer,)),
    (sp503_risk_above_limit, (sp510_large_loss,)),
    (sp601_martingale, (sp602_averaging_down,)),
    (sp604_style_contradicted, (sp602_averaging_down,)),
)
CONSEQUENCES = {cause.KIND: frozenset(file.KIND for file in files) for cause, files in _FOLLOWING}


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
