"""Deviations: where the trader left the plan, reckoned anew from the events in force, and what each cost.

Each is yes or no, at a moment, with its cost in settle currency where it has one. Here are those of the plan, of
entries, of the order of events and of exits; those of stops are in `stops`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.position import Position
from scaleplan.engine.sizing import lot_of
from scaleplan.ladder import Ladder
from scaleplan.paths import EveryPath
from scaleplan.paths.graph import Edge, Exploration, Node
from scaleplan.plan import Order
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.revision.measures import LOSSES, RiskChange, Turn, measures_of
from scaleplan.trade import Trade, TradeMoment, Version, kinds
from scaleplan.trade.deviation import Deviation, deviation, span_of
from scaleplan.trade.mapping import near, planned_close
from scaleplan.trade.play import expires_at, time_stop_at
from scaleplan.trade.standing import TradeStanding, stop_due
from scaleplan.trade.stops import stop_deviations

#: A tier may take so much more than was planned for it.
_OVER = Decimal("0.01")
#: What is past its time for longer than this is told.
_PAST = timedelta(hours=1)
#: States beyond which a change is judged by the tiers as listed, and by a bound on what is lost.
_MOST_RISK_STATES = 5_000
#: States beyond which the order of events is not judged.
_MOST_STATES = 20_000


class PlanChange(NamedTuple):
    """One number of the plan that is another in the file than as it was locked, as both are written."""

    path: str
    was: str
    now: str


class Riskier(NamedTuple):
    """A change that made a plan riskier: its measures, what else grew, in words, and whether it was accepted."""

    risk: RiskChange
    more: tuple[str, ...]
    at: datetime
    accepted: bool


class Orders:
    """The orders in which the events of plans can come: each plan is walked once, whatever the count of its trades."""

    def __init__(self) -> None:
        self._nodes: dict[str, tuple[Node, ...] | None] = {}

    def of(self, version: Version) -> tuple[Node, ...] | None:
        """Returns the states of a plan as it was locked; absent where there are too many of them."""
        if version.digest not in self._nodes:
            plan = version.plan
            clocked = plan.expires is not None or plan.time_stop is not None
            graph = Exploration(plan, version.machine.quantities, clock=clocked).up_to(_MOST_STATES)
            self._nodes[version.digest] = graph.nodes if graph.complete else None
        return self._nodes[version.digest]


@exact
def deviations_of(
    standing: TradeStanding,
    changes: tuple[PlanChange, ...] = (),
    riskier: Riskier | None = None,
    risk: RiskChange | None = None,
) -> tuple[Deviation, ...]:
    """Returns every deviation of a trade, in the order of the codes and moments.

    `changes` are what its file has otherwise than the plan in force, and `risk` what that would do to its measures;
    `riskier` is there where that is riskier.
    """
    trade, now = standing.trade, standing.now
    return _in_order([*_plan(trade, now, changes, riskier, risk), *_all(trade, now, Orders()), *_past(standing)])


@exact
def deviations_when_over(trade: Trade, orders: Orders) -> tuple[Deviation, ...]:
    """Returns every deviation of a trade that is over: neither its file nor the clock says anything of it any more."""
    end = trade.moments[-1].at
    return _in_order([*_plan(trade, end, (), None, None), *_all(trade, end, orders)])


def _in_order(found: Iterable[Deviation]) -> tuple[Deviation, ...]:
    return tuple(sorted(found, key=lambda each: (each.kind.code, each.at)))


def _all(trade: Trade, now: datetime, orders: Orders) -> Iterator[Deviation]:
    yield from _locked_late(trade)
    yield from _prices(trade)
    yield from _order(trade, orders)
    yield from _sizes(trade)
    yield from _re_entries(trade)
    yield from stop_deviations(trade, now)
    yield from _exits(trade)


def _plan(
    trade: Trade, now: datetime, changes: tuple[PlanChange, ...], riskier: Riskier | None, risk: RiskChange | None
) -> Iterator[Deviation]:
    if trade.is_open and changes:
        shown = tuple(f"{change.path} {change.was} -> {change.now}" for change in changes)
        yield deviation(kinds.PLAN_CHANGED, now, shown, mend=True)._replace(risk=risk)
    for before, after in zip(trade.versions, trade.versions[1:], strict=False):
        if trade.first_fill is not None and after.since > trade.first_fill:
            rise = made_riskier(before.ladder, after.ladder, after.since, accepted=True)
            if rise is not None:
                yield _riskier(rise)
    if riskier is not None and trade.is_open and trade.first_fill is not None:
        yield _riskier(riskier)


def _riskier(change: Riskier) -> Deviation:
    words = ("accepted" if change.accepted else "not accepted", *change.more)
    before, after = (each.planned_loss for each in change.risk)
    numbers = () if before is None or after is None else (before, after)
    cost = max(numbers[1] - numbers[0], ZERO) if numbers else None
    found = deviation(kinds.PLAN_RISKIER, change.at, words, numbers, cost=cost, mend=not change.accepted)
    return found._replace(risk=change.risk)


def risk_change(before: Ladder, after: Ladder) -> RiskChange:
    """Returns what a change does to the measures of a plan."""
    return RiskChange(*(measures_of(ladder, EveryPath(ladder), most=_MOST_RISK_STATES) for ladder in (before, after)))


def made_riskier(
    before: Ladder, after: Ladder, at: datetime, *, accepted: bool, risk: RiskChange | None = None
) -> Riskier | None:
    """Returns a change that made a plan riskier; absent where it did not.

    It did where it may lose or hold more, has no stop any more or a looser one, or more tiers.
    """
    old, new = before.machine.plan, after.machine.plan
    risk = risk_change(before, after) if risk is None else risk
    more = []
    if old.stop is not None and new.stop is not None and old.sign * (old.stop - new.stop) > 0:
        more.append("the stop is looser")
    count = len(new.tiers) - len(old.tiers)
    if count > 0:
        more.append(f"{count} tier{'s' if count > 1 else ''} more")
    if not more and not risk.turned(Turn.WORSE, LOSSES):
        return None
    return Riskier(risk, tuple(more), at, accepted)


def _locked_late(trade: Trade) -> Iterator[Deviation]:
    first = trade.first_fill
    if first is not None and trade.locked_at - first > trade.habits.stop_grace:
        yield deviation(kinds.LOCKED_LATE, trade.locked_at, (span_of(trade.locked_at - first),))


# Entries


def _prices(trade: Trade) -> Iterator[Deviation]:
    """Tells each entry that was worse than planned, or came early; the parts of an order are one entry."""
    found: list[Deviation] = []
    for moment in trade.moments:
        machine, price = moment.version.machine, moment.event.price or ZERO
        position = machine.holdings.nothing.position
        for part in moment.parts:
            if part.tier is None or part.tier > len(machine.plan.tiers):
                continue
            planned = machine.holdings.own_fill(part.tier - 1).price
            limit = near(machine, planned, trade.habits)
            words = (f"tier {part.tier}",)
            if machine.sign * (price - planned) > limit:
                cost = abs(position.value(price, part.quantity) - position.value(planned, part.quantity))
                chased = deviation(kinds.CHASED, moment.at, words, (price, planned), event=moment, cost=cost)
                _add(found, chased, moment)
            tier = machine.plan.tiers[part.tier - 1]
            if tier.order is Order.STOP and machine.sign * (tier.price - price) > limit:
                early = deviation(kinds.EARLY, moment.at, words, (price, tier.price), event=moment)
                _add(found, early, moment)
    yield from found


def _add(found: list[Deviation], new: Deviation, moment: TradeMoment) -> None:
    """Adds what is told of a fill; of a further part of an order, to what was told of it: its cost, and its number."""
    same = [at for at, each in enumerate(found) if (each.kind, each.words) == (new.kind, new.words)]
    if not moment.continues or not same:
        found.append(new)
        return
    before = found[same[-1]]
    cost = None if before.cost is None or new.cost is None else before.cost + new.cost
    price, other = before.numbers[0], new.numbers[0]
    # Of several prices the one that is furthest from what was planned.
    furthest = max((price, other), key=lambda each: abs(each - new.numbers[1]))
    found[same[-1]] = before._replace(cost=cost, numbers=(furthest, new.numbers[1]))


def _sizes(trade: Trade) -> Iterator[Deviation]:
    """Tells each tier, and the whole, that took more than planned; the parts of an order are one entry."""
    plan, machine = trade.plan, trade.machine
    taken: dict[int, Decimal] = {}
    entered = ZERO
    most = sum(machine.quantities, ZERO)
    lot = lot_of(plan) or ZERO
    oversized: dict[int, Deviation] = {}
    extras: list[Deviation] = []
    for moment in trade.moments:
        for part in moment.parts:
            entered += part.quantity
            if part.tier is None:
                cost = _risk_of(trade, moment, part.quantity)
                numbers = entered, most
                beyond = deviation(kinds.BEYOND_MAXIMUM, moment.at, ("extra",), numbers, event=moment, cost=cost)
                _add(extras, beyond, moment)
                continue
            taken[part.tier] = taken.get(part.tier, ZERO) + part.quantity
            if part.tier > len(machine.quantities):
                continue
            planned = machine.quantities[part.tier - 1]
            over = taken[part.tier] - planned
            before = oversized.get(part.tier)
            if over > lot and over > _OVER * planned and (before is None or moment.continues):
                cost = _risk_of(trade, moment, min(over, part.quantity))
                if before is not None:
                    cost = None if cost is None or before.cost is None else before.cost + cost
                    moment = next(each for each in trade.moments if each.event.name == before.event)  # noqa: PLW2901
                words, numbers = (f"tier {part.tier}",), (taken[part.tier], planned)
                oversized[part.tier] = deviation(kinds.OVERSIZED, moment.at, words, numbers, event=moment, cost=cost)
    yield from oversized.values()
    yield from extras
    over = entered - most
    # A venue's quantities end somewhere: so much may each fill be more than planned, and it is no excess.
    digits = [_last_digit(moment) for moment in trade.moments if moment.is_entry]
    forgiven = min(min(digits, default=ZERO) * len(digits), _OVER * most)
    if over > (lot or forgiven) and not extras:
        last = next(moment for moment in reversed(trade.moments) if moment.is_entry)
        cost = _risk_of(trade, last, over)
        yield deviation(kinds.BEYOND_MAXIMUM, last.at, ("in all",), (entered, most), event=last, cost=cost)


def _last_digit(moment: TradeMoment) -> Decimal:
    """Returns one of the last digit behind the point that a fill's quantity is written with."""
    exponent = (moment.event.quantity or ZERO).as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else ZERO


def _risk_of(trade: Trade, moment: TradeMoment, quantity: Decimal) -> Decimal | None:
    """Returns the risk at the stop due that a quantity of an entry added; absent without a stop."""
    machine, price = moment.version.machine, moment.event.price or ZERO
    stop = stop_due(trade, moment, moment.state)
    if stop is None:
        return None
    nothing = machine.holdings.nothing.position
    whole = sum((part.quantity for part in moment.parts), ZERO)
    fee = moment.fee * quantity / whole if whole else ZERO
    part: Position = nothing.bought(price, quantity, fee)
    return -part.net(machine.costs.exit_price(stop, machine.sign), machine.costs.taker)


def _re_entries(trade: Trade) -> Iterator[Deviation]:
    for moment in trade.moments:
        if moment.is_entry and moment.entries_had_ended and not moment.continues:
            yield deviation(kinds.RE_ENTRY, moment.at, (), (moment.event.price or ZERO,), event=moment)


# The order of events


def _order(trade: Trade, orders: Orders) -> Iterator[Deviation]:
    """Tells the first event that comes on no path of the locked plan behind those before it.

    A path may have others between them, which the trader missed; exits by hand and extra fills are on none, and are
    left aside. Every path begins with tier 1, and hits a target behind the one before it.
    """
    early = _before_its_turn(trade)
    if early is not None:
        yield early
        return
    wanted = dict.fromkeys((kind, number) for moment in trade.moments for kind, number in _happened(moment))
    if len(wanted) < 2:
        return
    nodes = orders.of(trade.versions[0])
    if nodes is None:
        return
    first, *others = wanted
    if first == (EventKind.TIER, 1):
        here = _onward({0}, nodes)
    else:
        others, here, first = [first, *others], _onward({0}, nodes), (EventKind.TIER, 1)
    for kind, number in others:
        edges = [edge for node in here for edge in nodes[node].edges if _is(edge, kind, number)]
        if not edges:
            moment = next(moment for moment in trade.moments if (kind, number) in _happened(moment))
            words = (_name(kind, number), f"after {_name(*first)}")
            yield deviation(kinds.OUT_OF_ORDER, moment.at, words, event=moment)
            return
        here = _onward({edge.child.number for edge in edges if edge.child is not None}, nodes)
        first = kind, number


def _before_its_turn(trade: Trade) -> Deviation | None:
    """Returns the first entry of another tier than the first, or of a target with those before it left out."""
    is_first = True
    for moment in trade.moments:
        plan = moment.version.plan
        tiers = [part.tier for part in moment.parts if part.tier is not None]
        if tiers and is_first:
            is_first = False
            # Twins of tier 1 are as good as it.
            own = [
                tier for tier in tiers if tier <= len(plan.tiers) and plan.tiers[tier - 1].price != plan.tiers[0].price
            ]
            if len(own) == len(tiers):
                return deviation(kinds.OUT_OF_ORDER, moment.at, (f"tier {own[0]}", "before tier 1"), event=moment)
        left_out = _left_out(moment)
        if left_out:
            words = (f"target {moment.target}", f"before target {left_out}")
            return deviation(kinds.OUT_OF_ORDER, moment.at, words, event=moment)
    return None


def _left_out(moment: TradeMoment) -> int:
    """Returns the first target (from 1) that closes something and that a close of a later one left out; else 0."""
    before, machine = moment.before, moment.version.machine
    if moment.closed is not EventKind.TARGET or not before.hits + 1 < moment.target <= len(machine.plan.targets):
        return 0
    planned = {
        number: planned_close(machine, before, number - 1, ZERO) for number in range(before.hits + 1, moment.target + 1)
    }
    whole = sum(planned.values(), ZERO)
    if moment.taken >= min(whole, before.held.position.quantity):
        return 0
    return next((number for number, quantity in planned.items() if quantity and number < moment.target), 0)


def _name(kind: EventKind, number: int) -> str:
    return f"{kind} {number}" if number else str(kind)


def _happened(moment: TradeMoment) -> Iterator[tuple[EventKind, int]]:
    for part in moment.parts:
        if part.tier is not None:
            yield EventKind.TIER, part.tier
    if moment.closed is EventKind.TARGET:
        before = moment.before.hits
        for number in range(before + 1, max(moment.target, before) + 1):
            yield EventKind.TARGET, number
    elif moment.closed in (EventKind.STOP, EventKind.LIQUIDATION, EventKind.TRAIL):
        yield moment.closed, 0


def _is(edge: Edge, kind: EventKind, number: int) -> bool:
    if kind in (EventKind.TIER, EventKind.TARGET):
        return edge.event.kind is kind and edge.event.number == number
    if kind is EventKind.STOP:
        return edge.event.kind in (EventKind.STOP, EventKind.TRAIL)
    return edge.event.kind is kind


def _onward(begun: set[int], nodes: tuple[Node, ...]) -> set[int]:
    """Returns states, and all that come after them."""
    found = set(begun)
    # Every edge leads to a later state.
    for node in nodes[min(begun, default=len(nodes)) :]:
        if node.number in found:
            found |= {edge.child.number for edge in node.edges if edge.child is not None}
    return found


# Exits


def _exits(trade: Trade) -> Iterator[Deviation]:
    for moment in trade.moments:
        if moment.closed is EventKind.BY_HAND and not moment.continues:
            price = moment.event.price or ZERO
            yield deviation(kinds.CLOSED_BY_HAND, moment.at, (), (moment.taken, price), event=moment)
        elif moment.closed is EventKind.LIQUIDATION:
            price = moment.event.price or ZERO
            yield deviation(kinds.LIQUIDATED, moment.at, (), (moment.taken, price), event=moment, cost=-moment.result)


def _past(standing: TradeStanding) -> Iterator[Deviation]:
    """Tells what the clock asked for an hour ago and was not done."""
    trade, now = standing.trade, standing.now
    if not trade.is_open or trade.first_fill is None:
        return
    due = time_stop_at(trade.plan, trade.first_fill)
    timed = any(moment.closed is EventKind.TIME_STOP for moment in trade.moments)
    if due is not None and now - due > _PAST and not standing.state.timed and not timed and trade.held:
        yield deviation(kinds.PAST_TIME, due, ("time stop", span_of(now - due)))
    due = expires_at(trade.plan, trade.first_fill)
    open_tiers = [
        number for number in range(1, len(trade.plan.tiers) + 1) if number not in bits(trade.state.held.filled)
    ]
    if due is not None and now - due > _PAST and open_tiers and not _ended_before(trade, due):
        yield deviation(kinds.PAST_TIME, due, ("expiry", span_of(now - due)))


def _ended_before(trade: Trade, due: datetime) -> bool:
    return any(moment.at <= due and trade.machine.entries_ended(moment.state) for moment in trade.moments)
