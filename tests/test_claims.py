"""What is said must be true: claims that once were not, each with its siblings; expected figures by hand."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from scaleplan.paths.records import Claim
from scaleplan.quantity.number import brief
from scaleplan.report.checklist.build import sheet_of
from scaleplan.report.words import closed_parts
from tests.given import file, known, studied, study_of, the, told, walked
from tests.reported import show_text
from tests.running import outcome
from tests.test_checklist import PRINTED

#: Without a stop all that stands behind cross margin is lost, and nothing says how much that is.
NO_EQUITY = (
    "symbol: {symbol}\nside: {side}\nleverage: 10\nmargin_mode: cross\n{maintenance}\n"
    "fees: {{maker: 0.02%, taker: 0.05%}}\nsize: {size}\ntiers: [{tiers}]\nstop: none\ntargets: [{targets}]\n"
)


@pytest.mark.parametrize("maintenance", ["maintenance: 0.5%", "", "account: {max_risk: 1000}"])
@pytest.mark.parametrize(
    ("symbol", "side", "size", "tiers", "targets"),
    [
        ("BTC/USDT:USDT", "long", "60000 USDT", "60000, 58000", "66000, 70000"),
        ("BTC/USDT:USDT", "short", "60000 USDT", "60000, 62000", "54000, 50000"),
        ("BTC/USD:BTC", "long", "60000 USD", "60000, 58000", "66000, 70000"),
        ("BTC/USD:BTC", "short", "60000 USD", "60000, 62000", "54000, 50000"),
    ],
)
def test_a_loss_that_nobody_knows_is_no_number(
    symbol: str, side: str, size: str, tiers: str, targets: str, maintenance: str, tmp_path: Path
) -> None:
    """Cross margin without equity and without a stop: n/a in every figure, rule, proof and command, never the cost."""
    if "BTC/USD:" in symbol:
        maintenance = maintenance.replace("1000", "1 BTC")
    text = NO_EQUITY.format(symbol=symbol, side=side, size=size, tiers=tiers, targets=targets, maintenance=maintenance)
    study = studied(text)
    totals = study.ladder.totals
    assert [totals.risk, totals.risk_if_all, totals.r, totals.all_at_first, totals.reward_to_risk] == [None] * 5
    assert [step.position.risk for step in study.ladder.steps] == [None, None]
    assert study.ladder.most_lost is None
    assert {"SP503", "SP510", "SP508"}.isdisjoint(each.code for each in study.diagnostics)
    if "account" not in maintenance:
        assert "without `equity` not how much" in the("SP606", text).message
    assert "no equity is written" in the("SP509", text).message
    planned, limit, liquidated, *_ = walked(text).proofs
    assert (planned.claim, planned.holds, planned.missing) == (Claim.WORST_PLANNED, None, "account.equity")
    assert (limit.holds, limit.value) == (None, None)
    assert liquidated.holds is None
    plan = file(tmp_path, text)
    shown = outcome("show", plan, "--format", "json").out
    assert json.loads(shown)["totals"]["risk"] is None
    assert "planned loss n/a: cross margin stands on the account" in show_text(study, width=200)
    sheet = outcome("checklist", plan).out
    assert "worst n/a" in sheet
    assert "loses n/a" in sheet


def test_a_stop_of_the_first_tier_says_what_is_lost() -> None:
    """The plan has no stop, tier 1 sets one at 59,000: half a coin loses 500, tier 2 at 59,500 makes it 750."""
    text = (
        NO_EQUITY.format(
            symbol="BTC/USDT:USDT",
            side="long",
            maintenance="",
            size="1 BTC",
            tiers="{price: 60000, stop: 59000}, 59500",
            targets="66000",
        )
        .replace("0.02%", "0%")
        .replace("0.05%", "0%")
    )
    assert [step.position.risk for step in studied(text).ladder.steps] == [500, 750]
    # A liquidation may come before it, and nothing says what it takes.
    assert (walked(text).proofs[0].holds, walked(text).proofs[0].missing) == (None, "maintenance")


#: A long of 10,000 from 60,000: 583.33 are lost at 56,500, and bankrupt at 20x is 57,000.
UNPLACED = (
    "symbol: {symbol}\nside: {side}\nleverage: {leverage}\n{more}\nsize: {size}\ntiers: [60000]\nstop: {stop}\n"
    "targets: [{target}]\n"
)


@pytest.mark.parametrize(
    ("symbol", "side", "size", "stop", "target"),
    [
        ("BTC/USDT:USDT", "long", "10000 USDT", 56500, 66000),
        ("BTC/USDT:USDT", "short", "10000 USDT", 63500, 54000),
        ("BTC/USD:BTC", "long", "10000 USD", 56500, 66000),
        ("BTC/USD:BTC", "short", "10000 USD", 63500, 54000),
    ],
)
@pytest.mark.parametrize(
    ("leverage", "more", "planned", "limited", "code"),
    [
        # A margin of 3,333.33 stands behind it: a liquidation before the stop would lose more than planned.
        (3, "account: {equity: 20000, max_risk: 2000}", None, None, "SP406"),
        # A margin of 500 is less than is planned, and gone before the stop.
        (20, "account: {equity: 20000, max_risk: 2000}", True, True, "SP401"),
        # Of 666.67, gone behind the stop, more could be lost than 583.33, and not more than the limit.
        (15, "account: {equity: 20000, max_risk: 2000}", None, True, "SP406"),
        # Of the account nothing is known.
        (20, "margin_mode: cross\nmaintenance: 0.5%\naccount: {max_risk: 2000}", None, None, "SP406"),
        (20, "margin_mode: cross\naccount: {equity: 20000, max_risk: 2000}", None, None, "SP406"),
    ],
)
def test_a_liquidation_that_nobody_can_place_may_come_before_the_stop(
    symbol: str,
    side: str,
    size: str,
    stop: int,
    target: int,
    leverage: int,
    more: str,
    planned: bool | None,  # noqa: FBT001 - a case's answer
    limited: bool | None,  # noqa: FBT001 - a case's answer
    code: str,
    tmp_path: Path,
) -> None:
    """A loss is at most the planned one only where the stop, or all that can be lost, says so; no command differs."""
    if symbol == "BTC/USD:BTC":
        more = more.replace("20000", "0.4 BTC").replace("2000", "0.03 BTC")
    text = UNPLACED.format(symbol=symbol, side=side, size=size, stop=stop, target=target, leverage=leverage, more=more)
    found = walked(text)
    losing, limit, gone, *_ = found.proofs
    # At the bankruptcy price it is liquidated for sure.
    assert (losing.holds, limit.holds, gone.holds) == (planned, limited, False if code == "SP401" else None)
    assert (found.summary.worst is None) is (planned is None)
    if limited and planned is None:
        # The margin, and no less, is what no path loses more than; of an inverse contract it is in coin.
        margin = walked(text).states[0].initial_margin
        assert known(limit.value) >= margin
    assert told(code, text)
    assert bool(told("SP401", text)) is (code == "SP401")
    if planned is None and "cross" not in more:
        assert "before the stop it would lose up to" in the("SP406", text).message
    sheet = outcome("checklist", file(tmp_path, text)).out
    assert "[x] as if all fill" not in sheet
    assert "[x] liquidation" not in sheet


def test_a_tier_that_fills_before_the_bankruptcy_price_is_no_liquidation() -> None:
    """Of 10,000 at 20x bankrupt is 57,000; with as much from 55,000 (margin 1,000 of 20,000) it would be 54,512.20."""
    text = UNPLACED.format(
        symbol="BTC/USDT:USDT",
        side="long",
        size="20000 USDT",
        stop=54600,
        target=66000,
        leverage=20,
        more="account: {equity: 20000}",
    )
    assert told("SP401", text.replace("[60000]", "[60000, 55000]"))
    assert not told("SP401", text.replace("[60000]", "[60000, 57500]").replace("54600", "56000"))


def test_a_size_in_risk_needs_to_know_what_is_lost() -> None:
    """Without equity no size can be solved to lose 100 of an account that nobody knows."""
    text = NO_EQUITY.format(
        symbol="BTC/USDT:USDT", side="long", maintenance="", size="100 USDT risk", tiers="60000", targets="66000"
    )
    assert "no equity is written" in study_of(text).diagnostics[0].message


#: Liquidated before its stop, with half closed at the first target and the rest left to the stop.
LIQUIDATED_FIRST = (
    "symbol: {symbol}\nside: {side}\nleverage: 50\nmaintenance: 0.5%\n{more}\n"
    "size: {size}\ntiers: [60000]\nstop: {stop}\ntargets: [{{price: {target}, close: 50%}}]\n"
)
FEES = "fees: {maker: 0.02%, taker: 0.05%}"
CROSS = "\nmargin_mode: cross\naccount: {equity: 1000}"


@pytest.mark.parametrize(
    ("symbol", "side", "size", "stop", "target", "more", "locked"),
    [
        # 500 less half of the entry fee of 12 and an exit fee of 6.10 is 487.90; margin 600 and 6 of fees are lost.
        ("BTC/USDT:USDT", "long", "1 BTC", 57000, 61000, FEES, "-118.10"),
        # 500 less 6 and 0.02% of 29,500 is 488.10.
        ("BTC/USDT:USDT", "short", "1 BTC", 63000, 59000, FEES, "-117.90"),
        # Half a coin's worth less 30,000 / 61,000 of one is 0.0081967..; a margin of 0.01 is lost.
        ("BTC/USD:BTC", "long", "60000 USD", 57000, 61000, "", "-0.0018032787"),
        # 30,000 / 59,000 less 0.5 is 0.0084745..
        ("BTC/USD:BTC", "short", "60000 USD", 63000, 59000, "", "-0.0015254237"),
        # All of the account: what was won stands behind the rest, and goes with it.
        (
            "BTC/USDT:USDT",
            "long",
            "1 BTC",
            57000,
            61000,
            FEES + CROSS,
            "-1000",
        ),
    ],
)
def test_a_stop_behind_liquidation_locks_nothing(
    symbol: str, side: str, size: str, stop: int, target: int, more: str, locked: str
) -> None:
    """What the target table, the reward and the sheet count is the liquidation that comes first."""
    text = LIQUIDATED_FIRST.format(symbol=symbol, side=side, size=size, stop=stop, target=target, more=more)
    study = studied(text)
    (only,) = study.ladder.exits
    assert only.liquidated is not None
    assert round(known(only.locked), 10) == Decimal(locked)
    assert known(study.ladder.totals.reward) == only.locked
    shown = " ".join(show_text(study, width=200).split())
    assert "liquidation comes before the stop, and counts" in shown
    assert "where it is liquidated before its stop" in shown
    ends = {round(one.net, 10) for one in walked(text).outcomes}
    assert Decimal(locked) in ends


def test_what_nobody_knows_is_not_locked() -> None:
    """A short whose value leaves the table at 65,000, before its stop at 70,000: nothing is locked there."""
    text = (
        "symbol: BTC/USDT:USDT\nside: short\nleverage: 3\nmaintenance: [{up_to: 65000, rate: 0.5%}]\nsize: 1 BTC\n"
        "tiers: [60000]\nstop: 70000\ntargets: [{price: 59000, close: 0%, stop: 69000}, 58000]\n"
    )
    assert studied(text).ladder.exits[0].locked is None
    # 64,000 is met before the table ends: 4,000 lost.
    nearer = text.replace("70000", "66000").replace("69000", "64000")
    assert studied(nearer).ladder.exits[0].locked == -4000


def test_a_lock_that_liquidation_comes_before_is_broken() -> None:
    """Ten coins at 61,000 move the stop to their average, and 400 keep no 0.5% of them: it is never met."""
    text = (
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 3\nmargin_mode: cross\nmaintenance: 0.5%\n"
        "account: {equity: 400}\nsize: 10.1 BTC\nstop: 59000\n"
        "tiers: [{price: 60000, size: 0.1 BTC}, {price: 61000, size: 10 BTC, order: stop, stop: entry}]\n"
    )
    proof = walked(text).proofs[-1]
    assert (proof.claim, proof.holds, proof.value) == (Claim.LOCKED, False, Decimal(400))
    # With 40,000 behind it price comes to the stop.
    assert walked(text.replace("400}", "40000}")).proofs[-1].holds is True


#: Two adds on the way to the target: what price passes is filled.
UPWARD = (
    "symbol: BTC/USDT:USDT\nside: {side}\nleverage: 2\nmaintenance: 0.5%\nsize: 3 BTC\n"
    "tiers: [100, {{price: {second}, order: stop}}, {{price: {third}, order: stop}}]\nstop: {stop}\n"
    "targets: [{{price: {first}, close: 50%, stop: breakeven}}, {{price: {last}}}]\n{more}"
)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("second", "third", "first", "more", "columns"),
    [
        # Price passes both adds before the first target: one count, that of the steps, and nothing to add to it.
        (2, 4, 10, "", ()),
        # The target comes before the third tier, and cancels it: two fill.
        (2, 8, 5, "", ()),
        # After a day what has not filled is cancelled: each count can be.
        (2, 4, 10, "expires: 1d\n", (1, 2, 3)),
    ],
)
def test_the_sheet_says_nothing_of_counts_that_no_path_comes_to(
    sign: int, second: int, third: int, first: int, more: str, columns: tuple[int, ...]
) -> None:
    """`if only tiers` has a column for a count with which a target can be hit, and a blank for a target that cannot."""
    prices = {
        name: 100 + sign * away
        for name, away in (("second", second), ("third", third), ("first", first), ("last", 20), ("stop", -10))
    }
    text = UPWARD.format(side="long" if sign > 0 else "short", more=more, **prices)
    found = sheet_of(studied(text), PRINTED)
    assert found.counts == columns


def test_a_cell_that_no_path_comes_to_is_blank() -> None:
    """With tiers 1-2 filled price comes to 110, and on the way to 130 it fills tier 3 at 120: the second is not hit so.

    A coin each: with tier 1 alone half a coin is closed there, with all of them one and a half.
    """
    text = (
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 2\nmaintenance: 0.5%\nsize: 3 BTC\nstop: 80\n"
        "tiers: [100, 95, {price: 120, order: stop, after: tier 2}]\n"
        "targets: [{price: 110, close: 0%, stop: entry}, {price: 130, close: 50%}, {price: 140}]\n"
    )
    found = sheet_of(studied(text), PRINTED)
    rows = {level.label: [figure.text for figure in level.figures] for level in found.levels}
    assert found.counts == (1, 2, 3)
    assert rows["then stop entry"] == ["100.00", "97.50", "97.50"]
    assert [text and Decimal(text) for text in rows["target 2 closes"]] == [Decimal("0.5"), "", Decimal("1.5")]
    assert rows["all targets"][1] == ""


@pytest.mark.parametrize(("limit", "holds"), [("0.89", False), ("0.91", True)])
def test_leverage_is_the_most_up_to_the_stop(limit: str, holds: bool) -> None:  # noqa: FBT001 - a case's answer
    """A short of 8,800 at 60,000 is worth 8,800 * 61,400 / 60,000 = 9,005.33 at its stop: 0.9005 of 10,000."""
    text = (
        "symbol: BTC/USDT:USDT\nside: {side}\nleverage: 3\nmaintenance: 0.5%\n"
        f"account: {{{{equity: 10000 USDT, max_leverage: {limit}}}}}\nsize: 8800 USDT\n"
        "tiers: [60000]\nstop: {stop}\ntargets: [{target}]\n"
    )
    short = text.format(side="short", stop=61400, target=55000)
    proof = next(each for each in walked(short).proofs if each.claim is Claim.MAX_LEVERAGE)
    assert proof.holds is holds
    assert round(known(proof.value), 6) == Decimal("0.900533")
    # A long is worth less on the way to its stop.
    long = text.format(side="long", stop=58600, target=65000)
    proof = next(each for each in walked(long).proofs if each.claim is Claim.MAX_LEVERAGE)
    assert (proof.holds, round(known(proof.value), 6)) == (True, Decimal("0.88"))


STOP_MOVE_ALONE = (
    "side: long\nsize: 0.147 BTC\ntiers: [60000]\nstop: 58600\ntargets: [{price: 62000, close: 0%, stop: entry}, 65000]"
)
OTHER_ORDER = (
    "side: short\nsize: 8800 USDT\ntiers: [{price: 60000, share: 50%}, "
    "{price: 59000, share: 0.1%, stop: entry, order: stop}, {price: 60500, share: 49.9%, order: limit}]\n"
    "stop: 61400\ntargets: [55000]"
)


@pytest.mark.parametrize(
    ("rows", "carried"),
    [
        # 8,800 of a short from 60,000 are 9,005.33 at 61,400, and 0.88 of the equity where it fills.
        ("side: short\nsize: 8800 USDT\ntiers: [60000]\nstop: 61400\ntargets: [55000]", "0.9005"),
        # Half of it from 60,500 is worth 4,465.45 there, beside 4,502.67.
        ("side: short\nsize: 8800 USDT\ntiers: [60000, 60500]\nstop: 61400\ntargets: [55000]", "0.8968"),
        # A pyramid: tier 2 moves the stop of both to 60,200, and they are worth most there.
        (
            "side: short\nsize: 0.15 BTC\ntiers: [60000, {price: 59000, stop: 60200}]\nstop: 60300\ntargets: [55000]",
            "0.903",
        ),
        # Nothing is closed at target 1: 0.147 coins are worth 9,114 there, of a long.
        (STOP_MOVE_ALONE, "0.9114"),
        # On another path than listed, tier 3 after tier 1: 4,400 * 61,400 / 60,000 and 4,391.2 * 61,400 / 60,500.
        (OTHER_ORDER, "0.8959"),
        # Without a stop, up to the liquidation: 8,800 * 4/3 / 1.005.
        ("side: short\nsize: 8800 USDT\ntiers: [60000]\nstop: none\ntargets: [55000]", "1.16"),
    ],
)
def test_check_and_the_proof_say_one_leverage(rows: str, carried: str) -> None:
    """The rule's figure is the largest up to the stop, as the proof's; it is silent just where the proof holds."""
    text = "symbol: BTC/USDT:USDT\nleverage: 3\nmaintenance: 0.5%\naccount: {{equity: 10000 USDT, max_leverage: {}}}\n"
    (proof,) = [each for each in walked(text.format("0.88") + rows).proofs if each.claim is Claim.MAX_LEVERAGE]
    assert proof.holds is False
    value = known(proof.value)
    assert str(value).startswith(carried)
    assert f" {brief(value, 8)} times the equity" in the("SP408", text.format("0.88") + rows).message
    assert told("SP408", text.format(round(value, 12) * Decimal("0.9999")) + rows)
    assert not told("SP408", text.format(round(value, 12) * Decimal("1.0001")) + rows)


@pytest.mark.parametrize(("side", "stop"), [("long", 61000), ("short", 59000), ("long", 60000)])
def test_nothing_is_claimed_of_a_plan_whose_stop_is_on_the_wrong_side(side: str, stop: int, tmp_path: Path) -> None:
    """No proof holds, no loss is told, and the sheet ticks nothing about it."""
    text = (
        f"symbol: BTC/USDT:USDT\nside: {side}\nleverage: 10\naccount: {{equity: 1000}}\nmaintenance: 0.5%\n"
        f"size: 1000 USDT\ntiers: [60000]\nstop: {stop}\ntargets: [{66000 if side == 'long' else 54000}]\n"
    )
    assert all(proof.holds is not True for proof in walked(text).proofs)
    assert "a loss of" not in the("SP606", text).message
    sheet = outcome("checklist", file(tmp_path, text)).out
    assert "worst n/a" in sheet
    assert "[!] liquidation" in sheet
    assert "planned loss n/a" in sheet


def test_the_worst_is_unknown_where_the_brackets_end_first(tmp_path: Path) -> None:
    """Stopped at 70,000 a short from 60,000 loses 10,000; past 65,000 it may be liquidated, and lose its 20,000."""
    text = (
        "symbol: BTC/USDT:USDT\nside: short\nleverage: 3\nmaintenance: [{up_to: 65000, rate: 0.5%}]\n"
        "account: {equity: 100000}\nsize: 1 BTC\ntiers: [60000]\nstop: 70000\ntargets: [50000]\n"
    )
    found = walked(text)
    assert found.summary.worst is None
    assert [(proof.holds, proof.value) for proof in found.proofs[:2]] == [(None, None), (None, None)]
    plan = file(tmp_path, text)
    assert "as far as they say -10,000.00 USDT" in " ".join(outcome("paths", plan).out.split())
    assert "worst n/a" in outcome("checklist", plan).out
    nearer = text.replace("70000", "64000")
    assert walked(nearer).summary.worst == -4000


def test_what_is_closed_is_no_part_of_what_was_held_before_a_tier_filled() -> None:
    """Entries never end: 30% of a coin out at 105, a second coin at 110, and at 120 the rest, 1.7 coins: not 170%."""
    text = (
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 2\nmaintenance: 0.5%\nsize: 2 BTC\nentries_end: never\n"
        "tiers: [100, {price: 110, order: stop}]\nstop: 90\n"
        "targets: [{price: 105, close: 30%}, {price: 120, close: rest}]\n"
    )
    study = studied(text)
    assert closed_parts(study.ladder.exits) == (["30%", "rest"], "")
    assert "1.70 rest 0.00" in " ".join(show_text(study, width=100).split())
    # A target that only moves the stop is no exit: of the two coins that are held at the first half is closed.
    later = text.replace("close: 30%", "close: 0%, stop: entry").replace("close: rest", "close: 50%")
    assert closed_parts(studied(later).ladder.exits) == (["", "50%"], "50%")


@pytest.mark.parametrize("sign", [1, -1])
def test_no_tier_is_told_to_be_liquidated_where_no_path_is(sign: int) -> None:
    """Tier 3 comes before tier 2 and moves the stop to breakeven, which is hit at once: nothing is ever liquidated."""
    prices = [100 - sign * Decimal(away) for away in ("3.25", "1.25", "14.75")]
    text = (
        f"symbol: ABC/USDT:USDT\nside: {'long' if sign > 0 else 'short'}\nleverage: 20\nmaintenance: 2%\n"
        f"account: {{equity: 300 USDT}}\nsize: 600 USDT\nstop: {prices[2]}\n"
        f"tiers: [100, {prices[0]}, {{price: {prices[1]}, order: limit, stop: breakeven}}]\n"
    )
    study = studied(text)
    found = {each.code for each in study.diagnostics}
    assert {"SP401", "SP402", "SP404"}.isdisjoint(found)
    assert "SP208" in found
    assert "liquidated first" not in show_text(study, width=120)
    assert walked(text).proofs[2].holds is True


def test_a_lock_that_a_later_tier_may_break_is_none(tmp_path: Path) -> None:
    """Entries never end: after target 1 at 110 the stop at 105 leaves 15, and a coin bought at 112 loses 7 there.

    Of two coins one is out at 110 (10) and one is left: 5 more at the stop.
    """
    text = (
        "symbol: ABC/USDT:USDT\nside: long\nleverage: 2\nmaintenance: 0.5%\nsize: 3 ABC\nentries_end: never\n"
        "tiers: [{price: 100, size: 2 ABC}, {price: 112, size: 1 ABC, order: stop}]\nstop: 90\n"
        "targets: [{price: 110, close: 50%, stop: 105}, {price: 130, close: rest}]\n"
    )
    first = studied(text).ladder.exits[0]
    assert first.may_grow
    assert first.locked == 15
    assert any(one.net == 8 for one in walked(text).outcomes)
    plan = file(tmp_path, text)
    assert "locks" not in outcome("checklist", plan).out
    assert "if no other tier fills before the stop" in " ".join(outcome("show", plan).out.split())
    ended = file(tmp_path, text.replace("entries_end: never\n", "").replace("112", "105"), "ended.yaml")
    assert "locks" in outcome("checklist", ended).out


def test_a_target_behind_the_one_before_it_is_hit_where_price_is() -> None:
    """1R of a coin at 100 lies at 112, beyond target 2 at 110: both halves go at 112, and make 12 together."""
    text = (
        "symbol: ABC/USDT:USDT\nside: long\nleverage: 2\nmaintenance: 0.5%\nsize: 1 ABC\n"
        "tiers: [100]\nstop: 88\ntargets: [{price: 1R, close: 50%}, {price: 110, close: rest}]\n"
    )
    found = studied(text).ladder
    assert found.totals.reward == 12
    assert [one.price for one in found.exits] == [112, 112]
    assert [one.net for one in walked(text).outcomes if one.targets == 2] == [12]


def test_the_sheet_counts_a_tier_that_would_execute_at_once_where_it_does() -> None:
    """A short's limit at 97 is passed when price is at 100: with tier 1 it fills there, a coin each, and not at 97.

    Half of two coins at 95 make 5, the rest at 90 makes 10.
    """
    text = (
        "symbol: ABC/USDT:USDT\nside: short\nleverage: 2\nmaintenance: 0.5%\nsize: 3 ABC\nstop: 115\n"
        "tiers: [100, {price: 97, order: limit}, {price: 103, after: tier 1}]\n"
        "targets: [{price: 95, close: 50%}, {price: 90, close: rest}]\n"
    )
    found = sheet_of(studied(text), PRINTED)
    one_r = known(studied(text).ladder.totals.r)
    row = next(level for level in found.levels if level.label == "all targets")
    assert round(known(row.figures[found.counts.index(2)].value) * one_r, 10) == 15


@pytest.mark.parametrize("sign", [1, -1])
def test_a_thin_buffer_is_that_of_the_tiers_that_meet_the_stop(sign: int, tmp_path: Path) -> None:
    """20x, three tiers: alone the first would be liquidated before the stop, but the others fill on the way to it.

    All in a third each at 60,000, 58,500 and 57,000: average 58,474.35, liquidated at its 95% / 0.995 = 55,829.78; of
    the way there the 170.22 from the stop at 56,000 are 6.4%. No path is liquidated, and no rule says so.
    """
    prices = [60000, 58500, 57000] if sign > 0 else [60000, 61500, 63000]
    text = (
        f"symbol: BTC/USDT:USDT\nside: {'long' if sign > 0 else 'short'}\nleverage: 20\nmaintenance: 0.5%\n"
        f"account: {{equity: 20000}}\nsize: 30000 USDT\ntiers: {prices}\nstop: {56000 if sign > 0 else 64050}\n"
        f"targets: [{66000 if sign > 0 else 54000}]\n"
    )
    found = {each.code for each in studied(text).diagnostics}
    assert "SP401" not in found
    assert "after tier 3 only" in the("SP409", text).message
    box = next(line for line in outcome("checklist", file(tmp_path, text)).out.splitlines() if "liquidation  " in line)
    assert "after tier 1" not in box
    assert "-" not in box


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("tiers", "speaks"),
    [
        ("[{{price: 60000, stop: {0}}}, {1}]", False),
        # Tier 2 fills on the way to the liquidation of tier 1, and sets a stop.
        ("[60000, {{price: {0}, stop: {2}}}]", False),
        # Tier 2 lies on the winning side: tier 1 alone has nothing below it but liquidation.
        ("[60000, {{price: {3}, order: stop, stop: {0}}}]", True),
        ("[60000, {1}]", True),
    ],
)
def test_a_stop_that_the_tiers_set_is_a_stop(sign: int, tiers: str, speaks: bool) -> None:  # noqa: FBT001 - a case's answer
    """`stop: none` says nothing of the stops that tiers set: SP509 speaks where some path is left without."""
    prices = [60000 - sign * away for away in (1000, 500, 2000, -500)]
    text = (
        f"symbol: BTC/USDT:USDT\nside: {'long' if sign > 0 else 'short'}\nleverage: 10\nmaintenance: 0.5%\n"
        f"account: {{equity: 10000}}\nsize: 60000 USDT\ntiers: {tiers.format(*prices)}\nstop: none\n"
        f"targets: [{60000 + sign * 3000}]\n"
    )
    assert ("SP509" in {each.code for each in studied(text).diagnostics}) is speaks
    assert (walked(text).proofs[2].holds is False) is speaks


def test_a_loss_far_above_the_cost_has_its_path() -> None:
    """A short of 1/3 at 0.00001 is 33,333 coins, which lose 6.7 billion at 200,000."""
    text = "symbol: AAA/USDT:USDT\nside: short\nleverage: 1\nstop: 200000.00002\nsize: 1 USDT\n"
    ladder = studied(f"{text}tiers: [100000.00001, 0.00001, 0.00002]\n").ladder
    assert ladder.elsewhere is None or ladder.elsewhere.events
    assert show_text(studied(f"{text}tiers: [100000.00001, 0.00001, 0.00002]\n"), width=120)


#: Tier 2 fills at once with tier 1, at 60,000, and its stop at the breakeven of 60,000 exits there: every path nets 0.
NETS_NOTHING = """\
symbol: BTC/USDT
side: long
account: {equity: 1000 USDT, max_risk: 1%}
size: 1000 USDT
tiers:
  - {price: 60000, share: 60%, order: limit, trigger: a}
  - {price: 60900, share: 40%, order: limit, after: tier 1, stop: breakeven, trigger: b}
stop: 59400
targets:
  - {price: 62700, close: 1/3}
  - {price: 63300, close: rest, stop: target 1}
"""


def test_what_no_path_makes_is_no_reward(tmp_path: Path) -> None:
    """No path hits a target: no reward, no payoff, no result of a target, in any command."""
    study = studied(NETS_NOTHING)
    totals = study.ladder.totals
    assert (totals.reward, totals.reward_to_risk, totals.breakeven_win_rate) == (None, None, None)
    paths = walked(NETS_NOTHING)
    assert [(str(round(abs(each.net), 9)), each.tiers, each.targets) for each in paths.outcomes] == [
        ("0E-9", (1, 2), 0)
    ]
    shown = show_text(study, width=200)
    assert "make n/a: no path hits targets 1-2" in shown
    assert shown.count("never hit: the plan is over before on every path") == 2
    assert "7.57" not in shown
    assert "+2.16R" not in shown
    sheet = outcome("checklist", file(tmp_path, NETS_NOTHING)).out
    assert "7.57R" not in sheet
    assert "never hit" in sheet
    record = json.loads(outcome("show", file(tmp_path, NETS_NOTHING), "--format", "json").out)
    assert record["totals"]["reward"] is None
    assert [each["reachable"] for each in record["targets"]] == [False, False]
    for name in ("pnl", "realized", "realized_r", "remaining", "stop", "locked", "locked_r"):
        assert [each[name] for each in record["targets"]] == [None, None]
    assert record["tiers"][1]["position"]["reward"] is None
    found = the("SP511", NETS_NOTHING)
    # Target 1 has none before it.
    assert "close less" not in found.help
    assert "the stop of tier 2" in found.help


#: Tier 2 is a stop order where price has passed it: it fills with tier 1 at 2,500, not at 2,587.50.
FILLS_AT_ONCE = """\
symbol: ETH/USDT:USDT
side: short
leverage: 3
maintenance: 0.5%
fees: 0%
size: 30 USDT
tiers: [{price: 2500, share: 50%}, {price: 2587.5, share: 50%, order: stop}]
stop: 2625
targets: [2400]
"""


def test_the_planned_loss_is_that_of_what_paths_hold(tmp_path: Path) -> None:
    """0.006 and 15/2,587.5 ETH from 2,500 to 2,625 lose 125 x 0.0117971 = 1.4746, and win 1.1797 at 2,400: 0.80R.

    As listed tier 2 would lose 37.5 x 0.0057971 = 0.2174 beside 0.75 of tier 1, and no path does.
    """
    study = studied(FILLS_AT_ONCE)
    totals = study.ladder.totals
    held = Decimal("0.006") + Decimal(15) / Decimal("2587.5")
    assert totals.risk is not None
    assert totals.reward_to_risk is not None
    assert abs(totals.risk - 125 * held) < Decimal("1e-40")
    assert abs(totals.reward_to_risk - Decimal("0.8")) < Decimal("1e-40")
    assert brief(known(study.ladder.steps[1].position.risk), 5) == "0.96739"
    assert study.ladder.elsewhere is None
    assert study.ladder.most_lost == totals.risk
    planned = walked(FILLS_AT_ONCE).proofs[0]
    assert (planned.claim, planned.holds) == (Claim.WORST_PLANNED, True)
    assert "not as listed: a tier fills at once" in show_text(study, width=200)
    solved = outcome("solve", "size", file(tmp_path, FILLS_AT_ONCE), "--loss", "1").out
    assert "worst planned loss 1.0000 USDT (after tier 2), was 1.4746" in " ".join(solved.split())
    # A size in risk is solved for the tiers as listed, 0.96739: it would pass a limit of 1 again.
    limited = FILLS_AT_ONCE.replace("fees: 0%", "fees: 0%\naccount: {equity: 1000, max_risk: 1}")
    assert "write the size as risk" not in the("SP503", limited).help
    by_risk = limited.replace("30 USDT", "1 USDT risk").replace("max_risk: 1}", "max_risk: 2}")
    # 1.4746 / 0.96739.
    assert "loses 1.52 USDT, more than the 1.00 of its size" in the("SP512", by_risk).message


def test_what_fills_at_the_last_target_counts_to_what_is_left() -> None:
    """Tier 2 stands at the only target: all that is held goes to the stop, with 900 USDT entered at 61,200.

    Target 1 closes half of 100/60,000 BTC, +1. Left are 1/1,200 BTC from 60,000 and 900/61,200 from 61,200: at 59,400
    they lose 0.5 and 26.4706.
    """
    text = (
        "symbol: BTC/USDT\nside: long\nsize: 1000 USDT\n"
        "tiers: [{price: 60000, share: 10%, trigger: a}, {price: 61200, share: 90%, order: stop, trigger: b}]\n"
        "stop: 59400\ntargets: [{price: 61200, close: 50%}]\nentries_end: never\n"
    )
    study = studied(text)
    reward = study.ladder.totals.reward
    assert reward is not None
    assert brief(reward, 6) == "-25.9706"
    assert min(each.net for each in walked(text).outcomes if each.targets) == reward
    assert "every target hit brings -25.9706" in show_text(study, width=200)


#: What is made by the path that hits every target with the most filled.
MOVING = {
    # Tiers 1 and 3 average 500/(166.67/110 + 333.33/103.4) = 105.5102; a quarter at +1.5% is 1.875. Tier 2 then makes
    # 875 USDT of what is left, 8.145527 SOL: 918.408 at 112.75 are 43.408 more.
    "filled later": (
        (
            "tiers: [{price: 110, share: 1/6, order: limit}, {price: 108.9, share: 3/6, order: limit, after: 111.9}, "
            "{price: 103.4, share: 2/6, order: limit, after: tier 1}]\nstop: 103.1\n"
            "targets: [{price: entry +1.5%, close: 25%, stop: entry}, {price: 112.75, close: 3/4, stop: target 1}]\n"
            "entries_end: never\n"
        ),
        "45.2832",
        [0b101, 0b111],
    ),
    # 500/(250/110 + 250/105.6) = 107.7551, 4.640152 SOL: 30% at +1.5% is 2.25, 70% at 113.3 are 18.0104.
    "cancelled": (
        (
            "tiers: [{price: 110, share: 2/8}, {price: 114.4, share: 4/8, order: stop}, {price: 105.6, share: 2/8}]\n"
            "stop: 104.5\ntargets: [{price: entry +1.5%, close: 30%, stop: entry}, {price: 113.3, close: rest}]\n"
        ),
        "20.2604",
        [0b101, 0b101],
    ),
}


@pytest.mark.parametrize("kind", MOVING)
def test_targets_that_move_with_the_average_are_those_of_a_path(kind: str) -> None:
    """A moved target may lie below tier 1's price, and what is made is still what some path makes."""
    exits, made, filled = MOVING[kind]
    text = f"symbol: SOL/USDT\nside: long\nsize: 1000 USDT\n{exits}"
    study = studied(text)
    reward = study.ladder.totals.reward
    assert reward is not None
    assert brief(reward, 6) == made
    assert any(each.targets == 2 and each.net == reward for each in walked(text).outcomes)
    assert [each.filled for each in study.ladder.exits] == filled
    shown = " ".join(show_text(study, width=200).split())
    assert "if all tiers could fill" not in shown
    assert "target 1 (entry +1.5%) moves with the average of what fills; here tiers 1, 3 are filled" in shown


#: Tier 2 is cancelled by target 1 before price comes to it.
CANCELLED = """\
symbol: SOL/USDT
side: long
account: {equity: 10000 USDT, max_risk: 100 USDT}
fees: 0%
slippage: 0%
size: 6000 USDT
tiers: [{price: 100, share: 50%, order: limit, trigger: a}, {price: 104, share: 50%, order: stop, trigger: b}]
stop: 97
targets: [{price: 103, close: 50%, stop: breakeven}, {price: 106, close: rest}]
"""


@pytest.mark.parametrize(
    ("what", "listed"),
    [
        # 33.3333 x 3 and 32.0512 x 7; 30 x 3.33 and 28.8462 x 7.33.
        ("size", "324.36"),
        ("stop", "311.34"),
    ],
)
def test_an_answer_says_what_an_order_that_is_not_cancelled_loses(what: str, listed: str, tmp_path: Path) -> None:
    """The path loses 100 at most, and the tiers as listed three times as much: the difference is told."""
    said = " ".join(outcome("solve", what, file(tmp_path, CANCELLED), "--loss", "100").out.split())
    assert f"filled as listed all tiers lose {listed} USDT, more than 100.00: no path fills them so" in said
    record = json.loads(outcome("solve", what, file(tmp_path, CANCELLED), "--loss", "100", "--format", "json").out)
    assert brief(Decimal(record["risk_if_all"]), 5) == listed


def test_the_tiers_that_keep_a_loss_are_counted_as_listed(tmp_path: Path) -> None:
    """30 SOL lose 90 from 100 to 97, 28.8462 more from 104 201.92: with 2 tiers 291.92, whether a path fills them."""
    plan = file(tmp_path, CANCELLED)
    said = " ".join(outcome("solve", "tiers", plan, "--loss", "100").out.split())
    assert said.startswith("tiers 1 (30 SOL): worst planned loss 90.00 USDT")
    assert "2 tiers would lose 291.92" in said
    said = " ".join(outcome("solve", "tiers", plan, "--loss", "292").out.split())
    assert said.startswith("tiers 2 (58.846 SOL)")
    assert "filled as listed all tiers lose 291.92 USDT: no path fills them so" in said


def test_no_box_says_that_a_tier_fills_which_never_does(tmp_path: Path) -> None:
    """The sheet asks whether price returns: it need not, and tier 2 is cancelled before price comes to it."""
    sheet = outcome("checklist", file(tmp_path, CANCELLED)).out
    assert "[!] will it return?  it need not; tier 2 never fills" in sheet
    both = CANCELLED.replace("103, ", "105, ")
    assert (
        "[x] will it return?  it need not: every tier fills on the winning side"
        in outcome("checklist", file(tmp_path, both)).out
    )


def test_an_average_is_one_that_a_path_holds() -> None:
    """Tier 2 at 61,200 is cancelled by target 1: before tier 3 only tier 1 is held, at 60,000. Equally for growth."""
    text = (
        "symbol: BTC/USDT\nside: long\nsize: 1000 USDT\nstop: 58800\n"
        "tiers: [{price: 60000, share: 40%}, {price: 61200, share: 40%, order: stop}, {price: 59100, share: 20%}]\n"
        "targets: [{price: 60900, close: 50%}, {price: 63000, close: rest}]\n"
    )
    assert "below the average entry of 60,000.00" in the("SP602", text).message
    grown = text.replace("40%", "20%").replace("59100, share: 20%", "59100, share: 60%")
    assert "below the average entry of 60,000.00" in the("SP601", grown).message


def test_a_smaller_size_is_offered_only_where_it_helps() -> None:
    """20 of extra margin are lost whatever the size, where the limit is 10; above it the rest of the loss shrinks.

    100 of margin and 20: (30 - 20) / (120 - 20) = 10%.
    """
    text = (
        "symbol: BTC/USDT:USDT\nside: short\nleverage: 10\nmaintenance: 0.5%\nfees: 0%\nextra_margin: 20 USDT\n"
        "account: {equity: 1000 USDT, max_risk: 1%}\nsize: 1000 USDT\ntiers: [60000]\nstop: none\ntargets: [58000]\n"
    )
    assert the("SP503", text).help == (
        "write a stop, or less `extra_margin`: without a stop 20.00 USDT is lost whatever the size"
    )
    assert the("SP503", text.replace("1%}", "3%}")).help == "trade at most 10% of this size"
    kept = text.replace("1%}", "3%}").replace("size: 1000", "size: 100")
    assert not told("SP503", kept)
    orders = text.replace("fees: 0%", "fees: 6 USDT per order").replace("stop: none", "stop: 60600")
    # Two orders are 12; 1,000 USDT lose 1%, 10, beside.
    assert the("SP503", orders).help == "plan fewer orders, or a higher limit: they cost 12.00 USDT whatever the size"


def test_no_size_is_offered_that_the_venue_does_not_take() -> None:
    """Two contracts of 50 lose 40 points each, 4,000; 5% of them, for a limit of 200, is a tenth of a contract."""
    text = (
        "symbol: ES/USD\nside: long\naccount: {equity: 100000 USD, max_risk: 0.2%}\n"
        "margin: {initial: 15000 USD per contract, maintenance: 13500 USD per contract}\n"
        "instrument: {tick_size: 0.25, contract_size: 50}\nfees: 0%\nsize: 2 contracts\n"
        "tiers: [5400]\nstop: 5360\ntargets: [5500]\n"
    )
    found = the("SP503", text)
    assert found.help == "bring the stop nearer: 5% of this size would do, and tier 1 takes no less than 1 contract"
    assert not found.edits
    # A limit of 2,000 is one contract.
    assert the("SP503", text.replace("0.2%", "2%")).help.startswith("trade at most 50% of this size")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("SP606", "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nsize: 590 USDT\ntiers: [60000]\nstop: 57000\n"),
        (
            "SP406",
            (
                "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nmargin_mode: cross\nmaintenance: 0.5%\nsize: 59 USDT\n"
                "tiers: [60000]\nstop: 57000\n"
            ),
        ),
        ("SP102", "symbol: ES/USD\nside: long\nsize: 2 contracts\ntiers: [5400]\nstop: 5360\n"),
        ("SP119", "symbol: BTC/USDT\nside: long\nsize: 5% equity\ntiers: [60000]\nstop: 57000\n"),
        ("SP706", "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nsize: 590 USDT\ntiers: [60000]\nstop: 57000\n"),
    ],
)
def test_no_help_invents_what_only_the_trader_knows(code: str, text: str) -> None:
    """What the account holds, what one contract is, what the venue takes: the form is shown, without a figure."""
    (found, *_) = [one for one in study_of(text).diagnostics if one.code == code]
    words = found.help.replace("`fees: {maker: 0%, taker: 0%}`", "")
    assert not any(character.isdigit() for character in words), found.help
    assert all("{maker: 0%, taker: 0%}" in edit.text for edit in found.edits)


def test_a_path_that_breaks_a_claim_says_what_it_loses(tmp_path: Path) -> None:
    """The shortest path that breaks it need not be the worst: then its own loss stands behind it.

    166.67/110 SOL lose 6.9 each to 103.1, 333.33/103.4 lose 0.3 each: 10.4545 and 0.9671. The worst path wins 1.875 at
    target 1, has tier 2 at 108.9 and is stopped at 105.51.
    """
    text = f"symbol: SOL/USDT\nside: long\nsize: 1000 USDT\n{MOVING['filled later'][0]}"
    planned = walked(text).proofs[0]
    assert planned.holds is False
    assert (brief(known(planned.value), 4), brief(known(planned.shown), 6)) == ("13.69", "11.4217")
    shown = " ".join(outcome("paths", file(tmp_path, text)).out.split())
    assert "at most 13.69 USDT, planned 10.45" in shown
    assert "tier 1 at 110, tier 3 at 103.4, stopped at 103.1; this path loses 11.42 USDT" in shown
    # Where it is the worst there is nothing to add.
    alone = text.replace(", after: 111.9", "")
    assert "this path" not in outcome("paths", file(tmp_path, alone)).out
