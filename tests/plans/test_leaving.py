"""Plans whose point is the way out; every figure worked by hand."""

from decimal import Decimal

from scaleplan.plan import CloseOf, Style
from scaleplan.quantity.price import Anchor, Reference
from tests.plans.figures import check, check_rewards, read


def test_out_by_thirds() -> None:
    """A third at 1R, 2R and 3R each brings a third of the distance, less its costs; thirds add up to all."""
    plan, ladder = read("scale-out-thirds")
    assert plan.style is Style.SINGLE

    # entry       18 * 150 = 2,700, fee 2.7
    # breakeven   2,702.7 / (18 * 0.999) = 150.300300...
    # risk        2,700 - 2,610 + 2.7 + 2.61 = 95.31; of 10,000: 0.009531
    (step,) = ladder.steps
    check(step.position, quantity="18", average_entry="150", breakeven="150.300300...", stop="145", risk="95.31")
    check(step.position, risk_r="1", risk_fraction="0.009531", effective_leverage="0.27")
    check_rewards(ladder, "174.42")

    # R as a distance is 5: the targets lie at 155, 160, 165. Each sells 6, which cost 900 and 0.9 in fees.
    # target 1    930 - 900 - 0.9 - 0.93 = 28.17; the stop to breakeven
    # target 2    960 - 900 - 0.9 - 0.96 = 58.14; together 86.31; the stop to target 1, 155: 28.17 more are locked
    # target 3    990 - 900 - 0.9 - 0.99 = 88.11; together 174.42
    first, second, last = ladder.exits
    check(first, price="155", quantity="6", r_multiple="1", pnl="28.17", remaining="12", stop="150.300300...")
    check(first, locked="28.17", locked_r="0.295561...")
    check(second, price="160", r_multiple="2", pnl="58.14", realized="86.31", stop="155", locked="114.48")
    check(last, price="165", r_multiple="3", pnl="88.11", realized="174.42", remaining="0", locked=None)
    # Half of the 2R that the distances promise (1 + 2 + 3, a third each) goes to costs and to what 1R holds of them:
    # 174.42 / 95.31 = 1.830028...; win rate 95.31 / 269.73 = 0.353353...; fees 2.7 + 0.93 + 0.96 + 0.99
    check(ladder.totals, reward_to_risk="1.830028...", breakeven_win_rate="0.353353...", fees="5.58")
    check(ladder.totals, risk="95.31", all_at_first="95.31")


def test_half_off_at_two_r() -> None:
    """At 2R half is sold, the stop stands at entry, the rest trails; stopped at entry the rest loses its costs."""
    plan, ladder = read("two-r-half-off")
    assert plan.targets[0].stop == Anchor(Reference.ENTRY)

    # The stop at 1,900 fills at 1,900 * 0.9995 = 1,899.05. One ETH loses
    #   2,000 - 1,899.05 + 0.02% of 2,000 + 0.05% of 1,899.05 = 100.95 + 0.4 + 0.949525 = 102.299525
    # so a risk of 250 buys 250 / 102.299525 = 2.443804...
    # cost        4,887.608226..., M a third of it: 1,629.202742...
    # breakeven   2,000.4 / 0.9995 = 2,001.400700...
    # liquidated  2,000 * (2/3) / 0.995 = 1,340.033500...; bankrupt at 1,333.333333...
    (step,) = ladder.steps
    check(step.position, quantity="2.443804...", average_entry="2000", breakeven="2001.400700...", risk="250")
    check(step.position, initial_margin="1629.202742...", liquidation="1340.033500...", risk_fraction="0.01")
    check(step.position, bankruptcy_price="1333.333333...", liquidation_past_stop="0.294719...")

    # target 1    2R is 2,200; half, 1.221902..., of 2,200 - 2,000 - 0.4 - 0.44 = 199.16: 243.354013...
    #             the stop at entry, 2,000; the trail would start at 2,200 * 0.9 = 1,980 and waits behind it
    # the rest    2,000 fills at 1,999: 1,999 - 2,000 - 0.4 - 0.9995 = -2.3995 an ETH, -2.931953...
    #             243.354013... - 2.931953... = 240.422059...
    (only,) = ladder.exits
    check(only, price="2200", quantity="1.221902...", r_multiple="2", pnl="243.354013...", stop="2000")
    check(only, locked="240.422059...", remaining="1.221902...")
    assert only.locked is not None
    assert only.locked < only.realized - Decimal("2.9")
    # 240.422059... / 250 = 0.961688...
    check(ladder.totals, risk="250", reward="240.422059...", reward_to_risk="0.961688...")
    check(ladder.totals, breakeven_win_rate="0.509764...", all_at_first="250")


def test_futures_close_contracts() -> None:
    """Two of six contracts at each of three targets; 2 dollars a point, 0.60 a contract and side."""
    plan, ladder = read("futures-close-contracts")
    assert [target.close.of for target in plan.targets] == [CloseOf.CONTRACTS] * 3

    # fills       18,000 - 0.25; 18,000 - 40 - 0.25
    # cost        8 * 17,999.75 = 143,998; + 4 * 17,959.75 = 215,837
    # average     17,999.75; 215,837 / 12 = 17,986.416666...
    # stop        18,000 + 30; 18,000 + 10; it fills 0.25 above
    # risk        8 * 30.5 + 2.4 + 2.4 = 248.8; 12 * 18,010.25 - 215,837 + 3.6 + 3.6 = 293.2: 1R
    one, two = (step.position for step in ladder.steps)
    check(one, average_entry="17999.75", stop="18030", risk="248.8", initial_margin="8000")
    check(two, average_entry="17986.416666...", stop="18010", risk="293.2", initial_margin="12000")

    # target 1    4 * 66.416666... = 265.666666... - 1.2 - 1.2; the stop to breakeven: 4.8 of fees over 8 are 0.6 below
    #             the average, and 0.25 of slippage more: 17,985.566666...
    # target 2    4 * 106.416666... = 425.666666... - 2.4
    # target 3    4 * 186.416666... = 745.666666... - 2.4
    first, second, third = ladder.exits
    check(first, quantity="4", pnl="263.266666...", stop="17985.566666...", locked="263.266666...", remaining="8")
    check(second, quantity="4", pnl="423.266666...", remaining="4")
    check(third, quantity="4", pnl="743.266666...", realized="1429.8", remaining="0")
    check(ladder.totals, reward="1429.8", reward_to_risk="4.876534...")
