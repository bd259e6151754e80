"""Nothing recorded later makes a deviation or a loss smaller: no edit that is accepted, no earlier `--at`, no note.

The long of these tests buys 0.25 BTC at 60,000 and 58,000 (maker 0.02%), stop 56,000 (taker 0.05%, slippage 0.05%),
closes half at 63,000, from where its stop is the entry, and 30% at 66,000, from where it trails by 2%. 1R: 0.5 at
59,000 on average, stopped at 55,972: 1,514 + 5.90 + 13.993 = 1,533.893 USDT.
"""

import json
import os
import shlex
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.given import file
from tests.running import joined, outcome

D = Decimal
LONG = """name: base
symbol: BTC/USDT:USDT
side: long
account: {equity: 10000 USDT}
leverage: 10
maintenance: 0.5%
fees: {maker: 0.02%, taker: 0.05%}
slippage: 0.05%
instrument: {tick_size: 0.1, lot_size: 0.001}
size: 0.5 BTC
tiers:
  - {price: 60000, share: 50%}
  - {price: 58000, share: 50%}
stop: 56000
targets:
  - {price: 63000, close: 50%, stop: entry}
  - {price: 66000, close: 30%, trail: 2%}
"""
#: The mirror image of it around 60,000.
SHORT = LONG.replace("side: long", "side: short").replace("price: 58000", "price: 62000")
SHORT = SHORT.replace("stop: 56000", "stop: 64000").replace("63000", "57000").replace("66000", "54000")
#: What cannot be taken back once it was said.
KEPT = frozenset({"SP902", "SP903", "SP904", "SP906", "SP907", "SP908", "SP911", "SP912", "SP914"})


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a journal and a folder of its own, and sets the clock."""
    monkeypatch.setenv("SCALEPLAN_JOURNAL", str(tmp_path / "journal.db"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    monkeypatch.chdir(tmp_path)
    file(tmp_path, LONG)
    return tmp_path


def on(clock: str, line: str, at: str = "", code: int = 0) -> str:
    """Runs a command at a moment of 2026-08-21, as of another one where `at` is given; returns what it says."""
    moment = datetime.fromisoformat(f"2026-08-21T{clock}+00:00")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(moment.astimezone(UTC).timestamp()))
    words = [*shlex.split(line), *(["--at", f"2026-08-21 {at} Z"] if at else [])]
    ran = outcome(*words)
    assert ran.code == code, (line, ran)
    return joined(ran.out + ran.talk)


def written(old: str, new: str, text: str = LONG) -> None:
    """Writes the plan anew, with a part of it changed."""
    assert old in text
    Path("plan.yaml").write_text(text.replace(old, new), encoding="utf-8")


def status() -> dict[str, Any]:
    """Returns the trade as JSON."""
    trade: dict[str, Any] = json.loads(outcome("status", "T1", "--format", "json").out)["trades"][0]
    return trade


def told() -> dict[str, dict[str, Any]]:
    """Returns the deviations of the trade, the last of each code."""
    return {found["code"]: found for found in status()["deviations"]}


def reviewed() -> dict[str, Any]:
    """Returns the review of the trade as JSON."""
    found: dict[str, Any] = json.loads(outcome("review", "T1", "--format", "json").out)
    return found


def begun(text: str = LONG) -> None:
    """Locks the plan, buys tier 1 and records the stop."""
    short = "short" in text
    on("10:00", "lock plan.yaml")
    on("10:10", "fill T1 60000 0.25")
    on("10:11", f"stop T1 {64000 if short else 56000}")


def first_target(text: str = LONG) -> None:
    """Goes on to target 1, the stop moved to the entry."""
    begun(text)
    on("11:00", f"exit T1 {57000 if 'short' in text else 63000} 0.125")
    on("11:01", "stop T1 60000")


# Stops that were due


@pytest.mark.parametrize(
    ("text", "loose", "cost", "planned", "one_r"),
    [(LONG, 56000, "499.500125", "362.926875", "1533.893"), (SHORT, 64000, "500.500125", "363.073125", "1538.108")],
)
def test_a_stop_that_a_target_has_moved_stays_due(text: str, loose: int, cost: str, planned: str, one_r: str) -> None:
    """Its `stop: entry` deleted and accepted, the stop due is the entry: looser is SP912, the edit SP902.

    Planned, long: 0.125 times 3,000, fees 3 + 1.575, and 0.125 stopped at 59,970 for 3.748125: 375 - 4.575 - 3.75 -
    3.748125 = 362.926875. Short: fees 3 + 1.425, stopped at 60,030 for 3.751875: 363.073125, of a 1R of 0.5 x 3,032 +
    6.1 + 16.008 = 1,538.108. At 56,000 it loses 0.125 x (59,970 - 55,972) = 499.75 more, and pays 0.249875 less; at
    64,000 0.125 x (64,032 - 60,030) = 500.25 more, and pays 0.250125 more.
    """
    Path("plan.yaml").write_text(text, encoding="utf-8")
    first_target(text)
    written(", stop: entry", "", text)
    assert "the stop is looser after target 1" in told()["SP902"]["message"]
    on("11:20", "lock plan.yaml --again room")
    assert status()["stop"]["due"] == "60000"
    assert "accepted: the stop is looser after target 1" in told()["SP902"]["message"]
    assert "SP912" not in told()
    on("11:21", f"stop T1 {loose}")
    assert D(told()["SP912"]["cost"]) == D(cost)
    on("12:21", f"exit T1 {loose} all")
    review = reviewed()
    assert abs(D(review["waterfall"]["planned"]) - D(planned) / D(one_r)) < D("1e-20")
    # It was closed at 56,000 itself, 28 better than slippage had it (64,000: 32): 0.125 x 28 and the fee on it.
    assert abs(D(review["waterfall"]["exits"]) * D(one_r) + D(cost)) < D("5")
    assert review["adherence"]["applicable"] - review["adherence"]["followed"] == 2


def test_a_trail_that_was_due_stays_due() -> None:
    """2% behind 66,000 is 64,680; accepted with 10% it stays there, and 59,400 (or the entry) is no stop due."""
    first_target()
    on("11:10", "exit T1 66000 0.075")
    on("11:11", "stop T1 64680")
    written("trail: 2%", "trail: 10%")
    on("11:20", "lock plan.yaml --again room")
    assert status()["stop"]["due"] == "64680"
    assert "the stop is looser after target 2" in told()["SP902"]["message"]
    on("11:21", "stop T1 60000")
    # 0.05 are left: 0.05 x 4,680, less 0.1% of that.
    assert abs(D(told()["SP912"]["cost"]) - D("233.77")) < D("0.01")
    on("11:22", "stop T1 64680")
    written(", trail: 2%", "")
    on("11:30", "lock plan.yaml --again none")
    assert status()["stop"]["due"] == "64680"


def test_moved_stops_outlive_two_edits() -> None:
    """The entry is due since target 1; own stops of 61,000 and then 50,000 are due where they are tighter, not after.

    The plan's own stop is no move: it is due as long as it is the plan's, and an edit that loosens it is SP902.
    """
    first_target()
    written("stop: 56000", "stop: 61000")
    Path("plan.yaml").write_text(LONG.replace("stop: entry", "stop: 61000"), encoding="utf-8")
    on("11:10", "lock plan.yaml --again tighter")
    assert (status()["stop"]["due"], "SP902" in told()) == ("61000", False)
    written(", stop: entry", "")
    on("11:20", "lock plan.yaml --again looser")
    assert (status()["stop"]["due"], "SP902" in told()) == ("61000", True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", stop: entry", "", "after target 1"),
        ("stop: entry", "stop: 59000", "after target 1"),
        ("stop: entry", "stop: -1R", "after target 1"),
        ("trail: 2%", "trail: 3%", "after target 2"),
        (", trail: 2%", "", "after target 2"),
        ("trail: 2%", "trail: 1400", "after target 2"),
        ("  - {price: 63000, close: 50%, stop: entry}\n", "", "after target 1"),
        ("stop: entry", "stop: 60500", ""),
        ("trail: 2%", "trail: 1%", ""),
        ("price: 63000, close: 50%", "price: 62000, close: 50%", ""),
        ("targets:\n", "targets:\n  - {price: 61000, close: 10%}\n", ""),
        ("stop: 56000", "stop: 57000", ""),
    ],
)
def test_what_loosens_a_stop(old: str, new: str, said: str) -> None:
    """SP902 where a target moves it less far or not at all, or a trail follows behind; 2% of 66,000 is 1,320."""
    begun()
    written(old, new)
    found = told()
    assert ("SP902" in found) == bool(said)
    if said:
        assert f"the stop is looser {said}" in found["SP902"]["message"]


def test_a_stop_of_a_tier_that_is_taken_back() -> None:
    """With `stop: 57000` at tier 2: deleted, the stop is looser after tier 2."""
    text = LONG.replace("58000, share: 50%", "58000, share: 50%, stop: 57000")
    Path("plan.yaml").write_text(text, encoding="utf-8")
    begun()
    written(", stop: 57000", "", text)
    assert "the stop is looser after tier 2" in told()["SP902"]["message"]
    on("10:30", "fill T1 58000 0.25")
    on("10:31", "stop T1 57000")
    on("10:40", "lock plan.yaml --again room")
    assert status()["stop"]["due"] == "57000"


def test_back_to_a_price_of_before_is_looser() -> None:
    """SP912 without any edit: 56,000, moved to 60,000 after target 1, and put back to 56,000."""
    first_target()
    on("11:30", "stop T1 56000")
    assert "looser than the 60,000.0 due" in told()["SP912"]["message"]


def test_a_stop_told_again_for_what_is_left_is_not_moved() -> None:
    """Target 1 moved it; 56,000 for 0.125, two minutes later, moves nothing: SP911, with or without that line."""
    begun()
    on("11:00", "exit T1 63000 0.125")
    on("11:02", "stop T1 56000 0.125")
    on("11:20", "note T1 later")
    assert set(told()) & {"SP911", "SP912"} == {"SP911"}
    assert "is still recorded at 56,000.0" in told()["SP911"]["message"]


def test_a_stop_recorded_later_for_before_does_not_excuse_a_looser_one() -> None:
    """SP912 at 10:30; 55,000 for 10:05, recorded at 11:00, was not there when it was loosened."""
    begun()
    on("10:30", "stop T1 55000")
    assert "SP912" in told()
    on("11:00", "stop T1 55000", at="10:05")
    assert "SP912" in told()


def test_a_stop_recorded_before_the_close_of_its_minute() -> None:
    """At 11:00 the stop of 56,000 is told again and then target 1 is hit: it was not loosened, it is not moved.

    Told at 11:00 behind the close, it was.
    """
    begun()
    on("11:00", "stop T1 56000 0.25", at="11:00")
    on("11:01", "exit T1 63000 0.125", at="11:00")
    assert "SP912" not in told()
    on("11:02", "stop T1 55900", at="11:00")
    assert "SP912" in told()


def test_an_entry_behind_a_date_of_expiry_is_one_too_late() -> None:
    """Nothing was held by 2026-08-21 00:00 UTC, when all tiers were cancelled: bought at 10:10, it is SP908."""
    Path("plan.yaml").write_text(LONG + "expires: 2026-08-21\n", encoding="utf-8")
    begun()
    assert "SP908" in told()
    assert {each["action"] for each in status()["due"]} == {"cancel", "exit"}


# Plans accepted for a moment that was before


def test_a_plan_accepted_for_before_the_first_fill() -> None:
    """Filled at 10:10, the stop of 50,000 accepted at 11:10 for 10:05: SP902 and SP903, whatever was said of the time.

    Worst loss 0.5 at 59,000, stopped at 49,975: 4,512.50 + 5.90 + 12.49375 = 4,530.89375, 2,997.00075 more.
    """
    begun()
    written("stop: 56000", "stop: 50000")
    on("11:10", "lock plan.yaml --again room", at="10:05")
    assert D(told()["SP902"]["cost"]) == D("2997.00075")
    assert "accepted again for a moment before it, recorded 1 h after the first fill" in told()["SP903"]["message"]
    assert status()["plan"]["one_r"] == "1533.893"
    on("12:10", "exit T1 50000 all")
    parts = {part["part"]: part["followed"] for part in reviewed()["adherence"]["parts"]}
    assert (parts["plan kept"], parts["locked in time"]) == (0, 0)


def test_a_plan_accepted_in_the_minute_of_the_first_fill() -> None:
    """At the same moment, recorded after the fill: the fill was there."""
    begun()
    written("stop: 56000", "stop: 50000")
    on("10:12", "lock plan.yaml --again room", at="10:10")
    assert "SP902" in told()


def test_a_plan_accepted_before_the_first_fill_is_planning() -> None:
    """At 10:05, recorded then: neither; what is judged is judged by it."""
    on("10:00", "lock plan.yaml")
    written("stop: 56000", "stop: 50000")
    on("10:05", "lock plan.yaml --again room")
    on("10:10", "fill T1 60000 0.25")
    on("10:11", "stop T1 50000")
    assert set(told()) == set()


def test_a_plan_accepted_late_for_a_fill_recorded_later_still() -> None:
    """Accepted at 11:30 for 10:05, before a fill of 10:10 that was recorded at 12:00: SP903 all the same."""
    on("10:00", "lock plan.yaml")
    written("stop: 56000", "stop: 50000")
    on("11:30", "lock plan.yaml --again room", at="10:05")
    on("12:00", "fill T1 60000 0.25", at="10:10")
    assert "recorded 1 h 20 min after the first fill" in told()["SP903"]["message"]


def test_an_edit_put_before_another_is_not_what_that_one_changed() -> None:
    """SP902 at 11:00; the same plan accepted at 11:30 for 10:05 comes behind it, not before."""
    begun()
    written("stop: 56000", "stop: 50000")
    on("11:00", "lock plan.yaml --again room")
    on("11:30", "lock plan.yaml --again room", at="10:05")
    assert [each["code"] for each in status()["deviations"]].count("SP902") == 1


def test_taken_back_accepted_and_brought_back() -> None:
    """The fills undone, the plan accepted for before them, and the undo undone: they were known when it was."""
    begun()
    on("10:30", "stop T1 55000")
    before = {each["code"] for each in status()["deviations"]}
    assert "SP912" in before
    for number in (4, 3, 2):
        on("11:00", f"undo {number}")
    written("stop: 56000", "stop: 55000")
    on("11:05", "lock plan.yaml --again room", at="10:05")
    for number in (7, 6, 5):
        on("11:10", f"undo {number}")
    assert {"SP902", "SP903", "SP912"} <= set(told())


def test_a_larger_plan_makes_no_fill_smaller() -> None:
    """SP906 of 0.3 for 0.25 and SP907 of 0.55 for 0.5, by the plan in force then; accepted with 0.8 they stay."""
    on("10:00", "lock plan.yaml")
    on("10:10", "fill T1 60000 0.3")
    on("10:30", "fill T1 58000 0.25")
    before = told()
    assert "tier 1 has 0.300, planned 0.250" in before["SP906"]["message"]
    assert "0.550 were entered, and the plan holds 0.500 at most" in before["SP907"]["message"]
    written("0.5 BTC", "0.8 BTC")
    on("10:40", "lock plan.yaml --again more")
    for code in ("SP906", "SP907"):
        assert told()[code] == before[code]
    # 0.2 more is what the larger plan has room for.
    on("10:50", "fill T1 58000 0.1 --tier 2")
    assert [each["code"] for each in status()["deviations"]].count("SP907") == 1


def test_an_extra_fill_hides_no_excess() -> None:
    """SP907 of 0.55 for 0.5 stays with its cost beside the 0.01 that no tier had."""
    on("10:00", "lock plan.yaml")
    on("10:10", "fill T1 60000 0.25")
    on("10:30", "fill T1 58000 0.3")
    before = told()["SP907"]
    on("10:40", "fill T1 57900 0.01")
    found = [each for each in status()["deviations"] if each["code"] == "SP907"]
    assert found[0]["cost"] == before["cost"]
    assert len(found) == 2


def test_an_ignore_accepted_later_silences_nothing_that_was_told() -> None:
    """The comment is in force from its lock on; what came about before is told, what comes later is not."""
    begun()
    on("10:30", "stop T1 55000")
    Path("plan.yaml").write_text(LONG + "# scaleplan: ignore[SP902, SP912, SP914] never mind\n", encoding="utf-8")
    on("10:40", "lock plan.yaml --again words")
    assert "SP912" in told()
    on("10:50", "exit T1 61000 0.05 --by-hand")
    assert "SP914" not in told()
    on("11:00", "exit T1 61000 all --by-hand")
    assert "SP912" in outcome("review", "T1").out


def test_a_fill_is_told_by_the_plan_that_planned_it() -> None:
    """Bought at 60,100, 100 worse than planned; a plan accepted later with 60,200 has not planned that."""
    on("10:00", "lock plan.yaml")
    on("10:10", "fill T1 60100 0.25 --tier 1")
    written("price: 60000", "price: 60200")
    on("10:20", "lock plan.yaml --again later")
    assert "100.0 worse than planned" in on("10:30", "log T1")


def test_a_time_stop_that_was_called_off_stays_so() -> None:
    """Target 1 is beyond 0.5R: called off. The same plan accepted again, with other words, asks for nothing."""
    text = LONG + "time_stop: {after: 2h, unless: 0.5R, close: 50%}\n"
    Path("plan.yaml").write_text(text, encoding="utf-8")
    first_target()
    Path("plan.yaml").write_text(text.replace("66000", "67000"), encoding="utf-8")
    on("11:20", "lock plan.yaml --again further")
    on("12:59", "note T1 later")
    assert [each for each in status()["due"] if each["action"] == "time"] == []


# Every command, before and after


def untidy() -> None:
    """A trade with something of everything: late, too large, chased, loosened, made riskier, closed by hand."""
    on("10:20", "fill plan.yaml 60000 0.3", at="10:10")
    on("10:21", "stop T1 56000")
    on("10:30", "fill T1 58500 0.25 --tier 2")
    on("10:40", "stop T1 55000")
    on("10:41", "stop T1 56000")
    on("11:00", "exit T1 63000 0.25")
    on("11:01", "stop T1 59400")
    on("11:20", "stop T1 56000")
    written("trail: 2%", "trail: 4%")
    on("11:30", "lock plan.yaml --again x")
    on("11:40", "exit T1 61000 0.05 --by-hand")


def summed_up() -> tuple[set[tuple[str, str, str]], int, str, str]:
    """Returns what is told, how much was not followed, what was planned and 1R; the trade is closed to be reviewed."""
    trade = status()
    kept = {(each["code"], each["at"], str(each["cost"])) for each in trade["deviations"] if each["code"] in KEPT}
    rows = Path("journal.db").read_bytes()
    on("13:00", "exit T1 56000 all")
    review = reviewed()
    Path("journal.db").write_bytes(rows)
    left = review["adherence"]["applicable"] - review["adherence"]["followed"]
    return kept, left, review["waterfall"]["planned"], trade["plan"]["one_r"]


EDITS = {
    "as it is": ("trail: 2%", "trail: 4%"),
    "stop further": ("stop: 56000", "stop: 50000"),
    "stop nearer": ("stop: 56000", "stop: 57000"),
    "no stop": ("stop: 56000", "stop: none"),
    "no move": (", stop: entry", ""),
    "larger": ("0.5 BTC", "0.8 BTC"),
    "tier nearer": ("price: 58000", "price: 58500"),
    "one tier": ("  - {price: 58000, share: 50%}\n", ""),
    "other target": ("{price: 63000, close: 50%, stop: entry}", "{price: 61000, close: 50%}"),
    "silent": ("name: base", "name: base # scaleplan: ignore[SP902, SP903, SP904, SP906, SP912, SP914] so be it"),
}
LATER = [*(f"lock plan.yaml --again '{name}'" for name in EDITS), "lock plan.yaml", "note T1 'never mind'"]
LATER += ["assign E2 T1 --tier 1", "stop T1 56000", "stop T1 55000", "stop T1 59400", "stop T1 --none"]


@pytest.mark.parametrize("line", LATER)
def test_nothing_recorded_later_makes_it_better(line: str) -> None:
    """Each command, for a moment before the lock, between the events and after them: all that was told is told.

    A stop that was recorded late is a fact that takes its place, and may mend what is told of none recorded (SP910): it
    takes back no deviation of these, and plans no other result.
    """
    untidy()
    before = summed_up()
    assert {code for code, _, _ in before[0]} >= {"SP902", "SP903", "SP904", "SP906", "SP907", "SP912", "SP914"}
    name = next((name for name in EDITS if f"'{name}'" in line), "as it is")
    old, new = EDITS[name]
    text = LONG.replace(old, new)
    if name == "one tier":
        text = text.replace("60000, share: 50%", "60000, share: 100%")
    Path("plan.yaml").write_text(text, encoding="utf-8")
    rows = Path("journal.db").read_bytes()
    for moment in ("09:00", "10:10", "10:40", "11:00", "11:20", "12:40"):
        Path("journal.db").write_bytes(rows)
        on("12:45", line, at=moment)
        after = summed_up()
        assert before[0] <= after[0], moment
        assert before[2:] == after[2:], moment
        assert after[1] >= before[1] or line.startswith("stop"), moment


def test_a_plan_without_a_stop_is_compared_too() -> None:
    """Tier 1 alone, 2R is 60,000 + 2 x 4,000 = 68,000: it trailed from 66,000 on. A tier more is measured too."""
    text = LONG.replace("stop: 56000", "stop: none").replace(", stop: entry", "")
    Path("plan.yaml").write_text(text, encoding="utf-8")
    on("10:00", "lock plan.yaml")
    on("10:10", "fill T1 60000 0.25")
    written("price: 66000", "price: 2R")
    assert "the stop is looser after target 2" in told()["SP902"]["message"]
    three = "58000, share: 25%}\n  - {price: 57000, share: 25%}"
    written("58000, share: 50%}", three, LONG.replace("stop: entry", "stop: tier 3"))
    assert "1 tier more" in told()["SP902"]["message"]
