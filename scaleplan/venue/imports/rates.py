"""Whether rates are written as percent or as fractions, where an answer does not say: Bybit's have been both.

An initial rate is about one over the leverage that goes with it, and a maintenance rate is below it: at 100x an initial
rate is 1% and a maintenance rate perhaps 0.5%. So `1` there is percent and `0.01` a fraction; a maintenance rate of
`0.5` can only be percent, and one of `0.005` only a fraction, because 0.005% would be a two-hundredth of the initial
margin. All tables that were saved are written alike.
"""

from collections.abc import Iterable

from scaleplan.quantity.number import plain
from scaleplan.venue.imports.records import RateUnit, Row, Table, Unusable

#: An initial rate times its leverage is 1 but for rounding; times 100 it is far away.
_ABOUT_ONE = (50, 200)
#: A maintenance rate is at least this part (1 in so many) of the initial rate.
_LEAST_PART = 10
_OPTION = "say which with `--rates percent` or `--rates fraction`"


def in_fractions(tables: Iterable[Table], wished: RateUnit | None) -> tuple[Table, ...]:
    """The tables with every rate as a fraction."""
    every = tuple(tables)
    open_rows = [row for table in every if table.rates is None for row in table.rows]
    unit = None if wished or not open_rows else _unit_of_all(open_rows)
    return tuple(_in_fractions(table, wished or table.rates or unit) for table in every)


def _unit_of_all(rows: list[Row]) -> RateUnit:
    found: dict[RateUnit, Row] = {}
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


def _unit(row: Row) -> RateUnit | None:
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


def _said(row: Row) -> str:
    leverage = f" at {plain(row.max_leverage)}x" if row.max_leverage is not None else ""
    return f"maintenance {plain(row.rate)}{leverage}"


def _in_fractions(table: Table, unit: RateUnit | None) -> Table:
    if unit is not RateUnit.PERCENT:
        return table
    return table._replace(rows=tuple(row._replace(rate=row.rate / 100) for row in table.rows))
