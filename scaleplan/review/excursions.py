"""Excursions: the worst and the best that a trade would have come to, closed at once, while it lasted.

At each fill, and over each bar that lies wholly between two of them: what is held then is closed as taker at the bar's
low and high. A bar inside which something was filled does not say which came first, and is left out. The search among
bars is in doubles; what is found is reckoned with the prices as they were typed.
"""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from scaleplan.bars.store import furthest
from scaleplan.quantity.exact import ZERO
from scaleplan.review import Excursion
from scaleplan.trade import Trade, TradeMoment

if TYPE_CHECKING:
    from scaleplan.bars.records import Bars

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HIGH, _LOW = 1, 2


def excursion_of(trade: Trade, bars: "Bars") -> Excursion | None:
    """Returns the excursion of a trade that is over; absent where the bars begin later than it, or end sooner.

    Who calls it is in the exact context.
    """
    fills = [moment for moment in trade.moments if moment.is_entry or moment.is_exit]
    first, last = (_nanoseconds(moment.at) for moment in (fills[0], fills[-1]))
    step = bars.step_ns
    # The bar that a fill lies in is not wholly inside, and so may be missing.
    if int(bars.time[0]) > first + step or int(bars.time[len(bars) - 1]) + step < last - step:
        return None
    found = [_closed_at(moment, moment.event.price or ZERO) for moment in fills]
    times = bars.time
    used = 0
    for moment, following in pairwise(fills):
        begin = int(times.searchsorted(_nanoseconds(moment.at), side="left"))
        end = int(times.searchsorted(_nanoseconds(following.at) - step, side="right"))
        if begin >= end:
            continue
        used += end - begin
        high = furthest(bars.high, begin, end, 1, bars.release)
        low = furthest(bars.low, begin, end, -1, bars.release)
        found += [_closed_at(moment, bars.exact(high)[_HIGH]), _closed_at(moment, bars.exact(low)[_LOW])]
    inside = int(times.searchsorted(last - step, side="right")) - int(times.searchsorted(first, side="left"))
    return Excursion(min(found), max(found), max(inside - used, 0))


def _closed_at(moment: TradeMoment, price: Decimal) -> Decimal:
    """Returns the whole trade's net result if what is held after a moment is closed at a price."""
    held = moment.state.held
    if not held.position.quantity or price <= 0:
        return moment.booked
    return moment.booked + moment.version.machine.stopped_out(held, price)[1]


def _nanoseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000
