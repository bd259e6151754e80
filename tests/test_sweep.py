"""Sweeps: what is varied, what is chosen and judged by hand, luck by published figures, pieces in any way the same."""

import json
import shutil
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from decimal import Decimal
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.running import ROOT, joined, outcome

np: Any = pytest.importorskip("numpy")
pytest.importorskip("polars")

from scaleplan.statistics.bootstrap import interval, intervals, mean_block, resampled  # noqa: E402 - as below
from scaleplan.statistics.luck import (  # noqa: E402 - they need the libraries
    deflated,
    expected_best,
    moments,
    overfitting,
    reality_check,
    sharpe_ratios,
)
from scaleplan.sweep.asked import JudgeOrder, RankBy  # noqa: E402
from scaleplan.sweep.engines import Crew, WorkPiece, worked  # noqa: E402
from scaleplan.sweep.judge import BarClock, OutOfSample, SweepVerdict, judged, key_of, verdict_of  # noqa: E402
from scaleplan.sweep.judge import Luck as LuckFigures  # noqa: E402
from scaleplan.sweep.records import Came, VariantTrades, no_variant, variant_of  # noqa: E402
from scaleplan.sweep.vary import grid_of, read_axis  # noqa: E402

TEMPLATE, BARS = "plans/templates/range-ladder.yaml", "plans/bars/walk-15m.csv"
STOPS = ("--vary", "stop=-2%..-3% by 0.5%", "--least", "5", "--against", "none")


@pytest.fixture(autouse=True)
def _at_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def sweep(*arguments: str) -> dict[str, Any]:
    """Returns what a sweep of the range ladder says as JSON."""
    done = outcome("sweep", TEMPLATE, BARS, *arguments, "--format", "json")
    assert done.code == 0, done.talk
    record: dict[str, Any] = json.loads(done.out)
    return record


# What is varied


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("stop=-2 atr,-3 atr", ["-2 atr", "-3 atr"]),
        ("tiers.to=-1%..-2.5% by 0.5%", ["-1%", "-1.5%", "-2%", "-2.5%"]),
        ("tiers.to=-2%..-1% by 0.4%", ["-2%", "-1.6%", "-1.2%"]),
        ("stop=-1 atr..1 atr by 1 atr", ["-1 atr", "+0 atr", "+1 atr"]),
        ("tiers.count=2..5", ["2", "3", "4", "5"]),
        ("tiers.shares=equal,[50%, 50%],pyramid", ["equal", "[50%, 50%]", "pyramid"]),
        ("targets[0].price=1R..2R by 0.5R", ["1R", "1.5R", "2R"]),
        ("targets[0].price=entry +1%..entry +2% by 1%", ["entry +1%", "entry +2%"]),
        ("signals=breakout 20,dip 3% in 20", ["breakout 20", "dip 3% in 20"]),
    ],
)
def test_values_are_read(written: str, values: list[str]) -> None:
    """Commas outside of brackets part values; a range has both its ends where a step meets them."""
    axis = read_axis(written)
    assert not isinstance(axis, str), axis
    assert list(axis.values) == values


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("stop", "is not PATH=VALUES"),
        ("stop=", "is not PATH=VALUES"),
        ("stop=-1%..-2%", "says its step"),
        ("stop=-1%..-2 atr by 1%", "are of two kinds"),
        ("stop=-1%..-2% by 1 atr", "is of another kind"),
        ("stop=-1%..-2% by 0%", "a step is above 0"),
        ("stop=-1%..-2% by 0.000000001%", "more than 100,000 values"),
        ("stop=-1%,-1%", "takes `-1%` twice"),
        ("Stop=-1%", "small letters"),
    ],
)
def test_values_that_are_none(written: str, says: str) -> None:
    """What is no list of values is said, with what to write."""
    found = read_axis(written)
    assert isinstance(found, str)
    assert says in found


def test_a_product_and_its_neighbours() -> None:
    """3 by 2 variants, the last place counting fastest; one step away is one value down or up in one place."""
    axes = [read_axis(written) for written in ("stop=-1%,-2%,-3%", "tiers.count=2,3")]
    grid = grid_of(tuple(axis for axis in axes if not isinstance(axis, str)), None, 0)
    assert not isinstance(grid, str)
    assert grid.numbers == (0, 1, 2, 3, 4, 5)
    assert grid.settings(3) == {"stop": "-2%", "tiers.count": "3"}
    assert grid.neighbours(3) == (1, 5, 2)
    assert grid.neighbours(0) == (2, 1)


def test_a_sample_is_of_the_product_and_ruled_by_the_seed() -> None:
    """As many as asked for, each once, in order; the same for one seed, others for another."""
    axis = read_axis("stop=-1%..-9% by 0.01%")
    assert not isinstance(axis, str)
    samples = [grid_of((axis,), 50, seed) for seed in (0, 0, 1)]
    numbers = [sample.numbers for sample in samples if not isinstance(sample, str)]
    assert numbers[0] == numbers[1] != numbers[2]
    assert len(set(numbers[0])) == 50
    assert list(numbers[0]) == sorted(numbers[0])
    assert max(numbers[0]) < 801
    assert isinstance(grid_of((axis, axis, axis), None, 0), str)


# Luck


def test_the_example_of_the_paper_on_the_deflated_sharpe_ratio() -> None:
    """A year's ratio of 2.5 over 1,250 days, variance 1/2 a year: SR0 0.1132 and 0.9004; 46 tried instead: 0.9505.

    Source: Bailey and Lopez de Prado 2014, "A numerical example".
    """
    ratios = np.array([-1.0, 1.0]) * (0.5 / 250 / 2) ** 0.5
    first, second = (expected_best(ratios, tried) for tried in (100, 46))
    assert first is not None
    assert round(first, 4) == 0.1132
    own = 2.5 / 250**0.5
    assert [round(deflated(own, each, 1250, -3, 10) or 0, 4) for each in (first, second)] == [0.9004, 0.9505]


def test_luck_of_one_alone_is_none() -> None:
    """The best of one is that one; with nothing expected the deflated ratio is the probabilistic one.

    A ratio of 0.1 over 101 normal results: (0.1 * 10) / sqrt(1 + 0.01 / 2) = 0.9975, of which the normal distribution
    is 0.8407.
    """
    assert expected_best(np.array([0.3]), 1) == 0
    assert round(deflated(0.1, 0.0, 101, 0, 3) or 0, 4) == 0.8407
    assert deflated(0.1, 0.0, 2, 0, 3) is None


def test_moments_by_hand() -> None:
    """0, 0, 0, 4: mean 1, variance 3, third 6, fourth 21: skew 6 / 3^1.5 = 1.1547, kurtosis 21 / 9."""
    skew, kurtosis = moments(np.array([0.0, 0.0, 0.0, 4.0]))
    assert round(skew, 4) == 1.1547
    assert round(kurtosis, 4) == 2.3333


def test_sharpe_ratios_by_hand() -> None:
    """1 and 3: mean 2, deviation sqrt(2). What never varies is beyond all ratios, or 0 where it is nothing.

    So is what varies by rounding alone; that of one row is not known, and counted as 0.
    """
    rows = np.array([[1.0, 2.0, -2.0, 0.0, 0.1], [3.0, 2.0, -2.0, 0.0, 0.1 + 1e-16]])
    assert sharpe_ratios(rows).tolist() == [2 / 2**0.5, np.inf, -np.inf, 0.0, np.inf]
    assert sharpe_ratios(rows[:1]).tolist() == [0.0] * 5


def test_luck_is_not_known_where_ratios_do_not_vary_or_have_no_end() -> None:
    """Of one ranked nobody knows how ratios vary, though others were tried: no figure, where 0 would be a false one.

    A ratio without end has no part in the variance, and no deflated ratio.
    """
    assert expected_best(np.array([0.3]), 1) == 0
    assert expected_best(np.array([0.3]), 500) is None
    assert expected_best(np.array([0.3, np.inf]), 2) is None
    assert expected_best(np.array([0.3, -0.1, np.inf]), 3) == expected_best(np.array([0.3, -0.1]), 3)
    assert deflated(0.3, None, 100, 0, 3) is None
    assert deflated(float("inf"), 0.1, 100, 0, 3) is None


def test_what_always_wins_is_the_best_and_what_always_loses_the_worst() -> None:
    """It has no deviation, which is no ratio of 0. Of columns b wins most in each other block, c in those between.

    Beside them a always wins: it is the best of every half. Or it always loses: then that of b and c is chosen which
    won in more blocks of the half. It won in fewer of the other, and is second of three there, which is the middle:
    overfit. Of C(16, 8) = 12,870 splits, C(8, 4)^2 = 4,900 have as many blocks of one kind as of the other: there b
    and c are alike in both halves, and share the places above a.
    """
    rows = np.arange(64)
    turns, wave = (rows // 4) % 2, np.where(rows % 2, 1.0, 0.9)
    b, c = (np.where(turns == each, 3.0, 0.1) * wave for each in (0, 1))
    assert overfitting(np.stack([np.full(64, 0.5), b, c], axis=1), 1.0) == 0
    assert overfitting(np.stack([np.full(64, -0.5), b - 2, c - 2], axis=1), 1.0) == (12_870 - 4_900) / 12_870
    won, varied = trades(0, [(0, 1, 1), (50, 1, 1)]), trades(1, [(0, 2, 2), (50, 1, 1)])
    assert judged([varied, won], union(won), CLOCK, JudgeOrder(RankBy.SHARPE, least=1, folds=1)).chosen == 0


def test_overfitting_is_counted_over_all_splits() -> None:
    """As defined, split by split: 50 rows of 5 columns, one of them twice, in blocks of 3 rows and of 4."""
    results = np.random.default_rng(8).normal(size=(50, 4))
    results = np.column_stack([results, results[:, 1]])
    block_of = np.zeros(50, dtype=int)
    for number in range(1, 16):
        block_of[50 * number // 16 :] = number
    overfit = 0
    for chosen in combinations(range(16), 8):
        inside = np.isin(block_of, chosen)
        first, second = (half.mean(axis=0) / half.std(axis=0, ddof=1) for half in (results[inside], results[~inside]))
        apart = second - second[first.argmax()]
        rank = (apart < -1e-9).sum() + ((abs(apart) <= 1e-9).sum() + 1) / 2
        overfit += int(rank / 6 <= 0.5)
    assert overfitting(results, 1.0) == overfit / 12_870


def test_overfitting_of_sure_things() -> None:
    """What is best in every block is best in each half; what is best by one block alone is not in the other half.

    Column b is 0 but for one block, in which it is far ahead: whenever that block is in the half that chooses, b is
    chosen (half of all splits) and last in the other; else a is chosen, and b is last in the other half only where
    that block is not there, which it then is.
    """
    rows = np.arange(64)
    ahead = np.where(rows % 2, 1.0, 0.5)
    assert overfitting(np.stack([ahead, -ahead], axis=1), 1.0) == 0
    lone = np.where(rows < 4, np.where(rows % 2, 100.0, 99.0), -0.01)
    small = np.where(rows % 2, 0.02, -0.0199)
    found = overfitting(np.stack([small, lone], axis=1), 1.0)
    assert found == 1.0
    assert overfitting(ahead[:, None], 1.0) is None
    assert overfitting(np.stack([ahead, -ahead], axis=1), 5.0) is None


def test_of_columns_alike_nothing_is_overfit() -> None:
    """Three sizes of one plan make the same R: none is chosen, and how often that is overfit is not known."""
    column = np.random.default_rng(1).normal(0.4, 1.0, 320)
    assert overfitting(np.column_stack([column] * 3), 1.0) is None
    assert overfitting(np.column_stack([column, column, column + np.r_[1.0, np.zeros(319)]]), 1.0) is not None


def test_the_reality_check_tells_an_edge_from_none() -> None:
    """A mean of a deviation over 400 rows is never drawn by chance; of noise the chance is no small one."""
    noise = np.random.default_rng(3).normal(size=(400, 20))
    noise -= noise.mean(axis=0)
    assert (reality_check(noise, 5, 0) or 0) > 0.9
    noise[:, 7] += 1
    assert reality_check(noise, 5, 0) == 0
    assert reality_check(noise[:9], 1, 0) is None


def test_draws_are_those_of_the_stationary_bootstrap() -> None:
    """Place by place, by the same dice: on with the next in the circle, or with chance 1 / block at one drawn anew."""
    count, block, draws, together = 7, 3, 20_000, 12_000
    dice = np.random.default_rng([1, 2])
    expected = []
    for size in (together, draws - together):
        chances, anew = dice.random((size, count)), dice.integers(0, count, (size, count))
        for draw in range(size):
            place = int(anew[draw, 0])
            row = [place]
            for at in range(1, count):
                place = int(anew[draw, at]) if chances[draw, at] < 1 / block else (place + 1) % count
                row.append(place)
            expected.append(row)
    found = np.concatenate(list(resampled(count, block, draws, [1, 2], together)))
    assert found.tolist() == expected


def test_intervals_of_several_are_those_of_each() -> None:
    """Worst and best are drawn by the same dice, and come to the same bytes as alone."""
    both = np.random.default_rng(4).normal(size=(2, 90)).tolist()
    assert intervals(both, 1.5, 7) == [interval(each, 1.5, 7) for each in both]
    assert intervals([each[:20] for each in both], 1.5, 7) == [None, None]


# Judging


def trades(number: int, rows: list[tuple[int, float, float]], lasts: list[int] | None = None) -> VariantTrades:
    """Returns a variant whose trades are at bars, with worst and best R, over at the next bar or where it is said."""
    ends = lasts or [bar + 1 for bar, _, _ in rows]
    came = Came({}, {}, 1.0, exact=True, rule="every 1h", sides=(1,))
    return variant_of(
        number, [(bar, 1, end, *(r, s), *(r, s)) for (bar, r, s), end in zip(rows, ends, strict=True)], came
    )


CLOCK = BarClock(np.arange(100, dtype=np.int64) * 10, 10)


def union(*variants: VariantTrades) -> Any:  # noqa: ANN401 - an array
    """Returns all their signals."""
    return np.unique(np.concatenate([key_of(each.bar, each.sign) for each in variants]))


def test_the_best_of_each_stretch_trades_the_next() -> None:
    """Signals at bars 0 to 90 in steps of 10, two folds: blocks of 30 bars. a wins first, b from bar 30 on.

    Block 0 is bars 0 to 29: a made +1 a trade, b -1: a trades block 1, and makes -1 there. Blocks 0 and 1: a has 3 * 1
    - 3 = 0, b 0 as well; the first listed trades block 2, where a has -1 and b +1.
    """
    a = trades(0, [(bar, 1 if bar < 30 else -1, 1 if bar < 30 else -0.5) for bar in range(0, 100, 10)])
    b = trades(1, [(bar, -1 if bar < 30 else 1, 1) for bar in range(0, 100, 10)])
    found = judged([a, b], union(a, b), CLOCK, JudgeOrder(least=2, folds=2))
    folds = found.out_of_sample.folds
    assert [(fold.number, fold.trades, fold.worst, fold.best) for fold in folds] == [(0, 3, -1, -0.5), (0, 4, -1, -0.5)]
    assert [tuple(fold.test) for fold in folds] == [(300, 600), (600, 910)]
    assert (found.out_of_sample.trades, found.out_of_sample.worst) == (7, -1)
    # By the block before alone, b trades the last.
    rolling = judged([a, b], union(a, b), CLOCK, JudgeOrder(least=2, folds=2, rolling=True)).out_of_sample.folds
    assert [fold.number for fold in rolling] == [0, 1]
    # b made 7 * 1 - 3 over 10 trades, a the opposite.
    assert found.chosen == 1
    assert [(each.trades, each.worst, each.rank) for each in found.variants] == [(10, -0.4, 2), (10, 0.4, 1)]


def test_training_leaves_out_what_ends_after_it() -> None:
    """A trade of bar 20 that is over at bar 29 closes at 300, where the next block begins; one over at 30 does not."""
    rows: list[tuple[int, float, float]] = [(bar, 1.0, 1.0) for bar in range(0, 100, 10)]
    for last, chosen in ((29, 0), (30, None)):
        one = trades(0, rows, [bar + 1 if bar != 20 else last for bar in range(0, 100, 10)])
        folds = judged([one], union(one), CLOCK, JudgeOrder(least=3, folds=2)).out_of_sample.folds
        assert folds[0].number == chosen


def test_blocks_that_nothing_trades_do_not_thin_out_the_trades() -> None:
    """Bars 0 to 600, blocks of 100, a signal each second bar, each trade of 8 bars: about 4 live, where any is.

    By the block before alone: block 1 is traded, and 2, which has two trades: too few to choose by for block 3; 4 and 5
    are traded. Joined: 50 trades of 8 bars, 2 and 50 as long, and 51 of which no bar after 600 counts, 47 * 8 + 6 + 4 +
    2 + 0: 400 + 16 + 400 + 388 = 1,204, over the 400 bars from 100 to 600 that are not of block 3.
    """
    dice = np.random.default_rng(5)
    bars = [*range(0, 200, 2), 210, 212, *range(300, 601, 2)]
    rows = [(bar, float(r), float(r)) for bar, r in zip(bars, dice.normal(size=len(bars)) + 1, strict=True)]
    one, clock = trades(0, rows, [bar + 8 for bar in bars]), BarClock(np.arange(700, dtype=np.int64), 1)
    out = judged([one], union(one), clock, JudgeOrder(least=10, rolling=True)).out_of_sample
    assert [fold.trades for fold in out.folds] == [50, 2, 0, 50, 51]
    joined = [r for bar, r, _ in rows if 100 <= bar < 300 or bar >= 400]
    assert out.worst_ci == interval(joined, 1204 / 400, 0)
    # Counted from first to last the mean block would be 8 trades, and not 10.
    assert (mean_block(153, 1204 / 500), mean_block(153, 1204 / 400)) == (8, 10)


def test_measures_by_hand() -> None:
    """Of 3, -1, -1: mean 1/3, 3 over 2, net 1; of 1, 1, -1: mean 1/3, 2 over 1."""
    a = trades(0, [(0, 3, 3), (50, -1, -1), (90, -1, -1)])
    b = trades(1, [(0, 1.0, 1), (50, 1.0, 1), (90, -0.9, -1)])
    best = {by: judged([a, b], union(a, b), CLOCK, JudgeOrder(by, least=1, folds=1)).chosen for by in RankBy}
    assert best == {RankBy.EXPECTANCY: 1, RankBy.PROFIT_FACTOR: 1, RankBy.SHARPE: 1, RankBy.NET: 1}
    c = trades(2, [(0, 5, 5), (50, -1, -1), (90, -2, -2)])
    # Mean 2/3, 5 over 3, net 2: the best by all but the profit factor and the ratio of mean to deviation.
    best = {by: judged([b, c], union(b, c), CLOCK, JudgeOrder(by, least=1, folds=1)).chosen for by in RankBy}
    assert best == {RankBy.EXPECTANCY: 2, RankBy.PROFIT_FACTOR: 1, RankBy.SHARPE: 1, RankBy.NET: 2}


def test_few_trades_are_not_ranked_and_no_plans_are_counted() -> None:
    """Two trades of three that are asked for; SP201 twice."""
    a = trades(0, [(0, 1, 1), (50, 1, 1)])
    found = judged([a, no_variant(1, "SP201"), no_variant(2, "SP201")], union(a), CLOCK, JudgeOrder(least=3))
    assert (found.chosen, found.ranked, found.no_plan) == (None, 0, {"SP201": 2})
    assert found.verdict is SweepVerdict.UNDECIDED


@pytest.mark.parametrize(
    ("worst", "best", "verdict"),
    [
        ((0.99, 0.2, 0.1), (0.99, 0.2, 0.1), "stands"),
        ((0.94, 0.2, 0.1), (0.99, 0.2, 0.1), "undecided"),
        ((0.99, 0.51, 0.1), (0.99, 0.2, 0.1), "undecided"),
        ((0.99, 0.5, 0.0), (0.99, 0.2, 0.1), "undecided"),
        ((0.99, 0.2, None), (0.99, 0.2, None), "undecided"),
        ((None, 0.2, 0.1), (None, 0.2, 0.1), "undecided"),
        ((0.99, 0.2, 0.1), (None, 0.2, 0.1), "undecided"),
        ((0.5, 0.9, -0.1), (0.94, 0.2, 0.1), "luck"),
        ((0.5, 0.9, -0.1), (0.99, 0.51, 0.1), "luck"),
        ((0.5, 0.9, -0.1), (0.99, 0.2, 0.0), "luck"),
        ((0.5, 0.9, -0.1), (None, None, 0.0), "luck"),
    ],
)
def test_verdicts(worst: tuple[Any, ...], best: tuple[Any, ...], verdict: str) -> None:
    """Luck by the best results, else undecided where the worst speak against it or nothing is known, else it stands."""
    luck = [LuckFigures(None, None, deflated, overfit, None) for deflated, overfit, _ in (worst, best)]
    spans = [None if low is None else (low, 1.0) for *_, low in (worst, best)]
    out = OutOfSample((), 1, None, None, spans[0], spans[1])
    assert verdict_of((luck[0], luck[1]), out) == verdict


# Whole sweeps


def test_a_variant_is_a_backtest_of_what_it_sets() -> None:
    """Trades and mean R of each variant are those of `backtest --set`; another variant changes nothing of it."""
    record = sweep(*STOPS)
    assert [each["set"] for each in record["variants"]] == [{"stop": "-2%"}, {"stop": "-2.5%"}, {"stop": "-3%"}]
    for each in record["variants"]:
        stop = f"stop={each['set']['stop']}"
        done = outcome("backtest", TEMPLATE, BARS, "--set", stop, "--against", "none", "--format", "json")
        told = json.loads(done.out)
        assert each["trades"] == len(told["trades"])
        for which in ("worst", "best"):
            apart = Decimal(each[which]) - Decimal(told["metrics"][which]["expectancy"])
            assert abs(apart) < Decimal("1e-12")
    alone = sweep("--vary", "stop=-3%", "--least", "5", "--against", "none")["variants"][0]
    assert {**alone, "rank": 0} == {**record["variants"][2], "rank": 0}


def test_what_is_held_out_is_in_nothing_else() -> None:
    """All but the holdout is as on bars that end there: 768 bars of 15 minutes, of which 614 are 80%."""
    record = sweep(*STOPS, "--holdout", "20%")
    cut = sweep(*STOPS, "--to", "2026-03-08T09:30")
    for key in ("out_of_sample", "luck", "variants", "verdict"):
        assert record[key] == cut[key]
    assert record["holdout"]["from"] == "2026-03-08T09:30:00Z"
    assert cut["holdout"] is None


def test_signals_may_be_varied() -> None:
    """The union of all signals counts; each variant is traded at its own."""
    record = sweep("--vary", "signals=every 8h,every 12h", "--least", "1", "--against", "none")
    # Of 8 days: each 8 and each 12 hours, of which each day has 0, 8, 12 and 16 o'clock; the last is not too late.
    assert record["signals"] == {"rule": "every 8h or every 12h", "count": 32}


@pytest.mark.parametrize("form", ["table", "json", "csv", "md", "html"])
@pytest.mark.parametrize(
    ("varied", "says"),
    [
        ("stp=-2%,-3%", "none of 2 variants is a plan (2 SP103); the first is stp=-2%"),
        ("stop=5%", "the one variant is no plan (1 SP108)"),
        ("signals=nonsense", "the one variant is no plan (1 SP114)"),
        ("signals=column none,column other", "none of 2 variants is a plan (2 no column)"),
    ],
)
def test_where_no_variant_is_a_plan_nothing_is_judged(varied: str, says: str, form: str) -> None:
    """It is said what is wrong with the first, at the option: a verdict on nothing would be a false word."""
    done = outcome("sweep", TEMPLATE, BARS, "--vary", varied, "--jobs", "1", "--format", form)
    assert (done.out, done.code) == ("", 1)
    assert says in joined(done.talk)
    assert ("--vary:1:" in done.talk) is ("SP" in says)


def test_a_file_that_only_a_variant_names_is_read(tmp_path: Path) -> None:
    """An account or a venue of its own file is a value as any other; one that is not there is no plan, and said so."""
    text = Path(TEMPLATE).read_text(encoding="utf-8")
    template = tmp_path / "template.yaml"
    template.write_text(text, encoding="utf-8")
    for name, equity in (("small", 2_000), ("large", 50_000)):
        (tmp_path / f"{name}.yaml").write_text(f"equity: {equity} USDT\n", encoding="utf-8")
    varied = ("--vary", "account=./small.yaml,./large.yaml,./none.yaml", "--least", "5", "--against", "none")
    done = outcome("sweep", str(template), BARS, *varied, "--by", "net", "--jobs", "1", "--format", "json")
    assert done.code == 0, done.talk
    record = json.loads(done.out)
    assert record["no_plan"] == {"SP126": 1}
    assert {variant["set"]["account"] for variant in record["variants"]} == {"./small.yaml", "./large.yaml"}


@pytest.mark.parametrize("varied", ["stop=-2%", "stop=-2%,zzz", "stop=-0.001%,-0.002%", "signals=dip 90% in 20"])
@pytest.mark.parametrize("count", [1, 2, 30])
def test_little_to_judge(varied: str, count: int, tmp_path: Path) -> None:
    """One bar, no signal, one variant: there are figures that are not known, and no empty table."""
    bars = tmp_path / "bars.csv"
    lines = Path(BARS).read_text(encoding="utf-8").splitlines(keepends=True)
    bars.write_text("".join(lines[: count + 1]), encoding="utf-8")
    for form in ("table", "md", "html", "json", "csv"):
        done = outcome("sweep", TEMPLATE, str(bars), "--vary", varied, "--jobs", "1", "--format", form)
        assert done.code == 0, done.talk
        assert "\n\n\n" not in done.out


def test_no_plans_are_left_out_and_counted() -> None:
    """A stop above the entry is a plan of no signal; a count of 0 is no plan at all."""
    record = sweep("--vary", "tiers.count=0,3,4", "--least", "5", "--against", "none")
    assert sum(record["no_plan"].values()) == 1
    assert [each["set"]["tiers.count"] for each in record["variants"]] == ["3", "4"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "nothing is varied"),
        (("--vary", "stop=-2%", "--against", "lump,hold"), "`hold` is not of these signals"),
        (("--vary", "stop=-2%", "--against", "random"), "`random` is not of these signals"),
        (("--vary", "stop"), "is not PATH=VALUES"),
        (("--vary", "stop=-1%", "--vary", "stop=-2%"), "varied twice"),
        (("--vary", "stop=-2%", "--holdout", "100%"), "leaves nothing"),
        (("--vary", "stop=-2%", "--folds", "0"), "from 1 to"),
        (("--vary", "stop=-2%", "--seed", "-1"), "a seed is 0 or more"),
        (("--vary", "stop=-2%", "--out", "a", "--resume", "b"), "leave out --out"),
        (
            ("--vary", "stop=-1%..-9% by 0.001%", "--vary", "tiers.to=-0.5%..-0.9% by 0.001%"),
            "more than 1,000,000",
        ),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], says: str) -> None:
    """Exit 2, and what to write."""
    done = outcome("sweep", TEMPLATE, BARS, *arguments)
    assert (done.code, done.out) == (2, "")
    assert says in " ".join(done.talk.split())


def test_a_sweep_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    """A file that was torn in its last line goes on, and comes to the same bytes; a whole one is not done again."""
    kept = tmp_path / "sweep.jsonl"
    arguments = ("sweep", TEMPLATE, BARS, *STOPS, "--format", "json")
    whole = outcome(*arguments, "--out", str(kept))
    data = kept.read_bytes()
    assert data.count(b"\n") == 2
    for length in (len(data), len(data) - 1, len(data) - 700, data.index(b"\n") + 1):
        kept.write_bytes(data[:length])
        again = outcome(*arguments, "--resume", str(kept))
        assert (again.code, again.out) == (0, whole.out), again.talk
        assert kept.read_bytes() == data
    refused = outcome(*arguments, "--out", str(kept))
    assert refused.code == 3
    assert "--resume" in refused.talk


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("--seed", "1"), "seed (0 there, 1 here)"),
        (("--set", "size=10% equity"), "changes"),
        (("--to", "2026-03-08"), "bars"),
        (("--signals", "every 8h"), "signals"),
        (("--limit", "touch"), "limits"),
    ],
)
def test_another_sweep_is_not_gone_on_with(change: tuple[str, ...], says: str, tmp_path: Path) -> None:
    """Exit 2, and what differs; the file stays as it is."""
    kept = tmp_path / "sweep.jsonl"
    outcome("sweep", TEMPLATE, BARS, *STOPS, "--out", str(kept))
    data = kept.read_bytes()
    done = outcome("sweep", TEMPLATE, BARS, *STOPS, *change, "--resume", str(kept))
    assert (done.code, done.out) == (2, "")
    assert says in done.talk
    assert kept.read_bytes() == data


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"{}\n", b"[1]\n", b"\xff\xfe\n", b'{"sweep": "scaleplan sweep 1"}\n', b"[" * 99_999 + b"\n"]
)
def test_files_that_are_of_no_sweep(data: bytes, tmp_path: Path) -> None:
    """Any bytes are met with a word and exit 2, and left as they are."""
    kept = tmp_path / "sweep.jsonl"
    kept.write_bytes(data)
    done = outcome("sweep", TEMPLATE, BARS, *STOPS, "--resume", str(kept))
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.talk
    assert kept.read_bytes() == data


def test_pieces_in_processes_are_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, one, one that finds no cache, and one whose user has no home: the same bytes."""
    bars = tmp_path / "bars.csv"
    lines = (ROOT / BARS).read_text().splitlines(keepends=True)
    bars.write_text("".join(lines[:121]))
    varied = ("--vary", "stop=-2%..-9% by 0.1%", "--least", "1", "--against", "none", "--format", "json")
    found = [outcome("sweep", TEMPLATE, str(bars), *varied, "--jobs", jobs) for jobs in ("2", "1")]
    assert [done.code for done in found] == [0, 0], found[0].talk
    assert found[0].out == found[1].out
    assert len(list((tmp_path / "cache" / "scaleplan" / "bars").iterdir())) == 1
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "cache").write_text("no folder")
    assert outcome("sweep", TEMPLATE, str(bars), *varied, "--jobs", "2").out == found[0].out
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME")
    # As in a container whose user is in no list of users.
    monkeypatch.setattr("pwd.getpwuid", _no_user)
    assert outcome("sweep", TEMPLATE, str(bars), *varied, "--jobs", "2").out == found[0].out


def _no_user(number: int) -> None:
    raise KeyError(number)


class _Breaking(Executor):
    """An executor that loses every piece the first time, and each fifth one always."""

    def __init__(self, seen: list[int]) -> None:
        self.seen = seen

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Any:  # noqa: ANN401, ARG002 - as the executor's own
        """Does a piece at once, or loses it."""
        future: Future[Any] = Future()
        number = args[2].number
        self.seen.append(number)
        if self.seen.count(number) == 1 or number % 5 == 0:
            future.set_exception(BrokenProcessPool("lost"))
        else:
            future.set_result(f"piece {number}")
        return future


def test_lost_pieces_are_done_again() -> None:
    """Twelve pieces, each lost once, and 0, 5 and 10 three times: those are done here in the end, and all are there."""

    class Bench:
        task = SimpleNamespace(_replace=lambda **_: None, grid=SimpleNamespace(_replace=lambda **_: None))

        def warm(self) -> None:
            """Does nothing."""

        def piece(self, numbers: list[int]) -> str:
            """Returns what a piece comes to here."""
            return f"here {numbers}"

    seen: list[int] = []
    pieces = [WorkPiece(number, (number,)) for number in range(12)]
    crew = Crew(lambda: _Breaking(seen), None, 4)
    bench: Any = Bench()
    found: dict[int, Any] = {piece.number: done for piece, done in worked(crew, bench, "token", pieces)}
    assert found == {number: f"piece {number}" if number % 5 else f"here [{number}]" for number in range(12)}
    assert seen.count(5) == 3


def test_a_cluster_is_the_same_bytes(tmp_path: Path) -> None:
    """Two workers of a real cluster, in processes of their own, come to what one process does."""
    distributed: Any = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    bars = tmp_path / "bars.csv"
    bars.write_text("".join((ROOT / BARS).read_text().splitlines(keepends=True)[:121]))
    varied = ("--vary", "stop=-2%..-9% by 0.1%", "--least", "1", "--against", "none", "--format", "json")
    alone = outcome("sweep", TEMPLATE, str(bars), *varied, "--jobs", "1")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        found = outcome("sweep", TEMPLATE, str(bars), *varied, "--cluster", cluster.scheduler_address)
    assert (found.code, found.out) == (0, alone.out), found.talk


def test_without_the_extra_a_cluster_is_refused() -> None:
    """Exit 2, and what to install."""
    if find_spec("distributed") is not None:
        pytest.skip("distributed is installed here")
    done = outcome("sweep", TEMPLATE, BARS, *STOPS, "--cluster", "tcp://localhost:1")
    assert (done.code, done.out) == (2, "")
    assert "pip install 'scaleplan[cluster]'" in done.talk


@pytest.mark.parametrize("form", ["table", "csv", "md", "html"])
def test_other_forms_say_the_same(form: str) -> None:
    """Each has the verdict or a row a variant."""
    done = outcome("sweep", TEMPLATE, BARS, *STOPS, "--format", form)
    assert done.code == 0
    if form == "csv":
        assert done.out.splitlines()[0] == "stop,trades,worst,best,rank"
        assert len(done.out.splitlines()) == 4
    else:
        assert "luck: deflated Sharpe ratio" in done.out.replace("\n               ", " ")
