"""The liquidation solver against worked figures: brackets, both bases, linear and inverse, none and unknown."""

from decimal import Decimal

import pytest

from scaleplan.engine.margin import (
    Answer,
    Liquidation,
    bankruptcy_price,
    liquidation,
    maintenance_margin,
    with_bankruptcy_fee,
)
from scaleplan.engine.position import NO_CHARGE, Position
from scaleplan.plan import Bracket, BracketBy, MaintenanceOn, MarginModel

D = Decimal

#: Binance USD-M brackets of 2024-10-24 as published through its leverageBracket endpoint: up to, rate, deduction.
BTCUSDT = (
    (50000, "0.004", 0),
    (600000, "0.005", 50),
    (3000000, "0.0065", 950),
    (12000000, "0.01", 11450),
    (70000000, "0.02", 131450),
)


def model(
    *brackets: tuple[int | None, str, int],
    on: MaintenanceOn = MaintenanceOn.MARK,
    by: BracketBy = BracketBy.NOTIONAL,
    closing_fee: str = "0",
) -> MarginModel:
    """A margin model with the given brackets."""
    rows = tuple(
        Bracket(None if up_to is None else D(up_to), D(rate), D(deduction)) for up_to, rate, deduction in brackets
    )
    return MarginModel("test", "", "", on, by, rows, D(closing_fee))


def linear(sign: int, quantity: str, price: str) -> Position:
    """A linear position of one fill without fees."""
    return Position(sign, inverse=False).filled(D(price), D(quantity), NO_CHARGE)


def inverse(sign: int, value: str, price: str) -> Position:
    """An inverse position of one fill without fees."""
    return Position(sign, inverse=True).filled(D(price), D(value), NO_CHARGE)


@pytest.mark.parametrize(
    ("sign", "quantity", "price", "leverage", "expected"),
    [
        # Entry value 620,000 lies in bracket 3, the value at liquidation in bracket 2:
        # (620000 - 62000 - 50) / (10 * 0.995) = 557950 / 9.95 = 56,075.38
        (1, "10", "62000", 10, "56075.38"),
        # 589,000 at entry is bracket 2; at liquidation bracket 3: (589000 + 117800 + 950) / (9.5 * 1.0065) = 74,018.88
        (-1, "9.5", "62000", 5, "74018.88"),
        # 12.4 M is bracket 5 at entry, bracket 4 at the end: (12400000 - 2480000 - 11450) / (200 * 0.99) = 50,043.18
        (1, "200", "62000", 5, "50043.18"),
    ],
)
def test_brackets_are_looked_up_at_the_liquidation_price(
    sign: int, quantity: str, price: str, leverage: int, expected: str
) -> None:
    """With brackets on mark value, the bracket of the value at liquidation decides, not that of the entry."""
    position = linear(sign, quantity, price)
    found = liquidation(position, model(*BTCUSDT), position.cost / leverage, D(0), None)
    assert found.price is not None
    assert round(found.price, 2) == D(expected)


def test_entry_basis_is_the_textbook_shortcut() -> None:
    """On entry value with margin 1/L and no deduction: E*(1 - 1/L + m) = 20000*(1 - 0.02 + 0.005)."""
    position = linear(1, "1", "20000")
    found = liquidation(position, model((None, "0.005", 0), on=MaintenanceOn.ENTRY), D(400), D(0), None)
    assert found.price == D(19700)


def test_entry_and_mark_differ_as_the_venue_that_publishes_both_says() -> None:
    """20 ETH at 1,000 with 10,000 behind them and 1%: 510 on entry value, 505.05 on mark value (10000/19.8)."""
    position = linear(1, "20", "1000")
    on_entry = liquidation(position, model((None, "0.01", 0), on=MaintenanceOn.ENTRY), D(10000), D(0), None)
    on_mark = liquidation(position, model((None, "0.01", 0)), D(10000), D(0), None)
    assert on_entry.price == D(510)
    assert on_mark.price is not None
    assert round(on_mark.price, 2) == D("505.05")


def test_closing_fee_and_reserve_bring_liquidation_nearer() -> None:
    """A long of 1 at 100 with 10 behind it, 1% and 0.1% closing fee, 0.5 held back: (100 - 10 + 0.5)/(1 - .011)."""
    position = linear(1, "1", "100")
    found = liquidation(position, model((None, "0.01", 0), closing_fee="0.001"), D(10), D("0.5"), None)
    assert found.price is not None
    assert round(found.price, 6) == D("91.506572")  # 90.5 / 0.989


def test_inverse_long_and_short() -> None:
    """10,000 USD at 8,000, 50x and 0.5% of entry value: 8000*50/(50 + 1 - 0.25) and 8000*50/(50 - 1 + 0.25)."""
    entry = model((None, "0.005", 0), on=MaintenanceOn.ENTRY)
    long = inverse(1, "10000", "8000")
    short = inverse(-1, "10000", "8000")
    at_long = liquidation(long, entry, long.cost / 50, D(0), None).price
    at_short = liquidation(short, entry, short.cost / 50, D(0), None).price
    assert at_long is not None
    assert at_short is not None
    assert round(at_long, 4) == D("7881.7734")  # 400000 / 50.75
    assert round(at_short, 4) == D("8121.8274")  # 400000 / 49.25


def test_covered_to_zero_has_no_liquidation() -> None:
    """A long at 1x, and an inverse short at 1x, cannot be liquidated; a linear short always can."""
    plain = model((None, "0.005", 0))
    long, short = linear(1, "1", "100"), linear(-1, "1", "100")
    coin_short = inverse(-1, "10000", "8000")
    assert liquidation(long, plain, long.cost, D(0), None).answer is Answer.NONE
    assert liquidation(coin_short, plain, coin_short.cost, D(0), None).answer is Answer.NONE
    found = liquidation(short, plain, short.cost, D(0), None)
    assert found.answer is Answer.PRICE
    assert found.price is not None
    assert round(found.price, 4) == D("199.0050")  # (100 + 100) / 1.005


def test_brackets_by_contracts_take_the_whole_position() -> None:
    """By contracts nothing is deducted: 300 contracts of 0.01 in the 1% bracket, 5x: 100*0.8/0.99 each."""
    by_contracts = model((200, "0.005", 0), (None, "0.01", 0), by=BracketBy.CONTRACTS)
    position = linear(1, "3", "100")
    found = liquidation(position, by_contracts, position.cost / 5, D(0), D("0.01"))
    assert found.bracket == 2
    assert found.price is not None
    assert round(found.price, 6) == D("80.808081")  # 80 / 0.99


def test_notional_brackets_of_an_inverse_position_do_not_move_with_price() -> None:
    """20,000 USD inverse with 0.5% to 10,000 and 1% beyond: 50 + 100 = 150 USD, 0.75% of any value of the position."""
    brackets = model((10000, "0.005", 0), (None, "0.01", 50))
    position = inverse(1, "20000", "10000")
    # 2 coin at entry; the maintenance margin is 0.75% of the value at the price: 20000/8000 = 2.5 coin -> 0.01875.
    assert maintenance_margin(position, brackets, D(8000), None) == D("0.01875")


def test_bankruptcy_is_where_margin_and_loss_sum_to_nothing() -> None:
    """E*(1 - 1/L) for linear, E/(1 + 1/L) for an inverse long: 10,000 at 50x gives 9,800 and 28,000 gives 27,450.98."""
    linear_long = linear(1, "1", "10000")
    inverse_long = inverse(1, "1", "28000")
    assert bankruptcy_price(linear_long, linear_long.cost / 50) == D(9800)
    found = bankruptcy_price(inverse_long, inverse_long.cost / 50)
    assert found is not None
    assert round(found, 2) == D("27450.98")


def test_a_fee_kept_beside_the_margin_stands_behind_the_position() -> None:
    """500 at 0.4, 5x: 40 of margin and 0.06% of the 160 that it is worth at 0.32, which is 0.096.

    40.096 + 500 P - 200 = 0.01 * 500 P + 0.0006 * 500 P at P = 159.904/494.7 = 0.323234 (Phemex's page prints 0.3232).
    """
    held = linear(1, "500", "0.4")
    terms = model((None, "0.01", 0), closing_fee="0.0006")._replace(bankruptcy_fee=D("0.0006"))
    margin = with_bankruptcy_fee(held, terms, D(40))
    assert margin == D("40.096")
    found = liquidation(held, terms, margin, D(0), None)
    assert found.price is not None
    assert round(found.price, 6) == D("0.323234")


def test_a_short_leaves_the_table_on_its_way() -> None:
    """1 sold at 60,000 with 20,000 behind it and 0.5%: 80000/1.005 = 79,601.99, where it is worth as much."""
    position = linear(-1, "1", "60000")

    def found(end: int) -> Liquidation:
        return liquidation(position, model((end, "0.005", 0)), D(20000), D(0), None)

    assert found(65000) == Liquidation(Answer.UNKNOWN, past_end=True, not_before=D(65000))
    assert found(79601) == Liquidation(Answer.UNKNOWN, past_end=True, not_before=D(79601))
    inside = found(79602)
    assert inside.price is not None
    assert round(inside.price, 2) == D("79601.99")
    assert found(59999) == Liquidation(Answer.UNKNOWN, past_end=True)
    # The last of several brackets: a deduction of 325 = 65000 * 0.5% moves it to 80325/1.01 = 79,529.70.
    two = liquidation(position, model((65000, "0.005", 0), (70000, "0.01", 325)), D(20000), D(0), None)
    assert two.not_before == D(70000)
    open_end = liquidation(position, model((65000, "0.005", 0), (None, "0.01", 325)), D(20000), D(0), None)
    assert open_end.price is not None
    assert round(open_end.price, 2) == D("79529.70")


def test_a_long_does_not_leave_the_table_on_its_way() -> None:
    """Its value falls: only at entry can it be past the end. 40000/0.995 = 40,201.01."""
    position = linear(1, "1", "60000")
    inside = liquidation(position, model((60000, "0.005", 0)), D(20000), D(0), None)
    assert inside.price is not None
    assert round(inside.price, 2) == D("40201.01")
    past = liquidation(position, model((59999, "0.005", 0)), D(20000), D(0), None)
    assert past == Liquidation(Answer.UNKNOWN, past_end=True)


def test_an_inverse_long_leaves_the_table_and_a_short_does_not() -> None:
    """60,000 USD at 60,000 are 1 coin, with 0.5 behind it: a long would be worth 1.5/1.005, past the 1.2 at 50,000.

    A short would be worth 0.5/0.995 = 0.5025: 119,400.
    """
    coins = model((1, "0.005", 0), by=BracketBy.COIN)
    coins = coins._replace(brackets=(coins.brackets[0]._replace(up_to=D("1.2")),))
    found = liquidation(inverse(1, "60000", "60000"), coins, D("0.5"), D(0), None)
    assert found == Liquidation(Answer.UNKNOWN, past_end=True, not_before=D(50000))
    short = liquidation(inverse(-1, "60000", "60000"), coins, D("0.5"), D(0), None)
    assert short.price == D(119400)
    # In USD its size does not move with price.
    dollars = model((60000, "0.005", 0))
    assert liquidation(inverse(1, "60000", "60000"), dollars, D("0.5"), D(0), None).answer is Answer.PRICE
    assert liquidation(inverse(1, "60001", "60000"), dollars, D("0.5"), D(0), None).past_end


@pytest.mark.parametrize("sign", [1, -1])
def test_what_price_does_not_move_is_past_the_end_at_entry_alone(sign: int) -> None:
    """9,000 contracts where the table ends at 6,000 are unknown whatever price does; 6,000 are not.

    By entry value a short of 60,000 stays in a table that ends at 65,000: 60000 + 20000 - 300 = 79,700.
    """
    contracts = model((6000, "0.01", 0), by=BracketBy.CONTRACTS)
    past = liquidation(linear(sign, "9000", "1"), contracts, D(1800), D(0), None)
    assert past == Liquidation(Answer.UNKNOWN, past_end=True)
    assert liquidation(linear(sign, "6000", "1"), contracts, D(1200), D(0), None).answer is Answer.PRICE
    entry = model((65000, "0.005", 0), on=MaintenanceOn.ENTRY)
    found = liquidation(linear(sign, "1", "60000"), entry, D(20000), D(0), None)
    assert found.price == (D(40300) if sign > 0 else D(79700))
