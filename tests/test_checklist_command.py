"""`scaleplan checklist`: formats, changes for one run, the date of printing, exits, and what is said beside."""

import json
import re
from pathlib import Path

import pytest

from tests.given import UNREADABLE_PLAN, file
from tests.running import ROOT, environment, outcome, process

SIX = str(Path("tests") / "golden" / "checklist" / "six-adds.yaml")
EPOCH = "1787320000"
PRINTED = "2026-08-21 13:46"


@pytest.fixture(autouse=True)
def _at_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


def test_the_four_formats() -> None:
    """Text by default; each is what its name says, and nothing is said beside."""
    beginnings = {"text": "Six adds", "md": "# Six adds", "html": "<!DOCTYPE html>", "json": "{\n"}
    for format, beginning in beginnings.items():
        ran = outcome("checklist", SIX, "--format", format)
        assert (ran.code, ran.talk) == (0, "")
        assert ran.out.startswith(beginning)
    assert outcome("checklist", SIX).out == outcome("checklist", SIX, "--format", "text").out


def test_the_date_of_printing_is_the_clock_or_what_builds_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Date and time in their plain order; a setting that is no number is refused, not guessed."""
    assert f"printed {PRINTED}" in outcome("checklist", SIX).out
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert re.search(r"printed \d{4}-\d\d-\d\d \d\d:\d\d", outcome("checklist", SIX).out)
    for wrong in ("yesterday", "1e9", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        assert outcome("checklist", SIX).code == 2


def test_a_plan_is_changed_for_this_run() -> None:
    """Equity and levels, as in every command that reads a plan."""
    assert "stop 58,000.00" in outcome("checklist", SIX, "--set", "stop=58000", "--set", "invalidation=58000").out
    # 562.31 / 50,000 = 1.12%.
    assert "1R = 562.31 USDT = 1.12%" in outcome("checklist", SIX, "--equity", "50000").out


def test_standard_input_and_several_plans(tmp_path: Path) -> None:
    """One sheet after the other; a list in JSON."""
    plan = "plans/spot-in-five-lines.yaml"
    read = process("checklist", "-", stdin=(ROOT / plan).read_bytes(), env=environment(SOURCE_DATE_EPOCH=EPOCH))
    assert read.stdout.startswith(b"stdin") or b"SOL/USDT" in read.stdout
    assert outcome("checklist", SIX, plan).out.count("AFTER   result") == 2
    assert [one["command"] for one in json.loads(outcome("checklist", SIX, plan, "--format", "json").out)] == [
        "checklist",
        "checklist",
    ]


def test_a_plan_with_errors_is_printed_and_says_so(tmp_path: Path) -> None:
    """The sheet with its first lines' warning, the errors on the other stream, exit 1."""
    ran = outcome("checklist", SIX, "--set", "account.max_risk=100")
    assert ran.code == 1
    assert "THE PLAN HAS 1 ERROR (SP503)" in ran.out
    assert "SP503" in ran.talk
    assert "ORDERS TO PLACE NOW" in ran.out


@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_a_plan_that_cannot_be_read_has_no_sheet(tmp_path: Path, format: str) -> None:
    """Its diagnostics are said beside; exit 1."""
    ran = outcome("checklist", file(tmp_path, UNREADABLE_PLAN), "--format", format)
    assert (ran.code, ran.out) == (1, "")
    assert "SP113" in ran.talk


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Exit 3; the other plans are printed all the same, and JSON has a record for it."""
    missing = str(tmp_path / "none.yaml")
    ran = outcome("checklist", missing, SIX)
    assert ran.code == 3
    assert "ORDERS TO PLACE NOW" in ran.out
    record = json.loads(outcome("checklist", missing, "--format", "json").out)
    assert (record["orders"], record["plan"], record["unread"]) == ([], None, "no such file")


def test_strict_counts_warnings(tmp_path: Path) -> None:
    """As in every command."""
    plan = file(tmp_path, "{symbol: SOL/USDT, side: long, size: 900 USDT, leverage: 2, tiers: [150], stop: 118}")
    assert outcome("checklist", plan).code == 0
    assert outcome("checklist", plan, "--strict").code == 1


def test_json_has_the_sheet_with_figures_unrounded() -> None:
    """Orders, fills, steps and levels as decimals in strings; what the sheet asks as boxes with a state."""
    record = json.loads(outcome("checklist", SIX, "--format", "json").out)
    keys = "format_version command file printed plan units scale before orders fills steps levels after diagnostics"
    assert " ".join(record) == keys
    assert record["printed"] == "2026-08-21T13:46:40+00:00"
    first, *_, last = record["orders"]
    assert first == {
        "stage": "now",
        "what": "tier 1",
        "order": "buy stop",
        "condition": None,
        "price": "60000",
        "quantity": "0.25",
        "remark": None,
    }
    assert (last["stage"], last["what"], last["condition"]) == ("later", "target 4", "reduce-only")
    assert record["fills"][1]["average_entry"] == "60018"
    # 15,000 / 60,000 + 10,000 / 60,000.
    assert record["fills"][1]["quantity"].startswith("0.41666666666666666")
    assert {one["state"] for one in record["before"]} == {"answered", "flagged", "open", "note"}
    assert record["levels"][0]["filled"][0] == {"tiers": 1, "value": "0.0625"}


def test_help_says_what_it_is_for() -> None:
    """The command is listed, and its formats are named."""
    assert "checklist" in outcome("--help").out
    assert "text|md|html|json" in outcome("checklist", "--help").out
