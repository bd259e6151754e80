"""Laws of trades: the plan played is the plan, every path played ends as that path, and no wording changes a figure.

Plans are drawn by number, of every market, margin, cost, order and way out. What is played is made of the machine's own
steps, written as the rows of a journal and read back; what a trade makes of them is held against the plan's figures.
"""

import os
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from scaleplan.engine.event import EventKind, ExitFill, Fill
from scaleplan.engine.holding import bits
from scaleplan.engine.next_events import NextEvents
from scaleplan.engine.state import State, Step
from scaleplan.engine.ticks import stop_or_entry_on_tick
from scaleplan.journal import EventRow, RowKind, TradeRow
from scaleplan.paths.onward import onward
from scaleplan.plan import AfterTier, Contract
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.exact import same as equal
from scaleplan.study import Study
from scaleplan.trade import Habits, Trade, Version
from scaleplan.trade.deviation import Deviation
from scaleplan.trade.deviations import deviations_of
from scaleplan.trade.play import play, text_of
from scaleplan.trade.standing import stand
from tests.given import listed, study_of
from tests.test_claims_laws import drawn

D = Decimal
BEGUN = datetime(2026, 8, 21, 12, tzinfo=UTC)
MANY = 1500 if os.environ.get("SCALEPLAN_EVERY_CASE") else 120
#: What rounding to fifty digits may leave of sums taken in another order.
CLOSE = Decimal("1e-35")


class Written:
    """The rows of one trade, an hour apart."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.rows: list[EventRow] = []
        self._hours = count()

    def add(self, kind: RowKind, **values: object) -> EventRow:
        """Adds a row."""
        number = len(self.rows) + 1
        moment = text_of(BEGUN + timedelta(hours=next(self._hours)))
        row = EventRow(number, f"{number:032x}", number, kind, moment, "Z", "t", **values)  # type: ignore[arg-type]
        self.rows.append(row)
        return row

    def executed(self, fill: Fill | ExitFill, *, named: bool) -> EventRow:
        """Adds what was executed; `named` says which tier or what exit it was, as a trader would."""
        sign = self.study.plan.sign
        way = sign if isinstance(fill, Fill) else -sign
        values: dict[str, object] = {"side": "buy" if way > 0 else "sell", "fee_currency": self.study.plan.settle}
        values |= {"price": fill.price, "quantity": fill.quantity, "fee": fill.fee}
        if named and isinstance(fill, Fill):
            values["tier"] = fill.tier
        if named and isinstance(fill, ExitFill):
            values |= {"role": str(fill.kind), "target": fill.number or None}
        return self.add(RowKind.FILL, **values)

    def stop(self, price: Decimal, at: str) -> EventRow:
        """Adds a stop, recorded at the moment of a fill."""
        number = len(self.rows) + 1
        row = EventRow(number, f"{number:032x}", number, RowKind.STOP, at, "Z", "t", price=price)
        self.rows.append(row)
        return row

    def trade(self, habits: Habits = Habits()) -> Trade:  # noqa: B008 - it is immutable
        """Returns the trade that the rows make."""
        row = TradeRow(1, "t", "plan.yaml", self.study.plan.symbol.text, str(self.study.plan.side), is_open=True)
        before = BEGUN - timedelta(hours=1)
        version = Version(before, self.study.plan, self.study.ladder, "d", before)
        return play(row, [version], self.rows, habits)

    def deviations(self) -> tuple[Deviation, ...]:
        """Returns what is said of the trade an hour after its last row."""
        return deviations_of(stand(self.trade(), BEGUN + timedelta(hours=len(self.rows) + 1)))


def drawn_study(number: int) -> Study | None:
    """Returns the study of a drawn plan that has figures."""
    found = study_of(drawn(number))
    return found if isinstance(found, Study) else None


def near(one: Decimal | None, other: Decimal | None) -> bool:
    """Returns whether two figures are one, but for the order in which they were summed."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= CLOSE * max(abs(one), abs(other), ONE)


@pytest.mark.parametrize("number", range(MANY))
def test_the_plan_played_has_the_figures_of_show(number: int) -> None:
    """Law 7: fills as planned in the order listed, each stop due with them: the figures are those of `show`."""
    study = drawn_study(number)
    if study is None:
        return
    written, plan = Written(study), study.plan
    # As listed: each tier fills at its own price, reached or not.
    for rung in listed(plan).steps:
        fill = Fill(rung.tier, rung.fill.price, rung.fill.quantity, rung.fill.fee)
        row = written.executed(fill, named=True)
        trade = written.trade()
        state, here = trade.state, rung.position
        position = state.held.position
        assert near(position.quantity, here.quantity)
        assert near(position.average_entry, here.average_entry)
        assert near(position.breakeven(trade.machine.costs.taker), here.breakeven)
        assert near(trade.machine.liquidation(state).price, here.liquidation.price)
        assert trade.machine.liquidation(state).answer == here.liquidation.answer
        assert near(trade.machine.holdings.backing(state.held).margin, here.initial_margin)
        if here.stop is not None and state.stop is not None and equal(here.stop, state.stop):
            assert near(-trade.machine.stopped_out(state.held, state.stop)[1], here.risk)
            written.stop(stop_or_entry_on_tick(plan, state.stop), row.at)
    assert written.trade().tiers[0].quantity == study.ladder.steps[0].fill.quantity


def way(study: Study, draw: random.Random) -> list[Step]:
    """Returns one path through a plan: what price does next is drawn at each step."""
    machine = study.ladder.machine
    ahead = NextEvents(machine)
    price = study.plan.tiers[0].price
    step = machine.fill(machine.flat(price), machine.holdings.planned_fill(machine.holdings.nothing, 0, price), price)
    steps = [step]
    while step.state is not None:
        fork = ahead.fork(step.state)
        found = [each for each in fork if each is not None]
        if not found:
            break
        step = draw.choice(found)
        steps.append(step)
    return steps


def played(study: Study, steps: list[Step], *, named: bool) -> tuple[Written, State | None]:
    """Writes a path as rows, each stop due with its fill. Returns them, and the state in which the path ends."""
    written = Written(study)
    state: State | None = None
    for step in steps:
        executed = step.executed
        if executed is None and step.over is not None:
            executed = ended(study, state, step)
        if executed is not None:
            row = written.executed(executed, named=named)
            due = None if step.state is None else study.ladder.machine.trailing_stop(step.state)
            if due is not None:
                written.stop(stop_or_entry_on_tick(study.plan, due), row.at)
        state = step.state
    return written, state


def ended(study: Study, state: State | None, step: Step) -> ExitFill | None:
    """Returns the exit that ends a path, as the venue does it: the stop's order, or the close of a liquidation."""
    if state is None or step.over is None or not state.held.position.quantity:
        return None
    machine, quantity = study.ladder.machine, state.held.position.quantity
    if step.event.kind is EventKind.STOP:
        price = machine.costs.exit_price(step.event.price, machine.sign)
        fee = machine.costs.taker.of(state.held.position.value(price, quantity), quantity)
        return ExitFill(EventKind.STOP, 0, price, quantity, fee) if price > 0 else None
    return None


def representable(study: Study, steps: list[Step]) -> bool:
    """Returns whether fills and exits tell a path: a target that closes nothing has no fill to tell of it."""
    exits = [step for step in steps if step.event.kind is EventKind.TARGET]
    return all(step.executed is not None for step in exits)


@pytest.mark.parametrize("number", range(MANY))
def test_every_path_played_ends_as_that_path(number: int) -> None:
    """Law 8: the rows of a path make the state and the result of the path, and what can come next is the same."""
    study = drawn_study(number)
    if study is None:
        return
    draw = random.Random(number)  # noqa: S311 - drawn to be drawn again
    for _ in range(3):
        steps = way(study, draw)
        if not representable(study, steps):
            continue
        written, state = played(study, steps, named=True)
        trade = written.trade()
        told = [step for step in steps if step.over is None or step.event.kind in (EventKind.STOP, EventKind.TARGET)]
        results = [step.result for step in told]
        assert near(trade.booked, sum(results, ZERO))
        if state is None or not state.held.position.quantity:
            continue
        assert near(trade.state.held.position.cost, state.held.position.cost)
        assert trade.state.held.filled == state.held.filled
        assert trade.state.hits == state.hits
        assert near(trade.state.stop, state.stop)
        machine = trade.machine
        # Which `after` prices have traded is seen by who watches price, and not by fills alone.
        seen = trade.state._replace(touched=state.touched, waiting=state.waiting, price=state.price)
        here = onward(machine, machine.key(seen), study.ladder.totals.r)
        there = onward(study.ladder.machine, study.ladder.machine.key(state), study.ladder.totals.r)
        assert (here.outcomes is None) == (there.outcomes is None)
        if here.outcomes is None or there.outcomes is None:
            continue
        assert abs(sum((outcome.probability for outcome in here.outcomes), ZERO) - 1) < D("1e-30")
        ours = [(outcome.end, outcome.tiers, outcome.targets) for outcome in here.outcomes]
        assert ours == [(outcome.end, outcome.tiers, outcome.targets) for outcome in there.outcomes]
        for mine, theirs in zip(here.outcomes, there.outcomes, strict=True):
            assert near(mine.net, theirs.net)
            assert near(mine.probability, theirs.probability)


@pytest.mark.parametrize("number", range(MANY))
def test_no_deviation_is_told_of_a_path_that_was_followed(number: int) -> None:
    """Laws 7 and 9: a path of the plan, played with every stop as due, has no deviation but a liquidation."""
    study = drawn_study(number)
    if study is None or study.plan.expires is not None or study.plan.time_stop is not None:
        return
    steps = way(study, random.Random(number))  # noqa: S311 - drawn to be drawn again
    # A tier that price has passed already is executed at once, far from its own price: that is the plan's own doing.
    entries = [step.event for step in steps if step.event.kind is EventKind.TIER]
    at_own = all(event.price == study.plan.tiers[event.number - 1].price for event in entries)
    if not representable(study, steps) or not at_own:
        return
    written, _ = played(study, steps, named=True)
    assert [found.kind.code for found in written.deviations()] == []


@pytest.mark.parametrize("number", range(0, MANY, 2))
def test_what_no_path_has_is_out_of_order(number: int) -> None:
    """Law 9: a tier behind the end of the entries, or before the tier that it waits for, is on no path."""
    study = drawn_study(number)
    if study is None:
        return
    waiting = [index for index, tier in enumerate(study.plan.tiers) if isinstance(tier.after, AfterTier)]
    if not waiting:
        return
    first = waiting[0]
    after = study.plan.tiers[first].after
    assert isinstance(after, AfterTier)
    if after.tier == 1:
        return
    written = Written(study)
    own = study.ladder.machine.holdings.own_fill
    for index in (0, first, after.tier - 1):
        written.executed(own(index), named=True)
    assert "SP905" in {found.kind.code for found in written.deviations()}


@pytest.mark.parametrize("number", range(0, MANY, 2))
def test_a_fill_in_parts_is_the_fill(number: int) -> None:
    """Law 6: a fill split at its price, its fee divided, changes no figure and no mapping."""
    study = drawn_study(number)
    if study is None:
        return
    steps = way(study, random.Random(number))  # noqa: S311 - drawn to be drawn again
    if not representable(study, steps):
        return
    whole, _ = played(study, steps, named=False)
    parts = Written(study)
    for row in whole.rows:
        if row.kind is not RowKind.FILL or row.quantity is None or row.fee is None:
            parts.rows.append(row._replace(seq=len(parts.rows) + 1))
            continue
        quarter, fee = (round(figure * D("0.25"), 8) for figure in (row.quantity, row.fee))
        for quantity, paid in ((quarter, fee), (row.quantity - quarter, row.fee - fee)):
            seq = len(parts.rows) + 1
            piece = row._replace(seq=seq, id=f"{seq:032x}", quantity=quantity, fee=paid)
            parts.rows.append(piece._replace(order_id=row.id))
    one, other = whole.trade(), parts.trade()
    assert near(one.booked, other.booked)
    assert near(one.state.held.position.cost, other.state.held.position.cost)
    assert one.state.held.filled == other.state.held.filled
    assert one.is_over == other.is_over
    if not one.is_over:
        assert one.state.hits == other.state.hits
        # What an order costs however small it is weighs on what its first part leaves.
        assert study.plan.fees.per_order or near(one.state.stop, other.state.stop)
    for mine, theirs in zip(one.tiers, other.tiers, strict=True):
        assert near(mine.quantity, theirs.quantity)


@pytest.mark.parametrize("number", range(0, MANY, 2))
def test_a_flat_trade_nets_its_cash(number: int) -> None:
    """Law 5: what is left is entries less exits; flat, the net is what exits brought, less entries and fees."""
    study = drawn_study(number)
    if study is None:
        return
    steps = way(study, random.Random(number))  # noqa: S311 - drawn to be drawn again
    written, state = played(study, steps, named=True)
    trade = written.trade()
    plan = study.plan
    inverse = plan.contract is Contract.INVERSE
    bought = sold = fees = ZERO
    for row in written.rows:
        if row.kind is not RowKind.FILL or row.price is None or row.quantity is None:
            continue
        value = row.quantity / row.price if inverse else row.quantity * row.price
        fees += row.fee or ZERO
        if row.side == ("buy" if plan.sign > 0 else "sell"):
            bought += value
        else:
            sold += value
    if trade.is_over:
        slope = -plan.sign if inverse else plan.sign
        assert near(trade.booked, slope * (sold - bought) - fees)
    elif state is not None:
        assert near(trade.held, state.held.position.quantity)


@pytest.mark.parametrize("number", range(0, MANY, 4))
def test_the_zone_is_for_showing_alone(number: int) -> None:
    """Law 12: the same instants, written in other zones, make the same trade."""
    study = drawn_study(number)
    if study is None:
        return
    written, _ = played(study, way(study, random.Random(number)), named=False)  # noqa: S311
    other = Written(study)
    other.rows = [row._replace(zone="+05:30") for row in written.rows]
    mine, theirs = written.trade(), other.trade()
    assert (mine.booked, mine.state, mine.tiers, mine.targets) == (
        theirs.booked,
        theirs.state,
        theirs.tiers,
        theirs.targets,
    )


@pytest.mark.parametrize("number", range(0, MANY, 4))
def test_rows_in_any_order_are_the_same_trade(number: int) -> None:
    """What arrives late takes its place by its moment."""
    study = drawn_study(number)
    if study is None:
        return
    written, _ = played(study, way(study, random.Random(number)), named=True)  # noqa: S311
    other = Written(study)
    other.rows = list(written.rows)
    random.Random(number).shuffle(other.rows)  # noqa: S311
    assert other.trade().state == written.trade().state
    assert bits(other.trade().state.held.filled) == bits(written.trade().state.held.filled)
