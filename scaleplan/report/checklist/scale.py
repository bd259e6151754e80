"""Is it a trade to scale: the questions to which the answer may be "enter at once, or not at all"."""

from collections.abc import Sequence

from scaleplan.ladder import Ladder
from scaleplan.ladder.counts import Count, pullback_of, room_of
from scaleplan.ladder.totals import as_r, costs_if_stopped
from scaleplan.quantity.exact import above
from scaleplan.report.checklist.records import Check, State
from scaleplan.report.figures import Figures, r_loss
from scaleplan.report.rounding import against, grouped, percent, rounded
from scaleplan.rules.thresholds import DEFAULT

_PLACES = 1


def scale_checks(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> tuple[Check, ...]:
    """What the plan can answer first; then what only the trader can."""
    found = [_room(figures, counts), _costs(figures, ladder), _smallest(figures, ladder), _pullback(figures, ladder)]
    return (
        *(check for check in found if check is not None),
        Check(State.OPEN, "no news before it ends"),
        Check(State.OPEN, "small in the book"),
        Check(State.OPEN, "I watch, or orders rest"),
    )


def numbered(numbers: Sequence[int]) -> str:
    """Tiers in words: `tier 2`, `tiers 2-4`, `tiers 1, 3`."""
    if len(numbers) == 1:
        return f"tier {numbers[0]}"
    if list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"tiers {numbers[0]}-{numbers[-1]}"
    return f"tiers {', '.join(map(str, numbers))}"


def _room(figures: Figures, counts: tuple[Count, ...]) -> Check | None:
    plan = figures.plan
    label = "room for adds"
    if len(plan.tiers) == 1:
        return None
    room = room_of(plan, counts)
    if room is None:
        return Check(State.FLAGGED, label, "no target is written: it should be beyond", blank=True)
    away = grouped(against(percent(room.away), _PLACES, percent(room.depth), worse=-1))
    depth = grouped(rounded(percent(room.depth), _PLACES))
    near = room.away < room.depth
    text = f"target {room.target} is {away}% from tier 1, the ladder {depth}% deep"
    return Check(State.FLAGGED if near else State.ANSWERED, label, text)


def _costs(figures: Figures, ladder: Ladder) -> Check:
    plan = figures.plan
    label = "worth its fees"
    if not plan.fees.written and not (plan.slippage or plan.slippage_price or plan.spread):
        return Check(State.FLAGGED, label, "no fees written, 0 assumed: they take", blank=True)
    costs = costs_if_stopped(plan, ladder)
    if costs is None:
        costs, what = ladder.totals.fees, f"fees in all {figures.fee(ladder.totals.fees)} {plan.settle}"
    else:
        what = f"{figures.fee(costs)} {plan.settle} if stopped"
    in_r = as_r(costs, ladder)
    if in_r is None:
        return Check(State.FLAGGED, label, f"{what}; 1R is n/a")
    heavy = above(in_r, DEFAULT.costs_of_r)
    limit = "over the limit of" if heavy else "limit"
    cost = grouped(against(in_r, 2, DEFAULT.costs_of_r, worse=1))
    text = f"{what} = {cost}R ({limit} {r_loss(DEFAULT.costs_of_r)}R)"
    return Check(State.FLAGGED if heavy else State.ANSWERED, label, text)


def too_small(figures: Figures, ladder: Ladder, index: int) -> str:
    """Why the venue does not take a tier's order; empty where it does, or its terms are not known."""
    plan, fill = figures.plan, ladder.steps[index].fill
    instrument = plan.instrument
    if instrument.min_notional is not None and fill.notional < instrument.min_notional:
        least = f"{figures.notional(instrument.min_notional)} {plan.symbol.quote}"
        return f"too small: {figures.notional(fill.notional)}, the venue takes {least} or more"
    return ""


def _smallest(figures: Figures, ladder: Ladder) -> Check | None:
    small = [step.tier for index, step in enumerate(ladder.steps) if too_small(figures, ladder, index)]
    if not small:
        return None
    said = too_small(figures, ladder, small[0] - 1)
    return Check(State.FLAGGED, "large enough", f"{numbered(small)} {said}")


def _pullback(figures: Figures, ladder: Ladder) -> Check | None:
    plan = figures.plan
    if len(plan.tiers) == 1:
        return None
    waiting, without = pullback_of(plan, ladder)
    label = "will it return?"
    if not waiting:
        return Check(State.ANSWERED, label, "it need not: every tier fills on the winning side")
    verb = "waits" if len(waiting) == 1 else "wait"
    text = f"{numbered(waiting)} {verb} for it: if it runs, only {figures.held(without)} is on"
    return Check(State.OPEN, label, text)
