"""Risk is a net loss in money, costs included: what is lost when the stop, or what stands in for it, is hit.

Positive is a loss, negative a locked gain. Funding is no part of it. 1R is what `_r` figures divide by.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.margin import Answer, Liquidation
from scaleplan.engine.position import Costs, Position
from scaleplan.quantity.exact import ZERO


def risk_at_stop(position: Position, stop: Decimal, costs: Costs) -> Decimal:
    """Returns the net loss if stopped at `stop`, worsened by slippage, entry and exit fees included."""
    return -position.net(costs.exit_price(stop, position.sign), costs.taker)


class Abandoned(NamedTuple):
    """What a position without a stop comes to: its net loss, and the exit fee that is part of it."""

    loss: Decimal
    exit_fee: Decimal


def without_stop(
    position: Position, liquidation: Liquidation | None, bankruptcy: Decimal | None, costs: Costs
) -> Abandoned:
    """Returns the net loss without a stop: at the liquidation price, or the whole cost where nothing liquidates.

    Without leverage (`liquidation` absent) it is the whole cost. Where the maintenance rate is unknown the bankruptcy
    price stands in: liquidation comes no later than there.
    """
    price = None
    if liquidation is not None and liquidation.answer is Answer.PRICE:
        price = liquidation.price
    elif liquidation is not None and liquidation.answer is Answer.UNKNOWN:
        price = bankruptcy
    if price is None or price <= 0:
        return Abandoned(position.cost + position.entry_fees, ZERO)
    return Abandoned(-position.net(price, costs.taker), costs.taker.of(position.worth(price), position.quantity))


def in_r(amount: Decimal | None, one_r: Decimal | None) -> Decimal | None:
    """Returns an amount over 1R; absent where 1R is absent or not above zero."""
    if amount is None or one_r is None or one_r <= ZERO:
        return None
    return amount / one_r


def distance_r(price: Decimal, average: Decimal, stop: Decimal | None, sign: int) -> Decimal | None:
    """Returns a price as a distance in R: its distance from the average over that of the plan's stop."""
    if stop is None or stop == average:
        return None
    return sign * (price - average) / abs(average - stop)
