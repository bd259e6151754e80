"""Targets from the average, closes in contracts, equal closes, exits in words: figures worked by hand."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.diagnostic import Severity
from scaleplan.engine.event import End
from scaleplan.layout import lay_out
from tests.given import codes, ladder_of, listed, plan_of, same, study_of, the, walked

D = Decimal
F = Fraction
LINEAR = "symbol: BTC/USDT:USDT\nleverage: 2\n"
INVERSE = "symbol: BTC/USD:BTC\nleverage: 2\n"
LONG, SHORT = "side: long\n", "side: short\n"
RATES = "fees: {maker: 0.1%, taker: 0.2%}\n"


def prices(text: str) -> list[Decimal]:
    """The prices of the targets with all tiers filled."""
    return [one.price for one in listed(text).exits]


def pnls(text: str) -> list[Decimal]:
    """What each target brings, costs in."""
    return [one.pnl for one in listed(text).exits]


# Breakeven: 999 (1 + 0.1%) = 1001 (1 - 0.1%) = 999.999, so that what is bought at 999 and sold at 1001 nets 0, and so
# is what is sold at 1001 and bought back at 999. Of coin the ratio is the same: 1/999 less 0.1% of it is 1/1001 and
# 0.1% more.


@pytest.mark.parametrize("family", [LINEAR + "size: 3 BTC\n", INVERSE + "size: 3000 USD\n"], ids=["linear", "inverse"])
@pytest.mark.parametrize(
    ("side", "entry", "stop", "even"), [(LONG, 999, 900, 1001), (SHORT, 1001, 1100, 999)], ids=["long", "short"]
)
def test_a_target_at_breakeven_nets_nothing_at_its_own_fee(
    family: str, side: str, entry: int, stop: int, even: int
) -> None:
    """A limit pays maker: the fee that stops pay does not count."""
    text = (
        f"{family}{side}{RATES}tiers: [{entry}]\nstop: {stop}\n"
        "targets: [{price: breakeven, close: 50%}, rest at breakeven]\n"
    )
    assert all(same(price, even) for price in prices(text))
    assert all(same(pnl, 0) for pnl in pnls(text))


def test_a_target_at_breakeven_fills_where_it_nets_nothing() -> None:
    """A market order pays taker and slips 1%: bought at 989.01, sold at 990.99, which is 1001 less 1%.

    989.01 = 0.99 x 999 and 990.99 = 0.99 x 1001, both at 0.1%.
    """
    text = (
        LINEAR + LONG + "size: 1 BTC\nfees: {maker: 0.1%, taker: 0.1%}\nslippage: 1%\ntiers: [989.01]\nstop: 900\n"
        "targets: [{price: breakeven, order: market}]\n"
    )
    assert same(prices(text)[0], 1001)
    assert same(listed(text).exits[0].fill_price, "990.99")
    assert same(pnls(text)[0], 0)


def test_half_the_spread_is_paid_at_breakeven_too() -> None:
    """Bought at 1000 + 1, sold at 1002 - 1: a spread of 2, no fee."""
    text = (
        LINEAR
        + LONG
        + "size: 1 BTC\nfees: 0%\nspread: 2 points\ntiers: [1000]\nstop: 900\ntargets: [rest at breakeven]\n"
    )
    text = text.replace("fees: 0%\n", "")
    assert same(prices(text)[0], 1002)
    assert same(pnls(text)[0], 0)


def test_what_an_order_costs_weighs_more_on_a_smaller_close() -> None:
    """2 an order: half a coin has paid 1 to get in and pays 2 to get out, 3 in all, 6 of price. Twice over."""
    text = (
        LINEAR + LONG + "size: 1 BTC\nfees: 2 USDT per order\ntiers: [1000]\nstop: 900\n"
        "targets: [50% at breakeven, rest at breakeven +10]\n"
    )
    assert [round(price, 20) for price in prices(text)] == [1006, 1016]
    assert [round(pnl, 20) for pnl in pnls(text)] == [0, 5]
    # The whole of it has paid 2 and pays 2.
    assert same(prices(text.replace("50% at breakeven, rest at breakeven +10", "rest at breakeven"))[0], 1004)
    # Paths meet the same levels.
    (ups,) = [one for one in walked(text).outcomes if one.end is End.TARGETS]
    assert [round(event.price, 20) for event in ups.path] == [1000, 1006, 1016]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # (100 + 90)/2 = 95, and 1.5% of it
        (LINEAR + LONG + "size: 2 BTC\ntiers: [100, 90]\nstop: 80\ntargets: [rest at entry +1.5%]\n", "96.425"),
        (LINEAR + SHORT + "size: 2 BTC\ntiers: [90, 100]\nstop: 110\ntargets: [rest at entry -1.5%]\n", "93.575"),
        (LINEAR + LONG + "size: 2 BTC\ntiers: [100, 90]\nstop: 80\ntargets: [rest at entry +3 points]\n", "98"),
        # 990 USD each at 110 and 90 are 9 and 11 coins: 1980/20 = 99
        (INVERSE + LONG + "size: 1980 USD\ntiers: [110, 90]\nstop: 80\ntargets: [rest at entry +1%]\n", "99.99"),
        (INVERSE + SHORT + "size: 1980 USD\ntiers: [90, 110]\nstop: 120\ntargets: [rest at entry -1%]\n", "98.01"),
    ],
)
def test_a_target_from_the_average(text: str, expected: str) -> None:
    """With all tiers filled."""
    assert same(prices(text)[0], expected)


def test_a_target_in_front_of_a_distance_in_r() -> None:
    """2R from 100 with the stop at 90 is 120, for a short 80; a point before it."""
    text = LINEAR + LONG + "size: 1 BTC\ntiers: [100]\nstop: 90\ntargets: [rest at 2R -1 point]\n"
    assert prices(text) == [119]
    assert prices(text.replace(LONG, SHORT).replace("stop: 90", "stop: 110").replace("-1", "+1")) == [81]


def test_a_target_from_the_average_moves_with_every_fill() -> None:
    """101.5 from tier 1 alone, 96.425 from the average of 95."""
    found = walked(LINEAR + LONG + "size: 2 BTC\ntiers: [100, 90]\nstop: 80\ntargets: [rest at entry +1.5%]\n")
    ups = [state.up.event.price for state in found.states if state.up is not None]
    assert ups == [D("101.5"), D("96.425")]
    # 1.5 of 20 down to 90, then 10 of 16.425 to the stop.
    chances = {(one.end, one.tiers): one.probability for one in found.outcomes}
    assert same(chances[End.TARGETS, (1,)], F(100, 115))
    assert same(chances[End.STOPPED, (1, 2)], F(15, 115) * F(6425, 16425))


def test_a_target_at_the_average_itself_acts_at_once() -> None:
    """Where tier 1 fills there price is already."""
    found = walked(LINEAR + LONG + "size: 1 BTC\ntiers: [1000]\nstop: 900\ntargets: [rest at entry]\n")
    (one,) = found.outcomes
    assert (one.end, one.gross, one.probability) == (End.TARGETS, D(0), D(1))


@pytest.mark.parametrize(("side", "stop"), [(LONG, 900), (SHORT, 1100)])
def test_a_breakeven_behind_the_price_is_filled_at_the_price(side: str, stop: int) -> None:
    """Makers get 0.1%: it breaks even on the losing side of 1000, and is closed at 1000, for 1 + 1."""
    found = walked(
        f"{LINEAR}{side}size: 1 BTC\nfees: {{maker: -0.1%, taker: 0%}}\ntiers: [1000]\nstop: {stop}\n"
        "targets: [rest at breakeven]\n"
    )
    (one,) = found.outcomes
    assert (one.end, one.gross, one.net) == (End.TARGETS, D(0), D(2))
    assert one.path[-1].price == 1000


def test_a_stop_at_a_target_at_breakeven_is_where_that_fills() -> None:
    """Target 2 moves the stop to target 1: to 1001, where a limit breaks even, not where a stop would."""
    text = (
        f"{LINEAR}{LONG}size: 2 BTC\n{RATES}tiers: [999]\nstop: 900\n"
        "targets: [{price: breakeven, close: 50%}, {price: 1100, close: 20%, stop: target 1}, rest at 1200]\n"
    )
    assert same(listed(text).exits[1].stop, 1001)


@pytest.mark.parametrize(
    ("side", "levels", "price"),
    [(LONG, "[100, 90]\nstop: 80", "entry -1%"), (SHORT, "[90, 100]\nstop: 110", "entry +1%")],
)
def test_a_target_on_the_losing_side_of_the_average_takes_a_loss(side: str, levels: str, price: str) -> None:
    """SP202, and what it says to write takes none."""
    text = f"{LINEAR}{side}size: 2 BTC\ntiers: {levels}\ntargets: [rest at {price}]\n"
    found = the("SP202", text)
    better = found.help.split("`")[1]
    assert better == price.translate(str.maketrans("+-", "-+"))
    assert "SP202" not in codes(text.replace(price, better))


# Closes in contracts

FUTURES = (
    "symbol: ES/USD\naccount: {equity: 100000 USD}\nmargin: {initial: 100 USD per contract}\n"
    "instrument: {tick_size: 0.25, contract_size: 5}\nsize: 3 contracts\n"
)


@pytest.mark.parametrize(
    ("side", "tiers", "targets"),
    [(LONG, "[100]\nstop: 90", (110, 120, 130)), (SHORT, "[200]\nstop: 210", (190, 180, 170))],
)
def test_contracts_are_closed_one_after_the_other(side: str, tiers: str, targets: tuple[int, ...]) -> None:
    """One of three each: 10, 20 and 30 points at 5 a point; what is said twice closes the rest."""
    one, two, three = targets
    text = f"{FUTURES}{side}tiers: {tiers}\ntargets: [1 contract at {one}, 1 lot at {two}, 1 contract at {three}]\n"
    found = listed(text).exits
    assert [exit_.pnl for exit_ in found] == [50, 100, 150]
    assert [exit_.remaining for exit_ in found] == [10, 5, 0]


def test_contracts_of_fewer_are_all_of_them() -> None:
    """With tier 1 alone one contract is held: two are closed as one, and no third target is left to hit."""
    found = walked(f"{FUTURES}{LONG}tiers: [100, 95, 90]\nstop: 80\ntargets: [2 contracts at 110, rest at 120]\n")
    ends = {(one.end, one.tiers, one.targets): one.gross for one in found.outcomes}
    assert ends[End.TARGETS, (1,), 1] == 50
    # Two of two at 97.5; of three the third goes at 120: 2 x 5 x 15 and 25 x 5
    assert ends[End.TARGETS, (1, 2), 1] == 125
    assert ends[End.TARGETS, (1, 2, 3), 2] == 275


def test_contracts_of_coin() -> None:
    """4 of 10 contracts of 100 USD: 400 (1/100 - 1/125) = 0.8 coin; the other 6: 600 (1/100 - 1/150) = 2."""
    text = (
        f"{INVERSE}{LONG}instrument: {{contract_size: 100}}\nsize: 10 contracts\ntiers: [100]\nstop: 90\n"
        "targets: [4 contracts at 125, rest at 150]\n"
    )
    assert [round(pnl, 20) for pnl in pnls(text)] == [D("0.8"), 2]


def test_more_contracts_than_are_held() -> None:
    """SP303 counts in contracts; three and one of three is too many."""
    text = f"{FUTURES}{LONG}tiers: [100]\nstop: 90\ntargets: [2 contracts at 110, 2 contracts at 120]\n"
    found = the("SP303", text)
    assert "closes 2 contracts, but 1 is held then" in found.message
    assert "SP303" not in codes(text.replace("2 contracts at 120", "1 contract at 120"))


# Equal closes


def test_targets_that_say_nothing_close_equal_shares() -> None:
    """Three of 900: 300 each, at 10%, 20% and 30% above."""
    text = "symbol: ABC/USDT\nside: long\nsize: 9 ABC\ntiers: [100]\nstop: 90\ntargets: [110, 120, 130]\n"
    assert pnls(text) == [30, 60, 90]


@given(count=st.integers(1, 12), quantity=st.integers(12, 500))
@settings(max_examples=40, deadline=None)
def test_equal_closes_add_up_to_the_whole(count: int, quantity: int) -> None:
    """In whole lots too: the last takes what the others left."""
    levels = ", ".join(str(110 + step) for step in range(count))
    text = (
        f"symbol: ABC/USDT\nside: long\nsize: {quantity} ABC\ninstrument: {{lot_size: 1}}\ntiers: [100]\nstop: 90\n"
        f"targets: [{levels}]\n"
    )
    found = listed(text).exits
    assert sum(exit_.quantity for exit_ in found) == quantity
    assert found[-1].remaining == 0
    assert max(exit_.quantity for exit_ in found[:-1] or found) - found[0].quantity == 0


# Exits in words

RUNNER = (
    "symbol: ABC/USDT\nside: long\nsize: 10 ABC\ntiers: [100]\nstop: 90\n"
    "targets: [{price: 120, close: 50%, stop: entry}, {exit: close below the 20-day low}]\n"
)


def test_a_runner_without_a_price_counts_at_the_stop_in_force() -> None:
    """5 at 20 are 100; the other 5 are counted at the average, 0."""
    found = ladder_of(RUNNER)
    assert (len(found.exits), found.exits[0].remaining) == (1, D(5))
    assert found.totals.reward == 100
    assert "SP507" not in codes(RUNNER)
    ends = {one.end for one in walked(RUNNER).outcomes}
    assert ends == {End.STOPPED}


def test_a_plan_that_leaves_by_words_alone_has_no_reward() -> None:
    """No target has a price: nothing is counted, and no rule calls the payoff poor."""
    text = RUNNER.replace("{price: 120, close: 50%, stop: entry}, ", "")
    assert ladder_of(text).totals.reward is None
    assert not {"SP507", "SP508"} & set(codes(text))


def test_nothing_is_left_for_the_runner() -> None:
    """SP303 where the targets before it close everything."""
    text = RUNNER.replace("close: 50%", "close: 100%")
    assert "nothing is left" in the("SP303", text).message


# Laws

EVEN = "symbol: ABC/USDT\nside: long\nsize: 900 USDT\nstop: 40\n"


@given(start=st.integers(60, 200), away=st.integers(1, 19), count=st.integers(2, 30))
@settings(max_examples=40, deadline=None)
def test_a_factor_of_one_is_even(start: int, away: int, count: int) -> None:
    """`1x` of steps and of shares is what `even` and `equal` are."""
    ladder = f"{{from: {start}, to: {start - away}, count: {count}, spacing: SPACING, shares: SHARES}}"
    even, factor = (
        plan_of(f"{EVEN}tiers: {ladder}\n".replace("SPACING", spacing).replace("SHARES", shares))
        for spacing, shares in (("even", "equal"), ("1x", "1.0x"))
    )
    assert even.tiers == factor.tiers


@given(
    factor=st.decimals("0.01", 100, places=2),
    shares=st.decimals("0.5", 3, places=3),
    count=st.integers(2, 20),
)
@settings(max_examples=60, deadline=None)
def test_each_step_and_share_is_so_many_times_the_one_before(factor: Decimal, shares: Decimal, count: int) -> None:
    """Steps and shares alike; the shares add up to a whole, and both ends are exact."""
    plan = plan_of(f"{EVEN}tiers: {{from: 100, to: 50, count: {count}, spacing: {factor}x, shares: {shares}x}}\n")
    levels = [tier.price for tier in plan.tiers]
    assert (levels[0], levels[-1]) == (D(100), D(50))
    parts = [tier.share for tier in plan.tiers if tier.share is not None]
    assert sum(parts) == 1
    assert all(after == before * F(shares) for before, after in pairwise(parts))
    steps = [F(before) - F(after) for before, after in pairwise(levels)]
    assert all(abs(after - before * F(factor)) < F(1, 10**40) for before, after in pairwise(steps))


@pytest.mark.parametrize("word", ["entry", "breakeven"])
def test_no_offset_is_none(word: str) -> None:
    """`entry +0%` is `entry`."""
    text = f"{LINEAR}{LONG}size: 2 BTC\n{RATES}tiers: [100, 90]\nstop: 80\ntargets: [rest at {word}]\n"
    offset = text.replace(f"rest at {word}", f"rest at {word} +0%")
    assert plan_of(text) == plan_of(offset)
    assert prices(text) == prices(offset)


@pytest.mark.parametrize(
    "lines",
    [
        "tiers: {from: 100, to: 81, count: 4, spacing: 1.5X, shares: 1.1x}\ntargets: [120]\n",
        "tiers: [100]\ntargets: {from: Entry +1%, to: entry +4%, count: 3, spacing: 2x, shares: 0.5x}\n",
        "tiers: [100]\ntargets: [ 1/3 at breakeven + 2 points,{exit: 'close below the low', close: Rest} ]\n",
        "tiers: [100]\ntargets: [2 shares at 110, {price: entry +20%, close: 1 share}, REST AT 3r]\n",
    ],
)
def test_a_plan_laid_out_is_the_same_plan(lines: str) -> None:
    """`fmt` changes nothing of what the new forms say, and is content with its own."""
    text = f"symbol: ABC/USD\nside: LONG\nsize: 10 shares\nstop: 50\n{lines}"
    laid = lay_out("plan.yaml", text.encode()).text
    assert laid is not None
    assert plan_of(laid) == plan_of(text)
    assert not [one for one in study_of(laid).diagnostics if one.severity is Severity.ERROR]
