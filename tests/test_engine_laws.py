"""Laws of the machine: planned and actual fills are one, parts are a whole, and a state is all that decides the future.

Plans are drawn, written as text and read. The fills are worked from the plan's definitions on this side, not asked of
the machine.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaleplan.engine.event import End, Event, EventKind, ExitFill, Fill, Touch
from scaleplan.engine.machine import Machine
from scaleplan.engine.next_events import NextEvents
from scaleplan.engine.state import State
from scaleplan.ladder import Ladder, Rung
from scaleplan.paths import EveryPath
from scaleplan.plan import Contract, Order, Plan
from scaleplan.quantity.exact import ONE, ZERO, same
from scaleplan.study import Study
from tests.given import drawn as cases
from tests.given import listed, studied, study_of
from tests.test_paths_reference import texts

ROOT = Path(__file__).resolve().parents[1]
PLANS = sorted((ROOT / "plans").glob("*.yaml"))
laws = settings(max_examples=cases(100, 300), deadline=None, database=None, derandomize=True)


def drawn(text: str) -> Ladder:
    """The ladder of a drawn plan; one that has none is drawn anew."""
    found = study_of(text)
    assume(isinstance(found, Study))
    assert isinstance(found, Study)
    return listed(found.plan)


def worth(plan: Plan, price: Decimal, quantity: Decimal) -> Decimal:
    """The value of a quantity at a price, in settle currency."""
    return quantity / price if plan.contract is Contract.INVERSE else quantity * price


def executed(plan: Plan, order: Order, level: Decimal, quantity: Decimal, way: int) -> tuple[Decimal, Decimal]:
    """The price and the fee of an order met at a level, `way` +1 for one that buys: section 3 of the language."""
    taker = order is not Order.LIMIT
    price = level * (ONE + way * plan.slippage) + way * plan.slippage_price if taker else level
    price += way * plan.spread / 2
    rate = plan.fees.taker if taker else plan.fees.maker
    fee = rate * worth(plan, price, quantity) + plan.fees.per_order
    return price, fee + plan.fees.per_contract * quantity / (plan.instrument.contract_size or ONE)


def entry(plan: Plan, index: int, level: Decimal, quantity: Decimal) -> Fill:
    """The fill of a tier as planned."""
    return Fill(index + 1, *_between(executed(plan, plan.tiers[index].order, level, quantity, plan.sign), quantity))


def _between(price_and_fee: tuple[Decimal, Decimal], quantity: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    price, fee = price_and_fee
    return price, quantity, fee


def leaving(plan: Plan, kind: EventKind, number: int, level: Decimal, quantity: Decimal) -> ExitFill:
    """The exit of a target, or of the stop, as planned."""
    order = plan.targets[number - 1].order if kind is EventKind.TARGET else Order.STOP
    return ExitFill(kind, number, *_between(executed(plan, order, level, quantity, -plan.sign), quantity))


# As listed


def figures(machine: Machine, state: State) -> tuple[object, ...]:
    """What stands in a state."""
    position, backing = state.held.position, machine.holdings.backing(state.held)
    return (
        position.quantity,
        position.notional,
        position.average_entry,
        position.breakeven(machine.costs.taker),
        state.stop,
        backing.margin,
        backing.liquidation,
        machine.bankruptcy(state),
    )


def of_ladder(step: Rung) -> tuple[object, ...]:
    """The same as the ladder has it."""
    here = step.position
    return (
        here.quantity,
        here.notional,
        here.average_entry,
        here.breakeven,
        here.stop,
        here.initial_margin,
        here.liquidation,
        here.bankruptcy_price,
    )


def as_listed(ladder: Ladder) -> int:
    """Feed a new machine the plan's own fills and exits as a venue's, and hold it to the ladder; returns the checks."""
    plan = ladder.machine.plan
    machine = Machine(plan, ladder.machine.quantities)
    state = machine.flat(plan.tiers[0].price)
    # A stop on the wrong side of tier 1 exits at once (SP201): there the ladder counts it at tier 1's price.
    if state.stop is not None and plan.sign * (state.stop - plan.tiers[0].price) >= 0:
        return 0
    for index, rung in enumerate(ladder.steps):
        tier = plan.tiers[index]
        after = machine.apply(state, entry(plan, index, tier.price, rung.fill.quantity)).state
        assert after is not None
        state = after
        assert figures(machine, state) == of_ladder(rung)
        assert (state.held.filled, state.held.begun) == ((1 << index + 1) - 1, ())
    checks = len(ladder.steps)
    for done in ladder.exits:
        if not done.quantity:
            # Nothing is closed, and a venue has nothing to tell of it: the level alone moves the stop.
            step = machine.hit(state, done.price)
        else:
            step = machine.apply(state, leaving(plan, EventKind.TARGET, done.target, done.price, done.quantity))
        checks += 1
        assert same(step.result, done.pnl) or abs(step.result - done.pnl) < Decimal("1e-40")
        if step.state is None:
            assert not done.remaining
            break
        state = step.state
        assert state.held.position.quantity == done.remaining
        stop = machine.trailing_stop(state)
        assert stop == done.stop or (stop is not None and done.stop is not None and same(stop, done.stop))
        assert same(state.realized, done.realized) or abs(state.realized - done.realized) < Decimal("1e-40")
    return checks


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_played_as_listed_is_its_ladder(path: Path) -> None:
    """Fills at the plan's prices, quantities and fees give the ladder's figures, to the last digit."""
    found = study_of(path.read_bytes(), str(path))
    assert path.stem == "account" or (isinstance(found, Study) and as_listed(listed(found.plan)) > 0)


@settings(max_examples=cases(400, 1500), deadline=None, database=None, derandomize=True)
@given(texts())
def test_drawn_plans_played_as_listed_are_their_ladders(text: str) -> None:
    """The same of plans that nobody thought of: spot, linear, inverse, both sides, isolated and cross, with lots."""
    as_listed(drawn(text))


# Parts


@laws
@given(texts(), st.data())
def test_a_fill_in_parts_is_the_fill(text: str, data: st.DataObject) -> None:
    """One order executed in two parts leaves the very state that it leaves in one."""
    in_parts(drawn(text), data)


def cut_of(amount: Decimal, part: Decimal) -> Decimal:
    """Returns a part of an amount that has no digit behind its last: what is left and it add up to the amount."""
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return (amount * part).quantize(Decimal(1).scaleb(min(exponent, -20)))


def in_parts(ladder: Ladder, data: st.DataObject) -> None:
    """Cut one of the fills in two, and hold what follows against the whole."""
    plan = ladder.machine.plan
    quantities = ladder.machine.quantities
    cut = data.draw(st.integers(0, len(plan.tiers) - 1))
    part = Decimal(data.draw(st.integers(1, 99))) / 100
    whole, parts = Machine(plan, quantities), Machine(plan, quantities)
    one = two = whole.flat(plan.tiers[0].price)
    for index, tier in enumerate(plan.tiers):
        fill = entry(plan, index, tier.price, quantities[index])
        one = whole.apply(one, fill).state or one
        pieces = [fill]
        if index == cut:
            less = fill._replace(quantity=cut_of(fill.quantity, part), fee=cut_of(fill.fee, part))
            pieces = [less, fill._replace(quantity=fill.quantity - less.quantity, fee=fill.fee - less.fee)]
        for piece in pieces:
            two = parts.apply(two, piece).state or two
        assert two.held.history == one.held.history
        assert two.held.filled == one.held.filled
        for here, there in zip(two.held.position[2:], one.held.position[2:], strict=True):
            assert isinstance(here, Decimal)
            assert isinstance(there, Decimal)
            assert same(here, there) or abs(here - there) < Decimal("1e-40")
        assert (two.touched, two.waiting, two.hits) == (one.touched, one.waiting, one.hits)
        assert two.stop == one.stop or (two.stop and one.stop and same(two.stop, one.stop))


# Paths as fills


@laws
@given(texts())
def test_every_path_played_as_fills_nets_its_end(text: str) -> None:
    """Each end that `paths` lists, its events played as a venue's fills, nets what is said."""
    nets_its_end(drawn(text))


def nets_its_end(ladder: Ladder) -> None:
    """Play the path of each end that fills alone make: what is liquidated or trails is booked otherwise."""
    found = EveryPath(ladder).walked()
    for outcome in found.outcomes[:60]:
        if outcome.end not in (End.STOPPED, End.TARGETS):
            continue
        net = ZERO
        machine = Machine(ladder.machine.plan, ladder.machine.quantities)
        state = machine.flat(machine.plan.tiers[0].price)
        for event in outcome.path:
            step = (
                machine.hit(state, event.price)
                if _closes_nothing(machine, state, event)
                else machine.apply(state, _as_done(machine, state, event))
            )
            net += step.result
            state = step.state or state
        assert same(net, outcome.net) or abs(net - outcome.net) < Decimal("1e-35")


def _closes_nothing(machine: Machine, state: State, event: Event) -> bool:
    return (
        event.kind is EventKind.TARGET
        and machine.holdings.planned_exit(state.held, event.number - 1, event.price) is None
    )


def _as_done(machine: Machine, state: State, event: Event) -> Fill | ExitFill | Touch:
    """What a venue reports of an event."""
    plan, held = machine.plan, state.held
    match event.kind:
        case EventKind.TIER:
            return entry(plan, event.number - 1, event.price, machine.quantities[event.number - 1])
        case EventKind.AFTER:
            return Touch(event.number, event.price)
        case EventKind.TARGET:
            closed = machine.holdings.planned_exit(held, event.number - 1, event.price)
            assert closed is not None
            return leaving(plan, EventKind.TARGET, event.number, event.price, closed.quantity)
    return leaving(plan, EventKind.STOP, 0, event.price, held.position.quantity)


# From a state on


@laws
@given(texts(), st.data())
def test_a_state_has_the_same_future_on_any_machine(text: str, data: st.DataObject) -> None:
    """From a state the same can happen on machines that know nothing of what led to it, to the very ends."""
    ladder = drawn(text)
    nodes = EveryPath(ladder).explored.up_to(5_000).nodes
    assume(bool(nodes))
    state = data.draw(st.sampled_from(nodes)).state
    known = NextEvents(ladder.machine)
    new = NextEvents(Machine(ladder.machine.plan, ladder.machine.quantities))
    assert list(future(known, state, 200)) == list(future(new, state, 200))


def future(ahead: NextEvents, state: State, most: int) -> Iterator[tuple[object, ...]]:
    """What can happen from a state on, the first so many events of it, breadth first."""
    return iter(_future(ahead, state, most))


def _future(ahead: NextEvents, state: State, most: int) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    states = [state]
    while states and len(found) < most:
        for step in ahead.fork(states.pop(0)):
            if step is not None:
                found.append((step.event, step.gross, step.net, step.over, step.at_once))
                states += [] if step.state is None else [step.state]
    return found


def test_the_key_leaves_out_what_decides_nothing() -> None:
    """Isolated, the result so far and the moment of the first fill decide nothing; on cross margin the result does."""
    text = "symbol: A/USDT:USDT\nside: long\nleverage: 2\nmaintenance: 1%\nsize: 2 A\ntiers: [100]\nstop: 90\n"
    isolated = studied(text).ladder
    cross = studied(text + "margin_mode: cross\naccount: {equity: 1000}\n").ladder
    for ladder, kept in ((isolated, 0), (cross, 7)):
        state = ladder.steps[0].state._replace(realized=Decimal(7))
        assert ladder.machine.key(state).realized == kept
