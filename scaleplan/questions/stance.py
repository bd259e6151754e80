"""A stance is where a trade stands by name: which tiers are filled, how many targets hit, and the price now.

A name is looked up among the states that `paths` walks, and price then goes straight from there to where it is now, by
the same machine. Several states may bear one name (an `after` price has traded or not): the likeliest is taken.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import End, Event, EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.levels import reached
from scaleplan.engine.machine import Machine
from scaleplan.engine.next_events import NextEvents
from scaleplan.engine.state import Over, State, Step
from scaleplan.paths.graph import MOST_STATES, Edge, Exploration, Graph, Node
from scaleplan.paths.odds import Odds
from scaleplan.paths.walk import walk
from scaleplan.plan import AfterTier, Plan
from scaleplan.quantity.exact import ONE, ZERO, same
from scaleplan.quantity.number import brief
from scaleplan.study import Study

#: Where price is to go: a price, or one that follows from what is held by then.
Goal = Decimal | Callable[[Machine, State], Decimal]
_ENTERS = (EventKind.TIER, EventKind.TARGET)
_ENDS = (EventKind.STOP, EventKind.LIQUIDATION)


class Stance(NamedTuple):
    """A state in which the plan stands; `state.price` is the price that is asked about.

    `state.realized` is the net result of the exits so far. `way` is what has happened, from the very first fill on.
    `others` counts the less likely states of the same name.
    """

    machine: Machine
    state: State
    way: tuple[Event, ...]
    others: int = 0


class Finished(NamedTuple):
    """A plan that is over before price gets to `price`.

    `state` is the last one, and the last event of `way` ends it. `net` is the result of the whole plan.
    """

    machine: Machine
    price: Decimal
    state: State
    way: tuple[Event, ...]
    over: Over
    net: Decimal


class NoStance(NamedTuple):
    """Why the plan cannot stand so: a sentence, with what to type instead where that is known."""

    message: str


def began(machine: Machine) -> Stance:
    """Returns the first state of all paths: tier 1 filled, and price there."""
    price = machine.plan.tiers[0].price
    state = machine.flat(price)
    step = machine.fill(state, machine.holdings.planned_fill(state.held, 0, price), price)
    if step.state is None:
        raise AssertionError("a fill ends no plan")
    return Stance(machine, step.state, (step.event,))


def stance(
    study: Study,
    price: Goal | None = None,
    tiers: tuple[int, ...] | None = None,
    targets: int | None = None,
) -> Stance | Finished | NoStance:
    """Returns where a plan stands with these tiers filled and so many targets hit, at a price.

    Tiers count from 1. Without both price goes straight from tier 1 to `price`, and fills and hits what it meets. With
    `tiers` alone no target is hit; with `targets` alone any tiers are filled. Without a price the state stands where it
    came about. Who calls it is in the exact context.
    """
    machine = study.ladder.machine
    if tiers is None and targets is None:
        first = began(machine)
        return first if price is None else go(first, price)
    unknown = _unknown(machine.plan, tiers or (), targets or 0)
    if unknown:
        return NoStance(unknown)
    hits = targets or 0
    mask = None if tiers is None else sum(1 << number - 1 for number in set(tiers))
    others = 0 if mask is None else ~mask

    def leads_there(state: State) -> bool:
        # What has filled and been hit stays so: all that lead to a state of the name have no more than that.
        return state.hits <= hits and not state.held.filled & others

    graph = Exploration(machine.plan, machine.quantities, within=leads_there).up_to(MOST_STATES)
    if not graph.complete:
        return NoStance(f"the plan has more than {MOST_STATES:,} states, too many to look for one by its name")
    found = _named(graph, mask, hits, entered=price is not None)
    if not found:
        return NoStance(_why_not(study.every_path.explored.up_to(MOST_STATES), mask, hits))
    gone = [go(there, there.state.price if price is None else price, named=True) for there in found]
    stand = [there for there in gone if isinstance(there, Stance)]
    if stand:
        return stand[0]._replace(others=len({graph.machine.key(there.state) for there in stand}) - 1)
    return next((there for there in gone if isinstance(there, Finished)), gone[0])


def go(start: Stance, price: Goal, *, named: bool = False) -> Stance | Finished | NoStance:
    """Takes price straight from a state to another price, through all that it meets on the way.

    At the very price of a stop or a liquidation the plan still stands. With `named` price may pass no tier and no
    target: that would be a state of another name. Who calls it is in the exact context.
    """
    machine, state, way = start.machine, start.state, start.way
    ahead = NextEvents(machine)
    while True:
        goal = price if isinstance(price, Decimal) else price(machine, state)
        if goal <= 0:
            return NoStance(f"{brief(goal)} is not above 0, and no price")
        up, down = ahead.fork(state)
        step = next((step for step in (up, down) if step is not None and step.at_once), None)
        trails = ahead.trail is not None and state.hits == len(machine.plan.targets)
        if trails and (step is None or step.event.kind is EventKind.TRAIL):
            return _trailing(start._replace(state=state, way=way), goal)
        if step is None:
            rises = goal > state.price
            step = None if same(goal, state.price) else up if rises else down
            if step is None or not _meets(goal, step, rises=rises, named=named):
                return start._replace(state=state._replace(price=goal), way=way)
        if named and step.event.kind in _ENTERS:
            return NoStance(_passed(state, step, goal))
        way = (*way, step.event)
        if step.state is None:
            return _finished(machine, goal, state, way, step)
        state = step.state


def _meets(goal: Decimal, step: Step, *, rises: bool, named: bool) -> bool:
    """Returns whether price meets an event on its way: at its very price, none that ends the plan or its name."""
    if same(goal, step.where):
        return step.event.kind not in _ENDS and not (named and step.event.kind in _ENTERS)
    return goal > step.where if rises else goal < step.where


def _trailing(start: Stance, goal: Decimal) -> Stance | Finished:
    """Takes price from where a trail has begun: it follows the best price, and exits where its stop is met."""
    machine, state = start.machine, start.state
    best = goal if machine.sign * (goal - state.price) > 0 else state.price
    moved = state._replace(price=goal, stop=machine.trailing_stop(state._replace(price=best)))
    losing = machine.losing(moved)
    level = losing.nearest
    if level is None or not reached(goal, level, machine.sign) or same(goal, level):
        return start._replace(state=moved)
    if not losing.is_stop:
        step = machine.liquidated(moved, level)
    elif moved.stop == state.stop:
        step = machine.stopped(moved, level)
    else:
        gross, net = machine.stopped_out(state.held, level)
        event = Event(EventKind.TRAIL, len(machine.plan.targets), level)
        step = Step(event, None, over=Over(End.TRAIL, gross, net, net, best, level))
    return _finished(machine, goal, moved, (*start.way, step.event), step)


def _finished(machine: Machine, goal: Decimal, state: State, way: tuple[Event, ...], step: Step) -> Finished:
    if step.over is None:
        raise AssertionError("a step leads to a state or ends the plan")
    return Finished(machine, goal, state, way, step.over, state.realized + step.over.net)


# Names


def _named(graph: Graph, mask: int | None, hits: int, *, entered: bool) -> list[Stance]:
    """Returns the states with these tiers (as bits, or any) and so many targets, the likeliest first.

    Each with its likeliest way. With `entered` only those that a fill or a target leads to: price goes on from there.
    States that something changes at once are passed through, and are named only where there are no others.
    """
    nodes = graph.nodes
    walked = walk(graph, Odds(None, graph.machine.plan.tiers[0].price))
    likely: list[tuple[Decimal, tuple[Node, Edge] | None]] = [(ZERO, None)] * len(nodes)
    likely[0] = ONE, None
    weight = [ZERO] * len(nodes)
    weight[0] = ONE
    for number, node in enumerate(nodes):
        here = walked.chances[number]
        for edge, chance in ((node.up, here.up), (node.down, here.down)):
            if edge is None or edge.child is None:
                continue
            child = edge.child.number
            if likely[child][1] is None or likely[number][0] * chance > likely[child][0]:
                likely[child] = likely[number][0] * chance, (node, edge)
            if not entered or edge.event.kind in _ENTERS:
                weight[child] += walked.masses[number] * chance
    found = [
        node
        for node in nodes
        if node.state.hits == hits and node.state.held.filled == (node.state.held.filled if mask is None else mask)
    ]
    found = [node for node in found if node.state.held.position.quantity and (weight[node.number] or not entered)]
    lasting = [node for node in found if not _is_passed_through(node)]
    found = sorted(lasting or found, key=lambda node: (-weight[node.number], node.number))
    return [_on_its_way(graph, node, likely) for node in found]


def _is_passed_through(node: Node) -> bool:
    return any(edge.at_once and edge.event.kind is not EventKind.TRAIL for edge in node.edges)


def _on_its_way(graph: Graph, node: Node, likely: list[tuple[Decimal, tuple[Node, Edge] | None]]) -> Stance:
    """Returns a state with its likeliest way, and the result of the exits on that."""
    events: list[Event] = []
    realized, before = ZERO, likely[node.number][1]
    while before is not None:
        events.append(before[1].event)
        realized += before[1].net
        before = likely[before[0].number][1]
    state = node.state if graph.machine.cross else node.state._replace(realized=realized)
    return Stance(graph.machine, state, (*graph.begin, *reversed(events)))


def _unknown(plan: Plan, tiers: tuple[int, ...], targets: int) -> str:
    """Returns what there is not of these tiers and targets; empty where all are there."""
    named = (("tier", max(tiers, default=0), len(plan.tiers)), ("target", targets, len(plan.targets)))
    for word, number, count in named:
        if number > count:
            there = "none" if not count else f"1 {word}" if count == 1 else f"{count} {word}s"
            return f"there is no {word} {number}: the plan has {there}"
    return ""


def _why_not(graph: Graph, mask: int | None, hits: int) -> str:
    """Returns why no path has these tiers (as bits) filled and so many targets hit."""
    plan = graph.machine.plan
    names = "any tier" if mask is None else tiers_text(bits(mask))
    if not graph.complete:
        return f"no path has {names} filled, no other tier, and {_targets_text(hits)} hit"
    masks = {node.state.held.filled for node in graph.nodes}
    wanted = bits(mask or 0)
    for number in wanted:
        tier = plan.tiers[number - 1]
        own = tier.after.tier if isinstance(tier.after, AfterTier) else 0
        held = [other for other in masks if other >> number - 1 & 1]
        if not held:
            return f"no path fills tier {number}"
        missing = [
            other
            for other in range(1, len(plan.tiers) + 1)
            if other not in wanted and all(found >> other - 1 & 1 for found in held)
        ]
        if missing:
            why = f" (`after: tier {own}`)" if own in missing else ""
            return f"no path fills tier {number} before tier {own if why else missing[0]}{why}"
    if mask is not None and mask not in masks:
        return f"no path has {names} filled and no other"
    most = sorted({node.state.hits for node in graph.nodes if mask in (None, node.state.held.filled)})
    there = "none is" if most == [0] else f"{' or '.join(map(str, most))} {'is' if most == [1] else 'are'}"
    return f"no path has {names} filled and {_targets_text(hits)} hit: with {names} filled {there} hit"


def _passed(state: State, step: Step, goal: Decimal) -> str:
    """Returns which tier or target price meets before it gets to where it is asked about, and what to type."""
    number, at = step.event.number, _grouped(step.where)
    before = "at once" if step.at_once else f"before {_grouped(goal)}"
    if step.event.kind is EventKind.TARGET:
        return f"target {number} is hit at {at} {before}: --targets {number}"
    return f"tier {number} fills at {at} {before}: --tiers {tiers_option((*bits(state.held.filled), number))}"


def _grouped(price: Decimal) -> str:
    return brief(price)


def _targets_text(hits: int) -> str:
    return f"{hits} target{'' if hits == 1 else 's'}"


def tiers_option(tiers: tuple[int, ...]) -> str:
    """Returns filled tiers as `--tiers` takes them: `2` for 1 and 2, else `1,3`."""
    found = sorted(set(tiers))
    return str(len(found)) if found == list(range(1, len(found) + 1)) else ",".join(map(str, found))


def tiers_text(tiers: tuple[int, ...]) -> str:
    """Returns filled tiers in words: `tier 1`, `tiers 1-3`, `tiers 1, 3`."""
    if len(tiers) < 2:
        return f"tier {tiers[0]}" if tiers else "no tier"
    if tiers == tuple(range(tiers[0], tiers[-1] + 1)):
        return f"tiers {tiers[0]}-{tiers[-1]}"
    return f"tiers {', '.join(map(str, tiers))}"
