"""Saving what a command makes to a file that an option names: whole or not at all, and nothing lost unasked."""

import os

from scaleplan.cli.plans import NOWHERE, is_nowhere
from scaleplan.cli.reply import ExitCode
from scaleplan.cli.talk import line_of, refusal
from scaleplan.source import Unreachable, read_bytes
from scaleplan.store import clear, create, is_taken, replace


def save(path: str, data: bytes, *, force: bool = False) -> tuple[str, ExitCode]:
    """Stores a file under a name that is free, or that holds the same already. Returns what to say, and the exit code.

    With `force` a file of another content is replaced; of a link, what it leads to. What a run that was killed left
    beside it is taken away.
    """
    try:
        if not is_nowhere(path) and not is_taken(path):
            create(path, data)
            return line_of(path, "written"), ExitCode.OK
        if _held(path, len(data)) == data:
            return line_of(path, "is as it would be written, and is left alone"), ExitCode.OK
        if force:
            replace(path, data)
            return line_of(path, "replaced"), ExitCode.OK
    except Unreachable as error:
        return refusal(error), ExitCode.REFUSED
    return line_of(path, "is there already, with another content; `--force` replaces it"), ExitCode.REFUSED


def is_same(first: str, second: str) -> bool:
    """Returns whether two names stand for one file."""
    try:
        return os.path.samefile(first, second)  # noqa: PTH121
    except (OSError, ValueError):
        return False


def _held(path: str, most: int) -> bytes:
    """Returns what a file holds, of a longer one the beginning; what a killed run left beside it is taken away."""
    if is_nowhere(path):
        raise Unreachable(path, NOWHERE)
    clear(os.path.split(path)[0])
    if not os.path.isfile(path):  # noqa: PTH113 - a FIFO would make us wait
        raise Unreachable(path, "is no regular file, so it is not written to")
    return read_bytes(path, most)
