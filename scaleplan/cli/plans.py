"""Finding the plans that a command line names: files, standard input, and what lies in folders.

One is read when it is asked for, so that a folder of any size is worked through with the memory of one plan and of
what is said of all.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.bounds import is_yaml, leads_out
from scaleplan.cli import has_folder
from scaleplan.source import STANDARD_INPUT, Unreachable, joined, name_of, read_bytes
from scaleplan.tree.text import BYTES

if TYPE_CHECKING:
    from pathlib import Path

#: Why nothing is found that is seen from the current folder, where there is none.
NOWHERE = "there is no current folder to look from, it was removed"
#: What makes a pattern of a word.
SIGNS = frozenset("*?[")
_LEADS_OUT = "a link out of its repository or folder, or to no YAML file; name the file itself"


class Text(NamedTuple):
    """The bytes of a plan under the name that messages give it."""

    name: str
    data: bytes


class Found(NamedTuple):
    """A file that was named, or that lies below the folder that was."""

    path: str
    folder: str | None = None
    again: bool = False


class NoPlans(NamedTuple):
    """A folder that was searched in vain, and what was said of it."""

    folder: str
    reason: str


class Several(NamedTuple):
    """A pattern that stands for several files, where a command takes one."""

    pattern: str
    names: tuple[str, ...]


def named(words: Iterable[str]) -> Iterator[str | Unreachable]:
    """Yields the names on a command line: each word, or what it stands for as a pattern where no file is called so."""
    for word in words:
        if SIGNS.isdisjoint(word):
            yield word
            continue
        if is_nowhere(word):
            yield Unreachable(word, NOWHERE)
            continue
        from scaleplan.cli.patterns import matches

        try:
            for name in [word] if os.path.lexists(word) else matches(word):
                yield Unreachable(name, _LEADS_OUT) if leads_out(name, _begin(word)) else name
        except Unreachable as error:
            yield error


def _begin(pattern: str) -> str:
    """Returns the folder that a pattern names before its first sign."""
    return os.path.dirname(pattern[: next(at for at, sign in enumerate(pattern) if sign in SIGNS)])  # noqa: PTH120


def one_file(word: str) -> Text | Unreachable | Several:
    """Returns the one file that a word stands for."""
    names = tuple(named([word]))
    if len(names) > 1:
        return Several(word, tuple(name.name if isinstance(name, Unreachable) else name for name in names))
    return names[0] if isinstance(names[0], Unreachable) else read(names[0])


def files(paths: Iterable[str]) -> Iterator[Text | Unreachable]:
    """Yields each file named, once; a folder is refused like everything else that is no file."""
    seen: set[str] = set()
    for path in named(paths):
        if isinstance(path, Unreachable):
            yield path
        elif _is_new(path, seen):
            yield read(path)


def files_and_folders(paths: Iterable[str]) -> Iterator[Found | Unreachable | NoPlans]:
    """Yields each file named or below a folder named, not yet read; a file that came before has `again`."""
    seen: set[str] = set()
    for path in named(paths):
        if isinstance(path, Unreachable):
            yield path
            continue
        if path == STANDARD_INPUT or is_nowhere(path) or not is_folder(path):
            yield Found(path, again=not _is_new(path, seen))
            continue
        below, refused = _walk(path)
        yield from refused
        for file in below:
            yield Found(file, path, again=not _is_new(file, seen))
        if not below and not refused:
            yield NoPlans(path, "no plans in this folder (*.yaml, *.yml)")


def _is_new(path: str, seen: set[str]) -> bool:
    place = joined("" if os.path.isabs(path) or not has_folder() else os.getcwd(), path)  # noqa: PTH109, PTH117
    if place in seen:
        return False
    seen.add(place)
    return True


def read(path: str) -> Text | Unreachable:
    """Returns the bytes of one file."""
    if path == STANDARD_INPUT:
        _say_what_is_awaited()
    elif is_nowhere(path):
        return Unreachable(path, NOWHERE)
    elif leads_out(path):
        return Unreachable(path, "a link out of its repository, or to no YAML file; name the file itself")
    try:
        return Text(name_of(path), read_bytes(path, BYTES))
    except Unreachable as error:
        return error


def _say_what_is_awaited() -> None:
    """Says that the keyboard is read: at once, because otherwise the program seems to hang."""
    typed = sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()
    # What is said through sys.stderr is kept until the end.
    if typed and sys.__stderr__ is not None and sys.__stderr__.isatty():
        sys.__stderr__.write("scaleplan: reading a plan from the keyboard; end it with Ctrl-D on a line of its own\n")
        sys.__stderr__.flush()


def is_nowhere(path: str) -> bool:
    """Returns whether a path is seen from the current folder, and there is none: it was removed."""
    return not (os.path.isabs(path) or has_folder())  # noqa: PTH117 - a Path takes ten times as long


def current_folder() -> "Path":
    """Returns the folder from which files are named; where it was removed, one that no file is below."""
    from pathlib import Path

    try:
        return Path.cwd()
    except OSError:
        return Path()


def is_folder(path: str) -> bool:
    """Returns whether a path is a folder; one that cannot be looked at is none."""
    return os.path.isdir(path)  # noqa: PTH112 - pathlib takes a twentieth of a start to load


def _walk(folder: str) -> tuple[list[str], list[Unreachable]]:
    """Returns every YAML file below a folder, sorted, and the folders that could not be looked into.

    Hidden files and folders are somebody else's. Links to folders are not followed, so that none leads back; of links
    to files the file is read, where it is the folder's own. What is no regular file is passed over: a FIFO could make a
    check wait for ever.
    """
    below: list[str] = []
    refused: list[Unreachable] = []
    waiting = [joined("", folder)]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif is_yaml(entry.name):
                        _add(entry, folder, below, refused)
        except OSError as error:
            refused.append(Unreachable(here, (error.strerror or "cannot be read").lower()))
    return sorted(below, key=lambda file: file.split("/")), refused


def _add(entry: "os.DirEntry[str]", folder: str, below: list[str], refused: list[Unreachable]) -> None:
    """Takes a file along; a link that leads out, nowhere, or round and round, is told and holds nothing else up."""
    try:
        if entry.is_symlink() and leads_out(entry.path, folder):
            refused.append(Unreachable(entry.path, _LEADS_OUT))
        elif entry.is_file():
            below.append(joined("", entry.path))
        elif entry.is_symlink() and not os.path.exists(entry.path):  # noqa: PTH110
            refused.append(Unreachable(entry.path, "a link that leads nowhere"))
    except OSError as error:
        refused.append(Unreachable(entry.path, (error.strerror or "cannot be read").lower()))
