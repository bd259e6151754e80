"""What a trader has decided not to be told: comments in the plan, the command line, and what holds for a folder."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from scaleplan.cli.reply import ExitCode
from tests.given import PLAN
from tests.running import checked, joined, outcome, process

#: Liquidated at 57889 before tier 2 fills (SP404, on the tiers) and before the stop (SP401, on the stop).
LIQUIDATED = """\
symbol: BTC/USDT:USDT
side: long
leverage: 25
maintenance: 0.5%
account: {equity: 25000, max_risk: 10%}
size: 1500 USDT
tiers:
  - {price: 60000, trigger: touch of the low}
  - {price: 57000, trigger: reclaim of the low}
  - {price: 54000, trigger: next low}
stop: 53900
targets: [80000]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of plans to work in: nothing above it counts."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found_in(*arguments: str) -> list[dict[str, Any]]:
    """The diagnostics of `check`."""
    found: list[dict[str, Any]] = checked(*arguments)["diagnostics"]
    return found


def codes_in(*arguments: str) -> list[str]:
    """The codes that `check` tells."""
    return [one["code"] for one in found_in(*arguments)]


def codes_of(folder: Path, text: str) -> list[str]:
    """The codes told of one plan."""
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    return codes_in("plan.yaml")


def with_comment(line: str, comment: str) -> str:
    """The plan with a comment behind one of its lines."""
    assert f"{line}\n" in LIQUIDATED
    return LIQUIDATED.replace(f"{line}\n", f"{line}  # scaleplan: {comment}\n")


def test_the_plan_of_these_tests(folder: Path) -> None:
    """Without an ignore both rules speak up, so that the tests below show what an ignore does."""
    assert {"SP401", "SP404"} <= set(codes_of(folder, LIQUIDATED))


# Ignores in a plan


@pytest.mark.parametrize(
    "comment",
    [
        "ignore[SP401] margin is topped up by hand",
        "ignore[liquidation-before-stop] margin is topped up by hand",
        "ignore[sp401]: margin is topped up by hand",
        "ignore [SP401] - margin is topped up by hand",
        "ignore[ SP401 , SP401 ] margin is topped up by hand",
    ],
)
def test_an_ignore_silences_its_rule_on_its_line(folder: Path, comment: str) -> None:
    """A code or a name in brackets, and a reason behind it: that rule is silent there, the others are not."""
    found = codes_of(folder, with_comment("stop: 53900", comment))
    assert "SP401" not in found
    assert "SP404" in found
    assert not {"SP018", "SP019"} & set(found)


def test_several_codes_in_one_ignore(folder: Path) -> None:
    """Codes with commas between them share one reason; before the first key they hold for the whole file."""
    text = f"# scaleplan: ignore[SP404, SP401] margin is topped up by hand\n{LIQUIDATED}"
    assert not {"SP401", "SP404", "SP018", "SP019"} & set(codes_of(folder, text))


@pytest.mark.parametrize(
    ("before", "silenced"),
    [
        ("tiers:", True),  # the key with all that is below it
        ("  - {price: 57000", True),  # the item that the rule points at
        ("  - {price: 60000", False),
        ("stop:", False),
    ],
)
def test_a_line_of_its_own_holds_for_what_begins_next(folder: Path, before: str, silenced: bool) -> None:  # noqa: FBT001
    """A comment on a line of its own speaks of the next line that says something, other comments in between or not."""
    comment = "# scaleplan: ignore[SP404] margin is topped up by hand\n\n# it is\n"
    found = codes_of(folder, LIQUIDATED.replace(before, comment + before))
    assert ("SP404" not in found) == silenced
    assert ("SP019" in found) == (not silenced)


def test_behind_a_key_it_holds_for_all_below(folder: Path) -> None:
    """Behind `tiers:` it holds for every tier."""
    found = codes_of(folder, with_comment("tiers:", "ignore[SP404] margin is topped up by hand"))
    assert not {"SP404", "SP019"} & set(found)


def test_an_ignore_without_a_reason_ignores_nothing(folder: Path) -> None:
    """The reason is required: without it the rule still speaks up, and the ignore is an error."""
    (folder / "plan.yaml").write_text(with_comment("stop: 53900", "ignore[SP401]"))
    found = found_in("plan.yaml")
    assert "SP401" in {one["code"] for one in found}
    (bad,) = (one for one in found if one["code"] == "SP018")
    assert (bad["name"], bad["severity"], bad["line"]) == ("bad-ignore", "error", 11)
    assert "reason" in bad["message"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("SP4O1", "`SP401` (liquidation-before-stop)"),
        ("liquidation-befor-stop", "`SP401` (liquidation-before-stop)"),
        ("SP113", "mend the plan"),
        ("not-a-size", "mend the plan"),
        ("SP132", "mend the plan"),
        ("SP018", "mend the plan"),
        ("SP019", "delete it"),
        ("SP4", "codes begin with"),
        ("whatever", "such as `SP401`"),
    ],
)
def test_what_cannot_be_ignored_is_told(folder: Path, code: str, words: str) -> None:
    """An unknown code names the nearest; a mistake without which there are no figures cannot be ignored."""
    (folder / "plan.yaml").write_text(with_comment("stop: 53900", f"ignore[SP401, {code}] because"))
    (bad,) = (one for one in found_in("plan.yaml") if one["code"] == "SP018")
    assert words in bad["help"]
    assert code in bad["message"]
    line = with_comment("stop: 53900", f"ignore[SP401, {code}] because").splitlines()[bad["line"] - 1]
    assert line[bad["column"] - 1 : bad["end_column"] - 1] == code


@pytest.mark.parametrize("comment", ["ignore SP401 because", "ignore", "ingore[SP401] because", "noqa[SP401] so"])
def test_a_misspelt_ignore_is_told(folder: Path, comment: str) -> None:
    """What was meant as an ignore and is none is an error that says how one is written."""
    (folder / "plan.yaml").write_text(with_comment("stop: 53900", comment))
    (bad,) = (one for one in found_in("plan.yaml") if one["code"] == "SP018")
    assert "ignore[SP601] the reason" in bad["help"]


@pytest.mark.parametrize("comment", ["written by the first version", "see https://example.org", ""])
def test_prose_is_no_ignore(folder: Path, comment: str) -> None:
    """A comment that only happens to name the program is left alone, as is the same text inside a value."""
    assert "SP018" not in codes_of(folder, with_comment("stop: 53900", comment))
    assert "SP018" not in codes_of(folder, LIQUIDATED + 'notes: "# scaleplan: ignore[SP401]"\n')


def test_an_unused_ignore_is_told(folder: Path) -> None:
    """A rule that has nothing to say where it is ignored leaves a warning, which names where it does speak."""
    (folder / "plan.yaml").write_text(with_comment("leverage: 25", "ignore[SP401, SP503] margin is topped up"))
    found = found_in("plan.yaml")
    unused = [one for one in found if one["code"] == "SP019"]
    assert [one["severity"] for one in unused] == ["warning", "warning"]
    assert [place["line"] for place in unused[0]["related"]] == [11]
    assert unused[1]["related"] == []


def test_ignores_of_a_plan_that_cannot_be_read_are_not_called_unused(folder: Path) -> None:
    """Where rules were never asked, nobody knows whether an ignore has something to ignore."""
    text = with_comment("stop: 53900", "ignore[SP401] because").replace("size: 1500 USDT", "size: 1500")
    assert codes_of(folder, text) == ["SP113"]


def test_ignores_of_a_plan_changed_for_one_run_are_not_called_unused(folder: Path) -> None:
    """`--set` asks about another plan than the one that the ignore was written for."""
    (folder / "plan.yaml").write_text(with_comment("stop: 53900", "ignore[SP401] because"))
    assert "SP019" not in codes_in("plan.yaml", "--set", "leverage=2")


def test_ignores_hold_in_show_too(folder: Path) -> None:
    """Every command that reads a plan keeps to its ignores."""
    text = f"# scaleplan: ignore[SP404, SP401] margin is topped up by hand\n{LIQUIDATED}"
    (folder / "plan.yaml").write_text(text)
    record = json.loads(outcome("show", "plan.yaml", "--format", "json").out)
    assert not {"SP401", "SP404"} & {one["code"] for one in record["diagnostics"]}


# --select and --ignore


@pytest.mark.parametrize("name", ["check", "show"])
@pytest.mark.parametrize(
    ("options", "kept", "left"),
    [
        ("--ignore SP401", {"SP404"}, {"SP401"}),
        ("--ignore SP401,SP404", set(), {"SP401", "SP404"}),
        ("--ignore SP401 --ignore liquidated-before-tier", set(), {"SP401", "SP404"}),
        ("--ignore SP4", set(), {"SP401", "SP404"}),
        ("--select SP401", {"SP401"}, {"SP404"}),
        ("--select sp4", {"SP401", "SP404"}, set()),
        ("--select SP4 --ignore SP404", {"SP401"}, {"SP404"}),
        ("--select SP6", set(), {"SP401", "SP404"}),
    ],
)
def test_select_and_ignore(folder: Path, name: str, options: str, kept: set[str], left: set[str]) -> None:
    """Codes, names and beginnings of codes, as often as wanted, choose what is told."""
    (folder / "plan.yaml").write_text(LIQUIDATED)
    record = json.loads(outcome(name, "plan.yaml", "--format", "json", *options.split()).out)
    found = {one["code"] for one in record["diagnostics"]}
    assert kept <= found
    assert not left & found
    if not found:
        assert outcome(name, "plan.yaml", *options.split()).code == 0


def test_what_stands_in_the_way_of_figures_is_always_told(folder: Path) -> None:
    """No selection makes a plan valid that cannot be read."""
    assert codes_of(folder, PLAN.replace("900 USDT", "900")) == ["SP113"]
    assert codes_in("plan.yaml", "--select", "SP6") == ["SP113"]
    assert codes_in("plan.yaml", "--ignore", "SP4") == ["SP113"]


@pytest.mark.parametrize("name", ["check", "show"])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--ignore SP4O1", "`SP401` (liquidation-before-stop)"),
        ("--select liquidation-befor-stop", "`SP401` (liquidation-before-stop)"),
        ("--select SP88", "codes begin with SP0, SP1"),
        ("--select=", "such as `SP401`"),
        ("--ignore SP113", "cannot be ignored"),
        ("--ignore SP1", "cannot be ignored"),
    ],
)
def test_unknown_codes_are_wrong_usage(folder: Path, name: str, options: str, words: str) -> None:
    """A code that there is not is exit 2 and names the nearest."""
    (folder / "plan.yaml").write_text(PLAN)
    said = outcome(name, "plan.yaml", *options.split())
    assert (said.out, said.code) == ("", ExitCode.USAGE)
    assert words in joined(said.talk)


# .scaleplan.yaml


def test_policy_of_the_nearest_folder_holds(folder: Path) -> None:
    """The nearest file from the plan's folder upward is the one that counts; a folder without one has that above it."""
    below = folder / "crypto" / "2026"
    below.mkdir(parents=True)
    (below / "plan.yaml").write_text(LIQUIDATED)
    (folder / ".scaleplan.yaml").write_text("ignore: [SP401]\n")
    assert "SP401" not in codes_in("crypto/2026/plan.yaml")
    assert "SP404" in codes_in("crypto/2026/plan.yaml")
    (below / ".scaleplan.yaml").write_text("ignore: liquidated-before-tier\n")
    assert "SP401" in codes_in("crypto/2026/plan.yaml")
    assert "SP404" not in codes_in("crypto")


def test_search_ends_at_the_repository(folder: Path) -> None:
    """What lies above the folder with `.git` is somebody else's."""
    inner = folder / "inner"
    (inner / ".git").mkdir(parents=True)
    (inner / "plan.yaml").write_text(LIQUIDATED)
    (folder / ".scaleplan.yaml").write_text("ignore: [SP401]\n")
    assert "SP401" in codes_in("inner/plan.yaml")


def test_standard_input_has_the_policy_of_the_current_folder(folder: Path) -> None:
    """A plan from standard input is judged by what holds where one stands."""
    (folder / ".scaleplan.yaml").write_text("select: [SP404]\n")
    ran = process("check", "-", "--format", "json", stdin=LIQUIDATED.encode(), cwd=folder)
    assert [one["code"] for one in json.loads(ran.stdout)["diagnostics"]] == ["SP404"]


def test_command_line_goes_over_the_policy(folder: Path) -> None:
    """`--ignore` adds to what the folder ignores; `--select` is told whatever the folder says."""
    (folder / ".scaleplan.yaml").write_text("ignore: [SP401]\n")
    (folder / "plan.yaml").write_text(LIQUIDATED)
    assert not {"SP401", "SP404"} & set(codes_in("plan.yaml", "--ignore", "SP404"))
    assert set(codes_in("plan.yaml", "--select", "SP401")) == {"SP401"}


def test_account_of_the_policy(folder: Path) -> None:
    """Plans without an account have the folder's; a plan's own goes over it, and `--equity` over both."""
    (folder / ".scaleplan.yaml").write_text("account: {equity: 10000 USDT, max_risk: 1%}\n")
    (folder / "plan.yaml").write_text(PLAN)
    (folder / "own.yaml").write_text(PLAN + "account: {equity: 5000}\n")

    def fraction(*arguments: str) -> str:
        totals = json.loads(outcome("show", "--format", "json", *arguments).out)["totals"]
        return str(totals["risk_fraction"])

    # 900 USDT over 150, 140 and 130 to a stop of 118: 900 - 118 * (2 + 300/140 + 300/130) = 138.83 at risk.
    assert fraction("plan.yaml").startswith("0.01388")
    assert fraction("own.yaml").startswith("0.02776")
    assert fraction("plan.yaml", "--equity", "1000").startswith("0.1388")
    assert fraction("plan.yaml", "--set", "account={equity: 2000}").startswith("0.0694")
    # More than 1% of 10,000; the plan's own account has no such limit.
    assert "SP503" in codes_in("plan.yaml")
    assert "SP503" not in codes_in("own.yaml")


def test_account_as_a_path(folder: Path) -> None:
    """A path is seen from the folder of the policy, wherever the plan lies."""
    (folder / "plans").mkdir()
    (folder / "plans" / "plan.yaml").write_text(PLAN)
    (folder / "account.yaml").write_text("equity: 1000\nmax_risk: 1%\n")
    (folder / ".scaleplan.yaml").write_text("account: ./account.yaml\n")
    (found,) = (one for one in found_in("plans/plan.yaml") if one["code"] == "SP503")
    assert found["related"][0]["file"] == "account.yaml"


def test_thresholds_of_the_policy(folder: Path) -> None:
    """A threshold is a ratio or a percentage, and changes from where on its rule speaks up."""
    # Stopped at 1,000 from 1,500 at 2x and 0.5%: liquidated at 753.77, a third of the way left behind the stop.
    plan = "symbol: A/B:B\nside: long\nleverage: 2\nmaintenance: 0.5%\nsize: 900 B\ntiers: [1500]\nstop: 1000\n"
    (folder / "plan.yaml").write_text(plan)
    assert "SP409" not in codes_in("plan.yaml")
    for written in ("0.4", "40%"):
        (folder / ".scaleplan.yaml").write_text(f"thresholds: {{liquidation_buffer: {written}}}\n")
        assert "SP409" in codes_in("plan.yaml")


@pytest.mark.parametrize(
    ("text", "code", "help"),
    [
        ("ignroe: [SP401]", "SP103", "write `ignore`"),
        ("ignore: [SP401, SP4O4]", "SP114", "write `SP404` (liquidated-before-tier)"),
        ("ignore: [SP113]", "SP114", "mend the plan there instead"),
        ("select: liquidation-befor-stop", "SP114", "write `SP401` (liquidation-before-stop)"),
        ("thresholds: {liquidation_bufer: 0.3}", "SP103", "write `liquidation_buffer`"),
        ("thresholds: {liquidation_buffer: low}", "SP106", "write digits"),
        ("thresholds: 0.3", "SP104", "write"),
        ("account: {equty: 5}", "SP103", "write `equity`"),
        ("account: {equity: lots}", "SP110", "write `25000`"),
        ("account: ./missing.yaml", "SP126", "write a path"),
        ("ignore:", "SP105", "write a value"),
        ("- SP401", "SP104", "write"),
        ("ignore: [SP401", "SP004", ""),
        ("ignore: &a [SP401]", "SP007", ""),
    ],
)
def test_mistakes_of_the_policy(folder: Path, text: str, code: str, help: str) -> None:
    """It is read like a plan: every mistake has its place in that file, is told once, and is exit 1."""
    (folder / ".scaleplan.yaml").write_text(f"{text}\n")
    for number in range(3):
        (folder / f"plan{number}.yaml").write_text(PLAN)
    (found,) = (one for one in found_in(".") if one["severity"] == "error")
    assert (found["code"], found["file"], found["line"]) == (code, ".scaleplan.yaml", 1)
    assert found["help"].startswith(help)
    assert outcome("check", ".").code == ExitCode.ERRORS
    assert outcome("show", "plan0.yaml").code == ExitCode.ERRORS


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_policy_is_none(folder: Path, text: str) -> None:
    """A file that holds nothing, or nothing but comments, changes nothing."""
    (folder / ".scaleplan.yaml").write_text(text)
    (folder / "plan.yaml").write_text(LIQUIDATED)
    assert {"SP401", "SP404"} <= set(codes_in("plan.yaml"))


def test_a_policy_that_cannot_be_read_is_told(folder: Path) -> None:
    """A folder or a FIFO in its place is an error, and nothing waits for it."""
    (folder / "plan.yaml").write_text(PLAN)
    os.mkfifo(folder / ".scaleplan.yaml")
    (found,) = (one for one in found_in("plan.yaml") if one["severity"] == "error")
    assert (found["code"], found["file"]) == ("SP126", ".scaleplan.yaml")


# Files beside the plans


def test_account_venue_and_policy_are_checked_as_what_they_are(folder: Path) -> None:
    """A hook hands over every changed file: what plans name, and the policy, is judged by its own keys."""
    (folder / "account.yaml").write_text("equity: 25000 USDT\nmax_risk: 4%\n")
    (folder / "venue.yaml").write_text("BTC/USDT:USDT: {maintenance: 0.5%}\nETH/USD:ETH: {maintenance: 1%}\n")
    (folder / ".scaleplan.yaml").write_text("ignore: [SP406]\n")
    said = outcome("check", "account.yaml", "venue.yaml", ".scaleplan.yaml")
    assert (said.out, said.talk, said.code) == ("no problems found in 3 files\n", "", 0)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("account.yaml", "equity: 25000\nmax_risk: 4\nmax_leverage: high\n", "SP106"),
        ("account.yaml", "equity: lots\n", "SP110"),
        ("venue.yaml", "BTC/USDT:USDT: {maintenence: 0.5%}\n", "SP103"),
        ("venue.yaml", "BTC/USDT/USDT: {maintenance: 0.5%}\n", "SP115"),
        ("venue.yaml", "BTC/USDT:USDT: {maintenance: [{rate: 2%}, {rate: 1%}]}\n", "SP125"),
        (".scaleplan.yaml", "ignroe: [SP401]\n", "SP103"),
    ],
)
def test_mistakes_of_files_beside_the_plans(folder: Path, name: str, text: str, code: str) -> None:
    """Their mistakes are told in their place, once, although a plan that names them has them too."""
    (folder / name).write_text(text)
    (folder / "plan.yaml").write_text(PLAN)
    (found,) = (one for one in found_in(name, "plan.yaml") if one["severity"] == "error")
    assert (found["code"], found["file"]) == (code, name)


def test_a_shared_mistake_is_told_once(folder: Path) -> None:
    """What is wrong with an account that three plans name is told once, and all three are wrong by it."""
    (folder / "account.yaml").write_text("equity: 25000\nmax_risc: 4%\n")
    for number in range(3):
        (folder / f"plan{number}.yaml").write_text(PLAN + "account: ./account.yaml\n")
    errors = [one for one in found_in(".") if one["severity"] == "error"]
    assert [(one["code"], one["file"], one["line"]) for one in errors] == [("SP103", "account.yaml", 2)]
    for number in range(3):
        assert outcome("show", f"plan{number}.yaml").code == ExitCode.ERRORS


def test_below_a_folder_accounts_and_venues_are_passed_over(folder: Path) -> None:
    """Where plans are looked for, what lies beside them is read through them; alone it is no plan."""
    (folder / "account.yaml").write_text("equity: 25000 USDT\n")
    said = outcome("check", ".")
    assert (said.out, said.code) == ("", ExitCode.USAGE)
    assert said.talk == "scaleplan: .: no plans in this folder, only accounts and venues (1)\n"
    (folder / "plan.yaml").write_text(PLAN)
    assert outcome("check", ".", "plan.yaml", ".").out.endswith("in 1 plan\n")
