"""Rounding: each direction where it belongs, no figure cut, no exponent, no digit of noise."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaleplan.ladder.precision import money_places, precision_of
from scaleplan.quantity.rounding import (
    CONTEXT,
    Toward,
    against,
    grouped,
    places_for,
    places_of,
    price_level,
    result,
    rounded,
    trimmed,
    unit,
)
from scaleplan.report.figures import Figures, figures_of, of_equity, share, win_rate
from tests.given import plan_of, spot, studied

PLANS = Path(__file__).parent / "golden" / "show"
#: Figures as they come: up to 10^16, at most 20 digits written behind the point, either sign.
VALUES = st.decimals(min_value=-(10**16), max_value=10**16, places=20)
PLACES = st.integers(min_value=0, max_value=8)


def figures(text: str) -> Figures:
    """Returns the figures of a plan."""
    found = studied(text)
    return figures_of(found.plan, found.ladder)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        # The figures of the sketch, from hand sums of the plan: 8 * 100 + costs and so on.
        ("825.38132", "825.38"),
        ("1320.0736", "1,320.07"),
        ("3056.71641791", "3,056.72"),
        ("3008.95522388", "3,008.96"),
        # Half to even: the last digit shown is even where the rest is exactly a half.
        ("0.125", "0.12"),
        ("0.135", "0.14"),
        ("-0.001", "0.00"),
        ("1E+3", "1,000.00"),
        ("1E-9", "0.00"),
    ],
)
def test_plain_figures_go_half_to_even(value: str, shown: str) -> None:
    """A plain figure reads as the trader's calculator says, grouped, without exponent and never as minus zero."""
    assert grouped(rounded(Decimal(value), 2)) == shown


def test_a_room_that_is_not_there_never_reads_as_zero() -> None:
    """Room goes down: -0.04% reads -0.1%, and 14.99% reads 14.9%."""
    assert grouped(rounded(Decimal("-0.04"), 1, Toward.DOWN)) == "-0.1"
    assert grouped(rounded(Decimal("14.99"), 1, Toward.DOWN)) == "14.9"
    assert grouped(rounded(Decimal("0.04"), 1, Toward.DOWN)) == "0.0"


def test_a_risk_past_its_limit_never_reads_as_within_it() -> None:
    """1000.004 against 1000 reads 1,000.01; what is within the limit stays half to even."""
    limit = Decimal(1000)
    assert grouped(against(Decimal("1000.004"), 2, limit, worse=1)) == "1,000.01"
    assert grouped(against(Decimal("1000.000"), 2, limit, worse=1)) == "1,000.00"
    assert grouped(against(Decimal("999.996"), 2, limit, worse=1)) == "1,000.00"
    assert grouped(against(Decimal("1000.016"), 2, limit, worse=1)) == "1,000.02"


def test_a_liquidation_before_the_stop_never_reads_as_behind_it() -> None:
    """For a short, worse is lower: a liquidation at 99.996 before a stop at 100 reads 99.99, not 100.00."""
    assert grouped(against(Decimal("99.996"), 2, Decimal(100), worse=-1)) == "99.99"
    assert grouped(against(Decimal("100.004"), 2, Decimal(100), worse=1)) == "100.01"


def test_a_limit_is_compared_as_it_is_shown() -> None:
    """A stop at 99.9951 shows as 100.00, so a liquidation at 99.9961 before it shows as 100.01."""
    assert grouped(against(Decimal("99.9961"), 2, Decimal("99.9951"), worse=1)) == "100.01"


def test_a_loss_never_reads_as_nothing() -> None:
    """A loss of a tenth of a cent reads as one cent; a gain of as much reads as nothing."""
    assert grouped(result(Decimal("0.001"), 2, loss=1)) == "0.01"
    assert grouped(result(Decimal("-0.001"), 2, loss=-1)) == "-0.01"
    assert grouped(result(Decimal("0.001"), 2, loss=-1)) == "0.00"


def test_the_noise_of_a_quotient_is_no_figure() -> None:
    """What division leaves at the fiftieth digit is neither a loss, nor past a limit, nor a step down."""
    noise = Decimal("1E-46")
    assert result(noise, 2, loss=1) == 0
    assert against(Decimal(250) + noise, 2, Decimal(250), worse=1) == 250
    assert rounded(CONTEXT.subtract(Decimal(2), noise), 2, Toward.DOWN) == 2


def test_a_price_above_zero_never_reads_as_zero() -> None:
    """Zero is no price; one too small for the digits shown reads as one unit of the last."""
    assert grouped(price_level(Decimal("0.0004"), 2)) == "0.01"
    assert grouped(price_level(Decimal("1.005"), 2)) == "1.00"


@given(VALUES, PLACES)
def test_a_direction_is_kept_and_nothing_moves_by_more_than_a_unit(value: Decimal, places: int) -> None:
    """Up is never below, down never above, and each within one unit of the last digit shown."""
    up, down = rounded(value, places, Toward.UP), rounded(value, places, Toward.DOWN)
    noise = Decimal("1E-12")
    assert down - noise <= value <= up + noise
    assert CONTEXT.subtract(up, down) <= unit(places)
    assert down <= rounded(value, places) <= up


@given(VALUES, VALUES, PLACES, st.sampled_from([1, -1]))
def test_what_is_on_the_worse_side_is_shown_there(value: Decimal, limit: Decimal, places: int, worse: int) -> None:
    """Whatever the digits shown, an exact value past its limit is shown past the limit as shown."""
    shown, line = against(value, places, limit, worse=worse), rounded(limit, places)
    if worse * CONTEXT.subtract(value, limit) > Decimal("1E-13"):
        assert worse * CONTEXT.subtract(shown, line) > 0
    assert abs(CONTEXT.subtract(shown, value)) <= 2 * unit(places)


@given(VALUES, st.integers(min_value=0, max_value=20))
def test_digits_are_plain(value: Decimal, places: int) -> None:
    """No exponent, no negative zero; without its commas a figure is the rounded value again."""
    shown = grouped(rounded(value, places))
    assert set(shown) <= set("-0123456789.,")
    assert Decimal(shown.replace(",", "")) == rounded(value, places)
    assert not (shown.startswith("-") and not rounded(value, places))


def test_places_count_digits() -> None:
    """How many digits behind the point show a value whole, or a number of its significant ones."""
    assert places_of(Decimal("0.00001234")) == 8
    assert places_of(Decimal("2500.0")) == 0
    assert places_for(Decimal("0.00001234"), 4) == 8
    assert places_for(Decimal(60000), 4) == 0
    assert trimmed(Decimal("8.00")) == "8"
    assert trimmed(Decimal(1200)) == "1,200"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (spot("tiers: [150, 140]\nstop: 118"), 2),  # two at least
        (spot("tiers: [150.125, 140]\nstop: 118"), 3),  # a written price shows whole
        (spot("tiers: [150, 140]\nstop: 118.0625"), 4),  # so does a stop
        (spot("tiers: [150, 140]\nstop: 118\ntargets: [50% at 160.5555]"), 4),  # and a target
        (spot("tiers: [0.00001234, 0.0000118]\nstop: 0.0000105"), 8),  # four significant digits of 0.0000105
        (spot("tiers: [0.5, 0.4]\nstop: 0.3"), 4),
        (spot("tiers: [60000, 59000]\nstop: 57000\ninstrument: {tick_size: 0.1}"), 1),  # the tick's
        (spot("tiers: [60000, 59000]\nstop: 57000\ninstrument: {tick_size: 1}"), 0),
        (spot("tiers: [60000, -1.5%]\nstop: 57000"), 2),  # 59,100
    ],
)
def test_prices_show_whole(text: str, places: int) -> None:
    """One number of digits for all prices of a plan: those of the tick, of what is written, of small prices."""
    assert figures(text).places.price == places


def test_a_geometric_ladder_does_not_ask_for_fifty_digits() -> None:
    """A price that no digits show whole is a quotient and shows as many as the others."""
    text = "symbol: AAA/USDT\nside: long\nsize: 900 USDT\nstop: 50\n"
    text += "tiers: {from: 100, to: 60, count: 4, spacing: geometric}\n"
    assert figures(text).places.price == 2


@pytest.mark.parametrize(
    ("size", "rest", "shown"),
    [
        ("900 USDT", "", "2.1428"),  # 300 / 140 = 2.142857..., down
        ("9 AAA", "", "3.00"),
        ("0.375 AAA", "", "0.125"),
        ("900 USDT", "instrument: {lot_size: 0.001}", "2.142"),
        ("900 USDT", "instrument: {lot_size: 1}", "2"),
        ("9000000 USDT", "", "21,428"),  # five digits, no fraction
    ],
)
def test_sizes_go_down(size: str, rest: str, shown: str) -> None:
    """A quantity is never shown larger than it was planned, in the lot's digits or five significant ones."""
    text = f"symbol: AAA/USDT\nside: long\nsize: {size}\ntiers: [150, 140, 130]\nstop: 118\n{rest}\n"
    found = studied(text)
    figures = figures_of(found.plan, found.ladder)
    assert figures.quantity(found.ladder.steps[1].fill.quantity) == shown


def test_money_shows_cents_and_a_coin_its_small_units() -> None:
    """Two digits for ordinary amounts, more for small ones, six significant ones and at most eight for coin."""
    assert money_places(Decimal("825.38")) == 2
    assert money_places(Decimal(1)) == 2
    assert money_places(Decimal("0.35")) == 4
    assert money_places(Decimal("0.0000000123")) == 8
    assert money_places(Decimal("0.0021849"), coin=True) == 8
    assert money_places(Decimal("1.25"), coin=True) == 5
    assert money_places(Decimal(0)) == 2


def test_the_precision_of_the_coin_plan() -> None:
    """A coin account: prices by the tick of 0.5, contracts whole, money to the eighth digit."""
    found = studied((PLANS / "coin-long.yaml").read_bytes())
    precision = precision_of(found.plan, found.ladder)
    assert (precision.price, precision.contracts, precision.money, precision.fee) == (1, 0, 8, 8)


def test_shares_and_rates_of_equity() -> None:
    """A share past its limit reads past it; a required win rate goes up."""
    assert of_equity(Decimal("0.041269066"), Decimal("0.05")) == "4.13%"
    assert of_equity(Decimal("0.050004"), Decimal("0.05")) == "5.01%"
    assert of_equity(None) == "n/a"
    assert win_rate(Decimal("0.38401")) == "38.5%"


def test_shares_are_written_in_percent() -> None:
    """In percent, to a hundredth: `1/3` beside a quantity would read as a mixed number."""
    plan = plan_of("symbol: A/B\nside: long\nsize: 9 A\nstop: 1\ntiers: [1/3 at 4, 1/2 at 3, 1/6 at 2]\n")
    assert [share(tier.share) for tier in plan.tiers if tier.share is not None] == ["33.33%", "50%", "16.67%"]
