"""Importing: each fill into its trade, typed fills replaced, known rows passed over, whole accounts that add up."""

import json
import os
import sqlite3
from contextlib import closing
from decimal import Decimal
from itertools import pairwise, permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.accounts import account
from tests.running import ROOT, joined, outcome

D = Decimal
SHORT = str(ROOT / "plans" / "range-short.yaml")
HEAD = "Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID"
NO_IDS = "time,symbol,side,quantity,price,fee,order"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a journal of its own, and nothing in it."""
    monkeypatch.setenv("SCALEPLAN_JOURNAL", str(tmp_path / "journal.db"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def do(*words: str, code: int = 0) -> str:
    """Runs a command; returns what it says."""
    ran = outcome(*words)
    assert ran.code == code, (words, ran)
    return joined(ran.out + ran.talk)


def brought(*words: str, code: int = 0) -> dict[str, Any]:
    """Imports; returns what it says as JSON."""
    ran = outcome("import-fills", *words, "--format", "json")
    assert ran.code == code, ran
    record: dict[str, Any] = json.loads(ran.out)
    return record


def told(*words: str) -> str:
    """Returns the code with which an import is refused."""
    (found,) = brought(*words, code=1)["diagnostics"]
    return str(found["code"])


def table(name: str, *rows: str, head: str = HEAD) -> str:
    """Writes an export of Binance's futures; returns its name."""
    Path(name).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return name


def row(clock: str, side: str, price: str, quantity: str, number: int, order: int = 0, fee: str = "0.1") -> str:
    """Returns a row of such an export, of 2026-08-21."""
    amount = f"{D(price) * D(quantity):f}"
    head = f"7,2026-08-21 {clock},BTCUSDT,{side},{price},{quantity},{amount},{fee} USDT"
    return f"{head},0,false,false,{number},{order or number}"


def trades() -> list[dict[str, Any]]:
    """Returns where each trade stands, as JSON."""
    numbers = range(1, 1 + json.loads(outcome("journal", "--format", "json").out)["trades"])
    ran = outcome("status", *(f"T{number}" for number in numbers), "--format", "json")
    found: list[dict[str, Any]] = json.loads(ran.out)["trades"]
    return found


def fills() -> list[tuple[str, str]]:
    """Returns the fills in force, what each was and its quantity, those in no trade as nothing."""
    rows = json.loads(outcome("journal", "export", "--format", "json").out)["fills"]
    return sorted((str(each.get("what")), str(each["quantity"])) for each in rows)


def figures() -> list[tuple[str, ...]]:
    """Returns what does not depend on the order of files: of each trade its plan, what it came to, its mapping."""
    found = []
    for trade in trades():
        lines = json.loads(outcome("log", trade["trade"], "--format", "json").out)["events"]
        words = sorted(f"{each['at']} {each['what']}" for each in lines if each["kind"] == "fill")
        found.append((trade["plan"]["file"], str(trade["realized"]), *words))
    return sorted(found)


# A whole account


def test_a_whole_account_adds_up(place: Path) -> None:
    """Twenty trades, and each comes to what its executions come to; the contract's own to 239.11649 = 1.32R.

    0.1 x 29802.5 + 0.06 x 29471 + 0.04 x 29466.5 = 5927.17 were sold, 0.1 x 28600 + 0.1 x 28240 = 5684 bought; fees
    are 0.59605 + 0.88413 + 0.58933 + 0.572 + 1.412 = 4.05351. 243.17 - 4.05351 = 239.11649, and 1R is 180.48.
    """
    made = account(place / "account")
    found = brought(*map(str, made.files), "--plans", str(made.plans))
    assert sum(each["new"] for each in found["files"]) == sum(len(trade.fills) for trade in made.trades)
    assert found["unassigned"] == []
    stood = trades()
    assert len(stood) == 20
    assert sorted(D(each["realized"]) for each in stood) == sorted(trade.net for trade in made.trades)
    assert all(each["over"] for each in stood)
    (own,) = (each for each in stood if D(each["realized"]) == D("239.11649"))
    assert D(own["realized_r"]).quantize(D("0.01")) == D("1.32")
    assert do("journal", "check") == "the journal is whole"


def test_files_and_pieces_in_any_order_are_the_whole(place: Path) -> None:
    """Law 3: files brought one by one, in any order, are what all of them at once are."""
    made = account(place / "account")
    brought(*map(str, made.files), "--plans", str(made.plans))
    whole = figures()
    for number, order in enumerate(permutations(made.files)):
        os.environ["SCALEPLAN_JOURNAL"] = str(place / f"{number}.db")
        for file in order:
            brought(str(file), "--plans", str(made.plans))
        assert figures() == whole


def test_pieces_that_part_trades_of_months_ago_in_any_order(place: Path) -> None:
    """Law 3 where an import locks: what a trade has comes in files that part it, whichever file is the first."""
    folder = place / "plans"
    folder.mkdir()
    (folder / "one.yaml").write_text(Path(SHORT).read_text(encoding="utf-8"), encoding="utf-8")
    ways = (
        ("02 11", "sell", "0.1", "29800"),
        ("02 12", "buy", "0.1", "30065"),
        ("03 11", "sell", "0.06", "29801"),
        ("03 12", "sell", "0.04", "29801"),
        ("03 13", "buy", "0.05", "28600"),
        ("03 14", "buy", "0.05", "28100"),
        ("04 11", "sell", "0.1", "29800"),
        ("04 12", "sell", "0.1", "29490"),
        ("04 13", "buy", "0.2", "29000"),
        ("25 11", "sell", "0.1", "29802"),
        ("25 12", "buy", "0.1", "29000"),
    )
    rows = [
        f"2026-01-{at}:00:00Z,BTC/USDT:USDT,{side},{quantity},{price},0.5,USDT,{number}"
        for number, (at, side, quantity, price) in enumerate(ways)
    ]
    head = "time,symbol,side,quantity,price,fee,fee_currency,id"
    table("whole.csv", *rows, head=head)
    brought("whole.csv", "--plans", str(folder))
    whole = figures_and_homeless()
    assert (len(whole[0]), whole[1]) == (4, 0)
    for cut, (one, two) in enumerate(((1, 3), (3, 5), (4, 8), (5, 10))):
        pieces = (rows[:one], rows[max(0, one - 1) : two], rows[two:])
        names = [table(f"{number}.csv", *piece, head=head) for number, piece in enumerate(pieces)]
        for number, order in enumerate(permutations(names)):
            os.environ["SCALEPLAN_JOURNAL"] = str(place / f"{cut}-{number}.db")
            for name in order:
                brought(name, "--plans", str(folder))
            assert figures_and_homeless() == whole, (cut, order)
            assert do("journal", "check") == "the journal is whole"


def figures_and_homeless() -> tuple[list[str], int]:
    """Returns what a review says of each trade that does not depend on its number, and how many fills no trade has."""
    found = json.loads(outcome("review", "--format", "json").out)
    parts = ("closed_at", "net", "r", "planned_r", "tiers", "end")
    return [str([each[part] for part in parts]) for each in found["trades"]], found["counts"]["unassigned"]


def test_rows_without_numbers_in_pieces(place: Path) -> None:
    """Law 3 without numbers: overlapping pieces that do not part equal rows, in any order, are the whole."""
    random = Random(5)  # noqa: S311
    rows = []
    for number in range(30):
        line = (
            f"2026-08-21T12:{number:02}:00Z,BTC/USDT:USDT,{random.choice(('buy', 'sell'))},0.1,{29000 + number // 3},,"
        )
        rows += [line] * random.randint(1, 3)
    whole = table("whole.csv", *rows, head=NO_IDS)
    brought(whole)
    wanted = fills()
    assert len(wanted) == len(rows)
    cuts = [place for place in range(1, len(rows)) if rows[place] != rows[place - 1]]
    for trial in range(6):
        os.environ["SCALEPLAN_JOURNAL"] = str(place / f"{trial}.db")
        first, second = sorted(random.sample(cuts, 2))
        pieces = [rows[:second], rows[first:], rows[first:second]]
        random.shuffle(pieces)
        for number, piece in enumerate(pieces):
            brought(table(f"{trial}-{number}.csv", *piece, head=NO_IDS))
        assert fills() == wanted


# Identity


def test_twice_is_once_and_undone_is_offered_anew() -> None:
    """What is known is passed over; what a whole undo took back is not known any more, and twice is back."""
    file = table("a.csv", row("14:00:00", "SELL", "29800", "0.1", 1), row("15:00:00", "SELL", "29500", "0.1", 2))
    options = ("--tz", "UTC")
    assert brought(file, *options)["files"][0]["new"] == 2
    assert brought(file, *options)["batch"] is None
    do("undo")
    again = brought(file, *options)
    assert (again["files"][0]["new"], again["files"][0]["known"]) == (2, 0)
    do("undo")
    do("undo")
    assert brought(file, *options)["files"][0]["known"] == 2


def test_undone_beside_a_later_import_without_numbers() -> None:
    """Of three equal rows two came first; those undone, the third is still the third."""
    line = "2026-08-21T12:00:00Z,BTC/USDT:USDT,sell,0.1,29800,,"
    two, three = table("two.csv", line, line, head=NO_IDS), table("three.csv", line, line, line, head=NO_IDS)
    brought(two)
    assert brought(three)["files"][0]["new"] == 1
    do("undo", "1")
    assert len(fills()) == 1
    again = brought(three)["files"][0]
    assert (again["new"], again["known"]) == (2, 1)
    assert brought(two)["files"][0]["known"] == 2


def test_the_same_number_with_other_figures() -> None:
    """SP960: a price that was changed; written with fewer digits it is none."""
    brought(table("a.csv", row("14:00:00", "SELL", "29800.0", "0.1", 1, fee="0.29528919")), "--tz", "UTC")
    assert (
        told(table("b.csv", row("14:00:00", "SELL", "29800.5", "0.1", 1, fee="0.29528919")), "--tz", "UTC") == "SP960"
    )
    assert told(table("c.csv", row("14:00:01", "SELL", "29800", "0.1", 1, fee="0.29528919")), "--tz", "UTC") == "SP960"
    assert told(table("d.csv", row("14:00:00", "SELL", "29800", "0.2", 1, fee="0.29528919")), "--tz", "UTC") == "SP960"
    assert told(table("e.csv", row("14:00:00", "SELL", "29800", "0.1", 1, fee="0.31")), "--tz", "UTC") == "SP960"
    shorter = table("f.csv", row("14:00:00", "SELL", "29800", "0.1", 1, fee="0.2953"))
    assert brought(shorter, "--tz", "UTC")["files"][0]["known"] == 1


def test_a_row_without_a_number_is_the_one_with_it() -> None:
    """Each pairs once, whichever comes first: an answer in milliseconds and a table in seconds."""
    fill = {"symbol": "BTCUSDT", "orderId": 1, "side": "SELL", "price": "29800.00", "qty": "0.1", "realizedPnl": "0"}
    fill |= {"quoteQty": "2980", "commission": "0.59600000", "commissionAsset": "USDT", "time": 1787320800123}
    Path("a.json").write_text(json.dumps([fill | {"id": 1}, fill | {"id": 2}]), encoding="utf-8")
    line = "2026-08-21 14:00:00,BTCUSDT,SELL,29800,0.1,2980,0.596,USDT,0,USDT"
    old = "Date(UTC),Symbol,Side,Price,Quantity,Amount,Fee,Fee Coin,Realized Profit,Quote Asset"
    three = table("b.csv", line, line, line, head=old)
    assert brought("a.json")["files"][0]["new"] == 2
    found = brought(three)["files"][0]
    assert (found["new"], found["known"]) == (1, 2)
    assert brought("a.json")["files"][0]["known"] == 2
    os.environ["SCALEPLAN_JOURNAL"] += ".2"
    brought(three)
    assert brought("a.json")["files"][0]["known"] == 2


def test_a_correction_voids_what_it_corrects() -> None:
    """The venue's `.02` after `.01`, in one file or in two."""
    head = "Symbol,DateTime,Quantity,TradePrice,Buy/Sell,IBCommission,IBCommissionCurrency,IBExecID,LevelOfDetail"
    first = "MSFT,2026-01-05;10:00:00 EST,10,400,BUY,-1,USD,0001.01.01,EXECUTION"
    second = "MSFT,2026-01-05;10:00:00 EST,10,401,BUY,-1,USD,0001.01.02,EXECUTION"
    brought(table("a.csv", first, head=head))
    brought(table("b.csv", second, head=head))
    (left,) = json.loads(outcome("journal", "export", "--format", "json").out)["fills"]
    assert left["price"] == "401"
    assert brought("a.csv")["batch"] is None
    os.environ["SCALEPLAN_JOURNAL"] += ".2"
    brought(table("c.csv", first, second, head=head))
    (left,) = json.loads(outcome("journal", "export", "--format", "json").out)["fills"]
    assert left["price"] == "401"


# Typed fills


def test_typed_fills_give_way_to_the_orders_that_add_up_to_them() -> None:
    """The contract's example: three executions for one typed fill, two for two, and the trade stays what it is."""
    steps = (
        ("fill", "29802.5", "0.1", "14:05", "--fee", "0.59605"),
        ("fill", "29471", "0.06", "15:00", "--fee", "0.88413"),
        ("fill", "29466.5", "0.04", "15:00", "--fee", "0.58933"),
        ("exit", "28600", "0.1", "18:40", "--fee", "0.572"),
    )
    for command, price, quantity, clock, *more in steps:
        do(command, SHORT, price, quantity, "--at", f"2026-08-21 {clock} Z", *more)
    file = table(
        "a.csv",
        row("14:05:02", "SELL", "29802.5", "0.04", 1, 91, "0.23842"),
        row("14:05:02", "SELL", "29802.5", "0.05", 2, 91, "0.298025"),
        row("14:05:03", "SELL", "29802.5", "0.01", 3, 91, "0.059605"),
        row("15:00:10", "SELL", "29471", "0.06", 4, 92, "0.88413"),
        row("15:00:10", "SELL", "29466.5", "0.04", 5, 92, "0.58933"),
        row("18:40:00", "BUY", "28600", "0.06", 6, 93, "0.3432"),
        row("18:40:01", "BUY", "28600", "0.04", 7, 93, "0.2288"),
        row("19:40:00", "BUY", "28240", "0.1", 8, 94, "1.412"),
    )
    found = brought(file, "--tz", "UTC")
    assert [len(each["typed"]) for each in found["files"][0]["replaced"]] == [1, 2, 1]
    (trade,) = trades()
    assert D(trade["realized"]) == D("239.11649")
    do("undo")
    (trade,) = trades()
    assert trade["position"]["quantity"] == "0.1"
    assert brought(file, "--tz", "UTC")["files"][0]["new"] == 8


def test_what_may_be_typed_already_is_refused() -> None:
    """SP961: near and within a day, and no order adds up to it; with --again both are kept."""
    do("fill", SHORT, "29802.5", "0.1", "--at", "2026-08-21 14:05 Z")
    file = table("a.csv", row("14:05:02", "SELL", "29802.5", "0.04", 1))
    assert told(file, "--tz", "UTC") == "SP961"
    assert len(fills()) == 1
    assert brought(file, "--tz", "UTC", "--again")["files"][0]["new"] == 1
    assert len(fills()) == 2


def test_what_was_said_of_a_typed_fill_stays_said() -> None:
    """A tier that was named is that of the fills that replace it."""
    do("fill", SHORT, "29650", "0.1", "--tier", "2", "--at", "2026-08-21 14:05 Z")
    brought(table("a.csv", row("14:05:02", "SELL", "29650", "0.1", 1)), "--tz", "UTC")
    (trade,) = trades()
    assert trade["tiers"][1]["filled"] == "0.1"


# Which trade


def test_the_only_plan_whose_first_tier_is_met(place: Path) -> None:
    """--plans: locked with its first fill; a fill that meets none, or two plans, is in none."""
    folder = place / "plans"
    folder.mkdir()
    text = Path(SHORT).read_text(encoding="utf-8")
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    file = table("a.csv", row("10:00:00", "SELL", "29803", "0.1", 1), row("09:00:00", "SELL", "31000", "0.1", 2))
    found = brought(file, "--tz", "UTC", "--plans", str(folder))
    assert [each["locked"] for each in found["trades"]] == [True]
    assert [each["source_id"] for each in found["unassigned"]] == ["2"]
    assert "SP903" in {each["code"] for each in trades()[0]["deviations"]}
    do("undo")
    (folder / "two.yaml").write_text(text, encoding="utf-8")
    found = brought(file, "--tz", "UTC", "--plans", str(folder))
    assert (found["trades"], len(found["unassigned"])) == ([], 2)


def test_a_named_plan_takes_its_symbol_alone() -> None:
    """SP953: a fill of another market; `assign` asks too."""
    file = table("a.csv", row("14:00:00", "SELL", "29803", "0.1", 1).replace("BTCUSDT", "ETHUSDT"))
    assert told(file, "--tz", "UTC", "--plan", SHORT) == "SP953"
    brought(file, "--tz", "UTC")
    do("lock", SHORT)
    assert "SP953 other-symbol" in do("assign", "E1", "T1", code=1)
    named = brought(file, "--tz", "UTC", "--plan", SHORT, "--symbol", "ETHUSDT=BTC/USDT:USDT")
    assert len(named["trades"][0]["events"]) == 1


def test_pieces_that_come_the_wrong_way_round() -> None:
    """A close that finds no trade waits; once the entry is there it is offered again."""
    do("lock", SHORT, "--at", "2026-08-21 09:00 Z")
    late = table("b.csv", row("18:00:00", "BUY", "28600", "0.05", 2))
    assert len(brought(late, "--tz", "UTC")["unassigned"]) == 1
    early = table("a.csv", row("14:00:00", "SELL", "29800", "0.1", 1))
    brought(early, "--tz", "UTC")
    (trade,) = trades()
    assert (trade["position"]["quantity"], trade["targets"][0]["closed"]) == ("0.05", "0.05")


def test_what_a_trade_cannot_take_is_offered_on(place: Path) -> None:
    """A fill of 0.2 closes 0.1 of a short and is for the rest the first tier of a long; one row, and its fee shared."""
    folder = place / "plans"
    folder.mkdir()
    text = Path(SHORT).read_text(encoding="utf-8")
    (folder / "short.yaml").write_text(text, encoding="utf-8")
    (folder / "long.yaml").write_text(
        "symbol: BTC/USDT:USDT\nside: long\naccount: {equity: 10000 USDT}\nleverage: 2\nsize: 0.1 BTC\n"
        "tiers: [28600]\nstop: 28000\ntargets: [30000]\n",
        encoding="utf-8",
    )
    file = table(
        "a.csv", row("14:00:00", "SELL", "29800", "0.1", 1), row("15:00:00", "BUY", "28600", "0.2", 2, fee="2")
    )
    brought(file, "--tz", "UTC", "--plans", str(folder))
    short, long = trades()
    assert short["over"]
    assert D(short["realized"]) == D("0.1") * (29800 - 28600) - D("0.1") - D(1)
    assert (long["position"]["quantity"], long["position"]["entry_fees"]) == ("0.1", "1")
    assert do("log", "--no-plan") == "nothing is recorded there"
    assert do("journal", "check") == "the journal is whole"


def test_what_a_trade_can_take_by_now_no_other_keeps(place: Path) -> None:
    """A close of 0.2 was half another trade's first tier, until the missing entry came: then it is no more."""

    def held() -> list[str]:
        return [str((each["position"] or {"quantity": 0})["quantity"]) for each in trades()]

    folder = place / "plans"
    folder.mkdir()
    text = Path(SHORT).read_text(encoding="utf-8")
    (folder / "short.yaml").write_text(text, encoding="utf-8")
    (folder / "long.yaml").write_text(
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nsize: 0.1 BTC\ntiers: [28600]\nstop: 28000\n", encoding="utf-8"
    )
    rows = row("09:00:00", "SELL", "29800", "0.1", 1), row("10:00:00", "BUY", "28600", "0.2", 3)
    brought(table("a.csv", *rows), "--tz", "UTC", "--plans", str(folder))
    assert held() == ["0", "0.1"]
    brought(table("b.csv", row("09:30:00", "SELL", "29490", "0.1", 2)), "--tz", "UTC", "--plans", str(folder))
    assert held() == ["0", "0"]
    assert do("journal", "check") == "the journal is whole"


def test_the_import_of_a_missing_entry_is_taken_back() -> None:
    """Law 2: the close that came before it is again more than is held, as it was."""
    do("lock", SHORT, "--at", "2026-08-21 08:00 Z")
    rows = row("09:00:00", "SELL", "29800", "0.1", 1), row("10:00:00", "BUY", "28600", "0.2", 3)
    brought(table("a.csv", *rows), "--tz", "UTC")
    before = figures()
    brought(table("b.csv", row("09:30:00", "SELL", "29490", "0.1", 2)), "--tz", "UTC")
    assert figures() != before
    do("undo")
    assert figures() == before


def test_an_entry_of_either_of_two_tiers_stays_without_a_plan(place: Path) -> None:
    """SP952 for what is typed; imported it waits for `assign`."""
    Path("plan.yaml").write_text(
        "symbol: BTC/USDT:USDT\nside: short\naccount: {equity: 100000 USDT}\nleverage: 2\nsize: 0.2 BTC\n"
        "tiers: [{price: 29800, order: stop}, {price: 29780, order: stop}]\nstop: 31000\ntargets: [28000]\n",
        encoding="utf-8",
    )
    do("lock", "plan.yaml", "--at", "2026-08-21 09:00 Z")
    found = brought(table("a.csv", row("14:00:00", "SELL", "29790", "0.1", 1)), "--tz", "UTC")
    assert len(found["unassigned"]) == 1


# What is said of files


@pytest.mark.parametrize(
    ("clock", "zone", "codes"),
    [
        ("2026-10-25 02:30:00", "Europe/Berlin", {"SP957"}),
        ("2026-03-29 02:30:00", "Europe/Berlin", {"SP957"}),
        ("2026-10-25 02:30:00", "+02:00", set()),
        ("2026-10-25 02:30:00", "", {"SP956"}),
    ],
)
def test_zones(clock: str, zone: str, codes: set[str]) -> None:
    """An hour that comes twice or never, an offset, and none."""
    file = table("a.csv", row("14:00:00", "SELL", "29800", "0.1", 1).replace("2026-08-21 14:00:00", clock))
    ran = outcome("import-fills", file, *(("--tz", zone) if zone else ()), "--format", "json")
    assert {each["code"] for each in json.loads(ran.out)["diagnostics"]} - {"SP915", "SP964"} == codes


def test_the_order_of_a_file_settles_the_hour_that_comes_twice() -> None:
    """02:30 and then 02:10: the first is summer time, the second not; the file may fall too."""
    lines = [row("14:00:00", "SELL", "29800", "0.1", number) for number in (1, 2)]
    lines = [
        line.replace("2026-08-21 14:00", clock)
        for line, clock in zip(lines, ("2026-10-25 02:30", "2026-10-25 02:10"), strict=True)
    ]
    for name, rows in (("a.csv", lines), ("b.csv", lines[::-1])):
        os.environ["SCALEPLAN_JOURNAL"] += name
        before = row("14:00:00", "SELL", "1", "1", 9).replace("2026-08-21 14:00", "2026-10-24 14:00")
        # A third row says which way the file runs.
        found = brought(
            table(name, *([before, *rows] if name == "a.csv" else [*rows, before])), "--tz", "Europe/Berlin"
        )
        times = {each["source_id"]: each["at"][11:16] for each in found["unassigned"]}
        assert times == {"9": "12:00", "1": "00:30", "2": "01:10"}


def test_a_date_that_reads_two_ways() -> None:
    """SP957, and --dates settles it; another date of the file settles it too."""
    head = "Date,Time,Symbol,Quantity,Price,Side"
    file = table("a.csv", "2/3/2026,10:00:00,SPY,1,100,Buy", head=head)
    assert told(file, "--tz", "UTC") == "SP957"
    found = brought(file, "--tz", "UTC", "--dates", "day-first", "--dry-run")
    assert found["unassigned"][0]["at"] == "2026-03-02T10:00:00.000000Z"
    both = table("b.csv", "2/3/2026,10:00:00,SPY,1,100,Buy", "2/13/2026,10:00:00,SPY,1,100,Buy", head=head)
    assert brought(both, "--tz", "UTC")["unassigned"][0]["at"] == "2026-02-03T10:00:00.000000Z"


def test_bad_rows_are_all_told_and_may_be_passed_over() -> None:
    """SP955 and SP963 with their places; nothing is recorded, unless --skip-bad."""
    good = row("10:00:00", "SELL", "29800", "0.1", 1)
    bad = "7,2026-08-21 10:00:00,BTCUSDT,SELL,x,0.1,2980,0.1 USDT,0,false,false,2,2"
    apart = "7,2026-08-21 10:00:00,BTCUSDT,SELL,29800,0.1,2981,0.1 USDT,0,false,false,3,3"
    rows = (good, bad, apart)
    file = table("a.csv", *rows)
    found = brought(file, "--tz", "UTC", code=1)
    assert [(each["code"], each["line"]) for each in found["diagnostics"]] == [("SP955", 3), ("SP963", 4)]
    assert found["diagnostics"][0]["column"] == 36
    assert "29800 x 0.1 is 2980, and the row's amount is 2981" in found["diagnostics"][1]["message"]
    assert not Path("journal.db").exists()
    skipped = brought(file, "--tz", "UTC", "--skip-bad")
    assert (skipped["files"][0]["new"], len(skipped["diagnostics"])) == (1, 3)


def test_fees_in_a_third_coin() -> None:
    """SP959 says for how many; --rate counts them: 0.001 BNB at 612.40 are 0.6124."""
    file = table("a.csv", row("14:00:00", "SELL", "29800", "0.1", 1).replace("0.1 USDT", "0.001 BNB"))
    do("lock", SHORT, "--at", "2026-08-21 09:00 Z")
    found = brought(file, "--tz", "UTC")
    assert "SP959" in {each["code"] for each in found["diagnostics"]}
    do("undo")
    brought(file, "--tz", "UTC", "--rate", "BNB=612.40")
    (trade,) = trades()
    assert trade["fees"] == "0.6124"
    assert brought(file, "--tz", "UTC")["files"][0]["known"] == 1


def test_a_position_that_the_source_states() -> None:
    """SP918: the venue had 0.3 before and bought 0.1; the journal knows of 0.1 alone."""
    Path("plan.yaml").write_text(
        "symbol: BTC/USDC:USDC\nside: long\naccount: {equity: 100000 USDC}\nleverage: 2\nsize: 0.1 BTC\n"
        "tiers: [29800]\nstop: 29000\ntargets: [31000]\n",
        encoding="utf-8",
    )
    do("lock", "plan.yaml", "--at", "2026-08-21 09:00 Z")
    fill = {"coin": "BTC", "px": "29800", "sz": "0.1", "side": "B", "time": 1787320800000, "fee": "1", "oid": 1}
    fill |= {"tid": 2, "crossed": True, "feeToken": "USDC", "startPosition": "0.3"}
    Path("a.json").write_text(json.dumps([fill]), encoding="utf-8")
    found = brought("a.json")
    assert "SP918" in {each["code"] for each in found["diagnostics"]}
    assert "SP918" in {each["code"] for each in trades()[0]["deviations"]}
    Path("b.json").write_text(json.dumps([fill | {"startPosition": "0", "tid": 3}]), encoding="utf-8")
    do("undo")
    assert "SP918" not in {each["code"] for each in brought("b.json")["diagnostics"]}


def test_an_exported_journal_into_an_empty_one(place: Path) -> None:
    """Law 4: in and out again are the same bytes; into one that has something it is wrong usage."""
    made = account(place / "account")
    brought(*map(str, made.files), "--plans", str(made.plans))
    text = outcome("journal", "export").out
    Path("whole.jsonl").write_text(text, encoding="utf-8")
    assert "not empty" in do("import-fills", "whole.jsonl", code=2)
    before = figures()
    os.environ["SCALEPLAN_JOURNAL"] = str(place / "other.db")
    do("import-fills", "whole.jsonl")
    assert outcome("journal", "export").out == text
    assert figures() == before
    assert do("journal", "check") == "the journal is whole"


def test_what_lies_ahead_of_the_clock() -> None:
    """SP964: it is 13:46 by the clock of the tests; so tells a zone that is not the file's."""
    file = table("a.csv", row("14:00:00", "SELL", "29800", "0.1", 1), row("10:00:00", "SELL", "29800", "0.1", 2))
    assert "SP964" in {each["code"] for each in brought(file, "--tz", "UTC", "--dry-run")["diagnostics"]}
    assert "SP964" not in {each["code"] for each in brought(file, "--tz", "+02:00", "--dry-run")["diagnostics"]}


def test_a_dry_run_records_nothing() -> None:
    """What would be recorded is said, and no journal is made."""
    file = table("a.csv", row("14:00:00", "SELL", "29800", "0.1", 1))
    found = brought(file, "--tz", "UTC", "--dry-run")
    assert (found["files"][0]["new"], found["batch"], found["recorded"]) == (1, None, False)
    assert not Path("journal.db").exists()


def test_the_last_target_in_parts_without_an_order() -> None:
    """Target 2 closes the rest, 0.1: 0.06 and 0.04 of it are both that target's, and nothing by hand."""
    do("fill", SHORT, "29800", "0.1", "--at", "2026-08-21 09:00 Z")
    do("fill", SHORT, "29485.25", "0.1", "--at", "2026-08-21 09:30 Z")
    do("exit", SHORT, "28600", "0.1", "--at", "2026-08-21 10:00 Z")
    do("exit", SHORT, "28100", "0.06", "--at", "2026-08-21 10:30 Z")
    do("exit", SHORT, "28100", "0.04", "--at", "2026-08-21 10:40 Z")
    (trade,) = trades()
    assert [each["closed"] for each in trade["targets"]] == ["0.1", "0.1"]
    assert "SP914" not in {each["code"] for each in trade["deviations"]}


def test_a_large_import_is_taken_back_whole(place: Path) -> None:
    """Two thousand rows: the journal's guards are there again afterwards, an undo is told in a line, twice is back."""
    lines = [
        row(f"{10 + n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}", "SELL", "29800", "0.1", n + 1) for n in range(2000)
    ]
    brought(table("a.csv", *lines), "--tz", "UTC")
    with closing(sqlite3.connect(place / "journal.db")) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute("INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 1")
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute("DELETE FROM event WHERE seq = 1")
    said = do("undo")
    assert "take back 2,000 events, E1 to E2000" in said
    assert fills() == []
    do("undo")
    assert len(fills()) == 2000
    assert do("journal", "check") == "the journal is whole"


def test_a_fill_that_an_undo_gives_back_opens_its_trade_again() -> None:
    """A fill was put into T2 and then into T3; that undone it is T2's again, which is open as before."""
    for path in ("a.yaml", "b.yaml"):
        Path(path).write_text(Path(SHORT).read_text(encoding="utf-8"), encoding="utf-8")
    do("fill", SHORT, "29800", "0.1", "--at", "2026-08-21 09:00 Z")
    do("assign", "E2", "a.yaml")
    do("assign", "E2", "b.yaml")
    assert do("journal", "check") == "the journal is whole"
    do("undo")
    assert do("journal", "check") == "the journal is whole"


def test_a_trade_whose_lock_was_taken_back_takes_no_fill() -> None:
    """It is named, and there is no such trade any more."""
    do("lock", SHORT, "--at", "2026-08-21 09:00 Z")
    do("undo")
    file = table("a.csv", row("10:00:00", "SELL", "29800", "0.1", 1))
    assert "was taken back" in do("import-fills", file, "--tz", "UTC", "--plan", "T1", code=2)
    assert "no trade T7" in do("import-fills", file, "--tz", "UTC", "--plan", "T7", code=2)


def test_a_trade_by_its_number_and_funding() -> None:
    """A payment is of the trade that holds something then, and in no result of it."""
    do("lock", SHORT, "--at", "2026-08-21 09:00 Z")
    rows = [
        {
            "symbol": "BTCUSDT",
            "execId": "1",
            "execPrice": "29800",
            "execQty": "0.1",
            "execType": "Trade",
            "side": "Sell",
        },
        {
            "symbol": "BTCUSDT",
            "execId": "2",
            "execPrice": "29700",
            "execQty": "0.1",
            "execType": "Funding",
            "side": "Sell",
        },
    ]
    times = ({"execTime": "1787306400000", "execFee": "0.596"}, {"execTime": "1787313600000", "execFee": "-0.297"})
    found = [one | more | {"feeCurrency": "USDT"} for one, more in zip(rows, times, strict=True)]
    Path("a.json").write_text(json.dumps({"result": {"category": "linear", "list": found}}), encoding="utf-8")
    brought("a.json", "--plan", "T1")
    (trade,) = trades()
    assert (trade["funding"], trade["fees"], trade["realized"]) == ("-0.297", "0.596", "0")


def test_a_time_in_minutes_and_one_in_thousandths_are_the_same() -> None:
    """The same execution in a table that tells minutes, and in an answer; its order's number looks like a moment."""
    head = "Spot Pairs,Order Type,Direction,Filled Value,Filled Price,Filled Quantity,Fees,Transaction ID,Order No.,"
    line = "ICPUSDT,LIMIT,BUY,80.2,8.02,10,0.01,2200000000000000001,1836393090823494400,09:18 2026-08-21"
    fill = {
        "symbol": "ICPUSDT",
        "execId": "2200000000000000001",
        "execPrice": "8.02",
        "execQty": "10.00",
        "side": "Buy",
    }
    fill |= {"execFee": "0.0100", "feeCurrency": "ICP", "execTime": "1787303937123", "execType": "Trade"}
    fill |= {"orderId": "1836393090823494400"}
    Path("a.json").write_text(json.dumps({"result": {"category": "spot", "list": [fill]}}), encoding="utf-8")
    file = table("b.csv", line, head=head + "Timestamp (UTC)")
    for first, second in ((file, "a.json"), ("a.json", file)):
        os.environ["SCALEPLAN_JOURNAL"] += ".x"
        assert brought(first)["files"][0]["new"] == 1
        assert brought(second)["files"][0]["known"] == 1


# Two plans of one symbol: a long from 60,000 down, and a short from 62,000 up

LADDER = """symbol: BTC/USDT:USDT
side: long
account: {equity: 20000 USDT}
leverage: 10
maintenance: 0.5%
fees: {maker: 0.02%, taker: 0.05%}
slippage: 0.1%
instrument: {tick_size: 0.1, lot_size: 0.001}
size: 0.6 BTC
tiers: {from: 60000, to: 57000, count: 4, shares: [10%, 20%, 30%, 40%]}
stop: 55500
targets:
  - {price: 62000, close: 30%, stop: entry}
  - {price: 2R, close: 30%, stop: breakeven}
  - {price: 66000, close: 40%}
"""
SHORT_LADDER = """symbol: BTC/USDT:USDT
side: short
account: {equity: 20000 USDT}
leverage: 10
maintenance: 0.5%
instrument: {tick_size: 0.1, lot_size: 0.001}
size: 0.2 BTC
tiers: [62000, 63000]
stop: 64000
targets: [100% at 58000]
"""
OPEN_TABLE = "time,symbol,side,quantity,price,fee,fee_currency,order,id"


@pytest.fixture
def both(place: Path) -> str:
    """Returns a folder with both plans."""
    folder = place / "both"
    folder.mkdir()
    (folder / "long.yaml").write_text(LADDER, encoding="utf-8")
    (folder / "short.yaml").write_text(SHORT_LADDER, encoding="utf-8")
    return str(folder)


def executed(name: str, *rows: str) -> str:
    """Writes a table of executions of 2026-11-20 as `CLOCK SIDE QUANTITY PRICE FEE ORDER ID`; returns its name."""
    lines = []
    for row in rows:
        clock, *rest, order, number = row.split()
        lines.append(",".join((f"2026-11-20T{clock}Z", "BTCUSDT", *rest, "USDT", order, number)))
    return table(name, *lines, head=OPEN_TABLE)


ENTRY = "10:00:20 buy 0.06 60000 0.72 o1 1"


@pytest.mark.parametrize("options", [("--plans",), ()])
def test_the_record_of_a_typed_close_behind_it_replaces_it(both: str, options: tuple[str, ...]) -> None:
    """A close is typed to the minute, and the venue's own lies behind: T1 is over by then, and has it all the same.

    0.06 x (62,000 - 60,000) - 0.72 - 0.744 = 118.536.
    """
    do("lock", f"{both}/long.yaml", "--at", "2026-11-20 09:00 Z", code=0)
    brought(executed("a.csv", ENTRY))
    do("exit", "T1", "62000", "all", "--at", "2026-11-20 12:00 Z")
    found = brought(executed("b.csv", ENTRY, "12:00:20 sell 0.06 62000 0.744 o2 2"), *options, *[both][: len(options)])
    (replaced,) = found["files"][0]["replaced"]
    assert (len(replaced["typed"]), len(replaced["by"]), found["unassigned"]) == (1, 1, [])
    (trade,) = trades()
    assert (trade["realized"], trade["over"]) == ("118.536", True)


@pytest.mark.parametrize("options", [("--plans",), ()])
@pytest.mark.parametrize("parts", [["0.05"], ["0.03", "0.03"]])
def test_what_may_be_a_typed_close_is_no_other_trade(both: str, options: tuple[str, ...], parts: list[str]) -> None:
    """SP961: 0.05, or 0.03 twice of two orders, add up to no typed close of 0.06, and open no short either."""
    do("lock", f"{both}/long.yaml", "--at", "2026-11-20 09:00 Z")
    brought(executed("a.csv", ENTRY))
    do("exit", "T1", "62000", "all", "--at", "2026-11-20 12:00 Z")
    rows = [f"12:00:2{number} sell {part} 62000 0.6 p{number} {10 + number}" for number, part in enumerate(parts)]
    file = executed("b.csv", *rows)
    assert told(file, *options, *[both][: len(options)]) == "SP961"
    assert len(trades()) == 1
    found = brought(file, *options, *[both][: len(options)], "--again")
    assert found["files"][0]["new"] == len(parts)


def test_what_is_far_from_a_typed_close_is_another_trade(both: str) -> None:
    """Two days behind it, it is a fill of its own."""
    do("lock", f"{both}/long.yaml", "--at", "2026-11-18 09:00 Z")
    do("fill", "T1", "60000", "0.06", "--at", "2026-11-18 10:00 Z")
    do("exit", "T1", "62000", "all", "--at", "2026-11-18 12:00 Z")
    found = brought(executed("b.csv", "12:00:21 sell 0.1 62000 0.6 o2 2"), "--plans", both)
    assert [each["locked"] for each in found["trades"]] == [True]


def test_a_fill_of_two_trades_is_exported_in_parts(both: str) -> None:
    """A sale of 0.16 closes 0.06 and opens a short of 0.1: its fee of 1.6 is 0.6 and 1; rows add up to the fills."""
    rows = ("10:00:00 buy 0.06 60000 0.72 o1 1", "12:00:00 sell 0.16 62000 1.6 o2 2", "14:00:00 buy 0.1 58000 1 o3 3")
    brought(executed("a.csv", *rows), "--plans", both)
    exported = json.loads(outcome("journal", "export", "--format", "json").out)["fills"]
    found = {(each["event"], each.get("trade"), each["quantity"], each["fee"]) for each in exported}
    parts = {("E4", "T1", "0.06", "0.6"), ("E4", "T2", "0.1", "1")}
    assert found == {("E3", "T1", "0.06", "0.72"), *parts, ("E5", "T2", "0.1", "1")}
    lines = json.loads(outcome("log", "T2", "--format", "json").out)["events"]
    assert [(each["at"][11:16], each["event"]) for each in lines if each["kind"] == "fill"] == [
        ("12:00", "E4"),
        ("14:00", "E5"),
    ]
    all_of = json.loads(outcome("log", "--format", "json").out)["events"]
    assert [each["in_trade"] for each in all_of if each["event"] == "E4"] == ["T1", "T2"]


def test_the_rest_of_a_fill_in_no_trade_is_exported_as_that(both: str) -> None:
    """Of 0.16 sold 0.06 are of the trade with 0.6 of the fee, and 0.1 with 1 are of none."""
    do("lock", f"{both}/long.yaml", "--at", "2026-11-20 09:00 Z")
    brought(executed("a.csv", ENTRY, "12:00:00 sell 0.16 62000 1.6 o2 2"))
    exported = json.loads(outcome("journal", "export", "--format", "json").out)["fills"]
    found = [(each.get("trade"), each["quantity"], each["fee"]) for each in exported]
    assert found == [("T1", "0.06", "0.72"), ("T1", "0.06", "0.6"), (None, "0.1", "1")]


def test_an_import_taken_back_and_brought_back_is_the_same(both: str) -> None:
    """Law 2: a close of more than was held, imported, is no reason to keep its import away."""
    rows = ("10:00:00 buy 0.06 60000 0.72 o1 1", "12:00:00 sell 0.16 62000 1.6 o2 2", "14:00:00 buy 0.1 58000 1 o3 3")
    brought(executed("a.csv", *rows), "--plans", both)
    before = figures()
    do("undo")
    do("undo")
    assert figures() == before


def in_force() -> list[tuple[str, ...]]:
    """Returns every fill in force with its plan and what it was; the numbers of trades follow the order of imports."""
    rows = json.loads(outcome("journal", "export", "--format", "json").out)["fills"]
    keys = ("source_id", "quantity", "price", "fee", "plan", "what")
    return sorted(tuple(str(row.get(key)) for key in keys) for row in rows)


#: A long of 0.18 that is closed at one moment in two parts, and a short behind it.
FIVE = (
    "00:00:00 buy 0.06 60000 0.72 o1 1",
    "00:10:00 buy 0.05 59000 0.6 o2 2",
    "00:20:00 buy 0.07 59000 0.8 o2 3",
    "00:30:00 sell 0.054 62000 0.6 o3 4",
    "00:30:00 sell 0.126 59500 0.6 o4 5",
    "02:00:00 sell 0.1 62000 1 o5 6",
    "03:00:00 buy 0.1 58000 1 o6 7",
)
PIECES = [
    (FIVE[1:5], FIVE[:3], FIVE[5:]),
    (FIVE[5:], FIVE[3:], FIVE[:4]),
    (FIVE[4:6], FIVE[2:5], FIVE[:2], FIVE[6:]),
    (FIVE[3:4], FIVE[4:5], FIVE[6:], FIVE[5:6], FIVE[2:3], FIVE[1:2], FIVE[:1]),
]


def net() -> list[Decimal]:
    """Returns the results of the trades that are over."""
    return sorted(D(each["net"]) for each in json.loads(outcome("review", "--format", "json").out)["trades"])


@pytest.mark.parametrize("pieces", PIECES)
def test_pieces_whose_closes_came_first_opened_nothing(
    place: Path, both: str, pieces: tuple[tuple[str, ...], ...]
) -> None:
    """Law 3: sales that came before what they close were taken for a short, and are the long's once that is there.

    The long: 0.054 x 62,000 + 0.126 x 59,500 - 0.06 x 60,000 - 0.12 x 59,000 - 3.32 = 3,348 + 7,497 - 3,600 - 7,080 -
    3.32 = 161.68. The short: 0.1 x 4,000 - 2 = 398.
    """
    brought(executed("whole.csv", *FIVE), "--plans", both)
    whole = in_force()
    assert net() == [D("161.68"), D(398)]
    os.environ["SCALEPLAN_JOURNAL"] = str(place / "pieces.db")
    for number, piece in enumerate(pieces):
        brought(executed(f"{number}.csv", *piece), "--plans", both)
        assert do("journal", "check") == "the journal is whole"
    assert in_force() == whole
    assert net() == [D("161.68"), D(398)]
    assert brought(executed("whole.csv", *FIVE), "--plans", both)["batch"] is None


def test_a_trade_that_never_was_is_told_and_comes_back_with_an_undo(both: str) -> None:
    """Law 2: the short's lock is taken back, with a word; an undo of that import brings it back, another takes it."""
    brought(executed("1.csv", *FIVE[1:5]), "--plans", both)
    before = in_force()
    found = brought(executed("2.csv", *FIVE[:3]), "--plans", both)
    after = in_force()
    assert (found["taken_back"], [each["trade"] for each in found["trades"]]) == (["T1"], ["T2"])
    assert "T1 was taken back" in do("status", "T1", code=2)
    do("undo")
    assert in_force() == before
    assert "short" in do("status", "T1")
    do("undo")
    assert in_force() == after


@pytest.mark.parametrize("word", ["stop", "note", "assign"])
def test_a_trade_with_which_somebody_did_something_stays(both: str, word: str) -> None:
    """What a trader recorded for a trade is no reason that an import could take back."""
    brought(executed("1.csv", *FIVE[1:5]), "--plans", both)
    words = {"stop": ("T1", "64000"), "note": ("T1", "mine"), "assign": ("E4", "T1", "--tier", "1")}[word]
    do(word, *words)
    assert brought(executed("2.csv", *FIVE[:3]), "--plans", both)["taken_back"] == []
    assert "SHORT" in do("status", "T1")


def test_random_pieces_in_any_order_are_the_whole(place: Path, both: str) -> None:
    """Law 3: longs and shorts one behind the other, fills of one moment among them, in overlapping pieces."""
    random, number, clock, rows = Random(7), 0, 0, []  # noqa: S311 - a test's

    def add(side: str, quantity: str, price: str, order: int) -> None:
        nonlocal number, clock
        number, clock = number + 1, clock + random.choice((0, 1, 30, 600))
        moment = f"{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}"
        rows.append(f"{moment} {side} {quantity} {price} 0.5 o{order} {number}")

    for episode in range(0, 400, 100):
        add("buy", "0.06", "60000", episode + 1)
        add("buy", "0.12", "59000", episode + 2)
        add("sell", "0.054", "62000", episode + 3)
        add("sell", "0.126", random.choice(("59500", "63000")), episode + 4)
        add("sell", "0.1", "62000", episode + 5)
        add("buy", "0.05", "60000", episode + 6)
        add("buy", "0.05", random.choice(("58000", "64000")), episode + 7)
        clock += 3600
    brought(executed("whole.csv", *rows), "--plans", both)
    whole = in_force()
    for turn in range(6):
        os.environ["SCALEPLAN_JOURNAL"] = str(place / f"{turn}.db")
        cuts = [0, *sorted(random.sample(range(1, len(rows)), 3)), len(rows)]
        pieces = [rows[max(0, first - random.randint(0, 2)) : last] for first, last in pairwise(cuts)]
        random.shuffle(pieces)
        for piece in pieces:
            brought(executed("piece.csv", *piece), "--plans", both)
        assert in_force() == whole, pieces


def test_the_side_that_a_row_names_is_known_to_later_imports(both: str) -> None:
    """In hedge mode a sale of the short side closes no long, whichever file came first."""
    head = {"symbol": "BTCUSDT", "realizedPnl": "0", "commissionAsset": "USDT", "commission": "0.5", "maker": True}
    ways = (
        ("BUY", "LONG", "60000", "0.06"),
        ("SELL", "SHORT", "62000", "0.1"),
        ("BUY", "SHORT", "58000", "0.1"),
        ("SELL", "LONG", "62000", "0.06"),
    )
    fills = [
        head
        | {"id": number, "orderId": number, "side": side, "positionSide": held, "price": price, "qty": quantity}
        | {"time": 1795132800000 + number * 3_600_000}
        for number, (side, held, price, quantity) in enumerate(ways, start=1)
    ]
    for name, part in (("a", fills[1:]), ("b", fills[:1])):
        Path(f"{name}.json").write_text(json.dumps(part), encoding="utf-8")
        brought(f"{name}.json", "--plans", both)
    # 0.06 x 2,000 - 1 and 0.1 x 4,000 - 1.
    assert net() == [D(119), D(399)]


@pytest.mark.parametrize("turn", [1, -1])
def test_executions_of_a_venue_in_an_open_table_are_not_booked_twice(both: str, turn: int) -> None:
    """SP961: a table that names no venue has the same four rows, one to the second; alone, and in one import."""
    head = {"symbol": "BTCUSDT", "realizedPnl": "0", "commissionAsset": "USDT", "commission": "0.5", "maker": True}
    rows = [
        f"{10 + number}:00:00.123 {side} {quantity} {price} 0.5 o{number} x{number}"
        for number, (side, quantity, price) in enumerate(
            (("buy", "0.030", "60000"), ("buy", "0.03", "60000"), ("buy", "0.12", "59000"), ("sell", "0.18", "59500"))
        )
    ]
    fills = [
        head
        | {"id": 100 + number, "orderId": 7, "side": side.upper(), "price": f"{price}.0", "qty": quantity}
        | {"time": 1795168800123 + number * 3_600_000}
        for number, (side, quantity, price) in enumerate(row.split()[1:4] for row in rows)
    ]
    Path("a.json").write_text(json.dumps(fills), encoding="utf-8")
    rows[2] = rows[2].replace(".123", "")
    first, second = ("a.json", executed("b.csv", *rows))[::turn]
    assert told(first, second, "--plans", both) == "SP961"
    brought(first, "--plans", both)
    before = in_force()
    (found,) = brought(second, "--plans", both, code=1)["diagnostics"]
    assert (found["code"], "and so 3 more rows" in found["message"]) == ("SP961", True)
    assert in_force() == before
    assert brought(second, "--plans", both, "--again")["files"][0]["new"] == 4


def test_an_open_table_beside_other_executions_is_brought(both: str) -> None:
    """Another side, price, quantity or minute is another execution; what was taken back is in nobody's way."""
    brought(executed("a.csv", ENTRY), "--plans", both)
    for number, line in enumerate(("10:00:20,SELL,60000,0.06", "10:00:20,BUY,60001,0.06", "10:01:20,BUY,60000,0.06")):
        clock, side, price, quantity = line.split(",")
        assert brought(
            table("b.csv", row(clock, side, price, quantity, number).replace("08-21", "11-20")), "--tz", "UTC"
        )
    same = table("c.csv", row("10:00:20", "BUY", "60000", "0.06", 9).replace("08-21", "11-20"))
    assert told(same, "--tz", "UTC") == "SP961"
    for number in (4, 3, 2, 1):
        do("undo", str(number))
    assert brought(same, "--tz", "UTC")["files"][0]["new"] == 1


def test_a_fill_in_contracts_is_parted_with_its_contracts(both: str) -> None:
    """16 contracts of 0.01 BTC close 6 and open 10."""
    rows = [
        f"2026-11-20T1{hour}:00:00Z,BTCUSDT,{side},{count} contracts,{price},{count},USDT,o{hour},{hour}"
        for hour, side, count, price in ((0, "buy", 6, 60000), (2, "sell", 16, 62000), (4, "buy", 10, 58000))
    ]
    brought(table("a.csv", *rows, head=OPEN_TABLE), "--plans", both, "--contract-size", "0.01")
    exported = json.loads(outcome("journal", "export", "--format", "json").out)["fills"]
    found = sorted((each["trade"], each["quantity"], each["contracts"], each["fee"]) for each in exported)
    assert found == [
        ("T1", "0.06", "6", "6"),
        ("T1", "0.06", "6", "6"),
        ("T2", "0.1", "10", "10"),
        ("T2", "0.1", "10", "10"),
    ]
