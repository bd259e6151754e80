"""`compare-venues`: the same plan by every venue's rules, each row against sums by hand; order, notes, forms."""

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scaleplan.cli.reply import ExitCode, Reply
from scaleplan.decode.profiles import read_profile
from scaleplan.questions.comparison import Comparison, Row, compare
from scaleplan.report.visible import cells
from scaleplan.study import study
from scaleplan.venue import VENUE_NAMES
from tests.given import UNREADABLE_PLAN, file
from tests.running import ROOT, joined, outcome, screen_of

D = Decimal

#: One bitcoin from 60,000 at 10x: 6,000 behind it, 54,000 to lose it down to.
LONG = """\
symbol: BTC/USDT:USDT
side: long
leverage: 10
maintenance: 2%
fees: {maker: 0.9%, taker: 0.9%}
instrument: {lot_size: 0.5}
size: 1 BTC
tiers: [60000]
stop: 57000
"""
SHORT = LONG.replace("long", "short").replace("57000", "63000")
#: Six tiers of a tenth of a bitcoin each.
SIX = """\
symbol: BTC/USDT:USDT
side: long
leverage: 5
size: 0.6 BTC
tiers: [60000, 59000, 58000, 57000, 56000, 55000]
stop: 54000
"""
COIN = """\
symbol: BTC/USD:BTC
side: long
leverage: 5
instrument: {contract_size: 100}
size: 100 contracts
tiers: [50000]
stop: 47000
"""


def compared(text: str) -> Comparison:
    """The comparison of a plan given as text."""
    return compare(study("plan.yaml", text.encode()))


def price_at(row: Row, tier: int = -1) -> Decimal | None:
    """Where a row is liquidated after a tier, else after the last."""
    assert row.study.ladder is not None
    return row.study.ladder.steps[tier].position.liquidation.price


def by_venue(comparison: Comparison) -> dict[str, Row]:
    """The rows by venue."""
    return {row.venue: row for row in comparison.rows}


def run(text: str, *options: str, folder: Path, width: int = 80) -> Reply:
    """What the command comes to for a plan given as text."""
    return outcome("compare-venues", file(folder, text), *options, screen=screen_of(width))


def record_of(text: str, *options: str, folder: Path) -> dict[str, Any]:
    """The JSON of a comparison."""
    record: dict[str, Any] = json.loads(run(text, "--format", "json", *options, folder=folder).out)
    return record


# The rows


@pytest.mark.parametrize(
    ("venue", "long", "short"),
    [
        # 54,000-odd lies in the bracket of 0.5% less 50: (54000 - 50)/0.995; the short's 66,000 too: 66050/1.005
        ("binance", "54221.11", "65721.39"),
        # 1.25% of mark value, no deduction: 54000/0.9875 and 66000/1.0125
        ("hyperliquid", "54683.54", "65185.19"),
        # 1.2% of mark value: 54000/0.988 and 66000/1.012
        ("dydx", "54655.87", "65217.39"),
        # 0.5% of the value at entry: 54000 + 300 and 66000 - 300
        ("bitmex", "54300.00", "65700.00"),
    ],
)
def test_each_row_is_the_plan_by_the_rules_of_its_venue(venue: str, long: str, short: str) -> None:
    """The venue's brackets, basis, fees and lot stand in for the plan's own 2%, which hold in the first row only."""
    for text, expected in ((LONG, long), (SHORT, short)):
        found = price_at(by_venue(compared(text))[venue])
        assert found is not None
        assert round(found, 2) == D(expected)


def test_the_plan_by_its_own_terms_comes_first() -> None:
    """54000 / 0.98 with the plan's own 2%."""
    own = compared(LONG).own
    found = price_at(own)
    assert found is not None
    assert (own.venue, round(found, 2)) == ("", D("55102.04"))


def test_fees_are_the_venue_s() -> None:
    """In for maker, stopped out as taker: 0.02% of 60,000 + 0.05% of 57,000 = 40.50; 0.015% and 0.045%: 34.65."""
    rows = by_venue(compared(LONG))
    fees = {}
    for venue in ("binance", "hyperliquid"):
        ladder = rows[venue].study.ladder
        assert ladder is not None
        fees[venue] = ladder.totals.fees
    assert fees == {"binance": D("40.5"), "hyperliquid": D("34.65")}


@pytest.mark.parametrize("text", [LONG, SHORT, SIX])
def test_the_nearest_liquidation_at_full_size_comes_first(text: str) -> None:
    """A long's highest price, a short's lowest."""
    comparison = compared(text)
    prices = [price for row in comparison.rows if (price := price_at(row)) is not None]
    assert len(prices) > 5
    assert prices == sorted(prices, reverse="long" in text)


def test_every_venue_is_in_the_table_or_said_to_be_missing() -> None:
    """Each venue once: with a row where it has brackets for the symbol, else with the reason."""
    comparison = compared(LONG)
    named = [row.venue for row in comparison.rows] + [one.venue for one in comparison.absent]
    assert sorted(named) == sorted(VENUE_NAMES)
    for one in comparison.absent:
        held = read_profile(one.venue)
        assert one.symbol == "" or "maintenance" not in held.symbols[one.symbol]
    absent = {one.venue: one.symbol for one in comparison.absent}
    assert absent["okx"] == "BTC/USDT:USDT"
    assert absent["generic"] == ""


def test_a_venue_that_the_plan_names_has_no_second_row() -> None:
    """`venue: binance` is the first row; where the plan changes its terms, the venue's own stand in another."""
    named = LONG.replace("maintenance: 2%\n", "venue: binance\n").replace("fees: {maker: 0.9%, taker: 0.9%}\n", "")
    named = named.replace("instrument: {lot_size: 0.5}\n", "")
    assert "binance" not in by_venue(compared(named))
    assert "hyperliquid" in by_venue(compared(named))
    changed = compared(named + "maintenance: 2%\n")
    assert price_at(changed.own) != price_at(by_venue(changed)["binance"])


def test_dollars_are_taken_as_equal_and_families_are_not(tmp_path: Path) -> None:
    """A plan in USDT is held against USDC contracts, and that is said; a coin-settled one stays in its family."""
    rows = by_venue(compared(LONG))
    assert rows["hyperliquid"].symbol == "BTC/USDC:USDC"
    assert rows["binance"].symbol == "BTC/USDT:USDT"
    assert "USD, USDC and USDT are taken as equal: hyperliquid BTC/USDC:USDC" in joined(run(LONG, folder=tmp_path).out)
    coin = by_venue(compared(COIN))
    assert {row.symbol for row in coin.values()} == {"BTC/USD:BTC"}
    assert "hyperliquid" not in coin
    euros = compared(LONG.replace("USDT", "EUR"))
    assert euros.rows == ()
    assert {one.symbol for one in euros.absent} == {""}


def test_contracts_are_taken_as_the_quantity_that_they_are(tmp_path: Path) -> None:
    """A hundred contracts of 100 USD are 10,000 USD at every venue, however large a contract is there."""
    comparison = compared(COIN)
    assert comparison.in_quantity == "10000 USD"
    for row in comparison.rows:
        assert row.study.ladder is not None
        assert row.study.ladder.totals.quantity == 10000, row.venue
    assert "100 contracts are taken as 10000 USD at every venue" in joined(run(COIN, folder=tmp_path).out)
    linear = compared(LONG.replace("lot_size: 0.5", "contract_size: 0.01").replace("1 BTC", "50 contracts"))
    assert linear.in_quantity == "0.5 BTC"
    assert compared(LONG).in_quantity == ""


def test_sizes_of_tiers_in_contracts_too() -> None:
    """Tiers with contracts of their own: 30 and 20 of 0.01 are 0.3 and 0.2 bitcoin everywhere."""
    text = LONG.replace("lot_size: 0.5", "contract_size: 0.01").replace("size: 1 BTC\n", "")
    text = text.replace("[60000]", "[{price: 60000, size: 30 contracts}, {price: 59000, size: 20 contracts}]")
    for row in compared(text).rows:
        assert row.study.ladder is not None
        assert [step.fill.quantity for step in row.study.ladder.steps] == [D("0.3"), D("0.2")], row.venue


def test_a_venue_s_own_rules_apply_and_are_told_in_its_row(tmp_path: Path) -> None:
    """A thousandth is Binance's lot: 0.0005 cannot be bought there, and at Hyperliquid it can."""
    text = LONG.replace("size: 1 BTC", "size: 0.0005 BTC").replace("instrument: {lot_size: 0.5}\n", "")
    comparison = compared(text)
    rows = by_venue(comparison)
    assert rows["binance"].study.ladder is None
    assert [one.code for one in rows["binance"].problems] == ["SP132"]
    assert rows["hyperliquid"].study.ladder is not None
    # Those without figures come last.
    last = [row.study.ladder is None for row in comparison.rows]
    assert last == sorted(last)
    shown = run(text, folder=tmp_path)
    assert shown.code == ExitCode.OK
    assert "error SP132: tier 1 is 0.0005 BTC, and the smallest order is 0.001" in joined(shown.out)


def test_where_a_venue_s_data_end_below_the_position_its_row_says_so() -> None:
    """BitMEX's data hold the first risk limit, of a million: twenty bitcoin at 60,000 are past it."""
    row = by_venue(compared(LONG.replace("1 BTC", "20 BTC")))["bitmex"]
    assert "SP305" in [one.code for one in row.problems]
    assert by_venue(compared(LONG))["bitmex"].problems == ()


def test_leverage_past_a_venue_s_most_is_told() -> None:
    """110x is more than Hyperliquid's 40x."""
    row = by_venue(compared(LONG.replace("leverage: 10", "leverage: 110")))["hyperliquid"]
    assert "SP411" in [one.code for one in row.problems]


def test_none_and_unknown_are_told_apart(tmp_path: Path) -> None:
    """At 1x a long has none; a plan without maintenance is n/a in its own row only."""
    out = run(LONG.replace("leverage: 10", "leverage: 1").replace("maintenance: 2%\n", ""), folder=tmp_path).out
    table = out.split("\n\n")[1]
    rows = {line.split()[0]: line.split() for line in table.splitlines()}
    assert rows["this"][2] == "n/a"
    assert rows["binance"][1] == "none"


# Options and exits


def test_options_change_the_plan_and_not_the_venues(tmp_path: Path) -> None:
    """`--set maintenance` and `--set venue` are the plan's own row; leverage and equity hold in all."""
    before = record_of(LONG, folder=tmp_path)["venues"]
    after = record_of(LONG, "--set", "maintenance=3%", "--set", "fees.maker=0.5%", folder=tmp_path)["venues"]
    assert after[0]["tiers"] != before[0]["tiers"]
    assert after[0]["fees"]["maker"] == "0.005"
    assert after[1:] == before[1:]
    turned = record_of(LONG, "--set", "leverage=5", folder=tmp_path)["venues"]
    assert all(new["tiers"] != old["tiers"] for new, old in zip(turned, before, strict=True))
    cross = record_of(LONG + "margin_mode: cross\n", "--equity", "20000", folder=tmp_path)["venues"]
    own = next(row for row in cross if row["venue"] == "bitmex")
    # 20,000 less the maker fee of 0.05% of 60,000 behind it, 0.5% of the entry value: 60000 - 19970 + 300
    assert own["tiers"][0]["liquidation_price"] == "40330"


def test_exit_codes(tmp_path: Path) -> None:
    """Errors of the plan are 1 and told beside, spot has nothing to compare, no file is 3."""
    unreadable = run(UNREADABLE_PLAN, folder=tmp_path)
    assert (unreadable.code, unreadable.out) == (ExitCode.ERRORS, "")
    assert "SP" in unreadable.talk
    record = record_of(UNREADABLE_PLAN, folder=tmp_path)
    assert (record["venues"], bool(record["diagnostics"])) == ([], True)
    wrong = run(LONG.replace("57000", "61000"), folder=tmp_path)
    assert wrong.code == ExitCode.ERRORS
    assert "binance" in wrong.out
    spot = run("symbol: SOL/USDT\nside: long\nsize: 900 USDT\ntiers: [150]\nstop: 118\n", folder=tmp_path)
    assert (spot.code, spot.out) == (ExitCode.USAGE, "")
    assert "spot" in spot.talk
    assert outcome("compare-venues", str(tmp_path / "none.yaml")).code == ExitCode.REFUSED


# The forms


def test_the_table_says_what_it_rests_on(tmp_path: Path) -> None:
    """Each row has its model and date below; the last word is that nothing here is advice."""
    text = joined(run(LONG, folder=tmp_path).out)
    assert "binance 0.4% to 50% of mark value in 12 brackets by notional" in text.replace("binance:", "binance")
    assert "as of 2024-10-24, 21 months old" in text
    assert "bitmex 0.5% of entry value" in text.replace("bitmex:", "bitmex")
    assert "no brackets for BTC/USDT:USDT are bundled of okx" in text
    assert "models and the days of their data differ" in text
    assert "nothing here is advice" in text
    assert "safe" not in text


@pytest.mark.parametrize("width", [40, 60, 80, 120, 160])
@pytest.mark.parametrize("text", [LONG, SHORT, SIX, COIN])
def test_no_digit_is_cut(text: str, width: int, tmp_path: Path) -> None:
    """No line is wider than the screen, and the first and the last price of every row stand in it whole."""
    out = run(text, folder=tmp_path, width=width).out
    assert all(cells(line) <= width for line in out.splitlines())
    shown = set(re.findall(r"[0-9][0-9,.]*[0-9]", out))
    for row in compared(text).rows:
        for tier in (0, -1):
            price = price_at(row, tier)
            if price is None:
                # The venue's brackets end before the position does.
                assert "SP305" in joined(out)
                continue
            # A tick shows one digit behind the point, a plan without one two.
            assert any(f"{round(price, places):,}" in shown for places in (1, 2)), (row.venue, price)


def test_all_tiers_where_they_fit_else_the_first_and_the_last(tmp_path: Path) -> None:
    """Six tiers stand beside each other at 160; at 60 the first and the last, and where the others are is said."""
    wide, narrow = (run(SIX, folder=tmp_path, width=width).out for width in (160, 60))
    heads = [f"tier {number}" for number in range(1, 7)]
    found = [next(line for line in text.splitlines() if line.startswith("venue")) for text in (wide, narrow)]
    assert re.findall(r"tier \d", found[0]) == heads
    assert re.findall(r"tier \d", found[1]) == ["tier 1", "tier 6"]
    assert "those from 2 to 5 are in `--format json` and `csv`" in joined(narrow)
    assert "those from" not in wide


def test_json_has_every_row_unrounded(tmp_path: Path) -> None:
    """The record: models, fees and every tier of each venue, and why the others are not there."""
    record = record_of(SIX, folder=tmp_path)
    assert (record["format_version"], record["command"]) == ("1.0", "compare-venues")
    own, *others = record["venues"]
    assert (own["own"], own["venue"], own["tiers"][0]["liquidation"]) == (True, None, "unknown")
    binance = next(row for row in others if row["venue"] == "binance")
    assert [tier["tier"] for tier in binance["tiers"]] == [1, 2, 3, 4, 5, 6]
    # 0.1 at 60,000 and 5x: 6,000 - 1,200 = 4,800 in the first bracket of 0.4%: 48000/0.996
    assert binance["tiers"][0]["liquidation_price"].startswith("48192.7710843373493975903614")
    assert binance["tiers"][0]["bracket"] == 1
    assert binance["fees"]["maker"] == "0.0002"
    assert (binance["as_of"], binance["maintenance_on"]) == ("2024-10-24", "mark")
    reasons = {one["venue"]: one["reason"] for one in record["not_compared"]}
    assert (reasons["okx"], reasons["generic"]) == ("no brackets", "no symbol")


def test_csv_is_rectangular(tmp_path: Path) -> None:
    """One row a venue and tier; a name that a spreadsheet would reckon with is led by an apostrophe."""
    text = SIX + "name: =1+1\n"
    table = list(csv.reader(io.StringIO(run(text, "--format", "csv", folder=tmp_path).out)))
    heads = table[0]
    assert {len(row) for row in table} == {len(heads)}
    comparison = compared(SIX)
    assert len(table) == 1 + 6 * (1 + len(comparison.rows))
    rows = [dict(zip(heads, row, strict=True)) for row in table[1:]]
    assert {row["name"] for row in rows} == {"'=1+1"}
    assert [row["liquidation"] for row in rows[:6]] == ["unknown"] * 6
    assert rows[6]["venue"] == comparison.rows[0].venue
    assert D(rows[6]["liquidation_price"]) == price_at(comparison.rows[0], 0)


def test_markdown_has_every_column(tmp_path: Path) -> None:
    """All tiers and all costs, whatever their width, and the notes as a list."""
    document = run(SIX, "--format", "md", folder=tmp_path).out
    head = next(line for line in document.splitlines() if line.startswith("| venue"))
    names = [name.strip() for name in head.strip("|").split("|")]
    tiers = [f"tier {number}" for number in range(1, 7)]
    assert names[:12] == ["venue", *tiers, "room", "fees", "buffer", "maker/taker", "as of"]
    assert "- **binance**: " in document


def test_text_of_a_plan_stays_text(tmp_path: Path) -> None:
    """Control and bidi characters are seen, and in Markdown nothing is markup."""
    text = LONG + 'name: "a\\e[31m\\u202e|*b*"\n'
    for form in ("table", "md", "json", "csv"):
        out = run(text, "--format", form, folder=tmp_path).out
        assert out.replace("\n", "").isprintable(), form
    assert "\\x1b[31m\\u202e|*b*" in run(text, folder=tmp_path).out
    assert "\\|\\*b\\*" in run(text, "--format", "md", folder=tmp_path).out


def test_bundled_plans_can_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example with leverage has a table, without a word beside it."""
    monkeypatch.chdir(ROOT)
    for name in ("range-short", "inverse-long", "breakout-retest-pyramid"):
        found = outcome("compare-venues", f"plans/{name}.yaml")
        assert (found.code, found.talk) == (0, ""), name
        assert "binance" in found.out
