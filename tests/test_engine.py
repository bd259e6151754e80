"""The machine fed with what a venue did: fills that no plan foresaw, parts of tiers, exits of any quantity."""

import doctest
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from scaleplan import engine
from scaleplan.engine.event import End, EventKind, ExitFill, Fill, Touch
from scaleplan.engine.holding import History
from scaleplan.engine.levels import MoveFault
from scaleplan.engine.machine import Machine
from scaleplan.engine.next_events import NextEvents
from scaleplan.engine.state import State
from tests.given import ladder_of

D = Decimal
#: Three tiers of 0.1 down into the trade: the first a limit, the others stops, which pay the taker's fee and slip.
SHORT = """
symbol: BTC/USDT:USDT
side: short
leverage: 5
maintenance: 0.5%
fees: {maker: 0.02%, taker: 0.05%}
slippage: 0.05%
size: 0.3 BTC
tiers: [29800, 29500, 29200]
stop: 30050
targets:
  - {price: 28600, close: 50%, stop: breakeven}
  - {price: 28100, close: rest}
"""
#: Two tiers of 10, the second below, which moves the stop and makes the third live.
LONG = """
symbol: ABC/USDT
side: long
size: 30 ABC
tiers:
  - {price: 100, size: 10 ABC}
  - {price: 90, size: 10 ABC, stop: entry -5}
  - {price: 95, size: 10 ABC, after: tier 2, order: stop}
stop: 80
targets: [{price: 120, close: 50%, stop: entry}, {price: 130, close: rest}]
"""


def machine_of(text: str) -> Machine:
    """The machine of a plan given as text."""
    return ladder_of(text).machine


def played(machine: Machine, *events: Fill | ExitFill | Touch) -> list[State]:
    """The states after each event, from nothing held on."""
    states = [step.state for step in machine.play(events)]
    assert None not in states
    return [machine.flat(machine.plan.tiers[0].price), *(state for state in states if state is not None)]


def live_at(machine: Machine, state: State) -> set[tuple[str, int, Decimal]]:
    """What can happen next in a state, by its kind, number and price."""
    steps = [step for step in NextEvents(machine).fork(state) if step is not None]
    return {(str(step.event.kind), step.event.number, step.event.price) for step in steps}


def test_a_trade_as_the_venue_did_it() -> None:
    """A short of which tier 1 fills better than planned and tier 2 in two parts; target 1 closes half.

    Worked by hand. Stopped at 30,050 * 1.0005 = 30,065.025 after the first fill: 0.1 * (29,802.5 - 30,065.025)
    = -26.2525, less 0.59605 and 3,006.5025 * 0.05% = 1.50325125: -28.35180125.
    Then 0.06 at 29,471 for 0.88413 and 0.04 at 29,466.5 for 0.58933: average (2,980.25 + 1,768.26 + 1,178.66) / 0.2
    = 29,635.85, fees 2.06951. Half closed at 28,600 for 0.572: 103.585 - 1.034755 - 0.572 = 101.978245.
    The other half breaks even where its worth w solves 2,963.585 - w - 1.034755 - 0.05% of w = 0: at 29,610.6971...,
    for which a stop that slips 0.05% lies at 29,610.6971... / 1.0005 = 29,595.8992...
    """
    machine = machine_of(SHORT)
    first = Fill(1, D("29802.5"), D("0.1"), D("0.59605"))
    second = Fill(2, D(29471), D("0.06"), D("0.88413"))
    third = Fill(2, D("29466.5"), D("0.04"), D("0.58933"))
    closed = ExitFill(EventKind.TARGET, 1, D(28600), D("0.1"), D("0.572"))
    _, one, part, two, half = played(machine, first, second, third, closed)
    assert machine.stopped_out(one.held, D(30050))[1] == D("-28.35180125")
    assert (part.held.filled, part.held.begun) == (0b1, ((1, D("0.06")),))
    assert (two.held.filled, two.held.begun) == (0b11, ())
    assert two.held.position.average_entry == D("29635.85")
    assert half.realized == D("101.978245")
    breakeven = (D("2963.585") - D("1.034755")) / D("1.0005") / D("0.1")
    assert half.stop is not None
    assert abs(half.stop - breakeven / D("1.0005")) < D("1e-20")
    assert str(half.stop).startswith("29595.89")
    # Tier 3 is cancelled, target 2 is next.
    assert live_at(machine, half) == {("stop", 0, half.stop), ("target", 2, D(28100))}


def test_a_tier_acts_when_it_is_complete() -> None:
    """A part of tier 2 is a position; its stop, and the tier that waits for it, act with the part that completes it.

    The average of 10 at 100 and 10 at 90 is 95: the stop goes to 90.
    """
    machine = machine_of(LONG)
    _, one, part, whole = played(
        machine, Fill(1, D(100), D(10)), Fill(2, D(90), D(4)), Fill(2, D(90), D(6), at=datetime(2026, 1, 2, tzinfo=UTC))
    )
    assert live_at(machine, one) == {("target", 1, D(120)), ("tier", 2, D(90))}
    assert (part.held.position.quantity, part.stop) == (D(14), D(80))
    # Tier 3 is not live; what is missing of tier 2 is, at the price where it stands.
    assert live_at(machine, part) == {("tier", 2, D(90))}
    assert (whole.held.position.quantity, whole.stop) == (D(20), D(90))
    assert whole.since == datetime(2026, 1, 2, tzinfo=UTC)
    assert [fill.quantity for fill in missing(machine, part)] == [6, 10]
    assert [fill.quantity for fill in missing(machine, whole)] == [10]


def missing(machine: Machine, state: State) -> list[Fill]:
    """What the tiers that are not complete still miss, as planned."""
    open_tiers = [index for index in range(3) if machine.holdings.missing(state.held, index)]
    return [machine.holdings.planned_fill(state.held, index, machine.plan.tiers[index].price) for index in open_tiers]


def test_what_is_cancelled_is_what_is_missing() -> None:
    """Target 1 closes half of the 14 that are held, and the 6 that tier 2 misses are never bought."""
    machine = machine_of(LONG)
    *_, half = played(
        machine, Fill(1, D(100), D(10)), Fill(2, D(90), D(4)), ExitFill(EventKind.TARGET, 1, D(120), D(7))
    )
    assert half.held.position.quantity == 7
    assert {kind for kind, _, _ in live_at(machine, half)} == {"stop", "target"}


def test_more_of_a_complete_tier_moves_its_stop_anew_and_never_looser() -> None:
    """10 at 100 and 10 at 90 put the stop to 90; 5 more at 98 raise the average to 95.6, and the stop to 90.6."""
    machine = machine_of(LONG)
    *_, whole, more, less = played(
        machine, Fill(1, D(100), D(10)), Fill(2, D(90), D(10)), Fill(2, D(98), D(5)), Fill(2, D(85), D(10))
    )
    assert (whole.stop, more.stop) == (D(90), D("90.6"))
    assert less.held.position.average_entry < more.held.position.average_entry
    assert less.stop == more.stop


def test_less_than_a_lot_missing_is_complete() -> None:
    """With lots of 1, 9.5 of 10 complete a tier, and 9 do not; without a lot all but a hundredth does."""
    lots = machine_of(LONG + "instrument: {lot_size: 1}\n")
    assert played(lots, Fill(1, D(100), D("9.5")))[-1].held.filled == 1
    assert played(lots, Fill(1, D(100), D(9)))[-1].held.filled == 0
    free = machine_of(LONG)
    assert played(free, Fill(1, D(100), D("9.91")))[-1].held.filled == 1
    assert played(free, Fill(1, D(100), D("9.9")))[-1].held.filled == 0


def test_a_fee_in_the_coin_bought_is_taken_out_of_it() -> None:
    """10 at 100 for 0.01 of the coin: 9.99 are held, which cost 999, and the fee was worth 1."""
    machine = machine_of(LONG)
    held = played(machine, Fill(1, D(100), D(10), D("0.01"), "ABC"))[-1].held
    assert held.filled == 1
    assert held.position[2:] == (D("9.99"), D(999), D(1))
    with pytest.raises(ValueError, match="a fee in BNB has to be counted in USDT first"):
        played(machine, Fill(1, D(100), D(10), D("0.01"), "BNB"))


def test_an_entry_of_no_tier_is_held_like_any_other() -> None:
    """An extra fill of 5 at 110 beside 10 at 100 changes the average, and leaves the tiers as they are."""
    machine = machine_of(LONG)
    state = played(machine, Fill(None, D(110), D(5)), Fill(1, D(100), D(10)))[-1]
    assert state.held.position.average_entry == D(1550) / 15
    assert (state.held.filled, state.held.begun) == (1, ())


def test_the_same_fill_twice_is_bought_twice() -> None:
    """A tier that fills as planned, and then once more, holds both."""
    machine = machine_of(LONG)
    assert played(machine, Fill(1, D(100), D(10)), Fill(1, D(100), D(10)))[-1].held.position.quantity == 20


def test_an_exit_by_hand_ends_no_entries() -> None:
    """The trader closes 4 of 10: tiers stay live, and target 1 then closes half of the 10 that were held at first."""
    machine = machine_of(LONG)
    *_, less = played(machine, Fill(1, D(100), D(10)), ExitFill(EventKind.BY_HAND, 0, D(105), D(4), D(1)))
    # 4 * 5 - 1
    assert (less.realized, less.held.position.quantity, less.hits) == (D(19), D(6), 0)
    assert live_at(machine, less) == {("target", 1, D(120)), ("tier", 2, D(90))}
    step = machine.hit(less, D(120))
    assert step.state is not None
    # 5 * 20
    assert (step.net, step.state.held.position.quantity) == (D(100), D(1))


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        (EventKind.STOP, End.STOPPED),
        (EventKind.LIQUIDATION, End.LIQUIDATED),
        (EventKind.TRAIL, End.TRAIL),
        (EventKind.TIME_STOP, End.CLOSED),
        (EventKind.BY_HAND, End.CLOSED),
    ],
)
def test_the_last_exit_ends_the_trade(kind: EventKind, end: End) -> None:
    """All that is held is closed at 97 for 2: 10 * -3 - 2."""
    machine = machine_of(LONG)
    step = machine.play([Fill(1, D(100), D(10)), ExitFill(kind, 0, D(97), D(10), D(2))])[-1]
    assert step.state is None
    assert step.over is not None
    assert (step.over.end, step.over.gross, step.over.net) == (end, D(-30), D(-32))


def test_a_target_that_price_has_passed_is_hit_too() -> None:
    """The first exit of target 2 hits target 1 as well, whose stop comes into force; another of it only closes."""
    machine = machine_of(LONG.replace("{price: 130, close: rest}", "{price: 130, close: 10%}, {price: 140}"))
    *_, two, again = played(
        machine,
        Fill(1, D(100), D(10)),
        ExitFill(EventKind.TARGET, 2, D(130), D(2)),
        ExitFill(EventKind.TARGET, 2, D(130), D(1)),
    )
    assert (two.hits, two.stop, two.held.position.quantity) == (2, D(100), D(8))
    assert (again.hits, again.stop, again.held.position.quantity) == (2, D(100), D(7))


@pytest.mark.parametrize(
    "event",
    [
        Fill(1, D(0), D(1)),
        Fill(1, D(100), D(0)),
        Fill(1, D("NaN"), D(1)),
        Fill(1, D(100), D(1), D("Infinity")),
        Fill(0, D(100), D(1)),
        Fill(4, D(100), D(1)),
        ExitFill(EventKind.BY_HAND, 0, D(100), D("10.1")),
        ExitFill(EventKind.BY_HAND, 0, D(100), D(0)),
        ExitFill(EventKind.TIER, 1, D(100), D(1)),
        ExitFill(EventKind.TARGET, 0, D(100), D(1)),
        ExitFill(EventKind.TARGET, 3, D(100), D(1)),
        Touch(1, D(100)),
        Touch(0, D(100)),
        Touch(99, D(100)),
        Touch(2, D(0)),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(event: Fill | ExitFill | Touch) -> None:
    """A fill of nothing, of a tier that there is not, an exit of more than is held, a price that no tier waits for."""
    machine = machine_of(LONG)
    with pytest.raises(ValueError, match="not a"):
        machine.apply(played(machine, Fill(1, D(100), D(10)))[-1], event)


def test_nothing_follows_the_end() -> None:
    """What is bought when nothing is held any more is another trade."""
    machine = machine_of(LONG)
    events: list[Fill | ExitFill | Touch] = [
        Fill(1, D(100), D(10)),
        ExitFill(EventKind.STOP, 0, D(80), D(10)),
        Fill(2, D(90), D(10)),
    ]
    with pytest.raises(ValueError, match="nothing is held any more"):
        machine.play(events)


# Where price really is

#: Three limits down, nothing that depends on another.
RESTING = """
symbol: ABC/USDT
side: long
size: 30 ABC
tiers: [{price: 100, size: 10 ABC}, {price: 90, size: 10 ABC}, {price: 80, size: 10 ABC}]
stop: 70
targets: [{price: 120, close: 50%, stop: entry}, {price: 130, close: rest}]
"""


@pytest.mark.parametrize(
    ("after", "live"),
    [
        # What is missing of tier 1 rests at 100 while price is above.
        (ExitFill(EventKind.BY_HAND, 0, D(110), D(1)), {("target", 1, D(120)), ("tier", 1, D(100))}),
        (Fill(None, D(105), D(1)), {("target", 1, D(120)), ("tier", 1, D(100))}),
        # A limit that price has passed is executed where price is.
        (Fill(2, D("89.5"), D(4)), {("tier", 1, D("89.5"))}),
    ],
    ids=["an exit above", "an extra above", "a better fill below"],
)
def test_what_is_missing_rests_where_it_was_placed(after: Fill | ExitFill, live: set[tuple[str, int, Decimal]]) -> None:
    """Half of tier 1 has filled at 100; what comes next is told from where price is then."""
    machine = machine_of(RESTING)
    assert live_at(machine, played(machine, Fill(1, D(100), D(5)), after)[-1]) == live


def test_an_order_that_price_has_passed_is_executed_at_once() -> None:
    """Tier 2 filled at 79, below the limit of tier 3 at 80; a stop at 111 is triggered by a fill at 111.5."""
    machine = machine_of(RESTING)
    *_, below = played(machine, Fill(1, D(100), D(10)), Fill(2, D(79), D(10)))
    assert live_at(machine, below) == {("tier", 3, D(79))}
    stops = machine_of(
        RESTING.replace("price: 90", "price: 110, order: stop").replace("price: 80", "price: 111, order: stop")
    )
    *_, above = played(stops, Fill(1, D(100), D(10)), Fill(2, D("111.5"), D(10)))
    assert live_at(stops, above) == {("tier", 3, D("111.5"))}


@pytest.mark.parametrize("event", [Fill(None, D(106), D(1)), ExitFill(EventKind.BY_HAND, 0, D(107), D(1))], ids=str)
def test_a_price_on_the_way_has_traded(event: Fill | ExitFill) -> None:
    """What `after` waits for lies between the price before and the price of an event: it has been touched."""
    machine = machine_of("symbol: A/USDT\nside: long\nsize: 20 A\ntiers: [100, {price: 98, after: 105}]\nstop: 90\n")
    _, one, beyond = played(machine, Fill(1, D(100), D(10)), event)
    assert ("after", 2, D(105)) in live_at(machine, one)
    assert beyond.touched == 0b10
    assert ("tier", 2, D(98)) in live_at(machine, beyond)
    # Told once more, it is live as it was.
    again = machine.apply(beyond, Touch(2, D(105))).state
    assert again is not None
    assert again[:3] == beyond[:3]


def after_plan(*tiers: str) -> Machine:
    """A long of 10 a tier from 100, stopped at 70, whose targets are 105 (half) and 120 and end no entries."""
    lines = ["  - {price: 100, size: 10 A}\n", *(f"  - {{size: 10 A, {tier}}}\n" for tier in tiers)]
    return machine_of(
        f"symbol: A/USDT\nside: long\nsize: {len(lines)}0 A\nentries_end: never\nstop: 70\ntiers:\n{''.join(lines)}"
        "targets: [{price: 105, close: 50%}, {price: 120, close: rest}]\n"
    )


FIRST = Fill(1, D(100), D(10))


@pytest.mark.parametrize(
    ("tiers", "events", "live"),
    [
        # 105 has traded when target 1 was hit there, and price has gone on: tier 2 rests at 98.
        (
            ("price: 98, after: 105",),
            (FIRST, ExitFill(EventKind.TARGET, 1, D(105), D(5)), ExitFill(EventKind.BY_HAND, 0, D(106), D(1))),
            {("target", 2, D(120)), ("tier", 2, D(98))},
        ),
        # The part that has been executed says that tier 2 is live: what is missing is executed at 90 too.
        (("price: 90, after: 105",), (FIRST, Fill(2, D(90), D(5))), {("tier", 2, D(90))}),
        (
            ("price: 90", "price: 80, after: tier 2"),
            (FIRST, Fill(3, D(80), D(5)), ExitFill(EventKind.BY_HAND, 0, D(85), D(1))),
            {("tier", 2, D(85))},
        ),
        # Begun before the tier that it waits for, it rests at its own price behind it.
        (
            ("price: 109, order: stop, after: tier 1",),
            (Fill(2, D(109), D(1)), Fill(1, D("109.3"), D(10)), Fill(None, D(100), D(1))),
            {("target", 1, D(105)), ("stop", 0, D(70))},
        ),
        # A limit at the first price waits for tier 1; bought at 100.4 or left for 103, it rests at 100.
        (("price: 100",), (Fill(1, D("100.4"), D(10)),), {("target", 1, D(105)), ("tier", 2, D(100))}),
        (("price: 100",), (FIRST, Fill(None, D(103), D(1))), {("target", 1, D(105)), ("tier", 2, D(100))}),
        # Beyond the `after` price is beyond: the stop at 106 is triggered with price at 107.
        (("price: 106, order: stop, after: 103",), (FIRST, Touch(2, D(107))), {("target", 1, D(107))}),
    ],
    ids=["met, then passed", "begun, after a price", "begun, after a tier", "begun first", "dearer", "left", "beyond"],
)
def test_what_is_live_follows_from_what_happened(
    tiers: tuple[str, ...], events: tuple[Fill | ExitFill | Touch, ...], live: set[tuple[str, int, Decimal]]
) -> None:
    """Each case was reckoned by hand from the contract's words."""
    machine = after_plan(*tiers)
    assert live_at(machine, played(machine, *events)[-1]) == live


def test_price_is_where_the_plan_has_it_not_where_it_slipped() -> None:
    """A stop of a target at 110 that slips 1% to 108.9 has met 110, and `after: 109.5` on the way."""
    text = "symbol: A/USDT\nside: long\nsize: 20 A\nslippage: 1%\nentries_end: never\nstop: 70\n"
    machine = machine_of(
        f"{text}tiers: [100, {{price: 95, after: 109.5}}]\n"
        "targets: [{price: 110, close: 50%, order: market}, {price: 120, close: rest}]\n"
    )
    *_, half = played(machine, FIRST, ExitFill(EventKind.TARGET, 1, D("108.9"), D(5)))
    assert (half.price, half.touched) == (D(110), 0b10)


@pytest.mark.parametrize(
    "event",
    [Fill(1, D("1e999999"), D(10)), Fill(1, D(10), D("1e999999")), Fill(None, D(100), D("1e-999999"))],
    ids=str,
)
def test_figures_that_no_venue_reports_are_refused(event: Fill) -> None:
    """What is finite and out of all bounds would overflow behind the next step."""
    with pytest.raises(ValueError, match="not a fill"):
        machine_of(LONG).play([event])


@pytest.mark.parametrize("price", ["110", "1R"])
def test_a_target_as_a_stop_is_where_the_target_lies(price: str) -> None:
    """1R from 100 with the stop at 90 is 110: `stop: target 1` is 110, though target 1 filled at 110.4."""
    machine = machine_of(
        "symbol: A/USDT\nside: long\nsize: 10 A\ntiers: [100]\nstop: 90\ntargets:\n"
        f"  - {{price: {price}, close: 30%}}\n  - {{price: 120, close: 30%, stop: target 1}}\n  - {{price: 140}}\n"
    )
    one, two = (ExitFill(EventKind.TARGET, number, D(at), D(3)) for number, at in ((1, "110.4"), (2, "120")))
    assert played(machine, Fill(1, D(100), D(10)), one, two)[-1].stop == 110


def test_every_stop_move_of_a_step_is_told() -> None:
    """Target 3 is the first to fill, at 130: target 1 moves the stop to 100, and target 2 would loosen it to 80."""
    machine = machine_of(
        "symbol: A/USDT\nside: long\nsize: 20 A\ntiers: [100, 90]\nstop: 70\ntargets:\n"
        "  - {price: 110, close: 20%, stop: entry}\n  - {price: 120, close: 20%, stop: 80}\n"
        "  - {price: 130, close: rest}\n"
    )
    step = machine.play([Fill(1, D(100), D(10)), ExitFill(EventKind.TARGET, 3, D(130), D(2))])[-1]
    assert [(move.row, move.after, move.fault) for move in step.moves] == [
        (0, D(100), None),
        (1, D(100), MoveFault.LOOSENS),
    ]


def test_purchases_are_told_apart_by_what_was_bought_not_how() -> None:
    """20 of a tier of 10 in any parts, and a crumb at 101 before or behind the whole, are one holding each."""
    machine = machine_of(LONG)

    def history(*fills: tuple[int, str]) -> History:
        bought = [Fill(1, D(price), D(quantity)) for quantity, price in fills]
        return played(machine, *bought)[-1].held.history

    whole = history((20, "100"))
    assert whole == history((10, "100"), (10, "100")) == history((5, "100"), (15, "100"))
    assert whole == history((5, "100"), (5, "100"), (10, "100")) != history((10, "100"))
    assert history((1, "101"), (10, "100")) == history((10, "100"), (1, "101"))


def test_thousands_of_purchases_are_one_holding_in_any_order() -> None:
    """2,000 prices are bought at, one of them twice: backwards it is the same holding, one purchase less is another."""
    bought = [Fill(None, 90 + D(number * 7919 % 2000) / 100, D("0.001")) for number in range(2001)]
    here, back, less = (played(machine_of(LONG), *some)[-1] for some in (bought, bought[::-1], bought[1:]))
    assert here.held == back.held != less.held
    assert hash(here.held) == hash(back.held)
    assert len(here.held.history.bought) == 2000


def test_thousands_of_exits_are_a_trade() -> None:
    """What a venue split stays split: 2,000 exits are compared and gone on from."""
    machine = machine_of(LONG)
    crumb = ExitFill(EventKind.BY_HAND, 0, D(105), D("0.001"))
    state, other = (machine_of(LONG).play([Fill(1, D(100), D(10)), *[crumb] * 2000])[-1].state for _ in range(2))
    assert state is not None
    assert state == other
    assert machine.apply(other, crumb) == machine.apply(state, crumb)


def test_what_stands_behind_a_state_is_the_asking_plans() -> None:
    """At 2x a long from 100 with 0.5% maintenance is liquidated at 50 / 0.995, at 5x at 80 / 0.995, whoever asked."""
    text = "symbol: A/USDT:USDT\nside: long\nmaintenance: 0.5%\nsize: 10 A\ntiers: [100]\nstop: 90\nleverage: "
    twice, five = machine_of(f"{text}2\n"), machine_of(f"{text}5\n")
    state = played(twice, Fill(1, D(100), D(10)))[-1]
    for _ in range(2):
        for machine, price in ((twice, "50.25125"), (five, "80.40201")):
            assert str(machine.liquidation(state).price).startswith(price)


def test_a_tier_is_live_once_its_price_has_traded() -> None:
    """What `after` waits for is an event like any other."""
    machine = machine_of("symbol: A/USDT\nside: long\nsize: 2 A\ntiers: [100, {price: 98, after: 105}]\nstop: 90\n")
    _, one, touched = played(machine, Fill(1, D(100), D(1)), Touch(2, D(105)))
    assert live_at(machine, one) == {("stop", 0, D(90)), ("after", 2, D(105))}
    assert live_at(machine, touched) == {("tier", 2, D(98))}


def test_steps_leave_no_trace() -> None:
    """A step asked for twice is the same twice, and what it finds is in the step."""
    machine = machine_of(LONG)
    _, one = played(machine, Fill(1, D(100), D(10)))
    once, twice = (machine.apply(one, Fill(2, D(90), D(10))) for _ in range(2))
    assert once == twice
    (move,) = once.moves
    assert (move.owner, move.row, move.level, move.after) == ("tiers", 1, D(90), D(90))
    # Tier 3, a stop at 95 that becomes live with price at 90, does not execute at once.
    assert once.waited == 0


def test_the_example_of_the_room_runs() -> None:
    """Four events that no plan foresaw, as the room's own docstring has them.

    3 at 149.5 and 1 at 140 average 588.5 / 4 = 147.125; one sold at 145 loses 2.125, two at 160 win 25.75: 23.625.
    """
    found = doctest.testmod(engine)
    assert (found.attempted, found.failed) == (11, 0)
