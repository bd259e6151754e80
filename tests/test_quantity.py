"""The written forms: what is read, exactly, and what each wrong form is answered with."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaleplan.quantity.amount import (
    Money,
    SizeUnit,
    read_date,
    read_duration,
    read_money,
    read_size,
    read_symbol,
    say_duration,
)
from scaleplan.quantity.exact import same, times
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import brief, plain, read_number, read_rate, read_share, told_apart
from scaleplan.quantity.price import (
    STOP_PRICE,
    Anchor,
    Fixed,
    FromFirst,
    Reference,
    RMultiple,
    read_price,
    say_price,
)

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [("60000", D(60000)), ("0.25", D("0.25")), ("60_000", D(60000)), ("010", D(10)), ("1.50", D("1.50"))],
)
def test_numbers_are_what_was_typed(text: str, value: Decimal) -> None:
    """Digits, one point, underscores between digits; `010` is ten, for nothing here is octal."""
    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("60,000", "`60000`"),
        ("1,5", "`1.5`"),
        ("1e5", "`100000`"),
        ("1.5E-3", "`0.0015`"),
        (".5", "`0.5`"),
        ("5.", "`5`"),
        ("-5", "`5`"),
        ("\uff16\uff10", "`60`"),
        ("NaN", "write digits"),
        (".inf", "write digits"),
        ("1:30", "write digits"),
        ("no", "write digits"),
        ("1" * 40, "at most 16 digits"),
        ("0." + "1" * 40, "20 behind it"),
        ("", "write digits"),
    ],
)
def test_what_is_no_number_says_what_to_write(text: str, says: str) -> None:
    """Every other way of writing a number is a mistake whose help shows the right one."""
    found = read_number(text)
    assert isinstance(found, Mistake)
    assert says in found.help


@given(st.text(max_size=50))
def test_no_text_raises(text: str) -> None:
    """Whatever is typed, each form answers with a value or a mistake, never with an exception."""
    for read in (read_number, read_share, read_rate, read_money, read_size, read_duration, read_date, read_symbol):
        read(text)
    read_price(text, STOP_PRICE)


def test_shares_are_exact_ratios() -> None:
    """Three thirds are a whole, and a third of 900 is 300 to the last digit."""
    third = read_share("1/3")
    assert isinstance(third, Fraction)
    assert third * 3 == 1
    assert times(third, D(900)) == 300
    assert read_share("12.5%") == Fraction(1, 8)
    assert read_rate("-0.005%") == D("-0.00005")


@pytest.mark.parametrize(
    ("text", "says"), [("0.25", "`25%`"), ("25", "`25%`"), ("25 %", "`25%`"), ("1/0", "`1/3`"), ("-5%", "`5%`")]
)
def test_what_is_no_share_says_what_to_write(text: str, says: str) -> None:
    """A bare number could be a quarter or a quarter of a percent."""
    found = read_share(text)
    assert isinstance(found, Mistake)
    assert says in found.help


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("60000", Fixed(D(60000))),
        ("-1.5%", FromFirst(D("-0.015"))),
        ("+2%", FromFirst(D("0.02"))),
        ("2R", RMultiple(D(2))),
        ("-0.5R", RMultiple(D("-0.5"))),
        ("entry", Anchor(Reference.ENTRY)),
        ("breakeven", Anchor(Reference.BREAKEVEN)),
        ("tier 2", Anchor(Reference.TIER, 2)),
        ("target 1", Anchor(Reference.TARGET, 1)),
        ("entry +0.2%", Anchor(Reference.ENTRY, ratio=D("0.002"))),
        ("tier 2 -50", Anchor(Reference.TIER, 2, amount=D(-50))),
    ],
)
def test_prices_in_every_form(text: str, form: object) -> None:
    """Each form of a price is read exactly, and said again as it was typed or shorter."""
    read = read_price(text, STOP_PRICE)
    assert read == form
    assert not isinstance(read, Mistake)
    assert read_price(say_price(read), STOP_PRICE) == form


@pytest.mark.parametrize(("text", "says"), [("2%", "`+2%`"), ("0", "above zero"), ("-5", "`-5 points`")])
def test_what_is_no_price_says_what_to_write(text: str, says: str) -> None:
    """A distance needs its sign; zero and below are no prices."""
    found = read_price(text)
    assert isinstance(found, Mistake)
    assert says in found.help


def test_sizes_say_what_they_count() -> None:
    """Money, quantity, contracts, and shares of equity, margin and risk; a bare number offers the units."""
    for text, unit in (
        ("900 USDT", SizeUnit.CURRENCY),
        ("12 contracts", SizeUnit.CONTRACTS),
        ("1 lot", SizeUnit.CONTRACTS),
        ("150% equity", SizeUnit.EQUITY),
        ("500 USDT margin", SizeUnit.MARGIN),
        ("1% risk", SizeUnit.RISK),
    ):
        found = read_size(text)
        assert not isinstance(found, Mistake)
        assert found.unit is unit
    bare = read_size("900")
    assert isinstance(bare, Mistake)
    assert "`900 USDT`" in bare.help


def test_money_durations_dates_and_symbols() -> None:
    """The small forms, each with the unit that it cannot do without."""
    assert read_money("25000 USDT") == Money(D(25000), "USDT")
    assert read_money("25000") == Money(D(25000), "")
    assert [read_duration(text) for text in ("90m", "48h", "3d", "2w")] == [90, 2880, 4320, 20160]
    assert [say_duration(minutes) for minutes in (90, 2880, 4320, 60480)] == ["90m", "48h", "3d", "6w"]
    assert isinstance(read_duration("48"), Mistake)
    assert isinstance(read_date("2026-02-30"), Mistake)
    symbol = read_symbol("BTC/USDT:USDT")
    assert not isinstance(symbol, Mistake)
    assert (symbol.base, symbol.quote, symbol.settle) == ("BTC", "USDT", "USDT")


def test_figures_in_messages() -> None:
    """Rounded to eight digits, never with an exponent, and with more where two would look alike."""
    assert brief(D("54045.22334455")) == "54,045.223"
    assert brief(D("0.0000123456789")) == "0.000012345679"
    assert brief(D(1500000000)) == "1,500,000,000"
    assert plain(D("100.00")) == "100"
    assert told_apart(D("1000.000000001"), D(1000)) == ("1,000.000000001", "1,000")


def test_rounding_is_not_a_difference() -> None:
    """Results that differ at the fiftieth digit are the same; a satoshi is not nothing."""
    third = D(1) / 3
    assert same(third * 3, D(1))
    assert third * 3 != 1
    assert not same(D("1.00000001"), D(1))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("币安人生/USDT:USDT", ("币安人生", "USDT", "USDT")),
        ("हिंदी/USDT", ("हिंदी", "USDT", "")),
        ("Żółw/PLN", ("Żółw", "PLN", "")),
        ("M&M/INR", ("M&M", "INR", "")),
        ("ES1!/USD:USD", ("ES1!", "USD", "USD")),
        ("EURUSD=X/USD", ("EURUSD=X", "USD", "")),
        ("XYZ:TSLA/USDC:USDC", ("XYZ:TSLA", "USDC", "USDC")),
        ("BRK.B/USD", ("BRK.B", "USD", "")),
        ("A_B-C/USD-C:USD-C", ("A_B-C", "USD-C", "USD-C")),
        ("A/USD-C:USD-C-260327", ("A", "USD-C", "USD-C")),
        ("BTC/USD:BTC-260327-60000-C", ("BTC", "USD", "BTC")),
    ],
)
def test_names_as_venues_write_them(text: str, parts: tuple[str, str, str]) -> None:
    """Letters of any script, digits and a few signs stand in a symbol; an expiry is no part of what it settles in."""
    symbol = read_symbol(text)
    assert not isinstance(symbol, Mistake)
    assert symbol[:3] == parts
    size = read_size(f"5 {parts[0]}")
    assert not isinstance(size, Mistake)
    assert size.currency == parts[0]


@pytest.mark.parametrize(
    "text", ["BTC/USDT/X", "A B/USDT", "“A”/USDT", "€/USDT", "A$/USDT", "&A/USDT", "A/B:C:D", "😀/USDT"]
)
def test_what_no_venue_writes_is_no_symbol(text: str) -> None:
    """Blanks, quotation marks and signs of money are no letters."""
    assert isinstance(read_symbol(text), Mistake)


@pytest.mark.parametrize("text", ["5000 €", "5 $", "60 000", "5 5"])
def test_what_is_no_name_counts_nothing(text: str) -> None:
    """A sign of money is no currency's name, and digits alone are none either."""
    assert isinstance(read_size(text), Mistake)
    assert isinstance(read_money(text), Mistake)
