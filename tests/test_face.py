"""The package's face: what a notebook or a bot imports, and nothing else."""

import doctest
import json
import subprocess
import sys
from datetime import date
from decimal import getcontext, localcontext
from pathlib import Path

import pytest

import scaleplan
from scaleplan import face
from scaleplan.cli.command import NAMES, load
from tests.given import PLAN, UNREADABLE_PLAN
from tests.running import ROOT, outcome

NAMED = ROOT / "plans" / "breakout-retest-pyramid.yaml"


def has_json(name: str) -> bool:
    """Returns whether a command prints plans as JSON, and takes nothing but plans."""
    options = load(name)[0].options
    takes_plans = [option.metavar.startswith("PLAN") for option in options if not option.flags]
    if any(option.name == "--journal" for option in options):
        # What is said of a trade is said of its journal.
        return False
    if name == "compare":
        # One plan is beside no other.
        return False
    return takes_plans == [True] and any("json" in option.choices for option in options)


def test_nothing_else_is_public() -> None:
    """The list of what is public; a name more is a decision."""
    assert dir(scaleplan) == ["Study", "Unread", "__version__", "quick", "read", "reads"]
    for name in scaleplan.__all__:
        assert getattr(scaleplan, name) is not None
    assert not hasattr(scaleplan, "load")


def test_the_face_is_loaded_when_it_is_asked_for() -> None:
    """`import scaleplan` brings nothing along."""
    look = "import sys, scaleplan; print(sorted(name for name in sys.modules if name.startswith('scaleplan')))"
    assert (
        subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
        == "['scaleplan']\n"
    )


@pytest.mark.parametrize("module", [scaleplan, face])
def test_examples_of_docstrings_run(module: object) -> None:
    """What a docstring shows is what comes."""
    found = doctest.testmod(module, raise_on_error=False)  # type: ignore[arg-type]
    assert found.attempted
    assert not found.failed


@pytest.mark.parametrize("name", [name for name in NAMES if has_json(name)])
@pytest.mark.parametrize("text", [NAMED, PLAN, UNREADABLE_PLAN, "symbol: [", ""])
def test_as_dict_is_what_the_command_prints(
    name: str, text: str | Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`as_dict` of every command with JSON is its JSON, of plans that cannot be read too."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795867200")
    monkeypatch.chdir(tmp_path)
    path = text if isinstance(text, Path) else Path("plan.yaml")
    if isinstance(text, str):
        path.write_text(text)
    printed = outcome(name, str(path), "--format", "json")
    if name == "compare-venues" and not printed.out:
        pytest.skip("spot has no venues to compare")
    assert scaleplan.read(str(path)).as_dict(name) == json.loads(printed.out)
    assert scaleplan.reads(path.read_text(), name=str(path)).as_dict(name) == json.loads(printed.out)


def test_other_words_are_no_commands_with_json() -> None:
    """What has no JSON of a plan says which commands have one."""
    study = scaleplan.reads(PLAN)
    for word in ("rules", "nope", "fmt", "../show"):
        with pytest.raises(ValueError, match="these do: check, show, at, chart, paths, checklist, "):
            study.as_dict(word)


def test_overrides_are_those_of_the_command(tmp_path: Path) -> None:
    """`overrides` say what `--set` says; one that is none is a mistake of the caller."""
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    printed = outcome("show", str(path), "--set", "stop=120", "--set", "tier2.price=141", "--format", "json")
    study = scaleplan.read(str(path), overrides={"stop": "120", "tier2.price": "141"})
    assert study.as_dict("show") == json.loads(printed.out)
    with pytest.raises(ValueError, match="has no value behind"):
        scaleplan.reads(PLAN, overrides={"stop": ""})


def test_today_is_the_day_of_the_study() -> None:
    """The age of data counts from the day that is given, which a sheet prints too."""
    study = scaleplan.reads(PLAN, today=date(2020, 1, 2))
    assert isinstance(study, scaleplan.Study)
    assert study.today == date(2020, 1, 2)
    assert study.as_dict("checklist")["printed"].startswith("2020-01-02T00:00:00")


def test_unread_has_diagnostics_only() -> None:
    """No plan, no ladder, no paths."""
    unread = scaleplan.reads(UNREADABLE_PLAN)
    assert isinstance(unread, scaleplan.Unread)
    assert (unread.plan, unread.ladder) == (None, None)
    assert [one.code for one in unread.diagnostics] == ["SP113"]
    with pytest.raises(ValueError, match="has no figures"):
        unread.paths()


def test_a_file_that_is_not_there_is_an_os_error() -> None:
    """What the system refuses is no diagnostic: there is no text that could be mended."""
    with pytest.raises(OSError, match=r"nowhere\.yaml: no such file"):
        scaleplan.read("nowhere.yaml")


def test_the_caller_s_decimals_stay_his_own() -> None:
    """A caller with six digits gets the same figures, and keeps his six digits."""
    whole = scaleplan.reads(PLAN)
    with localcontext() as context:
        context.prec = 6
        study = scaleplan.reads(PLAN)
        assert study.as_dict("show") == whole.as_dict("show")
        assert study.as_dict("paths") == whole.as_dict("paths")
        assert getcontext().prec == 6
        assert isinstance(study, scaleplan.Study)
        summary = study.paths().summary
    assert isinstance(whole, scaleplan.Study)
    assert summary == whole.paths().summary


def test_a_script_of_a_user_is_typed(tmp_path: Path) -> None:
    """mypy, strict, knows what is read: nothing of it is `Any`, and what may be absent is said to be."""
    script = tmp_path / "script.py"
    script.write_text(
        "from decimal import Decimal\n"
        "from typing import Any, assert_type\n"
        "import scaleplan\n"
        "study = scaleplan.read('plan.yaml', overrides={'stop': '2640'})\n"
        "for diagnostic in study.diagnostics:\n"
        "    assert_type(diagnostic.code, str)\n"
        "if isinstance(study, scaleplan.Study):\n"
        "    assert_type(study.plan.stop, Decimal | None)\n"
        "    assert_type(study.ladder.totals.risk, Decimal | None)\n"
        "    assert_type(study.paths().summary.worst, Decimal | None)\n"
        "    assert_type(study.as_dict('show'), dict[str, Any])\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
