"""Plans of one account solved together on its cross margin, against sums worked by hand."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.engine.margin import Answer
from scaleplan.questions.wallet import NotTogether, solved_together
from scaleplan.study import Session, Study
from tests.running import joined, outcome

D = Decimal
BTC = """\
symbol: BTC/USDT:USDT
side: long
account: {equity: 20000 USDT}
margin_mode: cross
leverage: 10
maintenance: 0.5%
size: 60000 USDT
tiers: [60000]
stop: 55000
"""
ETH = """\
symbol: ETH/USDT:USDT
side: short
account: {equity: 20000 USDT}
leverage: 10
maintenance: 1%
fees: {maker: 0.1%, taker: 0.1%}
size: 30000 USDT
tiers: [3000]
stop: 3300
"""


def together(*texts: str) -> list[Decimal | None]:
    """The liquidation prices at full size of plans solved together."""
    named = [(f"{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    studies, _ = solved_together(Session(), named)
    return [one.ladder.steps[-1].position.liquidation.price if one.ladder else None for one in studies]


def test_two_plans_share_one_equity() -> None:
    """Each counts on the equity less what the other keeps; its own fees are gone from it.

    BTC: 1 at 60,000; ETH keeps 1% of 30,000 = 300 and has paid 30: 20,000 - 330 = 19,670 stand behind it.
    19,670 + P - 60,000 = 0.005 P at P = 40,330/0.995 = 40,532.6633.
    ETH: 10 short at 3,000; BTC keeps 0.5% of 60,000 = 300, its own fee is 30: 19,670 again.
    19,670 + 30,000 - 10 P = 0.1 P at P = 49,670/10.1 = 4,917.8218.
    """
    btc, eth = together(BTC, ETH)
    assert btc is not None
    assert eth is not None
    assert round(btc, 4) == D("40532.6633")
    assert round(eth, 4) == D("4917.8218")


def test_what_is_reserved_already_stays_reserved() -> None:
    """1,000 reserved leave 18,670 behind BTC: P = 41,330/0.995 = 41,537.6884."""
    btc, _ = together(*(text.replace("20000 USDT}", "20000 USDT, reserved: 1000 USDT}") for text in (BTC, ETH)))
    assert btc is not None
    assert round(btc, 4) == D("41537.6884")


def test_closing_fee_and_reserve_are_kept_too() -> None:
    """ETH with a closing fee of 0.1% keeps 300 + 30 + 50 in reserve, and paid 30: 19,590 behind BTC.

    P = (60,000 - 19,590)/0.995 = 40,613.0653.
    """
    venue = "venue: {maintenance: 1%, closing_fee: 0.1%, reserve: 50 USDT}"
    btc, _ = together(BTC, ETH.replace("maintenance: 1%", venue))
    assert btc is not None
    assert round(btc, 4) == D("40613.0653")


def test_another_currency_is_another_wallet() -> None:
    """A coin-settled plan keeps nothing of the USDT that stands behind the other: 40,000/0.995 = 40,201.0050."""
    coin = """\
symbol: BTC/USD:BTC
side: long
account: {equity: 1 BTC}
leverage: 3
maintenance: 0.5%
size: 10000 USD
tiers: [60000]
stop: 50000
"""
    btc, _ = together(BTC, coin)
    assert btc is not None
    assert round(btc, 4) == D("40201.0050")


def test_spot_holds_none_of_the_wallet() -> None:
    """A spot plan is shown as it is, and leaves the other what it had."""
    spot = "symbol: SOL/USDT\nside: long\nsize: 900 USDT\ntiers: [150]\nstop: 118\n"
    btc, nothing = together(BTC, spot)
    assert btc is not None
    assert (round(btc, 4), nothing) == (D("40201.0050"), None)


@settings(max_examples=60, deadline=None)
@given(
    equity=st.integers(8000, 90000),
    sizes=st.lists(st.integers(1000, 30000), min_size=2, max_size=4),
    sides=st.lists(st.sampled_from(("long", "short")), min_size=4, max_size=4),
    rates=st.lists(st.integers(1, 30), min_size=4, max_size=4),
)
def test_the_account_is_empty_at_each_price(equity: int, sizes: list[int], sides: list[str], rates: list[int]) -> None:
    """The law: equity and the P&L of the one plan cover exactly the maintenance of all, the others at their entries."""
    texts = [
        f"symbol: C{number}/USDT:USDT\nside: {side}\naccount: {{equity: {equity} USDT}}\nleverage: 5\n"
        f"maintenance: 0.{rate:02}%\nsize: {size} USDT\ntiers: [100]\nstop: {90 if side == 'long' else 110}\n"
        for number, (size, side, rate) in enumerate(zip(sizes, sides, rates, strict=False))
    ]
    prices = together(*texts)
    for own, price in enumerate(prices):
        if price is None:
            # A long that the equity covers to zero: nothing liquidates it.
            assert sides[own] == "long"
            continue
        gain = sizes[own] * (price - 100) / 100 * (1 if sides[own] == "long" else -1)
        asked = sum(
            D(size) * D(rate) / 10000 * (price / 100 if number == own else 1)
            for number, (size, rate) in enumerate(zip(sizes, rates, strict=False))
        )
        if abs(price - 100) > D("1e-20"):
            assert abs(equity + gain - asked) < D("1e-15")


@settings(max_examples=25, deadline=None)
@given(
    equity=st.integers(6000, 60000),
    sizes=st.lists(st.integers(3000, 30000), min_size=2, max_size=3),
    sides=st.lists(st.sampled_from((1, -1)), min_size=3, max_size=3),
    settled=st.sampled_from(("coin", "quote")),
)
def test_plans_of_one_market_are_liquidated_together(
    equity: int, sizes: list[int], sides: list[int], settled: str
) -> None:
    """The law, in exact fractions: at each price that a row says, the account holds just the maintenance of all.

    After tier k of a plan, with the others fully filled; between the entry and the price it holds more.
    """
    texts, held, inverse = [], [], settled == "coin"
    symbol, unit, coin = ("ABC/USD:ABC", "USD", "ABC") if inverse else ("ABC/USDT:USDT", "USDT", "USDT")
    money = Fraction(equity, 100) if inverse else Fraction(equity)
    for number, (size, sign) in enumerate(zip(sizes, sides, strict=False)):
        tiers = [100 - sign * number, 96 - sign * number] if sign > 0 else [100 - sign * number, 104 - sign * number]
        texts.append(
            f"symbol: {symbol}\nside: {'long' if sign > 0 else 'short'}\naccount: {{equity: {float(money)} {coin}}}\n"
            f"leverage: 5\nmaintenance: 1%\nsize: {size} {unit}\ntiers: {tiers}\nstop: {90 if sign > 0 else 115}\n"
        )
        held.append([(sign, Fraction(size, 2), Fraction(price)) for price in tiers])

    def left(fills: list[tuple[int, Fraction, Fraction]], price: Fraction) -> Fraction:
        """What the account holds above the maintenance of all at a price."""
        total = money
        for sign, notional, entry in fills:
            if inverse:
                total += sign * notional * (1 / entry - 1 / price) - notional / price / 100
            else:
                total += sign * notional / entry * (price - entry) - notional / entry * price / 100
        return total

    named = [(f"{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    studies, _ = solved_together(Session(), named)
    for own, study in enumerate(studies):
        assert isinstance(study, Study)
        for count, step in enumerate(study.ladder.steps, start=1):
            fills = held[own][:count] + [fill for other, fills in enumerate(held) if other != own for fill in fills]
            found, sign = step.position.liquidation, sides[own]
            if found.price is not None:
                price = Fraction(found.price)
                assert abs(left(fills, price)) < Fraction(1, 10**30)
                assert left(fills, price * (1 + sign * Fraction(1, 10**6))) > 0
            else:
                # However far price goes against it the account has more.
                assert found.answer is Answer.NONE
                assert left(fills, Fraction(1, 1000) if sign > 0 else Fraction(10**6)) > 0


def test_together_the_brackets_may_end() -> None:
    """A table to 65,000: two longs of 60,000 are past it at entry, two shorts of 30,000, half a coin, leave it."""
    table = "maintenance: [{up_to: 65000, rate: 0.5%}]"
    long = BTC.replace("maintenance: 0.5%", table)
    _, stands = solved_together(Session(), [("a.yaml", long.encode()), ("b.yaml", long.encode())])
    assert all(stand.study.ladder.steps[-1].position.liquidation.past_end for stand in stands)
    assert all(stand.joint is not None and stand.joint.below.not_before is None for stand in stands)
    short = long.replace("long", "short").replace("size: 60000", "size: 30000").replace("55000", "64000")
    _, stands = solved_together(Session(), [("a.yaml", short.encode()), ("b.yaml", short.encode())])
    for stand in stands:
        found = stand.study.ladder.steps[-1].position.liquidation
        assert (found.answer, found.not_before) == (Answer.UNKNOWN, D(65000))


def test_the_winning_side_of_a_plan_may_be_its_end(tmp_path: Path) -> None:
    """A coin long at 60,000 beside two short, 20,000 behind: 80,000 - P = 1.5% P is 78,817.73, which ends all three."""
    short = BTC.replace("long", "short").replace("size: 60000", "size: 120000").replace("55000", "66000")
    for name, text in (("a.yaml", BTC), ("b.yaml", short)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    shown = joined(outcome("show", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), "--cross").out)
    assert "a is liquidated with the others at 78,817.73, on its winning side" in shown
    # The long alone would be liquidated below; beside the shorts nothing below does.
    assert shown.count("78,817.7") >= 4


def test_a_hedge_that_takes_its_gain_protects_no_more(tmp_path: Path) -> None:
    """Half a coin short beside a coin long: together they are liquidated far past the short's target.

    20,000 + P - 60,000 + 0.5 * (60,000 - P) = 0.5% * 1.5 P is 10,000 = 0.4925 P, at P = 20,304.57.
    """
    short = BTC.replace("long", "short").replace("size: 60000", "size: 30000").replace("55000", "66000")
    for name, text in (("a.yaml", BTC), ("b.yaml", f"{short}targets: [57000]\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / name) for name in ("a.yaml", "b.yaml")]
    shown = joined(outcome("show", *files, "--cross").out)
    assert "20,304.57" in shown
    assert "a counts on what b gains past its target at 57,000.00: once that is hit, it is liquidated nearer" in shown
    (tmp_path / "b.yaml").write_text(f"{short}targets: [20000]\n", encoding="utf-8")
    assert "counts on" not in outcome("show", *files, "--cross").out


def test_what_cannot_be_solved_says_why() -> None:
    """No equity, another equity, no maintenance rate, no plan at all: each names its file."""
    bad = {
        BTC.replace("account: {equity: 20000 USDT}\n", ""): "needs the equity",
        BTC.replace("20000", "25000"): "25,000",
        BTC.replace("maintenance: 0.5%\n", ""): "maintenance margin is not known",
        "symbol: BTC\n": "cannot be reckoned",
    }
    for text, words in bad.items():
        with pytest.raises(NotTogether) as caught:
            together(ETH, text)
        assert [refusal.file for refusal in caught.value.refusals] == ["1.yaml"]
        assert words in caught.value.refusals[0].reason


def test_two_venues_are_two_accounts() -> None:
    """A plan on one venue does not pay for a plan on another."""
    texts = [
        text.replace("maintenance: ", f"venue: {venue}\nmaintenance: ")
        for text, venue in ((BTC, "binance"), (ETH, "bybit"))
    ]
    with pytest.raises(NotTogether) as caught:
        together(*texts)
    assert "it is on binance, and 1.yaml on bybit" in caught.value.refusals[0].reason


def test_only_spot_has_no_margin_to_share() -> None:
    """Where no plan has margin there is nothing to solve."""
    spot = "symbol: SOL/USDT\nside: long\nsize: 900 USDT\ntiers: [150]\nstop: 118\n"
    with pytest.raises(NotTogether) as caught:
        together(spot, spot)
    assert "none has margin" in caught.value.refusals[0].reason


def test_every_currency_has_a_table_of_its_own(tmp_path: Path) -> None:
    """Wallets in two currencies stand apart, and what is spot is named."""
    coin = "symbol: BTC/USD:BTC\nside: long\naccount: {equity: 1 BTC}\nleverage: 3\nmaintenance: 0.5%\n"
    texts = {
        "a.yaml": BTC,
        "b.yaml": coin + "size: 10000 USD\ntiers: [60000]\nstop: 50000\n",
        "c.yaml": "symbol: SOL/USDT\nside: long\nsize: 900 USDT\ntiers: [150]\nstop: 118\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    shown = outcome("show", *(str(tmp_path / name) for name in texts), "--cross").out
    assert "USDT: one plan, the equity is its own" in shown
    assert "BTC: one plan, the equity is its own" in shown
    assert "c.yaml is spot: it keeps nothing of the margin" in joined(shown)


def test_the_command_says_what_the_prices_rest_on(tmp_path: Path) -> None:
    """Tables, Markdown and JSON say that the others stand at their entries, and which plan was written isolated."""
    paths = []
    for name, text in (("a.yaml", BTC), ("b.yaml", ETH)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        paths.append(str(tmp_path / name))
    shown = outcome("show", *paths, "--cross")
    assert "40,532.66" in shown.out
    assert "price at their average entries" in joined(shown.out)
    assert "written as isolated, taken as cross here" in shown.out
    assert "## Cross margin" in outcome("show", *paths, "--cross", "--format", "md").out
    records = json.loads(outcome("show", *paths, "--cross", "--format", "json").out)
    assert records[0]["cross"]["with"] == [paths[1]]
    assert records[0]["cross"]["spoken_for"] == "330"
    assert records[1]["cross"]["written_isolated"] is True
    assert records[1]["assumptions"]["margin_mode"] == "cross"


def test_one_plan_is_no_account_of_several(tmp_path: Path) -> None:
    """`--cross` with one plan is wrong usage; a file that cannot be read is refused as everywhere."""
    (tmp_path / "a.yaml").write_text(BTC, encoding="utf-8")
    one = outcome("show", str(tmp_path / "a.yaml"), "--cross")
    assert (one.out, one.code) == ("", 2)
    assert "two or more" in one.talk
    # What a table of values has no room for is said beside it.
    (tmp_path / "b.yaml").write_text(ETH, encoding="utf-8")
    csv = outcome("show", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), "--cross", "--format", "csv")
    assert "price at their average entries" in joined(csv.talk)
    gone = outcome("show", str(tmp_path / "a.yaml"), str(tmp_path / "gone.yaml"), "--cross")
    assert gone.code == 3
