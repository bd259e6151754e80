"""`diff`: what changed, the measures by hand arithmetic, the verdict, and each form of output.

The plan of most tests is `LONG`: 1 BTC in two tiers at 100 and 90, the stop at 80, fees and slippage 0, equity 1,000,
leverage 5, maintenance 0%. After tier 1 (0.5 at 100) a stop loses 10; after both (average 95) 15: the worst. Margin is
95 / 5 = 19. An isolated long without maintenance is liquidated where its margin is gone: tier 1 at 100 - 20 = 80, both
at 95 - 19 = 76.
"""

import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scaleplan.diagnostic import Severity
from scaleplan.questions.diff import Diff, DiffSide, diff
from scaleplan.report.diff.words import rows_of, verdict_words
from scaleplan.revision.changes import Op
from scaleplan.revision.forms import written_form
from scaleplan.revision.measures import Measure, RiskVerdict, RoomKind, Turn, compared
from tests.given import file, studied, study_of, with_keys
from tests.running import ROOT, approved, joined, outcome, screen_of

LONG = """\
symbol: BTC/USDT:USDT
side: long
account: {equity: 1000 USDT}
leverage: 5
maintenance: 0%
fees: {maker: 0%, taker: 0%}
size: 1 BTC
tiers:
  - {price: 100, share: 50%}
  - {price: 90, share: 50%}
stop: 80
targets:
  - {price: 120, close: 100%}
"""
PYRAMID = ROOT / "plans" / "breakout-retest-pyramid.yaml"
D = Decimal


def change(old: str, new: str) -> Diff:
    """Returns the change from one text to another, both called plan.yaml."""
    sides = (DiffSide("plan.yaml", None, None, study_of(text)) for text in (old, new))
    return diff(*sides)


def told(found: Diff) -> list[str]:
    """Returns the changes of a diff, a line each, as JSON has them."""
    signs = {Op.ADD: "+", Op.REMOVE: "-", Op.CHANGE: "~"}
    lines = []
    for each in found.changes:
        values = [written_form(value) for value in (each.old, each.new) if value is not None]
        lines.append(f"{signs[each.op]} {each.path_new or each.path_old} {' -> '.join(values)}")
    return lines


def turns(found: Diff) -> dict[Measure, Turn]:
    """Returns the measures that turned."""
    assert found.comparison is not None
    return {measure: turn for measure, turn in found.comparison.turns if turn is not Turn.EQUAL}


def record(*arguments: str) -> dict[str, Any]:
    """Runs `diff` for its JSON."""
    found: dict[str, Any] = json.loads(outcome("diff", *arguments, "--format", "json").out)
    return found


# What changed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("share: 50%", "share: 1/2"),
        ("  - {price: 100, share: 50%}\n  - {price: 90, share: 50%}", "  - 50% at 100\n  - 50% at 90"),
        ("tiers:\n  - {price: 100, share: 50%}\n  - {price: 90, share: 50%}", "tiers: [100, 90]"),
        ("tiers:\n  - {price: 100, share: 50%}\n  - {price: 90, share: 50%}", "tiers: {from: 100, to: 90, count: 2}"),
        ("stop: 80", "stop: 80.00"),
        ("stop: 80", "invalidation: 80\nstop: 80  # where it sits"),
        ("leverage: 5", "leverage: 5\nmargin_mode: isolated\nextra_margin: 0\nslippage: 0%\nrisk_unit: plan"),
        ("  - {price: 120, close: 100%}", "  - 120"),
        ("size: 1 BTC", "size: 1.0 BTC"),
        ("side: long", "# a comment\nside:   LONG"),
        ("maintenance: 0%", "venue: {maintenance: 0%}"),
        ("maintenance: 0%", "venue: {name: written, maintenance: 0%}"),
        ("  - {price: 120, close: 100%}", "  - {price: 120, close: rest}"),
        ("BTC/USDT:USDT", "btc/usdt:usdt"),
        ("equity: 1000 USDT", "equity: 1000 usdt"),
    ],
)
def test_what_means_the_same_is_no_change(before: str, after: str) -> None:
    """Short forms, defaults that are written out, comments and other forms of a number change nothing."""
    assert before in LONG
    found = change(LONG, LONG.replace(before, after))
    # An invalidation that is added is told, and the stop that it could stand in for is not.
    lines = [line for line in told(found) if "invalidation" not in line]
    assert lines == []
    assert found.verdict is RiskVerdict.SAME


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        ("[30% at 110, 30% at 120, 40% at 130]", "[30% at 110, 30% at 120, rest at 130]", True),
        ("[1/3 at 110, 1/3 at 120, 1/3 at 130]", "[1/3 at 110, 1/3 at 120, rest at 130]", True),
        ("[110, 120, 130]", "[1/3 at 110, 1/3 at 120, rest at 130]", True),
        ("[30% at 110, 30% at 120, 30% at 130]", "[30% at 110, 30% at 120, rest at 130]", False),
        ("[50% at 110, {price: 120, close: 50% of rest}]", "[50% at 110, rest at 120]", False),
    ],
)
def test_the_last_close_of_the_whole_is_the_rest(before: str, after: str, is_same: bool) -> None:  # noqa: FBT001 - a case
    """Where closes add up to 100%, the last closes all that is held: `40%` is then what `rest` is."""
    ladder = LONG.replace("targets:\n  - {price: 120, close: 100%}", "targets: {}")
    texts = [ladder.replace("targets: {}", f"targets: {closes}") for closes in (before, after)]
    assert (told(change(*texts)) == []) is is_same
    assert (told(change(*reversed(texts))) == []) is is_same


def test_a_key_that_goes_takes_its_unwritten_ways_along() -> None:
    """Without maintenance there is nothing that it could be taken on: one key was deleted, and one is told."""
    assert told(change(LONG, with_keys(LONG, maintenance=""))) == ["- maintenance 0%"]
    assert told(change(with_keys(LONG, maintenance=""), LONG)) == ["+ maintenance 0%"]
    spot = with_keys(LONG, symbol="BTC/USDT", leverage="", maintenance="")
    assert told(change(spot, spot + "leverage: 5\n")) == ["~ contract spot -> linear", "+ leverage 5"]


def test_a_tier_more_is_one_change() -> None:
    """Equal prices are matched first: what is inserted is one `+`, whatever numbers move, and equal shares stay so."""
    ladder = LONG.replace("tiers:\n  - {price: 100, share: 50%}\n  - {price: 90, share: 50%}", "tiers: [100, 90]")
    assert told(change(ladder, ladder.replace("[100, 90]", "[100, 95, 90]"))) == ["+ tiers[1] 1/3 at 95 limit"]
    assert told(change(ladder.replace("[100, 90]", "[100, 95, 90]"), ladder)) == ["- tiers[1] 1/3 at 95 limit"]


def test_words_of_a_tier_that_came_or_went_are_told() -> None:
    """What must be seen before a new tier is entered is among the words; the tier's own line has its figures."""
    third = "  - {price: 85, share: 25%, trigger: a hammer, note: small}\n"
    text = LONG.replace("price: 90, share: 50%", "price: 90, share: 25%").replace("stop: 80", third + "stop: 80")
    assert told(change(LONG, text))[1:] == [
        *("+ tiers[2] 25% at 85 limit", "+ tiers[2].trigger a hammer", "+ tiers[2].note small")
    ]
    assert [each.words for each in change(LONG, text).changes] == [False, False, True, True]
    assert told(change(text, LONG))[-2:] == ["- tiers[2].trigger a hammer", "- tiers[2].note small"]


def test_references_follow_what_they_name() -> None:
    """`tier 2` becomes `tier 3` where a tier came before it: the same tier, and no change; another tier is one."""
    three = LONG.replace(
        "  - {price: 90, share: 50%}", "  - {price: 95, share: 25%}\n  - {price: 90, share: 25%, after: tier 2}"
    )
    four = three.replace("  - {price: 95, share", "  - {price: 98, share: 0%}\n  - {price: 95, share")
    four = four.replace("share: 0%", "share: 10%").replace("50%", "40%").replace("after: tier 2", "after: tier 3")
    assert told(change(three, four)) == ["~ tiers[0].share 50% -> 40%", "+ tiers[1] 10% at 98 limit"]
    other = four.replace("after: tier 3", "after: tier 2")
    assert told(change(three, other)) == [
        *("~ tiers[0].share 50% -> 40%", "+ tiers[1] 10% at 98 limit"),
        "~ tiers[3].after tier 2 -> tier 2",
    ]


def test_a_tier_that_moved_is_one_change_of_its_price() -> None:
    """Between two that match, what is left is paired in turn."""
    assert told(change(LONG, LONG.replace("price: 90", "price: 91"))) == ["~ tiers[1].price 90 -> 91"]


def test_a_limit_is_compared_as_it_is_written() -> None:
    """Of an equity that changes, limits in money and in shares stay what they are, and a size in shares too."""
    text = LONG.replace("{equity: 1000 USDT}", "{equity: 1000 USDT, max_risk: 50 USDT, max_margin: 10%}")
    text = text.replace("size: 1 BTC", "size: 1% risk")
    assert told(change(text, text.replace("1000", "2000"))) == ["~ account.equity 1000 USDT -> 2000 USDT"]
    as_share = text.replace("max_risk: 50 USDT", "max_risk: 5%")
    assert told(change(text, as_share)) == ["~ account.max_risk 50 USDT -> 5%"]


def test_terms_follow_from_a_venue() -> None:
    """Of another venue its name is told, and not each of its terms; what the plan writes itself is."""
    text = with_keys(LONG.replace("  - {", "- {"), maintenance="", fees="", venue="binance")
    text = text.replace("100,", "60000,").replace("90,", "59000,").replace("80", "55000").replace("120", "65000")
    found = change(text, text.replace("binance", "bybit"))
    assert told(found) == ["~ venue binance -> bybit"]
    written = change(text + "slippage: 0.1%\n", text.replace("binance", "bybit") + "slippage: 0.2%\n")
    assert told(written) == ["~ venue binance -> bybit", "~ slippage 0.1% -> 0.2%"]


def test_words_come_last_and_change_no_figure() -> None:
    """Names, notes, triggers and the checklist are words; the verdict is that of a plan that stayed."""
    text = LONG.replace("  - {price: 90, share: 50%}", "  - {price: 90, share: 50%, trigger: dips}")
    after = text.replace("dips", "dips twice").replace("stop: 80", "stop: 80\nname: B\nchecklist: [one, two]")
    found = change(text, after)
    assert [each.words for each in found.changes] == [True] * 4
    assert told(found) == [
        "~ tiers[1].trigger dips -> dips twice",
        "~ name plan -> B",
        "+ checklist[0] one",
        "+ checklist[1] two",
    ]
    assert found.verdict is RiskVerdict.SAME


# What it does to risk


def measures(text: str) -> dict[str, object]:
    """Returns the measures of a plan."""
    found = change(text, text)
    assert found.after is not None
    return found.after.measures._asdict()


def test_every_measure_by_hand() -> None:
    """See the head of this module; the most held is 50 + 45, the most leverage 95 / 1,000 at tier 2: 1 BTC at 90.

    Of the value at the price that a state is at, 0.5 x 100 = 50 is less than 1 x 90 = 90.
    """
    found = measures(LONG)
    assert found["planned_loss"] == found["worst_loss"] == D(15)
    assert found["worst_loss_of_equity"] == D("0.015")
    assert found["most_held"] == D(95)
    assert found["stop"] is True
    # Tier 1 alone is liquidated at 80, its stop: nothing lies behind it.
    room = found["behind_stop"]
    assert room == (RoomKind.BEHIND, D(0), 1)
    assert (found["margin"], found["margin_of_equity"]) == (D(19), D("0.019"))
    assert found["effective_leverage"] == D("0.09")
    assert (found["errors"], found["complete"]) == (frozenset(), True)
    assert measures(LONG.replace("leverage: 5", "leverage: 9"))["errors"] == {"SP401"}


def test_what_is_closed_before_a_fill_is_not_held() -> None:
    """A target closes half of 0.5 at 110, entries never end: then 25 are held at tier 1's price, and 45 come to it.

    The other way holds 50 + 45 = 95, which is the most; where tier 2 waits for 110, the target comes first, and it is
    70.
    """
    text = LONG.replace("{price: 120, close: 100%}", "{price: 110, close: 50%}").replace("leverage: 5", "leverage: 2")
    text += "entries_end: never\n"
    assert measures(text)["most_held"] == D(95)
    after = text.replace("{price: 90, share: 50%}", "{price: 90, share: 50%, after: 110}")
    assert measures(after)["most_held"] == D(70)


def test_the_worst_loss_is_that_of_any_path() -> None:
    """Planned are 1,000: half of 60,000 USDT at 60,000 loses 2,000 of each 60,000 at the stop.

    Tier 3 may fill without tier 2, which would bring the stop along: 12,000 / 60,800 x 2,800 = 552.63 more. Where it
    waits for tier 2 it is the planned loss again, and that has not changed.
    """
    text = (ROOT / "plans" / "bad" / "SP512-risk-passed-on-a-path.yaml").read_text()
    assert measures(text)["planned_loss"] == D(1000)
    assert str(measures(text)["worst_loss"]).startswith("1552.6315789")
    found = change(text, text.replace("after: 61200", "after: tier 2"))
    assert Measure.PLANNED_LOSS not in turns(found)
    assert turns(found)[Measure.WORST_LOSS] is Turn.BETTER
    assert [row.label for row in rows_of(found)][:2] == ["planned loss", "worst loss"]


def test_what_differs_behind_twelve_digits_is_equal() -> None:
    """Rounding is no change of risk; the twelfth digit is one."""
    found = change(LONG, LONG).after
    assert found is not None
    for digits, verdict in (("15.00000000004", RiskVerdict.SAME), ("15.0000000004", RiskVerdict.RISKIER)):
        assert (
            compared(found.measures, found.measures._replace(margin=D(19), planned_loss=D(digits))).verdict is verdict
        )


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ("stop: 80", "stop: 79", {Measure.PLANNED_LOSS, Measure.WORST_LOSS, Measure.LOSS_FRACTION}),
        ("1000 USDT", "900 USDT", {Measure.LOSS_FRACTION, Measure.MARGIN_FRACTION, Measure.LEVERAGE}),
        ("leverage: 5", "leverage: 4", {Measure.MARGIN, Measure.MARGIN_FRACTION}),
        ("leverage: 5", "leverage: 6", {Measure.BEHIND_STOP}),
        ("maintenance: 0%\n", "", {Measure.BEHIND_STOP}),
        ("size: 1 BTC", "size: 2 BTC", {Measure.MOST_HELD, Measure.MARGIN, Measure.LEVERAGE, Measure.WORST_LOSS}),
    ],
)
def test_each_measure_has_a_side_that_is_worse(before: str, after: str, worse: set[Measure]) -> None:
    """What makes a measure worse in one direction makes it better in the other."""
    other = LONG.replace(before, after)
    found, back = turns(change(LONG, other)), turns(change(other, LONG))
    assert worse <= {measure for measure, turn in found.items() if turn is Turn.WORSE}
    opposite = {Turn.WORSE: Turn.BETTER, Turn.BETTER: Turn.WORSE}
    errors = {Measure.BROKEN}
    assert {measure: opposite[turn] for measure, turn in found.items() if measure not in errors} == {
        measure: turn for measure, turn in back.items() if measure not in errors
    }


def test_a_stop_that_is_gone() -> None:
    """Without a stop the loss is what a liquidation takes, and no room is left behind a stop."""
    found = change(LONG, LONG.replace("stop: 80", "stop: none"))
    assert turns(found)[Measure.HAS_STOP] is Turn.WORSE
    assert turns(found)[Measure.BEHIND_STOP] is Turn.WORSE
    assert "the stop is gone" in verdict_words(found)[0]
    assert turns(change(LONG.replace("stop: 80", "stop: none"), LONG))[Measure.HAS_STOP] is Turn.BETTER


def test_unknown_is_worse_than_before_the_stop_than_behind_than_none() -> None:
    """The order of rooms: none, behind, before, not known."""
    spot = with_keys(LONG, symbol="BTC/USDT", leverage="", maintenance="")
    rooms = [
        measures(text)["behind_stop"]
        for text in (spot, LONG.replace("leverage: 5", "leverage: 3"), LONG.replace("leverage: 5", "leverage: 9"))
    ]
    unknown = measures(with_keys(LONG, maintenance=""))["behind_stop"]
    kinds = [room.kind for room in (*rooms, unknown)]  # type: ignore[attr-defined]
    assert kinds == [RoomKind.NONE, RoomKind.BEHIND, RoomKind.BEFORE, RoomKind.UNKNOWN]


def test_a_stop_that_is_gone_leaves_no_better_room() -> None:
    """At 50x a stop at 40 is 145% behind a liquidation at 98, and no stop at all is no better than that."""
    text = LONG.replace("stop: 80", "stop: 40").replace("leverage: 5", "leverage: 50")
    without = text.replace("stop: 40", "stop: none")
    assert turns(change(text, without))[Measure.BEHIND_STOP] is Turn.WORSE
    assert turns(change(without, text))[Measure.BEHIND_STOP] is Turn.BETTER
    assert Measure.BEHIND_STOP not in turns(change(without, without))


def test_rooms_before_the_stop_in_words() -> None:
    """The stop is 99.

    At 200x tier 1 is liquidated at 99.5, 0.5051% of 99 before it; at 250x at 99.6, 0.6061% before it: 0.1 points more.
    """
    text = LONG.replace("stop: 80", "stop: 99").replace("price: 90", "price: 99.9")
    near, far = (text.replace("leverage: 5", f"leverage: {leverage}") for leverage in (200, 250))
    assert "liquidation comes 0.1 points further before the stop" in verdict_words(change(near, far))[0]
    assert "liquidation comes 0.1 points nearer to the stop" in verdict_words(change(far, near))[1]
    unknown = with_keys(near, maintenance="")
    assert verdict_words(change(unknown, near))[0].endswith("where it is liquidated is known: before the stop")


def test_mixed_is_riskier_and_says_both() -> None:
    """A wider stop and less leverage: the loss is worse, the room is better."""
    found = change(LONG, LONG.replace("stop: 80", "stop: 78").replace("leverage: 5", "leverage: 4"))
    assert found.verdict is RiskVerdict.RISKIER
    first, second = verdict_words(found)
    # 17 in the place of 15; 100 - 25 = 75 is 3/78 behind 78, in the place of 0 behind 80.
    assert first.startswith("riskier: the worst loss grows by 13%")
    assert second.startswith("but safer: liquidation comes 3.8 points further behind the stop")


def test_an_ignored_error_is_an_error_all_the_same() -> None:
    """A comment that silences a rule is a comment: it makes no plan safer."""
    text = LONG.replace("leverage: 5", "leverage: 9")
    ignored = f"# scaleplan: ignore[SP401] known\n{text}"
    assert studied(text).broken == studied(ignored).broken == {"SP401"}
    assert not studied(ignored).count(Severity.ERROR)
    assert change(text, ignored).verdict is change(ignored, text).verdict is RiskVerdict.SAME


def test_an_error_that_was_not_there() -> None:
    """A limit that is lowered below the planned loss changes no figure, and breaks SP503."""
    text = LONG.replace("leverage: 5", "leverage: 3").replace("equity: 1000 USDT", "equity: 1000 USDT, max_risk: 2%")
    found = change(text, text.replace("2%", "1%"))
    assert turns(found) == {Measure.BROKEN: Turn.WORSE}
    assert verdict_words(found) == ("riskier: SP503 risk-above-limit is broken",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("BTC/USDT:USDT", "ETH/USDT:USDT"),
        ("BTC/USDT:USDT", "BTC/USDC:USDC"),
        ("side: long", "side: short"),
    ],
)
def test_another_trade_is_not_compared(before: str, after: str, tmp_path: Path) -> None:
    """Another symbol, side or currency: exit 1, no ratio, nothing worse; `--allow-riskier` does not take it away."""
    other = LONG.replace("size: 1 BTC", "size: 95 USDT" if "USDC" not in after else "size: 95 USDC")
    other = other.replace(before, after).replace("USDT}", f"{after[-4:]}}}" if "USDC" in after else "USDT}")
    if "short" in after:
        other = other.replace("stop: 80", "stop: 130").replace("120", "70").replace("price: 90", "price: 110")
    names = file(tmp_path, LONG, "a.yaml"), file(tmp_path, other, "b.yaml")
    ran = outcome("diff", *names, "--allow-riskier")
    assert ran.code == 1, ran
    assert "another trade" in ran.out
    assert "->" not in ran.out.partition("risk ")[2].partition("another trade")[0].partition("words")[0]
    found = record(*names)
    assert found["verdict"] == "other"
    assert {each["worse"] for each in found["measures"]} == {None}


def test_each_side_of_another_trade_has_its_own_currency() -> None:
    """Coin beside dollars: every amount stands under its own name."""
    names = str(ROOT / "plans" / "inverse-long.yaml"), str(PYRAMID)
    row = next(line for line in outcome("diff", *names).out.splitlines() if line.startswith("worst loss"))
    assert re.fullmatch(r"worst loss +0\.0218490 BTC +733\.72 USDT", row)
    found = {each["name"]: (each["unit_old"], each["unit"]) for each in record(*names)["measures"]}
    assert found["worst_loss"] == found["reward"] == ("BTC", "USDT")
    assert (found["most_held"], found["reward_to_risk"]) == (("USD", "USDT"), ("ratio", "ratio"))


# The example of the contract


def example(tmp_path: Path) -> tuple[str, str]:
    """Writes the contract's example: another stop and more leverage."""
    text = PYRAMID.read_text(encoding="utf-8")
    file(tmp_path, (PYRAMID.parent / "account.yaml").read_text(encoding="utf-8"), "account.yaml")
    after = text.replace("stop: 39150", "stop: 38900").replace("leverage: 8", "leverage: 12")
    return file(tmp_path, text, "old.yaml"), file(tmp_path, after, "new.yaml")


def test_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table at 80 columns, and as a document.

    By hand, of the stop at 38,900: both tiers cost 0.5 x 40,020 + 0.3 x 40,000 = 32,010, in fees 0.05% of 20,010 and
    0.02% of 12,000: 10.005 + 2.4. The stop fills at 38,900 x 0.9995 = 38,880.55 and returns 31,104.44 less 0.05%,
    15.55222. 32,010 + 12.405 - 31,104.44 + 15.55222 = 933.51722; over the 733.71717 of the old one 1.27R, a rise of
    27%; over 25,000 3.73%. Margin: (32,010 + 0.2 x 42,021) / 12 = 40,414.2 / 12 = 3,367.85.
    Tier 1 alone is liquidated where 20,010 / 12 + 0.5 (P - 40,020) = 0.5% of 0.5 P: P = (20,010 - 1,667.5) / 0.4975 =
    36,869.35, which lies 2,030.65 behind 38,900, 5.2%; at 8x and 39,150 it is 35,193.47, 10.1%. 4.9 points less.
    """
    example(tmp_path)
    monkeypatch.chdir(tmp_path)
    screen = screen_of(80)
    ran = outcome("diff", "old.yaml", "new.yaml", screen=screen)
    assert (ran.code, ran.talk) == (1, "")
    approved(ran.out, ROOT / "tests" / "data" / "diff" / "example.txt")
    assert max(map(len, ran.out.splitlines())) <= 80
    for width in (60, 160):
        narrow = outcome("diff", "old.yaml", "new.yaml", screen=screen_of(width))
        assert max(map(len, narrow.out.splitlines())) <= width
    approved(outcome("diff", "old.yaml", "new.yaml", "--format", "md").out, ROOT / "tests/data/diff/example.md")
    approved(outcome("diff", "old.yaml", "new.yaml", "--format", "github").out, ROOT / "tests/data/diff/example.github")
    assert outcome("diff", "old.yaml", "new.yaml", "--allow-riskier").code == 0
    assert outcome("diff", "new.yaml", "old.yaml").code == 1  # More margin: mixed.
    assert outcome("diff", "old.yaml", "old.yaml", "--strict").code == 0
    assert outcome("diff", "old.yaml", "new.yaml", "--allow-riskier", "--strict").code == 1


def test_annotations_stand_at_what_they_turned_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loss at the stop, the room at the leverage: the first changed key of those that decide each measure."""
    example(tmp_path)
    monkeypatch.chdir(tmp_path)
    lines = outcome("diff", "old.yaml", "new.yaml", "--format", "github").out.splitlines()
    assert [line.partition(",title")[0] for line in lines] == [
        "::error file=new.yaml,line=20,col=7,endColumn=12",
        "::error file=new.yaml,line=20,col=7,endColumn=12",
        "::error file=new.yaml,line=10,col=11,endColumn=13",
        "::notice file=new.yaml,line=4,col=1,endColumn=2",
    ]
    assert "the worst loss goes from 2.93%25 to 3.73%25 of equity" in lines[1]
    assert "liquidation comes 4.9 points nearer" in lines[2]


def test_an_equity_is_no_cause_where_it_stands_behind_nothing() -> None:
    """Isolated: the room behind the stop turns by the tiers, though the equity changed too; on cross by the equity."""
    after = LONG.replace("1000 USDT", "900 USDT").replace("{price: 100", "{price: 101")
    found = change(LONG, after)
    assert found.turn(Measure.BEHIND_STOP) is Turn.WORSE
    cause = found.cause(Measure.BEHIND_STOP)
    assert cause is not None
    assert cause.path_new == "tiers[0].price"
    equity = found.cause(Measure.LOSS_FRACTION)
    assert equity is not None
    assert equity.path_new == "tiers[0].price"
    cross = [text.replace("leverage: 5", "leverage: 5\nmargin_mode: cross") for text in (LONG, after)]
    cause = change(*cross).cause(Measure.BEHIND_STOP)
    assert cause is not None
    assert cause.path_new == "account.equity"


def test_a_loss_that_hardly_grows_is_told_apart() -> None:
    """Digits go on until two figures differ, in money as in R: a verdict never stands beside equal numbers."""
    found = change(LONG, LONG.replace("stop: 80", "stop: 79.9999"))
    row = next(row for row in rows_of(found) if row.measure is Measure.WORST_LOSS)
    assert (row.old, row.new, row.note) == ("15.0000 USDT", "15.0001 USDT", "1.00000R -> 1.00001R")


def test_an_equity_in_another_file_is_marked_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changed in the account's file is annotated in that file."""
    monkeypatch.chdir(tmp_path)
    text = LONG.replace("account: {equity: 1000 USDT}", "account: ./{}.yaml")
    file(tmp_path, "equity: 1000 USDT\n", "rich.yaml")
    file(tmp_path, "# less\nequity: 900 USDT\n", "poor.yaml")
    file(tmp_path, text.replace("./{}", "./rich"), "a.yaml")
    file(tmp_path, text.replace("./{}", "./poor"), "b.yaml")
    ran = outcome("diff", "a.yaml", "b.yaml", "--format", "github")
    assert ran.out.startswith("::error file=poor.yaml,line=2,col=9,endColumn=17,title=scaleplan diff::")
    found = record("a.yaml", "b.yaml")
    assert [(each["path_new"], each["file"], each["line"]) for each in found["changes"]] == [
        ("account.equity", "poor.yaml", 2)
    ]


def test_json(tmp_path: Path) -> None:
    """Changes as a trader writes them, unrounded measures, and `worse` null for what is never judged."""
    found = record(*example(tmp_path))
    assert list(found)[:6] == ["format_version", "command", "old", "new", "verdict", "changes"]
    assert (found["command"], found["verdict"]) == ("diff", "riskier")
    assert found["changes"][0] | {"file": ""} == {
        "op": "change",
        "path_old": "stop",
        "path_new": "stop",
        "old": "39150",
        "new": "38900",
        "words": False,
        "file": "",
        "line": 20,
    }
    by_name = {each["name"]: each for each in found["measures"]}
    assert by_name["worst_loss"] == {
        "name": "worst_loss",
        "old": "733.71717",
        "new": "933.51722",
        "unit": "USDT",
        "unit_old": "USDT",
        "worse": True,
        "better": False,
    }
    assert by_name["margin"]["new"] == "3367.85"
    assert (by_name["margin"]["worse"], by_name["margin"]["better"]) == (False, True)
    assert by_name["reward"]["worse"] is by_name["probability_of_profit"]["worse"] is None


# What cannot be compared


def test_a_side_without_figures(tmp_path: Path) -> None:
    """Of a new plan that cannot be computed `check` speaks; the errors of an old one do not count."""
    good, bad = file(tmp_path, LONG, "good.yaml"), file(tmp_path, LONG.replace("1 BTC", "1"), "bad.yaml")
    ran = outcome("diff", good, bad)
    assert (ran.code, ran.out) == (1, "")
    assert "SP113" in ran.talk
    assert record(good, bad)["verdict"] is None
    assert "title=SP113 not-a-size" in outcome("diff", good, bad, "--format", "github").out
    fixed = LONG.replace("leverage: 5", "leverage: 3")
    ran = outcome("diff", bad, file(tmp_path, fixed, "fixed.yaml"))
    assert ran.code == 0
    assert "has no figures: SP113" in ran.talk
    assert "new: " in ran.out


def test_new_errors_are_exit_1(tmp_path: Path) -> None:
    """A plan that breaks a rule at error level is exit 1 whatever the verdict, and what it breaks is said."""
    text = LONG.replace("leverage: 5", "leverage: 9")
    names = file(tmp_path, text, "a.yaml"), file(tmp_path, text.replace("1 BTC", "0.5 BTC"), "b.yaml")
    ran = outcome("diff", *names)
    assert ran.code == 1
    assert "SP401" in ran.talk
    assert "safer: " in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((str(PYRAMID),), "compared with what"),
        (("-", "-"), "standard input is one plan"),
        (("missing.yaml", str(PYRAMID)), "no such file"),
        ((str(PYRAMID), str(PYRAMID.parent)), "is a directory"),
        (("plan.yaml@",), "names no revision"),
        (("plan.yaml@--output=x",), "begins with `-`"),
        (("plan.yaml@HEAD:x",), "holds ':'"),
        (("plan.yaml@HEAD x",), "holds ' '"),
        (("plan.yaml@HE\tAD",), "no revision"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], message: str) -> None:
    """Each in a clear sentence, with exit 2, or 3 where the system gives no file."""
    ran = outcome("diff", *arguments)
    assert ran.code in (2, 3)
    assert message in joined(ran.talk)
    assert ran.out == ""


def test_what_is_no_plan_passes_a_hook(tmp_path: Path) -> None:
    """An account, a venue, a template and a policy have nothing to compare, and are as wrong as `check` says."""
    for name in ("plans/account.yaml", "plans/templates/range-ladder.yaml"):
        ran = outcome("diff", str(ROOT / name), str(ROOT / name))
        assert (ran.code, ran.out) == (0, ""), name
        assert "nothing is compared" in ran.talk
    wrong = file(tmp_path, "equity: ten\nmax_risk: 1%\n", "account.yaml")
    assert outcome("diff", wrong, wrong).code == 1
    policy = file(tmp_path, "ignore: [SP606]\n", ".scaleplan.yaml")
    assert outcome("diff", policy, policy).code == 0


def test_text_of_a_plan_is_no_markup(tmp_path: Path) -> None:
    """Control characters and HTML of names reach no output as such."""
    text = LONG + 'name: "a\\e[31m<b>x</b>|&#x5b;"\nnotes: ["::error::x", "<script>"]\n'
    names = file(tmp_path, LONG, "a.yaml"), file(tmp_path, text, "b.yaml")
    for format in ("text", "md", "github", "json"):
        out = outcome("diff", *names, "--format", format).out
        assert "\x1b" not in out, format
        if format == "md":
            assert "<b>" not in out.replace("\\<", "")
            assert "<script" not in out.replace("\\<", "")
            assert out.count("<details>") == 1
        if format == "github":
            assert all(line.startswith(("::error ", "::notice ")) for line in out.splitlines())


GUARDED = """\
symbol: BTC/USDT:USDT
side: long
account: {equity: 40000 USDT}
leverage: 3
maintenance: 0.5%
fees: {maker: 0%, taker: 0%}
size: 1 BTC
tiers:
  - {price: 60000, share: 50%}
  - {price: 61000, share: 50%, order: stop, stop: 59500}
stop: 57000
targets:
  - {price: 61500, close: 0%, stop: 60500}
  - {price: 66000, close: 50%, trail: 2%}
time_stop: {after: 48h, unless: 0.5R}
expires: 24h
"""


@pytest.mark.parametrize(
    ("before", "after", "taken"),
    [
        ("  - {price: 61500, close: 0%, stop: 60500}\n", "", "the stop to 60,500 at target 1 (61,500) is gone"),
        ("61500, close: 0%, stop: 60500", "61500, close: 0%", "the stop to 60,500 at target 1 (61,500) is gone"),
        ("stop: 60500", "stop: entry -500", "at target 1 (61,500) the stop goes to entry -500 instead of 60,500"),
        ("price: 61500", "price: 61600", "what target 1 does to the stop comes at 61,600 instead of 61,500"),
        ("stop: 59500", "stop: 59000", "at tier 2 (61,000) the stop goes to 59,000 instead of 59,500"),
        ("trail: 2%", "trail: 4%", "target 2 trails by 4% instead of 2%"),
        ("trail: 2%", "trail: 3000", "target 2 trails by 3,000 instead of 2%"),
        ("close: 50%, trail: 2%", "close: 50%", "the trail of 2% behind target 2 is gone"),
        ("time_stop: {after: 48h, unless: 0.5R}\n", "", "the time stop after 48h is gone"),
        ("after: 48h", "after: 4d", "the time stop comes after 4d instead of 48h"),
        ("unless: 0.5R", "unless: 0.2R", "the time stop spares a trade at +0.2R instead of +0.5R"),
        ("unless: 0.5R", "unless: 0.5R, close: 50%", "the time stop closes 50% instead of 100%"),
        ("expires: 24h\n", "", "unfilled tiers no longer expire (24h)"),
        ("expires: 24h", "expires: 3d", "unfilled tiers expire at 3d instead of 24h"),
        ("expires: 24h", "expires: 24h\nentries_end: never", "unfilled tiers stay after the first target"),
    ],
)
def test_what_is_taken_away_and_counted_by_no_measure_is_told(before: str, after: str, taken: str) -> None:
    """The verdict is that of the measures and says so; what a stop, a trail or a clock no longer does stands behind it.

    Back again it is none: nothing is taken away.
    """
    assert before in GUARDED
    other = GUARDED.replace(before, after)
    found, back = change(GUARDED, other), change(other, GUARDED)
    *sentences, last = verdict_words(found)
    assert taken in last
    assert sentences
    if found.verdict is RiskVerdict.RISKIER:
        assert last.startswith("taken away too: ")
    else:
        assert last.startswith("but taken away, which no measure counts: ")
        assert " by the measures: " in sentences[0]
    assert back.loosened == ()
    assert not any("taken away" in sentence for sentence in verdict_words(back))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("stop: 60500", "stop: 60600"),
        ("stop: 59500", "stop: 59600"),
        ("trail: 2%", "trail: 1%"),
        ("close: 50%, trail: 2%", "close: rest"),
        ("after: 48h", "after: 24h"),
        ("expires: 24h", "expires: 12h"),
        ("price: 66000", "price: 65000"),
        ("size: 1 BTC", "size: 0.5 BTC"),
        ("stop: 57000", "stop: 57500"),
    ],
)
def test_what_is_tighter_takes_nothing_away(before: str, after: str) -> None:
    """A tighter stop, trail or clock, a target that closes all in the place of a trail, and half the size."""
    assert before in GUARDED
    assert change(GUARDED, GUARDED.replace(before, after)).loosened == ()


def test_what_is_taken_away_is_shown_in_every_form(tmp_path: Path) -> None:
    """The most leverage is a little less without the first target, and after 61,500 a gain is locked no more.

    At 61,500 the stop goes to 60,500: both tiers cost 60,500 on average, so that nothing is lost there; at 59,500 each
    loses 1,000. Exit 0: the measures fix the verdict.
    """
    after = GUARDED.replace("  - {price: 61500, close: 0%, stop: 60500}\n", "")
    names = file(tmp_path, GUARDED, "a.yaml"), file(tmp_path, after, "b.yaml")
    found = record(*names)
    assert [each["guard"] for each in found["taken_away"]] == ["stop"]
    assert (found["taken_away"][0]["old"], found["taken_away"][0]["new"]) == ("60500", None)
    for format in ("text", "md", "github"):
        ran = outcome("diff", *names, "--format", format)
        assert ran.code == 0
        assert "taken away, which no measure counts" in joined(ran.out)
        assert "the stop to 60,500 at target 1 (61,500) is gone" in joined(ran.out)


def test_standard_input_is_a_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is read once, as either side."""

    class Stream(io.TextIOWrapper):
        def isatty(self) -> bool:
            return False

    monkeypatch.setattr("sys.stdin", Stream(io.BytesIO(LONG.encode())))
    ran = outcome("diff", "-", file(tmp_path, LONG), "--format", "json")
    assert json.loads(ran.out)["verdict"] == "same"
