"""Positions: average entry, P&L, breakeven and fees, against sums worked by hand."""

from decimal import Decimal

from scaleplan.engine.position import NO_CHARGE, Charge, Costs, Position
from scaleplan.plan import Order

D = Decimal


def test_equal_money_is_not_equal_quantity() -> None:
    """300 each at 100, 96, 92 buys 3 + 3.125 + 3.2608..: 900/9.38586.. = 95.8888, not 96."""
    position = Position(1, inverse=False)
    for price in (D(100), D(96), D(92)):
        position = position.filled(price, 300 / price, NO_CHARGE)
    assert round(position.average_entry, 4) == D("95.8888")
    even = Position(1, inverse=False)
    for price in (D(100), D(96), D(92)):
        even = even.filled(price, D(3), NO_CHARGE)
    assert even.average_entry == D(96)


def test_inverse_average_is_harmonic() -> None:
    """50 USD at 10,000 and 50 USD at 15,000 are 0.005 + 0.00333.. coin: 100/0.008333.. = 12,000, not 12,500."""
    position = Position(1, inverse=True).filled(D(10000), D(50), NO_CHARGE).filled(D(15000), D(50), NO_CHARGE)
    assert round(position.average_entry, 20) == D(12000)


def test_inverse_profit_is_in_coin() -> None:
    """10,000 USD long from 8,000 to 12,500: 10000*(1/8000 - 1/12500) = 1.25 - 0.8 = 0.45 coin."""
    position = Position(1, inverse=True).filled(D(8000), D(10000), NO_CHARGE)
    assert position.pnl(D(12500)) == D("0.45")


def test_a_short_gains_when_price_falls() -> None:
    """10 short from 10,500 to 10,670.50 loses 1,705."""
    assert Position(-1, inverse=False).filled(D(10500), D(10), NO_CHARGE).pnl(D("10670.5")) == D(-1705)


def test_breakeven_pays_both_fees() -> None:
    """2 at 100 with 0.02% in (0.04) and 0.05% out: (200 + 0.04)/(2*0.9995) = 100.070035..; it nets 0 there."""
    position = Position(1, inverse=False).filled(D(100), D(2), Charge(D("0.0002")))
    breakeven = position.breakeven(Charge(D("0.0005")))
    assert breakeven is not None
    assert round(breakeven, 8) == D("100.07003502")
    assert abs(position.net(breakeven, Charge(D("0.0005")))) < D("1e-24")


def test_a_partial_exit_leaves_the_average() -> None:
    """Half of 4 at 75 is 2 at 75 with half of the cost and half of the fees."""
    position = (
        Position(1, inverse=False).filled(D(50), D(2), Charge(D("0.001"))).filled(D(100), D(2), Charge(D("0.001")))
    )
    half = position.part(D(2))
    assert (half.quantity, half.cost, half.entry_fees) == (D(2), D(150), D("0.15"))
    assert half.average_entry == position.average_entry == D(75)


def test_slippage_worsens_takers_only() -> None:
    """0.05% of 2,660 is 1.33: a short's stop fills at 2,661.33, a long's stop entry above its level, a limit at it."""
    costs = Costs(Charge(D("0.0002")), Charge(D("0.0005")), D("0.0005"))
    assert costs.exit_price(D(2660), -1) == D("2661.33")
    assert costs.entry_price(D(2660), Order.STOP, 1) == D("2661.33")
    assert costs.entry_price(D(2660), Order.LIMIT, 1) == D(2660)
    assert costs.trigger_price(costs.exit_price(D(2660), -1), -1) == D(2660)
    assert (costs.charge(Order.LIMIT).rate, costs.charge(Order.MARKET).rate) == (D("0.0002"), D("0.0005"))
