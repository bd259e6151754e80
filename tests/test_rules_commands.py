"""`rules` and `explain`: every kind of problem is listed, and has a page."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scaleplan.cli.reply import ExitCode
from scaleplan.policy.codes import known_kinds
from scaleplan.rules import RULES
from tests.running import ROOT, outcome, screen_of

CODES = sorted(known_kinds())


def test_rules_lists_every_code() -> None:
    """A line for each: code, severity, name, what it is, in the order of the codes."""
    lines = [line for line in outcome("rules", screen=screen_of(None)).out.splitlines() if line.startswith("SP")]
    assert [line[:5] for line in lines] == CODES
    assert "SP401  error    liquidation-before-stop   The position is liquidated before the stop is reached." in lines


@pytest.mark.parametrize("width", [40, 80, 120])
def test_rules_and_pages_fit_the_terminal(width: int) -> None:
    """No line is wider than the screen, but for the lines of a plan."""
    screen = screen_of(width)
    assert all(len(line) <= width for line in outcome("rules", screen=screen).out.splitlines())
    page = outcome("explain", "SP401", screen=screen).out
    assert all(len(line) <= width or line.startswith("    ") for line in page.splitlines())


def test_rules_as_json_and_markdown() -> None:
    """The same list for programs and for documents."""
    record = json.loads(outcome("rules", "--format", "json").out)
    assert (record["format_version"], record["command"]) == ("1.0", "rules")
    assert [rule["code"] for rule in record["rules"]] == CODES
    assert set(record["rules"][0]) == {"code", "name", "severity", "what"}
    table = outcome("rules", "--format", "md").out.splitlines()
    assert [row.split(" | ")[0] for row in table[2:]] == [f"| {code}" for code in CODES]


def test_every_kind_has_one_page() -> None:
    """A rule's page is its file, every other stands among the pages; none has two, and each has its two headings."""
    ruled = {rule.kind.code for rule in RULES}
    others = [f"{code}-{known_kinds()[code].name}" for code in CODES if code not in ruled]
    pages = sorted((ROOT / "scaleplan" / "rules" / "pages").iterdir())
    assert [page.name for page in pages] == [f"{name}.md" for name in others]
    for page, name in zip(pages, others, strict=True):
        lines = page.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line.startswith("#")] == [f"# {name.replace('-', ' ', 1)}", "## Why"]


def test_explain_says_what_why_and_what_instead() -> None:
    """The sentence, the reason, the plan, what is said of it, and the plan mended."""
    page = outcome("explain", "SP401", screen=screen_of(80)).out
    parts = (
        "SP401 liquidation-before-stop (error)\n",
        "The position is liquidated at or before the stop.",
        "The stop then never comes",
        "Silent where",
        "A plan that has it:\n\n    # At 20x",
        "plan.yaml:10:7: error SP401",
        "The same plan mended:\n\n    symbol: BTC/USDT:USDT",
    )
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_explain_takes_names_and_several_codes() -> None:
    """A code in any case, or the name; each page once, in the order asked for."""
    found = outcome("explain", "martingale", "sp108", "SP601", "--format", "json")
    assert [rule["code"] for rule in json.loads(found.out)["rules"]] == ["SP601", "SP108"]
    assert outcome("explain", "martingale").out == outcome("explain", "SP601").out


def test_explain_names_the_nearest() -> None:
    """A code or a name that there is not is wrong usage, and what was meant is named; the others are explained."""
    wrong = outcome("explain", "martingal", "SP401")
    assert wrong.code == ExitCode.USAGE
    assert "write `SP601` (martingale)" in wrong.talk
    assert wrong.out == outcome("explain", "SP401").out
    assert outcome("explain", "\x1b[2J").talk.isprintable() is False
    assert "\x1b" not in outcome("explain", "\x1b[2J").talk


@pytest.mark.parametrize("code", CODES)
def test_every_page_can_be_printed(code: str) -> None:
    """Every page has a reason beside its sentence, as text, as Markdown and as JSON."""
    (page,) = json.loads(outcome("explain", code, "--format", "json").out)["rules"]
    assert len(page["page"]) >= 2
    assert bool(page["bad"]) == bool(page["mended"]) == bool(page["said"])
    assert {said["code"] for said in page["said"]} <= {code}
    markdown = outcome("explain", code, "--format", "md").out
    assert markdown.startswith(f"## {code} {page['name']}\n")
    assert markdown.count("```") % 2 == 0


def test_checking_does_not_load_the_pages() -> None:
    """Only who asks for an explanation pays for it."""
    started = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "scaleplan", "check", "-"],
        input="{symbol: SOL/USDT, side: long, size: 900 USDT, tiers: [150, 140, 130], stop: 118}",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in started.stderr.splitlines()}
    assert "scaleplan.rules" in loaded
    assert "scaleplan.questions.rule_page" not in loaded


def test_policy_files_change_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page says the same wherever it is asked for."""
    page = outcome("explain", "SP601").out
    (tmp_path / ".scaleplan.yaml").write_text("ignore: [SP601]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert outcome("explain", "SP601").out == page
