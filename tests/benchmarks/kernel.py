"""Whether fast equals exact on bars that you have: `python tests/benchmarks/kernel.py BARS [BARS ...]`.

It needs the extra `replay`; with `sweep` the kernel is compiled, and `NUMBA_DISABLE_JIT=1` tries the same functions as
they stand. On minutes, and on bars of 5, 15 and 60 minutes and of four hours made of them, random templates as those of
the tests, their prices and quantities on the scale of the series, are traded at some neighbouring signals by kernel and
exact machine, until there are `--plans` of each series; and the bundled templates are, each with its levels varied.

Whatever differs by more than 1e-9 of a plan's size is listed, and ends the script with 1.
"""

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from math import floor, log10
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from scaleplan.bars import read_bars  # noqa: E402 - the tests' own helpers lie beside the package
from scaleplan.bars.funding import smallest_step  # noqa: E402
from scaleplan.bars.records import Bars  # noqa: E402
from scaleplan.book.rules import Rules  # noqa: E402
from scaleplan.quantity.exact import exact  # noqa: E402
from scaleplan.replay import LimitFills, Manner  # noqa: E402
from scaleplan.study import Settings  # noqa: E402
from scaleplan.sweep import kernel  # noqa: E402
from scaleplan.sweep.fast import Kernel, Tried  # noqa: E402
from scaleplan.sweep.records import BarsPlace, Task  # noqa: E402
from scaleplan.sweep.search import Bench, Variant, trades_of  # noqa: E402
from scaleplan.sweep.vary import Axis, VariantGrid, grid_of, read_axis  # noqa: E402
from tests.benchmarks.bounds import coarser  # noqa: E402
from tests.random_templates import drawn_template  # noqa: E402

MINUTES = (1, 5, 15, 60, 240)
#: Neighbouring signals of a random template that are traded.
SIGNALS = 10
TEMPLATES = ROOT / "plans" / "templates"
#: What is varied of each bundled template.
VARIED = {
    "breakout-pyramid": ("stop=-1 atr..-3 atr by 0.5 atr", "targets[0].trail=1 atr..4 atr by 1 atr"),
    "dips-by-atr": (
        "tiers.to=-1 atr..-2.5 atr by 0.5 atr",
        "targets[0].price=entry +0.5 atr..entry +2.5 atr by 0.5 atr",
    ),
    "range-ladder": ("stop=-1.5%..-3.5% by 0.5%", "tiers.to=-0.6%..-1.2% by 0.2%"),
}
#: A price or a quantity in a random template, which are written for a price of about 1,000.
_PRICE = re.compile(r"(?<![\w.])([0-9.]+)(?= points)|(?<=tick_size: )([0-9.]+)")
_QUANTITY = re.compile(r"(?<![\w.])([0-9.]+)(?= X)|(?<=lot_size: )([0-9.]+)|(?<=contract_size: )(0\.1)")


def scaled(text: str, price: float) -> str:
    """Returns a random template with prices and quantities that suit a series of about this price."""
    power = floor(log10(price / 1000) + 0.5)

    def times(match: re.Match[str], by: int) -> str:
        return f"{Decimal(match[0]).scaleb(by):f}"

    return _QUANTITY.sub(lambda match: times(match, -power), _PRICE.sub(lambda match: times(match, power), text))


def bench_of(text: str, grid: VariantGrid, bars: Bars, manner: Manner, rules: Rules, seed: int) -> Bench:
    """Returns a bench of a template."""
    place = BarsPlace("", (), "", "", len(bars), bars.step_ns)
    return Bench(Task("t.yaml", text.encode(), Settings(), {}, grid, None, rules, manner, seed, place), bars)


@exact
def compared(bench: Bench, number: int | None, dice: random.Random | None) -> tuple[Counter[str], tuple[str, ...]]:
    """Runs a variant both ways, at some signals that dice choose. Returns what was counted, and where they differ."""
    variant = bench.variant(number)
    if not isinstance(variant, Variant) or not variant.signals:
        return Counter({"no template or no signal": 1}), ()
    if dice is not None:
        start = dice.randrange(len(variant.signals))
        variant = variant._replace(signals=variant.signals[start : start + SIGNALS])
    tried = Tried(0, variant.maker, variant.signals, variant.rule.text)
    fast = Kernel(bench.task, bench.bars).run([tried])[0]
    if fast is None:
        return Counter({"templates that are the exact machine's": 1}), ()
    book = bench.book(variant)
    found = trades_of(0, variant, book)
    counts = Counter(
        {
            "templates": 1,
            "plans": found.counts["taken"],
            "trades": len(found.bar),
            "undecided": int((found.worst_net != found.best_net).sum()),
            "no plans": sum(found.no_plan.values()),
        }
    )
    faults = bench.compared(fast, found, book)
    if abs(fast.live - found.live) > 1e-9:
        faults = (*faults, f"live {fast.live} by the kernel, {found.live}")
    return counts, faults


def drawn(series: list[Bars], step: Decimal, plans: int, first: int) -> Iterator[tuple[str, Counter[str], list[str]]]:
    """Yields random templates: what was counted of each and where kernel and exact machine differ."""
    done, seed = 0, first
    while done < plans:
        seed += 1
        dice = random.Random(f"bars {seed}")  # noqa: S311 - drawn, not secret
        bars = dice.choice(series)
        text = scaled(drawn_template(dice), float(bars.close[len(bars) // 2]))
        worlds = dice.choice([(LimitFills.TOUCH,), (LimitFills.TOUCH, LimitFills.THROUGH), (LimitFills.THROUGH,)])
        rules = Rules(dice.choice([1, 1, 2, None]), at_close=dice.random() < 0.2)
        bench = bench_of(text, VariantGrid((), (0,)), bars, Manner(worlds, step), rules, seed)
        counts, faults = compared(bench, 0, dice)
        done += counts["plans"]
        yield f"seed {seed}, {bars.step_ns // 60_000_000_000} minutes", counts, [*faults, text] if faults else []


def bundled(series: list[Bars], step: Decimal) -> Iterator[tuple[str, Counter[str], list[str]]]:
    """Yields each variant of the bundled templates, on bars of each length."""
    for path in sorted(TEMPLATES.glob("*.yaml")):
        text = path.read_text(encoding="utf-8") + f"instrument: {{tick_size: {step:f}}}\n"
        grid = grid_of(tuple(axis for each in VARIED[path.stem] if isinstance(axis := read_axis(each), Axis)), None, 0)
        if isinstance(grid, str):
            raise TypeError(grid)
        for bars in series:
            bench = bench_of(text, grid, bars, Manner((LimitFills.TOUCH, LimitFills.THROUGH), step), Rules(), 0)
            for number in grid.numbers:
                counts, faults = compared(bench, number, None)
                yield f"{path.stem} {grid.settings(number)}", counts, list(faults)


def tried(path: str, plans: int, first: int) -> int:
    """Tries the law on one file. Returns how many templates differ."""
    minutes = read_bars(path).bars
    if minutes is None or minutes.step_ns != 60_000_000_000:
        raise SystemExit(f"{path}: no minute bars, or something is wrong with them")
    step = smallest_step(minutes)
    series = [coarser(minutes, size) for size in MINUTES]
    print(f"{path}: {len(minutes):,} minutes, step {step:f}; compiled {kernel.COMPILED}", flush=True)
    wrong = 0
    for name, found in (("random", drawn(series, step, plans, first)), ("bundled", bundled(series, step))):
        total: Counter[str] = Counter()
        begun = time.monotonic()
        for at, (words, counts, faults) in enumerate(found, start=1):
            total += counts
            if faults:
                wrong += 1
                print(f"  WRONG {words}: " + "\n    ".join(faults), flush=True)
            if at % 500 == 0:
                print(f"  {name}, {time.monotonic() - begun:.0f} s: {dict(total)}", flush=True)
        print(f"  {name}: {dict(total)}, in {time.monotonic() - begun:.0f} s; {wrong} wrong", flush=True)
    return wrong


def main() -> int:
    """Tries each file, and returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bars", nargs="+", help="minute bars")
    parser.add_argument("--plans", type=int, default=10_000, help="how many plans of random templates a series")
    parser.add_argument("--first", type=int, default=0, help="the seed to begin behind")
    asked = parser.parse_args()
    return int(sum(tried(path, asked.plans, asked.first) for path in asked.bars) > 0)


if __name__ == "__main__":
    sys.exit(main())
