"""`scaleplan venues import`: what was saved from an exchange becomes a venue file, or a clear error; never a guess."""

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaleplan import store
from scaleplan.cli.reply import ExitCode, Reply
from scaleplan.decode import read_beside
from scaleplan.imports.records import (
    ImportOptions,
    PrecisionUnit,
    RateUnit,
    SavedFile,
    SymbolTerms,
    Unasked,
    Unusable,
)
from scaleplan.imports.terms import ImportResult, import_files
from scaleplan.imports.values import BYTES
from scaleplan.imports.write import venue_text
from scaleplan.layout import lay_out
from scaleplan.plan import Bracket, BracketBy, Instrument
from tests.running import ROOT, joined, outcome, process

D = Decimal
DATA = ROOT / "tests" / "data" / "venues"
SAVED = ROOT / "plans" / "saved"
LINEAR = (SAVED / "binance-brackets.json", SAVED / "binance-rules.json")
COIN = (DATA / "binance-coin-brackets.json", DATA / "binance-coin-rules.json")
BYBIT = (DATA / "bybit-risk-limit.json", DATA / "bybit-instruments.json")
OKX = (DATA / "okx-position-tiers.json", DATA / "okx-instruments.json")
CCXT_OKX = (DATA / "ccxt-okx-tiers.json", DATA / "ccxt-okx-markets.json")
SAMPLES = sorted([*SAVED.glob("*.json"), *DATA.glob("*.json")])
SAVED_ON = date(2026, 1, 2)
NO_WISHES = ImportOptions()


def made(*files: Path, options: ImportOptions = NO_WISHES) -> ImportResult:
    """What files come to, all of them saved on one day."""
    return import_files([SavedFile(path.name, path.read_bytes(), SAVED_ON) for path in files], options)


def of_value(*values: object, options: ImportOptions = NO_WISHES) -> ImportResult:
    """What JSON values come to, each in a file of its own."""
    files = [SavedFile(f"{index}.json", json.dumps(value).encode(), SAVED_ON) for index, value in enumerate(values)]
    return import_files(files, options)


def the(result: ImportResult, symbol: str) -> SymbolTerms:
    """The terms of one symbol."""
    (found,) = [one for one in result.terms if one.symbol == symbol]
    return found


def bounds(terms: SymbolTerms) -> list[tuple[str, str]]:
    """Where brackets end, and their rates."""
    return [(str(one.up_to), f"{(one.rate * 100).normalize():f}%") for one in terms.brackets]


def notes(result: ImportResult) -> list[str]:
    """What is said."""
    return [f"{note.symbol}: {note.text}" for note in result.notes]


def refused(*values: object, options: ImportOptions = NO_WISHES) -> Unusable:
    """Why values cannot be made."""
    with pytest.raises(Unusable) as caught:
        of_value(*values, options=options)
    return caught.value


def binance(*brackets: dict[str, object], symbol: str = "BTCUSDT") -> list[dict[str, object]]:
    """An answer of leverageBracket."""
    return [{"symbol": symbol, "brackets": list(brackets)}]


def step(floor: object, cap: object, rate: object, **more: object) -> dict[str, object]:
    """A bracket of Binance."""
    return {"notionalFloor": floor, "notionalCap": cap, "maintMarginRatio": rate, "initialLeverage": 10, **more}


def bybit(*rows: tuple[object, object, object, object], symbol: str = "BTCUSDT") -> dict[str, object]:
    """An answer of risk-limit: bound, maintenance, initial, leverage."""
    keys = ("riskLimitValue", "maintenanceMargin", "initialMargin", "maxLeverage")
    listed = [{"symbol": symbol, **dict(zip(keys, row, strict=True))} for row in rows]
    return {"retCode": 0, "retMsg": "OK", "result": {"list": listed}}


def tiers(symbol: str, *rows: tuple[object, object, object, object], **info: object) -> dict[str, object]:
    """Ccxt's tiers of one symbol: floor, cap, rate, leverage."""
    keys = ("minNotional", "maxNotional", "maintenanceMarginRate", "maxLeverage")
    return {symbol: [{**dict(zip(keys, row, strict=True)), "info": info} for row in rows]}


def market(price: object, amount: object, **more: object) -> dict[str, object]:
    """A market of ccxt."""
    base: dict[str, object] = {"symbol": "BTC/USDT:USDT", "id": "BTCUSDT", "type": "swap", "contractSize": 1}
    return base | {"precision": {"price": price, "amount": amount}, "limits": {}, "info": {}} | more


# What the shapes come to


def test_binance_linear() -> None:
    """The published table of 2024-10-24, its rules, the day inside the answer, and the venue's model and fees."""
    terms = the(made(*LINEAR), "BTC/USDT:USDT")
    assert bounds(terms)[:3] == [("50000", "0.4%"), ("600000", "0.5%"), ("3000000", "0.65%")]
    assert (len(terms.brackets), terms.bracket_by) == (12, BracketBy.NOTIONAL)
    assert terms.brackets[0].max_leverage == 125
    # The published `cum` of the last bracket.
    assert terms.brackets[-1].deduction == D(421481450)
    assert terms.instrument == Instrument(D("0.10"), D("0.001"), D(100), None, D(125))
    assert (terms.name, terms.as_of, terms.model.closing_fee) == ("binance", date(2024, 10, 24), D(0))


def test_binance_coin() -> None:
    """A COIN-M table counts coin, also where the exchange writes `qtylFloor`; its contracts are dollars."""
    terms = the(made(*COIN), "BTC/USD:BTC")
    assert bounds(terms)[:2] == [("5", "0.4%"), ("10", "0.5%")]
    assert (terms.bracket_by, terms.instrument.contract_size) == (BracketBy.COIN, D(100))
    # 5 * (0.5% - 0.4%) = 0.005, ... the deduction with which the exchange's calculator agrees.
    assert terms.brackets[-1].deduction == D("11.605")


def test_bybit_linear() -> None:
    """Fractions, an empty first deduction, and the older of the two answers' days."""
    result = made(*BYBIT)
    terms = the(result, "BTC/USDT:USDT")
    assert bounds(terms) == [("2000000", "0.5%"), ("2600000", "0.56%"), ("3200000", "0.63%")]
    assert terms.instrument == Instrument(D("0.10"), D("0.001"), D(5), None, D("100.00"))
    # The answers are of 2025-01-01 and 2025-01-02.
    assert (terms.bracket_by, terms.as_of) == (BracketBy.NOTIONAL, date(2025, 1, 1))
    assert not any("deduction" in note for note in notes(result))


def test_bybit_inverse_in_percent() -> None:
    """`0.5` at 100x is 0.5%, and the bounds count coin."""
    terms = the(made(DATA / "bybit-inverse-risk-limit.json"), "BTC/USD:BTC")
    assert bounds(terms) == [("150", "0.5%"), ("300", "1%")]
    assert terms.bracket_by is BracketBy.COIN


@pytest.mark.parametrize("files", [OKX, CCXT_OKX], ids=["OKX", "ccxt"])
def test_okx_counts_contracts(files: tuple[Path, ...]) -> None:
    """Tiers count contracts, also where ccxt calls them notional; a tier may begin one contract later."""
    terms = the(made(*files), "ADA/USDT:USDT")
    assert bounds(terms) == [("1500", "0.5%"), ("3000", "0.75%"), ("6000", "1%")]
    assert (terms.bracket_by, terms.instrument.contract_size) == (BracketBy.CONTRACTS, D(100))
    assert {one.deduction for one in terms.brackets} == {0}
    # OKX holds its taker fee back at the mark price.
    assert (terms.name, terms.model.closing_fee) == ("okx", D("0.0005"))


def test_ccxt_of_binance_as_freqtrade_keeps_it() -> None:
    """The day stands in the file; the inverse table counts coin though ccxt calls it notional."""
    result = made(DATA / "ccxt-binance-tiers.json")
    linear, coin = the(result, "BTC/USDT:USDT"), the(result, "BTC/USD:BTC")
    assert (linear.bracket_by, coin.bracket_by) == (BracketBy.NOTIONAL, BracketBy.COIN)
    assert {linear.as_of, coin.as_of} == {date(2024, 10, 24)}
    assert {linear.name, coin.name} == {"binance"}
    assert bounds(coin) == [("5", "0.4%"), ("10", "0.5%")]


def test_ccxt_precision_in_digits() -> None:
    """3 digits are a step of 0.001 where orders of 0.001 are taken; a price of 1 is asked for."""
    options = ImportOptions(price=PrecisionUnit.DIGITS)
    terms = the(made(DATA / "ccxt-digits-markets.json", options=options), "BTC/USDT:USDT")
    assert terms.instrument == Instrument(D("0.1"), D("0.001"), D(5))
    assert (terms.maker, terms.taker) == (D("0.0002"), D("0.0004"))


@pytest.mark.parametrize("files", [LINEAR, COIN, BYBIT, OKX, CCXT_OKX], ids=lambda files: files[0].stem)
def test_the_file_is_one_that_plans_read(files: tuple[Path, ...]) -> None:
    """No diagnostic, in canonical layout, and the same bytes in whatever order the files are named."""
    text = venue_text(made(*files).terms, ["a", "b"])
    assert read_beside("venue.yaml", text.encode(), "venue") == ()
    assert lay_out("venue.yaml", text.encode()).text == text
    assert venue_text(made(*reversed(files)).terms, ["a", "b"]) == text


def test_the_text() -> None:
    """One bracket a line, and above it where the figures come from."""
    found = outcome("venues", "import", *map(str, OKX), "--symbol", "ADA-USDT-SWAP", "--as-of", "2023-05-19")
    assert found.code == 0
    assert found.out == (
        "# Made by `scaleplan venues import` from okx-instruments.json, okx-position-tiers.json.\n"
        "# A plan beside this file takes its terms with `venue:` and the file's path. Deductions are derived.\n"
        "ADA/USDT:USDT:\n"
        "  name: okx\n"
        "  as_of: 2023-05-19\n"
        "  source: OKX position-tiers (okx-position-tiers.json), OKX instruments (okx-instruments.json)\n"
        "  maintenance_on: mark\n"
        "  closing_fee: 0.05%\n"
        "  maintenance:\n"
        "    - {up_to: 1500, rate: 0.5%, max_leverage: 75}\n"
        "    - {up_to: 3000, rate: 0.75%, max_leverage: 50}\n"
        "    - {up_to: 6000, rate: 1%, max_leverage: 40}\n"
        "  bracket_by: contracts\n"
        "  fees: {maker: 0.02%, taker: 0.05%}\n"
        "  instrument: {tick_size: 0.0001, lot_size: 0.1, contract_size: 100, max_leverage: 75}\n"
    )


# Down to the liquidation price


@pytest.mark.parametrize(
    ("files", "symbol", "size", "price", "expected"),
    [
        # Bracket 2: (620,000 - 62,000 - 50) / (10 * (1 - 0.5%)) = 557,950 / 9.95; worth 560,754 there, in bracket 2.
        (LINEAR, "BTC/USDT:USDT", "10 BTC", "62000", "56075.37688442"),
        # 300,000 USD at 50,000 are 6 BTC, margin 0.6: 300,000 * 1.005 / (6 + 0.6 + 0.005) = 301,500 / 6.605; bracket 2.
        (COIN, "BTC/USD:BTC", "300000 USD", "50000", "45647.23694171"),
        # 60,000 USD at 30,000 are 2 BTC, margin 0.2: 60,000 * 1.005 / 2.2.
        ((DATA / "bybit-inverse-risk-limit.json",), "BTC/USD:BTC", "60000 USD", "30000", "27409.09090909"),
        # 2,000 contracts of 100 ADA: 0.75%, not the 1% of a notional of 100,000; with the fee of 0.05%
        # (100,000 - 10,000) / (200,000 * (1 - 0.8%)) = 90,000 / 198,400.
        (OKX, "ADA/USDT:USDT", "200000 ADA", "0.5", "0.45362903225"),
        (CCXT_OKX, "ADA/USDT:USDT", "200000 ADA", "0.5", "0.45362903225"),
    ],
    ids=["Binance", "Binance COIN-M", "Bybit inverse", "OKX", "ccxt of OKX"],
)
def test_liquidation_by_hand(
    files: tuple[Path, ...], symbol: str, size: str, price: str, expected: str, tmp_path: Path
) -> None:
    """A long at 10x with the imported terms is liquidated where hand arithmetic says, and `check` takes the file."""
    written = outcome("venues", "import", *map(str, files), "-o", str(tmp_path / "venue.yaml"))
    assert written.code == 0
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        f"symbol: {symbol}\nside: long\nvenue: ./venue.yaml\nleverage: 10\nsize: {size}\ntiers: [{price}]\n"
        f"stop: {D(price) * D('0.95')}\n"
    )
    assert outcome("check", str(tmp_path / "venue.yaml"), str(plan)).code == 0
    shown = json.loads(outcome("show", str(plan), "--format", "json").out)
    found = D(shown["tiers"][-1]["position"]["liquidation_price"])
    assert abs(found / D(expected) - 1) < D("1e-10")


# Percent or fraction


@pytest.mark.parametrize(
    ("rows", "rate"),
    [
        ([("1000", "0.5", "1", "100")], "0.005"),
        ([("1000", "0.005", "0.01", "100")], "0.005"),
        ([("1000", "0.005", "", "100")], "0.005"),
        ([("1000", "0.5", "", "100")], "0.005"),
        # 5% at 1x says nothing by itself; the step before it does.
        ([("1000", "0.005", "", "100"), ("2000", "0.05", "", "1")], "0.005"),
    ],
)
def test_bybit_rates(rows: list[tuple[object, object, object, object]], rate: str) -> None:
    """The leverage that goes with a rate tells percent from fraction, for all steps alike."""
    assert the(of_value(bybit(*rows)), "BTC/USDT:USDT").brackets[0].rate == D(rate)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("1000", "0.05", "", "1")], "the rates may be percent or fractions (maintenance 0.05 at 1x)"),
        ([("1000", "0.5", "", "")], "the rates may be percent or fractions (maintenance 0.5)"),
        (
            [("1000", "0.005", "0.01", "100"), ("2000", "1", "2", "50")],
            "some rates are percent (maintenance 1 at 50x) and some are fractions (maintenance 0.005 at 100x)",
        ),
    ],
)
def test_undecidable_rates_are_asked_for(rows: list[tuple[object, object, object, object]], said: str) -> None:
    """Rates that may be either are an error that names the option, and the option settles it."""
    error = refused(bybit(*rows))
    assert error.message == said
    assert "`--rates percent` or `--rates fraction`" in error.help
    # The first rate, read as percent: a hundredth of it.
    percent = of_value(bybit(*rows), options=ImportOptions(rates=RateUnit.PERCENT)).terms[0].brackets[0].rate
    assert percent == D(str(rows[0][1])) / 100


def test_a_rate_of_the_whole_value_asks_for_percent() -> None:
    """Ccxt writes fractions; 1.5 as one would be 150%."""
    value = tiers("BTC/USDT:USDT", (0, 1000, "1.5", 10))
    error = refused(value)
    assert (error.message, error.help.endswith("`--rates percent`")) == (
        "BTC/USDT:USDT: the rate 150% is not below 100%",
        True,
    )
    assert of_value(value, options=ImportOptions(rates=RateUnit.PERCENT)).terms[0].brackets[0].rate == D("0.015")


# Step or digits


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # A fraction is a step; no step is 0; no price has a hundred digits.
        (market("0.5", "0.25"), ("0.5", "0.25")),
        (market(1e-8, 100), ("0.00000001", "100")),
        (market(0, 0), ("1", "1")),
        # The exchange's own filters.
        (market(1, 1, info={"tickSz": "1", "lotSz": "1"}), ("1", "1")),
        (market(1, "0.5", info={"priceFilter": {"tickSize": "0.1"}}), ("0.1", "0.5")),
        (market("0.5", 1, info={"filters": [{"filterType": "LOT_SIZE", "stepSize": "0.1"}]}), ("0.5", "0.1")),
        # An order of 0.01 is no multiple of a step of 2.
        (market("0.5", 2, limits={"amount": {"min": 0.01}}), ("0.5", "0.01")),
        (market(1, 2, precisionMode=4), ("1", "2")),
        (market(1, 2, precisionMode="DECIMAL_PLACES"), ("0.1", "0.01")),
        (market(5, 2, precisionMode=3), (None, None)),
    ],
)
def test_precision(written: dict[str, object], expected: tuple[str | None, str | None]) -> None:
    """What settles whether 1 is a step of 1 or one digit."""
    instrument = the(of_value([written]), "BTC/USDT:USDT").instrument
    assert (instrument.tick_size, instrument.lot_size) == tuple(None if one is None else D(one) for one in expected)


def test_ambiguous_precision_is_asked_for() -> None:
    """What may be either is an error that names the option; another market of the same file may settle it."""
    error = refused([market("0.5", 2)])
    assert error.message == "BTC/USDT:USDT: the amount precision 2 may be a step of 2 or 2 digits behind the point"
    assert error.help == "say which with `--precision amount=step` or `amount=digits`"
    for unit, lot in ((PrecisionUnit.STEP, "2"), (PrecisionUnit.DIGITS, "0.01")):
        given = of_value([market("0.5", 2)], options=ImportOptions(amount=unit))
        assert given.terms[0].instrument.lot_size == D(lot)
    other = market("0.01", "0.5", symbol="ETH/USDT:USDT", id="ETHUSDT")
    assert the(of_value([market("0.5", 2), other]), "BTC/USDT:USDT").instrument.lot_size == 2
    both = refused([market(1, 2)])
    assert "1 significant digit, and the amount precision 2 may be a step of 2" in both.message
    assert "`--precision price=step,amount=step`; each may be `digits` too, and prices `significant`" in both.help


def test_a_unit_that_a_precision_cannot_be_in_is_refused() -> None:
    """An option cannot make digits of a fraction, nor a step of 0."""
    for value, unit, said in (
        ("0.5", PrecisionUnit.DIGITS, "number of digits"),
        ("0.5", PrecisionUnit.SIGNIFICANT, "number of significant digits"),
        (0, PrecisionUnit.STEP, "step"),
    ):
        error = refused([market(value, "0.5")], options=ImportOptions(price=unit))
        assert error.message == f"BTC/USDT:USDT: the price precision {value} is no {said}"


# What brackets count


def test_units_that_ccxt_does_not_say() -> None:
    """Notional is assumed for linear contracts and said so; for inverse ones it is asked for."""
    linear = of_value(tiers("X/USDT:USDT", (0, 1000, "0.01", 10)))
    assert linear.terms[0].bracket_by is BracketBy.NOTIONAL
    assert any("if they count contracts say `--bracket-by`" in note for note in notes(linear))
    inverse = tiers("X/USD:X", (0, 1000, "0.01", 10), (1000, 2000, "0.02", 5))
    assert "may count coin or contracts" in refused(inverse).message
    assert of_value(inverse, options=ImportOptions(name="okx")).terms[0].bracket_by is BracketBy.CONTRACTS
    assert of_value(inverse, options=ImportOptions(name="bybit")).terms[0].bracket_by is BracketBy.COIN
    said = of_value(inverse, options=ImportOptions(bracket_by=BracketBy.COIN)).terms[0]
    assert (said.bracket_by, said.name) == (BracketBy.COIN, "generic")


def test_mexc_and_kraken_count_contracts() -> None:
    """Their own words inside ccxt's tiers give it away."""
    for word in ("riskIncrVol", "contracts"):
        value = tiers("X/USD:X", (0, 1000, "0.01", 10), **{word: "1"})
        assert of_value(value).terms[0].bracket_by is BracketBy.CONTRACTS


def test_an_option_cannot_contradict_the_answer() -> None:
    """OKX counts contracts, whoever says otherwise."""
    with pytest.raises(Unasked, match="count contracts, not notional"):
        made(*OKX, options=ImportOptions(bracket_by=BracketBy.NOTIONAL))
    with pytest.raises(Unasked, match="the files are of OKX, not of binance"):
        made(*OKX, options=ImportOptions(name="binance"))


def test_names() -> None:
    """A name of one's own keeps the exchange's model; an older generation has its own; else it is generic, and said."""
    own = the(made(*OKX, options=ImportOptions(name="my okx")), "ADA/USDT:USDT")
    assert (own.name, own.model.closing_fee) == ("my okx", D("0.0005"))
    old = made(*BYBIT, options=ImportOptions(name="bybit-before-2025-09-02")).terms[0]
    assert (old.name, old.model.maintenance_on.value) == ("bybit-before-2025-09-02", "entry")
    bare = of_value(tiers("X/USDT:USDT", (0, 1000, "0.01", 10)))
    assert bare.terms[0].name == "generic"
    assert any("no file says whose it is; say it with `--name`" in note for note in notes(bare))
    gate = of_value(tiers("X/USDT:USDT", (0, 1000, "0.01", 10)), options=ImportOptions(name="gate"))
    # Gate holds its list taker fee of 0.075% back.
    assert gate.terms[0].model.closing_fee == D("0.00075")


def test_contracts_without_their_size_are_said() -> None:
    """Tiers of OKX alone cannot be used without the size of a contract: it is said what to add."""
    result = made(OKX[0])
    assert any("no file has the contract size: add the file of the rules" in note for note in notes(result))
    assert the(result, "BTC/USD:BTC").bracket_by is BracketBy.CONTRACTS


def test_the_size_of_an_okx_contract() -> None:
    """`ctVal` times `ctMult`, in base; a linear contract counted in quote has no place in a plan."""
    answer = json.loads(OKX[1].read_text())
    answer["data"][0] |= {"ctVal": "0.5", "ctMult": "10"}
    assert the(of_value(answer), "ADA/USDT:USDT").instrument.contract_size == 5
    answer["data"][0]["ctValCcy"] = "USDT"
    assert any("its contracts are counted in USDT" in note for note in notes(of_value(answer)))


def test_the_exchange_s_own_bounds_go_first() -> None:
    """What the exchange says inside `info` is taken where ccxt says nothing or otherwise."""
    value = tiers("ADA/USDT:USDT", (None, 7, "0.01", 10), minSz="5", maxSz="10", mmr="0.02")
    assert "no bracket holds from 0 to 5" in refused(value).message
    value = tiers("ADA/USDT:USDT", (None, 7, "0.01", 10), minSz="0", maxSz="10", mmr="0.02")
    assert bounds(of_value(value).terms[0]) == [("10", "2%")]


# What is derived, and what disagrees


def test_what_is_absent_is_derived() -> None:
    """Ends from the next beginnings, beginnings from the ends before, and an open end is the last one's."""
    floors = of_value(tiers("X/USDT:USDT", (0, None, "0.01", 10), (1000, None, "0.02", None)))
    assert floors.terms[0].brackets == (Bracket(D(1000), D("0.01"), D(0), D(10)), Bracket(None, D("0.02"), D(10)))
    assert any("the last bracket is open, because its end is absent" in note for note in notes(floors))
    ends = of_value(binance(step(None, 1000, "0.01"), step(None, 2000, "0.02")))
    assert bounds(ends.terms[0]) == [("1000", "1%"), ("2000", "2%")]


def test_an_end_that_is_no_bound() -> None:
    """Some exchanges write the largest number there is for "open"."""
    result = of_value(binance(step(0, 1000, "0.01"), step(1000, 9223372036854775807, "0.02")))
    assert result.terms[0].brackets[-1].up_to is None
    assert any("9223372036854775807, is no bound" in note for note in notes(result))


def test_steps_in_any_order() -> None:
    """Answers list their steps in whatever order."""
    shuffled = of_value(binance(step(1000, 2000, "0.02"), step(0, 1000, "0.01")))
    assert bounds(shuffled.terms[0]) == [("1000", "1%"), ("2000", "2%")]


@pytest.mark.parametrize(("published", "said"), [("10", False), ("10.0", False), ("12", True), ("0", True)])
def test_published_deductions_are_compared(published: str, said: bool) -> None:  # noqa: FBT001 - a case's half
    """1,000 * (2% - 1%) = 10: what is published otherwise is said with both numbers."""
    result = of_value(binance(step(0, 1000, "0.01", cum="0"), step(1000, 2000, "0.02", cum=published)))
    told = [note for note in notes(result) if "deduction" in note]
    assert bool(told) is said
    assert all(f"published as {published}, but 10 follows" in note for note in told)


def test_rounded_deductions_agree() -> None:
    """Binance prints 1.81 for 1.805: what agrees to the digits printed is no disagreement."""
    value = binance(
        {"qtyFloor": 0, "qtyCap": "361", "maintMarginRatio": "0.005", "cum": "0"},
        {"qtyFloor": "361", "qtyCap": "500", "maintMarginRatio": "0.01", "cum": "1.81"},
        symbol="BTCUSD_PERP",
    )
    # 361 * 0.5% = 1.805
    assert not any("deduction" in note for note in notes(of_value(value)))


# What is wrong


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([step(0, 1000, "0.01"), step(1500, 2000, "0.02")], "no bracket holds from 1000 to 1500"),
        ([step(100, 1000, "0.01")], "no bracket holds from 0 to 100"),
        (
            [step(0, 1000, "0.01"), step(900, 2000, "0.02")],
            "brackets overlap: one ends at 1000, and the next one begins at 900",
        ),
        (
            [step(0, 1000, "0.01"), step(None, 1000, "0.02")],
            "brackets overlap: one ends at 1000, and the next one at 1000",
        ),
        ([step(0, 1000, "0.02"), step(1000, 2000, "0.01")], "the rate falls from 2% to 1% above 1000"),
        ([step(0, 1000, "-0.02")], "the rate -2% is negative"),
        ([step(0, 1000, "1")], "the rate 100% is not below 100%"),
        ([], "the table has no brackets"),
        ([step(0, None, "0.01"), step(None, None, "0.02")], "two brackets are open, at 1% and 2%"),
        ([step(0, 10**17, "0.01"), step(10**17, 10**18, "0.02")], "a bracket ends at 100000000000000000"),
        ([step(n * 10, n * 10 + 10, "0.01") for n in range(201)], "the table has 201 brackets, and a plan bears 200"),
    ],
)
def test_bad_tables_name_the_symbol_and_both_numbers(steps: list[dict[str, object]], said: str) -> None:
    """Gaps, overlaps and falling rates are errors; nothing is made of the other symbols either."""
    error = refused(binance(*steps) + binance(step(0, 1000, "0.01"), symbol="ETHUSDT"))
    assert error.message.startswith(f"BTC/USDT:USDT: {said}")


def test_all_bad_symbols_are_told(tmp_path: Path) -> None:
    """One run tells them all, with exit 1, and writes nothing; the sound ones can be taken alone."""
    path = tmp_path / "brackets.json"
    wrong = step(5, 1000, "0.01")
    sound = binance(step(0, 1000, "0.01"), symbol="XRPUSDT")
    path.write_text(json.dumps(binance(wrong) + binance(wrong, symbol="ETHUSDT") + sound))
    found = outcome("venues", "import", str(path))
    assert (found.out, found.code) == ("", ExitCode.ERRORS)
    assert "venues import: BTC/USDT:USDT: no bracket holds from 0 to 5; " in found.talk
    assert "venues import: ETH/USDT:USDT: no bracket holds from 0 to 5; " in found.talk
    assert "nothing was written; `--symbol` takes other symbols alone" in found.talk
    assert outcome("venues", "import", str(path), "--symbol", "XRP/USDT:USDT").code == 0


SHAPES = "these are understood: ccxt markets or leverage tiers, Binance exchangeInfo or leverageBracket, Bybit"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (b"symbol: BTC/USDT", "the file is no JSON: expecting value at line 1, column 1"),
        (b"[1, 2", "the file is no JSON: expecting ',' delimiter at line 1, column 6"),
        (b"[\xff]", "the byte 0xff does not belong to a UTF-8 text"),
        (b"\xff\xfe[\0]\0", "the file is written in UTF-16, and JSON is read as UTF-8"),
        (b'[{"riskLimitValue": NaN}]', "`NaN` is no number of JSON"),
        (b'[{"riskLimitValue": -Infinity}]', "`-Infinity` is no number of JSON"),
        (b'{"a": 1, "a": 2}', "the key `a` is there twice in one mapping"),
        (b"[" * 100_000, "the lists and mappings lie too deep in each other"),
        (b" " * (BYTES + 1), "the file is larger than 33,554,432 bytes (32 MiB), so it was not read"),
        (b"[]", "the file holds nothing"),
        (b"{}", "the file holds nothing"),
        (b"17", "the file holds no list and no mapping"),
        (b'{"bids": [], "asks": []}', "the mapping with the keys `bids`, `asks` is no answer that is understood"),
        (b'[{"price": 1}]', "the list holds no answer that is understood"),
        (b'{"retCode": 10001, "retMsg": "params error", "result": {}}', "the exchange refused: `10001 params error`"),
        (b'{"code": "51001", "msg": "no such instrument", "data": []}', "the exchange refused: `51001 no such"),
        (b'{"code": -2015, "msg": "Invalid API-key"}', "the exchange refused: `-2015 Invalid API-key`"),
        (b'{"code": "0", "msg": "", "data": []}', "the answer is empty"),
        (
            b'[{"symbol": "X", "riskLimitValue": "1e999999", "maintenanceMargin": "0.5"}]',
            "`riskLimitValue` is `1e999999`, which is no number that can be kept exactly",
        ),
        (
            b'[{"symbol": "X", "riskLimitValue": 1e999999999, "maintenanceMargin": "0.5"}]',
            "`riskLimitValue` is `1e999999999`, which is no number",
        ),
        (b'[{"riskLimitValue": [], "maintenanceMargin": 1}]', "`riskLimitValue` holds a list, not a number"),
        (b'[{"riskLimitValue": true, "maintenanceMargin": 1}]', "`riskLimitValue` holds true or false, not a number"),
        (b'[{"riskLimitValue": "12,000", "maintenanceMargin": 1}]', "`riskLimitValue` is `12,000`, which is no number"),
        (b'[{"riskLimitValue": 1, "maintenanceMargin": ""}]', "`maintenanceMargin` is missing"),
    ],
)
def test_what_cannot_be_read(data: bytes, said: str, tmp_path: Path) -> None:
    """Any other shape is a clear error with the file's name and exit 1."""
    path = tmp_path / "saved.json"
    path.write_bytes(data)
    found = outcome("venues", "import", str(path))
    assert (found.out, found.code) == ("", ExitCode.ERRORS)
    assert found.talk.startswith(f"scaleplan: saved.json: {said}"), found.talk
    assert found.talk.count("\n") == 1
    if "understood" in said or "holds n" in said:
        assert SHAPES in found.talk


def test_huge_digits_are_no_hang() -> None:
    """A number of a million digits in a field that nobody reads costs nothing; in one that is read it is refused."""
    huge = "9" * 1_000_000
    idle = f'[{{"symbol": "BTCUSDT", "brackets": [{{"x": {huge}, "notionalCap": 5, "maintMarginRatio": 0.01}}]}}]'
    (terms,) = import_files([SavedFile("x", idle.encode(), SAVED_ON)], ImportOptions()).terms
    assert bounds(terms) == [("5", "1%")]
    with pytest.raises(Unusable, match="no number that can be kept exactly"):
        import_files([SavedFile("x", idle.replace('"x"', '"cum"').encode(), SAVED_ON)], ImportOptions())


def test_two_exchanges_are_refused() -> None:
    """Files of two exchanges have nothing to say to each other."""
    with pytest.raises(Unusable, match=r"okx-position-tiers.json is an answer of OKX and .* one of Bybit"):
        made(OKX[0], BYBIT[1])


def test_the_same_answer_twice() -> None:
    """Two tables of one symbol are refused; two pages of Bybit are one table."""
    with pytest.raises(Unusable, match=r"`BTCUSDT` has two tables, in 0\.json and in 1\.json"):
        of_value(binance(step(0, 1, "0.01")), binance(step(0, 1, "0.01")))
    with pytest.raises(Unusable, match="`BTCUSDT` is described twice"):
        made(LINEAR[1], LINEAR[1])
    pages = of_value(bybit(("1000", "0.005", "0.01", "100")), bybit(("2000", "0.01", "0.02", "50")))
    assert bounds(pages.terms[0]) == [("1000", "0.5%"), ("2000", "1%")]


def test_further_pages_are_asked_for() -> None:
    """An answer that says that it goes on is not taken for all."""
    page = bybit(("1000", "0.005", "0.01", "100"))
    result = page["result"]
    assert isinstance(result, dict)
    result["nextPageCursor"] = "next"
    assert any("the answer has further pages" in note for note in notes(of_value(page)))


# Symbols


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("BTCUSDT", "BTC/USDT:USDT"),
        ("1000PEPEUSDC", "1000PEPE/USDC:USDC"),
        ("ETHBUSD", "ETH/BUSD:BUSD"),
        ("BTCUSD_PERP", "BTC/USD:BTC"),
    ],
)
def test_symbols_written_together(name: str, symbol: str) -> None:
    """Without rules the symbol is read from the name, where its end is a known quote currency."""
    assert of_value(binance(step(0, 1000, "0.01"), symbol=name)).terms[0].symbol == symbol


def test_a_name_that_says_nothing() -> None:
    """A symbol that nobody can tell is asked for, and taken from `--symbol` where only one can be meant."""
    value = binance(step(0, 1000, "0.01"), symbol="BTCEURI")
    assert "name it with `--symbol BASE/QUOTE:SETTLE`" in refused(value).message
    assert of_value(value, options=ImportOptions(symbols=("BTC/EURI:EURI",))).terms[0].symbol == "BTC/EURI:EURI"
    bare = tiers("", (0, 1000, "0.01", 10))[""]
    assert of_value(bare, options=ImportOptions(symbols=("BTC/USDT:USDT",))).terms[0].symbol == "BTC/USDT:USDT"


def test_what_is_left_out_is_said() -> None:
    """Contracts that expire, spot, and symbols without brackets beside others that have some; each can be asked for."""
    assert [one.symbol for one in made(*OKX).terms] == ["ADA/USDT:USDT", "BTC/USD:BTC"]
    assert any(note.startswith("ADA/USDT:USDT-240927: left out: it expires") for note in notes(made(*OKX)))
    asked = made(*OKX, options=ImportOptions(symbols=("ADA/USDT:USDT-240927",))).terms[0]
    assert (asked.instrument.lot_size, len(asked.brackets)) == (D(1), 3)
    spot = made(*CCXT_OKX, options=ImportOptions(symbols=("ADA/USDT",))).terms[0]
    assert (spot.brackets, spot.instrument.lot_size) == ((), D("0.0001"))
    only_btc = json.loads(LINEAR[0].read_text())[:1]
    rules = json.loads(LINEAR[1].read_text())
    assert [one.symbol for one in of_value(only_btc, rules).terms] == ["BTC/USDT:USDT"]
    assert any(note.startswith("ETH/USDT:USDT: left out: no file has its") for note in notes(of_value(only_btc, rules)))


def test_a_third_currency_is_left_out() -> None:
    """What settles in a third currency has no place in a plan."""
    quanto = market("0.1", "0.1", symbol="BTC/USD:ETH", id="Q")
    assert "it settles in a third currency, ETH" in refused([quanto]).message
    assert [one.symbol for one in of_value([quanto, market("0.1", "0.1")]).terms] == ["BTC/USDT:USDT"]


@pytest.mark.parametrize("wish", ["BTC/USDT:USDT", "btc/usdt:usdt", "BTCUSDT", "BTC/USDT"])
def test_symbols_are_asked_for_by_any_name(wish: str) -> None:
    """By the symbol, by the exchange's own name, or by the pair where one contract only is meant."""
    assert [one.symbol for one in made(*LINEAR, options=ImportOptions(symbols=(wish, wish))).terms] == ["BTC/USDT:USDT"]


def test_a_symbol_that_is_not_there() -> None:
    """It is wrong usage, and what is there is named."""
    found = outcome("venues", "import", *map(str, LINEAR), "--symbol", "SOL/USDT:USDT")
    assert (found.out, found.code) == ("", ExitCode.USAGE)
    assert "the files have no `SOL/USDT:USDT`; they have `BTC/USDT:USDT`" in found.talk


# Options, dates and files


def test_the_day_of_the_figures(tmp_path: Path) -> None:
    """As said, else the day inside the answers, else the day on which the file was saved, in UTC."""
    path = tmp_path / "tiers.json"
    path.write_bytes(OKX[0].read_bytes())
    os.utime(path, (1_700_000_000, 1_700_000_000))
    # 1,700,000,000 s is 2023-11-14 22:13 UTC.
    assert "as_of: 2023-11-14\n" in outcome("venues", "import", str(path)).out
    assert "as_of: 2024-02-29\n" in outcome("venues", "import", str(path), "--as-of", "2024-02-29").out
    dated = json.loads(LINEAR[1].read_text()) | {"serverTime": 10**30}
    assert of_value(dated).terms[0].as_of == SAVED_ON


def test_the_examples_of_the_help_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `--help` shows works as it stands in a checkout."""
    monkeypatch.chdir(ROOT)
    lines = outcome("venues", "import", "--help").out.splitlines()
    examples = [line.split()[1:] for line in lines if line.startswith("    scaleplan ")]
    assert len(examples) == 2
    for words in examples:
        found = outcome(*words)
        assert found.code == 0
        assert "ETH/USDT:USDT:\n" in found.out


def test_notes_go_beside_the_file() -> None:
    """What was left out and assumed is said on standard error, once, with the symbols that it is about."""
    found = outcome("venues", "import", *map(str, LINEAR))
    assert found.talk == (
        "scaleplan: venues import: BTC/USDT:USDT-241227: left out: it expires; `--symbol` takes it all the same\n"
        "scaleplan: venues import: BTC/USDT:USDT, ETH/USDT:USDT: the fees are those of binance, because no "
        "file has them\n"
    )


def test_standard_input_has_no_day() -> None:
    """What comes through a pipe says its day itself, or is asked for it."""
    asked = process("venues", "import", "-", stdin=OKX[0].read_bytes())
    assert (asked.returncode, asked.stdout) == (ExitCode.USAGE, b"")
    assert b"nothing says of which day the figures are; say it with `--as-of" in asked.stderr
    dated = process("venues", "import", "-", stdin=(DATA / "bybit-inverse-risk-limit.json").read_bytes())
    assert (dated.returncode, b"as_of: 2022-12-26\n" in dated.stdout) == (0, True)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--rates", "procent"), "--rates: `procent` is none of percent, fraction; did you mean `percent`?"),
        (("--precision", "x"), "--precision: `x` is none of step, digits"),
        (("--bracket-by", "contract"), "did you mean `contracts`?"),
        (("--as-of", "yesterday"), "--as-of: `yesterday` is not a date"),
    ],
)
def test_wrong_options(option: tuple[str, str], said: str) -> None:
    """Wrong usage is said with exit 2."""
    found = outcome("venues", "import", str(LINEAR[0]), *option)
    assert (found.out, found.code) == ("", ExitCode.USAGE)
    assert said in found.talk


def test_files_that_are_refused(tmp_path: Path) -> None:
    """No file, or a folder: exit 3."""
    for path in (tmp_path / "none.json", tmp_path):
        found = outcome("venues", "import", str(path))
        assert (found.out, found.code) == ("", ExitCode.REFUSED)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """The same terms are fine, other ones only replace a file with `--force`, and what was saved is never replaced."""
    path, saved = tmp_path / "venue.yaml", tmp_path / "saved.json"
    saved.write_bytes(LINEAR[0].read_bytes())

    def run(*more: str) -> Reply:
        return outcome("venues", "import", str(saved), "--as-of", "2024-10-24", "-o", str(path), *more)

    first = run()
    assert (first.out, first.code) == ("", 0)
    assert "written; a plan beside it takes it with `venue: ./venue.yaml`" in first.talk
    text = path.read_text()
    assert "has these terms already" in run().talk
    refusal = run("--symbol", "BTCUSDT")
    assert (refusal.code, path.read_text()) == (ExitCode.REFUSED, text)
    assert "`--force` replaces a venue file" in refusal.talk
    assert run("--symbol", "BTCUSDT", "--force").code == 0
    assert "ETH/USDT" not in path.read_text()
    own = outcome("venues", "import", str(saved), "-o", str(saved), "--force")
    assert (own.code, saved.read_bytes()) == (ExitCode.REFUSED, LINEAR[0].read_bytes())


def test_text_from_files_is_never_markup(tmp_path: Path) -> None:
    """Escapes in names reach neither the terminal nor the file as such."""
    path = tmp_path / "a\x1b[31m\nb: c.json"
    path.write_text(json.dumps(tiers("A\x1b/B", (0, 1, "0.01", 1)) | tiers("X/USDT:USDT", (0, 1, "0.01", 1))))
    found = outcome("venues", "import", str(path), "--name", "x\x1b #y")
    assert found.code == 0
    assert "\x1b" not in found.out + found.talk
    assert read_beside("v.yaml", found.out.encode(), "venue") == ()


def whole_exchange(count: int) -> list[dict[str, object]]:
    """A leverageBracket of so many symbols with ten brackets each, more than a venue has in the mean."""
    rates = ["0.01", "0.015", "0.02", "0.025", "0.05", "0.1", "0.125", "0.1667", "0.25", "0.5"]
    steps = [step(n * 5000, n * 5000 + 5000, rate) | {"initialLeverage": 2} for n, rate in enumerate(rates)]
    return [one for index in range(count) for one in binance(*steps, symbol=f"X{index}USDT")]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The venue file of an exchange with 687 symbols, made by the command."""
    folder = tmp_path_factory.mktemp("exchange")
    (folder / "saved.json").write_text(json.dumps(whole_exchange(687)))
    written = outcome("venues", "import", str(folder / "saved.json"), "-o", str(folder / "venue.yaml"))
    assert written.code == 0, written.talk
    return folder / "venue.yaml"


def test_a_whole_exchange_is_checked(exchange: Path) -> None:
    """687 symbols are more values than a plan may have, and a file of symbols may hold them."""
    assert outcome("check", str(exchange)).code == 0
    assert outcome("fmt", "--check", str(exchange)).code == 0


def test_a_plan_reads_its_own_symbol_of_a_whole_exchange(exchange: Path, tmp_path: Path) -> None:
    """The symbol's own terms, at their own lines, whatever is wrong with the others; `check` says that of the file."""
    lines = exchange.read_text().splitlines()
    begin = lines.index("X500/USDT:USDT:")
    at = begin + [line.startswith("    - {up_to: 5000,") for line in lines[begin:]].index(True)
    lines[at] = lines[at].replace("1%", "101%")
    lines[3] = lines[3].replace("name: ", "name: @")
    (tmp_path / "venue.yaml").write_text("".join(f"{line}\n" for line in lines))
    plan = tmp_path / "plan.yaml"
    text = "symbol: {}/USDT:USDT\nside: long\nleverage: 2\nsize: 900 USDT\ntiers: [10]\nstop: 9\nvenue: ./venue.yaml\n"
    plan.write_text(text.format("x499"))
    shown = json.loads(outcome("show", str(plan), "--format", "json").out)
    # 90 coins worth 900, margin 450, 1% maintained: (900 - 450) / (90 * 0.99).
    assert shown["tiers"][0]["position"]["liquidation_price"].startswith("5.0505050505")
    plan.write_text(text.format("X500"))
    told = json.loads(outcome("check", str(plan), "--format", "json").out)["diagnostics"]
    assert [(one["file"][-10:], one["line"]) for one in told if one["severity"] == "error"] == [("venue.yaml", at + 1)]
    plan.write_text(text.format("Y"))
    assert "SP004" in outcome("check", str(plan)).out
    assert "SP004" in outcome("check", str(tmp_path / "venue.yaml")).out


@pytest.mark.parametrize(
    "odd", ["X500/USDT:USDT: {maintenance: 1%}", "notes: here", "&a X/Y:", "? X/Y", "x500/usdt:usdt:"]
)
def test_a_file_that_is_not_plainly_by_symbol_is_read_whole(exchange: Path, odd: str, tmp_path: Path) -> None:
    """Where the lines alone do not say which are a symbol's, the whole file says what is wrong."""
    (tmp_path / "venue.yaml").write_text(f"{exchange.read_text()}{odd}\n  maintenance: 1%\n")
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "symbol: X500/USDT:USDT\nside: long\nleverage: 2\nsize: 900 USDT\ntiers: [10]\nstop: 9\nvenue: ./venue.yaml\n"
    )
    small = tmp_path / "small.yaml"
    small.write_text(f"X500/USDT:USDT:\n  maintenance: 1%\n{odd}\n  maintenance: 1%\n")
    found = [line.partition(": ")[2] for line in outcome("check", str(plan)).out.splitlines() if " error " in line]
    plan.write_text(plan.read_text().replace("venue.yaml", "small.yaml"))
    same = [line.partition(": ")[2] for line in outcome("check", str(plan)).out.splitlines() if " error " in line]
    assert len(found) == len(same)


def test_a_file_that_no_plan_could_read_is_refused() -> None:
    """Plans read files up to 1 MiB."""
    many = [
        one
        for index in range(2000)
        for one in binance(*(step(n, n + 1, "0.01") for n in range(10)), symbol=f"X{index}USDT")
    ]
    with pytest.raises(Unusable, match=r"2000 symbols make a file of .* bytes, and plans read files up to 1,048,576"):
        venue_text(of_value(many).terms, ["x"])


# Any bytes


def _leaves(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(leaf for key, item in items for leaf in _leaves(item, (*path, key)))]


VALUES = {path.name: json.loads(path.read_text()) for path in SAMPLES}
PLACES = {name: _leaves(value) for name, value in VALUES.items()}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.text(max_size=8),
    st.sampled_from(["0", "-1", "1e20", "1E-40", "BTCUSDT", "x/y:z", "a\ud800", [], {}, [[]], [{}], {"data": [{}]}]),
)


def _with(value: object, path: tuple[object, ...], odd: object) -> object:
    if not path:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value) if isinstance(value, list) else value
    if isinstance(copy, dict | list):
        copy[path[0]] = _with(copy[path[0]], path[1:], odd)  # type: ignore[call-overload]
    return copy


def _result_or_reason(data: bytes) -> None:
    try:
        result = import_files([SavedFile("saved.json", data, SAVED_ON)], ImportOptions())
        text = venue_text(result.terms, ["saved.json"])
    except Unusable as unusable:
        told = (unusable.message, unusable.help)
    else:
        told = ("made", "made")
        assert read_beside("venue.yaml", text.encode(), "venue") == ()
    assert all(told)


@given(st.data())
def test_a_changed_answer_is_a_result_or_a_reason(data: st.DataObject) -> None:
    """Whatever stands in any place of an answer: a file that plans read, or a reason; never an exception."""
    name = data.draw(st.sampled_from(sorted(VALUES)))
    place = data.draw(st.sampled_from(PLACES[name]))
    _result_or_reason(json.dumps(_with(VALUES[name], place, data.draw(ODD))).encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_a_result_or_a_reason(data: bytes) -> None:
    """Any bytes give a reason."""
    _result_or_reason(data)


# Brackets that a trader copies


@pytest.mark.parametrize(
    ("bracket", "code", "said", "help"),
    [
        ("{«min»: 50000, up_to: 80000, rate: 1%}", "SP103", "`min` is not a key", "where the one before it ends"),
        ("{from: «60000», up_to: 80000, rate: 1%}", "SP125", "begins at 60,000, but the one before it ends at 50,000",
         "mend the `up_to` before it"),
        ("{floor: «40000», up_to: 80000, rate: 1%}", "SP125", "ends at 50,000: they overlap", "delete `floor`"),
        ("{up_to: «40000», rate: 1%}", "SP125", "ends at 40,000, but the one before it ends at 50,000", "above"),
        ("{up_to: 80000, rate: «0.1%»}", "SP125", "the rate falls from 0.4% to 0.1%", "at least `0.4%`"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["plan", "venue file"])
def test_bad_brackets_at_their_place(
    bracket: str, code: str, said: str, help: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gaps, overlaps and falling rates are told at their line, in the plan or in the file that it names."""
    before = "{up_to: 50000, rate: 0.4%}"
    line = f"    - {bracket.replace('«', '').replace('»', '')}"
    brackets = f"\n    - {before}\n{line}\n    - {{rate: 2%}}\n"
    monkeypatch.chdir(tmp_path)
    plan, file = Path("plan.yaml"), Path("venue.yaml")
    text = "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nsize: 900 USDT\ntiers: [60000]\nstop: 57000\n"
    if where == "plan":
        plan.write_text(text + "maintenance:" + brackets)
        place = f"{plan}:9:"
    else:
        file.write_text("BTC/USDT:USDT:\n  maintenance:" + brackets)
        plan.write_text(text + "venue: ./venue.yaml\n")
        place = f"{file}:4:"
    column = len(f"    - {bracket.partition('«')[0]}") + 1
    found = outcome("check", str(plan))
    assert found.code == ExitCode.ERRORS
    assert f"{place}{column}: error {code} " in found.out, found.out
    words = joined(found.out)
    assert said in words
    assert help in words


def test_where_the_first_bracket_begins() -> None:
    """A first bracket holds from 0: `from: 0` says nothing new, any other is a gap."""
    for begin, code in (("0", "SP103"), ("5", "SP125")):
        data = f"BTC/USDT:USDT: {{maintenance: [{{from: {begin}, up_to: 10, rate: 1%}}, {{rate: 2%}}]}}\n".encode()
        assert [one.code for one in read_beside("v.yaml", data, "venue")] == [code]


def test_maintenance_above_what_opens_is_refused(tmp_path: Path) -> None:
    """Rates that mix percent and fractions: 50% of maintenance at 100x, where 1% opens a position, cannot be."""
    saved = tmp_path / "tiers.json"
    rows = [
        {
            "symbol": "BTCUSDT",
            "riskLimitValue": "2000000",
            "maintenanceMargin": rate,
            "initialMargin": "0.01",
            "maxLeverage": "100",
        }
        for rate in ("0.5",)
    ]
    saved.write_text(json.dumps({"retCode": 0, "time": 1755734400000, "result": {"list": rows}}), encoding="utf-8")
    told = outcome("venues", "import", str(saved), "--rates", "fraction")
    assert told.code == 1
    assert "maintenance is 50%, more than the 1% that opens a position at its 100x" in told.talk


def test_a_day_that_only_the_file_has_is_said(tmp_path: Path) -> None:
    """Without a date inside, the day of the file stands for it, and that is told."""
    saved = tmp_path / "tiers.json"
    row = {"tier": 1, "minNotional": 0, "maxNotional": 50000, "maintenanceMarginRate": 0.004, "maxLeverage": 125}
    saved.write_text(json.dumps({"BTC/USDT:USDT": [row]}), encoding="utf-8")
    os.utime(saved, (1700000000, 1700000000))  # 2023-11-14
    told = outcome("venues", "import", str(saved), "--name", "binance")
    assert "as_of: 2023-11-14" in told.out
    assert "2023-11-14 is the day on which the file was last written" in told.talk
    assert (
        "last written" not in outcome("venues", "import", str(saved), "--name", "binance", "--as-of", "2024-01-01").talk
    )


# What values tell, and what they do not


def saved(tmp_path: Path, *values: object) -> list[str]:
    """Paths of files that hold values as JSON, all of one day."""
    paths = [tmp_path / f"{index}.json" for index in range(len(values))]
    for path, value in zip(paths, values, strict=True):
        path.write_text(json.dumps(value))
    return [str(path) for path in paths]


def imported(tmp_path: Path, *values: object, options: tuple[str, ...] = ()) -> Reply:
    """What the command makes of values."""
    return outcome("venues", "import", *saved(tmp_path, *values), "--as-of", "2026-01-02", *options)


#: Prices in five significant digits beside amounts in steps, as ccxt writes Hyperliquid's markets.
FIVE_DIGITS = [
    market(5, amount, symbol=f"{base}/USDC:USDC", id=base)
    for base, amount in (("AAA", 1), ("BBB", 1e-05), ("CCC", 0.01))
]
_SAY_WHICH = "say which with `--precision price=step`, `price=digits` or `price=significant`"


def test_price_and_amount_are_told_apart_each_for_itself(tmp_path: Path) -> None:
    """A price of 5 may be a step, digits, or significant digits, whatever amounts are; each answer is taken."""
    found = imported(tmp_path, FIVE_DIGITS)
    assert (found.out, found.code) == ("", ExitCode.ERRORS)
    asked = "the price precision 5 may be a step of 5, 5 digits behind the point, or 5 significant digits"
    assert f"AAA/USDC:USDC: {asked}; {_SAY_WHICH}\n" in found.talk
    for word, tick in (("step", "tick_size: 5, "), ("digits", "tick_size: 0.00001, "), ("significant", "")):
        taken = imported(tmp_path, FIVE_DIGITS, options=("--precision", f"price={word}"))
        # An amount of 1 may be one digit; other amounts of the file are steps.
        assert [line for line in taken.out.splitlines() if "instrument" in line] == [
            f"  instrument: {{{tick}lot_size: {lot}}}" for lot in ("1", "0.00001", "0.01")
        ]
    both = imported(tmp_path, FIVE_DIGITS[:1], options=("--precision", "price=significant,amount=step"))
    assert "  instrument: {lot_size: 1}\n" in both.out
    assert "prices have 5 significant digits, which is no tick: no `tick_size` is written" in both.talk


@pytest.mark.parametrize(
    ("price", "amount", "asked"),
    [
        (0.01, 5, "the amount precision 5 may be a step of 5 or 5 digits behind the point"),
        (0.01, 1, "the amount precision 1 may be a step of 1 or 1 digit behind the point"),
        (2, 0.01, "the price precision 2 may be a step of 2, 2 digits behind the point, or 2 significant digits"),
        (1, 0, "the price precision 1 may be a step of 1, 1 digit behind the point, or 1 significant digit"),
    ],
)
def test_one_does_not_tell_the_other(price: object, amount: object, asked: str, tmp_path: Path) -> None:
    """What is certain of the price says nothing of the amount, and the other way about."""
    assert asked in imported(tmp_path, [market(price, amount)]).talk


def test_what_a_precision_can_only_be(tmp_path: Path) -> None:
    """100 is a step, 0 are digits, an order as small as the precision is a step of it."""
    found = imported(tmp_path, [market(100, 1, limits={"amount": {"min": 1}})])
    assert "instrument: {tick_size: 100, lot_size: 1}" in found.out
    assert "instrument: {tick_size: 1, lot_size: 1}" in imported(tmp_path, [market(0, 0)]).out


@pytest.mark.parametrize("word", ["ticks", "price=tick", "price", "size=step", "price=step,price=step", "step,digits"])
def test_a_precision_that_means_nothing_is_wrong_usage(word: str, tmp_path: Path) -> None:
    """The option takes a unit, or one each for price and amount."""
    found = imported(tmp_path, FIVE_DIGITS, options=("--precision", word))
    assert (found.out, found.code) == ("", ExitCode.USAGE)
    assert "--precision" in found.talk


# Contract sizes


@pytest.mark.parametrize("symbol", ["X/USD:X", "X/USDT:USDT"])
@pytest.mark.parametrize("size", [0, None, "", -1])
def test_a_contract_size_is_asked_for(symbol: str, size: object, tmp_path: Path) -> None:
    """Amounts of ccxt count contracts: without their size there is no lot, linear or inverse."""
    markets = [market("0.1", "0.5", symbol=symbol, id="X", contractSize=size)]
    found = imported(tmp_path, markets)
    assert (found.out, found.code) == ("", ExitCode.ERRORS)
    assert f"{symbol}: how much one contract is stands in no file; say it with `--contract-size 100`" in found.talk
    taken = imported(tmp_path, markets, options=("--contract-size", "10"))
    assert "instrument: {tick_size: 0.1, lot_size: 0.5, contract_size: 10}" in taken.out
    of_one = imported(tmp_path, markets, options=("--contract-size", f"{symbol}=10"))
    assert of_one.out == taken.out
    other = imported(tmp_path, markets, options=("--contract-size", "Y/USD:Y=10"))
    assert (other.code, "the files have no `Y/USD:Y`" in other.talk) == (ExitCode.USAGE, True)


def test_contract_sizes_of_other_answers(tmp_path: Path) -> None:
    """OKX's contracts and Binance's of COIN-M are asked for likewise; one that the files have is not overruled."""
    okx, coin = json.loads(OKX[1].read_text()), json.loads(COIN[1].read_text())
    for fields in okx["data"]:
        fields["ctVal"] = ""
    coin["symbols"][0].pop("contractSize")
    for value in (okx, coin):
        assert "how much one contract is stands in no file" in imported(tmp_path, value).talk
    sure = imported(tmp_path, [market("0.1", "0.5", contractSize=5)], options=("--contract-size", "10"))
    assert (sure.code, "the contract size of BTC/USDT:USDT is 5, not 10" in sure.talk) == (ExitCode.USAGE, True)


@pytest.mark.parametrize("word", ["x", "0", "-1", "X/USD:X=", "X/USD:X=ten", "1,2", "X/USD:X=1,X/USD:X=2"])
def test_a_contract_size_that_is_no_number_is_wrong_usage(word: str, tmp_path: Path) -> None:
    """The option takes a number above zero, or symbols with one each."""
    found = imported(tmp_path, [market("0.1", "0.5", contractSize=0)], options=("--contract-size", word))
    assert (found.out, found.code) == ("", ExitCode.USAGE)


# Names of instruments


def okx_instrument(name: str, family: str, settle: str, **more: object) -> dict[str, object]:
    """An instrument of OKX."""
    inverse = settle not in name.partition("-")[2]
    base: dict[str, object] = {"instId": name, "instFamily": family, "uly": family.partition("_")[0]}
    base |= {"instType": "SWAP" if name.endswith("SWAP") else "FUTURES", "settleCcy": settle, "tickSz": "0.1"}
    base |= {"ctVal": "100" if inverse else "0.01", "ctMult": "1", "ctValCcy": "USD" if inverse else name[:3]}
    return base | {"lotSz": "1", "minSz": "1", "lever": "10", "expTime": ""} | more


def okx_answer(*items: dict[str, object]) -> dict[str, object]:
    """An answer of OKX."""
    return {"code": "0", "msg": "", "data": list(items)}


def okx_tier(family: str, start: int, end: int, rate: str) -> dict[str, object]:
    """A tier of OKX."""
    return {"instFamily": family, "instId": "", "minSz": str(start), "maxSz": str(end), "mmr": rate, "maxLever": "10"}


XPERP = okx_instrument("BTC-USD_UM_XPERP-310404", "BTC-USD_UM_XPERP", "USD", expTime="1901865600000")
DAY = "1774569600000"  # 2026-03-27


@pytest.mark.parametrize(
    ("instrument", "symbol"),
    [
        # A perpetual that OKX renews every few years: `xperp` stands in its family or its rule.
        (XPERP, "BTC/USD:USD"),
        (okx_instrument("ETH-USD_UM-310404", "ETH-USD_UM", "USD", expTime=DAY, ruleType="xperp"), "ETH/USD:USD"),
        (okx_instrument("BTC-USD_UM-SWAP", "BTC-USD_UM", "USD"), "BTC/USD:USD"),
        (okx_instrument("BTC-USD-SWAP", "BTC-USD", "BTC"), "BTC/USD:BTC"),
        (okx_instrument("BTC-USD_UM-260327", "BTC-USD_UM", "USD", expTime=DAY), "BTC/USD:USD-260327"),
        (okx_instrument("BTC-USDT-260327", "BTC-USDT", "USDT", expTime=DAY), "BTC/USDT:USDT-260327"),
        (okx_instrument("BTC-USDT-260327", "", "USDT", uly="", expTime=DAY), "BTC/USDT:USDT-260327"),
        (okx_instrument("BTC-USD_UM_XPERP-310404", "", "USD", uly="", ctValCcy="BTC", ctVal="0.01"), "BTC/USD:USD"),
    ],
)
def test_no_symbol_is_made_of_a_suffix_of_okx(instrument: dict[str, object], symbol: str, tmp_path: Path) -> None:
    """What stands behind the currencies says of which kind a contract is, and is no part of its name."""
    found = imported(tmp_path, okx_answer(instrument), options=("--symbol", str(instrument["instId"])))
    assert f"\n{symbol}:\n" in found.out, found.talk


def test_the_brackets_of_an_x_perp(tmp_path: Path) -> None:
    """A table of tiers has its family's symbol, with the rules and without; the swap settled in coin has none of it."""
    tiers = okx_answer(
        okx_tier("BTC-USD_UM_XPERP", 0, 5000, "0.01"), okx_tier("BTC-USD_UM_XPERP", 5001, 10000, "0.015")
    )
    rules = okx_answer(XPERP, okx_instrument("BTC-USD-SWAP", "BTC-USD", "BTC"))
    both = imported(tmp_path, rules, tiers)
    assert [line for line in both.out.splitlines() if not line.startswith((" ", "#"))] == ["BTC/USD:USD:"]
    assert "    - {up_to: 5000, rate: 1%, max_leverage: 10}\n" in both.out
    assert "BTC/USD:BTC: left out: no file has its brackets" in both.talk
    assert "\nBTC/USD:USD:\n" in imported(tmp_path, tiers).out


def test_two_contracts_of_one_name(tmp_path: Path) -> None:
    """A swap goes before an X-perp of the same currencies, and that is said; each is had by its own name."""
    swap = okx_instrument("BTC-USD_UM-SWAP", "BTC-USD_UM", "USD", tickSz="0.5")
    found = imported(tmp_path, okx_answer(XPERP, swap))
    assert "tick_size: 0.5" in found.out
    assert (
        "BTC-USD_UM_XPERP-310404: left out: BTC-USD_UM-SWAP is called BTC/USD:USD too; `--symbol` takes it"
        in found.talk
    )
    asked = imported(tmp_path, okx_answer(XPERP, swap), options=("--symbol", "BTC-USD_UM_XPERP-310404"))
    assert "tick_size: 0.1" in asked.out


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("BTCUSDT_260327", "BTC/USDT:USDT-260327"),
        ("BTCUSD_260327", "BTC/USD:BTC-260327"),
        ("\u5e01\u5b89\u4eba\u751fUSDT", "\u5e01\u5b89\u4eba\u751f/USDT:USDT"),
        ("BTCUSDT-27MAR26", "BTC/USDT:USDT-260327"),
        ("BTC-27MAR26", "BTC/USDC:USDC-260327"),
        ("BTCPERP", "BTC/USDC:USDC"),
        ("PERPUSDT", "PERP/USDT:USDT"),
        # An option, a quarter's letter, and what nobody knows.
        ("BTC-27MAR26-60000-C", ""),
        ("BTC-27MAR26-60000-C-USDT", ""),
        ("BTCUSDH26", ""),
        ("BTCUSD_UM_XPERP", ""),
        ("BTCUSDT_PERP_X", ""),
    ],
)
def test_no_symbol_is_made_of_a_suffix_of_names_written_together(name: str, symbol: str, tmp_path: Path) -> None:
    """An end of a name that is not understood is asked for, and never part of a currency."""
    found = imported(tmp_path, bybit(("1000", "0.005", "0.01", "100"), symbol=name), options=("--symbol", name))
    if symbol:
        assert f"\n{symbol}:\n" in found.out, found.talk
    else:
        assert (found.out, "name it with `--symbol BASE/QUOTE:SETTLE`" in found.talk) == ("", True)


@pytest.mark.parametrize(
    "base", ["\u5e01\u5b89\u4eba\u751f", "M&M", "ES1!", "X=F", "XYZ:TSLA", "BRK.B", "A_B", "A-B", "1INCH"]
)
def test_names_as_venues_write_them(base: str, tmp_path: Path) -> None:
    """What ccxt writes is written, checked, and planned."""
    symbol = f"{base}/USDT:USDT"
    markets, brackets = [market("0.1", "0.5", symbol=symbol, id="X")], tiers(symbol, (0, 1000, "0.01", 10))
    written = imported(tmp_path, markets, brackets, options=("-o", str(tmp_path / "venue.yaml")))
    assert written.code == 0, written.talk
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        f"symbol: {symbol}\nside: long\nvenue: ./venue.yaml\nleverage: 2\nsize: 1 {base}\ntiers: [10]\nstop: 9\n"
        "account: {equity: 1000, max_risk: 2%, max_leverage: 2}\n"
    )
    assert outcome("check", str(tmp_path / "venue.yaml"), str(plan)).code == 0
    shown = json.loads(outcome("show", str(plan), "--format", "json").out)
    assert (shown["plan"]["symbol"], shown["tiers"][0]["quantity"]) == (symbol, "1")
    drafted = tmp_path / "new.yaml"
    words = ("--long", symbol, "10", "9.5", "--stop", "9", "--size", f"1 {base}", "--leverage", "2")
    assert outcome("new", str(drafted), *words).code == 0
    assert outcome("check", str(drafted)).code == 0
    assert outcome("fmt", "--check", str(drafted)).code == 0


# What is said where nothing comes of it


def okx_option(kind: str) -> dict[str, object]:
    """An option of OKX, or what else has no place in a plan."""
    return okx_instrument("BTC-USD-260327-60000-C", "BTC-USD", "BTC", instType=kind)


@pytest.mark.parametrize(
    "value",
    [
        okx_answer(okx_option("OPTION"), okx_option("OPTION")),
        {"optionSymbols": [{"symbol": "BTC-260327-60000-C", "filters": []}] * 2},
        {"retCode": 0, "result": {"list": [{"lotSizeFilter": {}, "priceFilter": {}, "optionsType": "Call"}] * 2}},
        [market("0.1", "0.1", symbol="BTC/USD:BTC-260327-60000-C", option=True)] * 2,
        [market("0.1", "0.1", symbol="BTC/USD:BTC-260327-60000-C", type="option")] * 2,
    ],
    ids=["OKX", "Binance", "Bybit", "ccxt", "ccxt by type"],
)
def test_options_are_said_to_be_options(value: object, tmp_path: Path) -> None:
    """Where a file holds nothing else, that is why nothing is written."""
    found = imported(tmp_path, value)
    assert (found.out, found.code) == ("", ExitCode.ERRORS)
    assert "nothing is left to be written (2 options are left out, which plans do not trade); save " in found.talk
    asked = imported(tmp_path, value, options=("--symbol", "BTC-USD-260327-60000-C"))
    assert (asked.out, "2 options are left out" in asked.talk) == ("", True)


def test_options_beside_others_are_said_too(tmp_path: Path) -> None:
    """What is left out of a file is said where something is left."""
    found = imported(tmp_path, okx_answer(okx_option("OPTION"), okx_instrument("BTC-USD-SWAP", "BTC-USD", "BTC")))
    assert found.code == 0
    assert "1 option is left out, which plans do not trade" in found.talk


def test_what_else_is_left_out_is_said(tmp_path: Path) -> None:
    """Nothing but spot, or nothing but what expires."""
    spot = imported(tmp_path, [market("0.1", "0.1", symbol="BTC/USDT", type="spot")])
    assert "nothing is left to be written (left out: spot has no margin; `--symbol` takes it" in spot.talk
    future = okx_answer(okx_instrument("BTC-USDT-260327", "BTC-USDT", "USDT", expTime=DAY))
    assert "(left out: it expires; `--symbol` takes it" in imported(tmp_path, future).talk


def test_a_gap_of_one_says_whose_tables_have_it(tmp_path: Path) -> None:
    """Where each tier begins one above the end of the one before, tiers count contracts: who says so has the file."""
    value = tiers("ETH/USDT:USDT", (0, 6500, "0.0065", 50), (6501, 12000, "0.01", 40))
    found = imported(tmp_path, value)
    assert "no bracket holds from 6500 to 6501; if the brackets count contracts, say whose they are" in found.talk
    assert "with `--name okx`, or `--bracket-by contracts`" in found.talk
    for options in (("--name", "okx"), ("--bracket-by", "contracts")):
        assert "    - {up_to: 6500, rate: 0.65%, max_leverage: 50}\n" in imported(tmp_path, value, options=options).out


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_is_named(encoding: str, tmp_path: Path) -> None:
    """A shell of Windows saves UTF-16."""
    path = tmp_path / "saved.json"
    path.write_bytes(LINEAR[0].read_text().encode(encoding))
    name = encoding[:6].upper()
    talk = outcome("venues", "import", str(path)).talk
    assert f"saved.json: the file is written in {name}, and JSON is read as UTF-8; save it as UTF-8" in talk


# What is written is what plans read

GOOD_NAMES = st.sampled_from(
    ["BTC", "\u5e01\u5b89", "M&M", "X=F", "ES1!", "A:B", "A-B", "1INCH", "\u0939\u093f", "no", "1e5", "0x1"]
)
NAMES = st.one_of(
    GOOD_NAMES,
    GOOD_NAMES,
    st.text(alphabet=st.characters(categories=["L", "N", "M"]), min_size=1, max_size=6),
    st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=3),
)
AMOUNTS = st.one_of(st.integers(0, 10**7), st.sampled_from([0.1, 1e-8, "0.01", "5e-3", 10**20, None, "", 0, 5]))
RISING = st.lists(st.integers(1, 900), min_size=1, max_size=5).map(
    lambda rates: [str(D(rate) / 2000) for rate in sorted(rates)]
)


@st.composite
def answers(draw: st.DrawFn) -> list[object]:
    """Answers of one exchange in its own shape: rules, brackets or both, with whatever stands in their places."""
    base, quote = draw(NAMES), draw(st.sampled_from(["USDT", "USD", "USDC", "\u5706"]))
    rates, unit = draw(RISING), draw(st.sampled_from([1, 1000, 10**6]))
    bounds = [(unit * n, unit * (n + 1), rate) for n, rate in enumerate(rates)]
    price, amount, size = draw(AMOUNTS), draw(AMOUNTS), draw(AMOUNTS)
    settle = draw(st.sampled_from([base, quote, quote, ""]))
    together, family = f"{base}{quote}", f"{base}-{quote}"
    shape = draw(st.sampled_from(["binance", "bybit", "okx", "ccxt"]))
    if shape == "binance":
        filters = [{"filterType": "PRICE_FILTER", "tickSize": price}, {"filterType": "LOT_SIZE", "stepSize": amount}]
        rules: object = {
            "symbols": [
                {"symbol": together, "baseAsset": base, "quoteAsset": quote, "marginAsset": settle, "filters": filters}
                | {"contractType": "PERPETUAL", "contractSize": size}
            ]
        }
        table: object = binance(*(step(*bound) | {"initialLeverage": 1} for bound in bounds), symbol=together)
    elif shape == "bybit":
        fields: dict[str, object] = {"symbol": together, "baseCoin": base, "quoteCoin": quote, "settleCoin": settle}
        fields |= {"contractType": "LinearPerpetual", "lotSizeFilter": {"qtyStep": amount}}
        rules = {"result": {"list": [fields | {"priceFilter": {"tickSize": price}}]}}
        table = bybit(*((end, rate, "", "1") for _, end, rate in bounds), symbol=together)
    elif shape == "okx":
        ends = draw(st.sampled_from(["-SWAP", "_UM-SWAP", "_UM_XPERP-310404", "-260327"]))
        name = f"{family}{ends}"
        rules = okx_answer(
            okx_instrument(name, name.rpartition("-")[0], settle, tickSz=price, lotSz=amount, ctVal=size, ctValCcy="")
        )
        table = okx_answer(*(okx_tier(name.rpartition("-")[0], *bound) | {"maxLever": "1"} for bound in bounds))
    else:
        symbol = f"{base}/{quote}:{settle}" if settle else f"{base}/{quote}"
        rules = [market(price, amount, symbol=symbol, id=together, contractSize=size)]
        table = tiers(symbol, *((*bound, 1) for bound in bounds))
    return draw(st.sampled_from([[rules], [table], [rules, table]]))


@given(
    values=answers(),
    name=st.one_of(st.just(""), st.sampled_from(["okx", "bybit", "gate"]), st.text(max_size=5)),
    options=st.sampled_from([(), ("--precision", "step"), ("--precision", "price=significant,amount=step")]),
    size=st.sampled_from([(), ("--contract-size", "10")]),
)
def test_nothing_is_written_that_check_refuses(
    values: list[object], name: str, options: tuple[str, ...], size: tuple[str, ...]
) -> None:
    """Whatever a saved file holds: a file that `check` and `fmt --check` take, or nothing and a reason."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "venue.yaml"
        named = ("--name", name) if name and not name.startswith("-") else ()
        found = imported(Path(folder), *values, options=(*named, *options, *size, "-o", str(path)))
        assert found.talk
        if found.code:
            assert not path.exists()
        else:
            assert outcome("check", str(path)).code == 0
            assert outcome("fmt", "--check", str(path)).code == 0


# A run that was killed


def half_written(path: Path, was: bytes, new: bytes) -> Path:
    """Leaves a file with another name as a run leaves it that was killed while it wrote. Returns its journal."""
    path.write_bytes(new[: len(new) // 2] + was[len(new) // 2 :])
    path.with_name("other.yaml").hardlink_to(path)
    journal = path.with_name(f".{path.name}.1{store._JOURNAL}")  # noqa: SLF001 - what a killed run leaves
    head = {"name": path.name, "was": len(was), "new": len(new)}
    journal.write_bytes(b"%b\n%b%b" % (json.dumps(head).encode(), was, new))
    journal.chmod(0o600)
    return journal


@pytest.mark.parametrize("options", [(), ("--force",)])
def test_a_half_written_file_is_finished_by_the_same_import(options: tuple[str, ...], tmp_path: Path) -> None:
    """The same answers give the same terms: what was begun is finished, and said, with `--force` and without."""
    path = tmp_path / "venue.yaml"
    words = ("venues", "import", *map(str, OKX), "--as-of", "2024-01-01", "-o", str(path))
    assert outcome(*words).code == 0
    new = path.read_bytes()
    journal = half_written(path, new.replace(b"okx", b"OKX").replace(b"75", b"60"), new)
    found = outcome(*words, *options)
    assert (found.code, path.read_bytes(), journal.exists()) == (0, new, False)
    assert "venue.yaml: was half written by a run that was killed, and is finished now\n" in found.talk
    assert path.with_name("other.yaml").read_bytes() == new


def test_a_half_written_file_of_other_terms_is_named(tmp_path: Path) -> None:
    """What another import had begun is nothing that this one can finish: the journal, with both texts, is named."""
    path = tmp_path / "venue.yaml"
    words = ("venues", "import", *map(str, OKX), "-o", str(path))
    assert outcome(*words, "--as-of", "2024-01-01").code == 0
    new = path.read_bytes()
    journal = half_written(path, new.replace(b"okx", b"OKX"), new)
    held = path.read_bytes()
    found = outcome(*words, "--as-of", "2025-01-01")
    assert (found.code, path.read_bytes(), journal.exists()) == (ExitCode.REFUSED, held, True)
    assert f"{journal.name}: may be from somebody else, so nothing is written from it" in found.talk
    assert "is there already, and nothing is overwritten" in found.talk
    forced = outcome(*words, "--as-of", "2025-01-01", "--force")
    assert (forced.code, b"as_of: 2025-01-01" in path.read_bytes()) == (0, True)
    assert journal.name in forced.talk


@pytest.mark.parametrize("part", [0.3, 0.99])
def test_a_file_that_breaks_off_is_finished_or_named(part: float, tmp_path: Path) -> None:
    """Where files have no second name a new one is written in place: a killed run leaves its beginning."""
    path = tmp_path / "venue.yaml"
    words = ("venues", "import", *map(str, OKX), "-o", str(path))
    assert outcome(*words, "--as-of", "2024-01-01").code == 0
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    other = outcome(*words, "--as-of", "2025-01-01")
    assert (other.code, path.read_bytes()) == (ExitCode.REFUSED, whole[: int(len(whole) * part)])
    assert "is there already, half written by a run that was killed; `--force` replaces it" in other.talk
    same = outcome(*words, "--as-of", "2024-01-01")
    assert (same.code, path.read_bytes()) == (0, whole)
    assert "was half written by a run that was killed, and is finished now" in same.talk


@pytest.mark.parametrize(
    ("name", "symbol"), [("BTC-USDT-260327", "BTC/USDT:USDT-260327"), ("BTC-USDT-NEXT", "")], ids=["by name", "unknown"]
)
def test_a_contract_that_expires_is_not_called_as_one_that_does_not(name: str, symbol: str, tmp_path: Path) -> None:
    """The day of a contract's end is its own, or that in its name; without either it has no name in a plan."""
    dated = okx_instrument(name, "BTC-USDT", "USDT", expTime="")
    found = imported(tmp_path, okx_answer(dated), options=("--symbol", name))
    if symbol:
        assert f"\n{symbol}:\n" in found.out
    else:
        assert (found.out, "no file says on which day it expires" in found.talk) == ("", True)


def test_more_values_than_a_file_may_hold(tmp_path: Path) -> None:
    """Many short brackets are too many values before they are too many bytes: it is said what to do about that."""
    rows = [{"notionalFloor": n, "notionalCap": n + 1, "maintMarginRatio": "0.01"} for n in range(200)]
    many = [one for index in range(160) for one in binance(*rows, symbol=f"X{index}USDT")]
    found = imported(tmp_path, many)
    assert (found.out, found.code) == ("", ExitCode.ERRORS)
    assert "more than 150,000 values" in found.talk
    assert "name the symbols wanted with `--symbol`" in found.talk
