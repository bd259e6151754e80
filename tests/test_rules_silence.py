"""Rules about what used to pass in silence: lost digits, twins, idle targets, dates, funding and fees.

Each speaks on either side of the market, and is silent just inside its limit. Numbers are worked by hand beside the
plan.
"""

import pytest

from scaleplan.diagnostic import Severity
from tests.given import codes, linear, spot, the, told

#: Prices of a long, and those of a short that mirrors it at 60,000.
SIDES = (("long", 1), ("short", -1))
INVERSE = "symbol: BTC/USD:BTC\naccount: {equity: 9 BTC, max_risk: 5 BTC}\nleverage: 2\nmaintenance: 0.5%\n"


def at(sign: int, away: float) -> str:
    """Returns the price that lies so far from 60,000 where a trade of that side wins."""
    return f"{60000 + sign * away:g}"


# SP209: 0.02% of 60,000 are 12.


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_a_stop_next_to_its_entry(side: str, sign: int) -> None:
    """1 of 60,000 is a lost digit, and so is 12; 12.1 is not."""
    for near in (1, 12):
        found = the("SP209", linear(side, f"tiers: [60000]\nstop: {at(sign, -near)}"))
        assert (found.path, found.severity) == ("stop", Severity.WARNING)
    # 1 / 60,000 is 0.001666..%, rounded to what is worse.
    assert "is 0.00166% from tier 1" in the("SP209", linear(side, f"tiers: [60000]\nstop: {at(sign, -1)}")).message
    assert not told("SP209", linear(side, f"tiers: [60000]\nstop: {at(sign, -12.1)}"))
    assert told("SP209", f"{INVERSE}side: {side}\nsize: 300 USD\ntiers: [60000]\nstop: {at(sign, -1)}\n")


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_a_stop_at_the_entry_or_beyond_it_is_on_the_wrong_side(side: str, sign: int) -> None:
    """At no distance, and on the far side of it, it is no lost digit but an error."""
    for away in (0, 1):
        said = codes(linear(side, f"tiers: [60000]\nstop: {at(sign, away)}"))
        assert ("SP201" in said, "SP209" in said) == (True, False)


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_a_tier_next_to_the_stop(side: str, sign: int) -> None:
    """A later tier that is stopped as soon as it fills is told where it is written."""
    plan = f"tiers: [60000, {at(sign, -1999)}]\nstop: {at(sign, -2000)}"
    assert the("SP209", linear(side, plan)).path == "tiers[1].price"
    assert not told("SP209", linear(side, plan.replace(at(sign, -1999), at(sign, -1900))))


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_an_invalidation_next_to_its_entry(side: str, sign: int) -> None:
    """It says where the idea is wrong, and a digit is lost in it as well."""
    plan = linear(side, f"tiers: [60000]\nstop: {at(sign, -1000)}\ninvalidation: {at(sign, -1)}")
    assert the("SP209", plan).path == "invalidation"
    assert not told("SP209", plan.replace(f"invalidation: {at(sign, -1)}", f"invalidation: {at(sign, -990)}"))


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_a_target_out_of_proportion_to_the_stop(side: str, sign: int) -> None:
    """30 of 60,000 is 0.05%; 3,000 is 100R of it, and 3,030 is 101R."""
    plan = linear(side, f"tiers: [60000]\nstop: {at(sign, -30)}\ntargets: [{at(sign, 3030)}]")
    assert "101R" in the("SP209", plan).message
    assert not told("SP209", plan.replace(at(sign, 3030), at(sign, 3000)))
    # A distance is meant as it is written.
    assert not told("SP209", linear(side, f"tiers: [60000]\nstop: {at(sign, -30)}\ntargets: [150R]"))


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_a_stop_in_ticks_loses_no_digit(side: str, sign: int) -> None:
    """A scalper's two ticks are meant; what is told is a target that they cannot be meant for."""
    away = f"{'-' if sign > 0 else '+'}2 ticks"
    plan = f"tiers: [60000]\nstop: {away}\ninstrument: {{tick_size: 1}}"
    assert not told("SP209", linear(side, plan))
    assert told("SP209", linear(side, f"{plan}\ntargets: [{at(sign, 3000)}]"))


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_a_stop_move_and_a_trail_next_to_the_price(side: str, sign: int) -> None:
    """12.6 are 0.02% of 63,000, and a trail of that is taken out by the next trade."""
    target = 60000 + sign * 3000
    rows = f"{{price: {target}, close: 50%, stop: {target - sign * 11}}}, {at(sign, 6000)}"
    plan = linear(side, f"tiers: [60000]\nstop: {at(sign, -2000)}\ntargets: [{rows}]")
    assert the("SP209", plan).path == "targets[0].stop"
    assert not told("SP209", plan.replace(str(target - sign * 11), str(target - sign * 14)))
    trail = linear(side, f"tiers: [60000]\nstop: {at(sign, -2000)}\ntargets: [{{price: {target}, trail: 0.02%}}]")
    assert the("SP209", trail).path == "targets[0].trail"
    assert not told("SP209", trail.replace("0.02%", "0.03%"))


# SP210


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_two_targets_at_one_price(side: str, sign: int) -> None:
    """Written alike, or in two forms that a single tier makes one: 2R of 1,000 is 2,000."""
    head = f"stop: {at(sign, -1000)}\ntargets"
    twins = linear(side, f"tiers: [60000]\n{head}: [50% at {at(sign, 2000)}, rest at {at(sign, 2000)}]")
    found = the("SP210", twins)
    assert (found.path, found.severity) == ("targets[1].price", Severity.WARNING)
    forms = f"{head}: [50% at {at(sign, 2000)}, rest at 2R]"
    assert told("SP210", linear(side, f"tiers: [60000]\n{forms}"))
    # With two tiers they meet in one case only.
    assert not told("SP210", linear(side, f"tiers: [60000, {at(sign, -100)}]\n{forms}"))
    assert not told(
        "SP210", linear(side, f"tiers: [60000]\n{head}: [50% at {at(sign, 2000)}, rest at {at(sign, 2010)}]")
    )
    assert told("SP210", linear(side, f"tiers: [60000, {at(sign, -100)}]\n{head}: [50% at 2R, 20% at 3R, rest at 3R]"))


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_two_targets_a_digit_apart(side: str, sign: int) -> None:
    """1 of 64,000 is 0.0016%, where the next is 2,000 away; 4 are 0.0063%."""
    near, far = at(sign, 4001), at(sign, 4004)
    plan = f"tiers: [60000]\nstop: {at(sign, -2000)}\ntargets: [50% at {at(sign, 4000)}, 20% at %s, rest at 3R]"
    plan = plan.replace("3R", at(sign, 6000))
    assert the("SP210", linear(side, plan.replace("%s", near))).path == "targets[1].price"
    assert not told("SP210", linear(side, plan.replace("%s", far)))


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_two_tiers_a_digit_apart(side: str, sign: int) -> None:
    """A warning, where twins are an error; a dense grid lies as it is meant to."""
    found = the("SP205", linear(side, f"tiers: [60000, {at(sign, -1)}, {at(sign, -1000)}]\nstop: {at(sign, -2000)}"))
    assert (found.path, found.severity) == ("tiers[1].price", Severity.WARNING)
    assert not told(
        "SP205", linear(side, f"tiers: [60000, {at(sign, -4)}, {at(sign, -1000)}]\nstop: {at(sign, -2000)}")
    )
    grid = f"tiers: {{from: 60000, to: {at(sign, -10)}, count: 6}}\nstop: {at(sign, -2000)}"
    assert not told("SP205", linear(side, grid))


# SP513


@pytest.mark.parametrize(("side", "sign"), SIDES)
@pytest.mark.parametrize(
    ("idle", "path"),
    [
        ("{}", "targets[1]"),
        ("{{price: {}, close: 0%}}", "targets[1].close"),
        ("{{price: {}, note: look again}}", "targets[1]"),
        # In force since target 1.
        ("{{price: {}, stop: entry}}", "targets[1]"),
    ],
)
def test_a_target_that_does_nothing(side: str, sign: int, idle: str, path: str) -> None:
    """It closes nothing, and moves no stop or one that is in force already."""
    first, last = f"{{price: {at(sign, 1000)}, close: 30%, stop: entry}}", f"rest at {at(sign, 3000)}"
    plan = linear(
        side, f"tiers: [60000]\nstop: {at(sign, -1000)}\ntargets: [{first}, {idle.format(at(sign, 2000))}, {last}]"
    )
    found = the("SP513", plan)
    assert (found.path, found.severity) == (path, Severity.WARNING)


@pytest.mark.parametrize(("side", "sign"), SIDES)
@pytest.mark.parametrize("does", ["close: 1%", "stop: entry", "exit: a daily close below"])
def test_a_target_that_does_something(side: str, sign: int, does: str) -> None:
    """The smallest close, a stop move, an exit in words; and the last target, which closes the rest."""
    rows = f"30% at {at(sign, 1000)}, {{price: {at(sign, 2000)}, {does}}}, {at(sign, 3000)}"
    assert not told("SP513", linear(side, f"tiers: [60000]\nstop: {at(sign, -1000)}\ntargets: [{rows}]"))
    trail = f"30% at {at(sign, 1000)}, {{price: {at(sign, 2000)}, trail: 2%}}"
    assert not told("SP513", linear(side, f"tiers: [60000]\nstop: {at(sign, -1000)}\ntargets: [{trail}]"))


# SP609


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_a_date_that_is_past(side: str, sign: int) -> None:
    """The day before today is past, today is not."""
    plan = linear(side, f"tiers: [60000]\nstop: {at(sign, -1000)}\nexpires: 2026-08-20")
    (found,) = told("SP609", plan, today="2026-08-21")
    assert (found.path, found.severity) == ("expires", Severity.WARNING)
    assert "2026-08-20" in found.message
    assert not told("SP609", plan, today="2026-08-20")


@pytest.mark.parametrize(("side", "sign"), SIDES)
@pytest.mark.parametrize(
    ("trigger", "too_soon", "enough"),
    [
        ("4h close beyond the high", "239m", "4h"),
        ("a daily close back inside", "23h", "24h"),
        ("15m candle closes inside", "14m", "15m"),
        ("1D-close", "1439m", "1d"),
    ],
)
def test_tiers_that_expire_before_their_candle_closes(
    side: str, sign: int, trigger: str, too_soon: str, enough: str
) -> None:
    """An add that waits for a candle needs at least as long as the candle takes."""
    plan = f"tiers: [{{price: 60000, trigger: now}}, {{price: {at(sign, -500)}, trigger: {trigger}}}]"
    whole = linear(side, f"{plan}\nstop: {at(sign, -1000)}\nexpires: {too_soon}")
    assert the("SP609", whole).path == "expires"
    assert not told("SP609", whole.replace(f"expires: {too_soon}", f"expires: {enough}"))


# SP705


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_funding_that_eats_the_reward(side: str, sign: int) -> None:
    """1 BTC from 60,000 to 62,000 makes 2,000; 0.1% every 8h is 60 a time: 16 times are 960, 17 are 1,020."""
    paid = "0.1%" if sign > 0 else "-0.1%"
    text = (
        f"tiers: [60000]\nstop: {at(sign, -1000)}\ntargets: [{at(sign, 2000)}]\n"
        f"funding: {{rate: {paid}, every: 8h, hold: 136h}}"
    )
    found = the("SP705", linear(side, text))
    assert (found.path, found.severity) == ("funding", Severity.WARNING)
    assert ("1,020.00 USDT" in found.message, "51% of it" in found.message) == (True, True)
    assert not told("SP705", linear(side, text.replace("136h", "128h")))
    # The other side is paid.
    received = "-0.1%" if sign > 0 else "0.1%"
    assert not told("SP705", linear(side, text.replace(paid, received).replace("136h", "30d")))


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_funding_of_a_plan_without_targets(side: str, sign: int) -> None:
    """It is held against the worst planned loss: 1,000 for 1 BTC, half of which 60 passes after 9 times."""
    paid = "0.1%" if sign > 0 else "-0.1%"
    text = f"tiers: [60000]\nstop: {at(sign, -1000)}\nfunding: {{rate: {paid}, every: 8h, hold: 72h}}"
    assert "worst planned loss" in the("SP705", linear(side, text)).message
    assert not told("SP705", linear(side, text.replace("72h", "64h")))


def test_swaps_that_eat_the_reward() -> None:
    """10 for each lot and night: 60 nights of 1 lot are 600, and 50 pips of it make 500."""
    plan = (
        "symbol: EUR/USD\nside: long\naccount: {equity: 10000 USD, max_risk: 10%}\nleverage: 30\nspread: 0.1 pips\n"
        "instrument: {contract_size: 100000, lot_size: 0.01}\nsize: 1 lot\n"
        "tiers: [1.1]\nstop: 1.095\ntargets: [1.105]\n"
        "swap: {long: -10 USD per lot, short: 2 USD per lot, nights: 60}\n"
    )
    assert the("SP705", plan).path == "swap"
    assert not told("SP705", plan.replace("nights: 60", "nights: 20"))


# SP706


@pytest.mark.parametrize(("side", "sign"), SIDES)
@pytest.mark.parametrize("leverage", ["1", "10"])
def test_leverage_without_fees(side: str, sign: int, leverage: str) -> None:
    """Fees of 0 are assumed, and every figure rests on them; written as 0 they are meant."""
    plan = linear(side, f"tiers: [60000]\nstop: {at(sign, -1000)}", leverage=leverage)
    assert not told("SP706", plan)
    found = the("SP706", plan.replace("fees: {maker: 0%, taker: 0%}", ""))
    assert (found.path, found.severity) == ("leverage", Severity.WARNING)
    # 0.05% of 60,000 and of the stop, over 1,000: 59.5 for a long and 60.5 for a short.
    assert ("5.95%" if sign > 0 else "6.05%") in found.message
    inverse = f"{INVERSE}side: {side}\nsize: 300 USD\ntiers: [60000]\nstop: {at(sign, -1000)}\n"
    assert told("SP706", inverse)
    assert not told("SP706", f"{inverse}fees: {{maker: 0.02%, taker: 0.05%}}\n")


def test_a_maker_fee_without_the_takers() -> None:
    """Stops pay the taker's: 0 has to be written."""
    plan = linear("short", "tiers: [60000]\nstop: 61000\nfees: {maker: 0.02%}")
    assert the("SP706", plan).path == "fees"
    assert not told("SP706", plan.replace("0.02%}", "0.02%, taker: 0%}"))


def test_where_fees_are_known_or_not_what_a_plan_rests_on() -> None:
    """Spot is not asked; a broker of currencies is paid by the spread; a venue of the table has its own."""
    assert not told("SP706", spot("tiers: [60000]\nstop: 59000"))
    plan = linear("long", "tiers: [60000]\nstop: 59000").replace("fees: {maker: 0%, taker: 0%}", "")
    assert not told("SP706", plan + "spread: 0.01%\n")
    assert not told("SP706", plan.replace("maintenance: 0.5%", "venue: binance"))
    assert told("SP706", plan + "slippage: 0.05%\n")


def test_a_brokers_margin_without_fees() -> None:
    """A broker is asked for an amount a contract."""
    plan = (
        "symbol: ES/USD\nside: long\naccount: {equity: 100000 USD, max_risk: 5%}\nsize: 2 contracts\n"
        "margin: {initial: 15000 USD per contract, maintenance: 13500 USD per contract}\n"
        "instrument: {tick_size: 0.25, contract_size: 50}\ntiers: [5400]\nstop: 5380\n"
    )
    found = the("SP706", plan)
    assert (found.path, "per contract" in found.help) == ("margin", True)
    assert not told("SP706", f"{plan}fees: 2.25 USD per contract\n")


# What was said already


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_a_target_below_its_own_costs_in_r(side: str, sign: int) -> None:
    """0.05R of 1,000 is 50, and 0.05% a side of 60,000 is 60: it loses in money, which SP702 says."""
    fees = "fees: {maker: 0.05%, taker: 0.05%}"
    plan = f"tiers: [60000]\nstop: {at(sign, -1000)}\n{fees}\ntargets: [50% at 0.05R, rest at 3R]"
    assert told("SP702", linear(side, plan))
    assert not told("SP702", linear(side, plan.replace("0.05R", "0.1R")))
