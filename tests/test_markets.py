"""Other markets: futures, currencies and stocks, their arithmetic worked by hand and the words that are said of it.

How each form reads stands in the table of `test_language`; here it goes through a plan to the figures.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaleplan.diagnostic import Severity
from scaleplan.engine.margin import Answer
from scaleplan.engine.position import Charge, Costs, Position
from scaleplan.plan import MarginMode, Order
from scaleplan.quantity.amount import read_exchange, read_money_per
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.price import Anchor, PriceUnit, Reference, Steps, say_price
from tests.given import codes, file, known, ladder_of, plan_of, studied, study_of, with_keys
from tests.running import ROOT, joined, outcome

laws = settings(max_examples=100, deadline=None, database=None, derandomize=True)

D = Decimal

#: One micro contract of an index: 5 dollars a point, ticks of a quarter.
MICRO = """\
symbol: MES/USD
side: long
margin: {initial: 500 USD per contract, maintenance: 400 USD per contract}
instrument: {tick_size: 0.25, contract_size: 5}
size: 1 contract
tiers: [5000]
stop: 4990
"""
EURO = """\
symbol: EUR/USD
side: long
account: {equity: 10000 GBP, rate: 1.27 USD per GBP, max_risk: 1%}
leverage: 30
margin_mode: cross
margin_closeout: 50%
instrument: {contract_size: 100000, lot_size: 0.01}
size: 0.6 lots
tiers: [1.1]
stop: -20 pips
"""
STOCK = """\
symbol: ACME/USD
side: long
size: 300 shares
tiers: [100]
stop: 90
"""


def errors(text: str, **changes: str) -> list[tuple[str, str, str]]:
    """Code, text and help of every mistake of form."""
    found = study_of(text, **changes).diagnostics
    return [(one.code, one.span.text, one.help) for one in found if one.severity is Severity.ERROR and one.code < "SP2"]


def shown(text: str, folder: Path, *arguments: str, keys: dict[str, str] | None = None) -> str:
    """What a command (`show` if none is named) prints of a plan with some of its keys written otherwise."""
    command, *options = arguments or ("show",)
    return outcome(command, file(folder, with_keys(text, **keys or {})), *options).out


# Published figures


@pytest.mark.parametrize(
    ("symbol", "size", "entry", "exit_", "side", "pnl"),
    [
        # CME's course on futures: one ES from 2,900 to 2,905 is 5 points of 50 dollars
        ("ES/USD", 50, "2900", "2905", "long", 250),
        # CME, calculating profit or loss: one CL from 53.60 to 54.00 is 40 ticks of 10 dollars
        ("CL/USD", 1000, "53.60", "54.00", "long", 400),
        # and the same the other way round for a short
        ("CL/USD", 1000, "54.00", "53.60", "short", 400),
    ],
)
def test_published_profit_of_one_contract(symbol: str, size: int, entry: str, exit_: str, side: str, pnl: int) -> None:
    """Points times the size of the contract, as the exchange's own course reckons it."""
    stop = "+10%" if side == "short" else "-10%"
    ladder = ladder_of(
        MICRO,
        symbol=symbol,
        side=side,
        instrument=f"{{contract_size: {size}}}",
        tiers=f"[{entry}]",
        stop=stop,
        targets=f"[rest at {exit_}]",
    )
    assert ladder.totals.quantity == size
    assert ladder.totals.reward == pnl


@pytest.mark.parametrize(
    ("equity", "risk", "points", "multiplier", "contracts"),
    # 2,000 / (50 * 20) and 100 / (10 * 5): published sizings of the NQ and the MES
    [(100000, "2%", 50, 20, 2), (10000, "1%", 10, 5, 2)],
)
def test_published_sizes_in_whole_contracts(
    equity: int, risk: str, points: int, multiplier: int, contracts: int
) -> None:
    """A share of equity as risk over a stop in points comes to a number of whole contracts."""
    found = studied(
        MICRO,
        account=f"{{equity: {equity} USD}}",
        instrument=f"{{tick_size: 0.25, contract_size: {multiplier}}}",
        size=f"{risk} risk",
        stop=f"-{points} points",
    )
    plan, ladder = found.plan, found.ladder
    assert ladder.totals.quantity == contracts * multiplier
    assert plan.stop == 5000 - points


def test_published_size_of_a_currency_pair() -> None:
    """50 dollars over 200 pips are 0.25 a pip: 2,500 euros, 0.025 lots."""
    ladder = ladder_of(
        EURO, instrument="{contract_size: 100000, lot_size: 0.001}", size="50 USD risk", stop="-200 pips"
    )
    assert ladder.totals.quantity == 2500
    assert ladder.totals.risk == 50


# Distances


@pytest.mark.parametrize(
    ("stop", "risk"),
    # 24 ticks of 12.50 and 8 points of 50 on each of two contracts
    [("-24 ticks", 600), ("-8 points", 800), ("-1 tick", 25), ("tier 1 -4 ticks", 100)],
)
def test_ticks_and_points_are_money(stop: str, risk: int) -> None:
    """A tick is worth its size times the contract: 0.25 * 50 = 12.50."""
    ladder = ladder_of(MICRO, instrument="{tick_size: 0.25, contract_size: 50}", size="2 contracts", stop=stop)
    assert ladder.totals.risk == risk


def test_an_offset_in_ticks_is_taken_from_the_position() -> None:
    """`entry +4 ticks` is one point above the average of what is held then, and stands as it was typed."""
    found = studied(
        MICRO,
        size="2 contracts",
        tiers="[5000, {price: +8 ticks, order: stop, stop: entry -2 ticks}]",
        targets="[{price: +40 ticks, close: 50%, stop: entry +4 ticks}, rest at +80 ticks]",
    )
    plan, ladder = found.plan, found.ladder
    # The average of 5,000 and 5,002 is 5,001.
    assert ladder.steps[1].position.stop == D("5000.5")
    assert [exit_.price for exit_ in ladder.exits] == [5010, 5020]
    assert ladder.exits[0].stop == 5002
    level = plan.targets[0].stop
    assert level == Anchor(Reference.ENTRY, amount=D(1), steps=Steps(D(4), PriceUnit.TICK))
    assert say_price(Anchor(Reference.ENTRY, steps=Steps(D(1), PriceUnit.POINT))) == "entry +1 point"


def test_a_trail_in_points() -> None:
    """What is left after the last target trails at so many points: 5,030 - 8."""
    ladder = ladder_of(MICRO, size="2 contracts", targets="[{price: 5020, close: 50%}, {price: 5030, trail: 8 points}]")
    assert ladder.exits[-1].stop == 5022
    # 5 * 20 and 5 * 22
    assert ladder.totals.reward == 210


def test_short_forms_in_steps() -> None:
    """A tier and a target written short may stand so many ticks away, with an order behind."""
    plan = plan_of(
        MICRO,
        size="2 contracts",
        tiers="[50% at 5000, 50% at -24 ticks limit]",
        targets="[50% at +8 points, rest at +80 ticks]",
    )
    assert [tier.price for tier in plan.tiers] == [5000, 4994]
    assert plan.tiers[1].order is Order.LIMIT
    assert [getattr(target.price, "price", None) for target in plan.targets] == [5008, 5020]


def test_what_a_tick_is_is_asked_for_once() -> None:
    """However many distances need it, one question is enough; and a wrong tick size is not asked for again."""
    told = errors(MICRO, instrument="{contract_size: 5}", tiers="[5000, -4 ticks, -8 ticks]", stop="-40 ticks")
    assert told == [("SP102", "-4 ticks", "add `tick_size: 1` under `instrument:`")]
    told = errors(MICRO, instrument="{contract_size: 5, tick_size: some}", stop="-40 ticks")
    assert [code for code, _, _ in told] == ["SP106"]


def test_a_tick_may_be_the_venues() -> None:
    """The instrument of the venue says what a tick is, where the plan's own does not."""
    plan = plan_of(MICRO, instrument="{contract_size: 5}", venue="{instrument: {tick_size: 0.5}}", stop="-20 ticks")
    assert plan.stop == 4990


# Costs


def test_a_charge_is_a_rate_an_amount_a_unit_and_one_an_order() -> None:
    """1% of 200 and 0.5 for each of 3 and 4 for the order are 7.5."""
    assert Charge(D("0.01"), D("0.5"), D(4)).of(D(200), D(3)) == D("7.5")
    assert Charge(D("0.01"), D("0.5"), D(4)).fixed(D(3)) == D("5.5")


def test_half_of_the_spread_is_on_every_fill() -> None:
    """Limits pay half of the spread; stops pay slippage beside it; a trigger is the way back."""
    costs = Costs(Charge(D(0)), Charge(D(0)), D("0.01"), D("0.5"), D("0.25"))
    assert costs.entry_price(D(100), Order.LIMIT, 1) == D("100.25")
    assert costs.entry_price(D(100), Order.LIMIT, -1) == D("99.75")
    # 1% and 0.5 and 0.25 worse
    assert costs.entry_price(D(100), Order.STOP, 1) == D("101.75")
    assert costs.exit_price(D(100), 1) == D("98.25")
    assert costs.exit_price(D(100), -1) == D("101.75")
    assert costs.exit_price(D(100), 1, Order.LIMIT) == D("99.75")
    assert (costs.trigger_price(D("98.25"), 1), costs.trigger_price(D("101.75"), -1)) == (D(100), D(100))


def test_the_spread_in_a_plan() -> None:
    """In at 1.1 and out at 1.102, both by limit, with a spread of 2 pips: 20 pips less 2, on 60,000."""
    found = studied(EURO, spread="2 pips", targets="[rest at +20 pips]")
    plan, ladder = found.plan, found.ladder
    assert plan.spread == D("0.0002")
    assert ladder.steps[0].fill.price == D("1.1001")
    assert ladder.exits[0].fill_price == D("1.1019")
    assert ladder.totals.reward == 108
    # The stop at 1.098 fills at 1.0979: 60,000 * 0.0022
    assert ladder.totals.risk == 132


def test_fees_of_a_contract() -> None:
    """3 contracts at 2.25 a side cost 6.75 in and 6.75 out; breakeven is 4.50 a contract, 0.9 points of 5 dollars."""
    ladder = ladder_of(MICRO, size="3 contracts", fees="2.25 USD per contract", targets="[rest at 5010]")
    assert ladder.steps[0].fill.fee == D("6.75")
    assert ladder.steps[0].position.breakeven == D("5000.9")
    # 15 * 10 either way
    assert (ladder.totals.risk, ladder.totals.reward) == (D("163.5"), D("136.5"))
    assert ladder.totals.fees == D("13.5")


def test_fees_of_an_order() -> None:
    """300 shares, 1 dollar an order: breakeven is 2 dollars over 300, and another order costs another dollar."""
    ladder = ladder_of(STOCK, fees="1 USD per order", targets="[1/3 at 110, rest at 120]")
    # 30,002 / 300
    assert str(ladder.steps[0].position.breakeven).startswith("100.00666666666")
    assert ladder.totals.risk == 3002
    # 100 * 10 + 200 * 20 - 1 - 2
    assert ladder.totals.reward == 4997
    assert ladder.totals.fees == 3


def test_a_size_in_risk_with_a_fee_an_order() -> None:
    """What the orders cost is taken from the risk first: the rest is a line in size.

    One tier at 100, stopped at 90: Q * 10 + 2 = 102. Two tiers of equal money at 100 and 95: N * (10/200 + 5/190) + 3
    is N * 29/380 + 3, and 32 of it are a notional of 380.
    """
    one = ladder_of(STOCK, size="102 USD risk", fees="1 USD per order")
    assert abs(one.totals.quantity - 10) < D("1e-40")
    two = ladder_of(STOCK, size="32 USD risk", fees="1 USD per order", tiers="[100, 95]")
    assert abs(sum((step.fill.notional for step in two.steps), D(0)) - 380) < D("1e-38")
    assert abs(known(two.totals.risk) - 32) < D("1e-38")


def test_no_size_risks_less_than_its_orders() -> None:
    """Where the orders alone cost more than the risk, there is no size."""
    found = study_of(STOCK, size="2 USD risk", fees="1 USD per order").diagnostics
    assert [one.code for one in found if one.severity is Severity.ERROR] == ["SP132"]


def test_fees_of_the_plan_stand_in_place_of_the_venues() -> None:
    """Amounts are not added to a venue's rates, nor rates to its amounts; one of the two rates is still the venue's."""
    venue = "{fees: {maker: 0.1%, taker: 0.2%, per_order: 3 USD}}"
    assert plan_of(STOCK, leverage="1", venue=venue).fees[:2] == (D("0.001"), D("0.002"))
    amounts = plan_of(STOCK, leverage="1", venue=venue, fees="0.005 USD per share").fees
    assert (amounts.maker, amounts.taker, amounts.per_contract, amounts.per_order) == (D(0), D(0), D("0.005"), D(3))
    rates = plan_of(STOCK, leverage="1", venue=venue, fees="{maker: 0.05%}").fees
    assert (rates.maker, rates.taker, rates.per_order) == (D("0.0005"), D("0.002"), D(0))


def test_fills_stay_above_zero() -> None:
    """Slippage and spread that leave nothing of the lowest price are refused, with both numbers."""
    assert errors(STOCK, slippage="89 points", spread="1 point") == []
    told = study_of(STOCK, slippage="89 points", spread="2 points").diagnostics
    assert [(one.code, one.span.text) for one in told] == [("SP130", "89 points")]
    assert "90" in told[0].message


def test_a_swap_is_paid_for_each_lot_and_night() -> None:
    """6.20 a lot on 0.6 lots for 3 nights is 11.16, outside of risk; the short side receives."""
    swap = "{long: -6.20 USD per lot, short: 1.10 USD per lot, nights: 3}"
    ladder = ladder_of(EURO, swap=swap)
    assert ladder.totals.funding == D("11.16")
    assert ladder.totals.risk == 120
    ladder = ladder_of(EURO, swap=swap, side="short", stop="+20 pips")
    assert ladder.totals.funding == D("-1.98")


# Margin


@pytest.mark.parametrize(("side", "stop", "at", "bust"), [("long", 4990, 4980, 4900), ("short", 5010, 5020, 5100)])
def test_fixed_margin_of_a_contract(side: str, stop: int, at: int, bust: int) -> None:
    """500 to open and 400 to keep: 100 may be lost, 20 points of 5 dollars; all 500 are 100 points."""
    ladder = ladder_of(MICRO, side=side, stop=str(stop), margin_mode="isolated")
    here = ladder.steps[0].position
    assert (here.initial_margin, here.liquidation.price, here.bankruptcy_price) == (D(500), D(at), D(bust))


def test_the_margin_of_a_broker_is_the_accounts() -> None:
    """Two ES contracts of 50 dollars a point: 100,000 - 27,000 kept are 730 points; isolated it would be 5,370."""
    text = (
        "symbol: ES/USD\nside: long\naccount: {equity: 100000 USD}\n"
        "margin: {initial: 15000 USD per contract, maintenance: 13500 USD per contract}\n"
        "instrument: {tick_size: 0.25, contract_size: 50}\nsize: 2 contracts\ntiers: [5400]\nstop: 5360\n"
    )
    found = studied(text)
    assert found.plan.margin_mode is MarginMode.CROSS
    assert found.ladder.steps[0].position.liquidation.price == 4670
    assert "SP401" not in codes(found)
    assert ladder_of(text, side="short", stop="5440").steps[0].position.liquidation.price == 6130
    assert ladder_of(text, margin_mode="isolated").steps[0].position.liquidation.price == 5370
    # Without equity nothing says what stands behind it: asked for in a note.
    (told,) = [one for one in studied(text, account="").diagnostics if one.code == "SP406"]
    assert (told.severity, "equity" in told.help) == (Severity.NOTE, True)
    closed = ladder_of(EURO, leverage="30", tiers="[1.1]", stop="-50 pips", size="1 lot", margin_closeout="50%")
    assert closed.machine.plan.margin_mode is MarginMode.CROSS


def test_fixed_margin_grows_with_the_contracts() -> None:
    """Three contracts put up 1,500; what a size in margin opens is so many contracts."""
    tiers = "[1/3 at 5000, 1/3 at 4998, 1/3 at 4996]"
    ladder = ladder_of(MICRO, margin_mode="isolated", size="3 contracts", tiers=tiers)
    assert [step.position.initial_margin for step in ladder.steps] == [500, 1000, 1500]
    # The average of all three is 4,998: 20 points lower.
    assert ladder.steps[2].position.liquidation.price == 4978
    ladder = ladder_of(MICRO, account="{equity: 10000 USD}", size="18% margin")
    # 1,800 open 3.6 contracts, of which 3 are traded.
    assert (ladder.totals.quantity, ladder.totals.rounded_off) == (D(15), D(3))


def test_initial_margin_alone_leaves_liquidation_unknown() -> None:
    """What keeps a contract open is asked for where it is not written, at the margin."""
    found = study_of(MICRO, margin="{initial: 500 USD per contract}")
    assert found.ladder is not None
    assert found.ladder.steps[0].position.liquidation.answer is Answer.UNKNOWN
    (told,) = (one for one in found.diagnostics if one.code == "SP406")
    assert told.span.text == "{initial: 500 USD per contract}"
    assert "maintenance: 400 USD per contract" in told.help


def test_close_out_moves_with_the_price() -> None:
    """At 50% of the margin in use: 10x and isolated, P - 100 + 10 = P / 20, so P = 90 * 20 / 19."""
    ladder = ladder_of(EURO, margin_mode="isolated", leverage="10", tiers="[100]", stop="-1%", size="1 lot")
    price = ladder.steps[0].position.liquidation.price
    assert price is not None
    assert abs(price * 19 - 1800) < D("1e-20")
    initial = "{initial: 500 USD per contract}"
    fixed = ladder_of(MICRO, margin_mode="isolated", margin=initial, margin_closeout="60%")
    # 300 keep a contract open: 200 may be lost, 40 points.
    assert fixed.steps[0].position.liquidation.price == 4960


@pytest.mark.parametrize(
    "changes",
    [
        {"margin": "{initial: 500 USD per contract, maintenance: 500 USD per contract}"},
        {"margin": "{initial: 500 USD per contract, maintenance: 600 USD per contract}"},
        {"margin": "{initial: 500 USD per contract}", "margin_closeout": "100%", "margin_mode": "isolated"},
        {"margin": "", "leverage": "10", "margin_closeout": "100%", "margin_mode": "isolated"},
    ],
)
def test_maintenance_must_be_below_the_initial_margin(changes: dict[str, str]) -> None:
    """What is asked to keep a contract open and reaches what opens it closes it as it is opened."""
    assert "SP403" in {one.code for one in study_of(MICRO, **changes).diagnostics}


def test_leverage_or_a_margin_is_asked_for() -> None:
    """A contract says one of them, and a spot plan neither."""
    told = errors(MICRO, symbol="MES/USD:USD", margin="")
    assert [(code, "margin: {initial" in help) for code, _, help in told] == [("SP102", True)]
    assert [code for code, _, _ in errors(MICRO, contract="spot")] == ["SP118"]


# Whole lots


def test_tiers_and_exits_go_down_to_whole_contracts() -> None:
    """Halves of 5 contracts are 2 and 2; thirds of 4 are 1 and 1, and the last exit takes the 2 that are left."""
    ladder = ladder_of(
        MICRO,
        size="5 contracts",
        tiers="[5000, 4998]",
        targets="[1/3 at 5010, 1/3 at 5020, 1/3 at 5030]",
    )
    assert [step.fill.quantity for step in ladder.steps] == [10, 10]
    assert [step.fill.wanted for step in ladder.steps] == [D("12.5"), D("12.5")]
    assert ladder.totals.rounded_off == 5
    assert [exit_.quantity for exit_ in ladder.exits] == [5, 5, 10]
    assert ladder.exits[-1].remaining == 0


def test_what_lots_take_away_is_said(tmp_path: Path) -> None:
    """Tables count contracts; a line under them says what is not traded, and shares are those that remain."""
    keys = {
        "size": "5 contracts",
        "tiers": "[60% at 5000, 40% at 4998]",
        "instrument": "{contract_size: 5, lot_size: 2}",
    }
    text = shown(MICRO, tmp_path, keys=keys)
    # 3 and 2 contracts go down to 2 and 2.
    assert "lots           steps of 2 contracts; 1 of 5 not traded" in text
    assert "2 50%" in text
    assert "60%" not in text.partition("at tier 1")[0]
    record = json.loads(shown(MICRO, tmp_path, "show", "--format", "json", keys=keys))
    assert [tier["wanted_quantity"] for tier in record["tiers"]] == ["15", "10"]
    assert [tier["contracts"] for tier in record["tiers"]] == ["2", "2"]
    assert record["totals"]["rounded_off"] == "5"
    assert "(50/50%)" in shown(MICRO, tmp_path, "checklist", keys=keys)
    whole = shown(MICRO, tmp_path, keys={"size": "5 contracts", "tiers": "[60% at 5000, 40% at 4998]"})
    assert "lots " not in whole


# Words


@pytest.mark.parametrize(
    ("text", "head", "held"),
    [
        (MICRO, "contracts", "1 contract (5 MES)"),
        (EURO, "lots", "0.60 lots (60,000 EUR)"),
        (STOCK, "shares", "300 shares"),
    ],
)
def test_tables_count_as_the_trader_writes(text: str, head: str, held: str, tmp_path: Path) -> None:
    """Contracts, lots or shares: in the head of the column, in sentences and on the checklist."""
    table = shown(text, tmp_path)
    assert f"  {head}  " in table
    assert f"all in  {held}, " in table
    sheet = shown(text, tmp_path, "checklist")
    assert f" {head}  placed" in sheet
    assert held in sheet


def test_an_account_in_another_currency_is_shown_in_both(tmp_path: Path) -> None:
    """The loss stands in dollars and in pounds, of the equity as it was written; the rate is named.

    100 GBP at 1.27 are 127 USD: 127 / (60,000 * 0.002) is more than the 120 that this plan loses, 94.49 GBP.
    """
    text = shown(EURO, tmp_path)
    assert "planned loss 120.00 USD (94.49 GBP) = 0.94% of 10,000 GBP (limit 1%)" in text
    assert "account      kept in GBP: 10,000 GBP = 12,700 USD, at 1.27 USD per GBP" in text
    assert "loses 120.00 USD (94.49 GBP) as listed, limit 127 (1%)" in shown(EURO, tmp_path, "checklist")
    record = json.loads(shown(EURO, tmp_path, "show", "--format", "json"))
    assert (record["assumptions"]["account_currency"], record["assumptions"]["account_rate"]) == ("GBP", "1.27")
    assert record["plan"]["equity"] == "12700"
    turned = shown(EURO, tmp_path, keys={"account": "{equity: 10000 GBP, rate: 0.787 GBP per USD}"})
    assert "of 10,000 GBP" in turned
    assert "at 0.787 GBP per USD" in joined(turned)


def test_equity_of_the_command_line_is_in_the_accounts_currency(tmp_path: Path) -> None:
    """`--equity 20000` is what the plan says it is: pounds."""
    assert "of 20,000 GBP (limit 1%)" in shown(EURO, tmp_path, "show", "--equity", "20000")
    assert "of 20,000 GBP (limit 1%)" in shown(EURO, tmp_path, "show", "--equity", "20000 GBP")
    assert "of 20,000 (limit 1%)" in shown(EURO, tmp_path, "show", "--equity", "20000 USD")


def test_a_size_in_risk_of_an_account_in_another_currency() -> None:
    """1% of 10,000 GBP is 127 USD: over 20 pips, 63,500 EUR, of which 0.63 lots are whole."""
    ladder = ladder_of(EURO, size="1% risk")
    assert ladder.totals.quantity == 63000
    assert ladder.totals.rounded_off == pytest.approx(D(500), abs=D("1e-30"))
    ladder = ladder_of(EURO, size="50 GBP risk")
    # 63.50 USD: 31,750 EUR, 0.31 lots.
    assert ladder.totals.quantity == 31000


def test_costs_are_said_in_their_own_words(tmp_path: Path) -> None:
    """Fees a contract and an order, slippage and spread in price, margin a contract; a margin is no leverage."""
    keys = {"fees": "0.62 USD per contract", "slippage": "1 tick", "spread": "2 ticks"}
    keys["account"] = "{equity: 5000 USD}"
    text = joined(shown(MICRO, tmp_path, keys=keys))
    costs = "0.62 USD a contract a side, slippage 0.25 of price, spread 0.5 of price, half on each fill"
    assert costs in text
    assert "500 USD a contract, cross" in text
    assert "written, 400 USD a contract" in text
    record = json.loads(shown(MICRO, tmp_path, "show", "--format", "json", keys=keys))
    assert record["plan"]["leverage"] is None
    assumed = record["assumptions"]
    assert assumed["fees"] == {"maker": "0", "taker": "0", "per_contract": "0.62", "per_order": "0"}
    assert (assumed["slippage_price"], assumed["spread"]) == ("0.25", "0.5")
    assert (assumed["initial_margin_per_contract"], assumed["maintenance_margin_per_contract"]) == ("500", "400")
    sheet = shown(MICRO, tmp_path, "checklist", keys=keys)
    assert "[x] costs            fees 0.62 USD a contract a side, slippage 0.25 of price" in sheet
    both = shown(STOCK, tmp_path, keys={"fees": "{maker: 0.1%, per_order: 1 USD}"})
    assert "costs        maker 0.1%, taker 0%, 1 USD an order, slippage 0 assumed" in both


def test_a_swap_is_said_in_its_own_words(tmp_path: Path) -> None:
    """Nights and lots, no rate; received where it is positive for the side."""
    swap = "{long: 1.10 USD per lot, nights: 1}"
    text = shown(EURO, tmp_path, keys={"swap": swap})
    assert "swap         receives 0.66 USD: 1.1 a lot for 1 night; no part of risk, reward or R" in text
    assert "swap receives 0.66 USD" in joined(shown(EURO, tmp_path, "checklist", keys={"swap": swap}))


def test_close_out_is_named_under_the_tables(tmp_path: Path) -> None:
    """The margin model says that it is the broker's close-out, and no date is asked of it."""
    text = joined(shown(EURO, tmp_path))
    assert "margin closeout 50%, 1.667% of mark value, cross: all equity behind it" in text
    assert "as of" not in text


def test_amounts_for_each_of_something_are_read_whole() -> None:
    """A sign is refused where nothing can be received, an amount too long to be one is no number."""
    refused = [
        read_money_per(text, "2 USD per lot") for text in ("-2 USD per lot", "2 USD each", "1" * 17 + " per lot")
    ]
    assert all(isinstance(found, Mistake) for found in refused)
    assert isinstance(read_exchange("1" * 17 + " USD per GBP"), Mistake)


def test_layout_keeps_steps_and_orders_the_keys() -> None:
    """`fmt` leaves the plans of these markets as they are: their keys stand in the order of the language."""
    names = ("futures-ticks", "forex-gbp-account", "stock-per-order")
    assert outcome("fmt", "--check", *(str(ROOT / "plans" / f"{name}.yaml") for name in names)).code == 0


# Laws

money = st.decimals(min_value=0, max_value=50, places=3)
prices = st.decimals(min_value=1, max_value=5000, places=2)
quantities = st.decimals(min_value=D("0.01"), max_value=1000, places=2)


@laws
@given(
    sign=st.sampled_from([1, -1]),
    inverse=st.booleans(),
    fills=st.lists(st.tuples(prices, quantities), min_size=1, max_size=4),
    rate=st.decimals(min_value=D("-0.001"), max_value=D("0.01"), places=5),
    per_unit=st.decimals(min_value=0, max_value=1, places=3),
    per_order=money,
)
def test_breakeven_nets_nothing_whatever_is_charged(
    sign: int,
    inverse: bool,  # noqa: FBT001 - drawn
    fills: list[tuple[Decimal, Decimal]],
    rate: Decimal,
    per_unit: Decimal,
    per_order: Decimal,
) -> None:
    """Law: closing all at the breakeven, every charge in and out paid, leaves nothing."""
    charge = Charge(rate, per_unit, per_order)
    position = Position(sign, inverse)
    for price, quantity in fills:
        position = position.filled(price, quantity, charge)
    at = position.breakeven(charge)
    assume(at is not None)
    assert at is not None
    assert abs(position.net(at, charge)) <= D("1e-38") * max(position.cost, position.entry_fees, D(1))


@laws
@given(
    long=st.booleans(),
    lot=st.sampled_from(["0.001", "0.03", "1", "7"]),
    size=st.integers(min_value=20, max_value=500),
    steps=st.lists(st.integers(min_value=0, max_value=20), min_size=0, max_size=3),
    weights=st.lists(st.integers(min_value=1, max_value=9), min_size=4, max_size=4),
    fees=st.sampled_from(["1 USD per order", "{maker: 0.1%, taker: 0.2%}", "0.01 USD per share"]),
)
def test_lots_make_no_plan_larger_and_add_no_risk(
    long: bool,  # noqa: FBT001 - drawn
    lot: str,
    size: int,
    steps: list[int],
    weights: list[int],
    fees: str,
) -> None:
    """Law: whole lots never hold more than planned, and where no tier moves the stop they never risk more."""
    way = 1 if long else -1
    places = [100, *(100 - way * step for step in steps)]
    whole = sum(weights[: len(places)])
    tiers = ", ".join(f"{weight}/{whole} at {price}" for weight, price in zip(weights, places, strict=False))
    side = {"side": "long" if long else "short", "symbol": "ACME/USD:USD", "leverage": "1", "fees": fees}
    keys = {**side, "size": f"{size} ACME", "tiers": f"[{tiers}]", "stop": str(100 - way * 30)}
    free = ladder_of(STOCK, **keys)
    rounded = study_of(STOCK, **keys, instrument=f"{{lot_size: {lot}}}").ladder
    assume(rounded is not None)
    assert rounded is not None
    for step, exact_step in zip(rounded.steps, free.steps, strict=True):
        assert 0 <= exact_step.fill.quantity - step.fill.quantity < D(lot)
        assert known(step.position.risk) <= known(exact_step.position.risk)
    assert known(rounded.totals.risk) <= known(free.totals.risk)


def test_one_price_and_a_spread_are_enough() -> None:
    """With one tier, no stop and no targets the lowest level is the only one."""
    text = "symbol: X/USDT\nside: long\nsize: 10 X\ntiers: [100]\nstop: none\nspread: 0.1 points\n"
    assert ladder_of(text).steps[0].fill.price == Decimal("100.05")
