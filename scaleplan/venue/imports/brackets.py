"""From the steps of a table to brackets: what is absent is derived, and what clashes is said with both numbers.

A step that says where it begins must begin where the one before it ends; where it counts contracts it may begin one
contract later. The deduction that an exchange publishes is compared with the derived one,

    deduction of n = deduction of n-1 + floor of n * (rate of n - rate of n-1)

because one that differs says that a step was misread, or that the exchange reckons otherwise.
"""

from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from scaleplan.plan import Bracket, BracketBy
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.number import WHOLE_DIGITS, plain
from scaleplan.venue.imports.records import Row, Table, Unusable

#: What a plan can write: a bound beyond it is an exchange's word for "no bound".
_NO_BOUND = Decimal(10) ** WHOLE_DIGITS
#: A plan's list has no more entries.
_MOST = 200
_SAVE_AGAIN = "save the table again, or write the symbol by hand"


class Made(NamedTuple):
    """The brackets, and what is to be said about them."""

    brackets: tuple[Bracket, ...]
    notes: tuple[str, ...]


class _Step(NamedTuple):
    """A row between known bounds; `end` is absent where it is open."""

    begin: Decimal
    end: Decimal | None
    row: Row


def brackets_of(table: Table, by: BracketBy, closing_fee: Decimal) -> Made:
    """The brackets of a table. Raises `Unusable` where they clash."""
    if not table.rows:
        raise Unusable("the table has no brackets", _SAVE_AGAIN)
    if len(table.rows) > _MOST:
        raise Unusable(f"the table has {len(table.rows)} brackets, and a plan bears {_MOST}", _SAVE_AGAIN)
    notes = list(table.notes)
    steps = _steps(sorted(table.rows, key=_where), ONE if by is BracketBy.CONTRACTS else ZERO, notes)
    for step in steps:
        _check_rate(step.row.rate, closing_fee)
        most = step.row.max_leverage
        if most is not None and step.row.rate * most > ONE:
            raise Unusable(
                f"above {plain(step.begin)} maintenance is {_percent(step.row.rate)}, more than the "
                f"{_percent(ONE / most)} that opens a position at its {plain(most)}x",
                "if the file writes rates as percent, say so with `--rates percent`; else save it again",
            )
    for before, step in pairwise(steps):
        if step.row.rate < before.row.rate:
            raise Unusable(
                f"the rate falls from {_percent(before.row.rate)} to {_percent(step.row.rate)} above "
                f"{plain(step.begin)}, but a larger position needs no less margin",
                _SAVE_AGAIN,
            )
    brackets = _with_deductions(steps, by)
    disagreement = "" if by is BracketBy.CONTRACTS else _disagreement(steps, brackets)
    if disagreement:
        notes.append(disagreement)
    return Made(brackets, tuple(notes))


def _where(row: Row) -> tuple[bool, Decimal]:
    """Steps in the order of where they end; the open one is the last."""
    place = row.cap if row.cap is not None else row.floor
    return row.cap is None and row.floor is None, place if place is not None else ZERO


def _steps(rows: list[Row], slack: Decimal, notes: list[str]) -> list[_Step]:
    steps: list[_Step] = []
    end: Decimal | None = ZERO
    for index, row in enumerate(rows):
        last = index == len(rows) - 1
        if end is None:
            raise Unusable(
                f"two brackets are open, at {_percent(steps[-1].row.rate)} and {_percent(row.rate)}", _SAVE_AGAIN
            )
        _check_begin(row, end, slack)
        begin, end = end, _end_of(row, None if last else rows[index + 1])
        if end is not None and end >= _NO_BOUND:
            if not last:
                raise Unusable(f"a bracket ends at {plain(end)}, which no plan can write", _SAVE_AGAIN)
            notes.append(f"the last bracket is open: its end, {plain(end)}, is no bound")
            end = None
        elif end is None:
            notes.append("the last bracket is open, because its end is absent")
        if end is not None and end <= begin:
            raise Unusable(
                f"brackets overlap: one ends at {plain(begin)}, and the next one at {plain(end)}", _SAVE_AGAIN
            )
        steps.append(_Step(begin, end, row))
    return steps


def _check_begin(row: Row, end: Decimal, slack: Decimal) -> None:
    if row.floor is None or end <= row.floor <= end + slack:
        return
    if row.floor > end:
        message = f"no bracket holds from {plain(end)} to {plain(row.floor)}"
    else:
        message = f"brackets overlap: one ends at {plain(end)}, and the next one begins at {plain(row.floor)}"
    raise Unusable(message, _SAVE_AGAIN)


def _end_of(row: Row, following: Row | None) -> Decimal | None:
    if row.cap is not None:
        return row.cap
    return following.floor if following is not None else None


def _check_rate(rate: Decimal, closing_fee: Decimal) -> None:
    if rate < 0:
        raise Unusable(f"the rate {_percent(rate)} is negative", _SAVE_AGAIN)
    if rate + closing_fee >= 1:
        raise Unusable(
            f"the rate {_percent(rate)} is not below 100%",
            "if the file writes rates as percent, say so with `--rates percent`",
        )


def _with_deductions(steps: list[_Step], by: BracketBy) -> tuple[Bracket, ...]:
    brackets: list[Bracket] = []
    for step in steps:
        deduction = ZERO
        if brackets and by is not BracketBy.CONTRACTS:
            deduction = brackets[-1].deduction + step.begin * (step.row.rate - brackets[-1].rate)
        brackets.append(Bracket(step.end, step.row.rate, deduction, step.row.max_leverage))
    return tuple(brackets)


def _disagreement(steps: list[_Step], brackets: tuple[Bracket, ...]) -> str:
    """The first deduction that is not the derived one to the digits in which it is published."""
    for number, (step, bracket) in enumerate(zip(steps, brackets, strict=True), start=1):
        published = step.row.deduction
        if published is None:
            continue
        exponent = published.as_tuple().exponent
        unit = ONE.scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else ONE
        if abs(published - bracket.deduction) * 2 > unit:
            return (
                f"the deduction of bracket {number} is published as {plain(published)}, but {plain(bracket.deduction)} "
                "follows from bounds and rates: the liquidation price may differ from the exchange's"
            )
    return ""


def _percent(rate: Decimal) -> str:
    return f"{plain(rate * 100)}%"
