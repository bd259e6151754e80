"""What an installed scaleplan is: its version, its types, its commands, and what a checkout holds beside it."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, requires, version
from pathlib import Path

import pytest

import scaleplan
from tests.running import ROOT, outcome

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "scaleplan", "plans", "tests"}


def readme_command(heading: str) -> str:
    """The first sh block behind a heading, as `.ci/run` takes it."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = re.search(r"^```sh\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1].strip()


def test_version_is_the_same_everywhere() -> None:
    """The package, its metadata, the changelog and `--version` name one version."""
    assert version("scaleplan") == scaleplan.__version__
    assert outcome("--version").out == f"scaleplan {scaleplan.__version__}\n"
    assert scaleplan.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_types_ship_with_the_package() -> None:
    """A program that imports scaleplan is checked against its types."""
    assert (Path(scaleplan.__file__).parent / "py.typed").is_file()


def test_command_is_installed() -> None:
    """Installing gives the `scaleplan` command, and it is the program that `python -m scaleplan` is."""
    (command,) = entry_points(group="console_scripts", name="scaleplan")
    assert command.value == "scaleplan.cli:main"
    installed = subprocess.run(
        [Path(sys.executable).parent / "scaleplan", "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    module = subprocess.run(
        [sys.executable, "-m", "scaleplan", "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    assert installed.stdout == module.stdout


def test_every_dependency_is_bounded() -> None:
    """Each dependency has a lower and an upper bound, so that an install of next year is the one that was tested."""
    for requirement in requires("scaleplan") or ():
        name = requirement.partition(";")[0]
        assert ">=" in name, requirement
        assert "<" in name, requirement


def test_readme_commands_are_found() -> None:
    """The README holds its two commands where `.ci/run` looks for them; each is one line and needs no more than pip."""
    for heading in ("Try it", "Run the tests"):
        command = readme_command(heading)
        assert "\n" not in command
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install")


def test_readme_main_command_shows_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the README's main command ends with works on a plan that is there, and finds nothing wrong with it."""
    monkeypatch.chdir(ROOT)
    arguments = readme_command("Try it").rpartition(".venv/bin/scaleplan ")[2].split()
    shown = outcome(*arguments)
    assert (shown.code, shown.talk) == (0, "")
    assert shown.out


def test_ci_is_one_command() -> None:
    """`.ci/run` can be run as it stands."""
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what git tracks is known in a checkout only")
def test_top_level_holds_nothing_else() -> None:
    """The checkout's top level stays small: a newcomer reads it at one glance."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    ).stdout
    top = {name.partition("/")[0] for name in tracked.split("\0") if name}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_lint_exceptions_have_reasons() -> None:
    """Every lint rule that is off says why, on its own line."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.partition("\nignore = [\n")[2].partition("\n]")[0]
    lines = [line for line in listed.splitlines() if line.strip()]
    assert len(lines) == len(PROJECT["tool"]["ruff"]["lint"]["ignore"])
    assert all(" # " in line for line in lines), lines
