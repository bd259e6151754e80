"""What a trade paid: fees, slippage, funding.

Slippage is how much worse a fill was than the level that its order was for: a tier's price, a target's, the stop as it
was recorded, else as it was due. What was closed by hand, by the clock, by a trail or by the venue has no such level.
"""

from decimal import Decimal

from scaleplan.engine.event import EventKind
from scaleplan.quantity.exact import ZERO
from scaleplan.review import TradeCosts
from scaleplan.trade import Trade, TradeMoment


def costs_of(trade: Trade) -> TradeCosts:
    """Returns what a trade that is over paid. Who calls it is in the exact context."""
    fees = sum((moment.fee for moment in trade.moments), ZERO)
    slippage = sum((slippage_of(trade, moment) for moment in trade.moments), ZERO)
    return TradeCosts(fees, slippage, trade.funding)


def slippage_of(trade: Trade, moment: TradeMoment) -> Decimal:
    """Returns what a fill was worse by than its level, in settle currency; 0 for what is none or has no level."""
    position, price = moment.before.held.position, moment.event.price or ZERO
    tiers = moment.version.plan.tiers
    found = ZERO
    for part in moment.parts:
        if part.tier is not None and part.tier <= len(tiers):
            level = tiers[part.tier - 1].price
            found += position.slope * (position.value(price, part.quantity) - position.value(level, part.quantity))
    left = _level(trade, moment) if moment.is_exit else None
    if left is not None:
        found -= position.slope * (position.value(price, moment.taken) - position.value(left, moment.taken))
    return found


def _level(trade: Trade, moment: TradeMoment) -> Decimal | None:
    """Returns the level of the order that closed; absent where there is none."""
    machine, state = moment.version.machine, moment.before
    if moment.closed is EventKind.TARGET and 1 <= moment.target <= len(machine.plan.targets):
        level = machine.holdings.lies(state.held, moment.target - 1)
        return level if level > 0 else None
    if moment.closed is not EventKind.STOP:
        return None
    recorded = [stop.price for stop in trade.stops if stop.at <= moment.at]
    if recorded and recorded[-1] is not None:
        return recorded[-1]
    trails = machine.plan.targets and machine.plan.targets[-1].trail is not None
    return None if trails and state.hits == len(machine.plan.targets) else state.stop
