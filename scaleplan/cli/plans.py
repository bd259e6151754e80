"""Finding the plans that a command line names: files, standard input, and what lies in folders.

One is read when it is asked for, so that a folder of any size is worked through with the memory of one plan.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from scaleplan.decode import kind_of
from scaleplan.source import STANDARD_INPUT, Unreachable, name_of, read_bytes
from scaleplan.tree.text import BYTES

_SUFFIXES = (".yaml", ".yml")


class Text(NamedTuple):
    """The bytes of a plan under the name that messages give it."""

    name: str
    data: bytes


class NoPlans(NamedTuple):
    """A folder that was searched in vain, and what was said of it."""

    folder: str
    reason: str


def files(paths: Iterable[str]) -> Iterator[Text | Unreachable]:
    """Each file named, once; a folder is refused like everything else that is no file."""
    seen: set[Path] = set()
    for path in paths:
        if _is_new(path, seen):
            yield _read(path)


def files_and_folders(paths: Iterable[str]) -> Iterator[Text | Unreachable | NoPlans]:
    """Each file named and every plan below each folder named, once.

    Below a folder the accounts and venues that plans name lie beside them: they are passed over.
    """
    seen: set[Path] = set()
    for path in paths:
        if path == STANDARD_INPUT or not _is_folder(path):
            if _is_new(path, seen):
                yield _read(path)
            continue
        below, refused = _walk(path)
        yield from refused
        plans = 0
        for file in below:
            text = _read(file) if _is_new(file, seen) else None
            if isinstance(text, Text) and kind_of(text.name, text.data) != "plan":
                continue
            plans += 1
            if text is not None:
                yield text
        if not plans and not refused:
            others = f", only accounts and venues ({len(below)})" if below else " (*.yaml, *.yml)"
            yield NoPlans(path, f"no plans in this folder{others}")


def _is_new(path: str, seen: set[Path]) -> bool:
    place = Path(path).absolute()
    if place in seen:
        return False
    seen.add(place)
    return True


def _read(path: str) -> Text | Unreachable:
    if path == STANDARD_INPUT:
        _say_what_is_awaited()
    try:
        return Text(name_of(path), read_bytes(path, BYTES))
    except Unreachable as error:
        return error


def _say_what_is_awaited() -> None:
    """Say that the keyboard is read: at once, because otherwise the program seems to hang."""
    typed = sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()
    # What is said through sys.stderr is kept until the end.
    if typed and sys.__stderr__ is not None and sys.__stderr__.isatty():
        sys.__stderr__.write("scaleplan: reading a plan from the keyboard; end it with Ctrl-D on a line of its own\n")
        sys.__stderr__.flush()


def _is_folder(path: str) -> bool:
    try:
        # The empty name is no file; as a Path it would be the current folder.
        return bool(path) and Path(path).is_dir()
    except (OSError, ValueError):
        return False


def _walk(folder: str) -> tuple[list[str], list[Unreachable]]:
    """Every YAML file below a folder, sorted, and the folders that could not be looked into.

    Hidden files and folders are somebody else's. Links to folders are not followed, so that none leads back; of links
    to files the file is read. What is no regular file is passed over: a FIFO could make a check wait for ever.
    """
    below = []
    refused = []
    waiting = [str(Path(folder))]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.name.lower().endswith(_SUFFIXES) and entry.is_file():
                        below.append(Path(entry.path))
        except OSError as error:
            refused.append(Unreachable(here, (error.strerror or "cannot be read").lower()))
    return [str(file) for file in sorted(below)], refused
