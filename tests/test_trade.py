"""Trades as a trader records them: the worked example, every deviation with what it cost, what is refused, undo.

`plans/range-short.yaml` sells 0.1 BTC at 29,800 (limit), 29,500 and 29,200 (stop), stop 30,050, targets 28,600 (half,
then the stop goes to break even) and 28,100; maker 0.02%, taker 0.05%, slippage 0.05%. 1R is 180.48 USDT.
"""

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.given import file, journal, with_keys
from tests.running import ROOT, environment, joined, outcome, process

D = Decimal
#: 2026-08-21 08:46:40 UTC, when plans are locked here; it is 13:46:40 by then.
EARLY = "1787302000"
SHORT = str(ROOT / "plans" / "range-short.yaml")
#: Its mirror image around 30,000 or so: a long whose stops and costs lie the other way.
LONG = """symbol: BTC/USDT:USDT
side: long
account: {equity: 10000 USDT}
leverage: 5
maintenance: 0.5%
fees: {maker: 0.02%, taker: 0.05%}
slippage: 0.05%
size: 0.3 BTC
tiers:
  - {price: 30000, share: 1/3}
  - {price: 29000, share: 1/3}
  - {price: 28000, share: 1/3}
stop: 27000
targets:
  - {price: 31000, close: 50%, stop: breakeven}
  - {price: 32000, close: rest}
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a journal of its own, and nothing in it."""
    monkeypatch.setenv("SCALEPLAN_JOURNAL", str(tmp_path / "journal.db"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def do(line: str, *words: str, code: int = 0) -> str:
    """Runs a command that records or shows; returns what it says."""
    ran = outcome(*line.split(), *words)
    assert ran.code == code, (line, ran)
    return joined(ran.out + ran.talk)


def at(line: str, moment: str, code: int = 0) -> str:
    """Runs a command at a moment of 2026-08-21."""
    return do(line, "--at", f"2026-08-21 {moment} Z", code=code)


def status(*words: str, code: int | None = None) -> dict[str, Any]:
    """Returns what the only trade is, as JSON."""
    ran = outcome("status", *(words or ("T1",)), "--format", "json")
    assert code is None or ran.code == code, ran
    trade: dict[str, Any] = json.loads(ran.out)["trades"][0]
    return trade


def told(*words: str) -> dict[str, dict[str, Any]]:
    """Returns the deviations of the only trade by their codes."""
    return {found["code"]: found for found in status(*words)["deviations"]}


def begun(text: str = "") -> str:
    """Locks a plan at 9:00, the short without a text. Returns its path."""
    path = SHORT if not text else file(Path.cwd(), text)
    now, os.environ["SOURCE_DATE_EPOCH"] = os.environ["SOURCE_DATE_EPOCH"], EARLY
    at(f"lock {path}", "09:00")
    os.environ["SOURCE_DATE_EPOCH"] = now
    return path


def near(figure: str | None, other: str, within: str = "0.005") -> bool:
    """Returns whether a figure is another to the cent."""
    assert figure is not None
    return abs(D(figure) - D(other)) < D(within)


# The worked example


def test_the_trade_of_the_contract() -> None:
    """The sketches of the journal, figure by figure.

    Held 0.1 at 29,802.50, stopped at 30,050 * 1.0005 = 30,065.025: 0.1 * -262.525 - 0.59605 - 1.50325 = -28.35.
    With 0.06 at 29,471 and 0.04 at 29,466.50: average (2,980.25 + 1,768.26 + 1,178.66) / 0.2 = 29,635.85, fees
    2.06951. Half closed at 28,600: 103.585 - 1.034755 - 0.572 = 101.978245 = 0.57R. At 28,640 the other half closes at
    28,654.32: 98.153 - 1.034755 - 1.432716 = 95.685529. Break even lies at (2,963.585 - 1.034755) / 1.0005 / 0.1 =
    29,610.697, for which a stop that slips 0.05% lies at 29,595.899; tighter on two decimals: 29,595.89. Stopped at
    30,050: -45.455506.
    """
    begun()
    said = at(f"fill {SHORT} 29802.5 0.1 --fee 0.59605", "12:05")
    assert "tier 1: sold 0.10 at 29,802.50, 2.50 better than planned" in said
    assert "held 0.10 at 29,802.50, stopped -28.35 = -0.16R, liquidated 35,585.07" in said
    assert "DUE stop buy stop, reduce-only 30,050.00 for 0.10 none recorded" in said
    assert "then: scaleplan stop" in said
    at(f"stop {SHORT} 30050", "12:06")
    at(f"fill {SHORT} 29471 0.06", "13:00")
    at(f"fill {SHORT} 29466.5 0.04", "13:00")
    at(f"stop {SHORT} 30050 0.2", "13:01")
    at(f"exit {SHORT} 28600 0.1", "13:34")
    trade = status(SHORT, "--price", "28640", code=1)
    assert near(trade["position"]["average_entry"], "29635.85")
    assert near(trade["position"]["breakeven"], "29610.70")
    assert near(trade["realized"], "101.978245")
    assert near(trade["open"], "95.685529")
    assert (trade["stop"]["due"], trade["stop"]["recorded"], trade["stop"]["state"]) == ("29595.89", "30050", "move")
    assert near(trade["locked"]["recorded"], "56.522739")
    assert near(trade["next"]["up"]["probability"], "0.361", "0.0001")
    assert near(trade["next"]["down"]["net"], "253.97")
    assert [(due["action"], due["tier"], due["target"]) for due in trade["due"]] == [
        ("stop", None, None),
        ("cancel", 3, None),
        ("exit", None, 2),
    ]
    assert trade["due"][0]["overdue"] == 13 * 60 - 13 * 60 + 12 * 60 + 40
    moved = {found["code"]: found for found in trade["deviations"]}["SP911"]
    assert near(moved["cost"], "45.455506")
    assert "target 1 moved the stop to breakeven at 13:34" in moved["message"]
    said = do(f"status {SHORT} --price 28640", code=1)
    assert "DUE stop to 29,595.89 for 0.10; is 30,050.00 for 0.20 OVERDUE 12 min" in said
    assert "tier 3 CANCEL sell stop 29,200.00: target 1 ended the entries" in said
    assert "ends between +0.57R and +1.41R; by the stop as recorded, +0.31R at worst" in said


def test_a_trade_that_follows_its_plan_has_nothing_to_say() -> None:
    """Fills as planned, the stop recorded each time: no deviation, and the stop-out loses what the plan said.

    As planned: 29,800, and with slippage 29,500 * 0.9995 = 29,485.25 and 29,200 * 0.9995 = 29,185.40; fees 0.596,
    1.4742625 and 1.45927; stopped at 30,065.025 for 4.50975375: the plan's own 180.48.
    """
    begun()
    for moment, price in (("10:00", "29800"), ("11:00", "29485.25"), ("12:00", "29185.4")):
        at(f"fill T1 {price} 0.1", moment)
        at("stop T1 30050", moment)
    trade = status(code=0)
    assert trade["deviations"] == []
    assert near(trade["position"]["risk"], "180.48")
    at("exit T1 30065.025 all", "13:00")
    trade = status(code=0)
    assert (trade["over"], trade["deviations"]) == (True, [])
    assert near(trade["realized"], "-180.48")
    assert near(trade["realized_r"], "-1")


# Deviations


def test_an_edit_after_the_lock_is_told_and_changes_no_figure() -> None:
    """SP901 for other numbers, SP902 where they are riskier, a line for words and the account; accepted, it stays."""
    path = begun(LONG)
    at("fill T1 30000 0.1", "10:00")
    at("stop T1 27000", "10:00")
    before = status()
    plan = Path(path)
    plan.write_text(LONG.replace("close: 50%", "close: 40%"))
    assert set(told()) == {"SP901"}
    assert "target 1 close 50% -> 40%" in told()["SP901"]["message"]
    plan.write_text(LONG.replace("stop: 27000", "stop: 26000"))
    found = told()
    # Three tiers as planned lose 0.1 * (87,000 - 3 * 26,987...) more per 1,000 of stop: 300 less what fees are less.
    assert set(found) == {"SP901", "SP902"}
    assert D("299") < D(found["SP902"]["cost"]) < D("300")
    # 3 x (29,000 - 25,987...) over 3 x (29,000 - 26,986.5), costs in; both are said by the measures of `diff`.
    assert "not accepted: worst planned loss 1.00R -> 1.49R" in found["SP902"]["message"]
    assert "the stop is looser" in found["SP902"]["message"]
    assert "stop 27,000 -> 26,000: worst planned loss 1.00R -> 1.49R" in found["SP901"]["message"]
    assert status(code=1)["position"] == before["position"]
    plan.write_text(LONG.replace("10000 USDT", "9000 USDT") + "notes: [later]\n")
    assert told() == {}
    assert status()["plan"]["change"] == "words"
    plan.write_text(LONG.replace("10000 USDT", "9000 USDT"))
    assert "in the account alone" in do("status T1")
    plan.write_text(LONG.replace("stop: 27000", "stop: 26000"))
    do(f"lock {path}", code=1)
    do("lock T1 --again", "wider: the range grew")
    trade = status()
    # 1R is that of the first lock.
    assert trade["plan"]["one_r"] == before["plan"]["one_r"]
    assert "SP902" in told()
    plan.unlink()
    assert "not looked at" in do("status T1")


def test_a_stop_move_that_is_taken_away_is_riskier() -> None:
    """The worst loss is the same, and what target 1 locks is locked no more: SP902. A later time stop is told alone."""
    text = LONG + "time_stop: {after: 48h}\n"
    path = begun(text)
    at("fill T1 30000 0.1", "10:00")
    at("stop T1 27000", "10:00")
    Path(path).write_text(text.replace(", stop: breakeven", ""))
    found = told()
    assert "not accepted: the stop is looser after target 1" in found["SP902"]["message"]
    assert D(found["SP902"]["cost"]) == 0
    assert "the stop to breakeven at target 1 (31,000) is gone" in found["SP901"]["message"]
    Path(path).write_text(text.replace("stop: breakeven", "stop: entry -100"))
    assert "the stop is looser after target 1" in told()["SP902"]["message"]
    Path(path).write_text(text.replace("48h", "4d"))
    assert set(told()) == {"SP901"}
    assert "the time stop comes after 4d instead of 48h" in told()["SP901"]["message"]
    Path(path).write_text(text.replace("stop: breakeven", "stop: entry +300"))
    assert set(told()) == {"SP901"}


def test_an_equity_that_changes_makes_no_plan_riskier() -> None:
    """A size in shares of equity is one on the equity as locked: another target beside it changes no loss."""
    text = with_keys(LONG, size="1% risk")
    path = begun(text)
    at("fill T1 30000 0.001", "10:00")
    Path(path).write_text(text.replace("10000 USDT", "20000 USDT").replace("close: 50%", "close: 40%"))
    assert set(told()) >= {"SP901"}
    assert "SP902" not in told()
    assert "worst planned loss" not in told()["SP901"]["message"]


def test_locked_late() -> None:
    """SP903: recorded more than five minutes after the first fill, by the clock of the tests 13:46."""
    at(f"fill {SHORT} 29800 0.1", "13:40")
    assert "SP903" in told()
    do("undo")
    do(f"fill {SHORT} 29800 0.1")
    assert "SP903" not in told("T2")


def test_chased_and_early() -> None:
    """SP904, SP919: near is 5% of 559.78 = 27.99. A limit of a short at 29,772 lies 28 below, at 29,772.5 27.5.

    0.1 times 28.5 is 2.85. A stop order at 29,500 sold at 29,528, 28 above it, waited for nothing.
    """
    begun()
    at("fill T1 29771.5 0.1 --tier 1", "10:00")
    assert near(told()["SP904"]["cost"], "2.85")
    do("undo")
    at("fill T1 29772.5 0.1 --tier 1", "10:00")
    assert "SP904" not in told()
    at("fill T1 29528 0.1 --tier 2", "11:00")
    assert "SP919" in told()
    do("undo")
    at("fill T1 29527.9 0.1 --tier 2", "11:00")
    assert "SP919" not in told()


def test_out_of_order() -> None:
    """SP905: tier 3 of a plan in which target 1 comes first on no path; a tier that was missed is no disorder."""
    path = begun(LONG.replace("price: 28000, ", "price: 28000, after: tier 2, "))
    at(f"fill {path} 30000 0.1", "10:00")
    at(f"fill {path} 28000 0.1 --tier 3", "11:00")
    assert "SP905" not in told()
    at(f"fill {path} 29000 0.1 --tier 2", "12:00")
    assert "tier 2 came after tier 3" in told()["SP905"]["message"]


def test_oversized_and_beyond_the_maximum() -> None:
    """SP906, SP907: 0.15 for a tier of 0.1 at 30,000, its stop 27,000.

    0.05 more lose 0.05 * (30,000 - 26,986.5) + 0.3 + 0.674663 = 151.65.
    """
    begun(LONG)
    at("fill T1 30000 0.15", "10:00")
    assert near(told()["SP906"]["cost"], "151.65")
    assert "SP907" not in told()
    do("undo")
    at("fill T1 30000 0.1009", "10:00")
    assert "SP906" not in told()
    for moment, price in (("11:00", "29000"), ("12:00", "28000"), ("12:30", "27900")):
        at(f"fill T1 {price} 0.1", moment)
    found = told()["SP907"]
    assert "0.4009 were entered, and the plan holds 0.3000 at most" in found["message"]


def test_re_entry() -> None:
    """SP908: target 1 ended the entries, and tier 2's order was filled all the same."""
    begun(LONG)
    at("fill T1 30000 0.1", "10:00")
    at("exit T1 31000 0.05", "11:00")
    assert "SP908" not in told()
    at("fill T1 29000 0.1", "12:00")
    assert "SP908" in told()


def test_same_plan_again() -> None:
    """SP909: the numbers of a trade that is over."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    at("exit T1 30065 all --stop", "11:00")
    assert "SP909 same-plan-again: T1" in at(f"lock {SHORT}", "12:00")
    assert told("T2")["SP909"]["severity"] == "note"
    assert "SP909" not in told("T1")


def test_no_stop() -> None:
    """SP910: held for more than five minutes without a stop; within them it is not told, and a habit silences it."""
    begun()
    at("fill T1 29800 0.1", "13:42")
    assert "SP910" not in told()
    do("undo")
    at("fill T1 29800 0.1", "13:30")
    assert "SP910" in told()
    status(code=1)
    Path(".scaleplan.yaml").write_text("stops: not recorded\n")
    assert "SP910" not in told()
    Path(".scaleplan.yaml").write_text("stop_grace: 30m\n")
    assert "SP910" not in told()
    Path(".scaleplan.yaml").unlink()
    do("stop T1 --none")
    assert "cancelled" in do("status T1", code=1)


@pytest.mark.parametrize(
    ("plan", "entry", "hit", "good", "loose"),
    [("", "29800", "28600", "29700", "30100"), (LONG, "30000", "31000", "30100", "26900")],
)
def test_the_stop_not_moved_and_loosened(plan: str, entry: str, hit: str, good: str, loose: str) -> None:
    """SP911 where a target moved it and nobody did, SP912 where it was put further away, long and short."""
    begun(plan)
    at(f"fill T1 {entry} 0.1", "10:00")
    at(f"stop T1 {loose}", "10:01")
    assert "SP912" in told()
    do("undo")
    at(f"stop T1 {'30050' if not plan else '27000'}", "10:01")
    assert set(told()) & {"SP911", "SP912"} == set()
    at(f"exit T1 {hit} 0.05", "11:00")
    assert "SP911" in told()
    at(f"stop T1 {good}", "11:02")
    assert set(told()) & {"SP911", "SP912"} == set()


def test_the_stops_quantity() -> None:
    """SP913: it covers 0.1, and 0.2 are held: an error; 0.3: a warning."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    at("stop T1 30050 0.1", "10:00")
    at("fill T1 29485.25 0.1", "11:00")
    assert told()["SP913"]["severity"] == "error"
    do("undo")
    do("undo 3")
    at("stop T1 30050 0.3", "10:00")
    assert told()["SP913"]["severity"] == "warning"


@pytest.mark.parametrize(("plan", "first", "second"), [("", "29800", "29485.25"), (LONG, "30000", "29000")])
def test_a_fill_in_the_middle_mends_no_missing_stop(plan: str, first: str, second: str) -> None:
    """SP910 goes on over a fill, from the first moment to now, and can still be mended: exit 1."""
    begun(plan)
    at(f"fill T1 {first} 0.1", "13:00")
    at(f"fill T1 {second} 0.1", "13:06")
    missing = status(code=1)["deviations"][0]
    assert missing["code"] == "SP910"
    assert "for 46 min from 13:00 on" in missing["message"]


def test_a_stop_that_went_missing_again() -> None:
    """SP910 a second time: ten minutes late at first, and cancelled an hour later. It is overdue since then."""
    begun()
    at("fill T1 29800 0.1", "12:00")
    at("stop T1 30050", "12:10")
    at("stop T1 --none", "13:00")
    trade = status(code=1)
    said = [found["message"] for found in trade["deviations"] if found["code"] == "SP910"]
    assert [text.split(" from ")[0] for text in said] == [
        "no stop was recorded for 10 min",
        "no stop was recorded for 46 min",
    ]
    assert trade["due"][0]["overdue"] == 46 * 60 + 40


def test_a_stop_not_moved_is_still_not_moved_after_a_close() -> None:
    """SP911 stays one that can be mended where a close left the stop where it is due; mended, it lay open."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    at("stop T1 30050", "10:01")
    at("exit T1 28600 0.05", "11:00")
    at("exit T1 28900 0.01 --by-hand", "11:02")
    status(code=1)
    assert "is still recorded" in told()["SP911"]["message"]
    at("stop T1 29700", "11:20")
    status(code=0)
    assert "it stayed recorded at 30,050.00" in told()["SP911"]["message"]
    assert told()["SP911"]["message"].endswith("lay open")


@pytest.mark.parametrize(("plan", "entry", "loose"), [("", "29800", "30100"), (LONG, "30000", "26900")])
def test_a_stop_looser_than_the_plans_before_the_first_fill(plan: str, entry: str, loose: str) -> None:
    """SP911: recorded at the lock beyond the plan's own stop, and left there once something is held."""
    begun(plan)
    at(f"stop T1 {loose}", "09:30")
    at(f"fill T1 {entry} 0.1", "10:00")
    status(code=1)
    assert "the plan's stop of" in told()["SP911"]["message"]


def test_the_stops_quantity_cut_later() -> None:
    """SP913: right for an hour, then for half of it; tighter than due, and told with the price where it sits."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    at("stop T1 30050", "10:00")
    said = at("stop T1 30040 0.05", "11:00")
    assert "then: scaleplan stop T1 30040 " in said
    trade = status(code=1)
    found = told()["SP913"]
    assert (found["severity"], found["at"]) == ("error", "2026-08-21T11:00:00.000000Z")
    assert trade["due"][0]["overdue"] == (2 * 60 + 46) * 60 + 40


TRAIL = """symbol: ETH/USDT:USDT
side: {side}
account: {{equity: 20000 USDT}}
leverage: 5
maintenance: 1%
fees: {{maker: 0.02%, taker: 0.05%}}
size: 2 ETH
tiers: [2000]
stop: {stop}
targets:
  - {{price: {first}, close: 50%, stop: breakeven}}
  - {{price: {last}, trail: 40}}
"""


@pytest.mark.parametrize(
    ("side", "stop", "first", "last", "back", "best", "due", "tight"),
    [("short", 2100, 1900, 1700, 1735, 1680, 1740, 1720), ("long", 1900, 2100, 2300, 2265, 2320, 2260, 2280)],
)
def test_a_trail_never_goes_back(
    side: str, stop: int, first: int, last: int, back: int, best: int, due: int, tight: int
) -> None:
    """The stop due trails the best price, else where the trail began: price that comes back loosens nothing.

    1 ETH is left when it begins 300 away, 40 behind which it stops at 260 at least; with a best price 20 further at
    280, less fees. The ends count from there, and not from 40 behind price.
    """
    begun(TRAIL.format(side=side, stop=stop, first=first, last=last))
    at("fill T1 2000 2", "10:00")
    at(f"stop T1 {stop}", "10:00")
    at(f"exit T1 {first} 1", "11:00")
    at(f"exit T1 {last} 0.2 --target 2", "12:00")
    assert status("T1", "--price", str(back))["stop"]["due"] == str(due)
    trade = status("T1", "--price", str(last), "--best", str(best))
    assert trade["stop"]["due"] == str(tight)
    worst = min(D(end["net_worst"] or end["net"]) for end in trade["outcomes"])
    assert near(trade["locked"]["due"], str(worst))
    assert "to where it trails at 12:00" in [each["message"] for each in trade["deviations"]][-1]
    at(f"exit T1 {back} 0.2 --by-hand", "12:01")
    assert status()["stop"]["due"] == str(due)
    assert "price is past the stop due" in do(f"status T1 --price {due}", code=1)


def test_what_the_venue_holds_is_of_all_trades_of_a_symbol() -> None:
    """SP918 compares with all open trades of that symbol and side: a venue knows one position."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    other = Path("other.yaml")
    other.write_text(Path(SHORT).read_text().replace("Range-top", "Another"))
    at(f"fill {other} 29800 0.05", "10:01")
    assert "SP918" not in told("T1", "--held", "0.15")
    assert "SP918" in told("T1", "--held", "0.1")


def test_a_fill_that_comes_back_counts_once() -> None:
    """Taken out and assigned again it is 0.1, not 0.2; what is offered next names the trade, and not the event."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    do("assign E2 --no-plan")
    said = do("assign E2 T1 --tier 1")
    assert "held 0.10 at 29,800.00" in said
    assert "then: scaleplan stop T1 30050 " in said
    do("exit T1 29000 0.05")
    assert "then: scaleplan stop T1 30050 " in do("undo")


def test_an_accepted_change_is_due_from_its_moment() -> None:
    """A tighter stop is due since then (SP911), a looser one is not judged by the old one (SP912); moved, it is known.

    Locked 30,050; from 11:00 on 30,000, from 12:00 on 30,100.
    """
    path = Path("own.yaml")
    path.write_text(Path(SHORT).read_text())
    at(f"fill {path} 29800 0.1", "10:00")
    at("stop T1 30050", "10:01")
    path.write_text(Path(SHORT).read_text().replace("\nstop: 30050", "\nstop: 30000"))
    at(f"lock {path} --again tighter", "11:00")
    trade = status(code=1)
    assert trade["due"][0]["overdue"] == (2 * 60 + 46) * 60 + 40
    assert told()["SP911"]["at"] == "2026-08-21T11:00:00.000000Z"
    path.write_text(Path(SHORT).read_text().replace("\nstop: 30050", "\nstop: 30100"))
    at(f"lock {path} --again looser", "12:00")
    at("stop T1 30100", "12:01")
    assert "SP912" not in told()
    path.rename("moved.yaml")
    assert "T1 Range-top short" in do("status moved.yaml")


def test_the_example_of_a_riskier_plan() -> None:
    """0.1 at 29,800, 29,485.25 and 29,185.40, stopped at 30,300 x 1.0005 = 30,315.15.

    247.48 in price, 0.596 + 1.4742625 + 1.45927 for the entries and 4.5472725 for the exit: 255.556805 in all, beside
    180.48178625 at 30,050: the rise is 75.07501875.
    """
    path = Path("own.yaml")
    path.write_text(Path(SHORT).read_text())
    at(f"fill {path} 29800 0.1", "10:00")
    path.write_text(Path(SHORT).read_text().replace("\nstop: 30050", "\nstop: 30300"))
    assert D(told()["SP902"]["cost"]) == D("75.07501875")
    page = joined(outcome("explain", "SP902").out)
    assert "from 180.48 to 255.56 USDT, 1.00R -> 1.42R: the rise, 75.08, is its cost" in page


@pytest.mark.parametrize(
    ("old", "new"), [("side: short", "side: long"), ("BTC/USDT:USDT", "ETH/USDT:USDT"), ("leverage: 5\n", "")]
)
def test_an_edit_to_another_trade_is_none_that_can_be_accepted(old: str, new: str) -> None:
    """What is held becomes no long and no other coin by an edit, and there is no risk to compare it with."""
    path = Path("own.yaml")
    path.write_text(Path(SHORT).read_text())
    at(f"fill {path} 29800 0.1", "10:00")
    position = status(code=1)["position"]
    text = path.read_text().replace(old, new).replace("0.3 BTC", "0.3 ETH" if "ETH" in new else "0.3 BTC")
    if not new:
        text = text.replace(":USDT\n", "\n", 1).replace("side: short", "side: long").replace("maintenance: 0.5%\n", "")
    path.write_text(text)
    assert "another trade, and its risk is not compared" in told()["SP901"]["message"]
    assert "->" in told()["SP901"]["message"]
    assert "1.00R" not in told()["SP901"]["message"]
    assert "SP902" not in told()
    assert "that is another trade" in do("lock T1 --again", "turned", code=1)
    refused = do(f"lock {path}", code=1)
    assert "that is another trade" in refused
    assert "--again" not in refused
    path.write_text(Path(SHORT).read_text())
    assert status(code=1)["position"] == position


def test_the_worst_by_the_stop_as_recorded_counts_the_tiers_to_come() -> None:
    """All three fill, 0.3 at 29,000, and are stopped at 26,900 less 0.05%: -634.035 - 1.74 - 4.033 = -639.81.

    1R is that at 27,000: -604.05 - 1.74 - 4.048 = -609.84; so it is 1.05R, whatever is held now.
    """
    begun(LONG)
    at("fill T1 30000 0.1", "10:00")
    at("stop T1 26900", "10:01")
    assert "by the stop as recorded, -1.05R at worst" in do("status T1", code=1)


def test_a_close_before_the_lock_is_of_more_than_is_held() -> None:
    """SP951, and no word of a lock that nobody took back."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    assert "SP951" in at("exit T1 29000 0.1", "08:59", code=1)


@pytest.mark.parametrize(
    ("plan", "entry", "out", "third"), [("", "29800", "30065", "29,200"), (LONG, "30000", "26990", "28,000")]
)
def test_a_stop_out_leaves_orders_to_cancel(plan: str, entry: str, out: str, third: str) -> None:
    """The orders of tiers that did not fill still rest: what ends the trade says so, and `status` too."""
    begun(plan)
    at(f"fill T1 {entry} 0.1", "10:00")
    said = at(f"exit T1 {out} all", "11:00")
    assert f"{third}.00: nothing is held any more" in said
    assert "DUE tier 2 CANCEL" in do("status T1")
    assert [(due["action"], due["tier"]) for due in status()["due"]] == [("cancel", 2), ("cancel", 3)]


@pytest.mark.parametrize(
    ("plan", "entry", "out", "inside"), [("", "29800", "30023", "30022"), (LONG, "30000", "27100", "27101")]
)
def test_near_the_stop_is_measured_from_the_stop(plan: str, entry: str, out: str, inside: str) -> None:
    """Short: 5% of 29,490.22 to 30,050 is 27.99, from 30,022.01 on; long: 5% of 29,000 to 27,000, up to 27,100."""
    begun(plan)
    at(f"fill T1 {entry} 0.1", "10:00")
    assert " stop: " in at(f"exit T1 {out} 0.05", "11:00")
    do("undo")
    assert " by hand: " in at(f"exit T1 {inside} 0.05", "11:00")


def test_the_first_fill_says_that_the_plan_was_traded_before() -> None:
    """SP909 with the fill that locks it, as with `lock`."""
    at(f"fill {SHORT} 29800 0.1", "10:00")
    at("exit T1 30065 all --stop", "11:00")
    assert "SP909 same-plan-again: T1" in at(f"fill {SHORT} 29800 0.1", "12:00")


def test_one_price_of_the_stop() -> None:
    """The stop that comes next is told as it is due, 29,595.89, and not the exact 29,595.899 rounded away from it."""
    begun()
    at("fill T1 29802.5 0.1 --fee 0.59605", "10:00")
    at("stop T1 30050", "10:00")
    at("fill T1 29471 0.06", "10:01")
    at("fill T1 29466.5 0.04", "10:01")
    at("exit T1 28600 0.1", "11:00")
    said = do("status T1 --price 28640", code=1)
    assert "DUE stop to 29,595.89" in said
    assert "up stop 29,595.89 +3.3%" in said


@pytest.mark.parametrize(
    ("margin", "said", "not_said"),
    [
        ("account: {equity: 10000 USDT}", "ends between -1.00R and", "a loss is not among the ends"),
        ("margin_mode: cross", "the plan has no stop, so a loss is not among the ends", "-1.00R"),
    ],
)
def test_ends_without_a_stop_are_no_promise(margin: str, said: str, not_said: str) -> None:
    """Where no stop and no liquidation ends a loss, `ends between` says so; a margin is lost for sure, which is 1R."""
    text = re.sub("maintenance: 0.5%\n", "", LONG).replace("stop: 27000", "stop: none").replace(", stop: breakeven", "")
    begun(text.replace("account: {equity: 10000 USDT}", margin))
    at("fill T1 30000 0.1", "10:00")
    assert said in do("status T1")
    assert not_said not in do("status T1")


def test_by_hand_liquidated_and_what_the_venue_says() -> None:
    """SP914, SP917, SP918."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    at("stop T1 30050", "10:00")
    assert set(told("T1", "--held", "0.1")) == set()
    assert "SP918" in told("T1", "--held", "0.15")
    at("exit T1 29000 50%", "11:00")
    assert "SP914" in told()
    at("exit T1 35000 all --liquidated", "12:00")
    # 0.05 from 29,800 to 35,000, half of 0.596 and 0.05% of 1,750: -260 - 0.298 - 0.875.
    assert near(told()["SP917"]["cost"], "261.173")


def test_past_its_time() -> None:
    """SP916: a time stop 48 hours after the first fill, and the clock is two hours past that."""
    begun(LONG + "time_stop: {after: 2h, close: 50%}\n")
    at("fill T1 30000 0.1", "10:00")
    assert "SP916" in told()
    assert "time stop" in do("status T1", code=1)
    at("exit T1 30000 50% --time-stop", "12:01")
    assert "SP916" not in told()


def test_an_ignore_of_the_locked_plan_silences_the_line() -> None:
    """The comment stands in the plan as it was locked; `check` finds no fault with it."""
    path = file(Path.cwd(), LONG + "# scaleplan: ignore[SP914] closed by hand on Fridays\n")
    assert do(f"check {path} --select SP0").startswith("no problems found in 1 plan")
    at(f"fill {path} 30000 0.1", "10:00")
    at(f"exit {path} 30500 50%", "11:00")
    assert "SP914" not in told()


# What is refused


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("exit T1 28600 0.2", 1, "SP951 closes-more-than-held: 0.2 would be closed, and T1 holds 0.1"),
        ("fill T1 29800 0.1 --tier 9", 1, "the plan has 3 tiers, and no tier 9"),
        ("fill T1 29485 2", 0, ""),
        ("fill T1 29485 2_contracts", 1, "SP958 no-contract-size"),
        ("fill T9 29485 0.1", 2, "there is no trade T9"),
        ("fill T1 29,485 0.1", 2, "29485"),
        ("fill T1 29485 0", 2, "not above zero"),
        ("fill T1 29485 NaN", 2, "NaN"),
        ("exit T1 28600 150%", 2, "no part of what is held"),
        ("exit T1 28600 all --stop --target 1", 2, "one thing"),
        ("stop T1", 2, "give the price"),
        ("stop T1 30050 --none", 2, "has no price"),
        ("undo 99", 2, "no batch 99"),
        ("undo 1", 1, "SP967 lock-in-use"),
        ("assign E99 T1", 2, "E99 is no fill"),
        ("assign T1 E2", 2, "name the plan behind the fills"),
        ("lock nothing.yaml", 3, "no such file"),
        ("fill - 1 1", 2, "standard input"),
    ],
)
def test_what_cannot_be_is_refused(line: str, code: int, words: str) -> None:
    """A sentence, both numbers, one way out; nothing is recorded."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    ran = outcome(*[word.replace("_", " ") for word in line.split()])
    assert ran.code == code, ran
    assert words in joined(ran.talk)
    if code == 1:
        assert ran.talk.endswith("nothing was recorded\n")
    assert outcome("journal", "check").code == 0


def test_a_price_of_two_tiers_is_asked() -> None:
    """SP952: tiers at 30,000 and 29,990, filled at 29,975: 15 from the second, 25 from the first, no twice as far."""
    begun(LONG.replace("price: 29000", "price: 29990"))
    said = at("fill T1 29975 0.1", "10:00", code=1)
    assert "29975 may be tier 1 or tier 2" in said
    assert "`scaleplan fill T1 29975 0.1 --tier 1` or `scaleplan fill T1 29975 0.1 --tier 2`" in said
    # 19 and 9: the second is meant.
    assert "tier 2: bought" in at("fill T1 29981 0.1", "10:00")


def test_what_is_refused_makes_no_journal(place: Path) -> None:
    """The file is made by the first command that records, and not by one that could not."""
    do("fill nothing.yaml 1 1", code=3)
    do("undo", code=2)
    assert not (place / "journal.db").exists()


def test_the_same_typed_twice_is_asked() -> None:
    """SP961 within two minutes; `--again` records it."""
    begun()
    at("fill T1 29800 0.05", "10:00")
    assert "SP961" in at("fill T1 29800 0.05", "10:01", code=1)
    at("fill T1 29800 0.05 --again", "10:01")
    assert status()["tiers"][0]["filled"] == "0.1"


def test_after_the_end_a_path_begins_a_new_trade() -> None:
    """T1 is over: SP966 by its number, T2 by the file."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    at("exit T1 30065 all", "11:00")
    assert "SP966" in at("fill T1 29800 0.1", "12:00", code=1)
    assert "T2 locked at its first fill" in at(f"fill {SHORT} 29800 0.1", "12:00")


def test_a_released_trade_is_over() -> None:
    """What holds something is not released; what holds nothing is, and says that it never came."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    do("lock T1 --release", "never", code=1)
    do("undo")
    do("lock T1 --release", "it ran away")
    assert "it never came" in do("status T1")


def test_moments_of_all_kinds() -> None:
    """A zone is written behind; an hour that there is not, and a day that there is not, are told."""
    begun()
    for written in (
        "13:00",
        "2026-08-21 13:00",
        "2026-08-21T13:00:05Z",
        "2026-08-21 15:00 +02:00",
        "2026-08-21 09:00:00.5 -0400",
    ):
        do("fill T1 29800 0.01 --again", "--at", written)
    for written in (
        "25:00",
        "2026-02-30 10:00",
        "yesterday",
        "13:00 +25:00",
        "9999-12-31 23:59 -14:00",
        "0001-01-01 00:00 +14:00",
    ):
        ran = outcome("fill", "T1", "29800", "0.01", "--again", "--at", written)
        assert ran.code == 2, written
    assert "SP964 ahead-of-the-clock" in do("fill T1 29800 0.02", "--at", "2026-08-22 10:00 Z")


# Undo, assign, log


def shown(*lines: str) -> list[str]:
    """Returns what commands show."""
    return [outcome(*line.split()).out for line in lines]


def test_undo_and_twice_is_back() -> None:
    """Law 2: everything shown is as before; again, as after."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    looks = ("status T1 --format json", "log T1", "status")
    before = shown(*looks)
    at("fill T1 29485.25 0.1 --note breakout", "11:00")
    after = shown(*looks)
    assert before != after
    do("undo")
    assert shown(*looks) == before
    do("undo")
    assert shown(*looks) == after
    assert outcome("journal", "check").out == "the journal is whole\n"


def test_an_undone_lock_leaves_no_trade() -> None:
    """The first fill's batch has the lock in it: both go."""
    at(f"fill {SHORT} 29800 0.1", "10:00")
    do("undo")
    assert do("status") == "no open trades"
    assert "T2 locked" in at(f"fill {SHORT} 29800 0.1", "10:00")


def test_assign_maps_anew() -> None:
    """A fill of tier 1 is said to be tier 2, taken out of all trades, and put back."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    do("assign E2 T1 --tier 2")
    assert [tier["state"] for tier in status()["tiers"]] == ["open", "complete", "open"]
    do("assign E2 --no-plan")
    assert status()["position"] is None
    assert json.loads(outcome("status", "--format", "json").out)["unassigned"][0]["event"] == "E2"
    assert "sold 0.1" in do("log --no-plan")
    do("assign E2 T1")
    assert [tier["state"] for tier in status()["tiers"]] == ["complete", "open", "open"]


def test_the_only_moved_plan_is_found() -> None:
    """An open trade whose file is gone is that of the file with the same numbers."""
    path = begun(LONG)
    Path(path).rename("moved.yaml")
    assert "tier 1" in at("fill moved.yaml 30000 0.1", "10:00")
    assert status("moved.yaml")["trade"] == "T1"


def test_files_that_a_plan_names_are_kept_with_it() -> None:
    """The account and the policy lie as they were locked, whatever becomes of them."""
    Path("account.yaml").write_text("equity: 10000 USDT\n")
    Path(".scaleplan.yaml").write_text("account: ./account.yaml\n")
    path = begun(LONG.replace("account: {equity: 10000 USDT}\n", "").replace("size: 0.3 BTC", "size: 10% equity"))
    at(f"fill {path} 30000 0.01 --tier 1", "10:00")
    before = status()["tiers"]
    Path("account.yaml").write_text("equity: 20000 USDT\n")
    assert status()["tiers"] == before
    Path("account.yaml").unlink()
    assert status()["tiers"] == before


def test_contracts_and_fees_of_all_kinds() -> None:
    """12 contracts of 0.01 are 0.12; a fee in a third coin is told, and the plan's own stands in for it."""
    text = LONG + "instrument: {contract_size: 0.01}\n"
    begun(text)
    do("fill T1 30000", "10 contracts", "--fee", "0.001 BNB")
    trade = status()
    assert (trade["position"]["quantity"], trade["position"]["contracts"]) == ("0.1", "10")
    # 0.02% of 3,000.
    assert near(trade["position"]["entry_fees"], "0.6")
    assert "stands in for 1 fill" in do("status T1")


def test_a_spot_fee_in_the_coin_bought_is_taken_out_of_it() -> None:
    """10 bought for 0.01 of the coin: 9.99 are held."""
    begun("symbol: SOL/USDT\nside: long\nsize: 30 SOL\ntiers: [150, 140, 130]\nstop: 118\n")
    do("fill T1 150 10 --fee", "0.01 SOL")
    assert status()["position"]["quantity"] == "9.99"


# How it is shown


def test_json_holds_every_key() -> None:
    """The keys of section 10, in each of its parts."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    trade = status()
    assert {
        "trade",
        "id",
        "price",
        "realized",
        "realized_r",
        "open",
        "funding",
        "plan",
        "position",
        "stop",
        "locked",
    } <= set(trade)
    assert {"tiers", "targets", "due", "next", "outcomes", "deviations"} <= set(trade)
    assert set(trade["locked"]) == {"due", "due_r", "recorded", "recorded_r"}
    assert {"due", "quantity", "since", "because", "recorded", "recorded_quantity", "recorded_at", "state"} <= set(
        trade["stop"]
    )
    ran = json.loads(outcome("fill", "T1", "29485.25", "0.1", "--format", "json").out)
    assert (ran["recorded"], ran["batch"], len(ran["events"]), ran["trade"]["trade"]) == (True, 3, 1, "T1")
    ran = json.loads(outcome("exit", "T1", "29485.25", "9", "--format", "json").out)
    assert (ran["recorded"], ran["diagnostics"][0]["code"]) == (False, "SP951")


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_status_fits(width: int) -> None:
    """No line is longer than the terminal, and nothing of the plan is markup or a control code."""
    from tests.running import screen_of  # noqa: PLC0415 - here alone

    path = file(Path.cwd(), 'name: "[red]x\\e[31m"\n' + LONG)
    at(f"fill {path} 30000 0.1", "10:00")
    for line in ("status T1", "status", "log", "fill T1 29000 0.05 --dry-run"):
        ran = outcome(*line.split(), screen=screen_of(width))
        assert [text for text in ran.out.splitlines() if len(text) > width] == [], line
        assert "\x1b" not in ran.out
        assert line != "status T1" or "[red]" in ran.out


def test_csv_runs_no_formula(place: Path) -> None:
    """A cell that a spreadsheet would run begins with an apostrophe."""
    path = file(place, 'name: "=cmd|x"\n' + LONG)
    do(f"fill {path} 30000 0.1 --order @1")
    rows = outcome("journal", "export", "--format", "csv").out
    assert "'=cmd|x" in rows
    assert re.search(r"(^|,)[=@]", rows, re.MULTILINE) is None


def test_a_journal_in_a_work_tree_is_warned_of(place: Path) -> None:
    """What was traded may be published with the repository."""
    (place / ".git").mkdir()
    journal(place)
    assert "lies in a git work tree" in outcome("journal").talk


def test_where_the_journal_is(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named, in the environment, in the policy of the folder, the user's own: in this order."""
    monkeypatch.delenv("SCALEPLAN_JOURNAL")
    monkeypatch.setenv("XDG_DATA_HOME", str(place / "data"))
    do(f"lock {SHORT}")
    assert (place / "data" / "scaleplan" / "journal.db").is_file()
    Path(".scaleplan.yaml").write_text("journal: trades.db\n")
    do(f"lock {SHORT}")
    assert (place / "trades.db").is_file()
    monkeypatch.setenv("SCALEPLAN_JOURNAL", "env.db")
    do(f"lock {SHORT}")
    assert (place / "env.db").is_file()
    do(f"lock {SHORT} --journal own.db")
    assert (place / "own.db").is_file()
    Path(".scaleplan.yaml").write_text("journal: ../out.db\n")
    assert "leads out of the folder" in do("check .scaleplan.yaml", code=1)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-10-25 02:30", "SP957"),
        ("2026-03-29 02:30", "SP957"),
        ("2026-10-25 01:30", ""),
        ("2026-10-25 02:30 +01:00", ""),
    ],
)
def test_the_hour_that_comes_twice_or_never(place: Path, written: str, words: str) -> None:
    """In Berlin, where clocks go back in October and forward in March: asked, unless the zone stands behind."""
    env = environment(TZ="Europe/Berlin", SOURCE_DATE_EPOCH=None, SCALEPLAN_JOURNAL=str(place / "j.db"))
    ran = process("fill", SHORT, "29800", "0.1", "--dry-run", "--at", written, env=env)
    assert (ran.returncode, words in joined(ran.stderr.decode())) == (2 if words else 0, True), ran


def test_the_clock_changes_nothing_but_what_is_late(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law 13: with moments in full, a clock a day back changes what is overdue or late, and no figure."""
    shown = []
    for clock in (EARLY, str(int(EARLY) - 86_400), str(int(EARLY) + 90_000_000)):
        monkeypatch.setenv("SCALEPLAN_JOURNAL", str(place / f"{clock}.db"))
        monkeypatch.setenv("SOURCE_DATE_EPOCH", clock)
        for line, moment in (
            ("fill {} 29800 0.1", "07:00"),
            ("stop {} 30050", "07:01"),
            ("exit {} 28600 50%", "08:00"),
        ):
            at(line.format(SHORT), moment)
        trade = status(SHORT)
        for name in ("id", "due", "deviations"):
            del trade[name]
        for name in ("locked_at", "locked", "zone"):
            del trade["plan"][name]
        shown.append(trade)
    assert shown[0] == shown[1] == shown[2]


def test_all_quantities_times_ten() -> None:
    """Law 11: prices and R stay, money is ten times as much."""
    paths = [file(Path.cwd(), LONG, "one.yaml"), file(Path.cwd(), LONG.replace("0.3 BTC", "3 BTC"), "ten.yaml")]
    shown = []
    for path, quantity, half in zip(paths, ("0.1", "1"), ("0.05", "0.5"), strict=True):
        at(f"fill {path} 30010 {quantity}", "10:00")
        at(f"stop {path} 27000", "10:00")
        at(f"exit {path} 31005 {half}", "11:00")
        shown.append(status(path, "--price", "31500"))
    one, ten = shown
    assert one["realized_r"] == ten["realized_r"]
    assert one["open_r"] == ten["open_r"]
    assert one["stop"]["due"] == ten["stop"]["due"]
    assert near(ten["realized"], str(10 * D(one["realized"])), "1e-20")
    assert [end["net_r"] for end in one["outcomes"]] == [end["net_r"] for end in ten["outcomes"]]


def test_an_undone_lock_comes_back() -> None:
    """Taken back, its trade is none; `undo` once more, and it is as it was."""
    begun()
    before = shown("status T1 --format json")
    do("undo")
    assert "was taken back with its lock" in do("status T1", code=2)
    do("undo")
    assert shown("status T1 --format json") == before


def test_a_forgotten_entry_takes_its_place() -> None:
    """T1 is flat at 12:00; what was bought at 11:00 too, and not recorded, leaves something held."""
    begun()
    at("fill T1 29800 0.1", "10:00")
    at("exit T1 30065 all --stop", "12:00")
    assert "SP966" in at("fill T1 29485.25 0.1", "13:00", code=1)
    at("fill T1 29485.25 0.1", "11:00")
    trade = status()
    assert (trade["over"], trade["position"]["quantity"]) == (False, "0.1")


def test_files_named_by_their_whole_path_are_kept_too(place: Path) -> None:
    """An absolute path is the name that the plan has for it, wherever the plan is typed from."""
    (place / "account.yaml").write_text("equity: 10000 USDT\n")
    text = LONG.replace("account: {equity: 10000 USDT}", f"account: {place / 'account.yaml'}")
    path = begun(text.replace("size: 0.3 BTC", "size: 10% equity"))
    (place / "account.yaml").unlink()
    assert status(path)["tiers"][0]["planned"]


def test_a_plan_accepted_again_has_no_such_tier_or_target() -> None:
    """What was an order's tier, or a target, before a plan with fewer of them: extra, and by hand; no traceback."""
    path = begun(LONG)
    at(f"fill {path} 30000 0.1 --order a", "10:00")
    at(f"fill {path} 29000 0.05 --tier 2 --order b", "10:30")
    at(f"exit {path} 32000 0.01 --target 2 --order c", "10:40")
    shorter = LONG.replace("  - {price: 29000, share: 1/3}\n  - {price: 28000, share: 1/3}\n", "")
    shorter = shorter.replace("  - {price: 32000, close: rest}\n", "").replace("share: 1/3", "share: 100%")
    Path(path).write_text(shorter, encoding="utf-8")
    ran = outcome("lock", path, "--again", "fewer", "--at", "2026-08-21 10:45 Z")
    assert ran.code == 0, ran
    at(f"fill {path} 29000 0.04 --order b", "11:00")
    at(f"exit {path} 32000 0.02 --order c", "12:00")
    found = status()
    assert "SP907" in {each["code"] for each in found["deviations"]}
    assert "SP914" in {each["code"] for each in found["deviations"]}


# What a close and a stop are for


@pytest.mark.parametrize("quantity", ["all", "50%", "0.05"])
def test_a_close_before_anything_was_held_is_refused(quantity: str) -> None:
    """SP951: at 11:59 nothing is held of what was filled at 12:00, whichever way the quantity is written."""
    at(f"fill {SHORT} 29800 0.1", "12:00")
    assert "SP951 closes-more-than-held" in at(f"exit T1 28600 {quantity}", "11:59", code=1)
    assert D(status()["position"]["quantity"]) == D("0.1")


def test_a_share_is_closed_in_lots() -> None:
    """33% of 7.6 is 2.508, and in lots of 0.1 that is 2.5; less than a lot is no close; all is all."""
    Path("p.yaml").write_text(
        "symbol: SOL/USDT\nside: long\nsize: 7.6 SOL\ntiers: [150]\nstop: 118\ninstrument: {lot_size: 0.1}\n",
        encoding="utf-8",
    )
    at("fill p.yaml 150 7.6", "12:00")
    assert "sold 2.5 at" in at("exit T1 155 33%", "12:10")
    assert D(status()["position"]["quantity"]) == D("5.1")
    assert "SP951" in at("exit T1 155 1/100", "12:20", code=1)
    assert "T1 is over" in at("exit T1 155 100%", "12:30")


def test_a_stop_on_the_wrong_side_of_the_last_price_is_told() -> None:
    """A buy stop of a short at 29,000 with price at 29,800 exits at once; at 30,050 it does not."""
    at(f"fill {SHORT} 29800 0.1", "12:00")
    said = at("stop T1 29000", "12:01")
    assert "the buy stop recorded at 29,000.00 lies below 29,800.00, the last price known" in said
    assert status()["stop"]["exits_at_once"] is True
    assert "exits at once" not in at("stop T1 30050", "12:02")
    assert status()["stop"]["exits_at_once"] is False


def test_a_stop_for_all_held_that_was_outgrown_is_told() -> None:
    """It was recorded for all when that was 0.1; with 0.2 held only an order that grows by itself covers it."""
    at(f"fill {SHORT} 29800 0.1", "12:00")
    assert "for all that was held" not in at("stop T1 30050", "12:01")
    assert "recorded for all that was held, then 0.10" in at("fill T1 29485.25 0.1", "12:10")
    assert status()["stop"]["recorded_held"] == "0.1"
    assert "for all that was held" not in at("stop T1 30050 0.2", "12:11")


def test_what_comes_before_its_turn_is_out_of_order() -> None:
    """SP905: every path begins with tier 1, and hits a target behind the one before it; a close of all is of all."""
    path = begun(LONG)
    at(f"fill {path} 29000 0.1", "10:00")
    assert "tier 2 came before tier 1" in told()["SP905"]["message"]
    do("undo")
    at(f"fill {path} 30000 0.1", "10:00")
    at("exit T1 32000 0.05 --target 2", "11:00")
    assert "target 2 came before target 1" in told()["SP905"]["message"]
    do("undo")
    assert "SP905" not in told()
    at("exit T1 32000 0.1 --target 2", "11:00")
    assert "SP905" not in {each["code"] for each in status("T1")["deviations"]}


def test_a_further_part_of_a_chased_order_is_told_at_its_command() -> None:
    """SP904 of an order in parts is told once, and yet at the part that makes it larger: 2 x 0.05 x 60 of 29,740."""
    at(f"fill {SHORT} 29740 0.05", "10:00:00")
    said = at("fill T1 29740 0.05 --again", "10:00:30")
    assert "SP904 chased" in said
    # What another part leaves as it was is not told again.
    assert "SP904" not in at("fill T1 29800 0.01", "10:00:50")


def test_a_fill_is_assigned_to_what_it_can_be() -> None:
    """A sale of a short is a tier, and a purchase closes; what cannot be is refused, and what was said stays."""
    at(f"fill {SHORT} 29800 0.1", "10:00")
    at("exit T1 30050 0.05 --stop", "11:00")
    assert "a close is of no tier" in do("assign E3 T1 --tier 2", code=1)
    assert "an entry is no close" in do("assign E2 T1 --target 1", code=1)
    assert "no target 9" in do("assign E3 T1 --target 9", code=1)
    assert "no tier 9" in do("assign E2 T1 --tier 9", code=1)
    assert "--no-plan" in do("assign E2 --no-plan --tier 1", code=2)
    assert "stop: bought 0.05" in do("log T1")


@pytest.mark.parametrize("written", ["journal: ../out.db", "journal: [a.db]", "journal: 'a.db", "journal:"])
def test_a_journal_that_a_policy_names_wrongly_is_not_replaced_by_another(
    place: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """What is typed goes into no other journal than the folder's, and what is shown comes from no other."""
    monkeypatch.delenv("SCALEPLAN_JOURNAL")
    monkeypatch.setenv("XDG_DATA_HOME", str(place / "own"))
    Path(".scaleplan.yaml").write_text(f"{written}\n", encoding="utf-8")
    for line in ("status", "journal", f"lock {SHORT}"):
        said = do(line, code=2)
        assert ".scaleplan.yaml:1 does not say which journal" in said, said
    assert not (place / "own").exists()
    assert "there is no journal yet" in do("journal --journal mine.db", code=3)


def test_a_payment_says_which_way_it_went() -> None:
    """Funding above 0 was paid, below 0 received."""
    at(f"fill {SHORT} 29800 0.1", "09:00")
    fills = [
        {"symbol": "BTCUSDT", "execId": str(number), "execPrice": "29700", "execQty": "0.1", "execType": "Funding"}
        | {"side": "Sell", "execFee": fee, "feeCurrency": "USDT", "execTime": str(1787306400000 + number * 3_600_000)}
        for number, fee in enumerate(("0.3", "-0.1"))
    ]
    Path("a.json").write_text(json.dumps({"result": {"category": "linear", "list": fills}}), encoding="utf-8")
    do("import-fills a.json --plan T1")
    said = do("log T1")
    assert ("funding paid: 0.3 USDT" in said, "funding received: 0.1 USDT" in said) == (True, True)


def test_a_deviation_has_the_clock_of_its_fill() -> None:
    """Locked by a clock of UTC, closed by one of +02:00: 12:30 there is 10:30 here, and the zone is said."""
    at(f"fill {SHORT} 29800 0.1", "09:00")
    at("stop T1 30050", "09:01")
    do("exit T1 28600 0.05 --at", "2026-08-21 12:30 +02:00")
    assert "at 12:30 +02:00" in told()["SP911"]["message"]


def test_a_fill_that_is_no_whole_lot_is_shown_as_it_is() -> None:
    """0.0005 with a lot of 0.001 is not 0.000."""
    Path("p.yaml").write_text(
        "symbol: BTC/USDT\nside: long\nsize: 0.1 BTC\ntiers: [60000]\nstop: 58000\ninstrument: {lot_size: 0.001}\n",
        encoding="utf-8",
    )
    said = at("fill p.yaml 60000 0.0005", "12:00")
    assert ("bought 0.0005 at" in said, "held 0.0005 at" in said) == (True, True)


@pytest.mark.parametrize(
    ("plan", "entry", "out", "next_one"), [("", "29800", "30050", "29,500"), (LONG, "30000", "27000", "29,000")]
)
def test_a_stop_filled_in_part_asks_for_no_entry(plan: str, entry: str, out: str, next_one: str) -> None:
    """The stop closes all, and 0.04 of 0.1 are gone: the rest is to go too, tiers are cancelled, a fill re-enters."""
    begun(plan)
    at(f"fill T1 {entry} 0.1", "10:00")
    at(f"stop T1 {out}", "10:00")
    at(f"exit T1 {out} 0.04", "11:00")
    said = do(f"status T1 --price {entry}", code=0)
    assert f"{next_one}.00: the stop ended the entries" in said
    assert {due["action"] for due in status("T1", "--price", entry)["due"]} == {"cancel", "exit"}
    assert status("T1", "--price", entry)["tiers"][1]["state"] == "cancelled"
    at(f"fill T1 {next_one.replace(',', '')} 0.1 --tier 2", "12:00")
    assert "SP908" in told()


@pytest.mark.parametrize(
    ("plan", "entry", "tier", "target"), [("", "29800", None, "28500"), (LONG, "30000", "28900", "31100")]
)
def test_price_past_an_order_is_said(plan: str, entry: str, tier: str | None, target: str) -> None:
    """A limit that rested was filled at its price: what counts it as filled here says so; before it nothing is said."""
    begun(plan)
    at(f"fill T1 {entry} 0.1", "10:00")
    at(f"stop T1 {'30050' if not plan else '27000'}", "10:00")
    passed = {"": "tier 2 and tier 3 and target 1", LONG: "target 1"}[plan]
    assert f"price is past {passed}: what rested there was filled" in do(f"status T1 --price {target}")
    if tier is not None:
        assert "price is past tier 2: what rested there was filled" in do(f"status T1 --price {tier}")
    assert "price is past" not in do(f"status T1 --price {entry}")


def test_a_trail_does_not_end_where_it_begins() -> None:
    """From 2,300 on it trails 40 behind: that is no `flat`, and its ends are no most."""
    begun(TRAIL.format(side="long", stop=1900, first=2100, last=2300))
    at("fill T1 2000 2", "10:00")
    at("stop T1 1900", "10:00")
    at("exit T1 2100 1", "11:00")
    at("stop T1 2005", "11:00")
    assert "; what trails may end better" in do("status T1 --price 2200", code=0)
    at("exit T1 2300 0.2 --target 2", "12:00")
    at("stop T1 2260", "12:00")
    said = do("status T1 --price 2280", code=0)
    assert "it trails; counted as closed there, in all" in said
    assert "; what trails may end better" in said
