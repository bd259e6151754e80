"""`scaleplan paths`: forms, options, exits, and what is said beside."""

import csv
import io
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.given import PLAN, UNREADABLE_PLAN, file
from tests.running import ROOT, environment, joined, outcome, process, screen_of

SHORT = str(Path("plans") / "range-short.yaml")
BREAKOUT = str(Path("plans") / "breakout-retest-pyramid.yaml")
#: Errors of its own, and proofs that are broken.
LIQUIDATED = str(Path("tests") / "golden" / "paths" / "liquidated-first.yaml")
#: No error, but a proof that is broken: the stop goes to the average entry, which loses the fees.
UNPAID = (
    "{symbol: SOL/USDT, side: long, size: 900 USDT, fees: {maker: 0.1%, taker: 0.1%}, tiers: [150], stop: 118,"
    " targets: [{price: 200, close: 50%, stop: entry}, rest at 250]}"
)
DISTANCE_TRAIL = (
    "{symbol: SOL/USDT, side: long, size: 900 USDT, tiers: [150], stop: 118,"
    " targets: [{price: 200, close: 50%, trail: 10}]}"
)


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_the_five_forms() -> None:
    """A table by default; each is what its name says, and nothing is said beside."""
    beginnings = {
        "table": "Range-top short",
        "md": "# Range-top short",
        "json": "{\n",
        "csv": "file,name,",
        "dot": 'digraph "Range-top short" {',
    }
    for format, beginning in beginnings.items():
        ran = outcome("paths", SHORT, "--format", format)
        assert (ran.code, ran.talk) == (0, "")
        assert ran.out.startswith(beginning)
    assert outcome("paths", SHORT).out == outcome("paths", SHORT, "--format", "table").out


def test_the_tree_is_text() -> None:
    """With the table's form or in Markdown; with a form for programs it is refused, not left out."""
    ran = outcome("paths", SHORT, "--tree")
    assert "tier 1 at 29,800 -> state 0: " in ran.out
    assert "holds" not in ran.out
    assert "```text\ntier 1 at 29,800 -> state 0: " in outcome("paths", SHORT, "--tree", "--format", "md").out
    for format in ("json", "csv", "dot"):
        refused = outcome("paths", SHORT, "--tree", "--format", format)
        assert (refused.code, refused.out) == (2, "")
        assert "--tree" in refused.talk


def test_price_may_begin_elsewhere() -> None:
    """With `--from` nothing is filled yet; below the short's tiers the first that is met is the last listed."""
    record = json.loads(outcome("paths", SHORT, "--from", "29500", "--format", "json").out)
    assert (record["start"], record["begin"]) == ("29500", [])
    first = record["states"][0]
    assert (first["tiers"], first["quantity"], first["price"]) == ([], "0", "29500")
    # 29,800 before 29,200 from 29,500: 300 of 600.
    assert (first["up"]["tier"], first["up"]["price"], first["up"]["probability"]) == (1, "29800", "0.5")
    assert (
        outcome("paths", SHORT, "--from", "29_500", "--format", "json").out
        == outcome("paths", SHORT, "--from", "29500", "--format", "json").out
    )


def test_price_may_have_a_drift() -> None:
    """A short gains where price falls: g above 1; 1 is the fair price; 0 is the logarithm."""

    def expected(*edge: str) -> str:
        record = json.loads(outcome("paths", SHORT, *edge, "--format", "json").out)
        assert isinstance(record["summary"]["expected_net"], str)
        return record["summary"]["expected_net"]

    falls, fair, rises = (Decimal(expected("--edge", edge)) for edge in ("2", "1", "-2"))
    assert falls > fair > rises
    assert expected("--edge", "1") == expected()
    assert fair > Decimal(expected("--edge", "0")) > rises
    assert json.loads(outcome("paths", SHORT, "--edge", "-2", "--format", "json").out)["edge"] == "-2"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--edge", "much"),
        ("--edge", "1e3"),
        ("--edge", "1001"),
        ("--edge", "-1001"),
        ("--from", "0"),
        ("--from", "-5"),
        ("--from", "1:30"),
        ("--format", "xml"),
    ],
)
def test_what_an_option_cannot_be_is_said(wrong: tuple[str, str]) -> None:
    """Exit 2, the option and the value named, and what to write."""
    ran = outcome("paths", SHORT, *wrong)
    assert (ran.code, ran.out) == (2, "")
    assert wrong[0] in ran.talk
    assert wrong[1] in ran.talk


def test_a_drift_that_cannot_be_reckoned_says_so(tmp_path: Path) -> None:
    """A trail in price has no closed form under drift: exit 2 and the way out, in JSON too."""
    plan = file(tmp_path, DISTANCE_TRAIL)
    assert outcome("paths", plan).code == 0
    ran = outcome("paths", plan, "--edge", "0.5")
    assert (ran.code, ran.out) == (2, "")
    assert "--edge cannot be reckoned: " in ran.talk
    record = json.loads(outcome("paths", plan, "--edge", "0.5", "--format", "json").out)
    assert record["states"] == []
    assert "--edge cannot be reckoned" in record["missing"]


def test_a_plan_is_changed_for_this_run() -> None:
    """Equity and levels, as in every command that reads a plan."""
    # 180.48 is more than 1% of 10,000.
    changed = outcome("paths", SHORT, "--set", "account.max_risk=1%")
    assert "BROKEN  no path loses more than `max_risk`: at most 180.48 USDT, limit 100.00" in changed.out
    assert changed.code == 1
    assert "limit 400.00" in outcome("paths", SHORT, "--equity", "20000").out


def test_a_plan_with_errors_is_walked_and_says_so() -> None:
    """Exit 1; the table and Markdown tell what is wrong at their end, the other forms beside."""
    for format in ("table", "md"):
        ran = outcome("paths", LIQUIDATED, "--format", format)
        assert (ran.code, ran.talk) == (1, "")
        assert "SP401" in ran.out
    for options in (("--format", "csv"), ("--format", "dot"), ("--tree",)):
        ran = outcome("paths", LIQUIDATED, *options)
        assert ran.code == 1
        assert "SP401" in ran.talk
        assert "SP401" not in ran.out
    record = json.loads(outcome("paths", LIQUIDATED, "--format", "json").out)
    assert "SP401" in {diagnostic["code"] for diagnostic in record["diagnostics"]}


def test_a_broken_proof_is_an_exit_code_with_strict_only(tmp_path: Path) -> None:
    """What a rule does not forbid is not an error: 0, and 1 with --strict."""
    plan = file(tmp_path, UNPAID.replace("stop: 118", "stop: 118, account: {equity: 9000, max_risk: 5%}"))
    ran = outcome("paths", plan)
    assert ran.code == 0
    assert "BROKEN  no stop that locks a gain or breaks even loses after costs" in ran.out
    assert outcome("paths", plan, "--strict").code == 1
    assert outcome("paths", SHORT, "--strict").code == 0


@pytest.mark.parametrize("format", ["table", "md", "csv", "dot"])
def test_a_plan_that_cannot_be_read_has_no_paths(tmp_path: Path, format: str) -> None:
    """Its diagnostics are said beside; exit 1."""
    ran = outcome("paths", file(tmp_path, UNREADABLE_PLAN), "--format", format)
    assert (ran.code, ran.out) == (1, "")
    assert "SP113" in ran.talk
    record = json.loads(outcome("paths", file(tmp_path, UNREADABLE_PLAN), "--format", "json").out)
    assert (record["plan"], record["summary"], record["states"]) == (None, None, [])


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Exit 3; the other plans are walked all the same, and JSON has a record for it."""
    missing = str(tmp_path / "none.yaml")
    ran = outcome("paths", missing, SHORT)
    assert ran.code == 3
    assert "Range-top short" in ran.out
    assert "no such file" in ran.talk
    first, second = json.loads(outcome("paths", missing, SHORT, "--format", "json").out)
    assert (first["plan"], first["unread"]) == (None, "no such file")
    assert second["summary"]["outcomes"] == 5


def test_several_plans_come_one_after_the_other() -> None:
    """A list in JSON, one table in CSV, a graph each in DOT, pages with an empty line between."""
    assert [one["file"] for one in json.loads(outcome("paths", SHORT, BREAKOUT, "--format", "json").out)] == [
        SHORT,
        BREAKOUT,
    ]
    rows = list(csv.DictReader(io.StringIO(outcome("paths", SHORT, BREAKOUT, "--format", "csv").out)))
    assert {row["file"] for row in rows} == {SHORT, BREAKOUT}
    assert len(re.findall("^digraph ", outcome("paths", SHORT, BREAKOUT, "--format", "dot").out, re.MULTILINE)) == 2
    assert re.search(r"mark value\n\nRange-high breakout", outcome("paths", SHORT, BREAKOUT).out)


def test_standard_input_is_a_plan() -> None:
    """`-` reads it."""
    ran = process("paths", "-", stdin=PLAN.encode())
    assert ran.returncode == 0
    assert "every tier can fill: 3 of 3" in ran.stdout.decode()


def test_a_pipe_that_closes_and_a_stream_without_blocks() -> None:
    """`| head` leaves no traceback; a stream that has no block characters gets bars of `#`."""
    command = f"{sys.executable} -m scaleplan paths {BREAKOUT} {SHORT} --tree | head -n 1"
    cut = subprocess.run(
        ["sh", "-c", command], capture_output=True, cwd=ROOT, env=environment(), timeout=60, check=True
    )
    assert (cut.stdout.decode().startswith("Range-high breakout"), cut.stderr) == (True, b"")
    plain = process("paths", SHORT, env=environment(PYTHONIOENCODING="ascii"))
    assert b"12.2%  ###" in plain.stdout
    assert plain.stdout.isascii()
    assert "█" in process("paths", SHORT).stdout.decode()


def test_the_width_is_that_of_the_screen() -> None:
    """80 columns in a pipe, COLUMNS otherwise; wider ones show the bars and what the levels alone would bring."""
    narrow, wide, widest = (outcome("paths", BREAKOUT, screen=screen_of(width)).out for width in (None, 120, 160))
    assert max(map(len, narrow.splitlines())) <= 80
    ends = [next(line for line in text.splitlines() if line.startswith("trail  ")) for text in (narrow, wide, widest)]
    assert ["█" in line or "▌" in line for line in ends] == [False, True, True]
    assert ["+2,350.00" in line for line in ends] == [False, False, True]


def test_help_says_what_the_odds_are() -> None:
    """The command is listed; its help explains the edge in a trader's words, and what --strict does to a proof."""
    assert re.search(r"^  paths +Walk every path", outcome("--help").out, re.MULTILINE)
    text = joined(outcome("paths", "--help").out)
    for said in (
        "fair price",
        "1 is none; below 1 it rises, above 1 it falls",
        "broken proof",
        "table|json|md|html|csv|dot",
    ):
        assert said in text


def test_json_as_other_programs_write_it() -> None:
    """`--json` is answered with the option that was meant."""
    ran = outcome("paths", SHORT, "--json")
    assert ran.code == 2
    assert f"scaleplan paths {SHORT} --format json" in ran.talk


def test_show_has_the_matrix_in_json() -> None:
    """A record a cell: what can happen, and what it nets; null where the plan could not be read."""
    record = json.loads(outcome("show", SHORT, "--format", "json").out)
    assert [(one["tiers"], one["targets"], one["end"]) for one in record["matrix"]] == [
        ([1], 0, "stopped"),
        ([1, 2], 0, "stopped"),
        ([1, 2, 3], 0, "stopped"),
        ([1, 2, 3], 1, "stopped"),
        ([1, 2, 3], 2, "targets"),
    ]
    assert {one["depends_on_order"] for one in record["matrix"]} == {False}
    # 1R is the worst planned loss, with all tiers filled and nothing hit.
    assert record["matrix"][2]["net_r"] == "-1"
