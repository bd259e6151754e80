"""Plans of futures, currencies and stocks, written as their traders write them; every figure worked by hand."""

from decimal import Decimal

from scaleplan.plan import Contract
from tests.plans.figures import check, read


def test_futures_ticks() -> None:
    """Ticks and points become prices, fees and margin are so much a contract, and three contracts stay whole."""
    plan, ladder = read("futures-ticks")
    assert plan.contract is Contract.LINEAR
    assert plan.initial_per_contract == 2400
    assert plan.margin is not None
    assert plan.margin.per_contract == 2200

    # 24 ticks of 0.25 are 6 points; tier 2 at 5,006, its stop 4 ticks below tier 1 at 4,999; the plan's at 4,992.
    # fills       one tick worse: 5,000.25; 5,006.25. Two contracts are 10 of the index, three are 15.
    # cost        50,002.5; + 25,031.25 = 75,033.75
    # entry fees  2 * 0.62 = 1.24; 1.86
    # average     5,000.25; 75,033.75 / 15 = 5,002.25
    # breakeven   each contract pays 1.24 in and out, on 5 of the index: 0.248 above the average
    # risk        10 * (5,000.25 - 4,991.75) + 1.24 + 1.24 = 87.48
    #             15 * (5,002.25 - 4,998.75) + 1.86 + 1.86 = 56.22
    # liquidated  a broker's margin is the account's: 20,000 - 1.24 - 4,400 are lost at 1,559.876 points on two, of 10;
    #             20,000 - 1.86 - 6,600 at 893.209333... on three, of 15
    # bankrupt    19,998.76 are 1,999.876 points; 19,998.14 are 1,333.209333...
    one, two = (step.position for step in ladder.steps)
    check(one, quantity="10", average_entry="5000.25", breakeven="5000.498", stop="4992", risk="87.48")
    check(one, initial_margin="4800", liquidation="3440.374", bankruptcy_price="3000.374", effective_leverage="2.5")
    check(two, quantity="15", average_entry="5002.25", breakeven="5002.498", stop="4999", risk="56.22")
    check(
        two,
        initial_margin="7200",
        liquidation="4109.040666...",
        bankruptcy_price="3669.040666...",
        effective_leverage="3.7545",
    )

    # target 1    5,016 for two: 10 * 13.75 - 1.24 - 1.24 = 135.02
    #             then the stop at 5,002.498, a tick for the slippage and the tick asked for: 5,002.998
    #             hit there it fills at 5,002.748: 5 * 0.498 - 0.62 - 0.62 = 1.25 more
    # target 2    5,030 for one: 5 * 27.75 - 1.24 = 137.51; together 272.53
    first, last = ladder.exits
    check(first, price="5016", quantity="10", pnl="135.02", stop="5002.998", locked="136.27", remaining="5")
    check(last, price="5030", quantity="5", pnl="137.51", realized="272.53", remaining="0")
    # all three at 5,000.25: 15 * 8.5 + 1.86 + 1.86 = 131.22; fees of the path 6 * 0.62; 272.53 / 87.48 = 3.115340...
    check(ladder.totals, risk="87.48", r="87.48", fees="3.72", all_at_first="131.22", reward_to_risk="3.115340...")
    check(ladder.totals, rounded_off="0", reward="272.53")


def test_forex_from_an_account_in_pounds() -> None:
    """Pips become prices, half of the spread is on every fill, and the account's pounds are dollars at its rate."""
    plan, ladder = read("forex-gbp-account")
    # 10,000 GBP * 1.27; 1% and 20% of it.
    assert plan.account.equity == 12700
    assert (plan.account.max_risk, plan.account.max_margin) == (Decimal(127), Decimal(2540))
    assert (plan.account.currency, plan.account.rate) == ("GBP", Decimal("1.27"))
    assert (plan.spread, plan.slippage_price) == (Decimal("0.00008"), Decimal("0.00002"))

    # fills       limits pay half of the spread: 1.08504; 15 pips lower 1.08354. Each 0.3 lots, 30,000 EUR.
    # cost        32,551.2; + 32,506.2 = 65,057.4, an average of 1.08429
    # breakeven   no fees: the average
    # the stop    25 pips below 1.0850 at 1.0825 fills half a spread and 0.2 pips lower, at 1.08244
    # risk        30,000 * 0.0026 = 78; 60,000 * 0.00185 = 111
    # M           a thirtieth: 1,085.04; 2,168.58
    # liquidated  equity left = half of the margin in use: 12,700 + Q*P - cost = Q*P / 60
    #             (32,551.2 - 12,700) / 29,500 = 0.672922...; (65,057.4 - 12,700) / 59,000 = 0.887413...
    one, two = (step.position for step in ladder.steps)
    check(one, quantity="30000", average_entry="1.08504", breakeven="1.08504", risk="78", initial_margin="1085.04")
    check(one, liquidation="0.672922...", stop="1.0825")
    check(two, quantity="60000", average_entry="1.08429", breakeven="1.08429", risk="111", initial_margin="2168.58")
    # 111 / 12,700 = 0.008740...; 60,000 * 1.0835 / 12,700 = 5.118897...
    check(two, liquidation="0.887413...", risk_fraction="0.008740...", effective_leverage="5.118897...")

    # target 1    1.0870 fills at 1.08696: 30,000 * 0.00267 = 80.1; the stop at breakeven is set 0.6 pips above it
    # target 2    1.0895 fills at 1.08946: 30,000 * 0.00517 = 155.1; together 235.2
    first, last = ladder.exits
    check(first, price="1.087", pnl="80.1", stop="1.08435", locked="80.1")
    check(last, price="1.0895", pnl="155.1", realized="235.2", remaining="0")
    # 235.2 / 111 = 2.118918...; the swap 6.2 * 0.6 * 3; all at 1.08504: 60,000 * 0.0026 = 156
    check(ladder.totals, reward_to_risk="2.118918...", funding="11.16", fees="0", all_at_first="156", risk="111")


def test_stock_with_a_fee_an_order() -> None:
    """Every order costs a dollar whatever its size, also the one that closes a third."""
    plan, ladder = read("stock-per-order")
    assert plan.contract is Contract.SPOT
    assert (plan.invalidation, plan.stop) == (Decimal("47.5"), Decimal(47))

    # fills       2 cents worse: 50.02; 52.02
    # cost        200 * 50.02 = 10,004; + 5,202 = 15,206, an average of 50.686666...
    # breakeven   (10,004 + 1 + 1) / 200 = 50.03; (15,206 + 2 + 1) / 300 = 50.696666...
    # risk        at 46.98: 10,004 - 9,396 + 1 + 1 = 610
    #             the stop 50 cents below tier 1 fills at 49.48: 15,206 - 14,844 + 2 + 1 = 365
    one, two = (step.position for step in ladder.steps)
    check(one, quantity="200", average_entry="50.02", breakeven="50.03", stop="47", risk="610")
    check(two, quantity="300", average_entry="50.686666...", breakeven="50.696666...", stop="49.5", risk="365")

    # target 1    100 at 56: 5,600 - 5,068.666666... - 2/3 of a dollar - 1 = 529.666666...
    #             breakeven of 200: (10,137.333333... + 4/3 + 1) / 200 = 50.698333..., set 2 cents above it
    # target 2    200 at 60: 12,000 - 10,137.333333... - 4/3 - 1 = 1,860.333333...; together 2,390
    first, last = ladder.exits
    check(first, quantity="100", pnl="529.666666...", stop="50.718333...", locked="529.666666...")
    check(last, quantity="200", pnl="1860.333333...", realized="2390", remaining="0")
    # 2,390 / 610 = 3.918032...; all 300 at 50.02: 300 * 3.04 + 1 + 1 = 914
    check(ladder.totals, risk="610", fees="4", reward_to_risk="3.918032...", all_at_first="914")
