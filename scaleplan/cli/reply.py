"""What a command replies: what it prints, what it says beside, and how it exits."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple


class ExitCode(IntEnum):
    """The exit codes. Where several fit, the highest is taken."""

    OK = 0
    """Nothing at error level (with `--strict`: at warning level)."""
    ERRORS = 1
    """A plan has errors (with `--strict`: or warnings)."""
    USAGE = 2
    """The command line asks for what there is not."""
    REFUSED = 3
    """The operating system refuses a file, the output, memory or a folder, or a file is a directory or a device."""
    BROKEN = 70
    """The program itself is wrong: the number that sysexits.h gives to that."""


class Surface(NamedTuple):
    """What one stream is able to show.

    `width` is absent where lines may be as long as they like: no terminal, and COLUMNS is not set. `blocks` tells
    whether its encoding has block characters, `terminal` whether people see it, `clears` whether it can be cleared.
    """

    width: int | None
    colour: bool
    blocks: bool = True
    terminal: bool = False
    clears: bool = False


class Screen(NamedTuple):
    """What standard output and standard error are able to show."""

    out: Surface
    talk: Surface


class Reply(NamedTuple):
    """What goes to standard output, what to standard error, and the exit code.

    `pieces` follow `out` where that is too much to be held at once, or comes over time: they are made while they are
    written. With `live` each is seen as soon as it is made.
    """

    out: str
    talk: str
    code: int
    pieces: Iterable[str] = ()
    live: bool = False
