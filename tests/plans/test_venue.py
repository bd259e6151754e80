"""A plan that names its venue: model, brackets, fees and rules are the venue's; every figure worked by hand."""

from decimal import Decimal

from scaleplan.plan import BracketBy, MaintenanceOn
from tests.plans.figures import check, read


def test_venue_brackets_pyramid() -> None:
    """Margin model, fees and contract rules come from the venue that the plan names."""
    plan, ladder = read("venue-brackets-pyramid")
    assert plan.margin is not None
    assert (plan.margin.name, plan.margin.as_of) == ("binance", "2024-10-24")
    assert (plan.margin.maintenance_on, plan.margin.bracket_by) == (MaintenanceOn.MARK, BracketBy.NOTIONAL)
    assert (plan.fees.maker, plan.fees.taker, plan.fees.written) == (Decimal("0.0002"), Decimal("0.0005"), True)
    assert (plan.instrument.tick_size, plan.instrument.lot_size) == (Decimal("0.1"), Decimal("0.001"))

    # The second tier is a stop: 62,000 fills at 62,031.
    # cost        0.45 * 60,000 = 27,000; + 0.3 * 62,031 = 45,609.3
    # average     60,000; 60,812.4
    # entry fees  0.02% of 27,000 = 5.4; + 0.05% of 18,609.3 = 9.30465: 14.70465
    # M           a fifth: 5,400; 9,121.86
    # liquidated  bracket 1, 0.4% up to 50,000: 21,600 / (0.45 * 0.996) = 48,192.771084...
    #             36,487.44 / (0.75 * 0.996) = 48,845.301204..., worth 36,634
    # the stop    58,200 fills at 58,170.9; after tier 2 59,800 at 59,770.1
    # risk        0.45 * 1,829.1 + 5.4 + 0.05% of 26,176.905 = 823.095 + 5.4 + 13.0884525 = 841.5834525
    #             0.75 * 1,042.3 + 14.70465 + 0.05% of 44,827.575 = 781.725 + 14.70465 + 22.4137875 = 818.8434375
    one, two = (step.position for step in ladder.steps)
    check(one, quantity="0.45", average_entry="60000", initial_margin="5400", risk="841.5834525")
    check(one, liquidation="48192.771084...", bankruptcy_price="48000")
    check(two, quantity="0.75", average_entry="60812.4", initial_margin="9121.86", risk="818.8434375")
    # bankrupt    60,812.4 * 0.8; leverage 0.75 * 62,000 / 25,000
    check(two, liquidation="48845.301204...", bankruptcy_price="48649.92", effective_leverage="1.86", stop="59800")
    assert (one.liquidation.bracket, two.liquidation.bracket) == (1, 1)

    # target 1    0.375 * 5,187.6 - 7.352325 - 0.02% of 24,750 = 1,945.35 - 7.352325 - 4.95 = 1,933.047675
    # target 2    0.375 * 9,187.6 - 7.352325 - 0.02% of 26,250 = 3,445.35 - 7.352325 - 5.25 = 3,432.747675
    first, last = ladder.exits
    check(first, quantity="0.375", pnl="1933.047675")
    check(last, quantity="0.375", pnl="3432.747675", realized="5365.79535", remaining="0")
    check(ladder.totals, risk="841.5834525", reward="5365.79535")
