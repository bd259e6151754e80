"""An explanation is one liquidation price taken apart: every number that leads to it, and the sum that proves it.

The equation is that of `margin`, with the position's own numbers put in: each bracket is solved alone, the price
nearest the entry decides, and at that price margin and P&L together are what the venue asks for. Beside it stands what
the shortcut of many calculators says, `E*(1 - s/L + s*m)` and for an inverse contract `E*L/(L + s - s*m*L)`:
maintenance of the entry value, no deduction, no fee, no bracket but one. Source of the shortcut: venues that take
maintenance on entry value publish it as their own; it holds there for a position with nothing but its initial margin
behind it.
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.engine.margin import (
    Answer,
    Liquidation,
    MaintenanceLine,
    initial_margin,
    liquidation,
    maintenance_lines,
    money_behind,
    with_bankruptcy_fee,
)
from scaleplan.engine.position import Position, contracts_of
from scaleplan.ladder.records import Ladder, Standing, TierFill
from scaleplan.plan import BracketBy, Contract, MaintenanceOn, MarginModel, Plan
from scaleplan.quantity.exact import ONE, ZERO


class MarginSource(StrEnum):
    """What the margin behind a position is reckoned from."""

    LEVERAGE = "leverage"
    CONTRACTS = "contracts"
    ACCOUNT = "account"


class ExplainedMargin(NamedTuple):
    """The margin behind a position, in settle currency, and what it comes from.

    From `leverage`: value / leverage + extra. From `contracts`: number x amount + extra. From the `account`: equity -
    reserved - fees paid; without equity the amount is absent. `closing` is the fee that the venue keeps beside isolated
    margin, to close with.
    """

    ground: MarginSource
    amount: Decimal | None
    value: Decimal
    leverage: Decimal
    extra: Decimal
    contracts: Decimal
    per_contract: Decimal | None
    equity: Decimal | None
    reserved: Decimal
    fees: Decimal
    closing: Decimal


class Fixing(StrEnum):
    """What chooses the bracket, and why price does or does not move it."""

    SINGLE = "single"
    """There is one rate for every position."""
    PER_CONTRACT = "per contract"
    """A fixed amount for each contract."""
    MARK = "mark value"
    """The value at the price itself: every bracket is solved."""
    ENTRY = "entry value"
    NOTIONAL = "notional"
    COIN = "coin"
    CONTRACTS = "contracts"
    """These four do not move with price: one bracket is fixed."""


class Solved(NamedTuple):
    """One bracket (from 1), solved alone.

    `above` and `up_to` are its range, `measured` what is compared with them: in the bracket's own unit. `deduction` is
    in that unit too. `price` is absent where no price fulfils its equation; `value` is the position's at the price, in
    settle currency. `inside` says whether `measured` lies in the range.
    """

    number: int
    above: Decimal
    up_to: Decimal | None
    rate: Decimal
    deduction: Decimal
    price: Decimal | None
    value: Decimal | None
    measured: Decimal | None
    inside: bool
    decides: bool


class EquationCheck(NamedTuple):
    """The equation at a price, in settle currency: `margin + pnl` on one side, what the venue asks for on the other.

    `price` is absent where it is without bound: the far end of an inverse short. `rate`, `deduction` and `taken_of` (a
    value in settle currency) are those of the bracket `number`, whose maintenance is the largest there. `held` is what
    is left of the margin, `asked` is maintenance, closing fee and reserve together.
    """

    price: Decimal | None
    value: Decimal
    margin: Decimal
    pnl: Decimal
    number: int
    rate: Decimal
    taken_of: Decimal
    deduction: Decimal
    maintenance: Decimal
    closing_fee: Decimal
    reserve: Decimal
    held: Decimal
    asked: Decimal


class Shortcut(NamedTuple):
    """What the shortcut says with the rate of one bracket; `off` is its distance from the price in quote.

    `price` is absent where it finds none. `off` is positive where it lies too far from the entry, which is optimistic,
    negative where too near; absent, as `off_fraction` (of the price), where there is nothing to compare.
    """

    number: int
    rate: Decimal
    price: Decimal | None
    off: Decimal | None
    off_fraction: Decimal | None


class Missing(StrEnum):
    """What an unknown liquidation price waits for."""

    MAINTENANCE = "maintenance"
    EQUITY = "equity"
    BRACKETS = "brackets"


class Explanation(NamedTuple):
    """One liquidation price, step by step, after tier `tier` of `tiers`; `standing` is the ladder's after that tier.

    `check` is absent where the answer is unknown or spot; where there is no liquidation it stands at the far end, at
    which the position is worth nothing. `at_once` says that the price is no loss away: what is behind the position does
    not cover it even at its entry.
    """

    tier: int
    tiers: int
    fills: tuple[TierFill, ...]
    position: Position
    standing: Standing
    backing: ExplainedMargin
    fixing: Fixing | None
    brackets: tuple[Solved, ...]
    check: EquationCheck | None
    at_once: bool
    shortcuts: tuple[Shortcut, ...]
    missing: tuple[Missing, ...]


def explanation(plan: Plan, ladder: Ladder, tier: int) -> Explanation:
    """Explains where the position is liquidated once the tiers up to `tier` (from 1) have filled."""
    steps = ladder.steps[:tier]
    position = ladder.steps[tier - 1].state.held.position
    standing = steps[-1].position
    backing = _backing(plan, position)
    spot = plan.contract is Contract.SPOT
    model = None if spot else plan.margin
    found = standing.liquidation
    fixing = None if model is None else _fixing(position, model)
    brackets: tuple[Solved, ...] = ()
    check: EquationCheck | None = None
    if model is not None and backing.amount is not None:
        if model.per_contract == 0:
            brackets = _solved(position, model, backing.amount, plan.instrument.contract_size, found)
        if found.answer is not Answer.UNKNOWN:
            check = _check(position, model, backing.amount, plan.instrument.contract_size, found)
    return Explanation(
        tier=tier,
        tiers=len(ladder.steps),
        fills=tuple(step.fill for step in steps),
        position=position,
        standing=standing,
        backing=backing,
        fixing=fixing,
        brackets=brackets,
        check=check,
        at_once=found.price is not None and plan.sign * (standing.average_entry - found.price) <= 0,
        shortcuts=_shortcuts(plan, position, model, found),
        missing=() if spot else _missing(plan, found),
    )


def _missing(plan: Plan, found: Liquidation) -> tuple[Missing, ...]:
    missing = [] if plan.margin is not None else [Missing.MAINTENANCE]
    if plan.is_cross and plan.account.equity is None:
        missing.append(Missing.EQUITY)
    if found.past_end:
        missing.append(Missing.BRACKETS)
    return tuple(missing)


def _backing(plan: Plan, position: Position) -> ExplainedMargin:
    ground = MarginSource.LEVERAGE if plan.initial_per_contract is None else MarginSource.CONTRACTS
    margin = initial_margin(plan, position)
    amount: Decimal | None = margin if plan.margin is None else with_bankruptcy_fee(position, plan.margin, margin)
    if plan.is_cross:
        ground, amount = MarginSource.ACCOUNT, money_behind(plan, position, margin)
    return ExplainedMargin(
        ground=ground,
        amount=amount,
        value=position.cost,
        leverage=plan.leverage,
        extra=plan.extra_margin,
        contracts=contracts_of(plan, position.quantity),
        per_contract=plan.initial_per_contract,
        equity=plan.account.equity,
        reserved=plan.account.reserved,
        fees=position.entry_fees,
        closing=(amount or margin) - margin if ground is not MarginSource.ACCOUNT else ZERO,
    )


def _fixing(position: Position, model: MarginModel) -> Fixing:
    if model.per_contract:
        return Fixing.PER_CONTRACT
    if len(model.brackets) == 1:
        return Fixing.SINGLE
    by = model.bracket_by
    if by is BracketBy.CONTRACTS:
        return Fixing.CONTRACTS
    if by is (BracketBy.COIN if position.inverse else BracketBy.NOTIONAL):
        return Fixing.MARK if model.maintenance_on is MaintenanceOn.MARK else Fixing.ENTRY
    return Fixing.NOTIONAL if by is BracketBy.NOTIONAL else Fixing.COIN


def _solved(
    position: Position, model: MarginModel, margin: Decimal, contract_size: Decimal | None, found: Liquidation
) -> tuple[Solved, ...]:
    """Returns the brackets that the answer was sought among: all where price moves between them, or the fixed one."""
    lines = {line.number: line for line in maintenance_lines(position, model, contract_size)}
    rows: list[Solved] = []
    above = ZERO
    for number, bracket in enumerate(model.brackets, start=1):
        if number in lines:
            line = lines[number]
            # A model of this one bracket: its rate and its deduction as they stand in the equation.
            alone = bracket._replace(rate=line.rate, deduction=line.deduction, up_to=None)
            only = model._replace(brackets=(alone,))
            price = liquidation(position, only, margin, model.reserve, contract_size).price
            value = None if price is None else position.worth(price)
            measured = _measured(position, model, value, contract_size)
            inside = measured is not None and (
                above <= measured and (bracket.up_to is None or measured <= bracket.up_to)
            )
            decides = found.price is not None and number == found.bracket
            rows.append(
                Solved(
                    number,
                    above,
                    bracket.up_to,
                    bracket.rate,
                    bracket.deduction,
                    price,
                    value,
                    measured,
                    inside,
                    decides,
                )
            )
        above = bracket.up_to or above
    # Brackets that differ in leverage only have the same price: the one that holds the value decides.
    holding = next((row for row in rows if row.inside and row.price is not None and row.price == found.price), None)
    return tuple(rows if holding is None else (row._replace(decides=row is holding) for row in rows))


def _measured(
    position: Position, model: MarginModel, value: Decimal | None, contract_size: Decimal | None
) -> Decimal | None:
    """Returns what is looked up in the brackets, in their unit, where the position is worth `value`."""
    if model.bracket_by is BracketBy.CONTRACTS:
        return position.quantity / (contract_size or ONE)
    if model.bracket_by is (BracketBy.COIN if position.inverse else BracketBy.NOTIONAL):
        return value if model.maintenance_on is MaintenanceOn.MARK else position.cost
    return position.quantity


def _check(
    position: Position, model: MarginModel, margin: Decimal, contract_size: Decimal | None, found: Liquidation
) -> EquationCheck:
    """Returns the equation at the liquidation price, or without one at the far end, where it is worth 0."""
    value = ZERO if found.price is None else position.worth(found.price)
    taken_of = value if model.maintenance_on is MaintenanceOn.MARK else position.cost

    def asked(line: MaintenanceLine) -> Decimal:
        return line.rate * taken_of - line.deduction

    lines = maintenance_lines(position, model, contract_size)
    line = next((line for line in lines if line.number == found.bracket), None) or max(lines, key=asked)
    price = found.price if found.answer is Answer.PRICE or position.inverse else ZERO
    pnl = position.slope * (value - position.cost)
    closing_fee = model.closing_fee * value
    return EquationCheck(
        price=price,
        value=value,
        margin=margin,
        pnl=pnl,
        number=line.number,
        rate=line.rate,
        taken_of=taken_of,
        deduction=line.deduction,
        maintenance=asked(line),
        closing_fee=closing_fee,
        reserve=model.reserve,
        held=margin + pnl,
        asked=asked(line) + closing_fee + model.reserve,
    )


def _shortcuts(plan: Plan, position: Position, model: MarginModel | None, found: Liquidation) -> tuple[Shortcut, ...]:
    """Returns the shortcut with the rates of the first bracket and of the entry's: calculators take either."""
    if model is None or model.per_contract or plan.initial_per_contract is not None:
        return ()
    at_entry = maintenance_lines(
        position, model._replace(maintenance_on=MaintenanceOn.ENTRY), plan.instrument.contract_size
    )[0].number
    return tuple(
        _shortcut(plan, position, number, model.brackets[number - 1].rate, found)
        for number in dict.fromkeys((1, at_entry))
    )


def _shortcut(plan: Plan, position: Position, number: int, rate: Decimal, found: Liquidation) -> Shortcut:
    average, sign, leverage = position.average_entry, position.sign, plan.leverage
    if position.inverse:
        below = leverage + sign - sign * rate * leverage
        price = average * leverage / below if below > 0 else None
    else:
        above = ONE - sign / leverage + sign * rate
        price = average * above if above > 0 else None
    off = None if price is None or found.price is None else sign * (found.price - price)
    fraction = None if off is None or found.price is None else off / found.price
    return Shortcut(number, rate, price, off, fraction)
