"""Exports as tables: which separator, which row is the head, and the rows below it with their lines, as read.

A table is gone through twice and kept nowhere: an account's whole history fits into little room.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from scaleplan.fills import FileRefused
from scaleplan.fills.catalogue import shape_of
from scaleplan.fills.shape import NoFills, Shape, plain_key
from scaleplan.quantity.number import quote
from scaleplan.trade.kinds import UNKNOWN_SOURCE

SEPARATORS = (",", ";", "\t")
#: A head stands in the first so many rows, unless what is in front of it is another table.
_HEAD_WITHIN, _SECTIONS_WITHIN = 100, 200_000
#: How long a cell may be; what is longer is an unreadable row.
_LONGEST_CELL = 1 << 20

#: A row: its line, its cells, and as it was read. Without cells it could not be taken apart.
TableRow = tuple[int, Sequence[str], str]


class SourceTable(NamedTuple):
    """A table whose head is known. `preamble` is what stands above it, `head` the head's cells and `line` its line."""

    shape: Shape | NoFills
    head: tuple[str, ...]
    line: int
    preamble: str
    separator: str
    rows: Callable[[], Iterator[TableRow]]


def split_rows(lines: Sequence[str], separator: str) -> Iterator[TableRow]:
    """Yields the rows of a text in lines, each with its first line."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=separator)
    before = 0
    while True:
        try:
            for cells in reader:
                here = reader.line_num
                raw = lines[before] if here == before + 1 else "".join(lines[before:here])
                yield before + 1, cells, raw.rstrip("\n")
                before = here
        except csv.Error:
            here = reader.line_num
            yield before + 1, (), lines[before][:200].rstrip("\n")
            before = here
        else:
            return


def lines_of(text: str) -> list[str]:
    """Returns the lines of a text, whatever ends them."""
    return list(io.StringIO(text, newline=None))


def heads_of(cells: Sequence[str]) -> dict[str, int]:
    """Returns the place of each head, the first of those that are alike."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        found.setdefault(plain_key(cell), place)
    found.pop("", None)
    return found


def find_table(lines: Sequence[str], source: str) -> SourceTable | None:
    """Returns the table of a text, absent where no row is a head that is known.

    Where a table without fills stands in front of one with them, as in a report, that one is meant.
    """
    refused: SourceTable | None = None
    for separator in SEPARATORS:
        if not any(separator in line for line in lines[:_HEAD_WITHIN]):
            continue
        found = table_in(lambda separator=separator: split_rows(lines, separator), separator, source)  # type: ignore[misc]
        if found is not None and isinstance(found.shape, Shape):
            return found
        refused = refused or found
    return refused


def table_in(rows: Callable[[], Iterator[TableRow]], separator: str, source: str) -> SourceTable | None:
    """Returns the table among some rows; see `find_table`."""
    above: list[str] = []
    refused: SourceTable | None = None
    for number, (line, cells, raw) in enumerate(rows()):
        if number >= (_SECTIONS_WITHIN if refused is not None else _HEAD_WITHIN):
            break
        shape = shape_of(heads_of(cells), source) if len(cells) > 2 else None
        if shape is None:
            if refused is None:
                above.append(raw[:500])
            continue
        found = SourceTable(shape, tuple(cells), line, "\n".join(above), separator, _below(rows, number))
        if isinstance(shape, Shape):
            return found
        refused = refused or found
    return refused


def _below(rows: Callable[[], Iterator[TableRow]], number: int) -> Callable[[], Iterator[TableRow]]:
    return lambda: islice(rows(), number + 1, None)


def unknown_head(lines: Sequence[str], source: str) -> FileRefused:
    """Returns why a text is none of the exports that are known: with its first row, and what was looked for."""
    first = next((line.strip() for line in lines if line.strip()), "")
    what = f"is no export of {quote(source)}" if source else "is none of the exports that are known"
    return FileRefused(
        UNKNOWN_SOURCE,
        1,
        f"{what}: its first row is {quote(first[:120])}" if first else "is empty: it has not even a head",
        "see `scaleplan help imports` for the exports that are read; or a table time,symbol,side,quantity,price",
    )


def is_words(cells: Iterable[str]) -> bool:
    """Returns whether a row is a single sentence, as `No data matches the criteria.`, and none of the table."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) != 1:
        return False
    words = filled[0].rstrip(".!:").split()
    return len(words) > 1 and not any(char.isdigit() for char in words[0]) and sum(word.isalpha() for word in words) > 1
