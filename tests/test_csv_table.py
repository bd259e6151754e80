"""No spreadsheet runs what a plan says, however the formula is dressed, in whatever table."""

import csv
import io
import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaleplan.report.record_csv import guarded
from tests.given import PLAN
from tests.running import outcome

FIGURE = re.compile(r"-?[0-9]+(\.[0-9]+)?")
#: A sign each of ASCII, full width, small, raised, lowered, Hebrew, and the minus of print.
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋﬩−"  # noqa: RUF001 - they look alike, and that is the point
BLANKS = (
    "",
    " ",
    "  ",
    "\u00a0",
    "\u3000",
    "\u2003",
    "\u202f",
    "\u200b",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u115f",
    "\u3164",
    "\u2800",
)
#: These begin a cell that some spreadsheets trim, and are seen as their escapes.
BREAKS = ("\t", "\r", "\n", "\r\n", "\t ", " \t", "\u0085", "\u2028", "\x0b", "\x00")


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", [*BLANKS, *BREAKS], ids=ascii)
def test_a_formula_is_led_by_an_apostrophe(before: str, sign: str) -> None:
    """Whatever sign begins it, and whatever that is not seen stands before the sign."""
    assert guarded(f"{before}{sign}1+1").startswith("'")


@pytest.mark.parametrize("text", ["", " ", "x=1", "60000", "1-2", "a@b", "(=1)", "'=1", "é+1", " x", "日本", "\u00a0a"])
def test_what_is_no_formula_stays(text: str) -> None:
    """A text is led by an apostrophe only where it begins like a formula."""
    assert guarded(text) == text


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    """Of any text: what a spreadsheet sees first, without blanks and in whatever width, is no sign of a formula."""
    seen = unicodedata.normalize("NFKC", guarded(text)).lstrip()
    assert not seen.startswith(("=", "+", "-", "@", "−"))  # noqa: RUF001 - the minus of print


@pytest.mark.parametrize("sign", ["＝", "\u00a0=", "\u3000＋", "\u200b-", "\u2800@", "−"])  # noqa: RUF001
@pytest.mark.parametrize("command", ["show", "paths", "compare-venues"])
def test_every_table_is_guarded(tmp_path: Path, command: str, sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file's name, the plan's, its triggers, its venue and what is wrong with it: in no table a cell runs."""
    monkeypatch.chdir(tmp_path)
    quoted = json.dumps(f"{sign}1+1", ensure_ascii=not sign.isprintable())
    tiers = f"[{{price: 150, trigger: {quoted}}}, 140]"
    text = PLAN.replace("SOL/USDT", "BTC/USDT:USDT").replace("[150, 140, 130]", tiers)
    text += f"leverage: 2\nname: {quoted}\nvenue: {{name: {quoted}, maintenance: 0.5%}}\ntargets: [170]\n"
    file = f"{sign}plan.yaml"
    Path(file).write_text(text, encoding="utf-8")
    done = outcome(command, f"./{file}" if command == "show" else file, "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert len(rows) > 2
    assert any(cell.startswith("'") for row in rows for cell in row)
    for cell in (cell for row in rows for cell in row):
        seen = unicodedata.normalize("NFKC", cell).strip(" \u200b\u2800")
        assert FIGURE.fullmatch(cell) or not seen.startswith(("=", "+", "-", "@", "−"))  # noqa: RUF001
