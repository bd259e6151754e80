"""What the rules have to say of a plan with mistakes of reading or shape: one mistake hides no other.

Where all that the figures rest on could be read, every rule speaks; else those that look at a few keys only, if those
could be read.
"""

from collections.abc import Callable, Iterator
from datetime import date

from scaleplan.decode import Outline
from scaleplan.decode.places import Places
from scaleplan.diagnostic import Diagnostic
from scaleplan.engine.unreckonable import Unreckonable
from scaleplan.ladder import climb
from scaleplan.plan import Plan
from scaleplan.rules import (
    examine,
    sp201_stop_on_winning_side,
    sp202_target_on_losing_side,
    sp301_shares_not_whole,
    sp303_closes_past_held,
)
from scaleplan.rules.subject import Subject

#: The rules that need no figure but average entries, and the keys that they look at.
_SPEAKING: tuple[tuple[Callable[[Subject], Iterator[Diagnostic]], tuple[str, ...]], ...] = (
    (sp201_stop_on_winning_side.check, ("side", "tiers", "stop", "invalidation")),
    (sp202_target_on_losing_side.check, ("side", "tiers", "size", "stop", "targets", "slippage", "spread")),
    (sp301_shares_not_whole.check, ("tiers",)),
    (sp303_closes_past_held.check, ("targets",)),
)


def examine_outline(outline: Outline, places: Places, *, today: date) -> tuple[Diagnostic, ...]:
    """What can be said on a day of the keys that could be read."""
    plan = outline.plan
    try:
        ladder = climb(plan if not outline.unread else _entries_alone(plan))
    except Unreckonable:
        return ()
    if not outline.unread:
        return examine(plan, ladder, places, today=today)
    subject = Subject(plan, ladder, places, today=today)
    return tuple(
        diagnostic
        for check, keys in _SPEAKING
        if not outline.unread.intersection(keys)
        for diagnostic in check(subject)
    )


def _entries_alone(plan: Plan) -> Plan:
    """A plan without what stops and targets would need to be reckoned: its fills and averages remain."""
    return plan._replace(stop=None, targets=(), tiers=tuple(tier._replace(stop=None) for tier in plan.tiers))
