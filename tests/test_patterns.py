"""Patterns where no shell has put the names in their place: quoted, in Windows' command prompt, in a task runner."""

import json
import os
from pathlib import Path

import pytest

from scaleplan.cli import patterns
from scaleplan.cli.patterns import matches
from scaleplan.source import Unreachable
from tests.given import PLAN
from tests.running import ROOT, outcome

#: A future on an exchange of its own terms, so that every command has something to say of it.
FUTURE = PLAN.replace("SOL/USDT", "SOL/USDT:USDT") + "leverage: 3\nmaintenance: 0.5%\nmargin_mode: isolated\n"
SAVED = ROOT / "plans" / "saved"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with plans in it and below, one of them hidden, one in a hidden folder, and a file that is no plan."""
    for name in ("b.yaml", "a.yaml", ".hidden.yaml", "sub/c.yaml", "sub/deep/d.yaml", ".git/e.yaml", "notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(FUTURE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.yaml", "a.yaml b.yaml"),
        ("./*.yaml", "./a.yaml ./b.yaml"),
        ("?.yaml", "a.yaml b.yaml"),
        ("[b-z].yaml", "b.yaml"),
        ("[!b].yaml", "a.yaml"),
        ("*", "a.yaml b.yaml notes.txt sub"),
        ("*/", "sub/"),
        ("s*/c.yaml", "sub/c.yaml"),
        ("sub/../*.yaml", "sub/../a.yaml sub/../b.yaml"),
        ("**/*.yaml", "a.yaml b.yaml sub/c.yaml sub/deep/d.yaml"),
        ("**/**/*.yaml", "a.yaml b.yaml sub/c.yaml sub/deep/d.yaml"),
        ("sub/**/*.yaml", "sub/c.yaml sub/deep/d.yaml"),
        ("**/deep/*", "sub/deep/d.yaml"),
        ("sub/**", "sub/c.yaml sub/deep sub/deep/d.yaml"),
        (".*.yaml", ".hidden.yaml"),
        (".git/*", ".git/e.yaml"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_pattern_stands_for_what_it_would_in_a_shell(pattern: str, names: str) -> None:
    """Sorted; hidden names need a dot; `**` is any number of folders, also none; what was typed stays in front."""
    assert matches(pattern) == names.split()


def test_a_pattern_from_the_root(folder: Path) -> None:
    """An absolute pattern gives absolute names."""
    assert matches(f"{folder}/*.yaml") == [f"{folder}/a.yaml", f"{folder}/b.yaml"]


@pytest.mark.usefixtures("folder")
def test_every_command_takes_patterns() -> None:
    """Each command says of a pattern what it says of the names that it stands for, one after the other."""
    for command in (["check"], ["show"], ["paths"], ["checklist"], ["fmt", "--check"], ["show", "--format", "json"]):
        assert outcome(*command, "[ab].yaml", "**/c.yaml") == outcome(*command, "a.yaml", "b.yaml", "sub/c.yaml")
        assert outcome(*command, "[ab].yaml").out
    for command in (["explain-liquidation"], ["compare-venues"]):
        assert outcome(*command, "a*.yaml") == outcome(*command, "a.yaml")
        assert outcome(*command, "a*.yaml").code == 0
    saved = [str(SAVED / f"binance-{name}.json") for name in ("brackets", "rules")]
    assert outcome("venues", "import", str(SAVED / "b*.json")) == outcome("venues", "import", *saved)


@pytest.mark.usefixtures("folder")
def test_a_command_for_one_plan_takes_one() -> None:
    """A pattern that stands for several is wrong usage there, and says for which."""
    for command in ("explain-liquidation", "compare-venues"):
        several = outcome(command, "*.yaml")
        assert (several.out, several.code) == ("", 2)
        assert several.talk == "scaleplan: *.yaml: stands for 2 files (a.yaml, b.yaml); name one\n"


def test_a_file_is_taken_once(folder: Path) -> None:
    """A file that a pattern stands for, and that is named as well, is studied once."""
    assert outcome("check", "*.yaml", "a.yaml", "?.yaml", ".") == outcome("check", "a.yaml", "b.yaml", ".")


def test_a_file_of_that_name_is_meant(folder: Path) -> None:
    """A file that is called like the pattern is what was named, and nothing else."""
    (folder / "[ab].yaml").write_text(FUTURE.replace("SOL", "ETH"))
    assert json.loads(outcome("show", "[ab].yaml", "--format", "json").out)["file"] == "[ab].yaml"


@pytest.mark.usefixtures("folder")
def test_a_pattern_that_stands_for_nothing() -> None:
    """One line, and the exit code of a file that is not there; what else was named is done."""
    for command in ("check", "show", "paths", "checklist", "fmt", "explain-liquidation", "compare-venues"):
        found = outcome(command, "x*.yaml")
        assert found.talk == "scaleplan: x*.yaml: no file matches this pattern\n"
        assert found.code == outcome(command, "x.yaml").code == 3
    assert outcome("venues", "import", "x*.json").code == outcome("venues", "import", "x.json").code == 3
    both = json.loads(outcome("show", "a.yaml", "x*.yaml", "--format", "json").out)
    assert [one["file"] for one in both] == ["a.yaml", "x*.yaml"]
    assert both[1]["unread"] == "no file matches this pattern"


def test_a_pattern_is_shown_as_text() -> None:
    """What a pattern holds of control characters does not reach the terminal."""
    assert outcome("check", "\x1b[31m*").talk == "scaleplan: \\x1b[31m*: no file matches this pattern\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs links and FIFOs")
def test_links_and_what_is_no_file(folder: Path) -> None:
    """A link to a folder is not followed by `**`, a dead link is told, and a FIFO, which might wait for ever, left."""
    (folder / "sub" / "up").symlink_to("..")
    (folder / "round").symlink_to("round")
    (folder / "dead.yaml").symlink_to("nowhere.yaml")
    os.mkfifo(folder / "pipe.yaml")
    assert matches("**/*.yaml") == ["a.yaml", "b.yaml", "dead.yaml", "sub/c.yaml", "sub/deep/d.yaml"]
    assert matches("sub/up/*.yaml") == ["sub/up/a.yaml", "sub/up/b.yaml", "sub/up/dead.yaml"]
    assert outcome("check", "*.yaml").talk == "scaleplan: dead.yaml: no such file\n"


def test_the_work_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Patterns that lead in and out of two folders, a trillion ways, or are as long as a file, end in a sentence."""
    (folder / "second").mkdir()
    monkeypatch.setattr(patterns, "NAMES", 1000)
    with pytest.raises(Unreachable, match="more than 1,000 names"):
        matches("/".join(["*", ".."] * 40))
    with pytest.raises(Unreachable, match="1,000 characters"):
        matches("[" * 100_000)


@pytest.mark.parametrize(
    "pattern", ["[", "[]", "[!]", "[z-a]*", "[[:x:]]", "[a-", "[--~]", "*" * 900, "[" * 900, "*a" * 400]
)
@pytest.mark.usefixtures("folder")
def test_a_pattern_that_means_nothing_matches_nothing(pattern: str) -> None:
    """Unclosed and empty brackets are no mistake of ours, and many signs take no time."""
    assert outcome("check", f"{pattern}.none").code == 3
