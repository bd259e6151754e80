"""Whether bounds from coarse bars hold those from finer ones: `python tests/benchmarks/bounds.py BARS [BARS ...]`.

It needs the extra `replay`, and minute bars that you have: real ones jump between one bar and the next. Each bundled
template, as written (time stop, expiry and funding with it: that part is counted alone) and without what time brings,
plain and with forty times leverage beside a mark price, is made a plan at the last minute before every so many days,
and replayed from that midnight on bars of 1, 5, 15 and 60 minutes, of four hours and of a day, all made of the minutes.

For every pair of those the law says: the worst of the coarser is no better, its best no worse, but by the sum of (jump
between finer bars inside one coarse bar times the most that is held). What passes a bound at all is counted, what
passes it by more than that sum is listed, and ends the script with 1.
"""

import argparse
import sys
from collections import Counter
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scaleplan.bars import read_bars
from scaleplan.bars.funding import smallest_step
from scaleplan.bars.indicators import BarSignal
from scaleplan.bars.records import BarArrays, BarDecimals, Bars
from scaleplan.quantity.exact import ZERO
from scaleplan.replay import Manner, Replayed, Tape, replayed
from scaleplan.study import Session, Settings
from scaleplan.template.maker import Made, Maker

MINUTES = (1, 5, 15, 60, 240, 1440)
_MINUTE = 60_000_000_000
TEMPLATES = Path(__file__).parents[2] / "plans" / "templates"
#: What rounding leaves of a value.
_ROUNDING = Decimal("1e-9")
#: The bars of the mean that stands for a mark price.
_MEAN = 5
_RATE = Decimal("0.0001")


class Case(NamedTuple):
    """How a template is tried: its name, its text, whether beside a mark price, whether with what time brings."""

    name: str
    text: str
    marked: bool
    timed: bool


def coarser(bars: Bars, minutes: int) -> Bars:
    """Returns bars of so many minutes, from 00:00 UTC, made of minutes; each opens and closes where they do."""
    if minutes == 1:
        return bars
    size = minutes * _MINUTE
    blocks = bars.time // size
    starts = np.flatnonzero(np.r_[True, blocks[1:] != blocks[:-1]])
    stops = np.r_[starts[1:], len(bars)]
    highs = [int(start + bars.high[start:stop].argmax()) for start, stop in zip(starts, stops, strict=True)]
    lows = [int(start + bars.low[start:stop].argmin()) for start, stop in zip(starts, stops, strict=True)]

    def exact(index: int) -> BarDecimals:
        high, low = bars.exact(highs[index])[1], bars.exact(lows[index])[2]
        return bars.exact(int(starts[index]))[0], high, low, bars.exact(int(stops[index]) - 1)[3]

    arrays = BarArrays(
        blocks[starts] * size, bars.open[starts], bars.high[highs], bars.low[lows], bars.close[stops - 1]
    )
    return Bars(arrays, size, exact)


def marked(bars: Bars, step: Decimal) -> Bars:
    """Returns minutes of a price that follows the last one: the mean of five closes, as a mark price does."""
    size = float(step)
    means = np.convolve(np.r_[[bars.open[0]] * (_MEAN - 1), bars.close], np.ones(_MEAN) / _MEAN, "valid")
    close = np.rint(means / size)
    first = np.r_[close[0], close[:-1]]
    prices = [first, np.maximum(first, close), np.minimum(first, close), close]

    def exact(index: int) -> BarDecimals:
        one, two, three, four = (int(each[index]) * step for each in prices)
        return one, two, three, four

    return Bars(BarArrays(bars.time, *(each * size for each in prices)), bars.step_ns, exact)


def cases(tick: Decimal) -> list[Case]:
    """Returns the ways in which templates are tried."""
    found = []
    for path in sorted(TEMPLATES.glob("*.yaml")):
        text = path.read_text(encoding="utf-8") + f"instrument: {{tick_size: {tick:f}}}\n"
        found += [Case(path.stem, text, marked=False, timed=timed) for timed in (False, True)]
        if "leverage: 5" in text:
            many = text.replace("leverage: 5", "leverage: 40").replace("0.5%", "1%", 1)
            far = many.replace("stop: -3 atr", "stop: -9 atr").replace("stop: -2 atr\n", "stop: -9 atr\n")
            found += [Case(f"{path.stem} at 40x by mark", far, marked=True, timed=False)]
    return found


def jumps_inside(fine: Bars, coarse: Bars, start: int) -> Decimal:
    """Returns the sum of jumps between fine bars of one coarse bar, from a bar on."""
    size = coarse.step_ns
    inside = (fine.time[1:] // size == fine.time[:-1] // size)[start:]
    jumps = np.abs(fine.open[1:] - fine.close[:-1])[start:]
    return Decimal(repr(float(jumps[inside].sum())))


def plans_of(case: Case, bars: Bars, every: int) -> list[tuple[int, Made]]:
    """Returns the plans of a template at the last minutes before midnights, with these midnights."""
    session = Session(Settings(with_policies=False))
    template = session.read(f"{case.name}.yaml", case.text.encode()).reading.template
    if template is None:
        raise AssertionError("a bundled template is one")
    maker = Maker(f"{case.name}.yaml", template, bars, session)
    days = bars.time // (1440 * _MINUTE)
    firsts = (np.flatnonzero(days[1:] != days[:-1]) + 1)[::every].tolist()
    found = []
    for number, first in enumerate(firsts):
        made = maker.made(BarSignal(first - 1, 1 if number % 2 == 0 else -1))
        if isinstance(made, Made):
            plan = made.plan if case.timed else made.plan._replace(time_stop=None, expires=None)
            found.append((int(bars.time[first] // (1440 * _MINUTE)), made._replace(plan=plan)))
    return found


def tried(path: str, every: int) -> int:
    """Tries the law on one file. Returns how many pairs passed it by more than jumps allow."""
    minutes = read_bars(path).bars
    if minutes is None or minutes.step_ns != _MINUTE:
        raise SystemExit(f"{path}: no minute bars, or something is wrong with them")
    step = smallest_step(minutes)
    series = [coarser(minutes, size) for size in MINUTES]
    marks = [coarser(marked(minutes, step), size) for size in MINUTES]
    funding = tuple(
        (time, _RATE)
        for time in range(int(minutes.time[0]) // (480 * _MINUTE) * 480 * _MINUTE, int(minutes.time[-1]), 480 * _MINUTE)
    )
    print(f"{path}: {len(minutes):,} minutes, step {step:f}")
    wrong = 0
    for case in cases(step):
        counts: Counter[str] = Counter()
        undecided: Counter[int] = Counter()
        ends: Counter[str] = Counter()
        most = ZERO
        for day, made in plans_of(case, minutes, every):
            found: list[Replayed] = []
            for bars, mark in zip(series, marks, strict=True):
                start = int(np.searchsorted(bars.time, day * 1440 * _MINUTE))
                tape = Tape(bars, (), mark if case.marked else None, funding)
                found.append(replayed(made.plan, made.ladder, tape, Manner(through=step), start))
            counts["plans"] += 1
            ends[str(found[0].worst.end)] += 1
            for size, each in zip(MINUTES, found, strict=True):
                undecided[size] += each.undecided
            for fine, coarse in combinations(range(len(MINUTES)), 2):
                low, high = found[coarse].worst.result.net, found[coarse].best.result.net
                past = max(low - found[fine].worst.result.net, found[fine].best.result.net - high)
                counts["pairs"] += 1
                if past <= _ROUNDING * made.ladder.totals.notional:
                    continue
                counts["passed"] += 1
                held = sum(made.ladder.machine.quantities, ZERO)
                start = found[fine].start
                allowed = jumps_inside(series[fine].part(0, found[fine].last + 2), series[coarse], start) * held
                most = max(most, past / made.ladder.totals.r if made.ladder.totals.r else ZERO)
                if past > allowed and not case.timed:
                    wrong += 1
                    pair = f"{MINUTES[coarse]} and {MINUTES[fine]} minutes"
                    print(f"  WRONG {case.name}: {pair}, day {day}: past by {past:.6g}, jumps allow {allowed:.6g}")
        open_now = ", ".join(f"{size}m {undecided[size]}" for size in MINUTES)
        words = f"{case.name}{', with what time brings' if case.timed else ''}: {counts['plans']} plans"
        passed = f"{counts['passed']} of {counts['pairs']} pairs pass a bound, by {most:.4f} R at most"
        print(f"  {words}, {passed}; undecided: {open_now}; {dict(ends)}")
    return wrong


def main() -> int:
    """Tries each file, and returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bars", nargs="+", help="minute bars")
    parser.add_argument("--every", type=int, default=1, help="begin a plan every so many days")
    asked = parser.parse_args()
    return int(sum(tried(path, asked.every) for path in asked.bars) > 0)


if __name__ == "__main__":
    sys.exit(main())
