"""The bundled venues: their data against what was published, and plans that name them."""

import json
import re
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, cast

import pytest

from scaleplan.clock import WrongClock, now
from scaleplan.decode.bundled import BundledSymbol, read_all_bundled, read_bundled
from scaleplan.decode.profiles import read_profile, unknown_at
from scaleplan.diagnostic import Severity
from scaleplan.engine.margin import Answer
from scaleplan.ladder import Standing
from scaleplan.plan import BracketBy, Contract, MaintenanceOn, MarginModel
from scaleplan.quantity.amount import Symbol, read_symbol
from scaleplan.study import Session, study
from scaleplan.venue import VENUE_NAMES, date_of, say_age
from tests.given import codes, ladder_of, plan_of, studied, study_of
from tests.reported import show_text
from tests.running import ROOT, joined, outcome, screen_of

PUBLISHED = cast(
    "list[dict[str, Any]]",
    json.loads((Path(__file__).parent / "data" / "brackets.json").read_text(encoding="utf-8"))["tables"],
)
#: The digits that a table has where it prints a third: its deduction is off by as much.
THIRD = Decimal("1e-15")
TODAY = date(2026, 8, 21)


def symbol_of(text: str) -> Symbol:
    """A symbol that reads."""
    symbol = read_symbol(text)
    assert isinstance(symbol, Symbol)
    return symbol


def data_of(name: str, symbol: str) -> BundledSymbol:
    """What a venue's data say of a symbol."""
    return next(one for one in read_bundled(name).symbols if one.symbol == symbol)


def model_of(name: str, symbol: str) -> MarginModel:
    """The margin model of a symbol with brackets."""
    model = data_of(name, symbol).margin
    assert model is not None
    return model


def standing(text: str) -> Standing:
    """The position of a plan with everything filled."""
    return ladder_of(text).steps[-1].position


def plan_text(venue: str, symbol: str, side: str, entry: str, size: str, *more: str) -> str:
    """A plan of one market order, without a stop."""
    lines = [f"symbol: {symbol}", f"side: {side}", f"venue: {venue}", f"size: {size}", "stop: none"]
    return "\n".join([*lines, f"tiers: [{{price: {entry}, order: market}}]", *more])


# The data


def test_every_name_has_its_file_in_the_package() -> None:
    """A venue is known by name where it has a file, and nowhere else; the files are part of what is installed."""
    folder = resources.files("scaleplan") / "venue" / "data"
    assert {file.name for file in folder.iterdir()} == {f"{name}.yaml" for name in VENUE_NAMES}


@pytest.mark.parametrize("table", PUBLISHED, ids=lambda table: f"{table['venue']} {table['symbol']}")
def test_published_tables_are_in_the_data(table: dict[str, Any]) -> None:
    """Each bracket has the end, rate and leverage that were published, and the deduction that follows is theirs."""
    model = model_of(table["venue"], table["symbol"])
    assert len(model.brackets) == len(table["rows"])
    for bracket, (up_to, rate, leverage, deduction) in zip(model.brackets, table["rows"], strict=True):
        assert bracket.up_to == (None if up_to is None else Decimal(up_to))
        assert abs(bracket.rate - Decimal(rate)) <= THIRD
        assert bracket.max_leverage == (None if leverage is None else Decimal(leverage))
        if deduction is not None:
            assert abs(bracket.deduction - Decimal(deduction)) <= THIRD * (bracket.up_to or Decimal("1e9"))


def test_both_generations_of_bybit_have_the_table() -> None:
    """The brackets are those of both rules; only what they are taken of has changed."""
    new, old = (model_of(name, "BTC/USDT:USDT") for name in ("bybit", "bybit-before-2025-09-02"))
    assert new.brackets == old.brackets
    assert (new.maintenance_on, old.maintenance_on) == (MaintenanceOn.MARK, MaintenanceOn.ENTRY)


def test_what_the_venues_take_maintenance_of() -> None:
    """Basis, what chooses the bracket and the closing fee, family by family, as the venues' pages say."""
    fee = {"okx": "0.0005", "gate": "0.00075", "kucoin": "0.0006"}
    on_entry = {"bybit-before-2025-09-02", "kucoin-before-2025-05-22", "bitmex", "mexc"}
    for venue in read_all_bundled():
        for family in venue.families:
            where = (venue.name, family.contract)
            old_phemex = where == ("phemex", Contract.INVERSE)
            entry = venue.name in on_entry or old_phemex
            assert family.maintenance_on is (MaintenanceOn.ENTRY if entry else MaintenanceOn.MARK), where
            expected = "0.0006" if where == ("phemex", Contract.LINEAR) else fee.get(venue.name, "0")
            assert family.closing_fee == Decimal(expected), where
            counted = venue.name in ("okx", "mexc") or where == ("kraken", Contract.INVERSE)
            coin = BracketBy.COIN if family.contract is Contract.INVERSE else BracketBy.NOTIONAL
            assert family.bracket_by is (BracketBy.CONTRACTS if counted else coin), where
    assert [family.contract for family in read_bundled("hyperliquid").families] == [Contract.LINEAR]
    assert [family.contract for family in read_bundled("dydx").families] == [Contract.LINEAR]


@pytest.mark.parametrize("name", VENUE_NAMES)
def test_every_figure_has_a_source(name: str) -> None:
    """Formula, fees, brackets and rules each say where they come from; brackets by contracts know what one is."""
    venue = read_bundled(name)
    assert venue.title
    for family in venue.families:
        assert len(family.formula) > 40
        assert family.source
        assert (family.maker is None) == (family.taker is None) == (not family.fees_source)
        assert (family.fees_source == "") == (name == "generic")
    for symbol in venue.symbols:
        assert read_symbol(symbol.symbol) == symbol_of(symbol.symbol)
        assert bool(symbol.instrument_source) == any(rule is not None for rule in symbol.instrument)
        if symbol.margin is not None:
            assert symbol.margin.source
            assert symbol.margin.as_of
            if symbol.margin.bracket_by is BracketBy.CONTRACTS:
                assert symbol.instrument.contract_size is not None


@pytest.mark.parametrize("name", VENUE_NAMES)
def test_the_file_has_no_key_that_nothing_reads(name: str) -> None:
    """A misspelt key in the data would be lost without a word."""
    held = read_profile(name)
    known = {"as_of", "source", "maintenance_on", "bracket_by", "closing_fee", "bankruptcy_fee"}
    known |= {"fees", "fees_source", "formula"}
    for terms in held.families.values():
        assert set(terms) <= known
    for terms in held.symbols.values():
        assert set(terms) <= {"as_of", "source", "maintenance", "instrument", "instrument_source"}
    text = (resources.files("scaleplan") / "venue" / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+):", text, re.MULTILINE)) <= {"title", "writes", "linear", "inverse", "symbols"}


# Liquidation prices


@pytest.mark.parametrize(
    ("symbol", "side", "entry", "size", "leverage", "expected", "bracket"),
    [
        # long: P = (Q*E - M - d) / (Q * (1 - m)); short: P = (Q*E + M + d) / (Q * (1 + m)), M = Q*E / leverage.
        # 620,000 - 62,000 - 50 over 10 * 0.995; the entry's bracket 3 would say 56,069.45.
        ("BTC/USDT:USDT", "long", "62000", "10 BTC", 10, "56075.38", 2),
        # 589,000 + 117,800 + 950 over 9.5 * 1.0065: 74,018.88; the entry's bracket 2 would say 74,035.09.
        ("BTC/USDT:USDT", "short", "62000", "9.5 BTC", 5, "74018.88", 3),
        # 12,400,000 - 2,480,000 - 11,450 over 200 * 0.99.
        ("BTC/USDT:USDT", "long", "62000", "200 BTC", 5, "50043.18", 4),
        # 850,000 - 212,500 - 380 over 5,000 * 0.99.
        ("SOL/USDT:USDT", "long", "170", "5000 SOL", 4, "128.71", 3),
        # 48,000 + 16,000 + 170 over 400,000 * 1.01.
        ("DOGE/USDT:USDT", "short", "0.12", "400000 DOGE", 3, "0.158837", 3),
    ],
)
def test_the_bracket_is_that_of_the_liquidation_price(
    symbol: str, side: str, entry: str, size: str, leverage: int, expected: str, bracket: int
) -> None:
    """On mark value the bracket at the liquidation price counts; the entry's own would put it too far away."""
    found = standing(plan_text("binance", symbol, side, entry, size, f"leverage: {leverage}")).liquidation
    assert found.price is not None
    assert found.price.quantize(Decimal(expected)) == Decimal(expected)
    assert found.bracket == bracket


@pytest.mark.parametrize(
    ("text", "expected", "tolerance"),
    [
        # A position read from Binance's API: isolated wallet 1.3270823, which is 0.00785645255750 beyond a quarter of
        # 30 * 0.175896779661.
        (
            plan_text(
                "binance",
                "DOGE/USDT:USDT",
                "short",
                "0.175896779661",
                "30 DOGE",
                "leverage: 4",
                "extra_margin: 0.0078564525425 USDT",
            ),
            "0.21903766",
            "0.00000002",
        ),
        # Worked examples of the venues' own pages, where the data have the rate that they use.
        (plan_text("mexc", "BTC/USDT:USDT", "long", "50000", "0.1 BTC", "leverage: 25"), "48200", "0.000001"),
        (
            plan_text("kucoin-before-2025-05-22", "BTC/USDT:USDT", "short", "28000", "5 contracts", "leverage: 100"),
            "28168",
            "0.000001",
        ),
        (
            plan_text("bybit-before-2025-09-02", "BTC/USDT:USDT", "long", "20000", "1 BTC", "leverage: 50"),
            "19700",
            "0.000001",
        ),
        (
            plan_text("bybit-before-2025-09-02", "BTC/USDT:USDT", "short", "8000", "1 BTC", "leverage: 40"),
            "8160",
            "0.000001",
        ),
        # And where the example has a rate of its own: the venue's model with it.
        (
            plan_text(
                "bitmex",
                "ETH/USDT:USDT",
                "long",
                "1000",
                "20 ETH",
                "leverage: 50",
                "maintenance: 1%",
                "margin_mode: cross",
                "account: {equity: 10000}",
                "fees: {maker: 0%, taker: 0%}",
            ),
            "510",
            "0.000001",
        ),
        (
            plan_text(
                "phemex",
                "XRP/USDT:USDT",
                "long",
                "0.4",
                "500 XRP",
                "leverage: 5",
                "maintenance: 1%",
            ),
            "0.3232",
            "0.00005",
        ),
        (plan_text("dydx", "ETH/USD", "short", "3000", "3 ETH", "leverage: 9", "maintenance: 5%"), "3174.6", "0.006"),
    ],
    ids=["binance", "mexc", "kucoin", "bybit long", "bybit short", "bitmex", "phemex", "dydx"],
)
def test_venues_own_numbers_are_reproduced(text: str, expected: str, tolerance: str) -> None:
    """What a venue's page or its API says of a position, from a plan that does no more than name the venue."""
    price = standing(text).liquidation.price
    assert price is not None
    assert abs(price - Decimal(expected)) <= Decimal(tolerance)


# Plans that name a venue

BINANCE = plan_text("binance", "BTC/USDT:USDT", "long", "60000", "0.5 BTC", "leverage: 10")


def test_a_plan_takes_what_the_venue_says() -> None:
    """Model, brackets with their date, fees, tick and lot, in whatever case the name is written."""
    plan = plan_of(BINANCE.replace("venue: binance", "venue: Binance"))
    assert plan.margin == model_of("binance", "BTC/USDT:USDT")
    assert (plan.venue_name, plan.margin.name, plan.margin.as_of) == ("binance", "binance", "2024-10-24")
    assert (plan.fees.maker, plan.fees.taker, plan.fees.written) == (Decimal("0.0002"), Decimal("0.0005"), True)
    assert (plan.instrument.tick_size, plan.instrument.lot_size) == (Decimal("0.1"), Decimal("0.001"))


@pytest.mark.parametrize("symbol", ["BTC/USDT:USDT", "BTC/USDT", "btc/usdt", "btc/usdt:usdt"])
def test_the_settle_currency_may_be_left_out(symbol: str) -> None:
    """With leverage BTC/USDT is the linear contract, and finds its brackets."""
    plan = plan_of(BINANCE.replace("BTC/USDT:USDT", symbol))
    assert plan.margin is not None
    assert len(plan.margin.brackets) == 12


@pytest.mark.parametrize("symbol", ["BTC/USDC:USDC", "BTC/USDC", "BTC/USD:USD", "BTC/USD"])
def test_a_venue_s_own_name_for_the_market_is_found(symbol: str) -> None:
    """Hyperliquid writes BTC-USD and settles in USDC: a plan may write either, but not USDT."""
    plan = plan_of(plan_text("hyperliquid", symbol, "long", "60000", "0.5 BTC", "leverage: 10"))
    assert plan.margin is not None
    assert plan.margin.brackets[0].rate == Decimal("0.0125")
    found = studied(plan_text("hyperliquid", "BTC/USDT", "long", "60000", "0.5 BTC", "leverage: 10"))
    assert found.plan.margin is None
    assert "SP406" in codes(found)


def test_an_inverse_contract_takes_the_inverse_terms() -> None:
    """BTC/USD:BTC is another contract with other brackets, fees and rules."""
    plan = plan_of(plan_text("binance", "BTC/USD:BTC", "long", "60000", "100 contracts", "leverage: 5"))
    assert plan.margin is not None
    assert (plan.margin.bracket_by, len(plan.margin.brackets)) == (BracketBy.COIN, 7)
    assert (plan.fees.maker, plan.instrument.contract_size) == (Decimal("0.0001"), Decimal(100))


def test_what_the_plan_writes_goes_over_the_venue_key_by_key() -> None:
    """Own fees and rules replace those of the venue that they name, and no other."""
    plan = plan_of(f"{BINANCE}\nfees: {{taker: 0.03%}}\ninstrument: {{tick_size: 1}}")
    assert (plan.fees.maker, plan.fees.taker) == (Decimal("0.0002"), Decimal("0.0003"))
    assert (plan.instrument.tick_size, plan.instrument.lot_size) == (Decimal(1), Decimal("0.001"))


def test_own_maintenance_stands_in_the_venue_s_model() -> None:
    """The venue's basis and closing fee with the plan's rate; no date is claimed for what the trader wrote."""
    plan = plan_of(
        plan_text("okx", "BTC/USDT:USDT", "long", "60000", "50 contracts", "leverage: 10", "maintenance: 0.4%")
    )
    assert plan.margin is not None
    assert (plan.margin.name, plan.margin.as_of, plan.margin.source) == ("okx, maintenance as written", "", "")
    assert (plan.margin.closing_fee, plan.margin.brackets[0].rate) == (Decimal("0.0005"), Decimal("0.004"))
    assert plan.fees.taker == Decimal("0.0005")
    assert plan.instrument.contract_size == Decimal("0.01")
    old = plan_of(BINANCE.replace("binance", "bybit-before-2025-09-02") + "\nmaintenance: 1%")
    assert old.margin is not None
    assert old.margin.maintenance_on is MaintenanceOn.ENTRY


def test_own_brackets_by_contracts_ask_what_a_contract_is() -> None:
    """OKX chooses brackets by contracts: for a symbol without rules the size of one must be written."""
    text = plan_text("okx", "FOO/USDT:USDT", "long", "60000", "1 FOO", "leverage: 2")
    text += "\nmaintenance: [{up_to: 10, rate: 1%}, {rate: 2%}]"
    assert "SP102" in codes(text)
    assert "SP102" not in codes(f"{text}\ninstrument: {{contract_size: 1}}")


def test_a_mistake_in_own_maintenance_is_told_where_it_stands() -> None:
    """Nothing that is told of a plan with a venue's name points into the package."""
    found = study_of(f"{BINANCE}\nmaintenance: 0.4")
    wrong = [one for one in found.diagnostics if one.severity is Severity.ERROR]
    assert [(one.path, one.span.text) for one in wrong] == [("maintenance", "0.4")]
    assert {one.span.source.name for one in found.diagnostics} == {"plan.yaml"}


def test_a_spot_plan_takes_nothing() -> None:
    """A venue's terms are those of its contracts: no futures fee and no tick for what is bought outright."""
    found = studied("symbol: BTC/USDT\nside: long\nvenue: binance\nsize: 900 USDT\ntiers: [60000]\nstop: 58000\n")
    assert (found.plan.margin, found.plan.fees.written, found.plan.instrument.tick_size) == (None, False, None)
    assert found.plan.venue_name == "binance"
    assert "SP406" not in codes(found)


@pytest.mark.parametrize(
    ("venue", "symbol", "said"),
    [
        ("binance", "ADA/USDT:USDT", ("no brackets for `ADA/USDT:USDT`", "BTC/USDT:USDT", "DOGE/USDT:USDT")),
        ("okx", "BTC/USDT:USDT", ("okx has no brackets for `BTC/USDT:USDT`", "ADA/USDT:USDT")),
        ("kucoin", "BTC/USDT:USDT", ("kucoin has no brackets", "none for any other symbol")),
        ("hyperliquid", "BTC/USD:BTC", ("no data of inverse contracts at hyperliquid",)),
        ("generic", "BTC/USDT:USDT", ("generic has no brackets",)),
    ],
)
def test_a_symbol_without_brackets_says_so(venue: str, symbol: str, said: tuple[str, ...]) -> None:
    """Nothing is guessed: liquidation is unknown, and the warning says what there is and asks for `maintenance`."""
    found = studied(plan_text(venue, symbol, "long", "60000", "5 contracts", "leverage: 4", CONTRACT))
    assert found.ladder is not None
    assert found.ladder.steps[-1].position.liquidation.answer is Answer.UNKNOWN
    warning = next(one for one in found.diagnostics if one.code == "SP406")
    assert warning.severity is Severity.WARNING
    assert warning.path == "venue"
    assert all(words in warning.message for words in said), warning.message
    assert "maintenance" in warning.help
    assert ("the venue" if venue == "generic" else venue) in warning.help
    table = " ".join(show_text(found._replace(diagnostics=()), width=120, colour=False).split())
    assert f"n/a: {venue}'s brackets for {symbol} are not bundled; write `maintenance:`" in table
    assert found.plan.margin is None


CONTRACT = "instrument: {contract_size: 1}"


def test_the_warning_names_symbols_of_the_same_contract_only() -> None:
    """An inverse plan is not told of linear symbols."""
    said = unknown_at("binance", symbol_of("ETH/USD:ETH"), Contract.INVERSE)
    assert "BTC/USD:BTC" in said
    assert "USDT" not in said


def test_a_mapping_that_bears_a_venue_s_name_is_the_trader_s_own() -> None:
    """`venue: {name: binance, ...}` takes nothing from the data."""
    found = studied(BINANCE.replace("venue: binance", "venue: {name: binance, fees: {taker: 0.01%}}"))
    plan = found.plan
    assert (plan.margin, plan.instrument.tick_size, plan.fees.taker) == (None, None, Decimal("0.0001"))
    warning = next(one for one in found.diagnostics if one.code == "SP406")
    assert "no maintenance rate is written" in warning.message


def test_a_mapping_without_maintenance_takes_the_plan_s() -> None:
    """Its basis and its closing fee count for the maintenance that stands beside it."""
    text = BINANCE.replace("venue: binance", "venue: {name: mine, maintenance_on: entry}") + "\nmaintenance: 1%"
    plan = plan_of(text)
    assert plan.margin is not None
    assert (plan.margin.name, plan.margin.maintenance_on) == ("mine", MaintenanceOn.ENTRY)


def test_a_name_that_is_none_is_an_error_with_the_nearest() -> None:
    """A misspelt venue is no reason to reckon with another."""
    found = study_of(BINANCE.replace("binance", "bybit-before"))
    assert found.plan is None
    assert any(one.code == "SP129" and "bybit" in one.help for one in found.diagnostics)


def test_a_file_is_read_once_in_a_run() -> None:
    """A thousand plans that name a venue share one reading of its file."""
    assert read_profile("binance") is read_profile("binance")


# Dates and ages


@pytest.mark.parametrize(
    ("as_of", "age"),
    [
        ("2026-08-21", "0 days old"),
        ("2026-08-20", "1 day old"),
        ("2026-06-23", "59 days old"),
        # 60 days: from here on whole months.
        ("2026-06-22", "1 month old"),
        ("2026-02-21", "6 months old"),
        ("2026-02-22", "5 months old"),
        ("2024-08-22", "23 months old"),
        ("2024-08-21", "2 years old"),
        ("2021-08-22", "4 years old"),
        ("2026-08-22", "dated 1 day after today"),
        ("2030-01-01", "dated 1229 days after today"),
        ("2026-02", "up to 6 months old"),
        ("2024 or 2025, undated", "up to 2 years old"),
        ("2021, inferred", "up to 5 years old"),
        ("undated", ""),
        ("2026-13-01", ""),
        ("20260821", ""),
        ("", ""),
    ],
)
def test_ages_in_words(as_of: str, age: str) -> None:
    """Days below 60, months below 24, then years; a part of a date counts from its first day."""
    assert say_age(as_of, TODAY) == age


def test_the_first_day_that_a_date_may_mean() -> None:
    """A year is its first day, so that data never look younger than they are."""
    assert date_of("2024 or 2025, undated") == date(2024, 1, 1)
    assert date_of("2023-11 or later") == date(2023, 11, 1)
    assert date_of("as of 2024") is None


def test_the_clock_is_one_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH stands for now; what is no moment is refused as wrong usage by whatever needs the time."""
    assert now().date() == TODAY
    assert Session().today == TODAY
    assert studied(BINANCE).today == TODAY
    assert studied(BINANCE, today="2020-01-01").today == date(2020, 1, 1)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert abs((now().date() - date.today()).days) <= 1  # noqa: DTZ011 - the day that the machine says it is
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(WrongClock):
        now()
    for command in (("show", "-"), ("check", "plans"), ("venues",), ("venues", "show", "okx")):
        ran = outcome(*command)
        assert (ran.code, ran.out) == (2, ""), command
        assert ran.talk == "scaleplan: SOURCE_DATE_EPOCH: not a number of seconds since 1970\n"


@pytest.mark.parametrize(
    ("venue", "said"),
    [
        (
            "binance",
            "12 brackets by notional, bracket 1 of 12 (0.4%) at full size, as of 2024-10-24, 21 months old",
        ),
        (
            "bybit-before-2025-09-02",
            "bracket 1 of 20 (0.5%) at full size, as of 2024 or 2025, undated, up to 2 years old",
        ),
        (
            "phemex",
            "phemex, 0.5% of mark value, closing fee 0.06%, 0.06% at the bankruptcy price beside the margin, undated",
        ),
        ("mexc", "mexc, 0.4% of entry value, as of 2023-11 or later, up to 2 years old"),
        ("{name: mine, as_of: 2026-09-01, maintenance: 1%}", "mine, 1% of mark value, as of 2026-09-01, dated 11 days"),
    ],
)
def test_the_footer_says_bracket_date_and_age(venue: str, said: str) -> None:
    """Under the table stand the model, the bracket that decides at full size, the date of the data, and their age."""
    found = studied(BINANCE.replace("venue: binance", f"venue: {venue}"))
    assert said in " ".join(show_text(found._replace(diagnostics=()), width=120, colour=False).split())


def test_the_checklist_names_model_bracket_and_date(tmp_path: Path) -> None:
    """In its head, where there is room for little: the paper is held when the venue may have changed them."""
    (tmp_path / "plan.yaml").write_text(BINANCE, encoding="utf-8")
    assert "binance bracket 1/12, 2024-10-24" in outcome("checklist", str(tmp_path / "plan.yaml")).out
    (tmp_path / "plan.yaml").write_text(BINANCE.replace("venue: binance", "maintenance: 1%"), encoding="utf-8")
    about = outcome("checklist", str(tmp_path / "plan.yaml")).out.partition("printed")[0]
    assert "isolated" in about
    assert "written" not in about


# The commands


def test_the_list_names_every_venue() -> None:
    """Name, contracts, how many symbols have brackets, the oldest date and its age, the symbols below."""
    out = outcome("venues").out
    assert [line.split()[0] for line in out.splitlines()[1:] if not line.startswith(" ")] == list(VENUE_NAMES)
    assert re.search(r"^binance +linear, inverse +6  2021-2024 +up to 5 years$", out, re.MULTILINE)
    assert re.search(r"^kucoin +linear, inverse +none  - +-$", out, re.MULTILINE)
    assert re.search(r"^gate +linear, inverse +1  2026-08-09  12 days$", out, re.MULTILINE)
    assert "SOL/USDT:USDT" in out


def test_a_page_has_formula_fees_brackets_rules_and_sources() -> None:
    """All that is known of a venue, with the formula in words and no symbols of mathematics."""
    ran = outcome("venues", "show", "binance")
    assert (ran.code, ran.talk) == (0, "")
    text = joined(ran.out)
    for words in (
        "Binance USD-M and COIN-M futures",
        "maintenance margin = rate x value at that mark price - deduction",
        "maker 0.02%, taker 0.05%",
        "tick 0.1, lot 0.001 BTC; ccxt/ccxt",
        "tick 0.1, lot 1 contract, contract 100 USD",
        "commit 3d9514d2",
        "as of 2024-10-24, 21 months old",
        "no published table",
    ):
        assert words in text, words
    assert re.search(r"^ +3 +3,000,000 +0.65% +950 +75x$", ran.out, re.MULTILINE)
    assert "n/a: write `instrument`" in text
    # Hyperliquid's 15x: half of a fifteenth, and 100,000,000 * (1/30 - 2%).
    table = outcome("venues", "show", "hyperliquid").out
    assert re.search(r"^ +2 +open +3.3333333% +1,333,333.333 +15x$", table, re.MULTILINE)
    assert "lot 0.1 contracts, contract 0.01 BTC" in joined(outcome("venues", "show", "okx").out)


def test_several_venues_and_one_that_is_none() -> None:
    """Each name once; a misspelt one is answered with the nearest, and the others are shown all the same."""
    ran = outcome("venues", "show", "OKX", "okx", "gte")
    assert ran.out.count("OKX perpetual swaps") == 1
    assert ran.code == 2
    assert ran.talk == "scaleplan: `gte` is no venue that is known; did you mean `gate`?\n"
    lost = outcome("venues", "show", "\x1b]0;zz")
    assert (lost.code, lost.out) == (2, "")
    assert "\x1b" not in lost.talk
    assert "there are binance, bybit" in lost.talk


def test_venues_as_json() -> None:
    """Decimals are strings, what is not known is null, the age counts days."""
    listed = json.loads(outcome("venues", "--format", "json").out)
    assert (listed["format_version"], listed["command"], listed["today"]) == ("1.0", "venues", "2026-08-21")
    assert [one["name"] for one in listed["venues"]] == list(VENUE_NAMES)
    gate = next(one for one in listed["venues"] if one["name"] == "gate")
    assert gate["brackets"] == [{"symbol": "BTC/USDT:USDT", "as_of": "2026-08-09", "age_days": 12}]
    shown = json.loads(outcome("venues", "show", "hyperliquid", "kraken", "--format", "json").out)
    assert shown["command"] == "venues show"
    hyperliquid, kraken = shown["venues"]
    assert hyperliquid["inverse"] is None
    assert hyperliquid["linear"]["fees"] == {"maker": "0.00015", "taker": "0.00045"}
    assert hyperliquid["symbols"][0]["maintenance"]["brackets"][1] == {
        "bracket": 2,
        "up_to": None,
        "rate": "0.025",
        "deduction": "1875000",
        "max_leverage": "20",
    }
    assert hyperliquid["symbols"][0]["instrument"]["tick_size"] is None
    assert kraken["symbols"][0]["maintenance"]["age_days"] is None
    assert kraken["symbols"][1]["maintenance"] is None


def test_venues_as_markdown() -> None:
    """Tables and headings; nothing of a source is markup."""
    assert outcome("venues", "--format", "md").out.startswith("| venue | contracts | symbols |")
    page = outcome("venues", "show", "kraken", "--format", "md").out
    assert page.startswith("# kraken\n")
    assert "PI\\_XBTUSD" in page
    assert "| 8 | 75,000,000 | 20% | 2.5x |" in page


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    """Prose is wrapped and tables become blocks where they do not fit; no figure is cut."""
    screen = screen_of(width)
    for command in (("venues",), ("venues", "show", *VENUE_NAMES)):
        lines = outcome(*command, screen=screen).out.splitlines()
        # A path has no blank to be wrapped at.
        assert max(len(line) for line in lines if "/" not in line) <= width


def test_the_bundled_plan_says_nothing_against_itself() -> None:
    """The example that names a venue is free of errors and of warnings."""
    path = ROOT / "plans" / "venue-brackets-pyramid.yaml"
    found = study(str(path), path.read_bytes())
    assert [one for one in found.diagnostics if one.severity is not Severity.NOTE] == []
