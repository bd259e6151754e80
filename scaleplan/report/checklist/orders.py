"""The order ticket: what can rest at the venue now, and what has to wait for what.

The plan starts at tier 1. Before it has filled, price stands where tier 1 is still ahead: a limit order of the same
side beyond it rests until price has passed tier 1, and so does a stop order beyond a stop order. Anything else could
fill before tier 1, or at once, and waits.
"""

from collections.abc import Iterator

from scaleplan.ladder import Ladder
from scaleplan.ladder.counts import Count
from scaleplan.plan import AfterPrice, AfterTier, Contract, Order, Plan
from scaleplan.report.checklist.records import Figure, Ticket
from scaleplan.report.checklist.scale import too_small
from scaleplan.report.figures import Figures
from scaleplan.report.words import never_fills


def orders_now(figures: Figures, ladder: Ladder) -> tuple[Ticket, ...]:
    """The tiers that can rest, and the stop that stands behind whatever of them fills."""
    plan = figures.plan
    tickets = list(_tiers(figures, ladder, waiting=False))
    if plan.stop is not None:
        stop = Figure(figures.price(plan.stop), plan.stop)
        tickets.append(Ticket("stop", f"{_exit(plan)} stop", _reduce_only(plan), stop, Figure("as held")))
    return tuple(tickets)


def orders_later(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> tuple[Ticket, ...]:
    """The tiers that wait, and the targets, which reduce what is held; their quantities are those of all tiers."""
    return (*_tiers(figures, ladder, waiting=True), *_targets(figures, counts))


def waits_for(figures: Figures, ladder: Ladder, index: int) -> str:
    """What has to happen before a tier's order is placed; empty where it can rest now."""
    plan = figures.plan
    tier, first = plan.tiers[index], plan.tiers[0]
    match tier.after:
        case AfterPrice(price):
            return f"after {figures.price(price)}"
        case AfterTier(number):
            return f"after tier {number} fills"
        case None:
            pass
    if index == 0:
        return ""
    if tier.order is Order.MARKET or ladder.machine.waited_at(first.price) >> index & 1:
        return f"after tier {index} fills"
    return "" if tier.order is first.order else "after tier 1 fills"


def _tiers(figures: Figures, ladder: Ladder, *, waiting: bool) -> Iterator[Ticket]:
    plan = figures.plan
    entry = "buy" if plan.sign > 0 else "sell"
    for index, (tier, step) in enumerate(zip(plan.tiers, ladder.steps, strict=True)):
        remark = never_fills(step) or too_small(figures, ladder, index)
        waits = waits_for(figures, ladder, index)
        if waiting is bool(waits or remark):
            yield Ticket(
                f"tier {step.tier}",
                f"{entry} {tier.order}",
                waits,
                Figure(figures.price(tier.price), tier.price),
                Figure(figures.order(step.fill.quantity), step.fill.quantity),
                remark,
            )


def _targets(figures: Figures, counts: tuple[Count, ...]) -> Iterator[Ticket]:
    plan = figures.plan
    exits = counts[-1].walk.exits
    for target, exit_ in zip(plan.targets, exits, strict=True):
        if exit_.quantity:
            yield Ticket(
                f"target {exit_.target}",
                f"{_exit(plan)} {target.order}",
                _reduce_only(plan),
                Figure(figures.price(exit_.price), exit_.price),
                Figure(figures.order(exit_.quantity), exit_.quantity),
            )


def _exit(plan: Plan) -> str:
    return "sell" if plan.sign > 0 else "buy"


def _reduce_only(plan: Plan) -> str:
    return "" if plan.contract is Contract.SPOT else "reduce-only"
