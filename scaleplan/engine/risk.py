"""Risk is a net loss in money, costs included: what is lost when the stop, or what stands in for it, is hit.

Positive is a loss, negative a locked gain. Funding is no part of it. 1R is what `_r` figures divide by.
"""

from decimal import Decimal

from scaleplan.engine.margin import Answer, lost_account
from scaleplan.engine.position import Costs, Position
from scaleplan.plan import Contract, MarginMode, Plan
from scaleplan.quantity.exact import ZERO


def risk_at_stop(position: Position, stop: Decimal, costs: Costs) -> Decimal:
    """Returns the net loss if stopped at `stop`, worsened by slippage, entry and exit fees included."""
    return -position.net(costs.exit_price(stop, position.sign), costs.taker)


def lost_margin(plan: Plan, position: Position, margin: Decimal, realized: Decimal) -> Decimal | None:
    """Returns the net result if the money behind a leveraged position is lost: its margin and the entry fees paid.

    Cross margin is the account's, `realized` the result of the exits so far; absent where the account has no equity.
    """
    if plan.margin_mode is MarginMode.CROSS:
        return lost_account(plan, position.entry_fees, realized)
    return -margin - position.entry_fees


def abandoned(
    plan: Plan, position: Position, margin: Decimal, liquidation: Answer, realized: Decimal = ZERO
) -> Decimal | None:
    """Returns the net result at worst if nothing but a liquidation ends a position.

    That is its whole cost on spot, and where margin covers it to zero; else the margin behind it, also where it is not
    known at which price that goes.
    """
    whole = covered(plan, position, liquidation)
    return -position.cost - position.entry_fees if whole else lost_margin(plan, position, margin, realized)


def covered(plan: Plan, position: Position, liquidation: Answer) -> bool:
    """Returns whether a position without a stop can lose its whole cost: nothing takes it over on the way."""
    return plan.contract is Contract.SPOT or (liquidation is Answer.NONE and position.slope > 0)


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
