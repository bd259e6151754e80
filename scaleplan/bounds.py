"""Which files may be read for a plan, that may come from a stranger.

A plan names an account or a venue, and what it names is read and may be quoted. So it reaches no further than the
folder that it came with: its repository (the nearest folder upward that holds `.git`); where there is none, the nearest
that holds `.scaleplan.yaml`; else its own. Only the command line allows more (`--allow-files`). A policy cannot: it
comes with the plan, and lies above all that its place opens. Links are followed before anything is judged.
"""

import os
from collections.abc import Iterable, Iterator

#: The endings of YAML files, in small letters.
SUFFIXES = (".yaml", ".yml")
#: How many characters a path has at most. Following a longer one takes time by the square of its length.
LONGEST_PATH = 4096
#: The file that holds a policy.
POLICY_NAME = ".scaleplan.yaml"


class Bounds:
    """The folders below which a plan may name files; each folder's is found once."""

    __slots__ = ("_allowed", "_grounds")

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """Allows, beside each plan's own ground, the folders that the command line names."""
        self._allowed = tuple(map(os.path.realpath, allowed))
        self._grounds: dict[str, str] = {}

    def hold(self, real: str, folder: str) -> bool:
        """Returns whether the file at `real`, a path without links, may be named by a plan in `folder`."""
        ground = self._grounds.get(folder)
        if ground is None:
            ground = self._grounds[folder] = _ground(os.path.realpath(folder))
        return any(_is_below(real, allowed) for allowed in (ground, *self._allowed))


def is_yaml(path: str) -> bool:
    """Returns whether a path is that of a YAML file, by its ending."""
    return path.lower().endswith(SUFFIXES)


def _is_below(path: str, folder: str) -> bool:
    """Returns whether a path lies below a folder, both without links; the folder itself does too."""
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def in_repository(path: str) -> bool:
    """Returns whether a file lies in the work tree of a repository: below a folder that holds `.git`."""
    folder = os.path.dirname(os.path.realpath(path))  # noqa: PTH120
    return os.path.lexists(os.path.join(_ground(folder), ".git"))  # noqa: PTH118


def leads_out(path: str, below: str | None = None) -> bool:
    """Returns whether a file is in truth a link out of where it stands, or is called a YAML file and leads to none.

    It stands in its repositories, and in the ground of the folder `below` which it was found; one that the command
    line names itself was found by nobody. A stranger's link would otherwise have any file of the machine read as a
    plan, and its lines quoted.
    """
    if len(path) > LONGEST_PATH:
        return False  # No system opens it, and whoever reads it says so.
    try:
        real, here = os.path.realpath(path), os.path.abspath(path)  # noqa: PTH100 - of `here` no link is followed
        if real == here:
            return False
        # Of all repositories, because a link to a folder may lead into the next one.
        grounds = list(_upward(os.path.dirname(here), ".git"))  # noqa: PTH120 - a Path takes ten times as long
        if below is not None:
            grounds.append(_ground(os.path.realpath(below)))
        outside = any(not _is_below(real, os.path.realpath(ground)) for ground in grounds)
    except (OSError, ValueError):
        return False  # No folder to start from, or no name at all: whoever reads it says so.
    return outside or (is_yaml(here) and not is_yaml(real))


def _ground(folder: str) -> str:
    """Returns the folder below which a plan in `folder` may name files."""
    return next(_upward(folder, ".git"), None) or next(_upward(folder, POLICY_NAME), folder)


def _upward(folder: str, name: str) -> Iterator[str]:
    """Yields the folders, from this one upward, that hold something of that name."""
    while True:
        if os.path.lexists(os.path.join(folder, name)):  # noqa: PTH118 - a Path takes ten times as long
            yield folder
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return
        folder = above
