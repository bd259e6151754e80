"""Solvers: every answer by a sum done by hand, put back into the plan, and the next one that breaks it.

The plans are small and mostly without slippage, so that a sum fits in a comment; the worked examples of the bundled
pyramid have all costs in.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from scaleplan.cli.reply import ExitCode, Reply
from tests.given import file
from tests.running import ROOT, joined, outcome, screen_of

PYRAMID = str(ROOT / "plans" / "breakout-retest-pyramid.yaml")
#: 10 at 100 and 10 at 90: after tier 1 1,000 USDT at 100, after both 1,900 at 95. Neither fees nor slippage.
LONG = """\
symbol: SOL/USDT:USDT
side: long
account: {equity: 10000}
leverage: 4
maintenance: 1%
fees: {maker: 0%, taker: 0%}
size: 20 SOL
tiers: [100, 90]
stop: 80
targets: [{price: 120, close: 50%}, {price: 140, close: rest}]
"""
#: The same mirrored about 100: 10 at 100 and 10 at 110, after both 2,100 at 105.
SHORT = (
    LONG.replace("long", "short").replace("[100, 90]", "[100, 110]").replace("80", "120").replace("120, cl", "80, cl")
)
SHORT = SHORT.replace("140", "60")
#: 10,000 USD at 50,000 are 0.2 BTC, 10,000 at 40,000 are 0.25: after both 20,000 USD for 0.45 BTC.
INVERSE = """\
symbol: BTC/USD:BTC
side: long
account: {equity: 1 BTC}
leverage: 1.5
maintenance: 1%
fees: {maker: 0%, taker: 0%}
size: 20000 USD
tiers: [50000, 40000]
stop: 32000
targets: [64000]
"""
#: On cross margin, and nobody knows what stands behind it.
CROSS = LONG.replace("account: {equity: 10000}\n", "") + "margin_mode: cross\n"
SPOT = """\
symbol: SOL/USDT
side: long
size: 20 SOL
tiers: [100, 90]
stop: 80
targets: [{price: 120, close: 50%}, {price: 140, close: rest}]
"""


def solve(folder: Path, text: str, what: str, *words: str) -> Reply:
    """Solves a plan. Returns what is said, in lines as long as they like."""
    return outcome("solve", what, file(folder, text), *words, screen=screen_of(400))


def record(folder: Path, text: str, what: str, *words: str) -> dict[str, Any]:
    """Returns what the JSON says of an answer."""
    found: dict[str, Any] = json.loads(solve(folder, text, what, *words, "--format", "json").out)
    return found


# Of tier 1 40,020 are paid for 40,000 (slippage 0.05%), 20,010 for 0.5; of tier 2 12,000 for 0.3; of tier 3 42,021 for
# 42,000, 8,404.20 for 0.2. The stop 39,150 is filled at 39,130.425 and leaves 39,110.8597875 after the fee of 0.05%.
@pytest.mark.parametrize(
    ("what", "words", "lines"),
    [
        (
            # Tier 1: M = 20,010 - 39,150*0.95*0.995*0.5 = 1,506.73125, 20,010 / 1,506.73125 = 13.2804.
            "leverage",
            ["--behind", "5%"],
            [
                "leverage 13x: liquidated at least 5% behind the stop in each of 10 states",
                "tightest tier 1: liquidated 37,127.17, 5.1% behind 39,150.00 (exactly 13.28x)",
                "14x would be 4.6% behind",
                "write --write puts `leverage: 13` in the place of `8` (line 10)",
            ],
        ),
        (
            # Cost and entry fees of tiers 1-2: 32,010 + 10.005 + 2.4. (32,022.405 - 600) / 0.8 / 0.9995 / 0.9995.
            "stop",
            ["--loss", "600"],
            [
                "stop 39,317.32: worst planned loss 599.99 USDT (after tier 2), was 733.72",
                "39,317.31 would lose 600.01",
            ],
        ),
        # 600 / 733.71717 = 0.8177537946.
        ("size", ["--loss", "600"], ["size 0.817753 BTC: worst planned loss", "0.817754 BTC would lose 600.01"]),
        # 25% of 25,000 are 6,250; all tiers post 40,414.20 / 8 = 5,051.775: 6,250 / 5,051.775 = 1.2371889.
        ("size", ["--margin", "25%"], ["size 1.23718 BTC: margin of all tiers 6,249.95 USDT, was 5,051.78"]),
        # (40,200 * 0.8 - 32,010) / (41,000 - 40,200) = 150 / 800.
        (
            "add",
            ["--at", "41000", "--average", "40200", "--tiers", "2"],
            ["add 0.1875 BTC: average 40,200.00, was 40,012.50"],
        ),
        # 0.5 cost 20,020.005; stopped out they bring 19,555.42989375: 464.57510625 are missing. What is closed at
        # 43,500 * 0.9998 = 43,491.30 brings 4,380.4402125 more a BTC: 0.10605671 of 0.5 are 21.2113%.
        (
            "close",
            ["--target", "1", "--free", "--tiers", "1"],
            ["close 21.22% (0.1061 BTC): then 39,150.00 still nets +0.19 USDT; 21.21% nets -0.03"],
        ),
        # A BTC loses 40,040.01, 40,008 and 42,042.0105 less 39,110.8597875; one over these is as 0.42505 to 0.44021 to
        # 0.13474.
        (
            "shares",
            ["--equal-risk"],
            ["shares 42.5%, 44.02%, 13.48% (a BTC of tier 3 loses 2,931.15 at the stop)"],
        ),
        # Tiers 1-2: 32,010 - 39,150*0.97*0.995*0.8 = 1,781.502 less 32,010 / 30 = 1,067.
        (
            "margin",
            ["--behind", "3%", "--set", "leverage=30"],
            ["margin 714.51 USDT more (tiers 1-2); without: 0.6% behind", "714.50 would be 2.9% behind"],
        ),
        # (40,414.20 + 16.6071 + 4 * 733.71717) / 0.9998 = 43,374.35065.
        (
            "target",
            ["--net", "4R"],
            ["target 43,374.36: 1 BTC closed there nets 2,934.88 USDT = 4.00R", "43,374.35 would net 2,934.87"],
        ),
        # The breakeven by a limit: 40,430.8071 / 0.9998 = 40,438.8949. Tier 3 has moved the stop past it.
        ("target", ["--net", "0"], ["target 40,438.90: 1 BTC", "mind the stop 40,471.27 lies before it"]),
        # After tier 1 464.57510625 are lost at the stop, after tier 2 733.71717.
        (
            "tiers",
            ["--loss", "500"],
            ["tiers 1 (0.5 BTC): worst planned loss 464.58 USDT", "2 tiers would lose 733.72"],
        ),
    ],
)
def test_examples_of_the_bundled_pyramid(what: str, words: Sequence[str], lines: Sequence[str]) -> None:
    """Fees, slippage, a stop that an entry moves: every figure to the digit."""
    found = outcome("solve", what, PYRAMID, *words, screen=screen_of(400))
    assert found.code == ExitCode.OK
    said = joined(found.out)
    for line in lines:
        assert line in said


@pytest.mark.parametrize(
    ("text", "what", "words", "value", "exact", "result"),
    [
        # Both tiers lose 1,900 - 20*80 = 300; half of that with 10.
        (LONG, "size", "--loss 150", "10", "10", "150"),
        (SHORT, "size", "--loss 150", "10", "10", "150"),
        (SPOT, "size", "--loss 150", "10", "10", "150"),
        # 20,000/32,000 - 0.45 = 0.175 BTC are lost; 0.07 with 8,000 USD.
        (INVERSE, "size", "--loss", "8000", "8000", "0.07"),
        # 1,900/4 = 475 are posted; 10% of 10,000 are 1,000: 20 * 1,000/475 = 42.10526.
        (LONG, "size", "--margin 10%", "42.1052", "42.1052631578", "999.9985"),
        # Spot posts what it costs: 950 of 1,900.
        (SPOT, "size", "--margin 950", "10", "10", "950"),
        # 1,900 - 20*S = 200.
        (LONG, "stop", "--loss 200", "85", "85", "200"),
        # 20*S - 2,100 = 200.
        (SHORT, "stop", "--loss 200", "115", "115", "200"),
        # 20,000/S - 0.45 = 0.05.
        (INVERSE, "stop", "--loss", "40000", "40000", "0.05"),
        # At 90 tier 2 is not met first: tier 1 alone loses 10*(100 - S) = 50 at 95.
        (LONG, "stop", "--loss 50", "95", "95", "50"),
        # Tier 1: 1,000 - 80*0.9*0.99*10 = 287.2, 1,000/287.2 = 3.4819; both: 1,900 - 1,425.6 = 474.4, 4.0051.
        (LONG, "leverage", "--behind 10%", "3", "3.48189415041", None),
        # 132*1.01*10 - 1,000 = 333.2, 3.0012; both: 2,666.4 - 2,100 = 566.4, 3.7076.
        (SHORT, "leverage", "--behind 10%", "3", "3.00120048019", None),
        # At 28,800: tier 1 10,000/28,800*1.01 - 0.2 = 0.1506944, 0.2/0.1506944 = 1.3272; both 0.45/0.2513889 = 1.7901.
        (INVERSE, "leverage", "--behind 10%", "1", "1.32718894009", None),
        # Tier 1: 287.2 - 250 = 37.2; both 474.4 - 475.
        (LONG, "margin", "--behind 10%", "37.2", "37.2", None),
        (SHORT, "margin", "--behind 10%", "83.2", "83.2", None),
        # Tier 1: 0.1506944 - 0.2/1.5 = 0.0173611; both 0.2513889 - 0.3.
        (INVERSE, "margin", "--behind 10%", "0.01736112", "0.01736111111", None),
        # Bought at 95: (98*10 - 1,000)/(95 - 98) = 20/3, and no less.
        (LONG, "add", "--at 95 --average 98 --tiers 1", "6.66667", "6.66666666666", None),
        # Bought at 110: (102*10 - 1,000)/(110 - 102) = 2.5.
        (LONG, "add", "--at 110 --average 102 --tiers 1", "2.5", "2.5", "102"),
        # Sold at 90: an average of 98 is worse for a short.
        (SHORT, "add", "--at 90 --average 98 --tiers 1", "2.5", "2.5", "98"),
        # (48,000*0.2 - 10,000)/(1 - 48,000/40,000) = 2,000.
        (INVERSE, "add", "--at 40000 --average 48000 --tiers 1", "2000", "2000", "48000"),
        # Tier 1 risks 200; each more bought at 95 loses 15: 100/15.
        (LONG, "add", "--at 95 --risk 300 --tiers 1", "6.66666", "6.66666666666", None),
        # 1R = 300; each more sold at 105 loses 15.
        (SHORT, "add", "--at 105 --risk 1R --tiers 1", "6.66666", "6.66666666666", None),
        # 10,000/32,000 - 0.2 = 0.1125; a USD bought at 40,000 loses 1/32,000 - 1/40,000 = 1/160,000.
        (INVERSE, "add", "--tiers 1 --at 40000 --risk", "10000", "10000", "0.175"),
        # With x at 110 the margin is 250 + 27.5x, the cost 1,000 + 110x. At 78.4 the position keeps 0.99*78.4 = 77.616
        # a SOL: 750 + 82.5x = 776.16 + 77.616x, x = 26.16/4.884.
        (LONG, "add", "--at 110 --liquidated 2% --tiers 1", "5.35626", None, None),
        # 10 at 100 stopped at 80 lose 200; a SOL closed at 120 brings 40 more: 5 of 10.
        (LONG, "close", "--target 1 --free --tiers 1", "0.5", "0.5", "0"),
        # All: 300 are lost; 7.5 of 20.
        (LONG, "close", "--target 1 --free", "0.375", "0.375", "0"),
        (SHORT, "close", "--target 1 --free", "0.375", "0.375", "0"),
        (SPOT, "close", "--target 1 --free", "0.375", "0.375", "0"),
        # 0.175 BTC are lost; a USD closed at 64,000 brings 1/32,000 - 1/64,000 = 1/64,000: 11,200 of 20,000.
        (INVERSE, "close", "--target 1 --free", "0.56", "0.56", "0"),
        # With the stop at 95 tiers 1-2 lose nothing there: tier 1 alone loses 50, a SOL brings 25: 2 of 10.
        (LONG, "close", "--target 1 --free --tiers 1 --with-stop 95", "0.2", "0.2", "0"),
        # 20*T - 1,900 = 600.
        (LONG, "target", "--net 2R", "125", "125", "600"),
        (LONG, "target", "--net 0", "95", "95", "0"),
        # 2,100 - 20*T = 600.
        (SHORT, "target", "--net 600", "75", "75", "600"),
        # 0.45 - 20,000/T = 0.05.
        (INVERSE, "target", "--net", "50000", "50000", "0.05"),
        # 475 are posted: 20*T - 1,900 = 950.
        (LONG, "target", "--net 200%_margin", "142.5", "142.5", "950"),
        # After tier 1 200 are lost, after both 300.
        (LONG, "tiers", "--loss 250", "1", "1", "200"),
        (SHORT, "tiers", "--loss 300", "2", "2", "300"),
    ],
)
def test_answers_by_hand(
    tmp_path: Path, text: str, what: str, words: str, value: str, exact: str | None, result: str | None
) -> None:
    """Long and short, linear, inverse and spot: the answer on its grid, what it is exactly, and what it comes to."""
    coin = {"size": "0.07 BTC", "stop": "0.05 BTC", "add": "0.175 BTC", "target": "0.05 BTC"}
    typed = [word.replace("_", " ") for word in words.split()]
    if len(typed) % 2 and typed[-1] in ("--loss", "--risk", "--net"):
        typed.append(coin[what])
    found = record(tmp_path, text, what, *typed)
    assert found["reason"] in (None, "maximum")
    assert found["holds"] is True
    answer = found["answer"]
    assert answer["value"] == value
    assert answer["exact"] == exact or str(answer["exact"]).startswith(str(exact))
    assert result is None or found["after"] == result


@pytest.mark.parametrize(
    ("text", "lot", "words", "value"),
    [
        # 310/300*20 = 20.67, in lots of 0.5 still 10 and 10.
        (LONG, "0.5", "size --loss 310", "20"),
        # (98*10 - 1,000)/(95 - 98) = 6.67, in lots of 0.5 at least 7.
        (LONG, "0.5", "add --at 95 --average 98 --tiers 1", "7"),
        # 100/15 = 6.67, in lots of 0.5 at most 6.5.
        (LONG, "0.5", "add --at 95 --risk 300 --tiers 1", "6.5"),
        # 7.5 of 20 are free; in lots of 2 that are 8, 40%: 39.99% close 6.
        (LONG, "2", "close --target 1 --free", "0.4"),
    ],
)
def test_lots_go_to_the_side_that_keeps_the_promise(
    tmp_path: Path, text: str, lot: str, words: str, value: str
) -> None:
    """Down where more breaks it, up where less does; and the size says no more than it buys."""
    what, *typed = words.split()
    found = record(tmp_path, f"{text}instrument: {{lot_size: {lot}}}\n", what, *typed)
    assert found["answer"]["value"] == value
    assert found["next"]["result"] is not None


def test_a_tick_is_the_grid_of_a_price(tmp_path: Path) -> None:
    """1,900 - 20*S = 210 at 84.5; with ticks of 0.4 that is 84.8: 84.4 loses 212."""
    found = record(tmp_path, LONG + "instrument: {tick_size: 0.4}\n", "stop", "--loss", "210")
    assert found["answer"]["value"] == "84.8"
    assert (found["after"], found["next"]) == ("204", {"value": "84.4", "result": "212"})


def test_every_unit_of_size_is_kept(tmp_path: Path) -> None:
    """Half of the loss is half of the size, in whatever it is counted. 1% of 10,000 risk 100; 5% margin post 500."""
    for size, half in (
        ("20 SOL", "size: 10 SOL"),
        ("1800 USDT", "size: 900 USDT"),
        ("18% equity", "size: 9% equity"),
        ("5% margin", "size: 2.5% margin"),
        ("480 USDT margin", "size: 240 USDT margin"),
        ("1% risk", "size: 0.5% risk"),
        ("100 USDT risk", "size: 50 USDT risk"),
        ("20 contracts", "size: 10 contracts"),
    ):
        text = LONG.replace("20 SOL", size) + "instrument: {contract_size: 1, lot_size: 1}\n" * ("contracts" in size)
        loss = record(tmp_path, text, "size", "--loss", "100000")["before"]
        assert loss is not None
        found = record(tmp_path, text, "size", "--loss", "0.5R")
        assert found["write"]["new"] == half.removeprefix("size: "), size


def test_tiers_with_sizes_of_their_own_take_one_factor(tmp_path: Path) -> None:
    """10 and 10 lose 300: 0.5 times each lose 150."""
    text = LONG.replace("size: 20 SOL\n", "").replace(
        "[100, 90]", "[{price: 100, size: 10 SOL}, {price: 90, size: 10 SOL}]"
    )
    found = record(tmp_path, text, "size", "--loss", "150")
    assert (found["answer"]["value"], found["answer"]["typed"]) == ("0.5", ["5 SOL", "5 SOL"])
    assert found["write"] is None
    refused = solve(tmp_path, text, "size", "--loss", "150", "--write")
    assert refused.code == ExitCode.ERRORS
    assert "write `size: 5 SOL` in tier 1, `size: 5 SOL` in tier 2" in refused.talk


@pytest.mark.parametrize(
    ("text", "words", "code", "reason", "says"),
    [
        # At 1x 1,000 - 80*0.01*0.99*10 are posted at most: -99% leaves less than the maintenance.
        (LONG + "extra_margin: -900\n", "leverage --behind 10%", 1, "out_of_reach", "out of reach: even at 1x"),
        (LONG, "add --at 105 --average 99 --tiers 1", 1, "wrong_side", "lies not between 100.00 and the price 105"),
        (LONG + "instrument: {lot_size: 5}\n", "size --loss 10", 1, "too_small", "below the smallest order"),
        (LONG.replace("20 SOL", "1% risk"), "stop --loss 50", 1, "fixed", "fixed: the size is solved to risk"),
        (LONG.replace("maintenance: 1%\n", ""), "leverage --behind 5%", 1, "unknown", "write `maintenance`"),
        (LONG.replace("stop: 80", "stop: none"), "margin --behind 5%", 1, "unknown", "write `stop`"),
        (LONG, "margin --behind 1%", 0, "nothing", "nothing to do: it is liquidated that far behind"),
        # The venue's brackets of this size allow 20.
        (
            LONG.replace("maintenance: 1%", "maintenance: [{up_to: 5000, rate: 1%, max_leverage: 4}, {rate: 2%}]"),
            "leverage --behind 1%",
            0,
            "maximum",
            "4x is the most that the venue sets",
        ),
        (LONG + "margin_mode: cross\n", "leverage --behind 5%", 1, "fixed", "on cross margin the account stands"),
        (SPOT, "leverage --behind 5%", 1, "fixed", "spot is bought outright"),
        # Target 1 at 120 is where such a stop would be set; at 79 it would lie further off than the plan's.
        (LONG, "close --target 1 --free --with-stop 120", 1, "wrong_side", "would exit at once where target 1 is hit"),
        (LONG, "close --target 1 --free --with-stop 79", 1, "wrong_side", "would loosen the 80.00 in force"),
        (SHORT, "close --target 1 --free --with-stop 79", 1, "wrong_side", "would exit at once where target 1 is hit"),
        (SHORT, "close --target 1 --free --with-stop 121", 1, "wrong_side", "would loosen the 120.00 in force"),
        # What names a key has braces too.
        (CROSS, "leverage --behind 5%", 1, "unknown", "write `account: {equity: ...}`"),
        (CROSS, "margin --behind 5%", 1, "unknown", "write `account: {equity: ...}`"),
        (CROSS, "add --at 95 --liquidated 5% --tiers 1", 1, "unknown", "write `account: {equity: ...}`"),
        (LONG, "add --at 95 --risk 100 --tiers 1", 1, "out_of_reach", "what is held risks 200.00 USDT already"),
        # Tier 2 of this one is a stop at 110, on the way to 120.
        (
            LONG.replace("[100, 90]", "[100, {price: 110, order: stop}]"),
            "target --net 200 --tiers 1",
            1,
            "out_of_reach",
            "tier 2 fills at 110 before 120.00",
        ),
        # The stop at 80 has closed it before.
        (LONG, "add --at 75 --risk 2R", 1, "out_of_reach", "the plan is over before 75: stop at 80.00"),
        # But that the average lies on the other side is said first.
        (LONG, "add --at 75 --average 98 --tiers 2", 1, "wrong_side", "lies not between 95.00 and the price 75"),
        (LONG, "stop --loss 0.001", 1, "out_of_reach", "even at 99.99, next to tier 1, it loses 0.10 USDT"),
    ],
)
def test_why_there_is_no_answer(tmp_path: Path, text: str, words: str, code: int, reason: str, says: str) -> None:
    """One reason of the list, in words with both numbers, and in the JSON; nothing to do is no failure."""
    what, *typed = words.split()
    found = solve(tmp_path, text, what, *typed)
    assert found.code == code
    assert says in joined(found.out)
    told = record(tmp_path, text, what, *typed)
    assert told["reason"] == reason
    assert (told["answer"] is None) == (reason != "maximum")
    assert told["next"] is None


def test_a_liquidation_before_the_stop_is_what_the_rest_is_stopped_by(tmp_path: Path) -> None:
    """At 20x tier 1 has 50 behind it and is liquidated at 950/9.9 = 95.96: 50 are lost, not 200 at the stop 80.

    Each SOL closed at 120 brings 20 and takes its 5 of margin along: 10x*20 = (10 - 10x)*5 at a fifth. What is added at
    98 with 20x risks 18 a SOL at the stop, and is said to be liquidated before.
    """
    text = LONG.replace("leverage: 4", "leverage: 20")
    found = solve(tmp_path, text, "close", "--target", "1", "--free", "--tiers", "1")
    assert "close 20% (2 SOL): then a liquidation at 95.96 still nets 0.00 USDT" in joined(found.out)
    found = solve(tmp_path, text, "add", "--at", "98", "--risk", "380", "--tiers", "1")
    assert "add 10 SOL: risk 380.00 USDT" in joined(found.out)
    assert "mind with it the position is liquidated at 95.00, before the stop" in joined(found.out)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("size", "`solve size` needs its goal: write `--loss 600` or `--margin 25%`"),
        ("size --loss 5 --margin 5", "has one goal at a time: leave out --loss"),
        ("size --behind 5%", "`solve size` has no use for it"),
        ("add --at 90", "needs its goal: write `--at 41000` with `--average 40200` or `--risk 1R`"),
        ("close --free", "needs its goal: write `--target 1` with `--free`"),
        ("leverage --behind 5% --tiers 0", "`0` names no tiers"),
        ("leverage --behind 0.05", "error SP107 not-a-share: `0.05` is not a share"),
        ("stop --loss 10%_of_equity", "error SP107 not-a-share: `10% of equity` is not a share"),
        ("target --net 5 --tiers 3", "there is no tier 3: the plan has 2 tiers"),
        ("add --at 85 --risk 2R --tiers 1", "tier 2 fills at 90 before 85: --tiers 2"),
        ("close --target 3 --free", "there is no target 3: the plan has 2 targets"),
        ("add --at 0 --average 5", "error SP109 price-not-positive: the price `0` is not above 0"),
    ],
)
def test_wrong_words_are_usage(tmp_path: Path, words: str, says: str) -> None:
    """What is typed wrong is exit 2 and says what to write instead; nothing is on standard output."""
    what, *typed = (word.replace("_", " ") for word in words.split())
    found = solve(tmp_path, LONG, what, *typed)
    assert found.code == ExitCode.USAGE
    assert found.out == ""
    assert says in joined(found.talk).replace("│ ", "")


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["size", "PLAN", "--loss", "600 EUR"], "600 EUR"),
        (["size", "PLAN", "--loss=600 EUR"], "600 EUR"),
        (["leverage", "PLAN", "--behind", "0.05", "--step", "1"], "0.05"),
        (["add", "--at", "-1.0x", "PLAN", "--risk", "1R"], "-1.0x"),
    ],
)
def test_the_carets_stand_under_the_word(tmp_path: Path, words: Sequence[str], wrong: str) -> None:
    """The line is the command as it was typed, words with blanks in quotes again."""
    path = file(tmp_path, LONG)
    found = outcome("solve", *(word.replace("PLAN", path) for word in words), screen=screen_of(400))
    assert found.code == ExitCode.USAGE
    place, line, carets, *_ = found.talk.splitlines()
    assert place.startswith("solve:1:")
    assert "scaleplan solve " in line
    start = carets.index("^")
    assert line[start : start + carets.count("^")].strip("'") == wrong


def test_a_price_of_any_form_is_measured_where_the_trade_stands(tmp_path: Path) -> None:
    """Without fees the breakeven of 20 at 95 is 95: what is added there moves no average, and 600 are lost with 40."""
    found = record(tmp_path, LONG, "add", "--at", "breakeven", "--risk", "2R", "--tiers", "2")
    assert (found["goal"]["at"], found["answer"]["value"]) == ("95", "20")


def test_a_state_is_told_in_its_order(tmp_path: Path) -> None:
    """At 130 the first target at 120 has been hit on the way; the 10 of both tiers, half closed, are 5 at 95."""
    found = joined(
        solve(tmp_path, LONG, "add", "--at", "130", "--average", "110", "--tiers", "1", "--targets", "1").out
    )
    assert "limit at 130.00, tier 1 filled, target 1 hit, stop 80.00" in found
    found = joined(solve(tmp_path, LONG, "target", "--net", "1000", "--targets", "1").out)
    assert "state tiers 1-2 filled, target 1 hit" in found


def test_a_size_of_more_digits_than_its_number_has_six(tmp_path: Path) -> None:
    """20 SOL lose 300 at 80: 123,456.789 are lost by 8,230.4526 SOL, of which six digits are 8,230.45."""
    found = record(tmp_path, LONG, "size", "--loss", "123456.789")
    assert (found["answer"]["value"], found["next"]["value"]) == ("8230.45", "8230.46")


def test_a_plan_that_is_cut_counts_as_before(tmp_path: Path) -> None:
    """Ten shares at 100 lose 200 at 80; ten more at 90 lose 100."""
    text = SPOT.replace("20 SOL", "20 shares")
    assert "tiers 1 (10 shares): worst planned loss 200.00" in joined(
        solve(tmp_path, text, "tiers", "--loss", "250").out
    )


def test_nothing_is_as_much_in_coin_as_in_dollars(tmp_path: Path) -> None:
    """20,000 USD were 0.45 BTC: closed at 44,444.45 they are worth less than that, at 44,444.44 more."""
    found = record(tmp_path, INVERSE, "target", "--net", "0")
    assert (found["answer"]["value"], found["next"]["value"]) == ("44444.45", "44444.44")


def test_what_one_unit_loses_is_no_cent_where_it_is_less(tmp_path: Path) -> None:
    """A EUR bought at 1.09 loses 0.01, one bought at 1.0815 loses 0.0015: 1 to 6.67."""
    text = SPOT.replace("SOL", "EUR").replace("[100, 90]", "[1.09, 1.0815]").replace("stop: 80", "stop: 1.08")
    text = text.partition("targets")[0]
    says = "13.04%, 86.96% (an EUR of tier 2 loses 0.00150 at the stop)"
    assert says in joined(solve(tmp_path, text, "shares", "--equal-risk").out)


def test_a_plan_that_cannot_be_read_has_no_answer(tmp_path: Path) -> None:
    """Its mistakes are said, and the JSON has them with no answer."""
    wrong = LONG.replace("20 SOL", "20")
    found = solve(tmp_path, wrong, "size", "--loss", "5")
    assert (found.code, found.out) == (ExitCode.ERRORS, "")
    assert "plan.yaml:7:7: error" in found.talk
    told = record(tmp_path, wrong, "size", "--loss", "5")
    assert told["answer"] is None
    assert told["diagnostics"]


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_pages_fit_their_terminal(tmp_path: Path, width: int) -> None:
    """No line is wider than the screen, and no figure is cut."""
    path = file(tmp_path, LONG)
    for words in ("leverage --behind 10%", "margin --behind 12%", "close --target 1 --free --each", "size --loss 150"):
        what, *typed = words.split()
        page = outcome("solve", what, path, *typed, screen=screen_of(width)).out
        assert max(map(len, page.splitlines())) <= width
