"""Plans that average in: money or quantity at each step, a ladder, a stock; every figure worked by hand.

In the comments `Q` is the quantity held, `fill` what was paid for one, and money is in the settle currency.
"""

from scaleplan.plan import Contract, Order, Style
from tests.plans.figures import check, check_rewards, read


def test_three_buys_by_money() -> None:
    """Three equal buys by money average to 95.8888: the same money buys more where price is lower."""
    plan, ladder = read("three-buys-by-money")
    assert (plan.contract, plan.style) == (Contract.SPOT, Style.DCA)

    #             Q of the tier       Q held        cost   average = cost / Q
    # tier 1      300 / 100 = 3       3              300   100
    # tier 2      300 / 96 = 3.125    6.125          600    97.959183...
    # tier 3      300 / 92 = 3.26...  9.385869...    900    95.888824...
    #
    # entry fees  0.1% of the cost: 0.3, 0.6, 0.9
    # breakeven   (cost + fees) / (Q * 0.999), the exit fee taken off:
    #             300.3 / 2.997 = 100.200200...; 600.6 / 6.118875 = 98.155298...; 900.9 / 9.376483... = 96.080794...
    # risk        cost - Q * 88.5 + entry fees + 0.1% of Q * 88.5:
    #             300 - 265.5 + 0.3 + 0.2655 = 35.0655
    #             600 - 542.0625 + 0.6 + 0.5420625 = 59.0795625
    #             900 - 830.649456... + 0.9 + 0.830649... = 71.081192...: the worst, so 1R
    # in R        35.0655 / 71.081192... = 0.493316...; 59.0795625 / 71.081192... = 0.831156...
    # of equity   divided by 5,000
    # reward      half at 104, half at 110: Q * 107, less cost, entry fees and 0.1% of Q * 107:
    #             321 - 300 - 0.3 - 0.321 = 20.379; 655.375 - 600 - 0.6 - 0.655375 = 54.119625
    # spot        nothing liquidates it; leverage is Q * (the tier's price) / 5,000
    one, two, three = (step.position for step in ladder.steps)
    check(one, quantity="3", average_entry="100", breakeven="100.200200...", stop="88.5", risk="35.0655")
    check(one, risk_r="0.493316...", risk_fraction="0.0070131", effective_leverage="0.06")
    check_rewards(ladder, "20.379", "54.119625")
    check(two, quantity="6.125", average_entry="97.959183...", breakeven="98.155298...", risk="59.0795625")
    check(two, risk_r="0.831156...", risk_fraction="0.0118159125", effective_leverage="0.1176")
    check(three, quantity="9.385869...", average_entry="95.888824...", breakeven="96.080794...", risk="71.081192...")
    check(three, risk_r="1", risk_fraction="0.014216...", liquidation="none", liquidation_buffer=None)

    # Each target sells 9.385869... / 2 = 4.692934..., which cost 450 and 0.45 in fees.
    # target 1    488.065217... - 450 - 0.45 - 0.488065... = 37.127152...
    # target 2    516.222826... - 450 - 0.45 - 0.516222... = 65.256603..., together 102.383755...
    # locked      after target 1 the other half may still lose half of 71.081192...: 37.127152... - 35.540596...
    # distance R  (104 - 95.888824...) / (95.888824... - 88.5) = 8.111175... / 7.388824... = 1.097762...; 1.909799...
    first, last = ladder.exits
    check(first, price="104", quantity="4.692934...", pnl="37.127152...", remaining="4.692934...", stop="88.5")
    check(first, r_multiple="1.097762...", locked="1.586555...", realized_r="0.522320...", locked_r="0.022320...")
    check(last, price="110", pnl="65.256603...", realized="102.383755...", r_multiple="1.909799...", remaining="0")

    # reward to risk 102.383755... / 71.081192... = 1.440377..., win rate 1 / 2.440377... = 0.409772...
    # fees           0.9 + 0.488065... + 0.516222... = 1.904288...
    # all at tier 1  900 / 100 = 9: 900 - 796.5 + 0.9 + 0.7965 = 105.1965
    check(ladder.totals, notional="900", risk="71.081192...", r="71.081192...", reward="102.383755...")
    check(ladder.totals, reward_to_risk="1.440377...", breakeven_win_rate="0.409772...", fees="1.904288...")
    check(ladder.totals, all_at_first="105.1965", funding=None)


def test_three_buys_by_quantity() -> None:
    """Three equal buys by quantity average to 96, the plain middle of their prices."""
    _, ladder = read("three-buys-by-quantity")

    # 9 / 3 = 3 at each price: cost 300, then 300 + 288 = 588, then 588 + 276 = 864
    # average     100; 588 / 6 = 98; 864 / 9 = 96
    # entry fees  0.3; 0.588; 0.864
    # breakeven   300.3 / 2.997 = 100.200200...; 588.588 / 5.994 = 98.196196...; 864.864 / 8.991 = 96.192192...
    # risk        300 - 265.5 + 0.3 + 0.2655 = 35.0655
    #             588 - 531 + 0.588 + 0.531 = 58.119
    #             864 - 796.5 + 0.864 + 0.7965 = 69.1605
    # in R        35.0655 / 69.1605 = 0.507016...; 58.119 / 69.1605 = 0.840349...
    # reward      Q * 107: 321 - 300 - 0.621 = 20.379; 642 - 588 - 0.588 - 0.642 = 52.77
    one, two, three = (step.position for step in ladder.steps)
    check(one, quantity="3", average_entry="100", breakeven="100.200200...", risk="35.0655", risk_r="0.507016...")
    check_rewards(ladder, "20.379", "52.77")
    check(two, quantity="6", average_entry="98", breakeven="98.196196...", risk="58.119", risk_r="0.840349...")
    check(three, quantity="9", average_entry="96", breakeven="96.192192...", risk="69.1605", risk_r="1")
    check(three, risk_fraction="0.0138321", notional="864", stop="88.5")

    # target 1    4.5 * 104 = 468 - 432 - 0.432 - 0.468 = 35.1; locked 35.1 - 69.1605 / 2 = 0.51975
    # target 2    4.5 * 110 = 495 - 432 - 0.432 - 0.495 = 62.073; together 97.173
    # distance R  (104 - 96) / 7.5 = 1.066666...; 14 / 7.5 = 1.866666...
    first, last = ladder.exits
    check(first, quantity="4.5", r_multiple="1.066666...", pnl="35.1", realized="35.1", locked="0.51975")
    check(last, quantity="4.5", r_multiple="1.866666...", pnl="62.073", realized="97.173", remaining="0", locked=None)
    # 97.173 / 69.1605 = 1.405036..., 1 / 2.405036... = 0.415794...; fees 0.864 + 0.468 + 0.495
    check(ladder.totals, risk="69.1605", reward="97.173", reward_to_risk="1.405036...", fees="1.827")
    check(ladder.totals, breakeven_win_rate="0.415794...", all_at_first="105.1965")


def test_four_equal_steps_sized_by_risk() -> None:
    """A plan of `1% risk` is as large as lets its worst loss, costs in, be exactly 1% of the account: 250."""
    plan, ladder = read("dca-four-equal")
    assert [tier.price for tier in plan.tiers] == [50, 48, 46, 44]  # 50 less 4%, 8% and 12% of 50

    # One unit of money, a quarter in each tier, buys
    #   0.25 / 50 + 0.25 / 48 + 0.25 / 46 + 0.25 / 44
    #   = 0.005 + 0.00520833... + 0.00543478... + 0.00568181... = 0.02132493...
    # The stop at 42 fills 0.1% lower, at 41.958: 0.02132493... * 41.958 = 0.89475157...
    # It loses 1 - 0.89475157... + 0.001 + 0.00089475... = 0.10714316..., so 250 are lost by
    #   250 / 0.10714316561758... = 2,333.3266154... of money.
    # Q           583.331653... at each price: 11.666633..., 12.152742..., 12.681122..., 13.257537...
    # average     583.331653... / 11.666633... = 50; 2 / (1/50 + 1/48) = 48.979591...;
    #             3 / (1/50 + 1/48 + 1/46) = 47.944412...; 1 / 0.02132493... = 46.893462...
    # breakeven   average * 1.001 / 0.999: 50.100100...; 49.077649...; 48.040397...; 46.987343...
    # risk        of one unit, k quarters: k * 0.25 * 1.001 - Q * 41.958 * 0.999, times 2,333.3266...:
    #             0.25025 - 0.20958021 = 0.04066979; * 2,333.3266... = 94.895903...
    one, two, three, four = (step.position for step in ladder.steps)
    check(one, quantity="11.666633...", average_entry="50", breakeven="50.100100...", risk="94.895903...")
    check(two, quantity="23.819375...", average_entry="48.979591...", breakeven="49.077649...", risk="169.416011...")
    check(three, quantity="36.500498...", average_entry="47.944412...", breakeven="48.040397...", risk="221.788516...")
    check(four, quantity="49.758036...", average_entry="46.893462...", breakeven="46.987343...", risk="250")
    check(four, risk_r="1", risk_fraction="0.01", stop="42")

    # The breakeven stop after target 1 is the level whose fill, 0.1% lower, is the breakeven:
    #   46.987343... / 0.999 = 47.034377...
    # target 1    24.879018... * 52 = 1,293.708945... * 0.999 - 1,166.663307... * 1.001 = 124.585265...
    # target 2    24.879018... * 56 = 1,393.225018... * 0.999 - 1,166.663307... * 1.001 = 224.001822...
    first, last = ladder.exits
    check(first, quantity="24.879018...", pnl="124.585265...", stop="47.034377...", locked="124.585265...")
    check(last, quantity="24.879018...", pnl="224.001822...", realized="348.587087...", remaining="0")
    # 348.587087... / 250 = 1.394348...; at tier 1 alone 2,333.3266... * (1.001 - 41.958 * 0.999 / 50) = 379.583613...
    check(ladder.totals, notional="2333.326615...", risk="250", r="250", reward_to_risk="1.394348...")
    check(ladder.totals, all_at_first="379.583613...")


def test_spot_in_five_lines() -> None:
    """Five lines are a plan: equal money at three prices, and no figure made up where equity is not known."""
    plan, ladder = read("spot-in-five-lines")
    assert plan.name == "spot-in-five-lines"
    assert len(plan.tiers) == 3
    assert not plan.fees.written

    # 300 / 150 = 2;  300 / 140 = 2.142857...;  300 / 130 = 2.307692...
    # average     150;  600 / 4.142857... = 144.827586...;  900 / 6.450549... = 139.522998...
    # without fees the breakeven is the average
    # risk        300 - 2 * 118 = 64;  600 - 488.857142... = 111.142857...;  900 - 761.164835... = 138.835164...
    one, two, three = (step.position for step in ladder.steps)
    check(one, quantity="2", average_entry="150", breakeven="150", risk="64", risk_fraction=None)
    check_rewards(ladder, None)
    check(two, quantity="4.142857...", average_entry="144.827586...", risk="111.142857...", effective_leverage=None)
    check(three, quantity="6.450549...", average_entry="139.522998...", breakeven="139.522998...", stop="118")
    check(three, risk="138.835164...", risk_r="1", liquidation="none")
    # all at tier 1: 900 / 150 = 6, 6 * 32 = 192
    check(ladder.totals, risk="138.835164...", reward=None, reward_to_risk=None, fees="0", all_at_first="192")
    assert ladder.exits == ()


def test_stock_swing() -> None:
    """300 shares are 300 of the stock, 100 at each third; a stop's slippage is in the loss."""
    _, ladder = read("stock-swing")

    # cost        8,400; + 8,250 = 16,650; + 8,100 = 24,750
    # average     84; 16,650 / 200 = 83.25; 24,750 / 300 = 82.5
    # entry fees  0.02%: 1.68; 3.33; 4.95
    # breakeven   8,401.68 / 99.98 = 84.033606...; 16,653.33 / 199.96 = 83.283306...; 24,754.95 / 299.94 = 82.533006...
    # the stop    at 79 fills at 79 * 0.9995 = 78.9605
    # risk        8,400 - 7,896.05 + 1.68 + 1.57921 = 507.20921
    #             16,650 - 15,792.1 + 3.33 + 3.15842 = 864.38842
    #             24,750 - 23,688.15 + 4.95 + 4.73763 = 1,071.53763; of 60,000: 0.0178589605
    one, two, three = (step.position for step in ladder.steps)
    check(
        one, quantity="100", average_entry="84", breakeven="84.033606...", risk="507.20921", effective_leverage="0.14"
    )
    check(two, quantity="200", average_entry="83.25", breakeven="83.283306...", risk="864.38842")
    check(three, quantity="300", average_entry="82.5", breakeven="82.533006...", risk="1071.53763")
    check(three, risk_fraction="0.0178589605", effective_leverage="0.405")

    # A third is 100 shares: cost 8,250, fees 1.65 in.
    # target 1    8,700 - 8,250 - 1.65 - 1.74 = 446.61, the stop to 82.533006... / 0.9995 = 82.574293...: even
    # target 2    9,000 - 8,250 - 1.65 - 1.8 = 746.55; together 1,193.16; the stop to target 1, 87, fills at 86.9565:
    #             8,695.65 - 8,250 - 1.65 - 1.73913 = 442.26087; locked 1,193.16 + 442.26087 = 1,635.42087
    # target 3    9,400 - 8,250 - 1.65 - 1.88 = 1,146.47; together 2,339.63
    # distance R  4.5 / 3.5 = 1.285714...; 7.5 / 3.5 = 2.142857...; 11.5 / 3.5 = 3.285714...
    first, second, last = ladder.exits
    check(first, quantity="100", pnl="446.61", r_multiple="1.285714...", stop="82.574293...", locked="446.61")
    check(second, pnl="746.55", realized="1193.16", r_multiple="2.142857...", stop="87", locked="1635.42087")
    check(last, pnl="1146.47", realized="2339.63", r_multiple="3.285714...", remaining="0", stop=None)
    # 2,339.63 / 1,071.53763 = 2.183432...; fees 4.95 + 1.74 + 1.8 + 1.88 = 10.37
    # all at 84: 25,200 - 23,688.15 + 5.04 + 4.73763 = 1,521.62763
    check(ladder.totals, reward_to_risk="2.183432...", fees="10.37", all_at_first="1521.62763")


def test_ladder_written_short() -> None:
    """A ladder written short is four limit orders at even steps with equal money, and three exits of a third each."""
    plan, ladder = read("ladder-written-short")
    assert [tier.price for tier in plan.tiers] == [60000, 59000, 58000, 57000]  # steps of 3,000 / 3
    assert {tier.order for tier in plan.tiers} == {Order.LIMIT}
    assert {tier.trigger for tier in plan.tiers} == {"each level holds on the 15m chart"}

    # Q           3,000 / 60,000 = 0.05; / 59,000 = 0.0508474...; / 58,000 = 0.0517241...; / 57,000 = 0.0526315...
    # average     3,000 k / Q: 60,000; 59,495.798319...; 58,988.699482...; 58,478.627481...
    # the stop    at 55,500 fills at 55,472.25
    # risk        3,000 - 0.05 * 55,472.25 + 0.6 + 0.0005 * 2,773.6125 = 228.37430625
    #             6,000 - 5,594.235381... + 1.2 + 2.797117... = 409.761736...
    #             9,000 - 8,463.489691... + 1.8 + 4.231744... = 542.542053...
    #             12,000 - 11,383.081796... + 2.4 + 5.691540... = 625.009743...
    # margin      a fifth of the cost: 600, 1,200, 1,800, 2,400
    # liquidated  (cost - margin) / (Q * 0.995) = average * 0.8 / 0.995: 48,241.206030...; 47,835.817744...;
    #             47,428.100086...; 47,017.991945...
    # bankrupt    average * 0.8: 48,000; ...; 46,782.901985...
    one, two, three, four = (step.position for step in ladder.steps)
    check(one, quantity="0.05", average_entry="60000", risk="228.37430625", liquidation="48241.206030...")
    check(one, bankruptcy_price="48000", initial_margin="600", effective_leverage="0.12")
    check(two, average_entry="59495.798319...", risk="409.761736...", liquidation="47835.817744...")
    check(three, average_entry="58988.699482...", risk="542.542053...", liquidation="47428.100086...")
    check(four, quantity="0.205203...", average_entry="58478.627481...", risk="625.009743...", initial_margin="2400")
    # past the stop (55,500 - 47,017.99...) / 55,500 = 0.152828...; buffer 8,482.008... / 11,460.635... = 0.740099...
    check(four, liquidation="47017.991945...", bankruptcy_price="46782.901985...")
    check(four, liquidation_past_stop="0.152828...", liquidation_buffer="0.740099...", effective_leverage="0.467863...")

    # Targets at 61,500, 63,000, 64,500; each sells Q / 3 = 0.0684010..., which cost 4,000 and 0.8 in fees.
    #   4,206.665077... - 4,000 - 0.8 - 0.841333... = 205.023744...
    #   4,309.266664... - 4,000 - 0.8 - 0.861853... = 307.604811...
    #   4,411.868251... - 4,000 - 0.8 - 0.882373... = 410.185878...; together 922.814433...
    # locked      after target 1 two thirds may still lose: 205.023744... - 416.673162... = -211.649418...
    #             after target 2 one third: 512.628555... - 208.336581... = 304.291974...
    first, second, last = ladder.exits
    check(first, price="61500", quantity="0.068401...", pnl="205.023744...", locked="-211.649418...")
    check(second, price="63000", pnl="307.604811...", realized="512.628555...", locked="304.291974...")
    check(last, price="64500", pnl="410.185878...", realized="922.814433...", remaining="0")
    # 922.814433... / 625.009743... = 1.476480...; all at 60,000: 0.2 * 4,527.75 + 2.4 + 0.0005 * 11,094.45 = 913.497225
    check(ladder.totals, risk_fraction="0.025000...", reward_to_risk="1.476480...", all_at_first="913.497225")


def test_dca_bot_ladder() -> None:
    """Steps of 40, 60 and 90 (1.5 times each other) below 2,000, and out of all of it 1.5% above the average."""
    plan, ladder = read("dca-bot-ladder")
    assert [tier.price for tier in plan.tiers] == [2000, 1960, 1900, 1810]

    # Q           2 each
    # cost        4,000; + 3,920 = 7,920; + 3,800 = 11,720; + 3,620 = 15,340
    # average     2,000; 1,980; 1,953.333...; 1,917.5
    # risk        4,000 - 3,500 + 4 + 3.5 = 507.5; ... ; 15,340 - 14,000 + 15.34 + 14 = 1,369.34: 1R
    one, two, three, four = (step.position for step in ladder.steps)
    check(one, average_entry="2000", risk="507.5")
    check(two, average_entry="1980")
    check(three, average_entry="1953.333333...")
    check(four, average_entry="1917.5", risk="1369.34", risk_r="1", risk_fraction="0.0273868")

    # target 1    1,917.5 * 1.015 = 1,946.2625: 15,570.1 - 15,340 - 15.34 - 15.5701 = 199.1899
    (only,) = ladder.exits
    check(only, price="1946.2625", quantity="8", pnl="199.1899", remaining="0")
    # With tier 1 alone it lies at 2,030: 4,060 - 4,000 - 4 - 4.06 = 51.94
    check_rewards(ladder, "51.94")
    check(ladder.totals, risk="1369.34", reward="199.1899", fees="30.9101")
