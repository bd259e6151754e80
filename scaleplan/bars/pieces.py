"""A file of bars in pieces: rows of columns that are named by their numbers, with the row at which a piece begins."""

import hashlib
import io
import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

import polars as pl

from scaleplan.bars.columns import ColumnPlaces
from scaleplan.bars.form import MOST_BARS
from scaleplan.bars.opening import Data, data_of
from scaleplan.bars.records import BarDecimals
from scaleplan.bars.typed import TextLines, decimal_of, scaled
from scaleplan.source import Unreachable

#: The bytes of a piece of text, and the rows of a piece of a table.
PIECE_BYTES, PIECE_ROWS = 1 << 26, 1 << 20
#: More rows of a table than these have at least so many bytes each: a small file may say that it has any number.
_MANY_ROWS, _LEAST_BYTES = 20_000_000, 4
#: So many rows of a table are read where a few are asked for.
_FEW = 1 << 12


class RowPiece(NamedTuple):
    """Some rows of a file; `first` is the row, from 0, at which they begin."""

    frame: pl.DataFrame
    first: int


def _let_go(data: Data) -> None:
    """Lets go of the memory that holds a mapped file."""
    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        data.madvise(mmap.MADV_DONTNEED)


class CsvSource:
    """The rows of a CSV, whose head, if it has one, is its first line."""

    def __init__(self, data: Data, path: str, separator: str, found: ColumnPlaces, *, headed: bool, most: int) -> None:
        self._data = data
        self._path = path
        self._separator = separator
        self._found = found
        self._headed = headed
        self._most = most
        self._hash = hashlib.sha256()

    def digest(self) -> str:
        """Returns the hash of all that was read, once all pieces were."""
        return self._hash.hexdigest()

    def pieces(self, lines: TextLines) -> Iterator[RowPiece]:
        """Yields all rows; `lines` are counted as far as they have come."""
        data, size = self._data, len(self._data)
        edges = [0]
        while edges[-1] < size:
            end = data.rfind(b"\n", edges[-1], edges[-1] + PIECE_BYTES) + 1 if size - edges[-1] > PIECE_BYTES else size
            if end <= edges[-1]:
                # A line longer than a piece is one.
                end = data.find(b"\n", edges[-1] + PIECE_BYTES) + 1 or size
                _let_go(data)
            edges.append(end)
        row = 0
        for begin, end in pairwise(edges):
            whole = len(edges) == 2 and isinstance(data, mmap.mmap)
            for at in range(begin, end, PIECE_BYTES):
                self._hash.update(data[at : min(at + PIECE_BYTES, end)])
            lines.count(end)
            if row < self._most and end - begin > PIECE_BYTES:
                # A line longer than a piece is no bar, and is not held.
                yield RowPiece(self._unreadable(1), row)
                row += 1
            elif row < self._most:
                text = data[begin:end]
                skips = self._headed and not begin
                frame = self._frame(self._path if whole else text, skips=skips, most=self._most - row)
                if frame is None:
                    frame = self._framed(text, skips=skips, most=self._most - row)
                count = text.count(b"\n") + (text[-1:] != b"\n") - skips
                yield RowPiece(self._unreadable(count) if frame is None else frame, row)
                row += count
            _let_go(data)

    def _frame(self, source: str | bytes, *, skips: bool, most: int) -> pl.DataFrame | None:
        """Returns the columns that bars need, each by its number as a name; absent where they cannot be read at all."""
        wanted = sorted(self._found.wanted)
        # What polars calls the first of columns without names depends on its version.
        first = int(pl.read_csv(b"1,2\n", has_header=False).columns[0].rpartition("_")[2])
        types: dict[str, Any] = {f"column_{place + first}": pl.Float64 for place in wanted}
        for place in (self._found.time, *(place for _, place in self._found.others if place not in self._found.prices)):
            types[f"column_{place + first}"] = pl.String
        try:
            frame = pl.read_csv(
                source,
                # A name is a name: `bars[1].csv` is no pattern that other files fit.
                glob=False,
                has_header=False,
                skip_rows=1 if skips else 0,
                separator=self._separator,
                columns=wanted,
                schema_overrides=types,
                ignore_errors=True,
                truncate_ragged_lines=True,
                n_rows=most if most < MOST_BARS - PIECE_BYTES else None,
                infer_schema_length=1,
                encoding="utf8-lossy",
            )
        except pl.exceptions.PolarsError:
            return None
        frame.columns = [f"column_{place + 1}" for place in wanted]
        return frame

    def _framed(self, text: bytes, *, skips: bool, most: int) -> pl.DataFrame | None:
        """Returns the columns of a piece whose first line, empty or short, does not tell how many there are."""
        rest = text.partition(b"\n")[2] if skips else text
        whole = self._separator.encode() * max(self._found.wanted)
        frame = self._frame(whole + b"\n" + rest, skips=False, most=most + 1)
        return None if frame is None else frame.slice(1)

    def _unreadable(self, count: int) -> pl.DataFrame:
        """Returns rows in which nothing can be read; where there is nothing else there are none."""
        names = [f"column_{place + 1}" for place in sorted(self._found.wanted)]
        if len(self._data) <= PIECE_BYTES:
            count = 0
        frame = pl.DataFrame({name: [None] * count for name in names}, schema=dict.fromkeys(names, pl.Float64))
        time = pl.Series(f"column_{self._found.time + 1}", ["?"] * count, dtype=pl.String)
        return frame.with_columns(time)


@contextmanager
def _muted() -> Iterator[None]:
    """Keeps from standard error what polars writes there by itself where a table is broken: a stack of its own."""
    try:
        kept = os.dup(_ERRORS)
    except OSError:
        # There is none to write to.
        yield
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, _ERRORS)
        yield
    finally:
        os.dup2(kept, _ERRORS)
        os.close(kept)
        os.close(nothing)


#: The number of standard error.
_ERRORS = 2
_NO_TABLE = "cannot be read as what its name says, or is not whole"
#: What tables begin with.
_BEGINS = {".parquet": (b"PAR1",), ".feather": (b"ARROW1", b"FEA1"), ".arrow": (b"ARROW1",), ".ipc": (b"ARROW1",)}


class TableSource:
    """The rows of a Parquet or Feather file, of which a small one may say that it has any number."""

    def __init__(self, path: str, name: str, most: int) -> None:
        self._name = name
        self._data = data_of(path)
        begins = next(begins for ending, begins in _BEGINS.items() if path.lower().endswith(ending))
        if not any(self._data[: len(begin)] == begin for begin in begins):
            raise Unreachable(name, _NO_TABLE)
        #: A name in which polars sees a pattern is read by its bytes.
        by_name = isinstance(self._data, mmap.mmap) and not any(sign in path for sign in "*?[")
        self._source = path if by_name else None
        self._parquet = path.lower().endswith(".parquet")
        self._schema = self._asked(lambda: self._scan().collect_schema())
        self.columns: list[str] = list(self._schema.names())
        count = self._asked(lambda: int(self._scan().select(pl.len()).collect().item()))
        if min(count, most) > max(_MANY_ROWS, len(self._data) // _LEAST_BYTES):
            message = f"says that it has {count:,} rows in {len(self._data):,} bytes; read fewer with --most-bars"
            raise Unreachable(name, message)
        self._count = min(count, most)
        self._few: tuple[int, pl.DataFrame] = -1, pl.DataFrame()

    def _scan(self) -> pl.LazyFrame:
        source = io.BytesIO(bytes(self._data)) if self._source is None else self._source
        return pl.scan_parquet(source) if self._parquet else pl.scan_ipc(source)

    def _asked(self, question: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the question returns
        try:
            with _muted():
                return question()
        except BaseException as error:
            # What is broken makes polars panic, too.
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | Unreachable):
                raise
            raise Unreachable(self._name, _NO_TABLE) from error

    def digest(self) -> str:
        """Returns the hash of the file."""
        found = hashlib.sha256()
        for begin in range(0, len(self._data), PIECE_BYTES):
            found.update(self._data[begin : begin + PIECE_BYTES])
            _let_go(self._data)
        return found.hexdigest()

    def pieces(self, wanted: set[int]) -> Iterator[RowPiece]:
        """Yields all rows of some columns."""
        places = sorted(wanted)
        chosen = [pl.nth(place).alias(f"column_{place + 1}") for place in places]
        for begin in range(0, self._count, PIECE_ROWS):
            rows = self._scan().select(chosen).slice(begin, min(PIECE_ROWS, self._count - begin))
            yield RowPiece(self._asked(rows.collect), begin)

    def _row(self, row: int) -> tuple[object, ...]:
        begin = row // _FEW * _FEW
        if self._few[0] != begin:
            self._few = begin, self._asked(self._scan().slice(begin, _FEW).collect)
        return self._few[1].row(row - begin)

    def text(self, row: int) -> str:
        """Returns what stands in a row, from 0; empty behind the last."""
        return ", ".join(map(str, self._row(row))) if row < self._count else ""

    def typed(self, places: tuple[int, ...]) -> Callable[[int], BarDecimals | None] | None:
        """Returns what says the four prices of a row as they are typed; absent where they are doubles."""
        kinds = [self._schema.dtypes()[place] for place in places]
        if len(places) == 4 and all(kind.is_float() for kind in kinds):
            return None
        return lambda row: scaled([_decimal(self._row(row)[place]) for place in places])


def _decimal(value: object) -> Decimal | None:
    """Returns a price of a table: a double as the shortest decimal that is it."""
    return value if isinstance(value, Decimal) else decimal_of(repr(value) if isinstance(value, float) else str(value))
