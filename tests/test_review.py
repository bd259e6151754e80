"""Reviews: three trades reworked by hand, what is counted beside them, every format, what is refused.

`plans/range-short.yaml` sells 0.1 BTC at 29,800 (limit), 29,500 and 29,200 (stop), stop 30,050, targets 28,600 (half,
then the stop goes to break even) and 28,100; maker 0.02%, taker 0.05%, slippage 0.05%. 1R is 180.48178625 USDT.
"""

import csv
import io
import json
import os
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from scaleplan.journal import EventRow, RowKind
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.report.review.words import bound, shown_steps
from scaleplan.review.trades import reviewed
from scaleplan.trade.deviations import Orders, deviations_when_over
from scaleplan.trade.play import text_of
from tests.given import file, studied
from tests.running import ROOT, outcome, process, screen_of
from tests.test_trade import LONG
from tests.test_trade_laws import Written

D = Decimal
SHORT = str(ROOT / "plans" / "range-short.yaml")
#: Before anything here was filled, and after all of it was over.
BEFORE, AFTER = "1787292000", "1787320000"
INVERSE = """symbol: BTC/USD:BTC
side: long
account: {equity: 1 BTC}
leverage: 2
maintenance: 0.5%
fees: {maker: 0.02%, taker: 0.05%}
size: 3000 USD
tiers:
  - {price: 30000, share: 50%}
  - {price: 24000, share: 50%}
stop: 20000
targets:
  - {price: 40000, close: rest}
"""
#: 1R of each of the three plans, by hand in their tests.
ONE_R = (D("180.48178625"), D("609.837975"), D("0.0375975"))


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a journal of its own, and nothing in it."""
    monkeypatch.setenv("SCALEPLAN_JOURNAL", str(tmp_path / "journal.db"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", AFTER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def do(line: str, code: int = 0) -> str:
    """Runs a command; returns what it prints."""
    ran = outcome(*line.split())
    assert ran.code == code, (line, ran)
    return ran.out


def locked(path: str, moment: str) -> None:
    """Locks a plan at a moment of 2026-08-21, recorded before anything happened."""
    os.environ["SOURCE_DATE_EPOCH"] = BEFORE
    ran = outcome("lock", path, "--at", f"2026-08-21 {moment} Z")
    assert ran.code == 0, ran
    os.environ["SOURCE_DATE_EPOCH"] = AFTER


def at(line: str, moment: str) -> None:
    """Records something of a moment of 2026-08-21."""
    ran = outcome(*line.split(), "--at", f"2026-08-21 {moment} Z", "--again")
    assert ran.code == 0, (line, ran)


def stop(line: str, moment: str) -> None:
    """Records a stop at a moment of 2026-08-21."""
    ran = outcome(*line.split(), "--at", f"2026-08-21 {moment} Z")
    assert ran.code == 0, (line, ran)


def the_short() -> None:
    """Records the trade of the contract: two tiers, target 1, and the rest by hand; nobody moved the stop."""
    locked(SHORT, "06:05")
    at(f"fill {SHORT} 29802.5 0.1 --fee 0.59605", "06:10")
    stop(f"stop {SHORT} 30050", "06:11")
    at(f"fill {SHORT} 29471 0.06", "07:00")
    at(f"fill {SHORT} 29466.5 0.04", "07:00")
    at(f"exit {SHORT} 28600 0.1", "08:34")
    at(f"exit {SHORT} 28240 all", "09:40")


def the_long() -> None:
    """Records a stop-out: tier 1 too dear and too small, and what was paid is not what the plan would have."""
    path = file(Path.cwd(), LONG, "long.yaml")
    locked(path, "06:05")
    at(f"fill {path} 30050 0.08 --tier 1 --fee 2.4", "06:10")
    stop(f"stop {path} 27000", "06:11")
    at(f"fill {path} 29000 0.1 --fee 0.58", "08:00")
    at(f"exit {path} 26980 all --stop --fee 2.5", "10:00")


def the_inverse() -> None:
    """Records a trade in coin: tier 1 too dear, the target sold too soon."""
    path = file(Path.cwd(), INVERSE, "inverse.yaml")
    locked(path, "06:05")
    at(f"fill {path} 31250 1500 --tier 1 --fee 0.00001", "06:10")
    stop(f"stop {path} 20000", "06:11")
    at(f"fill {path} 24000 1500 --tier 2 --fee 0.0000125", "08:00")
    at(f"exit {path} 37500 all --target 1", "11:00")


def record(*words: str) -> dict[str, Any]:
    """Returns a review as JSON."""
    found: dict[str, Any] = json.loads(do(" ".join(("review", *words, "--format json"))))
    return found


def is_near(figure: str | None, other: Decimal | str, within: str = "1e-12") -> bool:
    """Returns whether a figure of JSON is another."""
    assert figure is not None
    return abs(D(figure) - D(other)) <= D(within)


def steps_of(trade: dict[str, Any]) -> list[Decimal]:
    """Returns the steps of a trade's waterfall in money, from those in R."""
    names = ("planned", "entry_prices", "sizes", "exits", "fees")
    return [D(trade[f"{name}_r"]) * D(trade["one_r"]) for name in names]


# Three trades by hand


def test_the_trade_of_the_contract_has_its_card() -> None:
    """Planned: sold 0.1 at 29,800 and at 29,485.25, bought at 28,600 and 28,240: 244.525 less fees.

    Those are 0.596 + 1.4742625 + 0.572 + 1.412 = 4.0542625: 240.4707375 = 1.3324R. Sold at 29,802.50 and 29,469.20 on
    the mean: 243.17 less 0.59605 + 1.47346 + 0.572 + 1.412 = 4.05351: 239.11649 = 1.3249R, and nothing else differs.
    The lump: 0.3 at 29,802.5, half out at 28,600 and half at 28,240: 414.75 less 1.78815 + 0.858 + 2.118 = 409.98585 =
    2.2716R. At its stop it loses 78.7575 + 1.78815 + 4.50975375 = 85.05540375: scaled by 1R over that, 4.8202R.
    """
    the_short()
    trade = record("T1")["trades"][0]
    assert trade["one_r"] == "180.48178625"
    assert trade["net"] == "239.11649"
    expected = ("240.4707375", "-1.3542475", "0", "0", "0")
    assert all(abs(step - D(figure)) < D("1e-30") for step, figure in zip(steps_of(trade), expected, strict=True))
    assert is_near(trade["lump_same_size_r"], D("409.98585") / ONE_R[0])
    assert is_near(trade["lump_same_risk_r"], D("409.98585") / D("85.05540375"))
    # Tier 1 was 2.50 better, tier 2 sold 29 and 33.50 below its level: -0.25 + 1.74 + 1.34.
    assert (trade["fees"], trade["slippage"], trade["funding"]) == ("4.05351", "2.83", "0")
    assert do("review T1").splitlines()[-4:] == [
        "T1 +1.32R: planned +1.33, entry prices -0.01, sizes 0, exits 0, fees 0",
        "tiers 2 of 3, target 1, then closed by hand at 28,240.00 (not judged: no bars)",
        "all 0.3 BTC at tier 1: +2.27R the same size, +4.82R the same risk",
        "followed 10 of 12: SP911 stop-not-moved, SP914 closed-by-hand",
    ]


def test_a_stop_out_by_hand() -> None:
    """1R: 0.3 at 29,000 on the mean, out at 26,986.5: 604.05 + 1.74 + 4.047975 = 609.837975.

    Planned: 5,397.3 - 5,900 - 1.18 - 2.69865 = -506.57865. Tier 1 at 30,050: 5,397.3 - 5,905 - 1.181 - 2.69865 =
    -511.57965. 0.08 of it: 4,857.57 - 5,304 - 1.0608 - 2.428785 = -449.919585. Out at 26,980: 4,856.4 - 5,304 - 1.0608
    - 2.4282 = -451.089. Fees of 5.48: -453.08. The lump: 0.3 at 30,050 with 2.4/2,404 of it, out for 8,094 with
    2.5/4,856.4: 8,094 - 9,015 - 9 - 4.1666... = -934.1666...; at its stop it loses 9,024 + 4.047975 - 8,095.95.
    """
    the_long()
    trade = record()["trades"][0]
    assert is_near(trade["one_r"], "609.837975")
    expected = ("-506.57865", "-5.001", "61.660065", "-1.169415", "-1.991")
    assert all(abs(step - D(figure)) < D("1e-30") for step, figure in zip(steps_of(trade), expected, strict=True))
    assert trade["net"] == "-453.08"
    lump = D(8094) - 9015 - 9 - D("2.5") * 5 / 3
    assert is_near(trade["lump_same_size_r"], lump / ONE_R[1])
    assert is_near(trade["lump_same_risk_r"], lump / D("932.097975"))
    # 50 above tier 1 for 0.08, and 20 below the stop for 0.18.
    assert is_near(trade["slippage"], "7.6")
    assert (trade["tiers"], trade["end"], trade["targets"]) == ([2], "stop", 0)


def test_an_inverse_trade_by_hand() -> None:
    """In coin: 1,500 at 30,000 is 0.05, at 24,000 0.0625, at 31,250 0.048; 3,000 at 40,000 is 0.075, at 37,500 0.08.

    1R: 0.15 - 0.1125 + 0.0000225 + 0.000075 = 0.0375975. Planned 0.1125 - 0.075 less 0.02% of both: 0.0374625. Tier 1
    at 31,250: 0.1105 - 0.075 - 0.0000371 = 0.0354629. Sold at 37,500: 0.1105 - 0.08 - 0.0000381 = 0.0304619. Paid were
    0.00001 + 0.0000125 + 0.000016: 0.0304615.
    """
    the_inverse()
    trade = record()["trades"][0]
    assert is_near(trade["one_r"], "0.0375975")
    expected = ("0.0374625", "-0.0019996", "0", "-0.005001", "-0.0000004")
    assert all(abs(step - D(figure)) < D("1e-30") for step, figure in zip(steps_of(trade), expected, strict=True))
    assert is_near(trade["net"], "0.0304615")
    assert trade["settle"] == "BTC"
    # 3,000 at 31,250 is 0.096, its fee 0.00002; out for 0.08 and 0.000016.
    assert is_near(trade["lump_same_size_r"], (D("0.096") - D("0.08") - D("0.000036")) / ONE_R[2])


def test_a_stop_at_breakeven_by_hand() -> None:
    """Tier 1, half out at target 1, the rest stopped where the plan moved the stop: that half nets 0 by plan.

    Planned: 0.05 * 1,200 - 0.298 - 0.286 = 59.416, and the other half's exit is worth 1,489.702 / 1.0005. Sold at
    29,790 in place of 29,800: 1 less, and 0.0002 less fees. Out at 29,770: 1,489.702 - 1,488.5 * 1.0005 = 0.45775 more.
    Paid 0.75 in place of 0.74425. In all 2,979 - 1,430 - 1,488.5 - 0.5958 - 0.286 - 0.75 = 58.8682.
    """
    locked(SHORT, "06:05")
    at(f"fill {SHORT} 29790 0.1 --tier 1 --fee 0.5958", "06:10")
    stop(f"stop {SHORT} 30050", "06:11")
    at(f"exit {SHORT} 28600 0.05 --target 1", "07:00")
    at(f"exit {SHORT} 29770 all --stop --fee 0.75", "09:00")
    trade = record()["trades"][0]
    expected = ("59.416", "-0.9998", "0", "0.45775", "-0.00575")
    assert all(abs(step - D(figure)) < D("1e-30") for step, figure in zip(steps_of(trade), expected, strict=True))
    assert trade["net"] == "58.8682"


def test_expectancy_wins_and_spacing_by_hand() -> None:
    """Three results in R, ordered by their ends: +1.324879, -0.742951, +0.810200.

    Mean 0.464043; deviations 0.860836, -1.206994, 0.346157: s = sqrt(2.317698 / 2) = 1.076498; t(2) = 4.302653: half
    4.302653 * 1.076498 / 1.732051 = 2.674168. Trades that would tell: (4.302653 * 1.076498 / 0.464043)^2 = 99.63. Two
    of three win, 1.067540 on the mean, and lose 0.742951: pays 1.436891, needs 1 / 2.436891 = 41.04%. Wilson: centre
    (2/3 + 3.841459/6) / (1 + 3.841459/3) = 0.573084, half 0.365424.
    """
    the_short()
    the_long()
    the_inverse()
    found = record()
    results = [D("239.11649") / ONE_R[0], D("-453.08") / ONE_R[1], D("0.0304615") / ONE_R[2]]
    assert [trade["trade"] for trade in found["trades"]] == ["T1", "T2", "T3"]
    expectancy = found["expectancy"]
    assert is_near(expectancy["sum"], sum(results, ZERO))
    assert is_near(expectancy["mean"], "0.464043", "0.000001")
    assert is_near(expectancy["sd"], "1.076498", "0.000001")
    assert is_near(expectancy["low"], "-2.210125", "0.00001")
    assert is_near(expectancy["high"], "3.138211", "0.00001")
    assert is_near(expectancy["needed"], "99.63", "0.01")
    assert found["wins"]["count"] == 2
    assert is_near(found["wins"]["pays"], "1.436891", "0.000003")
    assert is_near(found["wins"]["needs"], "0.410359", "0.000003")
    assert is_near(found["wins"]["low"], "0.207660", "0.000003")
    assert is_near(found["wins"]["high"], "0.938508", "0.000003")
    assert found["worst"]["run"] == 1
    assert is_near(found["worst"]["fall"], -results[1])
    groups = {group["end"]: group for group in found["spacing"]["by_end"]}
    assert groups["stopped"]["trades"] == 1
    assert groups["others"]["trades"] == 2
    size = [D(trade["r"]) - D(trade["lump_same_size_r"]) for trade in found["trades"]]
    assert is_near(found["spacing"]["same_size"]["mean"], sum(size, ZERO) / 3, "1e-11")
    assert is_near(groups["all"]["scaled"], sum(results, ZERO))
    assert found["waterfall"]["done"] == expectancy["sum"]
    parts = [D(found["waterfall"][name]) for name in ("planned", "entry_prices", "sizes", "exits", "fees")]
    assert is_near(expectancy["sum"], sum(parts, ZERO), "1e-40")
    page = do("review")
    assert "expectancy  +0.46R a trade, 95% -2.21 to +3.14: not told apart from 0" in page
    assert "some 100 trades would tell at this spread, and 30 are the least" in " ".join(page.split())
    assert "2 of 3 = 67% (95% 21 to 94%), pay 1.44 to 1, need 41.0%" in page
    # Money of two currencies is not added up.
    assert [costs["settle"] for costs in found["costs"]] == ["BTC", "USDT"]


def test_what_is_shown_adds_up() -> None:
    """The steps as they are shown sum to what is shown as done, on the card and over all trades."""
    the_short()
    the_long()
    the_inverse()
    for line in (do(f"review T{number}").splitlines()[-4] for number in (1, 2, 3)):
        done, *steps = [D(figure) for figure in re.findall(r"[-+]?\d[\d,.]*(?=R:|,|$)", line)]
        assert done == sum(steps, ZERO), line
    rows = re.findall(r"^(planned|entry prices|sizes|exits|fees|done) +(\S+)$", do("review"), re.MULTILINE)
    *steps, done = [D(figure) for _, figure in rows]
    assert len(steps) == 5
    assert done == sum(steps, ZERO)


def test_a_step_is_shown_as_it_rounds() -> None:
    """Where rounded steps add up by themselves, none is another figure for the sake of the sum."""
    exact = [D("1.33239"), D("-0.00704"), D("-0.45434"), D("-0.05846"), D("-0.0001")]
    assert [str(step) for step in shown_steps(exact)] == ["1.33", "-0.01", "-0.45", "-0.06", "0.00"]
    left_over = [D("0.102"), D("-0.034"), D("-0.034"), D(0), D("-0.034")]
    assert sum(shown_steps(left_over), ZERO) == ZERO
    assert shown_steps(left_over)[3] == ZERO


# What is counted, and what is meant


def test_what_is_counted_beside() -> None:
    """Open and released trades and fills in no plan are counted; late ones are in all figures, and told."""
    the_short()
    other = file(Path.cwd(), LONG, "open.yaml")
    locked(other, "06:05")
    third = file(Path.cwd(), LONG.replace("30000", "30001"), "released.yaml")
    locked(third, "06:05")
    do("lock T3 --release never")
    late = file(Path.cwd(), LONG.replace("30000", "30002"), "late.yaml")
    at(f"fill {late} 30000 0.1 --tier 1", "06:10")
    at(f"exit {late} 31000 all --by-hand", "07:10")
    at(f"fill {other} 30000 0.1 --tier 1", "06:10")
    fill = json.loads(do("log T2 --format json"))["events"][-1]["event"]
    assert outcome("assign", fill, "--no-plan").code == 0
    found = record()
    assert found["counts"] == {
        "over": 2,
        "open": 1,
        "released": 1,
        "late": 1,
        "unassigned": 1,
        "unreckoned": 0,
        "without_r": 0,
    }
    page = " ".join(do("review").split())
    assert "2 trades over, 2026-08-21; 1 open, 1 released, 1 fill in no plan; 1 was locked after" in page
    assert "its promise proves little" in page
    assert len(found["trades"]) == 2


def test_which_trades_are_meant() -> None:
    """By the end of the trade, its symbol, its style, and the plans and numbers that are named."""
    the_short()
    the_long()
    the_inverse()

    def named(*words: str) -> list[str]:
        return [trade["trade"] for trade in record(*words)["trades"]]

    assert named("--since", "2026-08-21") == ["T1", "T2", "T3"]
    assert named("--until", "2026-08-20") == []
    ran = outcome("review", "--since", "2026-08-21 09:50 Z", "--until", "2026-08-21 10:30 Z", "--format", "json")
    assert [trade["trade"] for trade in json.loads(ran.out)["trades"]] == ["T2"]
    assert named("--symbol", "btc/usd:btc") == ["T3"]
    assert named("--style", "range") == ["T1"]
    assert named("T1", "long.yaml") == ["T1", "T2"]
    assert named(SHORT) == ["T1"]
    assert "SHORT" in do(f"review {SHORT}").splitlines()[0]
    assert record("--symbol", "X/Y")["expectancy"]["mean"] is None
    assert do("review --symbol X/Y").startswith("no trade is over")


def test_an_open_trade_is_not_reviewed() -> None:
    """It is counted, and nothing is made up of it."""
    locked(SHORT, "06:05")
    at(f"fill {SHORT} 29800 0.1", "06:10")
    assert do("review T1") == "no trade is over; 1 open\n"
    found = record("T1")
    assert found["trades"] == []
    assert found["waterfall"] is found["spacing"] is found["wins"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("T9",), "there is no trade T9"),
        (("nothing.yaml",), "has no trade in this journal"),
        (("-",), "standard input has none"),
        (("--since", "yesterday"), "is no moment"),
        (("--style", "yolo"), "is none of pyramid, confirmation, dca, range, single"),
        (("--format", "svg"), "svg"),
    ],
)
def test_what_is_no_question(words: tuple[str, ...], said: str) -> None:
    """Exit code 2, and what would be one."""
    the_short()
    ran = outcome("review", *words)
    assert ran.code == 2
    assert said in " ".join(ran.talk.replace("│", " ").split())


def test_without_a_journal() -> None:
    """Exit code 3, and how one begins; nothing is made."""
    ran = outcome("review")
    assert ran.code == 3
    assert "there is no journal yet" in ran.talk
    assert not Path("journal.db").exists()


def test_words_reach_the_terminal_as_plain_text() -> None:
    """A word with a control code in it is shown with that visible."""
    the_short()
    for command in ("review", "status", "log"):
        ran = outcome(command, "\x1b[31mred.yaml")
        assert "\x1b" not in ran.out + ran.talk
        assert "red.yaml has no trade in this journal" in ran.talk


# Adherence


def test_a_clean_trade_followed_all_of_it() -> None:
    """Two tiers, two sizes, order, stop set, one move, two exits, re-entry, plan, lock: 12 of 12."""
    locked(SHORT, "06:05")
    at(f"fill {SHORT} 29800 0.1", "06:10")
    stop(f"stop {SHORT} 30050", "06:11")
    at(f"fill {SHORT} 29485.25 0.1", "07:00")
    at(f"exit {SHORT} 28600 0.1", "08:00")
    due = json.loads(do(f"status {SHORT} --format json", code=1))["trades"][0]["stop"]["due"]
    stop(f"stop {SHORT} {due}", "08:02")
    at(f"exit {SHORT} 28100 all", "09:00")
    found = record()
    adherence = found["adherence"]
    assert (adherence["followed"], adherence["applicable"]) == (12, 12)
    assert adherence["clean"]["trades"] == 1
    assert adherence["deviating"] is None
    assert found["trades"][0]["deviations"] == []
    assert [D(step) for step in steps_of(found["trades"][0])[1:]] == [0, 0, 0, 0]
    assert do("review T1").splitlines()[-1] == "followed 12 of 12"


def test_an_exit_in_parts_moves_the_stop_once() -> None:
    """Parts of target 1 in the same minute: the stop was due after them, and it was moved in time: no SP911."""
    locked(SHORT, "06:05")
    at(f"fill {SHORT} 29800 0.1", "06:10")
    stop(f"stop {SHORT} 30050", "06:11")
    at(f"fill {SHORT} 29485.25 0.1", "07:00")
    for part in ("0.03", "0.03", "0.04"):
        at(f"exit {SHORT} 28600 {part} --order a1", "08:00")
    due = json.loads(do(f"status {SHORT} --format json", code=1))["trades"][0]["stop"]["due"]
    stop(f"stop {SHORT} {due}", "08:02")
    at(f"exit {SHORT} 28100 all", "09:00")
    found = record("T1")
    assert found["trades"][0]["deviations"] == []
    assert (found["trades"][0]["followed"], found["trades"][0]["applicable"]) == (12, 12)


def test_stops_that_are_not_recorded_are_no_part_of_it(place: Path) -> None:
    """With `stops: not recorded` SP910 to SP913 are silent, and 11 things less one move and the stop are left."""
    (place / ".scaleplan.yaml").write_text("stops: not recorded\n", encoding="utf-8")
    the_short()
    trade = record()["trades"][0]
    assert trade["deviations"] == ["SP914"]
    assert (trade["followed"], trade["applicable"]) == (9, 10)


def test_a_silenced_deviation_still_counts() -> None:
    """An ignore in the locked plan keeps the line from being told, not its place in adherence."""
    text = Path(SHORT).read_text(encoding="utf-8")
    path = file(Path.cwd(), text.replace("side: short", "side: short # scaleplan: ignore[SP914] by hand is fine"))
    locked(path, "06:05")
    at(f"fill {path} 29800 0.1", "06:10")
    stop(f"stop {path} 30050", "06:11")
    at(f"exit {path} 29000 all", "09:40")
    found = record()
    exits = {part["part"]: part for part in found["adherence"]["parts"]}["exits"]
    assert (exits["followed"], exits["applicable"]) == (0, 1)
    assert found["trades"][0]["deviations"] == []
    assert "SP914" not in do("review T1")


def test_what_was_entered_beyond_the_plan_counts_as_a_size() -> None:
    """An extra fill is one more size that was not planned; the plan's own tiers are as they were."""
    path = file(Path.cwd(), LONG)
    locked(path, "06:05")
    for moment, price in (("06:10", "30000"), ("06:20", "29000"), ("06:30", "28000"), ("06:40", "27900")):
        at(f"fill {path} {price} 0.1", moment)
    stop(f"stop {path} 27000", "06:11")
    at(f"exit {path} 26986.5 all --stop", "09:40")
    found = record()
    size = {part["part"]: part for part in found["adherence"]["parts"]}["size"]
    assert (size["followed"], size["applicable"]) == (3, 4)
    # What the fourth fill lost is a step of sizes: 0.1 * (26,986.5 - 27,900) - 0.05% of both.
    lost = D("0.1") * (D("26986.5") - 27900) - D("0.0005") * D("0.1") * (27900 + D("26986.5"))
    assert abs(steps_of(found["trades"][0])[2] - lost) < D("1e-30")


def test_the_last_digit_of_a_quantity_is_no_excess() -> None:
    """SP907: 300 USDT at 140 is 2.142857...; a venue fills 2.1429, and that is all it can."""
    path = file(
        Path.cwd(),
        "symbol: SOL/USDT\nside: long\nsize: 900 USDT\ntiers: [150, 140, 130]\nstop: 118\n",
    )
    for price, quantity in (("150", "2"), ("140", "2.1429"), ("130", "2.3077")):
        assert outcome("fill", path, price, quantity).code == 0
    assert "SP907" not in do("status T1 --format json")
    do("undo")
    assert outcome("fill", path, "130", "2.3277").code == 0
    assert "SP907" in do("status T1 --format json")


# Funding, and what other rows there are


def _funded() -> Written:
    """Returns the rows of a short: one tier in, out at its target, and two payments of funding, 1.5 paid, 0.4 had."""
    written = Written(studied(Path(SHORT).read_text(encoding="utf-8"), "range-short.yaml"))
    own = written.study.ladder.machine.holdings.own_fill(0)
    written.executed(own, named=True)
    for amount in ("1.5", "-0.4"):
        written.add(RowKind.FUNDING, fee=D(amount), fee_currency="USDT")
    row = written.add(RowKind.FILL, side="buy", price=D(28600), quantity=D("0.1"), fee=D("0.572"), role="target")
    written.rows[-1] = row._replace(target=1, fee_currency="USDT")
    return written


@exact
def test_funding_is_apart() -> None:
    """0.1 sold at 29,800, bought at 28,600: 120 - 0.596 - 0.572 = 118.832; 1.1 of funding is no part of it."""
    trade = _funded().trade()
    review = reviewed(trade, deviations_when_over(trade, Orders()))
    assert review.net == review.steps.done == D("118.832")
    assert review.costs.funding == D("1.1")
    assert review.costs.fees == D("1.168")
    without: list[EventRow] = [row for row in _funded().rows if row.kind is not RowKind.FUNDING]
    other = _funded()
    other.rows = without
    assert reviewed(other.trade(), ()).net == review.net


# Bars


def _bars(place: Path, rows: list[tuple[str, str, str, str, str]]) -> str:
    text = "time,open,high,low,close\n" + "".join(f"{','.join(row)}\n" for row in rows)
    (place / "bars.csv").write_text(text, encoding="utf-8")
    return str(place / "bars.csv")


def test_excursions_by_hand(place: Path) -> None:
    """The worst is at 07:15, 0.2 held at 29,635.85, fees 2.06951, out at 29,900 slipped to 29,914.95.

    -0.2 * 279.10 - 2.06951 - 2.991495 = -60.881005. The best is at 09:15: 101.978245 booked, 0.1 out at 28,150 slipped
    to 28,164.075: 147.1775 - 1.034755 - 1.40820375 = 144.73454125, in all 246.71278625. The bar of 06:45 to 07:00 ends
    at the second fill. That of 08:30 has a fill inside, that of 09:30 ends after the trade: they are left out.
    """
    pytest.importorskip("polars")
    the_short()
    rows = []
    moment = datetime(2026, 8, 21, 5, tzinfo=UTC)
    special = {"07:15": ("29500", "29900", "29400", "29500"), "09:15": ("28300", "28400", "28150", "28200")}
    special |= {"08:30": ("29000", "31000", "28000", "29000"), "09:30": ("28200", "31000", "27000", "28200")}
    special |= {"05:45": ("29000", "40000", "20000", "29000"), "10:00": ("29000", "40000", "20000", "29000")}
    for quarter in range(24):
        begin = moment + timedelta(minutes=15 * quarter)
        prices = special.get(f"{begin:%H:%M}", ("29000", "29100", "28900", "29000"))
        rows.append((f"{begin:%Y-%m-%dT%H:%M:%SZ}", *prices))
    path = _bars(place, rows)
    found = record("T1", "--bars", path)
    trade = found["trades"][0]
    assert is_near(trade["mae_r"], D("-60.881005") / ONE_R[0])
    assert is_near(trade["mfe_r"], D("246.71278625") / ONE_R[0])
    assert found["excursions"]["bars_left_out"] == 1
    assert is_near(found["excursions"]["kept"], D("239.11649") / D("246.71278625"), "1e-11")
    card = " ".join(do(f"review T1 --bars {path}").split())
    assert "closed by hand at 28,240.00 (at worst -0.34R, at best +1.37R, kept 97%)" in card
    assert "kept 97% of the best; 1 bar with fills inside left out" in " ".join(do(f"review --bars {path}").split())


def test_bars_that_do_not_cover_a_trade_say_nothing_of_it(place: Path) -> None:
    """A day later, or only its first half: fills alone are no excursion."""
    pytest.importorskip("polars")
    the_short()
    for day, hours in ((22, range(24)), (21, range(8))):
        rows = [(f"2026-08-{day}T{hour:02}:00:00Z", "29000", "29100", "28900", "29000") for hour in hours]
        path = _bars(place, rows)
        assert record("--bars", path)["excursions"] is None
        assert record("--bars", path)["trades"][0]["mae_r"] is None
        assert "the bars do not cover it" in do(f"review T1 --bars {path}")
        assert "the bars cover no trade" in do(f"review --bars {path}")


def test_what_is_wrong_with_bars_is_in_the_record(place: Path) -> None:
    """A hole in them is told beside a page, and in JSON."""
    pytest.importorskip("polars")
    the_short()
    moments = [*range(5, 7), *range(9, 12)]
    path = _bars(place, [(f"2026-08-21T{hour:02}:00:00Z", "29000", "29100", "28900", "29000") for hour in moments])
    told = record("--bars", path)["diagnostics"]
    assert [each["code"] for each in told] == ["SP807"]
    assert "SP807" in outcome("review", "--bars", path).talk


def test_bars_are_of_one_symbol(place: Path) -> None:
    """Trades of two symbols cannot be held against the bars of one."""
    pytest.importorskip("polars")
    the_short()
    the_inverse()
    path = _bars(place, [("2026-08-21T06:00:00Z", "1", "2", "1", "2"), ("2026-08-21T07:00:00Z", "2", "2", "1", "2")])
    ran = outcome("review", "--bars", path)
    assert ran.code == 2
    assert "add --symbol" in " ".join(ran.talk.replace("│", " ").split())
    assert outcome("review", "--bars", path, "--symbol", "BTC/USD:BTC").code == 0


@pytest.mark.parametrize(("name", "code"), [("none.csv", 3), ("folder", 3), ("empty.csv", 1), ("words.csv", 1)])
def test_bars_that_are_none(place: Path, name: str, code: int) -> None:
    """What cannot be read is said at its name, and nothing is reviewed by it."""
    pytest.importorskip("polars")
    the_short()
    (place / "folder").mkdir()
    (place / "empty.csv").write_text("", encoding="utf-8")
    (place / "words.csv").write_text("no bars\nat all\n", encoding="utf-8")
    ran = outcome("review", "--bars", str(place / name))
    assert (ran.code, ran.out) == (code, "")
    assert name in ran.talk


# Formats


def test_formats_say_the_same() -> None:
    """Every format has the trades; Markdown draws in characters, HTML in shapes that nothing has to be loaded for."""
    the_short()
    the_long()
    assert do("review --format text") == do("review --format table") == do("review")
    markdown = do("review --format md")
    assert "<" not in markdown
    assert "```text" in markdown
    assert "| tiers | trades |" in markdown
    html = do("review --format html")
    assert html.count("<svg") == 2
    assert "default-src 'none'" in html
    assert do("review T1 --format html").count("<svg") == 1
    rows = list(csv.DictReader(io.StringIO(do("review --format csv"))))
    trades = record()["trades"]
    assert [row["trade"] for row in rows] == ["T1", "T2"]
    assert [row["r"] for row in rows] == [trade["r"] for trade in trades]
    assert rows[0]["tiers"] == "1 2"
    assert rows[0]["deviations"] == "SP911 SP914"


def test_the_keys_of_the_record() -> None:
    """Section 10 of the contract."""
    the_short()
    found = record()
    keys = "format_version command filter counts expectancy wins worst by_tiers by_target waterfall spacing adherence"
    assert [key for key in keys.split() if key not in found] == []
    assert set(found["counts"]) >= {"over", "open", "released", "late", "unassigned"}
    assert set(found["expectancy"]) == {"mean", "sd", "low", "high", "needed", "sum"}
    assert set(found["wins"]) >= {"count", "low", "high", "pays", "needs"}
    assert set(found["worst"]) == {"run", "fall"}
    assert list(found["waterfall"]) == ["planned", "entry_prices", "sizes", "exits", "fees", "done"]
    assert set(found["spacing"]) >= {"same_size", "same_risk", "by_end"}
    assert set(found["adherence"]) >= {"followed", "applicable", "parts", "clean", "deviating", "difference"}
    trade = "trade closed_at tiers end net r planned_r lump_same_size_r lump_same_risk_r deviations mae_r mfe_r"
    assert [key for key in trade.split() if key not in found["trades"][0]] == []


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """At every width nothing is cut and nothing runs over."""
    the_short()
    the_long()
    for words in (("review",), ("review", "T1")):
        page = outcome(*words, screen=screen_of(width)).out
        assert max(map(len, page.splitlines())) <= width


def test_every_trade_is_drawn() -> None:
    """A stick for each in HTML; in characters those that share a column are taken together, and a line says so."""
    from scaleplan.report.drawings import Sticks  # noqa: PLC0415 - the parts alone
    from scaleplan.report.spans import stick_lines  # noqa: PLC0415
    from scaleplan.report.spans_svg import sticks_drawing  # noqa: PLC0415

    part = Sticks("each", "words", tuple(D(number % 7 - 3) for number in range(500)), "R", "T1", "T500")
    (marks,) = [element for element in sticks_drawing(part).elements if element.startswith("<path")]
    assert marks.count("M") == 500
    lines = ["".join(cell.text for cell in line) for line in stick_lines(part, 80)]
    assert "a column is several trades" in lines[-1]
    assert max(map(len, lines)) <= 80
    few = ["".join(cell.text for cell in line) for line in stick_lines(part._replace(values=(D(0),)), 80)]
    assert any("0" in line for line in few)


# What changes nothing


def test_undo_and_undo_again() -> None:
    """Law 2: a command and its undo leave the review as it was; undone again, it is as after the command."""
    the_short()
    before = do("review") + do("review --format json")
    the_long()
    after = do("review --format json")
    assert before != after
    batches = json.loads(do("log T2 --format json"))["events"]
    for number in sorted({event["batch"] for event in batches}, reverse=True):
        do(f"undo {number}")
    assert do("review") + do("review --format json") == before


def test_neither_the_clock_nor_the_plan_file_changes_it() -> None:
    """Laws 13 and 14: a day later or earlier, the plan edited, moved or gone, every output is the same."""
    the_long()
    before = [do(f"review {words}") for words in ("", "T1", "--format json")]
    for epoch in (str(int(AFTER) + 86_400), str(int(AFTER) - 86_400)):
        os.environ["SOURCE_DATE_EPOCH"] = epoch
        assert [do(f"review {words}") for words in ("", "T1", "--format json")] == before
    os.environ["SOURCE_DATE_EPOCH"] = AFTER
    plan = Path("long.yaml")
    plan.write_text(LONG.replace("27000", "26000"), encoding="utf-8")
    assert [do(f"review {words}") for words in ("", "T1", "--format json")] == before
    plan.unlink()
    assert [do(f"review {words}") for words in ("", "T1", "--format json")] == before


def test_a_pipe_that_closes_early() -> None:
    """`| head` ends it without a word."""
    the_short()
    ran = process("review", env={**os.environ, "SCALEPLAN_JOURNAL": os.environ["SCALEPLAN_JOURNAL"]}, cwd=Path.cwd())
    assert ran.returncode == 0
    assert ran.stderr == b""


def test_moments_are_in_order() -> None:
    """Trades stand in the order in which they ended, whatever their numbers."""
    the_inverse()
    the_short()
    trades = record()["trades"]
    assert [trade["trade"] for trade in trades] == ["T2", "T1"]
    assert all(first["closed_at"] <= second["closed_at"] for first, second in pairwise(trades))
    assert trades[0]["closed_at"] == text_of(datetime(2026, 8, 21, 9, 40, tzinfo=UTC))


def test_a_long_heading_is_not_repeated(place: Path) -> None:
    """SP806: of a name of 200,000 characters its beginning is said."""
    pytest.importorskip("polars")
    the_short()
    (place / "wide.csv").write_text(f"{'x' * 200_000},b\n1,2\n", encoding="utf-8")
    ran = outcome("review", "--bars", str(place / "wide.csv"))
    assert ran.code == 1
    assert "SP806" in ran.talk
    assert len(ran.talk) < 2000


def test_a_pipe_that_goes_quiet_is_given_up(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe through which a head came and then nothing: it is said, and waited for no longer."""
    pytest.importorskip("polars")
    monkeypatch.setattr("scaleplan.source._PAUSE", 0.2)
    the_short()
    pipe = place / "bars.pipe"
    os.mkfifo(pipe)
    number = os.open(pipe, os.O_RDWR)
    try:
        os.write(number, b"time,open,high,low,close\n")
        ran = outcome("review", "--bars", str(pipe))
    finally:
        os.close(number)
    assert ran.code == 3
    assert "is a pipe through which nothing came for 0.2 s" in ran.talk


@pytest.mark.parametrize(
    ("value", "shown"), [("0.0042", "+0.004"), ("-0.0042", "-0.004"), ("0", "0.00"), ("1.005", "+1.00")]
)
def test_an_end_of_an_interval_beside_0_does_not_read_so(value: str, shown: str) -> None:
    """A mean whose interval begins at 0.0042 is told apart from 0, and so its end is not 0.00."""
    assert bound(D(value)) == shown
