"""A plan on one line: what it says, where its mistakes are, and that it is the plan that it prints and saves."""

import json
import os
import shlex
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scaleplan
from scaleplan.cli.reply import ExitCode, Reply
from tests.running import outcome

LINE = (
    *("long", "BTC/USDT:USDT", "60000:25%", "59500:25%", "60200:50%", "--stop", "58800"),
    *("--target", "61000:25%:breakeven", "--target", "62500:35%:+1R", "--target", "64000:rest"),
    *("--risk", "1%", "--equity", "10000", "--leverage", "10", "--maintenance", "0.5%"),
)


def quick(*words: str) -> Reply:
    """Returns the reply to a line."""
    return outcome("quick", *words)


def without_file(shown: object) -> object:
    """Returns the JSON of a plan without the name of its file, wherever that stands."""
    if isinstance(shown, dict):
        return {key: without_file(value) for key, value in shown.items() if key != "file"}
    return [without_file(value) for value in shown] if isinstance(shown, list) else shown


def test_a_line_is_shown_as_a_plan() -> None:
    """The contract's example: 1% of 10,000 is 100.

    By hand: per unit of notional the three tiers lose 1,200/60,000 of 25%, 700/59,500 of 25% and 1,400/60,200 of 50%
    at the stop: 0.005 + 0.00294118 + 0.01162791 = 0.01956908. 100 / 0.01956908 = 5,110.1 of notional, 0.0852 BTC.
    """
    reply = quick(*LINE)
    assert reply.code == ExitCode.OK
    assert "planned loss 100.00 USDT = 1.00% of 10,000" in reply.out
    assert "make 234.43 = 2.34R" in reply.out
    assert "0.085205 BTC" in reply.out
    assert "`--save btc.yaml` keeps this plan" in reply.out


def test_a_mistake_is_under_its_word() -> None:
    """The contract's example, to the letter."""
    reply = quick("long", "BTC/USDT:USDT", "60000:25", *LINE[5:7], *LINE[13:19])
    assert reply.code == ExitCode.ERRORS
    assert reply.talk == (
        "quick:1:42: error SP107 not-a-share: `25` is not a share\n"
        "  1 | scaleplan quick long BTC/USDT:USDT 60000:25 --stop 58800 --risk 1% --equity 10000 --leverage 10\n"
        "    |                                          ^^\n"
        "  help: write `25%`\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "typed"),
    [
        (("lnog", "SOL/USDT", "150", "--stop", "118", "--size", "9 SOL"), "SP114", "lnog"),
        (("long", "SOL-USDT", "150", "--stop", "118", "--size", "9 SOL"), "SP115", "SOL-USDT"),
        (("long", "SOL/USDT", "15O", "--stop", "118", "--size", "9 SOL"), "SP108", "15O"),
        (("long", "SOL/USDT", "150", "--stop=x", "--size", "9 SOL"), "SP108", "x"),
        (("long", "SOL/USDT", "150", "--stop", "118", "--size", "9"), "SP113", "9"),
        (("long", "SOL/USDT", "150:50%:limti", "140:50%", "--stop", "118", "--size", "9 SOL"), "SP114", "limti"),
        (("long", "SOL/USDT", "150", "140:after=tier3", "--stop", "118", "--size", "9 SOL"), "SP122", "tier3"),
        (("long", "SOL/USDT", "150", "--target", "x:rest", "--stop", "118", "--size", "9 SOL"), "SP108", "x"),
        (("long", "SOL/USDT", "150", "--target", "160:rest:trail=y", "--stop", "118", "--size", "9 SOL"), "SP106", "y"),
        # A share without its sign is no stop at 25, and none at 2.
        (("long", "SOL/USDT", "150", "--target", "1600:25", "--stop", "118", "--size", "9 SOL"), "SP107", "25"),
        (("long", "SOL/USDT", "500", "--target", "4R:25", "--stop", "118", "--size", "9 SOL"), "SP107", "25"),
        (("long", "SOL/USDT", "150", "--target", "160:2lots", "--stop", "118", "--size", "9 SOL"), "SP107", "2lots"),
        (("long", "SOL/USDT", "150", "--target", "160:50%of", "--stop", "118", "--size", "9 SOL"), "SP107", "50%of"),
        (("long", "SOL/USDT", "150..140:x", "--stop", "118", "--size", "9 SOL"), "SP106", "x"),
        (("long", "SOL/USDT", "150..140:2", "130", "--stop", "118", "--size", "9 SOL"), "SP124", "130"),
        (("long", "SOL/USDT", "150:50%:50%", "--stop", "118", "--size", "9 SOL"), "SP114", "50%"),
        (("long", "SOL/USDT", "150::50%", "--stop", "118", "--size", "9 SOL"), "SP105", "150::50%"),
        (("long", "SOL/USDT", "150", "--stop", "118", "--size", "9 SOL", "--risk", "5"), "SP133", "--risk"),
        (("long", "SOL/USDT", "150", "--stop", "118", "--stop", "117", "--size", "9 SOL"), "SP133", "--stop"),
        (("long", "SOL/USDT", "150", "--stop", "118", "--size", "9 SOL", "--fees", "1%/x"), "SP107", "x"),
        (("long", "SOL/USDT", "150", "--stop", "--size", "9 SOL"), "SP105", "--stop"),
        (("long", "SOL/USDT", "150", "--stop", "118", "--size", "9 SOL", "--name", ""), "SP105", "--name"),
        (("long", "SOL/USDT", "150", "--stop", "118", "--size", "9 SOL", "--venue", "binanse"), "SP129", "binanse"),
        (("long", "SOL/USDT", "150", "--stop", "118", "--size", "9 SOL", "--style", "piramid"), "SP114", "piramid"),
    ],
)
def test_every_mistake_points_at_what_was_typed(words: tuple[str, ...], code: str, typed: str) -> None:
    """The caret is under the part that must change, quotes or not."""
    first = scaleplan_diagnostics(words)
    assert (code, typed) in first, first


def scaleplan_diagnostics(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Returns the errors of a line by code and by what stands under their carets."""
    found = json.loads(quick(*words, "--format", "json").out)["diagnostics"]
    line = quick(*words).talk.split("  1 | ")[1].splitlines()[0] if found else ""
    whole = shlex.join(("scaleplan", "quick", *words))
    assert len(whole) > 76 or line == whole
    return [(each["code"], whole[each["column"] - 1 : each["end_column"] - 1]) for each in found]


def test_without_a_size_the_six_units_are_offered() -> None:
    """Money, quantity, contracts, equity, margin and risk."""
    talk = quick("long", "SOL/USDT", "150", "--stop", "118").talk
    for unit in ("900 USDT", "0.5 BTC", "12 contracts", "150% equity", "5% margin", "--risk 1%"):
        assert unit in talk


def test_a_missing_key_is_asked_for_as_an_option() -> None:
    """On a line nobody adds `leverage: 10`."""
    talk = quick("long", "SOL/USDT:USDT", "150", "--stop", "118", "--size", "9 SOL").talk
    assert "type `--leverage 3`" in talk
    assert "write it behind the side" in quick("long", "--stop", "118").talk
    assert "write prices behind the symbol" in quick("long", "SOL/USDT", "--stop", "118").talk
    assert "write `60..50:4`" in quick("long", "SOL/USDT", "60..50", "--stop", "40", "--size", "9 SOL").talk


def test_words_of_any_kind_become_the_plan() -> None:
    """Prices from tier 1, orders, levels to wait for, stops that move, ladders, trails, fees: in canonical YAML."""
    reply = quick(
        *("buy", "SOL/USDT:USDT", "150:25%", "-2%:75%:limit:after=155:stop=tier2", "--stop", "-20%"),
        *("--target", "2R:30% of rest:entry +0.2%", "--target", "+40%:rest:trail=2%", "--size", "900 USDT"),
        *("--leverage=3", "--fees", "-0.01%/0.05%", "--margin-mode", "cross", "--wrong", "125", "--name", "no: #1"),
        *("--equity", "5000", "--slippage", "0.1%", "--style", "dca", "--maintenance", "1%", "--yaml"),
    )
    assert reply.out == (
        "# yaml-language-server: $schema=./scaleplan.schema.json\n"
        'name: "no: #1"\n'
        "symbol: SOL/USDT:USDT\n"
        "side: long\n"
        "style: dca\n"
        "account: {equity: 5000}\n"
        "margin_mode: cross\n"
        "leverage: 3\n"
        "maintenance: 1%\n"
        "fees: {maker: -0.01%, taker: 0.05%}\n"
        "slippage: 0.1%\n"
        "size: 900 USDT\n"
        "tiers:\n"
        "  - {price: 150, share: 25%}\n"
        "  - {price: -2%, share: 75%, order: limit, after: 155, stop: tier 2}\n"
        "invalidation: 125\n"
        "stop: -20%\n"
        "targets:\n"
        "  - {price: 2R, close: 30% of rest, stop: entry +0.2%}\n"
        "  - {price: +40%, close: rest, trail: 2%}\n"
    )
    ladder = quick(
        "sell", "A/USDT:USDT", "10..12:4:pyramid:geometric", "--stop", "13", "--risk", "5", "--leverage", "2"
    )
    assert ladder.code == ExitCode.OK
    yaml = quick(
        "sell",
        "A/USDT:USDT",
        "10..12:4:pyramid:geometric",
        *("--stop", "13", "--risk", "5", "--leverage", "2", "--yaml"),
    )
    assert "tiers: {from: 10, to: 12, count: 4, spacing: geometric, shares: pyramid}" in yaml.out
    assert "size: 5 USDT risk" in yaml.out


def test_words_stand_in_any_order() -> None:
    """Behind side and symbol options and tiers mix; tiers keep their own order, and so do targets."""
    one = quick(
        "long",
        "SOL/USDT",
        "150",
        "-2%",
        "--stop",
        "-10%",
        "--size",
        "900 USDT",
        "--target",
        "160:50%",
        "--target",
        "2R",
        "--yaml",
    )
    other = quick(
        "--size=900 USDT",
        "long",
        "--target",
        "160:50%",
        "SOL/USDT",
        "150",
        "--stop",
        "-10%",
        "-2%",
        "--yaml",
        "--target",
        "2R",
    )
    assert one.out == other.out
    assert "  - {price: -2%}\n" in one.out


def test_saved_is_shown_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of another content stays without `--force`; one that holds the plan already is left alone."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "btc.yaml"
    assert quick(*LINE, "--save", "btc.yaml").code == ExitCode.OK
    saved = file.read_text()
    assert saved == quick(*LINE, "--yaml").out
    shown = json.loads(outcome("show", "btc.yaml", "--format", "json").out)
    assert without_file(shown) == without_file(json.loads(quick(*LINE, "--format", "json").out))
    assert "is left alone" in quick(*LINE, "--save", "btc.yaml").talk
    refused = quick(*LINE, "--name", "other", "--save", "btc.yaml")
    assert refused.code == ExitCode.REFUSED
    assert file.read_text() == saved
    assert quick(*LINE, "--name", "other", "--save", "btc.yaml", "--force").code == ExitCode.OK
    assert "name: other" in file.read_text()
    assert sorted(os.listdir(tmp_path)) == ["btc.yaml"]  # noqa: PTH208
    assert quick(*LINE, "--save", "btc.txt").code == ExitCode.USAGE
    assert quick(*LINE[:3], "--save", "no.yaml").code == ExitCode.ERRORS
    assert not (tmp_path / "no.yaml").exists()


def test_an_account_is_the_folders_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy above the working folder names an account; a plan that would lose it elsewhere is not saved there."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "work" / "deep").mkdir(parents=True)
    (tmp_path / "mine.yaml").write_text("equity: 5000\n")
    monkeypatch.chdir(tmp_path / "work")
    line = ("long", "SOL/USDT", "150", "--stop", "118", "--risk", "1%")
    assert "SP119" in quick(*line).talk
    assert quick(*line, "--account", "../mine.yaml", "--save", "deep/a.yaml").code == ExitCode.OK
    assert "account: ../../mine.yaml" in (tmp_path / "work/deep/a.yaml").read_text()
    assert outcome("show", "deep/a.yaml").code == ExitCode.OK
    (tmp_path / ".scaleplan.yaml").write_text("account: ./mine.yaml\n")
    assert "= 1.00% of 5,000" in quick(*line).out
    (tmp_path / "work/deep/.scaleplan.yaml").write_text("account: {equity: 7000}\n")
    refused = quick(*line, "--save", "deep/b.yaml")
    assert refused.code == ExitCode.ERRORS
    assert not (tmp_path / "work/deep/b.yaml").exists()


def test_the_face_reads_a_line() -> None:
    """`scaleplan.quick` returns the study of a line, or what is wrong with it."""
    study = scaleplan.quick("long SOL/USDT 150 -2% --stop 118 --size '900 USDT'")
    assert isinstance(study, scaleplan.Study)
    assert study.plan.tiers[1].price == 147
    unread = scaleplan.quick("long SOL/USDT 150 --stp 118 --size '900 USDT'")
    assert isinstance(unread, scaleplan.Unread)
    assert ("SP103", "--stp") in [(found.code, found.span.text) for found in unread.diagnostics]


# Every plan that a line can say

SHARES = ("25%:75%", "1/3:2/3", "50%:50%")
STOPS = ("breakeven", "entry", "+1R", "tier2", "entry +0.1%", "95")
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """Draws a line that says a plan: side, market, ladder or tiers, size in any unit, targets, and terms."""
    side = draw(st.sampled_from(("long", "short", "buy", "sell")))
    sign = 1 if side in ("long", "buy") else -1
    contract = draw(st.sampled_from(("USDT", "BTC", ""))) if sign < 0 else draw(st.sampled_from(("", "USDT", "BTC")))
    contract = contract or ("" if sign > 0 else "USDT")
    quote = "USD" if contract == "BTC" else "USDT"
    symbol = f"BTC/{quote}:{contract}" if contract else "BTC/USDT"
    away = f"{'-' if sign > 0 else '+'}{draw(st.integers(2, 9))}%"
    first, second = draw(st.sampled_from(SHARES)).split(":")
    order = draw(st.sampled_from(("", ":limit", ":market")))
    moved = draw(st.sampled_from(("", f":stop={'9900' if sign < 0 else '80'}", f":after={100 + sign * 3}")))
    ladder = f"100..{100 - sign * 8}:{draw(st.integers(2, 5))}"
    ladder += draw(st.sampled_from(("", ":pyramid", ":martingale", ":equal:geometric", ":even")))
    words = [ladder] if draw(st.booleans()) else [f"100:{first}", f"{away}:{second}{order}{moved}"]
    size = draw(
        st.sampled_from((["--risk", "1%"], ["--size", f"900 {quote}"], ["--size", "0.5 BTC"], ["--size", "50% equity"]))
    )
    stop = draw(st.sampled_from((["--stop", str(100 - sign * 20)], ["--stop", f"{'-' if sign > 0 else '+'}20.5%"])))
    close, rest = (
        draw(st.sampled_from(("30%", "1/3", "30% of rest"))),
        draw(st.sampled_from((":rest", ":rest:trail=2%"))),
    )
    move = draw(st.sampled_from(("", *(f":{level}" for level in STOPS[:3]))))
    targets = draw(st.sampled_from(([], ["--target", f"1R:{close}{move}", "--target", f"{100 + sign * 30}{rest}"])))
    equity = ["--equity", "2 BTC" if contract == "BTC" else "5000"]
    terms = ["--leverage", "3", "--maintenance", "0.5%"] if contract else []
    extra = draw(st.sampled_from(([], ["--fees", "0.02%/0.05%"], ["--slippage", "0.1%", "--name", draw(NAMES)])))
    parts = [size, stop, targets, equity, terms, extra]
    order_of_parts = draw(st.permutations(parts))
    return [side, symbol, *words, *(word for part in order_of_parts for word in part)]


@settings(max_examples=25, deadline=None)
@given(lines())
def test_a_line_is_the_plan_that_it_prints(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    """Law: the JSON of a line, of its YAML and of the file saved is the same but for the name of the file."""
    folder = tmp_path_factory.mktemp("quick")
    said = quick(*words, "--format", "json", "--save", str(folder / "plan.yaml"))
    own = json.loads(said.out)
    assert own["totals"] is not None, own["diagnostics"]
    text = quick(*words, "--yaml").out
    assert (folder / "plan.yaml").read_text(encoding="utf-8") == text
    shown = json.loads(outcome("show", str(folder / "plan.yaml"), "--format", "json").out)
    assert without_file(shown) == without_file(own)
    # What a line is wrong about it says on the line with the same codes.
    study = scaleplan.quick(shlex.join(words))
    assert sorted(found.code for found in study.diagnostics) == sorted(found["code"] for found in own["diagnostics"])
