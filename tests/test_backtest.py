"""Backtests: signals and trades by hand, figures by hand, and a backtest of one signal is a replay of its plan."""

import json
from decimal import Decimal
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.running import ROOT, outcome

np: Any = pytest.importorskip("numpy")
pytest.importorskip("polars")

from scaleplan.bars import read_bars  # noqa: E402 - they need the libraries
from scaleplan.bars.indicators import average_true_range, signals_of  # noqa: E402
from scaleplan.bars.records import Bars, bars_of  # noqa: E402
from scaleplan.book.backtest import BacktestOrder, rounds_of  # noqa: E402
from scaleplan.book.equity import Equity  # noqa: E402
from scaleplan.book.metrics import group_order  # noqa: E402
from scaleplan.book.rules import Baseline, Rules  # noqa: E402
from scaleplan.book.trades import taken  # noqa: E402
from scaleplan.decode.written_plan import plan_yaml  # noqa: E402
from scaleplan.quantity.signal import SignalRule, read_signal  # noqa: E402
from scaleplan.replay import Manner, Tape, replayed, results_of  # noqa: E402
from scaleplan.statistics.bootstrap import interval, mean_block  # noqa: E402
from scaleplan.statistics.equity import deepest_fall, ratios_of  # noqa: E402
from scaleplan.study import Session, Settings, Study  # noqa: E402
from scaleplan.template.maker import Maker  # noqa: E402

_HOUR = 3_600_000_000_000
TEMPLATES = sorted((ROOT / "plans" / "templates").glob("*.yaml"))
ONE = (
    "symbol: X/USDT\nside: long\naccount: {equity: 1000 USDT}\nsize: 1 X\ntiers: [signal]\nstop: -10 points\n"
    "targets: [rest at +20 points]\nsignals: column go\n"
)
#: Won at 120, stopped at 105, both in one bar (100 and 130), and a signal too late.
BARS = (
    ("100 100 100 100", 1),
    ("100 121 99 115", 0),
    ("115 115 115 115", 1),
    ("115 115 104 110", 0),
    ("110 110 110 110", 1),
    ("110 131 99 115", 0),
    ("115 115 115 115", 1),
)


def written(folder: Path, template: str, bars: tuple[tuple[str, int], ...]) -> tuple[str, str]:
    """Writes a template and bars of an hour. Returns their names."""
    (folder / "t.yaml").write_text(template)
    lines = [
        f"2026-01-{1 + hour // 24:02}T{hour % 24:02}:00Z,{row.replace(' ', ',')},{go}"
        for hour, (row, go) in enumerate(bars)
    ]
    (folder / "b.csv").write_text("\n".join(["time,open,high,low,close,go", *lines]) + "\n")
    return str(folder / "t.yaml"), str(folder / "b.csv")


def backtest(*arguments: str) -> dict[str, Any]:
    """Returns what a backtest says as JSON."""
    done = outcome("backtest", *arguments, "--format", "json")
    assert done.code == 0, done.talk
    record: dict[str, Any] = json.loads(done.out)
    return record


def test_three_trades_by_hand(tmp_path: Path) -> None:
    """+2R, -1R, and -1R or +2R: mean 0 at worst and 1 at best; gains 2 over losses 2, and 4 over 1."""
    record = backtest(*written(tmp_path, ONE, BARS), "--limit", "touch", "--against", "none")
    counts = record["signals"]
    assert (counts["found"], counts["taken"], counts["too_late"]) == (4, 3, 1)
    assert [(trade["worst"]["net"], trade["best"]["net"]) for trade in record["trades"]] == [
        ("20", "20"),
        ("-10", "-10"),
        ("-10", "20"),
    ]
    assert record["undecided"] == 1
    worst, best = record["metrics"]["worst"], record["metrics"]["best"]
    assert [Decimal(each["expectancy"]) for each in (worst, best)] == [0, 1]
    assert [Decimal(each["profit_factor"]) for each in (worst, best)] == [1, 4]
    assert [Decimal(each["payoff"]) for each in (worst, best)] == [2, 2]
    assert round(Decimal(worst["win_rate"]), 4) == Decimal("0.3333")
    assert (worst["net"], best["net"]) == ("0", "30")
    # Equity 1020, 1010, 1000 at worst: from the close of the second bar to that of the sixth.
    assert worst["drawdown"]["amount"] == "20"
    assert (worst["drawdown"]["from"], worst["drawdown"]["to"]) == ("2026-01-01T01:00:00Z", "2026-01-01T05:00:00Z")
    assert best["drawdown"]["amount"] == "10"
    assert round(Decimal(worst["exposure"]), 4) == round(Decimal(3) / 7, 4)
    assert worst["ci"] is None
    assert worst["sharpe"] is None


LADDER = ONE.replace("size: 1 X", "size: 2 X").replace("[signal]", "[signal, -10 points]")
LADDER = LADDER.replace("stop: -10", "stop: -20").replace("+20 points", "+10 points")
FALL_AND_RISE = (("100 100 100 100", 1), ("100 100 90 95", 0), ("95 111 95 110", 0), ("110 110 110 110", 0))


def test_baselines_by_hand(tmp_path: Path) -> None:
    """At 100 and 90, out at 110: 10 + 20 is 1R, the loss at 80. All at 100 makes 20; a buy at 95 in its turn 25."""
    record = backtest(*written(tmp_path, LADDER, FALL_AND_RISE), "--limit", "touch", "--dca-every", "1h")
    assert record["trades"][0]["r"] == "30"
    against = {each["name"]: each for each in record["against"]}
    expected = {"lump": "20", "dca": "25", "reversed": "30", "martingale": "33.3333"}
    for name, net in expected.items():
        assert round(Decimal(against[name]["worst"]) * 30, 4) == Decimal(net), name
    # All at 100 loses 40 at 80: of that 20 are a half.
    assert Decimal(against["lump"]["own_worst"]) == Decimal("0.5")
    assert round(Decimal(record["metrics"]["worst"]["capture"]), 4) == Decimal("0.3333")


def test_plans_that_overlap_are_skipped_or_let_live(tmp_path: Path) -> None:
    """A plan that lives on takes the account for itself; with two let live, margin decides: 2 X cost 200 of 1000."""
    bars = (("100 100 100 100", 1), ("100 101 99 100", 1), ("100 101 99 100", 1), ("100 101 99 100", 0))
    names = written(tmp_path, ONE, bars)
    assert backtest(*names)["signals"]["overlapping"] == 2
    assert backtest(*names, "--overlap", "2")["signals"]["overlapping"] == 1
    assert backtest(*names, "--overlap", "all")["signals"]["taken"] == 3
    # Of 250 the second plan for 100 can still be bought, the third not.
    assert backtest(*names, "--overlap", "all", "--equity", "250")["signals"]["no_margin"] == 1


def test_compounding_sizes_by_what_is_there(tmp_path: Path) -> None:
    """10% of 1000 is 1 at 100 and wins 20; then 10% of 1020 at 115 is 0.8870, which loses 8.87."""
    text = ONE.replace("size: 1 X", "size: 10% equity")
    record = backtest(*written(tmp_path, text, BARS[:4]), "--compound", "--limit", "touch")
    assert [round(Decimal(trade["worst"]["net"]), 2) for trade in record["trades"]] == [20, Decimal("-8.87")]


@pytest.mark.parametrize("times", ["10", "0.01"])
def test_prices_times_x_change_no_r(times: str, tmp_path: Path) -> None:
    """With distances as shares of price and a size in quote, every trade has the same R on prices ten times as high."""
    text = ONE.replace("-10 points", "-8%").replace("+20 points", "entry +12%").replace("size: 1 X", "size: 300 USDT")
    text = text.replace("[signal]", "[signal, -3%]")
    scaled = tuple((" ".join(str(Decimal(price) * Decimal(times)) for price in row.split()), go) for row, go in BARS)
    both = []
    for bars in (BARS, scaled):
        record = backtest(*written(tmp_path, text, bars), "--limit", "touch", "--against", "martingale")
        both.append(
            [[round(Decimal(trade[which]["net_r"]), 12) for which in ("worst", "best")] for trade in record["trades"]]
            + [[round(Decimal(record["against"][0][which]), 12) for which in ("worst", "best")]]
        )
    assert both[0] == both[1]
    assert len(both[0]) == 4


def test_equity_of_the_curve_is_that_of_trades(tmp_path: Path) -> None:
    """The rows end where start and net results end, on either side; every bar has a row."""
    names = written(tmp_path, ONE, BARS)
    rows = outcome("backtest", *names, "--format", "csv", "--curve", "--limit", "touch").out.splitlines()
    assert len(rows) == 1 + len(BARS)
    assert rows[-1] == "2026-01-01T06:00:00Z,1000,1030"


def test_what_is_left_out_is_said_beside_every_form(tmp_path: Path) -> None:
    """A bar whose low is over its open: the page and JSON have the count, CSV and SVG a line beside them."""
    template, bars = written(tmp_path, ONE, (*BARS[:3], ("115 116 116 115", 0), *BARS[3:]))
    for form in ("csv", "svg"):
        done = outcome("backtest", template, bars, "--drop-bad", "--format", form)
        assert (done.code, "1 bad bar left out" in done.talk) == (0, True)
    assert "1 bad bar left out" in " ".join(outcome("backtest", template, bars, "--drop-bad").out.split())
    assert backtest(template, bars, "--drop-bad")["bars"]["dropped"] == 1


def test_a_backtest_says_what_it_does_not_replay_and_when_equity_fell(tmp_path: Path) -> None:
    """A trigger in words; falls from the close of the second bar, where 20 were won; and bars that are off a tick."""
    text = ONE.replace("tiers: [signal]", "tiers: [{price: signal, trigger: seen}]")
    template, bars = written(tmp_path, text, BARS)
    page = " ".join(outcome("backtest", template, bars).out.split())
    assert "not replayed the trigger of tier 1" in page
    assert "drawdown 20.00 (2.0%) 10.00 (1.0%)" in page
    assert "drawdown from 2026-01-01 01:00 2026-01-01 01:00 drawdown to 2026-01-01 05:00 2026-01-01 03:00" in page
    template, bars = written(tmp_path, text + "instrument: {tick_size: 2}\n", BARS)
    assert "16 of 28 prices are no multiple of the tick 2" in " ".join(outcome("backtest", template, bars).out.split())


def test_work_is_told_in_as_many_rounds_as_there_are(tmp_path: Path) -> None:
    """One over the bars, one without finer ones, one for each baseline but `hold`, 200 for `random`."""
    every = tuple(Baseline)
    _, bars = written(tmp_path, ONE, BARS)
    read = read_bars(bars).bars
    assert read is not None
    asked = BacktestOrder(rule("column go"), Rules(None), every, 60, 0)
    assert rounds_of(asked, Tape(read)) == 1 + (len(every) - 2) + 200
    assert rounds_of(asked, Tape(read, (read,))) == 2 + (len(every) - 2) + 200


def test_what_is_no_template_or_no_signal_is_said(tmp_path: Path) -> None:
    """A plan is sent to `replay`, a template to `backtest`; a rule is asked for; a column is missed by its name."""
    template, bars = written(tmp_path, ONE, BARS)
    done = outcome("backtest", "plans/range-short.yaml", bars)
    assert (done.code, "scaleplan replay" in done.talk) == (2, True)
    done = outcome("replay", template, bars)
    assert (done.code, "backtest" in done.talk) == (2, True)
    done = outcome("backtest", template, bars, "--signals", "column gone")
    assert (done.code, "no column `gone`" in done.talk) == (2, True)
    for wrong in (
        ("--signals", "brakeout 3"),
        ("--overlap", "-1"),
        ("--against", "lamp"),
        ("--dca-every", "1"),
        ("--seed", "-1"),
    ):
        assert outcome("backtest", template, bars, *wrong).code == 2
    Path(template).write_text(ONE.replace("signals: column go\n", ""))
    assert outcome("backtest", template, bars).code == 2
    Path(template).write_text(ONE.replace("side: long", "side: signal"))
    assert outcome("backtest", template, bars, "--signals", "every 4h").code == 2


@pytest.mark.parametrize("rules", ["", "instrument: {tick_size: 25}\n"], ids=["exact", "on ticks"])
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_backtest_of_one_signal_is_a_replay(path: Path, rules: str) -> None:
    """From the next bar, of the plan that `show --at --format yaml` writes: the same results, event by event."""
    session = Session(Settings(with_policies=False))
    template = session.read(str(path), path.read_bytes() + rules.encode()).reading.template
    bars = read_bars(str(ROOT / "plans" / "bars" / "walk-15m.csv")).bars
    assert template is not None
    assert template.signals is not None
    assert bars is not None
    maker, tape, manner = Maker(str(path), template, bars, session), Tape(bars), Manner(through=Decimal(1))
    signals = signals_of(template.signals, bars, maker.sides)
    book = taken(maker, signals[:: max(len(signals) // 12, 1)], tape, manner, Rules(None))
    assert len(book.trades) >= 5
    for trade in book.trades:
        made = trade.worst.made
        study = Session().study("t.yaml", plan_yaml(template, made.bar, made.plan).encode())
        assert isinstance(study, Study)
        assert study.plan.instrument.level_tick == (Decimal(25) if rules else None)
        worst, best = results_of(replayed(study.plan, study.ladder, tape, manner, start=trade.signal.bar + 1))
        assert (worst, best) == (trade.worst.result, trade.best.result)


@pytest.mark.parametrize("side", [0, 1])
def test_equity_that_is_searched_is_equity_that_is_reckoned(side: int) -> None:
    """At every close, in doubles and exactly, with plans in coin that overlap, on both sides of the market."""
    text = (
        "symbol: BTC/USD:BTC\nside: signal\nleverage: 3\nmaintenance: 0.5%\naccount: {equity: 1 BTC}\nfees: 0.05%\n"
        "size: 3000 USD\ntiers: [signal, -0.8%, -1.6%]\nstop: -2.5%\ntargets: [rest at entry +1%]\n"
    )
    session = Session(Settings(with_policies=False))
    template = session.read("t.yaml", text.encode()).reading.template
    bars = read_bars(str(ROOT / "plans" / "bars" / "walk-15m.csv")).bars
    assert template is not None
    assert bars is not None
    maker = Maker("t.yaml", template, bars, session)
    signals = signals_of(rule("cross 10"), bars, (1, -1))
    book = taken(maker, signals, Tape(bars), Manner(through=Decimal(1)), Rules(None))
    equity = Equity(book.trades, side, bars, Decimal(1))
    assert book.live > 1
    exact = [equity.at(bar) for bar in range(len(bars))]
    assert max(abs(float(one) - two) for one, two in zip(exact, equity.closes.tolist(), strict=True)) < 1e-9
    # The fall of each stretch is that of its closes, from the highest before or the start.
    highs = list(accumulate([Decimal(1), *exact], max))[1:]
    falls = [high - value for high, value in zip(highs, exact, strict=True)]
    edges = [0, 100, 101, 400, len(bars)]
    assert equity.falls(edges) == tuple(max(falls[begin:stop]) for begin, stop in pairwise(edges))
    deepest = equity.figures().drawdown
    assert deepest is not None
    assert deepest.amount == max(falls)
    ended = [(trade.worst, trade.best)[side].result for trade in book.trades]
    assert exact[-1] == 1 + sum(result.net - result.funding for result in ended)


def test_finer_bars_narrow_what_bars_alone_leave_open(tmp_path: Path) -> None:
    """Low first, then high: the bar that leaves -1R or +2R open is stopped, and beside stands what it said alone."""
    names = written(tmp_path, ONE, BARS)
    minutes = ["2026-01-01T05:00:00Z,110,110,99,99", "2026-01-01T05:30:00Z,99,131,99,115"]
    (tmp_path / "f.csv").write_text("\n".join(["time,open,high,low,close", *minutes]) + "\n")
    record = backtest(*names, "--finer", str(tmp_path / "f.csv"), "--limit", "touch", "--against", "none")
    assert record["undecided"] == 0
    assert [Decimal(record["metrics"][which]["expectancy"]) for which in ("worst", "best")] == [0, 0]
    assert {name: str(value) for name, value in record["alone"].items()} == {
        "worst": "0",
        "best": "1",
        "trades": "3",
        "undecided": "1",
    }


def test_finer_bars_that_disagree_are_said_of_the_bars_above(tmp_path: Path) -> None:
    """SP812 stands at the bar that its halves do not add up to, in the file of that bar."""
    names = written(tmp_path, ONE, BARS)
    halves = ["2026-01-01T05:00:00Z,110,110,99,99", "2026-01-01T05:30:00Z,99,130,99,115"]
    (tmp_path / "f.csv").write_text("\n".join(["time,open,high,low,close", *halves]) + "\n")
    found = backtest(*names, "--finer", str(tmp_path / "f.csv"), "--against", "none")["diagnostics"]
    # The bar of 05:00, the sixth, stands in line 7 and is 110 131 99 115; the halves reach 130.
    assert [(each["code"], each["file"], each["line"]) for each in found] == [("SP812", names[1], 7)]


def test_an_atr_of_shorter_bars_is_refused() -> None:
    """Bars of four hours do not know the ATR of one."""
    done = outcome("backtest", "plans/templates/dips-by-atr.yaml", "plans/bars/walk-4h.csv")
    assert (done.code, "shorter than those given" in done.talk) == (2, True)


# Signals


def closes(*prices: float) -> Bars:
    """Returns bars of an hour that stand at a price each, from 00:00."""
    return bars_of([(price,) * 4 for price in prices], [hour * _HOUR for hour in range(len(prices))], _HOUR)


def rule(text: str) -> SignalRule:
    """Returns a rule."""
    found = read_signal(text)
    assert isinstance(found, SignalRule)
    return found


@pytest.mark.parametrize(
    ("text", "sides", "expected"),
    [
        # 13 passes 10, 11, 12; 14 passes 12, 11, 13; 9 lies under 14, 8 under 9.
        ("breakout 3", (1, -1), [(3, 1), (5, 1), (6, -1), (7, -1)]),
        # 9 is 35.7% under 14; 8 is 42.9% under it.
        ("dip 35% in 3", (1,), [(6, 1), (7, 1)]),
        # Means of 2: 10.5, 11.5, 12.5, 12, 12.5, 11.5, 8.5: below at 11 (of 12), above at 14, below at 9.
        ("cross 2", (1,), [(5, 1)]),
        ("cross 2", (1, -1), [(4, -1), (5, 1), (6, -1)]),
        ("every 3h", (1,), [(0, 1), (3, 1), (6, 1)]),
    ],
)
def test_signals_by_hand(text: str, sides: tuple[int, ...], expected: list[tuple[int, int]]) -> None:
    """On closes of 10, 11, 12, 13, 11, 14, 9, 8."""
    bars = closes(10, 11, 12, 13, 11, 14, 9, 8)
    assert [tuple(signal) for signal in signals_of(rule(text), bars, sides)] == expected


@pytest.mark.parametrize("text", ["breakout 5", "dip 1% in 5", "cross 5", "every 2h", "random 20%"])
def test_signals_see_no_later_bar(text: str) -> None:
    """Of the first bars alone come the same signals as of all bars, so far as these reach."""
    prices = np.random.default_rng(7).normal(0, 1, 60).cumsum() + 100
    rows = [round(float(price), 2) for price in prices]
    whole = signals_of(rule(text), closes(*rows), (1, -1))
    for count in (20, 41):
        part = signals_of(rule(text), closes(*rows[:count]), (1, -1))
        assert part == [signal for signal in whole if signal.bar < count]


def test_the_true_range_of_wilder() -> None:
    """Ranges 2, 4 (12 - 8), 3 (11 - 8: from the close before), 1: (2 + 4) / 2 = 3, (3 + 3) / 2 = 3, (3 + 1) / 2 = 2."""
    rows = [(10, 11, 9, 10), (10, 12, 8, 8), (10, 11, 9, 10), (10, 10.5, 9.5, 10)]
    bars = bars_of(rows, [hour * _HOUR for hour in range(4)], _HOUR)
    assert average_true_range(bars, 2, None).tolist()[1:] == [3, 3, 2]
    assert np.isnan(average_true_range(bars, 2, None)[0])
    # Of bars of two hours the first (12 - 8) is complete at the close of the second, the next (11 - 8) of the last.
    assert average_true_range(bars, 1, 120).tolist()[1:] == [4, 4, 3]


# Statistics


def test_groups_are_in_the_order_of_their_numbers() -> None:
    """Seven tiers before ten, and ends by their names."""
    names = ["stopped", "1-10", "1", "1-7", "1, 3", "none", "1-2"]
    assert sorted(names, key=group_order) == ["none", "stopped", "1", "1-2", "1, 3", "1-7", "1-10"]


def test_mean_blocks() -> None:
    """27 trades make blocks of 3; 28 of 4; with 1.5 live at once of 5."""
    assert [mean_block(27, 1), mean_block(28, 1), mean_block(28, 1.5), mean_block(1000, 1)] == [3, 4, 5, 10]


def test_intervals_of_means() -> None:
    """None of too few; of one value that value; of independent draws about 1.96 deviations of the mean either way."""
    assert interval([1.0] * 9, 1, 0) is None
    assert interval([1.0] * 17, 1, 0) is None
    assert interval([0.5] * 18, 1, 0) == (0.5, 0.5)
    values = np.random.default_rng(3).normal(0, 1, 400).tolist()
    found = interval(values, 1, 0)
    assert found is not None
    half = 1.96 * float(np.std(values)) / 20
    assert (found[1] - found[0]) / 2 == pytest.approx(half, rel=0.15)
    assert found == interval(values, 1, 0)


def test_trades_in_runs_are_less_sure() -> None:
    """The same values in runs of forty have a wider interval than shuffled: blocks keep runs together."""
    values = [1.0 if index // 40 % 2 else -1.0 for index in range(400)]
    mixed = np.random.default_rng(5).permutation(values).tolist()
    runs, shuffled = interval(values, 1, 0), interval(mixed, 1, 0)
    assert runs is not None
    assert shuffled is not None
    assert runs[1] - runs[0] > 1.5 * (shuffled[1] - shuffled[0])


def test_ratios_of_a_year_by_hand() -> None:
    """Changes of +1% and -0.5% in turn for 30 days: mean 0.25%, deviation 0.75% x sqrt(30/29), sqrt(365.25) a year."""
    changes = [10 if day % 2 == 0 else -5 for day in range(30)]
    equity = 1000 + np.cumsum(changes)
    times = np.arange(30) * 24 * _HOUR
    found = ratios_of(times, equity, 1000)
    assert found.sharpe == pytest.approx(0.0025 / (0.0075 * (30 / 29) ** 0.5) * 365.25**0.5)
    assert found.sortino == pytest.approx(0.0025 / (0.005 / 2**0.5) * 365.25**0.5)
    assert ratios_of(times[:29], equity[:29], 1000).sharpe is None


def test_the_deepest_fall() -> None:
    """From 120 to 90 and not from 100 to 95; a fall from the start has no high among the bars."""
    equity = np.array([100.0, 95, 120, 90, 119])
    found = deepest_fall(equity, equity, 100.0)
    assert found is not None
    assert tuple(found) == (2, 3)
    falling = np.array([90.0, 95])
    found = deepest_fall(falling, falling, 100.0)
    assert found is not None
    assert tuple(found) == (-1, 0)
    assert deepest_fall(equity[:1], equity[:1], 100.0) is None
