"""A signal's text to a plan: what it says, what is assumed and said, and what leaves no plan."""

import io
import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from scaleplan.cli.reply import ExitCode, Reply
from scaleplan.diagnostic import Diagnostic, Severity
from scaleplan.draft.imported import ImportedSignal, import_signal
from scaleplan.plan import Contract, Plan, Side
from scaleplan.signals.text import MOST_BYTES
from scaleplan.signals.words import Wishes
from scaleplan.study import Session, Study
from tests.running import outcome

NO_WISHES = Wishes()
FUTURES = "#BTC/USDT\nSignal Type: Regular (Long)\nLeverage: Isolated (10X)\n"
LONG = "#SOL/USDT LONG\nEntry: 150\nTP: 160\nSL: 140\n"


def imported(text: str | bytes, wishes: Wishes = NO_WISHES) -> ImportedSignal:
    """Returns what is made of a text."""
    return import_signal("signal.txt", text.encode() if isinstance(text, str) else text, wishes, Session())


def plan_of(text: str | bytes, wishes: Wishes = NO_WISHES) -> Plan:
    """Returns the plan of a text that has one."""
    found = imported(text, wishes)
    assert isinstance(found.study, Study), [diagnostic.message for diagnostic in found.diagnostics]
    return found.study.plan


def meaning(plan: Plan) -> dict[str, Any]:
    """Returns what a plan says, however it is written."""
    return {
        "symbol": plan.symbol.text,
        "side": str(plan.side),
        "contract": str(plan.contract),
        "leverage": plan.leverage,
        "mode": None if plan.contract is Contract.SPOT else str(plan.margin_mode),
        "size": plan.size,
        "tiers": [(tier.price, tier.share, str(tier.order)) for tier in plan.tiers],
        "stop": plan.stop,
        "targets": [(target.price, target.close, target.stop, target.trail) for target in plan.targets],
        "equity": plan.account.equity,
    }


def said_as(text: str, yaml: str, wishes: Wishes = NO_WISHES) -> None:
    """Holds the plan of a text against one that a reader of it wrote."""
    written = Session().study("plan.yaml", yaml.encode())
    assert isinstance(written, Study), [diagnostic.message for diagnostic in written.diagnostics]
    assert meaning(plan_of(text, wishes)) == meaning(written.plan)


def errors(found: ImportedSignal) -> list[str]:
    """Returns the codes of errors, with their lines and columns."""
    return [said_at(each) for each in found.diagnostics if each.severity is Severity.ERROR]


def said_at(each: Diagnostic) -> str:
    """Returns a code and its place."""
    place = each.span.source.position(each.span.start)
    return f"{each.code} {place.line}:{place.column}"


def test_a_card_of_cornix_with_shares_and_moves() -> None:
    """Moving 2 Target from target 2: there to the average, at target 3 to target 1; the fourth closes all."""
    said_as(
        "⚡⚡ #AVAX/USDT ⚡⚡\nExchanges: ByBit USDT\nSignal Type: Regular (Short)\nLeverage: Cross (7.0X)\n\n"
        "Entry Targets:\n1) 38.2\n2) 39\n\nTake-Profit Targets:\n1) 37 - 40.0%\n2) 36 - 30.0%\n3) 34.5 - 20.0%\n"
        "4) 33 - 10.0%\n\nStop Targets:\n1) 40.1\n\nTrailing Configuration:\n"
        "Stop: Moving 2 Target -\n  Trigger: Target (2)",
        """
        {symbol: AVAX/USDT:USDT, side: short, margin_mode: cross, leverage: 7, size: 100 USDT risk, tiers: [38.2, 39],
         stop: 40.1, targets: [{price: 37, close: 40%}, {price: 36, close: 30%, stop: entry},
         {price: 34.5, close: 20%, stop: target 1}, {price: 33, close: 10%}]}
        """,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#LTC/USDT LONG Targets: 104 108 Entry: 100 SL 90 2x", "[100] 50% at 104, 50% at 108"),
        ("#LTC/USDT BUY Target: 104 Entry: 100 SL 90 2x", "[100] 100% at 104"),
        ("#LTC/USDT long 2x entry market at 100 targets 104, 108, sl 90", "[100 market] 50% at 104, 50% at 108"),
        ("#LTC/USDT BUY NOW 100 TARGET 104 SL 90 2x", "[100 market] 100% at 104"),
        ("#LTC/USDT LONG Buy: 100 Sell: 104 SL: 90 2x", "[100] 100% at 104"),
        ("#LTC/USDT LONG Entry Targets: 100 Take Profit: 104 SL: 90 2x", "[100] 100% at 104"),
        ("#LTC/USDT Buy targets: 100 99 Sell targets: 104 108 SL 90 2x", "[100, 99] 50% at 104, 50% at 108"),
        ("#LTC/USDT BUY LIMIT @ 100 SL @ 90 TP1 @ 104 TP2 @ 108 2x", "[100] 50% at 104, 50% at 108"),
        ("LONG $LTC/USDT at 100, SL at 90, TP at 104 108, 2x", "[100] 50% at 104, 50% at 108"),
    ],
)
def test_heads_in_any_order_of_one_line(text: str, said: str) -> None:
    """Words that head targets and stops do so behind a side, a market and a sign before a price too."""
    tiers, _, targets = said.partition("] ")
    said_as(
        text,
        f"{{symbol: LTC/USDT:USDT, side: long, leverage: 2, size: 100 USDT risk, tiers: {tiers}], stop: 90,"
        f" targets: [{targets}]}}",
    )


def test_how_far_a_target_lies_is_no_share() -> None:
    """Percentages of targets that are no shares of a whole, and the way from the entry, are said and left out."""
    for leverage, ways in (("", ("2.86%", "5.71%")), ("10x", ("28.6%", "57.1%"))):
        text = f"#LTC/USDT - BUY {leverage}\nEntry: $3,500.00\nStop: $3,300.00\n"
        found = imported(f"{text}TP 1 : $3,600.00 ({ways[0]})\nTP 2 : $3,700.00 ({ways[1]})")
        assert isinstance(found.study, Study)
        assert [target.close.amount for target in found.study.plan.targets] == [Fraction(1, 2)] * 2
        assert any("how far the targets lie away" in each.message for each in found.diagnostics)


def test_what_comes_to_nothing_is_said() -> None:
    """A move of the stop that no target is left for, a leverage that another goes before."""
    move = "Stop: Moving 2 Target - Trigger: Target (1)"
    found = imported(f"#LTC/USDT LONG 10x\nEntry: 100\nTP: 110\nSL: 90\nLeverage: 20x\n{move}")
    assert "leverage: 20" in found.yaml
    assert {"SP858 1:16", "SP857 6:1"} <= {said_at(each) for each in found.diagnostics}


def test_bare_numbers_stand_below_their_heads() -> None:
    """A stray letter between ends the list above it and is left out."""
    text = "#FTM/USDT\nshort\nLev x15\n\nEntries\n0.412\n 0.425\nq\nTargets\n0.40\n0.39\n\nStoploss\n0.441\n"
    said_as(
        text,
        """
        {symbol: FTM/USDT:USDT, side: short, leverage: 15, size: 100 USDT risk, tiers: [0.412, 0.425], stop: 0.441,
         targets: [{price: 0.40, close: 50%}, {price: 0.39, close: 50%}]}
        """,
    )
    assert any("`q`" in each.message and said_at(each) == "SP857 8:1" for each in imported(text).diagnostics)


def test_russian_in_one_line_each() -> None:
    """`Лимитный ордер` heads an entry, `Плечо` a leverage in Cyrillic letters."""
    said_as(
        "Пара SUI / USDT, ЛОНГ\nЛимитный ордер: 1.052\nИзолированная маржа\nПлечо: 12х\nТейки: 1.08, 1.11\nСтоп: 1.02",
        """
        {symbol: SUI/USDT:USDT, side: long, leverage: 12, size: 100 USDT risk, tiers: [1.052], stop: 1.02,
         targets: [{price: 1.08, close: 50%}, {price: 1.11, close: 50%}]}
        """,
    )


def test_a_copied_line_has_lost_its_ends() -> None:
    """Heads follow digits and other words without a blank."""
    said_as(
        "Coin: ICP/USDT SHORTLeverage : 4x Entry: 12.10 - 12.60$Target: 11.8 - 11.4 - 10.9Stoploss: 13.05$",
        """
        {symbol: ICP/USDT:USDT, side: short, leverage: 4, size: 100 USDT risk, tiers: [12.10, 12.60], stop: 13.05,
         targets: [{price: 11.8, close: 1/3}, {price: 11.4, close: 1/3}, {price: 10.9, close: 1/3}]}
        """,
    )


def test_a_price_ends_where_the_next_number_begins() -> None:
    """Of a list without line ends `1) 2872) 285` the 2 is the number of the second price, and that is said."""
    text = (
        "#BNB/USDTSignal Type: Regular (Long)Leverage: Cross (5.0X)Entry Targets:1) 2872) 285"
        "Take-Profit Targets:1) 288.5 - 25.0%2) 291 - 25.0%3) 294 - 50.0%Stop Targets:1) 283"
    )
    said_as(
        text,
        """
        {symbol: BNB/USDT:USDT, side: long, margin_mode: cross, leverage: 5, size: 100 USDT risk, tiers: [287, 285],
         stop: 283, targets: [{price: 288.5, close: 25%}, {price: 291, close: 25%}, {price: 294, close: 50%}]}
        """,
    )
    assert any(each.message == "`2872` is 287, and 2 numbers what follows" for each in imported(text).diagnostics)


@pytest.mark.parametrize(
    ("text", "tiers", "stop", "targets"),
    [
        ("EURJPY SELL@163.20 SL@163.80 TP@162.00", ["163.20 limit"], "163.80", ["162.00"]),
        (
            "BUY GOLD XAUUSD 1950-1945\nTP 1960\nTP 1970\nSL 1935",
            ["1950 limit", "1945 limit"],
            "1935",
            ["1960", "1970"],
        ),
        ("XAUUSD BUY NOW @ 2050 - 2047\nSL 2043\nTP 2055", ["2050 market", "2047 limit"], "2043", ["2055"]),
        ("xauusd buy 1950/1947\nsl 1942\ntp1 1955", ["1950 limit", "1947 limit"], "1942", ["1955"]),
        ("EUR/USD\nBuy Stop 1.0900\nTake Profit 1.0950\nStop Loss 1.0870", ["1.09 stop"], "1.087", ["1.095"]),
        ("Buy SOL/USDT at 150. Target 160. Stop loss 145.", ["150 limit"], "145", ["160"]),
        ("Sell #SOL/USDT around 150, stop 155, targets 145 and 140", ["150 limit"], "155", ["145", "140"]),
        ("Long SOL/USDT 150 - 148\nTargets 160-170\nStop 140", ["150 limit", "148 limit"], "140", ["160", "170"]),
    ],
)
def test_lines_of_forex_and_prose(text: str, tiers: list[str], stop: str, targets: list[str]) -> None:
    """`@` belongs to the head before it, a side heads prices where nothing else does, `Buy Stop` is an order."""
    plan = plan_of(text)
    said = [tuple(tier.split()) for tier in tiers]
    assert [(tier.price, str(tier.order)) for tier in plan.tiers] == [(Decimal(price), order) for price, order in said]
    assert plan.stop == Decimal(stop)
    assert [getattr(target.price, "price", None) for target in plan.targets] == list(map(Decimal, targets))


def test_currencies_have_no_settle() -> None:
    """A short needs a margin: leverage 1; a zone is four tiers from the price that a short meets first."""
    said_as(
        "AUDUSD SELL\nEntry Zone: 0.6640 - 0.6620\nSL: 0.6680\nTP1: 0.6580\nTP2: 0.6550",
        """
        {symbol: AUD/USD, side: short, leverage: 1, size: 100 USD risk, stop: 0.6680,
         tiers: {from: 0.6620, to: 0.6640, count: 4},
         targets: [{price: 0.6580, close: 50%}, {price: 0.6550, close: 50%}]}
        """,
    )


@pytest.mark.parametrize(
    ("entry", "side", "tiers"),
    [
        ("Entry: 99 - 101", "LONG", "[101, 99]"),
        ("Entry: 99 - 101", "SHORT", "[99, 101]"),
        ("Entry above 101", "LONG", "[{price: 101, order: stop}]"),
        ("Entry above: 101, 102", "LONG", "[{price: 101, order: stop}, {price: 102, order: stop}]"),
        ("Enter below 99", "SHORT", "[{price: 99, order: stop}]"),
        ("Entry below 99", "LONG", "[99]"),
        ("Signal Type: Breakout\nEntry: 101 - 100", "LONG", "[{price: 100, order: stop}, {price: 101, order: stop}]"),
        ("Buy zone 98 - 100", "LONG", "{from: 100, to: 98, count: 4}"),
        ("Entry Zone: 100 - 100", "LONG", "[100]"),
        ("Entry Zone: 100", "LONG", "[100]"),
        ("Market entry: 100", "LONG", "[{price: 100, order: market}]"),
        ("Entry: 100 at market", "LONG", "[{price: 100, order: market}]"),
        ("Entry: 100, 100", "LONG", "[100]"),
        ("Entry: 1) 100 - 60% 2) 98 - 40%", "LONG", "[60% at 100, 40% at 98]"),
        ("Entry: 1) 100 (Grace: 0.5%) - 60%\n2) 98 (40%)", "LONG", "[60% at 100, 40% at 98]"),
        ("Entry: 100 (33%), 99 (33%), 98 (33%)", "LONG", "[1/3 at 100, 1/3 at 99, 1/3 at 98]"),
        ("@ 100", "LONG", "[100]"),
        ("Entry Around:\n100", "LONG", "[100]"),
        ("Вход: 100 и 98", "LONG", "[100, 98]"),
        ("Entry: 0.1K", "LONG", "[100]"),
        ("Entry Point - 100", "LONG", "[100]"),
        ("Вход: зона 98 - 100", "LONG", "{from: 100, to: 98, count: 4}"),
    ],
)
def test_entries(entry: str, side: str, tiers: str) -> None:
    """Tiers stand as price meets them: limits from the near one on, stops too; equal ones are one."""
    stop, target = ("90", "110") if side == "LONG" else ("110", "90")
    said_as(
        f"#LTC/USDT {side}\nLeverage 2x\n{entry}\nTP: {target}\nSL: {stop}",
        f"{{symbol: LTC/USDT:USDT, side: {side.lower()}, leverage: 2, size: 100 USDT risk, tiers: {tiers},"
        f" stop: {stop}, targets: [{{price: {target}, close: 100%}}]}}",
    )


@pytest.mark.parametrize(
    ("targets", "closes"),
    [
        ("TP: 104, 108", ["1/2", "1/2"]),
        ("TP1 104\nTP2 108\nTP3 112", ["1/3", "1/3", "1/3"]),
        ("Target 1 - 104\nTarget 2 - 108", ["1/2", "1/2"]),
        ("🎯 104\n🎯 108", ["1/2", "1/2"]),
        ("Targets:\n🥇 104\n🥈 108\n🚀 112", ["1/3", "1/3", "1/3"]),
        ("Targets:\n1) 104 - 75.0%\n2) 108 - 25%", ["3/4", "1/4"]),
        ("Targets:\n1. 104\n2. 108\n3. 🚀🚀", ["1/2", "1/2"]),
        ("Targets: 104 - 104 - 108 - null", ["2/3", "1/3"]),
        ("TP " + " / ".join(f"{price} - 16.666%" for price in range(104, 110)), ["1/6"] * 6),
        ("Take Profit 1: 104 (+4%)\nTake Profit 2: 108 (+8%)", ["1/2", "1/2"]),
        ("Take-Profit:\n🥉 104 (40% of profit)\n🥈 108 (100% of profit)", ["1/2", "1/2"]),
        ("Targets:\n1) 104 - 50%\n2) 108", ["1/2", "1/2"]),
        ("Sell: 104 - 108", ["1/2", "1/2"]),
        ("Цели: 104, 108", ["1/2", "1/2"]),
    ],
)
def test_targets(targets: str, closes: Sequence[str]) -> None:
    """Closes are written shares, or equal parts of the targets that have a price."""
    plan = plan_of(f"#LTC/USDT\nBuy: 100\n{targets}\nStop: 90")
    assert [target.close.amount for target in plan.targets] == list(map(Fraction, closes))
    assert plan.side is Side.LONG


@pytest.mark.parametrize(
    ("stop", "said", "price"),
    [
        ("Stop: 5-10%", "-10%", "90"),
        ("Stop Targets:\n\n\n5-10%", "-10%", "90"),
        ("SL -8%", "-8%", "92"),
        ("Stop Targets:\n1) 93 - 100.0%", "93", "93"),
        ("Stop loss: daily close below 91", "91", "91"),
        ("SL: 95 - 91", "91", "91"),
        ("S/L = $92.5", "92.5", "92.5"),
        ("🛑 92", "92", "92"),
        ("Стоп-лосс 92", "92", "92"),
    ],
)
def test_stops(stop: str, said: str, price: str) -> None:
    """A percentage is of price from tier 1; of a range, or of several, it is the further one."""
    found = imported(f"#LTC/USDT LONG\nEntry: 100\nTP: 110\n{stop}")
    assert f"stop: {said}" in found.yaml
    assert found.study is not None
    assert found.study.plan.stop == Decimal(price)


def test_a_short_is_stopped_above() -> None:
    """The range goes up for a short."""
    found = imported("#LTC/USDT SHORT\nEntry: 100\nTP: 90\nSL: 5% - 10%")
    assert "stop: +10%  # assumed: the further end of 5% to 10%" in found.yaml


@pytest.mark.parametrize(
    ("moves", "stops", "trail"),
    [
        ("Stop: Breakeven -\n Trigger: Target (1)", ["entry", "", "", ""], False),
        ("Stop: Moving Target - Trigger: Target (1)", ["entry", "target 1", "target 2", ""], False),
        ("Stop: Moving Target -\n Trigger: Target (2)", ["", "target 1", "target 2", ""], False),
        ("Stop: Moving 2 Target -\n Trigger: Target (2)", ["", "entry", "target 1", ""], False),
        ("Stop: Moving 2 Target -\n Trigger: Target (1)", ["", "entry", "target 1", ""], False),
        ("Stop: Percent Below Triggers (1.5%) -\n Trigger: Target (2)", ["", "target 2 -1.5%", "", ""], False),
        ("Stop: Percent Below Highest (2%) -\n Trigger: Target (4)", ["", "", "", ""], True),
        ("Stop: Percent Below Highest (2%) -\n Trigger: Target (1)", ["", "", "", ""], False),
        ("Stop: Breakeven -\n Trigger: Percent (3%)", ["", "", "", ""], False),
        ("Stop: Breakeven -\n Trigger: Target (4)", ["", "", "", ""], False),
        ("Stop: Without", ["", "", "", ""], False),
    ],
)
def test_stop_moves(moves: str, stops: list[str], *, trail: bool) -> None:
    """The breakeven of Cornix leaves costs out: `entry`. What no plan says is left out, and said."""
    found = imported(f"{FUTURES}Entry: 100\nTargets: 104 - 108 - 112 - 116\nStop: 90\nTrailing Configuration:\n{moves}")
    lines = [line for line in found.yaml.splitlines() if line.startswith("  - ")]
    assert [line.partition("stop: ")[2].partition("}")[0] for line in lines] == stops
    assert ("trail: 2%" in found.yaml) is trail
    is_said = any(each.code in ("SP857", "SP858") and "stop" in each.message for each in found.diagnostics)
    assert is_said is (not any(stops) and not trail and "Without" not in moves)


def test_a_short_trails_above_its_triggers() -> None:
    """The sign is of price."""
    text = FUTURES.replace("Long", "Short") + "Entry: 100\nTargets: 96 - 92\nStop: 105\n"
    found = imported(f"{text}Stop: Percent Above Triggers (1%) - Trigger: Target (1)")
    assert "stop: target 1 +1%" in found.yaml


@pytest.mark.parametrize(
    ("text", "wishes", "size"),
    [
        ("", NO_WISHES, "100 USDT risk  # assumed: none is said; 1R is 100 USDT"),
        ("Amount: 5%", Wishes(equity="10000"), "5% margin"),
        ("Amount per trade: 3-5%", Wishes(equity="10000"), "3% margin  # assumed: the lower end of 3% to 5%"),
        ("Amount: 2% Risk", Wishes(equity="10000"), "2% risk"),
        ("RM 1.5%", Wishes(equity="10000"), "1.5% risk"),
        (
            "Risk management: use 2-3% of your capital",
            Wishes(equity="10000"),
            "2% risk  # assumed: the lower end of 2% to 3%",
        ),
        ("Invest up to 4%", Wishes(equity="10000"), "4% margin"),
        ("Amount: 5%", Wishes(risk="250"), "250 USDT risk"),
        ("Amount: 5%", Wishes(size="900 USDT"), "900 USDT"),
    ],
)
def test_sizes(text: str, wishes: Wishes, size: str) -> None:
    """The first amount is taken, options go before it, and without any 1R is 100 of the quote."""
    found = imported(f"{FUTURES}{text}\nEntry: 100\nTP: 110\nSL: 90", wishes)
    assert f"\nsize: {size}\n" in found.yaml


def test_on_spot_an_amount_is_of_equity() -> None:
    """There is no margin."""
    found = imported("#LTC/USDT Spot\nBuy 100\nSell 110\nStop 90\nInvest up to 5%", Wishes(equity="2000"))
    assert "size: 5% equity" in found.yaml
    assert "symbol: LTC/USDT\n" in found.yaml


@pytest.mark.parametrize(
    ("text", "leverage", "mode", "note"),
    [
        ("3-5x", 3, "isolated", "lower end"),
        ("Leverage: 5x to 10x Cross", 5, "cross", "lower end"),
        ("Leverage: Cross (20х)", 20, "cross", ""),
        ("Leverage: Isolated Exactly (8X)", 8, "isolated", ""),
        ("Leverage: Up to 20x", 20, "isolated", "up to"),
        ("Плечо x7", 7, "isolated", ""),
        ("Lev: x25 Cross", 25, "cross", ""),
        ("5x isolated", 5, "isolated", ""),
        ("Leverage: Cross x 5", 5, "cross", ""),
        ("Lev 12", 12, "isolated", ""),
        ("Exchange: Binance Futures", 1, "isolated", "no leverage"),
    ],
)
def test_leverage(text: str, leverage: int, mode: str, note: str) -> None:
    """Of a range the lower end; futures without any have 1."""
    found = imported(f"#LTC/USDT LONG\n{text}\nEntry: 100\nTP: 110\nSL: 90")
    assert isinstance(found.study, Study)
    plan = found.study.plan
    assert (plan.leverage, str(plan.margin_mode)) == (Decimal(leverage), mode)
    assert plan.symbol.text == "LTC/USDT:USDT"
    assert any(note in each.message for each in found.diagnostics if each.code == "SP856") or not note


@pytest.mark.parametrize(
    ("numbers", "prices"),
    [
        (("1,234.5", "1,300", "1,100"), ("1234.5", "1300", "1100")),
        (("0,1234", "0,13", "0,11"), ("0.1234", "0.13", "0.11")),
        (("1.234,5", "1.300,0", "1.100,5"), ("1234.5", "1300", "1100.5")),
        (("2 450", "2 500", "2400"), ("2450", "2500", "2400")),
        (("12'345", "13000", "12000"), ("12345", "13000", "12000")),
        (("60-59.5K", "61K", "58.8k"), ("60000", "61000", "58800")),
        (("60.000", "61.000", "58500"), ("60000", "61000", "58500")),
        (("１５０", "１６０", "１４０"), ("150", "160", "140")),
        (("١٥٠", "١٦٠", "١٤٠"), ("150", "160", "140")),
        (("15\u200b0", "\u200f160", "1\u206640"), ("150", "160", "140")),
        (("𝟭𝟱𝟬", "160.50", ".140K"), ("150", "160.50", "140")),
    ],
)
def test_numbers(numbers: Sequence[str], prices: Sequence[str]) -> None:
    """A number that reads two ways is read as its neighbours are; marks that nobody sees are none of it."""
    entry, target, stop = numbers
    plan = plan_of(f"#XYZ/USDT LONG\nEntry: {entry}\nTP: {target}\nSL: {stop}")
    assert [plan.tiers[0].price, plan.targets[0].price, plan.stop] == [
        Decimal(prices[0]),
        plan.targets[0].price,
        Decimal(prices[2]),
    ]
    assert str(prices[1]) in imported(f"#XYZ/USDT LONG\nEntry: {entry}\nTP: {target}\nSL: {stop}").yaml


def test_how_a_number_was_read_stands_at_its_line() -> None:
    """Where it could have been read otherwise, beside what else was assumed."""
    yaml = imported("#XYZ/USDT LONG\nEntry: 1,200 - 1,150.5\nTP: 1,300\nSL: 1100").yaml
    assert "tiers: [1200, 1150.5]  # assumed: equal parts; read with commas between thousands\n" in yaml
    assert "stop: 1100\n" in yaml
    assert "targets:  # assumed: read with commas between thousands\n" in yaml


def test_satoshis_are_prices_of_a_pair_in_bitcoin() -> None:
    """1,250 satoshis are 0.0000125 BTC; 2500 of a pair in dollars are as they are written, and said."""
    text = "#LTC/BTC\nBuy: 1250\nSell: 1400\nStop: 1100"
    assert plan_of(text).tiers[0].price == Decimal("0.0000125")
    assert "stop: 0.000011  # assumed: read in satoshis\n" in imported(text).yaml
    assert plan_of(text, Wishes(scale=Decimal(1))).tiers[0].price == Decimal(1250)
    other = imported("#AGLD/USDT\nBuy: 4120\nTP: 4300\nSL: 4000")
    assert isinstance(other.study, Study)
    assert other.study.plan.tiers[0].price == Decimal(4120)
    assert [each.help for each in other.diagnostics if each.severity is Severity.WARNING] == [
        "`--scale 0.0001` puts decimals back that were left off"
    ]
    scaled = imported("#AGLD/USDT\nBuy: 4120\nTP: 4300\nSL: 4000", Wishes(scale=Decimal("0.0001")))
    assert "tiers: [0.412]" in scaled.yaml
    assert "stop: 0.4\n" in scaled.yaml


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", ["SP850 1:1", "SP850 1:1"]),
        ("good morning, 5 new members", ["SP850 1:1", "SP850 1:1"]),
        ("LONG\nEntry: 150\nTP: 160\nSL: 140", ["SP850 1:1"]),
        ("$SOL LONG\nEntry: 150\nTP: 160\nSL: 140", ["SP850 1:2"]),
        ("#SOL/USDT LONG\nTP: 160\nSL: 140", ["SP850 1:1"]),
        ("#SOL/USDT\nEntry: 150", ["SP850 1:1"]),
        ("#SOL/USDT LONG\nEntry: market\nTP: 160\nSL: 140", ["SP850 2:8"]),
        ("#SOL/USDT LONG\nEntry: current price\nTP: 160\nSL: 140", ["SP850 2:8"]),
        ("SOL LONG\nВход: по рынку\nТейк: 160\nСтоп: 140", ["SP850 1:1", "SP850 2:7"]),
        ("#SOL/USDT LONG\nEntry: 0\nTP: 160\nSL: 140", ["SP850 2:1"]),
        (f"{LONG}Amount: 5%", ["SP850 5:1"]),
        ("#SOL/USDT Take-Profit target 2 ✅\nProfit: 45%", ["SP851 1:11"]),
        ("#SOL/USDT All entry targets achieved", ["SP851 1:11"]),
        ("#SOL/USDT Cancelled ❌", ["SP851 1:11"]),
        ("Цель 1 достигнута #SOL/USDT", ["SP851 1:1"]),
        (f"{LONG}Target 1 hit!", ["SP851 5:1"]),
        (f"{LONG}\n#ETH/USDT SHORT\nEntry: 2500\nTP: 2400\nSL: 2600", ["SP852 6:1"]),
        (LONG * 2, ["SP852 5:1"]),
        ("#XYZ/USDT LONG\nEntry: 1,234\nTP: 1,300\nSL: 1,100", ["SP853 2:8", "SP853 3:5", "SP853 4:5"]),
        ("#XYZ/USDT LONG\nEntry: 0.0₄12\nTP: 13\nSL: 11", ["SP853 2:8"]),
        ("#XYZ/USDT LONG\nEntry: 1e5\nTP: 110000\nSL: 90000", ["SP853 2:8"]),
        ("#SOL/USDT LONG\nEntry: 150\nTP: 160\nSL: 155", ["SP854 4:1"]),
        ("#SOL/USDT SHORT\nEntry: 150\nTP: 140\nSL: 149", ["SP854 4:1"]),
        ("#SOL/USDT LONG\nEntry: 150\nTP: 140, 130\nSL: 160", ["SP854 3:5"]),
        ("#SOL/USDT LONG\nEntry: 150\nTP: 140, 160\nSL: 145", ["SP854 3:5"]),
        ("SPOT\n#SOL/USDT SHORT\nEntry: 150\nTP: 140\nSL: 160", ["SP854 2:11"]),
        ("#SOL/USDT LONG spot\n10x\nEntry: 150\nTP: 160\nSL: 140", ["SP854 2:1"]),
        ("#SOL/USDT LONG\nEntry: 150 (50%), 148 (40%)\nTP: 160\nSL: 140", ["SP854 2:1"]),
        ("#SOL/USDT LONG\nEntry: 150\nTP: 160 (80%), 170 (80%)\nSL: 140", ["SP854 3:1"]),
        ("#SOL/USDT LONG\nEntry: 150\nTP: 160\nSL: 100%", ["SP854 4:5"]),
        ("#SOL/USDT LONG\nEntry: 150\nTP: 160, 1600\nSL: 140", ["SP855 3:10"]),
        ("#SOL/USDT LONG Entry: " + " ".join("150" for _ in range(300)), ["SP128 1:23"]),
    ],
)
def test_what_leaves_no_plan(text: str, wrong: list[str]) -> None:
    """An error at its place, and no YAML."""
    found = imported(text)
    assert errors(found) == wrong
    assert found.yaml == ""
    assert found.study is None


def test_what_is_a_condition_is_no_status() -> None:
    """`when target 1 is hit` is prose of a signal, and so is what the last one did."""
    text = f"{LONG}Move SL to entry when target 1 is hit\nPrevious signal: all targets achieved"
    assert len(plan_of(text).targets) == 1


def test_one_of_several_signals_is_asked_for() -> None:
    """Lines without numbers above a pair belong to it: the second is a short on spot, which there is not."""
    text = f"{LONG}\nVIP SHORT\n#ETH/USDT\nEntry: 2500\nTP: 2400\nSL: 2600\n"
    assert plan_of(text, Wishes(nth=1)).symbol.text == "SOL/USDT"
    second = plan_of(text, Wishes(nth=2))
    assert (second.symbol.text, str(second.side), second.tiers[0].price) == ("ETH/USDT:USDT", "short", Decimal(2500))
    assert errors(imported(text, Wishes(nth=3))) == ["SP852 7:1"]


def test_options_go_before_the_text() -> None:
    """What the text leaves out, and what is meant otherwise."""
    text = "SOL SHORT\nEntry: market\nTP: 140\nSL: 160\nSPOT"
    wishes = Wishes(quote="USDC", price=Decimal("150.5"), leverage="3", venue="binance")
    plan = plan_of(text, wishes)
    assert (plan.symbol.text, plan.leverage, plan.tiers[0].price) == ("SOL/USDC:USDC", Decimal(3), Decimal("150.5"))
    assert plan.venue_name == "binance"
    assert str(plan.tiers[0].order) == "market"
    zone = "#SOL/USDT LONG\nEntry zone: 140 - 150\nTP 160\nSL 130"
    assert len(plan_of(zone, Wishes(zone_tiers=7)).tiers) == 7
    assert plan_of("#SOL/USDT\nEntry: 150\nSL 160", Wishes(side=Side.SHORT)).side is Side.SHORT


def test_nothing_of_a_text_becomes_yaml() -> None:
    """Keys, tags, anchors and comments of a text are prose, left out one by one."""
    hostile = (
        "symbol: BTC/USDT\n---\n!!python/object/apply:os.system [reboot]\n&a [*a, *a]\n<<: {leverage: x}\n"
        "size: 1000000 USDT\naccount: /etc/passwd\n#SOL/USDT LONG entry: 150 # size: 5 BTC\n"
        "tp: 160}\nstop: 140 {x: y}\n"
        "\x1b[31m\u202e`rm -rf`"
    )
    found = imported(hostile)
    assert [line for line in found.yaml.splitlines() if not line.startswith("#")] == [
        "symbol: SOL/USDT  # assumed: spot: no leverage is said",
        "side: long",
        "size: 100 USDT risk  # assumed: none is read; 1R is 100 USDT",
        "tiers: [150]",
        "stop: 140",
        "targets:",
        "  - {price: 160, close: 100%}",
    ]
    shown = run("-", given=hostile.encode())
    assert "\x1b" not in shown.talk + shown.out
    assert "\u202e" not in shown.talk + shown.out


# The command


def run(*words: str, given: bytes = LONG.encode(), command: str = "import") -> Reply:
    """Returns the reply to a signal on standard input."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        return outcome(command, *words)


def test_the_plan_is_printed_and_all_that_is_said_is_said_apart() -> None:
    """Standard output is the plan alone, which reads as it is."""
    reply = run()
    assert reply.code == ExitCode.OK
    assert run("-", given=reply.out.encode(), command="check").code == ExitCode.OK
    assert run("-", given=reply.out.encode(), command="fmt").out == reply.out
    assert reply.talk.splitlines() == [
        "<stdin>:1:1: note SP856 signal-assumed: no leverage is said: spot, which is never liquidated",
        "<stdin>:1:1: note SP856 signal-assumed: no size is said: `100 USDT risk`, so that 1R is 100 USDT",
    ]


def test_no_plan_is_exit_one() -> None:
    """Nothing is printed; the excerpt is of the text."""
    reply = run(given=b"#SOL/USDT LONG\nEntry: 150\nTP: 160\nSL: 155")
    assert (reply.code, reply.out) == (ExitCode.ERRORS, "")
    assert "  4 | SL: 155\n    | ^^\n" in reply.talk


def test_show_and_json() -> None:
    """`show` has the figures of the plan; JSON has it, what was said, and what `check` says of it."""
    shown = run("--format", "show", "--risk", "50")
    assert "planned loss 50.00 USDT" in shown.out
    assert shown.code == ExitCode.OK
    record = json.loads(run("--format", "json").out)
    assert list(record) == [
        *("format_version", "command", "file", "yaml", "plan", "assumed", "left_out", "odd", "diagnostics"),
        "plan_diagnostics",
    ]
    assert record["yaml"] == run().out
    assert (record["plan"]["symbol"], record["assumed"], record["odd"]) == ("SOL/USDT", 2, 0)
    nothing = run("--format", "json", given=b"hello")
    assert nothing.code == ExitCode.ERRORS
    assert json.loads(nothing.out)["yaml"] is None
    assert json.loads(nothing.out)["diagnostics"][0]["code"] == "SP850"


def test_it_is_saved_whole_and_over_nothing(tmp_path: Path) -> None:
    """Another content stays unless it is forced; no plan leaves the file as it is."""
    file = tmp_path / "sol.yaml"
    saved = run("-o", str(file))
    assert (saved.code, saved.out) == (ExitCode.OK, "")
    assert file.read_text() == run().out
    assert run("-o", str(file)).code == ExitCode.OK
    other = ("-o", str(file), "--risk", "50")
    assert run(*other).code == ExitCode.REFUSED
    assert file.read_text() == run().out
    assert run(*other, "--force").code == ExitCode.OK
    assert "50 USDT risk" in file.read_text()
    assert run("-o", str(file), "--force", given=b"hello").code == ExitCode.ERRORS
    assert "50 USDT risk" in file.read_text()
    assert run("-o", str(tmp_path / "no" / "sol.yaml")).code == ExitCode.REFUSED
    assert sorted(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "words",
    [
        ("-o", "sol.txt"),
        ("--price", "x"),
        ("--price", "0"),
        ("--scale", "-1"),
        ("--side", "up"),
        ("--quote", "US D"),
        ("--nth", "0"),
        ("--zone-tiers", "1"),
        ("--size", "9 SOL", "--risk", "5"),
        ("--size", " "),
    ],
)
def test_wrong_usage(words: Sequence[str]) -> None:
    """A value that is none is wrong usage, whatever the text says."""
    reply = run(*words)
    assert (reply.code, reply.out) == (ExitCode.USAGE, "")


def test_a_wrong_value_is_found_where_it_was_typed() -> None:
    """What the plan's own reader refuses stands on the command line, and not in the text."""
    reply = run("--size", "9")
    assert reply.code == ExitCode.ERRORS
    assert reply.talk.startswith("import:1:25: error SP113 not-a-size:")
    assert run("--leverage", "x", "--risk", "50").talk.startswith("import:1:29: error SP106")
    assert run("--venue", "nowhere").talk.startswith("import:1:26: error SP129")


def test_bytes_that_are_no_signal(tmp_path: Path) -> None:
    """Not UTF-8, too long, a folder, no file: a sentence and the exit code of its kind."""
    assert "SP001" in run(given=b"#SOL/USDT \xff").talk
    assert run(given=b"#SOL/USDT \xff").code == ExitCode.ERRORS
    assert run(given=LONG.encode().ljust(MOST_BYTES)).code == ExitCode.OK
    too_long = run(given=LONG.encode().ljust(MOST_BYTES + 1))
    assert too_long.code == ExitCode.ERRORS
    assert "SP002" in too_long.talk
    assert run(str(tmp_path)).code == ExitCode.REFUSED
    assert run(str(tmp_path / "none.txt")).code == ExitCode.REFUSED
