"""Plans that add as the trade proves itself; every figure worked by hand.

In the comments `Q` is the quantity held, `fill` a price worsened by slippage, and `M` the margin posted. A long with
maintenance at 0.5% of the mark value is liquidated at `(cost - M) / (Q * 0.995)`: there, margin and loss leave
exactly 0.5% of the value.
"""

from decimal import Decimal

from scaleplan.plan import AfterPrice, AfterTier, Order, Style
from scaleplan.quantity.price import RMultiple
from tests.given import known
from tests.plans.figures import agrees, check, read


def test_probe_dip_reclaim() -> None:
    """A quarter, a quarter and a half at 60,000 / 59,500 / 60,200 average to 59,975."""
    plan, ladder = read("probe-dip-reclaim")
    assert [tier.order for tier in plan.tiers] == [Order.LIMIT, Order.LIMIT, Order.STOP]
    assert plan.tiers[2].after == AfterTier(2)
    assert plan.account.equity == 25000  # from account.yaml

    # Q           0.4 * 25% = 0.1, 0.1, 0.4 * 50% = 0.2
    # cost        6,000; + 5,950 = 11,950; + 12,040 = 23,990
    # average     60,000; 59,750; 23,990 / 0.4 = 59,975
    # entry fees  0.02% of 6,000 = 1.2; 0.02% of 5,950 = 1.19, 2.39; 0.05% (a stop order) of 12,040 = 6.02, 8.41
    # breakeven   6,001.2 / 0.09995 = 60,042.021010...; 11,952.39 / 0.1999 = 59,791.845922...;
    #             23,998.41 / 0.3998 = 60,026.038019...
    # risk        6,000 - 5,890 + 1.2 + 2.945 = 114.145
    #             11,950 - 11,780 + 2.39 + 5.89 = 178.28
    #             23,990 - 23,560 + 8.41 + 11.78 = 450.19: 1R
    # M           a tenth: 600; 1,195; 2,399
    # liquidated  5,400 / 0.0995 = 54,271.356783...; 10,755 / 0.199 = 54,045.226130...;
    #             21,591 / 0.398 = 54,248.743718...
    # bankrupt    5,400 / 0.1 = 54,000; 10,755 / 0.2 = 53,775; 21,591 / 0.4 = 53,977.5
    # leverage    6,000, 0.2 * 59,500 = 11,900 and 0.4 * 60,200 = 24,080 over 25,000
    one, two, three = (step.position for step in ladder.steps)
    check(one, quantity="0.1", average_entry="60000", breakeven="60042.021010...", risk="114.145", initial_margin="600")
    check(one, liquidation="54271.356783...", bankruptcy_price="54000", effective_leverage="0.24")
    check(two, quantity="0.2", average_entry="59750", breakeven="59791.845922...", risk="178.28", initial_margin="1195")
    check(two, liquidation="54045.226130...", bankruptcy_price="53775", effective_leverage="0.476")
    check(three, quantity="0.4", average_entry="59975", breakeven="60026.038019...", risk="450.19", stop="58900")
    check(three, liquidation="54248.743718...", bankruptcy_price="53977.5", effective_leverage="0.9632")
    check(three, initial_margin="2399", risk_r="1", risk_fraction="0.0180076")
    assert [step.position.reachable for step in ladder.steps] == [True, True, True]
    # past the stop (58,900 - 54,248.743718...) / 58,900 = 0.078968...
    # distance      (60,200 - 54,248.743718...) / 60,200 = 0.098858...
    # buffer        4,651.256281... / 5,726.256281... = 0.812268...
    check(
        three, liquidation_past_stop="0.078968...", liquidation_distance="0.098858...", liquidation_buffer="0.812268..."
    )

    # target 1    40% is 0.16: 9,840 - 9,596 - 3.364 - 1.968 = 238.668; the stop to breakeven, so that much is locked
    # target 2    0.24 at 63,000: 15,120 - 14,394 - 5.046 - 3.024 = 717.93; together 956.598
    # distance R  1,525 / 1,075 = 1.418604...; 3,025 / 1,075 = 2.813953...
    first, last = ladder.exits
    check(first, quantity="0.16", pnl="238.668", stop="60026.038019...", locked="238.668", r_multiple="1.418604...")
    check(last, quantity="0.24", pnl="717.93", realized="956.598", r_multiple="2.813953...", remaining="0")
    # 956.598 / 450.19 = 2.124876...; fees 8.41 + 1.968 + 3.024; all at 60,000: 24,000 - 23,560 + 4.8 + 11.78
    check(ladder.totals, risk="450.19", reward_to_risk="2.124876...", fees="13.402", all_at_first="456.58")


def test_confirmation_in_four_tiers() -> None:
    """5% of the account as margin, four confirmations; the stop goes to break-even, to +1R, and trails a tenth."""
    plan, ladder = read("confirmation-four-tiers")
    assert plan.style is Style.CONFIRMATION
    assert plan.tiers[2].after == AfterPrice(Decimal(2570))
    assert [tier.order for tier in plan.tiers] == [Order.LIMIT, Order.STOP, Order.LIMIT, Order.STOP]

    # 5% of 20,000 is 1,000 of margin, at 10x 10,000 at the fill prices. At the tiers' prices that would be 2,500,
    # 2,500, 3,000 and 2,000, which fill for 10,002.25: the size is 10,000 / 10,002.25 of these.
    for step, quantity in zip(ladder.steps, ("1", "0.984251...", "1.185770...", "0.769230..."), strict=True):
        assert agrees(step.fill.quantity * Decimal("10002.25") / 10000, quantity)
    assert round(ladder.steps[-1].position.initial_margin, 40) == 1000
    plan, ladder = read("confirmation-four-tiers", size="10000 USDT")
    #           Q of the tier               fill                        cost                  Q held
    # tier 1    2,500 / 2,500 = 1           2,500                       2,500                 1
    # tier 2    2,500 / 2,540 = 0.984251... 2,540 * 1.0005 = 2,541.27   2,501.25   5,001.25   1.984251...
    # tier 3    3,000 / 2,530 = 1.185770... 2,530 (a limit order)       3,000      8,001.25   3.170022...
    # tier 4    2,000 / 2,600 = 0.769230... 2,600 * 1.0005 = 2,601.3    2,001     10,002.25   3.939253...
    assert [step.fill.price for step in ladder.steps] == [2500, Decimal("2541.27"), 2530, Decimal("2601.3")]
    # average     2,500; 2,520.471230...; 2,524.035537...; 2,539.123219...
    # entry fees  0.5; + 0.05% of 2,501.25 = 1.750625; + 0.02% of 3,000 = 2.350625; + 0.05% of 2,001 = 3.351125
    # breakeven   (cost + fees) / (Q * 0.9995): 2,501.750875...; 2,522.614796...; 2,526.040074...; 2,541.244542...
    # the stop    at 2,450 fills at 2,450 * 0.9995 = 2,448.775
    # risk        2,500 - 2,448.775 + 0.5 + 1.2243875 = 52.9493875
    #             5,001.25 - 4,858.986614... + 1.750625 + 2.429493... = 146.443504...
    #             8,001.25 - 7,762.672384... + 2.350625 + 3.881336... = 244.809576...
    #             10,002.25 - 9,646.345461... + 3.351125 + 4.823172... = 364.078835...: 1R, 1.82% of 20,000
    # M           250; 500.125; 800.125; 1,000.225
    # liquidated  at 1% maintenance (cost - M) / (Q * 0.99) = average * 0.9 / 0.99:
    #             2,272.727272...; 2,291.337481...; 2,294.577761...; 2,308.293835...
    one, two, three, four = (step.position for step in ladder.steps)
    check(one, quantity="1", average_entry="2500", breakeven="2501.750875...", risk="52.9493875", initial_margin="250")
    check(one, liquidation="2272.727272...", bankruptcy_price="2250", risk_r="0.145433...")
    check(two, quantity="1.984251...", average_entry="2520.471230...", breakeven="2522.614796...")
    check(two, risk="146.443504...", initial_margin="500.125", liquidation="2291.337481...")
    check(three, quantity="3.170022...", average_entry="2524.035537...", breakeven="2526.040074...")
    check(three, risk="244.809576...", initial_margin="800.125", liquidation="2294.577761...")
    check(four, quantity="3.939253...", average_entry="2539.123219...", breakeven="2541.244542...", stop="2450")
    check(four, risk="364.078835...", risk_fraction="0.018203...", initial_margin="1000.225")
    check(four, liquidation="2308.293835...", bankruptcy_price="2285.210897...", liquidation_past_stop="0.057839...")
    # leverage    3.939253... * 2,600 = 10,242.059... over 20,000
    check(four, effective_leverage="0.512102...", liquidation_buffer="0.613900...")

    # Of the 3.939253... the targets close 25% = 0.984813..., 35% = 1.378738... and 30% = 1.181776...; 10% runs.
    # target 1    0.984813... * 2,640 = 2,599.907302... - 2,500.5625 - 0.837781... - 0.519981... = 97.987039...
    #             the stop to 2,541.244542... / 0.9995 = 2,542.515800...: locked is what is realized
    # target 2    1.378738... * 2,720 = 3,750.169321... - 3,500.7875 - 1.172893... - 0.750033... = 247.458893...
    #             +1R is one stop's distance above the average: 2,539.123219... + 89.123219... = 2,628.246438...
    # target 3    1.181776... * 2,800 = 3,308.972930... - 3,000.675 - 1.005337... - 0.661794... = 306.630798...
    #             the trail starts 3% below 2,800: 2,716
    # the runner  0.393925... at 2,716 * 0.9995 = 2,714.642: 1,069.366296... - 1,000.225 - 0.335112... - 0.534683...
    #             = 68.271501..., so 652.076731... + 68.271501... = 720.348233...
    # locked      after target 2, 1.575701... at 2,628.246438... * 0.9995 come to 134.950834... more than 345.445933...
    first, second, last = ladder.exits
    check(first, quantity="0.984813...", pnl="97.987039...", stop="2542.515800...", locked="97.987039...")
    check(second, quantity="1.378738...", pnl="247.458893...", stop="2628.246438...", locked="480.396768...")
    check(last, quantity="1.181776...", pnl="306.630798...", realized="652.076731...", stop="2716")
    check(last, remaining="0.393925...", locked="720.348233...", realized_r="1.791031...", r_multiple="2.927147...")
    # 720.348233... / 364.078835... = 1.978550...
    # all at 2,500: 4 * 51.225 + 2 + 0.0005 * 9,795.1 = 211.79755
    check(ladder.totals, reward="720.348233...", reward_to_risk="1.978550...", all_at_first="211.79755")
    check(ladder.totals, fees="5.817618...", breakeven_win_rate="0.335733...")


def test_breakout_retest_pyramid() -> None:
    """Half on the breakout, 30% on the retest, 20% higher: the last add brings the stop to break-even, risk to 0."""
    plan, ladder = read("breakout-retest-pyramid")
    # A retest lies on the losing side of the price that must trade before it: a limit order.
    assert [tier.order for tier in plan.tiers] == [Order.STOP, Order.LIMIT, Order.STOP]

    # Q           0.5; 0.3; 0.2 of 1 BTC
    # fill        40,000 * 1.0005 = 40,020; 40,000; 42,000 * 1.0005 = 42,021
    # cost        20,010; + 12,000 = 32,010; + 8,404.2 = 40,414.2
    # average     40,020; 40,012.5; 40,414.2
    # entry fees  10.005; + 2.4 = 12.405; + 4.2021 = 16.6071
    # breakeven   20,020.005 / 0.49975 = 40,060.040020...; 32,022.405 / 0.7996 = 40,048.030265...;
    #             40,430.8071 / 0.9995 = 40,451.032616...
    # the stop    at 39,150 fills at 39,130.425
    # risk        20,010 - 19,565.2125 + 10.005 + 9.78260625 = 464.57510625
    #             32,010 - 31,304.34 + 12.405 + 15.65217 = 733.71717: the worst, 1R
    #             after tier 3 the stop is 40,451.032616... / 0.9995 = 40,471.268250...: it loses nothing
    # M           an eighth: 2,501.25; 4,001.25; 5,051.775
    # liquidated  17,508.75 / 0.4975 = 35,193.467336...; 28,008.75 / 0.796 = 35,186.871859...;
    #             35,362.425 / 0.995 = 35,540.125628...
    one, two, three = (step.position for step in ladder.steps)
    check(one, quantity="0.5", average_entry="40020", breakeven="40060.040020...", stop="39150", risk="464.57510625")
    check(one, initial_margin="2501.25", liquidation="35193.467336...", risk_r="0.633180...", effective_leverage="0.8")
    check(two, quantity="0.8", average_entry="40012.5", breakeven="40048.030265...", stop="39150", risk="733.71717")
    check(two, initial_margin="4001.25", liquidation="35186.871859...", risk_r="1", risk_fraction="0.0293486868")
    check(three, quantity="1", average_entry="40414.2", breakeven="40451.032616...", stop="40471.268250...", risk="0")
    check(three, initial_margin="5051.775", liquidation="35540.125628...", risk_r="0", effective_leverage="1.68")
    # past the stop 4,931.142622... / 40,471.268250... = 0.121843...; a stop above the average has a buffer above 1:
    #   4,931.142622... / 4,874.074371... = 1.011708...
    check(three, liquidation_past_stop="0.121843...", liquidation_buffer="1.011708...", bankruptcy_price="35362.425")

    # target 1    0.3 * 43,500 = 13,050 - 12,124.26 - 4.98213 - 2.61 = 918.14787; the stop stays at breakeven
    # target 2    3R from the average: 40,414.2 + 3 * 1,264.2 = 44,206.8
    #             13,262.04 - 12,124.26 - 4.98213 - 2.652408 = 1,130.145462; together 2,048.293332
    #             +1R is 40,414.2 + 1,264.2 = 41,678.4; fills at 41,657.5608; 0.4 of it locks
    #             16,663.02432 - 16,165.68 - 6.64284 - 8.33151216 = 482.36996784 more
    # target 3    0.3 * 46,500 = 13,950 - 12,124.26 - 4.98213 - 2.79 = 1,817.96787; together 3,866.261202
    #             the trail starts at 46,500 * 0.975 = 45,337.5, fills at 45,314.83125; the tenth that runs brings
    #             4,531.483125 - 4,041.42 - 1.66071 - 2.2657415625 = 486.1366734375
    first, second, last = ladder.exits
    check(first, quantity="0.3", pnl="918.14787", stop="40471.268250...", locked="918.14787")
    check(second, price="44206.8", r_multiple="3", pnl="1130.145462", stop="41678.4", locked="2530.66329984")
    check(last, pnl="1817.96787", realized="3866.261202", remaining="0.1", stop="45337.5", locked="4352.3978754375")
    # 4,352.3978754375 / 733.71717 = 5.931983...; all at 40,020: 40,020 - 39,130.425 + 20.01 + 19.5652125
    check(ladder.totals, risk="733.71717", r="733.71717", reward="4352.3978754375", reward_to_risk="5.931983...")
    check(ladder.totals, all_at_first="929.1502125")
    assert ladder.totals.worst_tier == 2


def test_shrinking_adds_never_risk_more_than_the_first() -> None:
    """Adds of 4, 3, 2 and 1 with a stop that follows: no reversal costs more than tier 1 alone would have."""
    plan, ladder = read("shrinking-adds")

    # fill        2,000; 2,060 * 1.0005 = 2,061.03; 2,120 * 1.0005 = 2,121.06; 2,180 * 1.0005 = 2,181.09
    # cost        8,000; + 6,183.09 = 14,183.09; + 4,242.12 = 18,425.21; + 2,181.09 = 20,606.3
    # average     2,000; 2,026.155714...; 2,047.245555...; 2,060.63
    # entry fees  1.6; + 3.091545 = 4.691545; + 2.12106 = 6.812605; + 1.090545 = 7.90315
    # stop        1,950; tier 1 = 2,000; tier 2 - 0.5% = 2,060 * 0.995 = 2,049.7; tier 3 - 20 = 2,100
    # its fill    1,949.025; 1,999; 2,048.67515; 2,098.95
    # risk        8,000 - 7,796.1 + 1.6 + 3.89805 = 209.39805
    #             14,183.09 - 13,993 + 4.691545 + 6.9965 = 201.778045
    #             18,425.21 - 18,438.07635 + 6.812605 + 9.219038175 = 3.165293175
    #             20,606.3 - 20,989.5 + 7.90315 + 10.49475 = -364.8021: locked
    one, two, three, four = (step.position for step in ladder.steps)
    check(one, quantity="4", average_entry="2000", stop="1950", risk="209.39805", liquidation="1608.040201...")
    check(two, quantity="7", average_entry="2026.155714...", stop="2000", risk="201.778045")
    check(three, quantity="9", average_entry="2047.245555...", stop="2049.7", risk="3.165293175")
    check(four, quantity="10", average_entry="2060.63", stop="2100", risk="-364.8021", risk_r="-1.742146...")
    assert all(known(step.position.risk) <= known(one.risk) for step in ladder.steps)
    # M           a fifth of the cost: 1,600; 2,836.618; 3,685.042; 4,121.26
    # liquidated  average * 0.8 / 0.995: 1,608.040201...; 1,629.069921...; 1,646.026577...; 1,656.787939...
    check(two, liquidation="1629.069921...", initial_margin="2836.618", effective_leverage="0.5768")
    check(three, liquidation="1646.026577...", initial_margin="3685.042", effective_leverage="0.7632")
    check(four, liquidation="1656.787939...", initial_margin="4121.26", effective_leverage="0.872")

    # target 1    4 * 2,300 = 9,200 - 8,242.52 - 3.16126 - 1.84 = 952.47874
    #             the trail starts at 2,300 * 0.97 = 2,231, fills at 2,229.8845: six of them bring
    #             13,379.307 - 12,363.78 - 4.74189 - 6.6896535 = 1,004.0954565; together 1,956.5741965
    (only,) = ladder.exits
    check(only, quantity="4", pnl="952.47874", remaining="6", stop="2231", locked="1956.5741965")
    # 1,956.5741965 / 209.39805 = 9.343803...; all at 2,000: 20,000 - 19,490.25 + 4 + 9.745125 = 523.495125
    check(ladder.totals, risk="209.39805", reward="1956.5741965", reward_to_risk="9.343803...")
    check(ladder.totals, all_at_first="523.495125")
    assert plan.tiers[1].trigger == "new 20-day high"


def test_range_short() -> None:
    """A short at 29,800 / 29,500 / 29,200: slippage lowers its entries, raises its exit, and all signs turn round."""
    plan, ladder = read("range-short")
    # Left out, the order of a short's lower tier is a stop: price must fall to it.
    assert [tier.order for tier in plan.tiers] == [Order.LIMIT, Order.STOP, Order.STOP]

    # Q           0.1 each
    # fill        29,800; 29,500 * 0.9995 = 29,485.25; 29,200 * 0.9995 = 29,185.4
    # received    2,980; + 2,948.525 = 5,928.525; + 2,918.54 = 8,847.065
    # average     29,800; 29,642.625; 29,490.216666...
    # entry fees  0.596; + 1.4742625 = 2.0702625; + 1.45927 = 3.5295325
    # breakeven   (received - fees) / (Q * 1.0005): 2,979.404 / 0.10005 = 29,779.150424...;
    #             5,926.4547375 / 0.2001 = 29,617.464955...; 8,843.5354675 / 0.30015 = 29,463.719698...
    # the stop    at 30,050 fills at 30,050 * 1.0005 = 30,065.025
    # risk        3,006.5025 - 2,980 + 0.596 + 1.50325125 = 28.60175125
    #             6,013.005 - 5,928.525 + 2.0702625 + 3.0065025 = 89.556765
    #             9,019.5075 - 8,847.065 + 3.5295325 + 4.50975375 = 180.48178625
    # M           a fifth: 596; 1,185.705; 1,769.413
    # liquidated  (received + M) / (Q * 1.005): 3,576 / 0.1005 = 35,582.089552...; 7,114.23 / 0.201 = 35,394.179104...;
    #             10,616.478 / 0.3015 = 35,212.199004...
    # bankrupt    average * 1.2: 35,760; 35,571.15; 35,388.26
    one, two, three = (step.position for step in ladder.steps)
    check(one, quantity="0.1", average_entry="29800", breakeven="29779.150424...", risk="28.60175125")
    check(one, liquidation="35582.089552...", bankruptcy_price="35760", initial_margin="596")
    check(two, quantity="0.2", average_entry="29642.625", breakeven="29617.464955...", risk="89.556765")
    check(two, liquidation="35394.179104...", bankruptcy_price="35571.15", initial_margin="1185.705")
    check(three, quantity="0.3", average_entry="29490.216666...", breakeven="29463.719698...", risk="180.48178625")
    check(three, liquidation="35212.199004...", bankruptcy_price="35388.26", initial_margin="1769.413", stop="30050")
    # past the stop (35,212.199... - 30,050) / 30,050 = 0.171786...; distance 6,012.199... / 29,200 = 0.205897...
    # buffer        5,162.199... / 5,721.982... = 0.902169...
    check(
        three, liquidation_past_stop="0.171786...", liquidation_distance="0.205897...", liquidation_buffer="0.902169..."
    )

    # target 1    0.15: received 4,423.5325, bought back for 4,290: 133.5325 - 1.76476625 - 0.858 = 130.90973375
    #             the stop to 29,463.719698... / 1.0005 = 29,448.995200...
    # target 2    4,423.5325 - 4,215 - 1.76476625 - 0.843 = 205.92473375; together 336.8344675
    # distance R  (29,490.21... - 28,600) / (30,050 - 29,490.21...) = 890.216... / 559.783... = 1.590287...
    first, last = ladder.exits
    check(first, quantity="0.15", pnl="130.90973375", stop="29448.995200...", locked="130.90973375")
    check(first, r_multiple="1.590287...")
    check(last, quantity="0.15", pnl="205.92473375", realized="336.8344675", r_multiple="2.483490...", remaining="0")
    # 336.8344675 / 180.48178625 = 1.866307...; all at 29,800: 9,019.5075 - 8,940 + 1.788 + 4.50975375
    check(ladder.totals, reward_to_risk="1.866307...", all_at_first="85.80525375", fees="5.2305325")


def test_time_stop_after_48_hours() -> None:
    """60% of the account's equity in two stop orders; half goes after 48 hours without half an R; funding apart."""
    plan, ladder = read("time-stop-48h")
    assert plan.time_stop is not None
    assert plan.time_stop.after_minutes == 48 * 60
    assert plan.time_stop.unless == RMultiple(Decimal("0.5"))
    assert plan.time_stop.close * 2 == 1
    assert plan.expires == 24 * 60

    # 60% of 20,000 is 12,000: 7,200 / 60,000 = 0.12 and 4,800 / 60,600 = 0.079207...
    # fill        60,030; 60,630.3
    # cost        7,203.6; + 4,802.4 = 12,006
    # average     60,030; 12,006 / 0.199207... = 60,268.687872...
    # entry fees  3.6018; + 2.4012 = 6.003
    # the stop    at 59,000 fills at 58,970.5
    # risk        7,203.6 - 7,076.46 + 3.6018 + 3.53823 = 134.28003
    #             12,006 - 11,747.390693... + 6.003 + 5.873695... = 270.486002...
    # M           a quarter: 1,800.9; 3,001.5
    # liquidated  average * 0.75 / 0.995: 45,248.743718...; 45,428.659200...
    one, two = (step.position for step in ladder.steps)
    check(one, quantity="0.12", average_entry="60030", breakeven="60090.060030...", risk="134.28003")
    check(one, initial_margin="1800.9", liquidation="45248.743718...", bankruptcy_price="45022.5")
    check(two, quantity="0.199207...", average_entry="60268.687872...", breakeven="60328.986710...")
    check(
        two, risk="270.486002...", initial_margin="3001.5", liquidation="45428.659200...", effective_leverage="0.6036"
    )

    # target 1    0.0996039... * 62,000 = 6,175.445544... - 6,003 - 3.0015 - 1.235089... = 168.208955...
    # target 2    0.0996039... * 64,000 = 6,374.653465... - 6,003 - 3.0015 - 1.274930... = 367.377034...
    first, last = ladder.exits
    check(first, pnl="168.208955...", stop="60359.166293...", locked="168.208955...", r_multiple="1.364647...")
    check(last, pnl="367.377034...", realized="535.585990...", r_multiple="2.941079...", remaining="0")
    # funding     48h hold six periods of 8h: 6 * 0.01% of the cost, 12,006: 7.2036; a long pays it
    # fees        6.003 + 1.235089... + 1.274930... = 8.513019...
    check(ladder.totals, risk="270.486002...", reward_to_risk="1.980087...", funding="7.2036", fees="8.513019...")
    # all at 60,030: 0.2 * (60,030 - 58,970.5) + 6.003 + 0.0005 * 11,794.1 = 223.80005
    check(ladder.totals, all_at_first="223.80005")


def test_turtle_pyramid() -> None:
    """Half an N (1.20) apart, the stop two of them below the newest unit, out by words alone."""
    plan, ladder = read("turtle-pyramid")
    assert plan.targets == ()
    assert plan.runner is not None
    assert plan.runner.exit == "trades below the low of 10 days"

    # 100 barrels a contract; every fill a tick (0.01) worse
    # average     80.01; (80.01 + 80.61)/2 = 80.31; 80.61; 80.91
    # stop        77.60; 80.60 - 2.40 = 78.20; 78.80; 79.40
    # risk        (80.01 - 77.59) * 100 + 1 + 1 = 244; (80.31 - 78.19) * 200 + 4 = 428;
    #             (80.61 - 78.79) * 300 + 6 = 552; (80.91 - 79.39) * 400 + 8 = 616: 1R
    one, two, three, four = (step.position for step in ladder.steps)
    check(one, average_entry="80.01", stop="77.6", risk="244", initial_margin="700", liquidation="none")
    check(two, average_entry="80.31", stop="78.2", risk="428")
    check(three, average_entry="80.61", stop="78.8", risk="552")
    check(four, average_entry="80.91", stop="79.4", risk="616", initial_margin="2800", liquidation="none")
    # Nothing has a price to be counted at. All at 80.01: (80.01 - 77.59) * 400 + 8 = 976
    check(ladder.totals, risk="616", reward=None, reward_to_risk=None, all_at_first="976")
