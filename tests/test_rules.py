"""The rules: for each a plan in which it speaks, one just inside its limit, and the other side of the market.

Numbers that decide are worked by hand beside the plan. What is said word for word stands in `plans/bad`.
"""

from pathlib import Path

import pytest

from scaleplan.decode.keys import PLAN
from scaleplan.diagnostic import Severity
from scaleplan.rules import RULES, Rule
from scaleplan.study import Session
from tests.given import LIMITS, codes, linear, spot, the, told, with_keys
from tests.running import ROOT

#: Limits that no plan here passes, so that nothing is said of them.
# Prices and sides, SP2


@pytest.mark.parametrize(
    ("side", "text", "numbers"),
    [
        ("long", "tiers: [100]\nstop: 90\ntargets: [30% at 130, 30% at 120, rest at 140]", ("120", "130")),
        ("short", "tiers: [100]\nstop: 110\ntargets: [50% at 80, rest at 90]", ("90", "80")),
        # 2R of 10 lies at 120, beyond 115.
        ("long", "tiers: [100]\nstop: 90\ntargets: [50% at 2R, rest at 115]", ("115", "120")),
    ],
)
def test_targets_out_of_order(side: str, text: str, numbers: tuple[str, str]) -> None:
    """A target nearer than the one before it is an error, whatever form both are written in."""
    found = the("SP204", linear(side, text))
    assert found.severity is Severity.ERROR
    assert all(f" {number}.00 " in f"{found.message} " for number in numbers)


def test_targets_in_order() -> None:
    """Two targets at one price are in order; one that takes a loss is told once, by SP202."""
    assert not told("SP204", linear("long", "tiers: [100]\nstop: 90\ntargets: [50% at 110, 50% at 1R]"))
    taking_a_loss = linear("long", "tiers: [100]\nstop: 80\ntargets: [50% at 110, 50% at 90]")
    assert (len(told("SP202", taking_a_loss)), told("SP204", taking_a_loss)) == (1, [])


def test_twin_tiers() -> None:
    """Two tiers that fill as one are an error; a retest, and market orders with triggers of their own, are two."""
    assert "tiers 1 and 3" in the("SP205", linear("short", "tiers: [100, 101, 100 limit]\nstop: 110")).message
    both = "tiers: [{price: 100, order: stop}, {price: 100, order: stop, after: 105}]\nstop: 90"
    assert not told("SP205", linear("long", both))
    retests = "tiers: [110, {price: 100, after: 105}, {price: 100, after: 105}]\nstop: 90"
    assert the("SP205", linear("long", retests)).path == "tiers[2].price"
    market = "tiers: [{price: 100, order: market, trigger: a}, {price: 100, order: market, trigger: %s}]\nstop: 90"
    assert not told("SP205", linear("long", market % "b"))
    assert told("SP205", linear("long", market % "a"))


@pytest.mark.parametrize(
    ("text", "path", "share"),
    [
        ("tiers: [60000, 59000]\nstop: 5800", "stop", "90.33%"),
        ("tiers: [60000, {price: 59000, after: 6120}]\nstop: 55000", "tiers[1].after", "89.8%"),
        ("tiers: [60000]\nstop: 55000\ninvalidation: 5500", "invalidation", "90.83%"),
        ("tiers: [60000]\nstop: 55000\ntargets: [640000]", "targets[0].price", "966.7%"),
        ("tiers: {from: 60000, to: 29999, count: 3}\nstop: 20000", "tiers.to", "50%"),
        ("tiers: [60000]\nstop: 55000\ntargets: {from: 64000, to: 680000, count: 2}", "targets.to", "1,033%"),
    ],
)
def test_price_far_off(text: str, path: str, share: str) -> None:
    """A price more than 50% from tier 1 is asked about where it is written."""
    found = [one for one in told("SP206", spot(text)) if one.path == path]
    assert [share in one.message for one in found] == [True]
    assert found[0].severity is Severity.WARNING


def test_price_not_far_off() -> None:
    """Half of tier 1's price is no digit lost; a spot target may be twice it; an error at the place is enough."""
    assert not told("SP206", spot("tiers: [100]\nstop: 50\ntargets: [200]"))
    assert told("SP206", linear("long", "tiers: [100]\nstop: 90\ntargets: [151]"))
    assert not told("SP206", linear("long", "tiers: [100]\nstop: 90\ntargets: [150, 30R]"))
    assert told("SP206", linear("short", "tiers: [100]\nstop: 110\ntargets: [49]"))
    # A distance is no price in which a digit is lost, on either side.
    assert not told("SP206", linear("long", "tiers: [60000]\nstop: 55000\ntargets: [+120%]", leverage="1"))
    assert not told("SP206", linear("short", "tiers: [60000]\nstop: 65000\ntargets: [-60%]"))
    assert not told("SP206", spot("tiers: [60000, -55%]\nstop: -70%"))
    deep = the("SP203", spot("tiers: [60000, -55%]\nstop: -50%"))
    assert "digits" not in deep.help
    beyond = spot("tiers: [60000, 5900]\nstop: 55000")
    assert (len(told("SP203", beyond)), told("SP206", beyond)) == (1, [])


# Sizes and shares, SP3


def test_one_tier_dominates() -> None:
    """More than 60% in one of three tiers is told; 60%, and one of two, are not."""
    assert "61%" in the("SP304", spot("tiers: [20% at 100, 61% at 99, 19% at 98]\nstop: 90")).message
    slipped = "tiers: [20% at 100, 60% at 99 stop, 20% at 98]\nstop: 110\nslippage: 1%"
    assert not told("SP304", linear("short", slipped))
    assert not told("SP304", spot("tiers: [90% at 100, 10% at 99]\nstop: 90"))
    # 7 BTC of 10, by their own sizes: 700 of 997.
    own = "symbol: BTC/USDT\nside: long\ntiers: [7 BTC at 100, 2 BTC at 99, 1 BTC at 99]\nstop: 90\n"
    assert "70.21%" in the("SP304", own).message


@pytest.mark.parametrize("side", ["long", "short"])
def test_beyond_last_bracket(side: str) -> None:
    """The end of the table is still inside it; one more is not. An open table has no end.

    A long's value falls toward liquidation. A short's rises: stopped at 100.5 it is worth that, and the table's end may
    not come before.
    """
    stop = "stop: 90" if side == "long" else "stop: 100.5"
    end = "100" if side == "long" else "100.5"
    brackets = "maintenance: [{up_to: 50, rate: 0.4%}, {OPENrate: 1%}]"
    text = linear(side, f"tiers: [100]\n{stop}", "1 BTC").replace("maintenance: 0.5%", brackets)
    assert not told("SP305", text.replace("OPEN", f"up_to: {end}, "))
    assert "100 USDT" in the("SP305", text.replace("OPEN", "up_to: 99, ")).message
    assert not told("SP305", text.replace("OPEN", ""))
    coins = "venue: {name: v, bracket_by: coin, maintenance: [{up_to: 0.5, rate: 0.4%}, {up_to: 0.9, rate: 1%}]}"
    assert "1 BTC" in the("SP305", text.replace(brackets, coins)).message


def test_a_short_leaves_the_last_bracket_on_its_way() -> None:
    """1 BTC sold at 60,000 is worth 65,000 where price is; the stop comes after that, at it, or before it."""
    text = linear("short", "tiers: [60000]\nstop: 79000", "1 BTC", "3")
    text = text.replace("0.5%", "[{up_to: 65000, rate: 0.5%}]")
    assert "65,000 USDT, where price is at 65,000.00, before the stop at 79,000.00" in the("SP305", text).message
    for stop in ("65000", "64999"):
        assert not told("SP305", text.replace("79000", stop))
    assert "SP406" not in codes(text)
    # An inverse long's value in coin grows as price falls: 60000 USD are 1 BTC at entry, and 1.2 BTC at 50,000.
    text = "symbol: BTC/USD:BTC\nside: long\nleverage: 2\nsize: 60000 USD\ntiers: [60000]\nstop: 45000\n"
    text += "venue: {name: v, bracket_by: coin, maintenance: [{up_to: 1, rate: 0.4%}, {up_to: 1.2, rate: 1%}]}\n"
    assert "1.2 BTC, where price is at 50,000.00, before the stop at 45,000.00" in the("SP305", text).message
    assert not told("SP305", text.replace("45000", "50000"))


# Leverage and liquidation, SP4


@pytest.mark.parametrize("side", ["long", "short"])
def test_margin_above_limit(side: str) -> None:
    """10,000 at 4x ties up 2,500: a quarter of 10,000 is enough, and 2,499 are not."""
    stop = "stop: 95" if side == "long" else "stop: 105"
    account = "{equity: 10000, max_risk: 5000, max_margin: %s}"
    text = linear(side, f"tiers: [100]\n{stop}", "100 BTC", "4", account)
    assert not told("SP407", text.replace("%s", "25%"))
    found = the("SP407", text.replace("%s", "2499"))
    assert (found.severity, "2,500.00 USDT" in found.message, "99.9%" in found.help) == (Severity.ERROR, True, True)


def test_margin_above_equity_is_told_once() -> None:
    """Where not even the equity would do, the limit is not spoken of as well."""
    text = linear("long", "tiers: [100]\nstop: 95", "1000 BTC", "4", "{equity: 10000, max_risk: 5000, max_margin: 25%}")
    assert (len(told("SP405", text)), told("SP407", text)) == (1, [])


def test_leverage_above_limit() -> None:
    """Value at the tier's price over equity: 300 BTC at 100 are 3 times 10,000, and 301 are more."""
    account = "{equity: 10000, max_risk: 10000, max_leverage: 3}"
    # A short's value grows on the way to its stop: 285 BTC are worth 2.9925 times the equity at 105, 300 are 3.15.
    assert not told("SP408", linear("short", "tiers: [100]\nstop: 105", "285 BTC", "10", account))
    grown = the("SP408", linear("short", "tiers: [100]\nstop: 105", "300 BTC", "10", account))
    assert (grown.severity, "3.15 times the equity at the stop, 105" in grown.message) == (Severity.WARNING, True)
    assert "(3 at a tier's own price)" in grown.message
    assert the("SP408", linear("short", "tiers: [100]\nstop: 105", "301 BTC", "10", account)).severity is Severity.ERROR
    assert not told("SP408", linear("long", "tiers: [100, 99.3, 98.7]\nstop: 97", "300% equity", "10", account))
    found = the("SP408", linear("long", "tiers: [100]\nstop: 97", "301 BTC", "10", account))
    # 300 of 301 are 99.66...%: what is advised is rounded down.
    assert (found.severity, "3.01 times" in found.message, "99.6%" in found.help) == (Severity.ERROR, True, True)


@pytest.mark.parametrize(
    ("side", "stop", "buffer"),
    [
        # Without maintenance a 10x long from 100 is liquidated at 90: 92 is a fifth of the way before it.
        ("long", "92", None),
        ("long", "91.99", "19.9%"),
        # A short at 110.
        ("short", "108", None),
        ("short", "108.01", "19.9%"),
        # Liquidation first is SP401.
        ("long", "89", None),
    ],
)
def test_thin_liquidation_buffer(side: str, stop: str, buffer: str | None) -> None:
    """Less than a fifth of the way from entry to liquidation behind the stop is told."""
    text = linear(side, f"tiers: [100]\nstop: {stop}", leverage="10").replace("maintenance: 0.5%", "maintenance: 0%")
    assert [buffer in one.message for one in told("SP409", text) if buffer] == ([True] if buffer else [])
    assert len(told("SP409", text)) == (buffer is not None)


def test_needless_leverage() -> None:
    """6,000 within a margin of 2,000 needs 3x: 6x is twice that and nothing is said, 7x is a note."""
    account = "{equity: 10000, max_risk: 5000, max_margin: 20%}"
    assert not told("SP410", linear("long", "tiers: [100]\nstop: 95", "60 BTC", "6", account))
    found = the("SP410", linear("short", "tiers: [100]\nstop: 105", "60 BTC", "7", account))
    assert (found.severity, "3x would do" in found.message, "2,000.00 USDT" in found.message) == (
        Severity.NOTE,
        True,
        True,
    )
    # Without a max_margin a quarter of the equity: 6,000 within 2,500 needs 3x too.
    assert told("SP410", linear("long", "tiers: [100]\nstop: 95", "60 BTC", "7", "{equity: 10000, max_risk: 5000}"))
    cross = linear("long", "margin_mode: cross\ntiers: [100]\nstop: 95", "60 BTC", "7", account)
    assert not told("SP410", cross)
    assert not told("SP410", linear("long", "tiers: [100]\nstop: 95", "5% margin", "20", account))


# Exits and R, SP5


def test_no_stop_move() -> None:
    """Half off at +10 and half out at -20 loses; at -10 it comes out even, and nothing is said."""
    losing = "tiers: [100]\nstop: %s\ntargets: [50% at %s, rest at %s]"
    found = the("SP504", linear("long", losing.replace("%s", "80", 1).replace("%s", "110", 1).replace("%s", "150")))
    assert (found.severity, "loses 5.00 USDT" in found.message, "5.00 was won" in found.message) == (
        Severity.WARNING,
        True,
        True,
    )
    assert not told("SP504", linear("long", "tiers: [100]\nstop: 90\ntargets: [50% at 110, rest at 150]"))
    assert told("SP504", linear("short", "tiers: [100]\nstop: 120\ntargets: [50% at 90, rest at 60]"))
    moved = "tiers: [100]\nstop: 80\ntargets: [{price: 105, stop: 95}, 50% at 110, rest at 150]"
    assert not told("SP504", linear("long", moved))
    assert not told("SP504", linear("long", "tiers: [100]\nstop: 80\ntargets: [110]"))
    ladder = linear("long", "tiers: [100]\nstop: 80\ntargets: {from: 110, to: 150, count: 3}")
    assert "list the targets" in the("SP504", ladder).help


@pytest.mark.parametrize(
    ("side", "invalidation", "stop", "speaks"),
    [
        # 0.1% of 80 is 0.08.
        ("long", "80", "80.08", False),
        ("long", "80", "80.09", True),
        ("long", "80", "79", False),
        ("short", "120", "119.88", False),
        ("short", "120", "119.87", True),
        # The invalidation above a long's entry is SP201.
        ("long", "101", "102", False),
    ],
)
def test_stop_inside_invalidation(side: str, invalidation: str, stop: str, *, speaks: bool) -> None:
    """A stop more than 0.1% nearer than the invalidation is told."""
    text = linear(side, f"tiers: [100]\ninvalidation: {invalidation}\nstop: {stop}")
    assert bool(told("SP505", text)) == speaks


def test_target_cancels_tiers() -> None:
    """A first closing target before an add is told; at a tier that is stopped first only SP203 speaks."""
    text = "tiers: [60% at 100, 40% at 120]\nstop: 95\n%stargets: [50% at %s, rest at 150]"
    found = the("SP506", linear("long", text.replace("%s", "", 1).replace("%s", "110")))
    assert "target 1 at 110" in found.message
    assert not told("SP506", linear("long", text.replace("%s", "", 1).replace("%s", "121")))
    assert not told("SP506", linear("long", text.replace("%s", "entries_end: never\n", 1).replace("%s", "110")))
    assert told("SP506", linear("short", "tiers: [60% at 100, 40% at 80]\nstop: 105\ntargets: [50% at 1R, rest at 70]"))
    stopped = linear("long", "tiers: [100, 90]\nstop: 95\ntargets: [110]")
    assert (len(told("SP203", stopped)), told("SP506", stopped)) == (1, [])


def test_no_exit() -> None:
    """A part without target, trail, exit in words or a time stop that closes all is told with its share."""
    text = "tiers: [100]\nstop: 90\ntargets: [{price: 120, close: 60%%, stop: breakeven%s}]%s"
    assert "40%" in the("SP507", linear("long", text % ("", ""))).message
    assert told("SP507", linear("short", "tiers: [100]\nstop: 110\ntargets: [60% at 80]"))
    assert not told("SP507", linear("long", text % (", trail: 5%", "")))
    assert not told("SP507", linear("long", text % (", exit: close below the 20 EMA", "")))
    assert not told("SP507", linear("long", text % ("", "\ntime_stop: {after: 3d, close: 100%}")))
    assert told("SP507", linear("long", text % ("", "\ntime_stop: {after: 3d, unless: 1R, close: 100%}")))
    assert not told("SP507", linear("long", "tiers: [100]\nstop: 90"))
    # Three thirds are the whole.
    assert not told("SP507", linear("long", "tiers: [100]\nstop: 90\ntargets: [1/3 at 110, 1/3 at 120, 1/3 at 130]"))


def test_reward_below_risk() -> None:
    """10 to win and 10 to lose is even; 9.99 to win is told, with the 50.1% of wins that it needs."""
    assert not told("SP508", linear("long", "tiers: [100]\nstop: 90\ntargets: [110]"))
    found = the("SP508", linear("long", "tiers: [100]\nstop: 90\ntargets: [109.99]"))
    # 1 / (1 + 0.999) = 0.50025.
    assert ("9.99 USDT" in found.message, "50.1%" in found.message) == (True, True)
    assert told("SP508", linear("short", "tiers: [100]\nstop: 110\ntargets: [91]"))


def test_reward_counts_a_runner_at_the_last_target() -> None:
    """Half off at 2R and a trail on the rest is no poor payoff, though the trail starts at the entry."""
    runner = "tiers: [100]\nstop: 90\ntargets: [{price: 2R, close: 50%, stop: entry, trail: 20%}]"
    assert not told("SP508", linear("long", runner))
    # Half at 4 and half at 4, against 10.
    assert told("SP508", linear("long", runner.replace("2R", "0.4R").replace("stop: entry, ", "")))


def test_reward_is_not_judged_where_something_else_is_wrong() -> None:
    """No stop, no exit, a target that loses: each is told once."""
    for text in (
        "tiers: [100]\nstop: none\ntargets: [101]",
        "tiers: [100]\nstop: 90\ntargets: [50% at 111]",
        "tiers: [100]\nstop: 90\ntargets: [50% at 105, 50% at 99]",
    ):
        assert not told("SP508", linear("long", text)), text


def test_no_stop() -> None:
    """A plan with leverage and without a stop says where it is liquidated; spot may hold through."""
    # Without maintenance, 2x from 100 is liquidated at 50 and loses 50.
    free = linear("long", "tiers: [100]\nstop: none").replace("maintenance: 0.5%", "maintenance: 0%")
    found = the("SP509", free)
    assert (found.severity, "at 50.00:" in found.message, "50.00 USDT" in found.message) == (
        Severity.WARNING,
        True,
        True,
    )
    short = linear("short", "tiers: [100]\nstop: none").replace("maintenance: 0.5%\n", "")
    assert "at 150.00 at the latest:" in the("SP509", short).message
    assert not told("SP509", spot("tiers: [100]\nstop: none"))
    assert not told("SP509", linear("long", "tiers: [100]\nstop: 90"))


@pytest.mark.parametrize("side", ["long", "short"])
def test_large_loss(side: str) -> None:
    """100 BTC that lose 10 each are a tenth of 10,000; 101 are more. A limit that is passed is told instead."""
    stop = "stop: 90" if side == "long" else "stop: 110"
    account = "{equity: 10000, max_risk: 50%, max_margin: 100%}"
    assert not told("SP510", linear(side, f"tiers: [100]\n{stop}", "100 BTC", "2", account))
    found = the("SP510", linear(side, f"tiers: [100]\n{stop}", "101 BTC", "2", account))
    assert ("1,010.00 USDT" in found.message, "10.1%" in found.message, "99%" in found.help) == (True, True, True)
    limited = linear(side, f"tiers: [100]\n{stop}", "101 BTC", "2", account.replace("50%", "5%"))
    assert (len(told("SP503", limited)), told("SP510", limited)) == (1, [])


def test_large_loss_of_a_holder() -> None:
    """Spot without a stop counts its whole cost as risk: that is no planned loss."""
    assert not told("SP510", spot("account: {equity: 1000, max_risk: 900}\ntiers: [100]\nstop: none"))


# Discipline, SP6


@pytest.mark.parametrize(
    ("side", "size", "tiers", "said"),
    [
        ("long", "300 USDT", "[1/3 at 100, 2/3 at 95]", "tier 2 grows while the trade loses: it is 2 times tier 1"),
        ("short", "3 BTC", "[1/3 at 100, 2/3 at 105]", "it is 2 times tier 1"),
        ("long", "700 USDT", "[1/7 at 100, 2/7 at 95, 4/7 at 92]", "tiers 2 and 3 grow"),
        # 40, 20, 30: the last is 1.5 times the one before it.
        (
            "long",
            "90 USDT",
            "[4/9 at 100, 2/9 at 95, 3/9 at 92]",
            "it is 1.5 times tier 2",
        ),
        # Each 1.2 times the last: 1.44 by tier 3, 2.0736 by tier 5, which is double.
        (
            "long",
            "7.4416 BTC",
            "[1 BTC at 100, 1.2 BTC at 95, 1.44 BTC at 90, 1.728 BTC at 86, 2.0736 BTC at 82]",
            "tier 5 is 2.07 times tier 1",
        ),
    ],
)
def test_martingale(side: str, size: str, tiers: str, said: str) -> None:
    """Adds to a loser that grow in money and in units are an error, with their ratio."""
    stop = "stop: 80" if side == "long" else "stop: 120"
    found = the("SP601", linear(side, f"tiers: {tiers}\n{stop}", size))
    assert found.severity is Severity.ERROR
    assert said in found.message
    assert not told("SP602", linear(side, f"tiers: {tiers}\n{stop}", size))


@pytest.mark.parametrize(
    ("side", "size", "tiers"),
    [
        # Each 1.05 times the last: 1.1025 by tier 3.
        ("long", "315.25 USDT", "[10000/31525 at 100, 10500/31525 at 98, 11025/31525 at 96]"),
        # 13 of 11 is 1.18 times; 14.9 of 10 is just below half as large again.
        ("long", "24 BTC", "[11/24 at 100, 13/24 at 98]"),
        ("short", "24.9 USDT", "[10 USDT at 100, 14.9 USDT at 101]"),
        # Each 1.2 times the last: 1.728 by tier 4.
        ("short", "5.368 BTC", "[1 BTC at 100, 1.2 BTC at 105, 1.44 BTC at 110, 1.728 BTC at 115]"),
    ],
)
def test_adds_that_grow_a_little_are_a_warning(side: str, size: str, tiers: str) -> None:
    """Below half as large again as the one before, and below twice the first, an add is no martingale to refuse."""
    stop = "stop: 80" if side == "long" else "stop: 120"
    assert the("SP601", linear(side, f"tiers: {tiers}\n{stop}", size)).severity is Severity.WARNING


@pytest.mark.parametrize(
    ("side", "size", "tiers"),
    [
        # Equal money on the way down buys more units; equal units on a short's way up cost more money.
        ("long", "300 USDT", "[100, 90, 81]"),
        ("short", "3 BTC", "[100, 110, 121]"),
        # Rounded thirds; 33/30 is just the 1.1 that is let pass.
        ("long", "3 BTC", "[33% at 100, 33% at 99, 34% at 98]"),
        ("long", "63 USDT", "[30/63 at 100, 33/63 at 99]"),
        # Growing where the trade wins, and after a retest, is no martingale.
        ("long", "3 BTC", "[1/3 at 100, 2/3 at 105]"),
        ("long", "3 BTC", "[{price: 100, share: 1/3, order: stop}, {price: 99, share: 2/3, after: 103}]"),
        # 25/25/50, the last at 60,200 above the average of 59,750.
        ("long", "0.4 BTC", "[25% at 60000, 25% at 59500, {price: 60200, share: 50%, after: tier 2}]"),
    ],
)
def test_no_martingale(side: str, size: str, tiers: str) -> None:
    """What does not grow, or does not lose, is none."""
    stop = "stop: 75" if side == "long" else "stop: 140"
    assert not told("SP601", linear(side, f"tiers: {tiers}\n{stop}", size))


def test_martingale_in_spot_is_a_warning() -> None:
    """Nothing is liquidated there."""
    assert the("SP601", spot("tiers: [1/3 at 100, 2/3 at 95]\nstop: 80")).severity is Severity.WARNING


def test_martingale_of_a_coin_contract() -> None:
    """An inverse long grows in contracts and in coin."""
    text = (
        "symbol: BTC/USD:BTC\nside: long\naccount: {equity: 9 BTC, max_risk: 5 BTC}\nleverage: 2\nmaintenance: 0.5%\n"
    )
    grows = f"{text}size: 300 USD\ntiers: [1/3 at 100, 2/3 at 95]\nstop: 80\n"
    assert "2 times" in the("SP601", grows).message
    assert not told("SP601", grows.replace("1/3 at 100, 2/3 at 95", "100, 95"))


def test_slippage_makes_nobody_a_loser() -> None:
    """A stop filled at 101 and a limit at 100.5 above its trigger of 100: the add is on the winning side."""
    text = linear("long", "style: confirmation\nslippage: 1%\ntiers: [100 stop, 100.5 limit]\nstop: 80")
    assert not told("SP602", text)


def test_averaging_down() -> None:
    """An add to a loser is a warning, for a short as well, and names the others."""
    text = "style: confirmation\ntiers: [100, %s, %s]\nstop: %s"
    found = the("SP602", linear("long", text % (95, 94, 80)))
    assert (found.severity, found.path) == (Severity.WARNING, "tiers[1].price")
    assert ("95.00 adds" in found.message, "of 100.00" in found.message, "(so does tier 3)" in found.message) == (
        True,
    ) * 3
    assert told("SP602", linear("short", text % (105, 106, 120)))
    assert not told("SP602", linear("long", text % (105, 110, 80)))


def test_a_retest_does_not_add_to_a_loser() -> None:
    """Price has been where the trade wins; an `after` on the losing side is no retest."""
    text = "style: confirmation\ntiers: [100, {price: 99, after: %s}]\nstop: 80"
    assert not told("SP602", linear("long", text % 103))
    assert told("SP602", linear("long", text % 98))


def test_averaging_that_is_the_plan_is_a_note() -> None:
    """`style: dca` or range, or prices that say dca: what the last such tier makes of the risk."""
    for style in ("style: dca\n", "style: range\n", ""):
        found = the("SP602", linear("long", f"{style}tiers: [100, 95]\nstop: 90", "2 BTC"))
        # 10 and 5 to lose: 15 in all, of which tier 1 has two thirds.
        assert found.severity is Severity.NOTE
        assert "from 0.667R to 1R" in found.message
    beyond = linear("long", "tiers: [100, 85]\nstop: 90")
    assert (len(told("SP203", beyond)), told("SP602", beyond)) == (1, [])


def test_growing_pyramid() -> None:
    """20, 30, 50 on the way up is upside down; equal units, rounded thirds and other styles are let pass."""
    text = "style: pyramid\ntiers: [%s at 100, %s at %s, %s at %s]\nstop: %s"
    found = the("SP603", linear("long", text % ("20%", "30%", 105, "50%", 110, 95)))
    assert (found.severity, "2.5 times tier 1" in found.message) == (Severity.WARNING, True)
    assert told("SP603", linear("short", text % ("20%", "30%", 95, "50%", 90, 105)))
    assert not told("SP603", linear("long", text % ("1/3", "1/3", 105, "1/3", 110, 95)))
    assert not told("SP603", linear("long", text % ("33%", "33%", 105, "34%", 110, 95)))
    assert not told("SP603", linear("long", text % ("50%", "30%", 105, "20%", 110, 95)))
    confirmed = (text % ("20%", "30%", 105, "50%", 110, 95)).replace("pyramid", "confirmation")
    assert not told("SP603", linear("long", confirmed))


@pytest.mark.parametrize(
    ("side", "style", "tiers", "speaks"),
    [
        ("long", "pyramid", "[100, 95]", True),
        ("short", "pyramid", "[100, 105]", True),
        ("long", "pyramid", "[100, {price: 99, after: 103}]", False),
        ("long", "pyramid", "[100, 105]", False),
        ("long", "dca", "[100, 105, 110]", True),
        ("short", "dca", "[100, 95]", True),
        ("long", "dca", "[100, 105, 95]", False),
        ("long", "single", "[100, 95]", True),
        ("long", "single", "[100]", False),
        ("long", "range", "[100, 105]", False),
        ("long", "confirmation", "[100, 95]", False),
    ],
)
def test_style_contradicted(side: str, style: str, tiers: str, *, speaks: bool) -> None:
    """A style that is written and not meant is told, and then nothing else about adding to a loser."""
    stop = "stop: 80" if side == "long" else "stop: 120"
    text = linear(side, f"style: {style}\ntiers: {tiers}\nstop: 1".replace("stop: 1", stop))
    assert [one.path for one in told("SP604", text)] == ["style"] * speaks
    assert not (speaks and told("SP602", text))


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"symbol": "BTC"},
        {"leverage": "five"},
        {"leverage": ""},
        {"size": "900"},
        {"size": "1% risk"},
        {"size": "1% risk", "leverage": "five"},
        {"tiers": "[60000, 59k]"},
        {"tiers": "[50% at 60000, 40 at 59000]"},
        {"tiers": "{from: 60000, to: 57000, count: four}"},
        {"tiers": "[{price: 60000, order: lmt}]"},
        {"targets": "[50% at 64k]"},
        {"account": "./nowhere.yaml"},
        {"fees": "0.1"},
        {"name": "&a x"},
        {"invalidation": "low"},
        {"instrument": "{lot_size: 1000000}", "leverage": "x"},
    ],
)
def test_a_stop_on_the_wrong_side_is_told_whatever_else_is_wrong(elsewhere: dict[str, str]) -> None:
    """Where side, stop and tier 1's price can be read nothing else has to be mended first."""
    for side, stop in (("long", "61000"), ("short", "56000")):
        plan = linear(side, f"tiers: [60000]\nstop: {stop}", size="900 USDT")
        assert "SP201" in codes(with_keys(plan, **elsewhere))
    assert "SP201" not in codes(with_keys(linear("long", "tiers: [60000]\nstop: 56000", size="900 USDT"), **elsewhere))
    # Whether it is on the wrong side cannot be known; a comma makes 60 of 60,000.
    assert "SP201" not in codes(linear("long", "tiers: [{price: 60,000}]\nstop: 56000"))
    for unknown in ({"side": "lnog"}, {"tiers": "[60k]"}, {"stop": "61k"}):
        assert "SP201" not in codes(
            with_keys(linear("long", "tiers: [60000]\nstop: 61000"), **{**elsewhere, **unknown})
        )


def test_no_trigger() -> None:
    """Told once, at the first tier without one."""
    pyramid = linear("long", "tiers: [100, {price: 105, trigger: breaks out}, 110]\nstop: 90")
    found = the("SP605", pyramid)
    assert (found.path, found.severity) == ("tiers[0]", Severity.WARNING)
    assert "tiers 1 and 3" in found.message
    assert told("SP605", linear("short", "style: dca\ntiers: [100 market, 105]\nstop: 120"))
    assert told("SP605", linear("long", "tiers: [100 market]\nstop: 90"))
    assert not told("SP605", linear("long", "tiers: [100, 95]\nstop: 90"))
    assert not told("SP605", linear("short", "tiers: [{price: 100, order: stop, trigger: breaks down}]\nstop: 120"))


@pytest.mark.parametrize(("side", "tiers"), [("long", "[100 stop, 105 stop]"), ("short", "[100 stop, 95 stop]")])
def test_a_resting_stop_order_is_asked_for_no_candle(side: str, tiers: str) -> None:
    """It fills when its price trades. One that only its price makes a stop order may say that it rests there."""
    stop = "stop: 90" if side == "long" else "stop: 110"
    assert not told("SP605", linear(side, f"tiers: {tiers}\n{stop}"))
    unsaid = the("SP605", linear(side, f"tiers: {tiers.replace(', 1', ' , 1').replace(' stop]', ']')}\n{stop}"))
    assert "`order: stop`" in unsaid.help
    assert "tier 2 has no trigger" in unsaid.message


@pytest.mark.parametrize("nothing", ["null", "~", "NULL"])
def test_a_trigger_of_yamls_nothing_is_empty_and_none(nothing: str) -> None:
    """It is told as an empty value, and the tier as one without a trigger."""
    text = linear("long", f"tiers: [{{price: 100, order: market, trigger: {nothing}}}]\nstop: 90")
    assert {"SP105", "SP605"} <= set(codes(text))


@pytest.mark.parametrize("nothing", ['"null"', '""', "none", '"-"', "TBD", '"?"', "n/a"])
@pytest.mark.parametrize("order", ["limit", "stop", "market"])
def test_a_trigger_that_says_nothing_is_none(nothing: str, order: str) -> None:
    """Whoever begins to write one and writes nothing is asked for it, whatever the order and the style."""
    tier = f"{{price: 100, order: {order}, trigger: {nothing}}}"
    for side, stop in (("long", 90), ("short", 110)):
        assert "no trigger" in the("SP605", linear(side, f"tiers: [{tier}]\nstop: {stop}")).message
        assert not told("SP605", linear(side, f"tiers: [{tier.replace(nothing, 'null zone holds')}]\nstop: {stop}"))


@pytest.mark.parametrize(
    ("account", "size", "said"),
    [
        ("{equity: 10000}", "1 BTC", "max_risk, max_margin or max_leverage"),
        ("{equity: 10000, max_leverage: 2}", "1 BTC", "no max_risk:"),
        ("{equity: 10000, max_risk: 2%}", "1 BTC", ""),
        ("{equity: 10000}", "1% risk", ""),
    ],
)
def test_no_limits(account: str, size: str, said: str) -> None:
    """One line for all limits that are missing; a size in risk is a limit itself."""
    found = told("SP606", linear("short", "tiers: [100]\nstop: 120", size, "2", account))
    assert [said in one.message for one in found] == [True] * bool(said)


def test_no_limits_without_an_account() -> None:
    """With leverage an account is asked for; spot is not, and an option for one run makes no account."""
    bare = linear("long", "tiers: [100]\nstop: 90").replace(f"account: {LIMITS}\n", "")
    assert "no account" in the("SP606", bare).message
    assert not told("SP606", spot("tiers: [100]\nstop: 90"))
    assert "no max_risk:" in the("SP606", spot("account: {equity: 5000}\ntiers: [100]\nstop: 90")).message


@pytest.mark.parametrize(
    ("side", "tiers", "first", "other"),
    [
        # Price can go up without coming down before.
        ("long", "[100, 95, 105 stop]", 3, 2),
        ("short", "[100, 105, 95 stop]", 3, 2),
        # 97 is on the way to 95.
        ("long", "[100, 95, 97 limit]", 3, 2),
        # The retest comes only after 107; straight to 110 leaves it out.
        ("long", "[100, 105 stop, {price: 104, after: 107}, 110 stop]", 4, 3),
    ],
)
def test_order_differs(side: str, tiers: str, first: int, other: int) -> None:
    """A tier that can fill before one listed above it is a note."""
    stop = "stop: 80" if side == "long" else "stop: 120"
    found = the("SP607", linear(side, f"tiers: {tiers}\n{stop}"))
    assert found.severity is Severity.NOTE
    assert f"tier {first} at" in found.message
    assert f"before tier {other} at" in found.message


@pytest.mark.parametrize(
    "tiers",
    [
        "[100, 95, 90]",
        "[100 stop, 105, 110]",
        "[100, 105 stop, 110 stop]",
        "[100, 95, {price: 105, order: stop, after: tier 2}]",
        "[100, {price: 99, after: 103}, {price: 105, after: tier 2}, {price: 110, after: tier 3}]",
        # From 106 down to 98: the retest at 102 lies on the way.
        "[100, 105 stop, {price: 102, after: 106}, {price: 98, after: 106}]",
        "[100]",
    ],
)
def test_order_does_not_differ(tiers: str) -> None:
    """A ladder in one direction, and tiers that wait for each other, are in order."""
    assert not told("SP607", linear("long", f"tiers: {tiers}\nstop: 80"))


def test_a_tier_that_waits_for_a_later_one() -> None:
    """The table fills it before what it waits for."""
    found = the("SP607", linear("long", "tiers: [100, {price: 95, after: tier 3}, 105]\nstop: 80"))
    assert (found.path, "waits for tier 3" in found.message) == ("tiers[1].after", True)


# Costs, SP7

COSTS = "fees: {maker: 0.1%, taker: 0.1%}\n"


def test_entry_stop_loses() -> None:
    """100 bought and sold at 100 loses two fees of 0.1; half of it loses 0.1."""
    text = COSTS + "tiers: [100]\nstop: 90\ntargets: [{price: 120, close: 50%, stop: LEVEL}, rest at 130]"
    found = the("SP701", linear("long", text.replace("LEVEL", "entry")))
    # Breakeven: (100 + 0.1) / 0.999 = 100.2002.
    assert ("100.20" in found.message, "0.10 USDT" in found.message) == (True, True)
    # 0.3% further is past it; 0.2% is not.
    assert told("SP701", linear("long", text.replace("LEVEL", "entry +0.2%")))
    assert not told("SP701", linear("long", text.replace("LEVEL", "entry +0.3%")))
    assert not told("SP701", linear("long", text.replace("LEVEL", "entry -1%")))
    assert not told("SP701", linear("long", text.replace("LEVEL", "breakeven")))
    assert not told("SP701", linear("long", text.replace("LEVEL", "entry").removeprefix(COSTS)))


def test_entry_stop_loses_on_a_tier_of_a_short() -> None:
    """A tier that moves the stop to the average of both entries."""
    text = COSTS + "tiers: [{price: 100}, {price: 90, stop: entry}]\nstop: 120"
    found = the("SP701", linear("short", text, "2 BTC"))
    # Average 95; 0.19 of entry fees and 0.19 of exit fees for the two.
    assert (found.path, "moves to 95.00 " in found.message, "0.38 USDT" in found.message) == (
        "tiers[1].stop",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("side", "target", "speaks"),
    [
        # Two fees of 0.1% of 100: the breakeven is (100 + 0.1) / 0.999 = 100.2002.
        ("long", "100.21", False),
        ("long", "100.2", True),
        # A short: (100 - 0.1) / 1.001 = 99.8002.
        ("short", "99.8", False),
        ("short", "99.81", True),
        # On the losing side it is no matter of costs.
        ("long", "99", False),
    ],
)
def test_target_below_costs(side: str, target: str, *, speaks: bool) -> None:
    """A target that wins in price and loses in money is told."""
    stop = "stop: 90" if side == "long" else "stop: 110"
    assert len(told("SP702", linear(side, f"{COSTS}tiers: [100]\n{stop}\ntargets: [{target}]"))) == speaks


@pytest.mark.parametrize(
    ("side", "stop", "share"),
    [
        # A long of 100 stopped at 98.2: 1.8 at the levels, 0.1 + 0.0982 of fees: 0.1982 of 1.9982 is 9.9%.
        ("long", "98.2", ""),
        # At 98.3: 1.7, and 0.1983 of 1.8983 is 10.446%.
        ("long", "98.3", "10.5%"),
        # A short stopped at 101.8: 1.8, and 0.2018 of 2.0018 is 10.08%.
        ("short", "101.8", "10.1%"),
        ("short", "101.9", ""),
    ],
)
def test_costs_eat_risk(side: str, stop: str, share: str) -> None:
    """Costs above a tenth of 1R are told with their share, rounded to the worse side."""
    found = told("SP703", linear(side, f"{COSTS}tiers: [100]\nstop: {stop}"))
    assert [share in one.message for one in found] == [True] * bool(share)


def test_costs_are_none_where_nothing_is_lost() -> None:
    """A stop at breakeven loses nothing, and nothing is nearer than that."""
    assert not told("SP703", linear("long", "tiers: [100]\nstop: 99.99"))


def test_first_tier_below_costs() -> None:
    """If only tier 1 fills at 100, a target at 100.2 does not pay for two fees; at 100.21 it does."""
    text = COSTS + "tiers: [100, 80]\nstop: 70\ntargets: [TARGET]"
    found = the("SP704", linear("long", text.replace("TARGET", "100.2"), "2 BTC"))
    assert ("only tier 1 fills at 100.00" in found.message, "100.20" in found.message) == (True, True)
    assert not told("SP704", linear("long", text.replace("TARGET", "100.21"), "2 BTC"))
    short = COSTS + "tiers: [100, 120]\nstop: 130\ntargets: [TARGET]"
    assert told("SP704", linear("short", short.replace("TARGET", "99.81"), "2 BTC"))
    assert not told("SP704", linear("short", short.replace("TARGET", "99.8"), "2 BTC"))
    assert not told("SP704", linear("long", COSTS + "tiers: [100]\nstop: 70\ntargets: [100.1]"))


# All of them


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind.code)
def test_a_page_says_what_why_and_when_it_is_silent(rule: Rule) -> None:
    """The docstring of a rule's file is its page, and the file is called as its rule."""
    first, *others = (rule.file.__doc__ or "").strip().split("\n\n")
    assert first.startswith(f"{rule.kind.code} {rule.kind.name}: ")
    assert first.endswith(".")
    assert len(others) >= 2
    assert any("ilent" in paragraph for paragraph in others)
    name = f"{rule.kind.code.lower()}_{rule.kind.name.replace('-', '_')}"
    assert rule.file.__name__ == f"scaleplan.rules.{name}"


def test_what_rules_silence_and_need_is_there() -> None:
    """Consequences are rules, and other ones than the cause; what suffices for a rule are keys of a plan."""
    codes = {rule.kind.code for rule in RULES}
    assert len(codes) == len(RULES) == len(list((ROOT / "scaleplan" / "rules").glob("sp*.py")))
    for rule in RULES:
        assert set(rule.silences) <= codes - {rule.kind.code}
        assert set(rule.needs) <= {key.name for key in PLAN.keys}


#: The plans that come along as examples.
BUNDLED = sorted(path for path in (ROOT / "plans").glob("*.yaml") if path.name != "account.yaml")


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_bundled_plans_are_free_of_warnings(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the examples do against a rule they do on purpose, and say so."""
    monkeypatch.chdir(ROOT)
    found = Session().study(path.relative_to(ROOT).as_posix(), path.read_bytes())
    assert [one.message for one in found.diagnostics if one.severity is not Severity.NOTE] == []
