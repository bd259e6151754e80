"""`scaleplan export`: the orders of a plan by hand, in five formats, and what becomes of bad input."""

import csv
import importlib
import io
import json
import os
import re
import shutil
import subprocess
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from scaleplan.engine.ticks import tick_of
from scaleplan.orders import OrderEventKind, VenueOrder
from scaleplan.orders.venues import DIALECTS
from scaleplan.orders.walk import order_list
from scaleplan.plan import Plan
from scaleplan.quantity.exact import exact
from scaleplan.report.orders.cornix import signal_of
from scaleplan.report.orders.pine import pine, string
from scaleplan.study import Session, Settings, Study
from tests.given import PLAN, UNREADABLE_PLAN, WRONG_PLAN, file, linear, spot, studied
from tests.running import ROOT, approved, environment, joined, outcome, process, screen_of

PYRAMID = str(ROOT / "plans" / "breakout-retest-pyramid.yaml")
GOLDEN = ROOT / "tests" / "golden" / "export"
PLANS = [path for path in sorted((ROOT / "plans").glob("*.yaml")) if path.stem != "account"]
#: A plan for each kind of what an order list may have to say.
KINDS = {
    "spot": PLAN + "targets: [50% at 160, rest at 180]\n",
    "linear": linear(
        "long", "stop: 90\ntiers: [100, 98]\ntargets: [{price: 110, close: 50%, stop: entry}, rest at 2R]"
    ),
    "inverse": "symbol: BTC/USD:BTC\nside: long\nleverage: 3\nmaintenance: 0.5%\naccount: {equity: 1 BTC}\n"
    "instrument: {tick_size: 0.5, lot_size: 1, contract_size: 100}\nsize: 120 contracts\n"
    "tiers: [50% at 50000, 50% at 48000]\nstop: 45000\ntargets: [{price: 54000, close: 50%, stop: breakeven}]\n",
    "short": linear("short", "stop: 110\ntiers: [100, {price: 95, order: stop}]\ntargets: [40% at 90, rest at 80]"),
    "after": linear(
        "long",
        "stop: 90\ntiers:\n  - {price: 100, share: 1/4}\n  - {price: 99, share: 1/4, after: 104}\n"
        "  - {price: 105, share: 1/4, order: stop, after: tier 2}\n  - {price: 103, share: 1/4, order: market}\n"
        "targets: [rest at 120]",
    ),
    "moving": linear(
        "long",
        "stop: 90\ntiers: [100, {price: 96, stop: 92}]\n"
        "targets: [{price: 1R, close: 25%, stop: breakeven}, {price: 2R, close: 25%, stop: target 1}, rest at 3R]\n"
        "fees: {maker: 0.02%, taker: 0.05%}",
    ),
    "trail": linear("long", "stop: 90\ntiers: [100]\ntargets: [{price: 110, close: 50%, trail: 5%}]"),
    "runner": linear(
        "short", "stop: 110\ntiers: [100]\ntargets: [30% at 90, {close: rest, exit: daily close above 95}]"
    ),
    "no-stop": spot("stop: none\ntiers: [100, 90]\ntargets: [{price: 120, close: 50%, stop: 100}]"),
}


def exported(plan: str, *arguments: str) -> str:
    """Returns what is printed of a plan that has no errors."""
    reply = outcome("export", plan, *arguments)
    assert reply.code == 0, reply.talk
    return reply.out


def rows(plan: str) -> list[dict[str, str]]:
    """Returns the rows of the CSV."""
    return list(csv.DictReader(io.StringIO(exported(plan, "--to", "csv"), newline="")))


def told(row: dict[str, str]) -> str:
    """Returns a row in one line."""
    price = f"at {row['price']}" if row["price"] else f"trigger {row['trigger_price']}"
    only = " reduce-only" if row["reduce_only"] == "true" else ""
    what = f"{row['action']} {row['level']} {row['side']} {row['type']} {row['quantity']} {row['unit']}"
    return f"{row['step']} {row['event']}: {what} {price}{only}"


#: By hand, from the plan: half a bitcoin on the breakout, 0.3 once 40,900 has traded, 0.2 after tier 2. A target closes
#: 30% of what is held at the first exit: 0.15 of 0.5, 0.24 of 0.8, 0.3 of 1. `3R` is 40,414.20 + 3 * (40,414.20 -
#: 39,150) = 44,206.80. Breakeven: (40,414.20 + 16.6071) / 0.9995 / 0.9995 = 40,471.268, on the tighter cent
#: 40,471.27. +1R is 41,678.40. The trail of 2.5% from 46,500 begins at 45,337.50.
STEPS = [
    "1 now: place tier 1 buy stop-market 0.5 BTC trigger 40000",
    "2 tier 1: place stop sell stop-market 0.5 BTC trigger 39150 reduce-only",
    "2 tier 1: place target 1 sell limit 0.15 BTC at 43500 reduce-only",
    "3 40900: place tier 2 buy limit 0.3 BTC at 40000",
    "4 tier 2: amend stop sell stop-market 0.8 BTC trigger 39150 reduce-only",
    "4 tier 2: amend target 1 sell limit 0.24 BTC at 43500 reduce-only",
    "4 tier 2: place tier 3 buy stop-market 0.2 BTC trigger 42000",
    "5 tier 3: amend stop sell stop-market 1 BTC trigger 40471.27 reduce-only",
    "5 tier 3: amend target 1 sell limit 0.3 BTC at 43500 reduce-only",
    "6 target 1: amend stop sell stop-market 0.7 BTC trigger 40471.27 reduce-only",
    "6 target 1: place target 2 sell limit 0.3 BTC at 44206.8 reduce-only",
    "7 target 2: amend stop sell stop-market 0.4 BTC trigger 41678.4 reduce-only",
    "7 target 2: place target 3 sell limit 0.3 BTC at 46500 reduce-only",
    "8 target 3: amend stop sell stop-market 0.1 BTC trigger 45337.5 reduce-only",
]


def test_a_pyramid_by_hand() -> None:
    """Every order of a plan that waits, moves its stop and trails, worked out by hand."""
    assert [told(row) for row in rows(PYRAMID)] == STEPS


@exact
def off_every_path(path: Path) -> list[int]:
    """Returns the steps of a plan after which nothing on any of its paths stands so: tiers, targets, stop, quantity."""
    found = Session(Settings()).study(str(path), path.read_bytes())
    assert isinstance(found, Study)
    orders, plan = order_list(found), found.plan
    states = found.every_path.walked().states
    latest: dict[str, VenueOrder] = {}
    filled: tuple[int, ...] = ()
    hits, wrong = 0, []
    for step in orders.steps:
        latest |= {order.id: order for order in (*step.place, *step.amend)}
        if step.event.kind is OrderEventKind.TIER:
            filled = (*filled, step.event.number)
        elif step.event.kind is OrderEventKind.TARGET:
            hits = step.event.number
        stop = latest["s"].at if "s" in step.resting else None
        stands = [
            state
            for state in states
            if (state.tiers, state.targets) == (tuple(sorted(filled)), hits)
            and abs(state.quantity - step.held) < len(plan.tiers) * orders.lot
            # The stop of a trail follows price: paths have what it starts with among their ends.
            and (step.trails or is_placed(plan, state.stop, stop))
        ]
        if step.held and not stands:
            wrong.append(step.number)
    return wrong


def is_placed(plan: Plan, exact_stop: Decimal | None, placed: Decimal | None) -> bool:
    """Returns whether a stop is placed on the tick where a state has it, or not at all where that has none."""
    if exact_stop is None or placed is None:
        return exact_stop is placed
    return 0 <= plan.sign * (placed - exact_stop) < tick_of(plan)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_step_is_a_state_of_paths(path: Path) -> None:
    """After each step what is held, hit and stopped is so on some path of the plan."""
    assert off_every_path(path) == []


def test_what_is_left_out_and_what_rests(tmp_path: Path) -> None:
    """A tier behind the stop is not placed, since it would stand alone; one that target 1 cancels is cancelled."""
    never = file(tmp_path, spot("stop: 90\ntiers: [100, 80]\ntargets: [rest at 120]"), "never.yaml")
    found = outcome("export", never, "--to", "csv")
    assert found.code == 1
    assert ",t2" not in found.out
    assert "left out" in outcome("export", never).out
    text = spot("stop: 90\ntiers: [100, {price: 130, order: stop, after: 101}]\ntargets: [50% at 120, rest at 140]")
    found = outcome("export", file(tmp_path, text), "--to", "ccxt")
    steps = json.loads(found.out)["steps"]
    cancelled = [step["event"] for step in steps if any(name.endswith("t2") for name in step["cancel"])]
    assert cancelled == [] or cancelled[0]["kind"] == "target"


def test_a_tier_that_does_not_fill_as_listed_is_told(tmp_path: Path) -> None:
    """Tier 2 brings the stop to 105, so tier 3 at 90 fills before it or never: step 4 comes on no way of price."""
    text = spot(
        "stop: 80\ntiers: [20% at 100, {price: 110, share: 40%, order: stop, stop: 105}, 40% at 90]\n"
        "targets: [rest at 120]"
    )
    path = file(tmp_path, text)
    words = "tier 3 fills, but not as listed: the tiers before it are stopped first"
    assert words in joined(outcome("export", path).out)
    notes = json.loads(outcome("export", path, "--to", "ccxt").out)["notes"]
    assert any(note.startswith(f"order: {words}") for note in notes)
    assert "not as listed" not in outcome("export", str(PYRAMID)).out


def test_a_stop_that_the_tick_puts_at_the_price_is_told(tmp_path: Path) -> None:
    """Break even of 60,000 is 60,042 with fees; the tighter tick is 60,100, the price of the target that moves it."""
    text = (
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nmaintenance: 1%\nfees: {maker: 0.02%, taker: 0.05%}\n"
        "size: 1 BTC\ntiers: [60000]\nstop: 59000\n"
        "targets: [{price: 60100, close: 50%, stop: breakeven}, rest at 61000]\n"
    )
    coarse, fine = (
        file(tmp_path, f"{text}instrument: {{tick_size: {tick}}}\n", f"{tick}.yaml") for tick in ("100", "1")
    )
    out = joined(outcome("export", coarse).out)
    assert "the stop after target 1 is 60,100 on the tick, where price is then: it would exit at once" in out
    assert "at once" not in outcome("export", fine).out


def test_a_plan_without_any_stop_has_none_to_wait_for(tmp_path: Path) -> None:
    """No order of the list is a stop, so nothing is to be done when it has filled."""
    text = spot("stop: none\ntiers: [100, 90]\ntargets: [rest at 120]")
    assert "whenever the stop has filled" not in outcome("export", file(tmp_path, text)).out


@pytest.mark.parametrize("kind", KINDS)
def test_lists_are_as_they_were_approved(kind: str, tmp_path: Path) -> None:
    """A list of each kind of plan, at 80 columns."""
    reply = outcome("export", file(tmp_path, KINDS[kind], f"{kind}.yaml"), screen=screen_of(80))
    assert max(map(len, reply.out.splitlines())) <= 80
    approved(reply.out, GOLDEN / f"{kind}.txt")


@pytest.mark.parametrize(("name", "arguments"), [("csv", ()), ("ccxt", ("--for", "bybit")), ("pine", ())])
def test_formats_are_as_they_were_approved(name: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    """The other formats of one plan; the file's name is the plan's."""
    path = file(tmp_path, KINDS["moving"], "moving.yaml")
    text = exported(path, "--to", name, *arguments).replace(f"{tmp_path}/", "").replace("\r\n", "\n")
    approved(text, GOLDEN / f"moving.{name}")


@pytest.mark.parametrize("width", [40, 60, 80, 120, 160])
def test_it_fits_the_terminal(width: int, tmp_path: Path) -> None:
    """No line is longer than the terminal, and every order is there with its price."""
    for kind, text in KINDS.items():
        reply = outcome("export", file(tmp_path, text, f"{kind}.yaml"), screen=screen_of(width))
        assert max(map(len, reply.out.splitlines())) <= width
        for row in rows(str(tmp_path / f"{kind}.yaml")):
            price = Decimal(row["price"] or row["trigger_price"] or 0)
            assert f"{price:,}".rstrip("0").rstrip(".") in reply.out or not price


def test_a_pipe_that_ends(tmp_path: Path) -> None:
    """`| head` ends it without a word."""
    ran = subprocess.run(
        ["sh", "-c", f"{os.fspath(Path(os.sys.executable))} -m scaleplan export {PYRAMID} | head -n 1"],  # type: ignore[attr-defined]
        capture_output=True,
        env=environment(),
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert ran.stdout.startswith(b"Range-high")
    assert ran.stderr == b""


# CSV


def test_csv_has_line_ends_of_its_kind_and_no_formula(tmp_path: Path) -> None:
    """Lines end as CSV's do; a trader's words that begin like a formula do not begin a cell."""
    text = spot("stop: 90\ntargets: [rest at 120]\ntiers:\n  - {price: 100, note: '=HYPERLINK(\"x\")'}")
    out = exported(file(tmp_path, text), "--to", "csv")
    assert out.count("\r\n") == out.count("\n") == 5
    notes = [row["note"] for row in rows(file(tmp_path, text))]
    assert notes[0] == '\'=HYPERLINK("x")'
    for sign in "=+-@\t":
        noted = spot(f"stop: 90\ntiers:\n  - {{price: 100, note: {json.dumps(sign + '1+1')}}}")
        # A tab is written as what it is.
        assert rows(file(tmp_path, noted))[0]["note"].startswith("\\t" if sign == "\t" else "'")


# ccxt


def record(plan: str, *arguments: str) -> dict[str, Any]:
    """Returns the calls of ccxt."""
    found: dict[str, Any] = json.loads(exported(plan, "--to", "ccxt", *arguments))
    return found


def test_calls_of_ccxt() -> None:
    """The beginning, and the step after tier 1, by the contract's own names."""
    found = record(PYRAMID)
    assert list(found)[:6] == ["format_version", "command", "file", "venue", "checked_with", "setup"]
    assert (found["command"], found["venue"], found["checked_with"]) == ("export", None, "ccxt 4.5.90")
    assert found["setup"] == [
        {"method": "setMarginMode", "args": ["isolated", "BTC/USDT:USDT"]},
        {"method": "setLeverage", "args": [8, "BTC/USDT:USDT"]},
    ]
    stop, target = found["steps"][1]["place"]
    name = stop["params"]["clientOrderId"]
    assert re.fullmatch(r"sp[0-9a-f]{8}s", name)
    assert stop == {
        "symbol": "BTC/USDT:USDT",
        "type": "market",
        "side": "sell",
        "amount": "0.5",
        "price": None,
        "params": {"clientOrderId": name, "stopLossPrice": "39150", "reduceOnly": True},
    }
    assert (target["type"], target["price"], target["params"]["reduceOnly"]) == ("limit", "43500", True)
    assert found["steps"][2]["event"] == {"kind": "after", "index": 2, "price": "40900"}
    assert found["steps"][3]["amend"][0] == {"id": name} | stop | {"amount": "0.8"}
    assert "createOrders" not in json.dumps(found)


def test_what_venues_ask_for(tmp_path: Path) -> None:
    """Bybit alone has a direction, OKX and Bitget alone the margin mode, Hyperliquid prices and ids of its own."""
    for venue in DIALECTS:
        found = record(PYRAMID, "--for", venue)
        entry = found["steps"][0]["place"][0]
        stop = found["steps"][1]["place"][0]
        assert found["venue"] == venue
        assert entry["params"].get("triggerDirection") == ("ascending" if venue == "bybit" else None)
        assert stop["params"].get("triggerDirection") is None
        assert entry["params"].get("marginMode") == ("isolated" if venue in ("okx", "bitget") else None)
        # 5% beyond 40,000 and 39,150: 42,000 and 37,192.50.
        prices = (entry["price"], stop["price"])
        assert prices == (("42000", "37192.5") if venue == "hyperliquid" else (None, None))
        assert entry["params"]["triggerPrice"] == "40000"
    short = file(tmp_path, linear("short", "stop: 110\ntiers: [{price: 100, order: stop}]"))
    assert record(short, "--for", "bybit")["steps"][0]["place"][0]["params"]["triggerDirection"] == "descending"


def test_spot_has_no_margin_and_no_reduce_only(tmp_path: Path) -> None:
    """Spot sets nothing up; where a venue has no stop-loss there, or wants a price, it gets what it takes."""
    path = file(tmp_path, KINDS["spot"])
    for venue in ("", *DIALECTS):
        found = record(path, *(("--for", venue) if venue else ()))
        stop = found["steps"][1]["place"][0]
        assert found["setup"] == []
        assert "reduceOnly" not in stop["params"]
        assert ("triggerPrice" in stop["params"]) is (venue == "bitget")
        # 118 less 5% is 112.1.
        assert (stop["type"], stop["price"]) == (
            ("limit", "112.1")
            if venue in ("gate", "bitget")
            else ("market", "112.1" if venue == "hyperliquid" else None)
        )


def test_amounts_are_contracts(tmp_path: Path) -> None:
    """Ten contracts of 0.01 BTC are 10, whatever the venue; one that counts BTC would take a hundred times as much."""
    text = linear("long", "stop: 90\ntiers: [100]\ninstrument: {contract_size: 0.01}", size="10 contracts")
    path = file(tmp_path, text)
    assert record(path, "--for", "okx")["steps"][0]["place"][0]["amount"] == "10"
    reply = outcome("export", path, "--to", "ccxt", "--for", "binance")
    assert (reply.out, reply.code) == ("", 1)
    assert "binance counts BTC, and the plan counts contracts of 0.01 BTC" in joined(reply.talk)
    assert "--set venue=binance" in reply.talk
    without = file(tmp_path, linear("long", "stop: 90\ntiers: [100]"), "without.yaml")
    reply = outcome("export", without, "--to", "ccxt", "--for", "okx")
    assert reply.code == 0
    assert "okx counts contracts of 0.01 BTC, and the plan names no contract_size" in joined(reply.talk)
    assert any("okx counts contracts" in note for note in json.loads(reply.out)["notes"])


def test_the_plans_own_venue_is_taken(tmp_path: Path) -> None:
    """A plan by the rules of OKX is exported for OKX, in its contracts of 0.01 BTC."""
    text = "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nvenue: okx\nsize: 1 BTC\ntiers: [60000]\nstop: 58000\n"
    reply = outcome("export", file(tmp_path, text), "--to", "ccxt")
    found = json.loads(reply.out)
    assert found["venue"] == "okx"
    assert found["steps"][0]["place"][0]["amount"] == "100"
    assert found["setup"][0]["args"] == ["isolated", "BTC/USDT:USDT", {"lever": 5}]


# Cornix

SAYABLE = (
    "symbol: SOL/USDT:USDT\nside: long\nleverage: 2\nsize: 5% margin\naccount: {equity: 1000}\n"
    "tiers: [50% at 150, 30% at 140, 20% at 130]\nstop: 118\n"
    "targets: [{price: 160, close: 25%, stop: entry}, {price: 170, close: 25%, stop: target 1}, 50% at 180]\n"
)
SIGNAL = """\
#SOL/USDT
Signal Type: Regular (Long)
Leverage: Isolated (2X)
Amount per trade: 5%

Entry Targets:
1) 150 - 50%
2) 140 - 30%
3) 130 - 20%

Take-Profit Targets:
1) 160 - 25%
2) 170 - 25%
3) 180 - 50%

Stop Targets:
1) 118

Trailing Configuration:
Stop: Moving Target -
  Trigger: Target (1)
"""


def test_a_signal_by_hand(tmp_path: Path) -> None:
    """Everything of this plan has a word in the template."""
    assert exported(file(tmp_path, SAYABLE), "--to", "cornix") == SIGNAL


@pytest.mark.parametrize(
    ("stops", "line"),
    [
        (("entry", "", ""), "Stop: Breakeven -\n  Trigger: Target (1)\n"),
        (("", "entry", ""), "Stop: Breakeven -\n  Trigger: Target (2)\n"),
        (("", "target 1", "target 2"), "Stop: Moving Target -\n  Trigger: Target (2)\n"),
        (("", "target 1", "170"), "Stop: Moving Target -\n  Trigger: Target (2)\n"),
        (("", "entry", "target 1"), "Stop: Moving 2 Target -\n  Trigger: Target (2)\n"),
        (("", "target 2 -3%", ""), "Stop: Percent Below Triggers (3%) -\n  Trigger: Target (2)\n"),
        (("breakeven", "", ""), "Stop: Breakeven -\n  Trigger: Target (1)\n"),
        (("", "", ""), ""),
    ],
)
def test_moves_that_a_signal_has(stops: tuple[str, ...], line: str, tmp_path: Path) -> None:
    """The four kinds of moves; a breakeven without costs is the average."""
    prices = zip((160, 170, 180), stops, strict=True)
    targets = ", ".join(f"{{price: {price}, close: 25%{f', stop: {stop}' if stop else ''}}}" for price, stop in prices)
    text = re.sub("targets: .*", f"targets: [{targets}, 25% at 190]", SAYABLE)
    out = exported(file(tmp_path, text), "--to", "cornix")
    assert out.partition("Trailing Configuration:\n")[2] == line
    assert ("Trailing" in out) is bool(line)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("50% at 150", "{price: 150, share: 50%, stop: 119}"), "tier 1: `stop: 119`, a stop that a fill moves"),
        (("30% at 140", "{price: 140, share: 30%, after: 145}"), "tier 2: `after: 145`, an entry that waits"),
        (("20% at 130", "20% at 155 stop"), "tier 3: a stop order beside limit orders"),
        (("20% at 130", "20% at 145 limit"), "tier 3: it does not lie behind tier 2"),
        (("50% at 150", "50% at 150 market"), "tier 1: a market order"),
        (("stop: target 1", "stop: +1R"), "target 2: `stop: +1R`, a move that signals have no word for"),
        (("50% at 180", "50% at 3R"), "target 3: `3R`, a price that moves with the average"),
        (("50% at 180", "30% at 180"), "a runner: 20% of the position has no target"),
        (("50% at 180", "{price: 180, close: 40% of rest}"), "target 3: it closes a share of what is left"),
        (("50% at 180", "{price: 180, close: 20%, trail: 2%}"), "target 3: what is left trails from there"),
        (("stop: 118", "stop: none"), "`stop: none`: a signal has a stop"),
        (("stop: 118", "stop: 118\nexpires: 48h"), "`expires`"),
        (("stop: 118", "stop: 118\ntime_stop: 48h"), "a time stop"),
        (("stop: 118", "stop: 118\nentries_end: never"), "`entries_end: never`"),
        (("SOL/USDT:USDT", "SOL/USD:SOL"), "the contract settles in coin"),
        (("SOL/USDT:USDT", "S&L/USDT:USDT"), "the pair is none of letters and digits"),
    ],
)
def test_what_no_signal_says(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    """Everything else is named, and nothing is written; `--lossy` writes what can be said."""
    text = SAYABLE.replace(*change)
    if "SOL/USD:SOL" in text:
        text = text.replace("size: 5% margin\naccount: {equity: 1000}", "size: 10 SOL")
    path, out = file(tmp_path, text), tmp_path / "signal.txt"
    reply = outcome("export", path, "--to", "cornix", "-o", str(out))
    assert f"no signal says {said}" in joined(reply.talk)
    assert (reply.out, reply.code, out.exists()) == ("", 1, False)
    lossy = outcome("export", path, "--to", "cornix", "--lossy")
    assert said in joined(lossy.talk)
    assert ("Entry Targets:" in lossy.out) is ("S&L" not in text)


def test_a_breakeven_with_costs_is_not_the_average(tmp_path: Path) -> None:
    """Cornix moves the stop to the average of the entries, at which fees are lost."""
    text = SAYABLE.replace("stop: entry", "stop: breakeven").replace(", stop: target 1", "")
    assert outcome("export", file(tmp_path, text), "--to", "cornix").code == 0
    reply = outcome("export", file(tmp_path, f"{text}fees: 0.05%\n"), "--to", "cornix")
    assert reply.code == 1
    assert "target 1: `stop: breakeven`, costs in" in joined(reply.talk)


def test_a_breakout_and_shares_that_are_equal(tmp_path: Path) -> None:
    """Stop entries are a breakout, at most two; equal shares are what is taken where none is written."""
    text = (
        "symbol: ABC/USDT:USDT\nside: short\nleverage: 2\nmargin_mode: cross\nsize: 1000 USDT\nstop: 110\n"
        "tiers: [{price: 100, order: stop}, {price: 98, order: stop}]\ntargets: [1/3 at 90, 1/3 at 85, 1/3 at 80]\n"
    )
    out = exported(file(tmp_path, text), "--to", "cornix")
    assert out.startswith(
        "#ABC/USDT\nSignal Type: Breakout (Short)\nLeverage: Cross (2X)\n\nEntry Targets:\n1) 100\n2) 98\n"
    )
    assert "1) 90\n2) 85\n3) 80\n" in out
    three = text.replace("order: stop}]", "order: stop}, {price: 96, order: stop}]")
    assert "at most 2 breakout entries" in joined(outcome("export", file(tmp_path, three), "--to", "cornix").talk)


def test_shares_of_quantity_are_said_as_money(tmp_path: Path) -> None:
    """Half of 2 SOL at 150 and half at 100: 150 of 250 of the money, 60%, and 40%."""
    text = "symbol: SOL/USDT\nside: long\nsize: 2 SOL\ntiers: [150, 100]\nstop: 90\ntargets: [rest at 200]\n"
    assert "1) 150 - 60%\n2) 100 - 40%\n" in exported(file(tmp_path, text), "--to", "cornix")
    uneven = text.replace("100]", "140]")
    # 150 of 290 is 51.724..%: cut to a hundredth, the last takes the rest.
    reply = outcome("export", file(tmp_path, uneven), "--to", "cornix")
    assert "1) 150 - 51.72%\n2) 140 - 48.28%\n" in reply.out
    assert "shares of entries have beyond a hundredth" in joined(reply.talk)


# Pine

HOSTILE = '"); alert("x \\ {{close}} \x1b[31m \u202e \n //@version=5'


def strings(script: str) -> list[str]:
    """Returns the strings of a script, read as Pine reads them; nothing but code is left between them."""
    return re.findall(r'"((?:[^"\\\n]|\\["\\])*)"', script)


@exact
def scripted(text: str) -> str:
    """Returns the script of a plan."""
    return pine(studied(text))


def test_a_script_says_nothing_that_a_plan_wrote_as_code() -> None:
    """A name is a string whatever is in it; only the program's own lines are code."""
    hostile = scripted(KINDS["moving"] + f"name: {json.dumps(HOSTILE)}\n")
    plain = scripted(KINDS["moving"] + "name: x\n")
    blank = re.compile(r'"(?:[^"\\\n]|\\["\\])*"')
    assert blank.sub('""', hostile) == blank.sub('""', plain)
    assert hostile.isascii()
    assert all(sign.isprintable() or sign == "\n" for sign in hostile)
    assert "{{" not in hostile
    assert max(map(len, strings(scripted(KINDS["moving"] + f"name: {'n' * 3000}\n")))) < 4096


def test_strings_are_never_cut_in_an_escape() -> None:
    r"""Cut at any place, a string of `\` and `"` still ends where it should."""
    for length in range(3_990, 4_010):
        for sign in ('"', "\\", "a\\"):
            written = string(sign * length)
            assert re.fullmatch(r'"(?:[^"\\\n]|\\["\\])*"', written)
            assert len(written) <= 4_002


def test_a_script_has_alerts_at_its_lines() -> None:
    """A line, an alert and a label for each price; levels at one price share them."""
    script = scripted(
        (ROOT / "plans" / "breakout-retest-pyramid.yaml").read_text().replace("./account", "plans/account")
    )
    drawn = re.findall(r'^    level\(([0-9.]+), "([^"]*)"', script, re.MULTILINE)
    alerts = re.findall(r"^alertcondition\(ta\.cross\(close, ([0-9.]+)\)", script, re.MULTILINE)
    assert [price for price, _ in drawn] == alerts
    assert ("40000.00", "tier 1 stop, tier 2 limit  40000.00") in drawn
    assert all(first > second for first, second in pairwise(map(Decimal, alerts)))


def test_an_alert_says_after_which_tiers_it_is_liquidated(tmp_path: Path) -> None:
    """Tier 1 alone is liquidated nearer than all: `1` behind the word would be a count of nothing."""
    text = linear("long", "tiers: [100, 90]\nstop: 80\ntargets: [rest at 120]")
    script = outcome("export", file(tmp_path, text), "--to", "pine").out
    assert '"liquidated after tier 1' in script
    assert "liquidated 1" not in script


def test_more_levels_than_a_script_has_alerts_for(tmp_path: Path) -> None:
    """61 tiers are refused, whole: nothing is written."""
    text = spot("stop: 10\ntiers: {from: 100, to: 40, count: 61}")
    reply = outcome("export", file(tmp_path, text), "--to", "pine", "-o", str(tmp_path / "levels.pine"))
    assert reply.code == 1
    assert "levels are more than the 60" in joined(reply.talk)
    assert not (tmp_path / "levels.pine").exists()


def test_scripts_parse() -> None:
    """Scripts of every kind of plan, and of a hostile name, parse."""
    try:
        parse = importlib.import_module("pynescript.ast").parse
    except ModuleNotFoundError:
        pytest.skip("pynescript is not installed: pip install pynescript==0.3.0")
    for text in (*KINDS.values(), KINDS["moving"] + f"name: {json.dumps(HOSTILE)}\n"):
        assert type(parse(scripted(text))).__name__ == "Script"


RUN = """
import {{ PineTS }} from '{module}';
import {{ readFileSync }} from 'fs';
const bars = Array.from({{ length: 20 }}, (_, i) => ({{
  openTime: 1700000000000 + i * 3600000, closeTime: 1700003599999 + i * 3600000,
  open: 100 + i, high: 101 + i, low: 99 + i, close: 100 + i, volume: 1,
}}));
const provider = {{
  getMarketData: async () => bars,
  getSymbolInfo: async () => ({{ ticker: 'T', tickerid: 'T', basecurrency: '{base}', currency: 'USDT', mintick: 1 }}),
}};
const run = await new PineTS(provider, 'T', '60', 20).run(readFileSync(0, 'utf8'));
const drawn = run.plots.__lines__.data[0].value.map((line) => [line.y1, line.y2, line.style]);
const words = run.plots.__labels__.data[0].value.map((label) => label.text);
console.log(JSON.stringify([drawn, words]));
"""


@pytest.mark.parametrize("kind", KINDS)
def test_scripts_run(kind: str, tmp_path: Path) -> None:
    """Lines that a script draws lie at the plan's levels; on a chart of something else it warns."""
    folder, node = os.environ.get("SCALEPLAN_PINETS"), shutil.which("node")
    if folder is None or node is None:
        pytest.skip("SCALEPLAN_PINETS names no folder in which `npm install pinets@0.9` was run, or there is no node")
    module = f"file://{folder}/node_modules/pinets/dist/pinets.min.es.js"
    text = KINDS[kind]
    base = studied(text).plan.symbol.base
    script = scripted(text)
    written = re.findall(r'^    level\(([0-9.]+), "([^"]*)"', script, re.MULTILINE)
    for chart, warnings in ((base, 0), ("OTHER", 1)):
        program = tmp_path / "run.mjs"
        program.write_text(RUN.format(module=module, base=chart))
        ran = subprocess.run([node, str(program)], input=script, capture_output=True, text=True, timeout=60, check=True)
        lines, words = json.loads(ran.stdout.splitlines()[-1], parse_float=Decimal)
        assert [Decimal(first) for first, _, _ in lines] == [Decimal(price) for price, _ in written]
        assert [first for first, _, _ in lines] == [second for _, second, _ in lines]
        assert words[: len(written)] == [name for _, name in written]
        assert len(words) == len(written) + warnings


# Files, options, bad input


def test_a_file_is_written_whole_and_only_where_nothing_is_lost(tmp_path: Path) -> None:
    """A free name is written, the same content is left alone, another is replaced with `--force` alone."""
    path, out = file(tmp_path, PLAN), tmp_path / "orders.csv"
    assert outcome("export", path, "--to", "csv", "-o", str(out)).code == 0
    first = out.read_bytes()
    assert first.endswith(b"\r\n")
    assert first.decode() == exported(path, "--to", "csv")
    assert outcome("export", path, "--to", "csv", "-o", str(out)).code == 0
    refused = outcome("export", path, "-o", str(out))
    assert (refused.code, out.read_bytes()) == (3, first)
    assert "--force" in refused.talk
    assert outcome("export", path, "-o", str(out), "--force").code == 0
    assert "trigger 118.00" in out.read_text()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["orders.csv", "plan.yaml"]
    assert outcome("export", path, "-o", "-").out == exported(path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--for", "kraken", "--to", "ccxt"), "`kraken` is none of binance, bybit, okx, gate, bitget and hyperliquid"),
        (("--for", "binance"), "it is for `--to ccxt`"),
        (("--lossy",), "it is for `--to cornix`"),
        (("--to", "json"), "json"),
        (("-o", "plan.yaml"), "is a plan, or is named as plans are"),
        (("-o", "other.yml"), "is a plan, or is named as plans are"),
        (("--equity",), "argument"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """Exit 2, with what is wrong."""
    reply = outcome("export", file(tmp_path, PLAN), *arguments)
    assert (reply.out, reply.code) == ("", 2)
    assert said in joined(reply.talk)


def test_plans_with_errors(tmp_path: Path) -> None:
    """One that can be reckoned is written and said to be wrong; one that cannot leaves nothing but what is wrong."""
    wrong = file(tmp_path, WRONG_PLAN, "wrong.yaml")
    unreadable = file(tmp_path, UNREADABLE_PLAN, "unreadable.yaml")
    template = str(ROOT / "plans" / "templates" / "range-ladder.yaml")
    for to in ("orders", "csv", "pine"):
        reply = outcome("export", wrong, "--to", to)
        assert reply.code == 1
        assert reply.out
        assert "SP201" in reply.talk
        reply = outcome("export", unreadable, "--to", to)
        assert (reply.out, reply.code) == ("", 1)
        assert "SP113" in reply.talk
        reply = outcome("export", template, "--to", to)
        assert (reply.out, reply.code) == ("", 2)
    found = json.loads(outcome("export", unreadable, "--to", "ccxt").out)
    assert (found["setup"], found["steps"]) == ([], [])
    assert [each["code"] for each in found["diagnostics"]] == ["SP113"]
    found = json.loads(outcome("export", wrong, "--to", "ccxt").out)
    assert "SP201" in [each["code"] for each in found["diagnostics"]]


def test_files_that_are_none(tmp_path: Path) -> None:
    """A directory, no file, bytes that are no text, a FIFO to write to: a sentence and an exit code, no traceback."""
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00tiers")
    for name, code in ((".", 3), ("none.yaml", 3), ("bytes.yaml", 1)):
        for to in ("orders", "csv", "ccxt", "cornix", "pine"):
            reply = outcome("export", str(tmp_path / name), "--to", to)
            assert reply.code == code
            assert reply.talk or to == "ccxt"
            assert "Traceback" not in reply.talk
    path = file(tmp_path, PLAN)
    for name in (str(tmp_path), str(tmp_path / "none" / "orders.csv"), str(tmp_path / "fifo")):
        if name.endswith("fifo"):
            os.mkfifo(name)
        reply = outcome("export", path, "-o", name)
        assert (reply.out, reply.code) == ("", 3)


def test_a_name_never_reaches_the_terminal_as_codes(tmp_path: Path) -> None:
    """Control characters and markup of a plan are shown, not obeyed, in every format."""
    text = KINDS["moving"] + f"name: {json.dumps(HOSTILE)}\n"
    text = text.replace("tiers: [100,", f"tiers: [{{price: 100, note: {json.dumps(HOSTILE)}}},")
    path = file(tmp_path, text)
    for to in ("orders", "csv", "ccxt", "cornix", "pine"):
        reply = outcome("export", path, "--to", to)
        for sign in ("\x1b", "\u202e"):
            assert sign not in reply.out + reply.talk


def test_two_hundred_tiers_and_targets_are_quick(tmp_path: Path) -> None:
    """A plan of 200 tiers is written in every format but Pine, which has no room for it."""
    text = spot("stop: 10\ntiers: {from: 1000, to: 600, count: 200}\ntargets: [50% at 1200, rest at 1400]")
    path = file(tmp_path, text)
    for to, code in (("orders", 0), ("csv", 0), ("ccxt", 0), ("cornix", 1), ("pine", 1)):
        assert outcome("export", path, "--to", to).code == code
    # A step for the beginning, for every tier and for both targets.
    assert len(json.loads(outcome("export", path, "--to", "ccxt").out)["steps"]) == 203


def test_standard_input_and_changes() -> None:
    """`-` and `--set` are as in every command; a changed plan has other ids."""
    ran = process("export", "-", "--to", "csv", stdin=PLAN.encode())
    assert ran.returncode == 0
    assert b",limit,2,SOL,150," in ran.stdout
    changed = process("export", "-", "--to", "csv", "--set", "stop=119", stdin=PLAN.encode())
    assert b",119," in changed.stdout
    ids = [set(re.findall(rb"sp[0-9a-f]{8}", each.stdout)) for each in (ran, changed)]
    assert len(ids[0]) == len(ids[1]) == 1
    assert ids[0] != ids[1]


def test_signals_of_every_plan_say_what_they_leave_out() -> None:
    """Each bundled plan is either said whole or refused with reasons; no signal is made of nothing."""
    for path in PLANS:
        reply = outcome("export", str(path), "--to", "cornix")
        assert (reply.code == 0) is bool(reply.out), path.name
        assert reply.code == 0 or "no signal says" in reply.talk, path.name


@exact
def test_a_signal_is_about_the_plan() -> None:
    """Every price of a signal is one of the plan's."""
    plan = studied(SAYABLE)
    prices = set(re.findall(r"\) ([0-9.]+)", signal_of(plan).text))
    assert prices == {"150", "140", "130", "160", "170", "180", "118"}
