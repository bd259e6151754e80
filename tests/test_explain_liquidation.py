"""`explain-liquidation`: every number of a liquidation price by hand, both sides of the sum, what the shortcut says."""

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaleplan.cli.reply import ExitCode
from scaleplan.engine.margin import Answer
from scaleplan.ladder import climb
from scaleplan.ladder.explanation import Explanation, Fixing, MarginSource, Missing, explanation
from scaleplan.plan import Bracket, BracketBy, MaintenanceOn, MarginModel, Plan
from scaleplan.report.visible import cells
from tests.given import UNREADABLE_PLAN, drawn, file, plan_of
from tests.running import ROOT, joined, outcome, screen_of

D = Decimal

#: The brackets that Binance published for BTCUSDT on 2024-10-24, the first five.
BRACKETS = (
    "[{up_to: 50000, rate: 0.4%}, {up_to: 600000, rate: 0.5%}, {up_to: 3000000, rate: 0.65%},"
    " {up_to: 12000000, rate: 1%}, {up_to: 70000000, rate: 2%}]"
)
#: Ten BTC from 62,000 at 10x.
TEN = f"""\
symbol: BTC/USDT:USDT
side: long
leverage: 10
venue: {{name: a venue, as_of: 2024-10-24, maintenance: {BRACKETS}}}
size: 10 BTC
tiers: [62000]
stop: 58000
"""
TWO_TIERS = """\
symbol: BTC/USDT:USDT
side: long
leverage: 10
fees: {maker: 0.02%, taker: 0.05%}
size: 1 BTC
tiers: [50% at 60000, 50% at 58000]
stop: 57000
"""
INVERSE = """\
symbol: BTC/USD:BTC
side: long
leverage: 50
venue: {maintenance: 0.5%, maintenance_on: entry, name: a venue}
size: 10000 USD
tiers: [8000]
stop: 7950
"""
WIDTHS = (40, 60, 80, 160)


def explained(plan: Plan | str, tier: int | None = None) -> Explanation:
    """The explanation of a plan after a tier, else after the last."""
    read = plan_of(plan) if isinstance(plan, str) else plan
    ladder = climb(read)
    return explanation(read, ladder, tier or len(ladder.steps))


def said(text: str, *options: str, width: int = 80, folder: Path) -> str:
    """What the command prints of a plan given as text."""
    return outcome("explain-liquidation", file(folder, text), *options, screen=screen_of(width)).out


def near(value: Decimal | None, expected: str) -> bool:
    """Whether a figure, rounded to the digits expected, is what was reckoned by hand."""
    assert value is not None
    digits = len(expected.partition(".")[2])
    return round(value, digits) == D(expected)


# By hand


def test_every_bracket_is_solved_and_the_nearest_price_decides() -> None:
    """Each bracket's (620000 - 62000 - deduction) / (10 * (1 - rate)); the largest of these is a long's nearest."""
    told = explained(TEN)
    assert told.fixing is Fixing.MARK
    # 558000/9.96, 557950/9.95, 557050/9.935, 546550/9.9, 426550/9.8
    expected = ("56024.10", "56075.38", "56069.45", "55207.07", "43525.51")
    assert all(near(row.price, price) for row, price in zip(told.brackets, expected, strict=True))
    assert [row.number for row in told.brackets if row.decides] == [2]
    # Ten times the prices: 560,240.96 is past 50,000; 560,753.77 in 50,000 to 600,000; 560,694.51 below 600,000 ...
    assert [row.number for row in told.brackets if row.inside] == [2]
    assert [row.above for row in told.brackets[:3]] == [0, 50000, 600000]
    assert [row.up_to for row in told.brackets[:3]] == [50000, 600000, 3000000]
    assert [row.deduction for row in told.brackets[:3]] == [0, 50, 950]


def test_the_sum_is_shown_with_all_its_numbers() -> None:
    """62,000 - 10 * (62,000 - 56,075.37688...) = 2,753.77 on the one side, 0.5% of 560,753.77 - 50 on the other."""
    check = explained(TEN).check
    assert check is not None
    assert check.margin == 62000
    assert near(check.value, "560753.7688")  # 10 * 557950 / 9.95
    assert near(check.pnl, "-59246.2312")
    assert near(check.held, "2753.7688")
    assert near(check.asked, "2753.7688")
    assert (check.number, check.rate, check.deduction) == (2, D("0.005"), D(50))
    assert check.closing_fee == check.reserve == 0


def test_the_shortcut_is_told_with_both_rates_that_calculators_take() -> None:
    """62,000 * (0.9 + 0.004) = 56,048, 27.38 too far; with the entry's 0.65% 56,203, 127.62 too near."""
    first, entry = explained(TEN).shortcuts
    assert (first.number, first.price, entry.number, entry.price) == (1, D(56048), 3, D(56203))
    assert near(first.off, "27.3769")
    assert near(first.off_fraction, "0.000488")  # 27.3769 / 56075.3769
    assert near(entry.off, "-127.6231")


def test_the_words_say_the_same(tmp_path: Path) -> None:
    """The steps of the page, each with the numbers above."""
    text = joined(said(TEN, folder=tmp_path))
    for part in (
        # (62000 - 56075.38)/62000 = 9.55...%, (58000 - 56075.38)/58000 = 3.31...%: both down
        "liquidated at 56,075.38 after tier 1 of 1, 9.5% from that tier's 62,000.00, 3.3% past the stop at 58,000.00",
        "1 position 10.00 at 62,000.00 = 10 BTC, average 62,000.00, worth 620,000.00 USDT there",
        "2 margin value 620,000.00 / 10 = 62,000.00 USDT",
        "62,000.00 + 10.00 x (P - 62,000.00) = rate x 10.00 x P - deduction",
        "the price nearest the entry holds: bracket 2, in whose range the value there, 560,753.77, lies",
        "the entry's own value, 620,000.00, lies in bracket 3",
        "margin + P&L is 62,000.00 - 59,246.23 = 2,753.77; asked for is 0.5% x 560,753.77 - 50 = 2,753.77",
        "55,800.00, where margin + P&L is 0",  # 62,000 * 0.9
        "1,924.62 of price behind the stop at 58,000.00",  # 58,000 - 56,075.38
        "with 0.4% (bracket 1) 56,048.00, 27.38 (0.05%) too far, which is optimistic",
        "with 0.65% (bracket 3, the entry's) 56,203.00, 127.62 (0.23%) too near",
        "a venue, as of 2024-10-24, 21 months old",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("basis", "price", "off"),
    [
        # BitMEX's own example: 20 ETH at 1,000 with 10,000 behind them and 1% of the value at entry.
        ("entry", "510.0000", "0.0000"),
        # On mark value 10,000 / 19.8; the shortcut, 1000 * (1 - 1/2 + 0.01), lies 510 - 505.0505 too near.
        ("mark", "505.0505", "-4.9495"),
    ],
)
def test_entry_value_is_where_the_shortcut_is_right(basis: str, price: str, off: str) -> None:
    """On entry value the shortcut says the price itself, on mark value another."""
    told = explained(
        "symbol: ETH/USDT:USDT\nside: long\nleverage: 2\nsize: 20 ETH\ntiers: [1000]\nstop: 900\n"
        f"venue: {{name: a venue, maintenance: 1%, maintenance_on: {basis}}}\n"
    )
    assert near(told.standing.liquidation.price, price)
    assert told.shortcuts[0].price == 510
    assert near(told.shortcuts[0].off, off)


@pytest.mark.parametrize(
    ("side", "stop", "price"),
    # 8000 * 50 / (50 + 1 - 0.005 * 50) = 400000 / 50.75, and 400000 / (50 - 1 + 0.25)
    [("long", "7950", "7881.7734"), ("short", "8050", "8121.8274")],
)
def test_inverse_contracts_have_a_shortcut_of_their_own(
    side: str, stop: str, price: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On entry value the inverse shortcut, too, says the price itself."""
    text = INVERSE.replace("long", side).replace("7950", stop)
    told = explained(text)
    assert near(told.standing.liquidation.price, price)
    assert near(told.shortcuts[0].price, price)
    page = joined(said(text, folder=tmp_path))
    ways = "L + 1 - rate x L" if side == "long" else "L - 1 + rate x L"
    assert f"E x L / ({ways}): with 0.5% the same, {D(price).quantize(D('0.01')):,}" in page


def test_cross_margin_is_the_account() -> None:
    """20,000 - 1,000 reserved - 0.02% of 59,000 paid = 18,988.20; (59,000 - 18,988.2) / 0.995 = 40,212.86."""
    told = explained(TWO_TIERS + "margin_mode: cross\naccount: {equity: 20000, reserved: 1000}\nmaintenance: 0.5%\n")
    assert (told.backing.ground, told.backing.amount) == (MarginSource.ACCOUNT, D("18988.2"))
    assert near(told.standing.liquidation.price, "40212.86")
    assert told.standing.bankruptcy_price == D("40011.8")
    assert told.check is not None
    assert told.check.margin == D("18988.2")


def test_extra_margin_closing_fee_and_reserve_stand_in_the_sum() -> None:
    """After tier 1: 0.5 BTC, 3,000 + 100 behind it; (30000 - 3100 + 5) / (0.5 * (1 - 0.005 - 0.0006)) = 54,113.03."""
    told = explained(
        TWO_TIERS + "extra_margin: 100\nvenue: {name: a venue, maintenance: 0.5%, closing_fee: 0.06%, reserve: 5}\n",
        tier=1,
    )
    assert (told.tier, told.tiers, told.backing.amount) == (1, 2, D(3100))
    assert near(told.standing.liquidation.price, "54113.03")  # 26905 / 0.4972
    assert told.check is not None
    assert near(told.check.maintenance, "135.2826")  # 0.5% of 27056.5165
    assert near(told.check.closing_fee, "16.2339")  # 0.06% of it
    assert told.check.reserve == 5


def test_brackets_by_contracts_are_fixed(tmp_path: Path) -> None:
    """300 contracts of 0.01 take bracket 2's 1% whole: 100 * 0.8 / 0.99; the shortcut with 0.5% says 80.50."""
    text = (
        "symbol: ABC/USDT:USDT\nside: long\nleverage: 5\nsize: 300 contracts\ntiers: [100]\nstop: 90\n"
        "instrument: {contract_size: 0.01}\n"
        "venue: {name: v, bracket_by: contracts, maintenance: [{up_to: 200, rate: 0.5%}, {rate: 1%}]}\n"
    )
    told = explained(text)
    assert told.fixing is Fixing.CONTRACTS
    (row,) = told.brackets
    assert (row.number, row.above, row.up_to, row.measured) == (2, D(200), None, D(300))
    assert (row.inside, row.decides) == (True, True)
    assert near(row.price, "80.808081")
    assert [shortcut.price for shortcut in told.shortcuts] == [D("80.5"), D(81)]
    page = joined(said(text, folder=tmp_path))
    assert "by the number of contracts, 300, which the price does not move: bracket 2 (above 200)" in page
    assert "the whole position takes its 1% of the value at P" in page


def test_brackets_of_the_entry_value_are_fixed() -> None:
    """620,000 at entry is bracket 3: 0.65% of it less 950 = 3,080; 62,000 - (62,000 - 3,080)/10 = 56,108."""
    told = explained(TEN.replace("name: a venue", "name: a venue, maintenance_on: entry"))
    assert told.fixing is Fixing.ENTRY
    (row,) = told.brackets
    assert (row.number, row.measured, row.price) == (3, D(620000), D(56108))


def test_a_bracket_unit_that_price_does_not_move() -> None:
    """20,000 USD, 0.5% to 10,000 and 1% beyond: 50 + 100 = 150 USD, 0.75% of any value of an inverse position."""
    told = explained(
        "symbol: BTC/USD:BTC\nside: long\nleverage: 10\nsize: 20000 USD\ntiers: [10000]\nstop: 9500\n"
        "venue: {name: v, maintenance: [{up_to: 10000, rate: 0.5%}, {rate: 1%}]}\n"
    )
    assert told.fixing is Fixing.NOTIONAL
    assert told.brackets[0].measured == 20000
    assert told.check is not None
    assert told.check.rate == D("0.0075")
    # 0.2 coin behind 2; worth at P: (2 + 0.2) / (1 + 0.0075) coin
    assert near(told.standing.liquidation.price, "9159.0909")  # 20000 * 1.0075 / 2.2


def test_a_fixed_maintenance_for_each_contract() -> None:
    """Two contracts of 5 at 2,900, 500 opens and 400 keeps each: 2900 - (1000 - 800) / 10 = 2,880; no shortcut."""
    plan = plan_of(
        "symbol: ES/USD:USD\nside: long\nleverage: 10\nsize: 2 contracts\ntiers: [2900]\nstop: 2890\n"
        "maintenance: 1%\ninstrument: {contract_size: 5}\n"
    )
    fixed = MarginModel(
        "broker",
        "",
        "",
        MaintenanceOn.ENTRY,
        BracketBy.NOTIONAL,
        (Bracket(None, D(0), D(0)),),
        per_contract=D(400),
    )
    told = explained(plan._replace(margin=fixed, initial_per_contract=D(500)))
    assert told.fixing is Fixing.PER_CONTRACT
    assert (told.backing.ground, told.backing.contracts, told.backing.amount) == (MarginSource.CONTRACTS, D(2), D(1000))
    assert told.standing.liquidation.price == 2880
    assert told.check is not None
    assert (told.check.held, told.check.asked) == (D(800), D(800))
    assert told.shortcuts == ()
    assert told.brackets == ()


# The other answers


def test_none_is_proved_at_the_far_end(tmp_path: Path) -> None:
    """At 1x a long's margin is its value: at a price of 0 nothing is left and nothing asked for; the shortcut errs."""
    text = TWO_TIERS.replace("leverage: 10", "leverage: 1") + "maintenance: 0.5%\n"
    told = explained(text)
    assert told.standing.liquidation.answer is Answer.NONE
    assert told.check is not None
    assert (told.check.price, told.check.held, told.check.asked) == (D(0), D(0), D(0))
    page = joined(said(text, folder=tmp_path))
    assert "no liquidation after tier 2 of 2: the margin covers the position down to a price of 0" in page
    assert "at a price of 0, margin + P&L, 59,000.00 - 59,000.00 = 0.00, is no less than what is asked for" in page
    # The shortcut takes 0.5% of 59,000.
    assert "with 0.5% 295.00, where there is none" in page


def test_none_of_an_inverse_short(tmp_path: Path) -> None:
    """An inverse short at 1x holds the coin that it has sold: no price is too high."""
    text = INVERSE.replace("long", "short").replace("leverage: 50", "leverage: 1").replace("7950", "8050")
    text = text.replace("maintenance_on: entry, ", "")
    told = explained(text)
    assert told.standing.liquidation.answer is Answer.NONE
    assert told.check is not None
    assert (told.check.price, told.check.value, told.check.held) == (None, D(0), D(0))
    page = joined(said(text, folder=tmp_path))
    assert "the margin covers the position however high the price goes" in page
    assert "where price is so high that the position is worth nothing" in page


def test_unknown_says_what_is_missing(tmp_path: Path) -> None:
    """Without a rate the bankruptcy price is the latest, 59,000 * 0.9; cross without equity has not even that."""
    told = explained(TWO_TIERS)
    assert (told.missing, told.check, told.brackets, told.shortcuts) == ((Missing.MAINTENANCE,), None, (), ())
    page = joined(said(TWO_TIERS, folder=tmp_path))
    assert "liquidation n/a after tier 2 of 2: no maintenance rate; write `maintenance:` or `venue:`" in page
    assert "53,100.00, where margin + P&L is 0: liquidated no later than there" in page
    crossed = TWO_TIERS + "margin_mode: cross\n"
    assert explained(crossed).missing == (Missing.MAINTENANCE, Missing.EQUITY)
    page = joined(said(crossed + "maintenance: 0.5%\n", folder=tmp_path))
    assert "liquidation n/a after tier 2 of 2: cross margin needs `equity` under `account:`" in page
    assert "nobody can tell yet" in page


def test_spot_has_none(tmp_path: Path) -> None:
    """Spot is bought outright, and the page says no more than that."""
    text = "symbol: SOL/USDT\nside: long\nsize: 900 USDT\ntiers: [150, 140, 130]\nstop: 118\n"
    told = explained(text)
    assert (told.check, told.missing, told.shortcuts) == (None, (), ())
    page = joined(said(text, folder=tmp_path))
    assert "no liquidation after tier 3 of 3: spot is bought outright" in page
    assert "equation" not in page


def test_liquidated_at_once(tmp_path: Path) -> None:
    """200x posts 0.5% of 59,000 = 295, and 2% is asked for: (59000 - 295) / 0.98 = 59,903.06 is above the average."""
    text = TWO_TIERS.replace("leverage: 10", "leverage: 200") + "maintenance: 2%\n"
    told = explained(text)
    assert told.at_once
    page = joined(said(text, folder=tmp_path))
    assert "liquidated at once after tier 2 of 2: at 59,903.06, not on the losing side of the average 59,000.00" in page
    assert not explained(TEN).at_once


def test_before_the_stop_it_says_so(tmp_path: Path) -> None:
    """A stop at 56,000 lies behind 56,075.38: the stop never comes."""
    page = joined(said(TEN.replace("58000", "56000"), folder=tmp_path))
    assert "before the stop at 56,000.00" in page
    assert "75.38 of price before the stop at 56,000.00, which never comes" in page


def test_past_the_last_bracket_it_says_so(tmp_path: Path) -> None:
    """Where the data end below the position nobody knows what is asked for, and the page says that."""
    text = TEN.replace(BRACKETS, "[{up_to: 50000, rate: 0.4%}, {up_to: 500000, rate: 0.5%}]")
    page = joined(said(text, folder=tmp_path))
    assert "past the last bracket; the brackets end at 500,000 USDT" in page


# Laws


@st.composite
def models(draw: st.DrawFn, *, inverse: bool) -> MarginModel:
    """A margin model with brackets that reach far enough: the last is open."""
    ends = sorted(draw(st.sets(st.integers(1, 400), min_size=1, max_size=5)))
    rates = sorted(draw(st.lists(st.integers(1, 90), min_size=len(ends) + 1, max_size=len(ends) + 1)))
    unit = D("0.01") if inverse else D(1000)
    brackets: list[Bracket] = []
    for number, rate in enumerate(rates):
        ratio = D(rate) / 1000
        deduction = D(0)
        if brackets:
            deduction = brackets[-1].deduction + (brackets[-1].up_to or D(0)) * (ratio - brackets[-1].rate)
        brackets.append(Bracket(ends[number] * unit if number < len(ends) else None, ratio, deduction))
    return MarginModel(
        "drawn",
        "",
        "",
        draw(st.sampled_from(MaintenanceOn)),
        BracketBy.COIN if inverse else BracketBy.NOTIONAL,
        tuple(brackets),
        closing_fee=D(draw(st.integers(0, 10))) / 10000,
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of two or three tiers, linear or inverse, long or short, with a drawn model."""
    inverse, long = draw(st.booleans()), draw(st.booleans())
    first = draw(st.integers(9000, 11000))
    steps = draw(st.lists(st.integers(1, 200), min_size=1, max_size=2))
    prices = [first]
    for step in steps:
        prices.append(prices[-1] - step if long else prices[-1] + step)
    stop = prices[-1] - 50 if long else prices[-1] + 50
    symbol, size = ("BTC/USD:BTC", "USD") if inverse else ("BTC/USDT:USDT", "USDT")
    plan = plan_of(
        f"symbol: {symbol}\nside: {'long' if long else 'short'}\nleverage: {draw(st.integers(1, 40))}\n"
        f"size: {draw(st.integers(100, 400000))} {size}\ntiers: {prices}\nstop: {stop}\nmaintenance: 1%\n"
    )
    return plan._replace(margin=draw(models(inverse=inverse)))


@settings(max_examples=drawn(100, 200), deadline=None, database=None, derandomize=True)
@given(plan=plans(), tier=st.integers(1, 2))
def test_both_sides_of_the_sum_are_equal(plan: Plan, tier: int) -> None:
    """At every liquidation price margin and P&L are what the venue asks for, reckoned here with exact fractions."""
    told = explained(plan, tier)
    check, price = told.check, told.standing.liquidation.price
    assert check is not None
    assert plan.margin is not None
    assume(price is not None)
    assert check.price == price
    sign, quantity = plan.sign, Fraction(told.position.quantity)
    spent = sum((Fraction(fill.quantity) / Fraction(fill.price) for fill in told.fills), Fraction(0))
    inverse = told.position.inverse
    worth = quantity / Fraction(price or 0) if inverse else quantity * Fraction(price or 0)
    cost = spent if inverse else sum((Fraction(f.quantity) * Fraction(f.price) for f in told.fills), Fraction(0))
    pnl = sign * (cost - worth) if inverse else sign * (worth - cost)
    taken = worth if plan.margin.maintenance_on is MaintenanceOn.MARK else cost
    margin = cost / Fraction(plan.leverage)
    asked = max(Fraction(b.rate) * taken - Fraction(b.deduction) for b in plan.margin.brackets)
    asked += Fraction(plan.margin.closing_fee) * worth
    small = Fraction(1, 10**30)
    assert abs(margin + pnl - asked) < small
    assert abs(Fraction(check.held) - Fraction(check.asked)) < small
    assert abs(Fraction(check.asked) - asked) < small


@settings(max_examples=drawn(100, 200), deadline=None, database=None, derandomize=True)
@given(plan=plans())
def test_the_bracket_that_decides_holds_the_value(plan: Plan) -> None:
    """The nearest price and the bracket in whose range the value there lies are one and the same."""
    told = explained(plan)
    assume(told.standing.liquidation.price is not None)
    (row,) = (row for row in told.brackets if row.decides)
    assert row.price == told.standing.liquidation.price
    # Where two brackets meet both say the same price; a difference of the fiftieth digit is none.
    assert row.measured is not None
    slack = row.measured * D("1e-40")
    assert row.above - slack <= row.measured
    assert row.up_to is None or row.measured <= row.up_to + slack


def test_of_brackets_with_one_rate_the_one_that_holds_the_value_decides() -> None:
    """Some tables lower the leverage and keep the rate: 560,804.02 lies in the second bracket of 0.5%."""
    told = explained(TEN.replace(BRACKETS, "[{up_to: 50000, rate: 0.5%}, {up_to: 600000, rate: 0.5%}, {rate: 1%}]"))
    # (620000 - 62000) / 9.95 for both
    assert [(row.number, row.inside) for row in told.brackets if row.decides] == [(2, True)]
    assert near(told.standing.liquidation.price, "56080.40")


@settings(max_examples=100, deadline=None, database=None, derandomize=True)
@given(plan=plans())
def test_without_liquidation_the_far_end_is_covered(plan: Plan) -> None:
    """Where there is none, margin and P&L are enough even where the position is worth nothing."""
    told = explained(plan._replace(leverage=D(1)))
    assume(told.standing.liquidation.answer is Answer.NONE)
    assert told.check is not None
    assert told.check.held >= told.check.asked


# The command


def test_the_last_tier_unless_one_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--tier` counts from 1 as everywhere; what there is not is wrong usage, and how many there are is said."""
    monkeypatch.chdir(ROOT)
    plan = "plans/range-short.yaml"
    assert "after tier 3 of 3" in outcome("explain-liquidation", plan).out
    assert "after tier 1 of 3" in outcome("explain-liquidation", plan, "--tier", "1").out
    for wrong in ("0", "4", "-1"):
        missed = outcome("explain-liquidation", plan, "--tier", wrong)
        assert (missed.code, missed.out) == (ExitCode.USAGE, "")
        assert f"there is no tier {wrong}: the plan has 3 tiers" in missed.talk
    assert outcome("explain-liquidation", plan, "--tier", "two").code == ExitCode.USAGE


def test_exit_codes_are_those_of_show(tmp_path: Path) -> None:
    """1 for a plan that cannot be read, told beside and not shown; 1 with figures where rules speak; 3 for no file."""
    unreadable = tmp_path / "plan.yaml"
    unreadable.write_text(UNREADABLE_PLAN, encoding="utf-8")
    found = outcome("explain-liquidation", str(unreadable))
    assert (found.code, found.out) == (ExitCode.ERRORS, "")
    assert "SP" in found.talk
    record = json.loads(outcome("explain-liquidation", str(unreadable), "--format", "json").out)
    assert (record["explanation"], bool(record["diagnostics"])) == (None, True)
    unreadable.write_text(TEN.replace("58000", "56000"), encoding="utf-8")
    found = outcome("explain-liquidation", str(unreadable))
    assert found.code == ExitCode.ERRORS
    assert "liquidated at 56,075.38" in found.out
    assert "SP401" in found.talk
    assert outcome("explain-liquidation", str(tmp_path / "none.yaml")).code == ExitCode.REFUSED
    assert outcome("explain-liquidation", str(tmp_path)).code == ExitCode.REFUSED


def test_options_change_the_plan_as_everywhere(tmp_path: Path) -> None:
    """20x instead of 10x: (620000 - 31000 - 50) / 9.95 = 59,190.95; equity stands behind a cross position."""
    plan = tmp_path / "plan.yaml"
    plan.write_text(TEN, encoding="utf-8")
    assert "liquidated at 59,190.95" in outcome("explain-liquidation", str(plan), "--set", "leverage=20").out
    plan.write_text(TWO_TIERS + "margin_mode: cross\nmaintenance: 0.5%\n", encoding="utf-8")
    assert "equity 20,000 - reserved 0" in outcome("explain-liquidation", str(plan), "--equity", "20000").out


def test_json_has_every_step_unrounded(tmp_path: Path) -> None:
    """The record bears the figures of the ladder, and the brackets, the sum and the shortcut beside them."""
    plan = tmp_path / "plan.yaml"
    plan.write_text(TEN, encoding="utf-8")
    shown = json.loads(outcome("show", str(plan), "--format", "json").out)["tiers"][0]["position"]
    record = json.loads(outcome("explain-liquidation", str(plan), "--format", "json").out)
    assert (record["format_version"], record["command"]) == ("1.0", "explain-liquidation")
    told = record["explanation"]
    for name in ("liquidation", "liquidation_price", "bankruptcy_price", "liquidation_distance", "stop"):
        assert told[name] == shown[name]
    assert told["position"]["average_entry"] == shown["average_entry"]
    assert told["margin"]["amount"] == shown["initial_margin"] == "62000"
    assert [row["decides"] for row in told["brackets"]] == [False, True, False, False, False]
    assert (told["brackets"][1]["above"], told["brackets"][1]["up_to"]) == ("50000", "600000")
    assert told["check"]["margin_and_pnl"][:10] == told["check"]["asked_for"][:10] == "2753.76884"
    assert [row["price"] for row in told["shortcuts"]] == ["56048", "56203"]
    assert told["bracket_fixed_by"] == "mark value"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("plan", [TEN, TWO_TIERS, INVERSE, TEN.replace("long", "short").replace("58000", "64000")])
def test_no_digit_is_cut(plan: str, width: int, tmp_path: Path) -> None:
    """Every figure of the widest page stands in the narrow one, whole, and no line is wider than the screen."""
    figure = re.compile(r"[0-9][0-9,.]*")
    wide = said(plan, width=1000, folder=tmp_path)
    narrow = said(plan, width=width, folder=tmp_path)
    assert set(figure.findall(wide)) <= set(figure.findall(narrow))
    assert all(cells(line) <= width for line in narrow.splitlines())


def test_text_of_a_plan_stays_text(tmp_path: Path) -> None:
    """Names and sources with control and bidi characters are seen; in Markdown they are no markup."""
    text = TEN.replace("a venue", '"x\\e[31m\\u202e[a](b)|", source: "\\e]0;t\\a"') + 'name: "\\e[2J*n*"\n'
    page = said(text, folder=tmp_path)
    assert page.replace("\n", "").isprintable()
    assert "\\x1b[2J*n*" in page
    assert "\\u202e" in page
    document = said(text, "--format", "md", folder=tmp_path)
    assert document.replace("\n", "").isprintable()
    assert "\\[a\\](b)\\|" in document
    assert document.startswith("# \\\\x1b\\[2J\\*n\\*\n")
    record = said(text, "--format", "json", folder=tmp_path)
    assert record.isascii()


def test_markdown_has_the_same_steps(tmp_path: Path) -> None:
    """The steps as a list, the brackets as a table between them."""
    document = said(TEN, "--format", "md", folder=tmp_path)
    assert "- **2 margin**: value 620,000.00 / 10 = 62,000.00 USDT" in document
    assert "| 2 decides | 600,000 | 0.5% | 50 | 56,075.38 | 560,753.77 | inside |" in document
    assert document.index("- **4 brackets**") < document.index("| 2 decides") < document.index("- **5 check**")
