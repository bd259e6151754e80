"""Plans in contracts: coin-settled ones, and futures with a multiplier; every figure worked by hand."""

from decimal import Decimal

from scaleplan.plan import BracketBy, Contract, MaintenanceOn
from tests.plans.figures import check, read


def test_inverse_long() -> None:
    """On a coin-settled contract averages are harmonic, money is coin, and the larger bracket decides liquidation."""
    plan, ladder = read("inverse-long")
    assert plan.contract is Contract.INVERSE
    assert plan.settle == "BTC"
    assert plan.margin is not None
    assert plan.margin.bracket_by is BracketBy.COIN
    # Bracket 2 begins at 0.3 BTC: 0.3 * (0.5% - 0.4%) = 0.0003; bracket 3 at 10: 0.0003 + 10 * 0.5% = 0.0503.
    assert [bracket.deduction for bracket in plan.margin.brackets] == [0, Decimal("0.0003"), Decimal("0.0503")]

    # 120 contracts of 100 USD, half each: 6,000 USD at 50,000 and at 48,000.
    # worth       6,000 / 50,000 = 0.12 BTC; + 6,000 / 48,000 = 0.125: 0.245
    # average     50,000; 12,000 / 0.245 = 48,979.591836...
    # entry fees  0.02%: 0.000024; 0.000049
    # breakeven   the fill at which the worth has shrunk by all fees: worth (0.12 - 0.000024) / 1.0005
    #             6,000 * 1.0005 / 0.119976 = 50,035.007001...; 12,000 * 1.0005 / 0.244951 = 49,013.884409...
    # risk        at 45,000: 6,000 / 45,000 = 0.133333... - 0.12 + 0.000024 + 0.05% of 0.133333... = 0.013424
    #             0.266666... - 0.245 + 0.000049 + 0.000133333... = 0.021849; of 0.5 BTC: 0.043698
    # M           a third: 0.04; 0.081666...
    # liquidated  where the worth w has eaten the margin: M - (w - cost) = rate * w - deduction
    #             tier 1, bracket 1: w = 0.16 / 1.004 = 0.159362..., 6,000 / w = 37,650 (below 0.3 BTC, so it holds)
    #             tier 2, bracket 1: w = 0.326666... / 1.004 = 0.325365..., 36,881.632...; but that is above 0.3 BTC
    #                     bracket 2: w = 0.326966... / 1.005 = 0.325339..., 12,000 / w = 36,884.493832...: nearer
    # bankrupt    6,000 / 0.16 = 37,500; 12,000 / 0.326666... = 36,734.693877...
    one, two = (step.position for step in ladder.steps)
    check(one, quantity="6000", notional="6000", average_entry="50000", breakeven="50035.007001...", risk="0.013424")
    check(one, initial_margin="0.04", liquidation="37650", bankruptcy_price="37500", effective_leverage="0.24")
    check(two, quantity="12000", average_entry="48979.591836...", breakeven="49013.884409...", risk="0.021849")
    check(two, initial_margin="0.081666...", liquidation="36884.493832...", bankruptcy_price="36734.693877...")
    check(two, risk_fraction="0.043698", effective_leverage="0.5", stop="45000", risk_r="1")
    assert (one.liquidation.bracket, two.liquidation.bracket) == (1, 2)
    # past the stop 8,115.506167... / 45,000 = 0.180344...; buffer 8,115.506... / 12,095.098... = 0.670974...
    check(
        two, liquidation_past_stop="0.180344...", liquidation_distance="0.231573...", liquidation_buffer="0.670974..."
    )

    # target 1    6,000 of it: 0.1225 - 6,000 / 54,000 = 0.011388... - 0.0000245 - 0.02% of 0.111111... = 0.011342166...
    # target 2    0.1225 - 6,000 / 60,000 = 0.0225 - 0.0000245 - 0.00002 = 0.0224555; together 0.033797666...
    # distance R  (54,000 - 48,979.59...) / 3,979.59... = 1.261538...; 11,020.40... / 3,979.59... = 2.769230...
    first, last = ladder.exits
    check(first, quantity="6000", pnl="0.011342166...", r_multiple="1.261538...", stop="49013.884409...")
    check(last, quantity="6000", pnl="0.0224555", realized="0.033797666...", r_multiple="2.769230...", remaining="0")
    # 0.033797666... / 0.021849 = 1.546874...; all at 50,000: 0.266666... - 0.24 + 0.000048 + 0.000133333... = 0.026848
    check(ladder.totals, notional="12000", risk="0.021849", reward_to_risk="1.546874...", all_at_first="0.026848")


def test_futures_with_a_multiplier() -> None:
    """One point is 50 dollars a contract; maintenance as a fixed sum a contract is maintenance on the entry value."""
    plan, ladder = read("futures-multiplier")
    assert plan.instrument.contract_size == 50
    assert plan.margin is not None
    assert plan.margin.maintenance_on is MaintenanceOn.ENTRY

    # Q           2 * 50 = 100; + 1 * 50 = 150
    # cost        500,000; + 249,500 = 749,500
    # average     5,000; 4,996.666666...
    # entry fees  0.001%: 5; 7.495
    # breakeven   500,005 / 99.999 = 5,000.100001...; 749,507.495 / 149.9985 = 4,996.766600...
    # the stop    at 4,975 fills 0.005% lower, at 4,974.75125
    # risk        500,000 - 497,475.125 + 5 + 4.97475125 = 2,534.84975125
    #             749,500 - 746,212.6875 + 7.495 + 7.462126875 = 3,302.269626875
    # M           a sixteenth: 31,250; 46,843.75
    # liquidated  where the loss has eaten all but 5% of the entry value:
    #             5,000 - (31,250 - 25,000) / 100 = 4,937.5
    #             4,996.666666... - (46,843.75 - 37,475) / 150 = 4,934.208333...
    # bankrupt    5,000 - 312.5 = 4,687.5; 4,996.666666... - 312.291666... = 4,684.375
    one, two = (step.position for step in ladder.steps)
    check(one, quantity="100", average_entry="5000", breakeven="5000.100001...", risk="2534.84975125")
    check(one, initial_margin="31250", liquidation="4937.5", bankruptcy_price="4687.5", effective_leverage="5")
    check(two, quantity="150", average_entry="4996.666666...", breakeven="4996.766600...", risk="3302.269626875")
    check(two, initial_margin="46843.75", liquidation="4934.208333...", bankruptcy_price="4684.375")
    check(two, effective_leverage="7.485", liquidation_past_stop="0.008199...", liquidation_buffer="0.653102...")

    # target 1    two of three contracts: 100 * 5,020 - 499,666.666666... - 4.996666... - 5.02 = 2,323.316666...
    # target 2    50 * 5,040 - 249,833.333333... - 2.498333... - 2.52 = 2,161.648333...; together 4,484.965
    first, last = ladder.exits
    check(first, quantity="100", pnl="2323.316666...", stop="4997.016451...", locked="2323.316666...")
    check(last, quantity="50", pnl="2161.648333...", realized="4484.965", r_multiple="2", remaining="0")
    # 4,484.965 / 3,302.269626875 = 1.358146...; all at 5,000: 750,000 - 746,212.6875 + 7.5 + 7.462126875
    check(ladder.totals, reward_to_risk="1.358146...", all_at_first="3802.274626875", fees="15.035")
