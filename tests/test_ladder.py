"""The ladder where rounding, missing stops and venue terms meet: figures worked by hand."""

from decimal import Decimal

from tests.given import codes, known, ladder_of, studied
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


def test_a_risk_that_does_not_grow_with_the_size_is_not_solved() -> None:
    """Without a stop all of the account behind a cross position is lost, whatever its size: no size is made up."""
    plan = "symbol: ETH/USDT:USDT\nleverage: 5\naccount: {equity: 20000}\ntiers: [2500]\nstop: none\n"
    assert "SP132" in codes(f"{plan}size: 1% risk\nside: short\nmargin_mode: cross\nmaintenance: 1%\n")


def test_a_risk_without_a_stop_is_solved_where_it_can_be() -> None:
    """5x isolated loses its margin, 500 a coin, wherever it is liquidated; 1000 risk is two of them."""
    found = ladder_of(
        "symbol: ETH/USDT:USDT\nside: long\nleverage: 5\ntiers: [2500]\nstop: none\n"
        "size: 1000 USDT risk\nmaintenance: 1%\n"
    )
    assert round(known(found.totals.risk), 20) == 1000
    assert round(found.totals.quantity, 6) == 2
    # 200 of it is put up whatever the size: 800 / 500 coins.
    more = ladder_of(
        "symbol: ETH/USDT:USDT\nside: long\nleverage: 5\ntiers: [2500]\nstop: none\nextra_margin: 200\n"
        "size: 1000 USDT risk\nmaintenance: [{up_to: 1000, rate: 1%}, {rate: 10%}]\n"
    )
    assert round(more.totals.quantity, 20) == D("1.6")


def test_without_a_stop_the_margin_is_lost() -> None:
    """100% margin of 500 at 125x: 62,500 of value, 500 margin and 0.02% of 62,500 = 12.50 of fees are gone."""
    text = (
        "symbol: BTC/USDT:USDT\nside: {side}\nleverage: 125\nmaintenance: 0.5%\nfees: {{maker: 0.02%, taker: 0.05%}}\n"
        "account: {{equity: 500 USDT, max_risk: 70%}}\nsize: 100% margin\ntiers: [65000]\nstop: none\n{more}"
    )
    for side in ("long", "short"):
        found = ladder_of(text.format(side=side, more=""))
        assert round(known(found.totals.risk), 20) == D("512.50")
        # Cross, 20 of the account spoken for: 500 - 20 stand behind it, the fees among them.
        assert round(known(ladder_of(text.format(side=side, more="margin_mode: cross\n")).totals.risk), 20) == 500
        reserved = text.replace("equity: 500 USDT", "equity: 500 USDT, reserved: 20").replace(
            "100% margin", "90% margin"
        )
        assert round(known(ladder_of(reserved.format(side=side, more="margin_mode: cross\n")).totals.risk), 20) == 480
        # Spoken for is more than all: no margin is left to lose, the fees are gone, 0.02% of 56,250.
        gone = reserved.replace("reserved: 20", "reserved: 900")
        assert round(known(ladder_of(gone.format(side=side, more="margin_mode: cross\n")).totals.risk), 20) == D(
            "11.25"
        )


def test_a_size_in_margin_is_the_margin_at_fill_prices() -> None:
    """5% of 10,000 at 10x through a stop order 0.05% worse: 500 * 10 / 60,030 coins, and just 500 of margin."""
    text = (
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 10\naccount: {equity: 10000 USDT, max_margin: 5%}\n"
        "maintenance: 0.5%\nslippage: 0.05%\nsize: 5% margin\ntiers: [{price: 60000, order: stop}]\nstop: 59000\n"
    )
    last = ladder_of(text).steps[-1]
    assert round(last.position.initial_margin, 30) == 500
    assert round(last.fill.quantity, 30) == round(D(5000) / D(60030), 30)
    assert "SP407" not in codes(text)
    own = text.replace("size: 5% margin\n", "").replace("order: stop}", "order: stop, size: 500 USDT margin}")
    assert round(ladder_of(own).steps[-1].position.initial_margin, 30) == 500


def test_figures_go_by_what_some_path_holds() -> None:
    """Target 1 at 61,000 cancels tier 2 at 63,000: 0.025 coins risk 25 to 59,000, and make 12.50 and 75."""
    text = (
        "symbol: BTC/USDT:USDT\nside: long\nstyle: pyramid\nleverage: 5\nmaintenance: 0.5%\nsize: 3000 USDT\n"
        "tiers: [{price: 60000, share: 50%}, {price: 63000, share: 50%}]\nstop: 59000\n"
        "targets: [{price: 61000, close: 50%, stop: breakeven}, {price: 66000}]\n"
    )
    found = ladder_of(text)
    assert [round(known(one), 10) for one in (found.totals.risk, found.totals.r)] == [25, 25]
    # 1,500 at 63,000 is 0.0238.. coins, 4,000 above the stop, as long as the order rests.
    assert round(known(found.totals.risk_if_all), 10) == round(25 + D(1500) / 63000 * 4000, 10)
    assert [round(exit_.realized, 10) for exit_ in found.exits] == [D("12.5"), D("87.5")]
    assert [exit_.stop for exit_ in found.exits] == [60000, None]
    assert "SP502" not in codes(text)
    assert "SP508" not in codes(text)
    mirror = text.replace("long", "short").replace("63000", "57000").replace("59000", "61000")
    mirror = mirror.replace("price: 61000, close", "price: 59000, close").replace("66000", "54000")
    assert [round(exit_.realized, 10) for exit_ in ladder_of(mirror).exits] == [D("12.5"), D("87.5")]
    assert round(known(ladder_of(mirror).totals.risk), 10) == 25


def test_a_path_may_lose_more_than_the_tiers_as_listed() -> None:
    """Tier 1 at 60,000, then tier 3 at 60,800, stopped at 58,000: 1,000 and 2,800 * 0.1973.. = 1,552.63 lost."""
    text = (
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 3\nmaintenance: 0.5%\naccount: {equity: 50000}\nsize: 2% risk\n"
        "tiers:\n  - {price: 60000, share: 50%}\n  - {price: 61500, share: 30%, order: stop, stop: entry}\n"
        "  - {price: 60800, share: 20%, order: limit, after: 61200}\nstop: 58000\n"
        "targets: [{price: 63000, close: 50%, stop: breakeven}, {price: 66000, close: rest}]\n"
    )
    found = ladder_of(text)
    assert round(known(found.totals.risk), 10) == 1000
    assert found.elsewhere is not None
    # 60,000 of value: 30,000 at 60,000 is half a coin, 12,000 at 60,800 the other.
    assert found.elsewhere.loss is not None
    assert round(found.elsewhere.loss, 10) == round(1000 + D(12000) / 60800 * 2800, 10)
    assert [event.number for event in found.elsewhere.events if event.number] == [1, 3, 3]
    assert "SP512" in codes(text)
    assert "SP503" in codes(text.replace("50000}", "50000, max_risk: 3%}"))
    assert "SP503" not in codes(text.replace("50000}", "50000, max_risk: 4%}"))


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


def test_a_margin_that_is_lost_pays_no_fee() -> None:
    """1 BTC at 50,000, half out at 52,000: 10 + 5.20; the rest has no exit, and its margin goes whole."""
    found = ladder_of(
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nsize: 1 BTC\ntiers: [50000]\nstop: none\nmaintenance: 1%\n"
        "targets: [{price: 52000, close: 50%, note: the rest stays}, {price: 53000, close: 0%}]\n"
        "fees: {maker: 0.02%, taker: 0.05%}\n"
    )
    assert round(found.totals.fees, 2) == D("15.20")
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


def test_what_the_clock_can_do_is_lost_too() -> None:
    """A 10x tier at 60,000 is liquidated at 54,271.36 where the one at 55,000 has expired; an order more costs 2."""
    text = (
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 10\nmaintenance: 0.5%\nfees: {maker: 0%, taker: 0%}\n"
        "size: 6000 USDT\nexpires: 2d\ntiers: [60000, 55000]\nstop: 53900\n"
    )
    assert "SP401" in codes(text)
    assert "SP401" not in codes(text.replace("expires: 2d\n", ""))
    spot = (
        "symbol: BTC/USDT\nside: long\nfees: 2 USDT per order\nsize: 1000 USDT\ntiers: [100]\nstop: 90\n"
        "time_stop: {after: 48h, close: 50%}\n"
    )
    worse = ladder_of(spot).elsewhere
    # Ten coins lose 100, and the entry, the time stop and the stop cost 2 each.
    assert worse is not None
    assert worse.loss == 106
    assert ladder_of(spot.replace("2 USDT per order", "{maker: 0.1%, taker: 0.1%}")).elsewhere is None
