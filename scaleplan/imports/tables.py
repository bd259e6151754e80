"""From an answer's tables to brackets: rates as fractions, what is absent derived, what clashes said with both numbers.

Bybit's rates have been percent and fractions, and an answer does not say which. An initial rate is about one over the
leverage that goes with it, and a maintenance rate is below it: at 100x an initial rate is 1% and a maintenance rate
perhaps 0.5%. So `1` there is percent and `0.01` a fraction; a maintenance rate of `0.5` can only be percent, and one of
`0.005` only a fraction, because 0.005% would be a two-hundredth of the initial margin. All tables that were saved are
written alike.

A step that says where it begins must begin where the one before it ends; where it counts contracts it may begin one
contract later. The deduction that an exchange publishes is compared with the derived one,

    deduction of n = deduction of n-1 + floor of n * (rate of n - rate of n-1)

because one that differs says that a step was misread, or that the exchange reckons otherwise.
"""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from scaleplan.imports.records import BracketRow, BracketTable, RateUnit, Unusable
from scaleplan.plan import Bracket, BracketBy
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.number import WHOLE_DIGITS, plain

#: An initial rate times its leverage is 1 but for rounding; times 100 it is far away.
_ABOUT_ONE = (50, 200)
#: A maintenance rate is at least this part (1 in so many) of the initial rate.
_LEAST_PART = 10
_OPTION = "say which with `--rates percent` or `--rates fraction`"
#: What a plan can write: a bound beyond it is an exchange's word for "no bound".
_NO_BOUND = Decimal(10) ** WHOLE_DIGITS
#: A plan's list has no more entries.
_MOST = 200
_SAVE_AGAIN = "save the table again, or write the symbol by hand"


# Rates


def in_fractions(tables: Iterable[BracketTable], wished: RateUnit | None) -> tuple[BracketTable, ...]:
    """Returns the tables with every rate as a fraction."""
    every = tuple(tables)
    open_rows = [row for table in every if table.rates is None for row in table.rows]
    unit = None if wished or not open_rows else _unit_of_all(open_rows)
    return tuple(_in_fractions(table, wished or table.rates or unit) for table in every)


def _unit_of_all(rows: list[BracketRow]) -> RateUnit:
    found: dict[RateUnit, BracketRow] = {}
    for row in rows:
        unit = _unit(row)
        if unit is not None:
            found.setdefault(unit, row)
    if len(found) == 1:
        return next(iter(found))
    if found:
        percent, fraction = (_said(found[unit]) for unit in (RateUnit.PERCENT, RateUnit.FRACTION))
        raise Unusable(f"some rates are percent ({percent}) and some are fractions ({fraction})", _OPTION)
    raise Unusable(f"the rates may be percent or fractions ({_said(rows[0])})", _OPTION)


def _unit(row: BracketRow) -> RateUnit | None:
    if row.max_leverage is None:
        return None
    low, high = _ABOUT_ONE
    if row.initial is not None:
        product = row.initial * row.max_leverage * 100
        if low <= product <= high:
            return RateUnit.FRACTION
        return RateUnit.PERCENT if low <= product / 100 <= high else None
    product = row.rate * row.max_leverage
    if product > 1:
        return RateUnit.PERCENT
    return RateUnit.FRACTION if product * _LEAST_PART >= 1 else None


def _said(row: BracketRow) -> str:
    leverage = f" at {plain(row.max_leverage)}x" if row.max_leverage is not None else ""
    return f"maintenance {plain(row.rate)}{leverage}"


def _in_fractions(table: BracketTable, unit: RateUnit | None) -> BracketTable:
    if unit is not RateUnit.PERCENT:
        return table
    return table._replace(rows=tuple(row._replace(rate=row.rate / 100) for row in table.rows))


# Brackets


def brackets_of(
    table: BracketTable, by: BracketBy, closing_fee: Decimal, gap_help: str
) -> tuple[tuple[Bracket, ...], list[str]]:
    """Returns the brackets of a table, and what is to be said about them. Raises `Unusable` where they clash.

    `gap_help` is the way out of gaps of one, which tables have that count contracts.
    """
    if not table.rows:
        raise Unusable("the table has no brackets", _SAVE_AGAIN)
    if len(table.rows) > _MOST:
        raise Unusable(f"the table has {len(table.rows)} brackets, and a plan bears {_MOST}", _SAVE_AGAIN)
    notes = list(table.notes)
    rows = _bounded(sorted(table.rows, key=_where), ONE if by is BracketBy.CONTRACTS else ZERO, gap_help, notes)
    for row in rows:
        _check_rate(row, closing_fee)
    for before, row in pairwise(rows):
        if row.rate < before.rate:
            raise Unusable(
                f"the rate falls from {_percent(before.rate)} to {_percent(row.rate)} above "
                f"{plain(_floor(row))}, but a larger position needs no less margin",
                _SAVE_AGAIN,
            )
    brackets = _with_deductions(rows, by)
    disagreement = "" if by is BracketBy.CONTRACTS else _disagreement(rows, brackets)
    return brackets, [*notes, disagreement] if disagreement else notes


def _where(row: BracketRow) -> tuple[bool, Decimal]:
    """Returns a key that sorts rows by where they end; the open one is the last."""
    place = row.cap if row.cap is not None else row.floor
    return row.cap is None and row.floor is None, place if place is not None else ZERO


def _bounded(rows: list[BracketRow], slack: Decimal, gap_help: str, notes: list[str]) -> list[BracketRow]:
    """Returns the rows with every bound in its place; the last `cap` alone may be absent, for an open bracket."""
    bounded: list[BracketRow] = []
    end: Decimal | None = ZERO
    for index, row in enumerate(rows):
        last = index == len(rows) - 1
        if end is None:
            raise Unusable(
                f"two brackets are open, at {_percent(bounded[-1].rate)} and {_percent(row.rate)}", _SAVE_AGAIN
            )
        _check_begin(row, end, slack, gap_help)
        begin, end = end, row.cap if row.cap is not None or last else rows[index + 1].floor
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
        bounded.append(row._replace(floor=begin, cap=end))
    return bounded


def _check_begin(row: BracketRow, end: Decimal, slack: Decimal, gap_help: str) -> None:
    if row.floor is None or end <= row.floor <= end + slack:
        return
    if row.floor > end:
        help = gap_help if row.floor - end <= ONE else ""
        raise Unusable(f"no bracket holds from {plain(end)} to {plain(row.floor)}", help or _SAVE_AGAIN)
    message = f"brackets overlap: one ends at {plain(end)}, and the next one begins at {plain(row.floor)}"
    raise Unusable(message, _SAVE_AGAIN)


def _check_rate(row: BracketRow, closing_fee: Decimal) -> None:
    if row.rate < 0:
        raise Unusable(f"the rate {_percent(row.rate)} is negative", _SAVE_AGAIN)
    if row.rate + closing_fee >= 1:
        raise Unusable(
            f"the rate {_percent(row.rate)} is not below 100%",
            "if the file writes rates as percent, say so with `--rates percent`",
        )
    most = row.max_leverage
    if most is not None and row.rate * most > ONE:
        raise Unusable(
            f"above {plain(_floor(row))} maintenance is {_percent(row.rate)}, more than the "
            f"{_percent(ONE / most)} that opens a position at its {plain(most)}x",
            "if the file writes rates as percent, say so with `--rates percent`; else save it again",
        )


def _with_deductions(rows: list[BracketRow], by: BracketBy) -> tuple[Bracket, ...]:
    brackets: list[Bracket] = []
    for row in rows:
        deduction = ZERO
        if brackets and by is not BracketBy.CONTRACTS:
            deduction = brackets[-1].deduction + _floor(row) * (row.rate - brackets[-1].rate)
        brackets.append(Bracket(row.cap, row.rate, deduction, row.max_leverage))
    return tuple(brackets)


def _disagreement(rows: list[BracketRow], brackets: tuple[Bracket, ...]) -> str:
    """Returns the first deduction that is not the derived one to the digits in which it is published."""
    for number, (row, bracket) in enumerate(zip(rows, brackets, strict=True), start=1):
        published = row.deduction
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


def _floor(row: BracketRow) -> Decimal:
    return row.floor if row.floor is not None else ZERO


def _percent(rate: Decimal) -> str:
    return f"{plain(rate * 100)}%"
