"""A file of fills read whole: whose export it is, every row, what was passed over and what is wrong with it."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from scaleplan.fills import BadRow, FileRefused, Passed, ReadFile, ReadOptions, RowProblem, SourceRow
from scaleplan.fills.answers import AnswerRow, read_answer
from scaleplan.fills.catalogue import shape_of
from scaleplan.fills.ccxt import SHAPE as CCXT
from scaleplan.fills.ccxt import market_of
from scaleplan.fills.ibkr import SHAPES as FLEX
from scaleplan.fills.ibkr import STATEMENT, is_statement, statement_rows
from scaleplan.fills.markup import html_rows, is_flex, xml_rows
from scaleplan.fills.numbers import Numbers, comma_of
from scaleplan.fills.row import RowReader, time_of
from scaleplan.fills.shape import FIELDS, Cells, NoFills, Shape
from scaleplan.fills.tables import (
    SourceTable,
    find_table,
    heads_of,
    is_words,
    lines_of,
    split_rows,
    table_in,
    unknown_head,
)
from scaleplan.fills.text import TextKind, kind_of, read_text
from scaleplan.fills.times import Clock, falling, is_full
from scaleplan.fills.zones import Zone, read_zone, zone_in
from scaleplan.quantity.exact import exact
from scaleplan.quantity.number import quote
from scaleplan.trade.kinds import (
    AMBIGUOUS_TIME,
    NO_CONTRACT_SIZE,
    NO_ZONE,
    NOT_FILLS,
    UNKNOWN_SOURCE,
    UNREADABLE_ROW,
)

#: What is said once a file, and not for each row: an option mends all of them.
_ONCE = (NO_ZONE, NO_CONTRACT_SIZE)
_WHERE = {"time": ("time", "clock"), "fee": ("fee", "fee2", "fee3"), "multiplier": ("multiplier",)}
_CELLS = len(FIELDS)


class _ReadRow(NamedTuple):
    """A row before it is understood: its line, its cells, and as it was read. `problem` is why it has no cells."""

    line: int
    cells: Cells | None
    raw: str
    problem: str = ""
    reason: str = ""
    hint: str = ""
    stated: str = ""


class _Rows(NamedTuple):
    """The rows of a file, to be gone through more than once, and what tells how to read them."""

    shape: Shape
    rows: Callable[[], Iterator[_ReadRow]]
    zone: Zone | None
    comma: bool | None = False
    outer: Mapping[str, str] = {}
    name: str = ""
    #: The times alone, where they can be had without the rest.
    times: Callable[[], list[str]] | None = None


@exact
def read_file(name: str, data: bytes, options: ReadOptions) -> ReadFile:
    """Returns what a file of fills holds. Raises `FileRefused` where it is not read at all."""
    text = read_text(data)
    kind = kind_of(text)
    if kind is TextKind.JSON:
        rows = _of_answer(text, options)
    elif kind is TextKind.MARKUP:
        rows = _of_markup(text, options)
    else:
        rows = _of_table(text, options)
    if rows is None:
        return ReadFile(name, "nothing", "", "", 0, (), (), ())
    return _read(name, rows, options)


def _read(name: str, rows: _Rows, options: ReadOptions) -> ReadFile:
    zone = rows.zone or zone_in(os.path.basename(name), "the file's name")  # noqa: PTH119 - a part of a text
    if zone is None and options.zone:
        zone = read_zone(options.zone, "--tz")
    shape = rows.shape
    clock = Clock(zone, year_first=shape.year_first, own_day_first=shape.day_first, asked=options.day_first)
    reader = RowReader(shape, clock, Numbers(comma=rows.comma), options, rows.outer)
    # Full dates with one offset are understood row by row; anything else needs a look at the whole file first.
    done = _gone_through(reader, rows, is_settled=False) if clock.is_fixed and rows.times is not None else None
    if done is None:
        if rows.times is not None:
            falls = clock.settle(rows.times())
        else:
            falls = clock.settle([time_of(row.cells) for row in rows.rows() if row.cells is not None])
        done = _gone_through(reader, rows, is_settled=True) or ([], [], Counter(), 0)
    else:
        falls = falling([row.at for row in done[0]])
    found, bad, passed, count = done
    if falls:
        found.reverse()
    zone_name = zone.name if zone is not None and clock.used_zone else ""
    origin = zone.origin if zone is not None and zone_name else ""
    told = tuple(sorted(passed.items()))
    return ReadFile(name, rows.name or shape.name, zone_name, origin, count, tuple(found), told, _once(bad))


def _gone_through(
    reader: RowReader, rows: _Rows, *, is_settled: bool
) -> tuple[list[SourceRow], list[BadRow], Counter[str], int] | None:
    """Returns the rows of a file, what is wrong, what was passed over, and how many rows there are.

    Absent where that is not settled, and a time needs other rows to be understood.
    """
    found: list[SourceRow] = []
    bad: list[BadRow] = []
    passed: Counter[str] = Counter()
    count = index = 0
    swaps = rows.shape.name.startswith("mt5")
    for row in rows.rows():
        count += 1
        cells = row.cells
        if cells is None:
            if row.reason:
                passed[row.reason] += 1
            else:
                help = "mend the row, or pass it over: --skip-bad"
                bad.append(BadRow(UNREADABLE_ROW, row.line, 1, row.problem, help))
            continue
        if not is_settled and not is_full(cells.time):
            return None
        reader.hint = row.hint
        try:
            read = reader.read(cells, row.line, index, row.raw)
            if row.stated:
                read = read._replace(position=reader.stated(row.stated, read))
            found.append(read)
            if swaps and cells.funding:
                found += _swap(reader, cells, read)
        except Passed as reason:
            passed[str(reason)] += 1
        except RowProblem as problem:
            bad.append(_bad(problem, row))
        index += 1
    return found, bad, passed, count


def _swap(reader: RowReader, cells: Cells, row: SourceRow) -> list[SourceRow]:
    """Returns the swap of a deal as a payment of its own, where it has one."""
    swap = reader.numbers.optional(cells.funding, "swap")
    if not swap:
        return []
    names = ("side", "price", "quantity", "contracts", "liquidity", "order_id", "role", "position", "given_fee")
    nothing: dict[str, Any] = dict.fromkeys(names)
    return [row._replace(is_funding=True, fee=-swap, **nothing)]


def _bad(problem: RowProblem, row: _ReadRow) -> BadRow:
    return BadRow(problem.kind, row.line, _column(problem.field, row), problem.message, problem.help)


def _column(field: str, row: _ReadRow) -> int:
    """Returns the column, in characters, of the cell that a problem is about; 1 where that is not known."""
    if row.cells is None or not field:
        return 1
    for name in _WHERE.get(field, (field,)):
        text = getattr(row.cells, name, "")
        if text:
            at = row.raw.partition("\n")[0].find(text)
            if at >= 0:
                return at + 1
    return 1


def _once(bad: Sequence[BadRow]) -> tuple[BadRow, ...]:
    """Returns problems, each of those that an option mends told once: for the first row that has it.

    Of one symbol the same option mends all rows; of a zone or an order of dates one does for the whole file.
    """
    seen = Counter((each.kind.code, each.help) for each in bad)
    kept: list[BadRow] = []
    done: set[tuple[str, str]] = set()
    for each in bad:
        key = each.kind.code, each.help
        if can_be_skipped(each):
            kept.append(each)
        elif key not in done:
            done.add(key)
            more = seen[key] - 1
            words = f" (and so {more} more row{'s' if more > 1 else ''})" if more else ""
            kept.append(each._replace(message=each.message + words))
    return tuple(kept)


def can_be_skipped(bad: BadRow) -> bool:
    """Returns whether `--skip-bad` passes a row over: not where an option is missing that all rows need."""
    return bad.kind not in _ONCE and not (bad.kind is AMBIGUOUS_TIME and "--dates" in bad.help)


# Tables


def _of_table(text: str, options: ReadOptions) -> _Rows | None:
    lines = lines_of(text)
    head = [cells for _, cells, _ in split_rows(lines[:40], ",")]
    if is_statement(head):
        return _of_statement(lines)
    table = find_table(lines, options.source)
    if table is None:
        raise unknown_head(lines, options.source)
    return _rows_of(table)


class _TableRows:
    """The rows of a table below its head; gone through for their times first, and then for all."""

    def __init__(self, table: SourceTable, shape: Shape) -> None:
        self._table = table
        self._width = len(table.head)
        self._places = shape.places(heads_of(table.head))
        self.time, self._clock, self._symbol = self._places[:3]
        self._needed = max(self._places[FIELDS.index(field)] for field in shape.needs) + 1

    def rows(self) -> Iterator[_ReadRow]:
        """Yields all rows by their fields."""
        width, time, symbol = self._width, self.time, self._symbol
        pick = itemgetter(*self._places)
        make = Cells._make
        for line, cells, raw in self._table.rows():
            if len(cells) == width and cells[time] and cells[symbol] and cells[-1] != cells[1]:
                # A field without a column is the empty cell behind the last.
                yield _ReadRow(line, make(pick([*cells, ""])), raw)
                continue
            row = self._other(line, cells, raw)
            if isinstance(row, _ReadRow):
                yield row
            elif row:
                yield _ReadRow(line, make(pick([*row, ""])), raw)

    def times(self) -> list[str]:
        """Returns the times of the rows that have cells, as they are written."""
        width, time, symbol, clock = self._width, self.time, self._symbol, self._clock
        found = []
        for line, cells, raw in self._table.rows():
            row: _ReadRow | Sequence[str] = cells
            if len(cells) != width or not cells[time] or not cells[symbol] or cells[-1] == cells[1]:
                row = self._other(line, cells, raw)
            if row and not isinstance(row, _ReadRow):
                found.append(row[time] if clock < 0 else f"{row[time]} {row[clock]}")
        return found

    def _other(self, line: int, cells: Sequence[str], raw: str) -> _ReadRow | Sequence[str]:
        """Returns what a row is that is not full: its cells, a row that is passed over or broken, or nothing."""
        if len(cells) != self._width:
            return _uneven(line, cells, raw, self._table, self._needed)
        return _odd(cells, raw, line, self.time, self._symbol) or (cells if any(cells) else ())


def _rows_of(table: SourceTable) -> _Rows:
    shape = table.shape
    if isinstance(shape, NoFills):
        raise _no_fills(shape, table.line)
    below = _TableRows(table, shape)
    zone = zone_in(table.head[below.time], "its head") or _other_head(table.head)
    return _Rows(
        shape,
        _gathered(below.rows, shape),
        zone or zone_in(table.preamble, "the lines above its head"),
        _comma(table) if table.separator != "," else False,
        times=below.times,
    )


def _other_head(head: Sequence[str]) -> Zone | None:
    found = {zone.name: zone for zone in (zone_in(cell, "its head") for cell in head) if zone is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def _odd(cells: Sequence[str], raw: str, line: int, time: int, symbol: int) -> _ReadRow | None:
    """Returns a row with neither a time nor a symbol, as sums below a table are, passed over; absent for others."""
    if not any(cell.strip() for cell in cells):
        return None
    if not cells[time].strip() and not cells[symbol].strip():
        return _ReadRow(line, None, raw, reason="no time and no symbol: a sum below the table")
    return _ReadRow(line, None, raw, reason="words below the table") if is_words(cells) else None


def _uneven(line: int, cells: Sequence[str], raw: str, table: SourceTable, needed: int) -> "_ReadRow | Sequence[str]":
    """Returns a row with more or fewer cells than the head: its cells, what is wrong, or nothing for an empty one."""
    width = len(table.head)
    if not any(cell.strip() for cell in cells):
        if raw.strip(" \t,;") and not cells:
            return _ReadRow(line, None, raw, problem="the row cannot be taken apart: a cell is too long, or has no end")
        return ()
    if is_words(cells):
        return () if not _counts(cells) else _ReadRow(line, None, raw, reason="words below the table")
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return cells[:width]
    if needed <= len(cells) < width:
        return [*cells, *[""] * (width - len(cells))]
    if isinstance(table.shape, Shape) and table.shape.name.startswith("mt5") and not cells[0][:1].isdigit():
        return _ReadRow(line, None, raw, reason="a line of the report below its deals")
    return _ReadRow(line, None, raw, problem=f"the row has {len(cells)} cells, and the head has {width}")


def _counts(cells: Sequence[str]) -> bool:
    text = " ".join(cells).strip().lower()
    return not text.startswith(("no data", "no record", "no result", "no trade", "nothing"))


def _comma(table: SourceTable) -> bool | None:
    """Returns whether decimals stand behind a comma; absent where no number tells."""
    cells: list[str] = []
    for number, (_, row, _) in enumerate(table.rows()):
        if number > 500:
            break
        cells += row
    return comma_of(cells)


def _gathered(rows: Callable[[], Iterator[_ReadRow]], shape: Shape) -> Callable[[], Iterator[_ReadRow]]:
    """Returns the rows of an export, those put together that are one fill where it parts them."""
    gather = shape.gather
    if gather is None:
        return rows

    def gathered() -> Iterator[_ReadRow]:
        found = list(rows())
        cells = iter(gather([row.cells for row in found if row.cells is not None]))
        for row in found:
            yield row if row.cells is None else row._replace(cells=next(cells))

    return gathered


def _no_fills(refusal: NoFills, line: int) -> FileRefused:
    return FileRefused(NOT_FILLS, line, f"holds {refusal.name}: {refusal.why}", f"export {refusal.instead}")


# Statements, markup, answers


def _of_statement(lines: Sequence[str]) -> _Rows:
    found = list(statement_rows(split_rows(lines, ",")))
    # The last row of a symbol has the position that the statement says is held of it.
    last = {
        values["symbol"]: number
        for number, (_, values, _) in enumerate(found)
        if values.get("stated") and not values.get("passed")
    }
    places = {number: found[number][1]["stated"] for number in last.values()}

    def rows() -> Iterator[_ReadRow]:
        for number, (line, values, raw) in enumerate(found):
            if values.get("passed"):
                yield _ReadRow(line, None, raw, reason=values["passed"])
            else:
                yield _ReadRow(line, _cells(STATEMENT, values), raw, stated=places.get(number, ""))

    return _Rows(STATEMENT, rows, None)


def _cells(shape: Shape, values: Mapping[str, str]) -> Cells:
    found = []
    for field in FIELDS:
        value = ""
        for name in shape.columns.get(field, ()):
            value = values.get(name, "")
            if value:
                break
        found.append(value)
    return Cells._make(found)


def _of_markup(text: str, options: ReadOptions) -> _Rows | None:
    if is_flex(text):
        shape = FLEX[0]
        found = [_ReadRow(line, _cells(shape, values), raw) for line, values, raw in xml_rows(text)]
        return _Rows(shape, lambda: iter(found), None)
    rows = html_rows(text)
    table = table_in(lambda: iter(rows), "\t", options.source)
    if table is None:
        raise unknown_head([raw for _, _, raw in rows], options.source)
    return _rows_of(table)


def _of_answer(text: str, options: ReadOptions) -> _Rows | None:
    answer = read_answer(text, options.source if not options.source.startswith("ccxt") else "")
    if answer.is_ccxt:
        return _of_ccxt(answer.rows, options)
    shape = answer.shape
    if isinstance(shape, NoFills):
        raise _no_fills(shape, answer.rows[0].line if answer.rows else 1)
    if shape is None:
        return None
    found = [_ReadRow(row.line, _cells(shape, row.values), row.raw) for row in answer.rows]
    return _Rows(shape, _gathered(lambda: iter(found), shape), None, outer=answer.outer)


def _of_ccxt(rows: Sequence[AnswerRow], options: ReadOptions) -> _Rows:
    keys: dict[str, int] = {}
    for row in rows[:50]:
        keys |= dict.fromkeys(row.info or {}, 0)
    inner = shape_of(keys) if keys else None
    if isinstance(inner, Shape) and inner.name not in ("generic table", "tradervue generic"):
        found = [
            _ReadRow(row.line, _cells(inner, row.info or {}), row.raw, hint=market_of(row.values.get("symbol", "")))
            for row in rows
        ]
        return _Rows(inner, lambda: iter(found), None, name=f"ccxt trades of {inner.name.partition(' ')[0]}")
    venue = options.source.partition(":")[2]
    if not venue:
        known = ", ".join(list(keys)[:8])
        raise FileRefused(
            UNKNOWN_SOURCE,
            rows[0].line if rows else 1,
            f"has trades of ccxt, and their `info` ({known or 'empty'}) does not say whose they are",
            "say the venue: `--source ccxt:NAME`",
        )
    found = [_ReadRow(row.line, _cells(CCXT, row.values), row.raw) for row in rows]
    return _Rows(CCXT, lambda: iter(found), None, name=f"ccxt trades of {quote(venue)}")
