"""What `import` makes of prose: a number belongs to a word only where the line says so, and the rest is told."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from scaleplan.diagnostic import Severity
from scaleplan.draft.imported import ImportedSignal
from scaleplan.plan import Order, Side
from scaleplan.quantity.price import Fixed
from scaleplan.signals.words import Wishes
from scaleplan.study import Study
from tests.test_import import NO_WISHES, errors, imported, plan_of

SOL = "#SOL/USDT LONG 5x\nEntry: 150\nTP: 160\nSL: 145\n"
ETH = "#ETH/USDT LONG 5x\nEntry: 3000\nTP1: 3100\nTP2: 3200\nSL: 2900\n"
ACCOUNT = Wishes(equity="10000")


def line(found: ImportedSignal, key: str) -> str:
    """Returns the line of a key of the plan, without the key."""
    return next(text.removeprefix(f"{key}: ") for text in found.yaml.splitlines() if text.startswith(f"{key}: "))


def said(found: ImportedSignal) -> str:
    """Returns all that is said, a line each."""
    return "\n".join(each.message for each in found.diagnostics)


def prices_of(found: ImportedSignal) -> tuple[list[object], list[object]]:
    """Returns the prices of a plan's tiers and targets."""
    assert isinstance(found.study, Study), said(found)
    plan = found.study.plan
    ends = [target.price.price for target in plan.targets if isinstance(target.price, Fixed)]
    return [tier.price for tier in plan.tiers], [*ends]


# Sizes


@pytest.mark.parametrize(
    "prose",
    [
        "Risk management: close 50% at TP1",
        "After TP1 the trade is risk free, close 50%",
        "High risk trade! use small size, 75% of profits at TP1",
        "Reduce risk: take 25% off at 155",
        "Risk: low. Close 30% at TP1",
        "Amount of risk small. 80% success",
        "Risk management: 50% TP1, 25% TP2",
        "Low risk 90% accuracy",
        "Reduce risk by 50%",
        "Risk reduced 50%",
        "Risk 3.3% / Reward 6.7%",
        "Risk 60% 40%",
        "Profit 50% of margin",
        "Secure 20% of your margin here",
        "Close 50% of your capital at TP1",
        "Success rate 85% of our account users",
        "Never risk 5% of your account",
        "Risk level: high (5%)",
        "80% risk free",
        "Position size: 2%",
        "Risk: 1.000$",
    ],
)
@pytest.mark.parametrize("wishes", [ACCOUNT, NO_WISHES])
def test_prose_about_risk_is_no_size(prose: str, wishes: Wishes) -> None:
    """No size is read, that is what is said, and what the line has is left out; no equity is asked for."""
    found = imported(SOL + prose, wishes)
    assert line(found, "size") == "100 USDT risk  # assumed: none is read; 1R is 100 USDT"
    assert "no size is read" in said(found)
    assert "no size is said" not in said(found)
    assert any(each.code in ("SP857", "SP858") and "no place" in each.message for each in found.diagnostics)


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("Risk: 1%", "1% risk"),
        ("Risk per trade: 1%", "1% risk"),
        ("Risk 1% of capital per trade", "1% risk"),
        ("Don't risk more than 2%", "2% risk"),
        ("2% risk", "2% risk"),
        ("Lev 5x | Risk 1% | RR 1:2", "1% risk"),
        ("Риск на сделку 1%", "1% risk"),
        ("Use 2% of your capital", "2% margin"),
        ("Enter with 5% of your balance", "5% margin"),
        ("Margin: 5%", "5% margin"),
        ("Risk: 1-2%", "1% risk  # assumed: the lower end of 1% to 2%"),
        ("Risk: 50$", "50 USDT risk  # assumed: 50 $ is said"),
        ("Risk: $1,000", "1000 USDT risk  # assumed: 1000 $ is said"),
        ("Risk 70 USDT", "70 USDT risk"),
    ],
)
def test_a_line_about_risk_is_a_size(words: str, size: str) -> None:
    """Of a range the lower end, and that is said; dollars are those of the quote."""
    assert line(imported(SOL + words, ACCOUNT), "size") == size


def test_money_of_another_currency_is_no_size() -> None:
    """50 dollars are no BTC."""
    found = imported("#LTC/BTC LONG\nBuy: 0.0012\nSell: 0.0014\nStop: 0.0011\nRisk: 50$")
    assert line(found, "size").startswith("100 BTC risk")
    assert "50 $ that may be lost: the pair is quoted in BTC" in said(found)


@pytest.mark.parametrize(
    ("stop", "size", "is_said"),
    [
        ("SL: 145 (risk 3.3%)", "100 USDT risk", True),
        ("SL: 145 (risk 1%)", "100 USDT risk", True),
        ("SL: 145\nRisk: 3.33%", "100 USDT risk", True),
        ("SL: 147\nRisk: 2%", "2% risk", True),
        ("SL: 145\nRisk: 2%", "2% risk", False),
        ("SL: 145 risk 1%", "1% risk", False),
    ],
)
def test_how_far_a_stop_lies_is_no_size(stop: str, size: str, *, is_said: bool) -> None:
    """145 lies 3.33% from 150, and 147 lies 2%: where both may be meant that is said."""
    found = imported(SOL.replace("SL: 145", stop), ACCOUNT)
    assert line(found, "size").startswith(size)
    assert (
        any(each.severity is Severity.WARNING and "how far the stop lies" in each.message for each in found.diagnostics)
        is is_said
    )


# Entries


@pytest.mark.parametrize(
    "where",
    [
        "Current price: 152",
        "Price now: 152",
        "Market price: 152",
        "Price: 152",
        "Last price 152",
        "CMP: 152",
        "Re-entry: 152",
        "Average entry: 152",
        "Daily close 152",
    ],
)
def test_where_price_is_is_no_entry(where: str) -> None:
    """Below an entry or on its line, and left out where it stands."""
    for text in (SOL.replace("150\n", f"150\n{where}\n"), SOL.replace("150\n", f"150, {where.lower()}\n")):
        found = imported(text)
        assert prices_of(found) == ([150], [160]), text
        assert found.study is not None
        assert found.study.plan.tiers[0].order is Order.LIMIT
        assert "152" in said(found)


def test_numbered_prices_beyond_an_entry_are_targets() -> None:
    """Nothing heads them: that they are is said; beside targets they are left out, and before it they are entries."""
    text = "#SOL/USDT LONG 5x\nEntry 150\n1️⃣ 160\n2️⃣ 170\nSL 140"
    found = imported(text)
    assert prices_of(found) == ([150], [160, 170])
    assert "without a head, are its targets" in said(found)
    beside = imported(f"{text}\nTP 180")
    assert prices_of(beside) == ([150], [180])
    assert "without a head: they are left out" in said(beside)
    before = imported("#SOL/USDT LONG 5x\nEntry 150\n1) 148\n2) 146\nSL 140")
    assert prices_of(before) == ([150, 148, 146], [])
    assert "without a head: they are read as entries" in said(before)


def test_bare_prices_beyond_an_entry_are_doubtful() -> None:
    """A warning; a short has them below, and without a word for the side the stop says it."""
    for side in ("SHORT", ""):
        found = imported(f"#SOL/USDT {side} 5x\nEntry 150\n140\n130\nSL 160")
        assert prices_of(found) == ([150], [140, 130])
        assert any(each.severity is Severity.WARNING and "its targets" in each.message for each in found.diagnostics)
    assert prices_of(imported("#SOL/USDT LONG 5x\nEntry 150\n148\nTP 160\nSL 140")) == ([150, 148], [160])


@pytest.mark.parametrize(
    ("pair", "symbol", "is_said"),
    [
        ("XBTUSD", "XBT/USD:USD", "`XBTUSD` is read as XBT/USD, and not as XB/TUSD"),
        ("DOTUSD", "DOT/USD:USD", "and not as DO/TUSD"),
        ("ARBUSD", "ARB/USD:USD", "and not as AR/BUSD"),
        ("ETHBUSD", "ETH/BUSD:BUSD", ""),
        ("BTCUSD", "BTC/USD:USD", "futures of BTC/USD are read as linear, settled in USD"),
    ],
)
def test_pairs_in_dollars(pair: str, symbol: str, is_said: str) -> None:
    """What the same letters name too, and that many venues settle such futures in the coin, is said."""
    found = imported(f"{pair} SHORT 10x\nEntry: 150\nTP: 140\nSL: 155")
    assert line(found, "symbol").partition("  #")[0] == symbol
    assert is_said in said(found)


def test_a_contract_settled_in_its_coin_is_refused() -> None:
    """Its prices are no plan of one that is settled in dollars."""
    found = imported("BTC/USD:BTC LONG 10x\nEntry: 60000\nTP: 62000\nSL: 59000")
    assert errors(found) == ["SP850 1:1"]
    assert "settled in BTC" in said(found)


# Stops


@pytest.mark.parametrize(
    ("words", "stop", "is_said"),
    [
        ("Trailing stop 5% after TP1", "145", "a stop that moves, told in a sentence"),
        ("Trail SL by 2% after target 1", "145", "a stop that moves, told in a sentence"),
        ("After TP1 move SL to 152", "145", "a stop that moves, told in a sentence"),
        ("Move SL to 152 when TP1 hits", "145", "a stop that moves, told in a sentence"),
        ("SL to 152 after TP1", "145", "a stop that moves, told in a sentence"),
        ("Once TP1 is reached, stop 152", "145", "a stop that moves, told in a sentence"),
        ("Emergency stop 130", "145", "a stop for an emergency"),
        ("(old SL 140)", "145", "an old stop"),
        ("New SL 147", "147", "a stop beside a new one"),
        ("SL: 140", "140", "of 2 stops the furthest, 140"),
    ],
)
def test_a_sentence_does_not_replace_the_stop(words: str, stop: str, is_said: str) -> None:
    """The text has one stop; what it says of others is left out, and said."""
    found = imported(SOL + words)
    assert line(found, "stop").partition("  #")[0] == stop
    assert is_said in said(found)
    assert prices_of(found) == ([150], [160])


def test_a_stop_that_trails_from_the_beginning_stands_still() -> None:
    """Where it is the only one; a plan trails behind its last target alone."""
    found = imported(SOL.replace("SL: 145", "Trailing stop: 5%"))
    assert line(found, "stop") == "-5%  # assumed: it stands still, and the text trails it"
    assert "from the beginning on" in said(found)


@pytest.mark.parametrize(
    ("leverage", "words", "stop"),
    [
        ("20x", "60% ROI", "-3%  # assumed: 60% of the margin at 20x"),
        ("20x", "ROI -60%", "-3%  # assumed: 60% of the margin at 20x"),
        ("30x", "50% of margin", "-1.6667%  # assumed: 50% of the margin at 30x"),
        ("20x", "2% of capital", "none  # assumed: none is read"),
        ("", "60% ROI", "none  # assumed: none is read"),
        ("20x", "50 pips", "none  # assumed: none is read"),
        ("20x", "3%", "-3%"),
        ("20x", "3% from entry", "-3%"),
    ],
)
def test_a_stop_in_percent_of_something_else(leverage: str, words: str, stop: str) -> None:
    """60% of the margin at 20x are 60 / 20 = 3% of price; of capital it is none, and no word says that none is said."""
    found = imported(SOL.replace("5x", leverage).replace("SL: 145", f"SL: {words}"))
    assert line(found, "stop") == stop
    assert "no stop is said" not in said(found)


def test_shares_of_stops_are_said() -> None:
    """A plan has one stop, for all that is held."""
    found = imported(SOL.replace("SL: 145", "Stop Targets:\n1) 140 - 50%\n2) 135 - 50%"))
    assert line(found, "stop") == "135  # assumed: the furthest of 2"
    assert said(found).count("50% behind a stop") == 2
    assert "behind a stop" not in said(imported(SOL.replace("SL: 145", "Stop Targets:\n1) 140 - 100%")))


# Words that would be false


@pytest.mark.parametrize(
    ("entries", "shares"),
    [
        ("Entry (30%): 150\nEntry (70%): 145", ["3/10", "7/10"]),
        ("Entry: 30% at 150, 70% at 145", ["3/10", "7/10"]),
        ("Entries:\n1) 50% @ 150\n2) 50% @ 145", ["1/2", "1/2"]),
    ],
)
def test_a_share_may_stand_before_its_price(entries: str, shares: Sequence[str]) -> None:
    """In brackets behind the head, or with a word between."""
    plan = plan_of(f"#SOL/USDT LONG\n{entries}\nTP: 160\nSL: 140")
    assert [tier.price for tier in plan.tiers] == [150, 145]
    assert [tier.share for tier in plan.tiers] == list(map(Fraction, shares))


@pytest.mark.parametrize(
    ("targets", "closes"),
    [
        ("TP1: 160 (sell 75%)\nTP2: 170 (sell 25%)", ["3/4", "1/4"]),
        ("TP1: 160 close 75%\nTP2: 170 close 25% of position", ["3/4", "1/4"]),
        ("TP1: 75% at 160\nTP2: 25% at 170", ["3/4", "1/4"]),
        ("TP1: 160\nTP2: 170\nClose 75% 25%", ["3/4", "1/4"]),
        ("TP1: 160\nTP2: 170\nShares: 75/25", ["1/2", "1/2"]),
        ("TP1: 160\nTP2: 170\nClose 50% 25% 25%", ["1/2", "1/2"]),
    ],
)
def test_closes_in_words(targets: str, closes: Sequence[str]) -> None:
    """A line of shares counts where it has one for each target; else that none was read is said."""
    found = imported(f"#SOL/USDT LONG\nEntry: 150\n{targets}\nSL: 140")
    assert isinstance(found.study, Study)
    assert [target.close.amount for target in found.study.plan.targets] == list(map(Fraction, closes))
    assert found.study.plan.side is Side.LONG
    assert "%" not in targets or "no shares are said" not in said(found)


@pytest.mark.parametrize(
    ("words", "leverage"),
    [
        ('{"leverage":5,"risk":"x"}', "5"),
        ("Leverage 1:100", "100"),
        ("Use a 20x leverage", "20"),
        ("20x for this one", "20"),
        ("This can 10x", "none is read"),
        ("It can go up to 10x", "none is read"),
        ("3x your money", "none is read"),
        ("EMA golden cross", "none is said"),
    ],
)
def test_a_leverage_is_one_where_it_is_said(words: str, leverage: str) -> None:
    """What a coin may gain is none, and neither is a cross of averages a margin mode."""
    found = imported(SOL.replace(" 5x", "") + words)
    assert isinstance(found.study, Study)
    plan = found.study.plan
    if leverage.isdigit():
        assert (plan.leverage, plan.symbol.text) == (Decimal(leverage), "SOL/USDT:USDT")
    else:
        assert (plan.is_cross, plan.symbol.text) == (False, "SOL/USDT")
        assert f"no leverage {leverage.removeprefix('none ')}" in said(found)


def test_a_leverage_that_is_the_most_is_said() -> None:
    """As `Leverage: up to 10x` is."""
    for words in ("Do not use more than 10x", "Lev. max: 10x", "Up to 10x"):
        found = imported(f"{SOL.replace(' 5x', '')}{words}")
        assert line(found, "leverage") == "10  # assumed: up to 10 is said"


def test_a_word_of_a_chart_is_no_side() -> None:
    """A short squeeze and a long wick are talk."""
    found = imported("#SOL/USDT BUY 150\nTP 160\nSL 140\nshort squeeze possible, long wick below")
    assert isinstance(found.study, Study)
    assert found.study.plan.side is Side.LONG
    assert "both" not in said(found)


@pytest.mark.parametrize(
    "text",
    [
        f"❌ CANCEL {SOL}",
        f"CANCEL this signal\n{SOL}",
        f"ОТМЕНА {SOL}",
        f"CLOSED ✅ {SOL}",
        SOL.replace("LONG 5x", "LONG closed"),
        SOL.replace("LONG 5x", "LONG hit TP2"),
        f"UPDATE {SOL}",
        f"Signal update: {SOL}",
        f"{SOL}The trade is closed",
        f"{SOL}We hit TP1",
        "Close #SOL/USDT now",
    ],
)
def test_what_calls_a_signal_off_is_no_signal(text: str) -> None:
    """However whole the signal below it is."""
    found = imported(text)
    assert [each.partition(" ")[0] for each in errors(found)] == ["SP851"]
    assert found.yaml == ""


@pytest.mark.parametrize(
    "rule",
    [
        "Cancel the trade if it falls below 147",
        "Cancel orders at TP1",
        "Close all positions at TP1",
        "Close 50% at TP1",
        "SL: 4h closed below 145",
        "Move to breakeven when price hits TP1",
        "It will hit TP1 soon",
        "Updates in the channel",
    ],
)
def test_a_rule_of_a_signal_calls_nothing_off(rule: str) -> None:
    """What is to be done later is prose of the signal, and left out."""
    assert prices_of(imported(SOL + rule)) == ([150], [160])


# Numbers


@pytest.mark.parametrize(
    ("pair", "numbers", "read", "is_said"),
    [
        ("BTC/USDT", ("65.000", "70.000", "60.000"), (65000, 70000, 60000), "`65.000` is read with points between"),
        ("ETH/USDT", ("3.500", "3.700", "3.400"), (3500, 3700, 3400), "`3.500` is read with points between"),
        ("US30USD", ("39.500", "39.900", "39.200"), (39500, 39900, 39200), "with points between"),
        ("SOL/USDT", ("65.000", "70.000", "60.000"), (65, 70, 60), ""),
        ("BTC/USDT", ("65.000", "66.5", "64"), (65, Decimal("66.5"), 64), "it may be 66500"),
    ],
)
def test_a_point_in_what_costs_thousands(
    pair: str, numbers: Sequence[str], read: Sequence[Decimal], is_said: str
) -> None:
    """Where every price has one before its last three digits; bitcoin below 1,000 is doubtful."""
    entry, target, stop = numbers
    found = imported(f"#{pair} LONG\nEntry: {entry}\nTP: {target}\nSL: {stop}")
    assert prices_of(found) == ([read[0]], [read[1]])
    assert found.study is not None
    assert found.study.plan.stop == read[2]
    assert is_said in said(found)


@pytest.mark.parametrize("mention", ["Close 50% at TP1", "Move out after target 1", "50% TP1", "Watch your SL"])
def test_a_head_that_is_spoken_of_heads_no_line_below(mention: str) -> None:
    """The number of the next line is no price of it."""
    found = imported(f"{SOL}{mention}\n155\n")
    assert prices_of(found) == ([150], [160])
    assert line(found, "stop") == "145"
    assert "`155`" in said(found)
