"""What a plan may name: a plan may come from a stranger, and shows nothing of what is not its own."""

import json
import os
from pathlib import Path

import pytest

from scaleplan.cli.reply import ExitCode
from tests.given import PLAN
from tests.running import checked, outcome

CONTRACT = PLAN.replace("SOL/USDT", "SOL/USDT:USDT") + "leverage: 2\nmaintenance: 0.5%\n"
ACCOUNT = "equity: 25000 USDT\nmax_risk: 4%\n"
VENUE = "SOL/USDT: {fees: {taker: 0.04%}}\n"
FORMATS = ("text", "github", "sarif", "json", "junit")
COMMANDS = (
    *(("check", "--format", one) for one in FORMATS),
    *(("show", "--format", one) for one in ("table", "json", "md", "csv")),
    ("paths",),
    ("checklist",),
    ("explain-liquidation",),
    ("compare-venues",),
    ("fmt", "--diff"),
)

#: Files that are neither an account nor a venue. What must never be shown of them is `hunter2`, and the keys before it.
SECRETS = {
    "environment": "DB_PASSWORD=hunter2\nDB_KEYNAME=1\n",
    "passwords": "root:$6$hunter2:19000:0:99999:7:::\n",
    "kubernetes": "apiVersion: v1\nkind: Secret\ndata:\n  DB_KEYNAME: hunter2\n",
    "one key": "DB_KEYNAME: hunter2\n",
    "near a key": "max_riskk: hunter2\nequityy: DB_KEYNAME\n",
    "some keys": "rate: 5\nDB_KEYNAME: hunter2\n",
    "a list": "- DB_KEYNAME\n- hunter2\n",
    "a name": "name: hunter2\nsource: DB_KEYNAME\n",
    "routes": "/DB_KEYNAME: {get: hunter2, fees: 1}\n/users: {fees: hunter2}\n",
    "databases": "prod/db: {name: DB_KEYNAME, password: hunter2}\n",
    "broken at once": "DB_KEYNAME: 'hunter2\n",
    "broken in the middle": "data:\n  DB_KEYNAME: @hunter2\n  other: *hunter2\n",
    "broken at the end": "DB_KEYNAME: 1\nx: [hunter2, {\n",
    "a tag": "DB_KEYNAME: !hunter2 x\n",
    "a control character": "DB_KEYNAME: hunter2\x07\n",
    "twice": "DB_KEYNAME: hunter2\nDB_KEYNAME: hunter2\n",
    "two documents": "DB_KEYNAME: 1\n---\nhunter2: 1\n",
    "an ignore": "DB_KEYNAME: hunter2 # scaleplan: ignore[hunter2] DB_KEYNAME\n",
    "cut": "tiers: [60,000] #hunter2\nDB_KEYNAME: a #hunter2\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a repository `own` of plans, in which the program runs, and beside it what is none of its own."""
    own = tmp_path / "own"
    (own / ".git").mkdir(parents=True)
    (own / "plans").mkdir()
    (own / "account.yaml").write_text(ACCOUNT)
    (tmp_path / "account.yaml").write_text(ACCOUNT)
    (tmp_path / "venue.yaml").write_text(VENUE)
    monkeypatch.chdir(own)
    return tmp_path


def errors(*arguments: str) -> list[str]:
    """The codes of all errors that `check` finds."""
    return [one["code"] for one in checked(*arguments)["diagnostics"] if one["severity"] == "error"]


def shown(*arguments: str) -> str:
    """All that a command writes."""
    done = outcome(*arguments)
    return done.out + done.talk


# What is neither account nor venue


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("key", ["account", "venue"])
def test_nothing_is_shown_of_what_is_neither(folder: Path, key: str, text: str) -> None:
    """Of a file of the repository that is no account and no venue nothing is quoted, by whatever command and form."""
    (folder / "own" / "secret.yaml").write_text(text)
    (folder / "own" / "plan.yaml").write_text(CONTRACT + f"{key}: ./secret.yaml\n")
    for command in COMMANDS:
        said = shown(command[0], "plan.yaml", *command[1:])
        assert "hunter2" not in said, command
        assert "DB_" not in said, command
    (error,) = json.loads(outcome("check", "plan.yaml", "--format", "json").out)["diagnostics"][:1]
    assert (error["code"], error["file"], error["path"]) == ("SP126", "plan.yaml", key)
    assert error["message"] == f"`secret.yaml` is no {key} file, so nothing of it is read"


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_nothing_is_shown_of_what_a_policy_names(folder: Path, text: str) -> None:
    """A policy comes with the plans, and the account that it names is judged like theirs."""
    (folder / "own" / "secret.yaml").write_text(text)
    (folder / "own" / ".scaleplan.yaml").write_text("account: ./secret.yaml\n")
    (folder / "own" / "plan.yaml").write_text(CONTRACT)
    for command in COMMANDS:
        said = shown(command[0], "plan.yaml", *command[1:])
        assert "hunter2" not in said, command
        assert "DB_" not in said, command


@pytest.mark.parametrize("data", [b"hunter2\xff\n", "hunter2: 1\n".encode("utf-16"), b"hunter2" * 200_000])
def test_bytes_that_are_no_text_are_no_account(folder: Path, data: bytes) -> None:
    """Not even a byte is told of a file that cannot be read as a text, or that is too long."""
    (folder / "own" / "secret.yaml").write_bytes(data)
    (folder / "own" / "plan.yaml").write_text(PLAN + "account: ./secret.yaml\n")
    for form in FORMATS:
        said = shown("check", "plan.yaml", "--format", form)
        assert "hunter2" not in said
        assert "0xff" not in said


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("account", "equity: 25000\nmax_risc: 4%\n", "SP103"),
        ("account", "max_risk: a lot\n", "SP110"),
        ("account", "equity: lots\n", "SP110"),
        ("account", "equity: @25000\n", "SP004"),
        ("venue", "SOL/USDT: {fees: {takr: 0.04%}}\n", "SP103"),
    ],
)
def test_mistakes_of_an_account_and_a_venue_are_quoted(folder: Path, key: str, text: str, code: str) -> None:
    """What looks like an account or a venue is one: its mistakes are told where they stand."""
    (folder / "own" / "named.yaml").write_text(text)
    (folder / "own" / "plan.yaml").write_text(PLAN + f"{key}: ./named.yaml\n")
    (error,) = json.loads(outcome("check", "plan.yaml", "--format", "json").out)["diagnostics"][:1]
    assert (error["code"], error["file"]) == (code, "named.yaml")


# What a plan may name


@pytest.mark.parametrize(
    "path",
    [
        "../account.yaml",
        "./../account.yaml",
        "plans/../../account.yaml",
        "{folder}/account.yaml",
        "./link.yaml",
        "./linked/account.yaml",
        "/proc/self/environ",
        "/proc/self/cwd/../account.yaml",
        "/etc/shadow",
        "/dev/zero",
        "/dev/tty",
        "../missing.yaml",
        "../own2/account.yaml",
        "./loop/../../account.yaml",
    ],
)
def test_a_plan_names_nothing_outside_of_its_repository(folder: Path, path: str) -> None:
    """Whatever way leads out is refused in the same words, whether a file is there or not."""
    own = folder / "own"
    (folder / "own2").mkdir()
    (folder / "own2" / "account.yaml").write_text(ACCOUNT)
    (own / "link.yaml").symlink_to("../account.yaml")
    (own / "linked").symlink_to("..", target_is_directory=True)
    (own / "loop").symlink_to(own / "plans", target_is_directory=True)
    written = path.format(folder=folder)
    for key in ("account", "venue"):
        (own / "plan.yaml").write_text(PLAN + f"{key}: {written}\n")
        assert errors("plan.yaml") == ["SP135"]
        assert "lies outside of" in shown("check", "plan.yaml")
        assert "25000" not in shown("check", "plan.yaml")
    (own / "plan.yaml").write_text(PLAN)
    (own / ".scaleplan.yaml").write_text(f"account: {written}\n")
    assert errors("plan.yaml") == ["SP135"]


@pytest.mark.parametrize("name", ["secret", "secret.env", "secret.yaml.bak", "link.yaml", "pipe.yaml", "folder.yaml"])
def test_a_plan_names_regular_yaml_files(folder: Path, name: str) -> None:
    """Another ending, a link to one, a FIFO and a folder are refused; nothing waits."""
    own = folder / "own"
    for other in ("secret", "secret.env", "secret.yaml.bak"):
        (own / other).write_text(ACCOUNT)
    (own / "link.yaml").symlink_to("secret.env")
    os.mkfifo(own / "pipe.yaml")
    (own / "folder.yaml").mkdir()
    (own / "plan.yaml").write_text(PLAN + f"account: ./{name}\n")
    assert errors("plan.yaml") in (["SP135"], ["SP126"])


def test_a_saved_answer_is_imported(folder: Path) -> None:
    """What an exchange answered is no venue file yet; the help says how it becomes one."""
    (folder / "own" / "saved.json").write_text("[]")
    (folder / "own" / "plan.yaml").write_text(PLAN + "venue: ./saved.json\n")
    assert "help: make a venue file of it: `scaleplan venues import`" in shown("check", "plan.yaml")


def test_the_whole_repository_is_the_plans_own(folder: Path) -> None:
    """Below its repository a plan names what it likes, through links too, even past a policy that is nearer."""
    own = folder / "own"
    (own / "plans" / ".scaleplan.yaml").write_text("ignore: [SP602]\n")
    (own / "linked.yaml").symlink_to("account.yaml")
    for path in ("../account.yaml", "../linked.yaml", f"{own}/account.yaml"):
        (own / "plans" / "plan.yaml").write_text(PLAN + f"account: {path}\n")
        assert errors("plans/plan.yaml") == []


def test_without_a_repository_a_policy_marks_the_ground(folder: Path) -> None:
    """Without a repository the folder of the nearest policy is the ground, and without one the plan's own folder."""
    (folder / "own" / ".git").rmdir()
    plan = folder / "own" / "plans" / "plan.yaml"
    plan.write_text(PLAN + "account: ../account.yaml\n")
    assert errors(str(plan)) == ["SP135"]
    (folder / "own" / ".scaleplan.yaml").write_text("")
    assert errors(str(plan)) == []
    plan.write_text(PLAN + "account: ../../account.yaml\n")
    assert errors(str(plan)) == ["SP135"]
    (folder / "own" / "plans" / "account.yaml").write_text(ACCOUNT)
    plan.write_text(PLAN + "account: ./account.yaml\n")
    assert errors(str(plan)) == []


def test_the_folder_of_a_link_is_the_one_it_leads_to(folder: Path) -> None:
    """Plans below a linked folder name what lies beside them there."""
    (folder / "own" / ".git").rmdir()
    (folder / "own" / "plans" / "plan.yaml").write_text(PLAN + "account: ./account.yaml\n")
    (folder / "own" / "plans" / "account.yaml").write_text(ACCOUNT)
    (folder / "link").symlink_to(folder / "own" / "plans", target_is_directory=True)
    assert errors(str(folder / "link" / "plan.yaml")) == []


@pytest.mark.parametrize("command", ["check", "show", "paths", "checklist", "explain-liquidation", "compare-venues"])
def test_the_command_line_allows_more(folder: Path, command: str) -> None:
    """`--allow-files DIR` lets plans name files below a folder for one run; a folder that is not there is told."""
    (folder / "own" / "plan.yaml").write_text(CONTRACT + "account: ../account.yaml\n")
    assert "SP135" in shown(command, "plan.yaml")
    allowed = outcome(command, "plan.yaml", "--allow-files", "..")
    assert "SP135" not in allowed.out + allowed.talk
    assert allowed.code == 0
    assert "SP135" in shown(command, "plan.yaml", "--allow-files", "plans")
    assert outcome(command, "plan.yaml", "--allow-files", "missing").code == ExitCode.USAGE


def test_allowed_is_not_shown(folder: Path) -> None:
    """Where more is allowed still nothing is quoted of what is neither account nor venue."""
    (folder / "secret.yaml").write_text("DB_KEYNAME: hunter2\n")
    (folder / "own" / "plan.yaml").write_text(PLAN + "account: ../secret.yaml\n")
    said = shown("check", "plan.yaml", "--allow-files", "..")
    assert "no account file" in said
    assert "hunter2" not in said


def test_no_policy_allows_more(folder: Path) -> None:
    """A policy comes with the plan: no key of it lets the plan name more."""
    (folder / "own" / "plan.yaml").write_text(PLAN + "account: ../account.yaml\n")
    (folder / "own" / ".scaleplan.yaml").write_text("files: [..]\nallow_files: [..]\n")
    assert errors("plan.yaml") == ["SP103", "SP103", "SP135"]


def test_what_the_command_line_names_itself_may_lie_anywhere(folder: Path) -> None:
    """`--set account=PATH` is no stranger's."""
    (folder / "own" / "plan.yaml").write_text(PLAN)
    assert errors("plan.yaml", "--set", "account=../account.yaml") == []
    assert errors("plan.yaml", "--set", f"venue={folder}/venue.yaml") == []
    (folder / "secret.yaml").write_text("DB_KEYNAME: hunter2\n")
    assert "hunter2" not in shown("check", "plan.yaml", "--set", "account=../secret.yaml")


# Links that a stranger leaves in the place of a plan


@pytest.mark.parametrize("name", ["../secret.txt", "../secret.yaml", "../.env", ".env"])
def test_a_link_is_no_way_out_of_a_repository(folder: Path, name: str) -> None:
    """A link in the place of a plan, or of a policy, that leads out or to no YAML file is refused and not read."""
    own = folder / "own"
    for secret in (folder / "secret.txt", folder / "secret.yaml", folder / ".env", own / ".env"):
        secret.write_text("DB_KEYNAME: hunter2\n")
    (own / "plan.yaml").symlink_to(name)
    for arguments in (
        ("check", "plan.yaml"),
        ("check", "."),
        ("show", "plan.yaml"),
        ("paths", "plan.yaml"),
        ("fmt", "--diff", "plan.yaml"),
    ):
        done = outcome(*arguments)
        assert "hunter2" not in done.out + done.talk
        assert done.code == ExitCode.REFUSED
    (own / "plan.yaml").unlink()
    (own / "plan.yaml").write_text(PLAN)
    (own / ".scaleplan.yaml").symlink_to(name)
    assert "hunter2" not in shown("check", "plan.yaml")
    assert errors("plan.yaml") == ["SP126"]


def test_a_linked_folder_is_no_way_out_of_a_repository(folder: Path) -> None:
    """A folder that is a link out of the repository is not read either, not even into another repository."""
    other = folder / "other"
    (other / ".git").mkdir(parents=True)
    (other / "plan.yaml").write_text("DB_KEYNAME: hunter2\n")
    (folder / "own" / "linked").symlink_to(other, target_is_directory=True)
    for path in ("linked", "linked/plan.yaml"):
        done = outcome("check", path)
        assert "hunter2" not in done.out + done.talk
        assert done.code == ExitCode.REFUSED


def test_links_inside_a_repository_are_followed(folder: Path) -> None:
    """A link to another plan of the repository is that plan; outside of any repository links lead where they lead."""
    own = folder / "own"
    (own / "plans" / "plan.yaml").write_text(PLAN)
    (own / "latest.yaml").symlink_to("plans/plan.yaml")
    assert outcome("check", "latest.yaml").code == 0
    (folder / "anywhere.yaml").symlink_to(own / "plans" / "plan.yaml")
    assert outcome("check", str(folder / "anywhere.yaml")).code == 0


# Names


@pytest.mark.parametrize("name", ["missing.yaml", "secret.txt", "folder.yaml"])
@pytest.mark.parametrize("key", ["account", "venue"])
def test_the_help_names_a_file_of_the_same_sort(folder: Path, key: str, name: str) -> None:
    """What should be a venue is not said to be `./account.yaml`."""
    (folder / "own" / "secret.txt").write_text(ACCOUNT)
    (folder / "own" / "folder.yaml").mkdir()
    (folder / "own" / "plan.yaml").write_text(PLAN + f"{key}: ./{name}\n")
    assert f"as `./{key}.yaml`" in shown("check", "plan.yaml")


@pytest.mark.parametrize("name", ["BINANCE.YAML", "Binance.Yml", "' venue.yaml '"])
def test_the_ending_of_a_venue_file_may_be_in_any_letters(folder: Path, name: str) -> None:
    """A file with a YAML ending is a file, however that is written."""
    (folder / "own" / name.strip("' ")).write_text(VENUE)
    (folder / "own" / "plan.yaml").write_text(PLAN + f"venue: {name}\n")
    assert errors("plan.yaml") == []


@pytest.mark.parametrize("part", ["a/", "../", "x"])
@pytest.mark.parametrize("where", ["account of a plan", "venue of a plan", "account of a policy"])
def test_no_path_is_followed_that_is_longer_than_any_can_be(
    folder: Path, where: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path of more than 4,096 characters is refused unseen, because following it takes time by its square."""
    key, _, file = where.split(" ", 1)[0], *where.rsplit(" ", 1)
    path = part * (4_100 // len(part)) + "a.yaml"
    (folder / "own" / "plan.yaml").write_text(PLAN + (f"{key}: {path}\n" if file == "plan" else ""))
    if file == "policy":
        (folder / "own" / ".scaleplan.yaml").write_text(f"{key}: {path}\n")
    followed = os.path.realpath

    def short(name: str) -> str:
        assert len(name) < 4_096
        return followed(name)

    monkeypatch.setattr(os.path, "realpath", short)
    assert errors("plan.yaml") == ["SP126"]
    assert f"a path has at most 4,096 characters, and this one {len(path):,}" in shown("check", "plan.yaml")


# Links outside of any repository


@pytest.mark.parametrize(
    "name", ["../secret.txt", "../secret.yaml", ".env", "/proc/self/environ", "../other/secret.yaml"]
)
@pytest.mark.parametrize("words", [(".",), ("*.yaml",), ("**/*.yaml",), ("pl*",), ("*/*.yaml",)], ids=" ".join)
def test_a_link_that_is_found_is_no_way_out_of_a_folder(
    folder: Path, name: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below a folder that belongs to no repository a link is read where it leads to a YAML file of that folder."""
    own = folder / "own"
    (own / ".git").rmdir()
    (folder / "other").mkdir()
    for secret in ("secret.txt", "secret.yaml", "own/.env", "own/plans/.env", "other/secret.yaml"):
        (folder / secret).write_text("DB_KEYNAME: hunter2\n")
    monkeypatch.setenv("HUNTER", "hunter2")
    (own / "account.yaml").unlink()
    (own / "plan.yaml").symlink_to(name)
    (own / "plans" / "plan.yaml").symlink_to(name.replace("..", "../.."))
    (own / "plain").symlink_to("../other", target_is_directory=True)
    for command in (("check",), ("show",), ("paths",), ("checklist",), ("fmt", "--diff")):
        done = outcome(*command, *words)
        assert "hunter2" not in done.out + done.talk, command
        assert "DB_" not in done.out + done.talk, command
        if command[0] in ("check", "fmt"):
            assert "a link out of its repository or folder" in done.talk
            assert done.code == ExitCode.REFUSED


def test_fmt_writes_nothing_outside_of_the_folder(folder: Path) -> None:
    """`fmt` lays out what a link of a folder leads to where that lies in the folder, and nowhere else."""
    own = folder / "own"
    (own / ".git").rmdir()
    (own / "account.yaml").unlink()
    untidy = PLAN.replace("side: long", "side:   long")
    (folder / "outside.yaml").write_text(untidy)
    (own / "plan.yaml").write_text(untidy)
    (own / "plans" / "inside.yaml").symlink_to("../plan.yaml")
    (own / "plans" / "out.yaml").symlink_to("../../outside.yaml")
    for word in (".", "plans/*.yaml"):
        assert outcome("fmt", word).code == ExitCode.REFUSED
        assert (folder / "outside.yaml").read_text() == untidy
    assert (own / "plan.yaml").read_text() != untidy
    assert outcome("fmt", "plans/out.yaml").code == 0
    assert (folder / "outside.yaml").read_text() != untidy


@pytest.mark.parametrize("name", ["../secret.txt", "../secret.yaml", ".env", "/proc/self/environ"])
def test_a_policy_is_no_link_out_of_a_folder(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy comes with the plans: where it leads out of the folder in which it stands it is not read."""
    own = folder / "own"
    (own / ".git").rmdir()
    for secret in (folder / "secret.txt", folder / "secret.yaml", own / ".env"):
        secret.write_text("DB_KEYNAME: hunter2\n")
    monkeypatch.setenv("HUNTER", "hunter2")
    (own / "plan.yaml").write_text(PLAN)
    (own / ".scaleplan.yaml").symlink_to(name)
    assert "hunter2" not in shown("check", "plan.yaml")
    assert errors("plan.yaml") == ["SP126"]
    (own / ".scaleplan.yaml").unlink()
    (own / "policy.yaml").write_text("ignore: [SP602]\n")
    (own / ".scaleplan.yaml").symlink_to("policy.yaml")
    assert errors("plan.yaml") == []


def test_a_link_to_no_yaml_file_is_no_plan(folder: Path) -> None:
    """Not even one that is named: whatever is called like a plan is a YAML file in truth."""
    (folder / "secret.txt").write_text("DB_KEYNAME: hunter2\n")
    (folder / "plan.yaml").symlink_to("secret.txt")
    (folder / "environment.yaml").symlink_to("/proc/self/environ")
    for name in ("plan.yaml", "environment.yaml"):
        done = outcome("check", str(folder / name))
        assert "hunter2" not in done.out + done.talk
        assert done.code == ExitCode.REFUSED


def test_a_link_that_is_called_like_a_pattern_is_found_by_it(folder: Path) -> None:
    """A stranger may call a link `*.yaml`: who writes that means no file outside."""
    (folder / "own" / ".git").rmdir()
    (folder / "secret.yaml").write_text("DB_KEYNAME: hunter2\n")
    (folder / "own" / "*.yaml").symlink_to("../secret.yaml")
    done = outcome("check", "*.yaml")
    assert "hunter2" not in done.out + done.talk
    assert done.code == ExitCode.REFUSED


# What stands beside an account's own keys


#: What else a file may hold that has an account's or a venue's keys too, and what of it is told.
BESIDE = {
    "kubernetes": ("kind: Secret\ndata: {password: hunter2}\n", "`kind` is not a key of"),
    "a list": ("DB_KEY: [a, hunter2]\n", "`DB_KEY` is not a key of"),
    "a block": ("DB_KEY: |\n  hunter2\n", "`DB_KEY` is not a key of"),
    "a comment": ("DB_KEY: x # hunter2\n", "`DB_KEY` is not a key of"),
    "near a key": ("max_riskk: hunter2\n", "`max_riskk` is not a key of"),
    "a question": ("? DB_KEY\n: hunter2\n", "`DB_KEY` is not a key of"),
    "broken": ("DB_KEY: @hunter2\n", "so nothing of it is read"),
    "broken between": ("hunter2\n", "so nothing of it is read"),
    "a colon": ("DB_KEY: hunter2: x\n", "so nothing of it is read"),
    "a tag": ("DB_KEY: !hunter2 x\n", "so nothing of it is read"),
    "an alias": ("DB_KEY: [a, *hunter2]\n", "so nothing of it is read"),
    "twice": ("DB_KEY: hunter2\nDB_KEY: hunter2\n", "so nothing of it is read"),
    "cut": ("DB_KEY: a #hunter2\n", "so nothing of it is read"),
}


@pytest.mark.parametrize(("text", "told"), BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("key", ["account", "venue"])
def test_no_value_is_shown_of_a_key_that_is_unknown(folder: Path, key: str, text: str, told: str) -> None:
    """A file of secrets with `equity`, or a venue's `fees`, in it: its unknown keys are named, their values never."""
    if key == "venue":
        text = "SOL/USDT:\n  fees: {taker: 0.04%}\n" + "".join(f"  {line}\n" for line in text.splitlines())
    else:
        text = "equity: 25000 USDT\n" + text
    (folder / "own" / "named.yaml").write_text(text)
    (folder / "own" / "plan.yaml").write_text(CONTRACT.replace("SOL/USDT:USDT", "SOL/USDT") + f"{key}: ./named.yaml\n")
    for command in COMMANDS:
        assert "hunter2" not in shown(command[0], "plan.yaml", *command[1:]), command
    assert told in shown("check", "plan.yaml")
    (folder / "own" / ".scaleplan.yaml").write_text("account: ./named.yaml\n")
    (folder / "own" / "plan.yaml").write_text(CONTRACT)
    for command in COMMANDS:
        assert "hunter2" not in shown(command[0], "plan.yaml", *command[1:]), command


@pytest.mark.parametrize(
    "text",
    [
        "{equity: lots, data: hunter2, max_risk: 4%}\n",
        "{data: hunter2, equity: lots}\n",
        "{equity: 5, data: hunter2, x}\n",
        "{data: a, equity: lots, data: hunter2}\n",
    ],
)
def test_no_value_of_an_unknown_key_stands_beside_what_is_quoted(folder: Path, text: str) -> None:
    """Nor where a mistake of the account stands on the same line."""
    (folder / "own" / "named.yaml").write_text(text)
    (folder / "own" / "plan.yaml").write_text(PLAN + "account: ./named.yaml\n")
    for form in FORMATS:
        assert "hunter2" not in shown("check", "plan.yaml", "--format", form)


def test_no_value_of_an_unknown_key_of_fees_and_brackets_is_shown(folder: Path) -> None:
    """Nor deeper inside a venue, in a mapping or in an item of a list."""
    terms = "{fees: {takr: hunter2}, maintenance: [{up_to: 5, rate: 1%, key: hunter2}, {rate: 2%}]}"
    (folder / "own" / "named.yaml").write_text(f"SOL/USDT: {terms}\n")
    (folder / "own" / "plan.yaml").write_text(PLAN + "venue: ./named.yaml\n")
    said = shown("check", "plan.yaml")
    assert "`takr` is not a key of fees" in said
    assert "`key` is not a key of a bracket" in said
    assert "hunter2" not in said
