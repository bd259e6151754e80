"""Files as they were at a revision of the git repository that a folder lies in.

Only plumbing is run, which has no hooks, no filters and no pager: a revision is made a commit, a name is looked up in
its tree, and the bytes of that entry are taken. Nothing is fetched: of a clone that has not got an object git says so.
Every run has a limit of time, after which it is killed with all that it started.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from scaleplan.bounds import POLICY_NAME, is_yaml
from scaleplan.source import Unreachable
from scaleplan.tree.text import BYTES

#: How long one run of git may take, in seconds.
LIMIT = 10
_AT = re.compile(r"(?i)(?<=\.yaml)@|(?<=\.yml)@")
_HEX = re.compile(r"[0-9a-f]{40,64}")
#: What would lead git to another repository than that of the folder; hooks set these.
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_COMMON_DIR")
#: Git fetches nothing (older ones than 2.45 know only the protocols), asks nothing, and speaks English.
_SETTINGS = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
_REASONS = ("fatal: ", "error: ")
#: What else may stand in a tree under the name of a file, by its mode.
_REFUSED = {
    "120000": "is a symbolic link there, and is not followed",
    "160000": "is a submodule there, and is not followed",
    "040000": "is a directory there, not a file",
}


class BadRevision(Exception):  # noqa: N818 - it is wrong usage, and no error of the program
    """The word behind `@` is no revision that is handed to git; the message says why."""


class NotThere(Exception):  # noqa: N818 - it is a state of the repository
    """A file is not in a revision."""


class At(NamedTuple):
    """A path, and the revision that is named behind it."""

    path: str
    revision: str


def split_at(word: str) -> At | None:
    """Returns `PLAN@REV` as its two parts; absent where no `@` stands behind `.yaml` or `.yml`.

    Raises `BadRevision` for a revision that git might take for something else.
    """
    found = _AT.search(word)
    if found is None:
        return None
    revision = word[found.end() :]
    if not revision:
        raise BadRevision(f"`{word}` names no revision; write `{word}HEAD`")
    wrong = next((sign for sign in revision if sign == ":" or sign.isspace() or not sign.isprintable()), "")
    if revision.startswith("-") or wrong:
        why = "begins with `-`" if revision.startswith("-") else f"holds {wrong!r}"
        raise BadRevision(f"`{revision}` is no revision: it {why}; write a branch, a tag or a commit, as `HEAD~1`")
    return At(word[: found.start()], revision)


class Commit(NamedTuple):
    """A commit of the repository that a folder lies in, by its hash and the name that it was asked for under."""

    folder: str
    hash: str
    revision: str

    def entry(self, path: str) -> bytes:
        """Returns the bytes of a file, whose path is seen from the folder.

        Raises `NotThere` where it is not there, and `Unreachable` where it is no regular file.
        """
        name = f"{path}@{self.revision}"
        listed = _git(self.folder, name, "--literal-pathspecs", "ls-tree", "-l", "-z", self.hash, "--", path)
        if not listed:
            raise NotThere(name)
        mode, _, _, size = listed.split(b"\t", 1)[0].decode("ascii", "replace").split()
        if mode in _REFUSED:
            raise Unreachable(name, _REFUSED[mode])
        if size.isdecimal() and int(size) > BYTES:
            raise Unreachable(name, f"has {int(size):,} bytes there, more than the {BYTES:,} of a plan")
        return _git(self.folder, name, "cat-file", "blob", f"{self.hash}:./{path}")


def commit_of(folder: str, revision: str, name: str) -> Commit:
    """Returns the commit of a revision. Raises `Unreachable`, under the name, with git's own reason."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    none = f"git has no commit `{revision}` there"
    found = _git(folder, name, *asked, otherwise=none).decode("ascii", "replace").strip()
    if not _HEX.fullmatch(found):
        raise Unreachable(name, none)
    return Commit(folder, found, revision)


class FilesAt(Mapping[str, bytes]):
    """The files that a plan names and the policy that holds for it, as they were at a commit; read when asked for.

    Names are those that a plan in `folder` has for them. Iterating yields the policy's alone: no tree is listed.
    """

    def __init__(self, commit: Commit, folder: str) -> None:
        self._commit = commit
        self._folder = folder
        self._policy: str | None = None

    def __getitem__(self, name: str) -> bytes:
        """Returns the bytes of a file. Raises `Unreachable` where it was no YAML file then, or not there."""
        if not is_yaml(name):
            raise Unreachable(name, "it is no YAML file by its name")
        try:
            return self._commit.entry(os.path.relpath(name, self._folder or "."))
        except NotThere:
            raise Unreachable(name, f"it is not in `{self._commit.revision}`") from None

    def __contains__(self, name: object) -> bool:
        """Returns whether a name can be asked for."""
        return isinstance(name, str)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[str]:
        """Yields the name of the nearest policy from the folder upward, where there is one."""
        if self._policy is None:
            self._policy = self._nearest_policy()
        if self._policy:
            yield self._policy

    def _nearest_policy(self) -> str:
        folder = self._commit.folder
        prefix = _git(folder, folder, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").strip("\n/")
        for depth in range(len(prefix.split("/")) + 1 if prefix else 1):
            path = "../" * depth + POLICY_NAME
            with suppress(NotThere, Unreachable):
                self._commit.entry(path)
                return os.path.join(self._folder, path)  # noqa: PTH118
        return ""


def _git(folder: str, name: str, *arguments: str, otherwise: str = "") -> bytes:
    """Runs git in a folder. Returns what it prints.

    Raises `Unreachable` under a name where there is no git, or git refuses, with its reason in words or `otherwise`.
    """
    environment = {key: value for key, value in os.environ.items() if key not in _ELSEWHERE} | _SETTINGS
    try:
        process = subprocess.Popen(  # noqa: S603 - arguments, never a shell
            ["git", "-C", folder, *arguments],  # noqa: S607 - the git that the trader has
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise Unreachable(name, "git is not installed, and a revision is git's") from error
    except (OSError, ValueError) as error:
        raise Unreachable(name, f"git cannot be run: {getattr(error, 'strerror', None) or error}") from error
    try:
        out, said = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired as error:
        _kill(process)
        raise Unreachable(name, f"git did not answer within {LIMIT} seconds, and was stopped") from error
    finally:
        _end(process)
    if process.returncode:
        raise Unreachable(name, _reason(said) or otherwise or f"git ended with {process.returncode}")
    return out


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kills a run with all that it started, which may hold its streams when it has ended itself."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kills a run that has not ended, as one that Ctrl-C met, and closes its streams."""
    if process.poll() is None:
        _kill(process)
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _reason(said: bytes) -> str:
    """Returns git's own reason: the first line that says one, without `fatal:`; advice may follow it."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    reasons = [line for line in lines if line.startswith(_REASONS)] or lines
    return f"git: {reasons[0].split(': ', 1)[-1]}" if reasons else ""
