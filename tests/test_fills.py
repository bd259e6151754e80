"""Exports of venues, read whole: the events of each written by hand beside it, however the file is stored.

A file of `.events` says with which options its export is read, and what has to come out: `fill`, `funding`, what is
passed over, or the code with which it is refused and a word of what is to be asked for.
"""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.running import ROOT, joined, outcome

D = Decimal
FOLDER = ROOT / "tests" / "data" / "fills"
SAMPLES = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".events")
READ = [name for name in SAMPLES if "refused" not in (FOLDER / name).with_suffix(".events").read_text(encoding="utf-8")]
TABLES = [name for name in READ if name.endswith((".csv", ".tsv")) and "activity" not in name]


class Expected(NamedTuple):
    """What is written beside a sample."""

    options: tuple[str, ...] = ()
    source: str = ""
    events: tuple[str, ...] = ()
    passed: tuple[tuple[str, int], ...] = ()
    refused: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()


def expected(name: str) -> Expected:
    """Returns what is written beside a sample."""
    found = Expected()
    for line in (FOLDER / name).with_suffix(".events").read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if word == "options":
            found = found._replace(options=tuple(rest.split()))
        elif word == "source":
            found = found._replace(source=rest)
        elif word == "passed":
            count, _, reason = rest.partition(" ")
            found = found._replace(passed=(*found.passed, (reason, int(count))))
        elif word == "refused":
            code, _, words = rest.partition(" ")
            found = found._replace(refused=(code, words))
        elif word == "note":
            found = found._replace(notes=(*found.notes, rest))
        elif word in ("fill", "funding"):
            found = found._replace(events=(*found.events, line))
    return found


def written(event: dict[str, Any]) -> str:
    """Returns an event as it is written beside a sample."""
    second, _, part = event["at"].removesuffix("Z").partition(".")
    at = f"{second}.{part}".rstrip("0").rstrip(".") + "Z" if part.strip("0") else f"{second}Z"
    head = f"{event['kind']} {at} {event['source']} | {event['symbol']}"
    if event["kind"] == "fill":
        head += f" {event['side']} {event['quantity']} at {event['price']}"
    parts = [head]
    if "contracts" in event:
        parts.append(f"contracts {event['contracts']}")
    if "fee" in event:
        parts.append(f"fee {event['fee']} {event.get('fee_currency', '')}".rstrip())
    if "liquidity" in event:
        parts.append(event["liquidity"])
    parts += [f"{word} {event[key]}" for word, key in _NAMED if key in event]
    return " | ".join(parts)


_NAMED = (("order", "order_id"), ("id", "source_id"), ("role", "role"), ("text", "text"))


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a journal of its own, and nothing in it."""
    monkeypatch.setenv("SCALEPLAN_JOURNAL", str(tmp_path / "journal.db"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def brought(*words: str, code: int = 0) -> dict[str, Any]:
    """Imports; returns what it says as JSON."""
    ran = outcome("import-fills", *words, "--format", "json")
    assert ran.code == code, ran
    record: dict[str, Any] = json.loads(ran.out)
    return record


def events() -> list[dict[str, Any]]:
    """Returns all fills and payments of the journal, as they are exported."""
    lines = [json.loads(line) for line in outcome("journal", "export").out.splitlines()]
    return [line for line in lines if line["type"] == "event" and line["kind"] in ("fill", "funding")]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_whole_or_refused(name: str) -> None:
    """What is written by hand beside a sample is what comes out; brought twice it is there once."""
    wanted, file = expected(name), str(FOLDER / name)
    if wanted.refused is not None:
        found = brought(file, *wanted.options, code=1)
        (told,) = found["diagnostics"]
        assert told["code"] == wanted.refused[0]
        assert wanted.refused[1] in told["help"]
        assert not (Path.cwd() / "journal.db").exists()
        return
    found = brought(file, *wanted.options)
    (first,) = found["files"]
    assert first["source"] == wanted.source
    if wanted.events:
        assert [written(event) for event in events()] == list(wanted.events)
    assert [(each["reason"], each["count"]) for each in first["passed"]] == sorted(wanted.passed)
    assert first["new"] == len(wanted.events)
    assert {each["code"] for each in found["diagnostics"]} >= set(wanted.notes)
    again = brought(file, *wanted.options)
    assert (again["files"][0]["new"], again["files"][0]["known"], again["batch"]) == (0, len(wanted.events), None)
    assert joined(outcome("journal", "check").out) == ("the journal is whole" if wanted.events else "")


FORMS: dict[str, Callable[[str], bytes]] = {
    "BOM": lambda text: "\ufeff".encode() + text.encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "blank lines": lambda text: f"{text}\n\n".encode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", READ)
def test_however_a_text_is_stored(place: Path, name: str, form: str) -> None:
    """Marks, line ends and encodings change nothing."""
    wanted = expected(name)
    text = (FOLDER / name).read_bytes().decode("utf-16" if name.endswith(".html") else "utf-8")
    file = place / name
    file.write_bytes(FORMS[form](text))
    found = brought(str(file), *wanted.options, "--dry-run")
    assert found["files"][0]["new"] == len(wanted.events)


@pytest.mark.parametrize("name", TABLES)
def test_columns_in_another_order(place: Path, name: str) -> None:
    """Columns are found by their heads, wherever they stand."""
    wanted = expected(name)
    separator = "\t" if name.endswith(".tsv") else ";" if name.startswith("mt5") else ","
    rows = list(csv.reader(io.StringIO((FOLDER / name).read_text(encoding="utf-8-sig")), delimiter=separator))
    width = max(len(row) for row in rows)
    turned = io.StringIO()
    writer = csv.writer(turned, delimiter=separator)
    for row in rows:
        writer.writerow(row[::-1] if len(row) == width else row)
    (place / name).write_text(turned.getvalue(), encoding="utf-8")
    brought(str(place / name), *wanted.options)
    assert sorted(written(event) for event in events()) == sorted(wanted.events)


STATEMENT = """Statement,Header,Field Name,Field Value
Statement,Data,Title,Activity Statement
Account Information,Header,Field Name,Field Value
Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,Proceeds,Comm/Fee,Code
Trades,Data,Order,Stocks,USD,AAPL,"2026-01-05, 09:30:00","1,000",150.00,-150000,-5.00,O
Trades,Data,Trade,Stocks,USD,AAPL,"2026-01-05, 09:30:00",600,150.00,-90000,-3.00,O;P
Trades,Data,Trade,Stocks,USD,AAPL,"2026-01-05, 09:30:01",400,150.00,-60000,-2.00,O;P
Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,Proceeds,Comm in USD,Code
Trades,Data,Order,Forex,USD,EUR.USD,"2026-01-06, 12:29:19","20,000",1.0850,-21700,-2,
"""


def test_orders_of_a_statement_count_where_no_executions_stand_beside_them() -> None:
    """Executions of one symbol say nothing of the orders of another."""
    Path("a.csv").write_text(STATEMENT, encoding="utf-8")
    brought("a.csv", "--tz", "UTC")
    assert [(each["symbol"], each["quantity"]) for each in events()] == [
        ("AAPL", "600"),
        ("AAPL", "400"),
        ("EUR.USD", "20000"),
    ]


def test_a_statement_in_another_language_is_refused_by_name() -> None:
    """Its trades stand under another name: it is not read as one that has none."""
    text = STATEMENT.replace("Trades,", "Transaktionen,").replace("Account Information", "Kontoinformation")
    Path("a.csv").write_text(text, encoding="utf-8")
    (found,) = brought("a.csv", "--tz", "UTC", code=1)["diagnostics"]
    assert (found["code"], "another language" in found["message"]) == ("SP954", True)


def test_a_dated_future_of_bybit_pays_its_fees_in_what_it_settles_in() -> None:
    """`BTC-27MAR26` is of USDC, and its day is no currency."""
    head = "Contracts,Order No.,Direction,Filled Qty,Filled Price,Filled Type,Fees Paid,Trade ID,Transaction Time(UTC)"
    rows = [
        f"{name},o{number},Sell,0.01,60000,Trade,0.33,t{number},2026-03-15 10:00:0{number}"
        for number, name in enumerate(("BTC-27MAR26", "ETHUSDT-3APR26"))
    ]
    Path("a.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    brought("a.csv")
    assert [each["fee_currency"] for each in events()] == ["USDC", "USDT"]


def test_an_execution_twice_in_one_import_names_no_event() -> None:
    """SP960 within an import: what came before has no number in the journal yet."""
    row = "2026-01-05 10:00:00Z,BTC/USDT:USDT,sell,{},29802.5,1"
    rows = ["time,symbol,side,quantity,price,id", row.format("0.1"), row.format("0.2")]
    Path("a.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (found,) = brought("a.csv", code=1)["diagnostics"]
    assert (found["code"], "E0" in found["message"]) == ("SP960", False)
    assert "came before, in this import, with quantity 0.1, and here 0.2" in found["message"]


# How numbers are written

GENERIC = "time,symbol,side,quantity,price,fee,fee_currency,order,id"


def generic(*cells: str, head: str = GENERIC, separator: str = ",") -> str:
    """Writes a table of one row of 2026-03-15; returns its name."""
    row = separator.join(("2026-03-15T10:00:00Z", "BTCUSDT", *cells))
    Path("g.csv").write_text(f"{head.replace(',', separator)}\n{row}\n", encoding="utf-8")
    return "g.csv"


EXPONENTS = {
    "1e-05": "0.00001",
    "5.0E-4": "0.0005",
    "1e3": "1000",
    "1.2E+2": "120",
    ".5": "0.5",
    "1e-05 BTC": "0.00001",
    "4.6e-3BTC": "0.0046",
}


@pytest.mark.parametrize("text", EXPONENTS)
def test_an_exponent_is_part_of_its_number(text: str) -> None:
    """It is neither cut off nor taken for a unit: 1e-05 is 0.00001, and not 1 of `E-05`."""
    brought(generic("buy", text, "60000", text.replace("BTC", "USDT"), "", "o", "1"))
    ((wanted, found),) = [(EXPONENTS[text], each) for each in events()]
    assert (found["quantity"], found["fee"], found.get("fee_currency")) == (
        wanted,
        wanted,
        "USDT" if "B" in text else None,
    )


@pytest.mark.parametrize("text", ["1e999999", "1e-999999", "1e17", "1e-21", "-1E400", "1e99999999999"])
@pytest.mark.parametrize("cell", [1, 3])
def test_an_exponent_beyond_what_a_journal_keeps_is_refused(text: str, cell: int) -> None:
    """Section 13 of the contract: the row is told at its line and its cell, and nothing is recorded."""
    cells = ["sell", "1", "60000", "0.1", "USDT", "o", "1"]
    cells[cell] = text
    (found,) = brought(generic(*cells), code=1)["diagnostics"]
    assert (found["code"], found["line"]) == ("SP955", 2)
    assert text in found["message"]


ANSWERS: dict[str, list[dict[str, Any]]] = {
    "binance": [
        {
            "symbol": "BTCUSDT",
            "id": 1,
            "orderId": 2,
            "side": "BUY",
            "price": "60000",
            "qty": "0.01",
            "realizedPnl": "0",
            "commission": "1.5E-7",
            "commissionAsset": "BNB",
            "time": 1773568800000,
            "maker": True,
        }
    ],
    "hyperliquid": [
        {
            "coin": "BTC",
            "px": "6e4",
            "sz": "1e-2",
            "side": "B",
            "time": 1773568800000,
            "startPosition": "0.0",
            "dir": "Open Long",
            "closedPnl": "0.0",
            "oid": 1,
            "crossed": True,
            "fee": "9E-5",
            "tid": 2,
            "feeToken": "USDC",
        }
    ],
}


@pytest.mark.parametrize("venue", ANSWERS)
def test_an_exponent_in_an_answer(venue: str) -> None:
    """1.5E-7 BNB at 600 USDT is 0.00009 USDT, and not 900; 1e-2 at 6e4 is 0.01 at 60,000."""
    Path("a.json").write_text(json.dumps(ANSWERS[venue]), encoding="utf-8")
    brought("a.json", "--rate", "BNB=600")
    (found,) = events()
    assert (found["quantity"], found["price"], D(found["fee"])) == ("0.01", "60000", D("0.00009"))


SPOT = "Date(UTC),Pair,Side,Price,Executed,Amount,Fee"


@pytest.mark.parametrize(
    ("pair", "executed", "amount", "fee", "quantity", "paid"),
    [
        ("1INCHUSDT", "10.51INCH", "2.1USDT", "0.01051INCH", "10.5", "0.0105 1INCH"),
        ("1000SATSUSDT", "10000000.01000SATS", "2000000USDT", "10000.001000SATS", "10000000", "10000 1000SATS"),
        ("ADAUSDT", "200ADA", "40USDT", "0.2ADA", "200", "0.2 ADA"),
    ],
)
def test_a_unit_that_begins_with_digits(
    pair: str, executed: str, amount: str, fee: str, quantity: str, paid: str
) -> None:
    """10.51INCH are 10.5 of 1INCH, and not 10.51 of INCH: 10.5 x 0.2 = 2.1."""
    Path("s.csv").write_text(
        f"{SPOT}\n2026-03-01 10:00:00,{pair},BUY,0.2,{executed},{amount},{fee}\n", encoding="utf-8"
    )
    brought("s.csv")
    (found,) = events()
    assert (D(found["quantity"]), f"{D(found['fee']).normalize():f} {found['fee_currency']}") == (D(quantity), paid)


@pytest.mark.parametrize(
    ("side", "quantity", "word"),
    [
        ("sell", "30000 USDT", "is in USDT, and that of `BTCUSDT` is in BTC"),
        ("sell", "0.5k", "is in K, and that of `BTCUSDT` is in BTC"),
        ("sell", "0.5 ETH", "is in ETH"),
        ("buy", "-0.5", "below zero, is of a sale"),
    ],
)
def test_a_quantity_in_another_unit_or_of_another_sign_is_refused(side: str, quantity: str, word: str) -> None:
    """30000 USDT at 60,000 are 0.5 BTC, and not 30,000 of them; a bought quantity is not below zero."""
    (found,) = brought(generic(side, quantity, "60000", "", "", "o", "1"), code=1)["diagnostics"]
    assert (found["code"], word in found["message"]) == ("SP955", True), found


def test_units_that_a_quantity_may_have() -> None:
    """Its own coin; contracts, with what one is; 12 of 0.01 BTC are 0.12. A sale may be below zero."""
    for number, quantity in enumerate(("0.12 BTC", "0.12BTC", "12 contracts", "-0.12")):
        Path("journal.db").unlink(missing_ok=True)
        file = generic("sell", quantity, "60000", "", "", "o", str(number))
        brought(file, "--contract-size", "0.01")
        assert [D(each["quantity"]) for each in events()] == [D("0.12")]
    (found,) = brought(generic("sell", "12 contracts", "60000", "", "", "o", "9"), code=1)["diagnostics"]
    assert found["code"] == "SP958"


WITH_FEE = "time,symbol,side,quantity,price,fee"


@pytest.mark.parametrize("fee", ["0,01", "0,01 USDT", "1.234,5"])
def test_points_group_digits_where_decimals_stand_behind_a_comma(fee: str) -> None:
    """`1.000;60.000;0,01` is a thousand at 60,000, and not one at 60."""
    brought(generic("sell", "1.000", "60.000", fee, head=WITH_FEE, separator=";"))
    assert [(each["quantity"], each["price"]) for each in events()] == [("1000", "60000")]


@pytest.mark.parametrize("fee", ["0.01", "12.5", "0.012 USDT", "60000.123"])
def test_points_stand_before_decimals_where_a_cell_tells(fee: str) -> None:
    """`1.250;60.125;0.01` is 1.25 at 60.125."""
    brought(generic("sell", "1.250", "60.125", fee, head=WITH_FEE, separator=";"))
    assert [(D(each["quantity"]), D(each["price"])) for each in events()] == [(D("1.25"), D("60.125"))]


@pytest.mark.parametrize(("quantity", "fee"), [("1.000", ""), ("0,5", "0.01")])
def test_points_that_read_two_ways_are_refused(quantity: str, fee: str) -> None:
    """Where no cell tells what a point is, or two tell it differently, nothing is guessed."""
    (found,) = brought(generic("sell", quantity, "60.000", fee, head=WITH_FEE, separator=";"), code=1)["diagnostics"]
    assert (found["code"], "60.000` reads two ways: as 60000 and as 60.000" in found["message"]) == ("SP955", True)
