"""What a command replies, what the two streams are able to show, and the one place that writes to them.

All is computed first and written once, but for what is too much to be held at once. A reader that has gone away
(`| head`), a closed stream and Ctrl-C leave no traceback, not even when the interpreter flushes its streams at the very
end; the exit code is then that of the result, because the plan is as right or wrong as it would have been with all of
it read. Output that cannot be stored is exit 3.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from enum import IntEnum
from itertools import chain
from typing import NamedTuple, TextIO

#: More columns than any screen has; where COLUMNS says more, this is taken.
_MOST_COLUMNS = 1000
_COLUMNS_OF_A_TERMINAL = 80
_BLOCKS = "█▌✓✗▒┤├┄╪╳≈"  # noqa: RUF001 - no letter X


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


def current_screen() -> Screen:
    """Returns what the streams of this process show, now: a terminal may have been made wider."""
    return screen_of(sys.stdout, sys.stderr, os.environ)


def screen_of(out: TextIO | None, talk: TextIO | None, environment: Mapping[str, str]) -> Screen:
    """Returns what the two streams show, and what the environment asks of them."""
    return Screen(surface_of(out, environment), surface_of(talk, environment))


def surface_of(stream: TextIO | None, environment: Mapping[str, str]) -> Surface:
    """Returns what one stream shows; a closed one shows nothing, and has no limits."""
    terminal = _is_terminal(stream)
    clears = terminal and environment.get("TERM", "dumb") != "dumb"
    return Surface(
        _width(stream, environment), _colour(stream, environment), _blocks(stream, environment), terminal, clears
    )


def _width(stream: TextIO | None, environment: Mapping[str, str]) -> int | None:
    columns = environment.get("COLUMNS", "")
    digits = columns.lstrip("0")
    if digits and columns.isascii() and columns.isdecimal():
        return int(digits) if len(digits) < len(str(_MOST_COLUMNS)) else _MOST_COLUMNS
    if stream is None or not _is_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or _COLUMNS_OF_A_TERMINAL
    except OSError:
        return _COLUMNS_OF_A_TERMINAL


def _colour(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Returns whether to colour. NO_COLOR wins over FORCE_COLOR, and both, where not empty, over what the stream is."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return _is_terminal(stream) and environment.get("TERM") != "dumb"


def _blocks(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Returns whether block characters can be written to a stream; one without an encoding keeps text as it is."""
    if environment.get("TERM") == "dumb" and _is_terminal(stream):
        return False
    try:
        _BLOCKS.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def write(reply: Reply) -> int:
    """Writes both texts. Returns the exit code: its own, unless standard output cannot be stored."""
    code = reply.code
    talk = reply.talk
    refusal = _put(sys.stdout, chain((reply.out,), reply.pieces), live=reply.live)
    if refusal:
        talk += f"scaleplan: the output could not be written: {refusal}\n"
        code = max(code, ExitCode.REFUSED)
    _put(sys.stderr, (talk,))
    return int(code)


def _put(stream: TextIO | None, texts: Iterable[str], *, live: bool = False) -> str:
    """Writes to a stream. Returns why its text could not be stored, nothing where all is well.

    A stream that is closed, or whose reader has gone, wants no text: that is nothing to speak of.
    """
    if stream is None or stream.closed:
        return ""
    try:
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a character gets its number: `\\u20bf` says more than a traceback.
            stream.reconfigure(errors="backslashreplace")
        for text in texts:
            stream.write(text)
            if live:
                stream.flush()
        stream.flush()
    except BrokenPipeError:
        _drop(stream)
    except KeyboardInterrupt:
        if live:
            # Behind the `^C` that the terminal shows the shell's next line begins on its own.
            stream.write("\n")
            stream.flush()
        raise
    except OSError as error:
        _drop(stream)
        return (error.strerror or "unknown error").lower()
    return ""


def silence() -> None:
    """Drops whatever the streams still hold, so that nothing is said and nothing waits when the process ends."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            _drop(stream)


def _drop(stream: TextIO) -> None:
    # The interpreter flushes its streams once more at the end, and would complain there. It is given somewhere to
    # flush to; closing the stream instead would complain at once.
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except OSError:
        # Not backed by a file descriptor, or no device to write to: then there is nothing to flush either.
        return
