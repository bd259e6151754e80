"""One trade reviewed: all that its figures are made of, worked out once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scaleplan.engine.event import EventKind
from scaleplan.engine.holding import bits
from scaleplan.quantity.exact import exact
from scaleplan.review import Excursion, TradeReview
from scaleplan.review.adherence import followed_of
from scaleplan.review.costs import costs_of
from scaleplan.review.lump import lump_of
from scaleplan.review.waterfall import waterfall_of
from scaleplan.trade import Trade
from scaleplan.trade.deviation import Deviation
from scaleplan.trade.kinds import LOCKED_LATE

if TYPE_CHECKING:
    from scaleplan.bars.records import Bars


@exact
def reviewed(
    trade: Trade,
    deviations: Iterable[Deviation],
    silent: frozenset[str] = frozenset(),
    bars: "Bars | None" = None,
    *,
    knows_orders: bool = True,
) -> TradeReview:
    """Returns what a trade that is over came to.

    `silent` are the codes that its locked plan does not want to be told; they count in adherence all the same. Unless
    it `knows_orders`, the order of events was not judged.
    """
    found = tuple(deviations)
    last = next(moment for moment in reversed(trade.moments) if moment.is_exit)
    steps = waterfall_of(trade)
    excursion: Excursion | None = None
    if bars is not None:
        from scaleplan.review.excursions import excursion_of  # noqa: PLC0415 - few ask for bars

        excursion = excursion_of(trade, bars)
    hits = [moment.target for moment in trade.moments if moment.closed is EventKind.TARGET]
    codes = tuple(each.kind.code for each in found)
    return TradeReview(
        number=trade.row.number,
        id=trade.row.id,
        closed_at=last.at,
        zone=last.event.zone,
        symbol=trade.row.symbol,
        settle=trade.plan.settle,
        end=last.closed or EventKind.BY_HAND,
        one_r=trade.one_r,
        net=steps.done,
        steps=steps,
        tiers=bits(last.before.held.filled),
        hits=max(hits, default=0),
        targets=len(last.version.plan.targets),
        lump=lump_of(trade),
        costs=costs_of(trade),
        checks=followed_of(trade, found, knows_orders=knows_orders),
        codes=codes,
        reported=tuple(code for code in codes if code not in silent),
        late=any(each.kind is LOCKED_LATE for each in found),
        stands_in=sum(moment.fee_stands_in for moment in trade.moments),
        excursion=excursion,
    )
