"""The kernel's law: fast equals exact on random plans, linear, inverse, spot, long, short, on any bars.

With `SCALEPLAN_EVERY_CASE=1` there are 10,000 plans; otherwise a few hundred. Without a compiler the same functions run
as they stand, and give the same numbers.
"""

import os
import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

np: Any = pytest.importorskip("numpy")
pytest.importorskip("polars")

from scaleplan.bars.records import Bars, bars_of  # noqa: E402 - they need the libraries
from scaleplan.book.rules import Rules  # noqa: E402
from scaleplan.quantity.exact import exact  # noqa: E402
from scaleplan.replay import LimitFills, Manner  # noqa: E402
from scaleplan.study import Settings  # noqa: E402
from scaleplan.sweep import fast, kernel  # noqa: E402
from scaleplan.sweep.fast import Kernel, Tried  # noqa: E402
from scaleplan.sweep.records import BarsPlace, Task  # noqa: E402
from scaleplan.sweep.search import Bench, Variant, trades_of  # noqa: E402
from scaleplan.sweep.vary import Axis, VariantGrid, read_axis  # noqa: E402
from tests.random_templates import drawn_bars, drawn_template  # noqa: E402

#: Plans are drawn in parts, each of which a test has the time for.
PLANS, PARTS = 250, 40 if os.environ.get("SCALEPLAN_EVERY_CASE") else 1
TOUCH = Manner((LimitFills.TOUCH,))
BOTH = Manner((LimitFills.TOUCH, LimitFills.THROUGH), Decimal(1))
#: Here most plans are alike in both worlds, which the kernel has to notice, and the others too.
FINE = Manner((LimitFills.THROUGH, LimitFills.TOUCH), Decimal("0.3"))
THROUGH = Manner((LimitFills.THROUGH,), Decimal(2))


def bench_of(text: str, bars: Bars, manner: Manner = BOTH, rules: Rules = Rules(), seed: int = 0) -> Bench:  # noqa: B008 - a record
    """Returns a bench of a template alone."""
    place = BarsPlace("", (), "", "", len(bars), bars.step_ns)
    return Bench(
        Task("t.yaml", text.encode(), Settings(), {}, VariantGrid((), (0,)), None, rules, manner, seed, place), bars
    )


@exact
def compared(bench: Bench) -> tuple[Counter[str], tuple[str, ...]]:
    """Runs a template both ways. Returns what was counted, and where they differ."""
    variant = bench.variant(0)
    if not isinstance(variant, Variant) or not variant.signals:
        return Counter({"no template": 1}), ()
    # A few of each, so that there are many.
    variant = variant._replace(signals=variant.signals[:10])
    claimed = Kernel(bench.task, bench.bars).run([Tried(0, variant.maker, variant.signals, variant.rule.text)])[0]
    if claimed is None:
        return Counter({"not the kernel's": 1}), ()
    book = bench.book(variant)
    exactly = trades_of(0, variant, book)
    counts = Counter(
        {"plans": exactly.counts["taken"], "open": int((exactly.worst_net != exactly.best_net).sum()), "templates": 1}
    )
    faults = bench.compared(claimed, exactly, book)
    if abs(claimed.live - exactly.live) > 1e-9:
        faults = (*faults, f"live {claimed.live} by the kernel, {exactly.live}")
    return counts, faults


@pytest.mark.parametrize("part", range(PARTS))
def test_fast_equals_exact_on_random_plans(part: int) -> None:
    """Signals counted, trades, last bars, net results and R, worst and best: alike to 1e-9 of the plan's size."""
    counts = Counter[str]()
    seed = part * 1_000
    while counts["plans"] < PLANS:
        seed += 1
        dice = random.Random(f"kernel {seed}")  # noqa: S311 - drawn, not secret
        bars, text = drawn_bars(dice, 250), drawn_template(dice)
        manner = dice.choice([TOUCH, BOTH, FINE, THROUGH])
        rules = Rules(dice.choice([1, 1, 2, None]), at_close=dice.random() < 0.2)
        found, faults = compared(bench_of(text, bars, manner, rules, seed))
        assert not faults, f"seed {seed}:\n{text}\n" + "\n".join(faults)
        counts += found
    # The law says something only where the kernel does most of them, and bars leave something open.
    assert counts["not the kernel's"] < counts["templates"] / 5
    assert counts["open"]


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize(
    "margin",
    [
        "leverage: 50",
        "leverage: 200",
        "leverage: 30\nmaintenance: [{up_to: 400, rate: 0.5%}]",
        "leverage: 20\nmargin_mode: cross\naccount: {equity: 60 USDT}",
    ],
)
def test_a_liquidation_that_nobody_can_place_is_one_for_both(side: str, margin: str) -> None:
    """Without a maintenance rate it comes at the bankruptcy price at the latest: tiers behind it are in no 1R."""
    back, on = ("-", "+") if side == "long" else ("+", "-")
    text = (
        f"symbol: X/USDT:USDT\nside: {side}\n{margin}\nsize: 1000 USDT\ntiers: [signal, {back}1.5%, {back}4%]\n"
        f"stop: {back}6%\nsignals: every 20m\n"
        f"targets: [{{price: {on}1%, close: 50%, stop: breakeven}}, rest at {on}3%]\n"
    )
    counts = Counter[str]()
    for seed in range(4):
        dice = random.Random(f"unplaced {seed}")  # noqa: S311 - drawn, not secret
        found, faults = compared(bench_of(text, drawn_bars(dice, 250), BOTH, Rules(None), seed))
        assert not faults, faults
        counts += found
    assert counts["plans"] > 10


def test_variants_that_go_together_come_to_what_each_comes_to_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take turns in stretches of the signals, some asking the exact machine in between; so do both sides."""
    monkeypatch.setattr(fast, "_STRETCH", 3)
    monkeypatch.setattr(fast, "_COVERED", 1)
    axis = read_axis("leverage=1,4,15,40")
    assert isinstance(axis, Axis)
    trades, sides = 0, set[tuple[int, ...]]()
    for seed in range(12):
        dice = random.Random(f"together {seed}")  # noqa: S311 - drawn, not secret
        bars, text = drawn_bars(dice, 120), drawn_template(dice)
        bench = bench_of(text, bars, dice.choice([TOUCH, BOTH]), Rules(dice.choice([1, 2, None])), seed)
        task = bench.task._replace(grid=VariantGrid((axis,), (0, 1, 2, 3)))
        together = Bench(task, bars).piece([0, 1, 2, 3])
        for number, found in enumerate(together):
            alone = Bench(task, bars).piece([number])[0]
            assert [np.asarray(each).tolist() for each in found[2:9]] == [
                np.asarray(each).tolist() for each in alone[2:9]
            ]
            assert (found[:2], found[9:]) == (alone[:2], alone[9:])
            trades += 0 if found.exact else len(found.bar)
            sides.add(found.sides)
    assert trades > 100
    assert (1, -1) in sides


@pytest.mark.parametrize(
    "levels",
    [
        "targets: [50% at entry +0.6%, rest at entry +1.2%]",
        "targets: [{price: 1R, close: 50%, stop: entry +0.1%}, rest at 2R]",
        "targets: [{price: +0.5%, close: 50%, stop: breakeven}, {price: breakeven +1%, close: rest}]",
        "targets: [{price: entry +0.4%, close: 50%}, {price: +1%, close: 20%, stop: target 1 -0.1%}, rest at 2R]",
        "targets: [{price: +0.5%, close: 50%, stop: breakeven, trail: 0.7 atr}]",
        "targets: [rest at 2R]\ntime_stop: {after: 90m, unless: 0.5R}",
    ],
)
@pytest.mark.parametrize(
    "tick", ["tick_size: 0.1", "tick_size: 0.25, lot_size: 0.001", "tick_size: 0.1, levels: exact"]
)
@pytest.mark.parametrize("side", ["long", "short"])
def test_levels_that_the_position_decides_lie_on_ticks(levels: str, tick: str, side: str) -> None:
    """What the exact machine puts on a tick once it is known, the kernel does: a venue's tick is one of every plan."""
    if side == "short":
        levels = levels.translate(str.maketrans("+-", "-+"))
    sign = "-" if side == "long" else "+"
    text = (
        f"symbol: X/USDT:USDT\nside: {side}\nleverage: 5\naccount: {{equity: 9000 USDT}}\nsize: 1% risk\n"
        f"tiers: {{from: signal, to: {sign}1%, count: 3}}\nstop: {sign}2%\n{levels}\nsignals: every 40m\n"
        f"instrument: {{{tick}}}\nfees: {{maker: 0.02%, taker: 0.05%}}\n"
    )
    plans = 0
    for seed in range(3):
        bars = drawn_bars(random.Random(f"ticks {seed}"), 250)  # noqa: S311 - drawn, not secret
        found, faults = compared(bench_of(text, bars, BOTH))
        assert not faults, f"seed {seed}:\n{text}\n" + "\n".join(faults)
        plans += found["plans"]
    assert plans > 20 or "exact" in tick


@pytest.mark.parametrize(
    "terms", ["", "maintenance: 0.5%", "venue: {name: v, maintenance: 1%, reserve: 1}", "margin_mode: cross"]
)
def test_extra_margin_is_released_with_what_is_closed(terms: str) -> None:
    """Where nothing says where it is liquidated too: past its bankruptcy the rest loses the rest of it alone."""
    text = (
        "symbol: X/USDT:USDT\nside: long\naccount: {equity: 30000 USDT}\nleverage: 50\nextra_margin: 20 USDT\n"
        f"size: 4 X\ntiers: [signal]\nstop: -6%\ntargets: [40% at +1%]\nsignals: every 40m\n{terms}\n"
    )
    plans = 0
    for seed in range(4):
        bars = drawn_bars(random.Random(f"extra {seed}"), 250)  # noqa: S311 - drawn, not secret
        found, faults = compared(bench_of(text, bars, TOUCH))
        assert not faults, f"seed {seed}:\n{text}\n" + "\n".join(faults)
        plans += found["plans"]
    assert plans > 5


def hand(rows: str) -> Bars:
    """Returns bars of an hour, from rows of four prices."""
    parts = [row.split() for row in rows.split(",")]
    return bars_of(parts, [3_600_000_000_000 * at for at in range(len(parts))], 3_600_000_000_000)


LADDER = (
    "symbol: X/USDT\nside: long\nsize: 2 X\ntiers: [signal, -2%]\nstop: -4%\n"
    "targets: [rest at +4%]\nsignals: every 9h\n"
)


@pytest.mark.parametrize(
    ("rows", "worst", "best"),
    [
        ("100 104 98 101", 4, 10),
        ("100 105 95 100", -6, 10),
        ("100 102 97 99, 95 97 94 96", -8, -8),
        ("100 103 99 99, 97 99 97 98, 105 106 104 105", 13, 13),
    ],
)
def test_the_bars_of_the_contract(rows: str, worst: int, best: int) -> None:
    """Tiers 100 and 98, stop 96, target 104, no costs, filled where price meets them: the four tables of one bar."""
    bars = hand(f"100 100 100 100, {rows}")
    bench = bench_of(LADDER, bars, TOUCH)
    variant = bench.variant(0)
    assert isinstance(variant, Variant)
    found = Kernel(bench.task, bars).run([Tried(0, variant.maker, variant.signals, "every 9h")])[0]
    assert found is not None
    assert (found.worst_net.tolist(), found.best_net.tolist()) == ([worst], [best])


def test_what_is_no_line_in_prices_is_the_exact_machines() -> None:
    """Equal ratios between an ATR and a percentage are no line: the kernel says so, the search goes on."""
    text = LADDER.replace("[signal, -2%]", "{from: signal, to: -2 atr, count: 3, spacing: geometric}")
    bars = drawn_bars(random.Random(1), 120)  # noqa: S311 - drawn, not secret
    bench = bench_of(f"{text}atr: {{bars: 3}}\n".replace("every 9h", "every 20m"), bars)
    variant = bench.variant(0)
    assert isinstance(variant, Variant)
    assert Kernel(bench.task, bars).run([Tried(0, variant.maker, variant.signals, "every 20m")]) == [None]
    assert bench.piece([0])[0].exact


def test_without_a_compiler_the_same_functions_run() -> None:
    """Where numba is not installed, or told to do nothing, the kernel is plain Python."""
    if kernel.COMPILED:
        pytest.skip("numba is installed here")
    assert kernel.same.__module__ == "scaleplan.sweep.kernel"
    assert kernel.same(100.0, 100.0 + 1e-11)
    assert not kernel.same(100.0, 100.0 + 1e-9)
