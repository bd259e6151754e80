"""`replay` as it is typed: its page, its forms, its exits; what is wrong with bars, at their lines; what it loads.

The plan holds 1 T at 100 and 98, its stop is 96, its target 104, at no cost: each expected sum stands beside it.
"""

import base64
import csv
import gzip
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from scaleplan.cli.command import NAMES
from scaleplan.cli.reply import Reply
from tests.running import ROOT, environment, joined, outcome, screen_of
from tests.walked_bars import FILES, FOLDER, bars_text

pl: Any = pytest.importorskip("polars")

PLAN = """symbol: T/USDT
side: long
tiers: [{price: 100, size: 1 T}, {price: 98, size: 1 T}]
stop: 96
targets: [rest at 104]
"""
HEAD = "time,open,high,low,close\n"
#: Undecided: high first 4, low first -6, between 10.
OPEN = HEAD + "2026-01-01T00:00Z,100,102,99,101\n2026-01-01T00:15Z,101,105,95,100\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the plan in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text(PLAN, encoding="utf-8")
    return tmp_path


#: The same, packed by Zstandard's own program.
PACKED = base64.b64decode(
    "KLUv/QRoHQIAggQOEaDtcP1mxu2+36JXPmj+e2YE4F+P4vH1jt2vS7H4+l+j3/xnH/aBiAugZnTJNTqz1ZihktHqNRoCACDASToFBVQA/GQ="
)


def replay(folder: Path, text: str | bytes, *options: str, name: str = "bars.csv") -> Reply:
    """Replays the plan on a file of bars."""
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return outcome("replay", "p.yaml", name, *options)


def record(folder: Path, text: str | bytes, *options: str, name: str = "bars.csv") -> dict[str, Any]:
    """Returns what a replay says as JSON."""
    found: dict[str, Any] = json.loads(replay(folder, text, "--format", "json", *options, name=name).out)
    return found


def nets(said: dict[str, Any]) -> tuple[str, str]:
    """Returns the worst and the best net result."""
    return said["worst"]["net"], said["best"]["net"]


def test_the_record_is_as_the_contract_has_it(folder: Path) -> None:
    """Every key in its place, decimals as strings; times in UTC, lines as in the file, forks with their ways."""
    said = record(folder, OPEN, "--filled")
    assert list(said) == [
        *("format_version", "command", "file", "bars", "assumptions", "undecided", "worst", "best", "forks"),
        "diagnostics",
    ]
    assert list(said["bars"]) == ["file", "sha256", "from", "to", "count", "step", "tz", "dropped", "holes"]
    assert {"limit", "through", "enter", "order", "mark", "funding", "finer"} <= set(said["assumptions"])
    results = ("end", "tiers", "targets", "gross", "net", "net_r", "fees", "funding", "mae_r", "mfe_r", "events")
    assert tuple(said["worst"]) == tuple(said["best"]) == results
    event = said["worst"]["events"][-1]
    names = {"time", "line", "event", "level", "fill", "quantity", "average_entry", "stop"}
    assert names <= set(event)
    assert (event["time"], event["line"], event["event"], event["level"]) == ("2026-01-01T00:15:00Z", 3, "stop", "96")
    assert said["forks"] == [{"time": "2026-01-01T00:15:00Z", "file": "bars.csv", "line": 3, "ways": 3}]
    assert (nets(said), said["undecided"], said["bars"]["step"]) == (("-6", "10"), True, "15m")


def test_the_page_says_worst_and_best_and_forks_under_or(folder: Path) -> None:
    """Both results, what was planned, the bar that is open with its ways, and what no bound can know."""
    page = replay(folder, OPEN, "--filled").out
    assert "undecided: worst -1.00R (-6.00 USDT), stopped" in page
    assert "best +1.67R (+10.00 USDT), all targets" in page
    assert "2026-01-01 00:15  the bar 101 105 95 100 leaves open:" in page
    assert page.count("\nor\n") == 2
    assert "planned       loss -6.00 USDT = -1.00R, all targets +10.00 USDT = +1.67R" in page
    assert "no bound can know" in joined(page)


def test_chance_of_the_end_is_that_of_paths(folder: Path) -> None:
    """From 100 tier 2 at 98 comes before 104 with (104 - 100) / (104 - 98); then the stop with (104 - 98) / (104 - 96).

    2/3 * 3/4 = 50%, and 2/3 * 1/4 = 16.7%.
    """
    page = replay(folder, OPEN, "--filled").out
    assert re.search(r"^chance +50\.0% +16\.7%$", page, re.MULTILINE)


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_pages_fit(folder: Path, width: int) -> None:
    """No line is wider than the screen."""
    (folder / "bars.csv").write_text(OPEN, encoding="utf-8")
    page = outcome("replay", "p.yaml", "bars.csv", screen=screen_of(width)).out
    assert max(map(len, page.splitlines())) <= width


def test_csv_is_a_row_a_trade_and_a_curve_a_row_a_bar(folder: Path) -> None:
    """At the first close 101 - 100; then the worst and the best."""
    (row,) = csv.DictReader(io.StringIO(replay(folder, OPEN, "--filled", "--format", "csv").out))
    assert (row["worst_net"], row["best_net"], row["worst_end"], row["best_tiers"]) == ("-6", "10", "stopped", "1 2")
    curve = list(csv.DictReader(io.StringIO(replay(folder, OPEN, "--filled", "--format", "csv", "--curve").out)))
    assert [(each["worst"], each["best"]) for each in curve] == [("1", "1"), ("-6", "10")]
    assert replay(folder, OPEN, "--curve").code == 2


def test_drawings_are_whole_and_load_nothing(folder: Path) -> None:
    """SVG and HTML parse, and hold no script and no address but the name of SVG itself."""
    svg = replay(folder, OPEN, "--filled", "--format", "svg").out
    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own
    for text in (svg, replay(folder, OPEN, "--filled", "--format", "html").out):
        assert "<script" not in text
        assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "| end |" in replay(folder, OPEN, "--filled", "--format", "md").out


@pytest.mark.parametrize(
    "head",
    [
        "time,open,high,low,close\n",
        "Date,Open,High,Low,Close\n",
        "x,low,o,H,c\n",
        "",
    ],
)
def test_columns_are_found_by_name_or_place(folder: Path, head: str) -> None:
    """In any case and order; without a head as exchanges dump them; times as epochs of any size."""
    rows = [("1767225600", "100 102 99 101"), ("1767226500", "101 105 95 100")]
    text = head
    for time, prices in rows:
        first, high, low, last = prices.split()
        text += ",".join([time, low, first, high, last] if "x," in head else [time, first, high, low, last]) + "\n"
    for size in ("", "000", "000000", "000000000"):
        said = record(
            folder, text.replace("1767225600", f"1767225600{size}").replace("1767226500", f"1767226500{size}")
        )
        assert (said["bars"]["from"], said["bars"]["step"]) == ("2026-01-01T00:00:00Z", "15m")


def test_finer_bars_have_the_columns_that_are_asked_for_or_their_own(folder: Path) -> None:
    """`--columns` is for bars of one shape; finer ones that have names of their own are read by these."""
    rows = OPEN.splitlines()[1:]
    (folder / "strange.csv").write_text("at,Bid.Open,Bid.High,Bid.Low,Bid.Close\n" + "\n".join(rows) + "\n")
    (folder / "usual.csv").write_text(HEAD + "\n".join(rows) + "\n")
    columns = "time=0,open=Bid.Open,high=Bid.High,low=Bid.Low,close=Bid.Close"
    for finer in ("strange.csv", "usual.csv"):
        done = outcome(
            *("replay", str(folder / "p.yaml"), str(folder / "strange.csv")),
            *("--columns", columns, "--finer", str(folder / finer)),
        )
        assert (done.code, done.talk) == (0, "")


def test_packed_and_typed_files_say_the_same(folder: Path) -> None:
    """gzip, Zstandard, Parquet and Feather: the same bounds, for the same bars."""
    frame = pl.DataFrame(
        {
            "time": ["2026-01-01T00:00", "2026-01-01T00:15"],
            "open": [100.0, 101.0],
            "high": [102.0, 105.0],
            "low": [99.0, 95.0],
            "close": [101.0, 100.0],
        }
    )
    frame = frame.with_columns(pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M"))
    frame.write_parquet(folder / "b.parquet")
    frame.write_ipc(folder / "b.feather")
    plain = record(folder, OPEN, "--filled")
    packed = record(folder, gzip.compress(OPEN.encode()), "--filled", name="b.csv.gz")
    zipped = record(folder, PACKED, "--filled", name="b.csv.zst")
    for said in (
        packed,
        zipped,
        *(
            json.loads(outcome("replay", "p.yaml", name, "--filled", "--format", "json").out)
            for name in ("b.parquet", "b.feather")
        ),
    ):
        assert nets(said) == nets(plain)
        assert said["bars"]["from"] == plain["bars"]["from"]


def test_decimals_are_those_that_were_typed(folder: Path) -> None:
    """A level at 97.00000000000000001 is not met by a low of 97.00000000000000002: no double can tell them apart."""
    plan = PLAN.replace("price: 98", "price: 97.00000000000000001")
    (folder / "p.yaml").write_text(plan, encoding="utf-8")
    near = HEAD + "2026-01-01,100,101,97.00000000000000002,100\n"
    assert record(folder, near, "--filled")["worst"]["tiers"] == [1]
    assert record(folder, near.replace("02,", "01,"), "--filled", "--limit", "touch")["best"]["tiers"] == [1, 2]


BAD = [
    ("SP801", "2026-01-01,100,99,98,100", 2),
    ("SP802", "2026-01-03,100,101,99,100\n2026-01-01,100,101,99,100", 3),
    ("SP803", "2026-01-01,100,101,99,100\n2026-01-01,100,102,99,100", 3),
    ("SP804", "2026-01-01,100,101,99,100\n2026-01-02,,101,99,100", 3),
    ("SP804", "2026-01-01,100,nan,99,100", 2),
    ("SP804", "2026-01-01,100,inf,99,100", 2),
    ("SP805", "2026-01-01,100,101,0,100", 2),
    ("SP809", "soon,100,101,99,100\n2026-01-01,100,101,99,100\n2026-01-02,100,101,99,100", 2),
    ("SP809", "9999-12-31,100,101,99,100\n2026-01-01,100,101,99,100", 2),
]


@pytest.mark.parametrize(("code", "rows", "line"), BAD)
def test_what_is_wrong_with_bars_is_said_at_its_line(folder: Path, code: str, rows: str, line: int) -> None:
    """Exit 1 and no figures; with --drop-bad such bars are left out, and how many is in the output."""
    reply = replay(folder, f"{HEAD}{rows}\n")
    assert (reply.code, reply.out) == (1, "")
    assert f"bars.csv:{line}:1: error {code}" in reply.talk
    more = f"{HEAD}{rows}\n2026-01-05,100,101,99,100\n"
    dropped = record(folder, more, "--drop-bad")
    assert dropped["bars"]["dropped"] == 1
    assert code in {each["code"] for each in dropped["diagnostics"]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        (HEAD, "there are no bars in it"),
        ("time,open,high,close\n1,1,1,1\n", "no column for low"),
        ("time,open,high,low,close,close\n1,1,1,1,1,1\n", "the column close is there twice"),
    ],
)
def test_files_without_bars_say_what_is_missing(folder: Path, text: str, says: str) -> None:
    """SP806, exit 1."""
    reply = replay(folder, text)
    assert reply.code == 1
    assert "SP806" in reply.talk
    assert says in reply.talk


def test_twenty_of_a_kind_are_listed_and_then_counted(folder: Path) -> None:
    """Thirty bars without a price: 20 lines and one that says that there are 10 more."""
    rows = "".join(f"2026-01-{day:02},,1,1,1\n" for day in range(1, 31))
    reply = replay(folder, HEAD + rows)
    assert reply.talk.count("SP804") == 21
    assert "and 10 more of this kind" in reply.talk


def test_holes_splits_and_scales_are_warnings(folder: Path) -> None:
    """A hole of two bars, a half overnight, a plan for another price: the figures stand, --strict makes them count."""
    text = HEAD + "2026-01-01,10,11,9,10\n2026-01-02,10,11,9,10\n2026-01-05,5,6,4,5\n2026-01-06,5,6,4,5\n"
    said = record(folder, text)
    assert {each["code"] for each in said["diagnostics"]} >= {"SP807", "SP808", "SP810"}
    assert replay(folder, text).code == 0
    assert replay(folder, text, "--strict").code == 1


def test_zones_and_stamps(folder: Path) -> None:
    """In Berlin the hour from 2:00 came twice on 2025-10-26: the order tells; a close is a step after its open."""
    rows = ["2025-10-26 01:30", "2025-10-26 02:00", "2025-10-26 02:30", "2025-10-26 02:00", "2025-10-26 02:30"]
    text = HEAD + "".join(f"{row},100,101,99,100\n" for row in rows)
    said = record(folder, text, "--tz", "Europe/Berlin")
    assert (said["bars"]["from"], said["bars"]["to"]) == ("2025-10-25T23:30:00Z", "2025-10-26T01:30:00Z")
    assert (said["bars"]["holes"], said["bars"]["tz"]) == (0, "Europe/Berlin")
    closes = record(folder, text, "--tz", "Europe/Berlin", "--stamp", "close")
    assert closes["bars"]["from"] == "2025-10-25T23:00:00Z"
    assert "SP809" in replay(folder, HEAD + "2025-03-30 02:30,1,1,1,1\n", "--tz", "Europe/Berlin").talk
    assert replay(folder, OPEN, "--tz", "Nowhere/City").code == 2


def test_bars_are_cut_half_open(folder: Path) -> None:
    """--to leaves its own bar out; nothing left is SP806."""
    said = record(folder, OPEN, "--to", "2026-01-01T00:15")
    assert (said["bars"]["count"], said["undecided"]) == (1, False)
    assert record(folder, OPEN, "--from", "2026-01-01 00:15")["bars"]["from"] == "2026-01-01T00:15:00Z"
    assert "SP806" in replay(folder, OPEN, "--from", "2027-01-01").talk


def test_adjusted_prices(folder: Path) -> None:
    """A close of 200 that is adjusted to 100 halves its bar; the next is as it was."""
    text = "time,open,high,low,close,adj close\n2026-01-01,200,204,198,200,100\n2026-01-02,100,101,96,97,97\n"
    said = record(folder, text, "--adjust")
    assert said["worst"]["events"][0]["level"] == "100"
    assert "SP808" not in {each["code"] for each in said["diagnostics"]}


@pytest.mark.parametrize(
    "options", [("--through", "0"), ("--through", "-1"), ("--limit", "touch", "--through", "2"), ("--most-bars", "0")]
)
def test_wrong_usage(folder: Path, options: tuple[str, ...]) -> None:
    """Exit 2, and a sentence."""
    reply = replay(folder, OPEN, *options)
    assert (reply.code, reply.out) == (2, "")


def test_a_name_is_no_pattern(folder: Path) -> None:
    """The file `b[1].csv` is read and not `b1.csv`, which it would be as a pattern."""
    (folder / "b1.csv").write_text(HEAD + "2026-01-01,1,1,1,1\n")
    reply = replay(folder, OPEN, "--filled", "--format", "json", name="b[1].csv")
    assert nets(json.loads(reply.out)) == ("-6", "10")


def test_bars_without_a_mark_price_are_counted(folder: Path) -> None:
    """Mark prices of another year liquidate nothing: the page says in how many bars the last price stood for them."""
    mark = folder / "mark.csv"
    mark.write_text(HEAD + "2025-01-01 00:00,100,101,1,100\n2025-01-01 00:15,100,101,1,100\n")
    page = joined(replay(folder, OPEN, "--filled", "--mark", str(mark)).out)
    assert "liquidation by it; in 2 of 2 bars the last price stands for it" in page


def test_what_nobody_knows_is_not_survived_in_silence(folder: Path) -> None:
    """At 20x from 100 the margin of 5 is gone at 95 at the latest, without a rate too: a low of 60 has taken it."""
    plan = "symbol: T/USDT:USDT\nside: long\nleverage: 20\nsize: 1 T\ntiers: [100]\nstop: 50\n"
    (folder / "p.yaml").write_text(plan)
    fall = HEAD + "2026-01-01,100,104,60,101\n"
    assert "liquidation unknown for some of what may be held" in joined(replay(folder, fall).out)
    said = record(folder, fall)
    assert said["assumptions"]["liquidation"] == "unknown"
    assert (said["worst"]["end"], said["worst"]["net"], said["best"]["net"]) == ("liquidated", "-5", "-5")
    assert said["worst"]["events"][-1]["level"] == "95"
    assert "chance" not in joined(replay(folder, fall).out)
    (folder / "p.yaml").write_text(plan + "maintenance: 1%\n")
    assert "liquidation unknown" not in joined(replay(folder, fall).out)
    assert record(folder, fall)["assumptions"]["liquidation"] == "known"


def test_cross_margin_of_no_account_has_no_bankruptcy_price(folder: Path) -> None:
    """Nothing is liquidated there, and the page does not say that it was counted."""
    plan = "symbol: T/USDT:USDT\nside: long\nleverage: 20\nmargin_mode: cross\nsize: 1 T\ntiers: [100]\nstop: 50\n"
    (folder / "p.yaml").write_text(plan)
    fall = HEAD + "2026-01-01,100,104,60,101\n"
    page = joined(replay(folder, fall).out)
    assert "no equity is written, so nothing is liquidated here" in page
    assert "bankruptcy" not in page
    (folder / "p.yaml").write_text(plan + "account: {equity: 10 USDT}\n")
    assert "counted at its bankruptcy price" in joined(replay(folder, fall).out)
    assert record(folder, fall)["worst"]["end"] == "liquidated"


def test_a_chance_of_nothing_says_what_it_is_a_chance_of(folder: Path) -> None:
    """A jump past stop and liquidation: paths have no jumps, and so no such end; the page says of what."""
    plan = "symbol: T/USDT:USDT\nside: long\nleverage: 20\nsize: 1 T\ntiers: [100]\nstop: 98\nmaintenance: 1%\n"
    (folder / "p.yaml").write_text(plan)
    page = joined(replay(folder, HEAD + "2026-01-01,100,101,99,100\n2026-01-02,80,81,79,80\n").out)
    assert "chance 0% 0%" in page
    assert "chance of this end at the fair price" in page


def test_a_first_line_that_is_short_hides_no_bars(folder: Path) -> None:
    """A blank line under the head is nothing, and half a bar there is one that is wrong: the bars below it are read."""
    bars = "2026-01-01,100,101,99,100\n2026-01-02,100,101,99,100\n"
    assert record(folder, f"{HEAD}\n{bars}")["bars"]["count"] == 2
    assert "SP806 bar-columns: the first line is empty" in replay(folder, f"\n{HEAD}{bars}").talk
    short = replay(folder, f"{HEAD}2025-12-31,100,101\n{bars}")
    assert (short.code, "bars.csv:2:1: error SP804" in short.talk) == (1, True)
    kept = record(folder, f"{HEAD}2025-12-31,100\n{bars}", "--drop-bad")["bars"]
    assert (kept["count"], kept["dropped"]) == (2, 1)


def test_files_that_are_none(folder: Path) -> None:
    """Missing, a folder, half a Parquet, half a gzip: exit 3 and a line each."""
    (folder / "d.csv").mkdir()
    (folder / "half.parquet").write_bytes(b"PAR1" + b"x" * 50)
    (folder / "half.csv.gz").write_bytes(gzip.compress(OPEN.encode())[:-9])
    for name in ("none.csv", "d.csv", "half.parquet", "half.csv.gz", "/dev/null"):
        reply = outcome("replay", "p.yaml", name)
        assert (reply.code, reply.out, reply.talk.count("\n")) == (3, "", 1), name


def test_funding_rates_from_a_file(folder: Path) -> None:
    """0.01% at 00:15, on 1 T at the open 101: 0.0101. A row without a rate is named by its line."""
    (folder / "f.csv").write_text("time,rate\n2026-01-01T00:15:00Z,0.01%\n", encoding="utf-8")
    said = record(folder, OPEN, "--filled", "--funding", "f.csv")
    assert (said["worst"]["funding"], said["assumptions"]["funding"]) == ("0.0101", "f.csv")
    (folder / "f.csv").write_text("time,rate\n2026-01-01,\n", encoding="utf-8")
    assert "line 2 has no rate" in replay(folder, OPEN, "--funding", "f.csv").talk


def test_finer_bars_that_disagree_are_said_and_followed(folder: Path) -> None:
    """Five minutes inside the bar 101 105 95 100 that never saw 95: SP812, and the target alone."""
    rows = ["00:15Z,101,101,99,101", "00:20Z,101,105,101,105", "00:25Z,105,105,100,100"]
    (folder / "five.csv").write_text(HEAD + "".join(f"2026-01-01T{row}\n" for row in rows), encoding="utf-8")
    said = record(folder, OPEN, "--filled", "--finer", "five.csv")
    assert nets(said) == ("4", "4")
    assert "SP812" in {each["code"] for each in said["diagnostics"]}


def test_finer_bars_that_cover_nothing_are_told_so(folder: Path) -> None:
    """A day too late: the bar stays open, and the page says that they do not cover it."""
    (folder / "late.csv").write_text(HEAD + "2026-01-02T00:15Z,101,105,95,100\n", encoding="utf-8")
    assert "1 of these they do not cover" in joined(replay(folder, OPEN, "--filled", "--finer", "late.csv").out)


def test_a_mark_price_liquidates_from_a_file(folder: Path) -> None:
    """10x, margin 10: near 90.45 by the mark, which the last price never saw; and what is off the tick is a note."""
    text = "symbol: T/USDT:USDT\nside: long\nleverage: 10\nmaintenance: 0.5%\nsize: 1 T\ntiers: [100]\nstop: 80\n"
    (folder / "p.yaml").write_text(text + "instrument: {tick_size: 2}\n", encoding="utf-8")
    (folder / "mark.csv").write_text(HEAD + "2026-01-01T00:00Z,100,101,90,100\n", encoding="utf-8")
    said = record(folder, OPEN, "--filled", "--mark", "mark.csv")
    assert (said["worst"]["end"], nets(said), said["assumptions"]["mark"]) == ("liquidated", ("-10", "-10"), "mark.csv")
    assert [each["message"] for each in said["diagnostics"] if each["code"] == "SP811"] == [
        "5 of 8 prices are no multiple of the tick 2"
    ]


def test_small_bars_are_those_that_their_maker_makes() -> None:
    """What ships in `plans/bars` is made by a seeded walk, and is what that makes."""
    for name, minutes in FILES.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == bars_text(minutes), name


def test_without_the_extra_there_is_one_clear_line(folder: Path) -> None:
    """Exit 2 where polars cannot be imported, and what to type."""
    (folder / "bars.csv").write_text(OPEN, encoding="utf-8")
    script = "import sys; sys.modules['polars'] = None; from scaleplan.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", script, "replay", "p.yaml", "bars.csv"],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "scaleplan: bars need polars and numpy: pip install 'scaleplan[replay]'\n"


def test_no_other_command_loads_polars_or_numpy() -> None:
    """Nothing but `replay` loads the libraries of bars, nor the room itself but for the names of its mistakes."""
    script = (
        "import sys, io\n"
        "from contextlib import suppress, redirect_stdout\n"
        "from scaleplan.cli.command import NAMES, load\n"
        "from scaleplan.cli.program import run\n"
        "from tests.running import WIDE_SCREEN\n"
        "for name in NAMES:\n"
        "    load(name)\n"
        "for words in (['--help'], ['replay', '--help'], ['rules'], *([name, 'plans/range-short.yaml'] for name in\n"
        "    ('check', 'show', 'chart', 'paths', 'checklist', 'fmt'))):\n"
        "    run(words, WIDE_SCREEN)\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('polars', 'numpy')\n"
        "    or name.startswith(('scaleplan.bars.r', 'scaleplan.replay'))))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert "replay" in NAMES
