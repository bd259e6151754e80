"""The formats of `show` that other programs read: JSON by the plan language, Markdown and CSV that stay text."""

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaleplan.report.page_markdown import escaped
from scaleplan.report.record import Record, digits, to_json
from scaleplan.report.show.record import COLUMNS, show_record
from scaleplan.study import Study, study
from tests.given import studied
from tests.reported import show_csv, show_in
from tests.running import approved

GOLDEN = Path(__file__).parent / "golden" / "show"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))
# Heading 5 of the plan language, typed over: the keys of every record in their order.
SHOW = "format_version command file plan units assumptions tiers targets totals worse_path diagnostics"
TIER = "tier price fill_price quantity notional fee order after trigger wanted_quantity position"
POSITION = (
    "quantity notional average_entry breakeven stop risk risk_r risk_fraction reward reward_r initial_margin "
    "effective_leverage liquidation liquidation_price liquidation_distance liquidation_past_stop liquidation_buffer "
    "bankruptcy_price reachable liquidation_not_before"
)
TARGET = (
    "target price quantity r_multiple pnl realized realized_r remaining stop locked locked_r tiers written reachable"
)
TOTALS = (
    "quantity notional average_entry risk r risk_fraction reward reward_to_risk breakeven_win_rate fees funding "
    "all_at_first rounded_off risk_if_all"
)
ASSUMPTIONS = (
    "margin_model margin_mode brackets_as_of fees slippage risk_unit slippage_price spread initial_margin_per_contract "
    "maintenance_margin_per_contract account_currency account_rate"
)
UNITS = "price quantity notional settle"
PLAN = "name symbol side contract style"


def golden(name: str) -> Study:
    """The study of a golden plan, under the bare name of its file."""
    return studied((GOLDEN / f"{name}.yaml").read_bytes(), f"{name}.yaml")


def record_of(name: str) -> Record:
    """The JSON of a golden plan, read back."""
    record: Record = json.loads(to_json(show_record(golden(name))))
    return record


def keys(record: Record) -> str:
    """The keys of a record in order."""
    return " ".join(record)


def test_every_record_has_the_keys_of_the_contract_in_order() -> None:
    """Heading 5 of the plan language names the keys; a program may rely on all of them and on their order."""
    record = record_of("eth-range-top-short")
    assert keys(record) == SHOW
    assert keys(record["tiers"][0]) == TIER
    assert keys(record["tiers"][0]["position"]) == POSITION
    assert keys(record["targets"][0]) == TARGET
    assert keys(record["totals"]) == TOTALS
    assert keys(record["assumptions"]) == ASSUMPTIONS
    assert keys(record["assumptions"]["fees"]) == "maker taker per_contract per_order"
    assert keys(record["units"]) == UNITS
    assert keys(record["plan"]).startswith(PLAN)
    assert (record["format_version"], record["command"], record["file"]) == ("1.0", "show", "eth-range-top-short.yaml")


def test_figures_are_strings_at_full_precision() -> None:
    """Decimals are unrounded plain digits; counts are numbers, absent is null."""
    record = record_of("eth-range-top-short")
    last = record["tiers"][3]["position"]
    # (20,480 + 4,096) / (8 * 1.005) = 3,056.716417910447761...
    assert last["liquidation_price"].startswith("3056.71641791044776119402985")
    assert last["risk"] == "825.38132"
    assert (last["liquidation"], last["reachable"], record["tiers"][3]["tier"]) == ("price", True, 4)
    assert record["targets"][2]["stop"] is None
    assert record["tiers"][0]["after"] is None
    assert record["tiers"][0]["trigger"] is None
    assert record["totals"]["funding"] is None


@pytest.mark.parametrize("name", NAMES)
def test_no_number_has_an_exponent_or_is_a_float(name: str) -> None:
    """Every figure is a string of plain digits, whatever its size."""
    text = to_json(show_record(golden(name)))
    for figure in re.findall(r'"(-?[0-9][^"]*)"', text):
        if re.fullmatch(r"-?[0-9.]+E[+-]?[0-9]+", figure):
            pytest.fail(figure)
    json.loads(text, parse_float=pytest.fail)


def test_what_the_trader_wrote_comes_back_as_written() -> None:
    """Levels, waits, sizes and times are words of the plan; prices are numbers."""
    record = record_of("btc-pyramid")
    assert [tier["after"] for tier in record["tiers"]] == [None, "61200", "tier 2"]
    assert record["tiers"][0]["trigger"] == "4h close above the range high"
    assert record["plan"]["size"] == "50000 USDT"
    assert record["plan"]["time_stop"] == {"after": "48h", "unless": "0.5R", "close": "0.5"}
    assert record["plan"]["expires"] == "14d"
    assert record["assumptions"]["margin_model"] == "some venue"
    assert record["assumptions"]["brackets_as_of"] == "2026-01-31"
    assert record["assumptions"]["risk_unit"] == "plan"
    # 0.01% of 0.827956... at 60,410.75 is 5.00175 a period, nine periods.
    assert Decimal(record["totals"]["funding"]).quantize(Decimal("0.00001")) == Decimal("45.01575")


def test_contracts_stand_beside_quantities_where_there_is_a_contract_size() -> None:
    """An inverse position counts value in quote and says so; 12 contracts of 100 are 1,200 USD."""
    record = record_of("coin-long")
    assert record["units"] == {"price": "USD", "quantity": "USD", "notional": "USD", "settle": "BTC"}
    assert (record["totals"]["quantity"], record["totals"]["contracts"]) == ("1200", "12")
    assert (record["tiers"][0]["quantity"], record["tiers"][0]["contracts"]) == ("600", "6")
    assert record["tiers"][1]["position"]["contracts"] == "12"
    assert record["targets"][0]["contracts"] == "6"
    assert record["assumptions"]["risk_unit"] == "first tier"
    assert "contracts" not in record_of("eth-range-top-short")["totals"]


def test_the_three_answers_to_liquidation_are_told_apart() -> None:
    """`price`, `none` and `unknown`, each with what is known: a price, nothing, the bankruptcy price."""
    priced, spot, unknown = (
        record_of(name)["tiers"][0]["position"] for name in ("eth-range-top-short", "shib-spot", "never-fills")
    )
    assert [position["liquidation"] for position in (priced, spot, unknown)] == ["price", "none", "unknown"]
    assert (spot["liquidation_price"], unknown["liquidation_price"]) == (None, None)
    assert unknown["bankruptcy_price"] == "3000"


def test_a_plan_that_cannot_be_read_gives_its_diagnostics() -> None:
    """No figures, nothing made up, and every diagnostic."""
    record = json.loads(to_json(show_record(study("plan.yaml", b"symbol: [\n"))))
    assert keys(record) == SHOW
    assert (record["plan"], record["units"], record["totals"]) == (None, None, None)
    assert (record["tiers"], record["targets"]) == ([], [])
    assert record["diagnostics"][0]["code"].startswith("SP0")


@given(st.text())
@example("\x7f\x1b]52;c;aGk=\x07\u202e\x9b\ud800")
def test_json_lets_no_control_character_out(text: str) -> None:
    """Whatever a text holds, the JSON of it is printable ASCII and reads back as the text."""
    out = to_json({"text": text})
    assert all(character == "\n" or " " <= character <= "~" for character in out)
    assert json.loads(out) == {"text": text}


def test_zero_and_absent_are_told_apart() -> None:
    """Zero is `0` whatever its exponent or sign; absent is nothing."""
    assert digits(Decimal("-0.000")) == "0"
    assert digits(Decimal("1E+3")) == "1000"
    assert digits(Decimal("0E-10")) == "0"
    assert digits(None) is None


@pytest.mark.parametrize("name", NAMES)
def test_markdown_is_as_it_was_approved(name: str) -> None:
    """Layout and wording are those of the golden files, to the character."""
    text = show_in("md", golden(name)._replace(diagnostics=()))
    approved(text, GOLDEN / f"{name}.md")


@pytest.mark.parametrize("name", NAMES)
def test_markdown_tables_are_rectangular(name: str) -> None:
    """Each table has as many cells in every row as in its head, whatever the plan's text holds."""
    for block in show_in("md", golden(name)).split("\n\n"):
        rows = [re.split(r"(?<!\\)\|", line) for line in block.splitlines() if line.startswith("|")]
        assert len({len(row) for row in rows}) <= 1


HOSTILE = (
    "\n| a | <script>alert(1)</script> [x](http://e.example) ![i](j) `c` *b* _u_ # h ~~s~~ &amp; www.e.example "
    "m@e.example"
)


def test_text_of_a_plan_is_no_markdown() -> None:
    """A Markdown reader finds the text, and no link, image, tag, emphasis or code in it."""
    markdown_it = pytest.importorskip("markdown_it")
    reader = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    html = reader.render(f"| head |\n| --- |\n| {escaped(HOSTILE)} |\n")
    assert set(re.findall(r"<(/?[a-z]+)", html)) <= {
        f"{end}{tag}" for end in ("", "/") for tag in ("table", "thead", "tbody", "tr", "th", "td")
    }
    assert html.count("<td>") == 1
    assert "://" not in escaped(HOSTILE)
    assert "www." not in escaped(HOSTILE)
    assert "@" not in escaped(HOSTILE)


@given(st.text())
@example("\\|\n\x1b[31m")
def test_escaped_text_stays_on_its_line_and_in_its_cell(text: str) -> None:
    """No line feed, no bare bar, no control character: an even number of backslashes never stands before a bar."""
    out = escaped(text)
    assert out.isprintable() or all(character.isspace() or character.isprintable() for character in out)
    assert "\n" not in out
    assert not re.search(r"(?<!\\)(?:\\\\)*\|", out)


def rows_of(*names: str) -> list[dict[str, str]]:
    """The CSV of golden plans, read back."""
    return list(csv.DictReader(io.StringIO(show_csv([golden(name) for name in names]))))


def test_csv_is_one_rectangle() -> None:
    """A row a tier, a target, a total and a cell of the matrix, all with the same columns, several plans in one table.

    What can happen stands before the total: the first plan is stopped only with all four tiers, which all lie on the
    way to the stop, or ends after one, two or three targets with one to four of them: 13. The second is stopped with
    both or ends after one or two targets with one or both: 5.
    """
    text = show_csv([golden(name) for name in NAMES])
    assert {len(row) for row in csv.reader(io.StringIO(text))} == {len(COLUMNS)}
    rows = rows_of("eth-range-top-short", "coin-long")
    kinds = [row["row"] for row in rows]
    first = ["tier"] * 4 + ["target"] * 3 + ["matrix"] * 13 + ["total"]
    assert kinds == first + ["tier"] * 2 + ["target"] * 2 + ["matrix"] * 5 + ["total"]
    cell = rows[len(first) - 2]
    assert (cell["tiers"], cell["targets"], cell["end"], cell["depends_on_order"]) == (
        "1 2 3 4",
        "3",
        "targets",
        "false",
    )
    assert [row["file"] for row in rows[20:22]] == ["eth-range-top-short.yaml", "coin-long.yaml"]


def test_csv_has_every_figure_of_the_json() -> None:
    """Nothing is rounded, nothing left out: the union of the figures under the names of the JSON."""
    first, *_, total = rows_of("coin-long")
    record = record_of("coin-long")
    position = record["tiers"][0]["position"]
    assert first["liquidation_price"] == position["liquidation_price"]
    assert (first["quantity"], first["position_quantity"]) == (record["tiers"][0]["quantity"], position["quantity"])
    assert (first["reachable"], first["liquidation"]) == ("true", "price")
    assert total["r"] == record["totals"]["r"]
    assert total["funding"] == ""
    named = {name.removeprefix("position_") for name in COLUMNS}
    assert set(f"{TIER} {POSITION} {TARGET} {TOTALS}".split()) - {"tier", "target", "position"} <= named


def test_a_spreadsheet_runs_nothing() -> None:
    """A text that begins like a formula is led by an apostrophe; negative figures stay numbers."""
    tier = rows_of("no-stop")[0]
    assert tier["trigger"] == r"'=cmd|' /C calc'!A0 `x` <b>\x1b]0;owned\x07"
    plan = (
        'name: "\\t@SUM(1)"\nsymbol: AAA/USDT\nside: long\nsize: 2 AAA\nstop: 90\n'
        "tiers:\n  - 100\n  - {price: 120, order: stop, stop: 115, trigger: -1+1}\n"
    )
    second = list(csv.DictReader(io.StringIO(show_csv([studied(plan, "+plan.yaml")]))))[1]
    assert (second["file"], second["trigger"]) == ("'+plan.yaml", "'-1+1")
    assert not second["name"].startswith(("@", "\t", "="))
    assert second["risk"] == "-10"
