"""The commands: what they answer, how they exit, and what they say to those who mistype."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer._click import Command
from typer.core import TyperGroup

from scaleplan.cli.by_typer import WELCOME, CommandRunner, program
from scaleplan.cli.command import HEADS, NAMES
from scaleplan.cli.options import complete_path
from scaleplan.cli.reply import ExitCode
from tests.given import PLAN, UNREADABLE_PLAN, WRONG_PLAN, journal, three_plans
from tests.running import ROOT, WIDE_SCREEN, checked, environment, outcome, process

CHECK_KEYS = ["format_version", "command", "valid", "error_count", "warning_count", "note_count", "diagnostics"]


def command() -> TyperGroup:
    """Returns all commands as typer has them."""
    return program(CommandRunner(WIDE_SCREEN))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a plan that is right, one that is wrong and one that cannot be read."""
    monkeypatch.chdir(tmp_path)
    return three_plans(tmp_path)


# The plainest calls


@pytest.mark.parametrize(("name", "options"), [("check", ("--format", "text")), ("show", ("--format", "table"))])
@pytest.mark.parametrize("plans", [("good.yaml",), ("wrong.yaml", "unreadable.yaml"), ("nowhere.yaml",), (".",)])
def test_a_call_without_options_says_what_one_with_its_defaults_does(
    folder: Path, name: str, options: tuple[str, ...], plans: tuple[str, ...]
) -> None:
    """`check PLAN` goes past typer, which takes long to load: the answer is that of `check PLAN --format text`."""
    assert folder.is_dir()
    assert outcome(name, *plans) == outcome(name, *plans, *options)


def test_a_call_without_options_does_not_load_typer(folder: Path) -> None:
    """A third of the start of a plain `check` would be typer's."""
    look = "import sys; from scaleplan.cli import main; main(); print('typer' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", look, "check", "good.yaml"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.splitlines()[-1] == b"False"


# The newcomer


def test_alone_it_says_what_it_is(folder: Path) -> None:
    """`scaleplan` alone: ten lines with a five-line plan and a command that, taken together, work."""
    said = outcome()
    assert (said.out, said.talk, said.code) == (WELCOME, "", 0)
    lines = said.out.splitlines()
    assert len(lines) == 10
    assert max(map(len, lines)) <= 80
    (folder / "sol.yaml").write_text("\n".join(lines[3:8]))
    typed = re.search(r"scaleplan (show sol\.yaml)", lines[-1])
    assert typed is not None
    shown = outcome(*typed[1].split())
    assert (shown.code, shown.talk) == (0, "")


@pytest.mark.parametrize("name", ["", *NAMES])
def test_help_ends_with_examples_that_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each help page ends with examples, and each, typed in a checkout, does what it says and says nothing beside.

    What is imported is strange: what was assumed of it, and where it does not belong, is always said.
    """
    if name in ("replay", "backtest", "sweep"):
        pytest.importorskip("polars")
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SCALEPLAN_JOURNAL", "")
    page = outcome(*[name] * bool(name), "--help")
    assert page.code == 0
    examples = re.findall(r"^ +scaleplan (.+)$", page.out.partition("Example")[2], re.MULTILINE)
    assert examples
    for number, example in enumerate(examples):
        (tmp_path / str(number)).mkdir()
        journal(tmp_path / str(number))
        result = outcome(*shlex.split(example))
        talk = re.sub(r"^set .+: .+ -> .+\n", "", result.talk, flags=re.MULTILINE)
        # One checks all of plans/, of which plans/bad/ holds a plan for each mistake.
        assert result.code == (example == "check plans"), example
        assert talk == "" or (name in ("import", "import-fills") and "error" not in talk), example
        assert result.out


def test_help_explains_every_option() -> None:
    """No argument and no option stands in a help page without a word of explanation; the first has the exit codes."""
    for name, one in command().commands.items():
        for parameter in one.params:
            assert getattr(parameter, "help", None), (name, parameter.name)
    for code in range(4):
        assert f" {code} " in " ".join(outcome("--help").out.split())


def all_commands() -> dict[str, Command]:
    """Every command by what is typed for it, those below `venues` among them."""
    found: dict[str, Command] = {"": command()}
    for name, one in command().commands.items():
        found[name] = one
        if isinstance(one, TyperGroup):
            found |= {f"{name} {below}": lower for below, lower in one.commands.items()}
    return found


def squeezed(text: str) -> str:
    """A text without its blanks and line ends, so that it is found however it is wrapped."""
    return "".join(text.split())


def test_summaries_are_short_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command's line in help is the first sentence of its own page: 45 characters at most, on one line of 80."""
    monkeypatch.setenv("COLUMNS", "80")
    for name, one in all_commands().items():
        if not name:
            continue
        sentence = (one.help or "").partition(".")[0] + "."
        assert len(sentence) <= 45, name
        *above, last = name.split()
        assert re.search(rf"^  {last} +{re.escape(sentence)}$", outcome(*above, "--help").out, re.MULTILINE), name


def test_commands_stand_in_groups() -> None:
    """Every command stands under one head, and only commands do."""
    listed = [name for names in HEADS.values() for name in names]
    assert sorted(set(listed)) == sorted(NAMES) == sorted(command().commands)
    page = outcome("--help").out
    places = [page.index(f"\n{head}:\n") for head in HEADS]
    assert places == sorted(places)


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("name", list(all_commands()))
def test_help_is_whole_at(name: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in a help page is cut: all that is written of a command and of its options stands in it, in its width.

    Examples are one line each, to be copied: they fit 80 columns, and may be wider than 60. That of `sweep` names two
    files, which take 73, and what is varied.
    """
    monkeypatch.setenv("COLUMNS", str(columns))
    page = outcome(*name.split(), "--help").out
    one = all_commands()[name]
    assert squeezed((one.help or "").replace("\b", "")) in squeezed(page)
    for parameter in one.params:
        assert squeezed(getattr(parameter, "help", "")) in squeezed(page), parameter.name
    assert "..." not in re.sub(r"(?:PLAN|EVENT|FOLDER|FILE|VENUE|CODE,?|PRICE\]?|TIER|ARGS\])\.\.\.", "", page)
    wide = [line for line in page.splitlines() if len(line) > columns]
    assert [line for line in wide if not line.startswith("    scaleplan ") or (columns == 80 and name != "sweep")] == []


def test_short_help_option() -> None:
    """`-h` is `--help`."""
    assert outcome("show", "-h") == outcome("show", "--help")


# Mistyped


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("good.yaml", "scaleplan show good.yaml"),
        ("missing.yml", "scaleplan show missing.yml"),
        ("good.yaml show", "scaleplan show good.yaml"),
        ("good.yaml check --strict", "scaleplan check good.yaml --strict"),
        ("good.yaml --format json", "scaleplan show good.yaml --format json"),
        ("'two words.yaml'", "scaleplan show 'two words.yaml'"),
        (".", "scaleplan check ."),
        ("-", "scaleplan show -"),
        ("chekc good.yaml", "scaleplan check good.yaml"),
        ("SHOW good.yaml", "scaleplan show good.yaml"),
        ("hlp", "scaleplan help"),
        ("version", "scaleplan --version"),
        ("liquidate", "scaleplan --help"),
        ("--format json show good.yaml", "scaleplan show --format json good.yaml"),
        ("--strict check good.yaml", "scaleplan check --strict good.yaml"),
        ("--equity 5000 good.yaml", "scaleplan show --equity 5000 good.yaml"),
        ("show good.yaml --json", "scaleplan show good.yaml --format json"),
        ("check --json good.yaml", "scaleplan check good.yaml --format json"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_was_meant_is_said(typed: str, answer: str) -> None:
    """A path, a misspelled command or an option in the place of the command is answered with what to type."""
    said = outcome(*shlex.split(typed))
    assert (said.out, said.code) == ("", ExitCode.USAGE)
    assert said.talk.splitlines()[-1].strip() == answer
    assert "Traceback" not in said.talk


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("show", "PLAN"),
        ("check", "PLAN"),
        ("show good.yaml --fromat json", "--format"),
        ("show good.yaml --format xml", "'table', 'json', 'md', 'html', 'csv'"),
        ("check good.yaml --format table", "'text', 'json'"),
        ("check good.yaml --csv", "No such option"),
        ("--verison", "--version"),
        ("show good.yaml --set stop", "stop=2640"),
        ("show good.yaml --set stop=", "stop=2640"),
        ("check good.yaml --set", "--set"),
        ("check good.yaml --equity=", "--equity"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_wrong_usage_is_exit_2(typed: str, words: str) -> None:
    """Wrong usage is said on standard error with the way out, and is exit 2."""
    said = outcome(*shlex.split(typed))
    assert (said.out, said.code) == ("", ExitCode.USAGE)
    assert words in said.talk


def test_control_characters_of_the_command_line_are_made_visible(folder: Path) -> None:
    """What was typed is shown, never obeyed: no escape reaches the terminal, whichever message carries it."""
    for typed in (
        ["a\x1b[31mb"],
        ["a\x1b[31m.yaml"],
        ["show", "a\x1b[31m.yaml"],
        ["show", "--\x1b[31m"],
        ["show", "good.yaml", "--set", "\x1b]52;c;eA\x07"],
        ["show", "good.yaml", "--format", "\u202ejson"],
        ["show", "good.yaml", "--equity", "\x1b[2J"],
        ["check", "good.yaml", "--set", "name=\x1b[31m\u202ered"],
        ["show", "good.yaml", "--set", "name=\x1b[31m\u202ered"],
    ):
        said = outcome(*typed)
        text = said.out + said.talk
        assert all(character == "\n" or character.isprintable() for character in text), (typed, text)
        assert "\u202e" not in text


# Exit codes


@pytest.mark.parametrize("name", ["show", "check"])
@pytest.mark.parametrize(
    ("paths", "code"),
    [
        ("good.yaml", 0),
        ("wrong.yaml", 1),
        ("unreadable.yaml", 1),
        ("good.yaml wrong.yaml", 1),
        ("missing.yaml", 3),
        ("/dev/null", 3),
        ("/dev/zero", 3),
        ("good.yaml missing.yaml", 3),
        ("wrong.yaml missing.yaml", 3),
    ],
)
@pytest.mark.usefixtures("folder")
def test_exit_codes(name: str, paths: str, code: int) -> None:
    """0 nothing at error level, 1 a plan has errors, 3 a file is refused; 3 over 1 over 0, in either order."""
    assert outcome(name, *paths.split()).code == code
    assert outcome(name, *reversed(paths.split())).code == code


@pytest.mark.parametrize("name", ["show", "check"])
def test_strict_fails_on_warnings(name: str, folder: Path) -> None:
    """A plan with nothing worse than a warning is exit 0, and with `--strict` exit 1; one without stays 0."""
    plan = folder / "warned.yaml"
    plan.write_text(PLAN + "notes: over before the close #2\n")
    assert checked("warned.yaml")["warning_count"] > 0
    assert checked("warned.yaml")["error_count"] == 0
    assert outcome(name, "warned.yaml").code == 0
    assert outcome(name, "warned.yaml", "--strict").code == 1


def test_strict_without_warnings(folder: Path) -> None:
    """`--strict` has nothing against notes, nor against a plan of which nothing is said."""
    assert checked("good.yaml")["warning_count"] == 0
    assert outcome("check", "good.yaml", "--strict").code == 0


def test_all_other_files_are_still_done(folder: Path) -> None:
    """A file that is refused stops nothing: the others are shown, and it is named on standard error."""
    shown = outcome("show", "missing.yaml", "good.yaml")
    assert "SOL/USDT" in shown.out
    assert shown.talk == "scaleplan: missing.yaml: no such file\n"
    assert len(checked("missing.yaml", "wrong.yaml", "good.yaml")["diagnostics"]) > 0


def test_show_refuses_a_folder(folder: Path) -> None:
    """A folder is no plan: `show` refuses it like the operating system would."""
    shown = outcome("show", ".")
    assert (shown.out, shown.code) == ("", ExitCode.REFUSED)
    assert shown.talk == "scaleplan: .: is a directory, not a file; `scaleplan check .` goes through its plans\n"


@pytest.mark.parametrize("name", ["show", "check"])
def test_the_empty_name_is_no_folder(name: str, folder: Path) -> None:
    """An empty argument, as an unset variable of a script gives, is refused; it is not the current folder."""
    said = outcome(name, "")
    assert (said.out, said.code) == ("", ExitCode.REFUSED)
    assert said.talk.startswith("scaleplan: '': no such file")


# What is written where


def test_unreadable_plan_gives_diagnostics_and_no_table(folder: Path) -> None:
    """Without a plan there is no table: standard output stays empty, and what is wrong is said beside it."""
    for format in ("table", "md"):
        shown = outcome("show", "unreadable.yaml", "--format", format)
        assert (shown.out, shown.code) == ("", ExitCode.ERRORS)
        assert "SP113" in shown.talk


def test_wrong_plan_is_shown_with_what_is_wrong(folder: Path) -> None:
    """A plan that can be reckoned is shown although rules speak up, and what they say is part of what is shown."""
    shown = outcome("show", "wrong.yaml")
    assert shown.code == ExitCode.ERRORS
    assert "SOL/USDT" in shown.out
    assert re.search(r"SP2\d\d", shown.out)
    assert shown.talk == ""


def test_csv_says_what_is_wrong_beside_it(folder: Path) -> None:
    """A table for another program holds figures alone: all that rules say goes to standard error."""
    shown = outcome("show", "wrong.yaml", "--format", "csv")
    assert not re.search(r"SP\d\d\d", shown.out)
    assert re.search(r"SP2\d\d", shown.talk)


def test_check_prints_what_it_is_for(folder: Path) -> None:
    """What `check` finds is its output, the line of counts included; nothing is said beside it."""
    said = outcome("check", "good.yaml", "wrong.yaml", "unreadable.yaml")
    assert said.talk == ""
    assert "wrong.yaml:" in said.out
    assert "unreadable.yaml:3:7" in said.out
    assert said.out.endswith("\n")


# JSON


def test_show_json_is_one_object_for_one_plan(folder: Path) -> None:
    """One plan gives an object, several a list, in the order named."""
    assert json.loads(outcome("show", "good.yaml", "--format", "json").out)["file"] == "good.yaml"
    listed = json.loads(outcome("show", "wrong.yaml", "good.yaml", "--format", "json").out)
    assert [record["file"] for record in listed] == ["wrong.yaml", "good.yaml"]


def test_show_json_is_valid_for_what_cannot_be_shown(folder: Path) -> None:
    """A plan that cannot be read, and a file that cannot, still give a record each, and say why."""
    record = json.loads(outcome("show", "unreadable.yaml", "--format", "json").out)
    assert record["plan"] is None
    assert [one["code"] for one in record["diagnostics"]] == ["SP113"]
    record = json.loads(outcome("show", "missing.yaml", "--format", "json").out)
    assert (record["file"], record["plan"], record["unread"]) == ("missing.yaml", None, "no such file")
    assert len(json.loads(outcome("show", "missing.yaml", "good.yaml", "--format", "json").out)) == 2


def test_check_json(folder: Path) -> None:
    """`check --format json` is one object over all files, with the contract's keys and counts."""
    record = checked("good.yaml", "wrong.yaml", "unreadable.yaml")
    assert list(record)[: len(CHECK_KEYS)] == CHECK_KEYS
    assert (record["format_version"], record["command"], record["valid"]) == ("1.0", "check", False)
    assert record["error_count"] == sum(one["severity"] == "error" for one in record["diagnostics"])
    assert {one["file"] for one in record["diagnostics"] if one["severity"] == "error"} == {
        "wrong.yaml",
        "unreadable.yaml",
    }
    assert checked("good.yaml")["valid"] is True


def test_check_json_is_not_valid_where_a_file_was_not_read(folder: Path) -> None:
    """What was not read is not said to be valid; it is listed with the reason."""
    record = checked("good.yaml", "missing.yaml")
    assert (record["valid"], record["error_count"]) == (False, 0)
    assert record["unread"] == [{"file": "missing.yaml", "reason": "no such file"}]


def test_json_is_ascii(folder: Path) -> None:
    """JSON escapes what is not ASCII its own way, so that it stays JSON whatever the output's encoding is."""
    (folder / "good.yaml").write_text(PLAN + "name: Übung 𝄞 #\n", encoding="utf-8")
    for name in ("show", "check"):
        assert outcome(name, "good.yaml", "--format", "json").out.isascii()
    assert json.loads(outcome("show", "good.yaml", "--format", "json").out)["plan"]["name"].startswith("Übung 𝄞")


# --equity and --set


def test_set_changes_the_plan_for_one_run(folder: Path) -> None:
    """`--set` reaches any value of the plan, as often as it is given, and leaves the file alone."""
    record = json.loads(
        outcome("show", "good.yaml", "--format", "json", "--set", "stop=120", "--set", "tiers[1]=141").out
    )
    assert record["tiers"][1]["price"] == "141"
    assert {tier["position"]["stop"] for tier in record["tiers"]} == {"120"}
    assert (folder / "good.yaml").read_text() == PLAN


@pytest.mark.parametrize("name", ["show", "check"])
def test_set_is_judged_like_the_plan(name: str, folder: Path) -> None:
    """A changed plan is judged as if it had been written so, in every command that reads one."""
    assert outcome(name, "good.yaml", "--set", "stop=160").code == ExitCode.ERRORS
    assert outcome(name, "wrong.yaml", "--set", "stop=118").code == 0


def test_equity_is_short_for_set(folder: Path) -> None:
    """`--equity X` is `--set account.equity=X`."""
    short = outcome("show", "good.yaml", "--format", "json", "--equity", "21500")
    assert short == outcome("show", "good.yaml", "--format", "json", "--set", "account.equity=21500")
    assert json.loads(short.out)["totals"]["risk_fraction"] is not None


def test_equity_without_a_meaning_is_a_diagnostic(folder: Path) -> None:
    """An amount that means nothing is said to be so, where it was written: on the command line."""
    record = checked("good.yaml", "--equity", "plenty")
    assert [one["code"] for one in record["diagnostics"] if one["severity"] == "error"] == ["SP110"]


# Several plans


def test_several_plans_end_with_their_book(folder: Path) -> None:
    """Several plans are shown one after the other, and then what they risk together, once."""
    (folder / "second.yaml").write_text(PLAN.replace("SOL", "ETH"))
    one = outcome("show", "good.yaml").out
    both = outcome("show", "good.yaml", "second.yaml")
    assert both.code == 0
    assert both.out.startswith(one)
    assert both.out.index("SOL/USDT") < both.out.index("ETH/USDT")
    assert len(both.out) > len(one) + len(outcome("show", "second.yaml").out) + 1


def test_book_needs_one_equity(folder: Path) -> None:
    """Plans that state different equities are no book: both files and both numbers are named, exit 1."""
    (folder / "small.yaml").write_text(PLAN + "account: {equity: 10000}\n")
    (folder / "large.yaml").write_text(PLAN.replace("SOL", "ETH") + "account: {equity: 25000.00}\n")
    for format in ("table", "json", "csv", "md"):
        shown = outcome("show", "small.yaml", "large.yaml", "--format", format)
        assert shown.code == ExitCode.ERRORS
        for said in ("small.yaml", "10,000", "large.yaml", "25,000"):
            assert said in shown.talk
    assert outcome("show", "small.yaml", "large.yaml", "--equity", "20000").code == 0


def test_equities_of_different_currencies_do_not_clash(folder: Path) -> None:
    """Equity is compared within one settle currency: an account in USDT and one in EUR stand side by side."""
    (folder / "dollars.yaml").write_text(PLAN + "account: {equity: 10000}\n")
    (folder / "euros.yaml").write_text(PLAN.replace("USDT", "EUR") + "account: {equity: 9000}\n")
    assert outcome("show", "dollars.yaml", "euros.yaml").code == 0


@pytest.mark.usefixtures("folder")
def test_a_file_named_twice_is_one_plan() -> None:
    """Whatever is named twice is read, told and counted once."""
    assert outcome("show", "good.yaml", "./good.yaml") == outcome("show", "good.yaml")
    assert checked("wrong.yaml", ".", "wrong.yaml")["error_count"] == checked(".")["error_count"]


# Folders


def test_folders_are_walked(folder: Path) -> None:
    """Every *.yaml and *.yml below a folder is checked, in order, and nothing that is hidden."""
    for name in ("b/deep/2.yml", "a.yaml", "b/1.yaml", "B.YAML"):
        (folder / "plans" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "plans" / name).write_text(WRONG_PLAN)
    for name in (".hidden.yaml", ".git/config.yaml", "notes.txt", "plan.yaml.bak"):
        (folder / "plans" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "plans" / name).write_text(WRONG_PLAN)
    found = list(dict.fromkeys(one["file"] for one in checked("plans")["diagnostics"] if one["severity"] == "error"))
    assert found == ["plans/B.YAML", "plans/a.yaml", "plans/b/1.yaml", "plans/b/deep/2.yml"]


def test_folders_may_hold_accounts_and_venues(folder: Path) -> None:
    """The account and venue files that plans name are no plans: in a folder they are passed over."""
    plans = folder / "plans"
    plans.mkdir()
    (plans / "account.yaml").write_text("equity: 25000 USDT\nmax_risk: 4%\n")
    (plans / "venue.yaml").write_text("BTC/USDT:USDT: {name: mine, maintenance: 0.5%}\n")
    (plans / "good.yaml").write_text(PLAN)
    assert outcome("check", "plans").code == 0
    (plans / "good.yaml").unlink()
    said = outcome("check", "plans")
    assert (said.out, said.code) == ("", ExitCode.USAGE)


def test_folder_without_plans(folder: Path) -> None:
    """A folder in which nothing is found is most likely the wrong one: said so, exit 2; other plans are still done."""
    (folder / "empty").mkdir()
    said = outcome("check", "empty")
    assert (said.out, said.code) == ("", ExitCode.USAGE)
    assert said.talk.startswith("scaleplan: empty: no plans in this folder")
    both = outcome("check", "empty", "good.yaml")
    assert both.out
    assert both.code == ExitCode.USAGE


def test_links_that_lead_back_are_not_followed(folder: Path) -> None:
    """A folder that holds a link to itself is walked once; a link to a plan is the plan; a dead link is nothing."""
    plans = folder / "plans"
    plans.mkdir()
    (plans / "again").symlink_to(plans, target_is_directory=True)
    (plans / "dead.yaml").symlink_to("nowhere.yaml")
    (plans / "loop.yaml").symlink_to("loop.yaml")
    (plans / ".wrong.yaml").write_text(WRONG_PLAN)
    (plans / "linked.yaml").symlink_to(".wrong.yaml")
    assert {one["file"] for one in checked("plans")["diagnostics"]} == {"plans/linked.yaml"}


def test_what_is_no_file_is_passed_over_in_folders(folder: Path) -> None:
    """A FIFO in a folder cannot make a check wait, nor a folder that is called like a plan."""
    plans = folder / "plans"
    (plans / "old.yaml").mkdir(parents=True)
    (plans / "good.yaml").write_text(PLAN)
    os.mkfifo(plans / "pipe.yaml")
    assert outcome("check", "plans").code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_exit_3(folder: Path) -> None:
    """Files and folders without permission are named, and the others still done."""
    (folder / "good.yaml").chmod(0)
    assert outcome("check", "good.yaml", "wrong.yaml").code == ExitCode.REFUSED
    (folder / "closed").mkdir(mode=0)
    said = outcome("check", "closed")
    assert (said.code, said.talk) == (ExitCode.REFUSED, "scaleplan: closed: permission denied\n")


# Standard input, completion, names


@pytest.mark.parametrize("name", ["show", "check"])
def test_dash_is_standard_input(name: str) -> None:
    """`-` reads the plan from standard input, and messages call it so."""
    assert process(name, "-", stdin=PLAN.encode()).returncode == 0
    said = process(name, "-", stdin=UNREADABLE_PLAN.encode())
    assert said.returncode == 1
    assert b"<stdin>:3:7" in said.stdout + said.stderr


def test_shell_completion() -> None:
    """The shell completes commands, options, formats and plans, and is given a script to do it."""
    assert b"_SCALEPLAN_COMPLETE=complete_bash" in process(
        "--show-completion", env=environment(SHELL="bash")
    ).stdout or (b"_SCALEPLAN_COMPLETE" in process(env=environment(_SCALEPLAN_COMPLETE="source_bash")).stdout)
    for words, offered in (
        ("scaleplan sh", ["show"]),
        ("scaleplan show --for", ["--format"]),
        ("scaleplan show --format c", ["csv"]),
        ("scaleplan check pl", ["plans/"]),
        ("scaleplan show plans/three-buys-by-m", ["plans/three-buys-by-money.yaml"]),
    ):
        completed = process(
            env=environment(_SCALEPLAN_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(words.count(" ")))
        )
        assert completed.stdout.decode().split() == offered, words


def test_completion_of_paths(folder: Path) -> None:
    """Offered are YAML files and folders; what is hidden only after a dot; nothing where there is no such folder."""
    (folder / "plans").mkdir()
    (folder / ".hidden.yaml").touch()
    (folder / "notes.txt").touch()
    assert complete_path("") == ["good.yaml", "plans/", "unreadable.yaml", "wrong.yaml"]
    assert complete_path(".h") == [".hidden.yaml"]
    assert complete_path(f"{folder}/go") == [f"{folder}/good.yaml"]
    assert complete_path("nowhere/x") == []


def test_names_that_are_no_text() -> None:
    """A file name of bytes that are no UTF-8, as Linux allows, is answered like any other."""
    for arguments in (["show", b"\xff\xfe.yaml"], [b"\xff.yaml"], ["show", "x", "--set", b"name=\xff"], [b"\xff"]):
        said = process(*arguments)
        assert said.returncode in (2, 3), said
        assert b"Traceback" not in said.stderr


def test_mistakes_of_the_program_are_not_taken_for_the_plan_s(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the program itself breaks it says so and exits with a code that no plan gives."""

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("scaleplan.cli.studied.gather", broken)
    said = outcome("check", "good.yaml")
    assert (said.out, said.code) == ("", ExitCode.BROKEN)
    assert "RuntimeError: broken" in said.talk
    assert "not in your plan" in said.talk


@pytest.mark.parametrize(
    "words",
    [
        "check plan.yaml --set LONG",
        "check plan.yaml --set LONG=1",
        "check plan.yaml --format LONG",
        "check plan.yaml --format=LONG",
        "check plan.yaml --allow-files LONG",
        "check plan.yaml --select LONG",
        "rules --format \x1bLONG\u202e",
        "new - --from LONG",
        "new - --from LONG.yaml",
        "LONG",
        "it's\x1bLONG\\\u202e",
        "--json it's\x1bLONG\\\u202e show",
        "LONG.yaml",
        "--json LONG show",
        "show --json LONG",
        "show --LONG plan.yaml",
        "--LONG",
        "schema --LONG=3",
        "schema LONG",
        "venues show LONG",
        "venues LONG",
        "venues import x.json --rates LONG",
        "venues import x.json --as-of LONG",
        "explain LONG",
        "paths plan.yaml --from LONG",
        "paths plan.yaml --edge LONG",
        "explain-liquidation plan.yaml --tier LONG",
    ],
)
def test_wrong_usage_repeats_the_beginning_of_a_long_word(words: str) -> None:
    """Of what was typed a usage error repeats as much as a line can bear, whoever says it."""
    found = outcome(*words.replace("LONG", "a" * 60_000).split(" "))
    assert (found.code, found.out) == (2, "")
    assert len(found.talk) < 700
    assert "a" * 61 not in found.talk


@pytest.mark.parametrize("words", ["check LONG.yaml", "show LONG", "fmt LONG/b.yaml"])
def test_a_name_that_no_file_can_have_is_cut(words: str) -> None:
    """A path longer than 4,096 characters is refused by every system: its beginning says which it was."""
    found = outcome(*words.replace("LONG", "a" * 60_000).split(" "))
    assert found.code == 3
    assert len(found.talk) < 200
    assert "...: " in found.talk
