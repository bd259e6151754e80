"""What `check` says to other programs: workflow commands, SARIF, JUnit. Each stays what it is, whatever a plan says."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from scaleplan.cli.reply import ExitCode
from scaleplan.diagnostic import Diagnostic, Kind, Related, Severity, problem
from scaleplan.report.diagnostics.github import render_github
from scaleplan.report.diagnostics.junit import render_junit
from scaleplan.report.diagnostics.sarif import render_sarif
from scaleplan.source import Source, Span, Unreachable
from scaleplan.study import Verdict
from tests.given import WRONG_PLAN, three_plans
from tests.running import ROOT, outcome, process

#: OASIS's schema of SARIF 2.1.0 as published, its descriptions left out.
SCHEMA = Draft7Validator(json.loads((ROOT / "tests" / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8")))
BAD = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "plans" / "bad").glob("*.yaml"))
KIND = Kind("SP401", "liquidation-before-stop", Severity.ERROR, "It is liquidated before it is stopped.")
#: What ends a command, a property, an attribute or an element where it is not escaped, and what XML cannot hold.
NASTY = "100%\r\n::error::, a:b <b>&amp;\"'> ]]> \x00\x1b[31m\x85\u202e\u2028\ufffe \U0001d11e \udcff"
HOME = Path("/home/trader/plans")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan that is right, one that is wrong and one that cannot be read."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return three_plans(tmp_path)


def at(text: str, marked: str, name: str = "btc.yaml", severity: Severity = Severity.ERROR) -> Diagnostic:
    """A diagnostic about the first `marked` in a text."""
    start = text.index(marked)
    span = Span(Source(name, text), start, start + len(marked))
    return problem(KIND, span, "tiers[0].price", "60 is not 70", "write 70", severity=severity)


def sarif(*diagnostics: Diagnostic, refused: tuple[Unreachable, ...] = ()) -> dict[str, Any]:
    """The one run of a SARIF log, accepted by the schema."""
    log = json.loads(render_sarif(diagnostics, refused, HOME))
    assert [error.message for error in SCHEMA.iter_errors(log)] == []
    run = log["runs"][0]
    assert isinstance(run, dict)
    return run


def junit(*diagnostics: Diagnostic, strict: bool = False) -> ET.Element:
    """The JUnit report of one plan, read back."""
    study = Verdict("btc.yaml", diagnostics)
    return ET.fromstring(render_junit([study], [], HOME, strict=strict))  # noqa: S314 - our own


# GitHub


def test_github_command() -> None:
    """Severity, file, place and title as properties; the sentence, the help and other places as the message."""
    diagnostic = at("stop: 60\nside: long\n", "60")
    related = Related(Span(diagnostic.span.source, 9, 13), "the side")
    assert render_github([diagnostic._replace(related=(related,))], HOME) == (
        "::error file=btc.yaml,line=1,col=7,endColumn=9,title=SP401 liquidation-before-stop::"
        "60 is not 70%0Ahelp: write 70%0Aalso btc.yaml:2: the side\n"
    )


@pytest.mark.parametrize(("severity", "word"), [("error", "error"), ("warning", "warning"), ("note", "notice")])
def test_github_severities(severity: str, word: str) -> None:
    """A note is what GitHub calls a notice."""
    assert render_github([at("a: 60", "60", severity=Severity(severity))], HOME).startswith(f"::{word} ")


def test_github_gives_no_columns_over_several_lines() -> None:
    """Columns are refused where the last line is another: only lines are given then."""
    said = render_github([at("a:\n  b: 1\n  c: 2\n", "b: 1\n  c: 2")], HOME)
    assert said.startswith("::error file=btc.yaml,line=2,endLine=3,title=")


def test_github_paths() -> None:
    """A file is named as seen from where the program ran; an option of the command line is no file."""
    assert "file=a/b.yaml," in render_github([at("a: 60", "60", f"{HOME}/a/b.yaml")], HOME)
    assert "file=a/b.yaml," in render_github([at("a: 60", "60", "./a/b.yaml")], HOME)
    assert "file=/srv/b.yaml," in render_github([at("a: 60", "60", "/srv/b.yaml")], HOME)
    assert "file=100%25%2Ca%3Ab.yaml," in render_github([at("a: 60", "60", "100%,a:b.yaml")], HOME)
    for name in ("<stdin>", "--set", "--equity"):
        assert render_github([at("a: 60", "60", name)], HOME).startswith("::error title=")


# SARIF


def test_sarif_result() -> None:
    """A result names its rule by id and index, says how bad it is, and where, in code points."""
    diagnostic = at("notes: \U0001d11e 60\nside: long\n", "60", "plans/my plan.yaml")
    related = Related(Span(diagnostic.span.source, 12, 16), "the side")
    run = sarif(diagnostic._replace(related=(related,)))
    assert run["columnKind"] == "unicodeCodePoints"
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"], rule["defaultConfiguration"]["level"]) == ("SP401", KIND.name, "error")
    assert rule["shortDescription"]["text"] == KIND.what
    (result,) = run["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("SP401", 0, "error")
    assert result["message"]["text"] == "60 is not 70\nhelp: write 70"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "plans/my%20plan.yaml", "uriBaseId": "%SRCROOT%"}
    # The clef is one code point, two units of UTF-16.
    assert place["region"] == {"startLine": 1, "startColumn": 10, "endLine": 1, "endColumn": 12}
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "tiers[0].price"}]
    assert result["relatedLocations"][0]["message"]["text"] == "the side"
    assert result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 2


def test_sarif_fingerprints_keep_when_lines_move() -> None:
    """Lines put in above change no fingerprint; the same mistake twice in a file has two."""

    def fingerprints(*diagnostics: Diagnostic) -> list[str]:
        return [result["partialFingerprints"]["scaleplan/v1"] for result in sarif(*diagnostics)["results"]]

    before, after = at("stop: 60", "60"), at("# a comment\n\nstop: 60", "60")
    assert fingerprints(before) == fingerprints(after)
    assert len(set(fingerprints(before, after))) == 2
    assert fingerprints(before) != fingerprints(at("stop: 61", "61"))
    assert fingerprints(before) != fingerprints(at("stop: 60", "60", "eth.yaml"))


def test_sarif_paths() -> None:
    """Inside the folder an address is relative; outside it is whole; what is no file has none."""

    def artifact(name: str) -> dict[str, str] | None:
        location = sarif(at("a: 60", "60", name))["results"][0]["locations"][0]
        found: dict[str, str] | None = location.get("physicalLocation", {}).get("artifactLocation")
        return found

    assert artifact(f"{HOME}/a.yaml") == {"uri": "a.yaml", "uriBaseId": "%SRCROOT%"}
    assert artifact("/srv/a b.yaml") == {"uri": "file:///srv/a%20b.yaml"}
    assert artifact("a:b#c?.yaml") == {"uri": "a%3Ab%23c%3F.yaml", "uriBaseId": "%SRCROOT%"}
    assert artifact("--set") is None
    assert artifact("<stdin>") is None


def test_sarif_has_no_placeholders() -> None:
    """What a plan says is never taken for one of SARIF's own placeholders."""
    (result,) = sarif(at("a: 60", "60")._replace(message="`{0}` and {equity: 5}"))["results"]
    assert result["message"]["text"].startswith("`{{0}}` and {equity: 5}")


def test_sarif_says_what_was_not_read() -> None:
    """A file that the operating system refuses is a notification, and the run was no success."""
    (invocation,) = sarif(refused=(Unreachable("missing.yaml", "no such file"),))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "missing.yaml: no such file"
    assert sarif()["invocations"][0]["executionSuccessful"] is True


def test_sarif_of_every_bad_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """The public schema accepts the log of all that can be wrong, and each result points at its rule."""
    monkeypatch.chdir(ROOT)
    log = json.loads(outcome("check", "--format", "sarif", "plans/bad", "missing.yaml").out)
    assert [error.message for error in SCHEMA.iter_errors(log)] == []
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    assert {result["ruleId"] for result in run["results"]} == set(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    known = json.loads(outcome("check", "--format", "json", "plans/bad").out)["diagnostics"]
    assert len(run["results"]) == len(known)
    seen = [(one["locations"][0], one["partialFingerprints"]["scaleplan/v1"]) for one in run["results"]]
    assert len({fingerprint for _, fingerprint in seen}) == len(seen)
    files = {unquote(place["physicalLocation"]["artifactLocation"]["uri"]) for place, _ in seen}
    assert files == {one["file"] for one in known}


# JUnit


def test_junit_cases() -> None:
    """A plan is a suite; an error a failed case with all that is said; a warning fails only strictly."""
    wrong, doubtful = at("stop: 60", "60"), at("stop: 60", "stop", severity=Severity.WARNING)
    report = junit(wrong, doubtful)
    (suite,) = report
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("btc.yaml", "2", "1")
    first, second = suite
    assert first.get("name") == "SP401 liquidation-before-stop at 1:7"
    failure = first.find("failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == ("SP401", "60 is not 70")
    assert failure.text == "btc.yaml:1:7: error: 60 is not 70\nhelp: write 70"
    assert second.find("failure") is None
    assert "write 70" in (second.findtext("system-out") or "")
    assert junit(wrong, doubtful, strict=True)[0].get("failures") == "2"


def test_junit_of_a_plan_that_is_right() -> None:
    """A plan of which nothing is said is a case that passed."""
    (suite,) = junit()
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert len(suite[0]) == 0


def test_junit_of_files(folder: Path) -> None:
    """Every plan has its suite, with the counts that add up; a file that is refused is an error."""
    said = outcome("check", "--format", "junit", "good.yaml", "wrong.yaml", "unreadable.yaml", "missing.yaml")
    assert said.code == ExitCode.REFUSED
    report = ET.fromstring(said.out)  # noqa: S314 - our own
    assert [suite.get("name") for suite in report] == ["good.yaml", "wrong.yaml", "unreadable.yaml", "missing.yaml"]
    for count in ("tests", "failures", "errors"):
        assert report.get(count) == str(sum(int(suite.get(count) or 0) for suite in report))
    assert report.get("errors") == "1"
    assert len(list(report.iter("testcase"))) == int(report.get("tests") or 0)


# All of them


def nasty() -> Iterator[Diagnostic]:
    """Diagnostics whose every text tries to be something else."""
    for text in (NASTY, *NASTY):
        one = at(f"a: 60 {text}", "60", f"{text}.yaml")
        yield one._replace(
            message=f"`{text}`",
            help=text,
            path=text,
            related=(Related(Span(Source(text, text), 0, 1), text),),
        )


def test_nothing_in_a_plan_is_a_command() -> None:
    """One line a diagnostic, which begins as one of ours: no text of a plan begins another or ends a property."""
    found = list(nasty())
    lines = render_github(found, HOME).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(found)
    for line in lines:
        assert re.fullmatch(r"::error [^:]*::.*", line)
        properties = line.removeprefix("::error ").partition("::")[0]
        assert [part.partition("=")[0] for part in properties.split(",")] == [
            "file",
            "line",
            "col",
            "endColumn",
            "title",
        ]
        assert line.isprintable()


@given(st.text())
def test_github_text_comes_back(text: str) -> None:
    """What is escaped for GitHub is what GitHub shows, but for characters that a terminal would obey."""
    message = render_github([at("a: 60", "60")._replace(message=text)], HOME).partition("stop::")[2]
    shown = message.removesuffix("%0Ahelp: write 70\n").replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    if text.isprintable():
        assert shown == text
    assert not {unicodedata.category(character) for character in shown.replace("\n", "")} & {"Cc", "Cf", "Zl", "Zp"}


def test_nasty_texts_in_sarif() -> None:
    """The log stays one that the schema accepts, in ASCII; every message comes back as it was."""
    found = list(nasty())
    run = sarif(*found)
    assert render_sarif(found, (), HOME).isascii()
    assert [one["message"]["text"].partition("\nhelp")[0] for one in run["results"][1:]] == [
        one.message.partition("\nhelp")[0] for one in found[1:]
    ]


def test_a_line_feed_in_a_name_begins_no_line_of_junit() -> None:
    """A file or a key with a line feed in its name is no workflow command of the log that the report stands in."""
    one = at("a: 60\n", "60", "a\n::error::pwn.yaml")
    text = render_junit(
        [Verdict("a\n::error::pwn.yaml", (one,))], [Unreachable("b\n::error::x", "gone")], HOME, strict=False
    )
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert "a\n::error::pwn.yaml" in {element.get("name") for element in ET.fromstring(text).iter()}  # noqa: S314


def test_nasty_texts_in_junit() -> None:
    """The report stays XML 1.0, in ASCII: what XML cannot hold is made visible, markup is text."""
    found = list(nasty())
    text = render_junit([Verdict(NASTY, tuple(found))], [Unreachable(NASTY, NASTY)], HOME, strict=False)
    assert text.isascii()
    report = ET.fromstring(text)  # noqa: S314 - our own
    assert len(list(report.iter("failure"))) == len(found)
    assert {element.tag for element in report.iter()} == {"testsuites", "testsuite", "testcase", "failure", "error"}


@given(st.text())
def test_junit_text_comes_back(text: str) -> None:
    """A message is the attribute that a reader of XML gets, but for characters that are made visible."""
    failure = junit(at("a: 60", "60")._replace(message=text))[0][0].find("failure")
    assert failure is not None
    if text.isprintable():
        assert failure.get("message") == text


@pytest.mark.parametrize("format", ["github", "sarif", "junit"])
def test_formats_change_no_exit_code(folder: Path, format: str) -> None:
    """How it is said changes nothing about what is said and how it ends."""
    for name, code in (("good.yaml", 0), ("wrong.yaml", 1), ("unreadable.yaml", 1), ("missing.yaml", 3)):
        said = outcome("check", "--format", format, name)
        assert said.code == code
        assert bool(re.search("SP113|SP201", said.out)) == (code == 1)


@pytest.mark.parametrize("format", ["sarif", "junit"])
def test_output_is_whole_under_any_encoding(folder: Path, format: str) -> None:
    """Under a locale without the characters of a plan the output is still well formed."""
    (folder / "wrong.yaml").write_text(WRONG_PLAN + "nötes: 𝄞\n", encoding="utf-8")
    ran = process("check", "wrong.yaml", "--format", format, cwd=folder)
    text = ran.stdout.decode("ascii")
    assert json.loads(text) if format == "sarif" else ET.fromstring(text) is not None  # noqa: S314 - our own


# The hook


def test_pre_commit_hook_runs_what_is_installed() -> None:
    """The hook's entry is the command that installing gives, and takes the files of a repository of plans."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8").partition("- id: scaleplan-diff")[0]
    keys = dict(re.findall(r"^[- ] ([a-z_]+): (.+)$", text, re.MULTILINE))
    assert (keys["id"], keys["language"], keys["types"]) == ("scaleplan-check", "python", "[yaml]")
    command, *arguments = keys["entry"].split()
    assert command in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert outcome(*arguments, str(ROOT / "plans" / "account.yaml")).code == 0
    left_out = re.compile(keys["exclude"].strip("'"))
    for name in ("btc.yaml", "plans/btc.yaml", "plans/account.yml", ".scaleplan.yaml", "plans/.scaleplan.yaml"):
        assert not left_out.search(name), name
    for name in (".pre-commit-config.yaml", ".github/workflows/check.yml", "plans/.old/btc.yaml"):
        assert left_out.search(name), name
