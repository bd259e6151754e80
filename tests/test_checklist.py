"""The checklist: what the sheet says, in figures worked by hand, and what it flags, asks and leaves to the trader."""

from datetime import datetime
from pathlib import Path

import pytest

from scaleplan.report.checklist.build import sheet_of
from scaleplan.report.checklist.checks import SPEAK_OF
from scaleplan.report.checklist.sheet import BoxState, Check, Sheet
from scaleplan.rules import RULES
from tests.given import studied

GOLDEN = Path(__file__).parent / "golden" / "checklist"
PRINTED = datetime.fromisoformat("2026-08-21T14:05:00+00:00")
PLAN = """\
symbol: BTC/USDT:USDT
side: long
account: {equity: 25000 USDT, max_risk: 10%}
leverage: 5
maintenance: 0.5%
fees: {maker: 0.02%, taker: 0.05%}
slippage: 0.05%
size: 1 BTC
tiers: [60000, 59500]
stop: 58750
targets: [50% at 62000, rest at 64000]
"""


def sheet(text: str) -> Sheet:
    """The sheet of a plan given as text."""
    return sheet_of(studied(text), PRINTED)


def golden(name: str) -> Sheet:
    """The sheet of a golden plan."""
    return sheet((GOLDEN / f"{name}.yaml").read_text(encoding="utf-8"))


def check(found: Sheet, label: str) -> Check:
    """The box with a label."""
    return next(one for one in (*found.scale, *found.before) if one.label == label)


def flagged(text: str) -> set[str]:
    """The labels of the boxes that are flagged."""
    found = sheet(text)
    return {one.label for one in (*found.scale, *found.before) if one.state is BoxState.FLAGGED}


def test_each_fill_says_where_the_position_stands() -> None:
    """Stop and its quantity, average, breakeven, risk in R and liquidation, as the sketch has them by hand."""
    rows = [
        " ".join(figure.text for figure in (one.price, one.stop, one.quantity, one.average_entry, one.risk))
        for one in golden("range-short").moments
    ]
    # Averages of 2, 4, 6, 8 ETH; 326.32, 572.66, 739.01 and 825.38 over 825.38.
    assert rows == [
        "2,500.00 2,660.00 2.00 2,500.00 0.40",
        "2,540.00 2,660.00 4.00 2,520.00 0.69",
        "2,580.00 2,660.00 6.00 2,540.00 0.90",
        "2,620.00 2,660.00 8.00 2,560.00 1.00",
    ]
    # 2,500 * (1 - 0.02%) = 2,499.50 received; bought back at p with 0.05%: p = 2,499.50 / 1.0005 = 2,498.2509.
    assert golden("range-short").moments[0].breakeven.text == "2,498.25"
    assert golden("range-short").moments[3].liquidation.text == "3,056.72"


def test_break_even_is_another_stop_for_each_count_of_tiers() -> None:
    """After target 1 the stop goes to the trigger whose slipped fill is the breakeven of what was filled."""
    (row,) = (level for level in golden("range-short").levels if level.label == "then stop breakeven")
    # 2,498.2509 / 1.0005 = 2,497.0024 with tier 1 only; 2,556.93 with all four, as the sketch says.
    assert [figure.text for figure in row.figures] == ["2,497.00", "2,516.98", "2,536.95", "2,556.93"]


def test_targets_in_r_and_the_time_stop_move_with_what_is_filled() -> None:
    """4R from the average: 60,030 + 4 * 1,280 with tier 1, 60,018 + 4 * 1,268 with two."""
    levels = {level.label: [figure.text for figure in level.figures] for level in golden("six-adds").levels}
    assert levels["target 2 at"][:2] == ["65,150.00", "65,090.00"]
    assert levels["then stop +1R"][:2] == ["61,310.00", "61,286.00"]
    # Half of 1,280 and half of 1,268 above the averages.
    assert levels["0.5R is at"][:2] == ["60,670.00", "60,652.00"]
    # A quarter of 0.25 BTC, and of 0.41666...
    assert levels["target 1 closes"][:2] == ["0.062500", "0.104166"]
    assert "target 1 at" not in levels


def test_each_target_says_what_to_close_cancel_and_move() -> None:
    """The sketch's path: 4 ETH off, tiers cancelled, the stop at breakeven for the other 4, +0.58R locked."""
    steps = [(step.when, step.at.text, step.do, step.then) for step in golden("range-short").steps]
    assert steps == [
        ("all 4 in", "", "NO MORE ADDS, whatever price does", ""),
        ("target 1", "2,440.00", "close 4.00, CANCEL unfilled tiers, stop to 2,556.93 for 4.00", "locks +0.58R"),
        ("target 2", "2,380.00", "close 2.40, stop to 2,440.00 for 1.60", "locks +1.32R"),
        ("target 3", "2,300.00", "close 1.60, cancel the stop", "flat +1.60R"),
        ("stop hit", "", "flat: CANCEL everything, no re-entry", "worst -1.00R"),
    ]


def test_trail_time_stop_and_expiry_have_their_moments() -> None:
    """The rest trails from 2% behind the last target: 72,000 * 0.98 = 70,560."""
    steps = {step.when: step for step in golden("six-adds").steps}
    assert steps["the rest"].at.text == "70,560.00"
    assert steps["the rest"].do == "trails 2%, or out: 4h close below the 50 EMA"
    assert steps["48h old"].do == "close 50% of it, unless 0.5R was reached"
    assert steps["14d over"].do == "CANCEL unfilled tiers"
    assert golden("coin-settled").steps[-1].when == "2026-12-24"


def test_a_target_that_closes_nothing_only_moves_the_stop() -> None:
    """It has no order, and cancels nothing."""
    found = sheet(PLAN.replace("50% at 62000", "{price: 61000, stop: entry}"))
    assert [ticket.what for ticket in found.later] == ["target 2"]
    assert found.steps[1].do == "stop to 59,750.00 for 1.00"


def test_what_the_plan_answers_comes_with_its_evidence() -> None:
    """Room, costs, the worst case against the limit, liquidation: numbers, not opinions."""
    found = golden("range-short")
    # (2,500 - 2,440) / 2,500 = 2.4%; (2,620 - 2,500) / 2,500 = 4.8%: the adds lie farther than the first target.
    assert check(found, "room for adds") == Check(
        BoxState.FLAGGED, "room for adds", "target 1 is 2.4% from tier 1, the ladder 4.8% deep"
    )
    # 8 * (2,660 - 2,560) = 800 without costs, 825.38 with them; 25.38 / 825.38 = 0.03.
    assert check(found, "worth its fees").evidence == "25.38 USDT if stopped = 0.03R (limit 0.10R)"
    assert check(found, "as if all fill").evidence == "loses 825.38 USDT as listed, limit 1,000 (5%)"
    assert check(found, "liquidation").evidence == "+14.9% past the stop all in, +12.2% after tier 1"
    assert check(found, "will it return?").evidence == "tiers 2-4 wait for it: if it runs, only 2 ETH is on"
    assert found.lead == ("1R = 825.38 USDT = 4.13%", "stop 2,660.00", "liquidated 3,056.72 (all in)")


def test_what_only_the_trader_knows_is_an_empty_box() -> None:
    """News, the book, the screen; the plan's own items, marked; notes without a box."""
    found = golden("six-adds")
    assert [one.label for one in found.scale if not one.evidence] == [
        "no news before it ends",
        "small in the book",
        "I watch, or orders rest",
    ]
    yours = [(one.state, one.label) for one in found.before if one.yours]
    assert yours == [
        (BoxState.OPEN, "No red-folder news in the next 12 hours"),
        (BoxState.OPEN, "The range is at least twenty days old"),
        (BoxState.NOTE, "Earnings are five weeks away"),
    ]


@pytest.mark.parametrize(
    ("change", "label"),
    [
        (("max_risk: 10%", "max_risk: 1%"), "as if all fill"),
        ((", max_risk: 10%", ""), "as if all fill"),
        (("max_risk: 10%", "max_margin: 1%"), "maximum defined"),
        (("slippage: 0.05%", "slippage: 1%"), "worth its fees"),
        (("slippage: 0.05%", "instrument: {min_notional: 30000}"), "large enough"),
        (("maintenance: 0.5%\n", ""), "liquidation"),
        (("leverage: 5", "leverage: 45"), "liquidation"),
        (("62000", "60300"), "room for adds"),
        (("targets: [50% at 62000, rest at 64000]\n", ""), "targets"),
        (("stop: 58750", "stop: none"), "stop, and why"),
        (("slippage: 0.05%\n", ""), "costs"),
    ],
)
def test_what_is_wrong_is_flagged(change: tuple[str, str], label: str) -> None:
    """Each flag goes up with its own cause, and not without."""
    assert label not in flagged(PLAN)
    assert label in flagged(PLAN.replace(*change))


def test_the_limit_of_costs_is_a_tenth_of_1r() -> None:
    """Just at the limit nothing is flagged; a figure past it never reads as the limit."""
    # 1R is given: costs of one tier of 1 BTC, in and out at maker 0 and taker 0, slippage 1% of 58,750 = 587.50.
    plan = PLAN.replace("{maker: 0.02%, taker: 0.05%}", "{maker: 0%, taker: 0%}").replace(
        "slippage: 0.05%", "slippage: 1%"
    )
    assert "worth its fees" not in flagged(plan + "risk_unit: 5875 USDT\n")
    found = sheet(plan + "risk_unit: 5874.9 USDT\n")
    assert check(found, "worth its fees").state is BoxState.FLAGGED
    assert "0.11R" in check(found, "worth its fees").evidence


def test_triggers_are_written_or_a_line_to_fill_in() -> None:
    """Each tier's own; one that they share once; those that are missing by number."""
    assert check(golden("coin-settled"), "triggers").evidence == "every tier: weekly support holds"
    assert check(golden("spot-five-lines"), "triggers").evidence == "tiers 1-3: no objective one written ->"
    some = sheet(PLAN.replace("[60000, 59500]", "[{price: 60000, trigger: the level holds}, 59500]"))
    assert check(some, "triggers").evidence == "1: the level holds; tier 2: no objective one written ->"
    assert check(some, "triggers").blank


@pytest.mark.parametrize(
    ("side", "tiers", "waits"),
    [
        ("long", "[60000, 59500, 59200]", ["", "", ""]),
        ("short", "[58000, 58200, 58400]", ["", "", ""]),
        ("long", "[60000 stop, 60500 stop]", ["", ""]),
        # Price may stand between the two: the second could fill first.
        ("long", "[60000 stop, 59500 limit]", ["", "after tier 1 fills"]),
        ("long", "[60000 limit, 60500 stop]", ["", "after tier 1 fills"]),
        # A limit above the price of a long, or a stop below it, acts at once.
        ("long", "[60000, 59500, 60200 limit]", ["", "", "after tier 2 fills"]),
        ("long", "[60000 stop, 60500 stop, 59500 stop]", ["", "", "after tier 2 fills"]),
        ("long", "[60000 market, 59500]", ["", "after tier 1 fills"]),
        ("long", "[60000, {price: 59500, after: 61000}]", ["", "after 61,000.00"]),
        ("long", "[60000, 59500, {price: 59200, after: tier 2}]", ["", "", "after tier 2 fills"]),
    ],
)
def test_orders_that_cannot_rest_say_what_they_wait_for(side: str, tiers: str, waits: list[str]) -> None:
    """Now only what cannot fill before tier 1 or at once; the rest waits."""
    plan = PLAN.replace("side: long", f"side: {side}").replace("[60000, 59500]", _spelt(tiers))
    plan = plan.replace("stop: 58750", "stop: 58750" if side == "long" else "stop: 59000")
    found = sheet(plan.partition("targets:")[0])
    tickets = {one.what: one.condition for one in (*found.now, *found.later)}
    assert [tickets[f"tier {number}"] for number in range(1, len(waits) + 1)] == waits
    assert [one.what for one in found.now][-1] == "stop"


def _spelt(tiers: str) -> str:
    """Tiers written `60000 stop` with the key that says so."""
    for order in ("stop", "limit", "market"):
        for price in ("60000", "59500", "60500", "60200"):
            tiers = tiers.replace(f"{price} {order}", f"{{price: {price}, order: {order}}}")
    return tiers


def test_a_tier_that_cannot_be_reached_says_so_and_counts_nowhere() -> None:
    """It is no order for now, and the steps are those of the tiers that can fill."""
    found = sheet(PLAN.replace("[60000, 59500]", "[60000, 59500, 58000]"))
    never = "never fills: the tiers before it are stopped first"
    assert [one.remark for one in found.moments] == ["", "", never]
    assert [one.what for one in found.now] == ["tier 1", "tier 2", "stop"]
    assert found.later[0].remark == never
    assert found.basis == "tiers 1-2 filled"
    assert found.counts == (1, 2)


def test_a_sheet_of_a_plan_with_errors_says_so_first() -> None:
    """How many, and which."""
    found = sheet(PLAN.replace("max_risk: 10%", "max_risk: 1%"))
    assert found.alarm == "THE PLAN HAS 1 ERROR (SP503): mend it first, `scaleplan check` says how"
    assert sheet(PLAN).alarm == ""


def test_a_sheet_of_a_plan_with_warnings_says_so_and_ticks_nothing_that_they_are_about() -> None:
    """A stop move that loses its costs is no move that is settled; the boxes beside it stay ticked."""
    for side, stop, first, last in (("long", 58000, 63000, 66000), ("short", 62000, 57000, 54000)):
        plan = (
            f"symbol: BTC/USDT:USDT\nside: {side}\naccount: {{equity: 10000 USDT, max_risk: 10%}}\nleverage: 2\n"
            "maintenance: 0.5%\nfees: {maker: 0.02%, taker: 0.05%}\nslippage: 0.01%\nsize: 3000 USDT\n"
            f"tiers: [{{price: 60000, trigger: none}}]\nstop: {stop}\n"
            f"targets: [{{price: {first}, close: 50%, stop: entry}}, {last}]\n"
        )
        found = sheet(plan)
        assert found.alarm == "THE PLAN HAS 2 WARNINGS (SP605, SP701): see `scaleplan check`"
        states = {check.label: check.state for check in found.before}
        flagged = {label for label, state in states.items() if state is BoxState.FLAGGED}
        assert flagged == {"stop moves", "triggers"}
        moves = next(check for check in found.before if check.label == "stop moves")
        assert moves.evidence == "SP701: target 1: entry"
        mended = sheet(plan.replace("stop: entry", "stop: breakeven").replace("trigger: none", "trigger: close beyond"))
        assert (mended.alarm, BoxState.FLAGGED in {check.state for check in mended.before}) == ("", False)


def test_every_box_that_rules_speak_of_is_one_of_the_sheet() -> None:
    """The codes beside a label are those of rules, and the label is a box's."""
    labels = {check.label for check in sheet(PLAN).before}
    assert set(SPEAK_OF) <= labels
    known = {rule.kind.code for rule in RULES}
    assert {code for codes in SPEAK_OF.values() for code in codes} <= known


def test_spot_is_never_liquidated_and_reduces_nothing() -> None:
    """No column of it, no reduce-only; without targets, equity and fees there are lines to fill in."""
    found = golden("spot-five-lines")
    assert found.heads.liquidation == ""
    assert [ticket.condition for ticket in found.now] == ["", "", "", ""]
    assert found.later == ()
    assert check(found, "targets").blank
    # 2 * 150 = 300 a tier: 2, 2.142857..., 2.307692...; lost 900 - 6.450549... * 118 = 138.84.
    assert found.lead == ("1R = 138.84 USDT", "stop 118.00")


def test_a_coin_is_counted_in_contracts_and_its_1r_is_that_of_the_first_tier() -> None:
    """Six contracts a tier; all of them at tier 1 lose twice what six do."""
    found = golden("coin-settled")
    assert found.heads.quantity == "contracts"
    assert [one.quantity.text for one in found.moments] == ["6", "12"]
    # 600 / 45,000 - 600 / 50,000 = 0.00133333, fees 0.012 * 0.02% + 0.01333333 * 0.05% = 0.00000907.
    assert found.lead[1] == "1R = 0.00134240 BTC"
    assert found.log[2].known == "stopped -2.00R"


def test_one_tier_asks_nothing_of_a_ladder() -> None:
    """No adds, no return, no spacing, no table of counts."""
    found = sheet(PLAN.replace("[60000, 59500]", "[60000]"))
    labels = {one.label for one in (*found.scale, *found.after)}
    assert not labels & {"room for adds", "will it return?", "spacing was worth it"}
    assert found.levels == ()
    assert [blank.label for blank in found.log] == ["result", "tiers filled", "one line learned"]


def test_a_plan_without_1r_is_counted_in_money() -> None:
    """Out at once and without costs nothing is lost: there is no R, and nothing divides by it."""
    plan = PLAN.replace("fees: {maker: 0.02%, taker: 0.05%}\nslippage: 0.05%\n", "").replace("58750", "60500")
    found = sheet(plan)
    assert found.heads.risk == "risk USDT"
    assert "1R = n/a" in found.lead
    assert found.moments[0].risk.text == "0.00"
    assert found.log[0].unit == "USDT"
    assert check(found, "worth its fees").state is BoxState.FLAGGED
