"""The lump: the plan's whole size entered at once, at the first fill's price, and closed wherever the trade was.

At each exit it closes the share of what it holds that the trade closed, at its price and its fee's rate. Scaled so that
the plan's stop costs it 1R, it is compared at the same risk. At a fair price neither is better but by its costs.
"""

from decimal import Decimal

from scaleplan.ladder.totals import whole_quantity
from scaleplan.quantity.exact import ZERO
from scaleplan.review import Lump, result_of
from scaleplan.review.costs import slippage_of
from scaleplan.trade import Trade, TradeMoment


def lump_of(trade: Trade) -> Lump:
    """Returns the lump of a trade that is over. Who calls it is in the exact context."""
    fills = [moment for moment in trade.moments if moment.is_entry or moment.is_exit]
    first = fills[0]
    ladder, price = trade.versions[0].ladder, first.event.price or ZERO
    nothing, plan, costs = ladder.machine.holdings.nothing.position, ladder.machine.plan, ladder.machine.costs
    whole = whole_quantity(plan, tuple(step.fill.wanted for step in ladder.steps), price)
    executed = sum((part.quantity for part in first.parts), ZERO)
    kept = first.state.held.position.quantity
    # A fee in the coin bought is no longer held.
    held = whole if kept == executed else whole * kept / executed
    entry_fee = _part(first.fee, whole, executed)
    position = nothing.bought(price, held, entry_fee)
    left, exits, fees = held, ZERO, entry_fee
    slippage = _part(slippage_of(trade, first), whole, executed)
    for moment in fills:
        if moment.is_exit:
            closed = _closed(moment, left)
            left -= closed
            exits += nothing.value(moment.event.price or ZERO, closed)
            fees += _part(moment.fee, closed, moment.taken)
            slippage += _part(slippage_of(trade, moment), closed, moment.taken)
    net = result_of(nothing.slope, position.cost, exits, fees)
    risk = None if plan.stop is None else -position.net(costs.exit_price(plan.stop, plan.sign), costs.taker)
    one_r = trade.one_r
    scaled = None if risk is None or risk <= 0 or one_r is None or one_r <= 0 else net * one_r / risk
    return Lump(whole, net, scaled, fees + slippage)


def _closed(moment: TradeMoment, left: Decimal) -> Decimal:
    """Returns as large a share of what is left as an exit closed of what was held."""
    held = moment.before.held.position.quantity
    return left if moment.taken == held else left * moment.taken / held


def _part(cost: Decimal, quantity: Decimal, executed: Decimal) -> Decimal:
    """Returns what a quantity costs at the price and the rate of a fill of another."""
    return cost if quantity == executed else cost * quantity / executed
