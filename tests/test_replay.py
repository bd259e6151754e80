"""A plan walked over bars, figure by figure: every expected number is worked out by hand beside it.

Most plans hold 1 T a tier at no cost, so that a result is a sum of price differences.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from scaleplan.engine.event import End
from scaleplan.replay import BarOrder, LimitFills, Manner, Replayed, Tape, replayed, results_of
from scaleplan.replay.curve import equity_band, equity_curve
from scaleplan.replay.records import Gain, greater, lesser
from scaleplan.study import Study, study
from tests.series import BEGIN, MINUTE, Rows

D = Decimal
TOUCH = Manner((LimitFills.TOUCH,))
FILLED = Manner((LimitFills.TOUCH,), filled=True)
#: The plan of the contract's examples: 1 T at 100 and at 98, stop 96, all out at 104.
LADDER = "tiers: [{price: 100, size: 1 T}, {price: 98, size: 1 T}]\nstop: 96\ntargets: [rest at 104]"
HOUR = 60 * MINUTE


def plan_of(text: str, side: str = "long", head: str = "symbol: T/USDT") -> Study:
    """Returns a plan for the coin T, of whose keys the text says the rest."""
    found = study("plan.yaml", f"{head}\nside: {side}\n{text}\n".encode())
    assert isinstance(found, Study), found.diagnostics
    return found


def walk(text: str | Study, rows: Sequence[str] | Rows, manner: Manner = TOUCH, **tape: object) -> Replayed:
    """Returns a plan replayed on rows of bars of a minute."""
    studied = plan_of(text) if isinstance(text, str) else text
    bars = rows if isinstance(rows, Rows) else Rows(rows)
    return replayed(studied.plan, studied.ladder, Tape(bars, **tape), manner)  # type: ignore[arg-type]


def nets(replay: Replayed) -> tuple[object, object]:
    """Returns the worst and the best net result."""
    return replay.worst.result.net, replay.best.result.net


def told(replay: Replayed) -> list[str]:
    """Returns the events of the worst with where they were filled, as `tier 2 at 98`."""
    events = results_of(replay)[0].events
    return [f"{event.event} at {event.level if event.fill is None else event.fill}" for event in events]


def test_a_level_is_the_plans_own_where_price_jumped_past_it() -> None:
    """Tier 2 of 98 at the open 97, the target of 104 at 105, the stop of 96 at 95: the level beside the fill."""
    rows = ["100 103 99 99", "97 99 97 98"]
    events = results_of(walk(LADDER, [*rows, "105 106 104 105"], FILLED))[0].events
    assert [(event.level, event.fill) for event in events[1:]] == [(D(98), D(97)), (D(104), D(105))]
    events = results_of(walk(LADDER, [*rows, "95 97 94 96"], FILLED))[0].events
    assert [(event.level, event.fill) for event in events[1:]] == [(D(98), D(97)), (D(96), D(95))]


@pytest.mark.parametrize(
    ("rows", "worst", "best"),
    [
        # High first: 104 - 100 = 4. Low first: (104 - 100) + (104 - 98) = 10.
        (["100 104 98 101"], 4, 10),
        # Low first, stopped at 96: -4 - 2 = -6. 98, then 104, then 95: +10. Neither order that is usual gives both.
        (["100 105 95 100"], -6, 10),
        # Both held at 99, jumped past 96 to the open 95: (95 - 100) + (95 - 98) = -8, where -6 was planned.
        (["100 102 97 99", "95 97 94 96"], -8, -8),
        # Tier 2 at the open 97, out at the open 105: (105 - 100) + (105 - 97) = 13.
        (["100 103 99 99", "97 99 97 98", "105 106 104 105"], 13, 13),
    ],
)
def test_the_four_examples(rows: list[str], worst: int, best: int) -> None:
    """Every order of prices in a bar is followed, and a jump fills where it lands."""
    assert nets(walk(LADDER, rows, FILLED)) == (worst, best)


def test_a_bar_that_holds_stop_and_target() -> None:
    """One bar from 101 over 105 and 95 to 100: three ways, and which bar and how many ways is told."""
    replay = walk(LADDER, ["100 102 99 101", "101 105 95 100"], FILLED)
    assert [(fork.bar, fork.ways) for world in replay.worlds for fork in world.forks] == [(1, 3)]
    assert {(end.end, end.result.net) for end in replay.worlds[0].ends} == {
        (End.TARGETS, D(4)),
        (End.STOPPED, D(-6)),
        (End.TARGETS, D(10)),
    }


@pytest.mark.parametrize(
    ("order", "net"), [("low-first", -6), ("high-first", 4), ("near", 4), ("worst", -6), ("best", 10)]
)
def test_an_order_alone(order: str, net: int) -> None:
    """Of the bar 101 105 95 100 the high is the nearer extreme: 4 away, and the low 6."""
    rows = ["100 102 99 101", "101 105 95 100"]
    assert nets(walk(LADDER, rows, FILLED._replace(order=BarOrder(order)))) == (net, net)


@pytest.mark.parametrize("order", ["worst", "best"])
def test_the_worst_or_the_best_alone_leaves_no_bar_open(order: str) -> None:
    """The bar 101 105 95 100 has three ways, and of one that was asked for nothing is open."""
    replay = walk(LADDER, ["100 102 99 101", "101 105 95 100"], FILLED._replace(order=BarOrder(order)))
    assert [len(world.forks) for world in replay.worlds] == [0]
    assert [len(passage.ways) for world in replay.worlds for passage in world.passages] == [1]


# Limits that must be gone through


def test_a_limit_at_which_a_bar_stops_is_undecided() -> None:
    """The low is 98 itself: touched, tier 2 fills and both make 4 + 6; not gone through, tier 1 alone makes 4."""
    rows = ["100 101 98 99", "99 105 99 105"]
    both = Manner(through=D(1), filled=True)
    assert nets(walk(LADDER, rows, both)) == (D(4), D(10))
    assert nets(walk(LADDER, ["100 101 97 99", "99 105 99 105"], both)) == (D(10), D(10))


def test_a_limit_gone_through_fills_at_its_level_and_leaves_price_at_its_trigger() -> None:
    """Tier 2 at 98 fills as price gets to 97; it moves the stop to 97.5, which lies over the price: out at 97.

    Filled at 100 and 98, both out at 97: -3 - 1 = -4.
    """
    text = "tiers: [{price: 100, size: 1 T}, {price: 98, size: 1 T, stop: 97.5}]\nstop: 90"
    replay = walk(text, ["100 100 97 97"], Manner((LimitFills.THROUGH,), through=D(1), filled=True))
    assert told(replay) == ["tier 1 at 100", "tier 2 at 98", "stop at 97"]
    assert nets(replay) == (D(-4), D(-4))


def test_a_jump_past_a_trigger_fills_at_the_open() -> None:
    """From 99 to an open of 96.5, under the trigger 97: tier 2 fills at 96.5; to 97.5 it does not, and rests."""
    manner = Manner((LimitFills.THROUGH,), through=D(1), filled=True)
    text = "tiers: [{price: 100, size: 1 T}, {price: 98, size: 1 T}]\nstop: 90"
    assert told(walk(text, ["100 100 99 99", "96.5 97 96.5 97"], manner))[1] == "tier 2 at 96.5"
    assert told(walk(text, ["100 100 99 99", "97.5 98 97.5 98"], manner))[1:] == ["held at the end at 98"]
    assert told(walk(text, ["100 100 99 99", "97.5 98 97 98"], manner))[1] == "tier 2 at 98"


def test_a_target_is_gone_through_too() -> None:
    """104 is met and not passed: nothing. Price gets to 105: out at 104, +4. It opens at 105: out there, +5."""
    text = "tiers: [{price: 100, size: 1 T}]\nstop: 96\ntargets: [rest at 104]"
    manner = Manner((LimitFills.THROUGH,), through=D(1), filled=True)
    assert told(walk(text, ["100 104 100 104"], manner))[1:] == ["held at the end at 104"]
    assert nets(walk(text, ["100 104 100 104", "104 105 104 105"], manner)) == (D(4), D(4))
    assert nets(walk(text, ["100 104 100 104", "105 106 105 105"], manner)) == (D(5), D(5))


@pytest.mark.parametrize("through", [1, 3])
def test_a_limit_that_price_is_past_when_it_comes_live_needs_nothing_gone_through(through: int) -> None:
    """At 97 tier 2 comes live, a limit of 98 that price is past: 1 T is bought at 97, whatever its trigger.

    (101 - 100) + (101 - 97) = 5. So is tier 1 where the first open is past it: at 99, to 101, is 2.
    """
    manner = Manner((LimitFills.THROUGH,), through=D(through), filled=True)
    late = "{price: 98, size: 1 T, after: 97, order: limit}"
    ladder = f"tiers: [{{price: 100, size: 1 T}}, {late}]\nstop: 90"
    assert nets(walk(ladder, ["100 101 94 101"], manner)) == (5, 5)
    single = "tiers: [{price: 100, size: 1 T, order: limit}]\nstop: 90"
    assert nets(walk(single, ["99 101 99 101"], manner._replace(filled=False))) == (2, 2)


def test_stop_orders_need_nothing_gone_through() -> None:
    """A tier by stop order at 102 and the stop at 96 act where price meets them, in either world."""
    text = "tiers: [{price: 100, size: 1 T}, {price: 102, size: 1 T, order: stop}]\nstop: 96"
    manner = Manner((LimitFills.THROUGH,), through=D(1), filled=True)
    assert told(walk(text, ["100 102 100 101", "101 101 96 97"], manner))[1:] == ["tier 2 at 102", "stop at 96"]


# Where it begins


def test_it_begins_at_the_first_open_with_nothing_filled() -> None:
    """Price comes from 103: tier 1 at 100, then tier 2; where it opens at 99, tier 1 fills there."""
    assert told(walk(LADDER, ["103 103 99 99"])) == ["tier 1 at 100", "held at the end at 99"]
    assert told(walk(LADDER, ["99 99.5 98.5 99"])) == ["tier 1 at 99", "held at the end at 99"]


@pytest.mark.parametrize("price", ["96", "95"])
def test_an_open_at_or_beyond_the_invalidation_is_not_entered(price: str) -> None:
    """Nothing is filled where the idea is wrong already, not even by a market order."""
    market = LADDER.replace("{price: 100, size: 1 T}", "{price: 100, size: 1 T, order: market}")
    for text in (LADDER, market):
        replay = walk(text, [f"{price} 105 90 100"])
        assert [replay.worst.end, replay.best.end, nets(replay)] == [End.NOT_ENTERED, End.NOT_ENTERED, (0, 0)]


def test_a_market_tier_fills_at_the_first_open() -> None:
    """Expected at 100, it is filled where the market is: at 101.5. The loss at 96 is then 5.5."""
    text = "tiers: [{price: 100, size: 1 T, order: market}]\nstop: 96"
    replay = walk(text, ["101.5 102 96 97"])
    assert told(replay) == ["tier 1 at 101.5", "stop at 96"]
    assert nets(replay) == (D("-5.5"), D("-5.5"))


def test_what_is_held_at_the_end_is_booked_with_slippage_and_taker_fee() -> None:
    """1 T from 100 to the last close 102: 2, less the maker fee of 0.1, slippage of 0.204 and a fee of 0.203592.

    Sold at 102 * 0.998 = 101.796, fee 0.2% of that = 0.203592; net 1.796 - 0.1 - 0.203592 = 1.492408.
    """
    text = "tiers: [{price: 100, size: 1 T}]\nstop: 96\nfees: {maker: 0.1%, taker: 0.2%}\nslippage: 0.2%"
    replay = walk(text, ["100 102 100 102"], FILLED)
    worst, _ = results_of(replay)
    assert (worst.end, worst.net, worst.gross, worst.fees) == (End.OPEN, D("1.492408"), D(2), D("0.303592"))


# Jumps


def test_an_after_price_that_a_jump_passes_is_touched() -> None:
    """From 100 to 103 past the `after` price 102: tier 2, a limit at 101, is live and fills on the way back."""
    text = "tiers: [{price: 100, size: 1 T}, {price: 101, size: 1 T, after: 102, order: limit}]\nstop: 96"
    replay = walk(text, ["100 100 100 100", "103 103 101 101"], FILLED)
    assert told(replay)[1:3] == ["after 2 at 103", "tier 2 at 101"]


def test_a_jump_past_stop_and_liquidation_loses_the_margin() -> None:
    """10x at 100, margin 10: liquidated near 90.45, the stop is at 92. From 100 to an open of 85: the margin, 10."""
    text = "leverage: 10\nmaintenance: 0.5%\nsize: 1 T\ntiers: [100]\nstop: 92"
    replay = walk(plan_of(text, head="symbol: T/USDT:USDT"), ["100 100 99 100", "85 86 84 85"], FILLED)
    assert (replay.worst.end, nets(replay)) == (End.LIQUIDATED, (D(-10), D(-10)))


def test_one_after_another_at_an_open() -> None:
    """From 99 to 94: tiers 98 and 96 fill at 94, both; the stop at 95 came before them and is over first."""
    text = "tiers: [{price: 100, size: 1 T}, {price: 98, size: 1 T}, {price: 96, size: 1 T}]\nstop: 93"
    replay = walk(text, ["100 100 99 99", "94 94 94 94"], FILLED)
    assert told(replay)[1:3] == ["tier 2 at 94", "tier 3 at 94"]
    stopped = walk(text.replace("93", "95"), ["100 100 99 99", "94 94 94 94"], FILLED)
    assert told(stopped)[1:] == ["stop at 94"]


def test_rounding_leaves_nothing_open() -> None:
    """Thirds of a coin bought in two orders differ in the fiftieth digit: a best so far from the worst is no other."""
    replay = walk(LADDER, ["100 102 99 101"], FILLED)
    best = replay.best._replace(result=replay.best.result._replace(net=replay.best.result.net + D("1e-46")))
    assert not replay._replace(best=best).undecided
    further = replay.best._replace(result=replay.best.result._replace(net=replay.best.result.net + D("1e-30")))
    assert replay._replace(best=further).undecided


def test_two_ways_to_one_state_carry_the_least_and_the_most() -> None:
    """Filled at 100 inside a bar that has 104: half is sold there, or at the next open of 106. Then the stop, at 96.

    4 - 4 = 0 and 6 - 4 = 2, of a state that is the same from the second bar on.
    """
    text = "tiers: [{price: 100, size: 2 T}]\nstop: 96\ntargets: [{price: 104, close: 50%}, rest at 120]"
    replay = walk(text, ["101 104 100 102", "106 106 105 105", "105 105 95 95"])
    assert nets(replay) == (D(0), D(2))
    # The first bar, the second for the way that has not sold yet, the third once.
    assert replay.worlds[0].bars_looked_at == 3


def test_of_equal_results_the_way_with_low_first_is_kept() -> None:
    """What draws equity follows the low before the high where the result is the same."""
    low, high, less = Gain(D(1), turns=(0, 1)), Gain(D(1), turns=(1, 0)), Gain(D(0), turns=(1, 1))
    assert lesser(high, low) is greater(high, low) is low
    assert (lesser(low, less), greater(low, less)) == (less, low)


# Trails


TRAIL = "tiers: [{price: 100, size: 1 T}]\nstop: 96\ntargets: [{price: 104, close: 0%, trail: 2}]"


def test_a_trail_in_a_bar_is_stopped_anywhere_between() -> None:
    """The bar 100 108 100 107 starts the trail at 104, stop 102. High met only after: any stop from 102 to 106.

    The close 107 lies over 106, the stop of the high; the low may come before, so it may live, with 108 as best price.
    The next bar opens at 107 and falls to 104: stopped at 106 for sure. Least 102 - 100, most 106 - 100.
    """
    replay = walk(TRAIL, ["100 108 100 107", "107 107 104 104"], FILLED)
    assert nets(replay) == (D(2), D(6))
    assert {end.result.net for end in replay.worlds[0].ends} == {D(2), D(6)}


def test_a_trail_that_must_be_stopped() -> None:
    """The close 103 lies under the stop of the high 108, 106: out at some stop from 102 to 106."""
    replay = walk(TRAIL, ["100 108 100 103"], FILLED)
    assert nets(replay) == (D(2), D(6))
    assert {end.end for end in replay.worlds[0].ends} == {End.TRAIL}


def test_a_trail_is_carried_over_bars_that_do_not_close_it() -> None:
    """Best price 120 after many bars, stop 118: out at 118, +18; a jump to 110 closes it there, +10."""
    rising = [f"{price} {price + 1} {price} {price + 1}" for price in range(104, 119)]
    begin = ["100 101 100 101", "104 104 103 104", *rising, "119 120 119 119.5"]
    assert nets(walk(TRAIL, [*begin, "119.5 119.5 117 117"], FILLED)) == (D(18), D(18))
    assert nets(walk(TRAIL, [*begin, "110 111 109 110"], FILLED)) == (D(10), D(10))


def test_a_nearer_stop_holds_until_the_trail_has_passed_it() -> None:
    """A stop of 103 set by the target lies inside a trail of 5 from 104: out at 103, not at 99; from 110 at 105."""
    text = TRAIL.replace("trail: 2", "trail: 5, stop: 103")
    assert nets(walk(text, ["100 101 100 101", "104 104 103.5 104", "104 104 100 101"], FILLED)) == (D(3), D(3))
    begin = ["100 101 100 101", "104 104 103.5 104", "104 108 104 108", "108 110 108 110"]
    assert nets(walk(text, [*begin, "110 110 100 101"], FILLED)) == (D(5), D(5))


@pytest.mark.parametrize(
    ("side", "rows", "net"),
    [
        # Best price 113, 5% below is 107.35.
        ("long", ["100 101 100 101", "104 104 103 104", "104 108 104 108", "108 113 108 113", "113 113 100 101"], 7.35),
        # Best price 90, 5% above is 94.5: sold at 100, 5.5.
        ("short", ["100 100 99 99", "96 96.5 96 96", "96 96 93 93", "93 93 90 90", "90 100 90 99"], 5.5),
    ],
)
def test_a_trail_in_percent_follows_the_best_price(side: str, rows: list[str], net: float) -> None:
    """Up to 113, 5% below is 107.35: +7.35. A short down to 90, 5% above is 94.5: +5.5."""
    stop, target = ("90", "104") if side == "long" else ("110", "96")
    text = f"leverage: 1\nsize: 1 T\ntiers: [100]\nstop: {stop}\ntargets: [{{price: {target}, close: 0%, trail: 5%}}]"
    found = study("plan.yaml", f"symbol: T/USDT:USDT\nside: {side}\n{text}\n".encode())
    assert isinstance(found, Study)
    assert nets(walk(found, rows, FILLED)) == (D(str(net)), D(str(net)))


def test_a_trail_that_slept_is_known_to_finer_bars() -> None:
    """Best price 120, and the bar 119.5 125 117 124 leaves open where it was stopped: its first half says at 118."""
    rising = [f"{price} {price + 1} {price} {price + 1}" for price in range(104, 119)]
    rows = ["100 101 100 101", "104 104 103 104", *rising, "119 120 119 119.5", "119.5 125 117 124"]
    assert nets(walk(TRAIL, rows, FILLED)) == (D(18), D(23))
    begin = BEGIN + (len(rows) - 1) * MINUTE
    halves = Rows(["119.5 119.5 117 117", "117 125 117 124"], step=MINUTE // 2, begin=begin)
    assert nets(walk(TRAIL, rows, FILLED, finer=(halves,))) == (D(18), D(18))


# Time


def timed(rows: list[str], text: str, **tape: object) -> Replayed:
    """Returns a plan, its tier 1 filled before, replayed on rows of bars of an hour."""
    return walk(plan_of(text), Rows(rows, step=HOUR), FILLED, **tape)


def test_a_time_stop_acts_at_the_open_at_which_it_is_due() -> None:
    """Filled before the first bar, due two hours on: at the open of the third bar, 101; half of 2 T, the rest at 96."""
    text = "tiers: [{price: 100, size: 2 T}]\nstop: 96\ntime_stop: {after: 2h, close: 50%}"
    replay = timed(["100 101 99 100", "100 101 99 100", "101 102 99 99", "99 99 96 96"], text)
    assert told(replay)[1:] == ["time stop at 101", "stop at 96"]
    assert nets(replay) == (D(1 - 4), D(1 - 4))


def test_a_fill_inside_a_bar_counts_from_its_close() -> None:
    """Tier 1 fills in the first hour, so two hours end with the third: due at the open of the fourth bar."""
    text = "tiers: [{price: 100, size: 2 T}]\nstop: 96\ntime_stop: {after: 2h, close: 100%}"
    rows = Rows(["101 101 99 100", "100 101 99 100", "100 102 99 99", "99.5 100 99 99"], step=HOUR)
    replay = walk(plan_of(text), rows, TOUCH)
    assert told(replay) == ["tier 1 at 100", "time stop at 99.5"]
    assert replay.worst.end is End.CLOSED


def test_unless_calls_a_time_stop_off_and_a_bar_may_leave_it_open() -> None:
    """`unless: 0.5R` is 102. Met in the first bar for sure, the time stop does nothing.

    Where tier 1 fills in a bar that has both 102 and 100, 102 may have come before: then it closes at 101, else it
    goes on to the stop. Closed: 2 * 1 = 2. Not closed: 2 * -4 = -8.
    """
    text = "tiers: [{price: 100, size: 2 T}]\nstop: 96\ntime_stop: {after: 1h, unless: 0.5R, close: 100%}"
    later = ["101 101 100.5 101", "101 101 101 101", "101 101 95 95"]
    assert nets(timed(["100 102 99 100", *later], text)) == (D(-8), D(-8))
    assert nets(timed(["100 101 99 100", *later], text)) == (D(2), D(2))
    open_bar = walk(plan_of(text), Rows(["101 102 100 101", *later], step=HOUR), TOUCH)
    assert nets(open_bar) == (D(-8), D(2))


def test_unfilled_tiers_expire_before_the_jump() -> None:
    """Tier 2 at 98 expires with the third hour, whose open of 97 would have filled it."""
    text = "tiers: [{price: 100, size: 1 T}, {price: 98, size: 1 T}]\nstop: 96\nexpires: 2h"
    rows = ["100 100 99 99", "99 100 99 99", "97 97 97 97"]
    assert told(timed(rows, text))[1:] == ["expiry at 99", "held at the end at 97"]
    by_date = text.replace("2h", "2022-01-10")
    assert told(timed(rows, by_date))[1] == "expiry at 100"


def test_with_nothing_filled_an_expiry_ends_the_plan() -> None:
    """A duration counts from the begin while nothing is filled."""
    rows = Rows(["103 103 102 102", "102 103 101 102", "102 102 97 97"], step=HOUR)
    replay = walk(plan_of(LADDER + "\nexpires: 2h"), rows, TOUCH)
    assert (replay.best.end, replay.last, nets(replay)) == (End.NOT_ENTERED, 2, (0, 0))


def test_funding_is_paid_on_the_value_at_the_open_and_is_no_part_of_net() -> None:
    """0.01% every 8 h from 00:00 UTC, bars of 4 h from midnight: 1 T at the opens 100 and 104, of a long paid.

    0.0001 * (100 + 104) = 0.0204; a short receives it. The result stays 105 - 100 = 5.
    """
    text = "leverage: 1\nsize: 1 T\ntiers: [100]\nstop: 90\nfunding: {rate: 0.01%, every: 8h, hold: 1d}"
    rows = Rows(["100 101 99 101", "101 104 100 104", "104 106 103 105"], step=4 * HOUR)
    head = "symbol: T/USDT:USDT"
    replay = walk(plan_of(text, head=head), rows, FILLED)
    assert (replay.worst.result.net, replay.worst.result.funding) == (D(5), D("0.0204"))
    short = walk(plan_of(text.replace("90", "110"), "short", head), rows, FILLED)
    assert (short.worst.result.net, short.worst.result.funding) == (D(-5), D("-0.0204"))
    written = walk(plan_of(text, head=head), rows, FILLED, funding=((BEGIN + 5 * HOUR, D("0.002")),))
    assert written.worst.result.funding == D("0.002") * 101


def test_funding_of_an_inverse_contract_is_in_coin() -> None:
    """1,000 USD at an open of 100 is 10 coin; 0.01% of that twice is 0.001 + 1000 / 104 * 0.0001."""
    text = "leverage: 1\nsize: 1000 USDT\ntiers: [100]\nstop: 90\nfunding: {rate: 0.01%, every: 8h, hold: 1d}"
    rows = Rows(["100 101 99 101", "101 104 100 104", "104 106 103 105"], step=4 * HOUR)
    replay = walk(plan_of(text, head="symbol: T/USDT:T"), rows, FILLED)
    exact = Fraction(1, 1000) + Fraction(1000, 104) / 10_000
    assert abs(Fraction(replay.worst.result.funding) - exact) < Fraction(1, 10**40)


# Mark price


MARGIN = "leverage: 10\nmaintenance: 0.5%\nsize: 1 T\ntiers: [100]\nstop: 80\ntargets: [rest at 105]"


def test_held_from_open_to_close_at_a_mark_price_that_liquidates() -> None:
    """Margin 10; liquidated where 10 + P - 100 = 0.005 P, near 90.45. Last goes to 95 alone, the mark to 90."""
    studied = plan_of(MARGIN, head="symbol: T/USDT:USDT")
    rows = ["100 101 95 100", "100 105 100 105"]
    assert nets(walk(studied, rows, FILLED)) == (D(5), D(5))
    mark = Rows(["100 101 90 100", "100 105 100 105"])
    replay = walk(studied, rows, FILLED, mark=mark)
    assert (replay.worst.end, nets(replay)) == (End.LIQUIDATED, (D(-10), D(-10)))


def test_what_a_mark_price_may_or_may_not_have_met_is_followed_both_ways() -> None:
    """Both in one bar: all out at 105 before, or liquidated before: +5 or the margin of 10."""
    studied = plan_of(MARGIN, head="symbol: T/USDT:USDT")
    replay = walk(studied, ["100 105 95 100"], FILLED, mark=Rows(["100 105 90 100"]))
    assert nets(replay) == (D(-10), D(5))
    calm = walk(studied, ["100 101 85 100", "100 105 100 105"], FILLED, mark=Rows(["100 101 95 100", "100 105 99 104"]))
    assert nets(calm) == (D(5), D(5))


# Finer bars


def test_finer_bars_decide_what_a_bar_leaves_open() -> None:
    """The hour 100 105 95 100 leaves -6 to +10; its four quarters say 98, then 105: +10. The others are not looked at.

    Still finer ones say of a quarter that leaves something open what came first.
    """
    hours = Rows(["100 105 95 100", "100 101 99 100"], step=HOUR)
    quarters = Rows(["100 100 97 97", "97 105 97 105", "105 105 95 95", "95 100 95 100"], step=HOUR // 4)
    assert nets(walk(plan_of(LADDER), hours, FILLED)) == (D(-6), D(10))
    replay = walk(plan_of(LADDER), hours, FILLED, finer=(quarters,))
    assert (nets(replay), replay.worlds[0].forks) == ((D(10), D(10)), ())
    blurred = Rows(["100 105 97 97", "97 105 97 105", "105 105 95 95", "95 100 95 100"], step=HOUR // 4)
    assert nets(walk(plan_of(LADDER), hours, FILLED, finer=(blurred,))) == (D(4), D(10))
    fives = Rows(["100 105 100 105", "105 105 99 99", "99 99 97 97"], step=HOUR // 12)
    assert nets(walk(plan_of(LADDER), hours, FILLED, finer=(blurred, fives))) == (D(4), D(4))


def test_finer_bars_that_do_not_cover_a_bar_are_left() -> None:
    """Half of the quarters are missing, and what is there does not add up to the hour."""
    hours = Rows(["100 105 95 100"], step=HOUR)
    some = Rows(["100 100 97 97", "97 105 97 105"], step=HOUR // 4)
    assert nets(walk(plan_of(LADDER), hours, FILLED, finer=(some,))) == (D(-6), D(10))
    sparse = Rows(["100 105 97 105", "105 105 95 100"], step=HOUR // 4, times=[BEGIN, BEGIN + HOUR // 2])
    assert nets(walk(plan_of(LADDER), hours, FILLED, finer=(sparse,))) == (D(4), D(10))


def test_after_finer_bars_price_stands_where_they_left_it() -> None:
    """They end at 100 where the hour says 101: to the next open, 101, price jumps past the `after` price 100.5."""
    text = LADDER.replace("]\nstop", ", {price: 99.5, size: 1 T, after: 100.5, order: limit}]\nstop")
    hours = Rows(["100 105 95 101", "101 101 101 101"], step=HOUR)
    halves = Rows(["100 100 97.5 97.5", "97.5 100 97.5 100"], step=HOUR // 2)
    assert told(walk(plan_of(text), hours, FILLED, finer=(halves,)))[1:3] == ["tier 2 at 98", "after 3 at 101"]


# How far price went, and equity


def test_how_far_price_went_while_something_was_held() -> None:
    """1R is 6: tier 1 loses 4 and tier 2 another 2 at 96. One T is held from 100, through a bar from 99 to 103.

    Sure: 1 against, 3 for. Its first bar goes to 98.5 before or after the fill, its last to 98.2 before or after the
    target: at most 1.8 against; for, the target at 104 for sure.
    """
    replay = walk(LADDER, ["101 101 98.5 100", "100 103 99 103", "103 104 98.2 104"])
    worst, _ = results_of(replay)
    assert worst.mae_r is not None
    assert worst.mfe_r is not None
    assert [bound * 6 for bound in worst.mae_r] == [pytest.approx(D(1)), pytest.approx(D("1.8"))]
    assert [bound * 6 for bound in worst.mfe_r] == [pytest.approx(D(4)), pytest.approx(D(4))]


def test_equity_at_each_close_along_both_ways() -> None:
    """Start 1,000. At the first close tier 1 is open at 101: +1. Then -6 on the worst way, +10 on the best."""
    studied = plan_of("account: {equity: 1000 USDT}\n" + LADDER)
    replay = walk(studied, ["100 102 99 101", "101 105 95 100", "100 100 100 100"], FILLED)
    points = [(point.worst, point.best) for point in equity_curve(replay)]
    assert points == [(D(1001), D(1001)), (D(994), D(1010)), (D(994), D(1010))]


def test_equity_is_less_funding_from_the_bar_on_that_pays_it() -> None:
    """A coin from 100 at closes of 101 and 104, 0.01 of 101 paid at the second open: 1, then 4 - 1.01."""
    text = "leverage: 1\nsize: 1 T\ntiers: [100]\nstop: 90"
    rows = Rows(["100 101 99 101", "101 104 100 104"], step=4 * HOUR)
    studied = plan_of(text, head="symbol: T/USDT:USDT")
    replay = walk(studied, rows, FILLED, funding=((BEGIN + 5 * HOUR, D("0.01")),))
    assert [point.worst for point in equity_curve(replay)] == [D(1), D("2.99")]
    assert [point.worst.most for point in equity_band(replay, 10)] == [D(1), D("2.99")]


@pytest.mark.parametrize("points", [1, 2, 5])
def test_a_fall_is_from_the_highest_close_before(points: int) -> None:
    """Open results of +1, +4, -1, +6 and +3: falls of 0, 0, 5, 0 and 3, however many bars share a step."""
    closes = (101, 104, 99, 106, 103)
    rows = [f"{first} {max(first, last)} {min(first, last)} {last}" for first, last in pairwise((100, *closes))]
    replay = walk(plan_of("leverage: 1\nsize: 1 T\ntiers: [100]\nstop: 90", head="symbol: T/USDT:USDT"), rows, FILLED)
    falls = [point.worst.fall for point in equity_band(replay, points)]
    assert falls == {1: [D(5)], 2: [D(0), D(5)], 5: [D(0), D(0), D(5), D(0), D(3)]}[points]
