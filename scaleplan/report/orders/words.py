"""Words of an order list: its events, what its orders rest on, and what no order says."""

from collections.abc import Iterator

from scaleplan.engine.sizing import lot_of
from scaleplan.ladder import Ladder
from scaleplan.orders import OrderEvent, OrderEventKind, OrderList, OrderStep, VenueOrder, Whose
from scaleplan.orders.venues import contract_size_at
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.number import plain
from scaleplan.report.assumptions import assumptions
from scaleplan.report.figures import Figures
from scaleplan.report.page import Fact, Role
from scaleplan.report.visible import visible
from scaleplan.report.words import expired_words, never_fills, numbered, trails
from scaleplan.study import Study

#: The id of the stop.
_STOP = "s"
#: What a plan assumes that its orders rest on.
_ASSUMED = ("runner", "moves", "targets", "entries", "time stop", "lots")


def event_name(event: OrderEvent) -> str:
    """Returns an event by its name: `now`, `tier 1`, `target 2`; a price that trades in plain digits."""
    if event.kind in (OrderEventKind.TIER, OrderEventKind.TARGET):
        return f"{event.kind} {event.number}"
    return str(event.kind) if event.price is None else plain(event.price)


def order_words(figures: Figures, order: VenueOrder, step: OrderStep) -> str:
    """Returns what a trader has to know of an order beside it: the trigger of a tier, notes, another exit, a trail."""
    plan = figures.plan
    if order.whose is Whose.TIER:
        tier = plan.tiers[order.number - 1]
        trigger = f"your trigger: {visible(tier.trigger)}" if tier.has_trigger else ""
        return "; ".join(part for part in (trigger, visible(tier.note)) if part)
    if order.whose is Whose.TARGET:
        target = plan.targets[order.number - 1]
        last = order.number == len(plan.targets)
        other = f"or {visible(target.exit)}" if target.exit else ""
        after = f"then the rest {trails(figures, target)}" if last and target.trail is not None else ""
        return "; ".join(part for part in (after, other, visible(target.note)) if part)
    if step.trails:
        return f"from here it {trails(figures, plan.targets[-1])}: move it by hand, or by what your venue offers"
    return ""


def order_facts(figures: Figures, study: Study, orders: OrderList) -> Iterator[Fact]:
    """Yields what holds for the whole list, what is left out of it, and what no order of it does."""
    plan, ladder = figures.plan, study.ladder
    if plan.has_expired(study.today):
        yield Fact("expired", f"place no tier: {expired_words(plan)}", Role.ALARM)
    if any(_STOP in step.resting for step in orders.steps):
        yield Fact("stopped", "whenever the stop has filled, cancel every order that still rests")
    if plan.stop is None:
        yield Fact("no stop", "the plan has none of its own: no order here limits the loss from the start", Role.ALARM)
    yield from _not_as_listed(ladder, orders)
    yield from _at_once(figures, ladder, orders)
    if orders.not_filled:
        yield Fact("not filled", f"on this way {numbered(orders.not_filled)}; price may go another")
    idle = [number for number in orders.idle if plan.targets[number - 1].close.amount]
    if idle:
        yield Fact(
            "no order", f"{numbered(idle, 'target')} would close less than a lot, or nothing is left", Role.CAUTION
        )
    moving = [number for number in orders.idle if not plan.targets[number - 1].close.amount]
    if moving:
        yield Fact("watch", f"{numbered(moving, 'target')} closes nothing: no order tells you that price was there")
    if plan.contract is Contract.SPOT and plan.stop is not None and plan.targets:
        yield Fact("spot", "most venues lock what an order sells: stop and target may have to be one OCO order")
    yield from (fact for fact in assumptions(figures, ladder, distances=False, today=None) if fact.label in _ASSUMED)
    unknown = [
        name for name, value in (("tick_size", plan.instrument.tick_size), ("lot_size", lot_of(plan))) if not value
    ]
    if unknown:
        yield Fact("grid", f"no {' and no '.join(unknown)} is known: prices and quantities are the plan's own digits")
    yield Fact("fills", "an order may fill in parts: the stop has to cover what is held, not what was meant")


def _not_as_listed(ladder: Ladder, orders: OrderList) -> Iterator[Fact]:
    """Yields the tiers that no order is placed for, and those that do not fill where the list has them."""
    for number in orders.left_out:
        why = never_fills(ladder.steps[number - 1])
        yield Fact("left out", f"tier {number}, which {why}: filled then, it would be none of the plan's", Role.CAUTION)
    elsewhere: dict[str, list[int]] = {}
    for step in ladder.steps:
        if step.tier not in orders.left_out and (why := never_fills(step)):
            elsewhere.setdefault(why, []).append(step.tier)
    for why, tiers in elsewhere.items():
        fill = "fills" if len(tiers) == 1 else "fill"
        text = f"{numbered(tiers)} {fill}, but {why}; in whatever order they come, the stop has to cover what is held"
        yield Fact("order", text, Role.CAUTION)


def _at_once(figures: Figures, ladder: Ladder, orders: OrderList) -> Iterator[Fact]:
    """Yields the stops that the tick puts where price is when they are set: they would exit at once."""
    plan = figures.plan
    for step in orders.steps:
        event, stop = (
            step.event,
            next((order for order in (*step.amend, *step.place) if order.whose is Whose.STOP), None),
        )
        if stop is None or stop.trigger is None or event.price is None or plan.sign * (event.price - stop.trigger) > 0:
            continue
        if event.kind is OrderEventKind.TIER and never_fills(ladder.steps[event.number - 1]):
            continue
        where = f"the stop after {event_name(event)} is {figures.price(stop.trigger)} on the tick, where price is then"
        yield Fact("at once", f"{where}: it would exit at once", Role.ALARM)


def contracts_words(plan: Plan, venue: str) -> str:
    """Returns the warning that a venue counts in contracts of another size than the plan; empty where all is well."""
    size = contract_size_at(venue, plan) if venue else None
    own = plan.instrument.contract_size
    if size is None or size == (own or ONE):
        return ""
    unit = plan.symbol.quote if plan.contract is Contract.INVERSE else plan.symbol.base
    counts = f"{venue} counts contracts of {plain(size)} {visible(unit)}"
    if size == ONE and plan.contract is Contract.LINEAR:
        counts = f"{venue} counts {visible(unit)}"
    has = "names no contract_size" if own is None else f"counts contracts of {plain(own)} {visible(unit)}"
    return f"{counts}, and the plan {has}: amounts would be wrong; `--set venue={venue}` takes its rules"


def is_oversized(plan: Plan, venue: str) -> bool:
    """Returns whether a venue would take an amount for more than the plan means."""
    size = contract_size_at(venue, plan) if venue else None
    return size is not None and size > (plan.instrument.contract_size or ONE)
