"""The figures of a backtest, once over the trades' worst results and once over their best; all in R but equity's."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.book.equity import EquityFigures
from scaleplan.book.trades import TradeSide
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.replay.result import Between
from scaleplan.statistics.bootstrap import interval

_NUMBER = re.compile("[0-9]+")


class Interval(NamedTuple):
    """A 95% interval of a mean, in R."""

    low: Decimal
    high: Decimal


class Group(NamedTuple):
    """Trades that have something in common: how many, and their mean R."""

    name: str
    trades: int
    mean_r: Decimal | None


class Metrics(NamedTuple):
    """Figures over the trades of one side; absent where there is no trade, no 1R or too little of it.

    `win_rate` is a ratio; `profit_factor` is the sum of gains over that of losses, `payoff` the mean gain over the mean
    loss. `mae_r` and `mfe_r` are the means of what is sure and of what may be.
    """

    expectancy: Decimal | None
    ci: Interval | None
    win_rate: Decimal | None
    profit_factor: Decimal | None
    payoff: Decimal | None
    tiers_filled: tuple[Group, ...]
    ends: tuple[Group, ...]
    mae_r: Between | None
    mfe_r: Between | None
    expectancy_funded: Decimal | None
    fees: Decimal
    equity: EquityFigures
    #: The mean of the plan's R less that of `lump`, both in the plan's 1R.
    capture: Decimal | None = None


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """Returns the mean of values; absent of none."""
    return sum(values, ZERO) / len(values) if values else None


def interval_of(values: Sequence[Decimal], live: Decimal, seed: int) -> Interval | None:
    """Returns the 95% interval of the mean of values in order of time."""
    found = interval([float(value) for value in values], float(live), seed)
    return None if found is None else Interval(*(Decimal(repr(each)) for each in found))


@exact
def metrics_of(sides: Sequence[TradeSide], live: Decimal, equity: EquityFigures, seed: int) -> Metrics:
    """Returns the figures over trades in order of time."""
    results = [side.r for side in sides]
    known = [value for value in results if value is not None]
    gains, losses = [value for value in known if value > 0], [-value for value in known if value < 0]
    won, lost = mean(gains), mean(losses)
    total_lost = sum(losses, ZERO)
    return Metrics(
        expectancy=mean(known),
        ci=interval_of(known, live, seed),
        win_rate=Decimal(sum(side.result.net > 0 for side in sides)) / len(sides) if sides else None,
        profit_factor=sum(gains, ZERO) / total_lost if total_lost else None,
        payoff=won / lost if won is not None and lost is not None else None,
        tiers_filled=_groups(sides, lambda side: _tiers(side.result.tiers)),
        ends=_groups(sides, lambda side: str(side.result.end)),
        mae_r=_span([side.result.mae_r for side in sides]),
        mfe_r=_span([side.result.mfe_r for side in sides]),
        expectancy_funded=mean([funded for side in sides if (funded := _funded(side)) is not None]),
        fees=sum((side.result.fees for side in sides), ZERO),
        equity=equity,
    )


def _funded(side: TradeSide) -> Decimal | None:
    one_r = side.made.ladder.totals.r
    return None if not one_r or one_r <= 0 else (side.result.net - side.result.funding) / one_r


def _tiers(filled: tuple[int, ...]) -> str:
    if not filled:
        return "none"
    if filled == tuple(range(1, len(filled) + 1)):
        return "1" if len(filled) == 1 else f"1-{len(filled)}"
    return ", ".join(map(str, filled))


def _groups(sides: Sequence[TradeSide], key: Callable[[TradeSide], str]) -> tuple[Group, ...]:
    found = defaultdict[str, list[TradeSide]](list)
    for side in sides:
        found[key(side)].append(side)
    return tuple(
        Group(name, len(found[name]), mean([each.r for each in found[name] if each.r is not None]))
        for name in sorted(found, key=group_order)
    )


def group_order(name: str) -> tuple[list[int], str]:
    """Returns what groups are sorted by: the numbers in their names as numbers, `1-7` before `1-10`."""
    return [int(number) for number in _NUMBER.findall(name)], name


def _span(spans: Sequence[Between | None]) -> Between | None:
    known = [span for span in spans if span is not None]
    least, most = mean([span.least for span in known]), mean([span.most for span in known])
    return None if least is None or most is None else Between(least, most)
