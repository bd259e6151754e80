"""The file of a sweep under way: a line of what it is about, and a line for each piece as soon as that is done.

A line is an object of JSON and ends with a line feed: after a kill all is there up to the last whole one, and a sweep
that goes on from it goes on only where template, bars, signals, seed and version hash alike.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from math import isnan
from typing import Any, BinaryIO

import scaleplan
from scaleplan.source import Unreachable
from scaleplan.sweep.held import HeldVariants
from scaleplan.sweep.records import Came, Task, VariantTrades, no_variant, variant_of

_FORMAT = "scaleplan sweep 1"
#: A line longer than this is none of ours.
_LONGEST = 1 << 28


class OtherSweep(Exception):  # noqa: N818 - it is a state of a file, not an error of the program
    """A file is of another sweep, or of none; the message says what differs."""


def about(task: Task) -> dict[str, str]:
    """Returns what a sweep is about, each part by its hash or as it is."""
    changes = [(each.steps, each.span.text) for each in task.settings.overrides]
    axes = [(axis.path, axis.values) for axis in task.grid.axes]
    kept = [(name, _hash(data)) for name, data in sorted(task.kept.items())]
    return {
        "sweep": _FORMAT,
        "version": scaleplan.__version__,
        "template": _hash(task.data),
        "files": _hash(repr(kept).encode()),
        "changes": _hash(repr(changes).encode()),
        "bars": _hash(f"{task.bars.sha256} {task.bars.form} {task.bars.length}".encode()),
        "signals": "as written" if task.rule is None else task.rule.text,
        "vary": _hash(repr(axes).encode()),
        "variants": _hash(repr(task.grid.numbers).encode()),
        "limits": f"{', '.join(task.manner.limits)} through {task.manner.through}",
        "rules": repr(tuple(task.rules)),
        "seed": str(task.seed),
    }


def token_of(task: Task) -> str:
    """Returns what tells a sweep from all others."""
    return _hash(json.dumps(about(task)).encode())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class KeptFile:
    """The file that a sweep writes its pieces to."""

    def __init__(self, path: str, file: BinaryIO) -> None:
        self._path = path
        self._file = file

    def add(self, index: int, variants: Sequence[VariantTrades]) -> None:
        """Writes a piece as one line, and sees that the system has it. Raises `Unreachable`."""
        self._write(_line(index, variants))

    def _write(self, texts: Iterable[str]) -> None:
        try:
            for text in texts:
                self._file.write(text.encode())
            self._file.flush()
        except OSError as error:
            raise Unreachable(self._path, (error.strerror or "cannot be written").lower()) from error

    def close(self) -> None:
        """Closes it. Each line was seen to by `add`: what cannot be written now was said then."""
        with suppress(OSError):
            self._file.close()


def begin(path: str, task: Task) -> KeptFile:
    """Begins a file under a name that is free. Raises `Unreachable`."""
    try:
        file = open(path, "xb")  # noqa: PTH123, SIM115 - it stays open as long as the sweep goes on
    except FileExistsError as error:
        is_file = os.path.isfile(path)  # noqa: PTH113 - as a name of any bytes
        more = "; `--resume` goes on with it, if a sweep wrote it" if is_file else ", and is no file to write to"
        raise Unreachable(path, f"is there already{more}") from error
    except (OSError, ValueError) as error:
        raise Unreachable(path, (getattr(error, "strerror", "") or "cannot be written").lower()) from error
    kept = KeptFile(path, file)
    kept._write([_json(about(task)), "\n"])  # noqa: SLF001 - its first line
    return kept


def go_on(path: str, task: Task, held: HeldVariants) -> KeptFile:
    """Opens the file of a sweep that was stopped, and holds the pieces that are done.

    Raises `OtherSweep`, and `Unreachable`.
    """
    try:
        if not os.path.isfile(path):  # noqa: PTH113 - a FIFO would make us wait
            raise Unreachable(path, "no such file" if not os.path.lexists(path) else "is no regular file")
        file = open(path, "r+b")  # noqa: PTH123, SIM115 - it stays open as long as the sweep goes on
    except (OSError, ValueError) as error:
        raise Unreachable(path, (getattr(error, "strerror", "") or "cannot be read").lower()) from error
    try:
        end = _read(file, task, held)
        # What a kill has torn is written anew.
        file.truncate(end)
        file.seek(end)
    except OSError as error:
        file.close()
        raise Unreachable(path, (error.strerror or "cannot be read").lower()) from error
    except OtherSweep:
        file.close()
        raise
    return KeptFile(path, file)


def _read(file: BinaryIO, task: Task, held: HeldVariants) -> int:
    """Holds the pieces of a file. Returns where its last whole line ends."""
    end = 0
    while (line := file.readline(_LONGEST)).endswith(b"\n"):
        record = _object(line, end)
        if not end:
            _must_be(record, about(task))
        else:
            index, found = _piece(record, end)
            numbers = tuple(each.number for each in found)
            if not 0 <= index < len(held.pieces) or held.pieces[index].numbers != numbers:
                raise OtherSweep(f"is no file of a sweep: what stands at byte {end:,} is no piece of it")
            if index not in held.done:
                held.add(index, found)
        end = file.tell()
    if not end:
        raise OtherSweep("has no first line of a sweep")
    return end


def _object(line: bytes, end: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise OtherSweep(f"is no file of a sweep: what stands at byte {end:,} is no JSON") from error
    if not isinstance(record, dict):
        raise OtherSweep(f"is no file of a sweep: what stands at byte {end:,} is no object")
    return record


def _must_be(record: dict[str, Any], wanted: dict[str, str]) -> None:
    if record.get("sweep") != _FORMAT:
        raise OtherSweep("is no file of a sweep, or of another version of it")
    differ = [name for name, value in wanted.items() if record.get(name) != value]
    if differ:
        words = ", ".join(
            f"{name} ({str(record.get(name))[:40]} there, {wanted[name]} here)" if len(wanted[name]) < 40 else name
            for name in differ
        )
        raise OtherSweep(f"is of another sweep: {words}")


def _line(index: int, variants: Sequence[VariantTrades]) -> Iterator[str]:
    """Yields the line of a piece, a variant at a time."""
    yield f'{{"piece":{index},"variants":['
    for at, each in enumerate(variants):
        yield ("," if at else "") + _json(_record(each))
    yield "]}\n"


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, separators=(",", ":"))


_FIELDS = ("number", "code", "counts", "no_plan", "live", "exact", "rule", "sides")


def _record(each: VariantTrades) -> dict[str, Any]:
    columns = (each.bar, each.sign, each.last, each.worst_r, each.best_r, each.worst_net, each.best_net)
    rows = [
        [None if isnan(value) else value for value in row]
        for row in zip(*(each.tolist() for each in columns), strict=True)
    ]
    return {name: getattr(each, name) for name in _FIELDS} | {"trades": rows}


def _piece(record: dict[str, Any], end: int) -> tuple[int, list[VariantTrades]]:
    nothing = float("nan")
    try:
        found = []
        for each in record["variants"]:
            if each["code"]:
                found.append(no_variant(int(each["number"]), str(each["code"])))
                continue
            rows = [tuple(nothing if value is None else value for value in row) for row in each["trades"]]
            came = Came(
                each["counts"],
                each["no_plan"],
                float(each["live"]),
                exact=bool(each["exact"]),
                rule=str(each["rule"]),
                sides=tuple(map(int, each["sides"])),
            )
            found.append(variant_of(int(each["number"]), rows, came))
        return int(record["piece"]), found
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise OtherSweep(f"is no file of a sweep: what stands at byte {end:,} is no piece") from error
