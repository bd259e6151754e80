"""Storing a file so that nothing is ever half written, and nothing is overwritten that was not meant to be.

The text is written to a file beside the one that is meant, brought to the disk, and given its name in one step.
"""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from scaleplan.source import Unreachable

_THERE = "is there already, and nothing is overwritten"


def is_taken(path: str) -> bool:
    """Whether something goes by that name already, a link that leads nowhere included."""
    return os.path.lexists(path)


def create(path: str, data: bytes) -> None:
    """Store a new file. Raises `Unreachable` where there is one already, or where it cannot be stored."""
    try:
        beside = _written_beside(path, data, None)
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error
    try:
        os.link(beside, path)
    except FileExistsError as error:
        raise Unreachable(path, _THERE) from error
    except OSError:
        _create_in_place(path, data)
    finally:
        beside.unlink(missing_ok=True)


def replace(path: str, data: bytes) -> None:
    """Store a file in the place of one that is there, with its permissions; of a link, that which it leads to."""
    try:
        real = os.path.realpath(path)
        like = Path(real).stat()
        if not stat.S_ISREG(like.st_mode):
            raise Unreachable(path, "is no regular file, so it is not written to")
        beside = _written_beside(real, data, like)
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error
    try:
        beside.replace(real)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _refused(path, error) from error


def _written_beside(path: str, data: bytes, like: os.stat_result | None) -> Path:
    """A file with a name of its own in the same folder, written to the disk; it is gone where that fails."""
    folder, name = os.path.split(path)
    beside = Path(folder) / f".{name[:100]}.{secrets.token_hex(4)}.tmp"
    mode = 0o666 if like is None else stat.S_IMODE(like.st_mode)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            if like is not None:
                _as_it_was(handle, like)
            file.write(data)
            file.flush()
            os.fsync(handle)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _as_it_was(handle: int, like: os.stat_result) -> None:
    """Owner, as far as we may, and permissions."""
    if not hasattr(os, "fchmod"):  # no POSIX: the folder decides
        return
    own = os.fstat(handle)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        # Only the superuser gives files away; for others the file becomes their own.
        with suppress(PermissionError):
            os.fchown(handle, like.st_uid, like.st_gid)
    os.fchmod(handle, stat.S_IMODE(like.st_mode))


def _create_in_place(path: str, data: bytes) -> None:
    """Without links: the name is taken first, and given up again where the text cannot be stored."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError as error:
        raise Unreachable(path, _THERE) from error
    except OSError as error:
        raise _refused(path, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
    except BaseException as error:
        Path(path).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _refused(path, error) from error
        raise


def _refused(path: str, error: OSError | ValueError) -> Unreachable:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Unreachable(path, "there is no such folder")
    if isinstance(error, OSError):
        return Unreachable(path, (error.strerror or "cannot be written").lower())
    return Unreachable(path, "no file can have such a name")
