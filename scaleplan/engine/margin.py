"""Margin and liquidation: one equation covers the venues.

A position is liquidated at the mark price `P` where

    M + PnL(P) = rate * V - deduction + closing_fee * V(P) + reserve

`M` is the money behind the position, `V(P)` its value at `P` in the settle currency, `V` that same value where the
venue takes maintenance on the mark value, or the value at the average entry where it takes it on the entry value.
With the worth `w = V(P)` as the unknown and `PnL = slope * (w - cost)` the equation is linear in `w` for linear and
inverse alike:

    mark:   w * (slope - rate - closing_fee) = slope * cost - M - deduction + reserve
    entry:  w * (slope - closing_fee) = slope * cost - M + (rate * cost - deduction) + reserve

Where brackets go by a value that moves with the price, the maintenance margin is the maximum over brackets of
`rate * w - deduction` (deductions make it continuous and convex), so every bracket is solved and the price nearest the
entry kept. Where they go by something that price does not move (contracts, entry value, an inverse position's notional,
a linear position's coin), one bracket is fixed.

Past the end of a closed last bracket nothing says what is asked for. A position that is opened there, or that would get
there before the price found, has an unknown liquidation price; in the second case it is not before the price at which
the table ends.
Sources: the venues' published formulas; the closed forms agree with bisection of the equation (tests hold it).
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.engine.levels import reached
from scaleplan.engine.position import Position, contracts_of
from scaleplan.plan import Bracket, BracketBy, Contract, MaintenanceOn, MarginMode, MarginModel, Plan
from scaleplan.quantity.exact import ONE, ZERO, above


class Answer(StrEnum):
    """The three answers to "where is it liquidated", told apart everywhere."""

    PRICE = "price"
    NONE = "none"
    UNKNOWN = "unknown"


class Liquidation(NamedTuple):
    """Where a position is liquidated, absent unless that is the answer; `bracket` counts from 1 and decides it.

    `past_end` tells that it is unknown because the brackets end too early: at entry, or on the way at `not_before`, the
    price up to which none comes.
    """

    answer: Answer
    price: Decimal | None = None
    bracket: int = 0
    past_end: bool = False
    not_before: Decimal | None = None

    def not_before_stop(self, stop: Decimal | None, sign: int) -> bool:
        """Whether price meets a stop before the brackets end, which proves that no liquidation comes first."""
        return stop is not None and self.not_before is not None and reached(self.not_before, stop, sign)


NO_LIQUIDATION = Liquidation(Answer.NONE)
UNKNOWN_LIQUIDATION = Liquidation(Answer.UNKNOWN)


class MaintenanceLine(NamedTuple):
    """Maintenance margin as a line in the position's value: `rate * V - deduction`, of bracket `number`."""

    rate: Decimal
    deduction: Decimal
    number: int


def maintenance_lines(
    position: Position, model: MarginModel, contract_size: Decimal | None
) -> tuple[MaintenanceLine, ...]:
    """The lines whose maximum is the maintenance margin: one where the bracket is fixed, else one a bracket."""
    if model.per_contract:
        # A fixed amount for each contract moves with nothing but the number of them.
        return (MaintenanceLine(ZERO, -model.per_contract * position.quantity / (contract_size or ONE), 1),)
    if len(model.brackets) == 1:
        # A single rate's deduction is written in the settle currency, as it stands in the equation.
        return (MaintenanceLine(model.brackets[0].rate, model.brackets[0].deduction, 1),)
    moves = _goes_by_value(position, model)
    if moves and model.maintenance_on is MaintenanceOn.MARK:
        return tuple(
            MaintenanceLine(bracket.rate, bracket.deduction, number)
            for number, bracket in enumerate(model.brackets, start=1)
        )
    measure = measured(position, model, contract_size)
    number = bracket_of(model.brackets, measure)
    bracket = model.brackets[number - 1]
    if moves:
        return (MaintenanceLine(bracket.rate, bracket.deduction, number),)
    # The deduction counts in the bracket's unit; as a share of the measure it is a share of any value of the position.
    return (MaintenanceLine(bracket.rate - bracket.deduction / measure, ZERO, number),)


def _goes_by_value(position: Position, model: MarginModel) -> bool:
    """Whether the brackets count the position's value in settle currency, which moves with price."""
    return model.bracket_by is (BracketBy.COIN if position.inverse else BracketBy.NOTIONAL)


def measured(position: Position, model: MarginModel, contract_size: Decimal | None) -> Decimal:
    """Returns the position, at its average entry, in what the brackets go by."""
    if _goes_by_value(position, model):
        return position.cost
    if model.bracket_by is BracketBy.CONTRACTS:
        return position.quantity / (contract_size or ONE)
    return position.quantity


def bracket_of(brackets: tuple[Bracket, ...], measure: Decimal) -> int:
    """The number, from 1, of the bracket that holds a measure; past the end of the table the last.

    What passes the end by no more than rounding is within it.
    """
    for number, bracket in enumerate(brackets, start=1):
        if bracket.up_to is None or not above(measure, bracket.up_to):
            return number
    return len(brackets)


def _holding(brackets: tuple[Bracket, ...], number: int, worth: Decimal) -> int:
    """The bracket that holds `worth` among those with the rate of bracket `number`: some differ in leverage alone."""
    rate = brackets[number - 1].rate
    for later in range(number, len(brackets)):
        end = brackets[later - 1].up_to
        if end is None or worth <= end or brackets[later].rate != rate:
            break
        number = later + 1
    return number


def maintenance_margin(
    position: Position, model: MarginModel, price: Decimal, contract_size: Decimal | None
) -> Decimal:
    """The maintenance margin at `price` in the settle currency, closing fee and reserve not included."""
    value = position.worth(price) if model.maintenance_on is MaintenanceOn.MARK else position.cost
    return max(line.rate * value - line.deduction for line in maintenance_lines(position, model, contract_size))


def liquidation(
    position: Position, model: MarginModel, margin: Decimal, reserve: Decimal, contract_size: Decimal | None
) -> Liquidation:
    """The liquidation price of a position with `margin` behind it and `reserve` of it held back.

    A long whose margin covers it to zero, and an inverse short likewise, has none. Past the end of the brackets it is
    unknown.
    """
    slope, cost, fee = position.slope, position.cost, model.closing_fee
    free = slope * cost - margin + reserve
    on_mark = model.maintenance_on is MaintenanceOn.MARK
    end = None if model.per_contract else model.brackets[-1].up_to
    if end is not None and above(measured(position, model, contract_size), end):
        return Liquidation(Answer.UNKNOWN, past_end=True)
    nearest: tuple[Decimal, int] | None = None
    lines = maintenance_lines(position, model, contract_size)
    for rate, deduction, number in lines:
        if on_mark:
            worth = (free - deduction) / (slope - rate - fee)
        else:
            worth = (free + rate * cost - deduction) / (slope - fee)
        # The worth falls toward liquidation where the slope is +1, so the nearest to entry is the highest; else the
        # lowest.
        if nearest is None or (worth > nearest[0] if slope > 0 else worth < nearest[0]):
            nearest = worth, number
    if nearest is None:
        return UNKNOWN_LIQUIDATION
    worth, number = nearest
    if end is not None and slope < 0 and on_mark and _goes_by_value(position, model) and above(worth, end):
        # Its value grows toward liquidation, and leaves the table on the way.
        return Liquidation(Answer.UNKNOWN, past_end=True, not_before=position.price_of(end))
    if worth > 0:
        # One line stands for the bracket that holds the position; of several, the value at the price decides.
        held_in = number if len(lines) == 1 else _holding(model.brackets, number, worth)
        return Liquidation(Answer.PRICE, position.price_of(worth), held_in)
    if slope > 0:
        return NO_LIQUIDATION
    # What is held back is more than margin and position together: it is liquidated where it stands.
    return Liquidation(Answer.PRICE, position.average_entry, number)


def initial_margin(plan: Plan, position: Position) -> Decimal:
    """What is posted to open: the fills' value / leverage, or the fixed margin of the contracts, and `extra_margin`."""
    if plan.initial_per_contract is not None:
        return plan.initial_per_contract * contracts_of(plan, position.quantity) + plan.extra_margin
    return position.cost / plan.leverage + plan.extra_margin


def with_bankruptcy_fee(position: Position, model: MarginModel, margin: Decimal) -> Decimal:
    """Isolated margin with the fee that the venue keeps beside it, on the value at the bankruptcy price.

    Source: Phemex's page on USDT-M liquidation, where the margin of a position is `V/L + bankruptcy value * 0.06%`.
    """
    if not model.bankruptcy_fee:
        return margin
    return margin + model.bankruptcy_fee * max(ZERO, position.cost - position.slope * margin)


def margin_for(plan: Plan, position: Position, price: Decimal, kept: Decimal) -> Decimal:
    """Returns the isolated margin with which a position is liquidated at `price`: the equation solved for `M`.

    `kept` is as in `liquidation_of`; the margin model is known. Below zero where price itself pays for the maintenance.
    """
    model = plan.margin
    if model is None:
        raise ValueError("without a margin model no margin belongs to a price")
    behind = _kept_back(plan, model, position, price, kept) - position.pnl(price)
    fee = model.bankruptcy_fee
    if not fee or position.cost <= position.slope * behind:
        return behind
    # `M + fee * (cost - slope * M)` stands behind it, see `with_bankruptcy_fee`.
    return (behind - fee * position.cost) / (ONE - fee * position.slope)


def bankruptcy_price(position: Position, margin: Decimal) -> Decimal | None:
    """The price at which margin and P&L sum to 0 (`E*(1 - s/L)`, inverse `E/(1 + s/L)`); absent where none does."""
    worth = position.cost - position.slope * margin
    return position.price_of(worth) if worth > 0 else None


def liquidation_of(
    plan: Plan, position: Position, margin: Decimal, *, kept: Decimal = ONE, realized: Decimal = ZERO
) -> Liquidation:
    """Where the position is liquidated; cross margin is the account's, less the fees paid.

    After exits, `kept` is the part of isolated margin's reserve that they have not released, and `realized` their net
    result, which cross margin grows or shrinks by.
    """
    if plan.contract is Contract.SPOT:
        return NO_LIQUIDATION
    behind = money_behind(plan, position, margin, realized)
    if plan.margin is None or behind is None:
        return UNKNOWN_LIQUIDATION
    if plan.is_cross and plan.account.wallet.beside:
        return jointly(plan, position, behind).on(position.sign)
    if plan.margin_mode is MarginMode.ISOLATED:
        behind = with_bankruptcy_fee(position, plan.margin, behind)
    else:
        kept = ONE
    return liquidation(position, plan.margin, behind, kept * plan.margin.reserve, plan.instrument.contract_size)


def margin_ratio(
    plan: Plan, position: Position, price: Decimal, margin: Decimal, *, kept: Decimal = ONE, realized: Decimal = ZERO
) -> Decimal | None:
    """Returns what a position at `price` has to keep over what stands behind it: 1 where it is liquidated.

    The right side of the equation over the left; `kept` and `realized` are as in `liquidation_of`. Absent on spot,
    where maintenance or the account is not known, past the end of the brackets, and where nothing is left behind it.
    """
    model = plan.margin
    behind = money_behind(plan, position, margin, realized)
    if plan.contract is Contract.SPOT or model is None or behind is None or not position.quantity:
        return None
    end = None if model.per_contract else model.brackets[-1].up_to
    on_mark = model.maintenance_on is MaintenanceOn.MARK
    measure = measured(position, model, plan.instrument.contract_size)
    if end is not None and on_mark and _goes_by_value(position, model):
        measure = max(measure, position.worth(price))
    if end is not None and above(measure, end):
        return None
    if plan.margin_mode is MarginMode.ISOLATED:
        behind = with_bankruptcy_fee(position, model, behind)
    else:
        kept = ONE
    left = behind + position.pnl(price)
    return _kept_back(plan, model, position, price, kept) / left if left > 0 else None


def _kept_back(plan: Plan, model: MarginModel, position: Position, price: Decimal, kept: Decimal) -> Decimal:
    """Returns the right side of the equation at a price: maintenance margin, closing fee and reserve."""
    maintenance = maintenance_margin(position, model, price, plan.instrument.contract_size)
    return maintenance + model.closing_fee * position.worth(price) + kept * model.reserve


def bankruptcy_of(plan: Plan, position: Position, margin: Decimal, realized: Decimal) -> Decimal | None:
    """Where the position is bankrupt; absent on spot, where nothing says what is behind it, and where it never is."""
    if plan.contract is Contract.SPOT:
        return None
    behind = money_behind(plan, position, margin, realized)
    if behind is None:
        return None
    if plan.is_cross and plan.account.wallet.beside:
        return _joint_bankruptcy(plan, position, behind)
    return bankruptcy_price(position, behind)


def lost_account(plan: Plan, entry_fees: Decimal = ZERO, realized: Decimal = ZERO) -> Decimal | None:
    """Returns the net result of a position with which all that stands behind cross margin is lost.

    That is `M` of the equation and the entry fees, which left the account before; absent where it has no equity. Where
    others have spoken for more than all of it, no margin is left to lose, and the fees are gone all the same.
    """
    equity = plan.account.equity
    if equity is None:
        return None
    return -max(ZERO, equity - plan.account.kept + realized - entry_fees) - entry_fees


def money_behind(plan: Plan, position: Position, margin: Decimal, realized: Decimal = ZERO) -> Decimal | None:
    """The money behind a position: its margin, or on cross margin the account; absent where that has no equity."""
    if plan.margin_mode is MarginMode.ISOLATED:
        return margin
    equity = plan.account.equity
    return None if equity is None else equity - plan.account.kept + realized - position.entry_fees


class Joint(NamedTuple):
    """Where the positions of one market are liquidated together, below and above the price at which they stand."""

    below: Liquidation
    above: Liquidation

    def on(self, sign: int) -> Liquidation:
        """The answer on the losing side of a long (`sign` 1) or a short."""
        return self.below if sign > 0 else self.above


def jointly(plan: Plan, position: Position, behind: Decimal) -> Joint:
    """Where a cross position and those beside it are liquidated together, `behind` it what it has alone.

    With `x` the price (inverse: one over it) a position is worth `Q*x`, so P&L is a line in `x` and the maintenance
    margin the largest of some lines: what is left of the account is the least of all their combinations, and above zero
    between the last of the zeros of those that rise and the first of those that fall. A venue holds the positions of
    one side as one, and the table that ends for it ends for all.
    """
    sides = _sides(plan, position)
    free = behind - sum((each.entry_fees for each in plan.account.wallet.beside), ZERO)
    # Each combination as what is left at 0 and how fast it grows with `x`.
    lines = [(free, ZERO)]
    size = plan.instrument.contract_size
    ends: list[Decimal] = []
    for side, model in sides:
        end = None if model.per_contract else model.brackets[-1].up_to
        if end is not None and above(measured(side, model, size), end):
            unknown = Liquidation(Answer.UNKNOWN, past_end=True)
            return Joint(unknown, unknown)
        on_mark = model.maintenance_on is MaintenanceOn.MARK
        if end is not None and on_mark and _goes_by_value(side, model):
            ends.append(end / side.quantity)
        grows = (side.slope - model.closing_fee) * side.quantity
        gone = side.slope * side.cost + model.reserve
        kept = [
            (line.deduction, line.rate * side.quantity) if on_mark else (line.deduction - line.rate * side.cost, ZERO)
            for line in maintenance_lines(side, model, size)
        ]
        lines = [(left - gone + more, slope + grows - less) for left, slope in lines for more, less in kept]
    lowest = max((-left / slope for left, slope in lines if slope > 0), default=ZERO)
    highest = min((-left / slope for left, slope in lines if slope < 0), default=None)
    least = _price_at(position, lowest) if lowest > 0 else NO_LIQUIDATION
    most = _price_at(position, highest) if highest is not None and highest > 0 else NO_LIQUIDATION
    end = min(ends, default=None)
    if end is not None and (highest is None or highest > end):
        # The value of a side grows with `x`, and leaves the table on the way.
        most = Liquidation(Answer.UNKNOWN, past_end=True, not_before=_price_at(position, end).price)
    return Joint(most, least) if position.inverse else Joint(least, most)


def _price_at(position: Position, x: Decimal) -> Liquidation:
    return Liquidation(Answer.PRICE, ONE / x if position.inverse else x)


def _sides(plan: Plan, position: Position) -> list[tuple[Position, MarginModel]]:
    """The positions of one market as the venue holds them: one a side, each with the margin model of its first."""
    if plan.margin is None:
        raise ValueError("a plan without a margin model has no liquidation price")
    sides = {position.sign: (position, plan.margin)}
    for each in plan.account.wallet.beside:
        held, model = sides.get(each.sign, (Position(each.sign, position.inverse), each.margin))
        more = Position(
            each.sign,
            position.inverse,
            held.quantity + each.quantity,
            held.cost + each.cost,
            held.entry_fees + each.entry_fees,
        )
        sides[each.sign] = more, model
    return list(sides.values())


def gained_beside(plan: Plan, position: Position, price: Decimal) -> Decimal:
    """The net result so far, at a price, of the positions beside one on its cross margin."""
    total = ZERO
    for each in plan.account.wallet.beside:
        other = Position(each.sign, position.inverse, each.quantity, each.cost, each.entry_fees)
        total += other.pnl(price) - other.entry_fees
    return total


def _joint_bankruptcy(plan: Plan, position: Position, behind: Decimal) -> Decimal | None:
    """The price at which what is behind a position and the P&L of it and of those beside it sum to 0."""
    left, slope = behind, ZERO
    for side, _ in _sides(plan, position):
        left -= side.slope * side.cost
        slope += side.slope * side.quantity
    left -= sum((each.entry_fees for each in plan.account.wallet.beside), ZERO)
    if not slope or -left / slope <= 0 or (slope > 0) != (position.slope > 0):
        return None
    return _price_at(position, -left / slope).price
