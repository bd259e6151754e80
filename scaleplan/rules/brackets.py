"""Brackets are the steps of a venue's maintenance table: what they measure, and which one a position is in."""

from decimal import Decimal

from scaleplan.engine.position import contracts_of
from scaleplan.ladder import Standing
from scaleplan.plan import Bracket, BracketBy, Plan
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import plain
from scaleplan.rules.subject import Subject


def measured(plan: Plan, position: Standing) -> tuple[Decimal, str]:
    """The position at its average entry in what the brackets go by, and the unit of that."""
    by = plan.margin.bracket_by if plan.margin is not None else BracketBy.NOTIONAL
    if by is BracketBy.CONTRACTS:
        return contracts_of(plan, position.quantity), "contracts"
    if by is BracketBy.COIN:
        return position.notional / position.average_entry, plan.symbol.base
    return position.notional, plan.symbol.quote


def reach_of(brackets: tuple[Bracket, ...], number: int, unit: str) -> str:
    """The range of a bracket in words: `up to 50000 USDT`, `from 50000 to 600000 USDT`, `above 600000 USDT`."""
    start = brackets[number - 2].up_to if number > 1 else ZERO
    end = brackets[number - 1].up_to
    if end is None:
        return f"above {plain(start or ZERO)} {unit}"
    return f"from {plain(start)} to {plain(end)} {unit}" if start else f"up to {plain(end)} {unit}"


def maintenance_path(subject: Subject) -> str:
    """Where the maintenance is written, if it is."""
    own = ("maintenance", "margin_closeout")
    return next((path for path in own if path in subject.places.spans), "venue.maintenance")
