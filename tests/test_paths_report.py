"""The reports of `paths`: proofs, ends, picture and summary in every form, and the outcome matrix of `show`."""

import csv
import io
import json
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaleplan.engine.event import End, Event, EventKind
from scaleplan.paths import EveryPath
from scaleplan.paths import matrix as paths_matrix
from scaleplan.paths.graph import Link, Way
from scaleplan.paths.matrix import Matrix
from scaleplan.paths.records import BreakevenEdge, Claim, Outcome, Paths, Proof
from scaleplan.quantity.rounding import Toward
from scaleplan.report.layout import bar
from scaleplan.report.paths import words as paths_states
from scaleplan.report.paths.ends import MOST_ENDS, bins
from scaleplan.report.paths.graph import graphs, quoted
from scaleplan.report.paths.record import COLUMNS, paths_record
from scaleplan.report.paths.words import (
    WalkedPlan,
    breakeven_words,
    chance,
    mean_money,
    mean_r,
    path_words,
    times_in_100,
    walked_of,
)
from scaleplan.report.record import Record, to_json
from scaleplan.report.show.columns import outcomes
from scaleplan.report.show.record import matrix_records
from scaleplan.report.visible import cells
from scaleplan.report.words import first_targets, numbers
from scaleplan.study import Study
from tests.given import studied, walked
from tests.reported import paths_csv, paths_in, paths_text, show_in, show_text, tree_in, tree_text
from tests.running import approved, joined

GOLDEN = Path(__file__).parent / "golden" / "paths"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))
WIDTHS = (60, 80, 120, 160)
#: Set to rewrite the golden files from what the program says; then read the difference.
ESCAPE = "\x1b"
INVISIBLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")

# Every tier on the way to the stop, and twenty tiers by ten targets: 200 ends, more than a page lists.
MANY = (
    "{symbol: AAA/USDT, side: long, size: 20 AAA, stop: 50, tiers: {from: 100, to: 62, count: 20},"
    " targets: {from: 110, to: 200, count: 10}}"
)


def of_text(text: str, start: Decimal | None = None, edge: Decimal | None = None) -> WalkedPlan:
    """What is told of a plan given as text."""
    return of_study(studied(text), start, edge)


def of_study(found: Study, start: Decimal | None = None, edge: Decimal | None = None) -> WalkedPlan:
    """What is told of a plan that was studied."""
    return walked_of(found, found.every_path.walked(edge, start))


def golden(name: str) -> WalkedPlan:
    """What is told of a golden plan, under the bare name of its file; what is wrong with it is told elsewhere."""
    one = of_study(studied((GOLDEN / f"{name}.yaml").read_bytes(), f"{name}.yaml"))
    return one._replace(study=one.study._replace(diagnostics=()))


def page(one: WalkedPlan, width: int = 80) -> str:
    """The terminal's page."""
    return paths_text(one, width=width, colour=False, blocks=True)


def line_with(text: str, words: str) -> str:
    """The one line that holds these words, its blanks made single."""
    found = [joined(line) for line in text.splitlines() if words in line]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_pages_are_as_they_were_approved(name: str, width: int) -> None:
    """Layout and wording at 60, 80, 120 and 160 columns are those of the golden files, to the character."""
    approved(page(golden(name), width), GOLDEN / f"{name}.{width}.txt")


@pytest.mark.parametrize("name", NAMES)
def test_other_forms_are_as_they_were_approved(name: str) -> None:
    """Markdown, tree, graph and rows too."""
    one = golden(name)
    approved(paths_in("md", one), GOLDEN / f"{name}.md")
    approved(tree_text(one, width=80), GOLDEN / f"{name}.tree.txt")
    approved(graphs([one]), GOLDEN / f"{name}.dot")
    approved(paths_csv([one]), GOLDEN / f"{name}.csv")


# The plan `liquidated-first`: 2 BTC in two tiers average 59,750; at 10x the margin is 11,950, and with 0.5% on mark it
# is liquidated where 59,750 - 5,975 = P * 0.995, at 54,045.226, after tier 1 alone at 54,271.357.
BROKEN_PATH = "tier 1 at 60,000, tier 2 at 59,500, liquidated at 54,045.23 before the stop at 53,900"


def test_a_broken_proof_shows_the_shortest_path_in_the_plans_words() -> None:
    """Under the claim stands what happens, event after event, each at its price."""
    text = joined(page(golden("liquidated-first")))
    assert f"BROKEN no path is liquidated path {BROKEN_PATH}" in text
    # 2 * 59,750 / 10 is lost instead of 2 * (59,750 - 53,900).
    assert "BROKEN no path loses more than planned: at most 11,950.00 USDT, planned 11,700.00 = 1.00R" in text
    # At 59,500 two BTC are worth 119,000, against an equity of 100,000.
    most = "leverage stays within `max_leverage`: at most 1.19x from any fill to the stop, limit 1x"
    assert f"{most} path tier 1 at 60,000, tier 2 at 59,500" in text


def test_a_proof_says_what_is_missing() -> None:
    """Without maintenance, equity and limits a claim is n/a, and names the key that would settle it."""
    text = " ".join(
        page(
            of_text("{symbol: ETH/USDT:USDT, side: long, leverage: 5, size: 4 ETH, tiers: [2000], stop: 1900}")
        ).split()
    )
    assert "n/a no path is liquidated: no maintenance rate; write `maintenance:` or `venue:`" in text
    # A margin of 1,600 stands behind the 400 that are lost at the stop, and may be gone before it.
    assert "n/a no path loses more than planned: no maintenance rate; write `maintenance:` or `venue:`" in text
    assert "n/a no path loses more than `max_risk`: no `max_risk` under `account:`" in text
    assert "worst n/a: a liquidation before the stop may lose more; stopped -400.00 USDT = -1.00R" in text
    assert "n/a leverage stays within `max_leverage`: no `equity` under `account:`" in text


def test_tiers_that_no_path_reaches_are_named() -> None:
    """How many of how many, and which."""
    text = page(of_text("{symbol: AAA/USDT, side: long, size: 3 AAA, tiers: [100, 90, 80], stop: 95, targets: [120]}"))
    assert "BROKEN  every tier can fill: 1 of 3; tiers 2-3 never fill" in text


@pytest.mark.parametrize(
    ("tiers", "stop", "said"),
    [
        ("100, 90", 95, "1 of 2; tier 2 never fills: price comes to the stop at 95 before it at 90"),
        ("100, 90, 80", 95, "1 of 3; tiers 2-3 never fill: price comes to the stop at 95 before them"),
        ("100, 95", 95, "1 of 2; tier 2 never fills: it lies at the stop"),
        ("100, {price: 90, after: 200}", 85, "1 of 2; tier 2 never fills: it waits for 200, and no path gets there"),
        (
            "100, {price: 90, after: 130}, {price: 88, after: tier 2}",
            85,
            "1 of 3; tiers 2-3 never fill: tier 2 waits for 130, and no path gets there; tier 3 waits for tier 2,",
        ),
        (
            "100, {price: 130, order: stop}",
            85,
            "1 of 2; tier 2 never fills: entries have ended, or the plan is over, before price comes to it at 130",
        ),
        (
            "100, {price: 130, order: stop}, 105",
            85,
            "tier 3 would execute at once, and so waits for tier 2, which never fills; entries have ended, or the",
        ),
    ],
)
def test_a_tier_that_never_fills_has_a_reason(tiers: str, stop: int, said: str) -> None:
    """There is no path to show for what never happens: what stands before it is told, in the plan's prices."""
    one = of_text(f"{{symbol: AAA/USDT, side: long, size: 3 AAA, tiers: [{tiers}], stop: {stop}, targets: [120]}}")
    text = joined(page(one))
    assert "BROKEN every tier can fill: 1 of " in text
    assert f"{said} " in text
    proofs = {proof["claim"]: proof for proof in paths_record(one.study, one.paths)["proofs"]}
    assert proofs["tiers"]["counterexample"] == []


def test_a_target_that_is_never_hit_has_a_reason() -> None:
    """Nothing is left for it, or nothing ever fills."""
    text = (
        "{symbol: AAA/USDT, side: long, size: 1 AAA, tiers: [100], stop: 90,"
        " targets: [{price: 120, close: 100%}, {price: 130, close: 0%}]}"
    )
    assert "1 of 2; target 2 is never hit: nothing is left after target 1" in joined(page(of_text(text)))
    one = of_text(text, start=Decimal(80))
    assert "0 of 2; targets 1-2 are never hit: nothing ever fills" in joined(page(one))


ENTRY = (
    "{symbol: AAA/USDT, side: long, size: 2 AAA, fees: {maker: 0.1%, taker: 0.1%}, tiers: [100], stop: 90,"
    " targets: [{price: 120, close: 50%, stop: entry}, rest at 130]}"
)


def test_a_stop_that_locks_is_judged_by_what_is_held_then() -> None:
    """1 token bought and sold at 100 pays two fees of 0.1: what is held loses 0.2, the plan has won by then."""
    text = joined(page(of_text(ENTRY)))
    assert (
        "BROKEN no stop that locks a gain or breaks even loses after costs: what is held then loses 0.20 USDT" in text
    )
    # At 105 it brings 5, less 0.1 and 0.105: 4.795.
    text = joined(page(of_text(ENTRY.replace("entry", "105"))))
    assert "loses after costs: what is held then brings at least 4.80 USDT" in text


def test_ends_are_sorted_by_result_with_their_chance() -> None:
    """The worst first; each with tiers, targets, net, R and the fair chance worked out by hand."""
    text = page(golden("liquidated-first"))
    # From 60,000 the target at 62,000 comes before 59,500 in 500 of 2,500: 20%. At 59,500 it comes before 54,045.226 in
    # 5,454.774 of 7,954.774, 68.57% of the other 80%: 54.86%; what is left is 25.14%.
    assert line_with(text, "liquidated  ") == "liquidated 1-2 - -11,950.00 -1.02R 25.1%"
    assert line_with(text, "+2,000.00  ") == "all targets 1 1 +2,000.00 +0.17R 20.0%"
    assert line_with(text, "+4,500.00  ") == "all targets 1-2 1 +4,500.00 +0.38R 54.9%"
    places = [text.index(net) for net in ("-11,950.00  -1.02R", "+2,000.00", "+4,500.00")]
    assert places == sorted(places)


def test_the_summary_says_worst_best_and_expected() -> None:
    """At the fair price the expectation is minus the costs: here what liquidation keeps of the margin."""
    text = joined(page(golden("liquidated-first")))
    assert "worst -11,950.00 USDT = -1.02R best +4,500.00 USDT = +0.38R" in text
    # The levels lose 2 * 5,704.774 = 11,409.548 where liquidated, the margin is 11,950: 25.14% of 540.452 is 135.88.
    assert "expected -135.88 USDT = -0.01R: at the fair price no order of fills and exits is an edge" in text
    assert "chance of profit 74.9%, of the stop 0%, of liquidation 25.1%" in text
    assert re.search(r"the plan needs price to reach \+1R before -1R 5\d(\.\d)? times in 100", text)


def test_without_costs_the_expectation_is_nothing() -> None:
    """One tier, one target: 1:2 at one third, expectation 0, even at 50 times in 100."""
    text = " ".join(
        page(of_text("{symbol: AAA/USDT, side: long, size: 1 AAA, tiers: [100], stop: 90, targets: [120]}")).split()
    )
    assert "expected 0: at the fair price" in text
    assert "of profit 33.3%, of the stop 66.7%" in text
    assert "break-even it comes out even at the fair price: +1R before -1R 50 times in 100" in text


def test_a_trail_is_booked_at_its_expected_exit_with_the_worst_beside() -> None:
    """The last 0.05 BTC of tier 1 trails from 46,500: expected there, at worst 2.5% below."""
    text = page(golden("breakout-pyramid"))
    assert line_with(text, "trail        1") == "trail 1 1-3 +2,323.67 +3.17R +2,265.60 5.8%"
    # 0.05 * 46,500 * 2.5% = 58.125 apart, less slippage and fee on it.
    assert "and more with the trail" in text
    # A stop has one result: nothing stands beside it.
    assert line_with(text, "stopped    1-2") == "stopped 1-2 - -733.72 -1.00R - 25.3%"


def test_what_the_clock_ends_has_no_chance() -> None:
    """`time_stop` and `expires` are ends without tiers, result and chance, and a line says why."""
    text = page(golden("any-order"))
    assert line_with(text, "time stop  ") == "time stop - - - - -"
    assert line_with(text, "expires   ") == "expires - - - - -"
    assert "`time_stop` and `expires` are ends that the clock makes" in text


def test_a_trail_whose_exit_varies_says_why_the_chances_differ() -> None:
    """Booked as a profit, some of them are a loss: the line says how many are not.

    From 110 a trail of 20 starts at 90, where the stop is, so it is booked at 110 with the target. It nets 0 where it
    exits at 100: the run beyond 110 is exponential with mean 20, and beyond 10 it is with exp(-10/20) = 60.65%.
    """
    one = of_text(
        "{symbol: AAA/USDT, side: long, size: 2 AAA, tiers: [100], stop: 90,"
        " targets: [{price: 110, close: 0%, trail: 20}]}"
    )
    text = joined(page(one))
    assert "the exit varies, and is a profit in 60.7% of cases: the chance of profit counts these" in text
    assert "of profit 30.3%" in text
    assert "the exit varies" not in page(golden("breakout-pyramid"))


def test_the_mean_of_an_inverse_trail_is_approximate() -> None:
    """Its exit price is booked, and coin goes with one over the price; elsewhere the mean is exact, without a line."""
    assert "expected figures in BTC are approximate" in page(golden("coin-short"), 120)
    assert "approximate" not in page(golden("breakout-pyramid"), 120)


def test_the_price_of_one_r_stands_beside_what_is_needed() -> None:
    """Where 1R in money is another than the distance to the stop at full size, and only there."""
    text = "{symbol: AAA/USDT, side: long, size: 3 AAA, tiers: [100, 97], stop: 90, targets: [120]}"
    # 1.5 tokens each at 100 and 97: 98.5 on average, 8.5 to the stop, 25.5 of planned loss; after tier 1 alone 15.
    assert "of price" not in page(of_text(text))
    by_tier = of_text(text.replace("stop: 90", "stop: 90, risk_unit: first tier"), edge=Decimal("1.01"))
    said = joined(page(by_tier, 120))
    assert re.search(r"with an edge of 1.01: \+1R before -1R [0-9.]+ times in 100 \(here 1R is 8.5 of price\)", said)
    assert "break-even it comes out even at the fair price: +1R before -1R 50 times in 100 (here 1R is 8.5 of" in said


def test_a_plan_without_a_losing_side_says_so() -> None:
    """Nothing below: price comes to the target for sure, and what is at stake is told as no end of the plan."""
    one = of_text("{symbol: AAA/USDT, side: long, size: 2 AAA, tiers: [100], stop: none, targets: [120]}")
    text = joined(page(one))
    assert "one side with a level on one side only, price comes to it for sure: it is assumed to have no bounds" in text
    assert "worst -200.00 USDT = -1.00R, the most that is at stake: nothing ends the plan on the losing side" in text
    unknown = one.paths._replace(
        summary=one.paths.summary._replace(worst=None, worst_r=None),
        proofs=(Proof(Claim.WORST_PLANNED, None, None, None),),
    )
    text = joined(page(one._replace(paths=unknown)))
    assert "worst n/a: nothing ends the plan on the losing side" in text
    assert "n/a no path loses more than planned: nothing ends the plan on the losing side" in text
    assert "one side" not in page(golden("breakout-pyramid"))


def test_ends_that_look_alike_happened_in_another_order() -> None:
    """A line says why two rows have the same end, tiers and targets; without such rows there is none."""
    assert "rows alike in end, tiers and targets happened in another order" in page(golden("any-order"), 120)
    assert "another order" not in page(golden("breakout-pyramid"))


def test_a_start_far_below_the_plans_prices_is_told_whole() -> None:
    """No digit of what was asked for is cut, in the head and in what happens there."""
    text = "{symbol: AAA/USDT, side: long, size: 1 AAA, tiers: [100], stop: 90, targets: [120]}"
    one = of_text(text, start=Decimal("0.00000000000000000001"))
    assert "every path from 0.00000000000000000001, nothing filled" in page(one)
    assert "at once 100%, invalidated at 0.00000000000000000001 before" in tree_text(one, width=160)


def test_a_start_and_an_edge_are_named() -> None:
    """The head says where price begins and with what drift; its chance of +1R is that of the power formula."""
    text = "{symbol: AAA/USDT, side: long, size: 1 AAA, tiers: [100], stop: 90, targets: [120]}"
    assert "every path from 105, nothing filled, at the fair price" in page(of_text(text, start=Decimal(105)))
    # g = -1: (100^-1 - 90^-1) / (110^-1 - 90^-1) = (1/90 - 1/100) / (1/90 - 1/110) = (1/900) / (2/990) = 0.55.
    assert "with an edge of -1: +1R before -1R 55 times in 100" in page(of_text(text, edge=Decimal(-1)), 120)


@pytest.mark.parametrize("name", NAMES)
def test_without_colour_nothing_acts_on_the_terminal(name: str) -> None:
    """No control character but the line feed, and no blank at the end of a line, in any form."""
    one = golden(name)
    for text in (page(one), tree_text(one, width=80), paths_in("md", one), graphs([one]), paths_csv([one])):
        assert not INVISIBLE.search(text)
        assert not re.search(r" $", text, re.MULTILINE)


@pytest.mark.parametrize("width", [40, *WIDTHS])
@pytest.mark.parametrize("name", NAMES)
def test_colour_only_repeats_what_the_words_say(name: str, width: int) -> None:
    """With colour the text is the same; a broken proof is broken in words."""
    one = golden(name)
    plain, coloured = (paths_text(one, width=width, colour=colour, blocks=True) for colour in (False, True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert ESCAPE in coloured


@pytest.mark.parametrize("width", [30, 40, 52, *WIDTHS])
@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_too_wide(name: str, width: int) -> None:
    """Page and tree stay within the width, and every net result stands whole."""
    one = golden(name)
    for text in (page(one, width), tree_in("table", one, width=width, colour=False)):
        for line in text.splitlines():
            assert cells(line) <= width or " " not in line.strip(), line
    for outcome in one.paths.outcomes:
        assert one.figures.money(abs(outcome.net)) in page(one, width)


def test_a_page_lists_the_worst_and_the_best_of_too_many_ends() -> None:
    """Of 200 ends a hundred are listed, and a line says what was left out."""
    one = of_text(MANY)
    assert len(one.paths.outcomes) > MOST_ENDS
    text = page(one)
    left_out = len(one.paths.outcomes) - MOST_ENDS
    told_ends = re.findall(r"^(?:stopped|all targets) .*%$", text, re.MULTILINE)
    assert len(told_ends) == MOST_ENDS
    assert re.search(
        rf"^  {left_out} ends from \S+ to \S+, \S+% in all; `--format csv` lists them$", text, re.MULTILINE
    )
    assert len(paths_csv([one]).splitlines()) == 1 + len(one.paths.outcomes)
    assert f"{left_out} ends from" in paths_in("md", one)


def incomplete() -> WalkedPlan:
    """What is told of a plan that passes the bound on its states."""
    one = of_text(MANY)
    return one._replace(paths=walked(one.plan, most=10))


def test_a_plan_with_too_many_states_gives_bounds() -> None:
    """It says so instead of listing, in every form; no chance is made up."""
    one = incomplete()
    text = joined(page(one))
    assert "bounds the plan has more than 10 states: no path is listed, and no chance is known" in text
    assert re.search(r"worst no worse than -[\d,.]+ USDT", text)
    assert "chance of profit" not in text
    assert tree_text(one, width=80) == "no tree: the plan has more than 10 states\n"
    assert "more than 10 states" in paths_in("md", one)
    assert "more than 10 states" in graphs([one])
    assert paths_csv([one]).splitlines() == [",".join(COLUMNS)]
    record = paths_record(one.study, one.paths)
    assert (record["complete"], record["states"], record["outcomes"]) == (False, [], [])
    assert record["summary"]["expected_net"] is None


# Words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("0", "0%"),
        ("1", "100%"),
        ("0.9999999999999999999999999999999999999999999999999", "100%"),
        ("1e-30", "<0.1%"),
        ("0.0004999", "<0.1%"),
        ("0.0006", "0.1%"),
        ("0.2514", "25.1%"),
        ("0.99949", "99.9%"),
        ("0.99951", ">99.9%"),
        ("0.9999999999999999999999999", ">99.9%"),
    ],
)
def test_no_chance_reads_as_none_or_sure_that_is_not(value: str, said: str) -> None:
    """0% and 100% are exact; what is nearer to them than a tenth says that it is less, or more."""
    assert chance(Decimal(value)) == said


def test_an_unknown_chance_is_not_nothing() -> None:
    """It reads n/a."""
    assert chance(None) == "n/a"


def test_runs_of_tiers_are_joined() -> None:
    """`1-3,5`: a reader sees at once which tier is missing."""
    assert (numbers(()), numbers((1,)), numbers((1, 3)), numbers((1, 2, 3, 5, 6))) == ("-", "1", "1,3", "1-3,5-6")
    assert (first_targets(0), first_targets(1), first_targets(3)) == ("-", "1", "1-3")


def test_the_break_even_edge_is_told_as_times_in_a_hundred() -> None:
    """Rounded up, because it is what the plan needs; what needs less than even odds is no cost to pay."""
    assert times_in_100(Decimal("0.53")) == "53 times in 100"
    assert times_in_100(Decimal("0.52501"), Toward.UP) == "52.6 times in 100"
    rounded_up = breakeven_words(BreakevenEdge(Decimal("0.9"), Decimal("0.52501")), "")
    assert rounded_up.endswith("+1R before -1R 52.6 times in 100")
    needed = breakeven_words(BreakevenEdge(Decimal("0.9"), Decimal("0.53")), "")
    assert needed == "to pay its costs the plan needs price to reach +1R before -1R 53 times in 100"
    assert breakeven_words(BreakevenEdge(Decimal("1.1"), Decimal("0.48")), "").startswith("it comes out even where")
    assert breakeven_words(None, "no stop") == "n/a: no stop"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("0.49523", "49.5"),
        ("0.5246", "52.5"),
        ("1e-30", "less than 0.1"),
        ("0.9999", "more than 99.9"),
        ("0", "0"),
        ("1", "100"),
    ],
)
def test_a_stated_chance_is_rounded_half_to_even(value: str, said: str) -> None:
    """It is no limit, so nothing is rounded up; what is neither none nor sure does not read as either."""
    assert times_in_100(Decimal(value)) == f"{said} times in 100"


@pytest.mark.parametrize(
    ("money", "in_r", "said"),
    [
        ("-14.66", "-0.000025", "-14.66, less than 0.01R"),
        ("-0.004", "0.005", "-0.00, less than 0.01R"),
        ("0.004", "-0.0051", "+0.00 = -0.01R"),
        ("-7.015", "-0.035", "-7.02 = -0.04R"),
        ("12", "1.005", "+12.00 = +1.00R"),
        ("0", "0", "0.00 = 0.00R"),
        ("-1e-40", "-1e-42", "0.00 = 0.00R"),
    ],
)
def test_an_expected_result_is_a_mean_and_no_limit(money: str, in_r: str, said: str) -> None:
    """Half to even, never away from zero; what is not 0 keeps its sign, and R does not read as nothing."""
    figures = golden("liquidated-first").figures
    assert mean_money(figures, Decimal(money)) + mean_r(Decimal(in_r)) == said


def test_every_kind_of_event_has_words() -> None:
    """What happened, to what, at which price; a liquidation just before the stop never reads as one at it."""
    figures = golden("liquidated-first").figures
    near = Event(EventKind.LIQUIDATION, 0, Decimal("53900.004"), Decimal(53900))
    path = (
        *(Event(kind, 2, Decimal("60000.50")) for kind in (EventKind.TIER, EventKind.TARGET, EventKind.AFTER)),
        *(Event(kind, 0, Decimal(59000)) for kind in (EventKind.STOP, EventKind.INVALIDATION, EventKind.TRAIL)),
        Event(EventKind.LIQUIDATION, 0, Decimal(54000)),
        near,
    )
    assert path_words(figures, path) == (
        "tier 2 at 60,000.5, target 2 at 60,000.5, 60,000.5 touched, which tier 2 waits for, stopped at 59,000, "
        "invalidated at 59,000 before anything filled, the rest trails from 59,000, liquidated at 54,000, "
        "liquidated at 53,900.01 before the stop at 53,900"
    )


# The picture


def ended(net_r: str, probability: str) -> Outcome:
    """An end of which only the result and the chance matter."""
    result, profit = Decimal(net_r), Decimal(Decimal(net_r) > 0)
    return Outcome(
        End.STOPPED,
        (1,),
        0,
        result,
        result,
        result,
        result,
        Decimal(probability),
        profit,
        Way((), Link(None, None), None),
    )


def test_losses_and_profits_never_share_a_step() -> None:
    """Steps are round, 0 is an edge, and what lies on an edge belongs to the step above it."""
    found = bins([ended("-1", "0.5"), ended("-0.01", "0.2"), ended("0", "0.1"), ended("1.2", "0.2")])
    assert [(one.low, one.high, one.chance) for one in found] == [
        (Decimal(low), Decimal(high), Decimal(share))
        for low, high, share in (
            ("-1.0", "-0.8", "0.5"),
            ("-0.8", "-0.6", "0"),
            ("-0.6", "-0.4", "0"),
            ("-0.4", "-0.2", "0"),
            ("-0.2", "0", "0.2"),
            ("0", "0.2", "0.1"),
            ("0.2", "0.4", "0"),
            ("0.4", "0.6", "0"),
            ("0.6", "0.8", "0"),
            ("0.8", "1.0", "0"),
            ("1.0", "1.2", "0"),
            ("1.2", "1.4", "0.2"),
        )
    ]


@given(
    st.lists(
        st.tuples(st.decimals(-1000, 1000, places=4), st.decimals("0.001", 1, places=3)),
        min_size=1,
        max_size=40,
    )
)
def test_the_picture_loses_no_chance(ends: list[tuple[Decimal, Decimal]]) -> None:
    """Whatever the results, there are at most twelve steps, they join, and all chances are in them."""
    found = bins([ended(str(net), str(probability)) for net, probability in ends])
    assert 1 <= len(found) <= 12
    assert all(one.high == other.low for one, other in pairwise(found))
    assert sum(one.chance for one in found) == sum(probability for _, probability in ends)
    assert found[0].low <= min(net for net, _ in ends)
    assert found[-1].high > max(net for net, _ in ends)


def test_bars_have_an_ascii_form_and_hide_no_small_chance() -> None:
    """Half of the longest is half as long; what is not 0 has a bar; without block characters it is made of `#`."""
    half, whole = Decimal("0.5"), Decimal(1)
    assert (bar(half, whole, 10, blocks=True), bar(whole, whole, 10, blocks=True)) == ("█" * 5, "█" * 10)
    assert (bar(Decimal("1e-9"), whole, 10, blocks=True), bar(Decimal(0), whole, 10, blocks=True)) == ("▌", "")
    assert bar(Decimal("0.25"), whole, 10, blocks=True) == "██▌"
    assert (bar(half, whole, 10, blocks=False), bar(Decimal("1e-9"), whole, 10, blocks=False)) == ("#####", "#")
    assert paths_text(golden("any-order"), width=120, colour=False, blocks=False).isascii()


def test_one_result_has_no_picture() -> None:
    """A plan that can only be stopped is no distribution."""
    text = page(of_text("{symbol: SOL/USDT, side: long, size: 900 USDT, tiers: [150, 140, 130], stop: 118}"))
    assert "█" not in text
    assert "with a level on one side only, price comes to it for sure" in joined(text)


# The tree and the graph


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [60, 160])
def test_the_tree_has_each_state_once(name: str, width: int) -> None:
    """Every state is drawn once, however many ways lead to it; the others point to it."""
    one = golden(name)
    text = joined(tree_text(one, width=width))
    drawn = [int(number) for number in re.findall(r"state (\d+): ", text)]
    assert sorted(drawn) == [state.state for state in one.paths.states]
    pointed = [int(number) for number in re.findall(r"-> state (\d+)(?![\d:])", text)]
    assert set(pointed) <= set(drawn)
    moves = [move for state in one.paths.states for move in (state.up, state.down) if move is not None]
    assert text.count("ends at ") == sum(move.state is None for move in moves)


def test_a_second_way_points_to_the_state() -> None:
    """With adds on both sides target 1 is hit with all of them filled, whichever came first: one state."""
    text = tree_text(
        of_text(
            "{symbol: AAA/USDT, side: long, size: 3 AAA, tiers: [100, 90, 110 stop], stop: 80,"
            " targets: [50% at 130, rest at 150]}"
        ),
        width=120,
    )
    drawn = re.findall(r"target 1 at 130 -> state (\d+): 1.5 AAA at 100, stop 80$", text, re.MULTILINE)
    assert len(drawn) == 1
    assert re.search(rf"target 1 at 130 -> state {drawn[0]}$", text, re.MULTILINE)


def test_a_deep_tree_goes_on_at_the_margin() -> None:
    """Twenty tiers deep no line is too wide: what lies too far in is drawn below."""
    text = tree_text(of_text(MANY), width=80)
    assert all(len(line) <= 80 for line in text.splitlines())
    below = re.findall(r"-> state (\d+), below", joined(text))
    assert below
    for number in below:
        assert re.search(rf"^state {number}: ", text, re.MULTILINE)


def test_ends_in_the_tree_have_their_result() -> None:
    """In R, and of the way there: what ends alike by another order has its own.

    16 and 8 of any-order's tokens are held after target 1 in either order: (16 - 176 - 7.68) / 247.6 where tier 2
    comes after it, (64 - 144 - 7.76) / 247.6 where it comes before, the fees a tenth of a percent of all that is
    traded.
    """
    assert "down 79.6%, stopped at 53,900" not in tree_text(golden("liquidated-first"), width=120)
    # 2 * 59,750 / 10 over 11,700 is 1.02; the chance from 59,500 is 2,500 / 7,954.774 = 31.4%.
    text = tree_text(golden("liquidated-first"), width=160)
    assert "down 31.4%, liquidated at 54,045.23 before the stop at 53,900: ends at -1.02R" in text
    text = tree_text(golden("any-order"), width=160)
    assert "down 66.7%, stopped at 138: ends at -0.68R" in text
    assert "down 16.7%, stopped at 138: ends at -0.35R" in text


def test_the_clock_is_in_the_tree_and_the_graph() -> None:
    """`time_stop` and `expires` are ends there too, without a chance: a line, and boxes that no edge leads to."""
    one = golden("any-order")
    assert "`time_stop` and `expires` are ends that the clock makes" in joined(tree_text(one, width=80))
    graph = graphs([one])
    for end in ("time stop", "expires"):
        assert f'label="{end}\\nin any state, by the clock\\nno path has a time: no chance"' in graph
    assert "clock" not in tree_text(golden("coin-short"), width=80)
    assert "clock" not in graphs([golden("coin-short")])


def test_a_box_shows_one_result_where_all_ways_into_it_agree() -> None:
    """The stop after tiers 1-2 and target 1 has two results, by what came first: a box each, as the tree tells them."""
    graph = graphs([golden("any-order")])
    assert 'label="stopped\\ntiers 1-2, targets 1\\n-0.68R"' in graph
    assert 'label="stopped\\ntiers 1-2, targets 1\\n-0.35R"' in graph
    one = golden("any-order")
    last = one.paths.states[-1]
    assert last.down is not None
    # Had the last state been reached with two results, its box would tell both.
    spread = last._replace(down=last.down._replace(worst=Decimal("-247.6"), best=Decimal("247.6")))
    changed = one._replace(paths=one.paths._replace(states=(*one.paths.states[:-1], spread)))
    assert "\\nfrom -1.00R to +1.00R" in graphs([changed])


def test_what_nobody_could_read_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tree and graph say that there are too many states, and where they are."""
    one = golden("any-order")
    monkeypatch.setattr(paths_states, "MOST_DRAWN", 10)
    assert tree_text(one, width=80) == "no tree: 11 states are too many to draw; `--format json` has them\n"
    graph = graphs([one])
    assert "11 states are too many to draw" in graph
    assert "->" not in graph


WORD = r'(?:"(?:[^"\\\n]|\\.)*"|[a-zA-Z0-9_]+)'
STATEMENT = re.compile(rf"  (?:{WORD}={WORD}|{WORD}(?: -> {WORD})? \[{WORD}={WORD}(?:, {WORD}={WORD})*\]);")


@pytest.mark.parametrize("name", NAMES)
def test_the_graph_is_valid_dot(name: str) -> None:
    """Each statement is one of the DOT grammar, every quote is closed, and an edge joins declared nodes."""
    one = golden(name)
    first, *statements, last = graphs([one]).splitlines()
    assert re.fullmatch(rf"digraph {WORD} {{", first)
    assert last == "}"
    for statement in statements:
        assert STATEMENT.fullmatch(statement), statement
    nodes = {match[1] for line in statements if (match := re.match(r"  (\w+) \[", line))}
    edges = [match.groups() for line in statements if (match := re.match(r"  (\w+) -> (\w+) ", line))]
    # What the clock ends has a box that no edge leads to.
    assert {node for edge in edges for node in edge} == {node for node in nodes if not node.startswith("c")}
    assert len([node for node in nodes if node.startswith("c")]) == len(one.paths.timed)
    assert len([node for node in nodes if node.startswith("s")]) == len(one.paths.states)


@given(st.text())
def test_any_text_is_one_string_of_the_dot_language(text: str) -> None:
    """Quotes, backslashes, line feeds and control characters of a plan end no string."""
    found = quoted(text)
    assert re.fullmatch(r'"(?:[^"\\\n]|\\.)*"', found)
    assert not INVISIBLE.search(found)


# Rows, records and Markdown


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_rectangular_and_no_formula(name: str) -> None:
    """As many cells as heads; a name that a spreadsheet would run is led by an apostrophe."""
    rows = list(csv.reader(io.StringIO(paths_csv([golden(name)]))))
    assert tuple(rows[0]) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    for row in rows[1:]:
        for head, cell in zip(COLUMNS, row, strict=True):
            if head in ("file", "name", "symbol", "path"):
                assert not cell.startswith(("=", "+", "-", "@"))
    assert len(rows) == 1 + len(golden(name).paths.outcomes) + len(golden(name).paths.timed)


def test_rows_have_the_figures_unrounded() -> None:
    """Chances and results are those of the records."""
    one = golden("liquidated-first")
    rows = list(csv.DictReader(io.StringIO(paths_csv([one]))))
    assert [row["net"] for row in rows] == ["-11950", "2000", "4500"]
    assert [Decimal(row["probability"]) for row in rows] == [outcome.probability for outcome in one.paths.outcomes]
    assert [row["tiers"] for row in rows] == ["1 2", "1", "1 2"]
    assert rows[0]["path"] == BROKEN_PATH.replace(", ", "; ")


def record_of(name: str) -> Record:
    """The JSON of a golden plan, read back."""
    one = golden(name)
    record: Record = json.loads(to_json(paths_record(one.study, one.paths)))
    return record


# The shape that the machine's definition gives, typed over.
STATE = (
    "state tiers targets touched waiting price stop liquidation liquidation_price liquidation_not_before "
    "bankruptcy_price quantity average_entry initial_margin effective_leverage probability open_probability up down"
)
OUTCOME = "end tiers targets gross net net_r net_worst probability profit path"
PROOF = "claim says holds value limit numbers missing counterexample counterexample_value"
SUMMARY = (
    "worst worst_r best best_r best_unbounded expected_gross expected_net expected_net_r probability_of_profit "
    "probability_stopped probability_liquidated breakeven_edge breakeven_missing states outcomes"
)
PATHS = (
    "format_version command file plan units edge start complete missing begin states outcomes timed waits proofs "
    "summary diagnostics"
)


@pytest.mark.parametrize("name", NAMES)
def test_the_record_has_its_shape(name: str) -> None:
    """Every key in its order; decimals are strings of plain digits, absent is null."""
    record = record_of(name)
    assert " ".join(record) == PATHS
    assert {" ".join(state) for state in record["states"]} == {STATE}
    assert {" ".join(outcome) for outcome in record["outcomes"]} == {OUTCOME}
    assert {" ".join(proof) for proof in record["proofs"]} == {PROOF}
    assert " ".join(record["summary"]) == SUMMARY
    for move in (state[side] for state in record["states"] for side in ("up", "down") if state[side]):
        assert {"event", "price", "probability", "state"} <= set(move)
        assert (move["state"] is None) == (move["end"] is not None)
    assert not re.search(r'"-?[0-9.]+E[+-]?[0-9]+"', json.dumps(record))
    json.loads(json.dumps(record), parse_float=pytest.fail)


def test_the_record_gives_paths_as_events() -> None:
    """A counterexample is a list of events with their tier or target, and the price."""
    record = record_of("liquidated-first")
    proof = next(proof for proof in record["proofs"] if proof["claim"] == "no_liquidation")
    *fills, last = proof["counterexample"]
    assert fills == [{"event": "tier", "tier": 1, "price": "60000"}, {"event": "tier", "tier": 2, "price": "59500"}]
    assert (last["event"], last["stop"], last["price"][:9]) == ("liquidation", "53900", "54045.226")
    assert record["begin"] == fills[:1]
    assert record_of("any-order")["timed"] == [
        {"end": "time stop", "probability": None},
        {"end": "expires", "probability": None},
    ]


def test_what_breaks_even_is_0_in_the_record() -> None:
    """The noise in the last digits of a quotient is no result: net, R and worst read 0, and so do the rows."""
    outcome = next(one for one in record_of("breakout-pyramid")["outcomes"] if one["tiers"] == [1, 2, 3])
    assert (outcome["net"], outcome["net_r"], outcome["net_worst"]) == ("0", "0", "0")
    assert "0000000000000000000000000000" not in paths_csv([golden("breakout-pyramid")])
    found = golden("breakout-pyramid")
    assert Decimal(0) in {cell.net for cell in EveryPath(found.ladder).matrix().results}


@pytest.mark.parametrize("name", NAMES)
def test_markdown_tables_are_rectangular_and_a_name_is_no_markup(name: str) -> None:
    """Each table has as many cells in every row; the picture stands in a fence that nothing closes early."""
    text = paths_in("md", golden(name))
    for block in text.split("\n\n"):
        rows = [re.split(r"(?<!\\)\|", line) for line in block.splitlines() if line.startswith("|")]
        assert len({len(row) for row in rows}) <= 1
    assert text.count("```") == 2
    assert "[link](" not in text
    assert "<b>" not in text
    assert tree_in("md", golden(name)).count("```") == 2


# The matrix of `show`


def matrix(text: str) -> tuple[Study, Matrix]:
    """The matrix of a plan given as text."""
    found = studied(text)
    return found, EveryPath(found.ladder).matrix()


DIP = (
    "{symbol: AAA/USDT, side: long, size: 2 AAA, tiers: [100, 90], stop: 80,"
    " targets: [{price: 110, close: 50%, stop: entry}, rest at 130]}"
)


def test_the_matrix_has_only_what_can_happen() -> None:
    """By hand: stopped with tier 1 alone is not possible, because tier 2 lies on the way; in money and in R."""
    found, cells_of = matrix(DIP)
    assert found.ladder is not None
    told_cells = {(one.tiers, one.targets): one.net for one in cells_of.results}
    # 1R is 20 + 10 = 30. Tier 1: half of 1 at 110 is 5, the rest at 100 nothing, at 130 another 15. Both tiers, 95 on
    # average: 1 at 110 is 15, the rest at 95 nothing, at 130 another 35.
    assert told_cells == {
        ((1, 2), 0): Decimal(-30),
        ((1,), 1): Decimal(5),
        ((1, 2), 1): Decimal(15),
        ((1,), 2): Decimal(20),
        ((1, 2), 2): Decimal(50),
    }
    assert [one["net_r"] for one in matrix_records(cells_of, found.ladder) or ()][:1] == ["-1"]
    rows = [joined(line) for line in show_text(found, width=80, colour=False).splitlines()]
    begin = rows.index("if only tiers 1 1-2 fill")
    assert rows[begin + 1 : begin + 4] == [
        "stopped -1.00R",
        "after target 1 +0.17R +0.50R",
        "all targets +0.67R +1.67R",
    ]
    assert "| 1 |  | +0.17R | +0.67R |" in show_in("md", found)


def test_a_result_that_depends_on_the_order_is_the_worst_and_marked() -> None:
    """Where what comes first matters, the worse one stands there with a mark, and a note explains it."""
    one = golden("any-order")
    text = show_text(one.study, width=80, colour=False)
    worst = min(outcome.net for outcome in one.paths.outcomes if (outcome.tiers, outcome.targets) == ((1, 2, 3), 1))
    found = {(cell.tiers, cell.targets): cell for cell in EveryPath(one.ladder).matrix().results}
    assert (found[(1, 2, 3), 1].net, found[(1, 2, 3), 1].orders) == (worst, True)
    assert not found[(1, 3), 1].orders
    assert "  1,3" in text
    assert "*  the worst of several results: it depends on what comes first" in text
    assert '"depends_on_order": true' in to_json(matrix_records(EveryPath(one.ladder).matrix(), one.ladder))


def test_a_liquidation_in_the_matrix_is_marked() -> None:
    """A cell that is liquidated and not stopped says so by more than colour."""
    text = show_text(golden("liquidated-first").study, width=80, colour=False)
    assert "!-1.02R" in text
    assert "!  liquidated then" in text


def test_what_nothing_ends_is_marked() -> None:
    """Without a stop the whole cost is at stake."""
    _, found = matrix("{symbol: AAA/USDT, side: long, size: 2 AAA, tiers: [100, 90], stop: none, targets: [120]}")
    assert [(one.tiers, str(one.end), one.net) for one in found.results if one.targets == 0] == [
        ((1, 2), "open", Decimal(-190))
    ]


def test_too_large_a_matrix_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """No table is drawn that cannot be read or takes long; a line names the command that has it."""
    monkeypatch.setattr(paths_matrix, "MOST_STATES", 3)
    found, none = matrix(DIP)
    assert none.missing == "more than 3 states: `scaleplan paths` goes through them"
    assert found.ladder is not None
    assert "more than 3 states" in joined(show_text(found, width=80, colour=False))
    assert "More than 3 states" in show_in("md", found)
    assert matrix_records(none, found.ladder) is None


def test_one_tier_has_no_matrix() -> None:
    """The targets' own table says it already."""
    found = studied("{symbol: AAA/USDT, side: long, size: 2 AAA, tiers: [100], stop: 90, targets: [110]}")
    assert "if only" not in show_text(found, width=80, colour=False)


def test_the_matrix_agrees_with_every_path() -> None:
    """Its cells are the worst of the ends that `paths` lists, cell by cell, for every golden plan."""
    for name in NAMES:
        one = golden(name)
        worst: dict[tuple[tuple[int, ...], int], Decimal] = {}
        for outcome in one.paths.outcomes:
            assert outcome.net_worst is not None
            key = outcome.tiers, outcome.targets
            # What breaks even is 0 but for the noise of quotients, which the matrix takes off.
            net = outcome.net_worst if abs(outcome.net_worst) > Decimal("1e-30") else Decimal(0)
            worst[key] = min(worst.get(key, net), net)
        found = EveryPath(one.ladder).matrix()
        assert {(cell.tiers, cell.targets): cell.net for cell in found.results} == worst
        laid = outcomes(one.figures, one.ladder, found)
        assert sum(bool(cell.text) for row in laid.rows for cell in row.cells) == len(worst)


def test_hand_made_records_are_told() -> None:
    """A proof that is broken without a path, and one that waits, need no machine to be told."""
    one = golden("any-order")
    changed: Paths = one.paths._replace(waits=(2,))
    text = joined(page(one._replace(paths=changed)))
    assert "waits tier 2 would execute at once: it waits for the tier before it" in text
