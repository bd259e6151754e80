"""The ladder where rounding, missing stops and venue terms meet: figures worked by hand."""

from decimal import Decimal

import pytest

from tests.given import codes, ladder_of, studied
from tests.reported import show_text

D = Decimal


INVERSE = """symbol: BTC/USD:BTC
side: long
leverage: 10
size: 10000 USD
tiers: [50000]
stop: 48000
venue: {name: v, maintenance: 1%, deduction: 0.001 BTC}
"""
LINEAR = """symbol: BTC/USDT:USDT
side: long
leverage: 5
size: 1 BTC
tiers: [50000]
stop: 48000
venue: {name: v, maintenance: 1%, deduction: 50}
"""


def test_the_deduction_of_a_single_rate_is_settle_money() -> None:
    """Inverse: 10000*1.01/(0.2 + 0.02 + 0.001) = 45,701.36; linear: (50000 - 10000 - 50)/0.99 = 40,353.54."""
    inverse = ladder_of(INVERSE).steps[0].position.liquidation.price
    assert inverse is not None
    assert round(inverse, 2) == D("45701.36")
    for more in ("", ", bracket_by: coin", ", bracket_by: contracts"):
        linear = ladder_of(LINEAR.replace("deduction: 50", f"deduction: 50{more}")).steps[0].position.liquidation.price
        assert linear is not None
        assert round(linear, 2) == D("40353.54")


def test_brackets_by_contracts_need_the_size_of_one() -> None:
    """Without a contract size nobody can say which bracket a position is in."""
    assert codes(
        LINEAR.replace(
            "maintenance: 1%, deduction: 50", "bracket_by: contracts, maintenance: [{up_to: 5, rate: 1%}, {rate: 2%}]"
        )
    ) == ["SP102"]


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        ("side: short\nmargin_mode: cross\nmaintenance: 1%", "1% risk"),
        ("side: long\nextra_margin: 200\nmaintenance: 1%", "500 USDT risk"),
        ("side: long\nmaintenance: [{up_to: 1000, rate: 1%}, {rate: 10%}]", "1000 USDT risk"),
    ],
)
def test_a_risk_that_does_not_grow_with_the_size_is_not_solved(keys: str, size: str) -> None:
    """Without a stop, what is lost at liquidation may not grow with the size: then no size is made up."""
    plan = "symbol: ETH/USDT:USDT\nleverage: 5\naccount: {equity: 20000}\ntiers: [2500]\nstop: none\n"
    assert "SP132" in codes(f"{plan}size: {size}\n{keys}\n")


def test_a_risk_without_a_stop_is_solved_where_it_can_be() -> None:
    """5x isolated at 1%: liquidated at (2500 - 500)/0.99, a loss of 479.79.. a coin; 1000 risk is 2.0842.. of them."""
    found = ladder_of(
        "symbol: ETH/USDT:USDT\nside: long\nleverage: 5\ntiers: [2500]\nstop: none\n"
        "size: 1000 USDT risk\nmaintenance: 1%\n"
    )
    assert round(found.totals.risk, 20) == 1000
    assert round(found.totals.quantity, 6) == D("2.084211")  # 1000 / (2500 - 2000/0.99) = 99/47.5


def test_sizes_that_add_up_are_not_past_the_size() -> None:
    """49 + 7 + 21 + 14 is 91, whatever the fiftieth digit of a quotient says."""
    text = (
        "symbol: BTC/USDT\nside: long\nsize: 91 USDT\nstop: 40\n"
        "tiers: [{price: 138.94, size: 49 USDT}, {price: 91.83, size: 7 USDT}, {price: 83.07, size: 21 USDT}, "
        "{price: 58.44, size: 14 USDT}]\n"
    )
    assert "SP302" not in codes(text)


def test_a_stop_at_the_price_is_at_the_price() -> None:
    """`entry` on tier 1 is tier 1's price: it exits at once, in money as in quantity, and no later tier is reached."""
    for size in ("22153 USDT", "1 BTC"):
        text = (
            f"symbol: BTC/USDT\nside: long\nsize: {size}\nstop: 62000\n"
            "tiers: [{price: 65140, stop: entry, share: 5%}, {price: 65517, share: 95%}]\n"
        )
        assert "SP502" in codes(text)
        assert not ladder_of(text).steps[1].position.reachable


def test_thirds_are_a_whole() -> None:
    """Three equal tiers of 1 BTC are 1 BTC, to the last digit."""
    found = ladder_of("symbol: BTC/USDT\nside: long\nsize: 1 BTC\nstop: 40\ntiers: [100, 90, 80]\n")
    assert found.totals.quantity == 1


def test_fees_count_the_liquidation_where_there_is_no_stop() -> None:
    """1 BTC at 50,000, half out at 52,000, the rest liquidated at 40,404.04: 10 + 5.20 + 10.101 = 25.30."""
    found = ladder_of(
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nsize: 1 BTC\ntiers: [50000]\nstop: none\nmaintenance: 1%\n"
        "targets: [{price: 52000, close: 50%, note: the rest stays}, {price: 53000, close: 0%}]\n"
        "fees: {maker: 0.02%, taker: 0.05%}\n"
    )
    assert round(found.totals.fees, 2) == D("25.30")
    assert found.totals.reward is None


def test_prices_without_blanks_are_prices() -> None:
    """`[150,140,130]` is three prices; `[60,000]` and `[60,500, 59,500]` are numbers that a comma cut."""
    plan = "symbol: BTC/USDT\nside: long\nsize: 900 USDT\nstop: 1\ntiers: "
    assert "SP016" not in codes(plan + "[150,140,130]\n")
    assert "SP016" in codes(plan + "[60,000]\n")
    assert "SP016" in codes(plan + "[60,500, 59,500]\n")


def test_a_mistake_of_shape_hides_no_other() -> None:
    """What the rules can see without the unreadable key is told in the same run."""
    found = codes(
        "symbol: SOL/USDT\nside: long\ncolour: red\nsize: 900 USDT\nstop: 151\n"
        "tiers: [50% at 150, 60% at 140]\ntargets: [50% at 120, 60% at 170]\n"
    )
    assert found == ["SP103", "SP201", "SP301", "SP202", "SP303"]
    assert codes("symbol: SOL/USDT\nside: long\nsize: 900\nstop: x\ntiers: [50% at 150, 60% at 140]\n") == [
        "SP113",
        "SP108",
        "SP301",
    ]


def test_a_size_solved_to_the_limit_is_within_it() -> None:
    """`1% risk` under `max_risk: 1%` is the commonest plan: nothing calls it over the limit."""
    text = (
        "symbol: BTC/USDT\nside: long\naccount: {equity: 100000, max_risk: 1%}\nsize: 1% risk\n"
        "tiers: [88.26]\nstop: 40\nfees: {maker: 0.02%, taker: 0.05%}\nslippage: 0.03%\n"
    )
    found = studied(text)
    assert "SP503" not in codes(text)
    assert "over the limit" not in show_text(found, width=80, colour=False)


def test_a_very_long_short_form_is_answered_at_once() -> None:
    """A million blanks inside a tier written short are no puzzle for a pattern."""
    assert codes(f"symbol: A/B\nside: long\nsize: 1 B\nstop: 1\ntiers:\n  - 1{' ' * 900_000}x\n") == ["SP108"]


def test_a_tier_that_cannot_be_read_leaves_no_outline() -> None:
    """Where a tier is a riddle, nothing is reckoned of the others, and nothing raises."""
    assert codes("symbol: A/B\nside: long\nsize: 9 B\nstop: 1\ntiers: [50% @ 5, {price: 4, size: 1 A}, 3]\n") == [
        "SP134"
    ]


def test_a_share_without_a_value_leaves_no_outline() -> None:
    """A tier whose share is empty has neither share nor size: only that is told."""
    assert codes("symbol: A/B\nside: long\nsize: 9 B\nstop: 1\ntiers: [{price: 5, share: }, 40% at 4]\n") == ["SP105"]


def test_a_misspelt_share_is_told_alone() -> None:
    """`shaer` for `share` leaves the tiers undivided: only the misspelling is told."""
    tiers = "[{price: 5, shaer: 60%}, {price: 4, share: 40%}]"
    assert codes(f"symbol: A/B\nside: long\nsize: 9 B\nstop: 1\ntiers: {tiers}\n") == ["SP103"]


def test_what_follows_from_a_stop_on_the_wrong_side_is_not_told() -> None:
    """With the stop above a long's entry, costs against R and loosened stops say nothing of their own."""
    text = (
        "symbol: A/B\nside: long\naccount: {equity: 900, max_risk: 900}\nsize: 90 B\nstop: 6\n"
        "tiers: [5, 4.5]\nfees: {maker: 0.1%, taker: 0.1%}\ntargets: [50% at 7, rest at 8]\n"
    )
    assert not {"SP501", "SP504", "SP508", "SP703"}.intersection(codes(text))
    assert "SP201" in codes(text)


def test_the_whole_size_at_tier_1_is_the_one_written() -> None:
    """1,000 USDT at 100, 99 and 98 are 3 + 3 + 3 lots; all of it at 100 is 10 lots, and loses 100 at 90, not 90."""
    text = "symbol: BTC/USDT\nside: long\nsize: 1000 USDT\ninstrument: {lot_size: 1}\ntiers: [100, 99, 98]\nstop: 90\n"
    totals = ladder_of(text).totals
    assert (totals.quantity, totals.all_at_first) == (Decimal(9), Decimal(100))


def test_a_stop_that_exits_at_once_leaves_a_tighter_one() -> None:
    """`entry` after tier 3 is 99 at a price of 98: it would exit at once; tier 2 has put the stop to 99.5 already."""
    text = (
        "symbol: BTC/USDT\nside: long\nsize: 3 BTC\nfees: {maker: 0%, taker: 0%}\n"
        "tiers: [100, {price: 99, stop: entry}, {price: 98, stop: entry}]\nstop: 90\n"
    )
    # Tier 2: the average of 100 and 99 is 99.5, above the price of 99: it exits there, at 99.
    assert [step.position.stop for step in ladder_of(text).steps] == [90, 99, 99]


def test_maintenance_that_takes_all_of_the_margin_has_no_buffer() -> None:
    """5% at 20x: N(1 + m)/(N/E (1 + 1/L)) is the average exactly; what differs at the fiftieth digit is no room."""
    text = (
        "symbol: BTC/USD:BTC\nside: long\nleverage: 20\nmaintenance: 5%\nsize: 82188 USD\n"
        "tiers: [42043, 41361]\nstop: 39940\n"
    )
    assert [step.position.liquidation_buffer for step in ladder_of(text).steps] == [None, None]
    assert "SP403" in codes(text)


def test_a_close_out_of_everything_is_refused() -> None:
    """At 1x a close-out at 100% of the margin is 100% of the value: nothing could be held, nothing is divided by 0."""
    text = (
        "symbol: EUR/USD\nside: long\nsize: 1000 EUR\nleverage: LEV\nmargin_closeout: OUT\ntiers: [1.10]\nstop: 1.05\n"
    )
    for leverage, out in (("1", "100%"), ("0.5", "50%"), ("0.5", "80%")):
        assert codes(text.replace("LEV", leverage).replace("OUT", out)) == ["SP130"]
    assert "SP130" not in codes(text.replace("LEV", "2").replace("OUT", "100%"))


def test_lots_that_lack_the_last_digit_lose_nothing() -> None:
    """50 GBP at 0.8 GBP per USD are 62.50 USD; over 25 pips that is 25,000 EUR, a quarter of a lot exactly."""
    text = (
        "symbol: EUR/USD\nside: long\nleverage: 30\nmargin_closeout: 50%\n"
        "account: {equity: 10000 GBP, rate: 0.8 GBP per USD}\n"
        "instrument: {contract_size: 100000, lot_size: 0.01, tick_size: 0.00001}\n"
        "size: 50 GBP risk\ntiers: [1.1]\nstop: -25 pips\n"
    )
    totals = ladder_of(text).totals
    assert (totals.quantity, totals.rounded_off) == (Decimal(25000), Decimal(0))
