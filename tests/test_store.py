"""A file being stored is never half written, keeps what it had, and loses no edit, whenever the program is killed."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import pytest

from scaleplan import store
from scaleplan.cli.reply import ExitCode
from scaleplan.source import Unreachable, without_waiting
from tests.running import COMMAND, environment, outcome
from tests.test_fmt import TIDY, UNTIDY

OLD, NEW = UNTIDY.encode(), TIDY.encode()
#: Half written: a character further than both texts agree.
_DONE = next(at for at, (one, other) in enumerate(zip(OLD, NEW, strict=False)) if one != other) + 1
MIXED = NEW[:_DONE] + OLD[_DONE:]
#: Texts of which the new one is longer, and shorter, and which begin alike.
PAIRS = [
    (OLD, NEW),
    (NEW, OLD),
    (b"a: 1\n", b"a: 1\nb: 2\n"),
    (b"a: 1\nb: 2\n", b"a: 1\n"),
    (b"", b"a: 1\n"),
    (b"aaaa", b"bb"),
]

FINISHED = "was half written by a run that was killed, and is finished now"

if TYPE_CHECKING:
    from _typeshed import TraceFunction

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and signals are those of POSIX")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A plan in a folder of its own."""
    path = tmp_path / "plan.yaml"
    path.write_bytes(OLD)
    return path


def cleared(folder: Path) -> list[tuple[str, str]]:
    """Clear a folder; whatever a journal says is believed."""
    return store.clear(str(folder), lambda *_: True)


def names(folder: Path) -> list[str]:
    """Everything in a folder."""
    return sorted(path.name for path in folder.iterdir())


def killed_at(line: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed before the line of `store.py` of that number, counted as they are run."""
    child = os.fork()
    if child == 0:
        left = line

        def trace(frame: FrameType, event: str, _: object) -> "TraceFunction | None":
            nonlocal left
            if frame.f_code.co_filename != store.__file__:
                return None
            if event == "line":
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@contextmanager
def written_by(amount: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Writes that do no more than so many bytes at a time."""
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: write(handle, data[:amount]))
        yield


# Killed


def test_a_kill_at_any_line_leaves_the_old_or_the_new(file: Path) -> None:
    """Wherever the program is killed the file is whole, and the next run takes away what it left."""
    line = 0
    while True:
        line += 1
        file.write_bytes(OLD)
        was_killed = killed_at(line, lambda: store.replace(str(file), NEW, OLD))
        assert file.read_bytes() in (OLD, NEW)
        cleared(file.parent)
        assert names(file.parent) == ["plan.yaml"]
        if not was_killed:
            break
    assert line > 30
    assert file.read_bytes() == NEW


def test_a_kill_at_any_line_of_a_linked_file_is_put_right(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with other names is written in place; killed half-way, the next run finishes what was begun."""
    link = file.parent / "link.yaml"
    link.hardlink_to(file)
    line = mixed = 0
    with written_by(200, monkeypatch):
        while True:
            line += 1
            file.write_bytes(OLD)
            was_killed = killed_at(line, lambda: store.replace(str(file), NEW, OLD))
            is_mixed = file.read_bytes() not in (OLD, NEW)
            mixed += is_mixed
            # Only what was put right is told.
            assert len(cleared(file.parent)) == is_mixed
            assert file.read_bytes() == link.read_bytes()
            assert file.read_bytes() in (OLD, NEW)
            assert names(file.parent) == ["link.yaml", "plan.yaml"]
            if not was_killed:
                break
    assert mixed > 3
    assert file.read_bytes() == NEW


@pytest.mark.parametrize(("was", "new"), PAIRS)
def test_every_half_written_text_is_finished(file: Path, was: bytes, new: bytes) -> None:
    """However far it had come, and whichever text is longer."""
    (file.parent / "link.yaml").hardlink_to(file)
    journal = file.parent / f".plan.yaml.1{store._JOURNAL}"  # noqa: SLF001 - what a killed run leaves
    for done in {*range(0, len(new) + 1, 23), *range(min(len(new), 9)), len(new)}:
        file.write_bytes(new[:done] + was[done:])
        journal.write_bytes(b'{"name": "plan.yaml", "was": %d, "new": %d}\n%b%b' % (len(was), len(new), was, new))
        is_mixed = file.read_bytes() not in (was, new)
        assert cleared(file.parent) == ([(str(file), FINISHED)] if is_mixed else [])
        assert file.read_bytes() in (was, new)
        assert not journal.exists()


def test_an_edit_after_a_kill_is_not_touched(file: Path) -> None:
    """A file that was edited since is the trader's: the journal stays with both texts, and is named."""
    journal = file.parent / f".plan.yaml.1{store._JOURNAL}"  # noqa: SLF001
    journal.write_bytes(b'{"name": "plan.yaml", "was": %d, "new": %d}\n%b%b' % (len(OLD), len(NEW), OLD, NEW))
    file.write_bytes(b"symbol: A/B\n")
    done = outcome("fmt", str(file.parent))
    assert file.read_bytes() == b"symbol: A/B\n"
    assert journal.exists()
    assert f"{journal.name}: a run was killed" in done.talk


def test_fmt_finishes_what_it_began_and_says_so(file: Path) -> None:
    """A layout that was half written is put right, which is a line on standard error."""
    journal = file.parent / f".plan.yaml.1{store._JOURNAL}"  # noqa: SLF001
    journal.write_bytes(b'{"name": "plan.yaml", "was": %d, "new": %d}\n%b%b' % (len(OLD), len(NEW), OLD, NEW))
    file.write_bytes(MIXED)
    done = outcome("fmt", str(file.parent))
    assert done.talk == f"scaleplan: {file}: {FINISHED}\n"
    assert file.read_bytes() == NEW
    assert names(file.parent) == ["plan.yaml"]


@pytest.mark.parametrize("way", ["another name", "another text", "nothing before", "group", "world", "owner", "size"])
def test_a_journal_of_strangers_is_not_believed(file: Path, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written that `fmt` would not make of what was there, nor from a journal that others could write."""
    evil = b"BUILD=1\nEVIL: curl x | sh\n"
    was, new, held = OLD, NEW, MIXED
    name = "Makefile.txt" if way == "another name" else "plan.yaml"
    if way in ("another name", "nothing before"):
        was, new, held = b"", evil, evil[:8]
    elif way == "another text":
        new = NEW + b"# evil\n"
    target = file.parent / name
    target.write_bytes(held)
    journal = file.parent / f".x{store._JOURNAL}"  # noqa: SLF001
    journal.write_bytes(b'{"name": "%b", "was": %d, "new": %d}\n%b%b' % (name.encode(), len(was), len(new), was, new))
    journal.chmod({"group": 0o620, "world": 0o602}.get(way, 0o600))
    if way == "owner":
        monkeypatch.setattr(os, "geteuid", lambda: journal.stat().st_uid + 1)
    elif way == "size":
        os.truncate(journal, 1 << 30)
    # Another file is named, so that nothing but the journal would have this one written.
    (file.parent / "other.yaml").write_bytes(NEW)
    done = outcome("fmt", str(file.parent / "other.yaml"))
    assert target.read_bytes() == held
    assert journal.exists()
    assert f"{journal}: may be from somebody else, so nothing is written from it" in done.talk


def test_only_fmt_writes_from_a_journal(file: Path) -> None:
    """Who stores another file beside it cannot know what was meant, and leaves both as they are."""
    held = MIXED
    file.write_bytes(held)
    journal = file.parent / f".x{store._JOURNAL}"  # noqa: SLF001
    journal.write_bytes(b'{"name": "plan.yaml", "was": %d, "new": %d}\n%b%b' % (len(OLD), len(NEW), OLD, NEW))
    store.create(str(file.parent / "new.yaml"), NEW)
    assert file.read_bytes() == held
    assert journal.exists()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]\n",
        b'{"name": 1}\n',
        b'{"name": "../x.yaml", "was": 1, "new": 1}\nab',
        b'{"name": "plan.yaml", "was": 9}\n',
        b'{"name": "plan.yaml", "was": 1e999, "new": 1}\n',
        b'{"name": "plan.yaml", "was": -1, "new": -1}\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_a_journal_that_is_none_changes_nothing(file: Path, text: bytes) -> None:
    """One that was not written to its end, or that points elsewhere, is taken away."""
    other = file.parent.parent / "x.yaml"
    other.write_bytes(b"a")
    (file.parent / f".plan.yaml.1{store._JOURNAL}").write_bytes(text)  # noqa: SLF001
    cleared(file.parent)
    assert (file.read_bytes(), other.read_bytes()) == (OLD, b"a")
    assert names(file.parent) == ["plan.yaml"]


def test_what_is_in_use_is_not_cleared(file: Path) -> None:
    """Another run's file beside is locked while it needs it; a link or a FIFO of that name is passed over."""
    with store._beside(str(file), store._TEXT, 0o600) as beside:  # noqa: SLF001
        store.clear(str(file.parent))
        assert Path(beside.path).exists()
    assert names(file.parent) == ["plan.yaml"]
    os.mkfifo(file.parent / f".pipe{store._JOURNAL}")  # noqa: SLF001
    (file.parent / f".link{store._JOURNAL}").symlink_to(file)  # noqa: SLF001
    store.clear(str(file.parent))
    assert file.read_bytes() == OLD


def test_kill_after_kill(tmp_path: Path) -> None:
    """`fmt` killed at any moment, again and again: every file is whole, and one run to the end clears all."""
    files = [tmp_path / f"{number}.yaml" for number in range(40)]
    until = time.monotonic() + 3
    delay = 0.1
    while time.monotonic() < until:
        for path in files:
            path.write_bytes(OLD)
        run = subprocess.Popen(
            [*COMMAND, "fmt", str(tmp_path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
        )
        try:
            run.wait(delay)
        except subprocess.TimeoutExpired:
            run.kill()
            delay += 0.03
        else:
            delay = 0.1
        run.wait(30)
        assert {path.read_bytes() for path in files} <= {OLD, NEW}
    assert outcome("fmt", str(tmp_path)).code == 0
    assert names(tmp_path) == sorted(path.name for path in files)
    assert {path.read_bytes() for path in files} == {NEW}


# Edits


@pytest.mark.parametrize("linked", [False, True])
def test_an_edit_before_is_refused(file: Path, linked: bool) -> None:  # noqa: FBT001
    """A file that is not what was read is left as it is."""
    if linked:
        (file.parent / "link.yaml").hardlink_to(file)
    file.write_bytes(OLD + b"# edited\n")
    with pytest.raises(Unreachable, match="was changed by another program"):
        store.replace(str(file), NEW, OLD)
    assert file.read_bytes() == OLD + b"# edited\n"


@pytest.mark.parametrize("way", ["append", "rename", "shorten", "link", "delete"])
@pytest.mark.parametrize("when", ["_as_it_was", "_fill", "os.replace"])
def test_an_edit_while_it_runs_is_kept(file: Path, way: str, when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit at any moment before the last look, by whatever way an editor saves; one in place even after it."""
    edited = b"symbol: C/D\n"

    def edit() -> None:
        if way == "append":
            with file.open("ab") as opened:
                opened.write(b"# edited\n")
        elif way == "shorten":
            os.truncate(file, 10)
        elif way == "delete":
            file.unlink()
        else:
            (file.parent / "other.yaml").write_bytes(edited)
            if way == "rename":
                (file.parent / "other.yaml").rename(file)
            else:
                file.unlink()
                file.symlink_to("other.yaml")

    place = os if when == "os.replace" else store
    name = when.removeprefix("os.")
    work = getattr(place, name)
    times = 0

    def edited_before(*arguments: object) -> object:
        nonlocal times
        times += 1
        if times == 1:
            edit()
        return work(*arguments)

    if when == "os.replace" and way not in ("append", "shorten"):
        pytest.skip("between the last look and the rename no program can see another's rename")
    monkeypatch.setattr(place, name, edited_before)
    with pytest.raises(Unreachable):
        store.replace(str(file), NEW, OLD)
    expected = {"append": OLD + b"# edited\n", "shorten": OLD[:10], "rename": edited, "link": edited, "delete": None}[
        way
    ]
    assert (file.read_bytes() if file.exists() else None) == expected
    assert [name for name in names(file.parent) if "scaleplan" in name] == []


def test_fmt_says_so_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, exit 3, and the other files are laid out."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        Path(name).write_bytes(OLD)

    def edited(path: str, flags: int) -> int:
        if path.endswith("a.yaml"):
            Path(path).write_bytes(b"symbol: C/D\n")
        return without_waiting(path, flags)

    monkeypatch.setattr(store, "without_waiting", edited)
    done = outcome("fmt", "a.yaml", "b.yaml")
    assert done.code == ExitCode.REFUSED
    assert done.talk.splitlines() == [
        "scaleplan: a.yaml: was changed by another program meanwhile, and is left as that left it",
        "scaleplan: b.yaml: laid out anew",
    ]
    assert Path("a.yaml").read_bytes() == b"symbol: C/D\n"


# What a file has


def test_hard_links_stay(file: Path) -> None:
    """All names of a file stay names of one file, and all of them are laid out."""
    link = file.parent / "other.txt"
    link.hardlink_to(file)
    before = file.stat()
    file.chmod(0o640)
    assert outcome("fmt", str(file)).code == 0
    assert (file.read_bytes(), link.read_bytes()) == (NEW, NEW)
    after = file.stat()
    assert (after.st_ino, after.st_nlink, stat.S_IMODE(after.st_mode)) == (before.st_ino, 2, 0o640)
    assert names(file.parent) == ["other.txt", "plan.yaml"]


def test_one_file_by_many_names_is_laid_out_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is named twice, by a hard link and by a symbolic one, is no edit by another program."""
    monkeypatch.chdir(file.parent)
    Path("hard.yaml").hardlink_to(file)
    Path("soft.yaml").symlink_to("plan.yaml")
    for arguments in (("plan.yaml", "hard.yaml", "soft.yaml"), (".",)):
        file.write_bytes(OLD)
        assert outcome("fmt", *arguments).code == 0
        assert file.read_bytes() == NEW
        assert Path("hard.yaml").samefile(file)
        assert Path("soft.yaml").is_symlink()


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="the platform's Python knows no extended attributes")
def test_extended_attributes_stay(file: Path) -> None:
    """Attributes and access lists are those that the file had."""
    try:
        os.setxattr(file, "user.note", b"mine")
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            pytest.skip("the file system has no extended attributes")
        raise
    before = {name: os.getxattr(file, name) for name in os.listxattr(file)}
    assert outcome("fmt", str(file)).code == 0
    assert file.read_bytes() == NEW
    assert {name: os.getxattr(file, name) for name in os.listxattr(file)} == before


@pytest.mark.parametrize("missing", ["fchown", "setxattr"])
def test_what_cannot_be_carried_over_is_kept_in_place(
    file: Path, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a new file cannot have the owner or an attribute of the old one, the old one is written in place."""

    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "not permitted")

    if missing == "setxattr":
        monkeypatch.setattr(
            os, "listxattr", lambda handle: ["user.x"] if handle == first(handle) else [], raising=False
        )
        monkeypatch.setattr(os, "getxattr", lambda *_: b"x", raising=False)
    else:
        fstat = os.fstat
        monkeypatch.setattr(os, "fstat", lambda handle: owned(fstat(handle), handle))
    seen: list[int] = []

    def first(handle: int) -> int:
        seen.append(handle)
        return seen[0]

    def owned(found: os.stat_result, handle: int) -> os.stat_result:
        values = list(found)
        values[4] += handle  # another owner for every open file
        return os.stat_result(values)

    monkeypatch.setattr(os, missing, refused, raising=False)
    inode = file.stat().st_ino
    store.replace(str(file), NEW, OLD)
    assert (file.read_bytes(), file.stat().st_ino) == (NEW, inode)
    assert names(file.parent) == ["plan.yaml"]


def test_a_new_file_is_not_made_where_nothing_is_to_be_read_back(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the disk gives back is compared with what was written; where it differs nothing is left behind."""
    monkeypatch.setattr(os, "read", lambda _, size: b"?" * min(size, 3))
    new = file.parent / "new.yaml"
    with pytest.raises(Unreachable, match="reads otherwise"):
        store.create(str(new), NEW)
    assert names(file.parent) == ["plan.yaml"]


@pytest.mark.parametrize("linked", [False, True])
def test_a_full_disk_leaves_the_old(file: Path, linked: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    """Where the text does not fit the file is what it was, and nothing is left beside it."""
    if linked:
        (file.parent / "link.yaml").hardlink_to(file)
    write = os.write
    inode = file.stat().st_ino

    def full(handle: int, data: bytes) -> int:
        if data == NEW and (not linked or os.fstat(handle).st_ino == inode):
            write(handle, data[:20])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(handle, data)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(Unreachable, match="no space left"):
        store.replace(str(file), NEW, OLD)
    assert file.read_bytes() == OLD
    assert [name for name in names(file.parent) if "scaleplan" in name] == []
