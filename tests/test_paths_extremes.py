"""Plans beyond all reason have paths all the same: nothing breaks, and every chance is told."""

from decimal import Decimal

import pytest

from scaleplan.engine.event import End
from scaleplan.paths.odds import chance_of_one_r
from scaleplan.report.paths.words import walked_of
from tests.given import known, studied, walked
from tests.reported import paths_text, show_text, tree_text

D = Decimal

# A short entered at nearly nothing, and stopped at two thousand million times that.
FAR_STOP = (
    "{symbol: 'AAA/USDT:USDT', side: short, leverage: 1, stop: 22540.33308, size: 8872.983345 USDT,"
    " margin_mode: cross, maintenance: 0.1%, account: {equity: 900000000000000}, tiers: [0.00001, 11270.16654]}"
)
# The trail would pass the stop at a price below zero.
LONG_TRAIL = (
    "{symbol: 'AAA/USD:AAA', side: short, leverage: 0.5, stop: 11, size: 100 USD, tiers: [10], maintenance: 0.1%,"
    " targets: [{price: 9, trail: 9999}]}"
)
# What is left is bought back, with all the drift there is, at next to nothing: worth next to everything in coin.
MUCH_COIN = (
    "{symbol: 'AAA/USD:AAA', side: short, leverage: 1, margin_mode: cross, account: {equity: 10 AAA}, size: 300 USD,"
    " maintenance: 0.1%, stop: 34, tiers: [33], targets: [{price: 16, close: 0%, stop: 23, trail: 99%}]}"
)
# The average entry is the stop but for the fiftieth digit, and R is a distance of nothing.
NO_R = (
    "{symbol: 'AAA/USD:AAA', side: short, leverage: 10, maintenance: 0.1%, size: 33333333.333 USD, stop: 0.00000999999,"
    " tiers: [0.00000999999], targets: [{price: 0.000005}]}"
)
# Maintenance and, in the models of other venues, a closing fee together are the whole value.
ALL_MARGIN = (
    "{symbol: 'AAA/USD:AAA', side: short, leverage: 1, size: 10 AAA margin, stop: +50%, maintenance: 99%,"
    " extra_margin: -0.0001 AAA, fees: {taker: 1%}, tiers: [{price: 10, order: market}], targets: [5]}"
)


def test_a_result_far_beyond_the_cost_is_told_exactly() -> None:
    """Half the size is 4,436.4916725: that over 0.00001 in base loses 22,540.33307 each, the other half is doubled.

    The other half is sold at 11,270.16654 and bought back at twice that: it loses what it was worth.
    """
    found = walked(FAR_STOP)
    lost = D("443649167.25") * D("22540.33307") + D("4436.4916725")
    stopped = [one.net for one in found.outcomes if one.end is End.STOPPED]
    assert min(stopped) == pytest.approx(-lost, rel=D("1e-40"))


def test_under_drift_no_price_below_zero_is_reached() -> None:
    """At the fair price the trail may pass its stop below zero; with drift price only gets to the stop, or stays open.

    From 9 to the stop at 11 against nothing below: (9/11)^2 at g = 2.
    """
    trailing = next(state for state in walked(LONG_TRAIL, edge="2").states if state.targets == 1)
    assert (trailing.up is None, trailing.down is None) == (False, False)
    assert trailing.up is not None
    assert trailing.down is not None
    assert trailing.down.event.price < 0
    assert trailing.down.probability == 0
    assert trailing.up.probability == pytest.approx(D(81) / D(121), rel=D("1e-30"))
    fair = next(state for state in walked(LONG_TRAIL).states if state.targets == 1)
    # From 9, the stop 2 above, and the trail past it at 11 - 9,999: 9,997 below.
    assert fair.down is not None
    assert fair.down.probability == pytest.approx(D(2) / D(9999), rel=D("1e-30"))


@pytest.mark.parametrize("edge", [None, "-3", "0", "2.5", "800"])
@pytest.mark.parametrize("text", [FAR_STOP, LONG_TRAIL, MUCH_COIN, NO_R, ALL_MARGIN])
def test_all_of_it_is_told(text: str, edge: str | None) -> None:
    """The chances sum to 1, and the page, the tree and `show` are made."""
    found = walked(text, edge=edge)
    assert abs(sum((known(one.probability) for one in found.outcomes), D(0)) - 1) < D("1e-20")
    one = walked_of(studied(text), found)
    assert "state 0" in tree_text(one, width=80)
    assert "expect" in paths_text(one, width=80, colour=False, blocks=True)
    assert show_text(one.study, width=80, colour=False)


def test_a_distance_of_rounding_is_no_r() -> None:
    """Of two prices that are one but for the fiftieth digit nothing can be told a multiple of."""
    third = D(1) / D(3)
    assert chance_of_one_r(D(2), third, third + D("1e-50"), 1) is None
    assert chance_of_one_r(D(1), third, third / 2, 1) == D("0.5")


def test_why_there_is_no_break_even_edge() -> None:
    """An average at the stop leaves no 1R; a position that nothing takes profit of may run for ever.

    Bought at 100 and 80, 2 and 2 in base, the average is 90.
    """
    at_stop = "{symbol: AAA/USDT, side: long, size: 4 AAA, stop: 90, tiers: [100, 80], targets: [110]}"
    assert "lies at the stop" in walked(at_stop).summary.breakeven_missing
    no_target = "{symbol: AAA/USDT, side: long, size: 4 AAA, stop: 90, fees: {taker: 0.1%}, tiers: [100]}"
    assert "may never be closed" in walked(no_target).summary.breakeven_missing


def test_a_move_that_ends_the_plan_has_the_result_of_its_own_way() -> None:
    """Two orders of the same events end with the same tiers and target, and each tells its own result.

    Tier 1, 13.33 at 150, sells 40% at 153 before tier 2 at 144: 21.33 held at 146.25, stopped at 138: 16 - 176 = -160.
    Tier 2 first: 26.67 at 147 sell 40% at 153, and 16 are stopped: 64 - 144 = -80.
    """
    text = (
        "{symbol: SOL/USDT, side: long, size: 40 SOL, entries_end: never, stop: 138,"
        " tiers: [150, 144, {price: 156, order: stop}], targets: [40% at 153, rest at 400]}"
    )
    ends = {
        state.quantity.quantize(D("0.01")): (state.down.worst, state.down.best)
        for state in walked(text).states
        if state.tiers == (1, 2) and state.targets == 1 and state.down is not None
    }
    for quantity, net in (("21.33", -160), ("16.00", -80)):
        worst, best = ends[D(quantity)]
        assert worst == best == pytest.approx(D(net), rel=D("1e-30"))
