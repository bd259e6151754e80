"""A liquidation that nobody can place: at the bankruptcy price at the latest, and nothing that depends on where before.

Every figure is worked by hand. Without a maintenance rate, and past the end of the brackets, a position is liquidated
somewhere on its way to the price where margin and P&L sum to 0, and there for sure.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from scaleplan.engine.event import End, EventKind
from scaleplan.paths.records import Claim, Paths, Proof
from scaleplan.report.paths.words import walked_of
from tests.given import file, known, linear, same, studied, walked
from tests.reported import paths_text, show_text
from tests.running import joined, outcome, screen_of

D = Decimal

#: A margin of 100 on 1,000 is gone at 60,000 * 0.9 = 54,000; at 63,000 it makes 50.
NO_STOP = (
    "symbol: BTC/USDT:USDT\nside: long\nleverage: 10\nfees: 0%\nsize: 1000 USDT\ntiers: [60000]\nstop: none\n"
    "targets: [63000]\n"
)
#: 1,000 less a fee of 3 stand behind 0.1 BTC: gone 9,970 above 60,000.
CROSS = (
    "symbol: BTC/USDT:USDT\nside: short\nmargin_mode: cross\nleverage: 20\naccount: {equity: 1000}\nfees: 0.05%\n"
    "size: 0.1 BTC\ntiers: [60000]\nstop: none\ntargets: [56000]\n"
)
#: 3,000 are past the end of the brackets; a margin of 1,000 on 0.05 BTC is gone 20,000 above 60,000.
PAST_THE_END = (
    "symbol: BTC/USDT:USDT\nside: short\nleverage: 3\nmaintenance: [{up_to: 2000, rate: 0.5%}]\nfees: 0%\n"
    "size: 3000 USDT\ntiers: [60000]\nstop: none\ntargets: [56000]\n"
)
#: A margin of 0.05 * 60,000 / 20 = 150 is gone at 57,000, before tier 2 and before the stop.
BEFORE_TIER = (
    "symbol: BTC/USDT:USDT\nside: long\nleverage: 20\naccount: {equity: 10000, max_risk: 5%}\nfees: 0.05%\n"
    "size: 0.1 BTC\ntiers: [60000, 56500]\nstop: 56000\ntargets: [66000]\n"
)
#: Each tier is past the end of the brackets.
BEFORE_TIER_PAST_THE_END = f"{BEFORE_TIER}maintenance: [{{up_to: 2000, rate: 0.5%}}]\n"
#: A margin of 0.05 * 60,000 / 10 = 300 is gone at 54,000, behind tier 2 and the stop.
BEHIND_STOP = (
    "symbol: BTC/USDT:USDT\nside: long\nleverage: 10\nfees: 0%\nsize: 0.1 BTC\ntiers: [60000, 59500]\nstop: 58000\n"
    "targets: [66000]\n"
)


def proof(found: Paths, claim: Claim) -> Proof:
    """The proof of a claim."""
    return next(each for each in found.proofs if each.claim is claim)


@pytest.mark.parametrize(
    ("text", "latest", "lost", "made"),
    [(NO_STOP, 54000, -100, 50), (CROSS, 69970, -1000, D("394.2")), (PAST_THE_END, 80000, -1000, 200)],
)
def test_without_a_stop_only_the_latest_price_is_known(text: str, latest: int, lost: int, made: Decimal | int) -> None:
    """Both ends are told with what they net, and no chance of any: 3,000 up and 6,000 down is 66.7% at most.

    The short on cross makes 400 at 56,000, less 3 and 2.8 of fees.
    """
    found = walked(text)
    state = found.states[0]
    losing, winning = (state.down, state.up) if lost > -1000 else (state.up, state.down)
    assert losing is not None
    assert winning is not None
    assert (losing.event.kind, losing.event.latest) == (EventKind.LIQUIDATION, True)
    assert same(losing.event.price, latest)
    assert (losing.probability, winning.probability) == (None, None)
    assert [(each.end, each.net, each.probability) for each in found.outcomes] == [
        (End.LIQUIDATED, lost, None),
        (End.TARGETS, made, None),
    ]
    summary = found.summary
    assert summary.probability_of_profit is None
    assert summary.probability_liquidated is None
    assert (summary.expected_gross, summary.expected_net, summary.breakeven_edge) == (None, None, None)
    # What does not depend on it stays: no stop is there to be hit, and no more than all behind it is lost.
    assert summary.probability_stopped == 0
    assert (known(summary.worst), known(summary.best)) == (D(lost), D(made))
    gone = proof(found, Claim.NO_LIQUIDATION)
    assert gone.holds is False
    assert same(gone.counterexample[-1].price, latest)
    assert proof(found, Claim.TARGETS).holds is True


def test_the_page_says_what_is_missing_for_a_chance() -> None:
    """No chance, no picture of chances, and the key to write."""
    page = joined(paths_text(walked_of(studied(NO_STOP), walked(NO_STOP)), width=160))
    assert "chance of profit n/a, of the stop 0%, of liquidation n/a: no maintenance rate; write `maintenance:`" in page
    assert "expected n/a: where it is liquidated is unknown" in page
    assert "tier 1 at 60,000, liquidated at 54,000 at the latest" in page
    assert "100%" not in page
    assert "to +0.5R" not in page


@pytest.mark.parametrize("width", [60, 80, 160])
def test_no_page_has_a_chance_that_nobody_knows(width: int, tmp_path: Path) -> None:
    """`paths` in all its forms and `at` say n/a, and JSON null, where they said 100%."""
    plan = file(tmp_path, NO_STOP)
    for words in (("paths",), ("paths", "--tree"), ("at", "57000")):
        command, *more = words
        said = outcome(command, plan, *more, screen=screen_of(width))
        assert "n/a" in said.out
        assert "100%" not in said.out.replace("liquidated at 100%", "")
    record = json.loads(outcome("at", plan, "57000", "--format", "json").out)
    assert [record["next"][way]["probability"] for way in ("up", "down")] == [None, None]
    assert record["next"]["down"]["latest"] is True
    summary = json.loads(outcome("paths", plan, "--format", "json").out)["summary"]
    assert summary["probability_of_profit"] is summary["probability_liquidated"] is summary["expected_net"] is None


@pytest.mark.parametrize("text", [BEFORE_TIER, BEFORE_TIER_PAST_THE_END])
def test_nothing_lives_behind_the_bankruptcy_price(text: str, tmp_path: Path) -> None:
    """Tier 1 loses its 150 and a fee of 1.50 at 57,000 at the latest; tier 2 at 56,500 never fills.

    With tier 1 alone the target makes 300 less 1.50 and 1.65.
    """
    study, found = studied(text), walked(text)
    assert [step.position.reachable for step in study.ladder.steps] == [True, False]
    tiers = proof(found, Claim.TIERS)
    assert tiers.holds is False
    assert (tiers.value, tiers.numbers) == (D(1), (2,))
    assert [(each.end, each.tiers, each.net, each.probability) for each in found.outcomes] == [
        (End.LIQUIDATED, (1,), D("-151.5"), None),
        (End.TARGETS, (1,), D("296.85"), None),
    ]
    assert same(study.ladder.totals.reward, D("296.85"))
    plan = file(tmp_path, text)
    sheet = outcome("checklist", plan).out
    now, later = sheet.index("ORDERS TO PLACE NOW"), sheet.index("LATER")
    assert sheet.index("tier 2    buy limit") > later > now
    assert "-0.75R" in show_text(study, width=120)


def test_price_behind_the_bankruptcy_price_finds_the_plan_over(tmp_path: Path) -> None:
    """0.1 BTC at 20x has 300 behind it: at 56,500 they are gone, with a fee of 3; at 57,500 nobody knows."""
    plan = file(tmp_path, BEFORE_TIER.replace("[60000, 56500]", "[60000]"))
    over = joined(outcome("at", plan, "56500").out)
    assert "the plan is over there: liquidated at 57,000 at the latest, before the stop at 56,000" in over
    assert "result -303.00 USDT" in over
    here = joined(outcome("at", plan, "57500").out)
    assert "liquidated -303.00 USDT = " in here
    assert "at 57,000.00 at the latest, before the stop at 56,000.00" in here
    assert "liquidated: n/a; add `maintenance: 0.5%`" in here


def test_what_rules_say_of_the_latest_price() -> None:
    """Tier 2 is never reached, and no stop just above 57,000 is promised to be hit before a liquidation."""
    told = {each.code: each for each in studied(BEFORE_TIER).diagnostics}
    assert "tier 1 is liquidated at 57,000.00 at the latest, before tier 2 at 56,500.00 fills" in told["SP404"].message
    assert "after tier 1 the position is liquidated at 57,000.00 at the latest" in told["SP401"].message
    assert "the stop well above 57,000.00: the maintenance, which is not known" in str(told["SP401"].help)
    assert "no later than its bankruptcy price of 57,000.00" in told["SP406"].message


def test_the_help_for_a_stop_promises_nothing() -> None:
    """54,000 is the bankruptcy price; with 0.5% it is liquidated at 54,000 / 0.995 = 54,271.36, before 54,100."""
    told = {each.code: each for each in studied(NO_STOP).diagnostics}
    assert "before it is liquidated at 54,000.00 at the latest: that loses up to 100.00 USDT" in told["SP509"].message
    assert "write a stop well above 54,000.00: the maintenance, which is not known" in str(told["SP509"].help)
    obeyed = studied(NO_STOP.replace("none", "54100") + "maintenance: 0.5%\n")
    assert (
        "liquidated at 54,271.36, before the stop" in {each.code: each for each in obeyed.diagnostics}["SP401"].message
    )
    known_one = {each.code: each for each in studied(NO_STOP + "maintenance: 0.5%\n").diagnostics}["SP509"]
    assert "liquidated at 54,271.36:" in known_one.message
    assert str(known_one.help).startswith("write a stop above 54,271.36")


def test_before_a_stop_a_liquidation_may_come_that_nobody_can_place() -> None:
    """The stop lies before 54,000, and at an unknown rate a liquidation may lie before both it and tier 2.

    No proof takes that for granted. The chances count the stop as met, and say so: up from 60,000 before 59,500 once
    in 13 times, from there to 66,000 before 58,000 three times in 16: 1/13 + 12/13 x 3/16 = 1/4.
    """
    found = walked(BEHIND_STOP)
    assert {each.end for each in found.outcomes} == {End.STOPPED, End.TARGETS}
    summary = found.summary
    assert summary.probability_of_profit is not None
    assert same(summary.probability_of_profit, D("0.25"))
    assert summary.probability_liquidated is None
    assert summary.expected_net is not None
    assert same(summary.expected_net, D(0))
    page = joined(paths_text(walked_of(studied(BEHIND_STOP), found), width=80))
    assert "the others count none before the stop" in page
    tiers = proof(found, Claim.TIERS)
    assert tiers.holds is None
    assert (tiers.value, tiers.missing) == (D(1), "maintenance")
    assert proof(found, Claim.TARGETS).holds is True
    # Tier 1 is filled for sure; what comes after it is not known.
    assert found.states[0].probability == 1


def test_what_lies_on_the_winning_side_can_be_reached() -> None:
    """A tier above tier 1 fills before any liquidation can come; with it filled no stop that locks is sure."""
    text = BEHIND_STOP.replace("[60000, 59500]", "[60000, {price: 61000, stop: entry}]")
    found = walked(text)
    assert proof(found, Claim.TIERS).holds is True
    locked = proof(found, Claim.LOCKED)
    assert (locked.holds, locked.missing) == (None, "maintenance")
    assert proof(walked(f"{text}maintenance: 0.5%\n"), Claim.LOCKED).holds is True


def test_brackets_that_reach_beyond_the_stop_leave_every_chance() -> None:
    """A short of 1,500 leaves brackets of 2,000 at 80,000; stopped at 63,000 or hit at 54,000: 3 up, 6 down."""
    text = PAST_THE_END.replace("3000 USDT", "1500 USDT").replace("none", "63000").replace("[56000]", "[54000]")
    text = text.replace("leverage: 3", "leverage: 1")
    found = walked(text)
    assert found.states[0].liquidation_not_before == 80000
    assert same(found.summary.probability_of_profit, D(1) / 3)
    assert found.summary.probability_liquidated == 0
    assert same(found.summary.expected_gross, 0) or abs(known(found.summary.expected_gross)) < D("1e-40")


def test_what_happens_before_anything_fills_keeps_its_chance() -> None:
    """A stop order at 61,000, and an idea that is wrong at 58,000: from 60,000 it is entered two times in three."""
    text = BEHIND_STOP.replace("[60000, 59500]", "[{price: 61000, order: stop}]")
    found = walked(text, start="60000")
    ends = {each.end: each.probability for each in found.outcomes}
    assert same(ends[End.NOT_ENTERED], D(1) / 3)
    # Then up to 66,000 before 58,000: 3 of 8.
    assert found.summary.probability_of_profit is not None
    assert same(found.summary.probability_of_profit, D(2) / 3 * 3 / 8)
    assert found.states[0].up is not None
    assert same(found.states[0].up.probability, D(2) / 3)


def test_no_figure_says_that_a_stop_is_hit_that_no_path_comes_to(tmp_path: Path) -> None:
    """57,000 / 0.995 = 57,286.43 comes before the stop at 56,000 on every path: the margin of 3,000 is lost, no more.

    1R, the loss at the stop, is 4,000: -0.75R.
    """
    text = linear("long", "tiers: [60000]\nstop: 56000\ntargets: [66000]", leverage="20")
    study = studied(text)
    assert study.ladder.unstopped is not None
    assert study.ladder.unstopped.loss == 3000
    plan = file(tmp_path, text)
    sheet = outcome("checklist", plan).out
    assert "stop hit" not in sheet
    assert "-1.00R" not in sheet
    assert "before any stop: CANCEL everything" in sheet
    assert "worst -0.75R" in sheet
    drawn = next(line for line in outcome("chart", plan).out.splitlines() if "56,000.00" in line)
    assert "never met: liquidated before" in drawn
    assert "R" not in drawn.replace("never met", "")


def test_a_stop_that_only_some_tiers_come_to_is_drawn_with_theirs(tmp_path: Path) -> None:
    """What tier 1 would lose at the stop is not drawn where price fills tier 2 first, and then liquidates both.

    With 1 BTC at an average of 58,800 and 10x, 0.9 * 58,800 / 0.995 = 53,185.93 is behind the stop at 54,000, and
    4,800 are lost there; at 20x 0.95 * 58,800 / 0.995 = 56,140.70 is before it, and the margin of 2,940 is lost. Tier 1
    alone is liquidated at 57,286.43, behind tier 2 at 58,500.
    """
    text = "tiers: [20% at 60000, 80% at 58500]\nstop: 54000\ntargets: [66000]"
    for leverage, drawn in (("10", "-1.00R"), ("20", "never met: liquidated before")):
        plan = file(tmp_path, linear("long", text, leverage=leverage))
        line = next(line for line in outcome("chart", plan).out.splitlines() if "54,000.00" in line)
        assert line.rstrip().endswith(drawn)
    liquidated = studied(linear("long", text, leverage="20")).ladder
    assert [step.position.stopped for step in liquidated.steps] == [False, False]
    assert liquidated.unstopped is not None
    assert same(liquidated.unstopped.loss, 2940)


def test_an_expired_plan_places_no_tier(tmp_path: Path) -> None:
    """A day that is past has cancelled every tier: none fills, no target is hit, and the sheet places none."""
    text = "symbol: BTC/USDT\nside: long\nsize: 0.1 BTC\ntiers: [60000, 59000]\nstop: 56000\ntargets: [66000]\n"
    plan = file(tmp_path, f"{text}expires: 2020-01-01\n")
    page = joined(outcome("paths", plan).out)
    assert "every tier can fill: 0 of 2; tiers 1-2 never fill: the plan expired on 2020-01-01" in page
    assert "every target can be hit: 0 of 1; target 1 is never hit: the plan expired on 2020-01-01" in page
    sheet = outcome("checklist", plan).out
    assert sheet.index("tier 1    buy limit") > sheet.index("LATER")
    assert sheet.count("not placed: the plan expired on 2020-01-01") == 2
    assert "place no tier: the plan expired on 2020-01-01" in joined(outcome("export", plan, "--to", "orders").out)
    assert "place no tier: the plan expired on 2020-01-01" in outcome("export", plan, "--to", "ccxt").out
    coming = studied(f"{text}expires: 2020-01-01\n", today="2019-12-31")
    assert {each.claim: each.holds for each in coming.every_path.walked().proofs}[Claim.TIERS] is True
