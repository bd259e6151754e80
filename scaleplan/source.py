"""A source is a text that a trader wrote, and the places in it.

`line` and `column` count from 1, in characters, as editors count them: a line ends at LF, CR LF or a lone CR.
"""

import os
import re
import stat
import sys
from bisect import bisect_right
from collections.abc import Iterable
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple, final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

STANDARD_INPUT = "-"

#: How many characters of a line are kept from its beginning, and how many on either side of a place in it.
_HEAD, _AROUND = 10_000, 2_000
_LINE_END = re.compile(r"\r\n|\r|\n")

#: How long a pipe may say nothing at all, and how long it may pause once it has begun, in seconds.
_PATIENCE, _PAUSE = 10, 60
#: A pipe holds no more than this at once on most systems, in bytes.
_PIECE = 1 << 20
_REFUSED = {
    stat.S_IFDIR: "is a directory, not a file",
    stat.S_IFCHR: "is a device, not a file",
    stat.S_IFBLK: "is a device, not a file",
    stat.S_IFSOCK: "is a socket, not a file",
}
_REASONS = {
    FileNotFoundError: "no such file",
    PermissionError: "permission denied",
    IsADirectoryError: "is a directory, not a file",
    NotADirectoryError: "no such file: a part of the path is not a directory",
}


class Unreachable(Exception):  # noqa: N818 - it is a state of the world, not an error of the program
    """The operating system does not give us the file. `name` is what the trader typed, `reason` says why."""

    def __init__(self, name: str, reason: str) -> None:
        """Keeps both apart: of what an exception is given it is made again in another process."""
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


class Place(NamedTuple):
    """A line and a column, both from 1, in characters."""

    line: int
    column: int


@final
class Source:
    """One text with the name under which messages speak of it (a path as typed, `<stdin>`, an option)."""

    __slots__ = ("_lines", "_positions", "_starts", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._starts: list[int] | None = None
        # Of a source that was condensed: what it knows in the place of its text.
        self._positions: dict[int, Place] = {}
        self._lines: dict[int, tuple[int, list[tuple[int, str]]]] = {}

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    @property
    def line_starts(self) -> list[int]:
        """Returns the offset at which each line begins, found once and only when a place is asked for."""
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        return self._starts

    def position(self, offset: int) -> Place:
        """Returns the line and column of a character offset; one past the end is the end of the last line."""
        if offset in self._positions:
            return self._positions[offset]
        offset = max(0, min(offset, len(self.text)))
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return Place(line, offset - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Returns line `number` (from 1) without its line end; empty where the text has no such line."""
        if number in self._lines:
            return _joined(*self._lines[number])
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def condensed(self, offsets: Iterable[int]) -> "Source":
        """Returns a source that knows the places of these offsets and what is around them in their lines, and no text.

        It is what reports ask for, and takes some kilobytes a line in the place of a whole file. A source that is
        little more than that is returned as it is.
        """
        if len(self.text) <= _HEAD:
            return self
        kept = Source(self.name, "")
        kept._positions = {offset: self.position(offset) for offset in offsets}
        columns: dict[int, list[int]] = {}
        for place in kept._positions.values():
            columns.setdefault(place.line, []).append(place.column)
        for number, places in columns.items():
            line = self.line(number)
            kept._lines[number] = len(line), _pieces(line, places)
        return kept


def _pieces(line: str, columns: Iterable[int]) -> list[tuple[int, str]]:
    """Returns the beginning of a line and what is around some columns, each behind where it begins."""
    pieces = []
    done = 0
    for first, last in sorted([(0, _HEAD), *((column - _AROUND, column + _AROUND) for column in columns)]):
        begin, end = max(first, done), min(last, len(line))
        if begin < end:
            pieces.append((begin, line[begin:end]))
            done = end
    return pieces


def _joined(length: int, pieces: Iterable[tuple[int, str]]) -> str:
    """Returns a line of that length, with points where nothing was kept."""
    line = ""
    for begin, piece in pieces:
        line = line.ljust(begin, ".") + piece
    return line.ljust(length, ".")


class Span(NamedTuple):
    """The characters `start` (inclusive) to `end` (exclusive) of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """Returns what the trader typed there."""
        return self.source.text[self.start : self.end]

    def part(self, start: int, end: int) -> "Span":
        """Returns the span of characters `start` to `end` counted from this one's beginning."""
        return Span(self.source, self.start + start, self.start + end)


def is_option(word: str) -> bool:
    """Returns whether a word on a command line is an option; a dash alone is standard input, and `-1.5%` a price."""
    return word.startswith("-") and word != "-" and not word[1].isdecimal()


def typed_line(name: str, words: Iterable[str]) -> tuple[Span, ...]:
    """Returns the place of each word on a command line, put together again as a shell would want it.

    Messages speak of the line as `name`. The place of a word in quotes is what stands inside them.
    """
    from shlex import quote  # noqa: PLC0415 - few runs need it

    written = [(word, quote(word)) for word in ("scaleplan", *words)]
    source = Source(name, " ".join(quoted for _, quoted in written))
    spans, at = [], 0
    for word, quoted in written:
        inside = 1 if quoted == f"'{word}'" else 0
        spans.append(Span(source, at + inside, at + len(quoted) - inside))
        at += len(quoted) + 1
    return tuple(spans[1:])


def name_of(path: str) -> str:
    """Returns the name under which messages speak of a path: the path as typed, or `<stdin>`."""
    return "<stdin>" if path == STANDARD_INPUT else path


def joined(folder: str, path: str) -> str:
    """Returns a path seen from a folder, without empty parts and `.`; `..` stays, as it may lead out of a link."""
    whole = os.path.join(folder, path)  # noqa: PTH118
    parts = "/".join(part for part in whole.split("/") if part not in ("", "."))
    return f"/{parts}" if whole.startswith("/") else parts or "."


def read_bytes(path: str, limit: int) -> bytes:
    """Returns the bytes of a file, or of standard input for `-`; never more than `limit` + 1, which says "too many".

    Raises `Unreachable` for what is missing, closed, forbidden, a directory or a device. A FIFO is read like a
    file, up to the limit, so that an endless one ends too; one that nobody writes to is given up.
    """
    if path == STANDARD_INPUT:
        return _read_standard_input(limit)
    with opened(path) as file:
        found = os.fstat(file.fileno())
        if stat.S_ISFIFO(found.st_mode):
            come, more = bytearray(), more_of_pipe(file, path)
            while len(come) <= limit and (piece := more(limit + 1 - len(come))):
                come += piece
            return bytes(come)
        # To ask for the whole limit takes room for it; a file that says less than it holds is read on.
        data = file.read(min(found.st_size, limit) + 1)
        return data + file.read(limit + 1 - len(data)) if len(data) > found.st_size else data


@contextmanager
def opened(path: str) -> "Iterator[BinaryIO]":
    """Yields a file or FIFO, open to be read. Raises `Unreachable`, also for what its reading is refused with."""
    if not path:
        raise Unreachable(path, "no such file: the name is empty")
    try:
        # Asked before opening, because opening some devices waits or has effects, and again after, because
        # the name may stand for something else by then.
        _refuse(path, _mode_of(path))
        with open(path, "rb", opener=without_waiting) as file:
            _refuse(path, os.fstat(file.fileno()).st_mode)
            yield file
    except OSError as error:
        raise Unreachable(path, _reason(error)) from error


def _mode_of(path: str) -> int:
    try:
        return os.stat(path).st_mode  # noqa: PTH116 - pathlib takes a twentieth of a start to load
    except ValueError as error:  # a NUL or a lone surrogate: no file system takes such a name
        raise Unreachable(path, "no such file: the name has a character that no file name can have") from error


def without_waiting(path: str, flags: int) -> int:
    """Opens a file as the `opener` of `open`: a FIFO at once, where somebody would be waited for who writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def more_of_pipe(file: "BinaryIO", path: str) -> "Callable[[int], bytes]":
    """Returns what reads at most so many bytes more of a FIFO, none at its end; one that says nothing is given up."""
    from select import select  # noqa: PLC0415 - few runs read a pipe

    number, patience = file.fileno(), _PATIENCE

    def more(size: int) -> bytes:
        nonlocal patience
        while True:
            if not select([number], [], [], patience)[0]:
                raise Unreachable(path, f"is a pipe through which nothing came for {patience} s")
            # Another reader may have been faster.
            with suppress(BlockingIOError):
                piece = os.read(number, min(size, _PIECE))
                patience = _PAUSE
                return piece

    return more


def _read_standard_input(limit: int) -> bytes:
    name = name_of(STANDARD_INPUT)
    if sys.stdin is None or sys.stdin.closed:
        raise Unreachable(name, "standard input is closed")
    try:
        # What is read without waiting ends where nothing has come yet, and would pass for a whole plan.
        with suppress(ValueError):  # no file descriptor behind it
            os.set_blocking(sys.stdin.fileno(), True)
        return sys.stdin.buffer.read(limit + 1)
    except OSError as error:
        raise Unreachable(name, _reason(error)) from error


def _refuse(path: str, mode: int) -> None:
    reason = _REFUSED.get(stat.S_IFMT(mode))
    if reason is not None:
        raise Unreachable(path, reason)


def _reason(error: OSError) -> str:
    for sort, reason in _REASONS.items():
        if isinstance(error, sort):
            return reason
    return (error.strerror or "cannot be read").lower()


def plans_folder() -> "Path":
    """Returns where the bundled plans lie: in the package once it is installed, in a checkout beside it."""
    from pathlib import Path  # noqa: PLC0415 - rare

    package = Path(__file__).parent
    bundled = package / "plans"
    return bundled if bundled.is_dir() else package.parent / "plans"
