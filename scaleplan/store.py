"""Storing a file so that nothing is ever half written, and nothing is lost that was not meant to be.

A new text is written to a file beside the one that is meant, brought to the disk, read back, and given its name in one
step. A file that is replaced keeps its owner, permissions and extended attributes. Where a new file cannot have them,
or the old one has other names (hard links), which a new one would not have, it is written in place: both texts are put
into a journal beside it first, so that a run that is stopped half-way is put right by the next one. A journal may have
come with a stranger's folder: it has to be ours alone, and the next run has to know its text for its own.

The files beside are locked while they are in use. What a run that was killed left behind is therefore known by its name
and by being free, and `clear` takes it away. Just before a file is replaced it is read once more, and just after that
the file that was replaced: an edit made meanwhile is refused or put back. Left open are some microseconds in which
another program gives the name to a file of its own.
"""

import errno
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scaleplan.source import Unreachable, without_waiting

_THERE = "is there already, and nothing is overwritten"
_CHANGED = "was changed by another program meanwhile, and is left as that left it"
_OTHERWISE = "reads otherwise than it was written, and is not kept"
#: What is said of a file that was put right.
FINISHED = "was half written by a run that was killed, and is finished now"
_EDITED = "a run was killed while it wrote a file that was edited since; both texts of that file are in here"
_FOREIGN = "may be from somebody else, so nothing is written from it; delete it if you do not need the texts in it"
#: How many bytes a journal has at most: both texts of a plan are far shorter.
_LONGEST_JOURNAL = 1 << 24
#: Whether a text, the third, is what the program would make of the second in the file of that path.
Proof = Callable[[str, bytes, bytes], bool]
#: How the files beside end: a text on its way, and both texts of a file that is written in place.
_TEXT, _JOURNAL = ".scaleplan-tmp", ".scaleplan-journal"
#: No link is followed, and no FIFO waited for.
_SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class _Beside:
    """A file beside the one that is meant, open and locked; `kept` where somebody still needs it."""

    __slots__ = ("handle", "kept", "path")

    def __init__(self, handle: int, path: str) -> None:
        self.handle = handle
        self.path = path
        self.kept = False


class _Uncarried(Exception):  # noqa: N818 - it is a state of the world
    """A new file cannot have an owner or an attribute that the old one has."""


def is_taken(path: str) -> bool:
    """Returns whether something goes by that name already, a link that leads nowhere included."""
    return os.path.lexists(path)


def create(path: str, data: bytes) -> None:
    """Stores a new file. Raises `Unreachable` where there is one already, or where it cannot be stored."""
    try:
        clear(os.path.split(path)[0])
        with _beside(path, _TEXT, 0o666) as beside:
            _fill(beside.handle, data)
            try:
                os.link(beside.path, path)
            except FileExistsError as error:
                raise Unreachable(path, _THERE) from error
            except OSError:
                _create_in_place(path, data)
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error


def replace(path: str, data: bytes, was: bytes | None = None) -> None:
    """Stores a file in the place of one that is there and holds `was`; of a link, in the place of what it leads to.

    Without `was` it may hold anything. Its other names, owner, permissions and extended attributes stay. Raises
    `Unreachable` where it cannot be stored, or holds something else by now.
    """
    try:
        real = os.path.realpath(path)
        with open(real, "rb", opener=without_waiting) as file:
            like = os.fstat(file.fileno())
            if not stat.S_ISREG(like.st_mode):
                raise Unreachable(path, "is no regular file, so it is not written to")
            if _held(file.fileno(), len(data)) == data:
                return  # By another name of it this has been done.
            was = _held(file.fileno(), like.st_size) if was is None else was
            _must_hold(path, file.fileno(), was)
            # Elsewhere no file can be replaced that is open.
            if os.name == "posix" and like.st_nlink == 1 and _replaced(path, real, data, was, file.fileno()):
                return
        _replace_in_place(path, real, data, was)
    except FileNotFoundError as error:
        raise Unreachable(path, "is no longer there") from error
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error


def clear(folder: str, proof: Proof = lambda *_: False) -> list[tuple[str, str]]:
    """Takes away what runs that were killed left in a folder, and puts right what one of them was writing in place.

    Nothing is written without `proof`. Returns what there is to say: of files that were put right, and of journals that
    stay, because their files were edited since or because they may be a stranger's.
    """
    remarks = []
    with suppress(OSError, ValueError), os.scandir(folder or ".") as entries:
        for entry in list(entries):
            if entry.name.startswith(".") and entry.name.endswith((_TEXT, _JOURNAL)):
                with suppress(OSError, ValueError):
                    remarks += _cleared(entry.path, proof)
    return remarks


# Files beside


@contextmanager
def _beside(path: str, ending: str, mode: int) -> Iterator[_Beside]:
    """Yields a new locked file beside the one that is meant. It is gone afterwards unless it was given another name."""
    folder, name = os.path.split(path)
    while True:
        beside = os.path.join(folder, f".{name[:40]}.{secrets.token_hex(4)}{ending}")  # noqa: PTH118
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        found = _Beside(handle, beside)
        try:
            # Another run may have taken it for a leftover before it was locked.
            if not _locked(handle, where_none_are=True) or not _is_at(handle, beside):
                continue
            yield found
            return
        finally:
            is_there = not found.kept and _is_at(handle, beside)
            os.close(handle)
            if is_there:
                Path(beside).unlink(missing_ok=True)


def _locked(handle: int, *, where_none_are: bool) -> bool:
    """Returns whether a file is ours now; what is said of file systems without locks is `where_none_are`."""
    try:
        import fcntl  # noqa: PLC0415 - not on every platform
    except ImportError:
        return True  # There no file can be taken away that is open.
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return where_none_are and error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
    return True


def _is_at(handle: int, path: str) -> bool:
    """Returns whether the open file is the one of that name."""
    try:
        return os.path.samestat(os.fstat(handle), os.lstat(path))
    except OSError:
        return False


def _fill(handle: int, data: bytes) -> None:
    """Writes the whole content of an open file, brings it to the disk and reads it back."""
    os.lseek(handle, 0, os.SEEK_SET)
    done = 0
    while done < len(data):
        done += os.write(handle, data[done:])
    os.ftruncate(handle, len(data))
    os.fsync(handle)
    if _held(handle, len(data)) != data:
        raise OSError(errno.EIO, _OTHERWISE)


def _held(handle: int, expected: int) -> bytes:
    """Returns what an open file holds; of more than is expected one byte tells."""
    os.lseek(handle, 0, os.SEEK_SET)
    data = b""
    while len(data) <= expected and (more := os.read(handle, expected + 1 - len(data))):
        data += more
    return data


def _must_hold(path: str, handle: int, was: bytes) -> None:
    if _held(handle, len(was)) != was:
        raise Unreachable(path, _CHANGED)


# A new file in the place of the old one


def _replaced(path: str, real: str, data: bytes, was: bytes, old: int) -> bool:
    """Returns whether a new file could take the old one's place; it could not where it cannot be just like it."""
    with _beside(real, _TEXT, 0o600) as beside:
        try:
            _as_it_was(beside.handle, old)
        except _Uncarried:
            return False
        _fill(beside.handle, data)
        if os.path.realpath(path) != real or not _is_at(old, real):
            raise Unreachable(path, _CHANGED)
        if os.fstat(old).st_nlink != 1:
            return False
        _must_hold(path, old, was)
        os.replace(beside.path, real)  # noqa: PTH105
    if _held(old, len(was)) != was:
        # Written into the old file after the last look: that is what the name stands for again.
        _put_back(real, old)
        raise Unreachable(path, _CHANGED)
    return True


def _put_back(real: str, old: int) -> None:
    data = _held(old, os.fstat(old).st_size)
    with _beside(real, _TEXT, 0o600) as beside:
        with suppress(_Uncarried):
            _as_it_was(beside.handle, old)
        _fill(beside.handle, data)
        os.replace(beside.path, real)  # noqa: PTH105


def _as_it_was(new: int, old: int) -> None:
    """Gives a new file the owner, the extended attributes (access lists among them) and the permissions of the old."""
    like = os.fstat(old)
    if hasattr(os, "fchown"):
        own = os.fstat(new)
        if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
            try:
                # Only the superuser gives files away.
                os.fchown(new, like.st_uid, like.st_gid)
            except PermissionError as error:
                raise _Uncarried from error
    if hasattr(os, "listxattr"):
        try:
            _same_attributes(new, old)
        except OSError as error:
            if error.errno != errno.ENOTSUP:
                raise _Uncarried from error
    if hasattr(os, "fchmod"):
        os.fchmod(new, stat.S_IMODE(like.st_mode))


def _same_attributes(new: int, old: int) -> None:
    kept = {name: os.getxattr(old, name) for name in os.listxattr(old)}
    given = {name: os.getxattr(new, name) for name in os.listxattr(new)}
    for name in given.keys() - kept.keys():
        os.removexattr(new, name)
    for name, value in kept.items():
        if given.get(name) != value:
            os.setxattr(new, name, value)


# In place


def _replace_in_place(path: str, real: str, data: bytes, was: bytes) -> None:
    """Writes a file that has to stay the one that it is; both texts are in a journal until it is done."""
    head = json.dumps({"name": os.path.basename(real), "was": len(was), "new": len(data)}).encode()  # noqa: PTH119
    with _beside(real, _JOURNAL, 0o600) as journal:
        _fill(journal.handle, b"%b\n%b%b" % (head, was, data))
        with open(real, "r+b", opener=without_waiting) as file:
            _must_hold(path, file.fileno(), was)
            try:
                _fill(file.fileno(), data)
            except BaseException:
                journal.kept = True
                _fill(file.fileno(), was)
                journal.kept = False
                raise


def _create_in_place(path: str, data: bytes) -> None:
    """Creates a file without links: takes the name first, and gives it up where the text cannot be stored."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    except FileExistsError as error:
        raise Unreachable(path, _THERE) from error
    try:
        _fill(handle, data)
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


# What killed runs left behind


def _cleared(path: str, proof: Proof) -> list[tuple[str, str]]:
    """Takes away a file beside that nobody uses, if it is of no more use. Returns what there is to say."""
    handle = os.open(path, os.O_RDONLY | _SAFELY)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode) or not _locked(handle, where_none_are=False):
            return []
        target, remark = _put_right(path, handle, proof) if path.endswith(_JOURNAL) else (path, "")
        if remark in (_EDITED, _FOREIGN):
            return [(path, remark)]
        is_there = _is_at(handle, path)
    finally:
        os.close(handle)
    if is_there:
        Path(path).unlink(missing_ok=True)
    return [(target, remark)] if remark else []


def _put_right(path: str, journal: int, proof: Proof) -> tuple[str, str]:
    """Finishes what a journal began. Returns the file that it is about, and what there is to say of it.

    A file that holds the beginning of the new text before the end of the old one was left so by a killed run. One that
    holds anything else was edited since, and is not touched; the journal stays, with both texts in it.
    """
    if not _is_ours_alone(os.fstat(journal)):
        return path, _FOREIGN
    texts = _texts(_held(journal, _LONGEST_JOURNAL))
    if texts is None:
        return path, ""  # It was not written to its end, so that the file was not begun.
    name, was, new = texts
    target = os.path.join(os.path.dirname(path), name)  # noqa: PTH118, PTH120
    try:
        handle = os.open(target, os.O_RDWR | _SAFELY)
    except FileNotFoundError:
        return target, ""
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return target, _EDITED
        held = _held(handle, max(len(was), len(new)))
        if held in (was, new):
            return target, ""
        if not _is_mixed(held, was, new):
            return target, _EDITED
        if not proof(target, was, new):
            return target, _FOREIGN
        _fill(handle, new)
    finally:
        os.close(handle)
    return target, FINISHED


def _texts(journal: bytes) -> tuple[str, bytes, bytes] | None:
    """Returns the name, the old and the new text of the file that a journal is about; absent where it is not whole."""
    head, _, texts = journal.partition(b"\n")
    try:
        found = json.loads(head)
        name, size, new_size = str(found["name"]), int(found["was"]), int(found["new"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    was, new = texts[:size], texts[size:]
    is_whole = len(was) == size and len(new) == new_size
    return (name, was, new) if is_whole and os.path.basename(name) == name else None  # noqa: PTH119


def _is_ours_alone(journal: os.stat_result) -> bool:
    """Returns whether a journal is our own, nobody else can write it, and it is no longer than one of ours."""
    is_own = not hasattr(os, "geteuid") or (journal.st_uid == os.geteuid() and not journal.st_mode & 0o022)
    return is_own and journal.st_size <= _LONGEST_JOURNAL


def _is_mixed(held: bytes, was: bytes, new: bytes) -> bool:
    """Returns whether a text is the beginning of the new one and, behind that, the end of the old one."""
    both = min(len(held), len(new))
    same = next((at for at in range(both) if held[at] != new[at]), both)
    return len(held) >= len(was) and held[same:] == was[same:]


def _refused(path: str, error: OSError | ValueError) -> Unreachable:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Unreachable(path, "there is no such folder")
    if isinstance(error, OSError):
        return Unreachable(path, (error.strerror or "cannot be written").lower())
    return Unreachable(path, "no file can have such a name")
