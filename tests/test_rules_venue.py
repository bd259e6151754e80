"""Rules about what a venue takes, and about its brackets: tick, lot, least order, leverage, models, old data.

For each a plan in which it speaks, one just inside its limit, and the other side of the market. Numbers that decide are
worked by hand beside the plan.
"""

import re

import pytest

from scaleplan.diagnostic import Diagnostic, Severity
from tests.given import LIMITS, linear, spot, studied, study_of, the, told

TICK = "instrument: {tick_size: 0.5}"


def offered(found: Diagnostic) -> list[str]:
    """What the help puts between backticks."""
    return re.findall(r"`([^`]+)`", found.help)


# SP207


@pytest.mark.parametrize(
    ("text", "path", "nearest"),
    [
        ("tiers: [100, 99.3]\nstop: 90", "tiers[1].price", ["99", "99.5"]),
        ("tiers: [50% at 100, 50% at 99.3 limit]\nstop: 90", "tiers[1].price", ["99", "99.5"]),
        ('tiers: [100]\nstop: "90.2"', "stop", ["90", "90.5"]),
        ("tiers: [100]\ninvalidation: 90.2", "invalidation", ["90", "90.5"]),
        ("tiers: [100]\nstop: 90\ninvalidation: 90.7", "invalidation", ["90.5", "91"]),
        ("tiers: [100, {price: 99, after: 101.1}]\nstop: 90", "tiers[1].after", ["101", "101.5"]),
        ("tiers: [100, {price: 102, stop: 97.75}]\nstop: 90", "tiers[1].stop", ["97.5", "98"]),
        ("tiers: [100]\nstop: 90\ntargets: [50% at 110.4, rest at 120]", "targets[0].price", ["110", "110.5"]),
        ("tiers: [100]\nstop: 90\ntargets: [{price: 110, close: 50%, stop: 100.1}, 120]", "targets[0].stop", None),
        ("tiers: {from: 100.1, to: 98.1, count: 3}\nstop: 90", "tiers.from", ["100", "100.5"]),
        ("tiers: {from: 100, to: 98.1, count: 3}\nstop: 90", "tiers.to", ["98", "98.5"]),
        ("tiers: [100]\nstop: 90\ntargets: {from: 110, to: 120.2, count: 2}", "targets.to", ["120", "120.5"]),
    ],
)
def test_price_off_tick(text: str, path: str, nearest: list[str] | None) -> None:
    """A number between two ticks is an error where it is written, and the two nearest are there to be written."""
    found = [one for one in told("SP207", spot(f"{text}\n{TICK}")) if one.path == path]
    assert [one.severity for one in found] == [Severity.ERROR]
    assert nearest is None or offered(found[0]) == nearest


def test_price_on_the_tick() -> None:
    """Whole ticks, levels that only the position knows, and a plan without a tick are not told."""
    text = (
        "tiers: [100, -1.5%, {price: 102, stop: entry +0.33%}]\nstop: 90.5\n"
        "targets: [{price: 1.1R, close: 50%, stop: breakeven}, 3R]\n"
    )
    assert not told("SP207", spot(f"{text}{TICK}"))
    # Thirds of a price that are no tick can be no tick of a plan that names none.
    assert not told("SP207", spot("tiers: {from: 100, to: 99, count: 4}\nstop: 90"))


@pytest.mark.parametrize("side", ["long", "short"])
def test_prices_from_percentages_are_warned_of_together(side: str) -> None:
    """Nobody has typed 98.7 and 97.3 (101.3, 102.7): one warning for both, with the ticks around the first."""
    sign, stop, nearest = ("-", "90", ["98.5", "99"]) if side == "long" else ("+", "110", ["101", "101.5"])
    found = the("SP207", linear(side, f"tiers: [100, {sign}1.3%, {sign}2.7%]\nstop: {stop}\n{TICK}"))
    assert (found.severity, found.path) == (Severity.WARNING, "tiers[1].price")
    assert "tiers 2 and 3 lie off the tick of 0.5" in found.message
    assert offered(found) == nearest


def test_a_ladder_off_the_tick() -> None:
    """100, 99.666..., 99.333..., 99: the ladder's own line, its two inner tiers, and the ticks around the first."""
    found = the("SP207", spot(f"tiers: {{from: 100, to: 99, count: 4}}\nstop: 90\n{TICK}"))
    assert (found.severity, found.path, offered(found)) == (Severity.WARNING, "tiers", ["99.5", "100"])
    assert "tiers 2 and 3" in found.message
    assert "99.666667" in found.message
    # 100, 99.5 and 99 are whole ticks.
    assert not told("SP207", spot(f"tiers: {{from: 100, to: 99, count: 3}}\nstop: 90\n{TICK}"))


def test_what_follows_from_a_price_off_the_tick_is_not_told() -> None:
    """Distances from a first tier that is wrong itself, and a stop at a tier that is, say nothing of their own."""
    assert the("SP207", spot(f"tiers: [100.1, -1%]\nstop: -10%\n{TICK}")).path == "tiers[0].price"
    assert the("SP207", spot(f"tiers: [100, 99.3, {{price: 101, stop: tier 2}}]\nstop: 90\n{TICK}")).path == (
        "tiers[1].price"
    )
    stop = the("SP207", spot(f"tiers: [100, 99, {{price: 101, stop: tier 2 +0.2}}]\nstop: 90\n{TICK}"))
    assert (stop.path, stop.severity, offered(stop)) == ("tiers[2].stop", Severity.WARNING, ["99", "99.5"])
    # 99.05, half way to an end that is wrong, is not told beside it.
    assert the("SP207", spot(f"tiers: {{from: 100, to: 98.1, count: 3}}\nstop: 90\n{TICK}")).path == "tiers.to"
    own = the("SP207", spot(f"tiers: [100]\nstop: -2.3%\n{TICK}"))
    assert (own.path, own.severity, "the stop at 97.7 " in own.message) == ("stop", Severity.WARNING, True)


def test_no_digit_that_makes_it_off_the_tick_is_cut() -> None:
    """The message shows the digit that is wrong; below the first tick there is only one price to write."""
    message = the("SP207", spot("tiers: [60000.00000005]\nstop: 57000\ninstrument: {tick_size: 0.1}")).message
    assert message == "60,000.00000005 lies between the ticks 60,000 and 60,000.1"
    below = the("SP207", spot(f"tiers: [1, 0.3]\nstop: none\n{TICK}"))
    assert (below.message, offered(below)) == ("0.3 lies below one tick of 0.5", ["0.5"])


# SP132, SP306: less than a lot, less than the least order


@pytest.mark.parametrize(
    ("text", "path", "numbers", "enough"),
    [
        # 10% of 0.005 BTC is half a lot of 0.001: 20% is one.
        (
            (
                "symbol: BTC/USDT\nside: long\nsize: 0.005 BTC\ninstrument: {lot_size: 0.001}\n"
                "tiers: [50% at 100, 40% at 99, 10% at 98]\nstop: 90\n"
            ),
            "tiers[2].share",
            ("0.0005 BTC", "0.001"),
            "`20%`",
        ),
        # 5% of 10 contracts is half of one; 10% is one.
        (
            (
                "symbol: BTC/USD:BTC\nside: short\nleverage: 2\nmaintenance: 1%\ninstrument: {contract_size: 100}\n"
                "size: 10 contracts\ntiers: [95% at 100, 5% at 101]\nstop: 110\n"
            ),
            "tiers[1].share",
            ("0.5 contracts", "1"),
            "`10%`",
        ),
        # Inverse without a contract size the lot is coin: 3% of 10 BTC is 0.3, and 0.5 are 5%.
        (
            (
                "symbol: BTC/USD:BTC\nside: long\nleverage: 2\nmaintenance: 1%\ninstrument: {lot_size: 0.5}\n"
                "size: 10 BTC\ntiers: [97% at 100, 3% at 99]\nstop: 90\n"
            ),
            "tiers[1].share",
            ("0.3 BTC", "0.5"),
            "`5%`",
        ),
        # A quarter of 3 shares is three quarters of one; four tiers need four.
        (
            "symbol: AAPL/USD\nside: long\nsize: 3 shares\ntiers: [100, 99, 98, 97]\nstop: 90\n",
            "tiers[0]",
            ("0.75 shares", "1", "2, 3, 4"),
            "`4 shares`",
        ),
        # A size of its own is mended in its own unit: 40 of 98 USDT.
        (
            (
                "symbol: BTC/USDT\nside: long\ninstrument: {lot_size: 1}\n"
                "tiers: [{price: 100, size: 200 USDT}, {price: 98, size: 40 USDT}]\nstop: 90\n"
            ),
            "tiers[1].size",
            ("0.40816327 BTC", "1"),
            "`98 USDT`",
        ),
    ],
)
def test_a_tier_below_a_lot(text: str, path: str, numbers: tuple[str, ...], enough: str) -> None:
    """Both numbers, in the unit in which orders are counted, and the share or size that would do."""
    (found,) = study_of(text).diagnostics
    assert found.code == "SP132"
    assert found.path == path
    assert all(number in found.message for number in numbers)
    assert enough in found.help


@pytest.mark.parametrize("side", ["long", "short"])
def test_below_minimum(side: str) -> None:
    """5% of 1000 is 50: enough for a least order of 50, too little for 51, where 5.1% would do."""
    prices = ("100", "99", "90") if side == "long" else ("100", "101", "110")
    text = linear(
        side,
        f"tiers: [95% at {prices[0]}, 5% at {prices[1]}]\nstop: {prices[2]}\ninstrument: {{min_notional: LEAST}}",
        "1000 USDT",
    )
    assert not told("SP306", text.replace("LEAST", "50"))
    found = the("SP306", text.replace("LEAST", "51"))
    assert (found.severity, found.path, offered(found)) == (Severity.ERROR, "tiers[1].share", ["5.1%"])
    assert "50.00 USDT" in found.message
    assert "51 USDT" in found.message


def test_the_share_that_would_do_does() -> None:
    """In whole lots of 0.01 BTC at 98: 50 are 0.52 BTC, 50.96. A hundredth of a percent less is too little."""
    text = (
        "instrument: {lot_size: 0.01, min_notional: 50}\n"
        "tiers: [{price: 100, share: FIRST}, {price: 98, share: SECOND}]\nstop: 90"
    )

    def split(second: str, first: str) -> str:
        return spot(text.replace("FIRST", first).replace("SECOND", second))

    # 50.96 / 900 = 5.6622...%: 5.67%.
    assert offered(the("SP306", split("5%", "95%"))) == ["5.67%"]
    assert not told("SP306", split("5.67%", "94.33%"))
    assert told("SP306", split("5.66%", "94.34%"))


def test_minimum_where_no_share_would_do() -> None:
    """Three tiers of 300 cannot all be 400: the size that would do is 1200, told once for all three."""
    text = "tiers: [100, 99, 98]\nstop: 90\ninstrument: {min_notional: 400}"
    found = the("SP306", spot(text))
    assert "tiers 2 and 3" in found.message
    assert "`1200 USDT`" in found.help
    assert not told("SP306", spot(text, "1200 USDT"))


def test_minimum_of_own_sizes_and_of_inverse() -> None:
    """Each tier with a size of its own is told where it stands; an inverse tier is its value in quote."""
    own = spot("", "").replace("size: \n", "") + (
        "tiers: [0.1 BTC at 100, 0.2 BTC at 99, 3 BTC at 98]\nstop: 90\ninstrument: {min_notional: 20}\n"
    )
    # 20 / 100 = 0.2 BTC; 20 / 99 = 0.20202.. BTC, 0.2021 in four digits upwards.
    assert [(one.path, offered(one)) for one in told("SP306", own)] == [
        ("tiers[0].size", ["0.2 BTC"]),
        ("tiers[1].size", ["0.2021 BTC"]),
    ]
    inverse = (
        "symbol: BTC/USD:BTC\nside: long\nleverage: 2\nmaintenance: 1%\nsize: 10 contracts\n"
        "instrument: {contract_size: 100, min_notional: LEAST}\ntiers: [90% at 100, 10% at 99]\nstop: 90\n"
    )
    assert not told("SP306", inverse.replace("LEAST", "100"))
    assert offered(the("SP306", inverse.replace("LEAST", "101"))) == ["20%"]


# SP307, SP308: exits


@pytest.mark.parametrize("side", ["long", "short"])
def test_exit_below_a_lot(side: str) -> None:
    """A fifth of 4 contracts is 0.8 of one and closes nothing; a quarter is one."""
    stop, target, rest = ("90", "110", "120") if side == "long" else ("110", "90", "80")
    text = (
        f"symbol: BTC/USDT:USDT\nside: {side}\naccount: {LIMITS}\nleverage: 2\nmaintenance: 0.5%\nsize: 4 contracts\n"
        f"instrument: {{contract_size: 0.1}}\ntiers: [100]\nstop: {stop}\n"
        f"targets: [SHARE at {target}, rest at {rest}]\n"
    )
    found = the("SP307", text.replace("SHARE", "20%"))
    assert (found.severity, found.path, offered(found)) == (Severity.ERROR, "targets[0].close", ["25%"])
    assert "0.8 contracts" in found.message
    assert not told("SP307", text.replace("SHARE", "25%"))


def test_exit_below_the_least_value() -> None:
    """10% of 9 BTC at 110 is worth 99, too little for 100, where 10.11% would do; of the rest it is counted so."""
    text = "tiers: [100]\nstop: 90\ninstrument: {min_notional: LEAST}\ntargets: [10% at 110, 10% of rest at 120, 130]"
    assert not told("SP307", spot(text.replace("LEAST", "97")))
    # The second is 10% of 8.1 BTC at 120: 97.2. It takes 98 / 120 / 8.1 = 10.0823..%.
    second = the("SP307", spot(text.replace("LEAST", "98")))
    assert (second.path, offered(second)) == ("targets[1].close", ["10.09% of rest"])
    # 100 / 110 / 9 = 10.101..%.
    first, second = told("SP307", spot(text.replace("LEAST", "100")))
    assert (first.path, offered(first), second.path) == ("targets[0].close", ["10.11%"], "targets[1].close")
    assert "worth 99.00 USDT" in first.message


def test_exit_that_nothing_but_rest_would_do() -> None:
    """Where nearly all would have to be closed that is said; where not even all of it will do, `rest` is."""
    text = "tiers: [100]\nstop: 99\ninstrument: {min_notional: 900}\ntargets: [50% at 101, rest at 120]"
    # 9 BTC at 101 are 909: 900 / 909 = 99.0099..%.
    assert offered(the("SP307", spot(text))) == ["99.01%"]
    # 9 BTC are worth less than 1000 at 101 altogether.
    assert offered(the("SP307", spot(text.replace("900}", "1000}")))) == ["rest"]


def test_exit_with_fewer_tiers() -> None:
    """A third of one contract is none: with tier 1 alone nothing is closed, from tier 3 on (three contracts) one is."""
    text = (
        f"symbol: BTC/USDT:USDT\nside: long\naccount: {LIMITS}\nleverage: 2\nmaintenance: 0.5%\n"
        "instrument: {contract_size: 0.1}\n"
        "tiers: [1 contract at 100, 1 contract at 99, 1 contract at 98]\nstop: 90\n"
        "targets: [1/3 at 110, 1/3 at 115, rest at 120]\n"
    )
    found = the("SP307", text)
    assert (found.severity, found.path) == (Severity.WARNING, "targets[0].close")
    assert "with only tier 1 filled" in found.message
    assert "targets 1 and 2 from tier 3 on" in found.message
    assert not told("SP307", text.replace("1 contract", "3 contracts").replace("3 contractss", "3 contracts"))
    # Where it fails at full size the error is enough.
    assert [one.severity for one in told("SP307", text.replace("[1/3", "[1/4"))] == [Severity.ERROR, Severity.WARNING]


def test_no_partial_exit_is_too_small_without_rules() -> None:
    """The target that takes all that is left, and a plan that knows neither lot nor minimum, are not told."""
    assert not told("SP307", spot("tiers: [100]\nstop: 90\ninstrument: {lot_size: 1}\ntargets: [0% at 105, 110]"))
    assert not told("SP307", spot("tiers: [100]\nstop: 90\ntargets: [0.01% at 105, 110]"))


@pytest.mark.parametrize("side", ["long", "short"])
def test_dust_left(side: str) -> None:
    """10% of 10 BTC at a stop of 90 (110) is worth 90 (110): dust for one more, not for as much."""
    stop, target, rest, worth = ("90", "110", "120", 90) if side == "long" else ("110", "90", "80", 110)
    text = linear(
        side,
        f"tiers: [100]\nstop: {stop}\ninstrument: {{min_notional: LEAST}}\ntargets: [90% at {target}, rest at {rest}]",
        "10 BTC",
    )
    assert not told("SP308", text.replace("LEAST", str(worth)))
    found = the("SP308", text.replace("LEAST", str(worth + 1)))
    assert (found.severity, found.path) == (Severity.WARNING, "targets[0].close")
    # 1 - 91 / 90 / 10 = 89.888..%; 1 - 111 / 110 / 10 = 89.909..%: down to the hundredth.
    assert offered(found) == ["rest", "89.88%" if side == "long" else "89.9%"]
    assert "reduce-only" in found.help


def test_dust_on_spot_and_for_a_runner() -> None:
    """Spot knows no reduce-only order; a runner that is dust is told at the target that leaves it."""
    text = "tiers: [100]\nstop: 90\ninstrument: {min_notional: 50}\ntargets: [50% at 110, 95% of rest at 120]"
    found = the("SP308", spot(text, "10 BTC"))
    # 0.25 BTC are left, 22.5 at 90; of 5 BTC at most 5 - 50/90 = 4.444.. may go: 88.888..%.
    assert (found.path, offered(found)) == ("targets[1].close", ["rest", "88.88% of rest"])
    assert "reduce-only" not in found.help
    assert "22.50 USDT" in found.message


def test_what_rounding_leaves_is_no_dust() -> None:
    """Thirds of ten lots are 3, 3 and what is left, 4: the last exit takes it, and nothing is said."""
    text = "tiers: [100]\nstop: 90\ninstrument: {lot_size: 1}\ntargets: [1/3 at 110, 1/3 at 120, 1/3 at 130]"
    found = study_of(spot(text, "10 BTC"))
    assert found.ladder is not None
    assert [str(done.quantity) for done in found.ladder.exits] == ["3", "3", "4"]
    assert not {"SP307", "SP308"} & {one.code for one in found.diagnostics}


def test_dust_is_told_once() -> None:
    """Where a later target would close a part of the dust, that target's error is enough."""
    text = "tiers: [100]\nstop: 90\ninstrument: {min_notional: 200}\ntargets: [90% at 110, 5% at 120, 5% at 130]"
    assert [one.path for one in told("SP307", spot(text, "10 BTC"))] == ["targets[1].close"]
    assert not told("SP308", spot(text, "10 BTC"))


# SP309


@pytest.mark.parametrize("side", ["long", "short"])
def test_lots_lost(side: str) -> None:
    """1.01 BTC in lots of 0.01 are all there; of 1.015 in one tier 0.5% is lost; of 0.99 in lots of 0.5 half a BTC."""
    stop = "90" if side == "long" else "110"

    def lots(size: str, lot: str) -> list[Diagnostic]:
        return told("SP309", linear(side, f"tiers: [100]\nstop: {stop}\ninstrument: {{lot_size: {lot}}}", size))

    assert not lots("1.01 BTC", "0.01")
    assert not lots("1.015 BTC", "0.01")
    (found,) = lots("0.99 BTC", "0.5")
    # 0.49 of 0.99 is 49.4949..%.
    assert (found.severity, found.path) == (Severity.NOTE, "size")
    assert all(number in found.message for number in ("0.5 of 0.99 BTC", "49.5%"))


def test_lots_at_the_threshold() -> None:
    """99 of 100 BTC are bought: exactly 1% lost is still silent, a little more is not."""
    text = "tiers: [1]\nstop: 0.9\ninstrument: {lot_size: 99}"
    assert not told("SP309", spot(text, "100 BTC"))
    assert told("SP309", spot(text, "100.1 BTC"))


def test_lots_that_change_a_share() -> None:
    """Of 100 lots 0.9 is none to speak of, but 1.9 lots as one are a tier of 1%, not of 1.9%."""
    text = "tiers: [98.1% at 100, 1.9% at 100 stop]\nstop: 90\ninstrument: {lot_size: 1}"
    found = the("SP309", spot(text.replace("100 stop", "101"), "100 BTC"))
    # 98.1 and 1.9 become 98 and 1: 1% of the quantity lost, and 1 of 99 lots in tier 2.
    assert "tier 2 is 1.02% of it, not 1.92%" in found.message
    # 998.1 and 1.9 become 998 and 1: a thousandth of the whole is lost, and half of tier 2.
    large = "tiers: [99.81% at 100, 0.19% at 101]\nstop: 90\ninstrument: {lot_size: 1}"
    assert the("SP309", spot(large, "1000 BTC")).path == "tiers[1].share"
    assert not told("SP309", spot(large.replace("lot_size: 1", "lot_size: 0.1"), "1000.05 BTC"))


# SP411


@pytest.mark.parametrize("side", ["long", "short"])
def test_leverage_above_bracket(side: str) -> None:
    """10x is allowed to 150 and 5x beyond: tier 2 of two at 100 passes it, and a size of 150 does not."""
    stop, second = ("99", "99.9") if side == "long" else ("101", "100.1")
    text = linear(side, f"tiers: [100, {second}]\nstop: {stop}", "SIZE", "10").replace(
        "maintenance: 0.5%",
        "maintenance: [{up_to: 150, rate: 0.4%, max_leverage: 10}, {rate: 1%, max_leverage: 5}]",
    )
    found = the("SP411", text.replace("SIZE", "160 USDT"))
    assert (found.severity, found.path) == (Severity.ERROR, "leverage")
    assert all(
        words in found.message for words in ("after tier 2", "160 USDT", "bracket 2 (above 150 USDT)", "of 5", "10 is")
    )
    assert offered(found) == ["5"]
    assert "within 150 USDT" in found.help
    assert not told("SP411", text.replace("SIZE", "150 USDT"))
    assert not told("SP411", text.replace("SIZE", "160 USDT").replace("leverage: 10", "leverage: 5"))


def test_leverage_that_full_size_lowers_further() -> None:
    """Tier 2 passes the first limit, and full size the second: the leverage to set is that of full size."""
    text = linear("long", "tiers: [100, 99.9, 99.8]\nstop: 99", "300 USDT", "10").replace(
        "maintenance: 0.5%",
        "maintenance: [{up_to: 150, rate: 0.4%, max_leverage: 10}, {up_to: 250, rate: 1%, max_leverage: 8}, "
        "{rate: 2%, max_leverage: 4}]",
    )
    found = the("SP411", text)
    assert "after tier 2 the position is 200 USDT, in bracket 2 (from 150 to 250 USDT)" in found.message
    assert offered(found) == ["4"]
    assert "bracket 3 allows for 300 USDT at full size" in found.help


def test_leverage_by_contracts_and_coin() -> None:
    """The bracket is found by what it goes by: contracts, or coin at the average entry."""
    by = (
        "venue: {name: v, bracket_by: BY, "
        "maintenance: [{up_to: 1, rate: 0.4%, max_leverage: 10}, {rate: 1%, max_leverage: 5}]}"
    )
    contracts = linear("long", "tiers: [100]\nstop: 95\ninstrument: {contract_size: 0.5}", "SIZE", "6")
    contracts = contracts.replace("maintenance: 0.5%", by.replace("BY", "contracts"))
    assert not told("SP411", contracts.replace("SIZE", "1 contract"))
    assert "2 contracts" in the("SP411", contracts.replace("SIZE", "2 contracts")).message
    coin = "symbol: BTC/USD:BTC\nside: short\nleverage: 6\nsize: SIZE\ntiers: [100]\nstop: 105\n" + by.replace(
        "BY", "coin"
    )
    assert not told("SP411", coin.replace("SIZE", "100 USD"))
    # 110 USD at 100 are 1.1 BTC.
    assert "1.1 BTC" in the("SP411", coin.replace("SIZE", "110 USD")).message


def test_leverage_above_what_the_venue_sets() -> None:
    """The contract's own most is told before any bracket's; as much is allowed. Spot has no leverage."""
    text = linear("long", "tiers: [100]\nstop: 95\ninstrument: {max_leverage: 5}", "1 BTC", "6").replace(
        "maintenance: 0.5%", "maintenance: [{up_to: 10, rate: 0.4%, max_leverage: 20}, {rate: 1%, max_leverage: 2}]"
    )
    found = the("SP411", text)
    assert (found.message, offered(found)) == ("the leverage is 6, and the venue sets at most 5", ["5"])
    alone = linear("long", "tiers: [100]\nstop: 95\ninstrument: {max_leverage: 5}", "1 BTC", "5")
    assert not told("SP411", alone)
    assert not told("SP411", spot("tiers: [100]\nstop: 95\ninstrument: {max_leverage: 0.5}"))


# SP412


def test_maintenance_rises_long() -> None:
    """Two times 1 BTC at 100, 5x: at 1% to a value of 120 and 5% above it, whose deduction is 120 x 4% = 4.8.

    One BTC is liquidated at (100 - 20) / 0.99 = 80.80.., worth that much: bracket 1. Two are, by bracket 1, liquidated
    at (200 - 40) / 2 / 0.99 = 80.8080.., and by bracket 2 at (160 - 4.8) / (2 x 0.95) = 81.6842..: 0.8761.. nearer.
    """
    text = linear("long", "tiers: [100, 100 stop]\nstop: 90", "2 BTC", "5").replace(
        "maintenance: 0.5%", "maintenance: [{up_to: 120, rate: 1%}, {rate: 5%}]"
    )
    found = the("SP412", text)
    assert (found.severity, found.path) == (Severity.NOTE, "tiers[1].price")
    words = ("tier 2", "bracket 2 of 2", "from 1% to 5%", "81.68", "0.88 nearer than 80.81 at 1%")
    assert [word for word in words if word not in found.message] == []
    assert not told("SP412", text.replace("2 BTC", "1 BTC"))
    assert not told("SP412", text.replace("tiers: [100, 100 stop]", "tiers: [100]"))


def test_maintenance_rises_short_and_for_good() -> None:
    """A short climbs into the bracket on the way to liquidation; a fixed bracket by contracts rises all the same.

    Short 1 + 1 BTC from 100, 5x, whole position at 1% to one contract and 5% above: liquidated at
    (200 + 40) / 2 / 1.01 = 118.8118.. by 1% and at 120 / 1.05 = 114.2857.. by 5%: 4.526 nearer.
    """
    text = linear("short", "tiers: [100, 100 stop]\nstop: 105\ninstrument: {contract_size: 1}", "2 contracts", "5")
    found = the(
        "SP412",
        text.replace(
            "maintenance: 0.5%",
            "venue: {name: v, bracket_by: contracts, maintenance: [{up_to: 1, rate: 1%}, {rate: 5%}]}",
        ),
    )
    assert "114.29, 4.53 nearer than 118.81 at 1%" in found.message


def test_maintenance_that_does_not_rise() -> None:
    """Brackets that differ in leverage alone, and one that tier 1 is in already, do not rise inside the ladder."""
    text = linear("long", "tiers: [100, 100 stop]\nstop: 90", "2 BTC", "5")
    same = "maintenance: [{up_to: 120, rate: 1%, max_leverage: 20}, {rate: 1%, max_leverage: 10}]"
    assert not told("SP412", text.replace("maintenance: 0.5%", same))
    first = "maintenance: [{up_to: 12, rate: 1%}, {rate: 5%}]"
    assert not told("SP412", text.replace("maintenance: 0.5%", first))


# SP413


@pytest.mark.parametrize("side", ["long", "short"])
def test_models_disagree(side: str) -> None:
    """The stop lies between the liquidation prices on mark and on entry value.

    100 at 10x and 1%: a long on mark 90 / 0.99 = 90.9090.., on entry 91, and a stop at 90.95 lies between. A short on
    mark 110 / 1.01 = 108.9108.., on entry 109: where the plan goes by the entry, a stop at 108.95 lies between.
    """
    if side == "long":
        own, stop, beyond, there = "maintenance: 1%", "90.95", "91.01", "91.00"
    else:
        own, stop, beyond = "venue: {name: v, maintenance_on: entry, maintenance: 1%}", "108.95", "108.9"
        there = "108.91"
    text = linear(side, "tiers: [100]\nstop: STOP", "1 BTC", "10").replace("maintenance: 0.5%", own)
    found = the("SP413", text.replace("STOP", stop))
    assert (found.severity, found.path) == (Severity.WARNING, "stop")
    assert f"already at {there} with maintenance on the {'entry' if side == 'long' else 'mark'} value" in found.message
    assert not told("SP413", text.replace("STOP", beyond))
    # The buffer says nothing beside it.
    assert not told("SP409", text.replace("STOP", stop))
    assert told("SP409", text.replace("STOP", beyond))


def test_models_disagree_about_the_fee() -> None:
    """With a taker fee of 0.1% held back, a long on mark is liquidated at 90 / 0.989 = 91.001.., on entry later.

    That is (90 + 1) / 0.999 = 91.091..: a stop at 91.09 is behind it, one at 91.1 before all of them.
    """
    text = linear("long", "tiers: [100]\nstop: STOP\nfees: {taker: 0.1%}", "1 BTC", "10").replace("0.5%", "1%")
    found = the("SP413", text.replace("STOP", "91.09"))
    assert "91.091 with maintenance on the entry value and a closing fee of 0.1%" in found.message
    assert not told("SP413", text.replace("STOP", "91.1"))


def test_models_where_liquidation_comes_first_anyway() -> None:
    """Where the plan's own model liquidates before the stop SP401 says it; spot has no model."""
    text = linear("long", "tiers: [100]\nstop: 90.9", "1 BTC", "10").replace("0.5%", "1%")
    assert told("SP401", text)
    assert not told("SP413", text)
    assert not told("SP413", spot("tiers: [100]\nstop: 1"))


def test_models_disagree_after_the_tier_with_the_least_room() -> None:
    """After tier 1 at 100 there is room; after tier 2 at 101 the entry value liquidates at 91.455, before the stop."""
    text = linear("long", "tiers: [100, 101]\nstop: 91.4", "2 BTC", "10").replace("0.5%", "1%")
    # 201 x 0.9 / 2 / 0.99 = 91.3636.. on mark; 100.5 x 0.91 = 91.455 on entry.
    found = the("SP413", text)
    assert "after tier 2" in found.message
    assert "91.36 by this plan's, and already at 91.46" in found.message


# SP414


DATED = "venue: {name: v, as_of: 2026-01-01, maintenance: [{up_to: 100, rate: 1%}, {rate: 2%}]}"


@pytest.mark.parametrize("side", ["long", "short"])
def test_stale_data(side: str) -> None:
    """91 days after New Year is 2 April; the first bracket ends at 100 and the plan is 200."""
    stop = "95" if side == "long" else "105"
    text = linear(side, f"tiers: [100]\nstop: {stop}", "SIZE", "2").replace("maintenance: 0.5%", DATED)
    large = text.replace("SIZE", "200 USDT")
    assert not told("SP414", large, "2026-04-01")
    (found,) = told("SP414", large, "2026-04-02")
    assert (found.severity, found.path) == (Severity.WARNING, "venue.as_of")
    assert all(words in found.message for words in ("2026-01-01", "91 days", "200 USDT", "100"))
    assert "venues import" in found.help
    # Within the first bracket, and far from liquidation, old data will do.
    assert not told("SP414", text.replace("SIZE", "100 USDT"), "2030-01-01")


def test_stale_data_where_room_is_small() -> None:
    """Liquidated at 90 / 0.99 = 90.909.., a stop at 99 has 8.17% of room behind it; 10% are enough."""
    text = linear("long", "tiers: [100]\nstop: STOP", "100 USDT", "10").replace("maintenance: 0.5%", DATED)
    (found,) = told("SP414", text.replace("STOP", "99"), "2027-01-01")
    assert "8.17% of room behind its stop, less than 10%" in found.message
    # At 8x it is 87.5 / 0.99 = 88.3838..: 10.7% of room.
    assert not told("SP414", text.replace("STOP", "99").replace("leverage: 10", "leverage: 8"), "2027-01-01")


def test_data_without_a_date() -> None:
    """The plan's own terms need none; data that are undated, or dated after today, are of an age that nobody knows."""
    text = linear("long", "tiers: [100]\nstop: 95", "200 USDT", "2").replace("maintenance: 0.5%", DATED)
    assert not told("SP414", text.replace("as_of: 2026-01-01, ", ""), "2030-01-01")
    (undated,) = told("SP414", text.replace("2026-01-01", "undated"), "2030-01-01")
    assert "the venue's data are undated, and" in undated.message
    (ahead,) = told("SP414", text.replace("2026-01-01", "2031-01-01"), "2030-01-01")
    assert "of 2031-01-01, which is after today, and" in ahead.message
    unread = study_of(text.replace("2026-01-01", "last spring"))
    assert [one.code for one in unread.diagnostics] == ["SP116"]


# Other rules, with lots, with fees for each order, with fixed margins


def test_rounding_makes_no_adds_grow() -> None:
    """Equal money on the way down, 1.9 and 2.05 lots: whole lots double it, and it is no martingale."""
    # 190 USDT each: 1.9 lots at 100 and 2.05 at 92.6.
    text = linear("long", "tiers: [100, 92.6]\nstop: 80\ninstrument: {lot_size: 1}", "380 USDT")
    assert not told("SP601", text)
    assert told("SP601", linear("long", "tiers: [1 BTC at 100, 2 BTC at 92.6]\nstop: 80", "3 BTC"))


def test_rounding_lets_no_tier_dominate() -> None:
    """3.9, 1.9 and 1.4 BTC are bought as 3, 1 and 1, 60.4% of the money in tier 1; written it is 54.5%."""
    own = "symbol: BTC/USDT\nside: long\ninstrument: {lot_size: 1}\n"
    tiers = "tiers: [3.9 BTC at 100, 1.9 BTC at 99, 1.4 BTC at 98]\nstop: 90\n"
    assert not told("SP304", own + tiers)
    assert told("SP304", own + tiers.replace("3.9", "6.9"))


FUTURES = (
    "symbol: MES/USD:USD\nside: long\naccount: {equity: 20000, max_risk: 5000, max_margin: 50%}\n"
    "margin: {initial: 500 USD per contract, maintenance: 400 USD per contract}\n"
    "instrument: {tick_size: 0.25, contract_size: 5}\nsize: 2 contracts\ntiers: [5000, 4990]\nstop: 4985\n"
)


def test_a_fixed_margin_has_no_leverage() -> None:
    """Rules about leverage, brackets and models have nothing to say of so much margin for each contract."""
    assert not {"SP403", "SP410", "SP411", "SP412", "SP413"} & {one.code for one in studied(FUTURES).diagnostics}
    unlimited = FUTURES.replace("account: {equity: 20000, max_risk: 5000, max_margin: 50%}\n", "")
    assert "x set" not in the("SP606", unlimited).message


def test_fixed_maintenance_above_the_initial_margin() -> None:
    """As much to keep a contract open as to open it is an error; a dollar less is not."""
    assert not told("SP403", FUTURES.replace("400 USD", "499 USD"))
    found = the("SP403", FUTURES.replace("400 USD", "500 USD"))
    assert (found.severity, found.path) == (Severity.ERROR, "margin.maintenance")
    assert "500.00 USD" in found.message
    closed = FUTURES.replace(", maintenance: 400 USD per contract}", "}\nmargin_closeout: 100%\nmargin_mode: isolated")
    assert the("SP403", closed).path == "margin_closeout"
    assert not told("SP403", closed.replace("100%", "99%"))


def test_closing_all_of_the_margin_of_a_leverage() -> None:
    """A close-out at 100% of the margin in use is as much as opening puts up."""
    text = (
        f"symbol: EUR/USD\nside: short\naccount: {LIMITS}\nleverage: 30\nsize: 1000 EUR\n"
        "margin_mode: isolated\nmargin_closeout: CLOSE\ntiers: [1.1]\nstop: 1.11\n"
    )
    assert the("SP403", text.replace("CLOSE", "100%")).path == "margin_closeout"
    assert not told("SP403", text.replace("CLOSE", "50%"))


def test_the_size_that_is_within_max_risk_pays_for_its_orders() -> None:
    """Ten shares from 100 to 90 lose 100, and two orders of 1 USD make it 102: half of the size loses 52.

    50.9% would be 52 / 102; (52 - 2) / (102 - 2) = 50%.
    """
    text = (
        "symbol: AAPL/USD\nside: long\naccount: {equity: 900, max_risk: 52}\nfees: 1 USD per order\n"
        "size: 10 shares\ntiers: [100]\nstop: 90\n"
    )
    assert "at most 50% of this size" in the("SP503", text).help
    # 10% of 900 is 90: (90 - 2) / (102 - 2).
    assert "at most 88% of this size" in the("SP510", text.replace("52", "500")).help


def test_a_target_below_costs_pays_for_its_own_order() -> None:
    """Five of ten shares at 100.3 win 1.5, pay 1 to be sold and half of the 1 that buying took: just even.

    A cent less for each share is a loss, and its breakeven is 100.3, not that of all ten shares sold at once (100.2).
    """
    text = (
        "symbol: AAPL/USD\nside: long\nfees: 1 USD per order\nsize: 10 shares\ntiers: [100]\nstop: 90\n"
        "targets: [{price: TARGET, close: 50%, stop: breakeven}, 120]\n"
    )
    assert not told("SP702", text.replace("TARGET", "100.3"))
    assert "fills at 100.29 and breaks even at 100.30:" in the("SP702", text.replace("TARGET", "100.29")).message
