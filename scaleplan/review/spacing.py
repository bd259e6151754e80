"""Spacing: what scaling in brought beside the whole size at once, trade by trade, at the same size and the same risk.

Trades that were stopped stand apart: scaling loses less there, and where price runs at once it wins less.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import EventKind
from scaleplan.quantity.exact import ZERO
from scaleplan.review import TradeReview
from scaleplan.statistics.intervals import MeanInterval, mean_interval


class SpacingGroup(NamedTuple):
    """Trades of one end: the sums of their results in R, and of those of the lump at the same size and the same risk.

    The last is absent where nothing says what it would be of some of them.
    """

    end: str
    trades: int
    scaled: Decimal
    same_size: Decimal
    same_risk: Decimal | None


class LumpComparison(NamedTuple):
    """Whether scaling paid: R less the lump's, trade by trade, in groups by their end and over all.

    `at_fair` is what the difference at the same size would be a trade at a fair price: minus that in costs. Trades of
    which nothing says what the lump would be at the same risk are no part of that.
    """

    groups: tuple[SpacingGroup, ...]
    all: SpacingGroup
    same_size: MeanInterval
    same_risk: MeanInterval | None
    at_fair: Decimal


def compared(trades: Sequence[TradeReview]) -> LumpComparison | None:
    """Returns how trades that have a 1R compare with their lumps; absent without any."""
    size = [trade.in_r_or_0(trade.net) - trade.in_r_or_0(trade.lump.same_size) for trade in trades]
    both = [trade for trade in trades if trade.lump.same_risk is not None]
    risk = [trade.in_r_or_0(trade.net) - trade.in_r_or_0(trade.lump.same_risk or ZERO) for trade in both]
    costs = [trade.in_r_or_0(trade.lump.costs - trade.costs.fees - trade.costs.slippage) for trade in trades]
    same_size = mean_interval(size)
    ends = (
        ("stopped", (EventKind.STOP,)),
        ("liquidated", (EventKind.LIQUIDATION,)),
        ("others", tuple(kind for kind in EventKind if kind not in (EventKind.STOP, EventKind.LIQUIDATION))),
    )
    groups = (_group(name, [trade for trade in trades if trade.end in kinds]) for name, kinds in ends)
    if same_size is None:
        return None
    return LumpComparison(
        tuple(group for group in groups if group.trades),
        _group("all", trades),
        same_size,
        mean_interval(risk),
        sum(costs, ZERO) / len(costs),
    )


def _group(end: str, trades: Sequence[TradeReview]) -> SpacingGroup:
    risks = [trade.in_r(trade.lump.same_risk) for trade in trades]
    known = [risk for risk in risks if risk is not None]
    return SpacingGroup(
        end,
        len(trades),
        sum((trade.in_r_or_0(trade.net) for trade in trades), ZERO),
        sum((trade.in_r_or_0(trade.lump.same_size) for trade in trades), ZERO),
        sum(known, ZERO) if len(known) == len(risks) else None,
    )
