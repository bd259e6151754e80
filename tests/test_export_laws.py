"""Laws of an order list: what must hold of the orders of any plan, whatever its tiers and targets.

What rests protects what is held and no more than that, nothing is touched that was not placed, and every format has
the same orders. Plans are drawn, written as text and read.
"""

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaleplan.cli.command import NAMES
from scaleplan.engine.holding import bits
from scaleplan.engine.ticks import tick_of
from scaleplan.orders import OrderEventKind, OrderList, OrderStep, OrderType, VenueOrder, Whose
from scaleplan.orders.venues import DIALECTS
from scaleplan.orders.walk import order_list
from scaleplan.plan import Order, Plan
from scaleplan.quantity.exact import exact
from scaleplan.report.chart.marks import marks_of
from scaleplan.report.figures import figures_of
from scaleplan.report.orders.ccxt import ccxt_record
from scaleplan.report.orders.cornix import signal_of
from scaleplan.report.orders.pine import pine_levels
from scaleplan.report.orders.record import COLUMNS, TEXTS, order_rows
from scaleplan.report.record_csv import csv_table
from scaleplan.study import Study
from tests.given import drawn, study_of
from tests.running import outcome
from tests.test_paths_laws import Draft, drafts

laws = settings(max_examples=drawn(40, 200), deadline=None, database=None, derandomize=True)
ZERO = Decimal(0)
CONTRACTS = ("spot", "linear", "inverse")
RULES = st.sampled_from(
    ["", "instrument: {tick_size: 0.3}", "instrument: {tick_size: 0.25, lot_size: 0.5}", "instrument: {lot_size: 1}"]
)


@exact
def listed(draft: Draft, rules: str = "") -> tuple[Study, OrderList]:
    """Returns a drawn plan, by the rules of a venue, and its orders."""
    # Fees make breakevens that lie on no tick.
    text = f"{draft.text}\nfees: {{maker: 0.02%, taker: 0.05%}}\n{rules}\n"
    study = study_of(text)
    assume(isinstance(study, Study))
    assert isinstance(study, Study)
    return study, order_list(study)


def places(orders: OrderList) -> Iterator[VenueOrder]:
    """Yields every order that is placed."""
    for step in orders.steps:
        yield from step.place


def resting(orders: OrderList, step: OrderStep, whose: Whose) -> list[VenueOrder]:
    """Returns what rests of a kind after a step, as it was placed or amended last."""
    latest = {each.id: each for before in orders.steps[: step.number] for each in (*before.place, *before.amend)}
    return [latest[name] for name in step.resting if latest[name].whose is whose]


@laws
@given(drafts(CONTRACTS), RULES)
def test_the_stop_covers_what_is_held(draft: Draft, rules: str) -> None:
    """After each step the one stop is for all that is held, and the one target for no more; nothing held, neither."""
    _, orders = listed(draft, rules)
    for step in orders.steps:
        stops, targets = resting(orders, step, Whose.STOP), resting(orders, step, Whose.TARGET)
        assert [order.quantity for order in stops] == ([step.held] if step.held else [])
        assert len(targets) <= 1
        assert all(ZERO < order.quantity <= step.held for order in targets)


@laws
@given(drafts(CONTRACTS), RULES)
def test_only_what_rests_is_touched(draft: Draft, rules: str) -> None:
    """What is placed does not rest yet; what is amended or cancelled does; what has executed is neither."""
    _, orders = listed(draft, rules)
    rests: dict[str, VenueOrder] = {}
    for step in orders.steps:
        event = step.event
        if event.kind in (OrderEventKind.TIER, OrderEventKind.TARGET):
            name = f"{'t' if event.kind is OrderEventKind.TIER else 'x'}{event.number}"
            executed = rests.pop(name, None)
            assert event.kind is OrderEventKind.TARGET or executed is not None
            assert (executed.quantity if executed else ZERO) == step.traded
        for order in step.cancel:
            assert rests.pop(order.id) == order
        for order in step.amend:
            assert rests[order.id] != order
            rests[order.id] = order
        for order in step.place:
            assert order.id not in rests
            rests[order.id] = order
        assert tuple(sorted(rests)) == tuple(sorted(step.resting))


@laws
@given(drafts(CONTRACTS), RULES)
def test_signed_quantities_sum_to_nothing(draft: Draft, rules: str) -> None:
    """What was bought, less what targets closed and the stop would close, is 0 after every step."""
    study, orders = listed(draft, rules)
    held = ZERO
    for step in orders.steps:
        sign = {OrderEventKind.TIER: 1, OrderEventKind.TARGET: -1}.get(step.event.kind, 0)
        held += sign * step.traded
        assert held == step.held >= 0
        assert step.ends is (not held and step.event.kind is OrderEventKind.TARGET)
    if any(step.ends for step in orders.steps):
        assert orders.steps[-1].resting == ()
    assert study.plan.stop is not None


@laws
@given(drafts(CONTRACTS), RULES)
def test_tiers_are_placed_once_and_add_up(draft: Draft, rules: str) -> None:
    """Every tier that some path fills is placed, once, and together they are the plan's quantity on the lot."""
    study, orders = listed(draft, rules)
    tiers = [order for order in places(orders) if order.whose is Whose.TIER]
    numbers = [order.number for order in tiers]
    assert len(numbers) == len(set(numbers))
    last = orders.steps[-1]
    unplaced = set(range(1, len(study.plan.tiers) + 1)) - set(numbers) - set(orders.left_out)
    # What was never placed had its entries ended, or waits for what this way does not bring.
    assert unplaced <= set(orders.not_filled)
    for order in tiers:
        meant = study.ladder.steps[order.number - 1].fill.quantity
        assert 0 <= meant - order.quantity < orders.lot
        assert not order.quantity % orders.lot
    filled = [order.quantity for order in tiers if order.number not in orders.not_filled]
    closed = sum((step.traded for step in orders.steps if step.event.kind is OrderEventKind.TARGET), ZERO)
    assert sum(filled, ZERO) == closed + last.held


@laws
@given(drafts(CONTRACTS), RULES)
def test_no_exit_before_something_is_held(draft: Draft, rules: str) -> None:
    """Venues refuse a reduce-only order where nothing is held: none is placed before tier 1 has filled."""
    study, orders = listed(draft, rules)
    held = ZERO
    for step in orders.steps:
        held = step.held
        assert held or not any(order.whose is not Whose.TIER for order in (*step.place, *step.amend))
    for order in places(orders):
        assert order.reduce_only is (order.whose is not Whose.TIER and study.plan.contract.value != "spot")
        assert order.buys is ((order.whose is Whose.TIER) is (study.plan.sign > 0))


@laws
@given(drafts(CONTRACTS), RULES)
def test_prices_lie_on_the_tick_on_the_worse_side(draft: Draft, rules: str) -> None:
    """Entries and targets are no better than the plan's, the stop is no looser, and all lie on the tick."""
    study, orders = listed(draft, rules)
    plan, tick = study.plan, tick_of(study.plan)
    for order in (order for step in orders.steps for order in (*step.place, *step.amend)):
        assert not order.at % tick
        assert (order.price is None) is (order.type is not OrderType.LIMIT)
        if order.whose is Whose.TIER:
            assert 0 <= plan.sign * (order.at - plan.tiers[order.number - 1].price) < tick
    for step in orders.steps:
        if step.event.kind is OrderEventKind.TARGET and step.event.price is not None:
            exact_price = study.ladder.exits[step.event.number - 1].price
            assert 0 <= plan.sign * (exact_price - step.event.price) < tick or step.event.price == tick


@laws
@given(drafts(CONTRACTS))
def test_it_is_what_show_says(draft: Draft) -> None:
    """After each tier as listed, and after each target, the stop and what is left are those of the ladder."""
    study, orders = listed(draft)
    plan, ladder = study.plan, study.ladder
    # Where no path hits a target `show` lists what would be closed of tiers that never fill.
    assume(not set(orders.left_out) & set(bits(ladder.exits[0].filled)))
    tick, several = tick_of(plan), len(plan.tiers) * orders.lot
    as_listed = [step.event.number for step in orders.steps if step.event.kind is OrderEventKind.TIER]
    for step in orders.steps:
        event = step.event
        stops = resting(orders, step, Whose.STOP)
        if event.kind is OrderEventKind.TIER and as_listed[: event.number] == list(range(1, event.number + 1)):
            stop = ladder.steps[event.number - 1].position.stop
            # Just before a target the path that hits it decides.
            last = event.number == as_listed[-1] or event.number >= ladder.exits[0].filled.bit_count()
            assert last or (stop is not None and 0 <= plan.sign * (stops[0].at - stop) < tick)
        elif event.kind is OrderEventKind.TARGET:
            exit_ = ladder.exits[event.number - 1]
            assert abs(step.traded - exit_.quantity) < several
            assert abs(step.held - exit_.remaining) < several
            if exit_.remaining and exit_.stop is not None:
                assert 0 <= plan.sign * (stops[0].at - exit_.stop) < tick


@laws
@given(drafts(CONTRACTS), RULES, st.sampled_from(["", *DIALECTS]))
def test_csv_and_ccxt_have_the_same_orders(draft: Draft, rules: str, venue: str) -> None:
    """A CSV read back has an order for each call, with its id, amount, price and trigger; amounts are in contracts."""
    study, orders = listed(draft, rules)
    record = at_exact(ccxt_record, study, orders, venue)
    rows = list(csv.DictReader(io.StringIO(at_exact(table, study, orders), newline="")))
    calls = [
        (number, action, call)
        for number, step in enumerate(record["steps"], start=1)
        for action in ("cancel", "amend", "place")
        for call in step[action]
    ]
    assert [(int(row["step"]), row["action"]) for row in rows] == [(number, action) for number, action, _ in calls]
    size = study.plan.instrument.contract_size or Decimal(1)
    every = {order.id: order for step in orders.steps for order in (*step.place, *step.amend)}
    for row, (_, action, call) in zip(rows, calls, strict=True):
        name = row["id"].removeprefix(f"sp{orders.key}")
        assert name in every
        if action == "cancel":
            assert call == row["id"] or venue == "hyperliquid"
            continue
        assert call["side"] == row["side"]
        assert call["amount"] == row["quantity"]
        assert Decimal(call["amount"]) * size % orders.lot == 0
        triggers = [value for key, value in call["params"].items() if key.endswith("Price")]
        assert triggers == ([row["trigger_price"]] if row["trigger_price"] else [])
        assert (row["price"] or None) in (call["price"], None)
        assert ("reduceOnly" in call["params"]) is (row["reduce_only"] == "true")
        assert "triggerPrice" not in call["params"] or name.startswith("t") or (venue, ":" in draft.text) != ("", True)


@exact
def at_exact(function: Any, *arguments: object) -> Any:  # noqa: ANN401 - whatever it returns
    """Calls a function where decimals are exact."""
    return function(*arguments)


def table(study: Study, orders: OrderList) -> str:
    """Returns the CSV of an order list."""
    return csv_table(COLUMNS, TEXTS, order_rows(study, orders), line_end="\r\n")


@laws
@given(drafts(CONTRACTS))
def test_pine_has_the_levels_of_the_plan(draft: Draft) -> None:
    """Each price of the ladder is one line of the script, and the script has no other."""
    study, _ = listed(draft)
    levels = at_exact(pine_levels, study)
    marks = at_exact(marks_of, figures_of(study.plan, study.ladder), study.ladder)
    assert [Decimal(level.price) for level in levels] == sorted(
        {Decimal(level.price) for level in levels}, reverse=True
    )
    assert {Decimal(level.price) for level in levels} == {Decimal(mark.text.replace(",", "")) for mark in marks}
    assert {name for level in levels for name in level.name.split(", ")} >= {"stop"}
    tiers = {tier.price for tier in study.plan.tiers}
    assert tiers <= {Decimal(level.price) for level in levels}


@laws
@given(drafts(CONTRACTS))
def test_a_market_tier_is_placed_where_price_is(draft: Draft) -> None:
    """A market order rests nowhere: it is placed in a step after which it fills, and tier 1 at the beginning."""
    study, orders = listed(draft)
    for step in orders.steps:
        for order in step.place:
            if order.whose is Whose.TIER and study.plan.tiers[order.number - 1].order is Order.MARKET:
                later = orders.steps[step.number : step.number + 1]
                assert order.number == 1 or not later or later[0].event.number == order.number


@st.composite
def sayable(draw: st.DrawFn) -> str:
    """A plan of which a signal says everything: limit entries or a breakout, fixed targets that close all, one move."""
    side = draw(st.sampled_from(["long", "short"]))
    way = 1 if side == "long" else -1
    spot = side == "long" and draw(st.booleans())
    breakout = draw(st.booleans())
    entries = draw(st.integers(1, 2 if breakout else 6))
    beyond = way if breakout else -way
    tiers = ", ".join(
        f"{{price: {200 + beyond * 2 * number}, share: {share}, order: {'stop' if breakout else 'limit'}}}"
        for number, share in enumerate(draw(shares(entries)))
    )
    count = draw(st.integers(1, 5))
    first = draw(st.integers(1, count))
    kind = draw(st.sampled_from(["", "Breakeven", "Moving", "Moving 2", "Percent"]))
    targets = ", ".join(
        f"{{price: {200 + way * (20 + 5 * number)}, close: {share}{moved(kind, first, number, way)}}}"
        for number, share in enumerate(draw(shares(count)), start=1)
    )
    leverage = "" if spot else f"leverage: {draw(st.integers(1, 20))}\n"
    mode = "" if spot else f"margin_mode: {draw(st.sampled_from(['isolated', 'cross']))}\n"
    return (
        f"symbol: ABC/USDT{'' if spot else ':USDT'}\nside: {side}\n{leverage}{mode}size: 100 USDT risk\n"
        f"tiers: [{tiers}]\nstop: {200 - way * 50}\ntargets: [{targets}]\n"
    )


@st.composite
def shares(draw: st.DrawFn, count: int) -> list[str]:
    """So many shares of a whole: equal ones, or hundredths."""
    if draw(st.booleans()):
        return [f"1/{count}"] * count
    cuts = sorted(draw(st.sets(st.integers(1, 99), min_size=count - 1, max_size=count - 1)))
    return [f"{high - low}%" for low, high in pairwise([0, *cuts, 100])]


def moved(kind: str, first: int, number: int, way: int) -> str:
    """Returns where a target moves the stop, by one of the ways that a signal has, from the target `first` on."""
    if not kind or number < first:
        return ""
    if kind in ("Breakeven", "Percent"):
        level = "entry" if kind == "Breakeven" else f"target {number} {'-' if way > 0 else '+'}2.5%"
        return f", stop: {level}" if number == first else ""
    steps = 2 if kind == "Moving 2" else 1
    if first < steps:
        return ""
    return f", stop: {'entry' if number == steps else f'target {number - steps}'}"


def meant(plan: Plan) -> tuple[object, ...]:
    """Returns what a signal says of a plan; what its last target does to the stop of nothing is not said."""
    *others, last = plan.targets
    targets = [(target.price, target.close.amount, target.stop) for target in others]
    tiers = [(tier.price, tier.share, tier.order) for tier in plan.tiers]
    figures = plan.symbol, plan.side, plan.contract, plan.margin_mode, plan.leverage, plan.stop, plan.size.amount
    # The last one closes all that is left, however its share is written.
    return (*figures, tiers, targets, last.price)


@pytest.mark.skipif("import" not in NAMES, reason="`scaleplan import` is no command yet")
@laws
@given(sayable())
def test_a_signal_gives_the_plan_back(text: str) -> None:
    """What is exported to a signal and imported again is the same plan, for every plan that a signal can say."""
    study = study_of(text)
    assert isinstance(study, Study)
    signal = at_exact(signal_of, study)
    assert signal.unsaid == ()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "signal.txt"
        path.write_text(signal.text)
        reply = outcome("import", str(path))
    assert reply.code == 0, reply.talk
    again = study_of(reply.out)
    assert isinstance(again, Study)
    assert meant(again.plan) == meant(study.plan)


def test_the_same_plan_has_the_same_ids() -> None:
    """An id follows from the plan's text: letters and digits, at most 32, and other ones for a changed plan."""
    text = "symbol: SOL/USDT\nside: long\nsize: 900 USDT\ntiers: [150, 140, 130]\nstop: 118\n"
    first, again, other = (study_of(each) for each in (text, text, text.replace("118", "117")))
    assert isinstance(first, Study)
    assert isinstance(again, Study)
    assert isinstance(other, Study)
    ids = [json.dumps(at_exact(ccxt_record, study, at_exact(order_list, study), "")) for study in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]
    record = json.loads(ids[0])
    names = [call["params"]["clientOrderId"] for step in record["steps"] for call in step["place"]]
    assert all(name.isalnum() and name.isascii() and len(name) <= 32 for name in names)
