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


class Charge(NamedTuple):
    """What one fill costs in settle currency: a rate on its value, an amount a unit of quantity, and one a fill."""

    rate: Decimal
    per_unit: Decimal = ZERO
    per_order: Decimal = ZERO

    def fixed(self, quantity: Decimal) -> Decimal:
        """The part that the price does not change."""
        return self.per_unit * quantity + self.per_order

    def of(self, value: Decimal, quantity: Decimal) -> Decimal:
        """The fee of a fill of `quantity` that is worth `value`."""
        fee = self.rate * value
        return fee + self.fixed(quantity) if self.per_unit or self.per_order else fee


NO_CHARGE = Charge(ZERO)


class Costs(NamedTuple):
    """What trading costs: the charges of maker and taker fills, and how much worse than its level a fill is.

    `slippage` (a ratio of price) and `slippage_price` (an amount of it) fall on taker fills, `half_spread` (an amount
    of price) on every fill.
    """

    maker: Charge
    taker: Charge
    slippage: Decimal = ZERO
    slippage_price: Decimal = ZERO
    half_spread: Decimal = ZERO

    def charge(self, order: Order) -> Charge:
        """The charge of an order: limit pays maker, stop and market pay taker."""
        return self.maker if order is Order.LIMIT else self.taker

    def entry_price(self, price: Decimal, order: Order, sign: int) -> Decimal:
        """The fill price of an entry at `price`: a limit's own, else worsened by slippage (higher for a long)."""
        return self._worse(price, order, sign)

    def exit_price(self, price: Decimal, sign: int, order: Order = Order.STOP) -> Decimal:
        """The fill price of an exit at `price`: a limit's own, else worsened by slippage (lower for a long)."""
        return self._worse(price, order, -sign)

    def trigger_price(self, fill: Decimal, sign: int, order: Order = Order.STOP) -> Decimal:
        """The level of an exit whose fill is `fill`: the inverse of `exit_price`."""
        if order is Order.LIMIT:
            return fill + sign * self.half_spread if self.half_spread else fill
        return (fill + sign * (self.slippage_price + self.half_spread)) / (ONE - sign * self.slippage)

    def _worse(self, price: Decimal, order: Order, way: int) -> Decimal:
        """`price` moved `way` (+1 up) by the spread, and by the slippage of a taker fill."""
        if order is Order.LIMIT:
            return price + way * self.half_spread if self.half_spread else price
        return price * (ONE + way * self.slippage) + way * (self.slippage_price + self.half_spread)


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

    def net(self, price: Decimal, charge: Charge) -> Decimal:
        """Profit if all is closed at the fill price `price`: P&L less entry fees and the exit's charge."""
        return self.pnl(price) - self.entry_fees - charge.of(self.worth(price), self.quantity)

    def value(self, price: Decimal, quantity: Decimal) -> Decimal:
        """The value of a fill of `quantity` at `price` in the settle currency."""
        return quantity / price if self.inverse else quantity * price

    def filled(self, price: Decimal, quantity: Decimal, charge: Charge) -> "Position":
        """The position after a fill of `quantity` at the fill price `price`."""
        return self.bought(price, quantity, charge.of(self.value(price, quantity), quantity))

    def bought(self, price: Decimal, quantity: Decimal, fee: Decimal) -> "Position":
        """The position after a fill of `quantity` at the fill price `price`, for a fee."""
        cost = self.cost + self.value(price, quantity)
        return Position(self.sign, self.inverse, self.quantity + quantity, cost, self.entry_fees + fee)

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

    def without(self, quantity: Decimal) -> "Position":
        """What is left after `quantity` of it is closed: the average entry stays."""
        if quantity == self.quantity:
            return self._replace(quantity=ZERO, cost=ZERO, entry_fees=ZERO)
        return self.part(self.quantity - quantity)

    def breakeven(self, charge: Charge, realized: Decimal = ZERO) -> Decimal | None:
        """The exit fill price at which the position nets 0, its entry fees and the exit's charge included.

        With `realized` it is the whole trade that nets 0, of which so much was won before.

        `slope*(w - cost) - fees - fixed - rate*w = 0` solved for the worth `w`; absent where no price does it.
        """
        paid = self.entry_fees + charge.fixed(self.quantity) - realized
        worth = (self.cost + self.slope * paid) / (ONE - self.slope * charge.rate)
        return self.price_of(worth) if worth > 0 else None


def costs_of(plan: Plan) -> Costs:
    """The plan's fees, slippage and spread; a fee for each contract as one for each unit of quantity."""
    maker, taker, _, per_contract, per_order = plan.fees
    per_unit = per_contract / (plan.instrument.contract_size or ONE) if per_contract else ZERO
    return Costs(
        Charge(maker, per_unit, per_order),
        Charge(taker, per_unit, per_order),
        plan.slippage,
        plan.slippage_price,
        plan.spread / 2 if plan.spread else ZERO,
    )


def contracts_of(plan: Plan, quantity: Decimal) -> Decimal:
    """A quantity as a number of contracts; where nothing says how much one is, each unit is one."""
    return quantity / (plan.instrument.contract_size or ONE)


def nothing_held(plan: Plan) -> Position:
    """The position before the first fill."""
    return Position(plan.sign, inverse=plan.contract is Contract.INVERSE)
