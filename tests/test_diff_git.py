"""`diff PLAN@REV`: git as the contract has it, in repositories of its own: nothing is run but what reads.

`git` stands in for itself where it has to be slow or missing: a script of that name before it on PATH.
"""

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scaleplan.revision import git
from tests.running import ROOT, joined, outcome
from tests.test_diff import LONG

ACCOUNT = LONG.replace("{equity: 1000 USDT}", "./account.yaml")


def run_git(folder: Path, *arguments: str) -> str:
    """Runs git in a folder, as somebody. Returns what it says."""
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    return subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=True, timeout=30
    ).stdout.strip()


def commit(folder: Path, **files: str) -> str:
    """Writes files (`plan` is plan.yaml), and commits all that is in the folder. Returns the commit."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    return run_git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, as the current folder."""
    monkeypatch.chdir(tmp_path)
    run_git(tmp_path, "init", "-q")
    return tmp_path


def record(*arguments: str) -> dict[str, Any]:
    """Runs `diff` for its JSON."""
    found: dict[str, Any] = json.loads(outcome("diff", *arguments, "--format", "json").out)
    return found


def test_the_file_against_its_last_commit(repository: Path) -> None:
    """NEW left out is the file itself; old names the revision as typed and its commit."""
    at = commit(repository, plan=LONG)
    assert outcome("diff", "plan.yaml@HEAD").code == 0
    (repository / "plan.yaml").write_text(LONG.replace("stop: 80", "stop: 79"))
    ran = outcome("diff", "plan.yaml@HEAD")
    assert ran.code == 1
    assert ran.out.startswith("~ stop  80 -> 79\n")
    found = record("plan.yaml@HEAD")
    assert found["old"] == {"file": "plan.yaml", "revision": "HEAD", "commit": at}
    assert found["new"] == {"file": "plan.yaml", "revision": None, "commit": None}


def test_two_revisions_in_a_folder(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides may be revisions, branches with a slash among them, from the folder of the plan or above."""
    (repository / "plans").mkdir()
    (repository / "plans" / "btc.yml").write_text(LONG)
    commit(repository)
    run_git(repository, "branch", "feature/old")
    (repository / "plans" / "btc.yml").write_text(LONG.replace("stop: 80", "stop: 79"))
    commit(repository)
    (repository / "plans" / "btc.yml").write_text("no plan at all")
    for folder, name in ((repository, "plans/btc.yml"), (repository / "plans", "btc.yml")):
        monkeypatch.chdir(folder)
        found = record(f"{name}@feature/old", f"{name}@HEAD")
        assert (found["verdict"], len(found["changes"])) == ("riskier", 1)
        assert record(f"{name}@HEAD", f"{name}@feature/old")["verdict"] == "safer"
    assert outcome("diff", "btc.yml@HEAD", "btc.yml@HEAD").code == 0


def test_files_of_a_plan_are_those_of_its_revision(repository: Path) -> None:
    """An equity that changed is a change, and so is a policy's account."""
    commit(repository, plan=ACCOUNT, account="equity: 1000 USDT\n")
    (repository / "account.yaml").write_text("equity: 900 USDT\n")
    found = record("plan.yaml@HEAD")
    assert [(each["path_new"], each["old"], each["new"]) for each in found["changes"]] == [
        ("account.equity", "1000 USDT", "900 USDT")
    ]
    assert found["verdict"] == "riskier"
    (repository / "plan.yaml").write_text(LONG.replace("account: {equity: 1000 USDT}\n", ""))
    (repository / "account.yaml").write_text("equity: 1000 USDT\n")
    (repository / ".scaleplan.yaml").write_text("account: ./account.yaml\n")
    (repository / "sub").mkdir()
    (repository / "sub" / "plan.yaml").write_text((repository / "plan.yaml").read_text())
    commit(repository)
    (repository / "account.yaml").write_text("equity: 2000 USDT\n")
    for name in ("plan.yaml", "sub/plan.yaml"):
        found = record(f"{name}@HEAD")
        assert [each["path_new"] for each in found["changes"]] == ["account.equity"], name
        assert found["verdict"] == "safer"


def test_a_file_that_was_not_there(repository: Path) -> None:
    """An account that is not in the revision leaves the old plan without figures: new, and exit as `check`."""
    (repository / "plan.yaml").write_text(ACCOUNT)
    commit(repository)
    (repository / "account.yaml").write_text("equity: 1000 USDT\n")
    ran = outcome("diff", "plan.yaml@HEAD")
    assert ran.code == 0
    assert "it is not in `HEAD`" in ran.talk
    assert "new: plan.yaml@HEAD has no figures" in joined(ran.out)


def test_a_plan_that_is_not_in_the_revision_is_new(repository: Path) -> None:
    """`old` and `worse` null, exit as `check`; a new side that is not there is refused."""
    commit(repository)
    (repository / "plan.yaml").write_text(LONG)
    found = record("plan.yaml@HEAD")
    assert (found["old"], found["verdict"]) == (None, "new")
    assert {each["worse"] for each in found["measures"]} == {None}
    assert {each["old"] for each in found["measures"]} == {None}
    ran = outcome("diff", "plan.yaml@HEAD")
    assert (ran.code, "plan.yaml is not in HEAD" in ran.out) == (0, True)
    assert outcome("diff", "plan.yaml@HEAD", "--strict").code == 1
    (repository / "plan.yaml").write_text(LONG.replace("leverage: 5", "leverage: 9"))
    assert outcome("diff", "plan.yaml@HEAD").code == 1
    assert outcome("diff", "plan.yaml", "plan.yaml@HEAD").code == 3


def test_a_file_of_that_name_goes_first(repository: Path) -> None:
    """`plan.yaml@HEAD` may be a file."""
    commit(repository, plan=LONG)
    (repository / "plan.yaml@HEAD").write_text(LONG.replace("stop: 80", "stop: 79"))
    found = record("plan.yaml@HEAD", "plan.yaml")
    assert found["old"] == {"file": "plan.yaml@HEAD", "revision": None, "commit": None}
    assert found["verdict"] == "safer"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("plan.yaml@nothing", "git has no commit `nothing` there"),
        ("plan.yaml@HEAD^{tree}", "expected commit type"),
        ("plan.yaml@../x", "git has no commit `../x` there"),
        ("no/such/folder/plan.yaml@HEAD", "No such file or directory"),
    ],
)
def test_no_such_revision(repository: Path, word: str, message: str) -> None:
    """Exit 3 with git's own reason in words."""
    commit(repository, plan=LONG)
    ran = outcome("diff", word, "plan.yaml")
    assert (ran.code, ran.out) == (3, "")
    assert message in joined(ran.talk)


def test_no_repository_and_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a repository, or a commit in it, there is no revision."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "plan.yaml").write_text(LONG)
    ran = outcome("diff", "plan.yaml@HEAD")
    assert (ran.code, "not a git repository" in ran.talk) == (3, True)
    run_git(tmp_path, "init", "-q")
    ran = outcome("diff", "plan.yaml@HEAD")
    assert (ran.code, "git has no commit `HEAD` there" in ran.talk) == (3, True)


def test_the_reason_is_what_git_says_first(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Advice that follows is none; control characters of its words reach no terminal."""
    (repository / "plan.yaml").write_text(LONG)
    words = "fatal: detected dubious ownership in '/x\\033[31m'\\nTo add an exception, call:\\n\\tgit config y"
    fake(repository, f'printf "{words}\\n" >&2; exit 128', monkeypatch)
    ran = outcome("diff", "plan.yaml@HEAD")
    assert ran.code == 3
    assert ran.talk == "scaleplan: plan.yaml@HEAD: git: detected dubious ownership in '/x\\x1b[31m'\n"
    for word in ("plan.yaml@\x1b[31m", "\x1b[31m.yaml@HEAD"):
        assert "\x1b" not in outcome("diff", word).talk


def test_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git a revision cannot be read, and files can."""
    commit(repository, plan=LONG)
    monkeypatch.setenv("PATH", str(repository))
    ran = outcome("diff", "plan.yaml@HEAD")
    assert (ran.code, "git is not installed" in ran.talk) == (3, True)
    assert outcome("diff", "plan.yaml", "plan.yaml").code == 0


def test_links_and_submodules_are_refused(repository: Path) -> None:
    """A symbolic link, a submodule and a folder at REV are no plans, nor accounts."""
    other = repository / "other"
    other.mkdir()
    run_git(other, "init", "-q")
    commit(other, plan=LONG)
    (repository / "real.yaml").write_text(LONG)
    (repository / "link.yaml").symlink_to("real.yaml")
    (repository / "folder.yaml").mkdir()
    (repository / "folder.yaml" / "x").write_text("x")
    (repository / "plan.yaml").write_text(ACCOUNT)
    (repository / "rich.yaml").write_text("equity: 1000 USDT\n")
    (repository / "account.yaml").symlink_to("rich.yaml")
    (repository / "way").symlink_to("other")
    run_git(repository, "add", "real.yaml", "link.yaml", "folder.yaml", "plan.yaml", "rich.yaml", "account.yaml", "way")
    run_git(
        repository, "update-index", "--add", "--cacheinfo", f"160000,{run_git(other, 'rev-parse', 'HEAD')},sub.yaml"
    )
    run_git(repository, "commit", "-q", "-m", "x")
    for name, message in (
        ("link.yaml", "is a symbolic link there"),
        ("sub.yaml", "is a submodule there"),
        ("folder.yaml", "is a directory there"),
    ):
        ran = outcome("diff", f"{name}@HEAD", "real.yaml")
        assert (ran.code, ran.out) == (3, "")
        assert message in ran.talk, name
    ran = outcome("diff", "plan.yaml@HEAD", "plan.yaml")
    assert "is a symbolic link there" in ran.talk
    # A path through a link is none that the tree of a revision has.
    (repository / "plan.yaml").write_text(LONG.replace("{equity: 1000 USDT}", "./way/plan.yaml"))
    run_git(repository, "commit", "-qam", "y")
    assert "it is not in `HEAD`" in outcome("diff", "plan.yaml@HEAD", "real.yaml").talk


def test_files_out_of_the_repository_are_not_read(repository: Path) -> None:
    """What a plan at REV names lies in that revision, or is not read at all."""
    outside = repository.parent / f"{repository.name}-outside.yaml"
    outside.write_text("equity: 7777 USDT\n")
    commit(repository, plan=LONG.replace("{equity: 1000 USDT}", f"../{outside.name}"))
    ran = outcome("diff", "plan.yaml@HEAD", "plan.yaml@HEAD")
    assert ran.code == 1
    assert "outside repository" in ran.talk
    assert "7777" not in ran.talk
    commit(repository, plan=LONG.replace("{equity: 1000 USDT}", "./secrets.txt"))
    assert "7777" not in outcome("diff", "plan.yaml@HEAD").talk


def test_a_large_blob_is_not_read(repository: Path) -> None:
    """More than a plan may have is refused before it is read."""
    commit(repository, plan="#" * (1 << 20) + "\n" + LONG)
    (repository / "plan.yaml").write_text(LONG)
    ran = outcome("diff", "plan.yaml@HEAD")
    assert (ran.code, "more than the 1,048,576 of a plan" in ran.talk) == (3, True)


def fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a git of our own before the real one."""
    place = folder / "bin"
    place.mkdir()
    (place / "git").write_text(f"#!/bin/sh\n{script}\n")
    (place / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize("script", ["sleep 60; :", "sleep 60 & exit 0", "trap '' TERM; while :; do sleep 1; done"])
def test_a_git_that_does_not_answer_is_killed(repository: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its limit, with all that it started: one that ignores signals, and one whose child keeps its streams open."""
    (repository / "plan.yaml").write_text(LONG)
    fake(repository, f"echo $$ >> {repository}/pids; {script}", monkeypatch)
    monkeypatch.setattr(git, "LIMIT", 0.5)
    began = time.monotonic()
    ran = outcome("diff", "plan.yaml@HEAD")
    assert time.monotonic() - began < 5
    assert (ran.code, ran.out) == (3, "")
    assert "git did not answer within 0.5 seconds, and was stopped" in ran.talk
    for pid in (repository / "pids").read_text().split():
        deadline = time.monotonic() + 5
        while True:
            try:
                os.killpg(int(pid), 0)
            except ProcessLookupError:
                break
            assert time.monotonic() < deadline, "a process of git's group is still there"
            time.sleep(0.05)


def test_the_limit_is_ten_seconds() -> None:
    """What the contract says, where no test shortens it."""
    assert git.LIMIT == 10


def test_what_git_is_handed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One argument for REV, plumbing alone, and an environment in which nothing is fetched or asked for."""
    at = commit(repository, plan=LONG)
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    log = repository / "log"
    script = f"printf '%s\\n' \"$*\" >> {log}\nenv | grep '^GIT_' >> {log}\nexec {real} \"$@\""
    fake(repository, script, monkeypatch)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"):
        monkeypatch.setenv(name, "/nowhere")
    assert outcome("diff", "plan.yaml@HEAD").code == 0
    said = log.read_text()
    assert "-C . rev-parse --verify --quiet --end-of-options HEAD^{commit}\n" in said
    assert f"-C . cat-file blob {at}:./plan.yaml\n" in said
    assert {line.split()[3 if "--literal" in line else 2] for line in said.splitlines() if line.startswith("-C")} == {
        *("rev-parse", "cat-file", "ls-tree")
    }
    for setting in ("GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "GIT_ALLOW_PROTOCOL=none"):
        assert setting in said
    assert "GIT_DIR=" not in said


def test_nothing_of_a_repository_is_run(repository: Path) -> None:
    """Hooks, filters, text conversion, a pager and aliases of the repository are no part of it."""
    commit(repository, plan=LONG)
    trap = f"touch {repository}/ran; cat"
    for key in ("core.pager", "diff.x.textconv", "filter.x.smudge", "filter.x.clean", "core.fsmonitor"):
        run_git(repository, "config", key, trap)
    for command in ("rev-parse", "cat-file", "ls-tree"):
        run_git(repository, "config", f"alias.{command}", f"!{trap}")
    (repository / ".gitattributes").write_text("*.yaml filter=x diff=x\n")
    (repository / "ran").unlink(missing_ok=True)
    assert outcome("diff", "plan.yaml@HEAD").code == 0
    assert not (repository / "ran").exists()


def test_names_are_no_patterns(repository: Path) -> None:
    """A name with what git or a shell would read otherwise is a name."""
    for name in ("a b", "[x]", "*", ":x", "é", "$(touch ran)"):
        (repository / f"{name}.yaml").write_text(LONG)
    commit(repository)
    for name in ("a b", "[x]", "*", ":x", "é", "$(touch ran)"):
        (repository / f"{name}.yaml").write_text(LONG.replace("stop: 80", "stop: 81"))
        assert record(f"{name}.yaml@HEAD", f"./{name}.yaml")["verdict"] == "safer", name
    assert not (repository / "ran").exists()


# What the help shows


def test_the_hook(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its entry stops a commit that makes a plan riskier, and lets accounts, new plans and first commits pass."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8").partition("- id: scaleplan-diff")[2]
    entry = " ".join(line.strip() for line in text.partition(">-\n")[2].partition("\n  language:")[0].splitlines())
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")

    def hook(*names: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*shlex.split(entry), *names], capture_output=True, text=True, check=False, timeout=120)

    (repository / "a b.yaml").write_text(LONG)
    assert hook("a b.yaml").returncode == 0
    commit(repository, account="equity: 10\n")
    assert hook("a b.yaml", "account.yaml").returncode == 0
    (repository / "a b.yaml").write_text(LONG.replace("stop: 80", "stop: 79"))
    ran = hook("account.yaml", "a b.yaml")
    assert ran.returncode == 1
    assert "riskier: the worst loss grows by" in ran.stdout


def test_the_workflow(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script of the workflow in the help, run as a pull request would: a mark for what is worse, and a summary."""
    text = (ROOT / "scaleplan" / "help" / "ci.md").read_text(encoding="utf-8")
    script = text.partition("        run: |\n")[2].partition("```")[0]
    base = commit(repository, plan=LONG, calm=LONG)
    commit(repository, plan=LONG.replace("stop: 80", "stop: 79"), calm=LONG.replace("stop: 80", "stop: 82"), more=LONG)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("BASE", base)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(repository / "summary"))
    ran = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 1, ran
    assert "::error file=plan.yaml,line=11,col=7,endColumn=9," in ran.stdout
    assert ran.stdout.count("::error") == 3
    assert ran.stdout.count("::notice") == 3
    summary = (repository / "summary").read_text()
    assert "**Riskier: the worst loss grows by 6.7%, liquidation comes before the stop**" in summary
    assert "**Safer: " in summary
    assert "New: " in summary
