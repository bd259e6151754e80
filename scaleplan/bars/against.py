"""Bars held against what they are walked for: a plan's prices and tick, and the bars over finer ones."""

from collections.abc import Callable
from decimal import Decimal

import numpy as np

from scaleplan.bars import kinds
from scaleplan.bars.judge import Findings, LinesFound
from scaleplan.bars.records import Bars
from scaleplan.bars.store import furthest, stretches
from scaleplan.diagnostic import Diagnostic, Severity


def against_plan(
    name: str, bars: Bars, text: Callable[[int], str], price: Decimal, tick: Decimal | None
) -> tuple[Diagnostic, ...]:
    """Returns what of bars does not fit a plan: its first price outside all of them, prices off its tick."""
    findings = Findings(name, text)
    first = bars.line_of(0) - 1
    high = bars.exact(furthest(bars.high, 0, len(bars), 1, bars.release))[1]
    low = bars.exact(furthest(bars.low, 0, len(bars), -1, bars.release))[2]
    if not low <= price <= high:
        message = f"the plan's first price, {price:f}, lies outside of all bars: {low:f} to {high:f}"
        findings.add(kinds.OFF_SCALE, first, message, "is it the same market, in the same unit?")
    if tick:
        off = _off_tick(bars, tick)
        if off:
            message = f"{off:,} of {4 * len(bars):,} prices are no multiple of the tick {tick:f}"
            findings.add(kinds.OFF_TICK, first, message, "nothing, if another venue's prices are meant")
    return findings.listed()


def _off_tick(bars: Bars, tick: Decimal) -> int:
    size = float(tick)
    count = 0
    for part in stretches(len(bars)):
        for prices in (bars.open, bars.high, bars.low, bars.close):
            ticks = prices[part] / size
            # Doubles tell a tick from none but for the last of their digits.
            count += int(np.count_nonzero(np.abs(ticks - np.rint(ticks)) > 1e-9 * np.maximum(1, np.abs(ticks))))
        bars.release()
    return count


def against_finer(name: str, bars: Bars, text: Callable[[int], str], finer: Bars) -> tuple[Diagnostic, ...]:
    """Returns where finer bars that cover a bar without a hole do not add up to it."""
    starts = np.searchsorted(finer.time, bars.time)
    stops = np.searchsorted(finer.time, bars.time + bars.step_ns)
    whole = np.flatnonzero((stops - starts) * finer.step_ns == bars.step_ns)
    if not len(whole):
        return ()
    begins, ends = starts[whole], stops[whole]
    edges = np.ravel(np.column_stack((begins, ends)))
    # The end of the last stretch may lie behind the last bar.
    edges = edges[:-1] if edges[-1] == len(finer) else edges
    highs = np.maximum.reduceat(finer.high, edges)[::2]
    lows = np.minimum.reduceat(finer.low, edges)[::2]
    wrong = (
        (highs != bars.high[whole])
        | (lows != bars.low[whole])
        | (finer.open[begins] != bars.open[whole])
        | (finer.close[ends - 1] != bars.close[whole])
    )
    if not wrong.any():
        return ()
    findings = Findings(name, text)
    lines = LinesFound()
    lines.add(whole[wrong], lambda bar: bars.line_of(bar) - 1)
    message = "the finer bars inside it do not add up to it; they are followed"
    help = "give bars and finer bars of one source"
    findings.each(kinds.FINER_DISAGREES, lines, message, help, Severity.WARNING)
    finer.release()
    return findings.listed()
