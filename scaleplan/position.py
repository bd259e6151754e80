"""A position is a quantity, what it cost, and the fees paid to enter it.

Linear and spot: quantity `Q` in base, worth `Q*P` in quote at price `P`; inverse: value `N` in quote, worth `N/P` in
coin. With `cost = sum of the fills' worth`, the average entry is `cost/Q` (linear) and `N/cost` (inverse, harmonic),
and both families share one P&L: `slope * (worth(P) - cost)`, where `slope` is the side's sign for linear and its
opposite for inverse (a long gains when the coin that its dollars are worth gets fewer).
Source: the contract specifications of the venues (average entry `sum(q*p)/sum(q)`; inverse `sum(n)/sum(n/p)`,
P&L `s*N*(1/E - 1/P)`). Exact sums are kept and divided only when asked for.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.plan import Contract, Order, Plan
from scaleplan.quantity.exact import ONE, ZERO


class Costs(NamedTuple):
    """What trading costs, as ratios: fee rates on the value traded, slippage on the price of every taker fill."""

    maker: Decimal
    taker: Decimal
    slippage: Decimal

    def rate(self, order: Order) -> Decimal:
        """The fee rate of an order: limit pays maker, stop and market pay taker."""
        return self.maker if order is Order.LIMIT else self.taker

    def entry_price(self, price: Decimal, order: Order, sign: int) -> Decimal:
        """The fill price of an entry at `price`: a limit's own, else worsened by slippage (higher for a long)."""
        return price if order is Order.LIMIT else price * (ONE + sign * self.slippage)

    def exit_price(self, price: Decimal, sign: int, order: Order = Order.STOP) -> Decimal:
        """The fill price of an exit at `price`: a limit's own, else worsened by slippage (lower for a long)."""
        return price if order is Order.LIMIT else price * (ONE - sign * self.slippage)

    def trigger_price(self, fill: Decimal, sign: int) -> Decimal:
        """The stop level whose slipped fill is `fill`: the inverse of `exit_price`."""
        return fill / (ONE - sign * self.slippage)


class Position(NamedTuple):
    """What is held. `quantity` in base (inverse: value in quote), `cost` and `entry_fees` in the settle currency."""

    sign: int
    inverse: bool
    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    entry_fees: Decimal = ZERO

    @property
    def slope(self) -> int:
        """How P&L moves with worth: +1 or -1."""
        return -self.sign if self.inverse else self.sign

    def worth(self, price: Decimal) -> Decimal:
        """The value at `price` in the settle currency: `Q*P`, inverse `N/P`."""
        return self.quantity / price if self.inverse else self.quantity * price

    def price_of(self, worth: Decimal) -> Decimal:
        """The price at which the position is worth `worth` (above zero): the inverse of `worth`."""
        return self.quantity / worth if self.inverse else worth / self.quantity

    @property
    def average_entry(self) -> Decimal:
        """`cost/Q`, inverse `N/cost`: before fees, unrounded."""
        return self.price_of(self.cost)

    @property
    def notional(self) -> Decimal:
        """The value at the average entry in quote: the cost (linear), the value itself (inverse)."""
        return self.quantity if self.inverse else self.cost

    def pnl(self, price: Decimal) -> Decimal:
        """Profit at `price` before fees: `s*Q*(P - E)`, inverse `s*N*(1/E - 1/P)`."""
        return self.slope * (self.worth(price) - self.cost)

    def net(self, price: Decimal, exit_fee: Decimal) -> Decimal:
        """Profit if all is closed at the fill price `price`: P&L less entry fees and the exit fee."""
        return self.pnl(price) - self.entry_fees - exit_fee * self.worth(price)

    def filled(self, price: Decimal, quantity: Decimal, fee: Decimal) -> "Position":
        """The position after a fill of `quantity` at the fill price `price`, at the fee rate `fee`."""
        value = quantity / price if self.inverse else quantity * price
        return Position(
            self.sign, self.inverse, self.quantity + quantity, self.cost + value, self.entry_fees + fee * value
        )

    def part(self, quantity: Decimal) -> "Position":
        """`quantity` of it, with its share of cost and entry fees: the average entry stays."""
        if quantity == self.quantity:
            return self
        return Position(
            self.sign,
            self.inverse,
            quantity,
            self.cost * quantity / self.quantity,
            self.entry_fees * quantity / self.quantity,
        )

    def breakeven(self, exit_fee: Decimal) -> Decimal | None:
        """The exit fill price at which the position nets 0, its entry fees and the exit fee included.

        `slope*(w - cost) - fees - exit_fee*w = 0` solved for the worth `w`; absent where no price does it.
        """
        worth = (self.cost + self.slope * self.entry_fees) / (ONE - self.slope * exit_fee)
        return self.price_of(worth) if worth > 0 else None


def costs_of(plan: Plan) -> Costs:
    """The plan's fees and slippage."""
    return Costs(plan.fees.maker, plan.fees.taker, plan.slippage)


def nothing_held(plan: Plan) -> Position:
    """The position before the first fill."""
    return Position(plan.sign, inverse=plan.contract is Contract.INVERSE)
